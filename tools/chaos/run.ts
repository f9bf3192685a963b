// The chaos run: a made-up Centreon feeds the connector in brokerhost while PagerDuty misbehaves and the host is
// stopped and killed; in the end PagerDuty must show what Centreon has. Owns the order of things and what is counted;
// judges nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Fault, FaultKind } from "../sandbox/faults.js";
import type { Alert } from "../sandbox/incidents.js";
import { type Host, type HostReport, type Lua, startHost } from "../trial/host.js";
import { type PagerDuty, ROUTING_KEY, startPagerDuty } from "../trial/pagerduty.js";
import { type Centreon, type Expectation, createCentreon } from "./centreon.js";
import { GROUP, type Protocol } from "./engine_events.js";
import { type Random, createRandom } from "./random.js";

export interface ChaosPlan {
  readonly lua: Lua;
  /** The connector. */
  readonly script: string;
  readonly seed: number;
  readonly protocol: Protocol;
  readonly hosts: number;
  readonly servicesPerHost: number;
  readonly events: number;
  /** Clean stops with a new start, and SIGKILLs. */
  readonly restarts: number;
  readonly kills: number;
  /** Of all requests, how many a fault hits: 0 to 1. */
  readonly faultShare: number;
  /** Requests that are answered by a redirect: it speaks of the configuration, so that nothing is sent for a minute. */
  readonly redirects: number;
  /** Milliseconds between what is handed over at once. */
  readonly longestPause: number;
}

export interface ChaosOutcome {
  /** What PagerDuty did not show when it should have, and showed when it should not; empty: it converged. */
  readonly differences: readonly string[];
  /** Dedup keys with more incidents than problems that called for one. */
  readonly duplicates: readonly string[];
  /** Incidents still open after everything recovered. */
  readonly leftOpen: readonly string[];
  /** Errors that came out of the connector's functions, and its lines at level ERROR. */
  readonly errors: readonly string[];
  /** Events that a write() did not acknowledge at once. */
  readonly unacknowledged: number;
  readonly openAtTheEnd: number;
  /** How often the configuration changed in which way. */
  readonly changes: ReadonlyMap<string, number>;
  readonly episodes: number;
  readonly pages: number;
  /** Until the faults ended, and how many of them were hit, by the kind of the fault. */
  readonly requests: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** Seconds from the last event to agreement. */
  readonly secondsToAgreement: number;
  /** Milliseconds. */
  readonly longestWrite: number;
  readonly longestFlush: number;
  /** KB in the Lua state after a full collection: of a host that was given nothing, and at each clean stop. */
  readonly memoryBefore: number;
  readonly memoryAtStops: readonly { readonly kb: number; readonly problems: number }[];
}

/**
 * Every kind of fault; those most often that leave an accepted event in doubt. Not among the statuses: those that say of
 * a good event that it will never be taken. A PagerDuty that lies cannot be agreed with.
 */
const IN_DOUBT: Partial<Fault>[] = [{ kind: "drop_after" }, { kind: "accept_then_status", status: 500 }];
const FAULTS: readonly Partial<Fault>[] = [
  { kind: "reset_before" },
  ...IN_DOUBT,
  ...IN_DOUBT,
  ...IN_DOUBT,
  { kind: "status", status: 503 },
  { kind: "status", status: 429 },
  { kind: "status", status: 429, headers: { "Retry-After": "1" } },
  { kind: "garbage" },
  { kind: "delay", seconds: 0.2 },
  { kind: "slow_body", seconds: 0.3 },
  { kind: "endless" },
  { kind: "hang" },
  { kind: "drop_before" },
];

/** The chance of a redirect, as long as there are any to come, and what the connector's complaint says of it. */
const REDIRECT_CHANCE = 0.005;
const REDIRECT_COMPLAINT = "HTTP 302";

/** Events that are handed over at once, for each resource on average. */
const BATCH = { smallest: 0.05, largest: 0.33 };

/** Seconds from an event's effect to PagerDuty's answer: whatever is killed meanwhile does not know of it. */
const LATENCY = 0.03;

/**
 * A SIGKILL comes when PagerDuty has taken an action and has not answered yet; in any case so many milliseconds after
 * the first event of a batch. The pause between two looks is in milliseconds, too.
 */
const LATEST_KILL = 1500;
const KILL_LOOK_INTERVAL = 2;

/** How much happens to each resource on average while no host runs: some recover of whose trigger nobody has heard. */
const EVENTS_MISSED_PER_RESOURCE = 2;

/**
 * Milliseconds between a SIGKILL and the new start. What the dead process sent may still take effect (fault `delay`):
 * no client can do anything about a server that is that late.
 */
const PAUSE_AFTER_KILL = 1000;

/** Longest wait for PagerDuty to show what it must, in milliseconds, and the pause between two looks. */
const LONGEST_WAIT_FOR_AGREEMENT = 90_000;
const LOOK_INTERVAL = 100;

const SEVERITY_RANK = { info: 0, warning: 1, error: 2, critical: 3 };

function faultsOf({ seed, faultShare, redirects }: ChaosPlan): Partial<Fault>[] {
  // The first in the list wins, so each hits this share of what those before it spared.
  const probability = 1 - (1 - faultShare) ** (1 / FAULTS.length);
  const byChance = FAULTS.map((fault, index) => ({ ...fault, times: 0, probability, seed: seed + index }));
  // The dice may spare a short run: one is sure.
  const faults: Partial<Fault>[] = [{ kind: "drop_after" }, ...byChance];
  if (redirects === 0) return faults;
  return [...faults, { kind: "redirect", times: redirects, probability: REDIRECT_CHANCE, seed: seed - 1 }];
}

function isOpen({ state }: Alert): boolean {
  return state !== "resolved";
}

/** How PagerDuty differs from what it must show, one line for each dedup key. */
function differencesBetween(expected: readonly Expectation[], incidents: readonly Alert[]): string[] {
  const open = new Map(incidents.filter(isOpen).map((incident) => [incident.dedup_key, incident]));
  return expected.flatMap(({ dedupKey, severity, names }) => {
    const incident = open.get(dedupKey);
    if (incident === undefined) return severity === undefined ? [] : [`${dedupKey} is lost: ${severity}`];
    if (severity === undefined) return [`${dedupKey} is open, and should not be`];
    if (!names.some((name) => incident.summary.startsWith(`${name}: `)))
      return [`${dedupKey} is called "${incident.summary}", and not ${names.join(" or ")}`];
    // An acknowledged incident keeps its severity, and an open one never gets a lower one.
    if (incident.state === "acknowledged") return [];
    const isTooMild = SEVERITY_RANK[incident.severity] < SEVERITY_RANK[severity];
    return isTooMild ? [`${dedupKey} is open as ${incident.severity}, not ${severity}`] : [];
  });
}

/** Waits until PagerDuty shows what it must; gives what still differs when that takes too long. */
async function agreement(centreon: Centreon, pagerDuty: PagerDuty): Promise<string[]> {
  const expected = centreon.expectations();
  const end = performance.now() + LONGEST_WAIT_FOR_AGREEMENT;
  for (;;) {
    const differences = differencesBetween(expected, await pagerDuty.incidents());
    if (differences.length === 0 || performance.now() > end) return differences;
    await wait(LOOK_INTERVAL);
  }
}

function duplicatesIn(expected: readonly Expectation[], incidents: readonly Alert[]): string[] {
  const pages = new Map<string, number>();
  for (const { dedup_key, pages: more } of incidents) {
    pages.set(dedup_key, (pages.get(dedup_key) ?? 0) + more);
  }
  return expected.flatMap(({ dedupKey, episodes }) => {
    const had = pages.get(dedupKey) ?? 0;
    return had > episodes ? [`${dedupKey} had ${had} pages for ${episodes} problems`] : [];
  });
}

/** Restarts and kills in any order. */
function interruptionsOf(plan: ChaosPlan, random: Random): ("restart" | "kill")[] {
  let restarts = plan.restarts;
  let kills = plan.kills;
  const order: ("restart" | "kill")[] = [];
  while (restarts + kills > 0) {
    const isRestart = random.between(1, restarts + kills) <= restarts;
    if (isRestart) restarts -= 1;
    else kills -= 1;
    order.push(isRestart ? "restart" : "kill");
  }
  return order;
}

/** Adds up what the hosts' reports say, one life after the other. */
function createTally() {
  let last: HostReport | undefined;
  const errors: string[] = [];
  const sum = { unacknowledged: 0, longestWrite: 0, longestFlush: 0 };
  return {
    sum,
    errors,
    /** Takes a report of the host that is running. */
    running: (report: HostReport): HostReport => {
      last = report;
      return report;
    },
    /** The host has ended. */
    ended: () => {
      if (last === undefined) return;
      sum.unacknowledged += last.unacknowledged + last.waiting;
      sum.longestWrite = Math.max(sum.longestWrite, last.longest_write_us / 1000);
      sum.longestFlush = Math.max(sum.longestFlush, last.longest_flush_us / 1000);
      errors.push(...last.init_errors, ...last.error_lines);
      const { filter_errors, write_errors, flush_errors } = last;
      if (filter_errors + write_errors + flush_errors > 0) errors.push("a function of the connector failed");
      last = undefined;
    },
  };
}

/** Runs the plan; `say` is told of what happens. Ends what it starts. */
export async function runChaos(plan: ChaosPlan, say: (text: string) => void): Promise<ChaosOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "pagerduty-chaos-"));
  const pagerDuty = await startPagerDuty({ http2: true });
  try {
    return await play(plan, pagerDuty, folder, say);
  } finally {
    await pagerDuty.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(
  plan: ChaosPlan,
  pagerDuty: PagerDuty,
  folder: string,
  say: (text: string) => void,
): Promise<ChaosOutcome> {
  const random = createRandom(plan.seed);
  const resourceCount = plan.hosts * (1 + plan.servicesPerHost);
  // Checks are a second apart at least: all of them lie in the past.
  const startTime = Math.floor(Date.now() / 1000) - 20 * plan.events;
  const centreon = createCentreon(plan.hosts, plan.servicesPerHost, startTime, random, plan.protocol);
  const tally = createTally();
  const memoryAtStops: { kb: number; problems: number }[] = [];
  let lives = 0;
  let given = 0;

  const batchSize = (): number =>
    random.between(Math.ceil(BATCH.smallest * resourceCount), Math.floor(BATCH.largest * resourceCount));

  const happenings = (count: number, oncePerResource = false): string[] => {
    given += count;
    return [...centreon.configurationChanges(), ...centreon.events(count, oncePerResource)];
  };

  /** A new host with the journal of the one before; HTTP/2 over TLS and HTTP/1.1 in turn. */
  const start = (): Host => {
    lives += 1;
    const address = lives % 2 === 1 ? pagerDuty.tlsUrl : pagerDuty.url;
    return startHost({
      lua: plan.lua,
      script: plan.script,
      folder,
      parameters: {
        pdy_routing_key: ROUTING_KEY,
        http_server_url: address,
        http_ca_file: pagerDuty.caFile,
        http_timeout: "2",
        max_events_per_minute: "0",
        state_path: join(folder, "pagerduty.state"),
        quarantine_path: join(folder, "pagerduty.quarantine"),
        status_path: join(folder, "pagerduty.status"),
        log_path: join(folder, "connector.log"),
        log_level: "1",
        accepted_hostgroups: GROUP.name,
      },
    });
  };

  const stop = async (host: Host): Promise<number> => {
    const report = tally.running(await host.stop());
    tally.ended();
    memoryAtStops.push({ kb: report.lua_memory_kb, problems: centreon.problems() });
    return report.lua_memory_kb;
  };

  /** Ends a host by SIGKILL; gives the events that it may not have acknowledged. */
  const kill = async (host: Host): Promise<string[]> => {
    // What was acknowledged of these nobody can know, so all are given again, as a poller does with what was not
    // acknowledged to it. One event for each resource: that again says the same.
    const batch = happenings(batchSize(), true);
    const taken = await pagerDuty.accepted();
    const latest = performance.now() + LATEST_KILL;
    host.send(batch);
    while (performance.now() < latest && (await pagerDuty.accepted()) === taken)
      await wait(KILL_LOOK_INTERVAL);
    await host.kill();
    tally.ended();
    await wait(PAUSE_AFTER_KILL);
    return batch;
  };

  /** The file of the broker's cache does not outlive a brokerhost: what it had is told to the cache alone. */
  const namesKnown = (lines: readonly string[]): string[] => [
    JSON.stringify({ control: "cache_only", value: true }),
    ...lines,
    JSON.stringify({ control: "cache_only", value: false }),
  ];

  /** Ends the host, and starts the next one with what has happened meanwhile. */
  const interrupt = async (host: Host, kind: "restart" | "kill"): Promise<Host> => {
    const before = centreon.known();
    let unacknowledged: string[] = [];
    if (kind === "kill") unacknowledged = await kill(host);
    else await stop(host);
    const next = start();
    tally.running(
      await next.take([
        ...namesKnown(before),
        ...unacknowledged,
        ...happenings(EVENTS_MISSED_PER_RESOURCE * resourceCount),
      ]),
    );
    return next;
  };

  const memoryBefore = (await start().stop()).lua_memory_kb;
  await pagerDuty.setLatency(LATENCY);
  await pagerDuty.order(faultsOf(plan));
  const interruptions = interruptionsOf(plan, random);
  // All in the first half: the last life is long enough to show what it keeps.
  const every = plan.events / 2 / interruptions.length;
  let host = start();
  tally.running(await host.take(centreon.begin()));
  let done = 0;
  while (given < plan.events) {
    const interruption = given >= every * (done + 1) ? interruptions[done] : undefined;
    if (interruption !== undefined) {
      say(`${given} events: ${interruption === "kill" ? "SIGKILL" : "clean restart"}`);
      host = await interrupt(host, interruption);
      done += 1;
    }
    tally.running(await host.take(happenings(batchSize())));
    await wait(random.between(0, plan.longestPause));
  }

  await host.take(centreon.calmDown());
  await pagerDuty.clearFaults();
  const requests = await pagerDuty.requests();
  say(`${given} events: faults end`);
  const endOfFaults = performance.now();
  const differences = await agreement(centreon, pagerDuty);
  const secondsToAgreement = (performance.now() - endOfFaults) / 1000;
  const openAtTheEnd = (await pagerDuty.incidents()).filter(isOpen).length;

  await host.take(centreon.recover());
  const leftOpen = await agreement(centreon, pagerDuty);
  await stop(host);

  const incidents = await pagerDuty.incidents();
  const faults = new Map<FaultKind, number>();
  for (const { fault } of requests) if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1);
  const expected = centreon.expectations();
  return {
    differences,
    duplicates: duplicatesIn(expected, incidents),
    leftOpen,
    errors: tally.errors.filter((error) => plan.redirects === 0 || !error.includes(REDIRECT_COMPLAINT)),
    ...tally.sum,
    openAtTheEnd,
    changes: centreon.changes,
    episodes: expected.reduce((sum, { episodes }) => sum + episodes, 0),
    pages: incidents.reduce((sum, { pages }) => sum + pages, 0),
    requests: requests.length,
    faults,
    secondsToAgreement,
    memoryBefore,
    memoryAtStops,
  };
}
