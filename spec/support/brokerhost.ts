// Runs dist/pagerduty.lua in tools/brokerhost for a spec: a folder with the central-broker.json, the connector's
// log, journal and quarantine, and a host that takes events and control lines as they come. Knows nothing of
// PagerDuty.
import { decodeJson, encodeJson } from "./json";
import { outputOf, readFile, shellWord, temporaryPath, waitFor, writeFile } from "./process";

declare const jit: unknown;

/** Microseconds. A flush() ends before a second is over unless something is still under way. */
const WAITING_FLUSH = 900_000;
/** Of one settle(): what takes longer than these hangs. */
const MOST_FLUSHES = 5;

/** The Lua that runs this spec, as the names in build/ spell it; the host's is the same. */
export const LUA = jit === undefined ? string.sub(_VERSION, 5) : "jit";

/** An event, or a control line of tools/brokerhost/README.md. */
export type Line = Readonly<Record<string, unknown>>;

export interface BrokerSetup {
  /** The connector; dist/pagerduty.lua if absent. */
  readonly script?: string;
  /** Added to the paths of log, journal and quarantine. A number becomes a number parameter, text a string. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Broker API to offer the connector; its own choice (2) if absent. */
  readonly api?: 1 | 2;
  /** Where Lua finds C modules; the lua-curl of this build if absent. */
  readonly cpath?: string;
  /** Seconds between attempts of an init that fails. */
  readonly retryInterval?: number;
  /** Where the script's os.time() stands until a clock line moves it (Unix time); the system's if absent. */
  readonly clock?: number;
  /** Variables of its environment, as a shell takes them. */
  readonly environment?: string;
}

/** What the host counted (tools/brokerhost/README.md), the part that specs look at. */
export interface Report {
  readonly written: number;
  readonly rejected_by_filter: number;
  readonly write_errors: number;
  readonly flush_errors: number;
  readonly unacknowledged: number;
  readonly waiting: number;
  readonly init_attempts: number;
  readonly init_errors: readonly string[];
  /** Error lines of the broker's own log. */
  readonly error_lines: readonly string[];
  readonly longest_write_us: number;
  readonly longest_flush_us: number;
  readonly total_write_us: number;
  readonly last_flush_us: number;
  /** After the last {"control":"collect"}, and of the last report. */
  readonly lua_memory_kb: number;
  readonly field_reads: { readonly total: number };
}

export interface Broker {
  /** Where its files are. */
  readonly folder: string;
  /** Feeds lines, in order; does not wait until they are taken. */
  readonly give: (this: void, ...parts: (readonly Line[])[]) => void;
  /** Waits until all lines are taken. Gives the report so far. */
  readonly report: (this: void) => Report;
  /** Calls flush() until nothing is under way, or gives up on what hangs. Gives the report so far. */
  readonly settle: (this: void) => Report;
  /** The text of a file in the broker's folder, such as "log", "state" or "quarantine"; empty when there is none. */
  readonly file: (this: void, name: string) => string;
  /** Gives what `look` sees while the host stands still: whatever changes meanwhile is not its doing. */
  readonly whileFrozen: <T>(this: void, look: (this: void) => T) => T;
  /** Ends the host in good order. Gives its last report; a second call gives it again. */
  readonly stop: (this: void) => Report;
  /** SIGKILL at once, and a new host in the same folder. Lines not yet taken are lost; the report starts at zero. */
  readonly kill: (this: void) => void;
  /** Ends the host and removes the folder. */
  readonly discard: (this: void) => void;
}

/** The `output` of the central-broker.json, as Centreon writes it: values are text, the type says what they become. */
function outputWith(setup: BrokerSetup, folder: string): Line {
  const parameters: Record<string, string | number> = {
    log_path: `${folder}/log`,
    state_path: `${folder}/state`,
    quarantine_path: `${folder}/quarantine`,
    status_path: `${folder}/status`,
    ...setup.parameters,
  };
  return {
    name: "PagerDuty",
    type: "lua",
    path: setup.script ?? "dist/pagerduty.lua",
    filters: { category: ["neb", "bam"] },
    retry_interval: tostring(setup.retryInterval ?? 15),
    lua_parameter: Object.entries(parameters).map(([name, value]) => ({
      type: typeof value === "number" ? "number" : "string",
      name,
      value: tostring(value),
    })),
  };
}

/** Starts a host. Discard it when the spec is over. */
export function startBroker(setup: BrokerSetup): Broker {
  const folder = temporaryPath(".broker");
  os.execute(`mkdir ${folder}`);
  writeFile(
    `${folder}/central-broker.json`,
    encodeJson({ centreonBroker: { output: [outputWith(setup, folder)] } }),
  );
  const file = (name: string): string => readFile(`${folder}/${name}`) ?? "";
  const cpath = setup.cpath ?? `build/lua/${LUA}/?.so;;`;
  const api = setup.api === undefined ? "" : `--api ${setup.api}`;
  const clock = setup.clock === undefined ? "" : `--clock ${setup.clock}`;
  // The last "cat" takes what is still fed to a host that has ended: the pipe's end would end the spec.
  const command =
    `${setup.environment ?? ""} LUA_CPATH=${shellWord(cpath)} sh -c 'echo $$ > ${folder}/pid; exec build/brokerhost-${LUA} --events - --quiet ` +
    `--config ${folder}/central-broker.json ${api} ${clock}' >${folder}/reports 2>${folder}/errors; ` +
    `touch ${folder}/ended; cat >/dev/null`;

  let input: LuaFile | undefined;
  let reportsWanted = 0;
  let lastReport: Report | undefined;

  const start = (): void => {
    for (const name of ["pid", "reports", "ended"]) os.remove(`${folder}/${name}`);
    const [pipe, problem] = io.popen(command, "w");
    if (pipe === undefined) return error(problem);
    input = pipe;
    reportsWanted = 0;
    lastReport = undefined;
  };

  const close = (): void => {
    input?.close();
    input = undefined;
  };

  const feed = (line: Line): void => {
    input?.write(`${encodeJson(line)}\n`);
  };

  const report = (): Report => {
    if (lastReport !== undefined) return lastReport;
    feed({ control: "report" });
    input?.flush();
    reportsWanted += 1;
    const text = waitFor("the host's report", () => {
      const [printed, count] = string.gsub(file("reports"), "[^\n]*\n", "%0");
      if (count >= reportsWanted) return printed;
      if (readFile(`${folder}/ended`) !== undefined) error(`the host ended: ${file("errors")}`);
      return undefined;
    });
    return lastOf(text);
  };

  const signal = (name: string): void => {
    outputOf(`kill -${name} ${waitFor("the host to start", () => pidOf(folder))}`);
  };

  const stop = (): Report => {
    if (lastReport !== undefined) return lastReport;
    close();
    const text = file("reports");
    if (text === "") error(`the host ended without a report: ${file("errors")}`);
    lastReport = lastOf(text);
    return lastReport;
  };

  start();
  return {
    folder,
    give: (...parts) => {
      for (const part of parts) for (const line of part) feed(line);
      input?.flush();
    },
    report,
    settle: () => {
      // The first one after a start ends the start.
      feed({ control: "flush" });
      for (let flushes = 2; ; flushes++) {
        feed({ control: "flush" });
        const soFar = report();
        if (soFar.last_flush_us < WAITING_FLUSH || flushes >= MOST_FLUSHES) return soFar;
      }
    },
    file,
    stop,
    whileFrozen: (look) => {
      signal("STOP");
      const [succeeded, seen] = pcall(look);
      signal("CONT");
      return succeeded ? seen : error(seen);
    },
    kill: () => {
      signal("KILL");
      close();
      start();
    },
    discard: () => {
      close();
      os.execute(`rm -r ${folder}`);
    },
  };
}

/** The host's process, once it has said so. */
function pidOf(folder: string): string | undefined {
  const [pid] = string.match(readFile(`${folder}/pid`) ?? "", "^(%d+)\n");
  return pid;
}

/** The last report among those that the host printed, one a line. */
function lastOf(reports: string): Report {
  // A pattern that ends at the end would be tried at each byte, each time to the end of the line.
  let last = "";
  for (const [line] of string.gmatch(reports, "([^\n]*)\n")) last = line ?? "";
  return decodeJson(last) as Report;
}
