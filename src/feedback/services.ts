// Which of PagerDuty's services our alerts are at, by the integration keys that lead to them; the key of an orchestration
// leads nowhere in particular. Knows no incidents.
import type { Service } from "./answers";

export interface Services {
  /** The ids to ask for; none: all that the API key sees. */
  readonly asked: readonly string[];
  /** The service that a route's key leads to; undefined: an orchestration's, or of a service that nobody sees. */
  readonly serviceOf: (this: void, route: string) => string | undefined;
  /** The route that leads to a service. */
  readonly routeOf: (this: void, serviceId: string) => string | undefined;
  /** Whether alerts of ours are known to be at the service. */
  readonly isOurs: (this: void, serviceId: string) => boolean;
  /** The routes whose service is not known, in order. */
  readonly unknown: readonly string[];
}

/** Above so many the address would be too long for some proxies: all are asked for then. */
const MOST_ASKED = 100;

/** `routingKeys` by their labels; `givenIds`: pdy_service_ids. */
export function findServices(
  all: readonly Service[],
  routingKeys: Record<string, string>,
  givenIds: readonly string[],
): Services {
  const byKey = new LuaTable<string, string | undefined>();
  for (const { id, routingKeys: keys } of all) for (const key of keys) byKey.set(key, id);
  const ofRoute = new LuaTable<string, string | undefined>();
  const routes = new LuaTable<string, string | undefined>();
  const isOurs = new LuaSet<string>();
  const ids: string[] = [];
  const add = (id: string): void => {
    if (isOurs.has(id)) return;
    isOurs.add(id);
    ids.push(id);
  };
  const unknown: string[] = [];
  for (const [route, key] of pairs(routingKeys)) {
    const id = byKey.get(key);
    ofRoute.set(route, id);
    if (id === undefined) {
      unknown.push(route);
    } else {
      routes.set(id, route);
      add(id);
    }
  }
  for (const id of givenIds) add(id);
  table.sort(unknown);
  table.sort(ids);
  const needsAll = (unknown.length > 0 && givenIds.length === 0) || ids.length > MOST_ASKED;
  return {
    asked: needsAll ? [] : ids,
    serviceOf: (route) => ofRoute.get(route),
    routeOf: (id) => routes.get(id),
    isOurs: (id) => isOurs.has(id),
    unknown,
  };
}
