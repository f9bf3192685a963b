// PagerDuty's REST API v2, as far as one asks it what became of alerts: who may ask, in which pages, and which incidents
// are meant. What each thing looks like is rest_shapes', what may be set rest_settings'. Knows no sockets and no faults.
import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "./event_rules.js";
import type { Answer } from "./events_api.js";
import { type Incident, type IncidentBook, type Standing, passTime, standingOf } from "./incidents.js";
import { createWindows } from "./rate_limit.js";
import {
  type KeyRights,
  type Resource,
  type RestSettings,
  USUAL_RIGHTS,
  usualRestSettings,
} from "./rest_settings.js";
import { alertShape, incidentShape, noteShape, onCallShape, serviceShape } from "./rest_shapes.js";

/** Of a page, when no other limit is asked for, and at most. */
const USUAL_PAGE = 25;
const LARGEST_PAGE = 100;
/** `offset` and `limit` together. */
const FURTHEST = 10_000;

/** Without `date_range=all`. */
const USUAL_RANGE_MS = 30 * 24 * 3_600_000;

const ACCEPTED_VERSION = "application/vnd.pagerduty+json;version=2";

export interface RestRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
}

export interface RestApi {
  settings: RestSettings;
  /** Answers 200, 400 to 406 or 429. */
  receive: (request: RestRequest) => Answer;
}

/** Gives the REST API of these incidents, as one that nobody has set anything of. */
export function createRestApi(book: IncidentBook, now: () => number): RestApi {
  const windowOf = createWindows();
  const settings = usualRestSettings();

  /** The query of one request, and what its key may see. */
  const view = (query: URLSearchParams, rights: KeyRights) => {
    const isVisible = (serviceId: string): boolean => rights.services?.includes(serviceId) ?? true;
    const wanted = (name: string): ((value: string) => boolean) => {
      const values = query.getAll(`${name}[]`);
      return (value) => values.length === 0 || values.includes(value);
    };
    const past = now() - settings.lag_seconds * 1000;
    const timeOf = (what: RestSettings["lag_of"]): number =>
      settings.lag_of === "everything" || what === "list" ? past : now();
    return { query, isVisible, wanted, timeOf };
  };
  type View = ReturnType<typeof view>;

  const listIncidents = ({ query, isVisible, wanted, timeOf }: View): Answer => {
    const unknown = query
      .getAll("statuses[]")
      .find((status) => !["triggered", "acknowledged", "resolved"].includes(status));
    if (unknown !== undefined) return invalid(`statuses[] cannot be ${unknown}`);
    const order = orderOf(query.get("sort_by"));
    if (order === undefined) return invalid(`sort_by cannot be ${query.get("sort_by") ?? ""}`);
    const at = timeOf("list");
    const since = query.get("date_range") === "all" ? -Infinity : at - USUAL_RANGE_MS;
    const key = query.get("incident_key");
    const [isService, isStatus] = [wanted("service_ids"), wanted("statuses")];
    const found = book.incidents
      .filter(({ service, created }) => isVisible(service.id) && isService(service.id) && created >= since)
      .flatMap((incident) => {
        const standing = standingOf(incident, at);
        return standing === undefined ? [] : [{ incident, standing }];
      })
      .filter(
        ({ standing: { status, members } }) =>
          isStatus(status) && (key === null || members.some(({ alert }) => alert.dedup_key === key)),
      )
      .sort(order);
    return page(query, "incidents", found, ({ incident, standing }) => incidentShape(incident, standing));
  };

  const listAlerts = ({ query, wanted }: View, incident: Incident, standing: Standing): Answer => {
    const key = query.get("alert_key");
    const isStatus = wanted("statuses");
    const found = standing.members.filter(
      ({ alert, isResolved }) =>
        isStatus(isResolved ? "resolved" : "triggered") && (key === null || alert.dedup_key === key),
    );
    return page(query, "alerts", found, (member) => alertShape(incident, member));
  };

  const answerOfIncident = (seen: View, id: string, part: string | undefined): Answer => {
    const incident = book.incidents.find((each) => each.id === id);
    const at = seen.timeOf("everything");
    const standing = incident && standingOf(incident, at);
    if (incident === undefined || standing === undefined || !seen.isVisible(incident.service.id)) {
      return NOT_FOUND;
    }
    switch (part) {
      case undefined:
        return { status: 200, body: { incident: incidentShape(incident, standing) } };
      case "alerts":
        return listAlerts(seen, incident, standing);
      case "notes":
        return {
          status: 200,
          body: { notes: incident.notes.filter((note) => note.at <= at).map(noteShape) },
        };
      default:
        return NOT_FOUND;
    }
  };

  const listServices = ({ query, isVisible }: View): Answer => {
    const isFull = query.getAll("include[]").includes("integrations");
    const statusesOf = (id: string): string[] =>
      [...new Set(book.open.values())]
        .filter(({ service }) => service.id === id)
        .map((incident) => standingOf(incident).status);
    const seen = book.services.all.filter(({ id }) => isVisible(id));
    return page(query, "services", seen, (service) => serviceShape(service, statusesOf(service.id), isFull));
  };

  const listOnCalls = ({ query, isVisible, wanted }: View): Answer => {
    const isPolicy = wanted("escalation_policy_ids");
    const found = book.services.all
      .filter(({ id, escalation_policy_id }) => isVisible(id) && isPolicy(escalation_policy_id))
      .flatMap((service) => service.on_call.map((onCall) => ({ service, onCall })));
    return page(query, "oncalls", found, ({ service, onCall }) => onCallShape(service, onCall, now()));
  };

  const answer = ({ method, path, query, headers }: RestRequest, rights: KeyRights): Answer => {
    const [, resource = "", id, part, ...rest] = path.split("/");
    if (!settings.in_plan) {
      return complaint(402, 2012, "Account does not have the abilities to perform the action.");
    }
    const mayRead = rights.resources.includes(resource as Resource);
    if (!mayRead || (method !== "GET" && rights.access === "read")) {
      return complaint(403, 2010, "Access Denied");
    }
    if (method !== "GET") return complaint(405, 2001, `${method} is not served here`);
    if (headers.accept?.replaceAll(" ", "") !== ACCEPTED_VERSION) {
      return complaint(406, 2001, `Accept must be ${ACCEPTED_VERSION}`);
    }
    const seen = view(query, rights);
    if (resource === "incidents" && id !== undefined && rest.length === 0) {
      return answerOfIncident(seen, id, part);
    }
    if (id !== undefined) return NOT_FOUND;
    switch (resource) {
      case "incidents":
        return listIncidents(seen);
      case "services":
        return listServices(seen);
      default:
        return listOnCalls(seen);
    }
  };

  /** What the key may do; undefined: there is no such key. */
  const rightsOf = (key: string): KeyRights | undefined => {
    if (Object.keys(settings.keys).length === 0) return key === "" ? undefined : USUAL_RIGHTS;
    const rights = Object.hasOwn(settings.keys, key) ? settings.keys[key] : undefined;
    return rights && { ...USUAL_RIGHTS, ...rights };
  };

  return {
    settings,
    receive: (request) => {
      passTime(book, now());
      const key = /^Token token=(.*)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const rights = rightsOf(key);
      if (rights === undefined) return complaint(401, 2006, "Unauthorized");
      const { rate_limit } = settings;
      if (rate_limit === 0) return padded(answer(request, rights), settings.padding_bytes);
      const window = windowOf(key);
      const isAdmitted = window.count(now()) < rate_limit;
      if (isAdmitted) window.add(now());
      const given = isAdmitted
        ? padded(answer(request, rights), settings.padding_bytes)
        : complaint(429, 2020, "Rate Limit Exceeded");
      const headers = {
        "ratelimit-limit": `${rate_limit}`,
        "ratelimit-remaining": `${Math.max(0, rate_limit - window.count(now()))}`,
        "ratelimit-reset": `${Math.ceil(window.untilFree(now()) / 1000)}`,
      };
      return { ...given, headers };
    },
  };
}

function complaint(status: number, code: number, message: string, errors: string[] = []): Answer {
  return { status, body: { error: { message, code, errors } } };
}

const NOT_FOUND = complaint(404, 2100, "Not Found");

function invalid(error: string): Answer {
  return complaint(400, 2001, "Invalid Input Provided", [error]);
}

function padded(answer: Answer, bytes: number): Answer {
  if (bytes === 0) return answer;
  return { ...answer, body: { padding: "x".repeat(bytes), ...(answer.body as JsonObject) } };
}

/** One page of a list, as PagerDuty's classic pagination has it. */
function page<Item>(
  query: URLSearchParams,
  name: string,
  found: readonly Item[],
  shape: (item: Item) => JsonObject,
): Answer {
  const numberOf = (parameter: string, otherwise: number): number => {
    const text = query.get(parameter);
    return text === null ? otherwise : /^\d+$/.test(text) ? Number(text) : NaN;
  };
  const limit = numberOf("limit", USUAL_PAGE);
  const offset = numberOf("offset", 0);
  if (!(limit >= 1 && limit <= LARGEST_PAGE)) return invalid(`limit must be 1 to ${LARGEST_PAGE}`);
  if (!(offset >= 0 && offset + limit <= FURTHEST)) {
    return invalid(`offset and limit together must not exceed ${FURTHEST}`);
  }
  const body = {
    [name]: found.slice(offset, offset + limit).map(shape),
    limit,
    offset,
    total: null,
    more: found.length > offset + limit,
  };
  return { status: 200, body };
}

interface Listed {
  incident: Incident;
  standing: Standing;
}

const ORDERS: Record<string, (listed: Listed) => number> = {
  incident_number: ({ incident }) => incident.number,
  created_at: ({ incident }) => incident.created,
  resolved_at: ({ standing }) => (standing.status === "resolved" ? standing.status_since : Infinity),
  urgency: ({ standing }) => (standing.urgency === "high" ? 1 : 0),
};

/**
 * By the fields that are asked for, such as `incident_number:asc`; undefined: there is no such field. What comes first
 * otherwise is not documented: here what changed last, so that pages shift as they may.
 */
function orderOf(sort_by: string | null): ((left: Listed, right: Listed) => number) | undefined {
  if (sort_by === null) return (left, right) => right.standing.since - left.standing.since;
  const [field = "", direction = "asc", ...rest] = sort_by.split(":");
  const valueOf = Object.hasOwn(ORDERS, field) ? ORDERS[field] : undefined;
  if (valueOf === undefined || !["asc", "desc"].includes(direction) || rest.length > 0) return undefined;
  const sign = direction === "asc" ? 1 : -1;
  return (left, right) => sign * (valueOf(left) - valueOf(right));
}
