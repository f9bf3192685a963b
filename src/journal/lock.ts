// Who owns a journal: a small file beside it, held open, so that two outputs with one state_path are refused
// instead of overwriting each other's. Lua has no file locks; but a file is closed with the Lua state or the
// process that holds it, however that ends, and the system tells who has a file open.
import type { FilePort } from "../text/files";

export interface LockPorts {
  readonly files: FilePort;
  /** This process's id; empty where the system does not tell. */
  readonly processId: string;
  /** Whether the process has the file open; false where the system does not tell. */
  readonly hasOpen: (this: void, processId: string, path: string) => boolean;
}

/** Lock files that are held, for as long as the Lua state lives. */
const held: LuaFile[] = [];

/** Claims the journal at `path` for this Lua state. Gives false when another output holds it. */
export function lockJournal(path: string, ports: LockPorts): boolean {
  const lockPath = `${path}.lock`;
  const [before] = ports.files.open(lockPath, "r");
  if (before !== undefined) {
    const [owner] = string.match(before.read("*a") ?? "", "^(%d+)\n$");
    before.close();
    if (owner !== undefined && ports.hasOpen(owner, lockPath)) return false;
  }
  const [file] = ports.files.open(lockPath, "w");
  // Where the journal cannot be written, this cannot either; the journal says so.
  if (file === undefined) return true;
  file.write(`${ports.processId}\n`);
  file.flush();
  held.push(file);
  return true;
}
