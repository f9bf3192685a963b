// pagerduty/compose: what a responder reads. The events of the recorded stories are in golden_spec, what no monitored
// host should say in compose_limits_spec.
import { type Action, type Alert, type DescribedAlert, FALLBACK_ROUTE } from "../../src/alerts/alert";
import { type AlertTexts, NO_TEXTS } from "../../src/pagerduty/compose";
import type { LinkTemplate } from "../../src/pagerduty/links";
import { type Template, readTemplate } from "../../src/pagerduty/template";
import { type Some, alertFor, alertSaying, factsWith, hostOf, serviceOf } from "../support/alerts";
import { type Fields, NOW, ROUTING_KEY, type SomeSettings, bodyOf, detailsIn } from "../support/composing";
import { decodeJson } from "../support/json";
import { faultsOf } from "../support/published_rules";

/** The event that is sent, which must be one that PagerDuty takes. */
function eventOf(alert: Alert, action: Action = "trigger", settings: SomeSettings = {}): Fields {
  const body = bodyOf(alert, action, settings);
  assert.same([], faultsOf(body), body);
  return decodeJson(body) as Fields;
}

function alertWith(some: Some, alert: Alert = alertFor(serviceOf(11, 22))): DescribedAlert {
  return alertSaying(some, alert);
}

function payloadOf(some: Some, settings: SomeSettings = {}): Fields {
  return eventOf(alertWith(some), "trigger", settings)["payload"] as Fields;
}

function detailsOf(some: Some): Fields {
  return payloadOf(some)["custom_details"] as Fields;
}

function namesIn(fields: unknown): string[] {
  return Object.keys(fields as Fields).sort();
}

describe("an alert that goes by the fallback key", () => {
  function detoured(): Alert {
    const alert = alertSaying({ output: "no answer" });
    alert.route = FALLBACK_ROUTE;
    alert.detour = { meantFor: "dba", reason: "HTTP 400: Invalid routing key" };
    return alert;
  }

  it("says for whom it was meant, and why it does not go there", () => {
    const payload = eventOf(detoured())["payload"] as Fields;
    assert.equal(
      "[meant for dba, whose key is refused] db-02/Ping: CRITICAL - no answer",
      payload["summary"],
    );
    const details = payload["custom_details"] as Fields;
    assert.same(["dba", "HTTP 400: Invalid routing key"], [details["meant_for"], details["not_sent_there"]]);
  });

  it("says so in its bare form, too, and within PagerDuty's limit", () => {
    const alert = detoured();
    alert.ladderStep = 2;
    alertSaying({ hostName: string.rep("h", 2000) }, alert);
    const { summary } = eventOf(alert)["payload"] as { readonly summary: string };
    assert.equal(1, string.find(summary, "[meant for dba, ", 1, true)[0]);
  });

  it("says nothing of it when it goes to its team after all", () => {
    const alert = detoured();
    alert.route = "dba";
    const payload = eventOf(alert)["payload"] as Fields;
    assert.equal("db-02/Ping: CRITICAL - no answer", payload["summary"]);
    assert.is_nil((payload["custom_details"] as Fields)["meant_for"]);
  });
});

describe("a trigger", () => {
  it("has all that PagerDuty has a field for", () => {
    const { payload, ...rest } = eventOf(
      alertWith({ hostGroups: ["Linux-Servers", "Paris"], since: 1760000180 }, alertFor(serviceOf(11, 22))),
    );
    const { custom_details: _details, ...fields } = payload as Fields;
    assert.same(
      {
        summary: "db-02/Ping: CRITICAL - no answer",
        source: "db-02",
        severity: "critical",
        timestamp: "2025-10-09T08:56:20Z",
        component: "Ping",
        group: "Linux-Servers, Paris",
        class: "service",
      },
      fields,
    );
    const { links: _links, ...keys } = rest as Record<string, unknown>;
    assert.same(
      {
        routing_key: ROUTING_KEY,
        event_action: "trigger",
        dedup_key: "11_22",
        client: "Centreon",
        client_url: "https://centreon.example",
      },
      keys,
    );
  });

  it("of a host has the host as its component", () => {
    const alert = alertWith({ className: "host", serviceDescription: "" }, alertFor(hostOf(11)));
    const event = eventOf(alert);
    const { component, class: kind } = event["payload"] as Fields;
    assert.same(
      { key: "11_H", component: "db-02", kind: "host" },
      { key: event["dedup_key"], component, kind },
    );
  });

  it("has pdy_source as its source where that is set", () => {
    assert.equal("central", payloadOf({}, { source: "central" })["source"]);
  });

  it("has no timestamp, group, client or client_url where there is nothing to say", () => {
    const event = eventOf(alertWith({ since: 0 }), "trigger", {
      client: "",
      clientUrl: "",
      centreonUrl: "",
    });
    assert.same(["dedup_key", "event_action", "payload", "routing_key"], namesIn(event));
    assert.same(
      ["class", "component", "custom_details", "severity", "source", "summary"],
      namesIn(event["payload"]),
    );
  });

  it("has no timestamp for a time that is no date", () => {
    assert.is_nil(payloadOf({ since: 1e18 })["timestamp"]);
  });

  const steps: [step: number, what: string, fields: string[], payload: string[]][] = [
    [
      0,
      "everything",
      ["client", "client_url", "dedup_key", "event_action", "links", "payload", "routing_key"],
      ["class", "component", "custom_details", "group", "severity", "source", "summary", "timestamp"],
    ],
    [
      1,
      "no details and no links",
      ["client", "client_url", "dedup_key", "event_action", "payload", "routing_key"],
      ["class", "component", "group", "severity", "source", "summary", "timestamp"],
    ],
    [
      2,
      "the bare minimum",
      ["dedup_key", "event_action", "payload", "routing_key"],
      ["severity", "source", "summary"],
    ],
  ];
  for (const [step, what, fields, payload] of steps) {
    it(`has, on step ${step} of the ladder, ${what}`, () => {
      const alert = alertWith({ hostGroups: ["Paris"] });
      alert.ladderStep = step;
      const event = eventOf(alert);
      assert.same(fields, namesIn(event));
      assert.same(payload, namesIn(event["payload"]));
    });
  }
});

describe("acknowledge and resolve", () => {
  for (const action of ["acknowledge", "resolve"] as const) {
    it(`${action} carries its key and nothing that could cost a recovery`, () => {
      assert.same(
        { routing_key: ROUTING_KEY, event_action: action, dedup_key: "11_22" },
        eventOf(alertWith({}), action),
      );
    });
  }

  it("needs no place and no report: nothing may be known of what is to be resolved", () => {
    const alert: Alert = alertFor(serviceOf(11, 22));
    alert.place = undefined;
    alert.report = undefined;
    assert.equal("resolve", eventOf(alert, "resolve")["event_action"]);
  });
});

describe("the dedup key", () => {
  function keyOf(alert: Alert, dedupPrefix: string, action: Action = "trigger"): string {
    return eventOf(alert, action, { dedupPrefix })["dedup_key"] as string;
  }

  it("is the predecessors', with pdy_dedup_prefix in front", () => {
    assert.equal("11_22", keyOf(alertWith({}), ""));
    assert.equal("paris-11_22", keyOf(alertWith({}), "paris-"));
  });

  it("is the same for all actions", () => {
    for (const prefix of ["paris-", string.rep("é", 200)]) {
      assert.equal(keyOf(alertWith({}), prefix), keyOf(alertWith({}), prefix, "resolve"));
    }
  });

  it("stays within PagerDuty's 255 characters, and stays one alert's own", () => {
    const prefix = string.rep("p", 255);
    const other = alertFor(serviceOf(11, 23));
    assert.not_equal(keyOf(alertWith({}), prefix), keyOf(alertWith({}, other), prefix));
    assert.not_equal(keyOf(alertWith({}), prefix), keyOf(alertWith({}), `${prefix}p`));
  });
});

describe("custom_details", () => {
  it("have stable names, and numbers as numbers", () => {
    const alert = alertWith({
      output: "no answer",
      longOutput: "first\nsecond",
      perfdata: "rta=12.5ms;10;500;0;",
      since: NOW - 3900,
      lastOk: NOW - 4000,
      attempt: 3,
      maximumAttempts: 5,
      hostAlias: "Database 2",
      hostAddress: "192.0.2.12",
      timeZone: "Europe/Paris",
      poller: "Central",
      hostGroups: ["Linux", "Paris"],
      serviceGroups: ["Web-Shop"],
      businessViews: ["Shop"],
      categories: ["databases", "mysql"],
      criticality: 1,
      criticalityName: "Business critical",
      customVariables: [{ name: "CONTACT", value: "dba@example.com" }],
      notes: "see the runbook",
      notesUrl: "https://wiki.example/12",
      actionUrl: "https://tickets.example/12",
      downtimeComment: "bob: upgrade",
    });
    alert.acknowledgement = { author: "alice", comment: "on it" };
    alert.previous = { stateName: "WARNING", seconds: 7500 };
    const settings: SomeSettings = {
      localTime: (seconds, timeZone) => (seconds === NOW ? `11:26 in ${timeZone}` : undefined),
      otherProblems: ({ dedupKey }) => (dedupKey === "11_22" ? ["Load: CRITICAL", "Disk: WARNING"] : []),
    };
    assert.same(
      {
        crossed_thresholds: "rta is 12.5ms: above warning 10ms by 2.5ms",
        state: "CRITICAL",
        previous_state: "WARNING for 2 h 5 min",
        output: "no answer",
        long_output: "first\nsecond",
        metrics: [{ name: "rta", value: 12.5, unit: "ms", warning: 10, critical: 500, minimum: 0 }],
        problem_since: "2025-10-09T08:21:40Z",
        in_problem_for: "1 h 5 min",
        last_ok: "2025-10-09T08:20:00Z",
        local_time: "11:26 in Europe/Paris",
        attempt: 3,
        max_attempts: 5,
        host_alias: "Database 2",
        host_address: "192.0.2.12",
        poller: "Central",
        host_groups: "Linux, Paris",
        service_groups: "Web-Shop",
        business_views: "Shop",
        categories: "databases, mysql",
        criticality: 1,
        criticality_name: "Business critical",
        custom_variables: { CONTACT: "dba@example.com" },
        notes: "see the runbook",
        notes_url: "https://wiki.example/12",
        action_url: "https://tickets.example/12",
        other_problems_of_host: "Load: CRITICAL; Disk: WARNING",
        downtime_comment: "bob: upgrade",
        acknowledged_by: "alice",
        acknowledgement_comment: "on it",
      },
      detailsIn(bodyOf(alert, "trigger", settings)),
    );
  });

  it("leave out what is empty", () => {
    const alert = alertWith({
      output: "",
      since: 0,
      attempt: 0,
      maximumAttempts: 0,
      customVariables: [{ name: "CONTACT", value: "" }],
    });
    alert.acknowledgement = { author: "", comment: "" };
    assert.same(["state"], namesIn(detailsIn(bodyOf(alert))));
  });

  it("put what crossed a threshold first", () => {
    const body = bodyOf(alertWith({ perfdata: "load1=9.71;4;8;0;" }));
    assert.is_not_nil(
      string.find(body, '"custom_details":{"crossed_thresholds":"load1 is 9.71: above', 1, true)[0],
    );
  });

  it("tell no time in the problem that began after now: clocks differ", () => {
    assert.is_nil(detailsOf({ since: NOW + 1 })["in_problem_for"]);
  });

  it("have as much of the output as the administrator wants", () => {
    const alert = alertWith({ output: "äöü no answer", longOutput: "second line" });
    const settings: SomeSettings = { outputLimit: 7, usesLongOutput: false };
    const { output, long_output } = detailsIn(bodyOf(alert, "trigger", settings));
    assert.equal("äö…", output);
    assert.is_nil(long_output);
  });

  it("have the metrics in the plugin's order, ranges and what is no number as texts", () => {
    assert.same(
      [
        { name: "z", value: 28832694272, unit: "B" },
        { name: "a", value: 0.1, warning: "10:20", critical: "@5:7", minimum: 0, maximum: 1 },
        { name: "unknown", warning: 5 },
        { name: "padded", value: "007" },
      ],
      detailsOf({ perfdata: "z=28832694272B a=0.10;10:20;@5:7;0;1 unknown=U;5 padded=007" })["metrics"],
    );
  });

  it("keep every digit the plugin wrote", () => {
    const body = bodyOf(alertWith({ perfdata: "a=0.10;1.000;123456789012345678" }));
    for (const digits of ['"value":0.10,', '"warning":1.000,', '"critical":123456789012345678}']) {
      assert.is_not_nil(string.find(body, digits, 1, true)[0], digits);
    }
  });

  it("have at most 100 metrics: a responder reads the first ones", () => {
    const names: string[] = [];
    for (const index of $range(1, 150)) names.push(`m${index}`);
    const metrics = detailsOf({ perfdata: names.map((name) => `${name}=1`).join(" ") })["metrics"];
    assert.same(
      names.slice(0, 100),
      (metrics as { name: string }[]).map(({ name }) => name),
    );
  });
});

describe("the administrator's texts", () => {
  const templateOf = (text: string): Template => {
    const template = readTemplate(text, undefined);
    return typeof template === "string" ? error(template) : template;
  };
  const textsOf = (): AlertTexts => ({
    ...NO_TEXTS,
    source: templateOf("{poller}"),
    component: templateOf("{service}\n on {host}"),
    group: templateOf("{macro:TEAM}"),
    class: templateOf("{class}/{state}"),
  });

  it("take the place of the usual source, component, group and class; one that says nothing does not", () => {
    const settings: SomeSettings = { source: "central", textsOf };
    const payload = payloadOf({ poller: "Lyon", hostGroups: ["db"] }, settings);
    assert.same(
      ["Lyon", "Ping  on db-02", "db", "service/CRITICAL"],
      ["source", "component", "group", "class"].map((name) => payload[name]),
    );
    assert.equal("central", payloadOf({}, settings)["source"]);
  });

  it("are asked when the event is composed, and not for the bare minimum", () => {
    let source: string | undefined = "Lyon";
    const settings: SomeSettings = {
      textsOf: () => ({ ...NO_TEXTS, source: templateOf(source ?? error("odd rules")) }),
    };
    const alert = alertFor();
    const sourceOf = () => (eventOf(alert, "trigger", settings)["payload"] as Fields)["source"];
    assert.equal("Lyon", sourceOf());
    source = "Paris";
    assert.equal("Paris", sourceOf());
    alert.ladderStep = 2;
    source = undefined;
    assert.equal("db-02", sourceOf());
  });
});

describe("links", () => {
  function linksOf(alert: Alert, centreonUrl = ""): unknown {
    return eventOf(alert, "trigger", { centreonUrl })["links"];
  }

  /** What the Resources Status page is told in its address. */
  function pageDetails(alert: Alert): unknown {
    const [link] = linksOf(alert, "https://centreon.example") as { href: string; text: string }[];
    assert.equal("Open in Centreon", link?.text);
    const [encoded] = string.match(
      link?.href ?? "",
      "^https://centreon%.example/centreon/monitoring/resources%?details=([%w%%._~-]+)$",
    );
    const [json] = string.gsub(encoded ?? "", "%%(%x%x)", (digits) => string.char(tonumber(digits, 16) ?? 0));
    return decodeJson(json);
  }

  it("open a service in Centreon's Resources Status page", () => {
    assert.same(
      {
        id: 22,
        parentId: 11,
        parentType: "host",
        resourcesDetailsEndpoint: "/centreon/api/latest/monitoring/resources/hosts/11/services/22",
        tab: "details",
        type: "service",
        uuid: "h11-s22",
      },
      pageDetails(alertWith({})),
    );
  });

  it("open a host in Centreon's Resources Status page", () => {
    const facts = factsWith({ state: 1 });
    assert.same(
      {
        id: 11,
        resourcesDetailsEndpoint: "/centreon/api/latest/monitoring/resources/hosts/11",
        tab: "details",
        type: "host",
        uuid: "h11",
      },
      pageDetails(alertWith({ serviceDescription: "" }, alertFor(hostOf(11), facts))),
    );
  });

  it("lead to the notes and to the action, in this order", () => {
    const notesUrl = 'https://wiki.example/runbook/11 "x"';
    assert.same(
      [
        { href: "https://wiki.example/runbook/11%20%22x%22", text: "Notes" },
        { href: "http://tickets.example/new?host=b%C3%BCcher", text: "Action" },
      ],
      linksOf(alertWith({ notesUrl, actionUrl: "http://tickets.example/new?host=bücher" })),
    );
  });

  const unusable = [
    "",
    "/relative/path",
    "wiki.example/runbook",
    "javascript:alert(1)",
    "ftp://files.example",
    "https://",
  ];
  for (const url of unusable) {
    it(`leave out "${url}", which a browser could not open`, () => {
      assert.is_nil(linksOf(alertWith({ notesUrl: url, actionUrl: url })));
    });
  }

  it("lead to the administrator's own after those, with images beside them", () => {
    const templateOf = (text: string): LinkTemplate => {
      const address = readTemplate(text, []);
      return typeof address === "string" ? error(address) : { text: ["Graph"], address };
    };
    const event = eventOf(alertWith({ notesUrl: "https://wiki.example" }), "trigger", {
      centreonUrl: "",
      links: [templateOf("https://graphs.example/{host}")],
      images: [templateOf("https://graphs.example/{host}.png")],
    });
    assert.same(
      [
        { href: "https://wiki.example", text: "Notes" },
        { href: "https://graphs.example/db-02", text: "Graph" },
      ],
      event["links"],
    );
    assert.same([{ src: "https://graphs.example/db-02.png", alt: "Graph" }], event["images"]);
  });
});
