// `reconcile`: holds the journal against what PagerDuty has open, and lists what is not the same; with --fix what is open there
// and fine here is resolved, through the running connector or the journal. What is closed there is the connector's to open
// anew, as pdy_reopen says.
import { nameOf } from "../alerts/alert";
import { spokenDuration } from "../text/time";
import { encode } from "../text/json";
import type { Arguments, Syntax } from "./arguments";
import { differenceLine, differencesJson } from "./incidents";
import { type Difference, type DifferenceKind, askForUnseen, askOpenIncidents } from "./open_incidents";
import { deliverOrders } from "./order_delivery";
import { withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { type Opened, openAsked } from "./rest_asking";
import { runningOutput } from "./running";

export const RECONCILE: Syntax = {
  command: "reconcile",
  purpose:
    "Lists where the journal and PagerDuty differ. With --fix it resolves what is open there and fine here.",
  operands: [],
  options: withOutputOptions([
    { name: "--fix", meaning: "resolve at PagerDuty what is open there and fine here" },
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
      `closed there, a problem here: the connector opens it anew as pdy_reopen says ("${pdy_reopen}")`,
    );
  }
  if (kinds.has("at another service than its key's") || kinds.has("open more than once"))
    report.add(
      "at another service, or more than once: it was sent with another key before; a resolve goes by today's key: resolve what is too much in PagerDuty",
    );
}

/** Resolves what is open there and fine here. Gives how many are, or what went wrong. */
function fix(
  differences: readonly Difference[],
  { setup, services }: Opened,
  report: Report,
): number | string {
  const routes = new LuaTable<string, string | undefined>();
  const names = new LuaTable<string, string | undefined>();
  const keys: string[] = [];
  for (const { kind, dedupKey, name, incident } of differences) {
    const route = services.known.routeOf(incident?.serviceId ?? "");
    if (kind === "open there, fine here" && routes.get(dedupKey) === undefined) {
      names.set(dedupKey, name);
      if (route === undefined) {
        report.add(
          `not resolved: ${name} (${dedupKey}): no routing key of ours leads to its service: resolve it in PagerDuty`,
        );
      } else {
        routes.set(dedupKey, route);
        keys.push(dedupKey);
      }
    }
  }
  if (keys.length === 0) return 0;
  const delivered = deliverOrders(setup.settings.state_path, "resolve", keys, (key) => routes.get(key));
  if (typeof delivered === "string") return delivered;
  let done = 0;
  for (const { key, outcome } of delivered.answers) {
    const isDone = outcome === "resolved" || outcome === "ended";
    if (isDone) done = done + 1;
    report.add(`${isDone ? outcome : `not resolved, ${outcome}`}: ${names.get(key) ?? ""} (${key})`);
  }
  if (delivered.isForNextStart) report.add("no broker runs the output: that takes effect at its next start");
  return done;
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
  const done = fix(differences, opened, report);
  if (typeof done === "string") return fail(done, EXIT.problem);
  const left = count - done;
  report.print(
    `${left === 0 ? "ok" : "WARNING"}: ${counted(done, "incident")} resolved${left === 0 ? "" : `, ${counted(left, "difference")} left`}`,
  );
  return left === 0 ? EXIT.good : EXIT.problem;
}
