// Pages that are late: what calls for one, and is held by nothing, is sent while flush() is called and PagerDuty takes what it
// is sent. A wait that is over, hours that end and rules that change need no event for that.
import type { Resource } from "./engine";
import type { Model } from "./model";
import type { Clock } from "./world";

export interface PromptnessPorts {
  readonly clock: Clock;
  readonly model: Model;
  readonly resources: readonly Resource[];
  /** It is not judged, or may be open, or an alert of many stands for it. */
  readonly isExcused: (this: void, resource: Resource) => boolean;
  readonly fail: (this: void, what: string) => void;
}

export interface Promptness {
  /** Before flush() is called, and after it has returned. */
  readonly flushes: (this: void) => void;
  readonly hasFlushed: (this: void) => void;
  /** Something has failed, or a process has begun: what is due may wait for another try. */
  readonly isTroubled: (this: void) => void;
}

/** Milliseconds within which a page goes out: rules that look at the hour are asked once a minute at least. */
const LATEST = 2 * 60 * 1000;

/** Longer than the longest pause after a failure (milliseconds). */
const LONGEST_TROUBLE = 7 * 60 * 1000;

export function createPromptness(ports: PromptnessPorts): Promptness {
  const { clock, model, resources } = ports;
  /** At which flush() it was due first. */
  const dueSince: Record<string, number | undefined> = {};
  let troubledAt = clock.now - LONGEST_TROUBLE;
  let flushedAt = clock.now;

  const isDue = (resource: Resource): boolean =>
    model.call(resource).want === "triggered" && !ports.isExcused(resource);

  return {
    flushes: () => {
      flushedAt = clock.now;
      for (const resource of resources) {
        if (!isDue(resource)) dueSince[resource.key] = undefined;
        else dueSince[resource.key] ??= clock.now;
      }
    },
    hasFlushed: () => {
      if (flushedAt - troubledAt < LONGEST_TROUBLE) return;
      for (const resource of resources) {
        const since = dueSince[resource.key];
        if (since !== undefined && flushedAt - since >= LATEST && isDue(resource))
          ports.fail(`${resource.key} has called for a page for more than two minutes, and nothing is sent`);
      }
    },
    isTroubled: () => {
      troubledAt = clock.now;
      for (const { key } of resources) dueSince[key] = undefined;
    },
  };
}
