// What PagerDuty has open with a key of ours while nothing is known of it here. That is no proof that all is well: each key
// is watched until something proves it an orphan. Owns what proves it; what is done about an orphan is feedback's to say.
import { type HostOrService, type Resource, dedupKeyOf } from "../alerts/alert";
import type { Awaited } from "../alerts/departures";
import type { Unknown } from "./compare";

export interface OrphanWatch extends Awaited {
  /** Whether any host or service is watched: of the many that are well nobody else need be looked for. */
  readonly isAny: (this: void) => boolean;
  /** The resource was found well, and that is HARD. */
  readonly isFine: (this: void, hostId: number, serviceId: number) => void;
  /** The same of a business activity or poller. */
  readonly isOtherFine: (this: void, resource: Resource) => void;
}

/** What is open at PagerDuty, and why nothing here calls for it. */
export interface Orphan extends Unknown {
  readonly proof: string;
}

export interface Watching extends OrphanWatch {
  /** Takes everything that is unknown by now, in the place of what was before; gives what is proved an orphan. */
  readonly take: (this: void, unknown: readonly Unknown[]) => readonly Orphan[];
  /** How many are watched, and not proved. */
  readonly unproved: (this: void) => number;
}

/**
 * Seconds for which a resource that its engine left out is waited for, as alerts are (departures.ts): it may be on its way to
 * another poller.
 */
const LEFT_OUT_SECONDS = 60;

/** What is known of something watched. */
interface Watched {
  readonly resource: Resource;
  isFine: boolean;
  /** The poller whose engine left it out, and when (seconds of the connector's clock). */
  leftOut: { readonly pollerId: number; readonly at: number } | undefined;
}

type WatchedOfHost = LuaTable<number, Watched | undefined>;

/** Nothing is watched yet. */
export function createOrphanWatch(now: (this: void) => number): Watching {
  let hosts = new LuaTable<number, WatchedOfHost | undefined>();
  /** What is neither host nor service, by dedup key. */
  let others = new LuaTable<string, Watched | undefined>();
  let unproved = 0;
  // Asked at every status of what is well.
  let isAny = false;

  const find = (hostId: number, serviceId: number): Watched | undefined => hosts.get(hostId)?.get(serviceId);

  const put = (watched: Watched): void => {
    const { resource } = watched;
    if (!("hostId" in resource)) {
      others.set(dedupKeyOf(resource), watched);
      return;
    }
    const ofHost: WatchedOfHost = hosts.get(resource.hostId) ?? new LuaTable();
    ofHost.set(resource.serviceId, watched);
    hosts.set(resource.hostId, ofHost);
  };

  const proofOf = ({ isFine, leftOut }: Watched): string | undefined => {
    if (isFine) return "all is well there";
    const isGone = leftOut !== undefined && now() - leftOut.at >= LEFT_OUT_SECONDS;
    return isGone ? "its engine does not monitor it any more" : undefined;
  };

  return {
    isAny: () => isAny,
    findAwaited: (hostId, serviceId) => {
      const resource = find(hostId, serviceId)?.resource;
      return resource !== undefined && "hostId" in resource ? resource : undefined;
    },
    isAnyAwaitedOf: (hostId) => hosts.get(hostId) !== undefined,
    awaited: () => {
      const listed: HostOrService[] = [];
      for (const [, ofHost] of hosts)
        if (ofHost !== undefined)
          for (const [, watched] of ofHost)
            if (watched !== undefined && "hostId" in watched.resource) listed.push(watched.resource);
      return listed;
    },
    isLeftOut: (resource, pollerId) => {
      const watched = find(resource.hostId, resource.serviceId);
      if (watched?.resource === resource) watched.leftOut = { pollerId, at: now() };
    },
    isNamed: ({ hostId, serviceId }) => {
      const watched = find(hostId, serviceId);
      if (watched?.leftOut !== undefined) watched.leftOut = undefined;
    },
    isHostOf: (hostId, pollerId) => {
      const ofHost = hosts.get(hostId);
      if (ofHost === undefined) return;
      for (const [, watched] of ofHost)
        if (watched?.leftOut !== undefined && watched.leftOut.pollerId !== pollerId)
          watched.leftOut = undefined;
    },
    isFine: (hostId, serviceId) => {
      const watched = find(hostId, serviceId);
      if (watched !== undefined) watched.isFine = true;
    },
    isOtherFine: (resource) => {
      if (next(others)[0] === undefined) return;
      const watched = others.get(dedupKeyOf(resource));
      if (watched !== undefined) watched.isFine = true;
    },
    take: (unknown) => {
      const orphans: Orphan[] = [];
      const [hostsBefore, othersBefore] = [hosts, others];
      hosts = new LuaTable();
      others = new LuaTable();
      unproved = 0;
      isAny = false;
      for (const { resource, dedupKey, incident } of unknown) {
        const before =
          "hostId" in resource
            ? hostsBefore.get(resource.hostId)?.get(resource.serviceId)
            : othersBefore.get(dedupKey);
        const watched = before ?? { resource, isFine: false, leftOut: undefined };
        put(watched);
        if ("hostId" in resource) isAny = true;
        const proof = proofOf(watched);
        if (proof === undefined) unproved = unproved + 1;
        else orphans.push({ resource, dedupKey, incident, proof });
      }
      return orphans;
    },
    unproved: () => unproved,
  };
}
