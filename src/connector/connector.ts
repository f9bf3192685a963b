// Wires the parts together and runs the loop: an event is observed, the policy decides, the journal records, the
// dispatcher sends. Decides nothing itself.
import { type Alert, FALLBACK_ROUTE, isOpen, nameOf } from "../alerts/alert";
import { type Book, createBook } from "../alerts/book";
import {
  type Journal,
  type JournalPorts,
  NO_JOURNAL,
  NOTHING_MISSED,
  createJournal,
  loadJournal,
} from "../journal/journal";
import { type LockPorts, lockJournal } from "../journal/lock";
import { STATE } from "../alerts/policy";
import type { Names } from "../broker/cache";
import { describeConnector } from "../broker/content";
import { type Log, presentable } from "../text/log";
import { CONNECTOR, observeConnector } from "../broker/observe";
import { createRecorder } from "../broker/recorder";
import { type ChangeSending, createChangeSender } from "../delivery/change_sender";
import { type Dispatcher, type Sending, createDispatcher } from "../delivery/dispatcher";
import { type Failure, createHealth } from "../delivery/health";
import { NO_ROUTING_KEY, quarantine } from "../delivery/quarantine";
import { createRehearsal } from "../delivery/rehearsal";
import { type Transport, createTransport } from "../delivery/transport";
import { createFineClock, turnWhileSending } from "../delivery/waiting";
import { createChangeWatch } from "./change_watch";
import { createIntake } from "./intake";
import { compose } from "../pagerduty/compose";
import { composeChange } from "../pagerduty/compose_change";
import { createRulings } from "../rules/rulings";
import { createSelfWatch } from "./self_watch";
import { createUnknownRecoveries } from "../alerts/unknown_recoveries";
import { endpointOf } from "../settings/endpoint";
import { type Rules, customVariablesOf } from "../rules/from_parameters";
import type { CheckedSettings } from "../settings/settings";
import { createStatusFile } from "./status_file";
import type { FilePort } from "../text/files";
import { createSteadyClock, loadLocalTime } from "../text/time";
import { VERSION } from "../version";

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
  /** Texts that may stand in no file. */
  readonly secrets: readonly string[];
  readonly lock: LockPorts;
}

/**
 * At start the broker gives again, in order, what it does not know to be done: perhaps a recovery and the problem
 * after it, both long delivered. Nothing is sent before the last of them is known: until the first flush(), which
 * the broker calls when nothing waits any more, or for so many seconds.
 */
const SETTLING_SECONDS = 10;

/**
 * The broker calls flush() as soon as no event waits, and then about once a second; but never under continuous load
 * (measured). Only then does write() have to move the delivery on: opening a connection can take libcurl some 50 ms
 * of work, most of it for reading the system's certificates. Two of the clock's whole seconds are one at least.
 */
const FLUSH_INTERVAL = 2;

/** Seconds between attempts to mend a journal that cannot be written. */
const JOURNAL_RETRY_SECONDS = 60;

/** Seconds between looks for problems whose trigger is to be sent again. */
const RETRIGGER_CHECK_SECONDS = 5;

/** Under continuous load, write() looks after the connector itself once in so many events. */
const WRITES_BETWEEN_LOOKS = 1000;

/** Most other problems of a host that an alert tells of. */
const MOST_OTHER_PROBLEMS = 10;

/** What else is wrong on the alert's host, as "name: STATE", in the order of the names. */
function otherProblemsOf(alert: Alert, book: Book): readonly string[] {
  const all: string[] = [];
  if (!("hostId" in alert.resource)) return all;
  for (const other of book.alertsOfHost(alert.resource.hostId)) {
    const { content } = other;
    if (other !== alert && content !== undefined && other.facts.state !== STATE.ok) {
      const isHost = content.serviceDescription === "";
      all.push(`${isHost ? content.hostName : content.serviceDescription}: ${content.stateName}`);
    }
  }
  table.sort(all);
  const told: string[] = [];
  for (const text of all) if (told.length < MOST_OTHER_PROBLEMS) told.push(text);
  return told;
}

/** `url` without slashes at its end. */
function withoutTrailingSlash(url: string): string {
  const [bare] = string.match(url, "^(.-)/*$");
  return bare ?? url;
}

/**
 * The running connector: reads the journal, and converges from there. Raises when another output uses the same
 * journal: the broker tries the output again every 15 seconds.
 */
export function createConnector(
  { settings, routingKeys }: CheckedSettings,
  rules: Rules,
  ports: ConnectorPorts,
): Connector {
  const { log, names } = ports;
  const now = createSteadyClock(os.time);
  const fineClock = createFineClock();
  const startedAt = os.time();
  const composeSettings = {
    centreonUrl: withoutTrailingSlash(settings.pdy_centreon_url),
    source: settings.pdy_source,
    client: settings.client,
    clientUrl: settings.client_url === "" ? settings.pdy_centreon_url : settings.client_url,
    usesLongOutput: settings.use_long_output,
    outputLimit: settings.output_size_limit === 0 ? math.huge : settings.output_size_limit,
    dedupPrefix: settings.pdy_dedup_prefix,
    summary: rules.summary,
    details: rules.details,
    now: os.time,
    localTime: loadLocalTime(),
    otherProblems: (alert: Alert): readonly string[] => otherProblemsOf(alert, book),
  };

  const journalPorts: JournalPorts = {
    files: ports.files,
    error: log.error,
    warning: log.warning,
    unixTime: os.time,
  };
  // A rehearsal must not make the journal believe that PagerDuty has anything.
  const isRehearsal = settings.send_data_test;
  if (!isRehearsal && !lockJournal(settings.state_path, ports.lock)) {
    const text = `state_path ${settings.state_path} is in use by another output: give each output a state_path of its own`;
    log.error(text);
    return error(text, 0);
  }
  const loaded = isRehearsal ? NOTHING_MISSED : loadJournal(settings.state_path, journalPorts);
  // Functions that outlive this one use it instead of `loaded`, which would keep every alert that was ever read.
  const { hadJournal } = loaded;
  const journal: Journal = isRehearsal ? NO_JOURNAL : createJournal(settings.state_path, journalPorts);

  const network = (): Transport<Sending | ChangeSending> => createTransport(ports.curl, endpointOf(settings));
  const transport = isRehearsal
    ? createRehearsal<Sending | ChangeSending>(settings.max_parallel_requests, log.info)
    : network();

  const { changeEvents } = rules;
  const changeSender =
    changeEvents === undefined
      ? undefined
      : createChangeSender({
          random: math.random,
          transport,
          log,
          isRehearsal,
          url: changeEvents.url,
          compose: (report, routingKey) => composeChange(report, routingKey, composeSettings),
        });

  const health = createHealth(now);
  const recoveries = createUnknownRecoveries();
  let refused = 0;

  const dispatcher: Dispatcher = createDispatcher(
    {
      routingKeys,
      maximumEventsPerMinute: settings.max_events_per_minute,
      bufferSize: settings.max_buffer_size,
      bufferAge: settings.max_buffer_age,
      repageOnEscalation: settings.pdy_repage_on_escalation,
      detourAfter: settings.self_alert_after,
      isRehearsal,
    },
    {
      now,
      random: math.random,
      transport,
      changes: changeSender,
      log,
      compose: (alert, action, routingKey) => compose(alert, action, routingKey, composeSettings),
      actionStarts: (alert) => {
        journal.writeAlert(alert);
      },
      actionEnded: (alert) => {
        journal.writeAlert(alert);
        book.forgetIfSettled(alert);
      },
      heard: (sending, verdict) => {
        // How the connector's alert about itself fares says nothing about the others.
        if (sending.alert.resource.kind !== "connector") health.heard(sending.lane.label, verdict);
      },
      presentable: (text) => presentable(text, ports.secrets),
      idleWork: {
        isLeft: recoveries.isAnyLeft,
        offerNext: () => {
          const resource = recoveries.take();
          if (resource === undefined) return false;
          if (book.findAlert(resource) === undefined) book.resolveUnknown(resource);
          return true;
        },
      },
      quarantine: ({ alert, action }, reason) => {
        refused = refused + 1;
        const problem = quarantine(settings.quarantine_path, {
          at: os.time(),
          dedupKey: alert.dedupKey,
          route: alert.route,
          action,
          // An answer may quote the event, its routing key included.
          reason: presentable(reason, ports.secrets),
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

  const intake = createIntake(
    {
      isNameNeeded: settings.skip_anon_events,
      recoveries: hadJournal ? undefined : recoveries,
      customVariables: customVariablesOf(settings),
      respectsNotificationSettings: settings.respect_notification_settings,
    },
    names,
    log,
  );

  const rulings = createRulings(settings, rules, {
    isRoute: (label) => label !== FALLBACK_ROUTE && routingKeys[label] !== undefined,
    unnotifiedReason: names.unnotifiedReason,
    error: log.error,
  });

  /** What the connector's alert about itself says. */
  let ownProblem = "";

  const book: Book = createBook(
    {
      hardOnly: settings.hard_only,
      suppressServicesOfDownHosts: settings.suppress_services_of_down_hosts,
      suppressHostsBehindDownParents: settings.suppress_hosts_behind_down_parents,
      ignoresAcknowledgements: settings.acknowledged,
      ignoresDowntimes: settings.in_downtime,
      ignoresFlapping: settings.flapping,
    },
    {
      now,
      describe: (resource) =>
        resource.kind === "connector" ? describeConnector(ownProblem, os.time()) : intake.describe(resource),
      severityOf: rulings.severityOf,
      rejectionOf: rulings.rejectionOf,
      routeOf: rulings.routeOf,
      acknowledgementRejectionOf: rulings.acknowledgementRejectionOf,
      unnotifiedReasonOf: rulings.unnotifiedReasonOf,
      judgeByCustomCode: rulings.judgeByCustomCode,
      // Without a journal nobody knows what was open before the start.
      mayBeOpen: ({ lastOk, since }) => !hadJournal && (lastOk > 0 ? lastOk : since) <= startedAt,
      isVolatile: (resource) =>
        resource.kind === "connector" ||
        (resource.kind === "service" && names.isVolatile(resource.hostId, resource.serviceId)),
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
        log.info(`${nameOf(alert)} (${alert.dedupKey}): ${reason}`);
      },
    },
  );

  for (const { hostId, facts } of loaded.hosts) book.restoreHost(hostId, facts);
  for (const { childId, parentId } of loaded.parents) book.restoreParent(childId, parentId);
  for (const alert of loaded.alerts) {
    // A file that cannot be used now decided what it decided; one that is not wanted any more did not.
    if (settings.custom_code_file === "") alert.verdict = undefined;
    book.restoreAlert(alert);
  }
  book.reassess();
  journal.compact(book);
  for (const alert of loaded.alerts) dispatcher.offer(alert);

  let settlesUntil = now() + SETTLING_SECONDS;

  const watchChanges =
    changeSender === undefined
      ? undefined
      : createChangeWatch({ isNameNeeded: settings.skip_anon_events, startedAt }, rules, {
          now,
          isSettling: () => now() < settlesUntil,
          names,
          log,
          sender: changeSender,
        });

  // flush() delivers; write() does when flush() is not called.
  let writeDeliversFrom = settlesUntil;

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

  const failure = (): Failure | undefined => health.failure(dispatcher.isBusyWith);

  const watchItself = createSelfWatch(settings.self_alert_after, {
    now,
    failure,
    waiting: dispatcher.waiting,
    leftBehind: dispatcher.leftBehind,
    alertOnSelf: (text) => {
      if (text === undefined) {
        const own = book.findAlert(CONNECTOR);
        if (own !== undefined && own.facts.state !== STATE.ok)
          book.observe(observeConnector(true, os.time()));
      } else if (routingKeys[FALLBACK_ROUTE] !== undefined) {
        // PagerDuty's words may quote a key.
        ownProblem = presentable(text, ports.secrets);
        book.observe(observeConnector(false, os.time()));
      }
    },
    error: log.error,
    warning: log.warning,
  });

  // A rehearsal's numbers say nothing of PagerDuty.
  const statusFile = createStatusFile(isRehearsal ? "" : settings.status_path, VERSION, {
    now,
    unixTime: os.time,
    eachAlert: book.eachAlert,
    waiting: dispatcher.waiting,
    underWay: dispatcher.underWay,
    oldest: dispatcher.oldest,
    accepted: health.accepted,
    refused: () => refused,
    lastSuccess: health.lastSuccess,
    lastAnswer: health.lastAnswer,
    failure,
    isJournalUsable: journal.isUsable,
    presentable: (text) => presentable(text, ports.secrets),
    files: ports.files,
    warning: log.warning,
  });

  const record = createRecorder(settings.record_path, settings.record_size_limit, {
    names,
    files: ports.files,
    warning: log.warning,
  });

  // write() looks at the clock for the status file's sake only now and then: flush() does it where it is called.
  let writes = 0;
  const tellWhenBusy = (): void => {
    writes = writes + 1;
    if (writes < WRITES_BETWEEN_LOOKS) return;
    writes = 0;
    watchItself();
    statusFile.writeIfDue();
  };

  /** What is in the journal is safe; without one, only what PagerDuty has. */
  const mayAcknowledge = (): boolean => journal.isUsable() || !dispatcher.hasUndelivered();

  return {
    write: (event) => {
      if (record !== undefined) record(event);
      intake.take(event, book);
      if (watchChanges !== undefined) watchChanges(event);
      if (!dispatcher.isIdle() && now() >= writeDeliversFrom) dispatcher.turn();
      tellWhenBusy();
      return mayAcknowledge();
    },
    flush: () => {
      watchItself();
      retrigger();
      tidyJournal();
      settlesUntil = 0;
      writeDeliversFrom = now() + FLUSH_INTERVAL;
      turnWhileSending(fineClock, dispatcher.isSending, transport.wait, dispatcher.turn);
      statusFile.writeIfDue();
      return mayAcknowledge();
    },
  };
}
