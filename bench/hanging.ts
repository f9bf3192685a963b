// How long write() takes at most while PagerDuty accepts connections and never answers, and while it answers 503.
import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "../tools/sandbox/faults.js";
import { configurationEnds, engineStarts } from "../tools/trial/events.js";
import { LUAS, type HostReport, type Lua, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import {
  FLUSH,
  STATES,
  connectorSetup,
  definitions,
  numbers,
  serviceStatus,
  statusOnOneHost,
  withFolder,
} from "./stage.js";

/** Longest write() that is good, in milliseconds. */
const LONGEST_GOOD_WRITE = 20;

/**
 * Runs on each Lua; the one whose longest write() is the shortest counts. A pause that is the connector's own comes in
 * each of them; one that comes once is the machine's, which gave the processor to somebody else.
 */
const RUNS = 3;

/** Problems that wait for PagerDuty already. */
const WAITING = 10_000;

/** Unix time. */
const RESTARTED_AT = 1_760_000_100;

/** The load: so many events at a time, some of them new problems, with pauses of so many milliseconds. */
const BATCHES = 200;
const EVENTS_PER_BATCH = 40;
const PROBLEMS_PER_BATCH = 10;
const PAUSE = 15;

/** The states that all problems of one host take in turn: long enough for write() to deliver, as flush() is not called. */
const TURNS = [STATES.critical, STATES.warning, STATES.critical, STATES.warning, STATES.critical];

interface Writes {
  readonly count: number;
  /** Milliseconds. */
  readonly longest: number;
  readonly average: number;
}

function writesIn({ written, longest_write_us, total_write_us }: HostReport): Writes {
  return {
    count: written,
    longest: longest_write_us / 1000,
    average: total_write_us / 1000 / written,
  };
}

/** New problems while others wait. */
async function newProblems(lua: Lua, pagerDuty: PagerDuty): Promise<Writes> {
  return withFolder(async (folder) => {
    // A short time limit, so that many time out within the run.
    const host = startHost(connectorSetup(lua, folder, pagerDuty, { http_timeout: "1" }));
    const waiting = numbers(WAITING);
    await host.take([...definitions(waiting), FLUSH]);
    await host.take(waiting.map((number) => serviceStatus(number, STATES.critical)));
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const services = numbers(EVENTS_PER_BATCH, WAITING + batch * EVENTS_PER_BATCH);
      host.send(
        services.map((number, index) =>
          serviceStatus(number, index < PROBLEMS_PER_BATCH ? STATES.critical : STATES.ok),
        ),
      );
      await wait(PAUSE);
    }
    return writesIn(await host.stop());
  });
}

/** Problems of one host that change their state together, again and again. */
async function turningProblems(lua: Lua, pagerDuty: PagerDuty): Promise<Writes> {
  return withFolder(async (folder) => {
    const host = startHost(connectorSetup(lua, folder, pagerDuty));
    await host.take([FLUSH]);
    const services = numbers(WAITING);
    await host.take(TURNS.flatMap((state) => services.map((number) => statusOnOneHost(number, state))));
    return writesIn(await host.stop());
  });
}

/** Problems of an engine that starts anew and names none of them, and one event after the other from then on. */
async function forgottenProblems(lua: Lua, pagerDuty: PagerDuty): Promise<Writes> {
  return withFolder(async (folder) => {
    const host = startHost(connectorSetup(lua, folder, pagerDuty));
    const services = numbers(WAITING);
    await host.take([...definitions(services), FLUSH]);
    await host.take(services.map((number) => serviceStatus(number, STATES.critical)));
    await host.take([engineStarts(RESTARTED_AT), configurationEnds()]);
    await host.take(numbers(WAITING, WAITING).map((number) => serviceStatus(number, STATES.ok)));
    return writesIn(await host.stop());
  });
}

interface Trouble {
  readonly what: string;
  readonly fault: Partial<Fault>;
  readonly run: (lua: Lua, pagerDuty: PagerDuty) => Promise<Writes>;
}

const TROUBLES: readonly Trouble[] = [
  {
    what: `it hangs, ${WAITING} alerts wait`,
    fault: { kind: "hang", times: 0 },
    run: newProblems,
  },
  {
    what: `it answers 503, ${WAITING} problems of one host turn`,
    fault: { kind: "status", status: 503, times: 0 },
    run: turningProblems,
  },
  {
    what: `it answers 503, an engine starts without its ${WAITING} problems`,
    fault: { kind: "status", status: 503, times: 0 },
    run: forgottenProblems,
  },
];

async function longestWrite(lua: Lua, pagerDuty: PagerDuty, { what, run }: Trouble): Promise<Row> {
  let best: Writes = { count: 0, longest: Infinity, average: Infinity };
  for (let attempt = 0; attempt < RUNS; attempt += 1) {
    const writes = await run(lua, pagerDuty);
    if (writes.longest < best.longest) best = writes;
  }
  return atMost(
    `Lua ${lua}: longest of ${best.count} write(), ${what}`,
    `${best.longest.toFixed(1).padStart(5)} ms, on average ${best.average.toFixed(3)} ms`,
    best.longest,
    LONGEST_GOOD_WRITE,
    `under ${LONGEST_GOOD_WRITE} ms`,
  );
}

/** Measures on each Lua. */
export async function longestWrites(): Promise<Row[]> {
  const pagerDuty = await startPagerDuty({ http2: true });
  const rows: Row[] = [];
  for (const trouble of TROUBLES) {
    await pagerDuty.order([trouble.fault]);
    for (const lua of LUAS) rows.push(await longestWrite(lua, pagerDuty, trouble));
    await pagerDuty.clearFaults();
  }
  await pagerDuty.close();
  return rows;
}
