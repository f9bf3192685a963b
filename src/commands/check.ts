// `check`: whether alerts could be sent, and what is in the way. Sends nothing, and touches no file of the running
// output. What the parameters mean is the connector's own word.
import { tryConnection } from "../delivery/connection";
import { judge } from "../pagerduty/answer";
import { endpointOf, serverUrl } from "../settings/endpoint";
import type { Settings } from "../settings/settings";
import { VERSION } from "../version";
import type { Arguments, Syntax } from "./arguments";
import { loadCurl } from "./curl";
import { createKnown } from "./known";
import { type Output, openOutput, withOutputOptions } from "./output";
import { EXIT, type Report, counted } from "./report";
import { type Rights, rightsOf } from "./rights";
import { isReadable, readFile, withTemporaryFolder } from "./shell";
import { loadConnector, parametersBeside } from "./stand_in";

/** As whom the broker runs on a Centreon server. */
const BROKER_USER = "centreon-broker";

export const CHECK: Syntax = {
  command: "check",
  purpose: "Looks at the output's parameters, its files and the way to PagerDuty. Sends nothing.",
  operands: [],
  options: withOutputOptions([
    { name: "--user", value: "NAME", meaning: `as whom the broker runs (${BROKER_USER})` },
    { name: "--offline", meaning: "do not connect to PagerDuty" },
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

/** Lets the connector itself read the parameters, in a folder of its own, and takes over its complaints. */
function checkParameters(path: string, parameters: Output["parameters"], report: Report): void {
  let complaints = 0;
  withTemporaryFolder((folder) => {
    const connector = loadConnector(path, {
      cache: createKnown().cache,
      log: ({ kind, text }) => {
        if (kind !== "error" && kind !== "warning") return;
        complaints = complaints + 1;
        report.find(kind === "error" ? "FAILED" : "WARNING", "parameters", text);
      },
    });
    if (typeof connector === "string") {
      report.find("FAILED", "connector", `${connector}: install it again`);
      return;
    }
    checkVersion(path, report);
    const [isStarted, problem] = pcall(connector.init, parametersBeside(parameters, folder));
    if (!isStarted && complaints === 0) report.find("FAILED", "parameters", tostring(problem));
    else if (complaints === 0) report.find("ok", "parameters", "the connector takes them all");
  });
}

/** A file the broker's user must be able to write. */
function checkWritable(
  what: string,
  path: string,
  whyNot: Rights["whyNotWritable"],
  user: string,
  report: Report,
): void {
  if (path === "") return;
  const problem = whyNot(path);
  if (problem === undefined) report.find("ok", what, path);
  else report.find("FAILED", what, `${path}: ${problem}: let ${user} write there, or set ${what}`);
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
  checkWritable("state_path", settings.state_path, rights.whyNotReplaceable, user, report);
  checkWritable("quarantine_path", settings.quarantine_path, rights.whyNotWritable, user, report);
  checkWritable("status_path", settings.status_path, rights.whyNotReplaceable, user, report);
  checkWritable("log_path", settings.log_path, rights.whyNotWritable, user, report);
  for (const name of [
    "http_ca_file",
    "http_ca_path",
    "http_client_certificate",
    "http_client_key",
    "custom_code_file",
  ] as const) {
    const path = settings[name];
    if (path !== "" && !rights.mayRead(path)) {
      report.find(
        "FAILED",
        name,
        `${path} cannot be read by ${rights.user}: correct the path, or its rights`,
      );
    }
  }
}

/** Connects as the connector would, and sends nothing. */
function checkConnection(settings: Settings, report: Report): void {
  const curl = loadCurl();
  if (typeof curl === "string") {
    report.find("FAILED", "lua-curl", curl);
    return;
  }
  const endpoint = endpointOf(settings);
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
  report.find("FAILED", "connection", `${endpoint.url}: ${reason}: ${remedy}`);
}

export function check(given: Arguments, report: Report): number {
  const setup = openOutput(given, report);
  if (typeof setup === "number") return setup;
  const { output, settings, connector } = setup;
  report.find("ok", "configuration", `output "${output.name}" in ${output.file}`);
  if (!isReadable(output.path)) {
    report.find(
      "FAILED",
      "connector",
      `the output's path ${output.path} cannot be read: put pagerduty.lua there`,
    );
  }
  checkCategories(output, report);
  checkParameters(connector, output.parameters, report);
  checkFiles(settings, given.value("--user") ?? BROKER_USER, report);
  if (!given.has("--offline")) checkConnection(settings, report);
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
