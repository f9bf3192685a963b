// What a command prints: one line with the result, then the details. Owns that no secret is ever printed.
import { presentable } from "../text/log";

export type Finding = "ok" | "WARNING" | "FAILED";

export interface Report {
  /** Texts that must never be printed; may grow while the command learns them. */
  readonly keepSecret: (this: void, secrets: readonly string[]) => void;
  /** A detail of its own. */
  readonly add: (this: void, line: string) => void;
  /** A detail that says whether something is good: `WARNING log: …`. */
  readonly find: (this: void, finding: Finding, what: string, text: string) => void;
  readonly count: (this: void, finding: Finding) => number;
  /** Prints the result and then the details. */
  readonly print: (this: void, result: string) => void;
}

/** Width of "WARNING", so that what was examined stands in one column. */
const FINDING_WIDTH = 7;

export function createReport(write: (this: void, text: string) => void): Report {
  const secrets: string[] = [];
  const details: string[] = [];
  const counts: Record<Finding, number> = { ok: 0, WARNING: 0, FAILED: 0 };
  return {
    keepSecret: (more) => {
      for (const secret of more) secrets.push(secret);
    },
    add: (line) => {
      details.push(line);
    },
    find: (finding, what, text) => {
      counts[finding] = counts[finding] + 1;
      const gap = string.rep(" ", FINDING_WIDTH - finding.length);
      details.push(`${finding}${gap} ${what}: ${text}`);
    },
    count: (finding) => counts[finding],
    print: (result) => {
      write(`${presentable(result, secrets)}\n`);
      for (const line of details) write(`${presentable(line, secrets)}\n`);
    },
  };
}

/** The exit codes of every command. */
export const EXIT = { good: 0, problem: 1, usage: 2 } as const;

/** `count` of something, such as "1 event" or "2 events". */
export function counted(count: number, noun: string): string {
  return string.format(count === 1 ? "%d %s" : "%d %ss", count, noun);
}

/** What every test of the way to PagerDuty must add when it failed: nobody takes it up again. */
export const NOT_RETRIED = "nothing will be retried: run check";

/** Says that a test is sent though the connector, by send_data_test, sends nothing. */
export function tellDataTest(isDataTest: boolean, report: Report): void {
  if (!isDataTest) return;
  report.find(
    "WARNING",
    "send_data_test",
    "it is 1: the connector itself sends nothing to PagerDuty; this test is sent all the same",
  );
}
