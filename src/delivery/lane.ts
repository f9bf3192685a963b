// One routing key's way to PagerDuty: what waits for it, how a minute is shared out, who goes next, and whether the key
// itself is refused. Sends nothing.
import type { Alert } from "../alerts/alert";
import { type BackOff, type RateLimit, createBackOff, createRateLimit } from "./pacing";
import { type Queue, createQueue } from "./queue";

/** No event gets through by a key until somebody changes something. */
export interface Trouble {
  readonly since: number;
  readonly reason: string;
  /** What was asked for in the log. */
  readonly remedy: string;
  /** Another key's event was accepted meanwhile: the way to PagerDuty is good. */
  isWayGood: boolean;
  /** The key was refused though the way is good. */
  readonly isKeyRefused: boolean;
  /** The log has been told that alerts go by another key. */
  isDetourTold: boolean;
}

export interface Lane {
  readonly label: string;
  readonly routingKey: string;
  readonly queue: Queue;
  readonly backOff: BackOff;
  /** For whatever waits. */
  readonly rateLimit: RateLimit;
  /** For critical triggers of problems that are not open yet, and for nothing else; undefined: the limit is too low. */
  readonly reserve: RateLimit | undefined;
  underWay: number;
  /** Those that wait were enough, and could not all be started yet. */
  isDraining: boolean;
  /** Events accepted so far. */
  accepted: number;
  /** Undefined: nothing is wrong with the configuration, as far as is known. */
  trouble: Trouble | undefined;
}

/** An alert whose turn it is, and the limit that it counts against. */
export interface Next {
  readonly alert: Alert;
  readonly limit: RateLimit;
}

/** One in so many of a minute's events is kept for critical triggers of problems that are not open yet. */
const RESERVE_DIVISOR = 10;

/** What is sent only while nothing waits leaves one in so many of them to what may come next. */
const IDLE_DIVISOR = 2;

/** A lane for the key with this label; `maximumEventsPerMinute` 0: no limit. `random`: from 0 up to, but not, 1. */
export function createLane(
  label: string,
  routingKey: string,
  maximumEventsPerMinute: number,
  random: (this: void) => number,
): Lane {
  const reserved = math.floor(maximumEventsPerMinute / RESERVE_DIVISOR);
  return {
    label,
    routingKey,
    queue: createQueue(),
    backOff: createBackOff(random),
    rateLimit: createRateLimit(maximumEventsPerMinute - reserved),
    reserve: reserved === 0 ? undefined : createRateLimit(reserved),
    underWay: 0,
    isDraining: false,
    accepted: 0,
    trouble: undefined,
  };
}

/** Takes the next one out that may go now; undefined: none may. */
export function takeNext({ queue, rateLimit, reserve }: Lane, now: number): Next | undefined {
  const room = rateLimit.room(now);
  if (room > 0) {
    const alert = queue.take(queue.size() > room);
    return alert === undefined ? undefined : { alert, limit: rateLimit };
  }
  if (reserve === undefined || reserve.room(now) === 0) return undefined;
  const opening = queue.takeOpening("critical");
  return opening === undefined ? undefined : { alert: opening.alert, limit: reserve };
}

/** Whether nothing waits, and so much room is left that what comes next finds some. */
export function isIdle({ queue, backOff, rateLimit, underWay }: Lane, limit: number, now: number): boolean {
  return (
    queue.size() === 0 &&
    backOff.mayStart(now, underWay) &&
    rateLimit.room(now) > math.floor(limit / IDLE_DIVISOR)
  );
}
