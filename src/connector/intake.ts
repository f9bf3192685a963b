// Takes events to the book: which event says what, and which says nothing that matters. Most end here, so this is
// the path that has to be short. Owns no state of the alerts; reads events through broker/observe.
import {
  type Description,
  type HostOrService,
  type Report,
  type Resource,
  dedupKeyOf,
  isUneventful,
} from "../alerts/alert";
import type { Book, Observation } from "../alerts/book";
import { STATE } from "../alerts/policy";
import type { Names } from "../broker/cache";
import { EVENT_TYPE } from "../broker/events";
import type { Log } from "../text/log";
import { createConfiguration } from "../broker/configuration";
import {
  type BusinessActivityStatus,
  type HostStatus,
  type ResponsiveInstance,
  type ServiceStatus,
  acknowledgementNote,
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
  /** No journal was found: recoveries of resources that nothing is known of may matter. */
  readonly watchesRecoveries: boolean;
  /** Names of the custom variables that alerts show. */
  readonly customVariables: readonly string[];
  /** Whether Centreon would notify decides about alerts: changes of it matter. */
  readonly respectsNotificationSettings: boolean;
}

export interface Intake {
  /** Takes an event to `book`; one that says nothing that matters ends here. */
  readonly take: (this: void, event: BrokerEvent, book: Book) => void;
  /** What a trigger for the event being taken says; undefined when its resource is not to be recorded. */
  readonly describe: (this: void, resource: Resource) => Description | undefined;
}

/**
 * Without a journal nobody knows what was open before the start: for so many seconds a recovery is sent on though no
 * problem is known, also one of so many seconds before the start.
 */
const RECOVERY_WATCH_SECONDS = 3600;

/** `state_type` of a HARD state. */
const HARD = 1;

type Handler<Event> = (this: void, event: Event, book: Book) => void;

/** Nothing taken yet. */
export function createIntake(settings: IntakeSettings, names: Names, log: Log): Intake {
  const startedAt = os.time();
  const configuration = createConfiguration(settings.customVariables);
  let { watchesRecoveries } = settings;
  // The event being taken: the book asks for its texts only when they are news.
  let currentEvent: BrokerEvent | undefined;
  const handlers = new LuaTable<number, Handler<BrokerEvent> | undefined>();

  const on = <Event extends BrokerEvent>(eventType: Event["_type"], handler: Handler<Event>): void => {
    handlers.set(eventType, handler as Handler<BrokerEvent>);
  };

  /** A resource of which nothing is known is well: since lately, or so long ago that nobody was ever paged. */
  const noteUnknownRecovery = (
    event: ServiceStatus | HostStatus,
    resource: HostOrService,
    book: Book,
  ): void => {
    if (os.time() - startedAt > RECOVERY_WATCH_SECONDS) {
      watchesRecoveries = false;
    } else if (
      event.state_type === HARD &&
      (event.last_hard_state_change ?? 0) > startedAt - RECOVERY_WATCH_SECONDS
    ) {
      book.resolveUnknown(resource);
    }
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
      if (hostId === undefined) return;
      const isFine = state === STATE.ok;
      const ofHost = book.services.get(hostId);
      if (isFine && ofHost === undefined && !watchesRecoveries) return;
      const serviceId = event.service_id ?? 0;
      const alert = ofHost?.get(serviceId);
      if (
        alert !== undefined &&
        isUneventful(alert) &&
        isRepeated(event, alert.facts, state, isAcknowledged(event))
      ) {
        alert.facts.lastCheck = event.last_check ?? 0;
      } else if (!isFine || alert !== undefined) {
        book.observe(observe(event, serviceResource(hostId, serviceId), state));
      } else if (watchesRecoveries) {
        noteUnknownRecovery(event, serviceResource(hostId, serviceId), book);
      }
    };

  /** The host of a status that could matter; undefined for the UP of one that nothing is known of. */
  const hostOfInterest = (event: HostStatus, state: number, book: Book): HostOrService | undefined => {
    const hostId = event.host_id;
    if (hostId === undefined) return undefined;
    const isUnknown = state === STATE.up && !book.knowsHost(hostId);
    if (isUnknown && !watchesRecoveries && event.scheduled_downtime_depth === 0) return undefined;
    const resource = hostResource(hostId);
    const isWatched = watchesRecoveries && state === STATE.up && book.findAlert(resource) === undefined;
    if (isWatched) noteUnknownRecovery(event, resource, book);
    return resource;
  };

  on(EVENT_TYPE.serviceStatus2, serviceTaker<Bbdo2.ServiceStatus>(isAcknowledged2, observeStatus2));
  on(EVENT_TYPE.serviceStatus3, serviceTaker<Bbdo3.ServiceStatus>(isAcknowledged3, observeStatus3));
  on<Bbdo2.HostStatus>(EVENT_TYPE.hostStatus2, (event, book) => {
    const { state } = event;
    const resource = hostOfInterest(event, state, book);
    if (resource !== undefined) book.observe(observeStatus2(event, resource, state));
  });
  on<Bbdo3.HostStatus>(EVENT_TYPE.hostStatus3, (event, book) => {
    const { state } = event;
    const resource = hostOfInterest(event, state, book);
    if (resource !== undefined) book.observe(observeStatus3(event, resource, state));
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
    const serviceId = event.service_id ?? 0;
    const resource =
      serviceId === 0 ? hostResource(event.host_id) : serviceResource(event.host_id, serviceId);
    book.noteAcknowledgement(resource, acknowledgementNote(event));
  };
  on<Bbdo2.Acknowledgement>(EVENT_TYPE.acknowledgement2, takeAcknowledgement);
  on<Bbdo3.Acknowledgement>(EVENT_TYPE.acknowledgement3, takeAcknowledgement);

  const takeHostSettings: Handler<Bbdo2.Host | Bbdo3.Host | Bbdo3.AdaptiveHost> = (event, book) => {
    if (settings.respectsNotificationSettings) book.notificationSettingsChanged(hostResource(event.host_id));
  };
  const takeServiceSettings: Handler<Bbdo2.Service | Bbdo3.Service | Bbdo3.AdaptiveService> = (
    event,
    book,
  ) => {
    if (!settings.respectsNotificationSettings) return;
    book.notificationSettingsChanged(serviceResource(event.host_id, event.service_id));
  };
  on<Bbdo3.AdaptiveHost>(EVENT_TYPE.adaptiveHost3, takeHostSettings);
  on<Bbdo3.AdaptiveService>(EVENT_TYPE.adaptiveService3, takeServiceSettings);

  // The configuration events matter for what was removed, for who is behind whom, and for what Centreon notifies of.
  const takeHost: Handler<Bbdo2.Host | Bbdo3.Host> = (event, book) => {
    if (!event.enabled) book.remove(hostResource(event.host_id));
    else takeHostSettings(event, book);
  };
  on<Bbdo2.Host>(EVENT_TYPE.host2, takeHost);
  on<Bbdo3.Host>(EVENT_TYPE.host3, takeHost);
  const takeService: Handler<Bbdo2.Service | Bbdo3.Service> = (event, book) => {
    if (!event.enabled) book.remove(serviceResource(event.host_id, event.service_id));
    else takeServiceSettings(event, book);
  };
  on<Bbdo2.Service>(EVENT_TYPE.service2, takeService);
  on<Bbdo3.Service>(EVENT_TYPE.service3, takeService);
  on<Bbdo2.HostParent>(EVENT_TYPE.hostParent2, (event, book) => {
    book.setParent(event.child_id ?? 0, event.parent_id ?? 0, true);
  });
  on<Bbdo3.HostParent>(EVENT_TYPE.hostParent3, (event, book) => {
    book.setParent(event.child_id, event.parent_id, event.enabled);
  });

  // What the broker's cache does not keep.
  on<Bbdo3.Severity>(EVENT_TYPE.severity3, configuration.takeSeverity);
  on<Bbdo3.Tag>(EVENT_TYPE.tag3, configuration.takeTag);
  on<Bbdo2.CustomVariable>(EVENT_TYPE.customVariable2, configuration.takeCustomVariable);
  on<Bbdo3.CustomVariables>(EVENT_TYPE.customVariables3, configuration.takeCustomVariable);
  on<Bbdo2.Downtime>(EVENT_TYPE.downtime2, configuration.takeDowntime);
  on<Bbdo3.Downtime>(EVENT_TYPE.downtime3, configuration.takeDowntime);

  const takeBusinessActivity: Handler<BusinessActivityStatus> = (event, book) => {
    book.observe(observeBusinessActivity(event));
  };
  on<Bbdo2.BaStatus>(EVENT_TYPE.baStatus2, takeBusinessActivity);
  on<Bbdo3.BaStatus>(EVENT_TYPE.baStatus3, takeBusinessActivity);
  const takePoller: Handler<ResponsiveInstance> = (event, book) => {
    book.observe(observePoller(event));
  };
  on<Bbdo2.ResponsiveInstance>(EVENT_TYPE.responsiveInstance2, takePoller);
  on<Bbdo3.ResponsiveInstance>(EVENT_TYPE.responsiveInstance3, takePoller);

  /** What the event being taken says of its resource. */
  const reportOf = (resource: Resource): Report => {
    if (resource.kind === "poller") return reportOfPoller(os.time());
    if (!("hostId" in resource)) return reportOfBusinessActivity(currentEvent as BusinessActivityStatus);
    return reportOfStatus(currentEvent as ServiceStatus | HostStatus, resource, names);
  };

  const describe = (resource: Resource): Description | undefined => {
    const place = placeOf(resource, names, configuration, settings.isNameNeeded);
    if (place !== undefined) return { place, report: reportOf(resource) };
    if (log.isDebug) {
      log.debug(
        `${dedupKeyOf(resource)} is dropped: its host has no known name and skip_anon_events is 1, or it only stands for a business activity`,
      );
    }
    return undefined;
  };

  return {
    take: (event, book) => {
      const handler = handlers.get(event._type);
      if (handler === undefined) return;
      currentEvent = event;
      handler(event, book);
    },
    describe,
  };
}
