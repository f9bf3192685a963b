// Which resources an engine no longer names: what a restart does not mention, and what a reload says was removed. Owns
// what was heard since a poller's engine started, and the notes of removals; what becomes of a resource that is gone is
// the book's to say.
import { type HostOrService, type Resource, dedupKeyOf } from "./alert";
import { type PairSet, createPairSet } from "./pair_set";

export interface RollCallPorts {
  /** The poller that defined the resource's host last; undefined: nobody knows, or it belongs to none. */
  readonly ownerOf: (this: void, resource: HostOrService) => number | undefined;
  /** Everything that is remembered and belongs to a poller, listed before anything is done to it. */
  readonly remembered: (this: void) => readonly HostOrService[];
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
  /** The resource is gone, unless something speaks of it again. */
  readonly gone: (this: void, resource: HostOrService) => void;
  /** The relation is gone. */
  readonly parentGone: (this: void, childId: number, parentId: number) => void;
}

export interface RollCall {
  /** An engine runs: its first word since it started, or the first that we hear of it. */
  readonly engineRuns: (this: void, pollerId: number, startedAt: number) => void;
  /** An engine stopped: what it was telling, it has not told to its end. */
  readonly engineStopped: (this: void, pollerId: number) => void;
  /** Whether the engine's last word was that it stops. */
  readonly isStopped: (this: void, pollerId: number) => boolean;
  /** An engine has told its whole configuration, or what of it has changed. */
  readonly configurationEnds: (this: void, pollerId: number) => void;
  /** Says of what was found missing, but of so many at most, that it is gone. */
  readonly turn: (this: void, most: number) => void;
  /** Whether any that was found missing is left for the next turn. */
  readonly isAnyMissing: (this: void) => boolean;
  /** Whether it matters now who is spoken of. */
  readonly isListening: (this: void) => boolean;
  /** A definition or a status spoke of the resource. */
  readonly heard: (this: void, resource: Resource) => void;
  /** An engine said that one host is behind another. */
  readonly heardParent: (this: void, childId: number, parentId: number) => void;
  /** A definition said that the resource is no more; `pollerId` where it names the poller. */
  readonly removed: (this: void, resource: HostOrService, pollerId: number | undefined) => void;
}

/** What was heard since a roll call was opened: hosts and services, and relations of hosts. */
interface Heard {
  readonly resources: PairSet;
  readonly relations: PairSet;
}

/** Most that are said to be gone as soon as they are missed: the others follow in turns, for there may be thousands. */
const MOST_AT_ONCE = 100;

/** Nothing heard yet. */
export function createRollCall(ports: RollCallPorts): RollCall {
  /** When each engine started, as it said last (Unix time). */
  const startedAt = new LuaTable<number, number | undefined>();
  const stopped = new LuaTable<number, true | undefined>();
  /** For each poller whose roll call is open. */
  const open = new LuaTable<number, Heard | undefined>();
  /** What was said to be removed, by dedup key: carried out when the configuration has been told. */
  const removals = new LuaTable<string, HostOrService | undefined>();
  /** What an engine's configuration left out, by dedup key: to be said to be gone. */
  const missing = new LuaTable<string, HostOrService | undefined>();
  /** Hosts that a poller gave up though another one has them by now. */
  const leftTo = new LuaTable<number, number | undefined>();
  /** Who gave up a host of which nobody knows whose it is: the broker's cache lets go of it at once. */
  const givenUpBy = new LuaTable<number, number | undefined>();

  // Asked at every status, so it is not looked for then.
  let isListening = false;
  const lookWhetherListening = (): void => {
    isListening =
      next(open)[0] !== undefined || next(removals)[0] !== undefined || next(missing)[0] !== undefined;
  };

  const isOf = (pollerId: number, resource: HostOrService): boolean =>
    (ports.ownerOf(resource) ?? givenUpBy.get(resource.hostId)) === pollerId;

  const carryOutRemovals = (pollerId: number): void => {
    for (const [key, resource] of removals) {
      if (resource !== undefined) {
        const hasMoved = leftTo.get(resource.hostId) === pollerId;
        const isRemoved = !hasMoved && isOf(pollerId, resource);
        if (isRemoved) missing.set(key, resource);
        if (hasMoved || isRemoved) removals.set(key, undefined);
      }
    }
    for (const [hostId, formerId] of leftTo) if (formerId === pollerId) leftTo.set(hostId, undefined);
    for (const [hostId, formerId] of givenUpBy) if (formerId === pollerId) givenUpBy.set(hostId, undefined);
  };

  const endRollCall = (pollerId: number, { resources, relations }: Heard): void => {
    for (const resource of ports.remembered()) {
      const isHeard = resources.has(resource.hostId, resource.serviceId);
      if (!isHeard && isOf(pollerId, resource)) missing.set(dedupKeyOf(resource), resource);
    }
    const goneRelations: [childId: number, parentId: number][] = [];
    ports.eachParent((childId, parentId) => {
      const isHeard = relations.has(childId, parentId);
      if (!isHeard && isOf(pollerId, { kind: "host", hostId: childId, serviceId: 0 })) {
        goneRelations.push([childId, parentId]);
      }
    });
    for (const [childId, parentId] of goneRelations) ports.parentGone(childId, parentId);
  };

  const turn = (most: number): void => {
    let said = 0;
    for (const [key, resource] of missing) {
      if (said === most) return;
      if (resource !== undefined) {
        said = said + 1;
        missing.set(key, undefined);
        ports.gone(resource);
      }
    }
    lookWhetherListening();
  };

  return {
    engineRuns: (pollerId, since) => {
      // Told twice of one start, nobody knows what came before the second time.
      const isAnew = startedAt.get(pollerId) !== since;
      open.set(pollerId, isAnew ? { resources: createPairSet(), relations: createPairSet() } : undefined);
      startedAt.set(pollerId, since);
      stopped.set(pollerId, undefined);
      lookWhetherListening();
    },
    engineStopped: (pollerId) => {
      open.set(pollerId, undefined);
      stopped.set(pollerId, true);
      lookWhetherListening();
    },
    isStopped: (pollerId) => stopped.get(pollerId) === true,
    configurationEnds: (pollerId) => {
      const heard = open.get(pollerId);
      open.set(pollerId, undefined);
      if (heard !== undefined) endRollCall(pollerId, heard);
      carryOutRemovals(pollerId);
      turn(MOST_AT_ONCE);
    },
    turn,
    isAnyMissing: () => next(missing)[0] !== undefined,
    isListening: () => isListening,
    heard: (resource) => {
      if (!isListening || !("hostId" in resource)) return;
      for (const [, heard] of open) heard?.resources.add(resource.hostId, resource.serviceId);
      if (next(removals)[0] === undefined && next(missing)[0] === undefined) return;
      const key = dedupKeyOf(resource);
      removals.set(key, undefined);
      missing.set(key, undefined);
      lookWhetherListening();
    },
    heardParent: (childId, parentId) => {
      for (const [, heard] of open) heard?.relations.add(childId, parentId);
    },
    removed: (resource, pollerId) => {
      removals.set(dedupKeyOf(resource), resource);
      isListening = true;
      if (pollerId === undefined) return;
      const owner = ports.ownerOf(resource);
      if (owner === undefined) givenUpBy.set(resource.hostId, pollerId);
      else if (owner !== pollerId) leftTo.set(resource.hostId, pollerId);
    },
  };
}
