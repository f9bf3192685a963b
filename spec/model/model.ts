// What Centreon calls for, by the rules of design.md in their plainest form: from the last status of every resource,
// by looking at all of them anew after each event. Knows nothing of PagerDuty, nor of how the connector works.
import { OK, type Resource, type Status, UNREACHABLE, UP } from "./engine";
import { type Severity, isWorse } from "./pagerduty";

/**
 * What is wanted at PagerDuty. `held`: whatever is there stays as it is. `triggered or held`: it hangs on what
 * PagerDuty had of another alert at some moment, which no rule can tell.
 */
export interface Call {
  readonly want: "resolved" | "triggered" | "acknowledged" | "held" | "triggered or held";
  /** Of the problem. */
  readonly severity: Severity;
}

export interface ModelSettings {
  readonly hardOnly: boolean;
  readonly suppressServicesOfDownHosts: boolean;
  readonly suppressHostsBehindDownParents: boolean;
  readonly repageOnEscalation: boolean;
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

interface Known {
  readonly status: Status;
  /** Said since the connector last started: of a check that changes nothing it may keep no record. */
  readonly isFresh: boolean;
  readonly staleness: Staleness | undefined;
}

export interface Model {
  /**
   * Centreon says what the status of a resource is; undefined: it was removed. `now`: Unix time of the central
   * server. `isRepeated`: it was said before; that is no new problem.
   */
  readonly tell: (
    this: void,
    now: number,
    resource: Resource,
    status: Status | undefined,
    isRepeated: boolean,
  ) => void;
  /** The connector starts anew. */
  readonly restarts: (this: void) => void;
  readonly call: (this: void, resource: Resource) => Call;
  /** A problem waits for a check made since the return. */
  readonly isStale: (this: void, resource: Resource) => boolean;
  /** How many pages there may have been: problems that called for one. */
  readonly pagesCalledFor: (this: void, resource: Resource) => number;
}

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

export function createModel(resources: readonly Resource[], settings: ModelSettings): Model {
  const known: Record<string, Known | undefined> = {};
  const pages: Record<string, Pages | undefined> = {};
  const returns: Record<number, Return | undefined> = {};

  /** The state that counts: SOFT ones do not, so what was last HARD does. */
  const stateThatCounts = ({ state, isHard, lastHardState }: Status): number =>
    isHard || !settings.hardOnly ? state : lastHardState;

  /**
   * Whether a host is UNREACHABLE behind a parent whose alert says it all, or that of the parent's parent. A parent
   * that is held itself says it where its alert is open: "perhaps", if it ever called for a page.
   */
  const isBehind = ({ parent }: Resource, status: Status): "yes" | "no" | "perhaps" => {
    if (!settings.suppressHostsBehindDownParents || stateThatCounts(status) !== UNREACHABLE) return "no";
    const above = parent && known[parent.key];
    if (parent === undefined || above === undefined || stateThatCounts(above.status) === UP) return "no";
    const { want } = call(parent);
    // One that is stale itself may turn out to be dead.
    if (want === "triggered" || want === "acknowledged" || above.staleness?.isCertain === true) return "yes";
    const further = isBehind(parent, above.status);
    if (further !== "no") return further;
    return above.staleness !== undefined || pages[parent.key]?.calledFor !== 0 ? "perhaps" : "no";
  };

  const isHeld = (resource: Resource, { status, staleness }: Known): "yes" | "no" | "perhaps" => {
    if (status.downtimeDepth > 0 || status.isFlapping || staleness?.isCertain === true) return "yes";
    if (resource.kind === "service") {
      const host = resource.host && known[resource.host.key]?.status;
      const isHostDown = settings.suppressServicesOfDownHosts && host !== undefined && host.state !== UP;
      if (isHostDown || (host !== undefined && host.downtimeDepth > 0)) return "yes";
    }
    const behind = resource.kind === "host" ? isBehind(resource, status) : "no";
    return behind === "no" && staleness !== undefined ? "perhaps" : behind;
  };

  const call = (resource: Resource): Call => {
    const it = known[resource.key];
    if (it === undefined) return { want: "resolved", severity: "info" };
    const state = stateThatCounts(it.status);
    const severity = (resource.kind === "host" ? HOST_SEVERITIES : SERVICE_SEVERITIES)[state] ?? "critical";
    if (state === OK) return { want: it.status.isFlapping ? "held" : "resolved", severity };
    if (it.status.acknowledgement !== 0) return { want: "acknowledged", severity };
    return { want: WANT[isHeld(resource, it)], severity };
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

  return {
    tell: (now, resource, status, isRepeated) => {
      const before = known[resource.key];
      if (status === undefined) {
        for (const other of resources)
          if (other.host === resource || other === resource) known[other.key] = undefined;
      } else {
        const isBack = before !== undefined && before.status.state !== UP && status.state === UP;
        if (resource.kind === "host" && isBack) markStale(resource, status.lastCheck, now);
        known[resource.key] = {
          status,
          isFresh: true,
          staleness: stalenessAt(resource, before, status, now),
        };
      }
      countPages(isRepeated);
    },
    restarts: () => {
      for (const { key } of resources) {
        const it = known[key];
        if (it !== undefined) known[key] = { status: it.status, staleness: it.staleness, isFresh: false };
      }
    },
    call,
    isStale: (resource) => {
      const it = known[resource.key];
      return it?.staleness !== undefined;
    },
    pagesCalledFor: (resource) => pages[resource.key]?.calledFor ?? 0,
  };
}
