// PagerDuty ends up equal to Centreon: stories in events, told to the shipped connector in both protocols, and what
// the sandbox PagerDuty shows. Recoveries inside holds, problems that outlive a downtime and acknowledgements are in
// predecessors_spec.ts.
import {
  type Centreon,
  CRITICAL,
  DISK,
  DOWN,
  LOAD,
  OK,
  ROUTER,
  UNKNOWN,
  UNREACHABLE,
  UP,
  WARNING,
  WEB,
  createCentreon,
} from "../support/events";
import { requestsOf } from "../support/incidents";
import { logged } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const RESTART = [{ control: "restart" }];

const sandbox = useSandbox();
const stage = createStage(sandbox);

/** Tells a story in both protocols. Names are known to the broker beforehand. */
function story(
  name: string,
  tell: (centreon: Centreon, broker: Actor) => void,
  parameters: Record<string, number> = {},
): void {
  for (const protocol of [2, 3] as const) {
    it(`${name} (BBDO ${protocol})`, () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters });
      broker.give(centreon.introduce());
      tell(centreon, broker);
    });
  }
}

/** Posts an event past the connector, as a person or a predecessor does. */
function post(routingKey: string, action: "trigger" | "resolve", dedupKey: string): void {
  sandbox.post("/v2/enqueue", {
    routing_key: routingKey,
    event_action: action,
    dedup_key: dedupKey,
    payload: { summary: "by hand", source: "by hand", severity: "critical" },
  });
}

/** Acknowledges and resolves that found nothing to act upon, as `resolve 11_22`. */
function droppedActions({ routingKey }: Actor): string[] {
  const all = sandbox.get("/sandbox/dropped") as {
    readonly routing_key_end: string;
    readonly action: string;
    readonly dedup_key: string;
  }[];
  return all
    .filter(({ routing_key_end }) => routing_key_end === string.sub(routingKey, -4))
    .map(({ action, dedup_key }) => `${action} ${dedup_key}`);
}

after_each(stage.clear);

describe("a problem", () => {
  story("pages once, however often it is confirmed or sent again, and is resolved", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    broker.give(centreon.resend(LOAD), centreon.check(LOAD, CRITICAL), centreon.resend(LOAD));
    broker.settle();
    assert.equal(1, broker.incidents()[0]?.triggers);
    broker.give(centreon.check(LOAD, OK), centreon.resend(LOAD));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
    assert.same([], droppedActions(broker));
  });

  story("has the severity of its state", (centreon, broker) => {
    broker.give(centreon.check(LOAD, WARNING), centreon.check(DISK, UNKNOWN));
    broker.give(centreon.check(ROUTER, UNREACHABLE));
    assert.same(
      ["10_H triggered error, 1 page", "11_22 triggered warning, 1 page", "11_23 triggered error, 1 page"],
      broker.pagerduty(),
    );
  });

  story("raises the severity of its alert without another page, and never lowers it", (centreon, broker) => {
    for (const state of [WARNING, CRITICAL, WARNING]) {
      broker.give(centreon.check(LOAD, state));
      broker.settle();
    }
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    // The third one tells that it is WARNING again, and is no page.
    assert.equal(3, broker.incidents()[0]?.triggers);
  });

  story("counts from its HARD state on", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL, { isSoft: true }));
    assert.same([], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story(
    "counts from its SOFT state on with hard_only 0",
    (centreon, broker) => {
      broker.give(centreon.check(LOAD, CRITICAL, { isSoft: true }));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    },
    { hard_only: 0 },
  );

  story("whose recovery was missed is resolved by the next SOFT one", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    centreon.check(LOAD, OK); // which nobody gives to the broker
    broker.give(centreon.check(LOAD, CRITICAL, { isSoft: true }));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  story("that comes back after its recovery is a new incident", (centreon, broker) => {
    for (const state of [CRITICAL, OK, CRITICAL]) {
      broker.give(centreon.check(LOAD, state));
      broker.settle();
    }
    assert.same(["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("that came and went before it was sent sends nothing, and a log line says so", (centreon, broker) => {
    // Nothing is sent before the first flush after a start.
    broker.give(RESTART, centreon.check(LOAD, CRITICAL), centreon.check(LOAD, OK));
    assert.same([], broker.pagerduty());
    assert.same([], droppedActions(broker));
    assert.equal(1, logged(broker, "web-01/Load (11_22): it came and went").length);
  });

  story("that may have been accepted is resolved though no answer said so", (centreon, broker) => {
    broker.orderFault({ kind: "drop_after" });
    broker.give(centreon.check(LOAD, CRITICAL));
    waitFor("the failure in the log", () => logged(broker, "was not accepted: ")[0]);
    assert.equal(1, broker.incidents().length);
    broker.give(centreon.check(LOAD, OK));
    waitFor("the resolve", () => broker.incidents()[0]?.state === "resolved" || undefined);
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  for (const protocol of [2, 3] as const) {
    it(`of a resource that is removed from Centreon is resolved a minute later (BBDO ${protocol})`, () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ clock: os.time() });
      const aMinute = [{ control: "clock", advance: 60 }, { control: "flush" }];
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
      broker.settle();
      broker.give(centreon.removeFromCentreon(LOAD), aMinute);
      assert.same(
        ["11_22 resolved critical, 1 page", "11_23 triggered critical, 1 page"],
        broker.pagerduty(),
      );
      broker.give(centreon.removeFromCentreon(DISK), centreon.removeFromCentreon(WEB), aMinute);
      assert.same(["11_22 resolved critical, 1 page", "11_23 resolved critical, 1 page"], broker.pagerduty());
      assert.equal(2, logged(broker, "its engine does not monitor it any more").length);
    });
  }
});

describe("a downtime", () => {
  story("that overlaps another holds until the last one ends", (centreon, broker) => {
    broker.give(centreon.downtime(LOAD, 1), centreon.downtime(LOAD, 2), centreon.check(LOAD, CRITICAL));
    broker.give(centreon.downtime(LOAD, 1));
    assert.same([], broker.pagerduty());
    broker.give(centreon.downtime(LOAD, 0));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("of a host holds its services", (centreon, broker) => {
    broker.give(centreon.downtime(WEB, 1), centreon.check(LOAD, CRITICAL), centreon.check(WEB, DOWN));
    assert.same([], broker.pagerduty());
    broker.give(centreon.check(WEB, UP), centreon.check(LOAD, CRITICAL));
    assert.same([], broker.pagerduty());
    broker.give(centreon.downtime(WEB, 0));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("leaves the alert of an older problem open", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, CRITICAL), centreon.downtime(LOAD, 0));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, broker.incidents()[0]?.triggers);
  });
});

describe("an acknowledgement", () => {
  story("in a downtime is passed on for an open alert", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.downtime(LOAD, 1), centreon.acknowledge(LOAD));
    assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
  });

  story(
    "of a problem that was never sent keeps it from paging, until it is withdrawn",
    (centreon, broker) => {
      broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, CRITICAL), centreon.acknowledge(LOAD));
      broker.give(centreon.downtime(LOAD, 0));
      assert.same([], broker.pagerduty());
      broker.give(centreon.withdrawAcknowledgement(LOAD));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    },
  );

  story("withdrawn while the alert is open leaves it as PagerDuty has it", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.acknowledge(LOAD));
    broker.settle();
    broker.give(centreon.withdrawAcknowledgement(LOAD));
    assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
    assert.equal(1, broker.incidents()[0]?.triggers);
  });

  story(
    "taken back pages anew with what the last check said, with pdy_repage_on_unacknowledge",
    (centreon, broker) => {
      broker.give(centreon.check(LOAD, CRITICAL, { output: "load is 40" }));
      broker.settle();
      broker.give(centreon.check(LOAD, CRITICAL, { output: "load is 90" }));
      broker.give(centreon.acknowledge(LOAD));
      broker.settle();
      broker.give(centreon.withdrawAcknowledgement(LOAD));
      assert.same(
        ["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"],
        broker.pagerduty(),
      );
      assert.equal("web-01/Load: CRITICAL - load is 90", broker.incidents()[1]?.summary);
    },
    { pdy_repage_on_unacknowledge: 1 },
  );

  story("of something that has no alert sends nothing", (centreon, broker) => {
    broker.give(centreon.acknowledge(LOAD), centreon.acknowledge(WEB));
    assert.same([], broker.pagerduty());
    assert.same([], droppedActions(broker));
  });

  story("of a problem that gets worse pages nobody", (centreon, broker) => {
    broker.give(centreon.check(LOAD, WARNING));
    broker.settle();
    broker.give(centreon.acknowledge(LOAD));
    broker.settle();
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 acknowledged warning, 1 page"], broker.pagerduty());
  });

  story(
    "of a problem that gets worse gives way to a new incident with pdy_repage_on_escalation",
    (centreon, broker) => {
      broker.give(centreon.check(LOAD, WARNING));
      broker.settle();
      broker.give(centreon.acknowledge(LOAD));
      broker.settle();
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 resolved warning, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
    },
    { pdy_repage_on_escalation: 1 },
  );
});

describe("flapping", () => {
  story("opens no alert, until it ends in a problem", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL, { isFlapping: true }));
    broker.give(centreon.check(LOAD, OK, { isFlapping: true }));
    broker.give(centreon.check(LOAD, CRITICAL, { isFlapping: true }));
    assert.same([], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("keeps an open alert open, until it ends in a recovery", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.check(LOAD, OK, { isFlapping: true }));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL, { isFlapping: true }), centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });
});

describe("a dead host", () => {
  story("holds its services from its first bad check on", (centreon, broker) => {
    broker.give(centreon.check(WEB, DOWN, { isSoft: true }), centreon.check(LOAD, CRITICAL));
    assert.same([], broker.pagerduty());
    broker.give(centreon.check(WEB, DOWN), centreon.check(DISK, CRITICAL));
    assert.same(["11_H triggered critical, 1 page"], broker.pagerduty());
  });

  story(
    "that returns lets a service page only when a check made since confirms its problem",
    (centreon, broker) => {
      broker.give(centreon.check(WEB, DOWN), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
      broker.settle();
      broker.give(centreon.check(WEB, UP), centreon.resend(LOAD), centreon.resend(DISK));
      assert.same(["11_H resolved critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, CRITICAL), centreon.check(DISK, OK));
      assert.same(["11_22 triggered critical, 1 page", "11_H resolved critical, 1 page"], broker.pagerduty());
    },
  );

  story("leaves alerts of before open, and they are resolved by their own recoveries", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.check(WEB, DOWN), centreon.check(LOAD, CRITICAL), centreon.check(WEB, UP));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty().slice(0, 1));
    broker.give(centreon.check(LOAD, OK));
    assert.equal("11_22 resolved critical, 1 page", broker.pagerduty()[0]);
  });

  story(
    "holds nothing with suppress_services_of_down_hosts 0",
    (centreon, broker) => {
      broker.give(centreon.check(WEB, DOWN), centreon.check(LOAD, CRITICAL));
      assert.same(
        ["11_22 triggered critical, 1 page", "11_H triggered critical, 1 page"],
        broker.pagerduty(),
      );
    },
    { suppress_services_of_down_hosts: 0 },
  );

  story("behind a parent whose alert is open is held", (centreon, broker) => {
    broker.give(centreon.parent(WEB, ROUTER));
    broker.give(centreon.check(ROUTER, DOWN), centreon.check(WEB, UNREACHABLE));
    assert.same(["10_H triggered critical, 1 page"], broker.pagerduty());
    broker.give(centreon.check(ROUTER, UP), centreon.resend(WEB));
    assert.same(["10_H resolved critical, 1 page"], broker.pagerduty());
    broker.give(centreon.check(WEB, DOWN));
    assert.same(["10_H resolved critical, 1 page", "11_H triggered critical, 1 page"], broker.pagerduty());
  });
});

describe("a restart", () => {
  story("in good order neither pages again nor forgets what is open", (centreon, broker) => {
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(RESTART, centreon.resend(LOAD), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, broker.incidents()[0]?.triggers);
    broker.give(RESTART, centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  story("remembers a downtime, of which only the end comes after it", (centreon, broker) => {
    broker.give(centreon.downtime(WEB, 1), centreon.check(LOAD, CRITICAL), RESTART);
    assert.same([], broker.pagerduty());
    broker.give(centreon.downtime(WEB, 0));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("by SIGKILL does the same, and the names are still known", (centreon, broker) => {
    broker.give(centreon.downtime(DISK, 1), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    broker.settle();
    broker.kill();
    broker.give(centreon.check(LOAD, OK), centreon.downtime(DISK, 0));
    assert.same(["11_22 resolved critical, 1 page", "11_23 triggered critical, 1 page"], broker.pagerduty());
    assert.equal("web-01/Disk: CRITICAL - state 2", broker.incidents()[1]?.summary);
  });

  story("by SIGKILL sends what had not been sent", (centreon, broker) => {
    broker.orderFault({ kind: "hang" });
    broker.give(centreon.check(LOAD, CRITICAL));
    waitFor("the trigger to be under way", () => requestsOf(sandbox, broker.routingKey)[0]);
    broker.kill();
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  story("by SIGKILL while PagerDuty answers resolves what PagerDuty had accepted", (centreon, broker) => {
    broker.orderFault({ kind: "slow_body", seconds: 60 });
    broker.give(centreon.check(LOAD, CRITICAL));
    waitFor("the incident, of which no answer tells", () => broker.incidents()[0]);
    broker.kill();
    broker.give(centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  story("without a journal passes on the recovery of what was open before", (centreon, broker) => {
    post(broker.routingKey, "trigger", "11_22");
    centreon.check(LOAD, CRITICAL); // before the start
    broker.give(centreon.check(LOAD, OK, { at: os.time() + 10 }));
    assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
  });

  story(
    "without a journal resolves what may have been open, though it was held since the start",
    (centreon, broker) => {
      post(broker.routingKey, "trigger", "11_22");
      broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
    },
  );

  story("with a journal does not ask PagerDuty to resolve what was never open", (centreon, broker) => {
    broker.settle();
    broker.give(RESTART);
    centreon.check(LOAD, CRITICAL);
    broker.give(centreon.check(LOAD, OK, { at: os.time() + 10 }));
    assert.same([], broker.pagerduty());
    assert.same([], droppedActions(broker));
  });
});

describe("a volatile service", () => {
  for (const [protocol, field] of [
    [2, "volatile"],
    [3, "is_volatile"],
  ] as const) {
    it(`triggers again with each HARD result, but not when one is sent again (BBDO ${protocol})`, () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start();
      broker.give(centreon.introduce({ [field]: true }), centreon.check(LOAD, CRITICAL));
      broker.settle();
      broker.give(centreon.check(LOAD, CRITICAL));
      broker.settle();
      broker.give(centreon.resend(LOAD));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      assert.equal(2, broker.incidents()[0]?.triggers);
    });
  }
});

describe("pdy_retrigger_interval", () => {
  for (const end of ["restart", "kill"] as const) {
    for (const protocol of [2, 3] as const) {
      it(`sends nothing again while the engine is stopped, after a ${end} neither (BBDO ${protocol})`, () => {
        const centreon = createCentreon(protocol);
        const broker = stage.start({ parameters: { pdy_retrigger_interval: 60 }, clock: os.time() });
        const pass = (): void => {
          broker.give([{ control: "clock", advance: 90 }]);
          broker.settle();
        };
        broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
        broker.settle();
        broker.give(centreon.engineStops(), [{ control: "flush" }, { control: end }]);
        pass();
        pass();
        assert.equal(1, broker.incidents()[0]?.triggers);
        broker.give(centreon.introduce());
        pass();
        assert.equal(2, broker.incidents()[0]?.triggers);
      });
    }
  }

  it("brings back an incident that was closed by hand while the problem lasts", () => {
    const centreon = createCentreon(3);
    const broker = stage.start({ parameters: { pdy_retrigger_interval: 1 } });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    post(broker.routingKey, "resolve", "11_22");
    waitFor("the trigger to be sent again", () => broker.incidents().length === 2 || undefined);
    assert.same(["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"], broker.pagerduty());
  });
});
