// What an event says beside its alert: the administrator's choices, the moment, and what else is wrong on the host.
import { type Alert, type DescribedAlert, isDescribed } from "../alerts/alert";
import type { Book } from "../alerts/book";
import { STATE } from "../alerts/policy";
import type { ComposeSettings } from "../pagerduty/compose";
import type { Rulings } from "../rules/rulings";
import type { Settings } from "../settings/settings";
import { loadLocalTime } from "../text/time";

/** Most other problems of a host that an alert tells of. */
const MOST_OTHER_PROBLEMS = 10;

/** What a resource is called on its host. */
function nameOnHost({ place }: DescribedAlert): string {
  return place.serviceDescription === "" ? place.hostName : place.serviceDescription;
}

/** Puts the alert in its place in `first`, which holds no more than are told: the first ones in the order of the names. */
function keepIfAmongFirst(first: DescribedAlert[], alert: DescribedAlert): void {
  const name = nameOnHost(alert);
  let before = first.length;
  while (before > 0 && name < nameOnHost(first[before - 1] as DescribedAlert)) before = before - 1;
  if (before === MOST_OTHER_PROBLEMS) return;
  table.insert(first, before + 1, alert);
  if (first.length > MOST_OTHER_PROBLEMS) first.pop();
}

/** What else is wrong on the alert's host, as "name: STATE", in the order of the names. */
function otherProblemsOf(alert: Alert, eachAlertOfHost: Book["eachAlertOfHost"]): readonly string[] {
  const told: string[] = [];
  if (!("hostId" in alert.resource)) return told;
  // Not all of them listed and sorted: a host can have thousands, and write() must not take long.
  const first: DescribedAlert[] = [];
  eachAlertOfHost(alert.resource.hostId, (other) => {
    if (other !== alert && isDescribed(other) && other.facts.state !== STATE.ok)
      keepIfAmongFirst(first, other);
  });
  for (const other of first) told.push(`${nameOnHost(other)}: ${other.report.stateName}`);
  return told;
}

export function composeSettingsOf(
  settings: Settings,
  textsOf: Rulings["textsOf"],
  eachAlertOfHost: Book["eachAlertOfHost"],
): ComposeSettings {
  return {
    centreonUrl: settings.pdy_centreon_url,
    source: settings.pdy_source,
    client: settings.client,
    clientUrl: settings.client_url === "" ? settings.pdy_centreon_url : settings.client_url,
    usesLongOutput: settings.use_long_output,
    outputLimit: settings.output_size_limit === 0 ? math.huge : settings.output_size_limit,
    dedupPrefix: settings.pdy_dedup_prefix,
    textsOf,
    now: os.time,
    localTime: loadLocalTime(),
    otherProblems: (alert) => otherProblemsOf(alert, eachAlertOfHost),
  };
}
