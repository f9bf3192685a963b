// Plays every fault of faults.ts over real sockets, and looks at what became of the alert: that it arrives in the end
// and pages once, that the broker is neither held nor bothered, and what the log says. Prints the table of all.
import { LUA, type Report } from "../support/brokerhost";
import { type ClientCertificates, makeClientCertificates } from "../support/certificates";
import { CRITICAL, type Centreon, LOAD, OK, createCentreon } from "../support/events";
import { inShort, requestsOf } from "../support/incidents";
import { assertSays, logged, waitForLog } from "../support/log";
import { startSilentServer } from "../support/ports";
import { waitFor } from "../support/process";
import { startProxy } from "../support/proxy";
import { type Sandbox, startSandbox } from "../support/sandbox";
import { type Actor, type Stage, createStage } from "../support/stage";
import { FAULTS, type Fault, type Parameters, type Surroundings } from "./faults";

/** Faults that are played at a time: they mostly wait. */
const AT_A_TIME = 18;

/**
 * Microseconds. write() never waits: neither once for long nor each time for a little, and a busy machine may hold up
 * any single call (`make bench` measures the longest where nothing else runs). flush() may wait for about a second.
 */
const LONGEST_WRITE = 500_000;
const AVERAGE_WRITE = 10_000;
const LONGEST_FLUSH = 1_900_000;

/** One fault's story. Between the steps below it goes on by itself. */
interface Story {
  readonly fault: Fault;
  readonly pagerduty: Sandbox;
  readonly stage: Stage;
  readonly centreon: Centreon;
  readonly rightParameters: Parameters;
  /** Where the fault is met. */
  readonly first: Actor;
  /** Where the alert gets through: another one when the parameters had to be mended. */
  last: Actor;
  /** What the log said of the fault. */
  line: string;
}

/** What became of it. */
interface Outcome {
  readonly fault: Fault;
  readonly line: string;
  /** Log lines of mistakes of the connector's own. */
  readonly mistakes: readonly string[];
  readonly quarantine: string;
  readonly incidents: readonly string[];
  /** Triggers that PagerDuty got to read. */
  readonly triggers: number;
  /** Microseconds. */
  readonly longestWrite: number;
  readonly averageWrite: number;
  readonly longestFlush: number;
  /** Errors that came out of write() and flush(). */
  readonly errors: number;
  readonly unacknowledged: number;
}

/** The problem appears, and things go wrong. */
function begin(fault: Fault, around: Surroundings): Story {
  const pagerduty = fault.needsOwnSandbox === true ? startSandbox() : around.sandbox;
  const stage = createStage(pagerduty);
  const rightParameters = {
    // Those of the system take tens of milliseconds of work to load, which is not what is looked at here.
    http_ca_file: around.otherAuthority,
    ...fault.way?.({ ...around, sandbox: pagerduty }),
  };
  const first = stage.start({ parameters: { ...rightParameters, ...fault.wrong?.(around) } });
  if (fault.needsOwnSandbox === true) pagerduty.post("/sandbox/faults", fault.order);
  else if (fault.order !== undefined) first.orderFault(fault.order);
  const centreon = createCentreon(3);
  // The flush() ends the start: from now on write() sends at once.
  first.give(centreon.introduce(), [{ control: "flush" }], centreon.check(LOAD, CRITICAL));
  return { fault, pagerduty, stage, centreon, rightParameters, first, last: first, line: "" };
}

/** Waits until all faults show. Events keep coming meanwhile, so that write() is called in the middle of them. */
function awaitFaults(stories: readonly Story[]): void {
  waitFor("all faults to show", () => {
    const open = stories.filter((story) => story.line === "");
    for (const story of open) {
      const { fault, first, centreon } = story;
      first.give(centreon.resend(LOAD));
      story.line = logged(first, fault.says)[0] ?? "";
    }
    return open.length === 0 || undefined;
  });
}

/** Where it takes a person, the parameters are mended, and the connector starts again. */
function mend(story: Story): void {
  const { fault, stage, rightParameters, first } = story;
  if (fault.wrong === undefined && fault.reaction !== "waits for you") return;
  first.stop();
  const same = { pdy_routing_key: first.routingKey, state_path: `${first.folder}/state` };
  story.last = stage.start({ parameters: { ...rightParameters, ...same } });
}

/** The alert is delivered, the problem ends, and that is delivered, too. */
function recover({ fault, centreon, pagerduty, first, last }: Story): void {
  if (fault.reaction === "quarantines") return;
  waitForLog(last, "PagerDuty accepted the trigger");
  if (fault.order?.["kind"] === "delay") {
    // A trigger that PagerDuty takes after the resolve opens a new incident.
    waitFor(
      "the late trigger to be taken",
      () => requestsOf(pagerduty, first.routingKey)[0]?.accepted === true || undefined,
    );
  }
  last.give(centreon.check(LOAD, OK));
  waitForLog(last, "PagerDuty accepted the resolve");
}

function end({ fault, pagerduty, stage, first, last, line }: Story): Outcome {
  const starts = first === last ? [first] : [first, last];
  const reports = starts.map((broker) => broker.stop());
  const sum = (count: (report: Report) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const longest = (time: (report: Report) => number): number =>
    reports.reduce((longestYet, report) => math.max(longestYet, time(report)), 0);
  const outcome = {
    ...{ fault, line },
    mistakes: starts.flatMap((broker) => logged(broker, "unexpected error")),
    quarantine: last.file("quarantine"),
    incidents: first.incidents().map((incident) => inShort(incident)),
    triggers: requestsOf(pagerduty, first.routingKey).filter(({ body }) => contains(body, '"trigger"'))
      .length,
    longestWrite: longest((report) => report.longest_write_us),
    averageWrite: sum((report) => report.total_write_us) / sum((report) => report.written),
    longestFlush: longest((report) => report.longest_flush_us),
    errors: sum((report) => report.write_errors + report.flush_errors),
    unacknowledged: sum((report) => report.unacknowledged + report.waiting),
  };
  stage.clear();
  if (fault.needsOwnSandbox === true) pagerduty.stop();
  return outcome;
}

/** Whether write() or flush() took longer than it may. */
function isHeldUp({ longestWrite, averageWrite, longestFlush }: Outcome): boolean {
  return longestWrite >= LONGEST_WRITE || averageWrite >= AVERAGE_WRITE || longestFlush >= LONGEST_FLUSH;
}

function play(faults: readonly Fault[], around: Surroundings): Outcome[] {
  const stories = faults.map((fault) => begin(fault, around));
  awaitFaults(stories);
  for (const story of stories) mend(story);
  for (const story of stories) recover(story);
  return stories.map((story) => end(story));
}

function contains(text: string, part: string): boolean {
  return string.find(text, part, 1, true)[0] !== undefined;
}

/** The line without its time and what is the same in all. */
function shortened(line: string): string {
  let [text] = string.gsub(line, "^.- %d%d%d%d: ", "");
  [text] = string.gsub(text, " the trigger %(critical%) of 11_22, web%-01/Load", "");
  [text] = string.gsub(text, "; the next try is in (%d+) s.*", "; again in %1 s");
  return text.length > 110 ? `${string.sub(text, 1, 107)}...` : text;
}

function printTable(outcomes: readonly Outcome[]): void {
  const format = "%-52s %-13s %8s %5s %8s %8s  %s";
  const titles = [
    "what goes wrong",
    "the connector",
    "triggers",
    "pages",
    "write µs",
    "flush ms",
    "its log says",
  ];
  print(`\n${string.format(format, ...titles)}`);
  for (const { fault, line, triggers, incidents, longestWrite, longestFlush } of outcomes) {
    const [pages] = string.match(incidents[0] ?? "0 page", "(%d+) page");
    const numbers = [triggers, pages, longestWrite, longestFlush / 1000].map((n) => string.format("%.0f", n));
    print(string.format(format, fault.name, fault.reaction, ...numbers, shortened(line)));
  }
}

describe("a fault", () => {
  let around: Surroundings;
  let certificates: ClientCertificates;
  const outcomes: Outcome[] = [];
  setup(() => {
    certificates = makeClientCertificates();
    around = {
      sandbox: startSandbox(),
      silent: startSilentServer(),
      proxy: startProxy({ user: "centreon", password: "secret" }),
      otherAuthority: certificates.authority,
    };
    for (let first = 0; first < FAULTS.length; first += AT_A_TIME) {
      for (const outcome of play(FAULTS.slice(first, first + AT_A_TIME), around)) outcomes.push(outcome);
    }
  });
  teardown(() => {
    for (const { stop } of [around.sandbox, around.silent, around.proxy]) stop();
    certificates.remove();
    // Once is enough.
    if (LUA === "5.3") printTable(outcomes);
  });

  FAULTS.forEach((fault, index) => {
    it(`${fault.reaction}: ${fault.name}`, () => {
      let outcome = outcomes[index];
      if (outcome === undefined) return error("it was not played");
      assertSays(outcome.line, fault.says);
      const isQuarantined = fault.reaction === "quarantines";
      assert.same(isQuarantined ? [] : ["11_22 resolved critical, 1 page"], outcome.incidents);
      assert.equal(isQuarantined, contains(outcome.quarantine, '"dedup_key":"11_22"'), outcome.quarantine);
      assert.equal(fault.triggers, outcome.triggers);
      assert.same([], outcome.mistakes);
      assert.same([0, 0], [outcome.errors, outcome.unacknowledged]);
      // Where it was the machine, and not the fault, it goes better alone.
      if (isHeldUp(outcome)) {
        outcome = play([fault], around)[0] ?? outcome;
        outcomes[index] = outcome;
      }
      const { longestWrite, averageWrite, longestFlush } = outcome;
      const times = `write() took up to ${longestWrite}, on average ${averageWrite}, flush() up to ${longestFlush} µs`;
      assert.is_false(isHeldUp(outcome), times);
    });
  });
});
