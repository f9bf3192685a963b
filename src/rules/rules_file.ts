// pdy_rules_file on the disk: its text, the rules in it, and the copy of the last good one beside the journal. When it is
// looked at is not its business.
import { FALLBACK_ROUTE } from "../alerts/alert";
import { type FilePort, replaceFile } from "../text/files";
import { loadWeekClock } from "../text/time";
import type { ParameterRules } from "./from_parameters";
import { type ReadRules, readRules } from "./from_table";
import { LARGEST_TEXT, readLuaTable } from "./lua_table";
import type { TableKnowledge } from "./table_conditions";

/** What rules may speak of beside what they say themselves. Loads luatz: call it in init. */
export function knowledgeOf(
  this: void,
  { severityOf }: ParameterRules,
  routingKeys: Readonly<Record<string, string>>,
  unixTime: (this: void) => number,
  warning?: (this: void, text: string) => void,
): TableKnowledge {
  const routes: string[] = [];
  for (const [label] of pairs(routingKeys)) if (label !== FALLBACK_ROUTE) routes.push(label);
  table.sort(routes);
  return { routes, severityOf, unixTime, weekClock: loadWeekClock(), warning };
}

/** The rules in the text of a file, or what is wrong with the first that cannot be used: then none is. */
export function rulesIn(this: void, text: string, known: TableKnowledge): ReadRules {
  const table = readLuaTable(text);
  return typeof table === "string" ? { problem: table } : readRules(table, known);
}

/** The text of a file, as far as it may be used; undefined and why not. */
export function readText(
  this: void,
  files: Pick<FilePort, "open">,
  path: string,
): LuaMultiReturn<[string, undefined] | [undefined, string]> {
  const [file, problem] = files.open(path, "rb");
  if (file === undefined) return $multi(undefined, problem ?? path);
  // Of a file that is not meant, such as a log, no more than shows that it is too long. Of an empty one nothing is read, of
  // a folder not even that.
  const text = file.read(LARGEST_TEXT + 1) ?? file.read("*a");
  file.close();
  if (text === undefined) return $multi(undefined, `${path} is not a file`);
  return $multi(text, undefined);
}

/** Where the last good one is kept, for the output whose journal is at `statePath`. */
export function copyPathOf(this: void, statePath: string): string {
  return `${statePath}.rules`;
}

/** The first line of the copy, by which it is told from that of another file. */
function headOf(path: string): string {
  return `-- The last good ${path}, kept by the connector: change that file, not this one.\n`;
}

/** The last good text of the file at `path`; undefined where none is kept. */
export function readCopy(
  this: void,
  files: Pick<FilePort, "open">,
  copyPath: string,
  path: string,
): string | undefined {
  const [text] = readText(files, copyPath);
  const head = headOf(path);
  return text !== undefined && string.sub(text, 1, head.length) === head
    ? string.sub(text, head.length + 1)
    : undefined;
}

/** Keeps `text` as the last good one. Gives what went wrong. */
export function writeCopy(
  this: void,
  files: FilePort,
  copyPath: string,
  path: string,
  text: string,
): string | undefined {
  const problem = replaceFile(files, copyPath, `${copyPath}.new`, headOf(path) + text);
  if (problem === undefined) files.makePrivate(copyPath);
  return problem;
}
