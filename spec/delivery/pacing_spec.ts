// When the next event may go: the limit in any minute, the waiting after failures. Times only, no events.
import { createBackOff, createRateLimit } from "../../src/delivery/pacing";
import { createRandom } from "../support/random";

/** Jitter at its ends. */
const LEAST = (): number => 0;
const MOST = (): number => 0.999999;

describe("the rate limit", () => {
  const LIMITS = [1, 2, 7, 110];

  /** The true times at which something started in ten minutes, when it wanted to start so often. */
  function startsOf(limit: number, nextPause: () => number): number[] {
    const { room, started } = createRateLimit(limit);
    const starts: number[] = [];
    let time = 0;
    while (time < 600) {
      // The clock that the connector has: whole seconds.
      const now = math.floor(time);
      if (room(now) > 0) {
        started(now);
        starts.push(time);
      }
      time = time + nextPause();
    }
    return starts;
  }

  it("lets no more than so many start in any 60 seconds", () => {
    const random = createRandom("pacing, rate limit");
    for (const limit of LIMITS) {
      // Rushes, and calm between them.
      const pause = (): number => random.integer(0, 1000) / random.oneOf([100, 10000, 100000, 100000]);
      const starts = startsOf(limit, pause);
      for (const index of $range(limit, starts.length - 1)) {
        const apart = (starts[index] as number) - (starts[index - limit] as number);
        assert.is_true(apart >= 60, `${limit} and one more within ${apart} s`);
      }
    }
  });

  it("lets nearly so many start, when so many want to", () => {
    for (const limit of LIMITS) {
      const count = startsOf(limit, () => 0.01).length;
      // A minute, and the two seconds that a clock of whole seconds may cost.
      assert.is_true(count >= limit * math.floor(600 / 62), `${count} with a limit of ${limit}`);
    }
  });

  it("of 0 is none", () => {
    const { room, started } = createRateLimit(0);
    for (const _ of $range(1, 1000)) {
      assert.is_true(room(5) > 1000000);
      started(5);
    }
  });
});

describe("the room that a rate limit leaves", () => {
  it("is what may start at once, and comes back as starts are a minute old", () => {
    const { room, started } = createRateLimit(3);
    assert.equal(3, room(0));
    started(0);
    started(10);
    assert.equal(1, room(10));
    started(10);
    assert.same([0, 1, 1, 3], [room(60), room(61), room(70), room(71)]);
  });
});

describe("the back-off", () => {
  const NO_RETRY_AFTER = undefined;

  it("lets everything start before the first failure", () => {
    assert.is_true(createBackOff(LEAST).mayStart(0, 99));
  });

  it("doubles from 1 s to 5 min, less at most half of it as jitter", () => {
    const longest = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
    const [early, late] = [createBackOff(LEAST), createBackOff(MOST)];
    for (const seconds of longest) {
      assert.equal(math.ceil(seconds / 2), early.failed(early.mark(), 0, NO_RETRY_AFTER));
      assert.equal(seconds, late.failed(late.mark(), 0, NO_RETRY_AFTER));
    }
  });

  it("stays at 5 min through an outage of weeks", () => {
    const { failed, mark } = createBackOff(MOST);
    for (const _ of $range(1, 5000)) failed(mark(), 0, NO_RETRY_AFTER);
    assert.equal(300, failed(mark(), 0, NO_RETRY_AFTER));
  });

  it("spreads over all the jitter there is", () => {
    const random = createRandom("pacing, jitter");
    const seen = new LuaSet<number>();
    for (const _ of $range(1, 200)) {
      const { failed, mark } = createBackOff(() => random.integer(0, 999) / 1000);
      for (const _step of $range(1, 3)) failed(mark(), 0, NO_RETRY_AFTER);
      const delay = failed(mark(), 0, NO_RETRY_AFTER) ?? 0;
      assert.is_true(delay >= 4 && delay <= 8, `${delay} s`);
      seen.add(delay);
    }
    // 4 s would be a jitter of exactly nothing.
    for (const delay of [5, 6, 7, 8]) assert.is_true(seen.has(delay), `never ${delay} s`);
  });

  it("lets one probe start when its time has come, and none beside it", () => {
    const { failed, mark, mayStart } = createBackOff(MOST);
    failed(mark(), 100, NO_RETRY_AFTER);
    const delay = failed(mark(), 100, NO_RETRY_AFTER) ?? 0;
    assert.is_false(mayStart(100 + delay - 1, 0));
    assert.is_true(mayStart(100 + delay, 0));
    assert.is_false(mayStart(100 + delay, 1));
  });

  it("takes failures of requests that were under way together for one", () => {
    const { failed, mark } = createBackOff(MOST);
    const marks = [mark(), mark(), mark()];
    assert.same(
      [1, false, false],
      marks.map((together) => failed(together, 0, NO_RETRY_AFTER) ?? false),
    );
    assert.equal(2, failed(mark(), 10, NO_RETRY_AFTER));
  });

  describe("waits as an answer asks:", () => {
    const rows: [what: string, retryAfter: number, delay: number][] = [
      // One more than asked: the clock has whole seconds.
      ["longer than it would", 30, 31],
      ["no shorter than it would", 0, 1],
      ["an hour at most", 86400, 3601],
    ];
    for (const [what, retryAfter, delay] of rows) {
      it(what, () => {
        const { failed, mark, mayStart } = createBackOff(LEAST);
        assert.equal(delay, failed(mark(), 100, retryAfter));
        assert.is_false(mayStart(100 + delay - 1, 0));
        assert.is_true(mayStart(100 + delay, 0));
      });
    }
  });

  it("probes slowly while only a person can mend things", () => {
    const { failedForLong, mark, mayStart } = createBackOff(MOST);
    const old = mark();
    assert.equal(60, failedForLong(old, 0));
    assert.is_nil(failedForLong(old, 0));
    assert.is_false(mayStart(59, 0));
    assert.is_true(mayStart(60, 0));
    assert.equal(60, failedForLong(mark(), 60));
  });

  it("lets one probe go at once when there is reason to hope, and goes on from there", () => {
    const { failedForLong, mark, mayStart, probeNow } = createBackOff(MOST);
    failedForLong(mark(), 0);
    probeNow(10);
    assert.is_true(mayStart(10, 0));
    assert.is_false(mayStart(10, 1));
    failedForLong(mark(), 10);
    assert.is_false(mayStart(69, 0));
    assert.is_true(mayStart(70, 0));
  });

  it("ends at once with a success, says so once, and begins anew after that", () => {
    const { failed, mark, mayStart, succeeded } = createBackOff(MOST);
    assert.is_false(succeeded());
    for (const _ of $range(1, 5)) failed(mark(), 0, NO_RETRY_AFTER);
    assert.is_true(succeeded());
    assert.is_true(mayStart(0, 99));
    assert.is_false(succeeded());
    assert.equal(1, failed(mark(), 0, NO_RETRY_AFTER));
  });

  it("does not begin anew for a request that was under way since before the success", () => {
    const { failed, mark, mayStart, succeeded } = createBackOff(MOST);
    const old = mark();
    failed(old, 0, NO_RETRY_AFTER);
    assert.is_true(succeeded());
    assert.is_nil(failed(old, 0, NO_RETRY_AFTER));
    assert.is_true(mayStart(0, 99));
  });
});
