// Records for specs of the alerts and of their delivery: a resource in trouble with nothing special about it, but
// for what the spec says.
import {
  type Action,
  type ActionRules,
  type Alert,
  type DeliveredState,
  type DescribedAlert,
  type Description,
  type Facts,
  type HostOrService,
  type Place,
  type Report,
  type Resource,
  type Severity,
  createAlert,
  recordAccepted,
  recordEnded,
} from "../../src/alerts/alert";
import { usualSeverity } from "./rules";

/** The administrator chose nothing of what concerns open alerts. */
export const NO_CHOICES: ActionRules = {
  resolvesRecoveries: true,
  passesOnAcknowledgements: true,
  repageOnEscalation: false,
  updatesState: false,
  updatesOutput: false,
};
export const REPAGING: ActionRules = { ...NO_CHOICES, repageOnEscalation: true };

export const SEVERITIES: readonly Severity[] = ["info", "warning", "error", "critical"];

/** A service's states, and a host's. */
export const OK = 0;
export const WARNING = 1;
export const CRITICAL = 2;
export const UNKNOWN = 3;
export const PENDING = 4;
export const UP = 0;
export const DOWN = 1;
export const UNREACHABLE = 2;

export function serviceOf(hostId: number, serviceId: number): HostOrService {
  return { kind: "service", hostId, serviceId };
}

export function hostOf(hostId: number): HostOrService {
  return { kind: "host", hostId, serviceId: 0 };
}

export function factsWith(some: Partial<Facts> = {}): Facts {
  return {
    state: CRITICAL,
    isAcknowledged: false,
    downtimeDepth: 0,
    isFlapping: false,
    lastCheck: 1000,
    staleness: undefined,
    ...some,
  };
}

export function placeWith(some: Partial<Place> = {}): Place {
  return {
    isKnown: true,
    className: "service",
    hostName: "db-02",
    serviceDescription: "Ping",
    hostGroups: [],
    serviceGroups: [],
    criticality: 0,
    poller: "",
    hostAlias: "",
    hostAddress: "",
    ...some,
  };
}

export function reportWith(some: Partial<Report> = {}): Report {
  return {
    stateName: "CRITICAL",
    output: "no answer",
    longOutput: "",
    perfdata: "",
    attempt: 3,
    maximumAttempts: 3,
    lastOk: 0,
    since: 1000,
    ...some,
  };
}

/** Some of a place and of a report, for specs to which it does not matter which is which. */
export type Some = Partial<Place & Report>;

/** A place and a report with each of these where it belongs. */
export function descriptionWith(some: Some = {}): Description {
  const [place, report] = [placeWith(), reportWith()];
  for (const [name, value] of Object.entries(some)) {
    Object.assign(name in report ? report : place, { [name]: value });
  }
  return { place, report };
}

/** An alert that could be sent; what is to become of it is the spec's to say. */
export function alertFor(resource: Resource = serviceOf(1, 2), facts: Facts = factsWith()): DescribedAlert {
  const alert = createAlert(resource, facts, usualSeverity(resource, facts.state));
  return Object.assign(alert, descriptionWith());
}

/** An alert that says these things: `alert` itself, whatever it said before. */
export function alertSaying(some: Some, alert: Alert = alertFor()): DescribedAlert {
  return Object.assign(alert, descriptionWith(some));
}

/** Makes PagerDuty have the alert in this state, for certain or perhaps. */
export function deliver(
  alert: Alert,
  delivered: DeliveredState,
  severity: Severity,
  isCertain: boolean,
): Alert {
  const actions: Record<DeliveredState, Action[]> = {
    none: [],
    triggered: ["trigger"],
    acknowledged: ["trigger", "acknowledge"],
    closed: ["trigger"],
  };
  for (const action of actions[delivered]) recordAccepted(alert, action, severity, 0);
  alert.isCertain = isCertain;
  if (delivered === "closed") recordEnded(alert, { at: "2026-11-26T12:00:00Z", by: "Sam Rivera" });
  return alert;
}
