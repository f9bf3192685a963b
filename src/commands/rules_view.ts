// The rules of an output, those of its file or of another one before the parameters', and what they would do: to the
// problems that are held now, and to those of a recording.
import type { Alert } from "../alerts/alert";
import { STATE } from "../alerts/policy";
import { type Rules, rulesWith } from "../rules/from_parameters";
import { type LuaTableValue, readLuaTable } from "../rules/lua_table";
import type { Rule } from "../rules/rule";
import { copyPathOf, knowledgeOf, readCopy, rulesIn } from "../rules/rules_file";
import type { TableKnowledge } from "../rules/table_conditions";
import { createNotingCurl } from "./curl";
import { eventText, readEvents } from "./event_file";
import { withRemedy } from "./file_problem";
import { READING_ONLY } from "./journal_view";
import type { Setup } from "./output";
import { beginPlayback } from "./playback";
import { conditionsOf } from "./rules_words";
import { readFile, withTemporaryFolder } from "./shell";

/** A rule of the file, and the table that it was read from. */
export interface FileRule {
  readonly rule: Rule;
  readonly table: LuaTableValue;
}

export interface RulesView {
  /** In their order. */
  readonly ofFile: readonly FileRule[];
  /** These, and those of the parameters. */
  readonly rules: Rules;
  readonly knowledge: TableKnowledge;
}

/** The rules in `text`, as they are at the time that `unixTime` gives; or what is wrong with them. */
function viewOf(
  text: string,
  { rules, routingKeys }: Setup,
  unixTime: (this: void) => number,
): RulesView | string {
  const knowledge = knowledgeOf(rules, routingKeys, unixTime);
  const read = rulesIn(text, knowledge);
  if ("problem" in read) return read.problem;
  const ofFile: FileRule[] = [];
  const tables = readLuaTable(text);
  for (const [index, rule] of ipairs(read.rules)) {
    const table = typeof tables === "string" ? undefined : tables.items[index - 1];
    if (typeof table === "object") ofFile.push({ rule, table });
  }
  return { ofFile, rules: rulesWith(read.rules, rules), knowledge };
}

/** The rules of the file at `path`, none for no path; or what is wrong with it. */
export function viewRules(path: string, setup: Setup, unixTime: (this: void) => number): RulesView | string {
  if (path === "") return viewOf("return {}", setup, unixTime);
  const [text, problem] = readFile(path);
  return text === undefined ? withRemedy(problem, "correct the path") : viewOf(text, setup, unixTime);
}

/** How many rules the last good copy of the output's file has; undefined: there is none. */
export function countLastGood(setup: Setup): number | undefined {
  const { pdy_rules_file: path, state_path: statePath } = setup.settings;
  const text = readCopy(READING_ONLY, copyPathOf(statePath), path);
  const view = text === undefined ? undefined : viewOf(text, setup, os.time);
  return view === undefined || typeof view === "string" ? undefined : view.ofFile.length;
}

/** How many problems a change frees, and what held them before, with how many each. */
export interface Freed {
  readonly count: number;
  readonly reasons: readonly string[];
}

/** Which of the problems that rules hold now `rules` would free: all that is known of them is what the journal has. */
export function wouldFree(alerts: readonly Alert[], { all }: Rules): Freed {
  let count = 0;
  const reasons: string[] = [];
  const counts = new LuaTable<string, number | undefined>();
  for (const alert of alerts) {
    const { rejection, desired, facts } = alert;
    const isHeldByRules = desired === "held" && rejection !== undefined && alert.verdict?.isDropped !== true;
    if (isHeldByRules && facts.downtimeDepth === 0 && all.deciding(alert, "page")?.page !== false) {
      count = count + 1;
      if (counts.get(rejection) === undefined) reasons.push(rejection);
      counts.set(rejection, (counts.get(rejection) ?? 0) + 1);
    }
  }
  table.sort(reasons);
  const words: string[] = [];
  for (const reason of reasons) words.push(string.format("%s (%d)", reason, counts.get(reason) ?? 0));
  return { count, reasons: words };
}

/** What is said of that. */
export function freedWords({ count, reasons }: Freed): string {
  if (count === 0) return "of the problems that are held now they free none";
  const problems = count === 1 ? "1 problem" : string.format("%d problems", count);
  return `they free ${problems}, to page at once. What holds now: ${table.concat(reasons as string[], "; ")}`;
}

function looksAtMacros(rule: LuaTableValue): boolean {
  for (const { name } of conditionsOf(rule)) if (name === "macro" || name === "not_macro") return true;
  return false;
}

/** What a recording shows of the rules of a file. */
export interface Fitting {
  readonly events: number;
  /** Lines that cannot be read, and why: those of a recording that was cut, say. */
  readonly unreadable: readonly string[];
  /** Hosts, services and so on that had a problem. */
  readonly problems: number;
  readonly neverFitted: readonly Rule[];
  /** Those that did not fit either, but look at macros, which are in no recording: they may be secrets. */
  readonly unjudged: readonly Rule[];
}

/** Plays the recording at `path`, with the rules of the file at `rulesPath`. Gives why that is not possible as a text. */
export function fittingIn(path: string, rulesPath: string, setup: Setup): Fitting | string {
  const [text, problem] = eventText(path);
  if (text === undefined) return withRemedy(problem, "correct the path");
  const { events, problems: unreadable } = readEvents(text);
  let time = events[0]?.time ?? 0;
  const view = viewRules(rulesPath, setup, () => time);
  if (typeof view === "string") return view;
  const parameters = new LuaTable<string, string | number>();
  for (const [name, value] of setup.output.parameters) parameters.set(name, value);
  parameters.set("pdy_rules_file", rulesPath);
  return withTemporaryFolder((folder): Fitting | string => {
    const playback = beginPlayback(
      {
        connector: setup.connector,
        parameters,
        routingKeys: setup.routingKeys,
        folder,
        curl: createNotingCurl(() => undefined),
        clockRuns: false,
        complain: () => undefined,
      },
      time,
    );
    if (typeof playback === "string") return playback;
    let left: FileRule[] = [];
    for (const rule of view.ofFile) left.push(rule);
    const seen = new LuaSet<string>();
    let problems = 0;
    for (const event of events) {
      time = math.max(time, event.time);
      const { alert } = playback.take(event);
      if (alert !== undefined && alert.facts.state !== STATE.ok) {
        if (!seen.has(alert.dedupKey)) problems = problems + 1;
        seen.add(alert.dedupKey);
        const others: FileRule[] = [];
        for (const each of left) if (!each.rule.fits(alert)) others.push(each);
        left = others;
      }
    }
    const neverFitted: Rule[] = [];
    const unjudged: Rule[] = [];
    for (const { rule, table: ofRule } of left) (looksAtMacros(ofRule) ? unjudged : neverFitted).push(rule);
    return { events: events.length, unreadable, problems, neverFitted, unjudged };
  });
}
