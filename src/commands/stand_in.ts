// Runs the connector, pagerduty.lua itself, outside the broker: in globals of its own, with stand-ins of what the broker
// offers. Owns how it is loaded and driven; what it decides is its own.
import { headerLine } from "../journal/lines";
import { copyPathOf } from "../rules/rules_file";
import { PARAMETERS } from "../settings/parameters";
import { readFile } from "./shell";

/** A line that the connector logged. */
export interface LogLine {
  readonly kind: "error" | "warning" | "info" | "debug";
  readonly text: string;
}

/** What the connector offers to the broker. */
export interface Connector {
  readonly init: (this: void, parameters: LuaTable<string, string | number>) => void;
  readonly filter: (this: void, category: number, element: number) => boolean;
  readonly write: (this: void, event: BrokerEvent) => boolean;
  readonly flush: (this: void) => boolean;
}

export interface StandIns {
  /** What `require("cURL")` gives; undefined: the true module. */
  readonly curl?: CurlModule | undefined;
  readonly cache: BrokerCache;
  /** Unix time; undefined: the system's. */
  readonly time?: ((this: void) => number) | undefined;
  readonly log: (this: void, line: LogLine) => void;
}

/** The level of log lines that say why nothing was sent. */
const DEBUG_LEVEL = 3;

/** Lua 5.1 sets a function's globals afterwards; later ones give them at the load. */
type SetGlobals = (this: void, chunk: unknown, globals: object) => void;
declare const loadfile: (
  this: void,
  path: string,
  mode: string,
  globals: object,
) => LuaMultiReturn<[((this: void) => void) | undefined, string?]>;

/** A broker_log that hands on every line. */
function brokerLog(log: StandIns["log"]): BrokerLog {
  const at = (kind: LogLine["kind"], level: number, text: string): void => {
    log({ kind: level === DEBUG_LEVEL ? "debug" : kind, text });
  };
  return {
    set_parameters() {
      // The level is the connector's own to keep to; the file must stay as it is.
    },
    info(level, text) {
      at("info", level, text);
    },
    warning(level, text) {
      at("warning", level, text);
    },
    error(level, text) {
      at("error", level, text);
    },
  };
}

/** The standard globals, with the stand-ins among them. */
function globalsWith(standIns: StandIns): LuaTable<string, unknown> {
  const globals = new LuaTable<string, unknown>();
  for (const [name, value] of pairs(_G as unknown as Record<string, unknown>)) globals.set(name, value);
  globals.set("_G", globals);
  globals.set("broker", {});
  globals.set("broker_log", brokerLog(standIns.log));
  globals.set("broker_cache", standIns.cache);
  const { curl, time } = standIns;
  if (curl !== undefined) {
    globals.set("require", (name: string): unknown => (name === "cURL" ? curl : (require(name) as unknown)));
  }
  if (time !== undefined) {
    const system = new LuaTable<string, unknown>();
    for (const [name, value] of pairs(os as unknown as Record<string, unknown>)) system.set(name, value);
    system.set("time", time);
    globals.set("os", system);
  }
  return globals;
}

/** Loads the connector at `path`. Gives why it cannot be used as a text. */
export function loadConnector(path: string, standIns: StandIns): Connector | string {
  const globals = globalsWith(standIns);
  const [chunk, problem] = loadfile(path, "t", globals);
  if (chunk === undefined) return problem ?? path;
  const { setfenv } = _G as unknown as { readonly setfenv?: SetGlobals };
  if (setfenv !== undefined) setfenv(chunk, globals);
  const [isRun, failure] = pcall(chunk);
  if (!isRun) return tostring(failure);
  for (const name of ["init", "filter", "write", "flush"]) {
    if (type(globals.get(name)) !== "function")
      return `${path} has no function ${name}: it is not the connector`;
  }
  return globals as unknown as Connector;
}

/** The parameters that name files of the running output: a copy of the connector must not touch them. */
const FILES_OF_ITS_OWN = ["state_path", "quarantine_path", "status_path"];

/** Parameters that would write, or tell, somewhere else than the caller expects. */
const SWITCHED_OFF = ["record_path", "log_path", "heartbeat_url"];

/** The last good rules of the running output hold for its copy, too, where the file is bad. */
function keepLastRules(statePath: string, folder: string): void {
  const [rules] = readFile(copyPathOf(statePath));
  if (rules === undefined) return;
  const [copy] = io.open(copyPathOf(`${folder}/state_path`), "wb");
  if (copy === undefined) return;
  copy.write(rules);
  copy.close();
}

/**
 * The output's parameters for a copy of the connector beside the running one: journal and the other files in
 * `folder`, the log here and complete.
 */
export function parametersBeside(
  parameters: LuaTable<string, string | number>,
  folder: string,
): LuaTable<string, string | number> {
  const own = new LuaTable<string, string | number>();
  for (const [name, value] of parameters) own.set(name, value);
  keepLastRules(tostring(own.get("state_path") ?? PARAMETERS.state_path.fallback), folder);
  for (const name of FILES_OF_ITS_OWN) own.set(name, `${folder}/${name}`);
  for (const name of SWITCHED_OFF) own.set(name, "");
  // Its older name.
  own.delete("logfile");
  own.set("log_level", DEBUG_LEVEL);
  return own;
}

/**
 * Makes the journal of such a copy, with nothing in it: with a journal the connector knows that nothing is open; without
 * one it would have to find out. Gives its path, or why there is none.
 */
export function beginJournal(folder: string): LuaMultiReturn<[string, undefined] | [undefined, string]> {
  const path = `${folder}/state_path`;
  const [journal, problem] = io.open(path, "wb");
  if (journal === undefined) return $multi(undefined, problem ?? path);
  journal.write(`${headerLine()}\n`);
  journal.close();
  return $multi(path, undefined);
}
