// Random input for generated specs, the same on every Lua for the same seed. Owns the seed: it is printed, and
// SEED=… in the environment repeats a run.

export interface Random {
  /** A whole number from `low` to `high`. */
  readonly integer: (this: void, low: number, high: number) => number;
  readonly oneOf: <T>(this: void, choices: readonly T[]) => T;
}

// The "minimal standard" generator of Park and Miller: its products fit a double on every Lua.
const MODULUS = 2147483647;
const MULTIPLIER = 16807;

/** A generator that gives the same numbers for the same seed, on every Lua. */
export function randomFrom(seed: number): Random {
  let state = (seed % (MODULUS - 1)) + 1;
  const integer = (low: number, high: number): number => {
    state = (state * MULTIPLIER) % MODULUS;
    return low + math.floor((state / MODULUS) * (high - low + 1));
  };
  return { integer, oneOf: (choices) => choices[integer(0, choices.length - 1)] as (typeof choices)[number] };
}

/** A generator for the spec that `user` names; prints its seed. */
export function createRandom(user: string): Random {
  const seed = tonumber(os.getenv("SEED") ?? "") ?? os.time();
  print(`${user}: SEED=${seed}`);
  return randomFrom(seed);
}
