// Times as text, and a clock that only goes forward.

/** `seconds` since 1970 as ISO 8601 in UTC, with the zone that PagerDuty's `timestamp` needs. */
export function utcTimestamp(seconds: number): string {
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
