// AES-256 in CBC mode with PKCS#7 padding (FIPS 197, NIST SP 800-38A, RFC 5652), decryption only. Made for a few short
// values: nothing here is fast, and what it is for, nobody measures from outside.
import { bytesOf, textOf, xor, xorTexts } from "./bytes";

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const LAST_ROUND = 14;

/** The polynomial by which bytes are multiplied (FIPS 197, 4.2). */
const POLYNOMIAL = 0x11b;

function multiply(left: number, right: number): number {
  let [factor, rest] = [left, right];
  let product = 0;
  while (rest > 0) {
    if (rest % 2 === 1) product = xor(product, factor);
    factor = factor * 2;
    if (factor > 255) factor = xor(factor, POLYNOMIAL);
    rest = math.floor(rest / 2);
  }
  return product;
}

function rotated(byte: number, places: number): number {
  const shifted = byte * 2 ** places;
  return (shifted % 256) + math.floor(shifted / 256);
}

/** The substitution of bytes and its inverse (FIPS 197, 5.1.1): the multiplicative inverse, then an affine map. */
function createSubstitution(): { readonly box: number[]; readonly inverse: number[] } {
  // Every byte but 0 is a power of 3.
  const powers: number[] = [];
  const exponents: number[] = [];
  let power = 1;
  for (const exponent of $range(0, 254)) {
    powers[exponent] = power;
    exponents[power] = exponent;
    power = multiply(power, 3);
  }
  const box: number[] = [];
  const inverse: number[] = [];
  for (const byte of $range(0, 255)) {
    const reciprocal = byte === 0 ? 0 : (powers[(255 - (exponents[byte] ?? 0)) % 255] ?? 0);
    let substitute = xor(0x63, reciprocal);
    for (const places of $range(1, 4)) substitute = xor(substitute, rotated(reciprocal, places));
    box[byte] = substitute;
    inverse[substitute] = byte;
  }
  return { box, inverse };
}

/** The round keys, one after the other (FIPS 197, 5.2). */
function expandedKey(key: string, box: readonly number[]): number[] {
  const expanded = bytesOf(key);
  let roundConstant = 1;
  for (const start of $range(KEY_BYTES, BLOCK_BYTES * (LAST_ROUND + 1) - 1, 4)) {
    const word: number[] = [];
    const isFirst = start % KEY_BYTES === 0;
    for (const index of $range(0, 3)) {
      const byte = expanded[start - 4 + (isFirst ? (index + 1) % 4 : index)] ?? 0;
      word.push(isFirst || start % KEY_BYTES === KEY_BYTES / 2 ? (box[byte] ?? 0) : byte);
    }
    if (isFirst) {
      word[0] = xor(word[0] ?? 0, roundConstant);
      roundConstant = multiply(roundConstant, 2);
    }
    for (const index of $range(0, 3))
      expanded.push(xor(expanded[start - KEY_BYTES + index] ?? 0, word[index] ?? 0));
  }
  return expanded;
}

/** The factors of the inverse mixing of columns (FIPS 197, 5.3.3). */
const MIXING = [14, 11, 13, 9];

function unmixed(state: readonly number[]): number[] {
  const result: number[] = [];
  for (const position of $range(0, BLOCK_BYTES - 1)) {
    const row = position % 4;
    let sum = 0;
    for (const other of $range(0, 3)) {
      const byte = state[position - row + other] ?? 0;
      sum = xor(sum, multiply(byte, MIXING[(other - row + 4) % 4] ?? 0));
    }
    result.push(sum);
  }
  return result;
}

function decryptBlock(block: string, roundKeys: readonly number[], inverse: readonly number[]): string {
  let state = bytesOf(block);
  const addRoundKey = (round: number): void => {
    for (const position of $range(0, BLOCK_BYTES - 1))
      state[position] = xor(state[position] ?? 0, roundKeys[round * BLOCK_BYTES + position] ?? 0);
  };
  addRoundKey(LAST_ROUND);
  for (const round of $range(LAST_ROUND - 1, 0, -1)) {
    const substituted: number[] = [];
    for (const position of $range(0, BLOCK_BYTES - 1)) {
      // Row r was shifted by r columns.
      const from = (position - 4 * (position % 4) + BLOCK_BYTES) % BLOCK_BYTES;
      substituted.push(inverse[state[from] ?? 0] ?? 0);
    }
    state = substituted;
    addRoundKey(round);
    if (round > 0) state = unmixed(state);
  }
  return textOf(state);
}

/** The text without its padding; undefined: it is not padded as it should be. */
function unpadded(text: string): string | undefined {
  const padding = string.byte(text, -1);
  if (padding === undefined || padding < 1 || padding > BLOCK_BYTES) return undefined;
  const isPadded = string.sub(text, -padding) === string.rep(string.char(padding), padding);
  return isPadded ? string.sub(text, 1, -padding - 1) : undefined;
}

/** What was encrypted; undefined when key, initialization vector or ciphertext cannot be what they should. */
export function decryptAes256Cbc(
  ciphertext: string,
  key: string,
  initialization: string,
): string | undefined {
  if (key.length !== KEY_BYTES || initialization.length !== BLOCK_BYTES) return undefined;
  if (ciphertext === "" || ciphertext.length % BLOCK_BYTES !== 0) return undefined;
  const { box, inverse } = createSubstitution();
  const roundKeys = expandedKey(key, box);
  const blocks: string[] = [];
  let before = initialization;
  for (const start of $range(1, ciphertext.length, BLOCK_BYTES)) {
    const block = string.sub(ciphertext, start, start + BLOCK_BYTES - 1);
    blocks.push(xorTexts(decryptBlock(block, roundKeys, inverse), before));
    before = block;
  }
  return unpadded(table.concat(blocks));
}
