// What PagerDuty has already may be said again for a reason only: a rule of the administrator's, or an outcome that nobody
// knows. Owns what was said last of each resource, as far as the connector can know it; what Centreon calls for is the
// model's to say.
import { OK, type Resource, type Status, type Told } from "./engine";
import type { Request, ToldOfCheck } from "./network";
import { type Incident, type PagerDuty, type Severity, isWorse } from "./pagerduty";
import { stateName } from "./words";
import type { Clock } from "./world";

/** When an open problem is told anew (pdy_updates). */
export type Updates = "none" | "state" | "output";

export interface RepeatRules {
  readonly hardOnly: boolean;
  readonly repageOnUnacknowledge: boolean;
  readonly updates: Updates;
  /** Seconds; 0: never. */
  readonly retriggerInterval: number;
  readonly reacknowledgeInterval: number;
}

export interface RepeatsPorts {
  readonly clock: Clock;
  readonly pagerDuty: PagerDuty;
  readonly rules: RepeatRules;
  /** Which poller's engine monitors a problem; undefined: perhaps the connector does not know. */
  readonly ownerOf: (this: void, resource: Resource) => number | undefined;
  /** What the connector takes PagerDuty to have. */
  readonly thoughtOf: (this: void, key: string) => Incident["state"];
  /** A request is under way, or the outcome of the last one is not known. */
  readonly isUnsettled: (this: void, key: string) => boolean;
}

export interface Repeats {
  readonly told: (this: void, told: Told) => void;
  /** Why a request that begins is one too many; undefined: it is not. */
  readonly excess: (this: void, request: Request, resource: Resource) => string | undefined;
  readonly requestEnded: (this: void, request: Request, isAccepted: boolean) => void;
  /** What PagerDuty was to be told and was not, though it has the problem, which is in `state`; undefined: nothing. */
  readonly omission: (this: void, resource: Resource, state: number) => string | undefined;
  /** PagerDuty has something else than what it was told: nothing is expected of the connector, who cannot know. */
  readonly hasChanged: (this: void, key: string) => void;
  /** The connector may know nothing of what was said of it. */
  readonly forget: (this: void, key: string) => void;
  /** `knows`: all that it was told and has said is in its journal. */
  readonly processGone: (this: void, knows: boolean) => void;
  /** Whether an engine has stopped may not be known. */
  readonly pollersAreUnknown: (this: void) => void;
}

/** Of one resource. */
interface Said {
  /** The last trigger that was accepted: what it said, its severity at worst, when. Undefined: none, or nobody knows. */
  told: ToldOfCheck | undefined;
  severity: Severity;
  at: number;
  /** How often it had paged by then. */
  pages: number;
  /** PagerDuty has just that, and the connector knows it. */
  isSure: boolean;
  /** A check of since then said something else in words: it may be told, or must be. */
  mayUpdate: boolean;
  mustUpdate: boolean;
  /** The acknowledgement that Centreon has was passed on, then (milliseconds). */
  acknowledgedAt: number | undefined;
  /** It was taken back, while PagerDuty had it. */
  mustRepage: boolean;
  /** A resolve was accepted, and nothing was wrong since; and it was resolved once more all the same. */
  isResolved: boolean;
  isResolvedTwice: boolean;
  /** What Centreon said last, and of which check since the connector started. */
  status: Status | undefined;
  lastCheck: number | undefined;
}

/** Seconds between two updates of one incident for its output. */
const UPDATE_INTERVAL = 300;

/** After so many seconds the connector has surely read an answer, and its interval is over. */
const SURE_UPDATE_INTERVAL = UPDATE_INTERVAL + 420;

function withoutNumbers(text: string): string {
  return string.gsub(text, "%d+", "0")[0];
}

export function createRepeats(ports: RepeatsPorts): Repeats {
  const { clock, pagerDuty, rules } = ports;
  const all: Record<string, Said | undefined> = {};
  /** When an engine said that it stops (milliseconds). */
  let stoppedAt: Record<number, number | undefined> = {};

  const of = (key: string): Said => {
    const known = all[key] ?? {
      told: undefined,
      severity: "info",
      at: 0,
      pages: 0,
      isSure: false,
      mayUpdate: false,
      mustUpdate: false,
      acknowledgedAt: undefined,
      mustRepage: false,
      isResolved: false,
      isResolvedTwice: false,
      status: undefined,
      lastCheck: undefined,
    };
    all[key] = known;
    return known;
  };
  const secondsSince = (time: number): number => math.floor(clock.now / 1000) - math.floor(time / 1000);

  const noteOutput = (said: Said, resource: Resource, status: Status): void => {
    const isOpen = ports.thoughtOf(resource.key) !== "none";
    const counts = status.isHard || !rules.hardOnly;
    if (rules.updates !== "output" || said.told === undefined || !isOpen || !counts) return;
    const { lastCheck } = said;
    if (status.state === OK || lastCheck === status.lastCheck || secondsSince(said.at) < UPDATE_INTERVAL)
      return;
    const words = withoutNumbers(status.said.output);
    if (string.find(withoutNumbers(said.told.output), words, 1, true)[0] !== undefined) return;
    said.mayUpdate = true;
    // What is open and at rest is not journaled with each check: after a start it may be news, or not.
    const isKnown = said.isSure && lastCheck !== undefined;
    if (isKnown && secondsSince(said.at) >= SURE_UPDATE_INTERVAL) said.mustUpdate = true;
  };

  const noteAcknowledgement = (said: Said, resource: Resource, status: Status): void => {
    const before = said.status;
    const had = before !== undefined && before.acknowledgement !== 0;
    if (status.state === OK) said.mustRepage = false;
    if (status.acknowledgement !== 0) {
      if (!had) said.acknowledgedAt = undefined;
      said.mustRepage = false;
      return;
    }
    if (!had || before.state !== status.state || status.state === OK) return;
    const isPassedOn =
      said.acknowledgedAt !== undefined &&
      pagerDuty.incident(resource.key).state === "acknowledged" &&
      !ports.isUnsettled(resource.key);
    said.mustRepage = rules.repageOnUnacknowledge && isPassedOn;
  };

  /** Whether nothing is heard of the engine, and was not when the interval ended. */
  const isQuietSince = (resource: Resource, since: number): boolean => {
    const stopped = stoppedAt[ports.ownerOf(resource) ?? 0];
    if (stopped === undefined) return false;
    return math.floor(stopped / 1000) - math.floor(since / 1000) < rules.retriggerInterval;
  };

  const excessOfTrigger = ({ key, severity, told }: Request, resource: Resource): string | undefined => {
    const said = of(key);
    const hasIt = said.isSure && ports.thoughtOf(key) === "triggered";
    if (!hasIt || said.told === undefined || resource.isVolatile || isWorse(severity, said.severity))
      return undefined;
    if (rules.updates !== "none" && told?.state !== said.told.state) return undefined;
    if (said.mayUpdate) return undefined;
    if (rules.retriggerInterval > 0 && secondsSince(said.at) >= rules.retriggerInterval) {
      return isQuietSince(resource, said.at)
        ? `${key} is triggered again although its engine is stopped`
        : undefined;
    }
    return `${key} is triggered again, and PagerDuty has it as it is`;
  };

  const excessOfAcknowledge = ({ key }: Request): string | undefined => {
    const { acknowledgedAt } = of(key);
    const interval = rules.reacknowledgeInterval;
    if (acknowledgedAt === undefined) return undefined;
    if (interval > 0 && secondsSince(acknowledgedAt) >= interval) return undefined;
    return `the acknowledgement of ${key} is passed on twice`;
  };

  /** What is well is resolved once more in the first hour without a journal: nobody knows what was open before. */
  const excessOfResolve = ({ key }: Request): string | undefined => {
    const said = of(key);
    if (!said.isResolved) return undefined;
    if (said.isResolvedTwice) return `${key} is resolved again and again`;
    said.isResolvedTwice = true;
    return undefined;
  };

  return {
    told: ({ says, resource, status, poller }) => {
      if (says === "stop") stoppedAt[poller] = clock.now;
      if (says === "start" || says === "alive") stoppedAt[poller] = undefined;
      if (resource === undefined) return;
      const said = of(resource.key);
      if (says === "acknowledgement") said.acknowledgedAt = undefined;
      if (status === undefined || (says !== "status" && says !== "change")) return;
      if (status.state !== OK || status.isFlapping) said.isResolved = false;
      noteAcknowledgement(said, resource, status);
      if (says === "status") noteOutput(said, resource, status);
      said.status = status;
      said.lastCheck = status.lastCheck;
    },
    excess: (request, resource) => {
      switch (request.action) {
        case "trigger":
          return excessOfTrigger(request, resource);
        case "acknowledge":
          return excessOfAcknowledge(request);
        case "resolve":
          return excessOfResolve(request);
      }
    },
    requestEnded: ({ key, action, severity, told }, isAccepted) => {
      const said = of(key);
      if (!isAccepted) {
        // PagerDuty drops the acknowledge of what it does not have, and has nothing more for one that it lost.
        if (action !== "acknowledge") said.isSure = false;
        said.isResolved = false;
        return;
      }
      said.mustRepage = said.mustRepage && action !== "resolve";
      if (action === "acknowledge") said.acknowledgedAt = clock.now;
      said.isResolved = action === "resolve";
      if (action === "acknowledge") return;
      said.mayUpdate = false;
      said.mustUpdate = false;
      const { pages } = pagerDuty.incident(key);
      const isNew = pages !== said.pages || ports.thoughtOf(key) === "none";
      said.pages = pages;
      const isRaised = said.isSure && !isNew && !isWorse(severity, said.severity);
      said.severity = isRaised ? said.severity : severity;
      said.isSure = action === "trigger";
      said.told = action === "trigger" ? told : undefined;
      said.at = clock.now;
    },
    omission: (resource, state) => {
      const { key } = resource;
      const said = of(key);
      const { state: has } = pagerDuty.incident(key);
      if (has === "acknowledged" && said.mustRepage) {
        return `the acknowledgement of ${key} was taken back, and PagerDuty has it still`;
      }
      if (has !== "triggered" || !said.isSure || said.told === undefined) return undefined;
      const name = stateName(resource, state);
      if (rules.updates !== "none" && said.told.state !== name) {
        return `PagerDuty was told "${said.told.state} - ${said.told.output}" of ${key}, which is ${name}`;
      }
      return said.mustUpdate
        ? `PagerDuty was told "${said.told.state} - ${said.told.output}" of ${key}, and a check said something else long after`
        : undefined;
    },
    hasChanged: (key) => {
      const said = of(key);
      said.isSure = false;
      said.mustRepage = false;
    },
    forget: (key) => {
      all[key] = undefined;
    },
    processGone: (knows) => {
      for (const key of Object.keys(all)) {
        const said = of(key);
        said.isResolvedTwice = false;
        said.lastCheck = undefined;
        if (knows && !ports.isUnsettled(key)) continue;
        said.isSure = false;
        said.acknowledgedAt = undefined;
        said.mustRepage = false;
        said.isResolved = false;
      }
    },
    pollersAreUnknown: () => {
      stoppedAt = {};
    },
  };
}
