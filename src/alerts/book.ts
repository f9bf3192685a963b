// The book: takes observations and definitions of every resource, and sees to it that each alert is decided anew when
// anything that could change it has changed. Of resources that are fine it remembers nothing but whose a host is. Where
// alerts stand is the shelf's, what surrounds them the surroundings', what a status makes of them the statuses', what is
// decided the decision's to know. Knows neither broker nor network: what it needs from there comes through BookPorts.
import {
  type AcknowledgementNote,
  type Alert,
  DEFAULT_ROUTE,
  type HostOrService,
  type Resource,
  createAlert,
  factsOfState,
  isLeftToPeople,
  isOpen,
  isSettled,
  recordLetGo,
  recordUnknownOutcome,
} from "./alert";
import { createAcknowledgements } from "./acknowledgements";
import { type DecisionPorts, type DecisionSettings, createDecision } from "./decision";
import { type Awaited, createDepartures } from "./departures";
import { type EarlyProblemsSettings, createEarlyProblems } from "./early_problems";
import type { AdaptiveObservation, Observation } from "./observation";
import { createOpenUnknown } from "./open_unknown";
import { STATE, readingOf } from "./policy";
import { isSamePlace, withKnownPoller } from "./place";
import { type Shelf, createShelf } from "./shelf";
import { createStorms } from "./storms";
import { type HostFacts, type SurroundingsPorts, createSurroundings } from "./surroundings";
import { type FactsAtRest, type StatusesPorts, type StatusesSettings, createStatuses } from "./statuses";
import { createTimedHolds } from "./timed_holds";
import { createWaits } from "./waits";

export interface BookSettings extends DecisionSettings, EarlyProblemsSettings, StatusesSettings {
  /** A problem whose acknowledgement is taken back in Centreon pages again. */
  readonly repageOnUnacknowledge: boolean;
  /** More problems than this on one route within a minute are a storm; 0: there is none. */
  readonly stormLimit: number;
}

export interface BookPorts
  extends
    Omit<SurroundingsPorts, "becameStale" | "isSilent">,
    Omit<DecisionPorts, "alertChanged">,
    StatusesPorts {
  /** The poller that the broker's cache has for a host; undefined: it does not know. */
  readonly pollerOf: (this: void, hostId: number) => number | undefined;
  /** What matters though nothing is remembered of it; undefined: nothing does. */
  readonly awaited: Awaited | undefined;
  /** An alert is settled and forgotten. */
  readonly alertForgotten: (this: void, alert: Alert) => void;
  /** Another poller defined the host; undefined: none does any more. */
  readonly ownerChanged: (this: void, hostId: number, pollerId: number | undefined) => void;
  /** A poller's engine stopped, or runs again. */
  readonly engineChanged: (this: void, pollerId: number, isStopped: boolean) => void;
}

export interface Book {
  readonly findAlert: (this: void, resource: Resource) => Alert | undefined;
  /** The alerts of services, by host and service. */
  readonly services: Shelf["services"];
  /** What is known of those of which a check that finds just that changes nothing but the time of the last check. */
  readonly atRest: Pick<FactsAtRest, "get">;
  /** Whether the UP of this host could matter. */
  readonly knowsHost: (this: void, hostId: number) => boolean;
  /** Takes a full status. */
  readonly observe: (this: void, observation: Observation) => void;
  /** Takes an adaptive status. */
  readonly observeAdaptive: (this: void, observation: AdaptiveObservation) => void;
  /** Takes who acknowledged a problem and why; the acknowledgement itself is the statuses' to tell. */
  readonly noteAcknowledgement: (this: void, resource: Resource, note: AcknowledgementNote) => void;
  /** A definition of the resource came. */
  readonly defined: (this: void, resource: HostOrService) => void;
  /** What of its definition was changed at run time came: that tells nothing of whose it is. */
  readonly adapted: (this: void, resource: HostOrService) => void;
  /** Something that belongs to the resource, or to its host, changed. */
  readonly placeChanged: (this: void, resource: HostOrService) => void;
  /** A definition said that the resource is no more; `pollerId` where it names the poller. */
  readonly removed: (this: void, resource: HostOrService, pollerId: number | undefined) => void;
  /** A host's parent was set or removed in Centreon's configuration. */
  readonly setParent: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  /** An engine runs since `startedAt` (Unix time), or stopped. */
  readonly engineRuns: (this: void, pollerId: number, startedAt: number) => void;
  readonly engineStopped: (this: void, pollerId: number) => void;
  /** An engine told how it is: it runs, though nobody may have heard it start. */
  readonly engineIsAlive: (this: void, pollerId: number) => void;
  /** An engine has told its whole configuration, or what of it has changed. */
  readonly configurationEnds: (this: void, pollerId: number) => void;
  /** Reads the place of an alert anew, without a decision. Gives whether it is another. */
  readonly readPlace: (this: void, alert: Alert) => boolean;
  /** Reads the place of an alert anew, and asks everything that depends on it. */
  readonly refresh: (this: void, alert: Alert) => void;
  /** Whether flap detection is on has changed somewhere: whoever flaps is decided anew. */
  readonly flapDetectionChanged: (this: void) => void;
  /** Whether nothing is heard of the poller that checks the alert's resource: it stopped, or fell silent. */
  readonly isOfQuietPoller: (this: void, alert: Alert) => boolean;
  /** What tells of any alert whether that is so now: to be asked of many, and not kept. */
  readonly quietPollersNow: (this: void) => (this: void, alert: Alert) => boolean;
  /** When there is something to do for `endHolds` (seconds of the connector's clock), or before; undefined: never. */
  readonly firstHoldEnd: (this: void) => number | undefined;
  /** Ends the holds whose time has come, and begins those of what an engine left out: of so many at most, if that is said. */
  readonly endHolds: (this: void, most?: number) => void;
  /** A resource was well when nothing was known of it: a problem of before the start may be open at PagerDuty, by that route. */
  readonly resolveUnknown: (this: void, resource: Resource, route?: string) => void;
  /** Ends the alert, whatever Centreon says of it; `reason` is for the log. */
  readonly resolveNow: (this: void, alert: Alert, reason: string) => void;
  /** What PagerDuty has of the alert is other than was known: everything that depends on it is asked. */
  readonly learnt: (this: void, alert: Alert) => void;
  /** Lets go of an alert of which nothing is under way, without a word to PagerDuty. */
  readonly forget: (this: void, alert: Alert) => void;
  /** Forgets the alert when nothing is left to remember of it. */
  readonly forgetIfSettled: (this: void, alert: Alert) => void;
  /** An action on the alert has ended: forgets it if it is settled, and asks everything anew of what may open once more. */
  readonly actionEnded: (this: void, alert: Alert) => void;
  /** The alert is about to be told: what is known only then is put in. */
  readonly describe: (this: void, alert: Alert) => void;
  /** Put back what the journal held, at start; nothing is reported before `restored`: all is back. */
  readonly restored: (this: void) => void;
  readonly restoreAlert: (this: void, alert: Alert) => void;
  readonly restoreHost: (this: void, hostId: number, facts: HostFacts) => void;
  readonly restoreParent: (this: void, childId: number, parentId: number) => void;
  readonly restoreOwner: (this: void, hostId: number, pollerId: number) => void;
  readonly restoreStoppedEngine: (this: void, pollerId: number) => void;
  /** Call `visit` for each, in no particular order; the alerts of a host are those of its services, too. */
  readonly eachAlertOfHost: (this: void, hostId: number, visit: (this: void, alert: Alert) => void) => void;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
  readonly eachOwner: (this: void, visit: (this: void, hostId: number, pollerId: number) => void) => void;
  readonly eachStoppedEngine: (this: void, visit: (this: void, pollerId: number) => void) => void;
}

function hostOf(hostId: number): HostOrService {
  return { kind: "host", hostId, serviceId: 0 };
}

/** Whether it has told somebody, or is about to: then it is not silent, whatever the rules say by now. */
function hasPaged(alert: Alert): boolean {
  return isOpen(alert) || alert.inFlight === "trigger";
}

/** An empty book. */
export function createBook(settings: BookSettings, ports: BookPorts): Book {
  const { now, announce } = ports;
  const shelf = createShelf();
  const timedHolds = createTimedHolds();
  const waits = createWaits(timedHolds, now);
  /** Found to be so at a check; until something of the alert changes, or every event matters. */
  const atRest: FactsAtRest = new LuaTable();

  /** Whether the rules would keep a host of which no alert tells, since it is SOFT, from ever saying that it is not UP. */
  const wouldBeSilent = (resource: HostOrService, state: number): boolean => {
    const place = ports.placeOf(resource);
    // One that is not recorded says nothing either.
    if (place === undefined) return true;
    const probe = createAlert(resource, factsOfState(state), "info");
    probe.place = place;
    probe.unnotified = ports.unnotifiedReasonOf(probe);
    return ports.rejectionOf(probe) !== undefined;
  };

  /** Who would be silent, while many alerts are decided for one reason: each of them may ask for the same host. */
  let silences: LuaTable<number, boolean | undefined> | undefined;

  const surroundings = createSurroundings(settings, shelf, {
    now,
    hostChanged: ports.hostChanged,
    parentChanged: ports.parentChanged,
    becameStale: ports.alertChanged,
    isSilent: (hostId) => {
      const alert = shelf.ofHost(hostId);
      if (alert !== undefined && alert.facts.state !== STATE.up)
        return alert.rejection !== undefined && !hasPaged(alert);
      const isSilent = silences?.get(hostId) ?? wouldBeSilent(hostOf(hostId), surroundings.stateOf(hostId));
      silences?.set(hostId, isSilent);
      return isSilent;
    },
  });
  const earlyProblems = createEarlyProblems(settings, shelf, surroundings, now, (alert, endsAt) => {
    timedHolds.hold(alert.resource, endsAt);
  });

  const remove = (alert: Alert): void => {
    shelf.remove(alert);
    storms.forgotten(alert);
    ports.alertForgotten(alert);
  };

  const forgetIfSettled = (alert: Alert): void => {
    storms.settled(alert);
    atRest.set(alert, undefined);
    if (isLeftToPeople(alert, settings.actionRules)) {
      announce(alert, "its problem is over: who works on its incident ends it (pdy_resolve is 0)");
      recordLetGo(alert);
    }
    if (isSettled(alert) && shelf.find(alert.resource) === alert) remove(alert);
  };

  const storms = createStorms(settings.stormLimit, shelf, timedHolds, {
    now,
    alertChanged: ports.alertChanged,
    forgetIfSettled,
    announce,
  });
  const { examine, decide } = createDecision(
    settings,
    surroundings,
    waits,
    timedHolds,
    storms,
    forgetIfSettled,
    ports,
  );

  const decideAll = (alerts: readonly Alert[], hasNews: boolean): void => {
    for (const alert of alerts) decide(alert, hasNews);
  };

  /** A host's state or downtime changed: its services and the hosts behind it are seen in another light. */
  const decideAround = (hostId: number): void => {
    silences = new LuaTable();
    decideAll(shelf.ofServices(hostId), false);
    decideAll(surroundings.alertsBehind(hostId), false);
    silences = undefined;
  };

  const resolveNow = (alert: Alert, reason: string): void => {
    if (alert.resource.kind === "storm") {
      storms.end(alert, reason);
      return;
    }
    const { facts } = alert;
    facts.state = STATE.ok;
    facts.isFlapping = false;
    facts.earlyUntil = undefined;
    waits.end(alert);
    announce(alert, reason);
    decide(alert, true);
  };

  const acknowledgements = createAcknowledgements(settings.repageOnUnacknowledge, shelf, {
    now,
    severityOf: ports.severityOf,
    decide,
  });
  const departures = createDepartures(shelf, surroundings, timedHolds, {
    now,
    pollerOf: ports.pollerOf,
    ownerChanged: ports.ownerChanged,
    engineChanged: ports.engineChanged,
    announce,
    decide,
    decideAround,
    resolveNow,
    awaited: ports.awaited,
    listens: () => {
      for (const [alert] of atRest) atRest.set(alert, undefined);
    },
  });

  /** Takes the names of today; one that is known is never replaced by one that is not. Gives whether that is news. */
  const readPlace = (alert: Alert): boolean => {
    if (alert.resource.kind === "storm") return false;
    const { place: before, resource } = alert;
    const read = ports.placeOf(resource);
    if (read === undefined || (before?.isKnown === true && !read.isKnown)) return false;
    const place = withKnownPoller(read, before, departures.definedBy(resource), departures.ownerOf(resource));
    if (before !== undefined && isSamePlace(before, place)) return false;
    const isMoved = before?.pollerId !== undefined && before.pollerId !== place.pollerId;
    if (isMoved) alert.facts.isNewToPoller = true;
    alert.place = place;
    return true;
  };

  /** What is open no more says nothing of its host any more, if the rules silence that: hosts behind it look through it now. */
  const decideBehindSilent = ({ resource, rejection }: Alert): void => {
    if (resource.kind === "host" && rejection !== undefined)
      decideAll(surroundings.alertsBehind(resource.hostId), false);
  };

  /** Asks everything anew that an alert depends on. */
  const judgeAnew = (alert: Alert, isNews: boolean): void => {
    const routeBefore = alert.route;
    examine(alert);
    // One that waits is in its route's line.
    decide(alert, isNews || alert.route !== routeBefore);
  };

  const refresh = (alert: Alert): void => {
    if (alert.resource.kind !== "storm") judgeAnew(alert, readPlace(alert));
  };

  const placeChanged = (resource: HostOrService): void => {
    if (resource.kind === "host") for (const service of shelf.ofServices(resource.hostId)) refresh(service);
    const alert = shelf.find(resource);
    if (alert !== undefined) refresh(alert);
  };

  const adapted = (resource: HostOrService): void => {
    if (!departures.isRemembered(resource)) return;
    departures.heard(resource);
    placeChanged(resource);
  };

  const statuses = createStatuses(
    settings,
    {
      shelf,
      surroundings,
      acknowledgements,
      departures,
      earlyProblems,
      waits,
      decision: { examine, decide },
      atRest,
      readPlace,
    },
    ports,
  );

  /** Ends those of the alert's holds whose time has come; the others, and rules that look at the hour, are waited for on. */
  const endHoldsOf = (alert: Alert, time: number): void => {
    const { facts, resource } = alert;
    const isEarlyOver = facts.earlyUntil !== undefined && facts.earlyUntil <= time;
    if (isEarlyOver) facts.earlyUntil = undefined;
    else if (facts.earlyUntil !== undefined) timedHolds.hold(resource, facts.earlyUntil);
    if (!departures.endOf(alert, time)) judgeAnew(alert, isEarlyOver);
  };

  const observe = (observation: Observation): void => {
    const { resource, state } = observation;
    if (state === STATE.pending) return;
    const hostId = resource.kind === "host" ? resource.hostId : undefined;
    const isTouched = hostId !== undefined && surroundings.noteHost(hostId, observation);
    const alert = shelf.find(resource);
    departures.heard(resource);
    const reading = readingOf(state, observation.isHard, observation.lastHardState, settings.hardOnly);
    if (alert !== undefined) statuses.update(alert, observation, reading);
    else if (reading === "counts" && state !== STATE.ok) statuses.record(observation);
    if (hostId === undefined) return;
    decideAll(earlyProblems.endBelow(hostId, observation.lastCheck), true);
    if (isTouched) decideAround(hostId);
  };

  return {
    findAlert: shelf.find,
    services: shelf.services,
    atRest,
    knowsHost: (hostId) =>
      surroundings.knowsHost(hostId) ||
      shelf.ofHost(hostId) !== undefined ||
      earlyProblems.isAwaited(hostId) ||
      departures.isLeaving(hostId),
    observe,
    observeAdaptive: (observation) => {
      const { resource, downtimeDepth } = observation;
      const { hostId } = resource;
      const isTouched =
        resource.kind === "host" &&
        downtimeDepth !== undefined &&
        surroundings.noteHost(hostId, { state: surroundings.stateOf(hostId), downtimeDepth, lastCheck: 0 });
      const alert = shelf.find(resource);
      departures.heard(resource);
      if (alert !== undefined) statuses.adapt(alert, observation);
      if (isTouched) decideAround(hostId);
    },
    noteAcknowledgement: acknowledgements.note,
    defined: (resource) => {
      departures.noteOwner(resource);
      adapted(resource);
      departures.keepOwner(resource);
    },
    adapted,
    placeChanged,
    removed: departures.removed,
    setParent: departures.setParent,
    engineRuns: departures.engineRuns,
    engineStopped: departures.engineStopped,
    engineIsAlive: departures.engineIsAlive,
    configurationEnds: departures.configurationEnds,
    readPlace,
    refresh,
    flapDetectionChanged: () => {
      for (const alert of shelf.all()) if (alert.facts.isFlapping) decide(alert, false);
    },
    isOfQuietPoller: departures.isOfQuietPoller,
    quietPollersNow: departures.quietPollersNow,
    firstHoldEnd: () => (departures.isAnyLeft() ? 0 : timedHolds.firstEnd()),
    endHolds: (most = math.huge) => {
      const time = now();
      departures.turn(most);
      for (const resource of timedHolds.takeEnded(time, most)) {
        const alert = shelf.find(resource);
        if (resource.kind === "storm") {
          if (alert !== undefined) storms.look(alert);
        } else if (alert !== undefined) endHoldsOf(alert, time);
        if (resource.kind === "host") departures.endOfHost(resource, time);
      }
    },
    resolveUnknown: (resource, route = DEFAULT_ROUTE) => {
      const since = shelf.find(resource);
      if (since !== undefined) {
        // A problem has come meanwhile: its own recovery ends both.
        if (isOpen(since) || since.inFlight !== undefined) return;
        recordUnknownOutcome(since, "trigger", "info");
        ports.alertChanged(since);
        return;
      }
      const alert = createOpenUnknown(resource, route);
      // Only for the log's sake: a resolve carries no name.
      alert.place = ports.placeOf(resource);
      shelf.put(alert);
      decide(alert, true);
    },
    resolveNow,
    learnt: (alert) => {
      if (alert.resource.kind === "storm") {
        ports.alertChanged(alert);
        forgetIfSettled(alert);
        return;
      }
      readPlace(alert);
      // It may be sent where the rules say now.
      examine(alert);
      decide(alert, true);
      decideBehindSilent(alert);
    },
    forget: (alert) => {
      recordLetGo(alert);
      ports.alertChanged(alert);
      forgetIfSettled(alert);
    },
    forgetIfSettled,
    actionEnded: (alert) => {
      forgetIfSettled(alert);
      // What opens then is not the one that was open: it goes where the rules say now, and waits if they say so. One that is
      // held may open without another check.
      const mayOpenAnew = alert.desired !== "resolved" && alert.delivered === "none";
      if (!mayOpenAnew || alert.resource.kind === "storm") return;
      judgeAnew(alert, false);
      decideBehindSilent(alert);
    },
    describe: storms.describe,
    restored: storms.resume,
    restoreAlert: (alert) => {
      const { earlyUntil } = alert.facts;
      shelf.put(alert);
      if (earlyUntil !== undefined) earlyProblems.resume(alert, earlyUntil);
      waits.resume(alert);
      departures.resume(alert);
    },
    restoreHost: surroundings.restoreHost,
    restoreParent: surroundings.restoreParent,
    restoreOwner: departures.restoreOwner,
    restoreStoppedEngine: departures.restoreStopped,
    eachAlertOfHost: (hostId, visit) => {
      const alert = shelf.ofHost(hostId);
      if (alert !== undefined) visit(alert);
      const services = shelf.services.get(hostId);
      if (services !== undefined) for (const [, service] of services) visit(service);
    },
    eachAlert: shelf.each,
    eachHost: surroundings.eachHost,
    eachParent: surroundings.eachParent,
    eachOwner: departures.eachOwner,
    eachStoppedEngine: departures.eachStopped,
  };
}
