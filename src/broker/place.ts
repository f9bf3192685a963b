// Reads from the broker's cache what a resource is called and where it belongs: the place of an alert or of a change.
// Called only when that is news. Owns the names of virtual hosts.
import {
  type HostOrService,
  type Place,
  type Placement,
  type Resource,
  sharedIfEmpty,
} from "../alerts/alert";
import { type PlaceInTheMaking, addCustomVariables, addKind, addNames, addText } from "../alerts/place";
import type { Names } from "./cache";
import type { Configuration } from "./configuration";

/** The virtual hosts that Centreon keeps business activities and meta-services on; nobody should read their names. */
const BUSINESS_ACTIVITY_HOST = "^_Module_BAM";
const META_SERVICE_HOST = "_Module_Meta";

/** A meta-service's virtual service is called so; the number is the meta-service's. */
const META_SERVICE = "^meta_(%d+)$";

/** What a person calls the resource, and what kind it is. */
interface Naming {
  /** Whether the broker knew the names. */
  readonly isKnown: boolean;
  readonly className: string;
  readonly hostName: string;
  readonly serviceDescription: string;
  readonly metaServiceId: number;
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
  if (kind === "host") {
    const isKnown = known !== undefined;
    return { isKnown, className: "host", hostName, serviceDescription: "", metaServiceId: 0 };
  }
  const knownDescription = names.serviceDescription(hostId, serviceId);
  const isKnown = known !== undefined && knownDescription !== undefined;
  const serviceDescription = knownDescription ?? string.format("service %d", serviceId);
  if (hostName === META_SERVICE_HOST) {
    const name = names.displayName(hostId, serviceId) ?? serviceDescription;
    const metaServiceId = tonumber(string.match(serviceDescription, META_SERVICE)[0]) ?? 0;
    return { isKnown, className: "meta_service", hostName: name, serviceDescription: "", metaServiceId };
  }
  return { isKnown, className: "service", hostName, serviceDescription, metaServiceId: 0 };
}

/** The place of what is neither a host nor a service; `known` is undefined where the broker knows no name. */
function plainPlace(
  className: string,
  known: string | undefined,
  madeUp: string,
  businessViews: readonly string[],
): Place {
  const place: PlaceInTheMaking = {
    isKnown: known !== undefined,
    className,
    hostName: known ?? madeUp,
    serviceDescription: "",
    hostGroups: sharedIfEmpty([]),
    serviceGroups: sharedIfEmpty([]),
    criticality: 0,
    poller: "",
    hostAlias: "",
    hostAddress: "",
  };
  addNames(place, "businessViews", businessViews);
  return place;
}

/** `isTold`: all that there is of them is in the cache; else nobody knows what is missing. */
function placeOfBusinessActivity(id: number, names: Names, isTold: boolean): Place {
  const madeUp = string.format("business activity %d", id);
  const name = isTold ? names.businessActivity(id) : undefined;
  return plainPlace("business_activity", name, madeUp, isTold ? names.businessViews(id) : []);
}

function placeOfPoller(id: number, names: Names): Place {
  return plainPlace("poller", names.pollerName(id), string.format("poller %d", id), []);
}

const CONNECTOR_NAME = "Centreon's PagerDuty connector";
const CONNECTOR_PLACE = plainPlace("connector", CONNECTOR_NAME, CONNECTOR_NAME, []);

/**
 * The place of a resource as the broker knows it now. Undefined when it is not to be recorded: its name is not known
 * though `isNameNeeded`, or it only stands for a business activity.
 */
export function placeOf(
  resource: Resource,
  names: Names,
  configuration: Configuration,
  isNameNeeded: boolean,
): Place | undefined {
  // A storm has a place of its own.
  if (resource.kind === "storm") return undefined;
  if (resource.kind === "connector") return CONNECTOR_PLACE;
  if ("id" in resource) {
    const { kind, id } = resource;
    return kind === "poller"
      ? placeOfPoller(id, names)
      : placeOfBusinessActivity(id, names, !configuration.areDimensionsBeingTold());
  }
  const { kind, hostId, serviceId } = resource;
  const naming = namingOf(resource, names, isNameNeeded);
  if (naming === undefined) return undefined;
  const place: PlaceInTheMaking = {
    isKnown: naming.isKnown,
    pollerId: names.pollerId(hostId),
    className: naming.className,
    hostName: naming.hostName,
    serviceDescription: naming.serviceDescription,
    hostGroups: sharedIfEmpty(names.hostGroups(hostId)),
    serviceGroups: sharedIfEmpty(kind === "service" ? names.serviceGroups(hostId, serviceId) : []),
    criticality: names.criticality(hostId, serviceId),
    poller: names.poller(hostId),
    hostAlias: names.hostAlias(hostId),
    hostAddress: names.hostAddress(hostId),
  };
  addKind(place, naming.metaServiceId, kind === "service" && names.isAnomalyDetection(hostId, serviceId));
  const severityId = names.severityId(hostId, serviceId);
  addText(place, "criticalityName", configuration.severityName(kind, severityId));
  addNames(place, "categories", configuration.categories(names.tags(hostId, serviceId)));
  addCustomVariables(place, configuration.customVariables(hostId, serviceId));
  addText(place, "timeZone", names.timeZone(hostId));
  addText(place, "notes", names.notes(hostId, serviceId));
  addText(place, "notesUrl", names.notesUrl(hostId, serviceId));
  addText(place, "actionUrl", names.actionUrl(hostId, serviceId));
  addText(place, "downtimeComment", configuration.downtimeComment(hostId, serviceId));
  return place;
}

/** A business activity's virtual service is called so; the number is the business activity's. */
const BUSINESS_ACTIVITY_SERVICE = "^ba_(%d+)$";

/** What a change was done to, as a person knows it, and where that belongs. */
interface Placed {
  readonly resource: Resource;
  readonly placement: Placement;
}

/**
 * Where the resource of a change stands: a business activity in the place of its virtual service. Undefined when its
 * name is not known though `isNameNeeded`, and for the virtual hosts of business activities.
 */
export function placementOf(resource: Resource, names: Names, isNameNeeded: boolean): Placed | undefined {
  if (resource.kind === "storm") return undefined;
  if ("id" in resource) return { resource, placement: placeOfPoller(resource.id, names) };
  const { kind, hostId, serviceId } = resource;
  const isService = kind === "service";
  const hostName = names.hostName(hostId);
  if (hostName !== undefined && string.match(hostName, BUSINESS_ACTIVITY_HOST)[0] !== undefined) {
    const description = isService ? names.serviceDescription(hostId, serviceId) : undefined;
    const [digits] = string.match(description ?? "", BUSINESS_ACTIVITY_SERVICE);
    const id = digits === undefined ? undefined : tonumber(digits);
    if (id === undefined) return undefined;
    return {
      resource: { kind: "business activity", id },
      placement: placeOfBusinessActivity(id, names, true),
    };
  }
  const naming = namingOf(resource, names, isNameNeeded);
  if (naming === undefined) return undefined;
  return {
    resource,
    placement: {
      hostName: naming.hostName,
      serviceDescription: naming.serviceDescription,
      metaServiceId: naming.metaServiceId,
      isAnomalyDetection: isService && names.isAnomalyDetection(hostId, serviceId),
      hostGroups: names.hostGroups(hostId),
      serviceGroups: isService ? names.serviceGroups(hostId, serviceId) : [],
      criticality: names.criticality(hostId, serviceId),
      poller: names.poller(hostId),
    },
  };
}
