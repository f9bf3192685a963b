// The alerts that wait to be sent, the most urgent first. An alert waits once, whatever happens to it meanwhile;
// what is sent is decided when its turn comes. Knows nothing of sending.
import { type Action, type Alert, type Purpose, type Severity, purposeOf } from "../alerts/alert";

/** An alert that waits, and since when. */
export interface Waiting {
  readonly alert: Alert;
  readonly since: number;
}

/** An alert in one of the lines, and whether it still counts there. */
interface Entry extends Waiting {
  readonly line: number;
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
  /** Takes out the next one; undefined when nobody waits. `isCrowded`: more wait than may be sent. */
  readonly take: (this: void, isCrowded: boolean) => Alert | undefined;
  /** Takes out the next of those that open an alert, at `least` this severity; undefined when none does. */
  readonly takeOpening: (this: void, least: Severity) => Waiting | undefined;
  readonly size: (this: void) => number;
  /** Since when the longest waiting one waits; undefined when nobody waits. */
  readonly oldest: (this: void) => number | undefined;
  /** Calls `visit` for each, in no particular order. */
  readonly each: (this: void, visit: (this: void, alert: Alert) => void) => void;
}

/** Of each severity two lines: for what opens an alert, and for what changes one. */
const TRIGGER_LINE: Record<Severity, number> = { critical: 1, error: 3, warning: 5, info: 7 };
/** Then what wakes nobody, and at the end what is no news. */
const CALM_LINE = 9;
const REPEAT_LINE = 10;

function lineFor(purpose: Purpose, severity: Severity): number {
  if (purpose === "opens") return TRIGGER_LINE[severity];
  if (purpose === "changes") return TRIGGER_LINE[severity] + 1;
  return purpose === "calms" ? CALM_LINE : REPEAT_LINE;
}

/** Every so many turns the one that waits longest goes first, however little urgent: nobody is starved. */
const TURNS_UNTIL_OLDEST = 4;

/**
 * While more wait than may be sent, so many pages go for each that calms: a third is for those. Each problem calls for
 * one of either in the end: where so many times more of those wait than pages do, it is one for one, or they would fall
 * ever further behind (`make bench` shows it).
 */
const PAGES_UNTIL_CALM = 2;
const PAGES_UNTIL_CALM_BEHIND = 1;
const BEHIND = 2;

/** A line shorter than this is never worth tidying. */
const MOST_GAPS = 64;

/** An empty queue. */
export function createQueue(): Queue {
  const lines: Line[] = [];
  for (const _ of $range(1, REPEAT_LINE)) lines.push({ entries: new LuaTable(), first: 1, last: 0 });
  const entryOf = new LuaTable<Alert, Entry | undefined>();
  let size = 0;
  let calm = 0;
  let pages = 0;
  let turns = 0;
  let pagesSinceCalm = 0;

  /** The first entry of a line that still counts. */
  const headOf = (number: number): Entry | undefined => {
    const line = lines[number - 1] as Line;
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

  /** Counts one more in the line, or one less. */
  const count = (line: number, change: 1 | -1): void => {
    size = size + change;
    if (line === CALM_LINE) calm = calm + change;
    else if (line < CALM_LINE) pages = pages + change;
  };

  const remove = (alert: Alert): void => {
    const entry = entryOf.get(alert);
    if (entry === undefined) return;
    entry.isWaiting = false;
    entryOf.set(alert, undefined);
    count(entry.line, -1);
    // An entry at the head of its line is let go of: nobody may come by there for long.
    headOf(entry.line);
  };

  /** The longest waiting one of the first lines up to `last`. */
  const oldestUpTo = (last: number): Entry | undefined => {
    let oldest: Entry | undefined;
    for (const line of $range(1, last)) {
      const head = headOf(line);
      if (head !== undefined && (oldest === undefined || head.since < oldest.since)) oldest = head;
    }
    return oldest;
  };

  const mostUrgent = (): Entry | undefined => {
    for (const line of $range(1, REPEAT_LINE)) {
      const head = headOf(line);
      if (head !== undefined) return head;
    }
    return undefined;
  };

  /** Who is next. What is no news waits until nobody else does. */
  const nextEntry = (isCrowded: boolean): Entry | undefined => {
    const pagesUntilCalm = calm > BEHIND * pages ? PAGES_UNTIL_CALM_BEHIND : PAGES_UNTIL_CALM;
    if (isCrowded && calm > 0 && pagesSinceCalm >= pagesUntilCalm) return headOf(CALM_LINE);
    turns = turns + 1;
    if (turns % TURNS_UNTIL_OLDEST !== 0) return mostUrgent();
    // In a crowd those that calm have their share; what is left is for pages.
    return oldestUpTo(isCrowded ? CALM_LINE - 1 : CALM_LINE) ?? mostUrgent();
  };

  return {
    put: (alert, action, now) => {
      const wanted = lineFor(purposeOf(alert, action), alert.severity);
      const waiting = entryOf.get(alert);
      if (waiting?.line === wanted) return;
      remove(alert);
      const entry = {
        alert,
        line: wanted,
        since: waiting === undefined ? now : waiting.since,
        isWaiting: true,
      };
      entryOf.set(alert, entry);
      count(wanted, 1);
      append(lines[wanted - 1] as Line, entry);
    },
    remove,
    take: (isCrowded) => {
      const entry = nextEntry(isCrowded);
      if (entry === undefined) return undefined;
      pagesSinceCalm = entry.line === CALM_LINE ? 0 : pagesSinceCalm + 1;
      remove(entry.alert);
      return entry.alert;
    },
    takeOpening: (least) => {
      for (const line of $range(1, TRIGGER_LINE[least], 2)) {
        const head = headOf(line);
        if (head !== undefined) {
          remove(head.alert);
          return head;
        }
      }
      return undefined;
    },
    size: () => size,
    oldest: () => oldestUpTo(REPEAT_LINE)?.since,
    each: (visit) => {
      for (const [alert] of entryOf) visit(alert);
    },
  };
}
