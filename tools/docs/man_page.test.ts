// The manual page and bash's completion know every command and every option that the program's help has: both are made of
// it. That the committed page is the current one is tools/lint.sh's to check.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { PROJECT, run } from "../install/test_support.js";
import { commandsOf, manPage } from "./man_page.js";

async function help(...words: string[]): Promise<string> {
  const { status, stdout, said } = await run(words);
  assert.equal(status, 0, said);
  return stdout;
}

/** Words that bash offers for the last of `words`. */
function completions(...words: string[]): string[] {
  const script = `
    source packaging/completion/centreon-pagerduty
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _centreon_pagerduty
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const program = "packaging/centreon-pagerduty";
  const { stdout: said, stderr } = spawnSync("bash", ["-c", script, "bash", program, ...words], {
    cwd: PROJECT,
  });
  // It would stand in the midst of what is being typed.
  assert.equal(stderr.toString(), "");
  return said
    .toString()
    .split("\n")
    .filter((word) => word !== "");
}

describe("what is made of the help", async () => {
  const overview = await help("--help");
  const commands = await Promise.all(
    commandsOf(overview).map(async (each) => ({ ...each, help: await help("help", each.command) })),
  );
  const page = manPage(overview, commands);

  it("has every command", () => {
    const names = commands.map(({ command }) => command);
    for (const name of ["install", "uninstall", "check", "retry"]) assert.ok(names.includes(name), name);
    for (const name of names) assert.match(page, new RegExp(`^\\.SS ${name}$`, "m"));
    assert.deepEqual(completions(""), [...names, "help", "--help", "--version"]);
    assert.deepEqual(completions("help", "un"), ["uninstall"]);
  });

  for (const { command, help: text } of commands) {
    it(`has every option of ${command}, with its meaning`, () => {
      const options = [...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = ""]) => option);
      assert.ok(options.length > 3, text);
      const section = page.split(`\n.SS ${command}\n`)[1]?.split("\n.S")[0] ?? "";
      for (const option of options) {
        const tag = option.replaceAll("-", "\\\\-");
        assert.match(section, new RegExp(`^\\.TP\n\\.B ${tag}(?: \\S+)?\n[^.\n]`, "m"), option);
      }
      assert.deepEqual(completions(command, "-"), [...options, "--help"]);
    });
  }

  it("is plain text in the page, whatever is in it", () => {
    const odd = `usage: x\n\n.dot and \\back\n\n  --a-b FILE  'quoted\n              and more\n`;
    const made = manPage("\n\nend.", [{ command: "odd", purpose: "p", help: odd }]);
    assert.ok(made.includes(".PP\n\\&.dot and \\eback\n"));
    assert.ok(made.includes(".TP\n.B \\-\\-a\\-b FILE\n\\&'quoted and more\n"));
  });

  it("offers what an option takes: files, or one of few words", () => {
    assert.deepEqual(completions("install", "--region", ""), ["us", "eu"]);
    const file = completions("install", "--routing-key-file", join(PROJECT, "package.j"));
    assert.deepEqual(file, [join(PROJECT, "package.json")]);
    assert.deepEqual(completions("install", "--name", ""), []);
    assert.deepEqual(completions("install", "--routing-key-file", "/a/b", "--to"), ["--token-file"]);
  });
});
