// Which rules decided about an alert, in words for the log.
import type { Alert } from "../alerts/alert";
import { spokenDuration } from "../text/time";
import { type Rule, wordsOf } from "./rule";

/** What is decided by one rule each. */
export type DecidedThing = "page" | "severity" | "route" | "wait";

/** The rule of each; undefined: none decided. */
export type Decided = { readonly [Name in DecidedThing]?: Rule | undefined };

/**
 * `severity warning by rule "staging" of pdy_rules_file; route dba by pdy_routes "…"`; empty where everything is as usual.
 * Why an alert is held is told elsewhere.
 */
export function decisionsInWords({ severity, route, verdict, wait }: Alert, decided: Decided): string {
  const words: string[] = [];
  const say = (what: string, by: string | undefined): void => {
    if (by !== undefined) words.push(`${what} by ${by}`);
  };
  const byRule = (rule: Rule | undefined): string | undefined =>
    rule === undefined || rule.isUsual === true ? undefined : wordsOf(rule);
  const byCode = "custom_code_file";
  if (decided.page?.page === true) say("page", byRule(decided.page));
  say(`severity ${severity}`, verdict?.severity === undefined ? byRule(decided.severity) : byCode);
  say(`route ${route}`, verdict?.route === undefined ? byRule(decided.route) : byCode);
  say(`wait ${spokenDuration(wait ?? 0)}`, byRule(decided.wait));
  return table.concat(words, "; ");
}
