// Reads from an event what the last check of a resource said: the report of an alert. Called at each check whose text may
// still be told, so texts stay as they came: text/lines.ts reads them when they are. Owns the names of states.
import type { HostOrService, Report } from "../alerts/alert";
import { cutPerfdata } from "../text/perfdata";
import type { Names } from "./cache";
import type { BusinessActivityStatus, HostStatus, ServiceStatus } from "./observe";

const SERVICE_STATE_NAME: Record<number, string | undefined> = {
  0: "OK",
  1: "WARNING",
  2: "CRITICAL",
  3: "UNKNOWN",
};
const HOST_STATE_NAME: Record<number, string | undefined> = { 0: "UP", 1: "DOWN", 2: "UNREACHABLE" };

/** Most bytes that are kept of each text of an event, so that memory and journal stay in bounds. */
const MAXIMUM_KEPT_BYTES = 65536;

function kept(text: string | undefined): string {
  return text === undefined ? "" : string.sub(text, 1, MAXIMUM_KEPT_BYTES);
}

/** When a check last found the resource well (Unix time). */
function lastOkOf(event: ServiceStatus | HostStatus): number | undefined {
  return event._type === 65560 || event._type === 65565 ? event.last_time_ok : event.last_time_up;
}

/** The most attempts, where the event tells: BBDO 3 leaves it to the configuration. */
function maximumAttemptsOf(event: ServiceStatus | HostStatus): number | undefined {
  return event._type === 65560 || event._type === 65550 ? event.max_check_attempts : undefined;
}

/** What the check of `resource` said. */
export function reportOfStatus(
  event: ServiceStatus | HostStatus,
  { kind, hostId, serviceId }: HostOrService,
  names: Names,
): Report {
  const stateNames = kind === "service" ? SERVICE_STATE_NAME : HOST_STATE_NAME;
  const { state } = event;
  const since = event.last_hard_state_change ?? 0;
  return {
    stateName: stateNames[state] ?? string.format("state %d", state),
    output: kept(event.output),
    longOutput: event._type === 65565 || event._type === 65568 ? kept(event.long_output) : "",
    perfdata: cutPerfdata(event.perfdata, MAXIMUM_KEPT_BYTES),
    attempt: event.check_attempt,
    maximumAttempts: maximumAttemptsOf(event) ?? names.maximumAttempts(hostId, serviceId),
    lastOk: lastOkOf(event) ?? 0,
    since: since > 0 ? since : (event.last_check ?? 0),
  };
}

/** The report of what no check stands behind. */
function plainReport(stateName: string, output: string, since: number): Report {
  return {
    stateName,
    output,
    longOutput: "",
    perfdata: "",
    attempt: 0,
    maximumAttempts: 0,
    lastOk: 0,
    since,
  };
}

export function reportOfBusinessActivity(event: BusinessActivityStatus): Report {
  const { state } = event;
  const stateName = SERVICE_STATE_NAME[state] ?? string.format("state %d", state);
  return plainReport(stateName, event._type === 393235 ? kept(event.output) : "", event.last_state_change);
}

/** `now`: Unix time; the event carries none. */
export function reportOfPoller(now: number): Report {
  return plainReport("NOT RESPONDING", "the poller is silent: what it monitors is not known any more", now);
}

/** `text`: what is wrong, in words; `now`: Unix time. */
export function reportOfConnector(text: string, now: number): Report {
  return plainReport("NOT DELIVERING", text, now);
}
