// The sandbox over real sockets: what PagerDuty answers, what is recorded, and what the control endpoints tell.
import assert from "node:assert/strict";
import * as http from "node:http";
import { describe, it } from "node:test";
import type { JsonObject } from "./event_rules.js";
import type { Alert } from "./incidents.js";
import type { RequestRecord } from "./state.js";
import { KEY, OTHER_KEY, control, followUp, plainClient, sandboxFor, trigger } from "./test_support.js";
import type { Client, TestSandbox } from "./test_support.js";

const requestsOf = (sandbox: TestSandbox) => control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
const alertsOf = (sandbox: TestSandbox, query = "") =>
  control<Alert[]>(sandbox, "GET", `/sandbox/alerts${query}`);
const summaryOf = (sandbox: TestSandbox) => control<Record<string, number>>(sandbox, "GET", "/sandbox");

async function answerTo(send: Client, body: unknown, path?: string): Promise<[number, unknown]> {
  const { status, body: text } = await send({ body, ...(path !== undefined && { path }) });
  return [status, JSON.parse(text)];
}

const invalid = (...errors: string[]) => [
  400,
  { status: "invalid event", message: "Event object is invalid", errors },
];

describe("POST /v2/enqueue", () => {
  it("accepts trigger, acknowledge and resolve, and shows what became of them", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const said = {
      summary: "db01: DOWN",
      source: "db01",
      severity: "error",
      timestamp: "2026-01-01T00:00:00Z",
      component: "db",
      group: "prod",
      class: "host",
      custom_details: { output: "no route" },
    };
    const shown = {
      links: [{ href: "https://c/1", text: "Centreon" }],
      client: "Centreon",
      client_url: "https://c",
    };
    const success = [202, { status: "success", message: "Event processed", dedup_key: "db01" }];
    assert.deepEqual(await answerTo(send, trigger("db01", { payload: said, ...shown })), success);
    assert.deepEqual(await answerTo(send, followUp("acknowledge", "db01")), success);
    const [incident] = await alertsOf(sandbox);
    assert.ok(incident);
    const { created_at, updated_at, log, ...rest } = incident;
    const { severity, ...described } = said;
    assert.deepEqual(rest, {
      ...{ ...described, ...shown, severity, first_severity: severity, dedup_key: "db01" },
      ...{
        routing_key_end: "cdef",
        state: "acknowledged",
        resolved_at: null,
        pages: 1,
        triggers: 1,
        number: 1,
      },
    });
    assert.ok(Date.parse(updated_at) >= Date.parse(created_at));
    assert.deepEqual(
      log.map(({ action }) => action),
      ["trigger", "acknowledge"],
    );
    assert.deepEqual(await answerTo(send, followUp("resolve", "db01")), success);
    assert.equal((await alertsOf(sandbox))[0]?.state, "resolved");
  });

  it("makes a dedup key for a trigger without one", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const bodies = await Promise.all([1, 2].map(() => answerTo(send, trigger("", { dedup_key: undefined }))));
    const keys = bodies.map(([, body]) => (body as { dedup_key: string }).dedup_key);
    assert.notEqual(keys[0], keys[1]);
    assert.deepEqual(new Set((await alertsOf(sandbox)).map(({ dedup_key }) => dedup_key)), new Set(keys));
    assert.equal((await answerTo(send, followUp("resolve", keys[0] ?? "")))[0], 202);
    assert.equal((await alertsOf(sandbox, "?state=open")).length, 1);
  });

  it("refuses an event with every complaint, and applies nothing of it", async (context) => {
    const sandbox = await sandboxFor(context);
    const payload = { summary: "s".repeat(1025), source: " ", severity: "critical" };
    assert.deepEqual(
      await answerTo(plainClient(sandbox), trigger("db01", { payload })),
      invalid("'summary' is too long (maiximum is 1024 characters)", "'payload.source' is missing or blank"),
    );
    assert.deepEqual(await alertsOf(sandbox), []);
  });

  it("refuses what is no JSON object in UTF-8", async (context) => {
    const sandbox = await sandboxFor(context);
    const latin1 = Buffer.from(JSON.stringify(trigger("hôte")), "latin1");
    for (const body of ['{"routing_key":', latin1, "[]", ""]) {
      assert.deepEqual(await answerTo(plainClient(sandbox), body), [
        400,
        {
          status: "Unrecognized object",
          message: "Event object format is unrecognized",
          errors: ["JSON parse error"],
        },
      ]);
    }
  });

  it("accepts 512,000 bytes and not one more", async (context) => {
    const sandbox = await sandboxFor(context);
    const bodyOf = (bytes: number) => {
      const padding = bytes - JSON.stringify(trigger("db01", { padding: "" })).length;
      return JSON.stringify(trigger("db01", { padding: "x".repeat(padding) }));
    };
    const send = plainClient(sandbox);
    assert.equal((await answerTo(send, bodyOf(512_000)))[0], 202);
    assert.deepEqual(
      await answerTo(send, bodyOf(512_001)),
      invalid("Event is too large (maximum is 512000 bytes)"),
    );
    assert.equal((await answerTo(send, bodyOf(5_000_000)))[0], 400);
    assert.deepEqual(
      (await requestsOf(sandbox)).map(({ bytes }) => bytes),
      [512_000, 512_001, 5_000_000],
    );
  });

  it("knows only the routing keys it was given, if it was given any", async (context) => {
    const sandbox = await sandboxFor(context, { routingKeys: [OTHER_KEY] });
    const send = plainClient(sandbox);
    assert.deepEqual(await answerTo(send, trigger("db01")), invalid("Invalid routing key"));
    assert.equal((await answerTo(send, trigger("db01", { routing_key: OTHER_KEY })))[0], 202);
  });

  it("answers 405 to another method, 404 elsewhere, 415 to another type of content", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const body = trigger("db01");
    assert.equal((await send({ method: "PUT", body })).status, 405);
    assert.equal((await send({ method: "GET", path: "/v2/change/enqueue", body: "" })).status, 405);
    assert.equal((await send({ path: "/v2/enqueue/", body })).status, 404);
    assert.equal((await send({ path: "/sandboxes", body })).status, 404);
    assert.equal((await send({ headers: { "content-type": "text/plain" }, body })).status, 415);
    assert.equal(
      (await send({ headers: { "content-type": "application/json;charset=utf-8" }, body })).status,
      202,
    );
    assert.equal((await send({ path: "/v2/enqueue?x=1", body })).status, 202);
  });

  it("answers 429 beyond the limit of a routing key, until its minute has passed", async (context) => {
    let now = 1_800_000_000_000;
    const sandbox = await sandboxFor(context, { rateLimit: 2, now: () => now });
    const send = plainClient(sandbox);
    const statusOf = async (event: JsonObject) => (await send({ body: event })).status;
    assert.equal(await statusOf(trigger("a")), 202);
    assert.equal(await statusOf({ routing_key: KEY }), 400);
    assert.deepEqual(await answerTo(send, trigger("b")), [
      429,
      {
        status: "throttle exceeded",
        message: "Requests for this service are arriving too quickly. Please retry later.",
        errors: ["More than 2 requests in 60 seconds"],
      },
    ]);
    assert.equal(await statusOf(trigger("b", { routing_key: OTHER_KEY })), 202);
    now += 59_999;
    assert.equal(await statusOf(trigger("b")), 429);
    now += 1;
    assert.equal(await statusOf(trigger("b")), 202);
    assert.deepEqual(
      (await alertsOf(sandbox)).map(({ dedup_key }) => dedup_key),
      ["a", "b", "b"],
    );
    assert.deepEqual(await summaryOf(sandbox), {
      requests: 6,
      accepted: 3,
      refused: 1,
      throttled: 2,
      incidents: 3,
      open: 3,
      pages: 3,
      connections: 6,
      most_requests_per_key_in_60_s: 4,
    });
  });
});

describe("POST /v2/change/enqueue", () => {
  it("keeps change events apart from alerts", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const payload = { summary: "deployed 1.2", source: "ci", custom_details: { by: "me" } };
    const links = [{ href: "https://ci/1" }];
    assert.deepEqual(await answerTo(send, { routing_key: KEY, payload, links }, "/v2/change/enqueue"), [
      202,
      { status: "success", message: "Change event processed" },
    ]);
    const refused = await answerTo(send, { routing_key: `R${KEY.slice(1)}`, payload }, "/v2/change/enqueue");
    assert.deepEqual(refused, invalid("'routing_key' of an orchestration does not accept change events"));
    const [change, ...others] = await control<JsonObject[]>(sandbox, "GET", "/sandbox/changes");
    assert.ok(change && others.length === 0);
    const { at, ...rest } = change;
    assert.ok(typeof at === "string" && Date.parse(at) > 0);
    assert.deepEqual(rest, { ...payload, links, timestamp: null, routing_key_end: "cdef" });
    assert.deepEqual(await alertsOf(sandbox), []);
  });
});

describe("what is recorded", () => {
  it("is every request but those to /sandbox, as it came", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const body = JSON.stringify(trigger("hôte"));
    await send({ body, headers: { "x-test": "1" } });
    await send({ method: "GET", path: "/favicon.ico", body: "" });
    const [first, second, ...others] = await requestsOf(sandbox);
    assert.ok(first && second && others.length === 0);
    const { at, headers, connection, ...rest } = first;
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    assert.equal(headers["x-test"], "1");
    assert.notEqual(connection, second.connection);
    assert.deepEqual(rest, {
      number: 1,
      method: "POST",
      path: "/v2/enqueue",
      http_version: "1.1",
      tls: false,
      body,
      bytes: Buffer.byteLength(body),
      answer: 202,
      fault: null,
      accepted: true,
      met_nothing: false,
    });
    assert.deepEqual([second.number, second.method, second.answer, second.accepted], [2, "GET", 404, false]);
  });

  it("shows which requests shared a connection", async (context) => {
    const sandbox = await sandboxFor(context);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const send = plainClient(sandbox);
    for (const key of ["a", "b", "c"]) await send({ body: trigger(key), agent });
    agent.destroy();
    await send({ body: trigger("d") });
    const numbers = (await requestsOf(sandbox)).map(({ connection }) => connection);
    assert.equal(new Set(numbers.slice(0, 3)).size, 1);
    assert.equal(new Set(numbers).size, 2);
    assert.equal((await summaryOf(sandbox))["connections"], 2);
  });

  it("are the actions that hit nothing, too", async (context) => {
    const sandbox = await sandboxFor(context);
    assert.equal((await answerTo(plainClient(sandbox), followUp("resolve", "gone")))[0], 202);
    const [dropped, ...others] = await control<JsonObject[]>(sandbox, "GET", "/sandbox/dropped");
    assert.ok(dropped && others.length === 0);
    assert.deepEqual([dropped["action"], dropped["dedup_key"]], ["resolve", "gone"]);
    assert.equal((await requestsOf(sandbox))[0]?.met_nothing, true);
  });
});

describe("the control endpoints", () => {
  it("filter alerts by state", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    for (const key of ["a", "b", "c"]) await send({ body: trigger(key) });
    await send({ body: followUp("acknowledge", "b") });
    await send({ body: followUp("resolve", "c") });
    const keysOf = async (query: string) =>
      (await alertsOf(sandbox, query)).map(({ dedup_key }) => dedup_key);
    assert.deepEqual(await keysOf(""), ["a", "b", "c"]);
    assert.deepEqual(await keysOf("?state=open"), ["a", "b"]);
    assert.deepEqual(await keysOf("?state=acknowledged"), ["b"]);
    assert.deepEqual(await keysOf("?state=resolved"), ["c"]);
  });

  it("start everything over", async (context) => {
    const sandbox = await sandboxFor(context, { rateLimit: 1 });
    const send = plainClient(sandbox);
    await control(sandbox, "PUT", "/sandbox/latency", { seconds: 0.001 });
    await control(sandbox, "POST", "/sandbox/faults", [{ kind: "delay", seconds: 0 }, { kind: "hang" }]);
    await send({ body: trigger("a") });
    const after = await control(sandbox, "DELETE", "/sandbox");
    assert.deepEqual(new Set(Object.values(after as JsonObject)), new Set([0]));
    for (const path of ["alerts", "requests", "changes", "dropped", "faults"]) {
      assert.deepEqual(await control(sandbox, "GET", `/sandbox/${path}`), []);
    }
    // Neither the rate window nor the hang is left.
    assert.equal((await send({ body: trigger("a") })).status, 202);
    assert.equal((await requestsOf(sandbox))[0]?.number, 1);
  });

  it("delay every answer by the base latency", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "PUT", "/sandbox/latency", { seconds: 0.2 });
    const started = performance.now();
    await plainClient(sandbox)({ body: trigger("a") });
    const took = performance.now() - started;
    // A timer may fire a millisecond early.
    assert.ok(took >= 199, `${took} ms`);
  });

  it("complain about what they do not understand", async (context) => {
    const sandbox = await sandboxFor(context);
    const statusOf = async (method: string, path: string, body?: string) =>
      (await fetch(sandbox.url + path, { method, ...(body !== undefined && { body }) })).status;
    assert.equal(await statusOf("POST", "/sandbox/faults", "{"), 400);
    assert.equal(await statusOf("POST", "/sandbox/faults", '{"kind":"none"}'), 400);
    assert.equal(await statusOf("PUT", "/sandbox/latency", '{"seconds":"1"}'), 400);
    assert.equal(await statusOf("GET", "/sandbox/unknown"), 404);
    assert.equal(await statusOf("POST", "/sandbox/alerts"), 404);
    assert.deepEqual(await control(sandbox, "GET", "/sandbox/faults"), []);
  });
});
