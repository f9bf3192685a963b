// Files and processes for specs: the little that Lua's io and os need around them.

/** Pauses the spec; for polling a condition only, never instead of one. */
export function sleep(seconds: number): void {
  os.execute(`sleep ${string.format("%.3f", seconds)}`);
}

/** Polls until `condition` gives a value; fails the spec with `what` after `seconds`. */
export function waitFor<T>(what: string, condition: () => T | undefined, seconds = 10): T {
  const end = os.time() + seconds + 1;
  while (os.time() <= end) {
    const value = condition();
    if (value !== undefined) return value;
    sleep(0.02);
  }
  return error(`waited ${seconds} s in vain for ${what}`);
}

/** The file's bytes, or nil when it cannot be opened. */
export function readFile(path: string): string | undefined {
  const [file] = io.open(path, "rb");
  if (file === undefined) return undefined;
  const text = file.read("*a");
  file.close();
  return text;
}

export function writeFile(path: string, text: string): void {
  const [file, problem] = io.open(path, "wb");
  if (file === undefined) return error(problem);
  file.write(text);
  file.close();
}

/** A fresh path under the system's temporary folder; nothing is there yet. */
export function temporaryPath(suffix: string): string {
  const path = os.tmpname();
  os.remove(path);
  return `${path}${suffix}`;
}

/** A shell word that stands for exactly `text`. */
export function shellWord(text: string): string {
  const [escaped] = string.gsub(text, "'", "'\\''");
  return `'${escaped}'`;
}

/** Starts a shell command. The function that it gives waits for the end, and gives what was printed. */
export function startShell(command: string): (this: void) => string {
  const [pipe] = io.popen(command, "r");
  if (pipe === undefined) return error(`cannot run ${command}`);
  return () => {
    const text = pipe.read("*a") ?? "";
    pipe.close();
    return text;
  };
}

/** What a shell command prints on standard output. */
export function outputOf(command: string): string {
  return startShell(command)();
}
