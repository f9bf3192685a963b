// The port to files, for what keeps texts in them.

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
