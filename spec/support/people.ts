// What people do in PagerDuty, through the sandbox, and what came of it in the sandbox's Centreon. Knows nothing of the
// connector.
import type { Line } from "./brokerhost";
import type { Centreon } from "./events";
import { incidentsOf } from "./incidents";
import type { Sandbox } from "./sandbox";

/** A token that the sandbox's Centreon knows; its address is the sandbox's, with /centreon. */
export const CENTREON_TOKEN = "sandbox-api-token";

/** As POST /sandbox/actions takes it: the latest incident of a dedup key, by Sam Rivera unless `more` says otherwise. */
export function person(
  sandbox: Sandbox,
  routingKey: string,
  dedupKey: string,
  action: "acknowledge" | "unacknowledge" | "resolve" | "note" | "merge" | "reassign",
  more: Line = {},
): void {
  const incidents = incidentsOf(sandbox, routingKey).filter(({ dedup_key }) => dedup_key === dedupKey);
  const incident = incidents[incidents.length - 1]?.number;
  if (incident === undefined) error(`no incident has the dedup key ${dedupKey}`);
  sandbox.post("/sandbox/actions", { incident, action, by: "Sam Rivera", ...more });
}

/** Lets the sandbox's clock go on: timeouts of services, and the minute of the rate limit. */
export function passTime(sandbox: Sandbox, seconds: number): void {
  sandbox.post("/sandbox/clock", { advance_seconds: seconds });
}

/** What the REST API was asked with one key, in order, such as "/incidents"; the queries left out. */
export function askedWith(sandbox: Sandbox, apiKey: string): string[] {
  const all = sandbox.get("/sandbox/rest_requests") as {
    readonly path: string;
    readonly headers: { readonly authorization?: string };
  }[];
  return all
    .filter(({ headers }) => headers.authorization === `Token token=${apiKey}`)
    .map(({ path }) => string.match(path, "^[^?]*")[0] ?? "");
}

/** What took effect in the sandbox's Centreon. */
export interface Effect {
  readonly number: number;
  readonly action: "acknowledge" | "disacknowledge";
  readonly resource: {
    readonly type: string;
    readonly id: number;
    readonly parent?: { readonly id: number };
  };
  readonly author: string;
  readonly comment: string;
  readonly is_sticky: boolean;
}

/** What took effect after the one with this number; 0: all. */
export function effectsAfter(sandbox: Sandbox, number = 0): Effect[] {
  return sandbox.get(`/sandbox/centreon_effects?after=${number}`) as Effect[];
}

/** The events by which a Centreon of spec/support/events.ts tells of an effect on a host or service. */
export function eventsOf(centreon: Centreon, effect: Effect): Line[] {
  const { action, resource, author, comment, is_sticky: isSticky } = effect;
  const subject =
    resource.parent === undefined
      ? { host: resource.id, service: 0 }
      : { host: resource.parent.id, service: resource.id };
  return action === "acknowledge"
    ? centreon.acknowledge(subject, { author, comment, isSticky })
    : centreon.withdrawAcknowledgement(subject);
}
