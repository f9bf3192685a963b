// The sliding minute, with times told instead of waited for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createPeakMeter, createRateLimit, createSlidingWindow } from "./rate_limit.js";

describe("a sliding minute", () => {
  it("forgets a request 60 s after it came, not before", () => {
    const window = createSlidingWindow();
    window.add(1000);
    assert.equal(window.count(60_999), 1);
    assert.equal(window.count(61_000), 0);
  });

  it("counts rightly after it has cut off what expired", () => {
    const window = createSlidingWindow();
    for (let at = 0; at < 200_000; at += 10) window.add(at);
    // Those after 139,990 up to 199,990, every 10 ms.
    assert.equal(window.count(199_990), 6000);
    for (let at = 200_000; at < 210_000; at += 10) window.add(at);
    assert.equal(window.count(209_990), 6000);
  });
});

describe("the rate limit", () => {
  it("admits as many as allowed in any minute, and the next when the first is a minute old", () => {
    const admit = createRateLimit(3);
    const admitted = [0, 20_000, 40_000, 59_999, 60_000, 60_001, 80_000].map((at) => admit("key", at));
    assert.deepEqual(admitted, [true, true, true, false, true, false, true]);
  });

  it("holds for each key by itself", () => {
    const admit = createRateLimit(1);
    assert.deepEqual(
      [admit("a", 0), admit("b", 0), admit("a", 1), admit("b", 1)],
      [true, true, false, false],
    );
  });

  it("is off at 0", () => {
    const admit = createRateLimit(0);
    assert.ok(Array.from({ length: 1000 }, () => admit("key", 0)).every(Boolean));
  });
});

it("the peak is the most of one key in any minute", () => {
  const meter = createPeakMeter();
  for (const at of [0, 10_000, 59_999, 60_000]) meter.arrived("a", at);
  for (const at of [0, 200_000]) meter.arrived("b", at);
  meter.arrived("a", 500_000);
  assert.equal(meter.peak(), 3);
});
