// Where the alerts stand: found by their resource, listed by their host. Owns the tables alone; what becomes of an alert
// is the book's to say.
import { type Alert, type Resource, dedupKeyOf } from "./alert";

export interface Shelf {
  readonly find: (this: void, resource: Resource) => Alert | undefined;
  readonly ofHost: (this: void, hostId: number) => Alert | undefined;
  /** The alerts of services, by host and service: an unchanged status finds its alert by two numbers, at no cost. */
  readonly services: ReadonlyLuaMap<number, ReadonlyLuaMap<number, Alert>>;
  /** The alerts of pollers, by their id. */
  readonly pollers: ReadonlyLuaMap<number, Alert>;
  /** The alerts of a host's services, listed before anything is done to them: that may take some away. */
  readonly ofServices: (this: void, hostId: number) => Alert[];
  /** Puts the alert in the place of the one of its resource. */
  readonly put: (this: void, alert: Alert) => void;
  readonly remove: (this: void, alert: Alert) => void;
  /** Calls `visit` for each, in no particular order. */
  readonly each: (this: void, visit: (this: void, alert: Alert) => void) => void;
  /** Every alert, listed before anything is done to them. */
  readonly all: (this: void) => Alert[];
}

/** No alerts yet. */
export function createShelf(): Shelf {
  const hosts = new LuaTable<number, Alert | undefined>();
  const services = new LuaMap<number, LuaMap<number, Alert>>();
  const pollers = new LuaMap<number, Alert>();
  /** Alerts of business activities and the connector, by dedup key. */
  const others = new LuaTable<string, Alert | undefined>();

  const each: Shelf["each"] = (visit) => {
    for (const [, alert] of hosts) if (alert !== undefined) visit(alert);
    for (const [, ofHost] of services) for (const [, alert] of ofHost) visit(alert);
    for (const [, alert] of pollers) visit(alert);
    for (const [, alert] of others) if (alert !== undefined) visit(alert);
  };

  return {
    find: (resource) => {
      if (resource.kind === "service") return services.get(resource.hostId)?.get(resource.serviceId);
      if (resource.kind === "host") return hosts.get(resource.hostId);
      if (resource.kind === "poller") return pollers.get(resource.id);
      return others.get(dedupKeyOf(resource));
    },
    ofHost: (hostId) => hosts.get(hostId),
    services,
    pollers,
    ofServices: (hostId) => {
      const listed: Alert[] = [];
      const ofHost = services.get(hostId);
      if (ofHost === undefined) return listed;
      for (const [, alert] of ofHost) listed.push(alert);
      return listed;
    },
    put: (alert) => {
      const { resource } = alert;
      if (resource.kind === "host") {
        hosts.set(resource.hostId, alert);
      } else if (resource.kind === "service") {
        const ofHost = services.get(resource.hostId) ?? new LuaMap<number, Alert>();
        ofHost.set(resource.serviceId, alert);
        services.set(resource.hostId, ofHost);
      } else if (resource.kind === "poller") {
        pollers.set(resource.id, alert);
      } else {
        others.set(alert.dedupKey, alert);
      }
    },
    remove: ({ resource, dedupKey }) => {
      if (resource.kind === "host") {
        hosts.set(resource.hostId, undefined);
      } else if (resource.kind === "service") {
        const ofHost = services.get(resource.hostId);
        ofHost?.delete(resource.serviceId);
        if (ofHost !== undefined && next(ofHost)[0] === undefined) services.delete(resource.hostId);
      } else if (resource.kind === "poller") {
        pollers.delete(resource.id);
      } else {
        others.set(dedupKey, undefined);
      }
    },
    each,
    all: () => {
      const listed: Alert[] = [];
      each((alert) => listed.push(alert));
      return listed;
    },
  };
}
