// text/time: timestamps as PagerDuty takes them, times as people say them, and the clock that only goes forward.
import {
  createSteadyClock,
  loadLocalTime,
  loadWeekClock,
  spokenDuration,
  utcTimestamp,
} from "../../src/text/time";
import { INTERPRETER } from "../support/commands";
import { outputOf, shellWord, temporaryPath, writeFile } from "../support/process";
import { parisClock } from "../support/time_zones";

describe("utcTimestamp", () => {
  const timestamps: [seconds: number, text: string][] = [
    [0, "1970-01-01T00:00:00Z"],
    [951782399, "2000-02-28T23:59:59Z"],
    [951782400, "2000-02-29T00:00:00Z"],
    [1760000180, "2025-10-09T08:56:20Z"],
    [1760000180.9, "2025-10-09T08:56:20Z"],
    [2147483648, "2038-01-19T03:14:08Z"],
    [253402300799, "9999-12-31T23:59:59Z"],
  ];
  for (const [seconds, text] of timestamps) {
    it(`makes ${string.format("%.1f", seconds)} ${text}`, () => {
      assert.equal(text, utcTimestamp(seconds));
    });
  }

  it("gives nothing for a time without a date of four-digit years", () => {
    for (const seconds of [-1, 253402300800, 1e18, math.huge]) assert.is_nil(utcTimestamp(seconds));
  });
});

describe("spokenDuration", () => {
  const durations: [seconds: number, words: string][] = [
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h 0 min"],
    [86399, "23 h 59 min"],
    [86400, "1 d 0 h"],
    [190000, "2 d 4 h"],
    [1e30, "2932896 d 23 h"],
  ];
  for (const [seconds, words] of durations) {
    it(`says ${words} for ${seconds} seconds`, () => {
      assert.equal(words, spokenDuration(seconds));
    });
  }
});

const NOON = 1760011200;

/** What `told` gives where `require("luatz")` gives what `load` gives. */
function withLuatz<T>(load: (this: void) => Pick<LuatzModule, "get_tz">, told: (this: void) => T): T {
  const modules = (_G as unknown as Record<string, unknown>)["package"] as {
    loaded: Record<string, unknown>;
    preload: Record<string, unknown>;
  };
  modules.loaded["luatz"] = undefined;
  modules.preload["luatz"] = load;
  const result = told();
  modules.loaded["luatz"] = undefined;
  modules.preload["luatz"] = undefined;
  return result;
}

/** luatz, knowing one zone only, two hours ahead of UTC. */
const luatz: Pick<LuatzModule, "get_tz"> = {
  get_tz: (name) => {
    if (name !== "Europe/Paris") error("no such file");
    return { localise: (_self: unknown, moment: number) => moment + 7200 } as unknown as LuatzTimeZone;
  },
};

describe("loadLocalTime", () => {
  function localTimeWith(load: (this: void) => Pick<LuatzModule, "get_tz">): string | undefined {
    return withLuatz(load, () => loadLocalTime()(NOON, "Europe/Paris"));
  }

  it("tells the time of day at the host", () => {
    assert.equal(
      "2025-10-09 14:00 (Europe/Paris)",
      localTimeWith(() => luatz),
    );
  });

  it("tells nothing without luatz", () => {
    assert.is_nil(localTimeWith(() => error("module 'luatz' not found")));
  });

  it("tells nothing of a zone that nobody knows, or that is not set", () => {
    assert.is_nil(localTimeWith(() => ({ get_tz: () => error("no such file") })));
    assert.is_nil(loadLocalTime()(NOON, ""));
  });
});

describe("loadWeekClock", () => {
  function weekTimeWith(load: (this: void) => Pick<LuatzModule, "get_tz">): number | string {
    return withLuatz(load, () => loadWeekClock()(NOON, "Europe/Paris"));
  }

  it("tells where in its week a zone is", () => {
    // Thursday, 14:00.
    assert.equal(
      3 * 86400 + 14 * 3600,
      weekTimeWith(() => luatz),
    );
  });

  it("says why it cannot", () => {
    assert.equal(
      "times in a zone need luatz (package lua-tz), which is not installed",
      weekTimeWith(() => error("module 'luatz' not found")),
    );
    assert.equal(
      'nobody here knows a time zone "Europe/Paris"',
      weekTimeWith(() => ({ get_tz: () => error("no such file") })),
    );
  });

  it("tells the system's own time as date(1) does, through both changes of clock", () => {
    // Two weeks in 2026 around a change of the clocks in Paris, and every 20 minutes of them.
    const starts = [1774306800, 1792447200];
    const moments: string[] = [];
    for (const start of starts) for (const step of $range(0, 1008)) moments.push(`@${start + step * 1200}`);
    const list = temporaryPath(".times");
    writeFile(list, `${table.concat(moments, "\n")}\n`);
    const byDate = outputOf(`TZ=Europe/Paris date -f ${list} '+%u %H %M %S'`);
    const expected: number[] = [];
    for (const [day, hour, minute, second] of string.gmatch(byDate, "(%d) (%d+) (%d+) (%d+)"))
      expected.push(
        (tonumber(day) as number) * 86400 -
          86400 +
          (tonumber(hour) as number) * 3600 +
          (tonumber(minute) as number) * 60 +
          (tonumber(second) as number),
      );
    const program =
      'local clock = require("src.text.time").loadWeekClock() ' +
      `for _, start in ipairs({${table.concat(starts, ",")}}) do for step = 0, 1008 do print(clock(start + step * 1200)) end end`;
    const told: number[] = [];
    const output = outputOf(
      `TZ=Europe/Paris LUA_PATH='build/?.lua;;' ${INTERPRETER} -e ${shellWord(program)}`,
    );
    for (const [line] of string.gmatch(output, "%d+")) told.push(tonumber(line) as number);
    os.remove(list);
    assert.equal(2018, expected.length);
    assert.same(expected, told);
    // What other specs take for Paris.
    assert.same(
      expected,
      moments.map((moment) => parisClock(tonumber(string.sub(moment, 2)) as number, undefined)),
    );
  });
});

describe("createSteadyClock", () => {
  /** What the steady clock says, from its start on, while the system's says `times`. */
  function steadyTimes(...times: number[]): number[] {
    let index = 0;
    const now = createSteadyClock(() => {
      index = index + 1;
      return times[index - 1] as number;
    });
    const start = times[0] as number;
    return times.slice(1).map(() => now() - start);
  }

  it("goes as the system's clock goes", () => {
    assert.same([0, 1, 61], steadyTimes(1000, 1000, 1001, 1061));
  });

  it("takes a jump backwards for no time at all, and goes on from there", () => {
    assert.same([10, 10, 11, 12], steadyTimes(1000, 1010, 500, 501, 502));
  });
});
