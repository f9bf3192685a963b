// Which rule decides: the first that fits and says something, for each thing; before the parameters and custom code. And
// what an alert is told by rules.
import { type Alert, type DescribedAlert, type Resource, createAlert } from "../../src/alerts/alert";
import { fillTemplate } from "../../src/pagerduty/template";
import { readRules } from "../../src/rules/from_table";
import { readLuaTable } from "../../src/rules/lua_table";
import { type Rule, wordsOf } from "../../src/rules/rule";
import type { Rulings } from "../../src/rules/rulings";
import { loadWeekClock } from "../../src/text/time";
import {
  CRITICAL,
  DOWN,
  type Some,
  WARNING,
  alertFor,
  alertSaying,
  factsWith,
  hostOf,
  placeWith,
  serviceOf,
} from "../support/alerts";
import { KEY, type Parameters, read, rulingsOf } from "../support/rules";

const SERVICE = serviceOf(1, 2);
const POLLER: Resource = { kind: "poller", id: 4 };
const CONNECTOR: Resource = { kind: "connector", id: 0 };

const TEAMS = { pdy_routing_key_dba: KEY, pdy_routing_key_web: KEY };

function rulesIn(text: string, parameters: Parameters): readonly Rule[] {
  const table = readLuaTable(`return ${text}`);
  if (typeof table === "string") return error(table);
  const result = readRules(table, {
    routes: ["dba", "default", "web"],
    severityOf: read(parameters).rules.severityOf,
    unixTime: () => os.time(),
    weekClock: loadWeekClock(),
  });
  return "problem" in result ? error(result.problem) : result.rules;
}

/** What these rules answer, before those of the parameters. */
function rulings(text: string, parameters: Parameters = {}): Rulings {
  const all = { ...TEAMS, ...parameters };
  return rulingsOf(all, rulesIn(text, all));
}

function problem(some: Some = {}, state = CRITICAL, resource: Resource = SERVICE): DescribedAlert {
  return alertSaying(some, alertFor(resource, factsWith({ state })));
}

describe("of several rules", () => {
  it("the first that fits and says something of a thing decides it", () => {
    const { severityOf, routeOf, rejectionOf, waitOf } = rulings(`{
      { when = { host = "web" }, severity = "info", route = "web" },
      { severity = "warning" },
      { severity = "error", route = "dba", wait = "5m" },
      { page = false, wait = 0, route = "web" },
    }`);
    assert.equal("warning", severityOf(problem()));
    assert.equal("dba", routeOf(problem()));
    assert.equal(300, waitOf(problem()));
    assert.equal('rule "#4" of pdy_rules_file says page = false', rejectionOf(problem()));
    assert.equal("info", severityOf(problem({ hostName: "web" })));
    assert.equal("web", routeOf(problem({ hostName: "web" })));
  });

  it("none decides what none says: then it pages, at once, at the severity of its state, by the default key", () => {
    const { severityOf, routeOf, rejectionOf, waitOf } = rulings('{ { summary = "x" } }');
    assert.is_nil(rejectionOf(problem()));
    assert.equal(0, waitOf(problem()));
    assert.equal("critical", severityOf(problem()));
    assert.equal("warning", severityOf(problem({}, WARNING)));
    assert.equal("default", routeOf(problem()));
  });

  it("those of the file come before those of the parameters", () => {
    const parameters = {
      rejected_hostgroups: "lab",
      severity_service_critical: "info",
      pdy_routes: "service ^Ping$ -> web",
    };
    const { severityOf, routeOf, rejectionOf } = rulings(
      '{ { when = { host = "db-02" }, page = true, severity = "error", route = "dba" } }',
      parameters,
    );
    assert.is_nil(rejectionOf(problem({ hostGroups: ["lab"] })));
    assert.equal("error", severityOf(problem()));
    assert.equal("dba", routeOf(problem()));
    const other = { hostName: "web", hostGroups: ["lab"] };
    assert.equal("lab is in rejected_hostgroups", rejectionOf(problem(other)));
    assert.equal("info", severityOf(problem(other)));
    assert.equal("web", routeOf(problem(other)));
  });

  it("page = true holds against Centreon's own notifications, too", () => {
    const parameters = { respect_notification_settings: 1 };
    const unnotified = Object.assign(problem(), { unnotified: "its notifications are disabled" });
    assert.equal("its notifications are disabled", rulings("{}", parameters).rejectionOf(unnotified));
    assert.is_nil(rulings("{ { page = true } }", parameters).rejectionOf(unnotified));
  });

  it("one with stop is the last: a state has its severity all the same", () => {
    const { severityOf, routeOf, rejectionOf, waitOf, textsOf } = rulings(
      `{
        { details = { a = "1" } },
        { when = { service = "Ping" }, stop = true, details = { b = "2" } },
        { severity = "info", route = "dba", page = false, wait = 60, details = { c = "3" }, summary = "x" },
      }`,
      { pdy_routes: "service ^Ping$ -> web", pdy_details_format: "d=4", severity_service_critical: "error" },
    );
    assert.equal("error", severityOf(problem()));
    assert.equal("default", routeOf(problem()));
    assert.is_nil(rejectionOf(problem()));
    assert.equal(0, waitOf(problem()));
    const { details, summary } = textsOf(problem());
    assert.is_nil(summary);
    assert.same(
      ["a", "b"],
      details.map(({ name }) => name),
    );
    assert.equal("info", severityOf(problem({ serviceDescription: "Load" })));
  });

  it("the search for a route goes on where a placeholder comes to no key", () => {
    const { routeOf } = rulings('{ { route = "{macro:ONCALL}" }, { route = "dba" } }');
    const ofTeam = (value: string): Alert => problem({ customVariables: [{ name: "ONCALL", value }] });
    assert.equal("web", routeOf(ofTeam("web")));
    assert.equal("dba", routeOf(ofTeam("nobody")));
  });

  it("those with a severity among their conditions see that of the parameters", () => {
    const { severityOf } = rulings(
      '{ { severity = "warning" }, { when = { severity = "critical" }, route = "dba" } }',
    );
    const { routeOf } = rulings(
      '{ { when = { host = "x" }, severity = "info" }, { when = { severity = "error" }, route = "dba" } }',
      { severity_by_criticality: "3:-1" },
    );
    assert.equal("warning", severityOf(problem()));
    assert.equal("default", routeOf(problem()));
    assert.equal("dba", routeOf(problem({ criticality: 3, hostName: "x" })));
  });
});

describe("custom code", () => {
  it("has the last word: it drops what rules page, and its severity and route hold", () => {
    const { severityOf, routeOf, rejectionOf } = rulings(
      '{ { page = true, severity = "info", route = "dba" } }',
    );
    const judged = Object.assign(problem(), {
      verdict: { isDropped: true, summary: undefined, severity: "error", route: "web", details: [] },
    });
    assert.equal("custom_code_file says so", rejectionOf(judged));
    assert.equal("error", severityOf(judged));
    assert.equal("web", routeOf(judged));
  });
});

describe("a silent poller", () => {
  it("is nobody's to filter; how grave it is, and to whom it goes, is", () => {
    const { severityOf, routeOf, rejectionOf, waitOf } = rulings(
      '{ { when = { poller = "Lyon" }, page = false, severity = "info", route = "dba", wait = "10m" } }',
    );
    const lyon = problem({ hostName: "Lyon" }, 2, POLLER);
    assert.is_nil(rejectionOf(lyon));
    assert.equal("info", severityOf(lyon));
    assert.equal("dba", routeOf(lyon));
    assert.equal(600, waitOf(lyon));
  });
});

describe("the connector's alert about itself", () => {
  it("is none that rules speak of", () => {
    const { severityOf, routeOf, rejectionOf, waitOf, textsOf } = rulings(
      '{ { page = false, severity = "info", route = "dba", wait = 60, summary = "x", details = { a = "1" } } }',
    );
    const own = problem({}, 2, CONNECTOR);
    assert.is_nil(rejectionOf(own));
    assert.equal("critical", severityOf(own));
    assert.equal("(fallback)", routeOf(own));
    assert.equal(0, waitOf(own));
    assert.is_nil(textsOf(own).summary);
    assert.same([], textsOf(own).details);
  });
});

describe("a change", () => {
  const changeOf = (resource: Resource, some: Parameters = {}) => ({
    dedupKey: "1_2",
    resource,
    place: placeWith(some),
  });

  it("is told, and goes, by what the rules say of its place", () => {
    const { changeRejectionOf, changeRouteOf } = rulings(
      `{
        { when = { host_group = "lab" }, page = false },
        { when = { state = "CRITICAL" }, page = false, route = "web" },
        { when = { host = "db-*" }, route = "dba" },
      }`,
    );
    const inLab = changeOf(SERVICE, { hostGroups: ["lab"] });
    assert.equal('rule "#1" of pdy_rules_file says page = false', changeRejectionOf(inLab));
    assert.is_nil(changeRejectionOf(changeOf(SERVICE)));
    assert.equal("dba", changeRouteOf(changeOf(SERVICE)));
    assert.equal("default", changeRouteOf(changeOf(SERVICE, { hostName: "web" })));
  });

  it("of a poller may be kept back", () => {
    const { changeRejectionOf } = rulings('{ { when = { poller = "Lyon" }, page = false } }');
    assert.is_not_nil(changeRejectionOf(changeOf(POLLER, { hostName: "Lyon" })));
    assert.is_nil(changeRejectionOf(changeOf(POLLER, { hostName: "Paris" })));
  });
});

describe("the texts of an event", () => {
  it("are each by the first rule that has one; details and links add up, the first of a name holds", () => {
    const { textsOf } = rulings(
      `{
        { summary = "one {host}", details = { rack = "A", floor = "1" }, links = { { "A", "https://a" } } },
        { when = { host = "web" }, class = "web" },
        { summary = "two", class = "db", source = "x", component = "y", group = "z",
          details = { rack = "B", room = "2" }, links = { { "B", "https://b" } }, images = { { "I", "https://i" } } },
      }`,
      { pdy_summary_format: "three", pdy_details_format: "rack=C;row=3", pdy_links: "C=https://c" },
    );
    const alert = problem();
    const texts = textsOf(alert);
    const subject = { alert, severity: alert.severity };
    const filled = (name: "summary" | "source" | "component" | "group" | "class") =>
      fillTemplate(texts[name] ?? [], subject);
    assert.same(
      ["one db-02", "x", "y", "z", "db"],
      (["summary", "source", "component", "group", "class"] as const).map((name) => filled(name)),
    );
    assert.same(
      [
        ["rack", "A"],
        ["floor", "1"],
        ["room", "2"],
        ["row", "3"],
      ],
      texts.details.map(({ name, template }) => [name, fillTemplate(template, subject)]),
    );
    assert.same(
      ["A", "B", "C"],
      texts.links.map(({ text }) => fillTemplate(text, subject)),
    );
    assert.equal(1, texts.images.length);
  });
});

describe("hours", () => {
  const systemTime = os.time;
  /** 2025-10-09, a Thursday, in the system's own time. */
  const at = (hour: number): number => systemTime({ year: 2025, month: 10, day: 9, hour });
  before_each(() => {
    (os as { time: unknown }).time = () => at(9) + 60;
  });
  after_each(() => {
    (os as { time: unknown }).time = systemTime;
  });

  it("say when to ask again: the earliest change of a rule that may fit", () => {
    const { askAgainAt } = rulings(`{
      { when = { hours = "12:00-14:00" }, page = false },
      { when = { hours = "11:00-13:00", host = "db-02" }, severity = "info" },
      { when = { hours = "10:00-13:00", host = "web" }, severity = "info" },
      { when = { hours = "10:00-13:00" }, summary = "x" },
    }`);
    for (const [hostName, hour] of [
      ["web", 10],
      ["db-02", 11],
      ["mail", 12],
    ] as const)
      assert.equal(at(hour) - at(9) - 60, askAgainAt(problem({ hostName })), hostName);
  });

  it("that no rule has are never a reason to ask again", () => {
    assert.is_nil(rulings('{ { when = { host = "x" }, page = false } }').askAgainAt(problem()));
    assert.is_nil(rulings('{ { when = { hours = "mon-sun" }, page = false } }').askAgainAt(problem()));
  });
});

describe("what decided", () => {
  it("can be named: rules of the file, and parameters", () => {
    const { decidedBy } = rulings(
      '{ { name = "staging", when = { host = "db-*" }, severity = "warning", wait = 60 } }',
      { pdy_routes: "service ^Ping$ -> web", rejected_hosts: "^db" },
    );
    const { page, severity, route, wait } = decidedBy(problem());
    assert.same(
      [
        "rejected_hosts",
        'rule "staging" of pdy_rules_file',
        'pdy_routes "service ^Ping$ -> web"',
        'rule "staging" of pdy_rules_file',
      ],
      [page, severity, route, wait].map((rule) => rule && wordsOf(rule)),
    );
    assert.is_nil(decidedBy(problem({ hostName: "x" })).page);
    assert.equal("severity_host_down", decidedBy(problem({ hostName: "x" }, DOWN, hostOf(1))).severity?.name);
  });
});

it("an alert of which no name is known has the severity of its state", () => {
  const { severityOf, routeOf } = rulings('{ { when = { host = "db-02" }, severity = "info" } }');
  const nameless = createAlert(SERVICE, factsWith({ state: WARNING }), "critical");
  assert.equal("warning", severityOf(nameless));
  assert.equal("default", routeOf(nameless));
});
