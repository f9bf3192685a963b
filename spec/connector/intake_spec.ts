// intake: which events make the book look again at what Centreon notifies of, and which say nothing of who
// acknowledged, which recoveries are noted without a journal, and that the short way of a status that changes nothing is no
// other way. What the other events become is shown by the golden events and by the specs of the shipped file.
import type { BookPorts } from "../../src/alerts/book";
import { type UnknownRecoveries, createUnknownRecoveries } from "../../src/alerts/unknown_recoveries";
import { names } from "../../src/broker/cache";
import { observeStatus3 } from "../../src/broker/observe";
import { type Intake, createIntake } from "../../src/connector/intake";
import { type OrphanWatch, createOrphanWatch } from "../../src/feedback/orphan_watch";
import { cacheOf, installCache } from "../support/broker_cache";
import type { Line } from "../support/brokerhost";
import { type Random, createRandom } from "../support/random";
import { type Scene, createScene } from "../support/scene";
import { CRITICAL, DOWN, OK, UP, WARNING, hostOf, placeWith, reportWith, serviceOf } from "../support/alerts";

const SERVICE = { host_id: 1, service_id: 2 };

interface Centreon extends Scene {
  readonly give: (this: void, event: Line) => void;
}

/** An intake and its book; the cache knows what is given, as the broker's does. */
function begin(
  respectsNotificationSettings: boolean,
  recoveries?: UnknownRecoveries,
  ports: Partial<BookPorts> = {},
  watch?: OrphanWatch,
): Centreon {
  const given: Line[] = [];
  const scene = createScene(
    {},
    {
      placeOf: (resource) => intake.placeOf(resource),
      reportOf: (resource) => intake.reportOf(resource),
      unnotifiedReasonOf: ({ resource, facts }) =>
        respectsNotificationSettings && "hostId" in resource
          ? names.unnotifiedReason(resource.hostId, resource.serviceId, facts.state)
          : undefined,
      rejectionOf: ({ unnotified }) => unnotified,
      flappingOf: (alert) => intake.flappingOf(alert),
      ...ports,
    },
  );
  const log = {
    error: () => undefined,
    warning: () => undefined,
    info: () => undefined,
    debug: () => undefined,
    isDebug: false,
  };
  const intake: Intake = createIntake(
    { isNameNeeded: false, recoveries, watch, customVariables: () => [] },
    { names, log, placesChanged: () => undefined },
  );
  return {
    ...scene,
    give: (event) => {
      given.push(event);
      installCache(cacheOf(given));
      const taken = event as unknown as BrokerEvent;
      intake.handlers.get(taken._type)?.(taken, scene.book);
    },
  };
}

function serviceEvent(some: Line): Line {
  return { _type: 65563, ...SERVICE, enabled: true, description: "Ping", notify: true, ...some };
}

function hostEvent(some: Line): Line {
  return { _type: 65566, host_id: 1, enabled: true, name: "db-02", notify: true, ...some };
}

function status(state: number): Line {
  return {
    _type: 65565,
    ...SERVICE,
    state,
    state_type: 1,
    last_check: 1000,
    last_hard_state: state,
    acknowledgement_type: 0,
    scheduled_downtime_depth: 0,
    flapping: false,
    output: "",
    long_output: "",
    perfdata: "",
    check_attempt: 3,
  };
}

after_each(() => installCache(undefined));

describe("a downtime of a host", () => {
  it("lets its services be judged anew when what is told of it has changed, and not otherwise", () => {
    let judged = 0;
    const { give } = begin(false, undefined, {
      judgeByCustomCode: () => {
        judged = judged + 1;
        return undefined;
      },
    });
    for (const service_id of [2, 3, 4]) give({ ...status(CRITICAL), service_id });
    const downtime = {
      _type: 65572,
      id: 7,
      host_id: 1,
      service_id: 0,
      author: "bob",
      comment_data: "upgrade",
      started: false,
      cancelled: false,
      actual_end_time: -1,
      deletion_time: -1,
    };
    const judgedWith = (change: Line): number => {
      judged = 0;
      give({ ...downtime, ...change });
      return judged;
    };
    assert.equal(0, judgedWith({}));
    assert.equal(3, judgedWith({ started: true }));
    assert.equal(0, judgedWith({ started: true }));
    assert.equal(0, judgedWith({ id: 8, cancelled: true }));
    assert.equal(3, judgedWith({ started: true, cancelled: true }));
    assert.equal(0, judgedWith({ started: true, cancelled: true }));
  });
});

describe("what Centreon notifies of", () => {
  for (const [what, change] of [
    ["a service that is configured anew", serviceEvent({})],
    ["a service whose settings were changed", { _type: 65564, ...SERVICE, notify: true }],
  ] as const) {
    it(`is looked at again with ${what}: its problem alerts at once`, () => {
      const { give, sent } = begin(true);
      give(serviceEvent({ notify: false }));
      give(status(CRITICAL));
      assert.same([], sent());
      give(change);
      assert.same(["trigger critical 1_2"], sent());
    });
  }

  for (const [what, change] of [
    ["a host that is configured anew", hostEvent({})],
    ["a host whose settings were changed", { _type: 65567, host_id: 1, notify: true }],
  ] as const) {
    it(`is looked at again with ${what}: its problem alerts at once`, () => {
      const { give, sent } = begin(true);
      give(hostEvent({ notify: false }));
      give({ ...status(DOWN), _type: 65568, service_id: undefined });
      assert.same([], sent());
      give(change);
      assert.same(["trigger critical 1_H"], sent());
    });
  }

  it("is not looked at where nobody asks for it", () => {
    const { give, reported } = begin(false);
    give(serviceEvent({ notify: false }));
    give(status(CRITICAL));
    reported();
    give(serviceEvent({}));
    assert.same([], reported());
  });

  it("opens no alert, and resolves all the same", () => {
    const { give, sent } = begin(true);
    give(serviceEvent({}));
    give(status(CRITICAL));
    assert.same(["trigger critical 1_2"], sent());
    give(serviceEvent({ notify: false }));
    assert.same([], sent());
    give(status(0));
    assert.same(["resolve 1_2"], sent());
  });
});

describe("a flapping flag that is set", () => {
  type Protocol = 2 | 3;
  const SERVICE_TYPE = { 2: 65559, 3: 65563 };
  const HOST_TYPE = { 2: 65548, 3: 65566 };
  const POLLER_TYPE = { 2: 65552, 3: 65578 };

  const definition = (protocol: Protocol, flap_detection?: boolean): Line => ({
    ...serviceEvent({ flap_detection }),
    _type: SERVICE_TYPE[protocol],
  });
  const host = (protocol: Protocol): Line => ({
    ...hostEvent({ instance_id: 1 }),
    _type: HOST_TYPE[protocol],
  });
  const poller = (protocol: Protocol, flap_detection: boolean): Line => ({
    _type: POLLER_TYPE[protocol],
    instance_id: 1,
    flap_detection,
  });
  const flapping = (state: number): Line => ({ ...status(state), flapping: true });

  type Known = "on" | "off" | "unknown";
  /** What the definition and the poller say of flap detection, and whether a page and a recovery go out all the same. */
  const MEANINGS: [byDefinition: Known, byPoller: Known, pages: boolean, recovers: boolean][] = [
    ["on", "on", false, false],
    ["on", "unknown", false, true],
    ["unknown", "on", false, true],
    ["unknown", "unknown", false, true],
    ["off", "unknown", true, true],
    ["off", "on", true, true],
    ["on", "off", true, true],
    ["unknown", "off", true, true],
    ["off", "off", true, true],
  ];
  for (const protocol of [2, 3] as const) {
    for (const [byDefinition, byPoller, pages, recovers] of MEANINGS) {
      const words = `definition ${byDefinition}, poller ${byPoller}, BBDO ${protocol}`;
      it(`${pages ? "holds no page" : "holds a page"}, and ${recovers ? "no" : "the"} recovery: ${words}`, () => {
        const known = [host(protocol)];
        if (byDefinition !== "unknown") known.push(definition(protocol, byDefinition === "on"));
        if (byPoller !== "unknown") known.push(poller(protocol, byPoller === "on"));
        const page = begin(false);
        for (const event of [...known, flapping(CRITICAL)]) page.give(event);
        assert.same(pages ? ["trigger critical 1_2"] : [], page.sent());
        const recovery = begin(false);
        for (const event of [...known, status(CRITICAL)]) recovery.give(event);
        recovery.sent();
        recovery.give(flapping(OK));
        assert.same(recovers ? ["resolve 1_2"] : [], recovery.sent());
      });
    }

    const off: [what: string, event: Line][] = [
      ["in the service's definition", definition(protocol, false)],
      ["at its poller", poller(protocol, false)],
    ];
    if (protocol === 3)
      off.push(["at run time", { _type: 65564, ...SERVICE, flap_detection_enabled: false }]);
    for (const [what, event] of off) {
      it(`counts no more when flap detection is switched off ${what} (BBDO ${protocol})`, () => {
        const { give, sent } = begin(false);
        for (const known of [host(protocol), definition(protocol, true), poller(protocol, true)]) give(known);
        give(status(CRITICAL));
        sent();
        give(flapping(OK));
        assert.same([], sent());
        give(event);
        assert.same(["resolve 1_2"], sent());
        give(flapping(CRITICAL));
        assert.same(["trigger critical 1_2"], sent());
      });
    }
  }
});

describe("without a journal, a resource that is well", () => {
  const time = os.time;
  let clock = 0;
  before_each(() => {
    clock = time();
    os.time = (() => clock) as typeof os.time;
  });
  after_each(() => {
    os.time = time;
  });

  const recovered = (secondsAgo: number): Line => ({
    ...status(OK),
    last_hard_state_change: clock - secondsAgo,
  });
  const hostRecovered = (): Line => ({ ...recovered(10), _type: 65568, service_id: undefined });

  it("is noted once, if its recovery is HARD and of the last hour", () => {
    const recoveries = createUnknownRecoveries();
    const { give, remembered } = begin(false, recoveries);
    for (const _ of $range(1, 3)) {
      give(recovered(10));
      give({ ...recovered(10), service_id: 3, state_type: 0 });
      give({ ...recovered(4000), service_id: 4 });
      give(hostRecovered());
    }
    assert.same([serviceOf(1, 2), hostOf(1)], [recoveries.take(), recoveries.take()]);
    assert.is_false(recoveries.isAnyLeft());
    assert.same([], remembered());
  });

  it("is not noted while something is known of it, nor when the first hour is over", () => {
    const recoveries = createUnknownRecoveries();
    const { give, sent } = begin(false, recoveries);
    give(status(CRITICAL));
    sent();
    give(recovered(10));
    assert.is_false(recoveries.isAnyLeft());
    give({ ...recovered(10), service_id: 3 });
    assert.is_true(recoveries.isAnyLeft());
    clock = clock + 3601;
    give({ ...recovered(10), service_id: 4 });
    assert.is_false(recoveries.isAnyLeft());
    assert.is_false(recoveries.isNoted(serviceOf(1, 3)));
  });
});

describe("an acknowledgement's event", () => {
  it("that tells of its end says nothing of who acknowledged", () => {
    const { give, book } = begin(false);
    give(status(CRITICAL));
    const event = { _type: 65581, ...SERVICE, author: "alice", comment_data: "on it" };
    give({ ...event, deletion_time: 1760000000 });
    assert.is_nil(book.findAlert({ kind: "service", hostId: 1, serviceId: 2 })?.acknowledgement);
    give({ ...event, deletion_time: 0 });
    assert.equal(
      "alice",
      book.findAlert({ kind: "service", hostId: 1, serviceId: 2 })?.acknowledgement?.author,
    );
  });
});

describe("the status of a service", () => {
  const random: Random = createRandom("intake, statuses");

  /** Mostly what it was: a check that finds the same, or only one field that is another. */
  const nextAfter = (last: Line): Line => {
    const nextCheck = { ...last, last_check: (last["last_check"] as number) + random.integer(0, 1) * 60 };
    const change = random.oneOf<Line>([
      {},
      {},
      {},
      { state: random.oneOf([OK, WARNING, CRITICAL]) },
      { state_type: 0, last_hard_state: random.oneOf([OK, CRITICAL]) },
      { acknowledgement_type: random.integer(0, 2) },
      { scheduled_downtime_depth: random.integer(0, 1) },
      { flapping: random.oneOf([true, false]) },
    ]);
    return { ...nextCheck, state_type: 1, ...change };
  };

  /** An engine starts, and ends what it tells; seldom it says that the service is removed. */
  const ENGINE_STARTS = { _type: 65580, instance_id: 1, running: true };
  const CONFIGURATION_ENDS = { _type: 65590, poller_id: 1 };
  const CONFIGURATION: readonly Line[] = [
    ENGINE_STARTS,
    CONFIGURATION_ENDS,
    ENGINE_STARTS,
    CONFIGURATION_ENDS,
    serviceEvent({ enabled: false }),
  ];

  /** Everything that is known and was told, as one text. */
  const toldBy = ({ book, reported, said, sent }: Scene): string => {
    const alert = book.findAlert(serviceOf(1, 2));
    const told = [...reported(), ...said(), ...sent()].join(", ");
    if (alert === undefined) return told;
    const { state, isAcknowledged, downtimeDepth, isFlapping, lastCheck, staleness, goneAt } = alert.facts;
    const facts = [
      state,
      isAcknowledged,
      downtimeDepth,
      isFlapping,
      lastCheck,
      staleness?.lastCheckAtReturn,
      goneAt,
    ];
    return `${told} | ${facts.map((fact) => `${fact}`).join(" ")} ${alert.desired} ${alert.wantsRetrigger}`;
  };

  for (const isVolatile of [false, true]) {
    it(`of ${isVolatile ? "a volatile one" : "one"} says the same whether it changes something or not`, () => {
      const ports = {
        isVolatile: () => isVolatile,
        placeOf: () => placeWith({ pollerId: 1 }),
        reportOf: () => reportWith(),
      };
      const short = begin(false, undefined, ports);
      const long = begin(false, undefined, ports);
      let event = status(CRITICAL);
      for (const step of $range(1, 3000)) {
        const host = { lastCheck: event["last_check"] as number, state: random.oneOf([UP, DOWN]) };
        const isHostChecked = random.integer(1, 20) === 1;
        const isAway = random.integer(1, 10) === 1;
        const told = random.integer(1, 4) === 1 ? random.oneOf(CONFIGURATION) : undefined;
        for (const scene of [short, long]) {
          scene.setAway(isAway);
          if (isHostChecked) scene.host(host);
          if (told !== undefined) scene.give({ ...told, start_time: step });
          scene.pass(1);
        }
        event = nextAfter(event);
        short.give(event);
        const observed = event as unknown as Bbdo3.ServiceStatus;
        if (observed.state !== OK || long.book.findAlert(serviceOf(1, 2)) !== undefined)
          long.book.observe(observeStatus3(observed, serviceOf(1, 2), observed.state));
        assert.equal(toldBy(long), toldBy(short), `step ${step}`);
      }
    });
  }
});

describe("what is waited for among what is well", () => {
  /** Waits for host 1 and its service 2; gives what was found well. */
  function beginWatching(): { readonly centreon: Centreon; readonly fine: string[] } {
    const fine: string[] = [];
    const watch: OrphanWatch = {
      ...createOrphanWatch(() => 0),
      isAny: () => true,
      findAwaited: (hostId, serviceId) =>
        hostId === 1 && (serviceId === 2 || serviceId === 0) ? serviceOf(hostId, serviceId) : undefined,
      isFine: (hostId, serviceId) => fine.push(`${hostId} ${serviceId}`),
      isNamed: ({ hostId, serviceId }) => fine.push(`${hostId} ${serviceId} is monitored`),
    };
    return { centreon: begin(false, undefined, {}, watch), fine };
  }
  const STATUS_TYPES = { service: 65565, host: 65568 };
  const service = (some: Line = {}): Line => ({
    _type: STATUS_TYPES.service,
    ...SERVICE,
    state: OK,
    state_type: 1,
    last_check: 1000,
    acknowledgement_type: 0,
    scheduled_downtime_depth: 0,
    flapping: false,
    output: "",
    perfdata: "",
    ...some,
  });
  const host = (some: Line = {}): Line => ({ ...service(some), _type: STATUS_TYPES.host, host_id: 1 });

  it("is told of a HARD OK or UP of it, that it is monitored by a SOFT one, and nothing of others", () => {
    const { centreon, fine } = beginWatching();
    centreon.give(service({ state_type: 0 }));
    centreon.give(service({ service_id: 3 }));
    centreon.give(host({ state_type: 0 }));
    assert.same(["1 2 is monitored", "1 0 is monitored"], fine);
    centreon.give(service());
    centreon.give(host());
    assert.same(["1 2", "1 0"], fine.slice(2));
    assert.same([], centreon.sent());
    assert.same([], centreon.remembered());
  });

  it("is not told of what is known to be in trouble", () => {
    const { centreon, fine } = beginWatching();
    centreon.give(service({ state: CRITICAL, last_hard_state: CRITICAL }));
    centreon.give(service({ last_check: 1060 }));
    assert.same([], fine);
  });
});
