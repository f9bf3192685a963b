// The severities of Centreon's states, severity_ and so on, as rules, raised or lowered by criticality.
import { type ResourceKind, type Severity, isSeverity } from "../alerts/alert";
import type { Complaint } from "../settings/complaint";
import { listOf } from "../settings/lists";
import type { ParameterName } from "../settings/parameters";
import type { Settings } from "../settings/settings";
import { COST, criticalityTest } from "./conditions";
import { type Condition, type Rule, fitting } from "./rule";

/** The severity of a problem in a state that Centreon does not have: better one page too loud than one too quiet. */
export const SEVERITY_OF_UNKNOWN: Severity = "critical";

/** From the least to the gravest; a step moves along it. */
const LADDER: readonly Severity[] = ["info", "warning", "error", "critical"];

/** The severity `steps` above `severity`, within the ladder. */
function moved(severity: Severity, steps: number): Severity {
  for (const [index, candidate] of ipairs(LADDER)) {
    if (candidate === severity) {
      const target = math.max(1, math.min(LADDER.length, index + steps));
      return LADDER[target - 1] ?? severity;
    }
  }
  return severity;
}

/** The state of the observations of a silent poller. */
const SILENT = 2;

/** The parameter that says how grave a state is. A poller is silent or it is not. */
const PARAMETER_OF_STATE: readonly (readonly [kind: ResourceKind, state: number, name: ParameterName])[] = [
  ["host", 1, "severity_host_down"],
  ["host", 2, "severity_host_unreachable"],
  ["service", 1, "severity_service_warning"],
  ["service", 2, "severity_service_critical"],
  ["service", 3, "severity_service_unknown"],
  ["business activity", 1, "severity_ba_warning"],
  ["business activity", 2, "severity_ba_critical"],
  ["business activity", 3, "severity_ba_unknown"],
  ["poller", SILENT, "severity_poller_silent"],
];

/** How many steps a criticality level moves a severity. */
interface Step {
  readonly level: number;
  readonly steps: number;
}

function stepsByCriticality(text: string, complaints: Complaint[]): Step[] {
  const steps: Step[] = [];
  for (const item of listOf(text, ",")) {
    const [level, count] = string.match(item, "^(%d+)%s*:%s*([+-]?%d+)$");
    const levelNumber = level === undefined ? undefined : tonumber(level);
    const countNumber = count === undefined ? undefined : tonumber(count);
    if (levelNumber === undefined || countNumber === undefined) {
      complaints.push({
        isError: true,
        text: `parameter severity_by_criticality: "${item}" cannot be read: expected level:steps, such as 1:+1; it is left out`,
      });
    } else {
      // Of a level that is there twice, the last word counts.
      table.insert(steps, 1, { level: levelNumber, steps: countNumber });
    }
  }
  return steps;
}

function stateCondition(state: number): Condition {
  return {
    test: ({ facts }) => (facts === undefined ? undefined : facts.state === state),
    cost: COST.number,
  };
}

function criticalityCondition(level: number): Condition {
  return { test: criticalityTest((criticality) => criticality === level), cost: COST.number };
}

/** The rules by which criticality levels move `severity`, of a kind of resource in a state where they are given. */
function steppedRules(
  steps: readonly Step[],
  severity: Severity,
  kinds: readonly ResourceKind[] | undefined,
  conditions: readonly Condition[],
): Rule[] {
  const rules: Rule[] = [];
  for (const step of steps) {
    const all: Condition[] = [criticalityCondition(step.level)];
    for (const condition of conditions) all.push(condition);
    rules.push({
      name: "severity_by_criticality",
      origin: "severity_by_criticality",
      kinds,
      fits: fitting(all).fits,
      severity: moved(severity, step.steps),
    });
  }
  return rules;
}

/** The rules for severities; those that look at the criticality come first. */
export function severityRules(settings: Settings, complaints: Complaint[]): Rule[] {
  const rules: Rule[] = [];
  const steps = stepsByCriticality(settings.severity_by_criticality, complaints);
  const ofState: Rule[] = [];
  for (const [kind, state, name] of PARAMETER_OF_STATE) {
    const chosen = settings[name];
    const severity = isSeverity(chosen) ? chosen : SEVERITY_OF_UNKNOWN;
    const { fits } = fitting([stateCondition(state)]);
    ofState.push({ name, origin: name, kinds: [kind], fits, severity, isUsual: true });
    for (const rule of steppedRules(steps, severity, [kind], [stateCondition(state)])) rules.push(rule);
  }
  for (const rule of steppedRules(steps, SEVERITY_OF_UNKNOWN, undefined, [])) rules.push(rule);
  for (const rule of ofState) rules.push(rule);
  return rules;
}
