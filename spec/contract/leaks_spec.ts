// Nothing leaks when things go wrong again and again: no memory of Lua's or libcurl's, no connection, no file.
import { CRITICAL, type Centreon, OK, type Subject, createCentreon } from "../support/events";
import { outputOf, waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

/** What PagerDuty does to the first trigger of a service: one after the other, over and over. */
const FAULTS = [
  { kind: "status", status: 429 },
  { kind: "status", status: 400 },
  { kind: "accept_then_status" },
  { kind: "garbage" },
  { kind: "drop_before" },
  { kind: "drop_after" },
  { kind: "reset_before" },
  { kind: "hang" },
  { kind: "endless" },
];

/** The first are spared, so that the others are tried all at once: together they count as one step of the back-off. */
const SPARED = 8;
const SERVICES = 80;
/** In the first everything there is for faults is made, and tables get the room that they keep. */
const ROUNDS = 8;

/**
 * KB a round (72 faults). Where each failure leaves behind the smallest thing that Lua has, an empty table, it is 2.3 or
 * more; where it leaves an empty handle of libcurl's, 7 or more, and 160 to 340 of resident memory. Without a leak it
 * is up to 0.8, and up to 110 of resident memory, though single rounds differ by 6 in both directions, one by 30.
 */
const LUA_LEAK = 1.5;
const RESIDENT_LEAK = 200;
/** Connections that are kept alive come and go, at most so many at a time. */
const MOST_CONNECTIONS = 64;
/** Files that a host has open beside the connections: its own, the connector's, libcurl's. */
const OTHER_FILES = 20;

const sandbox = useSandbox("--rate-limit 0");
const stage = createStage(sandbox);

/** What the host holds after a round. */
interface Usage {
  /** Open files, sockets among them. */
  readonly files: number;
  /** Memory of Lua's that is in use, in KB. */
  readonly lua: number;
  /** Resident memory in KB. */
  readonly resident: number;
}

function services(): Subject[] {
  const subjects: Subject[] = [];
  for (const service of $range(1, SERVICES)) subjects.push({ host: 11, service });
  return subjects;
}

/** All services fail and recover; until PagerDuty knows it. */
function playRound(broker: Actor, centreon: Centreon): void {
  for (const [state, shown] of [
    [CRITICAL, "triggered"],
    [OK, "resolved"],
  ] as const) {
    for (const subject of services()) broker.give(centreon.check(subject, state));
    waitFor(
      `${SERVICES} alerts ${shown}`,
      () =>
        broker.incidents().filter((incident) => incident.state === shown).length === SERVICES || undefined,
      60,
    );
  }
  assert.same([], sandbox.get("/sandbox/faults"), "a fault did not happen");
  sandbox.remove("/sandbox");
}

/** PagerDuty does its worst to the first triggers of the services that come. */
function orderFaults(broker: Actor): void {
  const faults = services()
    .slice(SPARED)
    .map(({ host, service }) => ({
      ...FAULTS[service % FAULTS.length],
      match: { routing_key: broker.routingKey, event_action: "trigger", dedup_key: `${host}_${service}` },
    }));
  sandbox.post("/sandbox/faults", faults);
}

function usageOf(broker: Actor): Usage {
  broker.give([{ control: "collect" }]);
  const { lua_memory_kb } = broker.report();
  const [pid] = string.match(broker.file("pid"), "%d+");
  return {
    lua: lua_memory_kb,
    files: Number(outputOf(`ls /proc/${pid}/fd | wc -l`)),
    resident: Number(outputOf(`awk '/^VmRSS/ { print $2 }' /proc/${pid}/status`)),
  };
}

/** What a host holds after each round with faults. */
function play(): Usage[] {
  const broker = stage.start({
    parameters: { max_parallel_requests: MOST_CONNECTIONS, max_events_per_minute: 0, http_timeout: 1 },
  });
  const centreon = createCentreon(3);
  // Slow answers, so that as many requests as may be are under way at once, and everything there is for them is made.
  sandbox.put("/sandbox/latency", { seconds: 0.3 });
  playRound(broker, centreon);
  const usages: Usage[] = [];
  for (const _ of $range(1, ROUNDS)) {
    orderFaults(broker);
    playRound(broker, centreon);
    usages.push(usageOf(broker));
  }
  return usages;
}

/** The least of these levels. */
function leastOf(levels: readonly number[]): number {
  return levels.reduce((least, level) => math.min(least, level), math.huge);
}

/** The median of the growth from one level to the next: a single jump does not move it, ups and downs may. */
function medianGrowth(levels: readonly number[]): number {
  const growths = levels.slice(1).map((level, round) => level - (levels[round] ?? 0));
  table.sort(growths);
  return growths[math.floor(growths.length / 2)] ?? error("too few rounds were played");
}

/** The growth of the least level, from the first half to the second: ups and downs do not move it, a jump may. */
function floorGrowth(levels: readonly number[]): number {
  const half = levels.length / 2;
  return (leastOf(levels.slice(half)) - leastOf(levels.slice(0, half))) / half;
}

/** By how much the levels grow from round to round: a leak shows in both measures. */
function steadyGrowth(levels: readonly number[]): number {
  return math.min(medianGrowth(levels), floorGrowth(levels));
}

describe("faults, again and again,", () => {
  teardown(stage.clear);

  it("leak nothing", () => {
    const usages = play();
    const luaGrowth = steadyGrowth(usages.map(({ lua }) => lua));
    const residentGrowth = steadyGrowth(usages.map(({ resident }) => resident));
    assert.is_true(luaGrowth < LUA_LEAK, `Lua's memory grows by ${luaGrowth} KB a round`);
    assert.is_true(residentGrowth < RESIDENT_LEAK, `resident memory grows by ${residentGrowth} KB a round`);
    for (const { files } of usages) {
      assert.is_true(files <= MOST_CONNECTIONS + OTHER_FILES, `${files} open files`);
    }
  });
});
