// The administrator's whole path, from "I have a key" to "I know it works", and back: the files that `make install`
// brings, the output through Centreon's API, the checks against a PagerDuty over TLS, and the tree as it was.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { startPagerDuty } from "../trial/pagerduty.js";
import {
  PROJECT,
  type Result,
  SCRIPT,
  centreonFor,
  keyFileFor,
  run,
  scratchRoot,
  tree,
  write,
} from "./test_support.js";

it("install, check, smoke, fire, clear, uninstall: all of it works, and nothing is left", async (context) => {
  const root = await scratchRoot(context);
  const pagerDuty = await startPagerDuty({ http2: true });
  context.after(() => pagerDuty.close());
  const centreon = await centreonFor(context);
  for (const folder of ["var/lib/centreon-broker", "var/log/centreon-broker", "usr/bin"]) {
    await write(join(root, folder, "another"), "another's file\n");
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
  const key = await keyFileFor(context);
  await succeed("install", "--root", root, "--routing-key-file", key, ...centreon.args);

  // What Centreon exports for the output that install added, with paths in the scratch root and our PagerDuty.
  const output = centreon.broker.outputs.at(-1);
  assert.ok(output !== undefined && output.parameters.path === SCRIPT);
  const more = {
    http_server_url: pagerDuty.tlsUrl,
    http_ca_file: pagerDuty.caFile,
    state_path: join(root, "var/lib/centreon-broker/pagerduty.state"),
    quarantine_path: join(root, "var/lib/centreon-broker/pagerduty.quarantine"),
    status_path: join(root, "var/lib/centreon-broker/pagerduty.status"),
    log_path: join(root, "var/log/centreon-broker/stream-connector-pagerduty.log"),
    pdy_centreon_url: "https://centreon.example.com",
  };
  const exported = {
    name: output.name,
    type: "lua",
    path: root + SCRIPT,
    filters: { category: output.parameters.filters_category },
    lua_parameter: [
      ...output.parameters.lua_parameter,
      ...Object.entries(more).map(([name, value]) => ({ type: "string", name, value })),
    ],
  };
  const folder = join(root, "etc/centreon-broker");
  await write(
    join(folder, "central-broker.json"),
    JSON.stringify({ centreonBroker: { output: [exported] } }),
  );
  const here = ["--config-dir", folder];

  const check = await succeed("check", ...here, "--user", userInfo().username);
  assert.match(check.stdout, /^ok: "PagerDuty" can send alerts to https:/);
  assert.doesNotMatch(check.stdout, /WARNING|FAILED/);
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

  await rm(folder, { recursive: true });
  await succeed("uninstall", "--root", root, "--purge", ...centreon.args);
  make("uninstall");
  assert.deepEqual(tree(root), before);
});
