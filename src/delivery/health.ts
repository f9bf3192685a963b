// How the delivery fares, routing key by routing key: what PagerDuty last said, and since when nothing gets through.
// Remembers answers; sends nothing, and decides nothing about what is sent.
import type { Verdict } from "../pagerduty/answer";

/** Nothing gets through with a routing key. */
export interface Failure {
  /** Since when (seconds of the connector's clock). */
  readonly since: number;
  /** PagerDuty's words, or libcurl's. */
  readonly reason: string;
  /** What a person can do about it, where that is known. */
  readonly remedy: string | undefined;
}

export interface LastAnswer {
  readonly text: string;
  /** Seconds of the connector's clock. */
  readonly at: number;
}

export interface Health {
  /** Takes what the outcome of an event meant that was sent with the key of that label. */
  readonly heard: (this: void, label: string, verdict: Verdict) => void;
  /**
   * The longest failure among the keys for which something `isWaiting`; undefined when there is none. A key for
   * which nothing waits any more has nothing to fail with, and starts anew.
   */
  readonly failure: (this: void, isWaiting: (this: void, label: string) => boolean) => Failure | undefined;
  /** Events accepted since the start. */
  readonly accepted: (this: void) => number;
  /** When the last event was accepted (seconds of the connector's clock); undefined: none was. */
  readonly lastSuccess: (this: void) => number | undefined;
  readonly lastAnswer: (this: void) => LastAnswer | undefined;
}

/** Nothing heard yet. `now`: seconds that never go back. */
export function createHealth(now: (this: void) => number): Health {
  const failures = new LuaTable<string, Failure | undefined>();
  let accepted = 0;
  let lastSuccess: number | undefined;
  let lastAnswer: LastAnswer | undefined;

  return {
    heard: (label, verdict) => {
      const at = now();
      if (verdict.kind === "accepted") {
        accepted = accepted + 1;
        lastSuccess = at;
        lastAnswer = { text: "accepted", at };
      } else {
        lastAnswer = { text: verdict.reason, at };
      }
      if (verdict.kind === "accepted" || verdict.kind === "refused") {
        // Whoever refuses one event answers, and takes others.
        failures.set(label, undefined);
        return;
      }
      const since = failures.get(label)?.since ?? at;
      const remedy = verdict.kind === "misconfigured" ? verdict.remedy : undefined;
      failures.set(label, { since, reason: verdict.reason, remedy });
    },
    failure: (isWaiting) => {
      let longest: Failure | undefined;
      const over: string[] = [];
      for (const [label, failure] of failures) {
        if (failure !== undefined) {
          if (!isWaiting(label)) over.push(label);
          else if (longest === undefined || failure.since < longest.since) longest = failure;
        }
      }
      for (const label of over) failures.set(label, undefined);
      return longest;
    },
    accepted: () => accepted,
    lastSuccess: () => lastSuccess,
    lastAnswer: () => lastAnswer,
  };
}
