// Finds the output that runs the connector in the broker's configuration files, as the broker reads them, and has its
// parameters read: encrypted ones, too. Decides nothing about them.
import { type Decoded, decode } from "../text/json";
import { secretsOf } from "../settings/endpoint";
import { type ParameterRules, readRules } from "../rules/from_parameters";
import { type CheckedSettings, type Settings, readSettings } from "../settings/settings";
import type { Arguments, Option } from "./arguments";
import { EXIT, type Report } from "./report";
import { ENGINE_CONTEXT, decrypted, isEncrypted, readEngineContext } from "./decryption/engine_context";
import { withRemedy } from "./file_problem";
import { linesOf, outputOf, readFile, shellWord, succeeds } from "./shell";

/** Where Centreon exports the broker's configuration to. */
const CONFIGURATION_FOLDER = "/etc/centreon-broker";

/** Where the broker keeps its own files, unless its configuration says otherwise. */
const STATE_FOLDER = "/var/lib/centreon-broker";

/** The connector's file, wherever it lies. */
const CONNECTOR_NAME = "pagerduty.lua";

/** The options by which every command finds the output. */
const OUTPUT_OPTIONS: readonly Option[] = [
  { name: "--config", value: "FILE", meaning: "the broker's configuration, such as central-broker.json" },
  { name: "--config-dir", value: "DIR", meaning: `where to look for it (${CONFIGURATION_FOLDER})` },
  { name: "--output", value: "NAME", meaning: "the output, where several run the connector" },
  { name: "--connector", value: "FILE", meaning: "the pagerduty.lua to use (the output's own)" },
  {
    name: "--engine-context",
    value: "FILE",
    meaning: `the keys of encrypted parameters (${ENGINE_CONTEXT})`,
  },
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
  /** Parameters of type Number that the broker cannot take: it ends on them. */
  readonly fatalNumbers: readonly { readonly name: string; readonly text: string }[];
  /** The categories of events it gets; undefined: all. */
  readonly categories: readonly string[] | undefined;
  /** Where the broker keeps the names that it knows, when it stops. */
  readonly namesCache: string;
}

/** An output, and the others beside it that run the connector. */
interface Found {
  readonly output: Output;
  readonly others: readonly Output[];
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

/** Largest and smallest number that a parameter of type Number may have: the broker reads 32 bits, and ends on more. */
const LARGEST_INTEGER = 2147483647;
const SMALLEST_INTEGER = -2147483648;

/** Whether the broker can read a number parameter. */
function isInteger(text: string): boolean {
  const value = string.match(text, "^[+-]?%d+$")[0] === undefined ? undefined : tonumber(text);
  return value !== undefined && value >= SMALLEST_INTEGER && value <= LARGEST_INTEGER;
}

/** The parameters as the broker converts them: strings and passwords stay texts, numbers become integers. */
function readParameters(output: Fields): Pick<Output, "parameters" | "fatalNumbers"> {
  const parameters = new LuaTable<string, string | number>();
  const fatalNumbers: { name: string; text: string }[] = [];
  for (const item of listOf(output["lua_parameter"])) {
    const { name, type: kind, value } = fieldsOf(item);
    if (typeof name === "string" && (typeof value === "string" || typeof value === "number")) {
      const text = tostring(value);
      if (kind === "number" && !isInteger(text)) fatalNumbers.push({ name, text });
      const number = kind === "number" ? tonumber(value) : undefined;
      if (number !== undefined) parameters.set(name, number);
      else if (kind === "string" || kind === "password" || kind === "number") parameters.set(name, text);
    }
  }
  return { parameters, fatalNumbers };
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
  const [folder] = string.gsub(tostring(inner["cache_directory"] ?? STATE_FOLDER), "/$", "");
  const found: Output[] = [];
  for (const item of listOf(inner["output"])) {
    const output = fieldsOf(item);
    if (output["type"] === "lua") {
      const name = tostring(output["name"] ?? "");
      const { parameters, fatalNumbers } = readParameters(output);
      found.push({
        name,
        file,
        path: tostring(output["path"] ?? ""),
        parameters,
        fatalNumbers,
        categories: categoriesOf(output),
        namesCache: `${folder}/${tostring(inner["broker_name"] ?? "")}.cache.${name}`,
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

/** What to do when there is no configuration where it is looked for. */
const ELSEWHERE = "name the file with --config FILE, or its folder with --config-dir DIR";

/** The configuration files to look into, or why there are none. */
function configurationFiles(file: string | undefined, folder: string): string[] | NoOutput {
  if (file !== undefined) return [file];
  const quoted = shellWord(folder);
  if (!succeeds(`test -d ${quoted}`))
    return {
      problem: `there is no folder ${folder}: is this a Centreon server? ${ELSEWHERE}`,
      isUsage: false,
    };
  if (!succeeds(`ls ${quoted}`))
    return { problem: withRemedy(`${folder}: Permission denied`, ELSEWHERE), isUsage: false };
  return linesOf(outputOf(`ls ${quoted}/*.json 2>/dev/null`));
}

/** `"PagerDuty" in /etc/centreon-broker/central-broker.json`, and so on. */
function namesOf(outputs: readonly Output[]): string {
  const names: string[] = [];
  for (const { name, file } of outputs) names.push(`"${name}" in ${file}`);
  return table.concat(names, ", ");
}

/** Finds the output that the arguments mean. */
function findOutput(given: Arguments): Found | NoOutput {
  const folder = given.value("--config-dir") ?? CONFIGURATION_FOLDER;
  const file = given.value("--config");
  const files = configurationFiles(file, folder);
  if ("problem" in files) return files;
  const where = file ?? `${folder}/*.json`;
  const name = given.value("--output");
  const found: Output[] = [];
  const others: Output[] = [];
  const unreadable: string[] = [];
  for (const candidate of files) {
    const [text, problem] = readFile(candidate);
    if (text === undefined) {
      unreadable.push(withRemedy(problem, ELSEWHERE));
    } else {
      const result = decode(text);
      if (!result.ok)
        unreadable.push(`${candidate} is not JSON: ${result.problem}: export the configuration again`);
      else {
        for (const output of luaOutputsIn(candidate, result.value)) {
          const isMeant = name === undefined ? runsConnector(output) : output.name === name;
          if (isMeant) found.push(output);
          else if (runsConnector(output)) others.push(output);
        }
      }
    }
  }
  const only = found[0];
  if (only !== undefined && found.length === 1) return { output: only, others };
  if (found.length > 1) {
    return {
      problem: `several outputs fit: ${namesOf(found)}; choose one with --output NAME, or its file with --config FILE`,
      isUsage: true,
    };
  }
  if (unreadable.length > 0) return { problem: table.concat(unreadable, "; "), isUsage: false };
  if (others.length > 0)
    return {
      problem: `no output of type lua is called "${name ?? ""}": there is ${namesOf(others)}`,
      isUsage: false,
    };
  const what =
    name === undefined ? `output runs ${CONNECTOR_NAME}` : `output of type lua is called "${name}"`;
  return {
    problem: `no ${what} in ${where}: add it (README.md, "Add the output"), and export the configuration`,
    isUsage: false,
  };
}

/**
 * Decrypts in `parameters` what Centreon encrypted, with the keys at `path`. Gives why that is not possible, and leaves out
 * what cannot be read.
 */
function decryptAll(parameters: Output["parameters"], path: string): string | undefined {
  const names: string[] = [];
  for (const [name, value] of parameters)
    if (typeof value === "string" && isEncrypted(value)) names.push(name);
  const first = names[0];
  if (first === undefined) return undefined;
  table.sort(names);
  const [text, unreadable] = readFile(path);
  const context = text === undefined ? undefined : readEngineContext(text);
  const elsewhere = "name the right file with --engine-context FILE";
  let problem: string | undefined;
  if (text === undefined)
    problem = `${first} is encrypted, and its keys cannot be read: ${withRemedy(unreadable, elsewhere)}`;
  else if (context === undefined)
    problem = `${first} is encrypted, and ${path} has no app_secret and salt to read it with: ${elsewhere}`;
  for (const name of names) {
    const value = context === undefined ? undefined : decrypted(parameters.get(name) as string, context);
    if (value !== undefined) parameters.set(name, value);
    else {
      parameters.delete(name);
      problem =
        problem ??
        `${name} was encrypted with other keys than those in ${path}: a broker that has these cannot read it either ("bad decrypt" in its log): export the configuration again, or ${elsewhere}`;
    }
  }
  return problem;
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
  /** Those beside it that run the connector, too. */
  readonly others: readonly Output[];
  readonly settings: Settings;
  /** By their label. */
  readonly routingKeys: Record<string, string>;
  readonly rules: ParameterRules;
  readonly complaints: CheckedSettings["complaints"];
  /** False when there is no routing key. */
  readonly canSend: boolean;
  /** The connector to drive. */
  readonly connector: string;
}

/** How an output is opened. */
export interface Opening {
  /** Stands before the reason why it cannot be. */
  readonly complaint: string;
  /** False: encrypted parameters are left out where they cannot be read. */
  readonly needsSecrets: boolean;
}

const USUAL: Opening = { complaint: "FAILED configuration:", needsSecrets: true };

/** Finds the output and reads its parameters; from then on no secret of it is printed. Else says why, and gives the exit code. */
export function openOutput(given: Arguments, report: Report, opening = USUAL): Setup | number {
  const found = findOutput(given);
  const fail = (problem: string, code: number): number => {
    report.print(`${opening.complaint} ${problem}`);
    return code;
  };
  if ("problem" in found) return fail(found.problem, found.isUsage ? EXIT.usage : EXIT.problem);
  const { output, others } = found;
  const undecrypted = decryptAll(output.parameters, given.value("--engine-context") ?? ENGINE_CONTEXT);
  if (undecrypted !== undefined && opening.needsSecrets) return fail(undecrypted, EXIT.problem);
  const checked = readSettings(output.parameters as unknown as LuaTable<string, unknown>, readFile);
  const { settings, routingKeys, canSend, complaints } = checked;
  report.keepSecret(secretsOf(settings, routingKeys));
  lookForModulesBeside(output.path);
  return {
    output,
    others,
    settings,
    routingKeys,
    rules: readRules(checked),
    canSend,
    complaints,
    connector: connectorPath(given, output),
  };
}

/** What is said where `--route` names no key. */
export function noSuchRoute(route: string): string {
  return `there is no usable routing key called "${route}"`;
}
