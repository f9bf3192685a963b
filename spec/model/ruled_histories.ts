// Gives a history rules of an administrator's: a file of them, which changes while problems are open, goes bad and is gone; and
// the clock on the wall that their hours look at. By chance of its own: what happens otherwise does not hang on it.
import { type Random, randomFrom } from "../support/random";
import type { History, Setting, Step } from "./history";
import type { LocalClock } from "./local_clock";
import { withMoreKinds } from "./more_kinds";
import { randomCondition } from "./random_conditions";
import type { Condition, PlainRule, Rules } from "./rulebook";
import type { Written } from "./rules_file";

/** Minutes of the day: what the clock shows when a history begins. */
const BEGINNINGS = [21 * 60 + 55, 23 * 60 + 30, 23 * 60 + 50, 23 * 60 + 57];

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

function hasPeople({ parameters }: Setting): boolean {
  return parameters.pdy_api_key !== undefined;
}

/** Makes rules that the model can judge in this setting. */
function rulesFor(setting: Setting, sparesHosts: boolean, random: Random): (this: void) => Rules {
  const { parameters, hosts } = setting;
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

  /** In half of the histories with hosts behind others no rule silences a host. */
  const ofServices = (rule: PlainRule): PlainRule => {
    if (!hasParents || !sparesHosts || rule.page !== false) return rule;
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

function withPlainRules(history: History, seed: number): History {
  const random = randomFrom(seed * 30269);
  const { setting } = history;
  if (random.integer(1, hasPeople(setting) ? 4 : 2) !== 1) return history;
  const sparesHosts = randomFrom(seed * 30389).integer(1, 2) === 1;
  const randomRules = rulesFor(setting, sparesHosts, random);
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
  // Hours come and go; but what was open when a journal was lost is resolved for an hour only, and people take long to play.
  const mayLoseJournal = steps.some(({ step }) => step === "disk full");
  for (const _ of $range(1, random.integer(0, 2)))
    insert([time(random.oneOf(mayLoseJournal || hasPeople(setting) ? [300, 600] : [1200, 3600]))]);
  // Who works on a problem, and nobody any more.
  for (const _ of $range(1, random.integer(0, 2))) {
    const of = anyone();
    const acknowledge: Step = { step: "acknowledge", of, isSticky: true };
    const again = check(of, random.integer(1, 3));
    insert([...again, acknowledge, ...again, { step: "remove acknowledgement", of }, time(5)]);
  }
  // A downtime ends what was opened by rules that have changed since.
  const downtimesAct = setting.parameters.pdy_downtime_action !== undefined;
  for (const _ of $range(1, downtimesAct ? random.integer(0, 2) : 0)) {
    const of = anyone();
    const changes: Step[] = [{ step: "rules", written: randomRules() }, time(40)];
    const downtime: Step[] = [
      { step: "downtime starts", of },
      time(1),
      { step: "downtime ends", of },
      time(5),
    ];
    insert([...check(of, random.integer(1, 3)), time(70), ...changes, ...downtime]);
  }
  // Others close what was opened by rules that have changed since.
  for (const _ of $range(1, hasPeople(setting) ? random.integer(0, 2) : 0)) {
    const of = anyone();
    const result = random.integer(1, 3);
    const closing = random.oneOf<Step>([
      { step: "PagerDuty resolves by itself", of },
      { step: "person resolves", of, by: "Sam Rivera" },
    ]);
    const changes: Step[] = [{ step: "rules", written: randomRules() }, time(40), closing, time(70)];
    insert([...check(of, result), time(70), ...changes, ...check(of, result), time(70)]);
  }
  // People on a storm are more than the model knows.
  const mayStorm = setting.parameters.pdy_resolve === undefined && !hasPeople(setting);
  const hasStorms = random.integer(1, 3) === 1 && mayStorm;
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
