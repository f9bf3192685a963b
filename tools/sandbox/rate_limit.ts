// Counting requests per key over a sliding minute: the limit that PagerDuty sets, and the most that was
// seen. Owns no clock: every call is told the time in milliseconds.

/** PagerDuty's limits are per minute, over a sliding window. */
const WINDOW_MS = 60_000;
/** Expired times are cut off in bulk: shifting them one at a time would be quadratic under load. */
const EXPIRED_TIMES_KEPT = 1024;

export interface SlidingWindow {
  /** How many were added in the minute that ends now. */
  count: (now: number) => number;
  /** Milliseconds until the first of those leaves it. */
  untilFree: (now: number) => number;
  add: (now: number) => void;
}

/** Gives a window that nothing was added to; times must not go back. */
export function createSlidingWindow(): SlidingWindow {
  let times: number[] = [];
  let expired = 0;
  const count = (now: number): number => {
    while ((times[expired] ?? Infinity) <= now - WINDOW_MS) expired += 1;
    if (expired > EXPIRED_TIMES_KEPT) {
      times = times.slice(expired);
      expired = 0;
    }
    return times.length - expired;
  };
  return {
    count,
    untilFree: (now) => (count(now) === 0 ? 0 : (times[expired] ?? now) + WINDOW_MS - now),
    add: (now) => {
      times.push(now);
    },
  };
}

/** Gives a window per key, made when first asked for. */
export function createWindows(): (key: string) => SlidingWindow {
  const windows = new Map<string, SlidingWindow>();
  return (key) => {
    const window = windows.get(key) ?? createSlidingWindow();
    windows.set(key, window);
    return window;
  };
}

/**
 * Takes the most requests per routing key and minute (0: no limit); gives the function that admits a request or
 * not. What is turned away does not count: it would keep a sender out for as long as it goes on trying.
 */
export function createRateLimit(limit: number): (routing_key: string, now: number) => boolean {
  if (limit === 0) return () => true;
  const windowOf = createWindows();
  return (routing_key, now) => {
    const window = windowOf(routing_key);
    if (window.count(now) >= limit) return false;
    window.add(now);
    return true;
  };
}

export interface PeakMeter {
  arrived: (routing_key: string, now: number) => void;
  /** The most requests that arrived for one routing key in any minute. */
  peak: () => number;
}

/** Gives a meter of arrivals, throttled and faulty ones included. */
export function createPeakMeter(): PeakMeter {
  const windowOf = createWindows();
  let peak = 0;
  return {
    arrived: (routing_key, now) => {
      const window = windowOf(routing_key);
      window.add(now);
      peak = Math.max(peak, window.count(now));
    },
    peak: () => peak,
  };
}
