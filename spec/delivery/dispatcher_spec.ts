// The dispatcher: which alert's action goes out when, and what each outcome leads to. The transfers are the spec's to
// end; everything else is real.
import type { Alert, Severity } from "../../src/alerts/alert";
import type { HttpOutcome } from "../../src/pagerduty/answer";
import { REPAGING } from "../support/alerts";
import { ACCEPTED, LOST, REFUSED, UNSENT, answer, createDelivery } from "../support/delivery";

const SERVER_ERROR = answer(500);
const LOST_WITHOUT_TRUST: HttpOutcome = {
  kind: "failed",
  reason: "spec",
  errorNumber: 60,
  proxyStatus: 0,
  mayHaveArrived: true,
};
const BAD_KEY = answer(400, { body: '{"errors":["Invalid routing key"]}' });

function expectMention(lines: string[], ...words: string[]): void {
  assert.equal(1, lines.length, table.concat(lines, "\n"));
  for (const word of words)
    assert.is_not_nil(string.find(lines[0] ?? "", word, 1, true)[0], `"${lines[0] ?? ""}" lacks "${word}"`);
}

function sorted(texts: string[]): string[] {
  table.sort(texts);
  return texts;
}

describe("the dispatcher", () => {
  describe("sends", () => {
    it("what is desired, and says so when it was accepted", () => {
      const { wants, started, end, logged } = createDelivery();
      const alert = wants(1, "triggered");
      assert.same(["trigger critical 1_1"], started());
      assert.equal("trigger", alert.inFlight);
      end(1, ACCEPTED);
      assert.same([], started());
      assert.equal("triggered", alert.delivered);
      assert.is_nil(alert.inFlight);
      expectMention(logged("info"), "trigger", "critical", "1_1", "db-02/Ping");
    });

    it("one action of an alert at a time, and then what is desired by now", () => {
      const { wants, started, end } = createDelivery();
      wants(1, "triggered", "warning");
      assert.same(["trigger warning 1_1"], started());
      wants(1, "triggered", "critical");
      wants(1, "resolved");
      wants(1, "triggered", "error");
      assert.same([], started());
      end(1, ACCEPTED);
      assert.same(["trigger error 1_1"], started());
      wants(1, "acknowledged");
      wants(1, "resolved");
      end(1, ACCEPTED);
      assert.same(["resolve 1_1"], started());
    });

    it("nothing before the journal knows of it, and tells it how that ended", () => {
      const { wants, sendAll, happened } = createDelivery();
      wants(1, "triggered");
      sendAll(() => ACCEPTED);
      assert.same(
        ["starts: trigger 1_1", "sent: trigger critical 1_1", "ended: 1_1 triggered, under way nothing"],
        happened,
      );
    });

    it("and takes in at once what ends with its first push", () => {
      const { wants, started } = createDelivery({ endsAtOnce: ACCEPTED });
      const alert = wants(1, "triggered");
      started();
      assert.equal("triggered", alert.delivered);
    });

    it("and knows what is left to do", () => {
      const { wants, started, end, pass, dispatcher } = createDelivery();
      const now = (): boolean[] => [dispatcher.isIdle(), dispatcher.isSending()];
      assert.same([true, false], now());
      wants(1, "triggered");
      assert.same([false, false], now());
      started();
      assert.same([false, true], now());
      end(1, UNSENT);
      started();
      assert.same([false, false], now());
      pass(1);
      started();
      end(1, ACCEPTED);
      started();
      assert.same([true, false], now());
    });

    it("different alerts at the same time, as many as may be", () => {
      const { wants, started, end } = createDelivery({ maximumParallel: 3 });
      for (const number of $range(1, 5)) wants(number, "triggered");
      assert.same(["trigger critical 1_1", "trigger critical 1_2", "trigger critical 1_3"], started());
      assert.same([], started());
      end(2, ACCEPTED);
      assert.same(["trigger critical 1_4"], started());
    });

    it("no more in one turn than it is told", () => {
      const { wants, started, dispatcher } = createDelivery({ maximumParallel: 3 });
      for (const number of $range(1, 5)) wants(number, "triggered");
      dispatcher.turn(1);
      assert.equal(1, dispatcher.underWay());
      dispatcher.turn(1);
      assert.equal(2, dispatcher.underWay());
      assert.equal(3, started().length);
      dispatcher.turn(1);
      assert.equal(3, dispatcher.underWay());
    });

    it("the most urgent first, as things are when their turn comes", () => {
      const { wants, sendAll } = createDelivery({ maximumParallel: 1 });
      wants(1, "triggered", "info");
      wants(2, "triggered", "warning");
      wants(3, "triggered", "critical");
      wants(1, "triggered", "error");
      assert.same(
        ["trigger critical 1_3", "trigger error 1_1", "trigger warning 1_2"],
        sendAll(() => ACCEPTED),
      );
    });

    it("an acknowledgement with who made it and why in the log", () => {
      const { wants, sendAll, logged } = createDelivery();
      wants(1, "triggered").acknowledgement = { author: "jdoe", comment: "on it" };
      sendAll(() => ACCEPTED);
      logged("info");
      wants(1, "acknowledged");
      assert.same(
        ["acknowledge 1_1"],
        sendAll(() => ACCEPTED),
      );
      expectMention(logged("info"), "acknowledge", "1_1", "jdoe", "on it");
    });

    it("nothing of what came and went before its turn", () => {
      const { wants, sendAll, dispatcher } = createDelivery({ maximumParallel: 1 });
      wants(1, "triggered");
      wants(2, "triggered", "warning");
      wants(2, "resolved", "warning");
      wants(3, "triggered", "warning");
      wants(3, "held", "warning");
      assert.same(
        ["trigger critical 1_1"],
        sendAll(() => ACCEPTED),
      );
      assert.is_true(dispatcher.isIdle());
    });

    it("a new incident for an escalation of an acknowledged one, when told to page again", () => {
      const { wants, sendAll } = createDelivery({ actionRules: REPAGING });
      wants(1, "triggered", "warning");
      sendAll(() => ACCEPTED);
      wants(1, "acknowledged", "warning");
      sendAll(() => ACCEPTED);
      wants(1, "triggered", "critical");
      assert.same(
        ["resolve 1_1", "trigger critical 1_1"],
        sendAll(() => ACCEPTED),
      );
    });
  });

  describe("with several routing keys", () => {
    const routingKeys = { default: "default key", database: "key of the database team" };

    it("sends each alert by its own, and lets no trouble of one key touch the other", () => {
      const { wants, sendAll } = createDelivery({ routingKeys });
      wants(1, "held").route = "database";
      wants(1, "triggered");
      wants(2, "triggered");
      const byDatabase = "trigger critical 1_1 by key of the database team";
      const byDefault = "trigger critical 1_2 by default key";
      const sent = sendAll((body) => (body === byDatabase ? UNSENT : ACCEPTED));
      table.sort(sent);
      assert.same([byDatabase, byDefault], sent);
      wants(2, "resolved");
      assert.same(
        ["resolve 1_2 by default key"],
        sendAll(() => ACCEPTED),
      );
    });

    it("sends once what changes its key while it waits", () => {
      const { wants, sendAll, dispatcher } = createDelivery({ routingKeys });
      wants(1, "triggered", "warning").route = "database";
      wants(1, "triggered", "critical");
      assert.same(
        ["trigger critical 1_1 by key of the database team"],
        sendAll(() => ACCEPTED),
      );
      assert.is_true(dispatcher.isIdle());
    });

    it("does not leave an alert stuck whose key is no longer configured", () => {
      const { wants, sendAll } = createDelivery({ routingKeys });
      wants(1, "held").route = "a team that is no more";
      wants(1, "triggered");
      assert.same(
        ["trigger critical 1_1 by default key"],
        sendAll(() => ACCEPTED),
      );
    });
  });

  describe("waits for a buffer to fill, when there is one,", () => {
    it("until so many wait, and then sends them all", () => {
      const { wants, started, end } = createDelivery({ bufferSize: 3, maximumParallel: 2 });
      wants(1, "triggered");
      wants(2, "triggered");
      assert.same([], started());
      wants(3, "triggered");
      assert.equal(2, started().length);
      end(1, ACCEPTED);
      end(2, ACCEPTED);
      assert.same(["trigger critical 1_3"], started());
      wants(4, "triggered");
      assert.same([], started());
    });

    it("or until the first has waited so long", () => {
      const { wants, started, pass } = createDelivery({ bufferSize: 100, bufferAge: 5 });
      wants(1, "triggered");
      pass(3);
      wants(2, "triggered");
      pass(1);
      assert.same([], started());
      pass(1);
      assert.same(["trigger critical 1_1", "trigger critical 1_2"], started());
    });
  });

  it("sends no more in a minute than it may, the most urgent", () => {
    const { wants, sendAll, pass } = createDelivery({ maximumEventsPerMinute: 2 });
    wants(1, "triggered", "warning");
    wants(2, "triggered", "critical");
    wants(3, "triggered", "error");
    assert.same(
      ["trigger critical 1_2", "trigger error 1_3"],
      sendAll(() => ACCEPTED),
    );
    pass(60);
    assert.same(
      [],
      sendAll(() => ACCEPTED),
    );
    pass(1);
    assert.same(
      ["trigger warning 1_1"],
      sendAll(() => ACCEPTED),
    );
  });

  describe("when more waits than may be sent in a minute", () => {
    const numbers = (from: number, to: number): number[] => {
      const all: number[] = [];
      for (const number of $range(from, to)) all.push(number);
      return all;
    };
    const accepted = (): HttpOutcome => ACCEPTED;
    const resolvesIn = (sent: string[]): number =>
      sent.filter((body) => string.find(body, "resolve", 1, true)[0] !== undefined).length;

    it("keeps a tenth for critical problems that are not open yet: they go at once", () => {
      const { wants, sendAll } = createDelivery({ maximumEventsPerMinute: 20 });
      for (const number of numbers(1, 30)) wants(number, "triggered", "warning");
      assert.equal(18, sendAll(accepted).length);
      // An open one that gets worse has paged already.
      wants(1, "triggered", "critical");
      wants(30, "triggered", "error");
      assert.same([], sendAll(accepted));
      for (const number of numbers(31, 33)) wants(number, "triggered", "critical");
      assert.same(["trigger critical 1_31", "trigger critical 1_32"], sendAll(accepted));
    });

    it("gives resolves a third of the rest, and criticals the tenth beside it", () => {
      const { wants, sendAll, pass } = createDelivery({ maximumEventsPerMinute: 110 });
      for (const number of numbers(1, 99)) wants(number, "triggered");
      sendAll(accepted);
      pass(61);
      for (const number of numbers(1, 99)) wants(number, "resolved");
      for (const number of numbers(101, 300)) wants(number, "triggered");
      for (const minute of $range(1, 2)) {
        const sent = sendAll(accepted);
        assert.same([110, 33], [sent.length, resolvesIn(sent)], `minute ${minute}`);
        pass(61);
      }
    });

    it("sends triggers that say nothing new when all else has gone", () => {
      const { wants, sendAll, pass, dispatcher } = createDelivery({ maximumEventsPerMinute: 5 });
      const open = wants(1, "triggered");
      sendAll(accepted);
      pass(61);
      open.wantsRetrigger = true;
      dispatcher.offer(open);
      for (const number of numbers(2, 9)) wants(number, "triggered", "info");
      assert.same(
        numbers(2, 6).map((number) => `trigger info 1_${number}`),
        sendAll(accepted),
      );
      pass(61);
      assert.same(
        [...numbers(7, 9).map((number) => `trigger info 1_${number}`), "trigger critical 1_1"],
        sendAll(accepted),
      );
    });

    it("sends resolves of what nothing is known of when nothing waits, and leaves half of the minute", () => {
      const { wants, isWellPerhaps, sendAll, pass, dispatcher } = createDelivery({
        maximumEventsPerMinute: 20,
      });
      for (const number of numbers(1, 30)) isWellPerhaps(number);
      for (const number of numbers(101, 119)) wants(number, "triggered", "info");
      const first = sendAll(accepted);
      assert.same([18, 0], [first.length, resolvesIn(first)]);
      pass(61);
      const second = sendAll(accepted);
      assert.same(["trigger info 1_119", 8], [second[0], second.length]);
      assert.equal(7, resolvesIn(second));
      wants(201, "triggered", "info");
      assert.same(["trigger info 1_201"], sendAll(accepted));
      let minutes = 0;
      while (!dispatcher.isIdle()) {
        assert.is_true(minutes < 10, "they never end");
        minutes = minutes + 1;
        pass(61);
        sendAll(accepted);
      }
    });
  });

  describe("when one key is refused and others are taken", () => {
    const routingKeys = { default: "default key", dba: "dba key", "(fallback)": "fallback key" };
    const REFUSED_KEY = answer(403, { body: '{"message":"no such key"}' });
    const isBy = (body: string, key: string): boolean => string.find(body, key, 1, true)[0] !== undefined;
    const dbaIsRefused = (body: string): HttpOutcome => (isBy(body, "dba key") ? REFUSED_KEY : ACCEPTED);

    function begin(detourAfter = 300) {
      const delivery = createDelivery({ routingKeys, detourAfter });
      return {
        ...delivery,
        /** A problem of the database team's. */
        wantsByDba: (number: number, severity: Severity = "critical"): Alert => {
          delivery.wants(number, "held").route = "dba";
          return delivery.wants(number, "triggered", severity);
        },
      };
    }

    it("sends its new alerts by the fallback key after a while, and says so once", () => {
      const { wants, wantsByDba, sendAll, pass, logged } = begin();
      const alert = wantsByDba(1);
      wantsByDba(2, "warning");
      assert.equal(2, sendAll(dbaIsRefused).length);
      expectMention(logged("error"), "no such key", "check pdy_routing_key_dba against");
      wants(9, "triggered");
      // Another one was taken: the way is good, so the key is looked at once more.
      const sent = sendAll(dbaIsRefused);
      assert.same(["trigger critical 1_1 by dba key", "trigger critical 1_9 by default key"], sorted(sent));
      pass(299);
      for (const body of sendAll(dbaIsRefused)) assert.is_true(isBy(body, "dba key"), body);
      pass(1);
      const moved = sendAll(dbaIsRefused);
      assert.same(
        ["trigger critical 1_1 by fallback key", "trigger warning 1_2 by fallback key"],
        sorted(moved.filter((body) => isBy(body, "fallback"))),
      );
      assert.same(
        ["(fallback)", "dba", "HTTP 403: no such key"],
        [alert.route, alert.detour?.meantFor, alert.detour?.reason],
      );
      expectMention(
        logged("error"),
        "PagerDuty refuses the key of pdy_routing_key_dba",
        "pdy_fallback_routing_key",
      );
    });

    it("keeps them there until they end, and sends the next ones there at once, after one look at the key", () => {
      const { wants, wantsByDba, sendAll, pass } = begin();
      wantsByDba(1);
      sendAll(dbaIsRefused);
      wants(9, "triggered");
      sendAll(dbaIsRefused);
      pass(300);
      sendAll(dbaIsRefused);
      wantsByDba(2);
      assert.same(["trigger critical 1_2 by fallback key"], sendAll(dbaIsRefused));
      pass(60);
      wantsByDba(3);
      assert.same(
        ["trigger critical 1_3 by dba key", "trigger critical 1_3 by fallback key"],
        sendAll(dbaIsRefused),
      );
      pass(60);
      // Mended: what is new goes to its team, what is open stays where it was opened.
      wantsByDba(4);
      wants(1, "resolved");
      assert.same(
        ["resolve 1_1 by fallback key", "trigger critical 1_4 by dba key"],
        sorted(sendAll(() => ACCEPTED)),
      );
    });

    it("sends the next problem of a resource as it is meant to go, though the last one ends this moment", () => {
      const { wants, wantsByDba, started, end, sendAll, pass } = begin();
      wantsByDba(1);
      sendAll(dbaIsRefused);
      wants(9, "triggered");
      sendAll(dbaIsRefused);
      pass(300);
      sendAll(dbaIsRefused);
      wants(1, "resolved");
      assert.same(["resolve 1_1 by fallback key"], started());
      wants(1, "triggered");
      end(1, ACCEPTED);
      pass(60);
      assert.same(["trigger critical 1_1 by dba key"], started());
    });

    it("leaves what may have been taken under it, and names that", () => {
      const { wants, wantsByDba, started, end, sendAll, pass, dispatcher } = begin();
      wantsByDba(1);
      started();
      end(1, LOST);
      started();
      pass(1);
      sendAll(dbaIsRefused);
      wants(9, "triggered");
      sendAll(dbaIsRefused);
      assert.same([], dispatcher.leftBehind());
      pass(300);
      for (const body of sendAll(dbaIsRefused)) assert.equal("trigger critical 1_1 by dba key", body);
      assert.same(
        ["1_1"],
        dispatcher.leftBehind().map(({ dedupKey }) => dedupKey),
      );
      assert.is_true(dispatcher.isBusyWith("dba"));
      pass(60);
      assert.same(
        ["trigger critical 1_1 by dba key"],
        sendAll(() => ACCEPTED),
      );
      assert.same([], dispatcher.leftBehind());
      assert.is_false(dispatcher.isBusyWith("dba"));
    });

    it("waits where all are refused: the way is to blame, and each alert goes to its team when that is mended", () => {
      const { wants, wantsByDba, sendAll, pass } = begin();
      wantsByDba(1);
      wants(2, "triggered");
      for (const _ of $range(1, 20)) {
        for (const body of sendAll(() => REFUSED_KEY)) assert.is_false(isBy(body, "fallback"), body);
        pass(60);
      }
      assert.same(
        ["trigger critical 1_1 by dba key", "trigger critical 1_2 by default key"],
        sorted(sendAll(() => ACCEPTED)),
      );
    });

    it("never does so where that is switched off, or there is no fallback key", () => {
      for (const [keys, after] of [
        [routingKeys, 0],
        [{ default: "default key", dba: "dba key" }, 300],
      ] as const) {
        const { wants, sendAll, pass, dispatcher } = createDelivery({
          routingKeys: keys,
          detourAfter: after,
        });
        wants(1, "held").route = "dba";
        wants(1, "triggered");
        wants(9, "triggered");
        for (const _ of $range(1, 20)) {
          for (const body of sendAll(dbaIsRefused)) assert.is_false(isBy(body, "fallback"), body);
          pass(60);
        }
        wants(1, "resolved");
        assert.is_false(dispatcher.isBusyWith("dba"));
      }
    });
  });

  describe("takes for accepted or not, by how it ended:", () => {
    type Row = [what: string, outcome: HttpOutcome, mayBeOpen: boolean];
    const rows: Row[] = [
      ["no answer", LOST, true],
      ["not sent", UNSENT, false],
      ["500", SERVER_ERROR, true],
      ["an answer that is none of PagerDuty's", answer(200), true],
      ["429 on a connection that was open", answer(429), false],
      ["429 on a new connection, perhaps to the second try", answer(429, { openedConnection: true }), true],
      ["408 on a new connection", answer(408, { openedConnection: true }), true],
      ["a certificate that was refused to the second try", LOST_WITHOUT_TRUST, true],
      ["400", REFUSED, false],
      ["400 for the key", BAD_KEY, false],
      ["403", answer(403), false],
    ];
    for (const [what, outcome, mayBeOpen] of rows) {
      it(`${what}: ${mayBeOpen ? "perhaps" : "not"}, and a recovery is ${mayBeOpen ? "sent" : "not"}`, () => {
        const { wants, started, end, sendAll, pass } = createDelivery();
        wants(1, "triggered");
        started();
        const alert = wants(1, "resolved");
        end(1, outcome);
        started();
        pass(100);
        assert.same(
          mayBeOpen ? ["resolve 1_1"] : [],
          sendAll(() => ACCEPTED),
        );
        assert.equal("none", alert.delivered);
      });
    }

    it("says so when there is nothing to send any more", () => {
      const { wants, started, end, logged } = createDelivery();
      wants(1, "triggered");
      started();
      wants(1, "resolved");
      end(1, UNSENT);
      started();
      expectMention(logged("info"), "db-02/Ping", "came and went");
    });

    it("sends the trigger again when its outcome is unknown, though it may be there", () => {
      const { wants, started, end, pass } = createDelivery();
      const alert = wants(1, "triggered");
      started();
      end(1, LOST);
      started();
      pass(10);
      assert.same(["trigger critical 1_1"], started());
      end(1, ACCEPTED);
      started();
      assert.is_true(alert.isCertain);
    });
  });

  describe("when PagerDuty refuses an event", () => {
    const LADDER = ["trigger critical 1_1", "trigger critical 1_1, slim", "trigger critical 1_1, bare"];

    it("sends less and less of it, then keeps it aside with PagerDuty's words", () => {
      const { wants, sendAll, logged, quarantined } = createDelivery();
      wants(1, "triggered");
      assert.same(
        LADDER,
        sendAll(() => REFUSED),
      );
      const [first, second] = logged("warning");
      expectMention([first ?? ""], "1_1", "too odd", "sending it again in its slim form");
      expectMention([second ?? ""], "1_1", "too odd", "sending it again in its bare form");
      expectMention(logged("error"), "1_1", "Event object is invalid: too odd");
      assert.same(["trigger critical 1_1, bare: HTTP 400: Event object is invalid: too odd"], quarantined);
    });

    it("is content with the form that is taken", () => {
      const { wants, sendAll, quarantined } = createDelivery();
      const alert = wants(1, "triggered");
      const sent = sendAll((body) => (body === LADDER[0] ? REFUSED : ACCEPTED));
      assert.same([LADDER[0], LADDER[1]], sent);
      assert.equal("triggered", alert.delivered);
      assert.same([], quarantined);
    });

    it("goes on with the others at once", () => {
      const { wants, sendAll } = createDelivery({ maximumParallel: 1 });
      wants(1, "triggered");
      wants(2, "triggered", "warning");
      const sent = sendAll((body) => (string.find(body, "1_1")[0] === undefined ? ACCEPTED : REFUSED));
      assert.equal("trigger warning 1_2", sent[sent.length - 1]);
    });

    it("sends it again only when its severity or state changes, and then in full", () => {
      const { wants, sendAll, pass } = createDelivery();
      wants(1, "triggered", "warning");
      sendAll(() => REFUSED);
      pass(100000);
      wants(1, "triggered", "warning");
      assert.same(
        [],
        sendAll(() => ACCEPTED),
      );
      wants(1, "triggered", "critical");
      assert.same(
        ["trigger critical 1_1"],
        sendAll(() => ACCEPTED),
      );
    });

    it("counts a refused resolve or acknowledge as done", () => {
      const { wants, sendAll, quarantined, dispatcher } = createDelivery();
      wants(1, "triggered");
      sendAll(() => ACCEPTED);
      wants(1, "acknowledged");
      assert.same(
        ["acknowledge 1_1"],
        sendAll(() => REFUSED),
      );
      const alert = wants(1, "resolved");
      assert.same(
        ["resolve 1_1"],
        sendAll(() => REFUSED),
      );
      assert.equal("none", alert.delivered);
      assert.equal(2, quarantined.length);
      assert.is_true(dispatcher.isIdle());
    });
  });

  describe("when the configuration is the problem", () => {
    it("says so once, loses nothing, and tries slowly until it was mended", () => {
      const { wants, sendAll, pass, logged, quarantined } = createDelivery();
      wants(1, "triggered");
      assert.equal(1, sendAll(() => BAD_KEY).length);
      for (const minute of $range(1, 3)) {
        wants(1 + minute, "triggered", "warning");
        pass(59);
        assert.same(
          [],
          sendAll(() => BAD_KEY),
        );
        pass(1);
        assert.equal(1, sendAll(() => BAD_KEY).length, `minute ${minute}`);
      }
      expectMention(logged("error"), "Invalid routing key", "check pdy_routing_key");
      assert.same([], quarantined);
      pass(60);
      assert.equal(4, sendAll(() => ACCEPTED).length);

      wants(5, "triggered");
      sendAll(() => BAD_KEY);
      assert.equal(1, logged("error").length);
    });
  });

  describe("while PagerDuty is away", () => {
    it("probes with one alert at a time, less and less often, and says how long", () => {
      const { wants, started, end, pass, logged } = createDelivery();
      for (const number of $range(1, 20)) wants(number, "triggered");
      assert.equal(8, started().length);
      for (const number of $range(1, 8)) end(number, UNSENT);
      const waits: number[] = [];
      let waited = 0;
      while (waits.length < 10) {
        const bodies = started();
        if (bodies.length > 0) {
          assert.equal(1, bodies.length);
          assert.same([], started());
          const [number] = string.match(bodies[0] ?? "", "1_(%d+)");
          end(Number(number), UNSENT);
          waits.push(waited);
          waited = 0;
        } else {
          pass(1);
          waited = waited + 1;
        }
      }
      assert.same([1, 2, 4, 8, 16, 32, 64, 128, 256, 300], waits);
      const warnings = logged("warning");
      // One for all that were under way together, then one for each probe.
      assert.equal(10, warnings.length);
      assert.is_not_nil(
        string.find(warnings[0] ?? "", "the next try is in 1 s, 12 more alerts wait", 1, true)[0],
      );
    });

    it("is back at full speed with the first that is accepted", () => {
      const { wants, started, end, pass, logged } = createDelivery();
      for (const number of $range(1, 20)) wants(number, "triggered");
      started();
      for (const number of $range(1, 8)) end(number, UNSENT);
      started();
      logged("warning");
      pass(1);
      const [probe] = started();
      const [number] = string.match(probe ?? "", "1_(%d+)");
      end(Number(number), ACCEPTED);
      assert.equal(8, started().length);
      expectMention(logged("warning"), "accepts events again");
    });

    it("is back at full speed with a refusal, too: PagerDuty answers", () => {
      const { wants, started, end, sendAll, pass } = createDelivery();
      for (const number of $range(1, 20)) wants(number, "triggered");
      sendAll(() => UNSENT);
      pass(1);
      const bodies = started();
      assert.equal(1, bodies.length);
      const [number] = string.match(bodies[0] ?? "", "1_(%d+)");
      end(Number(number), REFUSED);
      assert.equal(8, started().length);
    });

    it("waits as long as it was told", () => {
      const { wants, started, end, pass } = createDelivery();
      wants(1, "triggered");
      started();
      end(1, answer(429, { retryAfter: "30" }));
      started();
      pass(30);
      assert.same([], started());
      pass(1);
      assert.equal(1, started().length);
    });

    it("keeps nothing of what came and went", () => {
      const { wants, started, sendAll, end, pass, dispatcher } = createDelivery();
      wants(1, "triggered");
      started();
      end(1, UNSENT);
      started();
      for (const number of $range(2, 50)) wants(number, "triggered");
      for (const number of $range(1, 50)) wants(number, "resolved");
      assert.is_true(dispatcher.isIdle());
      pass(1000);
      assert.same(
        [],
        sendAll(() => ACCEPTED),
      );
    });
  });

  describe("when one event is not taken again and again while others pass", () => {
    /** Runs minutes of a poisonous alert beside others that come and go. */
    function runWithPoison(minutes: number, severity: Severity, outcome = SERVER_ERROR) {
      const delivery = createDelivery();
      const { wants, sendAll, pass } = delivery;
      const poison: string[] = [];
      let others = 0;
      let slowest = 0;
      wants(1, "triggered", severity);
      for (const second of $range(0, minutes * 60)) {
        const number = 2 + (second % 20);
        wants(number, math.floor(second / 20) % 2 === 0 ? "triggered" : "resolved", "warning");
        let isPassing = false;
        for (const body of sendAll((text) =>
          string.find(text, "1_1%f[%D]")[0] === undefined ? ACCEPTED : outcome,
        )) {
          if (string.find(body, "1_1%f[%D]")[0] !== undefined) {
            poison.push(body);
          } else {
            others = others + 1;
            isPassing = true;
          }
        }
        slowest = isPassing ? 0 : slowest + 1;
        // Four probes in a row at most are spent on it: 1, 2, 4, 8 and then 16 s.
        assert.is_true(slowest <= 31, "the others wait for it");
        pass(1);
      }
      return { ...delivery, poison, others };
    }

    for (const [severity, outcome] of [
      ["critical", SERVER_ERROR],
      ["info", SERVER_ERROR],
      ["critical", answer(451)],
    ] as const) {
      const what = `${severity}, HTTP ${outcome.kind === "answered" ? outcome.status : 0}`;
      it(`sends less and less of it, then keeps it aside, and hardly disturbs the others (${what})`, () => {
        const { poison, others, quarantined, dispatcher } = runWithPoison(60, severity, outcome);
        const forms: string[] = [];
        for (const body of poison) if (forms[forms.length - 1] !== body) forms.push(body);
        const trigger = `trigger ${severity} 1_1`;
        assert.same([trigger, `${trigger}, slim`, `${trigger}, bare`], forms);
        for (const form of forms)
          assert.is_true(poison.filter((body) => body === form).length >= 5, `too few tries: ${form}`);
        assert.equal(1, quarantined.length);
        assert.is_true(poison.length <= 60, `${poison.length} tries`);
        // All but those that came and went while a probe had to wait.
        assert.is_true(others > 3000, `${others} others`);
        assert.is_true(dispatcher.isIdle());
      });
    }

    it("gives it time: five minutes and five tries before it takes that for its fault", () => {
      assert.same([], runWithPoison(5, "critical").quarantined);
      const { poison } = runWithPoison(4, "critical");
      assert.is_true(poison.length >= 5, `${poison.length} tries`);
      for (const body of poison) assert.equal("trigger critical 1_1", body);
    });

    it("does not let it wait for that when it becomes another one", () => {
      const { wants, sendAll, pass, dispatcher } = createDelivery();
      const isPoison = (body: string): boolean => string.find(body, "1_1", 1, true)[0] !== undefined;
      const outcome = (body: string) => (isPoison(body) ? SERVER_ERROR : ACCEPTED);
      wants(1, "triggered", "warning");
      for (const second of $range(1, 60)) {
        wants(2, second % 2 === 0 ? "triggered" : "resolved");
        sendAll(outcome);
        pass(1);
      }
      assert.same([], sendAll(outcome));
      assert.is_false(dispatcher.isIdle());
      wants(1, "triggered", "critical");
      assert.same(
        ["trigger critical 1_1"],
        sendAll(() => ACCEPTED),
      );
      assert.is_true(dispatcher.isIdle());
    });

    it("takes server errors that all meet for nobody's fault", () => {
      const { wants, sendAll, pass, quarantined } = createDelivery();
      for (const number of $range(1, 2)) wants(number, "triggered");
      let tries = 0;
      for (const _ of $range(1, 4 * 3600)) {
        for (const body of sendAll(() => SERVER_ERROR)) {
          assert.is_nil(string.find(body, ",", 1, true)[0], body);
          tries = tries + 1;
        }
        pass(1);
      }
      // Each of them oftener than an event of its own fault is.
      assert.is_true(tries > 20, `${tries} tries`);
      assert.same([], quarantined);
      pass(300);
      assert.equal(2, sendAll(() => ACCEPTED).length);
    });
  });

  describe("when one alert meets a fault of ours", () => {
    /** Alert 1_1 meets it at that place, while the fault is there and `isMet` says so. */
    function createFaultyDelivery(place: string, isMet: (this: void, alert: Alert) => boolean = () => true) {
      const fault = { isThere: true };
      const delivery = createDelivery({
        visit: (visited, alert) => {
          if (fault.isThere && visited === place && alert.dedupKey === "1_1" && isMet(alert))
            error("odd text");
        },
      });
      return { ...delivery, fault };
    }

    it("sends less of what cannot be composed, names it, and sends the others", () => {
      const { wants, started, logged } = createFaultyDelivery(
        "compose",
        ({ ladderStep }) => ladderStep === 0,
      );
      wants(1, "triggered");
      wants(2, "triggered");
      assert.same(["trigger critical 1_1, slim", "trigger critical 1_2"], sorted(started()));
      expectMention(logged("error"), "trigger (critical) of 1_1, db-02/Ping", "odd text", "slim");
    });

    for (const place of ["compose", "actionStarts"]) {
      it(`tries again, less and less often, what never can be (${place})`, () => {
        const { wants, started, end, pass, logged, fault, dispatcher } = createFaultyDelivery(place);
        const alert = wants(1, "triggered");
        wants(2, "triggered");
        assert.same(["trigger critical 1_2"], started());
        assert.equal(3, logged("error").length);
        assert.is_nil(alert.inFlight);
        assert.is_true(dispatcher.hasUndelivered());
        end(2, ACCEPTED);
        let tries = 0;
        for (const _ of $range(1, 3600)) {
          pass(1);
          assert.same([], started());
          tries = tries + logged("error").length;
        }
        // 2, 4, 8 … 256 s after each other, and then 300.
        assert.is_true(tries >= 8 && tries <= 24, `${tries} tries`);
        fault.isThere = false;
        pass(300);
        assert.same(["trigger critical 1_1, bare"], started());
        end(1, ACCEPTED);
        started();
        assert.equal("triggered", alert.delivered);
      });
    }

    it("takes an outcome that could not be taken in for unknown, and those of the others as they are", () => {
      const { wants, started, end, pass, logged, fault } = createFaultyDelivery("heard");
      const [alert, other] = [wants(1, "triggered"), wants(2, "triggered")];
      started();
      end(1, ACCEPTED);
      end(2, ACCEPTED);
      assert.same([], started());
      assert.same(["triggered", "triggered"], [alert.delivered, other.delivered]);
      assert.same([false, true], [alert.isCertain, other.isCertain]);
      expectMention(logged("error"), "trigger (critical) of 1_1, db-02/Ping", "odd text");
      fault.isThere = false;
      pass(2);
      assert.same(["trigger critical 1_1"], started());
      end(1, ACCEPTED);
      started();
      assert.is_true(alert.isCertain);
    });

    it("takes in the outcomes of the others when it cannot say that one has ended", () => {
      const { wants, started, end, logged } = createFaultyDelivery("actionEnded");
      const [alert, other] = [wants(1, "triggered"), wants(2, "triggered")];
      started();
      end(1, ACCEPTED);
      end(2, ACCEPTED);
      assert.same([], started());
      assert.same([true, true], [alert.isCertain, other.isCertain]);
      assert.same(["triggered", "triggered"], [alert.delivered, other.delivered]);
      expectMention(logged("error"), "1_1", "odd text");
      wants(1, "resolved");
      assert.same(["resolve 1_1"], started());
    });
  });

  it("keeps nothing of alerts that are done with, whatever they went through", () => {
    const { wants, forget, sendAll, pass } = createDelivery();
    const alive = setmetatable(new LuaTable<Alert, boolean>(), { __mode: "k" });
    for (const number of $range(1, 3)) alive.set(wants(number, "triggered"), true);
    sendAll(() => SERVER_ERROR);
    for (const number of $range(1, 3)) wants(number, "resolved");
    pass(100);
    sendAll(() => ACCEPTED);
    alive.set(wants(4, "triggered"), true);
    sendAll(() => SERVER_ERROR);
    wants(4, "held");
    pass(100);
    // The queue closes its gaps when somebody passes.
    wants(5, "triggered");
    sendAll(() => ACCEPTED);
    for (const number of $range(1, 5)) forget(number);
    collectgarbage("collect");
    assert.is_nil(next(alive)[0]);
  });
});
