// The shipped commands: they list and explain themselves, and their exit codes fit scripts.
import { assertLine, runCommand } from "../support/commands";
import { readFile } from "../support/process";

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

  it("is one readable file without a runtime library", () => {
    const text = readFile("dist/centreon-pagerduty.lua") ?? "";
    assert.is_nil(string.find(text, "lualib", 1, true)[0]);
    assert.is_not_nil(string.find(text, "^%-%- centreon%-pagerduty %d+%.%d+%.%d+: ")[0]);
  });
});
