// `fire` and `clear`: open a test alert and close it again, by the connector's own delivery. It is a copy of the
// connector with a journal of its own: the running output is not touched, and does not know of the alert.
import { DEFAULT_ROUTE } from "../alerts/alert";
import type { Arguments, Syntax } from "./arguments";
import { createKnown } from "./known";
import { viewJournal } from "./journal_view";
import { type Setup, noSuchRoute, openOutput, withOutputOptions } from "./output";
import { EXIT, NOT_RETRIED, type Report, tellDataTest } from "./report";
import { withTemporaryFolder } from "./shell";
import { type LogLine, beginJournal, loadConnector, parametersBeside } from "./stand_in";

const ROUTE_OPTION = {
  name: "--route",
  value: "NAME",
  meaning: "with this routing key: a name of pdy_routes (default)",
};

const SEVERITIES = ["critical", "error", "warning", "info"];

export const FIRE: Syntax = {
  command: "fire",
  purpose: "Opens a test alert, which pages like a real one. Close it with clear.",
  operands: [],
  options: withOutputOptions([
    ROUTE_OPTION,
    { name: "--severity", value: "NAME", meaning: "critical (default), error, warning or info" },
  ]),
};

export const CLEAR: Syntax = {
  command: "clear",
  purpose: "Closes the test alert that fire has opened.",
  operands: [],
  options: withOutputOptions([ROUTE_OPTION]),
};

/** Ids that no host and service of Centreon have: the largest ones the broker knows. */
const HOST_ID = 2147483647;
const SERVICE_ID = 2147483647;

/** Begins the alert's summary. */
const HOST_NAME = "TEST of Centreon's alerts";
const SERVICE_NAME = "no action needed";
const ALERT_NAME = `test alert "${HOST_NAME}/${SERVICE_NAME}"`;

/** The test is sent whatever the administrator's filters, routes and buffers say of real alerts. */
const LEFT_OUT = [
  "^accepted_",
  "^rejected_",
  "^pdy_routes$",
  "^pdy_routing_key_",
  "^pdy_keys_file$",
  "^pdy_fallback_routing_key$",
  "^pdy_change_events$",
  "^pdy_summary_format$",
  "^custom_code_file$",
  "^pdy_rules_file$",
  "^respect_notification_settings$",
  "^send_data_test$",
  "^max_buffer_",
  "^hard_only$",
  "^host_status$",
  "^service_status$",
  "_severity_threshold$",
  "^severity_",
];

function isLeftOut(name: string): boolean {
  for (const pattern of LEFT_OUT) if (string.find(name, pattern)[0] !== undefined) return true;
  return false;
}

const STATE = { ok: 0, critical: 2 } as const;

function statusEvent(state: Bbdo3.ServiceStatus["state"], output: string): BrokerEvent {
  const now = os.time();
  const event: Partial<Bbdo3.ServiceStatus> = {
    _type: 65565,
    category: 1,
    element: 29,
    host_id: HOST_ID,
    service_id: SERVICE_ID,
    state,
    state_type: 1,
    last_hard_state: state,
    last_hard_state_change: now,
    last_check: now,
    last_time_ok: state === STATE.ok ? now : 0,
    acknowledgement_type: 0,
    scheduled_downtime_depth: 0,
    flapping: false,
    check_attempt: 1,
    output,
    long_output: "",
    perfdata: "",
  };
  return event as BrokerEvent;
}

function definitionEvents(): readonly BrokerEvent[] {
  const host: Partial<Bbdo3.Host> = {
    _type: 65566,
    category: 1,
    element: 30,
    host_id: HOST_ID,
    name: HOST_NAME,
    enabled: true,
  };
  const service: Partial<Bbdo3.Service> = {
    _type: 65563,
    category: 1,
    element: 27,
    host_id: HOST_ID,
    service_id: SERVICE_ID,
    description: SERVICE_NAME,
    enabled: true,
  };
  return [host as BrokerEvent, service as BrokerEvent];
}

/** Parameters for a connector that sends with one routing key, and everything. */
function parametersOf(
  setup: Setup,
  folder: string,
  key: string,
  severity: string,
): LuaTable<string, string | number> {
  const all = parametersBeside(setup.output.parameters, folder);
  const own = new LuaTable<string, string | number>();
  for (const [name, value] of all) if (!isLeftOut(name)) own.set(name, value);
  own.set("pdy_routing_key", key);
  own.set("severity_service_critical", severity);
  // The test's host is not checked: there is nothing to wait for.
  own.set("pdy_host_grace", 0);
  return own;
}

/** How the sending ended. */
type Outcome =
  | { readonly kind: "accepted" }
  /** PagerDuty, or what is in between, said no. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Nobody knows whether it arrived. */
  | { readonly kind: "unknown"; readonly reason: string };

/** The connector's words for what did not work, and why without what it would do next: here it ends. */
const FAILURES = [
  "was not accepted: (.*); the next try is in",
  "^no event gets through: (.*)%. No alert is lost",
  "^(PagerDuty refused the .* for good: .*)$",
];

/** What a log line tells of the outcome; undefined: nothing yet. */
function outcomeIn({ kind, text }: LogLine): Outcome | undefined {
  if (string.find(text, "PagerDuty accepted the", 1, true)[0] !== undefined) return { kind: "accepted" };
  for (const pattern of FAILURES) {
    const [reason] = string.match(text, pattern);
    if (reason !== undefined) return { kind: "failed", reason };
  }
  return kind === "error" ? { kind: "failed", reason: text } : undefined;
}

/** The outcome, with what the journal knows of it: a request that failed may have arrived all the same. */
function settled(outcome: Outcome | undefined, journalPath: string): Outcome {
  if (outcome === undefined) return { kind: "unknown", reason: "no answer came within the time limit" };
  const alert = viewJournal(journalPath).alerts[0];
  // What was refused counts as perhaps open, too: a person may send it from the quarantine.
  const isUnknown = alert?.isCertain === false && alert.refusedSeverity === undefined;
  return outcome.kind === "failed" && isUnknown ? { kind: "unknown", reason: outcome.reason } : outcome;
}

/** What is to be sent. */
interface Test {
  readonly event: BrokerEvent;
  /** It closes: then PagerDuty may have the alert, and else it has none. */
  readonly closes: boolean;
  readonly key: string;
  readonly severity: string;
}

/** Has the connector send what the test's event calls for, and tells how that ended. */
function deliver(setup: Setup, { event, closes, key, severity }: Test, report: Report): Outcome {
  return withTemporaryFolder((folder): Outcome => {
    if (!closes) beginJournal(folder);
    const known = createKnown();
    for (const definition of definitionEvents()) known.learn(definition);
    let outcome: Outcome | undefined;
    let complaint: string | undefined;
    let isRunning = false;
    const connector = loadConnector(setup.connector, {
      cache: known.cache,
      log: (line) => {
        // Complaints about parameters are check's to tell, unless there is no start because of them.
        if (!isRunning) {
          if (line.kind === "error") complaint = complaint ?? line.text;
          return;
        }
        outcome = outcomeIn(line) ?? outcome;
        if (line.kind === "warning" && outcome === undefined) report.add(`warning: ${line.text}`);
      },
    });
    if (typeof connector === "string") return { kind: "failed", reason: connector };
    const parameters = parametersOf(setup, folder, key, severity);
    const [isStarted, problem] = pcall(connector.init, parameters);
    if (!isStarted) return { kind: "failed", reason: complaint ?? tostring(problem) };
    isRunning = true;
    for (const definition of definitionEvents()) connector.write(definition);
    connector.write(event);
    const end = os.time() + setup.settings.http_timeout + 2;
    do connector.flush();
    while (outcome === undefined && os.time() <= end);
    return settled(outcome, `${folder}/state_path`);
  });
}

function run(given: Arguments, report: Report, command: "fire" | "clear"): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const route = given.value("--route") ?? DEFAULT_ROUTE;
  const severity = given.value("--severity") ?? "critical";
  const key = setup.routingKeys[route];
  const fail = (problem: string, code: number): number => {
    report.print(`FAILED ${command}: ${problem}`);
    return code;
  };
  let isSeverity = false;
  for (const word of SEVERITIES) isSeverity = isSeverity || word === severity;
  if (!isSeverity) return fail(`--severity is one of ${table.concat(SEVERITIES, ", ")}`, EXIT.usage);
  if (key === undefined) return fail(noSuchRoute(route), EXIT.usage);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more', EXIT.problem);
  const closes = command === "clear";
  const event = closes
    ? statusEvent(STATE.ok, "The test is over.")
    : statusEvent(STATE.critical, "This is a test of the way from Centreon to PagerDuty.");
  tellDataTest(setup.settings.send_data_test, report);
  const outcome = deliver(setup, { event, closes, key, severity }, report);
  if (outcome.kind === "unknown")
    return fail(
      `the ${closes ? "end of the " : ""}${ALERT_NAME} is not confirmed: ${outcome.reason}; ${NOT_RETRIED}`,
      EXIT.problem,
    );
  if (outcome.kind === "failed")
    return fail(`the ${ALERT_NAME} was not sent: ${outcome.reason}; ${NOT_RETRIED}`, EXIT.problem);
  report.print(
    closes
      ? `ok: the ${ALERT_NAME} is closed at PagerDuty (${route})`
      : `ok: the ${ALERT_NAME} is open at PagerDuty (${route}): close it with clear`,
  );
  return EXIT.good;
}

export function fire(given: Arguments, report: Report): number {
  return run(given, report, "fire");
}

export function clear(given: Arguments, report: Report): number {
  return run(given, report, "clear");
}
