// Turns the parameters that are lists, patterns and small tables into rules. What
// cannot be used is left out, with a complaint: a slip in a filter must not cost a page.
import type { ResourceKind } from "../alerts/alert";
import type { FilterRules, NameLists, Threshold } from "./filter";
import type { RouteRule, RouteSubject } from "./routes";
import type { SeverityRules } from "./severity";
import type { LinkTemplate } from "../pagerduty/links";
import { type DetailTemplate, type Template, readTemplate } from "../pagerduty/template";
import { type ChangeEvents, readChangeEvents } from "./change_events";
import { NO_SEPARATOR, listOf } from "../settings/lists";
import { type PatternDoubt, patternCost, patternDoubt, patternProblem } from "../settings/patterns";
import type { Complaint } from "../settings/complaint";
import { PARAMETERS, ROUTING_KEY_PREFIX } from "../settings/parameters";
import type { CheckedSettings, Settings } from "../settings/settings";

/** Everything the administrator has a say in about an alert. */
export interface Rules {
  readonly filter: FilterRules;
  readonly severity: SeverityRules;
  readonly routes: readonly RouteRule[];
  /** What the summary says; undefined: the usual. */
  readonly summary: Template | undefined;
  /** Fields to add to the details. */
  readonly details: readonly DetailTemplate[];
  /** Links and images to add. */
  readonly links: readonly LinkTemplate[];
  readonly images: readonly LinkTemplate[];
  /** Undefined when no change events are to be sent, or none can be. */
  readonly changeEvents: ChangeEvents | undefined;
}

function names(accepted: string, rejected: string): NameLists {
  return { accepted: listOf(accepted, ","), rejected: listOf(rejected, ",") };
}

/** What to write instead of a pattern that was probably meant otherwise. `several`: how several patterns are written. */
function advice({ corrected, hasAlternatives }: PatternDoubt, several: string): string {
  return hasAlternatives ? several : `to mean the name, write ${corrected}`;
}

/** Says of a pattern that it may not do what was meant: nothing else would, since it is one. */
function complainOfDoubt(name: string, pattern: string, several: string, complaints: Complaint[]): void {
  const doubt = patternDoubt(pattern);
  if (doubt === undefined) return;
  complaints.push({
    isError: false,
    text: `parameter ${name}: "${pattern}" is a Lua pattern, in which ${doubt.reason}: ${advice(doubt, several)}`,
  });
}

/** Why a usable pattern is refused nevertheless, and what was probably meant; undefined when it is not. */
function costOf(pattern: string, several: string): string | undefined {
  const cost = patternCost(pattern);
  const doubt = cost === undefined ? undefined : patternDoubt(pattern);
  return doubt === undefined ? cost : `${cost ?? ""}; ${doubt.reason}: ${advice(doubt, several)}`;
}

/** The patterns of a parameter, one or several; those that cannot be used are left out. */
function patternsOf(
  name: "accepted_hosts" | "rejected_hosts" | "accepted_services" | "rejected_services",
  settings: Settings,
  complaints: Complaint[],
): string[] {
  const isSplit = settings[`${name}_enable_split_pattern`];
  const separator = isSplit ? settings[`${name}_split_character`] : NO_SEPARATOR;
  const several = isSplit
    ? `separate several patterns by ${separator}`
    : `for several patterns set ${name}_enable_split_pattern to 1, and separate them by ${settings[`${name}_split_character`]}`;
  const usable: string[] = [];
  for (const pattern of listOf(settings[name], separator)) {
    const problem = patternProblem(pattern);
    const cost = problem === undefined ? costOf(pattern, several) : undefined;
    if (problem !== undefined) {
      complaints.push({
        isError: true,
        text: `parameter ${name}: "${pattern}" is no Lua pattern (${problem}); it is left out`,
      });
    } else if (cost !== undefined) {
      complaints.push({
        isError: true,
        text: `parameter ${name}: "${pattern}" could hold up the broker for minutes (${cost}); it is left out`,
      });
    } else {
      complainOfDoubt(name, pattern, several, complaints);
      usable.push(pattern);
    }
  }
  return usable;
}

/** The parameters that list states. */
type StateList = "host_status" | "service_status" | "ba_status";

/** The states in a list; of a list in which none can be used those of the default. */
function statesOf(name: StateList, text: string, complaints: Complaint[]): number[] {
  const states: number[] = [];
  for (const item of listOf(text, ",")) {
    const state = tonumber(item);
    if (state !== undefined) states.push(state);
    else
      complaints.push({
        isError: true,
        text: `parameter ${name}: "${item}" is no state: expected numbers such as 1,2; it is left out`,
      });
  }
  return states.length > 0 ? states : statesOf(name, PARAMETERS[name].fallback, complaints);
}

/** The elements by which accepted_elements names kinds of problems; a poller's silence is nobody's to filter. */
const KIND_OF_ELEMENT: Record<string, ResourceKind | undefined> = {
  host_status: "host",
  service_status: "service",
  ba_status: "business activity",
};

/** Elements that the predecessor knows too; they open no alerts of their own. */
const OTHER_ELEMENTS: Record<string, boolean | undefined> = {
  acknowledgement: true,
  downtime: true,
  kpi_status: true,
};

function filterRules(settings: Settings, complaints: Complaint[]): FilterRules {
  const isAccepted: Record<string, boolean | undefined> = {};
  for (const element of listOf(settings.accepted_elements, ",")) {
    const kind = KIND_OF_ELEMENT[element];
    if (kind !== undefined) {
      isAccepted[kind] = true;
    } else if (OTHER_ELEMENTS[element] !== true) {
      complaints.push({
        isError: true,
        text: `parameter accepted_elements: "${element}" is unknown: expected host_status, service_status, ba_status; it is left out`,
      });
    }
  }
  const states = (kind: ResourceKind, name: StateList, text: string): number[] =>
    isAccepted[kind] === true ? statesOf(name, text, complaints) : [];
  const threshold = (value: number, operator: string): Threshold | undefined =>
    value === 0 ? undefined : { threshold: value, operator: operator as Threshold["operator"] };
  return {
    states: {
      host: states("host", "host_status", settings.host_status),
      service: states("service", "service_status", settings.service_status),
      "business activity": states("business activity", "ba_status", settings.ba_status),
      poller: settings.severity_poller_silent === "none" ? [] : [SILENT],
      connector: [NOT_DELIVERING],
      storm: [],
    },
    hostGroups: names(settings.accepted_hostgroups, settings.rejected_hostgroups),
    serviceGroups: names(settings.accepted_servicegroups, settings.rejected_servicegroups),
    businessViews: names(settings.accepted_bvs, settings.rejected_bvs),
    pollers: names(settings.accepted_pollers, settings.rejected_pollers),
    hosts: {
      accepted: patternsOf("accepted_hosts", settings, complaints),
      rejected: patternsOf("rejected_hosts", settings, complaints),
    },
    services: {
      accepted: patternsOf("accepted_services", settings, complaints),
      rejected: patternsOf("rejected_services", settings, complaints),
    },
    hostCriticality: threshold(settings.host_severity_threshold, settings.host_severity_operator),
    serviceCriticality: threshold(settings.service_severity_threshold, settings.service_severity_operator),
    authors: names(settings.accepted_authors, settings.rejected_authors),
  };
}

/** The states that the observations of a silent poller and of a connector in trouble have. */
const SILENT = 2;
const NOT_DELIVERING = 2;

function severityRules(settings: Settings, complaints: Complaint[]): SeverityRules {
  const stepsByCriticality = new LuaTable<number, number | undefined>();
  for (const item of listOf(settings.severity_by_criticality, ",")) {
    const [level, steps] = string.match(item, "^(%d+)%s*:%s*([+-]?%d+)$");
    const levelNumber = level === undefined ? undefined : tonumber(level);
    if (levelNumber === undefined || steps === undefined) {
      complaints.push({
        isError: true,
        text: `parameter severity_by_criticality: "${item}" cannot be read: expected level:steps, such as 1:+1; it is left out`,
      });
    } else {
      stepsByCriticality.set(levelNumber, tonumber(steps));
    }
  }
  return {
    ofState: {
      host: { 1: settings.severity_host_down, 2: settings.severity_host_unreachable },
      service: {
        1: settings.severity_service_warning,
        2: settings.severity_service_critical,
        3: settings.severity_service_unknown,
      },
      "business activity": {
        1: settings.severity_ba_warning,
        2: settings.severity_ba_critical,
        3: settings.severity_ba_unknown,
      },
      // One that nobody is to be told of has some severity all the same.
      poller: settings.severity_poller_silent === "none" ? {} : { [SILENT]: settings.severity_poller_silent },
      connector: { [NOT_DELIVERING]: "critical" },
      storm: {},
    } as SeverityRules["ofState"],
    stepsByCriticality,
  };
}

const ROUTE_SUBJECTS: Record<RouteSubject, true> = {
  hostgroup: true,
  servicegroup: true,
  poller: true,
  host: true,
  service: true,
  ba: true,
  bv: true,
  criticality: true,
};

const A_RULE_FOR_EACH = "write a rule for each of several patterns";

/** Reads one rule, `subject pattern -> name`. Gives the rule, or what is wrong with it. */
function readRoute(text: string, routingKeys: Record<string, string>): RouteRule | string {
  const [subject, pattern, route] = string.match(text, "^(%a+)%s+(.-)%s*%->%s*([%w_]+)$");
  if (subject === undefined || pattern === undefined || route === undefined) {
    return "expected `what pattern -> name`, such as `hostgroup ^Databases$ -> dba`";
  }
  if (!(subject in ROUTE_SUBJECTS)) {
    return `${subject} is unknown: expected hostgroup, servicegroup, poller, host, service, ba, bv or criticality`;
  }
  if (routingKeys[route] === undefined) return `there is no usable parameter ${ROUTING_KEY_PREFIX}${route}`;
  if (subject === "criticality" && tonumber(pattern) === undefined) {
    return `"${pattern}" is no criticality level`;
  }
  const cost = costOf(pattern, A_RULE_FOR_EACH);
  const problem =
    patternProblem(pattern) ??
    (cost === undefined ? undefined : `it could hold up the broker for minutes: ${cost}`);
  return problem ?? { subject: subject as RouteSubject, pattern, route };
}

function routeRules(text: string, routingKeys: Record<string, string>, complaints: Complaint[]): RouteRule[] {
  const rules: RouteRule[] = [];
  for (const item of listOf(text, ";")) {
    const rule = readRoute(item, routingKeys);
    if (typeof rule === "string") {
      complaints.push({ isError: true, text: `parameter pdy_routes: "${item}" is left out: ${rule}` });
    } else {
      complainOfDoubt("pdy_routes", rule.pattern, A_RULE_FOR_EACH, complaints);
      rules.push(rule);
    }
  }
  return rules;
}

/** The names of the custom variables that alerts show, as events spell them. */
export function customVariablesOf(settings: Settings): string[] {
  return listOf(string.upper(settings.pdy_custom_variables), ",");
}

/** The summary's template; undefined when none is set, or it cannot be used. */
function summaryTemplate(settings: Settings, complaints: Complaint[]): Template | undefined {
  if (settings.pdy_summary_format === "") return undefined;
  const template = readTemplate(settings.pdy_summary_format, customVariablesOf(settings));
  if (typeof template !== "string") return template;
  complaints.push({
    isError: true,
    text: `parameter pdy_summary_format: ${template}; the usual summary is used instead`,
  });
  return undefined;
}

function detailTemplates(settings: Settings, complaints: Complaint[]): DetailTemplate[] {
  const templates: DetailTemplate[] = [];
  for (const item of listOf(settings.pdy_details_format, ";")) {
    const [name, text] = string.match(item, "^([%w_]+)%s*=%s*(.+)$");
    const template =
      name === undefined || text === undefined
        ? "expected `name=text`, such as `rack={macro:RACK}`"
        : readTemplate(text, customVariablesOf(settings));
    if (name !== undefined && typeof template !== "string") templates.push({ name, template });
    else
      complaints.push({
        isError: true,
        text: `parameter pdy_details_format: "${item}" is left out: ${template as string}`,
      });
  }
  return templates;
}

/** An image's address must be https (PagerDuty's rule); a placeholder at the beginning is looked at when it is filled in. */
const ADDRESS_BEGINNINGS = { pdy_links: "https?://[^%s/]", pdy_images: "https://[^%s/]" } as const;

/** Reads one link or image, `text=address`. Gives it, or what is wrong with it. */
function readLink(
  name: "pdy_links" | "pdy_images",
  item: string,
  customVariables: readonly string[],
): LinkTemplate | string {
  const [textFormat, addressFormat] = string.match(item, "^([^=]-)%s*=%s*(.+)$");
  if (textFormat === undefined || addressFormat === undefined || textFormat === "") {
    return "expected `text=address`, such as `Runbook=https://wiki.example.com/{service}`";
  }
  const isAddress =
    string.sub(addressFormat, 1, 1) === "{" ||
    string.find(string.lower(addressFormat), `^${ADDRESS_BEGINNINGS[name]}`)[0] !== undefined;
  if (!isAddress) {
    return name === "pdy_links"
      ? "its address must begin with https:// (or http://), or with a placeholder"
      : "its address must begin with https://, or with a placeholder: PagerDuty loads no other";
  }
  const text = readTemplate(textFormat, customVariables);
  if (typeof text === "string") return text;
  const address = readTemplate(addressFormat, customVariables);
  return typeof address === "string" ? address : { text, address };
}

function linkTemplates(
  name: "pdy_links" | "pdy_images",
  settings: Settings,
  complaints: Complaint[],
): LinkTemplate[] {
  const templates: LinkTemplate[] = [];
  for (const item of listOf(settings[name], ";")) {
    const link = readLink(name, item, customVariablesOf(settings));
    if (typeof link !== "string") templates.push(link);
    else complaints.push({ isError: true, text: `parameter ${name}: "${item}" is left out: ${link}` });
  }
  return templates;
}

/** The rules that the parameters add up to. What is wrong with them is added to the complaints. */
export function readRules({ settings, routingKeys, complaints }: CheckedSettings): Rules {
  return {
    filter: filterRules(settings, complaints),
    severity: severityRules(settings, complaints),
    routes: routeRules(settings.pdy_routes, routingKeys, complaints),
    summary: summaryTemplate(settings, complaints),
    details: detailTemplates(settings, complaints),
    links: linkTemplates("pdy_links", settings, complaints),
    images: linkTemplates("pdy_images", settings, complaints),
    changeEvents: readChangeEvents(settings, routingKeys, complaints),
  };
}
