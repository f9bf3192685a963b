// Tells Centreon who acknowledged in PagerDuty, and takes that back when it has ended there: what waits to be told, what
// still holds of it, when it is tried again, and what the log says. How Centreon is asked is centreon_api.ts'.
import { type Alert, type Carried, nameOf } from "../alerts/alert";
import { acknowledgerOf } from "../alerts/carried";
import { cutToCharacters } from "../text/utf8";
import type { Carry, PersonsAcknowledgement } from "./carry";
import { ACTIONS, type CentreonApi, type Told, resourceOf } from "./centreon_api";

export interface TellingPorts {
  readonly api: CentreonApi;
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
  readonly find: (this: void, resource: Alert["resource"]) => Alert | undefined;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  /** How far Centreon knows of the acknowledgement has changed, and nothing else. */
  readonly noted: (this: void, alert: Alert) => void;
  /** Whether the acknowledgement counts has changed. */
  readonly changed: (this: void, alert: Alert) => void;
  readonly info: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
}

export interface Telling extends Carry {
  /** To be called often: it costs next to nothing when there is nothing to tell. */
  readonly look: (this: void) => void;
  readonly isUnderWay: (this: void) => boolean;
}

/** Centreon keeps so many characters of a comment (`comment_data` of its table `acknowledgements`). */
const LONGEST_COMMENT = 255;

/** Seconds until Centreon is tried again after a failure: at first, and at most. */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 300;

/**
 * Seconds until a log-in that was refused is tried again. Centreon locks an account after five wrong passwords, for a
 * quarter of an hour (its password security policy, as installed).
 */
const KEPT_OUT_PAUSE = 3600;

/** Seconds within which what Centreon took should come back as an event. */
const BACK_WITHIN = 300;

/** Without what Centreon takes out of a comment, or makes of it. */
function plain(text: string): string {
  const [withoutQuotes] = string.gsub(text, '"', "");
  const [line] = string.gsub(withoutQuotes, "[%c%s]+", " ");
  return line;
}

function carriedOf({ by, incidentNumber, address, lastNote }: PersonsAcknowledgement): Carried {
  const mark = plain(string.format("(PagerDuty #%.0f %s)", incidentNumber, address));
  const note = lastNote === undefined ? "" : `: ${lastNote}`;
  return {
    step: "to tell",
    mark,
    comment: cutToCharacters(plain(`${by} ${mark}${note}`), LONGEST_COMMENT),
  };
}

export function createTelling(ports: TellingPorts): Telling {
  const { api, now } = ports;
  /** Those that something is carried of, and since when they are in the step that they are in. */
  const since = new LuaTable<Alert, number | undefined>();
  let hasRecalled = false;
  let isUnderWay = false;
  let nextTry = 0;
  let pause = FIRST_PAUSE;
  let failing: "failed" | "kept out" | undefined;
  let refusalTold: string | undefined;
  /** Whether it was said that nothing came of what was told, and of what was taken back. */
  const isSilenceTold = { told: false, "taken back": false };

  const labelOf = (alert: Alert): string => `${nameOf(alert)} (${alert.dedupKey})`;

  const setStep = (alert: Alert, step: Carried["step"], author: string | undefined): void => {
    const { carried } = alert;
    if (carried === undefined) return;
    const { mark, comment } = carried;
    alert.carried = { step, mark, comment, author };
    since.set(alert, now());
  };

  const drop = (alert: Alert): void => {
    alert.carried = undefined;
    since.set(alert, undefined);
    ports.noted(alert);
  };

  /** It came back as an event. */
  const stand = (alert: Alert): void => {
    setStep(alert, "stands", alert.acknowledgement?.author);
    isSilenceTold.told = false;
    ports.noted(alert);
  };

  const tellSilence = (alert: Alert, at: number, step: keyof typeof isSilenceTold): void => {
    if (isSilenceTold[step] || now() - at < BACK_WITHIN) return;
    isSilenceTold[step] = true;
    const what =
      step === "told"
        ? `Centreon took the acknowledgement of ${labelOf(alert)}, and nothing came of it`
        : `Centreon was to take back the acknowledgement of ${labelOf(alert)}, and it still stands there`;
    ports.warning(
      `${what}: its API leaves out silently what its user may not do; give that user ${ACTIONS}, and access to the resources`,
    );
  };

  /** Finds out what still holds of what is carried of the alert. */
  const examine = (alert: Alert, at: number): void => {
    const { carried, facts } = alert;
    if (carried === undefined || ports.find(alert.resource) !== alert) {
      since.set(alert, undefined);
      return;
    }
    const { step, author } = carried;
    const by = acknowledgerOf(alert);
    const hasEnded = alert.delivered !== "acknowledged" && alert.isCertain;
    if (by === "a person") {
      drop(alert);
    } else if (step === "to tell") {
      if (by === "we") stand(alert);
      else if (alert.delivered !== "acknowledged") drop(alert);
    } else if (step === "told" || step === "stands") {
      if (step === "told" && by === "we") stand(alert);
      else if (step === "stands" && !facts.isAcknowledged) drop(alert);
      else if (hasEnded) {
        setStep(alert, "to take back", author);
        ports.changed(alert);
      } else if (step === "told") tellSilence(alert, at, step);
    } else if (step === "to take back" && !hasEnded) {
      // A person has acknowledged it once more.
      setStep(alert, by === "we" ? "stands" : "told", author);
      ports.changed(alert);
    } else if (step === "taken back") {
      if (facts.isAcknowledged) {
        tellSilence(alert, at, step);
      } else {
        isSilenceTold[step] = false;
        drop(alert);
      }
    }
  };

  const succeed = (): void => {
    if (failing !== undefined)
      ports.warning("Centreon's API can be reached again: it is told who acknowledges");
    failing = undefined;
    pause = FIRST_PAUSE;
  };

  const tellOutcome = (told: Told): "try again" | "done" => {
    if (told.kind === "failed" || told.kind === "kept out") {
      const isKeptOut = told.kind === "kept out";
      nextTry = now() + (isKeptOut ? KEPT_OUT_PAUSE : pause);
      pause = math.min(pause * 2, LONGEST_PAUSE);
      const next = isKeptOut
        ? "It is tried again once an hour, lest the account be locked, and after a restart"
        : "It is tried again and again";
      if (failing !== told.kind)
        ports.warning(
          `Centreon cannot be told who acknowledges in PagerDuty: ${told.reason}. ${next}; alerts go on`,
        );
      failing = told.kind;
      return "try again";
    }
    succeed();
    if (told.kind === "taken") {
      refusalTold = undefined;
    } else if (refusalTold !== told.reason) {
      refusalTold = told.reason;
      ports.warning(`Centreon refuses to be told who acknowledges in PagerDuty: ${told.reason}`);
    }
    return "done";
  };

  const acknowledge = (alert: Alert, resource: string, carried: Carried): void => {
    isUnderWay = true;
    api.acknowledge(resource, carried.comment, (told) => {
      isUnderWay = false;
      if (tellOutcome(told) === "try again" || alert.carried !== carried) return;
      if (told.kind === "refused") {
        drop(alert);
        return;
      }
      setStep(alert, "told", undefined);
      ports.noted(alert);
      ports.info(`${labelOf(alert)}: Centreon is told: ${carried.comment}`);
    });
  };

  const takeBack = (alert: Alert, resource: string, carried: Carried): void => {
    isUnderWay = true;
    api.takeBack(resource, (told) => {
      isUnderWay = false;
      if (tellOutcome(told) === "try again" || alert.carried !== carried) return;
      // Where Centreon refuses, it stands there, and still counts for nothing.
      setStep(alert, "taken back", carried.author);
      ports.noted(alert);
      if (told.kind === "taken")
        ports.info(
          `${labelOf(alert)}: its acknowledgement has ended in PagerDuty, and is taken back in Centreon`,
        );
    });
  };

  /** Begins to tell what there is to tell of the alert. */
  const tell = (alert: Alert): void => {
    const { carried } = alert;
    const resource = resourceOf(alert);
    if (carried === undefined || resource === undefined) return;
    if (carried.step === "to tell") acknowledge(alert, resource, carried);
    else if (carried.step === "to take back" && acknowledgerOf(alert) === "we")
      takeBack(alert, resource, carried);
  };

  const recall = (): void => {
    hasRecalled = true;
    ports.eachAlert((alert) => {
      if (alert.carried !== undefined) since.set(alert, now());
    });
  };

  return {
    acknowledged: (acknowledgement) => {
      const { alert } = acknowledgement;
      if (resourceOf(alert) === undefined) return;
      alert.carried = carriedOf(acknowledgement);
      since.set(alert, now());
      ports.noted(alert);
    },
    unacknowledged: (alert) => {
      const at = since.get(alert);
      if (at !== undefined) examine(alert, at);
    },
    look: () => {
      if (!hasRecalled) recall();
      const mayTell = now() >= nextTry;
      for (const [alert, at] of since) {
        if (at !== undefined) examine(alert, at);
        if (mayTell && !isUnderWay) tell(alert);
      }
    },
    isUnderWay: () => isUnderWay,
  };
}
