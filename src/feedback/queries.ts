// What a command asks PagerDuty's REST API for: every open incident, and who is on call. Gives it as it is read; how it is
// shown is the command's to say.
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

/** Asks, and waits for the end: for a command, which has nothing else to do. `poll` moves the transfers on, `wait` waits. */
export function waitForAnswers(
  api: Pick<RestApi, "turn" | "isUnderWay">,
  poll: (this: void) => void,
  wait: (this: void) => void,
): void {
  while (api.isUnderWay()) {
    poll();
    if (!api.turn(math.huge)) wait();
  }
}
