// Notes of acknowledgements that come before their alert: kept long enough, taken once, and not for ever.
import { createEarlyNotes } from "../../src/alerts/early_notes";

const NOTE = { author: "alice", comment: "on it" };
const HOUR = 3600;

describe("early notes", () => {
  it("are taken once", () => {
    const { put, take } = createEarlyNotes(() => 0);
    put("1_2", NOTE);
    assert.same(NOTE, take("1_2"));
    assert.is_nil(take("1_2"));
    assert.is_nil(take("1_3"));
  });

  for (const [what, seconds, isKept] of [
    ["are kept for an hour", HOUR, true],
    ["are gone after two, when others have come", 2 * HOUR, false],
  ] as const) {
    it(what, () => {
      let clock = 0;
      const { put, take } = createEarlyNotes(() => clock);
      put("1_2", NOTE);
      for (const _ of $range(1, math.floor(seconds / HOUR))) {
        clock = clock + HOUR;
        put("other", NOTE);
      }
      assert.equal(isKept, take("1_2") !== undefined);
    });
  }
});
