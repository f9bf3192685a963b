// All that a sandbox remembers, in one record, and how to forget it. Owns no behaviour beyond that.
import type { IncomingHttpHeaders } from "node:http";
import { type Effect, effectInWords } from "../install/acknowledgements.js";
import type { CentreonApi, CentreonOptions } from "../install/centreon.js";
import { createCentreonApi } from "../install/centreon.js";
import type { Api } from "./addresses.js";
import type { Connector } from "./connector.js";
import type { EventsApi, EventsApiOptions } from "./events_api.js";
import { createEventsApi } from "./events_api.js";
import type { Fault, FaultList } from "./faults.js";
import { createFaultList } from "./faults.js";
import type { PeakMeter } from "./rate_limit.js";
import { createPeakMeter } from "./rate_limit.js";
import type { RestApi } from "./rest_api.js";
import { createRestApi } from "./rest_api.js";

/** One request as GET /sandbox/requests shows it. */
export interface RequestRecord {
  number: number;
  at: string;
  method: string;
  path: string;
  http_version: string;
  connection: number;
  tls: boolean;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: number;
  /** The status sent; null: none. */
  answer: number | null;
  fault: Fault["kind"] | null;
  /** Whether PagerDuty took the event, whatever was answered. */
  accepted: boolean;
  /** Whether it was taken, and met nothing: an acknowledge or resolve without an open incident. */
  met_nothing: boolean;
}

/** A line for the page's timeline that is no request: what Centreon said, a connector says of itself, a person does. */
export interface Note {
  number: number;
  at: string;
  from: "Centreon" | "Connector" | "Responder";
  text: string;
  /** Why nothing may come of it; "": something may. */
  remark: string;
}

/** Whom the sandbox's Centreon knows. */
const CENTREON: CentreonOptions = {
  version: "24.10",
  hasBam: false,
  user: "connector",
  password: "sandbox-password",
  apiToken: "sandbox-api-token",
  pollers: [],
  brokers: [],
  isAdministrator: false,
  mayChangeBrokers: false,
  mayExport: false,
  tellsLuaParameters: true,
  encryption: undefined,
  onRequest: () => undefined,
  onExport: () => undefined,
};

/** How many notes are kept. */
const MOST_NOTES = 1000;

export interface SandboxState {
  /** Milliseconds since 1970, by the sandbox's own clock. */
  now: () => number;
  /** By how much that is ahead of the real time. */
  aheadSeconds: number;
  api: EventsApi;
  rest: RestApi;
  /** Centreon's API, for what the connector tells it. */
  centreon: CentreonApi;
  /** Every request but those to /sandbox, in order of arrival: to the Events API, or to nothing. */
  requests: RequestRecord[];
  /** To the other APIs. */
  otherRequests: Record<Exclude<Api, "events">, RequestRecord[]>;
  faults: FaultList;
  peakMeter: PeakMeter;
  /** Before every answer. */
  latencySeconds: number;
  /** The latest ones, in order. */
  notes: Note[];
  /** Adds a note. */
  note: (from: Note["from"], text: string, remark?: string) => void;
  /** What the page's form sends to; undefined: nothing is attached. */
  connector: Connector | undefined;
  /** What drops each request that a fault left without an end. */
  held: Set<() => void>;
  /** Drops the requests that are held. */
  release: () => void;
  /** Forgets everything but which connector is attached. */
  reset: () => void;
}

/** Gives the state of a sandbox that has seen nothing yet. */
export function createState(options: EventsApiOptions): SandboxState {
  const now = (): number => options.now() + state.aheadSeconds * 1000;
  const noteEffect = (effect: Effect): void => {
    const name = state.connector?.tell(effect);
    if (name !== undefined) state.note("Centreon", effectInWords(effect, name));
  };
  const fresh = () => {
    const api = createEventsApi({ ...options, now });
    return {
      ...empty(),
      api,
      rest: createRestApi(api.book, now),
      centreon: createCentreonApi({ ...CENTREON, onEffect: noteEffect }, now),
    };
  };
  const empty = () => ({
    aheadSeconds: 0,
    requests: [],
    otherRequests: { rest: [], centreon: [] },
    faults: createFaultList(),
    peakMeter: createPeakMeter(),
    latencySeconds: 0,
    notes: [],
  });
  let notesTaken = 0;
  const state: SandboxState = {
    now,
    ...fresh(),
    note: (from, text, remark = "") => {
      notesTaken += 1;
      state.notes.push({ number: notesTaken, at: new Date(state.now()).toISOString(), from, text, remark });
      if (state.notes.length > MOST_NOTES) state.notes.shift();
    },
    connector: undefined,
    held: new Set(),
    release: () => {
      for (const drop of state.held) drop();
    },
    reset: () => {
      state.release();
      Object.assign(state, fresh());
    },
  };
  return state;
}
