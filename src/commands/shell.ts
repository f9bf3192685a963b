// The little that Lua's own library cannot do: listing, rights, temporary folders, by the system's shell. Knows nothing
// of the connector.
import { shellWord } from "../broker/process";

/** What a shell command prints on standard output; empty when there is no shell. */
export function outputOf(command: string): string {
  const [hasShell, pipe] = pcall(() => io.popen(command, "r")[0]);
  if (!hasShell || pipe === undefined) return "";
  const text = pipe.read("*a") ?? "";
  pipe.close();
  return text;
}

/** Whether a shell command succeeds. os.execute tells it in another way on each Lua. */
export function succeeds(command: string): boolean {
  return outputOf(`( ${command} ) >/dev/null 2>&1 && printf yes`) === "yes";
}

export { readFile } from "../text/files";
export { shellWord };

/** The lines of `text`, without their ends. */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const [line] of string.gmatch(text, "[^\r\n]+")) if (line !== undefined) lines.push(line);
  return lines;
}

/** Runs `use` with a new folder that only this user can look into, and removes it afterwards. */
export function withTemporaryFolder<Result>(use: (this: void, folder: string) => Result): Result {
  const folder = linesOf(outputOf("mktemp -d"))[0];
  if (folder === undefined) return error("mktemp -d gives no temporary folder: is TMPDIR writable?", 0);
  const [isDone, result] = pcall(use, folder);
  os.execute(`rm -rf ${shellWord(folder)}`);
  return isDone ? result : error(result, 0);
}

/** The name of the machine; empty when nobody tells. */
export function machineName(): string {
  return linesOf(outputOf("uname -n"))[0] ?? "";
}
