// docs/commands.md: every command in it is run as it stands, in order, and prints what the page says; README.md's check and
// smoke, too. The pages are written for a Centreon server; here the configuration is a spec's, and PagerDuty is the sandbox.
import { PARAMETERS } from "../../src/settings/parameters";
import { LUA } from "../support/brokerhost";
import { OWN_USER, runCommand } from "../support/commands";
import { CRITICAL, DISK, LOAD, WARNING, createCentreon } from "../support/events";
import { waitForLog } from "../support/log";
import { readFile, waitFor, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const PAGE = "docs/commands.md";
const README = "README.md";
const RULES_FILE = "/etc/centreon-broker/pagerduty-rules.lua";
const PLUGIN = "packaging/centreon/centreon-pagerduty.cfg";

/** Stands in an example for lines that are left out. */
const LEFT_OUT = "…";

interface Example {
  readonly command: string;
  readonly prints: readonly string[];
}

/** The commands of the page with what they print, in order. */
function examplesOf(page: string): Example[] {
  const examples: Example[] = [];
  for (const [block] of string.gmatch(page, "\n```\n(.-)```")) {
    let prints: string[] | undefined;
    for (const [line] of string.gmatch(block ?? "", "[^\n]+")) {
      const [command] = string.match(line ?? "", "^%$ sudo (.*)$");
      if (command !== undefined) {
        prints = [];
        examples.push({ command, prints });
      } else {
        prints?.push(line ?? "");
      }
    }
  }
  return examples;
}

/** Numbers differ from run to run, and so do PagerDuty's ids. */
function withoutNumbers(line: string): string {
  const [withoutIds] = string.gsub(line, "%f[%w][PQ][%u%d][%u%d][%u%d][%u%d][%u%d]+", "ID");
  return string.gsub(withoutIds, "%d+", "#")[0];
}

/** Whether `printed` is what the page says, but for numbers and what the page leaves out. */
function fits(says: readonly string[], printed: readonly string[]): boolean {
  let position = 0;
  let mayskip = false;
  for (const line of says) {
    if (line === LEFT_OUT) {
      mayskip = true;
    } else {
      while (
        mayskip &&
        position < printed.length &&
        withoutNumbers(printed[position] ?? "") !== withoutNumbers(line)
      )
        position += 1;
      if (withoutNumbers(printed[position] ?? "") !== withoutNumbers(line)) return false;
      position += 1;
      mayskip = false;
    }
  }
  return mayskip || position === printed.length;
}

function replaced(text: string, from: string, to: string): string {
  const [first, last] = string.find(text, from, 1, true);
  if (first === undefined || last === undefined) return text;
  return string.sub(text, 1, first - 1) + to + replaced(string.sub(text, last + 1), from, to);
}

/** The commands that ask PagerDuty's REST API. */
const ASKING = new LuaSet<string>();
for (const command of ["incidents", "oncall", "reconcile"]) ASKING.add(command);

/** The broker's files on the stage, and where an installation has them: the defaults. */
const FILES = {
  state: PARAMETERS.state_path.fallback,
  quarantine: PARAMETERS.quarantine_path.fallback,
  status: PARAMETERS.status_path.fallback,
  log: PARAMETERS.log_path.fallback,
};

describe("docs/commands.md", () => {
  const sandbox = useSandbox();
  const stage = createStage(sandbox);
  teardown(stage.clear);

  /** The broker's configuration, with a key of the REST API. */
  function withApiKey(folder: string): string {
    const path = `${folder}/asking.json`;
    const list = '"lua_parameter":[';
    const parameter = (name: string, value: string): string =>
      `{"type":"string","name":"${name}","value":"${value}"},`;
    const added = `${list}${parameter("pdy_api_key", "any")}${parameter("pdy_api_url", sandbox.url)}`;
    writeFile(path, replaced(readFile(`${folder}/central-broker.json`) ?? "", list, added));
    return path;
  }

  /** An output with an open alert and a refused one, whose status file knows of both. */
  function startOutput(): Actor {
    const actor = stage.start({
      parameters: {
        pdy_centreon_url: "https://centreon.example.com",
        http_server_url: `${sandbox.tlsUrl}/v2/enqueue`,
        http_ca_file: sandbox.caFile,
      },
    });
    const body = '{"status":"invalid event","message":"Event object is invalid","errors":["it is odd"]}';
    actor.orderFault({ kind: "status", status: 400, times: 3, body }, { dedup_key: "11_23" });
    sandbox.put("/sandbox/services", { routing_key: actor.routingKey, name: "Databases" });
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    waitForLog(actor, "accepted the trigger");
    actor.give(centreon.check(DISK, WARNING));
    waitForLog(actor, "for good");
    return actor;
  }

  it("shows what the commands print", () => {
    const actor = startOutput();
    const [section] = string.match(readFile(README) ?? "", "\n## Check that it works\n(.-)\n## ");
    const ofReadme = examplesOf(section ?? "").filter(
      ({ command }) => command === "centreon-pagerduty check" || command === "centreon-pagerduty smoke",
    );
    assert.equal(2, ofReadme.length, "examples of README.md");
    const examples = [...ofReadme, ...examplesOf(readFile(PAGE) ?? "")];
    const rules = `${actor.folder}/rules.lua`;
    writeFile(rules, string.match(readFile("docs/rules.md") ?? "", "\n```lua\n(.-)```\n")[0] ?? "");
    for (const { command, prints } of examples) {
      if (string.find(command, " status", 1, true)[0] !== undefined) {
        waitFor(
          "the refusal in the status file",
          () => {
            actor.settle();
            return string.find(actor.file("status"), '"refused_total":1', 1, true)[0];
          },
          14,
        );
      }
      const words: string[] = [];
      for (const [word] of string.gmatch(command, "%S+")) words.push(word ?? "");
      assert.equal("centreon-pagerduty", words.shift());
      const here = words.map((word) => {
        let file = replaced(word, "/tmp/events.jsonl", "spec/fixtures/events/story-bbdo3.jsonl");
        file = replaced(file, RULES_FILE, rules);
        return replaced(file, "http://127.0.0.1:8080", sandbox.url);
      });
      // The running connector looks for orders when the broker calls it.
      if (here[0] === "resolve" || here[0] === "forget") actor.give([{ control: "wait", seconds: 4 }]);
      const user = here[0] === "check" ? ["--user", OWN_USER] : [];
      const { lines, output } = runCommand([
        ...here,
        ...user,
        "--config",
        ASKING.has(here[0] ?? "") ? withApiKey(actor.folder) : `${actor.folder}/central-broker.json`,
      ]);
      const there = lines.map((line) => {
        let text = replaced(line, sandbox.tlsUrl, "https://events.pagerduty.com");
        text = replaced(text, sandbox.url, "http://127.0.0.1:8080");
        text = replaced(text, "sandbox.pagerduty.example", "example.pagerduty.com");
        text = replaced(
          text,
          `${actor.folder}/central-broker.json`,
          "/etc/centreon-broker/central-broker.json",
        );
        for (const [own, path] of Object.entries(FILES))
          text = replaced(text, `${actor.folder}/${own}`, path);
        text = replaced(text, "spec/fixtures/events/story-bbdo3.jsonl", "/tmp/events.jsonl");
        text = replaced(text, rules, RULES_FILE);
        text = replaced(text, `brokerhost-${LUA}`, "cbd");
        return replaced(text, "dist/pagerduty.lua", "/usr/share/centreon-broker/lua/pagerduty.lua");
      });
      if (!fits(prints, there)) error(`${command} prints, other than the page says:\n${output}`);
    }
    assert.is_true(examples.length >= 10, `${examples.length} examples`);
  });

  it("and the plugin's command name every option that they need, and none that there is not", () => {
    const page = `${readFile(PAGE) ?? ""}${readFile(PLUGIN) ?? ""}`;
    const known = new LuaSet<string>();
    for (const command of [
      "check",
      "smoke",
      "fire",
      "clear",
      "explain",
      "rules",
      "replay",
      "status",
      "incidents",
      "oncall",
      "retry",
      "reconcile",
      "resolve",
      "forget",
    ]) {
      const { output } = runCommand([command, "--help"]);
      for (const [option] of string.gmatch(output, "\n  (%-%-[%w%-]+)")) {
        known.add(option ?? "");
        assert.is_not_nil(string.find(page, option ?? "", 1, true)[0], `${option} is not on the page`);
      }
    }
    known.add("--help");
    for (const [option] of string.gmatch(page, "[%s`](%-%-[%w][%w%-]+)"))
      assert.is_true(known.has(option ?? ""), `${option} is not known`);
  });
});
