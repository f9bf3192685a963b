// The quarantine: a file of the events that PagerDuty will never take, one JSON line each with the reason, where a
// person finds them. Holds no routing key.
import { encode } from "../text/json";
import { utcTimestamp } from "../text/time";

export interface QuarantinedEvent {
  /** Unix time. */
  readonly at: number;
  readonly dedupKey: string;
  /** The label of the routing key it was sent with. */
  readonly route: string;
  readonly action: string;
  /** PagerDuty's words. */
  readonly reason: string;
  /** The JSON body that was refused, without the routing key. */
  readonly body: string;
}

/** What stands in a quarantined event for the routing key. */
export const NO_ROUTING_KEY = "(not kept)";

/** The line of an event, without its end. */
export function quarantineLine(event: QuarantinedEvent): string {
  const head = encode({
    fields: [
      ["at", utcTimestamp(event.at)],
      ["dedup_key", event.dedupKey],
      ["route", event.route],
      ["action", event.action],
      ["reason", event.reason],
    ],
  });
  // The body is JSON already: it goes in as the last field.
  return `${string.sub(head, 1, -2)},"event":${event.body}}`;
}

/** Largest file, in bytes: some ten thousand events, which nobody looks through any more, and no disk is filled. */
export const LARGEST_QUARANTINE = 10 * 1024 * 1024;

/** Appends `event` to the file at `path`, as far as it is not full. Gives what went wrong, or undefined. */
export function quarantine(path: string, event: QuarantinedEvent): string | undefined {
  const [file, problem] = io.open(path, "ab");
  if (file === undefined) return problem ?? "unknown reason";
  const [size] = file.seek("end");
  if ((size ?? 0) >= LARGEST_QUARANTINE) {
    file.close();
    return string.format(
      "it is full (%d MB): centreon-pagerduty retry takes back what is in it",
      LARGEST_QUARANTINE / 1024 / 1024,
    );
  }
  const [isWritten, writeProblem] = file.write(`${quarantineLine(event)}\n`);
  // A full disk shows only here: close gives nil then, though it is typed as a boolean.
  const isClosed = file.close() as boolean | undefined;
  if (isWritten === undefined) return writeProblem as string;
  return isClosed === true ? undefined : "the system refused to write (is the disk full?)";
}
