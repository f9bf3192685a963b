// Brings PagerDuty to where Centreon is: takes the alerts that need an action, the most urgent first, sends one
// action at a time for each, and records what the answers mean. Knows how alerts, pacing and transfers go
// together; the rules of each are theirs.
import {
  type Action,
  type Alert,
  DEFAULT_ROUTE,
  type Severity,
  isSettled,
  nameOf,
  nextAction,
  recordAccepted,
  recordRefused,
  recordUnknownOutcome,
} from "../alerts/alert";
import type { Log } from "../text/log";
import { type HttpOutcome, type Verdict, judge } from "../pagerduty/answer";
import { LADDER } from "../pagerduty/event";
import type { ChangeSender, ChangeSending } from "./change_sender";
import { type BackOff, type RateLimit, createBackOff, createRateLimit } from "./pacing";
import { type Queue, createQueue } from "./queue";
import type { Transport } from "./transport";

export interface DispatcherSettings {
  /** Routing keys by their label. */
  readonly routingKeys: Record<string, string>;
  /** In any 60 seconds, for each routing key; 0: no limit. */
  readonly maximumEventsPerMinute: number;
  /** Alerts that must wait before any is sent, unless one has waited `bufferAge` seconds. */
  readonly bufferSize: number;
  readonly bufferAge: number;
  readonly repageOnEscalation: boolean;
  /** The transport sends nothing: the log must not say that PagerDuty has it. */
  readonly isRehearsal: boolean;
}

/** What a transfer was for, as things were when it started. */
export interface Sending {
  readonly alert: Alert;
  readonly lane: Lane;
  readonly action: Action;
  readonly severity: Severity;
  readonly body: string;
  /** The back-off's mark. */
  readonly mark: number;
}

export interface DispatcherPorts {
  /** Seconds of a clock that never goes back. */
  readonly now: (this: void) => number;
  /** From 0 up to, but not including, 1. */
  readonly random: (this: void) => number;
  readonly transport: Transport<Sending | ChangeSending>;
  /** Sends change events with what the alerts leave; undefined when there are none to send. */
  readonly changes: ChangeSender | undefined;
  readonly compose: (this: void, alert: Alert, action: Action, routingKey: string) => string;
  /** An action goes out: after a crash its outcome is unknown. Called before the first byte is sent. */
  readonly actionStarts: (this: void, alert: Alert) => void;
  /** An outcome was recorded in the alert. */
  readonly actionEnded: (this: void, alert: Alert) => void;
  /** What the outcome of an event meant that was sent with the key of that label. */
  readonly heard: (this: void, label: string, verdict: Verdict) => void;
  /** PagerDuty will never take this event: keep it where a person finds it. */
  readonly quarantine: (this: void, sending: Sending, reason: string) => void;
  readonly log: Log;
}

export interface Dispatcher {
  /** Something of the alert changed: put it in line, or take it out when there is no action to take. */
  readonly offer: (this: void, alert: Alert) => void;
  /**
   * Moves everything on without waiting: takes in answers, starts what may start. Gives true when transfers ended
   * after that: what could start in their place starts with the next turn.
   */
  readonly turn: (this: void) => boolean;
  /** Whether transfers are under way. */
  readonly isSending: (this: void) => boolean;
  /** Whether an alert waits or is under way. */
  readonly hasUndelivered: (this: void) => boolean;
  /** Whether nothing waits and nothing is under way, change events included. */
  readonly isIdle: (this: void) => boolean;
  /** Whether something waits or is under way for the key of that label. */
  readonly isBusyWith: (this: void, label: string) => boolean;
  /** How many alerts wait, and how many are under way. */
  readonly waiting: (this: void) => number;
  readonly underWay: (this: void) => number;
  /** Since when the alert waits that waits longest (seconds of the clock); undefined: none waits. */
  readonly oldest: (this: void) => number | undefined;
}

/** Everything that is counted for one routing key. */
interface Lane {
  readonly label: string;
  readonly routingKey: string;
  readonly queue: Queue;
  readonly rateLimit: RateLimit;
  readonly backOff: BackOff;
  underWay: number;
  /** Those that wait were enough, and could not all be started yet. */
  isDraining: boolean;
  /** Events accepted so far. */
  accepted: number;
  /** The remedy for the configuration that was last asked for; undefined: things worked since then. */
  remedyAskedFor: string | undefined;
}

/** The server errors that one action of one alert met while others passed. */
interface ServerErrors {
  readonly action: Action;
  readonly severity: Severity;
  readonly since: number;
  /** The lane's `accepted` at the first error. */
  readonly acceptedBefore: number;
  count: number;
  blockedUntil: number;
}

/**
 * PagerDuty has answered 5xx to events that were themselves the problem. So many errors over so many seconds,
 * while other events passed, are taken for a refusal.
 */
const SERVER_ERRORS_UNTIL_REFUSED = 5;
const SECONDS_UNTIL_REFUSED = 300;

/** Longest pause of one alert that meets server errors while others pass, in seconds. */
const LONGEST_PAUSE = 300;

export function createDispatcher(settings: DispatcherSettings, ports: DispatcherPorts): Dispatcher {
  const { transport, changes, log } = ports;
  const lanes: Lane[] = [];
  const laneOf = new LuaTable<string, Lane | undefined>();
  const serverErrors = new LuaTable<Alert, ServerErrors | undefined>();
  const paused = new LuaTable<Alert, true | undefined>();
  let pausedCount = 0;
  /** False when nothing is undelivered for sure: what write() asks at each event, it must not look for. */
  let mayHaveWork = false;

  for (const [label, routingKey] of pairs(settings.routingKeys)) {
    const lane: Lane = {
      label,
      routingKey,
      queue: createQueue(),
      rateLimit: createRateLimit(settings.maximumEventsPerMinute),
      backOff: createBackOff(ports.random),
      underWay: 0,
      isDraining: false,
      accepted: 0,
      remedyAskedFor: undefined,
    };
    lanes.push(lane);
    laneOf.set(label, lane);
    if (changes !== undefined) {
      changes.addKey(label, routingKey, settings.maximumEventsPerMinute, {
        mayStart: (now) =>
          lane.queue.size() === 0 &&
          lane.backOff.mayStart(now, lane.underWay) &&
          lane.rateLimit.mayStart(now),
        started: lane.rateLimit.started,
      });
    }
  }

  const unpause = (alert: Alert): void => {
    if (paused.get(alert) === undefined) return;
    paused.set(alert, undefined);
    pausedCount = pausedCount - 1;
  };

  /** Whether this very action met server errors so lately that it has to wait while others go. */
  const mustPause = (alert: Alert, action: Action, now: number): boolean => {
    const errors = serverErrors.get(alert);
    if (errors === undefined || errors.action !== action || errors.severity !== alert.severity) return false;
    return now < errors.blockedUntil;
  };

  /** A key that is no longer configured cannot be used: the default one keeps its alerts from being stuck. */
  const laneFor = (alert: Alert): Lane | undefined => laneOf.get(alert.route) ?? laneOf.get(DEFAULT_ROUTE);

  const offer = (alert: Alert): void => {
    const lane = laneFor(alert);
    if (lane === undefined || alert.inFlight !== undefined) return;
    mayHaveWork = true;
    unpause(alert);
    const action = nextAction(alert, settings.repageOnEscalation);
    const now = ports.now();
    if (action === undefined) {
      lane.queue.remove(alert);
      serverErrors.set(alert, undefined);
    } else if (mustPause(alert, action, now)) {
      lane.queue.remove(alert);
      paused.set(alert, true);
      pausedCount = pausedCount + 1;
    } else {
      lane.queue.put(alert, action, now);
    }
  };

  /** The action in words, for the log. */
  const describe = ({ alert, action, severity }: Sending): string => {
    const subject = `of ${alert.dedupKey}, ${nameOf(alert)}`;
    if (action === "trigger") return `trigger (${severity}) ${subject}`;
    const note = action === "acknowledge" ? alert.acknowledgement : undefined;
    return note === undefined
      ? `${action} ${subject}`
      : `${action} ${subject} (${note.author}: ${note.comment})`;
  };

  const takeAccepted = (sending: Sending, now: number): void => {
    const { alert, lane, action, severity } = sending;
    recordAccepted(alert, action, severity, now);
    serverErrors.set(alert, undefined);
    lane.accepted = lane.accepted + 1;
    lane.remedyAskedFor = undefined;
    if (settings.isRehearsal) log.info(`NOT SENT, and taken for accepted: the ${describe(sending)}`);
    else log.info(`PagerDuty accepted the ${describe(sending)}`);
    if (lane.backOff.succeeded()) log.warning("PagerDuty accepts events again");
  };

  /** Refused as it was: send less next time, or give up on this event. */
  const takeRefused = (sending: Sending, reason: string): void => {
    const { alert, action, severity } = sending;
    serverErrors.set(alert, undefined);
    if (action === "trigger" && alert.ladderStep + 1 < LADDER.length) {
      alert.ladderStep = alert.ladderStep + 1;
      log.warning(
        `PagerDuty refused the ${describe(sending)}: ${reason}; sending it again in its ${LADDER[alert.ladderStep]} form`,
      );
      return;
    }
    recordRefused(alert, action, severity);
    log.error(`PagerDuty refused the ${describe(sending)} for good: ${reason}`);
    ports.quarantine(sending, reason);
  };

  /** Counts a server error against the event. Gives true when the event itself must be the problem. */
  const isEventsOwnFault = (sending: Sending, now: number): boolean => {
    const { alert, lane, action, severity } = sending;
    let errors = serverErrors.get(alert);
    if (errors === undefined || errors.action !== action || errors.severity !== severity) {
      errors = { action, severity, since: now, acceptedBefore: lane.accepted, count: 0, blockedUntil: 0 };
      serverErrors.set(alert, errors);
    }
    errors.count = errors.count + 1;
    // Nobody gets through: the fault is not this event's, and it need not wait longer than the others.
    if (lane.accepted === errors.acceptedBefore) return false;
    errors.blockedUntil = now + math.min(2 ** errors.count, LONGEST_PAUSE);
    return errors.count >= SERVER_ERRORS_UNTIL_REFUSED && now - errors.since >= SECONDS_UNTIL_REFUSED;
  };

  const takeFailure = (
    sending: Sending,
    verdict: Verdict & { readonly kind: "try later" },
    now: number,
  ): void => {
    const { alert, lane, action, severity } = sending;
    if (verdict.mayHaveBeenAccepted) recordUnknownOutcome(alert, action, severity);
    if (verdict.isServerError && isEventsOwnFault(sending, now)) {
      takeRefused(sending, `${verdict.reason}, again and again while other events are accepted`);
      return;
    }
    const delay = lane.backOff.failed(sending.mark, now, verdict.retryAfter);
    if (delay !== undefined) {
      log.warning(
        string.format(
          "the %s was not accepted: %s; the next try is in %d s, %d more alerts wait",
          describe(sending),
          verdict.reason,
          delay,
          lane.queue.size(),
        ),
      );
    }
    if (isSettled(alert))
      log.info(`nothing to send for ${nameOf(alert)}: it came and went before PagerDuty took it`);
  };

  const takeMisconfigured = (
    sending: Sending,
    verdict: Verdict & { readonly kind: "misconfigured" },
    now: number,
  ): void => {
    const { alert, lane, action, severity } = sending;
    if (verdict.mayHaveBeenAccepted) recordUnknownOutcome(alert, action, severity);
    lane.backOff.failedForLong(sending.mark, now);
    if (lane.remedyAskedFor === verdict.remedy) return;
    lane.remedyAskedFor = verdict.remedy;
    log.error(
      `no event gets through: ${verdict.reason}; ${verdict.remedy}. No alert is lost: they wait, and are tried again each minute`,
    );
  };

  const finish = (sending: Sending, outcome: HttpOutcome): void => {
    const { alert, lane } = sending;
    const now = ports.now();
    lane.underWay = lane.underWay - 1;
    alert.inFlight = undefined;
    const verdict = judge(outcome);
    ports.heard(lane.label, verdict);
    if (verdict.kind === "accepted") {
      takeAccepted(sending, now);
    } else if (verdict.kind === "refused") {
      // PagerDuty answers, so there is nothing to wait for.
      lane.backOff.succeeded();
      takeRefused(sending, verdict.reason);
    } else if (verdict.kind === "try later") {
      takeFailure(sending, verdict, now);
    } else {
      takeMisconfigured(sending, verdict, now);
    }
    offer(alert);
    ports.actionEnded(alert);
  };

  /** Takes in what ended. Gives how many that were. */
  const takeFinished = (): number => {
    const all = transport.poll();
    for (const { token, outcome } of all) {
      if ("alert" in token) finish(token, outcome);
      else if (changes !== undefined) changes.finish(token, outcome, ports.now());
    }
    return all.length;
  };

  const start = (lane: Lane, alert: Alert, now: number): void => {
    const action = nextAction(alert, settings.repageOnEscalation);
    if (action === undefined) return;
    const body = ports.compose(alert, action, lane.routingKey);
    alert.inFlight = action;
    ports.actionStarts(alert);
    lane.rateLimit.started(now);
    lane.underWay = lane.underWay + 1;
    const mark = lane.backOff.mark();
    transport.start({ alert, lane, action, severity: alert.severity, body, mark }, body);
  };

  /** Enough alerts wait, or one has waited long enough, or the rest of such a crowd is left. */
  const isRipe = ({ queue, isDraining }: Lane, now: number): boolean => {
    if (isDraining || queue.size() >= settings.bufferSize) return true;
    const oldest = queue.oldest();
    return oldest !== undefined && now - oldest >= settings.bufferAge;
  };

  const startFrom = (lane: Lane, now: number): void => {
    if (lane.queue.size() === 0 || !isRipe(lane, now)) return;
    while (
      transport.running() < transport.maximumParallel &&
      lane.backOff.mayStart(now, lane.underWay) &&
      lane.rateLimit.mayStart(now)
    ) {
      const alert = lane.queue.take();
      if (alert === undefined) break;
      // One whose route changed while it waited goes out by its new lane.
      if (laneFor(alert) === lane) start(lane, alert, now);
    }
    lane.isDraining = lane.queue.size() > 0;
  };

  const resumePaused = (): void => {
    const due: Alert[] = [];
    for (const [alert] of paused) due.push(alert);
    for (const alert of due) offer(alert);
  };

  const hasUndelivered = (): boolean => {
    if (pausedCount > 0) return true;
    for (const lane of lanes) if (lane.underWay > 0 || lane.queue.size() > 0) return true;
    mayHaveWork = false;
    return false;
  };

  return {
    offer,
    turn: () => {
      takeFinished();
      if (pausedCount > 0) resumePaused();
      const now = ports.now();
      for (const lane of lanes) startFrom(lane, now);
      if (changes !== undefined) changes.start(now);
      // Gives the new transfers their first push: resolving and connecting begin now, not at the next event.
      return transport.running() > 0 && takeFinished() > 0;
    },
    isSending: () => transport.running() > 0,
    hasUndelivered,
    isIdle: () => (!mayHaveWork || !hasUndelivered()) && (changes === undefined || changes.isIdle()),
    isBusyWith: (label) => {
      const lane = laneOf.get(label);
      return lane !== undefined && lane.queue.size() + lane.underWay > 0;
    },
    waiting: () => {
      let waiting = pausedCount;
      for (const { queue } of lanes) waiting = waiting + queue.size();
      return waiting;
    },
    underWay: () => {
      let underWay = 0;
      for (const lane of lanes) underWay = underWay + lane.underWay;
      return underWay;
    },
    oldest: () => {
      let oldest: number | undefined;
      for (const { queue } of lanes) {
        const since = queue.oldest();
        if (since !== undefined && (oldest === undefined || since < oldest)) oldest = since;
      }
      return oldest;
    },
  };
}
