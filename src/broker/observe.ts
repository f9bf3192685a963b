// Reads events: BBDO 2 or 3, as tables or as read-only objects, into one shape. Owns the differences between the
// protocols. A field is read only when it is needed: in the broker that costs as much as an empty call.
import type { AcknowledgementNote, Content, Resource } from "../alerts/alert";
import type { AdaptiveObservation, Observation } from "../alerts/book";
import type { Names } from "./cache";

export type ServiceStatus = Bbdo2.ServiceStatus | Bbdo3.ServiceStatus;
export type HostStatus = Bbdo2.HostStatus | Bbdo3.HostStatus;

/** `state_type` of a HARD state. */
const HARD = 1;

/** The state that last_hard_state has when nothing was ever wrong. */
const OK = 0;

/** Ids that BBDO 2 leaves out are 0. */
export function hostResource(hostId: number | undefined): Resource {
  return { kind: "host", hostId: hostId ?? 0, serviceId: 0 };
}

export function serviceResource(hostId: number | undefined, serviceId: number | undefined): Resource {
  return { kind: "service", hostId: hostId ?? 0, serviceId: serviceId ?? 0 };
}

/** The part of a full status that the policy needs; `isAcknowledged` is the protocol's own business. */
function observation(
  event: ServiceStatus | HostStatus,
  resource: Resource,
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
  resource: Resource,
  state: number,
): Observation {
  return observation(event, resource, state, event.acknowledged);
}

/** A BBDO 3 status, of which `resource` and `state` were read already. */
export function observeStatus3(
  event: Bbdo3.ServiceStatus | Bbdo3.HostStatus,
  resource: Resource,
  state: number,
): Observation {
  return observation(event, resource, state, event.acknowledgement_type !== 0);
}

/** An adaptive status: what it does not carry has not changed. */
export function observeAdaptive(
  event: Bbdo3.AdaptiveServiceStatus | Bbdo3.AdaptiveHostStatus,
  resource: Resource,
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

/**
 * What a trigger for `event` says. A name that the broker does not know is made up from its id; undefined when
 * that is not wanted (`isNameNeeded`).
 */
export function describeStatus(
  event: ServiceStatus | HostStatus,
  resource: Resource,
  names: Names,
  isNameNeeded: boolean,
): Content | undefined {
  const { kind, hostId, serviceId } = resource;
  const hostName = names.hostName(hostId);
  if (hostName === undefined && isNameNeeded) return undefined;
  const isService = kind === "service";
  const { state } = event;
  const stateNames = isService ? SERVICE_STATE_NAME : HOST_STATE_NAME;
  const description = isService ? names.serviceDescription(hostId, serviceId) : "";
  const [output, longOutput] = outputsOf(event);
  const since = event.last_hard_state_change ?? 0;
  return {
    hostName: hostName ?? string.format("host %d", hostId),
    serviceDescription: description ?? string.format("service %d", serviceId),
    stateName: stateNames[state] ?? string.format("state %d", state),
    output,
    longOutput,
    perfdata: kept(event.perfdata),
    hostGroups: names.hostGroups(hostId),
    serviceGroups: isService ? names.serviceGroups(hostId, serviceId) : [],
    poller: names.poller(hostId),
    notesUrl: names.notesUrl(hostId, serviceId),
    actionUrl: names.actionUrl(hostId, serviceId),
    attempt: event.check_attempt,
    maximumAttempts: names.maximumAttempts(hostId, serviceId),
    since: since > 0 ? since : (event.last_check ?? 0),
  };
}
