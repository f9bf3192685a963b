// Reads events: BBDO 2 or 3, as tables or as read-only objects, into one shape. Owns the differences between the
// protocols. A field is read only when it is needed: in the broker that costs as much as an empty call.
import type { AcknowledgementNote, Content, HostOrService, Resource } from "../alerts/alert";
import type { AdaptiveObservation, Observation } from "../alerts/book";
import type { Names } from "./cache";

export type ServiceStatus = Bbdo2.ServiceStatus | Bbdo3.ServiceStatus;
export type HostStatus = Bbdo2.HostStatus | Bbdo3.HostStatus;

/** `state_type` of a HARD state. */
const HARD = 1;

/** The state that last_hard_state has when nothing was ever wrong. */
const OK = 0;

/** Ids that BBDO 2 leaves out are 0. */
export function hostResource(hostId: number | undefined): HostOrService {
  return { kind: "host", hostId: hostId ?? 0, serviceId: 0 };
}

export function serviceResource(hostId: number | undefined, serviceId: number | undefined): HostOrService {
  return { kind: "service", hostId: hostId ?? 0, serviceId: serviceId ?? 0 };
}

/** The part of a full status that the policy needs; `isAcknowledged` is the protocol's own business. */
function observation(
  event: ServiceStatus | HostStatus,
  resource: HostOrService,
  state: number,
  isAcknowledged: boolean,
): Observation {
  const isHard = event.state_type === HARD;
  return {
    resource,
    state,
    isHard,
    // Only a SOFT state needs it.
    lastHardState: isHard ? state : ((event.last_hard_state as number | undefined) ?? OK),
    isAcknowledged,
    downtimeDepth: event.scheduled_downtime_depth,
    isFlapping: event.flapping,
    lastCheck: event.last_check ?? 0,
  };
}

/** A BBDO 2 status, of which `resource` and `state` were read already. */
export function observeStatus2(
  event: Bbdo2.ServiceStatus | Bbdo2.HostStatus,
  resource: HostOrService,
  state: number,
): Observation {
  return observation(event, resource, state, event.acknowledged);
}

/** A BBDO 3 status, of which `resource` and `state` were read already. */
export function observeStatus3(
  event: Bbdo3.ServiceStatus | Bbdo3.HostStatus,
  resource: HostOrService,
  state: number,
): Observation {
  return observation(event, resource, state, event.acknowledgement_type !== 0);
}

/** An adaptive status: what it does not carry has not changed. */
export function observeAdaptive(
  event: Bbdo3.AdaptiveServiceStatus | Bbdo3.AdaptiveHostStatus,
  resource: HostOrService,
): AdaptiveObservation {
  const acknowledgement = event.acknowledgement_type;
  return {
    resource,
    isAcknowledged: acknowledgement === undefined ? undefined : acknowledgement !== 0,
    downtimeDepth: event.scheduled_downtime_depth,
  };
}

export function acknowledgementNote(
  event: Bbdo2.Acknowledgement | Bbdo3.Acknowledgement,
): AcknowledgementNote {
  return { author: event.author, comment: event.comment_data };
}

const SERVICE_STATE_NAME: Record<number, string | undefined> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};
const HOST_STATE_NAME: Record<number, string | undefined> = { 0: "UP", 1: "DOWN", 2: "UNREACHABLE" };

/** Most bytes that are kept of each text of an event, so that memory and journal stay in bounds. */
const MAXIMUM_KEPT_BYTES = 65536;

function kept(text: string | undefined): string {
  return text === undefined ? "" : string.sub(text, 1, MAXIMUM_KEPT_BYTES);
}

/**
 * Short and long output. BBDO 2 has both in one text; in BBDO 3 a host's long output, when there is one, also
 * stands in the place of the short one (a quirk of the engine).
 */
function outputsOf(event: ServiceStatus | HostStatus): LuaMultiReturn<[string, string]> {
  const output = kept(event.output);
  const longOutput = event._type === 65565 || event._type === 65568 ? kept(event.long_output) : "";
  const [first, rest] = string.match(output, "^%s*([^\r\n]*)[\r\n]*(.*)$");
  return $multi(first ?? output, longOutput === "" ? (rest ?? "") : longOutput);
}

/** The virtual hosts that Centreon keeps business activities and meta-services on; nobody should read their names. */
const BUSINESS_ACTIVITY_HOST = "^_Module_BAM";
const META_SERVICE_HOST = "_Module_Meta";

/** What a person calls the resource, and what kind it is. */
interface Naming {
  readonly className: string;
  readonly hostName: string;
  readonly serviceDescription: string;
}

/**
 * The names for a host or service; made up from the ids where the broker knows none, or undefined when that is
 * not wanted. A business activity's virtual service has none either: the business activity alerts by itself.
 */
function namingOf(resource: HostOrService, names: Names, isNameNeeded: boolean): Naming | undefined {
  const { kind, hostId, serviceId } = resource;
  const known = names.hostName(hostId);
  if (known === undefined && isNameNeeded) return undefined;
  const hostName = known ?? string.format("host %d", hostId);
  if (string.match(hostName, BUSINESS_ACTIVITY_HOST)[0] !== undefined) return undefined;
  if (kind === "host") return { className: "host", hostName, serviceDescription: "" };
  const serviceDescription =
    names.serviceDescription(hostId, serviceId) ?? string.format("service %d", serviceId);
  if (hostName === META_SERVICE_HOST) {
    const name = names.displayName(hostId, serviceId) ?? serviceDescription;
    return { className: "meta_service", hostName: name, serviceDescription: "" };
  }
  return { className: "service", hostName, serviceDescription };
}

/**
 * What a trigger for `event` says. Undefined when the resource is not to be recorded: its name is not known though
 * `isNameNeeded`, or it only stands for a business activity.
 */
export function describeStatus(
  event: ServiceStatus | HostStatus,
  resource: HostOrService,
  names: Names,
  isNameNeeded: boolean,
): Content | undefined {
  const { kind, hostId, serviceId } = resource;
  const naming = namingOf(resource, names, isNameNeeded);
  if (naming === undefined) return undefined;
  const isService = kind === "service";
  const { state } = event;
  const stateNames = isService ? SERVICE_STATE_NAME : HOST_STATE_NAME;
  const [output, longOutput] = outputsOf(event);
  const since = event.last_hard_state_change ?? 0;
  return {
    className: naming.className,
    hostName: naming.hostName,
    serviceDescription: naming.serviceDescription,
    stateName: stateNames[state] ?? string.format("state %d", state),
    output,
    longOutput,
    perfdata: kept(event.perfdata),
    hostGroups: names.hostGroups(hostId),
    serviceGroups: isService ? names.serviceGroups(hostId, serviceId) : [],
    businessViews: [],
    criticality: names.criticality(hostId, serviceId),
    poller: names.poller(hostId),
    notesUrl: names.notesUrl(hostId, serviceId),
    actionUrl: names.actionUrl(hostId, serviceId),
    attempt: event.check_attempt,
    maximumAttempts: names.maximumAttempts(hostId, serviceId),
    since: since > 0 ? since : (event.last_check ?? 0),
  };
}

export type BusinessActivityStatus = Bbdo2.BaStatus | Bbdo3.BaStatus;
export type ResponsiveInstance = Bbdo2.ResponsiveInstance | Bbdo3.ResponsiveInstance;

/** The state of a poller that falls silent; one that answers is OK. */
const SILENT = 2;

/** A state that does not come from a check: it is HARD, and neither acknowledged nor flapping. */
function plainObservation(resource: Resource, state: number, isInDowntime: boolean): Observation {
  return {
    resource,
    state,
    isHard: true,
    lastHardState: state,
    isAcknowledged: false,
    downtimeDepth: isInDowntime ? 1 : 0,
    isFlapping: false,
    lastCheck: 0,
  };
}

export function observeBusinessActivity(event: BusinessActivityStatus): Observation {
  const resource: Resource = { kind: "business activity", id: event.ba_id ?? 0 };
  return plainObservation(resource, event.state, event.in_downtime);
}

/** A poller is heard of, or not any more: the broker says so after about 300 s of silence. */
export function observePoller(event: ResponsiveInstance): Observation {
  return plainObservation({ kind: "poller", id: event.poller_id }, event.responsive ? OK : SILENT, false);
}

/** The content of an alert that no check stands behind. */
function plainContent(
  className: string,
  name: string,
  stateName: string,
  output: string,
  since: number,
  businessViews: readonly string[],
): Content {
  return {
    className,
    hostName: name,
    serviceDescription: "",
    stateName,
    output,
    longOutput: "",
    perfdata: "",
    hostGroups: [],
    serviceGroups: [],
    businessViews,
    criticality: 0,
    poller: "",
    notesUrl: "",
    actionUrl: "",
    attempt: 0,
    maximumAttempts: 0,
    since,
  };
}

export function describeBusinessActivity(event: BusinessActivityStatus, names: Names): Content {
  const id = event.ba_id ?? 0;
  const name = names.businessActivity(id) ?? string.format("business activity %d", id);
  const stateName = SERVICE_STATE_NAME[event.state] ?? string.format("state %d", event.state);
  const output = event._type === 393235 ? kept(event.output) : "";
  return plainContent(
    "business_activity",
    name,
    stateName,
    output,
    event.last_state_change,
    names.businessViews(id),
  );
}

/** `now`: Unix time; the event carries none. */
export function describePoller(event: ResponsiveInstance, names: Names, now: number): Content {
  const id = event.poller_id;
  const name = names.pollerName(id) ?? string.format("poller %d", id);
  const output = "the poller is silent: what it monitors is not known any more";
  return plainContent("poller", name, "NOT RESPONDING", output, now, []);
}
