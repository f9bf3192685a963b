// The journal: what the book knows, in an append-only file of JSON lines that survives a crash. Owns the file's life
// (append, compact, load, keep a bad one aside); its lines are lines.ts', and it decides nothing about alerts.
//
// A line is written for each change of an alert (an action going out included), of a host that is remembered, of a parent,
// and of an engine that stops or runs again. The last line of each wins.
import { type Alert, type Place, type Report, isOpen } from "../alerts/alert";
import { STATE } from "../alerts/policy";
import type { HostFacts } from "../alerts/surroundings";
import type { FilePort } from "../text/files";
import { spokenDuration } from "../text/time";
import {
  VERSION,
  aliveLine,
  alertLine,
  createReading,
  engineLine,
  ownerLine,
  forgottenLine,
  headerLine,
  hostLine,
  versionOf,
  parentLine,
  readLine,
} from "./lines";

/** What a journal's file held. */
export interface Loaded {
  readonly alerts: Alert[];
  readonly hosts: { readonly hostId: number; readonly facts: HostFacts }[];
  readonly parents: { readonly childId: number; readonly parentId: number }[];
  /** Whose hosts are; none where the journal is old. */
  readonly owners: { readonly hostId: number; readonly pollerId: number }[];
  /** Those whose engines have said that they stop; none where the journal is old. */
  readonly stoppedPollers: number[];
  /** False when there was no journal before, or an old one: what happened until now is not known. */
  readonly hadJournal: boolean;
  /** How many lines the file has, where it says just this, in today's form, and ends with a whole line; else 0. */
  readonly wholeLines: number;
  /** Why the file cannot be trusted; undefined: it can. */
  readonly damage?: string | undefined;
}

/** What is written when the file is made anew. */
export interface Snapshot {
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
  readonly eachOwner: (this: void, visit: (this: void, hostId: number, pollerId: number) => void) => void;
  readonly eachStoppedEngine: (this: void, visit: (this: void, pollerId: number) => void) => void;
}

export interface JournalPorts {
  readonly files: FilePort;
  readonly error: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
  /** Unix time. */
  readonly unixTime: (this: void) => number;
}

export interface Journal {
  /** True while everything told so far is in the file. */
  readonly isUsable: (this: void) => boolean;
  readonly writeAlert: (this: void, alert: Alert) => void;
  readonly writeForgotten: (this: void, alert: Alert) => void;
  readonly writeHost: (this: void, hostId: number, facts: HostFacts | undefined) => void;
  readonly writeParent: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  readonly writeOwner: (this: void, hostId: number, pollerId: number | undefined) => void;
  readonly writeEngine: (this: void, pollerId: number, isStopped: boolean) => void;
  /** Says that the connector runs: once a minute. */
  readonly writeAlive: (this: void) => void;
  /** Goes on in the file that `loaded` was read from, where that can be done; before anything of it changes. */
  readonly goOn: (this: void, loaded: Loaded) => void;
  /** True when there is no file to write to, or it has grown enough: `compact` is worth its time. */
  readonly needsCompaction: (this: void) => boolean;
  /** Makes the file anew from `snapshot`. Takes time in proportion: never call it within write(). */
  readonly compact: (this: void, snapshot: Snapshot) => void;
}

/** ENOENT, the same on every Linux. */
const NO_SUCH_FILE = 2;

/**
 * Seconds. A journal gets a line a minute while the connector runs: one that is older than this was somebody else's, or of
 * another time.
 */
const LONGEST_SILENCE = 600;

/** Lines that may pile up beside what is alive before the file is made anew. */
const SUPERFLUOUS_LINES = 5000;

const NOTHING: Loaded = {
  alerts: [],
  hosts: [],
  parents: [],
  owners: [],
  stoppedPollers: [],
  hadJournal: false,
  wholeLines: 0,
};

/** What is known where nothing can have been missed: PagerDuty has nothing. */
export const NOTHING_MISSED: Loaded = {
  alerts: [],
  hosts: [],
  parents: [],
  owners: [],
  stoppedPollers: [],
  hadJournal: true,
  wholeLines: 0,
};

/** Keeps nothing, for when there is nothing to keep. */
export const NO_JOURNAL: Journal = {
  isUsable: () => true,
  writeAlert: () => undefined,
  writeForgotten: () => undefined,
  writeHost: () => undefined,
  writeParent: () => undefined,
  writeOwner: () => undefined,
  writeEngine: () => undefined,
  writeAlive: () => undefined,
  goOn: () => undefined,
  needsCompaction: () => false,
  compact: () => undefined,
};

/** What a check said long ago is told and paged only once another one confirms it; what no check stands behind is not. */
function takeForOld({ facts, resource }: Alert, now: number): void {
  if (!("hostId" in resource) || facts.state === STATE.ok) return;
  facts.staleness = { lastCheckAtReturn: facts.lastCheck, hostCheckedAt: facts.lastCheck, since: now };
}

/** Moves a file that cannot be trusted out of the way of the new one, and says why. */
function keepAside(path: string, damage: string, { files, error, unixTime }: JournalPorts): void {
  const aside = string.format("%s.bad-%d", path, unixTime());
  const [isMoved, problem] = files.rename(path, aside);
  const where =
    isMoved === true ? `kept as ${aside}` : `it could not be kept aside: ${problem ?? "unknown reason"}`;
  error(`${damage}; ${where}; starting anew with what could be read`);
}

/** Reads what the file at `path` holds. A file that cannot be trusted is kept aside, and what can be read of it used. */
export function loadJournal(path: string, ports: JournalPorts): Loaded {
  const [file, openProblem, errorNumber] = ports.files.open(path, "rb");
  if (file === undefined) {
    if (errorNumber !== NO_SUCH_FILE)
      keepAside(path, `the journal cannot be read: ${openProblem ?? path}`, ports);
    return NOTHING;
  }
  const text = file.read("*a") ?? "";
  file.close();
  if (text === "") return NOTHING;

  const reading = createReading(ports.unixTime());
  let position = 1;
  let lines = 0;
  let badLines = 0;
  let hasHeader = false;
  // What follows the last line's end is a line torn by a crash: it was never acted upon.
  while (true) {
    const [lineEnd] = string.find(text, "\n", position, true);
    if (lineEnd === undefined) break;
    const line = string.sub(text, position, lineEnd - 1);
    position = lineEnd + 1;
    lines = lines + 1;
    if (lines === 1) {
      reading.version = versionOf(line) ?? 0;
      hasHeader = reading.version > 0;
    } else if (hasHeader && !readLine(reading, line)) badLines = badLines + 1;
  }
  const isTorn = position <= text.length;

  const isDamaged = !hasHeader || badLines > 0;
  const what = hasHeader ? `has ${badLines} unreadable lines` : "is not a journal of this version";
  const damage = isDamaged ? `the journal ${path} ${what}` : undefined;
  if (damage !== undefined) keepAside(path, damage, ports);
  const isOld = reading.lastAlive > 0 && reading.now - reading.lastAlive > LONGEST_SILENCE;
  if (isOld) {
    ports.warning(
      `the journal ${path} was last written ${spokenDuration(reading.now - reading.lastAlive)} ago (a fail-over, a restored backup, a long stop?): what PagerDuty has is taken for unknown, and settled anew`,
    );
  }
  const alerts: Alert[] = [];
  for (const [, alert] of reading.alerts) {
    if (alert !== undefined) {
      // The missing lines may have said that PagerDuty took an action: settle that by sending the desired state.
      if (isDamaged || isOld) {
        if (!isOpen(alert)) alert.delivered = "triggered";
        if (alert.closing !== undefined) alert.closing = undefined;
        alert.isCertain = false;
      }
      if (isOld) takeForOld(alert, reading.now);
      alerts.push(alert);
    }
  }
  const hosts: { hostId: number; facts: HostFacts }[] = [];
  for (const [hostId, facts] of reading.hosts) if (facts !== undefined) hosts.push({ hostId, facts });
  const parents: { childId: number; parentId: number }[] = [];
  for (const [, relation] of reading.parents) if (relation !== undefined) parents.push(relation);
  const owners: { hostId: number; pollerId: number }[] = [];
  const stoppedPollers: number[] = [];
  // Who stopped long ago may have started since, and a host may have moved.
  if (!isOld) {
    for (const [hostId, pollerId] of reading.owners)
      if (pollerId !== undefined) owners.push({ hostId, pollerId });
    for (const [pollerId] of reading.stoppedPollers) stoppedPollers.push(pollerId);
  }
  const isWhole = !isDamaged && !isTorn && !isOld && reading.version === VERSION;
  const hadJournal = hasHeader && !isOld;
  const wholeLines = isWhole ? lines : 0;
  return { alerts, hosts, parents, owners, stoppedPollers, hadJournal, wholeLines, damage };
}

/**
 * The journal at `path`. Before the first write go on in its file, or else compact it: that makes the file, and shows
 * whether it can be written at all.
 */
export function createJournal(path: string, ports: JournalPorts): Journal {
  let file: LuaFile | undefined;
  let isReported = false;
  let lines = 0;
  let linesAfterCompaction = 0;
  // What the file already holds, by alert: they are the bulk of a line, and seldom new.
  let writtenPlaces = new LuaTable<Alert, Place | undefined>();
  let writtenReports = new LuaTable<Alert, Report | undefined>();

  const giveUp = (problem: string | undefined): void => {
    file?.close();
    file = undefined;
    if (isReported) return;
    isReported = true;
    // What it holds is out of date from now on, and must not be believed by the next start.
    ports.files.rename(path, `${path}.out-of-date`);
    ports.error(
      `the journal ${path} cannot be written: ${problem ?? "unknown reason"}. Alerts are still sent, but a crash may lose what PagerDuty was told; make the file writable for the broker, or set state_path`,
    );
  };

  const put = (line: string): void => {
    if (file === undefined) return;
    const [isWritten, problem] = file.write(line, "\n");
    if (isWritten === undefined) giveUp(problem as string);
    lines = lines + 1;
  };

  const flush = (): void => {
    // flush gives nil when the system refuses (a full disk shows only here), though it is typed as a boolean.
    const isFlushed = file === undefined || (file.flush() as boolean | undefined);
    if (isFlushed !== true) giveUp("the system refused to write (is the disk full?)");
  };

  const append = (line: string): void => {
    put(line);
    flush();
  };

  const lineWithNews = (alert: Alert): string => {
    const { place, report } = alert;
    const newPlace = writtenPlaces.get(alert) === place ? undefined : place;
    const newReport = writtenReports.get(alert) === report ? undefined : report;
    writtenPlaces.set(alert, place);
    writtenReports.set(alert, report);
    return alertLine(alert, newPlace, newReport);
  };

  return {
    isUsable: () => file !== undefined,
    writeAlert: (alert) => {
      append(lineWithNews(alert));
    },
    writeForgotten: (alert) => {
      writtenPlaces.set(alert, undefined);
      writtenReports.set(alert, undefined);
      append(forgottenLine(alert));
    },
    writeHost: (hostId, facts) => {
      append(hostLine(hostId, facts));
    },
    writeParent: (childId, parentId, isParent) => {
      append(parentLine(childId, parentId, isParent));
    },
    writeOwner: (hostId, pollerId) => {
      append(ownerLine(hostId, pollerId));
    },
    writeEngine: (pollerId, isStopped) => {
      append(engineLine(pollerId, isStopped));
    },
    writeAlive: () => {
      append(aliveLine(ports.unixTime()));
    },
    goOn: (loaded) => {
      if (loaded.wholeLines === 0) return;
      [file] = ports.files.open(path, "ab");
      if (file === undefined) return;
      ports.files.makePrivate(path);
      lines = loaded.wholeLines;
      linesAfterCompaction =
        loaded.alerts.length +
        loaded.hosts.length +
        loaded.parents.length +
        loaded.owners.length +
        loaded.stoppedPollers.length;
      for (const alert of loaded.alerts) {
        writtenPlaces.set(alert, alert.place);
        writtenReports.set(alert, alert.report);
      }
      append(aliveLine(ports.unixTime()));
    },
    needsCompaction: () => file === undefined || lines > 2 * linesAfterCompaction + SUPERFLUOUS_LINES,
    compact: (snapshot) => {
      file?.close();
      file = undefined;
      const fresh = `${path}.new`;
      const [freshFile, problem] = ports.files.open(fresh, "wb");
      if (freshFile === undefined) {
        giveUp(problem);
        return;
      }
      ports.files.makePrivate(fresh);
      file = freshFile;
      lines = 0;
      writtenPlaces = new LuaTable();
      writtenReports = new LuaTable();
      put(headerLine());
      put(aliveLine(ports.unixTime()));
      snapshot.eachHost((hostId, facts) => {
        put(hostLine(hostId, facts));
      });
      snapshot.eachParent((childId, parentId) => {
        put(parentLine(childId, parentId, true));
      });
      snapshot.eachOwner((hostId, pollerId) => {
        put(ownerLine(hostId, pollerId));
      });
      snapshot.eachStoppedEngine((pollerId) => {
        put(engineLine(pollerId, true));
      });
      snapshot.eachAlert((alert) => {
        put(lineWithNews(alert));
      });
      flush();
      linesAfterCompaction = lines;
      if (!isOpenFile(file)) return;
      const [isMoved, moveProblem] = ports.files.rename(fresh, path);
      if (isMoved !== true) {
        giveUp(moveProblem);
        return;
      }
      if (isReported) ports.warning(`the journal ${path} can be written again`);
      isReported = false;
    },
  };
}

/** Whether writing has not failed meanwhile; a function, since TypeScript takes the variable for unchanged. */
function isOpenFile(file: LuaFile | undefined): boolean {
  return file !== undefined;
}
