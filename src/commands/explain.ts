// `explain`: what the connector would send for a file of events, to which team, and why or why not. The connector itself
// decides; its lua-curl only notes what it is given. Nothing is sent.
import { type Alert, isOpen } from "../alerts/alert";
import { type Decoded, decode } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { createNotingCurl } from "./curl";
import { eventText, readEvents } from "./event_file";
import { isProblem, wordsOf } from "./event_words";
import { openOutput, withOutputOptions } from "./output";
import { type Effect, beginRehearsal } from "./rehearsal";
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

function sentOf(body: string, labelOfKey: LuaTable<string, string>): Sent {
  const result = decode(body);
  const fields = (result.ok && typeof result.value === "object" ? result.value : {}) as Fields;
  const payload = (typeof fields["payload"] === "object" ? fields["payload"] : {}) as Fields;
  const key = textOf(fields["routing_key"]);
  const action = textOf(fields["event_action"]);
  const route = labelOfKey.get(key) ?? "?";
  const [first, last] = string.find(body, key, 1, true);
  const shown =
    first === undefined || last === undefined
      ? body
      : string.sub(body, 1, first - 1) + HIDDEN_KEY + string.sub(body, last + 1);
  const severity = textOf(payload["severity"]);
  const what = severity === "" ? action : `${action} (${severity})`;
  const summary = textOf(payload["summary"]);
  const words = `${what} of ${textOf(fields["dedup_key"])} to ${route}${summary === "" ? "" : `: ${summary}`}`;
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

/** `1 acknowledge, 2 trigger`, in the order of the words. */
function tally(counts: LuaTable<string, number>): string {
  const words: string[] = [];
  for (const [word, count] of counts) words.push(string.format("%s %d", word, count));
  table.sort(words);
  return table.concat(words, ", ");
}

function countUp(counts: LuaTable<string, number>, word: string): void {
  counts.set(word, ((counts.get(word) as number | undefined) ?? 0) + 1);
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
  if (text === undefined) return fail(problem);
  const { events, problems } = readEvents(text);
  for (const each of problems) report.find("FAILED", path, each);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more');

  const labelOfKey = new LuaTable<string, string>();
  for (const [label, key] of pairs(setup.rules.routingKeys)) labelOfKey.set(key, label);
  const actions = new LuaTable<string, number>();
  const routes = new LuaTable<string, number>();
  let sentCount = 0;
  let silentProblems = 0;

  const tell = (effect: Effect, sent: readonly Sent[]): void => {
    const reasons = reasonsOf(effect);
    const isSilent = sent.length === 0 && reasons.length === 0;
    if (sent.length === 0 && isProblem(effect.event)) silentProblems = silentProblems + 1;
    const isWorthIt = !isSilent || isProblem(effect.event);
    if (!isWorthIt && !given.has("--all")) return;
    const subject =
      effect.dedupKey === undefined ? "a definition" : `${effect.name}: ${wordsOf(effect.event)}`;
    report.add(string.format("line %d  %s", effect.line, subject));
    for (const request of sent) {
      report.add(`    -> ${request.words}`);
      if (given.has("--bodies")) report.add(`       ${request.body}`);
    }
    for (const reason of reasons) report.add(`    ${reason}`);
    if (isSilent) report.add(`    nothing: ${whyNot(effect)}`);
  };

  const outcome = withTemporaryFolder((folder) => {
    let bodies: string[] = [];
    const rehearsal = beginRehearsal(
      {
        connector: setup.connector,
        parameters: setup.output.parameters,
        folder,
        curl: createNotingCurl((body) => {
          bodies.push(body);
        }),
        clockRuns: false,
        complain: ({ kind, text: complaint }) => {
          if (kind === "error") report.find("WARNING", "parameters", complaint);
        },
      },
      events[0]?.time ?? 0,
    );
    if (typeof rehearsal === "string") return rehearsal;
    for (const event of events) {
      const effect = rehearsal.take(event);
      const sent: Sent[] = [];
      for (const body of bodies) sent.push(sentOf(body, labelOfKey));
      bodies = [];
      for (const { action, route } of sent) {
        sentCount = sentCount + 1;
        countUp(actions, action);
        countUp(routes, route);
      }
      tell(effect, sent);
    }
    return undefined;
  });
  if (outcome !== undefined) return fail(outcome);
  const details = sentCount === 0 ? "" : ` (${tally(actions)}), to ${tally(routes)}`;
  const silent =
    silentProblems === 0 ? "" : `; ${counted(silentProblems, "problem event")} would send nothing`;
  const isGood = problems.length === 0;
  report.print(
    `${isGood ? "ok" : "FAILED"}: for ${counted(events.length, "event")} ${counted(sentCount, "request")} would be sent${details}${silent}`,
  );
  return isGood ? EXIT.good : EXIT.problem;
}
