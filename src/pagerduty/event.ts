// PagerDuty's limits and the shapes of what we send, with the place each comes from. Plain facts.
//
// https://developer.pagerduty.com/docs/events-api-v2-overview and the OpenAPI schema of the Events API v2.

/** `payload.summary`: at most so many characters. */
export const MAXIMUM_SUMMARY_CHARACTERS = 1024;

/** `dedup_key`: at most so many characters. */
export const MAXIMUM_DEDUP_KEY_CHARACTERS = 255;

/** The whole body: PagerDuty's 512 KB, read cautiously as thousands of bytes. */
export const MAXIMUM_BODY_BYTES = 512000;

/** Whether the service behind a routing key takes change events: keys of event orchestrations and rulesets begin with R. */
export function takesChangeEvents(routingKey: string): boolean {
  return string.sub(routingKey, 1, 1) !== "R";
}

/** How much of an event is sent: each step leaves out what a refusal might have been about. */
export type LadderStep = "full" | "slim" | "bare";

/** full: everything; slim: no details, links and images; bare: summary, source and severity only. */
export const LADDER: readonly LadderStep[] = ["full", "slim", "bare"];
