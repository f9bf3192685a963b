// `incidents`: the open incidents of the output's services, who works on them, and what differs from Centreon; with --plugin
// in the form of a monitoring plugin.
import type { Incident } from "../feedback/answers";
import { type JsonValue, encode } from "../text/json";
import { type Arguments, type Syntax, numberOf } from "./arguments";
import { LEVEL, LEVEL_WORDS, type Level } from "./health_report";
import { type Difference, type OpenIncident, type OpenIncidents, askOpenIncidents } from "./open_incidents";
import { withOutputOptions } from "./output";
import { PLUGIN_OPTION, cannotTell, pluginLine } from "./plugin";
import { EXIT, type Report, counted } from "./report";
import { openAsked } from "./rest_asking";

const THRESHOLDS = [
  {
    name: "--warning-triggered",
    fallback: 0,
    meaning: "warn when nobody works on so many incidents (0: never)",
  },
  { name: "--critical-triggered", fallback: 0, meaning: "critical from so many on (0: never)" },
  {
    name: "--warning-differing",
    fallback: 1,
    meaning: "warn when so much differs from Centreon (1; 0: never)",
  },
  { name: "--critical-differing", fallback: 0, meaning: "critical from so many on (0: never)" },
] as const;

export const INCIDENTS: Syntax = {
  command: "incidents",
  purpose: "Tells what is open in PagerDuty, who works on it, and what differs from Centreon.",
  operands: [],
  options: withOutputOptions([
    PLUGIN_OPTION,
    { name: "--json", meaning: "the same as one JSON object" },
    { name: THRESHOLDS[0].name, value: "N", meaning: THRESHOLDS[0].meaning },
    { name: THRESHOLDS[1].name, value: "N", meaning: THRESHOLDS[1].meaning },
    { name: THRESHOLDS[2].name, value: "N", meaning: THRESHOLDS[2].meaning },
    { name: THRESHOLDS[3].name, value: "N", meaning: THRESHOLDS[3].meaning },
  ]),
};

/** Who has it in hand, or whom PagerDuty calls. */
function whoOf({ acknowledgement, assignees }: Incident): string | undefined {
  if (acknowledgement !== undefined) return acknowledgement.by;
  return assignees.length === 0 ? undefined : table.concat(assignees as string[], ", ");
}

/** Since when it is in this state, as PagerDuty writes times. */
function sinceOf({ acknowledgement, changedAt, createdAt }: Incident): string {
  if (acknowledgement !== undefined) return acknowledgement.at;
  return changedAt === "" ? createdAt : changedAt;
}

function incidentLine({ incident, keys }: OpenIncident): string {
  const names: string[] = [];
  for (const { name, dedupKey } of keys) names.push(`${name} (${dedupKey})`);
  const what = names.length === 0 ? `${incident.title} (not from Centreon)` : table.concat(names, ", ");
  const who = whoOf(incident);
  const hand = incident.status === "acknowledged" ? "by" : "assigned to";
  const whose = who === undefined ? "" : ` ${hand} ${who}`;
  const number = string.format("#%.0f", incident.number);
  return `${number}  ${incident.status}${whose} since ${sinceOf(incident)}: ${what}, ${incident.serviceName}  ${incident.address}`;
}

/** `open there, fine here: web-01/Load (11_22), #12  https://…`. */
export function differenceLine({ kind, name, dedupKey, incident, more }: Difference): string {
  const detail = more === "" ? "" : ` (${more})`;
  const where = incident === undefined ? "" : string.format(", #%.0f  %s", incident.number, incident.address);
  return `${kind}${detail}: ${name} (${dedupKey})${where}`;
}

function differenceJson({ kind, dedupKey, name, incident, more }: Difference): JsonValue {
  const detail = more === "" ? undefined : more;
  return {
    fields: [
      ["kind", kind],
      ["dedup_key", dedupKey],
      ["resource", name],
      ["incident_number", incident?.number],
      ["url", incident?.address],
      ["detail", detail],
    ],
  };
}

/** The list of differences, as programs read it. */
export function differencesJson(differences: readonly Difference[]): JsonValue {
  const items: JsonValue[] = [];
  for (const difference of differences) items.push(differenceJson(difference));
  return { items };
}

function incidentJson({ incident, keys }: OpenIncident): JsonValue {
  const alerts: JsonValue[] = [];
  for (const { dedupKey, name } of keys)
    alerts.push({
      fields: [
        ["dedup_key", dedupKey],
        ["resource", name],
      ],
    });
  return {
    fields: [
      ["number", incident.number],
      ["id", incident.id],
      ["status", incident.status],
      ["title", incident.title],
      ["service", incident.serviceName],
      ["who", whoOf(incident)],
      ["since", sinceOf(incident)],
      ["created_at", incident.createdAt],
      ["url", incident.address],
      ["alerts", { items: alerts }],
    ],
  };
}

function jsonOf({ incidents, differences }: OpenIncidents): string {
  const items: JsonValue[] = [];
  for (const incident of incidents) items.push(incidentJson(incident));
  return encode({
    fields: [
      ["incidents", { items }],
      ["differences", differencesJson(differences)],
    ],
  });
}

function levelOf(count: number, warning: number, critical: number): Level {
  if (critical > 0 && count >= critical) return LEVEL.critical;
  return warning > 0 && count >= warning ? LEVEL.warning : LEVEL.ok;
}

/** A count as plugins tell it; a limit of 0 is none. */
function measured(name: string, count: number, warning: number, critical: number): string {
  const limit = (value: number): string => (value === 0 ? "" : string.format("%d", value));
  return string.format("%s=%d;%s;%s;0", name, count, limit(warning), limit(critical));
}

export function incidents(given: Arguments, report: Report): number {
  const isPlugin = given.has("--plugin");
  const limits: number[] = [];
  for (const { name, fallback } of THRESHOLDS) {
    const limit = numberOf(given, name, fallback);
    if (limit === undefined) {
      const code = cannotTell(INCIDENTS.command, `${name} needs a whole number`, isPlugin, report);
      return isPlugin ? code : EXIT.usage;
    }
    limits.push(limit);
  }
  const opened = openAsked(INCIDENTS.command, given, report);
  if (typeof opened === "number") return opened;
  const found = askOpenIncidents(opened);
  if (typeof found === "string") return cannotTell(INCIDENTS.command, found, isPlugin, report);
  let triggered = 0;
  for (const { incident } of found.incidents) if (incident.status === "triggered") triggered = triggered + 1;
  const open = found.incidents.length;
  const differing = found.differences.length;
  const [warningTriggered, criticalTriggered] = [limits[0] ?? 0, limits[1] ?? 0];
  const [warningDiffering, criticalDiffering] = [limits[2] ?? 0, limits[3] ?? 0];
  const ofTriggered = levelOf(triggered, warningTriggered, criticalTriggered);
  const ofDiffering = levelOf(differing, warningDiffering, criticalDiffering);
  const level = ofTriggered > ofDiffering ? ofTriggered : ofDiffering;
  const differs = differing === 0 ? "nothing differs from Centreon" : `${differing} differing from Centreon`;
  const text = `${counted(open, "open incident")}: ${triggered} triggered, ${open - triggered} acknowledged; ${differs}`;
  if (isPlugin) {
    const first = found.differences[0];
    const example = first === undefined ? "" : `, such as ${first.name}: ${first.kind}`;
    const performance = [
      measured("incidents.open.count", open, 0, 0),
      measured("incidents.triggered.count", triggered, warningTriggered, criticalTriggered),
      measured("incidents.differing.count", differing, warningDiffering, criticalDiffering),
    ];
    report.print(pluginLine(level, text + example, table.concat(performance, " ")));
    return level;
  }
  const code = level === LEVEL.ok ? EXIT.good : EXIT.problem;
  if (given.has("--json")) {
    report.print(jsonOf(found));
    return code;
  }
  for (const incident of found.incidents) report.add(incidentLine(incident));
  if (differing > 0) report.add(`differing (${differing})`);
  for (const difference of found.differences) report.add(`  ${differenceLine(difference)}`);
  if (found.journalProblem !== undefined) report.find("WARNING", "journal", found.journalProblem);
  report.print(`${level === LEVEL.ok ? "ok" : LEVEL_WORDS[level]}: ${text}`);
  return code;
}
