// What PagerDuty accepts: the rules of the Events API v2 for alert events and change events, in PagerDuty's own
// words where users have quoted them. Pure: knows no state, no HTTP, and not which routing keys exist.
import { isUtf8 } from "node:buffer";

/** The most bytes one event may have: PagerDuty documents 512 KB for the whole body. */
export const MAXIMUM_BODY_BYTES = 512_000;
/** PagerDuty's limits in characters. */
const ROUTING_KEY_LENGTH = 32;
const MAXIMUM_DEDUP_KEY_LENGTH = 255;
const MAXIMUM_SUMMARY_LENGTH = 1024;

const SEVERITIES = ["critical", "warning", "error", "info"] as const;
const EVENT_ACTIONS = ["trigger", "acknowledge", "resolve"] as const;

export type Severity = (typeof SEVERITIES)[number];
export type JsonObject = Record<string, unknown>;

/** The part of a payload that alert events and change events share. Absent fields are null. */
interface Description {
  summary: string;
  source: string | null;
  timestamp: string | null;
  custom_details: JsonObject | null;
}

export interface TriggerEvent extends Description {
  event_action: "trigger";
  routing_key: string;
  /** null: the sender gave none, PagerDuty makes one. */
  dedup_key: string | null;
  severity: Severity;
  component: string | null;
  group: string | null;
  class: string | null;
  links: unknown[] | null;
  client: string | null;
  client_url: string | null;
}

export interface FollowUpEvent {
  event_action: "acknowledge" | "resolve";
  routing_key: string;
  dedup_key: string;
}

export interface ChangeEvent extends Description {
  routing_key: string;
  links: unknown[] | null;
}

export type AlertEvent = TriggerEvent | FollowUpEvent;
export type Checked<Event> = { ok: true; event: Event } | { ok: false; errors: string[] };

/** Takes a body's bytes; gives the event object in it, or undefined when they are not a JSON object in UTF-8. */
export function parseEvent(body: Buffer): JsonObject | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Checks an event for /v2/enqueue; gives it with absent fields as null, or every complaint at once. */
export function checkAlertEvent(event: JsonObject): Checked<AlertEvent> {
  const errors: string[] = [];
  const routing_key = checkRoutingKey(event, errors);
  const event_action = checkChoice(event, "event_action", EVENT_ACTIONS, errors);
  const isTrigger = event_action === "trigger";
  const isFollowUp = event_action === "acknowledge" || event_action === "resolve";

  const dedup_key = isFollowUp
    ? requiredText(event, "dedup_key", errors)
    : optionalText(event, "dedup_key", errors);
  complainIfLong(dedup_key, "dedup_key", MAXIMUM_DEDUP_KEY_LENGTH, errors);

  // What a follow-up carries beyond its key is not needed, yet still checked: a bad payload can cost a recovery.
  const payload = checkPayload(event, errors);
  const description = checkDescription(payload, { summary: isTrigger, source: isTrigger }, errors);
  const severity =
    isTrigger || payload["severity"] !== undefined
      ? checkChoice(payload, "severity", SEVERITIES, errors, "payload.")
      : undefined;
  const classification = {
    component: optionalText(payload, "component", errors, "payload."),
    group: optionalText(payload, "group", errors, "payload."),
    class: optionalText(payload, "class", errors, "payload."),
  };
  const context = {
    links: checkLinks(event, errors),
    client: optionalText(event, "client", errors),
    client_url: optionalText(event, "client_url", errors),
  };
  checkImages(event, errors);

  if (errors.length === 0 && isFollowUp && dedup_key !== null) {
    return { ok: true, event: { event_action, routing_key, dedup_key } };
  }
  if (errors.length === 0 && isTrigger && severity !== undefined) {
    // A blank dedup key identifies nothing: as if none had been given.
    const given = { event_action, routing_key, dedup_key: isBlank(dedup_key) ? null : dedup_key, severity };
    return { ok: true, event: { ...given, ...description, ...classification, ...context } };
  }
  return { ok: false, errors };
}

/** Checks an event for /v2/change/enqueue; gives it with absent fields as null, or every complaint at once. */
export function checkChangeEvent(event: JsonObject): Checked<ChangeEvent> {
  const errors: string[] = [];
  const routing_key = checkRoutingKey(event, errors);
  // Orchestration and ruleset keys begin with R; change events go to a service only.
  if (routing_key.startsWith("R")) {
    errors.push("'routing_key' of an orchestration does not accept change events");
  }
  const payload = checkPayload(event, errors);
  const description = checkDescription(payload, { summary: true, source: false }, errors);
  const links = checkLinks(event, errors);
  checkImages(event, errors);
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, event: { routing_key, ...description, links } };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** Absent is fine, null is not (PagerDuty's schema has no nullable field). `prefix` leads the name in a complaint. */
function optionalText(fields: JsonObject, name: string, errors: string[], prefix = ""): string | null {
  const value = fields[name];
  if (value === undefined) return null;
  if (typeof value === "string") return value;
  errors.push(`'${prefix}${name}' is invalid (must be a string)`);
  return null;
}

function requiredText(fields: JsonObject, name: string, errors: string[], prefix = ""): string {
  if (!isBlank(fields[name])) return optionalText(fields, name, errors, prefix) ?? "";
  errors.push(`'${prefix}${name}' is missing or blank`);
  return "";
}

function complainIfLong(text: string | null, name: string, maximum: number, errors: string[]): void {
  // Characters, not UTF-16 units. The spelling is PagerDuty's (dagster-io/dagster issue 19567).
  if (text !== null && text.length > maximum && Array.from(text).length > maximum) {
    errors.push(`'${name}' is too long (maiximum is ${maximum} characters)`);
  }
}

function checkRoutingKey(event: JsonObject, errors: string[]): string {
  const key = requiredText(event, "routing_key", errors);
  if (key === "") return key;
  if (key.length !== ROUTING_KEY_LENGTH) {
    errors.push(`Length of 'routing_key' is incorrect (should be ${ROUTING_KEY_LENGTH} characters)`);
  }
  // Quoted in blockpane/tenderduty issue 10.
  if (!/^[0-9A-Za-z]*$/.test(key)) errors.push("'routing_key' cannot contain non-alphanumeric characters.");
  return key;
}

function checkChoice<Choice extends string>(
  fields: JsonObject,
  name: string,
  choices: readonly Choice[],
  errors: string[],
  prefix = "",
): Choice | undefined {
  const value = fields[name];
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  const quoted = choices.map((known) => `'${known}'`);
  const listed = `${quoted.slice(0, -1).join(", ")} or ${quoted.slice(-1).join("")}`;
  const fault = isBlank(value) ? "missing or blank" : `invalid (must be one of the following: ${listed})`;
  errors.push(`'${prefix}${name}' is ${fault}`);
  return undefined;
}

/** A payload that is absent gives no complaint here: its required fields are reported one by one, as PagerDuty does. */
function checkPayload(event: JsonObject, errors: string[]): JsonObject {
  const payload = event["payload"];
  if (isObject(payload)) return payload;
  if (payload !== undefined) errors.push("'payload' is invalid (must be an object)");
  return {};
}

function checkDescription(
  payload: JsonObject,
  required: { summary: boolean; source: boolean },
  errors: string[],
): Description {
  const text = (name: string, isRequired: boolean) =>
    (isRequired ? requiredText : optionalText)(payload, name, errors, "payload.");
  const summary = text("summary", required.summary);
  complainIfLong(summary, "summary", MAXIMUM_SUMMARY_LENGTH, errors);
  const source = text("source", required.source);
  const timestamp = text("timestamp", false);
  if (timestamp !== null && !isTimestampWithZone(timestamp)) {
    errors.push("'payload.timestamp' is invalid (must be an ISO 8601 date and time with a zone)");
  }
  const details = payload["custom_details"];
  if (details !== undefined && !isObject(details)) {
    errors.push("'payload.custom_details' is invalid (must be an object)");
  }
  return { summary: summary ?? "", source, timestamp, custom_details: isObject(details) ? details : null };
}

/** ISO 8601 as PagerDuty documents it: 2011-05-06T03:30-07 is as good as 2011-05-06T03:30:15.250+02:00. */
function isTimestampWithZone(text: string): boolean {
  const parts =
    /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?:Z|[+-](\d{2})(?::?(\d{2}))?)$/.exec(
      text,
    );
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  // The 60th second is a leap second.
  const timeExists = hour < 24 && minute < 60 && second <= 60 && zoneHour < 24 && zoneMinute < 60;
  return timeExists && month >= 1 && month <= 12 && day >= 1 && day <= new Date(year, month, 0).getDate();
}

function checkLinks(event: JsonObject, errors: string[]): unknown[] | null {
  return checkList(event, "links", errors, (link, label) => {
    requiredText(link, "href", errors, `${label}.`);
    optionalText(link, "text", errors, `${label}.`);
  });
}

function checkImages(event: JsonObject, errors: string[]): void {
  checkList(event, "images", errors, (image, label) => {
    const src = requiredText(image, "src", errors, `${label}.`);
    if (src !== "" && !src.startsWith("https://")) {
      errors.push(`'${label}.src' is invalid (must be an https URL)`);
    }
    optionalText(image, "href", errors, `${label}.`);
    optionalText(image, "alt", errors, `${label}.`);
  });
}

function checkList(
  event: JsonObject,
  name: string,
  errors: string[],
  checkEntry: (entry: JsonObject, label: string) => void,
): unknown[] | null {
  const value = event[name];
  if (value === undefined) return null;
  if (!Array.isArray(value)) {
    errors.push(`'${name}' is invalid (must be an array)`);
    return null;
  }
  const list: unknown[] = value;
  list.forEach((entry, index) => {
    const label = `${name}[${index}]`;
    if (isObject(entry)) checkEntry(entry, label);
    else errors.push(`'${label}' is invalid (must be an object)`);
  });
  return list;
}
