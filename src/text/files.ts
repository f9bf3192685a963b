// The port to files, for what keeps texts in them, and the reading of a whole one.

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
