// Which problems may open an alert: the administrator's filters. Pure. A filter can keep an alert from opening,
// never from being resolved: that rule is the policy's, this only says why a problem is filtered out.
import type { Placement, Resource, ResourceKind } from "../alerts/alert";

/** A list that a name must be on, or must not be on; empty lists say nothing. */
export interface NameLists {
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

/** A comparison of a threshold with a criticality, such as `threshold >= criticality`; undefined: none asked for. */
export interface Threshold {
  readonly threshold: number;
  readonly operator: "<" | "<=" | ">" | ">=" | "==" | "~=";
}

export interface FilterRules {
  /** States of which problems open alerts, by kind of resource. */
  readonly states: Record<ResourceKind, readonly number[]>;
  readonly hostGroups: NameLists;
  readonly serviceGroups: NameLists;
  readonly businessViews: NameLists;
  readonly pollers: NameLists;
  /** Lua patterns for names of hosts, also of a service's host. */
  readonly hosts: NameLists;
  /** Lua patterns for descriptions of services. */
  readonly services: NameLists;
  readonly hostCriticality: Threshold | undefined;
  readonly serviceCriticality: Threshold | undefined;
  /** Whose acknowledgements count. */
  readonly authors: NameLists;
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

function holds(left: number, operator: Threshold["operator"], right: number): boolean {
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  if (operator === ">") return left > right;
  if (operator === ">=") return left >= right;
  return operator === "==" ? left === right : left !== right;
}

/** Why a criticality (0: none) does not pass, or undefined. A resource without one passes no threshold. */
function rejectedCriticality(
  criticality: number,
  rule: Threshold | undefined,
  what: string,
): string | undefined {
  if (rule === undefined) return undefined;
  if (criticality > 0 && holds(rule.threshold, rule.operator, criticality)) return undefined;
  return string.format("its criticality %d does not pass %s_severity_threshold", criticality, what);
}

function rejectedState(state: number, states: readonly number[]): string | undefined {
  for (const accepted of states) if (accepted === state) return undefined;
  return string.format("state %d is not among those that alert", state);
}

/**
 * Why `resource` is none of those that the filters let through, whatever its state, in words for the log; undefined when
 * it is one.
 */
export function rejectionOfPlace(
  rules: FilterRules,
  resource: Resource,
  placement: Placement,
): string | undefined {
  if (resource.kind === "poller") return rejectedNames([placement.hostName], rules.pollers, "pollers");
  if (resource.kind === "business activity") {
    return rejectedNames(placement.businessViews ?? [], rules.businessViews, "bvs");
  }
  const isService = resource.kind === "service";
  return (
    rejectedNames(placement.hostGroups, rules.hostGroups, "hostgroups") ??
    rejectedNames([placement.poller], rules.pollers, "pollers") ??
    rejectedByPattern(placement.hostName, rules.hosts, "hosts") ??
    (isService
      ? (rejectedNames(placement.serviceGroups, rules.serviceGroups, "servicegroups") ??
        rejectedByPattern(placement.serviceDescription, rules.services, "services") ??
        rejectedCriticality(placement.criticality, rules.serviceCriticality, "service"))
      : rejectedCriticality(placement.criticality, rules.hostCriticality, "host"))
  );
}

/**
 * Why a problem of `resource` in `state` opens no alert, in words for the log; undefined when it may. A poller that falls
 * silent is nobody's to filter.
 */
export function rejection(
  rules: FilterRules,
  resource: Resource,
  state: number,
  placement: Placement,
): string | undefined {
  const byState = rejectedState(state, rules.states[resource.kind]);
  if (byState !== undefined || resource.kind === "poller" || resource.kind === "connector") return byState;
  return rejectionOfPlace(rules, resource, placement);
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
