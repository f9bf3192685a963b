// Change events, from the events of a broker to what PagerDuty shows, by the shipped file over real HTTP: what is told,
// that it is told once, and that nothing of it costs an alert anything.
import type { Line } from "../support/brokerhost";
import { createActivity } from "../support/changes";
import { CRITICAL, DISK, LOAD, WEB, createCentreon } from "../support/events";
import { requestsOf } from "../support/incidents";
import { logged } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage, newRoutingKey } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

interface ShownChange {
  readonly routing_key_end: string;
  readonly summary: string;
  readonly timestamp: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly custom_details: Readonly<Record<string, unknown>>;
}

function changesOf(routingKey: string): ShownChange[] {
  const all = sandbox.get("/sandbox/changes") as ShownChange[];
  return all.filter((change) => change.routing_key_end === string.sub(routingKey, -4));
}

/** The summaries of all that was told by a routing key, in order. */
function toldBy(routingKey: string): string[] {
  return changesOf(routingKey).map(({ summary }) => summary);
}

/** Lets everything go out, one change event at a time; gives the summaries of what was told so far. */
function told(broker: Actor): string[] {
  for (const _ of $range(1, 3)) broker.settle();
  return toldBy(broker.routingKey);
}

const ON = { pdy_change_events: 1 };
const CHANGE_PATH = { path: "/v2/change/enqueue" };

/** A broker that has settled, and a time after its start. */
function begin(parameters: Readonly<Record<string, string | number>> = ON): { broker: Actor; now: number } {
  const broker = stage.start({ parameters });
  broker.settle();
  return { broker, now: os.time() };
}

/** The host of a virtual resource and the resource, as BBDO 3 introduces them. */
function virtual(host: string, description: string, displayName: string): Line[] {
  return [
    { category: 1, element: 30, host_id: 90, name: host, enabled: true },
    {
      category: 1,
      element: 27,
      host_id: 90,
      service_id: 5,
      description,
      display_name: displayName,
      enabled: true,
    },
  ];
}

for (const protocol of [2, 3] as const) {
  const activity = createActivity(protocol);

  describe(`in BBDO ${protocol} change events`, () => {
    it("tell of what people and pollers do, in order, beside the incident and without a page", () => {
      const { broker, now } = begin({ ...ON, pdy_centreon_url: "https://centreon.example" });
      const centreon = createCentreon(protocol);
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), [
        activity.acknowledgement(LOAD, now),
        activity.downtime(WEB, "set", now + 2, now + 60),
        activity.downtime(WEB, "started", now + 2, now + 60),
        activity.downtime(WEB, "ended", now + 2, now + 60),
        activity.downtime(WEB, "deleted", now + 2, now + 60),
        activity.pollerStopped(1, now - 9000, now + 61),
        activity.pollerStarted(1, now + 62),
      ]);
      // An engine that starts names everything it monitors.
      broker.give(centreon.introduce(), [activity.deployment(1), activity.deployment(1)]);
      assert.same(
        [
          "web-01/Load: acknowledged - alice: on it",
          "web-01: downtime started - bob: upgrade",
          "web-01: downtime ended - bob: upgrade",
          "poller-1: poller stopped",
          "poller-1: poller started - Centreon Engine 25.09.0",
          "poller-1: configuration deployed",
        ],
        told(broker),
      );
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      const [acknowledged, started] = changesOf(broker.routingKey);
      assert.equal(os.date("!%Y-%m-%dT%H:%M:%SZ", now + 2), started?.timestamp);
      assert.same(
        { change: "acknowledged", author: "alice", comment: "on it" },
        acknowledged?.custom_details,
      );
      assert.equal("Open in Centreon", acknowledged?.links?.[0]?.text);
      assert.same([], logged(broker, "WARNING: the change event"));
    });

    it("are none for what comes again, as after an engine's restart", () => {
      const { broker, now } = begin();
      const events = [
        activity.acknowledgement(LOAD, now),
        activity.downtime(LOAD, "started", now, now + 60),
        activity.pollerStarted(1, now),
        activity.deployment(1),
      ];
      broker.give(createCentreon(protocol).introduce(), events);
      const once = told(broker);
      assert.equal(3, once.length);
      broker.give(events.slice(0, 3));
      broker.give([activity.downtime(LOAD, "started", now, now + 60, { actual_start_time: now + 30 })]);
      assert.same(once, told(broker));
    });

    it("are none for what lies before the start, also when it is told again after a restart", () => {
      const { broker, now } = begin();
      const centreon = createCentreon(protocol);
      const old = [
        activity.acknowledgement(LOAD, now - 100),
        activity.downtime(LOAD, "started", now - 100, now + 60),
        activity.pollerStarted(1, now - 100),
        activity.deployment(1),
      ];
      broker.give(centreon.introduce(), old);
      assert.same([], told(broker));

      const fresh = [
        activity.acknowledgement(DISK, now),
        activity.pollerStopped(1, now - 100, now),
        activity.deployment(1),
      ];
      broker.give(fresh);
      const once = told(broker);
      assert.equal(3, once.length);
      waitFor("the next second", () => os.time() > now + 1 || undefined);
      broker.give([{ control: "restart" }], centreon.introduce(), old, fresh);
      assert.same(once, told(broker));
      // The end of what began before the start is news.
      broker.give([activity.downtime(LOAD, "ended", now - 100, os.time() + 1)]);
      assert.same("web-01/Load: downtime ended - bob: upgrade", told(broker)[3]);
    });

    it("are of the kinds that were asked for; flapping and comments are not among the usual ones", () => {
      const all = (now: number): Line[] => [
        activity.acknowledgement(LOAD, now),
        activity.comment(LOAD, now, { entry_type: 4 }),
        activity.comment(LOAD, now, { entry_type: 2 }),
        activity.comment(LOAD, now + 1),
        activity.flapping(LOAD, now - 100),
        activity.flapping(LOAD, now + 2),
        activity.flapping(LOAD, now + 2, now + 3),
        activity.comment(LOAD, now + 1, { deletion_time: now + 4 }),
        activity.pollerStopped(1, now - 100, now),
      ];
      const usual = begin();
      usual.broker.give(createCentreon(protocol).introduce(), all(usual.now));
      assert.same(
        ["web-01/Load: acknowledged - alice: on it", "poller-1: poller stopped"],
        told(usual.broker),
      );

      const chosen = begin({ pdy_change_events: "flapping, comments" });
      const events = all(chosen.now);
      chosen.broker.give(createCentreon(protocol).introduce(), events, events);
      assert.same(
        [
          "web-01/Load: commented - carol: disk ordered",
          "web-01/Load: flapping started",
          "web-01/Load: flapping stopped",
        ],
        told(chosen.broker),
      );
    });

    it("are none at all while nobody asked for them", () => {
      const { broker, now } = begin({});
      broker.give([
        activity.pollerStarted(1, now),
        activity.deployment(1),
        activity.acknowledgement(LOAD, now),
        activity.downtime(LOAD, "started", now, now + 60),
      ]);
      assert.same([], told(broker));
      assert.same([], requestsOf(sandbox, broker.routingKey));
    });
  });
}

describe("change events", () => {
  const activity = createActivity(3);
  const centreon = createCentreon(3);

  it("of virtual services have the names people know, and those of virtual hosts are never told", () => {
    const { broker, now } = begin();
    const ofService = { host: 90, service: 5 };
    broker.give(
      virtual("_Module_BAM_1", "ba_7", ""),
      [
        { _type: 393241, category: 6, element: 25, ba_id: 7, ba_name: "Web shop" },
        activity.acknowledgement(ofService, now),
        activity.acknowledgement({ host: 90, service: 0 }, now),
      ],
      virtual("_Module_Meta", "meta_3", "Average load"),
      [activity.acknowledgement(ofService, now + 1)],
    );
    assert.same(
      ["Web shop: acknowledged - alice: on it", "Average load: acknowledged - alice: on it"],
      told(broker),
    );
  });

  it("go where the alerts go, and not where a filter keeps alerts from", () => {
    const teamKey = newRoutingKey();
    const { broker, now } = begin({
      ...ON,
      log_level: 3,
      pdy_routing_key_team: teamKey,
      pdy_routes: "service ^Load$ -> team",
      rejected_services: "^Disk",
    });
    broker.give(centreon.introduce(), [
      activity.acknowledgement(LOAD, now),
      activity.acknowledgement(DISK, now),
      activity.acknowledgement(WEB, now),
    ]);
    assert.same(["web-01: acknowledged - alice: on it"], told(broker));
    assert.same(["web-01/Load: acknowledged - alice: on it"], toldBy(teamKey));
    assert.equal(
      1,
      logged(broker, "no change event of web-01/Disk (acknowledged): it is filtered out").length,
    );
  });

  it("are not sent by the key of an event orchestration; the log says so once, and alerts go", () => {
    const key = `R${string.sub(newRoutingKey(), 2)}`;
    const { broker, now } = begin({ ...ON, pdy_routing_key: key, pdy_routing_key_team: newRoutingKey() });
    broker.give(centreon.introduce(), [activity.acknowledgement(LOAD, now)], centreon.check(LOAD, CRITICAL));
    assert.same([], toldBy(key));
    broker.settle();
    assert.equal(
      1,
      logged(broker, "WARNING: parameter pdy_change_events: the key in pdy_routing_key").length,
    );
    assert.equal(1, requestsOf(sandbox, key).length);
    assert.same([], logged(broker, "unexpected error"));
  });

  it("of a host's downtime speak for those of its services that were set with it", () => {
    const { broker, now } = begin();
    const some = { author: "carol", comment_data: "move" };
    broker.give(centreon.introduce(), [
      activity.downtime(WEB, "started", now, now + 60, some),
      activity.downtime(LOAD, "started", now, now + 60, { ...some, id: 92 }),
      activity.downtime(DISK, "started", now, now + 60, { ...some, id: 93 }),
    ]);
    assert.same(["web-01: downtime started - carol: move"], told(broker));
  });

  it("go out after the alerts, over the same connection", () => {
    const { broker, now } = begin({ ...ON, max_parallel_requests: 1 });
    broker.give(
      [{ control: "flush" }],
      centreon.introduce(),
      [activity.acknowledgement(WEB, now)],
      createCentreon(3).check(DISK, CRITICAL),
      createCentreon(3).check(LOAD, CRITICAL),
    );
    assert.equal(1, told(broker).length);
    const requests = requestsOf(sandbox, broker.routingKey);
    const subjects = requests.map(({ body }) => string.match(body, '"summary":"([^: ]*)')[0] ?? "?");
    assert.equal("web-01", subjects[2]);
    table.sort(subjects);
    assert.same(["web-01", "web-01/Disk", "web-01/Load"], subjects);
    for (const { connection } of requests) assert.equal(requests[0]?.connection, connection);
  });

  const faults: readonly (readonly [what: string, fault: Line, words: string, requests: number])[] = [
    ["503", { kind: "status", status: 503 }, "perhaps did not arrive: HTTP 503", 2],
    [
      "400",
      { kind: "status", status: 400, body: '{"message":"too odd"}' },
      "was refused: HTTP 400: too odd",
      2,
    ],
    ["no answer", { kind: "hang" }, "perhaps did not arrive: ", 2],
    ["a connection lost after it was taken", { kind: "drop_after" }, "perhaps did not arrive: ", 2],
  ];
  for (const [what, fault, words, requests] of faults) {
    it(`that meet ${what} cost one WARNING; the next one and the alerts go out`, () => {
      const { broker, now } = begin({ ...ON, http_timeout: fault["kind"] === "hang" ? 2 : 10 });
      broker.orderFault(fault, CHANGE_PATH);
      broker.give(centreon.introduce(), [activity.acknowledgement(WEB, now)]);
      broker.settle();
      broker.give(createCentreon(3).check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give([activity.acknowledgement(LOAD, now)]);
      waitFor("the next change event", () => {
        broker.settle();
        return toldBy(broker.routingKey).includes("web-01/Load: acknowledged - alice: on it") || undefined;
      });
      const line = `WARNING: the change event of web-01 (acknowledged) ${words}`;
      assert.equal(1, logged(broker, line).length, broker.file("log"));
      assert.equal(1, logged(broker, "WARNING: the change event").length);
      assert.equal("", broker.file("quarantine"));
      const ofChanges = requestsOf(sandbox, broker.routingKey).filter(
        ({ body }) => string.find(body, '"event_action"', 1, true)[0] === undefined,
      );
      assert.equal(requests, ofChanges.length);
    });
  }

  it("hold up no alert while one hangs, nor the broker's events, which without a journal wait for alerts", () => {
    const { broker, now } = begin({ ...ON, http_timeout: 30, state_path: "/nowhere/state" });
    broker.orderFault({ kind: "hang" }, CHANGE_PATH);
    broker.give(centreon.introduce(), [
      activity.acknowledgement(WEB, now),
      activity.acknowledgement(LOAD, now),
      { control: "flush" },
    ]);
    assert.equal(0, broker.report().unacknowledged);
    broker.give(createCentreon(3).check(LOAD, CRITICAL), createCentreon(3).check(DISK, CRITICAL));
    const incidents = broker.pagerduty();
    table.sort(incidents);
    assert.same(["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"], incidents);
    assert.same([], toldBy(broker.routingKey));
    sandbox.remove("/sandbox/faults");
  });

  it("that nobody can take are dropped, the oldest first; alerts are not", () => {
    const { broker, now } = begin({ ...ON, max_events_per_minute: 5 });
    broker.give(centreon.introduce());
    for (const number of $range(1, 110)) broker.give([activity.acknowledgement(LOAD, now + number)]);
    broker.give(createCentreon(3).check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, logged(broker, "WARNING: more than 100 change events wait").length);
    assert.is_true(told(broker).length <= 1);
  });
});
