// The page's side of the sandbox over real HTTP: its files, what it is told as it happens, and what its form may send.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import type { Connector, FormCheck } from "./connector.js";
import type { JsonObject } from "./event_rules.js";
import type { Told, ToldConnector, ToldEvent, ToldFaults, ToldIncident } from "./page/told.js";
import type { Sandbox } from "./server.js";
import { control, followUp, http2Client, plainClient, sandboxFor, trigger } from "./test_support.js";

/** Listens as a page does; keeps what it was told, by key. */
async function listenTo(context: TestContext, sandbox: Sandbox) {
  const leaving = new AbortController();
  context.after(() => {
    leaving.abort();
  });
  const response = await fetch(`${sandbox.url}/sandbox/live`, { signal: leaving.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.ok(response.body);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const told = new Map<string, Told>();
  let unread = "";
  let starts = 0;

  const readOn = async (): Promise<void> => {
    const { value, done } = await chunks.next();
    assert.ok(done !== true, "the stream ended");
    const messages = (unread + value).split("\n\n");
    unread = messages.pop() ?? "";
    for (const message of messages) {
      assert.match(message, /^data: /);
      for (const news of JSON.parse(message.slice("data: ".length)) as Told[]) {
        if (news.kind === "start") {
          starts += 1;
          told.clear();
        }
        told.set("key" in news ? news.key : news.kind, news);
      }
    }
  };
  const all = <Kind extends Told["kind"]>(kind: Kind) =>
    [...told.values()].filter((news): news is Extract<Told, { kind: Kind }> => news.kind === kind);
  return {
    incidents: (): ToldIncident[] => all("incident"),
    events: (): ToldEvent[] => all("event"),
    faults: (): ToldFaults["faults"] => all("faults")[0]?.faults ?? [],
    connector: (): ToldConnector | undefined => all("connector")[0],
    starts: () => starts,
    /** Reads what comes until it holds; without end only if the test is. */
    until: async (holds: () => boolean): Promise<void> => {
      while (!holds()) await readOn();
    },
  };
}

/** A connector that only notes what it takes. */
function notingConnector() {
  const taken: FormCheck[] = [];
  const connector: Connector = {
    name: "a connector",
    resources: () => [
      { host: "db01", service: "" },
      ...taken.map(({ host, service }) => ({ host, service })),
    ],
    tell: () => undefined,
    remarkOn: ({ isHard }) => (isHard ? "" : "nothing comes of it"),
    take: (check) => {
      taken.push(check);
      return Promise.resolve();
    },
  };
  return { connector, taken };
}

const CHECK: FormCheck = {
  host: "db01",
  service: "MySQL",
  state: 2,
  isHard: true,
  isAcknowledged: false,
  isInDowntime: true,
  output: "gone",
};

async function post(sandbox: Sandbox, body: unknown) {
  const response = await fetch(`${sandbox.url}/sandbox/checks`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    body: (await response.json()) as { errors?: string[]; taken?: string; remark?: string },
  };
}

describe("the page's files", { timeout: 20_000 }, () => {
  it("are served with all that they name, and nothing from elsewhere", async (context) => {
    const sandbox = await sandboxFor(context);
    const seen = new Set<string>();
    const visit = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const response = await fetch(sandbox.url + path);
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      const content = await response.text();
      assert.doesNotMatch(content, /(?:src|href|url|from|import)\W{0,4}(?:https?:)?\/\//, path);
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      for (const [, named = ""] of content.matchAll(/(?:src|href)="(\/[^"]+)"/g)) await visit(named);
      for (const [, named = ""] of content.matchAll(/from "\.\/([^"]+)"/g)) await visit(folder + named);
    };
    await visit("/");
    assert.deepEqual([...seen].sort(), [
      "/",
      "/sandbox/page/dom.js",
      "/sandbox/page/faults.js",
      "/sandbox/page/form.js",
      "/sandbox/page/incidents.js",
      "/sandbox/page/main.js",
      "/sandbox/page/responder.js",
      "/sandbox/page/style.css",
      "/sandbox/page/timeline.js",
    ]);
  });

  it("are no requests to PagerDuty, and no fault touches them, over HTTP/2 either", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "POST", "/sandbox/faults", { kind: "hang", times: 0 });
    for (const client of [plainClient(sandbox), http2Client(sandbox)]) {
      const { status, headers, body } = await client({ method: "GET", path: "/", body: "" });
      assert.equal(status, 200);
      assert.equal(headers["content-type"], "text/html; charset=utf-8");
      assert.match(body, /^<!doctype html>/);
    }
    assert.deepEqual(await control(sandbox, "GET", "/sandbox/requests"), []);
  });

  it("stop at themselves: other addresses are PagerDuty's, or unknown", async (context) => {
    const sandbox = await sandboxFor(context);
    assert.equal((await fetch(`${sandbox.url}/index.html`)).status, 404);
    assert.equal((await fetch(`${sandbox.url}/`, { method: "POST" })).status, 404);
    assert.equal((await fetch(`${sandbox.url}/sandbox/page/told.js`)).status, 404);
    assert.equal((await fetch(`${sandbox.url}/sandbox/page/%2e%2e/main.js`)).status, 404);
  });
});

describe("what the page is told", { timeout: 20_000 }, () => {
  it("what there is, at once", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    await send({ body: trigger("a") });
    const page = await listenTo(context, sandbox);
    await page.until(() => page.connector() !== undefined);
    assert.equal(page.starts(), 1);
    assert.deepEqual(page.connector(), { kind: "connector", name: null, resources: [] });
    assert.deepEqual(page.faults(), []);
    assert.equal(page.incidents().length, 1);
    assert.equal(page.events().length, 1);
  });

  it("an incident as it opens, is acknowledged and resolved", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const page = await listenTo(context, sandbox);
    const payload = {
      summary: "db01/MySQL: <b>gone</b>",
      source: "db01",
      component: "MySQL",
      severity: "critical",
      custom_details: { metrics: [{ name: "load", value: 1 }] },
    };
    const links = [
      { href: "https://centreon.example.com/x", text: "Open in Centreon" },
      { href: "javascript:1" },
    ];
    await send({ body: trigger("a", { payload, links }) });
    await page.until(() => page.incidents().length === 1);
    const [opened] = page.incidents();
    assert.equal(opened?.state, "triggered");
    assert.equal(opened.summary, "db01/MySQL: <b>gone</b>");
    assert.deepEqual(opened.fields, { source: "db01", component: "MySQL", dedup_key: "a" });
    assert.deepEqual(opened.details, payload.custom_details);
    assert.deepEqual(opened.links, [links[0], { href: "javascript:1", text: "javascript:1" }]);
    assert.equal(opened.pages, 1);

    await send({ body: followUp("acknowledge", "a") });
    await page.until(() => page.incidents()[0]?.state === "acknowledged");
    await send({ body: followUp("resolve", "a") });
    await page.until(() => page.incidents()[0]?.state === "resolved");
    assert.deepEqual(
      page.incidents()[0]?.log.map(({ words }) => words),
      ["trigger, critical", "acknowledge", "resolve"],
    );
    assert.equal(page.starts(), 1);
  });

  it("who did something with an incident, and that on the timeline", async (context) => {
    const sandbox = await sandboxFor(context);
    const page = await listenTo(context, sandbox);
    await plainClient(sandbox)({ body: trigger("a") });
    await page.until(() => page.incidents().length === 1);
    assert.equal(page.incidents()[0]?.by, null);
    const { number: incident } = page.incidents()[0] ?? {};
    const by = "<b>Sam</b>";
    await control(sandbox, "POST", "/sandbox/actions", { incident, action: "acknowledge", by });
    await page.until(() => page.incidents()[0]?.state === "acknowledged" && page.events().length === 2);
    assert.equal(page.incidents()[0]?.by, by);
    assert.equal(page.incidents()[0]?.log.at(-1)?.words, `acknowledge by ${by}`);
    const { from, text } = page.events()[1] ?? {};
    assert.deepEqual([from, text], ["Responder", `${by} acknowledges db01`]);
  });

  it("urgency as PagerDuty's dynamic notifications have it", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    for (const severity of ["critical", "error", "warning", "info"]) {
      await send({ body: trigger(severity, { payload: { summary: "s", source: "db01", severity } }) });
    }
    const page = await listenTo(context, sandbox);
    await page.until(() => page.incidents().length === 4);
    assert.deepEqual(
      page.incidents().map(({ severity, urgency }) => [severity, urgency]),
      [
        ["critical", "high"],
        ["error", "high"],
        ["warning", "low"],
        ["info", "low"],
      ],
    );
    await send({ body: trigger("info", { payload: { summary: "s", source: "db01", severity: "error" } }) });
    await page.until(() => page.incidents()[3]?.urgency === "high");
  });

  it("what became of each request, named by what it is about", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    const page = await listenTo(context, sandbox);
    const about = (component: string) => ({
      payload: { summary: "s", source: "db01", component, severity: "info" },
    });
    const outcomeOf = async (fault: JsonObject | undefined, body: unknown) => {
      if (fault !== undefined) await control(sandbox, "POST", "/sandbox/faults", fault);
      await send({ body }).catch(() => undefined);
      const { requests } = await control<{ requests: number }>(sandbox, "GET", "/sandbox");
      const last = (): ToldEvent | undefined => page.events()[requests - 1];
      await page.until(() => last() !== undefined && last()?.outcome !== "…");
      const { from, text, outcome, tone } = last() as ToldEvent;
      assert.equal(from, "PagerDuty");
      return [text, outcome, tone];
    };
    assert.deepEqual(await outcomeOf({ kind: "status" }, trigger("a", about("MySQL"))), [
      "trigger db01/MySQL, info",
      "503",
      "bad",
    ]);
    assert.deepEqual(await outcomeOf({ kind: "drop_before" }, trigger("a", about("MySQL"))), [
      "trigger db01/MySQL, info",
      "no answer",
      "bad",
    ]);
    assert.deepEqual(await outcomeOf({ kind: "garbage" }, trigger("a", about("MySQL"))), [
      "trigger db01/MySQL, info",
      "200, but not accepted",
      "bad",
    ]);
    assert.deepEqual(await outcomeOf({ kind: "drop_after" }, trigger("a", about("MySQL"))), [
      "trigger db01/MySQL, info",
      "no answer, but accepted",
      "bad",
    ]);
    assert.deepEqual(await outcomeOf({ kind: "accept_then_status" }, followUp("acknowledge", "a")), [
      "acknowledge db01/MySQL",
      "500, but accepted",
      "bad",
    ]);
    assert.deepEqual(await outcomeOf(undefined, followUp("resolve", "a")), [
      "resolve db01/MySQL",
      "202 accepted",
      "good",
    ]);
    assert.deepEqual(await outcomeOf(undefined, followUp("resolve", "unknown")), [
      "resolve unknown",
      "202, met nothing",
      "neutral",
    ]);
    assert.match(page.events().at(-1)?.remark ?? "", /^Nothing is open under this key/);
    assert.deepEqual(await outcomeOf(undefined, "no JSON"), ["POST /v2/enqueue", "400", "bad"]);
  });

  it("which faults are left, and PUT puts others in their place", async (context) => {
    const sandbox = await sandboxFor(context);
    const page = await listenTo(context, sandbox);
    await control(sandbox, "POST", "/sandbox/faults", [
      { kind: "status", status: 429, times: 2 },
      { kind: "hang" },
    ]);
    await page.until(() => page.faults().length === 2);
    assert.deepEqual(page.faults()[0], { kind: "status", status: 429, times: 2 });
    await plainClient(sandbox)({ body: trigger("a") });
    await page.until(() => page.faults()[0]?.times === 1);
    await control(sandbox, "PUT", "/sandbox/faults", { kind: "drop_after", times: 0 });
    await page.until(() => page.faults().length === 1);
    assert.equal(page.faults()[0]?.kind, "drop_after");
    await control(sandbox, "DELETE", "/sandbox/faults");
    await page.until(() => page.faults().length === 0);
  });

  it("PUT without a mistake ends what hangs, and with one it changes nothing", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "POST", "/sandbox/faults", { kind: "hang", times: 0 });
    const refused = await fetch(`${sandbox.url}/sandbox/faults`, {
      method: "PUT",
      body: '{"kind":"nonsense"}',
    });
    assert.equal(refused.status, 400);
    assert.equal((await control<unknown[]>(sandbox, "GET", "/sandbox/faults")).length, 1);
    const hangs = assert.rejects(plainClient(sandbox)({ body: trigger("a") }));
    const page = await listenTo(context, sandbox);
    await page.until(() => page.events()[0]?.outcome === "no answer");
    await control(sandbox, "PUT", "/sandbox/faults", { kind: "status", times: 0 });
    await hangs;
  });

  it("that all is void, when the sandbox starts over", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    await send({ body: trigger("a") });
    const page = await listenTo(context, sandbox);
    await page.until(() => page.incidents().length === 1);
    await control(sandbox, "DELETE", "/sandbox");
    await page.until(() => page.starts() === 2 && page.connector() !== undefined);
    assert.deepEqual(page.incidents(), []);
    assert.deepEqual(page.events(), []);
  });

  it("only the latest, when there is more than can be looked through, but every open incident", async (context) => {
    const sandbox = await sandboxFor(context, { rateLimit: 0 });
    const send = plainClient(sandbox);
    await send({ body: trigger("open") });
    for (let number = 0; number < 201; number += 1) {
      await send({ body: trigger(`${number}`) });
      await send({ body: followUp("resolve", `${number}`) });
    }
    const page = await listenTo(context, sandbox);
    await page.until(() => page.incidents().length > 0);
    assert.equal(page.incidents().length, 201);
    assert.equal(page.incidents()[0]?.fields["dedup_key"], "open");
    assert.equal(page.events().length, 200);
    await send({ body: followUp("resolve", "open") });
    await page.until(() => page.incidents()[0]?.state === "resolved");
  });
});

describe("what the form sends", { timeout: 20_000 }, () => {
  it("goes nowhere without a connector, and the answer says so", async (context) => {
    const sandbox = await sandboxFor(context);
    const { status, body } = await post(sandbox, CHECK);
    assert.equal(status, 409);
    assert.match(body.errors?.[0] ?? "", /^no connector is attached/);
  });

  it("reaches the connector, and stands on the timeline before what the connector says", async (context) => {
    const sandbox = await sandboxFor(context);
    const { connector, taken } = notingConnector();
    const page = await listenTo(context, sandbox);
    sandbox.attach(connector);
    await page.until(() => page.connector()?.name === "a connector");
    assert.deepEqual(page.connector()?.resources, [{ host: "db01", service: "" }]);
    assert.deepEqual(await post(sandbox, CHECK), {
      status: 200,
      body: { taken: "db01/MySQL: CRITICAL, hard, in a downtime", remark: "" },
    });
    assert.deepEqual(taken, [CHECK]);
    sandbox.noteLogLine("no alert for db01/MySQL now: it is in a downtime");
    await page.until(() => page.events().length === 2);
    assert.deepEqual(
      page.events().map(({ from, text }) => [from, text]),
      [
        ["Centreon", "db01/MySQL: CRITICAL, hard, in a downtime"],
        ["Connector", "no alert for db01/MySQL now: it is in a downtime"],
      ],
    );
    // A name that was new is offered from then on.
    await page.until(() => page.connector()?.resources.length === 2);
    sandbox.attach(undefined);
    await page.until(() => page.connector()?.name === null);
  });

  it("is answered, and noted, with the reason why nothing comes of it", async (context) => {
    const sandbox = await sandboxFor(context);
    sandbox.attach(notingConnector().connector);
    const page = await listenTo(context, sandbox);
    assert.equal((await post(sandbox, { ...CHECK, isHard: false })).body.remark, "nothing comes of it");
    await page.until(() => page.events().length === 1);
    assert.equal(page.events()[0]?.remark, "nothing comes of it");
  });

  it("of a host: its states are others than a service's", async (context) => {
    const sandbox = await sandboxFor(context);
    const { connector } = notingConnector();
    sandbox.attach(connector);
    const host = { ...CHECK, service: "", isInDowntime: false };
    assert.equal((await post(sandbox, { ...host, state: 1 })).body.taken, "db01: DOWN, hard");
    assert.deepEqual((await post(sandbox, { ...host, state: 3 })).body.errors, [
      "'state' must be a number from 0 (UP) to 2",
    ]);
  });

  it("is refused with every complaint when it is not a check", async (context) => {
    const sandbox = await sandboxFor(context);
    const { connector, taken } = notingConnector();
    sandbox.attach(connector);
    const { status, body } = await post(sandbox, {
      host: " ",
      service: 7,
      state: 1.5,
      isHard: 1,
      output: "x".repeat(4097),
    });
    assert.equal(status, 400);
    assert.deepEqual(
      body.errors?.map((error) => /'(.*?)'/.exec(error)?.[1]),
      ["service", "state", "host", "isHard", "isAcknowledged", "isInDowntime", "output"],
    );
    for (const nonsense of [null, [], "text", { ...CHECK, state: "constructor" }]) {
      assert.equal((await post(sandbox, nonsense)).status, 400);
    }
    assert.deepEqual(taken, []);
  });

  it("is text that UTF-8 can hold", async (context) => {
    const sandbox = await sandboxFor(context);
    const { connector, taken } = notingConnector();
    sandbox.attach(connector);
    await post(sandbox, { ...CHECK, output: "half a pair: \ud83d." });
    assert.equal(taken[0]?.output, "half a pair: \ufffd.");
  });

  it("is answered with the reason when the connector has ended", async (context) => {
    const sandbox = await sandboxFor(context);
    const { connector } = notingConnector();
    sandbox.attach({ ...connector, take: () => Promise.reject(new Error("brokerhost ended")) });
    assert.deepEqual(await post(sandbox, CHECK), { status: 409, body: { errors: ["brokerhost ended"] } });
  });
});
