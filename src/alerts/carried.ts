// An acknowledgement that a person gave in PagerDuty, carried to Centreon: whose the one is that stands there, and whether
// it still counts. Tells nobody; that is feedback's.
import type { Alert, Carried } from "./alert";

/** Who acknowledged in Centreon: we, for a person in PagerDuty, or a person there; undefined: nobody did, or none can tell. */
export type Acknowledger = "we" | "a person" | undefined;

/** In doubt it is a person. */
export function acknowledgerOf({ facts, acknowledgement, carried }: Alert): Acknowledger {
  if (!facts.isAcknowledged || acknowledgement === undefined || acknowledgement.isPast === true)
    return undefined;
  const { author, comment } = acknowledgement;
  if (carried === undefined || string.find(comment, carried.mark, 1, true)[0] === undefined)
    return "a person";
  return carried.author === undefined || carried.author === author ? "we" : "a person";
}

function hasEnded({ step }: Carried): boolean {
  return step === "to take back" || step === "taken back";
}

/** Why the acknowledgement that stands in Centreon counts for nothing; undefined: for all we know here, it counts. */
export function endOfCarried(alert: Alert): string | undefined {
  const { carried } = alert;
  if (carried === undefined || !hasEnded(carried) || acknowledgerOf(alert) !== "we") return undefined;
  return "it came from PagerDuty, where it has ended";
}
