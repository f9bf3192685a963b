// Events that are not taken again and again while others pass: how long each of them waits, and when it is taken for
// the reason itself. Knows alerts and answers by name only.
import type { Action, Alert, Severity } from "../alerts/alert";

/** What one action of one alert met that may be its own fault. */
interface Suspicion {
  readonly action: Action;
  readonly severity: Severity;
  readonly since: number;
  /** How many events of its key had been accepted at the first time. */
  readonly acceptedBefore: number;
  count: number;
  blockedUntil: number;
}

export interface Suspicions {
  /** Whether this very action was not taken so lately that it has to wait while others go. */
  readonly mustPause: (this: void, alert: Alert, action: Action, now: number) => boolean;
  /**
   * The action, a trigger with `severity`, was not taken; `accepted` is how many events of its key were, so far. Gives
   * true when the event itself must be the problem.
   */
  readonly isOwnFault: (
    this: void,
    alert: Alert,
    action: Action,
    severity: Severity,
    accepted: number,
    now: number,
  ) => boolean;
  /** The action could not even be made, or what came of it not be taken in: it waits. Gives for how many seconds. */
  readonly pause: (this: void, alert: Alert, action: Action, now: number) => number;
  readonly forget: (this: void, alert: Alert) => void;
}

/**
 * PagerDuty has answered 5xx to events that were themselves the problem, and what stands between may not like the
 * words of one. So many such answers over so many seconds, while other events passed, are taken for a refusal.
 */
const TRIES_UNTIL_REFUSED = 5;
const SECONDS_UNTIL_REFUSED = 300;

/** Longest pause of one alert that is not taken while others pass, in seconds. */
const LONGEST_PAUSE = 300;

/** No suspicion yet. */
export function createSuspicions(): Suspicions {
  const suspicions = new LuaTable<Alert, Suspicion | undefined>();

  /** The suspicion of this very action, once more. */
  const suspect = (
    alert: Alert,
    action: Action,
    severity: Severity,
    accepted: number,
    now: number,
  ): Suspicion => {
    let suspicion = suspicions.get(alert);
    if (suspicion?.action !== action || suspicion.severity !== severity) {
      suspicion = { action, severity, since: now, acceptedBefore: accepted, count: 0, blockedUntil: 0 };
      suspicions.set(alert, suspicion);
    }
    suspicion.count = suspicion.count + 1;
    return suspicion;
  };

  const block = (suspicion: Suspicion, now: number): number => {
    const delay = math.min(2 ** suspicion.count, LONGEST_PAUSE);
    suspicion.blockedUntil = now + delay;
    return delay;
  };

  return {
    mustPause: (alert, action, now) => {
      const suspicion = suspicions.get(alert);
      if (suspicion?.action !== action || suspicion.severity !== alert.severity) return false;
      return now < suspicion.blockedUntil;
    },
    isOwnFault: (alert, action, severity, accepted, now) => {
      const suspicion = suspect(alert, action, severity, accepted, now);
      // Nobody gets through: the fault is not this event's, and it need not wait longer than the others.
      if (accepted === suspicion.acceptedBefore) return false;
      block(suspicion, now);
      return suspicion.count >= TRIES_UNTIL_REFUSED && now - suspicion.since >= SECONDS_UNTIL_REFUSED;
    },
    pause: (alert, action, now) => block(suspect(alert, action, alert.severity, 0, now), now),
    forget: (alert) => {
      suspicions.set(alert, undefined);
    },
  };
}
