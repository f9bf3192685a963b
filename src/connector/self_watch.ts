// The connector watches itself: when nothing has got through for long it says so, again and again, and raises an
// alert of its own until events get through again. Knows neither keys nor network: what it needs is passed in.
import { type Alert, nameOf } from "../alerts/alert";
import type { Failure } from "../delivery/health";
import { spokenDuration } from "../text/time";

export interface SelfWatchPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly failure: (this: void) => Failure | undefined;
  /** How many alerts wait. */
  readonly waiting: (this: void) => number;
  /** Alerts that wait for a key that is refused, and may have been taken under it. */
  readonly leftBehind: (this: void) => readonly Alert[];
  /** Raises the connector's own alert, or ends it when `text` is undefined. */
  readonly alertOnSelf: (this: void, text: string | undefined) => void;
  readonly error: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
}

/** Seconds between two lines about a failure that lasts. */
const REPORT_INTERVAL = 300;

/** Most alerts that are named in a line. */
const MOST_NAMES = 10;

/** Tells whether the alerts are others than it was asked of last. */
function createNewsOfAlerts(): (this: void, alerts: readonly Alert[]) => boolean {
  let known = new LuaSet<Alert>();
  let count = 0;
  return (alerts) => {
    let isNews = alerts.length !== count;
    for (const alert of alerts) if (!known.has(alert)) isNews = true;
    if (!isNews) return false;
    known = new LuaSet();
    for (const alert of alerts) known.add(alert);
    count = alerts.length;
    return true;
  };
}

/** Which alerts nobody may have been paged for, in words; empty: none. */
function leftBehindWords(alerts: readonly Alert[]): string {
  const all: string[] = [];
  for (const alert of alerts) all.push(`${nameOf(alert)} (${alert.dedupKey})`);
  if (all.length === 0) return "";
  table.sort(all);
  const named: string[] = [];
  for (const text of all) if (named.length < MOST_NAMES) named.push(text);
  const others = all.length - named.length;
  const more = others === 0 ? "" : string.format(" and %d more", others);
  return `. Perhaps taken under the key that is refused now, and so not sent by another one: ${table.concat(named, ", ")}${more}`;
}

/**
 * A look at the connector's own delivery, to be taken often; it costs next to nothing. `alertAfter`: seconds of
 * failure after which it is told; 0: never.
 */
export function createSelfWatch(alertAfter: number, ports: SelfWatchPorts): (this: void) => void {
  let lastReport: number | undefined;
  const areOthersLeft = createNewsOfAlerts();
  return () => {
    const failure = ports.failure();
    const time = ports.now();
    if (alertAfter === 0 || failure === undefined || time - failure.since < alertAfter) {
      if (failure === undefined && lastReport !== undefined) {
        lastReport = undefined;
        // What was named is let go of.
        areOthersLeft([]);
        ports.warning("events get through to PagerDuty again, or none waits any more");
      }
      if (lastReport === undefined) ports.alertOnSelf(undefined);
      return;
    }
    const leftBehind = ports.leftBehind();
    const isNews = areOthersLeft(leftBehind) || lastReport === undefined;
    if (!isNews && time - (lastReport ?? 0) < REPORT_INTERVAL) return;
    lastReport = time;
    const { reason, remedy } = failure;
    const advice = remedy === undefined ? "" : `; ${remedy}`;
    const text = string.format(
      "nothing has got through to PagerDuty for %s: %s%s. Alerts that wait: %d%s",
      spokenDuration(time - failure.since),
      reason,
      advice,
      ports.waiting(),
      leftBehindWords(leftBehind),
    );
    ports.error(text);
    if (isNews) ports.alertOnSelf(text);
  };
}
