// What one uses all day: `make spec-one`, and the watching behind `make watch`.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

/** The repository, seen from build/tools/. */
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

describe("make spec-one", () => {
  const specOne = (...settings: string[]) =>
    spawnSync("make", ["--no-print-directory", "spec-one", ...settings], { cwd: PROJECT, encoding: "utf8" });
  const successesIn = (said: string): number => Number(/^(\d+) success/m.exec(said)?.[1]);

  it("runs one spec on the Lua that is named, and of it what FILTER names", () => {
    const all = specOne("SPEC=spec/settings/nearest_name_spec.ts", "LUA=5.4");
    assert.equal(all.status, 0, all.stdout + all.stderr);
    const some = specOne("SPEC=spec/settings/nearest_name_spec.ts", "LUA=5.4", "FILTER=nothing");
    assert.equal(some.status, 0, some.stdout + some.stderr);
    assert.ok(successesIn(some.stdout) >= 1, some.stdout);
    assert.ok(successesIn(some.stdout) < successesIn(all.stdout), all.stdout);
  });

  it("says what is missing: a spec, a Lua", () => {
    assert.match(specOne().stderr, /which spec\? SPEC=spec\/text\/utf8_spec\.ts/);
    const unknown = spawnSync("tools/specs.sh", ["5.9", "build/spec"], { cwd: PROJECT, encoding: "utf8" });
    assert.notEqual(unknown.status, 0);
    assert.match(unknown.stderr, /lua5\.9 is not there: run make setup/);
  });
});

it("watching runs the command at once, and for each source that is changed, added or removed", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "centreon-pagerduty-"));
  mkdirSync(join(folder, "src"));
  const source = (name: string): string => join(folder, "src", name);
  writeFileSync(source("a.ts"), "1");
  const watching = spawn(join(PROJECT, "tools/watch.sh"), ["ls", "src"], { cwd: folder });
  context.after(() => {
    watching.kill();
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface(watching.stdout)[Symbol.asyncIterator]();
  const nextRun = async (): Promise<string[]> => {
    const said: string[] = [];
    for (;;) {
      const next = await lines.next();
      assert.ok(next.done !== true, "the watching ended");
      const line: string = next.value;
      if (line === "waiting for a change …") return said;
      said.push(line);
    }
  };
  assert.deepEqual(await nextRun(), ["a.ts"]);
  writeFileSync(source("a.ts"), "2");
  assert.deepEqual(await nextRun(), ["a.ts"]);
  writeFileSync(source("b.ts"), "1");
  assert.deepEqual((await nextRun()).at(-1), "b.ts");
  rmSync(source("a.ts"));
  assert.deepEqual(await nextRun(), ["b.ts"]);
});
