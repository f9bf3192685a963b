// Tells a dead man's switch once a minute that all is well: when that ends, the switch is what pages. Decides neither
// what is well nor how an address is fetched, and logs nothing of the address but its host.

export interface HeartbeatPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** Whether events are accepted or none waits, and nothing can be lost. */
  readonly isWell: (this: void) => boolean;
  /** Begins to fetch an address, and calls `ended` when that is over, with what went wrong. */
  readonly fetch: (this: void, url: string, ended: (this: void, problem: string | undefined) => void) => void;
  readonly warning: (this: void, text: string) => void;
}

export interface Heartbeat {
  /** To be called often: it costs next to nothing when no beat is due. */
  readonly look: (this: void) => void;
  readonly isUnderWay: (this: void) => boolean;
}

/** Seconds between two beats: a switch waits for minutes, and one beat may be lost. */
const INTERVAL = 60;

/** Host and port of an address: it begins with its scheme, as settings are checked, and may have a user. */
function hostOf(url: string): string {
  const [authority] = string.match(url, "^%w+://([^/?#]*)");
  const [host] = string.match(authority ?? "", "([^@]*)$");
  return host ?? "";
}

/** The first beat comes after a minute: a broker that ends and starts again and again is not well. */
export function createHeartbeat(url: string, ports: HeartbeatPorts): Heartbeat {
  const host = hostOf(url);
  let lastStart = ports.now();
  let isUnderWay = false;
  let isFailing = false;

  const ended = (problem: string | undefined): void => {
    isUnderWay = false;
    if (problem === undefined) {
      if (isFailing) ports.warning(`heartbeat_url at ${host} can be fetched again`);
    } else if (!isFailing) {
      ports.warning(
        `heartbeat_url at ${host} cannot be fetched: ${problem}; check it, and the way there. It is tried again each minute; alerts go on`,
      );
    }
    isFailing = problem !== undefined;
  };

  return {
    look: () => {
      if (isUnderWay || ports.now() - lastStart < INTERVAL || !ports.isWell()) return;
      lastStart = ports.now();
      isUnderWay = true;
      ports.fetch(url, ended);
    },
    isUnderWay: () => isUnderWay,
  };
}
