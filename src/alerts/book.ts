// The book: takes observations of every resource, lets the policy decide, and reports each alert whose desired state
// changed. Remembers nothing of resources that are fine. Where alerts stand is the shelf's, what surrounds them the
// surroundings' to know. Knows neither broker nor network: what it needs from there comes through BookPorts.
import {
  type AcknowledgementNote,
  type Alert,
  type CustomVerdict,
  type Description,
  type Facts,
  type HostOrService,
  type Report,
  type Resource,
  type Severity,
  createAlert,
  dedupKeyOf,
  isDescribed,
  isOpen,
  isSettled,
  recordUnknownOutcome,
  setDesired,
} from "./alert";
import { createEarlyNotes } from "./early_notes";
import { type Reading, STATE, desiredState, holdReason, isConfirmed, readingOf } from "./policy";
import { type Shelf, createShelf } from "./shelf";
import {
  type HostFacts,
  type SurroundingsPorts,
  type SurroundingsSettings,
  createSurroundings,
} from "./surroundings";

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

export interface BookSettings extends SurroundingsSettings {
  readonly hardOnly: boolean;
  /** Problems alert although they are acknowledged, flapping. */
  readonly ignoresAcknowledgements: boolean;
  readonly ignoresFlapping: boolean;
}

export interface BookPorts extends Omit<SurroundingsPorts, "becameStale"> {
  /**
   * Reads from the event being taken what a trigger would say; called only when that is news. Undefined when
   * the resource is not to be recorded.
   */
  readonly describe: (this: void, resource: Resource) => Description | undefined;
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
  readonly mayBeOpen: (this: void, report: Report) => boolean;
  /** Whether each new HARD result of this service is news. */
  readonly isVolatile: (this: void, resource: Resource) => boolean;
  /** Something of an alert changed: it must be journaled, and perhaps there is an action to take. */
  readonly alertChanged: (this: void, alert: Alert) => void;
  /** An alert is settled and forgotten. */
  readonly alertForgotten: (this: void, alert: Alert) => void;
  /** For the log: why a problem opens no alert now. */
  readonly explain: (this: void, alert: Alert, reason: string) => void;
  /** For the log: why an alert ends, where the state alone does not say it. */
  readonly announce: (this: void, alert: Alert, reason: string) => void;
}

export interface Book {
  readonly findAlert: (this: void, resource: Resource) => Alert | undefined;
  /** The alerts of services, by host and service. */
  readonly services: Shelf["services"];
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
  const shelf = createShelf();
  const surroundings = createSurroundings(settings, shelf, {
    now: ports.now,
    hostChanged: ports.hostChanged,
    parentChanged: ports.parentChanged,
    becameStale: ports.alertChanged,
  });
  const earlyNotes = createEarlyNotes(ports.now);

  const forgetIfSettled = (alert: Alert): void => {
    if (!isSettled(alert) || shelf.find(alert.resource) !== alert) return;
    shelf.remove(alert);
    ports.alertForgotten(alert);
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
    const around = surroundings.of(alert);
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
      for (const child of surroundings.alertsOfChildren(resource.hostId)) decide(child, false);
    }
  };

  /** Applies the administrator's rules to what is known of the problem. An open alert stays where it was opened. */
  const assess = (alert: Alert): void => {
    if (!isDescribed(alert) || alert.facts.state === STATE.ok) return;
    alert.rejection = ports.rejectionOf(alert);
    if (!isOpen(alert) && alert.inFlight === undefined) alert.route = ports.routeOf(alert);
  };

  /** Asks what is asked once for each new state, and applies the rules. */
  const examine = (alert: Alert): void => {
    if (!isDescribed(alert) || alert.facts.state === STATE.ok) return;
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
    const description = ports.describe(resource);
    if (description === undefined) return;
    const facts = factsOf(observation);
    facts.staleness = surroundings.stalenessOfNewcomer(resource, observation.lastCheck);
    // The severity is the policy's to set, with the rest.
    const alert = createAlert(resource, facts, "info");
    alert.place = description.place;
    alert.report = description.report;
    const earlyNote = earlyNotes.take(alert.dedupKey);
    if (observation.isAcknowledged && earlyNote !== undefined) alert.acknowledgement = earlyNote;
    // First, while nothing is open: what is to be sent of a problem of before goes where the rules say, too.
    examine(alert);
    if (ports.mayBeOpen(description.report)) recordUnknownOutcome(alert, "trigger", "info");
    alert.isVolatile = ports.isVolatile(resource);
    shelf.put(alert);
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
      facts.staleness = surroundings.stalenessOfNewcomer(alert.resource, observation.lastCheck);
    } else if (facts.staleness !== undefined && isConfirmed(facts.staleness, lastCheck, ports.now())) {
      facts.staleness = undefined;
      hasNews = true;
    }
    facts.state = state;
    setAcknowledged(alert, observation.isAcknowledged);
    facts.downtimeDepth = observation.downtimeDepth;
    facts.isFlapping = observation.isFlapping;
    facts.lastCheck = lastCheck;
    // A damaged journal may have lost the place or the report.
    if (state !== STATE.ok && (isNewState || !isDescribed(alert))) {
      const description = ports.describe(alert.resource);
      if (description !== undefined) {
        alert.place = description.place;
        alert.report = description.report;
      }
      examine(alert);
      hasNews = hasNews || isDescribed(alert);
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
    const servicesAreTouched = hostId !== undefined && surroundings.noteHost(hostId, observation);
    const alert = shelf.find(resource);
    const reading = readingOf(state, observation.isHard, observation.lastHardState, settings.hardOnly);
    if (alert !== undefined) update(alert, observation, reading);
    else if (reading === "counts" && state !== STATE.ok) record(observation);
    if (servicesAreTouched) for (const service of shelf.ofServices(hostId)) decide(service, false);
  };

  return {
    findAlert: shelf.find,
    services: shelf.services,
    knowsHost: (hostId) => surroundings.knowsHost(hostId) || shelf.ofHost(hostId) !== undefined,
    observe,
    observeAdaptive: ({ resource, isAcknowledged, downtimeDepth }) => {
      const { hostId } = resource;
      const servicesAreTouched =
        resource.kind === "host" &&
        downtimeDepth !== undefined &&
        surroundings.noteHost(hostId, { state: surroundings.stateOf(hostId), downtimeDepth, lastCheck: 0 });
      const alert = shelf.find(resource);
      if (alert !== undefined) {
        const { facts } = alert;
        const acknowledged = isAcknowledged ?? facts.isAcknowledged;
        const depth = downtimeDepth ?? facts.downtimeDepth;
        const hasNews = acknowledged !== facts.isAcknowledged || depth !== facts.downtimeDepth;
        setAcknowledged(alert, acknowledged);
        facts.downtimeDepth = depth;
        if (hasNews) decide(alert, true);
      }
      if (servicesAreTouched) for (const service of shelf.ofServices(hostId)) decide(service, false);
    },
    noteAcknowledgement: (resource, note) => {
      const alert = shelf.find(resource);
      if (alert === undefined) {
        earlyNotes.put(dedupKeyOf(resource), note);
        return;
      }
      alert.acknowledgement = note;
      decide(alert, true);
    },
    notificationSettingsChanged: (resource) => {
      const alert = shelf.find(resource);
      if (alert === undefined || !isDescribed(alert) || alert.facts.state === STATE.ok) return;
      const reason = ports.unnotifiedReasonOf(alert);
      if (reason === alert.unnotified) return;
      alert.unnotified = reason;
      assess(alert);
      decide(alert, true);
    },
    setParent: (childId, parentId, isParent) => {
      if (!surroundings.setParent(childId, parentId, isParent)) return;
      const alert = shelf.ofHost(childId);
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
      shelf.put(alert);
      decide(alert, true);
    },
    remove: (resource) => {
      const reason = "it was removed from Centreon";
      const alert = shelf.find(resource);
      if (alert !== undefined) resolveNow(alert, reason);
      if (resource.kind !== "host") return;
      for (const service of shelf.ofServices(resource.hostId)) resolveNow(service, reason);
      surroundings.forgetHost(resource.hostId);
    },
    reassess: () => {
      for (const alert of shelf.all()) {
        assess(alert);
        decide(alert, false);
      }
    },
    forgetIfSettled,
    restoreAlert: shelf.put,
    restoreHost: surroundings.restoreHost,
    restoreParent: surroundings.restoreParent,
    alertsOfHost: (hostId) => {
      const listed = shelf.ofServices(hostId);
      const alert = shelf.ofHost(hostId);
      if (alert !== undefined) listed.push(alert);
      return listed;
    },
    eachAlert: shelf.each,
    eachHost: surroundings.eachHost,
    eachParent: surroundings.eachParent,
  };
}
