// How grave a problem is: PagerDuty's severity for each of Centreon's states, chosen by the administrator, and
// raised or lowered by the resource's criticality. Pure.
import type { ResourceKind, Severity } from "../alerts/alert";

export interface SeverityRules {
  /** By kind of resource and state number. */
  readonly ofState: Record<ResourceKind, Record<number, Severity | undefined>>;
  /** Steps up (or down, when negative) by criticality level. */
  readonly stepsByCriticality: LuaTable<number, number | undefined>;
}

/** What each state means where the administrator says nothing else. A poller is silent or it is not. */
export const DEFAULT_SEVERITIES: SeverityRules = {
  ofState: {
    host: { 1: "critical", 2: "error" },
    service: { 1: "warning", 2: "critical", 3: "error" },
    "business activity": { 1: "warning", 2: "critical", 3: "error" },
    poller: {},
    connector: {},
    storm: {},
  },
  stepsByCriticality: new LuaTable(),
};

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

/**
 * The severity of a problem. A state number that Centreon does not have counts as the gravest. `criticality` is
 * Centreon's level, 0 for none.
 */
export function severityOf(
  rules: SeverityRules,
  kind: ResourceKind,
  state: number,
  criticality: number,
): Severity {
  const severity = rules.ofState[kind][state] ?? "critical";
  const steps = rules.stepsByCriticality.get(criticality);
  return steps === undefined ? severity : moved(severity, steps);
}
