// Times as text, and a clock that only goes forward. The only user of luatz, which is optional.

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

/** A number of seconds as people say it: "45 s", "12 min", "3 h 5 min", "2 d 4 h". */
export function spokenDuration(seconds: number): string {
  // What is no integer any more, such as a notification delay of 1e30 minutes, cannot be told by "%d".
  const whole = math.floor(math.min(seconds, LAST_TIMESTAMP));
  if (whole < 60) return string.format("%d s", whole);
  const minutes = math.floor(whole / 60);
  if (minutes < 60) return string.format("%d min", minutes);
  const hours = math.floor(minutes / 60);
  if (hours < 24) return string.format("%d h %d min", hours, minutes % 60);
  return string.format("%d d %d h", math.floor(hours / 24), hours % 24);
}

/** The time of day in a zone such as "Europe/Paris", or undefined when nobody can tell. */
export type LocalTime = (this: void, seconds: number, timeZone: string) => string | undefined;

/** How to tell local times: with luatz, where it is installed. Call it in init. */
export function loadLocalTime(): LocalTime {
  const [isLoaded, luatz] = pcall(() => require("luatz") as LuatzModule);
  if (!isLoaded) return () => undefined;
  return (seconds, timeZone) => {
    if (timeZone === "") return undefined;
    const [isKnown, text] = pcall(() => {
      const local = luatz.get_tz(timeZone).localise(seconds);
      return `${os.date("!%Y-%m-%d %H:%M", local)} (${timeZone})`;
    });
    return isKnown ? text : undefined;
  };
}

export const DAY = 86400;
export const WEEK = 7 * DAY;

/** 1970-01-01 was a Thursday: so many seconds after the first Monday that is before it. */
const EPOCH_IN_WEEK = 3 * DAY;

/**
 * What clocks and calendars on the wall show at `unixTime`, as seconds since Monday, 00:00; or why nobody can tell. `unixTime`
 * is whole. In the system's own time, or in a zone such as "Europe/Paris".
 */
export type WeekClock = (this: void, unixTime: number, timeZone: string | undefined) => number | string;

/** How to tell where in its week a place is: other zones than the system's own with luatz, where it is installed. */
export function loadWeekClock(): WeekClock {
  const [isLoaded, luatz] = pcall(() => require("luatz") as LuatzModule);
  return (unixTime, timeZone) => {
    if (timeZone === undefined) {
      const { wday, hour, min, sec } = os.date("*t", unixTime);
      // os.date counts from 1, and from Sunday.
      return ((wday + 5) % 7) * DAY + hour * 3600 + min * 60 + sec;
    }
    if (!isLoaded) return "times in a zone need luatz (package lua-tz), which is not installed";
    const [isKnown, local] = pcall(() => luatz.get_tz(timeZone).localise(unixTime));
    return isKnown ? (local + EPOCH_IN_WEEK) % WEEK : `nobody here knows a time zone "${timeZone}"`;
  };
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
