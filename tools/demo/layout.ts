// Text in columns, for a terminal of 100. Knows nothing of what the text says.

export const TERMINAL_WIDTH = 100;

/** `text` in exactly `width` columns: padded, or cut with "…". */
export function column(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length > width) return `${characters.slice(0, width - 1).join("")}…`;
  return text + " ".repeat(width - characters.length);
}

/** One line of columns two spaces apart; the last one may be as wide as what is left of the terminal. */
export function line(cells: readonly string[], widths: readonly number[]): string {
  const used = widths.reduce((sum, width) => sum + width + 2, 2);
  const columns = cells.map((cell, index) => column(cell, widths[index] ?? TERMINAL_WIDTH - used));
  return `  ${columns.join("  ")}`.trimEnd();
}

/** A heading that reaches across the terminal. */
export function heading(text: string): string {
  return `\n── ${text} ${"─".repeat(Math.max(TERMINAL_WIDTH - text.length - 4, 0))}\n`;
}

/** Unix seconds as a time of day in UTC; "" for no time. */
export function timeOfDay(time: number): string {
  return time === 0 ? "" : new Date(time * 1000).toISOString().slice(11, 19);
}
