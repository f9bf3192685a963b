// What the administrator's rules say of a problem, as far as it can be known: of all that the connector may know of it, by all
// rules that may hold, at the times that it may have asked. Puts the broker's names to what the rulebook is asked.
import type { Resource, Said } from "./engine";
import { type LocalClock, type Shown, shownAt } from "./local_clock";
import type { Severity } from "./pagerduty";
import { type PlainField, type Worded, type Words, wordedAs } from "./rule_texts";
import { type About, type Problem, type Rules, type Verdict, looksAt, textsOf, verdictOf } from "./rulebook";
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

export interface Rulings {
  /** What the rules decide of a problem. */
  readonly verdicts: (this: void, resource: Resource, look: Look) => readonly Verdict[];
  /** Whether some rule that may hold keeps anything from opening. */
  readonly mayReject: (this: void) => boolean;
  /** What a page says that goes out now. */
  readonly worded: (this: void, resource: Resource, look: Look) => readonly Worded[];
}

/**
 * Seconds by which a request may be behind the clock: within one flush() the connector asks at its beginning, and waits for
 * what is under way.
 */
const LAG = 2;

/** Where no rule looks at it. */
const NO_MATTER = "";
const NOTHING_SAID: Said = { output: "", longOutput: "", load: undefined };

interface Looks {
  readonly atHours: boolean;
  readonly atChecks: boolean;
  readonly atMacro: boolean;
}

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
        // Of business activities alone.
        case "business_activity":
        case "business_view":
          return [];
        case "volatile":
          return resource.isVolatile ? ["true"] : [];
      }
    };

  /** What placeholders say. */
  const wordsOf =
    (resource: Resource, said: Said, problem: Problem, severity?: Severity): Words =>
    (placeholder) => {
      const joined = (about: About, separator = ", "): string | undefined => {
        const words = problem(about);
        return words && [...words].sort().join(separator);
      };
      const [host, service] = [joined("host"), joined("service")];
      switch (placeholder) {
        case "resource":
          return service === undefined || service === "" ? host : `${host}/${service}`;
        case "host":
          return host;
        case "service":
          return service;
        case "state":
          return joined("state");
        case "severity":
          return severity;
        case "class":
          return resource.kind;
        case "key":
          return resource.key;
        case "output":
          return said.output;
        case "long_output":
          return said.longOutput;
        case "metric:load":
          return `${said.load ?? ""}`;
        case "macro:ONCALL":
          return joined("macro");
        case "poller":
          return joined("poller");
        case "hostgroups":
          return joined("host_group");
        case "servicegroups":
          return joined("service_group");
        case "categories":
          return joined("category");
        case "criticality":
          return joined("criticality") === "0" ? "" : joined("criticality");
        default:
          return error(`what does {${placeholder}} say?`);
      }
    };

  /** What a page says of which no rule says anything. */
  const usualOf = (words: Words): Readonly<Record<PlainField, string | undefined>> => {
    const [name, state, output] = [words("resource"), words("state"), words("output")];
    const isKnown = name !== undefined && state !== undefined && output !== undefined;
    return {
      summary: isKnown ? `${name}: ${state} - ${output}` : undefined,
      source: words("host"),
      component: words("service") === "" ? words("host") : words("service"),
      group: words("hostgroups"),
      class: words("class"),
    };
  };

  /** At what rules look: found once, since they are asked at each event. */
  const looksFound = new LuaTable<Rules, Looks | undefined>();
  const looksOf = (rules: Rules): Looks => {
    const found = looksFound.get(rules) ?? {
      atHours: looksAt(rules, ["hours"]),
      atChecks: looksAt(rules, ["output", "long_output", "metric"]),
      atMacro: looksAt(rules, ["macro"]),
    };
    looksFound.set(rules, found);
    return found;
  };

  /** All that the connector may look at, as the rules that may hold do. */
  const each = (
    resource: Resource,
    look: Look,
    looksAtAll: boolean,
    visit: (this: void, rules: Rules, problem: Problem, shown: Shown, said: Said) => void,
  ): void => {
    for (const rules of ports.rulesInForce()) {
      const now = ports.now();
      // Hours begin and end with a minute.
      const isSameMinute = math.floor(now / 60) === math.floor((now - LAG) / 60);
      const looks = looksOf(rules);
      const times = isSameMinute || !looks.atHours ? [now] : [now, now - LAG];
      const all = looksAtAll || looks.atChecks ? look.said : [NOTHING_SAID];
      const variables = looksAtAll || looks.atMacro ? ports.onCallOf(resource) : [NO_MATTER];
      for (const time of times) {
        const shown = shownAt(ports.localClock, time);
        for (const said of all)
          for (const onCall of variables) visit(rules, problemOf(resource, look, said, onCall), shown, said);
      }
    }
  };

  const verdicts: Rulings["verdicts"] = (resource, look) => {
    const all: Verdict[] = [];
    each(resource, look, false, (rules, problem, shown) => {
      all.push(verdictOf(rules, problem, shown));
    });
    return all;
  };

  return {
    verdicts,
    mayReject: () => ports.rulesInForce().some((rules) => rules.some(({ page }) => page === false)),
    worded: (resource, look) => {
      const severities = verdicts(resource, look).map(({ severity }) => severity ?? look.severity);
      const severity = severities.every((it) => it === severities[0]) ? severities[0] : undefined;
      const all: Worded[] = [];
      each(resource, look, true, (rules, problem, shown, said) => {
        const words = wordsOf(resource, said, problem, severity);
        const texts = textsOf(rules, problem, shown);
        all.push(wordedAs(texts, words, usualOf(words)));
      });
      return all;
    },
  };
}
