// pagerduty/thresholds: which metric is outside which range, in words. Ranges are those of plugins:
// https://www.monitoring-plugins.org/doc/guidelines.html#THRESHOLDFORMAT
import { crossedThresholds } from "../../src/pagerduty/thresholds";
import { parsePerfdata } from "../../src/text/perfdata";
import { hostileText } from "../support/hostile";
import { createRandom } from "../support/random";

function told(perfdata: string): string[] {
  return crossedThresholds(parsePerfdata(perfdata, 1000));
}

describe("crossedThresholds", () => {
  const metrics: [what: string, perfdata: string, told: string[]][] = [
    ["above both", "load1=9.71;4;8;0;", ["load1 is 9.71: above critical 8 by 1.71"]],
    ["above warning only", "pl=30%;20;40", ["pl is 30%: above warning 20% by 10%"]],
    ["at the threshold: still in the range", "pl=100%;100;100", []],
    ["below both", "pl=0%;80;100", []],
    ["below zero, where the range begins", "a=-1;10", ["a is -1: below warning 0 by 1"]],
    ["below a range", "free=5GB;20:;10:", ["free is 5GB: below critical 10GB by 5GB"]],
    ["within a range", "free=50GB;20:;10:", []],
    ["a range of two ends", "temp=31C;10:20;5:30", ["temp is 31C: above critical 30C by 1C"]],
    ["a range without a lower end", "a=-500;~:10;~:20", []],
    ["above a range without a lower end", "a=15;~:10;~:20", ["a is 15: above warning 10 by 5"]],
    ["a range that is bad inside", "users=6;@5:7;@8:9", ["users is 6: inside the warning range"]],
    ["outside of a range that is bad inside", "users=4;@5:7", []],
    ["a range that is no range", "a=9;high;1:2:3", []],
    [
      "bytes, as people say them",
      "/var=41000000000B;38000000000",
      ["/var is 41 GB: above warning 38 GB by 3 GB"],
    ],
    ["bits a second", "in=123456789b/s;1000", ["in is 123.5 Mb/s: above warning 1000b/s by 123.5 Mb/s"]],
    ["few bytes", "queue=2048B;1024", ["queue is 2048B: above warning 1024B by 1024B"]],
    ["bytes that round up", "a=999999B;~:10000", ["a is 1000 kB: above warning 10 kB by 990 kB"]],
    [
      "large numbers of anything else",
      "a=41000000000;1",
      ["a is 41000000000: above warning 1 by 40999999999"],
    ],
    ["no thresholds", "a=9", []],
    ["no value", "a=U;1;2", []],
    ["digits that mean nothing left out", "a=0.3;0.1", ["a is 0.3: above warning 0.1 by 0.2"]],
    [
      "several, in the plugin's order",
      "b=2;1 a=2;1 c=0;1",
      ["b is 2: above warning 1 by 1", "a is 2: above warning 1 by 1"],
    ],
  ];
  for (const [what, perfdata, expected] of metrics) {
    it(`tells of ${perfdata} (${what}): ${expected.join(", ")}`, () => {
      assert.same(expected, told(perfdata));
    });
  }

  it("tells of the first five only", () => {
    const names = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];
    const sentences = told(names.map((name) => `${name}=2;1`).join(" "));
    assert.same(
      names.slice(0, 5).map((name) => `${name} is 2: above warning 1 by 1`),
      sentences,
    );
  });

  it("never fails on 3,000 hostile metrics", () => {
    const random = createRandom("pagerduty/thresholds");
    for (const _ of $range(1, 3000)) {
      const text = (): string => hostileText(random, 3);
      const [hasEnded, problem] = pcall(() => told(`a=${text()};${text()};${text()} b=1;${text()}`));
      assert.is_true(hasEnded, tostring(problem));
    }
  });
});
