// What Centreon calls for, by the rules of design.md in their plainest form: from the last status of every resource,
// by looking at all of them anew after each event. Knows nothing of PagerDuty, nor of how the connector works.
import { OK, type Resource, type Status, type Told, UNREACHABLE, UP } from "./engine";
import type { Kinds } from "./kinds";
import { type Severity, isWorse } from "./pagerduty";

/**
 * What is wanted at PagerDuty. `held`: whatever is there stays as it is. `triggered or held`: it hangs on what
 * PagerDuty had of another alert at some moment, which no rule can tell.
 */
export interface Call {
  readonly want: "resolved" | "triggered" | "acknowledged" | "held" | "triggered or held";
  /** Of the problem. */
  readonly severity: Severity;
  /** Held for a few seconds because it may be the first sign of a death above it: not if it is open already. */
  readonly isEarly?: boolean;
}

export interface ModelSettings {
  readonly kinds: Kinds;
  /** Only what is known to belong to the group pages. */
  readonly isShopsOnly: boolean;
  readonly hardOnly: boolean;
  readonly suppressServicesOfDownHosts: boolean;
  readonly suppressHostsBehindDownParents: boolean;
  readonly repageOnEscalation: boolean;
}

export interface ModelPorts {
  /** Unix time of the central server. */
  readonly now: (this: void) => number;
  /** The broker knows that the host belongs to the group. */
  readonly isKnownShop: (this: void, hostId: number) => boolean;
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
  /** A check above that is as new was known already: the wait may be over at once. */
  readonly mayBeOver: boolean;
}

interface Known {
  readonly status: Status;
  /** When the state changed, or the connector started. */
  readonly since: number;
  readonly early: EarlySign | undefined;
  /** An engine does not have it any more, since then. */
  readonly goneAt: number | undefined;
  /** What checks said last: the last one, and the last HARD one. */
  readonly outputs: readonly string[];
  /** Said since the connector last started: of a check that changes nothing it may keep no record. */
  readonly isFresh: boolean;
  readonly staleness: Staleness | undefined;
}

export interface Model {
  /** Centreon says something. `isRepeated`: it was said before; that is no new problem. */
  readonly tell: (this: void, told: Told, isRepeated: boolean) => void;
  /** The connector starts anew. Gives what it may have forgotten to be gone, or to be about to. */
  readonly restarts: (this: void) => Resource[];
  readonly call: (this: void, resource: Resource) => Call;
  /** A problem waits for a check made since the return. */
  readonly isStale: (this: void, resource: Resource) => boolean;
  /** How many pages there may have been: problems that called for one. */
  readonly pagesCalledFor: (this: void, resource: Resource) => number;
  /** What a page may say that goes out now; empty: whatever it likes. */
  readonly outputsOf: (this: void, resource: Resource) => readonly string[];
}

/** Seconds that the check above is waited for. */
const HOST_GRACE = 5;

/** Seconds after which what is gone is resolved and forgotten. */
const GONE_GRACE = 60;

/** Clocks go back: after so many seconds any new check is taken for one made since the return. */
const CLOCK_GRACE = 300;

const SERVICE_SEVERITIES: readonly Severity[] = ["info", "warning", "critical", "error"];
const HOST_SEVERITIES: readonly Severity[] = ["info", "critical", "error"];

const WANT = { yes: "held", no: "triggered", perhaps: "triggered or held" } as const;

/** The pages of one resource. */
interface Pages {
  calledFor: number;
  /** The problem, which is not over yet, has called for its page. */
  isCalledFor: boolean;
  severity: Severity;
}

export function createModel(
  resources: readonly Resource[],
  settings: ModelSettings,
  ports: ModelPorts,
): Model {
  const { kinds } = settings;
  const known: Record<string, Known | undefined> = {};
  const pages: Record<string, Pages | undefined> = {};
  const returns: Record<number, Return | undefined> = {};
  const hasKnownParent: Record<string, boolean | undefined> = {};
  const ownerOf: Record<number, number | undefined> = {};
  const isNoted: Record<string, boolean | undefined> = {};
  /** By poller, while its engine starts: what has answered. */
  const rollCalls: Record<number, LuaSet<Resource> | undefined> = {};

  /** The state that counts: SOFT ones do not, so what was last HARD does. */
  const stateThatCounts = ({ state, isHard, lastHardState }: Status): number =>
    isHard || !settings.hardOnly ? state : lastHardState;

  /**
   * Whether a host is UNREACHABLE behind a parent whose alert says it all, or that of the parent's parent. A parent
   * that is held itself says it where its alert is open: "perhaps", if it ever called for a page.
   */
  const isBehind = (resource: Resource, status: Status): "yes" | "no" | "perhaps" => {
    const { parent } = resource;
    if (!settings.suppressHostsBehindDownParents || stateThatCounts(status) !== UNREACHABLE) return "no";
    if (parent === undefined || hasKnownParent[resource.key] !== true) return "no";
    const above = known[parent.key];
    if (kinds.above) {
      if (above !== undefined && above.status.state !== UP) return "yes";
      // What is fine may not be known: its state is waited for.
      const since = known[resource.key]?.since ?? 0;
      return above?.isFresh !== true && ports.now() - since <= HOST_GRACE ? "perhaps" : "no";
    }
    if (above === undefined || stateThatCounts(above.status) === UP) return "no";
    const { want } = call(parent);
    // One that is stale itself may turn out to be dead.
    if (want === "triggered" || want === "acknowledged" || above.staleness?.isCertain === true) return "yes";
    const further = isBehind(parent, above.status);
    if (further !== "no") return further;
    return above.staleness !== undefined || pages[parent.key]?.calledFor !== 0 ? "perhaps" : "no";
  };

  const isEarly = ({ early }: Known): "yes" | "no" | "perhaps" => {
    if (early === undefined || ports.now() - early.since >= HOST_GRACE) return "no";
    return early.mayBeOver ? "perhaps" : "yes";
  };

  const isGone = ({ goneAt }: Known): boolean => goneAt !== undefined && ports.now() - goneAt >= GONE_GRACE;

  const isHeld = (resource: Resource, it: Known): "yes" | "no" | "perhaps" => {
    const { status, staleness, goneAt } = it;
    if (settings.isShopsOnly && !ports.isKnownShop(resource.hostId)) return "yes";
    if (goneAt !== undefined || isEarly(it) === "yes") return "yes";
    if (status.downtimeDepth > 0 || status.isFlapping || staleness?.isCertain === true) return "yes";
    if (resource.kind === "service") {
      const host = resource.host && known[resource.host.key]?.status;
      const isHostDown = settings.suppressServicesOfDownHosts && host !== undefined && host.state !== UP;
      if (isHostDown || (host !== undefined && host.downtimeDepth > 0)) return "yes";
    }
    const behind = resource.kind === "host" ? isBehind(resource, status) : "no";
    return behind === "no" && (staleness !== undefined || isEarly(it) === "perhaps") ? "perhaps" : behind;
  };

  const call = (resource: Resource): Call => {
    const it = known[resource.key];
    if (it === undefined || isGone(it)) return { want: "resolved", severity: "info" };
    const state = stateThatCounts(it.status);
    const severity = (resource.kind === "host" ? HOST_SEVERITIES : SERVICE_SEVERITIES)[state] ?? "critical";
    if (state === OK) return { want: it.status.isFlapping ? "held" : "resolved", severity };
    if (it.status.acknowledgement !== 0) return { want: "acknowledged", severity };
    return { want: WANT[isHeld(resource, it)], severity, isEarly: isEarly(it) !== "no" };
  };

  const isBelow = (resource: Resource, host: Resource): boolean =>
    resource.parent !== undefined && (resource.parent === host || isBelow(resource.parent, host));

  /** A host is back: what is known of its services is old, and of the hosts that were held behind it. */
  const markStale = (host: Resource, hostLastCheck: number, now: number): void => {
    if (settings.suppressServicesOfDownHosts) returns[host.hostId] = { hostLastCheck, since: now };
    for (const resource of resources) {
      const it = known[resource.key];
      if (it === undefined || stateThatCounts(it.status) === OK) continue;
      const isTouched =
        resource.kind === "service"
          ? settings.suppressServicesOfDownHosts && resource.host === host && "yes"
          : isBelow(resource, host) && isBehind(resource, it.status);
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
    status: Status,
    now: number,
  ): Staleness | undefined => {
    if (stateThatCounts(status) === OK) return undefined;
    if (before === undefined || stateThatCounts(before.status) === OK) {
      // A problem begins. Its check may have begun before the host came back.
      const back = resource.kind === "service" ? returns[resource.hostId] : undefined;
      const isOld =
        back !== undefined && now - back.since < CLOCK_GRACE && status.lastCheck < back.hostLastCheck;
      return isOld ? { ...back, lastCheck: status.lastCheck, isCertain: true } : undefined;
    }
    const { staleness } = before;
    if (staleness === undefined || (settings.hardOnly && !status.isHard)) return staleness;
    const isConfirmed =
      status.lastCheck !== staleness.lastCheck &&
      (status.lastCheck >= staleness.hostLastCheck || now - staleness.since >= CLOCK_GRACE);
    return isConfirmed ? undefined : staleness;
  };

  const countPages = (isRepeated: boolean): void => {
    for (const resource of resources) {
      const it = pages[resource.key] ?? { calledFor: 0, isCalledFor: false, severity: "info" };
      pages[resource.key] = it;
      const { want, severity } = call(resource);
      // What is said again ends no problem that has begun since.
      if (want === "resolved" && !isRepeated) it.isCalledFor = false;
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
    status: Status,
    now: number,
  ): EarlySign | undefined => {
    if (!kinds.above || stateThatCounts(status) === OK) return undefined;
    if (before !== undefined && stateThatCounts(before.status) !== OK) return before.early;
    const above = resource.host ?? (hasKnownParent[resource.key] === true ? resource.parent : undefined);
    const isFirst = status.isHard && status.attempt === 1;
    if (above === undefined || !isFirst || resource.isVolatile) return undefined;
    const lastCheckAbove = known[above.key]?.status.lastCheck ?? 0;
    const { lastCheck } = status;
    return { since: now, lastCheck, mayBeOver: lastCheckAbove >= lastCheck };
  };

  const tellStatus = (resource: Resource, status: Status, isFull: boolean): void => {
    const now = ports.now();
    const before = known[resource.key];
    const isBack = before !== undefined && before.status.state !== UP && status.state === UP;
    if (resource.kind === "host" && isBack) markStale(resource, status.lastCheck, now);
    const isChanged = before?.status.state !== status.state;
    const hardOutput = status.isHard ? status.output : before?.outputs[1];
    known[resource.key] = {
      status,
      since: isChanged ? now : before.since,
      isFresh: true,
      staleness: stalenessAt(resource, before, status, now),
      early: earlySignAt(resource, before, status, now),
      goneAt: undefined,
      outputs: isFull || before === undefined ? [status.output, hardOutput ?? status.output] : before.outputs,
    };
    // A check of what is above that is as new: it was no first sign.
    if (resource.kind === "service" || !isFull) return;
    for (const other of resources) {
      const it = known[other.key];
      if (it?.early === undefined || (other.host ?? other.parent) !== resource) continue;
      if (status.lastCheck >= it.early.lastCheck) known[other.key] = { ...it, early: undefined };
    }
  };

  /** Something speaks of it: it is there. */
  const hear = (resource: Resource, poller: number | undefined): void => {
    const it = known[resource.key];
    isNoted[resource.key] = undefined;
    if (it !== undefined) known[resource.key] = isGone(it) ? undefined : { ...it, goneAt: undefined };
    if (resource.kind === "host" && poller !== undefined) ownerOf[resource.hostId] = poller;
    for (const answered of [rollCalls[1], rollCalls[2]]) answered?.add(resource);
  };

  const forget = (resource: Resource): void => {
    for (const it of resources) if (it === resource || it.host === resource) known[it.key] = undefined;
  };

  /** An engine has told all: what belongs to it and was not mentioned, or was taken out, is gone. */
  const closeConfiguration = (poller: number): void => {
    const answered = rollCalls[poller];
    rollCalls[poller] = undefined;
    for (const resource of resources) {
      if (ownerOf[resource.hostId] !== poller) continue;
      const isMissing = answered !== undefined && !answered.has(resource);
      const it = known[resource.key];
      if (it === undefined || (!isMissing && isNoted[resource.key] !== true)) continue;
      isNoted[resource.key] = undefined;
      known[resource.key] = { ...it, goneAt: it.goneAt ?? ports.now() };
    }
  };

  const take = ({ says, resource, status, poller }: Told): void => {
    if (resource === undefined) {
      if (!kinds.removals) return;
      if (says === "start") rollCalls[poller] = new LuaSet();
      if (says === "configuration") closeConfiguration(poller);
      return;
    }
    if (says === "definition") hear(resource, poller);
    if (says === "parent") hasKnownParent[resource.key] = true;
    if (says === "removal" && kinds.removals) isNoted[resource.key] = true;
    if (says === "removal" && !kinds.removals) forget(resource);
    if (status === undefined || (says !== "status" && says !== "change")) return;
    hear(resource, undefined);
    tellStatus(resource, status, says === "status");
  };

  return {
    tell: (told, isRepeated) => {
      // What only the clock has ended since the last event.
      countPages(isRepeated);
      take(told);
      countPages(isRepeated);
    },
    restarts: () => {
      const leaving: Resource[] = [];
      for (const resource of resources) {
        const it = known[resource.key];
        if (it === undefined) continue;
        if (it.goneAt !== undefined || isNoted[resource.key] === true) leaving.push(resource);
        isNoted[resource.key] = undefined;
        known[resource.key] = { ...it, isFresh: false, since: ports.now() };
      }
      rollCalls[1] = undefined;
      rollCalls[2] = undefined;
      return leaving;
    },
    outputsOf: ({ key }) => known[key]?.outputs ?? [],
    call,
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
