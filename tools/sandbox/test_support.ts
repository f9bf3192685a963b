// What the sandbox's tests share: a sandbox of their own, events to send, and clients for HTTP/1.1, TLS and HTTP/2
// that tell exactly how an exchange ended. Owns no assertion about the sandbox.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { JsonObject } from "./event_rules.js";
import { startSandbox } from "./server.js";
import type { Sandbox, SandboxOptions } from "./server.js";

export const KEY = "0123456789abcdef0123456789abcdef";
export const OTHER_KEY = "fedcba9876543210fedcba9876543210";

/** A trigger that PagerDuty accepts, with the given fields instead of its own. */
export function trigger(dedup_key: string, changes: JsonObject = {}): JsonObject {
  const payload = { summary: "db01: DOWN", source: "db01", severity: "critical" };
  return { routing_key: KEY, event_action: "trigger", dedup_key, payload, ...changes };
}

export function followUp(event_action: string, dedup_key: string, routing_key = KEY): JsonObject {
  return { routing_key, event_action, dedup_key };
}

export interface TestSandbox extends Sandbox {
  ca: Buffer;
}

/** Starts a sandbox that ends with the test. */
export async function sandboxFor(
  context: TestContext,
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const tlsDir = await mkdtemp(join(tmpdir(), "sandbox-test-"));
  const sandbox = await startSandbox({
    port: 0,
    tlsPort: 0,
    tlsDir,
    http2: true,
    rateLimit: 120,
    routingKeys: [],
    now: Date.now,
    onStop: () => undefined,
    ...options,
  });
  context.after(async () => {
    await sandbox.close();
    await rm(tlsDir, { recursive: true });
  });
  return { ...sandbox, ca: await readFile(sandbox.ca_file) };
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** Parts in which the body came, and the milliseconds from the first to the last. */
  parts: number;
  spread: number;
}

/** What to send; a body that is not text or bytes goes out as JSON. */
export interface Sending {
  method?: string;
  path?: string;
  body?: unknown;
  headers?: http.OutgoingHttpHeaders;
  agent?: http.Agent;
  signal?: AbortSignal;
}

/** Sends one request; rejects with the socket's own error when there is no whole answer. */
export type Client = (sending: Sending) => Promise<Reply>;

function readyToSend({ method = "POST", path = "/v2/enqueue", body, headers = {} }: Sending) {
  const bytes = typeof body === "string" || body instanceof Buffer ? body : JSON.stringify(body ?? "");
  return { method, path, bytes, headers: { "content-type": "application/json", ...headers } };
}

async function replyFrom(
  stream: Readable,
  status: number,
  headers: http.IncomingHttpHeaders,
): Promise<Reply> {
  const chunks: Buffer[] = [];
  const times: number[] = [];
  stream.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    times.push(performance.now());
  });
  await once(stream, "end");
  const spread = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return { status, headers, body: Buffer.concat(chunks).toString(), parts: chunks.length, spread };
}

/** A promise that rejects when nothing happens for ten seconds. */
async function bounded(
  start: (resolve: (reply: Reply) => void, reject: (reason: Error) => void) => void,
): Promise<Reply> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(reject, 10_000, new Error("neither an answer nor an error within 10 s"));
      start(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

export function plainClient(sandbox: TestSandbox): Client {
  return (sending) => sendHttp1(sandbox.url, http.request, {}, sending);
}

export function tlsClient(sandbox: TestSandbox): Client {
  return (sending) => sendHttp1(sandbox.tls_url, https.request, { ca: sandbox.ca }, sending);
}

function sendHttp1(
  url: string,
  request: (url: string, options: https.RequestOptions) => http.ClientRequest,
  options: https.RequestOptions,
  sending: Sending,
): Promise<Reply> {
  const { method, path, bytes, headers } = readyToSend(sending);
  const { agent = false, signal } = sending;
  const sent = request(url + path, { ...options, method, headers, agent, ...(signal && { signal }) });
  return bounded((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      replyFrom(response, response.statusCode ?? 0, response.headers).then(resolve, reject);
    });
    sent.end(bytes);
  });
}

/** A session of its own for every request. */
export function http2Client(sandbox: TestSandbox): Client {
  return async (sending) => {
    const session = http2.connect(sandbox.tls_url, { ca: sandbox.ca });
    try {
      return await sendHttp2(session, sending);
    } finally {
      session.destroy();
    }
  };
}

export function sendHttp2(session: http2.ClientHttp2Session, sending: Sending): Promise<Reply> {
  const { method, path, bytes, headers } = readyToSend(sending);
  const { signal } = sending;
  return bounded((resolve, reject) => {
    session.on("error", reject);
    // A GET would end by itself, before there is anything to end.
    const options = { endStream: false, ...(signal && { signal }) };
    const stream = session.request({ ":method": method, ":path": path, ...headers }, options);
    stream.on("error", reject);
    stream.on("response", (response) => {
      replyFrom(stream, response[":status"] ?? 0, response).then(resolve, reject);
    });
    stream.end(bytes);
  });
}

/** Speaks to the control endpoints; gives the JSON of an answer that must be 200. */
export async function control<Shape = unknown>(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<Shape> {
  const response = await fetch(sandbox.url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as Shape;
}

/** Does what a person does. */
export function act(sandbox: Sandbox, incident: number, action: string, more: object = {}): Promise<unknown> {
  return control(sandbox, "POST", "/sandbox/actions", { incident, action, by: "Sam Rivera", ...more });
}

export interface RestReply {
  status: number;
  headers: Headers;
  body: JsonObject;
}

/** Asks the REST API, as its documentation says, but for what `init` says otherwise. */
export async function askRest(
  sandbox: Sandbox,
  path: string,
  { key = "api-key", method = "GET", headers = {} }: { key?: string; method?: string; headers?: object } = {},
): Promise<RestReply> {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: {
      Authorization: `Token token=${key}`,
      Accept: "application/vnd.pagerduty+json;version=2",
      ...headers,
    },
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as JsonObject,
  };
}

/** The incidents that the REST API lists; all there ever were, unless the query says otherwise. */
export async function listIncidents(sandbox: Sandbox, query = ""): Promise<ListedIncident[]> {
  const path = `/incidents?date_range=all&limit=100&sort_by=incident_number:asc&${query}`;
  const { status, body } = await askRest(sandbox, path);
  assert.equal(status, 200, JSON.stringify(body));
  return body["incidents"] as ListedIncident[];
}

interface Named {
  type: string;
  summary: string;
}

/** What the tests look at of an incident. */
export interface ListedIncident {
  id: string;
  incident_number: number;
  incident_key?: string;
  status: string;
  service: { id: string };
  created_at: string;
  last_status_change_at: string;
  last_status_change_by: Named;
  assignments: { assignee: Named }[];
  acknowledgements: { at: string; acknowledger: Named }[];
  alert_counts: object;
  resolve_reason: { type: string; incident: { id: string } } | null;
  pending_actions: { type: string; at: string }[];
}

/** Waits until the condition holds; fails after five seconds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await wait(10);
  }
  assert.fail(`never came true: ${what}`);
}
