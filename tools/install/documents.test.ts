// The documents say what happens: their commands that install, uninstall and send by hand are run in a scratch root, one
// after the other, and print what is shown. Where a document has `…`, anything may stand.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import type { TestContext } from "node:test";
import { startPagerDuty } from "../trial/pagerduty.js";
import { PROJECT, centreonFor, cloneFor, keyFileFor, run, scratchRoot, write } from "./test_support.js";

/** What is run here; tools/docs/documented_commands.test.ts says who runs the others. */
const RUN_HERE = /^(?:sudo )?(?:centreon-pagerduty (?:(?:un)?install|--version)\b|make install$|curl )/;

/** The documents, and how many of their commands are run here. */
const DOCUMENTS: Record<string, number> = {
  "README.md": 2,
  "docs/install.md": 8,
  "docs/quick-start.md": 1,
  "docs/operating.md": 2,
  "docs/sc-pagerduty-events.md": 1,
  "docs/sc-pagerduty-events.fr.md": 1,
};

interface Example {
  command: string;
  printed: string;
}

/** Each command of a document, `$ …` in a block of code, with the lines below it. */
function examplesOf(document: string): Example[] {
  const blocks = [...document.matchAll(/^```(\w*)\n(.*?)^```$/gms)].filter(([, language]) => language === "");
  return blocks.flatMap(([, , block = ""]) =>
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

/** Puts program and connector in place, as a person does in a clone. */
async function makeInstall(clone: string, root: string): Promise<string> {
  await write(join(clone, "Makefile"), readFileSync(join(PROJECT, "Makefile")));
  for (const folder of ["src", "types", "spec", "tools", "bench"])
    await mkdir(join(clone, folder), { recursive: true });
  // A make within `make test` tells the folder it enters; an administrator's does not.
  const words = ["--no-print-directory", "install", `DESTDIR=${root}`];
  return execFileSync("make", words, { cwd: clone, encoding: "utf8" });
}

/** What runs a document's commands, as if the scratch root, Centreon and PagerDuty were those that it names. */
async function serverFor(
  context: TestContext,
  document: string,
): Promise<(command: string) => Promise<string>> {
  const root = await scratchRoot(context);
  const clone = await cloneFor(context);
  const centreon = await centreonFor(context);
  const pagerDuty = await startPagerDuty({ http2: false });
  context.after(() => pagerDuty.close());
  await write(join(root, "var/lib/centreon-broker/pagerduty.state"), "state");
  await makeInstall(clone, root);
  const event = /^```json\n(\{\n {2}"routing_key".*?)^```$/ms.exec(document)?.[1];
  if (event !== undefined) await write(join(clone, "event.json"), event);
  const [, , , token = ""] = centreon.tokenArgs;
  const names: [shown: string, here: string][] = [
    ["https://centreon.example.com/centreon", centreon.url],
    ["https://events.pagerduty.com/v2/enqueue", pagerDuty.url],
    ["/root/pagerduty.key", await keyFileFor(context)],
    ["/root/centreon.token", token],
  ];
  const here = (text: string): string => names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  const shown = (text: string): string =>
    names.reduce((all, [to, from]) => all.replaceAll(from, to), text.replaceAll(root, ""));

  return async (command) => {
    if (command === "sudo make install") return shown(await makeInstall(clone, root));
    if (command.startsWith("curl ")) {
      const program = join(clone, "typed");
      await write(program, `#!/bin/sh\ncd ${clone} && ${here(command)}\n`, 0o755);
      return `${(await run([], { program })).said}\n`;
    }
    const [, program = ""] = /centreon-pagerduty (.*)$/.exec(command) ?? [];
    const [name = "", ...options] = here(program).split(" ");
    const rooted = name.startsWith("-") ? [name] : [name, "--root", root, ...options];
    const { status, said } = await run(rooted, { program: join(root, "usr/bin/centreon-pagerduty") });
    assert.equal(status, 0, `${command}\n${said}`);
    return shown(said);
  };
}

for (const [name, count] of Object.entries(DOCUMENTS)) {
  it(`${name}: each command prints what is shown`, async (context) => {
    const document = readFileSync(join(PROJECT, name), "utf8");
    const print = await serverFor(context, document);
    const examples = examplesOf(document).filter(({ command }) => RUN_HERE.test(command));
    assert.equal(examples.length, count);
    for (const { command, printed } of examples) {
      const said = await print(command);
      // A block with nothing but commands shows nothing of what they print.
      if (printed !== "") assert.match(said, patternOf(printed), command);
    }
  });
}
