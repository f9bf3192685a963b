// The recorded events of a Centreon, as specs play them.
import type { Line } from "./brokerhost";
import { decodeJson } from "./json";
import { outputOf, readFile } from "./process";

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

/** An event of an engine's story, as a real broker gave it to a Lua output. */
export interface StoryEvent {
  /** Unix time. */
  readonly at: number;
  /** One line of JSON. */
  readonly event: string;
  /** What the broker's cache called its host and its service then. */
  readonly host: string | undefined;
  readonly service: string | undefined;
}

/**
 * The story of a real engine, of a quarter of an hour: problems of all kinds, downtimes, acknowledgements, reloads and
 * restarts of the engine and of the broker. The lines are not decoded: there are twelve thousand of them.
 */
export function engineStory(protocol: 2 | 3): StoryEvent[] {
  const path = `spec/fixtures/events/engine-story-bbdo${protocol}.jsonl.gz`;
  const story: StoryEvent[] = [];
  for (const [line] of string.gmatch(outputOf(`gzip -dc ${path}`), "[^\n]+")) {
    const [at, cache, event] = string.match(line ?? "", '^{"at":(%d+),"cache":(%b{}),"event":(.*)}$');
    if (at === undefined || cache === undefined || event === undefined)
      return error(`not a line of ${path}: ${line}`);
    const [host] = string.match(cache, '"host":"([^"]*)"');
    const [service] = string.match(cache, '"service":"([^"]*)"');
    story.push({ at: Number(at), event, host, service });
  }
  return story;
}
