// Triggers that are sent again: of which problems, and when.
import { type Alert, nextAction, setDesired } from "../../src/alerts/alert";
import { createRetrigger } from "../../src/connector/retrigger";
import { NO_CHOICES, alertFor, deliver, serviceOf } from "../support/alerts";

const AN_HOUR = 3600;

/** Nothing is heard of the poller of this one. */
const QUIET_KEY = "1_77";

/** Looks once `seconds` after the start at alerts whose triggers PagerDuty accepted at the start; gives the keys of those offered. */
function dueAfter(seconds: number, interval: number, alerts: readonly Alert[]): string[] {
  let clock = 0;
  const offered: string[] = [];
  const look = createRetrigger(
    { retriggerInterval: interval, reacknowledgeInterval: 0 },
    {
      now: () => clock,
      eachAlert: (visit) => {
        for (const alert of alerts) visit(alert);
      },
      quietPollersNow:
        () =>
        ({ dedupKey }) =>
          dedupKey === QUIET_KEY,
      offer: (alert) => offered.push(`${alert.dedupKey} ${alert.wantsRetrigger}`),
    },
  );
  clock = seconds;
  look();
  look();
  return offered;
}

function openProblem(serviceId: number): Alert {
  const alert = deliver(alertFor(serviceOf(1, serviceId)), "triggered", "critical", true);
  setDesired(alert, "triggered", "critical");
  return alert;
}

describe("a trigger is sent again", () => {
  it("when its problem is still open after the interval, once", () => {
    assert.same([], dueAfter(AN_HOUR - 1, AN_HOUR, [openProblem(2)]));
    assert.same(["1_2 true"], dueAfter(AN_HOUR, AN_HOUR, [openProblem(2)]));
  });

  it("never where no interval is set", () => {
    assert.same([], dueAfter(AN_HOUR, 0, [openProblem(2)]));
  });

  it("only where Centreon calls for one, and PagerDuty has one", () => {
    const acknowledged = openProblem(3);
    setDesired(acknowledged, "acknowledged", "critical");
    const held = openProblem(4);
    setDesired(held, "held", "critical");
    const waiting = alertFor(serviceOf(1, 5));
    setDesired(waiting, "triggered", "critical");
    assert.same(["1_2 true"], dueAfter(AN_HOUR, AN_HOUR, [acknowledged, held, waiting, openProblem(2)]));
  });

  it("never while nothing is heard of its poller", () => {
    assert.same([], dueAfter(AN_HOUR, AN_HOUR, [openProblem(77)]));
  });
});

describe("an acknowledge is sent again", () => {
  it("though Centreon has one that is newer than the one that was passed on", () => {
    let clock = 0;
    const alert = deliver(alertFor(), "acknowledged", "critical", true);
    setDesired(alert, "acknowledged", "critical");
    alert.wantsAcknowledge = "new";
    const look = createRetrigger(
      { retriggerInterval: 0, reacknowledgeInterval: 600 },
      {
        now: () => clock,
        eachAlert: (visit) => visit(alert),
        quietPollersNow: () => () => false,
        offer: () => undefined,
      },
    );
    clock = 600;
    look();
    assert.equal("acknowledge", nextAction(alert, NO_CHOICES));
  });

  it("when so many seconds have passed since the last, for as long as Centreon calls for it", () => {
    let clock = 0;
    const alert = deliver(alertFor(), "acknowledged", "critical", true);
    const offered: string[] = [];
    const look = createRetrigger(
      { retriggerInterval: 0, reacknowledgeInterval: 600 },
      {
        now: () => clock,
        eachAlert: (visit) => visit(alert),
        quietPollersNow: () => () => false,
        offer: ({ dedupKey, wantsAcknowledge }) => offered.push(`${dedupKey} ${wantsAcknowledge}`),
      },
    );
    setDesired(alert, "acknowledged", "critical");
    clock = 599;
    look();
    assert.same([], offered);
    clock = 605;
    look();
    assert.same(["1_2 again"], offered);
    assert.equal("acknowledge", nextAction(alert, NO_CHOICES));
    setDesired(alert, "triggered", "critical");
    alert.wantsAcknowledge = undefined;
    clock = 6000;
    look();
    assert.same(["1_2 again"], offered);
  });
});
