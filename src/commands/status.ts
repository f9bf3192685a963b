// `status`: what is open, waiting, held and quarantined, and how the connector fares; with --plugin in the form of a
// monitoring plugin. Reads files of the running output, and changes none.
import { type ActionRules, type Alert, gatheredWords, nameOf, nextAction } from "../alerts/alert";
import { type HoldReason, STATE } from "../alerts/policy";
import { actionRulesOf } from "../rules/action_rules";
import { PARAMETERS } from "../settings/parameters";
import { spokenDuration } from "../text/time";
import { type Arguments, type Syntax, numberOf } from "./arguments";
import {
  type FeedbackCounts,
  type Judgement,
  LEVEL,
  LEVEL_WORDS,
  type Status,
  type Thresholds,
  differingWords,
  judgeHealth,
  readStatus,
} from "./health_report";
import {
  type JournalView,
  countsOf,
  deliveredWords,
  standingOf,
  viewJournal,
  NO_CHOICES,
} from "./journal_view";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { PLUGIN_OPTION, pluginLine } from "./plugin";
import { type Quarantine, readQuarantine } from "./quarantine_file";
import { EXIT, type Report, counted } from "./report";
import { isOutputRunning } from "./running";
import { withRemedy } from "./file_problem";
import { readFile } from "./shell";

export const STATUS: Syntax = {
  command: "status",
  purpose:
    "Tells what is open, waiting, held and quarantined, and the last answer. With --plugin as a plugin does.",
  operands: [],
  options: withOutputOptions([
    PLUGIN_OPTION,
    { name: "--all", meaning: "all alerts, not only the first of each kind" },
    {
      name: "--warning-oldest",
      value: "S",
      meaning: "warn when an alert has waited so many seconds (60; 0: never)",
    },
    { name: "--critical-oldest", value: "S", meaning: "critical from so many seconds on (300; 0: never)" },
    { name: "--warning-waiting", value: "N", meaning: "warn when so many alerts wait (0: never)" },
    { name: "--critical-waiting", value: "N", meaning: "critical from so many on (0: never)" },
    {
      name: "--warning-refused",
      value: "N",
      meaning: "warn when so many events are in quarantine (1; 0: never)",
    },
    { name: "--critical-refused", value: "N", meaning: "critical from so many on (0: never)" },
    {
      name: "--stale",
      value: "S",
      meaning: "critical when the status file is older than this while the broker runs (60)",
    },
    {
      name: "--status-path",
      value: "FILE",
      meaning: "the status file: with it the configuration is not read",
    },
    { name: "--state-path", value: "FILE", meaning: "the journal, in addition to --status-path" },
    { name: "--quarantine-path", value: "FILE", meaning: "the quarantine, in addition to --status-path" },
  ]),
};

/** Most alerts of a kind that are shown without --all. */
const MOST_SHOWN = 20;

/** The files that a running output writes. */
interface Files {
  readonly status: string;
  readonly state: string;
  readonly quarantine: string;
}

/** The thresholds that the options give, or the option that is no number. */
function thresholdsOf(given: Arguments): Thresholds | string {
  const defaults: readonly (readonly [string, number])[] = [
    ["--warning-oldest", 60],
    ["--critical-oldest", 300],
    ["--warning-waiting", 0],
    ["--critical-waiting", 0],
    ["--warning-refused", 1],
    ["--critical-refused", 0],
    ["--stale", 60],
  ];
  const values: number[] = [];
  for (const [option, fallback] of defaults) {
    const value = numberOf(given, option, fallback);
    if (value === undefined) return option;
    values.push(value);
  }
  const valueAt = (index: number): number => values[index] ?? 0;
  return {
    oldest: { warning: valueAt(0), critical: valueAt(1) },
    waiting: { warning: valueAt(2), critical: valueAt(3) },
    refused: { warning: valueAt(4), critical: valueAt(5) },
    stale: valueAt(6),
  };
}

/** What the output's files hold. */
interface Evidence {
  /** The status file, or why there is none to read. */
  readonly status: Status | string;
  readonly journal: JournalView;
  /** The quarantine, or why it cannot be read. */
  readonly quarantine: Quarantine | string;
  /** The dedup keys of what is in it. */
  readonly quarantined: LuaSet<string>;
  /** Whether an escalated problem is a new incident: it makes an action of it. */
  readonly actionRules: ActionRules;
}

function readEvidence(files: Files, actionRules: ActionRules): Evidence {
  const [text, problem] = readFile(files.status);
  const status =
    text === undefined ? withRemedy(problem, "has the broker run this output yet?") : readStatus(text);
  const quarantine = readQuarantine(files.quarantine);
  const quarantined = new LuaSet<string>();
  if (typeof quarantine !== "string") for (const { dedupKey } of quarantine.events) quarantined.add(dedupKey);
  return {
    status: typeof status === "string" && text !== undefined ? `${files.status}: ${status}` : status,
    journal: viewJournal(files.state),
    quarantine,
    quarantined,
    actionRules,
  };
}

function judge(files: Files, evidence: Evidence, thresholds: Thresholds): Judgement {
  const { status, journal, quarantine, quarantined, actionRules } = evidence;
  const isWaiting = (alert: Alert): boolean => nextAction(alert, actionRules) !== undefined;
  return judgeHealth(
    {
      status,
      counts: journal.problem === undefined ? countsOf(journal.alerts, quarantined, isWaiting) : undefined,
      isRunning: isOutputRunning(files.state),
      now: os.time(),
      quarantined: typeof quarantine === "string" ? undefined : quarantine.events.length,
    },
    thresholds,
  );
}

/** How asking PagerDuty what people did fares. */
function readingWords({ readAt, problem }: FeedbackCounts): string {
  const read = readAt === undefined ? "not read yet" : `last read ${readAt}`;
  return problem === undefined ? read : `${read}, and cannot be read now: ${problem}`;
}

/** What is known of the delivery as a whole. */
function tellDelivery({ status }: Evidence, report: Report): void {
  if (typeof status === "string") return;
  report.add(
    string.format(
      "connector    %s, started %s; written %d s ago",
      status.version,
      status.startedAt,
      os.time() - status.writtenAt,
    ),
  );
  report.add(string.format("accepted     %d since the start, refused %d", status.accepted, status.refused));
  if (status.lastAnswer !== undefined)
    report.add(`last answer  ${status.lastAnswer}, ${status.lastAnswerAt ?? ""}`);
  if (status.failingSince !== undefined)
    report.add(`failing      since ${status.failingSince}: ${status.reason ?? ""}`);
  if (status.remedy !== undefined) report.add(`remedy       ${status.remedy}`);
  if (status.feedback !== undefined) {
    report.add(`REST API     ${readingWords(status.feedback)}`);
    report.add(`differing    ${differingWords(status.feedback)}`);
  }
  if (status.openOfQuietPollers > 0)
    report.add(
      `pollers      nothing is heard of those that ${counted(status.openOfQuietPollers, "open alert")} are of: what is gone there, "resolve" ends`,
    );
}

/** One kind of alerts, each on a line. */
function tellAlerts(heading: string, lines: readonly string[], showsAll: boolean, report: Report): void {
  if (lines.length === 0) return;
  report.add(string.format("%s (%d)", heading, lines.length));
  for (const [index, line] of ipairs(lines as string[])) {
    if (showsAll || index <= MOST_SHOWN) report.add(`  ${line}`);
  }
  if (!showsAll && lines.length > MOST_SHOWN)
    report.add(`  and ${counted(lines.length - MOST_SHOWN, "more alert")}: --all shows them`);
}

/** No poller has this number. */
const NO_POLLER = -1;

/** The pollers of which nothing is heard: their engines stopped, or they are silent by their own alerts. */
function quietPollersOf({ alerts, stoppedPollers }: JournalView): LuaSet<number> {
  const quiet = new LuaSet<number>();
  for (const pollerId of stoppedPollers) quiet.add(pollerId);
  for (const { resource, facts } of alerts)
    if (resource.kind === "poller" && facts.state !== STATE.ok) quiet.add(resource.id);
  return quiet;
}

/** What holds it whatever surrounds it. */
const GONE: HoldReason = "its engine no longer names it";
const IN_DOWNTIME: HoldReason = "it is in a downtime";

/** Why the alert is held, as far as the journal tells. */
function heldWords({ rejection, wait, gathered, facts }: Alert): string {
  if (facts.goneAt !== undefined) return `, ${GONE}`;
  if (facts.downtimeDepth > 0) return `, ${IN_DOWNTIME}`;
  if (rejection !== undefined) return `, ${rejection}`;
  if (gathered !== undefined) return `, ${gatheredWords(gathered)}`;
  if (wait === undefined || facts.problemSince === undefined) return "";
  const left = facts.problemSince + wait - os.time();
  return left > 0 ? `, pages in ${spokenDuration(left)} at the earliest, if it lasts` : "";
}

/** What storms stand for, each on a line. */
function stormLines(alerts: readonly Alert[]): readonly string[] {
  const gathered = new LuaTable<string, number | undefined>();
  for (const { gathered: by } of alerts) {
    if (by !== undefined) gathered.set(by.route, (gathered.get(by.route) ?? 0) + 1);
  }
  const lines: string[] = [];
  for (const { resource, dedupKey, severity } of alerts) {
    const count = resource.kind === "storm" ? gathered.get(resource.route) : undefined;
    if (count !== undefined)
      lines.push(`${dedupKey}  stands for ${counted(count, "problem")}, ${severity} at worst`);
  }
  return lines;
}

function tellJournal(evidence: Evidence, showsAll: boolean, report: Report): void {
  const { journal, quarantined, actionRules } = evidence;
  if (journal.problem !== undefined) report.find("WARNING", "journal", journal.problem);
  const open: string[] = [];
  const unconfirmed: string[] = [];
  const waiting: string[] = [];
  const held: string[] = [];
  const closed: string[] = [];
  const quietPollers = quietPollersOf(journal);
  for (const alert of journal.alerts) {
    const label = `${alert.dedupKey}  ${nameOf(alert)}`;
    const action = nextAction(alert, actionRules);
    const standing = standingOf(alert, quarantined);
    const isQuiet = quietPollers.has(alert.place?.pollerId ?? NO_POLLER);
    const quiet = isQuiet ? "; nothing is heard of its poller" : "";
    const delivered = `${label}: ${deliveredWords(alert)}, to ${alert.route}${quiet}`;
    if (standing === "open") open.push(delivered);
    if (standing === "not confirmed") unconfirmed.push(delivered);
    if (action !== undefined) waiting.push(`${label}: ${action} (${alert.severity}), to ${alert.route}`);
    if (alert.closing !== undefined)
      closed.push(`${label}: by ${alert.closing.by ?? "PagerDuty"}, ${alert.closing.at}`);
    if (alert.desired === "held") held.push(`${label}: ${alert.severity}${heldWords(alert)}`);
  }
  tellAlerts("storms", stormLines(journal.alerts), showsAll, report);
  tellAlerts("open", open, showsAll, report);
  tellAlerts("sent, not confirmed", unconfirmed, showsAll, report);
  tellAlerts("waiting", waiting, showsAll, report);
  tellAlerts("held", held, showsAll, report);
  tellAlerts("closed in PagerDuty, and not well", closed, showsAll, report);
}

function tellQuarantine({ quarantine }: Evidence, path: string, showsAll: boolean, report: Report): void {
  if (typeof quarantine === "string") {
    report.find("WARNING", "quarantine", quarantine);
    return;
  }
  const lines: string[] = [];
  for (const { dedupKey, action, at, reason, route } of quarantine.events)
    lines.push(`${dedupKey}  ${action} to ${route}, ${at}: ${reason}`);
  tellAlerts("quarantined", lines, showsAll, report);
  if (quarantine.unreadable.length > 0)
    report.find(
      "WARNING",
      "quarantine",
      `${counted(quarantine.unreadable.length, "line")} of ${path} cannot be read`,
    );
}

/** The files by the options, or by the output's parameters. */
function filesOf(given: Arguments, setup: Setup | undefined): Files {
  const settings = setup?.settings;
  return {
    status: given.value("--status-path") ?? settings?.status_path ?? PARAMETERS.status_path.fallback,
    state: given.value("--state-path") ?? settings?.state_path ?? PARAMETERS.state_path.fallback,
    quarantine:
      given.value("--quarantine-path") ?? settings?.quarantine_path ?? PARAMETERS.quarantine_path.fallback,
  };
}

export function status(given: Arguments, report: Report): number {
  const isPlugin = given.has("--plugin");
  const thresholds = thresholdsOf(given);
  if (typeof thresholds === "string") {
    const text = `${thresholds} needs a whole number`;
    report.print(isPlugin ? `${LEVEL_WORDS[LEVEL.unknown]} - ${text}` : `FAILED status: ${text}`);
    return isPlugin ? LEVEL.unknown : EXIT.usage;
  }
  let setup: Setup | undefined;
  if (!isPlugin || given.value("--status-path") === undefined) {
    const complaint = isPlugin ? `${LEVEL_WORDS[LEVEL.unknown]} -` : "FAILED configuration:";
    const opened = openOutput(given, report, { complaint, needsSecrets: false });
    if (typeof opened === "number") return isPlugin ? LEVEL.unknown : opened;
    setup = opened;
  }
  const files = filesOf(given, setup);
  if (files.status === "") {
    const text = "status_path is empty: the connector writes no status file";
    report.print(isPlugin ? `${LEVEL_WORDS[LEVEL.unknown]} - ${text}` : `FAILED status: ${text}`);
    return isPlugin ? LEVEL.unknown : EXIT.problem;
  }
  const evidence = readEvidence(files, setup === undefined ? NO_CHOICES : actionRulesOf(setup.settings));
  const judgement = judge(files, evidence, thresholds);
  if (isPlugin || setup === undefined) {
    report.print(pluginLine(judgement.level, judgement.text, judgement.performance));
    return judgement.level;
  }
  const showsAll = given.has("--all");
  tellDelivery(evidence, report);
  tellJournal(evidence, showsAll, report);
  tellQuarantine(evidence, files.quarantine, showsAll, report);
  report.print(`${judgement.level === LEVEL.ok ? "ok" : LEVEL_WORDS[judgement.level]}: ${judgement.text}`);
  return judgement.level === LEVEL.ok ? EXIT.good : EXIT.problem;
}
