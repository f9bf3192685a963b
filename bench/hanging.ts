// How long write() takes at most while PagerDuty accepts connections and never answers.
import { setTimeout as wait } from "node:timers/promises";
import { LUAS, type Lua, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import { FLUSH, STATES, connectorSetup, definitions, numbers, serviceStatus, withFolder } from "./stage.js";

/** Longest write() that is good, in milliseconds. */
const LONGEST_GOOD_WRITE = 20;

/**
 * Runs on each Lua; the one whose longest write() is the shortest counts. A pause that is the connector's own comes in
 * each of them; one that comes once is the machine's, which gave the processor to somebody else.
 */
const RUNS = 3;

/** Problems that wait for PagerDuty already. */
const WAITING = 10_000;

/** The load: so many events at a time, some of them new problems, with pauses of so many milliseconds. */
const BATCHES = 200;
const EVENTS_PER_BATCH = 40;
const PROBLEMS_PER_BATCH = 10;
const PAUSE = 15;

interface Writes {
  readonly count: number;
  /** Milliseconds. */
  readonly longest: number;
  readonly average: number;
}

async function writesOf(lua: Lua, pagerDuty: PagerDuty): Promise<Writes> {
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
    const { written, longest_write_us, total_write_us } = await host.stop();
    return {
      count: written,
      longest: longest_write_us / 1000,
      average: total_write_us / 1000 / written,
    };
  });
}

async function longestWrite(lua: Lua, pagerDuty: PagerDuty): Promise<Row> {
  let best: Writes = { count: 0, longest: Infinity, average: Infinity };
  for (let run = 0; run < RUNS; run += 1) {
    const writes = await writesOf(lua, pagerDuty);
    if (writes.longest < best.longest) best = writes;
  }
  return atMost(
    `Lua ${lua}: longest of ${best.count} write(), ${WAITING} alerts waiting`,
    `${best.longest.toFixed(1).padStart(5)} ms, on average ${best.average.toFixed(3)} ms`,
    best.longest,
    LONGEST_GOOD_WRITE,
    `under ${LONGEST_GOOD_WRITE} ms`,
  );
}

/** Measures on each Lua. */
export async function longestWrites(): Promise<Row[]> {
  const pagerDuty = await startPagerDuty({ http2: true });
  await pagerDuty.order([{ kind: "hang", times: 0 }]);
  const rows: Row[] = [];
  for (const lua of LUAS) rows.push(await longestWrite(lua, pagerDuty));
  await pagerDuty.clearFaults();
  await pagerDuty.close();
  return rows;
}
