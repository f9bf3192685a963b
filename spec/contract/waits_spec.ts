// Problems that page only if they last, with the shipped file in the broker's host and the sandbox: what Centreon's own
// delay of the first notification means, over restarts, crashes and under load. The host's clock is the spec's.
import type { Line } from "../support/brokerhost";
import { CRITICAL, DISK, LOAD, OK, WARNING, createCentreon } from "../support/events";
import { requestsOf } from "../support/incidents";
import { logged } from "../support/log";
import { temporaryPath, writeFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** Five minutes, as Centreon's form takes it. */
const DELAYED = {
  notify: true,
  notify_on_warning: true,
  notify_on_critical: true,
  first_notification_delay: 5,
};

/** What the host's clock shows at the start; problems begin after it, so that none can be open from before. */
const START = 1795700000;
const LATER = { at: START + 10 };

function begin(
  parameters: Readonly<Record<string, string | number>> = { respect_notification_settings: 1 },
): Actor {
  return stage.start({ clock: START, parameters: { log_level: 3, ...parameters } });
}

function pass(seconds: number): Line[] {
  return [{ control: "clock", advance: seconds }, { control: "flush" }];
}

for (const protocol of [2, 3] as const) {
  describe(`a problem that Centreon itself would notify of only if it lasts (BBDO ${protocol})`, () => {
    it("pages when it has lasted, with what is true then", () => {
      const centreon = createCentreon(protocol);
      const broker = begin();
      broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, WARNING, LATER));
      broker.give(pass(120), centreon.check(LOAD, CRITICAL, { output: "load is 40" }), pass(179));
      assert.same([], broker.pagerduty());
      assert.equal(1, logged(broker, "it has not lasted long enough: it pages after 5 min").length);
      broker.give(pass(1));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      const [incident] = broker.incidents();
      assert.is_not_nil(string.find(incident?.summary ?? "", "load is 40", 1, true)[0], incident?.summary);
    });

    it("that is over before costs nothing at PagerDuty", () => {
      const centreon = createCentreon(protocol);
      const broker = begin();
      broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, CRITICAL, LATER), pass(299));
      broker.give(centreon.check(LOAD, OK), pass(300));
      assert.same([], broker.pagerduty());
      assert.equal(0, requestsOf(sandbox, broker.routingKey).length);
    });

    it("waits on over a restart and a crash", () => {
      const centreon = createCentreon(protocol);
      const broker = begin();
      broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, CRITICAL, LATER), pass(100));
      broker.give([{ control: "restart" }], pass(100), [{ control: "kill" }], pass(99));
      assert.same([], broker.pagerduty());
      broker.give(pass(1));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
    });

    it("pages at once where nobody asked for Centreon's settings", () => {
      const centreon = createCentreon(protocol);
      const broker = begin({});
      broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, CRITICAL, LATER));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    });

    it("pages under continuous load, too, when the broker never calls flush()", () => {
      const centreon = createCentreon(protocol);
      const broker = begin();
      broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, CRITICAL, LATER));
      broker.give([{ control: "flush" }, { control: "clock", advance: 300 }]);
      for (const _ of $range(1, 1100)) broker.give(centreon.check(DISK, OK));
      broker.report();
      const wanted = '"service_id":22,"route":"default","desired":"triggered"';
      assert.is_not_nil(string.find(broker.file("state"), wanted, 1, true)[0]);
    });
  });
}

describe("a rule that looks at the hour", () => {
  it("is asked again within a minute when the system's clock is set back", () => {
    const centreon = createCentreon(3);
    const path = temporaryPath(".rules");
    // The clock starts at 13:33 UTC.
    writeFile(path, 'return { { name = "afternoon", when = { hours = "14:00-18:00" }, page = false } }');
    const broker = stage.start({
      clock: START,
      environment: "TZ=UTC",
      parameters: { pdy_rules_file: path, log_level: 3 },
    });
    broker.give(
      centreon.introduce(),
      pass(2200),
      centreon.check(LOAD, CRITICAL, { at: START + 2200 }),
      pass(60),
    );
    assert.same([], broker.pagerduty());
    assert.equal(1, logged(broker, 'it is filtered out: rule "afternoon"').length);
    broker.give(pass(-3600));
    assert.same([], broker.pagerduty());
    broker.give(pass(60));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    os.remove(path);
  });

  it("waits for the longer of a rule's wait and Centreon's delay", () => {
    const centreon = createCentreon(3);
    const path = temporaryPath(".rules");
    writeFile(path, 'return { { name = "spikes", when = { service = "Load" }, wait = "2m" } }');
    const broker = begin({ pdy_rules_file: path, respect_notification_settings: 1 });
    broker.give(centreon.introduce(DELAYED), centreon.check(LOAD, CRITICAL, LATER), pass(299));
    assert.same([], broker.pagerduty());
    broker.give(pass(1));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    os.remove(path);
  });
});
