// What is known is what is true now: reports, names and verdicts are of the last event that could have changed them.
import { type Alert, FALLBACK_ROUTE, type Place, type Report } from "../../src/alerts/alert";
import type { BookPorts, BookSettings } from "../../src/alerts/book";
import { CRITICAL, NO_CHOICES, OK, WARNING, placeWith, reportWith, serviceOf } from "../support/alerts";
import { type Scene, createScene } from "../support/scene";

const SERVICE = serviceOf(1, 2);

interface Live extends Scene {
  /** What the next check says. */
  readonly checkSays: (this: void, report: Partial<Report>) => void;
  /** What the broker knows of the names from now on. */
  readonly namesAre: (this: void, place: Partial<Place>) => void;
  readonly alert: (this: void) => Alert | undefined;
  /** The output that a trigger would say now. */
  readonly output: (this: void) => string | undefined;
}

function begin(settings: Partial<BookSettings> = {}, ports: Partial<BookPorts> = {}): Live {
  let report = reportWith();
  let place = placeWith();
  const scene = createScene(settings, { reportOf: () => report, placeOf: () => place, ...ports });
  const alert = (): Alert | undefined => scene.book.findAlert(SERVICE);
  return {
    ...scene,
    alert,
    output: () => alert()?.report?.output,
    checkSays: (some) => {
      report = reportWith(some);
    },
    namesAre: (some) => {
      place = placeWith(some);
    },
  };
}

/** One check a minute. */
function check(live: Live, output: string, some: Parameters<Scene["service"]>[0] = {}): void {
  live.pass(60);
  live.checkSays({ output });
  live.service(some);
}

describe("the report", () => {
  it("of a problem in a downtime is the last check's when the downtime ends", () => {
    const live = begin();
    check(live, "90 % full", { downtimeDepth: 1 });
    check(live, "99 % full", { downtimeDepth: 1 });
    live.adaptive(SERVICE, { downtimeDepth: 0 });
    assert.same(["trigger critical 1_2"], live.sent());
    assert.equal("99 % full", live.output());
  });

  it("of a problem that waits, since PagerDuty is away, is the last check's", () => {
    const live = begin();
    live.setAway(true);
    check(live, "90 % full");
    check(live, "99 % full");
    live.setAway(false);
    assert.same(["trigger critical 1_2"], live.sent());
    assert.equal("99 % full", live.output());
  });

  it("of an open problem that got worse, which waits to be told, is the last check's", () => {
    const live = begin({}, { severityOf: ({ facts }) => (facts.state === WARNING ? "warning" : "critical") });
    check(live, "90 % full", { state: WARNING });
    live.sent();
    live.setAway(true);
    check(live, "95 % full");
    check(live, "99 % full");
    live.setAway(false);
    assert.same(["trigger critical 1_2"], live.sent());
    assert.equal("99 % full", live.output());
  });

  it("of a problem of which PagerDuty may have nothing is reported with each check: it must outlive a restart", () => {
    const live = begin();
    check(live, "90 % full");
    live.sent();
    const alert = live.alert() as Alert;
    alert.isCertain = false;
    live.setAway(true);
    live.reported();
    check(live, "99 % full");
    assert.same(["1_2"], live.reported());
  });

  it("of an open problem is not read again while nothing of it may be sent", () => {
    let reads = 0;
    const live = begin(
      {},
      {
        reportOf: () => {
          reads = reads + 1;
          return reportWith();
        },
      },
    );
    live.service();
    live.sent();
    live.reported();
    check(live, "as before");
    check(live, "as before");
    assert.equal(1, reads);
    assert.same([], live.reported());
  });

  it("of an open problem is kept where its trigger may be sent again", () => {
    const live = begin({ keepsReportsOfOpen: true });
    check(live, "90 % full");
    live.sent();
    check(live, "99 % full");
    assert.equal("99 % full", live.output());
  });

  it("is the one of each HARD result of a volatile service", () => {
    const live = begin({}, { isVolatile: () => true });
    check(live, "first trap");
    live.sent();
    check(live, "second trap");
    assert.same(["trigger critical 1_2"], live.sent());
    assert.equal("second trap", live.output());
  });

  it("that is told anew for its output differs in more than numbers, five minutes after the last at the earliest", () => {
    const live = begin({ actionRules: { ...NO_CHOICES, updatesOutput: true }, keepsReportsOfOpen: true });
    check(live, "disk 90 % full");
    live.sent();
    const { told } = live.alert() ?? {};
    assert.is_nil(told?.output);
    const alert = live.alert() as Alert;
    // What the dispatcher notes of an accepted trigger.
    alert.told = { stateName: "CRITICAL", output: "disk 0 % full" };
    alert.triggeredAt = live.now();
    check(live, "disk 91 % full");
    check(live, "read-only file system");
    assert.same([], live.sent());
    live.pass(300);
    check(live, "disk 92 % full");
    assert.same([], live.sent());
    check(live, "read-only file system");
    assert.same(["trigger critical 1_2"], live.sent());
  });
});

describe("the place", () => {
  it("is read again when a definition of the resource or of its host comes", () => {
    for (const resource of [SERVICE, { kind: "host", hostId: 1, serviceId: 0 } as const]) {
      const live = begin();
      live.service();
      live.namesAre({ hostName: "renamed" });
      assert.equal("db-02", live.alert()?.place?.hostName);
      live.book.defined(resource);
      assert.equal("renamed", live.alert()?.place?.hostName);
    }
  });

  it("that is told again as it was is no news", () => {
    const live = begin();
    live.namesAre({ hostGroups: ["one"], customVariables: [{ name: "RACK", value: "A1" }] });
    live.service();
    live.sent();
    live.reported();
    live.namesAre({ hostGroups: ["one"], customVariables: [{ name: "RACK", value: "A1" }] });
    live.book.placeChanged(SERVICE);
    assert.same([], live.reported());
    live.namesAre({ hostGroups: ["one"], customVariables: [{ name: "RACK", value: "C3" }] });
    live.book.placeChanged(SERVICE);
    assert.same(["1_2"], live.reported());
  });

  it("that was not known is read with each check, until it is", () => {
    const live = begin(
      {},
      { rejectionOf: ({ place }) => (place?.isKnown === true ? undefined : "nameless") },
    );
    live.namesAre({ isKnown: false, hostName: "host 1" });
    live.service();
    live.namesAre({ hostName: "db-02" });
    assert.same([], live.sent());
    check(live, "still down");
    assert.same(["trigger critical 1_2"], live.sent());
    assert.equal("db-02", live.alert()?.place?.hostName);
  });

  it("that is known is never replaced by one that is not: a broker that lost its cache knows nothing", () => {
    const live = begin();
    live.service();
    live.namesAre({ isKnown: false, hostName: "host 1" });
    live.book.defined(SERVICE);
    check(live, "still down", { state: WARNING });
    assert.equal("db-02", live.alert()?.place?.hostName);
  });
});

describe("verdicts", () => {
  it("are asked again when a problem is acknowledged, and when that is taken back", () => {
    for (const isAcknowledgedAlone of [true, false]) {
      const live = begin(
        {},
        {
          rejectionOf: ({ facts }) =>
            facts.isAcknowledged === isAcknowledgedAlone ? "says page = false" : undefined,
        },
      );
      live.service({ isAcknowledged: isAcknowledgedAlone });
      live.service({ isAcknowledged: true });
      check(live, "as it was", { isAcknowledged: true });
      live.adaptive(SERVICE, { isAcknowledged: false });
      assert.same(isAcknowledgedAlone ? ["trigger critical 1_2"] : [], live.sent());
    }
  });

  it("of the filters are asked again with each check of a problem that they hold, and with each change of its place", () => {
    let isLetThrough = false;
    const live = begin({}, { rejectionOf: () => (isLetThrough ? undefined : "not now") });
    live.service();
    assert.same([], live.sent());
    isLetThrough = true;
    check(live, "still down");
    assert.same(["trigger critical 1_2"], live.sent());

    isLetThrough = false;
    const other = begin({}, { rejectionOf: () => (isLetThrough ? undefined : "not now") });
    other.service();
    isLetThrough = true;
    other.book.placeChanged(SERVICE);
    assert.same(["trigger critical 1_2"], other.sent());
  });

  it("raise an open problem whose text is followed, with the check that makes it worse", () => {
    const live = begin(
      { keepsReportsOfOpen: true },
      { severityOf: ({ report }) => (report?.output === "serious" ? "critical" : "warning") },
    );
    check(live, "noise");
    assert.same(["trigger warning 1_2"], live.sent());
    check(live, "serious");
    assert.same(["trigger critical 1_2"], live.sent());
  });

  it("of the routes put an alert that waits in another line: it is reported", () => {
    let route = "one";
    const live = begin({}, { routeOf: () => route });
    live.setAway(true);
    live.service();
    live.reported();
    route = "two";
    live.book.refresh(live.alert() as Alert);
    assert.equal("two", live.alert()?.route);
    assert.same(["1_2"], live.reported());
  });

  it("of the routes hold for what a downtime has resolved, and is to be opened anew", () => {
    let route = "one";
    const live = begin({ downtimeAction: "resolve" }, { routeOf: () => route });
    live.service();
    assert.same(["trigger critical 1_2"], live.sent());
    route = "two";
    live.book.refresh(live.alert() as Alert);
    assert.equal("one", live.alert()?.route);
    live.service({ downtimeDepth: 1 });
    assert.same(["resolve 1_2"], live.sent());
    live.service();
    assert.equal("two", live.alert()?.route);
    assert.same(["trigger critical 1_2"], live.sent());
  });

  it("of the routes leave an alert that goes by the fallback key where it waits, but for one meant for another team", () => {
    let route = "one";
    const live = begin({}, { routeOf: () => route });
    live.setAway(true);
    live.service();
    const alert = live.alert() as Alert;
    alert.route = FALLBACK_ROUTE;
    alert.detour = { meantFor: "one", reason: "invalid routing key" };
    check(live, "still down");
    assert.equal(FALLBACK_ROUTE, alert.route);
    assert.is_not_nil(alert.detour);
    route = "two";
    check(live, "still down");
    assert.equal("two", alert.route);
    assert.is_nil(alert.detour);
  });

  it("of custom code are asked again, so that its `false` does not stick", () => {
    const live = begin(
      {},
      {
        judgeByCustomCode: ({ report }) =>
          report?.output === "noise"
            ? { isDropped: true, summary: undefined, severity: undefined, route: undefined, details: [] }
            : undefined,
        rejectionOf: ({ verdict }) => (verdict?.isDropped === true ? "custom code says so" : undefined),
      },
    );
    check(live, "noise");
    assert.same([], live.sent());
    check(live, "serious");
    assert.same(["trigger critical 1_2"], live.sent());
  });
});

describe("an acknowledgement", () => {
  const REPAGING = { repageOnEscalation: true };

  it("counts up to the severity at which it was given, sticky or not, and never again once it is outgrown", () => {
    const live = begin(REPAGING, {
      severityOf: ({ facts }) => (facts.state === WARNING ? "warning" : "critical"),
    });
    live.service({ state: WARNING });
    live.service({ state: WARNING, isAcknowledged: true });
    assert.equal("acknowledged", live.alert()?.desired);
    live.service({ state: CRITICAL, isAcknowledged: true });
    assert.equal("triggered", live.alert()?.desired);
    live.service({ state: WARNING, isAcknowledged: true });
    assert.equal("triggered", live.alert()?.desired);
  });

  it("that is given anew counts at the severity of then", () => {
    const live = begin(REPAGING, {
      severityOf: ({ facts }) => (facts.state === WARNING ? "warning" : "critical"),
    });
    live.service({ state: WARNING, isAcknowledged: true });
    live.book.noteAcknowledgement(SERVICE, { author: "jdoe", comment: "", at: 100 });
    live.service({ state: CRITICAL, isAcknowledged: true });
    assert.equal("triggered", live.alert()?.desired);
    live.book.noteAcknowledgement(SERVICE, { author: "jdoe", comment: "", at: 200 });
    assert.equal("acknowledged", live.alert()?.desired);
  });

  it("is passed on once, however often it is told", () => {
    const live = begin();
    live.service();
    live.sent();
    live.service({ isAcknowledged: true });
    assert.same(["acknowledge 1_2"], live.sent());
    // PagerDuty's own acknowledgement has ended, or a person ended it.
    (live.alert() as Alert).delivered = "triggered";
    check(live, "still down", { isAcknowledged: true });
    assert.same([], live.sent());
    live.service();
    live.service({ isAcknowledged: true });
    assert.same(["acknowledge 1_2"], live.sent());
  });

  it("that is taken back pages again where that is wanted; the engine's own end of one does not", () => {
    for (const repageOnUnacknowledge of [true, false]) {
      const live = begin({ repageOnUnacknowledge });
      live.service();
      live.sent();
      live.service({ isAcknowledged: true });
      live.sent();
      live.service();
      assert.same(repageOnUnacknowledge ? ["resolve 1_2", "trigger critical 1_2"] : [], live.sent());
    }
    const early = begin({ repageOnUnacknowledge: true });
    early.service();
    early.sent();
    early.service({ isAcknowledged: true });
    // On its way to PagerDuty when it is taken back.
    (early.alert() as Alert).inFlight = "acknowledge";
    early.service();
    assert.is_true(early.alert()?.wantsRepage);

    const live = begin({ repageOnUnacknowledge: true });
    live.service({ state: WARNING });
    live.sent();
    live.service({ state: WARNING, isAcknowledged: true });
    live.sent();
    live.service();
    live.sent();
    assert.is_nil(live.alert()?.wantsRepage);
  });
});

describe("flapping", () => {
  it("holds a page and no recovery while nobody knows whether flap detection is on, and counts for nothing where it is off", () => {
    let meaning: "no" | "perhaps" | "yes" = "perhaps";
    const live = begin({}, { flappingOf: () => meaning });
    live.service();
    live.sent();
    live.service({ state: OK, isFlapping: true });
    assert.same(["resolve 1_2"], live.sent());
    live.service({ isFlapping: true });
    assert.same([], live.sent());
    meaning = "no";
    live.book.flapDetectionChanged();
    assert.same(["trigger critical 1_2"], live.sent());
    meaning = "yes";
    live.service({ state: OK, isFlapping: true });
    assert.same([], live.sent());
  });
});

describe("the previous state", () => {
  /** A check that finds this state, in which the service went at `since`; it was last well at `lastOk`. */
  function finds(live: Live, state: number, stateName: string, since: number, lastOk = 1000): void {
    live.pass(60);
    live.checkSays({ stateName, since, lastOk });
    live.service({ state });
  }

  it("is that of the problem before it changed, for as long as it lasted, whatever checks found it so", () => {
    const live = begin();
    finds(live, WARNING, "WARNING", 2000);
    assert.is_nil(live.alert()?.previous);
    finds(live, WARNING, "WARNING", 2000);
    finds(live, CRITICAL, "CRITICAL", 2600);
    finds(live, CRITICAL, "CRITICAL", 2600);
    assert.same({ stateName: "WARNING", seconds: 600 }, live.alert()?.previous);
    finds(live, WARNING, "WARNING", 2700);
    assert.same({ stateName: "CRITICAL", seconds: 100 }, live.alert()?.previous);
  });

  it("is none of a problem that begins", () => {
    const live = begin();
    // What flaps is remembered while it is well.
    live.checkSays({ stateName: "WARNING", since: 2000 });
    live.service({ state: WARNING, isFlapping: true });
    live.service({ state: OK, isFlapping: true });
    finds(live, CRITICAL, "CRITICAL", 2600);
    assert.is_nil(live.alert()?.previous);
  });

  it("is not told where the service was well in between, and nobody saw it", () => {
    const live = begin();
    finds(live, WARNING, "WARNING", 2000);
    finds(live, CRITICAL, "CRITICAL", 2600, 2300);
    assert.is_nil(live.alert()?.previous);
  });

  it("has no time where nobody can tell: SOFT states count, or the clock went back", () => {
    const soft = begin({ hardOnly: false });
    finds(soft, WARNING, "WARNING", 2000);
    finds(soft, CRITICAL, "CRITICAL", 2600);
    assert.same({ stateName: "WARNING" }, soft.alert()?.previous);
    const back = begin();
    finds(back, WARNING, "WARNING", 2000);
    finds(back, CRITICAL, "CRITICAL", 1900);
    assert.same({ stateName: "WARNING" }, back.alert()?.previous);
  });
});
