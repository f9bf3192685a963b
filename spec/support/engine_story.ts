// Plays the engine's recorded stories to dist/pagerduty.lua in tools/brokerhost, by the story's own clock, and tells which
// events PagerDuty took in which second. Owns the clock and the ends of the broker; what is right the golden files say.
import { LUA } from "./brokerhost";
import { requestsOf } from "./incidents";
import { decodeJson, encodeJson } from "./json";
import { outputOf, readFile, shellWord, temporaryPath, writeFile } from "./process";
import { engineStory } from "./recorded";
import type { Sandbox } from "./sandbox";
import { newRoutingKey } from "./stage";

/** An event that PagerDuty took. */
export interface TakenEvent {
  readonly key: string;
  /** Of the story. */
  readonly second: number;
  readonly action: string;
  /** Of a trigger; absent fields are empty. */
  readonly severity: string;
  readonly summary: string;
}

/** After which second the broker ended while the story was recorded, and how. */
const ENDS: Record<2 | 3, Readonly<Record<number, "restart" | "kill" | undefined>>> = {
  2: { 640: "restart", 656: "kill", 665: "kill", 674: "kill", 677: "kill", 691: "restart", 720: "kill" },
  3: { 640: "restart", 659: "kill", 668: "kill", 677: "kill", 680: "kill", 694: "restart", 723: "kill" },
};

/** The lines for brokerhost, and the second at which the clock stands first. */
function linesOf(protocol: 2 | 3): { readonly lines: string[]; readonly start: number } {
  const control = (name: string, more: object = {}): string => encodeJson({ control: name, ...more });
  const story = engineStory(protocol);
  const start = story[0]?.at ?? 0;
  const lines: string[] = [];
  let second = 0;
  let isBrokerGone = false;
  const endSecond = (): void => {
    if (isBrokerGone) return;
    // Requests are told from the next second's by the system's milliseconds.
    lines.push(control("settle"), control("wait", { seconds: 0.002 }));
    const end = ENDS[protocol][second];
    if (end === undefined) return;
    lines.push(control(end));
    isBrokerGone = true;
  };
  const beginSecond = (): void => {
    if (!isBrokerGone) lines.push(control("mark", { name: tostring(second) }));
  };

  beginSecond();
  for (const { at, event } of story) {
    // A broker that is gone does not run until it is given something.
    while (at - start > second) {
      endSecond();
      lines.push(control("clock", { advance: 1 }));
      second += 1;
      if (at - start === second) isBrokerGone = false;
      beginSecond();
    }
    lines.push(event);
  }
  endSecond();
  return { lines, start };
}

/** As GET /sandbox/requests tells times: UTC with milliseconds. */
function isoTime(unixMs: number): string {
  const seconds = math.floor(unixMs / 1000);
  return `${os.date("!%Y-%m-%dT%H:%M:%S", seconds) as string}${string.format(".%03dZ", unixMs - seconds * 1000)}`;
}

/**
 * Plays a story with a connector that has a journal, and gives the events that PagerDuty took, in order. `hasJournal`
 * false: this is its first start.
 */
export function playEngineStory(sandbox: Sandbox, protocol: 2 | 3, hasJournal: boolean): TakenEvent[] {
  const folder = temporaryPath(".story");
  os.execute(`mkdir ${folder}`);
  const routingKey = newRoutingKey();
  const parameters = {
    pdy_routing_key: routingKey,
    http_server_url: `${sandbox.url}/v2/enqueue`,
    log_path: `${folder}/log`,
    state_path: `${folder}/state`,
    quarantine_path: `${folder}/quarantine`,
    status_path: "",
  };
  const output = {
    name: "PagerDuty",
    type: "lua",
    path: "dist/pagerduty.lua",
    filters: { category: ["neb"] },
    lua_parameter: Object.entries(parameters).map(([name, value]) => ({ type: "string", name, value })),
  };
  writeFile(`${folder}/broker.json`, encodeJson(output));
  const { lines, start } = linesOf(protocol);
  if (hasJournal) lines.unshift(encodeJson({ control: "restart" }));
  writeFile(`${folder}/events`, `${lines.join("\n")}\n`);
  const problem = outputOf(
    `LUA_CPATH=${shellWord(`build/lua/${LUA}/?.so;;`)} build/brokerhost-${LUA} --config ${folder}/broker.json ` +
      `--events ${folder}/events --clock ${start} --report ${folder}/report --quiet 2>&1`,
  );
  const report = readFile(`${folder}/report`) ?? error(`the host ended: ${problem}`);
  const kept = os.getenv("KEEP_STORY");
  if (kept !== undefined) os.execute(`rm -rf ${kept} && cp -r ${folder} ${kept}`);
  os.execute(`rm -r ${folder}`);

  const { marks } = decodeJson(report) as { marks: { name: string; unix_ms: number }[] };
  const begun = marks.map(({ name, unix_ms }) => ({ second: Number(name), at: isoTime(unix_ms) }));
  const taken: TakenEvent[] = [];
  let passed = 0;
  for (const { at, body, accepted } of requestsOf(sandbox, routingKey)) {
    if (!accepted) continue;
    while (begun[passed + 1] !== undefined && (begun[passed + 1]?.at ?? at) <= at) passed += 1;
    const { dedup_key, event_action, payload } = decodeJson(body) as {
      dedup_key: string;
      event_action: string;
      payload?: { severity: string; summary: string };
    };
    taken.push({
      key: dedup_key,
      second: begun[passed]?.second ?? 0,
      action: event_action,
      severity: payload?.severity ?? "",
      summary: payload?.summary ?? "",
    });
  }
  return taken;
}

interface GoldenEvent {
  readonly first: number;
  readonly last: number;
  readonly what: string;
  readonly isOptional: boolean;
  readonly line: string;
}

/** How golden files write it. Whether a summary says the state once or twice is not their concern. */
function wordsOf({ action, severity, summary }: TakenEvent): string {
  const [stated] = string.gsub(summary, ": (%u+) %- %1", ": %1");
  return action === "trigger" ? `${action} ${severity} ${stated}` : action;
}

/** The lines of a golden file by key, in order. */
function readGolden(path: string): Record<string, GoldenEvent[] | undefined> {
  const byKey: Record<string, GoldenEvent[] | undefined> = {};
  for (const [text] of string.gmatch(readFile(path) ?? error(`no ${path}`), "[^\n]+")) {
    const line = text ?? "";
    const [optional, key, seconds, what] = string.match(line, "^(%??)(%d+_%w+) ([%d%-]+) (.+)$");
    if (key === undefined || seconds === undefined || what === undefined) continue;
    const [first, last] = string.match(seconds, "^(%d+)%-?(%d*)$");
    const events = byKey[key] ?? [];
    byKey[key] = events;
    events.push({
      first: Number(first),
      last: last === "" ? Number(first) : Number(last),
      what,
      isOptional: optional === "?",
      line: string.gsub(line, "^%?", "")[0],
    });
  }
  return byKey;
}

/** What differs of one key: expected lines with "-" in front, taken events with "+". */
function differencesOf(expected: readonly GoldenEvent[], taken: readonly TakenEvent[]): string[] {
  const isMatch = ({ first, last, what }: GoldenEvent, event: TakenEvent): boolean =>
    event.second >= first && event.second <= last && wordsOf(event) === what;
  const costOf = ({ isOptional }: GoldenEvent): number => (isOptional ? 0 : 1);
  // The fewest differences from each place to the end of both lists.
  const cost: number[][] = [];
  for (const at of $range(expected.length, 0, -1)) {
    const row: number[] = [];
    cost[at] = row;
    for (const of of $range(taken.length, 0, -1)) {
      const [wanted, event] = [expected[at], taken[of]];
      const without = wanted === undefined ? math.huge : costOf(wanted) + (cost[at + 1]?.[of] ?? 0);
      const excess = event === undefined ? math.huge : 1 + (row[of + 1] ?? 0);
      const matched =
        wanted !== undefined && event !== undefined && isMatch(wanted, event)
          ? (cost[at + 1]?.[of + 1] ?? 0)
          : math.huge;
      row[of] = wanted === undefined && event === undefined ? 0 : math.min(without, excess, matched);
    }
  }
  const lines: string[] = [];
  let [at, of] = [0, 0];
  while (at < expected.length || of < taken.length) {
    const [wanted, event] = [expected[at], taken[of]];
    const left = cost[at]?.[of];
    if (
      wanted !== undefined &&
      event !== undefined &&
      isMatch(wanted, event) &&
      left === cost[at + 1]?.[of + 1]
    ) {
      at += 1;
      of += 1;
    } else if (wanted !== undefined && left === costOf(wanted) + (cost[at + 1]?.[of] ?? 0)) {
      if (!wanted.isOptional) lines.push(`- ${wanted.line}`);
      at += 1;
    } else if (event !== undefined) {
      lines.push(`+ ${event.key} ${event.second} ${wordsOf(event)}`);
      of += 1;
    }
  }
  return lines;
}

/** How what PagerDuty took differs from a golden file, key by key. */
export function differencesFrom(path: string, taken: readonly TakenEvent[]): string[] {
  const golden = readGolden(path);
  const takenOf: Record<string, TakenEvent[] | undefined> = {};
  const keys: string[] = Object.keys(golden);
  for (const event of taken) {
    if (golden[event.key] === undefined && takenOf[event.key] === undefined) keys.push(event.key);
    const events = takenOf[event.key] ?? [];
    takenOf[event.key] = events;
    events.push(event);
  }
  table.sort(keys);
  const lines: string[] = [];
  for (const key of keys)
    for (const line of differencesOf(golden[key] ?? [], takenOf[key] ?? [])) lines.push(line);
  return lines;
}
