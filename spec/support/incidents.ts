// What the sandbox shows of a routing key's incidents, as short texts that a spec can compare.
import type { Sandbox } from "./sandbox";

/** An incident as GET /sandbox/alerts shows it; null fields are absent. */
export interface Incident {
  readonly routing_key_end: string;
  readonly dedup_key: string;
  readonly number: number;
  readonly state: string;
  readonly severity: string;
  readonly summary: string;
  readonly source: string;
  readonly component: string;
  readonly group?: string;
  readonly class: string;
  readonly timestamp: string;
  readonly client: string;
  readonly client_url?: string;
  readonly custom_details?: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly pages: number;
  readonly triggers: number;
}

/**
 * The incidents of one routing key, by their dedup keys, those of one key in order of creation: events of different
 * alerts are sent side by side and may arrive in any order. Routing keys must differ in their last four characters.
 */
export function incidentsOf(sandbox: Sandbox, routingKey: string): Incident[] {
  const all = sandbox.get("/sandbox/alerts") as Incident[];
  return all
    .filter((incident) => incident.routing_key_end === string.sub(routingKey, -4))
    .map((incident, number) => ({ incident, number }))
    .sort((one, other) => {
      const [key, otherKey] = [one.incident.dedup_key, other.incident.dedup_key];
      return key === otherKey ? one.number - other.number : key < otherKey ? -1 : 1;
    })
    .map(({ incident }) => incident);
}

/** `11_22 triggered critical, 1 page`. */
export function inShort({ dedup_key, state, severity, pages }: Incident): string {
  return `${dedup_key} ${state} ${severity}, ${pages} ${pages === 1 ? "page" : "pages"}`;
}

/** A request as GET /sandbox/requests shows it. */
export interface SeenRequest {
  /** UTC, as "2026-11-26T15:45:10.123Z". */
  readonly at: string;
  readonly body: string;
  readonly http_version: string;
  readonly connection: number;
  /** Whether PagerDuty took the event, whatever it answered. */
  readonly accepted: boolean;
}

/** The requests with one routing key, in order of arrival. */
export function requestsOf(sandbox: Sandbox, routingKey: string): SeenRequest[] {
  const all = sandbox.get("/sandbox/requests") as SeenRequest[];
  return all.filter(({ body }) => string.find(body, routingKey, 1, true)[0] !== undefined);
}
