// `fire` and `clear`: open a test alert and close it again, by the connector's own delivery. It is a copy of the
// connector with a journal of its own: the running output is not touched, and does not know of the alert.
import { DEFAULT_ROUTE } from "../alerts/alert";
import type { Arguments, Syntax } from "./arguments";
import { createKnown } from "./known";
import { type Setup, openOutput, withOutputOptions } from "./output";
import { EXIT, type Report } from "./report";
import { withTemporaryFolder } from "./shell";
import { type LogLine, loadConnector, parametersBeside } from "./stand_in";

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
  return own;
}

/** Whether a log line ends the waiting: PagerDuty has answered, or cannot be reached. */
function isOutcome({ kind, text }: LogLine): boolean {
  if (string.find(text, "PagerDuty accepted the", 1, true)[0] !== undefined) return true;
  return kind === "error" || string.find(text, "was not accepted", 1, true)[0] !== undefined;
}

/** Has the connector send what `event` calls for. Gives the log line that tells how it ended; undefined: it did not. */
function deliver(
  setup: Setup,
  event: BrokerEvent,
  key: string,
  severity: string,
  report: Report,
): LogLine | undefined {
  return withTemporaryFolder((folder) => {
    const known = createKnown();
    for (const definition of definitionEvents()) known.learn(definition);
    let outcome: LogLine | undefined;
    let isRunning = false;
    const connector = loadConnector(setup.connector, {
      cache: known.cache,
      log: (line) => {
        // Complaints about parameters are check's to tell.
        if (!isRunning) {
          if (line.kind === "error") outcome = outcome ?? line;
          return;
        }
        report.add(`${line.kind}: ${line.text}`);
        if (isOutcome(line)) outcome = line;
      },
    });
    if (typeof connector === "string") return { kind: "error", text: connector };
    const parameters = parametersOf(setup, folder, key, severity);
    const [isStarted, problem] = pcall(connector.init, parameters);
    if (!isStarted) return { kind: "error", text: tostring(problem) };
    // A complaint about one parameter among others does not keep the alert from being sent.
    outcome = undefined;
    isRunning = true;
    for (const definition of definitionEvents()) connector.write(definition);
    connector.write(event);
    const end = os.time() + setup.settings.http_timeout + 2;
    do connector.flush();
    while (outcome === undefined && os.time() <= end);
    return outcome;
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
  if (key === undefined) return fail(`there is no usable routing key called "${route}"`, EXIT.usage);
  if (!setup.canSend) return fail('there is no usable pdy_routing_key: "check" tells more', EXIT.problem);
  const event =
    command === "fire"
      ? statusEvent(STATE.critical, "This is a test of the way from Centreon to PagerDuty.")
      : statusEvent(STATE.ok, "The test is over.");
  const outcome = deliver(setup, event, key, severity, report);
  if (outcome === undefined) return fail("nothing was sent within the time limit", EXIT.problem);
  if (outcome.kind !== "info") return fail(outcome.text, EXIT.problem);
  report.print(
    command === "fire"
      ? `ok: the test alert "${HOST_NAME}/${SERVICE_NAME}" is open at PagerDuty (${route}): close it with clear`
      : `ok: the test alert "${HOST_NAME}/${SERVICE_NAME}" is closed at PagerDuty (${route})`,
  );
  return EXIT.good;
}

export function fire(given: Arguments, report: Report): number {
  return run(given, report, "fire");
}

export function clear(given: Arguments, report: Report): number {
  return run(given, report, "clear");
}
