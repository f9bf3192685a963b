// Brings PagerDuty to where Centreon is: takes the alerts that need an action, the most urgent first, sends one
// action at a time for each, and records what the answers mean. Knows how alerts, pacing and transfers go
// together; the rules of each are theirs.
import {
  type Action,
  type ActionRules,
  type Alert,
  DEFAULT_ROUTE,
  FALLBACK_ROUTE,
  type Severity,
  type Told,
  isSettled,
  nameOf,
  nextAction,
  recordAccepted,
  recordRefused,
  recordStarted,
  recordUnknownOutcome,
  severityToTell,
} from "../alerts/alert";
import { toldBy } from "../alerts/updates";
import { keyParameter } from "../settings/routing_keys";
import type { Log } from "../text/log";
import { type HttpOutcome, type Verdict, judge } from "../pagerduty/answer";
import { LADDER } from "../pagerduty/event";
import type { ChangeSender, ChangeSending } from "./change_sender";
import { type Lane, createLane, isIdle, takeNext } from "./lane";
import type { RateLimit } from "./pacing";
import { createSuspicions } from "./suspicions";
import type { Transport } from "./transport";
import { detourAlerts, forKey, isGivenUp, noteSuccess, noteTrouble } from "./wrong_key";

export interface DispatcherSettings {
  /** Routing keys by their label. */
  readonly routingKeys: Record<string, string>;
  /** In any 60 seconds, for each routing key; 0: no limit. */
  readonly maximumEventsPerMinute: number;
  /** Alerts that must wait before any is sent, unless one has waited `bufferAge` seconds. */
  readonly bufferSize: number;
  readonly bufferAge: number;
  readonly actionRules: ActionRules;
  /** Seconds after which the new alerts of a key that is refused go out by the fallback key; 0: never. */
  readonly detourAfter: number;
  /** The transport sends nothing: the log must not say that PagerDuty has it. */
  readonly isRehearsal: boolean;
}

/** What a transfer was for, as things were when it started. */
export interface Sending {
  readonly alert: Alert;
  readonly lane: Lane;
  readonly action: Action;
  readonly severity: Severity;
  readonly told: Told | undefined;
  readonly body: string;
  /** The back-off's mark. */
  readonly mark: number;
  /** It was known that others get through where this key did not: it shows whether the key is to blame. */
  readonly wasWayGood: boolean;
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
  /** What the outcome of an event meant. */
  readonly heard: (this: void, sending: Sending, verdict: Verdict) => void;
  /** PagerDuty will never take this event: keep it where a person finds it. */
  readonly quarantine: (this: void, sending: Sending, reason: string) => void;
  /** A text without secrets: PagerDuty's words may quote a key. */
  readonly presentable: (this: void, text: string) => string;
  readonly idleWork: IdleWork;
  readonly log: Log;
}

/** What is worth sending by the default key while nothing else waits for it. */
export interface IdleWork {
  readonly isLeft: (this: void) => boolean;
  /** Offers the alert of the next one; gives false when none is left. */
  readonly offerNext: (this: void) => boolean;
}

export interface Dispatcher {
  /** Something of the alert changed: put it in line, or take it out when there is no action to take. */
  readonly offer: (this: void, alert: Alert) => void;
  /**
   * Moves everything on without waiting: takes in answers, starts what may start, so many transfers at most if that is
   * said. Gives true when transfers ended after that: what could start in their place starts with the next turn.
   */
  readonly turn: (this: void, mostStarts?: number) => boolean;
  /** Whether transfers are under way. */
  readonly isSending: (this: void) => boolean;
  /** Whether an alert waits or is under way. */
  readonly hasUndelivered: (this: void) => boolean;
  /** Whether nothing waits and nothing is under way, change events included. */
  readonly isIdle: (this: void) => boolean;
  /** Whether something waits or is under way for the key of that label, or the key is known to be refused. */
  readonly isBusyWith: (this: void, label: string) => boolean;
  /**
   * Alerts that wait for a key that is refused and stay there, since they may have been taken under it: nobody may have
   * been paged.
   */
  readonly leftBehind: (this: void) => readonly Alert[];
  /** How many alerts wait, and how many are under way. */
  readonly waiting: (this: void) => number;
  readonly underWay: (this: void) => number;
  /** Since when the alert waits that waits longest (seconds of the clock); undefined: none waits. */
  readonly oldest: (this: void) => number | undefined;
}

export function createDispatcher(settings: DispatcherSettings, ports: DispatcherPorts): Dispatcher {
  const { transport, changes, log } = ports;
  const lanes: Lane[] = [];
  const laneOf = new LuaTable<string, Lane | undefined>();
  const suspicions = createSuspicions();
  const paused = new LuaTable<Alert, true | undefined>();
  let pausedCount = 0;
  // By the clock, which counts whole seconds: no pause ends within one.
  let lastResumed = 0;

  for (const [label, routingKey] of pairs(settings.routingKeys)) {
    const lane = createLane(label, routingKey, settings.maximumEventsPerMinute, ports.random);
    lanes.push(lane);
    laneOf.set(label, lane);
    if (changes !== undefined) {
      changes.addKey(label, routingKey, settings.maximumEventsPerMinute, {
        mayStart: (now) =>
          lane.queue.size() === 0 &&
          lane.backOff.mayStart(now, lane.underWay) &&
          lane.rateLimit.room(now) > 0,
        started: lane.rateLimit.started,
      });
    }
  }
  const defaultLane = laneOf.get(DEFAULT_ROUTE);
  const fallbackLane = laneOf.get(FALLBACK_ROUTE);

  const unpause = (alert: Alert): void => {
    if (paused.get(alert) === undefined) return;
    paused.set(alert, undefined);
    pausedCount = pausedCount - 1;
  };

  /** A key that is no longer configured cannot be used: the default one keeps its alerts from being stuck. */
  const laneFor = (alert: Alert): Lane | undefined => laneOf.get(alert.route) ?? defaultLane;

  const offer = (alert: Alert): void => {
    const lane = laneFor(alert);
    if (lane === undefined || alert.inFlight !== undefined) return;
    unpause(alert);
    const action = nextAction(alert, settings.actionRules);
    const now = ports.now();
    if (action === undefined) {
      lane.queue.remove(alert);
      suspicions.forget(alert);
    } else if (suspicions.mustPause(alert, action, now)) {
      lane.queue.remove(alert);
      paused.set(alert, true);
      pausedCount = pausedCount + 1;
    } else {
      lane.queue.put(alert, action, now);
    }
  };

  /** The action in words, for the log. */
  const describe = ({ alert, action, severity }: Pick<Sending, "alert" | "action" | "severity">): string => {
    const subject = `of ${alert.dedupKey}, ${nameOf(alert)}`;
    if (action === "trigger") return `trigger (${severity}) ${subject}`;
    if (action === "acknowledge" && alert.isAcknowledgedByHold === true)
      return `${action} ${subject} (for its downtime)`;
    const note = action === "acknowledge" ? alert.acknowledgement : undefined;
    return note === undefined
      ? `${action} ${subject}`
      : `${action} ${subject} (${note.author}: ${note.comment})`;
  };

  const takeAccepted = (sending: Sending, now: number): void => {
    const { alert, lane, action, severity } = sending;
    recordAccepted(alert, action, severity, now);
    if (sending.told !== undefined) alert.told = sending.told;
    suspicions.forget(alert);
    lane.accepted = lane.accepted + 1;
    noteSuccess(lane, lanes, now);
    if (settings.isRehearsal) log.info(`NOT SENT, and taken for accepted: the ${describe(sending)}`);
    else log.info(`PagerDuty accepted the ${describe(sending)}`);
    if (lane.backOff.succeeded()) log.warning("PagerDuty accepts events again");
  };

  /** Refused as it was: send less next time, or give up on this event. */
  const takeRefused = (sending: Sending, reason: string, now: number): void => {
    const { alert, action, severity } = sending;
    suspicions.forget(alert);
    if (action === "trigger" && alert.ladderStep + 1 < LADDER.length) {
      alert.ladderStep = alert.ladderStep + 1;
      log.warning(
        `PagerDuty refused the ${describe(sending)}: ${reason}; sending it again in its ${LADDER[alert.ladderStep]} form`,
      );
      return;
    }
    recordRefused(alert, action, severity, now);
    log.error(`PagerDuty refused the ${describe(sending)} for good: ${reason}`);
    ports.quarantine(sending, reason);
  };

  const takeFailure = (
    sending: Sending,
    verdict: Verdict & { readonly kind: "try later" },
    now: number,
  ): void => {
    const { alert, lane, action, severity } = sending;
    if (verdict.mayHaveBeenAccepted) recordUnknownOutcome(alert, action, severity);
    const isSuspicious = verdict.mayBeEventsFault;
    if (isSuspicious && suspicions.isOwnFault(alert, action, severity, lane.accepted, now)) {
      takeRefused(sending, `${verdict.reason}, again and again while other events are accepted`, now);
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
    if (!noteTrouble(lane, verdict, sending.wasWayGood, now)) return;
    log.error(
      `no event gets through: ${verdict.reason}; ${verdict.remedy}. No alert is lost: they wait, and are tried again each minute`,
    );
  };

  const takeOutcome = (sending: Sending, outcome: HttpOutcome, now: number): void => {
    const { lane } = sending;
    const verdict = forKey(judge(outcome), lane.label);
    ports.heard(sending, verdict);
    if (verdict.kind === "accepted") {
      takeAccepted(sending, now);
    } else if (verdict.kind === "refused") {
      // PagerDuty answers, so there is nothing to wait for.
      lane.backOff.succeeded();
      noteSuccess(lane, lanes, now);
      takeRefused(sending, verdict.reason, now);
    } else if (verdict.kind === "try later") {
      takeFailure(sending, verdict, now);
    } else {
      takeMisconfigured(sending, verdict, now);
    }
  };

  const finish = (sending: Sending, outcome: HttpOutcome): void => {
    const { alert, lane, action, severity } = sending;
    const now = ports.now();
    lane.underWay = lane.underWay - 1;
    alert.inFlight = undefined;
    const [isTaken, fault] = pcall(takeOutcome, sending, outcome, now);
    if (!isTaken) {
      recordUnknownOutcome(alert, action, severity);
      const delay = suspicions.pause(alert, action, now);
      log.error(
        string.format(
          "what came of the %s could not be taken in: %s (please report it); it is taken for unknown, and looked at again in %d s",
          describe(sending),
          tostring(fault),
          delay,
        ),
      );
    }
    offer(alert);
    ports.actionEnded(alert);
  };

  /** Takes in what ended: a fault of ours with one keeps the others from nothing. Gives how many that were. */
  const takeFinished = (): number => {
    const all = transport.poll();
    for (const { token, outcome } of all) {
      if ("alert" in token) {
        const [isDone, fault] = pcall(finish, token, outcome);
        if (!isDone)
          log.error(`${token.alert.dedupKey}: unexpected error, please report it: ${tostring(fault)}`);
      } else if (changes !== undefined) changes.finish(token, outcome, ports.now());
    }
    return all.length;
  };

  /** Makes all ready for the action to go out. Gives its body. */
  const prepare = (alert: Alert, action: Action, routingKey: string): string => {
    const body = ports.compose(alert, action, routingKey);
    recordStarted(alert, action);
    ports.actionStarts(alert);
    return body;
  };

  /** Something raised before the action went out: less is said next time, or it waits. */
  const takeFault = (alert: Alert, action: Action, fault: string, now: number): void => {
    const severity = severityToTell(alert);
    alert.inFlight = undefined;
    let next: string;
    if (action === "trigger" && alert.ladderStep + 1 < LADDER.length) {
      alert.ladderStep = alert.ladderStep + 1;
      next = `sending it in its ${LADDER[alert.ladderStep]} form`;
    } else {
      next = string.format("trying again in %d s", suspicions.pause(alert, action, now));
    }
    log.error(
      `the ${describe({ alert, action, severity })} cannot be made: ${fault} (please report it); ${next}`,
    );
    offer(alert);
  };

  const start = (lane: Lane, alert: Alert, limit: RateLimit, now: number): void => {
    const action = nextAction(alert, settings.actionRules);
    if (action === undefined) return;
    const [isReady, body] = pcall(prepare, alert, action, lane.routingKey);
    if (!isReady) {
      takeFault(alert, action, tostring(body), now);
      return;
    }
    limit.started(now);
    lane.underWay = lane.underWay + 1;
    const mark = lane.backOff.mark();
    const report = action === "trigger" ? alert.report : undefined;
    const told = report === undefined ? undefined : toldBy(report, settings.actionRules);
    const severity = severityToTell(alert);
    const wasWayGood = lane.trouble?.isWayGood === true;
    transport.start({ alert, lane, action, severity, told, body, mark, wasWayGood }, body);
  };

  /** Enough alerts wait, or one has waited long enough, or the rest of such a crowd is left. */
  const isRipe = ({ queue, isDraining }: Lane, now: number): boolean => {
    if (isDraining || queue.size() >= settings.bufferSize) return true;
    const oldest = queue.oldest();
    return oldest !== undefined && now - oldest >= settings.bufferAge;
  };

  const startFrom = (lane: Lane, now: number, mostRunning: number): void => {
    if (lane.queue.size() === 0 || !isRipe(lane, now)) return;
    while (transport.running() < mostRunning && lane.backOff.mayStart(now, lane.underWay)) {
      const next = takeNext(lane, now);
      if (next === undefined) break;
      // One whose route changed while it waited goes out by its new lane.
      if (laneFor(next.alert) === lane) start(lane, next.alert, next.limit, now);
    }
    lane.isDraining = lane.queue.size() > 0;
  };

  /** What is worth sending only while nothing waits, one after the other. */
  const startIdleWork = (lane: Lane, now: number, mostRunning: number): void => {
    while (
      transport.running() < mostRunning &&
      isIdle(lane, settings.maximumEventsPerMinute, now) &&
      ports.idleWork.offerNext()
    ) {
      startFrom(lane, now, mostRunning);
    }
  };

  const isLaneGivenUp = (lane: Lane): boolean =>
    fallbackLane !== undefined && isGivenUp(lane, settings.detourAfter, ports.now());

  /** Lets the fallback key have what waits for one that is refused. The next event is a look at whether it still is. */
  const detourFrom = (lane: Lane, now: number): void => {
    const { trouble } = lane;
    if (trouble === undefined || fallbackLane === undefined || fallbackLane.trouble !== undefined) return;
    if (!isLaneGivenUp(lane) || lane.backOff.mayStart(now, lane.underWay)) return;
    const reason = ports.presentable(trouble.reason);
    const isAnyMoved = detourAlerts(lane, fallbackLane, reason, (alert) => laneFor(alert) === lane);
    if (!isAnyMoved || trouble.isDetourTold) return;
    trouble.isDetourTold = true;
    log.error(
      `PagerDuty refuses the key of ${keyParameter(lane.label)}, and takes others: its new alerts go by pdy_fallback_routing_key until it is taken`,
    );
  };

  const resumePaused = (): void => {
    const due: Alert[] = [];
    for (const [alert] of paused) due.push(alert);
    for (const alert of due) offer(alert);
  };

  const hasUndelivered = (): boolean => {
    if (pausedCount > 0) return true;
    for (const lane of lanes) if (lane.underWay > 0 || lane.queue.size() > 0) return true;
    return false;
  };

  return {
    offer,
    turn: (mostStarts = math.huge) => {
      takeFinished();
      const now = ports.now();
      if (pausedCount > 0 && now !== lastResumed) resumePaused();
      lastResumed = now;
      const mostRunning = math.min(transport.maximumParallel, transport.running() + mostStarts);
      for (const lane of lanes) startFrom(lane, now, mostRunning);
      if (fallbackLane !== undefined) {
        for (const lane of lanes) detourFrom(lane, now);
        startFrom(fallbackLane, now, mostRunning);
      }
      if (changes !== undefined) changes.start(now);
      if (defaultLane !== undefined) startIdleWork(defaultLane, now, mostRunning);
      // Gives the new transfers their first push: resolving and connecting begin now, not at the next event.
      return transport.running() > 0 && takeFinished() > 0;
    },
    isSending: () => transport.running() > 0,
    hasUndelivered,
    isIdle: () =>
      !hasUndelivered() && (changes === undefined || changes.isIdle()) && !ports.idleWork.isLeft(),
    isBusyWith: (label) => {
      const lane = laneOf.get(label);
      if (lane === undefined) return false;
      return lane.queue.size() + lane.underWay > 0 || isLaneGivenUp(lane);
    },
    leftBehind: () => {
      const left: Alert[] = [];
      const take = (alert: Alert): void => {
        if (alert.desired === "triggered" && !alert.isCertain) left.push(alert);
      };
      for (const lane of lanes) {
        if (isLaneGivenUp(lane)) {
          lane.queue.each(take);
          for (const [alert] of paused) if (laneFor(alert) === lane) take(alert);
        }
      }
      return left;
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
