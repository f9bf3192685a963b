// settings/lists: lists as administrators write them, and which Lua patterns can be used.
import { listOf, patternProblem } from "../../src/settings/lists";
import { type Random, createRandom } from "../support/random";

describe("listOf", () => {
  const lists: [text: string, separator: string, items: string[]][] = [
    ["", ",", []],
    ["A", ",", ["A"]],
    ["A,B", ",", ["A", "B"]],
    [" A , B C ,\tD\n", ",", ["A", "B C", "D"]],
    [",A,,B,", ",", ["A", "B"]],
    ["a->b", ";", ["a->b"]],
    ["a->b", "->", ["a", "b"]],
    // A separator means itself, not a pattern.
    ["a.b", ".", ["a", "b"]],
    // What an empty form field, or a trimmed space, makes of accepted_hosts_split_character.
    [" a,b ", "", ["a,b"]],
  ];
  for (const [text, separator, items] of lists) {
    it(`reads "${text}", separated by "${separator}", as ${items.length} items`, () => {
      assert.same(items, listOf(text, separator));
    });
  }
});

describe("patternProblem", () => {
  const usable = [
    "",
    "^web%-%d+$",
    "[]]",
    "[^]]",
    "[%]]",
    "[a-z]*%.example",
    "(a)(b)%2%1",
    "((a)b)%1",
    "()",
    "%bxy",
    "%f[%w]db",
    "]",
    "a-",
  ];
  for (const pattern of usable) {
    it(`finds nothing wrong with ${pattern}`, () => {
      assert.is_nil(patternProblem(pattern));
    });
  }

  const unusable: [pattern: string, problem: string][] = [
    ["%", "it ends within a %"],
    ["a%", "it ends within a %"],
    ["%b", "it ends within a %"],
    ["%bx", "it ends within a %"],
    ["%f", "there is no [ after %f"],
    ["%fa", "there is no [ after %f"],
    ["%f[a", "a [ without its ]"],
    ["[", "a [ without its ]"],
    ["a[b", "a [ without its ]"],
    ["[^]", "a [ without its ]"],
    ["[%]", "a [ without its ]"],
    ["(", "a ( without its )"],
    ["web(01", "a ( without its )"],
    [")", "a ) without its ("],
    ["(a))", "a ) without its ("],
    ["%0", "there is no capture %0"],
    ["a%1", "there is no capture %1"],
    ["(a%1)", "there is no capture %1"],
  ];
  for (const [pattern, problem] of unusable) {
    it(`says of ${pattern}: ${problem}`, () => {
      assert.equal(problem, patternProblem(pattern));
    });
  }

  function randomText(random: Random, characters: readonly string[]): string {
    const parts: string[] = [];
    for (const _ of $range(0, random.integer(0, 6))) parts.push(random.oneOf(characters));
    return parts.join("");
  }

  it("passes no pattern that Lua complains of, whatever the name, in 5,000 patterns", () => {
    const random = createRandom("settings/lists");
    const wrong: string[] = [];
    for (const _ of $range(1, 5000)) {
      const pattern = randomText(random, [
        "%",
        "%a",
        "%b",
        "%f",
        "%1",
        "[",
        "]",
        "^",
        "(",
        ")",
        "a",
        "b",
        "-",
        "*",
        "$",
        ".",
      ]);
      const name = randomText(random, ["a", "b", "[", "]", "(", ")", "%", "^", "-"]);
      const [isFine] = pcall(() => string.find(name, pattern));
      if (!isFine && patternProblem(pattern) === undefined) wrong.push(`${pattern} with ${name}`);
    }
    assert.same([], wrong.slice(0, 5));
  });
});
