// A short fingerprint of a text, for keys that are too long. Not for secrets.

/** FNV-1 without the xor, which Lua 5.1 does not have: a multiplication and an addition, modulo 2^32. */
const MULTIPLIER = 16777619;
const OFFSET = 2166136261;
const MODULUS = 4294967296;

/** Eight hexadecimal digits that differ for texts that differ, as good as always. */
export function fingerprint(text: string): string {
  let hash = OFFSET;
  for (const position of $range(1, text.length)) {
    // In two steps: the product of two 32-bit numbers does not fit into a double.
    const high = math.floor(hash / 65536);
    const low = hash % 65536;
    hash = (((high * MULTIPLIER) % 65536) * 65536 + low * MULTIPLIER + string.byte(text, position)) % MODULUS;
  }
  return string.format("%08x", hash);
}
