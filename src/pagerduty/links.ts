// Links that a responder can open: the addresses of Centreon's pages, and the shape PagerDuty wants.
import type { HostOrService } from "../alerts/alert";
import { type JsonField, type JsonValue, encode } from "../text/json";
import { escapeUrl, urlEncode } from "../text/url";

/**
 * The address of a resource in Centreon's Resources Status page, which opens the panel that `details` names.
 * The JSON in it is the page's own (centreon/centreon, www/front_src/src/Resources).
 */
export function resourceUrl({ kind, hostId, serviceId }: HostOrService, centreonUrl: string): string {
  const host = string.format("%d", hostId);
  const endpoint = `/centreon/api/latest/monitoring/resources/hosts/${host}`;
  const fields: JsonField[] =
    kind === "host"
      ? [
          ["id", hostId],
          ["resourcesDetailsEndpoint", endpoint],
          ["tab", "details"],
          ["type", "host"],
          ["uuid", `h${host}`],
        ]
      : [
          ["id", serviceId],
          ["parentId", hostId],
          ["parentType", "host"],
          ["resourcesDetailsEndpoint", string.format("%s/services/%d", endpoint, serviceId)],
          ["tab", "details"],
          ["type", "service"],
          ["uuid", string.format("h%s-s%d", host, serviceId)],
        ];
  return `${centreonUrl}/centreon/monitoring/resources?details=${urlEncode(encode({ fields }))}`;
}

/** Adds a link to `links`, or nothing when `url` is not an address a browser could open. */
export function appendLink(links: JsonValue[], url: string, text: string): void {
  if (string.match(url, "^https?://[^%s]")[0] === undefined) return;
  links.push({
    fields: [
      ["href", escapeUrl(url)],
      ["text", text],
    ],
  });
}
