// Reads events: BBDO 2 or 3, as tables or as read-only objects, into one shape. Owns the differences between the
// protocols. A field is read only when it is needed: in the broker that costs as much as an empty call.
import type { AcknowledgementNote, Facts, HostOrService, Resource } from "../alerts/alert";
import type { AdaptiveObservation, Observation } from "../alerts/observation";

export type ServiceStatus = Bbdo2.ServiceStatus | Bbdo3.ServiceStatus;
export type HostStatus = Bbdo2.HostStatus | Bbdo3.HostStatus;

/** `state_type` of a HARD state. */
export const HARD = 1;

/** The state that last_hard_state has when nothing was ever wrong. */
const OK = 0;

/** Ids that BBDO 2 leaves out are 0. */
export function hostResource(hostId: number | undefined): HostOrService {
  return { kind: "host", hostId: hostId ?? 0, serviceId: 0 };
}

export function serviceResource(hostId: number | undefined, serviceId: number | undefined): HostOrService {
  return { kind: "service", hostId: hostId ?? 0, serviceId: serviceId ?? 0 };
}

/** The service that an event names, or the host where it names none. */
export function hostOrServiceResource(event: {
  readonly host_id: number | undefined;
  readonly service_id: number | undefined;
}): HostOrService {
  const serviceId = event.service_id ?? 0;
  return serviceId === 0 ? hostResource(event.host_id) : serviceResource(event.host_id, serviceId);
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

export function isAcknowledged2(event: Bbdo2.ServiceStatus | Bbdo2.HostStatus): boolean {
  return event.acknowledged;
}

export function isAcknowledged3(event: Bbdo3.ServiceStatus | Bbdo3.HostStatus): boolean {
  return event.acknowledgement_type !== 0;
}

/** Whether a status is HARD and says what is known already, but for the time of its check. Makes nothing of it. */
export function isRepeated(
  event: ServiceStatus | HostStatus,
  known: Facts,
  state: number,
  isAcknowledged: boolean,
): boolean {
  return (
    state === known.state &&
    isAcknowledged === known.isAcknowledged &&
    event.state_type === HARD &&
    event.scheduled_downtime_depth === known.downtimeDepth &&
    event.flapping === known.isFlapping
  );
}

/** A BBDO 2 status, of which `resource` and `state` were read already. */
export function observeStatus2(
  event: Bbdo2.ServiceStatus | Bbdo2.HostStatus,
  resource: HostOrService,
  state: number,
): Observation {
  return observation(event, resource, state, isAcknowledged2(event));
}

/** A BBDO 3 status, of which `resource` and `state` were read already. */
export function observeStatus3(
  event: Bbdo3.ServiceStatus | Bbdo3.HostStatus,
  resource: HostOrService,
  state: number,
): Observation {
  return observation(event, resource, state, isAcknowledged3(event));
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
  return { author: event.author, comment: event.comment_data, at: event.entry_time };
}

export type BusinessActivityStatus = Bbdo2.BaStatus | Bbdo3.BaStatus;
export type ResponsiveInstance = Bbdo2.ResponsiveInstance | Bbdo3.ResponsiveInstance;

/** The state of a poller that falls silent, and of a connector whose events do not get through; else they are OK. */
const SILENT = 2;
const NOT_DELIVERING = 2;

/** A state that does not come from a check: it is HARD, and neither acknowledged nor flapping. */
function plainObservation(
  resource: Resource,
  state: number,
  isInDowntime: boolean,
  lastCheck = 0,
): Observation {
  return {
    resource,
    state,
    isHard: true,
    lastHardState: state,
    isAcknowledged: false,
    downtimeDepth: isInDowntime ? 1 : 0,
    isFlapping: false,
    lastCheck,
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

/** The connector that runs in this output. */
export const CONNECTOR: Resource = { kind: "connector", id: 0 };

/** What the connector has seen of itself at `now` (Unix time). */
export function observeConnector(isDelivering: boolean, now: number): Observation {
  return plainObservation(CONNECTOR, isDelivering ? OK : NOT_DELIVERING, false, now);
}
