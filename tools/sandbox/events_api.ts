// PagerDuty's side of one request: what it answers, and what it keeps of it. Knows no sockets and no faults; the
// rules are event_rules', the states incidents'.
import { randomUUID } from "node:crypto";
import type { AlertEvent, ChangeEvent, Checked, JsonObject } from "./event_rules.js";
import { MAXIMUM_BODY_BYTES, checkAlertEvent, checkChangeEvent } from "./event_rules.js";
import type { IncidentBook } from "./incidents.js";
import { applyEvent, createIncidentBook, passTime, routingKeyEnd } from "./incidents.js";
import { createRateLimit } from "./rate_limit.js";

export interface EventsApiOptions {
  /** Requests per routing key and minute; 0: no limit. */
  rateLimit: number;
  /** The keys that exist; none: every well-formed key does. */
  routingKeys: readonly string[];
  /** Milliseconds since 1970; must not go back. */
  now: () => number;
}

export interface EventRequest {
  method: string;
  /** Without the query. */
  path: string;
  contentType: string | undefined;
  bytes: number;
  /** The JSON object in the body; undefined: there is none. */
  event: JsonObject | undefined;
}

export interface Answer {
  status: number;
  /** undefined: it has none. */
  body?: unknown;
  headers?: Record<string, string>;
  /** An acknowledge or resolve that was accepted, and met no open incident. */
  metNothing?: boolean;
}

export interface AcceptedChange extends Omit<ChangeEvent, "routing_key"> {
  at: string;
  routing_key_end: string;
}

export interface EventsApi {
  book: IncidentBook;
  changes: AcceptedChange[];
  counts: { accepted: number; refused: number; throttled: number };
  /** Applies the event if it is accepted, and answers 202, 400, 404, 405, 415 or 429. */
  receive: (request: EventRequest) => Answer;
}

/** Gives a PagerDuty that has seen nothing yet. */
export function createEventsApi({ rateLimit, routingKeys, now }: EventsApiOptions): EventsApi {
  const book = createIncidentBook(routingKeys);
  const changes: AcceptedChange[] = [];
  const counts = { accepted: 0, refused: 0, throttled: 0 };
  const admit = createRateLimit(rateLimit);
  const known = new Set(routingKeys);

  const acceptAlert = (alert: AlertEvent): Answer => {
    passTime(book, now());
    const dedup_key = alert.dedup_key ?? randomUUID().replaceAll("-", "");
    const metNothing = !applyEvent(book, alert, dedup_key, now());
    return { status: 202, body: { status: "success", message: "Event processed", dedup_key }, metNothing };
  };
  const acceptChange = ({ routing_key, ...change }: ChangeEvent): Answer => {
    changes.push({
      at: new Date(now()).toISOString(),
      routing_key_end: routingKeyEnd(routing_key),
      ...change,
    });
    return { status: 202, body: { status: "success", message: "Change event processed" } };
  };

  const judge = <Event extends { routing_key: string }>(
    request: EventRequest,
    check: (event: JsonObject) => Checked<Event>,
    accept: (event: Event) => Answer,
  ): Answer => {
    const { method, contentType, bytes, event } = request;
    if (method !== "POST") return notServed(405, "method not allowed", `${method} is not allowed`);
    if (!/^application\/json\s*(;|$)/i.test(contentType ?? "")) {
      return notServed(415, "unsupported media type", "Content-Type must be application/json");
    }
    if (bytes > MAXIMUM_BODY_BYTES) {
      return invalid([`Event is too large (maximum is ${MAXIMUM_BODY_BYTES} bytes)`]);
    }
    // The words of the real answer, quoted in wazuh/wazuh issue 17540.
    if (event === undefined) {
      return invalid(["JSON parse error"], "Unrecognized object", "Event object format is unrecognized");
    }
    const { routing_key } = event;
    if (typeof routing_key === "string" && !admit(routing_key, now())) return throttled(rateLimit);
    const checked = check(event);
    if (!checked.ok) return invalid(checked.errors);
    if (known.size > 0 && !known.has(checked.event.routing_key)) return invalid(["Invalid routing key"]);
    return accept(checked.event);
  };

  const answer = (request: EventRequest): Answer => {
    switch (request.path) {
      case "/v2/enqueue":
        return judge(request, checkAlertEvent, acceptAlert);
      case "/v2/change/enqueue":
        return judge(request, checkChangeEvent, acceptChange);
      default:
        return notServed(404, "not found", `Nothing is served at ${request.path}`);
    }
  };

  return {
    book,
    changes,
    counts,
    receive: (request) => {
      const answered = answer(request);
      counts[answered.status === 202 ? "accepted" : answered.status === 429 ? "throttled" : "refused"] += 1;
      return answered;
    },
  };
}

function invalid(errors: string[], status = "invalid event", message = "Event object is invalid"): Answer {
  return { status: 400, body: { status, message, errors } };
}

function notServed(statusCode: number, status: string, message: string): Answer {
  return { status: statusCode, body: { status, message, errors: [message] } };
}

function throttled(limit: number): Answer {
  return {
    status: 429,
    body: {
      status: "throttle exceeded",
      message: "Requests for this service are arriving too quickly. Please retry later.",
      errors: [`More than ${limit} requests in 60 seconds`],
    },
  };
}
