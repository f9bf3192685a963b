// What ciphers and hashes need of bytes. Arithmetic only: Lua 5.1 has no operators on bits.

/** The bits in which two numbers differ. */
export function xor(left: number, right: number): number {
  let [rest, other] = [left, right];
  let result = 0;
  let unit = 1;
  while (rest > 0 || other > 0) {
    if (rest % 2 !== other % 2) result = result + unit;
    rest = math.floor(rest / 2);
    other = math.floor(other / 2);
    unit = unit * 2;
  }
  return result;
}

/** Two texts of one length, byte by byte. */
export function xorTexts(left: string, right: string): string {
  const bytes: string[] = [];
  for (const index of $range(1, left.length))
    bytes.push(string.char(xor(string.byte(left, index), string.byte(right, index))));
  return table.concat(bytes);
}

export function bytesOf(text: string): number[] {
  const bytes: number[] = [];
  for (const index of $range(1, text.length)) bytes.push(string.byte(text, index));
  return bytes;
}

export function textOf(bytes: readonly number[]): string {
  const characters: string[] = [];
  for (const byte of bytes) characters.push(string.char(byte));
  return table.concat(characters);
}
