// A dispatcher for specs, with a clock and transfers that the spec moves: what is started is seen, and ends as the
// spec says. The alerts, the queue, the pacing and the reading of answers are the real ones.
import {
  type Action,
  type Alert,
  DEFAULT_ROUTE,
  type DesiredState,
  type Severity,
  setDesired,
} from "../../src/alerts/alert";
import type { Log } from "../../src/text/log";
import { type ChangeSending, createChangeSender } from "../../src/delivery/change_sender";
import {
  type DispatcherSettings,
  type Dispatcher,
  type Sending,
  createDispatcher,
} from "../../src/delivery/dispatcher";
import type { Finished, Transport } from "../../src/delivery/transport";
import type { HttpOutcome } from "../../src/pagerduty/answer";
import { LADDER } from "../../src/pagerduty/event";
import { NO_CHOICES, alertFor, placeWith, serviceOf } from "./alerts";
import { changeReportWith } from "./changes";

/** PagerDuty answers. `Retry-After` and a fresh connection where said. */
export function answer(
  status: number,
  some: { body?: string; retryAfter?: string; openedConnection?: boolean } = {},
): HttpOutcome {
  return {
    kind: "answered",
    status,
    body: some.body ?? "",
    retryAfter: some.retryAfter,
    openedConnection: some.openedConnection ?? false,
  };
}

function failure(mayHaveArrived: boolean): HttpOutcome {
  return { kind: "failed", reason: "spec", errorNumber: 28, proxyStatus: 0, mayHaveArrived };
}

export const ACCEPTED = answer(202);
export const REFUSED = answer(400, { body: '{"message":"Event object is invalid","errors":["too odd"]}' });
/** No answer came: it may have been accepted. */
export const LOST = failure(true);
/** No byte was sent. */
export const UNSENT = failure(false);

const DEFAULT_KEY = "0123456789abcdef0123456789abcdef";
const CHANGE_URL = "https://events.pagerduty.com/v2/change/enqueue";

export interface Delivery {
  readonly dispatcher: Dispatcher;
  readonly pass: (this: void, seconds: number) => void;
  /** Centreon calls for something of the alert of service 1_`number`, and the dispatcher is told. */
  readonly wants: (this: void, number: number, desired: DesiredState, severity?: Severity) => Alert;
  /** Perhaps PagerDuty has an alert of service 1_`number`, which is well: to be resolved when nothing waits. */
  readonly isWellPerhaps: (this: void, number: number) => void;
  /** A change of host `number` is to be told: "change `number`" is sent for it. One is under way at a time. */
  readonly tells: (this: void, number: number, route?: string) => void;
  /** Ends the transfer of the change event that is under way. */
  readonly endChange: (this: void, outcome: HttpOutcome) => void;
  /** Lets go of the alert of service 1_`number`: another is made when it is wanted again. */
  readonly forget: (this: void, number: number) => void;
  /**
   * Takes a turn. Gives what it started, such as "trigger critical 1_2", with the form where it is cut down and the
   * routing key where it is not the default one.
   */
  readonly started: (this: void) => string[];
  /** Ends the transfer for the alert of service 1_`number`; the next turn takes it in. */
  readonly end: (this: void, number: number, outcome: HttpOutcome) => void;
  /** Takes turns, each transfer ending as `outcomeOf` says, until nothing starts; gives all that was started. */
  readonly sendAll: (this: void, outcomeOf: (this: void, started: string) => HttpOutcome) => string[];
  /** The log's lines of that level since the last call. */
  readonly logged: (this: void, level: "error" | "warning" | "info") => string[];
  /** What went to quarantine, with the reason. */
  readonly quarantined: string[];
  /** What the journal was told and what was sent, in order. */
  readonly happened: string[];
}

type Place = "compose" | "actionStarts" | "heard" | "actionEnded";

interface DeliverySettings extends DispatcherSettings {
  readonly maximumParallel: number;
  /** How each transfer ends, with the first push it gets; otherwise the spec ends it. */
  readonly endsAtOnce: HttpOutcome;
  /** Called in each of what is asked of others about an alert: it may raise. */
  readonly visit: (this: void, place: Place, alert: Alert) => void;
}

export function createDelivery(settings: Partial<DeliverySettings> = {}): Delivery {
  let clock = 0;
  let fresh: string[] = [];
  let ended: Finished<Sending | ChangeSending>[] = [];
  const underWay = new LuaTable<string, Sending | ChangeSending | undefined>();
  let running = 0;
  const alerts = new LuaTable<number, Alert | undefined>();
  const lines: Record<"error" | "warning" | "info", string[]> = { error: [], warning: [], info: [] };
  const quarantined: string[] = [];
  const happened: string[] = [];
  const idle: Alert[] = [];
  const { visit = () => undefined } = settings;

  const endTransfer = (dedupKey: string, outcome: HttpOutcome): void => {
    const sending = underWay.get(dedupKey);
    if (sending === undefined) return error(`nothing is under way for ${dedupKey}`);
    underWay.set(dedupKey, undefined);
    ended.push({ token: sending, outcome });
  };

  /** A change event's place among those under way: it has no key. */
  const CHANGE = "the change event";

  const transport: Transport<Sending | ChangeSending> = {
    maximumParallel: settings.maximumParallel ?? 8,
    start: (sending, body, url) => {
      running = running + 1;
      const key = "alert" in sending ? sending.alert.dedupKey : CHANGE;
      if ((url === CHANGE_URL) !== (key === CHANGE)) error(`${body} goes to ${url ?? "the alerts' address"}`);
      if (underWay.get(key) !== undefined) error(`two at once: ${body}`);
      underWay.set(key, sending);
      fresh.push(body);
      happened.push(`sent: ${body}`);
      if (settings.endsAtOnce !== undefined) endTransfer(key, settings.endsAtOnce);
    },
    poll: () => {
      const finished = ended;
      ended = [];
      running = running - finished.length;
      return finished;
    },
    wait: () => undefined,
    running: () => running,
  };

  const log: Log = {
    error: (text) => lines.error.push(text),
    warning: (text) => lines.warning.push(text),
    info: (text) => lines.info.push(text),
    debug: () => undefined,
    isDebug: false,
  };

  const wayOf = (routingKey: string): string => (routingKey === DEFAULT_KEY ? "" : ` by ${routingKey}`);

  const changes = createChangeSender({
    random: () => 0.999999,
    transport,
    log,
    isRehearsal: false,
    url: CHANGE_URL,
    compose: ({ placement }, routingKey) => `change ${placement.hostName}${wayOf(routingKey)}`,
  });

  const dispatcher = createDispatcher(
    {
      routingKeys: { default: DEFAULT_KEY },
      maximumEventsPerMinute: 0,
      bufferSize: 1,
      bufferAge: 5,
      actionRules: NO_CHOICES,
      detourAfter: 0,
      isRehearsal: false,
      ...settings,
    },
    {
      now: () => clock,
      random: () => 0.999999,
      transport,
      changes,
      compose: (alert: Alert, action: Action, routingKey: string) => {
        visit("compose", alert);
        const subject = action === "trigger" ? `${action} ${alert.severity}` : action;
        const form = alert.ladderStep === 0 ? "" : `, ${LADDER[alert.ladderStep] ?? "?"}`;
        return `${subject} ${alert.dedupKey}${form}${wayOf(routingKey)}`;
      },
      actionStarts: (alert) => {
        visit("actionStarts", alert);
        happened.push(`starts: ${alert.inFlight ?? "nothing"} ${alert.dedupKey}`);
      },
      actionEnded: (alert) => {
        visit("actionEnded", alert);
        const { dedupKey, inFlight, delivered } = alert;
        happened.push(`ended: ${dedupKey} ${delivered}, under way ${inFlight ?? "nothing"}`);
      },
      heard: ({ alert }) => visit("heard", alert),
      presentable: (text) => text,
      idleWork: {
        isLeft: () => idle.length > 0,
        offerNext: () => {
          const alert = idle.shift();
          if (alert !== undefined) dispatcher.offer(alert);
          return alert !== undefined;
        },
      },
      quarantine: ({ body }, reason) => quarantined.push(`${body}: ${reason}`),
      log,
    },
  );

  const started = (): string[] => {
    dispatcher.turn();
    const bodies = fresh;
    fresh = [];
    return bodies;
  };

  return {
    dispatcher,
    pass: (seconds) => {
      clock = clock + seconds;
    },
    wants: (number, desired, severity = "critical") => {
      let alert = alerts.get(number);
      if (alert === undefined) {
        alert = alertFor(serviceOf(1, number));
        alerts.set(number, alert);
      }
      if (desired === "acknowledged") alert.wantsAcknowledge = "new";
      setDesired(alert, desired, severity);
      dispatcher.offer(alert);
      return alert;
    },
    isWellPerhaps: (number) => {
      const alert = alertFor(serviceOf(1, number));
      alert.delivered = "triggered";
      alert.isCertain = false;
      idle.push(alert);
    },
    tells: (number, route = DEFAULT_ROUTE) => {
      const placement = placeWith({ hostName: `${number}`, serviceDescription: "" });
      changes.offer(changeReportWith({}, { placement }), route);
    },
    endChange: (outcome) => endTransfer(CHANGE, outcome),
    forget: (number) => {
      alerts.set(number, undefined);
    },
    started,
    end: (number, outcome) => endTransfer(`1_${number}`, outcome),
    sendAll: (outcomeOf) => {
      const all: string[] = [];
      while (true) {
        const bodies = started();
        if (bodies.length === 0) return all;
        for (const body of bodies) {
          all.push(body);
          const [dedupKey] = string.match(body, "%d+_%d+");
          endTransfer(dedupKey ?? CHANGE, outcomeOf(body));
        }
      }
    },
    logged: (level) => {
      const taken = lines[level];
      lines[level] = [];
      return taken;
    },
    quarantined,
    happened,
  };
}
