// custom_code_file: what the function sees, what it may change, and that whatever it does wrong costs nothing else.
import type { CustomVerdict, DescribedAlert } from "../../src/alerts/alert";
import { type Plan, loadCustomCode } from "../../src/rules/custom_code";
import { alertFor, alertSaying, serviceOf } from "../support/alerts";
import { temporaryPath, writeFile } from "../support/process";

const PLAN: Plan = { summary: "db-02/Ping: CRITICAL", severity: "critical", route: "default" };

interface Attempt {
  readonly verdict: CustomVerdict | undefined;
  /** What the log got, without the path. */
  readonly errors: string[];
}

const paths: string[] = [];

function fileWith(code: string): string {
  const path = temporaryPath(".lua");
  writeFile(path, code);
  paths.push(path);
  return path;
}

/** Loads a file with `code` and lets it judge an alert, `times` times. */
function judge(code: string, alert: DescribedAlert = alertFor(), times = 1): Attempt {
  const path = fileWith(code);
  const errors: string[] = [];
  const customCode = loadCustomCode(path, {
    isRoute: (label) => label === "default" || label === "dba",
    error: (text) => {
      const [first, last] = string.find(text, path, 1, true);
      assert.equal("custom_code_file ", string.sub(text, 1, (first ?? 0) - 1));
      errors.push(string.sub(text, (last ?? 0) + 1));
    },
  });
  let verdict: CustomVerdict | undefined;
  for (const _ of $range(1, times)) verdict = customCode?.(alert, PLAN);
  return { verdict, errors };
}

/** A function with `body`. */
function judgeBy(body: string, alert?: DescribedAlert, times?: number): Attempt {
  return judge(`return function(observation, event)\n${body}\nend`, alert, times);
}

after_each(() => {
  for (const path of paths) os.remove(path);
});

describe("custom code", () => {
  it("that changes nothing leaves nothing behind", () => {
    for (const body of ["", "return true", "return event", "event.severity = 'critical'"])
      assert.same({ verdict: undefined, errors: [] }, judgeBy(body));
  });

  it("changes summary, severity and route, and adds details", () => {
    const { verdict, errors } = judgeBy(`
      event.summary = event.summary .. " (" .. observation.poller .. ")"
      event.severity = "warning"
      event.route = "dba"
      event.custom_details.team = "night"
      event.custom_details.attempts = observation.attempt
      event.custom_details.is_new = false`);
    assert.same([], errors);
    assert.same(
      {
        isDropped: false,
        summary: "db-02/Ping: CRITICAL ()",
        severity: "warning",
        route: "dba",
        details: [
          { name: "attempts", value: 3 },
          { name: "is_new", value: false },
          { name: "team", value: "night" },
        ],
      },
      verdict,
    );
  });

  it("drops an alert by returning false, and nothing else", () => {
    assert.is_true(judgeBy("return false").verdict?.isDropped);
    for (const body of ["return nil", "return 0", "return 'false'"]) assert.is_nil(judgeBy(body).verdict);
  });

  it("sees what is known", () => {
    const alert = alertSaying(
      {
        hostName: "web-01",
        hostGroups: ["Linux", "Web"],
        criticality: 2,
        customVariables: [{ name: "RACK", value: "R 7" }],
      },
      alertFor(serviceOf(11, 22)),
    );
    const { verdict } = judgeBy(
      `local seen = {}
      for name, value in pairs(observation) do
        if type(value) ~= "table" then seen[#seen + 1] = name .. "=" .. tostring(value) end
      end
      table.sort(seen)
      event.custom_details.plain = table.concat(seen, "|")
      event.custom_details.groups = table.concat(observation.host_groups, "|")
      event.custom_details.rack = observation.custom_variables.RACK`,
      alert,
    );
    const details = Object.fromEntries((verdict?.details ?? []).map(({ name, value }) => [name, value]));
    assert.same(["Linux|Web", "R 7"], [details["groups"], details["rack"]]);
    for (const part of [
      "key=11_22",
      "host=web-01",
      "service=Ping",
      "state=2",
      "state_name=CRITICAL",
      "class=service",
    ])
      assert.is_not_nil(string.find(`|${details["plain"]}|`, `|${part}|`, 1, true)[0], part);
  });

  it("cannot change what it sees", () => {
    const groups = ["Linux"];
    const alert = alertSaying({ hostGroups: groups });
    judgeBy("observation.host_groups[1] = 'Windows' observation.state = 0 observation.host = ''", alert);
    assert.same([["Linux"], 2, "db-02"], [groups, alert.facts.state, alert.place.hostName]);
  });
});

describe("what custom code does wrong", () => {
  it("costs one line, however often it does it", () => {
    const { verdict, errors } = judgeBy("return observation.nothing.at_all", undefined, 3);
    assert.is_nil(verdict);
    assert.equal(1, errors.length);
    assert.is_not_nil(string.find(errors[0] ?? "", ":2: attempt to index ", 1, true)[0], errors[0]);
    assert.is_not_nil(string.find(errors[0] ?? "", "; the alert goes out as it is (said once)", 1, true)[0]);
  });

  it("does not fill the log with words that are new each time", () => {
    assert.equal(10, judgeBy("count = (count or 0) + 1 error('oh ' .. count)", undefined, 50).errors.length);
  });

  const wrong: [body: string, complaint: string][] = [
    ["event.summary = ' '", ": event.summary is no text, or empty; it stays as it was (said once)"],
    ["event.summary = {}", ": event.summary is no text, or empty; it stays as it was (said once)"],
    [
      "event.severity = 'fatal'",
      ": event.severity is fatal: expected critical, error, warning or info; it stays as it was (said once)",
    ],
    [
      "event.route = 'night'",
      ": event.route is night: there is no usable key of that name; it stays as it was (said once)",
    ],
    [
      "event.custom_details = 7",
      ": event.custom_details is a number: expected a table; it is left out (said once)",
    ],
    [
      "event.custom_details.x = {}",
      ": event.custom_details.x is a table: expected a name, and a text, number or boolean; it is left out (said once)",
    ],
    [
      "event.custom_details.x = 0/0",
      ": event.custom_details.x is a number: expected a name, and a text, number or boolean; it is left out (said once)",
    ],
    [
      "event.custom_details[1] = 'x'",
      ": event.custom_details.1 is a string: expected a name, and a text, number or boolean; it is left out (said once)",
    ],
    [
      "event.dedup_key = '1_H'",
      ": event.dedup_key cannot be set: only summary, severity, route and custom_details can (said once)",
    ],
  ];
  for (const [body, complaint] of wrong) {
    it(`is said, and the rest of it counts: ${body}`, () => {
      const { verdict, errors } = judgeBy(`${body} return false`);
      assert.same([complaint], errors);
      assert.same(
        { isDropped: true, summary: undefined, severity: undefined, route: undefined, details: [] },
        verdict,
      );
    });
  }

  it("may hide in its tables", () => {
    const { verdict, errors } = judgeBy(
      "event.severity = setmetatable({}, { __tostring = function() error('hidden') end })",
    );
    assert.is_nil(verdict);
    assert.equal(1, errors.length);
  });

  it("may be too many details: a hundred are kept", () => {
    const { verdict } = judgeBy("for i = 1, 200 do event.custom_details['d' .. i] = i end");
    assert.equal(100, verdict?.details.length);
  });
});

describe("a file that cannot be used", () => {
  const rows: [what: string, code: string, words: string][] = [
    ["is no Lua", "return function(", "near "],
    ["fails", "error('no luck')", "no luck"],
    ["returns nothing", "local x = 1", "it returned nil: expected a function (observation, event)"],
    [
      "is one for Centreon's library",
      "local self = ... return self, true",
      "it returned nil: expected a function",
    ],
  ];
  for (const [what, code, words] of rows) {
    it(`says why, with its path, when it is loaded: it ${what}`, () => {
      const { verdict, errors } = judge(code, undefined, 2);
      assert.is_nil(verdict);
      assert.equal(1, errors.length);
      assert.equal(" is not used: ", string.sub(errors[0] ?? "", 1, 14));
      assert.is_not_nil(string.find(errors[0] ?? "", words, 1, true)[0], errors[0]);
    });
  }

  it("is not there", () => {
    const errors: string[] = [];
    const code = loadCustomCode("/nowhere/code.lua", {
      isRoute: () => true,
      error: (text) => errors.push(text),
    });
    assert.is_nil(code);
    assert.is_not_nil(
      string.find(errors[0] ?? "", "custom_code_file /nowhere/code.lua is not used: ", 1, true)[0],
    );
    assert.is_not_nil(string.find(errors[0] ?? "", "No such file", 1, true)[0], errors[0]);
  });

  it("that nobody asked for is no fault", () => {
    assert.is_nil(loadCustomCode("", { isRoute: () => true, error: (text) => error(text) }));
  });
});
