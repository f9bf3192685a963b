// Groups that are known late, through the whole connector: an engine tells who is in a group after its hosts and services,
// a broker whose cache is empty learns of it hours later, and filters by groups ask again each time.
import type { Line } from "../support/brokerhost";
import { type Centreon, CRITICAL, DISK, DOWN, LOAD, OK, WEB, createCentreon } from "../support/events";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const RESTART = [{ control: "restart" }];
const BOTH = ["11_22 triggered critical, 1 page", "11_23 triggered critical, 1 page"];

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

for (const protocol of [2, 3] as const) {
  const ELEMENTS = { 2: { group: 10, member: 11 }, 3: { group: 49, member: 50 } }[protocol];
  const inGroup = (element: number, fields: Line, enabled = true): Line[] => [
    // To Lua, BBDO 2 never says that somebody has left.
    { category: 1, element, hostgroup_id: 4, ...fields, ...(protocol === 3 ? { enabled } : {}) },
  ];
  const group = (name: string): Line[] => inGroup(ELEMENTS.group, { name });
  const membership = (enabled = true): Line[] => inGroup(ELEMENTS.member, { host_id: 11 }, enabled);

  const story = (
    name: string,
    tell: (centreon: Centreon, broker: Actor) => void,
    parameters: Record<string, string> = { accepted_hostgroups: "Shops" },
  ): void => {
    it(`${name} (BBDO ${protocol})`, () => {
      const centreon = createCentreon(protocol);
      const broker = stage.start({ parameters });
      broker.give(centreon.introduce());
      tell(centreon, broker);
    });
  };

  describe("accepted_hostgroups", () => {
    story("lets held problems page as soon as the membership is known", (centreon, broker) => {
      broker.give(centreon.check(LOAD, CRITICAL), centreon.check(DISK, CRITICAL));
      assert.same([], broker.pagerduty());
      broker.give(group("Shops"), membership());
      assert.same(BOTH, broker.pagerduty());
    });

    story("lets a held host page as soon as the membership is known", (centreon, broker) => {
      broker.give(centreon.check(WEB, DOWN));
      assert.same([], broker.pagerduty());
      broker.give(group("Shops"), membership());
      assert.same(["11_H triggered critical, 1 page"], broker.pagerduty());
    });

    story("asks again after a restart and after a kill in between", (centreon, broker) => {
      broker.give(centreon.check(LOAD, CRITICAL));
      assert.same([], broker.pagerduty());
      broker.give(RESTART, group("Shops"));
      assert.same([], broker.pagerduty());
      broker.kill();
      // The cache that the kill left knows of no group: the engine's restart tells all.
      broker.give(centreon.introduce(), group("Shops"), membership());
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    });

    story("takes the group's new name", (centreon, broker) => {
      broker.give(group("Boutiques"), membership(), centreon.check(LOAD, CRITICAL));
      assert.same([], broker.pagerduty());
      broker.give(group("Shops"), membership());
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
    });

    if (protocol === 2) return;
    story("never keeps an open alert from being resolved, though the host has left", (centreon, broker) => {
      broker.give(group("Shops"), membership(), centreon.check(LOAD, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(membership(false), centreon.check(DISK, CRITICAL));
      assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      broker.give(centreon.check(LOAD, OK));
      assert.same(["11_22 resolved critical, 1 page"], broker.pagerduty());
    });
  });

  if (protocol === 2) continue;
  describe("rejected_hostgroups", () => {
    story(
      "lets held problems page as soon as the host has left",
      (centreon, broker) => {
        broker.give(group("Lab"), membership(), centreon.check(LOAD, CRITICAL));
        assert.same([], broker.pagerduty());
        broker.give(membership(false));
        assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
      },
      { rejected_hostgroups: "Lab" },
    );
  });
}
