// More than PagerDuty's limit lets through, in virtual time: the first hour of a start without a journal, and ten
// minutes of overload. Measures how late pages are, and how far PagerDuty is from Centreon; judges nothing.
import { randomFrom } from "../support/random";
import { type Script, createBroker } from "./broker";
import { createDisk } from "./disk";
import { type Resource, OK, createEngine } from "./engine";
import { type PagerDuty, createPagerDuty } from "./pagerduty";
import { type Clock, secondsOf } from "./world";

/** Service states. */
const WARNING = 1;
const CRITICAL = 2;

/** Monday, 2025-10-06 09:00:00 UTC, in milliseconds. */
const BEGINNING = 1759741200000;

const SERVICES_PER_HOST = 10;

const PARAMETERS = {
  pdy_routing_key: "0123456789abcdef0123456789abcdef",
  http_server_url: "http://pagerduty.example.com/v2/enqueue",
  state_path: "/pagerduty.state",
  quarantine_path: "/pagerduty.quarantine",
  status_path: "",
  max_events_per_minute: 110,
  // Its problems are HARD at their first attempt: what is measured is PagerDuty's limit, not that they wait for a check.
  pdy_host_grace: 0,
  log_level: 0,
};

/** A platform whose services are all well. */
interface Platform {
  readonly clock: Clock;
  readonly services: readonly Resource[];
  readonly pagerDuty: PagerDuty;
  /** A check's result, HARD at once. */
  readonly check: (this: void, service: Resource, state: number) => void;
  /** The problem is a probe: how late its page is will be told. */
  readonly probe: (this: void, service: Resource, state: number) => void;
  /** The rest of a second: the broker has no event left. */
  readonly endSecond: (this: void) => void;
  readonly requests: (this: void) => number;
  /** Seconds from a probe's status to its page, by state; one that is not there yet counts until now. */
  readonly latencies: (this: void, state: number) => number[];
}

function createPlatform(script: Script, size: number, hasJournal: boolean): Platform {
  const clock: Clock = { now: BEGINNING };
  const chance = randomFrom(1);
  const pagerDuty = createPagerDuty();
  const probes: { key: string; state: number; since: number; pagedAt: number | undefined }[] = [];
  let requests = 0;

  const isNew = { status: undefined, hadHostProblem: false, changedSinceHard: false, maximumAttempts: 1 };
  const services: Resource[] = [];
  for (const number of $range(0, size - 1)) {
    const hostId = 1 + math.floor(number / SERVICES_PER_HOST);
    const serviceId = 1 + (number % SERVICES_PER_HOST);
    const of = { kind: "service", hostId, serviceId, host: undefined, parent: undefined } as const;
    const key = `${hostId}_${serviceId}`;
    services.push({
      ...isNew,
      ...of,
      key,
      isVolatile: false,
      name: key,
      poller: 1,
      isShop: false,
      labels: undefined,
      detectsFlapping: true,
    });
  }

  const broker = createBroker({
    script,
    clock,
    disk: createDisk(),
    random: () => chance.integer(0, 999999) / 1000000,
    parameters: PARAMETERS,
    network: {
      clock,
      pagerDuty: {
        incident: pagerDuty.incident,
        take: (key, action, severity) => {
          pagerDuty.take(key, action, severity);
          for (const probe of probes) {
            if (probe.key === key && action === "trigger") probe.pagedAt ??= clock.now;
          }
        },
      },
      nextFault: () => undefined,
      visit: () => undefined,
      visitEnded: () => undefined,
      requestStarts: () => {
        requests += 1;
      },
      requestEnded: () => undefined,
    },
    tells: () => undefined,
    loses: () => undefined,
    misbehaves: error,
    logs: () => undefined,
  });
  const engine = createEngine({
    now: () => secondsOf(clock),
    protocol: "BBDO 3",
    resources: services,
    printsMore: false,
    tell: broker.give,
  });

  broker.start(undefined);
  if (hasJournal) {
    // The second start finds the journal of the first.
    broker.stop();
    broker.start(undefined);
  }
  for (const service of services) {
    engine.add(service);
    // A new service: its first check finds it well, which counts as a change.
    if (service.status !== undefined) service.status.lastHardStateChange = secondsOf(clock);
  }

  const check = (service: Resource, state: number): void => engine.check(service, state, 0, false);
  return {
    clock,
    services,
    pagerDuty,
    check,
    probe: (service, state) => {
      probes.push({ key: service.key, state, since: clock.now, pagedAt: undefined });
      check(service, state);
    },
    endSecond: () => {
      const end = (secondsOf(clock) + 1) * 1000;
      broker.flush();
      clock.now = math.max(clock.now, end);
      broker.settle();
    },
    requests: () => requests,
    latencies: (state) =>
      probes
        .filter((probe) => probe.state === state)
        .map(({ since, pagedAt }) => ((pagedAt ?? clock.now) - since) / 1000),
  };
}

export interface FirstHour {
  readonly services: number;
  /** Seconds: of probes one every half minute. */
  readonly criticalLatencies: number[];
  readonly warningLatencies: number[];
  readonly requests: number;
}

/** Seconds between two checks of a service, and between two probes. */
const CHECK_INTERVAL = 300;
const PROBE_INTERVAL = 30;

/** The first hour with services that are new, and well: each is checked every five minutes. */
export function playFirstHour(script: Script, size: number, seconds = 3600): FirstHour {
  const platform = createPlatform(script, size, false);
  const { services, check, probe } = platform;
  for (const second of $range(0, seconds - 1)) {
    if (second % PROBE_INTERVAL === 7) {
      // Those that were checked last: the next check, which ends the problem, is minutes away.
      const turn = CHECK_INTERVAL * (math.floor(second / CHECK_INTERVAL) % math.floor(size / CHECK_INTERVAL));
      const critical = services[((second - 1) % CHECK_INTERVAL) + turn];
      const warning = services[((second - 2) % CHECK_INTERVAL) + turn];
      if (critical !== undefined) probe(critical, CRITICAL);
      if (warning !== undefined) probe(warning, WARNING);
    }
    for (const number of $range(second % CHECK_INTERVAL, size - 1, CHECK_INTERVAL)) {
      const service = services[number];
      if (service !== undefined) check(service, OK);
    }
    platform.endSecond();
  }
  return {
    services: size,
    criticalLatencies: platform.latencies(CRITICAL),
    warningLatencies: platform.latencies(WARNING),
    requests: platform.requests(),
  };
}

/**
 * Most incidents that may be open for each problem after the overload. Without a share for resolves there were 160 where
 * Centreon had 48 (measured on a real engine).
 */
export const MOST_INCIDENTS = 2.5;

export interface Overload {
  /** State changes that Centreon made, and requests that were sent. */
  readonly changes: number;
  readonly requests: number;
  /** At the end: problems in Centreon, incidents at PagerDuty, and resources of which only one of them knows. */
  readonly problems: number;
  readonly incidents: number;
  readonly differences: number;
  readonly criticalLatencies: number[];
}

/** Of each kind of problem, so many a minute; they last up to so many seconds. */
const PROBLEMS_PER_MINUTE = 185;
const LONGEST_PROBLEM = 30;
const PROBE_SECONDS = 120;

/** Minutes of so many problems that come and go within seconds, beside probes that last two minutes. */
export function playOverload(script: Script, size: number, minutes = 10): Overload {
  const platform = createPlatform(script, size, true);
  const { services, check, probe, pagerDuty } = platform;
  const chance = randomFrom(7);
  const endOf = new LuaTable<Resource, number | undefined>();
  let changes = 0;
  let due = 0;

  // Each probe has a service of its own: what is open already pages nobody anew.
  const probed = services.slice(0, math.ceil((minutes * 60) / PROBE_INTERVAL));
  const restless = services.slice(probed.length);

  for (const second of $range(0, minutes * 60 - 1)) {
    for (const service of services) {
      if ((endOf.get(service) ?? math.huge) <= second) {
        endOf.set(service, undefined);
        check(service, OK);
        changes += 1;
      }
    }
    due += PROBLEMS_PER_MINUTE / 60;
    while (due >= 1) {
      due -= 1;
      const service = chance.oneOf(restless.filter((it) => endOf.get(it) === undefined));
      endOf.set(service, second + chance.integer(1, LONGEST_PROBLEM));
      check(service, chance.integer(1, 40) === 1 ? CRITICAL : WARNING);
      changes += 1;
    }
    const next = second % PROBE_INTERVAL === 7 ? probed.shift() : undefined;
    if (next !== undefined) {
      endOf.set(next, second + PROBE_SECONDS);
      probe(next, CRITICAL);
      changes += 1;
    }
    platform.endSecond();
  }

  let problems = 0;
  let incidents = 0;
  let differences = 0;
  for (const { key, status } of services) {
    const isProblem = status?.state !== OK;
    const isIncident = pagerDuty.incident(key).state !== "none";
    if (isProblem) problems += 1;
    if (isIncident) incidents += 1;
    if (isProblem !== isIncident) differences += 1;
  }
  return {
    changes,
    requests: platform.requests(),
    problems,
    incidents,
    differences,
    criticalLatencies: platform.latencies(CRITICAL),
  };
}
