// rules/from_parameters: what the parameters for filters, severities and routes add up to, and what is said of slips.
// What the rules then decide is in their own specs.
import { type Rules, readRules } from "../../src/rules/from_parameters";
import { severityOf } from "../../src/rules/severity";
import type { Complaint } from "../../src/settings/complaint";
import { readSettings } from "../../src/settings/settings";
import { readFile } from "../../src/text/files";

const KEY = "0123456789abcdef0123456789abcdef";
const OTHER_KEY = "fedcba9876543210fedcba9876543210";

function read(parameters: Record<string, unknown>): {
  readonly routingKeys: Record<string, string>;
  readonly rules: Rules;
  readonly complaints: Complaint[];
} {
  const given = new LuaTable<string, unknown>();
  const all = { pdy_routing_key: KEY, pdy_centreon_url: "https://centreon.example", ...parameters };
  for (const [name, value] of Object.entries(all)) given.set(name, value);
  const checked = readSettings(given, readFile);
  return { routingKeys: checked.routingKeys, rules: readRules(checked), complaints: checked.complaints };
}

function rulesOf(parameters: Record<string, unknown>): Rules {
  const { rules, complaints } = read(parameters);
  assert.same([], complaints);
  return rules;
}

function complaintsAbout(parameters: Record<string, unknown>): string[] {
  return read(parameters).complaints.map(({ isError, text }) => `${isError ? "error" : "warning"}: ${text}`);
}

describe("filters", () => {
  const lists: [parameter: string, pick: (this: void, rules: Rules) => readonly string[]][] = [
    ["accepted_hostgroups", ({ filter }) => filter.hostGroups.accepted],
    ["rejected_hostgroups", ({ filter }) => filter.hostGroups.rejected],
    ["accepted_servicegroups", ({ filter }) => filter.serviceGroups.accepted],
    ["rejected_servicegroups", ({ filter }) => filter.serviceGroups.rejected],
    ["accepted_bvs", ({ filter }) => filter.businessViews.accepted],
    ["rejected_bvs", ({ filter }) => filter.businessViews.rejected],
    ["accepted_pollers", ({ filter }) => filter.pollers.accepted],
    ["rejected_pollers", ({ filter }) => filter.pollers.rejected],
    ["accepted_authors", ({ filter }) => filter.authors.accepted],
    ["rejected_authors", ({ filter }) => filter.authors.rejected],
  ];
  for (const [parameter, pick] of lists) {
    it(`${parameter} is a list of names, trimmed; empty when it is not set`, () => {
      assert.same(["Linux Servers", "Paris"], pick(rulesOf({ [parameter]: " Linux Servers , Paris,," })));
      assert.same([], pick(rulesOf({})));
    });
  }

  const patterns: [parameter: string, pick: (this: void, rules: Rules) => readonly string[]][] = [
    ["accepted_hosts", ({ filter }) => filter.hosts.accepted],
    ["rejected_hosts", ({ filter }) => filter.hosts.rejected],
    ["accepted_services", ({ filter }) => filter.services.accepted],
    ["rejected_services", ({ filter }) => filter.services.rejected],
  ];
  for (const [parameter, pick] of patterns) {
    it(`${parameter} is one Lua pattern, or several where ${parameter}_enable_split_pattern says so`, () => {
      const split = { [`${parameter}_enable_split_pattern`]: 1 };
      const byBar = { [`${parameter}_split_character`]: "|" };
      assert.same(["^web,%d+$"], pick(rulesOf({ [parameter]: " ^web,%d+$ " })));
      assert.same(["^web", "^db"], pick(rulesOf({ [parameter]: "^web, ^db", ...split })));
      assert.same(["^web,", "^db"], pick(rulesOf({ [parameter]: "^web,|^db", ...split, ...byBar })));
    });

    it(`${parameter} leaves out what is no Lua pattern, and says so`, () => {
      const given = { [parameter]: "web[, ^db", [`${parameter}_enable_split_pattern`]: 1 };
      assert.same(["^db"], pick(read(given).rules));
      assert.same(
        [`error: parameter ${parameter}: "web[" is no Lua pattern (a [ without its ]); it is left out`],
        complaintsAbout(given),
      );
    });
  }

  for (const [parameter, pick] of patterns) {
    it(`${parameter} leaves out what would hold up the broker, and says what was probably meant`, () => {
      const given = { [parameter]: "srv-par-web-prod-01, ^db", [`${parameter}_enable_split_pattern`]: 1 };
      assert.same(["^db"], pick(read(given).rules));
      assert.same(
        [
          `error: parameter ${parameter}: "srv-par-web-prod-01" could hold up the broker for minutes (it repeats (*, +, -) 4 ` +
            "times, and 3 is the most; - repeats what is before it: to mean the name, write srv%-par%-web%-prod%-01); " +
            "it is left out",
        ],
        complaintsAbout(given),
      );
    });

    it(`${parameter} is doubted where it looks like a name or another language, and used`, () => {
      const doubted: [value: string, doubt: string][] = [
        ["shop-03", "- repeats what is before it: to mean the name, write shop%-03"],
        [
          "shop|db",
          `| does not mean "or": for several patterns set ${parameter}_enable_split_pattern to 1, and separate them by ,`,
        ],
      ];
      for (const [value, doubt] of doubted) {
        assert.same([value], pick(read({ [parameter]: value }).rules));
        assert.same(
          [`warning: parameter ${parameter}: "${value}" is a Lua pattern, in which ${doubt}`],
          complaintsAbout({ [parameter]: value }),
        );
      }
    });
  }

  const states: [parameter: string, kind: "host" | "service" | "business activity", all: number[]][] = [
    ["host_status", "host", [0, 1, 2]],
    ["service_status", "service", [0, 1, 2, 3]],
    ["ba_status", "business activity", [0, 1, 2, 3]],
  ];
  for (const [parameter, kind, all] of states) {
    it(`${parameter} is a list of states; all when it is not set or empty`, () => {
      assert.same([2], rulesOf({ [parameter]: " 2, " }).filter.states[kind]);
      assert.same(all, rulesOf({}).filter.states[kind]);
      assert.same(all, rulesOf({ [parameter]: "" }).filter.states[kind]);
    });

    it(`${parameter} with a slip leaves that out; with nothing else it costs no page`, () => {
      assert.same([1], read({ [parameter]: "1,two" }).rules.filter.states[kind]);
      assert.same(all, read({ [parameter]: "critical" }).rules.filter.states[kind]);
      assert.same(
        [`error: parameter ${parameter}: "two" is no state: expected numbers such as 1,2; it is left out`],
        complaintsAbout({ [parameter]: "1,two" }),
      );
    });
  }

  it("accepted_elements says which kinds of problems alert; a silent poller always does", () => {
    const { states: accepted } = rulesOf({ accepted_elements: "host_status, acknowledgement" }).filter;
    assert.same([0, 1, 2], accepted.host);
    assert.same([], accepted.service);
    assert.same([], accepted["business activity"]);
    assert.same([2], accepted.poller);
  });

  it("severity_poller_silent none: a silent poller does not, and has a severity all the same", () => {
    const { filter, severity } = rulesOf({ severity_poller_silent: "none" });
    assert.same([], filter.states.poller);
    assert.equal("critical", severityOf(severity, "poller", 2, 0));
  });

  it("of criticality compare as the predecessors: threshold, operator, level; 0 asks for nothing", () => {
    assert.is_nil(rulesOf({}).filter.hostCriticality);
    const given = {
      host_severity_threshold: 2,
      service_severity_threshold: "3",
      service_severity_operator: "<",
    };
    const { hostCriticality, serviceCriticality } = rulesOf(given).filter;
    assert.same({ threshold: 2, operator: ">=" }, hostCriticality);
    assert.same({ threshold: 3, operator: "<" }, serviceCriticality);
  });
});

describe("severities", () => {
  it("are those of PagerDuty that the states have always had", () => {
    const { ofState } = rulesOf({}).severity;
    assert.same({ 1: "critical", 2: "error" }, ofState.host);
    assert.same({ 1: "warning", 2: "critical", 3: "error" }, ofState.service);
    assert.same({ 1: "warning", 2: "critical", 3: "error" }, ofState["business activity"]);
    assert.same({ 2: "critical" }, ofState.poller);
  });

  it("can be chosen for each state", () => {
    const given = {
      severity_host_down: "error",
      severity_host_unreachable: "info",
      severity_service_warning: "info",
      severity_service_critical: "warning",
      severity_service_unknown: "critical",
      severity_ba_warning: "error",
      severity_ba_critical: "info",
      severity_ba_unknown: "warning",
      severity_poller_silent: "warning",
    };
    const { ofState } = rulesOf(given).severity;
    assert.same({ 1: "error", 2: "info" }, ofState.host);
    assert.same({ 1: "info", 2: "warning", 3: "critical" }, ofState.service);
    assert.same({ 1: "error", 2: "info", 3: "warning" }, ofState["business activity"]);
    assert.same({ 2: "warning" }, ofState.poller);
  });

  it("move by criticality, up or down", () => {
    const { stepsByCriticality } = rulesOf({ severity_by_criticality: "1:+1, 4 : -1,5:-2" }).severity;
    for (const [level, steps] of [
      [1, 1],
      [4, -1],
      [5, -2],
    ] as const) {
      assert.equal(steps, stepsByCriticality.get(level));
    }
    assert.is_nil(stepsByCriticality.get(2));
  });

  it("do not move by what cannot be read, which is said", () => {
    const given = { severity_by_criticality: "1:+1,gold:+2,3" };
    assert.equal(1, read(given).rules.severity.stepsByCriticality.get(1));
    assert.same(
      ["gold:+2", "3"].map(
        (item) =>
          `error: parameter severity_by_criticality: "${item}" cannot be read: expected level:steps, such as 1:+1; it is left out`,
      ),
      complaintsAbout(given),
    );
  });
});

describe("routing keys", () => {
  it("are those of pdy_routing_key, as the default, and of each pdy_routing_key_<name>", () => {
    const { routingKeys, complaints } = read({ pdy_routing_key_dba: ` raw::${OTHER_KEY}` });
    assert.same({ default: KEY, dba: OTHER_KEY }, routingKeys);
    assert.same([], complaints);
  });

  it("of the wrong form are left out, and said by name, not by value", () => {
    const given = { pdy_routing_key_dba: "s3cr3t" };
    assert.same({ default: KEY }, read(given).routingKeys);
    const [complaint, another] = complaintsAbout(given);
    assert.is_nil(another);
    assert.is_not_nil(
      string.find(complaint ?? "", "error: parameter pdy_routing_key_dba has 6 characters", 1, true)[0],
    );
    assert.is_nil(string.find(complaint ?? "", "s3cr3t", 1, true)[0]);
  });
});

describe("routes", () => {
  const WITH_TEAM = { pdy_routing_key_dba: OTHER_KEY };

  it("are read in their order, one for each semicolon", () => {
    const pdy_routes = "hostgroup ^Databases$ -> dba; criticality 1->default ;service my service -> dba;";
    assert.same(
      [
        { subject: "hostgroup", pattern: "^Databases$", route: "dba" },
        { subject: "criticality", pattern: "1", route: "default" },
        { subject: "service", pattern: "my service", route: "dba" },
      ],
      rulesOf({ ...WITH_TEAM, pdy_routes }).routes,
    );
  });

  const faulty: [rule: string, problem: string][] = [
    ["hostgroup dba", "expected `what pattern -> name`, such as `hostgroup ^Databases$ -> dba`"],
    [
      "planet ^Mars$ -> dba",
      "planet is unknown: expected hostgroup, servicegroup, poller, host, service, ba, bv or criticality",
    ],
    ["host ^db -> night", "there is no usable parameter pdy_routing_key_night"],
    ["host db[ -> dba", "a [ without its ]"],
    ["criticality high -> dba", '"high" is no criticality level'],
    [
      "host .*.*.*.* -> dba",
      "it could hold up the broker for minutes: it repeats (*, +, -) 4 times, and 3 is the most",
    ],
  ];
  for (const [rule, problem] of faulty) {
    it(`leave out "${rule}", and the others stay: ${problem}`, () => {
      const given = { ...WITH_TEAM, pdy_routes: `${rule}; host ^web -> dba` };
      assert.same([{ subject: "host", pattern: "^web", route: "dba" }], read(given).rules.routes);
      assert.same([`error: parameter pdy_routes: "${rule}" is left out: ${problem}`], complaintsAbout(given));
    });
  }

  it("are doubted where a pattern looks like a name, and used", () => {
    const given = { ...WITH_TEAM, pdy_routes: "host shop-03 -> dba" };
    assert.equal(1, read(given).rules.routes.length);
    assert.same(
      [
        'warning: parameter pdy_routes: "shop-03" is a Lua pattern, in which - repeats what is before it: to mean the ' +
          "name, write shop%-03",
      ],
      complaintsAbout(given),
    );
  });
});

describe("formats", () => {
  it("are the usual where none is set", () => {
    const { summary, details } = rulesOf({});
    assert.is_nil(summary);
    assert.same([], details);
  });

  it("are read once, with the names of the details", () => {
    const { summary, details } = rulesOf({
      pdy_summary_format: "[{poller}] {resource}",
      pdy_details_format: " runbook = https://wiki/{service} ;rack={macro:rack};",
      pdy_custom_variables: "Rack",
    });
    assert.equal(4, summary?.length);
    assert.same(
      ["runbook", "rack"],
      details.map(({ name }) => name),
    );
  });

  it("with an unknown placeholder are not used, and the known ones are named", () => {
    const given = { pdy_summary_format: "{hots} is {state}" };
    assert.is_nil(read(given).rules.summary);
    const [complaint, another] = complaintsAbout(given);
    assert.is_nil(another);
    for (const part of [
      "error: parameter pdy_summary_format: {hots} is unknown; known are {",
      "{host}, ",
      "{metric:name}, ",
      "; the usual summary is used instead",
    ]) {
      assert.is_not_nil(string.find(complaint ?? "", part, 1, true)[0], `${part} in ${complaint}`);
    }
  });

  const faulty: [item: string, problem: string][] = [
    ["rack", "expected `name=text`, such as `rack={macro:RACK}`"],
    ["my rack=1", "expected `name=text`, such as `rack={macro:RACK}`"],
    ["rack={macro:RACK}", "{macro:RACK} has no value: add RACK to pdy_custom_variables"],
    ["rack={host", "a { without its }"],
  ];
  for (const [item, problem] of faulty) {
    it(`leave out "${item}", and the others stay: ${problem}`, () => {
      const given = { pdy_details_format: `${item};site={poller}` };
      assert.same(
        ["site"],
        read(given).rules.details.map(({ name }) => name),
      );
      assert.same(
        [`error: parameter pdy_details_format: "${item}" is left out: ${problem}`],
        complaintsAbout(given),
      );
    });
  }
});

describe("links and images", () => {
  const names = ["pdy_links", "pdy_images"] as const;
  for (const name of names) {
    const pick = (rules: Rules): number => (name === "pdy_links" ? rules.links : rules.images).length;

    it(`${name} are text and address, each with placeholders`, () => {
      const given = {
        [name]: " Graph of {host} = https://graphs/?a={host}&b=1 ;Runbook={macro:URL}; HTTP=HTTPS://x ",
        pdy_custom_variables: "URL",
      };
      assert.equal(3, pick(rulesOf(given)));
      assert.equal(0, pick(rulesOf({})));
    });

    const expected = "expected `text=address`, such as `Runbook=https://wiki.example.com/{service}`";
    const faulty: [item: string, problem: string][] = [
      ["https://graphs/{host}", expected],
      ["=https://graphs/{host}", expected],
      ["Graph=", expected],
      ["Graph=https://graphs/{hots", "a { without its }"],
      ["{graph=https://graphs", "a { without its }"],
      ["Graph={macro:URL}", "{macro:URL} has no value: add URL to pdy_custom_variables"],
    ];
    for (const [item, problem] of faulty) {
      it(`${name} leave out "${item}", and the others stay: ${problem}`, () => {
        const given = { [name]: `${item};Runbook=https://wiki.example` };
        assert.equal(1, pick(read(given).rules));
        assert.same([`error: parameter ${name}: "${item}" is left out: ${problem}`], complaintsAbout(given));
      });
    }
  }

  const addresses: [name: string, address: string, problem: string | undefined][] = [
    ["pdy_links", "http://graphs", undefined],
    [
      "pdy_links",
      "graphs/{host}",
      "its address must begin with https:// (or http://), or with a placeholder",
    ],
    ["pdy_links", "https://", "its address must begin with https:// (or http://), or with a placeholder"],
    [
      "pdy_images",
      "http://graphs",
      "its address must begin with https://, or with a placeholder: PagerDuty loads no other",
    ],
  ];
  for (const [name, address, problem] of addresses) {
    it(`${name} say of "${address}": ${problem ?? "nothing"}`, () => {
      const complaint = `error: parameter ${name}: "A=${address}" is left out: ${problem ?? ""}`;
      assert.same(problem === undefined ? [] : [complaint], complaintsAbout({ [name]: `A=${address}` }));
    });
  }
});
