// Command line: `node build/tools/rooms/main.js` prints where the rooms of src/ import each other as they may not, and
// exits with 1 if there is such a place.
import { readFileSync, readdirSync } from "node:fs";
import { wrongArrows } from "./rooms.js";

const names = (readdirSync("src", { recursive: true }) as string[]).filter((name) => name.endsWith(".ts"));
const files = new Map(names.sort().map((name) => [`src/${name}`, readFileSync(`src/${name}`, "utf8")]));
const problems = wrongArrows(files);
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
