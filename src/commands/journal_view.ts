// Looks at the journal of the running output without touching it.
import { type ActionRules, type Alert, isOpen } from "../alerts/alert";
import { loadJournal } from "../journal/journal";
import type { FilePort } from "../text/files";
import { withRemedy } from "./file_problem";
import { readFile } from "./shell";

/** Opens files for reading, and refuses everything else. */
export const READING_ONLY: FilePort = {
  open: (path, mode) => {
    if (mode === "rb") return io.open(path, mode);
    return $multi(undefined, "it is only read here", 0);
  },
  rename: () => $multi(undefined, "it is only read here"),
  makePrivate: () => undefined,
};

export interface JournalView {
  readonly alerts: readonly Alert[];
  /** Those whose engines have stopped. */
  readonly stoppedPollers: readonly number[];
  /** What is wrong with the journal; undefined: nothing. */
  readonly problem: string | undefined;
}

/** What the journal holds now, the alerts in the order of their dedup keys. */
export function viewJournal(path: string): JournalView {
  const [, unreadable] = readFile(path);
  if (unreadable !== undefined)
    return {
      alerts: [],
      stoppedPollers: [],
      problem: withRemedy(unreadable, "the broker has not run this output yet"),
    };
  let age: string | undefined;
  const { alerts, stoppedPollers, damage } = loadJournal(path, {
    files: READING_ONLY,
    // It tells that a damaged file is kept aside: not by who only looks.
    error: () => undefined,
    warning: (text) => {
      age = text;
    },
    unixTime: os.time,
  });
  table.sort(alerts, (left, right) => left.dedupKey < right.dedupKey);
  const problem = damage === undefined ? age : `${damage}: only what can be read of it is told`;
  return { alerts, stoppedPollers, problem };
}

/** Where nobody knows what was chosen, or nothing depends on it. */
export const NO_CHOICES: ActionRules = {
  resolvesRecoveries: true,
  passesOnAcknowledgements: true,
  repageOnEscalation: false,
  updatesState: false,
  updatesOutput: false,
};

/** What PagerDuty has of an alert, as far as the journal and the quarantine tell. */
export type Standing = "none" | "open" | "not confirmed" | "refused";

/**
 * Where an alert stands. `quarantined` are the dedup keys in quarantine: what was refused and is there no longer, `retry`
 * has sent, and the running connector does not know.
 */
export function standingOf(alert: Alert, quarantined: LuaSet<string>): Standing {
  // A resolve that is only a precaution, or whose outcome is unknown, waits to be sent: nothing is known to be open.
  if (!isOpen(alert) || (!alert.isCertain && alert.desired === "resolved")) return "none";
  if (alert.isCertain) return "open";
  // Begun where there was no journal, so that somebody may have sent it before (alerts/statuses.ts): nothing was sent since.
  const { triggeredAt, deliveredSeverity, severity } = alert;
  if (triggeredAt === 0 && deliveredSeverity === "info" && severity !== "info") return "none";
  if (alert.refusedSeverity !== alert.severity) return "not confirmed";
  return quarantined.has(alert.dedupKey) ? "refused" : "open";
}

/** `critical`; `critical, acknowledged`; `critical, sent by retry`. */
export function deliveredWords(alert: Alert): string {
  const acknowledged = alert.delivered === "acknowledged" ? ", acknowledged" : "";
  const retried = !alert.isCertain && alert.refusedSeverity === alert.severity ? ", sent by retry" : "";
  return `${alert.deliveredSeverity}${acknowledged}${retried}`;
}

/** How many alerts of each kind the journal holds. */
export interface Counts {
  readonly open: number;
  /** Sent, with an unknown outcome. */
  readonly unconfirmed: number;
  readonly waiting: number;
  readonly held: number;
  /** Those held that a storm's alert stands for. */
  readonly heldByStorms: number;
}

export function countsOf(
  alerts: readonly Alert[],
  quarantined: LuaSet<string>,
  isWaiting: (this: void, alert: Alert) => boolean,
): Counts {
  let [open, unconfirmed, waiting, held, heldByStorms] = [0, 0, 0, 0, 0];
  for (const alert of alerts) {
    const standing = standingOf(alert, quarantined);
    if (standing === "open") open = open + 1;
    if (standing === "not confirmed") unconfirmed = unconfirmed + 1;
    if (isWaiting(alert)) waiting = waiting + 1;
    if (alert.desired === "held") held = held + 1;
    if (alert.gathered !== undefined) heldByStorms = heldByStorms + 1;
  }
  return { open, unconfirmed, waiting, held, heldByStorms };
}
