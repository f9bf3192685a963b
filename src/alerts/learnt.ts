// What is learnt of an alert where PagerDuty's REST API is asked: what that makes of what is delivered (the table "What
// PagerDuty's people did" of design.md). Pure; who asks, and whether the answer counts, is feedback's to know.
import { type Alert, type IncidentMark, isOpen, recordEnded } from "./alert";

/** What was learnt. `noted`: where the incident is, and nothing else. */
export type Learnt = "nothing" | "noted" | "taken over" | "acknowledged" | "triggered again";

/** When an alert that was closed is opened anew, though it has got no worse: pdy_reopen, and who closed it. */
export type Reopening = "at once" | "by a later check" | "never";

/** How an alert was ended at PagerDuty: by the person of that name, if it was one; when, as PagerDuty writes it. */
export interface Ending {
  readonly by: string | undefined;
  readonly at: string;
}

/** How what PagerDuty is known to have of an alert is other than what Centreon says of it. */
export type Differing = "closed there" | "acknowledged there only" | "acknowledged here only";

/** Whether an acknowledgement of Centreon's stands that still counts. */
export function isAcknowledgedHere({ facts }: Alert): boolean {
  return facts.isAcknowledged && facts.isAcknowledgementOutgrown !== true;
}

/** Whether an acknowledgement of the alert can be one of people: of the rest nobody can acknowledge anything in Centreon. */
export function isForPeopleToAcknowledge({ resource, isAcknowledgedByHold }: Alert): boolean {
  return "hostId" in resource && isAcknowledgedByHold !== true;
}

/** As far as is known. What has never been seen there, or is on its way, differs in nothing. */
export function differingOf(alert: Alert): Differing | undefined {
  const { delivered, desired, isCertain, wantsAcknowledge } = alert;
  if (desired === "resolved") return undefined;
  if (delivered === "closed") return "closed there";
  if (!isCertain || !isForPeopleToAcknowledge(alert)) return undefined;
  const isHere = isAcknowledgedHere(alert);
  if (delivered === "acknowledged" && !isHere) return "acknowledged there only";
  const isTakenBackThere = delivered === "triggered" && isHere && alert.incident !== undefined;
  return isTakenBackThere && wantsAcknowledge === undefined ? "acknowledged here only" : undefined;
}

function note(alert: Alert, incident: IncidentMark): Learnt {
  if (alert.incident?.id === incident.id) return "nothing";
  alert.incident = incident;
  return "noted";
}

/** An action that brings PagerDuty to where Centreon is, is on its way or will be: its outcome tells more than this. */
function isUnsettled({ isCertain, desired }: Alert): boolean {
  return !isCertain && desired !== "resolved";
}

/** Whoever acknowledges there has seen it as grave as it was told, unlike whoever did in Centreon before it got worse. */
function noteSeverity(alert: Alert, isAcknowledged: boolean): void {
  const { facts, deliveredSeverity, acknowledgedThereAs } = alert;
  const severity = isAcknowledged ? deliveredSeverity : undefined;
  if (acknowledgedThereAs !== severity) alert.acknowledgedThereAs = severity;
  if (isAcknowledged && facts.isAcknowledgementOutgrown === true) facts.acknowledgedSeverity = severity;
}

/** PagerDuty has the alert open. `now`: the connector's clock. */
export function learnOpen(
  alert: Alert,
  incident: IncidentMark,
  isAcknowledged: boolean,
  now: number,
): Learnt {
  const { delivered } = alert;
  const noted = note(alert, incident);
  const state = isAcknowledged ? "acknowledged" : "triggered";
  if (delivered === state || isUnsettled(alert)) return noted;
  alert.delivered = state;
  // How grave it is there nobody says: it is raised to what it is here. A person who has it in hand knows.
  if (delivered === "none") alert.deliveredSeverity = isAcknowledged ? alert.severity : "info";
  noteSeverity(alert, isAcknowledged);
  if (isAcknowledged) alert.acknowledgedAt = now;
  if (delivered === "acknowledged") return "triggered again";
  if (delivered === "triggered") return "acknowledged";
  if (alert.closing !== undefined) alert.closing = undefined;
  return "taken over";
}

/**
 * An alert has been closed, by somebody else than us. Gives whether that is news; of one that is known to be closed it is
 * when nothing but getting worse would have opened it anew.
 */
export function learnClosed(alert: Alert, { by, at }: Ending, reopening: Reopening): boolean {
  const isLeftClosed = alert.delivered === "closed" && alert.closing?.lastCheck === undefined;
  if (!(isOpen(alert) || isLeftClosed) || isUnsettled(alert)) return false;
  if (reopening === "at once") {
    recordEnded(alert, undefined);
  } else {
    const lastCheck = reopening === "never" ? undefined : alert.facts.lastCheck;
    recordEnded(alert, { by, at, lastCheck });
  }
  return true;
}
