// Times as text, and a clock that only goes forward.

/** 9999-12-31T23:59:59Z: ISO 8601 has years of four digits, and os.date raises for some that are longer. */
const LAST_TIMESTAMP = 253402300799;

/**
 * `seconds` since 1970 as ISO 8601 in UTC, with the zone that PagerDuty's `timestamp` needs. Undefined for a time
 * that is no date.
 */
export function utcTimestamp(seconds: number): string | undefined {
  if (seconds < 0 || seconds > LAST_TIMESTAMP) return undefined;
  return os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(seconds)) as string;
}

/**
 * A clock in seconds that never goes back: made from the system's, whose jumps backwards count as no time at
 * all. Delays and rate windows measured with it neither stall nor shrink when somebody sets the clock back.
 */
export function createSteadyClock(systemClock: (this: void) => number): (this: void) => number {
  let last = systemClock();
  let steady = last;
  return () => {
    const now = systemClock();
    if (now > last) steady = steady + (now - last);
    last = now;
    return steady;
  };
}
