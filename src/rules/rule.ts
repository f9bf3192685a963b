// A rule: which problems it speaks of, and what it says of them; and which of several rules decides. Reads neither the
// file nor the parameters.
import type { Facts, Place, Report, Resource, ResourceKind, Severity } from "../alerts/alert";
import type { LinkTemplate } from "../pagerduty/links";
import type { DetailTemplate, Template } from "../pagerduty/template";

/** What rules are asked about: an alert, or what a change was done to. What is undefined, nobody knows. */
export interface RuleSubject {
  readonly dedupKey: string;
  readonly resource: Resource;
  readonly place?: Place | undefined;
  readonly facts?: Facts | undefined;
  readonly report?: Report | undefined;
  readonly isVolatile?: boolean | undefined;
  /** Why Centreon itself would notify nobody, where that counts. */
  readonly unnotified?: string | undefined;
}

/** Whether a condition holds; undefined: nobody knows. Then it does not fit, turned round or not. */
export type Test = (this: void, subject: RuleSubject) => boolean | undefined;

/** A condition of a rule. */
export interface Condition {
  readonly test: Test;
  /** What it costs to ask, roughly: the cheap ones are asked first. */
  readonly cost: number;
  /** The only kinds of resources for which it holds; undefined: any may be. */
  readonly kinds?: readonly ResourceKind[];
  /** The Unix time at which it may hold or no longer do so with nothing else happening; undefined: never. */
  readonly nextChange?: (this: void) => number;
}

/** What a rule may say. Each is decided by the first rule that fits and says something of it; the last three add up. */
export interface Sayings {
  /** Whether the problem may open an alert. */
  page?: boolean;
  severity?: Severity;
  /** The label of a routing key; undefined where the rule has none for this one after all. */
  route?: (this: void, subject: RuleSubject) => string | undefined;
  /** For how many seconds a problem must last before it opens an alert. */
  wait?: number;
  summary?: Template;
  source?: Template;
  component?: Template;
  group?: Template;
  class?: Template;
  details?: readonly DetailTemplate[];
  links?: readonly LinkTemplate[];
  images?: readonly LinkTemplate[];
}

export type Thing = keyof Sayings;

/** A text that takes the place of the usual one. */
export type TextThing = "summary" | "source" | "component" | "group" | "class";

export interface Rule extends Readonly<Sayings> {
  readonly name: string;
  /** RULES_FILE, or the parameter that was translated into it. */
  readonly origin: string;
  /** The kinds of resources it may speak of; undefined: all. */
  readonly kinds?: readonly ResourceKind[] | undefined;
  readonly fits: (this: void, subject: RuleSubject) => boolean;
  /** The next Unix time at which it may fit, or no longer, with nothing else happening; undefined: none. */
  readonly changesAt?: (this: void, subject: RuleSubject) => number | undefined;
  /** For the log: why the problem opens no alert, where that is not said by the rule's name alone. */
  readonly reason?: (this: void, subject: RuleSubject) => string | undefined;
  /** Custom variables that it looks at or tells: they must be known. */
  readonly customVariables?: readonly string[];
  /** Says what holds where the administrator says nothing: the log need not name it. */
  readonly isUsual?: boolean;
  /** No later rule is asked of what this one fits. */
  readonly stop?: boolean;
}

/** A rule that is being put together. */
export type RuleInTheMaking = { -readonly [Field in keyof Rule]: Rule[Field] };

/** The origin of the rules that stand in a file. */
export const RULES_FILE = "pdy_rules_file";

/** How the log calls a rule. */
export function wordsOf({ name, origin }: Rule): string {
  return origin === RULES_FILE ? `rule "${name}" of ${RULES_FILE}` : name;
}

/** Why a rule keeps a problem from opening an alert, in words for the log. */
export function rejectionBy(rule: Rule, subject: RuleSubject): string {
  return rule.reason?.(subject) ?? `${wordsOf(rule)} says page = false`;
}

/** Whether all of `tests` hold. */
function allHold(tests: readonly Test[]): (this: void, subject: RuleSubject) => boolean {
  const only = tests[0];
  if (only === undefined) return () => true;
  if (tests.length === 1) return (subject) => only(subject) === true;
  return (subject) => {
    for (const test of tests) if (test(subject) !== true) return false;
    return true;
  };
}

/** What becomes of a rule that fits while all of `conditions` hold. */
export function fitting(conditions: readonly Condition[]): Pick<RuleInTheMaking, "fits" | "changesAt"> {
  const inOrder: Condition[] = [];
  for (const condition of conditions) inOrder.push(condition);
  table.sort(inOrder, (left, right) => left.cost < right.cost);
  const tests: Test[] = [];
  const lasting: Test[] = [];
  const changes: ((this: void) => number)[] = [];
  for (const { test, nextChange } of inOrder) {
    tests.push(test);
    if (nextChange === undefined) lasting.push(test);
    else changes.push(nextChange);
  }
  const fits = allHold(tests);
  if (changes.length === 0) return { fits };
  const mayFit = allHold(lasting);
  const changesAt = (subject: RuleSubject): number | undefined => {
    if (!mayFit(subject)) return undefined;
    let earliest = math.huge;
    for (const nextChange of changes) earliest = math.min(earliest, nextChange());
    return earliest;
  };
  return { fits, changesAt };
}

/** Rules in their order. */
export interface RuleList {
  /** The rule that decides about `thing`; undefined: none does. */
  readonly deciding: (this: void, subject: RuleSubject, thing: Thing) => Rule | undefined;
  /** All that fit and say something of `thing`, in their order. */
  readonly each: (
    this: void,
    subject: RuleSubject,
    thing: Thing,
    visit: (this: void, rule: Rule) => void,
  ) => void;
  /** The next Unix time at which one of them may say something else; undefined: none. */
  readonly changesAt: (this: void, subject: RuleSubject) => number | undefined;
}

function speaksOf(rule: Rule, kind: ResourceKind): boolean {
  if (rule.kinds === undefined) return true;
  for (const candidate of rule.kinds) if (candidate === kind) return true;
  return false;
}

/** Things that are decided beforehand; texts are asked when an event is composed. */
const DECIDED: readonly Thing[] = ["page", "severity", "route", "wait"];

/** Whether the hours of a rule may change what is decided of a problem. */
function decidesByHours(rule: Rule): boolean {
  if (rule.changesAt === undefined) return false;
  for (const thing of DECIDED) if (rule[thing] !== undefined) return true;
  return rule.stop === true;
}

/** What is kept of the rules for each kind of resource: only those that may have something to say. */
type Chains = LuaTable<ResourceKind, LuaTable<Thing | "hours", readonly Rule[] | undefined> | undefined>;

export function listOfRules(rules: readonly Rule[]): RuleList {
  const chains: Chains = new LuaTable();

  const chainOf = (kind: ResourceKind, thing: Thing | "hours"): readonly Rule[] => {
    let ofKind = chains.get(kind);
    if (ofKind === undefined) {
      ofKind = new LuaTable();
      chains.set(kind, ofKind);
    }
    const known = ofKind.get(thing);
    if (known !== undefined) return known;
    const chain: Rule[] = [];
    for (const rule of rules) {
      const matters =
        thing === "hours" ? decidesByHours(rule) : rule[thing] !== undefined || rule.stop === true;
      if (matters && speaksOf(rule, kind)) chain.push(rule);
    }
    ofKind.set(thing, chain);
    return chain;
  };

  return {
    deciding: (subject, thing) => {
      for (const rule of chainOf(subject.resource.kind, thing)) {
        if (rule.fits(subject)) {
          const said = thing === "route" ? rule.route?.(subject) : rule[thing];
          if (said !== undefined) return rule;
          if (rule.stop === true) return undefined;
        }
      }
      return undefined;
    },
    each: (subject, thing, visit) => {
      for (const rule of chainOf(subject.resource.kind, thing)) {
        if (rule.fits(subject)) {
          if (rule[thing] !== undefined) visit(rule);
          if (rule.stop === true) return;
        }
      }
    },
    changesAt: (subject) => {
      let earliest: number | undefined;
      for (const rule of chainOf(subject.resource.kind, "hours")) {
        const change = rule.changesAt?.(subject);
        if (change !== undefined && (earliest === undefined || change < earliest)) earliest = change;
      }
      return earliest;
    },
  };
}
