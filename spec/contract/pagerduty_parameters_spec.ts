// Parameters as an administrator sets them, and the log as one reads it: what is wrong is said, what is right works,
// and no secret is in any file.
import { type Broker, type Line, startBroker } from "../support/brokerhost";
import { CRITICAL, DISK, LOAD, OK, createCentreon } from "../support/events";
import { assertSays, logged } from "../support/log";
import { outputOf, waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** A problem, with its names known to the broker. */
function problem(): Line[] {
  const centreon = createCentreon(3);
  return centreon.introduce().concat(centreon.check(LOAD, CRITICAL));
}

describe("without a routing key to send with", () => {
  for (const [what, parameters] of [
    ["none is set", {}],
    ["it is empty", { pdy_routing_key: "" }],
    ["it is too short", { pdy_routing_key: "0123456789abcdef0123456789abcde" }],
  ] as const) {
    it(`the log names the parameter, and the broker keeps no event: ${what}`, () => {
      const broker = startBroker({ parameters });
      const events = problem();
      broker.give(events);
      const report = broker.settle();
      const errors = logged(broker, "ERROR");
      broker.discard();
      assert.equal(1, errors.length);
      assert.is_not_nil(string.find(errors[0] ?? "", "parameter pdy_routing_key", 1, true)[0]);
      assert.same([0, events.length, 0], [report.written, report.rejected_by_filter, report.unacknowledged]);
    });
  }
});

describe("parameters", () => {
  it("that cannot be used are all reported, each with what is expected, and the defaults work", () => {
    const broker = stage.start({
      parameters: {
        http_timeout: "soon",
        log_level: 9,
        verify_certificate: "maybe",
        pdy_region: "mars",
        pdy_rooting_key: "",
      },
    });
    broker.give(problem());
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    const complaints: string[] = [];
    for (const line of logged(broker, ": parameter ")) {
      const [complaint] = string.match(line, ": (%u+: parameter .*)$");
      complaints.push(complaint ?? line);
    }
    table.sort(complaints);
    assert.same(
      [
        'ERROR: parameter http_timeout is "soon": expected a whole number from 1 to 300 (s); 5 is used instead',
        'ERROR: parameter log_level is "9": expected a whole number from 0 to 3; 2 is used instead',
        'ERROR: parameter pdy_region is "mars": expected one of us, eu; us is used instead',
        'ERROR: parameter verify_certificate is "maybe": expected 0 or 1; 1 is used instead',
        "WARNING: parameter pdy_centreon_url is not set: alerts carry no link to Centreon",
        "WARNING: parameter pdy_rooting_key is unknown and ignored: did you mean pdy_routing_key?",
      ],
      complaints,
    );
  });

  for (const value of [1, "1", " 1 ", 0, "0"]) {
    const isDropped = tonumber(value) === 1;
    it(`are taken as numbers and as text: skip_anon_events ${type(value)} "${value}"`, () => {
      const broker = stage.start({ parameters: { skip_anon_events: value, log_level: "3" } });
      broker.give(createCentreon(3).check(LOAD, CRITICAL));
      broker.settle();
      assert.same(
        isDropped ? [] : ["host 11/service 22: CRITICAL - state 2"],
        broker.incidents().map(({ summary }) => summary),
      );
      assert.equal(isDropped ? 1 : 0, logged(broker, "its host has no known name").length);
    });
  }

  it("say what PagerDuty shows as source, client and links", () => {
    const broker = stage.start({
      parameters: { pdy_source: "Paris", client: "NOC", pdy_centreon_url: "https://centreon.example.com/" },
    });
    broker.give(problem());
    broker.settle();
    const incident = broker.incidents()[0];
    assert.same(
      ["Paris", "NOC", "https://centreon.example.com/"],
      [incident?.source, incident?.client, incident?.client_url],
    );
    const link = "https://centreon.example.com/centreon/monitoring/resources?details=%7B%22id%22";
    assert.equal(link, string.sub(incident?.links?.[0]?.href ?? "", 1, link.length));
  });

  it("have defaults: the host as source, Centreon's name, no link", () => {
    const broker = stage.start();
    broker.give(problem());
    broker.settle();
    const incident = broker.incidents()[0];
    assert.same(["web-01", "Centreon Stream Connector"], [incident?.source, incident?.client]);
    assert.is_nil(incident?.client_url);
    assert.is_nil(incident?.links);
  });
});

describe("the log", () => {
  for (const level of [0, 1, 2, 3]) {
    it(`at level ${level} has what belongs there, and no more`, () => {
      const broker = stage.start({ parameters: { log_level: level } });
      broker.orderFault({ kind: "status", status: 400, times: 0 }, { dedup_key: "11_23" });
      const centreon = createCentreon(3);
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
      broker.settle();
      broker.give(centreon.check(LOAD, OK));
      broker.settle();
      broker.give(centreon.downtime(LOAD, 1), centreon.check(LOAD, CRITICAL));
      broker.settle();
      const expected: readonly (readonly [number, string])[] = [
        [0, "ERROR: PagerDuty refused the trigger (critical) of 11_23, web-01/Disk for good: HTTP 400"],
        [1, "WARNING: parameter pdy_centreon_url is not set"],
        [1, "WARNING: PagerDuty refused the trigger (critical) of 11_23, web-01/Disk: HTTP 400"],
        [2, "INFO: started: alerts go to http://127.0.0.1"],
        [2, "INFO: PagerDuty accepted the trigger (critical) of 11_22, web-01/Load"],
        [2, "INFO: PagerDuty accepted the resolve of 11_22, web-01/Load"],
        [3, "INFO: no alert for web-01/Load (11_22) now: it is in a downtime"],
      ];
      for (const [lineLevel, text] of expected) {
        assert.equal(level >= lineLevel, logged(broker, text).length > 0, text);
      }
      for (const [lineLevel, kind] of [
        [1, "WARNING"],
        [2, "INFO"],
      ] as const) {
        if (level < lineLevel) assert.same([], logged(broker, kind));
      }
    });
  }

  it("goes on in the broker's own where its file cannot be written, and says so", () => {
    const actor = stage.start({ parameters: { log_path: "/missing/log", max_events_per_minute: -1 } });
    const [first, second] = actor.stop().error_lines;
    assertSays(first, "log_path /missing/log: No such file or directory: make it writable for the broker");
    assertSays(second, "max_events_per_minute");
  });

  it("tells who acknowledged, and why", () => {
    const broker = stage.start();
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.acknowledge(LOAD));
    broker.settle();
    assert.equal(1, logged(broker, "acknowledge of 11_22, web-01/Load (alice: on it)").length);
  });
});

describe("secrets", () => {
  const PASSWORD = "t0p secret/päss";
  const ENCODED = "t0p%20secret%2Fp%C3%A4ss";

  /** Files of the broker's folder that have `text` in them, but for the configuration. */
  function filesWith(broker: Broker, text: string): string {
    return outputOf(`grep -rlF --exclude=central-broker.json '${text}' ${broker.folder}`);
  }

  function assertHidden(broker: Broker, secrets: readonly string[]): void {
    for (const secret of secrets) assert.equal("", filesWith(broker, secret), secret);
  }

  const ways: readonly (readonly [string, () => Record<string, string | number>])[] = [
    [
      "a proxy that refuses connections",
      () => ({ http_proxy_string: `http://centreon:${ENCODED}@127.0.0.1:1` }),
    ],
    [
      "a proxy whose name is unknown",
      () => ({ http_proxy_string: `http://centreon:${ENCODED}@proxy.invalid:3128` }),
    ],
    ["a proxy address that is none", () => ({ http_proxy_string: `http://centreon:${ENCODED}@proxy:port` })],
    [
      "a proxy of a kind that is none",
      () => ({ http_proxy_string: `gopher://centreon:${ENCODED}@127.0.0.1:1` }),
    ],
    [
      "a proxy that answers something else",
      () => {
        const [authority] = string.match(sandbox.url, "//(.*)");
        return {
          http_proxy_string: `http://centreon:${ENCODED}@${authority}`,
          http_server_url: "http://pagerduty.invalid/",
        };
      },
    ],
    [
      "a proxy in parameters of its own",
      () => ({
        proxy_address: "127.0.0.1",
        proxy_port: "1",
        proxy_username: "centreon",
        proxy_password: PASSWORD,
      }),
    ],
  ];
  for (const [what, parameters] of ways) {
    it(`are in no log line, journal or report at level 3, with ${what}`, () => {
      const broker = stage.start({ parameters: { log_level: 3, ...parameters() } });
      broker.give(problem());
      waitFor("a failure in the log", () => {
        broker.settle();
        return logged(broker, "was not accepted: ")[0] ?? logged(broker, "no event gets through: ")[0];
      });
      broker.stop();
      assertHidden(broker, [broker.routingKey, PASSWORD, ENCODED, "t0p"]);
    });
  }

  it("are not in the quarantine, even when PagerDuty quotes them", () => {
    const broker = stage.start({ parameters: { log_level: 3 } });
    const body = `{"status":"invalid event","message":"cannot read","errors":["near ${broker.routingKey}"]}`;
    broker.orderFault({ kind: "status", status: 400, times: 0, body });
    broker.give(problem());
    broker.settle();
    broker.stop();
    assert.is_not_nil(string.find(broker.file("quarantine"), "cannot read: near ", 1, true)[0]);
    assertHidden(broker, [broker.routingKey]);
  });
});
