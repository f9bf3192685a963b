// The hosts and services of a history, before anything has happened to them, and which of them hang on one another.
import type { Resource } from "./engine";
import type { Setting } from "./history";

const FIRST_POLLER = 1;
export const POLLERS = [FIRST_POLLER, 2];

/** The hosts, then the services. */
export function resourcesOf(setting: Setting): Resource[] {
  const isNew = {
    status: undefined,
    hadHostProblem: false,
    changedSinceHard: false,
    isShop: false,
    detectsFlapping: true,
  };
  const labels = setting.rules?.labels ?? [];
  const categories = setting.rules?.categories?.of ?? [];
  const hosts: Resource[] = [];
  for (const { parent, maximumAttempts } of setting.hosts) {
    const hostId = hosts.length + 1;
    hosts.push({
      ...isNew,
      kind: "host",
      key: `${hostId}_H`,
      name: `host ${hostId}`,
      hostId,
      serviceId: 0,
      host: undefined,
      parent: parent === undefined ? undefined : hosts[parent],
      maximumAttempts,
      isVolatile: false,
      labels: labels[hosts.length],
      categories: categories[hosts.length]?.ids,
      poller: (labels[hosts.length] ?? categories[hosts.length])?.poller ?? FIRST_POLLER,
    });
  }
  const services: Resource[] = [];
  for (const { host, maximumAttempts, isVolatile } of setting.services) {
    const hostId = host + 1;
    const serviceId = 101 + services.length;
    services.push({
      ...isNew,
      kind: "service",
      key: `${hostId}_${serviceId}`,
      name: `service ${serviceId}`,
      hostId,
      serviceId,
      host: hosts[host],
      parent: undefined,
      maximumAttempts,
      isVolatile,
      labels: labels[hosts.length + services.length],
      categories: categories[hosts.length + services.length]?.ids,
      poller: FIRST_POLLER,
    });
  }
  return [...hosts, ...services];
}

/** Whether what is known of `resource` hangs on what is known of `other`: its host, or a host on the way to it. */
export function dependsOn(resource: Resource | undefined, other: Resource): boolean {
  if (resource === undefined) return false;
  return resource === other || dependsOn(resource.host, other) || dependsOn(resource.parent, other);
}
