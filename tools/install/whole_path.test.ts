// The administrator's whole path on each version of Centreon, from "I have a key" to "I know it works", and back: the
// files that `make install` brings, the output and its export through Centreon's API, the checks against a PagerDuty over
// TLS, and the tree and Centreon as they were.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { startPagerDuty } from "../trial/pagerduty.js";
import { ALL_VERSIONS } from "./centreon.js";
import type { LuaParameter } from "./centreon.js";
import {
  BROKER,
  KEY,
  PROJECT,
  type Result,
  SCRIPT,
  type TestCentreon,
  assertLoggedOut,
  centreonFor,
  keyFileFor,
  run,
  scratchRoot,
  tree,
  unifiedSql,
  write,
} from "./test_support.js";

const CONTEXT = join(PROJECT, "spec/fixtures/encrypted/engine-context.json");

/** What an administrator clicks where the API takes no output. */
function addByHand({ broker }: TestCentreon): void {
  broker.outputs.push({
    id: 2,
    name: "PagerDuty",
    type: 33,
    parameters: {
      path: SCRIPT,
      filters_category: ["neb"],
      lua_parameter: [{ type: "password", name: "pdy_routing_key", value: KEY }],
    },
  });
}

/** The exported configuration, with the paths of the scratch root and our PagerDuty. */
function adapted(content: string, root: string, more: Record<string, string>): string {
  const exported = JSON.parse(content) as {
    centreonBroker: { output: { path: string; lua_parameter: LuaParameter[] }[] };
  };
  for (const output of exported.centreonBroker.output) {
    output.path = root + output.path;
    for (const [name, value] of Object.entries(more))
      output.lua_parameter.push({ type: "string", name, value });
  }
  return JSON.stringify(exported);
}

for (const version of ALL_VERSIONS) {
  it(`Centreon ${version}: install, check, smoke, fire, clear, uninstall: all works, and nothing is left`, async (context) => {
    const root = await scratchRoot(context);
    const pagerDuty = await startPagerDuty({ http2: true });
    context.after(() => pagerDuty.close());
    const more = {
      http_server_url: pagerDuty.tlsUrl,
      http_ca_file: pagerDuty.caFile,
      state_path: join(root, "var/lib/centreon-broker/pagerduty.state"),
      quarantine_path: join(root, "var/lib/centreon-broker/pagerduty.quarantine"),
      status_path: join(root, "var/lib/centreon-broker/pagerduty.status"),
      log_path: join(root, "var/log/centreon-broker/stream-connector-pagerduty.log"),
      pdy_centreon_url: "https://centreon.example.com",
    };
    const folder = join(root, "etc/centreon-broker");
    const centreon = await centreonFor(context, {
      version,
      // What 25.10 makes of its passwords; the older ones export them as they are.
      encryption: JSON.parse(readFileSync(CONTEXT, "utf8")) as { app_secret: string; salt: string },
      onExport: ({ name, content }) => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(root, name), adapted(content, root, more));
      },
    });
    const places = "var/lib/centreon-broker var/log/centreon-broker usr/bin usr/share/man/man8";
    for (const place of `${places} usr/share/bash-completion/completions`.split(" ")) {
      await write(join(root, place, "another"), "another's file\n");
    }
    const before = tree(root);

    const make = (target: string): void => {
      execFileSync("make", [target, `DESTDIR=${root}`], { cwd: PROJECT });
    };
    const program = join(root, "usr/bin/centreon-pagerduty");
    const succeed = async (...args: string[]): Promise<Result> => {
      const result = await run(args, { program });
      assert.equal(result.status, 0, `${args.join(" ")}\n${result.said}`);
      return result;
    };

    make("install");
    const install = ["install", "--root", root, "--routing-key-file", await keyFileFor(context)];
    const first = await run([...install, ...centreon.args, "--export"], { program });
    if (first.status !== 0) {
      assert.match(first.stderr, /API cannot add outputs/);
      addByHand(centreon);
      await succeed(...install, ...centreon.args, "--export");
    }
    const here = ["--config-dir", folder, "--engine-context", CONTEXT];

    const check = await succeed("check", ...here, "--user", userInfo().username);
    assert.match(check.stdout, /^ok: "PagerDuty" can send alerts to https:/);
    // No broker runs it here.
    assert.deepEqual(check.stdout.match(/^(WARNING|FAILED) +\w+/gm), ["WARNING broker", "WARNING names"]);
    assert.deepEqual(await pagerDuty.requests(), []);

    await succeed("smoke", ...here);
    const [change] = await pagerDuty.requests();
    assert.equal(change?.path, "/v2/change/enqueue");
    assert.deepEqual(await pagerDuty.incidents(), []);

    await succeed("fire", ...here);
    const [opened] = await pagerDuty.incidents();
    assert.equal(opened?.state, "triggered");
    assert.match(opened.summary, /^TEST/);
    await succeed("clear", ...here);
    assert.deepEqual(
      (await pagerDuty.incidents()).map(({ state, pages }) => ({ state, pages })),
      [{ state: "resolved", pages: 1 }],
    );

    await succeed("uninstall", "--root", root, "--purge", ...centreon.args, "--export");
    const left = readFileSync(join(folder, `${BROKER}.json`), "utf8");
    assert.ok(!left.includes("pagerduty"), left);
    await rm(join(root, "etc/centreon-broker"), { recursive: true });
    make("uninstall");
    assert.deepEqual(tree(root), before);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
    assertLoggedOut(centreon);
  });
}
