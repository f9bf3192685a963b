// The sandbox's own endpoints, below /sandbox: looking at what happened, ordering faults, starting over. Owns no
// sockets: a request comes in as method, path, query and text, and an answer goes out as a status and JSON.
import { checkInWords, parseCheck } from "./connector.js";
import { MAXIMUM_SECONDS, parseFaults } from "./faults.js";
import { type Incident, applyPersonsAction, resourceName } from "./incidents.js";
import { parsePersonsAction, personsActionInWords } from "./people.js";
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

type Route = (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>;

const ok = (body: unknown): ControlAnswer => ({ status: 200, body });
const refused = (errors: string[]): ControlAnswer => ({ status: 400, body: { errors } });
const impossible = (error: string): ControlAnswer => ({ status: 409, body: { errors: [error] } });

/** By method and path. GET /sandbox/live and POST /sandbox/stop are the server's: a stream, and the process's end. */
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
    "PUT /sandbox/faults",
    ({ state, posted }) => {
      const parsed = parseFaults(posted);
      if (!parsed.ok) return refused(parsed.errors);
      state.faults.clear();
      state.faults.add(parsed.faults);
      state.release();
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
  [
    "POST /sandbox/checks",
    async ({ state, posted }) => {
      const { connector } = state;
      if (connector === undefined) return impossible("no connector is attached: KEEP=1 make demo starts one");
      const parsed = parseCheck(posted);
      if (!parsed.ok) return refused(parsed.errors);
      const remark = connector.remarkOn(parsed.check);
      // Before what comes of it.
      state.note("Centreon", checkInWords(parsed.check), remark);
      try {
        await connector.take(parsed.check);
      } catch (error) {
        return impossible(error instanceof Error ? error.message : String(error));
      }
      return ok({ taken: checkInWords(parsed.check), remark });
    },
  ],
  [
    "POST /sandbox/actions",
    ({ state, posted }) => {
      const parsed = parsePersonsAction(posted);
      if (!parsed.ok) return refused(parsed.errors);
      const at = new Date(state.now()).toISOString();
      const applied = applyPersonsAction(state.api.book, parsed.action, at);
      if (!applied.ok) return impossible(applied.error);
      state.note("Responder", personsActionInWords(parsed.action, resourceName(applied.incident)));
      return ok(applied.incident);
    },
  ],
]);

/** Answers a request to /sandbox: 200; or 400, 404 or 409 with errors. */
export function control(
  state: SandboxState,
  method: string,
  url: string,
  text: string,
): ControlAnswer | Promise<ControlAnswer> {
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
