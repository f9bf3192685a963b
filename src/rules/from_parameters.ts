// The rules that the parameters of the output add up to, and what holds beside rules; and these rules after those of a file.
import type { Severity } from "../alerts/alert";
import type { CheckedSettings } from "../settings/settings";
import { type ChangeEvents, readChangeEvents } from "./change_events";
import { type NameLists, authorLists, filterRules } from "./filter";
import { customVariablesOf, formatRules } from "./formats";
import { routeRules } from "./routes";
import { type Rule, type RuleList, type RuleSubject, listOfRules } from "./rule";
import { SEVERITY_OF_UNKNOWN, severityRules } from "./severity";

/** What the parameters say of alerts. */
export interface ParameterRules {
  readonly rules: readonly Rule[];
  /** The severity by state and criticality. */
  readonly severityOf: (this: void, subject: RuleSubject) => Severity;
  /** Whose acknowledgements count. */
  readonly authors: NameLists;
  /** The names of the custom variables that alerts show. */
  readonly customVariables: readonly string[];
  /** Undefined when no change events are to be sent, or none can be. */
  readonly changeEvents: ChangeEvents | undefined;
}

/** The rules that the parameters add up to. What is wrong with them is added to the complaints. */
export function readRules({ settings, routingKeys, complaints }: CheckedSettings): ParameterRules {
  const rules: Rule[] = [];
  const add = (more: readonly Rule[]): void => {
    for (const rule of more) rules.push(rule);
  };
  add(filterRules(settings, complaints));
  const severities = severityRules(settings, complaints);
  add(severities);
  add(routeRules(settings.pdy_routes, routingKeys, complaints));
  add(formatRules(settings, complaints));
  const list = listOfRules(severities);
  return {
    rules,
    severityOf: (subject) => list.deciding(subject, "severity")?.severity ?? SEVERITY_OF_UNKNOWN,
    authors: authorLists(settings),
    customVariables: customVariablesOf(settings),
    changeEvents: readChangeEvents(settings, routingKeys, complaints),
  };
}

/** Everything the administrator has a say in about an alert, but custom code. */
export interface Rules extends Omit<ParameterRules, "rules"> {
  readonly all: RuleList;
  /** The names of the rules of the file, in their order. */
  readonly ofFile: readonly Rule[];
}

/** The rules of a file, and those of the parameters after them. */
export function rulesWith(ofFile: readonly Rule[], parameters: ParameterRules): Rules {
  const all: Rule[] = [];
  const customVariables: string[] = [];
  const addVariable = (name: string): void => {
    for (const known of customVariables) if (known === name) return;
    customVariables.push(name);
  };
  for (const name of parameters.customVariables) addVariable(name);
  for (const rule of ofFile) {
    all.push(rule);
    for (const name of rule.customVariables ?? []) addVariable(name);
  }
  for (const rule of parameters.rules) all.push(rule);
  return {
    all: listOfRules(all),
    ofFile,
    severityOf: parameters.severityOf,
    authors: parameters.authors,
    customVariables,
    changeEvents: parameters.changeEvents,
  };
}
