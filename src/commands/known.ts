// A broker_cache made of the definitions in a file of events: hosts, services, groups, pollers, business activities.
// The newest definition counts. Knows what each event tells, and nothing of what the connector does with it.

/** The kinds of definitions, by their `_type` in BBDO 2 and 3. */
const KIND_OF_TYPE: Readonly<Record<number, string | undefined>> = {
  65548: "host",
  65566: "host",
  65559: "service",
  65563: "service",
  65551: "poller",
  65580: "poller",
  65547: "host group member",
  65586: "host group member",
  65558: "service group member",
  65588: "service group member",
  65539: "custom variable",
  65573: "custom variable",
  393223: "business activity",
  393241: "business activity",
  393226: "business view",
  393238: "business view",
  393225: "business view member",
  393239: "business view member",
};

type Fields = Readonly<Record<string, unknown>>;

/** The macro that holds the criticality level. */
const CRITICALITY = "CRITICALITY_LEVEL";

/** What the broker would know. */
export interface Known {
  readonly cache: BrokerCache;
  /** Takes in what an event defines, if it defines anything. */
  readonly learn: (this: void, event: BrokerEvent) => void;
}

/** A text that stands for one or two ids. BBDO 2 leaves out ids that are 0. */
function keyOf(id: unknown, second?: unknown): string {
  return string.format("%d %d", (id as number | undefined) ?? 0, (second as number | undefined) ?? 0);
}

/** Nothing known yet. */
export function createKnown(): Known {
  const hosts = new LuaTable<string, Fields | undefined>();
  const services = new LuaTable<string, Fields | undefined>();
  const pollers = new LuaTable<string, Fields | undefined>();
  const activities = new LuaTable<string, Fields | undefined>();
  const views = new LuaTable<string, Fields | undefined>();
  const levels = new LuaTable<string, number | undefined>();
  // Members in the order they were told of.
  let hostGroupMembers: Fields[] = [];
  let serviceGroupMembers: Fields[] = [];
  const viewMembers: Fields[] = [];

  const isSame = (left: Fields, right: Fields, names: readonly string[]): boolean => {
    for (const name of names) if (left[name] !== right[name]) return false;
    return true;
  };

  /** `members` with `event` instead of what was known of the same membership. */
  const withMember = (members: readonly Fields[], event: Fields, names: readonly string[]): Fields[] => {
    const others: Fields[] = [];
    for (const member of members) if (!isSame(member, event, names)) others.push(member);
    if (event["enabled"] !== false) others.push(event);
    return others;
  };

  const groupsOf = (
    members: readonly Fields[],
    wanted: Fields,
    ids: readonly string[],
    group: string,
  ): BrokerGroup[] => {
    const groups: BrokerGroup[] = [];
    for (const member of members) {
      if (isSame(member, wanted, ids)) {
        groups.push({ group_id: member[group] as number, group_name: (member["name"] ?? "") as string });
      }
    }
    return groups;
  };

  const hostOf = (id: number): Fields | undefined => hosts.get(keyOf(id));
  const resourceOf = (hostId: number, serviceId: number | undefined): Fields | undefined =>
    serviceId === undefined ? hostOf(hostId) : services.get(keyOf(hostId, serviceId));
  const textOf = (fields: Fields | undefined, name: string): string | undefined =>
    fields?.[name] as string | undefined;

  const cache: BrokerCache = {
    get_hostname(id) {
      return textOf(hostOf(id), "name");
    },
    get_service_description(hostId, serviceId) {
      return textOf(resourceOf(hostId, serviceId), "description");
    },
    get_hostgroups(id) {
      return groupsOf(hostGroupMembers, { host_id: id }, ["host_id"], "hostgroup_id");
    },
    get_servicegroups(hostId, serviceId) {
      const wanted = { host_id: hostId, service_id: serviceId };
      return groupsOf(serviceGroupMembers, wanted, ["host_id", "service_id"], "servicegroup_id");
    },
    get_hostgroup_name() {
      return undefined;
    },
    get_servicegroup_name() {
      return undefined;
    },
    get_instance_name(id) {
      return textOf(pollers.get(keyOf(id)), "name");
    },
    get_severity(hostId, serviceId?: number) {
      return levels.get(keyOf(hostId, serviceId));
    },
    get_notes(hostId, serviceId?: number) {
      return textOf(resourceOf(hostId, serviceId), "notes");
    },
    get_notes_url(hostId, serviceId?: number) {
      return textOf(resourceOf(hostId, serviceId), "notes_url");
    },
    get_action_url(hostId, serviceId?: number) {
      return textOf(resourceOf(hostId, serviceId), "action_url");
    },
    get_host(id) {
      return hostOf(id) as Bbdo3.Host | undefined;
    },
    get_service(hostId, serviceId) {
      return resourceOf(hostId, serviceId) as Bbdo3.Service | undefined;
    },
    get_ba(id) {
      return activities.get(keyOf(id)) as BrokerBusinessActivity | undefined;
    },
    get_bv(id) {
      return views.get(keyOf(id)) as BrokerBusinessView | undefined;
    },
    get_bvs(id) {
      const found: number[] = [];
      for (const member of viewMembers) if (member["ba_id"] === id) found.push(member["bv_id"] as number);
      return found;
    },
    get_index_mapping() {
      return undefined;
    },
    get_metric_mapping() {
      return undefined;
    },
  };

  return {
    cache,
    learn: (event) => {
      const fields = event as unknown as Fields;
      const kind = KIND_OF_TYPE[event._type];
      const definition = fields["enabled"] === false ? undefined : fields;
      if (kind === "host") hosts.set(keyOf(fields["host_id"]), definition);
      else if (kind === "service") services.set(keyOf(fields["host_id"], fields["service_id"]), definition);
      else if (kind === "poller") pollers.set(keyOf(fields["instance_id"]), definition);
      else if (kind === "business activity") activities.set(keyOf(fields["ba_id"]), definition);
      else if (kind === "business view") views.set(keyOf(fields["bv_id"]), definition);
      else if (kind === "business view member") viewMembers.push(fields);
      else if (kind === "host group member") {
        hostGroupMembers = withMember(hostGroupMembers, fields, ["host_id", "hostgroup_id"]);
      } else if (kind === "service group member") {
        serviceGroupMembers = withMember(serviceGroupMembers, fields, [
          "host_id",
          "service_id",
          "servicegroup_id",
        ]);
      } else if (kind === "custom variable" && fields["name"] === CRITICALITY) {
        levels.set(keyOf(fields["host_id"], fields["service_id"]), tonumber(fields["value"]));
      }
    },
  };
}
