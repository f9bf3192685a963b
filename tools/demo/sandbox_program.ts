// The sandbox as a program of its own, so that it can outlive the demo. Starts and ends it; shows nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface SandboxProgram {
  readonly url: string;
  readonly tls_url: string;
  readonly ca_file: string;
  /** What its control endpoint at `path` says. */
  readonly get: <Answer>(path: string) => Promise<Answer>;
  /** Ends it, or leaves it alone where it is to be kept. */
  readonly leave: () => Promise<void>;
}

/** Starts the sandbox. It ends with this program, or, when it is to be kept, by itself after an hour. */
export async function startSandbox(program: string, isKept: boolean): Promise<SandboxProgram> {
  const child = spawn(process.execPath, [program, ...(isKept ? [] : ["--exit-with-parent"])], {
    stdio: ["pipe", "pipe", isKept ? "ignore" : "inherit"],
    detached: isKept,
  });
  const ended = once(child, "exit");
  // Its first line says where it listens.
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [announcement] = (await Promise.race([once(lines, "line"), once(lines, "close")])) as [string?];
  if (announcement === undefined) throw new Error("the sandbox ended before it listened");
  const addresses = JSON.parse(announcement) as Pick<SandboxProgram, "url" | "tls_url" | "ca_file">;
  return {
    ...addresses,
    get: async <Answer>(path: string) => (await (await fetch(addresses.url + path)).json()) as Answer,
    leave: async () => {
      if (isKept) return;
      child.stdin.end();
      await ended;
    },
  };
}
