// Rules made of parameters, for specs of what they decide. No more than pdy_routing_key and pdy_centreon_url is set, but for
// what the spec says.
import { type Resource, type Severity, dedupKeyOf, factsOfState } from "../../src/alerts/alert";
import { type ParameterRules, readRules, rulesWith } from "../../src/rules/from_parameters";
import type { Rule } from "../../src/rules/rule";
import { type Rulings, createRulings } from "../../src/rules/rulings";
import { type CheckedSettings, readSettings } from "../../src/settings/settings";
import { readFile } from "../../src/text/files";

export const KEY = "0123456789abcdef0123456789abcdef";

export type Parameters = Readonly<Record<string, unknown>>;

export interface ReadParameters {
  readonly checked: CheckedSettings;
  readonly rules: ParameterRules;
  /** What is said of them: `error: parameter …`. */
  readonly said: string[];
}

export function read(parameters: Parameters): ReadParameters {
  const given = new LuaTable<string, unknown>();
  const all = { pdy_routing_key: KEY, pdy_centreon_url: "https://centreon.example", ...parameters };
  for (const [name, value] of Object.entries(all)) given.set(name, value);
  const checked = readSettings(given, readFile);
  const rules = readRules(checked);
  const said = checked.complaints.map(({ isError, text }) => `${isError ? "error" : "warning"}: ${text}`);
  return { checked, rules, said };
}

/** What the parameters, and the rules of a file before them, answer. */
export function rulingsOf(parameters: Parameters, ofFile: readonly Rule[] = []): Rulings {
  const { checked, rules } = read(parameters);
  const all = rulesWith(ofFile, rules);
  return createRulings(checked.settings, () => all, {
    now: () => 0,
    isRoute: (label) => checked.routingKeys[label] !== undefined,
    unnotifiedReason: () => undefined,
    firstNotificationDelay: () => 0,
    error: (text) => error(text),
  });
}

const NO_PARAMETERS = read({}).rules;

/** The severity of a state where the administrator says nothing of it. */
export function usualSeverity(resource: Resource, state: number): Severity {
  return NO_PARAMETERS.severityOf({
    dedupKey: dedupKeyOf(resource),
    resource,
    facts: factsOfState(state),
  });
}
