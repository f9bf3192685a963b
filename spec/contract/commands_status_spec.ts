// `status` and `retry`: how a running output fares, for a person and for a plugin, and the way back out of quarantine.
import type { Line } from "../support/brokerhost";
import { type Run, assertLine, assertNowhere, runCommand, startCommand } from "../support/commands";
import { CRITICAL, DISK, LOAD, OK, WARNING, createCentreon } from "../support/events";
import { requestsOf } from "../support/incidents";
import { waitForLog } from "../support/log";
import { outputOf, readFile, sleep, waitFor, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

/** Starts a command for the actor's output. The function that it gives waits for the end. */
function start(actor: Actor, ...words: string[]): (this: void) => Run {
  return startCommand([...words, "--config", `${actor.folder}/central-broker.json`]);
}

function run(actor: Actor, ...words: string[]): Run {
  const result = start(actor, ...words)();
  assertNowhere(result, actor.routingKey);
  return result;
}

/** Runs the command of packaging/centreon for the actor's files, with the service's macros. */
function readyMade(actor: Actor): Run {
  const configuration = readFile("packaging/centreon/centreon-pagerduty.cfg") ?? "";
  const [line] = string.match(configuration, "command_line%s+/usr/bin/centreon%-pagerduty ([^\n]+)");
  const [expanded] = string.gsub(line ?? "", "%$_SERVICE(%u+)%$", (macro) => {
    const [value] = string.match(configuration, `\n +_${macro} +([^\n]+)`);
    return value ?? "";
  });
  const words: string[] = [];
  for (const [word] of string.gmatch(expanded, "%S+"))
    words.push(string.gsub(word ?? "", "^/var/lib/centreon%-broker/pagerduty%.", `${actor.folder}/`)[0]);
  return runCommand(words);
}

/** PagerDuty takes no event of this dedup key any more. */
const REFUSAL: Line = {
  kind: "status",
  status: 400,
  times: 0,
  body: '{"status":"invalid event","message":"Event object is invalid","errors":["it is odd"]}',
};

/** The status file as it is after something new was written to it. */
function waitForStatus(actor: Actor, part: string): void {
  waitFor(
    `${part} in the status file`,
    () => {
      actor.give([{ control: "flush" }]);
      actor.report();
      return string.find(actor.file("status"), part, 1, true)[0];
    },
    14,
  );
}

describe("centreon-pagerduty", () => {
  after_each(() => {
    stage.clear();
    sandbox.remove("/sandbox");
  });

  describe("status", () => {
    it("tells what is open, waiting, held and quarantined, and changes nothing", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.orderFault(REFUSAL, { dedup_key: "11_23" });
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL), centreon.check(DISK, WARNING));
      actor.settle();
      waitForLog(actor, "for good");
      const listing = (): string => outputOf(`ls -il ${actor.folder}; cat ${actor.folder}/state`);
      const { before, status, after } = actor.whileFrozen(() => ({
        before: listing(),
        status: run(actor, "status"),
        after: listing(),
      }));
      assert.equal(before, after);
      assert.equal(1, status.code);
      assertLine(status, "WARNING: PagerDuty refused 1 (see status, and then retry)");
      assertLine(status, "11_22  web-01/Load: critical, to default");
      assertLine(status, "open (1)");
      assertLine(status, "11_23  trigger to default", "HTTP 400: Event object is invalid: it is odd");
    });

    it("shows what is held, and what waits for which action", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.orderFault({ kind: "status", status: 503, times: 0 });
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      actor.settle();
      actor.give(centreon.downtime(DISK, 1), centreon.check(DISK, WARNING));
      actor.settle();
      const status = run(actor, "status");
      assertLine(status, "held (1)");
      assertLine(status, "11_23  web-01/Disk: warning, it is in a downtime");
      assertLine(status, "waiting (1)");
      assertLine(status, "11_22  web-01/Load: trigger (critical), to default");
    });

    it("shows how long what is to page only if it lasts still waits", () => {
      const actor = stage.start({ parameters: { respect_notification_settings: 1 } });
      const centreon = createCentreon(3);
      const delayed = { notify: true, notify_on_warning: true, first_notification_delay: 90 };
      actor.give(centreon.introduce(delayed), centreon.check(LOAD, WARNING, { at: os.time() + 10 }));
      actor.settle();
      const status = run(actor, "status");
      assertLine(status, "11_22  web-01/Load: warning, pages in 1 h ", " at the earliest, if it lasts");
    });

    it("tells what was sent and not confirmed from what is open", () => {
      const actor = stage.start({ parameters: { http_timeout: 1 } });
      const centreon = createCentreon(3);
      actor.orderFault({ kind: "delay", seconds: 4, times: 0 });
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      waitForLog(actor, "was not accepted");
      const status = run(actor, "status");
      assertLine(status, "0 open, 1 sent, not confirmed, 1 waiting");
      assertLine(status, "sent, not confirmed (1)");
      assertLine(status, "11_22  web-01/Load: critical, to default");
    });

    it("says of a new output that cannot send that all waits, and nothing was sent", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.orderFault({ kind: "status", status: 401, times: 0 });
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      actor.settle();
      const status = run(actor, "status");
      assertLine(status, "0 open, 1 waiting, 0 held");
      assertNowhere(status, "not confirmed");
    });

    it("names the open alerts of pollers that stopped", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      actor.settle();
      actor.give(centreon.engineStops(), [{ control: "restart" }]);
      waitForStatus(actor, '"open_of_quiet_pollers":1');
      const status = run(actor, "status");
      assertLine(status, "11_22  web-01/Load: critical, to default; nothing is heard of its poller");
      assertLine(status, "nothing is heard of those that 1 open alert are of");
    });

    it("fits a plugin: OK, then CRITICAL when too much waits, with performance data", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      actor.settle();
      // A start writes the file at once; after that it is written every 10 s.
      actor.give([{ control: "restart" }]);
      waitForStatus(actor, '"open":1');
      const good = run(actor, "status", "--plugin");
      assert.equal(0, good.code, good.output);
      assert.equal(1, good.lines.length);
      assertLine(good, "OK - 1 open, 0 waiting, 0 held, 0 refused, ", " | alerts.waiting.count=0;;;0");
      assertLine(good, "alerts.oldest.seconds=0s;60;300;0 events.refused.count=0;1;;0");
      assert.equal(good.output, readyMade(actor).output);
      actor.orderFault({ kind: "status", status: 503, times: 0 });
      actor.give(centreon.check(LOAD, OK), [{ control: "restart" }]);
      waitForStatus(actor, '"waiting":1');
      const bad = run(actor, "status", "--plugin", "--warning-waiting", "1", "--critical-waiting=1");
      assert.equal(2, bad.code, bad.output);
      assertLine(bad, "CRITICAL - 1 alerts wait; 0 open, 1 waiting", " | alerts.waiting.count=1;1;1;0");
    });

    it("fits a plugin when the connector falls silent: CRITICAL while the broker runs, else UNKNOWN", () => {
      const actor = stage.start();
      actor.settle();
      waitForStatus(actor, '"format":1');
      const words = ["status", "--plugin", "--stale", "1"];
      // Without the configuration, as a user who may not read it.
      const files = ["status", "state", "quarantine"].map((name) => `--${name}-path=${actor.folder}/${name}`);
      const { hanging, alone } = actor.whileFrozen(() => {
        sleep(2.1);
        return { hanging: run(actor, ...words), alone: runCommand([...words, ...files]) };
      });
      assert.equal(2, hanging.code, hanging.output);
      assertLine(hanging, "CRITICAL - the connector does not tell how it fares though the broker runs");
      assert.same([2, hanging.lines.length], [alone.code, alone.lines.length], alone.output);
      actor.stop();
      sleep(2.1);
      const stopped = run(actor, ...words);
      assert.equal(3, stopped.code, stopped.output);
      assertLine(stopped, "UNKNOWN - no broker runs the output");
      os.remove(`${actor.folder}/status`);
      const missing = run(actor, "status");
      assert.equal(1, missing.code);
      assertLine(missing, "UNKNOWN: no broker runs the output", "No such file");
    });

    it("says UNKNOWN, too, when it cannot do its work", () => {
      for (const words of [["--config", "/missing.json"], ["--warning-oldest", "x"], ["--no-such-option"]]) {
        const unknown = runCommand(["status", "--plugin", ...words]);
        assert.equal(3, unknown.code, unknown.output);
      }
      assertLine(runCommand(["status", "--plugin", "--config", "/missing.json"]), "UNKNOWN - /missing.json");
    });
  });

  describe("retry", () => {
    /** An output with one refused trigger, of a problem that goes on. */
    function startRefused(): { actor: Actor; centreon: ReturnType<typeof createCentreon> } {
      const actor = stage.start({ parameters: { pdy_dedup_prefix: "site-a_" } });
      const centreon = createCentreon(3);
      actor.orderFault(REFUSAL);
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      waitForLog(actor, "for good");
      // The files are written after the line: the host reports when that is over.
      actor.report();
      return { actor, centreon };
    }

    it("sends what is still called for, empties the quarantine, and the recovery closes the incident", () => {
      const { actor, centreon } = startRefused();
      const refusedAgain = run(actor, "retry");
      assert.equal(1, refusedAgain.code);
      assertLine(refusedAgain, "FAILED retry: 0 events accepted, 0 events dropped, 1 event kept");
      assert.equal(1, string.gsub(actor.file("quarantine"), "\n", "")[1]);
      sandbox.remove("/sandbox/faults");
      const dry = run(actor, "retry", "--dry-run");
      assertLine(dry, "ok: 1 event would be sent, 0 events dropped (dry run)");
      assert.same([], actor.incidents());
      const retried = run(actor, "retry");
      assert.equal(0, retried.code, retried.output);
      assertLine(retried, "ok      accepted: 11_22 trigger to default: web-01/Load: CRITICAL");
      assert.equal("", actor.file("quarantine"));
      assert.same(["site-a_11_22 triggered critical, 1 page"], actor.pagerduty());
      assertLine(run(actor, "retry"), "ok: nothing is in quarantine");
      // The running connector does not know of it, and writes "refused" on.
      const status = run(actor, "status");
      assertLine(status, "11_22  web-01/Load: critical, sent by retry, to default");
      assertLine(status, "1 open, 0 waiting, 0 held, 0 refused");
      assertNowhere(status, "see quarantined");
      actor.give(centreon.check(LOAD, OK));
      assert.same(["site-a_11_22 resolved critical, 1 page"], actor.pagerduty());
    });

    it("opens nothing that has recovered meanwhile", () => {
      const { actor, centreon } = startRefused();
      sandbox.remove("/sandbox/faults");
      actor.give(centreon.check(LOAD, OK));
      actor.settle();
      const retried = run(actor, "retry");
      assert.equal(0, retried.code, retried.output);
      assertLine(retried, "dropped 11_22 trigger", "it has recovered");
      assert.same([], actor.incidents());
      assert.equal("", actor.file("quarantine"));
    });

    it("closes what it has opened when the problem ended at that very moment", () => {
      const { actor, centreon } = startRefused();
      sandbox.remove("/sandbox/faults");
      // The trigger takes effect after the connector's resolve, which hits nothing.
      actor.orderFault({ kind: "delay", seconds: 2 }, { event_action: "trigger" });
      const before = requestsOf(sandbox, actor.routingKey).length;
      const finish = start(actor, "retry");
      waitFor(
        "the trigger to be under way",
        () => requestsOf(sandbox, actor.routingKey).length > before || undefined,
      );
      actor.give(centreon.check(LOAD, OK));
      actor.settle();
      const retried = finish();
      assertNowhere(retried, actor.routingKey);
      assert.equal(0, retried.code, retried.output);
      assertLine(retried, "it has recovered meanwhile: resolved again");
      assert.same(["site-a_11_22 resolved critical, 1 page"], actor.pagerduty());
    });

    it("leaves to the connector what has changed since", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.orderFault({ ...REFUSAL, times: 3 });
      actor.give(centreon.introduce(), centreon.check(LOAD, WARNING));
      waitForLog(actor, "for good");
      actor.give(centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
      const retried = run(actor, "retry");
      assertLine(retried, "dropped 11_22 trigger", "it has changed, and the connector sends it by itself");
      assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
    });

    it("sends a refused resolve of a problem that has not come back", () => {
      const actor = stage.start();
      const centreon = createCentreon(3);
      actor.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
      actor.settle();
      actor.orderFault(REFUSAL, { event_action: "resolve" });
      actor.give(centreon.check(LOAD, OK));
      waitForLog(actor, "for good");
      sandbox.remove("/sandbox/faults");
      assert.same(["11_22 triggered critical, 1 page"], actor.pagerduty());
      assertLine(run(actor, "retry"), "ok: 1 event accepted");
      assert.same(["11_22 resolved critical, 1 page"], actor.pagerduty());
    });

    it("keeps everything when PagerDuty cannot be reached, and what is no line of ours", () => {
      const { actor } = startRefused();
      sandbox.remove("/sandbox/faults");
      const quarantine = `${actor.folder}/quarantine`;
      writeFile(quarantine, `torn line\n${actor.file("quarantine")}`);
      const before = actor.file("quarantine");
      actor.orderFault({ kind: "status", status: 503, times: 0 });
      const failed = run(actor, "retry");
      assert.equal(1, failed.code);
      assertLine(failed, "FAILED  kept: 11_22 trigger", "HTTP 503");
      assertLine(failed, `FAILED  kept: 1 line that cannot be read: look at ${quarantine}, and take out`);
      assert.equal(before, actor.file("quarantine"));
      assert.equal("quarantine\n", outputOf(`cd ${actor.folder}; ls -d quarantine*`));
    });

    it("goes on where an earlier run was killed, and works for files of another user", () => {
      const { actor } = startRefused();
      sandbox.remove("/sandbox/faults");
      outputOf(`cd ${actor.folder}; mv quarantine quarantine.retrying; chmod 640 quarantine.retrying`);
      actor.orderFault(REFUSAL);
      assert.equal(1, run(actor, "retry").code);
      assert.equal("640\n", outputOf(`stat -c %a ${actor.folder}/quarantine`));
      sandbox.remove("/sandbox/faults");
      assert.equal(0, run(actor, "retry").code);
      assert.same(["site-a_11_22 triggered critical, 1 page"], actor.pagerduty());
    });

    it("sends nothing when nobody knows whether the problems still exist", () => {
      const { actor } = startRefused();
      sandbox.remove("/sandbox/faults");
      actor.stop();
      os.remove(`${actor.folder}/state`);
      const before = actor.file("quarantine");
      const failed = run(actor, "retry");
      assert.equal(1, failed.code);
      assertLine(
        failed,
        "whether the problems still exist is not known",
        "let the broker run this output, and try again",
      );
      assert.equal(before, actor.file("quarantine"));
    });
  });
});
