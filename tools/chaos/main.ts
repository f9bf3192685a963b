// `make chaos`: the long chaos run, with what it found. Exits with 1 unless PagerDuty ended up equal to Centreon, with
// nothing lost, nobody paged twice and no memory kept. CHAOS_SEED repeats a run's events and faults (not its timing),
// CHAOS_LUA chooses the Lua.
import { randomInt } from "node:crypto";
import { CONNECTOR, LUAS } from "../trial/host.js";
import { runChaos } from "./run.js";
import { findings } from "./verdict.js";

const seed = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31));
const lua = LUAS.find((known) => known === process.env["CHAOS_LUA"]) ?? "5.3";
const startedAt = performance.now();

function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

let complaints = 0;
for (const protocol of [3, 2] as const) {
  say(`seed ${seed} (CHAOS_SEED=${seed} repeats its events), Lua ${lua}, BBDO ${protocol}`);
  const outcome = await runChaos(
    {
      ...{ lua, script: CONNECTOR, seed, protocol, hosts: 200, servicesPerHost: 9, events: 50_000 },
      ...{ restarts: 3, kills: 3, faultShare: 0.1, redirects: 1, longestPause: 1000 },
    },
    say,
  );
  const found = findings(lua, outcome);
  process.stdout.write(`\n${found.lines.map((line) => `  ${line}\n`).join("")}\n`);
  process.stdout.write(found.complaints.map((complaint) => `FAILED  ${complaint}\n`).join(""));
  complaints += found.complaints.length;
}
process.exit(complaints === 0 ? 0 : 1);
