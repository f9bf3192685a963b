// What PagerDuty makes of accepted alert events, of what people do, and of the time that passes: one alert per routing
// key and dedup key, from its first trigger to its resolve, and the incidents that alerts are in. Pure bookkeeping: no
// HTTP, no clock of its own, and what arrives is already checked.
import { randomUUID } from "node:crypto";
import type { AlertEvent, JsonObject, Severity, TriggerEvent } from "./event_rules.js";
import type { PersonsAction } from "./people.js";
import { idFrom } from "./references.js";
import { type Service, type ServiceBook, createServiceBook } from "./services.js";

const RANK: Record<Severity, number> = { info: 0, warning: 1, error: 2, critical: 3 };

export type Urgency = "high" | "low";
type Status = "triggered" | "acknowledged" | "resolved";

/** PagerDuty's dynamic notifications: which severities are urgent. */
const URGENCY: Record<Severity, Urgency> = { critical: "high", error: "high", warning: "low", info: "low" };

export interface LogEntry {
  at: string;
  action: AlertEvent["event_action"] | PersonsAction["action"];
  severity?: Severity;
  summary?: string;
  /** The person who did it; absent: an event did, or a timeout. */
  by?: string;
  /** That it was a timeout of the service. */
  timeout?: true;
  /** A note's text, where it was merged, to whom it was given. */
  what?: string;
}

/** One alert as GET /sandbox/alerts shows it, with the standing of its incident. Times are ISO 8601. */
export interface Alert {
  /** Of its incident: from 1, in order of creation. */
  number: number;
  routing_key_end: string;
  dedup_key: string;
  state: Status;
  severity: Severity;
  first_severity: Severity;
  summary: string;
  source: string | null;
  component: string | null;
  group: string | null;
  class: string | null;
  custom_details: JsonObject | null;
  links: unknown[] | null;
  client: string | null;
  client_url: string | null;
  timestamp: string | null;
  created_at: string;
  updated_at: string;
  resolved_at: string | null;
  /** Notifications that it caused. */
  pages: number;
  /** Accepted trigger events. */
  triggers: number;
  log: LogEntry[];
}

/** Who did something: a person, the Events API, or a timeout of the service. */
export type Agent = { kind: "person"; name: string } | { kind: "integration" } | { kind: "service" };

/** An alert's part in an incident; times are milliseconds from here on. */
interface Member {
  id: string;
  /** Routing key and dedup key. */
  identity: string;
  alert: Alert;
  created: number;
  isResolved: boolean;
}

/** How an incident stands from one moment on: never changed, but followed by another one. */
export interface Standing {
  since: number;
  status: Status;
  status_since: number;
  status_by: Agent;
  urgency: Urgency;
  acknowledgements: readonly { at: number; by: Agent }[];
  assignments: readonly { at: number; to: string }[];
  members: readonly Member[];
  /** Whether it ever had more than one alert. */
  isGrouped: boolean;
  merged_into: Incident | null;
}

export interface IncidentNote {
  id: string;
  at: number;
  by: string;
  content: string;
}

export interface Incident {
  id: string;
  /** From 1, in order of creation. */
  number: number;
  service: Service;
  created: number;
  /** The alert that opened it, and gave it its title. */
  opened_by: Alert;
  /** At least one, the latest last: the past is kept for a REST API that lags behind. */
  standings: Standing[];
  notes: IncidentNote[];
  log: LogEntry[];
}

/** An acknowledge or resolve that found no open incident. */
export interface DroppedAction {
  at: string;
  routing_key_end: string;
  dedup_key: string;
  action: "acknowledge" | "resolve";
}

/** A trigger that PagerDuty took, and made no incident of. */
export interface WithheldTrigger {
  at: string;
  routing_key_end: string;
  dedup_key: string;
  why: "disabled" | "maintenance" | "suppressed" | "dropped" | "paused";
}

export interface IncidentBook {
  services: ServiceBook;
  /** In order of creation; a trigger after a resolve adds another one. */
  alerts: Alert[];
  /** In order of creation. */
  incidents: Incident[];
  /** The incidents of alerts that are not resolved, by routing key and dedup key. */
  open: Map<string, Incident>;
  /** What an auto-pause holds back, by routing key and dedup key. */
  paused: Map<string, { event: TriggerEvent; dedup_key: string; until: number }>;
  dropped: DroppedAction[];
  withheld: WithheldTrigger[];
  /** Ids differ from those of every other book: PagerDuty gives none twice. */
  seed: string;
}

/** Gives a book without incidents, and services for these keys. */
export function createIncidentBook(routing_keys: readonly string[] = []): IncidentBook {
  return {
    services: createServiceBook(routing_keys),
    alerts: [],
    incidents: [],
    open: new Map(),
    paused: new Map(),
    dropped: [],
    withheld: [],
    seed: randomUUID(),
  };
}

/** How an incident stands; at an earlier time how it stood then, undefined before it was there. */
export function standingOf(incident: Incident): Standing;
export function standingOf(incident: Incident, at: number): Standing | undefined;
export function standingOf(incident: Incident, at = Infinity): Standing | undefined {
  return incident.standings.findLast(({ since }) => since <= at);
}

/** What of a routing key may be shown: its last four characters. */
export function routingKeyEnd(routing_key: string): string {
  return routing_key.slice(-4);
}

/** `web-01/Load`; "" of what names nothing. */
export function resourceName({ source, component }: { source?: unknown; component?: unknown }): string {
  const names = [source, component].filter((name) => typeof name === "string" && name !== "");
  return [...new Set(names)].join("/");
}

const iso = (at: number): string => new Date(at).toISOString();

/**
 * Applies one accepted event to the book; `dedup_key` is the event's own or the one made for it. Gives whether it met
 * anything: an acknowledge or resolve without an open incident is dropped.
 */
export function applyEvent(book: IncidentBook, event: AlertEvent, dedup_key: string, at: number): boolean {
  const service = book.services.of(event.routing_key);
  // A routing key has a fixed length, so the two together are unambiguous.
  const identity = event.routing_key + dedup_key;
  const isLost = service.state !== "active" || service.events === "drop";
  const incident = isLost ? undefined : book.open.get(identity);
  const member = incident && openMember(incident, identity);
  const shown = { at: iso(at), routing_key_end: routingKeyEnd(event.routing_key), dedup_key };

  if (event.event_action === "trigger") {
    if (incident !== undefined && member !== undefined) {
      triggerAgain(incident, member.alert, event, at);
      return true;
    }
    const why = reasonToWithhold(service);
    if (why === undefined) openAlert(book, event, dedup_key, at);
    else book.withheld.push({ ...shown, why });
    if (why === "paused" && !book.paused.has(identity)) {
      book.paused.set(identity, { event, dedup_key, until: at + service.pause_seconds * 1000 });
    }
    return true;
  }
  if (incident === undefined || member === undefined) {
    if (!isLost && book.paused.has(identity)) {
      if (event.event_action === "resolve") book.paused.delete(identity);
      return true;
    }
    book.dropped.push({ ...shown, action: event.event_action });
    return false;
  }
  const by: Agent = { kind: "integration" };
  const entry: LogEntry = { at: iso(at), action: event.event_action };
  if (event.event_action === "acknowledge") {
    writeLog(incident, entry, [member]);
    acknowledge(incident, by, at);
    return true;
  }
  writeLog(incident, entry, [member]);
  resolveMembers(book, incident, [member], by, at);
  return true;
}

/** Applies what a person does with an incident; gives it, or why that cannot be done. */
export function applyPersonsAction(
  book: IncidentBook,
  done: PersonsAction,
  at: number,
): { ok: true; incident: Incident } | { ok: false; error: string } {
  const incident = openIncident(book, done.incident);
  const cannot = (error: string) => ({ ok: false, error }) as const;
  if (incident === undefined) return cannot(`no incident ${done.incident} is open`);
  const standing = standingOf(incident);
  const { action, by: name } = done;
  const by: Agent = { kind: "person", name };
  const entry: LogEntry = { at: iso(at), action, by: name };
  switch (done.action) {
    case "acknowledge":
      writeLog(incident, entry);
      acknowledge(incident, by, at);
      // Who acknowledges it, has it.
      follow(incident, at, { assignments: [{ at, to: name }] });
      break;
    case "resolve":
      writeLog(incident, entry);
      resolveMembers(book, incident, standing.members, by, at);
      break;
    case "unacknowledge":
      if (standing.status !== "acknowledged") return cannot(`incident ${done.incident} is not acknowledged`);
      writeLog(incident, entry);
      triggerAnew(incident, by, at);
      break;
    case "note":
      writeLog(incident, { ...entry, what: done.note });
      incident.notes.push({
        id: idFrom(`note ${book.seed} ${incident.number} ${incident.notes.length}`),
        at,
        by: name,
        content: done.note,
      });
      break;
    case "merge": {
      const target = done.into === done.incident ? undefined : openIncident(book, done.into);
      if (target === undefined) return cannot(`no other incident ${done.into} is open`);
      writeLog(incident, { ...entry, what: `into #${done.into}` });
      writeLog(target, { ...entry, what: `of #${done.incident}` }, []);
      merge(book, incident, target, by, at);
      break;
    }
    case "reassign":
      writeLog(incident, { ...entry, what: `to ${done.to}` });
      // The new one is notified, and has acknowledged nothing.
      triggerAnew(incident, by, at);
      follow(incident, at, { assignments: [{ at, to: done.to }] });
  }
  return { ok: true, incident };
}

/** When an acknowledgement ends by itself, and when the incident does; null: never. */
export function timeoutsOf(
  { service, created }: Incident,
  { status, acknowledgements }: Standing,
): { unacknowledge: number | null; resolve: number | null } {
  const { acknowledgement_timeout, auto_resolve_timeout } = service;
  const acknowledged = acknowledgements.at(-1)?.at;
  return {
    unacknowledge:
      status !== "acknowledged" || acknowledged === undefined || acknowledgement_timeout === null
        ? null
        : acknowledged + acknowledgement_timeout * 1000,
    resolve:
      status === "resolved" || auto_resolve_timeout === null ? null : created + auto_resolve_timeout * 1000,
  };
}

/** Does what is due by now, in its order: acknowledgements and incidents end, what was paused opens. */
export function passTime(book: IncidentBook, now: number): void {
  for (let due = firstDue(book, now); due !== undefined; due = firstDue(book, now)) due.happen();
}

function firstDue(book: IncidentBook, now: number): { at: number; happen: () => void } | undefined {
  let first: { at: number; happen: () => void } | undefined;
  const offer = (at: number | null, happen: () => void): void => {
    if (at !== null && at <= now && (first === undefined || at < first.at)) first = { at, happen };
  };
  for (const [identity, { event, dedup_key, until }] of book.paused) {
    offer(until, () => {
      book.paused.delete(identity);
      openAlert(book, event, dedup_key, until);
    });
  }
  const hasTimeouts = book.services.all.some(
    ({ acknowledgement_timeout, auto_resolve_timeout }) =>
      acknowledgement_timeout !== null || auto_resolve_timeout !== null,
  );
  if (!hasTimeouts) return first;
  const by: Agent = { kind: "service" };
  for (const incident of new Set(book.open.values())) {
    const standing = standingOf(incident);
    const { unacknowledge, resolve } = timeoutsOf(incident, standing);
    // A timeout may be set when it is already over: what has happened stays before it.
    const notBefore = (at: number | null): number | null => at && Math.max(at, standing.since);
    const unacknowledgeAt = notBefore(unacknowledge);
    const resolveAt = notBefore(resolve);
    offer(unacknowledgeAt, () => {
      const at = unacknowledgeAt ?? now;
      writeLog(incident, { at: iso(at), action: "unacknowledge", timeout: true });
      triggerAnew(incident, by, at);
    });
    offer(resolveAt, () => {
      const at = resolveAt ?? now;
      writeLog(incident, { at: iso(at), action: "resolve", timeout: true });
      resolveMembers(book, incident, standing.members, by, at);
    });
  }
  return first;
}

function reasonToWithhold({ state, events, pause_seconds }: Service): WithheldTrigger["why"] | undefined {
  if (events === "drop") return "dropped";
  if (state !== "active") return state;
  if (events === "suppress") return "suppressed";
  return pause_seconds > 0 ? "paused" : undefined;
}

function openIncident(book: IncidentBook, number: number): Incident | undefined {
  const incident = book.incidents[number - 1];
  return incident !== undefined && standingOf(incident).status !== "resolved" ? incident : undefined;
}

function openMember(incident: Incident, identity: string): Member | undefined {
  return standingOf(incident).members.find((member) => member.identity === identity && !member.isResolved);
}

/** Lets the incident stand differently from now on; what its alerts show follows. */
function follow(incident: Incident, at: number, changes: Partial<Standing>): void {
  const before = standingOf(incident);
  const isNews = changes.status !== undefined && changes.status !== before.status;
  const standing: Standing = { ...before, ...changes, since: at };
  if (isNews) standing.status_since = at;
  else standing.status_by = before.status_by;
  incident.standings.push(standing);
  for (const { alert, isResolved } of standing.members) {
    alert.number = incident.number;
    alert.state = isResolved ? "resolved" : standing.status;
  }
}

/** In the incident's log, and in those of these alerts: all of the incident that are open, unless told otherwise. */
function writeLog(
  incident: Incident,
  entry: LogEntry,
  members: readonly Member[] = standingOf(incident).members.filter(({ isResolved }) => !isResolved),
): void {
  incident.log.push(entry);
  for (const { alert } of members) {
    alert.log.push(entry);
    alert.updated_at = entry.at;
  }
}

function acknowledge(incident: Incident, by: Agent, at: number): void {
  const { acknowledgements } = standingOf(incident);
  const others = acknowledgements.filter((given) => JSON.stringify(given.by) !== JSON.stringify(by));
  follow(incident, at, {
    status: "acknowledged",
    status_by: by,
    acknowledgements: [...others, { at, by }],
  });
}

/** The acknowledgement has ended, or somebody else is to see to it: whoever is assigned is notified. */
function triggerAnew(incident: Incident, by: Agent, at: number): void {
  follow(incident, at, { status: "triggered", status_by: by, acknowledgements: [] });
  incident.opened_by.pages += 1;
}

/** An incident ends with the last of its alerts. */
function resolveMembers(
  book: IncidentBook,
  incident: Incident,
  resolved: readonly Member[],
  by: Agent,
  at: number,
): void {
  for (const { identity, alert, isResolved } of resolved) {
    if (isResolved) continue;
    book.open.delete(identity);
    alert.resolved_at = iso(at);
  }
  const members = standingOf(incident).members.map((member) =>
    resolved.includes(member) ? { ...member, isResolved: true } : member,
  );
  const isOver = members.every(({ isResolved }) => isResolved);
  follow(incident, at, {
    members,
    ...(isOver ? { status: "resolved", status_by: by, acknowledgements: [], assignments: [] } : {}),
  });
}

/** The alerts move to the target; the source is resolved. */
function merge(book: IncidentBook, source: Incident, target: Incident, by: Agent, at: number): void {
  const { members } = standingOf(source);
  for (const { identity, isResolved } of members) if (!isResolved) book.open.set(identity, target);
  follow(source, at, {
    status: "resolved",
    status_by: by,
    acknowledgements: [],
    assignments: [],
    members: [],
    isGrouped: true,
    merged_into: target,
  });
  const standing = standingOf(target);
  follow(target, at, { members: [...standing.members, ...members], isGrouped: true });
}

/** A new alert: in an incident of its own, which pages, or in the one that gathers those of its service. */
function openAlert(book: IncidentBook, event: TriggerEvent, dedup_key: string, at: number): void {
  const service = book.services.of(event.routing_key);
  const gathering =
    service.grouping === "none"
      ? undefined
      : [...book.open.values()].find((incident) => incident.service === service);
  const number = gathering?.number ?? book.incidents.length + 1;
  const alert = alertFrom(event, dedup_key, at, number);
  const identity = event.routing_key + dedup_key;
  const member: Member = {
    id: idFrom(`alert ${book.seed} ${book.alerts.length}`, "incident"),
    identity,
    alert,
    created: at,
    isResolved: false,
  };
  book.alerts.push(alert);
  if (gathering !== undefined) {
    book.open.set(identity, gathering);
    gathering.log.push(...alert.log);
    follow(gathering, at, { members: [...standingOf(gathering).members, member], isGrouped: true });
    return;
  }
  alert.pages = 1;
  const incident: Incident = {
    id: idFrom(`incident ${book.seed} ${number}`, "incident"),
    number,
    service,
    created: at,
    opened_by: alert,
    standings: [
      {
        since: at,
        status: "triggered",
        status_since: at,
        status_by: { kind: "integration" },
        urgency: URGENCY[event.severity],
        acknowledgements: [],
        assignments: service.on_call
          .filter(({ level }) => level === 1)
          .map(({ person }) => ({ at, to: person })),
        members: [member],
        isGrouped: false,
        merged_into: null,
      },
    ],
    notes: [],
    log: [...alert.log],
  };
  book.incidents.push(incident);
  book.open.set(identity, incident);
}

function alertFrom(event: TriggerEvent, dedup_key: string, at: number, number: number): Alert {
  const { event_action: action, routing_key, severity, ...described } = event;
  const created_at = iso(at);
  return {
    number,
    ...described,
    routing_key_end: routingKeyEnd(routing_key),
    dedup_key,
    state: "triggered",
    severity,
    first_severity: severity,
    created_at,
    updated_at: created_at,
    resolved_at: null,
    pages: 0,
    triggers: 1,
    log: [{ at: created_at, action, severity, summary: event.summary }],
  };
}

/** A trigger on an open alert: one log entry, no page. The first trigger's text stays, severity only rises. */
function triggerAgain(incident: Incident, alert: Alert, event: TriggerEvent, at: number): void {
  const entry: LogEntry = {
    at: iso(at),
    action: "trigger",
    severity: event.severity,
    summary: event.summary,
  };
  incident.log.push(entry);
  alert.log.push(entry);
  alert.updated_at = entry.at;
  alert.triggers += 1;
  if (RANK[event.severity] <= RANK[alert.severity]) return;
  alert.severity = event.severity;
  const urgency = URGENCY[event.severity];
  if (urgency === "high" && standingOf(incident).urgency === "low") follow(incident, at, { urgency });
}
