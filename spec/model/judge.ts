// Holds the connector against the model: each request when it begins, and what PagerDuty has when all is calm.
import { OK, type Resource, type Told } from "./engine";
import type { Call, Model } from "./model";
import type { Request } from "./network";
import type { PeopleJudge } from "./people_judge";
import { type PagerDuty, type Severity, isWorse } from "./pagerduty";
import { type RepeatRules, createRepeats } from "./repeats";
import type { Clock } from "./world";

export interface JudgePorts {
  readonly clock: Clock;
  readonly pagerDuty: PagerDuty;
  readonly model: Model;
  readonly resources: readonly Resource[];
  /** Requests allowed within a minute. */
  readonly limit: number;
  readonly rules: RepeatRules & { readonly repageOnEscalation: boolean };
  /** The end of a problem ends its incident; else people do. */
  readonly resolvesRecoveries: boolean;
  /** Centreon's acknowledgements are passed on. */
  readonly passesOnAcknowledgements: boolean;
  /** What a downtime does to an open incident. */
  readonly downtimeAction: string;
  /** Judges what people did at PagerDuty, where the connector asks for that. */
  readonly people: PeopleJudge | undefined;
  /** The names of a host, or of a service and its host, that the broker knows now. */
  readonly knownNames: (this: void, resource: Resource) => string[];
  /** What pages say, where rules say some of it, is judged elsewhere. */
  readonly judgesTexts: boolean;
  /** An alert of many problems, or of a business activity; it is judged elsewhere, but for how often requests go out. */
  readonly isOther: (this: void, key: string) => boolean;
  readonly mayStormStandFor: (this: void, resource: Resource) => boolean;
  /** The same, though PagerDuty has it. */
  readonly mayStormStandForOpen: (this: void, resource: Resource) => boolean;
  readonly fail: (this: void, what: string) => void;
}

export interface Judge {
  readonly requestStarts: (this: void, request: Request) => void;
  readonly requestEnded: (this: void, request: Request, isAccepted: boolean) => void;
  /** PagerDuty has it, or perhaps: what is open does not wait for what is above it. */
  readonly mayBeOpen: (this: void, resource: Resource) => boolean;
  /** Whether a trigger would open it: only opening waits. `perhaps`: the connector may take it for open, or PagerDuty may. */
  readonly wouldOpen: (this: void, resource: Resource) => "yes" | "no" | "perhaps";
  /** PagerDuty has it, and the connector knows that. */
  readonly isSurelyOpen: (this: void, resource: Resource) => boolean;
  /** Others have closed it, and the connector knows that: what it thought open it would not trigger. */
  readonly isKnownToBeClosed: (this: void, trigger: Request, resource: Resource) => boolean;
  /** Centreon says something to the connector; `isRepeated`: not for the first time. */
  readonly told: (this: void, told: Told, isRepeated: boolean) => void;
  /**
   * The process is gone, and its requests with it. `knows`: all that it was told and has said is in its journal;
   * `keepsJournal`: what it had journaled is, at least.
   */
  readonly processGone: (this: void, knows: boolean, keepsJournal: boolean) => void;
  /** flush() has been called: the connector knows what has ended until then. */
  readonly hasFlushed: (this: void) => void;
  /** Whether an engine has stopped may not be known to the connector. */
  readonly pollersAreUnknown: (this: void) => void;
  /**
   * The connector may know what Centreon said of the resource, or not. It is not judged until that was said again;
   * its pages are not counted any more.
   */
  readonly doubt: (this: void, resource: Resource) => void;
  readonly isInDoubt: (this: void, resource: Resource) => boolean;
  readonly endDoubt: (this: void, resource: Resource) => void;
  /** The journal is lost: whose an acknowledge was nobody knows any more. */
  readonly journalLost: (this: void) => void;
  /** Somebody closed the incident: one page more is right. */
  readonly closedByHand: (this: void, resource: Resource) => void;
  /** PagerDuty ends the acknowledgement, if there is one. */
  readonly acknowledgementTimesOut: (this: void, resource: Resource) => void;
  /** All is calm: PagerDuty must have what Centreon calls for. */
  readonly compare: (this: void) => void;
}

const MINUTE = 60 * 1000;

export function createJudge(ports: JudgePorts): Judge {
  const { clock, pagerDuty, model, resources, rules, people, fail } = ports;
  const isInDoubt: Record<string, boolean> = {};
  const isUncountable: Record<string, boolean> = {};
  const closedByHand: Record<string, number> = {};
  /** The last request's outcome may be unknown. */
  const isUncertain: Record<string, boolean> = {};
  /** It ended since the last flush(): a process that dies before the next one may not have journaled it. */
  let hasJustEnded: Record<string, boolean> = {};
  /** So may be whether it is open: an acknowledge that is accepted does not tell. */
  const isOpeningUncertain: Record<string, boolean> = {};
  /** An acknowledge was accepted, whether or not there was anything to acknowledge. */
  const isAcknowledged: Record<string, boolean> = {};
  /** One was, since the last trigger: what closed it since may be lost with a crash. */
  const wasAcknowledged: Record<string, boolean> = {};
  /** An acknowledge was sent for a downtime, and nobody has acknowledged the problem since. */
  let isOfDowntime: Record<string, boolean> = {};
  const wasOpenBeforeDowntime: Record<string, boolean> = {};
  /** The problem of the incident, if there is one, has ended; people end it. */
  const isLeftToPeople: Record<string, boolean> = {};
  /** The highest severity of an incident's triggers so far, whoever closed it. */
  const worstTold: Record<string, Severity | undefined> = {};
  let isUnderWay: Record<string, boolean> = {};
  let starts: { readonly at: number; readonly routingKey: string }[] = [];

  /** The acknowledgement at PagerDuty timed out; the connector knows nothing of that. */
  const isTimedOut: Record<string, boolean> = {};
  /** The names that the connector must know of a problem: the broker's cache knew them once. */
  const namesOf: Record<string, string[] | undefined> = {};

  /** What the connector takes PagerDuty to have. */
  const thoughtOf = people?.thoughtOf ?? ((key: string) => pagerDuty.incident(key).state);

  const repeats = createRepeats({
    clock,
    pagerDuty,
    rules,
    ownerOf: model.ownerOf,
    thoughtOf,
    isUnsettled: (key) => isUnderWay[key] === true || isUncertain[key] === true,
  });

  const isCalledFor = ({ action, key }: Request, { want, isInDowntime, severity }: Call): boolean => {
    const { state } = pagerDuty.incident(key);
    if (isInDowntime === true && action === ports.downtimeAction) return true;
    switch (action) {
      case "trigger":
        if (want === "acknowledged" && people?.hasAcknowledgementEnded(key) === true) return true;
        return want === "triggered" || want === "triggered or held";
      case "acknowledge":
        // Whoever acknowledged it in PagerDuty has seen it as grave: Centreon's counts up to that, too.
        if (want === "triggered" && people?.mayCount(key, severity) === true) return true;
        return want === "acknowledged" && ports.passesOnAcknowledgements;
      case "resolve":
        // Without a journal nobody knows what was open: an OK is passed on to be sure, also while flapping.
        if (want === "resolved" || (want === "held" && state === "none")) return ports.resolvesRecoveries;
        // So is what was acknowledged for a downtime; once more where a crash left the outcome unknown.
        if (wasOpenBeforeDowntime[key] === true && want !== "held" && want !== "acknowledged") return true;
        // What was acknowledged is closed, to page anew: perhaps there is nothing to close.
        return (
          (rules.repageOnEscalation || rules.repageOnUnacknowledge) &&
          (want === "triggered" || want === "triggered or held") &&
          (state !== "none" ||
            people?.wasTouched(key) === true ||
            closedByHand[key] !== undefined ||
            isAcknowledged[key] === true)
        );
    }
  };

  /** What is wrong with what PagerDuty has of `resource`; undefined: nothing. */
  const difference = (resource: Resource, { want, severity, isInDowntime }: Call): string | undefined => {
    const { key } = resource;
    const incident = pagerDuty.incident(key);
    const { state } = incident;
    const has = `${key} is ${state === "none" ? "closed" : state} at PagerDuty`;
    if (isInDowntime === true && isLeftToPeople[key] !== true) {
      // An acknowledgement that timed out at PagerDuty still stands for the connector.
      const mayBeTriggered = isTimedOut[key] === true || people?.mayStayUnacknowledged(key) === true;
      const isUnacknowledged = state === "triggered" && !mayBeTriggered;
      if (ports.downtimeAction === "acknowledge" && isUnacknowledged) return `${has}, and in a downtime`;
      if (ports.downtimeAction === "resolve" && state !== "none") return `${has}, and in a downtime`;
    }
    if (want === "triggered" && state === "acknowledged" && isOfDowntime[key] === true)
      return `${has} for a downtime that is over`;
    // PagerDuty pages nobody for an acknowledged incident that gets worse.
    const mayBeUnderstated =
      isTimedOut[key] === true ||
      (state === "acknowledged" && !rules.repageOnEscalation) ||
      ports.mayStormStandForOpen(resource);
    const mayStayClosed = people?.mayStayClosed(key, severity) === true || ports.mayStormStandFor(resource);
    if (want === "triggered" && state === "none" && !mayStayClosed)
      return `${has}, and ${severity} in Centreon`;
    if (
      want === "triggered" &&
      state !== "none" &&
      isWorse(severity, incident.severity) &&
      !mayBeUnderstated
    ) {
      return `${has} as ${incident.severity}, and ${severity} in Centreon`;
    }
    if (want === "resolved" && state !== "none" && ports.resolvesRecoveries)
      return `${has}, and well in Centreon`;
    // One whose problem has ended is left to people until a problem is told again.
    const isToldOf = ports.passesOnAcknowledgements && isLeftToPeople[key] !== true;
    const isAcknowledgedOnce =
      (isTimedOut[key] === true && rules.reacknowledgeInterval === 0) ||
      people?.mayStayUnacknowledged(key) === true;
    // An engine that is new to it has none, and says so with the first check.
    const stands = want === "acknowledged" && resource.status?.acknowledgement !== 0;
    if (stands && state === "triggered" && isToldOf && !isAcknowledgedOnce)
      return `${has}, and acknowledged in Centreon`;
    return undefined;
  };

  /** What a page says that goes out now. */
  const judgeText = ({ key, summary }: Request, resource: Resource): void => {
    const says = (text: string): boolean => string.find(summary, text, 1, true)[0] !== undefined;
    const outputs = model.outputsOf(resource);
    if (outputs.length > 0 && !outputs.some((it) => says(it))) {
      fail(`the page of ${key} says "${summary}", and the last check said "${outputs[0] ?? ""}"`);
    }
    const names = ports.knownNames(resource);
    const unsaid = (names.length > 0 ? names : (namesOf[key] ?? [])).find((name) => !says(name));
    if (unsaid !== undefined) {
      fail(`the page of ${key} says "${summary}", and its name is "${unsaid}"`);
    }
  };

  /** If its problem is over and people are to end the incident: the next one is triggered, whatever they have done by then. */
  const leaveToPeople = (resource: Resource): void => {
    if (ports.resolvesRecoveries || model.call(resource).want !== "resolved") return;
    isLeftToPeople[resource.key] = true;
    repeats.hasChanged(resource.key);
  };

  /** It passes on no acknowledgement of Centreon's. */
  const isForDowntime = ({ key, action }: Request): boolean =>
    action === "acknowledge" && isOfDowntime[key] === true;

  return {
    requestStarts: (request) => {
      const { action, key, severity, routingKey } = request;
      starts = starts.filter(({ at }) => clock.now - at < MINUTE);
      starts.push({ at: clock.now, routingKey });
      const count = starts.filter((it) => it.routingKey === routingKey).length;
      if (count > ports.limit) fail(`${count} requests within a minute`);
      if (isUnderWay[key] === true) fail(`two requests for ${key} at once`);
      people?.requestStarts(request);
      const resource = resources.find((it) => it.key === key);
      if (ports.isOther(key)) {
        isUnderWay[key] = true;
        return;
      }
      if (resource === undefined) return fail(`${action} of ${key}, which does not exist`);
      const call = model.call(resource);
      isUnderWay[key] = true;
      if (action !== "trigger" && call.isInDowntime === true) {
        wasOpenBeforeDowntime[key] = true;
        if (action === "acknowledge") isOfDowntime[key] = true;
      }
      if (isInDoubt[key] === true) return;
      if (!isCalledFor(request, call)) fail(`${action} of ${key}, which is to be ${call.want}`);
      const repeated = isForDowntime(request) ? undefined : repeats.excess(request, resource);
      const excess = people === undefined ? repeated : people.excess(request, call, repeated);
      if (excess !== undefined) fail(excess);
      if (action !== "trigger") return;
      if (ports.judgesTexts) judgeText(request, resource);
      // A text that follows the state of an open problem goes out with the highest severity so far that is known to have
      // been taken; one of unknown outcome may have been higher.
      const worst = worstTold[key] ?? call.severity;
      const isOfBefore = isWorse(severity, call.severity) && !isWorse(severity, worst);
      const isRight = severity === call.severity || call.severities?.includes(severity) === true;
      if (!isRight && !isOfBefore) {
        fail(`trigger of ${key} with severity ${severity}, which is ${call.severity}`);
      }
    },
    requestEnded: (request, isAccepted) => {
      const { key, action, severity } = request;
      if (!isForDowntime(request)) repeats.requestEnded(request, isAccepted);
      people?.requestEnded(request, isAccepted);
      if (isAccepted && action !== "trigger") isTimedOut[key] = false;
      isUnderWay[key] = false;
      const worst = worstTold[key];
      if (isAccepted && action === "resolve") worstTold[key] = undefined;
      if (isAccepted && action === "resolve") isOfDowntime[key] = false;
      if (action === "trigger" && (worst === undefined || isWorse(severity, worst)))
        worstTold[key] = severity;
      isUncertain[key] = !isAccepted;
      hasJustEnded[key] = true;
      if (action !== "acknowledge") isOpeningUncertain[key] = !isAccepted;
      // It may have been taken all the same.
      if (action === "acknowledge" || (isAccepted && action === "resolve"))
        isAcknowledged[key] = action === "acknowledge";
      if (isAccepted && action !== "resolve") wasAcknowledged[key] = action === "acknowledge";
      if (isAccepted && action === "trigger") {
        isLeftToPeople[key] = false;
        wasOpenBeforeDowntime[key] = false;
      }
      const resource = resources.find((it) => it.key === key);
      if (resource !== undefined) leaveToPeople(resource);
    },
    mayBeOpen: ({ key }) =>
      pagerDuty.incident(key).state !== "none" ||
      thoughtOf(key) !== "none" ||
      isUncertain[key] === true ||
      isOpeningUncertain[key] === true ||
      isUnderWay[key] === true,
    isSurelyOpen: ({ key }) => {
      const mayBeUnknown = isUncertain[key] === true || isOpeningUncertain[key] === true;
      return pagerDuty.incident(key).state !== "none" && !mayBeUnknown && isUnderWay[key] !== true;
    },
    isKnownToBeClosed: (trigger, resource) => {
      const { key } = resource;
      if (people === undefined || isUncertain[key] === true || isOpeningUncertain[key] === true) return false;
      return people.thoughtOf(key) === "none" || repeats.excess(trigger, resource) !== undefined;
    },
    wouldOpen: ({ key }) => {
      const isOpenNow = pagerDuty.incident(key).state !== "none";
      // What was left to people the connector knows nothing of.
      if (isOpenNow && ports.resolvesRecoveries) return "no";
      const isSettled = !isOpenNow && isUnderWay[key] !== true && isUncertain[key] !== true;
      const isThoughtOpen = thoughtOf(key) !== "none";
      return isSettled && closedByHand[key] === undefined && !isThoughtOpen ? "yes" : "perhaps";
    },
    told: (told, isRepeated) => {
      repeats.told(told);
      people?.told(told);
      const { resource } = told;
      if (resource === undefined) return;
      const { key } = resource;
      const names = ports.knownNames(resource);
      // What was kept of it the first time may be lost.
      if (model.stateOf(resource) === OK || isRepeated) namesOf[key] = undefined;
      if (model.stateOf(resource) !== OK && names.length > 0) namesOf[key] = names;
      if (model.call(resource).want === "acknowledged") isOfDowntime[key] = false;
      leaveToPeople(resource);
    },
    processGone: (knows, keepsJournal) => {
      for (const { key } of resources)
        if (!knows && wasAcknowledged[key] === true) isAcknowledged[key] = true;
      repeats.processGone(knows);
      if (!keepsJournal) repeats.pollersAreUnknown();
      for (const key of Object.keys(isUnderWay)) if (isUnderWay[key] === true) isUncertain[key] = true;
      for (const key of knows ? [] : Object.keys(hasJustEnded)) {
        isUncertain[key] = true;
        people?.mayNotKnow(key);
      }
      hasJustEnded = {};
      isUnderWay = {};
      starts = [];
    },
    hasFlushed: () => {
      hasJustEnded = {};
    },
    pollersAreUnknown: repeats.pollersAreUnknown,
    doubt: ({ key }) => {
      repeats.forget(key);
      people?.forget(key);
      namesOf[key] = undefined;
      isInDoubt[key] = true;
      isUncountable[key] = true;
    },
    isInDoubt: ({ key }) => isInDoubt[key] === true,
    endDoubt: ({ key }) => {
      isInDoubt[key] = false;
    },
    acknowledgementTimesOut: ({ key }) => {
      const incident = pagerDuty.incident(key);
      // It does so long after it was acknowledged.
      if (incident.state !== "acknowledged" || isUnderWay[key] === true) return;
      incident.state = "triggered";
      isTimedOut[key] = true;
      repeats.hasChanged(key);
    },
    journalLost: () => {
      isOfDowntime = {};
      for (const { key } of resources) isOpeningUncertain[key] = true;
    },
    closedByHand: ({ key }) => {
      repeats.hasChanged(key);
      closedByHand[key] = (closedByHand[key] ?? 0) + 1;
    },
    compare: () => {
      for (const resource of resources) {
        const { key } = resource;
        if (isInDoubt[key] === true) continue;
        const call = model.call(resource);
        const problem = difference(resource, call);
        if (problem !== undefined) fail(problem);
        const disagreement = people?.difference(resource, call);
        if (disagreement !== undefined) fail(disagreement);
        const mayBeOmitted = call.want !== "triggered" || ports.mayStormStandFor(resource);
        const omission = mayBeOmitted ? undefined : repeats.omission(resource, model.stateOf(resource));
        if (omission !== undefined) fail(omission);
        const { pages } = pagerDuty.incident(key);
        const calledFor =
          model.pagesCalledFor(resource) + (closedByHand[key] ?? 0) + (people?.pages(key) ?? 0);
        if (isUncountable[key] !== true && pages > calledFor) {
          fail(`${key} has paged ${pages} times where ${calledFor} were called for`);
        }
      }
    },
  };
}
