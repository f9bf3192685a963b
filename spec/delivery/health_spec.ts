// How the delivery fares: since when nothing gets through, key by key, and what was heard last.
import { type Health, createHealth } from "../../src/delivery/health";
import type { Verdict } from "../../src/pagerduty/answer";

const ACCEPTED: Verdict = { kind: "accepted" };
const REFUSED: Verdict = { kind: "refused", reason: "HTTP 400: odd" };
const AWAY: Verdict = {
  kind: "try later",
  reason: "HTTP 503",
  mayHaveBeenAccepted: false,
  mayBeEventsFault: true,
  retryAfter: undefined,
};
const BAD_KEY: Verdict = {
  kind: "misconfigured",
  reason: "HTTP 400: Invalid routing key",
  remedy: "check the key",
  mayHaveBeenAccepted: false,
};

describe("the health of the delivery", () => {
  let clock = 0;
  let health: Health;
  const heardAt = (time: number, label: string, verdict: Verdict): void => {
    clock = time;
    health.heard(label, verdict);
  };
  const failure = () => health.failure(() => true);

  before_each(() => {
    clock = 0;
    health = createHealth(() => clock);
  });

  it("knows nothing before the first answer", () => {
    assert.is_nil(failure());
    assert.is_nil(health.lastAnswer());
    assert.is_nil(health.lastSuccess());
    assert.equal(0, health.accepted());
  });

  it("counts what was accepted, and when the last was", () => {
    heardAt(5, "default", ACCEPTED);
    heardAt(9, "dba", ACCEPTED);
    assert.equal(2, health.accepted());
    assert.equal(9, health.lastSuccess());
    assert.same({ text: "accepted", at: 9 }, health.lastAnswer());
  });

  it("fails from the first failure on, with the latest reason", () => {
    heardAt(10, "default", AWAY);
    heardAt(20, "default", BAD_KEY);
    assert.same({ since: 10, reason: "HTTP 400: Invalid routing key", remedy: "check the key" }, failure());
    assert.same({ text: "HTTP 400: Invalid routing key", at: 20 }, health.lastAnswer());
  });

  for (const [what, verdict] of [
    ["one is accepted", ACCEPTED],
    ["one is refused: whoever refuses answers", REFUSED],
  ] as const) {
    it(`fails no longer when ${what}`, () => {
      heardAt(10, "default", AWAY);
      heardAt(20, "default", verdict);
      assert.is_nil(failure());
      heardAt(30, "default", AWAY);
      assert.equal(30, failure()?.since);
    });
  }

  it("tells the longest failure of several keys; one key's success is not another's", () => {
    heardAt(10, "dba", AWAY);
    heardAt(20, "default", BAD_KEY);
    heardAt(30, "default", ACCEPTED);
    assert.equal(10, failure()?.since);
    heardAt(40, "default", AWAY);
    heardAt(50, "dba", ACCEPTED);
    assert.equal(40, failure()?.since);
  });

  it("fails with nothing when nothing waits any more, and anew when something does", () => {
    heardAt(10, "default", AWAY);
    assert.is_nil(health.failure(() => false));
    assert.is_nil(failure());
    heardAt(500, "default", AWAY);
    assert.equal(500, failure()?.since);
  });
});
