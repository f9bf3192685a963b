// Reads Lua patterns as administrators write them: what cannot be used, what would cost too much, and what was probably
// meant otherwise. Matches nothing. Lua's manual, "Patterns".

/** A piece of a pattern. */
interface Item {
  /** plain: a character that means itself; other: what no repetition can follow, but brackets. */
  readonly kind: "plain" | "class" | "set" | "bracket" | "back-reference" | "other";
  readonly text: string;
  /** What follows it: "*", "+", "-" or "?"; or nothing. */
  readonly repetition: string;
}

/** More repetitions without an end can take minutes for one long name: each multiplies the ways to match it (measured). */
const MOST_REPETITIONS = 3;

/** Each "?" doubles the ways. */
const MOST_OPTIONAL = 10;

/** Where the set that begins at `position` of `pattern` ends, or undefined when it does not. */
function endOfSet(pattern: string, position: number): number | undefined {
  let at = position + (string.sub(pattern, position + 1, position + 1) === "^" ? 2 : 1);
  // The first character of a set is never its end.
  do {
    at = at + (string.sub(pattern, at, at) === "%" ? 2 : 1);
    if (at > pattern.length) return undefined;
  } while (string.sub(pattern, at, at) !== "]");
  return at;
}

interface Piece {
  readonly kind: Item["kind"];
  readonly size: number;
}

/** The set that begins at `position` and belongs to a piece that begins at `start`, or what is wrong with it. */
function pieceWithSet(pattern: string, start: number, position: number, kind: Item["kind"]): Piece | string {
  const last = endOfSet(pattern, position);
  return last === undefined ? "a [ without its ]" : { kind, size: last - start + 1 };
}

/** The escape that begins at `position`, or what is wrong with it. */
function escapeAt(pattern: string, position: number): Piece | string {
  const next = string.sub(pattern, position + 1, position + 1);
  const size = next === "b" ? "%bxy".length : "%x".length;
  if (next === "" || position + size - 1 > pattern.length) return "it ends within a %";
  if (next === "b") return { kind: "other", size };
  if (tonumber(next) !== undefined) return { kind: "back-reference", size };
  if (next !== "f") return { kind: "class", size };
  const hasSet = string.sub(pattern, position + 2, position + 2) === "[";
  return hasSet ? pieceWithSet(pattern, position, position + 2, "other") : "there is no [ after %f";
}

/** The piece that begins at `position`, or what is wrong with it. */
function pieceAt(pattern: string, position: number): Piece | string {
  const character = string.sub(pattern, position, position);
  if (character === "%") return escapeAt(pattern, position);
  if (character === "[") return pieceWithSet(pattern, position, position, "set");
  if (character === "(" || character === ")") return { kind: "bracket", size: 1 };
  const isAnchor =
    (character === "^" && position === 1) || (character === "$" && position === pattern.length);
  if (isAnchor) return { kind: "other", size: 1 };
  return { kind: character === "." ? "class" : "plain", size: 1 };
}

/** The pieces of a pattern, or what is wrong with one of them. */
function itemsOf(pattern: string): Item[] | string {
  const items: Item[] = [];
  let position = 1;
  while (position <= pattern.length) {
    const piece = pieceAt(pattern, position);
    if (typeof piece === "string") return piece;
    const { kind, size } = piece;
    const text = string.sub(pattern, position, position + size - 1);
    position = position + size;
    const isRepeatable = kind === "plain" || kind === "class" || kind === "set";
    const [repetition] = string.match(isRepeatable ? string.sub(pattern, position, position) : "", "^[*+?-]");
    items.push({ kind, text, repetition: repetition ?? "" });
    if (repetition !== undefined) position = position + 1;
  }
  return items;
}

/**
 * What is wrong with a Lua pattern, or undefined when it can be used. Lua itself complains of a pattern only when
 * it meets a name that makes it come to the fault.
 */
export function patternProblem(pattern: string): string | undefined {
  const items = itemsOf(pattern);
  if (typeof items === "string") return items;
  const open: number[] = [];
  const closedOnes = new LuaSet<number>();
  let captures = 0;
  for (const { kind, text } of items) {
    if (text === "(") {
      captures = captures + 1;
      open.push(captures);
    } else if (text === ")") {
      const closed = open.pop();
      if (closed === undefined) return "a ) without its (";
      closedOnes.add(closed);
    } else if (kind === "back-reference" && !closedOnes.has(tonumber(string.sub(text, 2)) ?? 0)) {
      return `there is no capture ${text}`;
    }
  }
  return open.length === 0 ? undefined : "a ( without its )";
}

/** Why a usable pattern could hold up the broker, in words; undefined when it cannot. */
export function patternCost(pattern: string): string | undefined {
  const items = itemsOf(pattern);
  if (typeof items === "string") return undefined;
  let repetitions = 0;
  let optional = 0;
  for (const { repetition } of items) {
    if (repetition === "?") optional = optional + 1;
    else if (repetition !== "") repetitions = repetitions + 1;
  }
  if (repetitions > MOST_REPETITIONS)
    return string.format("it repeats (*, +, -) %d times, and %d is the most", repetitions, MOST_REPETITIONS);
  if (optional > MOST_OPTIONAL)
    return string.format('it has "?" %d times, and %d is the most', optional, MOST_OPTIONAL);
  return undefined;
}

/** What was probably meant by a pattern that means something else. */
export interface PatternDoubt {
  /** What its characters do there, in words. */
  readonly reason: string;
  /** The pattern for what was probably meant. */
  readonly corrected: string;
  /** Several patterns may have been meant. */
  readonly hasAlternatives: boolean;
}

/** A set of so many letters that nobody meant one of them: a word in brackets. */
const WORD_IN_BRACKETS = "^%[%w[%w ]*%a[%w ]*%w%]$";
const LEAST_WORD = "[prod]".length;

/** What a plain name, a regular expression or a wildcard does in a Lua pattern; undefined where nothing looks like one. */
export function patternDoubt(pattern: string): PatternDoubt | undefined {
  const items = itemsOf(pattern);
  if (typeof items === "string") return undefined;
  let usesCaptures = false;
  for (const { kind } of items) if (kind === "back-reference") usesCaptures = true;
  const reasons: string[] = [];
  const parts: string[] = [];
  let hasAlternatives = false;
  const doubt = (reason: string): void => {
    for (const said of reasons) if (said === reason) return;
    reasons.push(reason);
  };
  for (const [index, { kind, text, repetition }] of ipairs(items)) {
    if (kind === "plain" && text === "\\") {
      doubt("\\ means itself, and % does what \\ does elsewhere");
      parts.push(`%${repetition}`);
    } else if (kind === "plain" && text === "|") {
      doubt('| does not mean "or"');
      hasAlternatives = true;
      parts.push(`%|${repetition}`);
    } else if (kind === "plain" && repetition === "-") {
      doubt("- repeats what is before it");
      parts.push(`${text}%-`);
    } else if (kind === "plain" && text === "*" && (index === 1 || index === items.length)) {
      doubt("* is no wildcard");
      parts.push(".*");
    } else if (kind === "plain" && repetition === "*" && index === items.length) {
      doubt("* is no wildcard");
      parts.push(`${text}.*`);
    } else if (kind === "bracket" && !usesCaptures) {
      doubt("( ) group");
      parts.push(`%${text}`);
    } else if (
      kind === "set" &&
      text.length >= LEAST_WORD &&
      string.find(text, WORD_IN_BRACKETS)[0] !== undefined
    ) {
      doubt("[ ] is one of the letters in it");
      parts.push(`%[${string.sub(text, 2, -2)}%]${repetition}`);
    } else {
      parts.push(text + repetition);
    }
  }
  if (reasons.length === 0) return undefined;
  return { reason: table.concat(reasons, "; "), corrected: table.concat(parts), hasAlternatives };
}
