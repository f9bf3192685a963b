// One round of asking PagerDuty what became of our alerts: the open incidents of our services, the alerts in those that
// have several, and by its id what was seen open and is open no more. Gives what was found, key by key; what that means
// for an alert is compare.ts'. Absence from a list is never taken for an end.
import { type Incident, type IncidentAlert, readAlert, readIncident } from "./answers";
import { listOpenIncidents } from "./queries";
import type { Ended, RestApi, Trouble } from "./rest_api";

/** Where a key was found open. */
export interface FoundOpen {
  readonly incident: Incident;
  /** Since when the alert is in an incident, as PagerDuty writes it. */
  readonly since: string;
}

export interface Findings {
  /** By dedup key as PagerDuty has it; there may be several: a key may be open at more than one service. */
  readonly open: LuaTable<string, FoundOpen[] | undefined>;
  /** Keys that were seen open and have ended: the incident that they ended with, or in which they ended. */
  readonly ended: LuaTable<string, Incident | undefined>;
}

/** A key that was seen open before. */
export interface Expected {
  readonly key: string;
  readonly incidentId: string;
}

export interface RoundPorts {
  readonly api: Pick<RestApi, "list" | "one">;
  /** Keys that were seen open in some incident, listed once the open incidents are known. */
  readonly expected: (this: void) => readonly Expected[];
  /** Undefined trouble: the list of open incidents is complete, and the findings stand. */
  readonly ended: (this: void, findings: Findings, trouble: Trouble | undefined) => void;
}

/** Remembers from round to round what is in incidents that have several alerts. */
export type AlertsKnown = LuaTable<
  string,
  { readonly signature: string; readonly alerts: readonly IncidentAlert[] } | undefined
>;

/** Alerts have all that we tell of them, unlike incidents: pages are smaller. */
const ALERTS_PAGE = 50;

/** Most incidents that were merged into one another, one after the other. */
const MOST_MERGES = 5;

/** What is to be read by its id: an incident, and the keys that were seen in it, or in one that was merged into it. */
interface Gone {
  readonly id: string;
  readonly keys: readonly string[];
  readonly merges: number;
}

/** Begins a round. */
export function startRound(serviceIds: readonly string[], known: AlertsKnown, ports: RoundPorts): void {
  const { api } = ports;
  const findings: Findings = { open: new LuaTable(), ended: new LuaTable() };
  const incidents = new LuaTable<string, Incident | undefined>();
  /** Incidents whose alerts are to be asked for. */
  const several: Incident[] = [];
  const gone: Gone[] = [];
  let hasLookedForGone = false;
  /** Where a key stands now that was seen open before: in the incident of then, or what that was merged into. */
  const standsIn = new LuaTable<string, string | undefined>();
  /** The alerts that have ended in incidents that are open, as the incident's id and the key. */
  const endedWithin = new LuaSet<string>();

  const noteOpen = (key: string, incident: Incident, since: string): void => {
    const all = findings.open.get(key) ?? [];
    all.push({ incident, since });
    findings.open.set(key, all);
  };

  const takeOpen = (incident: Incident): void => {
    if (incidents.get(incident.id) !== undefined) return;
    incidents.set(incident.id, incident);
    if (incident.key === undefined) several.push(incident);
    else noteOpen(incident.key, incident, incident.createdAt);
  };

  const takeAlerts = (incident: Incident, alerts: readonly IncidentAlert[]): void => {
    for (const { key, isOpen, createdAt } of alerts) {
      if (isOpen) noteOpen(key, incident, createdAt);
      else endedWithin.add(`${incident.id} ${key}`);
    }
  };

  const finish = (): void => {
    for (const [key, id] of standsIn) {
      const incident = incidents.get(id ?? "");
      const hasEnded = incident !== undefined && endedWithin.has(`${incident.id} ${key}`);
      if (hasEnded) findings.ended.set(key, incident);
      // It may be open anew, elsewhere.
      if (findings.open.has(key)) findings.ended.set(key, undefined);
    }
    for (const [id] of known) if (incidents.get(id) === undefined) known.set(id, undefined);
    ports.ended(findings, undefined);
  };

  /** What was seen open and is not among what is open now. Asked for once the alerts of all of those are known. */
  const lookForGone = (): void => {
    const keysOf = new LuaTable<string, string[] | undefined>();
    for (const { key, incidentId } of ports.expected()) {
      standsIn.set(key, incidentId);
      if (!findings.open.has(key) && incidents.get(incidentId) === undefined) {
        const keys = keysOf.get(incidentId) ?? [];
        keys.push(key);
        keysOf.set(incidentId, keys);
      }
    }
    for (const [id, keys] of keysOf) if (keys !== undefined) gone.push({ id, keys, merges: 0 });
  };

  /** An incident that was read by its id: open still, merged into another, or ended. */
  const takeGone = (incident: Incident, keys: readonly string[], merges: number): void => {
    if (incident.status !== "resolved") {
      takeOpen(incident);
    } else if (incident.mergedInto === undefined) {
      for (const key of keys) findings.ended.set(key, incident);
    } else {
      for (const key of keys) standsIn.set(key, incident.mergedInto);
      const isRead = incidents.get(incident.mergedInto) !== undefined;
      if (!isRead && merges < MOST_MERGES) gone.push({ id: incident.mergedInto, keys, merges: merges + 1 });
    }
  };

  const readAlertsOf = (incident: Incident): void => {
    const { id, signature } = incident;
    const alerts: IncidentAlert[] = [];
    api.list(
      `/incidents/${id}/alerts`,
      "alerts",
      [],
      (item) => {
        const alert = readAlert(item);
        if (alert !== undefined) alerts.push(alert);
      },
      (trouble) => {
        if (trouble === undefined) {
          known.set(id, { signature, alerts });
          takeAlerts(incident, alerts);
        }
        readOn(trouble);
      },
      ALERTS_PAGE,
    );
  };

  const readGone = ({ id, keys, merges }: Gone): void => {
    let read: Incident | undefined;
    api.one(
      `/incidents/${id}`,
      "incident",
      (record) => {
        read = readIncident(record);
      },
      (trouble) => {
        if (read !== undefined) takeGone(read, keys, merges);
        readOn(trouble);
      },
    );
  };

  /** Reads what is left to read, one after the other. What cannot be read is no finding. */
  const readOn: Ended = (trouble) => {
    if (trouble?.kind === "failed") {
      ports.ended(findings, trouble);
      return;
    }
    const mayAsk = trouble?.kind !== "too much";
    while (true) {
      const incident = several.pop();
      if (incident === undefined) break;
      const before = known.get(incident.id);
      if (before?.signature === incident.signature) {
        takeAlerts(incident, before.alerts);
      } else if (mayAsk) {
        readAlertsOf(incident);
        return;
      }
    }
    if (mayAsk && !hasLookedForGone) {
      hasLookedForGone = true;
      lookForGone();
    }
    const next = mayAsk ? gone.pop() : undefined;
    if (next === undefined) finish();
    else readGone(next);
  };

  listOpenIncidents(
    api,
    serviceIds,
    (incident) => {
      if (incident.status !== "resolved") takeOpen(incident);
    },
    (trouble) => {
      if (trouble !== undefined) ports.ended(findings, trouble);
      else readOn(undefined);
    },
  );
}
