// tools/bundle/transpile.js in a small project of the same form: what it makes, what it leaves alone, and what an error
// leaves behind. That the real bundles are what TypeScriptToLua makes is checked by `make lint`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { cp, mkdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, it } from "node:test";
import { fileURLToPath } from "node:url";

/** The repository, seen from build/tools/bundle/. */
const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

const SOURCES = {
  "src/main.ts": 'import { greeting } from "./text/greeting";\nprint(greeting("you"));\n',
  "src/commands/main.ts": 'import { greeting } from "../text/greeting";\nprint(greeting("all"));\n',
  "src/text/greeting.ts":
    "export function greeting(name: string): string {\n  // To be polite.\n  return `Hello ${name}`;\n}\n",
  "types/print.d.ts": "declare function print(this: void, text: string): void;\n",
  "spec/text/greeting_spec.ts":
    'import { greeting } from "../../src/text/greeting";\nprint(greeting("spec"));\n',
};

/** Long ago: what is written anew is newer. */
const BEFORE = new Date("2001-01-01");

async function projectFor(context: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "centreon-pagerduty-"));
  context.after(() => {
    rmSync(root, { recursive: true });
  });
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(root, dirname(name)), { recursive: true });
    await writeFile(join(root, name), text);
  };
  await mkdir(join(root, "spec"));
  const configuration = ["tsconfig.json", "tstl.json", "tstl.commands.json", "spec/tsconfig.json"];
  for (const name of [...configuration, "package.json", "package-lock.json"]) {
    await cp(join(PROJECT, name), join(root, name));
    await utimes(join(root, name), BEFORE, BEFORE);
  }
  await mkdir(join(root, "tools"));
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  symlinkSync(join(PROJECT, "tools/bundle"), join(root, "tools/bundle"));
  for (const [name, text] of Object.entries(SOURCES)) await write(name, text);
  return {
    write,
    read: (name: string): string => readFileSync(join(root, name), "utf8"),
    has: (name: string): boolean => existsSync(join(root, name)),
    remove: (name: string): void => {
      rmSync(join(root, name));
    },
    transpile: (): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(PROJECT, "tools/bundle/transpile.js")],
        { cwd: root, encoding: "utf8" },
      );
      return { status, said: stdout + stderr };
    },
    makeOld: async (...names: string[]): Promise<void> => {
      for (const name of names) await utimes(join(root, name), BEFORE, BEFORE);
    },
    isOld: (name: string): boolean => statSync(join(root, name)).mtimeMs === BEFORE.getTime(),
  };
}

const SUCCESS = { status: 0, said: "" };

it("makes a Lua file of each source, and the bundles of these", async (context) => {
  const project = await projectFor(context);
  assert.deepEqual(project.transpile(), SUCCESS);
  assert.match(project.read("build/spec/text/greeting_spec.lua"), /require\("src\.text\.greeting"\)/);
  assert.match(project.read("dist/pagerduty.lua"), /-- To be polite\.[^]*"you"/);
  assert.match(project.read("dist/centreon-pagerduty.lua"), /-- To be polite\.[^]*"all"/);
});

it("transpiles what a change concerns, and nothing else", async (context) => {
  const project = await projectFor(context);
  project.transpile();
  const others = ["build/src/main.lua", "build/src/commands/main.lua", "build/spec/text/greeting_spec.lua"];
  await project.makeOld(...others);
  await project.write(
    "src/text/greeting.ts",
    SOURCES["src/text/greeting.ts"].replace("Hello", "Good morning"),
  );
  assert.deepEqual(project.transpile(), SUCCESS);
  assert.match(project.read("build/src/text/greeting.lua"), /Good morning/);
  for (const bundle of ["dist/pagerduty.lua", "dist/centreon-pagerduty.lua"])
    assert.match(project.read(bundle), /Good morning/);
  for (const other of others) assert.ok(project.isOld(other), other);
});

it("checks what imports a changed type, and says what is wrong there", async (context) => {
  const project = await projectFor(context);
  project.transpile();
  await project.write(
    "src/text/greeting.ts",
    "export function greeting(count: number): string {\n  return `${count}`;\n}\n",
  );
  const { status, said } = project.transpile();
  assert.equal(status, 1);
  for (const file of ["src/main.ts", "src/commands/main.ts", "spec/text/greeting_spec.ts"])
    assert.match(said, new RegExp(`^${file}\\(2,16\\): error TS2345: .*'number'`, "m"));
});

it("leaves everything as it is on an error, and does all that is missing once it is mended", async (context) => {
  const project = await projectFor(context);
  project.transpile();
  const shipped = project.read("dist/pagerduty.lua");
  await project.write("src/text/greeting.ts", SOURCES["src/text/greeting.ts"].replace("Hello", "Hi"));
  await project.write("spec/text/greeting_spec.ts", "greet();\n");
  const broken = project.transpile();
  assert.equal(broken.status, 1);
  assert.match(broken.said, /^spec\/text\/greeting_spec\.ts\(1,1\): error TS2304: Cannot find name 'greet'/);
  assert.equal(project.read("dist/pagerduty.lua"), shipped);
  assert.doesNotMatch(project.read("build/src/text/greeting.lua"), /Hi/);
  await project.write("spec/text/greeting_spec.ts", SOURCES["spec/text/greeting_spec.ts"]);
  assert.deepEqual(project.transpile(), SUCCESS);
  assert.match(project.read("dist/pagerduty.lua"), /Hi/);
});

it("makes what was removed again", async (context) => {
  const project = await projectFor(context);
  project.transpile();
  const shipped = project.read("dist/pagerduty.lua");
  for (const name of ["build/src/text/greeting.lua", "dist/pagerduty.lua"]) project.remove(name);
  assert.deepEqual(project.transpile(), SUCCESS);
  assert.ok(project.has("build/src/text/greeting.lua"));
  assert.equal(project.read("dist/pagerduty.lua"), shipped);
});
