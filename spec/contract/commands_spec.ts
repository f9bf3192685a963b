// The shipped commands: they list and explain themselves, and their exit codes fit scripts.
import { OWN_USER, assertLine, runCommand, writeConfiguration } from "../support/commands";
import { outputOf, readFile, temporaryPath } from "../support/process";

const COMMANDS = [
  "check",
  "smoke",
  "fire",
  "clear",
  "explain",
  "replay",
  "rules",
  "status",
  "retry",
  "resolve",
  "forget",
];

describe("centreon-pagerduty", () => {
  it("lists its commands where help is asked for", () => {
    for (const words of [["help"], ["--help"], ["-h"]]) {
      const help = runCommand(words);
      assert.equal(0, help.code);
      for (const command of COMMANDS) assertLine(help, `  ${command} `);
    }
  });

  it("explains each command, in either way of asking", () => {
    for (const command of COMMANDS) {
      const help = runCommand([command, "--help"]);
      assert.equal(0, help.code);
      assertLine(help, `usage: centreon-pagerduty ${command}`, "[options]");
      assertLine(help, "--config FILE");
      assert.equal(help.output, runCommand(["help", command]).output);
    }
  });

  it("ends with 2 for what it does not understand, and says how it is used", () => {
    for (const words of [[], ["chek"], ["help", "chek"], ["check", "--confg", "x"], ["check", "--config"]]) {
      const wrong = runCommand(words);
      assert.equal(2, wrong.code, wrong.output);
      assertLine(wrong, "usage: centreon-pagerduty");
    }
    assertLine(runCommand(["chek"]), 'there is no command "chek"');
  });

  it("does not end well when its result could not be written", () => {
    const { code, output } = runCommand(["help"], { after: ">/dev/full" });
    assert.equal(1, code);
    assert.is_not_nil(string.find(output, "the result cannot be written: No space left", 1, true)[0], output);
    assert.equal(3, runCommand(["status", "--plugin", "--config", "/missing"], { after: ">/dev/full" }).code);
  });

  it("has the same exit code for the same fault in each command, with the true reason", () => {
    const folder = temporaryPath(".folder");
    outputOf(`mkdir ${folder}; touch ${folder}/empty.json`);
    const faults: [code: number, says: string, ...words: string[]][] = [
      [
        1,
        "/missing.json: No such file or directory: name the file with --config FILE",
        "--config",
        "/missing.json",
      ],
      [1, "there is no folder /missing", "--config-dir", "/missing"],
      [1, "empty.json is not JSON", "--config", `${folder}/empty.json`],
      [1, "is not a file", "--config", folder],
      [2, "--config needs a value", "--config"],
    ];
    for (const [code, says, ...words] of faults) {
      for (const command of COMMANDS) {
        const operands = command === "explain" || command === "replay" ? ["events"] : [];
        const failed = runCommand([command, ...operands, ...words]);
        assert.equal(code, failed.code, failed.output);
        assertLine(failed, says);
      }
      const plugin = runCommand(["status", "--plugin", ...words]);
      assert.equal(3, plugin.code, plugin.output);
      assertLine(plugin, "UNKNOWN - ", says);
    }
    outputOf(`rm -r ${folder}`);
  });

  it("asks for another user only where that is what is missing", () => {
    // Only root can be somebody else.
    if (OWN_USER !== "root") return;
    const configuration = writeConfiguration({ parameters: { pdy_routing_key: string.rep("0", 32) } });
    const { folder, file } = configuration;
    for (const name of ["status", "state", "quarantine", "events"])
      outputOf(`touch ${folder}/${name}; chmod 600 ${folder}/${name}`);
    const asNobody = { environment: "runuser -u nobody -- env" };
    const words = ["--config", file];
    const remedy = "Permission denied: run this as root, or as a user who may";
    const status = runCommand(["status", ...words], asNobody);
    assert.equal(1, status.code, status.output);
    for (const name of ["status", "state", "quarantine"]) assertLine(status, `${folder}/${name}`, remedy);
    const explained = runCommand(["explain", `${folder}/events`, ...words], asNobody);
    assertLine(explained, "FAILED explain: ", `${folder}/events`, remedy);
    assertLine(runCommand(["explain", "/missing.jsonl", ...words]), "FAILED explain: ", "No such file");
    assertLine(runCommand(["retry", ...words], asNobody), "FAILED retry: ", `${folder}/quarantine`, remedy);
    outputOf(`chmod 600 ${file}`);
    for (const command of ["check", "smoke", "fire", "status"]) {
      const failed = runCommand([command, ...words], asNobody);
      assert.equal(1, failed.code, failed.output);
      assertLine(failed, "FAILED configuration: ", file, remedy);
    }
    outputOf(`chmod 700 ${folder}`);
    assertLine(runCommand(["check", "--config-dir", folder], asNobody), `${folder}: ${remedy}`);
    configuration.remove();
  });

  it("is one readable file without a runtime library", () => {
    const text = readFile("dist/centreon-pagerduty.lua") ?? "";
    assert.is_nil(string.find(text, "lualib", 1, true)[0]);
    assert.is_not_nil(string.find(text, "^%-%- centreon%-pagerduty %d+%.%d+%.%d+: ")[0]);
  });
});
