// Whether a broker runs the output, and since when: somebody holds the lock of its journal. Without the right to see that,
// any broker counts.
import { hasOpen } from "../broker/process";
import { isMissing } from "./file_problem";
import { outputOf, readFile, shellWord, succeeds } from "./shell";

/** What runs connectors, as the system names it: the broker, or the engine of a poller with an output of its own. */
const BROKER = "cbd";
const ENGINE = "centengine";

/** What is known of an output's broker. */
export type Running =
  | {
      readonly kind: "runs";
      readonly processId: string;
      readonly process: string;
      /** Unix time; undefined: nobody tells. */
      readonly since: number | undefined;
    }
  | { readonly kind: "stopped" }
  /** Some broker runs; whether with this output only its user and root see. */
  | { readonly kind: "some broker" };

/** The name of a process; empty when there is none. */
function processName(processId: string): string {
  const [text] = readFile(`/proc/${processId}/comm`);
  return string.match(text ?? "", "^[^\n]*")[0] ?? "";
}

/** When a file was last written (Unix time). */
export function writtenAt(path: string): number | undefined {
  return tonumber(outputOf(`stat -c %Y ${shellWord(path)} 2>/dev/null`));
}

/** Whether any broker runs on this machine. */
export function runsAnyBroker(): boolean {
  return succeeds(`grep -qx ${BROKER} /proc/[0-9]*/comm`);
}

/** What is known of the broker that runs the output whose journal is at `statePath`. */
export function runningOutput(statePath: string): Running {
  const lockPath = `${statePath}.lock`;
  const [text, problem] = readFile(lockPath);
  const [owner] = string.match(text ?? "", "^(%d+)\n$");
  if (owner === undefined) {
    const isHidden = text !== undefined || !isMissing(problem);
    return isHidden && runsAnyBroker() ? { kind: "some broker" } : { kind: "stopped" };
  }
  const process = processName(owner);
  const isBroker = process === BROKER || process === ENGINE;
  // Only its own user and root see which files a process has open.
  const isHidden = isBroker && !succeeds(`ls /proc/${owner}/fd`);
  if (!hasOpen(owner, lockPath) && !isHidden) return { kind: "stopped" };
  // The lock is written when the output starts, and never again.
  return { kind: "runs", processId: owner, process, since: writtenAt(lockPath) };
}

/** Whether the output whose journal is at `statePath` runs; without a lock any broker counts. */
export function isOutputRunning(statePath: string): boolean {
  const { kind } = runningOutput(statePath);
  if (kind !== "stopped") return true;
  return isMissing(readFile(`${statePath}.lock`)[1] ?? "") && runsAnyBroker();
}
