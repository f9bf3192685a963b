// What one event costs in the connector, beside a connector that does nothing and one that only reads.
import { LUAS, type HostSetup, type Lua, benchHost, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import {
  EMPTY,
  FLOOR,
  FLUSH,
  STATES,
  connectorSetup,
  definitions,
  numbers,
  openAlerts,
  serviceStatus,
  withFolder,
} from "./stage.js";

/** Different events in one run, and how often each is given. */
const EVENTS = 20;
const ROUNDS = 1000;

/**
 * Runs of each kind, in turn. The fastest counts: whatever else the machine does only makes them slower. Against the floor the
 * middle of the runs' ratios counts: each is of two processes that ran one after the other, and where a process's memory
 * happens to lie makes a tenth of it (measured).
 */
const RUNS = 15;

const NEW_ALERTS = 1000;

/** What an event that changes nothing may cost, in times what only reading the same fields costs. */
const MOST_FLOORS = 1.4;

interface Cost {
  readonly nanoseconds: number;
  /** Nanoseconds of each run. */
  readonly runs: readonly number[];
  readonly mostReads: number;
}

/** A metric: the kind of event that comes most often, and that no connector like this wants. */
const METRIC = JSON.stringify({ category: 3, element: 9, metric_id: 1, time: 1_760_000_000, value: 0.5 });

async function costsOf(setups: readonly { setup: HostSetup; lines: readonly string[] }[]): Promise<Cost[]> {
  const costs: Cost[] = setups.map(() => ({ nanoseconds: Infinity, runs: [], mostReads: 0 }));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, { setup, lines }] of setups.entries()) {
      const { bench, field_reads } = await benchHost(setup, lines, ROUNDS);
      const runs = [...(costs[index]?.runs ?? []), bench.ns_per_event ?? Infinity];
      costs[index] = { nanoseconds: Math.min(...runs), runs, mostReads: field_reads.max_of_one_event };
    }
  }
  return costs;
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

/** Microseconds in write() for each of many new problems, while PagerDuty answers at once. */
async function newAlertCost(lua: Lua, pagerDuty: PagerDuty): Promise<number> {
  return withFolder(async (folder) => {
    const services = numbers(NEW_ALERTS);
    const host = startHost(connectorSetup(lua, folder, pagerDuty));
    const before = await host.take([...definitions(services), FLUSH]);
    const after = await host.take(services.map((number) => serviceStatus(number, STATES.critical)));
    await host.stop();
    return (after.total_write_us - before.total_write_us) / NEW_ALERTS;
  });
}

async function costsOn(lua: Lua, pagerDuty: PagerDuty, folder: string): Promise<Row[]> {
  const known = numbers(EVENTS);
  const others = numbers(EVENTS, 1000);
  const connector = connectorSetup(lua, folder, pagerDuty);
  await openAlerts(connector, pagerDuty, known);
  const empty: HostSetup = { lua, folder, script: EMPTY, parameters: {} };
  const floor: HostSetup = { ...empty, script: FLOOR };
  const checksOf = (services: readonly number[], state: number): string[] =>
    [0, 1].flatMap((check) => services.map((number) => serviceStatus(number, state, check)));
  const fine = checksOf(others, STATES.ok);
  const bad = checksOf(known, STATES.critical);
  const [least, rejected, okFloor, ok, problemFloor, problem] = await costsOf([
    { setup: empty, lines: fine },
    { setup: connector, lines: known.map(() => METRIC) },
    { setup: floor, lines: fine },
    { setup: connector, lines: fine },
    { setup: floor, lines: bad },
    { setup: connector, lines: bad },
  ]);
  if (least === undefined || rejected === undefined || okFloor === undefined || ok === undefined) return [];
  if (problemFloor === undefined || problem === undefined) return [];
  const ratio = (nanoseconds: number): string =>
    `${(nanoseconds / 1000).toFixed(2).padStart(6)} µs  ${(nanoseconds / least.nanoseconds).toFixed(1).padStart(5)}×`;
  const reads = (what: string, { nanoseconds, mostReads }: Cost, most: number): Row =>
    atMost(
      `Lua ${lua}: ${what}`,
      `${ratio(nanoseconds)}  ${mostReads} reads`,
      mostReads,
      most,
      `at most ${most} fields read`,
    );
  const floors = (what: string, { runs }: Cost, reading: Cost): Row => {
    const times = middleOf(runs.map((nanoseconds, run) => nanoseconds / (reading.runs[run] ?? Infinity)));
    return atMost(
      `Lua ${lua}: … against only reading it`,
      `${ratio(reading.nanoseconds)}  ${times.toFixed(2)}× that`,
      times,
      MOST_FLOORS,
      `${what}: at most ${MOST_FLOORS}× that`,
    );
  };
  return [
    { what: `Lua ${lua}: the empty connector`, measured: ratio(least.nanoseconds) },
    atMost(
      `Lua ${lua}: rejected by filter()`,
      ratio(rejected.nanoseconds),
      rejected.nanoseconds,
      least.nanoseconds,
      "cheaper than the empty connector",
    ),
    reads("an OK status that changes nothing", ok, 4),
    floors("an OK", ok, okFloor),
    reads("the status of an open problem that changes nothing", problem, 10),
    floors("an open problem", problem, problemFloor),
    {
      what: `Lua ${lua}: a new problem: journaled, being sent`,
      measured: ratio(1000 * (await newAlertCost(lua, pagerDuty))),
    },
  ];
}

/** Measures on each Lua. */
export async function eventCosts(): Promise<Row[]> {
  const pagerDuty = await startPagerDuty({ http2: true });
  const rows: Row[] = [];
  for (const lua of LUAS) rows.push(...(await withFolder((folder) => costsOn(lua, pagerDuty, folder))));
  await pagerDuty.close();
  return rows;
}
