// The administrator's own code (custom_code_file): loads it, shows it plain tables, and takes from them what it may
// change. The only user of loadfile. Whatever the code does wrong costs its own wishes, never an alert.
import {
  type CustomDetail,
  type CustomVerdict,
  type DescribedAlert,
  type Severity,
  isSeverity,
  sharedIfEmpty,
} from "../alerts/alert";
import { actionUrlOf, notesOf, notesUrlOf } from "../pagerduty/notes";
import { outputLines } from "../text/lines";

/** What is going to be said of an alert, before the code has seen it. */
export interface Plan {
  readonly summary: string;
  readonly severity: Severity;
  /** The label of a routing key. */
  readonly route: string;
}

export interface CustomCodePorts {
  /** Labels of routing keys. */
  readonly isRoute: (this: void, label: string) => boolean;
  readonly error: (this: void, text: string) => void;
}

/** What the code makes of an alert; undefined: nothing. */
export type CustomCode = (this: void, alert: DescribedAlert, plan: Plan) => CustomVerdict | undefined;

type UserFunction = (this: void, observation: unknown, event: unknown) => unknown;

type UserTable = LuaTable<string, unknown>;

/** Most different lines about its faults that the log gets: their words may come from the events. */
const MOST_COMPLAINTS = 10;

/** Most bytes that are kept of each text. */
const MAXIMUM_KEPT_BYTES = 65536;

/** Most fields that it may add to the details. */
const MOST_DETAILS = 100;

function copyOf(list: readonly string[]): string[] {
  const copy: string[] = [];
  for (const item of list) copy.push(item);
  return copy;
}

/** All that is known of the problem, in a table of its own; docs/routing.md lists the names. */
function observationOf(alert: DescribedAlert): unknown {
  const { dedupKey, resource, facts, place, report } = alert;
  const lines = outputLines(report.output, report.longOutput);
  const customVariables = new LuaTable<string, string>();
  for (const { name, value } of place.customVariables ?? []) customVariables.set(name, value);
  return {
    key: dedupKey,
    class: place.className,
    host_id: "hostId" in resource ? resource.hostId : undefined,
    service_id: resource.kind === "service" ? resource.serviceId : undefined,
    id: "id" in resource ? resource.id : undefined,
    host: place.hostName,
    service: place.serviceDescription,
    state: facts.state,
    state_name: report.stateName,
    output: lines.first,
    long_output: lines.further,
    perfdata: report.perfdata,
    is_acknowledged: facts.isAcknowledged,
    downtime_depth: facts.downtimeDepth,
    is_flapping: facts.isFlapping,
    last_check: facts.lastCheck,
    last_ok: report.lastOk,
    since: report.since,
    attempt: report.attempt,
    max_attempts: report.maximumAttempts,
    host_alias: place.hostAlias,
    host_address: place.hostAddress,
    time_zone: place.timeZone ?? "",
    poller: place.poller,
    host_groups: copyOf(place.hostGroups),
    service_groups: copyOf(place.serviceGroups),
    business_views: copyOf(place.businessViews ?? []),
    categories: copyOf(place.categories ?? []),
    criticality: place.criticality,
    criticality_name: place.criticalityName ?? "",
    custom_variables: customVariables,
    notes: notesOf(alert),
    notes_url: notesUrlOf(alert),
    action_url: actionUrlOf(alert),
  };
}

/** A text, number or boolean that JSON can hold; undefined for anything else. */
function detailValue(value: unknown): CustomDetail["value"] | undefined {
  if (typeof value === "string") return string.sub(value, 1, MAXIMUM_KEPT_BYTES);
  if (typeof value === "boolean") return value;
  const isNumber = typeof value === "number" && value === value && math.abs(value) !== math.huge;
  return isNumber ? value : undefined;
}

/** What may be changed of an event. */
const CHANGEABLE: Record<string, boolean | undefined> = {
  summary: true,
  severity: true,
  route: true,
  custom_details: true,
};

/** The function that the file at `path` returns, or what is wrong with it. */
function functionOf(path: string): UserFunction | string {
  const [chunk, problem] = loadfile(path);
  if (chunk === undefined) return problem ?? "it cannot be read";
  const [isRun, result] = pcall(chunk as (this: void) => unknown);
  if (!isRun) return tostring(result);
  if (typeof result === "function") return result as UserFunction;
  return `it returned ${type(result)}: expected a function (observation, event), see docs/routing.md`;
}

/** Loads the file at `path`. Undefined when there is none to load, or it cannot be used, which the log is told. */
export function loadCustomCode(path: string, ports: CustomCodePorts): CustomCode | undefined {
  if (path === "") return undefined;
  const userFunction = functionOf(path);
  if (typeof userFunction === "string") {
    ports.error(`custom_code_file ${path} is not used: ${userFunction}; alerts go out as they are`);
    return undefined;
  }

  const said = new LuaSet<string>();
  let complaints = 0;
  /** Each fault once. */
  const complain = (text: string): void => {
    if (said.has(text) || complaints === MOST_COMPLAINTS) return;
    said.add(text);
    complaints = complaints + 1;
    ports.error(`custom_code_file ${path}: ${text} (said once)`);
  };

  const readDetails = (given: unknown): CustomDetail[] => {
    const details: CustomDetail[] = [];
    if (typeof given !== "object") {
      complain(`event.custom_details is a ${type(given)}: expected a table; it is left out`);
      return details;
    }
    for (const [name, value] of pairs(given as Record<string, unknown>)) {
      const usable = detailValue(value);
      if (typeof name !== "string" || usable === undefined) {
        complain(
          `event.custom_details.${tostring(name)} is a ${type(value)}: expected a name, and a text, number or boolean; it is left out`,
        );
      } else {
        details.push({ name, value: usable });
      }
    }
    table.sort(details, (left, right) => left.name < right.name);
    if (details.length <= MOST_DETAILS) return details;
    complain(`event.custom_details has more than ${MOST_DETAILS} fields; the others are left out`);
    const first: CustomDetail[] = [];
    for (const detail of details) if (first.length < MOST_DETAILS) first.push(detail);
    return first;
  };

  /** What the event's table says now, where it differs from the plan and can be used. */
  const readVerdict = (event: UserTable, plan: Plan, isDropped: boolean): CustomVerdict | undefined => {
    for (const [name] of event) {
      if (CHANGEABLE[name] !== true) {
        complain(
          `event.${tostring(name)} cannot be set: only summary, severity, route and custom_details can`,
        );
      }
    }
    const summary = event.get("summary");
    const isSummary = typeof summary === "string" && string.find(summary, "%S")[0] !== undefined;
    if (!isSummary) complain("event.summary is no text, or empty; it stays as it was");
    const severity = event.get("severity");
    if (!isSeverity(severity)) {
      complain(
        `event.severity is ${tostring(severity)}: expected critical, error, warning or info; it stays as it was`,
      );
    }
    const route = event.get("route");
    const isRoute = typeof route === "string" && ports.isRoute(route);
    if (!isRoute) {
      complain(`event.route is ${tostring(route)}: there is no usable key of that name; it stays as it was`);
    }
    const details = readDetails(event.get("custom_details"));
    const verdict: CustomVerdict = {
      isDropped,
      summary: isSummary && summary !== plan.summary ? string.sub(summary, 1, MAXIMUM_KEPT_BYTES) : undefined,
      severity: isSeverity(severity) && severity !== plan.severity ? severity : undefined,
      route: isRoute && route !== plan.route ? route : undefined,
      details: sharedIfEmpty(details),
    };
    const hasChanges =
      verdict.summary !== undefined || verdict.severity !== undefined || verdict.route !== undefined;
    return isDropped || hasChanges || details.length > 0 ? verdict : undefined;
  };

  return (alert, plan) => {
    const event: UserTable = new LuaTable();
    event.set("summary", plan.summary);
    event.set("severity", plan.severity);
    event.set("route", plan.route);
    event.set("custom_details", new LuaTable());
    // What it leaves behind is read under pcall, too: its tables may raise.
    const [isDone, result] = pcall(() => {
      const answer = userFunction(observationOf(alert), event);
      return readVerdict(event, plan, answer === false);
    });
    if (isDone) return result;
    complain(`${tostring(result)}; the alert goes out as it is`);
    return undefined;
  };
}
