// Who runs us: names the process and this Lua state, for the journal's lock. Reads /proc where there is one.

/** The contents of a small file, or undefined. */
function readSmallFile(path: string): string | undefined {
  const [file] = io.open(path, "r");
  if (file === undefined) return undefined;
  const text = file.read("*a");
  file.close();
  return text;
}

/** `pid starttime` from a stat file of /proc: a pid alone can be another process's tomorrow. */
function nameFromStat(stat: string | undefined): string {
  // The second field, the program's name in brackets, may hold anything; starttime is the 20th field behind it.
  const [pid, rest] = string.match(stat ?? "", "^(%d+) .*%) (.*)$");
  if (pid === undefined || rest === undefined) return "";
  const fields: string[] = [];
  for (const [field] of string.gmatch(rest, "%S+")) fields.push(field ?? "");
  return `${pid} ${fields[19] ?? ""}`;
}

/** Names this process for as long as it lives; empty where the system does not tell. */
export function processName(): string {
  return nameFromStat(readSmallFile("/proc/self/stat"));
}

/** Whether the process that had this name still runs. */
export function isProcessAlive(name: string): boolean {
  const [pid] = string.match(name, "^(%d+) ");
  return pid !== undefined && nameFromStat(readSmallFile(`/proc/${pid}/stat`)) === name;
}

/** Names this Lua state within its process. */
export function stateName(): string {
  return tostring({});
}

/** Lua 5.1 and LuaJIT only: an object whose metatable may have a finalizer. Tables may have one from 5.2 on. */
declare const newproxy: ((this: void, hasMetatable: true) => object) | undefined;

/** What waits for the state to be closed; held here, so that it is not collected before. */
const guards: object[] = [];

/** Has `action` done when the Lua state is closed; not when the process is killed. */
export function atClose(action: (this: void) => void): void {
  if (newproxy === undefined) {
    guards.push(setmetatable({}, { __gc: () => action() }));
    return;
  }
  const guard = newproxy(true);
  (getmetatable(guard) as unknown as { __gc: (this: void) => void }).__gc = action;
  guards.push(guard);
}
