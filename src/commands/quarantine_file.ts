// Reads the quarantine: the events that PagerDuty refused, as delivery/quarantine wrote them. Changes nothing.
import { DEFAULT_ROUTE } from "../alerts/alert";
import { type Decoded, decode } from "../text/json";
import { isMissing, withRemedy } from "./file_problem";
import { readFile } from "./shell";

/** One refused event. */
export interface Quarantined {
  readonly at: string;
  /** The alert's. */
  readonly dedupKey: string;
  /** The alert's as PagerDuty knows it, with pdy_dedup_prefix. */
  readonly sentKey: string;
  /** The label of its routing key. */
  readonly route: string;
  readonly action: string;
  readonly severity: string;
  readonly summary: string;
  readonly reason: string;
  /** The body that was refused, word for word. */
  readonly body: string;
  /** The whole line, without its end. */
  readonly line: string;
}

export interface Quarantine {
  readonly events: Quarantined[];
  /** Lines that are none of ours, or torn. */
  readonly unreadable: string[];
}

/** Stands before the body, the last field of a line. In a text its quotes would be escaped. */
const BEFORE_BODY = ',"event":';

type Fields = Readonly<Record<string, Decoded>>;

function fieldsOf(value: Decoded): Fields {
  return (typeof value === "object" ? value : {}) as Fields;
}

function textOf(value: Decoded): string {
  return typeof value === "string" ? value : "";
}

function readLine(line: string): Quarantined | undefined {
  const result = decode(line);
  const [, bodyStart] = string.find(line, BEFORE_BODY, 1, true);
  if (!result.ok || bodyStart === undefined) return undefined;
  const fields = fieldsOf(result.value);
  const event = fieldsOf(fields["event"]);
  const payload = fieldsOf(event["payload"]);
  const dedupKey = textOf(fields["dedup_key"]);
  const action = textOf(fields["action"]);
  if (dedupKey === "" || action === "") return undefined;
  return {
    at: textOf(fields["at"]),
    dedupKey,
    sentKey: textOf(event["dedup_key"]),
    route: textOf(fields["route"] ?? DEFAULT_ROUTE),
    action,
    severity: textOf(payload["severity"]),
    summary: textOf(payload["summary"]),
    reason: textOf(fields["reason"]),
    body: string.sub(line, bodyStart + 1, -2),
    line,
  };
}

/** What the lines of a quarantine say, in their order. */
export function readQuarantineText(text: string): Quarantine {
  const events: Quarantined[] = [];
  const unreadable: string[] = [];
  for (const [line] of string.gmatch(text, "[^\n]+")) {
    const event = line === undefined ? undefined : readLine(line);
    if (event !== undefined) events.push(event);
    else if (line !== undefined) unreadable.push(line);
  }
  return { events, unreadable };
}

/** The quarantine at `path`, or why it cannot be read. No file is an empty one. */
export function readQuarantine(path: string): Quarantine | string {
  const [text, problem] = readFile(path);
  if (text !== undefined) return readQuarantineText(text);
  return isMissing(problem) ? { events: [], unreadable: [] } : withRemedy(problem, "");
}
