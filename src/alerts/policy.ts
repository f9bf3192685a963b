// The policy: what Centreon calls for, from the last observation of a resource and of what surrounds it. Pure:
// it never looks at what PagerDuty has. The rules and their order are those of design.md.
import type { DesiredState, Facts, Staleness } from "./alert";

/** Centreon's state numbers, as events carry them. */
export const STATE = { ok: 0, up: 0, pending: 4, unreachable: 2 } as const;

/** What surrounds a resource. */
export interface Surroundings {
  /** The downtime depth of a service's host; 0 for a host, whose own depth is a fact of its own. */
  readonly hostDowntimeDepth: number;
  /** A service's host is not UP, a SOFT state included; false for a host. */
  readonly isHostDown: boolean;
  /** A host is UNREACHABLE behind a parent that is not UP, a SOFT state included. */
  readonly isBehindDownParent: boolean;
  /** The administrator's filters keep the problem from opening an alert. */
  readonly isFilteredOut: boolean;
}

/**
 * Whether a resource flaps. `perhaps`: the flag is set, and nobody knows whether flap detection is on: a leftover holds a
 * page back, and never a recovery.
 */
export type Flapping = "no" | "perhaps" | "yes";

/** The facts as the administrator wants them seen. */
export interface SeenFacts extends Omit<Facts, "isFlapping"> {
  /** In a way that counts. */
  readonly isAcknowledged: boolean;
  readonly flapping: Flapping;
  /** Until when the problem must last before it pages (seconds of the connector's clock); undefined: it has, or need not. */
  readonly waitsUntil?: number | undefined;
}

/** Why a problem neither opens an alert now nor closes one; the words are the log's. */
export type HoldReason =
  | "its engine no longer names it"
  | "it is in a downtime"
  | "its host is in a downtime"
  | "it is flapping"
  | "its host is not UP"
  | "its parent host is down"
  | "no check has confirmed it since the host came back"
  | "it may be the first sign of something above it"
  | "it is filtered out"
  | "it has not lasted long enough";

/** Why a problem is held, or undefined when nothing holds it. */
export function holdReason(facts: SeenFacts, around: Surroundings): HoldReason | undefined {
  if (facts.goneAt !== undefined) return "its engine no longer names it";
  if (facts.downtimeDepth > 0) return "it is in a downtime";
  if (around.hostDowntimeDepth > 0) return "its host is in a downtime";
  if (facts.flapping !== "no") return "it is flapping";
  if (around.isHostDown) return "its host is not UP";
  if (around.isBehindDownParent) return "its parent host is down";
  if (facts.staleness !== undefined) return "no check has confirmed it since the host came back";
  if (facts.earlyUntil !== undefined) return "it may be the first sign of something above it";
  if (around.isFilteredOut) return "it is filtered out";
  if (facts.waitsUntil !== undefined) return "it has not lasted long enough";
  return undefined;
}

/** What Centreon calls for: rules 2 to 5, for an observation that counts (rule 1 is `readingOf`). */
export function desiredState(facts: SeenFacts, around: Surroundings): DesiredState {
  // A flag that may be a leftover (flap detection is perhaps off) holds no recovery.
  if (facts.state === STATE.ok) return facts.flapping === "yes" ? "held" : "resolved";
  if (facts.isAcknowledged) return "acknowledged";
  return holdReason(facts, around) === undefined ? "triggered" : "held";
}

/** What an observed state means for the alert: rule 1. */
export type Reading = "counts" | "changes nothing" | "means a missed recovery";

/**
 * Rule 1: a state that is not HARD changes nothing (unless SOFT states count too), nor does PENDING. But a SOFT
 * problem of a resource whose last hard state is OK means that its recovery was missed.
 */
export function readingOf(state: number, isHard: boolean, lastHardState: number, hardOnly: boolean): Reading {
  if (state === STATE.pending) return "changes nothing";
  if (isHard || !hardOnly) return "counts";
  return lastHardState === STATE.ok ? "means a missed recovery" : "changes nothing";
}

/** After so many seconds any changed last_check ends staleness: a poller's clock may have gone back. */
export const STALENESS_CLOCK_GRACE = 300;

/**
 * Whether a check made at `lastCheck` (Unix time) confirms what was known before the return. `now` is the
 * connector's clock, in seconds.
 */
export function isConfirmed(staleness: Staleness, lastCheck: number, now: number): boolean {
  if (lastCheck === staleness.lastCheckAtReturn) return false;
  return lastCheck >= staleness.hostCheckedAt || now - staleness.since >= STALENESS_CLOCK_GRACE;
}

/**
 * Whether a problem may be the first sign of a death above it, if there is something above. The engine makes a service with
 * one attempt, and an UNREACHABLE host, HARD about a second before the check above finds what is wrong (measured on a real
 * engine). `attempt`: the one at which it was found.
 */
export function isEarly(isHard: boolean, attempt: number, isHost: boolean, state: number): boolean {
  return isHard && (attempt <= 1 || (isHost && state === STATE.unreachable));
}
