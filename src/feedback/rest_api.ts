// Asks PagerDuty's REST API, one request after the other: pages of lists, single records, and what an answer other than
// theirs means. What comes is read a piece at a time, so that nobody is held up. Knows no alerts, and does not wait.
import type { GetEnded, GetOutcome } from "../delivery/transport";
import { type Decoded, type TakeItem, decodeInPieces } from "../text/json";
import { urlEncode } from "../text/url";

/** Why something was not told. */
export type Trouble =
  /** There is no such thing, or the key does not see it. */
  | { readonly kind: "not found" }
  /** What may be asked for in one round is used up. */
  | { readonly kind: "too much" }
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** What to do about it; undefined: nothing but wait. */
      readonly remedy: string | undefined;
      /** Seconds after which it may be asked again, where it says so. */
      readonly retryAfter: number | undefined;
    };

/** Undefined: all was told. */
export type Ended = (this: void, trouble: Trouble | undefined) => void;

/** Names and values of a query; a name such as `statuses[]` may stand there again and again. */
export type Query = readonly (readonly [name: string, value: string])[];

export interface RestApi {
  /** So many requests may be made from now on. */
  readonly begin: (this: void, requests: number) => void;
  /** Asks for a list, page by page, and gives its items as they are read. One list or record at a time. */
  readonly list: (
    this: void,
    path: string,
    name: string,
    query: Query,
    take: (this: void, item: Decoded) => void,
    ended: Ended,
    pageSize?: number,
  ) => void;
  /** Asks for one record, the field `name` of the answer. */
  readonly one: (
    this: void,
    path: string,
    name: string,
    take: (this: void, record: Decoded) => void,
    ended: Ended,
  ) => void;
  /** Reads on in what has come, at most so many bytes of it. Gives whether there is more to read at once. */
  readonly turn: (this: void, bytes: number) => boolean;
  /** Whether something is asked for or being read. */
  readonly isUnderWay: (this: void) => boolean;
}

/** PagerDuty's own limits of a page, and of where one may begin. */
export const LARGEST_PAGE = 100;
const FURTHEST = 10000;

const NOT_FOUND = 404;

const REMEDIES: Record<number, string | undefined> = {
  401: "check pdy_api_key: PagerDuty shows it under Integrations > API Access Keys; a read-only one is enough",
  402: "the REST API is not in your account's plan: leave pdy_api_key out",
  403: "the key in pdy_api_key may not read this: give it read access to incidents, services and on-calls",
};

function failed(reason: string, remedy?: string, retryAfter?: number): Trouble {
  return { kind: "failed", reason, remedy, retryAfter };
}

/** Why an answer is none that can be read; undefined: it can. */
function troubleOf(outcome: GetOutcome): Trouble | undefined {
  if (outcome.kind === "failed") return failed(outcome.reason);
  const { status, retryAfter } = outcome;
  if (status === 200) return undefined;
  if (status === NOT_FOUND) return { kind: "not found" };
  return failed(string.format("HTTP %d", status), REMEDIES[status], retryAfter);
}

function textOfQuery(query: Query): string {
  const parts: string[] = [];
  for (const [name, value] of query) parts.push(`${urlEncode(name)}=${urlEncode(value)}`);
  return table.concat(parts, "&");
}

const NOT_PAGERDUTY = failed(
  "what answers there is not PagerDuty's REST API",
  "check pdy_api_url: for accounts of the service region EU it is https://api.eu.pagerduty.com",
);

/** The REST API at `url`; `get` begins a GET whose end comes within some later call. */
export function createRestApi(
  url: string,
  key: string,
  get: (this: void, url: string, headers: readonly string[], ended: GetEnded) => void,
): RestApi {
  const [base] = string.gsub(url, "/+$", "");
  const headers = [
    `Authorization: Token token=${key}`,
    "Accept: application/vnd.pagerduty+json;version=2",
    "Content-Type: application/json",
  ];
  let left = 0;
  let isAsking = false;
  /** Reads on in what has come. Ends are told of here, never within the transport's turn. */
  let read: ((this: void, bytes: number) => void) | undefined;

  /** Asks for an address, and gives the one object that comes, but for the items of its lists. */
  const ask = (
    path: string,
    takeItem: TakeItem,
    ended: (this: void, object: Readonly<Record<string, Decoded>>, trouble: Trouble | undefined) => void,
  ): void => {
    if (left === 0) {
      ended({}, { kind: "too much" });
      return;
    }
    left = left - 1;
    isAsking = true;
    get(base + path, headers, (outcome) => {
      isAsking = false;
      const trouble = troubleOf(outcome);
      const readOn = decodeInPieces(outcome.kind === "answered" ? outcome.body : "", takeItem);
      read = (bytes) => {
        const result = trouble === undefined ? readOn(bytes) : undefined;
        if (trouble === undefined && result === undefined) return;
        read = undefined;
        const object = result?.ok === true ? result.value : undefined;
        if (trouble !== undefined) ended({}, trouble);
        else if (typeof object !== "object") ended({}, NOT_PAGERDUTY);
        else ended(object as Readonly<Record<string, Decoded>>, undefined);
      };
    });
  };

  const list: RestApi["list"] = (path, name, query, take, ended, pageSize = LARGEST_PAGE) => {
    const askFrom = (offset: number): void => {
      const paged: (readonly [string, string])[] = [
        ["limit", string.format("%d", pageSize)],
        ["offset", string.format("%d", offset)],
      ];
      for (const one of query) paged.push(one);
      const takeItem: TakeItem = (listName, item) => {
        if (listName === name) take(item);
      };
      ask(`${path}?${textOfQuery(paged)}`, takeItem, (object, trouble) => {
        const next = offset + pageSize;
        if (trouble !== undefined) ended(trouble);
        else if (typeof object[name] !== "object") ended(NOT_PAGERDUTY);
        else if (object["more"] !== true) ended(undefined);
        else if (next + pageSize > FURTHEST) ended({ kind: "too much" });
        else askFrom(next);
      });
    };
    askFrom(0);
  };

  return {
    begin: (requests) => {
      left = requests;
    },
    list,
    one: (path, name, take, ended) => {
      ask(
        path,
        () => undefined,
        (object, trouble) => {
          if (trouble === undefined) take(object[name]);
          ended(trouble);
        },
      );
    },
    turn: (bytes) => {
      if (read !== undefined) read(bytes);
      return read !== undefined;
    },
    isUnderWay: () => isAsking || read !== undefined,
  };
}
