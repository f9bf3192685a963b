// The commands that ask PagerDuty's REST API, and what `check` says of the key for it: against the sandbox's, with people
// and services there, and with the shipped connector's journal.
import type { Line } from "../support/brokerhost";
import { OWN_USER, type Run, assertLine, assertNowhere, runCommand } from "../support/commands";
import { CRITICAL, DISK, DOWN, LOAD, OK, ROUTER, WARNING, createCentreon } from "../support/events";
import { inShort } from "../support/incidents";
import { decodeJson } from "../support/json";
import { person } from "../support/people";
import { REFUSING_URL } from "../support/ports";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const API_KEY = "u+secret-api-key";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(() => {
  stage.clear();
  sandbox.remove("/sandbox");
});

/** A broker that asks the sandbox's REST API, and whose routing key is a service's called "Databases". */
function start(
  parameters: Readonly<Record<string, string | number>> = {},
  service: Line = {},
  clock?: number,
): Actor {
  const actor = stage.start({
    parameters: { pdy_api_key: API_KEY, pdy_api_url: sandbox.url, ...parameters },
    ...(clock === undefined ? {} : { clock }),
  });
  sandbox.put("/sandbox/services", { routing_key: actor.routingKey, name: "Databases", ...service });
  return actor;
}

/** Runs a command for the actor's output. No key may stand in what it prints. */
function run(actor: Actor, ...words: string[]): Run {
  const result = runCommand([...words, "--config", `${actor.folder}/central-broker.json`]);
  assertNowhere(result, actor.routingKey);
  assertNowhere(result, API_KEY);
  return result;
}

/** What the sandbox's REST API was asked with other methods than GET. */
function changes(): unknown[] {
  const all = sandbox.get("/sandbox/rest_requests") as { readonly method: string }[];
  return all.filter(({ method }) => method !== "GET");
}

describe("check, of pdy_api_key", () => {
  function check(actor: Actor): Run {
    return run(actor, "check", "--user", OWN_USER);
  }

  it("says what it may read and which service each key is of, with GETs alone", () => {
    const result = check(start());
    assert.equal(0, result.code, result.output);
    assertLine(result, "ok      pdy_api_key: ", "takes it: ", " to be seen");
    assertLine(result, "ok      pdy_api_key: incidents may be read");
    assertLine(result, "ok      pdy_api_key: oncalls may be read");
    assertLine(result, 'ok      pdy_api_key: the key default is of the service "Databases" (P');
    assert.same([], changes());
  });

  it("names the keys whose service it does not see, and those of orchestrations", () => {
    const orchestration = "R0123456789abcdef0123456789abcde";
    const actor = start({ pdy_routes: "host ^web -> web", pdy_routing_key_web: orchestration });
    sandbox.put("/sandbox/rest", { keys: { [API_KEY]: { services: [] } } });
    const result = check(actor);
    assertLine(result, "WARNING pdy_api_key: no service that pdy_api_key sees has the key default");
    assertLine(result, "ok      pdy_api_key: the key web is an event orchestration's");
    assertNowhere(result, orchestration);
  });

  it("says what to do where it is wrong, not in the plan, or may not read something", () => {
    const actor = start();
    sandbox.put("/sandbox/rest", { keys: { other: { access: "read" } } });
    const wrong = check(actor);
    assert.equal(1, wrong.code, wrong.output);
    assertLine(wrong, "FAILED  pdy_api_key: services cannot be read", "HTTP 401: check pdy_api_key");
    sandbox.put("/sandbox/rest", { keys: { [API_KEY]: { resources: ["services", "incidents"] } } });
    assertLine(check(actor), "FAILED  pdy_api_key: oncalls cannot be read", "HTTP 403", "read access");
    sandbox.put("/sandbox/rest", { in_plan: false });
    assertLine(
      check(actor),
      "FAILED  pdy_api_key: services cannot be read",
      "HTTP 402",
      "your account's plan",
    );
  });

  it("warns of what may be gone by itself: not reachable, too many requests, HTML", () => {
    const away = check(start({ pdy_api_url: REFUSING_URL }));
    assert.equal(0, away.code, away.output);
    assertLine(away, "WARNING pdy_api_key", "COULDNT_CONNECT", "check the name resolution");
    const actor = start();
    const rest = { match: { api: "rest" } };
    const headers = { "ratelimit-reset": "7" };
    sandbox.post("/sandbox/faults", { kind: "status", status: 429, headers, ...rest });
    assertLine(check(actor), "WARNING pdy_api_key", "HTTP 429", "try again in 7 s");
    sandbox.post("/sandbox/faults", { kind: "garbage", ...rest });
    assertLine(check(actor), "FAILED  pdy_api_key", "not PagerDuty's REST API", "check pdy_api_url");
  });
});

describe("oncall", () => {
  it("names each level's person, schedule and end, for each key's service", () => {
    const result = run(start(), "oncall");
    assert.equal(0, result.code, result.output);
    assertLine(result, "ok: somebody is on call for 1 service");
    assertLine(result, 'default: "Databases" (P');
    assertLine(result, "  level 1  Sam Rivera, until 20", "Z, schedule Primary");
    assertLine(result, "  level 2  Kim Okafor, always");
  });

  it("is CRITICAL for a plugin when nobody is on call, UNKNOWN when nobody can tell", () => {
    const actor = start();
    const good = run(actor, "oncall", "--plugin");
    assert.equal(0, good.code, good.output);
    assert.equal(1, good.lines.length);
    assertLine(
      good,
      "OK - default: Sam Rivera until 20",
      " | services.covered.count=1;;;0 services.uncovered",
    );
    sandbox.put("/sandbox/services", { routing_key: actor.routingKey, on_call: [] });
    const nobody = run(actor, "oncall", "--plugin");
    assert.equal(2, nobody.code, nobody.output);
    assertLine(nobody, 'CRITICAL - nobody is on call for default: "Databases" (P', "uncovered.count=1;;1;0");
    assert.equal(1, run(actor, "oncall").code);
    sandbox.put("/sandbox/rest", { keys: { other: { access: "read" } } });
    const unknown = run(actor, "oncall", "--plugin");
    assert.equal(3, unknown.code, unknown.output);
    assertLine(unknown, "UNKNOWN - PagerDuty's REST API at ", "HTTP 401: check pdy_api_key");
    assert.equal(1, run(actor, "oncall").code);
  });

  it("is a JSON object for a program", () => {
    const result = run(start(), "oncall", "--json");
    assert.equal(1, result.lines.length);
    const { teams } = decodeJson(result.output) as {
      readonly teams: { route: string; service: { name: string }; on_call: Line[] }[];
    };
    const [team] = teams;
    assert.same(["default", "Databases"], [team?.route, team?.service.name]);
    assert.same({ level: 2, person: "Kim Okafor" }, team?.on_call[1]);
  });

  it("says what is missing where no key is set", () => {
    const actor = stage.start();
    const result = run(actor, "oncall", "--plugin");
    assert.equal(3, result.code, result.output);
    assertLine(result, "UNKNOWN - pdy_api_key is not set: a read-only key");
  });
});

/** An event that PagerDuty gets from elsewhere than the connector that runs: of a journal that was lost, say. */
function triggerBehind(actor: Actor, dedupKey: string, summary = `${dedupKey} is in trouble`): void {
  const payload = { summary, source: "web-01", severity: "critical" };
  const event = { routing_key: actor.routingKey, event_action: "trigger", dedup_key: dedupKey, payload };
  sandbox.post("/v2/enqueue", event);
}

/** A broker whose LOAD is CRITICAL, and open at PagerDuty. */
function startWithLoad(
  parameters: Readonly<Record<string, string | number>> = {},
  service: Line = {},
): Actor {
  const actor = start(parameters, service);
  const centreon = createCentreon(3);
  actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
  assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
  return actor;
}

/** A broker whose connector has seen the incident of LOAD, so that it knows where that is. */
function startSeen(parameters: Readonly<Record<string, string | number>> = {}): Actor {
  const actor = startWithLoad({ pdy_sync_interval: 1, ...parameters });
  waitFor("the incident in the journal", () => {
    actor.settle();
    return string.find(actor.file("state"), "/incidents/", 1, true)[0];
  });
  return actor;
}

describe("incidents", () => {
  it("tells state, name, whom it is assigned to, since when, and where", () => {
    const result = run(startWithLoad(), "incidents");
    assert.equal(0, result.code, result.output);
    assertLine(result, "ok: 1 open incident: 1 triggered, 0 acknowledged; nothing differs from Centreon");
    assertLine(
      result,
      "#1  triggered assigned to Sam Rivera",
      " since 20",
      "web-01/Load (11_22), Databases  http",
    );
  });

  it("tells who acknowledged, and that Centreon has not: WARNING for a plugin", () => {
    const actor = startWithLoad();
    person(sandbox, actor.routingKey, "11_22", "acknowledge", { by: "Kim Okafor" });
    const result = run(actor, "incidents");
    assert.equal(1, result.code, result.output);
    assertLine(result, "WARNING: 1 open incident: 0 triggered, 1 acknowledged; 1 differing from Centreon");
    assertLine(result, "#1  acknowledged by Kim Okafor since 20", "web-01/Load (11_22)");
    assertLine(result, "  acknowledged there only (by Kim Okafor): web-01/Load (11_22), #1  http");
    const plugin = run(actor, "incidents", "--plugin");
    assert.equal(1, plugin.code, plugin.output);
    assert.equal(1, plugin.lines.length);
    assertLine(plugin, "WARNING - 1 open incident: ", "such as web-01/Load: acknowledged there only | ");
    assertLine(
      plugin,
      "incidents.open.count=1;;;0 incidents.triggered.count=0;;;0 incidents.differing.count=1;1;;0",
    );
    assert.equal(0, run(actor, "incidents", "--plugin", "--warning-differing", "0").code);
  });

  it("is as critical for a plugin as what nobody works on", () => {
    const actor = startWithLoad();
    assert.equal(2, run(actor, "incidents", "--plugin", "--critical-triggered=1").code);
    assert.equal(1, run(actor, "incidents", "--plugin", "--warning-triggered", "1").code);
    const wrong = run(actor, "incidents", "--plugin", "--warning-triggered", "many");
    assert.equal(3, wrong.code, wrong.output);
    assertLine(wrong, "UNKNOWN - --warning-triggered needs a whole number");
  });

  it("tells what Centreon acknowledged and PagerDuty did not take over", () => {
    const actor = start();
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    actor.settle();
    actor.give(centreon.acknowledge(LOAD, { author: "admin", comment: "mine", isSticky: true }));
    assert.same(["11_22 acknowledged critical, 1 page"], actor.pagerduty());
    assertLine(run(actor, "incidents"), "0 triggered, 1 acknowledged; nothing differs");
    person(sandbox, actor.routingKey, "11_22", "unacknowledge");
    assertLine(run(actor, "incidents"), "  acknowledged here only (by admin): web-01/Load (11_22), #1");
  });

  it("finds what is open there and fine here, over more than one page, and leaves other keys alone", () => {
    const actor = startWithLoad();
    for (const host of $range(100, 204)) triggerBehind(actor, `${host}_H`);
    triggerBehind(actor, "somebody else's");
    const result = run(actor, "incidents");
    assert.equal(1, result.code, result.output);
    assertLine(result, "WARNING: 107 open incidents: 107 triggered, 0 acknowledged; 105 differing");
    assertLine(result, "  open there, fine here: 204_H is in trouble (204_H), #106  http");
    assertLine(result, "somebody else's is in trouble (not from Centreon)");
  });

  it("shows the beginning of a long title", () => {
    const actor = startWithLoad();
    triggerBehind(actor, "11_99", string.rep("é", 1000));
    assertLine(
      run(actor, "incidents"),
      `  open there, fine here: ${string.rep("é", 159)}\u{2026} (11_99), #2  http`,
    );
  });

  it("names every alert of an incident that has several", () => {
    const actor = startWithLoad({}, { grouping: "all" });
    const centreon = createCentreon(3);
    actor.give(centreon.check(DISK, WARNING));
    actor.settle();
    const result = run(actor, "incidents");
    assertLine(result, "ok: 1 open incident: ");
    assertLine(result, "#1  triggered", "web-01/Load (11_22), web-01/Disk (11_23), Databases");
  });

  it("tells what is a problem here and was closed there, and by whom", () => {
    const actor = startSeen({ pdy_reopen: "never" });
    person(sandbox, actor.routingKey, "11_22", "resolve", { by: "Kim Okafor" });
    assertLine(
      run(actor, "incidents"),
      "  closed there, a problem here (by Kim Okafor, 20",
      "web-01/Load (11_22)",
    );
    // As the connector has learnt it, too.
    waitFor("the close in the log", () => {
      actor.settle();
      return string.find(actor.file("log"), "was closed by", 1, true)[0];
    });
    assertLine(
      run(actor, "incidents"),
      "  closed there, a problem here (by Kim Okafor, 20",
      "web-01/Load (11_22)",
    );
  });

  it("is a JSON object for a program", () => {
    const actor = startWithLoad();
    person(sandbox, actor.routingKey, "11_22", "acknowledge", { by: "Kim Okafor" });
    const { incidents, differences } = decodeJson(run(actor, "incidents", "--json").output) as {
      readonly incidents: { number: number; who: string; alerts: unknown }[];
      readonly differences: { kind: string; dedup_key: string }[];
    };
    assert.same([1, "Kim Okafor"], [incidents[0]?.number, incidents[0]?.who]);
    assert.same([{ dedup_key: "11_22", resource: "web-01/Load" }], incidents[0]?.alerts);
    assert.same(
      ["acknowledged there only"],
      differences.map(({ kind }) => kind),
    );
  });
});

function sorted(texts: string[]): string[] {
  table.sort(texts);
  return texts;
}

describe("reconcile", () => {
  /** Runs it while the broker takes events, so that the connector looks for orders. */
  function reconcile(actor: Actor, ...words: string[]): Run {
    actor.give([{ control: "wait", seconds: 4 }]);
    return run(actor, "reconcile", ...words);
  }

  it("finds nothing where the journal and PagerDuty agree", () => {
    const actor = startWithLoad();
    person(sandbox, actor.routingKey, "11_22", "acknowledge");
    const result = run(actor, "reconcile");
    assert.equal(0, result.code, result.output);
    assertLine(result, "ok: the journal and PagerDuty agree");
  });

  it("lists what is open there and fine here; --fix has the running connector resolve it", () => {
    const actor = startWithLoad();
    triggerBehind(actor, "11_23");
    const listed = run(actor, "reconcile");
    assert.equal(1, listed.code, listed.output);
    assertLine(listed, "WARNING: 1 difference between the journal and PagerDuty");
    assertLine(listed, "open there, fine here: 11_23 is in trouble (11_23), #2  http");
    assertLine(listed, "reconcile --fix resolves it; but the broker has run for ");
    const refused = run(actor, "reconcile", "--fix");
    assert.equal(2, refused.code, refused.output);
    assertLine(refused, "FAILED reconcile: the broker has run for ", "or add --yes");
    const fixed = reconcile(actor, "--fix", "--yes");
    assert.equal(0, fixed.code, fixed.output);
    assertLine(fixed, "ok: 1 difference mended");
    assertLine(fixed, "resolved: 11_23 is in trouble (11_23)");
    assert.same(["11_22 triggered critical, 1 page", "11_23 resolved critical, 1 page"], actor.pagerduty());
    assertLine(run(actor, "reconcile"), "ok: the journal and PagerDuty agree");
  });

  it("puts a lost journal right: what lasts is taken over, what is fine is resolved", () => {
    const actor = startWithLoad();
    const centreon = createCentreon(3);
    actor.give(centreon.check(DISK, WARNING));
    actor.settle();
    actor.kill();
    os.remove(`${actor.folder}/state`);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, OK));
    actor.settle();
    assertLine(run(actor, "reconcile"), "open there, fine here: web-01/Disk: WARNING", "(11_23), #2");
    assert.equal(0, reconcile(actor, "--fix", "--yes").code);
    assert.same(["11_22 triggered critical, 1 page", "11_23 resolved warning, 1 page"], actor.pagerduty());
  });

  it("puts it right whatever happened meanwhile: closed by a person, removed from Centreon, a storm of before", () => {
    const actor = startWithLoad();
    const centreon = createCentreon(3);
    actor.give(centreon.check(DISK, CRITICAL), centreon.check(ROUTER, DOWN));
    actor.settle();
    actor.kill();
    os.remove(`${actor.folder}/state`);
    person(sandbox, actor.routingKey, "11_22", "resolve");
    for (const key of ["storm_default", "77_88", "ba_7"]) triggerBehind(actor, key);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(ROUTER, DOWN));
    actor.give(centreon.check(DISK, OK));
    actor.settle();
    assertLine(reconcile(actor, "--fix", "--yes"), "ok: 4 differences mended");
    assert.same(
      [
        "10_H triggered critical, 1 page",
        "11_22 resolved critical, 1 page",
        "11_22 triggered critical, 1 page",
        "11_23 resolved critical, 1 page",
        "77_88 resolved critical, 1 page",
        "ba_7 resolved critical, 1 page",
        "storm_default resolved critical, 1 page",
      ],
      sorted(actor.pagerduty()),
    );
    assertLine(run(actor, "reconcile"), "ok: the journal and PagerDuty agree");
  });

  it("changes the journal where no broker runs: the resolve goes out at the next start", () => {
    const actor = startWithLoad();
    triggerBehind(actor, "11_23");
    actor.stop();
    const fixed = run(actor, "reconcile", "--fix", "--yes");
    assert.equal(0, fixed.code, fixed.output);
    assertLine(fixed, "no broker runs the output: that takes effect at its next start");
    stage
      .start({ parameters: { state_path: `${actor.folder}/state`, pdy_routing_key: actor.routingKey } })
      .settle();
    const incidents = actor.incidents().map((incident) => inShort(incident));
    assert.same(["11_22 triggered critical, 1 page", "11_23 resolved critical, 1 page"], incidents);
  });

  it("leaves what is over to people where they end incidents (pdy_resolve 0)", () => {
    const actor = startWithLoad({ pdy_resolve: 0 });
    actor.give(createCentreon(3).check(LOAD, OK));
    actor.settle();
    assertLine(run(actor, "reconcile"), "ok: the journal and PagerDuty agree");
    assertLine(run(actor, "incidents"), "ok: 1 open incident", "nothing differs");
  });

  it("lists what is a problem here and was closed there, though the connector never saw it open", () => {
    const actor = startWithLoad();
    person(sandbox, actor.routingKey, "11_22", "resolve", { by: "Kim Okafor" });
    const result = run(actor, "reconcile");
    assert.equal(1, result.code, result.output);
    assertLine(result, "closed there, a problem here (by Kim Okafor, 20", "web-01/Load (11_22), #1");
    assertLine(result, 'the connector opens it anew as pdy_reopen says ("always")');
  });

  describe("of a problem that was closed there, and never seen open,", () => {
    /** Seconds ago that the problem was sent. */
    const AGO = 120;

    interface Closed {
      readonly actor: Actor;
      readonly centreon: ReturnType<typeof createCentreon>;
    }

    /** LOAD was CRITICAL two minutes ago, and `close` closes its incident. */
    const closed = (
      parameters: Readonly<Record<string, string | number>>,
      close: (actor: Actor) => void,
    ): Closed => {
      const actor = start(parameters, {}, os.time() - AGO);
      const centreon = createCentreon(3);
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
      close(actor);
      actor.give([{ control: "clock", advance: AGO - 10 }]);
      actor.settle();
      return { actor, centreon };
    };
    const byPerson = ({ routingKey }: Actor): void =>
      person(sandbox, routingKey, "11_22", "resolve", { by: "Kim Okafor" });
    const byTimeout = ({ routingKey }: Actor): void => {
      sandbox.put("/sandbox/services", { routing_key: routingKey, auto_resolve_timeout: 0 });
      sandbox.post("/sandbox/clock", { advance_seconds: 1 });
      sandbox.put("/sandbox/services", { routing_key: routingKey, auto_resolve_timeout: 14400 });
    };
    /** Mends while the connector's clock goes on. */
    const fix = (actor: Actor): Run => {
      for (const _ of $range(1, 5))
        actor.give([
          { control: "wait", seconds: 1 },
          { control: "clock", advance: 2 },
        ]);
      return run(actor, "reconcile", "--fix", "--yes");
    };
    const ANEW = ["11_22 resolved critical, 1 page", "11_22 triggered critical, 1 page"];

    it("--fix tells the connector: a person is believed until the next check that still finds it", () => {
      const { actor, centreon } = closed({}, byPerson);
      const fixed = fix(actor);
      assert.equal(0, fixed.code, fixed.output);
      assertLine(fixed, "taken for closed, and opened anew by the next check that still finds the problem: ");
      assertLine(fixed, "ok: 1 difference mended");
      assert.same(["11_22 resolved critical, 1 page"], actor.pagerduty());
      actor.give(centreon.check(LOAD, CRITICAL));
      assert.same(ANEW, actor.pagerduty());
      assertLine(run(actor, "reconcile"), "ok: the journal and PagerDuty agree");
    });

    it("--fix has it opened anew at once where PagerDuty itself closed it", () => {
      const { actor } = closed({}, byTimeout);
      assertLine(fix(actor), "opened anew: web-01/Load (11_22)");
      assert.same(ANEW, actor.pagerduty());
    });

    it("--fix leaves it closed where pdy_reopen says so, and says that", () => {
      const { actor, centreon } = closed({ pdy_reopen: "never" }, byTimeout);
      const fixed = fix(actor);
      assert.equal(1, fixed.code, fixed.output);
      assertLine(fixed, 'left closed, until it gets worse: pdy_reopen is "never": web-01/Load (11_22)');
      assertLine(fixed, "WARNING: 0 differences mended, 1 left");
      actor.give(centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 resolved critical, 1 page"], actor.pagerduty());
    });

    it("--fix does nothing while what was sent may not have got through PagerDuty yet", () => {
      const actor = startWithLoad();
      byPerson(actor);
      const fixed = reconcile(actor, "--fix", "--yes");
      assertLine(fixed, "not mended, something was sent of it just now: try again in a minute: web-01/Load");
      assert.same(["11_22 resolved critical, 1 page"], actor.pagerduty());
    });

    it("--fix changes the journal where no broker runs: the next start goes by it", () => {
      const { actor } = closed({}, byTimeout);
      actor.stop();
      const fixed = run(actor, "reconcile", "--fix", "--yes");
      assert.equal(0, fixed.code, fixed.output);
      assertLine(fixed, "opened anew: web-01/Load (11_22)");
      assertLine(fixed, "no broker runs the output: that takes effect at its next start");
      stage
        .start({ parameters: { state_path: `${actor.folder}/state`, pdy_routing_key: actor.routingKey } })
        .settle();
      assert.same(
        ANEW,
        actor.incidents().map((incident) => inShort(incident)),
      );
    });
  });

  it("takes what is suppressed for nothing", () => {
    const actor = start({}, { events: "suppress" });
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    actor.settle();
    const result = run(actor, "reconcile");
    assert.equal(0, result.code, result.output);
    assertLine(result, "not to be seen: web-01/Load (11_22): taken, and in no incident");
  });

  it("takes an incident that ended before the problem was sent for none of it", () => {
    const actor = start();
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    actor.settle();
    actor.give(centreon.check(LOAD, OK));
    assert.same(["11_22 resolved critical, 1 page"], actor.pagerduty());
    sandbox.put("/sandbox/services", { routing_key: actor.routingKey, events: "suppress" });
    // PagerDuty tells times in whole seconds.
    const endedBy = os.time();
    waitFor("the next second", () => (os.time() > endedBy ? true : undefined));
    actor.give(centreon.check(LOAD, CRITICAL));
    actor.settle();
    const result = run(actor, "reconcile");
    assert.equal(0, result.code, result.output);
    assertLine(result, "not to be seen: web-01/Load (11_22): taken, and in no incident");
  });

  it("lists what is open with another key than the journal's", () => {
    const other = "fedcba9876543210fedcba9876543210";
    const actor = start({ pdy_routes: "host ^nowhere$ -> other", pdy_routing_key_other: other });
    sandbox.put("/sandbox/services", { routing_key: other, name: "Web" });
    const centreon = createCentreon(3);
    actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    actor.settle();
    triggerBehind({ ...actor, routingKey: other }, "11_22");
    const result = run(actor, "reconcile");
    assert.equal(1, result.code, result.output);
    assertLine(result, "open more than once (its own is #1): web-01/Load (11_22), #2  http");
    assertNowhere(result, other);
    const fixed = reconcile(actor, "--fix", "--yes");
    assert.equal(0, fixed.code, fixed.output);
    assertLine(fixed, "resolved: web-01/Load (11_22), #2");
    assertNowhere(fixed, other);
    assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
    assertLine(run(actor, "reconcile"), "ok: the journal and PagerDuty agree");
  });
});
