// `make bench`: every measurement, each a ratio within this one run, beside what is asked for. Exits with 1 when
// something asked for is missed. `node build/bench/main.js bursts` runs one part.
import { availableParallelism, loadavg } from "node:os";
import { bursts } from "./bursts.js";
import { eventCosts } from "./event_cost.js";
import { longestWrites } from "./hanging.js";
import { underLoad } from "./load.js";
import { journalAndMemory } from "./journal.js";
import { type Row, tableOf } from "./rows.js";
import { rulesCosts } from "./rules.js";

const PARTS: Readonly<Record<string, { readonly title: string; readonly measure: () => Promise<Row[]> }>> = {
  cost: {
    title: "What an event costs, against a connector that does nothing, and one that only reads",
    measure: eventCosts,
  },
  rules: { title: "Many rules, and many problems that they hold back", measure: rulesCosts },
  bursts: { title: "A burst of new alerts over TLS, pacing off", measure: bursts },
  hanging: { title: "The longest write() while PagerDuty takes no event", measure: longestWrites },
  load: { title: "More than PagerDuty's limit lets through, in virtual time", measure: underLoad },
  journal: { title: "The journal, and memory", measure: journalAndMemory },
};

const wanted = process.argv.slice(2);
const load = loadavg()[0] ?? 0;
process.stdout.write(`${availableParallelism()} cores; load average before the start: ${load.toFixed(1)}\n`);
let missed = 0;
for (const [name, { title, measure }] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const rows = await measure();
  missed += rows.filter(({ asked }) => asked?.isMet === false).length;
  process.stdout.write(tableOf(title, rows));
}
process.stdout.write(missed === 0 ? "\nAll that is asked for is met.\n" : `\n${missed} MISSED\n`);
process.exit(missed === 0 ? 0 : 1);
