// What a command prints with --plugin, as a monitoring plugin does: one line, and its exit code.
import { LEVEL, LEVEL_WORDS, type Level } from "./health_report";
import { EXIT, type Report } from "./report";

export const PLUGIN_OPTION = {
  name: "--plugin",
  meaning: "one line with performance data; exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN",
};

/** The line; a pipe in the text would begin the performance data. */
export function pluginLine(level: Level, text: string, performance: string): string {
  const [harmless] = string.gsub(text, "|", "/");
  const line = `${LEVEL_WORDS[level]} - ${harmless}`;
  return performance === "" ? line : `${line} | ${performance}`;
}

/** Ends a command that cannot tell: UNKNOWN of a plugin, else FAILED. Gives the exit code. */
export function cannotTell(command: string, problem: string, isPlugin: boolean, report: Report): number {
  report.print(isPlugin ? pluginLine(LEVEL.unknown, problem, "") : `FAILED ${command}: ${problem}`);
  return isPlugin ? LEVEL.unknown : EXIT.problem;
}
