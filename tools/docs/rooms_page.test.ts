// docs/development.md draws the rooms of src/: each that is there, with what the table of tools/rooms/rooms.ts lets it
// import.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { it } from "node:test";
import { MAY_IMPORT } from "../rooms/rooms.js";

const page = readFileSync("docs/development.md", "utf8");

const isThere = (room: string): boolean => existsSync(`src/${room}`);

function inWords(rooms: readonly string[]): string {
  return rooms.includes("connector")
    ? "connector, and what it may"
    : rooms.filter(isThere).toSorted().join(", ");
}

/** What the page says of each room, as `alerts: text`. */
function drawn(): string[] {
  return [...page.matchAll(/^\| `src\/([\w.]+)\/?` +\|.*\| ([^|]*?) +\|$/gm)].map(
    ([, room = "", rooms = ""]) => `${room}: ${rooms}`,
  );
}

it("the drawing has every room of src/, with the imports that it may have", () => {
  const rooms = Object.entries(MAY_IMPORT).filter(([room]) => isThere(room) && room !== "version.ts");
  assert.deepEqual(
    drawn().toSorted(),
    rooms.map(([room, targets]) => `${room}: ${inWords(targets)}`).toSorted(),
  );
});
