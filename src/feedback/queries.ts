// What PagerDuty's REST API is asked for, by the connector and by commands: services, open incidents, who is on call. Gives it
// as it is read; what follows, and how it is shown, is theirs to say.
import { type Incident, type OnCall, type Service, readIncident, readOnCall, readService } from "./answers";
import type { Ended, Query, RestApi } from "./rest_api";

/** Gives all services that the key sees, with the routing keys that lead to them. */
export function listServices(
  api: Pick<RestApi, "list">,
  take: (this: void, service: Service) => void,
  ended: Ended,
): void {
  api.list(
    "/services",
    "services",
    [["include[]", "integrations"]],
    (item) => {
      const service = readService(item);
      if (service !== undefined) take(service);
    },
    ended,
  );
}

/** For the open incidents of these services; for all that the key sees where there are none. */
function openIncidentsQuery(serviceIds: readonly string[]): Query {
  const query: (readonly [string, string])[] = [
    ["statuses[]", "triggered"],
    ["statuses[]", "acknowledged"],
    // Without it only those of the last month come.
    ["date_range", "all"],
    // So that new ones do not move the others from page to page.
    ["sort_by", "incident_number:asc"],
  ];
  for (const id of serviceIds) query.push(["service_ids[]", id]);
  return query;
}

/** Gives the open incidents of these services; of all that the key sees where there are none. */
export function listOpenIncidents(
  api: Pick<RestApi, "list">,
  serviceIds: readonly string[],
  take: (this: void, incident: Incident) => void,
  ended: Ended,
): void {
  api.list(
    "/incidents",
    "incidents",
    openIncidentsQuery(serviceIds),
    (item) => {
      const incident = readIncident(item);
      if (incident !== undefined) take(incident);
    },
    ended,
  );
}

/** Gives who is on call now for these escalation policies, and until when: at each level whoever is first. */
export function listOnCalls(
  api: Pick<RestApi, "list">,
  escalationPolicyIds: readonly string[],
  take: (this: void, onCall: OnCall) => void,
  ended: Ended,
): void {
  const query: (readonly [string, string])[] = [["earliest", "true"]];
  for (const id of escalationPolicyIds) query.push(["escalation_policy_ids[]", id]);
  api.list(
    "/oncalls",
    "oncalls",
    query,
    (item) => {
      const onCall = readOnCall(item);
      if (onCall !== undefined) take(onCall);
    },
    ended,
  );
}
