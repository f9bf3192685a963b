// Reads a Lua table of constants and tables, `return { … }`, without ever giving it to Lua: nothing in it can run. Knows
// nothing of rules.
import {
  LONG_BRACKETS,
  NUMBER_START,
  type Scanner,
  createScanner,
  readLongBrackets,
  readNumber,
  readQuotes,
  skipSpace,
} from "./lua_scanner";

export type LuaValue = string | number | boolean | LuaTableValue;

/** A field with a name, and the line on which it stands, from 1. */
export interface LuaField {
  readonly name: string;
  readonly value: LuaValue;
  readonly line: number;
}

/** A table: what stands in it without a name and with one, in order; and the line of its brace, from 1. */
export interface LuaTableValue {
  readonly items: readonly LuaValue[];
  readonly fields: readonly LuaField[];
  readonly line: number;
}

/** 1 MiB: some thousands of rules, and no more than can be read while the broker waits. */
export const LARGEST_TEXT = 1048576;

/** Tables within tables; Lua's stack is finite. */
const DEEPEST = 20;

const KEYWORDS =
  " and break do else elseif end false for function goto if in local nil not or repeat return then true until while ";

function isKeyword(word: string): boolean {
  return string.find(KEYWORDS, ` ${word} `, 1, true)[0] !== undefined;
}

/** true or false; every other word is a mistake. */
function readWord({ match, isAt, fail, position }: Scanner): boolean | undefined {
  const start = position();
  const word = match("^([%a_][%w_]*)%s*") ?? "";
  if (word === "true" || word === "false") return word === "true";
  if (word === "nil") return fail("nil says nothing: leave the field out", start);
  if (isKeyword(word)) return fail(`${word}: only constants and tables may stand here`, start);
  const isComputed = isAt("^[(\"'{%[.:]");
  return fail(
    isComputed
      ? `${word}: nothing is called or looked up here; only constants and tables may stand here`
      : `${word} is a name: if a text is meant, it needs quotes, "${word}"`,
    start,
  );
}

/** The name in `[ ] =`, whose first bracket is next. */
function readBracketedName(scanner: Scanner): string | undefined {
  const { match, isAt, fail, position, problem, whatIsHere } = scanner;
  const start = position();
  match("^(%[)%s*");
  const quote = isAt('^"') ? '"' : "'";
  if (!isAt(`^${quote}`)) return fail('a name in [ ] must be a text in quotes: ["my name"] = …', start);
  const name = readQuotes(scanner, quote);
  if (problem() !== undefined) return undefined;
  match("^()%s*");
  return match("^(%])%s*=") === undefined ? fail(`] = is missing: ${whatIsHere()}`) : name;
}

/** The name of a field and its `=`; undefined where a value without a name is next. */
function readName(scanner: Scanner): string | undefined {
  const { match, isAt, fail, position } = scanner;
  if (isAt("^%[") && !isAt(LONG_BRACKETS)) return readBracketedName(scanner);
  const start = position();
  const name = match("^([%a_][%w_]*)%s*=%f[^=]");
  if (name === undefined || !isKeyword(name)) return name;
  return fail(`${name} is a word of Lua's: write ["${name}"] = …`, start);
}

function readValue(scanner: Scanner, depth: number): LuaValue | undefined {
  const { isAt, fail, whatIsHere } = scanner;
  if (isAt("^{")) return readTable(scanner, depth + 1);
  if (isAt('^"')) return readQuotes(scanner, '"');
  if (isAt("^'")) return readQuotes(scanner, "'");
  if (isAt(LONG_BRACKETS)) return readLongBrackets(scanner, "a text");
  if (isAt(NUMBER_START)) return readNumber(scanner);
  if (isAt("^[%a_]")) return readWord(scanner);
  return fail(
    `a value is missing: ${whatIsHere()}. Possible are "texts", numbers, true, false and { tables }`,
  );
}

/** The table whose brace is next. */
function readTable(scanner: Scanner, depth: number): LuaTableValue | undefined {
  const { match, isAt, fail, position, problem, whatIsHere } = scanner;
  if (depth > DEEPEST) return fail(string.format("more than %d tables within each other", DEEPEST));
  const tableLine = scanner.line();
  const items: LuaValue[] = [];
  const fields: LuaField[] = [];
  const lines = new LuaTable<string, number | undefined>();
  match("^({)");
  skipSpace(scanner);
  while (problem() === undefined && match("^(})") === undefined) {
    const start = position();
    const name = readName(scanner);
    if (problem() !== undefined) return undefined;
    const line = scanner.line(start);
    const earlier = name === undefined ? undefined : lines.get(name);
    if (earlier !== undefined)
      return fail(string.format("%s is given twice: line %d has it, too", name, earlier), start);
    skipSpace(scanner);
    const value = readValue(scanner, depth);
    if (value === undefined) return undefined;
    if (name === undefined) {
      items.push(value);
    } else {
      lines.set(name, line);
      fields.push({ name, value, line });
    }
    skipSpace(scanner);
    if (match("^([,;])") === undefined && !isAt("^}"))
      return fail(string.format("a comma, or the } of line %d, is missing: %s", tableLine, whatIsHere()));
    skipSpace(scanner);
  }
  return { items, fields, line: tableLine };
}

function readFile(scanner: Scanner): LuaTableValue | undefined {
  const { match, isAt, fail, whatIsHere } = scanner;
  skipSpace(scanner);
  const isReturn = match("^(return)%f[^%w_]") !== undefined;
  skipSpace(scanner);
  if (!isReturn || !isAt("^{")) return fail("the file must be one table: return { … }");
  const result = readTable(scanner, 1);
  skipSpace(scanner);
  match("^(;)");
  skipSpace(scanner);
  return isAt("^.") ? fail(`nothing may follow the table: ${whatIsHere()}`) : result;
}

/** Reads the text of a file, or says what is wrong with it, and where. */
export function readLuaTable(this: void, text: string): LuaTableValue | string {
  if (text.length > LARGEST_TEXT)
    return string.format("it has more than %d bytes (1 MiB): so many are the most", LARGEST_TEXT);
  const scanner = createScanner(text);
  const result = readFile(scanner);
  return scanner.problem() ?? result ?? "";
}
