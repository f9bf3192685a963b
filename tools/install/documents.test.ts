// docs/install.md says what happens: its commands are run in a scratch root, one after the other, and print what it shows.
// Where it has `…`, anything may stand.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { PROJECT, centreonFor, cloneFor, keyFileFor, run, scratchRoot, write } from "./test_support.js";

/** Commands that other tests run (packages.test.ts, install_spec.ts), or that no test can. */
const RUN_ELSEWHERE = [
  /^sudo sh -c 'umask 077; cat > /,
  /^sudo (apt|dnf) (install|remove) /,
  /^export LUAROCKS_CONFIG=/,
  /^sudo -E luarocks /,
  /^make release$/,
];

interface Example {
  command: string;
  printed: string;
}

/** Each command of a document, `$ …` in a block of code, with the lines below it. */
function examplesOf(document: string): Example[] {
  const blocks = [...document.matchAll(/^```\n(.*?)^```$/gms)].map((block) => block[1] ?? "");
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((example) => example !== "")
      .map((example) => {
        const end = example.indexOf("\n");
        return { command: example.slice(0, end), printed: example.slice(end + 1) };
      }),
  );
}

/** A pattern for what is printed. */
function patternOf(printed: string): RegExp {
  const parts = printed.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

it("docs/install.md: each command prints what is shown", async (context) => {
  const root = await scratchRoot(context);
  const clone = await cloneFor(context);
  const centreon = await centreonFor(context);
  await mkdir(join(root, "usr/bin"));
  await write(join(root, "var/lib/centreon-broker/pagerduty.state"), "state");
  const [, , , token = ""] = centreon.tokenArgs;
  const names: [shown: string, here: string][] = [
    ["https://centreon.example.com/centreon", centreon.url],
    ["/root/pagerduty.key", await keyFileFor(context)],
    ["/root/centreon.token", token],
  ];
  const here = (text: string): string => names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const shown = (text: string): string =>
    names.reduce((all, [to, from]) => all.replaceAll(from, to), text.replaceAll(root, ""));

  /** What the command prints. */
  async function print(command: string): Promise<string> {
    if (command === "sudo make install") {
      await write(join(clone, "Makefile"), readFileSync(join(PROJECT, "Makefile")));
      for (const folder of ["src", "types", "spec", "tools", "bench"]) await mkdir(join(clone, folder));
      // A make within `make test` tells the folder it enters; an administrator's does not.
      const words = ["--no-print-directory", "install", `DESTDIR=${root}`];
      return execFileSync("make", words, { cwd: clone, encoding: "utf8" });
    }
    const program = /^(?:sudo )?centreon-pagerduty (.*)$/.exec(command)?.[1];
    assert.ok(program !== undefined, `${command}: no test runs this`);
    const [name = "", ...options] = here(program).split(" ");
    const rooted = name.startsWith("-") ? [name] : [name, "--root", root, ...options];
    const { status, said } = await run(rooted, { program: join(root, "usr/bin/centreon-pagerduty") });
    assert.equal(status, 0, `${command}\n${said}`);
    return said;
  }

  let count = 0;
  for (const { command, printed } of examplesOf(readFileSync(join(PROJECT, "docs/install.md"), "utf8"))) {
    if (RUN_ELSEWHERE.some((pattern) => pattern.test(command))) continue;
    assert.match(shown(await print(command)), patternOf(printed), command);
    count += 1;
  }
  assert.ok(count >= 7, `${count} commands`);
});
