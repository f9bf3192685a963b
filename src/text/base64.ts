// Base64 (RFC 4648, section 4), reading only.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes that `text` stands for; undefined when it is no Base64. */
export function decodeBase64(text: string): string | undefined {
  const [digits, padding] = string.match(text, "^([%w+/]*)(=?=?)$");
  if (digits === undefined || padding === undefined || text.length % 4 !== 0) return undefined;
  const bytes: string[] = [];
  let waiting = 0;
  let bits = 0;
  for (const [digit] of string.gmatch(digits, ".")) {
    const [position] = string.find(DIGITS, digit ?? "", 1, true);
    waiting = waiting * 64 + (position ?? 1) - 1;
    bits = bits + 6;
    if (bits >= 8) {
      bits = bits - 8;
      const unit = 2 ** bits;
      bytes.push(string.char(math.floor(waiting / unit)));
      waiting = waiting % unit;
    }
  }
  return table.concat(bytes);
}
