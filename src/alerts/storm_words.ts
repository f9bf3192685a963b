// What a storm's alert says: how many problems it stands for, on how many hosts, and the gravest by name. Pure.
import { type Alert, type CustomVerdict, type Report, type Severity, isWorse, nameOf } from "./alert";

/** Most problems that are told by name. */
const MOST_NAMED = 20;

const SEVERITIES: readonly Severity[] = ["critical", "error", "warning", "info"];

/** What a storm's alert stands for. */
export interface Gathered {
  readonly members: LuaTable<Alert, Severity | undefined>;
  readonly size: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly hosts: number;
  /** How many more than these within a minute made it a storm. */
  readonly limit: number;
  /** Unix time. */
  readonly since: number;
}

function isGraver(left: Alert, right: Alert): boolean {
  if (left.severity !== right.severity) return isWorse(left.severity, right.severity);
  return nameOf(left) < nameOf(right);
}

/** The gravest, in order; not all of them sorted: there may be thousands. */
function gravestOf({ members }: Gathered): readonly Alert[] {
  const gravest: Alert[] = [];
  for (const [alert] of members) {
    let before = gravest.length;
    while (before > 0 && isGraver(alert, gravest[before - 1] as Alert)) before = before - 1;
    if (before < MOST_NAMED) {
      table.insert(gravest, before + 1, alert);
      if (gravest.length > MOST_NAMED) gravest.pop();
    }
  }
  return gravest;
}

function counted(count: number, noun: string): string {
  return string.format(count === 1 ? "%d %s" : "%d %ss", count, noun);
}

/** `37 problems on 12 hosts`. */
function extentOf({ size, hosts }: Gathered): string {
  const problems = counted(size, "problem");
  return hosts === 0 ? problems : `${problems} on ${counted(hosts, "host")}`;
}

/** `30 critical, 7 warning`. */
function severitiesOf({ bySeverity }: Gathered): string {
  const texts: string[] = [];
  for (const severity of SEVERITIES) {
    if (bySeverity[severity] > 0) texts.push(string.format("%d %s", bySeverity[severity], severity));
  }
  return table.concat(texts, ", ");
}

function withState(alert: Alert): string {
  return alert.report === undefined ? nameOf(alert) : `${nameOf(alert)} ${alert.report.stateName}`;
}

export function stormReport(gathered: Gathered): Report {
  return {
    stateName: "STORM",
    output: string.format(
      "%s; more than %d came within a minute, and this alert stands for those that follow",
      extentOf(gathered),
      gathered.limit,
    ),
    longOutput: "",
    perfdata: "",
    attempt: 0,
    maximumAttempts: 0,
    lastOk: 0,
    since: gathered.since,
  };
}

/** The summary, which no format of hosts and services fits, and the fields beside those that each alert has. */
export function stormVerdict(gathered: Gathered): CustomVerdict {
  const gravest = gravestOf(gathered);
  const names: string[] = [];
  for (const alert of gravest) names.push(withState(alert));
  const first = names[0];
  const example = first === undefined ? "" : `, such as ${first}`;
  if (gathered.size > gravest.length) {
    names.push(string.format("and %d more", gathered.size - gravest.length));
  }
  return {
    isDropped: false,
    summary: string.format(
      "Storm: %s%s (more than %d came within a minute)",
      extentOf(gathered),
      example,
      gathered.limit,
    ),
    severity: undefined,
    route: undefined,
    details: [
      { name: "problems", value: gathered.size },
      { name: "hosts", value: gathered.hosts },
      { name: "severities", value: severitiesOf(gathered) },
      { name: "gravest", value: table.concat(names, "; ") },
    ],
  };
}
