// The log: the only user of broker_log. Owns the levels, and sees to it that no secret is ever written.
import { type Log, presentable } from "../text/log";

/** Levels as log_level counts them; a line is written when its level is at most the one set. */
const LEVEL = { error: 0, warning: 1, info: 2, debug: 3 } as const;

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
