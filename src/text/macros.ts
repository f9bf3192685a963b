// Centreon's macros in a text that a person wrote, such as $HOSTNAME$. Knows no macro itself.

/**
 * `text` with the macros replaced that `values` has, by name without the dollar signs; any other stays as it is.
 * `encode` is applied to each value.
 */
export function expandMacros(
  text: string,
  values: Record<string, string | undefined>,
  encode: (this: void, value: string) => string,
): string {
  const [expanded] = string.gsub(text, "%$([%w_]+)%$", (name) => {
    const value = values[name];
    return value === undefined ? `$${name}$` : encode(value);
  });
  return expanded;
}
