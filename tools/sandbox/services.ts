// PagerDuty's services: which routing key leads to which one, and what each does with events and incidents. Owns what a
// test may set there; what becomes of an event is incidents'.
import { idFrom } from "./references.js";

/** Who answers for a service, at one level of its escalation policy. */
export interface OnCall {
  level: number;
  /** The person's name. */
  person: string;
  /** By which schedule; null: always. */
  schedule: string | null;
}

/** What a test may set. */
export interface ServiceSettings {
  name: string;
  /**
   * Only an active one takes events. In maintenance its integrations are switched off as well: nothing opens, and
   * "incidents cannot be resolved through the Events API" (support.pagerduty.com/docs/maintenance-windows).
   */
  state: "active" | "disabled" | "maintenance";
  /** What event rules or an orchestration do with events before they get here. */
  events: "pass" | "suppress" | "drop";
  /** Auto-pause: an alert becomes an incident if it is not resolved within so many seconds; 0: at once. */
  pause_seconds: number;
  /** Whether an alert joins the incident of the service that is open. */
  grouping: "none" | "all";
  /** Seconds after which an acknowledgement ends; null: never. */
  acknowledgement_timeout: number | null;
  /** Seconds after its creation when an incident that is open is resolved; null: never. */
  auto_resolve_timeout: number | null;
  on_call: OnCall[];
}

export interface Service extends ServiceSettings {
  id: string;
  escalation_policy_id: string;
  /** Those that begin with R are an orchestration's: no integration shows them. */
  routing_keys: string[];
}

/** What PUT /sandbox/services asks for: the service of this key, made if there is none, with these changes. */
export interface ServiceChange {
  routing_key: string;
  settings: Partial<ServiceSettings>;
}

export interface ServiceBook {
  all: Service[];
  /** The service that a key leads to; made when its first event comes. */
  of: (routing_key: string) => Service;
  change: (change: ServiceChange) => Service;
}

const USUAL_ON_CALL: readonly OnCall[] = [
  { level: 1, person: "Sam Rivera", schedule: "Primary" },
  { level: 2, person: "Kim Okafor", schedule: null },
];

/** Gives a book with a service for each of these keys. */
export function createServiceBook(routing_keys: readonly string[]): ServiceBook {
  const all: Service[] = [];
  const byKey = new Map<string, Service>();

  const add = (routing_key: string): Service => {
    const service: Service = {
      id: idFrom(`service ${routing_key}`),
      escalation_policy_id: idFrom(`policy ${routing_key}`),
      routing_keys: [routing_key],
      name: `Service ${routing_key.slice(-4)}`,
      state: "active",
      events: "pass",
      pause_seconds: 0,
      grouping: "none",
      acknowledgement_timeout: null,
      auto_resolve_timeout: null,
      on_call: [...USUAL_ON_CALL],
    };
    all.push(service);
    byKey.set(routing_key, service);
    return service;
  };
  const of = (routing_key: string): Service => byKey.get(routing_key) ?? add(routing_key);

  for (const routing_key of routing_keys) of(routing_key);
  return {
    all,
    of,
    change: ({ routing_key, settings }) => {
      const named = all.find(({ name }) => name === settings.name);
      // One more key of a service that is there.
      if (named !== undefined && !byKey.has(routing_key)) {
        named.routing_keys.push(routing_key);
        byKey.set(routing_key, named);
      }
      return Object.assign(of(routing_key), settings);
    },
  };
}

type Field = { expected: string; allows: (value: unknown) => boolean };

const choice = (...choices: readonly string[]): Field => ({
  expected: `one of ${choices.join(", ")}`,
  allows: (value) => choices.some((known) => known === value),
});
const isSeconds = (value: unknown): boolean => typeof value === "number" && value >= 0;
const TIMEOUT: Field = {
  expected: "seconds, or null",
  allows: (value) => value === null || isSeconds(value),
};
const isName = (value: unknown): boolean => typeof value === "string" && value !== "";

const FIELDS: Record<keyof ServiceSettings, Field> = {
  name: { expected: "a name", allows: isName },
  state: choice("active", "disabled", "maintenance"),
  events: choice("pass", "suppress", "drop"),
  pause_seconds: { expected: "seconds", allows: isSeconds },
  grouping: choice("none", "all"),
  acknowledgement_timeout: TIMEOUT,
  auto_resolve_timeout: TIMEOUT,
  on_call: {
    expected: "an array of objects with level (a number), person (a name) and schedule (a name, or null)",
    allows: (value) => Array.isArray(value) && value.every(isOnCall),
  },
};

function isOnCall(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { level, person, schedule } = value as Record<string, unknown>;
  return Number.isInteger(level) && isName(person) && (schedule === null || isName(schedule));
}

/** Takes what was posted; gives the change, or every complaint. */
export function parseServiceChange(
  posted: unknown,
): { ok: true; change: ServiceChange } | { ok: false; errors: string[] } {
  const { routing_key, ...settings } = (
    typeof posted === "object" && posted !== null ? posted : {}
  ) as Record<string, unknown>;
  const errors: string[] = [];
  if (typeof routing_key !== "string" || routing_key.length !== 32) {
    errors.push("'routing_key' must be a text of 32 characters");
  }
  for (const [name, value] of Object.entries(settings)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof ServiceSettings] : undefined;
    if (field === undefined) errors.push(`'${name}' is unknown`);
    else if (!field.allows(value)) errors.push(`'${name}' must be ${field.expected}`);
  }
  if (typeof routing_key !== "string" || errors.length > 0) return { ok: false, errors };
  return { ok: true, change: { routing_key, settings: settings } };
}
