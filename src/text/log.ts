// What a log takes, and what a line may hold: no secret, wherever it comes from, and no line break. Who writes it is
// broker/log's to know.

export interface Log {
  readonly error: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
  /** What was sent and accepted. */
  readonly info: (this: void, text: string) => void;
  /** Why something was not sent. Build the text only when `isDebug`: a suppressed line still costs its text. */
  readonly debug: (this: void, text: string) => void;
  readonly isDebug: boolean;
}

/** What stands in the log for a secret. */
const HIDDEN = "***";

/** `text` on one line. */
function onOneLine(text: string): string {
  const [line] = string.gsub(text, "%c+", " ");
  return line;
}

/** `text` on one line and without any of `secrets`: what may be written to a file. */
export function presentable(text: string, secrets: readonly string[]): string {
  let shown = onOneLine(text);
  const hidden: string[] = [];
  for (const secret of secrets) if (secret !== "") hidden.push(onOneLine(secret));
  // One may be part of another: the longest goes first.
  table.sort(hidden, (left, right) => left.length > right.length);
  for (const secret of hidden) {
    let [first, last] = string.find(shown, secret, 1, true);
    while (first !== undefined && last !== undefined) {
      shown = string.sub(shown, 1, first - 1) + HIDDEN + string.sub(shown, last + 1);
      [first, last] = string.find(shown, secret, first + HIDDEN.length, true);
    }
  }
  return shown;
}
