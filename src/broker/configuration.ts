// What configuration events tell and the broker's cache does not keep: the names of severities and categories, the
// custom variables the administrator chose, what was written when a downtime was set, and whether what the cache has of
// business activities is all there is.
import type { NamedValue } from "../alerts/alert";

/** Hosts' and services' things by host id and service id; 0 stands for the host itself. */
type ByResource<Value> = LuaTable<number, LuaTable<number, Value | undefined> | undefined>;

function put<Value>(
  table: ByResource<Value>,
  hostId: number,
  serviceId: number,
  value: Value | undefined,
): void {
  const ofHost = table.get(hostId) ?? new LuaTable<number, Value | undefined>();
  ofHost.set(serviceId, value);
  table.set(hostId, next(ofHost)[0] === undefined ? undefined : ofHost);
}

/** A downtime's text, and which downtime it is: one of several that overlap. */
interface DowntimeNote {
  readonly downtimeId: number;
  readonly text: string;
}

export interface Configuration {
  readonly takeSeverity: (this: void, event: Bbdo3.Severity) => void;
  readonly takeTag: (this: void, event: Bbdo3.Tag) => void;
  /** Gives whether a place may tell of it. */
  readonly takeCustomVariable: (
    this: void,
    event:
      Bbdo2.CustomVariable | Bbdo2.CustomVariableStatus | Bbdo3.CustomVariables | Bbdo3.CustomVariablesStatus,
  ) => boolean;
  /** Gives whether flap detection was switched on or off for the poller. */
  readonly takeInstanceStatus: (this: void, event: Bbdo2.InstanceStatus | Bbdo3.InstanceStatus) => boolean;
  /** Whether flap detection is on at a poller; undefined where it has not said. */
  readonly detectsFlapping: (this: void, pollerId: number) => boolean | undefined;
  /** Gives whether all business activities, and their views, have been told anew. */
  readonly takeDimensionSignal: (
    this: void,
    event: Bbdo2.DimensionTruncateTableSignal | Bbdo3.DimensionTruncateTableSignal,
  ) => boolean;
  /** Whether they are being told: then the cache has lost some of them. */
  readonly areDimensionsBeingTold: (this: void) => boolean;
  /** Gives whether what is told of its resource has changed. */
  readonly takeDowntime: (this: void, event: Bbdo2.Downtime | Bbdo3.Downtime) => boolean;
  /** The name of a severity; empty when unknown. Those of hosts and of services have ids of their own. */
  readonly severityName: (this: void, kind: "host" | "service", id: number) => string;
  /** The names of those of `tags` that are categories. */
  readonly categories: (this: void, tags: readonly Bbdo.TagInfo[]) => readonly string[];
  /** The chosen custom variables of a service, and of its host; in the order of the parameter. */
  readonly customVariables: (this: void, hostId: number, serviceId: number) => readonly NamedValue[];
  /** Takes what the journal has of a resource's custom variables: it holds until an engine tells of one. */
  readonly recallCustomVariables: (
    this: void,
    hostId: number,
    serviceId: number,
    variables: readonly NamedValue[],
  ) => void;
  /** `author: comment` of a downtime of the resource, or of its host; empty when there is none. */
  readonly downtimeComment: (this: void, hostId: number, serviceId: number) => string;
}

/** The custom variable that the broker's cache takes a criticality level from. */
const CRITICALITY = "CRITICALITY_LEVEL";

/** `action` of a severity or tag that is gone. */
const DELETED = 1;

/** `type` of a severity. */
const SEVERITY_TYPE = { service: 0, host: 1 } as const;

/** Tags of these types are categories; the others are groups, which the cache has. */
const SERVICE_CATEGORY = 2;
const HOST_CATEGORY = 3;

/** What engines tell the name of, by its type and id: an id alone is not unique. */
interface NamedThing {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly action: number;
  readonly poller_id?: number;
}

interface ToldNames {
  readonly take: (this: void, thing: NamedThing) => void;
  /** Undefined when none was told, or every engine that told it has said that it is gone. */
  readonly nameOf: (this: void, thingType: number, id: number) => string | undefined;
}

/** The name that was told last holds. An engine tells what its own resources have: that it is gone there is not all. */
function createToldNames(): ToldNames {
  const names = new LuaTable<string, string | undefined>();
  const tellersOf = new LuaTable<string, LuaSet<number> | undefined>();
  const keyOf = (thingType: number, id: number): string => string.format("%d %d", thingType, id);
  return {
    take: ({ id, type: thingType, name, action, poller_id: pollerId = 0 }) => {
      const key = keyOf(thingType, id);
      const tellers = tellersOf.get(key) ?? new LuaSet<number>();
      if (action === DELETED) tellers.delete(pollerId);
      else tellers.add(pollerId);
      const isThere = next(tellers)[0] !== undefined;
      tellersOf.set(key, isThere ? tellers : undefined);
      if (!isThere) names.set(key, undefined);
      else if (action !== DELETED) names.set(key, name);
    },
    nameOf: (thingType, id) => names.get(keyOf(thingType, id)),
  };
}

/** Seconds after which an end that was not heard is not waited for: all dimensions come in one go. */
const LONGEST_TELLING = 60;

/** `chosen` gives the names of custom variables that are wanted now, without the `_HOST` or `_SERVICE` of their macros. */
export function createConfiguration(chosen: (this: void) => readonly string[]): Configuration {
  const severityNames = createToldNames();
  const categoryNames = createToldNames();
  /** Values; false of what is secret, or removed. */
  const variables: ByResource<LuaTable<string, string | false | undefined>> = new LuaTable();
  /** Engines tell their variables when they start, and not again when the broker does. */
  const recalled: ByResource<readonly NamedValue[]> = new LuaTable();
  const downtimes: ByResource<DowntimeNote> = new LuaTable();
  /** By poller. */
  const flapDetection = new LuaTable<number, boolean | undefined>();

  /** Unix time since which dimensions are being told. */
  let tellingSince: number | undefined;

  const isChosen = (name: string): boolean => {
    for (const candidate of chosen()) if (candidate === name) return true;
    return false;
  };

  const addRecalled = (found: NamedValue[], hostId: number, serviceId: number, name: string): void => {
    for (const variable of recalled.get(hostId)?.get(serviceId) ?? [])
      if (variable.name === name) found.push(variable);
  };

  const isCategory = (tagType: number): boolean => tagType === SERVICE_CATEGORY || tagType === HOST_CATEGORY;

  return {
    takeSeverity: severityNames.take,
    takeTag: (event) => {
      if (isCategory(event.type)) categoryNames.take(event);
    },
    takeCustomVariable: (event) => {
      const name = string.upper(event.name);
      if (!isChosen(name)) return name === CRITICALITY;
      const hostId = event.host_id ?? 0;
      const serviceId = event.service_id ?? 0;
      const known =
        variables.get(hostId)?.get(serviceId) ?? new LuaTable<string, string | false | undefined>();
      if (event._type === 65573) {
        known.set(name, event.enabled && !event.password ? event.value : false);
      } else if (event._type === 65574) {
        // A change at run time tells the new value alone: whether it is a secret is known of its definition.
        if (event.password) known.set(name, false);
        else if (known.get(name) !== undefined && known.get(name) !== false) known.set(name, event.value);
      } else if (event._type === 65539 || known.get(name) !== false) {
        known.set(name, event.value);
      }
      put(variables, hostId, serviceId, known);
      return true;
    },
    takeDowntime: (event) => {
      const hostId = event.host_id ?? 0;
      const serviceId = event.service_id ?? 0;
      const downtimeId = event._type === 65572 ? event.id : event.internal_id;
      // Unset times are nil in BBDO 2, -1 or 0 in BBDO 3.
      const hasEnded = event.cancelled || (event.actual_end_time ?? 0) > 0 || (event.deletion_time ?? 0) > 0;
      const before = downtimes.get(hostId)?.get(serviceId);
      if (!hasEnded && event.started) {
        const text = `${event.author}: ${event.comment_data}`;
        put(downtimes, hostId, serviceId, { downtimeId, text });
        return before?.text !== text;
      }
      if (!hasEnded || before?.downtimeId !== downtimeId) return false;
      put(downtimes, hostId, serviceId, undefined);
      return true;
    },
    takeDimensionSignal: ({ update_started: isBeginning }) => {
      tellingSince = isBeginning ? os.time() : undefined;
      return !isBeginning;
    },
    areDimensionsBeingTold: () => tellingSince !== undefined && os.time() - tellingSince < LONGEST_TELLING,
    takeInstanceStatus: (event) => {
      const pollerId = event.instance_id ?? 0;
      if (flapDetection.get(pollerId) === event.flap_detection) return false;
      flapDetection.set(pollerId, event.flap_detection);
      return true;
    },
    detectsFlapping: (pollerId) => flapDetection.get(pollerId),
    severityName: (kind, id) => severityNames.nameOf(SEVERITY_TYPE[kind], id) ?? "",
    categories: (tags) => {
      const found: string[] = [];
      for (const tag of tags) {
        const name = isCategory(tag.type) ? categoryNames.nameOf(tag.type, tag.id) : undefined;
        if (name !== undefined) found.push(name);
      }
      table.sort(found);
      return found;
    },
    customVariables: (hostId, serviceId) => {
      const found: NamedValue[] = [];
      const ofHost = variables.get(hostId);
      for (const name of chosen()) {
        const own = ofHost?.get(serviceId)?.get(name);
        const value = own !== undefined && own !== false ? own : ofHost?.get(0)?.get(name);
        if (value !== undefined && value !== false) found.push({ name, value });
        else if (own === undefined && value === undefined) addRecalled(found, hostId, serviceId, name);
      }
      return found;
    },
    recallCustomVariables: (hostId, serviceId, ofJournal) => {
      put(recalled, hostId, serviceId, ofJournal);
    },
    downtimeComment: (hostId, serviceId) => {
      const ofHost = downtimes.get(hostId);
      return (ofHost?.get(serviceId) ?? ofHost?.get(0))?.text ?? "";
    },
  };
}
