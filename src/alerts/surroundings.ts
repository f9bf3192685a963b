// What surrounds a resource: its host and the hosts above it, SOFT states included, and how old what is known of it is
// after one of them was away. Decides nothing about alerts: it says what the policy looks at.
import type { Alert, Facts, Resource } from "./alert";
import { createHostParents } from "./host_parents";
import { STALENESS_CLOCK_GRACE, STATE, type Surroundings } from "./policy";
import type { Shelf } from "./shelf";

/** What is remembered of a host beside its alert. */
export interface HostFacts {
  state: number;
  downtimeDepth: number;
  /** The host's last_check when it came back (Unix time), and when that was noticed; undefined before. */
  checkedAtReturn: number | undefined;
  returnedAt: number | undefined;
}

export interface SurroundingsSettings {
  readonly suppressServicesOfDownHosts: boolean;
  readonly suppressHostsBehindDownParents: boolean;
  /** Problems alert although they are in a downtime. */
  readonly ignoresDowntimes: boolean;
}

export interface SurroundingsPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** What is remembered of a host changed; undefined when it is forgotten. */
  readonly hostChanged: (this: void, hostId: number, facts: HostFacts | undefined) => void;
  readonly parentChanged: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  /** What is known of an alert's resource became old. */
  readonly becameStale: (this: void, alert: Alert) => void;
  /** Whether the administrator's rules keep a host that is not UP from ever saying so. */
  readonly isSilent: (this: void, hostId: number) => boolean;
}

/** What was said of a host, SOFT or not. */
export interface HostObservation {
  readonly state: number;
  readonly downtimeDepth: number;
  /** Unix time; 0 when unknown. */
  readonly lastCheck: number;
}

export interface HostSurroundings {
  /** What surrounds the alert's resource now. */
  readonly of: (this: void, alert: Alert) => Surroundings;
  /** Whether anything is remembered of the host. */
  readonly knowsHost: (this: void, hostId: number) => boolean;
  /** The state that is remembered of the host: UP where nothing is. */
  readonly stateOf: (this: void, hostId: number) => number;
  /** Takes a host's state for the sake of its services. Gives whether they must be decided anew. */
  readonly noteHost: (this: void, hostId: number, observation: HostObservation) => boolean;
  /** A result of before the host's return may come in after it: how old one with this `lastCheck` is. */
  readonly stalenessOfNewcomer: (this: void, resource: Resource, lastCheck: number) => Facts["staleness"];
  readonly forgetHost: (this: void, hostId: number) => void;
  /** Sets or removes a relation. Gives whether that changed anything. */
  readonly setParent: (this: void, childId: number, parentId: number, isParent: boolean) => boolean;
  readonly parentsOf: (this: void, childId: number) => readonly number[];
  /** The alerts of the hosts whose parent this host is. */
  readonly alertsOfChildren: (this: void, hostId: number) => readonly Alert[];
  /** The alerts of all hosts behind this one, as far as hosts that are not UP lead. */
  readonly alertsBehind: (this: void, hostId: number) => readonly Alert[];
  /** Put back what the journal held; nothing is reported. */
  readonly restoreHost: (this: void, hostId: number, facts: HostFacts) => void;
  readonly restoreParent: (this: void, childId: number, parentId: number) => void;
  /** Call `visit` for each, in no particular order. */
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
}

/** No hosts and no relations yet; the alerts of hosts and services are those on the shelf. */
export function createSurroundings(
  settings: SurroundingsSettings,
  shelf: Shelf,
  ports: SurroundingsPorts,
): HostSurroundings {
  const hosts = new LuaTable<number, HostFacts | undefined>();
  const parents = createHostParents();

  /** A host's state, SOFT included: its alert knows that of a journal in which the host's own line is missing. */
  const stateOf = (hostId: number): number =>
    hosts.get(hostId)?.state ?? shelf.ofHost(hostId)?.facts.state ?? STATE.up;

  const isUp = (hostId: number): boolean => stateOf(hostId) === STATE.up;

  /**
   * Calls `visit` for each host above that is not UP, as far up as such hosts lead: an UNREACHABLE one has somebody above
   * it, and through a silent one others are seen. Ends when `visit` gives true, and gives whether it did. Relations that
   * Centreon gave up may be known still: there can be loops.
   */
  const someAbove = (hostId: number, visit: (this: void, aboveId: number) => boolean): boolean => {
    const seen = new LuaSet<number>();
    // A list, not a recursion: LuaJIT of Debian 12 crashes on one within a loop over pairs.
    const toLookAbove: number[] = [hostId];
    while (true) {
      const belowId = toLookAbove.pop();
      if (belowId === undefined) return false;
      for (const parentId of parents.parentsOf(belowId)) {
        if (!seen.has(parentId) && !isUp(parentId)) {
          seen.add(parentId);
          if (visit(parentId)) return true;
          if (stateOf(parentId) === STATE.unreachable || ports.isSilent(parentId)) toLookAbove.push(parentId);
        }
      }
    }
  };

  /**
   * Whether somebody above says it all for an UNREACHABLE host. Of the hosts in one loop none does that for the others:
   * each would wait for the next.
   */
  const isBehindDownParent = (hostId: number): boolean =>
    someAbove(hostId, (aboveId) => {
      if (aboveId === hostId || ports.isSilent(aboveId)) return false;
      return stateOf(aboveId) !== STATE.unreachable || !someAbove(aboveId, (id) => id === hostId);
    });

  const alertsOfChildren = (hostId: number): Alert[] => {
    const listed: Alert[] = [];
    for (const childId of parents.childrenOf(hostId)) {
      const alert = shelf.ofHost(childId);
      if (alert !== undefined) listed.push(alert);
    }
    return listed;
  };

  const alertsBehind = (hostId: number): Alert[] => {
    const listed: Alert[] = [];
    const seen = new LuaSet<number>();
    seen.add(hostId);
    const toLookBelow: number[] = [hostId];
    while (true) {
      const aboveId = toLookBelow.pop();
      if (aboveId === undefined) return listed;
      for (const childId of parents.childrenOf(aboveId)) {
        if (!seen.has(childId) && !isUp(childId)) {
          seen.add(childId);
          toLookBelow.push(childId);
          const alert = shelf.ofHost(childId);
          if (alert !== undefined) listed.push(alert);
        }
      }
    }
  };

  /** What was known before a host checked at `hostCheckedAt` came back is old, until a check confirms it. */
  const markStale = (alert: Alert, hostCheckedAt: number): void => {
    if (alert.facts.state === STATE.ok) return;
    alert.facts.staleness = { lastCheckAtReturn: alert.facts.lastCheck, hostCheckedAt, since: ports.now() };
    ports.becameStale(alert);
  };

  /** Whether a host's return is so long ago that no result of before can still come in. */
  const isLongBack = (facts: HostFacts): boolean =>
    facts.returnedAt !== undefined && ports.now() - facts.returnedAt >= STALENESS_CLOCK_GRACE;

  const setHost = (hostId: number, facts: HostFacts): void => {
    const isOfInterest =
      facts.state !== STATE.up || facts.downtimeDepth > 0 || facts.returnedAt !== undefined;
    hosts.set(hostId, isOfInterest ? facts : undefined);
    ports.hostChanged(hostId, isOfInterest ? facts : undefined);
  };

  const noteHost: HostSurroundings["noteHost"] = (hostId, { state, downtimeDepth, lastCheck }) => {
    const known = hosts.get(hostId);
    if (known === undefined && state === STATE.up && downtimeDepth === 0) return false;
    const facts = known ?? {
      state: STATE.up,
      downtimeDepth: 0,
      checkedAtReturn: undefined,
      returnedAt: undefined,
    };
    const isSame = facts.state === state && facts.downtimeDepth === downtimeDepth;
    if (isSame && !isLongBack(facts)) return false;
    const isBack = facts.state !== STATE.up && state === STATE.up;
    facts.state = state;
    facts.downtimeDepth = downtimeDepth;
    if (isLongBack(facts)) {
      facts.checkedAtReturn = undefined;
      facts.returnedAt = undefined;
    }
    if (isBack && settings.suppressServicesOfDownHosts) {
      facts.checkedAtReturn = lastCheck;
      facts.returnedAt = ports.now();
      for (const alert of shelf.ofServices(hostId)) markStale(alert, lastCheck);
    }
    if (isBack && settings.suppressHostsBehindDownParents) {
      for (const alert of alertsBehind(hostId)) {
        if (alert.facts.state === STATE.unreachable) markStale(alert, lastCheck);
      }
    }
    setHost(hostId, facts);
    return !isSame;
  };

  return {
    of: ({ resource, facts, rejection }) => {
      const isFilteredOut = rejection !== undefined;
      if (resource.kind !== "service") {
        const isUnreachable = resource.kind === "host" && facts.state === STATE.unreachable;
        return {
          hostDowntimeDepth: 0,
          isHostDown: false,
          isBehindDownParent:
            isUnreachable && settings.suppressHostsBehindDownParents && isBehindDownParent(resource.hostId),
          isFilteredOut,
        };
      }
      const host = hosts.get(resource.hostId);
      return {
        hostDowntimeDepth: host === undefined || settings.ignoresDowntimes ? 0 : host.downtimeDepth,
        isHostDown: settings.suppressServicesOfDownHosts && host !== undefined && host.state !== STATE.up,
        isBehindDownParent: false,
        isFilteredOut,
      };
    },
    knowsHost: (hostId) => hosts.get(hostId) !== undefined,
    stateOf,
    noteHost,
    stalenessOfNewcomer: (resource, lastCheck) => {
      const host = resource.kind === "service" ? hosts.get(resource.hostId) : undefined;
      if (host?.checkedAtReturn === undefined || host.returnedAt === undefined) return undefined;
      if (isLongBack(host) || lastCheck >= host.checkedAtReturn) return undefined;
      return { lastCheckAtReturn: lastCheck, hostCheckedAt: host.checkedAtReturn, since: host.returnedAt };
    },
    forgetHost: (hostId) => {
      if (hosts.get(hostId) === undefined) return;
      hosts.set(hostId, undefined);
      ports.hostChanged(hostId, undefined);
    },
    setParent: (childId, parentId, isParent) => {
      if (!parents.set(childId, parentId, isParent)) return false;
      ports.parentChanged(childId, parentId, isParent);
      return true;
    },
    parentsOf: parents.parentsOf,
    alertsOfChildren,
    alertsBehind,
    restoreHost: (hostId, facts) => {
      hosts.set(hostId, facts);
    },
    restoreParent: (childId, parentId) => {
      parents.set(childId, parentId, true);
    },
    eachHost: (visit) => {
      for (const [hostId, facts] of hosts) if (facts !== undefined) visit(hostId, facts);
    },
    eachParent: parents.each,
  };
}
