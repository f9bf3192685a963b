// Chance that can be repeated: the same seed gives the same row.

export interface Random {
  readonly chance: (probability: number) => boolean;
  /** A whole number from `lowest` to `highest`, both included. */
  readonly between: (lowest: number, highest: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
}

/** Mulberry32, whose numbers are uniform in [0, 1). */
export function createRandom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (lowest: number, highest: number): number =>
    lowest + Math.floor(next() * (highest - lowest + 1));
  return {
    chance: (probability) => next() < probability,
    between,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}
