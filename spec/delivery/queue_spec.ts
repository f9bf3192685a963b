// The queue: who is next, and that nobody waits for ever. What is sent when somebody's turn comes is not its business.
import type { Action, Alert, Severity } from "../../src/alerts/alert";
import { type Queue, createQueue } from "../../src/delivery/queue";
import { alertFor, deliver, serviceOf } from "../support/alerts";
import { createRandom } from "../support/random";

let made = 0;

function alertOf(severity: Severity = "critical"): Alert {
  made = made + 1;
  const alert = alertFor(serviceOf(1, made));
  alert.severity = severity;
  return alert;
}

/** Takes everybody, in order. */
function takeAll(queue: Queue): string[] {
  const taken: Alert[] = [];
  while (true) {
    const alert = queue.take(false);
    if (alert === undefined) return keysOf(taken);
    taken.push(alert);
  }
}

/** Makes PagerDuty have the alert, as certain, with `delivered` as the worst severity so far. */
function open(alert: Alert, delivered: Severity): Alert {
  alert.desired = "triggered";
  return deliver(alert, "triggered", delivered, true);
}

function keysOf(alerts: Alert[]): string[] {
  return alerts.map(({ dedupKey }) => dedupKey);
}

describe("the queue", () => {
  it("has the most urgent first: triggers by severity, then what wakes nobody", () => {
    const queue = createQueue();
    const [resolve, info, warning, error, critical] = [
      alertOf(),
      alertOf("info"),
      alertOf("warning"),
      alertOf("error"),
      alertOf("critical"),
    ];
    queue.put(resolve, "resolve", 0);
    for (const alert of [info, warning, error, critical]) queue.put(alert, "trigger", 1);
    // The fourth turn is the oldest one's.
    assert.same(keysOf([critical, error, warning, resolve, info]), takeAll(queue));
  });

  it("has acknowledgements and resolves in one line", () => {
    const queue = createQueue();
    const [first, second] = [alertOf("critical"), alertOf("info")];
    queue.put(second, "acknowledge", 0);
    queue.put(first, "resolve", 0);
    assert.same(keysOf([second, first]), takeAll(queue));
  });

  it("has what opens an alert before what makes an open one worse", () => {
    const queue = createQueue();
    const [worse, fresh] = [open(alertOf("critical"), "warning"), alertOf("critical")];
    queue.put(worse, "trigger", 0);
    queue.put(fresh, "trigger", 1);
    assert.same(keysOf([fresh, worse]), takeAll(queue));
  });

  it("has what PagerDuty was told already after everything else, however long it waits", () => {
    const queue = createQueue();
    const again = open(alertOf("critical"), "critical");
    const acknowledged = deliver(alertOf(), "acknowledged", "critical", true);
    queue.put(again, "trigger", 0);
    queue.put(acknowledged, "acknowledge", 0);
    const others: Alert[] = [];
    for (const _ of $range(1, 8)) {
      const alert = alertOf("info");
      others.push(alert);
      queue.put(alert, "resolve", 9);
    }
    assert.same(keysOf([...others, again, acknowledged]), takeAll(queue));
  });

  it("has a resolve that makes way for a worse problem among the pages", () => {
    const queue = createQueue();
    const [quiet, worse] = [alertOf(), deliver(alertOf("critical"), "acknowledged", "warning", true)];
    worse.desired = "triggered";
    queue.put(quiet, "resolve", 0);
    queue.put(worse, "resolve", 1);
    assert.same(keysOf([worse, quiet]), takeAll(queue));
  });

  describe("while more wait than may be sent", () => {
    /** How many of the first `turns` of a crowd are of the alerts in `some`. */
    function share(queue: Queue, turns: number, some: Alert[]): number {
      let count = 0;
      for (const _ of $range(1, turns)) {
        const taken = queue.take(true);
        if (taken !== undefined && some.includes(taken)) count = count + 1;
      }
      return count;
    }

    function putMany(queue: Queue, count: number, severity: Severity, action: Action): Alert[] {
      const alerts: Alert[] = [];
      for (const time of $range(1, count)) {
        const alert = alertOf(severity);
        alerts.push(alert);
        queue.put(alert, action, time);
      }
      return alerts;
    }

    it("gives a third to those that calm, however many criticals there are", () => {
      const queue = createQueue();
      const calm = putMany(queue, 200, "critical", "resolve");
      putMany(queue, 200, "critical", "trigger");
      assert.equal(33, share(queue, 99, calm));
    });

    it("gives as many to those that calm as to pages where they are far behind", () => {
      const queue = createQueue();
      const calm = putMany(queue, 300, "critical", "resolve");
      putMany(queue, 99, "critical", "trigger");
      assert.equal(49, share(queue, 99, calm));
    });

    it("gives all of it to one kind where the other has none", () => {
      const queue = createQueue();
      const calm = putMany(queue, 20, "critical", "acknowledge");
      assert.equal(20, share(queue, 20, calm));
      const pages = putMany(queue, 20, "critical", "trigger");
      assert.equal(20, share(queue, 20, pages));
    });

    it("starves no page of low severity", () => {
      const queue = createQueue();
      const info = alertOf("info");
      queue.put(info, "trigger", 0);
      putMany(queue, 100, "critical", "resolve");
      putMany(queue, 100, "critical", "trigger");
      assert.equal(1, share(queue, 12, [info]));
    });
  });

  it("gives those alone that open an alert, where that is asked for, the most urgent first", () => {
    const queue = createQueue();
    const [info, error, critical] = [alertOf("info"), alertOf("error"), alertOf("critical")];
    for (const alert of [info, error, critical]) queue.put(alert, "trigger", 5);
    const others = [open(alertOf("critical"), "warning"), alertOf()];
    queue.put(others[0] as Alert, "trigger", 0);
    queue.put(others[1] as Alert, "resolve", 0);
    assert.equal(critical, queue.takeOpening("critical")?.alert);
    assert.is_nil(queue.takeOpening("critical"));
    const next = queue.takeOpening("info");
    assert.same([error.dedupKey, 5], [next?.alert.dedupKey, next?.since]);
    assert.equal(info, queue.takeOpening("info")?.alert);
    assert.is_nil(queue.takeOpening("info"));
    assert.same(keysOf(others), takeAll(queue));
  });

  it("serves those of the same urgency in the order they came", () => {
    const queue = createQueue();
    const alerts: Alert[] = [];
    for (const time of $range(1, 50)) {
      const alert = alertOf();
      alerts.push(alert);
      queue.put(alert, "trigger", time);
    }
    assert.same(keysOf(alerts), takeAll(queue));
  });

  it("lets one that waits long go before, however many urgent ones come", () => {
    const queue = createQueue();
    const quiet = alertOf();
    for (const _ of $range(1, 5)) queue.put(alertOf(), "trigger", 0);
    queue.put(quiet, "resolve", 1);
    for (const turn of $range(1, 24)) {
      queue.put(alertOf(), "trigger", 1 + turn);
      if (queue.take(false) === quiet) return;
    }
    error("it still waits after 24 turns");
  });

  it("has each alert once, however often it is put there", () => {
    const queue = createQueue();
    const alert = alertOf();
    for (const time of $range(1, 10)) queue.put(alert, "trigger", time);
    assert.equal(1, queue.size());
    assert.same(keysOf([alert]), takeAll(queue));
    assert.equal(0, queue.size());
  });

  it("knows since when the longest waiting one waits, also when it changed lines", () => {
    const queue = createQueue();
    assert.is_nil(queue.oldest());
    const [first, second] = [alertOf("warning"), alertOf("critical")];
    queue.put(first, "trigger", 10);
    queue.put(second, "trigger", 20);
    assert.equal(10, queue.oldest());
    first.severity = "error";
    queue.put(first, "trigger", 30);
    queue.put(first, "resolve", 40);
    assert.equal(10, queue.oldest());
    queue.remove(first);
    assert.equal(20, queue.oldest());
  });

  it("forgets who was taken out, and does not mind one who is not there", () => {
    const queue = createQueue();
    const [first, second] = [alertOf(), alertOf()];
    queue.put(first, "trigger", 0);
    queue.put(second, "trigger", 0);
    queue.remove(first);
    queue.remove(first);
    queue.remove(alertOf());
    assert.equal(1, queue.size());
    assert.same(keysOf([second]), takeAll(queue));
  });

  it("agrees with a plain list in a long row of whatever may happen", () => {
    const random = createRandom("queue");
    const URGENCY: Record<Severity, number> = { critical: 1, error: 2, warning: 3, info: 4 };
    const CALM = 9;
    interface Waiting {
      readonly alert: Alert;
      readonly urgency: number;
    }
    const queue = createQueue();
    let list: Waiting[] = [];
    const alerts: Alert[] = [];
    for (const _ of $range(1, 20)) alerts.push(alertOf());
    const without = (alert: Alert): Waiting[] => list.filter((waiting) => waiting.alert !== alert);

    let turns = 0;
    let pages = 0;
    for (const time of $range(1, 20000)) {
      const alert = random.oneOf(alerts);
      const what = random.integer(1, 5);
      if (what <= 2) {
        const action = random.oneOf<Action>(["trigger", "trigger", "acknowledge", "resolve"]);
        alert.severity = random.oneOf<Severity>(["critical", "error", "warning", "info"]);
        const urgency = action === "trigger" ? URGENCY[alert.severity] : CALM;
        const isThere = list.some((waiting) => waiting.alert === alert && waiting.urgency === urgency);
        if (!isThere) list = without(alert).concat([{ alert, urgency }]);
        queue.put(alert, action, time);
      } else if (what === 3) {
        list = without(alert);
        queue.remove(alert);
      } else {
        const isCrowded = random.integer(1, 2) === 1;
        const taken = queue.take(isCrowded);
        let first = list[0];
        for (const waiting of list) if (waiting.urgency < (first?.urgency ?? 0)) first = waiting;
        const calm = list.find(({ urgency }) => urgency === CALM);
        const calmCount = list.filter(({ urgency }) => urgency === CALM).length;
        const share = calmCount > 2 * (list.length - calmCount) ? 1 : 2;
        const isCalmsTurn = isCrowded && pages >= share && calm !== undefined;
        if (!isCalmsTurn) turns = turns + 1;
        if (isCalmsTurn) assert.equal(calm.alert, taken);
        else if (turns % 4 !== 0) assert.equal(first?.alert, taken);
        else assert.equal(first === undefined, taken === undefined);
        if (taken !== undefined) {
          const its = list.find((waiting) => waiting.alert === taken);
          assert.is_not_nil(its);
          pages = its?.urgency === CALM ? 0 : pages + 1;
          list = without(taken);
        }
      }
      assert.equal(list.length, queue.size());
    }
  });

  describe("takes no more room", () => {
    const kilobytes = (): number => {
      collectgarbage("collect");
      return collectgarbage("count");
    };
    /** Fails when doing it 100,000 times keeps more than doing it 1,000 times. */
    function expectNoGrowth(doTimes: (times: number) => void): void {
      doTimes(1000);
      const before = kilobytes();
      doTimes(100000);
      const grown = kilobytes() - before;
      assert.is_true(grown < 20, `${grown} kB more`);
    }

    it("for an alert that changes lines again and again, and loses nobody who waits there", () => {
      const queue = createQueue();
      const [waiting, quiet] = [[alertOf(), alertOf(), alertOf(), alertOf()], alertOf("warning")];
      const restless = alertOf();
      for (const alert of waiting) queue.put(alert, "trigger", 0);
      queue.put(quiet, "trigger", 0);
      expectNoGrowth((times) => {
        for (const time of $range(1, times)) {
          restless.severity = time % 2 === 0 ? "warning" : "critical";
          queue.put(restless, "trigger", time);
        }
      });
      const [first, second, third, fourth] = waiting;
      assert.equal(6, queue.size());
      assert.same(keysOf([first, second, third, fourth, quiet, restless] as Alert[]), takeAll(queue));
    });

    it("for alerts that come and go", () => {
      const queue = createQueue();
      const alert = alertOf();
      expectNoGrowth((times) => {
        for (const time of $range(1, times)) {
          queue.put(alert, "trigger", time);
          queue.take(false);
          queue.put(alert, "resolve", time);
          queue.remove(alert);
        }
      });
    });
  });
});
