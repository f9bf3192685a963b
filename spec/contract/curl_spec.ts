// What the connector relies on in lua-curl, held against whichever module `require("cURL")` finds: tools/lcurl, or the
// real Lua-cURLv3. The facts were measured on its 0.3.13 with libcurl 7.88; "from its source" marks those that were
// only read there. Real sockets, real TLS: tools/sandbox.
import { encodeJson } from "../support/json";
import { REFUSING_URL } from "../support/ports";
import { readFile } from "../support/process";
import { useSandbox } from "../support/sandbox";

const curl = require("cURL") as CurlModule;

/** Methods of "cURL.safe" return nil and the error where those of "cURL" raise it. */
interface SafeEasy {
  setopt(options: unknown): LuaMultiReturn<[unknown, CurlError | undefined]>;
  perform(): LuaMultiReturn<[unknown, CurlError | undefined]>;
}
interface SafeModule {
  easy(this: void, options?: CurlEasyOptions): SafeEasy;
}

/** What raised errors of libcurl are: Lua 5.1 and LuaJIT get text. */
const RAISED = _VERSION === "Lua 5.1" ? "string" : "userdata";

/** Lua's own, from 5.3 on: "integer" or "float". */
const mathType = (math as unknown as { type?: (this: void, value: unknown) => string }).type;

const EVENT = encodeJson({
  routing_key: "0123456789abcdef0123456789abcdef",
  event_action: "trigger",
  dedup_key: "1_2",
  payload: { summary: "Ärger", source: "host", severity: "critical" },
});

interface SeenRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly http_version: string;
  readonly connection: number;
}

interface Ended {
  readonly easy: CurlEasy;
  readonly succeeded: true | undefined;
  readonly problem: CurlError | undefined;
}

function isFloat(value: number): void {
  assert.equal("number", type(value));
  if (mathType !== undefined) assert.equal("float", mathType(value));
}

function contains(text: unknown, part: string): void {
  assert.is_not_nil(string.find(tostring(text), part, 1, true)[0], `${tostring(text)} lacks ${part}`);
}

/** What `block` raises. */
function raisedBy(block: () => void): unknown {
  const [succeeded, problem] = pcall(block);
  assert.is_false(succeeded, "nothing was raised");
  return problem;
}

/** What libcurl's error is when `block` raises one; checks its form. */
function curlErrorOf(block: () => void, name: string): void {
  const problem = raisedBy(block);
  assert.equal(RAISED, type(problem));
  contains(problem, `[CURL-EASY][${name}]`);
}

function discard(): undefined {
  // Returns nothing, which means that the bytes were taken.
}

/** Seconds since the machine started, to 10 ms. */
function uptime(): number {
  const [seconds] = string.match(readFile("/proc/uptime") ?? "", "^%S+");
  return tonumber(seconds) ?? error("no /proc/uptime");
}

/** Moves the transfers on until none is left; gives them in the order of their ends, and how often it waited. */
function finish(multi: CurlMulti): { ended: Ended[]; waits: number } {
  const ended: Ended[] = [];
  const deadline = uptime() + 20;
  for (let waits = 0; ; waits++) {
    const running = multi.perform();
    isFloat(running);
    for (;;) {
      const [easy, succeeded, problem] = multi.info_read();
      if (easy === 0) break;
      ended.push({ easy, succeeded, problem });
    }
    if (running === 0) return { ended, waits };
    if (uptime() > deadline) error("the transfers do not end");
    multi.wait(1000);
  }
}

describe("lua-curl", () => {
  const sandbox = useSandbox("--rate-limit 0");
  before_each(() => {
    sandbox.remove("/sandbox");
  });

  /** A transfer that posts EVENT to the sandbox, but for what `options` say. */
  function posting(options: CurlEasyOptions = {}): CurlEasy {
    return curl.easy({
      url: `${sandbox.url}/v2/enqueue`,
      post: true,
      postfields: EVENT,
      httpheader: ["Content-Type: application/json", "Expect:"],
      nosignal: true,
      timeout_ms: 10000,
      writefunction: discard,
      ...options,
    });
  }

  function addPostings(multi: CurlMulti, count: number, options: CurlEasyOptions = {}): void {
    for (let added = 0; added < count; added++) multi.add_handle(posting(options));
  }

  function orderFault(kind: string, times = 1): void {
    sandbox.post("/sandbox/faults", { kind, times });
  }

  function seenRequests(): SeenRequest[] {
    return sandbox.get("/sandbox/requests") as SeenRequest[];
  }

  function connectionsSeen(): number {
    return (sandbox.get("/sandbox") as { connections: number }).connections;
  }

  describe("constants", () => {
    it("are numbers with libcurl's values, floats where Lua knows integers", () => {
      const expected = new LuaTable<number, number>();
      expected.set(curl.E_COULDNT_RESOLVE_HOST, 6);
      expected.set(curl.E_COULDNT_CONNECT, 7);
      expected.set(curl.E_OPERATION_TIMEDOUT, 28);
      expected.set(curl.E_GOT_NOTHING, 52);
      expected.set(curl.E_PEER_FAILED_VERIFICATION, 60);
      expected.set(curl.HTTP_VERSION_2TLS, 4);
      expected.set(curl.PROTO_HTTPS, 2);
      expected.set((curl as unknown as { OPT_URL: number }).OPT_URL, 10002);
      for (const [value, number] of expected) assert.equal(number, value);
      isFloat(curl.E_COULDNT_CONNECT);
      isFloat(curl.INFO_RESPONSE_CODE);
    });
  });

  // From its source.
  it("tells the version of libcurl", () => {
    const told = curl as unknown as {
      version(this: void): string;
      version_info(this: void, field: "version"): string;
      version_info(this: void, field: "features"): { readonly HTTP2: boolean };
    };
    contains(told.version(), `libcurl/${told.version_info("version")} `);
    assert.is_true(told.version_info("features").HTTP2);
  });

  describe("options of an easy", () => {
    const samples: CurlEasyOptions = {
      url: "http://127.0.0.1/",
      post: true,
      postfields: "{}",
      httpheader: ["Expect:"],
      useragent: "spec",
      timeout_ms: 1000,
      connecttimeout_ms: 1000,
      nosignal: true,
      writefunction: discard,
      headerfunction: discard,
      proxy: "",
      proxyuserpwd: "user:secret",
      noproxy: "*",
      ssl_verifypeer: true,
      ssl_verifyhost: 2,
      cainfo: "/nowhere/ca.pem",
      capath: "/nowhere",
      sslcert: "/nowhere/client.pem",
      sslkey: "/nowhere/client.key",
      keypasswd: "secret",
      http_version: curl.HTTP_VERSION_2TLS,
      pipewait: true,
      followlocation: false,
      protocols: curl.PROTO_HTTPS,
      accept_encoding: "",
      tcp_keepalive: true,
      maxfilesize: 100000,
    };
    type Setters = Readonly<Record<string, (this: void, easy: CurlEasy, value: unknown) => unknown>>;

    function setByName(easy: CurlEasy, name: string, value: unknown): unknown {
      const setter = (easy as unknown as Setters)[`setopt_${name}`];
      return setter === undefined ? undefined : setter(easy, value);
    }

    it("are set by name or together, and the setter returns the easy, which is a table", () => {
      const easy = curl.easy();
      assert.equal("table", type(easy));
      for (const [name, value] of pairs(samples)) {
        assert.equal(easy, setByName(easy, name, value), name);
      }
      assert.equal(easy, easy.setopt(samples));
      easy.close();
    });

    it("raise a plain string when the value is of a wrong type", () => {
      const easy = curl.easy();
      for (const [name, value] of pairs(samples)) {
        const wrong = type(value) === "number" || type(value) === "boolean" ? "1" : true;
        assert.equal("string", type(raisedBy(() => setByName(easy, name, wrong))), name);
        const together = { [name]: wrong } as unknown as CurlEasyOptions;
        assert.equal("string", type(raisedBy(() => easy.setopt(together))), name);
      }
      easy.close();
    });

    it("raise UNKNOWN_OPTION when there is none of that name", () => {
      const easy = curl.easy();
      const unknown = { no_such_option: 1 } as unknown as CurlEasyOptions;
      curlErrorOf(() => easy.setopt(unknown), "UNKNOWN_OPTION");
      curlErrorOf(() => curl.easy(unknown), "UNKNOWN_OPTION");
      easy.close();
    });
  });

  describe("a transfer", () => {
    it("sends the body byte by byte and the headers of the list, and tells of the answer", () => {
      let answer = "";
      const easy = posting({
        writefunction: (chunk) => {
          answer = `${answer}${chunk}`;
        },
      });
      assert.equal(easy, easy.perform());
      assert.equal(202, easy.getinfo_response_code());
      assert.equal(202, easy.getinfo(curl.INFO_RESPONSE_CODE));
      // From its source: an integer, unlike the numbers of a multi.
      assert.equal("202", tostring(easy.getinfo_response_code()));
      assert.equal(1, easy.getinfo_num_connects());
      assert.equal(`${sandbox.url}/v2/enqueue`, easy.getinfo_effective_url());
      assert.equal("127.0.0.1", easy.getinfo_primary_ip());
      assert.is_true(easy.getinfo_total_time() > 0 && easy.getinfo_total_time() < 10);
      contains(answer, '"status":"success"');
      const [request] = seenRequests();
      assert.equal(EVENT, request?.body);
      assert.equal("application/json", request?.headers["content-type"]);
      assert.is_nil(request?.headers["expect"]);
      easy.close();
    });

    it("sends a body of 400 kB, and one with a zero byte, whole", () => {
      const bodies = [string.rep("x", 400000), "before\0after"];
      const easy = posting();
      for (const postfields of bodies) easy.setopt({ postfields }).perform();
      assert.same(
        bodies,
        seenRequests().map(({ body }) => body),
      );
      easy.close();
    });

    it("keeps its connection for the next one, also over a reset", () => {
      const easy = posting();
      easy.perform();
      easy.setopt_postfields(EVENT).perform();
      assert.equal(0, easy.getinfo_num_connects());
      assert.equal(easy, easy.reset());
      easy.setopt({ url: `${sandbox.url}/v2/enqueue`, postfields: EVENT, writefunction: discard }).perform();
      assert.equal(0, easy.getinfo_num_connects());
      assert.is_nil(string.find(seenRequests()[2]?.headers["content-type"] ?? "", "json", 1, true)[0]);
      assert.equal(1, connectionsSeen());
      easy.close();
    });

    it("reports a redirect and does not follow it", () => {
      orderFault("redirect");
      const easy = posting();
      easy.perform();
      assert.equal(302, easy.getinfo_response_code());
      assert.equal(1, seenRequests().length);
      easy.close();
    });

    it("goes through the proxy unless noproxy names the host", () => {
      const easy = posting({ proxy: REFUSING_URL });
      curlErrorOf(() => easy.perform(), "COULDNT_CONNECT");
      easy.setopt({ noproxy: "127.0.0.1" }).perform();
      assert.equal(202, easy.getinfo_response_code());
      easy.close();
    });

    it("with connect_only ends once it is connected, and sends nothing (from its source: a number option)", () => {
      sandbox.remove("/sandbox");
      const easy = curl.easy({ url: `${sandbox.url}/v2/enqueue`, connect_only: true });
      easy.perform();
      assert.equal(0, math.floor(easy.getinfo_response_code()));
      assert.equal("127.0.0.1", easy.getinfo_primary_ip());
      easy.close();
      assert.same([], sandbox.get("/sandbox/requests"));
    });

    it("fails with the error of what is wrong, exactly in this text", () => {
      const easy = posting({ url: REFUSING_URL });
      const problem = raisedBy(() => easy.perform());
      assert.equal(RAISED, type(problem));
      assert.equal("[CURL-EASY][COULDNT_CONNECT] Couldn't connect to server (7)", tostring(problem));
      assert.equal(0, easy.getinfo_response_code());
      easy.close();
    });

    it("ends when its time is over", () => {
      orderFault("hang");
      const easy = posting({ timeout_ms: 150 });
      curlErrorOf(() => easy.perform(), "OPERATION_TIMEDOUT");
      easy.close();
    });

    it("fails on a wrong protocol and on an answer that is too long", () => {
      const easy = posting({ protocols: curl.PROTO_HTTPS });
      curlErrorOf(() => easy.perform(), "UNSUPPORTED_PROTOCOL");
      easy.setopt({ protocols: curl.PROTO_HTTP, maxfilesize: 10 });
      curlErrorOf(() => easy.perform(), "FILESIZE_EXCEEDED");
      easy.close();
    });

    it("fails with GOT_NOTHING when a fresh connection is closed without an answer", () => {
      orderFault("drop_before");
      const easy = posting();
      curlErrorOf(() => easy.perform(), "GOT_NOTHING");
      assert.equal(1, easy.getinfo_num_connects());
      assert.equal(1, seenRequests().length);
      easy.close();
    });

    it("is repeated in silence by libcurl when a reused connection dies: num_connects tells", () => {
      const easy = posting();
      easy.perform();
      orderFault("drop_before");
      easy.setopt_postfields("sent twice").perform();
      assert.equal(1, easy.getinfo_num_connects());
      assert.same(
        [EVENT, "sent twice", "sent twice"],
        seenRequests().map(({ body }) => body),
      );
      easy.close();
    });
  });

  describe("a callback", () => {
    const outcomes: [string, CurlReceiver, boolean][] = [
      ["nothing", discard, true],
      ["true", () => true, true],
      ["the count", (chunk) => chunk.length, true],
      ["0", () => 0, false],
      ["one byte less", (chunk) => chunk.length - 1, false],
      ["false", () => false, false],
      // Not the same as returning nothing (from its source).
      ["nil", () => undefined, false],
    ];
    for (const [what, receiver, goesOn] of outcomes) {
      it(`that returns ${what} ${goesOn ? "lets the transfer go on" : "ends it with WRITE_ERROR"}`, () => {
        const easy = posting();
        easy.setopt_writefunction(receiver);
        if (goesOn) easy.perform();
        else curlErrorOf(() => easy.perform(), "WRITE_ERROR");
        easy.setopt_writefunction(discard).setopt_headerfunction(receiver);
        if (goesOn) easy.perform();
        else curlErrorOf(() => easy.perform(), "WRITE_ERROR");
        easy.close();
      });
    }

    it("gets the headers line by line", () => {
      let header = "";
      const lines: string[] = [];
      const easy = posting({
        headerfunction: (line) => {
          lines.push(line);
          header = `${header}${line}`;
        },
      });
      easy.perform();
      assert.equal("HTTP/1.1 202 Accepted\r\n", lines[0]);
      assert.equal("\r\n", lines[lines.length - 1]);
      contains(string.lower(header), "\r\ncontent-type: application/json\r\n");
      easy.close();
    });

    it("that raises ends perform with what it raised, and the easy stays usable", () => {
      const thrown = { reason: "spec" };
      const easy = posting({ writefunction: () => error(thrown as unknown as string) });
      assert.equal(
        thrown,
        raisedBy(() => easy.perform()),
      );
      easy.setopt_writefunction(discard).perform();
      assert.equal(202, easy.getinfo_response_code());
      easy.close();
    });

    // From its source.
    it("that raises in a multi ends its own transfer alone, with WRITE_ERROR", () => {
      const multi = curl.multi();
      const broken = posting({ writefunction: () => error("spec") });
      const sound = posting();
      multi.add_handle(broken).add_handle(sound);
      const { ended } = finish(multi);
      assert.equal(2, ended.length);
      for (const { easy, problem } of ended)
        assert.equal(easy === broken ? "WRITE_ERROR" : undefined, problem?.name());
      assert.equal(202, sound.getinfo_response_code());
      multi.remove_handle(broken).remove_handle(sound);
      multi.close();
    });
  });

  describe("close", () => {
    it("may come twice; any use after it raises BAD_FUNCTION_ARGUMENT", () => {
      const easy = posting();
      easy.perform();
      easy.close();
      easy.close();
      curlErrorOf(() => easy.perform(), "BAD_FUNCTION_ARGUMENT");
      curlErrorOf(() => easy.getinfo_response_code(), "BAD_FUNCTION_ARGUMENT");
      curlErrorOf(() => easy.setopt_url(sandbox.url), "BAD_FUNCTION_ARGUMENT");
      curlErrorOf(() => easy.setopt({ httpheader: ["Expect:"] }), "BAD_FUNCTION_ARGUMENT");
    });

    it("of a multi leaves its easies usable, and may come twice", () => {
      const multi = curl.multi();
      const easy = posting();
      multi.add_handle(easy).perform();
      multi.close();
      multi.close();
      easy.perform();
      assert.equal(202, easy.getinfo_response_code());
      easy.close();
    });
  });

  describe("a multi", () => {
    it("gives 0 when no transfer has ended", () => {
      const multi = curl.multi();
      const [none] = multi.info_read();
      assert.equal(0, none);
      isFloat(none as number);
      multi.close();
    });

    it("returns itself from its setters", () => {
      const multi = curl.multi();
      assert.equal(multi, multi.setopt_max_total_connections(8));
      assert.equal(multi, multi.setopt({ maxconnects: 8, max_host_connections: 8 }));
      assert.equal(
        "string",
        type(raisedBy(() => multi.setopt({ maxconnects: "8" } as unknown as CurlMultiOptions))),
      );
      contains(
        raisedBy(() => multi.setopt({ nothing: 1 } as CurlMultiOptions)),
        "[CURL-MULTI][UNKNOWN_OPTION]",
      );
      multi.close();
    });

    it("gives the very object that was added, with true or nil and an error that is userdata on every Lua", () => {
      const multi = curl.multi();
      const good = posting();
      const bad = posting({ url: REFUSING_URL });
      assert.equal(multi, multi.add_handle(good));
      assert.equal(multi, multi.add_handle(bad));
      const results = new LuaTable<CurlEasy, Ended>();
      for (const result of finish(multi).ended) results.set(result.easy, result);
      assert.is_true(results.get(good).succeeded);
      assert.is_nil(results.get(good).problem);
      assert.is_nil(results.get(bad).succeeded);
      const problem = results.get(bad).problem;
      assert.equal("userdata", type(problem));
      assert.equal(curl.E_COULDNT_CONNECT, problem?.no());
      assert.equal("COULDNT_CONNECT", problem?.name());
      assert.equal("Couldn't connect to server", problem?.msg());
      assert.equal("CURL-EASY", problem?.category());
      assert.equal("[CURL-EASY][COULDNT_CONNECT] Couldn't connect to server (7)", tostring(problem));
      assert.equal(multi, multi.remove_handle(good));
      assert.equal(multi, multi.remove_handle(bad));
      multi.close();
    });

    it("lets a removed easy be added again, with a new body and over the same connection", () => {
      const multi = curl.multi();
      const easy = posting();
      for (const postfields of ["first", "second"]) {
        easy.setopt({ postfields });
        multi.add_handle(easy);
        assert.is_true(finish(multi).ended[0]?.succeeded);
        multi.remove_handle(easy);
      }
      assert.equal(0, easy.getinfo_num_connects());
      assert.same(
        ["first", "second"],
        seenRequests().map(({ body }) => body),
      );
      multi.close();
      easy.close();
    });

    // From its source.
    it("refuses an easy that is already in it, without raising", () => {
      const multi = curl.multi();
      const easy = posting();
      multi.add_handle(easy);
      const [added, problem] = (
        multi as unknown as { add_handle(easy: CurlEasy): LuaMultiReturn<[unknown, CurlError?]> }
      ).add_handle(easy);
      assert.is_nil(added);
      assert.equal("ADDED_ALREADY", problem?.name());
      assert.equal("CURL-MULTI", problem?.category());
      assert.equal(1, finish(multi).ended.length);
      multi.close();
    });

    it("runs transfers side by side, and waits while there is nothing to do", () => {
      sandbox.put("/sandbox/latency", { seconds: 0.3 });
      const multi = curl.multi();
      addPostings(multi, 6);
      const { ended, waits } = finish(multi);
      assert.equal(6, ended.length);
      // One after the other, they would share one.
      assert.equal(6, connectionsSeen());
      assert.is_true(waits < 100, `waited ${waits} times`);
      multi.close();
    });

    it("opens no more connections than it may", () => {
      sandbox.put("/sandbox/latency", { seconds: 0.05 });
      const multi = curl.multi();
      multi.setopt_max_total_connections(2);
      addPostings(multi, 6);
      for (const { succeeded } of finish(multi).ended) assert.is_true(succeeded);
      assert.equal(6, seenRequests().length);
      assert.equal(2, connectionsSeen());
      multi.close();
    });

    it("ends a transfer whose time is over, and leaves the others alone", () => {
      orderFault("hang");
      const multi = curl.multi();
      const hanging = posting({ timeout_ms: 200 });
      multi.add_handle(hanging);
      const { ended, waits } = finish(multi);
      assert.equal(hanging, ended[0]?.easy);
      assert.equal(curl.E_OPERATION_TIMEDOUT, ended[0]?.problem?.no());
      assert.is_true(waits < 100, `waited ${waits} times`);
      multi.remove_handle(hanging);
      const next = posting();
      multi.add_handle(next);
      assert.is_true(finish(multi).ended[0]?.succeeded);
      multi.close();
    });

    it("gives up a transfer that is removed under way", () => {
      orderFault("hang");
      const multi = curl.multi();
      const easy = posting();
      multi.add_handle(easy);
      assert.equal(1, multi.perform());
      assert.equal(multi, multi.remove_handle(easy));
      assert.equal(0, multi.perform());
      assert.equal(0, multi.info_read()[0]);
      multi.close();
      easy.close();
    });

    it("keeps its easies alive, and everything may be abandoned under way", () => {
      const multi = curl.multi();
      addPostings(multi, 3);
      collectgarbage();
      assert.equal(3, finish(multi).ended.length);
      multi.close();

      orderFault("hang", 0);
      for (let round = 0; round < 5; round++) {
        const abandoned = curl.multi();
        addPostings(abandoned, 3);
        abandoned.perform();
      }
      collectgarbage();
      collectgarbage();
      sandbox.remove("/sandbox");
      const easy = posting();
      easy.perform();
      assert.equal(202, easy.getinfo_response_code());
      easy.close();
    });
  });

  describe("TLS", () => {
    function overTls(): CurlEasyOptions {
      return { url: `${sandbox.tlsUrl}/v2/enqueue`, cainfo: sandbox.caFile };
    }

    it("is verified: the test's CA is unknown", () => {
      const easy = posting({ url: `${sandbox.tlsUrl}/v2/enqueue` });
      const problem = raisedBy(() => easy.perform());
      contains(problem, "[CURL-EASY][PEER_FAILED_VERIFICATION]");
      contains(problem, "(60)");
      assert.equal(0, seenRequests().length);
      easy.close();
    });

    it("works with the CA's file, or unverified, which is what false means", () => {
      const verified = posting(overTls());
      verified.perform();
      assert.equal(202, verified.getinfo_response_code());
      verified.close();
      const unverified = posting({
        url: `${sandbox.tlsUrl}/v2/enqueue`,
        ssl_verifypeer: false,
        ssl_verifyhost: 0,
      });
      unverified.perform();
      assert.equal(202, unverified.getinfo_response_code());
      unverified.close();
    });

    it("fails with SSL_CACERT_BADFILE when the CA's file cannot be read", () => {
      const easy = posting({ ...overTls(), cainfo: "/nowhere/ca.pem" });
      curlErrorOf(() => easy.perform(), "SSL_CACERT_BADFILE");
      easy.close();
    });

    it("carries HTTP/2 on request, and several transfers on one connection", () => {
      const multi = curl.multi();
      addPostings(multi, 4, { ...overTls(), http_version: curl.HTTP_VERSION_2TLS, pipewait: true });
      for (const { succeeded } of finish(multi).ended) assert.is_true(succeeded);
      assert.same(
        ["2.0", "2.0", "2.0", "2.0"],
        seenRequests().map(({ http_version }) => http_version),
      );
      assert.equal(1, connectionsSeen());
      multi.close();
    });

    it("leaves plain HTTP at 1.1 when HTTP/2 is asked for TLS", () => {
      const easy = posting({ http_version: curl.HTTP_VERSION_2TLS });
      easy.perform();
      assert.equal("1.1", seenRequests()[0]?.http_version);
      easy.close();
    });
  });

  describe("cURL.safe", () => {
    it("returns nil and the error, as userdata on every Lua", () => {
      const safe = require("cURL.safe") as SafeModule;
      const easy = safe.easy({ url: REFUSING_URL });
      const [performed, problem] = easy.perform();
      assert.is_nil(performed);
      assert.equal("userdata", type(problem));
      assert.equal("COULDNT_CONNECT", problem?.name());
      const [set, unknown] = easy.setopt({ no_such_option: 1 });
      assert.is_nil(set);
      assert.equal("UNKNOWN_OPTION", unknown?.name());
    });
  });
});
