// rules/lua_table: what it reads is what Lua's own load() makes of the same text; everything that could do something is
// refused, and so is what is no Lua, with the line.
import { type LuaValue, readLuaTable } from "../../src/rules/lua_table";
import { bytes, hostileText } from "../support/hostile";
import { type Random, createRandom } from "../support/random";

/** Lua's own name for compiling a text: one on 5.1, another later. */
const compile = ((_G as unknown as Record<string, unknown>)["loadstring"] ?? load) as (
  this: void,
  text: string,
) => LuaMultiReturn<[((this: void) => unknown) | undefined, string]>;

/** What Lua makes of `text`. */
function byLua(text: string): unknown {
  const [chunk, problem] = compile(text);
  return chunk === undefined ? error(`${problem}: ${text}`) : chunk();
}

/** The table that Lua would have made. */
function plain(value: LuaValue): unknown {
  if (typeof value !== "object") return value;
  const made = new LuaTable<string | number, unknown>();
  for (const [index, item] of ipairs(value.items)) made.set(index, plain(item));
  for (const field of value.fields) made.set(field.name, plain(field.value));
  return made;
}

function read(text: string): LuaValue {
  const result = readLuaTable(text);
  return typeof result === "string" ? error(`${result}: ${text}`) : result;
}

describe("the reader of Lua tables", () => {
  const texts = [
    "return {}",
    "return{};",
    'return { name = "backup", when = { hours = "mon-sun 22:00-05:00" }, page = false }',
    "return { { 1, 2, 3; 4 }, 'two', [[three]], { four = true, }, }",
    "-- first\nreturn --[[ long\n ]] { -- [[ not long\n 1, --[==[ ]] ]==] 2 }\n-- the end",
    "return { -5, - 5, 0.5, .5, 5., 1e3, 1E-3, 2e+2, 0x1F, -0xff, 007 }",
    "return { 'it\\'s', \"a \\\"b\\\"\", 'tab\\t, line\\n, \\\\, \\65\\066\\7x, a\\\nb', '\"', \"'\" }",
    "return { [[\nfirst break]], [==[ ]] ]=] ]==], [[a\n\nb]], [=[]=] }",
    "return { ['my name'] = 1, [\"a\\tb\"] = 2, [ 'c' ] = 3, _under_score9 = 4 }",
    "return { end_ = 1, returned = 2, truefalse = true }",
    "return { a = 1, A = 2 }",
  ];
  for (const text of texts) {
    it(`reads ${text} as Lua does`, () => {
      assert.same(byLua(text), plain(read(text)));
    });
  }

  it("reads line ends of every system, and what an editor puts first", () => {
    const text = "return {\r\n  a = [[x\r\ny]], -- one\r\n  b = 2,\r}";
    assert.same({ a: "x\ny", b: 2 }, plain(read(text)));
    assert.same({ a: 1 }, plain(read(`${bytes(0xef, 0xbb, 0xbf)}return { a = 1 }`)));
  });

  it("reads \\x41 on every Lua", () => {
    assert.same(["A", "é"], plain(read("return { '\\x41', '\\xC3\\xa9' }")));
  });

  it("knows the line of each table, and of each field", () => {
    const table = readLuaTable(
      "-- rules\nreturn {\n  {\n    name = [[a\nb]],\n    page = false },\n\n  { when = 1 } }",
    );
    assert.same(
      {
        line: 2,
        fields: [],
        items: [
          {
            line: 3,
            items: [],
            fields: [
              { name: "name", value: "a\nb", line: 4 },
              { name: "page", value: false, line: 6 },
            ],
          },
          { line: 8, items: [], fields: [{ name: "when", value: 1, line: 8 }] },
        ],
      },
      table,
    );
  });

  const refused: [text: string, problem: string][] = [
    ["", "line 1, column 1: the file must be one table: return { … }"],
    ["{ a = 1 }", "line 1, column 1: the file must be one table: return { … }"],
    ["return 1", "line 1, column 8: the file must be one table: return { … }"],
    ["returned {}", "line 1, column 1: the file must be one table: return { … }"],
    ["os.exit() return {}", "line 1, column 1: the file must be one table: return { … }"],
    ["local a = 1\nreturn { a }", "line 1, column 1: the file must be one table: return { … }"],
    ["return {} or {}", "line 1, column 11: nothing may follow the table: here is or"],
    ["return {}\n; os.exit()", "line 2, column 3: nothing may follow the table: here is os"],
    ["return {\n  a = web }", 'line 2, column 7: web is a name: if a text is meant, it needs quotes, "web"'],
    ["return { web }", 'line 1, column 10: web is a name: if a text is meant, it needs quotes, "web"'],
    [
      "return { os.exit() }",
      "line 1, column 10: os: nothing is called or looked up here; only constants and tables may stand here",
    ],
    [
      'return { a = require "os" }',
      "line 1, column 14: require: nothing is called or looked up here; only constants and tables may stand here",
    ],
    [
      "return { f = function() end }",
      "line 1, column 14: function: only constants and tables may stand here",
    ],
    ["return { not true }", "line 1, column 10: not: only constants and tables may stand here"],
    ["return { a = nil }", "line 1, column 14: nil says nothing: leave the field out"],
    ["return { end = 1 }", 'line 1, column 10: end is a word of Lua\'s: write ["end"] = …'],
    ["return { [1] = 2 }", 'line 1, column 10: a name in [ ] must be a text in quotes: ["my name"] = …'],
    ["return { ['a' = 2 }", "line 1, column 15: ] = is missing: here is ="],
    ["return { ['a'] 2 }", "line 1, column 14: ] = is missing: here is ]"],
    ["return {\n  a = 1\n  b = 2\n}", "line 3, column 3: a comma, or the } of line 1, is missing: here is b"],
    ["return { 'a' .. 'b' }", "line 1, column 14: a comma, or the } of line 1, is missing: here is ."],
    ["return { 1 + 1 }", "line 1, column 12: a comma, or the } of line 1, is missing: here is +"],
    ["return { 'a'é }", "line 1, column 13: a comma, or the } of line 1, is missing: here is é"],
    ["return { 'a' == 'b' }", "line 1, column 14: a comma, or the } of line 1, is missing: here is ="],
    ["return { a == 'b' }", 'line 1, column 10: a is a name: if a text is meant, it needs quotes, "a"'],
    [
      "return { a = 1,\n",
      'line 2, column 1: a value is missing: the file ends. Possible are "texts", numbers, true, false and { tables }',
    ],
    ["return { a = 1", "line 1, column 15: a comma, or the } of line 1, is missing: the file ends"],
    [
      "return { , }",
      'line 1, column 10: a value is missing: here is ,. Possible are "texts", numbers, true, false and { tables }',
    ],
    ["return { a = 1, a = 2 }", "line 1, column 17: a is given twice: line 1 has it, too"],
    ["return { a = {\n}, ['a'] = 2 }", "line 2, column 4: a is given twice: line 1 has it, too"],
    ["return { 'a }", "line 1, column 10: a text without its ' on the same line"],
    ['return { "a\nb" }', 'line 1, column 10: a text without its " on the same line'],
    ["return { [[a }", "line 1, column 10: a text without its ]]"],
    ["return { [==[a]]]=] }", "line 1, column 10: a text without its ]==]"],
    ["return { --[[ a }", "line 1, column 12: a comment without its ]]"],
    ["return { '\\300' }", "line 1, column 15: \\300 is no byte: 255 is the most"],
    [
      "return { 'C:\\data' }",
      "line 1, column 15: \\ begins none of the escapes that are read here: \\n, \\t, \\\\, \\\", \\', \\65, \\x41",
    ],
    ["return { 3x }", "line 1, column 10: 3x is no number"],
    ["return { 1..2 }", "line 1, column 10: 1..2 is no number"],
    ["return { 0x }", "line 1, column 10: 0x is no number"],
    ["return { 1e }", "line 1, column 10: 1e is no number"],
    ["return { 0b11 }", "line 1, column 10: 0b11 is no number"],
    ["return { 5ULL }", "line 1, column 10: 5ULL is no number"],
    [
      "return { - - 5 }",
      'line 1, column 10: a value is missing: here is -. Possible are "texts", numbers, true, false and { tables }',
    ],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${text}`, () => assert.equal(problem, readLuaTable(text)));
  }

  it("refuses more than 20 tables within each other, and reads 20", () => {
    const nested = (depth: number): string => `return ${string.rep("{", depth)}${string.rep("}", depth)}`;
    read(nested(20));
    assert.equal("line 1, column 28: more than 20 tables within each other", readLuaTable(nested(21)));
    assert.equal("line 1, column 28: more than 20 tables within each other", readLuaTable(nested(500000)));
  });

  it("refuses more than 1 MiB, and reads that much", () => {
    const text = `return { 1 }${string.rep(" ", 1048576 - 12)}`;
    assert.same([1], plain(read(text)));
    assert.equal("it has more than 1048576 bytes (1 MiB): so many are the most", readLuaTable(`${text} `));
  });

  function randomQuoted(random: Random): string {
    const [escaped] = string.gsub(hostileText(random, 4), '[%c"\\]', (character) =>
      string.format("\\%03d", string.byte(character)),
    );
    return `"${escaped}"`;
  }

  function randomLong(random: Random): string {
    const [content] = string.gsub(hostileText(random, 4), "[%]\r%z]", "x");
    return `[==[${content}]==]`;
  }

  function space(random: Random): string {
    return random.oneOf(["", " ", "\n", "\t", " -- a comment\n", "--[[ one\n more ]]", "--[=[ ]] ]=]"]);
  }

  function randomValue(random: Random, depth: number): string {
    switch (random.integer(1, depth > 3 ? 5 : 7)) {
      case 1:
        return randomQuoted(random);
      case 2:
        return randomLong(random);
      case 3:
        return random.oneOf(["true", "false"]);
      case 4:
        return random.oneOf(["0", "12", "-7", "1.5", ".25", "-3e2", "1e-2", "0xA0", "- 4"]);
      case 5:
        return `'${random.oneOf(["", "plain", "é", "\\\\", "\\'", "--[["])}'`;
      default:
        return randomTable(random, depth + 1);
    }
  }

  function randomTable(random: Random, depth: number): string {
    const parts = ["{", space(random)];
    const size = random.integer(0, 4);
    for (const index of $range(1, size)) {
      if (random.integer(1, 2) === 1)
        parts.push(random.oneOf([`name${index} = `, `["a name${index}"]=`, `_${index}=`]));
      parts.push(space(random), randomValue(random, depth), space(random));
      if (index < size || random.integer(1, 2) === 1) parts.push(random.oneOf([",", ";"]));
      parts.push(space(random));
    }
    parts.push("}");
    return parts.join("");
  }

  it("reads random tables as Lua does, 3,000 of them", () => {
    const random = createRandom("rules/lua_table");
    for (const _ of $range(1, 3000)) {
      const text = `${space(random)}return ${randomTable(random, 1)}${space(random)}`;
      assert.same(byLua(text), plain(read(text)), text);
    }
  });

  /** Lua 5.1 takes \x for x, and no [[ within [[ ]]. */
  function isOtherOn51(text: string): boolean {
    return (
      string.find(text, "\\x", 1, true)[0] !== undefined || string.find(text, "%[%[.*%[%[")[0] !== undefined
    );
  }

  it("takes no text that Lua does not take, or takes otherwise, of 20,000 spoilt ones", () => {
    const random = createRandom("rules/lua_table, spoilt");
    let taken = 0;
    for (const _ of $range(1, 20000)) {
      const text = `return ${randomTable(random, 2)}`;
      const at = random.integer(1, text.length);
      const put = random.oneOf([
        "",
        "",
        "=",
        "{",
        "}",
        '"',
        "'",
        "[",
        "]",
        "\\",
        ",",
        "-",
        "x",
        "1",
        ".",
        "(",
        "\n",
      ]);
      const spoilt = string.sub(text, 1, at - 1) + put + string.sub(text, at + random.integer(0, 2));
      const result = readLuaTable(spoilt);
      if (typeof result !== "string" && !isOtherOn51(spoilt)) {
        taken = taken + 1;
        assert.same(byLua(spoilt), plain(result), spoilt);
      }
    }
    assert.is_true(taken > 100);
  });
});
