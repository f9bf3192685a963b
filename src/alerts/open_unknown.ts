// The alert of what PagerDuty has, or may have, open while nothing is known of it here, and all is well: to be resolved.
import { type Alert, type Resource, createAlert, factsOfState } from "./alert";
import { STATE } from "./policy";

/** It goes by `route`. */
export function createOpenUnknown(resource: Resource, route: string): Alert {
  const alert = createAlert(resource, factsOfState(STATE.ok), "critical");
  alert.delivered = "triggered";
  alert.isCertain = false;
  alert.route = route;
  return alert;
}
