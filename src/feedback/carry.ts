// Where what people did in PagerDuty is carried to: the seam for telling Centreon. Owns no more than its form.
import type { Alert } from "../alerts/alert";
import { utcTimestamp } from "../text/time";
import type { Incident } from "./answers";

/** A person has acknowledged, in PagerDuty, a problem that nobody has acknowledged in Centreon. */
export interface PersonsAcknowledgement {
  readonly alert: Alert;
  /** The person's name. */
  readonly by: string;
  /** This and `since` as PagerDuty writes times: when the person acknowledged, since when the alert is in an incident. */
  readonly at: string;
  readonly since: string;
  readonly incidentNumber: number;
  /** The incident's page. */
  readonly address: string;
  /** The last note that somebody wrote on the incident. */
  readonly lastNote: string | undefined;
}

export interface Carry {
  readonly acknowledged: (this: void, acknowledgement: PersonsAcknowledgement) => void;
  /** The incident is not acknowledged any more: by a person, or since PagerDuty ended that. */
  readonly unacknowledged: (this: void, alert: Alert, incident: Incident) => void;
}

/**
 * Whether the acknowledgement is of this problem: the alert was in the incident before it. Times are of UTC and of one form;
 * of others nobody can tell, and they are not believed.
 */
export function isOfThisProblem(since: string, at: string): boolean {
  const isTime = (text: string): boolean =>
    string.match(text, "^%d%d%d%d%-%d%d%-%d%dT[%d:.]+Z$")[0] !== undefined;
  return isTime(since) && isTime(at) && string.sub(since, 1, 19) <= string.sub(at, 1, 19);
}

/**
 * Whether the problem was there at a time, as PagerDuty writes it: an incident that a person is to end (pdy_resolve 0) may be
 * acknowledged for the one before. Clocks differ: it was not, where neither the poller nor this server can have seen it.
 */
export function wasThereAt({ facts, report }: Alert, at: string): boolean {
  const since = math.max(0, math.min(facts.problemSince ?? 0, report?.lastOk ?? 0));
  return isOfThisProblem(utcTimestamp(since) ?? "", at);
}
