// The alerts that wait to be sent, the most urgent first. An alert waits once, whatever happens to it meanwhile;
// what is sent is decided when its turn comes. Knows nothing of sending.
import type { Action, Alert, Severity } from "../alerts/alert";

/** An alert in the queue: in one of the lines, since when, and whether it still counts there. */
interface Entry {
  readonly alert: Alert;
  readonly line: number;
  readonly since: number;
  isWaiting: boolean;
}

/** One line of the queue, first come first served. */
interface Line {
  readonly entries: LuaTable<number, Entry | undefined>;
  first: number;
  last: number;
}

export interface Queue {
  /** Puts the alert in line for `action`; one that waits already keeps its time, and changes lines if it must. */
  readonly put: (this: void, alert: Alert, action: Action, now: number) => void;
  readonly remove: (this: void, alert: Alert) => void;
  /** Takes out the next one; undefined when nobody waits. */
  readonly take: (this: void) => Alert | undefined;
  readonly size: (this: void) => number;
  /** Since when the longest waiting one waits; undefined when nobody waits. */
  readonly oldest: (this: void) => number | undefined;
}

/** Triggers by severity, then everything that wakes nobody. */
const TRIGGER_LINE: Record<Severity, number> = { critical: 1, error: 2, warning: 3, info: 4 };
const QUIET_LINE = 5;

/** Every so many turns the one that waits longest goes first, however little urgent: nobody is starved. */
const TURNS_UNTIL_OLDEST = 4;

/** A line shorter than this is never worth tidying. */
const MOST_GAPS = 64;

/** An empty queue. */
export function createQueue(): Queue {
  const lines: Line[] = [];
  for (const _ of $range(1, QUIET_LINE)) lines.push({ entries: new LuaTable(), first: 1, last: 0 });
  const entryOf = new LuaTable<Alert, Entry | undefined>();
  let size = 0;
  let turns = 0;

  /** The first entry of a line that still counts. */
  const headOf = (line: Line): Entry | undefined => {
    while (line.first <= line.last) {
      const entry = line.entries.get(line.first);
      if (entry?.isWaiting === true) return entry;
      line.entries.set(line.first, undefined);
      line.first = line.first + 1;
    }
    return undefined;
  };

  /** Adds to a line, and closes the gaps in it when most of it is gaps: alerts that changed lines leave one each. */
  const append = (line: Line, entry: Entry): void => {
    line.last = line.last + 1;
    line.entries.set(line.last, entry);
    if (line.last - line.first < MOST_GAPS + 2 * size) return;
    let kept = line.first - 1;
    for (const index of $range(line.first, line.last)) {
      const candidate = line.entries.get(index);
      line.entries.set(index, undefined);
      if (candidate?.isWaiting === true) {
        kept = kept + 1;
        line.entries.set(kept, candidate);
      }
    }
    line.last = kept;
  };

  const remove = (alert: Alert): void => {
    const entry = entryOf.get(alert);
    if (entry === undefined) return;
    entry.isWaiting = false;
    entryOf.set(alert, undefined);
    size = size - 1;
  };

  const oldestEntry = (): Entry | undefined => {
    let oldest: Entry | undefined;
    for (const line of lines) {
      const head = headOf(line);
      if (head !== undefined && (oldest === undefined || head.since < oldest.since)) oldest = head;
    }
    return oldest;
  };

  const mostUrgentEntry = (): Entry | undefined => {
    for (const line of lines) {
      const head = headOf(line);
      if (head !== undefined) return head;
    }
    return undefined;
  };

  return {
    put: (alert, action, now) => {
      const wanted = action === "trigger" ? TRIGGER_LINE[alert.severity] : QUIET_LINE;
      const waiting = entryOf.get(alert);
      if (waiting?.line === wanted) return;
      remove(alert);
      const entry = {
        alert,
        line: wanted,
        since: waiting === undefined ? now : waiting.since,
        isWaiting: true,
      };
      const line = lines[wanted - 1] as Line;
      entryOf.set(alert, entry);
      size = size + 1;
      append(line, entry);
    },
    remove,
    take: () => {
      turns = turns + 1;
      const entry = turns % TURNS_UNTIL_OLDEST === 0 ? oldestEntry() : mostUrgentEntry();
      if (entry === undefined) return undefined;
      remove(entry.alert);
      return entry.alert;
    },
    size: () => size,
    oldest: () => oldestEntry()?.since,
  };
}
