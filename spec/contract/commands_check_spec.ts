// `check`: what stands between an output and PagerDuty is found and named, each with its remedy, and nothing is sent.
import {
  type Configuration,
  OWN_USER,
  type OutputSetup,
  type Run,
  type RunOptions,
  assertLine,
  assertNowhere,
  runCommand,
  writeConfiguration,
} from "../support/commands";
import { LUA } from "../support/brokerhost";
import { CRITICAL, LOAD, createCentreon } from "../support/events";
import { NO_HOST, REFUSING_URL } from "../support/ports";
import { outputOf, readFile, writeFile } from "../support/process";
import { startProxy } from "../support/proxy";
import { useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const KEY = "0123456789abcdef0123456789abcdef";

const sandbox = useSandbox();
let configurations: Configuration[] = [];
const stage = createStage(sandbox);

function configured(...outputs: OutputSetup[]): Configuration {
  const configuration = writeConfiguration(...outputs);
  configurations.push(configuration);
  return configuration;
}

/** Checks an output with these parameters, and a good key and address unless they say otherwise. */
function check(
  parameters: OutputSetup["parameters"] = {},
  more: Omit<OutputSetup, "parameters"> = {},
  options: RunOptions = {},
): Run {
  const { file } = configured({
    parameters: { pdy_routing_key: KEY, http_server_url: `${sandbox.url}/v2/enqueue`, ...parameters },
    ...more,
  });
  return runCommand(["check", "--config", file, "--user", OWN_USER], options);
}

function assertFails(run: Run, ...parts: string[]): void {
  assertLine(run, ...parts);
  assert.equal("FAILED:", string.match(run.lines[0] ?? "", "^%S+")[0], run.output);
  assert.equal(1, run.code);
  assertNowhere(run, KEY);
}

describe("centreon-pagerduty check", () => {
  after_each(() => {
    stage.clear();
    for (const { remove } of configurations) remove();
    configurations = [];
    assert.same([], sandbox.get("/sandbox/requests"));
  });

  it("finds nothing in the way where there is nothing, over HTTP and TLS", () => {
    const tls = { http_server_url: `${sandbox.tlsUrl}/v2/enqueue`, http_ca_file: sandbox.caFile };
    for (const parameters of [{}, tls]) {
      const run = check(parameters);
      assert.equal(0, run.code, run.output);
      assertLine(run, 'ok: "PagerDuty" can send alerts to', "/v2/enqueue");
      assert.equal(10, run.lines.filter((line) => string.sub(line, 1, 2) === "ok").length, run.output);
      // Nobody runs it; a spec of somebody else's may run what is called cbd.
      assertLine(run, "WARNING broker: ", "this output: restart cbd");
      assertLine(
        run,
        "WARNING names: nothing shows yet",
        "restart (not reload) the engine of each poller once",
      );
      assertLine(run, "ok      connection", "127.0.0.1 answers after");
    }
  });

  it("goes through the proxy, and says so when that does not let it", () => {
    const proxy = startProxy({ user: "centreon", password: "secret-1" });
    const way = {
      http_server_url: `${sandbox.tlsUrl}/v2/enqueue`,
      http_ca_file: sandbox.caFile,
      proxy_address: "127.0.0.1",
      proxy_port: proxy.port,
      proxy_username: "centreon",
    };
    const good = check({ ...way, proxy_password: "secret-1" });
    const bad = check({ ...way, proxy_password: "secret-2" });
    const requests = proxy.requests();
    proxy.stop();
    assert.equal(0, good.code, good.output);
    assertLine(good, "through the proxy");
    assert.equal("CONNECT", string.match(requests[0] ?? "", "^%S+")[0]);
    assertFails(bad, "FAILED  connection", "the proxy answered HTTP 401", "check the user and password");
    assertNowhere(bad, "secret-2");
  });

  it("names what keeps it from connecting, and what to do", () => {
    assertFails(
      check({ http_server_url: `${REFUSING_URL}/v2/enqueue` }),
      "FAILED  connection",
      "COULDNT_CONNECT",
      "check the name resolution, the firewall and the proxy",
    );
    assertFails(
      check({ http_server_url: `https://${NO_HOST}/v2/enqueue` }),
      "FAILED  connection",
      "COULDNT_RESOLVE_HOST",
    );
    assertFails(
      check({ http_server_url: `${sandbox.tlsUrl}/v2/enqueue` }),
      "FAILED  connection",
      "PEER_FAILED_VERIFICATION",
      "check that http_ca_file or http_ca_path has the authority",
    );
    const elsewhere = check({ http_server_url: `${sandbox.url}/v2` });
    assertLine(elsewhere, `WARNING http_server_url: ${sandbox.url}/v2 does not end in /enqueue`);
    const unreadable = { http_server_url: `${sandbox.tlsUrl}/v2/enqueue`, http_ca_file: "/missing.pem" };
    const code = check({ custom_code_file: "/missing.lua" });
    assertFails(code, "FAILED  custom_code_file", "/missing.lua: it is not there: correct the path");
    const run = check(unreadable);
    assertFails(run, "FAILED  http_ca_file", "/missing.pem: it is not there: correct the path");
    assertFails(run, "FAILED  connection", "check http_ca_file and http_ca_path");
  });

  it("takes over the connector's own complaints about the parameters", () => {
    assertFails(check({ pdy_routing_key: "short" }), "FAILED  parameters", "NOTHING IS SENT");
    assertFails(check({ http_timeout: 0 }), "FAILED  parameters", "http_timeout", "from 1 to 300");
    const run = check({ pdy_rotes: "x" });
    assert.equal(0, run.code, run.output);
    assertLine(run, "WARNING parameters", "did you mean pdy_routes?");
    assertLine(run, "ok: ", ", 3 warnings");
    // What the copy of the connector that is asked has of its own.
    assertFails(check({ log_level: 9 }), "FAILED  parameters", 'log_level is "9"', "from 0 to 3");
  });

  it("names each number on which the broker itself would end", () => {
    for (const value of ["", "1.5", "abc", "3000000000", "-2147483649", "0x10"]) {
      const { file, folder } = configured({ parameters: { pdy_routing_key: KEY } });
      const text = readFile(file) ?? "";
      const number = `{"type":"number","name":"http_timeout","value":"${value}"}`;
      writeFile(file, string.gsub(text, '"lua_parameter":%[', `"lua_parameter":[${number},`)[0]);
      const run = runCommand(["check", "--offline", "--config", file, "--user", OWN_USER]);
      assertFails(run, "FAILED  parameters", `http_timeout "${value}" is of type Number, and cbd ENDS on it`);
      // The stand-in of the broker ends on it, too.
      const host = outputOf(
        `LUA_CPATH='build/lua/${LUA}/?.so;;' build/brokerhost-${LUA} --config ${file} --quiet 2>&1; echo "exit $?"; ls ${folder}`,
      );
      assert.is_nil(string.find(host, "exit 0", 1, true)[0], host);
    }
    const { file } = configured({ parameters: { pdy_routing_key: KEY } });
    const number = `{"type":"number","name":"pdy_routing_key_dba","value":"${KEY}"}`;
    writeFile(
      file,
      string.gsub(readFile(file) ?? "", '"lua_parameter":%[', `"lua_parameter":[${number},`)[0],
    );
    assertFails(
      runCommand(["check", "--offline", "--config", file, "--user", OWN_USER]),
      "FAILED  parameters: parameter pdy_routing_key_dba is of type Number",
    );
    const address = '{"type":"number","name":"heartbeat_url","value":"hc-ping.com/hush"}';
    writeFile(
      file,
      string.gsub(readFile(file) ?? "", '"lua_parameter":%[', `"lua_parameter":[${address},`)[0],
    );
    const secretive = runCommand(["check", "--offline", "--config", file, "--user", OWN_USER]);
    assertFails(secretive, "FAILED  parameters: parameter heartbeat_url is of type Number");
    assertNowhere(secretive, "hush");
  });

  it("finds files that the broker's user may not write", () => {
    const configuration = configured({
      parameters: { pdy_routing_key: KEY, http_server_url: `${sandbox.url}/v2/enqueue` },
    });
    // Root may write everywhere: then somebody is asked about who may not.
    const isRoot = OWN_USER === "root";
    const user = isRoot ? "nobody" : OWN_USER;
    outputOf(`chmod ${isRoot ? 755 : 500} ${configuration.folder}`);
    const run = runCommand(["check", "--config", configuration.file, "--user", user]);
    for (const parameter of ["state_path", "quarantine_path", "status_path", "log_path"])
      assertFails(run, `FAILED  ${parameter}`, `${user} may not write in the folder ${configuration.folder}`);
    const elsewhere = check({ state_path: "/missing/folder/state" });
    assertFails(elsewhere, "FAILED  state_path", "the folder /missing/folder is not there");
  });

  it("complains of a file of keys that others may read, or that its user may not", () => {
    const { folder } = configured({ parameters: {} });
    const path = `${folder}/keys`;
    writeFile(path, `default = ${KEY}\n`);
    const modes: [mode: string, says: string][] = [
      ["644", "every local user may read or change it (mode 644): chown"],
      ["640", "its group may read or change it (mode 640): chown"],
      ["606", "every local user"],
    ];
    for (const [mode, says] of modes) {
      outputOf(`chmod ${mode} ${path}`);
      const run = check({ pdy_routing_key: "", pdy_keys_file: path });
      assert.equal(0, run.code, run.output);
      assertLine(run, `WARNING pdy_keys_file: ${path}: ${says}`);
      assertNowhere(run, KEY);
    }
    outputOf(`chmod 600 ${path}`);
    assertNowhere(check({ pdy_routing_key: "", pdy_keys_file: path }), "pdy_keys_file:");
    assertFails(
      check({ pdy_routing_key: KEY, pdy_keys_file: "/missing/keys" }),
      "FAILED  pdy_keys_file: /missing/keys: it is not there",
    );
    if (OWN_USER !== "root") return;
    outputOf(`chown nobody ${path}`);
    assertLine(
      check({ pdy_keys_file: path }),
      `WARNING pdy_keys_file: ${path}: it belongs to nobody: chown root`,
    );
  });

  it("says that the environment's proxy is not used, where that may be what is missing", () => {
    const parameters = { http_server_url: `${REFUSING_URL}/v2/enqueue` };
    const options = { environment: "https_proxy=http://user:secret-3@127.0.0.1:9" };
    const run = check(parameters, {}, options);
    assertFails(
      run,
      "FAILED  connection",
      "https_proxy of the environment is not used: set http_proxy_string",
    );
    assertNowhere(run, "secret-3");
    assert.equal(0, check({}, {}, options).code);
  });

  it("warns when it cannot ask about the broker's user", () => {
    const { file } = configured({ parameters: { pdy_routing_key: KEY } });
    const run = runCommand(["check", "--offline", "--config", file, "--user", "no-such-user"]);
    assertLine(run, "WARNING rights", `asked as ${OWN_USER}, not as no-such-user`);
    assert.equal(0, run.code);
  });

  it("finds an output that gets no events, and a connector that is not there", () => {
    assertFails(
      check({}, { categories: ["storage"] }),
      "FAILED  categories",
      'set its "Filter category" to Neb',
    );
    const missing = check({}, { path: "/missing/pagerduty.lua" });
    assertFails(missing, "FAILED  connector", "/missing/pagerduty.lua cannot be read: it is not there");
    const strange = check({}, {}, { environment: "CENTREON_PAGERDUTY_CONNECTOR=.luacheckrc" });
    assertFails(strange, "FAILED  connector", "it is not the connector");
  });

  it("warns of a connector of another release", () => {
    const { folder } = configured({ parameters: {} });
    const text = string.gsub(readFile("dist/pagerduty.lua") ?? "", "^(%S+ %S+) [^:]+:", "%1 0.0.9:")[0];
    writeFile(`${folder}/pagerduty.lua`, text);
    const run = check({}, { path: `${folder}/pagerduty.lua` });
    assert.equal(0, run.code, run.output);
    assertLine(run, "WARNING connector", "is version 0.0.9, and this program is version");
  });

  it("says how to install lua-curl when this Lua has none", () => {
    const run = check({}, {}, { cpath: "/missing/?.so" });
    assertFails(run, "FAILED  lua-curl", "dnf install lua-curl", "apt install lua-curl");
  });

  it("finds the output by itself, asks which one is meant, and says when there is none", () => {
    const first = { parameters: { pdy_routing_key: KEY, http_server_url: `${sandbox.url}/v2/enqueue` } };
    const paths = { state_path: "/tmp/two.state", quarantine_path: "/tmp/two.quarantine", status_path: "" };
    const second = { parameters: { ...first.parameters, ...paths } };
    const two = configured({ ...first, name: "one" }, { ...second, name: "two" });
    const asked = runCommand(["check", "--config-dir", two.folder, "--user", OWN_USER]);
    assert.equal(2, asked.code);
    assertLine(asked, 'several outputs fit: "one" in', '"two" in', "--output NAME");
    const chosen = runCommand(["check", "--config-dir", two.folder, "--output", "two", "--user", OWN_USER]);
    assert.equal(0, chosen.code, chosen.output);
    assertLine(chosen, 'ok      configuration: output "two" in');
    const mistyped = runCommand(["check", "--config-dir", two.folder, "--output", "Two"]);
    assert.equal(1, mistyped.code);
    assertLine(mistyped, 'no output of type lua is called "Two": there is "one" in', '"two" in');
    const none = runCommand(["check", "--config-dir", "/missing"]);
    assert.equal(1, none.code);
    assertLine(none, "there is no folder /missing", "--config-dir DIR");
    const empty = runCommand(["check", "--config-dir", "spec/fixtures/events"]);
    assert.equal(1, empty.code);
    assertLine(empty, "no output runs pagerduty.lua in spec/fixtures/events/*.json", "Add the output");
    writeFile(`${two.folder}/central-broker.json`, "{");
    const torn = runCommand(["check", "--config-dir", two.folder]);
    assert.equal(1, torn.code);
    assertLine(torn, "central-broker.json is not JSON", "export the configuration again");
  });

  it("warns of alerts without names, and sees names in a recording and in the broker's own file", () => {
    const actor = stage.start({ parameters: { http_server_url: "http://127.0.0.1:9/v2/enqueue" } });
    const centreon = createCentreon(3);
    actor.give(centreon.check(LOAD, CRITICAL));
    actor.settle();
    const words = ["check", "--offline", "--config", `${actor.folder}/central-broker.json`];
    assertLine(runCommand(words), "WARNING names: 1 of 1 alerts have none: restart (not reload) the engine");
    const recorded = configured({
      parameters: { pdy_routing_key: KEY, record_path: "spec/fixtures/events/story-bbdo3.jsonl" },
    });
    assertLine(runCommand(["check", "--offline", "--config", recorded.file]), "ok      names: the recording");
    const cached = configured({ parameters: { pdy_routing_key: KEY } });
    const text = readFile(cached.file) ?? "";
    const place = `"broker_name":"central","cache_directory":"${cached.folder}/"`;
    writeFile(cached.file, string.gsub(text, '"centreonBroker":{', `"centreonBroker":{${place},`)[0]);
    writeFile(`${cached.folder}/central.cache.PagerDuty`, "names");
    assertLine(
      runCommand(["check", "--offline", "--config", cached.file]),
      `ok      names: the broker kept those it knew in ${cached.folder}/central.cache.PagerDuty`,
    );
  });

  it("finds outputs that would write one file", () => {
    const one = { parameters: { pdy_routing_key: KEY } };
    const two = configured({ ...one, name: "one" }, { ...one, name: "two" });
    const run = runCommand([
      "check",
      "--offline",
      "--config",
      two.file,
      "--output",
      "two",
      "--user",
      OWN_USER,
    ]);
    for (const name of ["state_path", "quarantine_path", "status_path"])
      assertFails(run, `FAILED  ${name}: `, 'is that of the output "one", too: give "two" one of its own');
  });

  it("does not touch the running output", () => {
    const actor = stage.start({ parameters: { http_server_url: "http://127.0.0.1:9/v2/enqueue" } });
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    actor.settle();
    const state = (): string =>
      ["state", "state.lock"].map((name) => readFile(`${actor.folder}/${name}`) ?? "").join("\n");
    const names = (): string => outputOf(`ls -i ${actor.folder}/state* ${actor.folder}/quarantine* 2>&1`);
    const words = ["check", "--offline", "--config", `${actor.folder}/central-broker.json`];
    // By itself the output tries again and again, and writes that down.
    const { before, run, after } = actor.whileFrozen(() => ({
      before: [state(), names()],
      run: runCommand(words),
      after: [state(), names()],
    }));
    assert.same(before, after);
    assertLine(run, "ok      connector: dist/pagerduty.lua");
    assertLine(run, "ok      broker: ", "runs the output since 20");
    assertLine(run, "ok      names: the journal has them for all of its 1 alerts");
    assertNowhere(run, actor.routingKey);
  });
});
