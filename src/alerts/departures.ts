// What is gone: resources that their poller's engine no longer names are resolved and forgotten a minute later, unless
// something speaks of them again. Owns whose a host is, be there an alert or not, and the minute; what was named and what was
// not is the roll call's to know.
import type { Alert, HostOrService, Resource } from "./alert";
import { STATE } from "./policy";
import { createRollCall } from "./roll_call";
import type { Shelf } from "./shelf";
import type { HostSurroundings } from "./surroundings";
import type { TimedHolds } from "./timed_holds";

/** Resources that have no alert, and of which it matters whether they are still monitored. */
export interface Awaited {
  /** What is awaited, the same record as long as it is; undefined: it is not. */
  readonly findAwaited: (this: void, hostId: number, serviceId: number) => HostOrService | undefined;
  /** Whether the host or any of its services is. */
  readonly isAnyAwaitedOf: (this: void, hostId: number) => boolean;
  /** All of them, listed. */
  readonly awaited: (this: void) => readonly HostOrService[];
  /** The poller's engine no longer names it, though it was this very record all the while that the engine told. */
  readonly isLeftOut: (this: void, resource: HostOrService, pollerId: number) => void;
  /** Something spoke of the resource. */
  readonly isNamed: (this: void, resource: HostOrService) => void;
  /** The host is defined by that poller: what another one left out has moved. */
  readonly isHostOf: (this: void, hostId: number, pollerId: number | undefined) => void;
}

export interface DeparturesPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** The poller that the broker's cache has for a host; undefined: it does not know. */
  readonly pollerOf: (this: void, hostId: number) => number | undefined;
  /** Another poller defined the host; undefined: none does any more. */
  readonly ownerChanged: (this: void, hostId: number, pollerId: number | undefined) => void;
  /** For the log: why an alert ends, where the state alone does not say it. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
  readonly decide: (this: void, alert: Alert, hasNews: boolean) => void;
  /** A host's state or downtime changed: its services and the hosts behind it are seen in another light. */
  readonly decideAround: (this: void, hostId: number) => void;
  /** An engine stopped, or runs again. */
  readonly engineChanged: (this: void, pollerId: number, isStopped: boolean) => void;
  /** Ends the alert, whatever Centreon says of it. */
  readonly resolveNow: (this: void, alert: Alert, reason: string) => void;
  /** From now on it matters who is spoken of. */
  readonly listens: (this: void) => void;
  /** Undefined: nothing is awaited. */
  readonly awaited: Awaited | undefined;
}

export interface Departures {
  /** Whether anything is remembered of the resource, or of a host's services, or is awaited. */
  readonly isRemembered: (this: void, resource: HostOrService) => boolean;
  /** A definition of the resource came: the broker's cache has just been told whose it is. */
  readonly noteOwner: (this: void, resource: HostOrService) => void;
  /** Keeps that for good: after its alerts are journaled with it, or a kill in between would leave them behind. */
  readonly keepOwner: (this: void, resource: HostOrService) => void;
  /** Something spoke of the resource: it is not gone. */
  readonly heard: (this: void, resource: Resource) => void;
  /** Whether it matters who is spoken of. */
  readonly isListening: (this: void) => boolean;
  /** Whether the host is about to be forgotten. */
  readonly isLeaving: (this: void, hostId: number) => boolean;
  /** The poller that defined the resource's host last, since the start; undefined: none did. */
  readonly definedBy: (this: void, resource: Resource) => number | undefined;
  /** The same, whenever that was: where the broker's cache names another poller, it is an old one. */
  readonly ownerOf: (this: void, resource: Resource) => number | undefined;
  /** Put back what the journal held; nothing is reported. */
  readonly restoreOwner: (this: void, hostId: number, pollerId: number) => void;
  readonly eachOwner: (this: void, visit: (this: void, hostId: number, pollerId: number) => void) => void;
  /** A definition said that the resource is no more; `pollerId` where it names the poller. */
  readonly removed: (this: void, resource: HostOrService, pollerId: number | undefined) => void;
  /** A host's parent was set or removed. */
  readonly setParent: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  readonly engineRuns: (this: void, pollerId: number, startedAt: number) => void;
  readonly engineStopped: (this: void, pollerId: number) => void;
  readonly engineIsAlive: (this: void, pollerId: number) => void;
  readonly restoreStopped: (this: void, pollerId: number) => void;
  readonly eachStopped: (this: void, visit: (this: void, pollerId: number) => void) => void;
  readonly configurationEnds: (this: void, pollerId: number) => void;
  /** Whether nothing is heard of the poller that checks the alert's resource: it stopped, or fell silent. */
  readonly isOfQuietPoller: (this: void, alert: Alert) => boolean;
  /** What tells of any alert whether that is so now: to be asked of many, and not kept. */
  readonly quietPollersNow: (this: void) => (this: void, alert: Alert) => boolean;
  /** Whether any is left that is to be said to be gone, and says it of so many at most. */
  readonly isAnyLeft: (this: void) => boolean;
  readonly turn: (this: void, most: number) => void;
  /** The alert's minute may be over at `time`. Gives whether it is: the alert is resolved then. */
  readonly endOf: (this: void, alert: Alert, time: number) => boolean;
  /** The minute of a host, be there an alert or not, may be over at `time`. */
  readonly endOfHost: (this: void, host: HostOrService, time: number) => void;
  /** The alert was put back at a start, perhaps within its minute. */
  readonly resume: (this: void, alert: Alert) => void;
}

/**
 * Seconds for which a resource that its engine no longer names is waited for: a host that moves to another poller is named
 * by that one in some seconds, before or after.
 */
const GONE_SECONDS = 60;

/** Nobody has gone yet. */
export function createDepartures(
  shelf: Shelf,
  surroundings: HostSurroundings,
  timedHolds: TimedHolds,
  ports: DeparturesPorts,
): Departures {
  const { now, announce, decide, decideAround, awaited } = ports;
  /**
   * The poller that defined each host last, as the broker's cache said then. Of hosts that are fine, too: a broker that was
   * killed has the cache of its last clean stop (measured), and no status ever names a poller.
   */
  const owners = new LuaTable<number, number | undefined>();
  /** The same of remembered hosts, since the start. */
  const definedBy = new LuaTable<number, number | undefined>();
  /** When hosts that are gone are to be forgotten. */
  const hostsLeaving = new LuaTable<number, number | undefined>();

  const setOwner = (hostId: number, pollerId: number | undefined): void => {
    if (owners.get(hostId) === pollerId) return;
    owners.set(hostId, pollerId);
    ports.ownerChanged(hostId, pollerId);
  };

  const leaves = (resource: Resource, endsAt: number): void => {
    if (resource.kind === "host") hostsLeaving.set(resource.hostId, endsAt);
    timedHolds.hold(resource, endsAt);
  };

  const markGone = (resource: HostOrService, pollerId: number): void => {
    awaited?.isLeftOut(resource, pollerId);
    const endsAt = now() + GONE_SECONDS;
    leaves(resource, endsAt);
    const alert = shelf.find(resource);
    if (alert === undefined || alert.facts.goneAt !== undefined) return;
    alert.facts.goneAt = endsAt;
    announce(alert, "its engine no longer names it: resolved in a minute, unless something speaks of it");
    decide(alert, true);
  };

  /** What the alerts say of the poller that defined a host last. */
  const pollerByAlerts = (hostId: number): number | undefined => {
    const known = shelf.ofHost(hostId)?.place?.pollerId;
    if (known !== undefined) return known;
    const services = shelf.services.get(hostId);
    if (services === undefined) return undefined;
    for (const [, { place }] of services) if (place?.pollerId !== undefined) return place.pollerId;
    return undefined;
  };

  /** The poller that defined a host last: the broker's cache lets go of a host that any poller gives up. */
  const ownerOfHost = (hostId: number): number | undefined =>
    pollerByAlerts(hostId) ?? owners.get(hostId) ?? ports.pollerOf(hostId) ?? definedBy.get(hostId);

  const ownerOf = (resource: HostOrService): number | undefined =>
    shelf.find(resource)?.place?.pollerId ?? ownerOfHost(resource.hostId);

  const quietPollersNow = (): ((this: void, alert: Alert) => boolean) => {
    const quiet = new LuaSet<number>();
    rollCall.eachStopped((pollerId) => quiet.add(pollerId));
    for (const [pollerId, { facts }] of shelf.pollers) if (facts.state !== STATE.ok) quiet.add(pollerId);
    if (next(quiet)[0] === undefined) return () => false;
    // Looked up once for each host: it may be known only from all of its alerts, or from none.
    const isHostQuiet = new LuaTable<number, boolean | undefined>();
    return ({ resource, place }) => {
      if (!("hostId" in resource)) return false;
      if (place?.pollerId !== undefined) return quiet.has(place.pollerId);
      const { hostId } = resource;
      let isQuiet = isHostQuiet.get(hostId);
      if (isQuiet === undefined) {
        const pollerId = ownerOfHost(hostId);
        isQuiet = pollerId !== undefined && quiet.has(pollerId);
        isHostQuiet.set(hostId, isQuiet);
      }
      return isQuiet;
    };
  };

  const isRemembered = (resource: HostOrService): boolean => {
    const { hostId, serviceId } = resource;
    if (resource.kind === "service")
      return shelf.find(resource) !== undefined || awaited?.findAwaited(hostId, serviceId) !== undefined;
    const isKnown =
      surroundings.knowsHost(hostId) || shelf.ofHost(hostId) !== undefined || shelf.services.has(hostId);
    return isKnown || awaited?.isAnyAwaitedOf(hostId) === true;
  };

  const rollCall = createRollCall({
    ownerOf,
    remembered: () => {
      const resources: HostOrService[] = [];
      shelf.each(({ resource }) => {
        if ("hostId" in resource) resources.push(resource);
      });
      surroundings.eachHost((hostId) => {
        if (shelf.ofHost(hostId) === undefined) resources.push({ kind: "host", hostId, serviceId: 0 });
      });
      return resources;
    },
    awaited: () => awaited?.awaited() ?? [],
    eachParent: surroundings.eachParent,
    engineChanged: ports.engineChanged,
    listens: ports.listens,
    gone: markGone,
    parentGone: (childId, parentId) => {
      setParent(childId, parentId, false);
    },
  });

  const setParent = (childId: number, parentId: number, isParent: boolean): void => {
    if (isParent) rollCall.heardParent(childId, parentId);
    if (!surroundings.setParent(childId, parentId, isParent)) return;
    const alert = shelf.ofHost(childId);
    if (alert !== undefined) decide(alert, false);
    for (const behind of surroundings.alertsBehind(childId)) decide(behind, false);
  };

  return {
    isRemembered,
    noteOwner: (resource) => {
      if (resource.kind !== "host") return;
      const { hostId } = resource;
      const pollerId = isRemembered(resource) ? ports.pollerOf(hostId) : undefined;
      definedBy.set(hostId, pollerId);
      awaited?.isHostOf(hostId, pollerId);
    },
    keepOwner: (resource) => {
      if (resource.kind !== "host") return;
      const pollerId = ports.pollerOf(resource.hostId);
      if (pollerId !== undefined) setOwner(resource.hostId, pollerId);
    },
    definedBy: (resource) => ("hostId" in resource ? definedBy.get(resource.hostId) : undefined),
    ownerOf: (resource) => ("hostId" in resource ? owners.get(resource.hostId) : undefined),
    restoreOwner: (hostId, pollerId) => {
      owners.set(hostId, pollerId);
    },
    eachOwner: (visit) => {
      for (const [hostId, pollerId] of owners) if (pollerId !== undefined) visit(hostId, pollerId);
    },
    heard: (resource) => {
      rollCall.heard(resource);
      if ("hostId" in resource) awaited?.isNamed(resource);
      if (resource.kind === "host") hostsLeaving.set(resource.hostId, undefined);
      const alert = shelf.find(resource);
      if (alert?.facts.goneAt === undefined) return;
      alert.facts.goneAt = undefined;
      announce(alert, "it is named again");
      decide(alert, true);
    },
    isListening: rollCall.isListening,
    isLeaving: (hostId) => hostsLeaving.get(hostId) !== undefined,
    removed: (resource, pollerId) => {
      const { hostId, serviceId } = resource;
      if (isRemembered(resource))
        rollCall.removed(awaited?.findAwaited(hostId, serviceId) ?? resource, pollerId);
      else if (resource.kind === "host" && owners.get(hostId) === pollerId) setOwner(hostId, undefined);
    },
    setParent,
    engineRuns: rollCall.engineRuns,
    engineStopped: rollCall.engineStopped,
    engineIsAlive: rollCall.engineIsAlive,
    restoreStopped: rollCall.restoreStopped,
    eachStopped: rollCall.eachStopped,
    configurationEnds: rollCall.configurationEnds,
    isOfQuietPoller: (alert) => quietPollersNow()(alert),
    quietPollersNow,
    isAnyLeft: rollCall.isAnyMissing,
    turn: rollCall.turn,
    endOf: (alert, time) => {
      const { facts, resource } = alert;
      if (facts.goneAt === undefined) return false;
      if (facts.goneAt > time) {
        timedHolds.hold(resource, facts.goneAt);
        return false;
      }
      facts.goneAt = undefined;
      ports.resolveNow(alert, "its engine does not monitor it any more");
      return true;
    },
    endOfHost: (host, time) => {
      const { hostId } = host;
      const goneAt = hostsLeaving.get(hostId);
      if (goneAt === undefined) return;
      if (goneAt > time) {
        timedHolds.hold(host, goneAt);
        return;
      }
      hostsLeaving.set(hostId, undefined);
      // One that nothing names any more is behind nobody.
      for (const parentId of surroundings.parentsOf(hostId)) surroundings.setParent(hostId, parentId, false);
      surroundings.forgetHost(hostId);
      setOwner(hostId, undefined);
      definedBy.set(hostId, undefined);
      decideAround(hostId);
    },
    resume: ({ resource, facts }) => {
      if (facts.goneAt === undefined) return;
      // The clock may have been set back since.
      facts.goneAt = math.min(facts.goneAt, now() + GONE_SECONDS);
      leaves(resource, facts.goneAt);
    },
  };
}
