// Where key, password and token may not be: in the arguments or the environment of any process, in what the program
// says, in files. Looked for in /proc while requests are under way, and in the arguments of every program that is run.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  PASSWORD,
  centreonFor,
  cloneFor,
  keyFileFor,
  programsFor,
  run,
  scratchRoot,
  tree,
  write,
} from "./test_support.js";
import type { Request } from "./centreon.js";

/** Of this test alone: others that run meanwhile give theirs as arguments. */
const KEY = randomBytes(16).toString("hex");
const TOKEN = randomBytes(16).toString("hex");

/** Processes that have one of the texts in their arguments or their environment, as far as they may be read. */
function processesShowing(secrets: string[]): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const file of ["cmdline", "environ"]) {
      let content = "";
      try {
        content = readFileSync(`/proc/${pid}/${file}`, "utf8");
      } catch {
        // It has ended, or is someone else's.
      }
      if (secrets.some((secret) => content.includes(secret))) found.push(`${pid} ${file}: ${content}`);
    }
  }
  return found;
}

describe("the processes of the machine", () => {
  for (const [how, give] of [
    ["as an argument", () => ["--routing-key", KEY]],
    ["as an argument with =", () => [`--routing-key=${KEY}`]],
    ["in a file", (file: string) => ["--routing-key-file", file]],
    ["on standard input", () => ["--routing-key-file", "-"]],
  ] as const) {
    it(`show neither key, password nor token: key ${how}`, async (context) => {
      const root = await scratchRoot(context);
      const seen: string[] = [];
      let curls = 0;
      const onRequest = ({ tokens: { v1, v2 } }: Request): void => {
        const secrets = [KEY, PASSWORD, v1, v2].filter((secret) => secret !== undefined);
        seen.push(...processesShowing(secrets));
        curls += processesShowing(["curl\0--config\0-\0"]).length;
      };
      const centreon = await centreonFor(context, { onRequest });
      const args = ["install", "--root", root, ...give(await keyFileFor(context, KEY)), ...centreon.args];
      // A variable of the same name, exported by whoever calls this, would carry the secret to every child.
      const env = {
        routing_key: "x",
        password: "x",
        token: "x",
        exchange: "x",
        answer: "x",
        hidden_key: "x",
        values: "x",
        secret: "x",
        clean: "x",
      };
      const { status, said } = await run(args, { input: KEY, env });
      assert.equal(status, 0, said);
      assert.equal(centreon.broker.outputs[1]?.parameters.lua_parameter[0]?.value, KEY);
      assert.deepEqual(seen, []);
      // The look into /proc is no look past: each request was seen with the process that made it.
      assert.ok(curls >= centreon.requests.length, `${curls} for ${centreon.requests.length}`);
    });
  }

  it("show no API token", async (context) => {
    const seen: string[] = [];
    const onRequest = ({ tokens: { v1, v2 } }: Request): void => {
      seen.push(...processesShowing([v1 ?? v2 ?? KEY]));
    };
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context, { onRequest, apiToken: TOKEN });
    const file = await keyFileFor(context, TOKEN);
    const given = ["--api", centreon.url, "--token-file", file, "--routing-key-file", "-", "--export"];
    const { status, said } = await run(["install", "--root", root, ...given], { input: KEY });
    assert.equal(status, 0, said);
    assert.ok(centreon.requests.length > 4 && !said.includes(TOKEN));
    assert.deepEqual(seen, []);
  });
});

describe("programs that are run", () => {
  /** All that install and uninstall may run: PATH has nothing else. */
  const PROGRAMS = "cat chmod cmp cp curl find mv readlink rm sed systemctl tr lua5.3".split(" ");

  it("are few, and get no secret as an argument", async (context) => {
    const root = await scratchRoot(context);
    const where = (name: string): string =>
      name === "systemctl" ? "/bin/true" : execFileSync("which", [name], { encoding: "utf8" }).trim();
    const programs = await programsFor(
      context,
      Object.fromEntries(
        PROGRAMS.map((name) => [
          name,
          `#!/bin/sh\nprintf '%s ' ${name} "$@" >>"$CALLS"\necho >>"$CALLS"\nexec ${where(name)} "$@"\n`,
        ]),
      ),
    );
    const log = join(programs, "calls");
    await write(log, "");
    const centreon = await centreonFor(context);
    const env = { PATH: programs, CALLS: log };
    // The second time everything is in place, which is found out with programs of its own.
    for (const command of ["install", "install", "uninstall"]) {
      const key = command === "install" ? [`--routing-key=${KEY}`] : [];
      const args = [command, "--root", root, ...key, ...centreon.args, "--restart"];
      const { status, said } = await run(args, { env });
      assert.equal(status, 0, said);
      assert.equal(said.includes("not found"), false, said);
    }
    const calls = readFileSync(log, "utf8");
    for (const name of PROGRAMS) assert.match(calls, new RegExp(`^${name} `, "m"));
    assert.ok(!calls.includes(KEY) && !calls.includes(PASSWORD), calls);
    for (const { tokens } of centreon.requests) {
      for (const token of [tokens.v1, tokens.v2])
        assert.ok(token === undefined || !calls.includes(token), calls);
    }
  });
});

describe("what the program says and writes", () => {
  it("has no secret in it, whatever happens", async (context) => {
    const root = await scratchRoot(context);
    const key = ["--routing-key", KEY];
    for (const options of [{}, { version: "22.10" as const }, { isAdministrator: false }]) {
      const centreon = await centreonFor(context, options);
      for (const more of [[], ["--dry-run"], ["--broker", "no such"]]) {
        const { said } = await run(["install", "--root", root, ...key, ...centreon.args, ...more]);
        assert.ok(!said.includes(KEY) && !said.includes(PASSWORD), said);
      }
    }
    const files = tree(root).join("\n");
    assert.ok(!files.includes(KEY) && !files.includes(PASSWORD));
  });

  it("hides secrets that Centreon repeats in its complaints", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    // Centreon's own complaint, "Parameter '…' (…) is invalid", repeats the value.
    const { status, stderr } = await run(
      ["install", "--root", root, "--routing-key-file", "-", ...centreon.args, "--name", "n"],
      { input: KEY, program: await programThatSpoils(context) },
    );
    assert.equal(status, 1);
    assert.match(stderr, /Parameter 'lua_parameter\[\]\.type' \(\(hidden\)\) is invalid/);
  });
});

/** The program, with the key where Centreon wants the type of a parameter. */
async function programThatSpoils(context: Parameters<typeof scratchRoot>[0]): Promise<string> {
  const clone = await cloneFor(context);
  const path = join(clone, "packaging/library/install.sh");
  const text = readFileSync(path, "utf8");
  const spoiled = text.replace(`"$(parameter password `, `"$(parameter "$routing_key" `);
  assert.notEqual(spoiled, text);
  await write(path, spoiled);
  return join(clone, "packaging/centreon-pagerduty");
}
