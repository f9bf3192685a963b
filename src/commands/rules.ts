// `rules`: what the rules say, in plain words and in their order; or, of one problem, which of them decides what, and why
// the others do not fit. Sends nothing.
import { DEFAULT_ROUTE, type DescribedAlert, type Severity, nameOfPlace } from "../alerts/alert";
import { fillTemplate } from "../pagerduty/template";
import { type Rule, type TextThing, rejectionBy, wordsOf } from "../rules/rule";
import { readCondition } from "../rules/table_conditions";
import { type JsonArray, type JsonField, type JsonObject, type JsonValue, encode } from "../text/json";
import { spokenDuration } from "../text/time";
import { type Arguments, type Option, type Syntax } from "./arguments";
import { withRemedy } from "./file_problem";
import { type JournalView, viewJournal } from "./journal_view";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { PROBLEM_OPTIONS, isProblemAsked, problemOf, readTime, strayOption } from "./rules_problem";
import {
  type FileRule,
  type Fitting,
  type Freed,
  type RulesView,
  countLastGood,
  fittingIn,
  freedWords,
  viewRules,
  wouldFree,
} from "./rules_view";
import { conditionWords, conditionsOf, parameterWords, ruleWords } from "./rules_words";
import { readFile } from "./shell";

function options(): Option[] {
  const all: Option[] = [];
  for (const option of PROBLEM_OPTIONS) all.push(option);
  all.push({ name: "--recording", value: "FILE", meaning: "which rules never fit in it (record_path)" });
  all.push({ name: "--json", meaning: "print it as JSON" });
  return withOutputOptions(all);
}

export const RULES: Syntax = {
  command: "rules",
  purpose:
    "Says what the rules say, in plain words; or, of one problem, which of them decides what. Sends nothing.",
  operands: [],
  optional: "FILE",
  options: options(),
};

/** A rule as it is told. */
interface ToldRule {
  readonly name: string;
  readonly words: string;
  /** Of one problem: whether it fits, and the conditions that do not hold. */
  readonly fits?: boolean;
  readonly unmet?: readonly string[];
}

/** What is decided of a problem, and by whom. */
interface Decision {
  readonly thing: string;
  readonly value: string;
  readonly by: string;
}

/** The conditions of a rule that do not hold. */
function unmetOf({ table }: FileRule, alert: DescribedAlert, { knowledge }: RulesView): string[] {
  let zone: string | undefined;
  for (const { name, value } of table.fields) if (name === "zone" && typeof value === "string") zone = value;
  const { routes, severityOf, unixTime, weekClock } = knowledge;
  const context = { routes, severityOf, unixTime, weekClock, zone, needVariable: () => undefined };
  const unmet: string[] = [];
  for (const field of conditionsOf(table)) {
    const condition = readCondition(field.name, field.value, () => undefined, context);
    const answer = condition?.test(alert);
    if (answer === undefined) unmet.push(`${conditionWords(field)} (nobody knows)`);
    else if (!answer) unmet.push(conditionWords(field));
  }
  return unmet;
}

/** The rules of the file, and how each stands to a problem. */
function fileRules(view: RulesView, alert: DescribedAlert | undefined): ToldRule[] {
  const told: ToldRule[] = [];
  for (const each of view.ofFile) {
    const { rule, table } = each;
    const words = ruleWords(table);
    told.push(
      alert === undefined
        ? { name: rule.name, words }
        : { name: rule.name, words, fits: rule.fits(alert), unmet: unmetOf(each, alert, view) },
    );
  }
  return told;
}

/** The rules that the parameters are, each once. */
function parameterRules({ settings, rules }: Setup): string[] {
  const told: string[] = [];
  const known = new LuaSet<string>();
  for (const rule of rules.rules) {
    const words = parameterWords(rule, settings);
    if (words !== undefined && !known.has(words)) {
      known.add(words);
      told.push(words);
    }
  }
  return told;
}

const TEXTS: readonly TextThing[] = ["summary", "source", "component", "group", "class"];
const LISTS = ["details", "links", "images"] as const;

function pageDecision(alert: DescribedAlert, { rules }: RulesView): Decision {
  if (alert.resource.kind === "poller")
    return { thing: "page", value: "yes", by: "a silent poller is nobody's to filter" };
  const rule = rules.all.deciding(alert, "page");
  if (rule === undefined) return { thing: "page", value: "yes", by: "no rule keeps it from paging" };
  return rule.page === false
    ? { thing: "page", value: "no", by: rejectionBy(rule, alert) }
    : { thing: "page", value: "yes", by: wordsOf(rule) };
}

function byRule(rule: Rule | undefined, otherwise: string): string {
  return rule === undefined ? otherwise : wordsOf(rule);
}

/** The names of what a rule adds. */
function namesIn(
  rule: Rule,
  list: (typeof LISTS)[number],
  alert: DescribedAlert,
  severity: Severity,
): string {
  const names: string[] = [];
  if (list === "details") for (const { name } of rule.details ?? []) names.push(name);
  else for (const { text } of rule[list] ?? []) names.push(fillTemplate(text, { alert, severity }));
  return table.concat(names, ", ");
}

/** What is decided of a problem, each thing by one rule. */
function decisionsOf(alert: DescribedAlert, view: RulesView): Decision[] {
  const { all, severityOf } = view.rules;
  const decisions = [pageDecision(alert, view)];
  const ofSeverity = all.deciding(alert, "severity");
  const severity = ofSeverity?.severity ?? severityOf(alert);
  decisions.push({ thing: "severity", value: severity, by: byRule(ofSeverity, "its state") });
  const ofRoute = all.deciding(alert, "route");
  const route = ofRoute?.route?.(alert) ?? DEFAULT_ROUTE;
  decisions.push({ thing: "route", value: route, by: byRule(ofRoute, "no rule says another") });
  const ofWait = all.deciding(alert, "wait");
  const wait = ofWait?.wait ?? 0;
  decisions.push({
    thing: "wait",
    value: wait === 0 ? "none" : spokenDuration(wait),
    by: byRule(ofWait, "no rule says one"),
  });
  for (const thing of TEXTS) {
    const rule = all.deciding(alert, thing);
    const template = rule?.[thing];
    if (rule !== undefined && template !== undefined)
      decisions.push({ thing, value: fillTemplate(template, { alert, severity }), by: wordsOf(rule) });
  }
  for (const thing of LISTS)
    all.each(alert, thing, (rule) => {
      decisions.push({ thing, value: namesIn(rule, thing, alert, severity), by: wordsOf(rule) });
    });
  return decisions;
}

/** What is known of the rules beside what they say of one problem. */
interface Findings {
  readonly path: string;
  readonly told: readonly ToldRule[];
  readonly ofParameters: readonly string[];
  /** Problems that are held now, and would not be by these rules; undefined: there is no journal to look at. */
  readonly freed: Freed | undefined;
  readonly recording: string;
  readonly fitting: Fitting | undefined;
}

/** Width of "severity", so that what is decided stands in columns. */
const THING_WIDTH = 10;
const VALUE_WIDTH = 10;

function padded(text: string, width: number): string {
  return text + string.rep(" ", math.max(1, width - text.length));
}

function tellRule(
  { name, words, fits, unmet }: ToldRule,
  number: number,
  isStopped: boolean,
  report: Report,
): void {
  const start = string.format('  %d. "%s"', number, name);
  if (fits === undefined) report.add(`${start}: ${words}`);
  else if (isStopped) report.add(`${start} is not asked: a rule before it says stop`);
  else if (fits) report.add(`${start} fits: ${words}`);
  else report.add(`${start} fails on ${table.concat((unmet ?? []) as string[], "; ")}`);
}

function namesOf(rules: readonly Rule[]): string {
  const names: string[] = [];
  for (const { name } of rules) names.push(`"${name}"`);
  return table.concat(names, ", ");
}

function tellFitting(
  recording: string,
  { events, unreadable, problems, neverFitted, unjudged }: Fitting,
  report: Report,
): void {
  for (const each of unreadable) report.find("WARNING", recording, each);
  const what = `${recording} (${counted(problems, "problem")} in ${counted(events, "event")})`;
  if (neverFitted.length > 0) report.add(`never fitted in ${what}: ${namesOf(neverFitted)}`);
  else if (unjudged.length === 0) report.add(`every rule of the file fitted in ${what}`);
  if (unjudged.length > 0)
    report.add(`cannot be judged by ${what}, since recordings have no macros: ${namesOf(unjudged)}`);
}

/** Tells of each rule of the file. */
function tellRules(told: readonly ToldRule[], { ofFile }: RulesView, report: Report): void {
  let isStopped = false;
  for (const [number, each] of ipairs(told)) {
    tellRule(each, number, isStopped, report);
    isStopped = isStopped || (each.fits === true && ofFile[number - 1]?.rule.stop === true);
  }
}

/** Tells of the rules of the parameters, and what all of them lead to. */
function tellFindings(findings: Findings, report: Report): void {
  for (const [number, words] of ipairs(findings.ofParameters))
    report.add(string.format("  %d. %s", findings.told.length + number, words));
  if (findings.fitting !== undefined) tellFitting(findings.recording, findings.fitting, report);
  if (findings.freed !== undefined) report.add(freedWords(findings.freed));
}

function listOf(texts: readonly string[]): JsonArray {
  const items: JsonValue[] = [];
  for (const text of texts) items.push(text);
  return { items };
}

function jsonOfRule({ name, words, fits, unmet }: ToldRule): JsonObject {
  const conditions = unmet && listOf(unmet);
  const fields: JsonField[] = [
    ["name", name],
    ["words", words],
    ["fits", fits],
    ["unmet", conditions],
  ];
  return { fields };
}

function jsonOf(findings: Findings, decisions: readonly Decision[]): string {
  const rules: JsonValue[] = [];
  for (const rule of findings.told) rules.push(jsonOfRule(rule));
  const decided: JsonValue[] = [];
  for (const { thing, value, by } of decisions)
    decided.push({
      fields: [
        ["thing", thing],
        ["value", value],
        ["by", by],
      ],
    });
  const parameters = listOf(findings.ofParameters);
  const all: JsonField[] = [
    ["file", findings.path],
    ["rules", { items: rules }],
    ["parameters", parameters],
  ];
  if (decided.length > 0) all.push(["decided", { items: decided }]);
  if (findings.freed !== undefined) all.push(["would_free", findings.freed.count]);
  if (findings.fitting !== undefined) {
    const names: string[] = [];
    for (const { name } of findings.fitting.neverFitted) names.push(name);
    const neverFitted = listOf(names);
    all.push(["never_fitted", neverFitted]);
  }
  return encode({ fields: all });
}

/** What a file that is not used yet would free; undefined where nothing is known. */
function freedBy(view: RulesView, { alerts, problem }: JournalView): Freed | undefined {
  return problem === undefined ? wouldFree(alerts, view.rules) : undefined;
}

/** What follows from the decisions, in short. */
function outcomeOf(decisions: readonly Decision[]): string {
  const valueOf = (thing: string): string => {
    for (const decision of decisions) if (decision.thing === thing) return decision.value;
    return "";
  };
  if (valueOf("page") === "no") return "no page";
  const wait = valueOf("wait") === "none" ? "" : ` if it lasts ${valueOf("wait")}`;
  return `it pages${wait}: ${valueOf("severity")}, to ${valueOf("route")}`;
}

export function rules(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const { settings } = setup;
  const fail = (problem: string, code: number = EXIT.problem): number => {
    report.print(`FAILED rules: ${problem}`);
    return code;
  };
  const isAsked = isProblemAsked(given);
  const stray = isAsked ? undefined : strayOption(given);
  if (stray !== undefined)
    return fail(`${stray} is of a problem: name its --host, --business-activity or --poller`, EXIT.usage);
  const atText = given.value("--at");
  const now = os.time();
  const at = atText === undefined ? now : readTime(atText, now);
  if (at === undefined)
    return fail(`--at "${atText ?? ""}": expected a time, "2026-11-27 03:00" or "03:00"`, EXIT.usage);

  const path = given.operands[0] ?? settings.pdy_rules_file;
  const view = viewRules(path, setup, () => at);
  if (typeof view === "string") {
    const lastGood = path === settings.pdy_rules_file ? countLastGood(setup) : undefined;
    if (lastGood !== undefined)
      report.add(`meanwhile the last good one holds, with ${counted(lastGood, "rule")}`);
    return fail(`${path}: ${view}`);
  }
  const journal = viewJournal(settings.state_path);
  const asked = isAsked ? problemOf(given, journal.alerts, at) : undefined;
  if (typeof asked === "string") return fail(asked, EXIT.usage);
  const alert = asked?.alert;

  const recording = given.value("--recording") ?? settings.record_path;
  const [recorded, unreadable] = readFile(recording);
  if (recorded === undefined && given.value("--recording") !== undefined)
    return fail(withRemedy(unreadable, "correct the path"));
  const isPlayed = recorded !== undefined && view.ofFile.length > 0 && !isAsked;
  const fitting = isPlayed ? fittingIn(recording, path, setup) : undefined;
  if (typeof fitting === "string") return fail(fitting);

  const findings: Findings = {
    path,
    told: fileRules(view, alert),
    ofParameters: parameterRules(setup),
    freed: isAsked ? undefined : freedBy(view, journal),
    recording,
    fitting,
  };
  const decisions = alert === undefined ? [] : decisionsOf(alert, view);
  if (given.has("--json")) {
    report.print(jsonOf(findings, decisions));
    return EXIT.good;
  }
  for (const { thing, value, by } of decisions)
    report.add(`  ${padded(thing, THING_WIDTH)}${padded(value, VALUE_WIDTH)}${by}`);
  tellRules(findings.told, view, report);
  if (settings.custom_code_file !== "")
    report.add("custom_code_file has the last word, and is not asked here");
  const ofFile =
    path === "" ? "no pdy_rules_file is set" : `${counted(findings.told.length, "rule")} in ${path}`;
  if (alert === undefined) {
    tellFindings(findings, report);
    const count = findings.ofParameters.length;
    const ofParameters = path === "" ? counted(count, "rule") : `and ${string.format("%d", count)}`;
    report.print(`ok: ${ofFile}, ${ofParameters} of the parameters`);
    return EXIT.good;
  }
  if (asked?.isInJournal === true) report.add("what the options do not say is what the journal has of it");
  const when = os.date("%Y-%m-%d %H:%M", at) as string;
  report.print(
    `ok: ${nameOfPlace(alert.place)}, ${alert.report.stateName} at ${when}: ${outcomeOf(decisions)} (${ofFile})`,
  );
  return EXIT.good;
}
