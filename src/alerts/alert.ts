// The alert: one resource's record of what Centreon calls for (desired) and what PagerDuty has (delivered), and
// the table of design.md that says which action brings the two together. Knows neither broker nor network.

/** PagerDuty's severities, as its Events API spells them. */
export type Severity = "critical" | "error" | "warning" | "info";

const SEVERITY_RANK: Record<Severity, number> = { info: 1, warning: 2, error: 3, critical: 4 };

/** True when `value` is one of PagerDuty's severities. */
export function isSeverity(value: unknown): value is Severity {
  return typeof value === "string" && value in SEVERITY_RANK;
}

/** True when `left` is worse than `right`. */
export function isWorse(left: Severity, right: Severity): boolean {
  return SEVERITY_RANK[left] > SEVERITY_RANK[right];
}

/**
 * What Centreon calls for now. `held`: a problem that must neither open an alert now nor close one (downtime,
 * flapping, dead host, stale).
 */
export type DesiredState = "resolved" | "triggered" | "acknowledged" | "held";

/** What PagerDuty has accepted. `closed`: somebody else than we ended it there, a person or a timeout. */
export type DeliveredState = "none" | "triggered" | "acknowledged" | "closed";

/** One Events API call. */
export type Action = "trigger" | "acknowledge" | "resolve";

/** What a hold may do to an open alert. */
export type HoldAction = "acknowledge" | "resolve";

/** A host, or a service of one; `serviceId` is 0 for a host. */
export interface HostOrService {
  readonly kind: "host" | "service";
  readonly hostId: number;
  readonly serviceId: number;
}

/** What the alert is about. */
export type Resource =
  | HostOrService
  | { readonly kind: "business activity" | "poller" | "connector"; readonly id: number }
  | { readonly kind: "storm"; readonly route: string };

export type ResourceKind = Resource["kind"];

/** Why what is known of a resource is old: its host (or the host's parent) was away and has come back. */
export interface Staleness {
  /** The resource's last_check known at the return (Unix time). */
  readonly lastCheckAtReturn: number;
  /** The last_check of the host that returned (Unix time). */
  readonly hostCheckedAt: number;
  /** When the return was noticed (seconds of the connector's clock). */
  readonly since: number;
}

/** The last observation of a resource, remembered because adaptive status events carry one changed field only. */
export interface Facts {
  state: number;
  isAcknowledged: boolean;
  downtimeDepth: number;
  /** The flag as it came: whether flap detection is on at all is asked when it is judged. */
  isFlapping: boolean;
  /** Unix time. */
  lastCheck: number;
  staleness: Staleness | undefined;
  /** Since when, without an end, the state is a problem (seconds of the connector's clock); undefined: it is none. */
  problemSince?: number | undefined;
  /** Until when a problem may be the first sign of a death above it (seconds of the connector's clock). */
  earlyUntil?: number | undefined;
  /** When a resource that its engine no longer names is taken for removed (seconds of the connector's clock). */
  goneAt?: number | undefined;
  /** Another poller took the resource over, and has not told a HARD state yet: its engine knows nothing of before. */
  isNewToPoller?: boolean | undefined;
  /** The severity at which the acknowledgement was given; undefined: none was, or nobody knows. */
  acknowledgedSeverity?: Severity | undefined;
  /** The problem got worse than it was when it was acknowledged: that acknowledgement counts for nothing any more. */
  isAcknowledgementOutgrown?: boolean | undefined;
}

/** Who acknowledged, and what they wrote. */
export interface AcknowledgementNote {
  readonly author: string;
  readonly comment: string;
  /** When it was given (Unix time); undefined: nobody knows. */
  readonly at?: number | undefined;
  /** The acknowledgement has ended: whose the next one is, nobody knows until its event has come. */
  readonly isPast?: boolean | undefined;
}

/** A custom variable of Centreon. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A field that the administrator's own code adds to the details. */
export interface CustomDetail {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** What the administrator's own code made of a problem; undefined where it changed nothing. */
export interface CustomVerdict {
  /** It opens no alert. */
  readonly isDropped: boolean;
  readonly summary: string | undefined;
  readonly severity: Severity | undefined;
  /** The label of a routing key. */
  readonly route: string | undefined;
  readonly details: readonly CustomDetail[];
}

/** What the last check of a resource said. */
export interface Report {
  /** Such as "CRITICAL". */
  readonly stateName: string;
  /** This and the next as the event had them: text/lines.ts tells their lines, text/perfdata.ts the metrics. */
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
  readonly attempt: number;
  /** 0 when unknown. */
  readonly maximumAttempts: number;
  /** Unix time of the last check that found the resource well; 0 when unknown. */
  readonly lastOk: number;
  /** Unix time at which the resource went into this hard state; 0 when unknown. */
  readonly since: number;
}

/** The state of a problem before the one it has. */
export interface PreviousState {
  /** Such as "WARNING". */
  readonly stateName: string;
  /** How long it lasted; undefined: nobody can tell. */
  readonly seconds?: number | undefined;
}

/**
 * What a resource is called and where it belongs. Texts and lists are empty when there is none, or nothing is known; what
 * few have is left out then: Lua doubles a table's room for the 17th field, and there is a place for each open problem.
 */
export interface Place {
  /** Whether the broker knew the names; made up from numbers where it did not. */
  readonly isKnown: boolean;
  /** The poller that defined the host last; undefined: nobody knows, or it belongs to none. */
  readonly pollerId?: number | undefined;
  /** What kind of resource it is, as PagerDuty's `class` field says it: rules match on it. */
  readonly className: string;
  /** Of a business activity or poller, and of the connector: its own name. */
  readonly hostName: string;
  /** Empty for anything but a service. */
  readonly serviceDescription: string;
  /** Centreon's own number of a meta-service. */
  readonly metaServiceId?: number;
  /** The service is an anomaly detection; only BBDO 3 tells. */
  readonly isAnomalyDetection?: boolean;
  readonly hostGroups: readonly string[];
  readonly serviceGroups: readonly string[];
  /** Of a business activity: the business views it is in. */
  readonly businessViews?: readonly string[];
  /** Centreon's criticality level, 1 for the gravest; 0 for none. */
  readonly criticality: number;
  /** The name of that level. */
  readonly criticalityName?: string;
  readonly poller: string;
  /** Centreon's categories. */
  readonly categories?: readonly string[];
  /** The custom variables the administrator chose, by name. */
  readonly customVariables?: readonly NamedValue[];
  readonly hostAlias: string;
  readonly hostAddress: string;
  /** The host's time zone as Centreon has it, such as "Europe/Paris". */
  readonly timeZone?: string;
  /** This and the addresses as Centreon has them: macros are expanded when they are told, with the state of then. */
  readonly notes?: string;
  readonly notesUrl?: string;
  readonly actionUrl?: string;
  /** What was written when the resource's downtime was set. */
  readonly downtimeComment?: string;
}

/** The part of a place that filters and routes look at, and that Centreon's pages go by. */
export type Placement = Pick<
  Place,
  | "hostName"
  | "serviceDescription"
  | "metaServiceId"
  | "isAnomalyDetection"
  | "hostGroups"
  | "serviceGroups"
  | "businessViews"
  | "criticality"
  | "poller"
>;

/** Everything a trigger says, kept with the alert: the broker's cache of names is lost when it crashes. */
export interface Description {
  readonly place: Place;
  readonly report: Report;
}

const EMPTY_LIST: readonly never[] = [];

/** `list`, or one and the same for all that have nothing in it: thousands of empty tables are megabytes. */
export function sharedIfEmpty<Item>(list: readonly Item[]): readonly Item[] {
  return list.length === 0 ? EMPTY_LIST : list;
}

/** What the last accepted trigger said of the state and of the text. */
export interface Told {
  readonly stateName: string;
  /** The first line, without its numbers; undefined where nobody compares it. */
  readonly output?: string | undefined;
}

/** The incident that PagerDuty made of an alert, as it was read there last. */
export interface IncidentMark {
  readonly id: string;
  readonly number: number;
  /** Its page. */
  readonly address: string;
}

/** How somebody else than we ended an alert at PagerDuty. */
export interface Closing {
  /** The person's name; undefined: nobody did, it was PagerDuty itself. */
  readonly by?: string | undefined;
  /** When, as PagerDuty writes it. */
  readonly at: string;
  /** The last check known then (Unix time): one of another time that still finds the problem opens it anew; undefined: none. */
  readonly lastCheck?: number | undefined;
}

/** An acknowledgement that a person gave in PagerDuty, and how far Centreon knows of it. */
export interface Carried {
  /**
   * - to tell: Centreon is to be told; told: it took that; stands: it came back as Centreon's own acknowledgement
   * - to take back: it has ended in PagerDuty, and is to end in Centreon; taken back: Centreon was told that
   */
  readonly step: "to tell" | "told" | "stands" | "to take back" | "taken back";
  /** What of the comment names the incident. */
  readonly mark: string;
  readonly comment: string;
  /** As whom Centreon takes us; undefined: not known yet. */
  readonly author?: string | undefined;
}

export interface Alert {
  readonly dedupKey: string;
  /** The label of the routing key that the alert goes to: all its actions must use the one that triggered it. */
  route: string;
  readonly resource: Resource;
  readonly facts: Facts;
  /** Undefined, as is the report, for an alert that is only to be resolved: nothing was ever read of it. */
  place?: Place | undefined;
  report?: Report | undefined;
  /** Undefined for a problem that has been in one state only, and where that is not known for sure. */
  previous?: PreviousState | undefined;
  acknowledgement?: AcknowledgementNote | undefined;
  /** Why the administrator's filters keep the problem from opening an alert; undefined: they do not. */
  rejection?: string | undefined;
  /** Why Centreon itself would notify nobody of this state, where that counts; undefined: it would. */
  unnotified?: string | undefined;
  /** How many seconds the problem must last before it pages, by the administrator's rules; undefined: none. */
  wait?: number | undefined;
  /** The storm whose alert stands for this one; undefined: none does. */
  gathered?: GatheredBy | undefined;
  /** What custom_code_file made of this state. */
  verdict?: CustomVerdict | undefined;
  /** Each new HARD result of a volatile service is news. */
  isVolatile: boolean;

  desired: DesiredState;
  /** The severity of the state, also while held or acknowledged. */
  severity: Severity;

  delivered: DeliveredState;
  /** The worst severity that PagerDuty accepted for the open alert. */
  deliveredSeverity: Severity;
  /** False while the outcome of an action is unknown; "none" is always certain. */
  isCertain: boolean;
  /** When PagerDuty last accepted a trigger (seconds of the connector's clock); 0 before the first. */
  triggeredAt: number;
  told?: Told | undefined;
  /** Where the alert was seen open; undefined: nowhere yet, or nobody looks. */
  incident?: IncidentMark | undefined;
  /** Of one that is closed. */
  closing?: Closing | undefined;
  /** A recovery drops it. */
  carried?: Carried | undefined;
  /** The severity at which somebody acknowledged it in PagerDuty; undefined: nobody has, as far as is known. */
  acknowledgedThereAs?: Severity | undefined;
  /** When PagerDuty last accepted an acknowledge (seconds of the connector's clock). */
  acknowledgedAt?: number | undefined;

  /** The action that is under way. */
  inFlight?: Action | undefined;
  /** The trigger is to be sent again though nothing changed (volatile service, pdy_retrigger_interval). */
  wantsRetrigger: boolean;
  /** The output is so different from what was told that it is to be told (pdy_updates). */
  wantsUpdate?: boolean | undefined;
  /** An acknowledgement of Centreon's is to be passed on: a new one, or one once more (pdy_reacknowledge_interval). */
  wantsAcknowledge?: "new" | "again" | undefined;
  /** What the hold calls for where the alert is open, once; "taken": that was done. Undefined: it stays as it is. */
  holdAction?: HoldAction | "taken" | undefined;
  /** The acknowledgement was taken back in Centreon: a new incident is to page again (pdy_repage_on_unacknowledge). */
  wantsRepage?: boolean | undefined;
  /**
   * PagerDuty was told to acknowledge it because of a hold, and no person has acknowledged it since; perhaps it never took
   * that. When the hold ends, a new incident is to page.
   */
  isAcknowledgedByHold?: boolean | undefined;
  /** An administrator has ordered the resolve (centreon-pagerduty resolve): it goes out whatever was chosen. */
  isResolveOrdered?: boolean | undefined;
  /** The severity at which PagerDuty refused the trigger for good; not tried again until it changes. */
  refusedSeverity?: Severity | undefined;
  /** How far the trigger has been cut down after refusals: an index into the ladder's steps. */
  ladderStep: number;

  /** Of an alert that goes by FALLBACK_ROUTE because PagerDuty does not take the key of its own route. */
  detour?: Detour | undefined;
}

/** The storm that an alert belongs to: that of its route, and since when (seconds of the connector's clock). */
export interface GatheredBy {
  readonly route: string;
  readonly at: number;
}

/** Where an alert was to go, and why it does not. */
export interface Detour {
  /** The label of the routing key. */
  readonly meantFor: string;
  /** PagerDuty's words about that key, without secrets. */
  readonly reason: string;
}

/** An alert that could be triggered: all that a trigger says is known. */
export type DescribedAlert = Alert & Description;

export function isDescribed(alert: Alert): alert is DescribedAlert {
  return alert.place !== undefined && alert.report !== undefined;
}

/** The dedup key of a resource, as the predecessors build it: alerts open at the change-over get resolved. */
export function dedupKeyOf(resource: Resource): string {
  if (resource.kind === "connector") return "pagerduty_connector";
  if (resource.kind === "storm") return `storm_${resource.route}`;
  if ("id" in resource) return string.format(resource.kind === "poller" ? "poller_%d" : "ba_%d", resource.id);
  if (resource.kind === "host") return string.format("%d_H", resource.hostId);
  return string.format("%d_%d", resource.hostId, resource.serviceId);
}

/** The label of pdy_routing_key. */
export const DEFAULT_ROUTE = "default";

/** The label of pdy_fallback_routing_key; no label of a team's key can be the same. */
export const FALLBACK_ROUTE = "(fallback)";

/** The facts of which nothing but the state is known. */
export function factsOfState(state: number): Facts {
  return {
    state,
    isAcknowledged: false,
    downtimeDepth: 0,
    isFlapping: false,
    lastCheck: 0,
    staleness: undefined,
  };
}

/** A record that asks for nothing yet. */
export function createAlert(resource: Resource, facts: Facts, severity: Severity): Alert {
  // Lua doubles a table's room at the 17th field it is made with: those that are seldom there are not named here.
  return {
    dedupKey: dedupKeyOf(resource),
    route: DEFAULT_ROUTE,
    resource,
    facts,
    isVolatile: false,
    desired: "resolved",
    severity,
    delivered: "none",
    deliveredSeverity: severity,
    isCertain: true,
    triggeredAt: 0,
    wantsRetrigger: false,
    ladderStep: 0,
  };
}

/** True when PagerDuty has, or may have, an open alert. */
export function isOpen({ delivered }: Alert): boolean {
  return delivered === "triggered" || delivered === "acknowledged";
}

/** Whether a check made since the alert was closed still finds the problem, and whoever closed it is not believed for that. */
export function isClosingRefuted({ closing, facts }: Alert): boolean {
  return closing?.lastCheck !== undefined && facts.lastCheck > closing.lastCheck;
}

/**
 * True when the problem is over, and whoever works on its incident is to end it. On one that a downtime acknowledged nobody
 * works, and a trigger on it would page nobody: the next problem needs another incident, so it is kept.
 */
export function isLeftToPeople(alert: Alert, rules: ActionRules): boolean {
  const isUnderWay = alert.inFlight !== undefined || alert.isAcknowledgedByHold === true;
  const isOver = alert.desired === "resolved" && !isUnderWay;
  return isOver && isOpen(alert) && !resolveIsDue(alert, rules);
}

/** True when nothing is left to remember: Centreon and PagerDuty both say that all is well. */
export function isSettled(alert: Alert): boolean {
  return alert.desired === "resolved" && !isOpen(alert) && alert.inFlight === undefined;
}

/** What a person calls the resource: `host/service`, or the name of anything else. */
export function nameOfPlace({ hostName, serviceDescription }: Placement): string {
  return serviceDescription === "" ? hostName : `${hostName}/${serviceDescription}`;
}

/** The same, or the dedup key when no name is known. */
export function nameOf({ place, dedupKey }: Alert): string {
  return place === undefined ? dedupKey : nameOfPlace(place);
}

/** Why an alert that a storm stands for is held, in words. */
export function gatheredWords({ route }: GatheredBy): string {
  return `${dedupKeyOf({ kind: "storm", route })} stands for it`;
}

/** Sets what Centreon calls for. Gives false when it is what it was. */
export function setDesired(alert: Alert, desired: DesiredState, severity: Severity): boolean {
  if (alert.desired === desired && alert.severity === severity) return false;
  alert.desired = desired;
  alert.severity = severity;
  if (alert.refusedSeverity !== undefined) alert.refusedSeverity = undefined;
  alert.ladderStep = 0;
  if (desired === "resolved") {
    alert.wantsRetrigger = false;
    clear(alert, "carried");
  } else clear(alert, "isResolveOrdered");
  // A person's it is then, whoever told PagerDuty first.
  if (desired === "acknowledged") clear(alert, "isAcknowledgedByHold");
  return true;
}

/** The administrator's choices about alerts that are open already. */
export interface ActionRules {
  /** The end of a problem ends its incident; else people do, and the alert is let go of. */
  readonly resolvesRecoveries: boolean;
  /** Centreon's acknowledgements are passed on. */
  readonly passesOnAcknowledgements: boolean;
  /** A problem that gets worse than it was at its acknowledgement pages again. */
  readonly repageOnEscalation: boolean;
  /** An open problem that changes its state is told again. */
  readonly updatesState: boolean;
  /** One whose output changes, too. */
  readonly updatesOutput: boolean;
}

/** The severity that a trigger says now: PagerDuty's never goes down on an open alert. */
export function severityToTell(alert: Alert): Severity {
  const isOpenForSure = isOpen(alert) && alert.isCertain;
  return isOpenForSure && isWorse(alert.deliveredSeverity, alert.severity)
    ? alert.deliveredSeverity
    : alert.severity;
}

/** Whether what was told of an open problem is no longer what is. */
function isOutdated({ told, report, wantsUpdate }: Alert, { updatesState }: ActionRules): boolean {
  if (wantsUpdate === true) return true;
  return updatesState && told !== undefined && report !== undefined && told.stateName !== report.stateName;
}

/** PagerDuty pages nobody for a trigger on an acknowledged incident; a new incident does. */
function repagesAcknowledged(alert: Alert, { repageOnEscalation }: ActionRules): boolean {
  const atAcknowledgement = alert.facts.acknowledgedSeverity ?? alert.deliveredSeverity;
  return alert.wantsRepage === true || (repageOnEscalation && isWorse(alert.severity, atAcknowledgement));
}

function triggerIsDue(alert: Alert, rules: ActionRules): Action | undefined {
  if (!isDescribed(alert) || alert.refusedSeverity === severityToTell(alert)) return undefined;
  const isAcknowledged = alert.delivered === "acknowledged";
  const isOfHold = alert.isAcknowledgedByHold === true && isOpen(alert);
  // Also where the outcome of that resolve is unknown: a trigger alone might page nobody.
  if (isOfHold || (isAcknowledged && repagesAcknowledged(alert, rules))) return "resolve";
  // Whoever closed it is believed, but for what is worse than what they closed.
  if (alert.delivered === "closed")
    return isWorse(alert.severity, alert.deliveredSeverity) ? "trigger" : undefined;
  if (alert.delivered === "none" || !alert.isCertain || alert.wantsRetrigger) return "trigger";
  if (isAcknowledged) return undefined;
  return isWorse(alert.severity, alert.deliveredSeverity) || isOutdated(alert, rules) ? "trigger" : undefined;
}

/** Each acknowledgement of Centreon's is passed on once, where PagerDuty has, or may have, one that nobody acknowledged. */
function acknowledgeIsDue(alert: Alert, { passesOnAcknowledgements }: ActionRules): boolean {
  const { delivered, isCertain, wantsAcknowledge } = alert;
  if (!passesOnAcknowledgements || !isOpen(alert) || wantsAcknowledge === undefined) return false;
  // A trigger since may have opened anew what somebody had closed (pdy_retrigger_interval).
  const isTriggeredSince = alert.triggeredAt > (alert.acknowledgedAt ?? 0);
  return wantsAcknowledge === "again" || delivered === "triggered" || !isCertain || isTriggeredSince;
}

function resolveIsDue(alert: Alert, { resolvesRecoveries }: ActionRules): boolean {
  return isOpen(alert) && (resolvesRecoveries || alert.isResolveOrdered === true);
}

/** What the hold calls for, where there is something open to do it to. */
function holdActionIsDue(alert: Alert): Action | undefined {
  const { delivered, holdAction } = alert;
  if (holdAction === "acknowledge" && delivered === "triggered") return "acknowledge";
  return holdAction === "resolve" && isOpen(alert) ? "resolve" : undefined;
}

/**
 * The action that brings PagerDuty nearer to what Centreon calls for, or undefined when there is none to take:
 * the table of design.md. Does not look at what is under way.
 */
export function nextAction(alert: Alert, rules: ActionRules): Action | undefined {
  if (alert.desired === "resolved") return resolveIsDue(alert, rules) ? "resolve" : undefined;
  if (alert.desired === "triggered") return triggerIsDue(alert, rules);
  if (alert.desired === "acknowledged") return acknowledgeIsDue(alert, rules) ? "acknowledge" : undefined;
  return holdActionIsDue(alert);
}

/**
 * What an action is for; who goes first depends on it:
 * - opens: pages for a problem that PagerDuty has nothing of;
 * - changes: a page, too, for what is open, or may be: it got worse, its outcome is unknown, it is to be opened anew;
 * - calms: acknowledges or resolves;
 * - repeats: says again, or says more of, what PagerDuty has already; nobody is paged.
 */
export type Purpose = "opens" | "changes" | "calms" | "repeats";

/** What `action`, the alert's next one, is for. */
export function purposeOf(alert: Alert, action: Action): Purpose {
  if (action === "trigger") {
    if (!isOpen(alert)) return "opens";
    return alert.isCertain && !isWorse(alert.severity, alert.deliveredSeverity) ? "repeats" : "changes";
  }
  // A resolve that makes way for a new incident is as urgent as that one.
  if (alert.desired === "triggered") return "changes";
  return action === "acknowledge" && alert.delivered === "acknowledged" ? "repeats" : "calms";
}

/** Lua makes room for a field that is set to nil: those that are seldom there are touched only when they are. */
function clear(
  alert: Alert,
  field:
    | "told"
    | "wantsUpdate"
    | "wantsRepage"
    | "wantsAcknowledge"
    | "isResolveOrdered"
    | "isAcknowledgedByHold"
    | "incident"
    | "closing"
    | "carried"
    | "acknowledgedThereAs",
): void {
  if (alert[field] !== undefined) alert[field] = undefined;
}

/** Records that `action` goes out. */
export function recordStarted(alert: Alert, action: Action): void {
  alert.inFlight = action;
  if (action === "acknowledge" && alert.desired === "held") alert.isAcknowledgedByHold = true;
}

/** Drops an acknowledgement that Centreon was to be told of: its problem is over there, or its incident here. */
export function dropUntold(alert: Alert): void {
  if (alert.carried?.step === "to tell") clear(alert, "carried");
}

/** Records that PagerDuty has nothing open of the alert, for certain; how it was closed where we did not end it. */
export function recordEnded(alert: Alert, closing: Closing | undefined): void {
  alert.delivered = closing === undefined ? "none" : "closed";
  alert.isCertain = true;
  clear(alert, "told");
  clear(alert, "wantsRepage");
  clear(alert, "isAcknowledgedByHold");
  clear(alert, "acknowledgedThereAs");
  clear(alert, "incident");
  // Who acknowledged that incident works on nothing any more.
  dropUntold(alert);
  if (alert.closing !== closing) alert.closing = closing;
  // What comes next goes as it was meant to.
  if (alert.detour !== undefined) {
    if (alert.route === FALLBACK_ROUTE) alert.route = alert.detour.meantFor;
    alert.detour = undefined;
  }
}

/** Records that PagerDuty accepted `action`, a trigger with `severity`, at `now` (seconds of the connector's clock). */
export function recordAccepted(alert: Alert, action: Action, severity: Severity, now: number): void {
  if (action === "trigger") {
    const wasOpenForSure = isOpen(alert) && alert.isCertain;
    // A trigger on an acknowledged incident leaves it acknowledged.
    if (!wasOpenForSure || alert.delivered !== "acknowledged") alert.delivered = "triggered";
    if (!wasOpenForSure || isWorse(severity, alert.deliveredSeverity)) alert.deliveredSeverity = severity;
    if (!wasOpenForSure) {
      clear(alert, "incident");
      clear(alert, "closing");
    }
    alert.isCertain = true;
    alert.triggeredAt = now;
    alert.wantsRetrigger = false;
    clear(alert, "wantsUpdate");
  } else if (action === "resolve") {
    recordEnded(alert, undefined);
  } else if (isOpen(alert)) {
    // PagerDuty drops the acknowledge of an alert that it does not have, so a maybe stays a maybe.
    alert.delivered = "acknowledged";
    alert.acknowledgedAt = now;
  }
  if (action === "acknowledge") clear(alert, "wantsAcknowledge");
  if (action === alert.holdAction) alert.holdAction = "taken";
  alert.ladderStep = 0;
}

/** Records that `action`, a trigger with `severity`, may or may not have been accepted. */
export function recordUnknownOutcome(alert: Alert, action: Action, severity: Severity): void {
  // Neither an acknowledge nor a trigger ends what is open: it is simply sent again.
  if (action === "acknowledge" || (action === "trigger" && isOpen(alert) && alert.isCertain)) return;
  // Where PagerDuty may have had none, the trigger may have opened an incident that nobody acknowledged.
  if (action === "trigger") {
    alert.delivered = "triggered";
    alert.deliveredSeverity = severity;
    clear(alert, "closing");
  }
  alert.isCertain = !isOpen(alert);
}

/** Records that nothing is to be done about the alert any more, whatever PagerDuty has. */
export function recordLetGo(alert: Alert): void {
  setDesired(alert, "resolved", alert.severity);
  alert.delivered = "none";
  alert.isCertain = true;
}

/** Records that PagerDuty will never take `action`: for a trigger with `severity` that it is pointless to repeat it. */
export function recordRefused(alert: Alert, action: Action, severity: Severity, now: number): void {
  alert.ladderStep = 0;
  if (action === "trigger") {
    alert.refusedSeverity = severity;
    alert.wantsRetrigger = false;
    // A person may send it from the quarantine: the end of the problem must then close what that opened.
    if (!isOpen(alert) || !alert.isCertain) recordUnknownOutcome(alert, action, severity);
  } else {
    recordAccepted(alert, action, severity, now);
  }
}
