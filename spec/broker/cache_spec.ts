// broker/cache: what is found out about hosts, services, business activities and pollers, from the broker's cache as
// it is after the recorded stories, from older brokers, and from a broker that knows nothing yet.
import { names } from "../../src/broker/cache";
import { cacheOf, installCache } from "../support/broker_cache";
import type { Line } from "../support/brokerhost";
import { recordedEvents } from "../support/recorded";

/** What the brokers of some version do not have yet. */
const MISSING_BEFORE: Record<string, readonly (keyof BrokerCache)[]> = {
  "20.10": ["get_severity", "get_notes", "get_notes_url", "get_action_url", "get_host", "get_service"],
  "21.04": ["get_host", "get_service"],
};

function without(cache: BrokerCache, methods: readonly (keyof BrokerCache)[]): BrokerCache {
  const rest = { ...cache } as Record<string, unknown>;
  for (const method of methods) rest[method] = undefined;
  return rest as unknown as BrokerCache;
}

/** The recorded story's host 11 with what it leaves empty, and its service 24. */
const FURTHER: Line[] = [
  { ...recordedEvents(3)[2], timezone: ":Europe/Paris", severity_id: 4, tags: [{ id: 9, type: 3 }] },
  {
    ...recordedEvents(3)[9],
    is_volatile: true,
    notes: "ask the shop",
    action_url: "https://tickets.example/24",
  },
  { _type: 65586, host_id: 11, hostgroup_id: 8, name: "Europe" },
  { _type: 393239, ba_id: 5, bv_id: 2 },
  { _type: 393239, ba_id: 5, bv_id: 1 },
  { _type: 393239, ba_id: 5, bv_id: 3 },
  { _type: 393238, bv_id: 1, bv_name: "Zurich" },
  { _type: 393238, bv_id: 2, bv_name: "Europe" },
];

type Question = [what: string, ask: (this: void) => unknown, known: unknown, unknown: unknown];

/** What is asked of host 11, service 24, business activity 5 or poller 2: the answer, and that of who knows nothing. */
const QUESTIONS: Question[] = [
  ["a host's name", () => names.hostName(11), "web-01", undefined],
  ["a service's description", () => names.serviceDescription(11, 24), "HTTP checkout", undefined],
  ["a service's display name", () => names.displayName(11, 24), "HTTP checkout", undefined],
  ["a business activity's name", () => names.businessActivity(5), "Web shop", undefined],
  ["a poller's name", () => names.pollerName(2), "Poller-Lyon", undefined],
  ["a host's poller", () => names.poller(11), "Central", ""],
  ["a host's alias", () => names.hostAlias(11), "Web server 1", ""],
  ["a host's address", () => names.hostAddress(11), "192.0.2.11", ""],
  ["a host's time zone, without the engine's colon", () => names.timeZone(11), "Europe/Paris", ""],
  ["a host's notes", () => names.notes(11, 0), "Rack 4", ""],
  ["a service's notes", () => names.notes(11, 24), "ask the shop", ""],
  ["a host's notes URL", () => names.notesUrl(11, 0), "https://wiki.example/runbook/11", ""],
  ["a service's notes URL", () => names.notesUrl(11, 24), "https://wiki.example/runbook/11-24", ""],
  ["a host's action URL", () => names.actionUrl(11, 0), "", ""],
  ["a service's action URL", () => names.actionUrl(11, 24), "https://tickets.example/24", ""],
  ["a host's groups, sorted", () => names.hostGroups(11), ["Europe", "Linux-Servers"], []],
  ["a service's groups", () => names.serviceGroups(11, 24), ["Web-Shop"], []],
  [
    "a business activity's views, sorted, without those that have no name",
    () => names.businessViews(5),
    ["Europe", "Zurich"],
    [],
  ],
  ["a host's criticality", () => names.criticality(11, 0), 0, 0],
  ["a service's criticality", () => names.criticality(11, 24), 1, 0],
  ["a host's severity", () => names.severityId(11, 0), 4, 0],
  ["a service's severity", () => names.severityId(11, 24), 0, 0],
  ["a host's tags", () => names.tags(11, 0), [{ id: 9, type: 3 }], []],
  ["a service's tags", () => names.tags(11, 24), [], []],
  ["a host's most attempts", () => names.maximumAttempts(11, 0), 3, 0],
  ["a service's most attempts", () => names.maximumAttempts(11, 24), 3, 0],
  ["whether a service is volatile", () => names.isVolatile(11, 24), true, false],
  ["which poller defined a host", () => names.pollerId(11), 1, undefined],
  ["whether flap detection is on for a host", () => names.detectsFlapping(11, 0), false, undefined],
  ["whether flap detection is on for a service", () => names.detectsFlapping(11, 24), true, undefined],
];

describe("the cache of a broker", () => {
  after_each(() => {
    installCache(undefined);
  });

  for (const [what, ask, known, unknown] of QUESTIONS) {
    it(`tells ${what}`, () => {
      installCache(cacheOf([...recordedEvents(3), ...FURTHER]));
      assert.same(known, ask());
    });

    it(`that knows nothing yet says so of ${what}`, () => {
      installCache(cacheOf([]));
      assert.same(unknown, ask());
    });
  }

  for (const [version, missing] of Object.entries(MISSING_BEFORE)) {
    it(`before ${version} tells what it can, and never fails`, () => {
      installCache(without(cacheOf([...recordedEvents(3), ...FURTHER]), missing));
      for (const [what, ask, known, unknown] of QUESTIONS) {
        const answer = ask();
        const isEither = pcall(assert.same, known, answer)[0] || pcall(assert.same, unknown, answer)[0];
        assert.is_true(isEither, what);
      }
      assert.equal("web-01", names.hostName(11));
      assert.same(["Europe", "Linux-Servers"], names.hostGroups(11));
    });
  }

  it("that speaks BBDO 2 tells the same by its own fields", () => {
    const service = recordedEvents(2)[2];
    installCache(cacheOf([...recordedEvents(2), { ...service, volatile: true }]));
    assert.equal("web-01", names.hostName(11));
    assert.equal("Load", names.serviceDescription(11, 22));
    assert.equal("Central", names.poller(11));
    assert.equal(true, names.isVolatile(11, 22));
    assert.equal(0, names.severityId(11, 22));
    assert.same([], names.tags(11, 22));
  });

  const notified = {
    notify: true,
    notify_on_down: true,
    notify_on_unreachable: true,
    notify_on_warning: true,
    notify_on_critical: true,
    notify_on_unknown: true,
  };
  const LEFT_OUT = "Centreon's notifications of it leave out this state";
  const DISABLED = "Centreon's notifications of it are disabled";
  const unnotified: [what: string, change: Line, serviceId: number, silent: Record<number, string>][] = [
    ["a host", {}, 0, {}],
    ["a host, not of DOWN", { notify_on_down: false }, 0, { 1: LEFT_OUT }],
    ["a host, not of UNREACHABLE", { notify_on_unreachable: false }, 0, { 2: LEFT_OUT }],
    ["a host, disabled", { notify: false }, 0, { 1: DISABLED, 2: DISABLED, 3: DISABLED }],
    ["a service", {}, 2, {}],
    ["a service, not of WARNING", { notify_on_warning: false }, 2, { 1: LEFT_OUT }],
    ["a service, not of CRITICAL", { notify_on_critical: false }, 2, { 2: LEFT_OUT }],
    ["a service, not of UNKNOWN", { notify_on_unknown: false }, 2, { 3: LEFT_OUT }],
    ["a service, disabled", { notify: false }, 2, { 1: DISABLED, 2: DISABLED, 3: DISABLED }],
  ];
  for (const [what, change, serviceId, silent] of unnotified) {
    for (const [protocol, hostType, serviceType] of [
      [2, 65548, 65559],
      [3, 65566, 65563],
    ] as const) {
      it(`tells of which states Centreon notifies nobody: ${what} (BBDO ${protocol})`, () => {
        const ids = serviceId === 0 ? { _type: hostType } : { _type: serviceType, service_id: serviceId };
        installCache(cacheOf([{ host_id: 1, ...ids, ...notified, ...change }]));
        for (const state of [1, 2, 3])
          assert.equal(silent[state], names.unnotifiedReason(1, serviceId, state), `state ${state}`);
      });
    }
  }

  it("tells of flap detection that is off, by the definition or by what was set at run time", () => {
    const ids = { host_id: 1, service_id: 2 };
    const on = { flap_detection: true };
    const off = { flap_detection: false };
    installCache(
      cacheOf([
        { _type: 65566, host_id: 1, ...off },
        { _type: 65563, ...ids, ...off },
      ]),
    );
    assert.same([false, false], [names.detectsFlapping(1, 0), names.detectsFlapping(1, 2)]);
    installCache(
      cacheOf([
        { _type: 65566, host_id: 1, ...on },
        { _type: 65567, host_id: 1, ...off },
        { _type: 65563, ...ids, ...on },
        { _type: 65564, ...ids, flap_detection_enabled: false },
      ]),
    );
    assert.same([false, false], [names.detectsFlapping(1, 0), names.detectsFlapping(1, 2)]);
  });

  it("tells how long Centreon waits with its first notification, in seconds", () => {
    installCache(
      cacheOf([
        { _type: 65566, host_id: 1, first_notification_delay: 2 },
        { _type: 65563, host_id: 1, service_id: 2, first_notification_delay: 5 },
        { _type: 65559, host_id: 1, service_id: 3 },
      ]),
    );
    const delays = [0, 2, 3, 4].map((serviceId) => names.firstNotificationDelay(1, serviceId));
    assert.same([120, 300, 0, 0], delays);
  });

  it("that does not know what Centreon notifies of keeps nobody from being paged", () => {
    installCache(cacheOf([{ _type: 65566, host_id: 1 }]));
    assert.is_nil(names.unnotifiedReason(1, 0, 1));
    assert.is_nil(names.unnotifiedReason(1, 2, 2));
  });

  it("that has empty names has none", () => {
    installCache(
      cacheOf([
        { _type: 65566, host_id: 1, name: "" },
        { _type: 65563, host_id: 1, service_id: 2, description: "", display_name: "" },
        { _type: 393241, ba_id: 3, ba_name: "" },
        { _type: 65580, instance_id: 4, name: "" },
      ]),
    );
    for (const name of [names.hostName(1), names.serviceDescription(1, 2), names.displayName(1, 2)])
      assert.is_nil(name);
    for (const name of [names.businessActivity(3), names.pollerName(4)]) assert.is_nil(name);
  });

  it("that is not there is an error: this is no broker", () => {
    assert.has_error(() => names.hostName(11));
  });
});
