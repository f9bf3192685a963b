// What PagerDuty was found to have, held against what is known of the alerts: gives facts, and changes nothing. Which
// facts count is decided here, what follows from one is apply.ts' and the alerts' to know.
import { type Alert, type IncidentMark, type Resource, isOpen } from "../alerts/alert";
import type { Incident } from "./answers";
import type { Findings, FoundOpen } from "./round";

export type Fact =
  | { readonly kind: "open"; readonly alert: Alert; readonly found: FoundOpen }
  | { readonly kind: "ended"; readonly alert: Alert; readonly incident: Incident };

/** Open at PagerDuty, with a key of ours, and nothing is known of it here. */
export interface Unknown {
  readonly resource: Resource;
  /** The key without prefix. */
  readonly dedupKey: string;
  readonly incident: Incident;
}

export interface Comparison {
  readonly facts: readonly Fact[];
  /** Found open, whether that counts or not. */
  readonly seen: LuaSet<Alert>;
  readonly unknown: readonly Unknown[];
  /** Open with the key of an alert, and not where that alert is: more than once, or at the service of another key. */
  readonly elsewhere: readonly Incident[];
}

export interface ComparePorts {
  readonly find: (this: void, resource: Resource) => Alert | undefined;
  /** Put before each dedup key. */
  readonly dedupPrefix: string;
  /** The service that a route's key leads to; undefined: an orchestration decides, or nobody knows. */
  readonly serviceOf: (this: void, route: string) => string | undefined;
  /** Whether an action of the alert with this key was under way, or ended, so lately that what was found may be older. */
  readonly isRecent: (this: void, dedupKey: string, alert: Alert | undefined) => boolean;
}

/** What a dedup key without prefix is about; undefined: it is none of ours. */
export function resourceOfKey(key: string): Resource | undefined {
  const [hostOnly] = string.match(key, "^(%d+)_H$");
  if (hostOnly !== undefined) return { kind: "host", hostId: tonumber(hostOnly) ?? 0, serviceId: 0 };
  const [hostId, serviceId] = string.match(key, "^(%d+)_(%d+)$");
  if (hostId !== undefined)
    return { kind: "service", hostId: tonumber(hostId) ?? 0, serviceId: tonumber(serviceId) ?? 0 };
  const [kind, id] = string.match(key, "^(%a+)_(%d+)$");
  if (kind === "ba") return { kind: "business activity", id: tonumber(id) ?? 0 };
  if (kind === "poller") return { kind: "poller", id: tonumber(id) ?? 0 };
  const [route] = string.match(key, "^storm_(.+)$");
  if (route !== undefined) return { kind: "storm", route };
  return key === "pagerduty_connector" ? { kind: "connector", id: 0 } : undefined;
}

/** The key without `prefix`; undefined: it does not begin so. */
function withoutPrefix(key: string, prefix: string): string | undefined {
  return string.sub(key, 1, prefix.length) === prefix ? string.sub(key, prefix.length + 1) : undefined;
}

export function markOf({ id, number, address }: Incident): IncidentMark {
  return { id, number, address };
}

/** The one of these that is the alert's: where it was seen before, else at the service that its key leads to. */
function ownOf(
  alert: Alert,
  all: readonly FoundOpen[],
  serviceId: string | undefined,
): FoundOpen | undefined {
  for (const found of all) if (found.incident.id === alert.incident?.id) return found;
  for (const found of all)
    if (serviceId === undefined || found.incident.serviceId === serviceId) return found;
  // Merged into an incident of another service, or moved there: the key says whose it is.
  return isOpen(alert) ? all[0] : undefined;
}

export function compare({ open, ended }: Findings, ports: ComparePorts): Comparison {
  const facts: Fact[] = [];
  const seen = new LuaSet<Alert>();
  const unknown: Unknown[] = [];
  const elsewhere: Incident[] = [];
  const { dedupPrefix } = ports;
  for (const [key, all] of open) {
    const dedupKey = withoutPrefix(key, dedupPrefix);
    const resource = dedupKey === undefined ? undefined : resourceOfKey(dedupKey);
    if (dedupKey !== undefined && resource !== undefined && all !== undefined) {
      const alert = ports.find(resource);
      const first = all[0];
      if (alert !== undefined) {
        const found = ownOf(alert, all, ports.serviceOf(alert.route));
        if (found !== undefined) {
          seen.add(alert);
          if (!ports.isRecent(dedupKey, alert)) facts.push({ kind: "open", alert, found });
        }
        for (const { incident } of all)
          if (incident.id !== found?.incident.id && !ports.isRecent(dedupKey, alert))
            elsewhere.push(incident);
      } else if (first !== undefined && !ports.isRecent(dedupKey, undefined)) {
        unknown.push({ resource, dedupKey, incident: first.incident });
      }
    }
  }
  for (const [key, found] of ended) {
    const dedupKey = withoutPrefix(key, dedupPrefix);
    const resource = dedupKey === undefined ? undefined : resourceOfKey(dedupKey);
    const alert = resource === undefined ? undefined : ports.find(resource);
    // Nobody knows of an end but where it was seen open before.
    if (found !== undefined && alert?.incident !== undefined && dedupKey !== undefined) {
      if (!ports.isRecent(dedupKey, alert)) facts.push({ kind: "ended", alert, incident: found });
    }
  }
  return { facts, seen, unknown, elsewhere };
}
