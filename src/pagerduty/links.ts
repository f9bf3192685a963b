// Links that a responder can open: the addresses of Centreon's pages, the administrator's own, and the shapes PagerDuty
// wants. Where a link stands in an event is compose's business.
import type { Placement, Resource } from "../alerts/alert";
import { type JsonField, type JsonValue, encode } from "../text/json";
import { oneLine } from "../text/lines";
import { escapeUrl, urlEncode } from "../text/url";
import { cutToCharacters, validUtf8 } from "../text/utf8";
import { type Subject, type Template, fillTemplate } from "./template";

/** A link or an image of the administrator's: what it is called, and its address. */
export interface LinkTemplate {
  readonly text: Template;
  readonly address: Template;
}

/** The path of Centreon's pages, unless its administrator changed it. */
const DEFAULT_PATH = "/centreon";

/** Longest address that web servers take (Apache's LimitRequestLine is 8190). */
const MAXIMUM_ADDRESS_BYTES = 8190;

/** Most characters of a link's text; longer ones are somebody's mistake. */
const MAXIMUM_TEXT_CHARACTERS = 256;

/** Centreon's site, and the path below which its pages are. */
interface Pages {
  readonly site: string;
  readonly path: string;
}

/**
 * The pages of the Centreon at `url`. People paste the address of the site or that of a page: a path in it is the pages'
 * own, up to the first `/centreon`.
 */
function pagesAt(url: string): Pages {
  const [address] = string.match(url, "^[^?#]*");
  const [site, path] = string.match(address ?? "", "^(%a+://[^/]*)(.-)/*$");
  const [base] = string.match(`${path ?? ""}/`, `^(.-${DEFAULT_PATH})/`);
  return { site: site ?? "", path: base ?? (path === undefined || path === "" ? DEFAULT_PATH : path) };
}

/**
 * What Resources Status is asked to show. The JSON is the page's own (centreon/centreon, www/front_src/src/Resources;
 * getDetailsPanelQueriers). Its uuid marks the line in the list, no more.
 */
function detailsOf(
  { kind, hostId, serviceId }: Extract<Resource, { hostId: number }>,
  { metaServiceId, isAnomalyDetection }: Placement,
  path: string,
): JsonField[] {
  const endpoint = `${path}/api/latest/monitoring/resources`;
  const panel = (
    id: number,
    address: string,
    pageType: string,
    uuid: string,
    parentId?: number,
    parentType?: string,
  ): JsonField[] => [
    ["id", id],
    ["parentId", parentId],
    ["parentType", parentType],
    ["resourcesDetailsEndpoint", string.format("%s/%s/%d", endpoint, address, id)],
    ["tab", "details"],
    ["type", pageType],
    ["uuid", string.format("%s%d", uuid, id)],
  ];
  if (kind === "host") return panel(hostId, "hosts", "host", "h");
  if (metaServiceId !== undefined && metaServiceId > 0)
    return panel(metaServiceId, "metaservices", "metaservice", "m");
  if (isAnomalyDetection === true) return panel(serviceId, "anomaly-detection", "anomaly-detection", "a");
  const host = string.format("%d", hostId);
  return panel(serviceId, `hosts/${host}/services`, "service", `h${host}-s`, hostId, "host");
}

/** The address of the page that shows `resource` in the Centreon at `url`; undefined when there is none. */
function pageOf(resource: Resource, placement: Placement, url: string): string | undefined {
  const { site, path } = pagesAt(url);
  if ("hostId" in resource) {
    const fields = detailsOf(resource, placement, path);
    return `${site}${path}/monitoring/resources?details=${urlEncode(encode({ fields }))}`;
  }
  if (resource.kind === "storm") return `${site}${path}/monitoring/resources`;
  const { kind, id } = resource;
  // Centreon's own widgets and search lead there; Resources Status does not show these (www/front_src, 25.x).
  if (kind === "business activity")
    return string.format("%s%s/main.php?p=20701&o=d&ba_id=%d", site, path, id);
  if (kind === "poller") return string.format("%s%s/main.php?p=60901&o=c&server_id=%d", site, path, id);
  return undefined;
}

/** `url` as PagerDuty gets it; undefined when it is not one with such a scheme, or too long for anybody. */
function addressWith(scheme: string, url: string): string | undefined {
  const [found, rest] = string.match(url, "^(%a+)(://[^%s].*)$");
  if (found === undefined || rest === undefined || url.length > MAXIMUM_ADDRESS_BYTES) return undefined;
  const lower = string.lower(found);
  return string.find(lower, scheme)[0] === undefined ? undefined : escapeUrl(lower + rest);
}

/** Adds a link to `links`, or nothing when `url` is not an address a browser could open. */
export function appendLink(links: JsonValue[], url: string, text: string): void {
  const href = addressWith("^https?$", url);
  if (href === undefined) return;
  links.push({
    fields: [
      ["href", href],
      ["text", text],
    ],
  });
}

/** Adds the link to the page that shows `resource` in the Centreon at `url`, where there is one. An empty `url`: none. */
export function appendCentreonLink(
  links: JsonValue[],
  resource: Resource,
  placement: Placement,
  url: string,
): void {
  const page = url === "" ? undefined : pageOf(resource, placement, url);
  if (page !== undefined) appendLink(links, page, "Open in Centreon");
}

/** Adds an image to `images`, or nothing when `url` is not an address from which PagerDuty loads one: https. */
function appendImage(images: JsonValue[], url: string, text: string): void {
  const src = addressWith("^https$", url);
  if (src === undefined) return;
  images.push({
    fields: [
      ["src", src],
      ["alt", text],
    ],
  });
}

/**
 * The address that `template` makes of `subject`: each value encoded, but for one at the beginning, which is an address itself.
 * Undefined where it has placeholders, and none of them has anything to say: it would lead to nothing in particular.
 */
function addressOf(template: Template, subject: Subject): string | undefined {
  const parts: string[] = [];
  let placeholders = 0;
  let answers = 0;
  for (const part of template) {
    if (typeof part === "string") {
      parts.push(part);
    } else {
      const value = part.placeholder(subject, part.argument);
      placeholders = placeholders + 1;
      if (value !== "") answers = answers + 1;
      parts.push(parts.length === 0 ? value : urlEncode(value));
    }
  }
  return placeholders > 0 && answers === 0 ? undefined : table.concat(parts);
}

function appendOwn(
  items: JsonValue[],
  templates: readonly LinkTemplate[],
  subject: Subject,
  append: (this: void, items: JsonValue[], url: string, text: string) => void,
): void {
  for (const { text, address } of templates) {
    const url = addressOf(address, subject);
    if (url !== undefined) {
      const shown = cutToCharacters(oneLine(validUtf8(fillTemplate(text, subject))), MAXIMUM_TEXT_CHARACTERS);
      append(items, url, shown);
    }
  }
}

/** Adds the administrator's links to `links`. */
export function appendOwnLinks(
  links: JsonValue[],
  templates: readonly LinkTemplate[],
  subject: Subject,
): void {
  appendOwn(links, templates, subject, appendLink);
}

/** The administrator's images; undefined when there is none. */
export function imagesOf(templates: readonly LinkTemplate[], subject: Subject): JsonValue | undefined {
  const items: JsonValue[] = [];
  appendOwn(items, templates, subject, appendImage);
  return items.length === 0 ? undefined : { items };
}
