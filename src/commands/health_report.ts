// Judges how the connector fares by its status file and its journal, as a monitoring plugin does. Pure: what it needs is
// given to it.
import { type Decoded, decode } from "../text/json";
import type { Counts } from "./journal_view";

/** The exit codes of a monitoring plugin are its levels. */
export const LEVEL = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};

/** The version of the status file's form that is read here. */
const FORMAT = 1;

/** What the status file tells. Ages are seconds. */
export interface Status {
  readonly writtenAt: number;
  readonly version: string;
  readonly startedAt: string;
  readonly open: number;
  readonly acknowledged: number;
  readonly held: number;
  /** Those open of whose poller nothing is heard. */
  readonly openOfQuietPollers: number;
  /** Those held that a storm's alert stands for. */
  readonly heldByStorms: number;
  readonly waiting: number;
  readonly inFlight: number;
  readonly oldestWaiting: number;
  readonly accepted: number;
  readonly refused: number;
  readonly lastSuccessAge: number | undefined;
  readonly lastAnswer: string | undefined;
  readonly lastAnswerAt: string | undefined;
  readonly failingSince: string | undefined;
  readonly failingSeconds: number;
  readonly reason: string | undefined;
  readonly remedy: string | undefined;
  readonly isJournalUsable: boolean;
  /** What asking PagerDuty what people did has come to; undefined: nothing is asked. */
  readonly feedback: FeedbackCounts | undefined;
}

export interface FeedbackCounts {
  /** When PagerDuty's REST API was last read; undefined: never since the start. */
  readonly readAt: string | undefined;
  readonly problem: string | undefined;
  /** In which PagerDuty and Centreon differ; each with its count, none of them 0. */
  readonly differing: readonly Count[];
  /** In which they may. */
  readonly perhaps: readonly Count[];
}

/** How many of a kind. */
export interface Count {
  readonly kind: string;
  readonly count: number;
}

/** Those that differ, or may, by their fields in the status file. */
const DIFFERING: readonly (readonly [field: string, kind: string])[] = [
  ["closed_in_pagerduty", "closed there"],
  ["acknowledged_in_pagerduty_only", "acknowledged there only"],
  ["acknowledged_in_centreon_only", "acknowledged here only"],
  ["elsewhere_in_pagerduty", "open there elsewhere"],
  ["orphans_in_pagerduty", "orphans"],
];
const PERHAPS: readonly (readonly [field: string, kind: string])[] = [
  ["not_seen_in_pagerduty", "never seen there"],
  ["unknown_in_pagerduty", "open there, unknown here"],
];

/** How many there are of all these kinds. */
export function totalOf(counts: readonly Count[]): number {
  let total = 0;
  for (const { count } of counts) total = total + count;
  return total;
}

/** `2 (1 closed there, 1 orphans)`. */
function countsInWords(counts: readonly Count[]): string {
  const words: string[] = [];
  for (const { kind, count } of counts) words.push(string.format("%d %s", count, kind));
  return string.format("%d (%s)", totalOf(counts), table.concat(words, ", "));
}

/** `2 (1 closed there, 1 orphans), perhaps 1 (1 never seen there)`; `nothing`. */
export function differingWords({ differing, perhaps }: FeedbackCounts): string {
  const certain = differing.length === 0 ? "nothing" : countsInWords(differing);
  return perhaps.length === 0 ? certain : `${certain}, perhaps ${countsInWords(perhaps)}`;
}

type Fields = Readonly<Record<string, Decoded>>;

/** Reads the text of a status file. Gives what is wrong with it as a text. */
export function readStatus(text: string): Status | string {
  const result = decode(text);
  if (!result.ok || typeof result.value !== "object") return "it is not a JSON object";
  const fields = result.value as Fields;
  const numberOf = (name: string): number => {
    const value = fields[name];
    return typeof value === "number" ? value : 0;
  };
  const textOf = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === "string" ? value : undefined;
  };
  const countsOf = (kinds: typeof DIFFERING): Count[] => {
    const counts: Count[] = [];
    for (const [field, kind] of kinds) {
      const count = numberOf(field);
      if (count > 0) counts.push({ kind, count });
    }
    return counts;
  };
  if (fields["format"] !== FORMAT)
    return "it is of another version: use the commands and the connector of one release";
  return {
    writtenAt: numberOf("written_at_unix"),
    version: textOf("version") ?? "?",
    startedAt: textOf("started_at") ?? "?",
    open: numberOf("open"),
    acknowledged: numberOf("acknowledged"),
    held: numberOf("held"),
    openOfQuietPollers: numberOf("open_of_quiet_pollers"),
    heldByStorms: numberOf("held_by_storms"),
    waiting: numberOf("waiting"),
    inFlight: numberOf("in_flight"),
    oldestWaiting: numberOf("oldest_waiting_seconds"),
    accepted: numberOf("accepted_total"),
    refused: numberOf("refused_total"),
    lastSuccessAge:
      fields["last_success_age_seconds"] === undefined ? undefined : numberOf("last_success_age_seconds"),
    lastAnswer: textOf("last_answer"),
    lastAnswerAt: textOf("last_answer_at"),
    failingSince: textOf("failing_since"),
    failingSeconds: numberOf("failing_seconds"),
    reason: textOf("reason"),
    remedy: textOf("remedy"),
    isJournalUsable: fields["journal_usable"] !== false,
    feedback:
      fields["closed_in_pagerduty"] === undefined
        ? undefined
        : {
            readAt: textOf("pagerduty_read_at"),
            problem: textOf("pagerduty_problem"),
            differing: countsOf(DIFFERING),
            perhaps: countsOf(PERHAPS),
          },
  };
}

/** From which values on something is a warning, or critical; 0: never. */
export interface Threshold {
  readonly warning: number;
  readonly critical: number;
}

export interface Thresholds {
  /** Seconds that the oldest waiting alert has waited, or that delivery has failed. */
  readonly oldest: Threshold;
  /** Alerts. */
  readonly waiting: Threshold;
  /** Events in quarantine. */
  readonly refused: Threshold;
  /** Seconds without a new status file while the broker runs. */
  readonly stale: number;
}

export interface Evidence {
  /** The status file, or why there is none to read. */
  readonly status: Status | string;
  /** What the journal counts: it is written at once, and the status file now and then. Undefined: it cannot be read. */
  readonly counts: Counts | undefined;
  readonly isRunning: boolean;
  /** Unix time. */
  readonly now: number;
  /** Events in quarantine; undefined: its file cannot be read. */
  readonly quarantined: number | undefined;
}

export interface Judgement {
  readonly level: Level;
  /** One line, the gravest first. */
  readonly text: string;
  /** As plugins give it; empty when nothing is known. */
  readonly performance: string;
}

function levelOf(value: number, { warning, critical }: Threshold): Level {
  if (critical > 0 && value >= critical) return LEVEL.critical;
  return warning > 0 && value >= warning ? LEVEL.warning : LEVEL.ok;
}

function limit(value: number): string {
  return value > 0 ? string.format("%d", value) : "";
}

/** One value as plugins give it. Centreon's metrics are named object.metric.unit. */
function metric(label: string, value: number, unit: string, threshold: Threshold): string {
  return string.format(
    "%s=%d%s;%s;%s;0",
    label,
    value,
    unit,
    limit(threshold.warning),
    limit(threshold.critical),
  );
}

const NO_THRESHOLD: Threshold = { warning: 0, critical: 0 };

/** What nobody can tell more about: there is no status file, or it is old. */
function silence({ status, isRunning, now }: Evidence, thresholds: Thresholds): Judgement | undefined {
  const isStale = typeof status === "string" || now - status.writtenAt > thresholds.stale;
  if (!isStale) return undefined;
  const what =
    typeof status === "string"
      ? status
      : string.format("the status file was last written %d s ago", now - status.writtenAt);
  if (!isRunning) {
    return {
      level: LEVEL.unknown,
      text: `no broker runs the output (systemctl status cbd): ${what}`,
      performance: "",
    };
  }
  return {
    level: LEVEL.critical,
    text: `the connector does not tell how it fares though the broker runs: ${what}; look into its log`,
    performance: "",
  };
}

/** How the connector fares. */
export function judgeHealth(evidence: Evidence, thresholds: Thresholds): Judgement {
  const silent = silence(evidence, thresholds);
  const { status } = evidence;
  if (silent !== undefined || typeof status === "string")
    return silent ?? { level: LEVEL.unknown, text: "", performance: "" };
  const refused = evidence.quarantined ?? status.refused;
  // A journal that cannot be written is older than the status file.
  const journaled = status.isJournalUsable ? evidence.counts : undefined;
  const { open, unconfirmed, waiting, held, heldByStorms } = journaled ?? {
    open: status.open,
    unconfirmed: 0,
    waiting: status.waiting,
    held: status.held,
    heldByStorms: status.heldByStorms,
  };
  const oldestWaiting = waiting === 0 ? 0 : status.oldestWaiting;
  const successAge =
    status.lastSuccessAge === undefined
      ? undefined
      : status.lastSuccessAge + math.max(0, evidence.now - status.writtenAt);
  const findings: { level: Level; text: string }[] = [];

  const delay = math.max(oldestWaiting, status.failingSeconds);
  const reason = status.reason === undefined ? "" : `: ${status.reason}`;
  const remedy = status.remedy === undefined ? "" : ` (${status.remedy})`;
  const delayed =
    status.failingSeconds > 0
      ? string.format("nothing gets through to PagerDuty for %d s%s%s", status.failingSeconds, reason, remedy)
      : string.format("the oldest alert waits for %d s", oldestWaiting);
  findings.push({ level: levelOf(delay, thresholds.oldest), text: delayed });
  findings.push({
    level: levelOf(waiting, thresholds.waiting),
    text: string.format("%d alerts wait", waiting),
  });
  findings.push({
    level: levelOf(refused, thresholds.refused),
    text: string.format("PagerDuty refused %d (see status, and then retry)", refused),
  });
  findings.push({
    level: status.isJournalUsable ? LEVEL.ok : LEVEL.warning,
    text: "the journal cannot be written, so that a crash may lose alerts",
  });

  let level: Level = LEVEL.ok;
  for (const finding of findings) if (finding.level > level) level = finding.level;
  const texts: string[] = [];
  for (const wanted of [LEVEL.critical, LEVEL.warning]) {
    for (const finding of findings) if (finding.level === wanted) texts.push(finding.text);
  }
  const success =
    successAge === undefined
      ? "nothing accepted since the start"
      : string.format("last accepted %d s ago", successAge);
  const notConfirmed = unconfirmed === 0 ? "" : string.format("%d sent, not confirmed, ", unconfirmed);
  const inStorms = heldByStorms === 0 ? "" : string.format(" (%d in a storm)", heldByStorms);
  texts.push(
    string.format(
      "%d open, %s%d waiting, %d held%s, %d refused, %s",
      open,
      notConfirmed,
      waiting,
      held,
      inStorms,
      refused,
      success,
    ),
  );
  const { feedback } = status;
  if (feedback !== undefined && feedback.differing.length > 0)
    texts.push(`differing from PagerDuty: ${differingWords(feedback)}`);
  const metrics = [
    metric("alerts.waiting.count", waiting, "", thresholds.waiting),
    metric("alerts.oldest.seconds", oldestWaiting, "s", thresholds.oldest),
    metric("events.refused.count", refused, "", thresholds.refused),
  ];
  if (feedback !== undefined)
    metrics.push(metric("alerts.differing.count", totalOf(feedback.differing), "", NO_THRESHOLD));
  if (successAge !== undefined) metrics.push(metric("acceptance.age.seconds", successAge, "s", NO_THRESHOLD));
  return { level, text: table.concat(texts, "; "), performance: table.concat(metrics, " ") };
}
