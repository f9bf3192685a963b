// Texts of several lines: what a plugin printed as a person reads it, and what must be a single line. Pure.

/** A plugin's output; each empty where there is nothing to read. */
export interface OutputLines {
  readonly first: string;
  /** The other lines, with their breaks and indentation. */
  readonly further: string;
}

/** How the engine writes the line breaks after the second line, and people those of passive results (measured). */
const WRITTEN_BREAK = "\\n";

/** Where `text` begins to say something, past blank lines; undefined when it says nothing. */
function beginningOf(text: string): number | undefined {
  let position = 1;
  while (true) {
    const [start] = string.find(text, "%S", position);
    if (start === undefined || string.sub(text, start, start + 1) !== WRITTEN_BREAK) return start;
    position = start + WRITTEN_BREAK.length;
  }
}

/**
 * Where the first written break of `line` is; undefined when there is none. The engine does not tell one from a
 * backslash of the plugin's own: within a Windows path, such as C:\new, it is taken for that.
 */
function writtenBreakIn(line: string): number | undefined {
  if (string.find(line, WRITTEN_BREAK, 1, true)[0] === undefined) return undefined;
  for (const [start, word] of string.gmatch(line, "()(%S+)")) {
    const [found] = string.find(word ?? "", WRITTEN_BREAK, 1, true);
    if (found !== undefined) {
      const before = string.sub(word ?? "", 1, found - 1);
      const isPath =
        string.find(before, "\\", 1, true)[0] !== undefined ||
        string.find(before, "%f[%w]%a:$")[0] !== undefined;
      if (!isPath) return (start as unknown as number) + found - 1;
    }
  }
  return undefined;
}

/** `text` without white space at its end. */
function withoutEnd(text: string): string {
  const [whole] = string.match(text, "^(.*%S)");
  return whole ?? "";
}

/**
 * The lines of a check's output and long output, as an event of either protocol has them. BBDO 2 has both in one text;
 * in BBDO 3 the long output of a host stands in the place of the short one, or is there twice (a quirk of the engine).
 */
export function outputLines(output: string, longOutput: string): OutputLines {
  const text = longOutput === "" || longOutput === output ? output : `${output}\n${longOutput}`;
  const beginning = beginningOf(text);
  if (beginning === undefined) return { first: "", further: "" };
  const [, lineEnd] = string.find(text, "^[^\r\n]*", beginning);
  const line = string.sub(text, beginning, lineEnd);
  const written = writtenBreakIn(line);
  const end = written === undefined ? line.length : written - 1;
  const [broken] = string.gsub(string.sub(text, beginning + end), "\\n", "\n");
  const [further] = string.gsub(broken, "\r\n?", "\n");
  const [lines] = string.match(further, "^\n*(.*)$");
  return { first: string.sub(line, 1, end), further: withoutEnd(lines ?? "") };
}

/**
 * `output`, a first line, without the state that it says itself: an exact `state` at its beginning, with its separator.
 * Anything else stays: "DISK CRITICAL - …" says what is critical, "CRITICAL -5" how much.
 */
export function withoutState(output: string, state: string): string {
  let position = 1;
  while (state !== "" && string.sub(output, position, position + state.length - 1) === state) {
    const after = position + state.length;
    if (string.find(output, "^%s*[:%-]*%s*$", after)[0] !== undefined) return "";
    const [, separatorEnd] = string.find(output, "^%s*[:%-]+%s+", after);
    if (separatorEnd === undefined) break;
    position = separatorEnd + 1;
  }
  return string.sub(output, position);
}

// Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.

/** U+0080 to U+009F: the control characters that Latin-1 has beside ASCII's. */
const HIGH_CONTROL_CHARACTER = `${string.char(0xc2)}[${string.char(0x80)}-${string.char(0x9f)}]`;

/** What makes a terminal write in colours (ECMA-48, SGR). */
const COLOUR = "\u{1b}%[[%d;]*m";

/** `text`, which must be valid UTF-8, on one line without control characters, trimmed. */
export function oneLine(text: string): string {
  const [plain] = string.gsub(text, COLOUR, "");
  const [printable] = string.gsub(plain, "%c+", " ");
  const [line] = string.gsub(printable, HIGH_CONTROL_CHARACTER, " ");
  const [start] = string.find(line, "%S");
  return start === undefined ? "" : withoutEnd(string.sub(line, start));
}
