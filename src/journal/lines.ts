// The lines of the journal: JSON, one for each change of an alert, a host or a parent. Owns their format, to and fro;
// the file they stand in is journal's. No secret is in them: a routing key is named by its label.
import { type Decoded, type JsonField, type JsonObject, type JsonValue, decode, encode } from "../text/json";
import {
  type Alert,
  type Carried,
  type CustomDetail,
  type CustomVerdict,
  type Facts,
  type NamedValue,
  type Place,
  type Report,
  type Resource,
  createAlert,
  dedupKeyOf,
  recordUnknownOutcome,
  sharedIfEmpty,
} from "../alerts/alert";
import { type PlaceInTheMaking, addCustomVariables, addKind, addNames, addText } from "../alerts/place";
import { toldState } from "../alerts/updates";
import type { HostFacts } from "../alerts/surroundings";

/** The first line of every journal. A file without it, or with a version that is none of these, is not ours to read. */
const FORMAT = "centreon-pagerduty journal";
export const VERSION = 2;
/** Of 0.1.0: an alert's place and report are one object, `content`, with the macros of its notes expanded already. */
const VERSION_WITH_CONTENT = 1;

/** The line every journal begins with. */
export function headerLine(): string {
  return encode({
    fields: [
      ["journal", FORMAT],
      ["version", VERSION],
    ],
  });
}

function placeValue(place: Place | undefined): JsonObject | undefined {
  if (place === undefined) return undefined;
  const { metaServiceId, isAnomalyDetection, businessViews, categories, customVariables } = place;
  const variables: JsonField[] = [];
  for (const { name, value } of customVariables ?? []) variables.push([name, value]);
  return {
    fields: [
      ["known", place.isKnown],
      ["poller_id", place.pollerId],
      ["class", place.className],
      ["host_name", place.hostName],
      ["service_description", place.serviceDescription],
      ["meta_service_id", metaServiceId],
      ["anomaly_detection", isAnomalyDetection],
      ["host_groups", { items: place.hostGroups as JsonValue[] }],
      ["service_groups", { items: place.serviceGroups as JsonValue[] }],
      ["business_views", businessViews && { items: businessViews as JsonValue[] }],
      ["criticality", place.criticality],
      ["criticality_name", place.criticalityName],
      ["poller", place.poller],
      ["categories", categories && { items: categories as JsonValue[] }],
      ["custom_variables", customVariables && { fields: variables }],
      ["host_alias", place.hostAlias],
      ["host_address", place.hostAddress],
      ["time_zone", place.timeZone],
      ["notes", place.notes],
      ["notes_url", place.notesUrl],
      ["action_url", place.actionUrl],
      ["downtime_comment", place.downtimeComment],
    ],
  };
}

function reportValue(report: Report | undefined): JsonObject | undefined {
  if (report === undefined) return undefined;
  return {
    fields: [
      ["state_name", report.stateName],
      ["output", report.output],
      ["long_output", report.longOutput],
      ["perfdata", report.perfdata],
      ["attempt", report.attempt],
      ["maximum_attempts", report.maximumAttempts],
      ["last_ok", report.lastOk],
      ["since", report.since],
    ],
  };
}

function factsValue(facts: Facts): JsonObject {
  const { staleness } = facts;
  return {
    fields: [
      ["state", facts.state],
      ["acknowledged", facts.isAcknowledged],
      ["downtime_depth", facts.downtimeDepth],
      ["flapping", facts.isFlapping],
      ["last_check", facts.lastCheck],
      ["stale_last_check", staleness?.lastCheckAtReturn],
      ["stale_host_checked_at", staleness?.hostCheckedAt],
      ["stale_since", staleness?.since],
      ["problem_since", facts.problemSince],
      ["early_until", facts.earlyUntil],
      ["gone_at", facts.goneAt],
      ["new_to_poller", facts.isNewToPoller],
      ["acknowledged_severity", facts.acknowledgedSeverity],
      ["acknowledgement_outgrown", facts.isAcknowledgementOutgrown],
    ],
  };
}

function verdictValue(verdict: CustomVerdict | undefined): JsonObject | undefined {
  if (verdict === undefined) return undefined;
  const details: JsonField[] = [];
  for (const { name, value } of verdict.details) details.push([name, value]);
  return {
    fields: [
      ["dropped", verdict.isDropped],
      ["summary", verdict.summary],
      ["severity", verdict.severity],
      ["route", verdict.route],
      ["details", { fields: details }],
    ],
  };
}

/** The line of an alert; its place and its report, the bulk of it, only where they are given. */
export function alertLine(alert: Alert, place: Place | undefined, report: Report | undefined): string {
  const { resource, acknowledgement, told, detour, gathered, incident, closing, carried, previous } = alert;
  return encode({
    fields: [
      ["alert", resource.kind],
      ["host_id", "hostId" in resource ? resource.hostId : undefined],
      ["service_id", "hostId" in resource ? resource.serviceId : undefined],
      ["id", "id" in resource ? resource.id : undefined],
      ["storm_route", resource.kind === "storm" ? resource.route : undefined],
      ["route", alert.route],
      ["desired", alert.desired],
      ["severity", alert.severity],
      // A connector of before knows no "closed", and must not take the line for damaged.
      ["delivered", alert.delivered === "closed" ? "none" : alert.delivered],
      ["delivered_severity", alert.deliveredSeverity],
      ["certain", alert.isCertain],
      ["in_flight", alert.inFlight],
      ["triggered_at", alert.triggeredAt],
      ["previous_state", previous?.stateName],
      ["previous_seconds", previous?.seconds],
      ["told_state", told?.stateName],
      ["told_output", told?.output],
      ["incident_id", incident?.id],
      ["incident_number", incident?.number],
      ["incident_address", incident?.address],
      ["closed_at", closing?.at],
      ["closed_by", closing?.by],
      ["closed_last_check", closing?.lastCheck],
      ["carried_step", carried?.step],
      ["carried_mark", carried?.mark],
      ["carried_comment", carried?.comment],
      ["carried_author", carried?.author],
      ["acknowledged_at", alert.acknowledgedAt],
      ["acknowledged_there", alert.acknowledgedThereAs],
      ["wants_retrigger", alert.wantsRetrigger],
      ["wants_update", alert.wantsUpdate],
      ["wants_acknowledge", alert.wantsAcknowledge],
      ["wants_repage", alert.wantsRepage],
      ["hold_action", alert.holdAction],
      ["acknowledged_by_hold", alert.isAcknowledgedByHold],
      ["resolve_ordered", alert.isResolveOrdered],
      ["volatile", alert.isVolatile],
      ["rejection", alert.rejection],
      ["unnotified", alert.unnotified],
      ["wait", alert.wait],
      ["gathered_by", gathered?.route],
      ["gathered_at", gathered?.at],
      ["custom", verdictValue(alert.verdict)],
      ["refused_severity", alert.refusedSeverity],
      ["ladder_step", alert.ladderStep],
      ["meant_for", detour?.meantFor],
      ["detour_reason", detour?.reason],
      ["acknowledged_by", acknowledgement?.author],
      ["acknowledgement_comment", acknowledgement?.comment],
      ["acknowledgement_at", acknowledgement?.at],
      ["acknowledgement_past", acknowledgement?.isPast],
      ["facts", factsValue(alert.facts)],
      ["place", placeValue(place)],
      ["report", reportValue(report)],
    ],
  });
}

/** The line of an alert that is settled. */
export function forgottenLine(alert: Alert): string {
  return encode({ fields: [["forgotten", alert.dedupKey] as JsonField] });
}

/** The line of a host that is remembered, or no longer. */
export function hostLine(hostId: number, facts: HostFacts | undefined): string {
  return encode({
    fields: [
      ["host_id", hostId],
      ["state", facts?.state],
      ["downtime_depth", facts?.downtimeDepth],
      ["checked_at_return", facts?.checkedAtReturn],
      ["returned_at", facts?.returnedAt],
    ],
  });
}

/** The line that says that the connector ran at `unixTime`. */
export function aliveLine(unixTime: number): string {
  return encode({ fields: [["alive", unixTime] as JsonField] });
}

/** The line of a host's parent, set or removed. */
export function parentLine(childId: number, parentId: number, isParent: boolean): string {
  return encode({
    fields: [
      ["child_id", childId],
      ["parent_id", parentId],
      ["is_parent", isParent],
    ],
  });
}

/** The line of a poller whose engine stopped, or runs again. */
export function engineLine(pollerId: number, isStopped: boolean): string {
  return encode({
    fields: [
      ["poller_id", pollerId],
      ["is_stopped", isStopped],
    ],
  });
}

/** The line of a host's poller; undefined: no poller has it any more. */
export function ownerLine(hostId: number, pollerId: number | undefined): string {
  return encode({
    fields: [
      ["owned_host", hostId],
      ["poller_id", pollerId],
    ],
  });
}

type Fields = Readonly<Record<string, Decoded>>;

// What a line must have. A value that is missing or of another kind raises: the line is damaged.

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" ? value : error(`${name} is not a number`);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : error(`${name} is not a text`);
}

/** A list that is left out when there is nothing in it. */
function textsOf(fields: Fields, name: string): readonly string[] {
  const texts: string[] = [];
  for (const value of (fields[name] ?? []) as readonly Decoded[]) {
    texts.push(typeof value === "string" ? value : error(`${name} are not texts`));
  }
  return sharedIfEmpty(texts);
}

/** A text that is left out when there is none. */
function optionalTextOf(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textOf(fields, name);
}

/** A number that is left out when there is none. */
function optionalNumberOf(fields: Fields, name: string): number | undefined {
  return fields[name] === undefined ? undefined : numberOf(fields, name);
}

/** In order: an object has none of its own. */
function namesIn(values: Fields): string[] {
  const names: string[] = [];
  for (const [key] of pairs(values)) names.push(key);
  table.sort(names);
  return names;
}

function namedValuesOf(fields: Fields, name: string): readonly NamedValue[] {
  const values = (fields[name] ?? {}) as Fields;
  const listed: NamedValue[] = [];
  for (const key of namesIn(values)) listed.push({ name: key, value: textOf(values, key) });
  return sharedIfEmpty(listed);
}

function wordOf<Word extends string>(fields: Fields, name: string, words: Record<Word, true>): Word {
  const value = textOf(fields, name);
  return value in words ? (value as Word) : error(`${name} is unknown`);
}

/** A word that is left out when there is none. */
function optionalWordOf<Word extends string>(
  fields: Fields,
  name: string,
  words: Record<Word, true>,
): Word | undefined {
  return fields[name] === undefined ? undefined : wordOf(fields, name, words);
}

/** A time read at `now`: a clock that was set back since must not make the past lie in the future. */
function pastOf(fields: Fields, name: string, now: number): number {
  return math.min(numberOf(fields, name), now);
}

const KINDS: Record<Resource["kind"], true> = {
  host: true,
  service: true,
  "business activity": true,
  poller: true,
  connector: true,
  storm: true,
};
const DESIRED: Record<Alert["desired"], true> = {
  resolved: true,
  triggered: true,
  acknowledged: true,
  held: true,
};
const DELIVERED: Record<Exclude<Alert["delivered"], "closed">, true> = {
  none: true,
  triggered: true,
  acknowledged: true,
};
const SEVERITIES: Record<Alert["severity"], true> = {
  info: true,
  warning: true,
  error: true,
  critical: true,
};
const ACKNOWLEDGES: Record<NonNullable<Alert["wantsAcknowledge"]>, true> = { new: true, again: true };
const HOLD_ACTIONS: Record<NonNullable<Alert["holdAction"]>, true> = {
  acknowledge: true,
  resolve: true,
  taken: true,
};
const CARRIED_STEPS: Record<Carried["step"], true> = {
  "to tell": true,
  told: true,
  stands: true,
  "to take back": true,
  "taken back": true,
};
const ACTIONS: Record<NonNullable<Alert["inFlight"]>, true> = {
  trigger: true,
  acknowledge: true,
  resolve: true,
};

/** What something is called of which the broker knew no name (broker/place.ts). */
const MADE_UP = ["^host %d+$", "^service %d+$", "^business activity %d+$", "^poller %d+$"];

/** Version 0.1.0 does not say whether a name was known: it shows. */
function isName(text: string): boolean {
  for (const pattern of MADE_UP) if (string.find(text, pattern)[0] !== undefined) return false;
  return true;
}

function readPlace(fields: Fields, version: number): Place {
  const isKnown =
    version === VERSION_WITH_CONTENT
      ? isName(textOf(fields, "host_name")) && isName(textOf(fields, "service_description"))
      : fields["known"] === true;
  const place: PlaceInTheMaking = {
    isKnown,
    pollerId: optionalNumberOf(fields, "poller_id"),
    className: textOf(fields, "class"),
    hostName: textOf(fields, "host_name"),
    serviceDescription: textOf(fields, "service_description"),
    hostGroups: textsOf(fields, "host_groups"),
    serviceGroups: textsOf(fields, "service_groups"),
    criticality: numberOf(fields, "criticality"),
    poller: textOf(fields, "poller"),
    hostAlias: textOf(fields, "host_alias"),
    hostAddress: textOf(fields, "host_address"),
  };
  addKind(place, optionalNumberOf(fields, "meta_service_id") ?? 0, fields["anomaly_detection"] === true);
  addNames(place, "businessViews", textsOf(fields, "business_views"));
  addNames(place, "categories", textsOf(fields, "categories"));
  addCustomVariables(place, namedValuesOf(fields, "custom_variables"));
  addText(place, "criticalityName", optionalTextOf(fields, "criticality_name") ?? "");
  addText(place, "timeZone", optionalTextOf(fields, "time_zone") ?? "");
  addText(place, "notes", optionalTextOf(fields, "notes") ?? "");
  addText(place, "notesUrl", optionalTextOf(fields, "notes_url") ?? "");
  addText(place, "actionUrl", optionalTextOf(fields, "action_url") ?? "");
  addText(place, "downtimeComment", optionalTextOf(fields, "downtime_comment") ?? "");
  return place;
}

function readReport(fields: Fields): Report {
  return {
    stateName: textOf(fields, "state_name"),
    output: textOf(fields, "output"),
    longOutput: textOf(fields, "long_output"),
    perfdata: textOf(fields, "perfdata"),
    attempt: numberOf(fields, "attempt"),
    maximumAttempts: numberOf(fields, "maximum_attempts"),
    lastOk: numberOf(fields, "last_ok"),
    since: numberOf(fields, "since"),
  };
}

/** Lua makes room for a field that is set to nil: one that is not there is not touched, of thousands of records. */
function setIfThere<Target, Field extends keyof Target>(
  target: Target,
  field: Field,
  value: Target[Field] | undefined,
): void {
  if (value !== undefined) target[field] = value;
}

function readFacts(fields: Fields, now: number): Facts {
  const facts: Facts = {
    state: numberOf(fields, "state"),
    isAcknowledged: fields["acknowledged"] === true,
    downtimeDepth: numberOf(fields, "downtime_depth"),
    isFlapping: fields["flapping"] === true,
    lastCheck: numberOf(fields, "last_check"),
    staleness:
      fields["stale_since"] === undefined
        ? undefined
        : {
            lastCheckAtReturn: numberOf(fields, "stale_last_check"),
            hostCheckedAt: numberOf(fields, "stale_host_checked_at"),
            since: pastOf(fields, "stale_since", now),
          },
  };
  if (fields["problem_since"] !== undefined) facts.problemSince = pastOf(fields, "problem_since", now);
  setIfThere(facts, "earlyUntil", optionalNumberOf(fields, "early_until"));
  setIfThere(facts, "goneAt", optionalNumberOf(fields, "gone_at"));
  if (fields["new_to_poller"] === true) facts.isNewToPoller = true;
  setIfThere(facts, "acknowledgedSeverity", optionalWordOf(fields, "acknowledged_severity", SEVERITIES));
  if (fields["acknowledgement_outgrown"] === true) facts.isAcknowledgementOutgrown = true;
  return facts;
}

function readResource(fields: Fields): Resource {
  const kind = wordOf(fields, "alert", KINDS);
  if (kind === "host" || kind === "service") {
    return { kind, hostId: numberOf(fields, "host_id"), serviceId: numberOf(fields, "service_id") };
  }
  if (kind === "storm") return { kind, route: textOf(fields, "storm_route") };
  return { kind, id: numberOf(fields, "id") };
}

function readVerdict(fields: Fields): CustomVerdict {
  const values = fields["details"] as Fields;
  const details: CustomDetail[] = [];
  for (const name of namesIn(values)) details.push({ name, value: values[name] as CustomDetail["value"] });
  return {
    isDropped: fields["dropped"] === true,
    summary: optionalTextOf(fields, "summary"),
    severity: optionalWordOf(fields, "severity", SEVERITIES),
    route: optionalTextOf(fields, "route"),
    details: sharedIfEmpty(details),
  };
}

/** The alert a line tells of. An action that was under way has an unknown outcome now. */
function readAlert(fields: Fields, before: Alert | undefined, { now, version }: Reading): Alert {
  const severity = wordOf(fields, "severity", SEVERITIES);
  const alert = createAlert(readResource(fields), readFacts(fields["facts"] as Fields, now), severity);
  alert.route = textOf(fields, "route");
  setIfThere(alert, "rejection", optionalTextOf(fields, "rejection"));
  setIfThere(alert, "unnotified", optionalTextOf(fields, "unnotified"));
  setIfThere(alert, "wait", optionalNumberOf(fields, "wait"));
  if (fields["gathered_by"] !== undefined) {
    alert.gathered = { route: textOf(fields, "gathered_by"), at: pastOf(fields, "gathered_at", now) };
  }
  const verdict = fields["custom"] as Fields | undefined;
  if (verdict !== undefined) alert.verdict = readVerdict(verdict);
  const content = fields["content"] as Fields | undefined;
  const place = (fields["place"] as Fields | undefined) ?? content;
  const report = (fields["report"] as Fields | undefined) ?? content;
  alert.place = place === undefined ? before?.place : readPlace(place, version);
  alert.report = report === undefined ? before?.report : readReport(report);
  if (fields["acknowledged_by"] !== undefined) {
    alert.acknowledgement = {
      author: textOf(fields, "acknowledged_by"),
      comment: textOf(fields, "acknowledgement_comment"),
      at: optionalNumberOf(fields, "acknowledgement_at"),
      isPast: fields["acknowledgement_past"] === true ? true : undefined,
    };
  }
  alert.desired = wordOf(fields, "desired", DESIRED);
  alert.delivered = wordOf(fields, "delivered", DELIVERED);
  alert.deliveredSeverity = wordOf(fields, "delivered_severity", SEVERITIES);
  alert.isCertain = fields["certain"] === true;
  alert.triggeredAt = pastOf(fields, "triggered_at", now);
  if (fields["previous_state"] !== undefined) {
    const seconds = optionalNumberOf(fields, "previous_seconds");
    alert.previous = { stateName: textOf(fields, "previous_state"), seconds };
  }
  if (fields["told_state"] !== undefined) {
    const stateName = textOf(fields, "told_state");
    const output = optionalTextOf(fields, "told_output");
    alert.told = output === undefined ? toldState(stateName) : { stateName, output };
  }
  if (fields["incident_id"] !== undefined) {
    alert.incident = {
      id: textOf(fields, "incident_id"),
      number: numberOf(fields, "incident_number"),
      address: textOf(fields, "incident_address"),
    };
  }
  if (fields["closed_at"] !== undefined) {
    alert.delivered = "closed";
    alert.closing = {
      at: textOf(fields, "closed_at"),
      by: optionalTextOf(fields, "closed_by"),
      lastCheck: optionalNumberOf(fields, "closed_last_check"),
    };
  }
  if (fields["carried_step"] !== undefined) {
    alert.carried = {
      step: wordOf(fields, "carried_step", CARRIED_STEPS),
      mark: textOf(fields, "carried_mark"),
      comment: textOf(fields, "carried_comment"),
      author: optionalTextOf(fields, "carried_author"),
    };
  }
  const acknowledgedAt = optionalNumberOf(fields, "acknowledged_at");
  if (acknowledgedAt !== undefined) alert.acknowledgedAt = math.min(acknowledgedAt, now);
  setIfThere(alert, "acknowledgedThereAs", optionalWordOf(fields, "acknowledged_there", SEVERITIES));
  alert.wantsRetrigger = fields["wants_retrigger"] === true;
  if (fields["wants_update"] === true) alert.wantsUpdate = true;
  if (fields["wants_repage"] === true) alert.wantsRepage = true;
  setIfThere(alert, "holdAction", optionalWordOf(fields, "hold_action", HOLD_ACTIONS));
  if (fields["acknowledged_by_hold"] === true) alert.isAcknowledgedByHold = true;
  if (fields["resolve_ordered"] === true) alert.isResolveOrdered = true;
  const wantsAcknowledge = optionalWordOf(fields, "wants_acknowledge", ACKNOWLEDGES);
  if (wantsAcknowledge !== undefined) alert.wantsAcknowledge = wantsAcknowledge;
  // Version 0.1.0 passed on an acknowledgement for as long as PagerDuty's was not acknowledged.
  else if (
    version === VERSION_WITH_CONTENT &&
    alert.facts.isAcknowledged &&
    alert.delivered === "triggered"
  ) {
    alert.wantsAcknowledge = "new";
  }
  alert.isVolatile = fields["volatile"] === true;
  setIfThere(alert, "refusedSeverity", optionalWordOf(fields, "refused_severity", SEVERITIES));
  alert.ladderStep = numberOf(fields, "ladder_step");
  if (fields["meant_for"] !== undefined) {
    alert.detour = { meantFor: textOf(fields, "meant_for"), reason: textOf(fields, "detour_reason") };
  }
  if (fields["in_flight"] !== undefined) {
    recordUnknownOutcome(alert, wordOf(fields, "in_flight", ACTIONS), severity);
  }
  return alert;
}

function readHost(fields: Fields, now: number): HostFacts {
  const isBack = fields["returned_at"] !== undefined;
  return {
    state: numberOf(fields, "state"),
    downtimeDepth: numberOf(fields, "downtime_depth"),
    checkedAtReturn: isBack ? numberOf(fields, "checked_at_return") : undefined,
    returnedAt: isBack ? pastOf(fields, "returned_at", now) : undefined,
  };
}

/** Everything the lines of a file add up to. */
export interface Reading {
  /** Unix time. */
  readonly now: number;
  /** As the file's first line says it. */
  version: number;
  /** The last time at which the connector is known to have run (Unix time); 0: nothing tells. */
  lastAlive: number;
  readonly alerts: LuaTable<string, Alert | undefined>;
  readonly hosts: LuaTable<number, HostFacts | undefined>;
  readonly parents: LuaTable<string, { readonly childId: number; readonly parentId: number } | undefined>;
  /** The poller of each host. */
  readonly owners: LuaTable<number, number | undefined>;
  readonly stoppedPollers: LuaTable<number, true | undefined>;
}

/** Nothing read yet, of a file that is read at `now` (Unix time): no time in it is taken for later. */
export function createReading(now: number): Reading {
  return {
    now,
    version: 0,
    lastAlive: 0,
    alerts: new LuaTable(),
    hosts: new LuaTable(),
    parents: new LuaTable(),
    owners: new LuaTable(),
    stoppedPollers: new LuaTable(),
  };
}

function takeLine(reading: Reading, fields: Fields): void {
  if (fields["alert"] !== undefined) {
    const before = reading.alerts.get(dedupKeyOf(readResource(fields)));
    const alert = readAlert(fields, before, reading);
    reading.alerts.set(alert.dedupKey, alert);
  } else if (fields["alive"] !== undefined) {
    reading.lastAlive = numberOf(fields, "alive");
  } else if (fields["forgotten"] !== undefined) {
    reading.alerts.set(textOf(fields, "forgotten"), undefined);
  } else if (fields["child_id"] !== undefined) {
    const childId = numberOf(fields, "child_id");
    const parentId = numberOf(fields, "parent_id");
    const name = string.format("%d %d", childId, parentId);
    reading.parents.set(name, fields["is_parent"] === true ? { childId, parentId } : undefined);
  } else if (fields["owned_host"] !== undefined) {
    reading.owners.set(numberOf(fields, "owned_host"), optionalNumberOf(fields, "poller_id"));
  } else if (fields["is_stopped"] !== undefined) {
    const isStopped = fields["is_stopped"] === true;
    reading.stoppedPollers.set(numberOf(fields, "poller_id"), isStopped ? true : undefined);
  } else {
    const hostId = numberOf(fields, "host_id");
    reading.hosts.set(hostId, fields["state"] === undefined ? undefined : readHost(fields, reading.now));
  }
}

/** Takes a line in. Gives false when it is not one of ours. */
export function readLine(reading: Reading, line: string): boolean {
  const result = decode(line);
  if (!result.ok || typeof result.value !== "object") return false;
  // A line that is JSON but not what we write: whatever it lacks raises.
  const [isTaken] = pcall(takeLine, reading, result.value as Fields);
  return isTaken;
}

/** The version of the journal that `line` begins; undefined when it begins none that we can read. */
export function versionOf(line: string): number | undefined {
  const result = decode(line);
  if (!result.ok || typeof result.value !== "object") return undefined;
  const fields = result.value as Fields;
  const version = fields["version"];
  const isKnown = version === VERSION || version === VERSION_WITH_CONTENT;
  return fields["journal"] === FORMAT && isKnown ? version : undefined;
}
