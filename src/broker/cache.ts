// Names and configuration from the broker's cache: the only user of broker_cache. What is not known is undefined
// or empty. Not to be used within init: that kills the broker (24.04 and later, measured).

export interface Names {
  readonly hostName: (this: void, hostId: number) => string | undefined;
  readonly serviceDescription: (this: void, hostId: number, serviceId: number) => string | undefined;
  /** The name a person gave a service; a virtual service's description is only its id. */
  readonly displayName: (this: void, hostId: number, serviceId: number) => string | undefined;
  readonly businessActivity: (this: void, id: number) => string | undefined;
  readonly pollerName: (this: void, id: number) => string | undefined;
  /** The next four are empty when unknown. */
  readonly hostAlias: (this: void, hostId: number) => string;
  readonly hostAddress: (this: void, hostId: number) => string;
  /** Such as "Europe/Paris". */
  readonly timeZone: (this: void, hostId: number) => string;
  readonly notes: (this: void, hostId: number, serviceId: number) => string;
  /** The id of the severity; 0 for none. */
  readonly severityId: (this: void, hostId: number, serviceId: number) => number;
  readonly tags: (this: void, hostId: number, serviceId: number) => readonly Bbdo.TagInfo[];
  /** Names of the business views that a business activity is in. */
  readonly businessViews: (this: void, id: number) => readonly string[];
  /** Centreon's criticality level; 0 for none, and where the broker does not know. */
  readonly criticality: (this: void, hostId: number, serviceId: number) => number;
  readonly hostGroups: (this: void, hostId: number) => readonly string[];
  readonly serviceGroups: (this: void, hostId: number, serviceId: number) => readonly string[];
  /** The poller that defined the host last; undefined when the broker does not know. */
  readonly pollerId: (this: void, hostId: number) => number | undefined;
  /** Whether flap detection is on in the resource's definition; undefined when the broker does not know. */
  readonly detectsFlapping: (this: void, hostId: number, serviceId: number) => boolean | undefined;
  /** The name of the poller that checks the host; empty when unknown. */
  readonly poller: (this: void, hostId: number) => string;
  /** `serviceId` 0 stands for the host itself. Empty when there is none. */
  readonly notesUrl: (this: void, hostId: number, serviceId: number) => string;
  readonly actionUrl: (this: void, hostId: number, serviceId: number) => string;
  /** 0 when unknown. */
  readonly maximumAttempts: (this: void, hostId: number, serviceId: number) => number;
  /** Only BBDO 3 tells. */
  readonly isAnomalyDetection: (this: void, hostId: number, serviceId: number) => boolean;
  readonly isVolatile: (this: void, hostId: number, serviceId: number) => boolean;
  /**
   * Why Centreon itself would notify nobody of this state, in words for the log; undefined when it would, and where
   * the broker does not know.
   */
  readonly unnotifiedReason: (
    this: void,
    hostId: number,
    serviceId: number,
    state: number,
  ) => string | undefined;
  /** Seconds from the start of a problem to Centreon's own first notification; 0: none, and where the broker does not know. */
  readonly firstNotificationDelay: (this: void, hostId: number, serviceId: number) => number;
}

/** Seconds of the engine's unit of time (`interval_length`): 60, unless an administrator changed it; no event tells. */
const INTERVAL_LENGTH = 60;

/** `type` of a service of BBDO 3 that is an anomaly detection. */
export const ANOMALY_DETECTION = 4;

/** Whether Centreon notifies of a host's state at all; undefined where the broker does not tell. */
function hostNotifiesOn(host: Bbdo2.Host | Bbdo3.Host, state: number): boolean | undefined {
  if (state === 1) return host.notify_on_down;
  return state === 2 ? host.notify_on_unreachable : true;
}

/** The same of a service's state. */
function serviceNotifiesOn(service: Bbdo2.Service | Bbdo3.Service, state: number): boolean | undefined {
  if (state === 1) return service.notify_on_warning;
  if (state === 2) return service.notify_on_critical;
  return state === 3 ? service.notify_on_unknown : true;
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

function hostOf(hostId: number): Bbdo2.Host | Bbdo3.Host | undefined {
  const known = cache();
  return known.get_host === undefined ? undefined : known.get_host(hostId);
}

function serviceOf(hostId: number, serviceId: number): Bbdo2.Service | Bbdo3.Service | undefined {
  const known = cache();
  return known.get_service === undefined ? undefined : known.get_service(hostId, serviceId);
}

/** The configuration of a service, or of the host itself for `serviceId` 0. */
function resourceOf(
  hostId: number,
  serviceId: number,
): Bbdo2.Host | Bbdo3.Host | Bbdo2.Service | Bbdo3.Service | undefined {
  return serviceId === 0 ? hostOf(hostId) : serviceOf(hostId, serviceId);
}

// A nil argument is a Lua error to the broker, so a host's methods get one argument, a service's two. Methods that
// older brokers lack are tested for before the call.

export const names: Names = {
  hostName: (hostId) => unlessEmpty(cache().get_hostname(hostId)),
  serviceDescription: (hostId, serviceId) => unlessEmpty(cache().get_service_description(hostId, serviceId)),
  displayName: (hostId, serviceId) => {
    return unlessEmpty(serviceOf(hostId, serviceId)?.display_name);
  },
  businessActivity: (id) => unlessEmpty(cache().get_ba(id)?.ba_name),
  pollerName: (id) => unlessEmpty(cache().get_instance_name(id)),
  hostAlias: (hostId) => hostOf(hostId)?.alias ?? "",
  hostAddress: (hostId) => hostOf(hostId)?.address ?? "",
  // The engine writes a colon before the zone's name, as the C library wants it.
  timeZone: (hostId) => string.gsub(hostOf(hostId)?.timezone ?? "", "^:", "")[0],
  notes: (hostId, serviceId) => {
    const known = cache();
    if (known.get_notes === undefined) return "";
    return (serviceId === 0 ? known.get_notes(hostId) : known.get_notes(hostId, serviceId)) ?? "";
  },
  severityId: (hostId, serviceId) => {
    const resource = resourceOf(hostId, serviceId);
    return resource !== undefined && "severity_id" in resource ? resource.severity_id : 0;
  },
  tags: (hostId, serviceId) => {
    const resource = resourceOf(hostId, serviceId);
    return resource !== undefined && "tags" in resource ? resource.tags : [];
  },
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
  pollerId: (hostId) => {
    const pollerId = hostOf(hostId)?.instance_id;
    return pollerId === 0 ? undefined : pollerId;
  },
  detectsFlapping: (hostId, serviceId) => resourceOf(hostId, serviceId)?.flap_detection,
  poller: (hostId) => {
    const poller = hostOf(hostId)?.instance_id;
    return poller === undefined ? "" : (cache().get_instance_name(poller) ?? "");
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
  maximumAttempts: (hostId, serviceId) => resourceOf(hostId, serviceId)?.max_check_attempts ?? 0,
  isAnomalyDetection: (hostId, serviceId) => {
    const service = serviceOf(hostId, serviceId);
    return service !== undefined && "type" in service && service.type === ANOMALY_DETECTION;
  },
  isVolatile: (hostId, serviceId) => {
    const service = serviceOf(hostId, serviceId);
    if (service === undefined) return false;
    return service._type === 65559 ? service.volatile : service.is_volatile;
  },
  unnotifiedReason: (hostId, serviceId, state) => {
    const host = serviceId === 0 ? hostOf(hostId) : undefined;
    const service = serviceId === 0 ? undefined : serviceOf(hostId, serviceId);
    // Compared with false: what is not known keeps nobody from being paged.
    if ((host ?? service)?.notify === false) return "Centreon's notifications of it are disabled";
    const isHostNotified = host === undefined ? undefined : hostNotifiesOn(host, state);
    const isNotified = service === undefined ? isHostNotified : serviceNotifiesOn(service, state);
    return isNotified === false ? "Centreon's notifications of it leave out this state" : undefined;
  },
  firstNotificationDelay: (hostId, serviceId) =>
    (resourceOf(hostId, serviceId)?.first_notification_delay ?? 0) * INTERVAL_LENGTH,
};
