// Makes the parts of the connector, and gives each what it needs of the others. Runs none of them.
import { type Alert, FALLBACK_ROUTE, isOpen, nameOf } from "../alerts/alert";
import type { Book } from "../alerts/book";
import { STATE } from "../alerts/policy";
import { createUnknownRecoveries } from "../alerts/unknown_recoveries";
import type { Names } from "../broker/cache";
import { CONNECTOR, observeConnector } from "../broker/observe";
import { createRecorder } from "../broker/recorder";
import type { ReopenChoice } from "../feedback/apply";
import type { Feedback } from "../feedback/feedback";
import { createOrphanWatch } from "../feedback/orphan_watch";
import type { Telling } from "../feedback/telling";
import type { Failure } from "../delivery/health";
import type { Dispatcher } from "../delivery/dispatcher";
import { type Heartbeat, createHeartbeat } from "../delivery/heartbeat";
import {
  type Journal,
  type JournalPorts,
  type Loaded,
  NO_JOURNAL,
  NOTHING_MISSED,
  createJournal,
  loadJournal,
} from "../journal/journal";
import { type LockPorts, lockJournal } from "../journal/lock";
import { decisionsInWords } from "../rules/decided";
import { type ParameterRules, rulesWith } from "../rules/from_parameters";
import { createRulings } from "../rules/rulings";
import type { CheckedSettings, Settings } from "../settings/settings";
import type { FilePort } from "../text/files";
import { type Log, presentable } from "../text/log";
import { createSteadyClock } from "../text/time";
import { VERSION } from "../version";
import { createAsking, createTellingOf } from "./asking";
import { createBookkeeping, restore } from "./bookkeeping";
import { createChangeWatch } from "./change_watch";
import { composeSettingsOf } from "./composing";
import type { Handlers } from "./intake";
import { type NamelessWatch, createNamelessWatch } from "./nameless_watch";
import { createOrders } from "./orders";
import { type PlaceSweep, createPlaceSweep } from "./place_sweep";
import { createRetrigger } from "./retrigger";
import { watchRules } from "./rules_watch";
import { createSelfWatch } from "./self_watch";
import { createSending } from "./sending";
import { createStatusFile } from "./status_file";

/** What the connector has from outside. */
export interface ConnectorPorts {
  readonly curl: CurlModule;
  readonly log: Log;
  readonly names: Names;
  readonly files: FilePort;
  /** Texts that may stand in no file. */
  readonly secrets: readonly string[];
  readonly lock: LockPorts;
}

/** What the loop runs. */
export interface Parts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** Keeps an event for `explain`; undefined when nothing is recorded. */
  readonly record: ((this: void, event: BrokerEvent) => void) | undefined;
  readonly handlers: Handlers;
  /** Tells of an event as a change; undefined when changes are not told. */
  readonly watchChanges: ((this: void, event: BrokerEvent) => boolean) | undefined;
  readonly placeSweep: Pick<PlaceSweep, "isUnderWay" | "turn">;
  readonly namelessWatch: Pick<NamelessWatch, "look">;
  readonly book: Book;
  readonly journal: Pick<Journal, "isUsable" | "writeAlive" | "needsCompaction" | "compact">;
  readonly dispatcher: Pick<Dispatcher, "isIdle" | "isSending" | "hasUndelivered" | "turn">;
  /** Waits until something happens to a transfer, for so many milliseconds at most. */
  readonly wait: (this: void, milliseconds: number) => void;
  /** Looks to be taken often; each costs next to nothing when it is not due. */
  readonly retrigger: (this: void) => void;
  readonly watchItself: (this: void) => void;
  /** Undefined when there is no file of rules. */
  readonly watchRules: ((this: void) => void) | undefined;
  /** Undefined when nobody is to be told that all is well. */
  readonly heartbeat: Heartbeat | undefined;
  /** Undefined when PagerDuty is not asked what people did. */
  readonly feedback: Feedback | undefined;
  /** Undefined when Centreon is not told who acknowledges in PagerDuty. */
  readonly telling: Telling | undefined;
  /** Carries out an administrator's orders; undefined when there is no journal to change. */
  readonly takeOrders: ((this: void) => void) | undefined;
  readonly writeStatus: (this: void) => void;
  /** Until when the broker may still be giving events of before the start again (seconds of the clock). */
  readonly settling: Settling;
}

export interface Settling {
  until: number;
}

/**
 * At start the broker gives again, in order, what it does not know to be done: perhaps a recovery and the problem
 * after it, both long delivered. Nothing is sent before the last of them is known: until the first flush(), which
 * the broker calls when nothing waits any more, or for so many seconds.
 */
const SETTLING_SECONDS = 10;

interface OpenJournal {
  readonly journal: Journal;
  readonly loaded: Loaded;
}

/** Raises when another output uses the same journal: the broker tries the output again every 15 seconds. */
function openJournal(settings: Settings, { files, log, lock }: ConnectorPorts): OpenJournal {
  // A rehearsal must not make the journal believe that PagerDuty has anything.
  if (settings.send_data_test) return { journal: NO_JOURNAL, loaded: NOTHING_MISSED };
  const path = settings.state_path;
  if (!lockJournal(path, lock)) {
    const text = `state_path ${path} is in use by another output: give each output a state_path of its own`;
    log.error(text);
    return error(text, 0);
  }
  const ports: JournalPorts = { files, error: log.error, warning: log.warning, unixTime: os.time };
  return { loaded: loadJournal(path, ports), journal: createJournal(path, ports) };
}

/** Reads the journal, and makes everything that runs from there on. */
export function createParts(
  checked: CheckedSettings,
  parameterRules: ParameterRules,
  ports: ConnectorPorts,
): Parts {
  const { settings, routingKeys } = checked;
  const { log, names, files, secrets } = ports;
  const now = createSteadyClock(os.time);
  const startedAt = os.time();
  const { journal, loaded } = openJournal(settings, ports);

  /** What the connector's alert about itself says. */
  let ownProblem = "";

  const namelessWatch = createNamelessWatch(now, log.warning);
  const recoveries = createUnknownRecoveries();
  let rules = rulesWith([], parameterRules);
  const rulings = createRulings(settings, () => rules, {
    now,
    isRoute: (label) => label !== FALLBACK_ROUTE && routingKeys[label] !== undefined,
    unnotifiedReason: names.unnotifiedReason,
    firstNotificationDelay: names.firstNotificationDelay,
    error: log.error,
  });
  const tellDecisions = (alert: Alert): void => {
    const decisions = decisionsInWords(alert, rulings.decidedBy(alert));
    if (decisions !== "") log.debug(`${nameOf(alert)} (${alert.dedupKey}) is told with ${decisions}`);
  };
  const sending = createSending(checked, parameterRules.changeEvents, {
    now,
    curl: ports.curl,
    log,
    secrets,
    journal,
    composeSettings: composeSettingsOf(settings, rulings.textsOf, (hostId, visit) => {
      book.eachAlertOfHost(hostId, visit);
    }),
    beforeTelling: (alert) => {
      placeSweep.readBefore(alert);
      book.describe(alert);
    },
    actionStarts: (alert) => {
      namelessWatch.note(alert);
      if (log.isDebug && alert.inFlight === "trigger" && !isOpen(alert)) tellDecisions(alert);
    },
    idleWork: {
      isLeft: recoveries.isAnyLeft,
      offerNext: () => {
        const resource = recoveries.take();
        if (resource === undefined) return false;
        book.resolveUnknown(resource);
        return true;
      },
    },
    actionEnded: (alert) => {
      if (feedback !== undefined) feedback.actionEnded(alert);
      book.actionEnded(alert);
    },
  });
  const { dispatcher, health, changeSender } = sending;

  const watch = sending.get === undefined || settings.pdy_api_key === "" ? undefined : createOrphanWatch(now);
  const rulesWatch = watchRules(checked, parameterRules, {
    now,
    files,
    log,
    use: (ofFile) => {
      rules = rulesWith(ofFile, parameterRules);
    },
    judgeAll: () => {
      placeSweep.begin();
    },
    isJudging: () => placeSweep.isUnderWay(),
  });

  const { book, intake } = createBookkeeping(settings, () => rules, rulings, loaded.hadJournal, {
    now,
    names,
    log,
    journal,
    offer: dispatcher.offer,
    recoveries,
    watch,
    placesChanged: () => {
      placeSweep.begin();
    },
    ownProblem: () => ownProblem,
  });
  const telling = createTellingOf(checked, sending.send, { now, book, journal, log });
  const feedback = createAsking(checked, sending.get, watch, telling, { now, book, journal, log });
  const placeSweep = createPlaceSweep({
    eachAlert: book.eachAlert,
    findAlert: book.findAlert,
    readPlace: book.readPlace,
    refresh: rulesWatch === undefined ? book.refresh : rulesWatch.watching(book.refresh),
  });
  restore({ book, intake }, loaded, journal);
  placeSweep.begin();
  for (const alert of loaded.alerts) {
    dispatcher.offer(alert);
    // Whose resolve waited when another choice was made.
    book.forgetIfSettled(alert);
  }

  const settling: Settling = { until: now() + SETTLING_SECONDS };
  const watchChanges =
    changeSender === undefined || parameterRules.changeEvents === undefined
      ? undefined
      : createChangeWatch(
          { isNameNeeded: settings.skip_anon_events, startedAt },
          rulings,
          parameterRules.changeEvents.isTold,
          {
            now,
            isSettling: () => now() < settling.until,
            names,
            log,
            sender: changeSender,
            placeOf: intake.placeOf,
          },
        );

  const failure = (): Failure | undefined => health.failure(dispatcher.isBusyWith);

  const alertOnSelf = (text: string | undefined): void => {
    if (text === undefined) {
      const own = book.findAlert(CONNECTOR);
      if (own !== undefined && own.facts.state !== STATE.ok) book.observe(observeConnector(true, os.time()));
    } else if (routingKeys[FALLBACK_ROUTE] !== undefined) {
      // PagerDuty's words may quote a key.
      ownProblem = presentable(text, secrets);
      book.observe(observeConnector(false, os.time()));
    }
  };

  return {
    now,
    record: createRecorder(settings.record_path, settings.record_size_limit, {
      names,
      files,
      warning: log.warning,
    }),
    handlers: intake.handlers,
    watchChanges,
    placeSweep,
    namelessWatch,
    book,
    journal,
    dispatcher,
    wait: sending.wait,
    watchRules: rulesWatch?.look,
    retrigger: createRetrigger(
      {
        retriggerInterval: settings.pdy_retrigger_interval,
        reacknowledgeInterval: settings.pdy_reacknowledge_interval,
      },
      { now, eachAlert: book.eachAlert, quietPollersNow: book.quietPollersNow, offer: dispatcher.offer },
    ),
    watchItself: createSelfWatch(settings.self_alert_after, {
      now,
      failure,
      waiting: dispatcher.waiting,
      leftBehind: dispatcher.leftBehind,
      alertOnSelf,
      error: log.error,
      warning: log.warning,
    }),
    heartbeat:
      sending.fetch === undefined || settings.heartbeat_url === ""
        ? undefined
        : createHeartbeat(settings.heartbeat_url, {
            now,
            isWell: () => failure() === undefined && journal.isUsable(),
            fetch: sending.fetch,
            warning: log.warning,
          }),
    feedback,
    telling,
    takeOrders: settings.send_data_test
      ? undefined
      : createOrders(settings.state_path, {
          now,
          unixTime: os.time,
          files,
          book,
          reopen: settings.pdy_reopen as ReopenChoice,
          info: log.info,
          warning: log.warning,
        }),
    // A rehearsal's numbers say nothing of PagerDuty.
    writeStatus: createStatusFile(settings.send_data_test ? "" : settings.status_path, VERSION, {
      now,
      unixTime: os.time,
      eachAlert: book.eachAlert,
      quietPollersNow: book.quietPollersNow,
      waiting: dispatcher.waiting,
      underWay: dispatcher.underWay,
      oldest: dispatcher.oldest,
      accepted: health.accepted,
      refused: sending.refused,
      lastSuccess: health.lastSuccess,
      lastAnswer: health.lastAnswer,
      failure,
      isJournalUsable: journal.isUsable,
      feedback: feedback?.status,
      presentable: (text) => presentable(text, secrets),
      files,
      warning: log.warning,
    }),
    settling,
  };
}
