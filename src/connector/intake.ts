// Takes events to the book: which event says what, and which says nothing that matters. Most end here, so this is
// the path that has to be short. Owns no state of the alerts; reads events through broker/observe.
import {
  type Alert,
  type HostOrService,
  type Place,
  type Report,
  type Resource,
  dedupKeyOf,
} from "../alerts/alert";
import type { Book } from "../alerts/book";
import type { Observation } from "../alerts/observation";
import { type Flapping, STATE } from "../alerts/policy";
import type { UnknownRecoveries } from "../alerts/unknown_recoveries";
import type { Names } from "../broker/cache";
import { EVENT_TYPE } from "../broker/events";
import type { OrphanWatch } from "../feedback/orphan_watch";
import type { Log } from "../text/log";
import { createConfiguration } from "../broker/configuration";
import {
  type BusinessActivityStatus,
  type HostStatus,
  type ResponsiveInstance,
  HARD,
  type ServiceStatus,
  acknowledgementNote,
  hostOrServiceResource,
  hostResource,
  isAcknowledged2,
  isAcknowledged3,
  isRepeated,
  observeAdaptive,
  observeBusinessActivity,
  observePoller,
  observeStatus2,
  observeStatus3,
  serviceResource,
} from "../broker/observe";
import { placeOf } from "../broker/place";
import { reportOfBusinessActivity, reportOfPoller, reportOfStatus } from "../broker/report";

export interface IntakeSettings {
  /** Drop problems of hosts whose name the broker does not know. */
  readonly isNameNeeded: boolean;
  /** Takes recoveries of resources that nothing is known of; undefined: they do not matter, for instance with a journal. */
  readonly recoveries: UnknownRecoveries | undefined;
  /** Waits for resources that are well; undefined: nothing does. */
  readonly watch: OrphanWatch | undefined;
  /** Names of the custom variables that alerts show, or rules look at, now. */
  readonly customVariables: (this: void) => readonly string[];
}

export interface IntakePorts {
  readonly names: Names;
  readonly log: Log;
  /** What something is called that many may belong to has changed: every place may be another. */
  readonly placesChanged: (this: void) => void;
}

export interface Intake {
  /** What takes an event to the book, by its type. Events of other types say nothing. */
  readonly handlers: Handlers;
  /** Where the resource belongs now; undefined when it is not to be recorded. */
  readonly placeOf: (this: void, resource: Resource) => Place | undefined;
  /** Takes what the journal has of where a resource belongs, as far as only engines tell it. */
  readonly recallPlace: (this: void, resource: Resource, place: Place) => void;
  /** What the check said that the status being taken tells of. */
  readonly reportOf: (this: void, resource: Resource) => Report;
  /** What the set flapping flag of the alert's resource means now. */
  readonly flappingOf: (this: void, alert: Alert) => Flapping;
}

/**
 * Without a journal nobody knows what was open before the start: for so many seconds a recovery is sent on though no
 * problem is known, also one of so many seconds before the start.
 */
const RECOVERY_WATCH_SECONDS = 3600;

/** Seconds after which the broker takes a poller for silent (contracts/broker-host.md). */
const POLLER_SILENT_SECONDS = 300;

type CustomVariableEvent =
  Bbdo2.CustomVariable | Bbdo2.CustomVariableStatus | Bbdo3.CustomVariables | Bbdo3.CustomVariablesStatus;

type AnyStatus = ServiceStatus | HostStatus | BusinessActivityStatus | ResponsiveInstance;

/** What a handler gives for an event that leaves everything as it was. */
const IGNORED = "ignored";
export { IGNORED };

// Needed for each event: a local is found sooner than a field of another table, such as that of what is exported.
const { ok: OK } = STATE;

type Handler<Event> = (this: void, event: Event, book: Book) => typeof IGNORED | undefined;

/** A table that the loop looks into by itself: a call of a function would cost as much as what most events need. */
export type Handlers = Pick<LuaTable<number, Handler<BrokerEvent> | undefined>, "get">;

/** Nothing taken yet. */
export function createIntake(settings: IntakeSettings, ports: IntakePorts): Intake {
  const { names, log, placesChanged } = ports;
  const startedAt = os.time();
  const configuration = createConfiguration(settings.customVariables);
  let { recoveries } = settings;
  const { watch } = settings;
  const handlers = new LuaTable<number, Handler<BrokerEvent> | undefined>();

  const on = <Event extends BrokerEvent>(eventType: Event["_type"], handler: Handler<Event>): void => {
    handlers.set(eventType, handler as Handler<BrokerEvent>);
  };

  // The status being taken: the book asks for its texts only when they are news.
  let currentStatus: AnyStatus | undefined;

  const take = (book: Book, event: AnyStatus, observation: Observation): void => {
    currentStatus = event;
    book.observe(observation);
  };

  /** A resource of which nothing is known is well: since lately, or so long ago that nobody was ever paged. */
  const noteUnknownRecovery = (
    event: ServiceStatus | HostStatus,
    resource: HostOrService,
    noted: UnknownRecoveries,
  ): void => {
    if (os.time() - startedAt > RECOVERY_WATCH_SECONDS) {
      noted.forgetAll();
      recoveries = undefined;
    } else if (
      !noted.isNoted(resource) &&
      event.state_type === HARD &&
      (event.last_hard_state_change ?? 0) > startedAt - RECOVERY_WATCH_SECONDS
    ) {
      noted.note(resource);
    }
  };

  /** Whether it may matter that something is well of which nothing is known. */
  const isAnyAwaited = (): boolean => recoveries !== undefined || (watch !== undefined && watch.isAny());

  const noteFine = (event: ServiceStatus | HostStatus, resource: HostOrService): void => {
    if (recoveries !== undefined) noteUnknownRecovery(event, resource, recoveries);
    if (watch === undefined || watch.findAwaited(resource.hostId, resource.serviceId) === undefined) return;
    if (event.state_type === HARD) watch.isFine(resource.hostId, resource.serviceId);
    else watch.isNamed(resource);
  };

  /** Takes the full statuses of services, as the given protocol has them. Most events that come are these. */
  const serviceTaker =
    <Event extends ServiceStatus>(
      isAcknowledged: (this: void, event: Event) => boolean,
      observe: (this: void, event: Event, resource: HostOrService, state: number) => Observation,
    ): Handler<Event> =>
    (event, book) => {
      const { state } = event;
      const hostId = event.host_id;
      if (hostId === undefined) return IGNORED;
      const isFine = state === OK;
      const ofHost = book.services.get(hostId);
      // Most end here: what nobody waits for must cost next to nothing.
      if (isFine && ofHost === undefined && recoveries === undefined) {
        if (watch === undefined || !watch.isAny()) return IGNORED;
      }
      const serviceId = event.service_id ?? 0;
      const alert = ofHost?.get(serviceId);
      const known = alert && book.atRest.get(alert);
      if (known !== undefined && isRepeated(event, known, state, isAcknowledged(event))) {
        known.lastCheck = event.last_check ?? 0;
        return IGNORED;
      }
      if (!isFine || alert !== undefined) {
        take(book, event, observe(event, serviceResource(hostId, serviceId), state));
      } else if (isAnyAwaited()) {
        noteFine(event, serviceResource(hostId, serviceId));
      }
      return undefined;
    };

  /** The host of a status that could matter; undefined for the UP of one that nothing is known of. */
  const hostOfInterest = (event: HostStatus, state: number, book: Book): HostOrService | undefined => {
    const hostId = event.host_id;
    if (hostId === undefined) return undefined;
    const isUnknown = state === STATE.up && !book.knowsHost(hostId);
    const isAwaited = isAnyAwaited();
    if (isUnknown && !isAwaited && event.scheduled_downtime_depth === 0) return undefined;
    const resource = hostResource(hostId);
    if (isAwaited && state === STATE.up && book.findAlert(resource) === undefined) noteFine(event, resource);
    return resource;
  };

  on(EVENT_TYPE.serviceStatus2, serviceTaker<Bbdo2.ServiceStatus>(isAcknowledged2, observeStatus2));
  on(EVENT_TYPE.serviceStatus3, serviceTaker<Bbdo3.ServiceStatus>(isAcknowledged3, observeStatus3));
  on<Bbdo2.HostStatus>(EVENT_TYPE.hostStatus2, (event, book) => {
    const { state } = event;
    const resource = hostOfInterest(event, state, book);
    if (resource !== undefined) take(book, event, observeStatus2(event, resource, state));
  });
  on<Bbdo3.HostStatus>(EVENT_TYPE.hostStatus3, (event, book) => {
    const { state } = event;
    const resource = hostOfInterest(event, state, book);
    if (resource !== undefined) take(book, event, observeStatus3(event, resource, state));
  });
  on<Bbdo3.AdaptiveServiceStatus>(EVENT_TYPE.adaptiveServiceStatus3, (event, book) => {
    book.observeAdaptive(observeAdaptive(event, serviceResource(event.host_id, event.service_id)));
  });
  on<Bbdo3.AdaptiveHostStatus>(EVENT_TYPE.adaptiveHostStatus3, (event, book) => {
    book.observeAdaptive(observeAdaptive(event, hostResource(event.host_id)));
  });

  const takeAcknowledgement: Handler<Bbdo2.Acknowledgement | Bbdo3.Acknowledgement> = (event, book) => {
    // Its end is the statuses' to tell, and whose it was is known.
    if ((event.deletion_time ?? 0) > 0) return;
    book.noteAcknowledgement(hostOrServiceResource(event), acknowledgementNote(event));
  };
  on<Bbdo2.Acknowledgement>(EVENT_TYPE.acknowledgement2, takeAcknowledgement);
  on<Bbdo3.Acknowledgement>(EVENT_TYPE.acknowledgement3, takeAcknowledgement);

  on<Bbdo3.AdaptiveHost>(EVENT_TYPE.adaptiveHost3, (event, book) => {
    book.adapted(hostResource(event.host_id));
  });
  on<Bbdo3.AdaptiveService>(EVENT_TYPE.adaptiveService3, (event, book) => {
    book.adapted(serviceResource(event.host_id, event.service_id));
  });
  const takeHost: Handler<Bbdo2.Host | Bbdo3.Host> = (event, book) => {
    const resource = hostResource(event.host_id);
    if (event.enabled) book.defined(resource);
    else book.removed(resource, event.instance_id);
  };
  on<Bbdo2.Host>(EVENT_TYPE.host2, takeHost);
  on<Bbdo3.Host>(EVENT_TYPE.host3, takeHost);
  const takeService: Handler<Bbdo2.Service | Bbdo3.Service> = (event, book) => {
    const resource = serviceResource(event.host_id, event.service_id);
    if (event.enabled) book.defined(resource);
    // The event of a removed service names no poller (measured).
    else book.removed(resource, undefined);
  };
  on<Bbdo2.Service>(EVENT_TYPE.service2, takeService);
  on<Bbdo3.Service>(EVENT_TYPE.service3, takeService);
  on<Bbdo2.HostGroupMember>(EVENT_TYPE.hostGroupMember2, (event, book) => {
    book.placeChanged(hostResource(event.host_id));
  });
  on<Bbdo3.HostGroupMember>(EVENT_TYPE.hostGroupMember3, (event, book) => {
    book.placeChanged(hostResource(event.host_id));
  });
  on<Bbdo2.ServiceGroupMember>(EVENT_TYPE.serviceGroupMember2, (event, book) => {
    book.placeChanged(serviceResource(event.host_id, event.service_id));
  });
  on<Bbdo3.ServiceGroupMember>(EVENT_TYPE.serviceGroupMember3, (event, book) => {
    book.placeChanged(serviceResource(event.host_id, event.service_id));
  });
  // What groups, categories and severities are called concerns nobody knows whom.
  for (const eventType of [
    EVENT_TYPE.hostGroup2,
    EVENT_TYPE.hostGroup3,
    EVENT_TYPE.serviceGroup2,
    EVENT_TYPE.serviceGroup3,
  ]) {
    on(eventType, () => {
      placesChanged();
    });
  }
  on<Bbdo2.HostParent>(EVENT_TYPE.hostParent2, (event, book) => {
    book.setParent(event.child_id ?? 0, event.parent_id ?? 0, true);
  });
  on<Bbdo3.HostParent>(EVENT_TYPE.hostParent3, (event, book) => {
    book.setParent(event.child_id, event.parent_id, event.enabled);
  });

  // What the broker's cache does not keep.
  on<Bbdo3.Severity>(EVENT_TYPE.severity3, (event) => {
    configuration.takeSeverity(event);
    placesChanged();
  });
  on<Bbdo3.Tag>(EVENT_TYPE.tag3, (event) => {
    configuration.takeTag(event);
    placesChanged();
  });
  // The cache forgets all of them when it begins (macro_cache of Centreon Broker, 18.10 to 25.x).
  const takeDimensionSignal: Handler<
    Bbdo2.DimensionTruncateTableSignal | Bbdo3.DimensionTruncateTableSignal
  > = (event) => {
    if (configuration.takeDimensionSignal(event)) placesChanged();
  };
  on<Bbdo2.DimensionTruncateTableSignal>(EVENT_TYPE.dimensionTruncateTableSignal2, takeDimensionSignal);
  on<Bbdo3.DimensionTruncateTableSignal>(EVENT_TYPE.dimensionTruncateTableSignal3, takeDimensionSignal);
  const takeCustomVariable: Handler<CustomVariableEvent> = (event, book) => {
    if (configuration.takeCustomVariable(event)) book.placeChanged(hostOrServiceResource(event));
  };
  on<Bbdo2.CustomVariable>(EVENT_TYPE.customVariable2, takeCustomVariable);
  on<Bbdo2.CustomVariableStatus>(EVENT_TYPE.customVariableStatus2, takeCustomVariable);
  on<Bbdo3.CustomVariables>(EVENT_TYPE.customVariables3, takeCustomVariable);
  on<Bbdo3.CustomVariablesStatus>(EVENT_TYPE.customVariableStatus3, takeCustomVariable);
  const takeDowntime: Handler<Bbdo2.Downtime | Bbdo3.Downtime> = (event, book) => {
    if (configuration.takeDowntime(event)) book.placeChanged(hostOrServiceResource(event));
  };
  on<Bbdo2.Downtime>(EVENT_TYPE.downtime2, takeDowntime);
  on<Bbdo3.Downtime>(EVENT_TYPE.downtime3, takeDowntime);

  const takeInstance: Handler<Bbdo2.Instance | Bbdo3.Instance> = (event, book) => {
    const pollerId = event.instance_id ?? 0;
    if (event.running) book.engineRuns(pollerId, event.start_time ?? 0);
    else book.engineStopped(pollerId);
  };
  on<Bbdo2.Instance>(EVENT_TYPE.instance2, takeInstance);
  on<Bbdo3.Instance>(EVENT_TYPE.instance3, takeInstance);
  const endConfiguration: Handler<Bbdo2.InstanceConfiguration | Bbdo3.InstanceConfiguration> = (
    event,
    book,
  ) => {
    book.configurationEnds(event.poller_id);
  };
  on<Bbdo2.InstanceConfiguration>(EVENT_TYPE.instanceConfiguration2, endConfiguration);
  on<Bbdo3.InstanceConfiguration>(EVENT_TYPE.instanceConfiguration3, endConfiguration);
  const takeInstanceStatus: Handler<Bbdo2.InstanceStatus | Bbdo3.InstanceStatus> = (event, book) => {
    const pollerId = event.instance_id ?? 0;
    book.engineIsAlive(pollerId);
    // What waited in a queue says nothing of now.
    if (math.abs(os.time() - (event.last_alive ?? 0)) < POLLER_SILENT_SECONDS)
      watch?.isOtherFine({ kind: "poller", id: pollerId });
    if (configuration.takeInstanceStatus(event)) book.flapDetectionChanged();
  };
  on<Bbdo2.InstanceStatus>(EVENT_TYPE.instanceStatus2, takeInstanceStatus);
  on<Bbdo3.InstanceStatus>(EVENT_TYPE.instanceStatus3, takeInstanceStatus);

  const takeBusinessActivity: Handler<BusinessActivityStatus> = (event, book) => {
    const observation = observeBusinessActivity(event);
    if (observation.state === OK) watch?.isOtherFine(observation.resource);
    take(book, event, observation);
  };
  on<Bbdo2.BaStatus>(EVENT_TYPE.baStatus2, takeBusinessActivity);
  on<Bbdo3.BaStatus>(EVENT_TYPE.baStatus3, takeBusinessActivity);
  const takePoller: Handler<ResponsiveInstance> = (event, book) => {
    const observation = observePoller(event);
    if (observation.state === OK) watch?.isOtherFine(observation.resource);
    take(book, event, observation);
  };
  on<Bbdo2.ResponsiveInstance>(EVENT_TYPE.responsiveInstance2, takePoller);
  on<Bbdo3.ResponsiveInstance>(EVENT_TYPE.responsiveInstance3, takePoller);

  /** What the status being taken says of its resource. */
  const reportOf = (resource: Resource): Report => {
    if (resource.kind === "poller") return reportOfPoller(os.time());
    if (!("hostId" in resource)) return reportOfBusinessActivity(currentStatus as BusinessActivityStatus);
    return reportOfStatus(currentStatus as ServiceStatus | HostStatus, resource, names);
  };

  const findPlace = (resource: Resource): Place | undefined => {
    const place = placeOf(resource, names, configuration, settings.isNameNeeded);
    if (place === undefined && log.isDebug) {
      log.debug(
        `${dedupKeyOf(resource)} is dropped: its host has no known name and skip_anon_events is 1, or it only stands for a business activity`,
      );
    }
    return place;
  };

  /** The flag counts only while flap detection is on, by the resource's definition and its poller. */
  const flappingOf = ({ resource, place }: Alert): Flapping => {
    if (!("hostId" in resource)) return "no";
    const byDefinition = names.detectsFlapping(resource.hostId, resource.serviceId);
    const { pollerId } = place ?? {};
    const byPoller = pollerId === undefined ? undefined : configuration.detectsFlapping(pollerId);
    if (byDefinition === false || byPoller === false) return "no";
    return byDefinition === true && byPoller === true ? "yes" : "perhaps";
  };

  return {
    handlers,
    placeOf: findPlace,
    recallPlace: (resource, { customVariables }) => {
      if (customVariables !== undefined && "hostId" in resource)
        configuration.recallCustomVariables(resource.hostId, resource.serviceId, customVariables);
    },
    reportOf,
    flappingOf,
  };
}
