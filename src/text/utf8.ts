// UTF-8: makes any byte sequence valid, counts and cuts by characters. Knows nothing of JSON or PagerDuty.

/** What stands for bytes that are not UTF-8: U+FFFD, the Unicode replacement character. */
const REPLACEMENT = "\u{FFFD}";

/** What ends a text that was cut: U+2026. */
const ELLIPSIS = "\u{2026}";

// Bytes above 0x7f cannot be written in a TypeScript string, which is emitted as UTF-8.
const HIGH_BYTE = `[${string.char(0x80)}-${string.char(0xff)}]`;

/** Length in bytes of the valid character that begins at `position` with `lead`, or 0 when there is none. */
function characterLength(text: string, position: number, lead: number): number {
  if (lead < 0x80) return 1;
  // The well-formed byte sequences of the Unicode Standard, table 3-7: no overlong form, no surrogate.
  let length = 0;
  let lowest = 0x80;
  let highest = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) length = 2;
  else if (lead >= 0xe0 && lead <= 0xef) length = 3;
  else if (lead >= 0xf0 && lead <= 0xf4) length = 4;
  else return 0;
  if (lead === 0xe0) lowest = 0xa0;
  if (lead === 0xed) highest = 0x9f;
  if (lead === 0xf0) lowest = 0x90;
  if (lead === 0xf4) highest = 0x8f;
  for (const offset of $range(1, length - 1)) {
    const next = string.byte(text, position + offset) as number | undefined;
    if (next === undefined || next < lowest || next > highest) return 0;
    lowest = 0x80;
    highest = 0xbf;
  }
  return length;
}

/** `text` with every byte that is not part of a well-formed UTF-8 character replaced by U+FFFD. */
export function validUtf8(text: string): string {
  const [firstHighByte] = string.find(text, HIGH_BYTE);
  if (firstHighByte === undefined) return text;
  const parts: string[] = [];
  const size = text.length;
  let kept = 1;
  let position = firstHighByte;
  while (position <= size) {
    const lead = string.byte(text, position);
    const length = characterLength(text, position, lead);
    if (length === 0) {
      parts.push(string.sub(text, kept, position - 1));
      parts.push(REPLACEMENT);
      position = position + 1;
      kept = position;
    } else {
      position = position + length;
    }
  }
  if (kept === 1) return text;
  parts.push(string.sub(text, kept));
  return table.concat(parts);
}

/**
 * `text`, which must be valid UTF-8, in at most `limit` characters (one or more): cut between characters, with
 * "…" as the last one when something was cut.
 */
export function cutToCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let characters = 0;
  let position = 1;
  let end = 0;
  const size = text.length;
  while (position <= size) {
    characters = characters + 1;
    // Where the text has to end if it turns out to be too long: there must be room for the "…".
    if (characters === limit) end = position - 1;
    if (characters > limit) return string.sub(text, 1, end) + ELLIPSIS;
    position = position + characterLength(text, position, string.byte(text, position));
  }
  return text;
}

/**
 * `text`, which must be valid UTF-8, in at most `limit` bytes ("…" included), cut between characters. Empty when
 * not even the "…" fits.
 */
export function cutToBytes(text: string, limit: number): string {
  if (text.length <= limit) return text;
  if (limit < ELLIPSIS.length) return "";
  let end = limit - ELLIPSIS.length;
  // A byte of the form 10xxxxxx continues a character: step back to where that one begins.
  while (end > 0) {
    const next = string.byte(text, end + 1);
    if (next < 0x80 || next > 0xbf) break;
    end = end - 1;
  }
  return string.sub(text, 1, end) + ELLIPSIS;
}
