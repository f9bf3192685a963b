// The sender of change events, with the dispatcher whose leftovers it lives on: when one may go out, and that what
// becomes of it costs no alert anything.
import type { HttpOutcome } from "../../src/pagerduty/answer";
import { ACCEPTED, LOST, REFUSED, UNSENT, answer, createDelivery } from "../support/delivery";

const OTHER_KEY = "fedcba9876543210fedcba9876543210";
const ORCHESTRATION_KEY = "R123456789abcdef0123456789abcdef";
const KEYS = { default: "0123456789abcdef0123456789abcdef", dba: OTHER_KEY, ops: ORCHESTRATION_KEY };

function expectMention(lines: string[], ...words: string[]): void {
  assert.equal(1, lines.length, table.concat(lines, "\n"));
  for (const word of words)
    assert.is_not_nil(string.find(lines[0] ?? "", word, 1, true)[0], `"${lines[0] ?? ""}" lacks "${word}"`);
}

describe("a change event", () => {
  it("goes out when nothing else does, and is said to have been accepted", () => {
    const { tells, started, endChange, logged, dispatcher } = createDelivery();
    tells(1);
    assert.same([false, false], [dispatcher.isIdle(), dispatcher.hasUndelivered()]);
    assert.same(["change 1"], started());
    assert.same([false, false], [dispatcher.isIdle(), dispatcher.hasUndelivered()]);
    endChange(ACCEPTED);
    assert.same([], started());
    assert.is_true(dispatcher.isIdle());
    assert.same(["PagerDuty accepted the change event of 1 (downtime started)"], logged("info"));
  });

  it("waits for all alerts, of whatever urgency, and for the change event before it", () => {
    const { tells, wants, started, end, endChange } = createDelivery({ maximumParallel: 2 });
    tells(1);
    tells(2);
    wants(1, "triggered", "info");
    wants(2, "triggered", "critical");
    wants(3, "triggered", "warning");
    assert.same(["trigger critical 1_2", "trigger warning 1_3"], started());
    end(2, ACCEPTED);
    wants(2, "resolved");
    assert.same(["trigger info 1_1"], started());
    assert.same([], started());
    end(1, ACCEPTED);
    assert.same(["resolve 1_2"], started());
    end(3, ACCEPTED);
    assert.same(["change 1"], started());
    end(2, ACCEPTED);
    assert.same([], started());
    endChange(ACCEPTED);
    assert.same(["change 2"], started());
  });

  it("leaves all other connections to alerts, however long it takes", () => {
    const { tells, wants, started } = createDelivery({ maximumParallel: 3 });
    for (const number of $range(1, 5)) tells(number);
    assert.same(["change 1"], started());
    for (const number of $range(1, 3)) wants(number, "triggered");
    assert.same(["trigger critical 1_1", "trigger critical 1_2"], started());
  });

  it("does not go out before those that were told before it", () => {
    const { tells, sendAll } = createDelivery();
    for (const number of $range(1, 4)) tells(number);
    assert.same(
      ["change 1", "change 2", "change 3", "change 4"],
      sendAll(() => ACCEPTED),
    );
  });

  it("goes by the key of its route, and not at all by one that takes none, or that there is not", () => {
    const { tells, sendAll, dispatcher } = createDelivery({ routingKeys: KEYS });
    tells(1, "ops");
    tells(2, "nobody");
    assert.is_true(dispatcher.isIdle());
    tells(3, "dba");
    assert.same(
      [`change 3 by ${OTHER_KEY}`],
      sendAll(() => ACCEPTED),
    );
  });

  describe("is paced", () => {
    it("to a fifth of what the key may send, so that an alert finds room", () => {
      const { tells, wants, sendAll, pass } = createDelivery({ maximumEventsPerMinute: 10 });
      const send = (): string[] => sendAll(() => ACCEPTED);
      for (const number of $range(1, 5)) tells(number);
      assert.same(["change 1", "change 2"], send());
      for (const number of $range(1, 9)) wants(number, "triggered");
      assert.equal(8, send().length);
      pass(61);
      assert.same(["trigger critical 1_9", "change 3", "change 4"], send());
      pass(61);
      assert.same(["change 5"], send());
    });

    it("with the alerts: together they stay within the limit", () => {
      const { tells, wants, sendAll, pass } = createDelivery({ maximumEventsPerMinute: 5 });
      const send = (): string[] => sendAll(() => ACCEPTED);
      for (const number of $range(1, 5)) wants(number, "triggered");
      assert.equal(5, send().length);
      tells(1);
      pass(30);
      assert.same([], send());
      pass(31);
      assert.same(["change 1"], send());
    });

    it("to one a minute where very little may be sent", () => {
      const { tells, sendAll } = createDelivery({ maximumEventsPerMinute: 2 });
      tells(1);
      tells(2);
      assert.same(
        ["change 1"],
        sendAll(() => ACCEPTED),
      );
    });

    it("not at all where nothing is", () => {
      const { tells, sendAll } = createDelivery({ maximumEventsPerMinute: 0 });
      for (const number of $range(1, 100)) tells(number);
      assert.equal(100, sendAll(() => ACCEPTED).length);
    });
  });

  it("waits with the alerts while their key backs off", () => {
    const { tells, wants, started, end, pass } = createDelivery();
    wants(1, "triggered");
    started();
    end(1, UNSENT);
    tells(1);
    assert.same([], started());
    pass(1);
    assert.same(["trigger critical 1_1"], started());
    assert.same([], started());
    end(1, ACCEPTED);
    assert.same(["change 1"], started());
  });

  it("goes out after a back-off that no alert is left to end, and holds up none that comes then", () => {
    const { tells, wants, started, end, pass } = createDelivery();
    wants(1, "triggered");
    started();
    end(1, UNSENT);
    started();
    wants(1, "resolved");
    tells(1);
    assert.same([], started());
    pass(1);
    assert.same(["change 1"], started());
    wants(2, "triggered");
    assert.same(["trigger critical 1_2"], started());
  });

  it("is one of a hundred that wait at most: the oldest are dropped, and that is said once", () => {
    const { tells, sendAll, logged } = createDelivery();
    for (const number of $range(1, 150)) tells(number);
    expectMention(logged("warning"), "more than 100 change events wait");
    const sent = sendAll(() => ACCEPTED);
    assert.same([100, "change 51"], [sent.length, sent[0]]);
    for (const number of $range(1, 102)) tells(number);
    expectMention(logged("warning"), "more than 100 change events wait");
  });

  describe("that fails", () => {
    type Row = [what: string, outcome: HttpOutcome, ...words: string[]];
    const lost: Row[] = [
      ["is refused", REFUSED, "was refused", "HTTP 400", "too odd", "dropped"],
      [
        "meets a configuration that is wrong",
        answer(404),
        "was refused",
        "HTTP 404",
        "check http_server_url",
      ],
      ["may have arrived", LOST, "perhaps did not arrive", "not sent again"],
      ["meets a server error", answer(503), "perhaps did not arrive", "HTTP 503", "not sent again"],
      ["was answered 429 on a new connection", answer(429, { openedConnection: true }), "HTTP 429"],
    ];
    for (const [what, outcome, ...words] of lost) {
      it(`since it ${what} costs one WARNING, and is not sent again`, () => {
        const { tells, sendAll, logged, quarantined, pass, dispatcher } = createDelivery();
        tells(1);
        assert.same(
          ["change 1"],
          sendAll(() => outcome),
        );
        expectMention(logged("warning"), "change event of 1 (downtime started)", ...words);
        assert.same([[], [], true], [logged("error"), quarantined, dispatcher.isIdle()]);
        pass(1000);
        assert.same(
          [],
          sendAll(() => ACCEPTED),
        );
      });
    }

    it("before it left is sent again, later, and before the others", () => {
      const { tells, started, endChange, pass, logged } = createDelivery();
      tells(1);
      tells(2);
      assert.same(["change 1"], started());
      endChange(UNSENT);
      assert.same([], started());
      expectMention(logged("warning"), "change event of 1", "the next try is in 1 s");
      pass(1);
      assert.same(["change 1"], started());
      endChange(UNSENT);
      started();
      pass(1);
      assert.same([], started());
      pass(1);
      assert.same(["change 1"], started());
      endChange(ACCEPTED);
      assert.same(["change 2"], started());
    });

    it("because of too many is sent again when that is allowed", () => {
      const { tells, started, endChange, pass } = createDelivery();
      tells(1);
      started();
      endChange(answer(429, { retryAfter: "30" }));
      assert.same([], started());
      pass(30);
      assert.same([], started());
      pass(1);
      assert.same(["change 1"], started());
    });

    it("holds back the next ones for a while, and no alert", () => {
      for (const outcome of [LOST, UNSENT, answer(503), answer(404), answer(429)]) {
        const { tells, wants, started, endChange, end, pass, logged } = createDelivery();
        tells(1);
        tells(2);
        started();
        endChange(outcome);
        wants(1, "triggered");
        assert.same(["trigger critical 1_1"], started());
        end(1, ACCEPTED);
        assert.same([], started());
        assert.equal(1, logged("warning").length);
        pass(60);
        assert.equal(1, started().length);
      }
    });

    it("does not end the alerts' back-off by being accepted", () => {
      const { tells, wants, started, end, endChange, logged } = createDelivery();
      tells(1);
      started();
      wants(1, "triggered");
      started();
      end(1, UNSENT);
      endChange(ACCEPTED);
      assert.same([], started());
      assert.equal(1, logged("warning").length);
    });
  });
});
