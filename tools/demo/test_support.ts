// What the demo's tests share: a demo that was told to stay, ended as a terminal ends it, and who its children are.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("main.js", import.meta.url));

/** A folder for temporary files that goes with the test, after `end` has ended what writes there. */
export function temporaryFolder(context: TestContext, end?: () => Promise<unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  context.after(async () => {
    await end?.();
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The processes that a process has started, and that have not ended. */
export function childrenOf(pid: number): number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return listed === "" ? [] : listed.split(" ").map(Number);
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Runs `KEEP=1 make demo` until the page stays open; it ends with the test at the latest. */
export async function startKeptDemo(context: TestContext) {
  let end = (): Promise<unknown> => Promise.resolve();
  const temporary = temporaryFolder(context, () => end());
  // In a group of its own, as what a terminal runs.
  const demo = spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, TMPDIR: temporary, KEEP: "1" },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const pid = demo.pid ?? 0;
  const ended = once(demo, "exit") as Promise<[number | null]>;
  end = () => {
    if (demo.exitCode === null) process.kill(-pid, "SIGKILL");
    return ended;
  };
  const lines: string[] = [];
  let url: string | undefined;
  const output = createInterface({ input: demo.stdout })[Symbol.asyncIterator]();
  while (url === undefined) {
    const next = await output.next();
    if (next.done === true)
      throw new Error(`the demo ended before its page stayed open:\n${lines.join("\n")}`);
    lines.push(next.value);
    url = /^The page stays open: +(\S+)$/.exec(next.value)?.[1];
  }
  const untilEnd = async (): Promise<number | null> => {
    for (let next = await output.next(); next.done !== true; next = await output.next())
      lines.push(next.value);
    return (await ended)[0];
  };
  return {
    pid,
    url,
    lines,
    leftBehind: () => readdirSync(temporary),
    /** Waits for its end; gives the exit code. */
    untilEnd,
    /** Ctrl-C: the terminal tells the whole group. Gives the exit code. */
    interrupt: (): Promise<number | null> => {
      process.kill(-pid, "SIGINT");
      return untilEnd();
    },
  };
}
