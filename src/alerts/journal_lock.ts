// Who owns a journal: a small file beside it, so that two outputs with one state_path are refused instead of
// overwriting each other's. Lua has no file locks; the owner renews its mark, and one not renewed has no owner.
import type { FilePort } from "./journal";

/** Seconds between renewals, and the age at which a mark counts as left behind. */
const RENEWAL_SECONDS = 10;
const ABANDONED_AFTER = 30;

export interface JournalLock {
  /** Renews the mark when it is time. Cheap: call it at every turn. */
  readonly renew: (this: void) => void;
}

export interface LockPorts {
  readonly files: FilePort;
  /** Unix time. */
  readonly unixTime: (this: void) => number;
  /** Names this process for as long as it lives; empty where the system does not tell. */
  readonly processName: string;
  /** Names this Lua state within its process. */
  readonly stateName: string;
  readonly isProcessAlive: (this: void, processName: string) => boolean;
  /** Has `action` done when the Lua state is closed in good order. */
  readonly atClose: (this: void, action: (this: void) => void) => void;
}

/** What stands in the lock's file. */
interface Mark {
  readonly processName: string;
  readonly stateName: string;
  /** Unix time. */
  readonly renewedAt: number;
}

function readMark(path: string, files: FilePort): Mark | undefined {
  const [file] = files.open(path, "r");
  if (file === undefined) return undefined;
  const text = file.read("*a") ?? "";
  file.close();
  const [processName, stateName, at] = string.match(text, "^([^\t]*)\t([^\t]*)\t(%d+)\n$");
  if (processName === undefined || stateName === undefined) return undefined;
  return { processName, stateName, renewedAt: tonumber(at) ?? 0 };
}

/**
 * Claims the journal at `path`. Gives the lock, or undefined when another output holds it. A mark of a process
 * that has ended, or one not renewed for half a minute, counts for nothing.
 */
export function lockJournal(path: string, ports: LockPorts): JournalLock | undefined {
  const lockPath = `${path}.lock`;
  const mark = readMark(lockPath, ports.files);
  if (mark !== undefined) {
    const isFresh = math.abs(ports.unixTime() - mark.renewedAt) < ABANDONED_AFTER;
    const isOurs = mark.processName === ports.processName && mark.stateName === ports.stateName;
    if (isFresh && !isOurs && ports.isProcessAlive(mark.processName)) return undefined;
  }

  let lastRenewal = 0;
  const renew = (): void => {
    const time = ports.unixTime();
    if (math.abs(time - lastRenewal) < RENEWAL_SECONDS) return;
    lastRenewal = time;
    // Where the journal cannot be written, this cannot either; the journal says so.
    const [file] = ports.files.open(lockPath, "w");
    if (file === undefined) return;
    file.write(string.format("%s\t%s\t%d\n", ports.processName, ports.stateName, time));
    file.close();
  };
  renew();
  ports.atClose(() => {
    ports.files.remove(lockPath);
  });
  return { renew };
}
