// The recorded events of a Centreon, as specs play them.
import type { Line } from "./brokerhost";
import { decodeJson } from "./json";
import { readFile } from "./process";

/** The lines of a file of recorded events. */
export function linesOf(file: string): Line[] {
  const path = `spec/fixtures/events/${file}.jsonl`;
  const events: Line[] = [];
  for (const [text] of string.gmatch(readFile(path) ?? error(`no ${path}`), "[^\n]+")) {
    events.push(decodeJson(text ?? "") as Line);
  }
  return events;
}

/** The story recorded in BBDO `protocol`, line by line. */
export function recordedEvents(protocol: 2 | 3): Line[] {
  return linesOf(`story-bbdo${protocol}`);
}

/** The story recorded in BBDO `protocol`, with a pause after each event in which everything is sent. */
export function recordedStory(protocol: 2 | 3): Line[] {
  const lines: Line[] = [];
  for (const event of recordedEvents(protocol)) {
    lines.push(event);
    lines.push({ control: "flush" });
  }
  return lines;
}
