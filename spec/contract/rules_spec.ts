// pdy_rules_file with the shipped file: every example of docs/rules.md as it stands there, and the life of the file while
// the broker runs.
import type { Line } from "../support/brokerhost";
import { CRITICAL, DISK, LOAD, OK, type Subject, UNKNOWN, WARNING, createCentreon } from "../support/events";
import { incidentsOf } from "../support/incidents";
import { logged } from "../support/log";
import { readFile, temporaryPath, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage, newRoutingKey } from "../support/stage";
import { utcDay } from "../support/time_zones";

const sandbox = useSandbox();
const stage = createStage(sandbox);

const WEDNESDAY = utcDay(2026, 11, 25);
const NOON = 12 * 3600;
const LOAD_KEY = "11_22";

/** The example under a heading of docs/rules.md. */
function exampleUnder(heading: string): string {
  const page = readFile("docs/rules.md") ?? "";
  const [, end] = string.find(page, `\n### ${heading}\n`, 1, true);
  if (end === undefined) return error(`docs/rules.md has no "### ${heading}"`);
  const [section] = string.match(`${string.sub(page, end + 1)}\n## `, "^(.-)\n##+ ");
  const [example] = string.match(section ?? "", "\n```lua\n(.-)```\n");
  return example ?? error(`no example under "${heading}"`);
}

const paths: string[] = [];
after_each(() => {
  stage.clear();
  for (const path of paths) os.remove(path);
});

/** A broker, and a Centreon that speaks to it by the broker's clock. */
interface Scene {
  readonly broker: Actor;
  readonly path: string;
  /** The keys of its teams. */
  readonly teams: Readonly<Record<string, string>>;
  readonly check: (this: void, subject: Subject, state: number, output?: string) => void;
  readonly pass: (this: void, seconds: number) => void;
  /** What PagerDuty has of the broker's own key, or of a team's. */
  readonly pages: (this: void, team?: string) => string[];
}

interface SceneSetup {
  /** Seconds after Wednesday, 2026-11-25, 00:00. */
  readonly at?: number;
  readonly definitions?: readonly Line[];
  readonly teams?: readonly string[];
  readonly parameters?: Readonly<Record<string, string | number>>;
}

function beginWith(
  rules: string,
  { at = NOON, definitions = [], teams = [], parameters = {} }: SceneSetup = {},
): Scene {
  const path = temporaryPath(".rules.lua");
  paths.push(path);
  writeFile(path, rules);
  let clock = WEDNESDAY + at;
  const keys: Record<string, string> = {};
  const ofTeams: Record<string, string> = {};
  for (const team of teams) {
    keys[team] = newRoutingKey();
    ofTeams[`pdy_routing_key_${team}`] = keys[team];
  }
  const broker = stage.start({
    clock: clock - MINUTE,
    environment: "TZ=UTC",
    parameters: { pdy_rules_file: path, log_level: 3, ...ofTeams, ...parameters },
  });
  const centreon = createCentreon(3);
  // Without a journal what is older than the start may be open already.
  broker.give(centreon.introduce(), definitions, [{ control: "clock", advance: MINUTE }]);
  broker.report();
  return {
    broker,
    path,
    teams: keys,
    check: (subject, state, output) => {
      broker.give(
        centreon.check(subject, state, { at: clock, ...(output === undefined ? {} : { output }) }),
        [{ control: "flush" }],
      );
      broker.report();
    },
    pass: (seconds) => {
      clock += seconds;
      broker.give([{ control: "clock", advance: seconds }, { control: "flush" }, { control: "flush" }]);
      broker.report();
    },
    pages: (team) => {
      broker.settle();
      const ofTeam = team === undefined ? broker.routingKey : (keys[team] as string);
      return incidentsOf(sandbox, ofTeam).map(
        ({ dedup_key, state, severity }) => `${dedup_key} ${state} ${severity}`,
      );
    },
  };
}

/** The example under a heading. */
function beginExample(heading: string, setup?: SceneSetup): Scene {
  return beginWith(exampleUnder(heading), setup);
}

const inGroup = (name: string): Line => ({
  category: 1,
  element: 50,
  hostgroup_id: 5,
  host_id: 11,
  name,
  enabled: true,
});

const variable = (name: string, value: string): Line => ({
  category: 1,
  element: 37,
  host_id: 11,
  service_id: 22,
  name,
  value,
  enabled: true,
});

/** The adaptive status of the service LOAD that tells of its downtimes. */
const downtimeDepth = (depth: number): Line[] => [
  { category: 1, element: 55, host_id: 11, service_id: 22, scheduled_downtime_depth: depth },
];

const MINUTE = 60;
const HOUR = 3600;

describe("docs/rules.md, the example", () => {
  it("page only if it lasts", () => {
    const { check, pass, pages, broker } = beginExample("Page only if it lasts");
    check(LOAD, WARNING);
    check(DISK, WARNING);
    pass(599);
    assert.same([], pages());
    check(DISK, OK);
    pass(1);
    assert.same([`${LOAD_KEY} triggered warning`], pages());
    broker.give([inGroup("Wireless")]);
    check(DISK, CRITICAL);
    pass(179);
    assert.equal(1, pages().length);
    pass(1);
    assert.same([`${LOAD_KEY} triggered warning`, "11_23 triggered critical"], pages());
  });

  it("not at night", () => {
    const { check, pass, pages } = beginExample("Not at night", { at: 21 * HOUR + 1800 });
    check(LOAD, WARNING);
    assert.same([`${LOAD_KEY} triggered warning`], pages());
    check(LOAD, OK);
    pass(1800);
    check(LOAD, WARNING);
    check(DISK, CRITICAL);
    assert.same([`${LOAD_KEY} resolved warning`, "11_23 triggered critical"], pages());
    pass(9 * HOUR - 60);
    assert.equal(2, pages().length);
    pass(60);
    assert.same(
      [`${LOAD_KEY} resolved warning`, `${LOAD_KEY} triggered warning`, "11_23 triggered critical"],
      pages(),
    );
  });

  it("not at the weekend", () => {
    const { check, pass, pages } = beginExample("Not at night", { at: 3 * 24 * HOUR + NOON });
    check(LOAD, WARNING);
    assert.same([], pages());
    pass(24 * HOUR);
    assert.same([], pages());
    // Monday, at seven.
    pass(19 * HOUR);
    assert.same([`${LOAD_KEY} triggered warning`], pages());
  });

  it("by what the output says", () => {
    const { check, pass, pages } = beginExample("By what the output says");
    check(LOAD, WARNING, "WARNING - load 7, a backup is running since 03:00");
    check(DISK, CRITICAL, "connect to 10.0.0.1: connection refused");
    assert.same(["11_23 triggered warning"], pages());
    // The backup is over, and the load is not: the state is as it was.
    pass(MINUTE);
    check(LOAD, WARNING, "WARNING - load 7");
    assert.same([`${LOAD_KEY} triggered warning`, "11_23 triggered warning"], pages());
    // Nor is it the agent any more.
    check(DISK, CRITICAL, "DISK CRITICAL - 99 % used");
    assert.same([`${LOAD_KEY} triggered warning`, "11_23 triggered critical"], pages());
  });

  it("the team in its macro", () => {
    const { check, pages } = beginExample("The team in its macro", {
      teams: ["dba"],
      definitions: [variable("ONCALL", "dba")],
    });
    check(LOAD, CRITICAL);
    check(DISK, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages("dba"));
    assert.same(["11_23 triggered critical"], pages());
  });

  it("the team in its macro that has no key", () => {
    const { check, pages } = beginExample("The team in its macro", {
      teams: ["dba"],
      definitions: [variable("ONCALL", "webmasters")],
    });
    check(LOAD, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
  });

  it("staging is a warning at most", () => {
    const { check, pages } = beginExample("Staging is a warning at most", {
      definitions: [inGroup("Test-Lyon")],
    });
    check(LOAD, CRITICAL);
    assert.same([`${LOAD_KEY} triggered warning`], pages());
  });

  it("a backup window", () => {
    const { check, pass, pages } = beginExample("A backup window", {
      at: HOUR - 60,
      definitions: [inGroup("Databases")],
    });
    check(DISK, CRITICAL);
    assert.same(["11_23 triggered critical"], pages());
    pass(60);
    check(LOAD, CRITICAL, "load 9.1");
    pass(3 * HOUR - 60);
    check(LOAD, CRITICAL, "load 9.9");
    assert.equal(1, pages().length);
    pass(60);
    assert.same([`${LOAD_KEY} triggered critical`, "11_23 triggered critical"], pages());
  });

  it("a runbook for each customer", () => {
    const { check, broker } = beginExample("A runbook for each customer", {
      definitions: [inGroup("Customer-Globex")],
    });
    check(LOAD, CRITICAL);
    broker.settle();
    const [incident] = broker.incidents();
    assert.same(
      [{ href: "https://wiki.example.com/globex/Load", text: "Globex's runbook" }],
      (incident?.links ?? []).filter(({ text }) => string.find(text, "runbook")[0] !== undefined),
    );
    assert.equal("Globex", incident?.custom_details?.["customer"]);
    assert.is_nil(incident?.custom_details?.["contract"]);
  });

  it("a group on weekdays only", () => {
    const { check, pass, pages } = beginExample("A group on weekdays only", {
      at: 18 * HOUR + 1800,
      definitions: [inGroup("Printers")],
    });
    check(DISK, CRITICAL);
    assert.same(["11_23 triggered critical"], pages());
    pass(1800);
    check(LOAD, CRITICAL);
    assert.equal(1, pages().length);
    pass(12 * HOUR);
    assert.same([`${LOAD_KEY} triggered critical`, "11_23 triggered critical"], pages());
  });

  it("criticality 1 always pages, as critical", () => {
    const { check, pages } = beginExample("Criticality 1 always pages, as critical", {
      at: 23 * HOUR,
      definitions: [variable("CRITICALITY_LEVEL", "1")],
      parameters: { rejected_hosts: "^web" },
    });
    check(DISK, CRITICAL);
    check(LOAD, WARNING);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
  });

  it("mute one check of one host until it is repaired", () => {
    const { check, pass, pages, path } = beginExample("Mute one check of one host until it is repaired");
    check(LOAD, CRITICAL);
    check(DISK, CRITICAL);
    assert.same(["11_23 triggered critical"], pages());
    writeFile(path, "return {}");
    pass(31);
    assert.same([`${LOAD_KEY} triggered critical`, "11_23 triggered critical"], pages());
  });

  it("another team outside business hours", () => {
    const { check, pass, pages } = beginExample("Another team outside business hours", {
      at: 17 * HOUR + 1800,
      teams: ["office", "oncall"],
    });
    check(LOAD, CRITICAL);
    pass(1800);
    check(DISK, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages("office"));
    assert.same(["11_23 triggered critical"], pages("oncall"));
    check(LOAD, OK);
    assert.same([`${LOAD_KEY} resolved critical`], pages("office"));
    assert.same([], pages());
  });

  it("another team outside business hours, of what pages anew after a downtime", () => {
    const { broker, check, pass, pages } = beginExample("Another team outside business hours", {
      at: 17 * HOUR,
      teams: ["office", "oncall"],
      parameters: { pdy_downtime_action: "acknowledge" },
    });
    check(LOAD, CRITICAL);
    broker.give(downtimeDepth(1), [{ control: "flush" }]);
    pass(2 * HOUR);
    assert.same([`${LOAD_KEY} acknowledged critical`], pages("office"));
    broker.give(downtimeDepth(0), [{ control: "flush" }]);
    assert.same([`${LOAD_KEY} resolved critical`], pages("office"));
    assert.same([`${LOAD_KEY} triggered critical`], pages("oncall"));
  });

  it("at the top of the page", () => {
    const [example] = string.match(readFile("docs/rules.md") ?? "", "\n```lua\n(.-)```\n");
    const { check, pass, pages } = beginWith(example ?? "", {
      at: 23 * HOUR,
      definitions: [inGroup("Staging")],
    });
    check(LOAD, CRITICAL, "CRITICAL - backup running");
    check(DISK, CRITICAL);
    assert.same(["11_23 triggered warning"], pages());
    pass(6 * HOUR);
    assert.same([`${LOAD_KEY} triggered warning`, "11_23 triggered warning"], pages());
  });
});

describe("pdy_rules_file", () => {
  const MUTED = 'return { { name = "mute", when = { service = "Load" }, page = false } }';
  const BAD = 'return { { name = "mute", when = { servic = "Load" }, page = false } }';
  const FREED =
    ' has changed: 0 rules; 1 problem is freed, to page now. What held before: rule "mute" of pdy_rules_file says page = false (1)';

  it("looks at the views of business activities as they are when all are told, and again when they change", () => {
    const { broker, pages } = beginWith(
      'return { { name = "sales", when = { business_view = "Sales" }, page = false } }',
    );
    const bam = (element: number, fields: Line): Line => ({ category: 6, element, ...fields });
    const activity = bam(25, { ba_id: 5, ba_name: "Web shop" });
    const view = bam(22, { bv_id: 8, bv_name: "Sales" });
    const isIn = bam(23, { ba_id: 5, bv_id: 8 });
    const signal = (update_started: boolean): Line => bam(30, { update_started });
    // From elsewhere, just then: every place is looked at again.
    const group: Line = { category: 1, element: 49, hostgroup_id: 9, name: "Others", enabled: true };
    broker.give([signal(true), view, activity, isIn, signal(false)]);
    broker.give([bam(19, { ba_id: 5, state: CRITICAL, last_state_change: WEDNESDAY + NOON, output: "bad" })]);
    broker.give([{ control: "flush" }, signal(true), view, activity, group, { control: "flush" }]);
    assert.same([], pages());
    broker.give([isIn, signal(false), { control: "flush" }]);
    assert.same([], pages());
    broker.give([signal(true), view, activity, signal(false), { control: "flush" }]);
    assert.same(["ba_5 triggered critical"], pages());
  });

  it("says where what a downtime resolved pages anew, though it changed while that was open", () => {
    const { broker, path, check, pass, pages } = beginWith('return { { name = "all", route = "office" } }', {
      teams: ["office", "oncall"],
      parameters: { pdy_downtime_action: "resolve" },
    });
    check(LOAD, CRITICAL);
    writeFile(path, 'return { { name = "all", route = "oncall" } }');
    pass(MINUTE);
    broker.give(downtimeDepth(1), [{ control: "flush" }]);
    assert.same([`${LOAD_KEY} resolved critical`], pages("office"));
    broker.give(downtimeDepth(0), [{ control: "flush" }]);
    assert.same([`${LOAD_KEY} triggered critical`], pages("oncall"));
    assert.same([`${LOAD_KEY} resolved critical`], pages("office"));
  });

  it("is read again without a restart, and says what that frees", () => {
    const { broker, path, check, pass, pages } = beginWith(MUTED);
    check(LOAD, CRITICAL, "as it was");
    pass(MINUTE);
    check(LOAD, CRITICAL, "as it is");
    assert.same([], pages());
    assert.equal(
      1,
      logged(
        broker,
        'no alert for web-01/Load (11_22) now: it is filtered out: rule "mute" of pdy_rules_file says page = false',
      ).length,
    );
    writeFile(path, "return {}");
    pass(29);
    assert.same([], pages());
    pass(2);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
    assert.equal("web-01/Load: CRITICAL - as it is", broker.incidents()[0]?.summary);
    pass(1);
    assert.equal(1, logged(broker, `INFO: pdy_rules_file ${path}${FREED}`).length);
  });

  it("is read again under continuous load, when flush() is not called", () => {
    const { broker, path, check, pages } = beginWith(MUTED);
    check(LOAD, CRITICAL);
    assert.same([], pages());
    writeFile(path, "return {}");
    broker.give([{ control: "clock", advance: 31 }]);
    const centreon = createCentreon(3);
    const load: Line[] = [];
    for (const _ of $range(1, 2200)) for (const line of centreon.check(DISK, OK)) load.push(line);
    broker.give(load);
    broker.report();
    assert.equal(1, logged(broker, FREED).length);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
  });

  it("that is bad leaves the last good one in force, also over a restart and a kill, and says why once", () => {
    const { broker, path, check, pass, pages } = beginWith(MUTED);
    check(LOAD, CRITICAL);
    writeFile(path, BAD);
    pass(31);
    pass(3);
    const said = `ERROR: pdy_rules_file ${path} is not used: line 1: rule "mute": when.servic: there is no such condition: did you mean service?`;
    assert.equal(1, logged(broker, said).length);
    assert.equal(1, logged(broker, "; the last good one holds instead (1 rule)").length);
    pass(60);
    assert.equal(1, logged(broker, said).length);
    broker.give([{ control: "restart" }]);
    check(LOAD, CRITICAL);
    assert.same([], pages());
    assert.equal(2, logged(broker, said).length);
    broker.kill();
    check(LOAD, CRITICAL);
    assert.same([], pages());
    os.remove(path);
    broker.give([{ control: "restart" }]);
    check(LOAD, CRITICAL);
    assert.same([], pages());
    writeFile(path, "return {}");
    pass(31);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
  });

  it("that was never good leaves the parameters alone in force", () => {
    const { broker, check, pages } = beginWith(BAD, { parameters: { rejected_services: "^Disk$" } });
    check(LOAD, CRITICAL);
    check(DISK, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
    assert.equal(1, logged(broker, "; there is no last good one, so the parameters alone hold").length);
  });

  it("changed while the broker was stopped says at the start what that frees", () => {
    const { broker, path, check, pages, pass } = beginWith(MUTED);
    check(LOAD, CRITICAL);
    assert.same([], pages());
    writeFile(path, "return {}");
    broker.give([{ control: "restart" }]);
    pass(11);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
    pass(1);
    assert.equal(1, logged(broker, FREED).length);
  });

  it("that frees more than fifty at once is a WARNING", () => {
    const { broker, path, pass } = beginWith('return { { name = "all", page = false } }');
    const statuses: Line[] = [];
    for (const id of $range(100, 150))
      statuses.push({
        category: 1,
        element: 29,
        host_id: 11,
        service_id: id,
        state: 2,
        state_type: 1,
        check_attempt: 3,
        last_hard_state: 2,
        last_hard_state_change: WEDNESDAY + NOON,
        last_check: WEDNESDAY + NOON,
        output: "bad",
        perfdata: "",
      });
    broker.give(statuses);
    broker.report();
    writeFile(path, "return {}");
    pass(31);
    pass(1);
    broker.settle();
    assert.equal(
      1,
      logged(
        broker,
        `WARNING: pdy_rules_file ${path} has changed: 0 rules; 51 problems are freed, to page now. What held before: rule "all" of pdy_rules_file says page = false (51)`,
      ).length,
    );
    assert.equal(51, broker.incidents().length);
  });

  it("looks at macros that become known, and at those that a new file asks for", () => {
    const { broker, path, check, pass, pages } = beginWith("return {}", {
      definitions: [variable("RACK", "B7")],
      parameters: { rejected_services: "^Disk$" },
    });
    writeFile(path, 'return { { name = "rack", when = { macro = { RACK = "B*" } }, severity = "info" } }');
    pass(31);
    broker.give([variable("RACK", "B8")]);
    check(LOAD, UNKNOWN);
    assert.same([`${LOAD_KEY} triggered info`], pages());
  });
});

describe("macros", () => {
  const RULES = 'return { { name = "muted", when = { macro = { MUTED = "*" } }, page = false } }';

  it("of a known problem outlive a restart of the broker, after which no engine tells them again", () => {
    const { broker, check, pass, pages } = beginWith(RULES, { definitions: [variable("MUTED", "yes")] });
    check(LOAD, CRITICAL);
    broker.give([{ control: "restart" }]);
    pass(MINUTE);
    check(LOAD, CRITICAL);
    assert.same([], pages());
    broker.give([{ ...variable("MUTED", "yes"), enabled: false }]);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
  });
});

describe("the log at level 3", () => {
  const RULES = `return {
    { name = "owner", when = { macro = { ONCALL = "*" } }, route = "{macro:ONCALL}" },
    { name = "disks", when = { service = "Disk*" }, severity = "info", wait = "5m" },
  }`;

  it("tells which rules decided, where they are not those of the states", () => {
    const { broker, check, pages } = beginWith(RULES, {
      teams: ["dba"],
      definitions: [variable("ONCALL", "dba")],
      parameters: { pdy_routes: "service ^Disk -> dba" },
    });
    check(LOAD, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages("dba"));
    check(DISK, CRITICAL);
    for (const line of [
      `web-01/Load (${LOAD_KEY}) is told with route dba by rule "owner" of pdy_rules_file`,
      "no alert for web-01/Disk (11_23) now: it has not lasted long enough: it pages after 5 min",
      '(severity info by rule "disks" of pdy_rules_file; route dba by pdy_routes "service ^Disk -> dba"; wait 5 min by rule "disks" of pdy_rules_file)',
    ])
      assert.equal(1, logged(broker, line).length, `${line} in ${broker.file("log")}`);
  });

  it("tells of everything else nothing, and warns once of a label that has no key", () => {
    const { broker, check, pages } = beginWith(RULES, { definitions: [variable("ONCALL", "night")] });
    check(LOAD, WARNING);
    check(LOAD, CRITICAL);
    assert.same([`${LOAD_KEY} triggered critical`], pages());
    assert.same([], logged(broker, "is told with"));
    assert.equal(
      1,
      logged(
        broker,
        'WARNING: rule "owner" of pdy_rules_file: there is no usable parameter pdy_routing_key_night for route = "night"; the next rules decide (said once)',
      ).length,
    );
  });
});
