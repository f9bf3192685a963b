// What the system tells about processes, for the journal's lock. Reads /proc where there is one, else says nothing.

/** This process's id; empty where the system does not tell. */
export function processId(): string {
  const [file] = io.open("/proc/self/stat", "r");
  if (file === undefined) return "";
  const [id] = string.match(file.read("*a") ?? "", "^(%d+) ");
  file.close();
  return id ?? "";
}

/** `text` as one word of a shell command. */
export function shellWord(text: string): string {
  const [escaped] = string.gsub(text, "'", "'\\''");
  return `'${escaped}'`;
}

/** Whether the process has the file at `path` open. Runs a shell for a moment: for init only. */
export function hasOpen(id: string, path: string): boolean {
  const command = `for fd in /proc/${id}/fd/*; do test "$fd" -ef ${shellWord(path)} && echo open && break; done`;
  // Some builds of Lua have no popen: it raises there.
  const [hasShell, pipe] = pcall(() => io.popen(`${command} 2>/dev/null`, "r")[0]);
  if (!hasShell || pipe === undefined) return false;
  const answer = pipe.read("*a");
  pipe.close();
  return answer !== "";
}

/** Takes a file's rights from everybody but its owner, where the system can. */
export function makePrivate(path: string): void {
  os.execute(`chmod 600 ${shellWord(path)} 2>/dev/null`);
}
