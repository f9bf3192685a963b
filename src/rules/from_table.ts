// A table, as pdy_rules_file has it, read into rules: all of it, or nothing and what is wrong with it. What can stand in
// `when` is table_conditions.ts's to know.
import { type DescribedAlert, type Report, type ResourceKind, isSeverity } from "../alerts/alert";
import type { LinkTemplate } from "../pagerduty/links";
import {
  type DetailTemplate,
  type Template,
  fillTemplate,
  macrosIn,
  readTemplate,
} from "../pagerduty/template";
import { readLink } from "./formats";
import type { LuaTableValue, LuaValue } from "./lua_table";
import {
  type Condition,
  RULES_FILE,
  type Rule,
  type RuleInTheMaking,
  type RuleSubject,
  fitting,
  wordsOf,
} from "./rule";
import { type ConditionContext, type TableKnowledge, isCondition, readCondition } from "./table_conditions";
import { type Complain, flagOf, possible, shown } from "./table_values";

export type ReadRules = { readonly rules: readonly Rule[] } | { readonly problem: string };

/** What rules may speak of: not of the connector's alert about itself. */
const KINDS: readonly ResourceKind[] = ["host", "service", "business activity", "poller"];

/** What reads what a rule says: puts it into `rule`, or complains. */
type Sayer = (
  this: void,
  rule: RuleInTheMaking,
  value: LuaValue,
  complain: Complain,
  context: ConditionContext,
) => void;

const SECONDS_OF: Record<string, number | undefined> = { d: 86400, h: 3600, m: 60, s: 1 };

/** The seconds of `5m`, `90s` or `1h30m`; undefined when `text` is no such time. */
function secondsOf(text: string): number | undefined {
  let seconds: number | undefined;
  const [rest] = string.gsub(text, "(%d+)%s*([dhms])", (digits, unit) => {
    seconds = (seconds ?? 0) + (tonumber(digits) ?? 0) * (SECONDS_OF[unit] ?? 0);
    return "";
  });
  return string.find(rest, "%S")[0] === undefined ? seconds : undefined;
}

const sayWait: Sayer = (rule, value, complain) => {
  const seconds = typeof value === "string" ? secondsOf(value) : value;
  if (typeof seconds === "number" && seconds >= 0 && math.floor(seconds) === seconds) rule.wait = seconds;
  else
    complain(
      `${shown(value)}: expected a time, such as "5m", "90s" or "1h30m", or a whole number of seconds`,
    );
};

const SEVERITIES = ["critical", "error", "warning", "info"];

const saySeverity: Sayer = (rule, value, complain) => {
  if (isSeverity(value)) rule.severity = value;
  else complain(`${shown(value)}: ${possible(typeof value === "string" ? value : "", SEVERITIES)}`);
};

/** A text with placeholders; undefined where it cannot be read, which `complain` was told. */
function templateOf(value: LuaValue, complain: Complain, context: ConditionContext): Template | undefined {
  const isText = typeof value === "string" && string.find(value, "%S")[0] !== undefined;
  if (!isText) return complain(`${shown(value)}: expected a text, such as "{host}: {state}"`);
  const template = readTemplate(value, undefined);
  if (typeof template === "string") return complain(`"${value}": ${template}`);
  for (const name of macrosIn(template)) context.needVariable(name);
  return template;
}

/** What no check has said yet. */
const NO_REPORT: Report = {
  stateName: "",
  output: "",
  longOutput: "",
  perfdata: "",
  attempt: 0,
  maximumAttempts: 0,
  lastOk: 0,
  since: 0,
};

/** Most different lines about labels without a key: custom variables may hold anything. */
const MOST_WARNINGS = 10;

/** The label that `template` makes of a subject; undefined where there is no key with that label. */
function labelTemplate(
  rule: Rule,
  template: Template,
  { routes, severityOf, warning }: TableKnowledge,
): (this: void, subject: RuleSubject) => string | undefined {
  const said = new LuaSet<string>();
  let warnings = 0;
  const warnOf = (label: string): void => {
    if (label === "" || said.has(label) || warnings === MOST_WARNINGS || warning === undefined) return;
    said.add(label);
    warnings = warnings + 1;
    warning(
      `${wordsOf(rule)}: there is no usable parameter pdy_routing_key_${label} for route = "${label}"; the next rules decide (said once)`,
    );
  };
  return (subject) => {
    const { dedupKey, resource, place, report } = subject;
    if (place === undefined) return undefined;
    const described = { dedupKey, resource, place, report: report ?? NO_REPORT } as DescribedAlert;
    const label = fillTemplate(template, { alert: described, severity: severityOf(subject) });
    for (const route of routes) if (route === label) return label;
    warnOf(label);
    return undefined;
  };
}

const sayRoute: Sayer = (rule, value, complain, context) => {
  const template = templateOf(value, complain, context);
  if (template === undefined) return;
  const only = template[0];
  if (template.length > 1 || typeof only !== "string") {
    rule.route = labelTemplate(rule, template, context);
    return;
  }
  for (const route of context.routes) if (route === only) rule.route = () => route;
  if (rule.route === undefined)
    complain(
      `"${only}": there is no usable parameter pdy_routing_key_${only}: ${possible(only, context.routes)}`,
    );
};

function sayText(name: "summary" | "source" | "component" | "group" | "class"): Sayer {
  return (rule, value, complain, context) => {
    const template = templateOf(value, complain, context);
    if (template !== undefined) rule[name] = template;
  };
}

function sayFlag(name: "page" | "stop"): Sayer {
  return (rule, value, complain) => {
    const flag = flagOf(value, complain);
    if (flag !== undefined) rule[name] = flag;
  };
}

const sayDetails: Sayer = (rule, value, complain, context) => {
  const fields = typeof value === "object" && value.items.length === 0 ? value.fields : [];
  const details: DetailTemplate[] = [];
  for (const field of fields) {
    const { value: text } = field;
    const template = templateOf(
      typeof text === "number" || typeof text === "boolean" ? tostring(text) : text,
      complain,
      context,
    );
    if (template === undefined) return;
    details.push({ name: field.name, template });
  }
  if (details.length > 0) rule.details = details;
  else complain(`${shown(value)}: expected a table of names and texts: { rack = "{macro:RACK}" }`);
};

/** `{ "Runbook", "https://wiki.example.com/{service}" }`, or what is wrong with it. */
function linkOf(kind: "links" | "images", value: LuaValue, context: ConditionContext): LinkTemplate | string {
  const items = typeof value === "object" ? value.items : [];
  const text = items[0];
  const address = items[1];
  if (typeof text !== "string" || typeof address !== "string" || items.length > 2)
    return `expected a list of texts with their addresses: { { "Runbook", "https://wiki.example.com/{service}" } }`;
  const link = readLink(kind, text, address, undefined);
  if (typeof link === "string") return `"${address}": ${link}`;
  for (const template of [link.text, link.address])
    for (const name of macrosIn(template)) context.needVariable(name);
  return link;
}

function sayLinks(kind: "links" | "images"): Sayer {
  return (rule, value, complain, context) => {
    const items = typeof value === "object" && value.items.length > 0 ? value.items : [value];
    const links: LinkTemplate[] = [];
    for (const item of items) {
      const link = linkOf(kind, item, context);
      if (typeof link === "string") {
        complain(link);
        return;
      }
      links.push(link);
    }
    rule[kind] = links;
  };
}

const SAYERS: Record<string, Sayer | undefined> = {
  page: sayFlag("page"),
  severity: saySeverity,
  route: sayRoute,
  wait: sayWait,
  summary: sayText("summary"),
  source: sayText("source"),
  component: sayText("component"),
  group: sayText("group"),
  class: sayText("class"),
  details: sayDetails,
  links: sayLinks("links"),
  images: sayLinks("images"),
  stop: sayFlag("stop"),
};

/** What can stand in a rule, in the order in which it is told. */
const FIELDS = [
  "name",
  "when",
  "zone",
  "page",
  "severity",
  "route",
  "wait",
  "summary",
  "source",
  "component",
  "group",
  "class",
  "details",
  "links",
  "images",
  "stop",
];

/** The text of a field; undefined where it is not there, or no text, which `complain` is told. */
function textIn(table: LuaTableValue, name: string, complain: Complain): string | undefined {
  for (const field of table.fields) {
    if (field.name === name) {
      const { value } = field;
      return typeof value === "string" && value !== ""
        ? value
        : complain(`${name} = ${shown(value)}: expected a text`);
    }
  }
  return undefined;
}

/** Why a field cannot stand in a rule. */
function strangerProblem(name: string): string {
  return isCondition(name)
    ? `${name} is a condition: write when = { ${name} = … }`
    : `there is no such field: ${possible(name, FIELDS)}`;
}

/** Reads `when`: all conditions; those that cannot be read are left out, which `complain` was told. */
function readConditions(
  when: LuaValue,
  complain: (this: void, text: string, line?: number) => undefined,
  context: ConditionContext,
): Condition[] {
  const conditions: Condition[] = [];
  if (typeof when !== "object" || when.items.length > 0) {
    complain(`when = ${shown(when)}: expected a table of conditions: { host = "web-*" }`);
    return conditions;
  }
  for (const { name, value, line } of when.fields) {
    const complainOfField: Complain = (text) => complain(`when.${name}: ${text}`, line);
    const isSaying = SAYERS[name] !== undefined && !isCondition(name);
    const condition = isSaying
      ? complainOfField("it is no condition: write it beside when, not into it")
      : readCondition(name, value, complainOfField, context);
    if (condition !== undefined) conditions.push(condition);
  }
  return conditions;
}

/** Reads one rule, the `index`th from 1. `complain` takes the first thing that is wrong with it. */
function readRule(
  table: LuaTableValue,
  index: number,
  known: TableKnowledge,
  complain: (this: void, text: string) => void,
): Rule {
  let name = string.format("#%d", index);
  const complainOf = (text: string, line = table.line): undefined => {
    complain(string.format('line %d: rule "%s": %s', line, name, text));
    return undefined;
  };
  name = textIn(table, "name", complainOf) ?? name;
  const zone = textIn(table, "zone", complainOf);
  const customVariables: string[] = [];
  const context: ConditionContext = {
    routes: known.routes,
    severityOf: known.severityOf,
    unixTime: known.unixTime,
    weekClock: known.weekClock,
    warning: known.warning,
    zone,
    needVariable: (variable) => customVariables.push(variable),
  };
  const rule: RuleInTheMaking = { name, origin: RULES_FILE, kinds: KINDS, fits: () => true, customVariables };
  let saysSomething = false;
  for (const { name: field, value, line } of table.fields) {
    const complainOfField: Complain = (text) => complainOf(`${field}: ${text}`, line);
    const say = SAYERS[field];
    if (field === "when") takeConditions(rule, readConditions(value, complainOf, context));
    else if (say !== undefined) {
      saysSomething = true;
      say(rule, value, complainOfField, context);
    } else if (field !== "name" && field !== "zone") complainOfField(strangerProblem(field));
  }
  if (table.items.length > 0)
    complainOf(`${shown(table.items[0] as LuaValue)} stands there without a name: ${possible("", FIELDS)}`);
  if (!saysSomething) complainOf("it says nothing: write what follows, such as page = false");
  if (zone !== undefined && rule.changesAt === undefined)
    complainOf(`zone = "${zone}" does nothing without hours: write when = { hours = … }`);
  if (rule.page === false && rule.kinds?.length === 1 && rule.kinds[0] === "poller")
    complainOf("page = false does nothing for a poller: set severity_poller_silent to none");
  return rule;
}

function takeConditions(rule: RuleInTheMaking, conditions: readonly Condition[]): void {
  const { fits, changesAt } = fitting(conditions);
  rule.fits = fits;
  if (changesAt !== undefined) rule.changesAt = changesAt;
  for (const { kinds } of conditions) if (kinds !== undefined) rule.kinds = kinds;
}

/** Reads the rules in `table`, or says what is wrong with the first that cannot be used: then none is. */
export function readRules(table: LuaTableValue, known: TableKnowledge): ReadRules {
  const rules: Rule[] = [];
  const problems: string[] = [];
  const complain = (text: string): void => {
    problems.push(text);
  };
  const stranger = table.fields[0];
  if (stranger !== undefined)
    complain(
      string.format(
        'line %d: "%s" stands beside the rules: expected a list of rules, each in braces: return { { name = … }, { name = … } }',
        stranger.line,
        stranger.name,
      ),
    );
  const lineOf = new LuaTable<string, number | undefined>();
  for (const [index, item] of ipairs(table.items)) {
    if (typeof item !== "object") {
      complain(string.format("rule %d is %s: expected a rule in braces: { name = … }", index, shown(item)));
    } else {
      const rule = readRule(item, index, known, complain);
      const before = lineOf.get(rule.name);
      if (before !== undefined)
        complain(
          string.format(
            'line %d: rule "%s": line %d has a rule of that name: the log must tell them apart',
            item.line,
            rule.name,
            before,
          ),
        );
      lineOf.set(rule.name, item.line);
      rules.push(rule);
    }
  }
  const problem = problems[0];
  return problem === undefined ? { rules } : { problem };
}
