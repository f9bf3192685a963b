// The sandbox's listeners: HTTP, and HTTPS with HTTP/2 unless told otherwise, on the loopback interface. Turns what
// arrives into exchanges, control requests and visits to the page, knows the TCP connections, starts and stops. Nothing
// of PagerDuty is in here.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import { constants, createSecureServer } from "node:http2";
import type { Http2ServerRequest } from "node:http2";
import { createServer as createHttp1SecureServer } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { makeCertificates } from "./certificates.js";
import type { Connector } from "./connector.js";
import { control } from "./control.js";
import type { EventsApiOptions } from "./events_api.js";
import type { Exchange, HttpResponse } from "./exchange.js";
import { serveExchange } from "./exchange.js";
import { createTeller } from "./live.js";
import { type PageFile, findPageFile } from "./page_files.js";
import { createState } from "./state.js";

const LOOPBACK = "127.0.0.1";

/** How often the pages that are open look for news: often enough to seem immediate. */
const LOOK_INTERVAL_MS = 100;

export interface SandboxOptions extends EventsApiOptions {
  /** 0: a free one. */
  port: number;
  tlsPort: number;
  /** An existing directory for the certificates. */
  tlsDir: string;
  /** HTTPS only for clients with a certificate of this authority; undefined: for all. */
  clientCaFile?: string | undefined;
  /** Whether HTTPS offers HTTP/2. */
  http2: boolean;
  /** Called once POST /sandbox/stop is answered. */
  onStop: () => void;
}

export interface Sandbox {
  url: string;
  tls_url: string;
  ca_file: string;
  /** Lets the page's form send to a connector; undefined: to none any more. */
  attach: (connector: Connector | undefined) => void;
  /** Puts a line of the connector's log on the page's timeline. */
  noteLogLine: (text: string) => void;
  /** Closes the listeners and every connection. */
  close: () => Promise<void>;
}

/** Starts listening; rejects when a port is taken or the certificates cannot be made. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const state = createState(options);
  const { ca_file, key, cert } = await makeCertificates(options.tlsDir);
  const { clientCaFile } = options;
  const clients = clientCaFile === undefined ? {} : { ca: await readFile(clientCaFile), requestCert: true };

  // By its ports: neither a TLS socket nor an HTTP/2 session gives the TCP socket that it runs on.
  const connections = new Map<string, { number: number; socket: Socket }>();
  let connectionsSeen = 0;
  const remember = (socket: Socket): void => {
    const ports = portsOf(socket);
    connectionsSeen += 1;
    connections.set(ports, { number: connectionsSeen, socket });
    socket.on("close", () => {
      // A client may take the same port again before this event comes.
      if (connections.get(ports)?.socket === socket) connections.delete(ports);
    });
  };

  const serve = (
    request: IncomingMessage | Http2ServerRequest,
    response: HttpResponse,
    tls: boolean,
  ): void => {
    const { method = "", url = "" } = request;
    if (method === "GET" && url === "/sandbox/live") {
      serveLive(response);
      return;
    }
    const file = findPageFile(method, url);
    if (file !== undefined) {
      void servePageFile(response, file);
      return;
    }
    if (/^\/sandbox(?:[/?]|$)/.test(url)) {
      void serveControl(request, response, method, url);
      return;
    }
    const connection = connections.get(portsOf(request.socket));
    // The client is already gone.
    if (connection === undefined) return;
    let isClosed = false;
    response.on("close", () => {
      isClosed = true;
    });
    const exchange: Exchange = {
      method,
      url,
      headers: request.headers,
      http_version: request.httpVersion,
      connection: connection.number,
      tls,
      body: request,
      response,
      isClosed: () => isClosed,
      drop: () => {
        if ("stream" in request) request.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        else connection.socket.destroy();
      },
      reset: () => {
        connection.socket.resetAndDestroy();
      },
    };
    void serveExchange(exchange, state);
  };

  const serveLive = (response: HttpResponse): void => {
    const takeNews = createTeller(state);
    response.statusCode = 200;
    response.setHeader("content-type", "text/event-stream");
    response.setHeader("cache-control", "no-store");
    const look = (): void => {
      const news = takeNews();
      if (news.length > 0) response.write(`data: ${JSON.stringify(news)}\n\n`);
    };
    look();
    const timer = setInterval(look, LOOK_INTERVAL_MS);
    response.on("close", () => {
      clearInterval(timer);
    });
  };

  const servePageFile = async (response: HttpResponse, { headers, read }: PageFile): Promise<void> => {
    const content = await read().catch(() => undefined);
    response.statusCode = content === undefined ? 404 : 200;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.end(content ?? "/* Not compiled: run make tools. */");
  };

  const serveControl = async (
    request: IncomingMessage | Http2ServerRequest,
    response: HttpResponse,
    method: string,
    url: string,
  ): Promise<void> => {
    // A client that leaves in the middle of its request wants no answer.
    const posted = await text(request).catch(() => undefined);
    if (posted === undefined) return;
    const stops = method === "POST" && url === "/sandbox/stop";
    const { status, body } = stops
      ? { status: 200, body: { stopping: true } }
      : await control(state, method, url, posted);
    if (stops) response.on("close", options.onStop);
    response.statusCode = status;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(body));
  };

  const plain = createServer((request, response) => {
    serve(request, response, false);
  });
  // An idle connection stays: a client that is slow to come back is not what is tested here.
  plain.keepAliveTimeout = 0;
  const serveSecure = (request: IncomingMessage | Http2ServerRequest, response: HttpResponse): void => {
    serve(request, response, true);
  };
  const secure = options.http2
    ? createSecureServer({ allowHTTP1: true, key, cert, ...clients }, serveSecure)
    : createHttp1SecureServer({ key, cert, ...clients, keepAliveTimeout: 0 }, serveSecure);
  for (const server of [plain, secure]) server.on("connection", remember);

  const port = await listen(plain, options.port);
  const tlsPort = await listen(secure, options.tlsPort);
  return {
    url: `http://${LOOPBACK}:${port}`,
    tls_url: `https://localhost:${tlsPort}`,
    ca_file,
    attach: (connector) => {
      state.connector = connector;
    },
    noteLogLine: (text) => {
      state.note("Connector", text);
    },
    close: async () => {
      const closed = [plain, secure].map((server) => once(server, "close"));
      plain.close();
      secure.close();
      for (const { socket } of connections.values()) socket.destroy();
      await Promise.all(closed);
    },
  };
}

function portsOf({ localPort, remotePort }: Socket): string {
  return `${localPort ?? ""} ${remotePort ?? ""}`;
}

/** Gives the port that the server then listens on. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
