// The way through a proxy: tinyproxy, with a password, to the sandbox PagerDuty over HTTP and over TLS.
import type { Broker, BrokerSetup } from "../support/brokerhost";
import { CRITICAL, DISK, DOWN, LOAD, ROUTER, createCentreon } from "../support/events";
import { inShort } from "../support/incidents";
import { assertSays, logged, waitForLog } from "../support/log";
import { REFUSING_PORT, freePort } from "../support/ports";
import { waitFor } from "../support/process";
import { type Proxy, startProxy } from "../support/proxy";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

type Parameters = NonNullable<BrokerSetup["parameters"]>;

const USER = "centreon";
const PASSWORD = "se-cret_4.2";
const WRONG_PASSWORD = "wr0ng-One";

/** A request as the sandbox records it. */
interface ProxiedRequest {
  readonly headers: Readonly<Record<string, string>>;
}

const sandbox = useSandbox();
let proxy: Proxy;
let openProxy: Proxy;

const stage = createStage(sandbox);
let brokers: Broker[] = [];

/** A broker that sends to PagerDuty over TLS, if the parameters say nothing else. */
function start(parameters: Parameters, environment = ""): Actor {
  const broker = stage.start({
    environment,
    parameters: {
      http_server_url: `${sandbox.tlsUrl}/v2/enqueue`,
      http_ca_file: sandbox.caFile,
      log_level: 3,
      ...parameters,
    },
  });
  brokers.push(broker);
  return broker;
}

function startWithProblem(parameters: Parameters, environment = ""): Actor {
  const broker = start(parameters, environment);
  const centreon = createCentreon(3);
  broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
  return broker;
}

/** What PagerDuty has once the connector says that it was accepted. */
function deliveredBy(broker: Actor): string[] {
  waitForLog(broker, "PagerDuty accepted the trigger");
  return broker.incidents().map((incident) => inShort(incident));
}

const PAGED = ["11_22 triggered critical, 1 page"];

/** Requests to the sandbox's TLS port that the proxy was asked for. */
function tunnels(used: Proxy): number {
  const [authority] = string.match(sandbox.tlsUrl, "^https://(.*)$");
  const request = `CONNECT ${authority} HTTP/1.1`;
  return used.requests().filter((line) => line === request).length;
}

describe("a proxy", () => {
  setup(() => {
    proxy = startProxy({ user: USER, password: PASSWORD });
    openProxy = startProxy();
  });
  teardown(() => {
    for (const { stop } of [proxy, openProxy]) stop();
  });
  after_each(() => {
    const files = ["log", "state", "quarantine", "errors", "reports"];
    const written = brokers.flatMap((broker) => {
      broker.stop();
      return files.map((name) => broker.file(name));
    });
    brokers = [];
    stage.clear();
    for (const password of [PASSWORD, WRONG_PASSWORD]) {
      for (const text of written) {
        assert.is_nil(string.find(text, password, 1, true)[0], `the proxy's password is in: ${text}`);
      }
    }
  });

  describe("is used", () => {
    const ways: readonly {
      readonly name: string;
      readonly parameters: () => Parameters;
      readonly used?: () => Proxy;
    }[] = [
      {
        name: "http_proxy_string without a password",
        parameters: () => ({ http_proxy_string: `http://127.0.0.1:${openProxy.port}` }),
        used: () => openProxy,
      },
      {
        name: "http_proxy_string without a scheme",
        parameters: () => ({ http_proxy_string: `127.0.0.1:${openProxy.port}` }),
        used: () => openProxy,
      },
      {
        name: "http_proxy_string with user and password",
        parameters: () => ({ http_proxy_string: `http://${USER}:${PASSWORD}@127.0.0.1:${proxy.port}` }),
      },
      {
        name: "http_proxy_string with percent-encoded characters in the password",
        parameters: () => ({ http_proxy_string: `http://${USER}:se%2Dcret_4%2e2@127.0.0.1:${proxy.port}` }),
      },
      {
        name: "proxy_address, proxy_port as a number, proxy_username, proxy_password",
        parameters: () => ({
          proxy_address: "127.0.0.1",
          proxy_port: proxy.port,
          proxy_username: USER,
          proxy_password: PASSWORD,
        }),
      },
      {
        name: "proxy_port as a string, proxy_protocol",
        parameters: () => ({
          proxy_address: "127.0.0.1",
          proxy_port: string.format("%d", proxy.port),
          proxy_username: USER,
          proxy_password: PASSWORD,
          proxy_protocol: "http",
        }),
      },
    ];
    for (const { name, parameters, used } of ways) {
      it(`to PagerDuty over TLS: ${name}`, () => {
        const through = used?.() ?? proxy;
        const before = tunnels(through);
        assert.same(PAGED, deliveredBy(startWithProblem(parameters())));
        assert.equal(before + 1, tunnels(through));
      });
    }
  });

  /** What a proxy is told of user and password: the sandbox, taken for a proxy, keeps the header. */
  function proxyAuthorization(parameters: Parameters): string {
    startWithProblem({ http_server_url: "http://events.invalid/v2/enqueue", ...parameters });
    const [request] = waitFor("a request to the proxy", () => {
      const requests = sandbox.get("/sandbox/requests") as ProxiedRequest[];
      return requests.length > 0 ? requests : undefined;
    });
    return request?.headers["proxy-authorization"] ?? "";
  }

  describe("is told the password as it is", () => {
    // "Basic " and the base64 of cen@treon:p@ss:w/rd %41
    const expected = "Basic Y2VuQHRyZW9uOnBAc3M6dy9yZCAlNDE=";
    before_each(() => {
      sandbox.remove("/sandbox");
    });
    const address = (): string => string.sub(sandbox.url, "http://".length + 1);

    it("percent-encoded in http_proxy_string", () => {
      const proxyString = `http://cen%40treon:p%40ss%3Aw%2Frd%20%2541@${address()}`;
      assert.equal(expected, proxyAuthorization({ http_proxy_string: proxyString }));
    });

    it("as text in proxy_username and proxy_password", () => {
      const [host, port] = string.match(address(), "^(.*):(%d+)$");
      const parameters = {
        proxy_address: host ?? "",
        proxy_port: port ?? "",
        proxy_username: "cen@treon",
        proxy_password: "p@ss:w/rd %41",
      };
      assert.equal(expected, proxyAuthorization(parameters));
    });
  });

  it("carries several alerts through one tunnel", () => {
    const before = tunnels(openProxy);
    const broker = startWithProblem({ http_proxy_string: `http://127.0.0.1:${openProxy.port}` });
    deliveredBy(broker);
    const centreon = createCentreon(3);
    broker.give(centreon.check(DISK, CRITICAL), centreon.check(ROUTER, DOWN));
    waitFor("three alerts", () => broker.incidents().length === 3 || undefined);
    assert.equal(before + 1, tunnels(openProxy));
  });

  it("is passed by for the hosts of no_proxy", () => {
    const before = openProxy.requests().length;
    const broker = startWithProblem({
      http_proxy_string: `http://127.0.0.1:${openProxy.port}`,
      no_proxy: "intranet.example,localhost",
    });
    assert.same(PAGED, deliveredBy(broker));
    assert.equal(before, openProxy.requests().length);
  });

  it("of the environment is not used, nor is its list of hosts without one", () => {
    const nobody = `http://127.0.0.1:${REFUSING_PORT}`;
    const everywhere = `https_proxy=${nobody} HTTPS_PROXY=${nobody} ALL_PROXY=${nobody}`;
    assert.same(PAGED, deliveredBy(startWithProblem({}, everywhere)));
    const before = tunnels(openProxy);
    const parameters = { http_proxy_string: `http://127.0.0.1:${openProxy.port}` };
    assert.same(PAGED, deliveredBy(startWithProblem(parameters, "no_proxy=localhost NO_PROXY=localhost")));
    assert.equal(before + 1, tunnels(openProxy));
  });

  /** Starts with parameters that cannot work, and gives the ERROR lines once there is one. */
  function errorsOf(broker: Broker): string[] {
    waitForLog(broker, ": ERROR: ");
    return logged(broker, ": ERROR: ");
  }

  const refusals: readonly {
    readonly name: string;
    readonly status: number;
    readonly credentials: string;
  }[] = [
    // tinyproxy answers 407 to who gives no password, and 401 to who gives a wrong one.
    { name: "no password", status: 407, credentials: "" },
    { name: "a wrong password", status: 401, credentials: `${USER}:${WRONG_PASSWORD}@` },
  ];
  for (const { name, status, credentials } of refusals) {
    it(`that refuses ${name} is one ERROR with the remedy, and nothing is lost`, () => {
      const refused = startWithProblem({
        http_proxy_string: `http://${credentials}127.0.0.1:${proxy.port}`,
      });
      const errors = errorsOf(refused);
      assert.equal(1, errors.length);
      assertSays(errors[0], `the proxy answered HTTP ${status} to CONNECT`);
      assertSays(errors[0], "check the user and password in http_proxy_string");
      const { write_errors, flush_errors, unacknowledged } = refused.stop();
      assert.same([0, 0, 0], [write_errors, flush_errors, unacknowledged]);
      assert.same([], refused.incidents());

      const mended = start({
        pdy_routing_key: refused.routingKey,
        http_proxy_string: `http://${USER}:${PASSWORD}@127.0.0.1:${proxy.port}`,
        state_path: `${refused.folder}/state`,
      });
      waitForLog(mended, "PagerDuty accepted the trigger");
      assert.same(
        PAGED,
        refused.incidents().map((incident) => inShort(incident)),
      );
    });
  }

  it("that refuses the way to PagerDuty is one ERROR with the remedy", () => {
    const strict = startProxy(undefined, freePort(), ["ConnectPort 443"]);
    const errors = errorsOf(startWithProblem({ http_proxy_string: `http://127.0.0.1:${strict.port}` }));
    strict.stop();
    assert.equal(1, errors.length);
    assertSays(errors[0], "the proxy answered HTTP 403 to CONNECT");
    assertSays(errors[0], "let the proxy connect to the host and port of http_server_url");
  });

  it("that is down is said to be in the way, and used when it is back", () => {
    const port = freePort();
    const broker = startWithProblem({ http_proxy_string: `http://127.0.0.1:${port}` });
    assertSays(waitForLog(broker, "was not accepted"), "a proxy is set");
    const back = startProxy(undefined, port);
    assert.same(PAGED, deliveredBy(broker));
    assert.equal(1, tunnels(back));
    back.stop();
  });

  it("that cannot reach PagerDuty is a reason to try again", () => {
    const broker = startWithProblem({
      http_proxy_string: `http://127.0.0.1:${openProxy.port}`,
      http_server_url: `https://localhost:${REFUSING_PORT}/v2/enqueue`,
    });
    const line = waitForLog(broker, "was not accepted");
    assertSays(line, "the proxy answered HTTP 500 to CONNECT");
    assertSays(line, "the next try is in");
  });
});
