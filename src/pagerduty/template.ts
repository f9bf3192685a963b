// The administrator's own formats for summary, details, links and images: text with placeholders such as {host}, read once at the
// start and filled in for each event. Owns the placeholders. Pure; knows no limits of PagerDuty.
import { type DescribedAlert, type Severity, nameOf } from "../alerts/alert";
import { outputLines, withoutState } from "../text/lines";
import { parsePerfdata } from "../text/perfdata";
import { utcTimestamp } from "../text/time";
import { actionUrlOf, notesOf, notesUrlOf } from "./notes";

/** What there is to tell of. */
export interface Subject {
  readonly alert: DescribedAlert;
  readonly severity: Severity;
}

/** What a placeholder says; empty when there is nothing to say. `argument`: what stands after its colon. */
type Placeholder = (this: void, subject: Subject, argument: string) => string;

interface FoundPlaceholder {
  readonly placeholder: Placeholder;
  readonly argument: string;
}

/** A text, its placeholders found. */
export type Template = readonly (string | FoundPlaceholder)[];

/** A field of the details and what it says. */
export interface DetailTemplate {
  readonly name: string;
  readonly template: Template;
}

/** Most metrics that `{metric:…}` looks through, as many as an alert shows. */
const MOST_METRICS = 100;

function joined(names: readonly string[]): string {
  return table.concat(names as string[], ", ");
}

/** A number, or nothing where 0 stands for not known. */
function unlessZero(value: number): string {
  return value > 0 ? string.format("%d", value) : "";
}

function timeOf(seconds: number): string {
  return seconds > 0 ? (utcTimestamp(seconds) ?? "") : "";
}

const state: Placeholder = ({ alert: { report } }) => report.stateName;
const output: Placeholder = ({ alert: { report } }) => outputLines(report.output, report.longOutput).first;

/** What {output} says in a text that says the state, too: nothing twice. */
const outputBesideState: Placeholder = ({ alert: { report } }) =>
  withoutState(outputLines(report.output, report.longOutput).first, report.stateName);

const PLACEHOLDERS: Record<string, Placeholder | undefined> = {
  resource: ({ alert }) => nameOf(alert),
  host: ({ alert: { place } }) => place.hostName,
  service: ({ alert: { place } }) => place.serviceDescription,
  state,
  output,
  long_output: ({ alert: { report } }) => outputLines(report.output, report.longOutput).further,
  severity: ({ severity }) => severity,
  class: ({ alert: { place } }) => place.className,
  key: ({ alert: { dedupKey } }) => dedupKey,
  alias: ({ alert: { place } }) => place.hostAlias,
  address: ({ alert: { place } }) => place.hostAddress,
  poller: ({ alert: { place } }) => place.poller,
  hostgroups: ({ alert: { place } }) => joined(place.hostGroups),
  servicegroups: ({ alert: { place } }) => joined(place.serviceGroups),
  bvs: ({ alert: { place } }) => joined(place.businessViews ?? []),
  categories: ({ alert: { place } }) => joined(place.categories ?? []),
  criticality: ({ alert: { place } }) => unlessZero(place.criticality),
  criticality_name: ({ alert: { place } }) => place.criticalityName ?? "",
  attempt: ({ alert: { report } }) => unlessZero(report.attempt),
  max_attempts: ({ alert: { report } }) => unlessZero(report.maximumAttempts),
  since: ({ alert: { report } }) => timeOf(report.since),
  last_ok: ({ alert: { report } }) => timeOf(report.lastOk),
  notes: ({ alert }) => notesOf(alert),
  notes_url: ({ alert }) => notesUrlOf(alert),
  action_url: ({ alert }) => actionUrlOf(alert),
  downtime_comment: ({ alert: { place } }) => place.downtimeComment ?? "",
  acknowledged_by: ({ alert: { acknowledgement } }) => acknowledgement?.author ?? "",
};

/** Those that need an argument. */
const PLACEHOLDERS_FOR: Record<string, Placeholder | undefined> = {
  metric: ({ alert: { report } }, wanted) => {
    for (const { name, value, unit } of parsePerfdata(report.perfdata, MOST_METRICS)) {
      if (name === wanted && value !== undefined) return value + unit;
    }
    return "";
  },
  macro: ({ alert: { place } }, wanted) => {
    for (const { name, value } of place.customVariables ?? []) if (name === wanted) return value;
    return "";
  },
};

/** Every placeholder there is, for a complaint. */
function knownPlaceholders(): string {
  const known: string[] = ["{metric:name}", "{macro:NAME}"];
  for (const [name] of pairs(PLACEHOLDERS)) known.push(`{${name}}`);
  table.sort(known);
  return table.concat(known, ", ");
}

/** What stands between braces: the placeholder, or what is wrong with it. */
function readPlaceholder(
  inner: string,
  customVariables: readonly string[] | undefined,
): FoundPlaceholder | string {
  const [kind, wanted] = string.match(inner, "^(%a+):(.+)$");
  const placeholder = kind === undefined ? PLACEHOLDERS[inner] : PLACEHOLDERS_FOR[kind];
  if (placeholder === undefined) return `{${inner}} is unknown; known are ${knownPlaceholders()}`;
  if (kind !== "macro") return { placeholder, argument: wanted ?? "" };
  const variable = string.upper(wanted ?? "");
  if (customVariables === undefined) return { placeholder, argument: variable };
  for (const name of customVariables) if (name === variable) return { placeholder, argument: variable };
  return `{${inner}} has no value: add ${variable} to pdy_custom_variables`;
}

/** `template`, which does not say the state twice where it has both {state} and {output}. */
function sayingStateOnce(template: Template): Template {
  let saysState = false;
  for (const part of template) if (typeof part !== "string" && part.placeholder === state) saysState = true;
  if (!saysState) return template;
  const parts: (string | FoundPlaceholder)[] = [];
  for (const part of template) {
    const isOutput = typeof part !== "string" && part.placeholder === output;
    parts.push(isOutput ? { placeholder: outputBesideState, argument: "" } : part);
  }
  return parts;
}

/**
 * Reads a format. Gives the template, or what is wrong with it. `customVariables`: the names, in capitals, that
 * `{macro:…}` may ask for: others are not collected. Undefined: any, see `macrosIn`.
 */
export function readTemplate(
  text: string,
  customVariables: readonly string[] | undefined,
): Template | string {
  const parts: (string | FoundPlaceholder)[] = [];
  let position = 1;
  while (true) {
    const [opening] = string.find(text, "{", position, true);
    const literal = string.sub(text, position, (opening ?? text.length + 1) - 1);
    if (literal !== "") parts.push(literal);
    if (opening === undefined) return sayingStateOnce(parts);
    const [closing] = string.find(text, "}", opening, true);
    if (closing === undefined) return "a { without its }";
    const read = readPlaceholder(string.sub(text, opening + 1, closing - 1), customVariables);
    if (typeof read === "string") return read;
    parts.push(read);
    position = closing + 1;
  }
}

/** The custom variables that `template` asks for. */
export function macrosIn(template: Template): string[] {
  const names: string[] = [];
  for (const part of template) {
    if (typeof part !== "string" && part.placeholder === PLACEHOLDERS_FOR["macro"]) names.push(part.argument);
  }
  return names;
}

/** The text that `template` makes of `subject`: any bytes, of any length. */
export function fillTemplate(template: Template, subject: Subject): string {
  const parts: string[] = [];
  for (const part of template) {
    parts.push(typeof part === "string" ? part : part.placeholder(subject, part.argument));
  }
  return table.concat(parts);
}
