// text/json: what it writes is read back equal by lua-cjson, lua-dkjson, Node and itself, whatever goes in; what it
// reads never makes it fail.
import {
  type DecodeResult,
  type Decoded,
  type JsonField,
  type JsonValue,
  decode,
  decodeInPieces,
  encode,
  encodeString,
  numberAsWritten,
} from "../../src/text/json";
import { validUtf8 } from "../../src/text/utf8";
import { bytes, hostileText } from "../support/hostile";
import { decodeJson } from "../support/json";
import { readByCjson, rewriteByNode, sameJson } from "../support/json_readers";
import { type Random, createRandom } from "../support/random";

const NEGATIVE_ZERO = -1 / math.huge;
const NOT_A_NUMBER = math.huge - math.huge;

/** What decode makes of `text`; a failure fails the spec. */
function decoded(text: string): unknown {
  const result = decode(text);
  return result.ok ? result.value : error(`${result.problem}: ${text}`);
}

/** A value for `encode`, and what every reader must make of the text. */
interface Case {
  readonly value: JsonValue;
  readonly expected: unknown;
}

const NUMBERS = [0, 1, -1, 0.1, -2.5, 1e15, 9007199254740992, -9007199254740992, 1e300, 5e-324, 1 / 3];
const DIGITS = [
  "0",
  "-0",
  "0.10",
  "-12.340",
  "28832694272",
  "123456789012345678901234567890",
  "1E+2",
  "2.5e-3",
];

function randomScalar(random: Random): Case {
  switch (random.integer(1, 4)) {
    case 1: {
      const number = random.oneOf([...NUMBERS, NEGATIVE_ZERO, NOT_A_NUMBER, math.huge, -math.huge]);
      return { value: number, expected: number };
    }
    case 2: {
      const digits = random.oneOf(DIGITS);
      return { value: numberAsWritten(digits) as JsonValue, expected: tonumber(digits) };
    }
    case 3: {
      const flag = random.oneOf([true, false]);
      return { value: flag, expected: flag };
    }
    default: {
      const text = hostileText(random, 6);
      return { value: text, expected: validUtf8(text) };
    }
  }
}

function randomCase(random: Random, depth: number): Case {
  const isScalar = depth === 0 || random.integer(1, 3) === 1;
  if (isScalar) return randomScalar(random);
  const expected = new LuaTable<string | number, unknown>();
  const size = random.integer(0, 4);
  if (random.integer(1, 2) === 1) {
    const items: JsonValue[] = [];
    for (const index of $range(1, size)) {
      const item = randomCase(random, depth - 1);
      items.push(item.value);
      expected.set(index, item.expected);
    }
    return { value: { items }, expected };
  }
  const fields: JsonField[] = [];
  for (const index of $range(1, size)) {
    // Names may become the same when they are made valid: the number keeps them apart.
    const name = `${index}${hostileText(random, 3)}`;
    const field = randomCase(random, depth - 1);
    const isLeftOut = random.integer(1, 8) === 1;
    fields.push([name, isLeftOut ? undefined : field.value]);
    if (!isLeftOut) expected.set(validUtf8(name), field.expected);
  }
  return { value: { fields }, expected };
}

const PIECES = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "1",
  "e",
  ".",
  "-",
  " ",
  "null",
  "\\ud83d",
  "\\u00e9",
];

/** `text` with a piece put in, a byte taken out or replaced, or its end cut off. */
function mutation(random: Random, text: string): string {
  const position = random.integer(1, text.length + 1);
  const before = string.sub(text, 1, position - 1);
  const after = string.sub(text, position);
  const piece = random.oneOf([random.oneOf(PIECES), bytes(random.integer(0, 255))]);
  return random.oneOf([
    `${before}${piece}${after}`,
    `${before}${string.sub(after, 2)}`,
    `${before}${piece}${string.sub(after, 2)}`,
    before,
  ]);
}

describe("encode", () => {
  const random = createRandom("text/json, encode");

  const written: [what: string, value: JsonValue, text: string][] = [
    ["a text", 'it\'s "it" \\ / é', '"it\'s \\"it\\" \\\\ / é"'],
    ["line ends and tabs", "a\r\n\tb", '"a\\r\\n\\tb"'],
    ["control characters, NUL and DEL", bytes(0x00, 0x1f, 0x7f), '"\\u0000\\u001f\\u007f"'],
    ["bytes that are not UTF-8", `a${bytes(0xff)}b`, '"a\u{FFFD}b"'],
    ["an empty text", "", '""'],
    ["true and false", { items: [true, false] }, "[true,false]"],
    ["an empty object", { fields: [] }, "{}"],
    ["an empty array", { items: [] }, "[]"],
    [
      "the fields in the order given, without those that are undefined",
      {
        fields: [
          ["z", 1],
          ["gone", undefined],
          ["a", { items: [] }],
          ["m", { fields: [["gone", undefined]] }],
        ],
      },
      '{"z":1,"a":[],"m":{}}',
    ],
    ["names like any text", { fields: [['"\n', 1]] }, '{"\\"\\n":1}'],
    ["a whole number without a point", 12, "12"],
    ["a negative zero", NEGATIVE_ZERO, "-0"],
    ["a fraction", 0.1, "0.1"],
    ["the largest whole number a double holds exactly", 9007199254740992, "9007199254740992"],
    ["a large number", 1e300, "1e+300"],
    ["NaN and the infinities as null", { items: [NOT_A_NUMBER, math.huge, -math.huge] }, "[null,null,null]"],
  ];
  for (const [what, value, text] of written) {
    it(`writes ${what}: ${text}`, () => {
      assert.equal(text, encode(value));
    });
  }

  it("writes a text alone as encodeString", () => {
    assert.equal(encode('a"b\n'), encodeString('a"b\n'));
  });

  it("makes of 10,000 hostile values JSON that every reader reads back equal", () => {
    const wrong: string[] = [];
    const texts: string[] = [];
    const expected: unknown[] = [];
    for (const _ of $range(1, 10000)) {
      const item = randomCase(random, 3);
      const text = encode({ fields: [["value", item.value]] });
      const value = { value: item.expected };
      const readers = { cjson: readByCjson(text), dkjson: decodeJson(text), decode: decoded(text) };
      for (const [reader, read] of Object.entries(readers)) {
        if (!sameJson(value, read)) wrong.push(`${reader}: ${text}`);
      }
      texts.push(text);
      expected.push(value);
    }
    rewriteByNode(texts).forEach((line, index) => {
      const isRead = line !== "" && sameJson(expected[index], readByCjson(line));
      if (!isRead) wrong.push(`node: ${texts[index] ?? ""}`);
    });
    assert.same([], wrong.slice(0, 5));
  });
});

describe("numberAsWritten", () => {
  for (const digits of DIGITS) {
    it(`keeps every digit of ${digits}`, () => {
      assert.equal(digits, encode(numberAsWritten(digits) ?? "refused"));
    });
  }

  const refused = [
    "",
    "-",
    "+1",
    "01",
    "-007",
    ".5",
    "5.",
    "1.5.5",
    "1e",
    "1e5e5",
    "0x10",
    "1,5",
    " 1",
    "1 ",
    "U",
    "nan",
    "inf",
    "1\n",
  ];
  for (const text of refused) {
    it(`refuses what is no number to JSON: ${encodeString(text)}`, () => {
      assert.is_nil(numberAsWritten(text));
    });
  }
});

describe("decode", () => {
  const random = createRandom("text/json, decode");

  const read: [text: string, value: unknown][] = [
    ['""', ""],
    [" \t\r\n 1 \n", 1],
    ["-0.5e+2", -50],
    ["12345678901", 12345678901],
    ["true", true],
    ["false", false],
    ["null", undefined],
    ["[]", []],
    ["{}", {}],
    ["[1,[2],{}]", [1, [2], {}]],
    ['{"a":{"b":[true]},"c":null}', { a: { b: [true] } }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['"\\" \\\\ \\/ \\b \\f \\n \\r \\t"', '" \\ / \b \f \n \r \t'],
    ['"\\u0041\\u00e9\\u20AC"', "Aé€"],
    ['"\\ud83d\\ude00"', "😀"],
    ['"\\u0000x"', bytes(0x00, 0x78)],
    // Half a surrogate pair is no character.
    ['"\\ud83d"', "\u{FFFD}"],
    ['"\\ude00x"', "\u{FFFD}x"],
    ['"\\ud83d\\u0041"', "\u{FFFD}A"],
    ['"\\ud83d\\ud83d\\ude00"', "\u{FFFD}😀"],
  ];
  for (const [text, value] of read) {
    it(`reads ${text}`, () => {
      assert.same(value, decoded(text));
    });
  }

  it("keeps the places of an array's items around a null", () => {
    const items = decoded("[1,null,3]") as LuaTable<number, unknown>;
    assert.equal(1, items.get(1));
    assert.is_nil(items.get(2));
    assert.equal(3, items.get(3));
  });

  const unreadable: [text: string, problem: string][] = [
    ["", "no JSON value at byte 1"],
    ["  ", "no JSON value at byte 3"],
    ["nul", "no JSON value at byte 1"],
    ["NaN", "no JSON value at byte 1"],
    ["-", "no JSON value at byte 1"],
    ["1-2", "no JSON value at byte 1"],
    ["'a'", "no JSON value at byte 1"],
    ["1 2", "more text than one value at byte 3"],
    ["{} x", "more text than one value at byte 4"],
    ['"abc', "a string without an end at byte 5"],
    ['"abc\\', "an unknown escape at byte 7"],
    ['"\\x"', "an unknown escape at byte 4"],
    ['"\\u12g4"', "a \\u without four hexadecimal digits at byte 4"],
    ["[1", "an array without , or ] at byte 3"],
    ["[1 2]", "an array without , or ] at byte 4"],
    ["[1,]", "no JSON value at byte 4"],
    ["[", "no JSON value at byte 2"],
    ["{", "an object without a name at byte 2"],
    ["{a:1}", "an object without a name at byte 2"],
    ['{"a"}', "a name without : at byte 5"],
    ['{"a":1,}', "an object without a name at byte 8"],
    ['{"a":1 "b":2}', "an object without , or } at byte 8"],
    [bytes(0x00), "no JSON value at byte 1"],
  ];
  for (const [text, problem] of unreadable) {
    it(`says of ${encodeString(text)}: ${problem}`, () => {
      assert.same({ ok: false, problem }, decode(text));
    });
  }

  it("follows what is nested 50 deep", () => {
    assert.is_true(decode(`${string.rep("[", 50)}${string.rep("]", 50)}`).ok);
  });

  for (const opening of ["[", '{"a":', '[{"a":']) {
    it(`gives up on ${opening} without end`, () => {
      const result = decode(string.rep(opening, 200000));
      assert.equal("too deep a nesting", result.ok || string.match(result.problem, "^(.*) at byte")[0]);
    });
  }

  it("never fails on 10,000 mutations of JSON, and reads all that is still JSON to Node as Node does", () => {
    const mutated: string[] = [];
    for (const _ of $range(1, 10000)) {
      let text = encode(randomCase(random, 3).value);
      for (const _again of $range(1, random.integer(1, 4))) text = mutation(random, text);
      // One line each for Node; a line end is a space to JSON.
      mutated.push(string.gsub(text, "\n", " ")[0]);
    }
    const wrong: string[] = [];
    rewriteByNode(mutated).forEach((line, index) => {
      const text = mutated[index] ?? "";
      // LuaJIT takes 1e99999 for no number at all; nobody sends one.
      const isJson = line !== "" && string.find(text, "%d[eE][+-]?%d%d%d%d")[0] === undefined;
      const [hasEnded, result] = pcall(decode, text);
      if (!hasEnded) wrong.push(`fails: ${encodeString(text)}`);
      else if (isJson && !(result.ok && sameJson(decoded(line), result.value)))
        wrong.push(`is read otherwise than by Node: ${encodeString(text)}`);
    });
    assert.same([], wrong.slice(0, 5));
  });
});

describe("text/json, decoding in pieces", () => {
  /** Reads all, so many bytes at a time; gives the items, the rest, and how many turns it took. */
  function readAll(
    text: string,
    size: number,
  ): { items: [string, Decoded][]; result: DecodeResult; turns: number } {
    const items: [string, Decoded][] = [];
    const turn = decodeInPieces(text, (list, item) => items.push([list, item]));
    for (let turns = 1; ; turns++) {
      const result = turn(size);
      if (result !== undefined) return { items, result, turns };
    }
  }

  it("gives the items of the object's lists as they come, and the rest at the end", () => {
    const text = '{"a":[1,{"b":[2,3]},"x"],"c":{"d":[4]},"e":[],"f":true}';
    for (const size of [1, 10, 1000]) {
      const { items, result } = readAll(text, size);
      assert.same(
        [
          ["a", 1],
          ["a", { b: [2, 3] }],
          ["a", "x"],
        ],
        items,
      );
      assert.same({ ok: true, value: { a: [], c: { d: [4] }, e: [], f: true } }, result);
    }
  });

  it("reads what decode reads, whatever it is and however small the pieces are", () => {
    const random = createRandom("text/json, pieces");
    for (const _ of $range(1, 300)) {
      const { value } = randomCase(random, 3);
      const text = encode({ fields: [["list", { items: [value, value] }]] });
      const { items, result } = readAll(text, random.integer(1, 20));
      assert.is_true(result.ok, text);
      assert.same(
        [
          ["list", decoded(encode(value))],
          ["list", decoded(encode(value))],
        ],
        items,
        text,
      );
    }
  });

  it("reads about as much in a turn as it may, within one item, too", () => {
    const text = `{"list":[{"inner":[${string.rep('"abcdefg",', 10000)}1]}]}`;
    const { turns } = readAll(text, 1000);
    assert.is_true(turns > 95 && turns < 110, `${turns} turns`);
    const escapes = `{"list":["${string.rep("\\n", 50000)}"]}`;
    assert.is_true(readAll(escapes, 1000).turns > 95);
  });

  it("never fails but says so, wherever the text breaks off", () => {
    const text = '{"list":[{"a":"b\\u00e4","c":[1,2]},null],"more":true}';
    for (const length of $range(0, text.length - 1)) {
      assert.is_false(readAll(string.sub(text, 1, length), 3).result.ok, string.sub(text, 1, length));
    }
  });

  it("fails where an item is not what its taker can take, and reads no further", () => {
    const turn = decodeInPieces('{"list":[1,2]}', () => error("no"));
    assert.is_false(turn(100)?.ok);
  });
});
