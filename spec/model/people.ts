// PagerDuty with people: what its incidents are beside the alerts of our events, and what people, its timeouts and its
// event rules do to them. Remembers what it was at every moment, since its REST API may tell late. What follows is the
// judge's to say.
import { type Action, type Incident, type PagerDuty, type Severity, createPagerDuty } from "./pagerduty";
import { type Clock, secondsOf } from "./world";

/** Each routing key belongs to a service of its own. */
export function serviceOf(routingKey: string): string {
  return string.format("P%s", string.upper(string.sub(routingKey, 1, 6)));
}

/** An alert in an incident; times are in milliseconds. */
interface AlertOfIncident {
  readonly key: string;
  isOpen: boolean;
  readonly createdAt: number;
}

/** Who did something: the person of that name; undefined: PagerDuty itself, or an event of ours. */
export type Doer = string | undefined;

export interface Acknowledgement {
  readonly by: Doer;
  readonly at: number;
}

/** An incident as its REST API tells of it. */
export interface RestIncident {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly createdAt: number;
  status: "triggered" | "acknowledged" | "resolved";
  alerts: AlertOfIncident[];
  acknowledgements: Acknowledgement[];
  changedAt: number;
  changedBy: Doer;
  mergedInto: RestIncident | undefined;
  readonly notes: { readonly content: string; readonly at: number }[];
  /** As it was since then, as JSON; the last one is as it is. */
  readonly versions: Version[];
}

export interface Version {
  readonly since: number;
  readonly isOpen: boolean;
  readonly incident: string;
  readonly alerts: string;
  readonly notes: string;
}

/** What somebody else than we did, or did not let happen. */
export type Deed =
  "closed" | "acknowledged" | "not acknowledged any more" | "merged" | "noted" | "opened" | "withheld";

export interface PeoplePorts {
  readonly clock: Clock;
  /** Told after each deed; `by`: who did it. Of `opened` and `withheld` it is we. */
  readonly did: (this: void, key: string, deed: Deed, by: Doer) => void;
}

export interface People extends PagerDuty {
  /** In the order of their numbers. */
  readonly incidents: readonly RestIncident[];
  /** The incident that the key's open alert is in. */
  readonly incidentOf: (this: void, key: string) => RestIncident | undefined;
  readonly acknowledge: (this: void, key: string, by: string) => void;
  readonly unacknowledge: (this: void, key: string, by: Doer) => void;
  /** Closes the incident, and all that is in it. */
  readonly resolve: (this: void, key: string, by: Doer) => void;
  /** Closes the alert alone, in an incident that has another. */
  readonly resolveAlert: (this: void, key: string, by: string) => void;
  /** Merges the incident into one of somebody else's. */
  readonly merge: (this: void, key: string, by: string) => void;
  readonly note: (this: void, key: string, by: string) => void;
  /** An event rule suppresses what would open an incident of the key, or does not any more. */
  readonly suppress: (this: void, key: string, isSuppressed: boolean) => void;
}

export function timeText(milliseconds: number): string {
  return os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(milliseconds / 1000)) as string;
}

function agentText(by: Doer): string {
  return by === undefined
    ? '{"type":"service_reference","summary":"Shop"}'
    : `{"type":"user_reference","summary":"${by}"}`;
}

function addressOf({ id }: RestIncident): string {
  return `https://example.pagerduty.com/incidents/${id}`;
}

/** An acknowledgement carried to Centreon names the incident by these. */
export function namesIncident(text: string, incident: RestIncident): boolean {
  const has = (part: string): boolean => string.find(text, part, 1, true)[0] !== undefined;
  return has(`#${string.format("%d", incident.number)} `) && has(addressOf(incident));
}

function incidentText(incident: RestIncident): string {
  const { id, number, service, status, alerts, acknowledgements, mergedInto } = incident;
  const open = alerts.filter(({ isOpen }) => isOpen).length;
  const [only] = alerts;
  const key = alerts.length === 1 && only !== undefined ? `"incident_key":"${only.key}",` : "";
  const given = acknowledgements.map(
    ({ at, by }) => `{"at":"${timeText(at)}","acknowledger":${agentText(by)}}`,
  );
  const reason =
    mergedInto === undefined
      ? "null"
      : `{"type":"merge_resolve_reason","incident":{"id":"${mergedInto.id}","type":"incident_reference"}}`;
  const counts = string.format(
    '{"all":%d,"triggered":%d,"resolved":%d}',
    alerts.length,
    open,
    alerts.length - open,
  );
  return `{"id":"${id}","incident_number":${string.format("%d", number)},"html_url":"${addressOf(incident)}","title":"t","status":"${status}",${key}"service":{"id":"${service}","summary":"Shop"},"created_at":"${timeText(incident.createdAt)}","last_status_change_at":"${timeText(incident.changedAt)}","last_status_change_by":${agentText(incident.changedBy)},"assignments":[],"acknowledgements":[${given.join(",")}],"alert_counts":${counts},"resolve_reason":${reason}}`;
}

function alertText({ key, isOpen, createdAt }: AlertOfIncident): string {
  const status = isOpen ? "triggered" : "resolved";
  return `{"alert_key":"${key}","status":"${status}","created_at":"${timeText(createdAt)}"}`;
}

export function createPeople(ports: PeoplePorts): People {
  const { clock, did } = ports;
  const alerts = createPagerDuty();
  const incidents: RestIncident[] = [];
  const incidentOf: Record<string, RestIncident | undefined> = {};
  const isSuppressed: Record<string, boolean | undefined> = {};

  const remember = (incident: RestIncident): void => {
    incident.versions.push({
      since: clock.now,
      isOpen: incident.status !== "resolved",
      incident: incidentText(incident),
      alerts: incident.alerts.map((it) => alertText(it)).join(","),
      notes: incident.notes
        .map(({ content, at }) => `{"content":"${content}","created_at":"${timeText(at)}"}`)
        .join(","),
    });
  };

  const open = (key: string, service: string): RestIncident => {
    const number = incidents.length + 1;
    const incident: RestIncident = {
      id: string.format("Q%d", number),
      number,
      service,
      createdAt: clock.now,
      status: "triggered",
      alerts: [{ key, isOpen: true, createdAt: clock.now }],
      acknowledgements: [],
      changedAt: clock.now,
      changedBy: undefined,
      mergedInto: undefined,
      notes: [],
      versions: [],
    };
    incidents.push(incident);
    return incident;
  };

  const setStatus = (incident: RestIncident, status: RestIncident["status"], by: Doer): void => {
    if (incident.status !== status) {
      incident.status = status;
      incident.changedAt = clock.now;
      incident.changedBy = by;
    }
    if (status === "acknowledged") incident.acknowledgements.push({ by, at: clock.now });
    else incident.acknowledgements = [];
  };

  /** The key's alert ends; with the last one in it the incident does. */
  const endAlert = (key: string, by: Doer): void => {
    const incident = incidentOf[key];
    if (incident === undefined) return;
    for (const alert of incident.alerts) if (alert.key === key) alert.isOpen = false;
    if (!incident.alerts.some(({ isOpen }) => isOpen)) setStatus(incident, "resolved", by);
    incidentOf[key] = undefined;
    remember(incident);
  };

  const take = (key: string, action: Action, severity: Severity, routingKey = ""): void => {
    const { state: before } = alerts.incident(key);
    if (action === "trigger" && before === "none" && isSuppressed[key] === true) {
      did(key, "withheld", undefined);
      return;
    }
    alerts.take(key, action, severity, routingKey);
    const { state } = alerts.incident(key);
    if (state === before) return;
    if (before === "none") {
      const incident = open(key, serviceOf(routingKey));
      incidentOf[key] = incident;
      remember(incident);
      did(key, "opened", undefined);
      return;
    }
    if (state === "none") {
      endAlert(key, undefined);
      return;
    }
    const incident = incidentOf[key];
    if (incident === undefined) return;
    setStatus(incident, "acknowledged", undefined);
    remember(incident);
  };

  /** Somebody does something to the incident of the key, if there is one. */
  const on = (
    key: string,
    act: (this: void, incident: RestIncident, alert: Incident) => Deed | undefined,
    by: Doer,
  ): void => {
    const incident = incidentOf[key];
    if (incident === undefined) return;
    const deed = act(incident, alerts.incident(key));
    if (deed === undefined) return;
    remember(incident);
    did(key, deed, by);
  };

  return {
    take,
    incident: alerts.incident,
    incidents,
    incidentOf: (key) => incidentOf[key],
    suppress: (key, isNow) => {
      isSuppressed[key] = isNow;
    },
    acknowledge: (key, by) => {
      on(
        key,
        (incident, alert) => {
          setStatus(incident, "acknowledged", by);
          alert.state = "acknowledged";
          return "acknowledged";
        },
        by,
      );
    },
    unacknowledge: (key, by) => {
      on(
        key,
        (incident, alert) => {
          if (incident.status !== "acknowledged") return undefined;
          setStatus(incident, "triggered", by);
          alert.state = "triggered";
          return "not acknowledged any more";
        },
        by,
      );
    },
    resolve: (key, by) => {
      on(
        key,
        (incident, alert) => {
          for (const it of incident.alerts) it.isOpen = false;
          setStatus(incident, "resolved", by);
          incidentOf[key] = undefined;
          alert.state = "none";
          return "closed";
        },
        by,
      );
    },
    resolveAlert: (key, by) => {
      on(
        key,
        (incident, alert) => {
          if (incident.alerts.length === 1) return undefined;
          for (const it of incident.alerts) if (it.key === key) it.isOpen = false;
          incidentOf[key] = undefined;
          alert.state = "none";
          return "closed";
        },
        by,
      );
    },
    merge: (key, by) => {
      on(
        key,
        (incident) => {
          if (incident.status !== "triggered" || incident.alerts.length > 1) return undefined;
          const target = open(`other-${string.format("%d", incidents.length)}`, incident.service);
          for (const alert of incident.alerts) target.alerts.push(alert);
          incident.alerts = [];
          incident.mergedInto = target;
          setStatus(incident, "resolved", by);
          incidentOf[key] = target;
          remember(target);
          return "merged";
        },
        by,
      );
    },
    note: (key, by) => {
      on(
        key,
        (incident) => {
          const content = `${by} looks at it, at ${string.format("%d", secondsOf(clock))}`;
          incident.notes.push({ content, at: clock.now });
          return "noted";
        },
        by,
      );
    },
  };
}
