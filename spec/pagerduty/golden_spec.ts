// The events that the recorded stories lead to, compared with those in spec/fixtures/golden, which were read by eye
// against the stories. The stories go through the real intake, book and cache; PagerDuty accepts at once.
//
// This spec leaves what it composed in build/golden. When a change of the events is meant, copy the files from there:
// cp build/golden/*.json spec/fixtures/golden/
// npx prettier --ignore-path /dev/null --write spec/fixtures/golden/*.json
// and read the difference.
import { type Action, type Alert, nextAction, recordAccepted } from "../../src/alerts/alert";
import type { Log } from "../../src/text/log";
import { names } from "../../src/broker/cache";
import { createIntake } from "../../src/connector/intake";
import { cacheOf, installCache } from "../support/broker_cache";
import { type Fields, bodyOf } from "../support/composing";
import { decodeJson } from "../support/json";
import { readFile, writeFile } from "../support/process";
import { faultsOf } from "../support/published_rules";
import { recordedEvents } from "../support/recorded";
import { NO_CHOICES } from "../support/alerts";
import { createScene } from "../support/scene";

interface Sent {
  /** The line of the story that led to it. */
  readonly line: number;
  readonly event: Fields;
}

const SILENT_LOG: Log = {
  error: error,
  warning: error,
  info: () => undefined,
  debug: () => undefined,
  isDebug: false,
};

/** The bodies that are sent, each with the line of the story that led to it. */
function play(protocol: 2 | 3): [line: number, body: string][] {
  const story = recordedEvents(protocol);
  const sent: [line: number, body: string][] = [];
  const systemTime = os.time;
  // The story's own time: that of the newest check.
  let now = 1760000000;
  (os as { time: unknown }).time = () => now;

  const changed: Alert[] = [];
  const settings = {
    isNameNeeded: false,
    recoveries: undefined,
    watch: undefined,
    customVariables: () => [],
  };
  const intake = createIntake(settings, { names, log: SILENT_LOG, placesChanged: () => undefined });
  const { book } = createScene(
    {},
    {
      placeOf: intake.placeOf,
      reportOf: intake.reportOf,
      flappingOf: intake.flappingOf,
      alertChanged: (alert) => changed.push(alert),
    },
  );
  const send = (alert: Alert, line: number): void => {
    let action: Action | undefined = nextAction(alert, NO_CHOICES);
    while (action !== undefined) {
      sent.push([line, bodyOf(alert, action, { now: () => now })]);
      recordAccepted(alert, action, alert.severity, now);
      action = nextAction(alert, NO_CHOICES);
    }
    book.forgetIfSettled(alert);
  };

  story.forEach((event, index) => {
    installCache(cacheOf(story.slice(0, index + 1)));
    now = math.max(now, (event["last_check"] as number | undefined) ?? 0);
    const taken = event as unknown as BrokerEvent;
    intake.handlers.get(taken._type)?.(taken, book);
    for (const alert of changed.splice(0)) send(alert, index + 1);
  });
  installCache(undefined);
  (os as { time: unknown }).time = systemTime;
  return sent;
}

os.execute("mkdir -p build/golden");

for (const protocol of [2, 3] as const) {
  describe(`the story recorded in BBDO ${protocol}`, () => {
    const file = `story-bbdo${protocol}.json`;
    const sent = play(protocol);
    writeFile(
      `build/golden/${file}`,
      `[${sent.map(([line, body]) => `{"line":${line},"event":${body}}`).join(",\n")}]\n`,
    );
    const golden = decodeJson(readFile(`spec/fixtures/golden/${file}`) ?? "[]") as Sent[];

    it("leads to as many events as its golden file has", () => {
      assert.equal(golden.length, sent.length);
    });

    golden.forEach(({ line, event }, index) => {
      it(`leads in line ${line} to: ${event["event_action"] as string} ${event["dedup_key"] as string}`, () => {
        const [sentLine, body] = sent[index] ?? [0, "{}"];
        assert.same({ line, event }, { line: sentLine, event: decodeJson(body) });
      });
    });

    it("leads to events that PagerDuty takes", () => {
      for (const [line, body] of sent) assert.same([], faultsOf(body), `line ${line}`);
    });
  });
}
