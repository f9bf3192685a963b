// rules/hours: what hours of the week contain, minute by minute against a judge that asks the calendar.
import { type Hours, readHours } from "../../src/rules/hours";
import { DAY, type WeekClock, WEEK, loadWeekClock } from "../../src/text/time";
import { type Random, createRandom } from "../support/random";
import { PARIS, parisClock, utcDay } from "../support/time_zones";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Monday, 2026-11-23, 00:00 UTC. */
const MONDAY = utcDay(2026, 11, 23);

const utcClock: WeekClock = (unixTime) => (unixTime - MONDAY) % WEEK;

function hoursOf(text: string, weekClock: WeekClock = utcClock): Hours {
  const hours = readHours(text, weekClock === parisClock ? PARIS : undefined, weekClock);
  return typeof hours === "string" ? error(`${text}: ${hours}`) : hours;
}

/** Unix time of "tue 08:30" in the week of MONDAY. */
function moment(text: string): number {
  const [day, hour, minute] = string.match(text, "^(%a+) (%d+):(%d+)$");
  const index = DAYS.indexOf(day as string);
  return MONDAY + index * DAY + (tonumber(hour) as number) * 3600 + (tonumber(minute) as number) * 60;
}

describe("hours", () => {
  const rows: [text: string, within: string[], without: string[]][] = [
    ["mon-fri", ["mon 00:00", "fri 23:59"], ["sat 00:00", "sun 23:59"]],
    ["sat", ["sat 00:00", "sat 23:59"], ["fri 23:59", "sun 00:00"]],
    ["sat,sun", ["sat 00:00", "sun 23:59"], ["fri 23:59", "mon 00:00"]],
    ["sat, sun", ["sat 00:00", "sun 23:59"], ["fri 23:59", "mon 00:00"]],
    ["fri-mon", ["fri 00:00", "sun 12:00", "mon 23:59"], ["tue 00:00", "thu 23:59"]],
    ["08:00-18:00", ["mon 08:00", "sun 17:59"], ["mon 07:59", "mon 18:00"]],
    ["8:00-9:30", ["mon 08:00", "mon 09:29"], ["mon 09:30"]],
    ["22:00-06:00", ["mon 00:00", "mon 05:59", "mon 22:00", "sun 23:59"], ["mon 06:00", "mon 21:59"]],
    ["22:00-00:00", ["mon 22:00", "mon 23:59"], ["mon 21:59", "mon 00:00"]],
    ["00:00-24:00", ["mon 00:00", "sun 23:59"], []],
    [
      "mon-fri 22:00-06:00",
      ["mon 22:00", "tue 05:59", "fri 22:00", "sat 05:59"],
      ["mon 05:59", "sat 06:00", "sat 22:00", "sun 22:00"],
    ],
    ["sun 22:00-06:00", ["sun 22:00", "mon 05:59"], ["mon 06:00", "sun 05:59"]],
    [
      "mon-fri 08:00-12:00, 14:00-18:00",
      ["mon 08:00", "fri 17:59"],
      ["mon 12:00", "mon 13:59", "sat 14:00", "sat 08:00"],
    ],
    ["sat, sun 10:00-16:00", ["sat 10:00", "sun 15:59"], ["sat 09:59", "sun 16:00", "fri 10:00"]],
    ["mon-fri 22:00-06:00, sat, sun", ["sat 12:00", "sun 12:00", "tue 03:00"], ["mon 05:00", "tue 12:00"]],
    ["mon 08:00-12:00, wed-thu 20:00-22:00", ["mon 08:00", "thu 21:00"], ["mon 20:00", "wed 08:00"]],
    ["Mon - Fri  08:00 - 18:00", ["mon 08:00"], ["sat 08:00"]],
    ["mon-sun 22:00-05:00", ["mon 22:00", "mon 04:59"], ["mon 05:00"]],
  ];
  for (const [text, within, without] of rows) {
    it(`${text} contains what it says, and nothing else`, () => {
      const hours = hoursOf(text);
      for (const time of within) assert.is_true(hours.contains(moment(time)), time);
      for (const time of without) assert.is_false(hours.contains(moment(time)), time);
    });
  }

  const problems: [text: string, words: string][] = [
    ["", 'possible are days ("mon-fri", "sat,sun"), times'],
    [" , ", "possible are days"],
    ["monday", '"monday" names no days: they are mon, tue, wed, thu, fri, sat, sun'],
    ["mon-fry", '"mon-fry" names no days'],
    ["mon-", '"mon-" names no days'],
    ["weekend 10:00-12:00", '"weekend" names no days'],
    ["mon-mon", '"mon" is that day, "mon-sun" is every day'],
    ["25:00-26:00", '"25:00-26:00" are no times: from 00:00 to 24:00'],
    ["24:00-06:00", '"24:00-06:00" are no times'],
    ["08:00-24:01", '"08:00-24:01" are no times'],
    ["08:60-09:00", '"08:60-09:00" are no times'],
    ["8-18", '"8-18" are no times'],
    ["08:00", '"08:00" are no times'],
    ["08:00-08:00", 'begins and ends at the same time: the whole day is "00:00-24:00"'],
    ["sat, sun, mon-fri 22:00-06:00", "if some are meant as whole days, put them last"],
  ];
  for (const [text, words] of problems) {
    it(`"${text}" is refused: ${words}`, () => {
      const problem = readHours(text, undefined, utcClock);
      assert.equal("string", type(problem));
      assert.is_not_nil(string.find(problem as string, words, 1, true)[0], problem as string);
    });
  }

  it("in a zone that nobody can tell are refused with the reason", () => {
    assert.equal(
      'nobody here knows a time zone "Europe/Pari"',
      readHours("mon", "Europe/Pari", (_, zone) => `nobody here knows a time zone "${zone as string}"`),
    );
  });

  it("that are always have no next change", () => {
    for (const text of [
      "00:00-24:00",
      "mon-sun",
      "fri-thu",
      "00:00-12:00,12:00-24:00",
      "18:00-06:00,06:00-18:00",
    ])
      assert.equal(math.huge, hoursOf(text).nextChange(MONDAY + 4711), text);
  });

  it("in the system's own time are what its clocks show", () => {
    const hours = hoursOf("mon-fri 22:00-06:00", loadWeekClock());
    // As os.date does it, whatever the zone of the machine.
    const saturday = os.time({ year: 2026, month: 11, day: 28, hour: 5, min: 59 });
    assert.is_true(hours.contains(saturday));
    assert.is_false(hours.contains(saturday + 60));
    assert.equal(saturday + 60, hours.nextChange(saturday));
  });
});

/** What is said of hours, as a judge reads it: on which days what begins, and for how many minutes. */
interface Saying {
  readonly days: readonly number[];
  readonly begin: number;
  readonly minutes: number;
}

interface Sayings {
  readonly text: string;
  readonly sayings: readonly Saying[];
}

function clockText(minutes: number): string {
  return string.format("%02d:%02d", math.floor(minutes / 60), minutes % 60);
}

function randomSayings(random: Random): Sayings {
  const words: string[] = [];
  const sayings: Saying[] = [];
  for (const _ of $range(1, random.integer(1, 3))) {
    const first = random.integer(0, 6);
    const count = random.integer(1, 6);
    const days: number[] = [];
    for (const offset of $range(0, count - 1)) days.push((first + offset) % 7);
    const last = days[count - 1] as number;
    let word = DAYS[first] as string;
    if (count > 1) word = `${word}-${DAYS[last] as string}`;
    for (const time of $range(1, random.integer(1, 2))) {
      const begin = random.oneOf([0, 30, 60, 120, 150, 179, 180, 22 * 60, random.integer(0, 1439)]);
      const end = random.oneOf([60, 120, 150, 180, 6 * 60, 1440, random.integer(0, 1440)]);
      if (begin !== end) {
        sayings.push({ days, begin, minutes: end > begin ? end - begin : end + 1440 - begin });
        word = `${word}${time === 1 ? " " : ", "}${clockText(begin)}-${clockText(end)}`;
      }
    }
    if (string.find(word, ":")[0] !== undefined) words.push(word);
  }
  return { text: words.join(", "), sayings };
}

/** Whether a minute of the wall's week is within what was said: it is some minutes after a beginning, today or yesterday. */
function judge(sayings: readonly Saying[], minuteOfWeek: number): boolean {
  const today = math.floor(minuteOfWeek / 1440);
  const minute = minuteOfWeek % 1440;
  for (const { days, begin, minutes } of sayings) {
    const isToday = minute >= begin && minute < begin + minutes;
    const isSinceYesterday = minute + 1440 < begin + minutes;
    if (days.includes(today) && isToday) return true;
    if (days.includes((today + 6) % 7) && isSinceYesterday) return true;
  }
  return false;
}

/** Plays a week from `start` on, minute by minute, to hours and judge. */
function compareWeek({ text, sayings }: Sayings, start: number, weekClock: WeekClock): void {
  const hours = hoursOf(text, weekClock);
  let nextChange = hours.nextChange(start - 1);
  let before: boolean | undefined;
  for (const minute of $range(0, WEEK / 60)) {
    const time = start + minute * 60;
    const expected = judge(sayings, math.floor((weekClock(time, PARIS) as number) / 60));
    const isAsSaid = expected === hours.contains(time);
    const isChangeKnown = before === undefined || before === expected || time === nextChange;
    if (!isAsSaid || !isChangeKnown) {
      const where = `${text} at ${os.date("!%Y-%m-%d %H:%M", time) as string} UTC`;
      assert.equal(expected, hours.contains(time), where);
      assert.equal(time, nextChange, where);
    }
    before = expected;
    if (nextChange <= time) nextChange = hours.nextChange(time);
    if (nextChange <= time) error(`${text}: the change after ${time} is at ${nextChange}`);
  }
}

describe("hours at random", () => {
  const weeks: [name: string, start: number, weekClock: WeekClock][] = [
    ["any week", MONDAY + 3 * DAY, utcClock],
    ["the week in which clocks are put on", utcDay(2026, 3, 26), parisClock],
    ["the week in which clocks are put back", utcDay(2026, 10, 22), parisClock],
  ];
  for (const [name, start, weekClock] of weeks) {
    it(`contain in ${name} what a judge finds minute by minute, and change when they say`, () => {
      const random = createRandom(`rules/hours, ${name}`);
      for (const _ of $range(1, 8)) {
        const sayings = randomSayings(random);
        if (sayings.text !== "") compareWeek(sayings, start, weekClock);
      }
    });
  }

  it("answer the same whatever was asked before: a clock that is set back is a time like any other", () => {
    const random = createRandom("rules/hours, set back");
    const { text } = randomSayings(random);
    const hours = hoursOf(text === "" ? "mon" : text);
    for (const _ of $range(1, 2000)) {
      const time = MONDAY + random.integer(0, 2 * WEEK);
      const fresh = hoursOf(text === "" ? "mon" : text);
      assert.equal(fresh.contains(time), hours.contains(time));
      assert.equal(fresh.nextChange(time), hours.nextChange(time));
    }
  });
});
