// Writes the events received to a file, for `centreon-pagerduty explain` and for bug reports: one JSON line each, as
// tools/brokerhost reads them. What the broker's cache knows of a resource goes before its first event, so that the
// file says it all. Owns which fields are recorded: those that the connector reads.
import type { FilePort } from "../text/files";
import { type JsonField, type JsonValue, encode } from "../text/json";
import { ANOMALY_DETECTION, type Names } from "./cache";
import { EVENT_TYPE } from "./events";

export interface RecorderPorts {
  readonly names: Names;
  readonly files: FilePort;
  readonly warning: (this: void, text: string) => void;
}

/** The kinds of events by which Centreon tells its configuration (BBDO 3); `_type` is category * 65536 + element. */
const DEFINITION = {
  service: EVENT_TYPE.service3,
  host: EVENT_TYPE.host3,
  customVariable: EVENT_TYPE.customVariables3,
  poller: EVENT_TYPE.instance3,
  hostGroupMember: EVENT_TYPE.hostGroupMember3,
  serviceGroupMember: EVENT_TYPE.serviceGroupMember3,
  businessActivity: 393241,
} as const;

const ELEMENTS_PER_CATEGORY = 65536;

const STATUS = ["host_id", "state", "state_type", "check_attempt", "last_check", "last_hard_state"];
const STATUS_BESIDE = [
  "last_hard_state_change",
  "output",
  "perfdata",
  "flapping",
  "scheduled_downtime_depth",
];
const SERVICE = ["service_id", "last_time_ok"];
const HOST = ["last_time_up"];
const OF_BBDO_2 = ["acknowledged", "max_check_attempts"];
const OF_BBDO_3 = ["acknowledgement_type", "long_output"];
const ADAPTIVE = ["host_id", "acknowledgement_type", "scheduled_downtime_depth"];
const NOTE = ["host_id", "service_id", "author", "comment_data"];
const BUSINESS_ACTIVITY = ["ba_id", "state", "in_downtime", "last_state_change"];
const DOWNTIME_TIMES = ["actual_start_time", "actual_end_time", "deletion_time", "start_time", "end_time"];
const DOWNTIME = ["host_id", "service_id", "author", "comment_data", "started", "cancelled", "type"];

/** What is recorded of a kind of event. */
interface Recorded {
  /** What the cache is asked about before the first such event. */
  readonly about: "host" | "service" | "business activity" | "poller" | "nothing";
  readonly fields: readonly (readonly string[])[];
}

const HOST_CONFIGURATION: Recorded = { about: "host", fields: [["host_id", "name", "enabled"]] };
const SERVICE_CONFIGURATION: Recorded = {
  about: "service",
  fields: [["host_id", "service_id", "description", "enabled"]],
};
const ACKNOWLEDGEMENT: Recorded = { about: "nothing", fields: [NOTE, ["entry_time", "deletion_time"]] };
const INSTANCE_STATUS: Recorded = { about: "nothing", fields: [["instance_id", "flap_detection"]] };
const POLLER: Recorded = { about: "poller", fields: [["poller_id", "responsive"]] };

/** By kind of event. Custom variables are left out: they may be secrets. */
const RECORDED: Record<number, Recorded | undefined> = {
  [EVENT_TYPE.serviceStatus2]: { about: "service", fields: [STATUS, STATUS_BESIDE, SERVICE, OF_BBDO_2] },
  [EVENT_TYPE.serviceStatus3]: {
    about: "service",
    fields: [STATUS, STATUS_BESIDE, SERVICE, OF_BBDO_3, ["type"]],
  },
  [EVENT_TYPE.hostStatus2]: { about: "host", fields: [STATUS, STATUS_BESIDE, HOST, OF_BBDO_2] },
  [EVENT_TYPE.hostStatus3]: { about: "host", fields: [STATUS, STATUS_BESIDE, HOST, OF_BBDO_3] },
  [EVENT_TYPE.adaptiveServiceStatus3]: { about: "service", fields: [ADAPTIVE, ["service_id"]] },
  [EVENT_TYPE.adaptiveHostStatus3]: { about: "host", fields: [ADAPTIVE] },
  [EVENT_TYPE.acknowledgement2]: ACKNOWLEDGEMENT,
  [EVENT_TYPE.acknowledgement3]: ACKNOWLEDGEMENT,
  [EVENT_TYPE.downtime2]: { about: "nothing", fields: [DOWNTIME, DOWNTIME_TIMES, ["internal_id"]] },
  [EVENT_TYPE.downtime3]: { about: "nothing", fields: [DOWNTIME, DOWNTIME_TIMES, ["id"]] },
  [EVENT_TYPE.host2]: HOST_CONFIGURATION,
  [EVENT_TYPE.host3]: HOST_CONFIGURATION,
  [EVENT_TYPE.service2]: SERVICE_CONFIGURATION,
  [EVENT_TYPE.service3]: SERVICE_CONFIGURATION,
  [EVENT_TYPE.hostParent2]: { about: "nothing", fields: [["child_id", "parent_id"]] },
  [EVENT_TYPE.hostParent3]: { about: "nothing", fields: [["child_id", "parent_id", "enabled"]] },
  [EVENT_TYPE.baStatus2]: { about: "business activity", fields: [BUSINESS_ACTIVITY] },
  [EVENT_TYPE.baStatus3]: { about: "business activity", fields: [BUSINESS_ACTIVITY, ["output"]] },
  [EVENT_TYPE.responsiveInstance2]: POLLER,
  [EVENT_TYPE.responsiveInstance3]: POLLER,
  [EVENT_TYPE.instanceStatus2]: INSTANCE_STATUS,
  [EVENT_TYPE.instanceStatus3]: INSTANCE_STATUS,
  [EVENT_TYPE.severity3]: {
    about: "nothing",
    fields: [["id", "type", "action", "name", "level", "poller_id"]],
  },
  [EVENT_TYPE.tag3]: { about: "nothing", fields: [["id", "type", "action", "name", "poller_id"]] },
};

/** `type` of a service that is one. */
const ORDINARY_SERVICE = 0;

const BYTES_PER_MEGABYTE = 1000000;

/** Made-up ids begin above it. Centreon numbers its pollers and groups from 1. */
const HIGHEST_REAL_ID = 1000000;

/** An event's fields by name, whatever its kind: one that is not set reads undefined. */
type AnyEvent = Readonly<Record<string, string | number | boolean | undefined>>;

function hostKey(hostId: number): string {
  return string.format("host %d", hostId);
}

function serviceKey(hostId: number, serviceId: number): string {
  return string.format("service %d %d", hostId, serviceId);
}

function line(eventType: number, fields: readonly JsonField[]): string {
  const all: JsonField[] = [
    ["_type", eventType],
    ["category", math.floor(eventType / ELEMENTS_PER_CATEGORY)],
    ["element", eventType % ELEMENTS_PER_CATEGORY],
  ];
  for (const field of fields) all.push(field);
  return `${encode({ fields: all })}\n`;
}

/** What takes an event to the file at `path`, until that has `limit` megabytes. An empty path: undefined. */
export function createRecorder(
  path: string,
  limit: number,
  ports: RecorderPorts,
): ((this: void, event: BrokerEvent) => void) | undefined {
  if (path === "") return undefined;
  const { names } = ports;
  const [opened, problem] = ports.files.open(path, "ab");
  if (opened === undefined) {
    ports.warning(
      `nothing is recorded: ${problem ?? "unknown reason"}; make record_path ${path} writable for the broker`,
    );
    return undefined;
  }
  ports.files.makePrivate(path);
  let file: LuaFile | undefined = opened;
  let bytes = opened.seek("end")[0] ?? 0;
  const isDefined = new LuaTable<string, boolean | undefined>();
  // Ids of groups are made up: the cache tells only their names.
  const madeUpIds = new LuaTable<string, number | undefined>();
  let lastMadeUpId = HIGHEST_REAL_ID;

  const idOf = (kind: string, name: string): number => {
    const key = `${kind} ${name}`;
    const known = madeUpIds.get(key);
    if (known !== undefined) return known;
    lastMadeUpId = lastMadeUpId + 1;
    madeUpIds.set(key, lastMadeUpId);
    return lastMadeUpId;
  };

  const stop = (reason: string): void => {
    file?.close();
    file = undefined;
    ports.warning(`the recording of events in ${path} ends: ${reason}`);
  };

  const write = (text: string): void => {
    if (file === undefined) return;
    file.write(text);
    // Written at once: what comes before a crash is what is asked for.
    const isFlushed = file.flush() as boolean | undefined;
    bytes = bytes + text.length;
    if (isFlushed !== true) stop("the system refused to write (is the disk full?)");
    else if (bytes >= limit * BYTES_PER_MEGABYTE) stop(`it has record_size_limit, ${limit} MB`);
  };

  /** Whether `key` was not defined yet; from now on it is. */
  const isNew = (key: string): boolean => {
    if (isDefined.get(key) === true) return false;
    isDefined.set(key, true);
    return true;
  };

  const defineCriticality = (hostId: number, serviceId: number): void => {
    const criticality = names.criticality(hostId, serviceId);
    if (criticality === 0) return;
    write(
      line(DEFINITION.customVariable, [
        ["host_id", hostId],
        ["service_id", serviceId],
        ["name", "CRITICALITY_LEVEL"],
        ["value", string.format("%d", criticality)],
        ["enabled", true],
      ]),
    );
  };

  const definePoller = (id: number, name: string | undefined): void => {
    if (name === undefined || !isNew(string.format("poller %d", id))) return;
    write(
      line(DEFINITION.poller, [
        ["instance_id", id],
        ["name", name],
        ["running", true],
      ]),
    );
  };

  const defineHost = (hostId: number): void => {
    if (!isNew(hostKey(hostId))) return;
    const name = names.hostName(hostId);
    if (name === undefined) return;
    const poller = names.poller(hostId);
    const pollerId = names.pollerId(hostId) ?? idOf("poller", poller);
    definePoller(pollerId, poller);
    write(
      line(DEFINITION.host, [
        ["host_id", hostId],
        ["name", name],
        ["alias", names.hostAlias(hostId)],
        ["address", names.hostAddress(hostId)],
        ["timezone", names.timeZone(hostId)],
        ["instance_id", pollerId],
        ["max_check_attempts", names.maximumAttempts(hostId, 0)],
        ["flap_detection", names.detectsFlapping(hostId, 0)],
        ["severity_id", names.severityId(hostId, 0)],
        ["notes", names.notes(hostId, 0)],
        ["notes_url", names.notesUrl(hostId, 0)],
        ["action_url", names.actionUrl(hostId, 0)],
        ["enabled", true],
      ]),
    );
    for (const group of names.hostGroups(hostId)) {
      write(
        line(DEFINITION.hostGroupMember, [
          ["hostgroup_id", idOf("host group", group)],
          ["host_id", hostId],
          ["name", group],
          ["enabled", true],
        ]),
      );
    }
    defineCriticality(hostId, 0);
  };

  const defineService = (hostId: number, serviceId: number): void => {
    if (!isNew(serviceKey(hostId, serviceId))) return;
    const description = names.serviceDescription(hostId, serviceId);
    if (description === undefined) return;
    write(
      line(DEFINITION.service, [
        ["host_id", hostId],
        ["service_id", serviceId],
        ["description", description],
        ["display_name", names.displayName(hostId, serviceId) ?? description],
        ["max_check_attempts", names.maximumAttempts(hostId, serviceId)],
        ["type", names.isAnomalyDetection(hostId, serviceId) ? ANOMALY_DETECTION : ORDINARY_SERVICE],
        ["is_volatile", names.isVolatile(hostId, serviceId)],
        ["flap_detection", names.detectsFlapping(hostId, serviceId)],
        ["severity_id", names.severityId(hostId, serviceId)],
        ["notes", names.notes(hostId, serviceId)],
        ["notes_url", names.notesUrl(hostId, serviceId)],
        ["action_url", names.actionUrl(hostId, serviceId)],
        ["enabled", true],
      ]),
    );
    for (const group of names.serviceGroups(hostId, serviceId)) {
      write(
        line(DEFINITION.serviceGroupMember, [
          ["servicegroup_id", idOf("service group", group)],
          ["host_id", hostId],
          ["service_id", serviceId],
          ["name", group],
          ["enabled", true],
        ]),
      );
    }
    defineCriticality(hostId, serviceId);
  };

  const defineBusinessActivity = (id: number): void => {
    const name = names.businessActivity(id);
    if (name === undefined || !isNew(string.format("business activity %d", id))) return;
    write(
      line(DEFINITION.businessActivity, [
        ["ba_id", id],
        ["ba_name", name],
      ]),
    );
  };

  /** Configuration that is told again: what stands in the file before may be out of date. */
  const defineAnew = (hostId: number, serviceId: number | undefined): void => {
    isDefined.set(serviceId === undefined ? hostKey(hostId) : serviceKey(hostId, serviceId), undefined);
    defineHost(hostId);
    if (serviceId !== undefined) defineService(hostId, serviceId);
  };

  const take = (event: BrokerEvent): void => {
    const eventType = event._type;
    const recorded = RECORDED[eventType];
    if (recorded === undefined) return;
    const values = event as unknown as AnyEvent;
    const idIn = (name: string): number => (values[name] ?? 0) as number;
    const isConfiguration = recorded === HOST_CONFIGURATION || recorded === SERVICE_CONFIGURATION;
    if (isConfiguration && values["enabled"] === true) {
      // The cache has it already, and more of it than the connector reads from the event.
      defineAnew(idIn("host_id"), recorded.about === "service" ? idIn("service_id") : undefined);
      return;
    }
    const fields: JsonField[] = [];
    for (const group of recorded.fields) {
      for (const name of group) fields.push([name, values[name] as JsonValue | undefined]);
    }
    if (recorded.about === "business activity") {
      defineBusinessActivity(idIn("ba_id"));
    } else if (recorded.about === "poller") {
      definePoller(idIn("poller_id"), names.pollerName(idIn("poller_id")));
    } else if (recorded.about !== "nothing" && !isConfiguration) {
      defineHost(idIn("host_id"));
      if (recorded.about === "service") defineService(idIn("host_id"), idIn("service_id"));
    }
    write(line(eventType, fields));
  };

  return (event) => {
    if (file === undefined) return;
    // The event is not taken yet: whatever fails here must not cost it.
    const [isTaken, fault] = pcall(take, event);
    if (!isTaken) stop(`unexpected error, please report it: ${tostring(fault)}`);
  };
}
