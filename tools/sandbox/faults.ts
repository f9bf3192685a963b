// The faults that a test ordered: what they may say, which request they hit, and how often. What a fault then does
// to a connection is exchange's. Random only through seeds, so that a run can be repeated.
import { randomInt } from "node:crypto";
import { APIS, apiOf } from "./addresses.js";
import type { JsonObject } from "./event_rules.js";

/** Each kind with the status it answers unless told otherwise; null: it has no status of its own. */
const DEFAULT_STATUS = {
  status: 503,
  delay: null,
  hang: null,
  drop_before: null,
  drop_after: null,
  reset_before: null,
  redirect: 302,
  garbage: 200,
  endless: 202,
  slow_body: null,
  accept_then_status: 500,
} as const;

export type FaultKind = keyof typeof DEFAULT_STATUS;

/** The longest wait that can be ordered: as long as a sandbox lives unless told otherwise. */
export const MAXIMUM_SECONDS = 3600;

const EVENT_MATCHES = ["dedup_key", "event_action", "routing_key"] as const;
const MATCHES = ["api", "path", ...EVENT_MATCHES, "body_contains"] as const;
type FaultMatch = Partial<Record<(typeof MATCHES)[number], string>>;

export interface Fault {
  kind: FaultKind;
  /** Kinds without a status of their own ignore it. */
  status: number;
  body: string | null;
  headers: Record<string, string>;
  /** Of delay and slow_body. */
  seconds: number;
  /** Requests still to hit; 0: until cleared. */
  times: number;
  match: FaultMatch;
  probability: number;
  seed: number;
}

/** What a fault is matched against; `content` is undefined as long as the body has not been read. */
export interface FaultTarget {
  path: string;
  content: { text: string; event: JsonObject | undefined } | undefined;
  /** Faults whose dice already spared this request. */
  spared: Set<Fault>;
}

export interface FaultList {
  add: (faults: readonly Fault[]) => void;
  /** Those left, in order. */
  list: () => readonly Fault[];
  clear: () => void;
  /**
   * Gives the first fault that hits the request, and uses it up by one. Before the body is read that can only be a
   * reset, and only when no fault before it in the list might take the request by its body.
   */
  take: (target: FaultTarget) => Fault | undefined;
}

/** Gives a list without faults. */
export function createFaultList(): FaultList {
  let entries: { fault: Fault; random: () => number }[] = [];
  return {
    add: (faults) => {
      entries.push(...faults.map((fault) => ({ fault, random: seededRandom(fault.seed) })));
    },
    list: () => entries.map(({ fault }) => fault),
    clear: () => {
      entries = [];
    },
    take: (target) => {
      for (const entry of entries) {
        const { fault } = entry;
        if (target.spared.has(fault) || !matchesAddress(fault.match, target.path)) continue;
        if (target.content === undefined) {
          if (fault.kind !== "reset_before" || needsBody(fault.match)) return undefined;
        } else if (!matchesBody(fault.match, target.content)) continue;
        if (entry.random() >= fault.probability) {
          target.spared.add(fault);
          continue;
        }
        if (fault.times === 1) entries = entries.filter((other) => other !== entry);
        else if (fault.times > 1) fault.times -= 1;
        return fault;
      }
      return undefined;
    },
  };
}

/** Of PagerDuty, unless `api` names another one. A `*` in a path stands for one of its parts. */
function matchesAddress({ api, path }: FaultMatch, asked: string): boolean {
  const askedApi = apiOf(asked);
  if (api === undefined ? askedApi === "centreon" : askedApi !== api) return false;
  if (path === undefined) return true;
  const wanted = path.split("/");
  const given = asked.split("/");
  return wanted.length === given.length && wanted.every((part, index) => ["*", given[index]].includes(part));
}

function needsBody(match: FaultMatch): boolean {
  return MATCHES.some((name) => name !== "api" && name !== "path" && match[name] !== undefined);
}

function matchesBody(match: FaultMatch, content: { text: string; event: JsonObject | undefined }): boolean {
  return (
    EVENT_MATCHES.every((name) => match[name] === undefined || content.event?.[name] === match[name]) &&
    (match.body_contains === undefined || content.text.includes(match.body_contains))
  );
}

/** Mulberry32: uniform in [0, 1), the same row for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What each field may be; a field not named here is a mistake worth a complaint. */
const FIELDS: Record<keyof Fault, { expected: string; allows: (value: unknown) => boolean }> = {
  kind: { expected: `one of ${Object.keys(DEFAULT_STATUS).join(", ")}`, allows: isKind },
  status: { expected: "an integer from 200 to 599", allows: (value) => isInteger(value, 200, 599) },
  body: { expected: "a string", allows: (value) => typeof value === "string" },
  headers: { expected: "an object of header names and values", allows: isHeaders },
  seconds: {
    expected: `a number from 0 to ${MAXIMUM_SECONDS}`,
    allows: (value) => isNumber(value, 0, MAXIMUM_SECONDS),
  },
  times: { expected: "an integer of 0 or more", allows: (value) => isInteger(value, 0, Infinity) },
  match: {
    expected: `an object of strings with ${MATCHES.join(", ")}; api is one of ${APIS.join(", ")}`,
    allows: (value) =>
      isTextRecord(value) &&
      Object.keys(value).every((name) => MATCHES.some((known) => known === name)) &&
      (value["api"] === undefined || APIS.some((api) => api === value["api"])),
  },
  probability: { expected: "a number from 0 to 1", allows: (value) => isNumber(value, 0, 1) },
  seed: { expected: "an integer", allows: (value) => isInteger(value, -Infinity, Infinity) },
};

/** Takes what was posted, one fault or an array; gives the faults with defaults filled in, or all complaints. */
export function parseFaults(
  posted: unknown,
): { ok: true; faults: Fault[] } | { ok: false; errors: string[] } {
  const faults: Fault[] = [];
  const errors: string[] = [];
  for (const given of Array.isArray(posted) ? (posted as unknown[]) : [posted]) {
    if (typeof given !== "object" || given === null) {
      errors.push("a fault is an object");
      continue;
    }
    const complaints = Object.entries(given).flatMap(([name, value]) => {
      const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof Fault] : undefined;
      if (field === undefined) return [`'${name}' is unknown`];
      return field.allows(value) ? [] : [`'${name}' must be ${field.expected}`];
    });
    if (!("kind" in given)) complaints.push(`'kind' must be ${FIELDS.kind.expected}`);
    if (complaints.length > 0) {
      errors.push(...complaints);
      continue;
    }
    // Every field was checked above.
    const { kind, ...settings } = given as Partial<Fault> & Pick<Fault, "kind">;
    faults.push({
      kind,
      status: DEFAULT_STATUS[kind] ?? 200,
      body: null,
      headers: {},
      seconds: 1,
      times: 1,
      match: {},
      probability: 1,
      seed: randomInt(2 ** 31),
      ...settings,
    });
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, faults };
}

function isKind(value: unknown): boolean {
  return typeof value === "string" && Object.hasOwn(DEFAULT_STATUS, value);
}

function isNumber(value: unknown, lowest: number, highest: number): boolean {
  return typeof value === "number" && value >= lowest && value <= highest;
}

function isInteger(value: unknown, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && isNumber(value, lowest, highest);
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

/** Node throws on what can't be a header, when it is too late to complain. */
function isHeaders(value: unknown): boolean {
  if (!isTextRecord(value)) return false;
  return Object.entries(value).every(
    ([name, text]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t -~]*$/.test(text),
  );
}
