// lua-curl without a network: transfers that end in virtual time against the PagerDuty in memory, with faults. Owns
// what each fault does to a request; which request meets which fault is the history's to say.
import type { Action, PagerDuty, Severity } from "./pagerduty";
import type { Answer } from "./rest_api";
import { type Clock, type Life, effect } from "./world";

/**
 * What happens to a request. `isTaken`: PagerDuty took the event before things went wrong. A connection that is
 * lost while it is reused makes libcurl repeat the request by itself over a new one, which meets the next fault.
 */
export type Fault =
  | { readonly kind: "slow answer" | "refused connection" | "429" | "400 for its details" }
  | { readonly kind: "429 with Retry-After"; readonly seconds: number }
  | { readonly kind: "timeout" | "lost connection" | "server error"; readonly isTaken: boolean };

export interface ToldOfCheck {
  readonly state: string;
  readonly output: string;
}

/** A request as the history's rules look at it. */
export interface Request {
  readonly action: Action;
  readonly key: string;
  readonly routingKey: string;
  /** Of a trigger. */
  readonly severity: Severity;
  readonly summary: string;
  /** What it tells of the check; undefined: nobody can say. */
  readonly told: ToldOfCheck | undefined;
  /** All of it, as JSON. */
  readonly body: string;
  /** Whom a storm's alert names. */
  readonly gravest: string | undefined;
}

export interface NetworkPorts {
  readonly clock: Clock;
  readonly pagerDuty: PagerDuty;
  /** The fault that the next request meets. */
  readonly nextFault: (this: void, request: Request) => Fault | undefined;
  readonly requestStarts: (this: void, request: Request) => void;
  /** What comes of a request that is no event; undefined: it is one. `visitEnded`: its answer has been read. */
  readonly visit: (this: void, options: CurlEasyOptions) => Answer | undefined;
  readonly visitEnded: (this: void, options: CurlEasyOptions, status: number) => void;
  /** For the trace: what became of a request. */
  readonly requestEnded: (this: void, request: Request, ending: string) => void;
}

/** The network as one process sees it. */
export interface Network {
  readonly module: CurlModule;
  /** Lets everything happen that is due by now, though nobody asks for it. */
  readonly settle: (this: void) => void;
  /** The process is gone: `isStillTaken` says of each request under way whether PagerDuty gets it all the same. */
  readonly abandon: (this: void, isStillTaken: (this: void) => boolean) => void;
}

/** How a transfer ends, and when. */
interface Fate {
  /** When PagerDuty takes the event; undefined: never. */
  readonly takenAt: number | undefined;
  readonly endsAt: number;
  readonly answer:
    { readonly status: number; readonly body: string; readonly headers?: readonly string[] } | undefined;
  readonly error: { readonly code: number; readonly name: string } | undefined;
  readonly bytesSent: number;
  readonly connectionsOpened: number;
}

interface Transfer {
  readonly easy: CurlEasy;
  /** Undefined: it is no event. */
  readonly request: Request | undefined;
  readonly options: CurlEasyOptions;
  readonly fate: Fate;
  isTaken: boolean;
}

/** Milliseconds after which PagerDuty has the event, and after which the answer is back. */
const TAKEN_AFTER = 40;
const ANSWERED_AFTER = 90;
const SLOW_ANSWER_AFTER = 4200;

const ACCEPTED = { status: 202, body: '{"status":"success","message":"Event processed"}' };
const REFUSED = {
  status: 400,
  body: '{"status":"invalid event","message":"Event object is invalid","errors":["details are odd"]}',
};

/** By the details, or by the usual summary where there are none. */
function readTold(body: string, summary: string): ToldOfCheck | undefined {
  const [inDetails] = string.match(body, '"state":"(%u+)"');
  const [output] = string.match(body, '"output":"([^"]*)"');
  if (inDetails !== undefined) return { state: inDetails, output: output ?? "" };
  const [state, ending] = string.match(summary, ": (%u+) %- (.*)$");
  return state === undefined ? undefined : { state, output: ending ?? "" };
}

function readRequest(body: string): Request {
  const [action] = string.match(body, '"event_action":"(%a+)"');
  const [key] = string.match(body, '"dedup_key":"([^"]+)"');
  const [severity] = string.match(body, '"severity":"(%a+)"');
  const [summary] = string.match(body, '"summary":"([^"]*)"');
  const [routingKey] = string.match(body, '"routing_key":"([^"]+)"');
  if (action === undefined || key === undefined) return error(`not an event: ${body}`);
  return {
    action: action as Action,
    key,
    routingKey: routingKey ?? "",
    severity: (severity ?? "info") as Severity,
    summary: summary ?? "",
    told: readTold(body, summary ?? ""),
    body,
    gravest: string.match(body, '"gravest":"([^"]*)"')[0],
  };
}

function errorObject(code: number, name: string): CurlError {
  return { no: () => code, name: () => name, msg: () => name, category: () => "CURL-EASY" };
}

export function createNetwork(ports: NetworkPorts, life: Life): Network {
  const { clock, pagerDuty } = ports;
  const underWay: Transfer[] = [];
  let idleConnections = 0;
  const optionsOf = new LuaTable<CurlEasy, CurlEasyOptions>();
  const endingOf = new LuaTable<CurlEasy, Fate>();
  const take = ({ key, action, severity, routingKey }: Request): void => {
    pagerDuty.take(key, action, severity, routingKey);
  };

  /** What becomes of a request begun `after` milliseconds from now; `sentBefore`: bytes of an earlier try. */
  const fateOf = (
    request: Request,
    options: CurlEasyOptions,
    isReused: boolean,
    after: number,
    sentBefore: number,
  ): Fate => {
    const start = clock.now + after;
    const size = (options.postfields ?? "").length;
    const ending = (
      isTaken: boolean,
      delay: number,
      outcome: Pick<Fate, "answer" | "error">,
      bytesSent = size,
    ): Fate => ({
      ...outcome,
      takenAt: isTaken ? start + TAKEN_AFTER : undefined,
      endsAt: start + delay,
      bytesSent: sentBefore + bytesSent,
      connectionsOpened: isReused ? 0 : 1,
    });
    const failed = (code: number, name: string): Pick<Fate, "answer" | "error"> => ({
      answer: undefined,
      error: { code, name },
    });
    const answered = (answer: Fate["answer"]): Pick<Fate, "answer" | "error"> => ({
      answer,
      error: undefined,
    });

    const fault = ports.nextFault(request);
    if (fault === undefined) return ending(true, ANSWERED_AFTER, answered(ACCEPTED));
    switch (fault.kind) {
      case "slow answer":
        return ending(true, SLOW_ANSWER_AFTER, answered(ACCEPTED));
      case "refused connection":
        // A connection that is open already is not refused.
        if (isReused) return ending(true, ANSWERED_AFTER, answered(ACCEPTED));
        return ending(false, 1, failed(7, "COULDNT_CONNECT"), 0);
      case "429":
        return ending(false, ANSWERED_AFTER, answered({ status: 429, body: "" }));
      case "429 with Retry-After":
        return ending(
          false,
          ANSWERED_AFTER,
          answered({ status: 429, body: "", headers: [`Retry-After: ${fault.seconds}\r\n`] }),
        );
      case "400 for its details": {
        const hasDetails =
          string.find(options.postfields ?? "", '"custom_details"', 1, true)[0] !== undefined;
        return ending(!hasDetails, ANSWERED_AFTER, answered(hasDetails ? REFUSED : ACCEPTED));
      }
      case "timeout":
        return ending(fault.isTaken, options.timeout_ms ?? 0, failed(28, "OPERATION_TIMEDOUT"));
      case "server error":
        return ending(fault.isTaken, ANSWERED_AFTER, answered({ status: 503, body: "" }));
      case "lost connection":
        if (!isReused) return ending(fault.isTaken, ANSWERED_AFTER, failed(52, "GOT_NOTHING"));
        if (fault.isTaken) take(request);
        return fateOf(request, options, false, ANSWERED_AFTER, sentBefore + size);
    }
  };

  /** Over a connection of its own. */
  const fateOfVisit = ({ status, body, headers, delay }: Answer): Fate => ({
    takenAt: undefined,
    endsAt: clock.now + delay,
    answer: status === 0 ? undefined : { status, body, headers },
    error: status === 0 ? { code: 7, name: "COULDNT_CONNECT" } : undefined,
    bytesSent: 0,
    connectionsOpened: 1,
  });

  const takeDue = (): void => {
    for (const transfer of underWay) {
      const { request, fate } = transfer;
      if (request === undefined || transfer.isTaken) continue;
      if (fate.takenAt === undefined || fate.takenAt > clock.now) continue;
      transfer.isTaken = true;
      take(request);
    }
  };

  const createEasy = (): CurlEasy => {
    let options: CurlEasyOptions = {};
    const ending = (): Fate | undefined => endingOf.get(easy);
    const setopt = (more: CurlEasyOptions): CurlEasy => {
      options = { ...options, ...more };
      optionsOf.set(easy, options);
      return easy;
    };
    const surface: Partial<CurlEasy> = {
      setopt: (more: CurlEasyOptions) => setopt(more),
      setopt_url: (url: string) => setopt({ url }),
      setopt_httpheader: (httpheader: readonly string[]) => setopt({ httpheader }),
      setopt_postfields: (postfields: string) => setopt({ postfields }),
      getinfo_response_code: () => ending()?.answer?.status ?? 0,
      getinfo_num_connects: () => ending()?.connectionsOpened ?? 0,
      getinfo_request_size: () => ending()?.bytesSent ?? 0,
      getinfo_http_connectcode: () => 0,
    };
    const easy = surface as CurlEasy;
    return easy;
  };

  const createMulti = (): CurlMulti => {
    const nextEnd = (): Transfer | undefined => {
      let first: Transfer | undefined;
      for (const transfer of underWay) {
        if (first === undefined || transfer.fate.endsAt < first.fate.endsAt) first = transfer;
      }
      return first;
    };

    const multi: Partial<CurlMulti> & object = {
      setopt: () => multi as CurlMulti,
      add_handle: (easy: CurlEasy) => {
        const options = optionsOf.get(easy);
        if (effect(life) !== "whole") return multi as CurlMulti;
        const visit = ports.visit(options);
        if (visit !== undefined) {
          underWay.push({ easy, request: undefined, options, fate: fateOfVisit(visit), isTaken: false });
          return multi as CurlMulti;
        }
        const request = readRequest(options.postfields ?? "");
        ports.requestStarts(request);
        const isReused = idleConnections > 0;
        if (isReused) idleConnections -= 1;
        const fate = fateOf(request, options, isReused, 0, 0);
        underWay.push({ easy, request, options, fate, isTaken: false });
        return multi as CurlMulti;
      },
      remove_handle: () => multi as CurlMulti,
      perform: () => {
        takeDue();
        return underWay.length;
      },
      wait: (milliseconds: number) => {
        const first = nextEnd();
        if (first === undefined) return 0;
        clock.now = math.min(clock.now + milliseconds, math.max(clock.now, first.fate.endsAt));
        return 1;
      },
      info_read: (): LuaMultiReturn<
        [CurlEasy, true, undefined] | [CurlEasy, undefined, CurlError] | [0, undefined, undefined]
      > => {
        const first = nextEnd();
        if (life.isOver || first === undefined || first.fate.endsAt > clock.now)
          return $multi(0, undefined, undefined);
        underWay.splice(underWay.indexOf(first), 1);
        const { easy, options, request, fate } = first;
        endingOf.set(easy, fate);
        if (fate.error !== undefined) {
          if (request === undefined) ports.visitEnded(options, 0);
          else ports.requestEnded(request, fate.error.name);
          return $multi(easy, undefined, errorObject(fate.error.code, fate.error.name));
        }
        const { status, body, headers = [] } = fate.answer ?? { status: 0, body: "" };
        if (request === undefined) {
          ports.visitEnded(options, status);
        } else {
          idleConnections += 1;
          ports.requestEnded(request, `HTTP ${status}`);
        }
        for (const line of headers) options.headerfunction?.(line);
        options.writefunction?.(body);
        return $multi(easy, true, undefined);
      },
    };
    return multi as CurlMulti;
  };

  const module: Partial<CurlModule> = {
    easy: createEasy,
    multi: createMulti,
    PROTO_HTTP: 1,
    PROTO_HTTPS: 2,
    HTTP_VERSION_2TLS: 4,
  };
  return {
    module: module as CurlModule,
    settle: takeDue,
    abandon: (isStillTaken) => {
      for (const { request, fate, isTaken } of underWay) {
        if (request === undefined || isTaken || fate.takenAt === undefined) continue;
        if (isStillTaken()) take(request);
      }
    },
  };
}
