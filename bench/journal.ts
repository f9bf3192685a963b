// What the journal costs, and what is kept in memory: for more and more open alerts, and for resources that are fine.
import { copyFileSync, statSync } from "node:fs";
import { LUAS, type Lua, benchHost, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import {
  STATES,
  connectorSetup,
  journalIn,
  numbers,
  openAlerts,
  serviceStatus,
  withFolder,
} from "./stage.js";

const LUA = "5.3";

/** Numbers of open alerts, and how many times more one may cost among the most than among the fewest. */
const SIZES = [1_000, 5_000, 10_000] as const;
const MOST_GROWTH = 1.5;

/** Statuses in one run. */
const STATUSES = 40_000;

/** Longest start with the last of SIZES, in seconds. */
const LONGEST_LOAD = 1.5;

/** Starts of which the fastest counts. */
const STARTS = 3;

/** Most Lua memory with the last of SIZES, and for resources that are fine, in KB. */
const MOST_MEMORY = 30 * 1024;
const FINE_RESOURCES = 100_000;
const MOST_KEPT = 16;

/** What one open alert costs, with `alerts` of them. */
interface Size {
  readonly alerts: number;
  readonly journalBytes: number;
  readonly loadMicroseconds: number;
  readonly memoryKb: number;
  readonly changeMicroseconds: number;
  readonly unchangedMicroseconds: number;
}

async function loaded(lua: Lua, folder: string, pagerDuty: PagerDuty) {
  const { longest_init_us, lua_memory_kb } = await startHost(connectorSetup(lua, folder, pagerDuty)).stop();
  return { microseconds: longest_init_us, kb: lua_memory_kb };
}

/** Microseconds for a status of an open alert; each gets these states in turn, and nothing is sent meanwhile. */
async function statusCost(
  folder: string,
  pagerDuty: PagerDuty,
  alerts: number,
  states: readonly number[],
): Promise<number> {
  // The alerts in the journal must stay as they are.
  const copy = `${journalIn(folder)}.copy`;
  copyFileSync(journalIn(folder), copy);
  const lines = states.flatMap((state) => numbers(alerts).map((number) => serviceStatus(number, state)));
  const setup = connectorSetup(LUA, folder, pagerDuty, { state_path: copy });
  const { bench } = await benchHost(setup, lines, Math.ceil(STATUSES / lines.length));
  return (bench.ns_per_event ?? NaN) / 1000;
}

/** Brings the open alerts in the folder's journal from `before` to `alerts`, and measures what each costs. */
async function sizeOf(alerts: number, before: number, folder: string, pagerDuty: PagerDuty): Promise<Size> {
  await openAlerts(connectorSetup(LUA, folder, pagerDuty), pagerDuty, numbers(alerts - before, before));
  // The first start makes the file anew, without what has piled up in it.
  await loaded(LUA, folder, pagerDuty);
  const journalBytes = statSync(journalIn(folder)).size / alerts;
  const { microseconds, kb } = await loaded(LUA, folder, pagerDuty);
  return {
    alerts,
    journalBytes,
    loadMicroseconds: microseconds / alerts,
    memoryKb: kb / alerts,
    changeMicroseconds: await statusCost(folder, pagerDuty, alerts, [STATES.warning, STATES.critical]),
    unchangedMicroseconds: await statusCost(folder, pagerDuty, alerts, [STATES.critical]),
  };
}

function sizeRow({ alerts, journalBytes, loadMicroseconds, memoryKb, changeMicroseconds }: Size): Row {
  return {
    what: `${alerts} open alerts, for each`,
    measured:
      `journal ${journalBytes.toFixed(0)} bytes, load ${loadMicroseconds.toFixed(0)} µs, ` +
      `memory ${memoryKb.toFixed(2)} KB, change ${changeMicroseconds.toFixed(0)} µs`,
  };
}

function growthRows(fewest: Size, most: Size): Row[] {
  const row = (what: string, of: (size: Size) => number): Row => {
    const growth = of(most) / of(fewest);
    const name = `${what}, each of ${most.alerts} against each of ${fewest.alerts}`;
    return atMost(
      name,
      `${growth.toFixed(2)}×`,
      growth,
      MOST_GROWTH,
      `at most ${MOST_GROWTH}× (linear is 1)`,
    );
  };
  return [
    row("loading", ({ loadMicroseconds }) => loadMicroseconds),
    row("memory", ({ memoryKb }) => memoryKb),
    row("a change", ({ changeMicroseconds }) => changeMicroseconds),
  ];
}

/** Measures the journal on one Lua; leaves it in `folder`, with as many open alerts as there are in the last of SIZES. */
async function journalRows(folder: string, pagerDuty: PagerDuty): Promise<Row[]> {
  const sizes: Size[] = [];
  for (const alerts of SIZES) sizes.push(await sizeOf(alerts, sizes.at(-1)?.alerts ?? 0, folder, pagerDuty));
  const [fewest] = sizes;
  const most = sizes.at(-1);
  if (fewest === undefined || most === undefined) return [];
  return [
    ...sizes.map(sizeRow),
    ...growthRows(fewest, most),
    {
      what: "a change, against a status that changes nothing",
      measured: `${(fewest.changeMicroseconds / fewest.unchangedMicroseconds).toFixed(0)}×`,
    },
  ];
}

/** Measures the memory on one Lua; `journal` holds as many open alerts as there are in the last of SIZES. */
async function memoryRows(lua: Lua, folder: string, journal: string, pagerDuty: PagerDuty): Promise<Row[]> {
  const idle = await loaded(lua, folder, pagerDuty);
  const fine = numbers(FINE_RESOURCES).map((number) => serviceStatus(number, STATES.ok));
  const afterFine = await benchHost(connectorSetup(lua, folder, pagerDuty), fine, 1);
  const kept = afterFine.lua_memory_kb - idle.kb;
  copyFileSync(journal, journalIn(folder));
  const starts = [];
  for (let start = 0; start < STARTS; start += 1) starts.push(await loaded(lua, folder, pagerDuty));
  const [full] = starts.sort((left, right) => left.microseconds - right.microseconds);
  if (full === undefined) return [];
  const seconds = full.microseconds / 1e6;
  return [
    atMost(
      `Lua ${lua}: memory kept after ${FINE_RESOURCES} OK resources`,
      `${kept.toFixed(0)} KB (an idle connector has ${idle.kb.toFixed(0)} KB)`,
      kept,
      MOST_KEPT,
      `nothing (at most ${MOST_KEPT} KB)`,
    ),
    atMost(
      `Lua ${lua}: memory with ${SIZES.at(-1) ?? 0} open problems`,
      `${(full.kb / 1024).toFixed(1)} MB`,
      full.kb,
      MOST_MEMORY,
      "under 30 MB",
    ),
    atMost(
      `Lua ${lua}: a start with ${SIZES.at(-1) ?? 0} open problems`,
      `${seconds.toFixed(2)} s`,
      seconds,
      LONGEST_LOAD,
      `under ${LONGEST_LOAD} s`,
    ),
  ];
}

/** Measures the journal on one Lua and the memory on each. */
export async function journalAndMemory(): Promise<Row[]> {
  const pagerDuty = await startPagerDuty({ http2: false });
  const rows = await withFolder(async (folder) => {
    const measured = await journalRows(folder, pagerDuty);
    for (const lua of LUAS) {
      measured.push(...(await withFolder((own) => memoryRows(lua, own, journalIn(folder), pagerDuty))));
    }
    return measured;
  });
  await pagerDuty.close();
  return rows;
}
