// What becomes of an alert when PagerDuty is found to have it otherwise: the table "What PagerDuty's people did" of
// design.md, row by row, and what Centreon says afterwards.
import { type Alert, type IncidentMark, isSettled, nextAction } from "../../src/alerts/alert";
import { type Reopening, learnClosed, learnOpen } from "../../src/alerts/learnt";
import { CRITICAL, NO_CHOICES, OK, WARNING, alertFor, deliver, serviceOf } from "../support/alerts";
import { type Scene, createScene } from "../support/scene";

const INCIDENT: IncidentMark = { id: "PT4KHLK", number: 1234, address: "https://example.pagerduty.com/i/1" };
const SAM = { by: "Sam Rivera", at: "2026-11-26T12:00:00Z" };
const TIMEOUT = { by: undefined, at: "2026-11-26T12:00:00Z" };
const SERVICE = serviceOf(1, 2);

/** A service in trouble, and PagerDuty has it open. */
function open(state = CRITICAL): Scene {
  const scene = createScene({ keepsReportsOfOpen: true });
  scene.service({ state });
  scene.sent();
  return scene;
}

function alertOf({ book }: Scene): Alert {
  return book.findAlert(SERVICE) ?? error("no alert");
}

function close(scene: Scene, ending: typeof SAM | typeof TIMEOUT, reopening: Reopening): void {
  const alert = alertOf(scene);
  assert.is_true(learnClosed(alert, ending, reopening));
  scene.book.learnt(alert);
}

function see(scene: Scene, isAcknowledged: boolean): string {
  const alert = alertOf(scene);
  const learnt = learnOpen(alert, INCIDENT, isAcknowledged, scene.now());
  scene.book.learnt(alert);
  return learnt;
}

it("who acknowledged in PagerDuty what was grave is not paged for that again, though it was less grave when Centreon's came", () => {
  const actionRules = { ...NO_CHOICES, repageOnEscalation: true };
  const scene = createScene({ repageOnEscalation: true, actionRules });
  scene.service();
  assert.same(["trigger critical 1_2"], scene.sent());
  see(scene, true);
  scene.service({ state: WARNING });
  scene.service({ state: WARNING, isAcknowledged: true });
  scene.service({ isAcknowledged: true });
  assert.same([], scene.sent());
});

it("what Centreon has not been told yet of an acknowledgement is dropped by a recovery, also while flapping holds that", () => {
  const scene = open();
  see(scene, true);
  const alert = alertOf(scene);
  for (const step of ["to tell", "stands"] as const) {
    scene.service({ isFlapping: true });
    alert.carried = { step, mark: "PagerDuty #1234", comment: "Sam Rivera (PagerDuty #1234)" };
    scene.service({ state: OK, isFlapping: true });
    assert.equal("held", alert.desired);
    assert.equal(step === "to tell" ? undefined : step, alert.carried?.step);
  }
});

describe("an open problem that was closed in PagerDuty", () => {
  it("is triggered again at once, where that is so", () => {
    const scene = open();
    close(scene, TIMEOUT, "at once");
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("is triggered again by a check made after that, and by no other status", () => {
    const scene = open();
    const lastCheck = scene.now();
    close(scene, SAM, "by a later check");
    scene.pass(60);
    scene.service({ lastCheck });
    scene.service({ lastCheck: lastCheck - 60 });
    scene.service({ isHard: false, lastHardState: CRITICAL });
    scene.adaptive(SERVICE, { downtimeDepth: 1 });
    scene.adaptive(SERVICE, { downtimeDepth: 0 });
    assert.same([], scene.sent());
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.pass(60);
    scene.service();
    assert.same([], scene.sent());
  });

  it("is not triggered again while it is held, though a check finds it; but when that ends", () => {
    const scene = open();
    scene.service({ downtimeDepth: 1 });
    close(scene, SAM, "by a later check");
    scene.pass(60);
    scene.service({ downtimeDepth: 1 });
    assert.same([], scene.sent());
    scene.adaptive(SERVICE, { downtimeDepth: 0 });
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("stays closed where that is so, whatever checks find, until it gets worse", () => {
    const scene = open(WARNING);
    close(scene, SAM, "never");
    scene.pass(60);
    scene.service({ state: WARNING });
    assert.same([], scene.sent());
    scene.service({ state: CRITICAL });
    assert.same(["trigger critical 1_2"], scene.sent());
    scene.service({ state: OK });
    assert.same(["resolve 1_2"], scene.sent());
  });

  it("is forgotten when it ends, and the next one pages", () => {
    const scene = open();
    close(scene, SAM, "never");
    scene.service({ state: OK });
    assert.same([], scene.sent());
    assert.same([], scene.remembered());
    scene.service();
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("and is well here needs no resolve any more", () => {
    const scene = open();
    scene.setAway(true);
    scene.service({ state: OK });
    close(scene, SAM, "by a later check");
    scene.setAway(false);
    assert.same([], scene.sent());
    assert.same([], scene.remembered());
  });

  it("is not acknowledged there, when it is acknowledged here", () => {
    const scene = open();
    close(scene, SAM, "never");
    scene.adaptive(SERVICE, { isAcknowledged: true });
    assert.same([], scene.sent());
  });

  it("while the outcome of something for it is unknown is not known to be closed: that is sent first", () => {
    const alert = deliver(alertFor(), "triggered", "critical", false);
    alert.desired = "triggered";
    assert.is_false(learnClosed(alert, SAM, "never"));
    assert.equal("trigger", nextAction(alert, NO_CHOICES));
    alert.desired = "resolved";
    assert.is_true(learnClosed(alert, SAM, "never"));
    assert.is_true(isSettled(alert));
  });
});

describe("an open problem that PagerDuty", () => {
  it("has as it is known is where it was seen, and nothing else is news", () => {
    const scene = open();
    assert.equal("noted", see(scene, false));
    assert.equal("nothing", see(scene, false));
    assert.same(INCIDENT, alertOf(scene).incident);
    assert.same([], scene.sent());
  });

  it("has acknowledged is acknowledged here, too, and needs no acknowledge of ours", () => {
    const scene = open();
    scene.setAway(true);
    scene.adaptive(SERVICE, { isAcknowledged: true });
    assert.equal("acknowledged", see(scene, true));
    scene.setAway(false);
    assert.same([], scene.sent());
  });

  it("has triggered again, though Centreon's acknowledgement stands, is not acknowledged a second time", () => {
    const scene = open();
    scene.adaptive(SERVICE, { isAcknowledged: true });
    assert.same(["acknowledge 1_2"], scene.sent());
    assert.equal("triggered again", see(scene, false));
    assert.same([], scene.sent());
    scene.adaptive(SERVICE, { isAcknowledged: false });
    scene.adaptive(SERVICE, { isAcknowledged: true });
    assert.same(["acknowledge 1_2"], scene.sent());
  });

  it("has triggered again is raised to what it has become meanwhile", () => {
    const scene = open(WARNING);
    see(scene, true);
    scene.service({ state: CRITICAL });
    assert.same([], scene.sent());
    see(scene, false);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("has open, and was never told of by us, is taken over, and resolved with its problem", () => {
    const scene = createScene();
    scene.setAway(true);
    scene.service({ downtimeDepth: 1 });
    assert.equal("taken over", see(scene, false));
    scene.setAway(false);
    assert.same([], scene.sent());
    scene.service({ state: OK });
    assert.same(["resolve 1_2"], scene.sent());
  });

  it("has acknowledged, and was never told of by us, is in a person's hands", () => {
    const scene = createScene();
    scene.setAway(true);
    scene.service();
    assert.equal("taken over", see(scene, true));
    scene.setAway(false);
    assert.same([], scene.sent());
  });

  it("has open though it was closed is open", () => {
    const scene = open();
    close(scene, SAM, "never");
    assert.equal("taken over", see(scene, false));
    assert.is_nil(alertOf(scene).closing);
    scene.service({ state: OK });
    assert.same(["resolve 1_2"], scene.sent());
  });

  it("has, while the outcome of something for it is unknown, is only known to be there", () => {
    const alert = deliver(alertFor(), "triggered", "critical", false);
    alert.desired = "triggered";
    assert.equal("noted", learnOpen(alert, INCIDENT, true, 5));
    assert.same(["triggered", false], [alert.delivered, alert.isCertain]);
  });
});
