// pagerduty/answer: what each answer, and each failure to get one, means for the event that was sent.
import { type HttpOutcome, judge } from "../../src/pagerduty/answer";

type Failure = HttpOutcome & { readonly kind: "failed" };

function answered(status: number, body = "", openedConnection = false, retryAfter?: string): HttpOutcome {
  return { kind: "answered", status, body, retryAfter, openedConnection };
}

function failed(some: Partial<Failure>): Failure {
  return {
    kind: "failed",
    reason: "libcurl's words",
    errorNumber: 0,
    proxyStatus: 0,
    mayHaveArrived: false,
    ...some,
  };
}

/** A verdict in short: its kind, and whether the event may have been accepted nevertheless. */
function verdictOn(outcome: HttpOutcome): string {
  const verdict = judge(outcome);
  const isUnsure = "mayHaveBeenAccepted" in verdict && verdict.mayHaveBeenAccepted;
  return isUnsure ? `${verdict.kind}, maybe accepted` : verdict.kind;
}

function reasonOf(outcome: HttpOutcome): string {
  const verdict = judge(outcome);
  return "reason" in verdict ? verdict.reason : error("accepted");
}

describe("an answer's status", () => {
  // libcurl silently repeats a request whose reused connection died, on a new one: the 408 or 429 that is seen there
  // may be the second answer, and the first request may have been accepted.
  const meanings: [from: number, to: number, onReusedConnection: string, onNewConnection: string][] = [
    [100, 201, "try later, maybe accepted", "try later, maybe accepted"],
    [202, 202, "accepted", "accepted"],
    [203, 299, "try later, maybe accepted", "try later, maybe accepted"],
    [300, 399, "misconfigured", "misconfigured"],
    [400, 400, "refused", "refused"],
    [401, 405, "misconfigured", "misconfigured"],
    [406, 406, "try later", "try later"],
    [407, 407, "misconfigured", "misconfigured"],
    [408, 408, "try later", "try later, maybe accepted"],
    [409, 412, "try later", "try later"],
    [413, 414, "refused", "refused"],
    [415, 421, "try later", "try later"],
    [422, 422, "refused", "refused"],
    [423, 428, "try later", "try later"],
    [429, 429, "try later", "try later, maybe accepted"],
    [430, 430, "try later", "try later"],
    [431, 431, "refused", "refused"],
    [432, 499, "try later", "try later"],
    [500, 599, "try later, maybe accepted", "try later, maybe accepted"],
  ];
  for (const [from, to, onReusedConnection, onNewConnection] of meanings) {
    const range = from === to ? `${from}` : `${from} to ${to}`;
    it(`${range} means: ${onReusedConnection}; on a new connection: ${onNewConnection}`, () => {
      for (const status of $range(from, to)) {
        assert.equal(onReusedConnection, verdictOn(answered(status)), `HTTP ${status}`);
        assert.equal(onNewConnection, verdictOn(answered(status, "", true)), `HTTP ${status}`);
      }
    });
  }

  it("may be the fault of an event that meets it again and again, unless it asks to wait", () => {
    const faults: [status: number, mayBeEventsFault: boolean][] = [
      [200, false],
      [408, false],
      [409, true],
      [429, false],
      [451, true],
      [500, true],
      [503, true],
      [599, true],
    ];
    for (const [status, mayBeEventsFault] of faults) {
      const verdict = judge(answered(status));
      assert.equal(
        mayBeEventsFault,
        verdict.kind === "try later" && verdict.mayBeEventsFault,
        `HTTP ${status}`,
      );
    }
  });
});

describe("a configuration that cannot work", () => {
  const remedies: [status: number, body: string, remedy: string][] = [
    [301, "", "it is a redirect: check http_server_url, which must be the address that answers itself"],
    [401, "", "check pdy_routing_key against the Integration Key that PagerDuty shows"],
    [402, "", "check the PagerDuty account (or the proxy): it asks for payment"],
    [403, "", "check pdy_routing_key against the Integration Key that PagerDuty shows"],
    [
      404,
      "",
      "check http_server_url, and check pdy_routing_key against the Integration Key that PagerDuty shows",
    ],
    [
      400,
      `{"message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}`,
      "check pdy_routing_key against the Integration Key that PagerDuty shows",
    ],
    [
      400,
      `{"message":"Invalid Routing Key"}`,
      "check pdy_routing_key against the Integration Key that PagerDuty shows",
    ],
    [407, "", "check the user and password in http_proxy_string, or in proxy_username and proxy_password"],
  ];
  for (const [status, body, remedy] of remedies) {
    it(`shows as HTTP ${status} ${body}: ${remedy}`, () => {
      const verdict = judge(answered(status, body));
      assert.equal(remedy, verdict.kind === "misconfigured" && verdict.remedy);
    });
  }

  it("is not every 400: one that speaks of the event refuses the event", () => {
    const body = `{"message":"Event object is invalid","errors":["'payload.severity' is missing or blank"]}`;
    assert.equal("refused", verdictOn(answered(400, body)));
  });
});

describe("no answer", () => {
  const failures: [what: string, failure: Partial<Failure>, verdict: string, remedy?: string][] = [
    ["nothing can have left", { errorNumber: 7, mayHaveArrived: false }, "try later"],
    ["something may have left", { errorNumber: 28, mayHaveArrived: true }, "try later, maybe accepted"],
    ["the request could not be started", { errorNumber: 0 }, "try later"],
    [
      "the address has a scheme that libcurl does not know",
      { errorNumber: 1 },
      "misconfigured",
      "http_server_url",
    ],
    ["the address is none", { errorNumber: 3 }, "misconfigured", "http_server_url"],
    [
      "the client certificate cannot be used",
      { errorNumber: 58 },
      "misconfigured",
      "http_client_certificate",
    ],
    ["the server's certificate is not trusted", { errorNumber: 60 }, "misconfigured", "http_ca_file"],
    ["the file of authorities cannot be read", { errorNumber: 77 }, "misconfigured", "http_ca_file"],
    ["the proxy asks for a password", { proxyStatus: 407 }, "misconfigured", "proxy_password"],
    ["the proxy does not let us through", { proxyStatus: 403 }, "misconfigured", "http_server_url"],
    ["the proxy redirects", { proxyStatus: 302 }, "misconfigured", "http_proxy_string"],
    ["the proxy is busy", { proxyStatus: 429 }, "try later"],
    ["the proxy does not reach PagerDuty", { proxyStatus: 502 }, "try later"],
    [
      "the connection through the proxy is lost",
      { proxyStatus: 200, mayHaveArrived: true },
      "try later, maybe accepted",
    ],
  ];
  for (const [what, failure, expected, remedy] of failures) {
    it(`because ${what} means: ${expected}${remedy === undefined ? "" : `, check ${remedy}`}`, () => {
      const verdict = judge(failed(failure));
      assert.equal(expected, verdictOn(failed(failure)));
      const words = verdict.kind === "misconfigured" ? verdict.remedy : "";
      assert.is_not_nil(string.find(words, remedy ?? "", 1, true)[0], words);
      assert.is_false(verdict.kind === "try later" && verdict.mayBeEventsFault);
    });
  }

  it("is told in libcurl's words, or by what the proxy answered", () => {
    assert.equal("libcurl's words", reasonOf(failed({})));
    assert.equal("the proxy answered HTTP 502 to CONNECT", reasonOf(failed({ proxyStatus: 502 })));
  });
});

describe("PagerDuty's words", () => {
  const bodies: [what: string, body: string, reason: string][] = [
    [
      "message and errors",
      `{"status":"invalid event","message":"Event object is invalid","errors":["'a' is wrong","'b' is missing"]}`,
      "HTTP 400: Event object is invalid: 'a' is wrong; 'b' is missing",
    ],
    [
      "one error that is no list",
      `{"message":"invalid","errors":"'a' is wrong"}`,
      "HTTP 400: invalid: 'a' is wrong",
    ],
    ["a message without errors", `{"status":"x","message":"not now"}`, "HTTP 400: not now"],
    ["an empty list of errors", `{"message":"invalid","errors":[]}`, "HTTP 400: invalid"],
    ["errors without a message", `{"errors":["one","two"]}`, "HTTP 400: one; two"],
    ["an error instead of a message", `{"error":"rate limited"}`, "HTTP 400: rate limited"],
    ["a status only", `{"status":"throttle exceeded"}`, "HTTP 400: throttle exceeded"],
    ["an object in the place of a text", `{"error":{"code":2001}}`, `HTTP 400: {"error":{"code":2001}}`],
    ["errors that are no texts", `{"errors":[{"a":1},7,null]}`, `HTTP 400: {"errors":[{"a":1},7,null]}`],
    ["an object that says nothing we know", `{"detail":"go away"}`, `HTTP 400: {"detail":"go away"}`],
    ["JSON that is no object", `["no"]`, `HTTP 400: ["no"]`],
    ["a text that is no JSON", "<html>Bad Request</html>", "HTTP 400: <html>Bad Request</html>"],
    ["nothing", "", "HTTP 400"],
  ];
  for (const [what, body, reason] of bodies) {
    it(`are found in ${what}: ${reason}`, () => {
      assert.equal(reason, reasonOf(answered(400, body)));
    });
  }

  it("are cut short, whatever their form", () => {
    const long = string.rep("x", 1000000);
    for (const body of [
      long,
      `{"message":"${long}"}`,
      `{"errors":["${long}","${long}"]}`,
      string.rep("[", 1000000),
    ]) {
      assert.is_true(reasonOf(answered(400, body)).length <= 520);
    }
  });
});

describe("Retry-After", () => {
  const headers: [header: string | undefined, seconds: number | undefined][] = [
    ["120", 120],
    [" 5 ", 5],
    ["0", 0],
    ["Wed, 21 Oct 2026 07:28:00 GMT", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["", undefined],
    [undefined, undefined],
  ];
  for (const [header, seconds] of headers) {
    it(`"${header ?? "(absent)"}" asks to wait ${seconds ?? "no known number of"} seconds`, () => {
      for (const status of [429, 503]) {
        const verdict = judge(answered(status, "", false, header));
        assert.equal(seconds, verdict.kind === "try later" ? verdict.retryAfter : "not to be tried later");
      }
    });
  }
});
