// The commands that centreon-pagerduty hands over to centreon-pagerduty.lua, from a clone and installed: which Lua runs
// it, with which arguments, and which pagerduty.lua it is told to use.
import assert from "node:assert/strict";
import { chmod, cp, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { SCRIPT, VERSION, cloneFor, folderFor, run } from "./test_support.js";

const COMMANDS = [
  "check",
  "smoke",
  "fire",
  "clear",
  "explain",
  "replay",
  "status",
  "incidents",
  "oncall",
  "reconcile",
  "retry",
  "resolve",
  "forget",
  "whatever",
];

/** The program installed below a root, as `make install` and the packages do. */
async function installedFor(context: TestContext): Promise<string> {
  const [clone, root] = [await cloneFor(context), await folderFor(context)];
  await mkdir(join(root, "usr/bin"), { recursive: true });
  await cp(join(clone, "packaging/centreon-pagerduty"), join(root, "usr/bin/centreon-pagerduty"));
  await chmod(join(root, "usr/bin/centreon-pagerduty"), 0o755);
  await cp(join(clone, "packaging/library"), join(root, "usr/share/centreon-pagerduty"), { recursive: true });
  const tool = "centreon-pagerduty.lua";
  await cp(join(clone, "dist", tool), join(root, "usr/share/centreon-pagerduty", tool));
  await cp(join(clone, "dist/pagerduty.lua"), root + SCRIPT);
  // As `make install` does, also from a clone that was made with another umask.
  await chmod(root + SCRIPT, 0o644);
  return root;
}

const lua = { CENTREON_PAGERDUTY_LUA: "lua5.3", LUA_PATH: "as it was;;" };

describe("handing over", () => {
  it("passes command and arguments on as they are, and the exit code back", async (context) => {
    const clone = await cloneFor(context);
    const program = join(clone, "packaging/centreon-pagerduty");
    for (const command of COMMANDS) {
      const { status, stdout } = await run([command, "--plugin", "a b", "*"], { program, env: lua });
      assert.equal(status, 7);
      assert.equal(stdout.split("\n")[0], `${command}|--plugin|a b|*`);
    }
    const { stdout } = await run(["help", "check"], { program, env: lua });
    assert.equal(stdout.split("\n")[0], "check|--help");
  });

  it("leaves LUA_PATH as it is, and uses the Lua that was found", async (context) => {
    const program = join(await cloneFor(context), "packaging/centreon-pagerduty");
    const { stdout } = await run(["check"], { program, env: { ...lua, CENTREON_PAGERDUTY_LUA: "lua5.4" } });
    assert.match(stdout, /\tas it was;;\tLua 5\.4$/m);
  });

  it("names the pagerduty.lua of the clone", async (context) => {
    const clone = await cloneFor(context);
    const program = join(clone, "packaging/centreon-pagerduty");
    const { stdout } = await run(["check"], { program, env: lua });
    assert.equal(stdout.split("\n")[1]?.split("\t")[0], join(clone, "dist/pagerduty.lua"));
  });

  it("names the pagerduty.lua in place, when installed, also through a symbolic link", async (context) => {
    const root = await installedFor(context);
    await symlink(join(root, "usr/bin/centreon-pagerduty"), join(root, "link"));
    for (const program of ["usr/bin/centreon-pagerduty", "link"]) {
      const { stdout, status } = await run(["check"], { program: join(root, program), env: lua });
      assert.equal(status, 7);
      assert.equal(stdout.split("\n")[1]?.split("\t")[0], root + SCRIPT);
    }
  });

  it("names the one that is asked for", async (context) => {
    const program = join(await cloneFor(context), "packaging/centreon-pagerduty");
    const env = { ...lua, CENTREON_PAGERDUTY_CONNECTOR: "/elsewhere.lua" };
    const { stdout } = await run(["check"], { program, env });
    assert.match(stdout, /^\/elsewhere\.lua\t/m);
  });

  it("says when its library is missing", async (context) => {
    const root = await installedFor(context);
    await rm(join(root, "usr/share/centreon-pagerduty/centreon-pagerduty.lua"));
    const { status, stderr } = await run(["check"], {
      program: join(root, "usr/bin/centreon-pagerduty"),
      env: lua,
    });
    assert.equal(status, 1);
    assert.match(stderr, /centreon-pagerduty\.lua is missing: check needs it/);
  });
});

describe("the monitoring plugin", () => {
  it("is UNKNOWN, on standard output, where there is no Lua to run it", async (context) => {
    const program = join(await cloneFor(context), "packaging/centreon-pagerduty");
    const env = { CENTREON_PAGERDUTY_LUA: "/missing/lua" };
    const reason = "CENTREON_PAGERDUTY_LUA is /missing/lua, which cannot be run";
    for (const words of [
      ["status", "--plugin"],
      ["status", "--stale", "60", "--plugin", "--all"],
    ]) {
      const plugin = await run(words, { program, env });
      assert.deepEqual([plugin.status, plugin.stdout, plugin.stderr], [3, `UNKNOWN - ${reason}\n`, ""]);
    }
    const person = await run(["status"], { program, env });
    assert.deepEqual([person.status, person.stdout], [1, ""]);
    assert.ok(person.stderr.includes(reason));
  });
});

describe("install and uninstall of an installed program", () => {
  it("find the file in place, and leave it to the package", async (context) => {
    const root = await installedFor(context);
    const program = join(root, "usr/bin/centreon-pagerduty");
    const installed = await run(["install", "--root", root], { program });
    assert.equal(installed.status, 0, installed.said);
    assert.match(installed.stdout, /It is in place\./);
    const uninstalled = await run(["uninstall", "--root", root], { program });
    assert.equal(uninstalled.status, 0, uninstalled.said);
    assert.match(uninstalled.stdout, /It came with this program, and goes with it/);
    assert.equal((await run(["--version"], { program })).stdout, `centreon-pagerduty ${VERSION}\n`);
  });
});
