// One request to an API, from its arrival to its answer or to what a fault makes of it. Owns the sockets'
// side and the record of each request; what is answered is events_api's, rest_api's or a Centreon's, which fault hits is faults'.
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Readable } from "node:stream";
import { NO_JSON } from "../install/centreon.js";
import { apiOf } from "./addresses.js";
import { MAXIMUM_BODY_BYTES, parseEvent } from "./event_rules.js";
import type { Answer } from "./events_api.js";
import type { Fault, FaultTarget } from "./faults.js";
import type { RequestRecord, SandboxState } from "./state.js";

/** How an endless body comes: slow enough to be harmless, fast enough to pass a client's size limit in a test. */
const ENDLESS_CHUNK = "pagerduty ".repeat(100);
const ENDLESS_INTERVAL_MS = 20;
/** In how many parts a slow answer is sent. */
const SLOW_PARTS = 20;

/** What HTTP/1.1 and HTTP/2 responses have in common. */
export interface HttpResponse {
  statusCode: number;
  setHeader: (name: string, value: string) => unknown;
  write: (chunk: string) => boolean;
  end: (chunk: string) => unknown;
  on: (event: "close" | "drain", listener: () => void) => unknown;
}

/** A request and the ways to answer it, or not to. */
export interface Exchange {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  http_version: string;
  /** The number of the TCP connection. */
  connection: number;
  tls: boolean;
  body: Readable;
  response: HttpResponse;
  /** Whether the answer is complete, or nobody is there to read it. */
  isClosed: () => boolean;
  /** Closes the connection without another byte; in HTTP/2 the stream, with INTERNAL_ERROR. */
  drop: () => void;
  /** Resets the TCP connection, in HTTP/2 with all its streams. */
  reset: () => void;
}

/** Begins an answer after the base delay; gives false when the client has gone. */
type StartAnswer = (status: number, headers: Record<string, string>) => Promise<boolean>;

const JSON_CONTENT = { "content-type": "application/json" };

/** Serves one request to the end; the state receives its record and its effect. */
export async function serveExchange(exchange: Exchange, state: SandboxState): Promise<void> {
  const { method, url, headers, http_version, connection, tls, response } = exchange;
  // A request belongs to what it found: after a reset, one still under way leaves no trace.
  const { api, rest, centreon, faults, peakMeter, now } = state;
  const [path = "", query = ""] = url.split("?", 2);
  const asked = apiOf(path);
  const requests = asked === "events" ? state.requests : state.otherRequests[asked];
  const record: RequestRecord = {
    number: requests.length + 1,
    at: new Date(now()).toISOString(),
    method,
    path: url,
    http_version,
    connection,
    tls,
    headers,
    body: "",
    bytes: 0,
    answer: null,
    fault: null,
    accepted: false,
    met_nothing: false,
  };
  requests.push(record);

  const target: FaultTarget = { path, content: undefined, spared: new Set() };
  const early = faults.take(target);
  if (early !== undefined) {
    record.fault = early.kind;
    exchange.reset();
    return;
  }

  const received = await readBody(exchange.body);
  if (received === undefined) return;
  const { bytes, content } = received;
  const event = parseEvent(content);
  const text = content.toString();
  record.body = text;
  record.bytes = bytes;
  if (typeof event?.["routing_key"] === "string") peakMeter.arrived(event["routing_key"], now());

  const takeEffect = (): Answer => {
    if (asked === "rest") return rest.receive({ method, path, query: new URLSearchParams(query), headers });
    if (asked === "centreon") {
      const tokenIn = (name: string) => headers[name] as string | undefined;
      const tokens = { v2: tokenIn("x-auth-token"), v1: tokenIn("centreon-auth-token") };
      return centreon.answerTo({
        method,
        path: url,
        tokens,
        body: event ?? (text === "" ? undefined : NO_JSON),
      });
    }
    const answer = api.receive({ method, path, contentType: headers["content-type"], bytes, event });
    record.accepted = answer.status === 202;
    record.met_nothing = answer.metNothing === true;
    return answer;
  };
  const start: StartAnswer = async (status, responseHeaders) => {
    if (state.latencySeconds > 0) await wait(state.latencySeconds * 1000);
    if (exchange.isClosed()) return false;
    record.answer = status;
    response.statusCode = status;
    for (const [name, value] of Object.entries(responseHeaders)) response.setHeader(name, value);
    return true;
  };

  const fault = faults.take({ ...target, content: { text, event } });
  if (fault === undefined) {
    await send(takeEffect(), response, start);
    return;
  }
  record.fault = fault.kind;
  await perform(fault, exchange, state.held, takeEffect, start);
}

async function send(
  { status, headers, body }: Answer,
  response: HttpResponse,
  start: StartAnswer,
): Promise<void> {
  if (await start(status, { ...JSON_CONTENT, ...headers })) response.end(inJson(body));
}

/** Nothing of an answer without a body. */
function inJson(body: unknown): string {
  return body === undefined ? "" : JSON.stringify(body);
}

/** Does to a request what the fault wants; `takeEffect` gives PagerDuty's own answer. */
async function perform(
  fault: Fault,
  exchange: Exchange,
  held: SandboxState["held"],
  takeEffect: () => Answer,
  start: StartAnswer,
): Promise<void> {
  const { response } = exchange;
  /** Answers what the fault says, or the given stand-ins where it says nothing. */
  const sendOrdered = async (headers: Record<string, string>, body: string): Promise<void> => {
    if (await start(fault.status, { ...headers, ...fault.headers })) response.end(fault.body ?? body);
  };
  const standIn = JSON.stringify({ status: "fault", message: `The sandbox was told: ${fault.kind}` });

  switch (fault.kind) {
    case "status":
      return sendOrdered(JSON_CONTENT, standIn);
    case "accept_then_status":
      takeEffect();
      return sendOrdered(JSON_CONTENT, standIn);
    case "redirect":
      return sendOrdered({ location: "/v2/elsewhere" }, "");
    case "garbage":
      return sendOrdered({ "content-type": "text/html" }, "<html><body>It works!</body></html>");
    case "delay":
      await wait(fault.seconds * 1000);
      return send(takeEffect(), response, start);
    case "slow_body": {
      const { status, headers, body } = takeEffect();
      if (await start(status, { ...JSON_CONTENT, ...headers }))
        await trickle(exchange, inJson(body), fault.seconds);
      return;
    }
    case "endless":
      hold(exchange, held);
      if (await start(fault.status, { ...JSON_CONTENT, ...fault.headers })) pourEndlessly(response);
      return;
    case "hang":
      hold(exchange, held);
      return;
    case "drop_after":
      takeEffect();
      exchange.drop();
      return;
    case "drop_before":
      exchange.drop();
      return;
    case "reset_before":
      exchange.reset();
  }
}

/** Leaves a request without an end, until the client goes or the faults are cleared. */
function hold({ response, drop }: Exchange, held: SandboxState["held"]): void {
  held.add(drop);
  response.on("close", () => {
    held.delete(drop);
  });
}

/** Sends a body in parts over the given time, as long as the client stays. */
async function trickle({ response, isClosed }: Exchange, text: string, seconds: number): Promise<void> {
  const partLength = Math.ceil(text.length / SLOW_PARTS);
  for (let sent = 0; sent < text.length; sent += partLength) {
    response.write(text.slice(sent, sent + partLength));
    await wait((seconds * 1000) / SLOW_PARTS);
    if (isClosed()) return;
  }
  response.end("");
}

function pourEndlessly(response: HttpResponse): void {
  let hasRoom = true;
  response.on("drain", () => {
    hasRoom = true;
  });
  const timer = setInterval(() => {
    if (hasRoom) hasRoom = response.write(ENDLESS_CHUNK);
  }, ENDLESS_INTERVAL_MS);
  response.on("close", () => {
    clearInterval(timer);
  });
}

/**
 * Reads to the end, keeping no more than PagerDuty would take. Gives undefined when the client left before the end.
 */
function readBody(body: Readable): Promise<{ bytes: number; content: Buffer } | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    body.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
    });
    body.on("end", () => {
      resolve({ bytes, content: Buffer.concat(chunks) });
    });
    // A client that leaves shows as an error on some ways out and as a mere close on others.
    body.on("error", () => {
      resolve(undefined);
    });
    body.on("close", () => {
      resolve(undefined);
    });
  });
}
