// What people do with incidents in PagerDuty: what may be asked for in their name. What becomes of it is incidents'.

/** One thing that a person does. */
export type PersonsAction = {
  /** The incident's number. */
  readonly incident: number;
  /** The person's name. */
  readonly by: string;
} & (
  | { readonly action: "acknowledge" | "resolve" | "unacknowledge" }
  | { readonly action: "note"; readonly note: string }
  /** `into`: the number of the incident that takes the alerts. */
  | { readonly action: "merge"; readonly into: number }
  /** `to`: a person's name. */
  | { readonly action: "reassign"; readonly to: string }
);

const IN_WORDS: Record<PersonsAction["action"], string> = {
  acknowledge: "acknowledges",
  resolve: "resolves",
  unacknowledge: "takes back the acknowledgement of",
  note: "writes a note on",
  merge: "merges",
  reassign: "reassigns",
};

/** Characters: enough for a name, and it fits a line. */
const LONGEST_NAME = 100;
/** Characters: PagerDuty's own limit is not documented; long enough to try a long one. */
const LONGEST_NOTE = 25_000;

/** `Sam Rivera acknowledges web-01/Load`. */
export function personsActionInWords(done: PersonsAction, resource: string): string {
  const what = `${done.by} ${IN_WORDS[done.action]} ${resource}`;
  switch (done.action) {
    case "note":
      return `${what}: ${done.note}`;
    case "merge":
      return `${what} into #${done.into}`;
    case "reassign":
      return `${what} to ${done.to}`;
    default:
      return what;
  }
}

/** Takes what was posted; gives what a person does, or every complaint. */
export function parsePersonsAction(
  posted: unknown,
): { ok: true; action: PersonsAction } | { ok: false; errors: string[] } {
  const fields = (typeof posted === "object" && posted !== null ? posted : {}) as Record<string, unknown>;
  const errors: string[] = [];
  const numberOf = (name: string): number => {
    const value = fields[name];
    if (typeof value === "number") return value;
    errors.push(`'${name}' must be an incident's number`);
    return 0;
  };
  const textOf = (name: string, what: string, longest: number): string => {
    const value = fields[name];
    const text = typeof value === "string" ? value.trim() : "";
    if (text === "" || text.length > longest) {
      errors.push(`'${name}' must be ${what} of 1 to ${longest} characters`);
    }
    return text;
  };

  const incident = numberOf("incident");
  const actions = Object.keys(IN_WORDS) as PersonsAction["action"][];
  const action = actions.find((known) => known === fields["action"]);
  if (action === undefined) errors.push(`'action' must be one of ${actions.join(", ")}`);
  const by = textOf("by", "a person's name", LONGEST_NAME);
  const done = ((): PersonsAction | undefined => {
    switch (action) {
      case "note":
        return { incident, by, action, note: textOf("note", "a text", LONGEST_NOTE) };
      case "merge":
        return { incident, by, action, into: numberOf("into") };
      case "reassign":
        return { incident, by, action, to: textOf("to", "a person's name", LONGEST_NAME) };
      default:
        return action && { incident, by, action };
    }
  })();
  return done === undefined || errors.length > 0 ? { ok: false, errors } : { ok: true, action: done };
}
