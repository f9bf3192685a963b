// Sends change events with what the alerts leave: best effort, a bounded number, none twice. Alerts are never touched:
// not their state, not their back-off, not the quarantine. Knows nothing of Centreon.
import { nameOfPlace } from "../alerts/alert";
import type { ChangeReport } from "../alerts/change";
import type { Log } from "../text/log";
import { type HttpOutcome, type Verdict, judge } from "../pagerduty/answer";
import { takesChangeEvents } from "../pagerduty/event";
import { type BackOff, type RateLimit, createBackOff, createRateLimit } from "./pacing";
import type { Transport } from "./transport";

/** What a transfer was for. */
export interface ChangeSending {
  readonly report: ChangeReport;
  readonly line: Line;
  /** The back-off's mark. */
  readonly mark: number;
}

export interface ChangeSenderPorts {
  /** From 0 up to, but not including, 1. */
  readonly random: (this: void) => number;
  readonly transport: Pick<Transport<ChangeSending>, "start" | "running" | "maximumParallel">;
  readonly log: Pick<Log, "info" | "warning">;
  /** The transport sends nothing: the log must not say that PagerDuty has it. */
  readonly isRehearsal: boolean;
  /** The address to post to. */
  readonly url: string;
  readonly compose: (this: void, report: ChangeReport, routingKey: string) => string;
}

/** What the alerts of a routing key leave. */
export interface Leftover {
  /** Whether no alert waits and the key could take one more event now. */
  readonly mayStart: (this: void, now: number) => boolean;
  /** One was started. */
  readonly started: (this: void, now: number) => void;
}

export interface ChangeSender {
  /** Makes a routing key known by its label; one that takes no change events gets none. */
  readonly addKey: (
    this: void,
    label: string,
    routingKey: string,
    maximumEventsPerMinute: number,
    leftover: Leftover,
  ) => void;
  /** Puts a change in line for the key with this label. */
  readonly offer: (this: void, report: ChangeReport, label: string) => void;
  /** Starts the next one, if it may start. Call it when the alerts have had their turn. */
  readonly start: (this: void, now: number) => void;
  /** Takes in how a transfer of ours ended. */
  readonly finish: (this: void, sending: ChangeSending, outcome: HttpOutcome, now: number) => void;
  /** Whether none waits and none is under way. */
  readonly isIdle: (this: void) => boolean;
}

/** The change events of one routing key. */
interface Line {
  readonly routingKey: string;
  readonly leftover: Leftover;
  readonly rateLimit: RateLimit;
  readonly backOff: BackOff;
  /** The oldest first. */
  readonly waiting: ChangeReport[];
  /** Some had to be dropped since the line was last empty. */
  isDropping: boolean;
}

/** Most change events that wait for one routing key; the oldest are dropped. A downtime of a large group has more. */
const MOST_WAITING = 100;

/** Of a key's events per minute change events take one in so many: an alert that comes next finds room. */
const RATE_DIVISOR = 5;

function shareOf(maximumEventsPerMinute: number): number {
  // 0 stands for no limit.
  if (maximumEventsPerMinute === 0) return 0;
  return math.max(1, math.floor(maximumEventsPerMinute / RATE_DIVISOR));
}

/** The change in words, for the log. */
function describe({ change, placement }: ChangeReport): string {
  return `change event of ${nameOfPlace(placement)} (${change.kind})`;
}

export function createChangeSender(ports: ChangeSenderPorts): ChangeSender {
  const { transport, log } = ports;
  const lines: Line[] = [];
  const lineOf = new LuaTable<string, Line | undefined>();
  // One at a time over all keys: however slowly it is answered, the other connections are the alerts'.
  let isUnderWay = false;

  /** Drops the oldest until no more wait than may. */
  const trim = (line: Line): void => {
    while (line.waiting.length > MOST_WAITING) {
      table.remove(line.waiting, 1);
      if (!line.isDropping) {
        line.isDropping = true;
        log.warning(
          string.format("more than %d change events wait: the oldest are dropped, no alert is", MOST_WAITING),
        );
      }
    }
  };

  const mayStart = (line: Line, now: number): boolean =>
    line.waiting.length > 0 &&
    line.backOff.mayStart(now, 0) &&
    line.rateLimit.room(now) > 0 &&
    line.leftover.mayStart(now);

  const startNext = (line: Line, now: number): void => {
    const report = table.remove(line.waiting, 1);
    if (report === undefined) return;
    if (line.waiting.length === 0) line.isDropping = false;
    const body = ports.compose(report, line.routingKey);
    line.rateLimit.started(now);
    line.leftover.started(now);
    isUnderWay = true;
    transport.start({ report, line, mark: line.backOff.mark() }, body, ports.url);
  };

  /** Not now. It waits on only where it surely was not taken: a second one would be another change to PagerDuty. */
  const takeFailure = (
    { report, line, mark }: ChangeSending,
    verdict: Verdict & { readonly kind: "try later" },
    now: number,
  ): void => {
    const delay = line.backOff.failed(mark, now, verdict.retryAfter) ?? 0;
    if (verdict.mayHaveBeenAccepted) {
      log.warning(
        `the ${describe(report)} perhaps did not arrive: ${verdict.reason}; it is not sent again, as PagerDuty could not tell it from another one`,
      );
      return;
    }
    log.warning(
      string.format(
        "the %s was not accepted: %s; the next try is in %d s",
        describe(report),
        verdict.reason,
        delay,
      ),
    );
    table.insert(line.waiting, 1, report);
    trim(line);
  };

  return {
    addKey: (label, routingKey, maximumEventsPerMinute, leftover) => {
      if (!takesChangeEvents(routingKey)) return;
      const line: Line = {
        routingKey,
        leftover,
        rateLimit: createRateLimit(shareOf(maximumEventsPerMinute)),
        backOff: createBackOff(ports.random),
        waiting: [],
        isDropping: false,
      };
      lines.push(line);
      lineOf.set(label, line);
    },
    offer: (report, label) => {
      const line = lineOf.get(label);
      if (line === undefined) return;
      line.waiting.push(report);
      trim(line);
    },
    start: (now) => {
      for (const line of lines) {
        if (isUnderWay || transport.running() >= transport.maximumParallel) return;
        if (mayStart(line, now)) startNext(line, now);
      }
    },
    finish: (sending, outcome, now) => {
      const { report, line, mark } = sending;
      isUnderWay = false;
      const verdict = judge(outcome);
      if (verdict.kind === "try later") {
        takeFailure(sending, verdict, now);
      } else if (verdict.kind === "accepted") {
        line.backOff.succeeded();
        if (ports.isRehearsal) log.info(`NOT SENT, and taken for accepted: the ${describe(report)}`);
        else log.info(`PagerDuty accepted the ${describe(report)}`);
      } else {
        let remedy = "";
        if (verdict.kind === "misconfigured") {
          line.backOff.failedForLong(mark, now);
          remedy = `; ${verdict.remedy}`;
        } else {
          // PagerDuty answers, so there is nothing to wait for.
          line.backOff.succeeded();
        }
        log.warning(`the ${describe(report)} was refused: ${verdict.reason}${remedy}; it is dropped`);
      }
    },
    isIdle: () => {
      if (isUnderWay) return false;
      for (const line of lines) if (line.waiting.length > 0) return false;
      return true;
    },
  };
}
