// text/lines: the lines of plugins' outputs, as events of both protocols have them and as people read them.
import { oneLine, outputLines, withoutState } from "../../src/text/lines";

describe("outputLines", () => {
  const outputs: [what: string, output: string, longOutput: string, first: string, further: string][] = [
    ["BBDO 2: both in one", "short\nlong 1\\nlong 2", "", "short", "long 1\nlong 2"],
    ["BBDO 2: a short one only", "short\n", "", "short", ""],
    ["BBDO 2: Windows", "short\r\nlong 1\r\\nlong 2\r\\n", "", "short", "long 1\nlong 2"],
    ["BBDO 3: apart", "short", "long 1\\nlong 2", "short", "long 1\nlong 2"],
    ["BBDO 3: a host's long one in the place of the short one", "long 1\\nlong 2", "", "long 1", "long 2"],
    ["BBDO 3: a host's long one twice", "long 1\\nlong 2", "long 1\\nlong 2", "long 1", "long 2"],
    ["a written break at the end", "short", "long\\n", "short", "long"],
    ["written breaks only", "\\n\\n", "\\n", "", ""],
    ["nothing", "", "", "", ""],
    ["white space", " \t", " \n ", "", ""],
    ["an empty first line", "\n\\n a", "b", "a", "b"],
    ["none but a long one", "", "a\\nb", "a", "b"],
    ["several lines in both", "a\nb", "c", "a", "b\nc"],
    ["what the journal of 0.1.0 has", "short", "long 1\\nlong 2", "short", "long 1\nlong 2"],
    ["indentation and empty lines", "a\n  b\\n\\n\tc", "", "a", "  b\n\n\tc"],
    ["a passive result", "CRITICAL:\\nmore", "", "CRITICAL:", "more"],
    ["a Windows path in the first line", "C:\\new is full\nmore", "", "C:\\new is full", "more"],
    [
      "a longer path",
      "'D:\\data\\new': \\\\srv\\new\\nmore x\\nb",
      "",
      "'D:\\data\\new': \\\\srv\\new\\nmore x",
      "b",
    ],
    // The engine does not escape a backslash of the plugin's own.
    ["a Windows path in another line", "a\nC:\\new", "", "a", "C:\new"],
  ];
  for (const [what, output, longOutput, first, further] of outputs) {
    it(`reads ${what}`, () => {
      assert.same({ first, further }, outputLines(output, longOutput));
    });
  }

  // What a monitored host prints must not hold up the output. 64 KB is the most that is kept of an event's text.
  for (const text of ["\\n", " ", "x", "\r", "C:\\n", "x\\n ", "\n"]) {
    it(`reads 64 KB of "${text}" in less than a second`, () => {
      const long = string.rep(text, math.floor(65536 / text.length));
      const start = os.clock();
      outputLines(long, `${long}.`);
      oneLine(long);
      withoutState(long, text);
      assert.is_true(os.clock() - start < 1, `${os.clock() - start} s`);
    });
  }
});

describe("withoutState", () => {
  const outputs: [output: string, rest: string][] = [
    ["CRITICAL - load is 9", "load is 9"],
    ["CRITICAL: load is 9", "load is 9"],
    ["CRITICAL -- load is 9", "load is 9"],
    ["CRITICAL : load is 9", "load is 9"],
    ["CRITICAL - CRITICAL: load is 9", "load is 9"],
    ["CRITICAL", ""],
    ["CRITICAL:", ""],
    ["CRITICAL - ", ""],
  ];
  for (const [output, rest] of outputs) {
    it(`leaves "${rest}" of "${output}"`, () => {
      assert.equal(rest, withoutState(output, "CRITICAL"));
    });
  }

  const whole = [
    "",
    "load is 9",
    "CRITICAL load is 9",
    "CRITICAL -5 degrees",
    "CRITICAL:5",
    "CRITICALITY: 5",
    "CRITICAL-DB: gone",
    "Critical: load is 9",
    "WARNING - load is 9",
    "DISK CRITICAL - /var",
    "[CRITICAL] - load is 9",
  ];
  for (const output of whole) {
    it(`leaves all of "${output}"`, () => {
      assert.equal(output, withoutState(output, "CRITICAL"));
    });
  }

  it("leaves all where the state has no name", () => {
    assert.equal("- a", withoutState("- a", ""));
  });
});

describe("oneLine", () => {
  const texts: [what: string, text: string, line: string][] = [
    ["lines", " a\r\nb\n", "a b"],
    ["NUL, BEL and DEL", "\0a\u{7}b\u{7f}c", "a b c"],
    ["colours of a terminal", "\u{1b}[1;31mred\u{1b}[0m", "red"],
    ["another escape", "\u{1b}]0;a", "]0;a"],
    ["control characters of Latin-1", "a\u{80}\u{9f}b", "a  b"],
    ["nothing to see", " \u{1b}\n\t", ""],
    ["letters of every kind", "Ünïcödé ✓ 日本 🚒\u{a0}.", "Ünïcödé ✓ 日本 🚒\u{a0}."],
  ];
  for (const [what, text, line] of texts) {
    it(`leaves no ${what} but "${line}"`, () => {
      assert.equal(line, oneLine(text));
    });
  }
});
