// The table of everything that can go wrong on the way to PagerDuty: how to make it happen, and what the connector is
// to do about it. Plays nothing: that is faults_spec's.
import type { BrokerSetup, Line } from "../support/brokerhost";
import { encodeJson } from "../support/json";
import { NO_HOST, REFUSING_URL, type SilentServer } from "../support/ports";
import type { Proxy } from "../support/proxy";
import type { Sandbox } from "../support/sandbox";

export type Parameters = NonNullable<BrokerSetup["parameters"]>;

/** What is there to talk to. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  /** Accepts connections and says nothing. */
  readonly silent: SilentServer;
  /** Wants a password. */
  readonly proxy: Proxy;
  /** File of an authority that signed nothing here: the one that is trusted where a way names no other. */
  readonly otherAuthority: string;
}

/**
 * What the connector does about a fault:
 * - accepts: nothing special, it was delivered;
 * - tries again: soon, by itself;
 * - sends less: at once, a shorter form of the event;
 * - quarantines: keeps the event in a file, and goes on with the others;
 * - waits for you: says what to change, and keeps the alert.
 */
export type Reaction = "accepts" | "tries again" | "sends less" | "quarantines" | "waits for you";

export interface Fault {
  readonly name: string;
  /** What the sandbox does to the first trigger. */
  readonly order?: Line;
  /** The order hits whatever comes first, even unread: it needs a sandbox to itself. */
  readonly needsOwnSandbox?: boolean;
  /** Parameters that are part of the way, and right. */
  readonly way?: (this: void, around: Surroundings) => Parameters;
  /** Parameters that are wrong until somebody mends them. */
  readonly wrong?: (this: void, around: Surroundings) => Parameters;
  readonly reaction: Reaction;
  /** What the log must say. */
  readonly says: string;
  /** How many triggers PagerDuty gets to read until all is well. */
  readonly triggers: number;
}

function overTls({ tlsUrl, caFile }: Sandbox): Parameters {
  return { http_server_url: `${tlsUrl}/v2/enqueue`, http_ca_file: caFile };
}

const INVALID_EVENT = {
  kind: "status",
  status: 400,
  body: encodeJson({
    status: "invalid event",
    message: "Event object is invalid",
    errors: ["'payload.group' is too long"],
  }),
};

const UNKNOWN_KEY = {
  kind: "status",
  status: 400,
  body: encodeJson({
    status: "invalid event",
    message: "Invalid routing key",
    errors: ["Invalid routing key"],
  }),
};

/** An answer with this status and an empty body. */
function status(code: number, more: Line = {}): Line {
  return { kind: "status", status: code, body: "", ...more };
}

/** Faults of the connection, the same in both versions of HTTP. */
function connectionFaults(version: string, overHttp: (around: Surroundings) => Parameters): Fault[] {
  const impatient = (around: Surroundings): Parameters => ({ ...overHttp(around), http_timeout: 2 });
  return [
    {
      name: `reset before the request is read (${version})`,
      order: { kind: "reset_before" },
      needsOwnSandbox: true,
      way: overHttp,
      reaction: "tries again",
      says: "was not accepted: ",
      triggers: 1,
    },
    {
      name: `reset after the request (${version})`,
      order: { kind: "reset_before" },
      way: overHttp,
      reaction: "tries again",
      says: "was not accepted: ",
      triggers: 2,
    },
    {
      name: `dropped before it is accepted (${version})`,
      order: { kind: "drop_before" },
      way: overHttp,
      reaction: "tries again",
      says: "was not accepted: ",
      triggers: 2,
    },
    {
      name: `dropped after it was accepted (${version})`,
      order: { kind: "drop_after" },
      way: overHttp,
      reaction: "tries again",
      says: "was not accepted: ",
      triggers: 2,
    },
    {
      name: `no answer (${version})`,
      order: { kind: "hang" },
      way: impatient,
      reaction: "tries again",
      says: "was not accepted: Timeout was reached",
      triggers: 2,
    },
    {
      name: `an answer too late, accepted (${version})`,
      order: { kind: "delay", seconds: 2.5 },
      way: impatient,
      reaction: "tries again",
      says: "was not accepted: Timeout was reached",
      triggers: 2,
    },
    {
      name: `a body that comes slowly (${version})`,
      order: { kind: "slow_body", seconds: 1 },
      way: overHttp,
      reaction: "accepts",
      says: "PagerDuty accepted the trigger",
      triggers: 1,
    },
    {
      name: `a body that comes too slowly, accepted (${version})`,
      order: { kind: "slow_body", seconds: 3 },
      way: impatient,
      reaction: "tries again",
      says: "was not accepted: Timeout was reached",
      triggers: 2,
    },
    {
      name: `a body that never ends (${version})`,
      order: { kind: "endless" },
      way: overHttp,
      reaction: "tries again",
      says: "was not accepted: ",
      triggers: 2,
    },
  ];
}

export const FAULTS: readonly Fault[] = [
  {
    name: "HTTP 202",
    reaction: "accepts",
    says: "PagerDuty accepted the trigger",
    triggers: 1,
  },
  ...[200, 204, 408, 429, 500, 502, 503, 504].map((code): Fault => ({
    name: `HTTP ${code}`,
    order: status(code),
    reaction: "tries again",
    says: `was not accepted: HTTP ${code}`,
    triggers: 2,
  })),
  {
    name: "HTTP 429, Retry-After: 2",
    order: status(429, { headers: { "Retry-After": "2" } }),
    reaction: "tries again",
    says: "the next try is in 3 s",
    triggers: 2,
  },
  {
    name: "HTTP 503, Retry-After: a date",
    order: status(503, { headers: { "Retry-After": "Wed, 21 Oct 2065 07:28:00 GMT" } }),
    reaction: "tries again",
    says: "the next try is in 1 s",
    triggers: 2,
  },
  {
    name: "HTTP 500 though it was accepted",
    order: { kind: "accept_then_status" },
    reaction: "tries again",
    says: "was not accepted: HTTP 500",
    triggers: 2,
  },
  {
    name: "HTTP 200, a body that is not JSON",
    order: { kind: "garbage" },
    reaction: "tries again",
    says: "was not accepted: HTTP 200: <html>",
    triggers: 2,
  },
  {
    name: "HTTP 400, an invalid event",
    order: INVALID_EVENT,
    reaction: "sends less",
    says: "Event object is invalid: 'payload.group' is too long; sending it again in its slim form",
    triggers: 2,
  },
  {
    name: "HTTP 400, invalid in its slim form too",
    order: { ...INVALID_EVENT, times: 2 },
    reaction: "sends less",
    says: "sending it again in its bare form",
    triggers: 3,
  },
  {
    name: "HTTP 400, invalid in every form",
    order: { ...INVALID_EVENT, times: 3 },
    reaction: "quarantines",
    says: "for good: HTTP 400: Event object is invalid: 'payload.group' is too long",
    triggers: 3,
  },
  {
    name: "HTTP 400, a body that is not JSON",
    order: { kind: "garbage", status: 400 },
    reaction: "sends less",
    says: "HTTP 400: <html>",
    triggers: 2,
  },
  ...[413, 414, 422, 431].map((code): Fault => ({
    name: `HTTP ${code}`,
    order: status(code),
    reaction: "sends less",
    says: "sending it again in its slim form",
    triggers: 2,
  })),
  ...[409, 421, 425, 451].map((code): Fault => ({
    name: `HTTP ${code}, which speaks of the moment`,
    order: status(code),
    reaction: "tries again",
    says: `was not accepted: HTTP ${code}`,
    triggers: 2,
  })),
  {
    name: "HTTP 400, a routing key that PagerDuty does not know",
    order: UNKNOWN_KEY,
    reaction: "waits for you",
    says: "check pdy_routing_key",
    triggers: 2,
  },
  ...[401, 403].map((code): Fault => ({
    name: `HTTP ${code}`,
    order: status(code),
    reaction: "waits for you",
    says: "check pdy_routing_key",
    triggers: 2,
  })),
  ...[404, 405].map((code): Fault => ({
    name: `HTTP ${code}`,
    order: status(code),
    reaction: "waits for you",
    says: "check http_server_url, and check pdy_routing_key",
    triggers: 2,
  })),
  {
    name: "HTTP 402",
    order: status(402),
    reaction: "waits for you",
    says: "check the PagerDuty account",
    triggers: 2,
  },
  {
    name: "HTTP 407",
    order: status(407),
    reaction: "waits for you",
    says: "check the user and password in http_proxy_string",
    triggers: 2,
  },
  ...[301, 302, 307].map((code): Fault => ({
    name: `HTTP ${code}, a redirect`,
    order: { kind: "redirect", status: code },
    reaction: "waits for you",
    says: "it is a redirect: check http_server_url",
    triggers: 2,
  })),
  {
    name: "a name that does not resolve",
    wrong: () => ({ http_server_url: `https://${NO_HOST}/v2/enqueue` }),
    reaction: "tries again",
    says: "was not accepted: Couldn't resolve host name",
    triggers: 1,
  },
  {
    name: "connection refused",
    wrong: () => ({ http_server_url: `${REFUSING_URL}/v2/enqueue` }),
    reaction: "tries again",
    says: "was not accepted: Couldn't connect to server",
    triggers: 1,
  },
  {
    name: "connects, and says nothing",
    wrong: ({ silent }) => ({
      http_server_url: `http://127.0.0.1:${silent.port}/v2/enqueue`,
      http_timeout: 2,
    }),
    reaction: "tries again",
    says: "was not accepted: Timeout was reached",
    triggers: 1,
  },
  {
    name: "connects, and says nothing to TLS",
    wrong: ({ silent }) => ({
      http_server_url: `https://127.0.0.1:${silent.port}/v2/enqueue`,
      http_connect_timeout: 2,
    }),
    reaction: "tries again",
    says: "was not accepted: ",
    triggers: 1,
  },
  {
    name: "TLS: the server speaks none",
    wrong: ({ sandbox }) => ({
      http_server_url: string.gsub(`${sandbox.url}/v2/enqueue`, "^http", "https")[0],
    }),
    reaction: "tries again",
    says: "was not accepted: SSL connect error",
    triggers: 1,
  },
  {
    name: "TLS: an authority that nobody knows",
    wrong: ({ sandbox }) => ({ http_server_url: `${sandbox.tlsUrl}/v2/enqueue` }),
    reaction: "waits for you",
    says: "check that http_ca_file or http_ca_path has the authority",
    triggers: 1,
  },
  ...connectionFaults("HTTP/1.1", () => ({})),
  ...connectionFaults("HTTP/2", ({ sandbox }) => overTls(sandbox)),
  {
    name: "proxy: connection refused",
    wrong: () => ({ http_proxy_string: REFUSING_URL }),
    reaction: "tries again",
    says: "was not accepted: Couldn't connect to server (COULDNT_CONNECT; a proxy is set)",
    triggers: 1,
  },
  {
    name: "proxy: wants a password",
    wrong: ({ sandbox, proxy }) => ({
      ...overTls(sandbox),
      http_proxy_string: `http://127.0.0.1:${proxy.port}`,
    }),
    reaction: "waits for you",
    says: "the proxy answered HTTP 407 to CONNECT; check the user and password in http_proxy_string",
    triggers: 1,
  },
];
