// A made-up Centreon: hosts and services that fail, recover, go into downtimes and are acknowledged by chance. Gives
// the events, and knows what PagerDuty must show in the end. Knows nothing of the connector: what calls for an alert
// is written down here a second time, in the plainest words.
import { adaptiveStatus, status } from "../trial/events.js";
import type { Random } from "./random.js";

/** One host, or one service with its host. */
interface Resource {
  readonly hostId: number;
  /** 0: a host. */
  readonly serviceId: number;
  /** Undefined for a host. */
  readonly host: Resource | undefined;
  /** Of a host. */
  readonly services: Resource[];
  /** The HARD state, and the one last seen, SOFT or HARD. */
  hardState: number;
  seenState: number;
  lastCheck: number;
  lastHardStateChange: number;
  isAcknowledged: boolean;
  downtimeDepth: number;
  /** A problem that was known before its host came back, and was not checked since. */
  isStale: boolean;
  /** Problems that called for a page at some time. */
  episodes: number;
  /** The present problem is among them. */
  isCounted: boolean;
}

/** What PagerDuty must show for one dedup key. */
export interface Expectation {
  readonly dedupKey: string;
  /** The severity of the problem; undefined: all is well, and nothing may be open. */
  readonly severity: "critical" | "error" | "warning" | undefined;
  /** The most incidents that there may have been. */
  readonly episodes: number;
}

export interface Centreon {
  /** The next so many events. With `oncePerResource` none is about a resource that another one is about. */
  readonly events: (count: number, oncePerResource: boolean) => string[];
  /** Ends every downtime, acknowledgement and host failure, and checks what is old: every problem left calls for an alert. */
  readonly calmDown: () => string[];
  /** Ends every problem. */
  readonly recover: () => string[];
  readonly expectations: () => Expectation[];
  /** Services with a HARD problem now. */
  readonly problems: () => number;
}

const OK = 0;
const DOWN = 1;
const CRITICAL = 2;
const SERVICE_SEVERITY = [undefined, "warning", "critical", "error"] as const;

/** How often things happen: about one service in seven has a problem at any time. */
const CHANCES = {
  hostCheck: 0.04,
  repetition: 0.03,
  downtime: 0.02,
  acknowledgement: 0.02,
  serviceFails: 0.03,
  softBecomesHard: 0.6,
  problemEnds: 0.25,
  problemChanges: 0.1,
  hostFails: 0.05,
  hostReturns: 0.4,
  downtimeOfHost: 0.2,
};

/** A Centreon with `hostCount` hosts of `servicesPerHost` services each, whose first check is at `startTime` (Unix time). */
export function createCentreon(
  hostCount: number,
  servicesPerHost: number,
  startTime: number,
  random: Random,
): Centreon {
  let now = startTime;

  const createResource = (hostId: number, serviceId: number, host: Resource | undefined): Resource => ({
    hostId,
    serviceId,
    host,
    services: [],
    hardState: OK,
    seenState: OK,
    lastCheck: startTime,
    lastHardStateChange: startTime,
    isAcknowledged: false,
    downtimeDepth: 0,
    isStale: false,
    episodes: 0,
    isCounted: false,
  });
  const hosts: Resource[] = [];
  const services: Resource[] = [];
  for (let hostId = 1; hostId <= hostCount; hostId += 1) {
    const host = createResource(hostId, 0, undefined);
    for (let serviceId = 1; serviceId <= servicesPerHost; serviceId += 1) {
      host.services.push(createResource(hostId, serviceId, host));
    }
    hosts.push(host);
    services.push(...host.services);
  }
  const resources = [...hosts, ...services];

  /** Whether somebody should be paged for it now. */
  const callsForAlert = ({ host, hardState, isAcknowledged, downtimeDepth, isStale }: Resource): boolean =>
    hardState !== OK &&
    !isAcknowledged &&
    downtimeDepth === 0 &&
    !isStale &&
    (host === undefined || (host.seenState === OK && host.downtimeDepth === 0));

  const count = (resource: Resource): void => {
    if (resource.hardState === OK) resource.isCounted = false;
    if (resource.isCounted || !callsForAlert(resource)) return;
    resource.isCounted = true;
    resource.episodes += 1;
  };

  /** Counts what an event may have changed, and gives it on. */
  const counted = (resource: Resource, event: string): string => {
    for (const touched of [resource, ...resource.services]) count(touched);
    return event;
  };

  const report = (resource: Resource): string =>
    counted(
      resource,
      status({
        ...resource,
        state: resource.seenState,
        isHard: resource.seenState === resource.hardState,
        lastHardState: resource.hardState,
      }),
    );

  /** A check finds `state`; `isHard` says whether that is the HARD state at once. */
  const check = (resource: Resource, state: number, isHard: boolean): string => {
    const returns = resource.seenState !== OK && state === OK;
    resource.lastCheck = now;
    resource.seenState = state;
    if (isHard && resource.hardState !== state) {
      resource.hardState = state;
      resource.lastHardStateChange = now;
    }
    if (resource.hardState === OK) resource.isAcknowledged = false;
    if (resource.host !== undefined && isHard) resource.isStale = false;
    if (returns) for (const service of resource.services) service.isStale = service.hardState !== OK;
    return report(resource);
  };

  const checkService = (service: Resource): string => {
    const { hardState, seenState, host } = service;
    // Services of a host that is down go HARD at once.
    if (host !== undefined && host.seenState !== OK) return check(service, CRITICAL, true);
    if (hardState !== OK) {
      if (random.chance(CHANCES.problemEnds)) return check(service, OK, true);
      return check(service, random.chance(CHANCES.problemChanges) ? random.between(1, 3) : hardState, true);
    }
    if (seenState !== OK) {
      return random.chance(CHANCES.softBecomesHard)
        ? check(service, seenState, true)
        : check(service, OK, true);
    }
    return random.chance(CHANCES.serviceFails)
      ? check(service, random.between(1, 3), false)
      : check(service, OK, true);
  };

  const checkHost = (host: Resource): string => {
    if (host.seenState === OK) {
      return random.chance(CHANCES.hostFails) ? check(host, DOWN, false) : check(host, OK, true);
    }
    return random.chance(CHANCES.hostReturns) ? check(host, OK, true) : check(host, DOWN, true);
  };

  const setDowntimeDepth = (resource: Resource, depth: number): string => {
    resource.downtimeDepth = depth;
    return counted(resource, adaptiveStatus(resource, { scheduled_downtime_depth: depth }));
  };

  const setAcknowledged = (resource: Resource, isAcknowledged: boolean): string => {
    resource.isAcknowledged = isAcknowledged;
    return counted(resource, adaptiveStatus(resource, { acknowledgement_type: isAcknowledged ? 1 : 0 }));
  };

  /** One thing that happens; undefined when it would be about a resource that is not wanted. */
  const event = (isWanted: (resource: Resource) => boolean): string | undefined => {
    if (random.chance(CHANCES.hostCheck)) {
      const host = random.pick(hosts);
      return isWanted(host) ? checkHost(host) : undefined;
    }
    if (random.chance(CHANCES.downtime)) {
      const resource = random.pick(random.chance(CHANCES.downtimeOfHost) ? hosts : services);
      return isWanted(resource) ? setDowntimeDepth(resource, 1 - resource.downtimeDepth) : undefined;
    }
    const service = random.pick(services);
    if (!isWanted(service)) return undefined;
    // The engine sends statuses again between checks.
    if (random.chance(CHANCES.repetition)) return report(service);
    if (service.hardState !== OK && random.chance(CHANCES.acknowledgement)) {
      return setAcknowledged(service, !service.isAcknowledged);
    }
    return checkService(service);
  };

  const severityOf = ({ host, hardState }: Resource): Expectation["severity"] => {
    if (host !== undefined) return SERVICE_SEVERITY[hardState];
    return hardState === OK ? undefined : "critical";
  };

  return {
    events: (eventCount, oncePerResource) => {
      const lines: string[] = [];
      const taken = new Set<Resource>();
      const isWanted = (resource: Resource): boolean => {
        if (taken.has(resource)) return false;
        if (oncePerResource) taken.add(resource);
        return true;
      };
      while (lines.length < eventCount) {
        now += 1;
        const line = event(isWanted);
        if (line !== undefined) lines.push(line);
      }
      return lines;
    },
    calmDown: () => {
      now += 1;
      const lines: string[] = [];
      for (const host of hosts) if (host.seenState !== OK) lines.push(check(host, OK, true));
      for (const resource of resources) {
        if (resource.downtimeDepth > 0) lines.push(setDowntimeDepth(resource, 0));
        if (resource.isAcknowledged) lines.push(setAcknowledged(resource, false));
      }
      now += 1;
      for (const service of services) {
        if (service.isStale) lines.push(check(service, service.hardState, true));
      }
      return lines;
    },
    recover: () => {
      now += 1;
      return resources
        .filter(({ hardState }) => hardState !== OK)
        .map((resource) => check(resource, OK, true));
    },
    expectations: () =>
      resources.map((resource) => ({
        dedupKey: `${resource.hostId}_${resource.serviceId === 0 ? "H" : resource.serviceId}`,
        severity: severityOf(resource),
        episodes: resource.episodes,
      })),
    problems: () => services.filter(({ hardState }) => hardState !== OK).length,
  };
}
