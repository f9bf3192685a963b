// Walks through the text of a Lua file: what comes next, on which line, and Lua's spaces, comments, texts and numbers.
// What may stand where is not its business. Lua's manual, "Lexical Conventions".

export interface Scanner {
  /** Gives what `pattern` captures here, and goes on behind what it matches; undefined when it does not match. */
  readonly match: (this: void, pattern: string) => string | undefined;
  /** Whether `pattern` matches here. */
  readonly isAt: (this: void, pattern: string) => boolean;
  /** Of what comes next, or of what begins at `position`. To be asked in the order of the text. */
  readonly line: (this: void, position?: number) => number;
  readonly position: (this: void) => number;
  /** Says what is wrong here, or at `position`; only the first fault counts. */
  readonly fail: (this: void, what: string, position?: number) => undefined;
  /** The first fault, and where it is. */
  readonly problem: (this: void) => string | undefined;
  /** What comes next, for a message. */
  readonly whatIsHere: (this: void) => string;
  /** Gives what is before `closing`, and goes on behind it; undefined when it does not come any more. */
  readonly until: (this: void, closing: string) => string | undefined;
}

const BYTE_ORDER_MARK = string.char(0xef, 0xbb, 0xbf);

/** A character of UTF-8, or a byte that is none. */
const CHARACTER = `^.[${string.char(0x80)}-${string.char(0xbf)}]*`;

export function createScanner(text: string): Scanner {
  const withoutMark = string.sub(text, 1, 3) === BYTE_ORDER_MARK ? string.sub(text, 4) : text;
  const [source] = string.gsub(withoutMark, "\r\n?", "\n");
  let here = 1;
  let problem: string | undefined;

  // Lines are counted as far as somebody asked.
  let line = 1;
  let lineStart = 1;
  const lineOf = (position = here): number => {
    while (true) {
      const [lineEnd] = string.find(source, "\n", lineStart, true);
      if (lineEnd === undefined || lineEnd >= position) return line;
      line = line + 1;
      lineStart = lineEnd + 1;
    }
  };

  return {
    match: (pattern) => {
      const [, last, captured] = string.find(source, pattern, here);
      if (last !== undefined) here = last + 1;
      return captured as string | undefined;
    },
    isAt: (pattern) => string.find(source, pattern, here)[0] !== undefined,
    line: lineOf,
    position: () => here,
    fail: (what, position = here) => {
      const failedLine = lineOf(position);
      problem ??= string.format("line %d, column %d: %s", failedLine, position - lineStart + 1, what);
      return undefined;
    },
    problem: () => problem,
    whatIsHere: () => {
      if (here > source.length) return "the file ends";
      const [word] = string.match(source, "^[%w_]+", here);
      const [character] = string.match(source, CHARACTER, here);
      return `here is ${word ?? character ?? ""}`;
    },
    until: (closing) => {
      const start = here;
      const [first, last] = string.find(source, closing, here, true);
      if (first === undefined || last === undefined) return undefined;
      here = last + 1;
      return string.sub(source, start, first - 1);
    },
  };
}

/** What opens long brackets, `[[` or `[==[`. */
export const LONG_BRACKETS = "^%[=*%[";

/** The text in long brackets that begin here; undefined when none do. */
export function readLongBrackets(scanner: Scanner, what: string): string | undefined {
  const start = scanner.position();
  const level = scanner.match("^%[(=*)%[");
  if (level === undefined) return undefined;
  // A line break right behind the opening does not count.
  scanner.match("^()\n");
  const closing = `]${level}]`;
  return scanner.until(closing) ?? scanner.fail(`${what} without its ${closing}`, start);
}

/** Goes on to what is neither space nor comment. */
export function skipSpace(scanner: Scanner): void {
  scanner.match("^()%s+");
  while (scanner.problem() === undefined && scanner.match("^(%-%-)") !== undefined) {
    if (readLongBrackets(scanner, "a comment") === undefined) scanner.match("^()[^\n]*");
    scanner.match("^()%s+");
  }
}

const ESCAPES: Record<string, string | undefined> = {
  a: string.char(7),
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
  "\n": "\n",
};

/** The character of an escape whose backslash is read. */
function readEscape({ match, fail }: Scanner): string | undefined {
  const hexadecimal = match("^x(%x%x)");
  if (hexadecimal !== undefined) return string.char(tonumber(hexadecimal, 16) ?? 0);
  const decimal = match("^(%d%d?%d?)");
  if (decimal !== undefined) {
    const code = tonumber(decimal) ?? 0;
    return code < 256 ? string.char(code) : fail(`\\${decimal} is no byte: 255 is the most`);
  }
  return (
    ESCAPES[match("^(.)") ?? ""] ??
    fail("\\ begins none of the escapes that are read here: \\n, \\t, \\\\, \\\", \\', \\65, \\x41")
  );
}

/** The text in quotes that begins here, with `quote`. */
export function readQuotes(scanner: Scanner, quote: string): string | undefined {
  const { match, fail, problem } = scanner;
  const start = scanner.position();
  match("^(.)");
  const parts: string[] = [];
  while (problem() === undefined) {
    parts.push(match(`^([^\\\n${quote}]*)`) ?? "");
    const next = match("^(.)");
    if (next === quote) return table.concat(parts);
    if (next !== "\\") return fail(`a text without its ${quote} on the same line`, start);
    parts.push(readEscape(scanner) ?? "");
  }
  return undefined;
}

/** What a number begins with. */
export const NUMBER_START = "^%-?%s*%.?%d";

/** The number that begins here, the same on every Lua. */
export function readNumber({ match, isAt, fail, position }: Scanner): number | undefined {
  const start = position();
  const sign = match("^(%-)%s*") ?? "";
  // The sign of an exponent is within: 1e-5.
  const digits = match("^([%d.]+[eE][+-]%d+)%f[^%w_.]") ?? match("^([%w_.]+)") ?? "";
  const isNumber =
    string.find(digits, "^[%d.]+[eE]?[+-]?%d*$")[0] !== undefined ||
    string.find(digits, "^0[xX]%x+$")[0] !== undefined;
  const number = isNumber ? tonumber(digits) : undefined;
  if (number === undefined || isAt("^[%w_.]")) return fail(`${sign}${digits} is no number`, start);
  return sign === "" ? number : -number;
}
