// Reads performance data (the plugins' metrics). Our own parser: broker.parse_perfdata loses order, duplicates
// and digits (measured). Format: https://www.monitoring-plugins.org/doc/guidelines.html#AEN200

/** One metric as the plugin wrote it: numbers and thresholds keep their own digits. */
export interface Metric {
  readonly name: string;
  /** Decimal digits; undefined where the plugin wrote "U" (could not be determined) or nonsense. */
  readonly value: string | undefined;
  /** Such as "ms", "%", "B"; may be empty. */
  readonly unit: string;
  /** Ranges such as "80", "10:20" or "@5:7"; undefined where there is none. */
  readonly warning: string | undefined;
  readonly critical: string | undefined;
  readonly minimum: string | undefined;
  readonly maximum: string | undefined;
}

/** Reads a metric's name at `position`: the name, and where its data begins, or undefined when there is no name. */
function readName(text: string, position: number): LuaMultiReturn<[string | undefined, number]> {
  if (string.sub(text, position, position) !== "'") {
    const [, last, name] = string.find(text, "^([^=]+)=", position);
    return $multi(name as string | undefined, (last ?? 0) + 1);
  }
  // A quote inside a quoted name is written twice.
  let from = position + 1;
  while (true) {
    const [quote] = string.find(text, "'", from, true);
    if (quote === undefined) return $multi(undefined, 0);
    if (string.sub(text, quote + 1, quote + 1) === "=") {
      const [name] = string.gsub(string.sub(text, position + 1, quote - 1), "''", "'");
      return $multi(name, quote + 2);
    }
    from = quote + (string.sub(text, quote + 1, quote + 1) === "'" ? 2 : 1);
  }
}

/**
 * The digits at the beginning of a value, and the unit behind them. Each pattern finds its end at once: one that
 * had to try would take half a minute for the 64 KB of digits that a plugin may print.
 */
function splitValue(text: string): LuaMultiReturn<[string | undefined, string]> {
  // Some plugins write a decimal comma.
  const [value] = string.gsub(text, ",", ".");
  const [sign = "", whole = "", afterWhole = ""] = string.match(value, "^%+?(-?)(%d*)(.*)$");
  const [fraction = "", afterFraction = afterWhole] = string.match(afterWhole, "^%.(%d*)(.*)$");
  const [exponent = "", unit = afterFraction] = string.match(afterFraction, "^([eE][+-]?%d+)(.*)$");
  if (whole + fraction === "" || string.sub(unit, 1, 1) === ".") return $multi(undefined, "");
  // ".5" and "5." are numbers to a plugin, not to JSON.
  const point = fraction === "" ? "" : ".";
  return $multi(sign + (whole === "" ? "0" : whole) + point + fraction + exponent, unit);
}

/** The text between the `index`th and the next semicolon of `data`, trimmed; undefined when empty. */
function part(data: readonly string[], index: number): string | undefined {
  const text = data[index];
  return text === undefined || text === "" ? undefined : text;
}

/** `perfdata` in at most `limit` bytes, cut between two metrics: half a number would be a wrong one. */
export function cutPerfdata(perfdata: string, limit: number): string {
  if (perfdata.length <= limit) return perfdata;
  const [whole] = string.match(string.sub(perfdata, 1, limit + 1), "^(.*)%s");
  return whole ?? "";
}

/** The metrics of `perfdata` in their order, at most `limit` of them. What cannot be read is passed over. */
export function parsePerfdata(perfdata: string, limit: number): Metric[] {
  const metrics: Metric[] = [];
  let position = 1;
  while (metrics.length < limit) {
    const [start] = string.find(perfdata, "[^%s]", position);
    if (start === undefined) break;
    const [name, dataStart] = readName(perfdata, start);
    if (name === undefined) break;
    const [, dataEnd, data] = string.find(perfdata, "^([^%s]*)", dataStart);
    const parts: string[] = [];
    for (const [text] of string.gmatch(`${data as string};`, "([^;]*);")) parts.push(text ?? "");
    const [value, unit] = splitValue(parts[0] ?? "");
    const [trimmedName] = string.match(name, "^(.*%S)");
    metrics.push({
      name: trimmedName ?? name,
      value,
      unit,
      warning: part(parts, 1),
      critical: part(parts, 2),
      minimum: part(parts, 3),
      maximum: part(parts, 4),
    });
    position = (dataEnd as number) + 1;
  }
  return metrics;
}
