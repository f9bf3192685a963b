// The book with what answers its questions: the intake reads events for it, the rulings judge for it. Fills it with what
// the journal held. Who sends what it reports is the parts' to say.
import { type Alert, FALLBACK_ROUTE, nameOf } from "../alerts/alert";
import { type Book, createBook } from "../alerts/book";
import type { Names } from "../broker/cache";
import { CONNECTOR_PLACE } from "../broker/place";
import { reportOfConnector } from "../broker/report";
import type { Journal, Loaded } from "../journal/journal";
import { type Rules, customVariablesOf } from "../rules/from_parameters";
import { createRulings } from "../rules/rulings";
import type { CheckedSettings } from "../settings/settings";
import type { Log } from "../text/log";
import { type Intake, createIntake } from "./intake";

export interface BookkeepingPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly names: Names;
  readonly log: Log;
  readonly journal: Journal;
  /** Something of an alert changed: perhaps there is an action to take. */
  readonly offer: (this: void, alert: Alert) => void;
  /** What the connector's alert about itself says. */
  readonly ownProblem: (this: void) => string;
}

export interface Bookkeeping {
  readonly book: Book;
  readonly intake: Intake;
}

/** An empty book. `hadJournal`: what was open before the start is known. */
export function createBookkeeping(
  { settings, routingKeys }: CheckedSettings,
  rules: Rules,
  hadJournal: boolean,
  ports: BookkeepingPorts,
): Bookkeeping {
  const { log, names, journal } = ports;
  const startedAt = os.time();
  const intake = createIntake(
    {
      isNameNeeded: settings.skip_anon_events,
      watchesRecoveries: !hadJournal,
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
  const book = createBook(
    {
      hardOnly: settings.hard_only,
      suppressServicesOfDownHosts: settings.suppress_services_of_down_hosts,
      suppressHostsBehindDownParents: settings.suppress_hosts_behind_down_parents,
      ignoresAcknowledgements: settings.acknowledged,
      ignoresDowntimes: settings.in_downtime,
      ignoresFlapping: settings.flapping,
    },
    {
      now: ports.now,
      describe: (resource) =>
        resource.kind === "connector"
          ? { place: CONNECTOR_PLACE, report: reportOfConnector(ports.ownProblem(), os.time()) }
          : intake.describe(resource),
      severityOf: rulings.severityOf,
      rejectionOf: rulings.rejectionOf,
      routeOf: rulings.routeOf,
      acknowledgementRejectionOf: rulings.acknowledgementRejectionOf,
      unnotifiedReasonOf: rulings.unnotifiedReasonOf,
      judgeByCustomCode: rulings.judgeByCustomCode,
      // Without a journal nobody knows what was open before the start.
      mayBeOpen: ({ lastOk, since }) => !hadJournal && (lastOk > 0 ? lastOk : since) <= startedAt,
      isVolatile: (resource) =>
        resource.kind === "service" && names.isVolatile(resource.hostId, resource.serviceId),
      alertChanged: (alert) => {
        journal.writeAlert(alert);
        ports.offer(alert);
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
  return { book, intake };
}

/** Puts back what the journal held, judged by the rules of today; the journal is made anew from it. */
export function restore(book: Book, loaded: Loaded, journal: Journal, hasCustomCode: boolean): void {
  for (const { hostId, facts } of loaded.hosts) book.restoreHost(hostId, facts);
  for (const { childId, parentId } of loaded.parents) book.restoreParent(childId, parentId);
  for (const alert of loaded.alerts) {
    // A file that cannot be used now decided what it decided; one that is not wanted any more did not.
    if (!hasCustomCode) alert.verdict = undefined;
    book.restoreAlert(alert);
  }
  book.reassess();
  journal.compact(book);
}
