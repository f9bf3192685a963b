// Which resources an engine no longer names: what a restart does not mention, and what a reload says was removed. Owns
// what was heard since a poller's engine started, and the notes of removals; what becomes of a resource that is gone is
// the book's to say.
import { type Resource, dedupKeyOf } from "./alert";

export interface RollCallPorts {
  /** The poller that defined the resource's host last; undefined: nobody knows, or it belongs to none. */
  readonly ownerOf: (this: void, resource: Resource) => number | undefined;
  /** Everything that is remembered and belongs to a poller, listed before anything is done to it. */
  readonly remembered: (this: void) => readonly Resource[];
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
  /** The resource is gone, unless something speaks of it again. */
  readonly gone: (this: void, resource: Resource) => void;
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
  /** Whether it matters who is spoken of: a roll call is open, or somebody was said to be removed. */
  readonly isListening: (this: void) => boolean;
  /** A definition or a status spoke of the resource. */
  readonly heard: (this: void, resource: Resource) => void;
  /** An engine said that one host is behind another. */
  readonly heardParent: (this: void, childId: number, parentId: number) => void;
  /** A definition said that the resource is no more; `pollerId` where it names the poller. */
  readonly removed: (this: void, resource: Resource, pollerId: number | undefined) => void;
}

function relationKey(childId: number, parentId: number): string {
  return string.format("%d behind %d", childId, parentId);
}

/** Nothing heard yet. */
export function createRollCall(ports: RollCallPorts): RollCall {
  /** When each engine started, as it said last (Unix time). */
  const startedAt = new LuaTable<number, number | undefined>();
  const stopped = new LuaTable<number, true | undefined>();
  /** What was heard since a roll call was opened, for each poller whose is open: dedup keys, and relations. */
  const open = new LuaTable<number, LuaSet<string> | undefined>();
  /** What was said to be removed and by whom, by dedup key: carried out when the configuration has been told. */
  const removals = new LuaTable<string, Resource | undefined>();
  /** Hosts that a poller gave up though another one has them by now. */
  const leftTo = new LuaTable<number, number | undefined>();

  // Asked at every status: it must not be looked for.
  let isListening = false;
  const lookWhetherListening = (): void => {
    isListening = next(open)[0] !== undefined || next(removals)[0] !== undefined;
  };

  const isOf = (pollerId: number, resource: Resource): boolean => ports.ownerOf(resource) === pollerId;

  const carryOutRemovals = (pollerId: number): void => {
    for (const [key, resource] of removals) {
      if (resource !== undefined) {
        const hasMoved = "hostId" in resource && leftTo.get(resource.hostId) === pollerId;
        if (hasMoved) removals.set(key, undefined);
        else if (isOf(pollerId, resource)) {
          removals.set(key, undefined);
          ports.gone(resource);
        }
      }
    }
    for (const [hostId, formerId] of leftTo) if (formerId === pollerId) leftTo.set(hostId, undefined);
  };

  const endRollCall = (pollerId: number, heard: LuaSet<string>): void => {
    for (const resource of ports.remembered()) {
      if (!heard.has(dedupKeyOf(resource)) && isOf(pollerId, resource)) ports.gone(resource);
    }
    const goneRelations: [childId: number, parentId: number][] = [];
    ports.eachParent((childId, parentId) => {
      const isHeard = heard.has(relationKey(childId, parentId));
      if (!isHeard && isOf(pollerId, { kind: "host", hostId: childId, serviceId: 0 })) {
        goneRelations.push([childId, parentId]);
      }
    });
    for (const [childId, parentId] of goneRelations) ports.parentGone(childId, parentId);
  };

  return {
    engineRuns: (pollerId, since) => {
      // Told twice of one start, nobody knows what came before the second time.
      open.set(pollerId, startedAt.get(pollerId) === since ? undefined : new LuaSet());
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
      lookWhetherListening();
    },
    isListening: () => isListening,
    heard: (resource) => {
      if (!isListening) return;
      const key = dedupKeyOf(resource);
      removals.set(key, undefined);
      for (const [, heard] of open) heard?.add(key);
      lookWhetherListening();
    },
    heardParent: (childId, parentId) => {
      for (const [, heard] of open) heard?.add(relationKey(childId, parentId));
    },
    removed: (resource, pollerId) => {
      removals.set(dedupKeyOf(resource), resource);
      isListening = true;
      if (pollerId === undefined || !("hostId" in resource)) return;
      const owner = ports.ownerOf(resource);
      if (owner !== undefined && owner !== pollerId) leftTo.set(resource.hostId, pollerId);
    },
  };
}
