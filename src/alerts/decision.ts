// What is decided of one alert: the administrator's rules are asked, the policy says what Centreon calls for, and whoever
// must know is told. Keeps nothing: what is known stands in the alert and around it.
import {
  type Alert,
  type CustomVerdict,
  type HoldAction,
  type Severity,
  isDescribed,
  isOpen,
  isSettled,
  gatheredWords,
  isWorse,
  setDesired,
} from "./alert";
import { spokenDuration } from "../text/time";
import { type Flapping, type HoldReason, STATE, type SeenFacts, desiredState, holdReason } from "./policy";
import type { Storms } from "./storms";
import type { HostSurroundings } from "./surroundings";
import type { TimedHolds } from "./timed_holds";
import type { Waits } from "./waits";

export interface DecisionSettings {
  /** Problems alert although they are acknowledged, in a downtime, flapping. */
  readonly ignoresAcknowledgements: boolean;
  readonly ignoresDowntimes: boolean;
  readonly ignoresFlapping: boolean;
  /** An acknowledgement counts up to the severity at which it was given. */
  readonly repageOnEscalation: boolean;
  /** What a downtime does to an open alert; undefined: nothing. */
  readonly downtimeAction: HoldAction | undefined;
}

export interface DecisionPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** The severity of the alert's problem as it is now. */
  readonly severityOf: (this: void, alert: Alert) => Severity;
  /** Why the administrator's filters keep the problem from opening an alert; undefined: they do not. */
  readonly rejectionOf: (this: void, alert: Alert) => string | undefined;
  /** Why the acknowledgement of a problem counts for nothing; undefined: it counts. */
  readonly acknowledgementRejectionOf: (this: void, alert: Alert) => string | undefined;
  /** Why Centreon itself would notify nobody of the problem; undefined: it would, or that does not matter. */
  readonly unnotifiedReasonOf: (this: void, alert: Alert) => string | undefined;
  /** What the administrator's own code makes of the problem. */
  readonly judgeByCustomCode: (this: void, alert: Alert) => CustomVerdict | undefined;
  /** How many seconds the problem must last before it pages; 0: none. */
  readonly waitOf: (this: void, alert: Alert) => number;
  /**
   * The earliest time at which the answers to these questions may be others though nothing is heard of the alert (seconds
   * of the connector's clock): the hours that a rule names begin or end. Undefined: there is none.
   */
  readonly askAgainAt: (this: void, alert: Alert) => number | undefined;
  /** The label of the routing key the alert is to go to. */
  readonly routeOf: (this: void, alert: Alert) => string;
  /** What the set flapping flag of the alert's resource means now. */
  readonly flappingOf: (this: void, alert: Alert) => Flapping;
  /** Something of an alert changed: it must be journaled, and perhaps there is an action to take. */
  readonly alertChanged: (this: void, alert: Alert) => void;
  /** For the log: why a problem opens no alert now. */
  readonly explain: (this: void, alert: Alert, reason: string) => void;
  /** For the log: why an alert ends, where the state alone does not say it. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
}

/**
 * Seconds after which rules that look at the hour are asked again, at most: somebody may set the system's clock, or its
 * time zone, and the connector's clock does not go back with it.
 */
const LONGEST_UNASKED = 60;

/** Where the alert is to go; one whose own key is refused stays with the fallback key, unless it is meant for another. */
function setRoute(alert: Alert, route: string): void {
  if (alert.detour?.meantFor === route) return;
  alert.route = route;
  if (alert.detour !== undefined) alert.detour = undefined;
}

export interface Decision {
  /** Asks the administrator's rules anew. An open alert stays where it was opened. */
  readonly examine: (this: void, alert: Alert) => void;
  /** Lets the policy decide. Reports the alert when its desired state changed, or something else of it did (`hasNews`). */
  readonly decide: (this: void, alert: Alert, hasNews: boolean) => void;
}

/** Takes what the hold does to an open alert: once for each hold. Gives false when it is what it was. */
function setHoldAction(alert: Alert, action: HoldAction | undefined): boolean {
  const before = alert.holdAction;
  if ((action === undefined) === (before === undefined)) return false;
  alert.holdAction = action;
  return true;
}

/** What the hold does to an open alert; undefined: nothing. */
function holdActionOf(
  { resource }: Alert,
  reason: HoldReason,
  { downtimeAction }: DecisionSettings,
): HoldAction | undefined {
  if (reason === "it is in a downtime" || reason === "its host is in a downtime") return downtimeAction;
  // Nobody is to be told of pollers that are silent, and perhaps nothing ever tells that one answers.
  return resource.kind === "poller" && reason === "it is filtered out" ? "resolve" : undefined;
}

/** Why the alert is held, in words for the log. */
function holdWords({ rejection, wait, gathered }: Alert, reason: HoldReason | undefined): string {
  if (gathered !== undefined) return gatheredWords(gathered);
  if (reason === "it is filtered out") return `${reason}: ${rejection}`;
  if (reason === "it has not lasted long enough")
    return `${reason}: it pages after ${spokenDuration(wait ?? 0)}`;
  return reason ?? "it is flapping";
}

/** `forgetIfSettled` is called when nothing may be left to remember of the alert. */
export function createDecision(
  settings: DecisionSettings,
  surroundings: HostSurroundings,
  waits: Waits,
  timedHolds: TimedHolds,
  storms: Pick<Storms, "standsFor">,
  forgetIfSettled: (this: void, alert: Alert) => void,
  ports: DecisionPorts,
): Decision {
  /** Why an acknowledgement counts for nothing; undefined: there is none, or it counts. */
  const acknowledgementProblem = (alert: Alert, severity: Severity): string | undefined => {
    const { facts } = alert;
    if (!facts.isAcknowledged) return undefined;
    const rejection = ports.acknowledgementRejectionOf(alert);
    if (rejection !== undefined || !settings.repageOnEscalation) return rejection;
    const before = facts.acknowledgedSeverity;
    if (before !== undefined && isWorse(severity, before)) facts.isAcknowledgementOutgrown = true;
    return facts.isAcknowledgementOutgrown === true ? "the problem got worse after it" : undefined;
  };

  const seen = (alert: Alert, isAcknowledged: boolean): SeenFacts => {
    const { facts } = alert;
    return {
      state: facts.state,
      isAcknowledged,
      downtimeDepth: settings.ignoresDowntimes ? 0 : facts.downtimeDepth,
      flapping: facts.isFlapping && !settings.ignoresFlapping ? ports.flappingOf(alert) : "no",
      lastCheck: facts.lastCheck,
      staleness: facts.staleness,
      earlyUntil: facts.earlyUntil,
      goneAt: facts.goneAt,
      waitsUntil: waits.untilOf(alert),
    };
  };

  const decide = (alert: Alert, hasNews: boolean): void => {
    const { facts } = alert;
    const isFine = facts.state === STATE.ok;
    const severity = isFine ? alert.severity : ports.severityOf(alert);
    const problem = acknowledgementProblem(alert, severity);
    const counts = facts.isAcknowledged && problem === undefined && !settings.ignoresAcknowledgements;
    const seenFacts = seen(alert, counts);
    const around = surroundings.of(alert);
    const { desired: before, gathered: gatheredBefore } = alert;
    const wanted = desiredState(seenFacts, around);
    const isGathered = storms.standsFor(alert, wanted, severity);
    // What is fine is held by nothing but flapping.
    const hold = wanted === "held" && !isFine ? holdReason(seenFacts, around) : undefined;
    const isDesiredNew = setDesired(alert, isGathered ? "held" : wanted, severity);
    const isHoldNew = setHoldAction(alert, hold && holdActionOf(alert, hold, settings));
    if (!isDesiredNew && !isHoldNew && !hasNews && alert.gathered === gatheredBefore) return;
    if (problem !== undefined && !isFine) {
      ports.announce(alert, `its acknowledgement does not count: ${problem}`);
    }
    if (alert.desired === "held" && before !== "held") {
      ports.explain(alert, holdWords(alert, hold));
    }
    if (before === "triggered" && isSettled(alert)) {
      const isClosed = alert.delivered === "closed";
      ports.announce(
        alert,
        isClosed
          ? "it has ended, and is closed already: nothing is sent"
          : "it came and went before PagerDuty took it: nothing is sent",
      );
    }
    ports.alertChanged(alert);
    forgetIfSettled(alert);
  };

  const examine = (alert: Alert): void => {
    if (!isDescribed(alert) || alert.facts.state === STATE.ok) return;
    const wasRejected = alert.rejection !== undefined;
    const reason = ports.unnotifiedReasonOf(alert);
    const verdict = ports.judgeByCustomCode(alert);
    // Lua makes room for a field that is set to nil: they are seldom there.
    if (alert.unnotified !== reason) alert.unnotified = reason;
    if (alert.verdict !== verdict) alert.verdict = verdict;
    const rejection = ports.rejectionOf(alert);
    if (alert.rejection !== rejection) alert.rejection = rejection;
    const wait = ports.waitOf(alert);
    if (wait !== (alert.wait ?? 0)) alert.wait = wait > 0 ? wait : undefined;
    if (!isOpen(alert) && alert.inFlight === undefined) setRoute(alert, ports.routeOf(alert));
    const { resource } = alert;
    const askAgainAt = ports.askAgainAt(alert);
    if (askAgainAt !== undefined) {
      timedHolds.hold(resource, math.min(askAgainAt, ports.now() + LONGEST_UNASKED));
    }
    // Hosts behind this one look through it while it is silent.
    if (resource.kind === "host" && wasRejected !== (alert.rejection !== undefined)) {
      for (const behind of surroundings.alertsBehind(resource.hostId)) decide(behind, false);
    }
  };

  return { examine, decide };
}
