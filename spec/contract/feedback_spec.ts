// What people do in the sandbox PagerDuty comes back: the shipped connector asks its REST API, and what follows is seen in
// PagerDuty's incidents. The rules are spec/alerts/learnt_spec.ts' and spec/feedback/'s; here are the roads.
import type { Line } from "../support/brokerhost";
import { CRITICAL, DISK, DOWN, LOAD, OK, ROUTER, UP, WARNING, WEB, createCentreon } from "../support/events";
import { type Run, assertLine, runCommand } from "../support/commands";
import { assertSays, logged } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage, newRoutingKey } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(() => {
  stage.clear();
  sandbox.remove("/sandbox");
});

/** A key of the REST API that no broker had before. */
let keysGiven = 0;

interface Asking extends Actor {
  readonly apiKey: string;
  /** A minute passes, and what PagerDuty tells is read to its end. */
  readonly sync: (this: void) => void;
  /** A person does something with the incident of this dedup key, the latest of them. */
  readonly person: (this: void, action: string, dedupKey: string, more?: Line) => void;
  /** What the connector asked for, such as "/incidents". */
  readonly asked: (this: void) => string[];
}

interface SeenRequest {
  readonly path: string;
  readonly headers: { readonly authorization: string };
}

interface SeenAlert {
  readonly number: number;
  readonly dedup_key: string;
  readonly routing_key_end: string;
}

function start(parameters: Readonly<Record<string, string | number>> = {}): Asking {
  keysGiven += 1;
  const apiKey = `u+secret-api-key-${keysGiven}`;
  const broker = stage.start({
    clock: os.time(),
    parameters: { pdy_api_key: apiKey, pdy_api_url: sandbox.url, ...parameters },
  });
  const asked = (): string[] => {
    const all = sandbox.get("/sandbox/rest_requests") as SeenRequest[];
    const ours = all.filter(({ headers }) => headers.authorization === `Token token=${apiKey}`);
    return ours.map(({ path }) => string.match(path, "^[^?]*")[0] ?? "");
  };
  const settleAll = (): void => {
    // A flush() ends when nothing comes at once: whatever was asked for last may still be under way.
    for (let before = -1, now = asked().length; now !== before; now = asked().length) {
      before = now;
      broker.settle();
    }
  };
  return {
    ...broker,
    apiKey,
    asked,
    sync: () => {
      const before = asked().length;
      broker.give([{ control: "clock", advance: 61 }]);
      waitFor("a request to the REST API", () => {
        broker.settle();
        return asked().length > before ? true : undefined;
      });
      settleAll();
    },
    person: (action, dedupKey, more = {}) => {
      const all = sandbox.get("/sandbox/alerts") as SeenAlert[];
      const ours = all.filter(
        ({ dedup_key, routing_key_end }) =>
          dedup_key === dedupKey && routing_key_end === string.sub(broker.routingKey, -4),
      );
      const incident = ours[ours.length - 1]?.number;
      sandbox.post("/sandbox/actions", { incident, action, by: "Sam Rivera", ...more });
    },
  };
}

/** A broker whose LOAD is CRITICAL, and PagerDuty's incident of it was seen open. */
function seenOpen(parameters: Readonly<Record<string, string | number>> = {}): {
  broker: Asking;
  centreon: ReturnType<typeof createCentreon>;
} {
  const broker = start(parameters);
  const centreon = createCentreon(3);
  broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
  assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  broker.sync();
  broker.sync();
  return { broker, centreon };
}

/** An event that the connector knows nothing of: of a journal that was lost, say. */
function trigger({ routingKey }: Actor, dedupKey = "11_22"): void {
  sandbox.post("/v2/enqueue", {
    routing_key: routingKey,
    event_action: "trigger",
    dedup_key: dedupKey,
    payload: { summary: "left over", source: "web-01", severity: "critical" },
  });
}

describe("without pdy_api_key", () => {
  it("nothing is asked", () => {
    const broker = stage.start({ clock: os.time(), parameters: { pdy_api_url: sandbox.url } });
    broker.give(createCentreon(3).introduce(), [{ control: "clock", advance: 600 }]);
    broker.settle();
    assert.same([], sandbox.get("/sandbox/rest_requests"));
  });
});

describe("what PagerDuty is asked for", () => {
  it("are the services, once an hour, and the open incidents, each minute", () => {
    const { broker } = seenOpen();
    assert.same(["/services", "/incidents", "/incidents"], broker.asked());
    broker.give([{ control: "clock", advance: 3600 }]);
    broker.sync();
    assert.same(["/services", "/incidents"], broker.asked().slice(3, 5));
  });

  it("is asked for with a key that stands in no file", () => {
    const { broker } = seenOpen();
    for (const name of ["log", "state", "status"])
      assert.is_nil(string.find(broker.file(name), broker.apiKey, 1, true)[0], name);
  });
});

describe("a problem whose incident a person resolves", () => {
  it("is opened anew by the next check that finds it, and not before", () => {
    const { broker, centreon } = seenOpen();
    broker.person("resolve", "11_22");
    broker.sync();
    broker.give(centreon.resend(LOAD));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
    assertSays(logged(broker, "was closed by")[0], "was closed by Sam Rivera");
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
    broker.give(centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page", "11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  it("stays closed with pdy_reopen never, over a restart, too, until it gets worse", () => {
    const broker = start({ pdy_reopen: "never" });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, WARNING));
    broker.settle();
    broker.sync();
    broker.sync();
    broker.person("resolve", "11_22");
    broker.sync();
    broker.kill();
    broker.give(centreon.introduce(), centreon.check(LOAD, WARNING));
    assert.same(["11_22 resolved warning, 1 page"], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 resolved warning, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
  });
});

describe("status", () => {
  it("says who closed what, and how asking fares", () => {
    const { broker } = seenOpen();
    broker.person("resolve", "11_22");
    broker.sync();
    broker.give([{ control: "clock", advance: 11 }]);
    broker.settle();
    const status = runCommand(["status", "--config", `${broker.folder}/central-broker.json`]);
    assertLine(status, "closed in PagerDuty, and not well (1)");
    assertLine(status, "11_22  web-01/Load: by Sam Rivera, 2");
    assertLine(status, "REST API     last read 2");
    assertLine(status, "differing    1 (1 closed there)");
  });

  it("counts what differs, by kind, and nothing where nothing does", () => {
    const { broker, centreon } = seenOpen();
    const statusNow = (...options: string[]): Run => {
      broker.give([{ control: "clock", advance: 11 }]);
      broker.settle();
      const files = ["--status-path", `${broker.folder}/status`, "--state-path", `${broker.folder}/state`];
      const how = options.length === 0 ? ["--config", `${broker.folder}/central-broker.json`] : files;
      return runCommand(["status", ...how, ...options]);
    };
    assertLine(statusNow(), "differing    nothing");
    for (const dedupKey of ["1_H", "11_23"]) trigger(broker, dedupKey);
    broker.person("acknowledge", "11_22");
    broker.sync();
    broker.give(centreon.check(DISK, OK));
    broker.sync();
    assertLine(
      statusNow(),
      "differing    2 (1 acknowledged there only, 1 orphans), perhaps 1 (1 open there, unknown here)",
    );
    broker.person("unacknowledge", "11_22");
    broker.sync();
    broker.give(centreon.acknowledge(LOAD));
    broker.sync();
    broker.sync();
    broker.person("unacknowledge", "11_22");
    broker.sync();
    const plugin = statusNow("--plugin", "--stale", "100000");
    assertLine(plugin, "differing from PagerDuty: 2 (1 acknowledged here only, 1 orphans), perhaps 1 (");
    assertLine(plugin, " alerts.differing.count=2;;;0");
  });

  it("says nothing of it where nothing is asked", () => {
    const broker = stage.start();
    broker.settle();
    assert.is_nil(string.find(broker.file("status"), "pagerduty_", 1, true)[0]);
  });
});

describe("a problem whose incident PagerDuty resolves by itself", () => {
  it("is opened anew at once", () => {
    const { broker } = seenOpen();
    sandbox.put("/sandbox/services", { routing_key: broker.routingKey, auto_resolve_timeout: 0 });
    sandbox.post("/sandbox/clock", { advance_seconds: 1 });
    sandbox.put("/sandbox/services", { routing_key: broker.routingKey, auto_resolve_timeout: 14400 });
    broker.sync();
    assert.same(["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
  });
});

describe("a problem whose incident a person acknowledges", () => {
  it("needs no acknowledge of ours, and has one when PagerDuty's is taken back and Centreon's is new", () => {
    const { broker, centreon } = seenOpen();
    broker.person("acknowledge", "11_22");
    broker.sync();
    assertSays(logged(broker, "was acknowledged")[0], "was acknowledged by Sam Rivera in PagerDuty");
    broker.person("unacknowledge", "11_22");
    broker.sync();
    assertSays(logged(broker, "not acknowledged any more")[0], "web-01/Load (11_22)");
    broker.give(centreon.acknowledge(LOAD));
    assert.same(["11_22 acknowledged critical, 2 pages"], broker.pagerduty());
  });
});

describe("a problem whose incident a person merges", () => {
  it("is followed into the other one, and resolved there", () => {
    const { broker, centreon } = seenOpen();
    broker.give(centreon.check(DISK, CRITICAL));
    broker.settle();
    broker.sync();
    broker.sync();
    const [load, disk] = (sandbox.get("/sandbox/alerts") as SeenAlert[]).map(({ number }) => number);
    sandbox.post("/sandbox/actions", { incident: load, action: "merge", into: disk, by: "Sam Rivera" });
    broker.sync();
    broker.give(centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"], broker.pagerduty());
    sandbox.post("/sandbox/actions", { incident: disk, action: "resolve", by: "Sam Rivera" });
    broker.sync();
    assert.equal(2, logged(broker, "was closed by Sam Rivera").length);
  });
});

describe("absence proves nothing:", () => {
  for (const [name, settings] of [
    ["a disabled service", { state: "disabled" }],
    ["suppressed events", { events: "suppress" }],
    ["a maintenance window", { state: "maintenance" }],
    ["paused notifications", { pause_seconds: 3600 }],
  ] as const) {
    it(`${name} is no reason to trigger again, and is named once`, () => {
      const broker = start();
      const centreon = createCentreon(3);
      sandbox.put("/sandbox/services", { routing_key: broker.routingKey, ...settings });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      broker.settle();
      for (const _ of $range(1, 7)) {
        broker.give(centreon.check(LOAD, CRITICAL));
        broker.sync();
      }
      assert.same([], broker.pagerduty());
      const [warning, ...others] = logged(broker, "no open incident of theirs is to be seen");
      assertSays(warning, "web-01/Load (11_22)");
      assert.same([], others);
      const requests = sandbox.get("/sandbox/requests") as { readonly body: string }[];
      assert.equal(1, requests.filter(({ body }) => string.find(body, broker.routingKey, 1, true)[0]).length);
    });
  }

  it("a list that lags behind is no reason to trigger again", () => {
    const { broker, centreon } = seenOpen();
    sandbox.put("/sandbox/rest", { lag_seconds: 100000, lag_of: "list" });
    broker.sync();
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.same([], logged(broker, "was closed"));
    sandbox.put("/sandbox/rest", { lag_seconds: 0 });
  });
});

describe("an orphan", () => {
  it("is named once its resource is found well, and stays open", () => {
    const broker = start();
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.settle();
    trigger(broker);
    broker.sync();
    broker.give(centreon.check(DISK, OK));
    broker.sync();
    assert.same([], logged(broker, "an orphan"));
    broker.give(centreon.check(LOAD, OK));
    broker.sync();
    broker.sync();
    const [warning, ...others] = logged(broker, "an orphan");
    assertSays(warning, "open for 11_22 (left over), and all is well there");
    assert.same([], others);
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("is resolved with pdy_resolve_orphans", () => {
    const broker = start({ pdy_resolve_orphans: 1 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.settle();
    trigger(broker);
    broker.sync();
    broker.give(centreon.check(LOAD, OK));
    broker.sync();
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  it("is what its engine, started anew, does not name, and not what it names", () => {
    const broker = start({ pdy_resolve_orphans: 1 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.settle();
    for (const dedupKey of ["11_22", "11_23"]) trigger(broker, dedupKey);
    broker.sync();
    broker.give(centreon.engineStarts(LOAD));
    broker.settle();
    assert.same(["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"], broker.pagerduty());
    broker.sync();
    broker.sync();
    assertSays(
      logged(broker, "left over")[0],
      "11_22 (left over), and its engine does not monitor it any more",
    );
    assert.same(["11_22 resolved critical, 1 page", "11_23 triggered critical, 1 page"], broker.pagerduty());
  });

  it("is a business activity's when that is OK, and a poller's when that is heard of now", () => {
    const broker = start({ pdy_resolve_orphans: 1 });
    const heard = (poller: number, ago: number): Line => ({
      category: 1,
      element: 42,
      instance_id: poller,
      last_alive: os.time() + 61 - ago,
      flap_detection: true,
    });
    const activity = (id: number, state: number): Line => ({
      category: 6,
      element: 19,
      ba_id: id,
      state,
      in_downtime: false,
    });
    broker.settle();
    for (const dedupKey of ["ba_7", "ba_8", "poller_3", "poller_4", "storm_default"])
      trigger(broker, dedupKey);
    broker.sync();
    broker.give([activity(7, OK), activity(9, OK), heard(3, 0), heard(4, 3600)]);
    broker.sync();
    const [seven, eight, three, four, storm] = broker.pagerduty();
    assert.same(["ba_7 resolved critical, 1 page", "ba_8 triggered critical, 1 page"], [seven, eight]);
    assert.same(
      [
        "poller_3 resolved critical, 1 page",
        "poller_4 triggered critical, 1 page",
        "storm_default triggered critical, 1 page",
      ],
      [three, four, storm],
    );
  });

  it("of another prefix is nobody's business of ours", () => {
    const broker = start({ pdy_resolve_orphans: 1, pdy_dedup_prefix: "east-" });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.settle();
    trigger(broker);
    broker.sync();
    broker.give(centreon.check(LOAD, OK));
    broker.sync();
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("whose resource is found in trouble is taken over, and resolved with its problem", () => {
    const broker = start();
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.settle();
    trigger(broker);
    broker.sync();
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.sync();
    broker.give(centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });
});

describe("a lost journal", () => {
  it("is put right by the connector itself, with pdy_resolve_orphans, as checks and engines tell what is", () => {
    const broker = start({ pdy_resolve_orphans: 1 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    broker.give(centreon.check(ROUTER, DOWN));
    broker.settle();
    broker.sync();
    broker.kill();
    os.remove(`${broker.folder}/state`);
    broker.person("resolve", "11_22");
    trigger(broker, "11_H");
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(ROUTER, DOWN));
    broker.settle();
    broker.sync();
    broker.sync();
    // One is well, one is not monitored any more.
    broker.give(centreon.check(WEB, UP), centreon.engineStarts(DISK));
    broker.sync();
    broker.sync();
    const shown = broker.pagerduty();
    table.sort(shown);
    assert.same(
      [
        "10_H triggered critical, 1 page",
        "11_22 resolved critical, 1 page",
        "11_22 triggered critical, 1 page",
        "11_23 resolved critical, 1 page",
        "11_H resolved critical, 1 page",
      ],
      shown,
    );
    const reconciled = runCommand(["reconcile", "--config", `${broker.folder}/central-broker.json`]);
    assertLine(reconciled, "ok: the journal and PagerDuty agree");
  });
});

describe("while the REST API", () => {
  const trouble = (
    what: string,
    order: (broker: Asking) => void,
    words: string,
    end: (broker: Asking) => void,
  ): void => {
    it(`${what}, alerts go on, and it is said once, and once when that is over`, () => {
      const { broker, centreon } = seenOpen();
      order(broker);
      broker.sync();
      broker.give(centreon.check(DISK, CRITICAL));
      broker.sync();
      broker.sync();
      assert.same(
        ["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"],
        broker.pagerduty(),
      );
      const [warning, ...others] = logged(broker, "its REST API cannot be read");
      assertSays(warning, words);
      assert.same([], others);
      end(broker);
      broker.sync();
      assert.equal(1, logged(broker, "REST API can be read again").length);
      assert.same([], logged(broker, broker.apiKey));
      assert.same([], logged(broker, "unexpected error"));
    });
  };
  const settings = (changed: Line): void => {
    sandbox.put("/sandbox/rest", changed);
  };
  /** No keys at all cannot be said: one that nobody has, and the broker's. */
  const usual = ({ apiKey }: Asking): void =>
    settings({ in_plan: true, keys: { [apiKey]: { access: "read" } }, rate_limit: 960 });

  trouble(
    "is not in the plan",
    () => settings({ in_plan: false }),
    "HTTP 402; the REST API is not in",
    usual,
  );
  trouble(
    "knows no such key",
    () => settings({ keys: { another: { access: "read" } } }),
    "HTTP 401; check pdy_api_key",
    usual,
  );
  trouble(
    "forbids it",
    ({ apiKey }) => settings({ keys: { [apiKey]: { resources: ["oncalls"] } } }),
    "HTTP 403; the key in pdy_api_key may not",
    usual,
  );
  trouble("asks for patience", () => settings({ rate_limit: 1 }), "HTTP 429", usual);
  const faults: [what: string, fault: Line, words: string][] = [
    [
      "gives garbage",
      { kind: "garbage" },
      "what answers there is not PagerDuty's REST API; check pdy_api_url",
    ],
    ["answers something else", { kind: "status", status: 200, body: "[]" }, "is not PagerDuty's REST API"],
    ["hangs up", { kind: "drop_before" }, "REST API cannot be read: "],
    ["fails", { kind: "status", status: 503 }, "HTTP 503"],
  ];
  for (const [what, fault, words] of faults) {
    trouble(
      what,
      () => sandbox.post("/sandbox/faults", { ...fault, times: 0, match: { api: "rest" } }),
      words,
      () => sandbox.remove("/sandbox/faults"),
    );
  }
});

describe("the key of an orchestration", () => {
  it("leads nowhere in particular: all that the key sees is asked for, or what pdy_service_ids names", () => {
    const routingKey = `R${string.sub(newRoutingKey(), 2)}`;
    const broker = start({ pdy_routing_key: routingKey });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.sync();
    broker.sync();
    assertSays(logged(broker, "no service that pdy_api_key sees")[0], "default");
    const [alert] = sandbox.get("/sandbox/alerts") as SeenAlert[];
    sandbox.post("/sandbox/actions", { incident: alert?.number, action: "resolve", by: "Sam Rivera" });
    broker.sync();
    assert.equal(1, logged(broker, "was closed by Sam Rivera").length);
  });
});
