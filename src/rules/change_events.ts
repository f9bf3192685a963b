// Whether change events are sent, and where to: pdy_change_events, and what keeps it from working.
import { FALLBACK_ROUTE } from "../alerts/alert";
import { takesChangeEvents } from "../pagerduty/event";
import type { Complaint } from "../settings/complaint";
import { changeServerUrl } from "../settings/endpoint";
import { keyParameter } from "../settings/routing_keys";
import type { Settings } from "../settings/settings";

export interface ChangeEvents {
  /** The address to post to. */
  readonly url: string;
}

/** What pdy_change_events comes to; undefined when it is off or cannot work. `routingKeys` are those of all teams. */
export function readChangeEvents(
  settings: Settings,
  routingKeys: Record<string, string>,
  complaints: Complaint[],
): ChangeEvents | undefined {
  if (!settings.pdy_change_events) return undefined;
  const url = changeServerUrl(settings);
  if (url === undefined) {
    complaints.push({
      isError: true,
      text: "parameter pdy_change_events does not work with this http_server_url: expected one that ends in /enqueue, such as https://events.pagerduty.com/v2/enqueue; no change events are sent",
    });
    return undefined;
  }
  let canSend = false;
  const parameters: string[] = [];
  for (const [label, key] of pairs(routingKeys)) {
    // The fallback key is for the connector's own alert alone.
    if (label !== FALLBACK_ROUTE) {
      if (takesChangeEvents(key)) canSend = true;
      else parameters.push(keyParameter(label));
    }
  }
  table.sort(parameters);
  for (const parameter of parameters) {
    complaints.push({
      isError: false,
      text: `parameter pdy_change_events: the key in ${parameter} begins with R, which is that of an event orchestration and takes no change events: none are sent by it. The key of a service's integration takes them`,
    });
  }
  return canSend ? { url } : undefined;
}
