// The transport over real sockets, TLS included: what each way a request can end is reported as, and that nothing is
// left behind. What the outcomes mean for an alert is the dispatcher's.
import {
  type FetchingTransport,
  type GetOutcome,
  type TransportSettings,
  createTransport,
} from "../../src/delivery/transport";
import type { HttpOutcome } from "../../src/pagerduty/answer";
import { decodeJson, encodeJson } from "../support/json";
import { makeClientCertificates } from "../support/certificates";
import { REFUSING_URL, startSilentServer } from "../support/ports";
import { outputOf, readFile } from "../support/process";
import { startSandbox, useSandbox } from "../support/sandbox";
import { startWebServer } from "../support/web_server";

const curl = require("cURL") as CurlModule;

/** The events, told apart by their keys. */
type Post = FetchingTransport<string>;

function eventOf(key: string): string {
  return encodeJson({
    routing_key: "0123456789abcdef0123456789abcdef",
    event_action: "trigger",
    dedup_key: key,
    payload: { summary: "Ärger", source: "db-02", severity: "critical" },
  });
}

function open(settings: Partial<TransportSettings> & { readonly url: string }): Post {
  return createTransport(curl, {
    proxy: { url: "", credentials: "" },
    noProxy: "",
    timeout: 10,
    connectTimeout: 5,
    caFile: "",
    caPath: "",
    clientCertificate: "",
    clientKey: "",
    clientKeyPassword: "",
    verifiesCertificate: true,
    maximumParallel: 8,
    ...settings,
  });
}

/** Moves the transfers on until `isDone`; gives the outcomes so far by their tokens. */
function moveUntil(transport: Post, isDone: (ended: number) => boolean): LuaTable<string, HttpOutcome> {
  const outcomes = new LuaTable<string, HttpOutcome>();
  let ended = 0;
  const end = os.time() + 30;
  while (!isDone(ended)) {
    if (os.time() > end) error("the transfers do not end");
    for (const { token, outcome } of transport.poll()) {
      outcomes.set(token, outcome);
      ended = ended + 1;
    }
    transport.wait(50);
  }
  return outcomes;
}

function finishAll(transport: Post): LuaTable<string, HttpOutcome> {
  const outcomes = moveUntil(transport, () => transport.running() === 0);
  for (const { token, outcome } of transport.poll()) outcomes.set(token, outcome);
  return outcomes;
}

/** Posts one event. */
function post(transport: Post, key = "1_2"): HttpOutcome {
  transport.start(key, eventOf(key));
  return finishAll(transport).get(key);
}

/** An outcome in short: "202", "failed, nothing sent". */
function inShort(outcome: HttpOutcome): string {
  if (outcome.kind === "answered") return string.format("%d", outcome.status);
  return outcome.mayHaveArrived ? "failed, may have arrived" : "failed, nothing sent";
}

describe("the transport", () => {
  const sandbox = useSandbox("--rate-limit 0");
  before_each(() => {
    sandbox.remove("/sandbox");
  });

  const plain = (settings: Partial<TransportSettings> = {}): Post =>
    open({ url: `${sandbox.url}/v2/enqueue`, ...settings });
  const secure = (settings: Partial<TransportSettings> = {}): Post =>
    open({ url: `${sandbox.tlsUrl}/v2/enqueue`, caFile: sandbox.caFile, ...settings });

  const order = (fault: object): void => {
    sandbox.post("/sandbox/faults", fault);
  };
  interface SeenRequest {
    readonly body: string;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly http_version: string;
  }
  const seen = (): SeenRequest[] => sandbox.get("/sandbox/requests") as SeenRequest[];
  const connections = (): number => (sandbox.get("/sandbox") as { connections: number }).connections;

  it("posts the body as it is, as JSON, and gives PagerDuty's answer to it", () => {
    const transport = plain();
    for (const key of ["1_2", "1_3"]) {
      const outcome = post(transport, key);
      assert.equal("202", inShort(outcome));
      const { dedup_key } = decodeJson(outcome.kind === "answered" ? outcome.body : "{}") as {
        dedup_key: string;
      };
      assert.equal(key, dedup_key);
    }
    const [request] = seen();
    assert.equal(eventOf("1_2"), request?.body);
    assert.equal("application/json", request?.headers["content-type"]);
  });

  it("does not ask for leave before it sends a long body", () => {
    const transport = plain();
    // From 1 MB on libcurl would; older ones from 1 kB on.
    transport.start("long", `${eventOf("1_2")}${string.rep(" ", 1100000)}`);
    assert.equal("400", inShort(finishAll(transport).get("long")));
    assert.is_nil(seen()[0]?.headers["expect"]);
  });

  describe("reports", () => {
    type Row = [what: string, fault: object, outcome: string, timeout?: number];
    const rows: Row[] = [
      ["503", { kind: "status" }, "503"],
      ["400", { kind: "status", status: 400 }, "400"],
      ["a redirect, without following it", { kind: "redirect" }, "302"],
      ["an answer that is no JSON", { kind: "garbage" }, "200"],
      ["500 though the event was taken", { kind: "accept_then_status" }, "500"],
      ["a late answer", { kind: "delay", seconds: 0.3 }, "202"],
      ["a slow one", { kind: "slow_body", seconds: 0.3 }, "202"],
      ["one that is too slow", { kind: "slow_body", seconds: 20 }, "failed, may have arrived", 2],
      ["none", { kind: "hang" }, "failed, may have arrived", 2],
      ["a connection closed before the event was taken", { kind: "drop_before" }, "failed, may have arrived"],
      ["a connection closed after it was taken", { kind: "drop_after" }, "failed, may have arrived"],
      ["a connection that is reset", { kind: "reset_before" }, "failed, may have arrived"],
    ];
    for (const [protocol, connect] of [
      ["plain", plain],
      ["TLS and HTTP/2", secure],
    ] as const) {
      for (const [what, fault, outcome, timeout = 10] of rows) {
        it(`${what}: ${outcome} (${protocol})`, () => {
          order(fault);
          const transport = connect({ timeout });
          assert.equal(outcome, inShort(post(transport, "1_2")));
          // It is good for the next one.
          assert.equal("202", inShort(post(transport, "1_3")));
        });
      }
    }

    it("the Retry-After of an answer, and none of the one before", () => {
      order({ kind: "status", status: 429, headers: { "Retry-After": "17" } });
      const transport = plain();
      const asked = post(transport);
      const accepted = post(transport);
      assert.equal("17", asked.kind === "answered" && asked.retryAfter);
      assert.is_nil(accepted.kind === "answered" ? accepted.retryAfter : "failed");
    });

    it("a body that never ends, as soon as it is longer than any answer", () => {
      order({ kind: "endless" });
      const outcome = post(plain({ timeout: 30 }));
      assert.equal("failed, may have arrived", inShort(outcome));
      // libcurl's WRITE_ERROR: we took no more.
      assert.equal(23, outcome.kind === "failed" && outcome.errorNumber);
    });

    it("a refusal whose body never ends by its status", () => {
      order({ kind: "endless", status: 400 });
      assert.equal("400", inShort(post(plain({ timeout: 30 }))));
    });

    it("a port where nobody listens: nothing sent", () => {
      const outcome = post(open({ url: `${REFUSING_URL}/v2/enqueue` }));
      assert.equal("failed, nothing sent", inShort(outcome));
    });

    it("a name that no host has: nothing sent", () => {
      // No resolver is asked for an empty label.
      assert.equal("failed, nothing sent", inShort(post(open({ url: "http://no..host/v2/enqueue" }))));
    });
  });

  describe("over TLS", () => {
    it("speaks HTTP/2 with a server whose certificate the file vouches for", () => {
      assert.equal("202", inShort(post(secure())));
      assert.equal("2.0", seen()[0]?.http_version);
    });

    it("sends nothing to a server that nobody vouches for", () => {
      assert.equal("failed, nothing sent", inShort(post(secure({ caFile: "" }))));
      assert.same([], seen());
    });

    it("sends nothing when the file of authorities cannot be read", () => {
      assert.equal("failed, nothing sent", inShort(post(secure({ caFile: "/nowhere/ca.pem" }))));
      assert.same([], seen());
    });

    it("sends to anybody when told so", () => {
      assert.equal("202", inShort(post(secure({ caFile: "", verifiesCertificate: false }))));
    });

    it("puts many requests on one connection", () => {
      const transport = secure({ maximumParallel: 20 });
      for (const number of $range(1, 20)) transport.start(`1_${number}`, eventOf(`1_${number}`));
      for (const [, outcome] of finishAll(transport)) assert.equal("202", inShort(outcome));
      assert.equal(20, seen().length);
      assert.equal(1, connections());
    });
  });

  describe("keeps its connections", () => {
    it("for requests to other addresses of the server, which do not change where the next ones go", () => {
      const transport = plain();
      const change = '{"routing_key":"0123456789abcdef0123456789abcdef","payload":{"summary":"upgrade"}}';
      for (const number of $range(1, 2)) {
        assert.equal("202", inShort(post(transport, `1_${number}`)));
        transport.start("change", change, `${sandbox.url}/v2/change/enqueue`);
        assert.equal("202", inShort(finishAll(transport).get("change")));
      }
      assert.equal(2, (sandbox.get("/sandbox/changes") as unknown[]).length);
      assert.equal(2, (sandbox.get("/sandbox/alerts") as unknown[]).length);
      assert.equal(1, connections());
    });

    it("for requests that follow one another", () => {
      const transport = plain();
      const opened: boolean[] = [];
      for (const number of $range(1, 5)) {
        const outcome = post(transport, `1_${number}`);
        opened.push(outcome.kind === "answered" && outcome.openedConnection);
      }
      assert.same([true, false, false, false, false], opened);
      assert.equal(1, connections());
    });

    it("for requests that run together, each on its own", () => {
      order({ kind: "hang", times: 8 });
      const transport = plain();
      for (const number of $range(1, 8)) transport.start(`1_${number}`, eventOf(`1_${number}`));
      // They are all there before the first one ends.
      moveUntil(transport, () => seen().length === 8);
      assert.equal(8, transport.running());
      sandbox.remove("/sandbox/faults");
      finishAll(transport);
      for (const round of $range(1, 3)) {
        for (const number of $range(1, 8)) transport.start(`1_${number}`, eventOf(`1_${number}_${round}`));
        for (const [, outcome] of finishAll(transport)) assert.equal("202", inShort(outcome));
      }
      assert.is_true(connections() <= 16, `${connections()} connections`);
    });
  });

  describe("on a connection that was used before and dies under a request", () => {
    it("tells that libcurl opened another: the answer may be that to its second try", () => {
      const transport = plain();
      post(transport, "1_1");
      order({ kind: "drop_after" });
      const outcome = post(transport, "1_2");
      assert.equal("202", inShort(outcome));
      assert.is_true(outcome.kind === "answered" && outcome.openedConnection);
      // PagerDuty saw it twice.
      assert.equal(3, seen().length);
    });

    it("does not take the second try's failure for the whole truth", () => {
      const own = startSandbox("--rate-limit 0");
      const transport = open({ url: `${own.url}/v2/enqueue` });
      post(transport, "1_1");
      own.post("/sandbox/faults", { kind: "hang" });
      transport.start("1_2", eventOf("1_2"));
      moveUntil(transport, () => (own.get("/sandbox/requests") as unknown[]).length === 2);
      own.stop();
      const outcome = finishAll(transport).get("1_2");
      // Not connected: certain, had it been the first try.
      assert.equal(7, outcome.kind === "failed" && outcome.errorNumber);
      assert.equal("failed, may have arrived", inShort(outcome));
    });
  });

  describe("reads a page of the REST API", () => {
    const HEADERS = ["Authorization: Token token=secret", "Accept: application/vnd.pagerduty+json;version=2"];

    const get = (transport: Post, url: string, headers = HEADERS): GetOutcome => {
      let result: GetOutcome | undefined;
      transport.get(url, headers, (outcome) => (result = outcome));
      moveUntil(transport, () => result !== undefined);
      return result ?? error("no outcome");
    };
    const statusOf = (outcome: GetOutcome): number | string =>
      outcome.kind === "answered" ? outcome.status : outcome.reason;
    const url = (path: string): string => `${sandbox.tlsUrl}${path}`;

    it("with its headers, over a connection that stays, and gives all of the answer", () => {
      const transport = secure();
      post(transport);
      sandbox.put("/sandbox/rest", { padding_bytes: 3000000 });
      for (const _ of $range(1, 3)) {
        const outcome = get(transport, url("/services?limit=100"));
        const body = outcome.kind === "answered" ? outcome.body : "";
        const { padding, services } = decodeJson(body) as { padding: string; services: unknown[] };
        assert.same([3000000, 1], [padding.length, services.length]);
      }
      assert.equal("202", inShort(post(transport, "1_3")));
      assert.is_true(connections() <= 2, `${connections()} connections`);
    });

    it("while events are posted, which is neither held up nor counted by it", () => {
      const transport = secure();
      order({ kind: "hang", match: { api: "rest" } });
      transport.get(url("/services"), HEADERS, () => undefined);
      assert.equal(0, transport.running());
      for (const number of $range(1, 20)) assert.equal("202", inShort(post(transport, `1_${number}`)));
    });

    it("and tells of any status, and when it may be asked again", () => {
      const transport = secure();
      assert.equal(401, statusOf(get(transport, url("/services"), ["Accept: text/plain"])));
      sandbox.put("/sandbox/rest", { rate_limit: 1 });
      assert.equal(200, statusOf(get(transport, url("/services"))));
      const throttled = get(transport, url("/services"));
      assert.equal(429, statusOf(throttled));
      const { retryAfter } = throttled as { readonly retryAfter?: number };
      assert.is_true(retryAfter !== undefined && retryAfter > 0 && retryAfter <= 60, `${retryAfter}`);
    });

    it("but none that is larger than anybody needs", () => {
      sandbox.put("/sandbox/rest", { padding_bytes: 9000000 });
      assert.equal("its answer has more than 8388608 bytes", statusOf(get(secure(), url("/services"))));
    });

    it("and says why it cannot, without the address", () => {
      const refused = statusOf(get(plain(), `${REFUSING_URL}/secret`));
      assert.equal("Couldn't connect to server (COULDNT_CONNECT)", refused);
      const untrusted = tostring(statusOf(get(secure({ caFile: "" }), url("/secret"))));
      assert.is_nil(string.find(untrusted, "secret", 1, true)[0]);
    });
  });

  describe("tells another server something", () => {
    const send = (path: string, transport = plain()): { answer: number | string; body: string } => {
      let result: { answer: number | string; body: string } | undefined;
      const request = { method: "GET", url: `${sandbox.url}${path}`, headers: [], body: "" } as const;
      transport.send(request, (answer, body) => (result = { answer, body }));
      moveUntil(transport, () => result !== undefined);
      return result ?? error("no outcome");
    };

    it("and gives the status and what it says, each time that of this answer", () => {
      const transport = plain();
      for (const _ of $range(1, 2)) {
        const { answer, body } = send("/centreon/api/latest/platform/versions", transport);
        assert.equal(200, answer);
        const { web } = decodeJson(body) as { readonly web: { readonly version: string } };
        assert.equal("24.10.1", web.version);
      }
    });

    it("and takes no more of an endless answer than anybody needs", () => {
      order({ kind: "endless", status: 403, match: { api: "centreon" } });
      const { answer, body } = send("/centreon/api/latest/platform/versions");
      assert.equal(403, answer);
      assert.is_true(body.length > 0 && body.length <= 65536, `${body.length} bytes`);
    });
  });

  describe("fetches an address of another server", () => {
    /** What became of it: "fetched", or what went wrong. */
    const fetch = (transport: Post, url: string): string => {
      let result: string | undefined;
      transport.fetch(url, (problem) => (result = problem ?? "fetched"));
      moveUntil(transport, () => result !== undefined);
      return result ?? "";
    };

    it("with a GET, whatever was posted before, and tells a 2xx from all else", () => {
      const server = startWebServer();
      const transport = plain();
      post(transport);
      const results: string[] = [];
      for (const status of [200, 204, 302, 404, 503, 200]) {
        server.answer(status);
        results.push(fetch(transport, `${server.url}/ping?a=b`));
      }
      assert.same(["fetched", "fetched", "HTTP 302", "HTTP 404", "HTTP 503", "fetched"], results);
      const requests = server.requests();
      server.stop();
      assert.equal(6, requests.length);
      for (const request of requests) assert.equal('GET /ping?a=b (body: "", client: none)', request);
      assert.equal("202", inShort(post(transport, "1_3")));
    });

    it("without the client certificate: that is for PagerDuty's way", () => {
      const certificates = makeClientCertificates();
      const server = startWebServer(certificates);
      const transport = open({
        url: server.url,
        verifiesCertificate: false,
        clientCertificate: certificates.certificate,
        clientKey: certificates.key,
      });
      assert.equal("fetched", fetch(transport, `${server.url}/ping`));
      assert.equal("200", inShort(post(transport)));
      const requests = server.requests();
      server.stop();
      certificates.remove();
      assert.equal('GET /ping (body: "", client: none)', requests[0]);
      assert.is_not_nil(string.find(requests[1] ?? "", "client: connector", 1, true)[0]);
    });

    it("only if the same authorities vouch for it", () => {
      // The sandbox has no such page: it was asked.
      assert.equal("HTTP 404", fetch(secure(), `${sandbox.tlsUrl}/ping`));
      const problem = fetch(secure({ caFile: "" }), `${sandbox.tlsUrl}/ping`);
      assert.is_not_nil(string.find(problem, "PEER_FAILED_VERIFICATION", 1, true)[0], problem);
    });

    it("and says why it cannot, in libcurl's words without the path", () => {
      const problem = fetch(plain(), `${REFUSING_URL}/secret`);
      assert.is_not_nil(string.find(problem, "COULDNT_CONNECT", 1, true)[0], problem);
      assert.is_nil(string.find(problem, "secret", 1, true)[0], problem);
    });

    it("without taking an event's place, however long it takes", () => {
      const silent = startSilentServer();
      const transport = plain({ maximumParallel: 1, timeout: 2 });
      let result = "";
      transport.fetch(`http://127.0.0.1:${silent.port}/ping`, (problem) => (result = problem ?? "fetched"));
      assert.equal(0, transport.running());
      assert.equal("202", inShort(post(transport)));
      assert.equal("", result);
      moveUntil(transport, () => result !== "");
      silent.stop();
      assert.is_not_nil(string.find(result, "OPERATION_TIMEDOUT", 1, true)[0], result);
    });
  });

  it("leaves nothing behind over 300 requests that end in every way", () => {
    const [processId] = string.match(readFile("/proc/self/stat") ?? "", "^%d+");
    const openFiles = (): number => Number(outputOf(`ls /proc/${processId ?? "self"}/fd | wc -l`));
    const kilobytes = (): number => {
      // Userdata with a finaliser is freed by the collection after the one that finalised it.
      for (const _ of $range(1, 2)) collectgarbage("collect");
      return collectgarbage("count");
    };
    const transport = plain();
    const burst = (): void => {
      for (const kind of [
        "status",
        "drop_before",
        "drop_after",
        "reset_before",
        "garbage",
        "accept_then_status",
      ])
        order({ kind, times: 3 });
      for (const number of $range(1, 30)) {
        transport.start(`1_${number}`, eventOf(`1_${number}`));
        if (number % 8 === 0) finishAll(transport);
      }
      finishAll(transport);
      sandbox.remove("/sandbox");
    };
    burst();
    const [filesBefore, memoryBefore] = [openFiles(), kilobytes()];
    for (const _ of $range(1, 10)) burst();
    const files = openFiles() - filesBefore;
    const memory = kilobytes() - memoryBefore;
    // As many connections as may be open, more or less.
    assert.is_true(files <= 8, `${files} files more`);
    assert.is_true(memory < 100, `${memory} kB more`);
    assert.equal(0, transport.running());
  });
});
