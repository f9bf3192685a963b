// The sandbox as a program: its first line, its options, and every way it ends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { KEY, OTHER_KEY, trigger } from "./test_support.js";

const PROGRAM = fileURLToPath(new URL("./main.js", import.meta.url));

interface FirstLine {
  url: string;
  tls_url: string;
  ca_file: string;
  pid: number;
}

/** Starts the program; it ends with the test, however that goes. */
function run(context: TestContext, ...options: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [PROGRAM, ...options]);
  context.after(() => child.kill());
  return child;
}

async function start(context: TestContext, ...options: string[]) {
  const child = run(context, "--max-seconds", "60", ...options);
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return { child, line: JSON.parse(chunk.toString()) as FirstLine };
}

/** A port where nobody listens, among those that the system gives to nobody who asks for any (below 32768). */
async function portOfNobody(): Promise<number> {
  for (;;) {
    const port = 20_000 + randomInt(12_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}

async function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

async function statusOf(url: string, body: unknown): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/v2/enqueue`, { method: "POST", headers, body: JSON.stringify(body) });
  return response.status;
}

describe("the program", () => {
  it("says where it listens", async (context) => {
    const { child, line } = await start(context);
    assert.deepEqual(Object.keys(line), ["url", "tls_url", "ca_file", "pid"]);
    assert.match(line.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(line.tls_url, /^https:\/\/localhost:\d+$/);
    assert.equal(line.pid, child.pid);
    assert.ok(existsSync(line.ca_file));
    assert.equal(await statusOf(line.url, trigger("a")), 202);
  });

  it("says it to a person in words, when asked", async (context) => {
    const child = run(context, "--max-seconds", "60", "--in-words");
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    const [, page = ""] = /^The page: +(http\S+)$/m.exec(chunk.toString()) ?? [];
    assert.match(await (await fetch(page)).text(), /<title>PagerDuty sandbox/);
    const [, events = ""] = /^Events API: +(http\S+)\/v2\/enqueue$/m.exec(chunk.toString()) ?? [];
    assert.equal(await statusOf(events, trigger("a")), 202);
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends on ${signal}, with requests under way, and leaves no files`, async (context) => {
      const { child, line } = await start(context);
      await fetch(`${line.url}/sandbox/faults`, { method: "POST", body: '{"kind":"endless"}' });
      const endless = await fetch(`${line.url}/v2/enqueue`, { method: "POST", body: "{}" });
      assert.equal(endless.status, 202);
      child.kill(signal);
      assert.equal(await exitOf(child), 0);
      assert.ok(!existsSync(dirname(line.ca_file)));
      await assert.rejects(endless.text());
    });
  }

  it("ends when told over HTTP, after answering", async (context) => {
    const { child, line } = await start(context);
    const exit = exitOf(child);
    const response = await fetch(`${line.url}/sandbox/stop`, { method: "POST" });
    assert.deepEqual(await response.json(), { stopping: true });
    assert.equal(await exit, 0);
  });

  it("ends with its parent", async (context) => {
    const { child } = await start(context, "--exit-with-parent");
    child.stdin.end();
    assert.equal(await exitOf(child), 0);
  });

  it("does not need its standard input otherwise", async (context) => {
    const { child, line } = await start(context);
    child.stdin.end();
    assert.equal(await statusOf(line.url, trigger("a")), 202);
  });

  it("ends by itself after a time", async (context) => {
    const child = run(context, "--max-seconds", "1");
    assert.equal(await text(child.stderr), "sandbox: ending after 1 s (--max-seconds)\n");
  });

  it("takes ports, a directory, keys and a rate limit", async (context) => {
    const tlsDir = await mkdtemp(join(tmpdir(), "sandbox-test-"));
    context.after(() => rm(tlsDir, { recursive: true }));
    const port = await portOfNobody();
    const keys = ["--routing-key", KEY, "--routing-key", OTHER_KEY];
    const more = ["--port", String(port), "--tls-dir", tlsDir, "--rate-limit", "1"];
    const { child, line } = await start(context, ...keys, ...more);
    assert.equal(line.url, `http://127.0.0.1:${port}`);
    assert.equal(dirname(line.ca_file), tlsDir);
    assert.equal(await statusOf(line.url, trigger("a")), 202);
    assert.equal(await statusOf(line.url, trigger("a")), 429);
    assert.equal(await statusOf(line.url, trigger("a", { routing_key: OTHER_KEY })), 202);
    assert.equal(await statusOf(line.url, trigger("a", { routing_key: "x".repeat(32) })), 400);

    const second = run(context, "--port", String(port));
    assert.match(await text(second.stderr), /^sandbox: .*EADDRINUSE.*: choose another one/);

    child.kill();
    await exitOf(child);
    assert.ok(existsSync(line.ca_file), "a directory that was given is left as it is");
  });

  for (const [options, complaint] of [
    [["--colour"], /--colour/],
    [["--port", "x"], /--port takes a whole number up to 65535, not "x"/],
    [["--port", "65536"], /--port takes/],
    [["--routing-key", "short"], /--routing-key takes 32 characters/],
  ] as const) {
    it(`refuses ${options.join(" ")}, and shows its usage`, async (context) => {
      const child = run(context, ...options);
      const [complained, code] = await Promise.all([text(child.stderr), exitOf(child)]);
      assert.match(complained, complaint);
      assert.match(complained, /Usage: main\.js/);
      assert.equal(code, 2);
    });
  }
});
