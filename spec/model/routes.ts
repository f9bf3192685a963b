// Which team gets what: an alert opens by the route that the rules name, and stays with the team it was opened for. Judges
// each request by that; what it says is the judge's to look at.
import type { Resource } from "./engine";
import type { Model } from "./model";
import type { Request } from "./network";
import type { PagerDuty } from "./pagerduty";

/** By their labels. */
export const ROUTING_KEYS = {
  default: "0123456789abcdef0123456789abcdef",
  night: "fedcba9876543210fedcba9876543210",
};

export interface RoutesPorts {
  readonly pagerDuty: PagerDuty;
  readonly model: Model;
  readonly resources: readonly Resource[];
  readonly isInDoubt: (this: void, resource: Resource) => boolean;
  /** Others have closed it, and the connector knows that. */
  readonly isKnownToBeClosed: (this: void, trigger: Request, resource: Resource) => boolean;
  /** The end of a problem ends its incident; else people do, and the connector knows nothing of it. */
  readonly resolvesRecoveries: boolean;
  readonly fail: (this: void, what: string) => void;
}

export interface Routes {
  readonly requestStarts: (this: void, request: Request) => void;
  readonly requestEnded: (this: void, request: Request, isAccepted: boolean) => void;
  /** The journal is lost: by which route anything was opened nobody knows. */
  readonly journalLost: (this: void) => void;
}

export function labelOf(routingKey: string): string {
  return routingKey === ROUTING_KEYS.night ? "night" : "default";
}

export function createRoutes(ports: RoutesPorts): Routes {
  const { pagerDuty, model, resources, fail } = ports;
  /** By which route the connector may take it for open. */
  const mayBeOpenBy: Record<string, string | undefined> = {};

  return {
    requestStarts: (request) => {
      const { key, action, routingKey } = request;
      const resource = resources.find((it) => it.key === key);
      if (resource === undefined || ports.isInDoubt(resource)) return;
      const label = labelOf(routingKey);
      const { state, routingKey: opener } = pagerDuty.incident(key);
      if (state !== "none" && opener !== undefined && ports.resolvesRecoveries) {
        if (routingKey !== opener)
          fail(`${action} of ${key} by route ${label}, and ${labelOf(opener)} has it`);
        return;
      }
      if (action !== "trigger") return;
      // One that people are to end may be taken over, where it is found.
      const isLeft = state !== "none" && !ports.resolvesRecoveries;
      if (label === mayBeOpenBy[key] && (isLeft || !ports.isKnownToBeClosed(request, resource))) return;
      const routes = model.routesOf(resource);
      if (routes?.includes(label) === false)
        fail(`trigger of ${key} by route ${label}, and the rules say ${routes[0] ?? ""}`);
    },
    requestEnded: ({ key, action, routingKey }, isAccepted) => {
      if (action === "trigger") mayBeOpenBy[key] = labelOf(routingKey);
      else if (action === "resolve" && isAccepted) mayBeOpenBy[key] = undefined;
    },
    journalLost: () => {
      for (const { key } of resources) pagerDuty.incident(key).routingKey = undefined;
    },
  };
}
