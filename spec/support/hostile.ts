// Texts as no administrator would write them and every plugin may print them: bytes that are not UTF-8, control
// characters, and whatever means something to JSON, URLs, performance data or Lua's patterns.
import type { Random } from "./random";

/** The text of these bytes; bytes above 0x7f cannot be written in a TypeScript string. */
export function bytes(...values: number[]): string {
  return values.map((value) => string.char(value)).join("");
}

const FRAGMENTS = [
  "",
  "plain text",
  '"',
  "\\",
  "\\u0041",
  "\n",
  "\r\n",
  "\t",
  bytes(0x00),
  bytes(0x01, 0x08, 0x1b, 0x1f, 0x7f),
  "'",
  "''",
  "=",
  ";",
  ",",
  "/",
  "%",
  "%41",
  "%d%s%",
  "[^a]*",
  '{"a":[1,null]}',
  "</script>",
  "https://example.com/?a=b&c=d#e",
  "é",
  "€uro",
  "😀",
  "\u{202E}right to left\u{202C}",
  "\u{2028}\u{FEFF}\u{FFFF}",
  "e\u{0301}",
  // Not UTF-8: overlong, surrogate, above U+10FFFF, cut short, a continuation alone, bytes that never occur.
  bytes(0xc0, 0x80),
  bytes(0xed, 0xa0, 0x80),
  bytes(0xf4, 0x90, 0x80, 0x80),
  bytes(0xe2, 0x82),
  bytes(0x80),
  bytes(0xfe, 0xff),
];

/** Up to `maximum` fragments in a row, some of them random bytes. */
export function hostileText(random: Random, maximum: number): string {
  const parts: string[] = [];
  for (const _ of $range(1, random.integer(0, maximum))) {
    const isFragment = random.integer(1, 4) > 1;
    parts.push(isFragment ? random.oneOf(FRAGMENTS) : bytes(random.integer(0, 255), random.integer(0, 255)));
  }
  return parts.join("");
}
