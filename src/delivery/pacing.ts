// When the next event of a routing key may go out: the rate PagerDuty allows, and the back-off after failures.
// Knows no events, no network and no clock: times are passed in, in seconds of a clock that never goes back.

/** PagerDuty counts its limit over a sliding window of so many seconds. */
const WINDOW_SECONDS = 60;

/** A limit of so many starts in any 60 seconds. */
export interface RateLimit {
  /** How many more may start now. */
  readonly room: (this: void, now: number) => number;
  /** One started; there was room for it. */
  readonly started: (this: void, now: number) => void;
}

/**
 * At most `limit` starts in any 60 seconds; 0: no limit. A sliding window: a token bucket would let nearly twice
 * as many through in its first minute.
 */
export function createRateLimit(limit: number): RateLimit {
  // The times of the starts within the window, the oldest first, as a ring.
  const times = new LuaTable<number, number>();
  let first = 0;
  let count = 0;
  return {
    room: (now) => {
      if (limit === 0) return math.huge;
      // Whole seconds: 60 apart by the clock can be 59.1 apart in truth.
      while (count > 0 && now - times.get(first) > WINDOW_SECONDS) {
        first = (first + 1) % limit;
        count = count - 1;
      }
      return limit - count;
    },
    started: (now) => {
      if (limit === 0) return;
      times.set((first + count) % limit, now);
      count = count + 1;
    },
  };
}

/** Waiting after failures. While it lasts, one request at a time probes whether things work again. */
export interface BackOff {
  /** Whether a request may start now, with `underWay` others running. */
  readonly mayStart: (this: void, now: number, underWay: number) => boolean;
  /** Marks a request at its start; its failure is reported with this mark. */
  readonly mark: (this: void) => number;
  /**
   * A request failed. Failures of requests that were under way together count as one step. `retryAfter`: seconds
   * that the answer asked to wait. Gives the seconds until the next probe, or undefined when this failure counted
   * with an earlier one.
   */
  readonly failed: (
    this: void,
    mark: number,
    now: number,
    retryAfter: number | undefined,
  ) => number | undefined;
  /** A failure that only a person can mend: probes follow slowly. Gives as `failed` does. */
  readonly failedForLong: (this: void, mark: number, now: number) => number | undefined;
  /** There is reason to think that things work again: the next probe may go at once. */
  readonly probeNow: (this: void, now: number) => void;
  /** A request was accepted: full speed at once. Gives true when that ends a back-off. */
  readonly succeeded: (this: void) => boolean;
}

/** The first delay and the longest, in seconds; each step doubles it. */
const FIRST_DELAY = 1;
const LONGEST_DELAY = 300;

/** A Retry-After of more than this many seconds is somebody's mistake. */
const LONGEST_RETRY_AFTER = 3600;

/** Seconds between probes while the configuration is wrong: often enough to notice within a minute that it was mended. */
const MISCONFIGURED_DELAY = 60;

/** `random` gives numbers from 0 up to, but not including, 1. */
export function createBackOff(random: (this: void) => number): BackOff {
  let steps = 0;
  let blockedUntil = 0;
  let currentMark = 0;

  const block = (now: number, delay: number): number => {
    currentMark = currentMark + 1;
    blockedUntil = now + delay;
    return delay;
  };

  return {
    mayStart: (now, underWay) => steps === 0 || (now >= blockedUntil && underWay === 0),
    mark: () => currentMark,
    failed: (mark, now, retryAfter) => {
      if (mark !== currentMark) return undefined;
      const longest = math.min(FIRST_DELAY * 2 ** steps, LONGEST_DELAY);
      steps = steps + 1;
      // Jitter, so that many connectors that lost the same PagerDuty do not come back at one moment.
      const delay = math.ceil(longest * (0.5 + random() / 2));
      // One more than asked: the clock has whole seconds.
      const asked = retryAfter === undefined ? 0 : math.min(retryAfter, LONGEST_RETRY_AFTER) + 1;
      return block(now, math.max(delay, asked));
    },
    failedForLong: (mark, now) => {
      if (mark !== currentMark) return undefined;
      steps = steps + 1;
      return block(now, MISCONFIGURED_DELAY);
    },
    probeNow: (now) => {
      blockedUntil = math.min(blockedUntil, now);
    },
    succeeded: () => {
      const ends = steps > 0;
      steps = 0;
      return ends;
    },
  };
}
