// The sandbox's Centreon over real HTTP: tokens, what is asked of it, what comes of that, and faults.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sandbox } from "./server.js";
import { control, sandboxFor } from "./test_support.js";

const TOKEN = "sandbox-api-token";
const SERVICE = { type: "service", id: 22, parent: { id: 11 } };

/** Logs in, and gives the token; undefined: it was refused. */
async function logIn(sandbox: Sandbox, password: string): Promise<string | undefined> {
  const response = await fetch(`${sandbox.url}/centreon/api/latest/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ security: { credentials: { login: "connector", password } } }),
  });
  const { security } = (await response.json()) as { security?: { token: string } };
  assert.equal(response.status, security === undefined ? 401 : 200);
  return security?.token;
}

async function ask(sandbox: Sandbox, path: string, token = ""): Promise<[status: number, answer: unknown]> {
  const headers = { "X-AUTH-TOKEN": token };
  const response = await fetch(`${sandbox.url}/centreon/api/latest/${path}`, { headers });
  return [response.status, await response.json()];
}

async function acknowledge(sandbox: Sandbox, comment: string, token = TOKEN): Promise<number> {
  const response = await fetch(`${sandbox.url}/centreon/api/latest/monitoring/resources/acknowledge`, {
    method: "POST",
    headers: { "X-AUTH-TOKEN": token, "Content-Type": "application/json" },
    body: JSON.stringify({
      acknowledgement: {
        comment,
        is_sticky: true,
        is_notify_contacts: false,
        is_persistent_comment: false,
        with_services: false,
        force_active_checks: false,
      },
      resources: [SERVICE],
    }),
  });
  assert.equal(await response.text().then((text) => text === ""), response.status === 204);
  return response.status;
}

describe("the sandbox's Centreon", { timeout: 20_000 }, () => {
  it("takes acknowledgements, and tells them as the broker's events, each once", async (context) => {
    const sandbox = await sandboxFor(context);
    assert.equal(await acknowledge(sandbox, "one"), 204);
    assert.equal(await acknowledge(sandbox, "two"), 204);
    const commentsAfter = async (number: number) =>
      (
        await control<{ number: number; comment: string }[]>(
          sandbox,
          "GET",
          `/sandbox/centreon_effects?after=${number}`,
        )
      ).map((effect) => [effect.number, effect.comment]);
    assert.deepEqual(await commentsAfter(0), [
      [1, "one"],
      [2, "two"],
    ]);
    assert.deepEqual(await commentsAfter(1), [[2, "two"]]);
    const elementsOf = async (query: string) =>
      (await control<{ element: number }[]>(sandbox, "GET", `/sandbox/centreon_events${query}`)).map(
        ({ element }) => element,
      );
    assert.deepEqual(await elementsOf("?after=1"), [45, 55]);
    assert.deepEqual(await elementsOf("?protocol=2&after=1"), [1, 24]);
    const response = await fetch(`${sandbox.url}/centreon/api/latest/monitoring/resources/acknowledgements`, {
      method: "DELETE",
      headers: { "X-AUTH-TOKEN": TOKEN, "Content-Type": "application/json" },
      body: JSON.stringify({ disacknowledgement: { with_services: false }, resources: [SERVICE] }),
    });
    assert.equal(response.status, 204);
    assert.deepEqual(await elementsOf("?after=2"), [55]);
    await control(sandbox, "DELETE", "/sandbox");
    assert.deepEqual(await commentsAfter(0), []);
  });

  it("knows a user, too, and keeps to what was set of it", async (context) => {
    const sandbox = await sandboxFor(context);
    assert.equal(await acknowledge(sandbox, "one", await logIn(sandbox, "sandbox-password")), 204);
    assert.equal(await acknowledge(sandbox, "one", "another"), 401);
    await control(sandbox, "PUT", "/sandbox/centreon", { may_acknowledge_services: false });
    assert.equal(await acknowledge(sandbox, "one"), 204);
    assert.equal((await control<unknown[]>(sandbox, "GET", "/sandbox/centreon_effects")).length, 1);
    await control(sandbox, "PUT", "/sandbox/centreon", { refuses: "aloud" });
    assert.equal(await acknowledge(sandbox, "one"), 403);
    await control(sandbox, "PUT", "/sandbox/centreon", { may_acknowledge_services: true, resources: [] });
    assert.equal(await acknowledge(sandbox, "one"), 404);
    const response = await fetch(`${sandbox.url}/sandbox/centreon`, {
      method: "PUT",
      body: JSON.stringify({ refuses: "never", rights: [] }),
    });
    assert.deepEqual(
      [response.status, await response.json()],
      [
        400,
        { errors: ["'refuses' is unknown, or cannot be that", "'rights' is unknown, or cannot be that"] },
      ],
    );
  });

  it("ends the token of a log-in that was not used for two hours, and no other", async (context) => {
    const sandbox = await sandboxFor(context);
    const token = await logIn(sandbox, "sandbox-password");
    for (const expected of [204, 204, 401]) {
      const seconds = expected === 204 ? 7000 : 7201;
      await control(sandbox, "POST", "/sandbox/clock", { advance_seconds: seconds });
      assert.equal(await acknowledge(sandbox, "one", token), expected);
    }
    assert.equal(await acknowledge(sandbox, "one"), 204);
  });

  it("locks a user after five wrong passwords, for a quarter of an hour", async (context) => {
    const sandbox = await sandboxFor(context);
    for (let times = 0; times < 4; times++) assert.equal(await logIn(sandbox, "wrong"), undefined);
    assert.ok(await logIn(sandbox, "sandbox-password"));
    for (let times = 0; times < 5; times++) assert.equal(await logIn(sandbox, "wrong"), undefined);
    assert.equal(await logIn(sandbox, "sandbox-password"), undefined);
    await control(sandbox, "POST", "/sandbox/clock", { advance_seconds: 901 });
    assert.ok(await logIn(sandbox, "sandbox-password"));
  });

  it("tells anybody its version, and a user what that may see and do", async (context) => {
    const sandbox = await sandboxFor(context);
    const [status, versions] = await ask(sandbox, "platform/versions");
    assert.equal(status, 200);
    assert.equal((versions as { web: { version: string } }).web.version, "24.10.1");
    assert.equal((await ask(sandbox, "monitoring/resources?limit=1"))[0], 401);
    await control(sandbox, "PUT", "/sandbox/centreon", { resources: [], may_disacknowledge_hosts: false });
    const [, seen] = await ask(sandbox, "monitoring/resources?limit=1", TOKEN);
    assert.equal((seen as { meta: { total: number } }).meta.total, 0);
    const [, actions] = await ask(sandbox, "users/acl/actions", TOKEN);
    assert.deepEqual((actions as { host: unknown }).host, {
      acknowledgement: true,
      disacknowledgement: false,
    });
    const none = { may_use_realtime: false, may_use_configuration: false };
    await control(sandbox, "PUT", "/sandbox/centreon", none);
    assert.equal((await ask(sandbox, "monitoring/resources?limit=1", TOKEN))[0], 403);
    assert.equal((await ask(sandbox, "users/acl/actions", TOKEN))[0], 403);
  });

  it("fails when it is told to, while PagerDuty does not; and the other way round", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "PUT", "/sandbox/faults", { kind: "status", times: 0 });
    assert.equal((await fetch(`${sandbox.url}/incidents`)).status, 503);
    assert.equal(await acknowledge(sandbox, "one"), 204);
    await control(sandbox, "DELETE", "/sandbox/faults");
    await control(sandbox, "POST", "/sandbox/faults", { kind: "status", match: { api: "centreon" } });
    assert.equal((await fetch(`${sandbox.url}/incidents`)).status, 401);
    assert.equal(await acknowledge(sandbox, "one"), 503);
    assert.equal(await acknowledge(sandbox, "one"), 204);
    const requests = await control<{ answer: number }[]>(sandbox, "GET", "/sandbox/centreon_requests");
    assert.deepEqual(
      requests.map(({ answer }) => answer),
      [204, 503, 204],
    );
  });
});
