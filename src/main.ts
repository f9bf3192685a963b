// The functions and the version that the broker looks for: the only writer of _G. Nothing here can fail while the
// file loads: the broker would say only that it "could not be compiled".
import { names } from "./broker/cache";
import { createFilter } from "./broker/events";
import { createLog } from "./broker/log";
import { hasOpen, makePrivate, processId } from "./broker/process";
import { type Connector, createConnector } from "./connector/connector";
import { createParts } from "./connector/parts";
import { secretsOf, serverUrl } from "./settings/endpoint";
import { readRules } from "./rules/from_parameters";
import { readSettings } from "./settings/settings";
import { type FilePort, readFile } from "./text/files";
import type { Log } from "./text/log";

/** Undefined before init, and for ever when there is no routing key to send with. */
let write: Connector["write"] | undefined;
let flush: Connector["flush"] | undefined;

/** Logs an error; the log exists from init on. */
let report: (this: void, text: string) => void;

/** lua-curl, or an error that says how to install it. */
function loadCurl(log: Log): CurlModule {
  const [isLoaded, result] = pcall(() => require("cURL") as CurlModule);
  if (isLoaded) return result;
  const text =
    "lua-curl (Lua-cURLv3) cannot be loaded, so nothing can be sent. Install it and restart cbd. " +
    "Centreon on RHEL, Alma, Rocky, Oracle Linux: dnf install lua-curl. Centreon on Debian, Ubuntu: apt install " +
    "lua-curl, from Centreon's repository (Debian's own lua-curl is another library). Elsewhere: luarocks install " +
    `Lua-cURL. What Lua says: ${tostring(result)}`;
  log.error(text);
  return error(text, 0);
}

const files: FilePort = {
  open: (path, mode) => io.open(path, mode as "r"),
  rename: (from, to) => os.rename(from, to),
  makePrivate,
};

/**
 * Lua 5.4 frees all its garbage within one step: 20 ms in one write() with 3,000 open problems (measured on 5.4.4), and
 * in proportion with more. At a tenth of its default speed (100) it still keeps up, with pauses of 5 ms.
 */
const COLLECTOR_SPEED = 10;

/** Why the log's file cannot be written; undefined: it can. The broker would drop each line of such a log. */
function whyNotWritten(path: string): string | undefined {
  if (path === "") return undefined;
  const [file, problem] = files.open(path, "ab");
  if (file === undefined) return problem ?? path;
  file.close();
  return undefined;
}

function start(parameters: BrokerParameters): void {
  if (_VERSION === "Lua 5.4") collectgarbage("setstepmul", COLLECTOR_SPEED);
  const checked = readSettings(parameters as unknown as LuaTable<string, unknown>, readFile);
  const rules = readRules(checked);
  const { settings, routingKeys, complaints } = checked;
  const secrets = secretsOf(settings, routingKeys);
  const unwritable = whyNotWritten(settings.log_path);
  const log = createLog(settings.log_level, unwritable === undefined ? settings.log_path : "", secrets);
  report = log.error;
  if (unwritable !== undefined)
    log.error(
      `log_path ${unwritable}: make it writable for the broker, or set log_path; until the next start all is said here, in the broker's own log`,
    );
  for (const complaint of complaints) (complaint.isError ? log.error : log.warning)(complaint.text);
  if (!checked.canSend) {
    _G.filter = () => false;
    return;
  }
  const parts = createParts(checked, rules, {
    curl: loadCurl(log),
    log,
    names,
    files,
    secrets,
    lock: { files, processId: processId(), hasOpen },
  });
  const connector = createConnector(parts);
  ({ write, flush } = connector);
  log.info(`started: alerts go to ${settings.send_data_test ? "this log only" : serverUrl(settings)}`);
}

/** An error of ours costs one event at most, and a line in our own log. It must not make the broker keep events. */
function survive(problem: unknown): boolean {
  report(`unexpected error, please report it: ${tostring(problem)}`);
  return true;
}

// Needed for each event: a local is found sooner than a global.
const guarded = pcall;

_G.broker_api_version = 2;
_G.init = start;
// Asked before init, too.
_G.filter = createFilter();
// Without a connector nothing is wanted, and nothing may be kept by the broker: its queue would fill for ever.
_G.write = (event) => {
  if (write === undefined) return true;
  const [isDone, result] = guarded(write, event);
  if (isDone) return result;
  return survive(result);
};
_G.flush = () => {
  if (flush === undefined) return true;
  const [isDone, result] = guarded(flush);
  return isDone ? result : survive(result);
};
