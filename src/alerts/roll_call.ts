// Which resources an engine no longer names: what a restart does not mention, and what a reload says was removed. Owns
// what was heard since a poller's engine started, and the notes of removals; what becomes of a resource that is gone is
// for departures.ts to say.
import { type HostOrService, type Resource, dedupKeyOf } from "./alert";
import { type PairSet, createPairSet } from "./pair_set";

export interface RollCallPorts {
  /** The poller that defined the resource's host last; undefined: nobody knows, or it belongs to none. */
  readonly ownerOf: (this: void, resource: HostOrService) => number | undefined;
  /** Everything that is remembered and belongs to a poller, listed before anything is done to it. */
  readonly remembered: (this: void) => HostOrService[];
  /** What nothing is remembered of, though it matters whether it is named. */
  readonly awaited: (this: void) => readonly HostOrService[];
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
  /** From now on it matters who is spoken of. */
  readonly listens: (this: void) => void;
  /** The poller's resource is gone, unless something speaks of it again. */
  readonly gone: (this: void, resource: HostOrService, pollerId: number) => void;
  /** The relation is gone. */
  readonly parentGone: (this: void, childId: number, parentId: number) => void;
  /** An engine stopped, or runs again. */
  readonly engineChanged: (this: void, pollerId: number, isStopped: boolean) => void;
}

export interface RollCall {
  /** An engine runs: its first word since it started, or the first that we hear of it. */
  readonly engineRuns: (this: void, pollerId: number, startedAt: number) => void;
  /** An engine stopped: what it was telling, it has not told to its end. */
  readonly engineStopped: (this: void, pollerId: number) => void;
  /** An engine told how it is: it runs, though nobody may have heard it start. */
  readonly engineIsAlive: (this: void, pollerId: number) => void;
  /** Put back what the journal held; nothing is reported. */
  readonly restoreStopped: (this: void, pollerId: number) => void;
  /** Calls `visit` for each engine whose last word was that it stops. */
  readonly eachStopped: (this: void, visit: (this: void, pollerId: number) => void) => void;
  /** An engine has told its whole configuration, or what of it has changed. */
  readonly configurationEnds: (this: void, pollerId: number) => void;
  /** Sees to what was found missing, but to so many at most. */
  readonly turn: (this: void, most: number) => void;
  /** Whether any that was found missing is left for the next turn. */
  readonly isAnyMissing: (this: void) => boolean;
  /** Whether it matters who is spoken of: a roll call is open, or somebody was said to be removed. */
  readonly isListening: (this: void) => boolean;
  /** A definition or a status spoke of the resource. */
  readonly heard: (this: void, resource: Resource) => void;
  /** An engine said that one host is behind another. */
  readonly heardParent: (this: void, childId: number, parentId: number) => void;
  /** A definition said that the resource is no more; `pollerId` where it names the poller. */
  readonly removed: (this: void, resource: HostOrService, pollerId: number | undefined) => void;
}

function relationKey(childId: number, parentId: number): string {
  return string.format("%d behind %d", childId, parentId);
}

/** What was heard since a roll call was opened: hosts and services, and relations of hosts. */
interface Heard {
  /** What was awaited by then: of what is awaited since, nobody knows whether it was named before. */
  readonly awaited: readonly HostOrService[];
  readonly resources: PairSet;
  readonly relations: PairSet;
}

/** A roll call that has ended: who of those that were remembered then did not answer, nor was spoken of since? */
interface EndedCall {
  readonly pollerId: number;
  readonly heard: Heard;
  readonly left: HostOrService[];
}

/** An answer is looked for in a small part of the time that one who is gone takes. */
const LOOKS_FOR_EACH = 50;

/**
 * Most that are seen to as soon as they are missed: the others follow in turns, for there may be thousands, and to journal
 * and tell of each takes up to 0.2 ms.
 */
const MOST_AT_ONCE = 20;

/** Nothing heard yet. */
export function createRollCall(ports: RollCallPorts): RollCall {
  /** When each engine started, as it said last (Unix time). */
  const startedAt = new LuaTable<number, number | undefined>();
  const stopped = new LuaTable<number, true | undefined>();
  /** For each poller whose roll call is open. */
  const open = new LuaTable<number, Heard | undefined>();
  const ended: EndedCall[] = [];
  /** What was said to be removed, by dedup key: carried out when the configuration has been told. */
  const removals = new LuaTable<string, HostOrService | undefined>();
  /** What was removed, by dedup key, and relations that were left out: what is to be done about it. */
  let missing = new LuaTable<string, ((this: void) => void) | undefined>();
  /** Hosts that a poller gave up though another one has them by now. */
  const leftTo = new LuaTable<number, number | undefined>();
  /** Who gave up a host of which nobody knows whose it is: the broker's cache lets go of it at once. */
  const givenUpBy = new LuaTable<number, number | undefined>();

  // Asked at every status, so it is not looked for then.
  let isListening = false;
  const isAnyMissing = (): boolean => ended.length > 0 || next(missing)[0] !== undefined;
  const lookWhetherListening = (): void => {
    const wasListening = isListening;
    isListening = next(open)[0] !== undefined || next(removals)[0] !== undefined || isAnyMissing();
    if (isListening && !wasListening) ports.listens();
  };

  const setStopped = (pollerId: number, isStopped: boolean): void => {
    if ((stopped.get(pollerId) === true) === isStopped) return;
    stopped.set(pollerId, isStopped ? true : undefined);
    ports.engineChanged(pollerId, isStopped);
  };

  const isOf = (pollerId: number, resource: HostOrService): boolean =>
    (ports.ownerOf(resource) ?? givenUpBy.get(resource.hostId)) === pollerId;

  const carryOutRemovals = (pollerId: number): void => {
    for (const [key, resource] of removals) {
      if (resource !== undefined) {
        const hasMoved = leftTo.get(resource.hostId) === pollerId;
        const isRemoved = !hasMoved && isOf(pollerId, resource);
        if (isRemoved) missing.set(key, () => ports.gone(resource, pollerId));
        if (hasMoved || isRemoved) removals.set(key, undefined);
      }
    }
    for (const [hostId, formerId] of leftTo) if (formerId === pollerId) leftTo.set(hostId, undefined);
    for (const [hostId, formerId] of givenUpBy) if (formerId === pollerId) givenUpBy.set(hostId, undefined);
  };

  const endRollCall = (pollerId: number, heard: Heard): void => {
    const left = ports.remembered();
    for (const resource of heard.awaited) left.push(resource);
    ended.push({ pollerId, heard, left });
    ports.eachParent((childId, parentId) => {
      if (heard.relations.has(childId, parentId)) return;
      missing.set(relationKey(childId, parentId), () => {
        const child: HostOrService = { kind: "host", hostId: childId, serviceId: 0 };
        if (isOf(pollerId, child)) ports.parentGone(childId, parentId);
      });
    });
  };

  /** Goes on looking for those who did not answer, until so many are found. Gives how many are. */
  const findGone = (most: number): number => {
    let found = 0;
    let looks = LOOKS_FOR_EACH * most;
    let call = ended[0];
    while (call !== undefined && found < most && looks > 0) {
      const { pollerId, heard, left } = call;
      const resource = left.pop();
      if (resource === undefined) {
        ended.shift();
        call = ended[0];
      } else {
        const isHeard = heard.resources.has(resource.hostId, resource.serviceId);
        if (!isHeard && isOf(pollerId, resource)) {
          found = found + 1;
          ports.gone(resource, pollerId);
        }
      }
      looks = looks - 1;
    }
    return found;
  };

  const turn = (most: number): void => {
    let done = findGone(most);
    for (const [key, carryOut] of missing) {
      if (done === most) return;
      done = done + 1;
      missing.set(key, undefined);
      carryOut?.();
    }
    // Lua looks through all the room of a table that was emptied, at each question whether anything is in it.
    if (done > 0 && next(missing)[0] === undefined) missing = new LuaTable();
    lookWhetherListening();
  };

  return {
    engineRuns: (pollerId, since) => {
      // Told twice of one start, nobody knows what came before the second time.
      const isAnew = startedAt.get(pollerId) !== since;
      const nobody: Heard = {
        awaited: ports.awaited(),
        resources: createPairSet(),
        relations: createPairSet(),
      };
      open.set(pollerId, isAnew ? nobody : undefined);
      startedAt.set(pollerId, since);
      setStopped(pollerId, false);
      lookWhetherListening();
    },
    engineStopped: (pollerId) => {
      open.set(pollerId, undefined);
      setStopped(pollerId, true);
      lookWhetherListening();
    },
    engineIsAlive: (pollerId) => {
      setStopped(pollerId, false);
    },
    restoreStopped: (pollerId) => {
      stopped.set(pollerId, true);
    },
    eachStopped: (visit) => {
      for (const [pollerId] of stopped) visit(pollerId);
    },
    configurationEnds: (pollerId) => {
      const heard = open.get(pollerId);
      open.set(pollerId, undefined);
      if (heard !== undefined) endRollCall(pollerId, heard);
      carryOutRemovals(pollerId);
      turn(MOST_AT_ONCE);
    },
    turn,
    isAnyMissing,
    isListening: () => isListening,
    heard: (resource) => {
      if (!isListening || !("hostId" in resource)) return;
      for (const [, heard] of open) heard?.resources.add(resource.hostId, resource.serviceId);
      for (const { heard } of ended) heard.resources.add(resource.hostId, resource.serviceId);
      if (next(removals)[0] === undefined && next(missing)[0] === undefined) return;
      const key = dedupKeyOf(resource);
      removals.set(key, undefined);
      missing.set(key, undefined);
      lookWhetherListening();
    },
    heardParent: (childId, parentId) => {
      for (const [, heard] of open) heard?.relations.add(childId, parentId);
      if (next(missing)[0] !== undefined) missing.set(relationKey(childId, parentId), undefined);
    },
    removed: (resource, pollerId) => {
      removals.set(dedupKeyOf(resource), resource);
      lookWhetherListening();
      if (pollerId === undefined) return;
      const owner = ports.ownerOf(resource);
      if (owner === undefined) givenUpBy.set(resource.hostId, pollerId);
      else if (owner !== pollerId) leftTo.set(resource.hostId, pollerId);
    },
  };
}
