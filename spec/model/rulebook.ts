// The administrator's rules as the model has them: what one says in plain words, what a list of them says of a problem, and
// how it is written into the file. By docs/rules.md: of each thing the first rule decides that fits and says something of it.
import { DAYS, type Shown } from "./local_clock";
import type { Severity } from "./pagerduty";
import { type Texts, decideTexts, fieldsOfTexts, hasPlaceholder } from "./rule_texts";

/**
 * What rules can look at, each a list of words: a problem fits a condition if one of its words is one of those. A metric is
 * compared with a word, `> 5`; a criticality lies in it, `1-2`.
 */
export type About =
  | "host"
  | "service"
  | "host_group"
  | "service_group"
  | "category"
  | "poller"
  | "kind"
  | "state"
  | "severity"
  | "criticality"
  | "business_activity"
  | "business_view"
  | "output"
  | "long_output"
  | "macro"
  | "metric"
  | "acknowledged"
  | "volatile";

/** The one that is looked at. */
const MACRO = "ONCALL";
const METRIC = "load";

export type Condition =
  | { readonly about: About; readonly words: readonly string[]; readonly isNot: boolean }
  | { readonly about: "hours"; readonly hours: Hours; readonly isNot: boolean };

/** From one minute of a day to another; over midnight where that is before it. `days` are those on which they begin. */
export interface Hours {
  readonly days: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface PlainRule {
  readonly when: readonly Condition[];
  readonly page?: boolean;
  readonly severity?: Severity;
  /** Seconds. */
  readonly wait?: number;
  /** The label of a routing key. */
  readonly route?: string;
  readonly texts?: Texts;
  /** No later rule is asked of what it fits. */
  readonly stop?: true;
}

export type Rules = readonly PlainRule[];

/** A problem as rules look at it; what is undefined nobody knows. */
export type Problem = (this: void, about: About) => readonly string[] | undefined;

/** What the rules say of one problem; undefined: nothing. */
export interface Verdict {
  readonly page: boolean | undefined;
  readonly severity: Severity | undefined;
  readonly wait: number | undefined;
  readonly route: string | undefined;
  /** Nor is any parameter asked. */
  readonly isStopped: boolean;
}

/** `*` stands for any characters, or none; `?` for one. */
function fitsWildcard(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const first = string.sub(pattern, 1, 1);
  const rest = string.sub(pattern, 2);
  if (first === "*") {
    for (const from of $range(1, text.length + 1))
      if (fitsWildcard(rest, string.sub(text, from))) return true;
    return false;
  }
  if (text === "" || (first !== "?" && first !== string.sub(text, 1, 1))) return false;
  return fitsWildcard(rest, string.sub(text, 2));
}

function comparesWith(value: number, comparison: string): boolean {
  const [operator, limit] = string.match(comparison, "^(%S+) (%d+)$");
  const difference = value - Number(limit);
  if (operator === ">") return difference > 0;
  return operator === "<=" ? difference <= 0 : difference === 0;
}

function liesIn(level: number, range: string): boolean {
  const [from, to] = string.match(range, "^(%d+)%-(%d+)$");
  return level >= Number(from ?? range) && level <= Number(to ?? range);
}

/** The same few texts are compared again and again: what came of it, by pattern and text. */
const compared: Record<string, Record<string, boolean | undefined> | undefined> = {};

function fits(about: About, word: string, known: string): boolean {
  if (about === "metric") return comparesWith(Number(known), word);
  if (about === "criticality") return liesIn(Number(known), word);
  const ofWord = compared[word] ?? {};
  compared[word] = ofWord;
  const answer = ofWord[known] ?? fitsWildcard(word, known);
  ofWord[known] = answer;
  return answer;
}

export function containsTime({ days, from, to }: Hours, { day, second }: Shown): boolean {
  const minute = second / 60;
  const isOn = (it: number): boolean => days.length === 0 || days.includes(it);
  if (from < to) return isOn(day) && minute >= from && minute < to;
  return (isOn(day) && minute >= from) || (isOn((day + 6) % 7) && minute < to);
}

/** What nobody knows fits neither way round. */
function holds(condition: Condition, problem: Problem, shown: Shown): boolean {
  if (condition.about === "hours") return containsTime(condition.hours, shown) !== condition.isNot;
  const known = problem(condition.about);
  if (known === undefined) return false;
  const { about, words, isNot } = condition;
  for (const it of known) for (const word of words) if (fits(about, word, it)) return !isNot;
  return isNot;
}

function fitsRule({ when }: PlainRule, problem: Problem, shown: Shown): boolean {
  for (const condition of when) if (!holds(condition, problem, shown)) return false;
  return true;
}

/** The rules that are asked of a problem and fit it, in their order. */
function fitting(rules: Rules, problem: Problem, shown: Shown): PlainRule[] {
  const all: PlainRule[] = [];
  for (const rule of rules) {
    if (!fitsRule(rule, problem, shown)) continue;
    all.push(rule);
    if (rule.stop === true) break;
  }
  return all;
}

export function textsOf(rules: Rules, problem: Problem, shown: Shown): Texts {
  return decideTexts(fitting(rules, problem, shown).map(({ texts = {} }) => texts));
}

export function verdictOf(rules: Rules, problem: Problem, shown: Shown): Verdict {
  let [page, severity, wait, route]: [boolean?, Severity?, number?, string?] = [];
  let isStopped = false;
  for (const rule of fitting(rules, problem, shown)) {
    page ??= rule.page;
    severity ??= rule.severity;
    wait ??= rule.wait;
    route ??= rule.route;
    if (rule.stop === true) isStopped = true;
  }
  return { page, severity, wait, route, isStopped };
}

/** Whether one of the rules looks at something of this kind. */
export function looksAt(rules: Rules, abouts: readonly Condition["about"][]): boolean {
  for (const { when } of rules)
    for (const { about } of when) for (const meant of abouts) if (about === meant) return true;
  return false;
}

/** Whether one of them says a text in which a placeholder is one of these. */
export function says(rules: Rules, placeholders: readonly string[]): boolean {
  const isMeant = (placeholder: string): boolean => placeholders.includes(placeholder);
  return rules.some(({ texts }) => texts !== undefined && hasPlaceholder(texts, isMeant));
}

/** Whether one of them looks at the custom variable, or says it. */
export function needsMacro(rules: Rules): boolean {
  return looksAt(rules, ["macro"]) || says(rules, [`macro:${MACRO}`]);
}

function timeText(minute: number): string {
  return string.format("%02d:%02d", math.floor(minute / 60), minute % 60);
}

function hoursText({ days, from, to }: Hours): string {
  const names = days.map((day) => DAYS[day] ?? "").join(",");
  const times = `${timeText(from)}-${timeText(to)}`;
  return names === "" ? times : `${names} ${times}`;
}

function conditionText(condition: Condition): string {
  const name = `${condition.isNot ? "not_" : ""}${condition.about}`;
  if (condition.about === "hours") return `${name} = "${hoursText(condition.hours)}"`;
  if (condition.about === "acknowledged" || condition.about === "volatile") return `${name} = true`;
  const words = condition.words.map((word) => `"${word}"`);
  const list = words.length === 1 ? (words[0] ?? "") : `{ ${words.join(", ")} }`;
  if (condition.about === "macro") return `${name} = { ${MACRO} = ${list} }`;
  return condition.about === "metric" ? `${name} = { ${METRIC} = ${list} }` : `${name} = ${list}`;
}

function ruleText({ when, page, severity, wait, route, texts, stop }: PlainRule, name: string): string {
  const fields = [`name = "${name}"`];
  if (when.length > 0)
    fields.push(`when = { ${when.map((condition) => conditionText(condition)).join(", ")} }`);
  if (page !== undefined) fields.push(`page = ${page ? "true" : "false"}`);
  if (severity !== undefined) fields.push(`severity = "${severity}"`);
  if (wait !== undefined) fields.push(`wait = "${wait}s"`);
  if (route !== undefined) fields.push(`route = "${route}"`);
  for (const field of fieldsOfTexts(texts ?? {})) fields.push(field);
  if (stop === true) fields.push("stop = true");
  return `{ ${fields.join(", ")} }`;
}

/** The file's lines. */
export function linesOf(rules: Rules): string[] {
  return ["return {", ...rules.map((rule, index) => `  ${ruleText(rule, `rule ${index + 1}`)},`), "}"];
}
