// Which team an alert goes to: the administrator's routing rules. Pure. The first rule that fits decides; the
// route is then kept with the alert, since PagerDuty takes an alert's actions only under the key that opened it.
import { DEFAULT_ROUTE, type Placement, type Resource } from "../alerts/alert";

/** What a rule looks at. */
export type RouteSubject =
  "hostgroup" | "servicegroup" | "poller" | "host" | "service" | "ba" | "bv" | "criticality";

export interface RouteRule {
  readonly subject: RouteSubject;
  /** A Lua pattern for a whole name; for `criticality`, the gravest level number that still fits. */
  readonly pattern: string;
  /** The label of a routing key. */
  readonly route: string;
}

function anyFits(names: readonly string[], pattern: string): boolean {
  for (const name of names) if (string.find(name, pattern)[0] !== undefined) return true;
  return false;
}

function fits({ subject, pattern }: RouteRule, resource: Resource, placement: Placement): boolean {
  if (subject === "ba")
    return resource.kind === "business activity" && anyFits([placement.hostName], pattern);
  if (subject === "bv") return anyFits(placement.businessViews ?? [], pattern);
  if (subject === "poller") {
    return anyFits([resource.kind === "poller" ? placement.hostName : placement.poller], pattern);
  }
  if (!("hostId" in resource)) return false;
  if (subject === "host") return anyFits([placement.hostName], pattern);
  if (subject === "hostgroup") return anyFits(placement.hostGroups, pattern);
  if (subject === "servicegroup") return anyFits(placement.serviceGroups, pattern);
  if (subject === "service")
    return resource.kind === "service" && anyFits([placement.serviceDescription], pattern);
  return placement.criticality > 0 && placement.criticality <= (tonumber(pattern) ?? 0);
}

/** The label of the routing key that an alert, or a change, of the resource goes to. */
export function routeOf(rules: readonly RouteRule[], resource: Resource, placement: Placement): string {
  for (const rule of rules) if (fits(rule, resource, placement)) return rule.route;
  return DEFAULT_ROUTE;
}
