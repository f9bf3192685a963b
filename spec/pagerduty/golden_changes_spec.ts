// The change events that the recorded stories lead to, compared with those in spec/fixtures/golden, which were read by
// eye against the stories. The connector is as if started before each story.
//
// This spec leaves what it composed in build/golden. When a change of the events is meant, copy the files from there as
// golden_spec.ts says, and read the difference.
import { names } from "../../src/broker/cache";
import { readChange } from "../../src/broker/changes";
import { createNews } from "../../src/broker/news";
import { placementOf } from "../../src/broker/place";
import { composeChange } from "../../src/pagerduty/compose_change";
import { cacheOf, installCache } from "../support/broker_cache";
import { type Fields, ROUTING_KEY } from "../support/composing";
import { decodeJson } from "../support/json";
import { readFile, writeFile } from "../support/process";
import { changeFaultsOf } from "../support/published_rules";
import { recordedEvents } from "../support/recorded";

interface Sent {
  /** The line of the story that led to it. */
  readonly line: number;
  readonly event: Fields;
}

/** Before the first event of each story (Unix time). */
const START = 1759913600;

const SETTINGS = { centreonUrl: "https://centreon.example", source: "" };

/** The bodies that are sent, each with the line of the story that led to it. */
function play(protocol: 2 | 3): [line: number, body: string][] {
  const story = recordedEvents(protocol);
  const sent: [line: number, body: string][] = [];
  const isNews = createNews({ startedAt: START, now: () => START, isSettling: () => false });
  story.forEach((event, index) => {
    installCache(cacheOf(story.slice(0, index + 1)));
    const change = readChange(event as unknown as BrokerEvent);
    const placed = change && isNews(change) ? placementOf(change.resource, names, false) : undefined;
    if (change === undefined || placed === undefined) return;
    const report = { change, ...placed, at: change.at ?? START };
    sent.push([index + 1, composeChange(report, ROUTING_KEY, SETTINGS)]);
  });
  installCache(undefined);
  return sent;
}

os.execute("mkdir -p build/golden");

for (const protocol of [2, 3] as const) {
  describe(`the story recorded in BBDO ${protocol}`, () => {
    const file = `changes-bbdo${protocol}.json`;
    const sent = play(protocol);
    writeFile(
      `build/golden/${file}`,
      `[${sent.map(([line, body]) => `{"line":${line},"event":${body}}`).join(",\n")}]\n`,
    );
    const golden = decodeJson(readFile(`spec/fixtures/golden/${file}`) ?? "[]") as Sent[];

    it("leads to the change events of its golden file", () => {
      assert.same(
        golden,
        sent.map(([line, body]) => ({ line, event: decodeJson(body) })),
      );
    });

    it("leads to change events that PagerDuty takes", () => {
      assert.is_true(sent.length > 0);
      for (const [line, body] of sent) assert.same([], changeFaultsOf(body), `line ${line}`);
    });
  });
}
