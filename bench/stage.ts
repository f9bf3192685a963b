// What the measurements share: the connectors, their parameters, made-up resources, and a journal of open alerts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { hostDefinition, serviceDefinition, status } from "../tools/trial/events.js";
import { CONNECTOR, type HostSetup, type Lua, ROOT, startHost } from "../tools/trial/host.js";
import { type PagerDuty, ROUTING_KEY } from "../tools/trial/pagerduty.js";

/** Connectors to compare with. */
export const EMPTY = join(ROOT, "bench/empty.lua");
export const FLOOR = join(ROOT, "bench/floor.lua");
export const NAIVE = join(ROOT, "bench/naive.lua");

/** One call of the idle loop. */
export const FLUSH = '{"control":"flush"}';

const OK = 0;
const WARNING = 1;
const CRITICAL = 2;
export const STATES = { ok: OK, warning: WARNING, critical: CRITICAL };

const SERVICES_PER_HOST = 10;

/** 2025-10-09: checks lie in the past, as they do. */
const CHECKED_AT = 1_760_000_000;

/** Seconds. */
const CHECK_INTERVAL = 60;

/** A result of a service by its number: ten to a host, numbered from 0; the same a minute later with each `check`. */
export function serviceStatus(number: number, state: number, check = 0): string {
  return statusOf(
    { hostId: 1 + Math.floor(number / SERVICES_PER_HOST), serviceId: 1 + (number % SERVICES_PER_HOST) },
    state,
    CHECKED_AT + check * CHECK_INTERVAL,
  );
}

/** The same of one host that has all services. */
export function statusOnOneHost(number: number, state: number): string {
  return statusOf({ hostId: 1, serviceId: 1 + number }, state, CHECKED_AT);
}

function statusOf(
  ids: { readonly hostId: number; readonly serviceId: number },
  state: number,
  lastCheck: number,
): string {
  return status({
    ...ids,
    state,
    isHard: true,
    lastHardState: state,
    lastCheck,
    lastHardStateChange: CHECKED_AT,
    isAcknowledged: false,
    downtimeDepth: 0,
  });
}

/** The whole numbers from `first` on. */
export function numbers(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Lines that let the broker's cache know these services and their hosts. */
export function definitions(services: readonly number[]): string[] {
  const lines = services.flatMap((number) => {
    const hostId = 1 + Math.floor(number / SERVICES_PER_HOST);
    return [hostDefinition(hostId), serviceDefinition(hostId, 1 + (number % SERVICES_PER_HOST))];
  });
  return ['{"control":"cache_only","value":true}', ...lines, '{"control":"cache_only","value":false}'];
}

/** Runs `work` with a folder that is gone afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "pagerduty-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function journalIn(folder: string): string {
  return join(folder, "pagerduty.state");
}

/** The shipped connector with its journal in `folder`, pacing off. */
export function connectorSetup(
  lua: Lua,
  folder: string,
  pagerDuty: PagerDuty,
  more: Readonly<Record<string, string>> = {},
): HostSetup {
  return {
    lua,
    folder,
    script: CONNECTOR,
    parameters: {
      pdy_routing_key: ROUTING_KEY,
      http_server_url: pagerDuty.tlsUrl,
      http_ca_file: pagerDuty.caFile,
      max_events_per_minute: "0",
      state_path: journalIn(folder),
      quarantine_path: join(folder, "pagerduty.quarantine"),
      status_path: join(folder, "pagerduty.status"),
      log_path: join(folder, "connector.log"),
      ...more,
    },
  };
}

/** Waits until PagerDuty has accepted `count` events in all. */
export async function untilAccepted(pagerDuty: PagerDuty, count: number): Promise<void> {
  const end = performance.now() + LONGEST_WAIT;
  while ((await pagerDuty.accepted()) < count) {
    if (performance.now() > end) throw new Error(`PagerDuty did not accept ${count} events in time`);
    await wait(LOOK_INTERVAL);
  }
}

/** In milliseconds. */
const LONGEST_WAIT = 120_000;
const LOOK_INTERVAL = 20;

/** Leaves in `setup`'s journal an open alert, delivered, for each of the services. */
export async function openAlerts(
  setup: HostSetup,
  pagerDuty: PagerDuty,
  services: readonly number[],
): Promise<void> {
  const before = await pagerDuty.accepted();
  const host = startHost(setup);
  await host.take([...definitions(services), ...services.map((number) => serviceStatus(number, CRITICAL))]);
  await untilAccepted(pagerDuty, before + services.length);
  await host.stop();
}
