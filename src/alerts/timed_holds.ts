// Holds that a clock ends: no event says that they are over, so somebody must look at the time. Owns the earliest time at
// which one may end; why something is held, and what follows, is not its to say.
import { type Resource, dedupKeyOf } from "./alert";

interface Held {
  readonly resource: Resource;
  /** Seconds of the connector's clock. */
  readonly endsAt: number;
}

export interface TimedHolds {
  /** The resource is held until `endsAt` (seconds of the connector's clock), and is to be looked at then. */
  readonly hold: (this: void, resource: Resource, endsAt: number) => void;
  /** When the first one ends; undefined: none does. */
  readonly firstEnd: (this: void) => number | undefined;
  /** Takes out those whose time has come, but so many at most. */
  readonly takeEnded: (this: void, now: number, most: number) => readonly Resource[];
}

/** Nothing is held. */
export function createTimedHolds(): TimedHolds {
  const held = new LuaTable<string, Held | undefined>();
  /** The earliest time in `held`, or an earlier one. */
  let first: number | undefined;
  /** Their time has come, and nobody has taken them yet. */
  const ended: Resource[] = [];

  const findEnded = (now: number): void => {
    if (first === undefined || now < first) return;
    first = undefined;
    for (const [key, one] of held) {
      if (one !== undefined) {
        if (one.endsAt <= now) {
          ended.push(one.resource);
          held.set(key, undefined);
        } else if (first === undefined || one.endsAt < first) {
          first = one.endsAt;
        }
      }
    }
  };

  return {
    hold: (resource, endsAt) => {
      const key = dedupKeyOf(resource);
      const before = held.get(key);
      if (before === undefined || endsAt < before.endsAt) held.set(key, { resource, endsAt });
      if (first === undefined || endsAt < first) first = endsAt;
    },
    firstEnd: () => (ended.length > 0 ? 0 : first),
    takeEnded: (now, most) => {
      findEnded(now);
      const taken: Resource[] = [];
      while (taken.length < most) {
        const resource = ended.pop();
        if (resource === undefined) break;
        taken.push(resource);
      }
      return taken;
    },
  };
}
