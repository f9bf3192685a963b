// What an event says, in a few words: `CRITICAL, hard, in a downtime`. For people; nothing is decided by it.
import { EVENT_TYPE } from "../broker/events";

const SERVICE_STATES: Readonly<Record<number, string | undefined>> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
  4: "PENDING",
};
const HOST_STATES: Readonly<Record<number, string | undefined>> = {
  0: "UP",
  1: "DOWN",
  2: "UNREACHABLE",
  4: "PENDING",
};

type Fields = Readonly<Record<string, unknown>>;

function stateName(names: Readonly<Record<number, string | undefined>>, state: unknown): string {
  const number = (state as number | undefined) ?? 0;
  return names[number] ?? string.format("state %d", number);
}

function statusWords(event: Fields, names: Readonly<Record<number, string | undefined>>): string {
  const words = [stateName(names, event["state"]), event["state_type"] === 1 ? "hard" : "soft"];
  const acknowledgement = event["acknowledgement_type"] as number | undefined;
  if (event["acknowledged"] === true || (acknowledgement ?? 0) > 0) words.push("acknowledged");
  if (((event["scheduled_downtime_depth"] as number | undefined) ?? 0) > 0) words.push("in a downtime");
  if (event["flapping"] === true) words.push("flapping");
  return table.concat(words, ", ");
}

function adaptiveWords(event: Fields): string {
  const acknowledgement = event["acknowledgement_type"] as number | undefined;
  const depth = event["scheduled_downtime_depth"] as number | undefined;
  const words: string[] = [];
  if (acknowledgement !== undefined)
    words.push(acknowledgement > 0 ? "now acknowledged" : "no longer acknowledged");
  if (depth !== undefined) words.push(depth > 0 ? "now in a downtime" : "no longer in a downtime");
  return words.length === 0 ? "changed" : table.concat(words, ", ");
}

type Words = (this: void, event: Fields) => string;

const serviceWords: Words = (event) => statusWords(event, SERVICE_STATES);
const hostWords: Words = (event) => statusWords(event, HOST_STATES);
const acknowledgementWords: Words = (event) =>
  `acknowledged by ${tostring(event["author"])}: ${tostring(event["comment_data"])}`;
const downtimeWords: Words = (event) =>
  `downtime of ${tostring(event["author"])}: ${tostring(event["comment_data"])}`;
const businessActivityWords: Words = (event) =>
  stateName(SERVICE_STATES, event["state"]) + (event["in_downtime"] === true ? ", in a downtime" : "");
const pollerWords: Words = (event) => (event["responsive"] === true ? "heard of again" : "silent");

const WORDS: Readonly<Record<number, Words | undefined>> = {
  [EVENT_TYPE.serviceStatus2]: serviceWords,
  [EVENT_TYPE.serviceStatus3]: serviceWords,
  [EVENT_TYPE.hostStatus2]: hostWords,
  [EVENT_TYPE.hostStatus3]: hostWords,
  [EVENT_TYPE.adaptiveServiceStatus3]: adaptiveWords,
  [EVENT_TYPE.adaptiveHostStatus3]: adaptiveWords,
  [EVENT_TYPE.acknowledgement2]: acknowledgementWords,
  [EVENT_TYPE.acknowledgement3]: acknowledgementWords,
  [EVENT_TYPE.downtime2]: downtimeWords,
  [EVENT_TYPE.downtime3]: downtimeWords,
  [EVENT_TYPE.baStatus2]: businessActivityWords,
  [EVENT_TYPE.baStatus3]: businessActivityWords,
  [EVENT_TYPE.responsiveInstance2]: pollerWords,
  [EVENT_TYPE.responsiveInstance3]: pollerWords,
};

/** What `event` says; empty for an event that says nothing of a problem. */
export function wordsOf(event: BrokerEvent): string {
  const words = WORDS[event._type];
  return words === undefined ? "" : words(event as unknown as Fields);
}

/** Events that tell of a state. */
const STATES: Readonly<Record<number, true | undefined>> = {
  [EVENT_TYPE.serviceStatus2]: true,
  [EVENT_TYPE.serviceStatus3]: true,
  [EVENT_TYPE.hostStatus2]: true,
  [EVENT_TYPE.hostStatus3]: true,
  [EVENT_TYPE.baStatus2]: true,
  [EVENT_TYPE.baStatus3]: true,
};

/** Whether `event` tells that something is not well. */
export function isProblem(event: BrokerEvent): boolean {
  const { state, responsive } = event as unknown as {
    readonly state?: number;
    readonly responsive?: boolean;
  };
  return responsive === false || (STATES[event._type] === true && (state ?? 0) > 0);
}
