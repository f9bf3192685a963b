// Problems that page only if they last: since when each is one, and until when its page waits. How long one has to last is
// the administrator's rules' to say; what follows, the decision's.
import type { Alert } from "./alert";
import { STATE } from "./policy";
import type { TimedHolds } from "./timed_holds";

export interface Waits {
  /** The resource has a problem, as a state that counts says. */
  readonly begin: (this: void, alert: Alert) => void;
  /** The problem is over. */
  readonly end: (this: void, alert: Alert) => void;
  /**
   * Until when the page of the alert waits (seconds of the clock): it is looked at then. Undefined: it does not wait, or
   * PagerDuty has, or had, an alert of this problem: only opening is delayed.
   */
  readonly untilOf: (this: void, alert: Alert) => number | undefined;
  /** The alert was put back at a start. */
  readonly resume: (this: void, alert: Alert) => void;
}

/** Nothing waits. `now`: seconds that never go back. */
export function createWaits(timedHolds: TimedHolds, now: (this: void) => number): Waits {
  const untilOf = ({ resource, facts, wait, delivered, inFlight }: Alert): number | undefined => {
    if (wait === undefined || facts.problemSince === undefined) return undefined;
    if (delivered !== "none" || inFlight === "trigger") return undefined;
    const until = facts.problemSince + wait;
    if (until <= now()) return undefined;
    timedHolds.hold(resource, until);
    return until;
  };
  return {
    begin: ({ facts }) => {
      facts.problemSince = now();
    },
    end: ({ facts }) => {
      // Lua makes room for a field that is set to nil.
      if (facts.problemSince !== undefined) facts.problemSince = undefined;
    },
    untilOf,
    resume: (alert) => {
      const { facts, report } = alert;
      if (facts.state === STATE.ok) return;
      // Journals of 0.1.0 and 0.2.0 do not say it: the engine's time is that of the last change of state, and never too early.
      const since = report === undefined || report.since === 0 ? now() : report.since;
      facts.problemSince = math.min(facts.problemSince ?? since, now());
      untilOf(alert);
    },
  };
}
