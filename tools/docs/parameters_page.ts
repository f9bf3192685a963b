// The text of docs/parameters.md, made from the connector's table of parameters. Pure: reads and writes no file.
import type { Parameter, ParameterKind, ParameterName } from "../../src/settings/parameters.js";

/** A parameter without its name, as the table holds it. */
export type Definition = Omit<Parameter, "name">;

/** A heading, and the first parameter below it: a group reaches to the next one, so a new parameter has its place. */
export interface Group {
  readonly title: string;
  readonly first: string;
}

export const GROUPS: readonly (Group & { readonly first: ParameterName })[] = [
  { title: "PagerDuty, and what every alert says", first: "pdy_routing_key" },
  { title: "The way to PagerDuty", first: "pdy_region" },
  { title: "Pace", first: "max_parallel_requests" },
  { title: "How grave", first: "severity_host_down" },
  { title: "Which team", first: "pdy_routes" },
  { title: "Which problems page, and when again", first: "acknowledged" },
  { title: "What people do in PagerDuty", first: "pdy_api_key" },
  { title: "Files, and what the connector tells of itself", first: "state_path" },
  { title: "Which events count", first: "hard_only" },
  { title: "Log", first: "log_level" },
  { title: "Accepted for compatibility", first: "filter_type" },
];

const INTRODUCTION = `<!-- Made by \`make docs\` from src/settings/parameters.ts: change that file, not this one. -->

# Parameters

Only \`pdy_routing_key\` must be set. Add a parameter to the output in Centreon's web pages with the type below: text,
secrets, paths, URLs and choices as _String_ (secrets also as _Password_), numbers and flags as _Number_ or _String_.

Numbers are whole numbers within the limits given here. The broker itself **ends** when a parameter of type _Number_ is
anything but a whole number up to 2147483647.

A number, flag or choice that cannot be used is replaced by the default; the log says which it is, and what was expected.
An unknown name is ignored; the log names the known one that comes nearest, if one does.

Beside these, a parameter \`pdy_routing_key_<name>\` holds the key of one more team: see [routing.md](routing.md#which-team).
`;

const KIND_NAME: Record<ParameterKind, string> = {
  text: "text",
  secret: "secret",
  path: "path",
  url: "URL",
  choice: "choice",
  number: "number",
  flag: "flag",
};

/** `text` so that it stands in one cell of a table. */
function inCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** What a value may be, in words. */
function limitsOf({ kind, choices, minimum, maximum, unit }: Definition): string {
  if (kind === "flag") return "0 or 1";
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(", ");
  if (minimum === undefined || maximum === undefined) return "";
  return `${minimum} to ${maximum}${unit === undefined ? "" : ` ${unit}`}`;
}

function row(name: string, definition: Definition): string {
  const { kind, fallback, meaning } = definition;
  const cells = [
    `\`${name}\``,
    KIND_NAME[kind],
    fallback === "" ? "not set" : `\`${fallback}\``,
    limitsOf(definition),
    meaning,
  ];
  return `| ${cells.map(inCell).join(" | ")} |`;
}

/** A table of names and what there is to say of each. */
function namesTable(header: string, rows: Readonly<Record<string, string | undefined>>): string[] {
  const names = Object.keys(rows).sort();
  return [
    `| name | ${header} |`,
    "| --- | --- |",
    ...names.map((name) => `| \`${name}\` | ${inCell(rows[name] ?? "")} |`),
  ];
}

/** Everything that the page shows. */
export interface Parameters {
  readonly parameters: Readonly<Record<string, Definition>>;
  readonly groups: readonly Group[];
  /** Other names for parameters. */
  readonly aliases: Readonly<Record<string, string | undefined>>;
  /** Names that are accepted and do nothing, and why. */
  readonly obsolete: Readonly<Record<string, string | undefined>>;
}

/** The page's Markdown. Throws when the first parameter has no group, or a group's first parameter does not exist. */
export function parametersPage({ parameters, groups, aliases, obsolete }: Parameters): string {
  const names = Object.keys(parameters);
  const unknown = groups.find(({ first }) => !names.includes(first));
  if (unknown !== undefined) throw new Error(`group "${unknown.title}": there is no ${unknown.first}`);
  if (groups[0]?.first !== names[0]) throw new Error(`${names[0] ?? ""} is the first parameter: in no group`);
  const lines = [INTRODUCTION];
  for (const [name, definition] of Object.entries(parameters)) {
    const group = groups.find(({ first }) => first === name);
    if (group !== undefined) {
      lines.push(`\n## ${group.title}\n`);
      lines.push("| name | kind | default | limits | meaning |");
      lines.push("| --- | --- | --- | --- | --- |");
    }
    lines.push(row(name, definition));
  }
  const quoted = Object.entries(aliases).map(([name, ours]) => [name, `\`${ours ?? ""}\``]);
  lines.push("\n## Other names\n", "Names that Centreon's earlier connectors have for the same.\n");
  lines.push(...namesTable("the same as", Object.fromEntries(quoted) as Record<string, string>));
  lines.push(
    "\n## Without effect\n",
    "Accepted from the configuration of an earlier connector; the log says so.\n",
  );
  lines.push(...namesTable("why", obsolete));
  return `${lines.join("\n")}\n`;
}
