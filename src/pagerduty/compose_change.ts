// Composes the JSON body of a change event: what was done, by whom, where. It pages nobody. Pure; sends nothing.
//
// https://developer.pagerduty.com/docs/send-change-event: routing_key and payload.summary are required; source,
// timestamp, custom_details and links are optional.
import { nameOfPlace } from "../alerts/alert";
import type { ChangeReport } from "../alerts/change";
import { type JsonField, type JsonValue, encode } from "../text/json";
import { oneLine } from "../text/lines";
import { utcTimestamp } from "../text/time";
import { cutToBytes, validUtf8 } from "../text/utf8";
import { appendCentreonLink } from "./links";
import { asSummary } from "./summary";

export interface ChangeComposeSettings {
  /** Centreon's address as its administrator wrote it; empty: no links. */
  readonly centreonUrl: string;
  /** PagerDuty's `source` for every event; empty: the host's name. */
  readonly source: string;
}

/** Most bytes of each text: as JSON they take six times as many at most, so that the whole is far below the limit. */
const MAXIMUM_TEXT_BYTES = 8192;

/** `text` as PagerDuty gets it; undefined when there is nothing to say. */
function textOf(text: string): string | undefined {
  return text === "" ? undefined : cutToBytes(validUtf8(text), MAXIMUM_TEXT_BYTES);
}

function joined(names: readonly string[]): string | undefined {
  return textOf(table.concat(names as string[], ", "));
}

function knownTime(seconds: number): string | undefined {
  return seconds > 0 ? utcTimestamp(seconds) : undefined;
}

/** Who did it and what they wrote, or which engine it was; empty when nobody tells. */
function remarkOf({ change }: ChangeReport): string {
  if (change.kind === "poller started") return change.engine;
  if (change.author === "") return change.comment;
  return change.comment === "" ? change.author : `${change.author}: ${change.comment}`;
}

/** `host/service: downtime started - author: comment`, on one line. */
function summaryOf(report: ChangeReport): string {
  const remark = oneLine(validUtf8(remarkOf(report)));
  const ending = remark === "" ? "" : ` - ${remark}`;
  return asSummary(`${nameOfPlace(report.placement)}: ${report.change.kind}${ending}`);
}

function detailsOf({ change, placement }: ChangeReport): JsonValue {
  return {
    fields: [
      ["change", change.kind],
      ["author", textOf(change.author)],
      ["comment", textOf(change.comment)],
      ["downtime_from", knownTime(change.plannedStart)],
      ["downtime_until", knownTime(change.plannedEnd)],
      ["engine", textOf(change.engine)],
      ["poller", textOf(placement.poller)],
      ["host_groups", joined(placement.hostGroups)],
      ["service_groups", joined(placement.serviceGroups)],
      ["business_views", joined(placement.businessViews ?? [])],
      ["criticality", placement.criticality > 0 ? placement.criticality : undefined],
    ],
  };
}

function linksOf({ resource, placement }: ChangeReport, centreonUrl: string): JsonValue | undefined {
  const items: JsonValue[] = [];
  appendCentreonLink(items, resource, placement, centreonUrl);
  return items.length === 0 ? undefined : { items };
}

/** The body of the call that tells of `report` with `routingKey`: JSON, valid UTF-8, within PagerDuty's limits. */
export function composeChange(
  report: ChangeReport,
  routingKey: string,
  settings: ChangeComposeSettings,
): string {
  const payload: JsonField[] = [
    ["summary", summaryOf(report)],
    ["source", textOf(settings.source === "" ? report.placement.hostName : settings.source)],
    ["timestamp", utcTimestamp(report.at)],
    ["custom_details", detailsOf(report)],
  ];
  return encode({
    fields: [
      ["routing_key", routingKey],
      ["payload", { fields: payload }],
      ["links", linksOf(report, settings.centreonUrl)],
    ],
  });
}
