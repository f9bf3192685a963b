// The way out: transport, change events and dispatcher, made to fit together, and what is kept of their outcomes
// (journal, quarantine, health). Which alerts there are is the book's to know.
import type { Alert } from "../alerts/alert";
import { type ChangeSender, type ChangeSending, createChangeSender } from "../delivery/change_sender";
import { type Dispatcher, type IdleWork, type Sending, createDispatcher } from "../delivery/dispatcher";
import { type Health, createHealth } from "../delivery/health";
import { NO_ROUTING_KEY, quarantine } from "../delivery/quarantine";
import { createRehearsal } from "../delivery/rehearsal";
import { type FetchingTransport, createTransport } from "../delivery/transport";
import type { Journal } from "../journal/journal";
import { type ComposeSettings, compose } from "../pagerduty/compose";
import { composeChange } from "../pagerduty/compose_change";
import { actionRulesOf } from "../rules/action_rules";
import type { ChangeEvents } from "../rules/change_events";
import { endpointOf } from "../settings/endpoint";
import type { CheckedSettings } from "../settings/settings";
import { type Log, presentable } from "../text/log";

export interface SendingPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly curl: CurlModule;
  readonly log: Log;
  /** Texts that may stand in no file. */
  readonly secrets: readonly string[];
  readonly journal: Pick<Journal, "writeAlert">;
  readonly composeSettings: ComposeSettings;
  /** What is to be sent when nothing else waits. */
  readonly idleWork: IdleWork;
  /** The alert is about to be told: its names may be read anew, and what is known only now put in. */
  readonly beforeTelling: (this: void, alert: Alert) => void;
  /** An action of the alert goes out. */
  readonly actionStarts: (this: void, alert: Alert) => void;
  /** An action of the alert has ended, whatever its outcome. */
  readonly actionEnded: (this: void, alert: Alert) => void;
}

export interface SendingParts {
  readonly dispatcher: Dispatcher;
  readonly health: Health;
  /** Undefined when no change events are to be sent. */
  readonly changeSender: ChangeSender | undefined;
  /** Waits until something happens to a transfer, for so many milliseconds at most. */
  readonly wait: (this: void, milliseconds: number) => void;
  /** Fetches an address, beside what is sent; undefined in a rehearsal. */
  readonly fetch: FetchingTransport<never>["fetch"] | undefined;
  /** Reads a page of PagerDuty's REST API, likewise. */
  readonly get: FetchingTransport<never>["get"] | undefined;
  /** Tells another server something, likewise. */
  readonly send: FetchingTransport<never>["send"] | undefined;
  /** Events refused for good since the start. */
  readonly refused: (this: void) => number;
}

/** What sends; a rehearsal (send_data_test) sends nothing, and takes everything for accepted. */
export function createSending(
  { settings, routingKeys }: CheckedSettings,
  changeEvents: ChangeEvents | undefined,
  ports: SendingPorts,
): SendingParts {
  const { now, log, journal, composeSettings } = ports;
  const isRehearsal = settings.send_data_test;
  const network = isRehearsal
    ? undefined
    : createTransport<Sending | ChangeSending>(ports.curl, endpointOf(settings));
  const transport =
    network ?? createRehearsal<Sending | ChangeSending>(settings.max_parallel_requests, log.info);
  const health = createHealth(now);
  let refused = 0;

  const keepRefused = ({ alert, action }: Sending, reason: string): void => {
    refused = refused + 1;
    const problem = quarantine(settings.quarantine_path, {
      at: os.time(),
      dedupKey: alert.dedupKey,
      route: alert.route,
      action,
      // An answer may quote the event, its routing key included.
      reason: presentable(reason, ports.secrets),
      body: compose(alert, action, NO_ROUTING_KEY, composeSettings),
    });
    if (problem === undefined) return;
    log.error(
      `the refused event could not be kept in quarantine_path ${settings.quarantine_path}: ${problem}`,
    );
  };

  const changeSender =
    changeEvents === undefined
      ? undefined
      : createChangeSender({
          random: math.random,
          transport,
          log,
          isRehearsal,
          url: changeEvents.url,
          compose: (report, routingKey) => composeChange(report, routingKey, composeSettings),
        });

  const dispatcher = createDispatcher(
    {
      routingKeys,
      maximumEventsPerMinute: settings.max_events_per_minute,
      bufferSize: settings.max_buffer_size,
      bufferAge: settings.max_buffer_age,
      actionRules: actionRulesOf(settings),
      detourAfter: settings.self_alert_after,
      isRehearsal,
    },
    {
      now,
      random: math.random,
      transport,
      changes: changeSender,
      log,
      compose: (alert, action, routingKey) => {
        ports.beforeTelling(alert);
        return compose(alert, action, routingKey, composeSettings);
      },
      actionStarts: (alert) => {
        journal.writeAlert(alert);
        ports.actionStarts(alert);
      },
      actionEnded: (alert) => {
        journal.writeAlert(alert);
        ports.actionEnded(alert);
      },
      heard: (sending, verdict) => {
        // How the connector's alert about itself fares says nothing about the others.
        if (sending.alert.resource.kind !== "connector") health.heard(sending.lane.label, verdict);
      },
      presentable: (text) => presentable(text, ports.secrets),
      idleWork: ports.idleWork,
      quarantine: keepRefused,
    },
  );

  return {
    dispatcher,
    health,
    changeSender,
    wait: transport.wait,
    fetch: network?.fetch,
    get: network?.get,
    send: network?.send,
    refused: () => refused,
  };
}
