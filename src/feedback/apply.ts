// What follows from a fact: what is known of the alert changes, the book is told, and one line says so. The rules of it
// are the alerts' (alerts/learnt.ts); who closed what, and whether it is opened anew, is read here.
import { type Alert, nameOf } from "../alerts/alert";
import { type Learnt, type Reopening, learnClosed, learnOpen } from "../alerts/learnt";
import type { Incident } from "./answers";
import { type Fact, markOf } from "./compare";

/** When a problem that was closed in PagerDuty is opened anew (pdy_reopen). */
export type ReopenChoice = "always" | "timeout" | "never";

export interface ApplyPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly reopen: ReopenChoice;
  /** Whether nothing is heard of the alert's poller: what is known of its resource is not of now. */
  readonly isOfQuietPoller: (this: void, alert: Alert) => boolean;
  /** Where the alert is at PagerDuty is known now, and nothing else. */
  readonly noted: (this: void, alert: Alert) => void;
  /** What PagerDuty has of the alert is other than was known. */
  readonly learnt: (this: void, alert: Alert) => void;
  readonly info: (this: void, text: string) => void;
  /** A person has acknowledged what Centreon has not. */
  readonly acknowledged: (this: void, alert: Alert, incident: Incident, since: string) => void;
  /** The acknowledgement of an incident has ended. */
  readonly unacknowledged: (this: void, alert: Alert, incident: Incident) => void;
}

function whereOf({ number }: Incident): string {
  return string.format("incident #%.0f", number);
}

/** Who closed it, in doubt a person: they are believed; undefined: PagerDuty itself, or something that uses its API. */
export function closerOf({ status, changedBy }: Incident): string | undefined {
  if (status !== "resolved" || changedBy === undefined) return "somebody";
  return changedBy.isPerson ? changedBy.name : undefined;
}

export function reopeningOf(choice: ReopenChoice, isByPerson: boolean, isQuiet: boolean): Reopening {
  if (choice === "never" || (choice === "timeout" && isByPerson)) return "never";
  // Of a poller that nothing is heard of, only a check can say that the problem lasts.
  return isByPerson || isQuiet ? "by a later check" : "at once";
}

function openWords(learnt: Learnt, incident: Incident): string {
  const where = whereOf(incident);
  const { acknowledgement, status } = incident;
  const by = acknowledgement === undefined ? "" : ` by ${acknowledgement.by}`;
  if (learnt === "acknowledged") return `${where} was acknowledged${by} in PagerDuty`;
  if (learnt === "triggered again") return `${where} is not acknowledged any more in PagerDuty`;
  return `PagerDuty has ${where} open for it (${status}${by}): it is taken over`;
}

/** Applies one fact. */
export function apply(fact: Fact, ports: ApplyPorts): void {
  const { alert } = fact;
  const label = `${nameOf(alert)} (${alert.dedupKey})`;
  if (fact.kind === "ended") {
    const { incident } = fact;
    const by = closerOf(incident);
    const reopening = reopeningOf(ports.reopen, by !== undefined, ports.isOfQuietPoller(alert));
    if (!learnClosed(alert, { by, at: incident.changedAt }, reopening)) return;
    const whoever = by ?? "PagerDuty itself (a timeout, or the API)";
    ports.info(`${label}: ${whereOf(incident)} was closed by ${whoever}`);
    ports.learnt(alert);
    return;
  }
  const { incident, since } = fact.found;
  const isAcknowledged = incident.status === "acknowledged";
  const learnt = learnOpen(alert, markOf(incident), isAcknowledged, ports.now());
  if (learnt === "nothing") return;
  if (learnt === "noted") {
    ports.noted(alert);
    return;
  }
  ports.info(`${label}: ${openWords(learnt, incident)}`);
  ports.learnt(alert);
  if (learnt === "triggered again") ports.unacknowledged(alert, incident);
  else if (isAcknowledged && incident.acknowledgement !== undefined)
    ports.acknowledged(alert, incident, since);
}
