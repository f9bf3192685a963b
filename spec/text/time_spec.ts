// text/time: timestamps as PagerDuty takes them, and the clock that only goes forward.
import { createSteadyClock, utcTimestamp } from "../../src/text/time";

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
