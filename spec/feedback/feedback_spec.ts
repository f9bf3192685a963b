// What PagerDuty's REST API tells, and what of it counts: rounds against a PagerDuty in the process, whose clock and answers
// the spec moves. What follows for an alert is spec/alerts/learnt_spec.ts'; the real roads are spec/contract/feedback_spec.ts'.
import type { Alert, HostOrService } from "../../src/alerts/alert";
import type { GetOutcome } from "../../src/delivery/transport";
import { CRITICAL, OK, hostOf, reportWith, serviceOf } from "../support/alerts";
import {
  type Asked,
  INTEGRATION,
  type Json,
  LATER,
  SAM,
  SERVICE,
  SERVICE_ID,
  acknowledged,
  alertIn,
  createAsked,
  grouped,
  incidentOf,
  merged,
  resolved,
} from "../support/rest";

const KEY = "1_2";
const TRIGGER = "trigger critical 1_2";

function alertOf({ scene }: Asked): Alert {
  return scene.book.findAlert(serviceOf(1, 2)) ?? error("no alert");
}

/** 1_2 is in trouble, PagerDuty has it, and it was seen open in this incident. */
function seenOpen(incident: Json = incidentOf(KEY), settings: Parameters<typeof createAsked>[0] = {}): Asked {
  const asked = createAsked(settings);
  asked.scene.service();
  assert.same([TRIGGER], asked.sent());
  asked.incidents.push(incident);
  asked.round();
  asked.round();
  asked.requests();
  return asked;
}

/** Changes the only incident. */
function change(asked: Asked, some: Json): void {
  asked.incidents[0] = { ...asked.incidents[0], ...some };
}

function checkAgain({ scene, sent }: Asked): string[] {
  scene.pass(10);
  scene.service();
  return sent();
}

describe("a round", () => {
  it("begins a minute after the start, and each minute from then on", () => {
    const asked = createAsked();
    asked.scene.pass(60);
    asked.feedback.look();
    assert.is_false(asked.feedback.isUnderWay());
    asked.scene.pass(1);
    asked.feedback.look();
    asked.finish();
    asked.scene.pass(59);
    asked.feedback.look();
    assert.is_false(asked.feedback.isUnderWay());
    asked.scene.pass(1);
    asked.feedback.look();
    assert.is_true(asked.feedback.isUnderWay());
  });

  it("asks for the open incidents of the services that our keys lead to, of whatever age, oldest first", () => {
    const asked = createAsked();
    asked.services.unshift({ id: "POTHER", integrations: [{ integration_key: "another" }] });
    asked.round();
    assert.same(
      [
        "/services?limit=100&offset=0&include[]=integrations",
        `/incidents?limit=100&offset=0&statuses[]=triggered&statuses[]=acknowledged&date_range=all&sort_by=incident_number:asc&service_ids[]=${SERVICE_ID}`,
      ],
      asked.requests(),
    );
    asked.round();
    assert.equal(1, asked.requests().length);
  });

  it("asks for all that the key sees where a key leads nowhere, unless the services are named", () => {
    const lost = createAsked({ routingKeys: { default: "R123" } });
    lost.round();
    assert.is_nil(string.find(lost.requests()[1] ?? "", "service_ids", 1, true)[0]);
    assert.equal(1, lost.lines.length);
    const named = createAsked({ routingKeys: { default: "R123" }, serviceIds: ["P1", "P2"] });
    named.round();
    const [, incidents] = named.requests();
    assert.is_not_nil(string.find(incidents ?? "", "service_ids[]=P1&service_ids[]=P2", 1, true)[0]);
    assert.same([], named.lines);
  });

  it("goes through page after page", () => {
    const asked = createAsked();
    for (const number of $range(1, 250)) asked.incidents.push(incidentOf(`9_${number}`));
    asked.scene.service();
    asked.sent();
    asked.incidents.push(incidentOf(KEY));
    asked.round();
    asked.round();
    assert.equal(7, asked.requests().length);
    assert.equal(`Q${KEY}`, alertOf(asked).incident?.id);
  });

  it("makes a hundred requests at most, and takes up where it was", () => {
    const asked = createAsked();
    for (const number of $range(1, 150)) {
      asked.incidents.push(grouped(`G${number}`, 2, 2));
      asked.lists[`/incidents/QG${number}/alerts`] = [alertIn(`9_${number}`), alertIn(`8_${number}`)];
    }
    asked.round();
    assert.equal(100, asked.requests().length);
    asked.round();
    // Two pages of incidents, and the alerts of those that were left.
    assert.equal(2 + 150 - 97, asked.requests().length);
    asked.round();
    assert.equal(2, asked.requests().length);
  });

  it("of more than can be listed proves nothing, and says what to do", () => {
    const asked = seenOpen();
    change(asked, resolved(SAM));
    asked.answers["/incidents"] = answerWith('{"incidents":[],"more":true}');
    asked.round();
    assert.equal(100, asked.requests().length);
    assert.equal("triggered", alertOf(asked).delivered);
    assert.is_not_nil(string.find(asked.warnings[0] ?? "", "pdy_service_ids", 1, true)[0]);
  });
});

describe("an alert that was seen open, and is not listed any more,", () => {
  it("is closed by the person that resolved it: a later check opens it anew", () => {
    const asked = seenOpen();
    change(asked, resolved(SAM));
    asked.round();
    assert.equal("closed", alertOf(asked).delivered);
    assert.same({ by: "Sam Rivera", at: LATER, lastCheck: 10000 }, alertOf(asked).closing);
    assert.same([], asked.sent());
    assert.same([TRIGGER], checkAgain(asked));
  });

  it("is opened anew at once where its service's timeout closed it", () => {
    const asked = seenOpen();
    change(asked, resolved(SERVICE));
    asked.round();
    assert.same([TRIGGER], asked.sent());
  });

  it("waits for a check while nothing is heard of its poller", () => {
    const asked = seenOpen();
    asked.quiet.isQuiet = true;
    change(asked, resolved(SERVICE));
    asked.round();
    assert.same([], asked.sent());
    assert.same([TRIGGER], checkAgain(asked));
  });

  it("is taken for closed by a person where nobody says who did", () => {
    const asked = seenOpen();
    change(asked, resolved({}));
    asked.round();
    assert.same([], asked.sent());
    assert.same([TRIGGER], checkAgain(asked));
  });

  const rows: [reopen: "always" | "timeout" | "never", by: Json, atOnce: string[], byCheck: string[]][] = [
    ["always", SERVICE, [TRIGGER], []],
    ["always", SAM, [], [TRIGGER]],
    ["timeout", SERVICE, [TRIGGER], []],
    ["timeout", SAM, [], []],
    ["never", SERVICE, [], []],
    ["never", SAM, [], []],
  ];
  for (const [reopen, by, atOnce, byCheck] of rows) {
    it(`with pdy_reopen ${reopen}, by ${by === SAM ? "a person" : "a timeout"}`, () => {
      const asked = seenOpen(incidentOf(KEY), { reopen });
      change(asked, resolved(by));
      asked.round();
      assert.same(atOnce, asked.sent());
      assert.same(byCheck, checkAgain(asked));
    });
  }

  it("is not closed where its incident is open still, and the list lags behind", () => {
    const asked = seenOpen();
    asked.answers["/incidents"] = answerWith('{"incidents":[],"more":false}');
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
  });

  it("is not closed where its incident is to be seen nowhere", () => {
    const asked = seenOpen();
    asked.incidents.pop();
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    assert.same([], asked.warnings);
  });

  it("is not closed where it was never seen open", () => {
    const asked = createAsked();
    asked.scene.service();
    asked.sent();
    asked.incidents.push(incidentOf(KEY, resolved(SAM)));
    for (const _ of $range(1, 3)) asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
  });
});

function answerWith(body: string, status = 200): GetOutcome {
  return { kind: "answered", status, body, retryAfter: undefined };
}

describe("a fact", () => {
  it("does not count while an action of the alert is under way", () => {
    const asked = seenOpen();
    change(asked, resolved(SAM));
    alertOf(asked).inFlight = "trigger";
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    alertOf(asked).inFlight = undefined;
    asked.round();
    assert.equal("closed", alertOf(asked).delivered);
  });

  it("does not count if an action ended within a minute before the round", () => {
    const asked = seenOpen();
    change(asked, resolved(SAM));
    asked.scene.pass(20);
    asked.feedback.actionEnded(alertOf(asked));
    asked.scene.pass(-20);
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    asked.round();
    assert.equal("closed", alertOf(asked).delivered);
  });

  it("does not count if an action ended while PagerDuty was asked", () => {
    const asked = seenOpen();
    change(asked, resolved(SAM));
    asked.begin();
    asked.answer();
    asked.feedback.actionEnded(alertOf(asked));
    asked.finish();
    assert.equal("triggered", alertOf(asked).delivered);
  });

  it("does not count of a list that breaks off", () => {
    const asked = seenOpen();
    for (const number of $range(1, 150)) asked.incidents.push(incidentOf(`9_${number}`));
    change(asked, acknowledged(SAM));
    asked.begin();
    asked.answer();
    asked.answers["/incidents"] = { kind: "failed", reason: "gone" };
    asked.finish();
    assert.equal("triggered", alertOf(asked).delivered);
    assert.equal(1, asked.warnings.length);
  });
});

describe("an incident that was merged", () => {
  it("is followed into the other one, and counts as closed only with that", () => {
    const asked = seenOpen();
    change(asked, merged("other"));
    asked.incidents.push(grouped("other", 2, 2));
    asked.lists["/incidents/Qother/alerts"] = [alertIn("9_9"), alertIn(KEY)];
    asked.round();
    assert.equal("Qother", alertOf(asked).incident?.id);
    assert.equal("triggered", alertOf(asked).delivered);
    asked.incidents[1] = { ...asked.incidents[1], ...resolved(SAM) };
    asked.round();
    assert.equal("Sam Rivera", alertOf(asked).closing?.by);
  });

  it("is followed through several, to one that has ended", () => {
    const asked = seenOpen();
    change(asked, merged("2"));
    asked.incidents.push(incidentOf("2", merged("3")), incidentOf("3", resolved(SERVICE)));
    asked.round();
    assert.same([TRIGGER], asked.sent());
  });

  it("into itself leads nowhere", () => {
    const asked = seenOpen();
    change(asked, merged("2"));
    asked.incidents.push(incidentOf("2", merged(KEY)));
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    assert.is_false(asked.feedback.isUnderWay());
  });

  it("into one of a service that nobody asked for is looked for there", () => {
    const asked = seenOpen();
    change(asked, merged("far"));
    asked.incidents.push(grouped("far", 2, 2, { service: { id: "PFAR" }, ...acknowledged(SAM) }));
    asked.lists["/incidents/Qfar/alerts"] = [alertIn(KEY), alertIn("9_9")];
    asked.round();
    assert.same(["acknowledged", "Qfar"], [alertOf(asked).delivered, alertOf(asked).incident?.id]);
  });
});

describe("in an incident of several alerts", () => {
  const inGroup = (): Asked => {
    const asked = seenOpen(grouped("G", 2, 2));
    asked.lists["/incidents/QG/alerts"] = [alertIn("9_9"), alertIn(KEY)];
    asked.round();
    assert.equal("QG", alertOf(asked).incident?.id);
    return asked;
  };

  it("the alert counts, not the incident: by whom it was closed nobody says", () => {
    const asked = inGroup();
    change(asked, { alert_counts: { all: 2, triggered: 1, resolved: 1 } });
    asked.lists["/incidents/QG/alerts"] = [alertIn("9_9"), alertIn(KEY, { status: "resolved" })];
    asked.round();
    assert.equal("somebody", alertOf(asked).closing?.by);
  });

  it("an end of another time is none", () => {
    const asked = seenOpen();
    asked.incidents.push(grouped("G", 2, 1));
    asked.lists["/incidents/QG/alerts"] = [alertIn("9_9"), alertIn(KEY, { status: "resolved" })];
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    // Neither where the one it was seen in is to be seen nowhere.
    asked.incidents.shift();
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
  });

  it("an end and a new beginning is open", () => {
    const asked = inGroup();
    change(asked, { alert_counts: { all: 3, triggered: 2, resolved: 1 } });
    asked.lists["/incidents/QG/alerts"] = [
      alertIn(KEY, { status: "resolved" }),
      alertIn("9_9"),
      alertIn(KEY),
    ];
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
  });

  it("its alerts are asked for again only when their number or its state changes", () => {
    const asked = inGroup();
    asked.requests();
    asked.round();
    assert.equal(1, asked.requests().length);
    change(asked, acknowledged(INTEGRATION));
    asked.round();
    assert.equal(2, asked.requests().length);
    assert.equal("acknowledged", alertOf(asked).delivered);
  });
});

describe("a key that is open in two places", () => {
  it("is where its alert was seen, and else at the service that its key leads to", () => {
    const asked = createAsked({ routingKeys: { default: "0123456789abcdef0123456789abcdef", other: "R1" } });
    asked.scene.service();
    asked.sent();
    asked.incidents.push(
      incidentOf(KEY, { id: "QFAR", service: { id: "PFAR" }, ...acknowledged(SAM) }),
      incidentOf(KEY),
    );
    asked.round();
    asked.round();
    assert.same(["triggered", `Q${KEY}`], [alertOf(asked).delivered, alertOf(asked).incident?.id]);
  });
});

describe("an acknowledgement", () => {
  it("that a person gave is carried on, once, with their last note", () => {
    const asked = seenOpen();
    change(asked, acknowledged(SAM));
    asked.lists[`/incidents/Q${KEY}/notes`] = [
      { content: "looking", created_at: "2026-11-26T12:31:00Z" },
      { content: "it is the disk", created_at: "2026-11-26T12:35:00Z" },
    ];
    asked.round();
    asked.round();
    assert.equal(1, asked.carried.length);
    const { alert, ...others } = asked.carried[0] ?? error("nothing");
    assert.equal(KEY, alert.dedupKey);
    assert.same(
      {
        by: "Sam Rivera",
        at: LATER,
        since: "2026-11-26T12:00:00Z",
        incidentNumber: 1234,
        address: `https://example.pagerduty.com/incidents/Q${KEY}`,
        lastNote: "it is the disk",
      },
      others,
    );
    change(asked, { status: "triggered", acknowledgements: [] });
    asked.round();
    assert.same([KEY], asked.takenBack);
  });

  it("that came through the API, perhaps from us, is not carried on", () => {
    const asked = seenOpen();
    change(asked, acknowledged(INTEGRATION));
    asked.round();
    assert.equal("acknowledged", alertOf(asked).delivered);
    assert.same([], asked.carried);
  });

  it("of what Centreon has acknowledged itself is not carried on", () => {
    const asked = seenOpen();
    asked.scene.setAway(true);
    asked.scene.adaptive(serviceOf(1, 2), { isAcknowledged: true });
    change(asked, acknowledged(SAM));
    asked.round();
    assert.same([], asked.carried);
  });

  it("of before the problem began, by both clocks, is not carried on: its incident is of the one before", () => {
    const AFTER = 1795698000; // 2026-11-26T13:00:00Z
    for (const [problemSince, lastOk, carried] of [
      [AFTER, AFTER, 0],
      [AFTER, 0, 1],
      [10000, AFTER, 1],
    ] as const) {
      const asked = seenOpen();
      const alert = alertOf(asked);
      alert.facts.problemSince = problemSince;
      alert.report = reportWith({ lastOk });
      change(asked, acknowledged(SAM));
      asked.round();
      asked.round();
      assert.equal(carried, asked.carried.length);
    }
  });

  it("of before the alert was in its incident is not carried on", () => {
    const asked = seenOpen(grouped("G", 2, 2));
    asked.lists["/incidents/QG/alerts"] = [
      alertIn("9_9"),
      alertIn(KEY, { created_at: "2026-11-26T13:00:00Z" }),
    ];
    change(asked, acknowledged(SAM));
    asked.round();
    assert.equal("acknowledged", alertOf(asked).delivered);
    assert.same([], asked.carried);
  });
});

describe("what is open, and never seen", () => {
  it("is named once, after five minutes, and not sent again", () => {
    const asked = createAsked();
    asked.scene.service();
    asked.sent();
    for (const _ of $range(1, 4)) asked.round();
    assert.same([], asked.warnings);
    for (const _ of $range(1, 4)) asked.round();
    assert.equal(1, asked.warnings.length);
    assert.is_not_nil(string.find(asked.warnings[0] ?? "", "db-02/Ping (1_2)", 1, true)[0]);
    assert.equal(1, asked.feedback.status().notSeen);
    assert.same([], checkAgain(asked));
  });

  it("is seen, though what is found of it never counts", () => {
    const asked = createAsked();
    asked.scene.service();
    asked.sent();
    asked.incidents.push(incidentOf(KEY));
    for (const _ of $range(1, 8)) {
      asked.begin();
      asked.feedback.actionEnded(alertOf(asked));
      asked.finish();
    }
    assert.is_nil(alertOf(asked).incident);
    assert.same([], asked.warnings);
  });
});

describe("an alert that is open more than once", () => {
  it("is open elsewhere, on services of ours", () => {
    const asked = seenOpen();
    assert.equal(0, asked.feedback.status().elsewhere);
    asked.incidents.push(incidentOf(KEY, { id: "Q2" }));
    asked.round();
    assert.equal(1, asked.feedback.status().elsewhere);
    asked.incidents.pop();
    asked.incidents.push(incidentOf(KEY, { id: "Q3", service: { id: "PFAR" } }));
    asked.round();
    assert.equal(0, asked.feedback.status().elsewhere);
  });
});

describe("an open key that nothing is known of", () => {
  it("is an orphan once its resource is found well", () => {
    const asked = createAsked({ resolvesOrphans: true });
    asked.incidents.push(incidentOf(KEY), incidentOf("somebody else's"), incidentOf("x-1_2"));
    asked.round();
    assert.is_true(asked.watching.isAny());
    assert.equal(1, asked.feedback.status().unknown);
    asked.round();
    assert.same([], asked.resolvedOrphans);
    asked.watching.isFine(1, 2);
    asked.round();
    asked.round();
    assert.same(["1_2 by default"], asked.resolvedOrphans);
  });

  it("of a service that is not ours is nobody's business", () => {
    const asked = createAsked({ routingKeys: { default: "R1" }, resolvesOrphans: true });
    asked.incidents.push(incidentOf(KEY));
    asked.round();
    assert.is_false(asked.watching.isAny());
  });

  it("is named, and not resolved, where no key of ours leads to its service for sure", () => {
    const asked = createAsked({
      routingKeys: { default: "R1" },
      serviceIds: [SERVICE_ID],
      resolvesOrphans: true,
    });
    asked.incidents.push(incidentOf(KEY));
    asked.round();
    asked.watching.isFine(1, 2);
    asked.round();
    assert.same([], asked.resolvedOrphans);
    const [warning] = asked.warnings;
    assert.is_not_nil(string.find(warning ?? "", "no routing key of ours leads to its service", 1, true)[0]);
  });

  it("is watched no more when it is closed", () => {
    const asked = createAsked();
    asked.incidents.push(incidentOf(KEY));
    asked.round();
    asked.incidents.pop();
    asked.round();
    assert.is_false(asked.watching.isAny());
  });

  it("that has just been resolved is not an orphan", () => {
    const asked = seenOpen();
    asked.scene.service({ state: OK });
    asked.scene.pass(30);
    assert.same(["resolve 1_2"], asked.sent());
    asked.scene.pass(-30);
    asked.round();
    assert.is_false(asked.watching.isAny());
  });
});

describe("an open key that nothing is known of, and its engine no longer names,", () => {
  const POLLER = 1;
  const OTHER = 2;
  const HOST = hostOf(1);
  const SERVICE_1_2 = serviceOf(1, 2);

  interface Watched extends Asked {
    /** Whose the broker says that host 1 is. */
    readonly owner: { id: number | undefined };
    /** An engine starts, names these, and has told all. */
    readonly start: (this: void, pollerId: number, ...named: HostOrService[]) => void;
  }

  /** 1_2 is open at PagerDuty, and watched. */
  const watch = (): Watched => {
    const owner: Watched["owner"] = { id: POLLER };
    let starts = 0;
    const asked = createAsked({ resolvesOrphans: true }, {}, { pollerOf: () => owner.id });
    asked.incidents.push(incidentOf(KEY));
    asked.round();
    return {
      ...asked,
      owner,
      start: (pollerId, ...named) => {
        const { book } = asked.scene;
        starts += 1;
        book.engineRuns(pollerId, starts);
        for (const resource of named) book.defined(resource);
        book.configurationEnds(pollerId);
      },
    };
  };
  /** Two minutes pass. */
  const orphansOf = (asked: Asked): string[] => {
    asked.round();
    asked.round();
    return asked.resolvedOrphans;
  };
  const FOUND = ["1_2 by default"];

  it("at its start is an orphan, a minute later", () => {
    const asked = watch();
    asked.start(POLLER, HOST);
    asked.round();
    assert.same(FOUND, asked.resolvedOrphans);
    assert.is_not_nil(
      string.find(asked.lines[0] ?? "", "its engine does not monitor it any more", 1, true)[0],
    );
  });

  it("is none before that minute is over, nor if anything speaks of it meanwhile", () => {
    const words: [what: string, say: (asked: Watched) => void][] = [
      ["a definition", ({ scene }) => scene.book.defined(SERVICE_1_2)],
      ["a SOFT state", ({ scene }) => scene.service({ isHard: false, lastHardState: OK })],
      ["a downtime", ({ scene }) => scene.adaptive(SERVICE_1_2, { downtimeDepth: 1 })],
      ["a problem", ({ scene }) => scene.service()],
    ];
    for (const [what, say] of words) {
      const asked = watch();
      asked.start(POLLER, HOST);
      asked.scene.pass(30);
      say(asked);
      assert.same([], orphansOf(asked), what);
    }
  });

  it("is none where it is named, or where its engine stops before it has told all", () => {
    const named = watch();
    named.start(POLLER, HOST, SERVICE_1_2);
    assert.same([], orphansOf(named));
    const stopped = watch();
    stopped.scene.book.engineRuns(POLLER, 7);
    stopped.scene.book.engineStopped(POLLER);
    stopped.scene.book.configurationEnds(POLLER);
    assert.same([], orphansOf(stopped));
  });

  it("is none by the roll call of another poller, or where nobody knows whose it is", () => {
    const asked = watch();
    asked.start(OTHER);
    assert.same([], orphansOf(asked));
    asked.owner.id = undefined;
    asked.start(OTHER);
    asked.start(POLLER);
    assert.same([], orphansOf(asked));
  });

  it("is none where its host has moved, whichever poller is first, until that one's engine leaves it out", () => {
    const oldFirst = watch();
    oldFirst.start(POLLER);
    oldFirst.owner.id = OTHER;
    oldFirst.scene.book.engineRuns(OTHER, 100);
    oldFirst.scene.book.defined(HOST);
    // The new one takes long to tell.
    assert.same([], orphansOf(oldFirst));
    oldFirst.scene.book.configurationEnds(OTHER);
    assert.same(FOUND, orphansOf(oldFirst));
    const newFirst = watch();
    newFirst.owner.id = OTHER;
    newFirst.start(OTHER, HOST, SERVICE_1_2);
    newFirst.start(POLLER);
    assert.same([], orphansOf(newFirst));
  });

  it("is none by a roll call that was open when it came to be watched", () => {
    const asked = watch();
    asked.incidents.push(incidentOf("1_H"));
    asked.scene.book.engineRuns(POLLER, 7);
    asked.scene.book.defined(HOST);
    asked.round();
    asked.scene.book.configurationEnds(POLLER);
    assert.same(FOUND, orphansOf(asked));
  });

  it("is none where it was not watched all the while, though it is again", () => {
    const asked = watch();
    asked.scene.book.engineRuns(POLLER, 7);
    const incident = asked.incidents.pop();
    asked.round();
    asked.scene.book.defined(SERVICE_1_2);
    if (incident !== undefined) asked.incidents.push(incident);
    asked.round();
    asked.scene.book.configurationEnds(POLLER);
    assert.same([], orphansOf(asked));
  });

  it("on a reload is an orphan, too, once its poller has told", () => {
    const asked = watch();
    const { book } = asked.scene;
    book.removed(SERVICE_1_2, undefined);
    // The broker's cache lets go of it at once.
    asked.owner.id = undefined;
    book.removed(HOST, POLLER);
    book.configurationEnds(OTHER);
    assert.same([], orphansOf(asked));
    book.configurationEnds(POLLER);
    assert.same(FOUND, orphansOf(asked));
  });
});

describe("an open key of what is neither host nor service", () => {
  it("is an orphan once that is found well, and no other is", () => {
    const asked = createAsked({ resolvesOrphans: true });
    for (const key of ["ba_7", "ba_8", "poller_3", "storm_default"]) asked.incidents.push(incidentOf(key));
    asked.watching.isOtherFine({ kind: "business activity", id: 8 });
    asked.round();
    asked.watching.isOtherFine({ kind: "business activity", id: 7 });
    asked.watching.isOtherFine({ kind: "poller", id: 4 });
    asked.round();
    assert.same(["ba_7 by default"], asked.resolvedOrphans);
    assert.equal(3, asked.feedback.status().unknown);
  });
});

describe("when asking fails", () => {
  it("it is said once, and once when it does not any more; it is asked again after a minute, or when PagerDuty says", () => {
    const asked = seenOpen();
    asked.answers["/incidents"] = { kind: "answered", status: 429, body: "", retryAfter: 200 };
    asked.round();
    assert.equal(1, asked.warnings.length);
    assert.is_not_nil(string.find(asked.warnings[0] ?? "", "HTTP 429", 1, true)[0]);
    asked.scene.pass(199);
    asked.feedback.look();
    assert.is_false(asked.feedback.isUnderWay());
    asked.round();
    assert.equal(1, asked.warnings.length);
    asked.answers["/incidents"] = undefined;
    asked.scene.pass(200);
    asked.round();
    assert.equal(2, asked.warnings.length);
    assert.is_nil(asked.feedback.status().problem);
  });

  for (const [what, answer] of [
    ["no JSON", answerWith("<html>")],
    ["half of it", answerWith('{"incidents":[{"id":"Q1_2","sta')],
    ["another object", answerWith('{"error":"no"}')],
    ["a list", answerWith("[]")],
    ["nothing", answerWith("")],
  ] as const) {
    it(`${what} is no answer`, () => {
      const asked = seenOpen();
      change(asked, resolved(SAM));
      asked.answers["/incidents"] = answer;
      asked.round();
      assert.equal("triggered", alertOf(asked).delivered);
      assert.is_not_nil(string.find(asked.warnings[0] ?? "", "is not PagerDuty's REST API", 1, true)[0]);
    });
  }

  it("what has not the form of an incident is none, and the others count", () => {
    const asked = seenOpen();
    change(asked, acknowledged(SAM));
    for (const odd of [
      {},
      { id: 5, status: "triggered" },
      { id: "Q", status: "odd" },
      { id: "Q9", status: "triggered" },
    ])
      asked.incidents.unshift({ service: {}, ...odd });
    asked.round();
    assert.equal("acknowledged", alertOf(asked).delivered);
  });
});

describe("with a prefix", () => {
  it("keys that begin with it are ours, and no others", () => {
    const asked = createAsked({ dedupPrefix: "east-" });
    asked.scene.service({ state: CRITICAL });
    asked.sent();
    asked.incidents.push(incidentOf(KEY, acknowledged(SAM)));
    asked.round();
    asked.round();
    assert.equal("triggered", alertOf(asked).delivered);
    asked.incidents.push(incidentOf("east-1_2", acknowledged(SAM)));
    asked.round();
    assert.equal("acknowledged", alertOf(asked).delivered);
  });
});
