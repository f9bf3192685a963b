// Records for specs of the alerts and of their delivery: a resource in trouble with nothing special about it, but
// for what the spec says.
import {
  type Action,
  type Alert,
  type Content,
  type DeliveredState,
  type Facts,
  type HostOrService,
  type Resource,
  type Severity,
  createAlert,
  recordAccepted,
} from "../../src/alerts/alert";
import { DEFAULT_SEVERITIES, severityOf } from "../../src/rules/severity";

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

export function contentWith(some: Partial<Content> = {}): Content {
  return {
    className: "service",
    hostName: "db-02",
    serviceDescription: "Ping",
    stateName: "CRITICAL",
    output: "no answer",
    longOutput: "",
    perfdata: "",
    hostGroups: [],
    serviceGroups: [],
    businessViews: [],
    criticality: 0,
    poller: "",
    notesUrl: "",
    actionUrl: "",
    hostAlias: "",
    hostAddress: "",
    timeZone: "",
    notes: "",
    criticalityName: "",
    categories: [],
    customVariables: [],
    downtimeComment: "",
    lastOk: 0,
    attempt: 3,
    maximumAttempts: 3,
    since: 1000,
    ...some,
  };
}

/** An alert that could be sent; what is to become of it is the spec's to say. */
export function alertFor(resource: Resource = serviceOf(1, 2), facts: Facts = factsWith()): Alert {
  const alert = createAlert(resource, facts, severityOf(DEFAULT_SEVERITIES, resource.kind, facts.state, 0));
  alert.content = contentWith();
  return alert;
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
  };
  for (const action of actions[delivered]) recordAccepted(alert, action, severity, 0);
  alert.isCertain = isCertain;
  return alert;
}
