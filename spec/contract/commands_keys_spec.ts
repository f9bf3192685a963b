// Keys that do not stand in the configuration as they are: encrypted by Centreon, or in a file of their own. Every command
// that needs them finds them, none prints them, and where they cannot be read it says why.
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
import { type Incident, inShort } from "../support/incidents";
import { outputOf, readFile, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";

const ENCRYPTED = "spec/fixtures/encrypted";
const CONTEXT = `${ENCRYPTED}/engine-context.json`;
/** What the fixture's values stand for. */
const KEY = "abcdefghijklmnopqrstuvwxyz012345";
const PASSWORD = "p:w %é";

const TEAM_KEY = "fedcba9876543210fedcba9876543210";
const EVENTS = "spec/fixtures/events/story-bbdo2.jsonl";

const sandbox = useSandbox();
let configurations: Configuration[] = [];

function configured(parameters: OutputSetup["parameters"]): Configuration {
  const configuration = writeConfiguration({
    parameters: { http_server_url: `${sandbox.url}/v2/enqueue`, ...parameters },
  });
  configurations.push(configuration);
  return configuration;
}

/** The fixture's values by their parameters. */
function encryptedValues(): Record<string, string> {
  const values: Record<string, string> = {};
  const text = readFile(`${ENCRYPTED}/central-broker.json`) ?? "";
  for (const [name, value] of string.gmatch(text, '"name": "([^"]+)",%s+"value": "(encrypt::[^"]+)"'))
    if (name !== undefined) values[name] = value ?? "";
  return values;
}

function run(...words: string[]): Run {
  const result = runCommand(words);
  for (const secret of [KEY, TEAM_KEY, PASSWORD]) assertNowhere(result, secret);
  return result;
}

function incidents(): string[] {
  return (sandbox.get("/sandbox/alerts") as Incident[]).map(
    (incident) => `${string.sub(incident.routing_key_end, -4)} ${inShort(incident)}`,
  );
}

describe("centreon-pagerduty", () => {
  after_each(() => {
    sandbox.remove("/sandbox");
    for (const { remove } of configurations) remove();
    configurations = [];
  });

  describe("with encrypted parameters", () => {
    it("reads them in every command that needs them", () => {
      const { pdy_routing_key: key = "" } = encryptedValues();
      assert.equal("encrypt::", string.sub(key, 1, 9));
      const { file } = configured({ pdy_routing_key: key });
      const words = ["--config", file, "--engine-context", CONTEXT];
      const checked = run("check", ...words, "--user", OWN_USER);
      assert.equal(0, checked.code, checked.output);
      for (const command of ["smoke", "fire", "clear"]) {
        const tried = run(command, ...words);
        assert.equal(0, tried.code, tried.output);
      }
      assert.same(["2345 2147483647_2147483647 resolved critical, 1 page"], incidents());
      const explained = run("explain", EVENTS, "--bodies", ...words);
      assert.equal(0, explained.code, explained.output);
      assertLine(explained, "to default");
      sandbox.remove("/sandbox");
      const elsewhere = `${sandbox.tlsUrl}/v2/enqueue`;
      const replayed = run("replay", EVENTS, "--url", elsewhere, "--ca-file", sandbox.caFile, ...words);
      assert.equal(0, replayed.code, replayed.output);
      for (const incident of incidents()) assert.is_nil(string.find(incident, "^2345")[0], incident);
      assertLine(run("retry", ...words), "ok: nothing is in quarantine");
    });

    it("reads all of them: the proxy's password, too", () => {
      const [host, port] = string.match(sandbox.url, "^http://(.*):(%d+)$");
      const { file } = configured({
        ...encryptedValues(),
        http_server_url: "http://events.invalid/v2/enqueue",
        proxy_address: host ?? "",
        proxy_port: port ?? "",
        proxy_username: "centreon",
      });
      run("smoke", "--config", file, "--engine-context", CONTEXT);
      // The sandbox, taken for a proxy, keeps the header: the base64 of centreon:p:w %é
      const [request] = sandbox.get("/sandbox/requests") as { readonly headers: Record<string, string> }[];
      assert.equal("Basic Y2VudHJlb246cDp3ICXDqQ==", request?.headers["proxy-authorization"]);
    });

    it("says why they cannot be read, and what to do, and never how long they are", () => {
      const { file, folder } = configured(encryptedValues());
      const context = `${folder}/engine-context.json`;
      const contexts: [text: string, ...parts: string[]][] = [
        ["", "No such file", "--engine-context FILE"],
        ["{}", "has no app_secret and salt", "--engine-context FILE"],
        [
          string.gsub(readFile(CONTEXT) ?? "", '"salt":"wu', '"salt":"uw')[0],
          "was encrypted with other keys",
          "export the configuration again",
          "bad decrypt",
        ],
      ];
      for (const [text, ...parts] of contexts) {
        if (text !== "") writeFile(context, text);
        for (const command of ["check", "smoke", "fire", "clear", "retry"]) {
          const failed = run(command, "--config", file, "--engine-context", context);
          assert.equal(1, failed.code, failed.output);
          assertLine(failed, "FAILED configuration: p", context, ...parts);
          assertNowhere(failed, "characters");
        }
      }
      assert.same([], sandbox.get("/sandbox/requests"));
    });

    it("needs none of them for status", () => {
      const { file } = configured(encryptedValues());
      const status = run("status", "--config", file, "--engine-context", "/missing");
      assertLine(status, "UNKNOWN: no broker runs the output");
    });
  });

  describe("with a file of keys", () => {
    /** A configuration without a key, and the file that has them. */
    function keysFiled(text: string): Configuration {
      const { folder } = configured({});
      const path = `${folder}/keys`;
      writeFile(path, text);
      outputOf(`chmod 600 ${path}`);
      return configured({ pdy_keys_file: path });
    }
    const KEYS = `default = ${KEY}\ndba = ${TEAM_KEY}\n`;

    it("uses them in every command, and sends none to another address", () => {
      const { file } = keysFiled(KEYS);
      const words = ["--config", file];
      const checked = run("check", ...words, "--user", OWN_USER);
      assert.equal(0, checked.code, checked.output);
      assertLine(run("smoke", ...words), "takes events with 2 routing keys");
      assert.equal(0, run("fire", "--route", "dba", ...words).code);
      assert.same(["3210 2147483647_2147483647 triggered critical, 1 page"], incidents());
      assertLine(run("explain", EVENTS, ...words), "to default");
      sandbox.remove("/sandbox");
      const replayed = run(
        "replay",
        EVENTS,
        "--url",
        `${sandbox.tlsUrl}/v2/enqueue`,
        "--ca-file",
        sandbox.caFile,
        ...words,
      );
      assert.equal(0, replayed.code, replayed.output);
      assert.is_true(incidents().length > 0);
      for (const incident of incidents()) assert.is_nil(string.find(incident, "^2345")[0], incident);
    });

    it("tells in check which line cannot be used, and who may read the file", () => {
      const { file } = keysFiled(`${KEYS}web = ${string.sub(KEY, 2)}\n`);
      const wrong = run("check", "--config", file, "--user", OWN_USER);
      assert.equal(1, wrong.code);
      assertLine(wrong, "FAILED  parameters", "line 3: its key (web) has 31 characters");
      assertNowhere(wrong, string.sub(KEY, 2));
    });
  });
});
