// `retry`: takes the quarantine back. Sends again what PagerDuty refused and Centreon still calls for; keeps what is
// refused again, with the new reason, and drops the rest. The running output is not touched: it takes a refused
// trigger for one that a person may have sent, and closes it with its problem (alerts/alert).
import { type Alert, DEFAULT_ROUTE, isOpen } from "../alerts/alert";
import { presentable } from "../text/log";
import { NO_ROUTING_KEY, quarantineLine } from "../delivery/quarantine";
import { secretsOf } from "../settings/endpoint";
import { encodeString } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { loadCurl } from "./curl";
import { isMissing, withRemedy } from "./file_problem";
import { viewJournal } from "./journal_view";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { type Quarantined, readQuarantineText } from "./quarantine_file";
import { EXIT, type Report, counted } from "./report";
import { type Sender, createSender, resolveBody } from "./sender";
import { readFile, shellWord, succeeds } from "./shell";

export const RETRY: Syntax = {
  command: "retry",
  purpose: "Sends the events in quarantine again, as far as Centreon still calls for them.",
  operands: [],
  options: withOutputOptions([{ name: "--dry-run", meaning: "tell what would be done, and do nothing" }]),
};

/** Added to the quarantine's name while its events are being sent again. */
const TAKEN = ".retrying";

/** Why an event is not to be sent any more; undefined: it is. `isLast`: there is no later one of its alert. */
function whyDropped(event: Quarantined, alert: Alert | undefined, isLast: boolean): string | undefined {
  if (!isLast) return "a later event of the same alert is in quarantine, too";
  if (event.action === "resolve") {
    return alert !== undefined && alert.desired !== "resolved" ? "the problem is back" : undefined;
  }
  if (alert === undefined || alert.desired === "resolved") return "it has recovered";
  if (event.action === "acknowledge") {
    return alert.desired === "acknowledged" && isOpen(alert) ? undefined : "it is not acknowledged any more";
  }
  if (alert.desired === "held")
    return "it must open no alert now (a downtime, flapping, its host); the connector sends it when that ends";
  if (alert.desired === "acknowledged") return "somebody has acknowledged it";
  if (alert.refusedSeverity !== alert.severity || alert.severity !== event.severity)
    return "it has changed, and the connector sends it by itself";
  return undefined;
}

/** The body with the routing key in its place; undefined: it has no place for one. */
function withKey(body: string, key: string): string | undefined {
  const placeholder = `"routing_key":${encodeString(NO_ROUTING_KEY)}`;
  const [first, last] = string.find(body, placeholder, 1, true);
  if (first === undefined || last === undefined) return undefined;
  return `${string.sub(body, 1, first - 1)}"routing_key":${encodeString(key)}${string.sub(body, last + 1)}`;
}

/** The alerts of the journal by their dedup keys; undefined and why, when that is not known. */
function alertsOf(setup: Setup): LuaTable<string, Alert> | string {
  const { alerts, problem } = viewJournal(setup.settings.state_path);
  if (problem !== undefined) return problem;
  const byKey = new LuaTable<string, Alert>();
  for (const alert of alerts) byKey.set(alert.dedupKey, alert);
  return byKey;
}

/**
 * Takes the quarantine for us alone: under another name, so that what the connector adds meanwhile is not lost. One
 * that an earlier run left behind comes first.
 */
function takeQuarantine(path: string): LuaMultiReturn<[string, undefined] | [undefined, string]> {
  const taken = `${path}${TAKEN}`;
  const [left] = readFile(taken);
  if (left === undefined) {
    const [isMoved, problem] = os.rename(path, taken);
    if (isMoved !== true) return $multi(undefined, problem ?? "unknown reason");
  }
  return readFile(taken);
}

/** Makes sure that the file at `path` exists, with the owner and the rights of the one at `model`. */
function recreateLike(model: string, path: string): void {
  const [from, to, fresh] = [shellWord(model), shellWord(path), shellWord(`${path}.new`)];
  succeeds(`test -e ${to} || { cp -p ${from} ${fresh} && : > ${fresh} && mv -n ${fresh} ${to}; }`);
}

/** Appends lines to the quarantine. Gives what went wrong. */
function putBack(path: string, lines: readonly string[]): string | undefined {
  if (lines.length === 0) return undefined;
  recreateLike(`${path}${TAKEN}`, path);
  const [file, problem] = io.open(path, "ab");
  if (file === undefined) return problem ?? "unknown reason";
  const [isWritten, writeProblem] = file.write(`${table.concat(lines as string[], "\n")}\n`);
  const isClosed = file.close() as boolean | undefined;
  if (isWritten === undefined) return writeProblem as string;
  return isClosed === true ? undefined : "the system refused to write (is the disk full?)";
}

/** What the connector appended to the quarantine at the very moment it was taken: `read` is what was read of it. */
function latecomers(path: string, read: string): string[] {
  const [text] = readFile(`${path}${TAKEN}`);
  const lines: string[] = [];
  for (const [line] of string.gmatch(string.sub(text ?? "", read.length + 1), "[^\n]+"))
    if (line !== undefined) lines.push(line);
  return lines;
}

/** What is to be done with one event, and why not more. */
interface Plan {
  readonly event: Quarantined;
  readonly whyDropped: string | undefined;
}

function planFor(events: readonly Quarantined[], alerts: LuaTable<string, Alert>): Plan[] {
  const lastOf = new LuaTable<string, Quarantined>();
  for (const event of events) lastOf.set(event.dedupKey, event);
  const plans: Plan[] = [];
  for (const event of events) {
    const alert = alerts.get(event.dedupKey) as Alert | undefined;
    const isLast = lastOf.get(event.dedupKey) === event;
    plans.push({ event, whyDropped: whyDropped(event, alert, isLast) });
  }
  return plans;
}

/** What sending came to. */
interface Outcome {
  accepted: number;
  dropped: number;
  /** Lines that stay in quarantine. */
  readonly kept: string[];
  /** Why no more can be sent now; undefined: all were. */
  obstacle: string | undefined;
}

function wordsOf({ dedupKey, action, route, summary }: Quarantined): string {
  return `${dedupKey} ${action} to ${route}${summary === "" ? "" : `: ${summary}`}`;
}

/** Sends one event, and records in `outcome` what became of it. */
function retryEvent(
  event: Quarantined,
  setup: Setup,
  sender: Sender,
  outcome: Outcome,
  report: Report,
): void {
  const { settings, routingKeys } = setup;
  const key = routingKeys[event.route] ?? routingKeys[DEFAULT_ROUTE] ?? "";
  const body = withKey(event.body, key);
  if (body === undefined) {
    outcome.kept.push(event.line);
    report.find("FAILED", "kept", `${wordsOf(event)}: its line has no place for the routing key`);
    return;
  }
  const verdict = sender.send(body);
  if (verdict.kind === "accepted") {
    outcome.accepted = outcome.accepted + 1;
    report.find("ok", "accepted", wordsOf(event));
    const alerts = event.action === "trigger" ? alertsOf(setup) : "";
    const alert = typeof alerts === "string" ? undefined : (alerts.get(event.dedupKey) as Alert | undefined);
    if (typeof alerts !== "string" && (alert === undefined || alert.desired === "resolved")) {
      // The connector's resolve may have come before this trigger.
      sender.send(resolveBody(key, event.sentKey));
      report.add("        it has recovered meanwhile: resolved again");
    }
  } else if (verdict.kind === "refused") {
    const reason = presentable(verdict.reason, secretsOf(settings, routingKeys));
    const { dedupKey, route, action } = event;
    outcome.kept.push(quarantineLine({ at: os.time(), dedupKey, route, action, reason, body: event.body }));
    report.find("FAILED", "kept", `${wordsOf(event)}: PagerDuty refused it again: ${reason}`);
  } else {
    outcome.kept.push(event.line);
    outcome.obstacle =
      verdict.kind === "misconfigured" ? `${verdict.reason}; ${verdict.remedy}` : verdict.reason;
    report.find("FAILED", "kept", `${wordsOf(event)}: ${outcome.obstacle}`);
  }
}

function tellPlan(plans: readonly Plan[], report: Report): number {
  let sending = 0;
  for (const { event, whyDropped: reason } of plans) {
    if (reason === undefined) sending = sending + 1;
    report.add(reason === undefined ? `send    ${wordsOf(event)}` : `drop    ${wordsOf(event)}: ${reason}`);
  }
  report.print(
    `ok: ${counted(sending, "event")} would be sent, ${counted(plans.length - sending, "event")} dropped (dry run)`,
  );
  return EXIT.good;
}

export function retry(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const { quarantine_path: path } = setup.settings;
  const fail = (problem: string): number => {
    report.print(`FAILED retry: ${problem}`);
    return EXIT.problem;
  };
  const isTaken = readFile(`${path}${TAKEN}`)[0] !== undefined;
  const [present, unreadable] = readFile(path);
  if (present === undefined && !isTaken) {
    if (!isMissing(unreadable)) return fail(withRemedy(unreadable, ""));
    report.print("ok: nothing is in quarantine");
    return EXIT.good;
  }
  const alerts = alertsOf(setup);
  if (typeof alerts === "string")
    return fail(
      `whether the problems still exist is not known: ${alerts}; let the broker run this output, and try again`,
    );
  if (given.has("--dry-run")) {
    const left = isTaken ? (readFile(`${path}${TAKEN}`)[0] ?? "") : "";
    return tellPlan(planFor(readQuarantineText(`${left}${present ?? ""}`).events, alerts), report);
  }
  const curl = loadCurl();
  if (typeof curl === "string") return fail(curl);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more');
  const [text, problem] = takeQuarantine(path);
  if (text === undefined) return fail(`the quarantine cannot be taken: ${withRemedy(problem, "")}`);

  const { events, unreadable: strange } = readQuarantineText(text);
  if (strange.length > 0)
    report.find(
      "FAILED",
      "kept",
      `${counted(strange.length, "line")} that cannot be read: look at ${path}, and take out by hand what is torn`,
    );
  const sender = createSender(curl, setup);
  const outcome: Outcome = { accepted: 0, dropped: 0, kept: strange, obstacle: undefined };
  for (const { event, whyDropped: reason } of planFor(events, alerts)) {
    if (reason !== undefined) {
      outcome.dropped = outcome.dropped + 1;
      report.add(`dropped ${wordsOf(event)}: ${reason}`);
    } else if (outcome.obstacle !== undefined) {
      outcome.kept.push(event.line);
      report.add(`kept    ${wordsOf(event)}: not tried`);
    } else {
      retryEvent(event, setup, sender, outcome, report);
    }
  }
  for (const line of latecomers(path, text)) outcome.kept.push(line);
  const writeProblem = putBack(path, outcome.kept);
  if (writeProblem !== undefined)
    return fail(
      `what stays in quarantine could not be written: ${writeProblem}; all of it is still in ${path}${TAKEN}`,
    );
  os.remove(`${path}${TAKEN}`);
  if (isTaken && present !== undefined)
    report.add(
      "an earlier run was interrupted, and this one took up its events: run retry again for newer ones",
    );
  const counts = `${counted(outcome.accepted, "event")} accepted, ${counted(outcome.dropped, "event")} dropped, ${counted(outcome.kept.length, "event")} kept`;
  if (outcome.kept.length > 0) return fail(counts);
  report.print(`ok: ${counts}`);
  return EXIT.good;
}
