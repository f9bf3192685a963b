// Reads files of events: JSON lines with the fields as Lua sees them, as record_path writes them and
// tools/brokerhost reads them. Owns what a line may leave out; knows nothing of what events mean.
import { type Decoded, decode } from "../text/json";
import { readFile } from "./shell";

export interface FileEvent {
  /** Its line in the file, from 1. */
  readonly line: number;
  readonly event: BrokerEvent;
  /** When it happened, as far as the file tells (Unix time). */
  readonly time: number;
}

export interface EventFile {
  readonly events: FileEvent[];
  /** What cannot be read, such as `line 3: no JSON value`. */
  readonly problems: string[];
}

type Fields = Readonly<Record<string, Decoded>>;

const TYPES_PER_CATEGORY = 65536;

/** Full statuses: what a hand-written one leaves out has the value that the broker gives it (BBDO 3's defaults). */
const STATUS_TYPES: Readonly<Record<number, true | undefined>> = {
  65550: true,
  65560: true,
  65565: true,
  65568: true,
};
const STATUS_DEFAULTS = {
  state: 0,
  state_type: 0,
  acknowledgement_type: 0,
  scheduled_downtime_depth: 0,
  check_attempt: 0,
  flapping: false,
  acknowledged: false,
  output: "",
  long_output: "",
  perfdata: "",
};

/** What is wrong with a field: of no kind that the broker would give it. Undefined: nothing. */
function problemOf(name: string, value: Decoded): string | undefined {
  const isId = string.find(name, "^id$")[0] !== undefined || string.find(name, "_id$")[0] !== undefined;
  const expected = isId ? "number" : type((STATUS_DEFAULTS as Fields)[name]);
  const isGood =
    expected === "nil" || (type(value) === expected && (!isId || math.floor(value as number) === value));
  return isGood ? undefined : `${name} is no ${isId ? "whole number" : expected}`;
}

/** The fields that tell when something happened. */
const TIME_FIELDS = ["last_check", "last_update", "entry_time", "last_state_change"];

/** A text of bytes that are not UTF-8 is written as `{"base64": "…"}` by brokerhost: it is only shown as such. */
function plain(value: Decoded): Decoded {
  const encoded = typeof value === "object" ? (value as Fields)["base64"] : undefined;
  return typeof encoded === "string" ? `(base64) ${encoded}` : value;
}

/** The event of one line; undefined for a line that steers brokerhost; a text for what is wrong. */
function readLine(text: string): LuaTable<string, unknown> | string | undefined {
  const result = decode(text);
  if (!result.ok) return result.problem;
  if (typeof result.value !== "object") return "it is not a JSON object";
  const fields = result.value as Fields;
  if (fields["control"] !== undefined) return undefined;
  const event = new LuaTable<string, unknown>();
  for (const [name, value] of pairs(fields)) {
    const given = plain(value);
    const problem = problemOf(name, given);
    if (problem !== undefined) return problem;
    event.set(name, given);
  }
  const { category, element, _type: eventType } = fields;
  if (typeof eventType === "number") {
    event.set("category", math.floor(eventType / TYPES_PER_CATEGORY));
    event.set("element", eventType % TYPES_PER_CATEGORY);
  } else if (typeof category === "number" && typeof element === "number") {
    event.set("_type", category * TYPES_PER_CATEGORY + element);
  } else {
    return "neither _type nor category and element say what event it is";
  }
  if (STATUS_TYPES[event.get("_type") as number] === true)
    setmetatable(event, { __index: STATUS_DEFAULTS } as object);
  return event;
}

/** The text of a file of events; "-" is standard input. */
export function eventText(path: string): LuaMultiReturn<[string, undefined] | [undefined, string]> {
  if (path !== "-") return readFile(path);
  return $multi((io.read("*a") as string | undefined) ?? "", undefined);
}

/** Of so many lines the problems are told: a file of something else has one on each. */
const MOST_TOLD = 20;

/** Reads all lines of a file's `text`. Empty lines and lines that steer brokerhost are passed over. */
export function readEvents(text: string): EventFile {
  const events: FileEvent[] = [];
  const problems: string[] = [];
  let unreadable = 0;
  let line = 0;
  let time = 0;
  for (const [lineText] of string.gmatch(`${text}\n`, "([^\n]*)\n")) {
    line = line + 1;
    if (string.find(lineText ?? "", "%S")[0] !== undefined) {
      const event = readLine(lineText ?? "");
      if (typeof event === "string") {
        unreadable = unreadable + 1;
        if (unreadable <= MOST_TOLD) problems.push(string.format("line %d: %s", line, event));
      } else if (event !== undefined) {
        for (const name of TIME_FIELDS) {
          const value = event.get(name);
          if (typeof value === "number" && value > time) time = value;
        }
        events.push({ line, event: event as unknown as BrokerEvent, time });
      }
    }
  }
  if (unreadable > MOST_TOLD) problems.push(string.format("and so on: %d lines cannot be read", unreadable));
  return { events, problems };
}
