// How grave a problem is for PagerDuty: by its state, and by what the administrator chose.
import type { ResourceKind, Severity } from "../../src/alerts/alert";
import { DEFAULT_SEVERITIES, severityOf } from "../../src/rules/severity";
import { CRITICAL, DOWN, UNKNOWN, UNREACHABLE, WARNING } from "../support/alerts";

describe("the severity", () => {
  it("of each state, where the administrator says nothing else", () => {
    const rows: [kind: ResourceKind, state: number, severity: Severity][] = [
      ["service", WARNING, "warning"],
      ["service", CRITICAL, "critical"],
      ["service", UNKNOWN, "error"],
      ["host", DOWN, "critical"],
      ["host", UNREACHABLE, "error"],
      ["business activity", WARNING, "warning"],
      ["business activity", CRITICAL, "critical"],
      ["business activity", UNKNOWN, "error"],
      ["poller", 1, "critical"],
      // Not Centreon's: better one page too loud than one too quiet.
      ["service", 17, "critical"],
      ["host", 17, "critical"],
    ];
    for (const [kind, state, severity] of rows)
      assert.equal(severity, severityOf(DEFAULT_SEVERITIES, kind, state, 0), `${kind} ${state}`);
  });

  it("is raised and lowered by criticality, and stays among PagerDuty's", () => {
    const stepsByCriticality = new LuaTable<number, number | undefined>();
    stepsByCriticality.set(1, 1);
    stepsByCriticality.set(2, 9);
    stepsByCriticality.set(5, -1);
    stepsByCriticality.set(6, -9);
    const rules = { ...DEFAULT_SEVERITIES, stepsByCriticality };
    const rows: [state: number, criticality: number, severity: Severity][] = [
      [WARNING, 0, "warning"],
      [WARNING, 1, "error"],
      [WARNING, 2, "critical"],
      [WARNING, 3, "warning"],
      [WARNING, 5, "info"],
      [CRITICAL, 1, "critical"],
      [CRITICAL, 5, "error"],
      [CRITICAL, 6, "info"],
    ];
    for (const [state, criticality, severity] of rows)
      assert.equal(severity, severityOf(rules, "service", state, criticality), `${state} ${criticality}`);
  });

  it("of a state can be chosen", () => {
    const ofState = { ...DEFAULT_SEVERITIES.ofState, host: { [DOWN]: "warning" as const } };
    assert.equal("warning", severityOf({ ...DEFAULT_SEVERITIES, ofState }, "host", DOWN, 0));
  });
});
