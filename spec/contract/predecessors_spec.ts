// The defects of the two connectors that our users come from, each proved absent, in the order and by the numbers of
// their list (contracts/predecessors.md). Not here: 18 and 19 (lists, thresholds, the prefix of keys), which are
// matters of settings and have their specs there.
import type { Line } from "../support/brokerhost";
import {
  type Centreon,
  CRITICAL,
  DISK,
  DOWN,
  LOAD,
  OK,
  ROUTER,
  UNREACHABLE,
  UP,
  WEB,
  createCentreon,
} from "../support/events";
import { requestsOf } from "../support/incidents";
import { decodeJson } from "../support/json";
import { logged } from "../support/log";
import { waitFor } from "../support/process";
import { recordedStory } from "../support/recorded";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

type Parameters = Readonly<Record<string, string | number>>;

const PAGED = ["11_22 triggered critical, 1 page"];
const RESOLVED = ["11_22 resolved critical, 1 page"];

const sandbox = useSandbox();
const stage = createStage(sandbox);

/** A Centreon, and a broker that knows its names. */
function begin(protocol: 2 | 3 = 3, parameters: Parameters = {}): { centreon: Centreon; broker: Actor } {
  const centreon = createCentreon(protocol);
  const broker = stage.start({ parameters });
  broker.give(centreon.introduce());
  return { centreon, broker };
}

/** The same with PAGED open. */
function beginWithAlert(protocol: 2 | 3): { centreon: Centreon; broker: Actor } {
  const begun = begin(protocol);
  begun.broker.give(begun.centreon.check(LOAD, CRITICAL));
  assert.same(PAGED, begun.broker.pagerduty());
  return begun;
}

/** The parameters for the sandbox over TLS, whose authority no system trusts. */
function overTls(parameters: Parameters = {}): Parameters {
  return { http_server_url: `${sandbox.tlsUrl}/v2/enqueue`, ...parameters };
}

/** Critical services of the web server, told apart by their ids from 101 on. */
function manyProblems(centreon: Centreon, count: number): Line[] {
  let lines: Line[] = [];
  for (const id of $range(101, 100 + count)) {
    lines = lines.concat(centreon.check({ host: WEB.host, service: id }, CRITICAL));
  }
  return lines;
}

function connectionsOf(broker: Actor): number {
  const connections = new LuaSet<number>();
  for (const { connection } of requestsOf(sandbox, broker.routingKey)) connections.add(connection);
  let count = 0;
  for (const _ of connections) count += 1;
  return count;
}

after_each(stage.clear);

describe("1: a current Centreon", () => {
  it("is heard: the statuses of BBDO 3, of services and of hosts", () => {
    const { centreon, broker } = begin(3);
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.check(ROUTER, DOWN));
    assert.same(["10_H triggered critical, 1 page", ...PAGED], broker.pagerduty());
  });

  it("and one that was upgraded from 22.x is, with events of both protocols", () => {
    const { centreon, broker } = begin(2);
    broker.give(createCentreon(3).check(LOAD, CRITICAL));
    assert.same(PAGED, broker.pagerduty());
    broker.give(centreon.acknowledge(LOAD).slice(0, 1), createCentreon(3).check(LOAD, OK));
    assert.same(RESOLVED, broker.pagerduty());
  });
});

it("2: a host DOWN is critical, and one that is UNREACHABLE an error", () => {
  const { centreon, broker } = begin();
  broker.give(centreon.check(ROUTER, DOWN));
  broker.settle();
  broker.give(centreon.check(WEB, UNREACHABLE));
  assert.same(["10_H triggered critical, 1 page", "11_H triggered error, 1 page"], broker.pagerduty());
});

for (const protocol of [2, 3] as const) {
  describe(`3: a recovery resolves the incident (BBDO ${protocol})`, () => {
    it("in a downtime", () => {
      const { centreon, broker } = beginWithAlert(protocol);
      broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, OK));
      assert.same(RESOLVED, broker.pagerduty());
    });

    it("of an acknowledged problem", () => {
      const { centreon, broker } = beginWithAlert(protocol);
      broker.give(centreon.acknowledge(LOAD));
      assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      assert.same(RESOLVED, broker.pagerduty());
    });

    it("after flapping, which ends without another change of state", () => {
      const { centreon, broker } = beginWithAlert(protocol);
      broker.give(centreon.check(LOAD, OK, { isFlapping: true }));
      assert.same(PAGED, broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      assert.same(RESOLVED, broker.pagerduty());
    });
  });

  it(`4: a problem that outlives its downtime pages when that ends, without waiting for a check (BBDO ${protocol})`, () => {
    const { centreon, broker } = begin(protocol);
    broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, CRITICAL));
    assert.same([], broker.pagerduty());
    broker.give(centreon.downtime(LOAD, 0));
    assert.same(PAGED, broker.pagerduty());
  });
}

it("5: the event after a failed send is not lost", () => {
  const { centreon, broker } = begin();
  broker.orderFault({ kind: "drop_before" });
  broker.give(centreon.check(LOAD, CRITICAL));
  broker.settle();
  broker.give(centreon.check(DISK, CRITICAL));
  waitFor("both alerts", () => broker.incidents()[1]);
  assert.same([...PAGED, "11_23 triggered critical, 1 page"], broker.pagerduty());
});

describe("6: a refused event", () => {
  it("is not sent for ever, and blocks no other", () => {
    const { centreon, broker } = begin();
    broker.orderFault({ kind: "status", status: 400, times: 0 }, { dedup_key: "11_23" });
    broker.give(centreon.check(DISK, CRITICAL), centreon.check(LOAD, CRITICAL));
    assert.same(PAGED, broker.pagerduty());
    // Whole, with less in it, with hardly anything in it; and the other alert.
    assert.equal(4, requestsOf(sandbox, broker.routingKey).length);
  });

  it("does not come of buffering: each request has one event, valid JSON", () => {
    const { centreon, broker } = begin(3, { max_buffer_size: 2, max_buffer_age: 60 });
    broker.give(centreon.check(DISK, CRITICAL));
    assert.same([], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    const keys = requestsOf(sandbox, broker.routingKey).map(
      ({ body }) => (decodeJson(body) as { dedup_key: string }).dedup_key,
    );
    table.sort(keys);
    assert.same(["11_22", "11_23"], keys);
  });
});

it("7: what was accepted before a failure is not sent again with the retry", () => {
  const { centreon, broker } = begin();
  for (const state of [CRITICAL, OK, CRITICAL]) {
    broker.give(centreon.check(LOAD, state));
    broker.settle();
  }
  broker.orderFault({ kind: "status", status: 503 }, { dedup_key: "11_23" });
  broker.give(centreon.check(DISK, CRITICAL));
  waitFor("the retry", () => broker.incidents()[2]);
  assert.same([...RESOLVED, ...PAGED, "11_23 triggered critical, 1 page"], broker.pagerduty());
  const requests = requestsOf(sandbox, broker.routingKey);
  assert.equal(3 + 2, requests.length);
});

describe("8: a PagerDuty that is away", () => {
  it("is asked less and less often, by one request at a time", () => {
    const { centreon, broker } = begin();
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    broker.give(manyProblems(centreon, 30));
    waitFor("the second pause", () => logged(broker, "the next try is in ")[1]);
    // The first requests went out together, up to max_parallel_requests of them; then one for each pause.
    const requests = requestsOf(sandbox, broker.routingKey).length;
    assert.is_true(requests <= 8 + 2, `${requests} requests`);
  });

  it("that asks for time with 429 and Retry-After gets it", () => {
    const { centreon, broker } = begin();
    broker.orderFault({ kind: "status", status: 429, headers: { "Retry-After": "7" } });
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    // One second more: the clock has whole seconds.
    assert.equal(1, logged(broker, "the next try is in 8 s").length);
  });

  it("is reached over kept-alive connections, as many as requests run at a time; over HTTP/2 one does", () => {
    for (const [parameters, most] of [
      [{ max_parallel_requests: 2 }, 2],
      [overTls({ http_ca_file: sandbox.caFile }), 1],
    ] as const) {
      const { centreon, broker } = begin(3, parameters);
      broker.give(manyProblems(centreon, 30));
      waitFor("all alerts", () => broker.incidents()[29]);
      assert.is_true(connectionsOf(broker) <= most, `${connectionsOf(broker)} connections`);
    }
  });
});

it("9: neither the routing key nor a proxy's password is written to the log, at level 3", () => {
  const proxy = {
    proxy_address: "127.0.0.1",
    proxy_port: 1,
    proxy_username: "centreon",
    proxy_password: "hush-hush",
  };
  const { centreon, broker } = begin(3, { log_level: 3, ...proxy });
  broker.give(centreon.check(LOAD, CRITICAL));
  waitFor("the failure", () => logged(broker, "11_22")[0]);
  assert.same([[], []], [logged(broker, broker.routingKey), logged(broker, "hush-hush")]);
});

describe("10: parameters of the connection", () => {
  for (const parameters of [
    {},
    { allow_insecure_connection: 0 },
    { allow_insecure_connection: "0" },
    { verify_certificate: 1 },
    { verify_certificate: "1" },
  ] as Parameters[]) {
    const [name, value] = Object.entries(parameters)[0] ?? ["nothing", "set"];
    it(`leave verification on: ${name} ${type(value)} ${value}`, () => {
      const { centreon, broker } = begin(3, overTls(parameters));
      broker.give(centreon.check(LOAD, CRITICAL));
      waitFor("the failure", () => logged(broker, "certificate")[0]);
      assert.same([], broker.pagerduty());
      assert.equal(0, logged(broker, "NOT verified").length);
    });
  }

  for (const parameters of [{ allow_insecure_connection: 1 }, { verify_certificate: "0" }] as Parameters[]) {
    const [name, value] = Object.entries(parameters)[0] ?? ["nothing", "set"];
    it(`switch it off where they say so, with a warning: ${name} ${value}`, () => {
      const { centreon, broker } = begin(3, overTls(parameters));
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same(PAGED, broker.pagerduty());
      assert.equal(1, logged(broker, "WARNING: certificates are NOT verified").length);
    });
  }

  it("do not bypass the proxy when its port is given as text", () => {
    const { centreon, broker } = begin(3, { proxy_address: "127.0.0.1", proxy_port: "1" });
    broker.give(centreon.check(LOAD, CRITICAL));
    waitFor("the failure", () => logged(broker, "11_22")[0]);
    assert.same([], broker.pagerduty());
  });
});

describe("11: whatever a plugin prints", () => {
  for (const [what, fields] of [
    ["control characters", { output: "bell \u0007, escape \u001b[31m, \u007f" }],
    ["bytes that are no UTF-8", { output: { base64: "4HQg/yDA" } }],
    ["quotes in the names of metrics", { perfdata: "'it''s \"quoted\"'=1;2;3 'back\\slash'=4" }],
    ["numbers that are none", { perfdata: "a=nan b=inf;-inf c=1e999 d=U" }],
    ["nothing at all", { output: "", perfdata: "" }],
  ] as const) {
    it(`is valid JSON, accepted at the first try: ${what}`, () => {
      const { centreon, broker } = begin();
      broker.give(centreon.check(LOAD, CRITICAL).map((line) => ({ ...line, ...fields })));
      assert.same(PAGED, broker.pagerduty());
      const requests = requestsOf(sandbox, broker.routingKey);
      assert.equal(1, requests.length);
      // decodeJson takes {} and [] for the same.
      assert.is_nil(string.find(requests[0]?.body ?? "", "[]", 1, true)[0]);
    });
  }
});

describe("12: the summary", () => {
  for (const [output, summary] of [
    ["", "web-01/Load: CRITICAL"],
    ["load is 9", "web-01/Load: CRITICAL - load is 9"],
    ["load is 9\n", "web-01/Load: CRITICAL - load is 9"],
    ["load is 9\nfirst detail\nsecond detail", "web-01/Load: CRITICAL - load is 9"],
  ] as const) {
    for (const protocol of [2, 3] as const) {
      it(`has the first line of "${output}" (BBDO ${protocol})`, () => {
        const { centreon, broker } = begin(protocol);
        broker.give(centreon.check(LOAD, CRITICAL, { output }));
        broker.settle();
        assert.equal(summary, broker.incidents()[0]?.summary);
      });
    }
  }

  it("of a host has no trace of a service", () => {
    const { centreon, broker } = begin();
    broker.give(centreon.check(WEB, DOWN, { output: "no answer" }));
    broker.settle();
    assert.equal("web-01: DOWN - no answer", broker.incidents()[0]?.summary);
  });
});

it("13: metrics and service groups are sent, as the recorded story has them", () => {
  const { broker } = begin();
  broker.give(recordedStory(3));
  broker.settle();
  const shop = broker.incidents().filter(({ dedup_key }) => dedup_key === "11_24")[0]?.custom_details;
  assert.equal("Web-Shop", shop?.["service_groups"]);
  const disk = broker.incidents().filter(({ dedup_key }) => dedup_key === "11_23")[0]?.custom_details;
  const metrics = disk?.["metrics"] as Record<string, unknown>[];
  assert.same(
    ["/var", 41000000000, "B", 38000000000, 43000000000],
    [
      metrics[0]?.["name"],
      metrics[0]?.["value"],
      metrics[0]?.["unit"],
      metrics[0]?.["warning"],
      metrics[0]?.["critical"],
    ],
  );
});

it("14: the timestamp has its zone, and the link opens the service itself, escaped", () => {
  const { centreon, broker } = begin(3, { pdy_centreon_url: "https://centreon.example.com" });
  const at = os.time() - 600;
  broker.give(centreon.check(LOAD, CRITICAL, { at }));
  broker.settle();
  const incident = broker.incidents()[0];
  assert.equal(os.date("!%Y-%m-%dT%H:%M:%SZ", at), incident?.timestamp);
  const href = incident?.links?.[0]?.href ?? "";
  assert.is_not_nil(string.find(href, "resources%2Fhosts%2F11%2Fservices%2F22", 1, true)[0], href);
  assert.is_nil(string.find(href, '[ "{}]')[0], href);
});

describe("15: duplicates", () => {
  it("are not seen where a host's check took long", () => {
    const { centreon, broker } = begin();
    const slow = centreon.check(WEB, DOWN).map((line) => ({
      ...line,
      last_hard_state_change: (line["last_check"] as number) + 25,
    }));
    broker.give(slow);
    assert.same(["11_H triggered critical, 1 page"], broker.pagerduty());
  });

  it("page nobody: statuses that engines send again between checks", () => {
    const { centreon, broker } = beginWithAlert(3);
    broker.give(centreon.resend(LOAD), centreon.resend(LOAD));
    broker.settle();
    assert.equal(1, requestsOf(sandbox, broker.routingKey).length);
  });
});

describe("16: what is dead pages once", () => {
  it("a host, and not each of its services", () => {
    const { centreon, broker } = begin();
    broker.give(
      centreon.check(WEB, DOWN, { isSoft: true }),
      manyProblems(centreon, 20),
      centreon.check(WEB, DOWN),
    );
    assert.same(["11_H triggered critical, 1 page"], broker.pagerduty());
    broker.give(centreon.check(WEB, UP));
    assert.same(["11_H resolved critical, 1 page"], broker.pagerduty());
  });

  it("a poller, until it speaks again", () => {
    const { broker } = begin();
    const responsive = (isSo: boolean): Line[] => [
      { category: 1, element: 46, poller_id: 2, responsive: isSo },
    ];
    broker.give([{ category: 1, element: 44, instance_id: 2, name: "Lyon" }], responsive(false));
    assert.same(["poller_2 triggered critical, 1 page"], broker.pagerduty());
    broker.give(responsive(true));
    assert.same(["poller_2 resolved critical, 1 page"], broker.pagerduty());
  });
});

describe("17: nothing is ignored", () => {
  it("of acknowledgements: PagerDuty's incident is acknowledged", () => {
    for (const protocol of [2, 3] as const) {
      const { centreon, broker } = beginWithAlert(protocol);
      broker.give(centreon.acknowledge(LOAD));
      assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
    }
  });

  it("of adaptive statuses: a downtime that begins and ends between two checks", () => {
    const { centreon, broker } = begin(3);
    broker.give(centreon.downtime(WEB, 1), centreon.check(LOAD, CRITICAL));
    assert.same([], broker.pagerduty());
    broker.give(centreon.downtime(WEB, 0));
    assert.same(PAGED, broker.pagerduty());
  });

  it("but without a routing key the broker is not made to keep every event", () => {
    const { centreon, broker } = begin(3, { pdy_routing_key: "" });
    broker.give(manyProblems(centreon, 20));
    const report = broker.settle();
    assert.same([0, 0], [report.written, report.unacknowledged]);
  });
});
