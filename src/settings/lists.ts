// Reads the parameters that hold lists, patterns and small tables. Says what cannot be used; decides nothing.

/** What no text holds: a list that is split by it is not split at all. */
export const NO_SEPARATOR = "\0";

/** The items of `text` between `separator`s, trimmed; empty ones are left out. An empty separator separates nothing. */
export function listOf(text: string, separator: string): string[] {
  const items: string[] = [];
  const mark = separator === "" ? NO_SEPARATOR : separator;
  let position = 1;
  while (true) {
    const [found] = string.find(text, mark, position, true);
    const [item] = string.match(string.sub(text, position, (found ?? text.length + 1) - 1), "^%s*(.-)%s*$");
    if (item !== undefined && item !== "") items.push(item);
    if (found === undefined) return items;
    position = found + mark.length;
  }
}

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

/**
 * What is wrong with a Lua pattern, or undefined when it can be used. Lua itself complains of a pattern only when
 * it meets a name that makes it come to the fault (Lua's manual, "Patterns").
 */
export function patternProblem(pattern: string): string | undefined {
  const open: number[] = [];
  const closedOnes = new LuaSet<number>();
  let captures = 0;
  let position = 1;
  while (position <= pattern.length) {
    let character = string.sub(pattern, position, position);
    let size = 1;
    if (character === "%") {
      const escaped = string.sub(pattern, position + 1, position + 1);
      size = escaped === "b" ? 4 : 2;
      if (escaped === "" || position + size - 1 > pattern.length) return "it ends within a %";
      const index = tonumber(escaped);
      if (index !== undefined && !closedOnes.has(index)) return `there is no capture %${escaped}`;
      if (escaped === "f") {
        position = position + 2;
        size = 0;
        character = string.sub(pattern, position, position);
        if (character !== "[") return "there is no [ after %f";
      }
    }
    if (character === "[") {
      const last = endOfSet(pattern, position);
      if (last === undefined) return "a [ without its ]";
      size = last - position + 1;
    } else if (character === "(") {
      captures = captures + 1;
      open.push(captures);
    } else if (character === ")") {
      const closed = open.pop();
      if (closed === undefined) return "a ) without its (";
      closedOnes.add(closed);
    }
    position = position + size;
  }
  return open.length === 0 ? undefined : "a ( without its )";
}
