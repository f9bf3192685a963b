// How grave a problem is for PagerDuty: by its state, and by what the administrator chose.
import type { Resource, ResourceKind, Severity } from "../../src/alerts/alert";
import {
  CRITICAL,
  DOWN,
  UNKNOWN,
  UNREACHABLE,
  WARNING,
  alertFor,
  factsWith,
  hostOf,
  placeWith,
  serviceOf,
} from "../support/alerts";
import { type Parameters, rulingsOf } from "../support/rules";

/** One of each kind. */
function resourceOf(kind: Exclude<ResourceKind, "storm">): Resource {
  if (kind === "host") return hostOf(1);
  return kind === "service" ? serviceOf(1, 2) : { kind, id: 3 };
}

function severityOf(
  parameters: Parameters,
  kind: Exclude<ResourceKind, "storm">,
  state: number,
  criticality: number,
): Severity {
  const alert = alertFor(resourceOf(kind), factsWith({ state }));
  return rulingsOf(parameters).severityOf(Object.assign(alert, { place: placeWith({ criticality }) }));
}

describe("the severity", () => {
  it("of each state, where the administrator says nothing else", () => {
    const rows: [kind: Exclude<ResourceKind, "storm">, state: number, severity: Severity][] = [
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
      assert.equal(severity, severityOf({}, kind, state, 0), `${kind} ${state}`);
  });

  it("is raised and lowered by criticality, and stays among PagerDuty's", () => {
    const parameters = { severity_by_criticality: "1:+1, 2:+9, 5:-1, 6:-9" };
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
      assert.equal(
        severity,
        severityOf(parameters, "service", state, criticality),
        `${state} ${criticality}`,
      );
  });

  it("of a state can be chosen", () => {
    assert.equal("warning", severityOf({ severity_host_down: "warning" }, "host", DOWN, 0));
  });
});
