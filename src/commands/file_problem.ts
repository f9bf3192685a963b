// What to do about a file that the system does not let us use, by what the system says. Owns the remedies' words.

/** Whether a problem, as Lua's io gives it, is that there is no such file or folder. */
export function isMissing(problem: string): boolean {
  return string.find(problem, "No such file", 1, true)[0] !== undefined;
}

/** `problem` with its remedy: `whenMissing` where there is no such file, another user where it is a matter of rights. */
export function withRemedy(problem: string, whenMissing: string): string {
  if (isMissing(problem)) return `${problem}: ${whenMissing}`;
  const isForbidden = string.find(problem, "ermission denied", 1, true)[0] !== undefined;
  return isForbidden ? `${problem}: run this as root, or as a user who may` : problem;
}
