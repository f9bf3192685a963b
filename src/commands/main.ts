// The commands of centreon-pagerduty: finds the one that is asked for, and ends with its exit code. Runs in plain Lua
// with lua-curl, outside the broker: `lua centreon-pagerduty.lua COMMAND [options]`.
import { type Arguments, type Syntax, readArguments, usageOf } from "./arguments";
import { CHECK, check } from "./check";
import { SMOKE, smoke } from "./smoke";
import { CLEAR, FIRE, clear, fire } from "./test_alert";
import { EXPLAIN, explain } from "./explain";
import { REPLAY, replay } from "./replay";
import { RULES, rules } from "./rules";
import { INCIDENTS, incidents } from "./incidents";
import { ONCALL, oncall } from "./oncall";
import { STATUS, status } from "./status";
import { PLUGIN_OPTION } from "./plugin";
import { RECONCILE, reconcile } from "./reconcile";
import { RETRY, retry } from "./retry";
import { FORGET, RESOLVE, forget, resolve } from "./orders";
import { EXIT, type Report, createReport } from "./report";

/** The words of the command line; Lua itself sets it. */
declare const arg: readonly string[] | undefined;

interface Command {
  readonly syntax: Syntax;
  /** Gives the exit code. */
  readonly run: (this: void, given: Arguments, report: Report) => number;
}

const COMMANDS: readonly Command[] = [
  { syntax: CHECK, run: check },
  { syntax: SMOKE, run: smoke },
  { syntax: FIRE, run: fire },
  { syntax: CLEAR, run: clear },
  { syntax: EXPLAIN, run: explain },
  { syntax: REPLAY, run: replay },
  { syntax: RULES, run: rules },
  { syntax: STATUS, run: status },
  { syntax: INCIDENTS, run: incidents },
  { syntax: ONCALL, run: oncall },
  { syntax: RETRY, run: retry },
  { syntax: RECONCILE, run: reconcile },
  { syntax: RESOLVE, run: resolve },
  { syntax: FORGET, run: forget },
];

/** The exit code of a monitoring plugin that cannot do its work: 1 and 2 would speak of what it watches. */
const UNKNOWN = 3;

/** Width of the longest command, and the space behind it: completion looks for two. */
const NAME_WIDTH = 11;

const USAGE = "usage: centreon-pagerduty COMMAND [options]";

function overview(): string {
  const lines = [USAGE, ""];
  for (const { syntax } of COMMANDS) {
    const gap = string.rep(" ", NAME_WIDTH - syntax.command.length);
    lines.push(`  ${syntax.command}${gap}${syntax.purpose}`);
  }
  lines.push("");
  lines.push(
    "centreon-pagerduty COMMAND --help tells more. Exit codes: 0 good, 1 a problem was found, 2 usage.",
  );
  return table.concat(lines, "\n");
}

function commandOf(name: string | undefined): Command | undefined {
  for (const command of COMMANDS) if (command.syntax.command === name) return command;
  return undefined;
}

function complain(text: string): number {
  io.stderr.write(`${text}\n`);
  return EXIT.usage;
}

/** Why standard output took something not, such as a full disk; undefined: it took all. */
let writeProblem: string | undefined;

function write(text: string): void {
  const [isWritten, problem] = io.stdout.write(text);
  if (isWritten === undefined) writeProblem = writeProblem ?? problem;
}

function print(text: string): number {
  write(`${text}\n`);
  return EXIT.good;
}

/** `code`, unless the reader got less than it says. */
function finish(code: number): number {
  if (writeProblem === undefined) return code;
  complain(`centreon-pagerduty: the result cannot be written: ${writeProblem}`);
  return code === EXIT.good ? EXIT.problem : code;
}

/** Whether the command can be a monitoring plugin. */
function hasPlugin({ options }: Syntax): boolean {
  for (const { name } of options) if (name === PLUGIN_OPTION.name) return true;
  return false;
}

/** The words after the first one. */
function rest(words: readonly string[]): string[] {
  const others: string[] = [];
  for (const index of $range(1, words.length - 1)) others.push(words[index] ?? "");
  return others;
}

function run(words: readonly string[]): number {
  const first = words[0];
  if (first === undefined) return complain(overview());
  const command = commandOf(first === "help" ? words[1] : first);
  if (command === undefined) {
    const isHelp = first === "help" || first === "--help" || first === "-h";
    if (isHelp && (first !== "help" || words[1] === undefined)) return print(overview());
    const unknown = words[isHelp ? 1 : 0] ?? "";
    // The shell part has commands of its own.
    return complain(
      `centreon-pagerduty: there is no command "${unknown}": centreon-pagerduty --help lists them\n${USAGE}`,
    );
  }
  const { syntax } = command;
  const others = rest(words);
  let isHelpWanted = first === "help";
  for (const word of others) if (word === "--help" || word === "-h") isHelpWanted = true;
  if (isHelpWanted) return print(usageOf(syntax));
  const given = readArguments(syntax, others);
  let isPlugin = false;
  for (const word of others) isPlugin = isPlugin || (word === "--plugin" && hasPlugin(syntax));
  if (typeof given === "string") {
    complain(`centreon-pagerduty ${syntax.command}: ${given}\n${usageOf(syntax)}`);
    if (!isPlugin) return EXIT.usage;
    print(`UNKNOWN - ${given}`);
    return UNKNOWN;
  }
  const report = createReport(write);
  const [isDone, result] = pcall(command.run, given, report);
  if (isDone) return result;
  // Whatever it was, the secrets must not be in it: the report knows them.
  report.print(`${isPlugin ? "UNKNOWN -" : `FAILED ${syntax.command}:`} ${tostring(result)}`);
  return isPlugin ? UNKNOWN : EXIT.problem;
}

// What cannot be written must show at once, not when nobody looks any more.
io.stdout.setvbuf("no");
os.exit(finish(run(arg ?? [])));
