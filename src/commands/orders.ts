// `resolve` and `forget`: end what Centreon no longer knows of and never told. Reads which alerts are meant, and says what
// became of each; how that gets to the output is order_delivery's.
import { type Alert, nameOf } from "../alerts/alert";
import type { Answer } from "../connector/order_lines";
import { validUtf8 } from "../text/utf8";
import type { Arguments, Syntax } from "./arguments";
import { viewJournal } from "./journal_view";
import { type Wanted, deliverOrders } from "./order_delivery";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { succeeds } from "./shell";

const REPEATED = "KEY";

export const RESOLVE: Syntax = {
  command: "resolve",
  purpose: "Ends alerts of what Centreon no longer has, and closes them at PagerDuty.",
  operands: [],
  repeated: REPEATED,
  options: withOutputOptions([
    { name: "--poller", value: "NAME", meaning: "in place of keys: all alerts of this poller, and its own" },
    { name: "--yes", meaning: "needed on a terminal where more than 20 alerts are of the poller" },
  ]),
};

export const FORGET: Syntax = {
  command: "forget",
  purpose: "Lets go of alerts without a word to PagerDuty.",
  operands: [],
  repeated: REPEATED,
  options: withOutputOptions([]),
};

/** Alerts of a poller up to which a person needs no --yes. */
const MOST_WITHOUT_YES = 20;

/** The forms of dedup keys (alerts/alert). */
const KEY_FORMS = [
  "^%d+_%d+$",
  "^%d+_H$",
  "^ba_%d+$",
  "^poller_%d+$",
  "^pagerduty_connector$",
  "^storm_[%w_]+$",
];

function hasKeyForm(text: string): boolean {
  for (const form of KEY_FORMS) if (string.match(text, form)[0] !== undefined) return true;
  return false;
}

/** The alert's own key of one that is given as PagerDuty shows it, or without the prefix; undefined: it is none. */
function ownKey(text: string, prefix: string): string | undefined {
  const shown = validUtf8(prefix);
  const rest = string.sub(text, shown.length + 1);
  if (string.sub(text, 1, shown.length) === shown && hasKeyForm(rest)) return rest;
  return hasKeyForm(text) ? text : undefined;
}

/** What ends a command before anything is done. */
interface Refusal {
  readonly problem: string;
  readonly code: number;
}

function givenKeys({ operands }: Arguments, prefix: string): string[] | Refusal {
  const keys: string[] = [];
  for (const text of operands) {
    const key = ownKey(text, prefix);
    if (key === undefined)
      return {
        problem: `"${text}" is not a key. "status --all" shows them: 11_22 for a service, 11_H for a host, ba_5 for a business activity, poller_3 for a poller`,
        code: EXIT.usage,
      };
    keys.push(key);
  }
  return keys;
}

/** The poller that an alert is of, by its name; empty when nobody knows. */
function pollerOf(alert: Alert): string {
  return alert.resource.kind === "poller" ? nameOf(alert) : (alert.place?.poller ?? "");
}

/** The names in `names`, in order, for a message. */
function listed(names: LuaSet<string>): string {
  const all: string[] = [];
  for (const name of names) if (name !== "") all.push(`"${name}"`);
  table.sort(all);
  return all.length === 0 ? "of no poller" : `of ${table.concat(all, ", ")}`;
}

function keysOfPoller(name: string, { settings }: Setup): string[] | Refusal {
  const { alerts, problem } = viewJournal(settings.state_path);
  const keys: string[] = [];
  const pollers = new LuaSet<string>();
  for (const alert of alerts) {
    const poller = pollerOf(alert);
    pollers.add(poller);
    if (poller === name) keys.push(alert.dedupKey);
  }
  if (keys.length > 0) return keys;
  const known = alerts.length === 0 ? (problem ?? "it has no alerts") : `its alerts are ${listed(pollers)}`;
  return {
    problem: `the journal has no alert of a poller called "${name}": ${known}`,
    code: EXIT.problem,
  };
}

function keysOf(given: Arguments, setup: Setup): string[] | Refusal {
  const poller = given.value("--poller");
  if (poller === undefined) {
    if (given.operands.length > 0) return givenKeys(given, setup.settings.pdy_dedup_prefix);
    return { problem: "it needs a KEY, as PagerDuty or status shows it", code: EXIT.usage };
  }
  if (given.operands.length > 0)
    return { problem: "--poller NAME stands in place of keys, not beside them", code: EXIT.usage };
  const keys = keysOfPoller(poller, setup);
  if ("problem" in keys || keys.length <= MOST_WITHOUT_YES || given.has("--yes")) return keys;
  // A script has decided already.
  if (!succeeds("test -t 0")) return keys;
  return {
    problem: `${counted(keys.length, "alert")} are of the poller "${poller}": add --yes to resolve them all`,
    code: EXIT.usage,
  };
}

/** What became of one alert, and whether that was what was ordered. */
function wordsOf({ key, name, outcome }: Answer): LuaMultiReturn<[string, boolean]> {
  const alert = `${name} (${key})`;
  if (outcome === "unknown")
    return $multi(`unknown key: ${key}: no alert has it ("status --all" shows those there are)`, false);
  if (outcome === "under way")
    return $multi(`being sent: ${alert}: nothing is done; try again in a moment`, false);
  if (outcome === "ended") return $multi(`ended: ${alert}: PagerDuty had nothing of it`, true);
  return $multi(`${outcome}: ${alert}`, true);
}

function run(given: Arguments, report: Report, kind: "resolve" | "forget"): number {
  const fail = (problem: string, code: number): number => {
    report.print(`FAILED ${kind}: ${problem}`);
    return code;
  };
  const setup = openOutput(given, report, { complaint: "FAILED configuration:", needsSecrets: false });
  if (typeof setup === "number") return setup;
  const { settings } = setup;
  if (settings.send_data_test)
    return fail("send_data_test is 1: the output keeps no journal, and PagerDuty has nothing", EXIT.problem);
  const keys = keysOf(given, setup);
  if ("problem" in keys) return fail(keys.problem, keys.code);
  const wanted: Wanted[] = [];
  for (const key of keys) wanted.push({ kind, key });
  const delivered = deliverOrders(settings, wanted);
  if (typeof delivered === "string") return fail(delivered, EXIT.problem);
  let done = 0;
  for (const answer of delivered.answers) {
    const [words, isDone] = wordsOf(answer);
    if (isDone) done = done + 1;
    report.add(words);
  }
  const when =
    delivered.isForNextStart && done > 0
      ? ": no broker runs the output; it takes effect at its next start"
      : "";
  const counts = `${counted(done, "alert")} ${kind === "resolve" ? "resolved" : "forgotten"}`;
  const left = keys.length - done;
  if (left > 0) {
    const { problem } = viewJournal(settings.state_path);
    if (problem !== undefined) report.find("WARNING", "journal", problem);
    return fail(`${counts}, ${left} not${when}`, EXIT.problem);
  }
  report.print(`ok: ${counts}${when}`);
  return EXIT.good;
}

export function resolve(given: Arguments, report: Report): number {
  return run(given, report, "resolve");
}

export function forget(given: Arguments, report: Report): number {
  return run(given, report, "forget");
}
