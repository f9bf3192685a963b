// Looks at the journal of the running output without touching it.
import { type Alert, type Action, isOpen, nextAction } from "../alerts/alert";
import { loadJournal } from "../journal/journal";
import type { FilePort } from "../text/files";
import type { Settings } from "../settings/settings";
import { isReadable } from "./shell";

/** Opens files for reading, and refuses everything else. */
const READING_ONLY: FilePort = {
  open: (path, mode) => {
    if (mode === "rb") return io.open(path, mode);
    return $multi(undefined, "it is only read here", 0);
  },
  rename: () => $multi(undefined, "it is only read here"),
  makePrivate: () => undefined,
};

export interface JournalView {
  readonly alerts: readonly Alert[];
  /** What is wrong with the journal; undefined: nothing. */
  readonly problem: string | undefined;
}

/** What the journal holds now, the alerts in the order of their dedup keys. */
export function viewJournal(path: string): JournalView {
  if (!isReadable(path))
    return { alerts: [], problem: `${path} is not there, or cannot be read: run this as root` };
  let problem: string | undefined;
  const note = (text: string): void => {
    problem = text;
  };
  const { alerts } = loadJournal(path, {
    files: READING_ONLY,
    error: note,
    warning: note,
    unixTime: os.time,
  });
  table.sort(alerts, (left, right) => left.dedupKey < right.dedupKey);
  return { alerts, problem };
}

/** The action that an alert waits for; undefined: PagerDuty has what it should. */
export function waitsFor(alert: Alert, settings: Settings): Action | undefined {
  return nextAction(alert, settings.pdy_repage_on_escalation);
}

/** `critical`, `critical, acknowledged`, `maybe critical`; a refused one is open only if a person has sent it. */
export function deliveredWords(alert: Alert): string {
  if (!isOpen(alert)) return "not open";
  if (alert.refusedSeverity === alert.severity && !alert.isCertain) return "refused, see quarantined";
  const certainty = alert.isCertain ? "" : "maybe ";
  const acknowledged = alert.delivered === "acknowledged" ? ", acknowledged" : "";
  return `${certainty}${alert.deliveredSeverity}${acknowledged}`;
}
