// Composes the JSON body of an event from an alert: what the responder reads at 3 a.m. Pure; sends nothing.
import {
  type Action,
  type Alert,
  type DescribedAlert,
  type Detour,
  FALLBACK_ROUTE,
  type Place,
  isDescribed,
  severityToTell,
} from "../alerts/alert";
import { fingerprint } from "../text/hash";
import { type JsonField, type JsonValue, encode, numberAsWritten } from "../text/json";
import { oneLine, outputLines } from "../text/lines";
import { type Metric, cutPerfdata, parsePerfdata } from "../text/perfdata";
import { type LocalTime, spokenDuration, utcTimestamp } from "../text/time";
import { escapeUrl } from "../text/url";
import { cutToBytes, cutToCharacters, validUtf8 } from "../text/utf8";
import { LADDER, type LadderStep, MAXIMUM_BODY_BYTES, MAXIMUM_DEDUP_KEY_CHARACTERS } from "./event";
import { asSummary, formattedSummary, summaryOf } from "./summary";
import { type DetailTemplate, type Subject, type Template, fillTemplate } from "./template";
import { type LinkTemplate, appendCentreonLink, appendLink, appendOwnLinks, imagesOf } from "./links";
import { actionUrlOf, notesOf, notesUrlOf } from "./notes";
import { crossedThresholds } from "./thresholds";

/** What an event says beside the alert: the administrator's choices, and what only the moment of sending tells. */
export interface ComposeSettings {
  /** Centreon's address as its administrator wrote it; empty: no links to it. */
  readonly centreonUrl: string;
  /** PagerDuty's `source` for every alert; empty: the host's name. */
  readonly source: string;
  readonly client: string;
  /** Empty: none. */
  readonly clientUrl: string;
  /** Whether the output's further lines are shown. */
  readonly usesLongOutput: boolean;
  /** Most bytes of output that are shown. */
  readonly outputLimit: number;
  /** Put before each dedup key: several Centreon platforms may share a PagerDuty service. */
  readonly dedupPrefix: string;
  /** What the administrator's rules make of the alert's texts now. */
  readonly textsOf: (this: void, alert: Alert) => AlertTexts;
  /** Unix time. */
  readonly now: (this: void) => number;
  readonly localTime: LocalTime;
  /** What else is wrong on the alert's host: names and states of other resources. */
  readonly otherProblems: (this: void, alert: Alert) => readonly string[];
}

/** The administrator's own texts of an alert. */
export interface AlertTexts {
  /** In place of the usual ones; undefined: those. */
  readonly summary: Template | undefined;
  readonly source: Template | undefined;
  readonly component: Template | undefined;
  readonly group: Template | undefined;
  readonly class: Template | undefined;
  /** Fields to add to the details. */
  readonly details: readonly DetailTemplate[];
  /** After those of Centreon. */
  readonly links: readonly LinkTemplate[];
  readonly images: readonly LinkTemplate[];
}

/** The administrator has none. */
export const NO_TEXTS: AlertTexts = {
  summary: undefined,
  source: undefined,
  component: undefined,
  group: undefined,
  class: undefined,
  details: [],
  links: [],
  images: [],
};

/** Most characters of a name or a list of names; longer ones are somebody's mistake, and unreadable. */
const MAXIMUM_NAME_CHARACTERS = 1024;

/** Most metrics shown: a responder reads the first ones. */
const MAXIMUM_METRICS = 100;

/** How many bytes of each long text are sent, tried in this order until the body is within PagerDuty's limit. */
const TEXT_LIMITS = [65536, 16384, 2048];

/** A name as PagerDuty gets it: valid, and not longer than a person reads. */
function name(text: string): string {
  return cutToCharacters(validUtf8(text), MAXIMUM_NAME_CHARACTERS);
}

/** `text`, or undefined when there is nothing to say. */
function unlessEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** Why the alert goes by the fallback key; undefined where it goes as it was meant to. */
function detourOf({ route, detour }: Alert): Detour | undefined {
  return route === FALLBACK_ROUTE ? detour : undefined;
}

/** `summary` of an alert that was meant for another team. */
function markedSummary(summary: string, { meantFor }: Detour): string {
  return asSummary(`[meant for ${meantFor}, whose key is refused] ${summary}`);
}

/** A threshold or value as a number where it is one, so that rules can compare it; a range stays text. */
function numberOrText(text: string | undefined): JsonValue | undefined {
  return text === undefined ? undefined : (numberAsWritten(text) ?? text);
}

function metricsValue(metrics: readonly Metric[]): JsonValue | undefined {
  const items: JsonValue[] = [];
  for (const metric of metrics) {
    items.push({
      fields: [
        ["name", name(metric.name)],
        ["value", numberOrText(metric.value)],
        ["unit", unlessEmpty(metric.unit)],
        ["warning", numberOrText(metric.warning)],
        ["critical", numberOrText(metric.critical)],
        ["minimum", numberOrText(metric.minimum)],
        ["maximum", numberOrText(metric.maximum)],
      ],
    });
  }
  return items.length === 0 ? undefined : { items };
}

function joined(names: readonly string[], separator: string): string | undefined {
  return names.length === 0 ? undefined : name(table.concat(names as string[], separator));
}

/** A time as an ISO timestamp; undefined when it is not known. */
function knownTime(seconds: number): string | undefined {
  return seconds > 0 ? utcTimestamp(seconds) : undefined;
}

/** The time since `since`, in words; undefined when that is not known, or lies in the future of our clock. */
function timeSince(since: number, now: number): string | undefined {
  return since > 0 && now >= since ? spokenDuration(now - since) : undefined;
}

/** `WARNING for 2 h 5 min`; undefined where there is no state before, or none is known. */
function previousWords({ previous }: Alert): string | undefined {
  if (previous?.seconds === undefined) return previous?.stateName;
  return `${previous.stateName} for ${spokenDuration(previous.seconds)}`;
}

/** The custom variables as an object; undefined when there is none. */
function customVariablesOf(place: Place, text: (value: string) => string | undefined): JsonValue | undefined {
  const fields: JsonField[] = [];
  for (const { name: variable, value } of place.customVariables ?? []) {
    if (value !== "") fields.push([variable, text(value)]);
  }
  return fields.length === 0 ? undefined : { fields };
}

/** Adds a field, or puts it in the place of the one with its name. */
function setField(fields: JsonField[], field: string, value: JsonValue | undefined): void {
  for (const [index, [known]] of ipairs(fields)) {
    if (known === field) {
      fields[index - 1] = [field, value];
      return;
    }
  }
  fields.push([field, value]);
}

/** The text that `template` makes of the alert, as a name; `usual` where there is none, or nothing comes of it. */
function ownName(template: Template | undefined, subject: Subject, usual: string | undefined) {
  const own = template === undefined ? "" : name(oneLine(validUtf8(fillTemplate(template, subject))));
  return own === "" ? usual : own;
}

/** The details in the order a responder asks: what is wrong, how badly, since when, where, who knows of it. */
function detailsOf(
  alert: DescribedAlert,
  textLimit: number,
  texts: AlertTexts,
  settings: ComposeSettings,
): JsonValue {
  const { place, report } = alert;
  const metrics = parsePerfdata(cutPerfdata(report.perfdata, textLimit), MAXIMUM_METRICS);
  const now = settings.now();
  const others = settings.otherProblems(alert);
  const text = (value: string): string | undefined => unlessEmpty(cutToBytes(validUtf8(value), textLimit));
  const outputLimit = math.min(textLimit, settings.outputLimit);
  const output = (value: string): string | undefined =>
    unlessEmpty(cutToBytes(validUtf8(value), outputLimit));
  const detour = detourOf(alert);
  const { first, further } = outputLines(report.output, report.longOutput);
  const longOutput = settings.usesLongOutput ? further : "";
  const fields: JsonField[] = [
    ["meant_for", detour && name(detour.meantFor)],
    ["not_sent_there", detour && text(detour.reason)],
    ["crossed_thresholds", joined(crossedThresholds(metrics), "; ")],
    ["state", report.stateName],
    ["previous_state", previousWords(alert)],
    ["output", output(first)],
    ["long_output", output(longOutput)],
    ["metrics", metricsValue(metrics)],
    ["problem_since", knownTime(report.since)],
    ["in_problem_for", timeSince(report.since, now)],
    ["last_ok", knownTime(report.lastOk)],
    ["local_time", settings.localTime(now, place.timeZone ?? "")],
    ["attempt", report.attempt > 0 ? report.attempt : undefined],
    ["max_attempts", report.maximumAttempts > 0 ? report.maximumAttempts : undefined],
    ["host_alias", unlessEmpty(name(place.hostAlias))],
    ["host_address", unlessEmpty(name(place.hostAddress))],
    ["poller", unlessEmpty(name(place.poller))],
    ["host_groups", joined(place.hostGroups, ", ")],
    ["service_groups", joined(place.serviceGroups, ", ")],
    ["business_views", joined(place.businessViews ?? [], ", ")],
    ["categories", joined(place.categories ?? [], ", ")],
    ["criticality", place.criticality > 0 ? place.criticality : undefined],
    ["criticality_name", unlessEmpty(name(place.criticalityName ?? ""))],
    ["custom_variables", customVariablesOf(place, text)],
    ["notes", text(notesOf(alert))],
    ["notes_url", text(notesUrlOf(alert))],
    ["action_url", text(actionUrlOf(alert))],
    ["other_problems_of_host", joined(others, "; ")],
    ["downtime_comment", text(place.downtimeComment ?? "")],
    ["acknowledged_by", alert.acknowledgement && unlessEmpty(name(alert.acknowledgement.author))],
    ["acknowledgement_comment", alert.acknowledgement && text(alert.acknowledgement.comment)],
  ];
  for (const { name: detail, template } of texts.details) {
    setField(fields, name(detail), text(fillTemplate(template, { alert, severity: alert.severity })));
  }
  for (const { name: detail, value } of alert.verdict?.details ?? []) {
    setField(fields, name(detail), typeof value === "string" ? text(value) : value);
  }
  return { fields };
}

function linksOf(
  alert: DescribedAlert,
  { links }: AlertTexts,
  settings: ComposeSettings,
): JsonValue | undefined {
  const items: JsonValue[] = [];
  appendCentreonLink(items, alert.resource, alert.place, settings.centreonUrl);
  appendLink(items, notesUrlOf(alert), "Notes");
  appendLink(items, actionUrlOf(alert), "Action");
  appendOwnLinks(items, links, { alert, severity: alert.severity });
  return items.length === 0 ? undefined : { items };
}

function triggerFields(
  alert: DescribedAlert,
  step: LadderStep,
  textLimit: number,
  texts: AlertTexts,
  settings: ComposeSettings,
): JsonField[] {
  const { place, report } = alert;
  const usualSource = name(settings.source === "" ? place.hostName : settings.source);
  // The bare minimum has nothing of anybody's making in it.
  const subject = { alert, severity: alert.severity };
  const summary =
    step === "bare"
      ? summaryOf(alert)
      : (unlessEmpty(asSummary(alert.verdict?.summary ?? "")) ?? formattedSummary(subject, texts.summary));
  const detour = detourOf(alert);
  const payload: JsonField[] = [
    ["summary", detour === undefined ? summary : markedSummary(summary, detour)],
    ["source", step === "bare" ? usualSource : ownName(texts.source, subject, usualSource)],
    ["severity", severityToTell(alert)],
  ];
  if (step !== "bare") {
    payload.push(["timestamp", knownTime(report.since)]);
    const component = name(place.serviceDescription === "" ? place.hostName : place.serviceDescription);
    const group = joined(place.hostGroups, ", ") ?? joined(place.businessViews ?? [], ", ");
    payload.push(["component", ownName(texts.component, subject, component)]);
    payload.push(["group", ownName(texts.group, subject, group)]);
    payload.push(["class", ownName(texts.class, subject, place.className)]);
  }
  if (step === "full") payload.push(["custom_details", detailsOf(alert, textLimit, texts, settings)]);
  const fields: JsonField[] = [["payload", { fields: payload }]];
  if (step === "bare") return fields;
  fields.push(["client", unlessEmpty(name(settings.client))]);
  fields.push(["client_url", unlessEmpty(escapeUrl(settings.clientUrl))]);
  if (step === "full") {
    fields.push(["links", linksOf(alert, texts, settings)]);
    fields.push(["images", imagesOf(texts.images, subject)]);
  }
  return fields;
}

/** The key PagerDuty knows the alert by. One that is too long ends in a fingerprint instead of its last letters. */
function dedupKey(alert: Alert, prefix: string): string {
  const key = validUtf8(prefix) + alert.dedupKey;
  if (key.length <= MAXIMUM_DEDUP_KEY_CHARACTERS) return key;
  const ending = `-${fingerprint(key)}`;
  return cutToBytes(key, MAXIMUM_DEDUP_KEY_CHARACTERS - ending.length) + ending;
}

/**
 * The body of the call that does `action` for `alert` with `routingKey`: JSON, valid UTF-8, less than
 * MAXIMUM_BODY_BYTES whatever the alert holds. A trigger says as much as its place on the ladder allows;
 * acknowledge and resolve carry only what they need, so that nothing in a payload can cost a recovery.
 */
export function compose(alert: Alert, action: Action, routingKey: string, settings: ComposeSettings): string {
  const bodyWith = (fields: readonly JsonField[]): string => {
    const all: JsonField[] = [
      ["routing_key", routingKey],
      ["event_action", action],
      ["dedup_key", dedupKey(alert, settings.dedupPrefix)],
    ];
    for (const field of fields) all.push(field);
    return encode({ fields: all });
  };
  if (action !== "trigger" || !isDescribed(alert)) return bodyWith([]);

  const step = LADDER[alert.ladderStep] ?? "bare";
  // What rules raise can cost an alert their texts, not its page.
  const texts = step === "bare" ? NO_TEXTS : settings.textsOf(alert);
  if (step === "full") {
    for (const textLimit of TEXT_LIMITS) {
      const body = bodyWith(triggerFields(alert, step, textLimit, texts, settings));
      if (body.length < MAXIMUM_BODY_BYTES) return body;
    }
  }
  const body = bodyWith(triggerFields(alert, step === "full" ? "slim" : step, 0, texts, settings));
  return body.length < MAXIMUM_BODY_BYTES ? body : bodyWith(triggerFields(alert, "bare", 0, texts, settings));
}
