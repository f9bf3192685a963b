// What follows where an administrator's command, and not a round, has read that PagerDuty closed an alert: the same rules, for
// an alert that was never seen open, or closed when other rules held. Changes what is known of that alert, and nothing else.
import type { Alert } from "../alerts/alert";
import { type Ending, learnClosed } from "../alerts/learnt";
import { type ReopenChoice, reopeningOf } from "./apply";

export type ClosedOutcome =
  /** It goes out at once. */
  | "opened anew"
  /** A check that still finds the problem opens it anew. */
  | "by its next check"
  /** Only worse than it was opens it anew. */
  | "left closed"
  /** Centreon calls for none now: acknowledged, in a downtime, and so on. */
  | "held here"
  /** It is well by now. */
  | "ended"
  /** Something was sent of it so lately that PagerDuty may not have got to it when it was asked. */
  | "sent too lately";

/** Seconds: PagerDuty may take its time with what it has accepted; the rounds wait for as long (pdy_sync_interval). */
const GETTING_TO_IT = 60;

/** `askedAt`: when PagerDuty was asked, by the clock of `triggeredAt`. */
export function takeClosed(
  alert: Alert,
  ending: Ending,
  choice: ReopenChoice,
  isOfQuietPoller: boolean,
  askedAt: number,
): ClosedOutcome {
  if (alert.desired === "resolved") return "ended";
  if (alert.inFlight !== undefined || alert.triggeredAt > askedAt - GETTING_TO_IT) return "sent too lately";
  learnClosed(alert, ending, reopeningOf(choice, ending.by !== undefined, isOfQuietPoller));
  if (alert.desired !== "triggered") return "held here";
  if (alert.delivered !== "closed") return "opened anew";
  const isChecked = "hostId" in alert.resource && alert.closing?.lastCheck !== undefined;
  return isChecked ? "by its next check" : "left closed";
}
