// `status`: what is open, waiting, held and quarantined, and how the connector fares; with --plugin in the form of a
// monitoring plugin. Reads files of the running output, and changes none.
import { type Alert, isOpen, nameOf } from "../alerts/alert";
import { PARAMETERS } from "../settings/parameters";
import type { Settings } from "../settings/settings";
import { type Arguments, type Syntax, numberOf } from "./arguments";
import {
  type Judgement,
  LEVEL,
  LEVEL_WORDS,
  type Thresholds,
  judgeHealth,
  readStatus,
} from "./health_report";
import { deliveredWords, viewJournal, waitsFor } from "./journal_view";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { readQuarantine } from "./quarantine_file";
import { EXIT, type Report, counted } from "./report";
import { isOutputRunning } from "./running";
import { readFile } from "./shell";

export const STATUS: Syntax = {
  command: "status",
  purpose:
    "Tells what is open, waiting, held and quarantined, and the last answer. With --plugin as a plugin does.",
  operands: [],
  options: withOutputOptions([
    {
      name: "--plugin",
      meaning: "one line with performance data; exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN",
    },
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

function judge(files: Files, thresholds: Thresholds): Judgement {
  const [text, problem] = readFile(files.status);
  const status = text === undefined ? problem : readStatus(text);
  return judgeHealth(
    {
      status: typeof status === "string" && text !== undefined ? `${files.status}: ${status}` : status,
      isRunning: isOutputRunning(files.state),
      now: os.time(),
      quarantined: readQuarantine(files.quarantine)?.events.length,
    },
    thresholds,
  );
}

/** What is known of the delivery as a whole. */
function tellDelivery({ status: path }: Files, report: Report): void {
  const [text] = readFile(path);
  const status = text === undefined ? path : readStatus(text);
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

function tellJournal(files: Files, settings: Settings, showsAll: boolean, report: Report): void {
  const { alerts, problem } = viewJournal(files.state);
  if (problem !== undefined) report.find("WARNING", "journal", problem);
  const open: string[] = [];
  const waiting: string[] = [];
  const held: string[] = [];
  const label = (alert: Alert): string => `${alert.dedupKey}  ${nameOf(alert)}`;
  for (const alert of alerts) {
    const action = waitsFor(alert, settings);
    if (isOpen(alert)) open.push(`${label(alert)}: ${deliveredWords(alert)}, to ${alert.route}`);
    if (action !== undefined)
      waiting.push(`${label(alert)}: ${action} (${alert.severity}), to ${alert.route}`);
    if (alert.desired === "held") {
      const because = alert.rejection === undefined ? "" : `, ${alert.rejection}`;
      held.push(`${label(alert)}: ${alert.severity}${because}`);
    }
  }
  tellAlerts("open", open, showsAll, report);
  tellAlerts("waiting", waiting, showsAll, report);
  tellAlerts("held", held, showsAll, report);
}

function tellQuarantine(path: string, showsAll: boolean, report: Report): void {
  const quarantine = readQuarantine(path);
  if (quarantine === undefined) {
    report.find("WARNING", "quarantine", `${path} cannot be read: run this as root`);
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

/** As plugins print it; a pipe in the text would begin the performance data. */
function pluginLine({ level, text, performance }: Judgement): string {
  const [harmless] = string.gsub(text, "|", "/");
  const line = `${LEVEL_WORDS[level]} - ${harmless}`;
  return performance === "" ? line : `${line} | ${performance}`;
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
  const judgement = judge(files, thresholds);
  if (isPlugin || setup === undefined) {
    report.print(pluginLine(judgement));
    return judgement.level;
  }
  const showsAll = given.has("--all");
  tellDelivery(files, report);
  tellJournal(files, setup.settings, showsAll, report);
  tellQuarantine(files.quarantine, showsAll, report);
  report.print(`${judgement.level === LEVEL.ok ? "ok" : LEVEL_WORDS[judgement.level]}: ${judgement.text}`);
  return judgement.level === LEVEL.ok ? EXIT.good : EXIT.problem;
}
