// The REST API over real HTTP: what is told of incidents, alerts, notes, services and who is on call, who may ask, and how
// it misleads.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "./event_rules.js";
import type { Sandbox } from "./server.js";
import {
  KEY,
  OTHER_KEY,
  type TestSandbox,
  act,
  askRest,
  control,
  followUp,
  http2Client,
  listIncidents,
  plainClient,
  sandboxFor,
  trigger,
} from "./test_support.js";

async function sendAll(sandbox: TestSandbox, ...events: JsonObject[]): Promise<void> {
  for (const body of events) assert.equal((await plainClient(sandbox)({ body })).status, 202);
}

async function numbersOf(sandbox: Sandbox, query: string): Promise<number[]> {
  return (await listIncidents(sandbox, query)).map(({ incident_number }) => incident_number);
}

function advance(sandbox: Sandbox, seconds: number): Promise<{ now: string }> {
  return control(sandbox, "POST", "/sandbox/clock", { advance_seconds: seconds });
}

const setRest = (sandbox: Sandbox, settings: object) => control(sandbox, "PUT", "/sandbox/rest", settings);

function setService(sandbox: Sandbox, settings: object, routing_key = KEY): Promise<{ id: string }> {
  return control(sandbox, "PUT", "/sandbox/services", { routing_key, ...settings });
}

describe("an incident in the REST API", { timeout: 20_000 }, () => {
  it("says who did what: a person, or the Events API", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"), trigger("b"), followUp("acknowledge", "b"));
    await act(sandbox, 1, "acknowledge");
    const [a, b] = await listIncidents(sandbox);
    assert.ok(a && b);
    assert.deepEqual(
      [a.incident_key, a.status, a.alert_counts],
      ["a", "acknowledged", { all: 1, triggered: 1, resolved: 0 }],
    );
    assert.match(a.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const named = ({ type, summary }: { type: string; summary: string }) => [type, summary];
    assert.deepEqual(
      a.acknowledgements.map(({ acknowledger }) => named(acknowledger)),
      [["user_reference", "Sam Rivera"]],
    );
    assert.deepEqual(named(a.last_status_change_by), ["user_reference", "Sam Rivera"]);
    assert.deepEqual(
      b.acknowledgements.map(({ acknowledger }) => named(acknowledger)),
      [["events_api_v2_inbound_integration_reference", "Events API V2"]],
    );
    await act(sandbox, 1, "reassign", { to: "Kim Okafor" });
    const [again] = await listIncidents(sandbox);
    assert.ok(again);
    assert.deepEqual([again.status, again.acknowledgements], ["triggered", []]);
    assert.deepEqual(
      again.assignments.map(({ assignee }) => assignee.summary),
      ["Kim Okafor"],
    );
    assert.deepEqual((await askRest(sandbox, `/incidents/${a.id}`)).body, { incident: again });
  });

  it("has no key once it has several alerts; they have", async (context) => {
    const sandbox = await sandboxFor(context);
    await setService(sandbox, { grouping: "all" });
    await sendAll(sandbox, trigger("a"), trigger("b"), followUp("resolve", "a"));
    const [grouped, ...none] = await listIncidents(sandbox);
    assert.ok(grouped);
    assert.deepEqual(none, []);
    assert.equal("incident_key" in grouped, false);
    assert.deepEqual(
      [grouped.status, grouped.alert_counts],
      ["triggered", { all: 2, triggered: 1, resolved: 1 }],
    );
    const alertsOf = async (query: string) =>
      (
        (await askRest(sandbox, `/incidents/${grouped.id}/alerts${query}`)).body["alerts"] as JsonObject[]
      ).map((alert) => [alert["alert_key"], alert["status"]]);
    const [a, b] = [
      ["a", "resolved"],
      ["b", "triggered"],
    ];
    assert.deepEqual(await alertsOf(""), [a, b]);
    assert.deepEqual(await alertsOf("?statuses[]=triggered"), [b]);
    assert.deepEqual(await alertsOf("?alert_key=a"), [a]);
    assert.deepEqual(await alertsOf("?limit=1&offset=1"), [b]);
    assert.deepEqual(await numbersOf(sandbox, "incident_key=b"), [1]);
    assert.deepEqual(await numbersOf(sandbox, "incident_key=c"), []);
    await sendAll(sandbox, followUp("resolve", "b"));
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=resolved"), [1]);
  });

  it("that was merged names its target, which has the alerts of both, and no key", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"), trigger("b"));
    await act(sandbox, 1, "merge", { into: 2 });
    const [source, target] = await listIncidents(sandbox);
    assert.ok(source && target);
    assert.equal(source.status, "resolved");
    assert.equal(source.resolve_reason?.type, "merge_resolve_reason");
    assert.equal(source.resolve_reason.incident.id, target.id);
    assert.deepEqual(
      [source.alert_counts, target.alert_counts],
      [
        { all: 0, triggered: 0, resolved: 0 },
        { all: 2, triggered: 2, resolved: 0 },
      ],
    );
    assert.ok(!("incident_key" in source) && !("incident_key" in target));
    assert.equal(target.resolve_reason, null);
    assert.deepEqual(await numbersOf(sandbox, "incident_key=a"), [2]);
  });

  it("is told over HTTP/2 as well", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    const { status, headers, body } = await http2Client(sandbox)({
      method: "GET",
      path: "/incidents?limit=1",
      headers: { authorization: "Token token=x", accept: "application/vnd.pagerduty+json;version=2" },
    });
    assert.deepEqual([status, headers["ratelimit-limit"]], [200, "960"]);
    assert.equal((JSON.parse(body) as { incidents: unknown[] }).incidents.length, 1);
  });

  it("has notes", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    const [{ id } = { id: "" }] = await listIncidents(sandbox);
    await act(sandbox, 1, "note", { note: "first" });
    await act(sandbox, 1, "note", { note: "second", by: "Kim Okafor" });
    const { body } = await askRest(sandbox, `/incidents/${id}/notes`);
    assert.deepEqual(
      (body["notes"] as { content: string; user: JsonObject }[]).map(({ content, user }) => [
        content,
        user["summary"],
      ]),
      [
        ["first", "Sam Rivera"],
        ["second", "Kim Okafor"],
      ],
    );
  });

  it("keeps its id, and none comes again after a reset", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    const [before] = await listIncidents(sandbox);
    await control(sandbox, "DELETE", "/sandbox");
    await sendAll(sandbox, trigger("a"));
    const [after] = await listIncidents(sandbox);
    assert.equal(after?.incident_number, before?.incident_number);
    assert.notEqual(after?.id, before?.id);
    assert.equal((await askRest(sandbox, `/incidents/${before?.id ?? ""}`)).status, 404);
  });
});

describe("timeouts of a service", { timeout: 20_000 }, () => {
  it("end an acknowledgement, page again, and say when they will", async (context) => {
    const sandbox = await sandboxFor(context);
    await setService(sandbox, { acknowledgement_timeout: 1800 });
    await sendAll(sandbox, trigger("a"));
    await act(sandbox, 1, "acknowledge");
    const [acknowledged] = await listIncidents(sandbox);
    const due = Date.parse(acknowledged?.acknowledgements[0]?.at ?? "") + 1_800_000;
    assert.deepEqual(
      acknowledged?.pending_actions.map(({ type, at }) => [type, Date.parse(at)]),
      [["unacknowledge", due]],
    );
    await advance(sandbox, 1700);
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=acknowledged"), [1]);
    await advance(sandbox, 200);
    const [again] = await listIncidents(sandbox);
    assert.deepEqual(
      [again?.status, again?.last_status_change_by.type, again?.acknowledgements, again?.pending_actions],
      ["triggered", "service_reference", [], []],
    );
    assert.equal(Date.parse(again?.last_status_change_at ?? ""), due);
    assert.equal((await control<{ pages: number }>(sandbox, "GET", "/sandbox")).pages, 2);
  });

  it("resolve an incident, whoever has acknowledged it", async (context) => {
    const sandbox = await sandboxFor(context);
    await setService(sandbox, { auto_resolve_timeout: 14_400, acknowledgement_timeout: 1800 });
    await sendAll(sandbox, trigger("a"), followUp("acknowledge", "a"));
    assert.deepEqual(
      (await listIncidents(sandbox))[0]?.pending_actions.map(({ type }) => type),
      ["unacknowledge", "resolve"],
    );
    // Both are due by then, in their order.
    await advance(sandbox, 14_500);
    const [incident] = await listIncidents(sandbox);
    assert.deepEqual(
      [incident?.status, incident?.last_status_change_by.type],
      ["resolved", "service_reference"],
    );
    const [{ log } = { log: [] }] = await control<{ log: JsonObject[] }[]>(sandbox, "GET", "/sandbox/alerts");
    assert.deepEqual(
      log.map(({ action, timeout }) => [action, timeout]),
      [
        ["trigger", undefined],
        ["acknowledge", undefined],
        ["unacknowledge", true],
        ["resolve", true],
      ],
    );
    await sendAll(sandbox, trigger("a"));
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=triggered"), [2]);
  });
});

describe("a trigger that is taken, and becomes no incident", { timeout: 20_000 }, () => {
  const table: [object, string][] = [
    [{ events: "suppress" }, "suppressed"],
    [{ events: "drop" }, "dropped"],
    [{ state: "disabled" }, "disabled"],
    [{ state: "maintenance" }, "maintenance"],
  ];
  for (const [settings, why] of table) {
    it(why, async (context) => {
      const sandbox = await sandboxFor(context);
      await setService(sandbox, settings);
      await sendAll(sandbox, trigger("a"), trigger("b", { routing_key: OTHER_KEY }));
      const incidents = await listIncidents(sandbox);
      assert.deepEqual(
        incidents.map(({ incident_key }) => incident_key),
        ["b"],
      );
      const [withheld, ...others] = await control<JsonObject[]>(sandbox, "GET", "/sandbox/withheld");
      assert.deepEqual([withheld?.["dedup_key"], withheld?.["why"], others], ["a", why, []]);
      await setService(sandbox, { state: "active", events: "pass" });
      await sendAll(sandbox, trigger("a"));
      assert.equal((await listIncidents(sandbox)).length, 2);
    });
  }

  it("paused: it opens after the pause, if nothing resolves it before", async (context) => {
    const sandbox = await sandboxFor(context);
    await setService(sandbox, { pause_seconds: 300 });
    await sendAll(
      sandbox,
      trigger("a"),
      trigger("b"),
      followUp("resolve", "b"),
      followUp("acknowledge", "a"),
    );
    await advance(sandbox, 290);
    assert.deepEqual(await listIncidents(sandbox), []);
    const { now } = await advance(sandbox, 60);
    const [incident, ...others] = await listIncidents(sandbox);
    assert.deepEqual([incident?.incident_key, incident?.status, others], ["a", "triggered", []]);
    assert.ok(Date.parse(incident?.created_at ?? "") < Date.parse(now) - 40_000);
  });

  for (const state of ["disabled", "maintenance"]) {
    it(`${state}: no event ends what is open, but a person does`, async (context) => {
      const sandbox = await sandboxFor(context);
      await sendAll(sandbox, trigger("a"));
      await setService(sandbox, { state });
      await sendAll(sandbox, followUp("acknowledge", "a"), followUp("resolve", "a"));
      assert.deepEqual(await numbersOf(sandbox, "statuses[]=triggered"), [1]);
      assert.equal((await control<unknown[]>(sandbox, "GET", "/sandbox/dropped")).length, 2);
      await act(sandbox, 1, "resolve");
      assert.deepEqual(await numbersOf(sandbox, "statuses[]=resolved"), [1]);
    });
  }
});

describe("lists in the REST API", { timeout: 20_000 }, () => {
  it("come in pages that say whether there are more", async (context) => {
    const sandbox = await sandboxFor(context, { rateLimit: 0 });
    await sendAll(sandbox, ...Array.from({ length: 27 }, (_, index) => trigger(`key ${index}`)));
    const ask = async (query: string) => {
      const { body } = await askRest(sandbox, `/incidents?sort_by=incident_number:asc&${query}`);
      const { incidents, limit, offset, more } = body;
      return [(incidents as unknown[]).length, limit, offset, more];
    };
    assert.deepEqual(await ask(""), [25, 25, 0, true]);
    assert.deepEqual(await ask("limit=100"), [27, 100, 0, false]);
    assert.deepEqual(await ask("limit=9&offset=18"), [9, 9, 18, false]);
    assert.deepEqual(await ask("limit=9&offset=17"), [9, 9, 17, true]);
    assert.deepEqual(await ask("limit=100&offset=9900"), [0, 100, 9900, false]);
    for (const query of ["limit=101", "limit=0", "limit=x", "limit=100&offset=9901", "offset=-1"]) {
      assert.equal((await askRest(sandbox, `/incidents?${query}`)).status, 400, query);
    }
  });

  it("have what is asked for, in the order that is asked for", async (context) => {
    const sandbox = await sandboxFor(context);
    const { id } = await setService(sandbox, {}, OTHER_KEY);
    await sendAll(sandbox, trigger("a"), trigger("b", { routing_key: OTHER_KEY }), trigger("c"));
    await act(sandbox, 1, "acknowledge");
    await act(sandbox, 3, "resolve");
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=triggered&statuses[]=acknowledged"), [1, 2]);
    assert.deepEqual(await numbersOf(sandbox, `service_ids[]=${id}`), [2]);
    const first = async (query: string) => {
      const { body } = await askRest(sandbox, `/incidents?limit=1&${query}`);
      return (body["incidents"] as { incident_number: number }[])[0]?.incident_number;
    };
    assert.equal(await first("sort_by=incident_number:desc"), 3);
    assert.equal(await first("sort_by=created_at:asc"), 1);
    for (const query of ["statuses[]=open", "sort_by=name", "sort_by=created_at:up"]) {
      assert.equal((await askRest(sandbox, `/incidents?${query}`)).status, 400, query);
    }
  });

  it("go back a month, or as far as asked", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    await advance(sandbox, 31 * 24 * 3600);
    await sendAll(sandbox, trigger("b"));
    const { body } = await askRest(sandbox, "/incidents");
    assert.equal((body["incidents"] as unknown[]).length, 1);
    assert.deepEqual(await numbersOf(sandbox, ""), [1, 2]);
  });
});

describe("services and who is on call", { timeout: 20_000 }, () => {
  it("tell integration keys if they are asked for, but never an orchestration's", async (context) => {
    const orchestration = `R${KEY.slice(1)}`;
    const sandbox = await sandboxFor(context, { routingKeys: [KEY, orchestration] });
    await setService(sandbox, { name: "Databases" });
    await setService(sandbox, { name: "Databases" }, OTHER_KEY);
    const keysOf = async (query: string) =>
      (
        (await askRest(sandbox, `/services${query}`)).body["services"] as {
          name: string;
          integrations: { integration_key?: string }[];
        }[]
      ).map(({ name, integrations }) => [name, ...integrations.map((each) => each.integration_key)]);
    assert.deepEqual(await keysOf("?include[]=integrations"), [
      ["Databases", KEY, OTHER_KEY, undefined],
      ["Service cdef", undefined],
    ]);
    assert.deepEqual(await keysOf(""), [
      ["Databases", undefined, undefined, undefined],
      ["Service cdef", undefined],
    ]);
  });

  it("say at which level, by which schedule, and until when", async (context) => {
    const sandbox = await sandboxFor(context, { routingKeys: [KEY, OTHER_KEY] });
    const on_call = [
      { level: 1, person: "Lee Chen", schedule: "Nights" },
      { level: 2, person: "Ana Reis", schedule: null },
    ];
    await setService(sandbox, { on_call });
    const { body } = await askRest(sandbox, "/services");
    const [service] = body["services"] as { escalation_policy: { id: string } }[];
    const path = `/oncalls?earliest=true&escalation_policy_ids[]=${service?.escalation_policy.id ?? ""}`;
    const oncalls = (await askRest(sandbox, path)).body["oncalls"] as {
      escalation_level: number;
      user: { summary: string };
      schedule: { summary: string } | null;
      start: string | null;
      end: string | null;
    }[];
    assert.deepEqual(
      oncalls.map(({ escalation_level, user, schedule }) => [
        escalation_level,
        user.summary,
        schedule?.summary ?? null,
      ]),
      [
        [1, "Lee Chen", "Nights"],
        [2, "Ana Reis", null],
      ],
    );
    const [first, second] = oncalls;
    assert.ok(Date.parse(first?.start ?? "") <= Date.now() && Date.parse(first?.end ?? "") > Date.now());
    assert.deepEqual([second?.start, second?.end], [null, null]);
    assert.equal(((await askRest(sandbox, "/oncalls")).body["oncalls"] as unknown[]).length, 4);
  });
});

describe("who may ask the REST API", { timeout: 20_000 }, () => {
  it("is refused without a key that exists, and for what a key may not do", async (context) => {
    const sandbox = await sandboxFor(context, { routingKeys: [KEY, OTHER_KEY] });
    await sendAll(sandbox, trigger("a"), trigger("b", { routing_key: OTHER_KEY }));
    const { id } = await setService(sandbox, {}, OTHER_KEY);
    await setRest(sandbox, {
      keys: {
        reader: {},
        writer: { access: "full" },
        "services only": { resources: ["services"] },
        narrow: { services: [id] },
      },
    });
    const statusOf = async (key: string, path: string, method = "GET") =>
      (await askRest(sandbox, path, { key, method })).status;
    assert.equal(await statusOf("nobody's", "/incidents"), 401);
    assert.equal(
      (await askRest(sandbox, "/incidents", { headers: { Authorization: "reader" } })).status,
      401,
    );
    assert.equal(await statusOf("reader", "/incidents"), 200);
    assert.equal(await statusOf("reader", "/incidents", "PUT"), 403);
    assert.equal(await statusOf("writer", "/incidents", "PUT"), 405);
    assert.equal(await statusOf("services only", "/services"), 200);
    assert.equal(await statusOf("services only", "/incidents"), 403);
    assert.equal(
      (await askRest(sandbox, "/incidents", { key: "reader", headers: { Accept: "*/*" } })).status,
      406,
    );

    // A key that sees too little says nothing of the rest.
    const seen = async (path: string, name: string) =>
      ((await askRest(sandbox, path, { key: "narrow" })).body[name] as unknown[]).length;
    assert.deepEqual(
      [
        await seen("/incidents", "incidents"),
        await seen("/services", "services"),
        await seen("/oncalls", "oncalls"),
      ],
      [1, 1, 2],
    );
    const all = (await askRest(sandbox, "/incidents?sort_by=incident_number", { key: "reader" })).body;
    const [hidden, shown] = all["incidents"] as { id: string }[];
    assert.equal(await statusOf("narrow", `/incidents/${hidden?.id ?? ""}`), 404);
    assert.equal(await statusOf("narrow", `/incidents/${shown?.id ?? ""}/alerts`), 200);
    for (const path of ["/incidents/PNONE", `/incidents/${shown?.id ?? ""}/log`, "/services/PNONE"]) {
      assert.equal(await statusOf("reader", path), 404, path);
    }

    await setRest(sandbox, { in_plan: false });
    assert.equal(await statusOf("reader", "/incidents"), 402);
  });

  it("is told how much of the minute is left, and 429 when nothing is", async (context) => {
    const sandbox = await sandboxFor(context);
    await setRest(sandbox, { rate_limit: 2 });
    const ask = async (key = "api-key") => {
      const { status, headers } = await askRest(sandbox, "/incidents", { key });
      return [status, ...["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`))];
    };
    assert.deepEqual(await ask(), [200, "2", "1", "60"]);
    await advance(sandbox, 20);
    assert.deepEqual((await ask()).slice(0, 3), [200, "2", "0"]);
    const [status, limit, remaining, reset] = await ask();
    assert.deepEqual([status, limit, remaining], [429, "2", "0"]);
    assert.ok(Number(reset) > 0 && Number(reset) <= 40, String(reset));
    assert.equal((await ask("another"))[0], 200);
    await advance(sandbox, 40);
    assert.equal((await ask())[0], 200);
  });
});

describe("a REST API that misleads", { timeout: 20_000 }, () => {
  it("lists what was, while it tells of one incident what is", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    await advance(sandbox, 60);
    await setRest(sandbox, { lag_seconds: 30 });
    const [{ id } = { id: "" }] = await listIncidents(sandbox);
    await sendAll(sandbox, trigger("b"));
    await act(sandbox, 1, "note", { note: "on it" });
    await act(sandbox, 1, "resolve");
    const statusOf = async () =>
      ((await askRest(sandbox, `/incidents/${id}`)).body["incident"] as { status: string }).status;
    const notes = async () =>
      ((await askRest(sandbox, `/incidents/${id}/notes`)).body["notes"] as unknown[]).length;
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=triggered"), [1]);
    assert.deepEqual([await statusOf(), await notes()], ["resolved", 1]);
    await setRest(sandbox, { lag_of: "everything" });
    assert.deepEqual([await statusOf(), await notes()], ["triggered", 0]);
    await advance(sandbox, 31);
    assert.deepEqual(await numbersOf(sandbox, "statuses[]=triggered"), [2]);
    assert.deepEqual([await statusOf(), await notes()], ["resolved", 1]);
  });

  it("answers at length", async (context) => {
    const sandbox = await sandboxFor(context);
    await setRest(sandbox, { padding_bytes: 3_000_000 });
    const { body } = await askRest(sandbox, "/incidents");
    assert.equal((body["padding"] as string).length, 3_000_000);
    assert.deepEqual(body["incidents"], []);
  });

  it("fails while the Events API does not, one path of it as well", async (context) => {
    const sandbox = await sandboxFor(context);
    await sendAll(sandbox, trigger("a"));
    const [{ id } = { id: "" }] = await listIncidents(sandbox);
    await control(sandbox, "PUT", "/sandbox/faults", [
      { kind: "status", status: 502, times: 0, match: { api: "rest", path: "/incidents/*/alerts" } },
      { kind: "status", status: 503, times: 1, match: { api: "rest" } },
      { kind: "garbage", times: 1, match: { api: "rest" } },
      { kind: "drop_before", times: 0, match: { api: "rest", path: "/oncalls" } },
    ]);
    await sendAll(sandbox, trigger("b"));
    const statusOf = async (path: string) => (await askRest(sandbox, path)).status;
    assert.equal(await statusOf(`/incidents/${id}/alerts`), 502);
    assert.equal(await statusOf("/incidents"), 503);
    await assert.rejects(askRest(sandbox, "/incidents"), SyntaxError);
    assert.equal(await statusOf("/incidents"), 200);
    await assert.rejects(askRest(sandbox, "/oncalls"), /fetch failed/);
    const requests = await control<{ path: string; fault: string | null }[]>(
      sandbox,
      "GET",
      "/sandbox/rest_requests",
    );
    assert.deepEqual(
      requests.slice(1).map(({ fault }) => fault),
      ["status", "status", "garbage", null, "drop_before"],
    );
    assert.equal((await control<unknown[]>(sandbox, "GET", "/sandbox/requests")).length, 2);
  });
});

describe("what is set of the REST API, its services and its clock", { timeout: 20_000 }, () => {
  it("is refused with every complaint", async (context) => {
    const sandbox = await sandboxFor(context);
    const refusal = async (method: string, path: string, posted: unknown) => {
      const response = await fetch(sandbox.url + path, { method, body: JSON.stringify(posted) });
      return [response.status, ((await response.json()) as { errors: string[] }).errors];
    };
    assert.deepEqual(
      await refusal("PUT", "/sandbox/rest", { lag: 1, lag_of: "x", keys: { a: { access: "x", may: 1 } } }),
      [
        400,
        [
          "'lag' is unknown",
          "'lag_of' must be list or everything",
          "'keys.a.access' must be read or full",
          "'keys.a.may' is unknown",
        ],
      ],
    );
    assert.deepEqual(await refusal("PUT", "/sandbox/services", { state: "on", on_call: [{}], pause: 1 }), [
      400,
      [
        "'routing_key' must be a text of 32 characters",
        "'state' must be one of active, disabled, maintenance",
        "'on_call' must be an array of objects with level (a number), person (a name) and schedule (a name, or null)",
        "'pause' is unknown",
      ],
    ]);
    assert.equal((await refusal("POST", "/sandbox/clock", { advance_seconds: -1 }))[0], 400);
    assert.equal((await refusal("POST", "/sandbox/clock", {}))[0], 400);
  });

  it("is forgotten with a reset", async (context) => {
    const sandbox = await sandboxFor(context);
    await setRest(sandbox, { in_plan: false });
    await setService(sandbox, { state: "disabled" });
    await advance(sandbox, 3600);
    await control(sandbox, "DELETE", "/sandbox");
    assert.equal((await askRest(sandbox, "/incidents")).status, 200);
    assert.deepEqual(await control(sandbox, "GET", "/sandbox/services"), []);
    assert.equal(
      (await control<{ ahead_seconds: number }>(sandbox, "GET", "/sandbox/clock")).ahead_seconds,
      0,
    );
  });
});
