// The log: the only user of broker_log. Owns the levels and sees to it that no secret is ever written.

/** Levels as log_level counts them; a line is written when its level is at most the one set. */
const LEVEL = { error: 0, warning: 1, info: 2, debug: 3 } as const;

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

/**
 * Opens the log. Call it in init: the broker has no broker_log before.
 * `secrets` are texts that must never be written (routing keys, passwords), wherever they come from.
 */
export function createLog(level: number, path: string, secrets: readonly string[]): Log {
  // Both arguments must be of their type: nil aborts the broker, even inside pcall (measured).
  broker_log.set_parameters(level, path);
  return {
    error: (text) => {
      broker_log.error(LEVEL.error, presentable(text, secrets));
    },
    warning: (text) => {
      if (level >= LEVEL.warning) broker_log.warning(LEVEL.warning, presentable(text, secrets));
    },
    info: (text) => {
      if (level >= LEVEL.info) broker_log.info(LEVEL.info, presentable(text, secrets));
    },
    debug: (text) => {
      if (level >= LEVEL.debug) broker_log.info(LEVEL.debug, presentable(text, secrets));
    },
    isDebug: level >= LEVEL.debug,
  };
}
