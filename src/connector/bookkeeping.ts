// The book with what answers its questions: the intake reads events for it, the rulings judge for it. Fills it with what
// the journal held. Who sends what it reports is the parts' to say.
import { type Alert, nameOf } from "../alerts/alert";
import { type Book, createBook } from "../alerts/book";
import { endOfCarried } from "../alerts/carried";
import type { UnknownRecoveries } from "../alerts/unknown_recoveries";
import type { Names } from "../broker/cache";
import { reportOfConnector } from "../broker/report";
import type { OrphanWatch } from "../feedback/orphan_watch";
import type { Journal, Loaded } from "../journal/journal";
import { actionRulesOf, downtimeActionOf } from "../rules/action_rules";
import { decisionsInWords } from "../rules/decided";
import type { Rules } from "../rules/from_parameters";
import type { Rulings } from "../rules/rulings";
import type { Settings } from "../settings/settings";
import type { Log } from "../text/log";
import { type Intake, createIntake } from "./intake";

export interface BookkeepingPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly names: Names;
  readonly log: Log;
  readonly journal: Journal;
  /** Takes recoveries of resources that nothing is known of. */
  readonly recoveries: UnknownRecoveries;
  /** Waits for resources that are well; undefined: nothing does. */
  readonly watch: OrphanWatch | undefined;
  /** What something is called that many may belong to has changed. */
  readonly placesChanged: (this: void) => void;
  /** Something of an alert changed: perhaps there is an action to take. */
  readonly offer: (this: void, alert: Alert) => void;
  /** What the connector's alert about itself says. */
  readonly ownProblem: (this: void) => string;
}

export interface Bookkeeping {
  readonly book: Book;
  readonly intake: Intake;
}

/** An empty book. `rules` gives those that hold now. `hadJournal`: what was open before the start is known. */
export function createBookkeeping(
  settings: Settings,
  rules: (this: void) => Rules,
  rulings: Rulings,
  hadJournal: boolean,
  ports: BookkeepingPorts,
): Bookkeeping {
  const { log, names, journal } = ports;
  const startedAt = os.time();
  const intake = createIntake(
    {
      isNameNeeded: settings.skip_anon_events,
      recoveries: hadJournal || !settings.pdy_resolve ? undefined : ports.recoveries,
      watch: ports.watch,
      customVariables: () => rules().customVariables,
    },
    { names, log, placesChanged: ports.placesChanged },
  );
  const book = createBook(
    {
      hardOnly: settings.hard_only,
      suppressServicesOfDownHosts: settings.suppress_services_of_down_hosts,
      suppressHostsBehindDownParents: settings.suppress_hosts_behind_down_parents,
      ignoresAcknowledgements: settings.acknowledged,
      ignoresDowntimes: settings.in_downtime,
      ignoresFlapping: settings.flapping,
      repageOnEscalation: settings.pdy_repage_on_escalation,
      downtimeAction: downtimeActionOf(settings),
      actionRules: actionRulesOf(settings),
      repageOnUnacknowledge: settings.pdy_repage_on_unacknowledge,
      hostGrace: settings.pdy_host_grace,
      stormLimit: settings.pdy_storm_limit,
      keepsReportsOfOpen:
        settings.pdy_retrigger_interval > 0 ||
        settings.pdy_repage_on_unacknowledge ||
        settings.pdy_updates === "output" ||
        settings.pdy_downtime_action !== "none" ||
        // What a rule says of the output may be another with each check, and so may the severity.
        settings.pdy_rules_file !== "" ||
        // What is closed in PagerDuty may be opened anew.
        (settings.pdy_api_key !== "" && settings.pdy_reopen !== "never"),
    },
    {
      now: ports.now,
      placeOf: intake.placeOf,
      reportOf: (resource) =>
        resource.kind === "connector"
          ? reportOfConnector(ports.ownProblem(), os.time())
          : intake.reportOf(resource),
      pollerOf: names.pollerId,
      awaited: ports.watch,
      flappingOf: intake.flappingOf,
      severityOf: rulings.severityOf,
      rejectionOf: rulings.rejectionOf,
      routeOf: rulings.routeOf,
      acknowledgementRejectionOf: (alert) => endOfCarried(alert) ?? rulings.acknowledgementRejectionOf(alert),
      unnotifiedReasonOf: rulings.unnotifiedReasonOf,
      judgeByCustomCode: rulings.judgeByCustomCode,
      waitOf: rulings.waitOf,
      askAgainAt: rulings.askAgainAt,
      // Without a journal nobody knows what was open before the start.
      mayBeOpen: ({ lastOk, since }) => !hadJournal && (lastOk > 0 ? lastOk : since) <= startedAt,
      isVolatile: (resource) =>
        resource.kind === "connector" ||
        (resource.kind === "service" && names.isVolatile(resource.hostId, resource.serviceId)),
      alertChanged: (alert) => {
        journal.writeAlert(alert);
        ports.offer(alert);
      },
      alertForgotten: journal.writeForgotten,
      hostChanged: journal.writeHost,
      parentChanged: journal.writeParent,
      ownerChanged: journal.writeOwner,
      engineChanged: journal.writeEngine,
      explain: (alert, reason) => {
        if (!log.isDebug) return;
        const decisions = decisionsInWords(alert, rulings.decidedBy(alert));
        const ending = decisions === "" ? "" : ` (${decisions})`;
        log.debug(`no alert for ${nameOf(alert)} (${alert.dedupKey}) now: ${reason}${ending}`);
      },
      announce: (alert, reason) => {
        log.info(`${nameOf(alert)} (${alert.dedupKey}): ${reason}`);
      },
    },
  );
  return { book, intake };
}

/**
 * Puts back what the journal held, and readies the journal for what comes. Judges nothing: the broker's cache must not be
 * asked within init (it kills the broker), and is asked by the first sweep over the places.
 */
export function restore({ book, intake }: Bookkeeping, loaded: Loaded, journal: Journal): void {
  for (const { hostId, facts } of loaded.hosts) book.restoreHost(hostId, facts);
  for (const { childId, parentId } of loaded.parents) book.restoreParent(childId, parentId);
  for (const { hostId, pollerId } of loaded.owners) book.restoreOwner(hostId, pollerId);
  for (const pollerId of loaded.stoppedPollers) book.restoreStoppedEngine(pollerId);
  for (const alert of loaded.alerts) {
    if (alert.place !== undefined) intake.recallPlace(alert.resource, alert.place);
    book.restoreAlert(alert);
  }
  journal.goOn(loaded);
  book.restored();
  if (journal.needsCompaction()) journal.compact(book);
}
