// Problems that may be the first sign of a death above them: held for some seconds, or until what is above has been
// checked. Owns whose check is awaited; what is decided then is the book's to say.
import { type Alert, isOpen } from "./alert";
import { isEarly } from "./policy";
import type { Shelf } from "./shelf";
import type { HostSurroundings, SurroundingsSettings } from "./surroundings";

export interface EarlyProblemsSettings extends SurroundingsSettings {
  /** Seconds; 0: no problem is early. */
  readonly hostGrace: number;
}

export interface EarlyProblems {
  /** A problem has come that is described and not open: holds it if it is early. */
  readonly begin: (this: void, alert: Alert, isHard: boolean) => void;
  /** The alert is held since before a restart, `until` then (seconds of the clock), but no longer than one of now. */
  readonly resume: (this: void, alert: Alert, until: number) => void;
  /** Whether the check of this host is awaited. */
  readonly isAwaited: (this: void, hostId: number) => boolean;
  /** The host was checked (Unix time): gives the alerts that waited for it, which are held no longer. */
  readonly endBelow: (this: void, hostId: number, lastCheck: number) => readonly Alert[];
}

/** `hold`: the alert is to be looked at when that time has come (seconds of the clock of `now`). */
export function createEarlyProblems(
  settings: EarlyProblemsSettings,
  shelf: Shelf,
  surroundings: HostSurroundings,
  now: (this: void) => number,
  hold: (this: void, alert: Alert, endsAt: number) => void,
): EarlyProblems {
  /** Until when the check of a host is awaited. */
  const awaited = new LuaTable<number, number | undefined>();

  /** The hosts above that a problem may be due to. */
  const hostsAbove = ({ resource, place, isVolatile }: Alert): readonly number[] => {
    if (isVolatile) return [];
    if (resource.kind === "service") {
      // A meta-service stands on no host of its own.
      const isOnHost = settings.suppressServicesOfDownHosts && place?.className === "service";
      return isOnHost ? [resource.hostId] : [];
    }
    const isBehind = resource.kind === "host" && settings.suppressHostsBehindDownParents;
    return isBehind ? surroundings.parentsOf(resource.hostId) : [];
  };

  const wait = (alert: Alert, above: readonly number[], endsAt: number): void => {
    for (const hostId of above) awaited.set(hostId, endsAt);
    hold(alert, endsAt);
  };

  return {
    begin: (alert, isHard) => {
      const { facts, report, resource } = alert;
      if (settings.hostGrace === 0 || report === undefined || isOpen(alert)) return;
      if (!isEarly(isHard, report.attempt, resource.kind === "host", facts.state)) return;
      const above = hostsAbove(alert);
      if (above.length === 0) return;
      const endsAt = now() + settings.hostGrace;
      facts.earlyUntil = endsAt;
      wait(alert, above, endsAt);
    },
    resume: (alert, until) => {
      // The clock may have been set back since.
      const endsAt = math.min(until, now() + settings.hostGrace);
      alert.facts.earlyUntil = endsAt;
      wait(alert, hostsAbove(alert), endsAt);
    },
    isAwaited: (hostId) => awaited.get(hostId) !== undefined,
    endBelow: (hostId, lastCheck) => {
      const until = awaited.get(hostId);
      if (until === undefined) return [];
      if (now() >= until) awaited.set(hostId, undefined);
      const ended: Alert[] = [];
      const candidates = shelf.ofServices(hostId);
      for (const child of surroundings.alertsOfChildren(hostId)) candidates.push(child);
      for (const alert of candidates) {
        const { facts } = alert;
        if (facts.earlyUntil !== undefined && lastCheck >= facts.lastCheck) {
          facts.earlyUntil = undefined;
          ended.push(alert);
        }
      }
      return ended;
    },
  };
}
