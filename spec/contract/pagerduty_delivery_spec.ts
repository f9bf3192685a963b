// What becomes of events that PagerDuty refuses or is not there to take: who keeps them, and what follows. What each
// single answer and fault does is in faults_spec.ts.
import { CRITICAL, DISK, LOAD, OK, WARNING, createCentreon } from "../support/events";
import { inShort, incidentsOf, requestsOf } from "../support/incidents";
import { decodeJson } from "../support/json";
import { logged } from "../support/log";
import { freePort } from "../support/ports";
import { waitFor } from "../support/process";
import { startSandbox, useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

describe("delivery", () => {
  it("without a usable journal lets the broker keep what PagerDuty does not have, and nothing else", () => {
    const broker = stage.start({ parameters: { state_path: "/nowhere/state", http_timeout: 1 } });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, OK));
    assert.equal(0, broker.settle().unacknowledged);
    assert.equal(1, logged(broker, "ERROR: the journal /nowhere/state cannot be written").length);
    broker.orderFault({ kind: "hang" });
    broker.give(centreon.check(LOAD, CRITICAL));
    assert.equal(1, broker.report().unacknowledged);
    waitFor("the acknowledgement", () => broker.report().unacknowledged === 0 || undefined);
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("sends a refused event again with less in it", () => {
    const broker = stage.start();
    broker.orderFault({ kind: "status", status: 400, times: 2 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    const incident = broker.incidents()[0];
    assert.equal("web-01/Load: CRITICAL - state 2", incident?.summary);
    assert.is_nil(incident?.custom_details);
    assert.equal(3, requestsOf(sandbox, broker.routingKey).length);
  });

  it("puts an event that is refused for good into quarantine, with PagerDuty's words, and goes on", () => {
    const broker = stage.start();
    const answer =
      '{"status":"invalid event","message":"Event object is invalid","errors":["\'severity\' is odd"]}';
    broker.orderFault({ kind: "status", status: 400, body: answer, times: 0 }, { dedup_key: "11_22" });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, WARNING));
    assert.same(["11_23 triggered warning, 1 page"], broker.pagerduty());

    const words = "HTTP 400: Event object is invalid: 'severity' is odd";
    assert.equal(
      1,
      logged(
        broker,
        `ERROR: PagerDuty refused the trigger (critical) of 11_22, web-01/Load for good: ${words}`,
      ).length,
    );
    const kept = decodeJson(broker.file("quarantine")) as Record<string, unknown>;
    assert.same(["11_22", "trigger", words], [kept["dedup_key"], kept["action"], kept["reason"]]);
    const event = kept["event"] as Record<string, unknown>;
    assert.equal("11_22", event["dedup_key"]);

    const requests = requestsOf(sandbox, broker.routingKey).length;
    broker.give(centreon.check(LOAD, CRITICAL), centreon.resend(LOAD), [{ control: "restart" }]);
    assert.equal(0, broker.settle().unacknowledged);
    assert.equal(requests, requestsOf(sandbox, broker.routingKey).length);
  });

  it("goes on when PagerDuty comes back: what is still a problem is sent, what came and went is not", () => {
    const port = string.format("%d", freePort());
    const broker = stage.start({ parameters: { http_server_url: `http://127.0.0.1:${port}/v2/enqueue` } });
    const centreon = createCentreon(3);
    // With a journal: without one, an older problem may be open already, and its end is always sent.
    broker.give([{ control: "restart" }], centreon.introduce());
    broker.give(centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
    const report = broker.settle();
    assert.same([0, 0], [report.unacknowledged, report.waiting]);
    assert.is_true(logged(broker, "was not accepted: ").length > 0);
    broker.give(centreon.check(DISK, OK));
    broker.settle();

    const late = startSandbox(`--port ${port}`);
    waitFor("the alert to be accepted", () => logged(broker, "PagerDuty accepted the trigger")[0]);
    broker.settle();
    const shown = incidentsOf(late, broker.routingKey).map((incident) => inShort(incident));
    const requests = requestsOf(late, broker.routingKey).length;
    late.stop();
    assert.same(["11_22 triggered critical, 1 page"], shown);
    assert.equal(1, requests);
    assert.equal(1, logged(broker, "web-01/Disk (11_23): it came and went").length);
  });
});
