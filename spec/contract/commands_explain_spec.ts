// `explain` and `replay`: what the connector makes of a file of events, told or really sent.
import {
  type Configuration,
  type OutputSetup,
  type Run,
  assertLine,
  assertNowhere,
  runCommand,
  writeConfiguration,
} from "../support/commands";
import { CRITICAL, DISK, DOWN, LOAD, OK, UP, WARNING, WEB, createCentreon } from "../support/events";
import { type Incident, inShort, requestsOf } from "../support/incidents";
import { decodeJson, encodeJson } from "../support/json";
import { temporaryPath, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";
import { startWebServer } from "../support/web_server";

const KEY = "0123456789abcdef0123456789abcdef";
const TEAM_KEY = "fedcba9876543210fedcba9876543210";
const STORY = "spec/fixtures/events/story-bbdo3.jsonl";
const OLD_STORY = "spec/fixtures/events/story-bbdo2.jsonl";

const sandbox = useSandbox();
let configuration: Configuration | undefined;
const files: string[] = [];
const stage = createStage(sandbox);

function run(words: readonly string[], parameters: OutputSetup["parameters"] = {}): Run {
  configuration?.remove();
  configuration = writeConfiguration({
    parameters: {
      pdy_routing_key: KEY,
      pdy_routing_key_dba: TEAM_KEY,
      http_server_url: "http://127.0.0.1:9/v2/enqueue",
      ...parameters,
    },
  });
  const result = runCommand([...words, "--config", configuration.file]);
  for (const key of [KEY, TEAM_KEY]) assertNowhere(result, key);
  return result;
}

/** A file of these lines. */
function fileOf(lines: readonly unknown[]): string {
  const path = temporaryPath(".jsonl");
  writeFile(
    path,
    lines.map((line) => (type(line) === "string" ? (line as string) : encodeJson(line))).join("\n"),
  );
  files.push(path);
  return path;
}

/** The requests that explain tells of: `trigger (critical) of 11_22 to default`. */
function told({ lines }: Run): string[] {
  const requests: string[] = [];
  for (const line of lines) {
    const [words] = string.match(line, "^%s+%-> (%S+.- of %S+ to [%w_()]+)");
    if (words !== undefined) requests.push(words);
  }
  return requests;
}

/** That explain tells of the recording what its recorder sent: so many requests. */
function assertAgrees(recorder: Actor, recording: string): number {
  const sent = requestsOf(sandbox, recorder.routingKey).map(({ body }) => {
    const { event_action, dedup_key } = decodeJson(body) as Readonly<Record<string, string>>;
    return `${event_action} ${dedup_key}`;
  });
  const explained = run(["explain", recording]);
  const words = told(explained).map((text) => string.gsub(text, "^(%a+).* of (%S+) to .*$", "%1 %2")[0]);
  assert.same(sent, words, explained.output);
  return sent.length;
}

describe("centreon-pagerduty", () => {
  before_each(() => {
    sandbox.remove("/sandbox");
  });
  after_each(() => {
    stage.clear();
    configuration?.remove();
    configuration = undefined;
    for (const path of files) os.remove(path);
  });

  describe("explain", () => {
    it("tells what would be sent for the recorded stories, in order, and why the rest is not", () => {
      const story = run(["explain", STORY]);
      assert.equal(0, story.code, story.output);
      assert.equal(
        "ok: for 62 events 16 requests would be sent (acknowledge 1, resolve 5, trigger 10), to default 16",
        string.match(story.lines[0] ?? "", "^[^;]+")[0],
      );
      assert.same(
        [
          "trigger (critical) of 11_22 to default",
          "acknowledge of 11_22 to default",
          "resolve of 11_22 to default",
          "trigger (warning) of 11_23 to default",
          "trigger (critical) of 11_23 to default",
          "trigger (critical) of 12_25 to default",
          "trigger (critical) of 13_H to default",
          "resolve of 13_H to default",
          "trigger (error) of 13_26 to default",
          "trigger (critical) of 11_24 to default",
          "trigger (critical) of 14_27 to default",
          "trigger (critical) of ba_5 to default",
          "trigger (critical) of poller_2 to default",
          "resolve of poller_2 to default",
          "resolve of 11_24 to default",
          "resolve of ba_5 to default",
        ],
        told(story),
      );
      assertLine(story, "line 33  web-01/Load: CRITICAL, soft");
      assertLine(story, "a SOFT state: it waits for the HARD one");
      assertLine(story, "no alert for db-02/MySQL connections (12_25) now: it is in a downtime");
      assertLine(story, "no alert for edge-lyon/Ping (13_21) now: its host is not UP");
      const old = run(["explain", OLD_STORY]);
      assert.same(
        [
          "trigger (critical) of 11_22 to default",
          "acknowledge of 11_22 to default",
          "resolve of 11_22 to default",
          "trigger (critical) of 11_H to default",
          "resolve of 11_H to default",
        ],
        told(old),
      );
    });

    it("obeys the output's routes, filters and severities, and shows bodies without keys", () => {
      const routed = run(["explain", "--bodies", STORY], {
        pdy_routes: "host ^db%- -> dba",
        rejected_hosts: "^edge",
        severity_service_critical: "error",
      });
      assertLine(routed, "to dba 1, default 12");
      assertLine(routed, "-> trigger (error) of 12_25 to dba: db-02/MySQL connections");
      assertLine(routed, "no alert for edge-lyon (13_H) now: it is filtered out");
      assertLine(routed, '"routing_key":"***"', '"dedup_key":"12_25"');
    });

    it("knows of hosts, groups, pollers and criticality what the file tells", () => {
      for (const [rule, key] of [
        ["host ^edge", "13_H"],
        ["service ^Swap$", "14_27"],
        ["hostgroup ^Linux", "11_22"],
        ["hostgroup ^Network$", "13_26"],
        ["servicegroup ^Web", "11_24"],
        ["criticality 1", "11_24"],
        ["poller ^Central$", "11_22"],
        ["poller Lyon", "poller_2"],
        ["ba ^Web shop$", "ba_5"],
      ] as const) {
        const sent = told(run(["explain", STORY], { pdy_routes: `${rule} -> dba` }));
        assert.is_true(
          sent.includes(`trigger (${key === "13_26" ? "error" : "critical"}) of ${key} to dba`),
          rule,
        );
      }
    });

    it("tells of change events, and does so where send_data_test keeps the output from sending", () => {
      const changes = run(["explain", STORY], { pdy_change_events: 1, send_data_test: 1 });
      assert.equal(0, changes.code, changes.output);
      assertLine(changes, "acknowledge 1, change ", ", resolve 5, trigger 10)");
      assertLine(changes, "-> change to default: ", "alice");
    });

    it("tells of every event with --all, definitions included", () => {
      const all = run(["explain", "--all", STORY]);
      for (const line of $range(1, 62)) assertLine(all, string.format("line %d  ", line));
      assertLine(all, "nothing: the connector does not read such events");
    });

    it("takes hand-written lines, and says which ones it cannot read", () => {
      const ids = { host_id: 1, service_id: 2 };
      const good = run([
        "explain",
        fileOf([
          { category: 1, element: 29, ...ids, state: 2, state_type: 1, last_check: 1760000000 },
          { control: "flush" },
          "",
        ]),
      ]);
      assert.equal(0, good.code, good.output);
      assert.same(["trigger (critical) of 1_2 to default"], told(good));
      const bad = run(["explain", fileOf(["{", { state: 2 }, "[1]x"])]);
      assert.equal(1, bad.code);
      assertLine(bad, "FAILED", "line 1: ");
      assertLine(bad, "FAILED", "line 2: neither _type nor category and element");
      const odd = run([
        "explain",
        fileOf([
          { _type: 65565, host_id: "web-01", service_id: 2, state: 2 },
          { _type: 65565, host_id: 1, service_id: 2, state: "CRITICAL" },
          { _type: 65565, ...ids, state: 2, state_type: 1, last_check: 1760000000 },
        ]),
      ]);
      assert.equal(1, odd.code);
      assertLine(odd, "FAILED", "line 1: host_id is no whole number");
      assertLine(odd, "FAILED", "line 2: state is no number");
      assert.same(["trigger (critical) of 1_2 to default"], told(odd));
      const missing = run(["explain", "/missing.jsonl"]);
      assert.equal(1, missing.code);
      assertLine(missing, "/missing.jsonl: No such file");
      assert.equal(2, run(["explain"]).code);
    });

    it("agrees with what the running connector sent for the events that it recorded", () => {
      const recording = temporaryPath(".jsonl");
      files.push(recording);
      const recorder = stage.start({ parameters: { record_path: recording } });
      const centreon = createCentreon(3);
      const step = [{ control: "flush" }];
      recorder.give(centreon.introduce(), step, centreon.check(LOAD, CRITICAL), step);
      recorder.give(centreon.check(DISK, WARNING), step, centreon.check(LOAD, OK), step);
      recorder.give(centreon.check(WEB, DOWN), step, centreon.check(DISK, CRITICAL), step);
      recorder.give(centreon.check(WEB, UP), step);
      recorder.settle();
      assert.is_true(assertAgrees(recorder, recording) >= 5);
      // What pollers are told is not in it: they have names there, and nothing else.
      const changes = run(["explain", recording], { pdy_change_events: 1 });
      for (const words of ["please report it", "-> change"]) assertNowhere(changes, words);
    });

    it("agrees with it on a flapping flag that is left over where flap detection is off", () => {
      const recording = temporaryPath(".jsonl");
      files.push(recording);
      const recorder = stage.start({ parameters: { record_path: recording } });
      const centreon = createCentreon(3);
      recorder.give(centreon.introduce({ flap_detection: false }));
      recorder.give(centreon.check(LOAD, CRITICAL, { isFlapping: true }), [{ control: "flush" }]);
      recorder.settle();
      assert.equal(1, assertAgrees(recorder, recording));
    });
  });

  describe("replay", () => {
    it("really sends the same to another address, with keys that open nothing", () => {
      for (const way of ["HTTP", "TLS"]) {
        sandbox.remove("/sandbox");
        const url = `${way === "TLS" ? sandbox.tlsUrl : sandbox.url}/v2/enqueue`;
        const trust = way === "TLS" ? ["--ca-file", sandbox.caFile] : [];
        const replayed = run(["replay", STORY, "--url", url, ...trust], {
          pdy_routes: "host ^db%- -> dba",
          http_proxy_string: "http://127.0.0.1:9",
        });
        assert.equal(0, replayed.code, replayed.output);
        assertLine(replayed, `ok: 16 requests accepted at ${url} for 62 events`);
        assertLine(replayed, "PagerDuty accepted the trigger (critical) of 11_22, web-01/Load");
        const incidents = (sandbox.get("/sandbox/alerts") as Incident[]).map(
          (incident) => `${incident.routing_key_end} ${inShort(incident)}`,
        );
        assert.equal("ault 11_22 resolved critical, 1 page", incidents[0]);
        assert.equal("0dba 12_25 triggered critical, 1 page", incidents[2]);
        assert.equal(9, incidents.length);
      }
    });

    it("leaves it to the running connector to ask what people did, and so does explain", () => {
      const asking = {
        pdy_api_key: "abcdefgh",
        pdy_api_url: sandbox.url,
        centreon_api_url: `${sandbox.url}/centreon`,
        centreon_api_token: "sandbox-api-token",
      };
      assertNowhere(run(["explain", STORY], asking), "people do in PagerDuty");
      const replayed = run(["replay", STORY, "--url", `${sandbox.url}/v2/enqueue`], asking);
      assert.equal(0, replayed.code, replayed.output);
      assertLine(replayed, "ok: 16 requests accepted");
      for (const api of ["rest", "centreon"]) assert.same([], sandbox.get(`/sandbox/${api}_requests`));
    });

    it("does not beat for the running connector, and neither does explain", () => {
      const watcher = startWebServer();
      const parameters = { heartbeat_url: `${watcher.url}/ping` };
      const url = `${sandbox.url}/v2/enqueue`;
      const replayed = run(["replay", STORY, "--url", url], parameters);
      const explained = run(["explain", STORY], parameters);
      const asked = watcher.requests();
      watcher.stop();
      assert.same([], asked);
      assert.same([0, 0], [replayed.code, explained.code]);
      assertNowhere(explained, "change to");
    });

    it("goes on trying for a while, and tells what is not delivered", () => {
      sandbox.post("/sandbox/faults", { kind: "status", status: 503, times: 1 });
      const delayed = run(["replay", OLD_STORY, "--url", `${sandbox.url}/v2/enqueue`]);
      assert.equal(1, delayed.code);
      assertLine(delayed, "FAILED replay: ", "with trouble on the way");
      assertLine(delayed, "was not accepted: HTTP 503");
      const states = (sandbox.get("/sandbox/alerts?state=open") as Incident[]).length;
      assert.equal(0, states);
    });

    it("refuses PagerDuty's own hosts and the address of real alerts, unless --really is said", () => {
      for (const url of [
        "https://events.pagerduty.com/v2/enqueue",
        "https://events.eu.pagerduty.com/v2/enqueue",
        "https://user@EVENTS.PagerDuty.com:443/v2/enqueue",
        "http://127.0.0.1:9/v2/enqueue",
      ]) {
        const refused = run(["replay", STORY, "--url", url]);
        assert.equal(2, refused.code, url);
        assertLine(refused, "say --really if you mean it");
      }
      const url = `${sandbox.url}/v2/enqueue`;
      const really = run(["replay", OLD_STORY, "--url", url, "--really"], { http_server_url: url });
      assert.equal(0, really.code, really.output);
      const [incident] = sandbox.get("/sandbox/alerts") as Incident[];
      assert.equal("cdef", incident?.routing_key_end);
    });

    it("needs an address", () => {
      for (const words of [[], ["--url", "localhost:8080"]]) {
        const run1 = run(["replay", STORY, ...words]);
        assert.equal(2, run1.code);
        assertLine(run1, "--url URL is needed");
      }
    });
  });
});
