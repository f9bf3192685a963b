// Gives a file of events to the connector, one after the other, in the time that the file tells, and watches what it
// decides: its log, what it writes to a journal of its own, what it sends. Decides nothing itself.
import { type Alert, dedupKeyOf, nextAction } from "../alerts/alert";
import { createReading, readLine } from "../journal/lines";
import { EVENT_TYPE } from "../broker/events";
import { hostResource, serviceResource } from "../broker/observe";
import type { ParameterName } from "../settings/parameters";
import { keyParameter } from "../settings/routing_keys";
import type { FileEvent } from "./event_file";
import { createKnown } from "./known";
import { NO_CHOICES } from "./journal_view";
import { type LogLine, beginJournal, loadConnector, parametersBeside } from "./stand_in";

export interface PlaybackPorts {
  /** Path of the connector. */
  readonly connector: string;
  readonly parameters: LuaTable<string, string | number>;
  /** Those to send with, by their labels: a file of keys has others in it, too. */
  readonly routingKeys: Record<string, string>;
  /** A folder for its files. */
  readonly folder: string;
  /** What it sends with; undefined: the true lua-curl. */
  readonly curl?: CurlModule | undefined;
  /** Whether the clock goes on while the connector works: it must where the connector waits for a network. */
  readonly clockRuns: boolean;
  /** What it logs before the first event: its complaints. */
  readonly complain: (this: void, line: LogLine) => void;
}

/** What one event led to. */
export interface Effect {
  readonly line: number;
  readonly event: BrokerEvent;
  /** Whose the event is: the dedup key of its alert; undefined for an event that is no problem's. */
  readonly dedupKey: string | undefined;
  /** How people call it: `web-01/Load`. */
  readonly name: string;
  /** What the connector logged, "why not" included. */
  readonly log: readonly LogLine[];
  /** The alert after the event; undefined: nothing is remembered of it. */
  readonly alert: Alert | undefined;
  /** Whether the connector asked for the event at all. */
  readonly isRead: boolean;
  /** Whether what is remembered of the alert has changed. */
  readonly isNews: boolean;
}

export interface Playback {
  readonly take: (this: void, event: FileEvent) => Effect;
  /** Lets a delivery that is under way go on. Gives what was logged. */
  readonly wait: (this: void) => readonly LogLine[];
  /** How many alerts still lack an action at PagerDuty. */
  readonly waiting: (this: void) => number;
}

/** Everything that would delay what is sent, or keep it from being sent at all. */
const WITHOUT_DELAYS: readonly (readonly [ParameterName, number])[] = [
  ["max_events_per_minute", 0],
  ["max_buffer_size", 1],
  ["max_buffer_age", 0],
  ["pdy_host_grace", 0],
  ["send_data_test", 0],
];

/** Only the running connector asks what people did in PagerDuty, and tells Centreon of it. */
const NOT_ASKED: readonly ParameterName[] = [
  "pdy_api_key",
  "centreon_api_url",
  "centreon_api_token",
  "centreon_api_user",
  "centreon_api_password",
];

/** Events that tell of one business activity or poller. */
const BUSINESS_ACTIVITY: Readonly<Record<number, true | undefined>> = {
  [EVENT_TYPE.baStatus2]: true,
  [EVENT_TYPE.baStatus3]: true,
};
const POLLER: Readonly<Record<number, true | undefined>> = {
  [EVENT_TYPE.responsiveInstance2]: true,
  [EVENT_TYPE.responsiveInstance3]: true,
};

/** Events that tell of one host or service, and not of its configuration. */
const HOST_OR_SERVICE: Readonly<Record<number, true | undefined>> = {
  [EVENT_TYPE.serviceStatus2]: true,
  [EVENT_TYPE.serviceStatus3]: true,
  [EVENT_TYPE.hostStatus2]: true,
  [EVENT_TYPE.hostStatus3]: true,
  [EVENT_TYPE.adaptiveServiceStatus3]: true,
  [EVENT_TYPE.adaptiveHostStatus3]: true,
  [EVENT_TYPE.acknowledgement2]: true,
  [EVENT_TYPE.acknowledgement3]: true,
  [EVENT_TYPE.downtime2]: true,
  [EVENT_TYPE.downtime3]: true,
};

interface Subject {
  readonly dedupKey: string | undefined;
  readonly name: string;
}

/** Whose an event is. */
function subjectOf(event: BrokerEvent, cache: BrokerCache): Subject {
  const fields = event as unknown as Readonly<Record<string, number | undefined>>;
  if (BUSINESS_ACTIVITY[event._type] === true) {
    const id = fields["ba_id"] ?? 0;
    const name = cache.get_ba(id)?.ba_name ?? string.format("%d", id);
    return { dedupKey: dedupKeyOf({ kind: "business activity", id }), name: `business activity ${name}` };
  }
  if (POLLER[event._type] === true) {
    const id = fields["poller_id"] ?? 0;
    const name = cache.get_instance_name(id) ?? string.format("%d", id);
    return { dedupKey: dedupKeyOf({ kind: "poller", id }), name: `poller ${name}` };
  }
  if (HOST_OR_SERVICE[event._type] !== true) return { dedupKey: undefined, name: "" };
  const hostId = fields["host_id"] ?? 0;
  const serviceId = fields["service_id"] ?? 0;
  const host = cache.get_hostname(hostId) ?? string.format("host %d", hostId);
  if (serviceId === 0) return { dedupKey: dedupKeyOf(hostResource(hostId)), name: host };
  const service = cache.get_service_description(hostId, serviceId) ?? string.format("service %d", serviceId);
  return { dedupKey: dedupKeyOf(serviceResource(hostId, serviceId)), name: `${host}/${service}` };
}

/** A copy of the connector that has an empty journal, and is ready for events. Gives why there is none as a text. */
export function beginPlayback(ports: PlaybackPorts, startTime: number): Playback | string {
  const known = createKnown();
  const [journalPath, problem] = beginJournal(ports.folder);
  if (journalPath === undefined) return problem;

  let fileTime = startTime;
  let clockSetAt = os.time();
  let logged: LogLine[] = [];
  let isRunning = false;
  const connector = loadConnector(ports.connector, {
    cache: known.cache,
    curl: ports.curl,
    time: () => (ports.clockRuns ? fileTime + os.time() - clockSetAt : fileTime),
    log: (line) => {
      if (isRunning) logged.push(line);
      else ports.complain(line);
    },
  });
  if (typeof connector === "string") return connector;
  const parameters = parametersBeside(ports.parameters, ports.folder);
  for (const [name, value] of WITHOUT_DELAYS) parameters.set(name, value);
  for (const name of NOT_ASKED) parameters.set(name, "");
  parameters.set("pdy_keys_file", "");
  for (const [label, key] of pairs(ports.routingKeys)) parameters.set(keyParameter(label), key);
  const [isStarted, failure] = pcall(connector.init, parameters);
  if (!isStarted) return tostring(failure);
  isRunning = true;
  const { filter: isWanted } = connector;

  const reading = createReading(math.huge);
  let readBytes = 0;
  /** Takes in what was written to the journal since the last time. */
  const followJournal = (): void => {
    const [file] = io.open(journalPath, "rb");
    if (file === undefined) return;
    // Made anew, and so shorter: its lines can be read again.
    const [size] = file.seek("end");
    if ((size ?? 0) < readBytes) readBytes = 0;
    file.seek("set", readBytes);
    const text = file.read("*a") ?? "";
    file.close();
    readBytes = readBytes + text.length;
    for (const [line] of string.gmatch(text, "([^\n]*)\n")) if (line !== undefined) readLine(reading, line);
  };
  followJournal();

  const takeLog = (): readonly LogLine[] => {
    const lines = logged;
    logged = [];
    return lines;
  };

  return {
    take: ({ event, line, time }) => {
      if (time > fileTime) {
        fileTime = time;
        clockSetAt = os.time();
      }
      known.learn(event);
      const subject = subjectOf(event, known.cache);
      const { dedupKey } = subject;
      const before = dedupKey === undefined ? undefined : reading.alerts.get(dedupKey);
      const isRead = isWanted(event.category, event.element);
      if (isRead) {
        connector.write(event);
        connector.flush();
        followJournal();
      }
      const alert = dedupKey === undefined ? undefined : reading.alerts.get(dedupKey);
      return {
        line,
        event,
        dedupKey,
        name: subject.name,
        log: takeLog(),
        alert,
        isRead,
        isNews: alert !== before,
      };
    },
    wait: () => {
      connector.flush();
      followJournal();
      return takeLog();
    },
    waiting: () => {
      let count = 0;
      for (const [, alert] of reading.alerts)
        if (alert !== undefined && nextAction(alert, NO_CHOICES) !== undefined) count = count + 1;
      return count;
    },
  };
}
