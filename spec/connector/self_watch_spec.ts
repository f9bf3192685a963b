// The connector's watch over itself: when it speaks, how often, and when it takes its alert back.
import type { Alert, Place } from "../../src/alerts/alert";
import type { Failure } from "../../src/delivery/health";
import { createSelfWatch } from "../../src/connector/self_watch";
import { alertFor, placeWith, serviceOf } from "../support/alerts";

function createWatch(alertAfter: number) {
  let clock = 0;
  let failure: Failure | undefined;
  let left: Alert[] = [];
  let happened: string[] = [];
  const look = createSelfWatch(alertAfter, {
    now: () => clock,
    failure: () => failure,
    waiting: () => 7,
    leftBehind: () => left,
    alertOnSelf: (text) => {
      if (text !== undefined) happened.push(`alert: ${text}`);
      else happened.push("no alert");
    },
    error: (text) => happened.push(`error: ${text}`),
    warning: (text) => happened.push(`warning: ${text}`),
  });
  return {
    fail: (remedy?: string) => {
      failure = { since: clock, reason: "HTTP 503", remedy };
    },
    mend: () => {
      failure = undefined;
    },
    leave: (count: number) => {
      left = [];
      for (const number of $range(1, count)) left.push(alertFor(serviceOf(1, number)));
    },
    left: () => left,
    pass: (seconds: number) => {
      clock = clock + seconds;
    },
    /** What one look does. */
    look: (): string[] => {
      happened = [];
      look();
      return happened;
    },
  };
}

const FIVE_MINUTES = "nothing has got through to PagerDuty for 5 min: HTTP 503. Alerts that wait: 7";

describe("the watch over the connector itself", () => {
  it("says nothing while all is well", () => {
    const watch = createWatch(300);
    assert.same(["no alert"], watch.look());
  });

  it("says nothing of a failure that is young", () => {
    const watch = createWatch(300);
    watch.fail();
    watch.pass(299);
    assert.same(["no alert"], watch.look());
  });

  it("speaks of an old one, raises an alert, and says so again every five minutes", () => {
    const watch = createWatch(300);
    watch.fail();
    watch.pass(300);
    assert.same([`error: ${FIVE_MINUTES}`, `alert: ${FIVE_MINUTES}`], watch.look());
    assert.same([], watch.look());
    watch.pass(299);
    assert.same([], watch.look());
    watch.pass(1);
    const [line] = watch.look();
    assert.equal(`error: ${string.gsub(FIVE_MINUTES, "5 min", "10 min")[0]}`, line);
  });

  it("names those that may have been taken under a refused key, at once and in its alert, when they change", () => {
    const watch = createWatch(300);
    watch.fail();
    watch.pass(300);
    watch.look();
    watch.pass(1);
    watch.leave(1);
    const words =
      ". Perhaps taken under the key that is refused now, and so not sent by another one: db-02/Ping (1_1)";
    const text = `${FIVE_MINUTES}${words}`;
    assert.same([`error: ${text}`, `alert: ${text}`], watch.look());
    assert.same([], watch.look());
    watch.leave(12);
    const [line] = watch.look();
    assert.is_not_nil(string.find(line ?? "", " and 2 more$")[0]);
    watch.pass(300);
    // The alert has them already.
    assert.equal(1, watch.look().length);
  });

  it("looks for their names only when it says them", () => {
    let isRead = false;
    const place = placeWith();
    const lookUp = (_: object, key: string): unknown => {
      isRead = true;
      return place[key as keyof Place];
    };
    const watch = createWatch(300);
    watch.fail();
    watch.pass(300);
    watch.leave(20);
    for (const alert of watch.left()) {
      alert.place = setmetatable({}, { __index: lookUp } as unknown as LuaMetatable<object>) as Place;
    }
    const isReadAt = (seconds: number): boolean => {
      isRead = false;
      watch.pass(seconds);
      watch.look();
      return isRead;
    };
    assert.is_true(isReadAt(0));
    assert.is_false(isReadAt(1));
    assert.is_false(isReadAt(298));
    assert.is_true(isReadAt(1));
  });

  it("tells the remedy where there is one", () => {
    const watch = createWatch(60);
    watch.fail("check pdy_routing_key");
    watch.pass(60);
    assert.is_not_nil(
      string.find(watch.look()[0] ?? "", "HTTP 503; check pdy_routing_key. Alerts", 1, true)[0],
    );
  });

  it("takes the alert back when events get through again, and begins anew", () => {
    const watch = createWatch(300);
    watch.fail();
    watch.pass(300);
    watch.look();
    watch.mend();
    assert.same(
      ["warning: events get through to PagerDuty again, or none waits any more", "no alert"],
      watch.look(),
    );
    assert.same(["no alert"], watch.look());
    watch.fail();
    watch.pass(300);
    assert.equal(2, watch.look().length);
  });

  it("keeps the alert when one failure follows on another", () => {
    const watch = createWatch(300);
    watch.fail();
    watch.pass(300);
    watch.look();
    // Another key fails since lately: the first one's alerts went.
    watch.fail();
    assert.same([], watch.look());
  });

  it("never speaks with 0", () => {
    const watch = createWatch(0);
    watch.fail();
    watch.pass(100000);
    assert.same(["no alert"], watch.look());
  });
});
