// The shipped file lives through what a real engine and a real broker told in a quarter of an hour: reloads, restarts,
// removals, dying routers, downtimes, acknowledgements, the broker's own ends. What it sends is compared with what
// PagerDuty must be sent (spec/fixtures/golden/engine-story-bbdo*.txt), event by event, by the story's clock.
//
// What the connector does not do yet stands beside the golden file (*.not-yet.txt), with the reason. A line there that
// holds by now fails the spec: take it off.
import { type TakenEvent, differencesFrom, playEngineStory, readDifferences } from "../support/engine_story";
import { type Sandbox, startSandbox } from "../support/sandbox";

/** Runs what must hold one day: fails when it holds already. */
function notYet(reason: string, holds: (this: void) => boolean): void {
  it(`not yet: ${reason}`, () => {
    assert.is_false(holds(), "it holds by now: make it a spec");
  });
}

for (const protocol of [2, 3] as const) {
  describe(`the engine's story of BBDO ${protocol}`, () => {
    const golden = `spec/fixtures/golden/engine-story-bbdo${protocol}`;
    let sandbox: Sandbox;
    let taken: TakenEvent[] = [];
    setup(() => {
      // A quarter of an hour is played in seconds.
      sandbox = startSandbox("--rate-limit 0");
      taken = playEngineStory(sandbox, protocol, true);
    });
    teardown(() => {
      sandbox.stop();
    });

    it("is told to PagerDuty as it must be", () => {
      const differences = differencesFrom(`${golden}.txt`, taken);
      const { expected, possible } = readDifferences(`${golden}.not-yet.txt`);
      const wrong = differences.filter((it) => !expected.includes(it) && !possible.includes(it));
      const right = expected.filter((it) => !differences.includes(it));
      assert.same([], wrong, `these differ:\n${wrong.join("\n")}`);
      assert.same(
        [],
        right,
        `these differ no more, take them off ${golden}.not-yet.txt:\n${right.join("\n")}`,
      );
    });

    notYet("no summary says the state twice", () =>
      taken.every(({ summary }) => string.match(summary, ": (%u+) %- %1")[0] === undefined),
    );

    if (protocol === 2) return;
    notYet("without a journal what is fine is resolved once, in the first hour", () => {
      const first = playEngineStory(sandbox, protocol, false);
      return first.filter(({ key, action }) => key === "1_11" && action === "resolve").length <= 1;
    });
  });
}
