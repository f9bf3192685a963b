// `centreon-pagerduty uninstall`: that the tree is as before, that only our output is deleted, and what stays, by name.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import {
  KEY,
  SCRIPT,
  SCRIPTS,
  assertLoggedOut,
  centreonFor,
  run,
  scratchRoot,
  tree,
  unifiedSql,
  write,
} from "./test_support.js";

const WRITTEN = [
  "/var/lib/centreon-broker/pagerduty.state",
  "/var/lib/centreon-broker/pagerduty.state.lock",
  "/var/lib/centreon-broker/pagerduty.quarantine",
  "/var/lib/centreon-broker/pagerduty.status",
  "/var/log/centreon-broker/stream-connector-pagerduty.log",
  "/var/log/centreon-broker/stream-connector-pagerduty.log.1",
];

/** A root where the broker has its own files, before anything of ours is there. */
async function usedRoot(context: TestContext): Promise<string> {
  const root = await scratchRoot(context);
  await write(`${root}/var/lib/centreon-broker/central-broker-master.queue`, "queue");
  await write(`${root}/var/log/centreon-broker/central-broker-master.log`, "log");
  return root;
}

async function useConnector(root: string): Promise<void> {
  for (const path of WRITTEN) await write(root + path, "written by the connector");
}

describe("what install brought", () => {
  it("is gone: files with their modes, and outputs, are as before", async (context) => {
    const root = await usedRoot(context);
    const centreon = await centreonFor(context);
    const before = tree(root);
    await run(["install", "--root", root, `--routing-key=${KEY}`, ...centreon.args]);
    assert.equal(centreon.broker.outputs.length, 2);
    await useConnector(root);
    const { status, said } = await run(["uninstall", "--root", root, "--purge", ...centreon.args]);
    assert.equal(status, 0, said);
    assert.deepEqual(tree(root), before);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
    assertLoggedOut(centreon);
  });

  it("is gone without the API, too; what to click is printed", async (context) => {
    const root = await usedRoot(context);
    const before = tree(root);
    await run(["install", "--root", root]);
    const { status, stdout } = await run(["uninstall", "--root", root, "--broker", "b1", "--name", "P"]);
    assert.equal(status, 0);
    assert.deepEqual(tree(root), before);
    assert.match(stdout, /Broker configuration > b1 > tab Output\n {2}2\. delete the output P\n/);
    assert.match(stdout, /Incidents that are open stay open/);
  });

  it("need not be there", async (context) => {
    const root = await usedRoot(context);
    const centreon = await centreonFor(context);
    const before = tree(root);
    const { status, stdout } = await run(["uninstall", "--root", root, ...centreon.args]);
    assert.equal(status, 0);
    assert.match(stdout, /There is none\.\nRemove .*\n {2}It is not there\./);
    assert.deepEqual(tree(root), before);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
  });
});

describe("what others own stays", () => {
  it("an output of the name that runs another script", async (context) => {
    const root = await usedRoot(context);
    const centreon = await centreonFor(context);
    const parameters = { path: `${SCRIPTS}/another.lua`, filters_category: ["neb"], lua_parameter: [] };
    const other = { id: 9, name: "PagerDuty", type: 33, parameters };
    centreon.broker.outputs.push(other);
    const { status, stderr } = await run(["uninstall", "--root", root, ...centreon.args]);
    assert.equal(status, 0);
    assert.match(stderr, /output PagerDuty \(number 9\) runs another script, and stays/);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql, other]);
  });

  it("a pagerduty.lua of another program", async (context) => {
    const root = await usedRoot(context);
    await write(root + SCRIPT, "-- a connector that someone wrote\n");
    const before = tree(root);
    const { stderr } = await run(["uninstall", "--root", root]);
    assert.match(stderr, /pagerduty\.lua is another program's, and stays/);
    assert.deepEqual(tree(root), before);
  });
});

describe("what the connector wrote", () => {
  it("is named, and stays", async (context) => {
    const root = await usedRoot(context);
    await run(["install", "--root", root]);
    await useConnector(root);
    const { stdout } = await run(["uninstall", "--root", root]);
    assert.match(stdout, /What the connector wrote stays \(--purge removes it\):\n/);
    for (const path of WRITTEN) {
      assert.ok(stdout.includes(`  ${root}${path}\n`), path);
      assert.ok(existsSync(root + path), path);
    }
    assert.equal(existsSync(root + SCRIPT), false);
  });
});

describe("when Centreon cannot be asked", () => {
  it("nothing is removed", async (context) => {
    const root = await usedRoot(context);
    const centreon = await centreonFor(context, { isAdministrator: false });
    await run(["install", "--root", root]);
    await useConnector(root);
    const before = tree(root);
    const { status, stdout, stderr } = await run(["uninstall", "--root", root, "--purge", ...centreon.args]);
    assert.equal(status, 1);
    assert.match(stderr, /may not use CLAPI over REST/);
    assert.match(stdout, /2\. delete the output PagerDuty/);
    assert.deepEqual(tree(root), before);
  });
});

describe("a dry run", () => {
  it("names everything that would go, and removes nothing", async (context) => {
    const root = await usedRoot(context);
    const centreon = await centreonFor(context);
    await run(["install", "--root", root]);
    await useConnector(root);
    const before = tree(root);
    const args = ["--root", root, "--purge", "--dry-run", "--restart", ...centreon.args];
    const { status, stdout } = await run(["uninstall", ...args]);
    assert.equal(status, 0);
    for (const path of [SCRIPT, ...WRITTEN]) assert.ok(stdout.includes(root + path), path);
    assert.match(stdout, /Delete the output PagerDuty of central-broker-master, through http/);
    assert.deepEqual(tree(root), before);
    assert.deepEqual(centreon.requests, []);
  });
});
