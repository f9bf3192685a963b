// tools/brokerhost/README.md: what it shows to try is run as it stands, and prints what the page says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";

const PAGE = "tools/brokerhost/README.md";

/** The commands of one block in a row, and what they print. */
function readBlock(block: string): { commands: string; printed: string } {
  const lines = block.split("\n");
  const isCommand = (line: string): boolean => /^[$>] /.test(line);
  return {
    commands: lines
      .filter(isCommand)
      .map((line) => line.slice(2))
      .join("\n"),
    printed: lines.filter((line) => !isCommand(line)).join("\n"),
  };
}

it("what the page of brokerhost shows is what it prints", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "brokerhost-page-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  const blocks = [...readFileSync(PAGE, "utf8").matchAll(/^```console\n(.*?)^```$/gms)]
    .map(([, block = ""]) => readBlock(block))
    .filter(({ commands }) => commands.includes("brokerhost-5.3 --config"));
  assert.equal(blocks.length, 2);
  for (const { commands, printed } of blocks) {
    const { stdout } = spawnSync("sh", ["-c", `{ ${commands.replaceAll("/tmp/", `${folder}/`)}\n} 2>&1`], {
      encoding: "utf8",
    });
    assert.equal(stdout, printed, commands);
  }
});
