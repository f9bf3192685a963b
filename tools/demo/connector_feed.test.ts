// The connector behind the page: the shipped file in brokerhost, told of checks as the page's form tells them.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, describe, it } from "node:test";
import type { FormCheck } from "../sandbox/connector.js";
import type { Alert } from "../sandbox/incidents.js";
import { control, sandboxFor, until } from "../sandbox/test_support.js";
import { ROOT } from "../trial/host.js";
import { startConnectorFeed } from "./connector_feed.js";
import { childrenOf, temporaryFolder } from "./test_support.js";

const PROBLEM: FormCheck = {
  host: "web-01",
  service: "Load",
  state: 2,
  isHard: true,
  isAcknowledged: false,
  isInDowntime: false,
  output: "LOAD CRITICAL",
};

/** A sandbox with a connector attached that knows the names of the recorded story. */
async function feedFor(context: TestContext) {
  const sandbox = await sandboxFor(context);
  let end = (): Promise<unknown> => Promise.resolve();
  const folder = temporaryFolder(context, () => end());
  mkdirSync(join(folder, "connector"));
  const feed = await startConnectorFeed({
    sandbox,
    lua: "5.3",
    parameters: {
      pdy_routing_key: "0123456789abcdef0123456789abcdef",
      http_server_url: `${sandbox.url}/v2/enqueue`,
      no_proxy: "127.0.0.1",
      state_path: join(folder, "pagerduty.state"),
      quarantine_path: join(folder, "pagerduty.quarantine"),
      status_path: join(folder, "pagerduty.status"),
      log_path: join(folder, "connector.log"),
      log_level: "3",
    },
    folder: join(folder, "connector"),
    known: readFileSync(join(ROOT, "spec/fixtures/events/story-bbdo3.jsonl"), "utf8").trimEnd().split("\n"),
  });
  end = feed.stop;
  const incidents = () => control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
  return {
    sandbox,
    feed,
    send: (changes: Partial<FormCheck>) =>
      control(sandbox, "POST", "/sandbox/checks", { ...PROBLEM, ...changes }),
    incidents,
    /** Waits until the incidents are in these states, in order of creation. */
    untilStates: (...states: readonly Alert["state"][]) =>
      until(`incidents: ${states.join(", ")}`, async () => {
        const found = await incidents();
        return found.map(({ state }) => state).join() === states.join();
      }),
  };
}

describe("a connector behind the page", { timeout: 60_000 }, () => {
  it("alerts under the numbers of the recorded story", async (context) => {
    const { send, incidents, untilStates } = await feedFor(context);
    await send({});
    await untilStates("triggered");
    const [incident] = await incidents();
    assert.equal(incident?.dedup_key, "11_22");
    assert.equal(incident.summary, "web-01/Load: CRITICAL - LOAD CRITICAL");
    assert.equal(incident.group, "Linux-Servers");
    await send({ isAcknowledged: true });
    await untilStates("acknowledged");
    await send({ state: 0 });
    await untilStates("resolved");
  });

  it("is told of what Centreon's API was asked, as of any acknowledgement", async (context) => {
    const { sandbox, send, untilStates } = await feedFor(context);
    const acknowledge = async (id: number) => {
      const response = await fetch(`${sandbox.url}/centreon/api/latest/monitoring/resources/acknowledge`, {
        method: "POST",
        headers: { "X-AUTH-TOKEN": "sandbox-api-token", "Content-Type": "application/json" },
        body: JSON.stringify({
          acknowledgement: {
            comment: "Sam Rivera",
            is_sticky: true,
            is_notify_contacts: false,
            is_persistent_comment: false,
            with_services: false,
            force_active_checks: false,
          },
          resources: [{ type: "service", id, parent: { id: 11 } }],
        }),
      });
      assert.equal(response.status, 204);
    };
    await send({});
    await untilStates("triggered");
    // Nothing is wrong with the one.
    await acknowledge(21);
    await acknowledge(22);
    await untilStates("acknowledged");
    const live = await fetch(`${sandbox.url}/sandbox/live`);
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    const { value = "" } = (await reader?.read()) ?? {};
    await reader?.cancel();
    assert.match(value, /"web-01\/Load: acknowledged by connector: Sam Rivera"/);
    assert.doesNotMatch(value, /Ping: acknowledged by/);
  });

  it("knows names that it never heard before by the first check", async (context) => {
    const { send, incidents, untilStates } = await feedFor(context);
    await send({ host: "münchen <1>", service: "Küche & Bad" });
    await untilStates("triggered");
    await send({ host: "münchen <1>", service: "", state: 1 });
    await untilStates("triggered", "triggered");
    const summaries = (await incidents()).map(({ summary }) => summary);
    assert.deepEqual(summaries, [
      "münchen <1>/Küche & Bad: CRITICAL - LOAD CRITICAL",
      "münchen <1>: DOWN - LOAD CRITICAL",
    ]);
    await send({ host: "münchen <1>", service: "", state: 0 });
    await untilStates("triggered", "resolved");
  });

  it("is told which hard state went before: a soft problem resolves nothing", async (context) => {
    const { send, untilStates } = await feedFor(context);
    await send({});
    await untilStates("triggered");
    await send({ state: 1, isHard: false });
    await send({ service: "Ping" });
    await untilStates("triggered", "triggered");
  });

  it("explains what nothing comes of: SOFT, an acknowledgement at once, one that is taken back", async (context) => {
    const { send, incidents, untilStates } = await feedFor(context);
    const remarkOn = async (changes: Partial<FormCheck>) =>
      ((await send(changes)) as { remark: string }).remark;
    assert.match(await remarkOn({ isHard: false }), /^SOFT: Centreon is not sure yet/);
    assert.equal(await remarkOn({}), "");
    await untilStates("triggered");
    assert.equal(await remarkOn({ isAcknowledged: true }), "");
    await untilStates("acknowledged");
    assert.match(await remarkOn({}), /cannot take an acknowledgement back: the incident stays acknowledged/);
    assert.match(await remarkOn({ service: "Ping", isAcknowledged: true }), /^Acknowledged before/);
    assert.equal(await remarkOn({ state: 0 }), "");
    await untilStates("resolved");
    assert.deepEqual(
      (await incidents())[0]?.log.map(({ action }) => action),
      ["trigger", "acknowledge", "resolve"],
    );
  });

  it("says on the timeline why it sends nothing", async (context) => {
    const { sandbox, send, incidents } = await feedFor(context);
    const lines: string[] = [];
    const response = await fetch(`${sandbox.url}/sandbox/live`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    // The sandbox has closed it by then.
    context.after(() => reader?.cancel().catch(() => undefined));
    await send({ isInDowntime: true });
    while (!lines.join("").includes("no alert for web-01/Load (11_22) now: it is in a downtime")) {
      lines.push((await reader?.read())?.value ?? assert.fail("the stream ended"));
    }
    assert.deepEqual(await incidents(), []);
  });

  it("survives whatever a plugin may print", async (context) => {
    const { send, incidents, untilStates } = await feedFor(context);
    await send({ output: `\0\u0007\u202e"\\</script>\ud83d${"é".repeat(4000)}` });
    await untilStates("triggered");
    await send({ service: "Ping" });
    await untilStates("triggered", "triggered");
    assert.match((await incidents())[0]?.summary ?? "", /^web-01\/Load: CRITICAL - /);
  });

  it("is detached once it has ended, and the form says so", async (context) => {
    const { sandbox } = await feedFor(context);
    for (const child of childrenOf(process.pid)) process.kill(child, "SIGKILL");
    const post = async () => {
      const body = JSON.stringify(PROBLEM);
      const response = await fetch(`${sandbox.url}/sandbox/checks`, { method: "POST", body });
      assert.equal(response.status, 409);
      return ((await response.json()) as { errors: string[] }).errors[0] ?? "";
    };
    assert.match(await post(), /^brokerhost ended/);
    assert.match(await post(), /^no connector is attached/);
  });
});
