// The shipped commands: they list and explain themselves, and their exit codes fit scripts.
import { assertLine, runCommand } from "../support/commands";
import { outputOf, readFile, temporaryPath } from "../support/process";

const COMMANDS = ["check", "smoke", "fire", "clear", "explain", "replay", "status", "retry"];

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

  it("is one readable file without a runtime library", () => {
    const text = readFile("dist/centreon-pagerduty.lua") ?? "";
    assert.is_nil(string.find(text, "lualib", 1, true)[0]);
    assert.is_not_nil(string.find(text, "^%-%- centreon%-pagerduty %d+%.%d+%.%d+: ")[0]);
  });
});
