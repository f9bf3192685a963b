// Recoveries of what nothing is known of: each once, in order, as ids alone, and forgotten with the hour.
import { createUnknownRecoveries } from "../../src/alerts/unknown_recoveries";
import { hostOf, serviceOf } from "../support/alerts";

describe("recoveries of what nothing is known of", () => {
  it("are given once each, in the order they came, however often they are told", () => {
    const { note, take, isAnyLeft, isNoted } = createUnknownRecoveries();
    assert.is_false(isAnyLeft());
    for (const _ of $range(1, 3)) {
      note(serviceOf(1, 2));
      note(hostOf(1));
      note(serviceOf(2, 2));
    }
    assert.is_true(isAnyLeft());
    assert.same([serviceOf(1, 2), hostOf(1), serviceOf(2, 2)], [take(), take(), take()]);
    assert.is_nil(take());
    note(hostOf(1));
    assert.is_true(isNoted(hostOf(1)));
    assert.is_false(isNoted(hostOf(2)));
    assert.is_false(isAnyLeft());
  });

  it("are forgotten when their hour is over", () => {
    const { note, take, isAnyLeft, isNoted, forgetAll } = createUnknownRecoveries();
    note(serviceOf(1, 2));
    note(serviceOf(1, 3));
    take();
    forgetAll();
    assert.same([false, false], [isAnyLeft(), isNoted(serviceOf(1, 2))]);
    assert.is_nil(take());
  });

  it("take no more than a few numbers each", () => {
    const kilobytes = (): number => {
      collectgarbage("collect");
      return collectgarbage("count");
    };
    const before = kilobytes();
    const recoveries = createUnknownRecoveries();
    for (const host of $range(1, 1000)) {
      for (const service of $range(1, 10)) recoveries.note(serviceOf(host, service));
    }
    const bytes = ((kilobytes() - before) * 1024) / 10000;
    assert.is_true(bytes < 200, `${bytes} bytes each`);
    recoveries.forgetAll();
    assert.is_true(kilobytes() - before < 20);
  });
});
