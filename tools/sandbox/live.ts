// What the page is told of a sandbox, and when: everything at first, then what differs. Owns the view of incidents and
// of the timeline; knows no HTTP, and nothing of how the page shows it.
import { type JsonObject, parseEvent } from "./event_rules.js";
import {
  type Alert,
  type Incident,
  type LogEntry,
  passTime,
  resourceName,
  routingKeyEnd,
  standingOf,
} from "./incidents.js";
import type { Told, ToldEvent, ToldIncident } from "./page/told.js";
import type { Note, RequestRecord, SandboxState } from "./state.js";

/** How many resolved incidents, and lines of the timeline, a page is told of: what can be looked through. */
const SHOWN = 200;

const MET_NOTHING = "Nothing is open under this key: PagerDuty drops it.";

/** Gives what one page has not been told yet; each page needs a teller of its own. */
export function createTeller(state: SandboxState): () => Told[] {
  /** How each thing was when it was last told of, by its key. */
  const toldAs = new Map<string, string>();
  let api: SandboxState["api"] | undefined;

  return () => {
    const news: Told[] = [];
    // A reset replaces it.
    if (state.api !== api) {
      api = state.api;
      toldAs.clear();
      news.push({ kind: "start" });
    }
    /** Tells of what `version` shows to be new, or to have changed. */
    const tell = (key: string, version: string, make: () => Told): void => {
      if (toldAs.get(key) === version) return;
      toldAs.set(key, version);
      news.push(make());
    };

    const { connector } = state;
    const resources = connector?.resources() ?? [];
    const name = connector?.name ?? null;
    tell("connector", `${name ?? ""} ${resources.length}`, () => ({ kind: "connector", name, resources }));
    const faults = state.faults.list().map(({ kind, status, times }) => ({ kind, status, times }));
    tell("faults", JSON.stringify(faults), () => ({ kind: "faults", faults }));

    passTime(state.api.book, state.now());
    const { incidents, alerts } = state.api.book;
    incidents.forEach((incident, index) => {
      const key = `incident ${index}`;
      const isOld = index < incidents.length - SHOWN && standingOf(incident).status === "resolved";
      if (isOld && !toldAs.has(key)) return;
      tell(key, `${incident.log.length}`, () => tellIncident(key, incident));
    });
    for (const request of state.requests.slice(-SHOWN)) {
      const key = `request ${request.number}`;
      const { bytes, answer, fault, accepted } = request;
      const version = `${bytes} ${answer ?? ""} ${fault ?? ""} ${accepted}`;
      tell(key, version, () => tellRequest(key, request, alerts));
    }
    for (const note of state.notes.slice(-SHOWN)) {
      const key = `note ${note.number}`;
      tell(key, "", () => tellNote(key, note));
    }
    return news;
  };
}

function tellIncident(key: string, incident: Incident): ToldIncident {
  const { number, opened_by, log, notes } = incident;
  const { status, status_by, urgency, members, assignments, merged_into } = standingOf(incident);
  const { severity, summary, source, component, group, timestamp, client, dedup_key } = opened_by;
  const described = { source, component, group, class: opened_by.class, timestamp, client, dedup_key };
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(described)) if (value !== null) fields[name] = value;
  return {
    kind: "incident",
    key,
    number,
    state: status,
    urgency,
    severity,
    summary,
    fields,
    details: opened_by.custom_details ?? {},
    links: (opened_by.links ?? []).flatMap(linkOf),
    createdAt: opened_by.created_at,
    pages: opened_by.pages,
    by: status_by.kind === "person" ? status_by.name : status_by.kind === "service" ? "a timeout" : null,
    assignedTo: assignments.map(({ to }) => to),
    mergedInto: merged_into?.number ?? null,
    alerts: members.map(({ alert: { dedup_key: alertKey, state, summary: text } }) => ({
      dedupKey: alertKey,
      state,
      summary: text,
    })),
    notes: notes.map(({ at, by, content }) => ({ at: new Date(at).toISOString(), by, content })),
    log: log.map((entry) => ({ at: entry.at, words: logEntryInWords(entry) })),
  };
}

/** `trigger, critical`, `merge into #2 by Sam Rivera`. */
function logEntryInWords({ action, severity, what, by, timeout }: LogEntry): string {
  const words = [what === undefined || action === "note" ? action : `${action} ${what}`];
  if (severity !== undefined) words.push(`, ${severity}`);
  if (by !== undefined) words.push(` by ${by}`);
  if (timeout === true) words.push(" by a timeout");
  return words.join("");
}

function linkOf(link: unknown): ToldIncident["links"] {
  if (typeof link !== "object" || link === null) return [];
  const { href, text } = link as JsonObject;
  if (typeof href !== "string") return [];
  return [{ href, text: typeof text === "string" ? text : href }];
}

function tellRequest(key: string, request: RequestRecord, alerts: readonly Alert[]): ToldEvent {
  const { at, method, path, body } = request;
  const event = parseEvent(Buffer.from(body));
  const text = event === undefined ? `${method} ${path}` : eventInWords(event, alerts);
  return {
    kind: "event",
    key,
    at,
    from: "PagerDuty",
    text,
    remark: request.met_nothing ? MET_NOTHING : "",
    ...outcomeOf(request),
  };
}

/** `trigger web-01/Load, critical`. */
function eventInWords(event: JsonObject, alerts: readonly Alert[]): string {
  const { event_action, dedup_key, routing_key, payload } = event;
  // Only a trigger says what it is about: for what follows it, the alert does.
  const opened = alerts.findLast(
    (alert) =>
      alert.dedup_key === dedup_key &&
      typeof routing_key === "string" &&
      alert.routing_key_end === routingKeyEnd(routing_key),
  );
  const described = (typeof payload === "object" && payload !== null ? payload : {}) as JsonObject;
  const name = resourceName(typeof described["source"] === "string" ? described : (opened ?? {}));
  const words = [typeof event_action === "string" ? event_action : "change event", " "];
  words.push(name !== "" ? name : typeof dedup_key === "string" ? dedup_key : "");
  if (typeof described["severity"] === "string") words.push(`, ${described["severity"]}`);
  return words.join("").trimEnd();
}

/** What PagerDuty made of a request, and what it let the sender know. */
function outcomeOf({
  answer,
  fault,
  accepted,
  met_nothing,
}: RequestRecord): Pick<ToldEvent, "outcome" | "tone"> {
  if (answer === 202 && met_nothing) return { outcome: "202, met nothing", tone: "neutral" };
  if (answer === 202 && accepted) return { outcome: "202 accepted", tone: "good" };
  // Without a fault, or with one that only takes time, the answer is still to come.
  if (answer === null && (fault === null || fault === "delay")) return { outcome: "…", tone: "neutral" };
  const said = answer === null ? "no answer" : `${answer}`;
  const belies = accepted || (answer !== null && answer < 300);
  return { outcome: belies ? `${said}, but ${accepted ? "" : "not "}accepted` : said, tone: "bad" };
}

function tellNote(key: string, { at, from, text, remark }: Note): ToldEvent {
  return { kind: "event", key, at, from, text, remark, outcome: "", tone: "neutral" };
}
