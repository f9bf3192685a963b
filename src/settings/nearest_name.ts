// Finds the name somebody probably meant.

/** Most letters that may differ for a name to count as meant, fewer than it has: more is no longer a slip of the finger. */
const LARGEST_DISTANCE = 3;

/** The Levenshtein distance of two names. */
function editDistance(left: string, right: string): number {
  let previous: number[] = [];
  for (const column of $range(0, right.length)) previous.push(column);
  for (const row of $range(1, left.length)) {
    const current: number[] = [row];
    for (const column of $range(1, right.length)) {
      const isSame = string.byte(left, row) === string.byte(right, column);
      const substituted = (previous[column - 1] as number) + (isSame ? 0 : 1);
      current.push(
        math.min(substituted, (previous[column] as number) + 1, (current[column - 1] as number) + 1),
      );
    }
    previous = current;
  }
  return previous[right.length] as number;
}

/** The one of `known` that differs from `name` in the fewest letters, or undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let smallest = math.min(LARGEST_DISTANCE + 1, name.length);
  for (const candidate of known) {
    const distance = editDistance(string.lower(name), candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}
