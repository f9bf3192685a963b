// What people do with incidents in PagerDuty: what may be asked for in their name. What becomes of it is incidents'.

/** One thing that a person does. */
export interface PersonsAction {
  /** The incident's number. */
  readonly incident: number;
  readonly action: (typeof ACTIONS)[number];
  /** The person's name. */
  readonly by: string;
}

const ACTIONS = ["acknowledge", "resolve"] as const;

const IN_WORDS: Record<PersonsAction["action"], string> = {
  acknowledge: "acknowledges",
  resolve: "resolves",
};

/** Characters: enough for a name, and it fits a line. */
const LONGEST_NAME = 100;

/** `Sam Rivera acknowledges web-01/Load`. */
export function personsActionInWords({ action, by }: PersonsAction, resource: string): string {
  return `${by} ${IN_WORDS[action]} ${resource}`;
}

/** Takes what was posted; gives what a person does, or every complaint. */
export function parsePersonsAction(
  posted: unknown,
): { ok: true; action: PersonsAction } | { ok: false; errors: string[] } {
  const fields = (typeof posted === "object" && posted !== null ? posted : {}) as Record<string, unknown>;
  const errors: string[] = [];
  const incident = fields["incident"];
  if (typeof incident !== "number") errors.push("'incident' must be an incident's number");
  const action = ACTIONS.find((known) => known === fields["action"]);
  if (action === undefined) errors.push(`'action' must be one of ${ACTIONS.join(", ")}`);
  const by = typeof fields["by"] === "string" ? fields["by"].trim() : "";
  if (by === "" || by.length > LONGEST_NAME) {
    errors.push(`'by' must be a person's name of 1 to ${LONGEST_NAME} characters`);
  }
  if (typeof incident !== "number" || action === undefined || errors.length > 0) return { ok: false, errors };
  return { ok: true, action: { incident, action, by } };
}
