// Gives a history rules of an administrator's: a file of them, which changes while problems are open, goes bad and is gone; and
// the clock on the wall that their hours look at. By chance of its own: what happens otherwise does not hang on it.
import { type Random, randomFrom } from "../support/random";
import type { Labels } from "./engine";
import type { History, RulesSetting, Setting, Step } from "./history";
import type { LocalClock } from "./local_clock";
import { type About, type Condition, type Hours, type PlainRule, type Rules, looksAt } from "./rulebook";
import type { Written } from "./rules_file";

/** In which the connector must know what things are called: a crash takes that from the broker, a removal from both. */
const BY_NAME: readonly About[] = [
  "host",
  "service",
  "host_group",
  "service_group",
  "poller",
  "kind",
  "criticality",
  "macro",
  "volatile",
];

const OF_CHECKS: readonly About[] = ["long_output", "metric"];

const WORDS: Partial<Record<About, readonly (readonly string[])[]>> = {
  host: [["host 1"], ["host ?"], ["host 2", "host 3"], ["*1'*"]],
  service: [["service 101"], ["service 10?"], ["*2*", "service 104"], ["*'"]],
  host_group: [["Shops"]],
  kind: [["host"], ["service"]],
  state: [["WARNING"], ["CRITICAL", "DOWN"], ["UNKNOWN", "UNREACHABLE", "WARNING"]],
  severity: [["critical"], ["warning", "info"], ["error"]],
  output: [["*as usual*"], ["*never before?"]],
  long_output: [["*full?since*"], ["the queue is short"], ["the queue*"]],
  metric: [["> 5"], ["<= 5"], ["== 8"]],
  service_group: [["Payments"], ["Pay*"]],
  poller: [["poller 1"], ["poller 2"], ["poller ?"]],
  criticality: [["1-2"], ["0"], ["2-4", "1"], ["3"]],
  macro: [["dba"], ["net*"], ["*"], ["web", "net-1"]],
  acknowledged: [["true"]],
  volatile: [["true"]],
};

/** Minutes of the day: what hours name, and what the clock shows when a history begins. */
const BOUNDS = [22 * 60, 23 * 60 + 40, 23 * 60 + 55, 0, 5, 20, 60, 6 * 60];
const BEGINNINGS = [21 * 60 + 55, 23 * 60 + 30, 23 * 60 + 50, 23 * 60 + 57];
const DAYS = [[], [], [0], [0, 1], [1], [6, 0]];

/** Every history begins on a Monday at that time, in UTC: Unix time, and minutes of the day. */
const BEGINNING = 1759741200;
const BEGINNING_OF_DAY = 9 * 60;

function randomClock(random: Random): LocalClock {
  const ahead = (random.oneOf(BEGINNINGS) - BEGINNING_OF_DAY) * 60;
  const change = {
    at: BEGINNING + random.integer(5, 90) * 60,
    ahead: ahead + random.oneOf([-3600, 3600]),
  };
  return { ahead, change: random.integer(1, 3) === 1 ? change : undefined };
}

function randomHours(random: Random): Hours {
  const from = random.oneOf(BOUNDS);
  return { days: random.oneOf(DAYS), from, to: random.oneOf(BOUNDS.filter((it) => it !== from)) };
}

function randomCondition(random: Random, abouts: readonly Condition["about"][]): Condition {
  const isNot = random.integer(1, 4) === 1;
  const about = random.oneOf(abouts);
  if (about === "hours") return { about, hours: randomHours(random), isNot };
  return { about, words: random.oneOf(WORDS[about] ?? []), isNot };
}

/** Makes rules that the model can judge in this setting. */
function rulesFor({ parameters, hosts }: Setting, random: Random): (this: void) => Rules {
  const abouts: Condition["about"][] = ["state", "severity", "output", "hours", "hours", "acknowledged"];
  if (random.integer(1, 3) === 1) abouts.push("host", "host", "service", "service", "kind", "volatile");
  if (parameters.accepted_hostgroups !== undefined) abouts.push("host_group");
  const hasParents = hosts.some(({ parent }) => parent !== undefined);
  // Up to which severity an acknowledgement counts is more than the model knows where the severity hangs on rules.
  const mayGrade = parameters.pdy_repage_on_escalation === undefined;

  const randomRule = (): PlainRule => {
    const when: Condition[] = [];
    for (const _ of $range(1, random.oneOf([0, 1, 1, 1, 2, 2]))) {
      const condition = randomCondition(random, abouts);
      if (!when.some(({ about }) => about === condition.about)) when.push(condition);
    }
    let rule: PlainRule = { when };
    switch (random.integer(1, 6)) {
      case 1:
        rule = { ...rule, page: true };
        break;
      case 2:
      case 3:
        rule = { ...rule, page: false };
        break;
    }
    if (random.integer(1, 3) === 1) rule = { ...rule, wait: random.oneOf([0, 20, 60, 90, 300, 900]) };
    if (random.integer(1, 3) === 1) rule = { ...rule, route: random.oneOf(["night", "night", "default"]) };
    if (mayGrade && random.integer(1, 3) === 1)
      rule = { ...rule, severity: random.oneOf(["critical", "error", "warning", "info"]) };
    const saysNothing = Object.keys(rule).length === 1;
    if (saysNothing || random.integer(1, 8) === 1) rule = { ...rule, stop: true };
    return rule;
  };

  /** A host that never pages, and hosts behind it, is more than the model knows. */
  const ofServices = (rule: PlainRule): PlainRule => {
    if (!hasParents || rule.page !== false) return rule;
    const words = ["WARNING", "CRITICAL", "UNKNOWN"];
    const others = rule.when.filter(({ about }) => about !== "state");
    return { ...rule, when: [...others, { about: "state", words, isNot: false }] };
  };

  return () => {
    const rules: PlainRule[] = [];
    for (const _ of $range(1, random.integer(1, 4))) rules.push(ofServices(randomRule()));
    return rules;
  };
}

function rulesLookAt({ setting, steps }: History, abouts: readonly About[]): boolean {
  const looks = (written: Written): boolean => typeof written !== "string" && looksAt(written, abouts);
  if (setting.rules === undefined) return false;
  return looks(setting.rules.first) || steps.some((it) => it.step === "rules" && looks(it.written));
}

/** Whether the rules that may hold in a history look at what things are called. */
export function looksAtNames(history: History): boolean {
  return rulesLookAt(history, BY_NAME);
}

/** Or at more of what checks print than the first line. */
export function looksAtAllPrinted(history: History): boolean {
  return rulesLookAt(history, OF_CHECKS);
}

/** Names of those who are on call; empty: nobody is named. */
const ON_CALL = ["dba", "net-1", "web", "", ""];

/** What engines tell of each resource, and who monitors the hosts that have nothing to do with others. */
function randomLabels({ hosts, services }: Setting, random: Random): RulesSetting["labels"] {
  const labelsOf = (isService: boolean, poller: number): Labels & { poller: number } => ({
    criticality: random.oneOf([0, 0, 1, 2, 3, 4]),
    onCall: random.oneOf(ON_CALL),
    isPayment: isService && random.integer(1, 2) === 1,
    poller,
  });
  const isAlone = (place: number): boolean =>
    hosts[place]?.parent === undefined && !hosts.some(({ parent }) => parent === place);
  return [
    ...hosts.map((_, place) => labelsOf(false, isAlone(place) ? random.integer(1, 2) : 1)),
    ...services.map(() => labelsOf(true, 1)),
  ];
}

const OF_LABELS: readonly About[] = ["criticality", "macro", "macro", "service_group", "poller"];

/** Has rules look at more, in some histories. By chance of its own, again. */
function withMoreKinds({ setting, steps }: History, seed: number): History {
  const random = randomFrom(seed * 30307);
  const { rules } = setting;
  if (rules === undefined || random.integer(1, 5) > 2) return { setting, steps };
  const abouts = random.oneOf([OF_CHECKS, OF_LABELS]);
  const labels = abouts === OF_LABELS ? randomLabels(setting, random) : undefined;

  const lookingOn = (rule: PlainRule): PlainRule => {
    if (random.integer(1, 4) === 1) return rule;
    const isAlone = random.integer(1, 2) === 1;
    // Of which states it speaks may be what keeps it from hosts.
    const others = rule.when.filter(({ about }) => !isAlone || about === "state");
    return { ...rule, when: [...others, randomCondition(random, abouts)] };
  };
  const written = (it: Written): Written => (typeof it === "string" ? it : it.map((rule) => lookingOn(rule)));
  const first = written(rules.first);
  const changed = steps.map((it): Step => {
    if (it.step !== "rules") return it;
    return { ...it, written: it.written === rules.first ? first : written(it.written) };
  });
  return { setting: { ...setting, rules: { ...rules, first, labels } }, steps: changed };
}

function withPlainRules(history: History, seed: number): History {
  const random = randomFrom(seed * 30269);
  if (random.integer(1, 2) !== 1) return history;
  const { setting } = history;
  const randomRules = rulesFor(setting, random);
  const first = randomRules();
  const steps = [...history.steps];
  const insert = (more: readonly Step[]): void => {
    steps.splice(random.integer(0, steps.length), 0, ...more);
  };
  const time = (seconds: number): Step => ({ step: "time", seconds, isBusy: false });

  const services = setting.services.length;
  const anyone = (): number => random.integer(0, setting.hosts.length + services - 1);
  const check = (of: number, result: number): Step[] => {
    const isHost = of < setting.hosts.length;
    const its = isHost ? setting.hosts[of] : setting.services[of - setting.hosts.length];
    const one: Step = {
      step: "check",
      of,
      result: isHost ? math.min(result, 1) : result,
      age: 0,
      isPassive: false,
    };
    const checks: Step[] = [];
    for (const _ of $range(1, its?.maximumAttempts ?? 1)) checks.push(one);
    return checks;
  };

  for (const _ of $range(1, random.integer(1, 4))) {
    const written = random.oneOf<(this: void) => Written>([
      randomRules,
      randomRules,
      randomRules,
      () => first,
      () => "a mistake",
      () => "half a file",
      () => "no file",
    ])();
    const pause = random.oneOf([0, 1, 31, 40]);
    insert([{ step: "rules", written }, ...(pause > 0 ? [time(pause)] : [])]);
  }
  // Problems that last, and change meanwhile.
  for (const _ of $range(1, random.integer(0, 3))) {
    const of = anyone();
    const first = [...check(of, random.integer(1, 3)), time(random.oneOf([1, 5, 30, 70, 250, 600]))];
    insert([...first, ...check(of, random.integer(0, 3)), time(random.oneOf([5, 30, 400, 700]))]);
  }
  // Hours come and go; but what was open when a journal was lost is resolved for an hour only.
  const mayLoseJournal = steps.some(({ step }) => step === "disk full");
  for (const _ of $range(1, random.integer(0, 2)))
    insert([time(random.oneOf(mayLoseJournal ? [300, 600] : [1200, 3600]))]);
  // Who works on a problem, and nobody any more.
  for (const _ of $range(1, random.integer(0, 2))) {
    const of = anyone();
    const acknowledge: Step = { step: "acknowledge", of, isSticky: true };
    const again = check(of, random.integer(1, 3));
    insert([...again, acknowledge, ...again, { step: "remove acknowledgement", of }, time(5)]);
  }
  const hasStorms = random.integer(1, 3) === 1 && setting.parameters.pdy_resolve === undefined;
  if (!hasStorms) return { setting: { ...setting, rules: { first, clock: randomClock(random) } }, steps };
  const parameters = { ...setting.parameters, pdy_storm_limit: random.oneOf([2, 2, 3, 3, 4]) };
  // Nearly everything fails at once, and is well again by and by.
  for (const _ of $range(1, random.integer(1, 3))) {
    const many: Step[] = [];
    for (const of of $range(setting.hosts.length, setting.hosts.length + services - 1))
      if (random.integer(1, 5) > 1) many.push(...check(of, random.integer(1, 3)));
    many.push(time(random.oneOf([1, 4, 30, 70])));
    for (const of of $range(setting.hosts.length, setting.hosts.length + services - 1))
      if (random.integer(1, 3) > 1) many.push(...check(of, random.oneOf([0, 0, 0, 2])));
    insert([...many, time(random.oneOf([1, 60, 400]))]);
  }
  return { setting: { ...setting, parameters, rules: { first, clock: randomClock(random) } }, steps };
}

export function withRules(history: History, seed: number): History {
  return withMoreKinds(withPlainRules(history, seed), seed);
}
