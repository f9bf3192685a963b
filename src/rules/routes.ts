// Which team an alert goes to: pdy_routes as rules. What cannot be used is left out, with a complaint.
import type { Complaint } from "../settings/complaint";
import { listOf } from "../settings/lists";
import { ROUTING_KEY_PREFIX } from "../settings/parameters";
import { COST, type Matcher, criticalityTest, nameTest, namesTest } from "./conditions";
import { complainOfDoubt, refusalOf } from "./pattern_advice";
import { type Condition, type Rule, type Test, fitting } from "./rule";

/** By a Lua pattern that fits any part of a name, unless it says otherwise. */
function byPattern(pattern: string): Matcher {
  return (name) => string.find(name, pattern)[0] !== undefined;
}

/** What a condition may look at; a pattern is for names. */
const TEST_OF: Record<string, ((this: void, pattern: string) => Test) | undefined> = {
  hostgroup: (pattern) => namesTest("host_group", byPattern(pattern)),
  servicegroup: (pattern) => namesTest("service_group", byPattern(pattern)),
  poller: (pattern) => nameTest("poller", byPattern(pattern)),
  host: (pattern) => nameTest("host", byPattern(pattern)),
  service: (pattern) => nameTest("service", byPattern(pattern)),
  ba: (pattern) => nameTest("business_activity", byPattern(pattern)),
  bv: (pattern) => namesTest("business_view", byPattern(pattern)),
  // The gravest level that still fits; none at all is not the gravest.
  criticality: (level) => criticalityTest((given) => given > 0 && given <= (tonumber(level) ?? 0)),
};

const A_RULE_FOR_EACH = "write a rule for each of several patterns";

/** The conditions of a rule: `hostgroup ^db$ and service Ping`. An "and" within a name is followed by none of our words. */
function conditionsIn(text: string): string[] {
  const parts: string[] = [];
  let start = 1;
  let position = 1;
  while (true) {
    const [from, , next, subject] = string.find(text, "%s+and%s+()(%a+)%s+%S", position);
    if (from === undefined) break;
    position = next as number;
    if (TEST_OF[subject as string] !== undefined) {
      parts.push(string.sub(text, start, from - 1));
      start = position;
    }
  }
  parts.push(string.sub(text, start));
  return parts;
}

/** What a condition looks at, and what for; the latter may be empty. */
function partsOf(condition: string): LuaMultiReturn<[string, string]> {
  const [subject, pattern] = string.match(`${condition} `, "^(%a+)%s+(.-)%s*$");
  return $multi(subject ?? "", pattern ?? "");
}

const EXPECTED = "expected `what pattern -> name`, such as `hostgroup ^Databases$ -> dba`";

/** Reads one condition, `what pattern`. Gives it, or what is wrong with it. */
function readCondition(text: string): Condition | string {
  const [subject, pattern] = partsOf(text);
  if (subject === "") return EXPECTED;
  const testOf = TEST_OF[subject];
  if (testOf === undefined) {
    return `${subject} is unknown: expected hostgroup, servicegroup, poller, host, service, ba, bv or criticality`;
  }
  if (subject === "criticality") {
    if (tonumber(pattern) === undefined) return `"${pattern}" is no criticality level`;
    return { test: testOf(pattern), cost: COST.number };
  }
  return refusalOf(pattern, A_RULE_FOR_EACH) ?? { test: testOf(pattern), cost: COST.name };
}

/** Reads one rule, `what pattern -> name`, perhaps with several conditions. Gives it, or what is wrong with it. */
function readRoute(text: string, routingKeys: Record<string, string>): Rule | string {
  const [what, route] = string.match(text, "^(.-)%s*%->%s*([%w_]+)$");
  if (what === undefined || route === undefined) return EXPECTED;
  const conditions: Condition[] = [];
  for (const part of conditionsIn(what)) {
    const condition = readCondition(part);
    if (typeof condition === "string") return condition;
    conditions.push(condition);
  }
  if (routingKeys[route] === undefined) return `there is no usable parameter ${ROUTING_KEY_PREFIX}${route}`;
  return {
    name: `pdy_routes "${text}"`,
    origin: "pdy_routes",
    fits: fitting(conditions).fits,
    route: () => route,
  };
}

/** Says of each pattern of a rule that it may not do what was meant. */
function complainOfDoubts(text: string, complaints: Complaint[]): void {
  const [what] = string.match(text, "^(.-)%s*%->");
  for (const part of conditionsIn(what ?? "")) {
    const [subject, pattern] = partsOf(part);
    if (subject !== "criticality") complainOfDoubt("pdy_routes", pattern, A_RULE_FOR_EACH, complaints);
  }
}

/** The rules in pdy_routes, in their order. */
export function routeRules(
  text: string,
  routingKeys: Record<string, string>,
  complaints: Complaint[],
): Rule[] {
  const rules: Rule[] = [];
  for (const item of listOf(text, ";")) {
    const rule = readRoute(item, routingKeys);
    if (typeof rule === "string") {
      complaints.push({ isError: true, text: `parameter pdy_routes: "${item}" is left out: ${rule}` });
    } else {
      complainOfDoubts(item, complaints);
      rules.push(rule);
    }
  }
  return rules;
}
