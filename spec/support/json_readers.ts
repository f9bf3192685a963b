// JSON as others read it beside lua-dkjson (json.ts): lua-cjson, and Node, which alone is strict (the Lua libraries
// take control characters and broken UTF-8 as they come). Values are compared as values, never as text.
import { outputOf, shellWord, temporaryPath, writeFile } from "./process";

/** LuaJIT's compiler. */
declare const jit: { off(this: void, compiled: unknown): void } | undefined;

interface Cjson {
  decode(this: void, text: string): unknown;
  readonly null: unknown;
}

const cjson = require("cjson") as Cjson;

/** What lua-cjson makes of `text`; an error fails the spec. */
export function readByCjson(text: string): unknown {
  return cjson.decode(text);
}

const NODE_PROGRAM = `
  const wellFormed = (value) =>
    typeof value === "string" ? value.toWellFormed()
    : Array.isArray(value) ? value.map(wellFormed)
    : value !== null && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name.toWellFormed(), wellFormed(field)]))
    : value;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const bytes = require("node:fs").readFileSync(process.argv[1]);
  const written = [];
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    try {
      written.push(JSON.stringify(wellFormed(JSON.parse(decoder.decode(bytes.subarray(start, end))))));
    } catch {
      written.push("");
    }
  }
  process.stdout.write(written.map((line) => line + "\\n").join(""));
`;

/**
 * Each of \`lines\` as Node reads it (JSON.parse of strictly decoded UTF-8), written as JSON again; empty where Node
 * finds no JSON. Half a surrogate pair, which only a \\u escape can write, comes back as U+FFFD.
 */
export function rewriteByNode(lines: readonly string[]): string[] {
  const path = temporaryPath(".jsonl");
  writeFile(path, lines.map((line) => `${line}\n`).join(""));
  const output = outputOf(`node -e ${shellWord(NODE_PROGRAM)} ${shellWord(path)}`);
  os.remove(path);
  const rewritten: string[] = [];
  for (const [line] of string.gmatch(output, "([^\n]*)\n")) rewritten.push(line ?? "");
  if (rewritten.length !== lines.length) error(`Node read ${rewritten.length} of ${lines.length} lines`);
  return rewritten;
}

/** A number that JSON does not have is null, as is nil. */
function isNull(value: unknown): boolean {
  if (value === undefined || value === cjson.null) return true;
  return typeof value === "number" && (value !== value || value === math.huge || value === -math.huge);
}

/** Whether two readers' values are the same; numbers to the 14 digits that every writer here keeps. */
export function sameJson(expected: unknown, actual: unknown): boolean {
  if (isNull(expected) || isNull(actual)) return isNull(expected) && isNull(actual);
  if (typeof expected === "number" && typeof actual === "number")
    return math.abs(expected - actual) <= 1e-13 * math.abs(expected);
  if (typeof expected !== "object" || typeof actual !== "object") return expected === actual;
  const left = expected as LuaTable<AnyNotNil, unknown>;
  const right = actual as LuaTable<AnyNotNil, unknown>;
  for (const [key, value] of left) if (!sameJson(value, right.get(key))) return false;
  for (const [key, value] of right) if (!isNull(value) && isNull(left.get(key))) return false;
  return true;
}

// Debian 12's LuaJIT (2.1.0~beta3+git20220320) compiles a recursion within pairs into a crash.
if (jit !== undefined) jit.off(sameJson);
