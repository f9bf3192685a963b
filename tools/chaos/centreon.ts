// A made-up Centreon of two pollers: hosts and services that fail, recover, go into downtimes and are acknowledged by chance,
// are removed, renamed, added, moved, and join a group, with reloads and restarts of the engines. Gives the events, and knows what PagerDuty must show in the end. Knows nothing of the connector: what calls for an alert
// is written down here a second time, in the plainest words.
import type { CheckResult } from "../trial/events.js";
import { type Protocol, engineEvents } from "./engine_events.js";
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
  /** Of a host that is behind another one. */
  readonly parent: Resource | undefined;
  /** As it is called now; every name that it has had. */
  name: string;
  readonly names: string[];
  /** Of a host: who monitors it, and whether it is in the group. */
  poller: number;
  isMember: boolean;
  /** It is not in the configuration. */
  isGone: boolean;
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
  /** What its incident's summary begins with: one of these. */
  readonly names: readonly string[];
}

export interface Centreon {
  /** Both engines start. */
  readonly begin: () => string[];
  /** What a broker's cache knows of names and groups. */
  readonly known: () => string[];
  /** Something of the configuration changes: an engine reloads or restarts. Now and then nothing does. */
  readonly configurationChanges: () => string[];
  /** How often the configuration changed in which way so far. */
  readonly changes: ReadonlyMap<string, number>;
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
const UNREACHABLE = 2;
const CRITICAL = 2;
const POLLERS = [1, 2];

/** Of so many hosts one is the parent of the next two, and one joins the group late. */
const FAMILY = 10;
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
  configurationChange: 0.4,
  problemIsMeant: 0.8,
};

/** A Centreon with `hostCount` hosts of `servicesPerHost` services each, whose first check is at `startTime` (Unix time). */
export function createCentreon(
  hostCount: number,
  servicesPerHost: number,
  startTime: number,
  random: Random,
  protocol: Protocol,
): Centreon {
  let now = startTime;
  const tell = engineEvents(protocol);

  const createResource = (
    hostId: number,
    serviceId: number,
    name: string,
    host?: Resource,
    parent?: Resource,
  ): Resource => ({
    hostId,
    serviceId,
    host,
    parent,
    services: [],
    name,
    names: [name],
    poller: 1 + (Math.floor((hostId - 1) / FAMILY) % POLLERS.length),
    isMember: hostId % FAMILY !== FAMILY - 1,
    isGone: false,
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
    const place = hostId % FAMILY;
    const parent = place === 2 || place === 3 ? hosts[hostId - place] : undefined;
    const host = createResource(hostId, 0, `server-${hostId}`, undefined, parent);
    for (let serviceId = 1; serviceId <= servicesPerHost; serviceId += 1) {
      host.services.push(createResource(hostId, serviceId, `Backend pool ${serviceId}`, host));
    }
    hosts.push(host);
    services.push(...host.services);
  }
  const resources = [...hosts, ...services];

  /** Whether somebody should be paged for it now. */
  const isThere = ({ isGone, host }: Resource): boolean => !isGone && host?.isGone !== true;

  const callsForAlert = (resource: Resource): boolean => {
    const { host, parent, hardState, isAcknowledged, downtimeDepth, isStale } = resource;
    if (!isThere(resource) || !(host ?? resource).isMember) return false;
    if (hardState === UNREACHABLE && host === undefined && parent !== undefined && parent.seenState !== OK)
      return false;
    return (
      hardState !== OK &&
      !isAcknowledged &&
      downtimeDepth === 0 &&
      !isStale &&
      (host === undefined || (host.seenState === OK && host.downtimeDepth === 0))
    );
  };

  const count = (resource: Resource): void => {
    if (resource.hardState === OK) resource.isCounted = false;
    if (resource.isCounted || !callsForAlert(resource)) return;
    resource.isCounted = true;
    resource.episodes += 1;
  };

  /** Counts what an event may have changed, and gives it on. */
  const counted = (resource: Resource, event: string): string => {
    for (const touched of [resource, ...resource.services, ...childrenOf(resource)]) count(touched);
    return event;
  };
  const childrenOf = (host: Resource): Resource[] =>
    host.host === undefined ? hosts.filter(({ parent }) => parent === host) : [];

  const resultOf = (resource: Resource): CheckResult => ({
    ...resource,
    state: resource.seenState,
    isHard: resource.seenState === resource.hardState,
    lastHardState: resource.hardState,
  });

  const report = (resource: Resource): string => counted(resource, tell.status(resultOf(resource)));

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
    if (isHard) resource.isStale = false;
    if (returns) {
      for (const service of resource.services) service.isStale = service.hardState !== OK;
      for (const child of childrenOf(resource)) child.isStale = child.hardState === UNREACHABLE;
    }
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
    const isBehind = host.parent !== undefined && host.parent.seenState !== OK;
    const bad = isBehind ? UNREACHABLE : DOWN;
    if (host.seenState === OK) {
      return isBehind || random.chance(CHANCES.hostFails)
        ? check(host, bad, isBehind)
        : check(host, OK, true);
    }
    return !isBehind && random.chance(CHANCES.hostReturns) ? check(host, OK, true) : check(host, bad, true);
  };

  const setDowntimeDepth = (resource: Resource, depth: number): string => {
    resource.downtimeDepth = depth;
    return counted(resource, tell.change(resultOf(resource), { scheduled_downtime_depth: depth }));
  };

  const setAcknowledged = (resource: Resource, isAcknowledged: boolean): string => {
    resource.isAcknowledged = isAcknowledged;
    const change = { acknowledgement_type: isAcknowledged ? 1 : 0 };
    return counted(resource, tell.change(resultOf(resource), change));
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

  const define = (resource: Resource, enabled = true, { poller } = resource.host ?? resource): string =>
    tell.definition(resource, poller, enabled);
  /** A host with its services, or a service alone. */
  const family = (resource: Resource): Resource[] => [resource, ...resource.services];
  const monitoredBy = (poller: number): Resource[] =>
    resources.filter((it) => isThere(it) && (it.host ?? it).poller === poller);

  const parentsOn = (poller: number): string[] =>
    hosts.flatMap((host) =>
      host.poller === poller && host.parent !== undefined
        ? [tell.parent(host.hostId, host.parent.hostId)]
        : [],
    );
  const membersOn = (poller: number): string[] => [
    tell.group(),
    ...hosts
      .filter((host) => host.poller === poller && host.isMember && isThere(host))
      .map(({ hostId }) => tell.member(hostId)),
  ];

  const changes = new Map<string, number>();
  let lastStart = startTime;
  /** An engine starts: what it does not monitor any more is not mentioned. */
  const engineStarts = (poller: number): string[] => {
    lastStart += 1;
    return [
      tell.instance(poller, lastStart, true),
      ...monitoredBy(poller).map((it) => define(it)),
      ...parentsOn(poller),
      ...membersOn(poller),
      tell.configuration(poller),
    ];
  };
  const engineRestarts = (poller: number): string[] => [
    tell.instance(poller, lastStart, false),
    ...engineStarts(poller),
  ];
  const reload = (poller: number, lines: readonly string[]): string[] => [
    ...lines,
    ...parentsOn(poller),
    tell.configuration(poller),
  ];

  /** What an engine tells of a host, or service, that it gives up: services first, without a poller, and once more. */
  const givenUp = (resource: Resource, poller: number): string[] => {
    const services = resource.services.filter(({ isGone }) => !isGone).map((it) => define(it, false));
    return [...services, tell.definition(resource, poller, false), ...services];
  };

  /** As a summary may begin: names that the resource and its host have had. */
  const namesOf = ({ host, names }: Resource): string[] =>
    host === undefined ? names : host.names.flatMap((hostName) => names.map((name) => `${hostName}/${name}`));

  /** One of them, most often one that has a problem: what is well is nobody's concern. */
  const pickThere = (candidates: readonly Resource[]): Resource | undefined => {
    const there = candidates.filter(isThere);
    const bad = there.filter((it) => family(it).some(({ hardState }) => hardState !== OK));
    if (bad.length > 0 && random.chance(CHANCES.problemIsMeant)) return random.pick(bad);
    return there.length === 0 ? undefined : random.pick(there);
  };
  /** Whatever has relatives stays where it is. */
  const loners = hosts.filter((host) => host.parent === undefined && childrenOf(host).length === 0);
  const removable = [...services, ...loners];

  const remove = (isByRestart: boolean): string[] => {
    // Most of it must stay.
    if (resources.filter((it) => !isThere(it)).length > resources.length / 4) return [];
    const resource = pickThere(removable);
    if (resource === undefined) return [];
    const { poller } = resource.host ?? resource;
    const lines = isByRestart ? [] : reload(poller, givenUp(resource, poller));
    resource.isGone = true;
    return isByRestart ? engineRestarts(poller) : lines;
  };

  /** It is new: an engine that has it for the first time finds it well. */
  const add = (): string[] => {
    const gone = removable.filter((it) => it.isGone && it.host?.isGone !== true);
    if (gone.length === 0) return [];
    const resource = random.pick(gone);
    const added = family(resource);
    for (const it of added) {
      Object.assign(it, { isGone: false, isAcknowledged: false, downtimeDepth: 0, isStale: false });
    }
    return [
      ...reload(
        (resource.host ?? resource).poller,
        added.map((it) => define(it)),
      ),
      ...added.map((it) => check(it, OK, true)),
    ];
  };

  const rename = (): string[] => {
    const resource = pickThere(resources);
    if (resource === undefined) return [];
    resource.name = `${resource.name}'`;
    resource.names.push(resource.name);
    return reload((resource.host ?? resource).poller, [define(resource)]);
  };

  const move = (): string[] => {
    const host = pickThere(loners);
    if (host === undefined) return [];
    const old = host.poller;
    const leaves = reload(old, givenUp(host, old));
    host.poller = 1 + (old % POLLERS.length);
    const arrives = reload(
      host.poller,
      family(host)
        .filter((it) => isThere(it))
        .map((it) => define(it)),
    );
    return random.chance(0.5) ? [...leaves, ...arrives] : [...arrives, ...leaves];
  };

  const join = (host: Resource): string[] => {
    host.isMember = true;
    for (const it of family(host)) count(it);
    return [tell.group(), tell.member(host.hostId), tell.configuration(host.poller)];
  };

  const joinLate = (): string[] => {
    const host = pickThere(hosts.filter(({ isMember }) => !isMember));
    return host === undefined ? [] : join(host);
  };

  const severityOf = (resource: Resource): Expectation["severity"] => {
    const { host, hardState } = resource;
    if (!isThere(resource)) return undefined;
    if (host !== undefined) return SERVICE_SEVERITY[hardState];
    return hardState === OK ? undefined : "critical";
  };

  return {
    begin: () => POLLERS.flatMap((poller) => engineStarts(poller)),
    known: () =>
      POLLERS.flatMap((poller) => [
        tell.instance(poller, lastStart, true),
        ...monitoredBy(poller).map((it) => define(it)),
        ...membersOn(poller),
      ]),
    configurationChanges: () => {
      if (!random.chance(CHANCES.configurationChange)) return [];
      now += 1;
      const [name, change] = random.pick<[string, () => string[]]>([
        ["removed", () => remove(false)],
        ["removed by a restart", () => remove(true)],
        ["added", add],
        ["added", add],
        ["renamed", rename],
        ["moved", move],
        ["joined the group", joinLate],
        ["engine restarted", () => engineRestarts(random.pick(POLLERS))],
      ]);
      const lines = change();
      if (lines.length > 0) changes.set(name, (changes.get(name) ?? 0) + 1);
      return lines;
    },
    events: (eventCount, oncePerResource) => {
      const lines: string[] = [];
      const taken = new Set<Resource>();
      const isWanted = (resource: Resource): boolean => {
        if (taken.has(resource) || !isThere(resource)) return false;
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
      const lines: string[] = hosts.filter((it) => isThere(it) && !it.isMember).flatMap(join);
      for (const host of hosts.filter(isThere)) if (host.seenState !== OK) lines.push(check(host, OK, true));
      for (const resource of resources.filter(isThere)) {
        if (resource.downtimeDepth > 0) lines.push(setDowntimeDepth(resource, 0));
        if (resource.isAcknowledged) lines.push(setAcknowledged(resource, false));
      }
      now += 1;
      for (const service of services.filter(isThere)) {
        if (service.isStale) lines.push(check(service, service.hardState, true));
      }
      return lines;
    },
    recover: () => {
      now += 1;
      return resources
        .filter((resource) => isThere(resource) && resource.hardState !== OK)
        .map((resource) => check(resource, OK, true));
    },
    changes,
    expectations: () =>
      resources.map((resource) => ({
        dedupKey: `${resource.hostId}_${resource.serviceId === 0 ? "H" : resource.serviceId}`,
        severity: severityOf(resource),
        episodes: resource.episodes,
        names: namesOf(resource),
      })),
    problems: () => services.filter((it) => isThere(it) && it.hardState !== OK).length,
  };
}
