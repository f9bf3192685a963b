// What surrounds a resource: its host and the hosts above it, SOFT states included, and how old what is known of it is
// after one of them was away. Decides nothing about alerts: it says what the policy looks at.
import { type Alert, type Facts, type Resource, isOpen } from "./alert";
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
  /** The alerts of the hosts whose parent this host is. */
  readonly alertsOfChildren: (this: void, hostId: number) => readonly Alert[];
  /** Put back what the journal held; nothing is reported. */
  readonly restoreHost: (this: void, hostId: number, facts: HostFacts) => void;
  readonly restoreParent: (this: void, childId: number, parentId: number) => void;
  /** Call `visit` for each, in no particular order. */
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
}

/** Whether a parent that is not UP says it all for the hosts behind it. */
function speaksForChildren(parent: Alert): boolean {
  if (parent.desired === "triggered" || parent.desired === "acknowledged") return true;
  // Whether one of unknown outcome is open nobody knows: better a page too many.
  return (isOpen(parent) && parent.isCertain) || parent.facts.staleness !== undefined;
}

/** No hosts and no relations yet; the alerts of hosts and services are those on the shelf. */
export function createSurroundings(
  settings: SurroundingsSettings,
  shelf: Shelf,
  ports: SurroundingsPorts,
): HostSurroundings {
  const hosts = new LuaTable<number, HostFacts | undefined>();
  const parents = createHostParents();

  /** The alerts of a host's parents that are not UP and were not `seen` yet, if the host is UNREACHABLE. */
  const downParentsOf = ({ resource, facts }: Alert, seen: LuaSet<number>): Alert[] => {
    const listed: Alert[] = [];
    if (resource.kind !== "host" || facts.state !== STATE.unreachable) return listed;
    seen.add(resource.hostId);
    for (const parentId of parents.parentsOf(resource.hostId)) {
      const parent = shelf.ofHost(parentId);
      const isOfInterest = parent !== undefined && parent.facts.state !== STATE.up && !seen.has(parentId);
      if (isOfInterest) listed.push(parent);
    }
    return listed;
  };

  /**
   * A host is behind a dead parent when that one's alert, open or to be opened, speaks for it, or the alert of a
   * parent's parent does. A stale parent is waited for: it may turn out to be dead.
   */
  const isBehindDownParent = (alert: Alert): boolean => {
    // Relations that Centreon gave up may be known still: there can be loops.
    const seen = new LuaSet<number>();
    // A list, not a recursion: LuaJIT of Debian 12 crashes on one within a loop over pairs.
    const toLookAbove: Alert[] = [alert];
    while (true) {
      const below = toLookAbove.pop();
      if (below === undefined) return false;
      for (const parent of downParentsOf(below, seen)) {
        if (speaksForChildren(parent)) return true;
        toLookAbove.push(parent);
      }
    }
  };

  const alertsOfChildren = (hostId: number): Alert[] => {
    const listed: Alert[] = [];
    for (const childId of parents.childrenOf(hostId)) {
      const alert = shelf.ofHost(childId);
      if (alert !== undefined) listed.push(alert);
    }
    return listed;
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
      for (const alert of alertsOfChildren(hostId)) {
        if (isBehindDownParent(alert)) markStale(alert, lastCheck);
      }
    }
    setHost(hostId, facts);
    return !isSame;
  };

  return {
    of: (alert) => {
      const { resource } = alert;
      const isFilteredOut = alert.rejection !== undefined;
      if (resource.kind !== "service") {
        return {
          hostDowntimeDepth: 0,
          isHostDown: false,
          isBehindDownParent: settings.suppressHostsBehindDownParents && isBehindDownParent(alert),
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
    stateOf: (hostId) => hosts.get(hostId)?.state ?? STATE.up,
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
    alertsOfChildren,
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
