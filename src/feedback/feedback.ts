// Asks PagerDuty now and then what people did with our alerts, and has what follows from that applied: rounds, their time,
// what must be said once, and what counts. How a round goes is round.ts', what its findings mean compare.ts' and apply.ts'.
// Never waits, and does a little at a time; when PagerDuty's REST API fails, nothing changes but a line in the log.
import { type Alert, type Resource, isOpen, nameOf } from "../alerts/alert";
import { type Incident, type Service, readNote } from "./answers";
import { type ApplyPorts, type ReopenChoice, apply } from "./apply";
import { type Carry, isOfThisProblem, wasThereAt } from "./carry";
import { type Fact, type Unknown, compare } from "./compare";
import type { Watching } from "./orphan_watch";
import { listServices } from "./queries";
import type { RestApi, Trouble } from "./rest_api";
import { type AlertsKnown, type Expected, type Findings, startRound } from "./round";
import { type Services, findServices } from "./services";

export interface FeedbackSettings {
  /** Seconds from one round to the next. */
  readonly interval: number;
  /** By their labels. */
  readonly routingKeys: Record<string, string>;
  readonly dedupPrefix: string;
  readonly serviceIds: readonly string[];
  readonly reopen: ReopenChoice;
  /** What is open at PagerDuty and well here, or gone, is resolved. */
  readonly resolvesOrphans: boolean;
}

export interface FeedbackPorts extends Pick<
  ApplyPorts,
  "now" | "isOfQuietPoller" | "learnt" | "noted" | "info"
> {
  readonly api: RestApi;
  readonly find: (this: void, resource: Resource) => Alert | undefined;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly watching: Watching;
  /** PagerDuty has an alert open by that route of which nothing is known, and its resource is well, or gone. */
  readonly resolveUnknown: (this: void, resource: Resource, route: string) => void;
  /** Where what people did is told; undefined: nowhere. */
  readonly carry: Carry | undefined;
  readonly warning: (this: void, text: string) => void;
}

/** How asking fares; times are seconds of the connector's clock. */
export interface FeedbackStatus {
  /** When a round was last complete. */
  readonly lastRead: number | undefined;
  readonly problem: string | undefined;
  /** Open alerts that no incident was ever seen of. */
  readonly notSeen: number;
  /** Open at PagerDuty, and well here, or gone. */
  readonly orphans: number;
  /** Open at PagerDuty, and unknown here. */
  readonly unknown: number;
  /** Open with the key of an alert, and not where that alert is. */
  readonly elsewhere: number;
}

export interface Feedback {
  /** To be called often: begins a round when it is time. */
  readonly look: (this: void) => void;
  /** Reads so many bytes of what has come, or applies some of what was found. Gives whether there is more to do at once. */
  readonly turn: (this: void, bytes: number) => boolean;
  /** Whether a round is under way. */
  readonly isUnderWay: (this: void) => boolean;
  /** An action of the alert has ended: what is found of it at about that time does not count. */
  readonly actionEnded: (this: void, alert: Alert) => void;
  readonly status: (this: void) => FeedbackStatus;
}

/** Most requests in one round; PagerDuty takes 960 a minute of a key (an employee's word in its forum). */
const MOST_REQUESTS = 100;

/** Seconds for which the services are known: their integrations seldom change. */
const SERVICES_KNOWN = 3600;

/** Seconds after a round that failed, at least. */
const FAILURE_PAUSE = 60;

/** Seconds after which an open alert should be seen in some incident. */
const SEEN_WITHIN = 300;

/** Most facts that are applied in one turn: each may be a line of the journal. */
const MOST_APPLIED = 50;

/** Most alerts that are named in a line. */
const MOST_NAMES = 10;

/** `a, b and 3 more`. */
function namedTogether(names: string[]): string {
  table.sort(names);
  const shown: string[] = [];
  for (const name of names) if (shown.length < MOST_NAMES) shown.push(name);
  const others = names.length - shown.length;
  return table.concat(shown, ", ") + (others === 0 ? "" : string.format(" and %d more", others));
}

/** An acknowledgement that waits for the incident's notes to be read. */
interface Carried {
  readonly alert: Alert;
  readonly incident: Incident;
  readonly since: string;
}

export function createFeedback(settings: FeedbackSettings, ports: FeedbackPorts): Feedback {
  const { api, now, carry, watching } = ports;
  const { interval, dedupPrefix } = settings;
  const startedAt = now();
  // What went out just before the start is not known: it has settled by then.
  let nextRound = startedAt + interval + 1;
  let isInRound = false;
  /** What ended before this cannot be undone by what was found. */
  let since = startedAt;

  let services: Services | undefined;
  let servicesReadAt = 0;
  let unknownRoutesTold = "";
  const alertsKnown: AlertsKnown = new LuaTable();

  /** When an action last ended, by dedup key; of the last rounds. */
  const ended = new LuaTable<string, number | undefined>();

  let facts: readonly Fact[] = [];
  let applied = 0;
  let seen = new LuaSet<Alert>();
  const toCarry: Carried[] = [];

  let lastRead: number | undefined;
  let problem: string | undefined;
  let notSeen = 0;
  let orphans = 0;
  let elsewhere = 0;
  const notSeenTold = new LuaTable<Alert, true | undefined>();
  const orphansTold = new LuaTable<string, true | undefined>();

  const isRecent = (dedupKey: string, alert: Alert | undefined): boolean =>
    alert?.inFlight !== undefined || since <= startedAt || (ended.get(dedupKey) ?? startedAt) >= since;

  const endRound = (): void => {
    isInRound = false;
    nextRound = math.max(nextRound, now());
  };

  const fail = (trouble: Trouble): void => {
    const isFailure = trouble.kind === "failed";
    const retryAfter = isFailure ? (trouble.retryAfter ?? 0) : 0;
    nextRound = math.max(nextRound, now() + math.max(FAILURE_PAUSE, retryAfter));
    endRound();
    const reason = isFailure
      ? trouble.reason
      : trouble.kind === "too much"
        ? "more is open than can be listed: name your services in pdy_service_ids"
        : "HTTP 404";
    const remedy = isFailure && trouble.remedy !== undefined ? `; ${trouble.remedy}` : "";
    if (problem === undefined)
      ports.warning(
        `what people do in PagerDuty is not known: its REST API cannot be read: ${reason}${remedy}. Alerts go on as if it were not asked; it is tried again and again`,
      );
    problem = `${reason}${remedy}`;
  };

  const succeed = (): void => {
    if (problem !== undefined) ports.warning("PagerDuty's REST API can be read again");
    problem = undefined;
    lastRead = now();
  };

  const tellNotSeen = (): void => {
    const fresh: string[] = [];
    const still: Alert[] = [];
    ports.eachAlert((alert) => {
      const isDue = isOpen(alert) && alert.isCertain && now() - alert.triggeredAt >= SEEN_WITHIN;
      if (!isDue || alert.incident !== undefined || seen.has(alert)) return;
      still.push(alert);
      if (notSeenTold.get(alert) === undefined) fresh.push(`${nameOf(alert)} (${alert.dedupKey})`);
    });
    notSeen = still.length;
    for (const [alert] of notSeenTold) notSeenTold.set(alert, undefined);
    for (const alert of still) notSeenTold.set(alert, true);
    if (fresh.length === 0) return;
    ports.warning(
      `PagerDuty took these, and no open incident of theirs is to be seen: ${namedTogether(fresh)}. Are they suppressed or dropped by event rules, is the service disabled or in maintenance, or does pdy_api_key see too little? Nothing is sent again for that`,
    );
  };

  /** Where an orchestration sends alerts nobody knows; a prefix tells ours from those of others. */
  const isOurs = ({ serviceId }: Incident, known: Services): boolean =>
    known.isOurs(serviceId) || (known.asked.length === 0 && dedupPrefix !== "");

  /** What is open there while nothing here calls for it, on services that are ours. */
  const takeUnknown = (unknown: readonly Unknown[], known: Services): void => {
    const ours: Unknown[] = [];
    for (const one of unknown) if (isOurs(one.incident, known)) ours.push(one);
    const proved = watching.take(ours);
    orphans = proved.length;
    const isStill = new LuaSet<string>();
    for (const { resource, dedupKey, incident, proof } of proved) {
      isStill.add(dedupKey);
      const route = known.routeOf(incident.serviceId);
      const isResolved = settings.resolvesOrphans && route !== undefined;
      const what = `PagerDuty has incident #${string.format("%.0f", incident.number)} open for ${dedupKey} (${incident.title}), and ${proof}`;
      const isTold = orphansTold.get(dedupKey) !== undefined;
      orphansTold.set(dedupKey, true);
      if (isResolved && !isTold) {
        ports.info(`${what}: it is resolved (pdy_resolve_orphans)`);
        ports.resolveUnknown(resource, route);
      } else if (!isTold) {
        const remedy =
          route === undefined
            ? "Resolve it in PagerDuty: no routing key of ours leads to its service for sure"
            : "Resolve it in PagerDuty, or set pdy_resolve_orphans to 1";
        ports.warning(`${what}: an orphan, perhaps of a journal that was lost. ${remedy}`);
      }
    }
    for (const [key] of orphansTold) if (!isStill.has(key)) orphansTold.set(key, undefined);
  };

  const takeFindings = (findings: Findings, known: Services): void => {
    const comparison = compare(findings, {
      find: ports.find,
      dedupPrefix,
      serviceOf: known.serviceOf,
      isRecent,
    });
    facts = comparison.facts;
    seen = comparison.seen;
    applied = 0;
    takeUnknown(comparison.unknown, known);
    elsewhere = 0;
    for (const incident of comparison.elsewhere) if (isOurs(incident, known)) elsewhere = elsewhere + 1;
  };

  const expected = (): readonly Expected[] => {
    const listed: Expected[] = [];
    ports.eachAlert((alert) => {
      const { incident } = alert;
      if (incident !== undefined && isOpen(alert))
        listed.push({ key: dedupPrefix + alert.dedupKey, incidentId: incident.id });
    });
    return listed;
  };

  const readIncidents = (known: Services): void => {
    startRound(known.asked, alertsKnown, {
      api,
      expected,
      ended: (findings, trouble) => {
        if (trouble !== undefined) {
          fail(trouble);
          return;
        }
        succeed();
        takeFindings(findings, known);
      },
    });
  };

  const tellUnknownRoutes = ({ unknown, asked }: Services): void => {
    const words = table.concat(unknown as string[], ", ");
    if (words === unknownRoutesTold) return;
    unknownRoutesTold = words;
    if (unknown.length === 0 || asked.length > 0) return;
    ports.info(
      `no service that pdy_api_key sees has the keys of these routes (those of orchestrations are nobody's): ${words}. The incidents of all services that it sees are asked for; pdy_service_ids names those that are wanted`,
    );
  };

  const readServices = (): void => {
    const all: Service[] = [];
    listServices(
      api,
      (service) => all.push(service),
      (trouble) => {
        if (trouble !== undefined) {
          fail(trouble);
          return;
        }
        services = findServices(all, settings.routingKeys, settings.serviceIds);
        servicesReadAt = now();
        tellUnknownRoutes(services);
        readIncidents(services);
      },
    );
  };

  const begin = (): void => {
    const time = now();
    isInRound = true;
    since = time - interval;
    nextRound = time + interval;
    for (const [key, at] of ended) if (at !== undefined && at < since) ended.set(key, undefined);
    api.begin(MOST_REQUESTS);
    if (services === undefined || time - servicesReadAt >= SERVICES_KNOWN) readServices();
    else readIncidents(services);
  };

  const applyPorts: ApplyPorts = {
    now,
    reopen: settings.reopen,
    isOfQuietPoller: ports.isOfQuietPoller,
    learnt: ports.learnt,
    noted: ports.noted,
    info: ports.info,
    acknowledged: (alert, incident, alertSince) => {
      if (carry !== undefined) toCarry.push({ alert, incident, since: alertSince });
    },
    unacknowledged: (alert, incident) => {
      if (carry !== undefined) carry.unacknowledged(alert, incident);
    },
  };

  const isStillKnown = (alert: Alert): boolean => ports.find(alert.resource) === alert;

  const applySome = (): void => {
    for (const _ of $range(1, MOST_APPLIED)) {
      const fact = facts[applied];
      if (fact === undefined) return;
      applied = applied + 1;
      const { alert } = fact;
      if (isStillKnown(alert) && !isRecent(alert.dedupKey, alert)) apply(fact, applyPorts);
    }
  };

  /** Reads the notes of the next incident that a person acknowledged, and tells of it. */
  const carryNext = ({ alert, incident, since: alertSince }: Carried, to: Carry): void => {
    const { acknowledgement } = incident;
    if (acknowledgement === undefined || !isOfThisProblem(alertSince, acknowledgement.at)) return;
    if (!wasThereAt(alert, acknowledgement.at)) return;
    let last: { readonly content: string; readonly at: string } | undefined;
    api.list(
      `/incidents/${incident.id}/notes`,
      "notes",
      [],
      (item) => {
        const note = readNote(item);
        if (note !== undefined && (last === undefined || note.at >= last.at)) last = note;
      },
      () => {
        // Without its notes, it is told all the same.
        if (!isStillKnown(alert) || alert.delivered !== "acknowledged" || alert.desired === "resolved")
          return;
        if (alert.facts.isAcknowledged) return;
        to.acknowledged({
          alert,
          by: acknowledgement.by,
          at: acknowledgement.at,
          since: alertSince,
          incidentNumber: incident.number,
          address: incident.address,
          lastNote: last?.content,
        });
      },
    );
  };

  const finish = (): void => {
    const next = toCarry.pop();
    if (next !== undefined && carry !== undefined) {
      carryNext(next, carry);
      return;
    }
    facts = [];
    tellNotSeen();
    seen = new LuaSet();
    endRound();
  };

  return {
    look: () => {
      if (!isInRound && now() >= nextRound) begin();
    },
    turn: (bytes) => {
      if (!isInRound) return false;
      const isReading = api.turn(bytes);
      if (api.isUnderWay()) return isReading;
      if (applied < facts.length) applySome();
      else finish();
      return isInRound && !api.isUnderWay();
    },
    isUnderWay: () => isInRound,
    actionEnded: ({ dedupKey }) => {
      ended.set(dedupKey, now());
    },
    status: () => ({ lastRead, problem, notSeen, orphans, unknown: watching.unproved(), elsewhere }),
  };
}
