// What many rules cost for what they hold back: each check of a held problem is judged anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { LUAS, type Lua, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import { type Row, atMost } from "./rows.js";
import { FLUSH, STATES, connectorSetup, definitions, numbers, serviceStatus, withFolder } from "./stage.js";

const RULES = 500;
const HELD = 5_000;

/** Checks of each held problem, and runs of which the fastest counts. */
const CHECKS = 2;
const RUNS = 3;

/** What a check of a held problem may cost with so many rules, in times what it costs with one filter. */
const MOST_TIMES = 6;

/** Rules as people write them, none of which fits the problems here; by turns. */
const KINDS: readonly ((number: number) => string)[] = [
  (number) => `when = { host = "db-${number}-*" }, route = "default", severity = "error"`,
  (number) => `when = { host_group = { "Group ${number}", "Lab*" }, state = "WARNING" }, wait = "5m"`,
  (number) => `when = { service = { "Disk*", "Load ${number}" }, not_host = "web-*" }, page = false`,
  (number) => `when = { criticality = "1-2", macro = { TEAM = "t${number}" } }, severity = "critical"`,
  (number) => `when = { output = "*backup ${number}*", hours = "22:00-05:00" }, page = false`,
];

/** All fit nothing but the last, which holds everything back. */
function rulesFile(): string {
  const rules = numbers(RULES - 1).map((number) => KINDS[number % KINDS.length]?.(number) ?? "");
  return `return {\n${[...rules, "page = false"].map((rule) => `  { ${rule} },\n`).join("")}}\n`;
}

/** Microseconds in write() for each check of a problem that is held back. */
async function checkCost(
  lua: Lua,
  pagerDuty: PagerDuty,
  parametersIn: (folder: string) => Readonly<Record<string, string>>,
): Promise<number> {
  return withFolder(async (folder) => {
    const services = numbers(HELD);
    const host = startHost(connectorSetup(lua, folder, pagerDuty, parametersIn(folder)));
    const checks = (from: number, count: number): string[] =>
      numbers(count, from).flatMap((check) =>
        services.map((number) => serviceStatus(number, STATES.critical, check)),
      );
    const before = await host.take([...definitions(services), ...checks(0, 1), FLUSH]);
    const after = await host.take(checks(1, CHECKS));
    await host.stop();
    return (after.total_write_us - before.total_write_us) / (HELD * CHECKS);
  });
}

async function costsOn(lua: Lua, pagerDuty: PagerDuty): Promise<Row> {
  const cost = { withFilter: Infinity, withRules: Infinity };
  for (let run = 0; run < RUNS; run += 1) {
    const withFilter = await checkCost(lua, pagerDuty, () => ({ rejected_services: "." }));
    const withRules = await checkCost(lua, pagerDuty, (folder) => {
      const pdy_rules_file = join(folder, "rules.lua");
      writeFileSync(pdy_rules_file, rulesFile());
      return { pdy_rules_file };
    });
    cost.withFilter = Math.min(cost.withFilter, withFilter);
    cost.withRules = Math.min(cost.withRules, withRules);
  }
  const times = cost.withRules / cost.withFilter;
  return atMost(
    `Lua ${lua}: a check of one of ${HELD} held problems, ${RULES} rules`,
    `${cost.withRules.toFixed(1).padStart(6)} µs  ${times.toFixed(1)}× one filter (${cost.withFilter.toFixed(1)} µs)`,
    times,
    MOST_TIMES,
    `at most ${MOST_TIMES}× one filter`,
  );
}

/** Measures on each Lua. */
export async function rulesCosts(): Promise<Row[]> {
  const pagerDuty = await startPagerDuty({ http2: true });
  const rows: Row[] = [];
  for (const lua of LUAS) rows.push(await costsOn(lua, pagerDuty));
  await pagerDuty.close();
  return rows;
}
