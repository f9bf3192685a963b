// A storm of two hundred services, with the shipped file in the broker's host and the sandbox: one incident for those
// beyond the limit, over restarts and crashes, and to its end. The host's clock is the spec's.
import type { Line } from "../support/brokerhost";
import { assertLine, runCommand } from "../support/commands";
import { incidentsOf, inShort, requestsOf, type Incident } from "../support/incidents";
import { decodeJson } from "../support/json";
import { logged } from "../support/log";
import { waitFor } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage, newRoutingKey } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(() => {
  stage.clear();
  sandbox.remove("/sandbox");
});

/** What the host's clock shows at the start; problems begin after it, so that none can be open from before. */
const START = 1795700000;
const SERVICES = 200;
const HOSTS = 20;
const LIMIT = 10;

const [OK, WARNING, CRITICAL] = [0, 1, 2];

/** Elements of host, service and the status of a service, as each BBDO numbers them. */
const ELEMENTS = { 2: [12, 23, 24], 3: [30, 27, 29] } as const;

/** Two hundred services on twenty hosts, which are checked from that time on. */
function createPlatform(protocol: 2 | 3, start: number = START) {
  const [host, service, status] = ELEMENTS[protocol];
  let checked = start;
  const hostOf = (id: number): number => (id % HOSTS) + 1;
  const event = (element: number, fields: Line): Line => ({ category: 1, element, ...fields });
  return {
    definitions: (): Line[] => {
      const lines: Line[] = [];
      for (const id of $range(1, HOSTS)) {
        lines.push(event(host, { host_id: id, name: `host-${id}`, enabled: true, instance_id: 1 }));
      }
      for (const id of $range(1, SERVICES)) {
        lines.push(
          event(service, { host_id: hostOf(id), service_id: id, description: `s-${id}`, enabled: true }),
        );
      }
      return lines;
    },
    /** Checks find services `first` to `last` in this state. */
    checks: (first: number, last: number, state: number): Line[] => {
      checked = checked + 10;
      const lines: Line[] = [];
      for (const id of $range(first, last)) {
        lines.push(
          event(status, {
            host_id: hostOf(id),
            service_id: id,
            state,
            state_type: 1,
            check_attempt: 3,
            last_hard_state: state,
            last_hard_state_change: checked,
            last_check: checked,
            scheduled_downtime_depth: 0,
            flapping: false,
            output: "no answer",
            perfdata: "",
            ...(protocol === 2 ? { acknowledged: false } : { acknowledgement_type: 0 }),
          }),
        );
      }
      return lines;
    },
  };
}

function pass(seconds: number): Line[] {
  return [{ control: "clock", advance: seconds }, { control: "flush" }];
}

function begin(parameters: Readonly<Record<string, string | number>> = {}, clock: number = START): Actor {
  return stage.start({ clock, parameters: { pdy_storm_limit: LIMIT, ...parameters } });
}

/** The incidents that are open, but for the storm's. */
function openBeside(actor: Actor): Incident[] {
  actor.settle();
  return actor
    .incidents()
    .filter(({ dedup_key, state }) => state !== "resolved" && dedup_key !== "storm_default");
}

function stormOf(actor: Actor): Incident | undefined {
  actor.settle();
  return actor
    .incidents()
    .find(({ dedup_key, state }) => dedup_key === "storm_default" && state !== "resolved");
}

for (const protocol of [2, 3] as const) {
  describe(`two hundred services that fail at once (BBDO ${protocol})`, () => {
    it("are ten pages and a storm's, whose text follows, over a restart and a crash, until all is well", () => {
      const platform = createPlatform(protocol);
      const actor = begin();
      actor.give(platform.definitions(), platform.checks(1, SERVICES, CRITICAL), pass(1));
      assert.equal(LIMIT, openBeside(actor).length);
      assert.is_nil(stormOf(actor));
      actor.give(pass(5));
      const storm = stormOf(actor);
      assert.equal("storm_default triggered critical, 1 page", storm && inShort(storm));
      assert.equal(
        "Storm: 190 problems on 20 hosts, such as host-1/s-100 CRITICAL (more than 10 came within a minute)",
        storm?.summary,
      );
      assert.equal("storm", storm?.class);
      const details = storm?.custom_details ?? {};
      assert.same([190, 20, "190 critical"], [details["problems"], details["hosts"], details["severities"]]);
      assert.is_not_nil(string.find(tostring(details["gravest"]), "; and 170 more", 1, true)[0]);

      actor.give([{ control: "restart" }], platform.definitions(), pass(1));
      actor.give([{ control: "kill" }], platform.definitions(), pass(1));
      assert.equal(LIMIT, openBeside(actor).length);
      assert.same([1, 1], [stormOf(actor)?.pages, stormOf(actor)?.triggers]);

      actor.give(platform.checks(101, SERVICES, OK), pass(60));
      assert.same([1, 2], [stormOf(actor)?.pages, stormOf(actor)?.triggers]);
      const bodies = requestsOf(sandbox, actor.routingKey);
      const told = bodies.filter(
        ({ body }) => string.find(body, "Storm: 90 problems on ", 1, true)[0] !== undefined,
      );
      assert.equal(1, told.length);

      actor.give(platform.checks(1, 100, OK), pass(1));
      assert.same([[], undefined], [openBeside(actor), stormOf(actor)]);
      // Ten triggers and resolves, and the storm's trigger, update and resolve.
      assert.equal(2 * LIMIT + 3, requestsOf(sandbox, actor.routingKey).length);
    });

    it("page by themselves when it is calm and few are left", () => {
      const platform = createPlatform(protocol);
      const actor = begin();
      actor.give(platform.definitions(), platform.checks(1, 30, CRITICAL), pass(6));
      assert.is_not_nil(stormOf(actor));
      actor.give(platform.checks(1, 26, OK), pass(300), pass(1));
      assert.same(
        ["10_29", "11_30", "8_27", "9_28"].map((key) => `${key} triggered critical, 1 page`),
        openBeside(actor).map((incident) => inShort(incident)),
      );
      assert.is_nil(stormOf(actor));
      assert.equal(1, logged(actor, "it is over: the few problems that are left page by themselves").length);
    });
  });
}

describe("a storm", () => {
  it("is shown by status, and named by what it holds", () => {
    // The command's clock is the system's.
    const platform = createPlatform(3, os.time());
    const actor = begin({ log_level: 3 }, os.time());
    actor.give(platform.definitions(), platform.checks(1, 30, CRITICAL), pass(6), pass(10));
    actor.settle();
    const status = runCommand(["status", "--config", `${actor.folder}/central-broker.json`]);
    assertLine(status, "storms (1)");
    assertLine(status, "storm_default  stands for 20 problems, critical at worst");
    assertLine(status, "storm_default  Storm of problems: critical, to default");
    assertLine(status, "8_27  host-8/s-27: critical, storm_default stands for it");
    assertLine(status, "20 held (20 in a storm)");
    assert.equal(1, logged(actor, "no alert for host-8/s-27 (8_27) now: storm_default stands for it").length);
    const file = decodeJson(actor.file("status")) as Readonly<Record<string, unknown>>;
    assert.same([1, 20], [file["storms"], file["held_by_storms"]]);
  });

  it("that is switched off while it is open is resolved, and what it stood for pages once", () => {
    const platform = createPlatform(3);
    const actor = begin();
    actor.give(platform.definitions(), platform.checks(1, 30, CRITICAL), pass(6));
    assert.is_not_nil(stormOf(actor));
    actor.stop();
    const after = stage.start({
      clock: START + 60,
      parameters: { pdy_routing_key: actor.routingKey, state_path: `${actor.folder}/state` },
    });
    after.give(platform.definitions(), pass(1), pass(1));
    after.settle();
    const incidents = incidentsOf(sandbox, actor.routingKey).map((incident) => inShort(incident));
    assert.equal(31, incidents.length);
    assert.equal(30, incidents.filter((line) => line.endsWith(" triggered critical, 1 page")).length);
    assert.equal("storm_default resolved critical, 1 page", incidents[30]);
  });

  it("that is resolved by hand lets all that it stood for page, once", () => {
    const now = os.time();
    const platform = createPlatform(3, now);
    const actor = begin({}, now);
    actor.give(platform.definitions(), platform.checks(1, 30, CRITICAL), pass(6));
    assert.is_not_nil(stormOf(actor));
    actor.stop();
    const resolve = runCommand([
      "resolve",
      "storm_default",
      "--config",
      `${actor.folder}/central-broker.json`,
    ]);
    assertLine(resolve, "ok: 1 alert resolved: no broker runs the output; it takes effect at its next start");
    const after = stage.start({
      clock: now + 60,
      parameters: {
        pdy_routing_key: actor.routingKey,
        state_path: `${actor.folder}/state`,
        pdy_storm_limit: LIMIT,
      },
    });
    after.give(platform.definitions(), pass(1), pass(1));
    after.settle();
    const incidents = incidentsOf(sandbox, actor.routingKey).map((incident) => inShort(incident));
    assert.equal(31, incidents.length);
    assert.equal("storm_default resolved critical, 1 page", incidents[30]);
    assert.equal(30, incidents.filter((line) => line.endsWith(" triggered critical, 1 page")).length);
  });

  it("goes by the fallback key where its team's is refused, marked", () => {
    const [teamKey, fallbackKey] = [newRoutingKey(), newRoutingKey()];
    const platform = createPlatform(3);
    const actor = stage.start({
      parameters: {
        pdy_storm_limit: 2,
        self_alert_after: 2,
        pdy_fallback_routing_key: fallbackKey,
        pdy_routing_key_dba: teamKey,
        pdy_routes: "service ^s%-2 -> dba",
      },
    });
    actor.give([{ control: "restart" }], platform.definitions());
    sandbox.post("/sandbox/faults", {
      kind: "status",
      status: 400,
      times: 0,
      body: '{"status":"invalid event","message":"Invalid routing key","errors":[]}',
      match: { routing_key: teamKey },
    });
    actor.give(platform.checks(20, 29, CRITICAL), platform.checks(1, 1, WARNING));
    const storm = waitFor("the storm at the fallback", () => {
      actor.settle();
      return incidentsOf(sandbox, fallbackKey).find(({ dedup_key }) => dedup_key === "storm_dba");
    });
    assert.equal(
      1,
      string.find(storm.summary, "[meant for dba, whose key is refused] Storm: 8 problems", 1, true)[0],
    );
    actor.give(platform.checks(20, 29, OK));
    actor.settle();
    waitFor("its end", () => {
      actor.settle();
      const [own] = incidentsOf(sandbox, fallbackKey).filter(({ dedup_key }) => dedup_key === "storm_dba");
      return own?.state === "resolved" ? true : undefined;
    });
  });
});
