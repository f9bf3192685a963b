// text/utf8 against the Unicode Standard, by checks that are made another way than the module: from code points.
import { cutToBytes, cutToCharacters, validUtf8 } from "../../src/text/utf8";
import { bytes, hostileText } from "../support/hostile";
import { createRandom } from "../support/random";

/** Lua 5.3 and later only; its own opinion of what UTF-8 is (5.3 lets surrogates pass). */
declare const utf8:
  { len(this: void, text: string): LuaMultiReturn<[number | undefined, number?]> } | undefined;

const REPLACEMENT = "\u{FFFD}";

/** The length of the character at `position` by its code point's bits and range, or undefined when there is none. */
function characterAt(text: string, position: number): number | undefined {
  const lead = string.byte(text, position);
  if (lead < 0x80) return 1;
  const [length, leadBits, smallest] =
    lead >= 0xf0 && lead < 0xf8
      ? [4, lead - 0xf0, 0x10000]
      : lead >= 0xe0 && lead < 0xf0
        ? [3, lead - 0xe0, 0x800]
        : lead >= 0xc0 && lead < 0xe0
          ? [2, lead - 0xc0, 0x80]
          : [0, 0, 0];
  if (length === 0 || position + length - 1 > text.length) return undefined;
  let codePoint = leadBits;
  for (const offset of $range(1, length - 1)) {
    const next = string.byte(text, position + offset);
    if (math.floor(next / 64) !== 2) return undefined;
    codePoint = codePoint * 64 + (next % 64);
  }
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return codePoint < smallest || codePoint > 0x10ffff || isSurrogate ? undefined : length;
}

/** The characters of `text`, each byte that is part of none as U+FFFD. */
function charactersOf(text: string): string[] {
  const characters: string[] = [];
  let position = 1;
  while (position <= text.length) {
    const length = characterAt(text, position);
    characters.push(length === undefined ? REPLACEMENT : string.sub(text, position, position + length - 1));
    position = position + (length ?? 1);
  }
  return characters;
}

function hexOf(text: string): string {
  const [hex] = string.gsub(text, ".", (character) => string.format("%02X ", string.byte(character)));
  return hex;
}

/** The texts of `candidates` that validUtf8 does not turn into what the standard says. */
function wronglyTreated(
  candidates: (this: void, check: (this: void, text: string) => void) => void,
): string[] {
  const wrong: string[] = [];
  candidates((text) => {
    if (validUtf8(text) !== charactersOf(text).join("")) wrong.push(hexOf(text));
  });
  return wrong;
}

describe("validUtf8", () => {
  const random = createRandom("text/utf8");

  const untouched: Record<string, string> = {
    nothing: "",
    ASCII: "load average: 0.05",
    "control characters and NUL": bytes(0x00, 0x01, 0x1f, 0x7f),
    "the first and last character of each length": `${bytes(0x00, 0x7f)}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}`,
    "the characters around the surrogates": "\u{D7FF}\u{E000}",
    "emoji, right-to-left text, combining marks": "😀 שלום e\u{0301}",
  };
  for (const [what, text] of Object.entries(untouched)) {
    it(`leaves ${what} as it is`, () => {
      assert.equal(text, validUtf8(text));
    });
  }

  const replaced: [what: string, invalid: string, replacements: number][] = [
    ["a continuation byte alone", bytes(0x80), 1],
    ["the last continuation byte alone", bytes(0xbf), 1],
    ["bytes that never occur", bytes(0xc0, 0xc1, 0xf5, 0xff), 4],
    ["a two-byte character cut short", bytes(0xc3), 1],
    ["a three-byte character cut short", bytes(0xe2, 0x82), 2],
    ["a four-byte character cut short", bytes(0xf0, 0x9f, 0x98), 3],
    ["NUL in an overlong form", bytes(0xc0, 0x80), 2],
    ["a slash in an overlong form of three bytes", bytes(0xe0, 0x80, 0xaf), 3],
    ["the largest overlong form of four bytes", bytes(0xf0, 0x8f, 0xbf, 0xbf), 4],
    ["the first surrogate", bytes(0xed, 0xa0, 0x80), 3],
    ["the last surrogate", bytes(0xed, 0xbf, 0xbf), 3],
    ["the first code point above U+10FFFF", bytes(0xf4, 0x90, 0x80, 0x80), 4],
    ["a five-byte form", bytes(0xf8, 0x88, 0x80, 0x80, 0x80), 5],
    ["Latin-1", bytes(0xe9), 1],
  ];
  for (const [what, invalid, count] of replaced) {
    it(`replaces each byte of ${what}, and nothing around it`, () => {
      const replacements = string.rep(REPLACEMENT, count);
      assert.equal(replacements, validUtf8(invalid), "alone");
      assert.equal(`é${replacements}x`, validUtf8(`é${invalid}x`), "between characters");
    });
  }

  it("agrees with the standard on every sequence of two bytes", () => {
    const wrong = wronglyTreated((check) => {
      for (const first of $range(0, 255)) {
        for (const second of $range(0, 255)) check(string.char(first, second));
      }
    });
    assert.same([], wrong.slice(0, 5));
  });

  it("agrees with the standard at every border of the sequences of three and four bytes", () => {
    const borders = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    const wrong = wronglyTreated((check) => {
      for (const lead of $range(0xdf, 0xff)) {
        for (const second of borders) {
          for (const third of borders) {
            for (const fourth of borders) check(string.char(lead, second, third, fourth));
          }
        }
      }
    });
    assert.same([], wrong.slice(0, 5));
  });

  it("agrees with the standard, and with Lua's own utf8 library where there is one, on 10,000 hostile texts", () => {
    const notUtf8ToLua: string[] = [];
    const wrong = wronglyTreated((check) => {
      for (const _ of $range(1, 10000)) {
        const text = hostileText(random, 12);
        check(text);
        if (utf8 !== undefined && utf8.len(validUtf8(text))[0] === undefined) notUtf8ToLua.push(hexOf(text));
      }
    });
    assert.same([], wrong.slice(0, 5));
    assert.same([], notUtf8ToLua.slice(0, 5));
  });
});

describe("cutting", () => {
  const random = createRandom("text/utf8, cutting");

  const byCharacters: [text: string, limit: number, result: string][] = [
    ["", 3, ""],
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["äöü", 3, "äöü"],
    ["äöüß", 3, "äö…"],
    ["😀😀😀😀", 3, "😀😀…"],
    ["ab", 1, "…"],
  ];
  for (const [text, limit, result] of byCharacters) {
    it(`to ${limit} characters makes "${text}" "${result}"`, () => {
      assert.equal(result, cutToCharacters(text, limit));
    });
  }

  const byBytes: [text: string, limit: number, result: string][] = [
    ["", 6, ""],
    ["abcdef", 6, "abcdef"],
    ["abcdefg", 6, "abc…"],
    ["äöü", 6, "äöü"],
    ["äöüß", 6, "ä…"],
    ["😀😀", 6, "…"],
    ["😀😀", 7, "😀…"],
    ["😀😀", 8, "😀😀"],
    ["abcd", 3, "…"],
    ["abcd", 2, ""],
    ["ab", 2, "ab"],
    ["ab", 0, ""],
  ];
  for (const [text, limit, result] of byBytes) {
    it(`to ${limit} bytes makes "${text}" "${result}"`, () => {
      assert.equal(result, cutToBytes(text, limit));
    });
  }

  it("keeps as much as fits of any text, and never a part of a character", () => {
    const wrong: string[] = [];
    for (const _ of $range(1, 3000)) {
      const characters = charactersOf(hostileText(random, 10));
      const text = characters.join("");
      const limit = random.integer(1, 30);
      const byCharacters = characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
      let start = "";
      for (const character of characters) {
        if (start.length + character.length > limit - "…".length) break;
        start = start + character;
      }
      const cut = limit < "…".length ? "" : `${start}…`;
      const byBytes = text.length <= limit ? text : cut;
      if (cutToCharacters(text, limit) !== byCharacters) wrong.push(`${limit} characters of ${hexOf(text)}`);
      if (cutToBytes(text, limit) !== byBytes) wrong.push(`${limit} bytes of ${hexOf(text)}`);
    }
    assert.same([], wrong.slice(0, 5));
  });
});
