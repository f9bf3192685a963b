// Triggers that are sent again though nothing changed (pdy_retrigger_interval): an incident that was closed by hand, or
// by PagerDuty's own timeout, comes back while Centreon is still red.
import { type Alert, isOpen } from "../alerts/alert";

/** Seconds between looks for problems whose trigger is to be sent again. */
const LOOK_INTERVAL = 5;

export interface RetriggerPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly offer: (this: void, alert: Alert) => void;
}

/** A look at what is due, to be taken often. `interval`: seconds after which a trigger is sent again; 0: never. */
export function createRetrigger(interval: number, ports: RetriggerPorts): (this: void) => void {
  const { now } = ports;
  let lastLook = now();
  return () => {
    const time = now();
    if (interval === 0 || time - lastLook < LOOK_INTERVAL) return;
    lastLook = time;
    const due: Alert[] = [];
    ports.eachAlert((alert) => {
      const isOld = isOpen(alert) && time - alert.triggeredAt >= interval;
      if (isOld && alert.desired === "triggered" && !alert.wantsRetrigger) due.push(alert);
    });
    for (const alert of due) {
      alert.wantsRetrigger = true;
      ports.offer(alert);
    }
  };
}
