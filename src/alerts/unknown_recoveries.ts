// Recoveries of resources that nothing is known of, as they come in during the first hour of a start without a journal:
// each is to be resolved once, when nothing else waits. Remembers ids and nothing more, and those only for that hour.
import type { HostOrService } from "./alert";
import { createPairSet } from "./pair_set";

export interface UnknownRecoveries {
  readonly isNoted: (this: void, resource: HostOrService) => boolean;
  /** Notes a resource; one that was noted before, and perhaps taken, is not noted again. */
  readonly note: (this: void, resource: HostOrService) => void;
  /** Gives the one that waits longest; undefined when none does. */
  readonly take: (this: void) => HostOrService | undefined;
  readonly isAnyLeft: (this: void) => boolean;
  /** The hour is over: forgets all of them. */
  readonly forgetAll: (this: void) => void;
}

/** None noted yet. */
export function createUnknownRecoveries(): UnknownRecoveries {
  /** Hosts and services that were noted. */
  let noted = createPairSet();
  // Those that wait, as two lists of numbers: a record for each of 100,000 services would be megabytes.
  let hostIds = new LuaTable<number, number | undefined>();
  let serviceIds = new LuaTable<number, number | undefined>();
  let first = 1;
  let last = 0;

  const isNoted = ({ hostId, serviceId }: HostOrService): boolean => noted.has(hostId, serviceId);

  return {
    isNoted,
    note: (resource) => {
      if (isNoted(resource)) return;
      const { hostId, serviceId } = resource;
      noted.add(hostId, serviceId);
      last = last + 1;
      hostIds.set(last, hostId);
      serviceIds.set(last, serviceId);
    },
    take: () => {
      const hostId = hostIds.get(first);
      const serviceId = serviceIds.get(first);
      if (hostId === undefined || serviceId === undefined) return undefined;
      hostIds.set(first, undefined);
      serviceIds.set(first, undefined);
      first = first + 1;
      return { kind: serviceId === 0 ? "host" : "service", hostId, serviceId };
    },
    isAnyLeft: () => first <= last,
    forgetAll: () => {
      noted = createPairSet();
      hostIds = new LuaTable();
      serviceIds = new LuaTable();
      first = 1;
      last = 0;
    },
  };
}
