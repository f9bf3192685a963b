// What the shipped file tells of itself: the status file, its alert about itself, and the recording of events.
import type { Broker, Line } from "../support/brokerhost";
import { CRITICAL, DISK, DOWN, LOAD, OK, WARNING, WEB, createCentreon } from "../support/events";
import { inShort, incidentsOf, requestsOf } from "../support/incidents";
import { decodeJson } from "../support/json";
import { logged, waitForLog } from "../support/log";
import { outputOf, readFile, temporaryPath, waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { createStage, newRoutingKey } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

type Status = Readonly<Record<string, unknown>>;

/** The status file as `ready` wants it, waiting for it: it is written every ten seconds, and with the first flush. */
function statusOf(broker: Broker, ready: (this: void, status: Status) => boolean = () => true): Status {
  return waitFor(
    "the status file",
    () => {
      broker.settle();
      const text = broker.file("status");
      if (text === "") return undefined;
      const status = decodeJson(text) as Status;
      return ready(status) ? status : undefined;
    },
    25,
  );
}

describe("the status file", () => {
  it("tells how the connector fares", () => {
    const broker = stage.start();
    const centreon = createCentreon(3);
    // With a journal: without one, an older problem may be open already.
    broker.give([{ control: "restart" }], centreon.introduce());
    broker.give(centreon.downtime(DISK, 1), centreon.check(DISK, CRITICAL), centreon.check(LOAD, CRITICAL));
    const status = statusOf(broker, ({ accepted_total }) => accepted_total === 1);
    assert.same(
      [1, 1, 1, 0, 0, 0, 0, 0, true],
      [
        status["format"],
        status["open"],
        status["held"],
        status["acknowledged"],
        status["waiting"],
        status["in_flight"],
        status["refused_total"],
        status["failing_seconds"],
        status["journal_usable"],
      ],
    );
    assert.equal("accepted", status["last_answer"]);
    assert.is_nil(status["failing_since"]);
    const written = status["written_at_unix"] as number;
    assert.is_true(math.abs(os.time() - written) < 30);
    for (const name of ["written_at", "started_at", "last_success_at", "last_answer_at"]) {
      assert.is_not_nil(
        string.match(tostring(status[name]), "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$")[0],
        name,
      );
    }
  });

  it("tells since when nothing gets through, and why; without a secret", () => {
    const broker = stage.start();
    const centreon = createCentreon(3);
    const body = `{"message":"no","errors":["routing_key ${broker.routingKey} is not known"]}`;
    broker.orderFault({ kind: "status", status: 400, body, times: 0 });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    const status = statusOf(broker, ({ reason }) => reason !== undefined);
    assert.equal(1, status["waiting"]);
    assert.equal("HTTP 400: no: routing_key *** is not known", status["reason"]);
    assert.equal(status["reason"], status["last_answer"]);
    assert.is_not_nil(string.find(status["remedy"] as string, "pdy_routing_key", 1, true)[0]);
    assert.is_not_nil(status["failing_since"]);
    assert.is_nil(string.find(broker.file("status"), broker.routingKey, 1, true)[0]);
  });

  it("is written under continuous load, too, when the broker never calls flush()", () => {
    const broker = stage.start({ parameters: { state_path: "/nowhere/state" } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    for (const _ of $range(1, 1100)) broker.give(centreon.check(LOAD, CRITICAL));
    broker.report();
    assert.is_not_nil(string.find(broker.file("status"), '"journal_usable":false', 1, true)[0]);
  });

  it("that cannot be written is complained of once, and costs nothing else", () => {
    const broker = stage.start({ parameters: { status_path: "/nowhere/status" } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, logged(broker, "WARNING: the status file cannot be written: /nowhere/status.new").length);
  });

  it("is not written where none is wanted", () => {
    const broker = stage.start({ parameters: { status_path: "" } });
    broker.settle();
    assert.equal("", outputOf(`find ${broker.folder} -name '*status*'`));
    assert.same([], logged(broker, "status file"));
  });
});

describe("the connector's alert about itself", () => {
  it("pages by the fallback key when nothing gets through, and is resolved when events do again", () => {
    const fallbackKey = newRoutingKey();
    const broker = stage.start({
      parameters: { self_alert_after: 2, pdy_fallback_routing_key: fallbackKey },
    });
    const own = (): string[] => incidentsOf(sandbox, fallbackKey).map((incident) => inShort(incident));
    const centreon = createCentreon(3);
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    waitForLog(broker, "ERROR: nothing has got through to PagerDuty for ");
    waitFor("the connector's own alert", () => (own().length > 0 ? true : undefined));
    assert.same(["pagerduty_connector triggered critical, 1 page"], own());
    const [incident] = incidentsOf(sandbox, fallbackKey);
    assert.is_not_nil(
      string.match(
        incident?.summary ?? "",
        "^Centreon's PagerDuty connector: NOT DELIVERING %- nothing has got through to PagerDuty for %d+ s: HTTP 503",
      )[0],
    );

    sandbox.remove("/sandbox/faults");
    waitFor("the end of it", () =>
      own()[0] === "pagerduty_connector resolved critical, 1 page" ? true : undefined,
    );
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, logged(broker, "WARNING: events get through to PagerDuty again").length);
  });

  it("ends with a restart, when the new life has nothing to complain of", () => {
    const fallbackKey = newRoutingKey();
    const broker = stage.start({
      parameters: { self_alert_after: 2, pdy_fallback_routing_key: fallbackKey },
    });
    const own = (): string[] => incidentsOf(sandbox, fallbackKey).map((incident) => inShort(incident));
    const centreon = createCentreon(3);
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    waitFor("the connector's own alert", () => (own().length > 0 ? true : undefined));
    broker.give(centreon.check(LOAD, OK));
    sandbox.remove("/sandbox/faults");
    broker.kill();
    broker.settle();
    waitFor("the end of it", () =>
      own()[0] === "pagerduty_connector resolved critical, 1 page" ? true : undefined,
    );
  });

  it("needs a fallback key: without one there are only the lines in the log", () => {
    const broker = stage.start({ parameters: { self_alert_after: 1 } });
    const centreon = createCentreon(3);
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    waitForLog(broker, "ERROR: nothing has got through to PagerDuty for ");
    sandbox.remove("/sandbox/faults");
    waitForLog(broker, "PagerDuty accepted the trigger (critical) of 11_22");
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("is not raised by a fallback key that cannot be one, which is said", () => {
    const broker = stage.start({ parameters: { pdy_fallback_routing_key: "too short" } });
    broker.settle();
    assert.equal(1, logged(broker, "ERROR: parameter pdy_fallback_routing_key has 9 characters").length);
  });
});

describe("a team's key that PagerDuty refuses", () => {
  const REFUSAL = { kind: "status", status: 400, body: '{"message":"Invalid routing key"}', times: 0 };

  /** A broker whose database team, which has DISK, has a key of its own. */
  function start() {
    const [teamKey, fallbackKey] = [newRoutingKey(), newRoutingKey()];
    const broker = stage.start({
      parameters: {
        self_alert_after: 2,
        pdy_fallback_routing_key: fallbackKey,
        pdy_routing_key_dba: teamKey,
        pdy_routes: "service ^Disk$ -> dba",
      },
    });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    const of = (key: string): string[] => incidentsOf(sandbox, key).map((incident) => inShort(incident));
    return {
      broker,
      centreon,
      teamKey,
      fallbackKey,
      team: () => of(teamKey),
      fallback: () => of(fallbackKey),
    };
  }
  const refuse = (teamKey: string): void => {
    sandbox.post("/sandbox/faults", { ...REFUSAL, match: { routing_key: teamKey } });
  };

  it("costs its new alerts no page: they go by the fallback key, marked, and stay there until they end", () => {
    const { broker, centreon, teamKey, fallbackKey, team, fallback } = start();
    // With a journal: without one, an older problem may be open already.
    broker.give([{ control: "restart" }], centreon.introduce());
    refuse(teamKey);
    broker.give(centreon.check(DISK, CRITICAL), centreon.check(LOAD, CRITICAL));
    const text = "PagerDuty refuses the key of pdy_routing_key_dba, and takes others";
    waitForLog(broker, `ERROR: ${text}`);
    waitFor("the alert at the fallback", () => (fallback().length === 2 ? true : undefined));
    assert.same(
      ["11_23 triggered critical, 1 page", "pagerduty_connector triggered critical, 1 page"],
      fallback(),
    );
    const [incident] = incidentsOf(sandbox, fallbackKey);
    assert.equal(
      1,
      string.find(incident?.summary ?? "", "[meant for dba, whose key is refused] ", 1, true)[0],
    );
    assert.same(
      ["dba", "HTTP 400: Invalid routing key"],
      [incident?.custom_details?.["meant_for"], incident?.custom_details?.["not_sent_there"]],
    );

    sandbox.remove("/sandbox/faults");
    broker.kill();
    broker.give(centreon.introduce(), centreon.check(DISK, OK));
    waitFor("its end at the fallback", () =>
      fallback()[0] === "11_23 resolved critical, 1 page" ? true : undefined,
    );
    broker.give(centreon.check(DISK, CRITICAL));
    waitFor("the next one at the team", () => (team().length > 0 ? true : undefined));
    assert.same(["11_23 triggered critical, 1 page"], team());
  });

  it("leaves there what it may have taken, and the connector's own alert says so", () => {
    const { broker, centreon, teamKey, fallbackKey, team, fallback } = start();
    broker.give([{ control: "restart" }], centreon.introduce());
    sandbox.post("/sandbox/faults", { kind: "drop_after", match: { routing_key: teamKey } });
    refuse(teamKey);
    broker.give(centreon.check(DISK, CRITICAL), centreon.check(LOAD, CRITICAL));
    const names =
      "Perhaps taken under the key that is refused now, and so not sent by another one: web-01/Disk (11_23)";
    waitForLog(broker, names);
    waitFor("the alert that says so", () => {
      const [own] = incidentsOf(sandbox, fallbackKey);
      return own !== undefined && own.triggers > 1 ? true : undefined;
    });
    const bodies = requestsOf(sandbox, fallbackKey).map(({ body }) => body);
    assert.is_not_nil(string.find(bodies[bodies.length - 1] ?? "", names, 1, true)[0]);
    assert.same(["pagerduty_connector triggered critical, 1 page"], fallback());
    assert.same(["11_23 triggered critical, 1 page"], team());
  });
});

describe("the recording", () => {
  const linesOf = (text: string): Line[] => {
    const lines: Line[] = [];
    for (const [line] of string.gmatch(text, "[^\n]+"))
      if (line !== undefined) lines.push(decodeJson(line) as Line);
    return lines;
  };

  /** What the cache knows of a host and a service beside their names, BBDO 3. */
  const groups: Line[] = [
    { category: 1, element: 44, instance_id: 1, name: "Central", running: true },
    { category: 1, element: 50, hostgroup_id: 5, host_id: 11, name: "Linux", enabled: true },
    { category: 1, element: 52, servicegroup_id: 6, host_id: 11, service_id: 22, name: "Web", enabled: true },
    {
      category: 1,
      element: 37,
      host_id: 11,
      service_id: 22,
      name: "CRITICALITY_LEVEL",
      value: "2",
      enabled: true,
    },
    {
      category: 1,
      element: 37,
      host_id: 11,
      service_id: 22,
      name: "SECRET",
      value: "hunter2",
      enabled: true,
    },
    { category: 6, element: 25, ba_id: 5, ba_name: "Web shop" },
    { category: 6, element: 19, ba_id: 5, state: 2, last_state_change: 1760004420, output: "bad" },
    { category: 1, element: 46, poller_id: 1, responsive: false },
  ];

  for (const protocol of [2, 3] as const) {
    it(`plays again to the same end: BBDO ${protocol}`, () => {
      const path = temporaryPath(".record");
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { record_path: path, pdy_custom_variables: "SECRET" } });
      broker.give(
        groups,
        centreon.introduce(),
        centreon.check(LOAD, CRITICAL, { output: "line 1\nline 2", perfdata: "load=9;4;8" }),
        centreon.check(DISK, WARNING),
        centreon.acknowledge(LOAD),
        centreon.downtime(DISK, 1),
        centreon.check(WEB, DOWN, { isSoft: true }),
      );
      const expected = broker.pagerduty();
      const incidents = broker.incidents();
      const recorded = readFile(path) ?? "";
      os.remove(path);
      assert.is_nil(string.find(recorded, "hunter2", 1, true)[0]);
      assert.is_nil(string.find(recorded, broker.routingKey, 1, true)[0]);

      const again = stage.start();
      again.give(linesOf(recorded));
      assert.same(expected, again.pagerduty());
      for (const [index, { summary, group, custom_details }] of again.incidents().entries()) {
        const original = incidents[index];
        assert.same([original?.summary, original?.group], [summary, group]);
        for (const name of ["output", "host_groups", "service_groups", "criticality", "crossed_thresholds"]) {
          assert.same(original?.custom_details?.[name], custom_details?.[name], name);
        }
      }
    });
  }

  it("ends at its limit, and says so", () => {
    const path = temporaryPath(".record");
    const broker = stage.start({ parameters: { record_path: path, record_size_limit: 1 } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    const output = string.rep("x", 60000);
    for (const _ of $range(1, 20)) broker.give(centreon.check(LOAD, CRITICAL, { output }));
    broker.settle();
    const size = (readFile(path) ?? "").length;
    os.remove(path);
    assert.is_true(size > 1000000 && size < 1100000, `${size} bytes`);
    assert.equal(
      1,
      logged(broker, `WARNING: the recording of events in ${path} ends: it has record_size_limit`).length,
    );
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("that cannot be written costs a line in the log, and nothing else", () => {
    const broker = stage.start({ parameters: { record_path: "/nowhere/record" } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, logged(broker, "WARNING: nothing is recorded: /nowhere/record").length);
  });
});
