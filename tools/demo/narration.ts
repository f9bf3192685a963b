// Says in a few words what one recorded event of Centreon tells, and of what. Remembers names as the broker's cache
// does. Knows nothing of the connector.

/** An event as the recordings hold it: the fields that are read here, of whatever kind of event. */
export interface RecordedEvent {
  readonly category: number;
  readonly element: number;
  readonly host_id?: number;
  readonly service_id?: number;
  readonly instance_id?: number;
  readonly poller_id?: number;
  readonly ba_id?: number;
  readonly name?: string;
  readonly description?: string;
  readonly ba_name?: string;
  readonly state?: number;
  readonly state_type?: number;
  readonly check_attempt?: number;
  /** BBDO 2 says whether, BBDO 3 how. */
  readonly acknowledged?: boolean;
  readonly acknowledgement_type?: number;
  readonly scheduled_downtime_depth?: number;
  readonly flapping?: boolean;
  readonly responsive?: boolean;
  readonly author?: string;
  readonly comment_data?: string;
  readonly last_check?: number;
  readonly last_state_change?: number;
  readonly entry_time?: number;
}

export interface Told {
  /** Unix time; 0: the event has none. */
  readonly time: number;
  readonly resource: string;
  readonly words: string;
}

/** What an event tells, or undefined for one that tells of the configuration. */
export type Narrator = (event: RecordedEvent) => Told | undefined;

const SERVICE_STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const HOST_STATES = ["UP", "DOWN", "UNREACHABLE"];

/** Kinds of events by `category:element`, BBDO 2 and 3, as types/events/ has them. */
const SERVICE_STATUS = ["1:24", "1:29"];
const HOST_STATUS = ["1:14", "1:32"];
const ADAPTIVE_STATUS = ["1:55", "1:56"];
const BUSINESS_ACTIVITY_STATUS = ["6:1", "6:19"];
const ACKNOWLEDGEMENT = ["1:1", "1:45"];
const DOWNTIME = ["1:5", "1:36"];
const POLLER_ANSWERS = ["1:26", "1:46"];

function isAcknowledged({ acknowledged, acknowledgement_type = 0 }: RecordedEvent): boolean {
  return acknowledged ?? acknowledgement_type !== 0;
}

/** `CRITICAL, soft 1, acknowledged, in a downtime, flapping`. */
function statusWords(event: RecordedEvent, states: readonly string[]): string {
  const { state = 0, state_type, check_attempt = 0, scheduled_downtime_depth = 0, flapping } = event;
  const words = [states[state] ?? `state ${state}`, state_type === 1 ? "hard" : `soft ${check_attempt}`];
  if (isAcknowledged(event)) words.push("acknowledged");
  if (scheduled_downtime_depth > 0) words.push("in a downtime");
  if (flapping === true) words.push("flapping");
  return words.join(", ");
}

/** An adaptive status carries only what changed. */
function changeWords(event: RecordedEvent): string {
  const { scheduled_downtime_depth: depth, acknowledgement_type: acknowledgement } = event;
  if (depth !== undefined) return depth > 0 ? "a downtime begins" : "the downtime ends";
  if (acknowledgement !== undefined) {
    return acknowledgement > 0 ? "now acknowledged" : "no longer acknowledged";
  }
  return "changes";
}

/** A narrator that knows no names yet. */
export function createNarrator(): Narrator {
  const names = new Map<string, string>();

  const nameOf = ({ host_id = 0, service_id = 0 }: RecordedEvent): string => {
    const host = names.get(`host ${host_id}`) ?? `host ${host_id}`;
    if (service_id === 0) return host;
    return `${host}/${names.get(`service ${host_id} ${service_id}`) ?? `service ${service_id}`}`;
  };

  /** Takes the names that events of the configuration carry. */
  const learn = (event: RecordedEvent): void => {
    const { category, element, host_id = 0, service_id = 0, instance_id = 0, ba_id = 0 } = event;
    switch (`${category}:${element}`) {
      case "1:12":
      case "1:30":
        names.set(`host ${host_id}`, event.name ?? "");
        break;
      case "1:23":
      case "1:27":
        names.set(`service ${host_id} ${service_id}`, event.description ?? "");
        break;
      case "1:15":
      case "1:44":
        names.set(`poller ${instance_id}`, event.name ?? "");
        break;
      case "6:7":
      case "6:25":
        names.set(`ba ${ba_id}`, event.ba_name ?? "");
        break;
    }
  };

  return (event) => {
    learn(event);
    const kind = `${event.category}:${event.element}`;
    const { last_check = 0, entry_time = 0, last_state_change = 0, author = "", comment_data = "" } = event;
    const resource = nameOf(event);
    if (SERVICE_STATUS.includes(kind)) {
      return { time: last_check, resource, words: statusWords(event, SERVICE_STATES) };
    }
    if (HOST_STATUS.includes(kind)) {
      return { time: last_check, resource, words: statusWords(event, HOST_STATES) };
    }
    if (ADAPTIVE_STATUS.includes(kind)) return { time: 0, resource, words: changeWords(event) };
    if (ACKNOWLEDGEMENT.includes(kind)) {
      return { time: entry_time, resource, words: `acknowledged by ${author}: ${comment_data}` };
    }
    if (DOWNTIME.includes(kind)) {
      return { time: entry_time, resource, words: `downtime by ${author}: ${comment_data}` };
    }
    if (BUSINESS_ACTIVITY_STATUS.includes(kind)) {
      const { ba_id = 0, state = 0 } = event;
      const activity = names.get(`ba ${ba_id}`) ?? `${ba_id}`;
      const words = SERVICE_STATES[state] ?? `state ${state}`;
      return { time: last_state_change, resource: `activity ${activity}`, words };
    }
    if (POLLER_ANSWERS.includes(kind)) {
      const poller = names.get(`poller ${event.poller_id ?? 0}`) ?? `${event.poller_id ?? 0}`;
      return {
        time: 0,
        resource: `poller ${poller}`,
        words: event.responsive === true ? "answers again" : "is silent",
      };
    }
    return undefined;
  };
}
