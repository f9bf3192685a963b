// Waiting within flush(): as long as something is being sent, and never longer than a second, whatever clock and wait
// there are.
import { createFineClock, turnWhileSending } from "../../src/delivery/waiting";
import { sleep } from "../support/process";

/** A clock that moves only when somebody waits. */
function createTime(resolution: number) {
  let time = 0.37;
  return {
    clock: () => math.floor(time / resolution) * resolution,
    pass: (seconds: number) => {
      time = time + seconds;
    },
    time: () => time,
  };
}

describe("flush's waiting", () => {
  it("does not wait where nothing is being sent", () => {
    const { clock } = createTime(0.01);
    let turns = 0;
    turnWhileSending(
      clock,
      () => false,
      () => error("waited"),
      () => {
        turns = turns + 1;
        return false;
      },
    );
    assert.equal(1, turns);
  });

  it("does not wait where a turn left something to do at once, also when nothing is being sent", () => {
    const { clock } = createTime(0.01);
    let turns = 0;
    turnWhileSending(
      clock,
      () => false,
      () => error("waited"),
      () => {
        turns = turns + 1;
        return turns < 3;
      },
    );
    assert.equal(3, turns);
  });

  it("takes a turn before and after each wait, and ends with the last transfer", () => {
    const { clock, pass } = createTime(0.01);
    const happened: string[] = [];
    turnWhileSending(
      clock,
      () => happened.length < 7,
      (milliseconds) => {
        happened.push("wait");
        pass(milliseconds / 1000);
      },
      () => {
        happened.push("turn");
        return false;
      },
    );
    assert.same(["turn", "wait", "turn", "wait", "turn", "wait", "turn"], happened);
  });

  const clocks: [what: string, resolution: number, atLeast: number][] = [
    ["hundredths", 0.01, 0.95],
    // The second that has begun counts as a whole one.
    ["whole seconds", 1, 0.5],
  ];
  for (const [what, resolution, atLeast] of clocks) {
    it(`ends after a second, by a clock of ${what}, whatever is still being sent`, () => {
      const { clock, pass, time } = createTime(resolution);
      const start = time();
      turnWhileSending(
        clock,
        () => true,
        (milliseconds) => pass(milliseconds / 1000),
        () => false,
      );
      const waited = time() - start;
      assert.is_true(waited >= atLeast && waited <= 1.06, `${waited} s`);
    });
  }

  it("ends after some hundred rounds where waiting returns at once", () => {
    let rounds = 0;
    turnWhileSending(
      () => 0,
      () => true,
      () => undefined,
      () => {
        rounds = rounds + 1;
        return false;
      },
    );
    assert.is_true(rounds >= 100 && rounds <= 1000, `${rounds} rounds`);
  });

  it("has a clock that goes on within a second", () => {
    const clock = createFineClock();
    const start = clock();
    sleep(0.1);
    const passed = clock() - start;
    assert.is_true(passed > 0.05 && passed < 60, `${passed} s`);
    assert.not_equal(0, passed % 1);
  });
});
