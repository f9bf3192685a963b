// The command line: what is taken, what is complained of, and the usage.
import { type Arguments, type Syntax, numberOf, readArguments, usageOf } from "../../src/commands/arguments";

const SYNTAX: Syntax = {
  command: "explain",
  purpose: "Tells what would be sent.",
  operands: ["EVENTS"],
  options: [
    { name: "--config", value: "FILE", meaning: "the configuration" },
    { name: "--all", meaning: "everything" },
  ],
};

function given(...words: string[]): Arguments {
  const result = readArguments(SYNTAX, words);
  return typeof result === "string" ? error(result) : result;
}

describe("arguments", () => {
  it("are options with values in both spellings, flags, and operands, in any order", () => {
    for (const words of [
      ["--config", "a=b", "--all", "events"],
      ["events", "--all", "--config=a=b"],
    ]) {
      const read = given(...words);
      assert.equal("a=b", read.value("--config"));
      assert.is_true(read.has("--all"));
      assert.same(["events"], read.operands);
    }
    assert.is_false(given("-").has("--all"));
    assert.same(["-"], given("-").operands);
    assert.equal("", given("x", "--config=").value("--config"));
  });

  it("are complained of when they are not understood", () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [["events", "--al"], "--al is unknown"],
      [["events", "-a"], "-a is unknown"],
      [["events", "--config"], "--config needs a value: --config FILE"],
      [["events", "--all=1"], "--all takes no value"],
      [[], "EVENTS is missing"],
      [["one", "two"], '"two" is one word too many'],
    ];
    for (const [words, complaint] of cases) assert.equal(complaint, readArguments(SYNTAX, words));
  });

  it("may be as many as one likes, where the syntax says so", () => {
    const syntax: Syntax = { ...SYNTAX, operands: [], repeated: "KEY" };
    for (const words of [[], ["11_22"], ["11_22", "11_H", "ba_5"]]) {
      const read = readArguments(syntax, words);
      assert.same(words, typeof read === "string" ? read : read.operands);
    }
    assert.is_not_nil(string.find(usageOf(syntax), "explain [KEY ...] [options]", 1, true)[0]);
  });

  it("may be whole numbers, or their default", () => {
    assert.equal(7, numberOf(given("x"), "--config", 7));
    assert.equal(12, numberOf(given("x", "--config", "12"), "--config", 7));
    for (const text of ["", "x", "-1", "1.5", "12 s"])
      assert.is_nil(numberOf(given("x", `--config=${text}`), "--config", 7));
  });

  it("are explained by the usage", () => {
    const usage = usageOf(SYNTAX);
    for (const part of ["usage: centreon-pagerduty explain EVENTS [options]", "--config FILE ", "everything"])
      assert.is_not_nil(string.find(usage, part, 1, true)[0], part);
  });
});
