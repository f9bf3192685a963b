// HTTPS to PagerDuty over kept-alive connections, several at once and never waiting unless asked to; beside that, another
// server's address can be fetched, and its REST API be read, and Centreon's be told something. The only user of lua-curl (Lua-cURLv3). Knows no alerts: a
// transfer carries a token of its owner's.
import type { HttpOutcome } from "../pagerduty/answer";
import type { Endpoint } from "../settings/endpoint";

export interface TransportSettings extends Endpoint {
  readonly maximumParallel: number;
}

export interface Finished<Token> {
  readonly token: Token;
  readonly outcome: HttpOutcome;
}

export interface Transport<Token> {
  /**
   * Begins to post `body`, to `url` where it is given: another one of the same server, over the same connections. The
   * outcome comes from `poll`, whatever happens.
   */
  readonly start: (this: void, token: Token, body: string, url?: string) => void;
  /** Moves the transfers on without waiting, and gives those that ended. */
  readonly poll: (this: void) => Finished<Token>[];
  /** Waits until a transfer can move on, at most so long. May return at once. */
  readonly wait: (this: void, milliseconds: number) => void;
  readonly running: (this: void) => number;
  readonly maximumParallel: number;
}

/** What became of a fetched address: undefined when the answer was a 2xx, else what went wrong, without the address. */
export type FetchEnded = (this: void, problem: string | undefined) => void;

/** What came of a GET whose answer is wanted. */
export type GetOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly body: string;
      /** After how many seconds it may be asked again, where it says so. */
      readonly retryAfter: number | undefined;
    }
  | { readonly kind: "failed"; readonly reason: string };

export type GetEnded = (this: void, outcome: GetOutcome) => void;

/** Something that another server than PagerDuty is told, or asked for. */
export interface OutsideRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  /** Lines such as "Accept: text/plain". */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The answer's status, or why there is none, and what it says, of a long one the beginning. */
export type OutsideEnded = (this: void, answer: number | string, body: string) => void;

/** One that is there to send, and can fetch an address, read one and tell one something as well, one of each at a time. */
export interface FetchingTransport<Token> extends Transport<Token> {
  /**
   * Begins to get `url`, whichever server's it is: not one of those `running`, and without the client certificate. Moves
   * on with `poll` and `wait`; `ended` is called within a `poll`.
   */
  readonly fetch: (this: void, url: string, ended: FetchEnded) => void;
  /**
   * Begins to read `url`, a page of PagerDuty's REST API; `headers` are lines such as "Accept: text/plain". Not one of those
   * `running`, either; `ended` is called within a `poll`, and must be done soon.
   */
  readonly get: (this: void, url: string, headers: readonly string[], ended: GetEnded) => void;
  /**
   * Begins to tell another server of one's own network something: past the proxy, and without the client certificate. Not
   * one of those `running`, either; `ended` is called within a `poll`.
   */
  readonly send: (this: void, request: OutsideRequest, ended: OutsideEnded) => void;
}

/** One reusable handle, and what came back over it so far. */
interface Transfer<Token> {
  readonly easy: CurlEasy;
  token: Token | undefined;
  answer: string[];
  answerBytes: number;
  retryAfter: string | undefined;
}

/** Most bytes of an answer that are kept: PagerDuty's, and those that Centreon's API gives us, have a few hundred. */
const MAXIMUM_ANSWER_BYTES = 65536;

/**
 * Most bytes of a page that is read: a hundred incidents have some 500 KB (measured with what PagerDuty documents of each),
 * and fifty alerts with all that we tell of them may have several times that.
 */
const MAXIMUM_PAGE_BYTES = 8388608;

/** Seconds that reading a page may take: nobody waits for it, and PagerDuty takes seconds for a full one. */
const PAGE_TIMEOUT = 30;

/** Seconds that telling another server something may take: nobody waits for it. */
const TELLING_TIMEOUT = 30;

/**
 * libcurl's errors after which no byte of the request can have left: resolving, connecting, TLS. The numbers are
 * libcurl's own (https://curl.se/libcurl/c/libcurl-errors.html); lua-curl does not name all of them in each version.
 */
const NOTHING_SENT: Record<number, boolean | undefined> = {
  1: true, // unsupported protocol
  3: true, // malformed URL
  5: true, // proxy not resolved
  6: true, // host not resolved
  7: true, // not connected
  35: true, // TLS handshake failed
  53: true, // TLS engine not found
  54: true, // TLS engine not set
  58: true, // bad client certificate
  59: true, // bad cipher
  60: true, // server's certificate not trusted
  66: true, // TLS engine not initialised
  77: true, // CA file not readable
  83: true, // issuer check failed
  97: true, // proxy handshake failed
};

/** Applies options that an older libcurl or lua-curl may not have: without them things are slower, not wrong. */
function setIfSupported(easy: CurlEasy, options: CurlEasyOptions): void {
  pcall(() => easy.setopt(options));
}

/** Sets what every connection needs, whoever is at its end. */
function setWayOptions(curl: CurlModule, easy: CurlEasy, settings: Endpoint): void {
  easy.setopt({
    url: settings.url,
    timeout_ms: settings.timeout * 1000,
    connecttimeout_ms: settings.connectTimeout * 1000,
    // The broker has many threads: no signals for time limits.
    nosignal: true,
    followlocation: false,
    ssl_verifypeer: settings.verifiesCertificate,
    ssl_verifyhost: settings.verifiesCertificate ? 2 : 0,
  });
  // Also when they are empty: else libcurl takes over the proxy that the environment names, and who goes past it.
  easy.setopt({ proxy: settings.proxy.url, noproxy: settings.noProxy });
  if (settings.proxy.credentials !== "") easy.setopt({ proxyuserpwd: settings.proxy.credentials });
  if (settings.caFile !== "") easy.setopt({ cainfo: settings.caFile });
  if (settings.caPath !== "") easy.setopt({ capath: settings.caPath });
  setIfSupported(easy, { tcp_keepalive: true });
  setIfSupported(easy, { protocols: curl.PROTO_HTTP + curl.PROTO_HTTPS });
  // One connection for all where the server speaks HTTP/2; the first handshake tells.
  if (string.match(settings.url, "^https:")[0] !== undefined) {
    setIfSupported(easy, { http_version: curl.HTTP_VERSION_2TLS });
    setIfSupported(easy, { pipewait: true });
  }
}

/** Sets what every connection to the endpoint needs, whatever is sent over it. Raises when libcurl refuses a setting. */
export function setEndpointOptions(curl: CurlModule, easy: CurlEasy, settings: Endpoint): void {
  setWayOptions(curl, easy, settings);
  if (settings.clientCertificate !== "") {
    // Always with a password: without one OpenSSL asks for it on standard input, and blocks the broker.
    easy.setopt({ sslcert: settings.clientCertificate, keypasswd: settings.clientKeyPassword });
  }
  if (settings.clientKey !== "") easy.setopt({ sslkey: settings.clientKey });
}

/** An error in libcurl's words. They name the server even where it means the proxy: that there is one is added. */
export function problemText(problem: CurlError, settings: Endpoint): string {
  const proxyNote = settings.proxy.url === "" ? "" : "; a proxy is set";
  return `${problem.msg()} (${problem.name()}${proxyNote})`;
}

/** A transport that uses `curl`, the lua-curl module. Raises when libcurl refuses the settings themselves. */
export function createTransport<Token>(
  curl: CurlModule,
  settings: TransportSettings,
): FetchingTransport<Token> {
  const multi = curl.multi();
  multi.setopt({ maxconnects: settings.maximumParallel });
  const idle: Transfer<Token>[] = [];
  const active = new LuaTable<CurlEasy, Transfer<Token> | undefined>();
  const failedAtStart: Finished<Token>[] = [];
  let running = 0;
  // Only a connection that was used before can die under a request that libcurl then repeats by itself.
  let hasConnectedBefore = false;

  const createTransfer = (): Transfer<Token> => {
    const easy = curl.easy();
    const transfer: Transfer<Token> = {
      easy,
      token: undefined,
      answer: [],
      answerBytes: 0,
      retryAfter: undefined,
    };
    setEndpointOptions(curl, easy, settings);
    easy.setopt({
      post: true,
      // Without "Expect:" libcurl would ask for leave before it sends a long body.
      httpheader: ["Content-Type: application/json", "Accept: application/json", "Expect:"],
      writefunction: (chunk) => {
        transfer.answerBytes = transfer.answerBytes + chunk.length;
        if (transfer.answerBytes > MAXIMUM_ANSWER_BYTES) return 0;
        transfer.answer.push(chunk);
        return true;
      },
      headerfunction: (line) => {
        const [value] = string.match(string.lower(line), "^retry%-after:%s*(.*%S)");
        if (value !== undefined) transfer.retryAfter = value;
        return true;
      },
    });
    return transfer;
  };

  /** What is under way beside the events, and who is told of its end. */
  const visits = new LuaTable<CurlEasy, ((this: void, problem: CurlError | undefined) => void) | undefined>();
  let visiting = 0;

  const visit = (
    easy: CurlEasy,
    url: string,
    ended: (this: void, problem: CurlError | undefined) => void,
  ): void => {
    easy.setopt_url(url);
    multi.add_handle(easy);
    visits.set(easy, ended);
    visiting = visiting + 1;
  };

  let fetcher: CurlEasy | undefined;

  const createFetcher = (): CurlEasy => {
    const easy = curl.easy();
    setWayOptions(curl, easy, settings);
    easy.setopt({
      // It would take the place of a connection to PagerDuty.
      forbid_reuse: true,
      // The status says it all: whatever follows it need not be received.
      writefunction: () => 0,
    });
    return easy;
  };

  const endFetch = (easy: CurlEasy, problem: CurlError | undefined, ended: FetchEnded): void => {
    const status = math.floor(easy.getinfo_response_code());
    if (status >= 200 && status < 300) ended(undefined);
    else if (status > 0 || problem === undefined) ended(string.format("HTTP %d", status));
    else ended(problemText(problem, settings));
  };

  let teller: CurlEasy | undefined;
  let told: string[] = [];
  let toldBytes = 0;

  const createTeller = (): CurlEasy => {
    const easy = curl.easy();
    setWayOptions(curl, easy, settings);
    easy.setopt({
      proxy: "",
      timeout_ms: TELLING_TIMEOUT * 1000,
      post: true,
      // It would take the place of a connection to PagerDuty.
      forbid_reuse: true,
      writefunction: (chunk) => {
        toldBytes = toldBytes + chunk.length;
        if (toldBytes > MAXIMUM_ANSWER_BYTES) return 0;
        told.push(chunk);
        return true;
      },
    });
    return easy;
  };

  let page: string[] = [];
  let pageBytes = 0;
  let pageRetryAfter: number | undefined;
  let reader: CurlEasy | undefined;

  const createReader = (): CurlEasy => {
    const easy = curl.easy();
    setEndpointOptions(curl, easy, settings);
    setIfSupported(easy, { accept_encoding: "" });
    easy.setopt({
      timeout_ms: PAGE_TIMEOUT * 1000,
      writefunction: (chunk) => {
        pageBytes = pageBytes + chunk.length;
        if (pageBytes > MAXIMUM_PAGE_BYTES) return 0;
        page.push(chunk);
        return true;
      },
      headerfunction: (line) => {
        const lower = string.lower(line);
        const [seconds] = string.match(lower, "^ratelimit%-reset:%s*(%d+)");
        const [after] = string.match(lower, "^retry%-after:%s*(%d+)");
        pageRetryAfter = tonumber(seconds ?? after) ?? pageRetryAfter;
        return true;
      },
    });
    return easy;
  };

  const endGet = (easy: CurlEasy, problem: CurlError | undefined, ended: GetEnded): void => {
    const body = table.concat(page);
    page = [];
    const status = math.floor(easy.getinfo_response_code());
    if (problem === undefined) ended({ kind: "answered", status, body, retryAfter: pageRetryAfter });
    else if (pageBytes > MAXIMUM_PAGE_BYTES)
      ended({
        kind: "failed",
        reason: string.format("its answer has more than %d bytes", MAXIMUM_PAGE_BYTES),
      });
    else ended({ kind: "failed", reason: problemText(problem, settings) });
  };

  const mayHaveArrived = (easy: CurlEasy, code: number): boolean => {
    // A proxy that refused to connect sent nothing on, unless this was libcurl's second try.
    if (!hasConnectedBefore && easy.getinfo_http_connectcode() >= 300) return false;
    // A reused connection that died is followed by a new one: its failure says nothing of the first try.
    return NOTHING_SENT[code] !== true || easy.getinfo_request_size() > 0;
  };

  const outcomeOf = (transfer: Transfer<Token>, problem: CurlError | undefined): HttpOutcome => {
    const { easy } = transfer;
    const status = math.floor(easy.getinfo_response_code());
    // An answer that breaks off after its status line still says no: a gateway need not read what it refuses.
    if (problem !== undefined && status < 300) {
      const errorNumber = problem.no();
      return {
        kind: "failed",
        reason: problemText(problem, settings),
        errorNumber,
        proxyStatus: math.floor(easy.getinfo_http_connectcode()),
        mayHaveArrived: mayHaveArrived(easy, errorNumber),
      };
    }
    hasConnectedBefore = true;
    return {
      kind: "answered",
      status,
      body: table.concat(transfer.answer),
      retryAfter: transfer.retryAfter,
      openedConnection: easy.getinfo_num_connects() > 0,
    };
  };

  return {
    maximumParallel: settings.maximumParallel,
    running: () => running,
    start: (token, body, url = settings.url) => {
      const [isStarted, problem] = pcall(() => {
        const transfer = idle.pop() ?? createTransfer();
        transfer.token = token;
        transfer.answer = [];
        transfer.answerBytes = 0;
        transfer.retryAfter = undefined;
        transfer.easy.setopt_url(url);
        transfer.easy.setopt_postfields(body);
        multi.add_handle(transfer.easy);
        active.set(transfer.easy, transfer);
        running = running + 1;
      });
      if (isStarted) return;
      failedAtStart.push({
        token,
        outcome: {
          kind: "failed",
          reason: tostring(problem),
          errorNumber: 0,
          proxyStatus: 0,
          mayHaveArrived: false,
        },
      });
    },
    fetch: (url, ended) => {
      const [isStarted, problem] = pcall(() => {
        const easy = fetcher ?? createFetcher();
        fetcher = easy;
        visit(easy, url, (problemOfIt) => {
          endFetch(easy, problemOfIt, ended);
        });
      });
      if (!isStarted) ended(tostring(problem));
    },
    get: (url, headers, ended) => {
      const [isStarted, problem] = pcall(() => {
        const easy = reader ?? createReader();
        reader = easy;
        page = [];
        pageBytes = 0;
        pageRetryAfter = undefined;
        easy.setopt_httpheader(headers);
        visit(easy, url, (problemOfIt) => {
          endGet(easy, problemOfIt, ended);
        });
      });
      if (!isStarted) ended({ kind: "failed", reason: tostring(problem) });
    },
    send: ({ method, url, headers, body }, ended) => {
      const [isStarted, problem] = pcall(() => {
        const easy = teller ?? createTeller();
        teller = easy;
        told = [];
        toldBytes = 0;
        easy.setopt({ customrequest: method, httpheader: headers, postfields: body });
        visit(easy, url, (problemOfIt) => {
          const text = table.concat(told);
          // Of what is too long the status still says what it is.
          if (problemOfIt === undefined || toldBytes > MAXIMUM_ANSWER_BYTES)
            ended(math.floor(easy.getinfo_response_code()), text);
          else ended(`${problemOfIt.msg()} (${problemOfIt.name()})`, text);
        });
      });
      if (!isStarted) ended(tostring(problem), "");
    },
    poll: () => {
      const finished: Finished<Token>[] = [];
      while (true) {
        const failed = failedAtStart.pop();
        if (failed === undefined) break;
        finished.push(failed);
      }
      if (running === 0 && visiting === 0) return finished;
      multi.perform();
      while (true) {
        const [easy, , problem] = multi.info_read();
        if (typeof easy === "number") return finished;
        const transfer = active.get(easy);
        multi.remove_handle(easy);
        active.set(easy, undefined);
        if (transfer === undefined) {
          const ended = visits.get(easy);
          visits.set(easy, undefined);
          visiting = visiting - 1;
          if (ended !== undefined) ended(problem);
        } else {
          running = running - 1;
          const token = transfer.token as Token;
          finished.push({ token, outcome: outcomeOf(transfer, problem) });
          transfer.token = undefined;
          idle.push(transfer);
        }
      }
    },
    wait: (milliseconds) => {
      if (running > 0 || visiting > 0) multi.wait(milliseconds);
    },
  };
}
