// TLS on the way to PagerDuty: whom the connector trusts, what it says when it does not, client certificates, and how
// few connections it needs. The certificates are real, made for the spec.
import type { BrokerSetup } from "../support/brokerhost";
import {
  type ClientCertificates,
  makeAuthorityFolder,
  makeClientCertificates,
} from "../support/certificates";
import { CRITICAL, DISK, DOWN, LOAD, ROUTER, createCentreon } from "../support/events";
import { inShort } from "../support/incidents";
import { assertSays, logged, waitForLog } from "../support/log";
import { waitFor } from "../support/process";
import { type Sandbox, startSandbox } from "../support/sandbox";
import { type Actor, type Stage, createStage } from "../support/stage";

type Parameters = NonNullable<BrokerSetup["parameters"]>;

/** A request as the sandbox records it. */
interface TlsRequest {
  readonly http_version: string;
  readonly connection: number;
  readonly tls: boolean;
}

let sandbox: Sandbox;
/** Asks for a client certificate. */
let strict: Sandbox;
/** HTTP/1.1 only. */
let old: Sandbox;
let clients: ClientCertificates;

let stages: Stage[] = [];

/** A broker with a new problem, whose connector sends to `to`. */
function startWithProblem(to: Sandbox, parameters: Parameters): Actor {
  const stage = createStage(to);
  stages.push(stage);
  const broker = stage.start({ parameters: { http_server_url: `${to.tlsUrl}/v2/enqueue`, ...parameters } });
  const centreon = createCentreon(3);
  broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
  return broker;
}

function assertDelivered(broker: Actor): void {
  waitForLog(broker, "PagerDuty accepted the trigger");
  const incidents = broker.incidents().map((incident) => inShort(incident));
  assert.same(["11_22 triggered critical, 1 page"], incidents);
}

/** Nothing was sent, for a reason that one ERROR line gives together with the remedy. */
function assertRefuses(broker: Actor, to: Sandbox, reason: string, remedy: string): void {
  const line = waitForLog(broker, ": ERROR: ");
  assertSays(line, reason);
  assertSays(line, remedy);
  assert.equal(1, logged(broker, ": ERROR: ").length);
  assert.same([], to.get("/sandbox/requests"));
  const { write_errors, flush_errors, unacknowledged } = broker.stop();
  assert.same([0, 0, 0], [write_errors, flush_errors, unacknowledged]);
}

const NOT_VERIFIED = "certificates are NOT verified";

describe("TLS to PagerDuty", () => {
  setup(() => {
    clients = makeClientCertificates();
    sandbox = startSandbox();
    strict = startSandbox(`--client-ca ${clients.authority}`);
    old = startSandbox("--no-http2");
  });
  teardown(() => {
    for (const { stop } of [sandbox, strict, old]) stop();
    clients.remove();
  });
  before_each(() => {
    for (const each of [sandbox, strict, old]) each.remove("/sandbox");
  });
  after_each(() => {
    for (const stage of stages) stage.clear();
    stages = [];
  });

  describe("with an authority that nobody knows is refused", () => {
    const settings: readonly (readonly [string, Parameters])[] = [
      ["by default", {}],
      ['with verify_certificate "1"', { verify_certificate: "1" }],
      ["with verify_certificate 1", { verify_certificate: 1 }],
      ['with verify_certificate "true"', { verify_certificate: "true" }],
      ["with verify_certificate that is no flag", { verify_certificate: "2" }],
      ['with allow_insecure_connection "0"', { allow_insecure_connection: "0" }],
      ["with allow_insecure_connection 0", { allow_insecure_connection: 0 }],
      ['with allow_insecure_connection "false"', { allow_insecure_connection: "false" }],
    ];
    for (const [name, parameters] of settings) {
      it(name, () => {
        const broker = startWithProblem(sandbox, parameters);
        const line = waitForLog(broker, "PEER_FAILED_VERIFICATION");
        assertSays(line, ": ERROR: ");
        assertSays(line, "check that http_ca_file or http_ca_path has the authority");
        assert.same([], logged(broker, NOT_VERIFIED));
        assert.same([], sandbox.get("/sandbox/requests"));
      });
    }
  });

  it("says once what to do, and raises no error in the broker", () => {
    const remedy = "check that http_ca_file or http_ca_path has the authority";
    assertRefuses(startWithProblem(sandbox, {}), sandbox, "PEER_FAILED_VERIFICATION", remedy);
  });

  it("trusts the authority in http_ca_file", () => {
    assertDelivered(startWithProblem(sandbox, { http_ca_file: sandbox.caFile }));
  });

  it("trusts the authorities in http_ca_path, as openssl rehash names them", () => {
    const folder = makeAuthorityFolder(sandbox.caFile);
    assertDelivered(startWithProblem(sandbox, { http_ca_path: folder }));
    os.execute(`rm -r ${folder}`);
  });

  it("names http_ca_file when it cannot be read", () => {
    const broker = startWithProblem(sandbox, { http_ca_file: "/nowhere/ca.pem" });
    assertRefuses(broker, sandbox, "SSL_CACERT_BADFILE", "check http_ca_file");
  });

  /** The sandbox under a name that is not in its certificate. libcurl itself knows where *.localhost is. */
  const underAnotherName = (): string => string.gsub(sandbox.tlsUrl, "localhost", "other.localhost")[0];

  it("refuses a certificate for another host", () => {
    const broker = startWithProblem(sandbox, {
      http_server_url: `${underAnotherName()}/v2/enqueue`,
      http_ca_file: sandbox.caFile,
    });
    const remedy = "that the certificate is for the host in http_server_url";
    assertRefuses(broker, sandbox, "PEER_FAILED_VERIFICATION", remedy);
  });

  for (const parameters of [
    { verify_certificate: "0" },
    { verify_certificate: 0 },
    { allow_insecure_connection: "1" },
    { allow_insecure_connection: 1 },
  ] as Parameters[]) {
    const [[name, value] = []] = Object.entries(parameters);
    it(`with ${name} ${type(value)} ${value} trusts anybody, and warns at start`, () => {
      const broker = startWithProblem(sandbox, {
        ...parameters,
        http_server_url: `${underAnotherName()}/v2/enqueue`,
      });
      assertDelivered(broker);
      const warnings = logged(broker, NOT_VERIFIED);
      assert.equal(1, warnings.length);
      assertSays(warnings[0], ": WARNING: ");
    });
  }

  describe("with a client certificate", () => {
    const shown = (): Parameters => ({
      http_ca_file: strict.caFile,
      http_client_certificate: clients.certificate,
    });

    it("that is missing is refused by the server, and tried again", () => {
      const broker = startWithProblem(strict, { http_ca_file: strict.caFile });
      assertSays(waitForLog(broker, "was not accepted"), "the next try is in");
      assert.same([], broker.incidents());
    });

    it("is let in", () => {
      const broker = startWithProblem(strict, { ...shown(), http_client_key: clients.key });
      assertDelivered(broker);
    });

    it("is let in with a key under a password, which is not logged", () => {
      const broker = startWithProblem(strict, {
        ...shown(),
        http_client_key: clients.lockedKey,
        http_client_key_password: clients.password,
        log_level: 3,
      });
      assertDelivered(broker);
      assert.same([], logged(broker, clients.password));
    });

    for (const [name, parameters] of [
      ["a wrong password", { http_client_key_password: "let me in" }],
      // Nobody sits at the broker to be asked for it.
      ["no password", {}],
    ] as readonly (readonly [string, Parameters])[]) {
      it(`names the parameters when the key is under a password and given ${name}`, () => {
        const broker = startWithProblem(strict, {
          ...shown(),
          http_client_key: clients.lockedKey,
          ...parameters,
        });
        assertRefuses(broker, strict, "SSL_CERTPROBLEM", "check http_client_certificate, http_client_key");
        assert.same([], logged(broker, "let me in"));
      });
    }
  });

  describe("uses few connections:", () => {
    /** The requests for several problems, some of them at a time. */
    function requestsFor(to: Sandbox, parameters: Parameters): TlsRequest[] {
      const broker = startWithProblem(to, parameters);
      waitForLog(broker, "PagerDuty accepted the trigger");
      const centreon = createCentreon(3);
      broker.give(centreon.check(DISK, CRITICAL), centreon.check(ROUTER, DOWN));
      waitFor("three alerts", () => broker.incidents().length === 3 || undefined);
      return to.get("/sandbox/requests") as TlsRequest[];
    }

    /** How they came, such as "HTTP/2.0 over TLS", and over how many connections. */
    function waysOf(requests: readonly TlsRequest[]): string[] {
      const [ways, connections]: [string[], number[]] = [[], []];
      for (const { http_version, connection, tls } of requests) {
        const way = `HTTP/${http_version} ${tls ? "over TLS" : "in the clear"}`;
        if (!ways.includes(way)) ways.push(way);
        if (!connections.includes(connection)) connections.push(connection);
      }
      return [...ways, `${connections.length} connections`];
    }

    it("one for all, where the server speaks HTTP/2", () => {
      const requests = requestsFor(sandbox, { http_ca_file: sandbox.caFile });
      assert.same(["HTTP/2.0 over TLS", "1 connections"], waysOf(requests));
    });

    for (const [name, parameters, expected] of [
      ["over TLS", () => ({ http_ca_file: old.caFile }), "HTTP/1.1 over TLS"],
      ["in the clear", () => ({ http_server_url: `${old.url}/v2/enqueue` }), "HTTP/1.1 in the clear"],
    ] as readonly (readonly [string, () => Parameters, string])[]) {
      it(`one that is kept alive, where requests follow each other in HTTP/1.1 ${name}`, () => {
        const requests = requestsFor(old, { ...parameters(), max_parallel_requests: 1 });
        assert.same([expected, "1 connections"], waysOf(requests));
      });
    }
  });
});
