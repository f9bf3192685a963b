// Names with `*` and `?` in them. Knows nothing of rules.

/** A name, perhaps with wildcards: `*` is any characters, or none, and `?` one; everything else is itself. */
export interface Wildcard {
  /** Whether it is the whole of `name`. Case counts. */
  readonly fits: (this: void, name: string) => boolean;
}

// A byte of UTF-8 that goes on with a character; it cannot be written in a TypeScript string.
const CONTINUATION = `${string.char(0x80)}-${string.char(0xbf)}`;

/** One character. */
const ANY_CHARACTER = `[^${CONTINUATION}][${CONTINUATION}]*`;

/** Lua's pattern for `text`, in which only "?" is not itself. */
function patternOf(text: string): string {
  const [quoted] = string.gsub(text, "%W", (character) => {
    if (character === "?") return ANY_CHARACTER;
    // Lua 5.1 ends a pattern at a zero; bytes above 0x7f mean themselves, and % before one is an error on some.
    if (character === "\0") return "%z";
    return string.find(character, "%p")[0] === undefined ? character : `%${character}`;
  });
  return quoted;
}

/** What stands between two `*`. */
interface Part {
  readonly text: string;
  /** Lua's pattern for it, where "?" is in it; without one it is looked for as it is, which is quicker. */
  readonly pattern: string | undefined;
}

/** Where `part` ends in `name`, looked for from `position` on; undefined when it is not there. */
function endOfPart(part: Part, name: string, position: number): number | undefined {
  if (part.pattern === undefined) return string.find(name, part.text, position, true)[1];
  return string.find(name, part.pattern, position)[1];
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let position = 1;
  while (true) {
    const [star] = string.find(text, "*", position, true);
    const part = string.sub(text, position, (star ?? 0) - 1);
    const hasAny = string.find(part, "?", 1, true)[0] !== undefined;
    parts.push({ text: part, pattern: hasAny ? patternOf(part) : undefined });
    if (star === undefined) return parts;
    position = star + 1;
  }
}

/**
 * Reads a name with wildcards. However many `*` are in it, a name is walked through once, from left to right: what is
 * between two of them is taken where it first is, and never looked for again.
 */
export function compileWildcard(this: void, text: string): Wildcard {
  const parts = partsOf(text);
  if (parts.length === 1) {
    if (parts[0]?.pattern === undefined) return { fits: (name) => name === text };
    const whole = `^${parts[0].pattern}$`;
    return { fits: (name) => string.find(name, whole)[0] !== undefined };
  }
  const first = parts[0] as Part;
  const last = parts[parts.length - 1] as Part;
  const start = `^${first.pattern ?? patternOf(first.text)}`;
  const end = `${last.pattern ?? patternOf(last.text)}$`;
  return {
    fits: (name) => {
      let done: number | undefined = string.find(name, start)[1];
      for (const index of $range(1, parts.length - 2)) {
        if (done === undefined) return false;
        done = endOfPart(parts[index] as Part, name, done + 1);
      }
      return done !== undefined && string.find(name, end, done + 1)[0] !== undefined;
    },
  };
}
