// What is sent again though nothing changed: triggers (pdy_retrigger_interval), so that an incident closed by hand, or by
// PagerDuty's own timeout, comes back while Centreon is still red; and acknowledges (pdy_reacknowledge_interval), since
// PagerDuty ends an acknowledgement by itself.
import { type Alert, isOpen } from "../alerts/alert";
import { acknowledgerOf } from "../alerts/carried";

/** Seconds between looks for what is to be sent again. */
const LOOK_INTERVAL = 5;

export interface RetriggerSettings {
  /** Seconds after which a trigger or an acknowledge is sent again; 0: never. */
  readonly retriggerInterval: number;
  readonly reacknowledgeInterval: number;
}

export interface RetriggerPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  /** What tells whether nothing is heard of an alert's poller: what is known of its resources is not of now. */
  readonly quietPollersNow: (this: void) => (this: void, alert: Alert) => boolean;
  readonly offer: (this: void, alert: Alert) => void;
}

/** A look at what is due, to be taken often. */
export function createRetrigger(settings: RetriggerSettings, ports: RetriggerPorts): (this: void) => void {
  const { now } = ports;
  const { retriggerInterval, reacknowledgeInterval } = settings;
  let lastLook = now();

  const isTriggerDue = (alert: Alert, time: number): boolean =>
    retriggerInterval > 0 &&
    alert.desired === "triggered" &&
    !alert.wantsRetrigger &&
    time - alert.triggeredAt >= retriggerInterval;

  /**
   * Also of an incident that was found to have been triggered again: of the acknowledgement it was told already. One that came
   * from PagerDuty is PagerDuty's to end.
   */
  const isAcknowledgeDue = (alert: Alert, time: number): boolean => {
    const { desired, delivered, wantsAcknowledge, acknowledgedAt } = alert;
    return (
      reacknowledgeInterval > 0 &&
      desired === "acknowledged" &&
      (delivered === "acknowledged" || wantsAcknowledge === undefined) &&
      wantsAcknowledge !== "again" &&
      time - (acknowledgedAt ?? 0) >= reacknowledgeInterval &&
      acknowledgerOf(alert) !== "we"
    );
  };

  return () => {
    const time = now();
    if (retriggerInterval + reacknowledgeInterval === 0 || time - lastLook < LOOK_INTERVAL) return;
    lastLook = time;
    const due: Alert[] = [];
    const isOfQuietPoller = ports.quietPollersNow();
    ports.eachAlert((alert) => {
      if (!isOpen(alert) || isOfQuietPoller(alert)) return;
      const isTrigger = isTriggerDue(alert, time);
      if (isTrigger) alert.wantsRetrigger = true;
      else if (isAcknowledgeDue(alert, time)) alert.wantsAcknowledge = "again";
      else return;
      due.push(alert);
    });
    for (const alert of due) ports.offer(alert);
  };
}
