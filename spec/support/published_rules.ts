// PagerDuty's published rules for an event of the Events API v2, checked without anything of the connector:
// https://developer.pagerduty.com/docs/events-api-v2-overview and the OpenAPI schema of the Events API v2.
import { decodeJson } from "./json";

type Fields = Readonly<Record<string, unknown>>;
type Rule = (this: void, value: unknown) => boolean;

function charactersOf(text: string): number {
  // Every byte but the continuations 10xxxxxx begins a character.
  return string.gsub(text, `[^${string.char(0x80)}-${string.char(0xbf)}]`, "")[1];
}

/** A text that is not blank, of at most so many characters. */
function filled(maximum: number): Rule {
  return (value) =>
    typeof value === "string" && string.find(value, "%S")[0] !== undefined && charactersOf(value) <= maximum;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function matching(pattern: string): Rule {
  return (value) => typeof value === "string" && string.match(value, pattern)[0] !== undefined;
}

function oneOf(...values: string[]): Rule {
  return (value) => values.includes(value as string);
}

/** dkjson marks what it read with the kind of JSON it was. */
function isJson(value: unknown, kind: "object" | "array"): boolean {
  if (typeof value !== "object") return false;
  return (getmetatable(value as object) as { __jsontype?: string } | undefined)?.__jsontype === kind;
}

/** An absolute address of RFC 3986's characters only. */
const isAddress = matching("^https?://[%w%-._~:/?#%[%]@!$&'()*+,;=%%]+$");

function isLink(value: unknown): boolean {
  const { href, text } = value as Fields;
  return isJson(value, "object") && isAddress(href) && isText(text);
}

function isImage(value: unknown): boolean {
  const { src, alt } = value as Fields;
  return isJson(value, "object") && isAddress(src) && matching("^https:")(src) && isText(alt);
}

const KEY_RULES: Record<string, Rule> = {
  routing_key: matching(`^${string.rep("%w", 32)}$`),
  event_action: oneOf("trigger", "acknowledge", "resolve"),
  dedup_key: filled(255),
};

const PAYLOAD_RULES: Record<string, Rule> = {
  summary: filled(1024),
  source: filled(math.huge),
  severity: oneOf("critical", "error", "warning", "info"),
  timestamp: matching("^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$"),
  component: isText,
  group: isText,
  class: isText,
  custom_details: (value) => isJson(value, "object"),
};

const TRIGGER_RULES: Record<string, Rule> = {
  ...KEY_RULES,
  payload: (value) => isJson(value, "object"),
  client: isText,
  client_url: isAddress,
  links: (value) => isJson(value, "array") && (value as unknown[]).every((link) => isLink(link)),
  images: (value) => isJson(value, "array") && (value as unknown[]).every((image) => isImage(image)),
};

/** Of a change event (`/v2/change/enqueue`): no action, no key, no severity. */
const CHANGE_PAYLOAD_RULES: Record<string, Rule> = {
  summary: filled(1024),
  source: filled(math.huge),
  timestamp: PAYLOAD_RULES["timestamp"] as Rule,
  custom_details: PAYLOAD_RULES["custom_details"] as Rule,
};

const CHANGE_RULES: Record<string, Rule> = {
  routing_key: matching(`^[^R]${string.rep("%w", 31)}$`),
  payload: TRIGGER_RULES["payload"] as Rule,
  links: TRIGGER_RULES["links"] as Rule,
};

/** The fields that break their rule, that are missing, or that PagerDuty does not know. */
function faultsIn(fields: Fields, rules: Record<string, Rule>, required: readonly string[]): string[] {
  const faults = required.filter((name) => fields[name] === undefined).map((name) => `${name} is missing`);
  for (const [name, value] of Object.entries(fields)) {
    const rule = rules[name];
    if (rule === undefined) faults.push(`${name} is not a field`);
    else if (!rule(value)) faults.push(`${name} breaks its rule`);
  }
  return faults;
}

/** What the rules find wrong with the event that \`body\` is; an acknowledge or resolve must be bare. */
export function faultsOf(body: string): string[] {
  const event = decodeJson(body) as Fields;
  const keys = Object.keys(KEY_RULES);
  if (event["event_action"] !== "trigger") return faultsIn(event, KEY_RULES, keys);
  const payload = (event["payload"] ?? {}) as Fields;
  const faults = faultsIn(event, TRIGGER_RULES, [...keys, "payload"]);
  faults.push(...faultsIn(payload, PAYLOAD_RULES, ["summary", "source", "severity"]));
  // PagerDuty documents 512 KB for the whole body; it does not say of how many bytes each.
  if (body.length >= 512000) faults.push(`the body has ${body.length} bytes`);
  return faults;
}

/** What the rules find wrong with the change event that `body` is. */
export function changeFaultsOf(body: string): string[] {
  const event = decodeJson(body) as Fields;
  const faults = faultsIn(event, CHANGE_RULES, ["routing_key", "payload"]);
  faults.push(...faultsIn((event["payload"] ?? {}) as Fields, CHANGE_PAYLOAD_RULES, ["summary"]));
  if (body.length >= 512000) faults.push(`the body has ${body.length} bytes`);
  return faults;
}
