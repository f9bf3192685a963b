// Whether a broker runs the output: somebody holds the lock of its journal. Without the right to see that, any broker
// counts.
import { hasOpen } from "../broker/process";
import { readFile, succeeds } from "./shell";

/** The broker's process, as the system names it. */
const BROKER_PROCESS = "cbd";

function isBroker(processId: string): boolean {
  const [name] = readFile(`/proc/${processId}/comm`);
  return name === `${BROKER_PROCESS}\n`;
}

/** Whether any broker runs on this machine. */
function runsAnyBroker(): boolean {
  return succeeds(`grep -qx ${BROKER_PROCESS} /proc/[0-9]*/comm`);
}

/** Whether the output whose journal is at `statePath` runs. */
export function isOutputRunning(statePath: string): boolean {
  const lockPath = `${statePath}.lock`;
  const [text] = readFile(lockPath);
  const [owner] = string.match(text ?? "", "^(%d+)\n$");
  if (owner === undefined) return runsAnyBroker();
  if (hasOpen(owner, lockPath)) return true;
  // Only its own user and root see which files a process has open.
  return isBroker(owner) && !succeeds(`ls /proc/${owner}/fd`);
}
