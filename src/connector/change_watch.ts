// Tells of what people and pollers do, as change events: what an event says, whether that is news, whether the filters
// let it through, and where it goes. Sends nothing itself.
import { type Place, type Resource, dedupKeyOf, nameOfPlace } from "../alerts/alert";
import type { ChangeEvents } from "../rules/change_events";
import type { Names } from "../broker/cache";
import { readChange } from "../broker/changes";
import { placementOf } from "../broker/place";
import type { Log } from "../text/log";
import { createNews } from "../broker/news";
import type { ChangeSender } from "../delivery/change_sender";
import type { Rulings } from "../rules/rulings";

export interface ChangeWatchSettings {
  /** Drop changes of hosts whose name the broker does not know. */
  readonly isNameNeeded: boolean;
  /** Unix time. */
  readonly startedAt: number;
}

export interface ChangeWatchPorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  /** Whether the broker may still be giving events of before the start again. */
  readonly isSettling: (this: void) => boolean;
  readonly names: Names;
  readonly log: Log;
  readonly sender: ChangeSender;
  /** Where a resource belongs; undefined: nobody knows. */
  readonly placeOf: (this: void, resource: Resource) => Place | undefined;
}

/** What takes each event, and has the sender tell of those that are changes. Gives true for one that is told. */
export function createChangeWatch(
  { isNameNeeded, startedAt }: ChangeWatchSettings,
  rulings: Pick<Rulings, "changeRejectionOf" | "authorRejectionOf" | "changeRouteOf">,
  isTold: ChangeEvents["isTold"],
  ports: ChangeWatchPorts,
): (this: void, event: BrokerEvent) => boolean {
  const { log, names, now, isSettling } = ports;
  const isNews = createNews({ startedAt, now, isSettling });
  return (event) => {
    const change = readChange(event);
    if (change === undefined || !isNews(change) || !isTold[change.kind]) return false;
    const placed = placementOf(change.resource, names, isNameNeeded);
    if (placed === undefined) return false;
    const { resource, placement } = placed;
    const subject = { dedupKey: dedupKeyOf(resource), resource, place: ports.placeOf(resource) };
    const reason =
      rulings.changeRejectionOf(subject) ??
      (change.kind === "acknowledged" ? rulings.authorRejectionOf(change.author) : undefined);
    if (reason === undefined) {
      const report = { change, resource, placement, at: change.at ?? os.time() };
      ports.sender.offer(report, rulings.changeRouteOf(subject));
      return true;
    }
    if (log.isDebug) {
      log.debug(
        `no change event of ${nameOfPlace(placement)} (${change.kind}): it is filtered out: ${reason}`,
      );
    }
    return false;
  };
}
