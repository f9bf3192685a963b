// `rules`: what the rules say, in plain words; of one problem, which of them decides what; of a recording, which never fitted.
// And what `check` and `explain` say of them.
import {
  type Configuration,
  OWN_USER,
  type OutputSetup,
  type Run,
  assertLine,
  assertNowhere,
  runCommand,
  writeConfiguration,
} from "../support/commands";
import { CRITICAL, DISK, LOAD, createCentreon } from "../support/events";
import { decodeJson } from "../support/json";
import { outputOf, readFile, temporaryPath, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const KEY = "0123456789abcdef0123456789abcdef";
const TEAM_KEY = "fedcba9876543210fedcba9876543210";
const STORY = "spec/fixtures/events/story-bbdo3.jsonl";

const sandbox = useSandbox();
const stage = createStage(sandbox);
let configuration: Configuration;
let path: string;

/** An output with these rules in its file. */
function configure(rules: string, parameters: OutputSetup["parameters"] = {}): void {
  configuration = writeConfiguration({
    parameters: {
      pdy_routing_key: KEY,
      pdy_routing_key_dba: TEAM_KEY,
      http_server_url: "http://127.0.0.1:9/v2/enqueue",
      pdy_rules_file: "RULES",
      ...parameters,
    },
  });
  path = `${configuration.folder}/rules.lua`;
  writeFile(path, rules);
  const [text] = string.gsub(readFile(configuration.file) ?? "", "RULES", path);
  writeFile(configuration.file, text);
}

function run(...words: string[]): Run {
  // Hours are of some zone.
  const result = runCommand([...words, "--config", configuration.file], { environment: "TZ=UTC" });
  for (const key of [KEY, TEAM_KEY]) assertNowhere(result, key);
  return result;
}

/** How many lines have `part` in them. */
function told({ lines }: Run, part: string): number {
  return lines.filter((line) => string.find(line, part, 1, true)[0] !== undefined).length;
}

const RULES = `return {
  { name = "crown jewels", when = { criticality = "1-2", not_acknowledged = true }, page = true, severity = "critical" },
  { name = "nights", when = { service = { "Load", "Disk*" }, not_output = "*panic*", hours = "22:00-06:00" }, page = false },
  { name = "databases", when = { host = { pattern = "^db%-%d+$" }, kind = "service" }, route = "dba", wait = 90, stop = true },
  { name = "racks", when = { macro = { RACK = "B*" } }, details = { rack = "{macro:RACK}" }, links = { { "Rack {macro:RACK}", "https://x.example.com/" } } },
  { name = "words", when = { metric = { load1 = "> 5" }, volatile = false }, summary = "{host} is busy", group = "busy" },
}
`;

describe("centreon-pagerduty rules", () => {
  after_each(() => {
    stage.clear();
    configuration.remove();
  });

  it("lists the rules of the file in plain words and in order, then those of the parameters", () => {
    configure(RULES, {
      rejected_hosts: "^edge",
      pdy_routes: "service ^My -> dba",
      severity_by_criticality: "1:+1,2:+1",
    });
    const listed = run("rules");
    assert.equal(0, listed.code, listed.output);
    assert.same(
      [
        `ok: 5 rules in ${path}, and 15 of the parameters`,
        '  1. "crown jewels": when criticality "1-2" and not acknowledged: page, severity critical',
        '  2. "nights": when service "Load" or "Disk*", not output "*panic*" and hours "22:00-06:00": no page',
        '  3. "databases": when host pattern "^db%-%d+$" and kind "service": to "dba", wait 90 s, no later rule',
        '  4. "racks": when macro RACK "B*": details rack, links "Rack {macro:RACK}"',
        '  5. "words": when metric load1 "> 5" and not volatile: summary "{host} is busy", group "busy"',
      ],
      listed.lines.slice(0, 6),
    );
    assertLine(listed, "  9. rejected_hosts = ^edge: what it leaves out does not page");
    assertLine(listed, '. pdy_routes "service ^My -> dba"');
    assertLine(listed, ". severity_by_criticality = 1:+1,2:+1");
  });

  it("says so where there is no file", () => {
    configure("", { pdy_rules_file: "" });
    assertLine(run("rules"), "ok: no pdy_rules_file is set, 12 rules of the parameters");
  });

  it("says what is wrong with a file, and that the last good one holds", () => {
    configure("return {\n  { name = 'x', when = { hots = 'web' }, page = false },\n}");
    const bad = run("rules");
    assert.equal(1, bad.code);
    assertLine(
      bad,
      `FAILED rules: ${path}: line 2: rule "x": when.hots: there is no such condition: did you mean host?`,
    );
    assertLine(
      run("rules", "/missing.lua"),
      "FAILED rules: /missing.lua: ",
      "No such file or directory: correct the path",
    );
  });

  it("says of a problem which rule decides what, and on what the others fail", () => {
    configure(RULES);
    const night = run(
      "rules",
      "--host",
      "web-01",
      "--service",
      "Load",
      "--state",
      "warning",
      "--at",
      "2026-11-27 03:00",
    );
    assert.equal(0, night.code, night.output);
    assert.same(
      [
        `ok: web-01/Load, WARNING at 2026-11-27 03:00: no page (5 rules in ${path})`,
        '  page      no        rule "nights" of pdy_rules_file says page = false',
        "  severity  warning   severity_service_warning",
        "  route     default   no rule says another",
        "  wait      none      no rule says one",
        '  1. "crown jewels" fails on criticality "1-2"',
        '  2. "nights" fits: when service "Load" or "Disk*", not output "*panic*" and hours "22:00-06:00": no page',
        '  3. "databases" fails on host pattern "^db%-%d+$"',
        '  4. "racks" fails on macro RACK "B*"',
        '  5. "words" fails on metric load1 "> 5"',
      ],
      night.lines,
    );
    const grave = run(
      "rules",
      "--host",
      "web-01",
      "--service",
      "Load",
      "--criticality",
      "2",
      "--at",
      "2026-11-27 03:00",
    );
    assertLine(grave, 'page      yes       rule "crown jewels" of pdy_rules_file');
    assertLine(grave, 'severity  critical  rule "crown jewels" of pdy_rules_file');
    assertLine(
      run("rules", "--host", "web-01", "--criticality", "1", "--acknowledged"),
      "fails on not acknowledged",
    );
    const panic = run(
      "rules",
      "--host",
      "web-01",
      "--service",
      "Load",
      "--plugin-output",
      "kernel panic",
      "--at",
      "2026-11-27 03:00",
    );
    assertLine(panic, '"nights" fails on not output "*panic*"');
  });

  it("says what a rule that ends it all leaves out, and what it waits for", () => {
    configure(RULES);
    const stopped = run("rules", "--host", "db-7", "--service", "MySQL", "--macro", "rack=B7");
    assertLine(stopped, ": it pages if it lasts 1 min: critical, to dba (");
    assertLine(stopped, 'route     dba       rule "databases" of pdy_rules_file');
    assertLine(stopped, '  4. "racks" is not asked: a rule before it says stop');
    assertNowhere(stopped, "  details ");
  });

  it("fills in the texts that rules say", () => {
    configure(RULES);
    const words = run(
      "rules",
      "--host",
      "web-01",
      "--service",
      "Load",
      "--macro",
      "RACK=B7",
      "--metric",
      "load1=7.1",
      "--at",
      "12:00",
    );
    assertLine(words, "  summary   web-01 is busy");
    assertLine(words, '  group     busy      rule "words" of pdy_rules_file');
    assertLine(words, '  details   rack      rule "racks" of pdy_rules_file');
    assertLine(words, '  links     Rack B7   rule "racks" of pdy_rules_file');
  });

  it("speaks of business activities and silent pollers, too", () => {
    configure('return { { name = "all", page = false } }');
    assertLine(run("rules", "--business-activity", "Web shop"), "ok: Web shop, CRITICAL at ", ": no page");
    assertLine(run("rules", "--poller", "Lyon"), "page      yes       a silent poller is nobody's to filter");
  });

  it("prints JSON for programs", () => {
    configure(RULES);
    const { output, code } = run("rules", "--json", "--host", "db-1", "--service", "Load", "--at", "12:00");
    assert.equal(0, code, output);
    const said = decodeJson(output) as {
      file: string;
      rules: { name: string; fits: boolean; unmet: string[] }[];
      decided: { thing: string; value: string; by: string }[];
    };
    assert.equal(path, said.file);
    assert.same(
      ["crown jewels", "nights", "databases", "racks", "words"],
      said.rules.map(({ name }) => name),
    );
    assert.same(
      [false, false, true, false, false],
      said.rules.map(({ fits }) => fits),
    );
    assert.same(['hours "22:00-06:00"'], said.rules[1]?.unmet);
    assert.same(
      ["page yes", "severity critical", "route dba", "wait 1 min"],
      said.decided.map(({ thing, value }) => `${thing} ${value}`),
    );
  });

  it("complains of what it does not understand", () => {
    configure(RULES);
    for (const [says, ...words] of [
      ["--state is of a problem: name its --host", "--state", "DOWN"],
      ['--state "BAD": expected DOWN or UNREACHABLE', "--host", "x", "--state", "BAD"],
      [
        '--state "DOWN": expected WARNING, CRITICAL or UNKNOWN',
        "--host",
        "x",
        "--service",
        "y",
        "--state",
        "DOWN",
      ],
      ["--service needs its --host", "--service", "y", "--poller", "z"],
      ['--at "25:00": expected a time', "--host", "x", "--at", "25:00"],
      ['--macro "RACK": expected NAME=VALUE', "--host", "x", "--macro", "RACK"],
      ['--criticality "high": expected a number', "--host", "x", "--criticality", "high"],
      ["is one word too many", "a.lua", "b.lua"],
    ]) {
      const wrong = run("rules", ...words);
      assert.equal(2, wrong.code, wrong.output);
      assertLine(wrong, says as string);
    }
    assertLine(
      run("rules", "--recording", "/missing.jsonl"),
      "FAILED rules: /missing.jsonl: No such file or directory: correct the path",
    );
  });

  it("names the rules that never fitted in a recording, and those of which it cannot tell", () => {
    configure(`return {
      { name = "load", when = { service = "Load" }, severity = "warning" },
      { name = "staging", when = { host_group = "Staging" }, severity = "warning" },
      { name = "linux", when = { host_group = "Linux*" }, severity = "warning" },
      { name = "owner", when = { macro = { ONCALL = "*" } }, route = "{macro:ONCALL}" },
      { name = "that October", when = { hours = "thu 08:00-10:00" }, details = { when = "then" } },
      { name = "nights", when = { hours = "22:00-04:00" }, page = false },
    }`);
    const told = run("rules", "--recording", STORY);
    assertLine(told, `never fitted in ${STORY} (10 problems in 62 events): "staging", "nights"`);
    assertLine(told, 'since recordings have no macros: "owner"');
    configure('return { { name = "load", when = { service = "Load" }, severity = "warning" } }');
    assertLine(run("rules", "--recording", STORY), "every rule of the file fitted in ");
    // One that was cut in the middle of a line.
    const cut = temporaryPath(".jsonl");
    writeFile(cut, string.sub(readFile(STORY) ?? "", 1, -3));
    const torn = run("rules", "--recording", cut);
    os.remove(cut);
    assert.equal(0, torn.code, torn.output);
    assertLine(torn, "every rule of the file fitted in ", "(10 problems in 61 events)");
    assertLine(torn, `WARNING ${cut}: line 62: `);
  });

  /** A broker that holds what its rules say, and its configuration for the command. */
  function startHolding(rules: string): Actor {
    configure(rules);
    const actor = stage.start({ parameters: { pdy_rules_file: path, log_level: 3 } });
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    actor.settle();
    return actor;
  }

  it("says what a file that is not used yet would free", () => {
    const actor = startHolding('return { { name = "all", page = false } }');
    const other = `${actor.folder}/other.lua`;
    writeFile(other, 'return { { name = "disks", when = { service = "Disk" }, page = false } }');
    const words = ["--config", `${actor.folder}/central-broker.json`];
    assertLine(
      runCommand(["rules", other, ...words]),
      'they free 1 problem, to page at once. What holds now: rule "all" of pdy_rules_file says page = false (1)',
    );
    assertLine(runCommand(["rules", ...words]), "of the problems that are held now they free none");
    const asked = runCommand(["rules", "--host", "web-01", "--service", "Disk", ...words]);
    assertLine(asked, "what the options do not say is what the journal has of it");
  });

  it("says that the last good file holds while it is bad", () => {
    const actor = startHolding('return { { name = "all", page = false } }');
    writeFile(path, "return { oops }");
    const words = ["--config", `${actor.folder}/central-broker.json`];
    const bad = runCommand(["rules", ...words]);
    assertLine(bad, `FAILED rules: ${path}: line 1, column 10: oops is a name`);
    assertLine(bad, "meanwhile the last good one holds, with 1 rule");
    // What the running output holds by, the commands go by, too.
    const explained = runCommand(["explain", STORY, ...words]);
    assertLine(explained, "WARNING parameters: pdy_rules_file", "the last good one holds instead (1 rule)");
    assertLine(explained, 'rule "all" of pdy_rules_file says page = false');
    // A silent poller is nobody's to filter.
    assert.same(
      [1, 1],
      [told(explained, "-> trigger"), told(explained, "-> trigger (critical) of poller_2")],
    );
  });

  it("shows on docs/rules.md what it prints", () => {
    const page = readFile("docs/rules.md") ?? "";
    configure(string.match(page, "\n```lua\n(.-)```\n")[0] ?? "");
    let shown = 0;
    for (const [block] of string.gmatch(page, "```\n( *%$ sudo centreon%-pagerduty rules.-)```")) {
      const expected: string[] = [];
      for (const [line] of string.gmatch(string.gsub(block ?? "", "\n   ", "\n")[0], "[^\n]+"))
        if (string.find(line ?? "", "%S")[0] !== undefined) expected.push(line ?? "");
      const command = string.match(expected.shift() ?? "", "^ *%$ sudo centreon%-pagerduty (.*)$")[0] ?? "";
      const words = outputOf(`printf '%s\\n' ${command}`).split("\n");
      words.pop();
      const { lines } = run(...words.filter((word) => string.find(word, "^/etc")[0] === undefined));
      const printed = lines.map((line) => {
        const [there] = string.gsub(line, path, "/etc/centreon-broker/pagerduty-rules.lua");
        return string.gsub(there, "%d%d%d%d%-%d%d%-%d%d", "2026-11-27")[0];
      });
      const isCut = expected[expected.length - 1] === "…";
      if (isCut) expected.pop();
      assert.same(expected, isCut ? printed.slice(0, expected.length) : printed);
      shown += 1;
    }
    assert.equal(2, shown);
  });
});

describe("centreon-pagerduty check", () => {
  after_each(() => {
    configuration.remove();
  });

  const check = (): Run => run("check", "--offline", "--user", OWN_USER);

  it("reads the rules' file, and says how many rules are in it", () => {
    configure(RULES);
    assertLine(check(), `ok      pdy_rules_file: 5 rules in ${path}`);
  });

  it("says what is wrong with it", () => {
    configure("return { { name = 'x' } }");
    const bad = check();
    assert.equal(1, bad.code);
    assertLine(
      bad,
      `FAILED  parameters: pdy_rules_file ${path} is not used: line 1: rule "x": it says nothing`,
    );
    os.remove(path);
    assertLine(check(), `FAILED  pdy_rules_file: ${path}: it is not there: correct the path`);
  });

  it("says that everybody may change it", () => {
    configure(RULES);
    outputOf(`chmod 646 ${path}`);
    assertLine(check(), `WARNING pdy_rules_file: ${path}: every local user may change it: chmod o-w ${path}`);
    outputOf(`chmod 664 ${path}`);
    assertNowhere(check(), "every local user may change it");
  });
});

describe("centreon-pagerduty explain", () => {
  it("names the rules that decide", () => {
    configure(`return {
      { name = "load", when = { service = "Load" }, severity = "warning" },
      { name = "swap", when = { service = "Swap" }, page = false },
      { name = "databases", when = { host = "db-*" }, route = "dba" },
    }`);
    const explained = run("explain", STORY);
    assertLine(explained, "-> trigger (warning) of 11_22 to default");
    assertLine(explained, '(11_22) is told with severity warning by rule "load" of pdy_rules_file');
    assertLine(explained, '(12_25) is told with route dba by rule "databases" of pdy_rules_file');
    assertLine(explained, 'it is filtered out: rule "swap" of pdy_rules_file says page = false');
    configuration.remove();
  });
});
