// What asking PagerDuty's REST API costs, with a thousand open incidents: the longest turn of reading what it tells, and the
// longest write() of the shipped connector meanwhile.
import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { LUAS, ROOT, type Lua, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import {
  FLUSH,
  STATES,
  connectorSetup,
  definitions,
  numbers,
  openAlerts,
  serviceStatus,
  withFolder,
} from "./stage.js";

const INCIDENTS = 1000;

/** In milliseconds. */
const LONGEST_GOOD_TURN = 20;
const LONGEST_GOOD_WRITE = 20;

/** The one whose longest is the shortest counts: a pause of the machine's comes once, one of the connector's each time. */
const RUNS = 3;

/** The load meanwhile: so many events at a time, with pauses of so many milliseconds. */
const BATCHES = 400;
const EVENTS_PER_BATCH = 40;
const PAUSE = 15;

function best(values: readonly number[]): number {
  return Math.min(...values);
}

function longestTurn(lua: Lua): Row {
  const program = lua === "jit" ? "luajit" : `lua${lua}`;
  const runs = numbers(RUNS).map(() => {
    const printed = execFileSync(program, ["bench/feedback_turns.lua"], { cwd: ROOT, encoding: "utf8" });
    const [longest = NaN, turns = NaN, learnt = NaN] = printed.split(" ").map(Number);
    if (learnt !== INCIDENTS) throw new Error(`${learnt} of ${INCIDENTS} incidents were read`);
    return { longest, turns };
  });
  const longest = best(runs.map((run) => run.longest));
  return atMost(
    `Lua ${lua}: longest turn, ${INCIDENTS} open incidents, all news`,
    `${longest.toFixed(1).padStart(5)} ms of ${runs[0]?.turns ?? 0} turns`,
    longest,
    LONGEST_GOOD_TURN,
    `at most ${LONGEST_GOOD_TURN} ms`,
  );
}

/** The longest write() in milliseconds while the incidents are read again and again. */
async function longestWrite(lua: Lua, pagerDuty: PagerDuty): Promise<number> {
  return withFolder(async (folder) => {
    const services = numbers(INCIDENTS);
    const setup = connectorSetup(lua, folder, pagerDuty);
    await openAlerts(setup, pagerDuty, services);
    const asking = { pdy_api_key: "a-key", pdy_api_url: pagerDuty.restUrl, pdy_sync_interval: "1" };
    const host = startHost({ ...setup, parameters: { ...setup.parameters, ...asking } });
    await host.take([...definitions(services), FLUSH]);
    const before = (await pagerDuty.restRequests()).length;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      host.send(numbers(EVENTS_PER_BATCH, INCIDENTS).map((number) => serviceStatus(number, STATES.ok)));
      await wait(PAUSE);
    }
    const pages = (await pagerDuty.restRequests()).length - before;
    const { longest_write_us } = await host.stop();
    if (pages < INCIDENTS / 100) throw new Error(`only ${pages} pages were asked for`);
    return longest_write_us / 1000;
  });
}

/** Measures on each Lua. */
export async function whatPeopleDid(): Promise<Row[]> {
  const rows = LUAS.map(longestTurn);
  for (const lua of LUAS) {
    const longest: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const pagerDuty = await startPagerDuty({ http2: true });
      longest.push(await longestWrite(lua, pagerDuty));
      await pagerDuty.close();
    }
    rows.push(
      atMost(
        `Lua ${lua}: longest write(), ${INCIDENTS} open incidents read meanwhile`,
        `${best(longest).toFixed(1).padStart(5)} ms`,
        best(longest),
        LONGEST_GOOD_WRITE,
        `under ${LONGEST_GOOD_WRITE} ms`,
      ),
    );
  }
  return rows;
}
