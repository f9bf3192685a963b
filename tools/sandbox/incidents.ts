// What PagerDuty makes of accepted alert events, and of what people do: one incident per routing key and dedup key, from
// its first trigger to its resolve. Pure bookkeeping: no HTTP, no clock of its own, and what arrives is already checked.
import type { AlertEvent, JsonObject, Severity, TriggerEvent } from "./event_rules.js";
import type { PersonsAction } from "./people.js";

const RANK: Record<Severity, number> = { info: 0, warning: 1, error: 2, critical: 3 };

export interface LogEntry {
  at: string;
  action: AlertEvent["event_action"];
  severity?: Severity;
  summary?: string;
  /** The person who did it; absent: an event did. */
  by?: string;
}

/** One incident as GET /sandbox/alerts shows it. Times are ISO 8601. */
export interface Incident {
  /** From 1, in order of creation. */
  number: number;
  routing_key_end: string;
  dedup_key: string;
  state: "triggered" | "acknowledged" | "resolved";
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
  /** Notifications that this incident caused. */
  pages: number;
  /** Accepted trigger events. */
  triggers: number;
  log: LogEntry[];
}

/** An acknowledge or resolve that found no open incident. */
export interface DroppedAction {
  at: string;
  routing_key_end: string;
  dedup_key: string;
  action: "acknowledge" | "resolve";
}

export interface IncidentBook {
  /** In order of creation; a trigger after a resolve adds another one. */
  incidents: Incident[];
  /** The incidents not resolved, by routing key and dedup key. */
  open: Map<string, Incident>;
  dropped: DroppedAction[];
}

/** Gives a book without incidents. */
export function createIncidentBook(): IncidentBook {
  return { incidents: [], open: new Map(), dropped: [] };
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

/**
 * Applies one accepted event to the book; `dedup_key` is the event's own or the one made for it, `at` ISO 8601. Gives
 * whether it met anything: an acknowledge or resolve without an open incident is dropped.
 */
export function applyEvent(book: IncidentBook, event: AlertEvent, dedup_key: string, at: string): boolean {
  // A routing key has a fixed length, so the two together are unambiguous.
  const identity = event.routing_key + dedup_key;
  const incident = book.open.get(identity);
  if (event.event_action === "trigger") {
    if (incident !== undefined) {
      triggerAgain(incident, event, at);
      return true;
    }
    const opened = openIncident(event, dedup_key, at, book.incidents.length + 1);
    book.incidents.push(opened);
    book.open.set(identity, opened);
    return true;
  }
  if (incident === undefined) {
    const routing_key_end = routingKeyEnd(event.routing_key);
    book.dropped.push({ at, routing_key_end, dedup_key, action: event.event_action });
    return false;
  }
  advance(book, identity, incident, { at, action: event.event_action });
  return true;
}

/** Applies what a person does with an incident; gives it, or why that cannot be done. */
export function applyPersonsAction(
  book: IncidentBook,
  { incident: number, action, by }: PersonsAction,
  at: string,
): { ok: true; incident: Incident } | { ok: false; error: string } {
  const found = [...book.open].find(([, open]) => open.number === number);
  if (found === undefined) return { ok: false, error: `no incident ${number} is open` };
  advance(book, ...found, { at, action, by });
  return { ok: true, incident: found[1] };
}

/** An acknowledge or resolve of an open incident, whoever did it. */
function advance(book: IncidentBook, identity: string, incident: Incident, entry: LogEntry): void {
  incident.updated_at = entry.at;
  incident.log.push(entry);
  if (entry.action === "acknowledge") {
    incident.state = "acknowledged";
    return;
  }
  incident.state = "resolved";
  incident.resolved_at = entry.at;
  book.open.delete(identity);
}

function openIncident(event: TriggerEvent, dedup_key: string, at: string, number: number): Incident {
  const { event_action: action, routing_key, severity, ...described } = event;
  return {
    number,
    ...described,
    routing_key_end: routingKeyEnd(routing_key),
    dedup_key,
    state: "triggered",
    severity,
    first_severity: severity,
    created_at: at,
    updated_at: at,
    resolved_at: null,
    pages: 1,
    triggers: 1,
    log: [{ at, action, severity, summary: event.summary }],
  };
}

/** A trigger on an open incident: one log entry, no page. The first trigger's text stays, severity only rises. */
function triggerAgain(incident: Incident, event: TriggerEvent, at: string): void {
  incident.updated_at = at;
  incident.triggers += 1;
  incident.log.push({ at, action: "trigger", severity: event.severity, summary: event.summary });
  if (RANK[event.severity] > RANK[incident.severity]) incident.severity = event.severity;
}
