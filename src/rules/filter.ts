// The filters, accepted_ and rejected_ and so on, as rules: which problems may open an alert. What cannot be used is left
// out, with a complaint: a slip in a filter must not cost a page. A filter can keep an alert from opening, never from being
// resolved: that is the policy's, this only says why a problem is filtered out.
import type { Place, ResourceKind } from "../alerts/alert";
import type { Complaint } from "../settings/complaint";
import { NO_SEPARATOR, listOf } from "../settings/lists";
import { PARAMETERS } from "../settings/parameters";
import { patternProblem } from "../settings/patterns";
import type { Settings } from "../settings/settings";
import { complainOfDoubt, costOf } from "./pattern_advice";
import type { Rule, RuleSubject } from "./rule";

/** A list that a name must be on, or must not be on; empty lists say nothing. */
export interface NameLists {
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

function namesIn(accepted: string, rejected: string): NameLists {
  return { accepted: listOf(accepted, ","), rejected: listOf(rejected, ",") };
}

function contains(list: readonly string[], name: string): boolean {
  for (const item of list) if (item === name) return true;
  return false;
}

/** Why `names` do not pass `lists`, or undefined. `what` is the parameters' word for them. */
function rejectedNames(names: readonly string[], lists: NameLists, what: string): string | undefined {
  for (const name of names) {
    if (contains(lists.rejected, name)) return `${name} is in rejected_${what}`;
  }
  if (lists.accepted.length === 0) return undefined;
  for (const name of names) if (contains(lists.accepted, name)) return undefined;
  return `it is in none of accepted_${what}`;
}

/** Why a name does not pass lists of Lua patterns, or undefined. */
function rejectedByPattern(name: string, patterns: NameLists, what: string): string | undefined {
  for (const pattern of patterns.rejected) {
    if (string.find(name, pattern)[0] !== undefined) return `its name fits rejected_${what} ${pattern}`;
  }
  if (patterns.accepted.length === 0) return undefined;
  for (const pattern of patterns.accepted) if (string.find(name, pattern)[0] !== undefined) return undefined;
  return `its name fits none of accepted_${what}`;
}

function holds(left: number, operator: string, right: number): boolean {
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  if (operator === ">") return left > right;
  if (operator === ">=") return left >= right;
  return operator === "==" ? left === right : left !== right;
}

/** Why a criticality (0: none) does not pass, or undefined. A resource without one passes no threshold. */
function rejectedCriticality(
  criticality: number,
  threshold: number,
  operator: string,
  what: string,
): string | undefined {
  if (criticality > 0 && holds(threshold, operator, criticality)) return undefined;
  return string.format("its criticality %d does not pass %s_severity_threshold", criticality, what);
}

function rejectedState(state: number, states: readonly number[]): string | undefined {
  for (const accepted of states) if (accepted === state) return undefined;
  return string.format("state %d is not among those that alert", state);
}

/** The parameters that are Lua patterns. */
type PatternParameter = "accepted_hosts" | "rejected_hosts" | "accepted_services" | "rejected_services";

/** The patterns of a parameter, one or several; those that cannot be used are left out. */
function patternsOf(name: PatternParameter, settings: Settings, complaints: Complaint[]): string[] {
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

function patternLists(what: "hosts" | "services", settings: Settings, complaints: Complaint[]): NameLists {
  return {
    accepted: patternsOf(`accepted_${what}`, settings, complaints),
    rejected: patternsOf(`rejected_${what}`, settings, complaints),
  };
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

/** The kinds that `accepted_elements` names. */
function acceptedKinds(settings: Settings, complaints: Complaint[]): LuaSet<ResourceKind> {
  const kinds = new LuaSet<ResourceKind>();
  for (const element of listOf(settings.accepted_elements, ",")) {
    const kind = KIND_OF_ELEMENT[element];
    if (kind !== undefined) {
      kinds.add(kind);
    } else if (OTHER_ELEMENTS[element] !== true) {
      complaints.push({
        isError: true,
        text: `parameter accepted_elements: "${element}" is unknown: expected host_status, service_status, ba_status; it is left out`,
      });
    }
  }
  return kinds;
}

/** A rule by which problems open no alert where `reason` gives one; what is only named is no problem's. */
function rejecting(
  name: string,
  kinds: readonly ResourceKind[],
  reason: (this: void, place: Place, subject: RuleSubject) => string | undefined,
): Rule {
  const reasonOf = (subject: RuleSubject): string | undefined =>
    subject.place === undefined ? undefined : reason(subject.place, subject);
  return {
    name,
    origin: name,
    kinds,
    fits: (subject) => reasonOf(subject) !== undefined,
    page: false,
    reason: reasonOf,
  };
}

const HOSTS_AND_SERVICES = ["host", "service"] as const;

/** The filters in the order in which they are looked at. */
export function filterRules(settings: Settings, complaints: Complaint[]): Rule[] {
  const rules: Rule[] = [];
  const accepted = acceptedKinds(settings, complaints);
  const byState = (kind: ResourceKind, name: StateList): void => {
    const states = accepted.has(kind) ? statesOf(name, settings[name], complaints) : [];
    // A change has no state.
    rules.push(
      rejecting(name, [kind], (_place, { facts }) =>
        facts === undefined ? undefined : rejectedState(facts.state, states),
      ),
    );
  };
  const byLists = (
    what: string,
    kinds: readonly ResourceKind[],
    lists: NameLists,
    reason: (this: void, place: Place, subject: RuleSubject) => string | undefined,
  ): void => {
    const names: string[] = [];
    if (lists.accepted.length > 0) names.push(`accepted_${what}`);
    if (lists.rejected.length > 0) names.push(`rejected_${what}`);
    if (names.length > 0) rules.push(rejecting(table.concat(names, ", "), kinds, reason));
  };

  byState("host", "host_status");
  byState("service", "service_status");
  byState("business activity", "ba_status");
  const hostGroups = namesIn(settings.accepted_hostgroups, settings.rejected_hostgroups);
  byLists("hostgroups", HOSTS_AND_SERVICES, hostGroups, (place) =>
    rejectedNames(place.hostGroups, hostGroups, "hostgroups"),
  );
  const pollers = namesIn(settings.accepted_pollers, settings.rejected_pollers);
  byLists("pollers", ["host", "service", "poller"], pollers, (place, { resource }) =>
    rejectedNames([resource.kind === "poller" ? place.hostName : place.poller], pollers, "pollers"),
  );
  const hosts = patternLists("hosts", settings, complaints);
  byLists("hosts", HOSTS_AND_SERVICES, hosts, (place) => rejectedByPattern(place.hostName, hosts, "hosts"));
  const serviceGroups = namesIn(settings.accepted_servicegroups, settings.rejected_servicegroups);
  byLists("servicegroups", ["service"], serviceGroups, (place) =>
    rejectedNames(place.serviceGroups, serviceGroups, "servicegroups"),
  );
  const services = patternLists("services", settings, complaints);
  byLists("services", ["service"], services, (place) =>
    rejectedByPattern(place.serviceDescription, services, "services"),
  );
  const businessViews = namesIn(settings.accepted_bvs, settings.rejected_bvs);
  byLists("bvs", ["business activity"], businessViews, (place) =>
    rejectedNames(place.businessViews ?? [], businessViews, "bvs"),
  );
  for (const kind of HOSTS_AND_SERVICES) {
    const threshold = settings[`${kind}_severity_threshold`];
    const operator = settings[`${kind}_severity_operator`];
    if (threshold !== 0) {
      rules.push(
        rejecting(`${kind}_severity_threshold`, [kind], (place) =>
          rejectedCriticality(place.criticality, threshold, operator, kind),
        ),
      );
    }
  }
  rules.push(
    rejecting("respect_notification_settings", HOSTS_AND_SERVICES, (_place, { unnotified }) => unnotified),
  );
  return rules;
}

/** Whose acknowledgements count. */
export function authorLists(settings: Settings): NameLists {
  return namesIn(settings.accepted_authors, settings.rejected_authors);
}

/**
 * Why an acknowledgement does not count, in words for the log; undefined when it does. `author` is undefined while
 * nobody knows whose it is: where only some people's count, such a one does not. Better a page too many.
 */
export function authorRejection(authors: NameLists, author: string | undefined): string | undefined {
  if (authors.accepted.length === 0 && authors.rejected.length === 0) return undefined;
  if (author === undefined) return "nobody knows whose it is";
  if (contains(authors.rejected, author)) return `${author} is in rejected_authors`;
  if (authors.accepted.length === 0 || contains(authors.accepted, author)) return undefined;
  return `${author} is not in accepted_authors`;
}
