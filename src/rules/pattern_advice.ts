// Lua patterns that an administrator wrote: whether they can be used, and what is said of one that may not do what was
// meant. What is wrong with a pattern is known in settings/patterns.ts.
import type { Complaint } from "../settings/complaint";
import { type PatternDoubt, patternCost, patternDoubt, patternProblem } from "../settings/patterns";

/** What to write instead of a pattern that was probably meant otherwise. `several`: how several patterns are written. */
function advice({ corrected, hasAlternatives }: PatternDoubt, several: string): string {
  return hasAlternatives ? several : `to mean the name, write ${corrected}`;
}

/** Says of a pattern that it may not do what was meant: nothing else would, since it is one. */
export function complainOfDoubt(
  name: string,
  pattern: string,
  several: string,
  complaints: Complaint[],
): void {
  const doubt = patternDoubt(pattern);
  if (doubt === undefined) return;
  complaints.push({
    isError: false,
    text: `parameter ${name}: "${pattern}" is a Lua pattern, in which ${doubt.reason}: ${advice(doubt, several)}`,
  });
}

/** Why a usable pattern is refused nevertheless, and what was probably meant; undefined when it is not. */
export function costOf(pattern: string, several: string): string | undefined {
  const cost = patternCost(pattern);
  const doubt = cost === undefined ? undefined : patternDoubt(pattern);
  return doubt === undefined ? cost : `${cost ?? ""}; ${doubt.reason}: ${advice(doubt, several)}`;
}

/** Why a pattern cannot be used, or is refused; undefined when neither is so. */
export function refusalOf(pattern: string, several: string): string | undefined {
  const cost = costOf(pattern, several);
  return (
    patternProblem(pattern) ??
    (cost === undefined ? undefined : `it could hold up the broker for minutes: ${cost}`)
  );
}
