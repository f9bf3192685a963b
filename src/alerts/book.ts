// The book: every alert, and what is known of hosts that are not UP or in a downtime. Takes observations, lets
// the policy decide, and reports each alert whose desired state changed. Remembers nothing of resources that
// are fine. Knows neither broker nor network: what it needs from there comes through BookPorts.
import {
  type AcknowledgementNote,
  type Alert,
  type Content,
  type CustomVerdict,
  type Facts,
  type HostOrService,
  type Resource,
  type Severity,
  createAlert,
  dedupKeyOf,
  isOpen,
  isSettled,
  recordUnknownOutcome,
  setDesired,
} from "./alert";
import { createEarlyNotes } from "./early_notes";
import { createHostParents } from "./host_parents";
import {
  STALENESS_CLOCK_GRACE,
  type Reading,
  STATE,
  type Surroundings,
  desiredState,
  holdReason,
  isConfirmed,
  readingOf,
} from "./policy";

/** What one full status event said of one resource, the same for BBDO 2 and 3. */
export interface Observation {
  readonly resource: Resource;
  readonly state: number;
  readonly isHard: boolean;
  readonly lastHardState: number;
  readonly isAcknowledged: boolean;
  readonly downtimeDepth: number;
  readonly isFlapping: boolean;
  /** Unix time; 0 when unknown. */
  readonly lastCheck: number;
}

/** What an adaptive status event said: only what changed is defined. */
export interface AdaptiveObservation {
  readonly resource: HostOrService;
  readonly isAcknowledged: boolean | undefined;
  readonly downtimeDepth: number | undefined;
}

/** What is remembered of a host beside its alert. */
export interface HostFacts {
  state: number;
  downtimeDepth: number;
  /** The host's last_check when it came back (Unix time), and when that was noticed; undefined before. */
  checkedAtReturn: number | undefined;
  returnedAt: number | undefined;
}

export interface BookSettings {
  readonly hardOnly: boolean;
  readonly suppressServicesOfDownHosts: boolean;
  readonly suppressHostsBehindDownParents: boolean;
  /** Problems alert although they are acknowledged, in a downtime, flapping. */
  readonly ignoresAcknowledgements: boolean;
  readonly ignoresDowntimes: boolean;
  readonly ignoresFlapping: boolean;
}

export interface BookPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /**
   * Reads from the event being taken what a trigger would say; called only when that is news. Undefined when
   * the resource is not to be recorded.
   */
  readonly describe: (this: void, resource: Resource) => Content | undefined;
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
  /** The label of the routing key the alert is to go to. */
  readonly routeOf: (this: void, alert: Alert) => string;
  /** Whether PagerDuty may have an alert for a problem that nothing is known of. */
  readonly mayBeOpen: (this: void, content: Content) => boolean;
  /** Whether each new HARD result of this service is news. */
  readonly isVolatile: (this: void, resource: Resource) => boolean;
  /** Something of an alert changed: it must be journaled, and perhaps there is an action to take. */
  readonly alertChanged: (this: void, alert: Alert) => void;
  /** An alert is settled and forgotten. */
  readonly alertForgotten: (this: void, alert: Alert) => void;
  /** What is remembered of a host changed; undefined when it is forgotten. */
  readonly hostChanged: (this: void, hostId: number, facts: HostFacts | undefined) => void;
  readonly parentChanged: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  /** For the log: why a problem opens no alert now. */
  readonly explain: (this: void, alert: Alert, reason: string) => void;
  /** For the log: why an alert ends, where the state alone does not say it. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
}

export interface Book {
  readonly findAlert: (this: void, resource: Resource) => Alert | undefined;
  /** Whether the OK of a service of this host could matter. */
  readonly knowsServicesOf: (this: void, hostId: number) => boolean;
  /** Whether the UP of this host could matter. */
  readonly knowsHost: (this: void, hostId: number) => boolean;
  /** Takes a full status. */
  readonly observe: (this: void, observation: Observation) => void;
  /** Takes an adaptive status. */
  readonly observeAdaptive: (this: void, observation: AdaptiveObservation) => void;
  /** Takes who acknowledged a problem and why; the acknowledgement itself is the statuses' to tell. */
  readonly noteAcknowledgement: (this: void, resource: Resource, note: AcknowledgementNote) => void;
  /** Whether Centreon itself would notify of the resource's problems may have changed. */
  readonly notificationSettingsChanged: (this: void, resource: Resource) => void;
  /** A host's parent was set or removed in Centreon's configuration. */
  readonly setParent: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  /** A resource is well though nothing is known of it: a problem of before the start may be open at PagerDuty. */
  readonly resolveUnknown: (this: void, resource: Resource) => void;
  /** The resource no longer exists in Centreon: its alert, and those of a host's services, are to be resolved. */
  readonly remove: (this: void, resource: Resource) => void;
  /** Applies rules that may have changed since the alerts were recorded: once, after they were put back at start. */
  readonly reassess: (this: void) => void;
  /** Forgets the alert when nothing is left to remember of it. */
  readonly forgetIfSettled: (this: void, alert: Alert) => void;
  /** Put back what the journal held, at start; nothing is reported. */
  readonly restoreAlert: (this: void, alert: Alert) => void;
  readonly restoreHost: (this: void, hostId: number, facts: HostFacts) => void;
  readonly restoreParent: (this: void, childId: number, parentId: number) => void;
  /** The alerts of the host and of its services, in no particular order. */
  readonly alertsOfHost: (this: void, hostId: number) => readonly Alert[];
  /** Call `visit` for each, in no particular order. */
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
}

function factsOf(observation: Observation): Facts {
  return {
    state: observation.state,
    isAcknowledged: observation.isAcknowledged,
    downtimeDepth: observation.downtimeDepth,
    isFlapping: observation.isFlapping,
    lastCheck: observation.lastCheck,
    staleness: undefined,
  };
}

/** An empty book. */
export function createBook(settings: BookSettings, ports: BookPorts): Book {
  const hosts = new LuaTable<number, HostFacts | undefined>();
  const hostAlerts = new LuaTable<number, Alert | undefined>();
  const serviceAlerts = new LuaTable<number, LuaTable<number, Alert | undefined> | undefined>();
  /** Alerts of business activities and pollers, by dedup key. */
  const otherAlerts = new LuaTable<string, Alert | undefined>();
  const parents = createHostParents();
  const earlyNotes = createEarlyNotes(ports.now);

  const findAlert = (resource: Resource): Alert | undefined => {
    if (resource.kind === "service") return serviceAlerts.get(resource.hostId)?.get(resource.serviceId);
    if (resource.kind === "host") return hostAlerts.get(resource.hostId);
    return otherAlerts.get(dedupKeyOf(resource));
  };

  const restoreAlert = (alert: Alert): void => {
    const { resource } = alert;
    if (resource.kind === "host") {
      hostAlerts.set(resource.hostId, alert);
    } else if (resource.kind === "service") {
      const services = serviceAlerts.get(resource.hostId) ?? new LuaTable<number, Alert | undefined>();
      services.set(resource.serviceId, alert);
      serviceAlerts.set(resource.hostId, services);
    } else {
      otherAlerts.set(alert.dedupKey, alert);
    }
  };

  const forgetIfSettled = (alert: Alert): void => {
    if (!isSettled(alert) || findAlert(alert.resource) !== alert) return;
    const { resource } = alert;
    if (resource.kind === "host") {
      hostAlerts.set(resource.hostId, undefined);
    } else if (resource.kind === "service") {
      const services = serviceAlerts.get(resource.hostId);
      services?.set(resource.serviceId, undefined);
      if (services !== undefined && next(services)[0] === undefined)
        serviceAlerts.set(resource.hostId, undefined);
    } else {
      otherAlerts.set(alert.dedupKey, undefined);
    }
    ports.alertForgotten(alert);
  };

  /** The alerts of a host's services, listed before anything is done to them: that may forget some. */
  const alertsOfServices = (hostId: number): Alert[] => {
    const listed: Alert[] = [];
    const services = serviceAlerts.get(hostId);
    if (services === undefined) return listed;
    for (const [, alert] of services) if (alert !== undefined) listed.push(alert);
    return listed;
  };

  /** The alerts of the hosts whose parent this host is. */
  const alertsOfChildren = (hostId: number): Alert[] => {
    const listed: Alert[] = [];
    for (const childId of parents.childrenOf(hostId)) {
      const alert = hostAlerts.get(childId);
      if (alert !== undefined) listed.push(alert);
    }
    return listed;
  };

  /** Whether a parent that is not UP says it all for the hosts behind it. */
  const speaksForChildren = (parent: Alert): boolean => {
    if (parent.desired === "triggered" || parent.desired === "acknowledged") return true;
    // Whether one of unknown outcome is open nobody knows: better a page too many.
    return (isOpen(parent) && parent.isCertain) || parent.facts.staleness !== undefined;
  };

  /** The alerts of a host's parents that are not UP and were not `seen` yet, if the host is UNREACHABLE. */
  const downParentsOf = ({ resource, facts }: Alert, seen: LuaSet<number>): Alert[] => {
    const listed: Alert[] = [];
    if (resource.kind !== "host" || facts.state !== STATE.unreachable) return listed;
    seen.add(resource.hostId);
    for (const parentId of parents.parentsOf(resource.hostId)) {
      const parent = hostAlerts.get(parentId);
      const isOfInterest = parent !== undefined && parent.facts.state !== STATE.up && !seen.has(parentId);
      if (isOfInterest) listed.push(parent);
    }
    return listed;
  };

  /**
   * A host is behind a dead parent when that one's alert, open or to be opened, speaks for it, or the alert of a
   * parent's parent does. A stale parent is waited for: it may turn out to be dead.
   */
  const isBehindDownParent = (alert: Alert): boolean => {
    // Relations that Centreon gave up may be known still: there can be loops.
    const seen = new LuaSet<number>();
    // A list, not a recursion: LuaJIT of Debian 12 crashes on one within a loop over pairs.
    const toLookAbove: Alert[] = [alert];
    while (true) {
      const below = toLookAbove.pop();
      if (below === undefined) return false;
      for (const parent of downParentsOf(below, seen)) {
        if (speaksForChildren(parent)) return true;
        toLookAbove.push(parent);
      }
    }
  };

  const surroundingsOf = (alert: Alert): Surroundings => {
    const { resource } = alert;
    if (resource.kind !== "service") {
      return {
        hostDowntimeDepth: 0,
        isHostDown: false,
        isBehindDownParent: settings.suppressHostsBehindDownParents && isBehindDownParent(alert),
        isFilteredOut: alert.rejection !== undefined,
      };
    }
    const host = hosts.get(resource.hostId);
    return {
      hostDowntimeDepth: host === undefined || settings.ignoresDowntimes ? 0 : host.downtimeDepth,
      isHostDown: settings.suppressServicesOfDownHosts && host !== undefined && host.state !== STATE.up,
      isBehindDownParent: false,
      isFilteredOut: alert.rejection !== undefined,
    };
  };

  /** The facts as the administrator wants them seen; `isAcknowledged`: in a way that counts. */
  const seen = (facts: Facts, isAcknowledged: boolean): Facts => {
    const seesAll = !settings.ignoresDowntimes && !settings.ignoresFlapping;
    if (seesAll && facts.isAcknowledged === isAcknowledged) return facts;
    return {
      state: facts.state,
      isAcknowledged,
      downtimeDepth: settings.ignoresDowntimes ? 0 : facts.downtimeDepth,
      isFlapping: facts.isFlapping && !settings.ignoresFlapping,
      lastCheck: facts.lastCheck,
      staleness: facts.staleness,
    };
  };

  /** Lets the policy decide. Reports the alert when its desired state changed, or something else of it did. */
  const decide = (alert: Alert, hasNews: boolean): void => {
    const { resource } = alert;
    const acknowledgementRejection = alert.facts.isAcknowledged
      ? ports.acknowledgementRejectionOf(alert)
      : undefined;
    const isAcknowledged =
      alert.facts.isAcknowledged &&
      acknowledgementRejection === undefined &&
      !settings.ignoresAcknowledgements;
    const facts = seen(alert.facts, isAcknowledged);
    const around = surroundingsOf(alert);
    const severity = facts.state === STATE.ok ? alert.severity : ports.severityOf(alert);
    const before = alert.desired;
    const isChanged = setDesired(alert, desiredState(facts, around), severity);
    if (!isChanged && !hasNews) return;
    if (acknowledgementRejection !== undefined && facts.state !== STATE.ok) {
      ports.announce(alert, `its acknowledgement does not count: ${acknowledgementRejection}`);
    }
    if (alert.desired === "held" && before !== "held") {
      const reason = holdReason(facts, around) ?? "it is flapping";
      ports.explain(alert, reason === "it is filtered out" ? `${reason}: ${alert.rejection}` : reason);
    }
    if (before === "triggered" && isSettled(alert)) {
      ports.announce(alert, "it came and went before PagerDuty took it: nothing is sent");
    }
    ports.alertChanged(alert);
    forgetIfSettled(alert);
    // Hosts behind this one are spoken for by its alert, or no longer.
    if (resource.kind === "host") {
      for (const child of alertsOfChildren(resource.hostId)) decide(child, false);
    }
  };

  /** What was known before `returned` came back is old, for a while or until a check confirms it. */
  const markStale = (alert: Alert, hostCheckedAt: number): void => {
    if (alert.facts.state === STATE.ok) return;
    alert.facts.staleness = { lastCheckAtReturn: alert.facts.lastCheck, hostCheckedAt, since: ports.now() };
    ports.alertChanged(alert);
  };

  const setHost = (hostId: number, facts: HostFacts): void => {
    const isOfInterest =
      facts.state !== STATE.up || facts.downtimeDepth > 0 || facts.returnedAt !== undefined;
    hosts.set(hostId, isOfInterest ? facts : undefined);
    ports.hostChanged(hostId, isOfInterest ? facts : undefined);
  };

  /** Whether a host's return is so long ago that no result of before can still come in. */
  const isLongBack = (facts: HostFacts): boolean =>
    facts.returnedAt !== undefined && ports.now() - facts.returnedAt >= STALENESS_CLOCK_GRACE;

  /** Takes a host's state, SOFT included, for the sake of its services. Gives whether they must be decided anew. */
  const noteHost = (hostId: number, state: number, downtimeDepth: number, lastCheck: number): boolean => {
    const known = hosts.get(hostId);
    if (known === undefined && state === STATE.up && downtimeDepth === 0) return false;
    const facts = known ?? {
      state: STATE.up,
      downtimeDepth: 0,
      checkedAtReturn: undefined,
      returnedAt: undefined,
    };
    const isSame = facts.state === state && facts.downtimeDepth === downtimeDepth;
    if (isSame && !isLongBack(facts)) return false;
    const isBack = facts.state !== STATE.up && state === STATE.up;
    facts.state = state;
    facts.downtimeDepth = downtimeDepth;
    if (isLongBack(facts)) {
      facts.checkedAtReturn = undefined;
      facts.returnedAt = undefined;
    }
    if (isBack && settings.suppressServicesOfDownHosts) {
      facts.checkedAtReturn = lastCheck;
      facts.returnedAt = ports.now();
      for (const alert of alertsOfServices(hostId)) markStale(alert, lastCheck);
    }
    if (isBack && settings.suppressHostsBehindDownParents) {
      for (const alert of alertsOfChildren(hostId)) {
        if (isBehindDownParent(alert)) markStale(alert, lastCheck);
      }
    }
    setHost(hostId, facts);
    return !isSame;
  };

  /** A result of before the host's return may come in after it. */
  const stalenessOfNewcomer = (observation: Observation): Facts["staleness"] => {
    const { resource, lastCheck } = observation;
    const host = resource.kind === "service" ? hosts.get(resource.hostId) : undefined;
    if (host === undefined || host.checkedAtReturn === undefined || host.returnedAt === undefined)
      return undefined;
    if (isLongBack(host) || lastCheck >= host.checkedAtReturn) return undefined;
    return { lastCheckAtReturn: lastCheck, hostCheckedAt: host.checkedAtReturn, since: host.returnedAt };
  };

  /** Applies the administrator's rules to what is known of the problem. An open alert stays where it was opened. */
  const assess = (alert: Alert): void => {
    if (alert.content === undefined || alert.facts.state === STATE.ok) return;
    alert.rejection = ports.rejectionOf(alert);
    if (!isOpen(alert) && alert.inFlight === undefined) alert.route = ports.routeOf(alert);
  };

  /** Asks what is asked once for each new state, and applies the rules. */
  const examine = (alert: Alert): void => {
    if (alert.content === undefined || alert.facts.state === STATE.ok) return;
    const reason = ports.unnotifiedReasonOf(alert);
    const verdict = ports.judgeByCustomCode(alert);
    // Lua makes room for a field that is set to nil: they are seldom there.
    if (alert.unnotified !== reason) alert.unnotified = reason;
    if (alert.verdict !== verdict) alert.verdict = verdict;
    assess(alert);
  };

  /** Whose an acknowledgement was that has ended says nothing of the next one. */
  const setAcknowledged = (alert: Alert, isAcknowledged: boolean): void => {
    const { acknowledgement, facts } = alert;
    if (acknowledgement !== undefined && facts.isAcknowledged && !isAcknowledged) {
      const { author, comment } = acknowledgement;
      alert.acknowledgement = { author, comment, isPast: true };
    }
    facts.isAcknowledged = isAcknowledged;
  };

  const record = (observation: Observation): void => {
    const { resource } = observation;
    const content = ports.describe(resource);
    if (content === undefined) return;
    const facts = factsOf(observation);
    facts.staleness = stalenessOfNewcomer(observation);
    // The severity is the policy's to set, with the rest.
    const alert = createAlert(resource, facts, "info");
    alert.content = content;
    const earlyNote = earlyNotes.take(alert.dedupKey);
    if (observation.isAcknowledged && earlyNote !== undefined) alert.acknowledgement = earlyNote;
    // First, while nothing is open: what is to be sent of a problem of before goes where the rules say, too.
    examine(alert);
    if (ports.mayBeOpen(content)) recordUnknownOutcome(alert, "trigger", "info");
    alert.isVolatile = ports.isVolatile(resource);
    restoreAlert(alert);
    decide(alert, true);
  };

  const update = (alert: Alert, observation: Observation, reading: Reading): void => {
    const { facts } = alert;
    // A state that does not count changes nothing but what is said beside it.
    const counts = reading === "counts";
    const state = counts ? observation.state : reading === "means a missed recovery" ? STATE.ok : facts.state;
    const lastCheck = counts ? observation.lastCheck : facts.lastCheck;
    if (!counts && state !== facts.state && !observation.isFlapping)
      ports.announce(alert, "its recovery was missed: its last hard state is OK");
    const isNewState = facts.state !== state;
    const isNewCheck = facts.lastCheck !== lastCheck;
    let hasNews =
      isNewState ||
      facts.isAcknowledged !== observation.isAcknowledged ||
      facts.downtimeDepth !== observation.downtimeDepth ||
      facts.isFlapping !== observation.isFlapping;
    if (isNewState && facts.state === STATE.ok) {
      facts.staleness = stalenessOfNewcomer(observation);
    } else if (facts.staleness !== undefined && isConfirmed(facts.staleness, lastCheck, ports.now())) {
      facts.staleness = undefined;
      hasNews = true;
    }
    facts.state = state;
    setAcknowledged(alert, observation.isAcknowledged);
    facts.downtimeDepth = observation.downtimeDepth;
    facts.isFlapping = observation.isFlapping;
    facts.lastCheck = lastCheck;
    // What is told again says what is true then; and a damaged journal may have lost the content.
    const isToldAgain = isNewState || (alert.isVolatile && isNewCheck);
    if (state !== STATE.ok && (isToldAgain || alert.content === undefined)) {
      alert.content = ports.describe(alert.resource) ?? alert.content;
      examine(alert);
      hasNews = hasNews || alert.content !== undefined;
    }
    if (alert.isVolatile && isNewCheck && state !== STATE.ok) {
      alert.wantsRetrigger = true;
      hasNews = true;
    }
    if (hasNews) decide(alert, true);
    // What is known of a held problem must outlive a restart: a check made since the return is told by it.
    else if (isNewCheck && alert.desired !== "triggered") ports.alertChanged(alert);
  };

  const resolveNow = (alert: Alert, reason: string): void => {
    alert.facts.state = STATE.ok;
    alert.facts.isFlapping = false;
    ports.announce(alert, reason);
    decide(alert, true);
  };

  const observe = (observation: Observation): void => {
    const { resource, state } = observation;
    if (state === STATE.pending) return;
    const hostId = resource.kind === "host" ? resource.hostId : undefined;
    const servicesAreTouched =
      hostId !== undefined && noteHost(hostId, state, observation.downtimeDepth, observation.lastCheck);
    const alert = findAlert(resource);
    const reading = readingOf(state, observation.isHard, observation.lastHardState, settings.hardOnly);
    if (alert !== undefined) update(alert, observation, reading);
    else if (reading === "counts" && state !== STATE.ok) record(observation);
    if (servicesAreTouched) for (const service of alertsOfServices(hostId)) decide(service, false);
  };

  const eachAlert: Book["eachAlert"] = (visit) => {
    for (const [, alert] of hostAlerts) if (alert !== undefined) visit(alert);
    for (const [, services] of serviceAlerts) {
      if (services !== undefined) for (const [, alert] of services) if (alert !== undefined) visit(alert);
    }
    for (const [, alert] of otherAlerts) if (alert !== undefined) visit(alert);
  };

  /** Every alert, listed before anything is done to them. */
  const allAlerts = (): Alert[] => {
    const listed: Alert[] = [];
    eachAlert((alert) => listed.push(alert));
    return listed;
  };

  return {
    findAlert,
    knowsServicesOf: (hostId) => serviceAlerts.get(hostId) !== undefined,
    knowsHost: (hostId) => hosts.get(hostId) !== undefined || hostAlerts.get(hostId) !== undefined,
    observe,
    observeAdaptive: ({ resource, isAcknowledged, downtimeDepth }) => {
      const { hostId } = resource;
      const host = resource.kind === "host" && downtimeDepth !== undefined ? hosts.get(hostId) : undefined;
      const servicesAreTouched =
        resource.kind === "host" &&
        downtimeDepth !== undefined &&
        noteHost(hostId, host === undefined ? STATE.up : host.state, downtimeDepth, 0);
      const alert = findAlert(resource);
      if (alert !== undefined) {
        const { facts } = alert;
        const acknowledged = isAcknowledged ?? facts.isAcknowledged;
        const depth = downtimeDepth ?? facts.downtimeDepth;
        const hasNews = acknowledged !== facts.isAcknowledged || depth !== facts.downtimeDepth;
        setAcknowledged(alert, acknowledged);
        facts.downtimeDepth = depth;
        if (hasNews) decide(alert, true);
      }
      if (servicesAreTouched) for (const service of alertsOfServices(hostId)) decide(service, false);
    },
    noteAcknowledgement: (resource, note) => {
      const alert = findAlert(resource);
      if (alert === undefined) {
        earlyNotes.put(dedupKeyOf(resource), note);
        return;
      }
      alert.acknowledgement = note;
      decide(alert, true);
    },
    notificationSettingsChanged: (resource) => {
      const alert = findAlert(resource);
      if (alert?.content === undefined || alert.facts.state === STATE.ok) return;
      const reason = ports.unnotifiedReasonOf(alert);
      if (reason === alert.unnotified) return;
      alert.unnotified = reason;
      assess(alert);
      decide(alert, true);
    },
    setParent: (childId, parentId, isParent) => {
      if (!parents.set(childId, parentId, isParent)) return;
      ports.parentChanged(childId, parentId, isParent);
      const alert = hostAlerts.get(childId);
      if (alert !== undefined) decide(alert, false);
    },
    resolveUnknown: (resource) => {
      const alert = createAlert(
        resource,
        {
          state: STATE.ok,
          isAcknowledged: false,
          downtimeDepth: 0,
          isFlapping: false,
          lastCheck: 0,
          staleness: undefined,
        },
        "critical",
      );
      alert.delivered = "triggered";
      alert.isCertain = false;
      restoreAlert(alert);
      decide(alert, true);
    },
    remove: (resource) => {
      const reason = "it was removed from Centreon";
      const alert = findAlert(resource);
      if (alert !== undefined) resolveNow(alert, reason);
      if (resource.kind !== "host") return;
      for (const service of alertsOfServices(resource.hostId)) resolveNow(service, reason);
      if (hosts.get(resource.hostId) === undefined) return;
      hosts.set(resource.hostId, undefined);
      ports.hostChanged(resource.hostId, undefined);
    },
    reassess: () => {
      for (const alert of allAlerts()) {
        assess(alert);
        decide(alert, false);
      }
    },
    forgetIfSettled,
    restoreAlert,
    restoreHost: (hostId, facts) => {
      hosts.set(hostId, facts);
    },
    restoreParent: (childId, parentId) => {
      parents.set(childId, parentId, true);
    },
    alertsOfHost: (hostId) => {
      const listed = alertsOfServices(hostId);
      const alert = hostAlerts.get(hostId);
      if (alert !== undefined) listed.push(alert);
      return listed;
    },
    eachAlert,
    eachHost: (visit) => {
      for (const [hostId, facts] of hosts) if (facts !== undefined) visit(hostId, facts);
    },
    eachParent: parents.each,
  };
}
