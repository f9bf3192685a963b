// PagerDuty's REST API for specs, within the process: the incidents that the spec says, in the documented form, and a book
// whose alerts are asked for there. The clock, and each answer, wait for the spec.
import { type Alert, dedupKeyOf } from "../../src/alerts/alert";
import type { BookPorts, BookSettings } from "../../src/alerts/book";
import type { GetEnded, GetOutcome } from "../../src/delivery/transport";
import type { PersonsAcknowledgement } from "../../src/feedback/carry";
import { type Feedback, type FeedbackSettings, createFeedback } from "../../src/feedback/feedback";
import { type Watching, createOrphanWatch } from "../../src/feedback/orphan_watch";
import { createRestApi } from "../../src/feedback/rest_api";
import { encodeJson } from "./json";
import { type Scene, createScene } from "./scene";

export const SERVICE_ID = "PSERVICE";
const ROUTING_KEY = "0123456789abcdef0123456789abcdef";
/** As PagerDuty writes times. */
export const CREATED_AT = "2026-11-26T12:00:00Z";
export const LATER = "2026-11-26T12:30:00Z";

export type Json = Readonly<Record<string, unknown>>;

export const SAM: Json = { type: "user_reference", summary: "Sam Rivera" };
export const INTEGRATION: Json = { type: "events_api_v2_inbound_integration_reference", summary: "Events" };
export const SERVICE: Json = { type: "service_reference", summary: "Web" };

/** An incident as the API gives it: of one alert with that key and triggered, but for what is said. */
export function incidentOf(key: string, some: Json = {}): Json {
  return {
    id: `Q${key}`,
    incident_number: 1234,
    html_url: `https://example.pagerduty.com/incidents/Q${key}`,
    title: `${key} is in trouble`,
    status: "triggered",
    incident_key: key,
    service: { id: SERVICE_ID, summary: "Web" },
    created_at: CREATED_AT,
    last_status_change_at: CREATED_AT,
    last_status_change_by: INTEGRATION,
    alert_counts: { all: 1, triggered: some["status"] === "resolved" ? 0 : 1, resolved: 0 },
    acknowledgements: [],
    assignments: [],
    ...some,
  };
}

export function acknowledged(by: Json, at = LATER): Json {
  return { status: "acknowledged", acknowledgements: [{ at, acknowledger: by }] };
}

export function resolved(by: Json): Json {
  return { status: "resolved", last_status_change_at: LATER, last_status_change_by: by };
}

export function merged(into: string): Json {
  return { ...resolved(SAM), resolve_reason: { type: "merge_resolve_reason", incident: { id: `Q${into}` } } };
}

/** An incident that several alerts are in. */
export function grouped(name: string, all: number, triggered: number, some: Json = {}): Json {
  const counts = { all, triggered, resolved: all - triggered };
  const { incident_key: _, ...others } = incidentOf(name, some);
  return { ...others, alert_counts: counts };
}

export function alertIn(key: string, some: Json = {}): Json {
  return { id: `A${key}`, alert_key: key, status: "triggered", created_at: CREATED_AT, ...some };
}

export interface Asked {
  readonly scene: Scene;
  readonly feedback: Feedback;
  readonly watching: Watching;
  /** What there is, by the names of the incidents' ids. */
  readonly incidents: Json[];
  /** Alerts and notes of incidents, by path, such as "/incidents/Q1/alerts". */
  readonly lists: Record<string, Json[] | undefined>;
  /** What answers these paths in the place of the truth. */
  readonly answers: Record<string, GetOutcome | undefined>;
  readonly services: Json[];
  /** The book's actions are sent, and PagerDuty takes them; gives them. The incidents are the spec's to change. */
  readonly sent: (this: void) => string[];
  /** Passes a minute and a second, and goes through the round that begins then. */
  readonly round: (this: void) => void;
  /** Begins a round, without a word of PagerDuty's yet. */
  readonly begin: (this: void) => void;
  /** Answers one request, and reads the answer. */
  readonly answer: (this: void) => void;
  readonly finish: (this: void) => void;
  /** The paths, with their queries, that were asked for since the last call. */
  readonly requests: (this: void) => string[];
  readonly lines: string[];
  readonly warnings: string[];
  readonly carried: PersonsAcknowledgement[];
  readonly takenBack: string[];
  readonly resolvedOrphans: string[];
  readonly journaled: string[];
  readonly quiet: { isQuiet: boolean };
}

function unescaped(text: string): string {
  return string.gsub(text, "%%(%x%x)", (digits) => string.char(tonumber(digits, 16) ?? 0))[0];
}

export function createAsked(
  some: Partial<FeedbackSettings> = {},
  bookSettings: Partial<BookSettings> = {},
  bookPorts: Partial<BookPorts> = {},
): Asked {
  const watching: Watching = createOrphanWatch(() => scene.now());
  const scene = createScene(
    { keepsReportsOfOpen: true, ...bookSettings },
    { awaited: watching, ...bookPorts },
  );
  const incidents: Json[] = [];
  const lists: Record<string, Json[] | undefined> = {};
  const answers: Record<string, GetOutcome | undefined> = {};
  const services: Json[] = [
    { id: SERVICE_ID, name: "Web", integrations: [{ id: "P1" }, { integration_key: ROUTING_KEY }] },
  ];
  const lines: string[] = [];
  const warnings: string[] = [];
  const carried: PersonsAcknowledgement[] = [];
  const takenBack: string[] = [];
  const resolvedOrphans: string[] = [];
  const journaled: string[] = [];
  const quiet = { isQuiet: false };
  let requests: string[] = [];
  let waiting: { readonly url: string; readonly ended: GetEnded } | undefined;

  const get = (url: string, _: readonly string[], ended: GetEnded): void => {
    if (waiting !== undefined) error("two requests at a time");
    requests.push(url);
    waiting = { url, ended };
  };

  const feedback = createFeedback(
    {
      interval: 60,
      routingKeys: { default: ROUTING_KEY },
      dedupPrefix: "",
      serviceIds: [],
      reopen: "always",
      resolvesOrphans: false,
      ...some,
    },
    {
      api: createRestApi("", "secret", get),
      now: scene.now,
      find: scene.book.findAlert,
      eachAlert: scene.book.eachAlert,
      isOfQuietPoller: () => quiet.isQuiet,
      learnt: scene.book.learnt,
      noted: ({ dedupKey }) => journaled.push(dedupKey),
      resolveUnknown: (resource, route) => resolvedOrphans.push(`${dedupKeyOf(resource)} by ${route}`),
      watching,
      carry: {
        acknowledged: (acknowledgement) => carried.push(acknowledgement),
        unacknowledged: ({ dedupKey }) => takenBack.push(dedupKey),
      },
      info: (text) => lines.push(text),
      warning: (text) => warnings.push(text),
    },
  );

  const page = (name: string, items: readonly Json[], query: string): GetOutcome => {
    const numberOf = (field: string): number => tonumber(string.match(query, `${field}=(%d+)`)[0]) ?? 0;
    const [limit, offset] = [numberOf("limit"), numberOf("offset")];
    const shown = items.slice(offset, offset + limit).map((item) => encodeJson(item));
    const more = items.length > offset + limit ? "true" : "false";
    const body = `{"${name}":[${table.concat(shown, ",")}],"limit":${limit},"offset":${offset},"total":null,"more":${more}}`;
    return { kind: "answered", status: 200, body, retryAfter: undefined };
  };

  const open = (query: string): Json[] =>
    incidents.filter(({ status, service }) => {
      const [wanted] = string.match(query, "service_ids%[%]=(%w+)");
      const isWanted = wanted === undefined || wanted === (service as Json)["id"];
      return isWanted && status !== "resolved";
    });

  const outcomeOf = (url: string): GetOutcome => {
    const [path, escaped] = string.match(url, "^([^?]*)%??(.*)$");
    const query = unescaped(escaped ?? "");
    const known = answers[path ?? ""];
    if (known !== undefined) return known;
    if (path === "/services") return page("services", services, query);
    if (path === "/incidents") return page("incidents", open(query), query);
    const [part] = string.match(path ?? "", "/(%w+)$");
    const list = lists[path ?? ""];
    if (list !== undefined && part !== undefined) return page(part, list, query);
    if (part === "notes") return page("notes", [], query);
    const incident = incidents.find(({ id }) => path === `/incidents/${id as string}`);
    if (incident === undefined) return { kind: "answered", status: 404, body: "", retryAfter: undefined };
    const body = `{"incident":${encodeJson(incident)}}`;
    return { kind: "answered", status: 200, body, retryAfter: undefined };
  };

  const turnAll = (): void => {
    while (feedback.turn(1000));
  };

  const answer = (): void => {
    const asked = waiting ?? error("nothing is asked for");
    waiting = undefined;
    asked.ended(outcomeOf(asked.url));
    turnAll();
  };

  const begin = (): void => {
    scene.pass(61);
    feedback.look();
    turnAll();
  };

  const finish = (): void => {
    while (waiting !== undefined) answer();
    if (feedback.isUnderWay()) error("the round does not end");
  };

  return {
    scene,
    feedback,
    watching,
    incidents,
    lists,
    answers,
    services,
    sent: () => {
      const sent = scene.sent();
      for (const text of sent) {
        const [dedupKey] = string.match(text, "(%S+)$");
        feedback.actionEnded({ dedupKey: dedupKey ?? "" } as Alert);
      }
      return sent;
    },
    begin,
    answer,
    finish,
    round: () => {
      begin();
      finish();
    },
    requests: () => {
      const taken = requests.map((url) => unescaped(url));
      requests = [];
      return taken;
    },
    lines,
    warnings,
    carried,
    takenBack,
    resolvedOrphans,
    journaled,
    quiet,
  };
}
