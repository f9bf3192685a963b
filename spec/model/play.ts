// Plays a history: the engine's events go through the broker to the connector, whose requests meet faults on their
// way to PagerDuty. Owns what each step does; what is right is the judge's to say.
import { randomFrom } from "../support/random";
import { type Broker, type Script, createBroker } from "./broker";
import { createBusiness } from "./business_activities";
import { type Tag, createCategories, createHeardNames } from "./categories";
import { createDisk } from "./disk";
import { PAYMENTS, type Resource, SHOPS, UP, createEngine } from "./engine";
import type { Breaks, History, Step } from "./history";
import { createJudge } from "./judge";
import { dateBy } from "./local_clock";
import { createModel } from "./model";
import { looksAtAllPrinted, looksAtNames, saysTexts } from "./more_kinds";
import type { Fault, Request } from "./network";
import { createPagerDuty } from "./pagerduty";
import { isPeopleStep } from "./people_steps";
import { createPromptness } from "./promptness";
import type { Updates } from "./repeats";
import { POLLERS, dependsOn, resourcesOf } from "./resources";
import { ROUTING_KEYS, createRoutes, labelOf } from "./routes";
import { RULES_PATH, createRulesFile } from "./rules_file";
import { createRulings } from "./rulings";
import { createStorms } from "./storms";
import { createTexts } from "./texts";
import { createVariables } from "./variables";
import { wordsOfFault, wordsOfSetting, wordsOfStep, wordsOfTold } from "./words";
import { createWithPeople } from "./with_people";
import { type Clock, secondsOf } from "./world";

/** Monday, 2025-10-06 09:00:00 UTC, in milliseconds. */
const BEGINNING = 1759741200000;

/** Milliseconds that a calm lasts: longer than the longest back-off by far. */
const CALM = 20 * 60 * 1000;

/** Milliseconds between two calls of flush(): the broker makes one a second, but there is less and less to see. */
const FLUSH_PAUSES = [1000, 1000, 2000, 5000, 10000, 20000, 60000];

/** More errors in a row for one key would be the event's own, not PagerDuty's: it answers then. */
const MOST_SERVER_ERRORS = 3;

/** A journal whose last line is older tells too little; it gets one a minute. Milliseconds. */
const JOURNAL_AGE = 9 * 60 * 1000;

/** Milliseconds after which the connector takes its journal for old, and more. */
const AWAY_FOR_LONG = 12 * 60 * 1000;

/** A stale problem takes no more checks than it has attempts to be confirmed. */
const MOST_CONFIRMING_CHECKS = 5;

const PARAMETERS = {
  pdy_routing_key: ROUTING_KEYS.default,
  pdy_centreon_url: "https://centreon.example.com",
  http_server_url: "http://pagerduty.example.com/v2/enqueue",
  state_path: "/pagerduty.state",
  quarantine_path: "/pagerduty.quarantine",
  status_path: "",
  log_level: 1,
};

const PARAMETERS_OF_RULES = { pdy_rules_file: RULES_PATH, pdy_routing_key_night: ROUTING_KEYS.night };

/** Parameters by default: PagerDuty's limit, seconds that the check above is waited for. */
const DEFAULT_LIMIT = 110;
const DEFAULT_HOST_GRACE = 5;

/**
 * Plays `history` with the connector `script`. Gives what goes wrong first; undefined when nothing does. `note` is
 * told in words what happens.
 */
export function play(
  history: History,
  script: Script,
  note?: (this: void, text: string) => void,
): string | undefined {
  const { parameters, protocol, rules } = history.setting;
  const resources = resourcesOf(history.setting);
  const clock: Clock = { now: BEGINNING };
  const chance = randomFrom(1);
  const disk = createDisk();

  let failure: string | undefined;
  const fail = (what: string): void => {
    note?.(`WRONG: ${what}`);
    failure ??= what;
  };

  const rulesFile = createRulesFile({ clock, disk, fail });
  if (rules !== undefined) rulesFile.write(rules.first);
  const variables = createVariables(rulesFile.inForce);
  const heardNames = createHeardNames();
  const repageOnEscalation = parameters.pdy_repage_on_escalation === 1;
  const downtimeAction = (parameters.pdy_downtime_action as string | undefined) ?? "none";
  const resolvesRecoveries = parameters.pdy_resolve !== 0;
  const isShopsOnly = parameters.accepted_hostgroups !== undefined;
  // Resources of which an event was lost: what was lost is said again by the next full status.
  let isLost: Record<string, boolean> = {};
  // What is gone without the connector's knowing whose it was stays as it is.
  const isOrphan: Record<string, boolean> = {};
  // Hosts of which nobody may know that another poller has them: until that is told again, one that had them may end all.
  const isOwnerLost: Record<number, boolean> = {};
  // At which severity these were acknowledged may be lost with an event.
  const isSeverityLost: Record<string, boolean> = {};
  const isDoubtEnding = ({ key, hostId }: Resource): boolean =>
    isOwnerLost[hostId] !== true && isSeverityLost[key] !== true;
  // Resources that are in the configuration for the second time.
  const isAnew: Record<string, boolean> = {};

  const doubt = (resource: Resource): void => {
    isLost[resource.key] = true;
    for (const other of resources) if (dependsOn(other, resource)) judge.doubt(other);
  };

  const modelSettings = {
    isShopsOnly,
    hardOnly: parameters.hard_only !== 0,
    suppressServicesOfDownHosts: parameters.suppress_services_of_down_hosts !== 0,
    suppressHostsBehindDownParents: parameters.suppress_hosts_behind_down_parents !== 0,
    repageOnEscalation,
    repageOnUnacknowledge: parameters.pdy_repage_on_unacknowledge === 1,
    hostGrace: (parameters.pdy_host_grace as number | undefined) ?? DEFAULT_HOST_GRACE,
    downtimesAct: downtimeAction !== "none",
  };
  const model = createModel(resources, modelSettings, {
    now: () => secondsOf(clock),
    isKnownShop: (hostId) => broker.isKnownShop(hostId),
    mayBeOpen: (resource) => judge.mayBeOpen(resource),
    isOwnerKnown: (hostId) => broker.isOwnerKnown(hostId),
    isOrphaned: (resource) => {
      isOrphan[resource.key] = true;
      doubt(resource);
    },
    isBackTooLate: (resource) => doubt(resource),
    flapDetection: (resource) => broker.flapDetection(resource),
    rulings:
      rules &&
      createRulings({
        localClock: rules.clock,
        now: () => secondsOf(clock),
        rulesInForce: rulesFile.inForce,
        knownNames: (resource) => broker.knownNames(resource),
        groupsOf: (hostId) => (broker.isKnownShop(hostId) ? [SHOPS.name] : []),
        serviceGroupsOf: (resource) => (broker.isKnownPayment(resource) ? [PAYMENTS.name] : []),
        categoriesOf: (resource) => heardNames.namesOf(broker.knownTags(resource)),
        criticalityOf: (resource) => broker.knownCriticality(resource),
        onCallOf: variables.onCallOf,
      }),
    wouldOpen: (resource) => judge.wouldOpen(resource),
  });
  const withPeople = createWithPeople({
    clock,
    parameters,
    routingKeys: rules === undefined ? [ROUTING_KEYS.default] : Object.values(ROUTING_KEYS),
    hasJournal: history.setting.hasJournal,
    resources,
    model,
    setAcknowledgement: (resource, acknowledgement, by) => {
      engine.setAcknowledgement(resource, acknowledgement, by);
    },
    note,
    fail,
  });
  const pagerDuty = withPeople?.people ?? createPagerDuty();
  const limit = (parameters.max_events_per_minute as number | undefined) ?? DEFAULT_LIMIT;
  const judge = createJudge({
    clock,
    pagerDuty,
    model,
    resources,
    limit,
    rules: {
      hardOnly: modelSettings.hardOnly,
      repageOnEscalation,
      repageOnUnacknowledge: modelSettings.repageOnUnacknowledge,
      updates: (parameters.pdy_updates as Updates | undefined) ?? "state",
      retriggerInterval: (parameters.pdy_retrigger_interval as number | undefined) ?? 0,
      reacknowledgeInterval: (parameters.pdy_reacknowledge_interval as number | undefined) ?? 0,
    },
    resolvesRecoveries,
    passesOnAcknowledgements: parameters.pdy_acknowledge !== 0,
    downtimeAction,
    people: withPeople?.judge,
    knownNames: (resource) => broker.knownNames(resource),
    judgesTexts: !saysTexts(history),
    isOther: (key) => storms.isStorm(key) || business?.isIts(key) === true,
    mayStormStandFor: (resource) => storms.mayStandFor(resource),
    mayStormStandForOpen: (resource) => storms.mayStandForOpen(resource),
    fail,
  });
  const storms = createStorms({
    clock,
    pagerDuty,
    model,
    resources,
    limit: (parameters.pdy_storm_limit as number | undefined) ?? 0,
    isInDoubt: judge.isInDoubt,
    wouldOpen: judge.wouldOpen,
    isSurelyOpen: judge.isSurelyOpen,
    fail,
  });

  const routes = createRoutes({
    pagerDuty,
    model,
    resources,
    isInDoubt: (resource) => judge.isInDoubt(resource),
    isKnownToBeClosed: (trigger, resource) => judge.isKnownToBeClosed(trigger, resource),
    resolvesRecoveries,
    fail,
  });

  const business =
    rules?.activities &&
    createBusiness({
      protocol,
      activities: rules.activities,
      hasJournal: history.setting.hasJournal,
      now: () => secondsOf(clock),
      localClock: rules.clock,
      rulesInForce: rulesFile.inForce,
      pagerDuty,
      tell: (told) => broker.give(told),
      fail,
    });

  const texts = saysTexts(history)
    ? createTexts({ model, resources, isInDoubt: (resource) => judge.isInDoubt(resource), fail })
    : undefined;

  const promptness = createPromptness({
    clock,
    model,
    // In other histories nothing ends by the clock alone but for seconds.
    resources: rules === undefined ? [] : resources,
    isExcused: (resource) =>
      judge.isInDoubt(resource) ||
      judge.wouldOpen(resource) !== "yes" ||
      storms.mayStandFor(resource) ||
      // Others closed it, or the connector may think that it is open.
      withPeople?.judge.mayStayClosed(resource.key, model.call(resource).severity) === true,
    fail,
  });

  // What is known only while the journal cannot be written is lost with a crash, and partly with a restart: the log
  // says so. A crash is not played then; after a restart all is in doubt, and it must be the last one.
  let mayCrash = true;
  let mayStop = true;
  let hasJournal = false;
  let lastActive = BEGINNING;
  // Nor where the names that a crash takes decide what pages.
  const isByName = isShopsOnly || looksAtNames(history);
  const canCrash = (): boolean => mayCrash && !isByName;

  let pollerBehind = 0;
  let absentEngine: number | undefined;
  const faults: Fault[] = [];
  let outage: Fault | undefined;
  const serverErrors: Record<string, number> = {};

  const nextFault = ({ key }: Request): Fault | undefined => {
    const fault = faults.shift() ?? outage;
    const errors = fault?.kind === "server error" ? (serverErrors[key] ?? 0) + 1 : 0;
    serverErrors[key] = errors;
    if (fault === undefined || errors > MOST_SERVER_ERRORS) return undefined;
    promptness.isTroubled();
    note?.(`      it meets: ${wordsOfFault(fault)}`);
    return fault;
  };

  const hangsOnDoubt = (resource: Resource): boolean =>
    resources.some((it) => it !== resource && dependsOn(resource, it) && judge.isInDoubt(it));

  const broker: Broker = createBroker({
    script,
    clock,
    disk: rulesFile.disk,
    date: rules && dateBy(rules.clock),
    business: business?.cache,
    random: () => chance.integer(0, 999999) / 1000000,
    parameters: { ...PARAMETERS, ...(rules === undefined ? {} : PARAMETERS_OF_RULES), ...parameters },
    network: {
      clock,
      pagerDuty,
      nextFault,
      visit: (options) => withPeople?.visit(options),
      visitEnded: (options, status) => withPeople?.visitEnded(options, status),
      requestStarts: (request) => {
        const { action, key, severity, routingKey } = request;
        const route = rules === undefined ? "" : ` to ${labelOf(routingKey)}`;
        note?.(`    request: ${action} ${key}${action === "trigger" ? ` ${severity}` : ""}${route}`);
        routes.requestStarts(request);
        texts?.requestStarts(request);
        business?.requestStarts(request);
        storms.requestStarts(request);
        judge.requestStarts(request);
      },
      requestEnded: (request, ending) => {
        note?.(`    answer: ${request.action} ${request.key}: ${ending}`);
        routes.requestEnded(request, ending === "HTTP 202");
        texts?.requestEnded(request, ending);
        business?.requestEnded(request, ending === "HTTP 202");
        judge.requestEnded(request, ending === "HTTP 202");
      },
    },
    tells: (told, isRepeated) => {
      const { resource, says } = told;
      note?.(`    event: ${wordsOfTold(told)}${isRepeated ? " (repeated)" : ""}`);
      variables.told(told);
      business?.told(told);
      if (says === "tag") heardNames.told(told.event as unknown as Tag);
      model.tell(told, isRepeated);
      judge.told(told, isRepeated);
      storms.told(resource);
      if (resource?.kind === "host" && says === "definition") isOwnerLost[resource.hostId] = false;
      if (resource === undefined || says !== "status" || told.status?.results === 0) return;
      isOrphan[resource.key] = false;
      if (isLost[resource.key] !== true) return;
      model.blur(resource);
      if (told.status?.acknowledgement === 0) isSeverityLost[resource.key] = false;
      if (!hangsOnDoubt(resource) && isDoubtEnding(resource)) judge.endDoubt(resource);
    },
    loses: ({ resource, says }) => {
      judge.pollersAreUnknown();
      if (resource === undefined) return;
      if (repageOnEscalation) isSeverityLost[resource.key] = true;
      if (says === "definition") {
        model.losesOwner(resource.hostId);
        isOwnerLost[resource.hostId] = true;
      }
      note?.(`    lost: an event of ${resource.key}`);
      doubt(resource);
    },
    misbehaves: fail,
    logs: (line) => note?.(`    log: ${line}`),
  });

  const engine = createEngine({
    now: () => secondsOf(clock) - pollerBehind,
    protocol,
    resources,
    printsMore: looksAtAllPrinted(history),
    categories: rules?.categories && { names: createCategories(), come: rules.categories.come },
    tell: broker.give,
  });

  const pass = (milliseconds: number): void => {
    clock.now += milliseconds;
    broker.settle();
    withPeople?.settle();
  };

  /** Lets time pass, with a flush() now and then unless the broker is too busy for one. */
  const spend = (milliseconds: number, isBusy: boolean): void => {
    const end = clock.now + milliseconds;
    let turn = 0;
    const flush = (): void => {
      if (isBusy || !broker.isRunning()) return;
      rulesFile.flushes();
      model.flushes();
      storms.flushes();
      promptness.flushes();
      broker.flush();
      if (!broker.isRunning()) return;
      judge.hasFlushed();
      lastActive = clock.now;
      rulesFile.hasFlushed();
      promptness.hasFlushed();
    };
    while (clock.now < end) {
      flush();
      const pause = FLUSH_PAUSES[math.min(turn, FLUSH_PAUSES.length - 1)] ?? 1000;
      pass(math.max(0, math.min(pause, end - clock.now)));
      turn += 1;
    }
    flush();
  };

  const start = (diesAt?: number): void => {
    if (broker.isRunning()) return;
    const isOld = clock.now - lastActive >= JOURNAL_AGE;
    const keepsJournal = mayCrash && hasJournal && !isOld;
    storms.processGone();
    business?.processGone();
    if (isOld) business?.journalLost();
    withPeople?.processGone();
    judge.processGone(broker.hasEndedWell() && keepsJournal, keepsJournal);
    if (!mayCrash) {
      for (const resource of resources) judge.doubt(resource);
      judge.journalLost();
      routes.journalLost();
      business?.journalLost();
      storms.journalLost();
      isLost = {};
      mayStop = false;
      hasJournal = false;
    }
    if (isOld) for (const { key } of resources) withPeople?.judge.forget(key);
    for (const resource of model.restarts(hasJournal, hasJournal && isOld)) doubt(resource);
    hasJournal = true;
    rulesFile.starts();
    variables.starts();
    heardNames.starts();
    promptness.isTroubled();
    withPeople?.judge.processStarts();
    broker.start(canCrash() ? diesAt : undefined);
    for (const poller of POLLERS) if (poller !== absentEngine) engine.tellAlive(poller);
  };

  /** Faults are over and time passes: whatever is to happen has happened then. */
  const compareInCalm = (): void => {
    outage = undefined;
    faults.length = 0;
    withPeople?.calm();
    disk.isFull = false;
    broker.killWithin(undefined, false);
    start();
    spend(CALM, false);
    mayCrash = true;
    judge.compare();
    storms.compare();
    business?.compare();
  };

  const lastChecks: Record<string, number | undefined> = {};
  const check = (resource: Resource, result: number, age: number, isPassive: boolean): void => {
    pass(1000);
    if (resource.status === undefined) return;
    const last = lastChecks[resource.key] ?? 0;
    // Checks of one resource do not overlap, not even on two pollers; nor does a clock that went back give it the same time.
    if (secondsOf(clock) - pollerBehind === last) pass(1000);
    const now = secondsOf(clock) - pollerBehind;
    const began = math.min(now, math.max(now - age, last + 1));
    lastChecks[resource.key] = began;
    engine.check(resource, result, now - began, isPassive);
  };

  const servicesOf = (host: Resource): Resource[] =>
    resources.filter((it) => it.host === host && it.status !== undefined);
  const pollerOf = (resource: Resource): number => (resource.host ?? resource).poller;
  /** Whether a removal is within what the model knows: other hosts are behind it, or it is behind one. */
  const hasRelatives = (host: Resource): boolean =>
    host.parent !== undefined || resources.some(({ parent }) => parent === host);

  const stopOrKill = (how: "stop" | "kill"): void => {
    if (!mayStop) return;
    if (how === "kill" && canCrash()) broker.kill();
    else broker.stop();
  };

  const restartEngine = (poller: number, after?: number, breaks?: Breaks): void => {
    engine.stop(poller);
    pass(1000);
    if (after !== undefined) {
      const goesOn = (): boolean => {
        if (breaks === "connection") {
          engine.tellStartAgain(poller);
          return true;
        }
        if (breaks === "engine" || breaks === undefined) return false;
        stopOrKill(breaks);
        start();
        return true;
      };
      engine.start(poller, { after, goesOn });
      if (breaks !== "engine") return;
    }
    engine.start(poller);
  };

  const addAgain = (resource: Resource): void => {
    isAnew[resource.key] = true;
    engine.add(resource);
  };

  const move = (host: Resource, isOldFirst: boolean, seconds: number): void => {
    const moved = [host, ...servicesOf(host)];
    const old = host.poller;
    const leave = (): void => engine.reload(old, { removed: moved });
    const arrive = (): void => {
      host.poller = 3 - old;
      for (const it of moved) addAgain(it);
      engine.reload(host.poller, { defined: moved });
    };
    if (isOldFirst) {
      engine.drop(host);
      leave();
      spend(seconds * 1000, false);
      arrive();
    } else {
      arrive();
      spend(seconds * 1000, false);
      leave();
    }
  };

  const closeByHand = (resource: Resource): void => {
    if (withPeople === undefined) pagerDuty.take(resource.key, "resolve", "info");
    else withPeople.people.resolve(resource.key, undefined);
    judge.closedByHand(resource);
  };

  const doEngineStep = (step: Step & { readonly of: number }): void => {
    const resource = resources[step.of];
    if (resource === undefined) return;
    const { status } = resource;
    // What the broker knows of groups and names after a removal is more than the model knows.
    if (isByName && ["add", "remove", "drop", "move"].includes(step.step)) return;
    if (step.step === "add") {
      const isHostThere = resource.host === undefined || resource.host.status !== undefined;
      if (status !== undefined || !isHostThere) return;
      addAgain(resource);
      engine.reload(pollerOf(resource), { defined: [resource] });
      return;
    }
    if (status === undefined) return;
    switch (step.step) {
      case "check":
        check(resource, step.result, step.age, step.isPassive);
        break;
      case "status again":
        engine.repeat(resource);
        break;
      case "downtime starts":
        engine.setDowntimeDepth(resource, status.downtimeDepth + 1);
        break;
      case "downtime ends":
        if (status.downtimeDepth > 0) engine.setDowntimeDepth(resource, status.downtimeDepth - 1);
        break;
      case "acknowledge":
        if (status.state !== UP) engine.setAcknowledgement(resource, step.isSticky ? 2 : 1);
        break;
      case "remove acknowledgement":
        if (status.acknowledgement !== 0) engine.setAcknowledgement(resource, 0);
        break;
      case "flapping starts":
        // It never starts on an OK, nor where nobody looks for it.
        if (status.state === UP || status.isFlapping) break;
        if (resource.detectsFlapping && engine.detectsFlapping(pollerOf(resource)))
          engine.setFlapping(resource, true);
        break;
      case "flapping ends":
        if (status.isFlapping) engine.setFlapping(resource, false);
        break;
      case "remove": {
        if (hasRelatives(resource)) break;
        const removed = [resource, ...servicesOf(resource)];
        engine.drop(resource);
        engine.reload(pollerOf(resource), { removed });
        break;
      }
      case "drop":
        if (hasRelatives(resource)) break;
        engine.drop(resource);
        restartEngine(pollerOf(resource));
        break;
      case "move":
        if (resource.kind === "host" && !hasRelatives(resource))
          move(resource, step.isOldFirst, step.seconds);
        break;
      case "rename":
        resource.name = `${resource.name}'`;
        engine.reload(pollerOf(resource), { defined: [resource] });
        break;
      case "category":
        engine.toggleCategory(resource, step.id);
        break;
      case "flap detection":
        resource.detectsFlapping = !resource.detectsFlapping;
        engine.reload(pollerOf(resource), { defined: [resource] });
        break;
      case "join the group":
        if (resource.isShop) break;
        resource.isShop = true;
        engine.reload(resource.poller, { joined: [resource] });
        break;
      case "closed by hand":
        // It comes back only where the parameter says so, or when its problem does.
        if (parameters.pdy_retrigger_interval === undefined) {
          if (resolvesRecoveries || model.call(resource).want !== "resolved") break;
        }
        if (pagerDuty.incident(resource.key).state === "none") break;
        closeByHand(resource);
        break;
      case "acknowledgement times out":
        if (withPeople === undefined) judge.acknowledgementTimesOut(resource);
        else withPeople.people.unacknowledge(resource.key, undefined);
        break;
      case "away for long":
        // What a lost journal knew is not expected to be settled.
        if (!mayStop || !mayCrash || !broker.isRunning()) break;
        broker.stop();
        if (!broker.hasEndedWell()) break;
        if (pagerDuty.incident(resource.key).state !== "none") closeByHand(resource);
        pass(AWAY_FOR_LONG);
        start();
        break;
    }
  };

  const doStep = (step: Step): void => {
    if (isPeopleStep(step)) {
      withPeople?.doStep(step, "of" in step ? resources[step.of] : undefined);
      return;
    }
    if ("of" in step) {
      doEngineStep(step);
      return;
    }
    switch (step.step) {
      case "time":
        spend(step.seconds * 1000, step.isBusy);
        break;
      case "poller's clock goes back":
        pollerBehind += step.seconds;
        withPeople?.judge.pollersClockIsWrong();
        break;
      case "stop":
        stopOrKill("stop");
        break;
      case "kill":
        stopOrKill("kill");
        break;
      case "engine restarts":
        restartEngine(step.poller, step.after, step.breaks);
        break;
      case "engine is away":
        engine.stop(step.poller);
        absentEngine = step.poller;
        if (step.meanwhile !== "nothing") {
          pass(1000);
          stopOrKill(step.meanwhile);
          start();
        }
        spend(step.seconds * 1000, false);
        absentEngine = undefined;
        engine.start(step.poller);
        break;
      case "business activity":
        business?.setState(step.activity, step.state);
        break;
      case "business view":
        business?.toggleView(step.activity, step.view);
        break;
      case "business view is renamed":
        business?.renameView(step.view);
        break;
      case "category is renamed":
        engine.renameCategory(step.kind, step.id);
        break;
      case "flap detection of a poller":
        engine.setFlapDetection(step.poller, !engine.detectsFlapping(step.poller));
        break;
      case "kill at":
        if (mayStop && canCrash()) broker.killWithin(step.effects, step.repeats);
        break;
      case "start":
        start(step.diesAt);
        break;
      case "fault":
        faults.push(step.fault);
        break;
      case "outage":
        outage = step.fault;
        break;
      case "outage ends":
        outage = undefined;
        break;
      case "disk full":
        disk.isFull = true;
        mayCrash = false;
        broker.killWithin(undefined, false);
        break;
      case "disk has room":
        disk.isFull = false;
        break;
      case "rules":
        if (rules !== undefined) rulesFile.write(step.written);
        break;
      case "compare":
        compareInCalm();
        break;
    }
  };

  const existing = (): Resource[] => resources.filter((it) => it.status !== undefined);

  if (note !== undefined) for (const line of wordsOfSetting(history.setting, resources)) note(line);
  start();
  if (history.setting.hasJournal) {
    broker.stop();
    start();
  }
  for (const resource of resources) engine.add(resource);
  for (const poller of POLLERS) engine.start(poller);
  business?.tellAll();
  history.steps.forEach((step, index) => {
    if (failure !== undefined) return;
    note?.(`${index + 1}. ${wordsOfStep(step, resources)}`);
    doStep(step);
  });
  if (failure !== undefined) return failure;

  note?.("In the end all is calm.");
  compareInCalm();

  note?.("Engines send all they know again, and checks confirm what is stale or in doubt.");
  for (const poller of POLLERS) engine.start(poller);
  business?.tellAll();
  for (const resource of existing()) engine.repeat(resource);
  for (const resource of existing()) {
    let checks = judge.isInDoubt(resource) ? -resource.maximumAttempts : 0;
    // A person who closed it is believed until then.
    if (withPeople !== undefined && (resource.status?.state ?? UP) !== UP) checks = math.min(checks, -1);
    while ((checks < 0 || model.isStale(resource)) && checks < MOST_CONFIRMING_CHECKS) {
      check(resource, resource.status?.state ?? UP, 0, false);
      checks += 1;
    }
  }
  // What is not mentioned is gone, unless the connector lost its journal and does not know that it was there. Nor does
  // what was made anew tell then that it recovered.
  const isDoubtOver = ({ key, status }: Resource): boolean => {
    if (status !== undefined) return (mayStop || isAnew[key] !== true) && isSeverityLost[key] !== true;
    return mayStop && isOrphan[key] !== true;
  };
  for (const resource of resources) if (isDoubtOver(resource)) judge.endDoubt(resource);
  compareInCalm();

  note?.("Everything recovers.");
  rules?.activities?.forEach((_, at) => business?.setState(at, 0));
  for (const resource of existing()) {
    // The first may be a SOFT recovery.
    check(resource, UP, 0, false);
    check(resource, UP, 0, false);
    if (resource.status?.isFlapping === true) engine.setFlapping(resource, false);
  }
  compareInCalm();
  return failure;
}
