// The quarantine: a file of the events that PagerDuty will never take, one JSON line each with the reason, where a
// person finds them. Holds no routing key.
import { encode } from "../text/json";
import { utcTimestamp } from "../text/time";

export interface QuarantinedEvent {
  /** Unix time. */
  readonly at: number;
  readonly dedupKey: string;
  readonly action: string;
  /** PagerDuty's words. */
  readonly reason: string;
  /** The JSON body that was refused, without the routing key. */
  readonly body: string;
}

/** Appends `event` to the file at `path`. Gives what went wrong, or undefined. */
export function quarantine(path: string, event: QuarantinedEvent): string | undefined {
  const [file, problem] = io.open(path, "ab");
  if (file === undefined) return problem ?? "unknown reason";
  const head = encode({
    fields: [
      ["at", utcTimestamp(event.at)],
      ["dedup_key", event.dedupKey],
      ["action", event.action],
      ["reason", event.reason],
    ],
  });
  // The body is JSON already: it goes in as the last field.
  const [isWritten, writeProblem] = file.write(`${string.sub(head, 1, -2)},"event":${event.body}}\n`);
  // A full disk shows only here: close gives nil then, though it is typed as a boolean.
  const isClosed = file.close() as boolean | undefined;
  if (isWritten === undefined) return writeProblem as string;
  return isClosed === true ? undefined : "the system refused to write (is the disk full?)";
}
