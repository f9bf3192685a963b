// Storms (pdy_storm_limit), by docs/how-it-decides.md: when more problems than the limit would open on one route within a minute,
// one alert stands for those that follow. Holds the connector to what can be known of that from outside: no storm without so
// many; nobody is paged singly for what came after too many, or what the storm's alert names; it names nothing that has an
// incident of its own, or is no problem; in calm it is over when fewer than half the limit are left. Not judged: when new
// problems page by themselves again while it goes on, and what its text counts.
import type { Resource } from "./engine";
import type { Model } from "./model";
import type { Request } from "./network";
import { type PagerDuty, type Severity, isWorse } from "./pagerduty";
import { ROUTING_KEYS, labelOf } from "./routes";
import type { Clock } from "./world";

export interface StormsPorts {
  readonly clock: Clock;
  readonly pagerDuty: PagerDuty;
  readonly model: Model;
  readonly resources: readonly Resource[];
  /** 0: there are no storms. */
  readonly limit: number;
  readonly isInDoubt: (this: void, resource: Resource) => boolean;
  readonly wouldOpen: (this: void, resource: Resource) => "yes" | "no" | "perhaps";
  /** PagerDuty has it, and the connector knows that. */
  readonly isSurelyOpen: (this: void, resource: Resource) => boolean;
  readonly fail: (this: void, what: string) => void;
}

export interface Storms {
  /** It is a storm's key, in a history that has storms. */
  readonly isStorm: (this: void, key: string) => boolean;
  /** Something was said of a resource, or flush() is called. */
  readonly told: (this: void, resource: Resource | undefined) => void;
  readonly flushes: (this: void) => void;
  readonly requestStarts: (this: void, request: Request) => void;
  /** Whether an open storm's alert may stand for the resource. */
  readonly mayStandFor: (this: void, resource: Resource) => boolean;
  /** The same, though PagerDuty has it: the connector lost what it knew of that. */
  readonly mayStandForOpen: (this: void, resource: Resource) => boolean;
  /** The process is gone. */
  readonly processGone: (this: void) => void;
  /** Nobody knows of any storm any more. */
  readonly journalLost: (this: void) => void;
  readonly compare: (this: void) => void;
}

/** More than the limit within so many milliseconds are a storm; the connector's clock has whole seconds. */
const RISE = 60 * 1000;
const CLOCK_STEP = 1000;

/** So long after the last one came (milliseconds) it is calm, and what follows from that has happened. */
const CALM = 7 * 60 * 1000;

const LABELS = Object.keys(ROUTING_KEYS);

function keyOf(label: string): string {
  return `storm_${label}`;
}

/** A problem that would open an alert. */
interface Arrival {
  readonly key: string;
  readonly at: number;
  readonly label: string;
  readonly severity: Severity;
  /** The connector has surely seen it so, since it started. */
  readonly isSure: boolean;
}

export function createStorms(ports: StormsPorts): Storms {
  const { clock, pagerDuty, model, resources, limit, fail } = ports;
  let arrivals: Arrival[] = [];
  /** Those of now; undefined: it would open nothing. */
  const present: Record<string, Arrival | undefined> = {};
  /** What a storm's alert must stand for, from its arrival or the storm's own words on, until anything of it changes. */
  const gathered: Record<string, Arrival | undefined> = {};
  /** It was acknowledged when it was looked at last: when that is taken back it may page anew. */
  const wasAcknowledged: Record<string, boolean | undefined> = {};
  /** It was one when the process before this one ended. */
  const mayBeKnown: Record<string, boolean | undefined> = {};
  let startedAt = clock.now;
  /** Problems of before may be new to the connector whenever it is told of them, and open without its knowing. */
  let isJournalLost = false;

  const isOpen = (label: string): boolean => pagerDuty.incident(keyOf(label)).state !== "none";

  const labelsOf = (resource: Resource): readonly string[] => model.routesOf(resource) ?? LABELS;

  /** Whether the last of `some` came when more than the limit had come within a minute. */
  const isOneTooMany = (some: readonly Arrival[], within: number): boolean => {
    const [first, last] = [some[some.length - 1 - limit], some[some.length - 1]];
    return first !== undefined && last !== undefined && last.at - first.at < within;
  };

  /** `isAlone`: nothing else comes with it, so that it is known who came before. */
  const arrive = (resource: Resource, isSure: boolean, isAlone: boolean, severity: Severity): Arrival => {
    const labels = labelsOf(resource);
    const isOneRoute = labels.every((label) => label === labels[0]);
    const { key } = resource;
    // Held and freed again it is the same one, unless it was well in between.
    const isNew = !arrivals.some((it) => it.key === key && clock.now - it.at < RISE + CLOCK_STEP);
    const arrival = {
      key,
      at: clock.now,
      label: labels[0] ?? "",
      severity,
      isSure: isSure && isOneRoute && isNew,
    };
    const before = arrivals.filter(
      (it) => it.isSure && it.label === arrival.label && it.at >= startedAt && (isAlone || it.at < clock.now),
    );
    if (arrival.isSure && isOneTooMany([...before, arrival], RISE - 2 * CLOCK_STEP)) gathered[key] = arrival;
    for (const label of LABELS) if (labels.includes(label)) arrivals.push({ ...arrival, label });
    return arrival;
  };

  /** `seen`: what the connector looks at just now; what only the clock has ended it may see later, or never. */
  const look = (seen: Resource | "all" | undefined): void => {
    if (limit === 0) return;
    for (const resource of resources) {
      const { key } = resource;
      const isSeen = seen === "all" || seen === resource;
      const { want, severity, severities } = model.call(resource);
      const isSure = want === "triggered" && !ports.isInDoubt(resource) && severities?.length === 1;
      const before = present[key];
      const label = labelsOf(resource)[0] ?? "";
      const isAsBefore = before !== undefined && before.severity === severity && before.label === label;
      if (!isSure || !isAsBefore) gathered[key] = undefined;
      if (want !== "triggered" && want !== "triggered or held") present[key] = undefined;
      else if (before !== undefined) present[key] = isAsBefore ? before : { ...before, severity, label };
      else if (ports.isSurelyOpen(resource) && wasAcknowledged[key] !== true)
        present[key] = { key, at: clock.now, label, severity, isSure: false };
      else
        present[key] = arrive(
          resource,
          isSure && isSeen && mayBeKnown[key] !== true && ports.wouldOpen(resource) === "yes",
          seen !== "all",
          severity,
        );
      mayBeKnown[key] = false;
      wasAcknowledged[key] = want === "acknowledged";
    }
  };

  /** How many the storm stands for, as far as is sure. */
  const countGathered = (label: string): number =>
    resources.filter(({ key }) => gathered[key]?.label === label && pagerDuty.incident(key).state === "none")
      .length;

  const nameOf = ({ host, name }: Resource): string => (host === undefined ? name : `${host.name}/${name}`);

  const judgeNames = (label: string, gravest: string): void => {
    for (const [words] of string.gmatch(gravest, "[^;]+")) {
      const [name] = string.match(words ?? "", "^%s*(.-) %u+$");
      const resource = resources.find((it) => nameOf(it) === name);
      if (resource === undefined || ports.isInDoubt(resource)) continue;
      const { key } = resource;
      const { want, severity } = model.call(resource);
      if (want !== "triggered" && want !== "triggered or held")
        fail(`the storm of ${label} names ${key}, which is to be ${want}`);
      else if (ports.isSurelyOpen(resource))
        fail(`the storm of ${label} names ${key}, which has an incident of its own`);
      else if (want === "triggered" && present[key]?.label === label)
        gathered[key] = { key, at: clock.now, label, severity, isSure: true };
    }
  };

  const judgeOpening = (label: string): void => {
    if (isJournalLost) return;
    const its = arrivals.filter((it) => it.label === label);
    if (!its.some((_, index) => isOneTooMany(its.slice(0, index + 1), RISE + CLOCK_STEP)))
      fail(`a storm of ${label}, and never more than ${limit} problems within a minute`);
  };

  const judgeStorm = ({ key, action, routingKey, gravest }: Request): void => {
    const label = labelOf(routingKey);
    if (key !== keyOf(label)) fail(`${action} of ${key} by route ${label}`);
    if (action !== "trigger") return;
    if (!isOpen(label) && !resources.some((resource) => ports.isInDoubt(resource))) judgeOpening(label);
    if (gravest !== undefined) judgeNames(label, gravest);
  };

  const mayStandFor = (resource: Resource): boolean =>
    limit > 0 && labelsOf(resource).some((label) => isOpen(label));

  return {
    isStorm: (key) => limit > 0 && LABELS.some((label) => key === keyOf(label)),
    told: (resource) => {
      look(resource);
    },
    flushes: () => {
      look("all");
    },
    requestStarts: (request) => {
      if (limit === 0) return;
      look(undefined);
      const { key, action, severity } = request;
      if (LABELS.some((label) => key === keyOf(label))) {
        judgeStorm(request);
        return;
      }
      const arrival = gathered[key];
      if (action !== "trigger" || arrival === undefined || pagerDuty.incident(key).state !== "none") return;
      const { label } = arrival;
      const isWorseThanStorm = isOpen(label) && isWorse(severity, pagerDuty.incident(keyOf(label)).severity);
      // When fewer than half are left it is over, and they page by themselves.
      if (!isWorseThanStorm && countGathered(label) >= limit / 2)
        fail(`${key} is paged by itself, and a storm stands for it`);
      gathered[key] = undefined;
    },
    mayStandFor,
    mayStandForOpen: (resource) => isJournalLost && mayStandFor(resource),
    processGone: () => {
      startedAt = clock.now;
      // What it was told last may be told again, and is new to it, or not.
      for (const { key } of resources) {
        mayBeKnown[key] = mayBeKnown[key] === true || present[key] !== undefined;
        present[key] = undefined;
      }
    },
    journalLost: () => {
      isJournalLost = true;
      for (const label of LABELS) pagerDuty.incident(keyOf(label)).state = "none";
      for (const { key } of resources) gathered[key] = undefined;
    },
    compare: () => {
      if (limit === 0) return;
      look(undefined);
      for (const label of LABELS) {
        if (!isOpen(label) || arrivals.some((it) => it.label === label && clock.now - it.at < CALM)) continue;
        const left = resources.filter((it) => {
          const { want } = model.call(it);
          const mayBe = want === "triggered" || want === "triggered or held" || ports.isInDoubt(it);
          const isNoMember = ports.isSurelyOpen(it) && !isJournalLost;
          return mayBe && !isNoMember && labelsOf(it).includes(label);
        });
        if (left.length < math.max(1, limit / 2))
          fail(`the storm of ${label} goes on, and stands for ${left.length} problems at most`);
        const { severity } = pagerDuty.incident(keyOf(label));
        for (const resource of left) {
          const call = model.call(resource);
          const isSure = !ports.isInDoubt(resource) && !ports.isSurelyOpen(resource);
          if (call.want === "triggered" && isSure && isWorse(call.severity, severity))
            fail(
              `the storm of ${label} is ${severity}, and stands for ${resource.key}, which is ${call.severity}`,
            );
        }
      }
      arrivals = arrivals.filter((it) => clock.now - it.at < CALM);
    },
  };
}
