// rules/wildcards: which names fit, against a judge that tries every way.
import { compileWildcard } from "../../src/rules/wildcards";
import { bytes } from "../support/hostile";
import { type Random, createRandom } from "../support/random";

function fits(wildcard: string, name: string): boolean {
  return compileWildcard(wildcard).fits(name);
}

describe("wildcards", () => {
  const rows: [wildcard: string, fitting: string[], others: string[]][] = [
    ["web-01", ["web-01"], ["web-011", "xweb-01", "Web-01", "web001", ""]],
    ["web-*", ["web-", "web-01", "web-*"], ["web", "a web-01"]],
    ["*backup*", ["backup", "the backup runs", "backup\nof /var"], ["back up", "Backup"]],
    ["db-0?", ["db-01", "db-0?", "db-0é"], ["db-0", "db-011"]],
    ["?", ["a", "é", "€", "😀"], ["", "ab", "éé"]],
    ["*?", ["a", "ab", "é"], [""]],
    ["a*b*c", ["abc", "aXbYc", "abcbc"], ["acb", "ab", "bc"]],
    ["ab*ba", ["abba", "abXba"], ["aba"]],
    ["*", ["", "anything"], []],
    ["", [""], ["a"]],
    ["%d[a](b)^$.+-*", ["%d[a](b)^$.+-", "%d[a](b)^$.+-x"], ["1a(b)"]],
    ["a?.b", ["ax.b"], ["axxb"]],
  ];
  for (const [wildcard, fitting, others] of rows) {
    it(`"${wildcard}" fits what it should, and nothing else`, () => {
      for (const name of fitting) assert.is_true(fits(wildcard, name), name);
      for (const name of others) assert.is_false(fits(wildcard, name), name);
    });
  }

  it("take bytes that are no UTF-8, and zeros, as they are", () => {
    const latin = bytes(0x63, 0xe9);
    assert.is_true(fits(latin, latin));
    assert.is_true(fits("c?", latin));
    assert.is_true(fits("a\0*?", "a\0b\0"));
    assert.is_false(fits("a\0?", "a"));
  });

  /** Whether `name` fits, by trying every length for each `*`. */
  function judge(wildcard: string, name: string): boolean {
    if (wildcard === "") return name === "";
    const rest = string.sub(wildcard, 2);
    const first = string.sub(wildcard, 1, 1);
    if (first === "*") {
      for (const taken of $range(0, name.length)) if (judge(rest, string.sub(name, taken + 1))) return true;
      return false;
    }
    return (
      name !== "" && (first === "?" || first === string.sub(name, 1, 1)) && judge(rest, string.sub(name, 2))
    );
  }

  function randomText(random: Random, characters: readonly string[]): string {
    const parts: string[] = [];
    for (const _ of $range(1, random.integer(0, 7))) parts.push(random.oneOf(characters));
    return parts.join("");
  }

  it("answer as one who tries every way, for 20,000 of them", () => {
    const random = createRandom("rules/wildcards");
    for (const _ of $range(1, 20000)) {
      const wildcard = randomText(random, ["a", "b", "*", "*", "?", "%", "."]);
      const name = randomText(random, ["a", "b", "a", "%", ".", "*"]);
      assert.equal(judge(wildcard, name), fits(wildcard, name), `"${wildcard}" and "${name}"`);
    }
  });

  it("with a thousand of them are answered for a long output without trying every way", () => {
    const long = string.rep("a", 8000);
    assert.is_false(fits(`${string.rep("*a", 1000)}b`, long));
    assert.is_false(fits(`${string.rep("*a?", 1000)}*b`, long));
    assert.is_true(fits(`${string.rep("*a", 1000)}*`, long));
  });
});
