// `resolve` and `forget`: alerts that an administrator ends by hand, while a broker runs the output and while none does.
import type { Line } from "../support/brokerhost";
import { OWN_USER, type Run, assertLine, assertNowhere, startCommand } from "../support/commands";
import { CRITICAL, DISK, LOAD, OK, createCentreon } from "../support/events";
import { inShort, requestsOf } from "../support/incidents";
import { waitForLog } from "../support/log";
import { outputOf, readFile, waitFor, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

const BOTH_OPEN = ["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"];

/** Starts a command for the actor's output. The function that it gives waits for the end. */
function start(actor: Actor, ...words: string[]): (this: void) => Run {
  return startCommand([...words, "--config", `${actor.folder}/central-broker.json`]);
}

function run(actor: Actor, ...words: string[]): Run {
  return start(actor, ...words)();
}

/** The same while the broker calls flush() every second, as it does when nothing happens. */
function runBesideBroker(actor: Actor, ...words: string[]): Run {
  const finish = start(actor, ...words);
  actor.give([{ control: "wait", seconds: 4 }]);
  return finish();
}

/** Whose files the broker's are: root can make them somebody else's. */
const BROKER_USER = OWN_USER === "root" ? "nobody" : OWN_USER;

interface Story {
  readonly actor: Actor;
  readonly centreon: ReturnType<typeof createCentreon>;
}

/** Two problems, which PagerDuty has, of hosts of the poller Lyon. */
function startStory(parameters: Readonly<Record<string, string | number>> = {}): Story {
  const actor = stage.start({ parameters });
  const centreon = createCentreon(3);
  const poller: Line = { category: 1, element: 44, instance_id: 2, name: "Lyon" };
  const introduced = centreon
    .introduce()
    .map((line) => ("name" in line ? { ...line, instance_id: 2 } : line));
  actor.give([poller], introduced, centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
  actor.settle();
  return { actor, centreon };
}

/** What PagerDuty shows, without another event or flush(). */
function incidentsOf(actor: Actor): string[] {
  return actor.incidents().map((incident) => inShort(incident));
}

/** A broker that goes on where the actor's has stopped. */
function startNext(actor: Actor): Actor {
  return stage.start({
    parameters: { state_path: `${actor.folder}/state`, pdy_routing_key: actor.routingKey },
  });
}

describe("centreon-pagerduty", () => {
  after_each(() => {
    stage.clear();
    sandbox.remove("/sandbox");
  });

  describe("resolve", () => {
    it("ends an alert at PagerDuty, though the broker hears nothing of it; a later check opens a new one", () => {
      const { actor, centreon } = startStory();
      const resolved = runBesideBroker(actor, "resolve", "11_22");
      assert.equal(0, resolved.code, resolved.output);
      assert.same(["ok: 1 alert resolved", "resolved: web-01/Load (11_22)"], resolved.lines);
      waitForLog(actor, "accepted the resolve of 11_22");
      actor.report();
      assert.same(["11_22 resolved critical, 1 page", BOTH_OPEN[1]], incidentsOf(actor));
      assert.equal("state\nstate.lock\nstatus\n", outputOf(`cd ${actor.folder}; ls -d st*`));
      actor.give(centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 resolved critical, 1 page", ...BOTH_OPEN], actor.pagerduty());
    });

    it("takes keys as PagerDuty shows them and without the prefix, and says which are unknown", () => {
      const { actor } = startStory({ pdy_dedup_prefix: "site-a_" });
      const resolved = runBesideBroker(actor, "resolve", "site-a_11_22", "11_23", "11_99");
      assert.equal(1, resolved.code, resolved.output);
      assertLine(resolved, "FAILED resolve: 2 alerts resolved, 1 not");
      assertLine(resolved, "resolved: web-01/Load (11_22)");
      assertLine(resolved, "resolved: web-01/Disk (11_23)");
      assertLine(resolved, "unknown key: 11_99: no alert has it");
      assert.same(
        ["site-a_11_22 resolved critical, 1 page", "site-a_11_23 resolved critical, 1 page"],
        actor.pagerduty(),
      );
    });

    it("does nothing where the words are wrong, and says how they would be right", () => {
      const { actor } = startStory();
      const wrong: readonly (readonly [readonly string[], string])[] = [
        [
          ["11_22", "web-01/Load"],
          '"web-01/Load" is not a key. "status --all" shows them: 11_22 for a service',
        ],
        [[], "it needs a KEY, as PagerDuty or status shows it"],
        [["11_22", "--poller", "Lyon"], "--poller NAME stands in place of keys"],
      ];
      for (const [words, complaint] of wrong) {
        const refused = run(actor, "resolve", ...words);
        assert.equal(2, refused.code, refused.output);
        assertLine(refused, "FAILED resolve: ", complaint);
      }
      const strange = run(actor, "resolve", "--poller", "Lyons");
      assert.equal(1, strange.code);
      assertLine(strange, 'no alert of a poller called "Lyons": its alerts are of "Lyon"');
      assert.same(BOTH_OPEN, actor.pagerduty());
    });

    it("ends all alerts of a poller, and its own", () => {
      const { actor } = startStory();
      actor.give([{ category: 1, element: 46, poller_id: 2, responsive: false }]);
      assert.same([...BOTH_OPEN, "poller_2 triggered critical, 1 page"], actor.pagerduty());
      const resolved = runBesideBroker(actor, "resolve", "--poller", "Lyon");
      assert.equal(0, resolved.code, resolved.output);
      assertLine(resolved, "ok: 3 alerts resolved");
      assertLine(resolved, "resolved: Lyon (poller_2)");
      for (const incident of actor.pagerduty()) assert.is_not_nil(string.find(incident, " resolved ")[0]);
    });

    it("hands over to the broker's user, and withdraws what the connector does not take", () => {
      const { actor } = startStory();
      outputOf(`chown ${BROKER_USER} ${actor.folder}/state.lock 2>&1`);
      const orders = `${actor.folder}/state.orders`;
      const { rights, refused } = actor.whileFrozen(() => {
        const finish = start(actor, "resolve", "11_22");
        waitFor("the orders", () => readFile(orders));
        return { rights: outputOf(`stat -c '%a %U' ${orders}`), refused: finish() };
      });
      assert.equal(`600 ${BROKER_USER}\n`, rights);
      assert.equal(1, refused.code, refused.output);
      assertLine(refused, "the connector did not take the order within 10 s, and it is withdrawn");
      assert.equal("", outputOf(`ls ${actor.folder} | grep -e orders -e answers`));
      assert.same(BOTH_OPEN, actor.pagerduty());
    });

    it("works without a broker: the next one tells PagerDuty", () => {
      const { actor } = startStory();
      actor.stop();
      // The lock that root makes is the broker's, too.
      outputOf(`cd ${actor.folder}; rm state.lock; chown ${BROKER_USER} state 2>&1`);
      const resolved = run(actor, "resolve", "11_22", "11_99");
      const owners = outputOf(`cd ${actor.folder}; stat -c '%U %a' state state.lock`);
      assert.equal(`${BROKER_USER} 600\n${BROKER_USER} 644\n`, owners);
      assert.equal(1, resolved.code, resolved.output);
      assertLine(
        resolved,
        "1 alert resolved, 1 not: no broker runs the output; it takes effect at its next start",
      );
      assertLine(resolved, "resolved: web-01/Load (11_22)");
      assertLine(resolved, "unknown key: 11_99");
      assert.same(BOTH_OPEN, incidentsOf(actor));
      const next = startNext(actor);
      next.settle();
      assert.same(["11_22 resolved critical, 1 page", BOTH_OPEN[1]], incidentsOf(actor));
    });

    it("takes the place of a line that a crash has torn", () => {
      const { actor } = startStory();
      actor.stop();
      const torn = `{"alert":"service","host_id":11,"service_id":23,"route":"${string.rep("x", 3000)}`;
      writeFile(`${actor.folder}/state`, `${actor.file("state")}${torn}`);
      assert.equal(0, run(actor, "resolve", "11_22").code);
      const next = startNext(actor);
      next.settle();
      assert.same(["11_22 resolved critical, 1 page", BOTH_OPEN[1]], incidentsOf(actor));
      assert.equal("", outputOf(`ls ${actor.folder} | grep bad`), "the journal was taken for damaged");
    });

    it("says what is missing where there is no journal to change", () => {
      const { actor } = startStory();
      actor.stop();
      outputOf(`rm ${actor.folder}/state*`);
      const failed = run(actor, "resolve", "11_22");
      assert.equal(1, failed.code);
      assertLine(failed, "No such file or directory: the broker has not run this output yet");
    });

    it("says what is wrong with the journal where it does not know the key", () => {
      const { actor } = startStory();
      actor.stop();
      writeFile(`${actor.folder}/state`, "not a journal\n");
      const failed = run(actor, "resolve", "11_22");
      assert.equal(1, failed.code);
      assertLine(failed, "FAILED resolve: 0 alerts resolved, 1 not");
      assertNowhere(failed, "takes effect");
      assertLine(
        failed,
        `WARNING journal: the journal ${actor.folder}/state is not a journal of this version: only what can be read`,
      );
      assert.equal("not a journal\n", readFile(`${actor.folder}/state`));
    });
  });

  describe("forget", () => {
    it("lets go of alerts without a word, at once and for good", () => {
      const { actor, centreon } = startStory();
      const forgotten = runBesideBroker(actor, "forget", "11_22");
      assert.equal(0, forgotten.code, forgotten.output);
      assert.same(["ok: 1 alert forgotten", "forgotten: web-01/Load (11_22)"], forgotten.lines);
      const before = requestsOf(sandbox, actor.routingKey).length;
      actor.give(centreon.check(LOAD, OK), [{ control: "restart" }], centreon.check(LOAD, OK));
      assert.same(BOTH_OPEN, actor.pagerduty());
      assert.equal(before, requestsOf(sandbox, actor.routingKey).length);
      assertLine(run(actor, "status"), "open (1)");
    });

    it("works without a broker", () => {
      const { actor, centreon } = startStory();
      actor.stop();
      const forgotten = run(actor, "forget", "11_22");
      assert.equal(0, forgotten.code, forgotten.output);
      assertLine(forgotten, "ok: 1 alert forgotten: no broker runs the output");
      const next = startNext(actor);
      next.give(centreon.check(LOAD, OK), centreon.check(DISK, OK));
      next.settle();
      assert.same([BOTH_OPEN[0], "11_23 resolved critical, 1 page"], incidentsOf(actor));
    });
  });

  describe("status", () => {
    it("names open alerts of pollers of which nothing is heard", () => {
      const { actor } = startStory();
      actor.give([{ category: 1, element: 46, poller_id: 2, responsive: false }]);
      actor.settle();
      waitFor(
        "the count in the status file",
        () => {
          actor.settle();
          return string.find(actor.file("status"), '"open_of_quiet_pollers":2', 1, true)[0];
        },
        14,
      );
      const status = run(actor, "status");
      assertLine(status, "pollers      nothing is heard of those that 2 open alerts are of");
      assertLine(status, "11_22  web-01/Load: critical, to default; nothing is heard of its poller");
    });
  });
});
