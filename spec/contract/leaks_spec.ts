// Nothing leaks when things go wrong again and again: no memory of Lua's or libcurl's, no connection, no file.
import { LUA } from "../support/brokerhost";
import { CRITICAL, type Centreon, OK, type Subject, createCentreon } from "../support/events";
import { outputOf, waitFor } from "../support/process";
import { type Sandbox, startSandbox } from "../support/sandbox";
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
/** After the first one, in which everything there is for faults is made, and tables get the room that they keep. */
const MORE_ROUNDS = 2;

/**
 * What the further rounds (144 faults) may leave behind, in KB: the noise of Lua's allocator and of the system's, less
 * than an empty table (56 bytes) or a handle for each fault. LuaJIT counts the code that it compiles as memory of Lua's.
 */
const LUA_NOISE = LUA === "jit" ? 400 : 8;
const RESIDENT_NOISE = 800;
/** Connections that are kept alive come and go, at most so many at a time. */
const MOST_CONNECTIONS = 64;
/** Files that a host has open beside the connections: its own, the connector's, libcurl's. */
const OTHER_FILES = 20;

let sandbox: Sandbox;
const stage = createStage(() => sandbox);

/** What the host holds after a round. */
interface Usage {
  /** Open files, sockets among them. */
  readonly files: number;
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
  const [pid] = string.match(broker.file("pid"), "%d+");
  return {
    files: Number(outputOf(`ls /proc/${pid}/fd | wc -l`)),
    resident: Number(outputOf(`awk '/^VmRSS/ { print $2 }' /proc/${pid}/status`)),
  };
}

/** What a host holds after each of some rounds with faults, and what of Lua's memory (KB) is in use at the end. */
function play(rounds: number): { readonly usages: readonly Usage[]; readonly luaMemory: number } {
  const broker = stage.start({
    parameters: { max_parallel_requests: MOST_CONNECTIONS, max_events_per_minute: 0, http_timeout: 1 },
  });
  const centreon = createCentreon(3);
  // Slow answers, so that as many requests as may be are under way at once, and everything there is for them is made.
  sandbox.put("/sandbox/latency", { seconds: 0.3 });
  playRound(broker, centreon);
  const usages: Usage[] = [];
  for (const _ of $range(1, rounds)) {
    orderFaults(broker);
    playRound(broker, centreon);
    usages.push(usageOf(broker));
  }
  return { usages, luaMemory: broker.stop().lua_memory_kb };
}

describe("faults, again and again,", () => {
  setup(() => {
    sandbox = startSandbox("--rate-limit 0");
  });
  teardown(() => {
    stage.clear();
    sandbox.stop();
  });

  it("leak nothing", () => {
    const once = play(1);
    const often = play(1 + MORE_ROUNDS);
    const [first, last] = [often.usages[0], often.usages[MORE_ROUNDS]];
    if (first === undefined || last === undefined) return error("no round was played");
    const luaGrowth = often.luaMemory - once.luaMemory;
    assert.is_true(luaGrowth < LUA_NOISE, `Lua's memory grew by ${luaGrowth} KB`);
    const residentGrowth = last.resident - first.resident;
    assert.is_true(residentGrowth < RESIDENT_NOISE, `resident memory grew by ${residentGrowth} KB`);
    assert.is_true(last.files <= MOST_CONNECTIONS + OTHER_FILES, `${last.files} open files`);
  });
});
