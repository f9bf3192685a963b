// A routing key that PagerDuty refuses while it takes others: when that is certain, and what becomes of the alerts that
// wait for it. Those that PagerDuty has nothing of go by the fallback key; what it has, or may have, under the key stays:
// an alert's actions must all use the key that opened it.
import { type Alert, FALLBACK_ROUTE } from "../alerts/alert";
import type { Verdict } from "../pagerduty/answer";
import { keyParameter } from "../settings/routing_keys";
import type { Lane } from "./lane";

/** Most alerts that change their key in one turn: the fallback key takes no more in a minute. */
const MOST_DETOURS = 100;

/** `verdict` with a remedy that names the parameter of the key with this label. */
export function forKey(verdict: Verdict, label: string): Verdict {
  if (verdict.kind !== "misconfigured") return verdict;
  const { kind, reason, mayHaveBeenAccepted } = verdict;
  const [remedy] = string.gsub(verdict.remedy, "pdy_routing_key", keyParameter(label));
  return { kind, reason, remedy, mayHaveBeenAccepted };
}

/**
 * An event met a wrong configuration. `wasWayGood`: when it was sent it was known that others get through. Gives
 * whether that is to be told: it is another complaint than the last one.
 */
export function noteTrouble(
  lane: Lane,
  verdict: Verdict & { readonly kind: "misconfigured" },
  wasWayGood: boolean,
  now: number,
): boolean {
  const before = lane.trouble;
  lane.trouble = {
    since: before?.since ?? now,
    reason: verdict.reason,
    remedy: verdict.remedy,
    isWayGood: before?.isWayGood ?? false,
    isKeyRefused: wasWayGood || before?.isKeyRefused === true,
    isDetourTold: before?.isDetourTold ?? false,
  };
  return before?.remedy !== verdict.remedy;
}

/**
 * An event of `lane` was taken: nothing is wrong with its key, nor with the way to PagerDuty. Whether a key that was not
 * accepted is to blame itself shows when it is tried once more.
 */
export function noteSuccess(lane: Lane, lanes: readonly Lane[], now: number): void {
  lane.trouble = undefined;
  for (const { trouble, backOff } of lanes) {
    if (trouble?.isWayGood === false) {
      trouble.isWayGood = true;
      backOff.probeNow(now);
    }
  }
}

/** Whether the lane's key, which is not the fallback key, has been refused for `detourAfter` seconds; 0: never. */
export function isGivenUp({ label, trouble }: Lane, detourAfter: number, now: number): boolean {
  if (trouble?.isKeyRefused !== true || label === FALLBACK_ROUTE) return false;
  return detourAfter > 0 && now - trouble.since >= detourAfter;
}

/**
 * Moves what waits for the refused key, and is nowhere yet, to the fallback key. `isHere`: the alert's route still is
 * this lane's. Gives whether any was moved.
 */
export function detourAlerts(
  lane: Lane,
  fallback: Lane,
  reason: string,
  isHere: (this: void, alert: Alert) => boolean,
): boolean {
  let isAnyMoved = false;
  for (const _ of $range(1, MOST_DETOURS)) {
    const opening = lane.queue.takeOpening("info");
    if (opening === undefined) break;
    const { alert, since } = opening;
    if (isHere(alert)) {
      alert.route = FALLBACK_ROUTE;
      alert.detour = { meantFor: lane.label, reason };
      fallback.queue.put(alert, "trigger", since);
      isAnyMoved = true;
    }
  }
  return isAnyMoved;
}
