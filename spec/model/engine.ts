// A Centreon Engine: hosts with parents, their services, and what checks, downtimes, acknowledgements and flapping
// make of them. Owns Centreon's attempt logic and the events that tell of each change. What was learnt of it comes
// from reading and measuring Centreon Engine 25.x.

/** How the engine talks: BBDO 2; BBDO 3 with full statuses only; BBDO 3 with adaptive ones (24.04 and later). */
export type Protocol = "BBDO 2" | "BBDO 3" | "BBDO 3, adaptive";

export const OK = 0;
export const UP = 0;
export const DOWN = 1;
export const UNREACHABLE = 2;

/** What Centreon says of a resource. */
export interface Status {
  state: number;
  isHard: boolean;
  /** As events carry it: a host's is one check behind. */
  lastHardState: number;
  attempt: number;
  /** 0 none, 1 normal, 2 sticky. */
  acknowledgement: number;
  downtimeDepth: number;
  isFlapping: boolean;
  /** Unix time of the poller at which the last check began; 0: never checked. */
  lastCheck: number;
  lastHardStateChange: number;
  /** When it was last found well; a new resource counts as well. */
  lastOk: number;
  /** Results so far. */
  results: number;
}

export interface Resource {
  readonly kind: "host" | "service";
  /** The dedup key. */
  readonly key: string;
  readonly hostId: number;
  /** 0 for a host. */
  readonly serviceId: number;
  /** Of a service. */
  readonly host: Resource | undefined;
  /** Of a host: the host on the way to it. */
  readonly parent: Resource | undefined;
  readonly maximumAttempts: number;
  readonly isVolatile: boolean;
  /** Undefined: it is not in Centreon's configuration. */
  status: Status | undefined;
  /** Services only: the host was not UP at the last check. */
  hadHostProblem: boolean;
  /** Services only: the state changed since it was last HARD. */
  changedSinceHard: boolean;
}

/** One event, and the status it belongs to as it was then; undefined: the resource was removed. */
export interface Told {
  readonly event: BrokerEvent;
  readonly resource: Resource;
  readonly status: Status | undefined;
  /** The event says all of the status, not only a change. */
  readonly isFull: boolean;
}

export interface Engine {
  /** Puts a resource into the configuration, as new. */
  readonly add: (this: void, resource: Resource) => void;
  /** Tells of the configuration, as an engine does when it starts. */
  readonly introduce: (this: void, resource: Resource) => void;
  readonly remove: (this: void, resource: Resource) => void;
  /** A check's result, which began `age` seconds ago. Passive results of hosts are HARD at once. */
  readonly check: (this: void, resource: Resource, result: number, age: number, isPassive: boolean) => void;
  /** The full status once more, unchanged. */
  readonly repeat: (this: void, resource: Resource) => void;
  readonly setDowntimeDepth: (this: void, resource: Resource, depth: number) => void;
  /** 0 none, 1 normal, 2 sticky. */
  readonly setAcknowledgement: (this: void, resource: Resource, acknowledgement: number) => void;
  readonly setFlapping: (this: void, resource: Resource, isFlapping: boolean) => void;
}

export interface EnginePorts {
  /** Unix time of the poller. */
  readonly now: (this: void) => number;
  readonly protocol: Protocol;
  readonly tell: (this: void, told: Told) => void;
}

const CATEGORY = 1;

/** Elements of category 1. */
const ELEMENT = {
  "BBDO 2": { service: 23, host: 12, serviceStatus: 24, hostStatus: 14, parent: 13, acknowledgement: 1 },
  "BBDO 3": { service: 27, host: 30, serviceStatus: 29, hostStatus: 32, parent: 53, acknowledgement: 45 },
};
const ADAPTIVE = { service: 55, host: 56 };

type Fields = Record<string, string | number | boolean | undefined>;

function eventOf(element: number, fields: Fields): BrokerEvent {
  const head = { _type: CATEGORY * 65536 + element, category: CATEGORY, element };
  return { ...head, ...fields } as unknown as BrokerEvent;
}

function copyOf(status: Status): Status {
  return { ...status };
}

export function createEngine(ports: EnginePorts): Engine {
  const isBbdo2 = ports.protocol === "BBDO 2";
  const element = ELEMENT[isBbdo2 ? "BBDO 2" : "BBDO 3"];

  const tell = (resource: Resource, event: BrokerEvent, isFull = false): void => {
    const { status } = resource;
    ports.tell({ event, resource, status: status === undefined ? undefined : copyOf(status), isFull });
  };

  /** Ids as events carry them: BBDO 2 leaves out a host's service id. */
  const idsOf = ({ kind, hostId, serviceId }: Resource): Fields => ({
    host_id: hostId,
    service_id: kind === "service" ? serviceId : undefined,
  });

  const tellStatus = (resource: Resource): void => {
    const { status, kind } = resource;
    if (status === undefined) return;
    const isAcknowledged = status.acknowledgement !== 0;
    // BBDO 2: zero times are nil.
    const timeOf = (time: number): number | undefined => (isBbdo2 && time === 0 ? undefined : time);
    tell(
      resource,
      eventOf(kind === "service" ? element.serviceStatus : element.hostStatus, {
        ...idsOf(resource),
        state: status.state,
        state_type: status.isHard ? 1 : 0,
        last_hard_state: status.lastHardState,
        check_attempt: status.attempt,
        last_check: timeOf(status.lastCheck),
        last_hard_state_change: timeOf(status.lastHardStateChange),
        last_time_ok: kind === "service" ? timeOf(status.lastOk) : undefined,
        last_time_up: kind === "host" ? timeOf(status.lastOk) : undefined,
        last_update: isBbdo2 ? ports.now() : undefined,
        scheduled_downtime_depth: status.downtimeDepth,
        acknowledged: isBbdo2 ? isAcknowledged : undefined,
        acknowledgement_type: status.acknowledgement,
        flapping: status.isFlapping,
        checked: status.results > 0,
        output: "plugin output",
        long_output: isBbdo2 ? undefined : "",
        perfdata: "",
        internal_id: 0,
        type: 0,
      }),
      true,
    );
  };

  /** Something other than a check changed the status. */
  const tellChange = (resource: Resource, field: Fields): void => {
    if (ports.protocol === "BBDO 3, adaptive") {
      tell(resource, eventOf(ADAPTIVE[resource.kind], { ...idsOf(resource), ...field }));
    } else {
      tellStatus(resource);
    }
  };

  const isUp = (host: Resource | undefined): boolean =>
    host?.status === undefined || host.status.state === UP;

  const checkService = (service: Resource, status: Status, result: number): void => {
    const hostIsUp = isUp(service.host);
    const { maximumAttempts } = service;
    const isChanged = result !== status.state;
    if (status.state === OK && isChanged) status.attempt = 1;
    else if (!status.isHard && status.attempt < maximumAttempts) status.attempt += 1;
    const reachesHard =
      status.attempt >= maximumAttempts && (result !== status.lastHardState || service.changedSinceHard);
    let isHardChange = reachesHard || (service.hadHostProblem && result === OK);
    status.state = result;
    if (isChanged && status.acknowledgement === 1) status.acknowledgement = 0;

    if (result === OK) {
      status.acknowledgement = 0;
      service.hadHostProblem = false;
      if (isHardChange) {
        status.isHard = true;
        status.attempt = 1;
      } else if (isChanged) {
        status.isHard = false;
        status.attempt = math.max(1, maximumAttempts - 1);
      }
      status.lastHardState = OK;
    } else {
      if (!hostIsUp) {
        // No retries while the host is not UP: HARD at once.
        service.hadHostProblem = true;
        if (status.lastHardState !== result) {
          isHardChange = true;
          status.isHard = true;
          status.lastHardState = result;
        }
      } else if (service.hadHostProblem) {
        service.hadHostProblem = false;
        if (!status.isHard) status.attempt = 1;
      }
      if (status.attempt >= maximumAttempts) {
        status.isHard = true;
        status.lastHardState = result;
      } else if (hostIsUp) {
        // Also one that was HARD only because of its host begins anew.
        status.isHard = false;
      }
    }
    service.changedSinceHard = !isHardChange && (isChanged || service.changedSinceHard);
    if (isHardChange) status.lastHardStateChange = status.lastCheck;
  };

  const downOrUnreachable = ({ parent }: Resource): number => (isUp(parent) ? DOWN : UNREACHABLE);

  const checkHost = (host: Resource, status: Status, result: number, isPassive: boolean): void => {
    const before = status.state;
    if (status.isHard) status.lastHardState = before;
    const wasBadAlready = before !== UP;
    // An attempt is counted when the check is begun.
    if (status.isHard || before === UP) status.attempt = 1;
    else if (status.attempt < host.maximumAttempts) status.attempt += 1;

    if (isPassive) {
      status.state = result;
      status.isHard = true;
      status.attempt = 1;
    } else if (result === UP) {
      status.state = UP;
      status.isHard = status.isHard || before === UP;
    } else {
      status.state = downOrUnreachable(host);
      status.isHard = wasBadAlready
        ? status.attempt === host.maximumAttempts || status.attempt === 1
        : host.maximumAttempts === 1;
    }

    const isChanged =
      status.state !== before ||
      status.lastHardState !== status.state ||
      (status.state === UP && !status.isHard);
    if (!isChanged) return;
    if (status.acknowledgement === 1 || status.state === UP) status.acknowledgement = 0;
    if (status.state === UP) status.attempt = 1;
    // A host's is the time at which the result was processed.
    if (status.isHard) status.lastHardStateChange = ports.now();
  };

  const introduce = (resource: Resource): void => {
    tell(resource, eventOf(element[resource.kind], { ...idsOf(resource), enabled: true }));
    if (resource.parent === undefined) return;
    const relation = { child_id: resource.hostId, parent_id: resource.parent.hostId };
    tell(resource, eventOf(element.parent, { ...relation, enabled: isBbdo2 ? undefined : true }));
  };

  return {
    add: (resource) => {
      resource.status = {
        state: OK,
        isHard: true,
        lastHardState: OK,
        attempt: 1,
        acknowledgement: 0,
        downtimeDepth: 0,
        isFlapping: false,
        lastCheck: 0,
        lastHardStateChange: 0,
        lastOk: ports.now(),
        results: 0,
      };
      resource.hadHostProblem = false;
      resource.changedSinceHard = false;
      introduce(resource);
    },
    introduce,
    remove: (resource) => {
      resource.status = undefined;
      tell(resource, eventOf(element[resource.kind], { ...idsOf(resource), enabled: false }));
    },
    check: (resource, result, age, isPassive) => {
      const { status } = resource;
      if (status === undefined) return;
      status.lastCheck = ports.now() - age;
      status.results += 1;
      if (resource.kind === "service") checkService(resource, status, result);
      else checkHost(resource, status, result, isPassive);
      // A host's is the time at which the result was processed.
      if (result === OK) status.lastOk = resource.kind === "host" ? ports.now() : status.lastCheck;
      tellStatus(resource);
    },
    repeat: tellStatus,
    setDowntimeDepth: (resource, depth) => {
      if (resource.status === undefined) return;
      resource.status.downtimeDepth = depth;
      tellChange(resource, { scheduled_downtime_depth: depth });
    },
    setAcknowledgement: (resource, acknowledgement) => {
      const { status } = resource;
      if (status === undefined) return;
      if (acknowledgement !== 0) {
        const note = { author: "operator", comment_data: "on it", type: resource.kind === "host" ? 0 : 1 };
        tell(resource, eventOf(element.acknowledgement, { ...idsOf(resource), ...note }));
      }
      status.acknowledgement = acknowledgement;
      tellChange(resource, { acknowledgement_type: acknowledgement });
    },
    setFlapping: (resource, isFlapping) => {
      if (resource.status === undefined) return;
      resource.status.isFlapping = isFlapping;
      tellStatus(resource);
    },
  };
}
