// A set of pairs of numbers, such as a host and its service: found without making a text of each.

export interface PairSet {
  readonly add: (this: void, first: number, second: number) => void;
  readonly has: (this: void, first: number, second: number) => boolean;
}

/** Nothing in it. */
export function createPairSet(): PairSet {
  const seconds = new LuaTable<number, LuaSet<number> | undefined>();
  return {
    add: (first, second) => {
      const ofFirst = seconds.get(first) ?? new LuaSet<number>();
      ofFirst.add(second);
      seconds.set(first, ofFirst);
    },
    has: (first, second) => seconds.get(first)?.has(second) === true,
  };
}
