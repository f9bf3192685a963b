// What the administrator's rules say of a problem, as far as it can be known: of all that the connector may know of it, by all
// rules that may hold, at the times that it may have asked. Puts the broker's names to what the rulebook is asked.
import type { Resource, Said } from "./engine";
import { type LocalClock, shownAt } from "./local_clock";
import type { Severity } from "./pagerduty";
import { type Problem, type Rules, type Verdict, looksAt, verdictOf } from "./rulebook";
import { stateName } from "./words";

/** What the model knows of a problem that rules may look at. */
export interface Look {
  readonly state: number;
  /** By the state alone. */
  readonly severity: Severity;
  readonly isAcknowledged: boolean;
  /** What the check may have said. */
  readonly said: readonly Said[];
}

export interface RulingsPorts {
  readonly localClock: LocalClock;
  /** Unix time. */
  readonly now: (this: void) => number;
  /** Several where it cannot be known which hold. */
  readonly rulesInForce: (this: void) => readonly Rules[];
  /** The names of a host, or of a service and its host, that the broker knows now. */
  readonly knownNames: (this: void, resource: Resource) => string[];
  readonly groupsOf: (this: void, hostId: number) => readonly string[];
  readonly serviceGroupsOf: (this: void, resource: Resource) => readonly string[];
  /** 0: none. */
  readonly criticalityOf: (this: void, resource: Resource) => number;
  /** All that the custom variable may be to the connector; empty: it is not known to have one. */
  readonly onCallOf: (this: void, resource: Resource) => readonly string[];
}

export type Rulings = (this: void, resource: Resource, look: Look) => readonly Verdict[];

/**
 * Seconds by which a request may be behind the clock: within one flush() the connector asks at its beginning, and waits for
 * what is under way.
 */
const LAG = 2;

/** Where no rule looks at it. */
const NO_MATTER = "";
const NOTHING_SAID: Said = { output: "", longOutput: "", load: undefined };

export function createRulings(ports: RulingsPorts): Rulings {
  const problemOf = (resource: Resource, look: Look, said: Said, onCall: string): Problem => {
    const { output, longOutput, load } = said;
    const [host, service] = ports.knownNames(resource);
    const isKnown = host !== undefined;
    return {
      host: isKnown ? [host] : undefined,
      service: isKnown ? (service === undefined ? [] : [service]) : undefined,
      host_group: isKnown ? ports.groupsOf(resource.hostId) : undefined,
      service_group: isKnown ? ports.serviceGroupsOf(resource) : undefined,
      poller: isKnown ? [`poller ${(resource.host ?? resource).poller}`] : undefined,
      criticality: isKnown ? [`${ports.criticalityOf(resource)}`] : undefined,
      macro: isKnown ? (onCall === "" ? [] : [onCall]) : undefined,
      kind: isKnown ? [resource.kind] : undefined,
      state: [stateName(resource, look.state)],
      severity: [look.severity],
      output: [output],
      long_output: [longOutput],
      metric: load === undefined ? [] : [`${load}`],
      acknowledged: look.isAcknowledged ? ["true"] : [],
      volatile: isKnown ? (resource.isVolatile ? ["true"] : []) : undefined,
    };
  };

  return (resource, look) => {
    const verdicts: Verdict[] = [];
    for (const rules of ports.rulesInForce()) {
      const times = looksAt(rules, ["hours"]) ? [ports.now(), ports.now() - LAG] : [ports.now()];
      const all = looksAt(rules, ["output", "long_output", "metric"]) ? look.said : [NOTHING_SAID];
      const variables = looksAt(rules, ["macro"]) ? ports.onCallOf(resource) : [NO_MATTER];
      for (const time of times) {
        const shown = shownAt(ports.localClock, time);
        for (const said of all)
          for (const onCall of variables)
            verdicts.push(verdictOf(rules, problemOf(resource, look, said, onCall), shown));
      }
    }
    return verdicts;
  };
}
