// Reads the parameters that hold lists. Decides nothing.

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
