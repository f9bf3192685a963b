// A problem of which the rules are asked, made of the options of `rules`; what the options leave out, the journal knows, or
// nobody. Decides nothing.
import type {
  Alert,
  DescribedAlert,
  Facts,
  NamedValue,
  Place,
  Report as CheckReport,
  Resource,
  ResourceKind,
} from "../alerts/alert";
import { listOf } from "../settings/lists";
import type { Arguments, Option } from "./arguments";

/** What can be said of a problem. */
export const PROBLEM_OPTIONS: readonly Option[] = [
  { name: "--host", value: "NAME", meaning: "a problem of this host, or of its service" },
  { name: "--service", value: "NAME", meaning: "of this service" },
  { name: "--business-activity", value: "NAME", meaning: "of a business activity" },
  { name: "--state", value: "STATE", meaning: "its state (CRITICAL, or DOWN)" },
  { name: "--plugin-output", value: "TEXT", meaning: "what the plugin printed" },
  { name: "--host-group", value: "NAMES", meaning: "groups of the host, separated by commas" },
  { name: "--service-group", value: "NAMES", meaning: "groups of the service" },
  { name: "--category", value: "NAMES", meaning: "its categories" },
  { name: "--business-view", value: "NAMES", meaning: "views of the business activity" },
  { name: "--poller", value: "NAME", meaning: "who checks it; alone: a silent poller" },
  { name: "--criticality", value: "LEVEL", meaning: "its criticality" },
  { name: "--macro", value: "NAME=VALUE", meaning: "custom macros, separated by commas" },
  { name: "--metric", value: "NAME=VALUE", meaning: "metrics, separated by commas" },
  { name: "--acknowledged", meaning: "it is acknowledged" },
  { name: "--volatile", meaning: "its service is volatile" },
  { name: "--at", value: "TIME", meaning: 'when: "2026-11-27 03:00", or "03:00" today (now)' },
];

export function isProblemAsked(given: Arguments): boolean {
  for (const name of ["--host", "--business-activity", "--poller"])
    if (given.value(name) !== undefined) return true;
  return false;
}

/** The option that only makes sense with a problem; undefined: none is given. */
export function strayOption(given: Arguments): string | undefined {
  for (const { name } of PROBLEM_OPTIONS) if (given.has(name)) return name;
  return undefined;
}

/** Unix time of `2026-11-27 03:00`, or of `03:00` today, by the system's own clock; undefined for anything else. */
export function readTime(text: string, now: number): number | undefined {
  const [year, month, day, rest] = string.match(text, "^(%d%d%d%d)%-(%d%d?)%-(%d%d?)[ T](.*)$");
  const [hour, minute] = string.match(rest ?? text, "^(%d%d?):(%d%d)$");
  if (hour === undefined || minute === undefined) return undefined;
  const today = os.date("*t", now);
  const hours = tonumber(hour) ?? 0;
  const minutes = tonumber(minute) ?? 0;
  if (hours > 23 || minutes > 59) return undefined;
  return os.time({
    year: tonumber(year) ?? today.year,
    month: tonumber(month) ?? today.month,
    day: tonumber(day) ?? today.day,
    hour: hours,
    min: minutes,
  });
}

const HOST_STATES: Record<string, number | undefined> = { DOWN: 1, UNREACHABLE: 2 };
const SERVICE_STATES: Record<string, number | undefined> = { WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };

interface State {
  readonly name: string;
  readonly number: number;
}

/** The state that is meant; a text says what is possible. */
function stateOf(kind: ResourceKind, given: string | undefined): State | string {
  const states = kind === "host" ? HOST_STATES : SERVICE_STATES;
  const name = string.upper(given ?? (kind === "host" ? "DOWN" : "CRITICAL"));
  const number = states[name];
  if (number !== undefined) return { name, number };
  const possible = kind === "host" ? "DOWN or UNREACHABLE" : "WARNING, CRITICAL or UNKNOWN";
  return `--state "${given ?? ""}": expected ${possible}`;
}

/** `NAME=VALUE` pairs; undefined where one is none. */
function pairsOf(text: string | undefined): NamedValue[] | undefined {
  const found: NamedValue[] = [];
  for (const item of listOf(text ?? "", ",")) {
    const [name, value] = string.match(item, "^([^=]+)=(.*)$");
    if (name === undefined || value === undefined) return undefined;
    found.push({ name, value });
  }
  return found;
}

/** The problem of that name in the journal. */
function knownAlert(alerts: readonly Alert[], host: string, service: string): Alert | undefined {
  for (const alert of alerts)
    if (alert.place?.hostName === host && alert.place.serviceDescription === service) return alert;
  return undefined;
}

/** Ids that no resource has. */
const RESOURCES: Record<"host" | "service" | "business activity" | "poller", Resource> = {
  host: { kind: "host", hostId: 0, serviceId: 0 },
  service: { kind: "service", hostId: 0, serviceId: 0 },
  "business activity": { kind: "business activity", id: 0 },
  poller: { kind: "poller", id: 0 },
};

const CLASS_NAMES: Record<string, string | undefined> = { "business activity": "business_activity" };

/** Whether the names that an option gives; else what is known. */
function namesOf(given: Arguments, option: string, known: readonly string[] | undefined): readonly string[] {
  const text = given.value(option);
  return text === undefined ? (known ?? []) : listOf(text, ",");
}

function placeWith(
  given: Arguments,
  kind: ResourceKind,
  macros: NamedValue[],
  known: Place | undefined,
): Place {
  const customVariables: NamedValue[] = [];
  for (const { name, value } of macros) customVariables.push({ name: string.upper(name), value });
  for (const variable of known?.customVariables ?? []) customVariables.push(variable);
  return {
    isKnown: true,
    className: CLASS_NAMES[kind] ?? kind,
    hostName: given.value("--host") ?? given.value("--business-activity") ?? given.value("--poller") ?? "",
    serviceDescription: given.value("--service") ?? "",
    hostGroups: namesOf(given, "--host-group", known?.hostGroups),
    serviceGroups: namesOf(given, "--service-group", known?.serviceGroups),
    businessViews: namesOf(given, "--business-view", known?.businessViews),
    categories: namesOf(given, "--category", known?.categories),
    criticality: tonumber(given.value("--criticality") ?? "") ?? known?.criticality ?? 0,
    poller: given.value("--poller") ?? known?.poller ?? "",
    customVariables,
    hostAlias: known?.hostAlias ?? "",
    hostAddress: known?.hostAddress ?? "",
  };
}

/** A problem to ask of, and whether the journal had something to add. */
export interface AskedProblem {
  readonly alert: DescribedAlert;
  readonly isInJournal: boolean;
}

/** The problem that the options mean, at a time; or what is wrong with them. */
export function problemOf(given: Arguments, alerts: readonly Alert[], at: number): AskedProblem | string {
  const host = given.value("--host");
  const service = given.value("--service");
  if (service !== undefined && host === undefined) return "--service needs its --host";
  const isActivity = given.value("--business-activity") !== undefined;
  let kind: "host" | "service" | "business activity" | "poller" = isActivity ? "business activity" : "poller";
  if (host !== undefined) kind = service === undefined ? "host" : "service";
  const macros = pairsOf(given.value("--macro"));
  if (macros === undefined) return `--macro "${given.value("--macro") ?? ""}": expected NAME=VALUE`;
  const metrics = pairsOf(given.value("--metric"));
  if (metrics === undefined) return `--metric "${given.value("--metric") ?? ""}": expected NAME=VALUE`;
  const level = given.value("--criticality");
  if (level !== undefined && tonumber(level) === undefined)
    return `--criticality "${level}": expected a number`;
  const known = host === undefined ? undefined : knownAlert(alerts, host, service ?? "");
  const knownState = known === undefined || known.facts.state === 0 ? undefined : known.report?.stateName;
  const state = stateOf(kind, given.value("--state") ?? knownState);
  if (typeof state === "string") return state;
  const perfdata: string[] = [];
  for (const { name, value } of metrics) perfdata.push(`'${name}'=${value}`);
  const facts: Facts = {
    state: state.number,
    isAcknowledged: given.has("--acknowledged") || known?.facts.isAcknowledged === true,
    downtimeDepth: 0,
    isFlapping: false,
    lastCheck: at,
    staleness: undefined,
  };
  const report: CheckReport = {
    stateName: state.name,
    output: given.value("--plugin-output") ?? known?.report?.output ?? "",
    longOutput: known?.report?.longOutput ?? "",
    perfdata: perfdata.length === 0 ? (known?.report?.perfdata ?? "") : table.concat(perfdata, " "),
    attempt: 1,
    maximumAttempts: 0,
    lastOk: 0,
    since: at,
  };
  const alert = {
    dedupKey: known?.dedupKey ?? "",
    resource: known?.resource ?? RESOURCES[kind],
    place: placeWith(given, kind, macros, known?.place),
    facts,
    report,
    isVolatile: given.has("--volatile") || known?.isVolatile === true,
  };
  return { alert: alert as unknown as DescribedAlert, isInJournal: known !== undefined };
}
