// Which room of src/ may import which, and where the source does otherwise. A room is a folder of src/; the two files
// beside the folders count as rooms of their own. Type imports are arrows like all others.
import { posix } from "node:path";
import ts from "typescript";

/** Importable by every room. */
const VERSION = "version.ts";

const PARTS = [
  "text",
  "alerts",
  "settings",
  "pagerduty",
  "rules",
  "broker",
  "journal",
  "delivery",
  "feedback",
];

/** The one table: docs/development.md draws it. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  alerts: ["text"],
  settings: ["text", "alerts"],
  pagerduty: ["alerts", "text"],
  rules: ["alerts", "settings", "pagerduty", "text"],
  broker: ["alerts", "text"],
  journal: ["alerts", "text"],
  delivery: ["alerts", "pagerduty", "text", "settings"],
  feedback: ["alerts", "text", "pagerduty", "delivery", "settings"],
  connector: PARTS,
  commands: [...PARTS, "connector"],
  "main.ts": [...PARTS, "connector"],
  [VERSION]: [],
};

/** An import that leaves its room. */
interface Arrow {
  readonly file: string;
  /** As it is written. */
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

/** `text` of src/text/utf8.ts, `main.ts` of src/main.ts. */
function roomOf(file: string): string {
  const [, room = ""] = file.split("/");
  return room;
}

function arrowsOf(file: string, text: string, files: ReadonlyMap<string, string>): Arrow[] {
  const from = roomOf(file);
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((target) => target.startsWith("."))
    .map((target) => {
      const path = posix.join(posix.dirname(file), target);
      const imported = [path, `${path}.ts`, `${path}/index.ts`].find((name) => files.has(name)) ?? path;
      return { file, target, from, to: roomOf(imported) };
    })
    .filter(({ to }) => to !== from);
}

function strangerIn(file: string): string | undefined {
  const room = roomOf(file);
  if (room in MAY_IMPORT) return undefined;
  return room.endsWith(".ts")
    ? `${file}: src/ itself holds main.ts and ${VERSION} only`
    : `${file}: the room ${room} is not in the table of tools/rooms/rooms.ts`;
}

function forbiddenArrow({ file, target, from, to }: Arrow): string | undefined {
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined || to === VERSION || allowed.includes(to)) return undefined;
  return `${file} imports ${target}: ${from} may import ${[...allowed, VERSION].join(", ")}`;
}

/** The rooms of a circle, the first one again at its end. */
function circleIn(arrows: readonly Arrow[]): string[] | undefined {
  const isDone = new Set<string>();
  const search = (room: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(room)) return [...way.slice(way.indexOf(room)), room];
    if (isDone.has(room)) return undefined;
    for (const { from, to } of arrows) {
      const circle = from === room ? search(to, [...way, room]) : undefined;
      if (circle !== undefined) return circle;
    }
    isDone.add(room);
    return undefined;
  };
  for (const { from } of arrows) {
    const circle = search(from, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** What is wrong, a line each. `files`: the texts of all files of src/, by names such as src/text/utf8.ts. */
export function wrongArrows(files: ReadonlyMap<string, string>): string[] {
  const arrows = [...files].flatMap(([file, text]) => arrowsOf(file, text, files));
  const circle = circleIn(arrows);
  return [
    ...[...files.keys()].map(strangerIn),
    ...arrows.map(forbiddenArrow),
    circle && `rooms import each other in a circle: ${circle.join(" → ")}`,
  ].filter((problem) => problem !== undefined);
}
