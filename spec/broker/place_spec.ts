// broker/place: what a resource is called and where it belongs, by the recorded definitions, and by those that only tests
// could record.
import { type HostOrService, type Place, type Resource, nameOfPlace } from "../../src/alerts/alert";
import { names } from "../../src/broker/cache";
import { type Configuration, createConfiguration } from "../../src/broker/configuration";
import { hostResource, serviceResource } from "../../src/broker/observe";
import { placeOf, placementOf } from "../../src/broker/place";
import { cacheOf, installCache } from "../support/broker_cache";
import type { Line } from "../support/brokerhost";
import { recordedEvents } from "../support/recorded";

const STORIES = { 2: recordedEvents(2), 3: recordedEvents(3) };

function recorded(protocol: 2 | 3, line: number): Line {
  return STORIES[protocol][line - 1] ?? error(`no line ${line}`);
}

function knownOf(
  resource: Resource,
  isNameNeeded = false,
  configuration: Configuration = createConfiguration(() => []),
): Place | undefined {
  return placeOf(resource, names, configuration, isNameNeeded);
}

/** Some of what is known of `resource`. */
function known<Name extends keyof Place>(resource: HostOrService, ...fields: Name[]): Pick<Place, Name> {
  const place = knownOf(resource) ?? error("nothing is known");
  const some: Partial<Pick<Place, Name>> = {};
  for (const field of fields) some[field] = place[field];
  return some as Pick<Place, Name>;
}

describe("the place", () => {
  before_each(() => {
    installCache(cacheOf([...STORIES[2], ...STORIES[3]]));
  });
  after_each(() => {
    installCache(undefined);
  });

  it("has all that the cache and the configuration tell of a service", () => {
    const configuration = createConfiguration(() => ["CRITICALITY_LEVEL"]);
    configuration.takeCustomVariable(recorded(3, 24) as unknown as Bbdo3.CustomVariables);
    assert.same(
      {
        isKnown: true,
        pollerId: 1,
        className: "service",
        hostName: "web-01",
        serviceDescription: "HTTP checkout",
        hostGroups: ["Linux-Servers"],
        serviceGroups: ["Web-Shop"],
        criticality: 1,
        poller: "Central",
        customVariables: [{ name: "CRITICALITY_LEVEL", value: "1" }],
        hostAlias: "Web server 1",
        hostAddress: "192.0.2.11",
        notesUrl: "https://wiki.example/runbook/11-24",
      },
      knownOf(serviceResource(11, 24), false, configuration),
    );
  });

  it("has notes and addresses as Centreon has them", () => {
    const configured = {
      notes: "rack of $HOSTALIAS$",
      notes_url: "https://wiki.example/$HOSTNAME$",
      action_url: "https://act.example/?ip=$HOSTADDRESS$",
    };
    installCache(cacheOf([...STORIES[3], { ...recorded(3, 10), ...configured }]));
    assert.same(
      {
        notes: configured.notes,
        notesUrl: configured.notes_url,
        actionUrl: configured.action_url,
      },
      known(serviceResource(11, 24), "notes", "notesUrl", "actionUrl"),
    );
  });

  it("has a host's own names, and no service groups", () => {
    assert.same(
      {
        className: "host",
        hostName: "edge-lyon",
        serviceDescription: "",
        poller: "Poller-Lyon",
        serviceGroups: [],
      },
      known(
        hostResource(recorded(3, 47)["host_id"] as number),
        "className",
        "hostName",
        "serviceDescription",
        "poller",
        "serviceGroups",
      ),
    );
  });

  describe("where names are not known", () => {
    it("makes them up from the ids, so that no page is lost", () => {
      assert.same(
        { hostName: "host 98", serviceDescription: "service 99" },
        known(serviceResource(98, 99), "hostName", "serviceDescription"),
      );
      assert.equal("host 98", known(hostResource(98), "hostName").hostName);
    });

    it("is none when the host's name is needed (skip_anon_events)", () => {
      assert.is_nil(knownOf(serviceResource(98, 99), true));
      assert.is_not_nil(knownOf(serviceResource(11, 99), true));
    });
  });

  describe("of a virtual host", () => {
    before_each(() => {
      installCache(
        cacheOf([
          { _type: 65566, host_id: 90, name: "_Module_Meta" },
          {
            _type: 65563,
            host_id: 90,
            service_id: 1,
            description: "meta_1",
            display_name: "Orders per minute",
          },
          { _type: 65563, host_id: 90, service_id: 2, description: "meta_2", display_name: "" },
          { _type: 65566, host_id: 91, name: "_Module_BAM_1" },
          { _type: 65563, host_id: 91, service_id: 5, description: "ba_5", display_name: "Web shop" },
        ]),
      );
    });

    for (const [serviceId, name, metaServiceId] of [
      [1, "Orders per minute", 1],
      [2, "meta_2", 2],
    ] as const) {
      it(`has a meta-service's own name and number: ${name}`, () => {
        assert.same(
          { className: "meta_service", hostName: name, serviceDescription: "", metaServiceId },
          known(
            serviceResource(90, serviceId),
            "className",
            "hostName",
            "serviceDescription",
            "metaServiceId",
          ),
        );
      });
    }

    it("says what is an anomaly detection", () => {
      const service = { _type: 65563, host_id: 1, service_id: 5, description: "Traffic" };
      for (const [type, isAnomalyDetection] of [
        [4, true],
        [0, false],
      ] as const) {
        installCache(cacheOf([{ ...service, type }]));
        const resource = serviceResource(1, 5);
        assert.equal(isAnomalyDetection, knownOf(resource)?.isAnomalyDetection === true);
        const placed = placementOf(resource, names, false);
        assert.equal(isAnomalyDetection, placed?.placement.isAnomalyDetection);
      }
    });

    it("is none for a business activity's, which alerts by itself", () => {
      assert.is_nil(knownOf(serviceResource(91, 5)));
      assert.is_nil(knownOf(hostResource(91)));
    });
  });
});

describe("the place of a business activity", () => {
  after_each(() => {
    installCache(undefined);
  });

  it("has its name and its views", () => {
    const views = [
      { _type: 393239, ba_id: 5, bv_id: 1 },
      { _type: 393238, bv_id: 1, bv_name: "Shop" },
    ];
    installCache(cacheOf([...STORIES[3], ...views]));
    const place = knownOf({ kind: "business activity", id: recorded(3, 58)["ba_id"] as number });
    assert.equal("business_activity", place?.className);
    assert.equal("Web shop", place?.hostName);
    assert.same(["Shop"], place?.businessViews);
  });

  it("may have no name", () => {
    installCache(cacheOf([]));
    assert.equal("business activity 7", knownOf({ kind: "business activity", id: 7 })?.hostName);
  });
});

describe("the place of a poller", () => {
  for (const [what, events, name] of [
    ["its name", STORIES[3], "Poller-Lyon"],
    ["its id where there is no name", [], "poller 2"],
  ] as const) {
    it(`has ${what}`, () => {
      installCache(cacheOf(events));
      const place = knownOf({ kind: "poller", id: recorded(3, 59)["poller_id"] as number });
      assert.same(["poller", name], [place?.className, place?.hostName]);
      installCache(undefined);
    });
  }
});

describe("the place of a change", () => {
  before_each(() => {
    const views = [
      { _type: 393239, ba_id: 5, bv_id: 1 },
      { _type: 393238, bv_id: 1, bv_name: "Shop" },
    ];
    const services = [
      { _type: 65563, host_id: 97, service_id: 1, description: "ba_5" },
      { _type: 65563, host_id: 97, service_id: 2, description: "ba_6" },
      { _type: 65563, host_id: 97, service_id: 3, description: "something else" },
      { _type: 65563, host_id: 98, service_id: 1, description: "meta_3", display_name: "Average load" },
    ];
    const hosts = [
      { _type: 65566, host_id: 97, name: "_Module_BAM_1" },
      { _type: 65566, host_id: 98, name: "_Module_Meta" },
    ];
    installCache(cacheOf([...STORIES[3], ...views, ...hosts, ...services]));
  });
  after_each(() => {
    installCache(undefined);
  });

  /** What it is called and what it is. */
  const inShort = (resource: Resource, isNameNeeded = false): string => {
    const placed = placementOf(resource, names, isNameNeeded);
    return placed === undefined ? "nothing" : `${nameOfPlace(placed.placement)}, ${placed.resource.kind}`;
  };

  const rows: [what: string, resource: Resource, short: string][] = [
    ["a host", hostResource(11), "web-01, host"],
    ["a service", serviceResource(11, 22), "web-01/Load, service"],
    ["a host without a name", hostResource(77), "host 77, host"],
    ["a service without a name", serviceResource(11, 77), "web-01/service 77, service"],
    ["a poller", { kind: "poller", id: 2 }, "Poller-Lyon, poller"],
    ["a poller without a name", { kind: "poller", id: 7 }, "poller 7, poller"],
    ["a business activity's service", serviceResource(97, 1), "Web shop, business activity"],
    ["that of one without a name", serviceResource(97, 2), "business activity 6, business activity"],
    ["a meta-service", serviceResource(98, 1), "Average load, service"],
    ["another service of a virtual host", serviceResource(97, 3), "nothing"],
    ["a virtual host", hostResource(97), "nothing"],
  ];
  for (const [what, resource, short] of rows) {
    it(`is, of ${what}: ${short}`, () => {
      assert.equal(short, inShort(resource));
    });
  }

  it("is none without a name where that is needed", () => {
    assert.equal("nothing", inShort(hostResource(77), true));
    assert.equal("web-01, host", inShort(hostResource(11), true));
  });

  it("has what filters and routes look at", () => {
    const service = placementOf(serviceResource(11, 22), names, false)?.placement;
    assert.same(
      { hostGroups: ["Linux-Servers"], poller: "Central", criticality: names.criticality(11, 22) },
      { hostGroups: service?.hostGroups, poller: service?.poller, criticality: service?.criticality },
    );
    assert.same(["Shop"], placementOf(serviceResource(97, 1), names, false)?.placement.businessViews);
  });
});
