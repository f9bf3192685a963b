// The conditions of a rule in a table, by their names: what stands in `when`.
import type { ResourceKind, Severity } from "../alerts/alert";
import type { WeekClock } from "../text/time";
import {
  COST,
  type Matcher,
  criticalityTest,
  longOutputTest,
  macroTest,
  metricTest,
  nameTest,
  namesTest,
  negated,
  outputTest,
} from "./conditions";
import { type Hours, readHours } from "./hours";
import type { LuaField, LuaValue } from "./lua_table";
import type { Condition, RuleSubject, Test } from "./rule";
import {
  type Complain,
  alternativesOf,
  flagOf,
  matcherOf,
  possible,
  shown,
  textsOf,
  wordsIn,
} from "./table_values";
import { compileWildcard } from "./wildcards";

/** What reading rules takes beside them. */
export interface TableKnowledge {
  /** Labels of the routing keys that a rule may name. */
  readonly routes: readonly string[];
  /** The severity by the parameters: by state and criticality. */
  readonly severityOf: (this: void, subject: RuleSubject) => Severity;
  readonly unixTime: (this: void) => number;
  readonly weekClock: WeekClock;
  /** Takes what a rule comes to only with a problem that it fits. */
  readonly warning?: ((this: void, text: string) => void) | undefined;
}

/** What is known while a rule's conditions are read. */
export interface ConditionContext extends TableKnowledge {
  /** Of the rule's hours; undefined: the system's own. */
  readonly zone: string | undefined;
  /** Takes a custom variable that the rule looks at. */
  readonly needVariable: (this: void, name: string) => void;
}

type Reader = (
  this: void,
  value: LuaValue,
  complain: Complain,
  context: ConditionContext,
) => Condition | undefined;

/** The same, but nobody knows while the broker does not know the resource's names: then it knows no group either. */
function onceKnown(test: Test): Test {
  return (subject) => (subject.place?.isKnown === true ? test(subject) : undefined);
}

/** A condition on what `testWith` makes of texts. */
function byTexts(testWith: (this: void, matches: Matcher) => Test): Reader {
  return (value, complain) => {
    const matches = matcherOf(value, complain);
    return matches && { test: testWith(matches), cost: COST.text };
  };
}

/** A condition on what `testWith` makes of names. */
function byNames(cost: number, testWith: (this: void, matches: Matcher) => Test): Reader {
  return (value, complain) => {
    const matches = matcherOf(value, complain);
    return matches && { test: onceKnown(testWith(matches)), cost };
  };
}

/** Kinds as rules name them, and the kind of the resource each is. */
const KINDS: Record<string, ResourceKind | undefined> = {
  host: "host",
  service: "service",
  "meta-service": "service",
  "anomaly detection": "service",
  "business activity": "business activity",
  ba: "business activity",
  poller: "poller",
};
const KIND_NAMES = [
  "host",
  "service",
  "meta-service",
  "anomaly detection",
  "business activity",
  "ba",
  "poller",
];

/** Whether one of `kinds` is the subject's: a service is an anomaly detection, too, but never a meta-service. */
function kindTest(kinds: readonly string[]): Test {
  const isMeant = new LuaSet<string>();
  for (const kind of kinds) isMeant.add(kind === "ba" ? "business activity" : kind);
  return ({ resource, place }) => {
    if (resource.kind !== "service") return isMeant.has(resource.kind);
    if (place?.isKnown !== true) return undefined;
    if (place.metaServiceId !== undefined) return isMeant.has("meta-service");
    return isMeant.has("service") || (place.isAnomalyDetection === true && isMeant.has("anomaly detection"));
  };
}

const readKind: Reader = (value, complain) => {
  const kinds = wordsIn(value, KIND_NAMES, complain);
  if (kinds === undefined) return undefined;
  const ofResources: ResourceKind[] = [];
  for (const kind of kinds) ofResources.push(KINDS[kind] as ResourceKind);
  return { test: kindTest(kinds), cost: COST.number, kinds: ofResources };
};

/** Numbers of states by their names; the two of a host are a host's alone. */
const SERVICE_STATES: Record<string, number | undefined> = { WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };
const HOST_STATES: Record<string, number | undefined> = { DOWN: 1, UNREACHABLE: 2 };
const STATE_NAMES = ["WARNING", "CRITICAL", "UNKNOWN", "DOWN", "UNREACHABLE"];

const readState: Reader = (value, complain) => {
  const states = alternativesOf(value, complain);
  if (states === undefined) return undefined;
  const ofServices = new LuaSet<number>();
  const ofHosts = new LuaSet<number>();
  for (const state of states) {
    const name = typeof state === "string" ? state : "";
    const ofService = typeof state === "number" ? state : SERVICE_STATES[name];
    const ofHost = typeof state === "number" ? state : HOST_STATES[name];
    if (ofService === undefined && ofHost === undefined)
      return complain(
        `${shown(state)} is no state of a problem: ${possible(name, STATE_NAMES)}, and their numbers`,
      );
    if (ofService !== undefined) ofServices.add(ofService);
    if (ofHost !== undefined) ofHosts.add(ofHost);
  }
  return {
    test: ({ resource, facts }) =>
      facts && (resource.kind === "host" ? ofHosts : ofServices).has(facts.state),
    cost: COST.number,
  };
};

const SEVERITY_NAMES = ["critical", "error", "warning", "info"];

const readSeverity: Reader = (value, complain, { severityOf }) => {
  const severities = wordsIn(value, SEVERITY_NAMES, complain);
  if (severities === undefined) return undefined;
  const isMeant = new LuaSet<string>();
  for (const severity of severities) isMeant.add(severity);
  return {
    test: (subject) => (subject.facts === undefined ? undefined : isMeant.has(severityOf(subject))),
    cost: COST.severity,
  };
};

/** The levels of a number, `3`, or a range, `"1-2"`. */
function levelsOf(value: LuaValue): LuaMultiReturn<[number | undefined, number | undefined]> {
  if (typeof value === "number") {
    const level = value >= 0 && math.floor(value) === value ? value : undefined;
    return $multi(level, level);
  }
  const [first, last] = string.match(typeof value === "string" ? value : "", "^(%d+)%s*%-?%s*(%d*)$");
  const from = tonumber(first);
  return $multi(from, tonumber(last) ?? from);
}

const readCriticality: Reader = (value, complain) => {
  const alternatives = alternativesOf(value, complain);
  if (alternatives === undefined) return undefined;
  const ranges: { readonly from: number; readonly to: number }[] = [];
  for (const item of alternatives) {
    const [from, to] = levelsOf(item);
    if (from === undefined || to === undefined || from > to)
      return complain(`${shown(item)}: expected a level, such as 1, or a range, "1-2"; 0 is none`);
    ranges.push({ from, to });
  }
  const test = criticalityTest((level) => {
    for (const { from, to } of ranges) if (level >= from && level <= to) return true;
    return false;
  });
  return { test: onceKnown(test), cost: COST.number };
};

/** What stands in a table of names and values. */
function fieldsOf(value: LuaValue, example: string, complain: Complain): readonly LuaField[] | undefined {
  const isNamed = typeof value === "object" && value.items.length === 0 && value.fields.length > 0;
  return isNamed
    ? value.fields
    : complain(`${shown(value)}: expected a table of names and values: ${example}`);
}

/** Whether all of `tests` hold. */
function all(tests: readonly Test[]): Test {
  return (subject) => {
    for (const test of tests) {
      const answer = test(subject);
      if (answer !== true) return answer;
    }
    return true;
  };
}

const readMacro: Reader = (value, complain, { needVariable }) => {
  const tests: Test[] = [];
  for (const field of fieldsOf(value, '{ ONCALL = "dba*" }', complain) ?? []) {
    const matches = matcherOf(field.value, complain);
    if (matches === undefined) return undefined;
    const name = string.upper(field.name);
    needVariable(name);
    tests.push(onceKnown(macroTest(name, matches)));
  }
  return tests.length === 0 ? undefined : { test: all(tests), cost: COST.names };
};

type Comparison = (this: void, left: number, right: number) => boolean;

const COMPARISONS: Record<string, Comparison | undefined> = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  "==": (left, right) => left === right,
  "~=": (left, right) => left !== right,
};

/** What is asked of a metric's value: `"> 5"`, a number, or `"*"` for any. */
function valueTestOf(
  value: LuaValue,
  complain: Complain,
): ((this: void, value: number) => boolean) | undefined {
  if (value === "*") return () => true;
  if (typeof value === "number") return (given) => given === value;
  const [operator, digits] = string.match(
    typeof value === "string" ? value : "",
    "^%s*([<>=~]=?)%s*(%-?[%d.]+)%s*$",
  );
  const compare = COMPARISONS[operator ?? ""];
  const limit = tonumber(digits);
  if (compare === undefined || limit === undefined)
    return complain(`${shown(value)}: expected a comparison, such as "> 5" or "<= 0.5", a number, or "*"`);
  return (given) => compare(given, limit);
}

const readMetric: Reader = (value, complain) => {
  const tests: Test[] = [];
  for (const field of fieldsOf(value, '{ load1 = "> 5" }', complain) ?? []) {
    const isMeant = valueTestOf(field.value, complain);
    if (isMeant === undefined) return undefined;
    tests.push(metricTest(compileWildcard(field.name).fits, isMeant));
  }
  return tests.length === 0 ? undefined : { test: all(tests), cost: COST.metrics };
};

const readHoursCondition: Reader = (value, complain, { zone, weekClock, unixTime }) => {
  const texts = textsOf(value, complain);
  if (texts === undefined) return undefined;
  const spans: Hours[] = [];
  for (const text of texts) {
    const hours = readHours(text, zone, weekClock);
    if (typeof hours === "string") return complain(`"${text}": ${hours}`);
    spans.push(hours);
  }
  return {
    test: () => {
      const now = unixTime();
      for (const { contains } of spans) if (contains(now)) return true;
      return false;
    },
    cost: COST.hours,
    nextChange: () => {
      const now = unixTime();
      let earliest = math.huge;
      for (const { nextChange } of spans) earliest = math.min(earliest, nextChange(now));
      return earliest;
    },
  };
};

/** A condition that holds or not, by itself. */
function byFlag(flagIn: (this: void, subject: RuleSubject) => boolean | undefined): Reader {
  return (value, complain) => {
    const wanted = flagOf(value, complain);
    if (wanted === undefined) return undefined;
    return { test: wanted ? flagIn : negated(flagIn), cost: COST.number };
  };
}

const READERS: Record<string, Reader | undefined> = {
  host: byNames(COST.name, (matches) => nameTest("host", matches)),
  service: byNames(COST.name, (matches) => nameTest("service", matches)),
  poller: byNames(COST.name, (matches) => nameTest("poller", matches)),
  business_activity: byNames(COST.name, (matches) => nameTest("business_activity", matches)),
  host_group: byNames(COST.names, (matches) => namesTest("host_group", matches)),
  service_group: byNames(COST.names, (matches) => namesTest("service_group", matches)),
  category: byNames(COST.names, (matches) => namesTest("category", matches)),
  business_view: byNames(COST.names, (matches) => namesTest("business_view", matches)),
  output: byTexts(outputTest),
  long_output: byTexts(longOutputTest),
  kind: readKind,
  state: readState,
  severity: readSeverity,
  criticality: readCriticality,
  macro: readMacro,
  metric: readMetric,
  hours: readHoursCondition,
  acknowledged: byFlag(({ facts }) => facts?.isAcknowledged),
  volatile: byFlag(({ isVolatile }) => isVolatile),
};

/** The names of all conditions, in the order of the alphabet. */
export function conditionNames(): string[] {
  const names: string[] = [];
  for (const [name] of pairs(READERS)) names.push(name);
  table.sort(names);
  return names;
}

export function isCondition(name: string): boolean {
  return READERS[string.gsub(name, "^not_", "")[0]] !== undefined;
}

/** Reads the condition `name = value`; undefined where that cannot be read, which `complain` was told. */
export function readCondition(
  name: string,
  value: LuaValue,
  complain: Complain,
  context: ConditionContext,
): Condition | undefined {
  const [without] = string.match(name, "^not_(.+)$");
  const read = READERS[without ?? name];
  if (read === undefined)
    return complain(
      `there is no such condition: ${possible(without ?? name, conditionNames())}; each also with not_ before it`,
    );
  const condition = read(value, complain, context);
  if (without === undefined || condition === undefined) return condition;
  const { test, cost, nextChange } = condition;
  return nextChange === undefined ? { test: negated(test), cost } : { test: negated(test), cost, nextChange };
}
