// Bounded waiting for running transfers within flush(). Lua has no sleep and no clock finer than a second;
// /proc/uptime gives hundredths of a second.

/** Longest time flush() waits, in seconds: the broker calls it about once a second when it is idle. */
const LONGEST_WAIT = 1;

/** Longest single wait, in milliseconds. */
const WAIT_STEP = 50;

/**
 * Most rounds in one flush(): a wait that returns at once (libcurl has nothing to wait for yet) must not turn
 * into a busy loop.
 */
const MOST_ROUNDS = 400;

/** A clock in seconds, with hundredths where the system has /proc/uptime. */
export function createFineClock(): (this: void) => number {
  const [file] = io.open("/proc/uptime", "r");
  if (file === undefined) return os.time;
  // Unbuffered, so that it can be read anew without opening it: about 6 µs.
  file.setvbuf("no");
  return () => {
    file.seek("set", 0);
    const seconds = file.read("*n") as number | undefined;
    return seconds ?? os.time();
  };
}

/**
 * Takes turns until nothing is being sent any more, for at most `longest` seconds. `turn` gives whether another one is worth
 * its time at once: only where it is not there is a wait before it.
 */
export function turnWhileSending(
  fineClock: (this: void) => number,
  isSending: (this: void) => boolean,
  wait: (this: void, milliseconds: number) => void,
  turn: (this: void) => boolean,
  longest = LONGEST_WAIT,
): void {
  const start = fineClock();
  for (const _ of $range(1, MOST_ROUNDS)) {
    const hasMore = turn();
    if ((!hasMore && !isSending()) || fineClock() - start >= longest) return;
    if (!hasMore) wait(WAIT_STEP);
  }
}
