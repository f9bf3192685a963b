// What stands in the two files through which an administrator's orders reach the running connector, and what became of them
// comes back: JSON, one line for each. Owns their form and their places, to and fro; the connector reads orders and the
// commands read answers.
import type { Ending } from "../alerts/learnt";
import type { ClosedOutcome } from "../feedback/told_closed";
import { type Decoded, decode, encode } from "../text/json";

/**
 * `resolve`: Centreon no longer has the problem. `forget`: nothing is to be known of it any more. `close`: PagerDuty has closed
 * it, and that is to be known.
 */
export type OrderKind = "resolve" | "forget" | "close";

/** What was read of an alert that PagerDuty has closed. */
export interface ReadClosed extends Ending {
  /** When PagerDuty was asked (Unix time). */
  readonly askedAt: number;
}

export interface Order {
  /** The run of the command that gives it: the same for all its orders. */
  readonly id: string;
  readonly kind: OrderKind;
  /** The alert's dedup key. */
  readonly key: string;
  /**
   * Of a resolve that is meant for what no alert here has: the label of the routing key by which PagerDuty is told. An alert
   * that has the key is left alone.
   */
  readonly route?: string | undefined;
  /** Of a close. */
  readonly closed?: ReadClosed | undefined;
  /** Unix time from which on nobody waits for it any more: it is not carried out then. */
  readonly until: number;
}

/** What became of an order. */
export type Outcome =
  /** PagerDuty is told that it is resolved. */
  | "resolved"
  /** It has ended, and PagerDuty had nothing of it. */
  | "ended"
  | "forgotten"
  /** An action of it is under way: what PagerDuty makes of that must be known first. */
  | "under way"
  /** No alert has the key. */
  | "unknown"
  /** An alert has the key, and the order was for one that none has. */
  | "a problem here"
  | ClosedOutcome;

export interface Answer {
  readonly id: string;
  readonly key: string;
  /** What a person calls the resource. */
  readonly name: string;
  readonly outcome: Outcome;
}

/** Where orders are put, and their answers, for the output whose journal is at `statePath`. */
export function orderPaths(statePath: string): { readonly orders: string; readonly answers: string } {
  return { orders: `${statePath}.orders`, answers: `${statePath}.answers` };
}

const KINDS: Record<OrderKind, true> = { resolve: true, forget: true, close: true };
const OUTCOMES: Record<Outcome, true> = {
  resolved: true,
  ended: true,
  forgotten: true,
  "under way": true,
  unknown: true,
  "a problem here": true,
  "opened anew": true,
  "by its next check": true,
  "left closed": true,
  "held here": true,
  "sent too lately": true,
};

export function orderLine({ id, kind, key, route, closed, until }: Order): string {
  return encode({
    fields: [
      ["id", id],
      ["order", kind],
      ["key", key],
      ["route", route],
      ["closed_by", closed?.by],
      ["closed_at", closed?.at],
      ["asked_at", closed?.askedAt],
      ["until", until],
    ],
  });
}

export function answerLine({ id, key, name, outcome }: Answer): string {
  return encode({
    fields: [
      ["id", id],
      ["key", key],
      ["name", name],
      ["outcome", outcome],
    ],
  });
}

type Fields = Readonly<Record<string, Decoded>>;

/** What `read` makes of each line; what it makes nothing of is left out. */
function readLines<Item>(text: string, read: (this: void, fields: Fields) => Item | undefined): Item[] {
  const items: Item[] = [];
  for (const [line] of string.gmatch(text, "[^\n]+")) {
    const result = decode(line ?? "");
    const item = result.ok && typeof result.value === "object" ? read(result.value as Fields) : undefined;
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** The orders in `text`; a line that is none is left out. */
export function readOrders(text: string): Order[] {
  return readLines(
    text,
    ({ id, order, key, route, until, closed_by: by, closed_at: at, asked_at: askedAt }) => {
      const isOrder =
        typeof id === "string" &&
        typeof order === "string" &&
        order in KINDS &&
        typeof key === "string" &&
        typeof until === "number";
      if (!isOrder) return undefined;
      const textOf = (value: Decoded): string | undefined => (typeof value === "string" ? value : undefined);
      const closed =
        typeof at === "string" && typeof askedAt === "number" ? { by: textOf(by), at, askedAt } : undefined;
      return { id, kind: order as OrderKind, key, route: textOf(route), closed, until };
    },
  );
}

/** The answers in `text`; a line that is none is left out. */
export function readAnswers(text: string): Answer[] {
  return readLines(text, ({ id, key, name, outcome }) => {
    const isAnswer =
      typeof id === "string" &&
      typeof key === "string" &&
      typeof name === "string" &&
      typeof outcome === "string" &&
      outcome in OUTCOMES;
    return isAnswer ? { id, key, name, outcome: outcome as Outcome } : undefined;
  });
}
