// The rules' file: what stands in it, whether the connector has looked at it since, and which rules hold by docs/rules.md: those
// that were read last and could be used, also over a restart. What they say is the rulebook's to know.
import type { Disk } from "./disk";
import { type Rules, linesOf } from "./rulebook";
import type { Clock, Life } from "./world";

/** What an administrator makes of the file. */
export type Written = Rules | "a mistake" | "half a file" | "no file";

export const RULES_PATH = "/pagerduty-rules.lua";

/** Milliseconds within which a change is seen, while flush() is called. */
const LOOK_INTERVAL = 30 * 1000;

export interface RulesFilePorts {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly fail: (this: void, what: string) => void;
}

export interface RulesFile {
  /** The disk as the connector sees it. */
  readonly disk: Disk;
  readonly write: (this: void, written: Written) => void;
  /** A process begins: what it reads is the first that it knows. */
  readonly starts: (this: void) => void;
  readonly flushes: (this: void) => void;
  /** flush() has returned, and the process lives. */
  readonly hasFlushed: (this: void) => void;
  /** The rules that hold; several where it cannot be known which. */
  readonly inForce: (this: void) => readonly Rules[];
}

function textOf(written: Written, rules: Rules): string | undefined {
  const text = `${linesOf(rules).join("\n")}\n`;
  switch (written) {
    case "a mistake":
      return 'return {\n  { name = "a mistake", when = { hots = "web-*" }, page = false },\n}\n';
    case "half a file":
      return string.sub(text, 1, math.floor(text.length / 2));
    case "no file":
      return undefined;
    default:
      return `${linesOf(written).join("\n")}\n`;
  }
}

export function createRulesFile(ports: RulesFilePorts): RulesFile {
  const { clock, disk } = ports;
  let written: Written = "no file";
  /** Since when nobody has looked at what it is now. */
  let changedAt: number | undefined;
  let flushedAt = 0;
  let isStarting = false;
  let current: Rules = [];
  /** What held until the connector read the file just now: it is judged by in the next flush() at the latest. */
  let before: Rules | undefined;
  /** The last good one as it was kept, and the one before it while that may have failed. */
  let kept: Rules | undefined;
  let keptBefore: Rules | undefined;
  /** What may hold instead of `current`. */
  let instead: Rules | undefined;

  const hold = (rules: Rules, other: Rules | undefined): void => {
    before = isStarting ? undefined : current;
    current = rules;
    instead = other;
  };

  const isRead = (): void => {
    changedAt = undefined;
    if (typeof written === "string") {
      if (isStarting) hold(kept ?? [], keptBefore ?? instead);
    } else if (isStarting || written !== current || instead !== undefined) {
      hold(written, undefined);
      if (!disk.isFull && written !== kept) {
        keptBefore = kept ?? [];
        kept = written;
      }
    }
    isStarting = false;
  };

  const watched: Disk = {
    ...disk,
    open: (life: Life, path: string, mode: string) => {
      if (path === RULES_PATH && !life.isOver) isRead();
      return disk.open(life, path, mode);
    },
  };

  return {
    disk: watched,
    write: (to) => {
      const lastRules = typeof written === "string" ? current : written;
      written = to;
      disk.put(RULES_PATH, textOf(to, lastRules));
      changedAt = clock.now;
    },
    starts: () => {
      isStarting = true;
    },
    flushes: () => {
      flushedAt = clock.now;
      before = undefined;
      keptBefore = undefined;
    },
    hasFlushed: () => {
      // The connector's clock has whole seconds.
      if (changedAt !== undefined && flushedAt - changedAt > LOOK_INTERVAL + 1000)
        ports.fail("the rules' file was changed more than half a minute ago, and nobody has looked");
    },
    inForce: () => {
      const others: Rules[] = [current];
      if (before !== undefined) others.push(before);
      if (instead !== undefined) others.push(instead);
      return others;
    },
  };
}
