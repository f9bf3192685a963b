// Runs the demo as `make demo` does: what it shows, how it ends, and what it leaves behind.
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PROGRAM, childrenOf, isRunning, startKeptDemo, temporaryFolder } from "./test_support.js";

/** Runs the demo with a temporary folder of its own. */
function runDemo(context: TestContext, environment: NodeJS.ProcessEnv = {}) {
  const temporary = temporaryFolder(context);
  const run: SpawnSyncReturns<string> = spawnSync(process.execPath, [PROGRAM], {
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
  says("09:55:01", "edge-lyon/Ping", "→ resolve (met nothing)");
  says("Met nothing: the connector has just started, without a journal");
  // Events without a time come at the story's clock, and so do their incidents.
  says("10:08:20", "poller Poller-Lyon", "is silent", "→ trigger, critical");
  says("resolved", "critical", "10:08:20", "Poller-Lyon: NOT RESPONDING");
  const firstStory = lines.slice(
    0,
    lines.findIndex((text) => text.includes("BBDO 3: what PagerDuty shows")),
  );
  const clocks = firstStory.flatMap((text) => /^ {2}(\d\d:\d\d:\d\d) /.exec(text)?.[1] ?? []);
  assert.ok(clocks.length > 20);
  assert.deepEqual(clocks, [...clocks].sort());
  says("Sam Rivera", "acknowledges incident #1 in PagerDuty");
  says("Centreon", "web-01/Load is acknowledged: Sam Rivera (PagerDuty #1 …): batch job");
  says('"summary": "web-01/Load: CRITICAL - LOAD CRITICAL');
});

test("a proxy in the environment does not come between", (context) => {
  const { status, stdout } = runDemo(context, {
    https_proxy: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
  });
  assert.equal(status, 0, stdout);
});

test("README.md shows lines that the demo prints, in order", (context) => {
  const { lines } = runDemo(context);
  const page = readFileSync(fileURLToPath(new URL("../../../README.md", import.meta.url)), "utf8");
  const shown = /^\$ make demo\n(.*?)^```$/ms.exec(page)?.[1]?.trimEnd().split("\n") ?? [];
  assert.ok(shown.length > 10);
  let position = 0;
  let mayLeaveOut = true;
  for (const line of shown) {
    if (line.trim() === "…") {
      mayLeaveOut = true;
      continue;
    }
    const found = lines.indexOf(line, position);
    assert.ok(
      mayLeaveOut ? found >= 0 : found === position,
      `"${line}" is not what comes:\n${lines.join("\n")}`,
    );
    position = found + 1;
    mayLeaveOut = false;
  }
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

test("KEEP=1 leaves the page open and the connector running, and Ctrl-C ends both", async (context) => {
  const demo = await startKeptDemo(context);
  assert.ok(demo.lines.includes("The incidents are what the stories call for."));
  const page = await (await fetch(demo.url)).text();
  assert.match(page, /<title>PagerDuty sandbox<\/title>/);
  const incidents = (await (await fetch(`${demo.url}sandbox/alerts`)).json()) as unknown[];
  assert.ok(incidents.length > 0);
  const children = childrenOf(demo.pid);
  assert.equal(children.length, 1);

  assert.equal(await demo.interrupt(), 0);
  assert.equal(demo.lines.at(-1), "The sandbox and the connector have ended.");
  assert.deepEqual(children.filter(isRunning), []);
  assert.deepEqual(demo.leftBehind(), []);
  await assert.rejects(fetch(demo.url));
});

test("POST /sandbox/stop ends a kept demo, too", async (context) => {
  const demo = await startKeptDemo(context);
  const children = childrenOf(demo.pid);
  await fetch(`${demo.url}sandbox/stop`, { method: "POST" });
  assert.equal(await demo.untilEnd(), 0);
  assert.deepEqual(children.filter(isRunning), []);
  assert.deepEqual(demo.leftBehind(), []);
});
