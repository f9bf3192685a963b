// What an administrator may switch off, or have done otherwise, with the shipped file: whom a silent poller alerts, who ends
// an incident, whether acknowledgements are passed on, what a downtime does to an incident that is open.
import type { Line } from "../support/brokerhost";
import { inShort, incidentsOf } from "../support/incidents";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** Stops the broker, and starts one with the same journal and key, and these parameters. */
function startAnew(before: Actor, parameters: Record<string, string | number>): Actor {
  before.stop();
  const anew = stage.start({
    parameters: {
      pdy_routing_key: before.routingKey,
      state_path: `${before.folder}/state`,
      ...parameters,
    },
  });
  return {
    ...anew,
    pagerduty: () => {
      anew.settle();
      return incidentsOf(sandbox, before.routingKey).map((incident) => inShort(incident));
    },
  };
}

for (const protocol of [2, 3] as const) {
  describe(`severity_poller_silent none (BBDO ${protocol})`, () => {
    const none = { severity_poller_silent: "none" };
    const lyon: Line[] = [
      { category: 1, element: protocol === 3 ? 44 : 15, instance_id: 2, name: "Lyon", running: true },
    ];
    const answers = (responsive: boolean): Line[] => [
      { category: 1, element: protocol === 3 ? 46 : 26, poller_id: 2, responsive },
    ];

    it("keeps a silent poller from opening an alert", () => {
      const broker = stage.start({ parameters: none });
      broker.give(lyon, answers(false));
      assert.same([], broker.pagerduty());
      broker.give(answers(true));
      assert.same([], broker.pagerduty());
    });

    it("ends at a start what is open of one: perhaps nothing ever says that it answers", () => {
      const before = stage.start();
      before.give(lyon, answers(false));
      assert.same(["poller_2 triggered critical, 1 page"], before.pagerduty());
      const broker = startAnew(before, none);
      broker.settle();
      assert.same(["poller_2 resolved critical, 1 page"], broker.pagerduty());
      // Told again, and over: nothing of it is news.
      broker.give(answers(false), answers(true));
      assert.same(["poller_2 resolved critical, 1 page"], broker.pagerduty());
    });
  });
}
