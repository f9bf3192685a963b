// SHA3-512 and HMAC with it (FIPS 202, FIPS 198-1). The state is kept as single bits, 0 or 1: slow, short, and the same on
// every Lua.
import { xor, xorTexts } from "./bytes";

const ROUNDS = 24;
const LANE_BITS = 64;
/** Bytes that are taken in at once. */
const RATE_BYTES = 72;
const DIGEST_BYTES = 64;

/** Where the first bit of a lane stands; coordinates count round. */
function laneAt(x: number, y: number): number {
  return LANE_BITS * ((x % 5) + 5 * (y % 5));
}

/** How far each lane is turned (FIPS 202, 3.2.2), by where it stands. */
function createTurns(): LuaTable<number, number> {
  const turns = new LuaTable<number, number>();
  turns.set(laneAt(0, 0), 0);
  let [x, y] = [1, 0];
  for (const step of $range(0, ROUNDS - 1)) {
    turns.set(laneAt(x, y), (((step + 1) * (step + 2)) / 2) % LANE_BITS);
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return turns;
}

/** The bits of the first lane that each round turns over (FIPS 202, 3.2.5). */
function createRoundBits(): (readonly number[])[] {
  const rounds: number[][] = [];
  let register = 1;
  for (const round of $range(0, ROUNDS - 1)) {
    const bits: number[] = [];
    for (const power of $range(0, 6)) {
      if (register % 2 === 1) bits.push(2 ** power - 1);
      register = register * 2;
      if (register > 255) register = xor(register, 0x171);
    }
    rounds[round] = bits;
  }
  return rounds;
}

type Bits = LuaTable<number, number>;

/** Each bit with the parities of two columns beside it (FIPS 202, 3.2.1), the lanes turned and moved (3.2.2, 3.2.3). */
function mixed(state: Bits, turns: LuaTable<number, number>): Bits {
  const parities: Bits = new LuaTable();
  for (const column of $range(0, 5 * LANE_BITS - 1)) {
    let sum = 0;
    for (const y of $range(0, 4)) sum = sum + state.get(column + laneAt(0, y));
    parities.set(column, sum);
  }
  const result: Bits = new LuaTable();
  for (const x of $range(0, 4)) {
    const [left, right] = [laneAt(x + 4, 0), laneAt(x + 1, 0)];
    for (const y of $range(0, 4)) {
      const from = laneAt(x, y);
      const to = laneAt(y, 2 * x + 3 * y);
      const turn = turns.get(from);
      for (const z of $range(0, LANE_BITS - 1)) {
        const sum =
          state.get(from + z) + parities.get(left + z) + parities.get(right + ((z - 1) % LANE_BITS));
        result.set(to + ((z + turn) % LANE_BITS), sum % 2);
      }
    }
  }
  return result;
}

/** Keccak-f[1600]. */
function permuted(
  before: Bits,
  turns: LuaTable<number, number>,
  roundBits: readonly (readonly number[])[],
): Bits {
  let state = before;
  for (const bits of roundBits) {
    const moved = mixed(state, turns);
    state = new LuaTable();
    for (const y of $range(0, 4)) {
      for (const x of $range(0, 4)) {
        const [here, next, second] = [laneAt(x, y), laneAt(x + 1, y), laneAt(x + 2, y)];
        for (const z of $range(0, LANE_BITS - 1))
          state.set(here + z, (moved.get(here + z) + (1 - moved.get(next + z)) * moved.get(second + z)) % 2);
      }
    }
    for (const bit of bits) state.set(bit, 1 - state.get(bit));
  }
  return state;
}

/** The 64 bytes of the digest. */
export function sha3Of(text: string): string {
  const turns = createTurns();
  const roundBits = createRoundBits();
  // A message ends with the bits 01, then 1, zeros and 1 up to the end of its last block (FIPS 202, 6.1 and 5.1).
  const missing = RATE_BYTES - (text.length % RATE_BYTES);
  const padding =
    missing === 1 ? string.char(0x86) : string.char(0x06) + string.rep("\0", missing - 2) + string.char(0x80);
  const padded = text + padding;
  let state: Bits = new LuaTable();
  for (const bit of $range(0, 25 * LANE_BITS - 1)) state.set(bit, 0);
  for (const start of $range(0, padded.length - 1, RATE_BYTES)) {
    for (const index of $range(0, RATE_BYTES - 1)) {
      let byte = string.byte(padded, start + index + 1);
      for (const bit of $range(8 * index, 8 * index + 7)) {
        state.set(bit, (state.get(bit) + byte) % 2);
        byte = math.floor(byte / 2);
      }
    }
    state = permuted(state, turns, roundBits);
  }
  const digest: string[] = [];
  for (const index of $range(0, DIGEST_BYTES - 1)) {
    let byte = 0;
    for (const bit of $range(8 * index + 7, 8 * index, -1)) byte = byte * 2 + state.get(bit);
    digest.push(string.char(byte));
  }
  return table.concat(digest);
}

/** HMAC-SHA3-512. */
export function hmacSha3Of(text: string, key: string): string {
  const block = key.length > RATE_BYTES ? sha3Of(key) : key;
  const padded = block + string.rep("\0", RATE_BYTES - block.length);
  const inner = sha3Of(xorTexts(padded, string.rep("\x36", RATE_BYTES)) + text);
  return sha3Of(xorTexts(padded, string.rep("\x5c", RATE_BYTES)) + inner);
}
