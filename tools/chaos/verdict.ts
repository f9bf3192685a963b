// What a chaos run's outcome is worth: the figures to show, and the complaints.
import type { Lua } from "../trial/host.js";
import type { ChaosOutcome } from "./run.js";

export interface Findings {
  readonly lines: readonly string[];
  /** Empty when all is as it must be. */
  readonly complaints: readonly string[];
}

/** Most of a list that is shown. */
const SHOWN = 20;

/**
 * How much more memory than an idle connector it may have in the end, when nothing is open any more, in KB. Tables keep
 * the room that they once needed, and each parallel request its handle. The last life of the long run begins with some
 * hundred problems and takes 50,000 events: a kilobyte kept of each problem, or ten bytes of each event, would be more.
 */
const MOST_KEPT_KB = 400;
/** LuaJIT's compiled traces are in its memory, too: up to a megabyte of them was seen. */
const MOST_KEPT_BY_LUAJIT_KB = 2048;

function listed(what: string, items: readonly string[]): string[] {
  const more = items.length > SHOWN ? [`${what}: … and ${items.length - SHOWN} more`] : [];
  return [...items.slice(0, SHOWN).map((item) => `${what}: ${item}`), ...more];
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

/** Judges `outcome`, of a run on `lua`. */
export function findings(lua: Lua, outcome: ChaosOutcome): Findings {
  const hit = [...outcome.faults.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...outcome.faults].map(([kind, count]) => `${kind} ${count}`).sort();
  const changes = [...outcome.changes].map(([change, count]) => `${change} ${count}`).sort();
  const memory = outcome.memoryAtStops.map(({ kb, problems }) => `${kb.toFixed(0)} KB (${problems})`);
  const memoryInTheEnd = outcome.memoryAtStops.at(-1)?.kb ?? 0;
  const mostKept = lua === "jit" ? MOST_KEPT_BY_LUAJIT_KB : MOST_KEPT_KB;
  const hasLeaked = memoryInTheEnd > outcome.memoryBefore + mostKept;
  return {
    lines: [
      `requests           ${outcome.requests}, of which hit by a fault ${hit} (${percent(hit, outcome.requests)})`,
      `faults             ${kinds.join(", ")}`,
      `configuration      ${changes.join(", ")}`,
      `agreement          ${outcome.openAtTheEnd} open alerts, ${outcome.secondsToAgreement.toFixed(1)} s after the faults ended`,
      `differences        ${outcome.differences.length}`,
      `pages              ${outcome.pages}, for ${outcome.episodes} problems that called for one at some time`,
      `duplicate pages    ${outcome.duplicates.length}`,
      `open at the end    ${outcome.leftOpen.length}, after everything recovered`,
      `not acknowledged   ${outcome.unacknowledged} events`,
      `longest write()    ${outcome.longestWrite.toFixed(1)} ms`,
      `longest flush()    ${outcome.longestFlush.toFixed(0)} ms`,
      `Lua memory         ${outcome.memoryBefore.toFixed(0)} KB when idle; at each stop (problems): ${memory.join(", ")}`,
    ],
    complaints: [
      ...listed("PagerDuty differs from Centreon", outcome.differences),
      ...listed("duplicate pages", outcome.duplicates),
      ...listed("after everything recovered", outcome.leftOpen),
      ...listed("error", outcome.errors),
      ...(outcome.unacknowledged > 0 ? [`${outcome.unacknowledged} events were not acknowledged`] : []),
      ...(hasLeaked
        ? [`${memoryInTheEnd.toFixed(0)} KB of Lua memory are kept, though nothing is open`]
        : []),
    ],
  };
}
