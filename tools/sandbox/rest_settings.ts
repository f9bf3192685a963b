// What a test may set of the REST API: which keys there are and what they may see, and how it misleads. Owns no answer.
const RESOURCES = ["incidents", "services", "oncalls"] as const;
export type Resource = (typeof RESOURCES)[number];

/** What a key may do. */
export interface KeyRights {
  /** A read-only key gets 403 for any method but GET. */
  access: "read" | "full";
  /** Any other resource: 403. */
  resources: readonly Resource[];
  /** Ids of the services that it sees; null: all. */
  services: readonly string[] | null;
}

export interface RestSettings {
  /** By key; none: every key is a read-only one that sees everything. */
  keys: Record<string, Partial<KeyRights>>;
  /** Requests per key and minute; 0: no limit. */
  rate_limit: number;
  /** Whether the account's plan has it; otherwise 402. */
  in_plan: boolean;
  /** So old is what it tells. */
  lag_seconds: number;
  /** What lags: the list of incidents alone, or all that is told of incidents. */
  lag_of: "list" | "everything";
  /** So many more bytes has every answer. */
  padding_bytes: number;
}

/** Of a key that PagerDuty's documentation calls read-only. */
export const USUAL_RIGHTS: KeyRights = { access: "read", resources: RESOURCES, services: null };

/** What a PagerDuty employee says in its forum. */
const USUAL_RATE_LIMIT = 960;

export function usualRestSettings(): RestSettings {
  return {
    keys: {},
    rate_limit: USUAL_RATE_LIMIT,
    in_plan: true,
    lag_seconds: 0,
    lag_of: "list",
    padding_bytes: 0,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((text) => typeof text === "string");
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0;

type Rule = { expected: string; allows: (value: unknown) => boolean };

const RIGHTS: Record<keyof KeyRights, Rule> = {
  access: { expected: "read or full", allows: (value) => value === "read" || value === "full" },
  resources: {
    expected: `an array of ${RESOURCES.join(", ")}`,
    allows: (value) => isTextList(value) && value.every((text) => RESOURCES.some((known) => known === text)),
  },
  services: { expected: "an array of ids, or null", allows: (value) => value === null || isTextList(value) },
};

const SETTINGS: Record<Exclude<keyof RestSettings, "keys">, Rule> = {
  rate_limit: { expected: "a whole number", allows: isCount },
  in_plan: { expected: "true or false", allows: (value) => typeof value === "boolean" },
  lag_seconds: { expected: "seconds", allows: (value) => typeof value === "number" && value >= 0 },
  lag_of: { expected: "list or everything", allows: (value) => value === "list" || value === "everything" },
  padding_bytes: { expected: "a whole number", allows: isCount },
};

function complaintsOf(given: unknown, rules: Record<string, Rule>, prefix: string): string[] {
  if (!isRecord(given)) return [`'${prefix}' must be an object`];
  return Object.entries(given).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) return [`'${prefix}${name}' is unknown`];
    return rule.allows(value) ? [] : [`'${prefix}${name}' must be ${rule.expected}`];
  });
}

/** Takes what was posted; gives the settings that change, or every complaint. */
export function parseRestSettings(
  posted: unknown,
): { ok: true; settings: Partial<RestSettings> } | { ok: false; errors: string[] } {
  const { keys = {}, ...others } = isRecord(posted) ? posted : { posted };
  const errors = complaintsOf(others, SETTINGS, "");
  if (!isRecord(keys)) errors.push("'keys' must be an object");
  else {
    for (const [key, rights] of Object.entries(keys)) {
      errors.push(...complaintsOf(rights, RIGHTS, `keys.${key}.`));
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings: posted as Partial<RestSettings> };
}
