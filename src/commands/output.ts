// Finds the output that runs the connector in the broker's configuration files, as the broker reads them, and has its
// parameters read. Decides nothing about them.
import { type Decoded, decode } from "../text/json";
import { secretsOf } from "../settings/endpoint";
import { type Rules, readRules } from "../rules/from_parameters";
import { type Settings, readSettings } from "../settings/settings";
import type { Arguments, Option } from "./arguments";
import { EXIT, type Report } from "./report";
import { linesOf, outputOf, readFile, shellWord } from "./shell";

/** Where Centreon exports the broker's configuration to. */
const CONFIGURATION_FOLDER = "/etc/centreon-broker";

/** The connector's file, wherever it lies. */
const CONNECTOR_NAME = "pagerduty.lua";

/** The options by which every command finds the output. */
const OUTPUT_OPTIONS: readonly Option[] = [
  { name: "--config", value: "FILE", meaning: "the broker's configuration, such as central-broker.json" },
  { name: "--config-dir", value: "DIR", meaning: `where to look for it (${CONFIGURATION_FOLDER})` },
  { name: "--output", value: "NAME", meaning: "the output, where several run the connector" },
  { name: "--connector", value: "FILE", meaning: "the pagerduty.lua to use (the output's own)" },
];

/** `options` of a command, and those by which it finds the output. */
export function withOutputOptions(options: readonly Option[]): Option[] {
  const all: Option[] = [];
  for (const option of options) all.push(option);
  for (const option of OUTPUT_OPTIONS) all.push(option);
  return all;
}

export interface Output {
  readonly name: string;
  /** The configuration file it stands in. */
  readonly file: string;
  /** The script it runs. */
  readonly path: string;
  /** What the broker would give to init. */
  readonly parameters: LuaTable<string, string | number>;
  /** The categories of events it gets; undefined: all. */
  readonly categories: readonly string[] | undefined;
}

type Fields = Readonly<Record<string, Decoded>>;

function fieldsOf(value: Decoded): Fields {
  return (typeof value === "object" ? value : {}) as Fields;
}

/** An array, or the one thing that stands in its place. */
function listOf(value: Decoded): readonly Decoded[] {
  if (value === undefined) return [];
  const isArray =
    typeof value === "object" && (value as unknown as LuaTable<number, Decoded>).get(1) !== undefined;
  const isEmpty =
    typeof value === "object" && next(value as unknown as LuaTable<string, Decoded>)[0] === undefined;
  return isArray ? (value as readonly Decoded[]) : isEmpty ? [] : [value];
}

/** The parameters as the broker converts them: strings and passwords stay texts, numbers become integers. */
function parametersOf(output: Fields): LuaTable<string, string | number> {
  const parameters = new LuaTable<string, string | number>();
  for (const item of listOf(output["lua_parameter"])) {
    const { name, type: kind, value } = fieldsOf(item);
    if (typeof name === "string" && (typeof value === "string" || typeof value === "number")) {
      const number = kind === "number" ? tonumber(value) : undefined;
      if (number !== undefined) parameters.set(name, number);
      else if (kind === "string" || kind === "password" || kind === "number")
        parameters.set(name, tostring(value));
    }
  }
  return parameters;
}

function categoriesOf(output: Fields): readonly string[] | undefined {
  const filters = fieldsOf(output["filters"]);
  if (filters["category"] === undefined) return undefined;
  const categories: string[] = [];
  for (const category of listOf(filters["category"])) categories.push(tostring(category));
  return categories;
}

/** The outputs of one file that run Lua. */
function luaOutputsIn(file: string, configuration: Decoded): Output[] {
  const top = fieldsOf(configuration);
  const inner = top["centreonBroker"] === undefined ? top : fieldsOf(top["centreonBroker"]);
  const found: Output[] = [];
  for (const item of listOf(inner["output"])) {
    const output = fieldsOf(item);
    if (output["type"] === "lua") {
      found.push({
        name: tostring(output["name"] ?? ""),
        file,
        path: tostring(output["path"] ?? ""),
        parameters: parametersOf(output),
        categories: categoriesOf(output),
      });
    }
  }
  return found;
}

/** Why there is no output, and what to do about it. */
export interface NoOutput {
  readonly problem: string;
  /** True for a question only the caller can answer. */
  readonly isUsage: boolean;
}

function runsConnector({ path }: Output): boolean {
  return string.sub(path, -CONNECTOR_NAME.length) === CONNECTOR_NAME;
}

/** Finds the output that the arguments mean. */
function findOutput(given: Arguments): Output | NoOutput {
  const folder = given.value("--config-dir") ?? CONFIGURATION_FOLDER;
  const file = given.value("--config");
  const files = file === undefined ? linesOf(outputOf(`ls ${shellWord(folder)}/*.json 2>/dev/null`)) : [file];
  const where = file ?? `${folder}/*.json`;
  const name = given.value("--output");
  const found: Output[] = [];
  const unreadable: string[] = [];
  for (const candidate of files) {
    const [text, problem] = readFile(candidate);
    if (text === undefined) {
      unreadable.push(problem);
    } else {
      const result = decode(text);
      if (!result.ok) unreadable.push(`${candidate} is not JSON: ${result.problem}`);
      else {
        for (const output of luaOutputsIn(candidate, result.value)) {
          const isMeant = name === undefined ? runsConnector(output) : output.name === name;
          if (isMeant) found.push(output);
        }
      }
    }
  }
  const only = found[0];
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    const names: string[] = [];
    for (const output of found) names.push(`"${output.name}" in ${output.file}`);
    return {
      problem: `several outputs fit: ${table.concat(names, ", ")}; choose one with --output NAME, or its file with --config FILE`,
      isUsage: true,
    };
  }
  if (unreadable.length > 0) {
    return {
      problem: `${table.concat(unreadable, "; ")}: run this as root or as the broker's user, or name the file with --config FILE`,
      isUsage: false,
    };
  }
  const what =
    name === undefined ? `output runs ${CONNECTOR_NAME}` : `output of type lua is called "${name}"`;
  return {
    problem: `no ${what} in ${where}: add it (README.md, "Add the output"), and export the configuration`,
    isUsage: false,
  };
}

/** The connector to drive: the one asked for, the program's own, or the output's. */
function connectorPath(given: Arguments, output: Output): string {
  const chosen = given.value("--connector") ?? os.getenv("CENTREON_PAGERDUTY_CONNECTOR");
  return chosen === undefined || chosen === "" ? output.path : chosen;
}

/** Has Lua look for modules where the broker does: beside the script, too. */
function lookForModulesBeside(script: string): void {
  const [folder] = string.match(script, "^(.*)/[^/]*$");
  if (folder === undefined) return;
  // TypeScript keeps the word "package" for itself.
  const search = (_G as unknown as Record<"package", { path: string; cpath: string }>)["package"];
  search.path = `${search.path};${folder}/?.lua`;
  search.cpath = `${search.cpath};${folder}/lib/?.so`;
}

/** The output with what its parameters say. */
export interface Setup {
  readonly output: Output;
  readonly settings: Settings;
  /** By their label. */
  readonly routingKeys: Record<string, string>;
  readonly rules: Rules;
  /** False when there is no routing key. */
  readonly canSend: boolean;
  /** The connector to drive. */
  readonly connector: string;
}

/** Finds the output and reads its parameters; from then on no secret of it is printed. Else says why, and gives the exit code. */
export function openOutput(
  given: Arguments,
  report: Report,
  complaint = "FAILED configuration:",
): Setup | number {
  const output = findOutput(given);
  if ("problem" in output) {
    report.print(`${complaint} ${output.problem}`);
    return output.isUsage ? EXIT.usage : EXIT.problem;
  }
  const checked = readSettings(output.parameters as unknown as LuaTable<string, unknown>);
  const { settings, routingKeys, canSend } = checked;
  report.keepSecret(secretsOf(settings, routingKeys));
  lookForModulesBeside(output.path);
  return {
    output,
    settings,
    routingKeys,
    rules: readRules(checked),
    canSend,
    connector: connectorPath(given, output),
  };
}
