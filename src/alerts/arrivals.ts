// When the last problems came that would open an alert, and whether those are so many that it is a storm. Owns what is so
// many; each costs the same, however many there are.

export interface Arrivals {
  /** One came at `time` (seconds that never go back). */
  readonly note: (this: void, time: number) => void;
  /** Whether more than the limit came in the minute up to `time`. */
  readonly areTooMany: (this: void, time: number) => boolean;
  /** When it is calm: five minutes in which fewer than the limit came are over then, unless others come. */
  readonly calmAt: (this: void) => number;
}

/** More than the limit within so many seconds are a storm. */
export const RISE_SECONDS = 60;

/** It rages until fewer than the limit came within so many seconds. */
const CALM_SECONDS = 300;

/** None came yet. `limit`: 1 at least. */
export function createArrivals(limit: number): Arrivals {
  // The times of the last ones, one more than the limit, as a ring.
  const times = new LuaTable<number, number>();
  const room = limit + 1;
  let count = 0;
  /** The time of the one that came `before` others. */
  const timeOf = (before: number): number => times.get((count - 1 - before) % room);
  return {
    note: (time) => {
      times.set(count % room, time);
      count = count + 1;
    },
    areTooMany: (time) => count > limit && time - timeOf(limit) < RISE_SECONDS,
    calmAt: () => (count < limit ? 0 : timeOf(limit - 1) + CALM_SECONDS),
  };
}
