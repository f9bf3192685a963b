// What conditions of rules look at: a name, one of several, a number, a text of the check. What they are compared with is
// given as a matcher. Reads neither the file nor the parameters.
import { type Place, type Report, type Resource, sharedIfEmpty } from "../alerts/alert";
import { outputLines } from "../text/lines";
import { parsePerfdata } from "../text/perfdata";
import type { Test } from "./rule";

/** Whether a name is one of those that are meant. */
export type Matcher = (this: void, name: string) => boolean;

/** What it costs to ask, roughly. */
export const COST = { number: 1, name: 2, names: 3, hours: 4, severity: 5, text: 6, metrics: 7 } as const;

/** What has one name at most. */
export type NameField = "host" | "service" | "poller" | "business_activity";

const NAME_OF: Record<NameField, (this: void, resource: Resource, place: Place) => string | undefined> = {
  host: (resource, place) => ("hostId" in resource ? place.hostName : undefined),
  service: (resource, place) => (resource.kind === "service" ? place.serviceDescription : undefined),
  poller: (resource, place) => (resource.kind === "poller" ? place.hostName : place.poller),
  business_activity: (resource, place) =>
    resource.kind === "business activity" ? place.hostName : undefined,
};

/** What may have several. */
export type NamesField = "host_group" | "service_group" | "category" | "business_view";

const NONE = sharedIfEmpty<string>([]);

const NAMES_OF: Record<NamesField, (this: void, place: Place) => readonly string[]> = {
  host_group: (place) => place.hostGroups,
  service_group: (place) => place.serviceGroups,
  category: (place) => place.categories ?? NONE,
  business_view: (place) => place.businessViews ?? NONE,
};

export function nameTest(field: NameField, matches: Matcher): Test {
  const nameOf = NAME_OF[field];
  return ({ resource, place }) => {
    if (place === undefined) return undefined;
    const name = nameOf(resource, place);
    return name !== undefined && matches(name);
  };
}

/** Whether one of several names is meant. */
export function namesTest(field: NamesField, matches: Matcher): Test {
  const namesOf = NAMES_OF[field];
  return ({ place }) => {
    if (place === undefined) return undefined;
    for (const name of namesOf(place)) if (matches(name)) return true;
    return false;
  };
}

/** By the level; 0 for none. */
export function criticalityTest(matches: (this: void, level: number) => boolean): Test {
  return ({ place }) => (place === undefined ? undefined : matches(place.criticality));
}

/** What `read` makes of a report, read once where many rules ask of the same one: a report never changes. */
function readOnce<Value>(read: (this: void, report: Report) => Value): (this: void, report: Report) => Value {
  let last: Report | undefined;
  let value: Value | undefined;
  return (report) => {
    if (report !== last) {
      value = read(report);
      last = report;
    }
    return value as Value;
  };
}

const linesOf = readOnce(({ output, longOutput }) => outputLines(output, longOutput));

/** By the first line of the check's output. */
export function outputTest(matches: Matcher): Test {
  return ({ report }) => (report === undefined ? undefined : matches(linesOf(report).first));
}

/** By the lines after the first. */
export function longOutputTest(matches: Matcher): Test {
  return ({ report }) => (report === undefined ? undefined : matches(linesOf(report).further));
}

/** By a custom variable; one that is not there, or empty, is none of those that are meant. */
export function macroTest(variable: string, matches: Matcher): Test {
  return ({ place }) => {
    if (place === undefined) return undefined;
    for (const { name, value } of place.customVariables ?? [])
      if (name === variable && value !== "") return matches(value);
    return false;
  };
}

/** Most metrics that are looked through, as many as an alert shows. */
const MOST_METRICS = 100;

const metricsOf = readOnce(({ perfdata }) => parsePerfdata(perfdata, MOST_METRICS));

/** By a metric that has such a name, and whose value is as it is asked for. */
export function metricTest(matches: Matcher, isMeant: (this: void, value: number) => boolean): Test {
  return ({ report }) => {
    if (report === undefined) return undefined;
    for (const { name, value } of metricsOf(report)) {
      const number = value === undefined || !matches(name) ? undefined : tonumber(value);
      if (number !== undefined && isMeant(number)) return true;
    }
    return false;
  };
}

/** The condition turned round. */
export function negated(test: Test): Test {
  return (subject) => {
    const answer = test(subject);
    return answer === undefined ? undefined : !answer;
  };
}
