// pagerduty/compose_change: what a change event says. Each body is checked against PagerDuty's published rules.
import type { Change, ChangeKind, ChangeReport } from "../../src/alerts/change";
import { composeChange } from "../../src/pagerduty/compose_change";
import { placeWith, hostOf } from "../support/alerts";
import { changeReportWith } from "../support/changes";
import { type Fields, ROUTING_KEY } from "../support/composing";
import { hostileText } from "../support/hostile";
import { decodeJson } from "../support/json";
import { changeFaultsOf } from "../support/published_rules";
import { createRandom } from "../support/random";

interface Event {
  readonly routing_key: string;
  readonly payload: Fields & { readonly summary: string; readonly custom_details: Fields };
  readonly links?: readonly Fields[];
}

const SETTINGS = { centreonUrl: "https://centreon.example", source: "" };

function eventOf(report: ChangeReport, settings: Partial<typeof SETTINGS> = {}): Event {
  const body = composeChange(report, ROUTING_KEY, { ...SETTINGS, ...settings });
  assert.same([], changeFaultsOf(body));
  return decodeJson(body) as Event;
}

describe("a change event", () => {
  it("says what was done to what, by whom, when, why and where, and nothing else", () => {
    const placement = placeWith({
      hostGroups: ["Databases", "Paris"],
      serviceGroups: ["Network"],
      criticality: 2,
      poller: "Central",
    });
    assert.same(
      {
        routing_key: ROUTING_KEY,
        payload: {
          summary: "db-02/Ping: downtime started - bob: upgrade",
          source: "db-02",
          timestamp: "2025-10-09T08:57:40Z",
          custom_details: {
            change: "downtime started",
            author: "bob",
            comment: "upgrade",
            downtime_from: "2025-10-09T08:57:40Z",
            downtime_until: "2025-10-09T09:26:40Z",
            poller: "Central",
            host_groups: "Databases, Paris",
            service_groups: "Network",
            criticality: 2,
          },
        },
        links: [
          {
            href: "https://centreon.example/centreon/monitoring/resources?details=%7B%22id%22%3A2%2C%22parentId%22%3A1%2C%22parentType%22%3A%22host%22%2C%22resourcesDetailsEndpoint%22%3A%22%2Fcentreon%2Fapi%2Flatest%2Fmonitoring%2Fresources%2Fhosts%2F1%2Fservices%2F2%22%2C%22tab%22%3A%22details%22%2C%22type%22%3A%22service%22%2C%22uuid%22%3A%22h1-s2%22%7D",
            text: "Open in Centreon",
          },
        ],
      },
      eventOf(changeReportWith({}, { placement })),
    );
  });

  const plain: Partial<Change> = { author: "", comment: "", plannedStart: 0, plannedEnd: 0 };
  const poller = {
    resource: { kind: "poller", id: 2 },
    placement: placeWith({ hostName: "Poller-Lyon", serviceDescription: "" }),
  } as const;
  const engine = "Centreon Engine 25.09.0";
  const summaries: [
    kind: ChangeKind,
    some: Partial<Change>,
    rest: Parameters<typeof changeReportWith>[1],
    summary: string,
  ][] = [
    ["acknowledged", {}, {}, "db-02/Ping: acknowledged - bob: upgrade"],
    ["downtime ended", {}, {}, "db-02/Ping: downtime ended - bob: upgrade"],
    ["downtime cancelled", { comment: "" }, {}, "db-02/Ping: downtime cancelled - bob"],
    ["downtime started", { author: "" }, {}, "db-02/Ping: downtime started - upgrade"],
    ["acknowledged", { comment: " on\n\tit \n" }, {}, "db-02/Ping: acknowledged - bob:  on it"],
    [
      "acknowledged",
      {},
      { placement: placeWith({ serviceDescription: "" }) },
      "db-02: acknowledged - bob: upgrade",
    ],
    ["poller started", { ...plain, engine }, poller, "Poller-Lyon: poller started - Centreon Engine 25.09.0"],
    ["poller stopped", { ...plain, engine }, poller, "Poller-Lyon: poller stopped"],
    ["configuration deployed", plain, poller, "Poller-Lyon: configuration deployed"],
  ];
  for (const [kind, some, rest, summary] of summaries) {
    it(`has the summary ${summary}`, () => {
      assert.equal(summary, eventOf(changeReportWith({ kind, ...some }, rest)).payload.summary);
    });
  }

  it("of a poller says which engine it is, leads to its page, and leaves out what nobody tells", () => {
    const { payload, links } = eventOf(
      changeReportWith({ ...plain, kind: "poller stopped", engine }, poller),
    );
    assert.equal("https://centreon.example/centreon/main.php?p=60901&o=c&server_id=2", links?.[0]?.["href"]);
    assert.same({ change: "poller stopped", engine }, payload.custom_details);
  });

  it("of a business activity has its views, and leads to its page", () => {
    const { payload, links } = eventOf(
      changeReportWith(
        {},
        {
          resource: { kind: "business activity", id: 5 },
          placement: placeWith({ hostName: "Web shop", serviceDescription: "", businessViews: ["Sales"] }),
        },
      ),
    );
    assert.equal("Web shop: downtime started - bob: upgrade", payload.summary);
    assert.equal("Sales", payload.custom_details["business_views"]);
    assert.equal("https://centreon.example/centreon/main.php?p=20701&o=d&ba_id=5", links?.[0]?.["href"]);
  });

  it("of a host leads to the host", () => {
    const { links } = eventOf(changeReportWith({ resource: hostOf(1) }));
    assert.is_not_nil(string.find((links?.[0]?.["href"] ?? "") as string, "h1%22%7D", 1, true)[0]);
  });

  it("has no link when Centreon's address is not known", () => {
    assert.is_nil(eventOf(changeReportWith(), { centreonUrl: "" }).links);
  });

  it("has the source that pdy_source gives all events", () => {
    assert.equal("centreon", eventOf(changeReportWith(), { source: "centreon" }).payload["source"]);
  });

  it("has no timestamp for a time that is no date", () => {
    assert.is_nil(eventOf(changeReportWith({}, { at: 1e15 })).payload["timestamp"]);
  });

  it("cuts long texts: the whole stays far below PagerDuty's limit", () => {
    const long = string.rep("\u{1}", 100000);
    const placement = placeWith({ hostName: long, serviceDescription: long, poller: long });
    const report = changeReportWith({ author: long, comment: long, engine: long }, { placement });
    const body = composeChange(report, ROUTING_KEY, { ...SETTINGS, source: long });
    assert.same([], changeFaultsOf(body));
    assert.is_true(body.length < 300000, `${body.length} bytes`);
  });

  it("is valid whatever people write", () => {
    const random = createRandom("pagerduty/compose_change");
    for (const _ of $range(1, 300)) {
      const text = (): string => hostileText(random, 300);
      const placement = placeWith({
        hostName: `a${text()}`,
        serviceDescription: text(),
        poller: text(),
        hostGroups: [text(), text()],
      });
      const report = changeReportWith({ author: text(), comment: text(), engine: text() }, { placement });
      const body = composeChange(report, ROUTING_KEY, SETTINGS);
      assert.same([], changeFaultsOf(body), body);
    }
  });
});
