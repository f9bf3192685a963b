// docs/troubleshooting.md quotes the log: each part it tells an administrator to look for must be one that the
// connector, or its commands, can write.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";

const page = readFileSync("docs/troubleshooting.md", "utf8");
const connector = readFileSync("dist/pagerduty.lua", "utf8");

/** The parts of log lines that the tables headed "look for" quote; "…" stands for what differs. */
function quotedParts(): string[] {
  const parts: string[] = [];
  let isTableOfLines = false;
  for (const line of page.split("\n")) {
    if (!line.startsWith("|")) isTableOfLines = false;
    else if (line.startsWith("| look for")) isTableOfLines = true;
    else if (isTableOfLines) {
      const cell = line.split("|")[1] ?? "";
      for (const [, quote = ""] of cell.matchAll(/`([^`]+)`/g)) {
        parts.push(...quote.split("…").map((part) => part.trim()));
      }
    }
  }
  return parts.filter((part) => part !== "");
}

it("every quoted part of a log line is one that the connector writes", () => {
  const parts = quotedParts();
  assert.ok(parts.length > 30, `${parts.length} parts`);
  const unknown = parts.filter((part) => !connector.includes(part));
  assert.deepEqual(unknown, []);
});
