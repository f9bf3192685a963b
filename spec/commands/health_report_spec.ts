// How the connector fares, as a monitoring plugin judges it.
import {
  type Evidence,
  type Judgement,
  LEVEL,
  type Status,
  type Thresholds,
  judgeHealth,
  readStatus,
} from "../../src/commands/health_report";
import { encodeJson } from "../support/json";

const NOW = 1000000;

const THRESHOLDS: Thresholds = {
  oldest: { warning: 60, critical: 300 },
  waiting: { warning: 0, critical: 0 },
  refused: { warning: 1, critical: 0 },
  stale: 60,
};

const WELL = {
  format: 1,
  version: "0.2.0",
  written_at_unix: NOW,
  started_at: "2025-01-01T00:00:00Z",
  open: 2,
  waiting: 0,
  held: 1,
  oldest_waiting_seconds: 0,
  refused_total: 0,
  last_success_age_seconds: 12,
  failing_seconds: 0,
  journal_usable: true,
};

function statusOf(fields: object): Status {
  const status = readStatus(encodeJson({ ...WELL, ...fields }));
  return typeof status === "string" ? error(status) : status;
}

function judged(
  fields: object,
  more: Partial<Evidence> = {},
  thresholds: Partial<Thresholds> = {},
): Judgement {
  const evidence = {
    status: statusOf(fields),
    counts: undefined,
    isRunning: true,
    now: NOW,
    quarantined: 0,
    ...more,
  };
  return judgeHealth(evidence, { ...THRESHOLDS, ...thresholds });
}

function assertSays(judgement: Judgement, level: number, part: string): void {
  assert.equal(level, judgement.level, judgement.text);
  assert.is_not_nil(string.find(judgement.text, part, 1, true)[0], judgement.text);
}

describe("the plugin's judgement", () => {
  it("is OK where all is well, with performance data", () => {
    const { level, text, performance } = judged({});
    assert.equal(LEVEL.ok, level);
    assert.equal("2 open, 0 waiting, 1 held, 0 refused, last accepted 12 s ago", text);
    assert.equal(
      "alerts.waiting.count=0;;;0 alerts.oldest.seconds=0s;60;300;0 events.refused.count=0;1;;0 acceptance.age.seconds=12s;;;0",
      performance,
    );
  });

  it("does without a last success", () => {
    const evidence = { counts: undefined, isRunning: true, now: NOW, quarantined: 0 };
    const status = readStatus(`{"format":1,"written_at_unix":${NOW}}`);
    const { text, performance } = judgeHealth({ status, ...evidence }, THRESHOLDS);
    assert.is_not_nil(string.find(text, "nothing accepted since the start")[0]);
    assert.is_nil(string.find(performance, "acceptance", 1, true)[0]);
  });

  it("grows graver with the age of what waits, from the threshold on", () => {
    for (const [age, level] of [
      [59, LEVEL.ok],
      [60, LEVEL.warning],
      [299, LEVEL.warning],
      [300, LEVEL.critical],
    ] as const) {
      assert.equal(level, judged({ waiting: 1, oldest_waiting_seconds: age }).level, `${age} s`);
      const failing = judged({ failing_seconds: age, reason: "HTTP 503", remedy: "wait" });
      assert.equal(level, failing.level, `failing for ${age} s`);
      if (level !== LEVEL.ok) assertSays(failing, level, `for ${age} s: HTTP 503 (wait); 2 open`);
    }
    assert.equal(
      LEVEL.ok,
      judged({ waiting: 1, oldest_waiting_seconds: 9999 }, {}, { oldest: { warning: 0, critical: 0 } }).level,
    );
  });

  it("counts what waits and what was refused", () => {
    const waiting = { waiting: { warning: 2, critical: 5 } };
    assertSays(judged({ waiting: 1 }, {}, waiting), LEVEL.ok, "1 waiting");
    assertSays(judged({ waiting: 2 }, {}, waiting), LEVEL.warning, "2 alerts wait");
    assertSays(judged({ waiting: 5 }, {}, waiting), LEVEL.critical, "5 alerts wait");
    assertSays(judged({}, { quarantined: 1 }), LEVEL.warning, "PagerDuty refused 1");
    // The quarantine tells what is left to do; the counter stands in for it where it cannot be read.
    assert.equal(LEVEL.ok, judged({ refused_total: 3 }, { quarantined: 0 }).level);
    const unknown = {
      status: statusOf({ refused_total: 3 }),
      counts: undefined,
      isRunning: true,
      now: NOW,
      quarantined: undefined,
    };
    assertSays(judgeHealth(unknown, THRESHOLDS), LEVEL.warning, "PagerDuty refused 3");
  });

  it("tells the gravest first", () => {
    const { text, level } = judged(
      { waiting: 1, oldest_waiting_seconds: 400, journal_usable: false },
      { quarantined: 1 },
    );
    assert.equal(LEVEL.critical, level);
    assert.is_not_nil(
      string.find(text, "^the oldest alert waits for 400 s; PagerDuty refused 1.*; the journal")[0],
      text,
    );
  });

  it("warns of a journal that cannot be written", () => {
    assertSays(judged({ journal_usable: false }), LEVEL.warning, "the journal cannot be written");
  });

  it("counts by the journal, which is newer, unless it cannot be written", () => {
    const counts = { open: 1, unconfirmed: 2, waiting: 0, held: 0, heldByStorms: 0 };
    const old = { waiting: 3, oldest_waiting_seconds: 400 };
    const newer = judged(old, { counts, now: NOW + 8 });
    assertSays(
      newer,
      LEVEL.ok,
      "1 open, 2 sent, not confirmed, 0 waiting, 0 held, 0 refused, last accepted 20 s ago",
    );
    assert.is_not_nil(
      string.find(newer.performance, "^alerts%.waiting%.count=0;;;0 alerts%.oldest%.seconds=0s;")[0],
      newer.performance,
    );
    assertSays(judged({ ...old, journal_usable: false }, { counts }), LEVEL.critical, "2 open, 3 waiting");
  });

  it("says how many a storm stands for", () => {
    assertSays(judged({ held: 40, held_by_storms: 37 }), LEVEL.ok, "40 held (37 in a storm), 0 refused");
    const counts = { open: 1, unconfirmed: 0, waiting: 0, held: 5, heldByStorms: 3 };
    assertSays(judged({ held: 1 }, { counts }), LEVEL.ok, "5 held (3 in a storm)");
  });

  it("takes silence for CRITICAL while the broker runs, else for UNKNOWN", () => {
    assert.equal(LEVEL.ok, judged({}, { now: NOW + 60 }).level);
    assertSays(judged({}, { now: NOW + 61 }), LEVEL.critical, "last written 61 s ago");
    assertSays(judged({}, { now: NOW + 61, isRunning: false }), LEVEL.unknown, "no broker runs the output");
    assertSays(judged({}, { status: "no such file" }), LEVEL.critical, "no such file");
    assertSays(judged({}, { status: "no such file", isRunning: false }), LEVEL.unknown, "no such file");
  });

  it("says what is wrong with a file that is none", () => {
    assert.equal("it is not a JSON object", readStatus("7"));
    assert.equal("it is not a JSON object", readStatus('{"format":1'));
    assert.is_not_nil(string.find(readStatus('{"format":2}') as string, "another version")[0]);
  });
});
