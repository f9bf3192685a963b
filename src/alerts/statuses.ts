// What a status makes of an alert: a problem is recorded, or what is known of one brought up to date, and what is news is
// decided. Owns what counts as news, and what need not be looked at again; where alerts stand, what surrounds them and what
// is decided is for others to know.
import {
  type ActionRules,
  type Alert,
  type Facts,
  type Place,
  type PreviousState,
  type Report,
  type Resource,
  createAlert,
  dropUntold,
  isClosingRefuted,
  isDescribed,
  nextAction,
  recordEnded,
  recordUnknownOutcome,
} from "./alert";
import type { Acknowledgements } from "./acknowledgements";
import type { Decision } from "./decision";
import type { Departures } from "./departures";
import type { EarlyProblems } from "./early_problems";
import type { AdaptiveObservation, Observation } from "./observation";
import { withKnownPoller } from "./place";
import { type Reading, STATE, isConfirmed } from "./policy";
import type { Shelf } from "./shelf";
import type { HostSurroundings } from "./surroundings";
import { isOutputNews } from "./updates";
import type { Waits } from "./waits";

export interface StatusesSettings {
  readonly hardOnly: boolean;
  readonly actionRules: ActionRules;
  /** The text of an open alert may be sent again whatever its state: each check's report is kept. */
  readonly keepsReportsOfOpen: boolean;
}

/** What is known of those of which a check that finds just that changes nothing but the time of the last check. */
export type FactsAtRest = LuaTable<Alert, Facts | undefined>;

export interface StatusesParts {
  readonly shelf: Shelf;
  readonly surroundings: HostSurroundings;
  readonly acknowledgements: Acknowledgements;
  readonly departures: Departures;
  readonly earlyProblems: EarlyProblems;
  readonly waits: Waits;
  readonly decision: Decision;
  readonly atRest: FactsAtRest;
  /** Takes the names of today, without a decision. Gives whether that is news. */
  readonly readPlace: (this: void, alert: Alert) => boolean;
}

export interface StatusesPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /**
   * What the resource is called now and where it belongs. Undefined when it is not to be recorded: it has no known name
   * and must have one, or it only stands for something else.
   */
  readonly placeOf: (this: void, resource: Resource) => Place | undefined;
  /** What the check said that the event being taken tells of. */
  readonly reportOf: (this: void, resource: Resource) => Report;
  /** Whether PagerDuty may have an alert for a problem that nothing is known of. */
  readonly mayBeOpen: (this: void, report: Report) => boolean;
  /** Whether each new HARD result of this service is news. */
  readonly isVolatile: (this: void, resource: Resource) => boolean;
  /** Something of an alert changed: it must be journaled, and perhaps there is an action to take. */
  readonly alertChanged: (this: void, alert: Alert) => void;
  /** For the log: why an alert ends or is opened anew, where the state alone does not say it. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
}

export interface Statuses {
  /** A full status tells of a problem of which nothing is known. */
  readonly record: (this: void, observation: Observation) => void;
  /** A full status tells of what is known. */
  readonly update: (this: void, alert: Alert, observation: Observation, reading: Reading) => void;
  /** An adaptive status tells of what is known. */
  readonly adapt: (this: void, alert: Alert, observation: AdaptiveObservation) => void;
}

/** The facts of a new problem; whether it is acknowledged is taken as any acknowledgement is. */
function newFacts(
  { state, downtimeDepth, isFlapping, lastCheck }: Observation,
  staleness: Facts["staleness"],
): Facts {
  return { state, isAcknowledged: false, downtimeDepth, isFlapping, lastCheck, staleness };
}

/**
 * The state before the one that `report` tells of, which `before` told of. Undefined when it was well in between: that check
 * was not seen. Since when a SOFT state is, nobody tells.
 */
function previousState(before: Report, report: Report, areStatesHard: boolean): PreviousState | undefined {
  const { stateName, since } = before;
  if (report.lastOk > since) return undefined;
  return areStatesHard && report.since > since ? { stateName, seconds: report.since - since } : { stateName };
}

/** Takes statuses to the alerts of the shelf. */
export function createStatuses(
  settings: StatusesSettings,
  parts: StatusesParts,
  ports: StatusesPorts,
): Statuses {
  const { shelf, surroundings, acknowledgements, departures, earlyProblems, waits, atRest, readPlace } =
    parts;
  const { examine, decide } = parts.decision;
  const { now, announce } = ports;

  /** Whether nothing of the alert is to be sent: an open one that stays so costs nothing. */
  const isAtRest = (alert: Alert): boolean =>
    alert.desired === "triggered" &&
    alert.delivered === "triggered" &&
    alert.isCertain &&
    alert.inFlight === undefined &&
    nextAction(alert, settings.actionRules) === undefined;

  /** Whether the text of the alert's next check may still be sent: it waits, is held, is of unknown outcome, and so on. */
  const followsReport = (alert: Alert): boolean =>
    !isAtRest(alert) || settings.keepsReportsOfOpen || alert.isVolatile;

  /** Rules may look at whether it is acknowledged. */
  const setAcknowledged = (alert: Alert, isAcknowledged: boolean, isNewState: boolean): void => {
    const before = alert.facts.isAcknowledged;
    acknowledgements.set(alert, isAcknowledged, isNewState);
    if (isAcknowledged !== before) examine(alert);
  };

  const record = (observation: Observation): void => {
    const { resource } = observation;
    const place = ports.placeOf(resource);
    if (place === undefined) return;
    const facts = newFacts(observation, surroundings.stalenessOfNewcomer(resource, observation.lastCheck));
    // The severity is the policy's to set, with the rest.
    const alert = createAlert(resource, facts, "info");
    alert.place = withKnownPoller(place, undefined, undefined, departures.ownerOf(resource));
    alert.report = ports.reportOf(resource);
    acknowledgements.giveEarlyNote(alert, observation.isAcknowledged);
    alert.isVolatile = ports.isVolatile(resource);
    waits.begin(alert);
    // Before it is examined: hosts behind it may look at it then.
    shelf.put(alert);
    // While nothing is open: what is to be sent of a problem of before goes where the rules say, too.
    examine(alert);
    setAcknowledged(alert, observation.isAcknowledged, true);
    if (ports.mayBeOpen(alert.report)) recordUnknownOutcome(alert, "trigger", "info");
    earlyProblems.begin(alert, observation.isHard);
    departures.heard(resource);
    decide(alert, true);
  };

  const update = (alert: Alert, observation: Observation, reading: Reading): void => {
    const { facts } = alert;
    // A state that does not count changes nothing but what is said beside it.
    const counts = reading === "counts";
    // The engine of a new poller begins with everything well: a SOFT problem of it tells of no recovery.
    const tellsOfBefore = facts.isNewToPoller !== true || observation.state === STATE.ok;
    const isMissedRecovery = reading === "means a missed recovery" && tellsOfBefore;
    const state = counts ? observation.state : isMissedRecovery ? STATE.ok : facts.state;
    const isKnownToPoller = counts && facts.isNewToPoller === true;
    if (isKnownToPoller) facts.isNewToPoller = undefined;
    const lastCheck = counts ? observation.lastCheck : facts.lastCheck;
    if (!counts && state !== facts.state && !observation.isFlapping)
      announce(alert, "its recovery was missed: its last hard state is OK");
    const isNewState = facts.state !== state;
    const isNewProblem = isNewState && facts.state === STATE.ok;
    const isNewCheck = facts.lastCheck !== lastCheck;
    let isExamined = false;
    let hasNews =
      isNewState ||
      isKnownToPoller ||
      facts.isAcknowledged !== observation.isAcknowledged ||
      facts.downtimeDepth !== observation.downtimeDepth ||
      facts.isFlapping !== observation.isFlapping;
    if (isNewProblem) {
      facts.staleness = surroundings.stalenessOfNewcomer(alert.resource, observation.lastCheck);
    } else if (facts.staleness !== undefined && isConfirmed(facts.staleness, lastCheck, now())) {
      facts.staleness = undefined;
      hasNews = true;
    }
    facts.state = state;
    facts.downtimeDepth = observation.downtimeDepth;
    facts.isFlapping = observation.isFlapping;
    facts.lastCheck = lastCheck;
    if (counts && state !== STATE.ok && isClosingRefuted(alert)) {
      recordEnded(alert, undefined);
      announce(alert, "a check made after it was closed still finds the problem: it is opened anew");
      hasNews = true;
    }
    if (isNewProblem) waits.begin(alert);
    if (state === STATE.ok) {
      // Also where flapping holds it: Centreon has nothing left to acknowledge.
      dropUntold(alert);
      facts.earlyUntil = undefined;
      waits.end(alert);
    } else if (isNewState || (isNewCheck && followsReport(alert)) || !isDescribed(alert)) {
      // A name that is not known yet may be by now; a damaged journal may have lost all of them.
      if (alert.place?.isKnown !== true && readPlace(alert)) hasNews = true;
      const before = isNewProblem ? undefined : alert.report;
      alert.report = ports.reportOf(alert.resource);
      if (isNewState) {
        const previous = before && previousState(before, alert.report, settings.hardOnly);
        if (alert.previous !== previous) alert.previous = previous;
      }
      examine(alert);
      isExamined = true;
      if (isNewProblem) earlyProblems.begin(alert, observation.isHard);
      if (settings.actionRules.updatesOutput && isOutputNews(alert, now())) {
        alert.wantsUpdate = true;
        hasNews = true;
      }
      // What is known of a problem that may still be sent must outlive a restart.
      if (!isAtRest(alert)) hasNews = true;
    }
    setAcknowledged(alert, observation.isAcknowledged, isNewState);
    if (alert.isVolatile && isNewCheck && state !== STATE.ok) {
      alert.wantsRetrigger = true;
      hasNews = true;
    }
    if (hasNews || isExamined) decide(alert, hasNews);
    if (hasNews) return;
    // What is known of an alert that is held, or may be sent again, must outlive a restart: a check made since a return, a text.
    if (isNewCheck && (isExamined || alert.desired !== "triggered")) ports.alertChanged(alert);
    else if (!followsReport(alert) && !departures.isListening() && facts.isNewToPoller !== true)
      atRest.set(alert, facts);
  };

  return {
    record,
    update,
    adapt: (alert, { isAcknowledged, downtimeDepth }) => {
      const { facts } = alert;
      const acknowledged = isAcknowledged ?? facts.isAcknowledged;
      const depth = downtimeDepth ?? facts.downtimeDepth;
      const hasNews = acknowledged !== facts.isAcknowledged || depth !== facts.downtimeDepth;
      setAcknowledged(alert, acknowledged, false);
      // The comment of a downtime belongs to the place.
      if (depth !== facts.downtimeDepth) readPlace(alert);
      facts.downtimeDepth = depth;
      if (hasNews) decide(alert, true);
    },
  };
}
