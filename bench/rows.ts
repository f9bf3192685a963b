// What was measured, and how it is shown. Measures nothing.

export interface Row {
  readonly what: string;
  /** The figures, with their units. */
  readonly measured: string;
  /** What is asked for, and whether the figures are that; undefined: nothing is, the row is for information. */
  readonly asked?: { readonly mark: string; readonly isMet: boolean };
}

/** A row whose `value` is asked to be at most, or below, `limit`. */
export function atMost(what: string, measured: string, value: number, limit: number, mark: string): Row {
  return { what, measured, asked: { mark, isMet: value <= limit } };
}

/** The table of one part; each row says what is asked for, if anything is, and whether it is met. */
export function tableOf(title: string, rows: readonly Row[]): string {
  const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const whatWidth = widthOf(rows.map(({ what }) => what));
  const measuredWidth = widthOf(rows.map(({ measured }) => measured));
  const lines = rows.map(({ what, measured, asked }) => {
    const verdict = asked === undefined ? "" : `${asked.isMet ? "good  " : "MISSED"}  asked: ${asked.mark}`;
    return `  ${what.padEnd(whatWidth)}  ${measured.padEnd(measuredWidth)}  ${verdict}`.trimEnd();
  });
  return `\n${title}\n${lines.join("\n")}\n`;
}
