// What the REST API tells of incidents, alerts, notes, services and who is on call, field by field. Pure; who may see
// what, and in which pages, is rest_api's.
import type { JsonObject } from "./event_rules.js";
import type { Agent, Incident, Standing } from "./incidents.js";
import { timeoutsOf } from "./incidents.js";
import { type Reference, idFrom, personReference, reference, timestamp } from "./references.js";
import type { OnCall, Service } from "./services.js";

type Member = Standing["members"][number];

const INTEGRATION = "events_api_v2_inbound_integration";
/** Orchestrations have keys of their own, that no integration shows. */
const ORCHESTRATION = /^R/;

const HOUR_MS = 3_600_000;
/** A shift of a schedule, from midnight or noon UTC. */
const SHIFT_MS = 12 * HOUR_MS;

function serviceReference({ id, name }: Service): Reference {
  return reference("service_reference", id, name, "services");
}

function policyReference({ escalation_policy_id, name }: Service): Reference {
  return reference("escalation_policy_reference", escalation_policy_id, name, "escalation_policies");
}

function incidentReference(incident: Incident): Reference {
  return reference("incident_reference", incident.id, summaryOf(incident), "incidents");
}

function integrationReference(service: Service, type = `${INTEGRATION}_reference`): Reference {
  const folder = `services/${service.id}/integrations`;
  return reference(type, idFrom(`integration ${service.routing_keys[0] ?? ""}`), "Events API V2", folder);
}

function agentReference(by: Agent, service: Service): Reference {
  switch (by.kind) {
    case "person":
      return personReference(by.name);
    case "integration":
      return integrationReference(service);
    case "service":
      return serviceReference(service);
  }
}

function summaryOf({ number, opened_by }: Incident): string {
  return `[#${number}] ${opened_by.summary}`;
}

/** The incident as it stood at a time. */
export function incidentShape(incident: Incident, standing: Standing): JsonObject {
  const { id, number, service, created, opened_by } = incident;
  const { status, members, merged_into, acknowledgements, assignments } = standing;
  const resolved = members.filter(({ isResolved }) => isResolved).length;
  const due = timeoutsOf(incident, standing);
  const action = (type: string, at: number | null) => (at === null ? [] : [{ type, at: timestamp(at) }]);
  const only = members.length === 1 && !standing.isGrouped ? members[0] : undefined;
  return {
    ...reference("incident", id, summaryOf(incident), "incidents"),
    incident_number: number,
    title: opened_by.summary,
    description: opened_by.summary,
    created_at: timestamp(created),
    updated_at: timestamp(standing.since),
    status,
    // An incident whose alerts are, or were, several has none.
    ...(only === undefined ? {} : { incident_key: only.alert.dedup_key }),
    service: serviceReference(service),
    assignments: assignments.map(({ at, to }) => ({ at: timestamp(at), assignee: personReference(to) })),
    assigned_via: "escalation_policy",
    last_status_change_at: timestamp(standing.status_since),
    last_status_change_by: agentReference(standing.status_by, service),
    resolved_at: status === "resolved" ? timestamp(standing.status_since) : null,
    first_trigger_log_entry: {
      id: idFrom(`log ${id}`, "incident"),
      type: "trigger_log_entry_reference",
      summary: "Triggered through the API.",
      self: null,
      html_url: null,
    },
    alert_counts: { all: members.length, triggered: members.length - resolved, resolved },
    is_mergeable: true,
    escalation_policy: policyReference(service),
    teams: [],
    impacted_services: [serviceReference(service)],
    pending_actions: [...action("unacknowledge", due.unacknowledge), ...action("resolve", due.resolve)],
    acknowledgements: acknowledgements.map(({ at, by }) => ({
      at: timestamp(at),
      acknowledger: agentReference(by, service),
    })),
    alert_grouping: null,
    basic_alert_grouping: null,
    resolve_reason:
      merged_into === null
        ? null
        : { type: "merge_resolve_reason", incident: incidentReference(merged_into) },
    incidents_responders: [],
    responder_requests: [],
    subscriber_requests: [],
    priority: null,
    urgency: standing.urgency,
    conference_bridge: null,
  };
}

export function alertShape(incident: Incident, member: Member): JsonObject {
  const { service } = incident;
  const { alert } = member;
  return {
    ...reference("alert", member.id, alert.summary, "alerts"),
    created_at: timestamp(member.created),
    updated_at: timestamp(Date.parse(alert.updated_at)),
    resolved_at: alert.resolved_at === null ? null : timestamp(Date.parse(alert.resolved_at)),
    status: member.isResolved ? "resolved" : "triggered",
    alert_key: alert.dedup_key,
    service: serviceReference(service),
    incident: incidentReference(incident),
    integration: integrationReference(service),
    suppressed: false,
    severity: alert.severity,
    body: {
      type: "alert_body",
      contexts: alert.links ?? [],
      details: alert.custom_details,
      cef_details: {
        dedup_key: alert.dedup_key,
        message: alert.summary,
        severity: alert.severity,
        source_origin: alert.source,
        source_component: alert.component,
        service_group: alert.group,
        event_class: alert.class,
        client: alert.client,
        client_url: alert.client_url,
        creation_time: alert.timestamp,
        details: alert.custom_details,
      },
    },
    alert_grouping: null,
  };
}

export function noteShape({ id, at, by, content }: Incident["notes"][number]): JsonObject {
  const channel = { id: null, type: "channel", summary: "The PagerDuty website or APIs" };
  return { id, user: personReference(by), channel, content, created_at: timestamp(at) };
}

/** With its integrations' fields where they are asked for, otherwise only their names. */
export function serviceShape(service: Service, openStatuses: readonly string[], isFull: boolean): JsonObject {
  const { id, name, state, acknowledgement_timeout, auto_resolve_timeout } = service;
  const busy = openStatuses.includes("triggered")
    ? "critical"
    : openStatuses.length > 0
      ? "warning"
      : "active";
  const folder = `services/${id}/integrations`;
  const integrations = service.routing_keys
    .filter((key) => !ORCHESTRATION.test(key))
    .map((integration_key) => ({
      ...reference(INTEGRATION, idFrom(`integration ${integration_key}`), "Events API V2", folder),
      name: "Events API V2",
      service: serviceReference(service),
      integration_key,
      vendor: null,
    }));
  // Most services have some of other kinds, that have no key.
  const mail = {
    ...reference("generic_email_inbound_integration", idFrom(`mail ${id}`), "Email", folder),
    name: "Email",
    service: serviceReference(service),
    integration_email: `${id.toLowerCase()}@sandbox.pagerduty.example`,
    vendor: null,
  };
  const named = ({ type, id: integration, summary }: Reference) =>
    reference(`${type}_reference`, integration, summary, folder);
  return {
    ...reference("service", id, name, "services"),
    name,
    description: null,
    auto_resolve_timeout,
    acknowledgement_timeout,
    status: state === "active" ? busy : state,
    escalation_policy: policyReference(service),
    teams: [],
    alert_creation: "create_alerts_and_incidents",
    incident_urgency_rule: { type: "constant", urgency: "severity_based" },
    support_hours: null,
    scheduled_actions: [],
    addons: [],
    integrations: isFull ? [...integrations, mail] : [...integrations, mail].map(named),
  };
}

/** Who is on call at a time; without a schedule a person always is. */
export function onCallShape(service: Service, { level, person, schedule }: OnCall, at: number): JsonObject {
  const start = at - (at % SHIFT_MS);
  return {
    escalation_policy: policyReference(service),
    escalation_level: level,
    schedule:
      schedule === null
        ? null
        : reference("schedule_reference", idFrom(`schedule ${schedule}`), schedule, "schedules"),
    user: personReference(person),
    start: schedule === null ? null : timestamp(start),
    end: schedule === null ? null : timestamp(start + SHIFT_MS),
  };
}
