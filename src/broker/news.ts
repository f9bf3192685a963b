// Tells which changes are news: not those that lie before the start, and each one once, though the broker gives events
// again at a start, and an engine says everything again when it restarts. Owns the memory of what was told.
import type { Change } from "../alerts/change";

export interface NewsPorts {
  /** Unix time of the connector's start: what was done before is not told. */
  readonly startedAt: number;
  /** Seconds of a clock that never goes back. */
  readonly now: (this: void) => number;
  /** Whether the broker may still be giving events of before the start. */
  readonly isSettling: (this: void) => boolean;
}

/**
 * Identities are remembered in two generations of so many; the older one goes when the younger one is full. That is
 * about 2 MB at most, and more downtimes than a platform runs at a time.
 */
const GENERATION_SIZE = 10000;

/** Longest time from the start of an engine to the end of the configuration it sends, in seconds. */
const LONGEST_STARTUP = 600;

/** Remembers texts, the last 10,000 at least. */
function createMemory(): {
  has: (this: void, text: string) => boolean;
  add: (this: void, text: string) => void;
} {
  let young = new LuaSet<string>();
  let old = new LuaSet<string>();
  let count = 0;
  return {
    has: (text) => young.has(text) || old.has(text),
    add: (text) => {
      if (count >= GENERATION_SIZE) {
        old = young;
        young = new LuaSet();
        count = 0;
      }
      young.add(text);
      count = count + 1;
    },
  };
}

/** Whether a change is to be told. Ask once for each event, also for one that turns out not to be of interest. */
export function createNews(ports: NewsPorts): (this: void, change: Change) => boolean {
  const known = createMemory();
  /** When a poller's engine was heard to start whose configuration has not come yet. */
  const startups = new LuaTable<number, number | undefined>();

  /** The engine's start was told, or lies before ours: the configuration that it loads with it is no deployment. */
  const belongsToStart = (pollerId: number): boolean => {
    const since = startups.get(pollerId);
    startups.set(pollerId, undefined);
    return since !== undefined && ports.now() - since <= LONGEST_STARTUP;
  };

  /** Whether a service's downtime goes with its host's: the same window, set by the same person. */
  const goesWithHost = ({ kind, resource, author, plannedStart, plannedEnd }: Change): boolean => {
    if (!("hostId" in resource) || plannedStart === 0) return false;
    const window = string.format(
      "%s of host %d %d %d %s",
      kind,
      resource.hostId,
      plannedStart,
      plannedEnd,
      author,
    );
    if (resource.kind === "service") return known.has(window);
    if (!known.has(window)) known.add(window);
    return false;
  };

  return (change) => {
    const { kind, resource, identity, at } = change;
    if (identity !== "") {
      if (known.has(identity)) return false;
      known.add(identity);
    }
    if ("id" in resource) {
      if (kind === "poller started") startups.set(resource.id, ports.now());
      if (kind === "configuration deployed" && belongsToStart(resource.id)) return false;
    }
    if (goesWithHost(change)) return false;
    return at === undefined ? !ports.isSettling() : at >= ports.startedAt;
  };
}
