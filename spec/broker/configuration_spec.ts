// broker/configuration: what is remembered of configuration events, and how it is forgotten again.
import { type Configuration, createConfiguration } from "../../src/broker/configuration";
import type { Line } from "../support/brokerhost";
import { recordedEvents } from "../support/recorded";

const SERVICE_SEVERITY = 0;
const HOST_SEVERITY = 1;
const SERVICE_GROUP = 0;
const HOST_GROUP = 1;
const SERVICE_CATEGORY = 2;
const HOST_CATEGORY = 3;
const ADDED = 0;
const DELETED = 1;
const MODIFIED = 2;

describe("the names of severities", () => {
  function taking(...events: Line[]): Configuration {
    const configuration = createConfiguration(() => []);
    for (const event of events) configuration.takeSeverity(event as unknown as Bbdo3.Severity);
    return configuration;
  }

  const gold = { id: 3, type: SERVICE_SEVERITY, action: ADDED, name: "Gold" };

  it("are those of the recorded event", () => {
    assert.equal("Business critical", taking(recordedEvents(3)[24] as Line).severityName("service", 3));
  });

  it("are empty when nothing is known", () => {
    assert.equal("", taking().severityName("service", 3));
    assert.equal("", taking(gold).severityName("service", 0));
  });

  it("change and go", () => {
    assert.equal(
      "Silver",
      taking(gold, { ...gold, action: MODIFIED, name: "Silver" }).severityName("service", 3),
    );
    assert.equal("", taking(gold, { ...gold, action: DELETED }).severityName("service", 3));
  });

  it("of hosts and of services have ids of their own", () => {
    const known = taking(gold, { ...gold, type: HOST_SEVERITY, name: "Data centre" });
    assert.equal("Gold", known.severityName("service", 3));
    assert.equal("Data centre", known.severityName("host", 3));
  });
});

describe("categories", () => {
  function taking(...events: Line[]): Configuration {
    const configuration = createConfiguration(() => []);
    for (const event of events) configuration.takeTag(event as unknown as Bbdo3.Tag);
    return configuration;
  }

  const tag = (type: number, id: number, name: string): Line => ({ type, id, name, action: ADDED });

  it("are the names of a resource's tags, sorted, without the groups, which the broker's cache has", () => {
    const known = taking(
      tag(SERVICE_CATEGORY, 1, "web"),
      tag(SERVICE_CATEGORY, 2, "mysql"),
      tag(SERVICE_GROUP, 3, "shop"),
      tag(HOST_GROUP, 4, "linux"),
    );
    const tags = [
      { id: 1, type: SERVICE_CATEGORY },
      { id: 2, type: SERVICE_CATEGORY },
      { id: 3, type: SERVICE_GROUP },
      { id: 4, type: HOST_GROUP },
      { id: 5, type: SERVICE_CATEGORY },
    ] as Bbdo.TagInfo[];
    assert.same(["mysql", "web"], known.categories(tags));
  });

  it("of hosts and of services have ids of their own", () => {
    const known = taking(tag(SERVICE_CATEGORY, 1, "web"), tag(HOST_CATEGORY, 1, "rack 4"));
    assert.same(["web"], known.categories([{ id: 1, type: SERVICE_CATEGORY }] as Bbdo.TagInfo[]));
    assert.same(["rack 4"], known.categories([{ id: 1, type: HOST_CATEGORY }] as Bbdo.TagInfo[]));
  });

  it("go", () => {
    const web = tag(SERVICE_CATEGORY, 1, "web");
    assert.same(
      [],
      taking(web, { ...web, action: DELETED }).categories([
        { id: 1, type: SERVICE_CATEGORY },
      ] as Bbdo.TagInfo[]),
    );
  });

  it("go when no poller's engine has one any more, not when one of them has lost its last resource of it", () => {
    const of = (poller_id: number, action: number): Line => ({
      ...tag(SERVICE_CATEGORY, 1, "web"),
      poller_id,
      action,
    });
    const tags = [{ id: 1, type: SERVICE_CATEGORY }] as Bbdo.TagInfo[];
    const left = [of(1, ADDED), of(2, ADDED), of(2, DELETED)];
    assert.same(["web"], taking(...left).categories(tags));
    assert.same([], taking(...left, of(1, DELETED)).categories(tags));
    assert.same(["web"], taking(...left, of(1, DELETED), of(2, ADDED)).categories(tags));
  });
});

describe("custom variables", () => {
  function taking(chosen: string[], ...events: Line[]): Configuration {
    const configuration = createConfiguration(() => chosen);
    for (const event of events) configuration.takeCustomVariable(event as unknown as Bbdo3.CustomVariables);
    return configuration;
  }

  const variable = (service_id: number, name: string, value: string): Line => ({
    _type: 65573,
    host_id: 1,
    service_id,
    name,
    value,
    enabled: true,
    password: false,
  });

  it("are shown in the order they were chosen in, and no others", () => {
    const known = taking(
      ["B", "A", "MISSING"],
      variable(2, "A", "1"),
      variable(2, "B", "2"),
      variable(2, "C", "3"),
    );
    assert.same(
      [
        { name: "B", value: "2" },
        { name: "A", value: "1" },
      ],
      known.customVariables(1, 2),
    );
    assert.same([], known.customVariables(1, 3));
    assert.same([], known.customVariables(2, 2));
  });

  it("of a host are its services', too, but for those of their own", () => {
    const known = taking(
      ["A", "B"],
      variable(0, "A", "host's"),
      variable(0, "B", "host's"),
      variable(2, "B", "own"),
    );
    assert.same(
      [
        { name: "A", value: "host's" },
        { name: "B", value: "own" },
      ],
      known.customVariables(1, 2),
    );
  });

  it("marked as passwords are never kept, nor after they were once shown", () => {
    const shown = variable(2, "A", "s3cr3t");
    assert.same([], taking(["A"], { ...shown, password: true }).customVariables(1, 2));
    assert.same([], taking(["A"], shown, { ...shown, password: true }).customVariables(1, 2));
  });

  it("change, and go when they are disabled", () => {
    const old = variable(2, "A", "old");
    assert.same(
      [{ name: "A", value: "new" }],
      taking(["A"], old, { ...old, value: "new" }).customVariables(1, 2),
    );
    assert.same([], taking(["A"], old, { ...old, enabled: false }).customVariables(1, 2));
  });

  it("concern a place only where they are chosen, or give its criticality", () => {
    const configuration = createConfiguration(() => ["A"]);
    const concerns = (name: string): boolean =>
      configuration.takeCustomVariable(variable(2, name, "1") as unknown as Bbdo3.CustomVariables);
    assert.same(
      [true, false, true],
      ["a", "SNMPCOMMUNITY", "CRITICALITY_LEVEL"].map((name) => concerns(name)),
    );
  });

  it("of BBDO 2 have no mark for passwords, and no id for a host's own", () => {
    const known = taking(["A"], { _type: 65539, host_id: 1, name: "A", value: "1" });
    assert.same([{ name: "A", value: "1" }], known.customVariables(1, 2));
  });
});

describe("custom variables changed at run time", () => {
  // As an engine tells a change: the value alone. What else is there has the protocol's default.
  const CHANGE = {
    2: { _type: 65540, host_id: 1, service_id: 2, name: "A", value: "new" },
    3: {
      _type: 65574,
      host_id: 1,
      service_id: 2,
      name: "A",
      value: "new",
      enabled: false,
      password: false,
    },
  } as const;
  const DEFINED = {
    2: { _type: 65539, host_id: 1, service_id: 2, name: "A", value: "old" },
    3: { ...CHANGE[3], _type: 65573, value: "old", enabled: true },
  } as const;
  const PASSWORD = { ...DEFINED[3], password: true };

  function shownAfter(...events: Line[]): string[] {
    const configuration = createConfiguration(() => ["A"]);
    for (const event of events) configuration.takeCustomVariable(event as unknown as Bbdo3.CustomVariables);
    return configuration.customVariables(1, 2).map(({ value }) => value);
  }

  for (const protocol of [2, 3] as const) {
    it(`are shown as they are now, and as they are defined from then on (BBDO ${protocol})`, () => {
      const [defined, change] = [DEFINED[protocol], CHANGE[protocol]];
      assert.same(["new"], shownAfter(defined, change));
      assert.same(["old"], shownAfter(defined, change, defined));
    });

    // An engine of 22.x tells definitions in BBDO 3 and changes in BBDO 2.
    it(`stay secret where the definition marks them as passwords (BBDO ${protocol})`, () => {
      assert.same([], shownAfter(PASSWORD, CHANGE[protocol]));
      assert.same([], shownAfter(PASSWORD, CHANGE[protocol], CHANGE[protocol]));
      assert.same([], shownAfter(CHANGE[protocol], PASSWORD, CHANGE[protocol]));
    });

    it(`stay away where the definition was removed (BBDO ${protocol})`, () => {
      assert.same([], shownAfter(DEFINED[3], { ...DEFINED[3], enabled: false }, CHANGE[protocol]));
    });
  }

  it("are not shown before a definition says that they are no secret, where definitions do", () => {
    assert.same([], shownAfter(CHANGE[3]));
    assert.same(["old"], shownAfter(CHANGE[3], DEFINED[3]));
    assert.same(["new"], shownAfter(CHANGE[2]));
  });

  it("are not shown when the change itself says that they are passwords", () => {
    assert.same([], shownAfter(DEFINED[3], { ...CHANGE[3], password: true }));
    assert.same([], shownAfter(DEFINED[3], { ...CHANGE[3], password: true }, CHANGE[3]));
  });
});

describe("whether flap detection is on at a poller", () => {
  const NEWS = { instance_id: 1, flap_detection: true } as unknown as Bbdo3.InstanceStatus;

  it("is not known before it says so, and is news when it changes", () => {
    const configuration = createConfiguration(() => []);
    assert.is_nil(configuration.detectsFlapping(1));
    assert.is_true(configuration.takeInstanceStatus(NEWS));
    assert.is_false(configuration.takeInstanceStatus(NEWS));
    assert.is_true(configuration.detectsFlapping(1));
    assert.is_true(configuration.takeInstanceStatus({ ...NEWS, flap_detection: false }));
    assert.is_false(configuration.detectsFlapping(1));
  });

  it("is each poller's own", () => {
    const configuration = createConfiguration(() => []);
    configuration.takeInstanceStatus({ ...NEWS, flap_detection: false });
    assert.is_nil(configuration.detectsFlapping(2));
  });
});

describe("a downtime's comment", () => {
  const now3 = recordedEvents(3)[41] as Line;
  const now2 = recordedEvents(2)[8] as Line;

  function commentAfter(...events: Line[]): string {
    const configuration = createConfiguration(() => []);
    for (const event of events) configuration.takeDowntime(event as unknown as Bbdo3.Downtime);
    const { host_id, service_id } = events[0] as { host_id: number; service_id: number };
    return configuration.downtimeComment(host_id, service_id);
  }

  it("is the author's and the text, of BBDO 2 and 3", () => {
    assert.equal("bob: upgrade", commentAfter(now3));
    assert.equal("bob: upgrade", commentAfter(now2));
  });

  it("of a host is its services', too", () => {
    assert.equal(
      "bob: upgrade",
      commentAfter({ ...now3, service_id: 25, cancelled: true }, { ...now3, service_id: 0 }),
    );
  });

  const ends: [what: string, end: Line][] = [
    ["cancelled", { cancelled: true }],
    ["over", { actual_end_time: 1760003000 }],
    ["deleted", { deletion_time: 1760003000 }],
  ];
  for (const [what, end] of ends) {
    it(`goes when the downtime is ${what}`, () => {
      assert.equal("", commentAfter(now3, { ...now3, ...end }));
      assert.equal("", commentAfter(now2, { ...now2, ...end }));
    });
  }

  it("stays when another downtime of the resource ends", () => {
    assert.equal("bob: upgrade", commentAfter(now3, { ...now3, id: 92, cancelled: true }));
  });
});
