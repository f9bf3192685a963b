// The shipped file lives through what a real engine and a real broker told in a quarter of an hour: reloads, restarts,
// removals, dying routers, downtimes, acknowledgements, the broker's own ends. What it sends is compared with what
// PagerDuty must be sent (spec/fixtures/golden/engine-story-bbdo*.txt), event by event, by the story's clock.
import { type TakenEvent, differencesFrom, playEngineStory } from "../support/engine_story";
import { useSandbox } from "../support/sandbox";

for (const protocol of [2, 3] as const) {
  describe(`the engine's story of BBDO ${protocol}`, () => {
    const golden = `spec/fixtures/golden/engine-story-bbdo${protocol}`;
    // A quarter of an hour is played in seconds.
    const sandbox = useSandbox("--rate-limit 0");
    let taken: TakenEvent[] = [];
    setup(() => {
      taken = playEngineStory(sandbox, protocol, true);
    });

    it("is told to PagerDuty as it must be", () => {
      const differences = differencesFrom(`${golden}.txt`, taken);
      assert.same([], differences, `these differ:\n${differences.join("\n")}`);
    });

    it("says no state twice in a summary", () => {
      assert.is_true(taken.length > 0);
      for (const { summary } of taken) {
        assert.is_nil(string.match(summary, ": (%u+) %- %1")[0], summary);
      }
    });

    if (protocol === 2) return;
    it("resolves what is fine once, in the first hour of a start without a journal", () => {
      const first = playEngineStory(sandbox, protocol, false);
      assert.equal(1, first.filter(({ key, action }) => key === "1_11" && action === "resolve").length);
    });
  });
}
