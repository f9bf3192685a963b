// The sandbox's own endpoints, below /sandbox: looking at what happened, ordering faults, starting over. Owns no
// sockets: a request comes in as method, path, query and text, and an answer goes out as a status and JSON.
import { type Effect, changeSettings, eventsOf } from "../install/acknowledgements.js";
import { checkInWords, parseCheck } from "./connector.js";
import { MAXIMUM_SECONDS, parseFaults } from "./faults.js";
import { type Alert, applyPersonsAction, passTime, resourceName } from "./incidents.js";
import { parsePersonsAction, personsActionInWords } from "./people.js";
import { parseRestSettings } from "./rest_settings.js";
import { parseServiceChange } from "./services.js";
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
    ({ state, query }) => ok(state.api.book.alerts.filter((alert) => isWanted(alert, query.get("state")))),
  ],
  ["GET /sandbox/requests", ({ state }) => ok(state.requests)],
  ["GET /sandbox/rest_requests", ({ state }) => ok(state.otherRequests.rest)],
  ["GET /sandbox/centreon_requests", ({ state }) => ok(state.otherRequests.centreon)],
  ["GET /sandbox/changes", ({ state }) => ok(state.api.changes)],
  ["GET /sandbox/dropped", ({ state }) => ok(state.api.book.dropped)],
  ["GET /sandbox/withheld", ({ state }) => ok(state.api.book.withheld)],
  ["GET /sandbox/services", ({ state }) => ok(state.api.book.services.all)],
  [
    "PUT /sandbox/services",
    ({ state, posted }) => {
      const parsed = parseServiceChange(posted);
      return parsed.ok ? ok(state.api.book.services.change(parsed.change)) : refused(parsed.errors);
    },
  ],
  ["GET /sandbox/rest", ({ state }) => ok(state.rest.settings)],
  [
    "PUT /sandbox/rest",
    ({ state, posted }) => {
      const parsed = parseRestSettings(posted);
      return parsed.ok ? ok(Object.assign(state.rest.settings, parsed.settings)) : refused(parsed.errors);
    },
  ],
  ["GET /sandbox/centreon", ({ state }) => ok(state.centreon.acknowledgements.settings)],
  [
    "PUT /sandbox/centreon",
    ({ state, posted }) => {
      const { settings } = state.centreon.acknowledgements;
      const complaints = changeSettings(settings, posted);
      return complaints.length > 0 ? refused(complaints) : ok(settings);
    },
  ],
  ["GET /sandbox/centreon_effects", ({ state, query }) => ok(effectsAfter(state, query))],
  [
    "GET /sandbox/centreon_events",
    ({ state, query }) => {
      const protocol = Number(query.get("protocol") ?? "3");
      if (protocol !== 2 && protocol !== 3) return refused(["'protocol' must be 2 or 3"]);
      return ok(effectsAfter(state, query).flatMap((effect) => eventsOf(effect, protocol)));
    },
  ],
  ["GET /sandbox/clock", ({ state }) => ok(clockOf(state))],
  [
    "POST /sandbox/clock",
    ({ state, posted }) => {
      const seconds = secondsIn(posted, "advance_seconds");
      if (seconds === undefined) return refused(["'advance_seconds' must be a number, 0 or more"]);
      state.aheadSeconds += seconds;
      passTime(state.api.book, state.now());
      return ok(clockOf(state));
    },
  ],
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
      const seconds = secondsIn(posted, "seconds");
      if (seconds === undefined || seconds > MAXIMUM_SECONDS) {
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
      const applied = applyPersonsAction(state.api.book, parsed.action, state.now());
      if (!applied.ok) return impossible(applied.error);
      const { opened_by } = applied.incident;
      state.note("Responder", personsActionInWords(parsed.action, resourceName(opened_by)));
      return ok(opened_by);
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
  passTime(state.api.book, state.now());
  return route({ state, query: new URLSearchParams(query), posted: parseJson(text) });
}

function isWanted({ state }: Alert, wanted: string | null): boolean {
  if (wanted === "open") return state !== "resolved";
  return wanted === null || state === wanted;
}

/** What took effect in Centreon after the one with the number `after`. */
function effectsAfter({ centreon }: SandboxState, query: URLSearchParams): Effect[] {
  return centreon.acknowledgements.effects.slice(Number(query.get("after") ?? "0"));
}

function clockOf({ now, aheadSeconds }: SandboxState) {
  return { now: new Date(now()).toISOString(), ahead_seconds: aheadSeconds };
}

/** A number of 0 or more among what was posted; undefined: there is none. */
function secondsIn(posted: unknown, name: string): number | undefined {
  if (typeof posted !== "object" || posted === null) return undefined;
  const seconds = (posted as Record<string, unknown>)[name];
  return typeof seconds === "number" && seconds >= 0 ? seconds : undefined;
}

function summarize(state: SandboxState): Record<string, number> {
  const { book, counts } = state.api;
  return {
    requests: state.requests.length,
    ...counts,
    incidents: book.incidents.length,
    open: new Set(book.open.values()).size,
    pages: book.alerts.reduce((pages, alert) => pages + alert.pages, 0),
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
