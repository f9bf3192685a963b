// settings/patterns: which Lua patterns can be used, which would take too long, and which mean something else than they seem.
import { patternCost, patternDoubt, patternProblem } from "../../src/settings/patterns";
import { type Random, createRandom } from "../support/random";

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
    const random = createRandom("settings/patterns");
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

describe("patternCost", () => {
  const cheap = [
    "^web%-%d+%.%a+$",
    ".*a.*b.*",
    // None of these repeats anything.
    "a%*%*%*%*",
    "[*+-][*+-][*+-][*+-]",
    "(*(*(*(*))))",
    "^*()*%b()*%f[a]*()%1*-",
    "a?b?c?d?e?f?g?h?i?j?",
    "[",
  ];
  for (const pattern of cheap) {
    it(`lets ${pattern} pass`, () => {
      assert.is_nil(patternCost(pattern));
    });
  }

  const costly: [pattern: string, cost: string][] = [
    [".*.*.*.*", "it repeats (*, +, -) 4 times, and 3 is the most"],
    ["a+%d-[ab]*%**", "it repeats (*, +, -) 4 times, and 3 is the most"],
    ["(a-)(b-)(.-)($-)x", "it repeats (*, +, -) 4 times, and 3 is the most"],
    ["a?b?c?d?e?f?g?h?i?j?k?", 'it has "?" 11 times, and 10 is the most'],
  ];
  for (const [pattern, cost] of costly) {
    it(`stops ${pattern}: ${cost}`, () => {
      assert.equal(cost, patternCost(pattern));
    });
  }
});

describe("patternDoubt", () => {
  const clear = [
    "",
    "^web%-%d+$",
    "shop%-03",
    ".-x",
    "%d-x",
    "[a-z]-x",
    "[Ww]eb",
    "[abc]",
    "[12345]",
    "[^abcdef]",
    "0*1",
    "web.*",
    "(a)%1",
    "%(C:%)",
    "[",
  ];
  for (const pattern of clear) {
    it(`has none about ${pattern}`, () => {
      assert.is_nil(patternDoubt(pattern));
    });
  }

  const doubtful: [pattern: string, reason: string, corrected: string][] = [
    ["shop-03", "- repeats what is before it", "shop%-03"],
    ["^srv-par-web-prod-01$", "- repeats what is before it", "^srv%-par%-web%-prod%-01$"],
    ["web-", "- repeats what is before it", "web%-"],
    ["Disk (C:)", "( ) group", "Disk %(C:%)"],
    ["srv[prod]", "[ ] is one of the letters in it", "srv%[prod%]"],
    ["web*", "* is no wildcard", "web.*"],
    ["*web", "* is no wildcard", ".*web"],
    ["web-*", "- repeats what is before it; * is no wildcard", "web%-.*"],
    ["web\\d+", "\\ means itself, and % does what \\ does elsewhere", "web%d+"],
    ["shop\\-03", "\\ means itself, and % does what \\ does elsewhere", "shop%-03"],
    ["(web|db)-1", '( ) group; | does not mean "or"', "%(web%|db%)-1"],
  ];
  for (const [pattern, reason, corrected] of doubtful) {
    it(`takes ${pattern} for ${corrected}`, () => {
      const hasAlternatives = string.find(pattern, "|", 1, true)[0] !== undefined;
      assert.same({ reason, corrected, hasAlternatives }, patternDoubt(pattern));
      assert.is_nil(patternProblem(corrected));
    });
  }
});
