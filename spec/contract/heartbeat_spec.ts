// heartbeat_url as the shipped file fetches it, from a real server: when it does and when it does not, and what the log
// has of it.
import type { Line } from "../support/brokerhost";
import { CRITICAL, LOAD, createCentreon } from "../support/events";
import { assertSays, logged, waitForLog } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";
import { type WebServer, startWebServer } from "../support/web_server";

const PATH = "/ping/0f8a-secret?token=hush";
const BEAT = `GET ${PATH} (body: "", client: none)`;

const sandbox = useSandbox();
let server: WebServer;
const stage = createStage(sandbox);

before_each(() => {
  server = startWebServer();
});
after_each(() => {
  stage.clear();
  server.stop();
  sandbox.remove("/sandbox");
});

const A_MINUTE: Line[] = [{ control: "clock", advance: 60 }];

function start(parameters: Readonly<Record<string, string | number>> = {}): Actor {
  return stage.start({
    clock: os.time(),
    parameters: { heartbeat_url: `${server.url}${PATH}`, ...parameters },
  });
}

/** What the server is asked for by a minute of the connector's life, and the flush() calls after it. */
function beatsOfAMinute(broker: Actor): string[] {
  const before = server.requests().length;
  broker.give(A_MINUTE);
  broker.settle();
  return server.requests().slice(before);
}

describe("the heartbeat", () => {
  it("is a GET each minute, with nothing in it, while nothing waits", () => {
    const broker = start();
    broker.settle();
    assert.same([], server.requests());
    assert.same([BEAT], beatsOfAMinute(broker));
    assert.same([BEAT], beatsOfAMinute(broker));
    broker.settle();
    assert.equal(2, server.requests().length);
    assert.same([], logged(broker, "heartbeat"));
  });

  it("goes on while events are accepted", () => {
    const broker = start();
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    assert.same([BEAT], beatsOfAMinute(broker));
  });

  it("ends while nothing gets through, and is back when events do", () => {
    const broker = start();
    const centreon = createCentreon(3);
    broker.orderFault({ kind: "status", status: 503, times: 0 });
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    waitForLog(broker, "was not accepted: HTTP 503");
    assert.same([], beatsOfAMinute(broker));
    assert.same([], beatsOfAMinute(broker));
    sandbox.remove("/sandbox/faults");
    const isBack = (): true | undefined => {
      broker.give(A_MINUTE);
      broker.settle();
      return server.requests().length > 0 ? true : undefined;
    };
    waitFor("a heartbeat", isBack);
    assert.equal(1, broker.incidents().length);
  });

  it("does not come while the journal cannot be written", () => {
    assert.same([], beatsOfAMinute(start({ state_path: "/nowhere/state" })));
  });

  it("that fails is a WARNING, and one when it is back; the address is in no line, alerts go on", () => {
    const broker = start();
    const centreon = createCentreon(3);
    server.answer(404);
    beatsOfAMinute(broker);
    server.answer(302);
    assert.same([BEAT], beatsOfAMinute(broker));
    const [warning, ...others] = logged(broker, "WARNING: heartbeat_url");
    assert.same([], others);
    assertSays(warning, "heartbeat_url at 127.0.0.1:");
    assertSays(warning, " cannot be fetched: HTTP 404; ");
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    server.answer(204);
    beatsOfAMinute(broker);
    assert.equal(1, logged(broker, "can be fetched again").length);
    assert.same([], logged(broker, "secret"));
    assert.same([], logged(broker, "hush"));
  });

  it("is not sent by a rehearsal", () => {
    assert.same([], beatsOfAMinute(start({ send_data_test: 1 })));
  });
});
