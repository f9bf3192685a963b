// Runs dist/centreon-pagerduty.lua for a spec as an administrator does, on the Lua that runs the spec, and writes the
// broker's configuration for it.
import { type BrokerSetup, LUA } from "./brokerhost";
import { encodeJson } from "./json";
import { outputOf, shellWord, startShell, temporaryPath, writeFile } from "./process";

export const INTERPRETER = LUA === "jit" ? "luajit" : `lua${LUA}`;

/** Whoever runs the spec. */
export const OWN_USER = string.match(outputOf("id -un"), "^%S+")[0] ?? "";

export interface Run {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly output: string;
  /** The lines of the output. */
  readonly lines: readonly string[];
}

export interface RunOptions {
  /** Where Lua finds C modules; the lua-curl of this build if absent. */
  readonly cpath?: string;
  /** What stands before the command line, such as variables of the environment. */
  readonly environment?: string;
  /** What stands after it: where standard output goes, instead of into the run's output. */
  readonly after?: string;
}

/** Starts a command with its words. The function that it gives waits for the end. */
export function startCommand(words: readonly string[], options: RunOptions = {}): (this: void) => Run {
  const cpath = shellWord(options.cpath ?? `build/lua/${LUA}/?.so;;`);
  const line = words.map((word) => shellWord(word)).join(" ");
  const finish = startShell(
    `env -u LUA_PATH ${options.environment ?? ""} LUA_CPATH=${cpath} ` +
      `${INTERPRETER} dist/centreon-pagerduty.lua ${line} 2>&1 ${options.after ?? ""}; echo "exit $?"`,
  );
  return () => {
    const text = finish();
    const [output, code] = string.match(text, "^(.-)exit (%d+)\n$");
    const lines: string[] = [];
    for (const [each] of string.gmatch(output ?? "", "[^\n]+")) if (each !== undefined) lines.push(each);
    return { code: Number(code), output: output ?? text, lines };
  };
}

/** Runs a command with its words, and waits for its end. */
export function runCommand(words: readonly string[], options: RunOptions = {}): Run {
  return startCommand(words, options)();
}

export interface Configuration {
  /** A folder of its own; the output's files are named after their parameters there. */
  readonly folder: string;
  readonly file: string;
  readonly remove: (this: void) => void;
}

export interface OutputSetup {
  readonly name?: string;
  readonly path?: string;
  readonly parameters: NonNullable<BrokerSetup["parameters"]>;
  readonly categories?: readonly string[];
}

/** A central-broker.json as Centreon writes it, with these outputs. Remove it when the spec is over. */
export function writeConfiguration(...outputs: OutputSetup[]): Configuration {
  const folder = temporaryPath(".centreon");
  os.execute(`mkdir ${folder}`);
  const file = `${folder}/central-broker.json`;
  const output = outputs.map(({ name, path, parameters, categories }) => ({
    name: name ?? "PagerDuty",
    type: "lua",
    path: path ?? "dist/pagerduty.lua",
    filters: { category: categories ?? ["neb", "bam"] },
    lua_parameter: Object.entries({
      pdy_centreon_url: "https://centreon.example.com",
      log_path: `${folder}/log`,
      state_path: `${folder}/state`,
      quarantine_path: `${folder}/quarantine`,
      status_path: `${folder}/status`,
      ...parameters,
    }).map(([parameter, value]) => ({
      type: typeof value === "number" ? "number" : "string",
      name: parameter,
      value: tostring(value),
    })),
  }));
  const others = [{ name: "central-broker-master-perfdata", type: "unified_sql" }];
  writeFile(file, encodeJson({ centreonBroker: { output: [...others, ...output] } }));
  return {
    folder,
    file,
    remove: () => {
      os.execute(`chmod -R u+rwx ${folder}; rm -r ${folder}`);
    },
  };
}

/** Fails the spec unless one of the run's lines contains all `parts`. */
export function assertLine({ output, lines }: Run, ...parts: string[]): void {
  for (const line of lines)
    if (parts.every((part) => string.find(line, part, 1, true)[0] !== undefined)) return;
  error(`no line says ${parts.join(" and ")}:\n${output}`, 2);
}

/** Fails the spec if `part` stands anywhere in what was printed. */
export function assertNowhere({ output }: Run, part: string): void {
  if (string.find(output, part, 1, true)[0] !== undefined) error(`"${part}" was printed:\n${output}`, 2);
}
