// JSON, written and read by ourselves: broker.json_encode leaves control bytes, invalid UTF-8 and NaN as they
// are, escapes no key, and turns {} into []; broker.json_decode cuts integers to 32 bits and unescapes twice
// (measured, see contracts/broker-host.md). Fields keep the order they are given in.
import { validUtf8 } from "./utf8";

/** A number given by its own digits, so that none is lost: `numberAsWritten` makes it. */
interface JsonDigits {
  readonly digits: string;
}

/** An object: its fields in order; a field whose value is undefined is left out. */
export interface JsonObject {
  readonly fields: JsonField[];
}

export type JsonField = readonly [name: string, value: JsonValue | undefined];

/** An array. Lua's tables cannot tell an empty array from an empty object, so both say what they are. */
export interface JsonArray {
  readonly items: JsonValue[];
}

export type JsonValue = string | number | boolean | JsonObject | JsonArray | JsonDigits;

const NAMED_ESCAPES: Record<string, string | undefined> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escaped(character: string): string {
  return NAMED_ESCAPES[character] ?? string.format("\\u%04x", string.byte(character));
}

/** What cannot stand in a JSON string as it is, and bytes that may not be UTF-8. */
const UNSAFE = `[%c"\\${string.char(0x80)}-${string.char(0xff)}]`;

/** `text`, any bytes, as a JSON string in valid UTF-8. */
export function encodeString(text: string): string {
  // Nearly every text is safe, and every name of a field: they cost one look.
  if (string.find(text, UNSAFE)[0] === undefined) return `"${text}"`;
  const [body] = string.gsub(validUtf8(text), '[%c"\\]', escaped);
  return `"${body}"`;
}

/** Largest magnitude up to which a double holds every integer: 2^53. */
const EXACT_INTEGER_LIMIT = 9007199254740992;

/** `value` as JSON; NaN and the infinities, which JSON does not have, become null. */
function encodeNumber(value: number): string {
  const isWhole = value % 1 === 0;
  if (isWhole && value <= EXACT_INTEGER_LIMIT && value >= -EXACT_INTEGER_LIMIT) {
    // A zero may be a negative one.
    return string.format(value === 0 ? "%.0f" : "%d", value);
  }
  if (value !== value || value === math.huge || value === -math.huge) return "null";
  return string.format("%.14g", value);
}

/** The JSON value for a number's own digits, or undefined when JSON would not accept them as they are. */
export function numberAsWritten(digits: string): JsonValue | undefined {
  const [whole] = string.match(digits, "^-?(%d+)");
  if (whole === undefined || (whole.length > 1 && string.sub(whole, 1, 1) === "0")) return undefined;
  const [rest] = string.match(digits, "^-?%d+(.*)$");
  const [afterFraction] = string.gsub(rest ?? "", "^%.%d+", "");
  const [afterExponent] = string.gsub(afterFraction, "^[eE][+-]?%d+$", "");
  return afterExponent === "" ? { digits } : undefined;
}

/** Most names of fields that are remembered in their written form: more than we have, fewer than would matter. */
const MOST_KNOWN_NAMES = 500;

const knownNames = new LuaTable<string, string | undefined>();
let knownNameCount = 0;

/** `"name":`, made once for each name: the same few stand in every event and every line of the journal. */
function nameOfField(name: string): string {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const written = `${encodeString(name)}:`;
  if (knownNameCount < MOST_KNOWN_NAMES) {
    knownNameCount = knownNameCount + 1;
    knownNames.set(name, written);
  }
  return written;
}

function append(parts: string[], value: JsonValue): void {
  if (typeof value === "string") {
    parts.push(encodeString(value));
  } else if (typeof value === "number") {
    parts.push(encodeNumber(value));
  } else if (typeof value === "boolean") {
    parts.push(value ? "true" : "false");
  } else if ("digits" in value) {
    parts.push(value.digits);
  } else if ("fields" in value) {
    let separator = "{";
    for (const [name, fieldValue] of value.fields) {
      if (fieldValue !== undefined) {
        parts.push(separator);
        parts.push(nameOfField(name));
        append(parts, fieldValue);
        separator = ",";
      }
    }
    parts.push(separator === "{" ? "{}" : "}");
  } else {
    let separator = "[";
    for (const item of value.items) {
      parts.push(separator);
      append(parts, item);
      separator = ",";
    }
    parts.push(separator === "[" ? "[]" : "]");
  }
}

/** The JSON text of `value`, on one line. */
export function encode(value: JsonValue): string {
  const parts: string[] = [];
  append(parts, value);
  return table.concat(parts);
}

/** What decode gives: Lua tables for objects and arrays, nil for null. */
export type Decoded =
  string | number | boolean | undefined | { readonly [name: string]: Decoded } | readonly Decoded[];

/** The outcome of reading JSON: the value, or what is wrong and where (a byte position). */
export type DecodeResult =
  { readonly ok: true; readonly value: Decoded } | { readonly ok: false; readonly problem: string };

/** Deepest nesting that decode follows; what we read is a few levels deep, and Lua's stack is finite. */
const MAXIMUM_DEPTH = 100;

const ESCAPED_CHARACTERS: Record<string, string | undefined> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The UTF-8 bytes of a Unicode code point. */
function utf8Character(codePoint: number): string {
  if (codePoint < 0x80) return string.char(codePoint);
  const last = 0x80 + (codePoint % 64);
  const second = math.floor(codePoint / 64);
  if (codePoint < 0x800) return string.char(0xc0 + second, last);
  const third = math.floor(second / 64);
  if (codePoint < 0x10000) return string.char(0xe0 + third, 0x80 + (second % 64), last);
  return string.char(0xf0 + math.floor(third / 64), 0x80 + (third % 64), 0x80 + (second % 64), last);
}

const SPACE = "[ \t\r\n]*";

// What JSON is made of, each with the space after it. Nearly every string is plain: it has no escape.
const PLAIN_STRING = `^"([^"\\\\]*)"${SPACE}`;
const PLAIN_NAME = `^"([^"\\\\]*)"${SPACE}:${SPACE}`;
const STRING_END = `^(")${SPACE}`;
const COLON = `^(:)${SPACE}`;
const NUMBER = `^(-?%d+%.?%d*[eE]?[+-]?%d*)${SPACE}`;
const WORD = `^(%a+)${SPACE}`;
const OPENING = `^([%[{])${SPACE}`;
const ARRAY_END = `^(%])${SPACE}`;
const AFTER_ITEM = `^([%],])${SPACE}`;
const OBJECT_END = `^(})${SPACE}`;
const AFTER_FIELD = `^([},])${SPACE}`;

/**
 * Reads JSON text. Gives a failure, never an error, for text that is not JSON.
 */
export function decode(text: string): DecodeResult {
  // Never at a space, but within a string.
  let position = 1;
  let problem: string | undefined;

  const fail = (what: string): undefined => {
    problem ??= `${what} at byte ${position}`;
    return undefined;
  };

  /** Gives what `pattern` captures here, and goes on behind what it matches; undefined when it does not match. */
  const match = (pattern: string): string | undefined => {
    const [, last, captured] = string.find(text, pattern, position);
    if (last !== undefined) position = last + 1;
    return captured as string | undefined;
  };

  /** The four hexadecimal digits of a \u escape at `at`, or undefined. */
  const codeUnit = (at: number): number | undefined => {
    const [digits] = string.match(text, "^%x%x%x%x", at);
    return digits === undefined ? undefined : tonumber(digits, 16);
  };

  /** The character of the \u escape whose digits begin at `position`; a surrogate pair is one character. */
  const readUnicodeEscape = (): string | undefined => {
    const first = codeUnit(position);
    if (first === undefined) return fail("a \\u without four hexadecimal digits");
    position = position + 4;
    if (first < 0xd800 || first > 0xdfff) return utf8Character(first);
    const second = string.sub(text, position, position + 1) === "\\u" ? codeUnit(position + 2) : undefined;
    if (first > 0xdbff || second === undefined || second < 0xdc00 || second > 0xdfff)
      return utf8Character(0xfffd);
    position = position + 6;
    return utf8Character(0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00));
  };

  /** The rest of a string whose first quote is read. */
  const readEscapedString = (): string | undefined => {
    const parts: string[] = [];
    while (true) {
      parts.push(match('^([^"\\]*)') as string);
      if (match(STRING_END) !== undefined) return table.concat(parts);
      if (match("^(\\)") === undefined) return fail("a string without an end");
      const letter = string.sub(text, position, position);
      position = position + 1;
      const character = letter === "u" ? readUnicodeEscape() : ESCAPED_CHARACTERS[letter];
      if (character === undefined) return fail("an unknown escape");
      parts.push(character);
    }
  };

  const readString = (): string | undefined => {
    const plain = match(PLAIN_STRING);
    if (plain !== undefined) return plain;
    return match('^(")') === undefined ? undefined : readEscapedString();
  };

  const readName = (): string | undefined => {
    const plain = match(PLAIN_NAME);
    if (plain !== undefined) return plain;
    const name = readString() ?? fail("an object without a name");
    return match(COLON) === undefined ? fail("a name without :") : name;
  };

  /** A number, or true, false or null. */
  const readBare = (): number | boolean | undefined => {
    const start = position;
    const digits = match(NUMBER);
    const number = digits === undefined ? undefined : tonumber(digits);
    if (number !== undefined) return number;
    const word = match(WORD);
    if (word === "true" || word === "false") return word === "true";
    if (word === "null") return undefined;
    position = start;
    return fail("no JSON value");
  };

  const readArray = (depth: number): Decoded => {
    const items = new LuaTable<number, Decoded>();
    let count = 0;
    let mark = match(ARRAY_END) ?? ",";
    while (mark === "," && problem === undefined) {
      count = count + 1;
      items.set(count, readValue(depth));
      mark = match(AFTER_ITEM) ?? fail("an array without , or ]") ?? "";
    }
    return items as unknown as Decoded;
  };

  const readObject = (depth: number): Decoded => {
    const fields = new LuaTable<string, Decoded>();
    let mark = match(OBJECT_END) ?? ",";
    while (mark === "," && problem === undefined) {
      const name = readName();
      if (name !== undefined) fields.set(name, readValue(depth));
      mark = match(AFTER_FIELD) ?? fail("an object without , or }") ?? "";
    }
    return fields as unknown as Decoded;
  };

  const readValue = (depth: number): Decoded => {
    if (depth > MAXIMUM_DEPTH) return fail("too deep a nesting");
    const characters = readString();
    if (characters !== undefined || problem !== undefined) return characters;
    const opening = match(OPENING);
    if (opening === "{") return readObject(depth + 1);
    if (opening === "[") return readArray(depth + 1);
    return readBare();
  };

  match(`^(${SPACE})`);
  const value = readValue(0);
  if (problem === undefined && position <= text.length) fail("more text than one value");
  return problem === undefined ? { ok: true, value } : { ok: false, problem };
}
