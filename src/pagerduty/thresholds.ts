// Which metric crossed which threshold, in words: what a responder wants to know first. Pure. Ranges are those of
// plugins: https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT
import type { Metric } from "../text/perfdata";

/** A range of values; an end that is not there is open. */
interface Range {
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** `@`: the values inside the range are the problem. */
  readonly isInverted: boolean;
}

/** Most crossed thresholds that are told: a responder reads the first ones. */
const MOST_TOLD = 5;

/** Reads "10", "10:", "~:10", "10:20" or "@10:20"; undefined when it is none of these. */
function readRange(text: string): Range | undefined {
  const [inverted, whole] = string.match(text, "^(@?)(.*)$");
  if (whole === undefined) return undefined;
  const [lowText, highText] = string.match(whole, "^([^:]*):([^:]*)$");
  const low = lowText === undefined ? 0 : tonumber(lowText === "" ? "0" : lowText);
  const high = tonumber(highText ?? whole);
  const isReadable = (low !== undefined || lowText === "~") && (high !== undefined || highText === "");
  return isReadable ? { low, high, isInverted: inverted === "@" } : undefined;
}

/** Above it a double does not hold every whole number (2^53). */
const LARGEST_WHOLE_NUMBER = 9007199254740992;

/** `value` without digits that mean nothing: 9.71, not 9.7100000000001; whole numbers as people read them. */
function shown(value: number): string {
  const isWhole = math.floor(value) === value && math.abs(value) <= LARGEST_WHOLE_NUMBER;
  return string.format(isWhole ? "%.0f" : "%.10g", value);
}

/** Units that plugins give large numbers in: bytes and bits, and so many a second. */
const SCALED_UNITS: Record<string, boolean | undefined> = { B: true, b: true, "B/s": true, "b/s": true };

const SCALES = ["k", "M", "G", "T", "P", "E"] as const;

/** Values up to it are read as easily without a prefix. */
const LARGEST_UNSCALED = 9999;

/** `value` with its unit as people say it: 41 GB, not 41000000000B. The metrics beside it have all digits. */
function withUnit(value: number, unit: string): string {
  if (SCALED_UNITS[unit] !== true || math.abs(value) <= LARGEST_UNSCALED) return shown(value) + unit;
  let scaled = value;
  let prefix = "";
  for (const scale of SCALES) {
    if (math.abs(scaled) >= 1000) {
      scaled = scaled / 1000;
      prefix = scale;
    }
  }
  return string.format("%.4g %s%s", scaled, prefix, unit);
}

/** What `value` does to the range, such as "above critical 8 by 1.71"; undefined when it is no problem. */
function crossing(
  value: number,
  { low, high, isInverted }: Range,
  level: string,
  unit: string,
): string | undefined {
  if (isInverted) {
    const isInside = (low === undefined || value >= low) && (high === undefined || value <= high);
    return isInside ? `inside the ${level} range` : undefined;
  }
  if (high !== undefined && value > high)
    return `above ${level} ${withUnit(high, unit)} by ${withUnit(value - high, unit)}`;
  if (low !== undefined && value < low)
    return `below ${level} ${withUnit(low, unit)} by ${withUnit(low - value, unit)}`;
  return undefined;
}

function crossingOf(metric: Metric): string | undefined {
  const value = metric.value === undefined ? undefined : tonumber(metric.value);
  if (value === undefined) return undefined;
  const levels: [level: string, range: string | undefined][] = [
    ["critical", metric.critical],
    ["warning", metric.warning],
  ];
  for (const [level, text] of levels) {
    const range = text === undefined ? undefined : readRange(text);
    const found = range === undefined ? undefined : crossing(value, range, level, metric.unit);
    if (found !== undefined) return `${metric.name} is ${withUnit(value, metric.unit)}: ${found}`;
  }
  return undefined;
}

/** A sentence for each metric that is outside its thresholds, in the plugin's order, the first few of them. */
export function crossedThresholds(metrics: readonly Metric[]): string[] {
  const told: string[] = [];
  for (const metric of metrics) {
    const sentence = told.length < MOST_TOLD ? crossingOf(metric) : undefined;
    if (sentence !== undefined) told.push(sentence);
  }
  return told;
}
