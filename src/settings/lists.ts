// Reads the parameters that hold lists, patterns and small tables. Says what cannot be used; decides nothing.

/** The items of `text` between `separator`s, trimmed; empty ones are left out. An empty separator separates nothing. */
export function listOf(text: string, separator: string): string[] {
  const items: string[] = [];
  const size = separator.length;
  let position = 1;
  while (true) {
    const [found] = size === 0 ? $multi(undefined) : string.find(text, separator, position, true);
    const [item] = string.match(string.sub(text, position, (found ?? text.length + 1) - 1), "^%s*(.-)%s*$");
    if (item !== undefined && item !== "") items.push(item);
    if (found === undefined) return items;
    position = found + size;
  }
}

/** What is wrong with a Lua pattern, or undefined when it can be used. */
export function patternProblem(pattern: string): string | undefined {
  const [isUsable, problem] = pcall(() => string.find("", pattern));
  return isUsable ? undefined : tostring(problem);
}
