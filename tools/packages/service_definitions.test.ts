// packaging/centreon: what CLAPI is told to create on a new Centreon works in the order in which it stands there, by the
// rules of centreon/centreon's CLAPI classes; its command runs; and the engine's own configuration says the same.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { PROJECT, folderFor, run } from "../install/test_support.js";

const FOLDER = join(PROJECT, "packaging/centreon");
const CONFIGURATION = readFileSync(join(FOLDER, "centreon-pagerduty.cfg"), "utf8");
const LINES = readFileSync(join(FOLDER, "centreon-pagerduty.clapi"), "utf8").trimEnd().split("\n");

/** What a new Centreon has: one poller, some time periods, neither hosts, services nor templates of them. */
function newCentreon(): Record<string, Set<string>> {
  return {
    INSTANCE: new Set(["Central"]),
    TP: new Set(["24x7", "none", "nonworkhours", "workhours"]),
    CMD: new Set(),
    HOST: new Set(),
    STPL: new Set(),
    SERVICE: new Set(),
  };
}

/** Parameters, as CentreonHost and CentreonServiceTemplate name them, and the kind of object that each value names. */
const SHARED = {
  check_command: "CMD",
  check_period: "TP",
  notification_period: "TP",
  max_check_attempts: "",
  retry_check_interval: "",
  active_checks_enabled: "",
};
const PARAMETERS: Record<string, Record<string, string>> = {
  HOST: { ...SHARED, check_interval: "" },
  STPL: { ...SHARED, normal_check_interval: "" },
};

/** Runs one line of CLAPI's import. */
function execute(centreon: Record<string, Set<string>>, line: string): void {
  const [object = "", action = "", name = "", ...values] = line.split(";");
  const known = (kind: string, wanted: string): void => {
    assert.ok(centreon[kind]?.has(wanted), `${line}: there is no ${kind} ${wanted}`);
  };
  const names = centreon[object];
  assert.ok(names !== undefined, `${line}: no such object`);
  switch (`${object} ${action.toLowerCase()}`) {
    case "CMD add":
      assert.equal(values[0], "check");
      assert.ok((values[1] ?? "").startsWith("/"));
      break;
    case "HOST add":
      // Alias, address, templates, poller, groups.
      assert.equal(values.length, 5, line);
      if (values[2] !== "") known("HTPL", values[2] ?? "");
      known("INSTANCE", values[3] ?? "");
      break;
    case "STPL add":
      assert.equal(values.length, 2, line);
      if (values[1] !== "") known("STPL", values[1] ?? "");
      break;
    case "SERVICE add":
      known("HOST", name);
      known("STPL", values[1] ?? "");
      names.add(`${name};${values[0] ?? ""}`);
      return;
    case "STPL setmacro":
      known("STPL", name);
      assert.equal(values.length, 3, line);
      return;
    default: {
      assert.equal(action, "SETPARAM", line);
      known(object, name);
      const kind = PARAMETERS[object]?.[values[0] ?? ""];
      assert.ok(kind !== undefined, `${line}: no such parameter`);
      if (kind !== "") known(kind, values[1] ?? "");
      return;
    }
  }
  assert.ok(!names.has(name), `${line}: there is one already`);
  names.add(name);
}

const macros = new Map(
  LINES.flatMap((line) => {
    const [, action, , name = "", value = ""] = line.split(";");
    return action === "setmacro" ? [[name, value] as const] : [];
  }),
);
const commandLine = /^CMD;ADD;check_centreon_pagerduty;check;(.*)$/m.exec(LINES.join("\n"))?.[1] ?? "";

describe("what CLAPI is told", () => {
  it("creates everything before it is named, on a new Centreon", () => {
    const centreon = newCentreon();
    for (const line of LINES) execute(centreon, line);
    assert.deepEqual([...(centreon.SERVICE ?? [])], ["centreon-central;PagerDuty"]);
  });

  it("gives the command every macro that it names, and none that it does not", () => {
    const named = [...commandLine.matchAll(/\$_SERVICE([A-Z]+)\$/g)].map(([, name]) => name);
    assert.deepEqual(named.sort(), [...macros.keys()].sort());
  });

  it("is a command that runs: without a broker, UNKNOWN in one line", async (context) => {
    const words = commandLine
      .replaceAll(/\$_SERVICE([A-Z]+)\$/g, (_, name: string) => macros.get(name) ?? "")
      .replaceAll("/var/lib/centreon-broker", await folderFor(context))
      .split(" ");
    const [program, ...args] = words;
    assert.equal(program, "/usr/bin/centreon-pagerduty");
    const { status, said } = await run(args, { env: { CENTREON_PAGERDUTY_LUA: "lua5.3" } });
    assert.equal(status, 3, said);
    assert.match(said, /^UNKNOWN - [^\n]*\n$/);
  });

  it("is what the engine's own configuration says, too", () => {
    assert.ok(CONFIGURATION.includes(`    command_line    ${commandLine}\n`));
    const theirs = [...CONFIGURATION.matchAll(/^ +_([A-Z]+) +(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    assert.deepEqual(new Map(theirs as [string, string][]), macros);
  });
});
