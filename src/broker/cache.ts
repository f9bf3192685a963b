// Names and configuration from the broker's cache: the only user of broker_cache. What is not known is undefined
// or empty. Not to be used within init: that kills the broker (24.04 and later, measured).

export interface Names {
  readonly hostName: (this: void, hostId: number) => string | undefined;
  readonly serviceDescription: (this: void, hostId: number, serviceId: number) => string | undefined;
  /** The name a person gave a service; a virtual service's description is only its id. */
  readonly displayName: (this: void, hostId: number, serviceId: number) => string | undefined;
  readonly businessActivity: (this: void, id: number) => string | undefined;
  readonly pollerName: (this: void, id: number) => string | undefined;
  /** Names of the business views that a business activity is in. */
  readonly businessViews: (this: void, id: number) => readonly string[];
  /** Centreon's criticality level; 0 for none, and where the broker does not know. */
  readonly criticality: (this: void, hostId: number, serviceId: number) => number;
  readonly hostGroups: (this: void, hostId: number) => readonly string[];
  readonly serviceGroups: (this: void, hostId: number, serviceId: number) => readonly string[];
  /** The name of the poller that checks the host; empty when unknown. */
  readonly poller: (this: void, hostId: number) => string;
  /** `serviceId` 0 stands for the host itself. Empty when there is none. */
  readonly notesUrl: (this: void, hostId: number, serviceId: number) => string;
  readonly actionUrl: (this: void, hostId: number, serviceId: number) => string;
  /** 0 when unknown. */
  readonly maximumAttempts: (this: void, hostId: number, serviceId: number) => number;
  readonly isVolatile: (this: void, hostId: number, serviceId: number) => boolean;
}

function namesOf(groups: readonly BrokerGroup[] | undefined): readonly string[] {
  const names: string[] = [];
  if (groups !== undefined) for (const group of groups) names.push(group.group_name);
  table.sort(names);
  return names;
}

/** A name of no letters is no name. */
function unlessEmpty(name: string | undefined): string | undefined {
  return name === "" ? undefined : name;
}

/** Gives the cache itself, or raises: it exists from init on, and this is called later. */
function cache(): BrokerCache {
  if (broker_cache === undefined)
    return error("there is no broker_cache: this script is for Centreon Broker");
  return broker_cache;
}

// A nil argument is a Lua error to the broker, so a host's methods get one argument, a service's two. Methods that
// older brokers lack are tested for before the call.

export const names: Names = {
  hostName: (hostId) => unlessEmpty(cache().get_hostname(hostId)),
  serviceDescription: (hostId, serviceId) => unlessEmpty(cache().get_service_description(hostId, serviceId)),
  displayName: (hostId, serviceId) => {
    const known = cache();
    const service = known.get_service === undefined ? undefined : known.get_service(hostId, serviceId);
    return unlessEmpty(service?.display_name);
  },
  businessActivity: (id) => unlessEmpty(cache().get_ba(id)?.ba_name),
  pollerName: (id) => unlessEmpty(cache().get_instance_name(id)),
  businessViews: (id) => {
    const found: string[] = [];
    for (const viewId of cache().get_bvs(id)) {
      const name = cache().get_bv(viewId)?.bv_name;
      if (name !== undefined) found.push(name);
    }
    table.sort(found);
    return found;
  },
  criticality: (hostId, serviceId) => {
    const known = cache();
    if (known.get_severity === undefined) return 0;
    return (serviceId === 0 ? known.get_severity(hostId) : known.get_severity(hostId, serviceId)) ?? 0;
  },
  hostGroups: (hostId) => namesOf(cache().get_hostgroups(hostId)),
  serviceGroups: (hostId, serviceId) => namesOf(cache().get_servicegroups(hostId, serviceId)),
  poller: (hostId) => {
    const known = cache();
    const host = known.get_host === undefined ? undefined : known.get_host(hostId);
    const poller = host?.instance_id;
    return poller === undefined ? "" : (known.get_instance_name(poller) ?? "");
  },
  notesUrl: (hostId, serviceId) => {
    const known = cache();
    if (known.get_notes_url === undefined) return "";
    return (serviceId === 0 ? known.get_notes_url(hostId) : known.get_notes_url(hostId, serviceId)) ?? "";
  },
  actionUrl: (hostId, serviceId) => {
    const known = cache();
    if (known.get_action_url === undefined) return "";
    return (serviceId === 0 ? known.get_action_url(hostId) : known.get_action_url(hostId, serviceId)) ?? "";
  },
  maximumAttempts: (hostId, serviceId) => {
    const known = cache();
    if (known.get_host === undefined || known.get_service === undefined) return 0;
    const resource = serviceId === 0 ? known.get_host(hostId) : known.get_service(hostId, serviceId);
    return resource?.max_check_attempts ?? 0;
  },
  isVolatile: (hostId, serviceId) => {
    const known = cache();
    const service = known.get_service === undefined ? undefined : known.get_service(hostId, serviceId);
    if (service === undefined) return false;
    return service._type === 65559 ? service.volatile : service.is_volatile;
  },
};
