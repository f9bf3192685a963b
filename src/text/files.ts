// The port to files, for what keeps texts in them; reading a whole one, and replacing one whole.

/** Reads and changes files; Lua's own io and os, or a test's. */
export interface FilePort {
  readonly open: (
    this: void,
    path: string,
    mode: string,
  ) => LuaMultiReturn<[LuaFile] | [undefined, string, number]>;
  readonly rename: (this: void, from: string, to: string) => LuaMultiReturn<[true] | [undefined, string]>;
  /** Takes a file's rights from everybody but its owner, where the system can. */
  readonly makePrivate: (this: void, path: string) => void;
}

/** The whole text of a file, or undefined and why not. */
export type ReadFile = (
  this: void,
  path: string,
) => LuaMultiReturn<[string, undefined] | [undefined, string]>;

export function readFile(
  this: void,
  path: string,
): LuaMultiReturn<[string, undefined] | [undefined, string]> {
  const [file, problem] = io.open(path, "rb");
  if (file === undefined) return $multi(undefined, problem ?? path);
  const text = file.read("*a") as string | undefined;
  file.close();
  // A folder opens, and cannot be read.
  if (text === undefined) return $multi(undefined, `${path} is not a file`);
  return $multi(text, undefined);
}

/** Writes `text` to `file`, and closes it. Gives what went wrong. */
export function writeAndClose(file: LuaFile, text: string): string | undefined {
  const [isWritten] = file.write(text);
  // A full disk shows only here: close gives nil then, though it is typed as a boolean.
  const isClosed = file.close() as boolean | undefined;
  return isWritten !== undefined && isClosed === true
    ? undefined
    : "the system refused to write (is the disk full?)";
}

/**
 * Puts `text` in the place of the file at `path`, under the name `fresh` first: a reader never sees half of it. Gives what
 * went wrong.
 */
export function replaceFile(
  this: void,
  files: FilePort,
  path: string,
  fresh: string,
  text: string,
): string | undefined {
  const [file, openProblem] = files.open(fresh, "wb");
  if (file === undefined) return openProblem ?? "unknown reason";
  const problem = writeAndClose(file, text);
  if (problem !== undefined) return problem;
  const [isMoved, moveProblem] = files.rename(fresh, path);
  return isMoved === true ? undefined : (moveProblem ?? "unknown reason");
}
