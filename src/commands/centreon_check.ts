// `check`'s look at Centreon's API: whether it is there, takes the token or the log-in, and whether that user may see and
// acknowledge. Makes GETs only, but for a log-in, which it ends.
import { createTransport } from "../delivery/transport";
import { ACTIONS, statusText } from "../feedback/centreon_api";
import {
  type CentreonAnswer,
  type CentreonAnswered,
  type CentreonSession,
  createCentreonSession,
  decodedOf,
  fieldOf,
} from "../feedback/centreon_session";
import { centreonAccountOf, endpointOf } from "../settings/endpoint";
import { loadCurl } from "./curl";
import type { Setup } from "./output";
import { type Report, counted } from "./report";

const ADDRESS = "centreon_api_url";

/** Longest single wait for the network, in milliseconds. */
const WAIT_STEP = 50;

const UNTRUSTED = "PEER_FAILED_VERIFICATION";

/** The actions by the names that Centreon's API and its pages give them. */
const RIGHTS = [
  { of: "host", action: "acknowledgement", name: '"Acknowledge a host"' },
  { of: "host", action: "disacknowledgement", name: '"Disacknowledge a host"' },
  { of: "service", action: "acknowledgement", name: '"Acknowledge a service"' },
  { of: "service", action: "disacknowledgement", name: '"Disacknowledge a service"' },
] as const;

interface Asking {
  readonly session: CentreonSession;
  /** Waits for the answer to what `begin` asks for. */
  readonly wait: (this: void, begin: (this: void, ended: CentreonAnswered) => void) => CentreonAnswer;
}

type Get = (this: void, path: string) => CentreonAnswer;

/** Centreon's API, past the proxy as the connector asks it, or why it cannot be asked; undefined: it is not to be asked. */
function openCentreon({ settings }: Setup): Asking | string | undefined {
  const account = centreonAccountOf(settings);
  const url = settings.centreon_api_url;
  if (url === "" || account === undefined) return undefined;
  const curl = loadCurl();
  if (typeof curl === "string") return curl;
  const [isMade, transport] = pcall(() => createTransport<undefined>(curl, endpointOf(settings, url)));
  if (!isMade) return tostring(transport);
  return {
    session: createCentreonSession(url, account, transport.send),
    wait: (begin) => {
      let answer: CentreonAnswer | undefined;
      begin((given) => {
        answer = given;
      });
      while (answer === undefined) {
        transport.poll();
        transport.wait(WAIT_STEP);
      }
      return answer;
    },
  };
}

/** Whether Centreon answers at the address. */
function checkAddress(answer: CentreonAnswer, url: string, report: Report): boolean {
  const failed = (finding: "FAILED" | "WARNING", problem: string, remedy: string): false => {
    report.find(finding, ADDRESS, `${url}: ${problem}: ${remedy}`);
    return false;
  };
  if (answer.kind !== "answered") {
    const { reason } = answer;
    if (string.find(reason, UNTRUSTED, 1, true)[0] !== undefined)
      return failed(
        "FAILED",
        reason,
        "check that http_ca_file or http_ca_path has the authority that signed it",
      );
    const remedy = `check ${ADDRESS}, the name resolution and the firewall between this machine and Centreon`;
    return failed("WARNING", reason, remedy);
  }
  const { status, body } = answer;
  const remedy = `check ${ADDRESS}: it is Centreon's address with its path, such as https://centreon.example.com/centreon`;
  if (status >= 500)
    return failed("WARNING", string.format("HTTP %d", status), `${remedy}; or try again later`);
  if (status !== 200) return failed("FAILED", string.format("HTTP %d", status), remedy);
  const version = fieldOf(fieldOf(decodedOf(body), "web"), "version");
  if (typeof version !== "string")
    return failed("FAILED", "what answers there is not Centreon's API", remedy);
  report.find("ok", ADDRESS, `${url} is Centreon ${version}`);
  return true;
}

/** Whether the user is let in, and sees something. */
function checkAccess(get: Get, name: string, report: Report): boolean {
  const answer = get("monitoring/resources?limit=1");
  if (answer.kind !== "answered") {
    report.find(answer.kind === "log-in refused" ? "FAILED" : "WARNING", name, answer.reason);
    return false;
  }
  if (answer.status !== 200) {
    report.find(answer.status >= 500 ? "WARNING" : "FAILED", name, statusText(answer.status));
    return false;
  }
  const total = fieldOf(fieldOf(decodedOf(answer.body), "meta"), "total");
  if (typeof total !== "number" || total === 0) {
    report.find(
      "WARNING",
      name,
      "Centreon takes it, and its user sees no resource: give that user access to the hosts and services (Administration > ACL > Resources Access)",
    );
  } else {
    report.find("ok", name, `Centreon takes it: ${counted(total, "resource")} to be seen`);
  }
  return true;
}

/** Whether the user may acknowledge, where Centreon tells that. */
function checkRights(get: Get, name: string, report: Report): void {
  const answer = get("users/acl/actions");
  if (answer.kind !== "answered") {
    report.find("WARNING", name, answer.reason);
    return;
  }
  if (answer.status !== 200) {
    const status = string.format("HTTP %d", answer.status);
    report.find(
      "ok",
      name,
      `whether its user may acknowledge does not show (${status}): Centreon tells that only a user with "Reach API Configuration", which is not needed otherwise. See that it has ${ACTIONS}`,
    );
    return;
  }
  const actions = decodedOf(answer.body);
  const missing: string[] = [];
  for (const { of: what, action, name: right } of RIGHTS)
    if (fieldOf(fieldOf(actions, what), action) !== true) missing.push(right);
  if (missing.length === 0) report.find("ok", name, "its user may acknowledge, and take that back");
  else {
    report.find(
      "FAILED",
      name,
      `its user lacks ${table.concat(missing, ", ")}, and Centreon's API leaves out silently what is not allowed: give it these actions (Administration > ACL > Actions Access)`,
    );
  }
}

/** Looks at the API, where it is to be told. */
export function checkCentreon(setup: Setup, report: Report): void {
  const asking = openCentreon(setup);
  if (asking === undefined) return;
  if (typeof asking === "string") {
    report.find("FAILED", ADDRESS, asking);
    return;
  }
  const { session, wait } = asking;
  const get: Get = (path) =>
    wait((ended) => {
      session.ask("GET", path, "", ended);
    });
  const version = wait((ended) => {
    session.askOpenly("platform/versions", ended);
  });
  if (!checkAddress(version, setup.settings.centreon_api_url, report)) return;
  const name = setup.settings.centreon_api_token === "" ? "centreon_api_user" : "centreon_api_token";
  if (checkAccess(get, name, report)) checkRights(get, name, report);
  if (session.isLoggedIn()) get("logout");
}
