// A connector in brokerhost, driven from Node: starts it, hands it lines, asks what it counted, ends it in order or
// by SIGKILL. Knows nothing of what the lines say.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The repository, seen from build/tools/trial/. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** The shipped connector. */
export const CONNECTOR = join(ROOT, "dist/pagerduty.lua");

/** The Luas that there is a brokerhost for. */
export const LUAS = ["5.1", "5.3", "5.4", "jit"] as const;
export type Lua = (typeof LUAS)[number];

/** Longest time, in milliseconds, that the host may take between two lines of its output. */
const LONGEST_SILENCE = 120_000;

export interface HostSetup {
  readonly lua: Lua;
  readonly script: string;
  /** Of the output, as strings: brokerhost's configuration is written to `folder`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** An existing folder. */
  readonly folder: string;
}

/** What brokerhost counted: tools/brokerhost/README.md explains each. */
export interface HostReport {
  readonly acknowledged: number;
  readonly unacknowledged: number;
  readonly waiting: number;
  readonly written: number;
  readonly init_errors: readonly string[];
  readonly error_lines: readonly string[];
  readonly filter_errors: number;
  readonly write_errors: number;
  readonly flush_errors: number;
  readonly longest_init_us: number;
  readonly longest_write_us: number;
  readonly longest_flush_us: number;
  readonly total_write_us: number;
  /** After a full collection; of a finished run only. */
  readonly lua_memory_kb: number;
  readonly field_reads: { readonly max_of_one_event: number };
  /** Of benchHost only. */
  readonly bench: { readonly ns_per_event?: number };
}

type HostProcess = ChildProcessByStdio<Writable, Readable, null>;

function spawnHost(setup: HostSetup, options: readonly string[]): HostProcess {
  const { lua, script, parameters, folder } = setup;
  const configuration = join(folder, "output.json");
  const lua_parameter = Object.entries(parameters).map(([name, value]) => ({ type: "string", name, value }));
  writeFileSync(configuration, JSON.stringify({ type: "lua", path: script, lua_parameter }));
  return spawn(join(ROOT, `build/brokerhost-${lua}`), ["--config", configuration, "--quiet", ...options], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, LUA_CPATH: `${join(ROOT, "build/lua", lua)}/?.so;;` },
  });
}

/** Gives the reports one after the other; rejects when the host ends, or says nothing for too long. */
function reportsOf(host: HostProcess): () => Promise<HostReport> {
  const lines = createInterface(host.stdout)[Symbol.asyncIterator]();
  return async () => {
    const timer = setTimeout(() => host.kill("SIGKILL"), LONGEST_SILENCE);
    const line = await lines.next();
    clearTimeout(timer);
    if (line.done === true) throw new Error("brokerhost ended without a report");
    return JSON.parse(line.value) as HostReport;
  };
}

/** Waits for the last report and for the end, for the end alone where the report is missing. */
async function ended(exit: Promise<unknown[]>, nextReport: () => Promise<HostReport>): Promise<HostReport> {
  const report = await nextReport().finally(() => exit);
  const [code] = (await exit) as [number | null];
  if (code !== 0)
    throw new Error(`brokerhost ended with ${code ?? "a signal"}: ${report.init_errors.join()}`);
  return report;
}

/** A running host. */
export interface Host {
  /** Hands over events and control lines without waiting for anything. */
  readonly send: (lines: readonly string[]) => void;
  /** Hands over lines; gives the counts once the connector has taken all of them. */
  readonly take: (lines: readonly string[]) => Promise<HostReport>;
  /** A clean stop, as when the broker is stopped. */
  readonly stop: () => Promise<HostReport>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
}

/** Starts a host that reads what it is handed as it comes, and flushes when nothing comes. */
export function startHost(setup: HostSetup): Host {
  const host = spawnHost(setup, ["--events", "-"]);
  // A killed host leaves its pipe broken; that it ended shows where its report is missing.
  host.stdin.on("error", () => undefined);
  const nextReport = reportsOf(host);
  const exit = once(host, "exit");
  const send = (lines: readonly string[]): void => {
    host.stdin.write(lines.map((line) => `${line}\n`).join(""));
  };
  return {
    send,
    take: (lines) => {
      send([...lines, '{"control":"report"}']);
      return nextReport();
    },
    stop: () => {
      host.stdin.end();
      return ended(exit, nextReport);
    },
    kill: async () => {
      host.kill("SIGKILL");
      await exit;
    },
  };
}

/** Gives all lines to filter and write so many times over, as fast as it goes; flush is not called. */
export function benchHost(setup: HostSetup, lines: readonly string[], rounds: number): Promise<HostReport> {
  const events = join(setup.folder, "events.jsonl");
  writeFileSync(events, `${lines.join("\n")}\n`);
  const host = spawnHost(setup, ["--events", events, "--bench", `${rounds}`]);
  return ended(once(host, "exit"), reportsOf(host));
}
