// Percent-encoding for parts of a URL (RFC 3986).

function percentEncoded(character: string): string {
  return string.format("%%%02X", string.byte(character));
}

/** `text`, any bytes, so that it can stand in a query or a path segment: all but unreserved characters encoded. */
export function urlEncode(text: string): string {
  const [encoded] = string.gsub(text, "[^%w%-._~]", percentEncoded);
  return encoded;
}

/**
 * `text`, an address written by a person, with every byte encoded that no URL may contain (spaces, quotes,
 * non-ASCII letters, a % that encodes nothing); what is encoded already stays as it is.
 */
export function escapeUrl(text: string): string {
  const [escaped] = string.gsub(text, "[^%w%-._~:/?#%[%]@!$&'()*+,;=%%]", percentEncoded);
  const [whole] = string.gsub(escaped, "%%(%x?%x?)", (digits) =>
    digits.length === 2 ? `%${digits}` : `%25${digits}`,
  );
  return whole;
}
