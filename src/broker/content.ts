// Reads from an event and the broker's cache what a trigger says: the content of an alert. Called only when that
// is news. Owns the names of states and of virtual hosts.
import { type Content, type HostOrService, sharedIfEmpty } from "../alerts/alert";
import type { Names } from "./cache";
import type { Configuration } from "./configuration";
import { expandMacros } from "../text/macros";
import { cutPerfdata } from "../text/perfdata";
import { urlEncode } from "../text/url";
import type { BusinessActivityStatus, HostStatus, ResponsiveInstance, ServiceStatus } from "./observe";

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

/**
 * Short and long output. BBDO 2 has both in one text; in BBDO 3 a host's long output, when there is one, also
 * stands in the place of the short one (a quirk of the engine).
 */
function outputsOf(event: ServiceStatus | HostStatus): LuaMultiReturn<[string, string]> {
  const output = kept(event.output);
  const longOutput = event._type === 65565 || event._type === 65568 ? kept(event.long_output) : "";
  const [first, rest] = string.match(output, "^%s*([^\r\n]*)[\r\n]*(.*)$");
  return $multi(first ?? output, longOutput === "" ? (rest ?? "") : longOutput);
}

/** When a check last found the resource well (Unix time). */
function lastOkOf(event: ServiceStatus | HostStatus): number | undefined {
  return event._type === 65560 || event._type === 65565 ? event.last_time_ok : event.last_time_up;
}

/** The most attempts, where the event tells: BBDO 3 leaves it to the configuration. */
function maximumAttemptsOf(event: ServiceStatus | HostStatus): number | undefined {
  return event._type === 65560 || event._type === 65550 ? event.max_check_attempts : undefined;
}

/** The virtual hosts that Centreon keeps business activities and meta-services on; nobody should read their names. */
const BUSINESS_ACTIVITY_HOST = "^_Module_BAM";
const META_SERVICE_HOST = "_Module_Meta";

/** What a person calls the resource, and what kind it is. */
interface Naming {
  readonly className: string;
  readonly hostName: string;
  readonly serviceDescription: string;
}

/**
 * The names for a host or service; made up from the ids where the broker knows none, or undefined when that is
 * not wanted. A business activity's virtual service has none either: the business activity alerts by itself.
 */
function namingOf(resource: HostOrService, names: Names, isNameNeeded: boolean): Naming | undefined {
  const { kind, hostId, serviceId } = resource;
  const known = names.hostName(hostId);
  if (known === undefined && isNameNeeded) return undefined;
  const hostName = known ?? string.format("host %d", hostId);
  if (string.match(hostName, BUSINESS_ACTIVITY_HOST)[0] !== undefined) return undefined;
  if (kind === "host") return { className: "host", hostName, serviceDescription: "" };
  const serviceDescription =
    names.serviceDescription(hostId, serviceId) ?? string.format("service %d", serviceId);
  if (hostName === META_SERVICE_HOST) {
    const name = names.displayName(hostId, serviceId) ?? serviceDescription;
    return { className: "meta_service", hostName: name, serviceDescription: "" };
  }
  return { className: "service", hostName, serviceDescription };
}

/**
 * What a trigger for `event` says. Undefined when the resource is not to be recorded: its name is not known though
 * `isNameNeeded`, or it only stands for a business activity.
 */
export function describeStatus(
  event: ServiceStatus | HostStatus,
  resource: HostOrService,
  names: Names,
  configuration: Configuration,
  isNameNeeded: boolean,
): Content | undefined {
  const { kind, hostId, serviceId } = resource;
  const naming = namingOf(resource, names, isNameNeeded);
  if (naming === undefined) return undefined;
  const isService = kind === "service";
  const { state } = event;
  const stateNames = isService ? SERVICE_STATE_NAME : HOST_STATE_NAME;
  const [output, longOutput] = outputsOf(event);
  const since = event.last_hard_state_change ?? 0;
  const stateName = stateNames[state] ?? string.format("state %d", state);
  const hostAlias = names.hostAlias(hostId);
  const hostAddress = names.hostAddress(hostId);
  // Centreon's pages expand the same, and the events do not.
  const macros = {
    HOSTNAME: naming.hostName,
    HOSTALIAS: hostAlias,
    HOSTADDRESS: hostAddress,
    HOSTSTATE: isService ? undefined : stateName,
    SERVICEDESC: isService ? naming.serviceDescription : undefined,
    SERVICESTATE: isService ? stateName : undefined,
  };
  return {
    className: naming.className,
    hostName: naming.hostName,
    serviceDescription: naming.serviceDescription,
    stateName,
    output,
    longOutput,
    perfdata: cutPerfdata(event.perfdata, MAXIMUM_KEPT_BYTES),
    hostGroups: sharedIfEmpty(names.hostGroups(hostId)),
    serviceGroups: sharedIfEmpty(isService ? names.serviceGroups(hostId, serviceId) : []),
    businessViews: sharedIfEmpty([]),
    criticality: names.criticality(hostId, serviceId),
    poller: names.poller(hostId),
    notesUrl: expandMacros(names.notesUrl(hostId, serviceId), macros, urlEncode),
    actionUrl: expandMacros(names.actionUrl(hostId, serviceId), macros, urlEncode),
    hostAlias,
    hostAddress,
    timeZone: names.timeZone(hostId),
    notes: expandMacros(names.notes(hostId, serviceId), macros, (value) => value),
    criticalityName: configuration.severityName(kind, names.severityId(hostId, serviceId)),
    categories: sharedIfEmpty(configuration.categories(names.tags(hostId, serviceId))),
    customVariables: sharedIfEmpty(configuration.customVariables(hostId, serviceId)),
    downtimeComment: configuration.downtimeComment(hostId, serviceId),
    lastOk: lastOkOf(event) ?? 0,
    attempt: event.check_attempt,
    maximumAttempts: maximumAttemptsOf(event) ?? names.maximumAttempts(hostId, serviceId),
    since: since > 0 ? since : (event.last_check ?? 0),
  };
}

/** The content of an alert that no check stands behind. */
function plainContent(
  className: string,
  name: string,
  stateName: string,
  output: string,
  since: number,
  businessViews: readonly string[],
): Content {
  return {
    className,
    hostName: name,
    serviceDescription: "",
    stateName,
    output,
    longOutput: "",
    perfdata: "",
    hostGroups: [],
    serviceGroups: [],
    businessViews,
    criticality: 0,
    poller: "",
    notesUrl: "",
    actionUrl: "",
    hostAlias: "",
    hostAddress: "",
    timeZone: "",
    notes: "",
    criticalityName: "",
    categories: [],
    customVariables: [],
    downtimeComment: "",
    lastOk: 0,
    attempt: 0,
    maximumAttempts: 0,
    since,
  };
}

export function describeBusinessActivity(event: BusinessActivityStatus, names: Names): Content {
  const id = event.ba_id ?? 0;
  const name = names.businessActivity(id) ?? string.format("business activity %d", id);
  const stateName = SERVICE_STATE_NAME[event.state] ?? string.format("state %d", event.state);
  const output = event._type === 393235 ? kept(event.output) : "";
  return plainContent(
    "business_activity",
    name,
    stateName,
    output,
    event.last_state_change,
    names.businessViews(id),
  );
}

/** `now`: Unix time; the event carries none. */
export function describePoller(event: ResponsiveInstance, names: Names, now: number): Content {
  const id = event.poller_id;
  const name = names.pollerName(id) ?? string.format("poller %d", id);
  const output = "the poller is silent: what it monitors is not known any more";
  return plainContent("poller", name, "NOT RESPONDING", output, now, []);
}

/** `text`: what is wrong, in words; `now`: Unix time. */
export function describeConnector(text: string, now: number): Content {
  return plainContent("connector", "Centreon's PagerDuty connector", "NOT DELIVERING", text, now, []);
}
