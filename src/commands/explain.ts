// `explain`: what the connector would send for a file of events, to which team, and why or why not. The connector itself
// decides; its lua-curl only notes what it is given. Nothing is sent.
import { type Alert, isOpen } from "../alerts/alert";
import { type Decoded, decode } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { createNotingCurl } from "./curl";
import { type FileEvent, eventText, readEvents } from "./event_file";
import { isProblem, wordsOf } from "./event_words";
import { withRemedy } from "./file_problem";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { type Effect, beginPlayback } from "./playback";
import { EXIT, type Report, counted } from "./report";
import { withTemporaryFolder } from "./shell";

export const EXPLAIN: Syntax = {
  command: "explain",
  purpose: "Tells what would be sent for a file of events, to which team, and why or why not. Sends nothing.",
  operands: ["EVENTS"],
  options: withOutputOptions([
    { name: "--all", meaning: "tell of every event, also of those that change nothing" },
    { name: "--bodies", meaning: "show what would be sent in full" },
  ]),
};

/** What stands in a shown body for the routing key. */
const HIDDEN_KEY = "***";

type Fields = Readonly<Record<string, Decoded>>;

/** One request that the connector would make. */
interface Sent {
  readonly action: string;
  readonly route: string;
  /** `trigger (critical) to dba: web-01/Load: CRITICAL - …` */
  readonly words: string;
  readonly body: string;
}

function textOf(value: Decoded): string {
  return typeof value === "string" ? value : "";
}

function sentOf(body: string, labels: LuaTable<string, string | undefined>): Sent {
  const result = decode(body);
  const fields = (result.ok && typeof result.value === "object" ? result.value : {}) as Fields;
  const payload = (typeof fields["payload"] === "object" ? fields["payload"] : {}) as Fields;
  const key = textOf(fields["routing_key"]);
  // A change event has none.
  const action = fields["event_action"] === undefined ? "change" : textOf(fields["event_action"]);
  const route = labels.get(key) ?? "?";
  const [first, last] = string.find(body, key, 1, true);
  const shown =
    first === undefined || last === undefined
      ? body
      : string.sub(body, 1, first - 1) + HIDDEN_KEY + string.sub(body, last + 1);
  const severity = textOf(payload["severity"]);
  const what = severity === "" ? action : `${action} (${severity})`;
  const summary = textOf(payload["summary"]);
  const subject = fields["dedup_key"] === undefined ? "" : ` of ${textOf(fields["dedup_key"])}`;
  const words = `${what}${subject} to ${route}${summary === "" ? "" : `: ${summary}`}`;
  return { action, route, words, body: shown };
}

/** Why nothing was sent for an event of which the connector's log says nothing. */
function whyNot({ alert, event, isRead, isNews }: Effect): string {
  if (!isRead) return "the connector does not read such events";
  if (alert === undefined) {
    if (!isProblem(event)) return "all is well, and no alert is open";
    const isSoft = (event as unknown as { readonly state_type?: number }).state_type === 0;
    return isSoft ? "a SOFT state: it waits for the HARD one" : "the connector does not alert for it";
  }
  if (alert.desired === "held") return `held: no alert is opened or closed now${becauseOf(alert)}`;
  if (alert.desired === "acknowledged")
    return isOpen(alert)
      ? "its alert is acknowledged already"
      : "acknowledged before an alert was opened: nobody is paged";
  if (alert.closing !== undefined)
    return `it was closed in PagerDuty, by ${alert.closing.by ?? "PagerDuty itself"}`;
  if (isOpen(alert)) return isNews ? "its alert is open" : "nothing new, its alert is open";
  return `nothing to send${becauseOf(alert)}`;
}

function becauseOf({ rejection }: Alert): string {
  return rejection === undefined ? "" : `: ${rejection}`;
}

/** The reasons in the log: everything but that a request was accepted, which the requests tell better. */
function reasonsOf({ log }: Effect): string[] {
  const reasons: string[] = [];
  for (const { text } of log) {
    if (string.find(text, "^PagerDuty accepted the")[0] === undefined) reasons.push(text);
  }
  return reasons;
}

/** How many there were of each word. */
interface Tally {
  readonly count: (this: void, word: string) => void;
  /** `acknowledge 1, trigger 2`, in the order of the words. */
  readonly words: (this: void) => string;
}

function createTally(): Tally {
  const counts = new LuaTable<string, number | undefined>();
  return {
    count: (word) => {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    },
    words: () => {
      const words: string[] = [];
      for (const [word, count] of counts) words.push(string.format("%s %d", word, count ?? 0));
      table.sort(words);
      return table.concat(words, ", ");
    },
  };
}

/** The teams' labels by their keys; of several labels of one key the first. */
function labelsOf(routingKeys: Record<string, string>): LuaTable<string, string | undefined> {
  const labels = new LuaTable<string, string | undefined>();
  for (const [label, key] of pairs(routingKeys)) {
    const known = labels.get(key);
    if (known === undefined || label < known) labels.set(key, label);
  }
  return labels;
}

/** Tells of one event: what it says, and what is sent for it or why nothing is. */
function tell(effect: Effect, sent: readonly Sent[], given: Arguments, report: Report): void {
  const reasons = reasonsOf(effect);
  const isSilent = sent.length === 0 && reasons.length === 0;
  if (isSilent && !isProblem(effect.event) && !given.has("--all")) return;
  const subject = effect.dedupKey === undefined ? "a definition" : `${effect.name}: ${wordsOf(effect.event)}`;
  report.add(string.format("line %d  %s", effect.line, subject));
  for (const request of sent) {
    report.add(`    -> ${request.words}`);
    if (given.has("--bodies")) report.add(`       ${request.body}`);
  }
  for (const reason of reasons) report.add(`    ${reason}`);
  if (isSilent) report.add(`    nothing: ${whyNot(effect)}`);
}

/** What all events together lead to. */
interface Summary {
  sent: number;
  readonly actions: Tally;
  readonly routes: Tally;
  /** Events that tell of a problem, and for which nothing is sent. */
  silentProblems: number;
}

/** Gives the events to the connector, one by one. Gives why that is not possible as a text. */
function play(
  events: readonly FileEvent[],
  setup: Setup,
  folder: string,
  given: Arguments,
  report: Report,
): Summary | string {
  const labels = labelsOf(setup.routingKeys);
  let sent: Sent[] = [];
  const playback = beginPlayback(
    {
      connector: setup.connector,
      parameters: setup.output.parameters,
      routingKeys: setup.routingKeys,
      folder,
      curl: createNotingCurl((body) => {
        sent.push(sentOf(body, labels));
      }),
      clockRuns: false,
      complain: ({ kind, text }) => {
        if (kind === "error") report.find("WARNING", "parameters", text);
      },
    },
    events[0]?.time ?? 0,
  );
  if (typeof playback === "string") return playback;
  const summary: Summary = { sent: 0, actions: createTally(), routes: createTally(), silentProblems: 0 };
  for (const event of events) {
    const effect = playback.take(event);
    for (const { action, route } of sent) {
      summary.sent = summary.sent + 1;
      summary.actions.count(action);
      summary.routes.count(route);
    }
    if (sent.length === 0 && isProblem(event.event)) summary.silentProblems = summary.silentProblems + 1;
    tell(effect, sent, given, report);
    sent = [];
  }
  return summary;
}

export function explain(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const path = given.operands[0] ?? "";
  const fail = (problem: string): number => {
    report.print(`FAILED explain: ${problem}`);
    return EXIT.problem;
  };
  const [text, problem] = eventText(path);
  if (text === undefined) return fail(withRemedy(problem, "correct the path"));
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more');
  const { events, problems } = readEvents(text);
  for (const each of problems) report.find("FAILED", path, each);
  const summary = withTemporaryFolder((folder) => play(events, setup, folder, given, report));
  if (typeof summary === "string") return fail(summary);
  const details = summary.sent === 0 ? "" : ` (${summary.actions.words()}), to ${summary.routes.words()}`;
  const silent =
    summary.silentProblems === 0
      ? ""
      : `; ${counted(summary.silentProblems, "problem event")} would send nothing`;
  const isGood = problems.length === 0;
  report.print(
    `${isGood ? "ok" : "FAILED"}: for ${counted(events.length, "event")} ${counted(summary.sent, "request")} would be sent${details}${silent}`,
  );
  return isGood ? EXIT.good : EXIT.problem;
}
