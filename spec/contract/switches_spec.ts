// What an administrator may switch off, or have done otherwise, with the shipped file: whom a silent poller alerts, who ends
// an incident, whether acknowledgements are passed on, what a downtime does to an incident that is open.
import type { Line } from "../support/brokerhost";
import { CRITICAL, DISK, LOAD, OK, UP, WARNING, WEB, createCentreon } from "../support/events";
import { inShort, incidentsOf, requestsOf } from "../support/incidents";
import { logged } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** Stops the broker, and starts one with the same journal and key, and these parameters. */
function startAnew(before: Actor, parameters: Record<string, string | number>): Actor {
  before.stop();
  const anew = stage.start({
    parameters: {
      pdy_routing_key: before.routingKey,
      state_path: `${before.folder}/state`,
      ...parameters,
    },
  });
  return {
    ...anew,
    pagerduty: () => {
      anew.settle();
      return incidentsOf(sandbox, before.routingKey).map((incident) => inShort(incident));
    },
  };
}

/** Somebody closes the incident in PagerDuty. */
function closeByHand({ routingKey }: Actor): void {
  const all = sandbox.get("/sandbox/alerts") as {
    readonly number: number;
    readonly routing_key_end: string;
  }[];
  const its = all.filter(({ routing_key_end }) => routing_key_end === string.sub(routingKey, -4));
  sandbox.post("/sandbox/actions", {
    action: "resolve",
    incident: its[its.length - 1]?.number,
    by: "Sam Rivera",
  });
}

for (const protocol of [2, 3] as const) {
  describe(`severity_poller_silent none (BBDO ${protocol})`, () => {
    const none = { severity_poller_silent: "none" };
    const lyon: Line[] = [
      { category: 1, element: protocol === 3 ? 44 : 15, instance_id: 2, name: "Lyon", running: true },
    ];
    const answers = (responsive: boolean): Line[] => [
      { category: 1, element: protocol === 3 ? 46 : 26, poller_id: 2, responsive },
    ];

    it("keeps a silent poller from opening an alert", () => {
      const broker = stage.start({ parameters: none });
      broker.give(lyon, answers(false));
      assert.same([], broker.pagerduty());
      broker.give(answers(true));
      assert.same([], broker.pagerduty());
    });

    it("ends at a start what is open of one: perhaps nothing ever says that it answers", () => {
      const before = stage.start();
      before.give(lyon, answers(false));
      assert.same(["poller_2 triggered critical, 1 page"], before.pagerduty());
      const broker = startAnew(before, none);
      broker.settle();
      assert.same(["poller_2 resolved critical, 1 page"], broker.pagerduty());
      // Told again, and over: nothing of it is news.
      broker.give(answers(false), answers(true));
      assert.same(["poller_2 resolved critical, 1 page"], broker.pagerduty());
    });
  });
}

for (const protocol of [2, 3] as const) {
  describe(`pdy_resolve 0 (BBDO ${protocol})`, () => {
    const byPeople = { pdy_resolve: 0 };

    it("leaves the end of an incident to people; the next problem pages once it is closed", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: byPeople });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      broker.settle();
      broker.give(centreon.check(LOAD, OK), [{ control: "restart" }], centreon.check(LOAD, OK));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      assert.equal(1, logged(broker, "its problem is over: who works on its incident ends it").length);
      // Not closed yet: a line in its log.
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      broker.settle();
      closeByHand(broker);
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same(
        ["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"],
        broker.pagerduty(),
      );
      assert.equal(3, requestsOf(sandbox, broker.routingKey).length);
    });

    it("resolves nothing of before a first start either", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: byPeople });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL, { at: os.time() - 60 }));
      broker.give(centreon.check(LOAD, OK, { at: os.time() }));
      broker.settle();
      assert.equal(0, requestsOf(sandbox, broker.routingKey).length);
    });

    it("chosen while a resolve waits: that one is not sent any more", () => {
      const centreon = createCentreon(protocol);
      const before = stage.start();
      before.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      before.settle();
      before.orderFault({ kind: "status", status: 503, times: 0 }, { event_action: "resolve" });
      before.give(centreon.check(LOAD, OK));
      before.settle();
      // It may try again at any time.
      before.stop();
      sandbox.remove("/sandbox/faults");
      const broker = startAnew(before, byPeople);
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    });
  });
}

for (const protocol of [2, 3] as const) {
  describe(`pdy_acknowledge 0 (BBDO ${protocol})`, () => {
    it("passes no acknowledgement on, and what was acknowledged before it was sent does not page", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { pdy_acknowledge: 0, pdy_reacknowledge_interval: 1 } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      broker.give(centreon.check(DISK, CRITICAL), centreon.acknowledge(DISK));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.acknowledge(LOAD), [{ control: "restart" }], centreon.resend(LOAD));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK), centreon.check(DISK, OK));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
      const acknowledges = requestsOf(sandbox, broker.routingKey).filter(
        ({ body }) => string.find(body, "acknowledge", 1, true)[0] !== undefined,
      );
      assert.same([], acknowledges);
    });
  });
}

for (const protocol of [2, 3] as const) {
  describe(`the previous state (BBDO ${protocol})`, () => {
    /** What the details say of it. */
    const said = (broker: Actor): unknown => {
      broker.settle();
      const shown = broker
        .incidents()
        .map(({ custom_details }) => custom_details?.["previous_state"] ?? "nothing");
      return shown[shown.length - 1];
    };

    it("is told of a problem that has changed, also after a start, and not of the next one", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start();
      const noon = os.time() - 7200;
      broker.give(centreon.introduce(), centreon.downtime(LOAD, 1));
      broker.give(centreon.check(LOAD, WARNING, { at: noon }));
      broker.give(centreon.check(LOAD, WARNING, { at: noon + 60 }));
      broker.give(centreon.check(LOAD, CRITICAL, { at: noon + 900 }), [{ control: "restart" }]);
      broker.give(centreon.downtime(LOAD, 0));
      assert.equal("WARNING for 15 min", said(broker));
      broker.give(centreon.check(LOAD, OK, { at: noon + 1000 }));
      broker.settle();
      broker.give(centreon.check(LOAD, CRITICAL, { at: noon + 1100 }));
      assert.equal("nothing", said(broker));
    });
  });
}

for (const protocol of [2, 3] as const) {
  describe(`pdy_downtime_action (BBDO ${protocol})`, () => {
    const open = ["11_22 triggered critical, 1 page"];

    it("acknowledge: for as long as the downtime lasts, through a start; then the problem pages anew", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { pdy_downtime_action: "acknowledge" } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.downtime(LOAD, 1));
      assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
      assert.equal(
        1,
        logged(broker, "accepted the acknowledge of 11_22, web-01/Load (for its downtime)").length,
      );
      broker.give([{ control: "restart" }], centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
      assert.equal(2, requestsOf(sandbox, broker.routingKey).length);
      broker.give(centreon.downtime(LOAD, 0));
      assert.same(["11_22 resolved critical, 1 page", ...open], broker.pagerduty());
    });

    it("acknowledge: an end of the downtime before PagerDuty's answer is known pages anew, too", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { pdy_downtime_action: "acknowledge" } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.check(LOAD, CRITICAL, { output: "it is worse now" }));
      broker.settle();
      broker.orderFault({ kind: "drop_after", times: 0 }, { event_action: "acknowledge" });
      broker.give(centreon.downtime(LOAD, 1));
      broker.settle();
      assert.equal(
        1,
        logged(broker, "acknowledge of 11_22, web-01/Load (for its downtime) was not acc").length,
      );
      broker.give(centreon.downtime(LOAD, 0));
      waitFor("the new incident", () => (broker.pagerduty().length === 2 ? true : undefined));
      assert.same(["11_22 resolved critical, 1 page", ...open], broker.pagerduty());
      // What the last check said, though nothing was to be sent of it then.
      assert.equal("web-01/Load: CRITICAL - it is worse now", broker.incidents()[1]?.summary);
    });

    it("acknowledge: an acknowledgement of a person's in the downtime stays", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { pdy_downtime_action: "acknowledge" } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.downtime(LOAD, 1));
      broker.settle();
      broker.give(centreon.acknowledge(LOAD), centreon.downtime(LOAD, 0));
      assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
    });

    it("resolve: of a host's downtime, too; its services page when it ends", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { pdy_downtime_action: "resolve" } });
      broker.give(centreon.introduce(), centreon.check(WEB, UP), centreon.check(LOAD, CRITICAL));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.downtime(WEB, 1));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
      broker.give([{ control: "kill" }], centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
      broker.give(centreon.downtime(WEB, 0));
      assert.same(["11_22 resolved critical, 1 page", ...open], broker.pagerduty());
    });

    it("none: what is open stays open", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start();
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.downtime(LOAD, 0));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.downtime(LOAD, 1));
      assert.same(open, broker.pagerduty());
      broker.give(centreon.downtime(LOAD, 0));
      assert.same(open, broker.pagerduty());
      assert.equal(1, requestsOf(sandbox, broker.routingKey).length);
    });
  });
}
