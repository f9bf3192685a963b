// The alert of what PagerDuty has, or may have, open while nothing is known of it here, and all is well: to be resolved.
import { type Alert, type Resource, createAlert } from "./alert";
import { STATE } from "./policy";

/** It goes by `route`. */
export function createOpenUnknown(resource: Resource, route: string): Alert {
  const alert = createAlert(
    resource,
    {
      state: STATE.ok,
      isAcknowledged: false,
      downtimeDepth: 0,
      isFlapping: false,
      lastCheck: 0,
      staleness: undefined,
    },
    "critical",
  );
  alert.delivered = "triggered";
  alert.isCertain = false;
  alert.route = route;
  return alert;
}
