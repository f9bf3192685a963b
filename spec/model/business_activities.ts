// Business activities: what the central broker's own module tells of them and of the views that they are in, what the broker's
// cache makes of that, and what PagerDuty must have of them. They have nothing to do with hosts: a Centreon, a model and a judge
// of their own, in the smallest form. They are in no downtime, and have no checks: a status says their state, and that is all.
//
// Which views they are in is told as a whole: that it begins, which empties the cache; all views, all activities, who is in which;
// that it is complete.
import type { Protocol, Told } from "./engine";
import { type LocalClock, shownAt } from "./local_clock";
import type { Request } from "./network";
import { type PagerDuty, type Severity, isWorse } from "./pagerduty";
import { labelOf } from "./routes";
import { type Problem, type Rules, type Verdict, verdictOf } from "./rulebook";

export const FIRST_VIEWS = ["Sales", "Shops"];
const STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const SEVERITIES: readonly Severity[] = ["info", "warning", "critical", "error"];

const CATEGORY = 6;
const ELEMENT = {
  "BBDO 2": { status: 1, activity: 7, relation: 9, view: 10, signal: 11 },
  "BBDO 3": { status: 19, activity: 25, relation: 23, view: 22, signal: 30 },
};

/** Seconds by which the connector may be behind the clock, as for others. */
const LAG = 2;

/** An event of which the broker knows that any place may be another: it comes from elsewhere, just then. */
const HOST_GROUP = { "BBDO 2": 10, "BBDO 3": 49 };

export interface BusinessPorts {
  readonly protocol: Protocol;
  /** Of each activity the places of its views at first. */
  readonly activities: readonly (readonly number[])[];
  /** What was open before is known: nothing. */
  readonly hasJournal: boolean;
  /** Unix time. */
  readonly now: (this: void) => number;
  readonly localClock: LocalClock;
  readonly rulesInForce: (this: void) => readonly Rules[];
  readonly pagerDuty: PagerDuty;
  readonly tell: (this: void, told: Told) => void;
  readonly fail: (this: void, what: string) => void;
}

export interface Business {
  /** Tells of all views, and of each activity. */
  readonly tellAll: (this: void) => void;
  readonly setState: (this: void, at: number, state: number) => void;
  readonly toggleView: (this: void, at: number, view: number) => void;
  readonly renameView: (this: void, view: number) => void;
  /** An event is about to be written: the cache knows it. */
  readonly told: (this: void, told: Told) => void;
  /** What the broker's cache answers. */
  readonly cache: Pick<BrokerCache, "get_ba" | "get_bv" | "get_bvs">;
  readonly isIts: (this: void, key: string) => boolean;
  readonly requestStarts: (this: void, request: Request) => void;
  readonly requestEnded: (this: void, request: Request, isAccepted: boolean) => void;
  readonly processGone: (this: void) => void;
  /** What is open is not known any more, or not believed. */
  readonly journalLost: (this: void) => void;
  /** In calm. */
  readonly compare: (this: void) => void;
}

interface Activity {
  readonly id: number;
  readonly key: string;
  views: readonly number[];
  state: number;
  /** As the connector was told last: the state, and since when it is a problem (Unix time). */
  toldState: number;
  since: number;
  /** Whether PagerDuty took what was sent last. */
  isUnderWay: boolean;
  isUncertain: boolean;
  /** As the connector may have told it. */
  worst: Severity;
  route: string | undefined;
}

interface Cache {
  activities: Record<number, string | undefined>;
  views: Record<number, string | undefined>;
  relations: { readonly activity: number; readonly view: number }[];
}

type Fields = Record<string, string | number | boolean>;

export function createBusiness(ports: BusinessPorts): Business {
  const { pagerDuty, fail } = ports;
  const generation = ports.protocol === "BBDO 2" ? "BBDO 2" : "BBDO 3";
  const element = ELEMENT[generation];
  const activities = ports.activities.map((views, at): Activity => ({
    id: at + 1,
    key: string.format("ba_%d", at + 1),
    views,
    state: 0,
    toldState: 0,
    since: 0,
    isUnderWay: false,
    isUncertain: !ports.hasJournal,
    worst: "info",
    route: undefined,
  }));
  const viewNames = [...FIRST_VIEWS];
  let cache: Cache = { activities: {}, views: {}, relations: [] };
  let isInDoubt = false;

  const tell = (of: number, fields: Fields, category = CATEGORY): void => {
    const head = { _type: category * 65536 + of, category, element: of };
    const event = { ...head, ...fields } as unknown as BrokerEvent;
    ports.tell({ event, says: "business", resource: undefined, status: undefined, poller: 1 });
  };

  const tellStatus = ({ id, state }: Activity): void => {
    tell(element.status, {
      ba_id: id,
      state,
      in_downtime: false,
      last_state_change: ports.now(),
      state_changed: true,
      output: "",
    });
  };

  const tellViews = (): void => {
    tell(element.signal, { update_started: true });
    viewNames.forEach((name, at) => tell(element.view, { bv_id: at + 1, bv_name: name }));
    for (const { id } of activities)
      tell(element.activity, { ba_id: id, ba_name: string.format("activity %d", id) });
    tell(HOST_GROUP[generation], { hostgroup_id: 99, name: "Others", enabled: true }, 1);
    for (const { id, views } of activities)
      for (const view of views) tell(element.relation, { ba_id: id, bv_id: view + 1 });
    tell(element.signal, { update_started: false });
  };

  const of = (key: string): Activity | undefined => activities.find((it) => it.key === key);

  /** A business activity as rules look at it. */
  const problemOf =
    ({ views, toldState, id }: Activity): Problem =>
    (about) => {
      switch (about) {
        case "kind":
          return ["business activity"];
        case "state":
          return [STATES[toldState] ?? ""];
        case "severity":
          return [SEVERITIES[toldState] ?? "critical"];
        case "output":
        case "long_output":
          return [""];
        case "criticality":
          return ["0"];
        case "business_activity":
          return [string.format("activity %d", id)];
        case "business_view":
          return views.map((view) => viewNames[view] ?? "");
        default:
          return [];
      }
    };

  const verdictsOf = (it: Activity): Verdict[] => {
    const verdicts: Verdict[] = [];
    for (const rules of ports.rulesInForce())
      for (const time of [ports.now(), ports.now() - LAG])
        verdicts.push(verdictOf(rules, problemOf(it), shownAt(ports.localClock, time)));
    return verdicts;
  };

  const severityIn = ({ toldState }: Activity, { severity }: Verdict): Severity =>
    severity ?? SEVERITIES[toldState] ?? "critical";

  /** Whether it must not page, or open, by a verdict. */
  const isHeld = (it: Activity, { page, wait = 0 }: Verdict): "yes" | "no" | "perhaps" => {
    if (page === false) return "yes";
    const isOpen = pagerDuty.incident(it.key).state !== "none";
    const lasted = ports.now() - it.since;
    if (isOpen || lasted >= wait + LAG) return "no";
    return it.isUncertain || it.isUnderWay || lasted >= wait ? "perhaps" : "yes";
  };

  const judgeTrigger = (it: Activity, { severity, routingKey }: Request): void => {
    const verdicts = verdictsOf(it);
    if (it.toldState === 0 || verdicts.every((verdict) => isHeld(it, verdict) === "yes"))
      fail(`trigger of ${it.key}, which is ${it.toldState === 0 ? "well" : "to be held"}`);
    const isRight = verdicts.some((verdict) => severityIn(it, verdict) === severity);
    if (!isRight && isWorse(severity, it.worst)) fail(`trigger of ${it.key} with severity ${severity}`);
    const label = labelOf(routingKey);
    const isOpen = pagerDuty.incident(it.key).state !== "none" || it.isUncertain;
    if (isOpen || label === it.route || verdicts.some(({ route = "default" }) => route === label)) return;
    fail(`trigger of ${it.key} by route ${label}`);
  };

  return {
    tellAll: () => {
      tellViews();
      for (const it of activities) tellStatus(it);
    },
    setState: (at, state) => {
      const it = activities[at];
      if (it === undefined) return;
      it.state = state;
      tellStatus(it);
    },
    toggleView: (at, view) => {
      const it = activities[at];
      if (it === undefined) return;
      const others = it.views.filter((its) => its !== view);
      it.views = others.length < it.views.length ? others : [...others, view];
      tellViews();
    },
    renameView: (view) => {
      const name = FIRST_VIEWS[view] ?? "";
      viewNames[view] = viewNames[view] === name ? `${name}'` : name;
      tellViews();
    },
    told: ({ event, says }) => {
      if (says !== "business" || event.category !== CATEGORY) return;
      const fields = event as unknown as Record<string, unknown>;
      const [activity, view] = [fields["ba_id"] as number, fields["bv_id"] as number];
      switch (event.element) {
        case element.signal:
          if (fields["update_started"] === true) cache = { activities: {}, views: {}, relations: [] };
          break;
        case element.view:
          cache.views[view] = fields["bv_name"] as string;
          break;
        case element.activity:
          cache.activities[activity] = fields["ba_name"] as string;
          break;
        case element.relation:
          cache.relations.push({ activity, view });
          break;
        case element.status: {
          const it = activities[activity - 1];
          const state = fields["state"] as number;
          if (it === undefined) break;
          if (it.toldState === 0 && state !== 0) it.since = ports.now();
          it.toldState = state;
          break;
        }
      }
    },
    cache: {
      get_ba: (id) => {
        const name = cache.activities[id];
        return name === undefined ? undefined : { ba_id: id, ba_name: name, ba_description: "" };
      },
      get_bv: (id) => {
        const name = cache.views[id];
        return name === undefined ? undefined : { bv_id: id, bv_name: name, bv_description: "" };
      },
      get_bvs: (id) => cache.relations.filter(({ activity }) => activity === id).map(({ view }) => view),
    },
    isIts: (key) => of(key) !== undefined,
    requestStarts: (request) => {
      const it = of(request.key);
      if (it === undefined) return;
      if (!isInDoubt && request.action === "trigger") judgeTrigger(it, request);
      if (!isInDoubt && request.action !== "trigger" && it.toldState !== 0)
        fail(`${request.action} of ${it.key}, which is a problem`);
      it.isUnderWay = true;
    },
    requestEnded: ({ key, action, severity, routingKey }, isAccepted) => {
      const it = of(key);
      if (it === undefined) return;
      it.isUnderWay = false;
      it.isUncertain = !isAccepted;
      if (action === "trigger") {
        it.route = labelOf(routingKey);
        if (isWorse(severity, it.worst)) it.worst = severity;
      } else if (isAccepted) {
        it.route = undefined;
        it.worst = "info";
      }
    },
    processGone: () => {
      for (const it of activities) {
        it.isUncertain ||= it.isUnderWay;
        it.isUnderWay = false;
      }
    },
    journalLost: () => {
      isInDoubt = true;
    },
    compare: () => {
      if (isInDoubt) return;
      for (const it of activities) {
        const { state, severity } = pagerDuty.incident(it.key);
        if (it.toldState === 0) {
          if (state !== "none") fail(`${it.key} is ${state} at PagerDuty, and well in Centreon`);
          continue;
        }
        const verdicts = verdictsOf(it);
        if (!verdicts.every((verdict) => isHeld(it, verdict) === "no")) continue;
        if (state === "none") fail(`${it.key} is closed at PagerDuty, and a problem in Centreon`);
        else if (verdicts.every((verdict) => isWorse(severityIn(it, verdict), severity)))
          fail(`${it.key} is ${severity} at PagerDuty, and worse in Centreon`);
      }
    },
  };
}
