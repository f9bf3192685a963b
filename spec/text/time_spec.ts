// text/time: timestamps as PagerDuty takes them, times as people say them, and the clock that only goes forward.
import { createSteadyClock, loadLocalTime, spokenDuration, utcTimestamp } from "../../src/text/time";

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
  ];
  for (const [seconds, words] of durations) {
    it(`says ${words} for ${seconds} seconds`, () => {
      assert.equal(words, spokenDuration(seconds));
    });
  }
});

describe("loadLocalTime", () => {
  const NOON = 1760011200;

  /** The local time where `require("luatz")` gives what `load` gives. */
  function localTimeWith(load: (this: void) => Pick<LuatzModule, "get_tz">): string | undefined {
    const modules = (_G as unknown as Record<string, unknown>)["package"] as {
      loaded: Record<string, unknown>;
      preload: Record<string, unknown>;
    };
    modules.loaded["luatz"] = undefined;
    modules.preload["luatz"] = load;
    const text = loadLocalTime()(NOON, "Europe/Paris");
    modules.loaded["luatz"] = undefined;
    modules.preload["luatz"] = undefined;
    return text;
  }

  /** luatz, knowing one zone only, two hours ahead of UTC. */
  const luatz: Pick<LuatzModule, "get_tz"> = {
    get_tz: (name) => {
      if (name !== "Europe/Paris") error("no such file");
      return { localise: (_self: unknown, moment: number) => moment + 7200 } as unknown as LuatzTimeZone;
    },
  };

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
