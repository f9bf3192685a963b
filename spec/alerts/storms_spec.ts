// A storm: one alert for what follows when too many problems come at once. The connector's clock runs as the spec says.
import {
  type Alert,
  type HostOrService,
  type Resource,
  type Severity,
  isOpen,
  recordRefused,
} from "../../src/alerts/alert";
import type { BookPorts, BookSettings } from "../../src/alerts/book";
import {
  CRITICAL,
  DOWN,
  OK,
  UNKNOWN,
  UNREACHABLE,
  WARNING,
  hostOf,
  placeWith,
  reportWith,
  serviceOf,
} from "../support/alerts";
import { type Scene, createScene } from "../support/scene";

/** Code that LuaJIT has compiled calls no hooks. */
declare const jit:
  { off: (this: void) => void; on: (this: void) => void; flush: (this: void) => void } | undefined;

const LIMIT = 4;
const STORM: Resource = { kind: "storm", route: "default" };

/** The clock goes on, and whoever runs the book looks at it. */
function pass(scene: Scene, seconds: number): void {
  scene.pass(seconds);
  scene.book.endHolds();
}

const NAMES: Readonly<Record<number, string>> = {
  [OK]: "OK",
  [WARNING]: "WARNING",
  [CRITICAL]: "CRITICAL",
  [UNKNOWN]: "UNKNOWN",
};

function begin(ports: Partial<BookPorts> = {}, settings: Partial<BookSettings> = {}): Scene {
  return createScene(
    { stormLimit: LIMIT, ...settings },
    {
      placeOf: (resource) =>
        "hostId" in resource
          ? placeWith({ hostName: `host-${resource.hostId}`, serviceDescription: `s${resource.serviceId}` })
          : placeWith(),
      ...ports,
    },
  );
}

/** Services of host 1 go wrong, from the `first` to the `last`. */
function fail(scene: Scene, first: number, last: number, state: number = CRITICAL): void {
  for (const id of $range(first, last)) scene.service({ resource: serviceOf(1, id), state });
}

function recover(scene: Scene, first: number, last: number): void {
  for (const id of $range(first, last)) scene.service({ resource: serviceOf(1, id), state: OK });
}

function stormOf({ book }: Scene): Alert {
  const alert = book.findAlert(STORM);
  return alert ?? error("there is no storm");
}

/** What was sent since the last call, but for what the storm's alert has become. */
function sentBy(scene: Scene): string[] {
  const alert = scene.book.findAlert(STORM);
  const isOpenAlready = alert !== undefined && isOpen(alert) && alert.isCertain;
  return scene.sent().filter((line) => !isOpenAlready || line !== `trigger ${alert.severity} storm_default`);
}

/** What the storm's alert says now. */
function told(scene: Scene): string {
  const alert = stormOf(scene);
  scene.book.describe(alert);
  return alert.verdict?.summary ?? "";
}

function detail(scene: Scene, name: string): string | number | boolean | undefined {
  const alert = stormOf(scene);
  scene.book.describe(alert);
  return alert.verdict?.details.find((field) => field.name === name)?.value;
}

/** Ten services of host 1 fail at once: four page by themselves, and the storm's alert is open. */
function rage(scene: Scene, state: number = CRITICAL): void {
  fail(scene, 1, 10, state);
  sentBy(scene);
  pass(scene, 5);
  sentBy(scene);
}

/** Five minutes in which nothing comes. */
function calm(scene: Scene): void {
  pass(scene, 300);
}

describe("a storm", () => {
  it("begins when more problems than the limit would open within a minute: one alert stands for those that follow", () => {
    const scene = begin();
    fail(scene, 1, 4);
    assert.same(
      ["trigger critical 1_1", "trigger critical 1_2", "trigger critical 1_3", "trigger critical 1_4"],
      sentBy(scene),
    );
    fail(scene, 5, 10);
    assert.same([], sentBy(scene));
    pass(scene, 5);
    assert.same(["trigger critical storm_default"], sentBy(scene));
    assert.equal(
      "Storm: 6 problems on 1 host, such as host-1/s10 CRITICAL (more than 4 came within a minute)",
      told(scene),
    );
  });

  it("does not begin when one of the problems is held and freed within a minute: it is the same one", () => {
    const scene = begin();
    scene.setAway(true);
    fail(scene, 1, 3);
    for (const downtimeDepth of [0, 1, 0, 1, 0]) {
      scene.service({ resource: serviceOf(1, 4), downtimeDepth });
      pass(scene, 10);
    }
    assert.is_nil(scene.book.findAlert(STORM));
    fail(scene, 5, 5);
    assert.is_not_nil(scene.book.findAlert(STORM));
  });

  it("is named by what it holds", () => {
    const scene = begin();
    fail(scene, 1, 5);
    assert.same(
      [
        "storm_default: more than 4 problems came within a minute: it stands for those that follow",
        "1_5: storm_default stands for it",
      ],
      scene.said(),
    );
  });

  it("is none while no more than the limit come in any minute", () => {
    const scene = begin();
    for (const id of $range(1, 40)) {
      fail(scene, id, id);
      assert.same([`trigger critical 1_${id}`], sentBy(scene));
      scene.pass(15);
    }
  });

  it("is none without a limit", () => {
    const scene = begin({}, { stormLimit: 0 });
    fail(scene, 1, 100);
    assert.equal(100, sentBy(scene).length);
  });

  it("counts what would open: not what something else holds, nor the connector's own alert", () => {
    const scene = begin();
    scene.host();
    sentBy(scene);
    fail(scene, 1, 50);
    for (const _ of $range(1, 10)) {
      scene.service({ resource: { kind: "connector", id: 0 }, state: CRITICAL });
      scene.service({ resource: { kind: "connector", id: 0 }, state: OK });
    }
    assert.is_nil(scene.book.findAlert(STORM));
  });

  it("never gathers the connector's alert about itself", () => {
    const scene = begin();
    rage(scene);
    scene.service({ resource: { kind: "connector", id: 0 }, state: CRITICAL });
    assert.same(["trigger critical pagerduty_connector"], sentBy(scene));
  });

  it("is one of each route", () => {
    const scene = begin({
      routeOf: ({ resource }) => ("hostId" in resource && resource.hostId === 2 ? "dba" : "default"),
    });
    fail(scene, 1, 6);
    sentBy(scene);
    for (const id of $range(1, 4)) scene.service({ resource: serviceOf(2, id) });
    assert.equal(4, sentBy(scene).length);
    for (const id of $range(5, 6)) scene.service({ resource: serviceOf(2, id) });
    assert.same([], sentBy(scene));
    pass(scene, 5);
    assert.same(["trigger critical storm_dba", "trigger critical storm_default"], sentBy(scene));
    assert.equal("dba", scene.book.findAlert({ kind: "storm", route: "dba" })?.route);
  });

  it("costs nothing at PagerDuty when it is over within seconds", () => {
    const scene = begin();
    fail(scene, 1, 10);
    sentBy(scene);
    recover(scene, 1, 10);
    pass(scene, 300);
    assert.same(["resolve 1_1", "resolve 1_2", "resolve 1_3", "resolve 1_4"], sentBy(scene));
    assert.same([], scene.remembered());
    assert.is_nil(scene.book.firstHoldEnd());
  });

  it("says how many, on how many hosts, how grave, and the gravest twenty by name", () => {
    const scene = begin();
    fail(scene, 1, 4);
    for (const id of $range(5, 29)) scene.service({ resource: serviceOf(2, id), state: CRITICAL });
    fail(scene, 30, 31, WARNING);
    assert.equal(27, detail(scene, "problems"));
    assert.equal(2, detail(scene, "hosts"));
    assert.equal("25 critical, 2 warning", detail(scene, "severities"));
    const gravest = tostring(detail(scene, "gravest"));
    const names = gravest.split("; ");
    assert.equal(21, names.length);
    assert.equal("host-2/s10 CRITICAL", names[0]);
    assert.equal("and 7 more", names[20]);
    recover(scene, 30, 31);
    assert.equal(1, detail(scene, "hosts"));
    assert.equal("25 critical", detail(scene, "severities"));
  });

  it("is as grave as the worst it stands for", () => {
    const scene = begin();
    fail(scene, 1, 4);
    sentBy(scene);
    fail(scene, 5, 6, WARNING);
    fail(scene, 7, 7, UNKNOWN);
    pass(scene, 5);
    assert.same(["trigger error storm_default"], sentBy(scene));
    recover(scene, 7, 7);
    assert.equal("warning", stormOf(scene).severity);
  });

  it("lets a problem that is worse than any at which it has paged page by itself", () => {
    const scene = begin();
    rage(scene, WARNING);
    fail(scene, 11, 11, CRITICAL);
    assert.same(["trigger critical 1_11"], sentBy(scene));
    fail(scene, 12, 12, WARNING);
    assert.same([], sentBy(scene));
    // One that it stands for, and that gets worse.
    fail(scene, 10, 10, UNKNOWN);
    assert.same(["trigger error 1_10"], sentBy(scene));
  });

  it("that is being sent is paged at that severity already", () => {
    const scene = begin();
    fail(scene, 1, 6, WARNING);
    sentBy(scene);
    scene.setAway(true);
    pass(scene, 5);
    stormOf(scene).inFlight = "trigger";
    fail(scene, 7, 7, CRITICAL);
    assert.equal("triggered", scene.book.findAlert(serviceOf(1, 7))?.desired);
  });

  it("that waits to be sent takes a worse one in, and is as grave", () => {
    const scene = begin();
    fail(scene, 1, 6, WARNING);
    sentBy(scene);
    scene.setAway(true);
    pass(scene, 5);
    fail(scene, 7, 7, CRITICAL);
    scene.setAway(false);
    assert.same(["trigger critical storm_default"], sentBy(scene));
  });

  it("tells what it has become, no more often than once a minute, and not when that is nothing new", () => {
    const scene = begin();
    rage(scene);
    fail(scene, 11, 20);
    pass(scene, 59);
    assert.is_nil(stormOf(scene).wantsUpdate);
    pass(scene, 1);
    assert.is_true(stormOf(scene).wantsUpdate);
    told(scene);
    stormOf(scene).wantsUpdate = undefined;
    stormOf(scene).triggeredAt = scene.now();
    pass(scene, 120);
    assert.is_nil(stormOf(scene).wantsUpdate);
    recover(scene, 20, 20);
    scene.book.endHolds();
    assert.is_true(stormOf(scene).wantsUpdate);
  });

  it("gathers while it rages: until fewer than the limit came for five minutes", () => {
    const scene = begin();
    rage(scene);
    // Four in five minutes.
    for (const id of $range(11, 30)) {
      pass(scene, 70);
      fail(scene, id, id);
      assert.same([], sentBy(scene));
    }
    // Three, and one more.
    pass(scene, 110);
    fail(scene, 31, 31);
    assert.same(["trigger critical 1_31"], sentBy(scene));
    assert.equal(1, scene.said().filter((line) => line.includes("it is calm")).length);
  });

  it("that is calm does not gather again though as many come in five minutes as would have kept it raging", () => {
    const scene = begin();
    rage(scene);
    calm(scene);
    for (const id of $range(11, 20)) {
      fail(scene, id, id);
      assert.same([`trigger critical 1_${id}`], sentBy(scene));
      pass(scene, 20);
    }
  });

  it("does not gather what comes when it is calm, before anybody looked at the clock", () => {
    const scene = begin();
    rage(scene);
    scene.pass(300);
    fail(scene, 11, 11);
    assert.same(["trigger critical 1_11"], sentBy(scene));
  });

  it("that is calm gathers again when more than the limit come within a minute", () => {
    const scene = begin();
    rage(scene);
    calm(scene);
    fail(scene, 11, 20);
    assert.equal(4, sentBy(scene).length);
    assert.equal(12, detail(scene, "problems"));
  });

  it("keeps what it gathered when it is calm, and is over when fewer than half the limit are left: they page", () => {
    const scene = begin();
    rage(scene);
    calm(scene);
    recover(scene, 5, 8);
    pass(scene, 60);
    assert.same([], sentBy(scene));
    recover(scene, 9, 9);
    for (const _ of $range(1, 2)) pass(scene, 1);
    assert.same(["resolve storm_default", "trigger critical 1_10"], sentBy(scene));
    assert.is_nil(scene.book.findAlert(STORM));
  });

  it("is over when it is calm with few left", () => {
    const scene = begin();
    rage(scene);
    recover(scene, 5, 9);
    assert.same([], sentBy(scene));
    calm(scene);
    scene.book.endHolds();
    assert.same(["resolve storm_default", "trigger critical 1_10"], sentBy(scene));
  });

  it("is over at once when nothing is left", () => {
    const scene = begin();
    rage(scene);
    recover(scene, 5, 10);
    assert.same(["resolve storm_default"], sentBy(scene));
    recover(scene, 1, 4);
    sentBy(scene);
    assert.same([], scene.remembered());
  });

  it("that comes again while the end of the last one waits stands for what is no worse than that has paged", () => {
    const scene = begin();
    rage(scene, WARNING);
    scene.setAway(true);
    recover(scene, 5, 10);
    fail(scene, 11, 12, CRITICAL);
    pass(scene, 5);
    assert.equal("resolved", stormOf(scene).desired);
    fail(scene, 13, 14, WARNING);
    pass(scene, 5);
    assert.equal("triggered", stormOf(scene).desired);
    scene.setAway(false);
    assert.same(["trigger critical 1_11", "trigger critical 1_12"], sentBy(scene));
  });

  it("does not count those again that it lets go of, nor gather them again", () => {
    const scene = begin({}, { stormLimit: 20 });
    fail(scene, 1, 29);
    sentBy(scene);
    pass(scene, 5);
    sentBy(scene);
    calm(scene);
    scene.book.endHolds();
    assert.equal(10, sentBy(scene).length);
    // With these, and those nine, more than twenty would have come.
    fail(scene, 30, 44);
    assert.equal(15, sentBy(scene).length);
  });

  it("lets go of what something else holds, or somebody acknowledges", () => {
    const scene = begin();
    rage(scene);
    scene.service({ resource: serviceOf(1, 5), isAcknowledged: true });
    scene.service({ resource: serviceOf(1, 6), downtimeDepth: 1 });
    assert.equal(4, detail(scene, "problems"));
    scene.host({ isHard: false, lastHardState: OK });
    assert.same(["resolve storm_default"], sentBy(scene));
  });

  it("goes on with the route that is right by now", () => {
    let route = "default";
    const scene = begin({ routeOf: () => route });
    rage(scene);
    route = "dba";
    for (const id of $range(5, 10)) scene.book.placeChanged(serviceOf(1, id));
    pass(scene, 5);
    assert.same(
      [
        "resolve storm_default",
        "trigger critical 1_5",
        "trigger critical 1_6",
        "trigger critical 1_7",
        "trigger critical 1_8",
        "trigger critical storm_dba",
      ],
      sentBy(scene),
    );
  });

  it("is not silent: the hosts behind one that it stands for are held", () => {
    const scene = begin();
    fail(scene, 1, 5);
    sentBy(scene);
    scene.book.setParent(3, 2, true);
    scene.host({ resource: hostOf(2), state: DOWN });
    scene.host({ resource: hostOf(3), state: UNREACHABLE });
    pass(scene, 5);
    assert.same(["trigger critical storm_default"], sentBy(scene));
    assert.equal(2, detail(scene, "problems"));
  });

  it("stands for problems that may be open from before, too, and closes them when they end", () => {
    const scene = begin({ mayBeOpen: () => true });
    fail(scene, 1, 10);
    assert.equal(4, sentBy(scene).length);
    recover(scene, 10, 10);
    assert.same(["resolve 1_10"], sentBy(scene));
  });

  it("that PagerDuty refuses for good stands for nothing: all page by themselves, until the next start", () => {
    const scene = begin();
    fail(scene, 1, 10);
    sentBy(scene);
    scene.setAway(true);
    pass(scene, 5);
    const alert = stormOf(scene);
    recordRefused(alert, "trigger", "critical", scene.now());
    scene.book.forgetIfSettled(alert);
    scene.book.endHolds();
    scene.setAway(false);
    const sent = sentBy(scene);
    assert.equal(7, sent.length);
    assert.equal("resolve storm_default", sent[0]);
    fail(scene, 11, 20);
    assert.equal(10, sentBy(scene).length);
  });

  const orders: [what: string, order: (scene: Scene) => void, sent: string[]][] = [
    [
      "resolved",
      ({ book }) => book.resolveNow(book.findAlert(STORM) as Alert, "by hand"),
      ["resolve storm_default"],
    ],
    ["forgotten", ({ book }) => book.forget(book.findAlert(STORM) as Alert), []],
  ];
  for (const [what, order, closed] of orders) {
    it(`that is ${what} by hand lets all that it stood for page by themselves`, () => {
      const scene = begin();
      rage(scene);
      order(scene);
      scene.book.endHolds();
      const sent = sentBy(scene);
      assert.equal(6 + closed.length, sent.length);
      for (const line of closed) assert.equal(line, sent[0]);
    });
  }

  it("costs the same for each problem, however many it stands for", () => {
    const events = 2000;
    const scene = begin();
    fail(scene, 1, 10);
    let steps = 0;
    const countSteps = (): void => {
      steps = steps + 1;
    };
    const stepsOf = (first: number): number => {
      steps = 0;
      debug.sethook(countSteps, "", 100);
      fail(scene, first, first + events - 1);
      debug.sethook();
      return steps;
    };
    if (jit !== undefined) {
      jit.off();
      // What is compiled already runs on, and counts no steps.
      jit.flush();
    }
    const few = stepsOf(11);
    stepsOf(10000);
    stepsOf(20000);
    const many = stepsOf(30000);
    if (jit !== undefined) jit.on();
    assert.is_true(many < few * 1.5, `${few} steps at first, ${many} later`);
  });

  describe("over a restart", () => {
    /** A book that starts anew from what `before` knew. */
    const restart = (before: Scene, after: Scene): Scene => {
      before.book.eachAlert(after.book.restoreAlert);
      after.book.restored();
      // The places are read anew.
      after.book.endHolds();
      const all: HostOrService[] = [];
      after.book.eachAlert(({ resource }) => {
        if ("hostId" in resource) all.push(resource);
      });
      for (const resource of all) after.book.placeChanged(resource);
      return after;
    };

    it("goes on: what it stands for is held, it gathers, and it is over as ever", () => {
      const before = begin();
      rage(before);
      const after = begin();
      after.pass(5);
      restart(before, after);
      assert.same([], sentBy(after));
      fail(after, 11, 12);
      assert.same([], sentBy(after));
      assert.equal(8, detail(after, "problems"));
      recover(after, 5, 12);
      assert.same(["resolve storm_default"], sentBy(after));
    });

    it("is no news by itself", () => {
      const before = begin();
      rage(before);
      const after = begin();
      after.pass(5);
      restart(before, after);
      pass(after, 120);
      assert.same([], after.sent());
      recover(after, 5, 5);
      pass(after, 1);
      assert.same(["trigger critical storm_default"], after.sent());
    });

    it("knows whom it stands for, by whatever way they came to it", () => {
      let isWaiting = true;
      const before = begin({ waitOf: () => (isWaiting ? 60 : 0) });
      fail(before, 1, 10);
      before.reported();
      isWaiting = false;
      pass(before, 60);
      const reported = before.reported();
      before.book.eachAlert(({ dedupKey, gathered }) => {
        if (gathered !== undefined) assert.is_true(reported.includes(dedupKey), dedupKey);
      });
      assert.equal(6, detail(before, "problems"));
    });

    it("that began within seconds before it opens", () => {
      const before = begin();
      fail(before, 1, 10);
      sentBy(before);
      const after = restart(before, begin());
      assert.same(["trigger critical storm_default"], sentBy(after));
    });

    it("is calm when it was: new problems page", () => {
      const before = begin();
      rage(before);
      const after = begin();
      after.pass(400);
      restart(before, after);
      fail(after, 11, 12);
      assert.same(["trigger critical 1_11", "trigger critical 1_12"], sentBy(after));
      assert.equal(6, detail(after, "problems"));
    });

    it("that switches it off resolves it; what it stood for pages once", () => {
      const before = begin();
      rage(before);
      const after = restart(before, begin({}, { stormLimit: 0 }));
      const sent = sentBy(after);
      assert.equal(7, sent.length);
      assert.equal("resolve storm_default", sent[0]);
      after.book.endHolds();
      assert.same([], sentBy(after));
      assert.is_nil(after.book.findAlert(STORM));
    });

    it("whose alert the journal has lost lets what it stood for page", () => {
      const before = begin();
      rage(before);
      const after = begin();
      before.book.eachAlert((alert) => {
        if (alert.resource.kind !== "storm") after.book.restoreAlert(alert);
      });
      after.book.restored();
      after.book.endHolds();
      assert.equal(6, sentBy(after).length);
    });

    it("that stands for nothing any more is resolved", () => {
      const before = begin();
      rage(before);
      const after = begin();
      after.book.restoreAlert(stormOf(before));
      after.book.restored();
      assert.same(["resolve storm_default"], sentBy(after));
    });
  });

  it("goes with any severity", () => {
    for (const severity of ["info", "warning", "error", "critical"] as Severity[]) {
      const scene = begin({
        severityOf: () => severity,
        reportOf: () => reportWith({ stateName: NAMES[CRITICAL] ?? "" }),
      });
      fail(scene, 1, 6);
      sentBy(scene);
      pass(scene, 5);
      assert.same([`trigger ${severity} storm_default`], sentBy(scene));
    }
  });
});
