// What PagerDuty has open with a key of ours while nothing is known of it here. That is no proof that all is well: each key
// is watched, and proved an orphan by the next HARD OK of its resource. What is done about an orphan is feedback's to say.
import { type PairSet, createPairSet } from "../alerts/pair_set";
import type { Unknown } from "./compare";

export interface OrphanWatch {
  /** Whether any key is watched: of the many that are well nobody else need be looked for. */
  readonly isAny: (this: void) => boolean;
  readonly isWatched: (this: void, hostId: number, serviceId: number) => boolean;
  /** The resource was found well, and that is HARD. */
  readonly isFine: (this: void, hostId: number, serviceId: number) => void;
}

export interface Watching extends OrphanWatch {
  /** Takes everything that is unknown by now, in the place of what was before; gives what is proved an orphan. */
  readonly take: (this: void, unknown: readonly Unknown[]) => readonly Unknown[];
  /** How many are watched, and not proved. */
  readonly unproved: (this: void) => number;
}

/** Nothing is watched yet. */
export function createOrphanWatch(): Watching {
  let watched: PairSet = createPairSet();
  let fine: PairSet = createPairSet();
  let unproved = 0;
  let isAny = false;
  return {
    isAny: () => isAny,
    isWatched: (hostId, serviceId) => watched.has(hostId, serviceId),
    isFine: (hostId, serviceId) => {
      if (watched.has(hostId, serviceId)) fine.add(hostId, serviceId);
    },
    take: (unknown) => {
      const orphans: Unknown[] = [];
      const [watchedBefore, fineBefore] = [watched, fine];
      watched = createPairSet();
      fine = createPairSet();
      unproved = 0;
      isAny = false;
      for (const one of unknown) {
        const { resource } = one;
        // Nothing would prove that the others are well.
        if ("hostId" in resource) {
          const { hostId, serviceId } = resource;
          const isProved = watchedBefore.has(hostId, serviceId) && fineBefore.has(hostId, serviceId);
          watched.add(hostId, serviceId);
          isAny = true;
          if (isProved) {
            fine.add(hostId, serviceId);
            orphans.push(one);
          } else {
            unproved = unproved + 1;
          }
        }
      }
      return orphans;
    },
    unproved: () => unproved,
  };
}
