// A connector behind the page: what it must offer, and what of a form may be handed to it. Knows neither brokerhost
// nor any event of Centreon; tools/demo/connector_feed.ts has a real one.
import type { Effect } from "../install/acknowledgements.js";

/** What the form says: what a check of a host or service found. */
export interface FormCheck {
  readonly host: string;
  /** "": the host itself. */
  readonly service: string;
  /** Centreon's number: a place in SERVICE_STATES or HOST_STATES. */
  readonly state: number;
  readonly isHard: boolean;
  readonly isAcknowledged: boolean;
  readonly isInDowntime: boolean;
  /** What the plugin printed. */
  readonly output: string;
}

export interface Connector {
  /** What it is, in a few words. */
  readonly name: string;
  /** What it knows by now, for the form to offer. */
  readonly resources: () => readonly Pick<FormCheck, "host" | "service">[];
  /** Why nothing comes of what a check found, where that may surprise; "" otherwise. Asked before it is taken. */
  readonly remarkOn: (check: FormCheck) => string;
  /**
   * Tells the connector what came of a request to Centreon's API. Gives what that is about, `web-01/Load`; undefined: of
   * nothing that it knows a problem of, and it is told nothing.
   */
  readonly tell: (effect: Effect) => string | undefined;
  /** Resolves once the connector has taken what was found; rejects when it has ended. */
  readonly take: (check: FormCheck) => Promise<void>;
}

export const SERVICE_STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;
export const HOST_STATES = ["UP", "DOWN", "UNREACHABLE"] as const;

/** Centreon's database keeps no longer names of hosts and services. */
const LONGEST_NAME = 255;
/** Characters; longer than PagerDuty's summary, so that its cut can be tried. */
const LONGEST_OUTPUT = 4096;

/** The states that a host, or a service, can have. */
function statesOf(service: string): readonly string[] {
  return service === "" ? HOST_STATES : SERVICE_STATES;
}

/** `web-01/Load: CRITICAL, hard, in a downtime`. */
export function checkInWords(check: FormCheck): string {
  const { host, service, state } = check;
  const words = [statesOf(service)[state] ?? "", check.isHard ? "hard" : "soft"];
  if (check.isAcknowledged) words.push("acknowledged");
  if (check.isInDowntime) words.push("in a downtime");
  return `${service === "" ? host : `${host}/${service}`}: ${words.join(", ")}`;
}

/** Takes what was posted; gives the check, or every complaint. */
export function parseCheck(
  posted: unknown,
): { ok: true; check: FormCheck } | { ok: false; errors: string[] } {
  const fields = (typeof posted === "object" && posted !== null ? posted : {}) as Record<string, unknown>;
  const errors: string[] = [];

  const text = (name: string, shortest: number, longest: number): string => {
    const value = fields[name];
    if (typeof value === "string") {
      // Half a surrogate pair has no UTF-8: by way of bytes it becomes U+FFFD.
      const written = Buffer.from(value.trim()).toString();
      if (written.length >= shortest && written.length <= longest) return written;
    }
    errors.push(`'${name}' must be a text of ${shortest} to ${longest} characters`);
    return "";
  };
  const flag = (name: string): boolean => {
    const value = fields[name];
    if (typeof value !== "boolean") errors.push(`'${name}' must be true or false`);
    return value === true;
  };

  const service = text("service", 0, LONGEST_NAME);
  const states = statesOf(service);
  const state = fields["state"];
  if (typeof state !== "number" || states[state] === undefined) {
    errors.push(`'state' must be a number from 0 (${states[0] ?? ""}) to ${states.length - 1}`);
  }
  const check: FormCheck = {
    host: text("host", 1, LONGEST_NAME),
    service,
    state: Number(state),
    isHard: flag("isHard"),
    isAcknowledged: flag("isAcknowledged"),
    isInDowntime: flag("isInDowntime"),
    output: text("output", 0, LONGEST_OUTPUT),
  };
  return errors.length > 0 ? { ok: false, errors } : { ok: true, check };
}
