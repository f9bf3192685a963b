// `check`: whether alerts could be sent, and what is in the way. Sends nothing, and touches no file of the running
// output. What the parameters mean is the connector's own word.
import { MANY_FREED } from "../connector/rules_watch";
import { tryConnection } from "../delivery/connection";
import { judge } from "../pagerduty/answer";
import { changeServerUrl, endpointOf, serverUrl } from "../settings/endpoint";
import { PARAMETERS, type Parameter } from "../settings/parameters";
import type { Settings } from "../settings/settings";
import { utcTimestamp } from "../text/time";
import { VERSION } from "../version";
import type { Arguments, Syntax } from "./arguments";
import { checkApiKey } from "./api_key_check";
import { checkCentreon } from "./centreon_check";
import { loadCurl } from "./curl";
import { viewJournal } from "./journal_view";
import { createKnown } from "./known";
import { namesKnown } from "./names_known";
import { type Output, type Setup, openOutput, withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { type Rights, rightsOf, whoElseReads, whyEverybodyWrites } from "./rights";
import { freedWords, viewRules, wouldFree } from "./rules_view";
import { runningOutput, runsAnyBroker, writtenAt } from "./running";
import { readFile, withTemporaryFolder } from "./shell";
import { loadConnector, parametersBeside } from "./stand_in";
import {
  SELINUX_STATE,
  WHITELIST_FOLDERS,
  environmentProxy,
  selinuxFinding,
  whitelistFinding,
} from "./surroundings";

/** As whom the broker runs on a Centreon server. */
const BROKER_USER = "centreon-broker";

export const CHECK: Syntax = {
  command: "check",
  purpose:
    "Looks at the output's parameters, its files, the way to PagerDuty and to Centreon's API. Sends nothing.",
  operands: [],
  options: withOutputOptions([
    { name: "--user", value: "NAME", meaning: `as whom the broker runs (${BROKER_USER})` },
    { name: "--offline", meaning: "do not connect to PagerDuty, nor to Centreon" },
  ]),
};

/** The categories in which the broker sends what the connector reads. */
function checkCategories({ categories }: Output, report: Report): void {
  if (categories === undefined) return;
  let hasProblems = false;
  for (const category of categories) hasProblems = hasProblems || category === "neb";
  const listed = table.concat(categories as string[], ", ");
  if (hasProblems) report.find("ok", "categories", listed);
  else {
    report.find(
      "FAILED",
      "categories",
      `the output gets ${listed} only: set its "Filter category" to Neb (and Bam for business activities), and export`,
    );
  }
}

/** The commands read the connector's files: both must be of one release. */
function checkVersion(path: string, report: Report): void {
  const [version] = string.match(readFile(path)[0] ?? "", "^%-%- centreon%-pagerduty ([^ :]+):");
  if (version === VERSION) {
    report.find("ok", "connector", path);
    return;
  }
  const what = version === undefined ? "does not tell its version" : `is version ${version}`;
  report.find(
    "WARNING",
    "connector",
    `${path} ${what}, and this program is version ${VERSION}: install both from one release`,
  );
}

/** The parameters on which the broker itself ends, before it has started any output. */
function checkNumbers({ fatalNumbers }: Output, report: Report): void {
  const known = PARAMETERS as unknown as Readonly<Record<string, Omit<Parameter, "name"> | undefined>>;
  for (const { name, text } of fatalNumbers) {
    const definition = known[name];
    // A key may have been given the wrong type.
    const isHarmless =
      definition !== undefined && definition.kind !== "secret" && definition.isSecret !== true;
    const value = isHarmless ? ` "${text}"` : "";
    report.find(
      "FAILED",
      "parameters",
      `parameter ${name}${value} is of type Number, and cbd ENDS on it at its start: give it a whole number up to 2147483647, or the type String, and export`,
    );
  }
}

/** Lets the connector itself read the parameters, in a folder of its own, and takes over its complaints. */
function checkParameters(setup: Setup, report: Report): void {
  const { connector: path, output, complaints } = setup;
  const told = new LuaSet<string>();
  const tell = (isError: boolean, text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    report.find(isError ? "FAILED" : "WARNING", "parameters", text);
  };
  let isUsable = true;
  withTemporaryFolder((folder) => {
    const connector = loadConnector(path, {
      cache: createKnown().cache,
      log: ({ kind, text }) => {
        if (kind === "error" || kind === "warning") tell(kind === "error", text);
      },
    });
    if (typeof connector === "string") {
      isUsable = false;
      report.find("FAILED", "connector", `${connector}: install it again`);
      return;
    }
    checkVersion(path, report);
    const [isStarted, problem] = pcall(connector.init, parametersBeside(output.parameters, folder));
    if (!isStarted && next(told)[0] === undefined) tell(true, tostring(problem));
  });
  // The copy has a log level and files of its own: it does not complain of the output's.
  for (const { isError, text } of complaints) tell(isError, text);
  if (isUsable && next(told)[0] === undefined)
    report.find("ok", "parameters", "the connector takes them all");
}

/** A file the broker's user must be able to write. */
function checkWritable(what: string, path: string, whyNot: Rights["whyNotWritable"], report: Report): void {
  if (path === "") return;
  const problem = whyNot(path);
  if (problem === undefined) report.find("ok", what, path);
  else report.find("FAILED", what, `${path}: ${problem}, or set ${what}`);
}

function checkFiles(settings: Settings, user: string, report: Report): void {
  const rights = rightsOf(user);
  if (rights.user !== user) {
    report.find(
      "WARNING",
      "rights",
      `what follows was asked as ${rights.user}, not as ${user}: run this as root where ${user} exists, or name the broker's user with --user`,
    );
  }
  checkWritable("state_path", settings.state_path, rights.whyNotReplaceable, report);
  checkWritable("quarantine_path", settings.quarantine_path, rights.whyNotWritable, report);
  checkWritable("status_path", settings.status_path, rights.whyNotReplaceable, report);
  checkWritable("log_path", settings.log_path, rights.whyNotWritable, report);
  checkWritable("record_path", settings.record_path, rights.whyNotWritable, report);
  for (const name of [
    "http_ca_file",
    "http_ca_path",
    "http_client_certificate",
    "http_client_key",
    "custom_code_file",
    "pdy_keys_file",
    "pdy_rules_file",
  ] as const) {
    const path = settings[name];
    const problem = path === "" ? undefined : rights.whyNotReadable(path);
    if (problem !== undefined) report.find("FAILED", name, `${path}: ${problem}`);
  }
  const keysFile = settings.pdy_keys_file;
  const exposure = keysFile === "" ? undefined : whoElseReads(keysFile, user);
  if (exposure !== undefined) report.find("WARNING", "pdy_keys_file", `${keysFile}: ${exposure}`);
}

/** The rules of the file: what is wrong with them, the connector itself has said by now. */
function checkRules(setup: Setup, report: Report): void {
  const { pdy_rules_file: path, state_path: statePath } = setup.settings;
  if (path === "") return;
  const exposure = whyEverybodyWrites(path);
  if (exposure !== undefined) report.find("WARNING", "pdy_rules_file", `${path}: ${exposure}`);
  const view = viewRules(path, setup, os.time);
  if (typeof view === "string") return;
  const { alerts, problem } = viewJournal(statePath);
  const freed = wouldFree(alerts, view.rules);
  const held = problem === undefined ? `; ${freedWords(freed)}` : "";
  const finding = freed.count > MANY_FREED ? "WARNING" : "ok";
  report.find(finding, "pdy_rules_file", `${counted(view.ofFile.length, "rule")} in ${path}${held}`);
}

/** Two outputs that write one file destroy each other's: the connector refuses a journal that is in use. */
function checkSharing({ output, others, settings }: Setup, report: Report): void {
  for (const name of ["state_path", "quarantine_path", "status_path"] as const) {
    for (const other of others) {
      const theirs = other.parameters.get(name) ?? PARAMETERS[name].fallback;
      if (theirs !== "" && theirs === settings[name])
        report.find(
          "FAILED",
          name,
          `${theirs} is that of the output "${other.name}", too: give "${output.name}" one of its own`,
        );
    }
  }
}

/** Whether a broker runs the output, since when, and whether with what was exported. */
function checkRunning({ output, settings }: Setup, report: Report): boolean {
  const running = runningOutput(settings.state_path);
  if (running.kind === "runs") {
    const { process, processId, since } = running;
    const exported = writtenAt(output.file) ?? 0;
    const when = since === undefined ? "" : ` since ${utcTimestamp(since)}`;
    const later =
      since !== undefined && exported > since
        ? `; the configuration was exported after that, at ${utcTimestamp(exported)}: what it changed holds after a restart of cbd`
        : "";
    report.find("ok", "broker", `${process} (process ${processId}) runs the output${when}${later}`);
    return true;
  }
  const restart = "restart cbd (on a poller centengine) after the export";
  let text = "a broker runs; whether with this output only root sees: run this as root";
  if (running.kind === "stopped") {
    text = `no broker runs this output: ${restart}`;
    // It keeps no journal, and so no lock.
    if (settings.send_data_test)
      text = "whether a broker runs this output does not show while send_data_test is 1";
    else if (runsAnyBroker()) text = `cbd runs, but not this output: ${restart}, and look into its log`;
  }
  report.find("WARNING", "broker", text);
  return false;
}

/** What the machine's own files tell. */
function checkSurroundings(setup: Setup, report: Report): void {
  const isRunning = checkRunning(setup, report);
  const { output, settings } = setup;
  const { alerts } = viewJournal(settings.state_path);
  const [finding, text] = namesKnown({
    alerts,
    recordPath: settings.record_path,
    cachePath: output.namesCache,
  });
  report.find(finding, "names", text);
  const [selinux, selinuxText] = selinuxFinding(SELINUX_STATE, isRunning);
  if (selinux !== undefined) report.find(selinux, "SELinux", selinuxText);
  const [whitelist, whitelistText] = whitelistFinding(WHITELIST_FOLDERS);
  if (whitelist !== undefined) report.find(whitelist, "whitelist", whitelistText);
}

/** Connects as the connector would, and sends nothing. */
function checkConnection(settings: Settings, report: Report): void {
  const curl = loadCurl();
  if (typeof curl === "string") {
    report.find("FAILED", "lua-curl", curl);
    return;
  }
  const endpoint = endpointOf(settings);
  if (changeServerUrl(settings) === undefined)
    report.find(
      "WARNING",
      "http_server_url",
      `${endpoint.url} does not end in /enqueue, as PagerDuty's address does: right only for a gateway of your own (fire proves it); change events have no way there`,
    );
  const outcome = tryConnection(curl, endpoint);
  const through = endpoint.proxy.url === "" ? "" : " through the proxy";
  if (outcome.kind === "connected") {
    report.find(
      "ok",
      "connection",
      string.format("%s: %s answers%s after %.2f s", endpoint.url, outcome.address, through, outcome.seconds),
    );
    return;
  }
  const verdict = judge(outcome);
  const reason = "reason" in verdict ? verdict.reason : outcome.reason;
  const remedy =
    verdict.kind === "misconfigured"
      ? verdict.remedy
      : "check the name resolution, the firewall and the proxy between this machine and PagerDuty";
  const variable = endpoint.proxy.url === "" ? environmentProxy() : undefined;
  const unused =
    variable === undefined ? "" : `; ${variable} of the environment is not used: set http_proxy_string`;
  report.find("FAILED", "connection", `${endpoint.url}: ${reason}: ${remedy}${unused}`);
}

export function check(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const { output, settings } = setup;
  report.find("ok", "configuration", `output "${output.name}" in ${output.file}`);
  const user = given.value("--user") ?? BROKER_USER;
  const unreadable = rightsOf(user).whyNotReadable(output.path);
  if (unreadable !== undefined)
    report.find("FAILED", "connector", `the output's path ${output.path} cannot be read: ${unreadable}`);
  checkCategories(output, report);
  checkNumbers(output, report);
  checkParameters(setup, report);
  checkFiles(settings, user, report);
  checkRules(setup, report);
  checkSharing(setup, report);
  checkSurroundings(setup, report);
  if (!given.has("--offline")) {
    checkConnection(settings, report);
    checkApiKey(setup, report);
    checkCentreon(setup, report);
  }
  const problems = report.count("FAILED");
  const warnings = report.count("WARNING");
  const beside = warnings === 0 ? "" : `, ${counted(warnings, "warning")}`;
  if (problems > 0) {
    report.print(
      `FAILED: ${counted(problems, "problem")} in the way of alerts from "${output.name}"${beside}`,
    );
    return EXIT.problem;
  }
  report.print(`ok: "${output.name}" can send alerts to ${serverUrl(settings)}${beside}`);
  return EXIT.good;
}
