// Acknowledgements of Centreon's: whose they are, up to which severity they count, and that each is passed on once. Whether
// one counts is the decision's to say.
import { type AcknowledgementNote, type Alert, type Severity, dedupKeyOf, isWorse } from "./alert";
import { acknowledgerOf } from "./carried";
import { createEarlyNotes } from "./early_notes";
import { STATE } from "./policy";
import type { Shelf } from "./shelf";

export interface AcknowledgementsPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** The severity of the alert's problem as it is now. */
  readonly severityOf: (this: void, alert: Alert) => Severity;
  readonly decide: (this: void, alert: Alert, hasNews: boolean) => void;
}

export interface Acknowledgements {
  /** Takes whether the problem is acknowledged; `isNewState`: its state changed with that. Decides nothing. */
  readonly set: (this: void, alert: Alert, isAcknowledged: boolean, isNewState: boolean) => void;
  /** Takes who acknowledged a problem and why, perhaps before its alert. */
  readonly note: (this: void, resource: Alert["resource"], note: AcknowledgementNote) => void;
  /** Gives a new alert the note that came before it. */
  readonly giveEarlyNote: (this: void, alert: Alert, isAcknowledged: boolean) => void;
}

function isSameNote(one: AcknowledgementNote, other: AcknowledgementNote): boolean {
  return (
    one.author === other.author &&
    one.comment === other.comment &&
    one.at === other.at &&
    one.isPast === other.isPast
  );
}

/** `repageOnUnacknowledge`: a problem whose acknowledgement is taken back in Centreon pages again. */
export function createAcknowledgements(
  repageOnUnacknowledge: boolean,
  shelf: Shelf,
  ports: AcknowledgementsPorts,
): Acknowledgements {
  const earlyNotes = createEarlyNotes(ports.now);

  /** One that came from PagerDuty stands there, or has ended there: it is not sent back. */
  const isOfPagerDuty = (alert: Alert): boolean => acknowledgerOf(alert) === "we";

  const begin = (alert: Alert): void => {
    const severity = ports.severityOf(alert);
    // Who gave it in PagerDuty, or gave one there, too, has seen it as grave as it was told there.
    const there = isOfPagerDuty(alert) ? alert.deliveredSeverity : alert.acknowledgedThereAs;
    alert.facts.acknowledgedSeverity = there !== undefined && isWorse(there, severity) ? there : severity;
    alert.facts.isAcknowledgementOutgrown = undefined;
    alert.wantsAcknowledge = isOfPagerDuty(alert) ? undefined : "new";
  };

  /** Whose the one was that has ended says nothing of the next. */
  const end = (alert: Alert, isNewState: boolean): void => {
    const { acknowledgement, facts } = alert;
    facts.acknowledgedSeverity = undefined;
    facts.isAcknowledgementOutgrown = undefined;
    alert.wantsAcknowledge = undefined;
    if (acknowledgement !== undefined) {
      const { author, comment, at } = acknowledgement;
      alert.acknowledgement = { author, comment, at, isPast: true };
    }
    // The engine itself ends an acknowledgement when the state changes: nobody took that one back.
    const isPassedOn = alert.delivered === "acknowledged" || alert.inFlight === "acknowledge";
    const isTakenBack = !isNewState && facts.state !== STATE.ok && isPassedOn;
    if (isTakenBack && repageOnUnacknowledge) alert.wantsRepage = true;
  };

  return {
    set: (alert, isAcknowledged, isNewState) => {
      const { facts } = alert;
      if (facts.isAcknowledged === isAcknowledged) return;
      facts.isAcknowledged = isAcknowledged;
      if (!isAcknowledged) {
        end(alert, isNewState);
        return;
      }
      begin(alert);
      alert.wantsRepage = undefined;
    },
    note: (resource, note) => {
      const alert = shelf.find(resource);
      if (alert === undefined) {
        earlyNotes.put(dedupKeyOf(resource), note);
        return;
      }
      const { acknowledgement: before, facts } = alert;
      if (before !== undefined && isSameNote(before, note)) return;
      const isAnew = before !== undefined && before.isPast !== true && before.at !== note.at;
      alert.acknowledgement = note;
      if (facts.isAcknowledged && isAnew) begin(alert);
      if (isOfPagerDuty(alert)) alert.wantsAcknowledge = undefined;
      ports.decide(alert, true);
    },
    giveEarlyNote: (alert, isAcknowledged) => {
      const note = earlyNotes.take(alert.dedupKey);
      if (isAcknowledged && note !== undefined) alert.acknowledgement = note;
    },
  };
}
