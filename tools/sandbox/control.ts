// The sandbox's own endpoints, below /sandbox: looking at what happened, ordering faults, starting over. Owns no
// sockets: a request comes in as method, path, query and text, and an answer goes out as a status and JSON.
import type { Incident } from "./incidents.js";
import { MAXIMUM_SECONDS, parseFaults } from "./faults.js";
import type { SandboxState } from "./state.js";

export interface ControlAnswer {
  status: number;
  body: unknown;
}

interface ControlRequest {
  state: SandboxState;
  query: URLSearchParams;
  /** undefined: what was sent is not JSON. */
  posted: unknown;
}

type Route = (request: ControlRequest) => ControlAnswer;

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
const refused = (errors: string[]): ControlAnswer => ({ status: 400, body: { errors } });

/** By method and path. POST /sandbox/stop is the server's: it ends the process. */
const ROUTES = new Map<string, Route>([
  ["GET /sandbox", ({ state }) => ok(summarize(state))],
  [
    "DELETE /sandbox",
    ({ state }) => {
      state.reset();
      return ok(summarize(state));
    },
  ],
  [
    "GET /sandbox/alerts",
    ({ state, query }) =>
      ok(state.api.book.incidents.filter((incident) => isWanted(incident, query.get("state")))),
  ],
  ["GET /sandbox/requests", ({ state }) => ok(state.requests)],
  ["GET /sandbox/changes", ({ state }) => ok(state.api.changes)],
  ["GET /sandbox/dropped", ({ state }) => ok(state.api.book.dropped)],
  ["GET /sandbox/faults", ({ state }) => ok(state.faults.list())],
  [
    "POST /sandbox/faults",
    ({ state, posted }) => {
      const parsed = parseFaults(posted);
      if (!parsed.ok) return refused(parsed.errors);
      state.faults.add(parsed.faults);
      return ok(state.faults.list());
    },
  ],
  [
    "DELETE /sandbox/faults",
    ({ state }) => {
      state.faults.clear();
      state.release();
      return ok([]);
    },
  ],
  [
    "PUT /sandbox/latency",
    ({ state, posted }) => {
      const seconds =
        typeof posted === "object" && posted !== null && "seconds" in posted ? posted.seconds : undefined;
      if (typeof seconds !== "number" || !(seconds >= 0 && seconds <= MAXIMUM_SECONDS)) {
        return refused([`'seconds' must be a number from 0 to ${MAXIMUM_SECONDS}`]);
      }
      state.latencySeconds = seconds;
      return ok({ seconds });
    },
  ],
]);

/** Answers a request to /sandbox: 200, 400 with errors, or 404. */
export function control(state: SandboxState, method: string, url: string, text: string): ControlAnswer {
  const [path = "", query = ""] = url.split("?", 2);
  const route = ROUTES.get(`${method} ${path}`);
  if (route === undefined) return { status: 404, body: { errors: [`${method} ${path} is unknown`] } };
  return route({ state, query: new URLSearchParams(query), posted: parseJson(text) });
}

function isWanted(incident: Incident, wanted: string | null): boolean {
  if (wanted === "open") return incident.state !== "resolved";
  return wanted === null || incident.state === wanted;
}

function summarize(state: SandboxState): Record<string, number> {
  const { book, counts } = state.api;
  return {
    requests: state.requests.length,
    ...counts,
    incidents: book.incidents.length,
    open: book.open.size,
    pages: book.incidents.reduce((pages, incident) => pages + incident.pages, 0),
    connections: new Set(state.requests.map(({ connection }) => connection)).size,
    most_requests_per_key_in_60_s: state.peakMeter.peak(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
