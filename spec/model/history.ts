// Histories: what happens to a small Centreon, its broker and its PagerDuty, as plain steps. Makes random ones from
// a seed, and puts them into words. A step that is impossible where it stands (the resource is gone, the broker runs
// already) does nothing, so that any part of a history is a history.
import { type Random, randomFrom } from "../support/random";
import type { TagsCome } from "./categories";
import type { Labels, Protocol, Resource } from "./engine";
import type { LocalClock } from "./local_clock";
import type { Fault } from "./network";
import { type PeopleStep, withPeople } from "./people_steps";
import { withRules } from "./ruled_histories";
import type { Written } from "./rules_file";

/** A service's host and a host's parent are named by their place in `hosts`; all resources by their place in the list. */
export interface Setting {
  readonly protocol: Protocol;
  readonly hosts: readonly { readonly parent: number | undefined; readonly maximumAttempts: number }[];
  readonly services: readonly {
    readonly host: number;
    readonly maximumAttempts: number;
    readonly isVolatile: boolean;
  }[];
  /** The output's parameters that are not as by default. */
  readonly parameters: Readonly<Record<string, number | string>>;
  /** The connector is started for the second time: it knows that nothing is open. */
  readonly hasJournal: boolean;
  /** Undefined: there are none. */
  readonly rules?: RulesSetting | undefined;
}

/** What there is for rules to look at, beside what happens. */
export interface RulesSetting {
  /** The file as it is at the start. */
  readonly first: Written;
  readonly clock: LocalClock;
  /** Of each resource, by its place; and which poller monitors it, if it is a host. Undefined: none has any. */
  readonly labels?: readonly (Labels & { readonly poller: number })[] | undefined;
  /** Undefined: Centreon has none. */
  readonly categories?: CategoriesSetting | undefined;
  /** Of each business activity the places of its views; undefined: there is none. */
  readonly activities?: readonly (readonly number[])[] | undefined;
}

export interface CategoriesSetting {
  readonly come: TagsCome;
  /** Of each resource, by its place: the ids of its categories, and which poller monitors it, if it is a host. */
  readonly of: readonly { readonly ids: readonly number[]; readonly poller: number }[];
}

export type Breaks = "engine" | "stop" | "kill" | "connection";

/** `of`: the place of a resource in the list of hosts followed by services. */
export type Step =
  | { readonly step: "check"; of: number; result: number; age: number; isPassive: boolean }
  | { readonly step: "status again"; of: number }
  | { readonly step: "downtime starts" | "downtime ends"; of: number }
  | { readonly step: "acknowledge"; of: number; isSticky: boolean }
  | { readonly step: "remove acknowledgement"; of: number }
  | { readonly step: "flapping starts" | "flapping ends"; of: number }
  | { readonly step: "closed by hand" | "acknowledgement times out"; of: number }
  /** In the resource's definition, or at a poller: it is switched on or off, whichever it is not. */
  | { readonly step: "flap detection"; of: number }
  | { readonly step: "flap detection of a poller"; poller: number }
  /** The connector stops, somebody closes the incident, and it starts when its journal is old. */
  | { readonly step: "away for long"; of: number }
  /** `add`, `remove`: with a reload of the engine. `drop`: while it restarts. */
  | { readonly step: "remove" | "drop" | "add" | "rename" | "join the group"; of: number }
  /** It is put into a category, or taken out of it. */
  | { readonly step: "category"; of: number; id: number }
  /** A business activity is in that state; it is put into a view, or taken out of it; a view is called otherwise. */
  | { readonly step: "business activity"; activity: number; state: number }
  | { readonly step: "business view"; activity: number; view: number }
  | { readonly step: "business view is renamed"; view: number }
  | { readonly step: "category is renamed"; kind: Resource["kind"]; id: number }
  /** The host, with its services, goes to the other poller; its old one tells that first, or last. */
  | { readonly step: "move"; of: number; isOldFirst: boolean; seconds: number }
  /**
   * After so many events of its start: the engine dies and starts again; the broker is stopped or killed; the poller loses
   * its connection.
   */
  | {
      readonly step: "engine restarts";
      poller: number;
      after: number | undefined;
      breaks: Breaks;
    }
  /** The engine does not run for so long; the broker is stopped or killed meanwhile. */
  | {
      readonly step: "engine is away";
      poller: number;
      seconds: number;
      meanwhile: "stop" | "kill" | "nothing";
    }
  | { readonly step: "time"; seconds: number; isBusy: boolean }
  | { readonly step: "poller's clock goes back"; seconds: number }
  | { readonly step: "stop" | "kill" }
  | { readonly step: "kill at"; effects: number; repeats: boolean }
  | { readonly step: "start"; diesAt: number | undefined }
  | { readonly step: "fault"; fault: Fault }
  | { readonly step: "outage"; fault: Fault }
  | { readonly step: "outage ends" }
  | { readonly step: "disk full" | "disk has room" }
  /** Somebody writes the file of rules. */
  | { readonly step: "rules"; readonly written: Written }
  | { readonly step: "compare" }
  | PeopleStep;

export interface History {
  readonly setting: Setting;
  readonly steps: readonly Step[];
}

function randomFault(random: Random): Fault {
  const isTaken = random.integer(0, 1) === 1;
  return random.oneOf<Fault>([
    { kind: "slow answer" },
    { kind: "refused connection" },
    { kind: "429" },
    { kind: "429 with Retry-After", seconds: random.integer(1, 90) },
    { kind: "400 for its details" },
    { kind: "timeout", isTaken },
    { kind: "timeout", isTaken },
    { kind: "lost connection", isTaken },
    { kind: "lost connection", isTaken },
    { kind: "server error", isTaken },
  ]);
}

function randomSetting(random: Random): Setting {
  const isRare = (): boolean => random.integer(1, 8) === 1;
  // A host that never pages, and hosts behind it, is more than the model knows.
  const hasGroups = isRare();
  const hosts: Setting["hosts"][number][] = [];
  const services: Setting["services"][number][] = [];
  for (const index of $range(0, random.integer(0, 2))) {
    const parent = index > 0 && random.integer(0, 1) === 1 && !hasGroups ? index - 1 : undefined;
    hosts.push({ parent, maximumAttempts: random.integer(1, 3) });
    for (const _ of $range(1, random.integer(index === 0 ? 1 : 0, 2))) {
      services.push({ host: index, maximumAttempts: random.integer(1, 3), isVolatile: isRare() });
    }
  }
  const parameters: Record<string, number | string> = {};
  if (hasGroups) parameters.accepted_hostgroups = "Shops";
  if (isRare()) parameters.hard_only = 0;
  if (isRare()) parameters.suppress_services_of_down_hosts = 0;
  if (isRare()) parameters.suppress_hosts_behind_down_parents = 0;
  if (isRare() || isRare()) parameters.pdy_repage_on_escalation = 1;
  if (isRare()) parameters.max_events_per_minute = 6;
  if (isRare()) parameters.pdy_retrigger_interval = 60;
  if (isRare() || isRare()) parameters.pdy_updates = random.oneOf(["none", "output", "output"]);
  if (isRare()) parameters.pdy_host_grace = random.oneOf([0, 30]);
  if (isRare() || isRare()) parameters.pdy_repage_on_unacknowledge = 1;
  if (isRare()) parameters.pdy_reacknowledge_interval = 60;
  if (isRare()) parameters.log_level = 3;
  return {
    protocol: random.oneOf<Protocol>(["BBDO 2", "BBDO 3", "BBDO 3, adaptive", "BBDO 3, adaptive"]),
    hosts,
    services,
    parameters,
    // What may be open already does not wait for what is above it.
    hasJournal: !isRare(),
  };
}

/** What an administrator may switch off, or have done otherwise. */
function randomSwitches(random: Random): Setting["parameters"] {
  const parameters: Record<string, number | string> = {};
  const isRare = (): boolean => random.integer(1, 8) === 1;
  if (isRare()) parameters.pdy_resolve = 0;
  if (isRare()) parameters.pdy_acknowledge = 0;
  if (isRare()) parameters.pdy_downtime_action = "acknowledge";
  else if (isRare()) parameters.pdy_downtime_action = "resolve";
  return parameters;
}

/** The steps of a history are drawn from these, each as often as it weighs. */
type Draw = (this: void) => Step[];

export function randomHistory(seed: number): History {
  // Neighbouring seeds must not begin alike.
  const random = randomFrom(seed * 69621);
  const plain = randomSetting(random);
  // By chance of their own: what happens does not hang on them.
  const switches = randomSwitches(randomFrom(seed * 48271));
  const setting: Setting = { ...plain, parameters: { ...plain.parameters, ...switches } };
  const resources = setting.hosts.length + setting.services.length;
  const isHost = (of: number): boolean => of < setting.hosts.length;
  const anyone = (): number => random.integer(0, resources - 1);
  const badResult = (of: number): number => (isHost(of) ? 1 : random.oneOf([1, 2, 2, 3]));
  const age = (): number => (random.integer(1, 6) === 1 ? random.integer(1, 90) : 0);
  const check = (of: number, result: number, isPassive = false): Step => ({
    step: "check",
    of,
    result,
    age: age(),
    isPassive,
  });
  const attemptsOf = (of: number): number =>
    (isHost(of) ? setting.hosts[of] : setting.services[of - setting.hosts.length])?.maximumAttempts ?? 1;

  const repeated = (of: number, result: number, times: number): Step[] => {
    const steps: Step[] = [];
    for (const _ of $range(1, times)) steps.push(check(of, result));
    return steps;
  };
  const becomesBad = (of: number): Step[] => repeated(of, badResult(of), attemptsOf(of));
  const checks: Draw = () => {
    const of = anyone();
    const times = random.integer(0, 2) === 0 ? 1 : attemptsOf(of);
    return repeated(of, random.oneOf([0, badResult(of)]), times);
  };
  const passiveCheck: Draw = () => {
    const of = anyone();
    return [check(of, isHost(of) ? random.integer(0, 2) : random.integer(0, 3), true)];
  };
  const time: Draw = () => [
    {
      step: "time",
      seconds: random.oneOf([1, 1, 2, 5, 30, 120, 400]),
      isBusy: random.integer(1, 4) === 1,
    },
  ];
  const on = (make: (this: void, of: number) => Step): Draw => {
    return () => [make(anyone())];
  };
  /** Something that changes what is wanted for a problem. */
  const change = (of: number): Step =>
    random.oneOf<Step>([
      check(of, 0),
      { step: "downtime starts", of },
      { step: "acknowledge", of, isSticky: false },
    ]);
  const moment: Step = { step: "time", seconds: 1, isBusy: false };
  const draws: [number, Draw][] = [
    [12, checks],
    [1, passiveCheck],
    [8, time],
    [1, on((of) => ({ step: "status again", of }))],
    [2, on((of) => ({ step: "downtime starts", of }))],
    [3, on((of) => ({ step: "downtime ends", of }))],
    [2, on((of) => ({ step: "acknowledge", of, isSticky: random.integer(0, 1) === 1 }))],
    [1, on((of) => ({ step: "remove acknowledgement", of }))],
    [1, on((of) => ({ step: "flapping starts", of }))],
    [2, on((of) => ({ step: "flapping ends", of }))],
  ];
  const sometimes = (weight: number, draw: Draw): void => {
    if (random.integer(0, 2) === 0) draws.push([weight, draw]);
  };
  sometimes(
    1,
    on((of) => ({ step: random.oneOf(["remove", "add"]), of })),
  );
  sometimes(2, () => {
    const of = anyone();
    return [...becomesBad(of), { step: "drop", of }, ...time()];
  });
  sometimes(2, () => {
    const of = random.integer(0, setting.hosts.length - 1);
    const seconds = random.oneOf([0, 1, 5, 50, 70]);
    return [
      ...becomesBad(of),
      { step: "move", of, isOldFirst: random.integer(0, 1) === 1, seconds },
      ...time(),
    ];
  });
  // The first one has nearly everything.
  const poller = (): number => random.oneOf([1, 1, 1, 2]);
  sometimes(1, () => [
    ...becomesBad(anyone()),
    {
      step: "engine restarts",
      poller: poller(),
      after: random.integer(0, 1) === 1 ? random.integer(1, 8) : undefined,
      breaks: random.oneOf<Breaks>(["engine", "stop", "kill", "connection"]),
    },
  ]);
  const engineIsAway: Draw = () => [
    ...becomesBad(anyone()),
    { step: "time", seconds: 10, isBusy: false },
    {
      step: "engine is away",
      poller: poller(),
      seconds: random.oneOf([30, 90, 200]),
      meanwhile: random.oneOf(["stop", "kill", "nothing"]),
    },
  ];
  // Where triggers are sent again, those of its problems must not be.
  if (setting.parameters.pdy_retrigger_interval === undefined) sometimes(1, engineIsAway);
  else draws.push([3, engineIsAway]);
  sometimes(
    1,
    on((of) => ({ step: "flap detection", of })),
  );
  sometimes(1, () => [{ step: "flap detection of a poller", poller: random.integer(1, 2) }]);
  sometimes(1, () => {
    const of = anyone();
    return [...becomesBad(of), moment, { step: "away for long", of }];
  });
  // A problem that is told, and changes: in its state, or only in what its checks say.
  sometimes(2, () => {
    const of = anyone();
    const pause: Step = { step: "time", seconds: random.oneOf([5, 400]), isBusy: false };
    return [...becomesBad(of), pause, ...becomesBad(of), moment];
  });
  sometimes(
    1,
    on((of) => ({ step: "rename", of })),
  );
  if (setting.parameters.accepted_hostgroups !== undefined) {
    draws.push([2, () => [{ step: "join the group", of: random.integer(0, setting.hosts.length - 1) }]]);
  }
  sometimes(1, () => {
    const of = anyone();
    const warned = isHost(of) ? becomesBad(of) : repeated(of, 1, attemptsOf(of));
    return [...warned, { step: "acknowledge", of, isSticky: true }, ...checks(), check(of, 2), ...time()];
  });
  // What is behind or on a host fails before the host is known to be DOWN, and recovers, or not, after it.
  sometimes(3, () => {
    const host = random.integer(0, setting.hosts.length - 1);
    const steps: Step[] = [];
    setting.hosts.forEach(({ parent }, of) => {
      if (parent === host) for (const it of becomesBad(of)) steps.push(it);
    });
    setting.services.forEach((service, index) => {
      if (service.host === host) steps.push(check(setting.hosts.length + index, 2));
    });
    for (const it of becomesBad(host)) steps.splice(random.integer(0, steps.length), 0, it);
    return random.integer(0, 1) === 1 ? steps : [...steps, ...time(), check(host, 0)];
  });
  if (setting.parameters.pdy_retrigger_interval !== undefined || setting.parameters.pdy_resolve === 0) {
    draws.push([2, on((of) => ({ step: "closed by hand", of }))]);
  }
  const acknowledged = (of: number): Step[] => [
    ...becomesBad(of),
    moment,
    { step: "acknowledge", of, isSticky: random.integer(0, 1) === 1 },
    moment,
  ];
  if (setting.parameters.pdy_repage_on_unacknowledge !== undefined) {
    draws.push([
      2,
      () => {
        const of = anyone();
        return [...acknowledged(of), { step: "remove acknowledgement", of }];
      },
    ]);
  }
  sometimes(setting.parameters.pdy_reacknowledge_interval === undefined ? 1 : 3, () => {
    const of = anyone();
    return [...acknowledged(of), { step: "acknowledgement times out", of }, ...checks()];
  });
  // Nobody knows what was open before: what is well is passed on, once.
  if (!setting.hasJournal) {
    draws.push([
      2,
      () => {
        const of = anyone();
        return [check(of, 0), moment, check(of, 0), moment];
      },
    ]);
  }
  // A downtime of something that is open, and perhaps its end.
  if (setting.parameters.pdy_downtime_action !== undefined) {
    draws.push([
      4,
      () => {
        const of = anyone();
        const begins: Step[] = [...becomesBad(of), moment, { step: "downtime starts", of }];
        return random.integer(0, 1) === 1 ? begins : [...begins, ...time(), { step: "downtime ends", of }];
      },
    ]);
  }
  sometimes(1, () => [{ step: "poller's clock goes back", seconds: random.integer(5, 900) }]);
  sometimes(2, () => [{ step: random.oneOf(["stop", "kill"]) }, ...down(), start()]);
  // A problem of which the connector says something just before it dies.
  sometimes(2, () => {
    const of = anyone();
    return [...becomesBad(of), { step: "kill" }, change(of), start()];
  });
  sometimes(2, () => [
    { step: "kill at", effects: random.integer(1, 8), repeats: random.integer(0, 1) === 1 },
    ...checks(),
    ...down(),
    start(),
  ]);
  // A recovery that is lost with a crash, and the next problem.
  sometimes(1, () => {
    const of = anyone();
    const dies: Step = { step: "kill at", effects: 1, repeats: false };
    return [...becomesBad(of), moment, dies, check(of, 0), start(), check(of, badResult(of))];
  });
  // An acknowledged problem that gets worse.
  sometimes(1, () => {
    const of = anyone();
    const warned = repeated(of, 1, attemptsOf(of));
    return [...warned, moment, { step: "acknowledge", of, isSticky: false }, moment, check(of, 2)];
  });
  sometimes(5, () => [{ step: "fault", fault: randomFault(random) }]);
  // A request that is repeated because its connection was lost: what comes then is not the whole truth.
  sometimes(2, () => {
    const of = anyone();
    return [
      { step: "fault", fault: { kind: "lost connection", isTaken: true } },
      { step: "fault", fault: random.oneOf<Fault>([{ kind: "429" }, { kind: "refused connection" }]) },
      ...becomesBad(of),
      moment,
      change(of),
    ];
  });
  sometimes(2, () => [{ step: "outage", fault: randomFault(random) }]);
  sometimes(3, () => [{ step: "outage ends" }]);
  // Where SOFT states count nothing tells of their recovery once the journal is lost.
  if (setting.parameters.hard_only === undefined) {
    sometimes(1, () => {
      const of = anyone();
      return [{ step: "disk full" }, ...becomesBad(of), moment, change(of), { step: "stop" }, start()];
    });
  }
  sometimes(1, () => [{ step: "disk has room" }]);
  sometimes(1, () => [{ step: "compare" }]);

  const start = (): Step => ({
    step: "start",
    diesAt: random.integer(1, 10) === 1 ? random.integer(1, 6) : undefined,
  });
  /** What happens while the broker does not run. */
  const down = (): Step[] => (random.integer(0, 1) === 0 ? [] : [...checks(), ...time()]);

  let total = 0;
  for (const [weight] of draws) total += weight;
  const draw = (): Step[] => {
    let place = random.integer(1, total);
    for (const [weight, make] of draws) {
      place -= weight;
      if (place <= 0) return make();
    }
    return [];
  };
  const steps: Step[] = [];
  const length = random.integer(10, 50);
  while (steps.length < length) for (const step of draw()) steps.push(step);
  const peopled = withPeople({ setting, steps }, randomFrom(seed * 39373));
  const { pdy_api_key, pdy_resolve } = peopled.setting.parameters;
  // What people are to end may be another team's by then, and the model's PagerDuty has one incident of each key.
  return pdy_api_key !== undefined && pdy_resolve === 0 ? peopled : withRules(peopled, seed);
}
