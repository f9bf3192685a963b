// Small inputs made after public reports of people who run such connectors (spec/fixtures/cases), each of which a connector
// got wrong once, through the shipped file in the broker's stand-in: what PagerDuty must have in the end. Waits of the
// cases pass by a clock that is set.
import type { Line } from "../support/brokerhost";
import { requestsOf } from "../support/incidents";
import { decodeJson } from "../support/json";
import { logged } from "../support/log";
import { outputOf, readFile } from "../support/process";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const FOLDER = "spec/fixtures/cases";

/** The cases' checks begin then (Unix time). */
const BEGINNING = 1795700000;

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

interface Case {
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly isRight: (this: void, broker: Actor) => void;
}

/** What was accepted for a key, in order: a trigger with its severity. */
function actionsFor({ routingKey }: Actor, key: string): string[] {
  return requestsOf(sandbox, routingKey)
    .map(
      ({ body }) =>
        decodeJson(body) as {
          readonly dedup_key: string;
          readonly event_action: string;
          readonly payload?: { readonly severity: string };
        },
    )
    .filter(({ dedup_key }) => dedup_key === key)
    .map(({ event_action, payload }) =>
      payload === undefined ? event_action : `${event_action} ${payload.severity}`,
    );
}

function pass(broker: Actor, seconds: number): void {
  broker.give([{ control: "clock", advance: seconds }, { control: "settle" }]);
}

/** One trigger with its names, however long one waits. */
const ONE_TRIGGER: Case = {
  isRight: (broker) => {
    pass(broker, 120);
    assert.same(["31_7 triggered critical, 1 page"], broker.pagerduty());
    assert.same(["trigger critical"], actionsFor(broker, "31_7"));
    assert.equal("shop-03/Checkout: CRITICAL - made up", broker.incidents()[0]?.summary);
  },
};

const CASES: Readonly<Record<string, Case | undefined>> = {
  "custom-variable-changed-at-run-time": {
    parameters: { pdy_custom_variables: "RACK" },
    isRight: (broker) => {
      assert.same({ RACK: "C3" }, broker.incidents()[0]?.custom_details?.["custom_variables"]);
    },
  },
  "filter-never-judged-again": {
    parameters: { accepted_hostgroups: "Shops" },
    isRight: (broker) => {
      assert.same(["31_7 triggered critical, 1 page"], broker.pagerduty());
    },
  },
  "flapping-flag-left-over-bbdo3": {
    isRight: (broker) => {
      assert.same(["31_7 resolved critical, 1 page"], broker.pagerduty());
    },
  },
  "long-output-escaped-bbdo2": {
    parameters: { pdy_host_grace: 0 },
    isRight: (broker) => {
      const [incident] = broker.incidents();
      assert.equal("host 31/service 7: CRITICAL - 2 of 3 disks", incident?.summary);
      assert.equal("disk a: failed\ndisk b: failed", incident?.custom_details?.["long_output"]);
    },
  },
  "minus-in-pattern": {
    parameters: { accepted_hosts: "shop-03" },
    isRight: (broker) => {
      const [warning] = logged(broker, "WARNING: parameter accepted_hosts");
      assert.is_not_nil(warning);
      assert.is_not_nil(string.find(warning ?? "", "shop%-03", 1, true)[0], warning);
    },
  },
  "moved-old-poller-first": ONE_TRIGGER,
  "moved-to-another-poller": ONE_TRIGGER,
  "removed-while-engine-restarts": {
    isRight: (broker) => {
      assert.same(["31_8 resolved critical, 1 page", "32_9 resolved critical, 1 page"], broker.pagerduty());
    },
  },
  "sticky-ack-then-worse": {
    parameters: { pdy_repage_on_escalation: 1 },
    isRight: (broker) => {
      assert.same(["31_7 resolved warning, 1 page", "31_7 triggered critical, 1 page"], broker.pagerduty());
      const actions = actionsFor(broker, "31_7");
      assert.same(["resolve", "trigger critical"], actions.slice(-2), actions.join(", "));
    },
  },
};

/** A case's lines, its waits by the clock. */
function linesOf(name: string): Line[] {
  const lines: Line[] = [];
  for (const [text] of string.gmatch(readFile(`${FOLDER}/${name}.jsonl`) ?? "", "[^\n]+")) {
    const line = decodeJson(text ?? "") as Line;
    if (line["control"] === "wait") {
      lines.push({ control: "clock", advance: math.ceil(line["seconds"] as number) }, { control: "settle" });
    } else lines.push(line);
  }
  return lines;
}

describe("the case", () => {
  for (const [path] of string.gmatch(outputOf(`ls ${FOLDER}`), "[^\n]+")) {
    const [name] = string.match(path ?? "", "^(.*)%.jsonl$");
    if (name === undefined) continue;
    it(`${name} ends as it must`, () => {
      const { parameters = {}, isRight } = CASES[name] ?? error("what must happen is not said");
      const broker = stage.start({ clock: BEGINNING, parameters });
      broker.give(linesOf(name));
      broker.settle();
      isRight(broker);
    });
  }
});
