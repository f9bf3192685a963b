// rules/from_parameters: what the parameters for filters, severities and routes add up to, and what is said of slips.
// What the rules then decide is in their own specs.
import type { Place, Resource, Severity } from "../../src/alerts/alert";
import type { Rule } from "../../src/rules/rule";
import { alertFor, factsWith, hostOf, placeWith, serviceOf } from "../support/alerts";
import { KEY, type Parameters, read, rulingsOf } from "../support/rules";

const OTHER_KEY = "fedcba9876543210fedcba9876543210";

function rulesOf(parameters: Parameters): readonly Rule[] {
  const { rules, said } = read(parameters);
  assert.same([], said);
  return rules.rules;
}

function complaintsAbout(parameters: Parameters): string[] {
  return read(parameters).said;
}

/** The rules of one parameter. */
function rulesBy(origin: string, rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => rule.origin === origin);
}

const HOST = hostOf(1);
const SERVICE = serviceOf(1, 2);
const ACTIVITY: Resource = { kind: "business activity", id: 3 };
const POLLER: Resource = { kind: "poller", id: 4 };

const RESOURCES = { host: HOST, service: SERVICE, "business activity": ACTIVITY, poller: POLLER } as const;

function passes(parameters: Parameters, resource: Resource, state: number, place: Partial<Place> = {}) {
  const alert = alertFor(resource, factsWith({ state }));
  return rulingsOf(parameters).rejectionOf(Object.assign(alert, { place: placeWith(place) })) === undefined;
}

/** Those of `names` that are on the list of `parameter`: accepted pass, rejected do not. */
function onList(
  parameter: string,
  parameters: Parameters,
  names: readonly string[],
  resource: Resource,
  placeOf: (this: void, name: string) => Partial<Place>,
): string[] {
  const isAccepting = parameter.startsWith("accepted_");
  return names.filter((name) => passes(parameters, resource, 1, placeOf(name)) === isAccepting);
}

function severityOf(parameters: Parameters, kind: keyof typeof RESOURCES, state: number, criticality = 0) {
  const alert = alertFor(RESOURCES[kind], factsWith({ state }));
  return rulingsOf(parameters).severityOf(Object.assign(alert, { place: placeWith({ criticality }) }));
}

describe("filters", () => {
  const NAMES = ["Linux Servers", "Lyon", "Paris", ""];
  const lists: [what: string, resource: Resource, placeOf: (this: void, name: string) => Partial<Place>][] = [
    ["hostgroups", SERVICE, (name) => ({ hostGroups: [name] })],
    ["servicegroups", SERVICE, (name) => ({ serviceGroups: [name] })],
    ["bvs", ACTIVITY, (name) => ({ businessViews: [name] })],
    ["pollers", SERVICE, (name) => ({ poller: name })],
  ];
  for (const [what, resource, placeOf] of lists) {
    for (const parameter of [`accepted_${what}`, `rejected_${what}`]) {
      it(`${parameter} is a list of names, trimmed; empty when it is not set`, () => {
        const given = { [parameter]: " Linux Servers , Paris,," };
        assert.same([], complaintsAbout(given));
        assert.same(["Linux Servers", "Paris"], onList(parameter, given, NAMES, resource, placeOf));
        for (const name of NAMES) assert.is_true(passes({}, resource, 1, placeOf(name)));
      });
    }
  }

  for (const [parameter, pick] of [
    ["accepted_authors", "accepted"],
    ["rejected_authors", "rejected"],
  ] as const) {
    it(`${parameter} is a list of names, trimmed; empty when it is not set`, () => {
      assert.same(["alice", "bob"], read({ [parameter]: " alice , bob,," }).rules.authors[pick]);
      assert.same([], read({}).rules.authors[pick]);
    });
  }

  const patterns: [parameter: string, placeOf: (this: void, name: string) => Partial<Place>][] = [
    ["accepted_hosts", (hostName) => ({ hostName })],
    ["rejected_hosts", (hostName) => ({ hostName })],
    ["accepted_services", (serviceDescription) => ({ serviceDescription })],
    ["rejected_services", (serviceDescription) => ({ serviceDescription })],
  ];
  for (const [parameter, placeOf] of patterns) {
    const fitting = (given: Parameters, ...names: string[]): string[] =>
      onList(parameter, given, names, SERVICE, placeOf);

    it(`${parameter} is one Lua pattern, or several where ${parameter}_enable_split_pattern says so`, () => {
      const split = { [`${parameter}_enable_split_pattern`]: 1 };
      const byBar = { [`${parameter}_split_character`]: "|" };
      assert.same(["web,1"], fitting({ [parameter]: " ^web,%d+$ " }, "web,1", "web", "db", "%d+$"));
      assert.same(["web", "db"], fitting({ [parameter]: "^web, ^db", ...split }, "web", "db", " db", "mail"));
      assert.same(
        ["web,", "db"],
        fitting({ [parameter]: "^web,|^db", ...split, ...byBar }, "web", "web,", "db"),
      );
    });

    it(`${parameter} leaves out what is no Lua pattern, and says so`, () => {
      const given = { [parameter]: "web[, ^db", [`${parameter}_enable_split_pattern`]: 1 };
      assert.same(["db"], fitting(given, "web[", "web", "db"));
      assert.same(
        [`error: parameter ${parameter}: "web[" is no Lua pattern (a [ without its ]); it is left out`],
        complaintsAbout(given),
      );
    });

    it(`${parameter} leaves out what would hold up the broker, and says what was probably meant`, () => {
      const given = { [parameter]: "srv-par-web-prod-01, ^db", [`${parameter}_enable_split_pattern`]: 1 };
      assert.same(["db"], fitting(given, "srvparwebprod01", "srv-par-web-prod-01", "db"));
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
      const doubted: [value: string, meant: string, doubt: string][] = [
        ["shop-03", "shop03", "- repeats what is before it: to mean the name, write shop%-03"],
        [
          "shop|db",
          "shop|db",
          `| does not mean "or": for several patterns set ${parameter}_enable_split_pattern to 1, and separate them by ,`,
        ],
      ];
      for (const [value, meant, doubt] of doubted) {
        assert.same([meant], fitting({ [parameter]: value }, meant, "shop-03", "shop"));
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
    const passing = (given: Parameters): number[] =>
      [0, 1, 2, 3, 4].filter((state) => passes(given, RESOURCES[kind], state));

    it(`${parameter} is a list of states; all when it is not set or empty`, () => {
      assert.same([], complaintsAbout({ [parameter]: " 2, " }));
      assert.same([2], passing({ [parameter]: " 2, " }));
      assert.same(all, passing({}));
      assert.same(all, passing({ [parameter]: "" }));
    });

    it(`${parameter} with a slip leaves that out; with nothing else it costs no page`, () => {
      assert.same([1], passing({ [parameter]: "1,two" }));
      assert.same(all, passing({ [parameter]: "critical" }));
      assert.same(
        [`error: parameter ${parameter}: "two" is no state: expected numbers such as 1,2; it is left out`],
        complaintsAbout({ [parameter]: "1,two" }),
      );
    });
  }

  it("accepted_elements says which kinds of problems alert; a silent poller always does", () => {
    const given = { accepted_elements: "host_status, acknowledgement" };
    assert.same([], complaintsAbout(given));
    const passing = (resource: Resource): number[] =>
      [0, 1, 2, 3].filter((state) => passes(given, resource, state));
    assert.same([0, 1, 2], passing(HOST));
    assert.same([], passing(SERVICE));
    assert.same([], passing(ACTIVITY));
    assert.is_true(passes(given, POLLER, 2));
  });

  it("of criticality compare as the predecessors: threshold, operator, level; 0 asks for nothing", () => {
    const passing = (given: Parameters, resource: Resource): number[] =>
      [0, 1, 2, 3, 4].filter((criticality) => passes(given, resource, 1, { criticality }));
    assert.same([0, 1, 2, 3, 4], passing({}, HOST));
    const given = {
      host_severity_threshold: 2,
      service_severity_threshold: "3",
      service_severity_operator: "<",
    };
    assert.same([], complaintsAbout(given));
    assert.same([1, 2], passing(given, HOST));
    assert.same([4], passing(given, SERVICE));
  });
});

describe("severities", () => {
  const severitiesOf = (kind: keyof typeof RESOURCES, parameters: Parameters): (Severity | false)[] =>
    [1, 2, 3].map((state) => severityOf(parameters, kind, state));

  it("are those of PagerDuty that the states have always had", () => {
    assert.same(["critical", "error", "critical"], severitiesOf("host", {}));
    assert.same(["warning", "critical", "error"], severitiesOf("service", {}));
    assert.same(["warning", "critical", "error"], severitiesOf("business activity", {}));
    assert.equal("critical", severityOf({}, "poller", 2));
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
    assert.same(["error", "info", "critical"], severitiesOf("host", given));
    assert.same(["info", "warning", "critical"], severitiesOf("service", given));
    assert.same(["error", "info", "warning"], severitiesOf("business activity", given));
    assert.equal("warning", severityOf(given, "poller", 2));
  });

  it("move by criticality, up or down", () => {
    const given = { severity_by_criticality: "1:+1, 4 : -1,5:-2", severity_service_warning: "error" };
    assert.same([], complaintsAbout(given));
    const severities = [0, 1, 2, 4, 5].map((level) => severityOf(given, "service", 1, level));
    assert.same(["error", "critical", "error", "warning", "info"], severities);
  });

  it("do not move by what cannot be read, which is said", () => {
    const given = { severity_by_criticality: "1:+1,gold:+2,3" };
    assert.same(
      ["error", "warning"],
      [1, 3].map((level) => severityOf(given, "service", 1, level)),
    );
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
    const { checked, said } = read({ pdy_routing_key_dba: ` raw::${OTHER_KEY}` });
    assert.same({ default: KEY, dba: OTHER_KEY }, checked.routingKeys);
    assert.same([], said);
  });

  it("of the wrong form are left out, and said by name, not by value", () => {
    const given = { pdy_routing_key_dba: "s3cr3t" };
    assert.same({ default: KEY }, read(given).checked.routingKeys);
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
  const namesOf = (parameters: Parameters): string[] =>
    rulesBy("pdy_routes", read(parameters).rules.rules).map(({ name }) => name);

  it("are read in their order, one for each semicolon", () => {
    const pdy_routes = "hostgroup ^Databases$ -> dba; criticality 1->default ;service my service -> dba;";
    assert.same(
      [
        'pdy_routes "hostgroup ^Databases$ -> dba"',
        'pdy_routes "criticality 1->default"',
        'pdy_routes "service my service -> dba"',
      ],
      namesOf({ ...WITH_TEAM, pdy_routes }),
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
    ["host ^db and service Pi[ -> dba", "a [ without its ]"],
    ["host ^db and criticality high -> dba", '"high" is no criticality level'],
    [
      "host .*.*.*.* -> dba",
      "it could hold up the broker for minutes: it repeats (*, +, -) 4 times, and 3 is the most",
    ],
  ];
  for (const [rule, problem] of faulty) {
    it(`leave out "${rule}", and the others stay: ${problem}`, () => {
      const given = { ...WITH_TEAM, pdy_routes: `${rule}; host ^web -> dba` };
      assert.same(['pdy_routes "host ^web -> dba"'], namesOf(given));
      assert.same([`error: parameter pdy_routes: "${rule}" is left out: ${problem}`], complaintsAbout(given));
    });
  }

  it("are doubted where a pattern looks like a name, and used", () => {
    const given = { ...WITH_TEAM, pdy_routes: "host shop-03 -> dba" };
    assert.same(['pdy_routes "host shop-03 -> dba"'], namesOf(given));
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
  const summaryIn = (rules: readonly Rule[]) => rulesBy("pdy_summary_format", rules)[0]?.summary;
  const namesIn = (rules: readonly Rule[]): string[] =>
    (rulesBy("pdy_details_format", rules)[0]?.details ?? []).map(({ name }) => name);

  it("are the usual where none is set", () => {
    assert.is_nil(summaryIn(rulesOf({})));
    assert.same([], namesIn(rulesOf({})));
  });

  it("are read once, with the names of the details", () => {
    const rules = rulesOf({
      pdy_summary_format: "[{poller}] {resource}",
      pdy_details_format: " runbook = https://wiki/{service} ;rack={macro:rack};",
      pdy_custom_variables: "Rack",
    });
    assert.equal(4, summaryIn(rules)?.length);
    assert.same(["runbook", "rack"], namesIn(rules));
  });

  it("with an unknown placeholder are not used, and the known ones are named", () => {
    const given = { pdy_summary_format: "{hots} is {state}" };
    assert.is_nil(summaryIn(read(given).rules.rules));
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
      assert.same(["site"], namesIn(read(given).rules.rules));
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
    const pick = (rules: readonly Rule[]): number => {
      const [rule] = rulesBy(name, rules);
      return ((name === "pdy_links" ? rule?.links : rule?.images) ?? []).length;
    };

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
        assert.equal(1, pick(read(given).rules.rules));
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
