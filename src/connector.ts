// Wires the parts together and runs the loop: an event is observed, the policy decides, the journal records, the
// dispatcher sends. Decides nothing itself.
import { type Alert, type Resource, isOpen, nameOf } from "./alerts/alert";
import { type Book, createBook } from "./alerts/book";
import { type FilePort, type Journal, type JournalPorts, createJournal, loadJournal } from "./alerts/journal";
import { type LockPorts, lockJournal } from "./alerts/journal_lock";
import { STATE } from "./alerts/policy";
import type { Names } from "./broker/cache";
import { EVENT_TYPE } from "./broker/events";
import type { Log } from "./broker/log";
import {
  type HostStatus,
  type ServiceStatus,
  acknowledgementNote,
  describeStatus,
  hostResource,
  observeAdaptive,
  observeStatus2,
  observeStatus3,
  serviceResource,
} from "./broker/observe";
import { type Dispatcher, type Sending, createDispatcher } from "./delivery/dispatcher";
import { quarantine } from "./delivery/quarantine";
import { createTransport } from "./delivery/transport";
import { createFineClock, waitWhileSending } from "./delivery/waiting";
import { compose } from "./pagerduty/compose";
import { proxyOf, serverUrl } from "./settings/endpoint";
import type { Settings } from "./settings/settings";
import { createSteadyClock } from "./text/time";

/** What the broker calls, once the connector runs. Both give what the broker acknowledges events by. */
export interface Connector {
  readonly write: (this: void, event: BrokerEvent) => boolean;
  readonly flush: (this: void) => boolean;
}

export interface ConnectorPorts {
  readonly curl: CurlModule;
  readonly log: Log;
  readonly names: Names;
  readonly files: FilePort;
  readonly lock: LockPorts;
}

/**
 * Without a journal nobody knows what was open before the start: for so many seconds a recovery that happened
 * since then is sent on, though no problem is known.
 */
const RECOVERY_WATCH_SECONDS = 3600;

/**
 * At start the broker gives again, in order, what it does not know to be done: perhaps a recovery and the problem
 * after it, both long delivered. Nothing is sent before the last of them is known: until the first flush(), which
 * the broker calls when nothing waits any more, or for so many seconds.
 */
const SETTLING_SECONDS = 10;

/** Seconds between attempts to mend a journal that cannot be written. */
const JOURNAL_RETRY_SECONDS = 60;

/** Seconds between looks for problems whose trigger is to be sent again. */
const RETRIGGER_CHECK_SECONDS = 5;

/** What stands in a quarantined event for the routing key. */
const NO_ROUTING_KEY = "(not kept)";

/** `url` without slashes at its end. */
function withoutTrailingSlash(url: string): string {
  const [bare] = string.match(url, "^(.-)/*$");
  return bare ?? url;
}

/**
 * The running connector: reads the journal, and converges from there. Raises when another output uses the same
 * journal: the broker tries the output again every 15 seconds.
 */
export function createConnector(settings: Settings, ports: ConnectorPorts): Connector {
  const { log, names } = ports;
  const now = createSteadyClock(os.time);
  const fineClock = createFineClock();
  const startedAt = os.time();
  const composeSettings = {
    centreonUrl: withoutTrailingSlash(settings.pdy_centreon_url),
    source: settings.pdy_source,
    client: settings.client,
  };

  const journalPorts: JournalPorts = {
    files: ports.files,
    error: log.error,
    warning: log.warning,
    unixTime: os.time,
  };
  const lock = lockJournal(settings.state_path, ports.lock);
  if (lock === undefined) {
    const text = `state_path ${settings.state_path} is in use by another output: give each output a state_path of its own`;
    log.error(text);
    return error(text, 0);
  }
  const loaded = loadJournal(settings.state_path, journalPorts);
  const journal: Journal = createJournal(settings.state_path, journalPorts);

  const transport = createTransport<Sending>(ports.curl, {
    url: serverUrl(settings),
    proxy: proxyOf(settings),
    noProxy: settings.no_proxy,
    timeout: settings.http_timeout,
    connectTimeout: settings.http_connect_timeout,
    caFile: settings.http_ca_file,
    caPath: settings.http_ca_path,
    clientCertificate: settings.http_client_certificate,
    clientKey: settings.http_client_key,
    clientKeyPassword: settings.http_client_key_password,
    verifiesCertificate: settings.verify_certificate && !settings.allow_insecure_connection,
    maximumParallel: settings.max_parallel_requests,
  });

  const dispatcher: Dispatcher = createDispatcher(
    {
      routingKeys: { default: settings.pdy_routing_key },
      maximumEventsPerMinute: settings.max_events_per_minute,
      bufferSize: settings.max_buffer_size,
      bufferAge: settings.max_buffer_age,
      repageOnEscalation: settings.pdy_repage_on_escalation,
    },
    {
      now,
      random: math.random,
      transport,
      log,
      compose: (alert, action, routingKey) => compose(alert, action, routingKey, composeSettings),
      actionStarts: (alert) => {
        journal.writeAlert(alert);
      },
      actionEnded: (alert) => {
        journal.writeAlert(alert);
        book.forgetIfSettled(alert);
      },
      quarantine: ({ alert, action }, reason) => {
        const problem = quarantine(settings.quarantine_path, {
          at: os.time(),
          dedupKey: alert.dedupKey,
          action,
          reason,
          body: compose(alert, action, NO_ROUTING_KEY, composeSettings),
        });
        if (problem !== undefined) {
          log.error(
            `the refused event could not be kept in quarantine_path ${settings.quarantine_path}: ${problem}`,
          );
        }
      },
    },
  );

  // The event being taken: the book asks for its texts only when they are news.
  let currentEvent: ServiceStatus | HostStatus | undefined;

  const book: Book = createBook(
    {
      hardOnly: settings.hard_only,
      suppressServicesOfDownHosts: settings.suppress_services_of_down_hosts,
      suppressHostsBehindDownParents: settings.suppress_hosts_behind_down_parents,
    },
    {
      now,
      describe: (resource) => {
        if (currentEvent === undefined) return undefined;
        const content = describeStatus(currentEvent, resource, names, settings.skip_anon_events);
        if (content === undefined && log.isDebug) {
          log.debug(
            `host ${resource.hostId} has no known name: its event is dropped (skip_anon_events is 1)`,
          );
        }
        return content;
      },
      isVolatile: ({ kind, hostId, serviceId }) => kind === "service" && names.isVolatile(hostId, serviceId),
      alertChanged: (alert) => {
        journal.writeAlert(alert);
        dispatcher.offer(alert);
      },
      alertForgotten: journal.writeForgotten,
      hostChanged: journal.writeHost,
      parentChanged: journal.writeParent,
      explain: (alert, reason) => {
        if (log.isDebug) log.debug(`no alert for ${nameOf(alert)} (${alert.dedupKey}) now: ${reason}`);
      },
      announce: (alert, reason) => {
        log.info(`${nameOf(alert)} (${alert.dedupKey}) is resolved: ${reason}`);
      },
    },
  );

  for (const { hostId, facts } of loaded.hosts) book.restoreHost(hostId, facts);
  for (const { childId, parentId } of loaded.parents) book.restoreParent(childId, parentId);
  for (const alert of loaded.alerts) book.restoreAlert(alert);
  journal.compact(book);
  for (const alert of loaded.alerts) dispatcher.offer(alert);

  let watchesRecoveries = !loaded.hadJournal;

  /** A resource of which nothing is known is well: since the start, or so long ago that nobody was ever paged. */
  const noteUnknownRecovery = (event: ServiceStatus | HostStatus, resource: Resource): void => {
    if (os.time() - startedAt > RECOVERY_WATCH_SECONDS) watchesRecoveries = false;
    else if (event.state_type === 1 && (event.last_hard_state_change ?? 0) > startedAt)
      book.resolveUnknown(resource);
  };

  const takeServiceStatus = (event: ServiceStatus): void => {
    const { state } = event;
    const hostId = event.host_id;
    if (hostId === undefined) return;
    if (state === STATE.ok && !watchesRecoveries && !book.knowsServicesOf(hostId)) return;
    const resource = serviceResource(hostId, event.service_id);
    if (state === STATE.ok && book.findAlert(resource) === undefined) {
      if (watchesRecoveries) noteUnknownRecovery(event, resource);
      return;
    }
    currentEvent = event;
    book.observe(
      event._type === EVENT_TYPE.serviceStatus2
        ? observeStatus2(event, resource, state)
        : observeStatus3(event, resource, state),
    );
  };

  const takeHostStatus = (event: HostStatus): void => {
    const { state } = event;
    const hostId = event.host_id;
    if (hostId === undefined) return;
    if (
      state === STATE.up &&
      !watchesRecoveries &&
      !book.knowsHost(hostId) &&
      event.scheduled_downtime_depth === 0
    ) {
      return;
    }
    const resource = hostResource(hostId);
    if (state === STATE.up && watchesRecoveries && book.findAlert(resource) === undefined) {
      noteUnknownRecovery(event, resource);
    }
    currentEvent = event;
    book.observe(
      event._type === EVENT_TYPE.hostStatus2
        ? observeStatus2(event, resource, state)
        : observeStatus3(event, resource, state),
    );
  };

  const removeIfDisabled = (isEnabled: boolean, resource: Resource): void => {
    if (!isEnabled) book.remove(resource);
  };

  const take = (event: BrokerEvent): void => {
    switch (event._type) {
      case EVENT_TYPE.serviceStatus2:
      case EVENT_TYPE.serviceStatus3:
        takeServiceStatus(event);
        break;
      case EVENT_TYPE.hostStatus2:
      case EVENT_TYPE.hostStatus3:
        takeHostStatus(event);
        break;
      case EVENT_TYPE.adaptiveServiceStatus3:
        book.observeAdaptive(observeAdaptive(event, serviceResource(event.host_id, event.service_id)));
        break;
      case EVENT_TYPE.adaptiveHostStatus3:
        book.observeAdaptive(observeAdaptive(event, hostResource(event.host_id)));
        break;
      case EVENT_TYPE.acknowledgement2:
      case EVENT_TYPE.acknowledgement3: {
        const serviceId = event.service_id ?? 0;
        const resource =
          serviceId === 0 ? hostResource(event.host_id) : serviceResource(event.host_id, serviceId);
        book.noteAcknowledgement(resource, acknowledgementNote(event));
        break;
      }
      case EVENT_TYPE.host2:
      case EVENT_TYPE.host3:
        removeIfDisabled(event.enabled, hostResource(event.host_id));
        break;
      case EVENT_TYPE.service2:
      case EVENT_TYPE.service3:
        removeIfDisabled(event.enabled, serviceResource(event.host_id, event.service_id));
        break;
      case EVENT_TYPE.hostParent2:
        book.setParent(event.child_id ?? 0, event.parent_id ?? 0, true);
        break;
      case EVENT_TYPE.hostParent3:
        book.setParent(event.child_id, event.parent_id, event.enabled);
        break;
    }
  };

  let isSettling = true;
  const settledAt = now() + SETTLING_SECONDS;

  /** Moves the delivery on, unless the start's repeated events are still coming in. */
  const deliver = (): void => {
    if (isSettling && now() < settledAt) return;
    isSettling = false;
    dispatcher.turn();
  };

  let lastRetriggerCheck = now();

  /** Problems whose trigger is so old that it is to be sent again (pdy_retrigger_interval). */
  const retrigger = (): void => {
    const time = now();
    if (settings.pdy_retrigger_interval === 0 || time - lastRetriggerCheck < RETRIGGER_CHECK_SECONDS) return;
    lastRetriggerCheck = time;
    const due: Alert[] = [];
    book.eachAlert((alert) => {
      const isOld = isOpen(alert) && time - alert.triggeredAt >= settings.pdy_retrigger_interval;
      if (isOld && alert.desired === "triggered" && !alert.wantsRetrigger) due.push(alert);
    });
    for (const alert of due) {
      alert.wantsRetrigger = true;
      dispatcher.offer(alert);
    }
  };

  let lastCompaction = now();

  const tidyJournal = (): void => {
    if (!journal.needsCompaction()) return;
    if (!journal.isUsable() && now() - lastCompaction < JOURNAL_RETRY_SECONDS) return;
    lastCompaction = now();
    journal.compact(book);
  };

  /** What is in the journal is safe; without one, only what PagerDuty has. */
  const mayAcknowledge = (): boolean => journal.isUsable() || dispatcher.isIdle();

  return {
    write: (event) => {
      take(event);
      lock.renew();
      if (!dispatcher.isIdle()) deliver();
      return mayAcknowledge();
    },
    flush: () => {
      lock.renew();
      retrigger();
      tidyJournal();
      isSettling = false;
      deliver();
      waitWhileSending(fineClock, dispatcher.isSending, transport.wait, dispatcher.turn);
      return mayAcknowledge();
    },
  };
}
