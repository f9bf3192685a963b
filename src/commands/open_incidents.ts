// What PagerDuty has open of the output's services, and how that differs from what the journal knows. Changes nothing; what
// is said of it, and done about it, is the commands' to know.
import { type ActionRules, type Alert, isOpen, nameOf, nextAction } from "../alerts/alert";
import { type Ending, isAcknowledgedHere, isForPeopleToAcknowledge } from "../alerts/learnt";
import { type Incident, readIncident } from "../feedback/answers";
import { closerOf } from "../feedback/apply";
import { isOfThisProblem } from "../feedback/carry";
import { resourceOfKey } from "../feedback/compare";
import type { RestApi } from "../feedback/rest_api";
import { type Expected, type Findings, type FoundOpen, startRound } from "../feedback/round";
import type { Services } from "../feedback/services";
import { actionRulesOf } from "../rules/action_rules";
import { utcTimestamp } from "../text/time";
import { isMissing, withRemedy } from "./file_problem";
import { viewJournal } from "./journal_view";
import type { Opened } from "./rest_asking";
import { readFile } from "./shell";

export type DifferenceKind =
  | "open there, fine here"
  | "closed there, a problem here"
  | "acknowledged there only"
  | "acknowledged here only"
  | "at another service than its key's"
  | "open more than once";

export interface Difference {
  readonly kind: DifferenceKind;
  /** Without prefix. */
  readonly dedupKey: string;
  /** What a person calls the resource, or the incident's title. */
  readonly name: string;
  /** Undefined: it is known from the journal only. */
  readonly incident: Incident | undefined;
  /** What more is known, in words; empty: nothing. */
  readonly more: string;
  /** Of one that was closed there. */
  readonly ending?: Ending;
  /** Of one that is open more than once: the route by which this one can be resolved, and the alert's own cannot. */
  readonly extraBy?: string | undefined;
}

/** An alert with a key of ours in an incident. */
export interface OpenKey {
  readonly dedupKey: string;
  readonly name: string;
}

/** An open incident of the output's services. */
export interface OpenIncident {
  readonly incident: Incident;
  /** Those of its alerts that are ours; none: somebody else's, or a person's own. */
  readonly keys: readonly OpenKey[];
}

export interface OpenIncidents {
  /** In the order of their numbers. */
  readonly incidents: readonly OpenIncident[];
  /** In the order of their keys. */
  readonly differences: readonly Difference[];
  /** Open by the journal, and in no incident that is to be seen: that proves nothing. */
  readonly notSeen: readonly Alert[];
  /** What is wrong with the journal; undefined: nothing. */
  readonly journalProblem: string | undefined;
}

type AlertsByKey = LuaTable<string, Alert | undefined>;

function byKey(alerts: readonly Alert[]): AlertsByKey {
  const found: AlertsByKey = new LuaTable();
  for (const alert of alerts) found.set(alert.dedupKey, alert);
  return found;
}

/** The one of these that is the alert's: where it was seen, else at the service that its key leads to. */
function ownOf(
  alert: Alert,
  all: readonly FoundOpen[],
  serviceId: string | undefined,
): FoundOpen | undefined {
  for (const found of all) if (found.incident.id === alert.incident?.id) return found;
  for (const found of all) if (found.incident.serviceId === serviceId) return found;
  return all[0];
}

/** How an alert that is open at PagerDuty and a problem here is other there. */
function differencesOf(
  alert: Alert,
  all: readonly FoundOpen[],
  { serviceOf, routeOf }: Services,
  rules: ActionRules,
): Difference[] {
  const serviceId = serviceOf(alert.route);
  const differences: Difference[] = [];
  const own = ownOf(alert, all, serviceId);
  const note = (kind: DifferenceKind, incident: Incident, more: string, extraBy?: string): void => {
    differences.push({ kind, dedupKey: alert.dedupKey, name: nameOf(alert), incident, more, extraBy });
  };
  if (own === undefined) return differences;
  const { incident } = own;
  const isWhereItsKeyLeads = incident.serviceId === serviceId;
  for (const { incident: other } of all)
    if (other.id !== incident.id) {
      // At one service a resolve ends its own.
      const isExtra = isWhereItsKeyLeads && other.serviceId !== serviceId;
      const by = isExtra ? routeOf(other.serviceId) : undefined;
      note("open more than once", other, `its own is #${string.format("%.0f", incident.number)}`, by);
    }
  // One that was followed there was merged, or moved.
  const isFollowed = alert.incident?.id === incident.id;
  if (!isFollowed && serviceId !== undefined && !isWhereItsKeyLeads)
    note("at another service than its key's", incident, incident.serviceName);
  if (!isForPeopleToAcknowledge(alert)) return differences;
  const isAcknowledgedThere = incident.status === "acknowledged";
  if (isAcknowledgedThere && !isAcknowledgedHere(alert)) {
    const by = incident.acknowledgement?.by;
    note("acknowledged there only", incident, by === undefined ? "" : `by ${by}`);
  } else if (!isAcknowledgedThere && isAcknowledgedHere(alert) && rules.passesOnAcknowledgements) {
    const author = alert.acknowledgement?.author ?? "";
    note("acknowledged here only", incident, author === "" ? "" : `by ${author}`);
  }
  return differences;
}

/** A problem of which PagerDuty has closed the alert, with this incident where it was read now. */
function closedThere(alert: Alert, incident: Incident | undefined, ending: Ending): Difference {
  return {
    kind: "closed there, a problem here",
    dedupKey: alert.dedupKey,
    name: nameOf(alert),
    incident,
    more: `by ${ending.by ?? "PagerDuty itself, or the API"}, ${ending.at}`,
    ending,
  };
}

function endingOf(incident: Incident): Ending {
  return { by: closerOf(incident), at: incident.changedAt };
}

/** Alerts that PagerDuty had, and has closed. */
function closedOnes(alerts: readonly Alert[], findings: Findings, prefix: string): Difference[] {
  const closed: Difference[] = [];
  for (const alert of alerts) {
    const { dedupKey, closing } = alert;
    const key = prefix + dedupKey;
    const ended = findings.ended.get(key);
    if (alert.desired !== "resolved" && !findings.open.has(key)) {
      if (closing !== undefined)
        closed.push(closedThere(alert, undefined, { by: closing.by, at: closing.at }));
      else if (ended !== undefined && isOpen(alert)) closed.push(closedThere(alert, ended, endingOf(ended)));
    }
  }
  return closed;
}

/** Asks for what is open, or gives what went wrong. */
export function askOpenIncidents({ setup, asking, services }: Opened): OpenIncidents | string {
  const { settings } = setup;
  const { known } = services;
  const prefix = settings.pdy_dedup_prefix;
  // One that is missing was lost, or is to come; of one that is hidden nobody can say what it lacks.
  const unreadable = readFile(settings.state_path)[1];
  if (unreadable !== undefined && !isMissing(unreadable))
    return `the journal cannot be read: ${withRemedy(unreadable, "")}`;
  const before = viewJournal(settings.state_path);
  const read = new LuaTable<string, Incident | undefined>();
  const { api } = asking;
  const listing: RestApi["list"] = (path, name, query, take, ended, pageSize) => {
    const noteAndTake: typeof take = (item) => {
      const incident = name === "incidents" ? readIncident(item) : undefined;
      if (incident !== undefined) read.set(incident.id, incident);
      take(item);
    };
    api.list(path, name, query, noteAndTake, ended, pageSize);
  };
  let findings: Findings = { open: new LuaTable(), ended: new LuaTable() };
  const problem = asking.wait((ended) => {
    startRound(known.asked, new LuaTable(), {
      api: { list: listing, one: api.one },
      expected: () => {
        const expected: Expected[] = [];
        for (const alert of before.alerts)
          if (alert.incident !== undefined && isOpen(alert))
            expected.push({ key: prefix + alert.dedupKey, incidentId: alert.incident.id });
        return expected;
      },
      ended: (found, trouble) => {
        findings = found;
        ended(trouble);
      },
    });
  });
  if (problem !== undefined) return problem.text;
  // What came or ended meanwhile is no difference.
  const after = viewJournal(settings.state_path);
  const [alertsBefore, alertsAfter] = [byKey(before.alerts), byKey(after.alerts)];
  const rules = actionRulesOf(settings);
  /** Nothing is on its way that would change what PagerDuty has. */
  const isSettledHere = (alert: Alert): boolean => nextAction(alert, rules) === undefined;

  const isOurs = (incident: Incident): boolean =>
    known.isOurs(incident.serviceId) || (known.asked.length === 0 && prefix !== "");
  const keysOf = new LuaTable<string, OpenKey[] | undefined>();
  const differences: Difference[] = [];
  for (const [key, all] of findings.open) {
    const dedupKey = string.sub(key, prefix.length + 1);
    const isKeyOfOurs = string.sub(key, 1, prefix.length) === prefix && resourceOfKey(dedupKey) !== undefined;
    if (isKeyOfOurs && all !== undefined) {
      const alert = alertsAfter.get(dedupKey);
      for (const { incident } of all) {
        const keys = keysOf.get(incident.id) ?? [];
        keys.push({ dedupKey, name: alert === undefined ? incident.title : nameOf(alert) });
        keysOf.set(incident.id, keys);
        const isUnknown = alert === undefined && alertsBefore.get(dedupKey) === undefined;
        // Where people end incidents (pdy_resolve 0), those of what is over are theirs.
        if (isUnknown && rules.resolvesRecoveries && isOurs(incident))
          differences.push({
            kind: "open there, fine here",
            dedupKey,
            name: incident.title,
            incident,
            more: "",
          });
      }
      if (alert !== undefined && isSettledHere(alert))
        for (const one of differencesOf(alert, all, known, rules)) differences.push(one);
    }
  }
  const settled: Alert[] = [];
  for (const alert of after.alerts) if (isSettledHere(alert)) settled.push(alert);
  for (const one of closedOnes(settled, findings, prefix)) differences.push(one);
  table.sort(differences, (left, right) =>
    left.dedupKey === right.dedupKey ? left.kind < right.kind : left.dedupKey < right.dedupKey,
  );

  const notSeen: Alert[] = [];
  for (const alert of settled) {
    const key = prefix + alert.dedupKey;
    if (isOpen(alert) && !findings.open.has(key) && findings.ended.get(key) === undefined)
      notSeen.push(alert);
  }

  const incidents: OpenIncident[] = [];
  for (const [id, incident] of read) {
    const keys = keysOf.get(id) ?? [];
    table.sort(keys, (left, right) => left.dedupKey < right.dedupKey);
    if (incident !== undefined && (keys.length > 0 || known.isOurs(incident.serviceId)))
      incidents.push({ incident, keys });
  }
  table.sort(incidents, (left, right) => left.incident.number < right.incident.number);
  return { incidents, differences, notSeen, journalProblem: after.problem };
}

/** Most keys that are asked for one by one. */
const MOST_ASKED_ALONE = 100;

/** Where an alert is that is in no incident that is to be seen: asks for its key, whatever the service. Undefined: nobody can tell. */
function whereIs(alert: Alert, { asking, setup }: Opened): Difference | string | undefined {
  const { api, wait } = asking;
  const { dedupKey } = alert;
  let last: Incident | undefined;
  const problem = wait((ended) => {
    api.list(
      "/incidents",
      "incidents",
      [
        ["incident_key", setup.settings.pdy_dedup_prefix + dedupKey],
        ["date_range", "all"],
        ["sort_by", "incident_number:asc"],
      ],
      (item) => {
        last = readIncident(item) ?? last;
      },
      ended,
    );
  });
  if (problem !== undefined) return problem.text;
  if (last === undefined || last.mergedInto !== undefined) return undefined;
  if (last.status === "resolved") {
    // One that ended before was of an earlier problem: where this one is, nobody can tell.
    const isOfThis = isOfThisProblem(utcTimestamp(alert.triggeredAt) ?? "", last.changedAt);
    return isOfThis ? closedThere(alert, last, endingOf(last)) : undefined;
  }
  return {
    kind: "at another service than its key's",
    dedupKey,
    name: nameOf(alert),
    incident: last,
    more: last.serviceName,
  };
}

/** Asks for each of the alerts that are not to be seen by its key. Gives what is known then, or what went wrong. */
export function askForUnseen(
  notSeen: readonly Alert[],
  opened: Opened,
): { readonly differences: readonly Difference[]; readonly notSeen: readonly Alert[] } | string {
  const differences: Difference[] = [];
  const still: Alert[] = [];
  for (const [index, alert] of ipairs(notSeen as Alert[])) {
    const found = index > MOST_ASKED_ALONE ? undefined : whereIs(alert, opened);
    if (typeof found === "string") return found;
    if (found === undefined) still.push(alert);
    else differences.push(found);
  }
  return { differences, notSeen: still };
}
