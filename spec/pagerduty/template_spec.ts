// The administrator's formats: every placeholder, and what summary and details they make within PagerDuty's limits.
import type { Alert } from "../../src/alerts/alert";
import { LADDER } from "../../src/pagerduty/event";
import { type Template, fillTemplate, readTemplate } from "../../src/pagerduty/template";
import { type Some, alertFor, alertSaying } from "../support/alerts";
import { type Fields, bodyOf, detailsIn } from "../support/composing";
import { bytes, hostileText } from "../support/hostile";
import { decodeJson } from "../support/json";
import { faultsOf } from "../support/published_rules";
import { createRandom } from "../support/random";

function templateOf(text: string): Template {
  const template = readTemplate(text, ["RACK"]);
  if (typeof template === "string") return error(template);
  return template;
}

const FULL: Some = {
  hostName: "web-01",
  serviceDescription: "Load",
  stateName: "CRITICAL",
  output: " load is 9 \n",
  longOutput: "more",
  perfdata: "load1=9.5%;5;8 'my load'=3 none=U",
  hostAlias: "Web server 1",
  hostAddress: "192.0.2.11",
  poller: "Lyon",
  hostGroups: ["Linux", "Web"],
  serviceGroups: ["Shop", "Public"],
  businessViews: ["Sales"],
  categories: ["prod"],
  criticality: 2,
  criticalityName: "gold",
  customVariables: [{ name: "RACK", value: "R 7" }],
  notes: "ask the shop",
  notesUrl: "https://wiki.example/1",
  actionUrl: "https://act.example/1",
  downtimeComment: "bob: works",
  since: 1760000180,
  lastOk: 1760000120,
};

function fill(text: string, some: Some = FULL): string {
  const alert = alertSaying(some);
  alert.acknowledgement = some === FULL ? { author: "alice", comment: "" } : undefined;
  return fillTemplate(templateOf(text), { alert, severity: "critical" });
}

describe("a placeholder", () => {
  const rows: [placeholder: string, value: string][] = [
    ["resource", "web-01/Load"],
    ["host", "web-01"],
    ["service", "Load"],
    ["state", "CRITICAL"],
    ["output", "load is 9 "],
    ["long_output", "more"],
    ["severity", "critical"],
    ["class", "service"],
    ["key", "1_2"],
    ["alias", "Web server 1"],
    ["address", "192.0.2.11"],
    ["poller", "Lyon"],
    ["hostgroups", "Linux, Web"],
    ["servicegroups", "Shop, Public"],
    ["bvs", "Sales"],
    ["categories", "prod"],
    ["criticality", "2"],
    ["criticality_name", "gold"],
    ["attempt", "3"],
    ["max_attempts", "3"],
    ["since", "2025-10-09T08:56:20Z"],
    ["last_ok", "2025-10-09T08:55:20Z"],
    ["notes", "ask the shop"],
    ["notes_url", "https://wiki.example/1"],
    ["action_url", "https://act.example/1"],
    ["downtime_comment", "bob: works"],
    ["acknowledged_by", "alice"],
    ["metric:load1", "9.5%"],
    ["metric:my load", "3"],
    ["metric:none", ""],
    ["metric:other", ""],
    ["macro:RACK", "R 7"],
    ["macro:rack", "R 7"],
  ];
  for (const [placeholder, value] of rows) {
    it(`{${placeholder}} says "${value}"`, () => assert.equal(`<${value}>`, fill(`<{${placeholder}}>`)));
  }

  it("{output} does not say the state again where {state} says it", () => {
    const some: Some = { ...FULL, output: "CRITICAL - load is 9" };
    assert.equal("<CRITICAL - load is 9>", fill("<{output}>", some));
    assert.equal("load is 9 (CRITICAL)", fill("{output} ({state})", some));
  });

  it("says nothing where nothing is known", () => {
    const nothing: Some = {
      hostName: "",
      serviceDescription: "",
      stateName: "",
      output: "",
      attempt: 0,
      maximumAttempts: 0,
      since: 0,
    };
    for (const [placeholder] of rows) {
      if (!["severity", "class", "key"].includes(placeholder))
        assert.equal("<>", fill(`<{${placeholder}}>`, nothing), placeholder);
    }
  });

  it("is named in the complaint about one that is unknown, each of them", () => {
    const complaint = readTemplate("{nothing}", []) as string;
    for (const [placeholder] of rows) {
      const [kind] = string.match(placeholder, "^(%a+):");
      const shown = kind === undefined ? `{${placeholder}}` : `{${kind}:`;
      assert.is_not_nil(string.find(complaint, shown, 1, true)[0], shown);
    }
  });
});

describe("a format", () => {
  it("keeps the text around its placeholders", () => {
    assert.equal("a } b web-01Load%d", fill("a } b {host}{service}%d"));
  });

  const faulty: [text: string, problem: string][] = [
    ["{", "a { without its }"],
    ["{host", "a { without its }"],
    ["{}", "{} is unknown"],
    ["{ host }", "{ host } is unknown"],
    ["{metric}", "{metric} is unknown"],
    ["{host:web}", "{host:web} is unknown"],
    ["{macro:OTHER}", "{macro:OTHER} has no value: add OTHER to pdy_custom_variables"],
  ];
  for (const [text, problem] of faulty) {
    it(`"${text}" cannot be used: ${problem}`, () => {
      const read = readTemplate(text, ["RACK"]);
      assert.equal(problem, typeof read === "string" ? string.sub(read, 1, problem.length) : "");
    });
  }
});

function summaryWith(format: string, some: Some = {}, change?: (alert: Alert) => void): unknown {
  const alert = alertSaying(some);
  change?.(alert);
  const body = bodyOf(alert, "trigger", { summary: templateOf(format) });
  assert.same([], faultsOf(body));
  return (decodeJson(body) as { payload: Fields }).payload["summary"];
}

describe("a summary by a format", () => {
  it("says what the format says", () => {
    assert.equal(
      "[Lyon] db-02/Ping: no answer",
      summaryWith("[{poller}] {resource}: {output}", { poller: "Lyon" }),
    );
  });

  it("is one line, without spaces at its ends", () => {
    assert.equal("a b - c", summaryWith("  {notes} - {alias}\t", { notes: "a\r\nb", hostAlias: "c\n" }));
  });

  it("is the usual one where nothing of it can be seen", () => {
    assert.equal("db-02/Ping: CRITICAL - no answer", summaryWith("{notes} {alias}"));
  });

  it("is valid and has at most 1024 characters", () => {
    const summary = summaryWith("{output}", { output: `${bytes(0xff)}${string.rep("ä", 2000)}` }) as string;
    assert.equal(string.rep("ä", 1022), string.sub(summary, 4, -4));
    assert.equal("…", string.sub(summary, -3));
  });

  it("is the usual one in the bare form, which must not fail of anything that was added", () => {
    const bare = LADDER.indexOf("bare");
    const said = summaryWith("{host}", {}, (alert) => {
      alert.ladderStep = bare;
    });
    assert.equal("db-02/Ping: CRITICAL - no answer", said);
  });
});

describe("details by formats", () => {
  const templates = [
    { name: "runbook", template: templateOf("https://wiki.example/{service}") },
    { name: "rack", template: templateOf("{macro:RACK}") },
    { name: "output", template: templateOf("it says: {output}") },
  ];

  it("are added; an empty one is left out, and one with the name of ours takes its place", () => {
    const details = detailsIn(bodyOf(alertFor(), "trigger", { details: templates }));
    assert.equal("https://wiki.example/Ping", details["runbook"]);
    assert.is_nil(details["rack"]);
    assert.equal("it says: no answer", details["output"]);
  });

  it("stand once in the JSON", () => {
    const [, count] = string.gsub(bodyOf(alertFor(), "trigger", { details: templates }), '"output":', "");
    assert.equal(1, count);
  });

  it("and summaries of hostile texts are taken by PagerDuty", () => {
    const random = createRandom("pagerduty/template");
    for (const _ of $range(1, 300)) {
      const text = (): string => hostileText(random, 3);
      const alert = alertSaying({
        hostName: `h${text()}`,
        output: text(),
        notes: text(),
        perfdata: text(),
      });
      alert.verdict = {
        isDropped: false,
        summary: random.integer(0, 1) === 0 ? undefined : text(),
        severity: undefined,
        route: undefined,
        details: [{ name: text(), value: text() }],
      };
      const summary = templateOf("{host} {notes}{output}");
      const details = [{ name: "x", template: templateOf("{notes}{metric:load}{long_output}") }];
      assert.same([], faultsOf(bodyOf(alert, "trigger", { summary, details })));
    }
  });
});
