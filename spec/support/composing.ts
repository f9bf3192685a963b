// What specs need to compose events, and to look into them.
import type { Action, Alert } from "../../src/alerts/alert";
import { type AlertTexts, type ComposeSettings, NO_TEXTS, compose } from "../../src/pagerduty/compose";
import { decodeJson } from "./json";

export type Fields = Readonly<Record<string, unknown>>;

/** When all events of the specs are sent (Unix time): 2025-10-09T09:26:40Z. */
export const NOW = 1760002000;

export const ROUTING_KEY = "0123456789abcdef0123456789abcdef";

/** What specs say of the settings, and of the administrator's texts. */
export type SomeSettings = Partial<
  ComposeSettings & Pick<AlertTexts, "summary" | "details" | "links" | "images">
>;

export function composeSettings(some: SomeSettings = {}): ComposeSettings {
  const { summary, details = [], links = [], images = [] } = some;
  return {
    centreonUrl: "https://centreon.example",
    source: "",
    client: "Centreon",
    clientUrl: "https://centreon.example",
    usesLongOutput: true,
    outputLimit: math.huge,
    dedupPrefix: "",
    textsOf: () => ({ ...NO_TEXTS, summary, details, links, images }),
    now: () => NOW,
    localTime: () => undefined,
    otherProblems: () => [],
    ...some,
  };
}

export function bodyOf(alert: Alert, action: Action = "trigger", settings: SomeSettings = {}): string {
  return compose(alert, action, ROUTING_KEY, composeSettings(settings));
}

/** The value of `custom_details` in a trigger's body. */
export function detailsIn(body: string): Fields {
  return (decodeJson(body) as { payload: { custom_details: Fields } }).payload.custom_details;
}
