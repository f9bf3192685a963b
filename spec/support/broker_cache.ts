// A broker_cache that knows what the events it is given tell; the newest event counts. Like the broker's it raises
// for a nil argument.
import type { Line } from "./brokerhost";

/** The kinds of events that the cache learns from, in BBDO 2 and 3, by their `_type`. */
const TYPES = {
  host: [65548, 65566, 65567],
  service: [65559, 65563, 65564],
  poller: [65551, 65580],
  hostGroupMember: [65547, 65586],
  serviceGroupMember: [65558, 65588],
  customVariable: [65539, 65573],
  businessActivity: [393223, 393241],
  businessView: [393226, 393238],
  businessViewMember: [393225, 393239],
} as const;

/** Adaptive events: they change some fields of what is known. */
const ADAPTIVE: readonly unknown[] = [65564, 65567];

function groupsOf(members: readonly Line[], idField: string): BrokerGroup[] {
  return members.map((member) => ({
    group_id: member[idField] as number,
    group_name: member["name"] as string,
  }));
}

/** Functions as methods: they lose their first argument, which is the cache itself. */
function asMethods(functions: object): object {
  const methods: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(functions)) {
    methods[name] = (_self: unknown, ...values: unknown[]) =>
      (call as (this: void, ...values: unknown[]) => unknown)(...values);
  }
  return methods;
}

/** Told before all business activities and views are told anew: the cache forgets them. */
const BUSINESS_SIGNALS: readonly unknown[] = [393227, 393246];
const OF_BUSINESS: readonly unknown[] = [
  ...TYPES.businessActivity,
  ...TYPES.businessView,
  ...TYPES.businessViewMember,
];

/** Without what the cache has forgotten. */
function remembered(given: readonly Line[]): readonly Line[] {
  let events: Line[] = [];
  for (const event of given) {
    const forgets = BUSINESS_SIGNALS.includes(event["_type"]) && event["update_started"] === true;
    if (forgets) events = events.filter((it) => !OF_BUSINESS.includes(it["_type"]));
    else events.push(event);
  }
  return events;
}

export function cacheOf(given: readonly Line[]): BrokerCache {
  const events = remembered(given);
  /** What is known of this kind with these values. A value that is nil was a nil argument. */
  const all = (kind: keyof typeof TYPES, names: readonly string[], ...values: unknown[]): Line[] => {
    for (const [index] of ipairs(names)) if (values[index - 1] === undefined) error("an argument is nil");
    return events.filter(
      (event) =>
        (TYPES[kind] as readonly unknown[]).includes(event["_type"]) &&
        names.every((name, index) => event[name] === values[index]),
    );
  };
  const newest = (
    kind: keyof typeof TYPES,
    names: readonly string[],
    ...values: unknown[]
  ): Line | undefined => {
    const found = all(kind, names, ...values);
    return found[found.length - 1];
  };
  /** The newest, with what adaptive events changed of it. */
  const current = (kind: "host" | "service", names: readonly string[], ...values: unknown[]) => {
    let known: Line | undefined;
    for (const event of all(kind, names, ...values)) {
      if (!ADAPTIVE.includes(event["_type"])) {
        known = event;
        continue;
      }
      // A service's has another name for it.
      const detectsFlapping = event["flap_detection_enabled"] ?? known?.["flap_detection"];
      known = { ...known, flap_detection: detectsFlapping, ...event, _type: known?.["_type"] };
    }
    return known;
  };
  const hostOf = (id: unknown) => current("host", ["host_id"], id);
  const serviceOf = (...ids: unknown[]) => current("service", ["host_id", "service_id"], ...ids);
  /** The field of a service, or of a host when there is one argument only. */
  const fieldOf = (name: string, ...ids: BrokerResource): string | undefined => {
    const resource = select("#", ...ids) === 1 ? hostOf(ids[0]) : serviceOf(...ids);
    return resource?.[name] as string | undefined;
  };
  const cache = {
    get_hostname: (id: unknown) => hostOf(id)?.["name"],
    get_service_description: (...ids: unknown[]) => serviceOf(...ids)?.["description"],
    get_hostgroups: (id: unknown) => groupsOf(all("hostGroupMember", ["host_id"], id), "hostgroup_id"),
    get_servicegroups: (...ids: unknown[]) =>
      groupsOf(all("serviceGroupMember", ["host_id", "service_id"], ...ids), "servicegroup_id"),
    get_instance_name: (id: unknown) => newest("poller", ["instance_id"], id)?.["name"],
    get_host: hostOf,
    get_service: serviceOf,
    get_notes: (...ids: BrokerResource) => fieldOf("notes", ...ids),
    get_notes_url: (...ids: BrokerResource) => fieldOf("notes_url", ...ids),
    get_action_url: (...ids: BrokerResource) => fieldOf("action_url", ...ids),
    get_severity: (...ids: BrokerResource) => {
      const names = ["name", "host_id", "service_id"];
      const level = newest(
        "customVariable",
        names,
        "CRITICALITY_LEVEL",
        ids[0],
        select("#", ...ids) === 1 ? 0 : ids[1],
      );
      return tonumber(level?.["value"]);
    },
    get_ba: (id: unknown) => newest("businessActivity", ["ba_id"], id),
    get_bv: (id: unknown) => newest("businessView", ["bv_id"], id),
    get_bvs: (id: unknown) => all("businessViewMember", ["ba_id"], id).map((member) => member["bv_id"]),
  };
  return asMethods(cache) as BrokerCache;
}

/** Makes `cache` the one that scripts find. */
export function installCache(cache: BrokerCache | undefined): void {
  (_G as unknown as { broker_cache: BrokerCache | undefined }).broker_cache = cache;
}
