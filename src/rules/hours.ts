// Hours of the week as people write them: `mon-fri 08:00-18:00`. Knows nothing of rules.
import { DAY, WEEK, type WeekClock } from "../text/time";

/** Times that come again every week. */
export interface Hours {
  /** By what clocks on the wall show, also where they are put on or back. */
  readonly contains: (this: void, unixTime: number) => boolean;
  /** The next moment after `unixTime` at which `contains` may say something else; infinite when it never does. */
  readonly nextChange: (this: void, unixTime: number) => number;
}

/** From the one to before the other, in seconds of the week. What goes over Sunday's midnight ends after the week. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const POSSIBLE =
  'possible are days ("mon-fri", "sat,sun"), times ("08:00-18:00", "22:00-06:00"), and days with times ("mon-fri 22:00-06:00"), separated by commas';

function dayOf(name: string): number | undefined {
  for (const [index, day] of ipairs(DAYS)) if (day === name) return index - 1;
  return undefined;
}

/** The days that `word` names, from Monday, 0; or what is wrong with it. Several may go over Sunday: `fri-mon`. */
function daysOf(word: string): number[] | string {
  const [from, dash, to] = string.match(word, "^(%a+)(%-?)(%a*)$");
  const first = dayOf(from ?? "");
  const last = dash === "" ? first : dayOf(to ?? "");
  if (first === undefined || last === undefined)
    return `"${word}" names no days: they are ${DAYS.join(", ")}, and from one to another is "mon-fri"`;
  if (dash !== "" && first === last)
    return `"${word}" begins and ends on the same day: "${from}" is that day, "mon-sun" is every day`;
  const days: number[] = [first];
  for (let day = first; day !== last;) {
    day = (day + 1) % 7;
    days.push(day);
  }
  return days;
}

/** Seconds since midnight, or undefined when these are no hours and minutes of a day: from 00:00 to 24:00. */
function timeOf(hours: string, minutes: string): number | undefined {
  const time = (tonumber(hours) ?? 0) * 3600 + (tonumber(minutes) ?? 0) * 60;
  return (tonumber(minutes) ?? 0) < 60 && time <= DAY ? time : undefined;
}

/** When `word` begins and ends, in seconds of the day on which it begins; or what is wrong with it. */
function timesOf(word: string): Span | string {
  const [fromHours, fromMinutes, toHours, toMinutes] = string.match(word, "^(%d%d?):(%d%d)%-(%d%d?):(%d%d)$");
  const from = timeOf(fromHours ?? "99", fromMinutes ?? "");
  const to = timeOf(toHours ?? "99", toMinutes ?? "");
  if (from === undefined || to === undefined || from === DAY)
    return `"${word}" are no times: from 00:00 to 24:00, such as "08:00-18:00", or over midnight "22:00-06:00"`;
  if (from === to) return `"${word}" begins and ends at the same time: the whole day is "00:00-24:00"`;
  return { from, to: to > from ? to : to + DAY };
}

/** What was said of some days. */
interface Entry {
  /** As they were written. */
  readonly dayWords: string[];
  readonly days: number[];
  readonly times: Span[];
}

/** Takes `word` into `entry`, or gives what is wrong with it. */
function takeWord(entry: Entry, word: string, isTime: boolean): string | undefined {
  if (isTime) {
    const times = timesOf(word);
    if (typeof times === "string") return times;
    entry.times.push(times);
    return undefined;
  }
  const days = daysOf(word);
  if (typeof days === "string") return days;
  entry.dayWords.push(word);
  for (const day of days) entry.days.push(day);
  return undefined;
}

/**
 * The entries of `text`, or what is wrong with it. Days in a row belong together, and so do the times in a row that
 * follow them: `mon-fri 08:00-12:00, 14:00-18:00` is both on each of these days, and `sat, sun 10:00-16:00` is both days.
 */
function entriesOf(text: string): Entry[] | string {
  const entries: Entry[] = [];
  const [compact] = string.gsub(string.lower(text), "%s*%-%s*", "-");
  for (const [match] of string.gmatch(compact, "[^%s,]+")) {
    const word = match ?? "";
    const isTime = string.find(word, "^%d")[0] !== undefined;
    let entry = entries[entries.length - 1];
    if (entry === undefined || (!isTime && entry.times.length > 0)) {
      entry = { dayWords: [], days: [], times: [] };
      entries.push(entry);
    }
    const problem = takeWord(entry, word, isTime);
    if (problem !== undefined) return problem;
  }
  return entries.length === 0 ? POSSIBLE : entries;
}

/** What is wrong with an entry as a whole. */
function entryProblem({ dayWords, days, times }: Entry): string | undefined {
  const named = new LuaSet<number>();
  for (const day of days) named.add(day);
  for (const [day] of ipairs(DAYS)) if (!named.has(day - 1)) return undefined;
  if (dayWords.length === 1 || times.length === 0) return undefined;
  // "sat, sun, mon-fri 22:00-06:00": Saturday and Sunday as a whole were meant.
  return `"${table.concat(dayWords, ", ")}" with times after it is every day at these times; if some are meant as whole days, put them last, and otherwise leave the days out`;
}

function addSpans(spans: Span[], { days, times }: Entry): void {
  const onDays = days.length > 0 ? days : [0, 1, 2, 3, 4, 5, 6];
  const duringTimes = times.length > 0 ? times : [{ from: 0, to: DAY }];
  for (const day of onDays)
    for (const { from, to } of duringTimes) spans.push({ from: day * DAY + from, to: day * DAY + to });
}

function isWithin(spans: readonly Span[], inWeek: number): boolean {
  for (const { from, to } of spans) if ((inWeek >= from && inWeek < to) || inWeek + WEEK < to) return true;
  return false;
}

/** Where in the week `spans` begin or end, but not where one goes on with another. */
function changesOf(spans: readonly Span[]): number[] {
  const changes: number[] = [];
  const note = (inWeek: number): void => {
    if (isWithin(spans, inWeek) !== isWithin(spans, (inWeek - 1) % WEEK)) changes.push(inWeek);
  };
  for (const { from, to } of spans) {
    note(from);
    note(to % WEEK);
  }
  return changes;
}

/** The first moment after `start` and up to `end` at which a clock that was right at `start` would be wrong. */
function firstShift(start: number, end: number, isRight: (this: void, unixTime: number) => boolean): number {
  let [right, wrong] = [start, end];
  while (wrong - right > 1) {
    const middle = math.floor((right + wrong) / 2);
    if (isRight(middle)) right = middle;
    else wrong = middle;
  }
  return wrong;
}

/**
 * Reads hours, or says what is wrong with them. `timeZone` undefined: the system's own. On days of a change of clock a
 * time that is left out is nowhere, and one that comes twice is there twice.
 */
export function readHours(
  this: void,
  text: string,
  timeZone: string | undefined,
  weekClock: WeekClock,
): Hours | string {
  const spans: Span[] = [];
  const entries = entriesOf(text);
  if (typeof entries === "string") return entries;
  for (const entry of entries) {
    const problem = entryProblem(entry);
    if (problem !== undefined) return problem;
    addSpans(spans, entry);
  }
  const zoneProblem = weekClock(0, timeZone);
  if (typeof zoneProblem === "string") return zoneProblem;
  const inWeek = (unixTime: number): number => weekClock(unixTime, timeZone) as number;
  const changes = changesOf(spans);

  // Whoever asks asks of many problems in one second.
  let lastTime: number | undefined;
  let lastAnswer = false;
  return {
    contains: (unixTime) => {
      if (unixTime !== lastTime) {
        lastTime = unixTime;
        lastAnswer = isWithin(spans, inWeek(math.floor(unixTime)));
      }
      return lastAnswer;
    },
    nextChange: (unixTime) => {
      const start = math.floor(unixTime);
      const startInWeek = inWeek(start);
      let distance = math.huge;
      for (const change of changes) distance = math.min(distance, ((change - startInWeek - 1) % WEEK) + 1);
      if (distance === math.huge) return distance;
      const isRight = (moment: number): boolean => inWeek(moment) === (startInWeek + moment - start) % WEEK;
      // Clocks are put on or back before: that changes what they show.
      return isRight(start + distance) ? start + distance : firstShift(start, start + distance, isRight);
    },
  };
}
