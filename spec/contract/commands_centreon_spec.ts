// What `check` says of Centreon's API, and of whoever tells it who acknowledges: against the sandbox's Centreon, which it
// changes nothing of.
import {
  type Configuration,
  OWN_USER,
  type Run,
  assertLine,
  assertNowhere,
  runCommand,
  writeConfiguration,
} from "../support/commands";
import { CENTREON_TOKEN } from "../support/people";
import { REFUSING_URL } from "../support/ports";
import { useSandbox } from "../support/sandbox";

const TOKEN = { centreon_api_token: CENTREON_TOKEN };
const PASSWORD = "sandbox-password";
const USER = { centreon_api_user: "connector", centreon_api_password: PASSWORD };

const sandbox = useSandbox();
let configurations: Configuration[] = [];

after_each(() => {
  for (const { remove } of configurations) remove();
  configurations = [];
  sandbox.remove("/sandbox/faults");
  sandbox.remove("/sandbox");
});

/** Checks an output that tells the sandbox's Centreon, unless the parameters say otherwise. No secret may be printed. */
function check(parameters: Readonly<Record<string, string | number>>): Run {
  const configuration = writeConfiguration({
    parameters: {
      pdy_routing_key: "0123456789abcdef0123456789abcdef",
      http_server_url: `${sandbox.url}/v2/enqueue`,
      pdy_api_key: "secret-api-key",
      pdy_api_url: sandbox.url,
      centreon_api_url: `${sandbox.url}/centreon/`,
      ...parameters,
    },
  });
  configurations.push(configuration);
  const run = runCommand(["check", "--config", configuration.file, "--user", OWN_USER]);
  for (const secret of [CENTREON_TOKEN, PASSWORD, "a-wrong-one"]) assertNowhere(run, secret);
  return run;
}

/** What Centreon was asked, such as "GET platform/versions". */
function asked(): string[] {
  const all = sandbox.get("/sandbox/centreon_requests") as {
    readonly method: string;
    readonly path: string;
  }[];
  return all.map(
    ({ method, path }) => `${method} ${string.match(path, "^/centreon/api/latest/(.*)$")[0] ?? path}`,
  );
}

const QUESTIONS = ["GET monitoring/resources?limit=1", "GET users/acl/actions"];

describe("check, of Centreon's API", () => {
  it("asks nothing where nobody is to tell it", () => {
    const run = check({});
    assert.equal(0, run.code, run.output);
    assert.same([], asked());
  });

  it("says that the token is taken, and that its user may acknowledge, with GETs alone", () => {
    const run = check(TOKEN);
    assert.equal(0, run.code, run.output);
    assertLine(run, "ok      centreon_api_url: ", "/centreon/ is Centreon 24.10.1");
    assertLine(run, "ok      centreon_api_token: Centreon takes it: 1 resource to be seen");
    assertLine(run, "ok      centreon_api_token: its user may acknowledge, and take that back");
    assert.same(["GET platform/versions", ...QUESTIONS], asked());
  });

  it("logs in with user and password, and out again", () => {
    const run = check(USER);
    assert.equal(0, run.code, run.output);
    assertLine(run, "ok      centreon_api_user: Centreon takes it: 1 resource to be seen");
    assertLine(run, "ok      centreon_api_user: its user may acknowledge, and take that back");
    assert.same(["GET platform/versions", "POST login", ...QUESTIONS, "GET logout"], asked());
  });

  it("over TLS trusts whom the connector trusts", () => {
    const url = { centreon_api_url: `${sandbox.tlsUrl}/centreon` };
    const untrusted = check({ ...TOKEN, ...url });
    assert.equal(1, untrusted.code, untrusted.output);
    assertLine(untrusted, "FAILED  centreon_api_url", "PEER_FAILED_VERIFICATION", "check that http_ca_file");
    const trusted = check({ ...TOKEN, ...url, http_ca_file: sandbox.caFile });
    assertLine(trusted, "ok      centreon_api_url: ", "is Centreon 24.10.1");
  });

  it("says what to do where the token or the password is wrong, and tries that once", () => {
    const token = check({ centreon_api_token: "a-wrong-one" });
    assert.equal(1, token.code, token.output);
    assertLine(
      token,
      "FAILED  centreon_api_token: HTTP 401; check centreon_api_token, and whether it has expired",
    );
    sandbox.remove("/sandbox");
    const password = check({ ...USER, centreon_api_password: "a-wrong-one" });
    assert.equal(1, password.code, password.output);
    assertLine(password, 'FAILED  centreon_api_user: the log-in of "connector" is refused (HTTP 401); check');
    assert.same(["GET platform/versions", "POST login"], asked());
  });

  it("says what to grant", () => {
    sandbox.put("/sandbox/centreon", { may_acknowledge_hosts: false, may_disacknowledge_services: false });
    const actions = check(TOKEN);
    assert.equal(1, actions.code, actions.output);
    assertLine(
      actions,
      'FAILED  centreon_api_token: its user lacks "Acknowledge a host", "Disacknowledge a service"',
      "give it these actions",
    );
    sandbox.put("/sandbox/centreon", { may_use_configuration: false });
    const untold = check(TOKEN);
    assert.equal(0, untold.code, untold.output);
    assertLine(
      untold,
      "ok      centreon_api_token: whether its user may acknowledge does not show (HTTP 403)",
    );
    sandbox.put("/sandbox/centreon", { resources: [] });
    assertLine(check(TOKEN), "WARNING centreon_api_token: Centreon takes it, and its user sees no resource");
    sandbox.put("/sandbox/centreon", { may_use_realtime: false });
    assertLine(check(TOKEN), "FAILED  centreon_api_token: HTTP 403; give", '"Reach API Realtime"');
  });

  it("tells what is not Centreon's API from what may be gone by itself", () => {
    const path = "check centreon_api_url: it is Centreon's address with its path";
    assertLine(
      check({ ...TOKEN, centreon_api_url: sandbox.url }),
      "FAILED  centreon_api_url",
      "HTTP 404",
      path,
    );
    const away = check({ ...TOKEN, centreon_api_url: `${REFUSING_URL}/centreon` });
    assert.equal(0, away.code, away.output);
    assertLine(away, "WARNING centreon_api_url", "COULDNT_CONNECT", "the name resolution and the firewall");
    const centreon = { match: { api: "centreon" } };
    sandbox.post("/sandbox/faults", { kind: "garbage", ...centreon });
    assertLine(check(TOKEN), "FAILED  centreon_api_url", "not Centreon's API", path);
    sandbox.post("/sandbox/faults", { kind: "status", status: 503, ...centreon });
    assertLine(check(TOKEN), "WARNING centreon_api_url", "HTTP 503", "or try again later");
  });
});
