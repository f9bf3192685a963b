// What an administrator may choose beyond filters and severities, with the shipped file: whose acknowledgements count,
// Centreon's own notification settings, formats, custom code, and a test that sends nothing.
import type { Line } from "../support/brokerhost";
import { CRITICAL, DISK, LOAD, OK, WARNING, createCentreon } from "../support/events";
import { inShort, incidentsOf, requestsOf } from "../support/incidents";
import { logged, waitForLog } from "../support/log";
import { waitFor, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage, newRoutingKey } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

const PAGED = ["11_22 triggered critical, 1 page"];
const ACKNOWLEDGED = ["11_22 acknowledged critical, 1 page"];
const RESOLVED = ["11_22 resolved critical, 1 page"];

function requests(broker: Actor): number {
  broker.settle();
  return requestsOf(sandbox, broker.routingKey).length;
}

for (const protocol of [2, 3] as const) {
  describe(`the authors of acknowledgements (BBDO ${protocol})`, () => {
    it("that are accepted count; a start in between changes nothing", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { accepted_authors: "bob, alice" } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      assert.same(PAGED, broker.pagerduty());
      const [event, ...status] = centreon.acknowledge(LOAD);
      broker.give([event ?? {}], [{ control: "restart" }], status);
      assert.same(ACKNOWLEDGED, broker.pagerduty());
    });

    it("that are not leave the incident open, the event of which comes after the status", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { rejected_authors: "alice" } });
      broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      broker.settle();
      const [event, ...status] = centreon.acknowledge(LOAD);
      // Nothing is sent before the next flush().
      broker.give(
        [{ control: "flush" }],
        status,
        [event ?? {}],
        [{ control: "restart" }],
        centreon.resend(LOAD),
      );
      assert.same(PAGED, broker.pagerduty());
      assert.is_true(
        logged(broker, "its acknowledgement does not count: alice is in rejected_auth").length > 0,
      );
      broker.give(centreon.check(LOAD, OK));
      assert.same(RESOLVED, broker.pagerduty());
    });
  });

  describe(`Centreon's notification settings (BBDO ${protocol})`, () => {
    const silent = { notify: true, notify_on_warning: false, notify_on_critical: true };

    it("mean nothing unless asked for", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start();
      broker.give(centreon.introduce({ notify: false }), centreon.check(LOAD, CRITICAL));
      assert.same(PAGED, broker.pagerduty());
    });

    it("keep an alert from opening where they do, and never from being resolved", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { respect_notification_settings: 1, log_level: 3 } });
      broker.give(centreon.introduce(silent), centreon.check(LOAD, WARNING));
      assert.same([], broker.pagerduty());
      assert.equal(
        1,
        logged(broker, "it is filtered out: Centreon's notifications of it leave out this state").length,
      );
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same(PAGED, broker.pagerduty());
      broker.give(centreon.introduce({ notify: false }), centreon.check(LOAD, OK));
      assert.same(RESOLVED, broker.pagerduty());
    });

    it("that are changed count at once, also after a start", () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters: { respect_notification_settings: 1 } });
      broker.give(centreon.introduce({ ...silent, notify: false }), centreon.check(LOAD, CRITICAL));
      broker.give([{ control: "restart" }]);
      assert.same([], broker.pagerduty());
      broker.give(centreon.introduce(silent));
      assert.same(PAGED, broker.pagerduty());
    });
  });
}

describe("send_data_test", () => {
  /** A story in which three events are to be sent. */
  function storyTo(broker: Actor): void {
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    broker.settle();
    broker.give(centreon.check(LOAD, OK));
    broker.settle();
  }

  it("sends nothing, and says so; the log has what would be sent, without the key", () => {
    const broker = stage.start({ parameters: { send_data_test: 1 } });
    storyTo(broker);
    assert.equal(0, requests(broker));
    assert.equal(1, logged(broker, "WARNING: parameter send_data_test is 1: NOTHING IS SENT").length);
    assert.equal(1, logged(broker, "started: alerts go to this log only").length);
    const events = logged(broker, "this would be sent: ");
    assert.equal(3, events.length);
    const resolve = '{"routing_key":"***","event_action":"resolve","dedup_key":"11_22"}';
    assert.is_not_nil(string.find(events[2] ?? "", resolve, 1, true)[0], events[2]);
    assert.same([[], []], [logged(broker, broker.routingKey), logged(broker, "PagerDuty accepted")]);
  });

  it("sends no change event either", () => {
    const broker = stage.start({ parameters: { send_data_test: 1, pdy_change_events: 1 } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    const acknowledgement = { host_id: 11, service_id: 22, author: "alice", comment_data: "on it" };
    broker.give([{ category: 1, element: 45, entry_time: os.time() + 5, ...acknowledgement }]);
    waitForLog(broker, "NOT SENT, and taken for accepted: the change event of web-01/Load (acknowledged)");
    assert.equal(0, requests(broker));
  });

  it("leaves the journal alone: what happened meanwhile is sent when it is over", () => {
    const broker = stage.start({ parameters: { send_data_test: 1 } });
    storyTo(broker);
    assert.equal(0, broker.report().unacknowledged);
    assert.same(["", "", ""], [broker.file("state"), broker.file("quarantine"), broker.file("status")]);
  });

  it("can go on beside an output that sends, with the same journal", () => {
    const real = stage.start();
    const rehearsal = stage.start({
      parameters: { send_data_test: 1, state_path: `${real.folder}/state` },
    });
    storyTo(real);
    const before = real.file("state");
    storyTo(rehearsal);
    assert.same([3, 0], [requests(real), requests(rehearsal)]);
    assert.equal(before, real.file("state"));
  });
});

describe("formats", () => {
  it("make the summary and add details", () => {
    const broker = stage.start({
      parameters: {
        pdy_summary_format: "{state} of {service} on {host}, load1 {metric:load1}",
        pdy_details_format: "runbook=https://wiki.example/{service}; rack={macro:RACK}; alias={alias}",
        pdy_custom_variables: "RACK",
      },
    });
    const centreon = createCentreon(3);
    const rack: Line = { category: 1, element: 37, host_id: 11, name: "RACK", value: "R 7", enabled: true };
    broker.give(centreon.introduce(), [rack], centreon.check(LOAD, CRITICAL, { perfdata: "load1=9;5;8" }));
    broker.settle();
    const incident = broker.incidents()[0];
    assert.equal("CRITICAL of Load on web-01, load1 9", incident?.summary);
    const details = incident?.custom_details;
    assert.same(["https://wiki.example/Load", "R 7"], [details?.["runbook"], details?.["rack"]]);
    assert.is_nil(details?.["alias"]);
  });

  it("that cannot be read are said, and the usual summary is sent", () => {
    const broker = stage.start({ parameters: { pdy_summary_format: "{hots}" } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    assert.equal("web-01/Load: CRITICAL - state 2", broker.incidents()[0]?.summary);
    assert.equal(1, logged(broker, "ERROR: parameter pdy_summary_format: {hots} is unknown").length);
  });
});

describe("custom code", () => {
  /** A broker whose connector uses `code`; the file is in the broker's own folder, which the start waits for. */
  function withCode(code: string, parameters: Record<string, string | number> = {}): Actor {
    const path = os.tmpname();
    writeFile(path, code);
    files.push(path);
    return stage.start({ parameters: { ...parameters, custom_code_file: path } });
  }
  let files: string[] = [];
  after_each(() => {
    for (const path of files) os.remove(path);
    files = [];
  });

  /** The example in docs/routing.md. */
  function documented(): string {
    const [file] = io.open("docs/routing.md", "rb");
    const text = file?.read("*a") ?? "";
    file?.close();
    const [code] = string.match(text, "```lua\n(.-)```");
    return code ?? "";
  }

  it("does what the documented example says", () => {
    const broker = withCode(documented());
    const centreon = createCentreon(3);
    broker.give(centreon.introduce());
    broker.give(centreon.check(DISK, WARNING, { output: "backup is running" }));
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    const [incident, another] = broker.incidents();
    assert.is_nil(another);
    assert.same(
      ["11_22", "https://wiki.example.com/Load"],
      [incident?.dedup_key, incident?.custom_details?.["runbook"]],
    );
    broker.give(centreon.check(DISK, CRITICAL, { output: "disk is full" }));
    broker.settle();
    assert.equal("web-01/Disk: CRITICAL - disk is full", broker.incidents()[1]?.summary);
  });

  it("decides severity, summary and route, and a start changes none of it", () => {
    const broker = withCode(
      `return function(observation, event)
        event.severity = "error"
        event.summary = "look: " .. event.summary
      end`,
    );
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered error, 1 page"], broker.pagerduty());
    assert.equal("look: web-01/Load: CRITICAL - state 2", broker.incidents()[0]?.summary);
    broker.give([{ control: "restart" }], centreon.resend(LOAD));
    assert.same(["11_22 triggered error, 1 page"], broker.pagerduty());
    assert.equal(1, requests(broker));
  });

  it("that drops an alert cannot keep an open one from being resolved", () => {
    const broker = withCode("return function(observation) return observation.state_name ~= 'CRITICAL' end");
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, WARNING));
    assert.same(["11_22 triggered warning, 1 page"], broker.pagerduty());
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered warning, 1 page"], broker.pagerduty());
    broker.give([{ control: "restart" }], centreon.resend(LOAD), centreon.check(LOAD, OK));
    assert.same(["11_22 resolved warning, 1 page"], broker.pagerduty());
  });

  it("that fails costs one line, and the alert goes out as it is", () => {
    const broker = withCode(
      "return function(observation, event) event.severity = 'info' error('no luck') end",
    );
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    assert.same([...PAGED, "11_23 triggered critical, 1 page"], broker.pagerduty());
    assert.equal(1, logged(broker, "no luck").length);
    assert.equal(1, logged(broker, "ERROR: custom_code_file ").length);
  });

  it("that does not load is said at the start, and alerts go out as they are", () => {
    const broker = withCode("return function(");
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(PAGED, broker.pagerduty());
    assert.equal(1, logged(broker, " is not used: ").length);
  });

  it("has no say about what is wrong with the connector itself", () => {
    const fallback = newRoutingKey();
    const broker = withCode(
      "return function(observation, event) event.severity = 'info' return observation.class ~= 'connector' end",
      { pdy_fallback_routing_key: fallback, self_alert_after: 1 },
    );
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    const own = waitFor("the connector's own alert", () => {
      broker.settle();
      return incidentsOf(sandbox, fallback)[0];
    });
    assert.equal("pagerduty_connector triggered critical, 1 page", inShort(own));
  });

  it("sends a resolve after the alert, where it sent that", () => {
    const broker = withCode(
      "return function(observation, event) if observation.state == 2 then event.route = 'dba' end end",
      { pdy_routing_key_dba: "0123456789abcdef0123456789abcdba" },
    );
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.check(LOAD, WARNING), centreon.check(LOAD, OK));
    broker.settle();
    assert.equal(0, requests(broker));
    assert.equal(2, requestsOf(sandbox, "0123456789abcdef0123456789abcdba").length);
  });
});
