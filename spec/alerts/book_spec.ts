// The book on services and hosts by themselves: checks, acknowledgements, downtimes, flapping. What surrounds a
// resource (its host, its parents) is book_surroundings_spec's.
import {
  type Alert,
  type HostOrService,
  type Resource,
  recordAccepted,
  setDesired,
} from "../../src/alerts/alert";
import {
  CRITICAL,
  NO_CHOICES,
  OK,
  PENDING,
  REPAGING,
  UNREACHABLE,
  UP,
  WARNING,
  alertFor,
  factsWith,
  hostOf,
  serviceOf,
} from "../support/alerts";
import { NOTHING_REMEMBERED, type Scene, type Step, createScene, story } from "../support/scene";

const SERVICE = serviceOf(1, 2);
const HOST = hostOf(1);

const SOFT = { isHard: false };

const away: Step = ["PagerDuty is away", ({ setAway }) => setAway(true)];

const backAndSent = (...sent: string[]): Step => [
  "PagerDuty is back",
  ({ setAway }) => setAway(false),
  ...sent,
];

describe("the book", () => {
  describe("on checks", () => {
    it(
      "opens an alert and resolves it",
      story([
        ["the service is CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["it is OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
        NOTHING_REMEMBERED,
        ["the host is UNREACHABLE", ({ host }) => host({ state: UNREACHABLE }), "trigger error 1_H"],
        ["it is UP", ({ hostIsUp }) => hostIsUp(), "resolve 1_H"],
      ]),
    );

    it(
      "raises the severity of an open alert and never lowers it",
      story([
        ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
        ["CRITICAL", ({ service }) => service({ state: CRITICAL }), "trigger critical 1_2"],
        ["WARNING again", ({ service }) => service({ state: WARNING })],
        ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
      ]),
    );

    it(
      "believes the last result, also of a poller whose clock went back",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        [
          "OK an hour before",
          ({ service, now }) => service({ state: OK, lastCheck: now() - 3600 }),
          "resolve 1_2",
        ],
      ]),
    );

    it(
      "sends nothing of a problem that came and went while PagerDuty was away, and says so",
      story([
        away,
        ["CRITICAL", ({ service }) => service()],
        ["OK", ({ service }) => service({ state: OK })],
        [
          "the log",
          ({ said }) =>
            assert.same(["1_2: it came and went before PagerDuty took it: nothing is sent"], said()),
        ],
        NOTHING_REMEMBERED,
        backAndSent(),
      ]),
    );

    it(
      "sends what Centreon says last, however much it said while PagerDuty was away",
      story([
        away,
        ["WARNING", ({ service }) => service({ state: WARNING })],
        ["OK", ({ service }) => service({ state: OK })],
        ["CRITICAL", ({ service }) => service({ state: CRITICAL })],
        backAndSent("trigger critical 1_2"),
      ]),
    );

    it(
      "ignores SOFT problems",
      story([
        ["SOFT CRITICAL", ({ service }) => service({ ...SOFT, lastHardState: OK })],
        NOTHING_REMEMBERED,
        ["SOFT DOWN", ({ host }) => host({ ...SOFT, lastHardState: UP })],
        ["UP again", ({ hostIsUp }) => hostIsUp()],
        ["HARD CRITICAL, checked after that", ({ service }) => service(), "trigger critical 1_2"],
        ["SOFT WARNING", ({ service }) => service({ ...SOFT, state: WARNING, lastHardState: CRITICAL })],
      ]),
    );

    it(
      "alerts on SOFT problems when told so",
      story(
        [
          [
            "SOFT WARNING",
            ({ service }) => service({ ...SOFT, state: WARNING, lastHardState: OK }),
            "trigger warning 1_2",
          ],
          ["HARD CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ],
        { hardOnly: false },
      ),
    );

    it(
      "resolves when a SOFT problem shows that a recovery was missed",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        [
          "SOFT CRITICAL, and the last hard state was OK",
          ({ service }) => service({ ...SOFT, lastHardState: OK }),
          "resolve 1_2",
        ],
        [
          "the log",
          ({ said }) => assert.same(["1_2: its recovery was missed: its last hard state is OK"], said()),
        ],
        NOTHING_REMEMBERED,
        ["HARD CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
      ]),
    );

    it(
      "takes PENDING for no news",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["PENDING", ({ service }) => service({ state: PENDING })],
        ["DOWN", ({ host }) => host(), "trigger critical 1_H"],
        ["PENDING", ({ host }) => host({ state: PENDING })],
        ["UP", ({ hostIsUp }) => hostIsUp(), "resolve 1_H"],
      ]),
    );

    it(
      "records nothing of a resource that cannot be described",
      story([["CRITICAL", ({ service }) => service()], NOTHING_REMEMBERED], {}, { placeOf: () => undefined }),
    );

    it("reports nothing when a status comes again, between checks or with a new check", () => {
      const { service, host, pass, sent, reported } = createScene();
      host({ resource: hostOf(9) });
      service();
      sent();
      assert.same(["9_H", "1_2"], reported());
      service();
      host({ resource: hostOf(9) });
      pass(60);
      service();
      host({ resource: hostOf(9) });
      assert.same([], reported());
    });

    for (const lost of ["place", "report"] as const) {
      it(`sends with the next status an alert whose ${lost} a damaged journal lost`, () => {
        const { book, service, now, sent } = createScene();
        const alert: Alert = alertFor(SERVICE, factsWith({ lastCheck: now() }));
        alert[lost] = undefined;
        setDesired(alert, "triggered", "critical");
        book.restoreAlert(alert);
        service();
        assert.same(["trigger critical 1_2"], sent());
      });
    }

    it("resolves a resource it knows nothing of, when told that it recovered", () => {
      const { book, sent, remembered } = createScene();
      book.resolveUnknown(SERVICE);
      book.resolveUnknown(HOST);
      assert.same(["resolve 1_2", "resolve 1_H"], sent());
      assert.same([], remembered());
    });

    it("resolves what was open before a problem that was held, when told late of the recovery between", () => {
      const { book, service, sent, remembered } = createScene();
      service({ downtimeDepth: 1 });
      book.resolveUnknown(SERVICE);
      assert.same([], sent());
      service({ state: OK });
      assert.same(["resolve 1_2"], sent());
      assert.same([], remembered());
    });

    it("leaves alone what is open, when told late of a recovery before", () => {
      const { book, service, sent } = createScene();
      service();
      sent();
      book.resolveUnknown(SERVICE);
      assert.same([], sent());
    });

    it("keeps nothing of what is well", () => {
      const { service, host, adaptive, remembered, reported } = createScene();
      for (const hostId of $range(1, 1000)) {
        const resource = serviceOf(hostId, 1);
        host({ resource: hostOf(hostId), state: UP });
        service({ resource, state: OK });
        service({ resource, state: OK, downtimeDepth: 1, isAcknowledged: true });
        service({ resource, state: PENDING });
        adaptive(resource, { downtimeDepth: 1 });
        adaptive(hostOf(hostId), { isAcknowledged: false });
      }
      assert.same([], remembered());
      assert.same([], reported());
    });
  });

  describe("on volatile services", () => {
    const isVolatile = { isVolatile: () => true };
    it(
      "sends the trigger again for each new HARD result, not for one sent again",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["CRITICAL again", ({ service }) => service(), "trigger critical 1_2"],
          ["the same result again", ({ service, now }) => service({ lastCheck: now() - 60 })],
          ["SOFT CRITICAL", ({ service }) => service(SOFT)],
          ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ],
        {},
        isVolatile,
      ),
    );

    it(
      "sends none of them in a downtime",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["CRITICAL in a downtime", ({ service }) => service({ downtimeDepth: 1 })],
          ["CRITICAL in a downtime again", ({ service }) => service({ downtimeDepth: 1 })],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
        ],
        {},
        isVolatile,
      ),
    );
  });

  /** The ways Centreon tells of an acknowledgement and of a downtime: in full, or as the one field that changed. */
  const WAYS: [
    how: string,
    tell: (scene: Scene, change: { isAcknowledged?: boolean; downtimeDepth?: number }) => void,
  ][] = [
    ["by full statuses", ({ service }, change) => service(change)],
    ["by adaptive statuses alone", ({ adaptive }, change) => adaptive(SERVICE, change)],
  ];

  for (const [how, tell] of WAYS) {
    describe(`on acknowledgements told ${how}`, () => {
      const set: Step[1] = (scene) => tell(scene, { isAcknowledged: true });
      const remove: Step[1] = (scene) => tell(scene, { isAcknowledged: false });

      it(
        "acknowledges, and leaves it so when the acknowledgement is removed",
        story([
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["acknowledged", set, "acknowledge 1_2"],
          ["the same again", set],
          ["removed", remove],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ]),
      );

      it(
        "sends nothing of a problem acknowledged before it was sent, until that is removed",
        story([
          away,
          ["CRITICAL", ({ service }) => service()],
          ["acknowledged", set],
          backAndSent(),
          ["removed", remove, "trigger critical 1_2"],
        ]),
      );
    });

    describe(`on downtimes told ${how}`, () => {
      const at =
        (downtimeDepth: number): Step[1] =>
        (scene) =>
          tell(scene, { downtimeDepth });

      it(
        "pages a problem that outlives its downtime when that ends",
        story([
          ["CRITICAL in a downtime", ({ service }) => service({ downtimeDepth: 1 })],
          ["the end", at(0), "trigger critical 1_2"],
        ]),
      );

      it(
        "pages at the end of the last of several downtimes",
        story([
          ["CRITICAL in a downtime", ({ service }) => service({ downtimeDepth: 1 })],
          ["a second one begins", at(2)],
          ["one is cancelled", at(1)],
          ["the other ends", at(0), "trigger critical 1_2"],
        ]),
      );

      // A flexible downtime begins with the problem it is for: the HARD state comes first.
      it(
        "leaves an alert open through a downtime that begins after it was sent",
        story([
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["a downtime begins", at(1)],
          ["it ends", at(0)],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ]),
      );

      it(
        "withdraws what is not sent yet when a downtime begins",
        story([
          away,
          ["CRITICAL", ({ service }) => service()],
          ["a downtime begins", at(1)],
          backAndSent(),
          ["it ends", at(0), "trigger critical 1_2"],
        ]),
      );
    });
  }

  describe("on downtimes", () => {
    it(
      "resolves at a recovery inside one",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["the downtime begins", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 1 })],
        ["OK inside", ({ service }) => service({ state: OK, downtimeDepth: 1 }), "resolve 1_2"],
        ["it ends", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 0 })],
        NOTHING_REMEMBERED,
      ]),
    );

    it(
      "forgets a problem that came and went inside one",
      story([
        ["CRITICAL inside", ({ service }) => service({ downtimeDepth: 1 })],
        ["OK inside", ({ service }) => service({ state: OK, downtimeDepth: 1 })],
        NOTHING_REMEMBERED,
      ]),
    );

    it(
      "raises the severity of an open alert when the downtime ends, not inside",
      story([
        ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
        ["CRITICAL inside", ({ service }) => service({ downtimeDepth: 1 })],
        ["the end", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 0 }), "trigger critical 1_2"],
      ]),
    );

    it(
      "acknowledges an open alert inside one",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["the downtime begins", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 1 })],
        [
          "acknowledged inside",
          ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true }),
          "acknowledge 1_2",
        ],
      ]),
    );

    it(
      "pages a host that is still DOWN at the end of its own",
      story([
        ["DOWN in a downtime", ({ host }) => host({ downtimeDepth: 1 })],
        ["the end", ({ adaptive }) => adaptive(HOST, { downtimeDepth: 0 }), "trigger critical 1_H"],
      ]),
    );
  });

  describe("on acknowledgements", () => {
    it(
      "resolves an acknowledged problem",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["acknowledged", ({ service }) => service({ isAcknowledged: true }), "acknowledge 1_2"],
        [
          "OK, the acknowledgement still set",
          ({ service }) => service({ state: OK, isAcknowledged: true }),
          "resolve 1_2",
        ],
        NOTHING_REMEMBERED,
      ]),
    );

    it("keeps who acknowledged and why with the alert, and reports it", () => {
      const { book, service, sent, reported } = createScene();
      service();
      sent();
      reported();
      book.noteAcknowledgement(SERVICE, { author: "jdoe", comment: "on it" });
      assert.same(["1_2"], reported());
      assert.same({ author: "jdoe", comment: "on it" }, book.findAlert(SERVICE)?.acknowledgement);
    });

    it("has no use for an acknowledgement of what it does not know", () => {
      const { book, reported, remembered } = createScene();
      book.noteAcknowledgement(SERVICE, { author: "jdoe", comment: "on it" });
      assert.same([], reported());
      assert.same([], remembered());
    });
  });

  it("reports nothing when an adaptive status changes nothing that matters", () => {
    const { service, adaptive, sent, reported } = createScene();
    service();
    sent();
    reported();
    // Only the number of notifications changed, which Centreon tells in the same way.
    adaptive(SERVICE, {});
    adaptive(SERVICE, { isAcknowledged: false, downtimeDepth: 0 });
    assert.same([], reported());
  });

  describe("on flapping", () => {
    const flapping = { isFlapping: true };
    it(
      "leaves an open alert as it is, and resolves when the flapping ends well",
      story([
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["OK, it began to flap", ({ service }) => service({ state: OK, ...flapping })],
        ["CRITICAL", ({ service }) => service(flapping)],
        ["OK", ({ service }) => service({ state: OK, ...flapping })],
        [
          "it no longer flaps",
          ({ service, now }) => service({ state: OK, lastCheck: now() - 60 }),
          "resolve 1_2",
        ],
        NOTHING_REMEMBERED,
      ]),
    );

    it(
      "pages at once when the flapping ends badly",
      story([
        ["CRITICAL, flapping", ({ service }) => service(flapping)],
        ["OK, flapping", ({ service }) => service({ state: OK, ...flapping })],
        ["CRITICAL, flapping", ({ service }) => service(flapping)],
        [
          "it no longer flaps, no new check",
          ({ service, now }) => service({ lastCheck: now() - 60 }),
          "trigger critical 1_2",
        ],
      ]),
    );
  });

  describe("says why a problem is held", () => {
    type Row = [what: string, happens: (scene: Scene) => void, said: string];
    const rows: Row[] = [
      ["in a downtime from the start", ({ service }) => service({ downtimeDepth: 1 }), "it is in a downtime"],
      [
        "in a downtime that begins later",
        ({ service, adaptive }) => {
          service();
          adaptive(SERVICE, { downtimeDepth: 1 });
        },
        "it is in a downtime",
      ],
      ["while it flaps", ({ service }) => service({ isFlapping: true }), "it is flapping"],
      [
        "while its host is not UP",
        ({ service, host }) => {
          host(SOFT);
          service();
        },
        "its host is not UP",
      ],
    ];
    for (const [what, happens, said] of rows) {
      it(what, () => {
        const scene = createScene();
        happens(scene);
        assert.same([`1_2: ${said}`], scene.said());
      });
    }
  });

  describe("where the administrator wants problems paged all the same", () => {
    it(
      "pages what is acknowledged",
      story([["acknowledged", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"]], {
        ignoresAcknowledgements: true,
      }),
    );

    it(
      "pages what is in a downtime, its own or its host's",
      story(
        [
          ["in a downtime", ({ service }) => service({ downtimeDepth: 1 }), "trigger critical 1_2"],
          ["the host, too", ({ hostIsUp }) => hostIsUp({ downtimeDepth: 1 })],
          ["another", ({ service }) => service({ resource: serviceOf(1, 3) }), "trigger critical 1_3"],
          ["OK", ({ service }) => service({ state: OK, downtimeDepth: 1 }), "resolve 1_2"],
        ],
        { ignoresDowntimes: true },
      ),
    );

    it(
      "goes on minding what else there is to mind",
      story(
        [
          ["CRITICAL, flapping", ({ service }) => service({ isFlapping: true })],
          ["it no longer flaps", ({ service }) => service(), "trigger critical 1_2"],
          ["acknowledged", ({ service }) => service({ isAcknowledged: true }), "acknowledge 1_2"],
          ["the host is DOWN", ({ host }) => host(), "trigger critical 1_H"],
          ["another", ({ service }) => service({ resource: serviceOf(1, 3) })],
          ["the host is UP", ({ hostIsUp }) => hostIsUp(), "resolve 1_H"],
          [
            "a late result",
            ({ service, now }) => service({ resource: serviceOf(1, 3), lastCheck: now() - 90 }),
          ],
          ["a new one", ({ service }) => service({ resource: serviceOf(1, 3) }), "trigger critical 1_3"],
        ],
        { ignoresDowntimes: true },
      ),
    );

    it(
      "pages what is flapping",
      story(
        [
          ["flapping", ({ service }) => service({ isFlapping: true }), "trigger critical 1_2"],
          ["OK, flapping", ({ service }) => service({ state: OK, isFlapping: true }), "resolve 1_2"],
        ],
        { ignoresFlapping: true },
      ),
    );
  });

  describe("where PagerDuty may have an alert of before the start", () => {
    const mayBeOpen = { mayBeOpen: () => true };

    it(
      "sends the trigger: it changes nothing there",
      story([["CRITICAL", ({ service }) => service(), "trigger critical 1_2"]], {}, mayBeOpen),
    );

    it(
      "resolves what was held all the time",
      story(
        [
          ["CRITICAL in a downtime", ({ service }) => service({ downtimeDepth: 1 })],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ],
        {},
        mayBeOpen,
      ),
    );
  });

  describe("on what the administrator's rules say", () => {
    it(
      "holds what a filter keeps out, says which, and resolves it where it is open",
      story(
        [
          ["WARNING, filtered out", ({ service }) => service({ state: WARNING })],
          ["the log", ({ said }) => assert.same(["1_2: it is filtered out: no warnings, please"], said())],
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["WARNING", ({ service }) => service({ state: WARNING })],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          ["a host is in state 1, which is DOWN", ({ host }) => host()],
          ["UNREACHABLE", ({ host }) => host({ state: UNREACHABLE }), "trigger error 1_H"],
        ],
        {},
        { rejectionOf: ({ facts }) => (facts.state === WARNING ? "no warnings, please" : undefined) },
      ),
    );

    it("leaves an open alert on the route that opened it", () => {
      let route = "database";
      const { book, service, sent } = createScene({}, { routeOf: () => route });
      service({ state: WARNING });
      sent();
      route = "network";
      service();
      assert.equal("database", book.findAlert(SERVICE)?.route);
      service({ state: OK });
      sent();
      service();
      assert.equal("network", book.findAlert(SERVICE)?.route);
    });

    it("chooses the route of a problem of before the start, which may be open, by the rules of now", () => {
      const { book, service } = createScene({}, { routeOf: () => "database", mayBeOpen: () => true });
      service();
      assert.equal("database", book.findAlert(SERVICE)?.route);
    });

    it("applies rules that changed since to what was put back at the start", () => {
      const { book, sent } = createScene({}, { rejectionOf: () => undefined, routeOf: () => "network" });
      for (const resource of [SERVICE, serviceOf(1, 3)]) {
        const alert = alertFor(resource);
        alert.rejection = "no longer a rule";
        setDesired(alert, "held", "critical");
        book.restoreAlert(alert);
      }
      book.eachAlert((alert) => book.refresh(alert));
      assert.equal("network", book.findAlert(SERVICE)?.route);
      assert.same(["trigger critical 1_2", "trigger critical 1_3"], sent());
    });
  });

  describe("on business activities and pollers", () => {
    const others: [resource: Resource, sent: string][] = [
      [{ kind: "business activity", id: 7 }, "ba_7"],
      [{ kind: "poller", id: 3 }, "poller_3"],
    ];
    for (const [resource, key] of others) {
      it(
        `opens and resolves ${key}`,
        story([
          ["a problem", ({ service }) => service({ resource }), `trigger critical ${key}`],
          ["a downtime begins", ({ service }) => service({ resource, downtimeDepth: 1 })],
          ["it is remembered", ({ remembered }) => assert.same([key], remembered())],
          ["all is well", ({ service }) => service({ resource, state: OK }), `resolve ${key}`],
          NOTHING_REMEMBERED,
        ]),
      );
    }
  });

  describe("where people end incidents (pdy_resolve 0)", () => {
    const settings = { actionRules: { ...NO_CHOICES, resolvesRecoveries: false } };

    it(
      "lets go of a problem that is over, and triggers the next one",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["acknowledged", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true }), "acknowledge 1_2"],
          ["OK", ({ service }) => service({ state: OK })],
          NOTHING_REMEMBERED,
          ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
        ],
        settings,
      ),
    );

    it(
      "opens another incident after one that a downtime acknowledged: on that nobody would be paged",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["a downtime begins", ({ service }) => service({ downtimeDepth: 1 }), "acknowledge 1_2"],
          ["OK", ({ service }) => service({ state: OK, downtimeDepth: 1 })],
          ["WARNING", ({ service }) => service({ state: WARNING, downtimeDepth: 1 })],
          ["it ends", ({ service }) => service({ state: WARNING }), "resolve 1_2", "trigger warning 1_2"],
          ["OK outside", ({ service }) => service({ state: OK })],
          NOTHING_REMEMBERED,
        ],
        { ...settings, downtimeAction: "acknowledge" },
      ),
    );

    it("says so, and does so when what was under way has ended", () => {
      const { book, remembered, said, service } = createScene(settings);
      service();
      const alert = book.findAlert(SERVICE);
      if (alert === undefined) return error("no alert");
      alert.inFlight = "trigger";
      service({ state: OK });
      assert.same(["1_2"], remembered());
      alert.inFlight = undefined;
      recordAccepted(alert, "trigger", "critical", 0);
      book.forgetIfSettled(alert);
      assert.same([], remembered());
      assert.same(["1_2: its problem is over: who works on its incident ends it (pdy_resolve is 0)"], said());
    });

    it(
      "still makes way for a new incident where a problem is to page again",
      story(
        [
          ["WARNING", ({ service }) => service({ state: WARNING }), "trigger warning 1_2"],
          ["acknowledged", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true }), "acknowledge 1_2"],
          [
            "it gets worse",
            ({ service }) => service({ isAcknowledged: true }),
            "resolve 1_2",
            "trigger critical 1_2",
          ],
        ],
        {
          repageOnEscalation: true,
          actionRules: { ...REPAGING, resolvesRecoveries: false },
        },
      ),
    );
  });

  it("passes on a new acknowledgement after a repeated trigger: that may have opened what a person had closed", () => {
    const { book, adaptive, sent, service, pass } = createScene();
    service();
    assert.same(["trigger critical 1_2"], sent());
    adaptive(SERVICE, { isAcknowledged: true });
    assert.same(["acknowledge 1_2"], sent());
    adaptive(SERVICE, { isAcknowledged: false });
    sent();
    pass(3600);
    const alert = book.findAlert(SERVICE);
    if (alert === undefined) return error("no alert");
    alert.wantsRetrigger = true;
    book.refresh(alert);
    service();
    adaptive(SERVICE, { downtimeDepth: 1 });
    adaptive(SERVICE, { downtimeDepth: 0 });
    assert.same(["trigger critical 1_2"], sent());
    adaptive(SERVICE, { isAcknowledged: true });
    assert.same(["acknowledge 1_2"], sent());
  });

  describe("where acknowledgements are not passed on (pdy_acknowledge 0)", () => {
    const settings = {
      repageOnEscalation: true,
      repageOnUnacknowledge: true,
      actionRules: { ...REPAGING, passesOnAcknowledgements: false },
    };

    it(
      "leaves what is open as it is, and an acknowledgement that is taken back says nothing new",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["acknowledged", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true })],
          ["taken back", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: false })],
          ["acknowledged anew", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true })],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ],
        settings,
      ),
    );

    it(
      "pages no problem that was acknowledged before it was sent, until it gets worse than that",
      story(
        [
          away,
          ["WARNING", ({ service }) => service({ state: WARNING })],
          ["acknowledged", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true })],
          backAndSent(),
          ["it gets worse", ({ service }) => service({ isAcknowledged: true }), "trigger critical 1_2"],
        ],
        settings,
      ),
    );
  });

  describe("where a downtime acknowledges what is open (pdy_downtime_action)", () => {
    const settings = { downtimeAction: "acknowledge" } as const;
    const critical: Step = ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"];
    const depth =
      (downtimeDepth: number, resource = SERVICE): Step[1] =>
      ({ adaptive }) =>
        adaptive(resource, { downtimeDepth });

    it(
      "does so once for each, and pages anew when it ends with the problem",
      story(
        [
          critical,
          ["a downtime begins", depth(1), "acknowledge 1_2"],
          ["a check", ({ service }) => service({ downtimeDepth: 1 })],
          ["another one begins", depth(2)],
          ["one ends", depth(1)],
          ["the other ends", depth(0), "resolve 1_2", "trigger critical 1_2"],
          ["the next begins", depth(1), "acknowledge 1_2"],
          ["OK inside", ({ service }) => service({ state: OK, downtimeDepth: 1 }), "resolve 1_2"],
          NOTHING_REMEMBERED,
        ],
        settings,
      ),
    );

    it(
      "does so for the host's downtime, and on a host",
      story(
        [
          critical,
          ["the host's begins", ({ hostIsUp }) => hostIsUp({ downtimeDepth: 1 }), "acknowledge 1_2"],
          ["it ends", ({ hostIsUp }) => hostIsUp(), "resolve 1_2", "trigger critical 1_2"],
          ["DOWN", ({ host }) => host(), "trigger critical 1_H"],
          ["it begins anew", depth(1, HOST), "acknowledge 1_2", "acknowledge 1_H"],
        ],
        settings,
      ),
    );

    it(
      "waits, when the downtime ends, for whatever else holds the problem",
      story(
        [
          critical,
          ["a downtime begins", depth(1), "acknowledge 1_2"],
          ["it flaps", ({ service }) => service({ downtimeDepth: 1, isFlapping: true })],
          ["the downtime ends", depth(0)],
          ["it flaps no more", ({ service }) => service(), "resolve 1_2", "trigger critical 1_2"],
        ],
        settings,
      ),
    );

    it(
      "leaves alone what a person has acknowledged, before it or in it",
      story(
        [
          critical,
          ["acknowledged", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true }), "acknowledge 1_2"],
          ["a downtime begins", depth(1)],
          ["it ends", depth(0)],
          ["taken back", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: false })],
          ["OK", ({ service }) => service({ state: OK }), "resolve 1_2"],
          critical,
          ["a downtime begins", depth(1), "acknowledge 1_2"],
          ["acknowledged in it", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: true })],
          ["it ends", depth(0)],
          ["taken back", ({ adaptive }) => adaptive(SERVICE, { isAcknowledged: false })],
        ],
        settings,
      ),
    );

    it(
      "does nothing where nothing is open, or downtimes do not count",
      story(
        [
          ["CRITICAL in one", ({ service }) => service({ downtimeDepth: 1 })],
          ["it ends", depth(0), "trigger critical 1_2"],
        ],
        settings,
      ),
    );

    it(
      "does nothing to what is well, and held since it flaps",
      story(
        [
          critical,
          ["it flaps", ({ service }) => service({ isFlapping: true })],
          ["OK", ({ service }) => service({ state: OK, isFlapping: true })],
          ["a downtime begins", depth(1)],
        ],
        settings,
      ),
    );

    it(
      "does nothing where problems alert in a downtime, too",
      story([critical, ["a downtime begins", depth(1)]], { ...settings, ignoresDowntimes: true }),
    );
  });

  it(
    "resolves what is open when a downtime begins, where that is wanted, and pages when it ends with the problem",
    story(
      [
        ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
        ["a downtime begins", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 1 }), "resolve 1_2"],
        ["a check", ({ service }) => service({ downtimeDepth: 1 })],
        ["it ends", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 0 }), "trigger critical 1_2"],
        ["another begins", ({ adaptive }) => adaptive(SERVICE, { downtimeDepth: 1 }), "resolve 1_2"],
        ["OK inside", ({ service }) => service({ state: OK, downtimeDepth: 1 })],
        NOTHING_REMEMBERED,
      ],
      { downtimeAction: "resolve" },
    ),
  );

  describe("on silent pollers that nobody is to be told of", () => {
    const resource: Resource = { kind: "poller", id: 3 };
    let rejection: string | undefined;
    before_each(() => (rejection = "state 2 is not among those that alert"));

    it(
      "opens nothing, and remembers that they are silent",
      story(
        [
          ["silent", ({ service }) => service({ resource })],
          ["it is remembered", ({ remembered }) => assert.same(["poller_3"], remembered())],
          ["it answers", ({ service }) => service({ resource, state: OK })],
          NOTHING_REMEMBERED,
        ],
        {},
        { rejectionOf: () => rejection },
      ),
    );

    it(
      "ends what is open of one, once",
      story(
        [
          [
            "silent, and somebody is to be told",
            ({ service }) => {
              rejection = undefined;
              service({ resource });
            },
            "trigger critical poller_3",
          ],
          [
            "nobody is",
            ({ book }) => {
              rejection = "state 2 is not among those that alert";
              book.eachAlert((alert) => book.refresh(alert));
            },
            "resolve poller_3",
          ],
          ["it is told again", ({ service }) => service({ resource })],
          ["it is remembered", ({ remembered }) => assert.same(["poller_3"], remembered())],
          ["it answers", ({ service }) => service({ resource, state: OK })],
          NOTHING_REMEMBERED,
        ],
        {},
        { rejectionOf: () => rejection },
      ),
    );
  });

  describe("on what Centreon removed", () => {
    const POLLER = 1;

    /** A reload of the engine that says that the resource is gone, and the minute in which nothing speaks of it. */
    const removed =
      (resource: HostOrService): Step[1] =>
      ({ book, pass }) => {
        book.removed(resource, undefined);
        if (resource.kind === "host") {
          book.eachAlertOfHost(resource.hostId, ({ resource: other }) => {
            if (other.kind === "service") book.removed(other, undefined);
          });
        }
        book.configurationEnds(POLLER);
        pass(60);
        book.endHolds();
      };

    it(
      "resolves the alert of a service",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          ["removed while flapping", ({ service }) => service({ isFlapping: true })],
          ["removed", removed(SERVICE), "resolve 1_2"],
          [
            "the log",
            ({ said }) => assert.same("1_2: its engine does not monitor it any more", said().pop()),
          ],
          NOTHING_REMEMBERED,
        ],
        {},
        { pollerOf: () => POLLER },
      ),
    );

    it(
      "resolves the alerts of a host and of its services, whatever holds them",
      story(
        [
          ["CRITICAL", ({ service }) => service(), "trigger critical 1_2"],
          [
            "another is CRITICAL",
            ({ service }) => service({ resource: serviceOf(1, 3) }),
            "trigger critical 1_3",
          ],
          ["acknowledged", ({ service }) => service({ isAcknowledged: true }), "acknowledge 1_2"],
          ["DOWN", ({ host }) => host(), "trigger critical 1_H"],
          ["removed", removed(HOST), "resolve 1_2", "resolve 1_3", "resolve 1_H"],
          NOTHING_REMEMBERED,
        ],
        {},
        { pollerOf: () => POLLER },
      ),
    );

    it(
      "sends nothing of what was not sent",
      story(
        [
          ["CRITICAL in a downtime", ({ service }) => service({ downtimeDepth: 1 })],
          ["removed", removed(SERVICE)],
          NOTHING_REMEMBERED,
          ["removed again", removed(SERVICE)],
          ["a host unknown to anybody", removed(hostOf(77))],
        ],
        {},
        { pollerOf: () => POLLER },
      ),
    );
  });
});
