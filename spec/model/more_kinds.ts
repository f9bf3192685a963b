// Has rules look at more than what happens to a problem: at what else its checks print, at what engines tell of it when they
// start, at its categories. In some of the ruled histories each, by chance of its own.
import { type Random, randomFrom } from "../support/random";
import { CATEGORY_IDS } from "./categories";
import type { Labels } from "./engine";
import type { CategoriesSetting, History, RulesSetting, Setting, Step } from "./history";
import { randomCondition } from "./random_conditions";
import { randomTexts } from "./random_texts";
import { type About, type PlainRule, type Rules, looksAt, says } from "./rulebook";
import type { Written } from "./rules_file";

/** In which the connector must know what things are called: a crash takes that from the broker, a removal from both. */
const BY_NAME: readonly About[] = [
  "host",
  "service",
  "host_group",
  "service_group",
  "category",
  "poller",
  "kind",
  "criticality",
  "business_activity",
  "business_view",
  "macro",
  "volatile",
];

/** Placeholders that say of it what the journal does not have. */
const SAYING_NAMES = ["poller", "hostgroups", "servicegroups", "categories", "criticality", "macro:ONCALL"];

const OF_CHECKS: readonly About[] = ["long_output", "metric"];
const SAYING_CHECKS = ["long_output", "metric:load"];

/** Whether some of the rules that may hold in a history are such. */
function areAny({ setting, steps }: History, isMeant: (this: void, rules: Rules) => boolean): boolean {
  const isIt = (written: Written): boolean => typeof written !== "string" && isMeant(written);
  if (setting.rules === undefined) return false;
  return isIt(setting.rules.first) || steps.some((it) => it.step === "rules" && isIt(it.written));
}

/** Whether the rules that may hold in a history look at what things are called, or say more of that than names. */
export function looksAtNames(history: History): boolean {
  return areAny(history, (rules) => looksAt(rules, BY_NAME) || says(rules, SAYING_NAMES));
}

/** Or at more of what checks print than the first line. */
export function looksAtAllPrinted(history: History): boolean {
  return areAny(history, (rules) => looksAt(rules, OF_CHECKS) || says(rules, SAYING_CHECKS));
}

/** Or say what pages say. */
export function saysTexts(history: History): boolean {
  return areAny(history, (rules) => rules.some(({ texts }) => texts !== undefined));
}

/** Names of those who are on call, or where they are named; empty: nobody is. */
const ON_CALL = ["dba", "net-1", "https://web.example.com/call", "", ""];

/** A host that is behind none, and has none behind it. */
function isAlone(hosts: Setting["hosts"], place: number): boolean {
  return hosts[place]?.parent === undefined && !hosts.some(({ parent }) => parent === place);
}

/** What engines tell of each resource, and who monitors the hosts that have nothing to do with others. */
function randomLabels({ hosts, services }: Setting, random: Random): RulesSetting["labels"] {
  const labelsOf = (isService: boolean, poller: number): Labels & { poller: number } => ({
    criticality: random.oneOf([0, 0, 1, 2, 3, 4]),
    onCall: random.oneOf(ON_CALL),
    isPayment: isService && random.integer(1, 2) === 1,
    poller,
  });
  return [
    ...hosts.map((_, place) => labelsOf(false, isAlone(hosts, place) ? random.integer(1, 2) : 1)),
    ...services.map(() => labelsOf(true, 1)),
  ];
}

const OF_LABELS: readonly About[] = ["criticality", "macro", "macro", "service_group", "poller"];

/** The history with each of its rules as `edit` makes it. */
function withEachRule(
  { setting, steps }: History,
  rules: RulesSetting,
  edit: (this: void, rule: PlainRule) => PlainRule,
): History {
  const written = (it: Written): Written => (typeof it === "string" ? it : it.map((rule) => edit(rule)));
  const first = written(rules.first);
  const changed = steps.map((it): Step => {
    if (it.step !== "rules") return it;
    return { ...it, written: it.written === rules.first ? first : written(it.written) };
  });
  return { setting: { ...setting, rules: { ...rules, first } }, steps: changed };
}

/** Gives most rules a condition on one of `abouts`, in place of others or beside them. */
function lookingAt(random: Random, abouts: readonly About[]): (this: void, rule: PlainRule) => PlainRule {
  return (rule) => {
    if (random.integer(1, 4) === 1) return rule;
    const isAlone = random.integer(1, 2) === 1;
    // Of which states it speaks may be what keeps it from hosts.
    const others = rule.when.filter(({ about }) => !isAlone || about === "state");
    return { ...rule, when: [...others, randomCondition(random, abouts)] };
  };
}

function withChecksOrLabels(history: History, seed: number): History {
  const random = randomFrom(seed * 30307);
  const { rules } = history.setting;
  if (rules === undefined || random.integer(1, 5) > 2) return history;
  const abouts = random.oneOf([OF_CHECKS, OF_LABELS]);
  const labels = abouts === OF_LABELS ? randomLabels(history.setting, random) : undefined;
  return withEachRule(history, { ...rules, labels }, lookingAt(random, abouts));
}

/** Which categories resources have at first, and who monitors the hosts that have nothing to do with others. */
function randomCategories({ hosts, services }: Setting, random: Random): CategoriesSetting {
  const its = (poller: number): CategoriesSetting["of"][number] => ({
    ids: CATEGORY_IDS.filter(() => random.integer(1, 2) === 1),
    poller,
  });
  return {
    come: random.oneOf(["before definitions", "after definitions"]),
    of: [
      ...hosts.map((_, place) => its(isAlone(hosts, place) ? random.integer(1, 2) : 1)),
      ...services.map(() => its(1)),
    ],
  };
}

/** Categories, and what becomes of them while problems last. */
function withCategories(history: History, seed: number): History {
  const random = randomFrom(seed * 30323);
  const { setting } = history;
  const { rules } = setting;
  if (rules === undefined || rules.labels !== undefined || random.integer(1, 4) > 1) return history;
  const categories = randomCategories(setting, random);
  const looking = withEachRule(history, { ...rules, categories }, lookingAt(random, ["category"]));
  const steps = [...looking.steps];
  const resources = setting.hosts.length + setting.services.length;
  const time = (): Step => ({ step: "time", seconds: random.oneOf([0, 1, 40, 400]), isBusy: false });
  for (const _ of $range(1, random.integer(2, 5))) {
    const of = random.integer(0, resources - 1);
    const id = random.oneOf(CATEGORY_IDS);
    const change = random.oneOf<Step>([
      { step: "category", of, id },
      { step: "category", of, id },
      { step: "category is renamed", kind: random.oneOf(["host", "service"]), id },
      { step: "engine restarts", poller: random.integer(1, 2), after: undefined, breaks: "engine" },
    ]);
    const result = of < setting.hosts.length ? 1 : random.integer(1, 3);
    const check: Step = { step: "check", of, result, age: 0, isPassive: false };
    const lasting = random.oneOf<Step[]>([[], [check, check, check, time()]]);
    steps.splice(random.integer(0, steps.length), 0, ...lasting, change, time());
  }
  return { setting: looking.setting, steps };
}

/** Business activities, and the views that they are in, which change while problems last. */
function withBusiness(history: History, seed: number): History {
  const random = randomFrom(seed * 30347);
  const { rules, parameters } = history.setting;
  if (rules === undefined || random.integer(1, 5) > 1) return history;
  // Where others than hosts and services are all there is to know, these are more than the model knows.
  const { pdy_api_key, pdy_storm_limit, pdy_resolve, accepted_hostgroups } = parameters;
  if ((pdy_api_key ?? pdy_storm_limit ?? pdy_resolve ?? accepted_hostgroups) !== undefined) return history;
  const activities = [0, 1].map(() => [0, 1].filter(() => random.integer(1, 2) === 1));
  const looking = withEachRule(
    history,
    { ...rules, activities },
    lookingAt(random, ["business_view", "business_view", "business_activity"]),
  );
  const steps = [...looking.steps];
  const time = (): Step => ({ step: "time", seconds: random.oneOf([1, 5, 40, 400]), isBusy: false });
  for (const _ of $range(1, random.integer(3, 7))) {
    const activity = random.integer(0, 1);
    const view = random.integer(0, 1);
    const step = random.oneOf<Step>([
      { step: "business activity", activity, state: random.integer(1, 3) },
      { step: "business activity", activity, state: random.integer(0, 3) },
      { step: "business view", activity, view },
      { step: "business view", activity, view },
      { step: "business view is renamed", view },
    ]);
    steps.splice(random.integer(0, steps.length), 0, step, time());
  }
  return { setting: looking.setting, steps };
}

/** What pages say. */
function withTexts(history: History, seed: number): History {
  const random = randomFrom(seed * 30341);
  const { rules } = history.setting;
  if (rules === undefined || random.integer(1, 5) > 2) return history;
  return withEachRule(history, rules, (rule) =>
    random.integer(1, 4) === 1 ? rule : { ...rule, texts: randomTexts(random) },
  );
}

export function withMoreKinds(history: History, seed: number): History {
  const looking = withCategories(withChecksOrLabels(history, seed), seed);
  return withTexts(withBusiness(looking, seed), seed);
}
