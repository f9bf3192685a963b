// What engines tell in BBDO 2 and in BBDO 3: statuses, definitions, removals, parents, groups, starts and ends of what an
// engine tells; in the order of a real engine (contracts: the recorded stories). Knows nothing of what follows from it.
import { type CheckResult, adaptiveStatus, status } from "../trial/events.js";

export type Protocol = 2 | 3;

/** Elements of category 1. */
const ELEMENTS = {
  2: {
    service: 23,
    host: 12,
    serviceStatus: 24,
    hostStatus: 14,
    parent: 13,
    group: 10,
    member: 11,
    instance: 15,
    configuration: 25,
  },
  3: {
    service: 27,
    host: 30,
    serviceStatus: 29,
    hostStatus: 32,
    parent: 53,
    group: 49,
    member: 50,
    instance: 44,
    configuration: 54,
  },
} as const;

/** The one host group, that filters accept. */
export const GROUP = { hostgroup_id: 7, name: "Chaos" };

/** A host or service as a definition names it. */
export interface Named {
  readonly hostId: number;
  /** 0: the host itself. */
  readonly serviceId: number;
  readonly name: string;
}

export interface EngineEvents {
  readonly status: (result: CheckResult) => string;
  /** A change between two checks: BBDO 2 tells the whole status again. */
  readonly change: (
    result: CheckResult,
    change: { readonly acknowledgement_type: number } | { readonly scheduled_downtime_depth: number },
  ) => string;
  /** Services name no poller. */
  readonly definition: (resource: Named, poller: number, enabled: boolean) => string;
  readonly parent: (childId: number, parentId: number) => string;
  readonly group: () => string;
  readonly member: (hostId: number) => string;
  readonly instance: (poller: number, startTime: number, running: boolean) => string;
  /** The end of what an engine tells at its start, and of a reload. */
  readonly configuration: (poller: number) => string;
}

export function engineEvents(protocol: Protocol): EngineEvents {
  const elements = ELEMENTS[protocol];
  const event = (element: number, fields: object): string =>
    JSON.stringify({ category: 1, element, ...fields });
  const isEnabled = (enabled: boolean): object => (protocol === 3 ? { enabled } : {});

  const statusOf = (result: CheckResult): string => {
    if (protocol === 3) return status(result);
    const { acknowledgement_type, output, ...rest } = JSON.parse(status(result)) as Record<string, unknown>;
    return JSON.stringify({
      ...rest,
      element: result.serviceId === 0 ? elements.hostStatus : elements.serviceStatus,
      acknowledged: acknowledgement_type !== 0,
      output: `${String(output)}\n`,
    });
  };

  return {
    status: statusOf,
    change: (result, change) => (protocol === 3 ? adaptiveStatus(result, change) : statusOf(result)),
    definition: ({ hostId, serviceId, name }, poller, enabled) =>
      serviceId === 0
        ? event(elements.host, { host_id: hostId, name, instance_id: poller, enabled })
        : event(elements.service, { host_id: hostId, service_id: serviceId, description: name, enabled }),
    parent: (childId, parentId) =>
      event(elements.parent, { child_id: childId, parent_id: parentId, ...isEnabled(true) }),
    group: () => event(elements.group, { ...GROUP, ...isEnabled(true) }),
    // That of BBDO 2 has no name.
    member: (hostId) =>
      protocol === 3
        ? event(elements.member, { ...GROUP, host_id: hostId, enabled: true })
        : event(elements.member, { hostgroup_id: GROUP.hostgroup_id, host_id: hostId }),
    instance: (poller, startTime, running) =>
      event(elements.instance, {
        instance_id: poller,
        name: `poller-${poller}`,
        running,
        start_time: startTime,
      }),
    configuration: (poller) => event(elements.configuration, { poller_id: poller, loaded: true }),
  };
}
