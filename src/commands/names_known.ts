// Whether the broker knows the names of hosts and services, as far as its files tell: a new output knows none until the
// engines tell their configuration again, and alerts then say "host 2/service 22".
import { type Alert, nameOf } from "../alerts/alert";
import type { Finding } from "./report";
import { readFile } from "./shell";

const REMEDY =
  "restart (not reload) the engine of each poller once: nothing else tells a new output what hosts are called";

/** Where names show. */
export interface NameSources {
  readonly alerts: readonly Alert[];
  /** The recording of events; empty: none. */
  readonly recordPath: string;
  /** What the broker keeps of names over a restart. */
  readonly cachePath: string;
}

/** Whether an alert that has a name has one made up of ids, as broker/place makes it. */
function isMadeUp(alert: Alert): boolean {
  const { resource } = alert;
  if (!("hostId" in resource)) return false;
  const name = nameOf(alert);
  const host = string.format("host %d", resource.hostId);
  return (
    name === host ||
    string.sub(name, 1, host.length + 1) === `${host}/` ||
    (resource.serviceId !== 0 &&
      string.match(name, "/service (%d+)$")[0] === string.format("%d", resource.serviceId))
  );
}

/** The definition of a host in a recording (BBDO 3, BBDO 2). */
const HOST_DEFINITIONS = ['"_type":65566', '"_type":65548'];

function hasHosts(recordPath: string): boolean {
  const text = recordPath === "" ? "" : (readFile(recordPath)[0] ?? "");
  for (const part of HOST_DEFINITIONS) if (string.find(text, part, 1, true)[0] !== undefined) return true;
  return false;
}

export function namesKnown(sources: NameSources): LuaMultiReturn<[Finding, string]> {
  let named = 0;
  let nameless = 0;
  for (const alert of sources.alerts) {
    if (isMadeUp(alert)) nameless = nameless + 1;
    else if (nameOf(alert) !== alert.dedupKey) named = named + 1;
  }
  const total = named + nameless;
  if (nameless > 0)
    return $multi("WARNING", string.format("%d of %d alerts have none: %s", nameless, total, REMEDY));
  if (named > 0) return $multi("ok", string.format("the journal has them for all of its %d alerts", total));
  if (hasHosts(sources.recordPath)) return $multi("ok", `the recording ${sources.recordPath} has them`);
  if ((readFile(sources.cachePath)[0] ?? "") !== "")
    return $multi("ok", `the broker kept those it knew in ${sources.cachePath}`);
  return $multi("WARNING", `nothing shows yet that the broker knows any. If this output is new, ${REMEDY}`);
}
