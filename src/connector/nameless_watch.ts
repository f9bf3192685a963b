// Alerts that go out without names: a new output knows none until the engines have told theirs. Says it once, with how many
// and what to do.
import { type Alert, nameOf } from "../alerts/alert";

/** Seconds from the first one on in which they are counted. */
const COUNTING_SECONDS = 60;

export interface NamelessWatch {
  /** An action of the alert goes out. */
  readonly note: (this: void, alert: Alert) => void;
  /** A look at whether it is time to speak, to be taken often. */
  readonly look: (this: void) => void;
}

/** `now`: seconds that never go back. */
export function createNamelessWatch(
  now: (this: void) => number,
  warning: (this: void, text: string) => void,
): NamelessWatch {
  let count = 0;
  let example = "";
  let since: number | undefined;
  let hasSpoken = false;
  return {
    note: (alert) => {
      if (alert.inFlight !== "trigger" || alert.place?.isKnown !== false) return;
      count = count + 1;
      if (since !== undefined) return;
      since = now();
      example = nameOf(alert);
    },
    look: () => {
      if (hasSpoken || since === undefined || now() - since < COUNTING_SECONDS) return;
      hasSpoken = true;
      warning(
        string.format(
          'alerts went out without names, such as "%s": %d so far. The broker does not know what things are called until their engines tell: restart, not reload, the engine of each poller once (Configuration > Pollers > Export configuration, method Restart)',
          example,
          count,
        ),
      );
    },
  };
}
