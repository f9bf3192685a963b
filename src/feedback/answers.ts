// What PagerDuty's REST API v2 answers, as records: incidents, the alerts in them, services, notes, who is on call. Reads
// what is documented, and takes nothing for granted: what has not what it must have is undefined. Asks for nothing.
//
// https://developer.pagerduty.com/api-reference, "Incidents", "Services", "On-Calls" (the OpenAPI description of 2026-08).
import type { Decoded } from "../text/json";
import { cutToCharacters, validUtf8 } from "../text/utf8";

/** Who did something: a person, or anything else (an integration, and so perhaps ourselves; a timeout of the service). */
export interface Agent {
  readonly isPerson: boolean;
  readonly name: string;
}

/** A title is a summary of up to 1024 characters, and stands in lines that people read. */
const SHOWN_TITLE = 160;

/** Times are as PagerDuty writes them. */
export interface Incident {
  readonly id: string;
  readonly number: number;
  /** Its page. */
  readonly address: string;
  /** Its first `SHOWN_TITLE` characters. */
  readonly title: string;
  readonly status: "triggered" | "acknowledged" | "resolved";
  readonly serviceId: string;
  readonly serviceName: string;
  readonly createdAt: string;
  /** The dedup key, of one that has a single alert, and that one open; undefined: its alerts tell. */
  readonly key: string | undefined;
  /** Changes with its status and with what is in it: as long as it is the same, its alerts need not be read again. */
  readonly signature: string;
  readonly changedAt: string;
  readonly changedBy: Agent | undefined;
  /** The last acknowledgement that a person gave; undefined: none stands. */
  readonly acknowledgement: { readonly by: string; readonly at: string } | undefined;
  /** The names of those that it is assigned to. */
  readonly assignees: readonly string[];
  /** The id of the incident that it was merged into. */
  readonly mergedInto: string | undefined;
}

/** An alert in an incident. */
export interface IncidentAlert {
  /** The dedup key. */
  readonly key: string;
  readonly isOpen: boolean;
  readonly createdAt: string;
}

export interface Service {
  readonly id: string;
  readonly name: string;
  readonly escalationPolicyId: string | undefined;
  /** The routing keys of its integrations. */
  readonly routingKeys: readonly string[];
}

export interface OnCall {
  readonly person: string;
  readonly level: number;
  /** Undefined: the person is on call always. */
  readonly schedule: string | undefined;
  /** Undefined: no end. */
  readonly until: string | undefined;
  readonly escalationPolicyId: string;
}

type Fields = Readonly<Record<string, Decoded>>;

function fieldsOf(value: Decoded): Fields {
  return typeof value === "object" ? (value as Fields) : {};
}

function itemsOf(value: Decoded): readonly Decoded[] {
  return typeof value === "object" ? (value as readonly Decoded[]) : [];
}

function textOf(value: Decoded): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: Decoded): number {
  return typeof value === "number" ? value : 0;
}

function nameOf(fields: Fields): string {
  return textOf(fields["summary"]) ?? "somebody";
}

/** A full record has the type without its `_reference`. */
function isPerson(fields: Fields): boolean {
  return fields["type"] === "user_reference" || fields["type"] === "user";
}

function agentOf(value: Decoded): Agent | undefined {
  const fields = fieldsOf(value);
  return textOf(fields["type"]) === undefined
    ? undefined
    : { isPerson: isPerson(fields), name: nameOf(fields) };
}

function acknowledgementOf(value: Decoded): Incident["acknowledgement"] {
  let last: Incident["acknowledgement"];
  for (const item of itemsOf(value)) {
    const { at, acknowledger } = fieldsOf(item);
    const by = fieldsOf(acknowledger);
    const time = textOf(at) ?? "";
    // All are of UTC, and of one form: their order is that of their texts.
    if (isPerson(by) && (last === undefined || time >= last.at)) last = { by: nameOf(by), at: time };
  }
  return last;
}

function assigneesOf(value: Decoded): readonly string[] {
  const names: string[] = [];
  for (const item of itemsOf(value)) names.push(nameOf(fieldsOf(fieldsOf(item)["assignee"])));
  return names;
}

function statusOf(value: Decoded): Incident["status"] | undefined {
  return value === "triggered" || value === "acknowledged" || value === "resolved" ? value : undefined;
}

export function readIncident(value: Decoded): Incident | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields["id"]);
  const status = statusOf(fields["status"]);
  if (id === undefined || status === undefined) return undefined;
  const counts = fieldsOf(fields["alert_counts"]);
  const [all, triggered] = [numberOf(counts["all"]), numberOf(counts["triggered"])];
  const service = fieldsOf(fields["service"]);
  const reason = fieldsOf(fields["resolve_reason"]);
  const isMerged = reason["type"] === "merge_resolve_reason";
  return {
    id,
    number: numberOf(fields["incident_number"]),
    address: textOf(fields["html_url"]) ?? "",
    title: cutToCharacters(validUtf8(textOf(fields["title"]) ?? ""), SHOWN_TITLE),
    status,
    serviceId: textOf(service["id"]) ?? "",
    serviceName: textOf(service["summary"]) ?? "",
    createdAt: textOf(fields["created_at"]) ?? "",
    // An incident may outlast its alert.
    key: all > 1 || all > triggered ? undefined : textOf(fields["incident_key"]),
    signature: string.format("%s %.0f %.0f", status, all, triggered),
    changedAt: textOf(fields["last_status_change_at"]) ?? "",
    changedBy: agentOf(fields["last_status_change_by"]),
    acknowledgement: acknowledgementOf(fields["acknowledgements"]),
    assignees: assigneesOf(fields["assignments"]),
    mergedInto: isMerged ? textOf(fieldsOf(reason["incident"])["id"]) : undefined,
  };
}

export function readAlert(value: Decoded): IncidentAlert | undefined {
  const fields = fieldsOf(value);
  const key = textOf(fields["alert_key"]);
  const { status } = fields;
  if (key === undefined || (status !== "triggered" && status !== "resolved")) return undefined;
  return { key, isOpen: status === "triggered", createdAt: textOf(fields["created_at"]) ?? "" };
}

export function readService(value: Decoded): Service | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields["id"]);
  if (id === undefined) return undefined;
  const routingKeys: string[] = [];
  for (const integration of itemsOf(fields["integrations"])) {
    const key = textOf(fieldsOf(integration)["integration_key"]);
    if (key !== undefined) routingKeys.push(key);
  }
  return {
    id,
    name: textOf(fields["name"]) ?? textOf(fields["summary"]) ?? id,
    escalationPolicyId: textOf(fieldsOf(fields["escalation_policy"])["id"]),
    routingKeys,
  };
}

/** A note's text, and when it was written. */
export function readNote(value: Decoded): { readonly content: string; readonly at: string } | undefined {
  const fields = fieldsOf(value);
  const content = textOf(fields["content"]);
  return content === undefined ? undefined : { content, at: textOf(fields["created_at"]) ?? "" };
}

export function readOnCall(value: Decoded): OnCall | undefined {
  const fields = fieldsOf(value);
  const escalationPolicyId = textOf(fieldsOf(fields["escalation_policy"])["id"]);
  if (escalationPolicyId === undefined) return undefined;
  return {
    person: nameOf(fieldsOf(fields["user"])),
    level: numberOf(fields["escalation_level"]),
    schedule: textOf(fieldsOf(fields["schedule"])["summary"]),
    until: textOf(fields["end"]),
    escalationPolicyId,
  };
}
