// Time zones for specs, where luatz is not installed.
import { DAY, WEEK, type WeekClock } from "../../src/text/time";

/** Unix time of midnight, UTC. */
export function utcDay(year: number, month: number, day: number): number {
  // Days from the calendar's civil date: the Gregorian calendar repeats every 400 years.
  const shifted = month > 2 ? year : year - 1;
  const era = math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + math.floor(yearOfEra / 4) - math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146097 + dayOfEra - 719468) * DAY;
}

/** 01:00 UTC on the last Sunday of a month of 31 days: when clocks change in the European Union. */
function changeOfClocks(year: number, month: number): number {
  const lastDay = utcDay(year, month, 31);
  const weekday = (lastDay / DAY + 4) % 7;
  return lastDay - weekday * DAY + 3600;
}

/** Seconds that clocks in Paris are ahead of UTC. */
export function parisOffset(unixTime: number): number {
  const year = tonumber(os.date("!%Y", unixTime) as string) as number;
  const isSummer = unixTime >= changeOfClocks(year, 3) && unixTime < changeOfClocks(year, 10);
  return isSummer ? 7200 : 3600;
}

export const PARIS = "Europe/Paris";

/** What clocks in Paris show, whatever zone is asked for. */
export const parisClock: WeekClock = (unixTime) => (unixTime + parisOffset(unixTime) + 3 * DAY) % WEEK;
