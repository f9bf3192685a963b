// The arrows between rooms, on made-up trees.
import assert from "node:assert/strict";
import { it } from "node:test";
import { wrongArrows } from "./rooms.js";

/** A tree: each file with what it imports. */
function problemsOf(tree: Readonly<Record<string, readonly string[]>>): string[] {
  const files = Object.entries(tree).map(
    ([file, imports]) =>
      [file, imports.map((target) => `import { x } from "${target}";\n`).join("")] as const,
  );
  return wrongArrows(new Map(files));
}

it("lets rooms import what the table allows, their own files, the version, and modules from elsewhere", () => {
  const problems = problemsOf({
    "src/main.ts": ["./connector/connector", "./version"],
    "src/version.ts": [],
    "src/connector/connector.ts": ["../delivery/queue", "./parts", "../version"],
    "src/connector/parts.ts": ["../broker/log"],
    "src/delivery/queue.ts": ["../alerts/alert", "cURL"],
    "src/alerts/alert.ts": ["../text/utf8"],
    "src/text/utf8.ts": ["../version"],
    "src/broker/log.ts": [],
    "src/commands/check.ts": ["../connector/connector", "../text/utf8"],
  });
  assert.deepEqual(problems, []);
});

it("names file, import and what is allowed of an arrow that is turned round", () => {
  assert.deepEqual(problemsOf({ "src/alerts/book.ts": ["../text/utf8", "../broker/cache"] }), [
    "src/alerts/book.ts imports ../broker/cache: alerts may import text, version.ts",
  ]);
  assert.deepEqual(problemsOf({ "src/main.ts": ["./commands/check"] }).length, 1);
  assert.deepEqual(problemsOf({ "src/commands/check.ts": ["../main"], "src/main.ts": [] }).length, 1);
});

it("sees type imports, and what is passed on", () => {
  const files = new Map([
    ["src/text/a.ts", 'import type { Alert } from "../alerts/alert";\n'],
    ["src/text/b.ts", 'export * from "../alerts/alert";\n'],
  ]);
  assert.equal(wrongArrows(files).length, 2);
});

it("finds rooms that import each other in a circle, over any number of rooms", () => {
  const problems = problemsOf({
    "src/delivery/queue.ts": ["../pagerduty/answer"],
    "src/pagerduty/answer.ts": ["../alerts/alert"],
    "src/alerts/alert.ts": ["../delivery/queue"],
  });
  assert.deepEqual(problems, [
    "src/alerts/alert.ts imports ../delivery/queue: alerts may import text, version.ts",
    "rooms import each other in a circle: delivery → pagerduty → alerts → delivery",
  ]);
});

it("knows every room, and lets no file stand beside main.ts and version.ts", () => {
  assert.deepEqual(problemsOf({ "src/garage/car.ts": [], "src/intake.ts": [] }), [
    "src/garage/car.ts: the room garage is not in the table of tools/rooms/rooms.ts",
    "src/intake.ts: src/ itself holds main.ts and version.ts only",
  ]);
});
