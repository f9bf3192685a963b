// A table of rules: which conditions fit what, what the rules say, and what is said of a slip. Which rule of several decides
// is in rule_spec.ts.
import { type DescribedAlert, type Resource, createAlert } from "../../src/alerts/alert";
import { fillTemplate } from "../../src/pagerduty/template";
import { readRules } from "../../src/rules/from_table";
import { readLuaTable } from "../../src/rules/lua_table";
import type { Rule } from "../../src/rules/rule";
import type { TableKnowledge } from "../../src/rules/table_conditions";
import { loadWeekClock } from "../../src/text/time";
import {
  CRITICAL,
  DOWN,
  type Some,
  UNREACHABLE,
  WARNING,
  alertFor,
  alertSaying,
  factsWith,
  hostOf,
  placeWith,
  serviceOf,
} from "../support/alerts";
import { KEY, read } from "../support/rules";

const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

const PARAMETERS = read({ pdy_routing_key_dba: KEY, severity_service_warning: "info" });

let warnings: string[] = [];

const KNOWN: TableKnowledge = {
  routes: ["dba", "default"],
  severityOf: PARAMETERS.rules.severityOf,
  unixTime: () => 1760002000,
  weekClock: loadWeekClock(),
  warning: (text) => warnings.push(text),
};

function readText(text: string) {
  const table = readLuaTable(`return ${text}`);
  if (typeof table === "string") return error(table);
  return readRules(table, KNOWN);
}

function rulesIn(text: string): readonly Rule[] {
  const result = readText(text);
  if ("problem" in result) return error(result.problem);
  return result.rules;
}

function ruleIn(text: string): Rule {
  return rulesIn(`{ { ${text} } }`)[0] as Rule;
}

function problemOf(text: string): string {
  const result = readText(text);
  return "problem" in result ? result.problem : "none";
}

/** A service's problem that says these things, in such a state. */
function problem(some: Some = {}, state = CRITICAL, resource: Resource = SERVICE): DescribedAlert {
  return alertSaying(some, alertFor(resource, factsWith({ state })));
}

describe("a condition", () => {
  const anomaly = problem({ isAnomalyDetection: true });
  const meta = problem({ metaServiceId: 7, serviceDescription: "" });
  const host = problem({ serviceDescription: "" }, DOWN, hostOf(1));
  const activity = problem({ hostName: "Shop" }, CRITICAL, ACTIVITY);
  const poller = problem({ hostName: "Lyon" }, 2, POLLER);
  const inRack = problem({ customVariables: [{ name: "RACK", value: "B12" }] });
  const loaded = problem({ perfdata: "load1=5.5;4;6 load5=1" });
  const acknowledged = alertFor(SERVICE, factsWith({ isAcknowledged: true }));
  const volatile = Object.assign(alertFor(), { isVolatile: true });

  const rows: [when: string, fitting: DescribedAlert[], other: DescribedAlert[]][] = [
    ['host = "db-02"', [problem(), host], [problem({ hostName: "DB-02" }), activity]],
    ['host = "db-*"', [problem()], [problem({ hostName: "web-01" })]],
    [
      'host = { "web-01", "db-0?" }',
      [problem(), problem({ hostName: "web-01" })],
      [problem({ hostName: "mail" })],
    ],
    ['host = { pattern = "^db%-%d+$" }', [problem()], [problem({ hostName: "db-x" })]],
    [
      'host = { "web", { pattern = "^db" } }',
      [problem(), problem({ hostName: "web" })],
      [problem({ hostName: "web-01" })],
    ],
    ['service = "P*"', [problem()], [problem({ serviceDescription: "Load" }), host]],
    [
      'host_group = "Linux"',
      [problem({ hostGroups: ["DB", "Linux"] })],
      [problem(), problem({ hostGroups: ["DB"] })],
    ],
    ['service_group = { "Shop", "Pay*" }', [problem({ serviceGroups: ["Payments"] })], [problem()]],
    ['category = "Network"', [problem({ categories: ["Network"] })], [problem()]],
    ['business_view = "Sales"', [problem({ businessViews: ["Sales"] }, CRITICAL, ACTIVITY)], [activity]],
    ['business_activity = "Sh*"', [activity], [problem({ hostName: "Shop" })]],
    ['poller = "Lyon*"', [problem({ poller: "Lyon-2" }), poller], [problem({ poller: "Paris" })]],
    ['kind = "host"', [host], [problem(), activity]],
    ['kind = "service"', [problem(), anomaly], [host, meta]],
    ['kind = "meta-service"', [meta], [problem()]],
    ['kind = "anomaly detection"', [anomaly], [problem(), meta]],
    ['kind = { "ba", "poller" }', [activity, poller], [host, problem()]],
    ['kind = "business activity"', [activity], [poller]],
    ['state = "WARNING"', [problem({}, WARNING)], [problem(), problem({}, DOWN, hostOf(1))]],
    [
      'state = { "UNREACHABLE", "UNKNOWN" }',
      [problem({}, UNREACHABLE, hostOf(1)), problem({}, 3)],
      [problem(), host],
    ],
    ["state = 1", [problem({}, WARNING), host], [problem()]],
    ['severity = "info"', [problem({}, WARNING)], [problem()]],
    ['severity = { "critical", "error" }', [problem()], [problem({}, WARNING)]],
    ["criticality = 1", [problem({ criticality: 1 })], [problem(), problem({ criticality: 2 })]],
    ['criticality = "1-2"', [problem({ criticality: 2 })], [problem(), problem({ criticality: 3 })]],
    ['criticality = { 1, "3 - 4" }', [problem({ criticality: 4 })], [problem({ criticality: 2 })]],
    ["criticality = 0", [problem()], [problem({ criticality: 1 })]],
    [
      'output = "*backup*"',
      [problem({ output: "the backup runs" })],
      [problem({ output: "slow\nthe backup runs" })],
    ],
    [
      'long_output = "*backup*"',
      [problem({ output: "slow\nthe backup runs" }), problem({ longOutput: "the\nbackup" })],
      [problem({ output: "the backup runs" })],
    ],
    ['macro = { rack = "B*" }', [inRack], [problem()]],
    ['macro = { RACK = "B*", SITE = "*" }', [], [inRack, problem()]],
    ['macro = { RACK = "*" }', [inRack], [problem({ customVariables: [{ name: "RACK", value: "" }] })]],
    ['metric = { load1 = "> 5" }', [loaded], [problem(), problem({ perfdata: "load1=5 load5=9" })]],
    ['metric = { ["load*"] = "<=1" }', [loaded], [problem({ perfdata: "load1=5" })]],
    ["metric = { load5 = 1 }", [loaded], [problem({ perfdata: "load5=2" })]],
    ['metric = { load1 = ">= 5.5", load5 = "~= 1" }', [], [loaded]],
    ['metric = { load5 = "*" }', [loaded], [problem({ perfdata: "load1=5" })]],
    ["acknowledged = true", [acknowledged], [problem()]],
    ["volatile = false", [problem()], [volatile]],
  ];
  for (const [when, fitting, others] of rows) {
    it(`{ ${when} } fits what it says, and nothing else`, () => {
      const { fits } = ruleIn(`when = { ${when} }, page = false`);
      for (const [index, alert] of fitting.entries()) assert.is_true(fits(alert), `fitting ${index}`);
      for (const [index, alert] of others.entries()) assert.is_false(fits(alert), `other ${index}`);
    });

    it(`{ not_${when} } turns it round`, () => {
      const { fits } = ruleIn(`when = { not_${when} }, page = false`);
      for (const [index, alert] of fitting.entries()) assert.is_false(fits(alert), `fitting ${index}`);
      for (const [index, alert] of others.entries()) assert.is_true(fits(alert), `other ${index}`);
    });
  }

  it("is one of all that must hold; none at all fits everything", () => {
    const { fits } = ruleIn('when = { host = "db-02", not_service = "Load" }, page = false');
    assert.same(
      [true, false, false],
      [problem(), problem({ serviceDescription: "Load" }), problem({ hostName: "web" })].map((alert) =>
        fits(alert),
      ),
    );
    for (const rule of ["page = false", "when = {}, page = false"])
      for (const alert of [problem(), host, activity, poller]) assert.is_true(ruleIn(rule).fits(alert));
  });

  it("of which nobody knows whether it holds does not fit, nor does it turned round", () => {
    const change = { dedupKey: "1_2", resource: SERVICE, place: placeWith() };
    const nameless = createAlert(SERVICE, factsWith(), "critical");
    for (const when of ['state = "CRITICAL"', 'output = "x"', "acknowledged = true", "volatile = true"]) {
      assert.is_false(ruleIn(`when = { ${when} }, page = false`).fits(change), when);
      assert.is_false(ruleIn(`when = { not_${when} }, page = false`).fits(change), when);
    }
    const unknown = problem({ isKnown: false });
    for (const when of [
      'host = "x"',
      'service = "x"',
      'host_group = "x"',
      'category = "x"',
      "criticality = 1",
      'macro = { X = "x" }',
      'kind = "meta-service"',
    ]) {
      const { fits } = ruleIn(`when = { not_${when} }, page = false`);
      assert.same(
        [false, false, true],
        [nameless, unknown, problem()].map((alert) => fits(alert)),
        when,
      );
    }
  });

  describe("on hours", () => {
    let now = 0;
    const known: TableKnowledge = { ...KNOWN, unixTime: () => now };
    const hourly = (when: string, more = ""): Rule => {
      const table = readLuaTable(`return { { when = { ${when} }, page = false${more} } }`);
      const result = typeof table === "string" ? error(table) : readRules(table, known);
      return "problem" in result ? error(result.problem) : (result.rules[0] as Rule);
    };
    /** 2025-10-09, a Thursday, in the system's own time. */
    const at = (hour: number): number => os.time({ year: 2025, month: 10, day: 9, hour });

    it("holds within them, and tells when that changes", () => {
      const { fits, changesAt } = hourly('hours = "mon-fri 08:00-18:00"');
      for (const [hour, isWithin] of [
        [7, false],
        [8, true],
        [17, true],
        [18, false],
      ] as const) {
        now = at(hour);
        assert.equal(isWithin, fits(problem()), `${hour}`);
        assert.equal(at(hour < 8 ? 8 : hour < 18 ? 18 : 32), changesAt?.(problem()), `${hour}`);
      }
    });

    it("turned round holds outside them, and several are any of them", () => {
      now = at(12);
      assert.is_false(hourly('not_hours = "08:00-18:00"').fits(problem()));
      const several = hourly('hours = { "07:00-08:00", "11:00-13:00" }');
      assert.is_true(several.fits(problem()));
      assert.equal(at(13), several.changesAt?.(problem()));
      assert.equal(at(18), hourly('not_hours = "08:00-18:00"').changesAt?.(problem()));
    });

    it("changes nothing for what the rest of the rule does not fit", () => {
      const { changesAt } = hourly('hours = "08:00-18:00", host = "web"');
      assert.is_nil(changesAt?.(problem()));
      assert.is_not_nil(changesAt?.(problem({ hostName: "web" })));
      assert.is_nil(hourly('host = "web"').changesAt);
    });
  });
});

describe("what a rule says", () => {
  it("is a page or none, a severity, and a time to wait", () => {
    assert.is_true(ruleIn("page = true").page);
    assert.is_false(ruleIn("page = false").page);
    assert.equal("warning", ruleIn('severity = "warning"').severity);
    for (const [wait, seconds] of [
      ['"5m"', 300],
      ['"90s"', 90],
      ['"1h30m"', 5400],
      ['" 1h 30m "', 5400],
      ['"1d"', 86400],
      ["45", 45],
      ["0", 0],
    ] as const)
      assert.equal(seconds, ruleIn(`wait = ${wait}`).wait, wait);
  });

  it("is a route by its name, or by a placeholder, where there is a key of that name", () => {
    warnings = [];
    assert.equal("dba", ruleIn('route = "dba"').route?.(problem()));
    const byMacro = ruleIn('name = "owner", route = "{macro:oncall}"');
    const ofTeam = (value: string) => problem({ customVariables: [{ name: "ONCALL", value }] });
    assert.equal("dba", byMacro.route?.(ofTeam("dba")));
    assert.same([], warnings);
    assert.is_nil(byMacro.route?.(ofTeam("night")));
    assert.is_nil(byMacro.route?.(ofTeam("night")));
    assert.is_nil(byMacro.route?.(problem()));
    assert.same(
      [
        'rule "owner" of pdy_rules_file: there is no usable parameter pdy_routing_key_night for route = "night"; the next rules decide (said once)',
      ],
      warnings,
    );
    assert.equal(
      "default",
      ruleIn('route = "{poller}"').route?.({
        dedupKey: "1_2",
        resource: SERVICE,
        place: placeWith({ poller: "default" }),
      }),
    );
  });

  it("is a text in place of the usual one, with placeholders", () => {
    for (const name of ["summary", "source", "component", "group", "class"] as const) {
      const template = ruleIn(`${name} = "{host} in {macro:RACK}"`)[name];
      const alert = problem({ customVariables: [{ name: "RACK", value: "B12" }] });
      assert.equal("db-02 in B12", template && fillTemplate(template, { alert, severity: "critical" }));
    }
  });

  it("is details, links and images", () => {
    const { details, links, images } = ruleIn(
      'details = { rack = "{macro:RACK}", ["floor no."] = 3 }, ' +
        'links = { { "Runbook", "https://wiki/{service}" }, { "A", "http://a" } }, images = { { "Graph", "https://g/{host}" } }',
    );
    assert.same(
      ["rack", "floor no."],
      details?.map(({ name }) => name),
    );
    assert.equal(2, links?.length);
    assert.equal(1, images?.length);
  });

  it("needs the custom variables that it looks at or tells", () => {
    const { customVariables } = ruleIn(
      'when = { macro = { a = "x" }, not_macro = { B = "y" } }, summary = "{macro:c}", route = "{macro:D}", ' +
        'details = { e = "{macro:E}" }, links = { { "{macro:F}", "https://x/{macro:G}" } }',
    );
    const names = [...(customVariables ?? [])];
    table.sort(names);
    assert.same(["A", "B", "C", "D", "E", "F", "G"], names);
  });

  it("is said of nothing but hosts, services, business activities and pollers", () => {
    assert.same(["host", "service", "business activity", "poller"], ruleIn("page = false").kinds);
    assert.same(["host"], ruleIn('when = { kind = "host" }, page = false').kinds);
  });
});

it("a rule without a name has its number", () => {
  const names = rulesIn('{ { page = true }, { name = "x", page = true }, { page = true } }').map(
    ({ name }) => name,
  );
  assert.same(["#1", "x", "#3"], names);
});

describe("a slip is told with rule, field, value and what is possible:", () => {
  const ALL_FIELDS =
    "name, when, zone, page, severity, route, wait, summary, source, component, group, class, details, links, images, stop";
  const ALL_CONDITIONS =
    "acknowledged, business_activity, business_view, category, criticality, host, host_group, hours, kind, long_output, " +
    "macro, metric, output, poller, service, service_group, severity, state, volatile; each also with not_ before it";
  const A_NAME =
    'expected a name, perhaps with wildcards ("web-*"), { pattern = "^web%-" } for a Lua pattern, or a list of them';
  const LINKS =
    'expected a list of texts with their addresses: { { "Runbook", "https://wiki.example.com/{service}" } }';

  const rows: [rule: string, complaint: string][] = [
    ["pgae = false", `pgae: there is no such field: did you mean page? possible are ${ALL_FIELDS}`],
    ['host = "web", page = false', "host: host is a condition: write when = { host = … }"],
    [
      'when = { host_groop = "x" }, page = false',
      `when.host_groop: there is no such condition: did you mean host_group? possible are ${ALL_CONDITIONS}`,
    ],
    [
      'when = { not_sate = "x" }, page = false',
      `when.not_sate: there is no such condition: did you mean state? possible are ${ALL_CONDITIONS}`,
    ],
    ["when = { page = false }", "when.page: it is no condition: write it beside when, not into it"],
    ['when = "web", page = false', 'when = "web": expected a table of conditions: { host = "web-*" }'],
    ['when = { "web" }, page = false', 'when = a table: expected a table of conditions: { host = "web-*" }'],
    ["when = { host = 5 }, page = false", `when.host: 5: ${A_NAME}`],
    ["when = { host = {} }, page = false", "when.host: an empty list fits nothing: leave it out"],
    ['when = { host = { patern = "x" } }, page = false', `when.host: a table: ${A_NAME}`],
    [
      'when = { host = { "a", b = "c" } }, page = false',
      'when.host: "b" stands among the values of a list: a list has values without names',
    ],
    ['when = { host = { pattern = "db[" } }, page = false', 'when.host: pattern = "db[": a [ without its ]'],
    [
      'when = { host = { pattern = ".*.*.*.*" } }, page = false',
      'when.host: pattern = ".*.*.*.*": it could hold up the broker for minutes: it repeats (*, +, -) 4 times, and 3 is the most',
    ],
    [
      'when = { state = "WARNIG" }, page = false',
      'when.state: "WARNIG" is no state of a problem: did you mean WARNING? possible are WARNING, CRITICAL, UNKNOWN, DOWN, UNREACHABLE, and their numbers',
    ],
    [
      'when = { kind = { "host", "hosts" } }, page = false',
      'when.kind: "hosts": did you mean host? possible are host, service, meta-service, anomaly detection, business activity, ba, poller',
    ],
    [
      "when = { criticality = true }, page = false",
      'when.criticality: true: expected a level, such as 1, or a range, "1-2"; 0 is none',
    ],
    [
      "when = { criticality = 1.5 }, page = false",
      'when.criticality: 1.5: expected a level, such as 1, or a range, "1-2"; 0 is none',
    ],
    [
      'when = { criticality = "2-1" }, page = false',
      'when.criticality: "2-1": expected a level, such as 1, or a range, "1-2"; 0 is none',
    ],
    ['when = { acknowledged = "yes" }, page = false', 'when.acknowledged: "yes": expected true or false'],
    [
      'when = { macro = "RACK" }, page = false',
      'when.macro: "RACK": expected a table of names and values: { ONCALL = "dba*" }',
    ],
    [
      'when = { metric = { load1 = "high" } }, page = false',
      'when.metric: "high": expected a comparison, such as "> 5" or "<= 0.5", a number, or "*"',
    ],
    [
      'severity = "eror"',
      'severity: "eror": did you mean error? possible are critical, error, warning, info',
    ],
    ["severity = 1", "severity: 1: possible are critical, error, warning, info"],
    ['page = "no"', 'page: "no": expected true or false'],
    [
      'wait = "5 minutes"',
      'wait: "5 minutes": expected a time, such as "5m", "90s" or "1h30m", or a whole number of seconds',
    ],
    ["wait = -1", 'wait: -1: expected a time, such as "5m", "90s" or "1h30m", or a whole number of seconds'],
    [
      'wait = "300"',
      'wait: "300": expected a time, such as "5m", "90s" or "1h30m", or a whole number of seconds',
    ],
    [
      'route = "dbaa"',
      'route: "dbaa": there is no usable parameter pdy_routing_key_dbaa: did you mean dba? possible are dba, default',
    ],
    ['route = "{macro:ONCALL"', 'route: "{macro:ONCALL": a { without its }'],
    ['summary = ""', 'summary: "": expected a text, such as "{host}: {state}"'],
    ['details = "x"', 'details: "x": expected a table of names and texts: { rack = "{macro:RACK}" }'],
    ['links = { "https://x" }', `links: ${LINKS}`],
    [
      'links = { { "A", "wiki/{service}" } }',
      'links: "wiki/{service}": its address must begin with https:// (or http://), or with a placeholder',
    ],
    [
      'images = { { "A", "http://g" } }',
      'images: "http://g": its address must begin with https://, or with a placeholder: PagerDuty loads no other',
    ],
    ['when = { host = "web" }', "it says nothing: write what follows, such as page = false"],
    ["name = 5, page = true", "name = 5: expected a text"],
    [
      'zone = "Europe/Paris", page = false',
      'zone = "Europe/Paris" does nothing without hours: write when = { hours = … }',
    ],
    [
      'when = { kind = "poller" }, page = false',
      "page = false does nothing for a poller: set severity_poller_silent to none",
    ],
    ['page = false, "x"', `"x" stands there without a name: possible are ${ALL_FIELDS}`],
  ];
  for (const [rule, complaint] of rows) {
    it(`{ ${rule} }`, () => {
      const isNamed = string.find(rule, "name = ")[0] !== undefined;
      const name = isNamed ? "#1" : "mine";
      const written = isNamed ? `{ { ${rule} } }` : `{ { name = "mine", ${rule} } }`;
      assert.equal(`line 1: rule "${name}": ${complaint}`, problemOf(written));
    });
  }

  it("the unknown placeholder with those that are known", () => {
    const told = problemOf('{ { summary = "{hots}" } }');
    assert.equal(
      1,
      string.find(told, 'line 1: rule "#1": summary: "{hots}": {hots} is unknown; known are {', 1, true)[0],
    );
  });

  it("bad hours with what is possible", () => {
    const told = problemOf('{ { name = "night", page = false,\nwhen = { hours = "25:00-26:00" } } }');
    assert.equal(1, string.find(told, 'line 2: rule "night": when.hours: "25:00-26:00": ', 1, true)[0], told);
  });

  const tables: [table: string, complaint: string][] = [
    [
      "{ name = 5 }",
      'line 1: "name" stands beside the rules: expected a list of rules, each in braces: return { { name = … }, { name = … } }',
    ],
    ['{ { page = true }, "x" }', 'rule 2 is "x": expected a rule in braces: { name = … }'],
    [
      '{\n{ name = "a", page = true },\n{ name = "a", page = false } }',
      'line 3: rule "a": line 2 has a rule of that name: the log must tell them apart',
    ],
    // The first of several.
    ["{ { pgae = 1 },\n{ page = 1 } }", string.match(problemOf("{ { pgae = 1 } }"), ".*")[0] ?? ""],
  ];
  for (const [table, complaint] of tables) {
    it(table, () => {
      assert.equal(complaint, problemOf(table));
    });
  }

  it("and an empty list is no slip", () => {
    assert.same([], rulesIn("{}"));
  });
});
