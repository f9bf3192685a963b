// broker/content: what a trigger for the recorded events says, and for those that only tests could record.
import type { Content, HostOrService } from "../../src/alerts/alert";
import { names } from "../../src/broker/cache";
import { type Configuration, createConfiguration } from "../../src/broker/configuration";
import { describeBusinessActivity, describePoller, describeStatus } from "../../src/broker/content";
import { type ServiceStatus, hostResource, serviceResource } from "../../src/broker/observe";
import { cacheOf, installCache } from "../support/broker_cache";
import type { Line } from "../support/brokerhost";
import { bytes } from "../support/hostile";
import { recordedEvents } from "../support/recorded";

const STORIES = { 2: recordedEvents(2), 3: recordedEvents(3) };

function recorded(protocol: 2 | 3, line: number): Line {
  return STORIES[protocol][line - 1] ?? error(`no line ${line}`);
}

function resourceOf(event: Line): HostOrService {
  const hostId = event["host_id"] as number;
  const serviceId = event["service_id"] as number | undefined;
  return serviceId === undefined ? hostResource(hostId) : serviceResource(hostId, serviceId);
}

function describeEvent(
  event: Line,
  isNameNeeded = false,
  configuration: Configuration = createConfiguration([]),
): Content | undefined {
  return describeStatus(
    event as unknown as ServiceStatus,
    resourceOf(event),
    names,
    configuration,
    isNameNeeded,
  );
}

/** Some of what a trigger for `event` says. */
function said<Name extends keyof Content>(event: Line, ...fields: Name[]): Pick<Content, Name> {
  const content = describeEvent(event) ?? error("nothing is said");
  const some: Record<string, unknown> = {};
  for (const field of fields) some[field] = content[field];
  return some as Pick<Content, Name>;
}

describe("the content of a trigger", () => {
  before_each(() => {
    installCache(cacheOf([...STORIES[2], ...STORIES[3]]));
  });
  after_each(() => {
    installCache(undefined);
  });

  it("has all that the event, the cache and the configuration tell of a service", () => {
    const configuration = createConfiguration(["CRITICALITY_LEVEL"]);
    configuration.takeCustomVariable(recorded(3, 24) as unknown as Bbdo3.CustomVariables);
    assert.same(
      {
        className: "service",
        hostName: "web-01",
        serviceDescription: "HTTP checkout",
        stateName: "CRITICAL",
        output: "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 312 bytes in 0.002 second response time",
        longOutput: 'first detail line\nsecond detail line\n\tindented "quoted" \\ backslash',
        perfdata: "time=0.002112s;;;0.000000;10.000000 size=312B;;;0",
        hostGroups: ["Linux-Servers"],
        serviceGroups: ["Web-Shop"],
        businessViews: [],
        criticality: 1,
        poller: "Central",
        notesUrl: "https://wiki.example/runbook/11-24",
        actionUrl: "",
        hostAlias: "Web server 1",
        hostAddress: "192.0.2.11",
        timeZone: "",
        notes: "",
        criticalityName: "",
        categories: [],
        customVariables: [{ name: "CRITICALITY_LEVEL", value: "1" }],
        downtimeComment: "",
        lastOk: 0,
        attempt: 3,
        maximumAttempts: 3,
        since: 1760004120,
      },
      describeEvent(recorded(3, 55), false, configuration),
    );
  });

  it("has notes and addresses with their macros expanded, as Centreon's pages show them", () => {
    const configured = {
      notes: "rack of $HOSTALIAS$, $SERVICESTATE$, $OTHER$",
      notes_url: "https://wiki.example/$HOSTNAME$/$SERVICEDESC$",
      action_url: "https://act.example/?ip=$HOSTADDRESS$&state=$HOSTSTATE$",
    };
    installCache(cacheOf([...STORIES[3], { ...recorded(3, 10), ...configured }]));
    assert.same(
      {
        notes: "rack of Web server 1, CRITICAL, $OTHER$",
        notesUrl: "https://wiki.example/web-01/HTTP%20checkout",
        actionUrl: "https://act.example/?ip=192.0.2.11&state=$HOSTSTATE$",
      },
      said(recorded(3, 55), "notes", "notesUrl", "actionUrl"),
    );
  });

  it("has a host's own names, and no service groups", () => {
    assert.same(
      {
        className: "host",
        hostName: "edge-lyon",
        serviceDescription: "",
        stateName: "DOWN",
        poller: "Poller-Lyon",
        serviceGroups: [],
      },
      said(
        recorded(3, 47),
        "className",
        "hostName",
        "serviceDescription",
        "stateName",
        "poller",
        "serviceGroups",
      ),
    );
  });

  it("has when the resource was last well, of a service and of a host", () => {
    assert.equal(1759, said({ ...recorded(3, 35), last_time_ok: 1759 }, "lastOk").lastOk);
    assert.equal(1759, said({ ...recorded(3, 47), last_time_up: 1759 }, "lastOk").lastOk);
    assert.equal(0, said(recorded(2, 6), "lastOk").lastOk);
  });

  it("has the time of the last check where that of the state is not known", () => {
    const event = recorded(2, 6);
    assert.equal(1760000180, said({ ...event, last_check: 1 }, "since").since);
    for (const unknown of [{ last_hard_state_change: 0 }, { last_hard_state_change: -1 }]) {
      assert.equal(event["last_check"], said({ ...event, ...unknown }, "since").since);
    }
    const { last_hard_state_change: _change, ...rest } = event as Record<string, unknown>;
    assert.equal(event["last_check"], said(rest, "since").since);
    const { last_check: _check, ...nothing } = rest;
    assert.equal(0, said(nothing, "since").since);
  });

  it("has the most attempts, from the configuration or from the event itself", () => {
    assert.equal(3, said(recorded(3, 35), "maximumAttempts").maximumAttempts);
    installCache(cacheOf([]));
    assert.equal(0, said(recorded(3, 35), "maximumAttempts").maximumAttempts);
    for (const line of [6, 12]) assert.equal(3, said(recorded(2, line), "maximumAttempts").maximumAttempts);
  });

  const states: [what: string, event: Line, names: string[]][] = [
    ["a service", recorded(3, 35), ["OK", "WARNING", "CRITICAL", "UNKNOWN", "state 4"]],
    ["a host", recorded(3, 47), ["UP", "DOWN", "UNREACHABLE", "state 3", "state 4"]],
  ];
  for (const [what, event, stateNames] of states) {
    it(`names the states of ${what}: ${stateNames.join(", ")}`, () => {
      const named = stateNames.map((_name, state) => said({ ...event, state }, "stateName").stateName);
      assert.same(stateNames, named);
    });
  }

  const outputs: [what: string, event: Line, output: string, longOutput: string][] = [
    [
      "BBDO 2: both in one",
      { ...recorded(2, 6), output: "short\nlong 1\nlong 2" },
      "short",
      "long 1\nlong 2",
    ],
    ["BBDO 2: a short one only", { ...recorded(2, 6), output: "short\n" }, "short", ""],
    ["BBDO 2: none", { ...recorded(2, 6), output: "" }, "", ""],
    ["BBDO 2: Windows", { ...recorded(2, 6), output: "short\r\nlong" }, "short", "long"],
    ["BBDO 3: apart", { ...recorded(3, 35), output: "short", long_output: "long" }, "short", "long"],
    ["BBDO 3: a short one of several lines", { ...recorded(3, 35), output: "a\nb" }, "a", "b"],
    // A quirk of the engine: a host's long output overwrites the short one.
    ["BBDO 3: a host's", { ...recorded(3, 47), output: "a\nb", long_output: "a\nb" }, "a", "a\nb"],
    ["an empty first line", { ...recorded(3, 35), output: "\n\n a" }, "a", ""],
  ];
  for (const [what, event, output, longOutput] of outputs) {
    it(`splits outputs, ${what}`, () => {
      assert.same({ output, longOutput }, said(event, "output", "longOutput"));
    });
  }

  it("keeps 64 KB of each text, and no half metric", () => {
    const text = string.rep(bytes(0xff), 700000);
    const perfdata = string.rep("m=12345 ", 100000);
    const event = { ...recorded(3, 35), output: text, long_output: text, perfdata };
    const kept = said(event, "output", "longOutput", "perfdata");
    assert.equal(string.sub(text, 1, 65536), kept.output);
    assert.equal(string.sub(text, 1, 65536), kept.longOutput);
    assert.equal(string.sub(perfdata, 1, 65535), kept.perfdata);
  });

  describe("where names are not known", () => {
    const strange = { host_id: 98, service_id: 99 };

    it("makes them up from the ids, so that no page is lost", () => {
      assert.same(
        { hostName: "host 98", serviceDescription: "service 99" },
        said({ ...recorded(3, 35), ...strange }, "hostName", "serviceDescription"),
      );
      assert.equal("host 98", said({ ...recorded(3, 47), host_id: 98 }, "hostName").hostName);
    });

    it("is none when the host's name is needed (skip_anon_events)", () => {
      assert.is_nil(describeEvent({ ...recorded(3, 35), ...strange }, true));
      assert.is_not_nil(describeEvent({ ...recorded(3, 35), service_id: 99 }, true));
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

    for (const [serviceId, name] of [
      [1, "Orders per minute"],
      [2, "meta_2"],
    ] as const) {
      it(`has a meta-service's own name: ${name}`, () => {
        const event = { ...recorded(3, 35), host_id: 90, service_id: serviceId };
        assert.same(
          { className: "meta_service", hostName: name, serviceDescription: "" },
          said(event, "className", "hostName", "serviceDescription"),
        );
      });
    }

    it("is none for a business activity's, which alerts by itself", () => {
      assert.is_nil(describeEvent({ ...recorded(3, 35), host_id: 91, service_id: 5 }));
      assert.is_nil(describeEvent({ ...recorded(3, 47), host_id: 91 }));
    });
  });
});

describe("the content of a business activity's trigger", () => {
  after_each(() => {
    installCache(undefined);
  });

  it("has its name, its views, its state and why", () => {
    const views = [
      { _type: 393239, ba_id: 5, bv_id: 1 },
      { _type: 393238, bv_id: 1, bv_name: "Shop" },
    ];
    installCache(cacheOf([...STORIES[3], ...views]));
    const content = describeBusinessActivity(recorded(3, 58) as unknown as Bbdo3.BaStatus, names);
    assert.equal("business_activity", content.className);
    assert.equal("Web shop", content.hostName);
    assert.equal("CRITICAL", content.stateName);
    assert.equal(recorded(3, 58)["output"], content.output);
    assert.same(["Shop"], content.businessViews);
    assert.equal(1760004420, content.since);
  });

  it("of BBDO 2 has no output, and may have no name", () => {
    installCache(cacheOf([]));
    const event = { _type: 393217, ba_id: 7, state: 1, last_state_change: 1 } as unknown as Bbdo2.BaStatus;
    const { hostName, stateName, output } = describeBusinessActivity(event, names);
    assert.same(
      { hostName: "business activity 7", stateName: "WARNING", output: "" },
      { hostName, stateName, output },
    );
  });
});

describe("the content of a silent poller's trigger", () => {
  for (const [what, events, name] of [
    ["its name", STORIES[3], "Poller-Lyon"],
    ["its id where there is no name", [], "poller 2"],
  ] as const) {
    it(`has ${what}`, () => {
      installCache(cacheOf(events));
      const event = recorded(3, 59) as unknown as Bbdo3.ResponsiveInstance;
      const { className, hostName, stateName, since } = describePoller(event, names, 1760004600);
      assert.same(
        { className: "poller", hostName: name, stateName: "NOT RESPONDING", since: 1760004600 },
        { className, hostName, stateName, since },
      );
      installCache(undefined);
    });
  }
});
