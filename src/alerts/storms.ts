// Storms: when more problems than a limit would open on one route within a minute, one alert stands for those that follow.
// Owns whom each storm's alert stands for, and when it begins, rages, and is over. The arrivals say what is so many; what it
// tells is storm_words'. Each problem that comes, changes or goes costs the same, however many are gathered.
import {
  type Alert,
  type DesiredState,
  type GatheredBy,
  type Place,
  type Resource,
  type Severity,
  DEFAULT_ROUTE,
  createAlert,
  factsOfState,
  isOpen,
  isWorse,
  setDesired,
} from "./alert";
import { type Arrivals, RISE_SECONDS, createArrivals } from "./arrivals";
import type { Shelf } from "./shelf";
import { type Gathered, stormReport, stormVerdict } from "./storm_words";
import type { TimedHolds } from "./timed_holds";

export interface StormsPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** Something of a storm's alert changed: it must be journaled, and perhaps there is an action to take. */
  readonly alertChanged: (this: void, alert: Alert) => void;
  /** Nothing may be left to remember of a storm's alert. */
  readonly forgetIfSettled: (this: void, alert: Alert) => void;
  /** For the log: why a storm's alert begins or ends. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
}

export interface Storms {
  /**
   * The policy calls for `wanted`, at this severity; the alert is not decided yet. Gives whether a storm's alert stands for
   * it: it is held then.
   */
  readonly standsFor: (this: void, alert: Alert, wanted: DesiredState, severity: Severity) => boolean;
  /** The alert is forgotten, be it a storm's or one that a storm stands for. */
  readonly forgotten: (this: void, alert: Alert) => void;
  /** The time of a storm's alert may have come: to open, to tell more, to be over. */
  readonly look: (this: void, alert: Alert) => void;
  /** What was sent of a storm's alert has had its outcome. */
  readonly settled: (this: void, alert: Alert) => void;
  /** A storm's alert is about to be told: says what is true now. */
  readonly describe: (this: void, alert: Alert) => void;
  /** Ends a storm's alert, for this reason; what it stood for pages by itself. */
  readonly end: (this: void, alert: Alert, reason: string) => void;
  /** All that the journal held is on the shelf. */
  readonly resume: (this: void) => void;
}

interface Storm extends Gathered {
  readonly route: string;
  readonly alert: Alert;
  size: number;
  hosts: number;
  readonly bySeverity: Record<Severity, number>;
  readonly perHost: LuaTable<number, number | undefined>;
  /** It gathers what comes. */
  isRaging: boolean;
  /** What it stands for is not what was told last. */
  isNews: boolean;
  /** Its alert does not open before this time. */
  readonly opensAt: number;
}

/** Seconds for which a storm gathers before its alert opens: PagerDuty goes on showing what the first trigger said. */
const GATHERING_SECONDS = 5;

/** Seconds between two tellings of what a storm has become, at least: each is a line in the incident's log. */
const TELLING_INTERVAL = 60;

/** A calm storm is over when fewer than one in so many of the limit are left. */
const LEFT_DIVISOR = 2;

const WORST_FIRST: readonly Severity[] = ["critical", "error", "warning", "info"];

/** The state of a storm: a problem of which no check tells. */
const RAGING = 2;

/** The route that an alert is meant to go by. */
function routeOf({ route, detour }: Alert): string {
  return detour?.meantFor ?? route;
}

function placeOfStorm(route: string): Place {
  return {
    isKnown: true,
    className: "storm",
    hostName: route === DEFAULT_ROUTE ? "Storm of problems" : `Storm of problems (${route})`,
    serviceDescription: "",
    hostGroups: [],
    serviceGroups: [],
    criticality: 0,
    poller: "",
    hostAlias: "",
    hostAddress: "",
  };
}

/** Whether nobody has been paged for the alert, as far as is known, nor is about to be. */
function wouldOpen({ delivered, isCertain, triggeredAt, inFlight }: Alert): boolean {
  return inFlight !== "trigger" && (delivered === "none" || (!isCertain && triggeredAt === 0));
}

/** The worst severity at which the storm's alert has paged, or is about to; undefined: at none. */
function pagedAt({ alert }: Storm): Severity | undefined {
  if (alert.delivered !== "none") return alert.deliveredSeverity;
  return alert.inFlight === "trigger" ? alert.severity : undefined;
}

function isWorseThanPaged(severity: Severity, storm: Storm): boolean {
  const paged = pagedAt(storm);
  return paged !== undefined && isWorse(severity, paged);
}

function worstOf({ bySeverity }: Storm): Severity {
  for (const severity of WORST_FIRST) if (bySeverity[severity] > 0) return severity;
  return "info";
}

/** No storm. `limit` 0: there never is one. */
export function createStorms(
  limit: number,
  shelf: Shelf,
  timedHolds: TimedHolds,
  ports: StormsPorts,
): Storms {
  const { now, announce } = ports;
  const storms = new LuaTable<string, Storm | undefined>();
  const arrivalsOf = new LuaTable<string, Arrivals | undefined>();
  /** By which route each problem came last, and when. */
  const arrivedBy = new LuaTable<Alert, GatheredBy | undefined>();
  /** PagerDuty never takes the storm's alert of this route: it stands for nothing any more. */
  const refused = new LuaTable<string, true | undefined>();
  /** What a storm stood for that is over, and is to page by itself, whatever comes meanwhile. */
  const released = new LuaTable<Alert, true | undefined>();

  const arrivalsBy = (route: string): Arrivals => {
    const arrivals = arrivalsOf.get(route) ?? createArrivals(limit);
    arrivalsOf.set(route, arrivals);
    return arrivals;
  };

  const stormOf = ({ resource }: Alert): Storm | undefined =>
    resource.kind === "storm" ? storms.get(resource.route) : undefined;

  const lookAt = ({ alert }: Storm, time: number): void => {
    timedHolds.hold(alert.resource, time);
  };

  const tellingDueAt = ({ alert }: Storm): number => alert.triggeredAt + TELLING_INTERVAL;

  const calmDown = (storm: Storm): void => {
    storm.isRaging = false;
    announce(storm.alert, "it is calm: problems that come now page by themselves");
  };

  /** What the storm stands for has changed. */
  const changed = (storm: Storm): void => {
    const { alert } = storm;
    if (!storm.isNews) {
      storm.isNews = true;
      lookAt(storm, tellingDueAt(storm));
    }
    if (!storm.isRaging && storm.size < limit / LEFT_DIVISOR) lookAt(storm, now());
    const desired = now() < storm.opensAt ? "held" : "triggered";
    if (setDesired(alert, desired, worstOf(storm))) ports.alertChanged(alert);
  };

  const countHost = (storm: Storm, { resource }: Alert, change: 1 | -1): void => {
    if (!("hostId" in resource)) return;
    const before = storm.perHost.get(resource.hostId) ?? 0;
    const after = before + change;
    storm.perHost.set(resource.hostId, after === 0 ? undefined : after);
    if (before === 0 || after === 0) storm.hosts = storm.hosts + change;
  };

  const countSeverity = (storm: Storm, severity: Severity, change: 1 | -1): void => {
    storm.bySeverity[severity] = storm.bySeverity[severity] + change;
  };

  const add = (storm: Storm, alert: Alert, severity: Severity): void => {
    storm.members.set(alert, severity);
    storm.size = storm.size + 1;
    countSeverity(storm, severity, 1);
    countHost(storm, alert, 1);
  };

  /** The storm is over: its alert is to be resolved. */
  const close = (storm: Storm, reason: string): void => {
    const { alert, route } = storm;
    storms.set(route, undefined);
    announce(alert, reason);
    setDesired(alert, "resolved", alert.severity);
    ports.alertChanged(alert);
    ports.forgetIfSettled(alert);
  };

  const leave = (alert: Alert): void => {
    const storm = alert.gathered && storms.get(alert.gathered.route);
    alert.gathered = undefined;
    const severity = storm?.members.get(alert);
    if (storm === undefined || severity === undefined) return;
    storm.members.set(alert, undefined);
    storm.size = storm.size - 1;
    countSeverity(storm, severity, -1);
    countHost(storm, alert, -1);
    if (storm.size === 0) close(storm, "nothing is left that it stands for");
    else changed(storm);
  };

  /** Lets an alert page by itself when its turn comes: there may be thousands. */
  const release = (alert: Alert): void => {
    alert.gathered = undefined;
    released.set(alert, true);
    timedHolds.hold(alert.resource, now());
  };

  const end = (storm: Storm, reason: string): void => {
    for (const [alert] of storm.members) release(alert);
    close(storm, reason);
  };

  /** A storm around an alert, which stands for nothing yet. */
  const put = (route: string, alert: Alert, since: number, opensAt: number): Storm => {
    const storm: Storm = {
      route,
      alert,
      members: new LuaTable(),
      size: 0,
      bySeverity: { critical: 0, error: 0, warning: 0, info: 0 },
      hosts: 0,
      perHost: new LuaTable(),
      limit,
      since,
      isRaging: true,
      isNews: false,
      opensAt,
    };
    storms.set(route, storm);
    alert.place = placeOfStorm(route);
    alert.report = stormReport(storm);
    return storm;
  };

  const begin = (route: string): Storm => {
    const resource: Resource = { kind: "storm", route };
    // The one before may not be resolved yet.
    const alert = shelf.find(resource) ?? createAlert(resource, factsOfState(RAGING), "info");
    if (!isOpen(alert)) alert.route = route;
    shelf.put(alert);
    const storm = put(route, alert, now(), now() + GATHERING_SECONDS);
    lookAt(storm, storm.opensAt);
    lookAt(storm, arrivalsBy(route).calmAt());
    announce(
      alert,
      string.format("more than %d problems came within a minute: it stands for those that follow", limit),
    );
    return storm;
  };

  /** Notes that a problem comes; one that was held and freed again within the minute is the same one. */
  const noteArrival = (alert: Alert, route: string): void => {
    const at = now();
    const last = arrivedBy.get(alert);
    if (last?.route === route && at - last.at < RISE_SECONDS) return;
    arrivedBy.set(alert, { route, at });
    arrivalsBy(route).note(at);
  };

  /** A problem came that would open an alert by this route. Gives the storm that gathers it; undefined: none does. */
  const gathererOf = (alert: Alert, route: string): Storm | undefined => {
    const arrivals = arrivalsBy(route);
    const storm = storms.get(route);
    if (storm?.isRaging === true && arrivals.calmAt() <= now()) calmDown(storm);
    noteArrival(alert, route);
    if (refused.has(route)) return undefined;
    const areTooMany = arrivals.areTooMany(now());
    if (storm === undefined) return areTooMany ? begin(route) : undefined;
    // Only what PagerDuty has, or is to get, can stand for something new.
    if (!isOpen(storm.alert) && storm.alert.delivered !== "none") return undefined;
    if (areTooMany && !storm.isRaging) {
      storm.isRaging = true;
      lookAt(storm, arrivals.calmAt());
    }
    return storm.isRaging ? storm : undefined;
  };

  return {
    standsFor: (alert, wanted, severity) => {
      if (limit === 0 || alert.resource.kind === "connector") return false;
      const isReleased = released.has(alert);
      if (isReleased) released.set(alert, undefined);
      const route = routeOf(alert);
      const { gathered } = alert;
      const storm = gathered && storms.get(gathered.route);
      if (storm !== undefined) {
        const stays = wanted === "triggered" && gathered?.route === route && wouldOpen(alert);
        if (stays && !isWorseThanPaged(severity, storm)) {
          const before = storm.members.get(alert);
          if (before !== undefined && before !== severity) {
            storm.members.set(alert, severity);
            countSeverity(storm, before, -1);
            countSeverity(storm, severity, 1);
            changed(storm);
          }
          return true;
        }
        leave(alert);
        if (stays) return false;
      }
      if (wanted !== "triggered" || isReleased || alert.desired === "triggered" || !wouldOpen(alert))
        return false;
      const gatherer = gathererOf(alert, route);
      if (gatherer === undefined || isWorseThanPaged(severity, gatherer)) return false;
      alert.gathered = { route, at: now() };
      add(gatherer, alert, severity);
      changed(gatherer);
      return true;
    },
    forgotten: (alert) => {
      released.set(alert, undefined);
      arrivedBy.set(alert, undefined);
      if (alert.gathered !== undefined) leave(alert);
      const storm = stormOf(alert);
      if (storm === undefined || storm.alert !== alert) return;
      storms.set(storm.route, undefined);
      for (const [member] of storm.members) release(member);
    },
    look: (alert) => {
      const storm = stormOf(alert);
      if (storm === undefined) return;
      const time = now();
      const calmAt = arrivalsBy(storm.route).calmAt();
      if (storm.isRaging && calmAt <= time) calmDown(storm);
      // One that could not stand for what was worse than it had paged for, while its end was on its way.
      if (storm.size === 0) {
        close(storm, "nothing is left that it stands for");
        return;
      }
      if (!storm.isRaging && storm.size < limit / LEFT_DIVISOR) {
        end(storm, "it is over: the few problems that are left page by themselves");
        return;
      }
      if (storm.isRaging) lookAt(storm, calmAt);
      if (time < storm.opensAt) lookAt(storm, storm.opensAt);
      else if (setDesired(alert, "triggered", worstOf(storm))) ports.alertChanged(alert);
      if (!storm.isNews || alert.wantsUpdate === true) return;
      if (isOpen(alert) && tellingDueAt(storm) <= time) {
        alert.wantsUpdate = true;
        ports.alertChanged(alert);
      } else {
        lookAt(storm, math.max(tellingDueAt(storm), time + 1));
      }
    },
    settled: (alert) => {
      const storm = stormOf(alert);
      if (storm === undefined || alert.refusedSeverity === undefined) return;
      refused.set(storm.route, true);
      end(
        storm,
        "PagerDuty refuses it for good: what it stood for pages by itself, and it stands for nothing until the next start",
      );
    },
    describe: (alert) => {
      const storm = stormOf(alert);
      if (storm === undefined) return;
      alert.report = stormReport(storm);
      alert.verdict = stormVerdict(storm);
      storm.isNews = false;
    },
    end: (alert, reason) => {
      const storm = stormOf(alert);
      if (storm !== undefined) end(storm, reason);
    },
    resume: () => {
      const members: Alert[] = [];
      const alertOf = new LuaTable<string, Alert | undefined>();
      shelf.each((alert) => {
        if (alert.gathered !== undefined) members.push(alert);
        if (alert.resource.kind === "storm") alertOf.set(alert.resource.route, alert);
      });
      for (const [route, alert] of alertOf) {
        if (alert !== undefined && alert.desired !== "resolved") {
          put(route, alert, alert.report?.since ?? now(), now());
        }
      }
      table.sort(members, (left, right) => (left.gathered?.at ?? 0) < (right.gathered?.at ?? 0));
      for (const alert of members) {
        const storm = alert.gathered && storms.get(alert.gathered.route);
        if (storm === undefined || limit === 0) {
          release(alert);
        } else {
          add(storm, alert, alert.severity);
          arrivalsBy(storm.route).note(math.min(alert.gathered?.at ?? 0, now()));
        }
      }
      for (const [, storm] of storms) {
        if (storm !== undefined) {
          // Told again only if it is another by now: a restart alone is nothing to tell.
          storm.isNews = stormVerdict(storm).summary !== storm.alert.verdict?.summary;
          if (limit === 0) close(storm, "pdy_storm_limit is 0: what it stood for pages by itself");
          else if (storm.size === 0) close(storm, "nothing is left that it stands for");
          else lookAt(storm, now());
        }
      }
    },
  };
}
