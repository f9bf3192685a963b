// The connector watches itself: when nothing has got through for long it says so, again and again, and raises an
// alert of its own until events get through again. Knows neither keys nor network: what it needs is passed in.
import type { Failure } from "../delivery/health";
import { spokenDuration } from "../text/time";

export interface SelfWatchPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly failure: (this: void) => Failure | undefined;
  /** How many alerts wait. */
  readonly waiting: (this: void) => number;
  /** Raises the connector's own alert, or ends it when `text` is undefined. */
  readonly alertOnSelf: (this: void, text: string | undefined) => void;
  readonly error: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
}

/** Seconds between two lines about a failure that lasts. */
const REPORT_INTERVAL = 300;

/**
 * A look at the connector's own delivery, to be taken often; it costs next to nothing. `alertAfter`: seconds of
 * failure after which it is told; 0: never.
 */
export function createSelfWatch(alertAfter: number, ports: SelfWatchPorts): (this: void) => void {
  let lastReport: number | undefined;
  return () => {
    const failure = ports.failure();
    const time = ports.now();
    if (alertAfter === 0 || failure === undefined || time - failure.since < alertAfter) {
      if (failure === undefined && lastReport !== undefined) {
        lastReport = undefined;
        ports.warning("events get through to PagerDuty again, or none waits any more");
      }
      if (lastReport === undefined) ports.alertOnSelf(undefined);
      return;
    }
    if (lastReport !== undefined && time - lastReport < REPORT_INTERVAL) return;
    lastReport = time;
    const { reason, remedy } = failure;
    const advice = remedy === undefined ? "" : `; ${remedy}`;
    const text = string.format(
      "nothing has got through to PagerDuty for %s: %s%s. Alerts that wait: %d",
      spokenDuration(time - failure.since),
      reason,
      advice,
      ports.waiting(),
    );
    ports.error(text);
    ports.alertOnSelf(text);
  };
}
