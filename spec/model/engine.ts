// The Centreon Engines of two pollers: hosts with parents, their services, and what checks, downtimes,
// acknowledgements and flapping make of them; what is told when an engine starts, reloads and stops. Owns Centreon's
// attempt logic, the events that tell of each change, and their order. What was learnt of it comes from reading and
// measuring Centreon Engine 25.x.
import { CATEGORY_IDS, type Categories, type TagsCome, groupTag, isUsed, tag, tagsOf } from "./categories";

/** How the engine talks: BBDO 2; BBDO 3 with full statuses only; BBDO 3 with adaptive ones (24.04 and later). */
export type Protocol = "BBDO 2" | "BBDO 3" | "BBDO 3, adaptive";

export const OK = 0;
export const UP = 0;
export const DOWN = 1;
export const UNREACHABLE = 2;
/** Never checked. */
const PENDING = 4;

/** What a check printed. */
export interface Said {
  /** The first line: no two say the same. */
  readonly output: string;
  /** The other lines. */
  readonly longOutput: string;
  /** A metric; undefined: there is none. */
  readonly load: number | undefined;
}

/** What Centreon says of a resource. */
export interface Status {
  state: number;
  isHard: boolean;
  /** As events carry it: a host's is one check behind. */
  lastHardState: number;
  attempt: number;
  /** 0 none, 1 normal, 2 sticky. */
  acknowledgement: number;
  downtimeDepth: number;
  isFlapping: boolean;
  /** Unix time of the poller at which the last check began; 0: never checked. */
  lastCheck: number;
  lastHardStateChange: number;
  /** When it was last found well; a new resource counts as well. */
  lastOk: number;
  /** Results so far. */
  results: number;
  /** What the last check said. */
  said: Said;
}

/** What an engine tells of a resource when it starts, beside its definition. */
export interface Labels {
  /** Centreon's level; 0: none. */
  readonly criticality: number;
  /** The custom variable ONCALL; empty: it has none. */
  readonly onCall: string;
  /** It belongs to the service group "Payments". */
  readonly isPayment: boolean;
}

export interface Resource {
  readonly kind: "host" | "service";
  /** The dedup key. */
  readonly key: string;
  readonly hostId: number;
  /** 0 for a host. */
  readonly serviceId: number;
  /** Of a service. */
  readonly host: Resource | undefined;
  /** Of a host: the host on the way to it. */
  readonly parent: Resource | undefined;
  readonly maximumAttempts: number;
  readonly isVolatile: boolean;
  /** Undefined: it has none. */
  readonly labels: Labels | undefined;
  /** The ids of those of its categories that it has now; undefined: there are none in Centreon. */
  categories?: readonly number[] | undefined;
  /** As Centreon calls it now. */
  name: string;
  /** Of a host: whose engine monitors it. */
  poller: number;
  /** Of a host: it belongs to the host group "Shops". */
  isShop: boolean;
  /** Whether flap detection is on in its definition. */
  detectsFlapping: boolean;
  /** Undefined: it is not in Centreon's configuration. */
  status: Status | undefined;
  /** Services only: the host was not UP at the last check. */
  hadHostProblem: boolean;
  /** Services only: the state changed since it was last HARD. */
  changedSinceHard: boolean;
}

/**
 * One event, and what it says. `status`: all of a status. `change`: something of a status, or nothing that counts here.
 * `acknowledgement`: somebody gave one, which the next status shows. `definition` and `removal` are of a resource; `parent` tells of a host's parent; `member` of a host's group;
 * `service member` of a service's; `variable` of a custom variable. The rest is of a whole engine; `tag` of what a category is
 * called; `business` comes from the central broker itself, and is of business activities.
 */
export interface Told {
  readonly event: BrokerEvent;
  readonly says:
    | "status"
    | "change"
    | "definition"
    | "removal"
    | "parent"
    | "member"
    | "service member"
    | "variable"
    | "tag"
    | "business"
    | "start"
    | "stop"
    | "configuration"
    | "acknowledgement"
    | "alive"
    | "other";
  /** Whom it is about; undefined: a whole engine. */
  readonly resource: Resource | undefined;
  /** Of the resource, as it was then; undefined: it is not in the configuration. */
  readonly status: Status | undefined;
  /** Of the engine that tells it. */
  readonly poller: number;
}

export interface Engine {
  /** Puts a resource into the configuration, as new. Nothing is told. */
  readonly add: (this: void, resource: Resource) => void;
  /** Takes it out, a host with its services. Nothing is told. */
  readonly drop: (this: void, resource: Resource) => void;
  /**
   * An engine starts and tells all that it monitors; what it does not monitor any more is not mentioned.
   */
  readonly start: (this: void, poller: number, interruption?: Interruption) => void;
  readonly stop: (this: void, poller: number) => void;
  /** A poller is connected anew, and tells of its engine's start once more. */
  readonly tellStartAgain: (this: void, poller: number) => void;
  /** The engine's own status, as it tells it every few seconds. */
  readonly tellAlive: (this: void, poller: number) => void;
  /** Whether flap detection is on at a poller. */
  readonly detectsFlapping: (this: void, poller: number) => boolean;
  readonly setFlapDetection: (this: void, poller: number, isOn: boolean) => void;
  /** An engine reads its configuration anew, and tells what changed: `added` and `renamed` are told, `removed` are gone. */
  readonly reload: (this: void, poller: number, change: Reload) => void;
  /** A resource is taken out of a category of its kind, or put into it; a category is called otherwise. */
  readonly toggleCategory: (this: void, resource: Resource, id: number) => void;
  readonly renameCategory: (this: void, kind: Resource["kind"], id: number) => void;
  /** A check's result, which began `age` seconds ago. Passive results of hosts are HARD at once. */
  readonly check: (this: void, resource: Resource, result: number, age: number, isPassive: boolean) => void;
  /** The full status once more, unchanged. */
  readonly repeat: (this: void, resource: Resource) => void;
  readonly setDowntimeDepth: (this: void, resource: Resource, depth: number) => void;
  /** 0 none, 1 normal, 2 sticky. */
  readonly setAcknowledgement: (
    this: void,
    resource: Resource,
    acknowledgement: number,
    note?: { readonly author: string; readonly comment: string },
  ) => void;
  readonly setFlapping: (this: void, resource: Resource, isFlapping: boolean) => void;
}

/** Of an engine's start, after so many events. */
export interface Interruption {
  readonly after: number;
  /** Whether the engine goes on; otherwise it dies. */
  readonly goesOn: (this: void) => boolean;
}

export interface Reload {
  readonly removed?: readonly Resource[];
  readonly defined?: readonly Resource[];
  /** Hosts that belong to the group by now. */
  readonly joined?: readonly Resource[];
}

export interface EnginePorts {
  /** Unix time of the poller. */
  readonly now: (this: void) => number;
  readonly protocol: Protocol;
  readonly resources: readonly Resource[];
  /** Checks print more than one line. */
  readonly printsMore: boolean;
  /** Undefined: Centreon has none. */
  readonly categories?: { readonly names: Categories; readonly come: TagsCome } | undefined;
  readonly tell: (this: void, told: Told) => void;
}

const CATEGORY = 1;

/** Elements of category 1. */
const ELEMENT = {
  "BBDO 2": {
    service: 23,
    host: 12,
    serviceStatus: 24,
    hostStatus: 14,
    parent: 13,
    acknowledgement: 1,
    instance: 15,
    instanceStatus: 16,
    configuration: 25,
    group: 10,
    member: 11,
    serviceGroup: 21,
    serviceMember: 22,
    variable: 3,
  },
  "BBDO 3": {
    service: 27,
    host: 30,
    serviceStatus: 29,
    hostStatus: 32,
    parent: 53,
    acknowledgement: 45,
    instance: 44,
    instanceStatus: 42,
    configuration: 54,
    group: 49,
    member: 50,
    serviceGroup: 51,
    serviceMember: 52,
    variable: 37,
    tag: 34,
  },
};
const ADAPTIVE = { service: 55, host: 56 };

export const SHOPS = { id: 7, name: "Shops" };
export const PAYMENTS = { id: 3, name: "Payments" };

/** Custom variables: the broker's cache takes the criticality from the first one. */
export const VARIABLE = { criticality: "CRITICALITY_LEVEL", onCall: "ONCALL" };

const NOTHING_SAID: Said = { output: "", longOutput: "", load: undefined };

/** What the check with this number prints, at most. A host's has one line: what BBDO 3 makes of more is a quirk (contracts/broker-host.md). */
function saidBy(check: number, kind: Resource["kind"]): Said {
  return {
    // What it says but for its number changes now and then, too.
    output: `result ${check}, ${check % 3 === 0 ? "as never before" : "as usual"}.`,
    longOutput: kind === "service" ? (LONG_OUTPUTS[check % 5] ?? "") : "",
    load: LOADS[check % 4],
  };
}

const LONG_OUTPUTS = ["the queue is full\nsince noon", "the queue is short"];
const LOADS = [2, 5, 8];

type Fields = Record<string, unknown>;

function eventOf(element: number, fields: Fields): BrokerEvent {
  const head = { _type: CATEGORY * 65536 + element, category: CATEGORY, element };
  return { ...head, ...fields } as unknown as BrokerEvent;
}

function copyOf(status: Status): Status {
  return { ...status };
}

export function createEngine(ports: EnginePorts): Engine {
  const isBbdo2 = ports.protocol === "BBDO 2";
  const element = ELEMENT[isBbdo2 ? "BBDO 2" : "BBDO 3"];

  let results = 0;
  let lastStart = 0;
  const hasFlapDetectionOff: Record<number, boolean | undefined> = {};

  const tell = (
    resource: Resource,
    event: BrokerEvent,
    says: Told["says"],
    poller = (resource.host ?? resource).poller,
  ): void => {
    const { status } = resource;
    ports.tell({ event, says, resource, status: status === undefined ? undefined : copyOf(status), poller });
  };

  /** Of an engine as a whole. */
  const tellOfEngine = (poller: number, event: BrokerEvent, says: Told["says"]): void => {
    ports.tell({ event, says, resource: undefined, status: undefined, poller });
  };

  /** Ids as events carry them: BBDO 2 leaves out a host's service id. */
  const idsOf = ({ kind, hostId, serviceId }: Resource): Fields => ({
    host_id: hostId,
    service_id: kind === "service" ? serviceId : undefined,
  });

  const tellStatus = (resource: Resource): void => {
    const { status, kind } = resource;
    if (status === undefined) return;
    const isAcknowledged = status.acknowledgement !== 0;
    const { output, load } = status.said;
    const [longOutput] = string.gsub(status.said.longOutput, "\n", "\\n");
    // BBDO 2: zero times are nil.
    const timeOf = (time: number): number | undefined => (isBbdo2 && time === 0 ? undefined : time);
    tell(
      resource,
      eventOf(kind === "service" ? element.serviceStatus : element.hostStatus, {
        ...idsOf(resource),
        state: status.results > 0 ? status.state : PENDING,
        state_type: status.isHard ? 1 : 0,
        last_hard_state: status.lastHardState,
        check_attempt: status.attempt,
        last_check: timeOf(status.lastCheck),
        last_hard_state_change: timeOf(status.lastHardStateChange),
        last_time_ok: kind === "service" ? timeOf(status.lastOk) : undefined,
        last_time_up: kind === "host" ? timeOf(status.lastOk) : undefined,
        last_update: isBbdo2 ? ports.now() : undefined,
        scheduled_downtime_depth: status.downtimeDepth,
        acknowledged: isBbdo2 ? isAcknowledged : undefined,
        acknowledgement_type: status.acknowledgement,
        flapping: status.isFlapping,
        checked: status.results > 0,
        // The engine writes the line breaks after the second line as two characters.
        output: isBbdo2 ? `${output}\n${longOutput}` : output,
        long_output: isBbdo2 ? undefined : longOutput,
        perfdata: load === undefined ? "" : `load=${load};4;7`,
        internal_id: 0,
        type: 0,
      }),
      "status",
    );
  };

  /** Something other than a check changed the status. */
  const tellChange = (resource: Resource, field: Fields): void => {
    if (ports.protocol === "BBDO 3, adaptive") {
      tell(resource, eventOf(ADAPTIVE[resource.kind], { ...idsOf(resource), ...field }), "change");
    } else {
      tellStatus(resource);
    }
  };

  const isUp = (host: Resource | undefined): boolean =>
    host?.status === undefined || host.status.state === UP;

  const checkService = (service: Resource, status: Status, result: number): void => {
    const hostIsUp = isUp(service.host);
    const { maximumAttempts } = service;
    const isChanged = result !== status.state;
    if (status.state === OK && isChanged) status.attempt = 1;
    else if (!status.isHard && status.attempt < maximumAttempts) status.attempt += 1;
    const reachesHard =
      status.attempt >= maximumAttempts && (result !== status.lastHardState || service.changedSinceHard);
    let isHardChange = reachesHard || (service.hadHostProblem && result === OK);
    status.state = result;
    if (isChanged && status.acknowledgement === 1) status.acknowledgement = 0;

    if (result === OK) {
      status.acknowledgement = 0;
      service.hadHostProblem = false;
      if (isHardChange) {
        status.isHard = true;
        status.attempt = 1;
      } else if (isChanged) {
        status.isHard = false;
        status.attempt = math.max(1, maximumAttempts - 1);
      }
      status.lastHardState = OK;
    } else {
      if (!hostIsUp) {
        // No retries while the host is not UP: HARD at once.
        service.hadHostProblem = true;
        if (status.lastHardState !== result) {
          isHardChange = true;
          status.isHard = true;
          status.lastHardState = result;
        }
      } else if (service.hadHostProblem) {
        service.hadHostProblem = false;
        if (!status.isHard) status.attempt = 1;
      }
      if (status.attempt >= maximumAttempts) {
        status.isHard = true;
        status.lastHardState = result;
      } else if (hostIsUp) {
        // Also one that was HARD only because of its host begins anew.
        status.isHard = false;
      }
    }
    service.changedSinceHard = !isHardChange && (isChanged || service.changedSinceHard);
    if (isHardChange) status.lastHardStateChange = status.lastCheck;
  };

  const downOrUnreachable = ({ parent }: Resource): number => (isUp(parent) ? DOWN : UNREACHABLE);

  const checkHost = (host: Resource, status: Status, result: number, isPassive: boolean): void => {
    const before = status.state;
    if (status.isHard) status.lastHardState = before;
    const wasBadAlready = before !== UP;
    // An attempt is counted when the check is begun.
    if (status.isHard || before === UP) status.attempt = 1;
    else if (status.attempt < host.maximumAttempts) status.attempt += 1;

    if (isPassive) {
      status.state = result;
      status.isHard = true;
      status.attempt = 1;
    } else if (result === UP) {
      status.state = UP;
      status.isHard = status.isHard || before === UP;
    } else {
      status.state = downOrUnreachable(host);
      status.isHard = wasBadAlready
        ? status.attempt === host.maximumAttempts || status.attempt === 1
        : host.maximumAttempts === 1;
    }

    const isChanged =
      status.state !== before ||
      status.lastHardState !== status.state ||
      (status.state === UP && !status.isHard);
    if (!isChanged) return;
    if (status.acknowledgement === 1 || status.state === UP) status.acknowledgement = 0;
    if (status.state === UP) status.attempt = 1;
    // A host's is the time at which the result was processed.
    if (status.isHard) status.lastHardStateChange = ports.now();
  };

  const define = (poller: number, resource: Resource, enabled: boolean): void => {
    const { kind, name, host } = resource;
    // A service never names its poller.
    const its =
      kind === "host"
        ? { name, instance_id: poller }
        : {
            description: name,
            host_name: isBbdo2 ? undefined : host?.name,
            [isBbdo2 ? "volatile" : "is_volatile"]: resource.isVolatile,
          };
    const tags = isBbdo2 || ports.categories === undefined ? undefined : tagsOf(resource);
    const flap_detection = resource.detectsFlapping;
    const fields = { ...idsOf(resource), ...its, enabled, flap_detection, tags };
    tell(resource, eventOf(element[kind], fields), enabled ? "definition" : "removal", poller);
  };

  const tellParent = (host: Resource): void => {
    if (host.parent?.status === undefined) return;
    const relation = { child_id: host.hostId, parent_id: host.parent.hostId };
    tell(host, eventOf(element.parent, { ...relation, enabled: isBbdo2 ? undefined : true }), "parent");
  };

  const tellMembers = (poller: number, hosts: readonly Resource[]): void => {
    const group = { hostgroup_id: SHOPS.id, name: SHOPS.name, enabled: true };
    if (hosts.length > 0) tellOfEngine(poller, eventOf(element.group, group), "other");
    for (const host of hosts)
      tell(host, eventOf(element.member, { ...group, host_id: host.hostId }), "member");
  };

  const tellVariables = (poller: number, resource: Resource): void => {
    const { kind, labels } = resource;
    const ofBbdo3 = { service_id: resource.serviceId, enabled: true, password: false };
    const tellOne = (name: string, value: string): void => {
      const its = { name, value, default_value: value, modified: false, update_time: ports.now() };
      const fields = { ...idsOf(resource), ...its, type: kind === "host" ? 0 : 1 };
      const event = eventOf(element.variable, isBbdo2 ? fields : { ...fields, ...ofBbdo3 });
      tell(resource, event, "variable", poller);
    };
    if (labels === undefined) return;
    if (labels.onCall !== "") tellOne(VARIABLE.onCall, labels.onCall);
    if (labels.criticality > 0) tellOne(VARIABLE.criticality, `${labels.criticality}`);
  };

  const tellPayments = (poller: number): void => {
    const group = { servicegroup_id: PAYMENTS.id, name: PAYMENTS.name, enabled: true };
    const payments = monitoredBy(poller).filter(({ labels }) => labels?.isPayment === true);
    if (payments.length > 0) tellOfEngine(poller, eventOf(element.serviceGroup, group), "other");
    for (const service of payments) {
      const member = eventOf(element.serviceMember, { ...group, ...idsOf(service) });
      tell(service, member, "service member", poller);
    }
  };

  /** How each tag of one poller's resources is told. */
  const tagTellers = (poller: number): ((this: void) => void)[] => {
    const tellers: ((this: void) => void)[] = [];
    const { categories, resources } = ports;
    if (categories === undefined || isBbdo2) return tellers;
    const tellTag = (event: object): void => {
      tellOfEngine(poller, eventOf(ELEMENT["BBDO 3"].tag, { ...event }), "tag");
    };
    for (const kind of ["host", "service"] as const) {
      tellers.push(() => tellTag(groupTag(kind, poller)));
      for (const id of CATEGORY_IDS) {
        if (!isUsed(resources, poller, kind, id)) continue;
        tellers.push(() => tellTag(tag(kind, id, categories.names.nameOf(kind, id), poller, "added")));
      }
    }
    return tellers;
  };

  /** A reload tells what became of one tag, and the definition of whom that is about. */
  const tellOfTag = (
    poller: number,
    kind: Resource["kind"],
    id: number,
    change: "added" | "modified" | "deleted" | "as it was",
    resource?: Resource,
  ): void => {
    const { categories } = ports;
    if (categories === undefined || isBbdo2) return;
    const tellDefinition = (): void => {
      if (resource !== undefined) define(poller, resource, true);
    };
    if (categories.come === "after definitions") tellDefinition();
    if (change !== "as it was") {
      const fields = { ...tag(kind, id, categories.names.nameOf(kind, id), poller, change) };
      tellOfEngine(poller, eventOf(ELEMENT["BBDO 3"].tag, fields), "tag");
    }
    if (categories.come === "before definitions") tellDefinition();
    tellConfiguration(poller);
  };

  const tellConfiguration = (poller: number): void => {
    tellOfEngine(
      poller,
      eventOf(element.configuration, { poller_id: poller, loaded: true }),
      "configuration",
    );
  };

  const tellRunning = (poller: number, running: boolean): void => {
    const fields = { instance_id: poller, name: `poller ${poller}`, running, start_time: lastStart };
    tellOfEngine(poller, eventOf(element.instance, fields), running ? "start" : "stop");
  };

  const tellAlive = (poller: number): void => {
    const fields = { instance_id: poller, flap_detection: hasFlapDetectionOff[poller] !== true };
    tellOfEngine(poller, eventOf(element.instanceStatus, fields), "alive");
  };

  /** What a poller monitors, hosts first. */
  const monitoredBy = (poller: number): Resource[] =>
    ports.resources.filter((it) => it.status !== undefined && (it.host ?? it).poller === poller);
  const hostsOf = (poller: number): Resource[] => monitoredBy(poller).filter(({ kind }) => kind === "host");

  return {
    add: (resource) => {
      resource.status = {
        state: OK,
        isHard: true,
        lastHardState: OK,
        attempt: 1,
        acknowledgement: 0,
        downtimeDepth: 0,
        isFlapping: false,
        lastCheck: 0,
        lastHardStateChange: 0,
        lastOk: ports.now(),
        results: 0,
        said: NOTHING_SAID,
      };
      resource.hadHostProblem = false;
      resource.changedSinceHard = false;
    },
    drop: (resource) => {
      for (const it of ports.resources) if (it === resource || it.host === resource) it.status = undefined;
    },
    start: (poller, interruption) => {
      // Two starts within a second do not happen.
      lastStart = math.max(ports.now(), lastStart + 1);
      let told = 0;
      let isDead = false;
      const each = (tells: readonly ((this: void) => void)[]): void => {
        for (const tellOne of tells) {
          if (isDead) return;
          tellOne();
          told += 1;
          if (told === interruption?.after) isDead = !interruption.goesOn();
        }
      };
      each([() => tellRunning(poller, true)]);
      if (ports.categories?.come === "before definitions") each(tagTellers(poller));
      each(monitoredBy(poller).map((it) => () => define(poller, it, true)));
      if (ports.categories?.come === "after definitions") each(tagTellers(poller));
      const labelled = monitoredBy(poller).filter(({ labels }) => labels !== undefined);
      each(labelled.map((it) => () => tellVariables(poller, it)));
      each(hostsOf(poller).map((it) => () => tellParent(it)));
      const shops = hostsOf(poller).filter(({ isShop }) => isShop);
      each([() => tellMembers(poller, shops)]);
      if (labelled.length > 0) each([() => tellPayments(poller)]);
      each([() => tellConfiguration(poller), () => tellAlive(poller)]);
    },
    stop: (poller) => tellRunning(poller, false),
    tellStartAgain: (poller) => tellRunning(poller, true),
    tellAlive,
    detectsFlapping: (poller) => hasFlapDetectionOff[poller] !== true,
    setFlapDetection: (poller, isOn) => {
      hasFlapDetectionOff[poller] = !isOn;
      tellAlive(poller);
    },
    reload: (poller, { removed = [], defined = [], joined = [] }) => {
      const hosts = removed.filter(({ kind }) => kind === "host");
      const services = removed.filter(({ kind }) => kind === "service");
      for (const service of services) define(poller, service, false);
      for (const host of hosts) define(poller, host, false);
      // Those of a removed host are told twice.
      for (const service of services) if (hosts.length > 0) define(poller, service, false);
      for (const it of defined) define(poller, it, true);
      for (const host of hostsOf(poller)) tellParent(host);
      tellMembers(poller, joined);
      tellConfiguration(poller);
    },
    toggleCategory: (resource, id) => {
      const { kind, categories = [] } = resource;
      const { poller } = resource.host ?? resource;
      const wasUsed = isUsed(ports.resources, poller, kind, id);
      const others = categories.filter((it) => it !== id);
      resource.categories = others.length < categories.length ? others : [...others, id];
      const isUsedNow = isUsed(ports.resources, poller, kind, id);
      const change = wasUsed === isUsedNow ? "as it was" : isUsedNow ? "added" : "deleted";
      tellOfTag(poller, kind, id, change, resource);
    },
    renameCategory: (kind, id) => {
      ports.categories?.names.rename(kind, id);
      for (const poller of [1, 2])
        if (isUsed(ports.resources, poller, kind, id)) tellOfTag(poller, kind, id, "modified");
    },
    check: (resource, result, age, isPassive) => {
      const { status } = resource;
      if (status === undefined) return;
      status.lastCheck = ports.now() - age;
      status.results += 1;
      results += 1;
      const said = saidBy(results, resource.kind);
      status.said = ports.printsMore ? said : { ...NOTHING_SAID, output: said.output };
      if (resource.kind === "service") checkService(resource, status, result);
      else checkHost(resource, status, result, isPassive);
      // A host's is the time at which the result was processed.
      if (result === OK) status.lastOk = resource.kind === "host" ? ports.now() : status.lastCheck;
      tellStatus(resource);
    },
    repeat: tellStatus,
    setDowntimeDepth: (resource, depth) => {
      if (resource.status === undefined) return;
      resource.status.downtimeDepth = depth;
      tellChange(resource, { scheduled_downtime_depth: depth });
    },
    setAcknowledgement: (resource, acknowledgement, by = { author: "operator", comment: "on it" }) => {
      const { status } = resource;
      if (status === undefined) return;
      if (acknowledgement !== 0) {
        const type = resource.kind === "host" ? 0 : 1;
        const { author, comment } = by;
        const note = { author, comment_data: comment, entry_time: ports.now(), type };
        tell(resource, eventOf(element.acknowledgement, { ...idsOf(resource), ...note }), "acknowledgement");
      }
      status.acknowledgement = acknowledgement;
      tellChange(resource, { acknowledgement_type: acknowledgement });
    },
    setFlapping: (resource, isFlapping) => {
      if (resource.status === undefined) return;
      resource.status.isFlapping = isFlapping;
      tellStatus(resource);
    },
  };
}
