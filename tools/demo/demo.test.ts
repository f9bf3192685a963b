// Runs the demo as `make demo` does: what it shows, how it ends, and what it leaves behind.
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("main.js", import.meta.url));

/** Runs the demo with a temporary folder of its own. */
function runDemo(context: TestContext, environment: NodeJS.ProcessEnv = {}) {
  const temporary = mkdtempSync(join(tmpdir(), "demo-test-"));
  context.after(() => {
    rmSync(temporary, { recursive: true, force: true });
  });
  const run: SpawnSyncReturns<string> = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, TMPDIR: temporary, ...environment },
  });
  return { ...run, lines: run.stdout.split("\n"), leftBehind: () => readdirSync(temporary) };
}

test("the demo shows both stories, succeeds, and leaves nothing behind", (context) => {
  const { status, stderr, lines, leftBehind } = runDemo(context);
  assert.equal(stderr, "");
  assert.equal(lines.at(-2), "The incidents are what the stories call for.");
  assert.equal(status, 0);
  assert.deepEqual(leftBehind(), []);
  /** Finds a line that says all of this, in this order. */
  const says = (...words: string[]) => {
    const found = lines.some(
      (text) => words.reduce((at, word) => (at < 0 ? at : text.indexOf(word, at)), 0) >= 0,
    );
    assert.ok(found, `no line says ${words.join(" … ")}:\n${lines.join("\n")}`);
  };
  says("08:56:20", "web-01/Load", "CRITICAL, hard", "→ trigger, critical");
  says("db-02/MySQL connections", "CRITICAL, hard, in a downtime", "held: it is in a downtime");
  says("edge-lyon/Ping", "CRITICAL, hard", "held: its host is not UP");
  says("triggered", "error", "1", "09:45:05", "edge-lyon/Traffic wan0: UNKNOWN");
  says('"summary": "web-01/Load: CRITICAL - LOAD CRITICAL');
});

test("a proxy in the environment does not come between", (context) => {
  const { status, stdout } = runDemo(context, {
    https_proxy: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
  });
  assert.equal(status, 0, stdout);
});

test("docs/payload.md shows the first trigger as it is sent", (context) => {
  const { stdout } = runDemo(context);
  const page = readFileSync(fileURLToPath(new URL("../../../docs/payload.md", import.meta.url)), "utf8");
  const [documented, sent] = [
    /^## A trigger$.*?^```json$\s*(.*?)\s*^```$/ms.exec(page)?.[1],
    /^\{\n.*?^\}$/ms.exec(stdout)?.[0],
  ]
    // The recorded problem lies further back each day.
    .map((json = "") => json.replace(/"in_problem_for": ".*?"/, ""));
  assert.ok(documented?.includes('"event_action": "trigger"'));
  assert.equal(documented, sent);
});

test("KEEP=1 leaves a sandbox that answers, and that can be ended", async (context) => {
  const { status, lines, leftBehind } = runDemo(context, { KEEP: "1" });
  assert.equal(status, 0);
  const url = /http:\S+(?=\/sandbox\/stop)/.exec(lines.join("\n"))?.[0] ?? "";
  const incidents = (await (await fetch(`${url}/sandbox/alerts`)).json()) as unknown[];
  assert.ok(incidents.length > 0);
  await fetch(`${url}/sandbox/stop`, { method: "POST" });
  const end = Date.now() + 10_000;
  while (leftBehind().length > 0 && Date.now() < end) await wait(20);
  assert.deepEqual(leftBehind(), []);
  await assert.rejects(fetch(`${url}/sandbox`));
});
