// Problems that page only if they last, and rules that look at the hour: the connector's clock runs as the spec says.
import type { Alert } from "../../src/alerts/alert";
import type { BookPorts } from "../../src/alerts/book";
import {
  CRITICAL,
  DOWN,
  OK,
  UNREACHABLE,
  UP,
  WARNING,
  deliver,
  hostOf,
  reportWith,
  serviceOf,
} from "../support/alerts";
import { type Scene, createScene } from "../support/scene";

/** The clock goes on, and whoever runs the book looks at it. */
function pass(scene: Scene, seconds: number): void {
  scene.pass(seconds);
  scene.book.endHolds();
}

/** Problems page after five minutes. */
function begin(ports: Partial<BookPorts> = {}): Scene {
  return createScene({}, { waitOf: () => 300, ...ports });
}

/** A book that starts anew from what `before` knew; `journaled` says what became of each alert on the way. */
function restart(before: Scene, after: Scene, journaled: (alert: Alert) => void = () => undefined): Scene {
  before.book.eachAlert((alert) => {
    journaled(alert);
    after.book.restoreAlert(alert);
  });
  return after;
}

describe("a problem that pages only if it lasts", () => {
  it("pages when it has lasted, and says how long that is", () => {
    const scene = begin();
    scene.service();
    assert.same(["1_2: it has not lasted long enough: it pages after 5 min"], scene.said());
    assert.equal(scene.now() + 300, scene.book.firstHoldEnd());
    pass(scene, 299);
    assert.same([], scene.sent());
    pass(scene, 1);
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.is_nil(scene.book.firstHoldEnd());
  });

  it("costs nothing when it is over before", () => {
    const scene = begin();
    scene.service();
    pass(scene, 299);
    scene.service({ state: OK });
    pass(scene, 300);
    assert.same([], scene.sent());
    assert.same([], scene.remembered());
  });

  it("waits anew when it comes again", () => {
    const scene = begin();
    scene.service();
    pass(scene, 200);
    scene.service({ state: OK });
    scene.service();
    pass(scene, 299);
    assert.same([], scene.sent());
    pass(scene, 1);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("goes on waiting through changes of its state, and pages with the last one", () => {
    const scene = begin();
    scene.service({ state: WARNING });
    pass(scene, 200);
    scene.service({ state: CRITICAL });
    pass(scene, 99);
    scene.service({ state: WARNING });
    assert.same([], scene.sent());
    pass(scene, 1);
    assert.same(["trigger warning 1_2"], scene.sent());
  });

  it("says what its last check said", () => {
    let output = "early";
    const scene = begin({ reportOf: () => reportWith({ output }) });
    scene.service();
    scene.pass(60);
    output = "late";
    scene.service();
    pass(scene, 240);
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.equal("late", scene.book.findAlert(serviceOf(1, 2))?.report?.output);
  });

  it("that is SOFT does not count yet", () => {
    const scene = begin();
    scene.service({ isHard: false, lastHardState: OK });
    pass(scene, 300);
    scene.service();
    assert.same([], scene.sent());
    pass(scene, 300);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("goes on waiting in a downtime, and pages at its end when that is later", () => {
    const scene = begin();
    scene.service();
    scene.adaptive(serviceOf(1, 2), { downtimeDepth: 1 });
    pass(scene, 400);
    assert.same([], scene.sent());
    scene.adaptive(serviceOf(1, 2), { downtimeDepth: 0 });
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("pages when it has lasted when its downtime ends before", () => {
    const scene = begin();
    scene.service({ downtimeDepth: 1 });
    pass(scene, 100);
    scene.service();
    assert.same([], scene.sent());
    pass(scene, 200);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("that is acknowledged meanwhile pages nobody", () => {
    const scene = begin();
    scene.service();
    scene.service({ isAcknowledged: true });
    pass(scene, 300);
    assert.same([], scene.sent());
  });

  it("is held back at opening alone: an open one that gets worse says so at once, and ends at once", () => {
    const scene = begin({ waitOf: ({ facts }) => (facts.state === CRITICAL ? 300 : 0) });
    scene.service({ state: WARNING });
    assert.same(["trigger warning 1_2"], scene.sent());
    scene.service({ state: CRITICAL });
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.service({ state: OK });
    assert.same(["resolve 1_2"], scene.sent());
  });

  it("whose page is under way is not taken back", () => {
    const scene = begin({ waitOf: ({ facts }) => (facts.state === WARNING ? 300 : 0) });
    scene.service();
    const alert = scene.book.findAlert(serviceOf(1, 2)) as Alert;
    alert.inFlight = "trigger";
    scene.service({ state: WARNING });
    assert.equal("triggered", alert.desired);
  });

  it("waits no longer than its rules say by now", () => {
    let wait = 3600;
    const scene = begin({ waitOf: () => wait });
    scene.service();
    pass(scene, 60);
    wait = 60;
    scene.book.placeChanged(serviceOf(1, 2));
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("has lasted as long as it has when a rule of that kind comes later", () => {
    let rejection: string | undefined = "not now";
    let wait = 0;
    const scene = begin({ waitOf: () => wait, rejectionOf: () => rejection });
    scene.service();
    pass(scene, 200);
    rejection = undefined;
    wait = 300;
    scene.book.placeChanged(serviceOf(1, 2));
    assert.same([], scene.sent());
    pass(scene, 100);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("of a volatile service waits as any other; its results meanwhile page once", () => {
    const scene = begin({ isVolatile: () => true });
    scene.service();
    pass(scene, 100);
    scene.service();
    pass(scene, 200);
    assert.same(["trigger critical 1_2"], scene.sent());
    pass(scene, 60);
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("holds the hosts behind it as one that has paged: it is not silent", () => {
    const scene = begin({
      waitOf: ({ resource }) => ("hostId" in resource && resource.hostId === 1 ? 300 : 0),
    });
    scene.book.setParent(2, 1, true);
    scene.host({ state: DOWN });
    scene.host({ resource: hostOf(2), state: UNREACHABLE });
    assert.same([], scene.sent());
    pass(scene, 300);
    assert.same(["trigger critical 1_H"], scene.sent());
    scene.hostIsUp();
    scene.hostIsUp({ resource: hostOf(2), state: UP });
    assert.same(["resolve 1_H"], scene.sent());
  });

  it("is looked at when flush() is, however many end at once", () => {
    const scene = begin();
    for (const id of $range(1, 25)) scene.service({ resource: serviceOf(1, id) });
    scene.pass(300);
    scene.book.endHolds(10);
    assert.equal(10, scene.sent().length);
    assert.equal(0, scene.book.firstHoldEnd());
    scene.book.endHolds(15);
    assert.equal(15, scene.sent().length);
    assert.is_nil(scene.book.firstHoldEnd());
  });

  describe("over a restart", () => {
    it("waits on from where it was", () => {
      const before = begin();
      before.service();
      before.pass(100);
      const after = restart(before, begin());
      after.pass(100);
      assert.equal(after.now() + 200, after.book.firstHoldEnd());
      pass(after, 199);
      assert.same([], after.sent());
      pass(after, 1);
      assert.same(["trigger critical 1_2"], after.sent());
    });

    it("is held before its rules can be asked again", () => {
      const before = begin();
      before.service();
      const after = restart(before, begin());
      after.adaptive(serviceOf(1, 2), { downtimeDepth: 1 });
      after.adaptive(serviceOf(1, 2), { downtimeDepth: 0 });
      assert.same([], after.sent());
    });

    it("pages at once when it has lasted meanwhile", () => {
      const before = begin();
      before.service();
      const after = begin();
      after.pass(400);
      restart(before, after);
      after.book.endHolds();
      after.book.placeChanged(serviceOf(1, 2));
      assert.same(["trigger critical 1_2"], after.sent());
    });

    it("waits no longer than that where the clock was set back", () => {
      const before = begin();
      before.service();
      const after = restart(before, begin(), ({ facts }) => {
        facts.problemSince = 1000000;
      });
      pass(after, 300);
      assert.same(["trigger critical 1_2"], after.sent());
    });

    const journals: [what: string, since: number, waits: number][] = [
      ["since the last change of its state", 9900, 200],
      ["from the start where nothing tells that", 0, 300],
      ["from the start where its poller's clock is ahead", 20000, 300],
    ];
    for (const [what, since, waits] of journals) {
      it(`with a journal that does not say since when there is a problem, waits ${what}`, () => {
        const before = createScene(
          {},
          { rejectionOf: () => "not now", reportOf: () => reportWith({ since }) },
        );
        before.service();
        const after = restart(before, begin({ reportOf: () => reportWith({ since }) }), ({ facts }) => {
          facts.problemSince = undefined;
        });
        after.book.placeChanged(serviceOf(1, 2));
        pass(after, waits - 1);
        assert.same([], after.sent());
        pass(after, 1);
        assert.same(["trigger critical 1_2"], after.sent());
      });
    }

    it("that may be open already does not wait", () => {
      const before = begin();
      before.service();
      const after = restart(before, begin(), (alert) => {
        deliver(alert, "triggered", "critical", false);
      });
      after.book.placeChanged(serviceOf(1, 2));
      assert.same(["trigger critical 1_2"], after.sent());
    });
  });
});

describe("a rule that looks at the hour", () => {
  /** `hour.isNight` is the rule's answer, `hour.changesAt` the time at which it may be another. */
  const beginAtNight = (): { scene: Scene; hour: { isNight: boolean; changesAt: number | undefined } } => {
    const hour: { isNight: boolean; changesAt: number | undefined } = {
      isNight: true,
      changesAt: 10000 + 600,
    };
    const scene = createScene(
      {},
      {
        rejectionOf: () => (hour.isNight ? "it is night" : undefined),
        askAgainAt: () => hour.changesAt,
      },
    );
    return { scene, hour };
  };

  it("is asked again when its hours end: what it held pages at once", () => {
    const { scene, hour } = beginAtNight();
    scene.service();
    assert.same(["1_2: it is filtered out: it is night"], scene.said());
    for (const _ of $range(1, 10)) {
      assert.same([], scene.sent());
      pass(scene, 60);
    }
    hour.isNight = false;
    hour.changesAt = undefined;
    scene.book.endHolds();
    pass(scene, 60);
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.is_nil(scene.book.firstHoldEnd());
  });

  it("is asked again to the second", () => {
    const { scene, hour } = beginAtNight();
    hour.changesAt = scene.now() + 7;
    scene.service();
    pass(scene, 6);
    hour.isNight = false;
    hour.changesAt = scene.now() + 36000;
    scene.book.endHolds();
    assert.same([], scene.sent());
    pass(scene, 1);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("is asked again within a minute, whatever somebody does to the system's clock", () => {
    const { scene, hour } = beginAtNight();
    hour.changesAt = scene.now() + 36000;
    scene.service();
    hour.isNight = false;
    pass(scene, 60);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("holds what is not open when its hours begin, and leaves what is open as it is", () => {
    const { scene, hour } = beginAtNight();
    hour.isNight = false;
    hour.changesAt = scene.now() + 10;
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.setAway(true);
    scene.service({ resource: serviceOf(1, 3) });
    hour.isNight = true;
    hour.changesAt = scene.now() + 36000;
    pass(scene, 10);
    scene.setAway(false);
    assert.same([], scene.sent());
    scene.service({ state: OK });
    assert.same(["resolve 1_2"], scene.sent());
  });

  it("that silences a host by the hour lets the hosts behind it page for themselves", () => {
    const hour = { isNight: false };
    const scene = createScene(
      {},
      {
        rejectionOf: ({ resource }) =>
          hour.isNight && "hostId" in resource && resource.hostId === 1 ? "it is night" : undefined,
        askAgainAt: () => 10000 + 600,
      },
    );
    scene.book.setParent(2, 1, true);
    // What has paged is not silent.
    scene.setAway(true);
    scene.host();
    scene.host({ resource: hostOf(2), state: UNREACHABLE });
    hour.isNight = true;
    pass(scene, 600);
    scene.setAway(false);
    assert.same(["trigger error 2_H"], scene.sent());
  });

  it("and a wait: the last of them to end pages", () => {
    let isNight = true;
    const scene = createScene(
      {},
      {
        rejectionOf: () => (isNight ? "it is night" : undefined),
        askAgainAt: () => (isNight ? 10000 + 100 : undefined),
        waitOf: () => 300,
      },
    );
    scene.service();
    isNight = false;
    pass(scene, 100);
    assert.same([], scene.sent());
    pass(scene, 200);
    assert.same(["trigger critical 1_2"], scene.sent());
  });
});
