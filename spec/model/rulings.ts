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
  readonly categoriesOf: (this: void, resource: Resource) => readonly string[];
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
  const problemOf =
    (resource: Resource, look: Look, { output, longOutput, load }: Said, onCall: string): Problem =>
    (about) => {
      switch (about) {
        case "state":
          return [stateName(resource, look.state)];
        case "severity":
          return [look.severity];
        case "acknowledged":
          return look.isAcknowledged ? ["true"] : [];
        case "output":
          return [output];
        case "long_output":
          return [longOutput];
        case "metric":
          return load === undefined ? [] : [`${load}`];
      }
      const [host, service] = ports.knownNames(resource);
      if (host === undefined) return undefined;
      switch (about) {
        case "host":
          return [host];
        case "service":
          return service === undefined ? [] : [service];
        case "host_group":
          return ports.groupsOf(resource.hostId);
        case "service_group":
          return ports.serviceGroupsOf(resource);
        case "category":
          return ports.categoriesOf(resource);
        case "poller":
          return [`poller ${(resource.host ?? resource).poller}`];
        case "kind":
          return [resource.kind];
        case "criticality":
          return [`${ports.criticalityOf(resource)}`];
        case "macro":
          return onCall === "" ? [] : [onCall];
        case "volatile":
          return resource.isVolatile ? ["true"] : [];
      }
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
