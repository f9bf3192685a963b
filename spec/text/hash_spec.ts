// text/hash: the fingerprint is the same on every Lua, and differs where texts differ.
import { fingerprint } from "../../src/text/hash";

describe("fingerprint", () => {
  // Computed with whole numbers of any size: (hash * 16777619 + byte) mod 2^32 for each byte, from 2166136261 on.
  const fingerprints: [text: string, expected: string][] = [
    ["", "811c9dc5"],
    ["a", "050c5d80"],
    ["paris-11_22", "7df9f0dc"],
    ["é", "d477cb6f"],
    [string.rep("x", 300), "5c489475"],
  ];
  for (const [text, expected] of fingerprints) {
    it(`of "${string.sub(text, 1, 12)}" is ${expected}`, () => {
      assert.equal(expected, fingerprint(text));
    });
  }

  it("differs for 10,000 keys that differ in their last letters", () => {
    const seen = new LuaSet<string>();
    let repeated = 0;
    for (const host of $range(1, 100)) {
      for (const service of $range(1, 100)) {
        const print = fingerprint(`${string.rep("p", 250)}${host}_${service}`);
        if (seen.has(print)) repeated = repeated + 1;
        seen.add(print);
      }
    }
    assert.equal(0, repeated);
  });
});
