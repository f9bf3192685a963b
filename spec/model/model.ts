// What Centreon calls for, by the rules of design.md in their plainest form: from the last status of every resource,
// by looking at all of them anew after each event. Knows nothing of PagerDuty, nor of how the connector works.
import { OK, type Resource, type Said, type Status, type Told, UNREACHABLE, UP } from "./engine";
import { type Severity, isWorse } from "./pagerduty";
import type { Verdict } from "./rulebook";
import type { Look, Rulings } from "./rulings";
import type { Worded } from "./rule_texts";

/**
 * What is wanted at PagerDuty. `held`: whatever is there stays as it is. `triggered or held`: it hangs on what
 * PagerDuty had of another alert at some moment, which no rule can tell.
 */
export interface Call {
  readonly want: "resolved" | "triggered" | "acknowledged" | "held" | "triggered or held";
  /** Of the problem; the least, where it cannot be known. */
  readonly severity: Severity;
  /** All that it may be. */
  readonly severities?: readonly Severity[];
  /** It is held by a downtime, its own or its host's. */
  readonly isInDowntime?: boolean;
}

export interface ModelSettings {
  /** A downtime does something to what is open. */
  readonly downtimesAct: boolean;
  /** Only what is known to belong to the group pages. */
  readonly isShopsOnly: boolean;
  readonly hardOnly: boolean;
  readonly suppressServicesOfDownHosts: boolean;
  readonly suppressHostsBehindDownParents: boolean;
  readonly repageOnEscalation: boolean;
  readonly repageOnUnacknowledge: boolean;
  /** Seconds that the check above is waited for. */
  readonly hostGrace: number;
}

export interface ModelPorts {
  /** Unix time of the central server. */
  readonly now: (this: void) => number;
  /** The broker knows that the host belongs to the group. */
  readonly isKnownShop: (this: void, hostId: number) => boolean;
  /** PagerDuty has it, or perhaps. */
  readonly mayBeOpen: (this: void, resource: Resource) => boolean;
  /** The broker knows who monitors the host. */
  readonly isOwnerKnown: (this: void, hostId: number) => boolean;
  /** The resource is gone, and perhaps nobody knows to whom it belonged. */
  readonly isOrphaned: (this: void, resource: Resource) => void;
  /** It is there again just when it was to be forgotten. */
  readonly isBackTooLate: (this: void, resource: Resource) => void;
  /** Whether flap detection is on, as far as has been told. */
  readonly flapDetection: (this: void, resource: Resource) => "on" | "off" | "unknown";
  /** What the administrator's rules say; undefined: there are none. */
  readonly rulings: Rulings | undefined;
  /** Whether a trigger would open it at PagerDuty. */
  readonly wouldOpen: (this: void, resource: Resource) => Answer;
}

type Answer = "yes" | "no" | "perhaps";

/** A problem since it began, as the administrator's rules look at it. */
interface Problem {
  /** Unix time of the central server; where what told of it may have been lost, no later than that. */
  since: number;
  /** That is when it began for the connector, too, and PagerDuty cannot have it from before. */
  isSure: boolean;
  /** It has called for its page. */
  hasCalled: boolean;
}

/** A host came back: its last_check then, and when that was said (Unix time of the central server). */
interface Return {
  readonly hostLastCheck: number;
  readonly since: number;
}

/** What was known of a resource when its host, or the parent of its host, came back. */
interface Staleness extends Return {
  readonly lastCheck: number;
  readonly isCertain: boolean;
}

/** HARD at its first attempt, at `since` (Unix time of the central server). */
interface EarlySign {
  readonly since: number;
  readonly lastCheck: number;
  /** A check above that is as new was known already, or it may be open: perhaps nothing is waited for. */
  readonly mayBeOver: boolean;
}

interface Known {
  readonly status: Status;
  /** The state that counts. */
  readonly state: number;
  /** Another engine monitors it by now, and has told no HARD state of it. */
  isNewToEngine: boolean;
  /** When the state changed, or the connector started. */
  readonly since: number;
  early: EarlySign | undefined;
  /** An engine does not have it any more, since then. */
  goneAt: number | undefined;
  /** The broker knew whose it is when the problem was recorded, or since. */
  isOwned: boolean;
  /** At which severity it was acknowledged; once it got worse than that, that counts for nothing any more. */
  acknowledgedAs: Severity | "outgrown" | undefined;
  /** What checks said last: the last one, and the last HARD one. */
  readonly said: readonly Said[];
  /** A check was told since the connector last started. */
  readonly isFresh: boolean;
  readonly staleness: Staleness | undefined;
  /** Undefined: it is well. */
  readonly problem: Problem | undefined;
}

export interface Model {
  /** Centreon says something. `isRepeated`: it was said before; that is no new problem. */
  readonly tell: (this: void, told: Told, isRepeated: boolean) => void;
  /**
   * The connector starts anew; with a journal that is old it believes no problem until a check confirms it. Gives what it
   * may have forgotten to be gone, or to be about to.
   */
  readonly restarts: (this: void, hasJournal: boolean, isOld: boolean) => Resource[];
  /** flush() was called: what only the clock has ended is over. */
  readonly flushes: (this: void) => void;
  /** A host's definition was lost: perhaps nobody knows whose it is. */
  readonly losesOwner: (this: void, hostId: number) => void;
  /** What the connector knows of it may have begun earlier or later: an event was lost. */
  readonly blur: (this: void, resource: Resource) => void;
  readonly call: (this: void, resource: Resource) => Call;
  /** The state that counts; well, where nothing is known. */
  readonly stateOf: (this: void, resource: Resource) => number;
  /** Which poller's engine monitors a problem; undefined: perhaps the connector does not know. */
  readonly ownerOf: (this: void, resource: Resource) => number | undefined;
  /** A problem waits for a check made since the return. */
  readonly isStale: (this: void, resource: Resource) => boolean;
  /** How many pages there may have been: problems that called for one. */
  readonly pagesCalledFor: (this: void, resource: Resource) => number;
  /** What a page may say that goes out now; empty: whatever it likes. */
  readonly outputsOf: (this: void, resource: Resource) => readonly string[];
  /** By which routes a page may go that goes out now: labels of routing keys; undefined: by any. */
  readonly routesOf: (this: void, resource: Resource) => readonly string[] | undefined;
  /** Which texts a page may have that goes out now, as far as they can be known; undefined: nothing is known of it. */
  readonly wordedAs: (this: void, resource: Resource) => readonly Worded[] | undefined;
}

/** Seconds after which what is gone is resolved and forgotten. */
const GONE_GRACE = 60;

/** Clocks go back: after so many seconds any new check is taken for one made since the return. */
const CLOCK_GRACE = 300;

const SERVICE_SEVERITIES: readonly Severity[] = ["info", "warning", "critical", "error"];
const HOST_SEVERITIES: readonly Severity[] = ["info", "critical", "error"];

/** Where nothing else is said. */
const DEFAULT_ROUTE = "default";

const NO_VERDICTS: readonly Verdict[] = [
  { page: undefined, severity: undefined, wait: undefined, route: undefined, isStopped: false },
];

const WANT = { yes: "held", no: "triggered", perhaps: "triggered or held" } as const;

/** The pages of one resource. */
interface Pages {
  calledFor: number;
  /** The problem, which is not over yet, has called for its page. */
  isCalledFor: boolean;
  severity: Severity;
  /** While an acknowledgement counts up to the severity at which it was given: the one before. */
  acknowledgedOver?: Severity | undefined;
}

export function createModel(
  resources: readonly Resource[],
  settings: ModelSettings,
  ports: ModelPorts,
): Model {
  const known: Record<string, Known | undefined> = {};
  const pages: Record<string, Pages | undefined> = {};
  const returns: Record<number, Return | undefined> = {};
  const hasKnownParent: Record<string, boolean | undefined> = {};
  const ownerOf: Record<number, number | undefined> = {};
  /** Hosts of which the journal has whose they are. */
  let journaledOwners = new LuaSet<number>();
  /** Or had known something before it did. */
  let startedWithoutJournal = true;
  /** When each engine said that it started, since the connector did. */
  let startOf: Record<number, number | undefined> = {};
  /** Which engine said that a resource was removed, while it has not told all yet. */
  const removedBy: Record<string, number | undefined> = {};
  /** By poller, while its engine starts: what has answered. */
  const rollCalls: Record<number, LuaSet<Resource> | undefined> = {};

  const isOwnerKnown = (hostId: number): boolean => journaledOwners.has(hostId) || ports.isOwnerKnown(hostId);

  const counts = ({ isHard }: Status): boolean => isHard || !settings.hardOnly;

  /**
   * The state that counts: SOFT ones do not, so what was last HARD does. But an engine that is new to the resource began
   * with it as well, and what was HARD for the other one counts on.
   */
  const stateThatCounts = (before: Known | undefined, status: Status): number => {
    if (counts(status)) return status.state;
    return before?.isNewToEngine === true && status.state !== OK ? before.state : status.lastHardState;
  };

  const severityOf = ({ kind }: Resource, state: number): Severity =>
    (kind === "host" ? HOST_SEVERITIES : SERVICE_SEVERITIES)[state] ?? "critical";

  /** How the administrator's rules see it. */
  const lookAt = (resource: Resource, { status, state, said }: Known): Look => ({
    state,
    severity: severityOf(resource, state),
    isAcknowledged: status.acknowledgement !== 0,
    said,
  });

  /** What the administrator's rules say; several where it cannot be known. */
  const verdictsOf = (resource: Resource, it: Known): readonly Verdict[] =>
    ports.rulings === undefined ? NO_VERDICTS : ports.rulings.verdicts(resource, lookAt(resource, it));

  /**
   * Whether rules keep a host that is not UP from saying so: then those behind it are not held by it. One that has said it
   * already is not silent.
   */
  const silenceOf = (host: Resource, it: Known): Answer => {
    if (ports.rulings === undefined) return "no";
    // What rules say of a state that does not count is more than the model knows.
    if (it.state === UP) return ports.rulings.mayReject() ? "perhaps" : "no";
    const verdicts = verdictsOf(host, it);
    const rejecting = verdicts.filter(({ page }) => page === false);
    if (rejecting.length === 0) return "no";
    // Of before it may be open.
    if (rejecting.length < verdicts.length || it.problem?.isSure !== true) return "perhaps";
    return ports.wouldOpen(host);
  };

  /**
   * Whether a host is UNREACHABLE behind one that is not UP, and not silent. What is known of a parent that is fine may be
   * nothing: its state is waited for, "perhaps".
   */
  const isBehind = (resource: Resource, { state, since }: Known): Answer => {
    if (!settings.suppressHostsBehindDownParents || state !== UNREACHABLE) return "no";
    let isHeldPerhaps = false;
    let below = resource;
    while (below.parent !== undefined && hasKnownParent[below.key] === true) {
      const above = known[below.parent.key];
      if (above === undefined || above.status.state === UP) {
        const mayBeUnknown = above?.isFresh !== true && ports.now() - since <= settings.hostGrace;
        return isHeldPerhaps || mayBeUnknown ? "perhaps" : "no";
      }
      const silence = silenceOf(below.parent, above);
      if (silence === "no") return "yes";
      if (silence === "perhaps") isHeldPerhaps = true;
      below = below.parent;
    }
    return isHeldPerhaps ? "perhaps" : "no";
  };

  const isEarly = ({ early }: Known): Answer => {
    if (early === undefined || ports.now() - early.since >= settings.hostGrace) return "no";
    return early.mayBeOver ? "perhaps" : "yes";
  };

  const isGone = ({ goneAt }: Known): boolean => goneAt !== undefined && ports.now() - goneAt >= GONE_GRACE;

  /** A rule, or a filter, keeps it from opening, or it has not lasted long enough. */
  const isRuledOut = (resource: Resource, { problem }: Known, verdict: Verdict): Answer => {
    const isFiltered = settings.isShopsOnly && !verdict.isStopped && !ports.isKnownShop(resource.hostId);
    if (verdict.page === false || (verdict.page === undefined && isFiltered)) return "yes";
    if (verdict.wait === undefined || problem === undefined) return "no";
    if (ports.now() - problem.since >= verdict.wait) return "no";
    const wouldOpen = ports.wouldOpen(resource);
    return wouldOpen === "yes" && (!problem.isSure || problem.hasCalled) ? "perhaps" : wouldOpen;
  };

  const isHeldByRules = (resource: Resource, it: Known, verdicts: readonly Verdict[]): Answer => {
    let answer: Answer | undefined;
    for (const verdict of verdicts) {
      const its = isRuledOut(resource, it, verdict);
      answer = answer === undefined || answer === its ? its : "perhaps";
    }
    return answer ?? "no";
  };

  const isHeld = (resource: Resource, it: Known, verdicts: readonly Verdict[]): Answer => {
    const { status, staleness, goneAt } = it;
    const byRules = isHeldByRules(resource, it, verdicts);
    if (byRules === "yes") return "yes";
    if (goneAt !== undefined || isEarly(it) === "yes") return "yes";
    const isFlapping = status.isFlapping && ports.flapDetection(resource) !== "off";
    if (status.downtimeDepth > 0 || isFlapping || staleness?.isCertain === true) return "yes";
    if (resource.kind === "service") {
      const host = resource.host && known[resource.host.key]?.status;
      const isHostDown = settings.suppressServicesOfDownHosts && host !== undefined && host.state !== UP;
      if (isHostDown || (host !== undefined && host.downtimeDepth > 0)) return "yes";
    }
    const behind = resource.kind === "host" ? isBehind(resource, it) : "no";
    // Where nobody knows whose it is, nobody knows whether flapping is looked for there.
    const mayFlap = status.isFlapping && !it.isOwned;
    const mayBeEarly = staleness !== undefined || isEarly(it) === "perhaps";
    return behind === "no" && (mayBeEarly || mayFlap || byRules === "perhaps") ? "perhaps" : behind;
  };

  /** The severities that a problem may have now, the least one first. */
  const severitiesOf = (usual: Severity, verdicts: readonly Verdict[]): Severity[] => {
    if (verdicts.length === 1) return [verdicts[0]?.severity ?? usual];
    const severities = verdicts.map(({ severity }) => severity ?? usual);
    return severities.sort((left, right) => (isWorse(left, right) ? 1 : isWorse(right, left) ? -1 : 0));
  };

  const isInDowntime = ({ host }: Resource, { status, goneAt }: Known): boolean => {
    const depthOfHost = host === undefined ? 0 : (known[host.key]?.status.downtimeDepth ?? 0);
    return goneAt === undefined && status.downtimeDepth + depthOfHost > 0;
  };

  const call = (resource: Resource): Call => {
    const it = known[resource.key];
    if (it === undefined || isGone(it)) return { want: "resolved", severity: "info" };
    const severity = severityOf(resource, it.state);
    if (it.state === OK) {
      // A flag that may be left over holds no recovery.
      const flaps = it.status.isFlapping && ports.flapDetection(resource) === "on";
      return { want: flaps ? "held" : "resolved", severity };
    }
    const verdicts = verdictsOf(resource, it);
    const severities = severitiesOf(severity, verdicts);
    const its = { severity: severities[0] ?? severity, severities };
    if (it.status.acknowledgement !== 0 && it.acknowledgedAs !== "outgrown")
      return { ...its, want: "acknowledged" };
    return { ...its, want: WANT[isHeld(resource, it, verdicts)], isInDowntime: isInDowntime(resource, it) };
  };

  const isBelow = (resource: Resource, host: Resource): boolean =>
    resource.parent !== undefined && (resource.parent === host || isBelow(resource.parent, host));

  /** A host is back: what is known of its services is old, and of the hosts that were held behind it. */
  const markStale = (host: Resource, hostLastCheck: number, now: number): void => {
    if (settings.suppressServicesOfDownHosts) returns[host.hostId] = { hostLastCheck, since: now };
    for (const resource of resources) {
      const it = known[resource.key];
      if (it === undefined || it.state === OK) continue;
      const isTouched =
        resource.kind === "service"
          ? settings.suppressServicesOfDownHosts && resource.host === host && "yes"
          : isBelow(resource, host) && isBehind(resource, it);
      if (isTouched === false || isTouched === "no") continue;
      // A host further behind waits for its own parent's check first, and may be told by that.
      const isNext = resource.kind === "service" || resource.parent === host;
      const isCertain = isTouched === "yes" && it.isFresh && isNext;
      known[resource.key] = {
        ...it,
        staleness: { lastCheck: it.status.lastCheck, hostLastCheck, since: now, isCertain },
      };
    }
  };

  /** What a status says of staleness. */
  const stalenessAt = (
    resource: Resource,
    before: Known | undefined,
    state: number,
    status: Status,
    isFull: boolean,
    now: number,
  ): Staleness | undefined => {
    if (state === OK) return undefined;
    if (before === undefined || before.state === OK) {
      // A problem begins. Its check may have begun before the host came back.
      const back = resource.kind === "service" ? returns[resource.hostId] : undefined;
      const isOld =
        back !== undefined && now - back.since < CLOCK_GRACE && status.lastCheck < back.hostLastCheck;
      return isOld ? { ...back, lastCheck: status.lastCheck, isCertain: true } : undefined;
    }
    const { staleness } = before;
    if (staleness === undefined || !counts(status) || !isFull) return staleness;
    const isConfirmed =
      status.lastCheck !== staleness.lastCheck &&
      (status.lastCheck >= staleness.hostLastCheck || now - staleness.since >= CLOCK_GRACE);
    return isConfirmed ? undefined : staleness;
  };

  const countPages = (isRepeated: boolean): void => {
    for (const resource of resources) {
      const it = pages[resource.key] ?? { calledFor: 0, isCalledFor: false, severity: "info" };
      pages[resource.key] = it;
      const { want, severity, isInDowntime: isQuiet } = call(resource);
      // What is said again ends no problem that has begun since.
      if (want === "resolved" && !isRepeated) it.isCalledFor = false;
      // What a downtime has acknowledged or resolved pages anew after it.
      if (isQuiet === true && settings.downtimesAct) it.isCalledFor = false;
      // It counts up to the severity at which it was given.
      const given = known[resource.key]?.acknowledgedAs;
      if (want === "acknowledged" && given !== undefined && given !== "outgrown") {
        it.acknowledgedOver ??= it.severity;
        it.severity = given;
      } else if (given === undefined && it.acknowledgedOver !== undefined) {
        // Taken back, it says nothing of what got worse before it was given.
        if (isWorse(it.severity, it.acknowledgedOver)) it.severity = it.acknowledgedOver;
        it.acknowledgedOver = undefined;
      }
      const problem = known[resource.key]?.problem;
      if (want === "triggered" && problem !== undefined) problem.hasCalled = true;
      if (want !== "triggered" && want !== "triggered or held") continue;
      const isEscalation = settings.repageOnEscalation && isWorse(severity, it.severity);
      if (!it.isCalledFor || isEscalation) it.calledFor += 1;
      it.isCalledFor = true;
      it.severity = severity;
    }
  };

  const earlySignAt = (
    resource: Resource,
    before: Known | undefined,
    state: number,
    status: Status,
    now: number,
  ): EarlySign | undefined => {
    if (state === OK) return undefined;
    if (before !== undefined && before.state !== OK) return before.early;
    const isService = resource.kind === "service";
    const isWatched = isService
      ? settings.suppressServicesOfDownHosts
      : settings.suppressHostsBehindDownParents && hasKnownParent[resource.key] === true;
    const above = isService ? resource.host : resource.parent;
    const isUnreachable = !isService && status.state === UNREACHABLE;
    const isFirst = status.attempt === 1;
    if (settings.hostGrace === 0) return undefined;
    if (above === undefined || !isWatched || !status.isHard) return undefined;
    // Only the definition says it, and a crash may have taken that.
    if (resource.isVolatile && ports.isOwnerKnown(resource.hostId)) return undefined;
    if (!isFirst && !isUnreachable) return undefined;
    const { lastCheck } = status;
    const isKnown = (known[above.key]?.status.lastCheck ?? 0) >= lastCheck;
    const mayBeOpen = startedWithoutJournal || ports.mayBeOpen(resource);
    return { since: now, lastCheck, mayBeOver: isKnown || mayBeOpen || !isFirst || resource.isVolatile };
  };

  const acknowledgedAsAt = (
    resource: Resource,
    before: Known | undefined,
    state: number,
    status: Status,
  ): Known["acknowledgedAs"] => {
    if (status.acknowledgement === 0 || state === OK) return undefined;
    const severity = severityOf(resource, state);
    const given = before?.acknowledgedAs ?? severity;
    const isOutgrown = given !== "outgrown" && settings.repageOnEscalation && isWorse(severity, given);
    return isOutgrown ? "outgrown" : given;
  };

  const problemAt = (before: Known | undefined, state: number, now: number): Problem | undefined => {
    if (state === OK) return undefined;
    return (
      before?.problem ?? {
        since: now,
        isSure: !startedWithoutJournal,
        hasCalled: false,
      }
    );
  };

  const tellStatus = (resource: Resource, status: Status, isFull: boolean): void => {
    const now = ports.now();
    const before = known[resource.key];
    const isBack = before !== undefined && before.status.state !== UP && status.state === UP;
    if (resource.kind === "host" && isBack) markStale(resource, status.lastCheck, now);
    const isChanged = before?.status.state !== status.state;
    const hardSaid = status.isHard ? status.said : before?.said[1];
    const state = stateThatCounts(before, status);
    const isUnacknowledged = before !== undefined && before.status.acknowledgement > status.acknowledgement;
    if (settings.repageOnUnacknowledge && isUnacknowledged && state !== OK) {
      const its = pages[resource.key];
      if (its !== undefined) its.calledFor += 1;
    }
    known[resource.key] = {
      status,
      state,
      isNewToEngine: before?.isNewToEngine === true && !(isFull && counts(status)),
      since: isChanged ? now : before.since,
      isFresh: isFull || before?.isFresh === true,
      staleness: stalenessAt(resource, before, state, status, isFull, now),
      early: earlySignAt(resource, before, state, status, now),
      goneAt: undefined,
      acknowledgedAs: acknowledgedAsAt(resource, before, state, status),
      isOwned: isOwnerKnown(resource.hostId) || (before?.isOwned === true && before.state !== OK),
      said: isFull || before === undefined ? [status.said, hardSaid ?? status.said] : before.said,
      problem: problemAt(before, state, now),
    };
    // A check of what is above that is as new: it was no first sign.
    if (resource.kind === "service" || !isFull) return;
    for (const other of resources) {
      const it = known[other.key];
      if (it?.early === undefined || (other.host ?? other.parent) !== resource) continue;
      if (status.lastCheck >= it.status.lastCheck) it.early = undefined;
    }
  };

  /** Another engine monitors the host, and its services, from now on. */
  const moves = (host: Resource): void => {
    for (const resource of resources) {
      const it = known[resource.key];
      if (it === undefined || (resource !== host && resource.host !== host)) continue;
      // Where nobody knew whose it was, nobody can know that it moved.
      it.isNewToEngine = it.isOwned;
    }
  };

  /** Something speaks of it: it is there. */
  const hear = (resource: Resource, poller: number | undefined): void => {
    if (resource.kind === "host" && poller !== undefined) {
      if (ownerOf[resource.hostId] !== poller) moves(resource);
      ownerOf[resource.hostId] = poller;
      journaledOwners.add(resource.hostId);
    }
    const it = known[resource.key];
    removedBy[resource.key] = undefined;
    if (it !== undefined) {
      if (isGone(it)) ports.isBackTooLate(resource);
      it.goneAt = undefined;
      if (poller !== undefined && isOwnerKnown(resource.hostId)) it.isOwned = true;
    }
    rollCalls[1]?.add(resource);
    rollCalls[2]?.add(resource);
  };

  /** An engine has told all: what belongs to it and was not mentioned, or was taken out, is gone. */
  const closeConfiguration = (poller: number): void => {
    const answered = rollCalls[poller];
    rollCalls[poller] = undefined;
    for (const resource of resources) {
      const isRemoved = removedBy[resource.key] === poller;
      if (isRemoved) removedBy[resource.key] = undefined;
      // One that another poller has by now has moved.
      if (ownerOf[resource.hostId] !== poller) continue;
      const isMissing = answered !== undefined && !answered.has(resource);
      const it = known[resource.key];
      if (it === undefined || (!isMissing && !isRemoved)) continue;
      it.goneAt ??= ports.now();
      if (!it.isOwned) ports.isOrphaned(resource);
    }
  };

  const take = ({ says, resource, status, poller, event }: Told): void => {
    if (resource === undefined) {
      if (says === "start") {
        // Told twice of one start, nobody knows what came between.
        const { start_time } = event as Bbdo3.Instance;
        rollCalls[poller] = startOf[poller] === start_time ? undefined : new LuaSet();
        startOf[poller] = start_time;
      }
      if (says === "stop") rollCalls[poller] = undefined;
      if (says === "configuration") closeConfiguration(poller);
      return;
    }
    const it = known[resource.key];
    // The status that shows it comes next.
    if (says === "acknowledgement" && it !== undefined) it.acknowledgedAs = undefined;
    if (says === "definition") hear(resource, poller);
    if (says === "parent") hasKnownParent[resource.key] = true;
    if (says === "removal") removedBy[resource.key] = poller;
    if (status === undefined || (says !== "status" && says !== "change")) return;
    hear(resource, undefined);
    if (says === "change" && it !== undefined) {
      // What the event does not carry is not known to have changed: an engine that is new to the resource has its own.
      const { scheduled_downtime_depth, acknowledgement_type } = event as Bbdo3.AdaptiveHostStatus;
      const downtimeDepth = scheduled_downtime_depth ?? it.status.downtimeDepth;
      const acknowledgement = acknowledgement_type ?? it.status.acknowledgement;
      tellStatus(resource, { ...it.status, downtimeDepth, acknowledgement }, false);
    } else if (says === "change" || status.results > 0) {
      tellStatus(resource, status, says === "status");
    }
  };

  return {
    tell: (told, isRepeated) => {
      // What only the clock has ended since the last event.
      countPages(isRepeated);
      take(told);
      // What was kept of it the first time may be lost.
      const { resource } = told;
      const it = resource === undefined ? undefined : known[resource.key];
      if (isRepeated && resource !== undefined && it !== undefined) {
        it.isOwned = isOwnerKnown(resource.hostId);
      }
      countPages(isRepeated);
    },
    restarts: (hasJournal, isOld) => {
      // What was known without a journal may be of unknown outcome still.
      const knewNothing = Object.keys(known).length === 0;
      startedWithoutJournal = !hasJournal || isOld || (startedWithoutJournal && !knewNothing);
      if (!hasJournal || isOld) journaledOwners = new LuaSet();
      const leaving: Resource[] = [];
      for (const resource of resources) {
        const it = known[resource.key];
        if (it === undefined) continue;
        if (it.goneAt !== undefined || removedBy[resource.key] !== undefined) leaving.push(resource);
        removedBy[resource.key] = undefined;
        const { lastCheck } = it.status;
        const now = ports.now();
        const isDoubted = isOld && it.state !== OK;
        const staleness = { lastCheck, hostLastCheck: lastCheck, since: now, isCertain: false };
        // Up to which severity an acknowledgement counts, nothing but the journal knows.
        if (!hasJournal) it.acknowledgedAs = undefined;
        if (it.problem !== undefined && (!hasJournal || isOld)) it.problem.isSure = false;
        known[resource.key] = { ...it, isFresh: false, since: now, ...(isDoubted && { staleness }) };
      }
      rollCalls[1] = undefined;
      rollCalls[2] = undefined;
      startOf = {};
      return leaving;
    },
    flushes: () => {
      countPages(false);
      for (const { kind, key, hostId } of resources) {
        const it = known[key];
        if (it === undefined || !isGone(it)) continue;
        known[key] = undefined;
        if (kind === "host") returns[hostId] = undefined;
      }
    },
    losesOwner: (hostId) => {
      journaledOwners.delete(hostId);
    },
    blur: ({ key }) => {
      const it = known[key];
      if (it?.early !== undefined) it.early = { ...it.early, mayBeOver: true };
      if (it?.problem === undefined) return;
      it.problem.isSure = false;
      it.problem.since = ports.now();
    },
    outputsOf: ({ key }) => (known[key]?.said ?? []).map(({ output }) => output),
    routesOf: (resource) => {
      const it = known[resource.key];
      // PagerDuty may have it from before, by whichever.
      if (it?.problem?.isSure !== true) return undefined;
      return verdictsOf(resource, it).map(({ route }) => route ?? DEFAULT_ROUTE);
    },
    wordedAs: (resource) => {
      const it = known[resource.key];
      return it && ports.rulings?.worded(resource, lookAt(resource, it));
    },
    call,
    stateOf: ({ key }) => known[key]?.state ?? OK,
    ownerOf: ({ key, hostId }) => (known[key]?.isOwned === true ? ownerOf[hostId] : undefined),
    isStale: (resource) => {
      const it = known[resource.key];
      return it?.staleness !== undefined;
    },
    pagesCalledFor: (resource) => {
      countPages(false);
      return pages[resource.key]?.calledFor ?? 0;
    },
  };
}
