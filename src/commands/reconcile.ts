// `reconcile`: holds the journal against what PagerDuty has open, and lists what is not the same; with --fix what is open there
// and fine here is resolved, and what is closed there is made known, through the running connector or the journal. Whether
// that is opened anew, and when, is the connector's to say, by pdy_reopen.
import { nameOf } from "../alerts/alert";
import type { Answer } from "../connector/order_lines";
import { secretsOf } from "../settings/endpoint";
import { presentable } from "../text/log";
import { spokenDuration } from "../text/time";
import { encode } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { loadCurl } from "./curl";
import { differenceLine, differencesJson } from "./incidents";
import { type Difference, type DifferenceKind, askForUnseen, askOpenIncidents } from "./open_incidents";
import { type Wanted, deliverOrders } from "./order_delivery";
import { withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { type Opened, openAsked } from "./rest_asking";
import { runningOutput } from "./running";
import { createSender, resolveBody } from "./sender";

export const RECONCILE: Syntax = {
  command: "reconcile",
  purpose:
    "Lists where the journal and PagerDuty differ. With --fix it mends what is open there and fine here, or closed there and a problem here.",
  operands: [],
  options: withOutputOptions([
    {
      name: "--fix",
      meaning: "resolve what is open there and fine here, have opened anew what is closed there",
    },
    {
      name: "--yes",
      meaning: "needed with --fix when the broker has run for less than 15 min, or does not run",
    },
    { name: "--json", meaning: "what differs, as one JSON object; not with --fix" },
  ]),
};

/** Seconds after which each host and service should have been checked: thrice Centreon's usual interval. */
const EVERYTHING_CHECKED = 900;

/** Where only people are at work, nothing is to be put right. */
function isOfPeople({ kind }: Difference): boolean {
  return kind === "acknowledged there only" || kind === "acknowledged here only";
}

/** Why nobody can know yet that what has no alert here is fine; undefined: it was checked since. */
function whyUnproved({ setup }: Opened): string | undefined {
  const running = runningOutput(setup.settings.state_path);
  if (running.kind === "stopped") return "no broker runs the output";
  const age = running.kind === "runs" && running.since !== undefined ? os.time() - running.since : undefined;
  if (age === undefined || age >= EVERYTHING_CHECKED) return undefined;
  return `the broker has run for ${spokenDuration(age)} only`;
}

/** What follows for each kind of difference that is there. */
function tellWhatToDo(differences: readonly Difference[], opened: Opened, report: Report): void {
  const kinds = new LuaSet<DifferenceKind>();
  for (const { kind } of differences) kinds.add(kind);
  if (kinds.has("open there, fine here")) {
    const unproved = whyUnproved(opened);
    const care =
      unproved === undefined
        ? ""
        : `; but ${unproved}: a problem that was not checked since would be closed, and page again`;
    report.add(`open there, fine here: reconcile --fix resolves it${care}`);
  }
  if (kinds.has("closed there, a problem here")) {
    const { pdy_reopen } = opened.setup.settings;
    report.add(
      `closed there, a problem here: the connector opens it anew as pdy_reopen says ("${pdy_reopen}"); of what it has not seen, reconcile --fix tells it`,
    );
  }
  if (kinds.has("open more than once"))
    report.add(
      "open more than once: it was sent with another key before: reconcile --fix resolves what is too much at other services of our keys; resolve the rest in PagerDuty",
    );
  if (kinds.has("at another service than its key's"))
    report.add(
      "at another service: it was sent with another key before, or moved; its end goes by today's key, and leaves it open there: then it is fine here, and reconcile --fix resolves it, or pdy_resolve_orphans does",
    );
}

/** What became of one order, in words, and whether that mends the difference, now or in due time. */
function wordsOf({ outcome }: Answer, reopen: string): LuaMultiReturn<[words: string, isMended: boolean]> {
  if (outcome === "resolved" || outcome === "ended" || outcome === "opened anew")
    return $multi(outcome, true);
  if (outcome === "by its next check")
    return $multi("taken for closed, and opened anew by the next check that still finds the problem", true);
  if (outcome === "held here")
    return $multi(
      "taken for closed, and opened anew when its acknowledgement or hold in Centreon ends",
      true,
    );
  if (outcome === "left closed")
    return $multi(`left closed, until it gets worse: pdy_reopen is "${reopen}"`, false);
  if (outcome === "sent too lately")
    return $multi("not mended, something was sent of it just now: try again in a minute", false);
  return $multi(`not mended, ${outcome}`, false);
}

/** What is to be ordered for the differences that an order mends; says of the others why not. */
function ordersFor(
  differences: readonly Difference[],
  askedAt: number,
  { services }: Opened,
  report: Report,
): Wanted[] {
  const wanted: Wanted[] = [];
  const resolved = new LuaSet<string>();
  for (const { kind, dedupKey, name, incident, ending } of differences) {
    if (kind === "open there, fine here" && !resolved.has(dedupKey)) {
      const route = services.known.routeOf(incident?.serviceId ?? "");
      if (route === undefined) {
        report.add(
          `not resolved: ${name} (${dedupKey}): no routing key of ours leads to its service: resolve it in PagerDuty`,
        );
      } else {
        resolved.add(dedupKey);
        wanted.push({ kind: "resolve", key: dedupKey, route });
      }
    } else if (ending !== undefined) {
      wanted.push({ kind: "close", key: dedupKey, closed: { by: ending.by, at: ending.at, askedAt } });
    }
  }
  return wanted;
}

/** Resolves what is open more than once, by another key than the alert's: the connector has no part in it. Gives how many. */
function resolveExtra(differences: readonly Difference[], { setup }: Opened, report: Report): number {
  const { settings, routingKeys } = setup;
  const extra: Difference[] = [];
  for (const one of differences) if (one.extraBy !== undefined) extra.push(one);
  const curl = extra.length === 0 ? "" : loadCurl();
  if (typeof curl === "string") return 0;
  const sender = createSender(curl, setup);
  let resolved = 0;
  for (const { dedupKey, name, incident, extraBy } of extra) {
    const verdict = sender.send(
      resolveBody(routingKeys[extraBy ?? ""] ?? "", settings.pdy_dedup_prefix + dedupKey),
    );
    const isResolved = verdict.kind === "accepted";
    if (isResolved) resolved = resolved + 1;
    const words = isResolved
      ? "resolved"
      : `not resolved, ${presentable(verdict.reason, secretsOf(settings, routingKeys))}`;
    report.add(`${words}: ${name} (${dedupKey}), #${string.format("%.0f", incident?.number ?? 0)}`);
  }
  return resolved;
}

/** Mends what can be mended. Gives how many differences are, or what went wrong. */
function fix(
  differences: readonly Difference[],
  askedAt: number,
  opened: Opened,
  report: Report,
): number | string {
  const { settings } = opened.setup;
  let mended = resolveExtra(differences, opened, report);
  const wanted = ordersFor(differences, askedAt, opened, report);
  if (wanted.length === 0) return mended;
  const delivered = deliverOrders(settings, wanted);
  if (typeof delivered === "string") return delivered;
  const names = new LuaTable<string, string | undefined>();
  for (const { dedupKey, name } of differences) names.set(dedupKey, name);
  for (const answer of delivered.answers) {
    const [words, isMended] = wordsOf(answer, settings.pdy_reopen);
    if (isMended) mended = mended + 1;
    report.add(`${words}: ${names.get(answer.key) ?? ""} (${answer.key})`);
  }
  if (delivered.isForNextStart) report.add("no broker runs the output: that takes effect at its next start");
  return mended;
}

export function reconcile(given: Arguments, report: Report): number {
  const fail = (problem: string, code: number): number => {
    report.print(`FAILED reconcile: ${problem}`);
    return code;
  };
  const fixes = given.has("--fix");
  if (fixes && given.has("--json")) return fail("--json only lists: leave out --fix", EXIT.usage);
  const opened = openAsked(RECONCILE.command, given, report);
  if (typeof opened === "number") return opened;
  if (opened.setup.settings.send_data_test)
    return fail("send_data_test is 1: the output keeps no journal, and PagerDuty has nothing", EXIT.problem);
  const askedAt = os.time();
  const found = askOpenIncidents(opened);
  if (typeof found === "string") return fail(found, EXIT.problem);
  const asked = askForUnseen(found.notSeen, opened);
  if (typeof asked === "string") return fail(asked, EXIT.problem);
  const differences: Difference[] = [];
  for (const one of found.differences) if (!isOfPeople(one)) differences.push(one);
  for (const one of asked.differences) differences.push(one);
  if (given.has("--json")) {
    report.print(encode({ fields: [["differences", differencesJson(differences)]] }));
    return differences.length === 0 ? EXIT.good : EXIT.problem;
  }
  const unproved = fixes ? whyUnproved(opened) : undefined;
  if (unproved !== undefined && !given.has("--yes"))
    return fail(
      `${unproved}: what was not checked since may be a problem still, and would be closed: wait until ${spokenDuration(EVERYTHING_CHECKED)} after its start, or add --yes`,
      EXIT.usage,
    );
  for (const one of differences) report.add(differenceLine(one));
  for (const alert of asked.notSeen)
    report.add(
      `not to be seen: ${nameOf(alert)} (${alert.dedupKey}): taken, and in no incident: suppressed, in maintenance, or pdy_api_key sees too little. That proves nothing`,
    );
  if (found.journalProblem !== undefined) report.find("WARNING", "journal", found.journalProblem);
  const count = differences.length;
  if (!fixes) {
    tellWhatToDo(differences, opened, report);
    report.print(
      count === 0
        ? "ok: the journal and PagerDuty agree"
        : `WARNING: ${counted(count, "difference")} between the journal and PagerDuty`,
    );
    return count === 0 ? EXIT.good : EXIT.problem;
  }
  const done = fix(differences, askedAt, opened, report);
  if (typeof done === "string") return fail(done, EXIT.problem);
  const left = count - done;
  report.print(
    `${left === 0 ? "ok" : "WARNING"}: ${counted(done, "difference")} mended${left === 0 ? "" : `, ${left} left`}`,
  );
  return left === 0 ? EXIT.good : EXIT.problem;
}
