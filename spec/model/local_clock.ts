// The clock on the wall where the central server stands, in virtual time: how far it is ahead of UTC, which may change once.

export interface LocalClock {
  /** Seconds ahead of UTC. */
  readonly ahead: number;
  /** From this Unix time on it is put on or back. */
  readonly change: { readonly at: number; readonly ahead: number } | undefined;
}

/** Days of the week, the first one Monday. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** What the clock shows. */
export interface Shown {
  /** 0 is Monday. */
  readonly day: number;
  /** Of the day. */
  readonly second: number;
}

const DAY = 86400;

/** The first day of Unix time was a Thursday. */
const FIRST_DAY = 3;

function aheadAt({ ahead, change }: LocalClock, unixTime: number): number {
  return change === undefined || unixTime < change.at ? ahead : change.ahead;
}

export function shownAt(clock: LocalClock, unixTime: number): Shown {
  const local = unixTime + aheadAt(clock, unixTime);
  return { day: (math.floor(local / DAY) + FIRST_DAY) % 7, second: local % DAY };
}

/** Lua's os.date as a process sees it that lives by the clock. */
export function dateBy(clock: LocalClock): (this: void, format: string, unixTime: number) => unknown {
  return (format, unixTime) =>
    string.sub(format, 1, 1) === "!"
      ? os.date(format, unixTime)
      : os.date(`!${format}`, unixTime + aheadAt(clock, unixTime));
}
