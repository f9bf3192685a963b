// The connector's log as a spec reads it: line by line, waiting for what must come.
import type { Broker } from "./brokerhost";
import { waitFor } from "./process";

/** The lines of the connector's log that contain `part`, as it stands. */
export function logged(broker: Broker, part: string): string[] {
  const lines: string[] = [];
  for (const [line] of string.gmatch(broker.file("log"), "[^\n]+")) {
    if (line !== undefined && string.find(line, part, 1, true)[0] !== undefined) lines.push(line);
  }
  return lines;
}

/** Waits until the connector has logged a line that contains `part`; gives the first one. */
export function waitForLog(broker: Broker, part: string, seconds?: number): string {
  return waitFor(`"${part}" in the log`, () => logged(broker, part)[0], seconds);
}

/** Fails the spec unless `part` stands in `line`. */
export function assertSays(line: string | undefined, part: string): void {
  if (string.find(line ?? "", part, 1, true)[0] === undefined) error(`expected "${part}" in: ${line}`, 2);
}
