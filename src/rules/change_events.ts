// Which changes are told, and where to: pdy_change_events, and what keeps it from working.
import { FALLBACK_ROUTE } from "../alerts/alert";
import type { ChangeKind } from "../alerts/change";
import { takesChangeEvents } from "../pagerduty/event";
import type { Complaint } from "../settings/complaint";
import { changeServerUrl } from "../settings/endpoint";
import { listOf } from "../settings/lists";
import { nearestName } from "../settings/nearest_name";
import { keyParameter } from "../settings/routing_keys";
import { FLAG_WORDS, type Settings } from "../settings/settings";

export interface ChangeEvents {
  /** The address to post to. */
  readonly url: string;
  readonly isTold: Readonly<Record<ChangeKind, boolean>>;
}

/** The kinds of changes, as pdy_change_events names them. */
const NAMES = ["acknowledgements", "downtimes", "pollers", "deployments", "flapping", "comments"] as const;

type ChangeName = (typeof NAMES)[number];

const NAME_OF_KIND: Record<ChangeKind, ChangeName> = {
  acknowledged: "acknowledgements",
  "downtime started": "downtimes",
  "downtime ended": "downtimes",
  "downtime cancelled": "downtimes",
  "poller started": "pollers",
  "poller stopped": "pollers",
  "configuration deployed": "deployments",
  "flapping started": "flapping",
  "flapping stopped": "flapping",
  commented: "comments",
};

/** What 1 stands for, as it did before there were names. */
const USUAL: readonly ChangeName[] = ["acknowledgements", "downtimes", "pollers", "deployments"];

/** So many first letters tell which name was meant, whatever its ending. */
const TELLING_LETTERS = 4;

function nameMeantBy(item: string): ChangeName | undefined {
  const near = nearestName(item, NAMES);
  for (const name of NAMES) {
    const beginsAlike = string.sub(name, 1, TELLING_LETTERS) === string.sub(item, 1, TELLING_LETTERS);
    if (name === near || (near === undefined && beginsAlike)) return name;
  }
  return undefined;
}

/** The names in the parameter: those of a list, or what 0 and 1 stand for. */
function namesIn(text: string, complaints: Complaint[]): readonly ChangeName[] {
  const isOn = text === "" ? false : FLAG_WORDS[string.lower(text)];
  if (isOn !== undefined) return isOn ? USUAL : [];
  const chosen: ChangeName[] = [];
  for (const written of listOf(text, ",")) {
    const item = string.lower(written);
    const meant = nameMeantBy(item);
    if (meant === item) {
      chosen.push(meant);
    } else {
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      complaints.push({
        isError: true,
        text: `parameter pdy_change_events: "${written}" is unknown: expected 0, 1, or some of ${table.concat(NAMES as unknown as string[], ", ")}${hint}; it is left out`,
      });
    }
  }
  return chosen;
}

function isToldOf(chosen: readonly ChangeName[]): Record<ChangeKind, boolean> {
  const isTold = {} as Record<ChangeKind, boolean>;
  for (const [kind, name] of pairs(NAME_OF_KIND)) {
    isTold[kind] = false;
    for (const one of chosen) if (one === name) isTold[kind] = true;
  }
  return isTold;
}

/** What pdy_change_events comes to; undefined when it is off or cannot work. `routingKeys` are those of all teams. */
export function readChangeEvents(
  settings: Settings,
  routingKeys: Record<string, string>,
  complaints: Complaint[],
): ChangeEvents | undefined {
  const chosen = namesIn(settings.pdy_change_events, complaints);
  if (chosen.length === 0) return undefined;
  const url = changeServerUrl(settings);
  if (url === undefined) {
    complaints.push({
      isError: true,
      text: "parameter pdy_change_events does not work with this http_server_url: expected one that ends in /enqueue, such as https://events.pagerduty.com/v2/enqueue; no change events are sent",
    });
    return undefined;
  }
  let canSend = false;
  const parameters: string[] = [];
  for (const [label, key] of pairs(routingKeys)) {
    // The fallback key is for the connector's own alert alone.
    if (label !== FALLBACK_ROUTE) {
      if (takesChangeEvents(key)) canSend = true;
      else parameters.push(keyParameter(label));
    }
  }
  table.sort(parameters);
  for (const parameter of parameters) {
    complaints.push({
      isError: false,
      text: `parameter pdy_change_events: the key in ${parameter} begins with R, which is that of an event orchestration and takes no change events: none are sent by it. The key of a service's integration takes them`,
    });
  }
  return canSend ? { url, isTold: isToldOf(chosen) } : undefined;
}
