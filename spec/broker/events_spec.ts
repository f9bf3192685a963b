// broker/events: which events are read at all. filter(category, element) is asked for every event there is.
import { EVENT_TYPE, createFilter } from "../../src/broker/events";

/** contracts/broker-host.md: the kinds of events that say something of an alert. */
const WANTED: [category: number, element: number, what: string][] = [
  [1, 1, "acknowledgement, BBDO 2"],
  [1, 2, "comment, BBDO 2"],
  [1, 3, "custom variable, BBDO 2"],
  [1, 5, "downtime, BBDO 2"],
  [1, 12, "host, BBDO 2"],
  [1, 13, "host parent, BBDO 2"],
  [1, 14, "host status, BBDO 2"],
  [1, 23, "service, BBDO 2"],
  [1, 24, "service status, BBDO 2"],
  [1, 26, "responsive instance, BBDO 2"],
  [1, 27, "service"],
  [1, 28, "adaptive service"],
  [1, 29, "service status"],
  [1, 30, "host"],
  [1, 31, "adaptive host"],
  [1, 32, "host status"],
  [1, 33, "severity"],
  [1, 34, "tag"],
  [1, 35, "comment"],
  [1, 36, "downtime"],
  [1, 37, "custom variable"],
  [1, 45, "acknowledgement"],
  [1, 46, "responsive instance"],
  [1, 53, "host parent"],
  [1, 55, "adaptive service status"],
  [1, 56, "adaptive host status"],
  [1, 4, "custom variable status, BBDO 2"],
  [1, 10, "host group, BBDO 2"],
  [1, 11, "host group member, BBDO 2"],
  [1, 15, "instance, BBDO 2"],
  [1, 16, "instance status, BBDO 2"],
  [1, 21, "service group, BBDO 2"],
  [1, 22, "service group member, BBDO 2"],
  [1, 25, "instance configuration, BBDO 2"],
  [1, 38, "custom variable status"],
  [1, 42, "instance status"],
  [1, 44, "instance"],
  [1, 49, "host group"],
  [1, 50, "host group member"],
  [1, 51, "service group"],
  [1, 52, "service group member"],
  [1, 54, "instance configuration"],
  [6, 1, "business activity status, BBDO 2"],
  [6, 11, "signal of business activities told anew, BBDO 2"],
  [6, 19, "business activity status"],
  [6, 30, "signal of business activities told anew"],
];

function typesOf(kinds: [category: number, element: number, what: string][]): number[] {
  return kinds.map(([category, element]) => category * 65536 + element);
}

/** The kinds, of all that there may be, for which the filter does not say what is expected. */
function wrongOnes(wanted: readonly number[]): string[] {
  const isWanted = createFilter();
  const wrong: string[] = [];
  for (const category of $range(0, 20)) {
    for (const element of $range(0, 300)) {
      const isExpected = wanted.includes(category * 65536 + element);
      if (isWanted(category, element) !== isExpected) wrong.push(`${category}:${element}`);
    }
  }
  return wrong;
}

describe("the filter", () => {
  const isWanted = createFilter();

  for (const [category, element, what] of WANTED) {
    it(`is true for ${category}:${element}, ${what}`, () => {
      assert.equal(true, isWanted(category, element));
    });
  }

  it("is false for everything else, and always a boolean: anything else switches filtering off for good", () => {
    assert.same([], wrongOnes(typesOf(WANTED)));
  });

  it("is false for numbers that are none of the broker's", () => {
    for (const [category, element] of [
      [-1, 24],
      [1, -1],
      [65536, 24],
      [1, 65536 + 24],
      [1.5, 24],
    ] as const) {
      assert.equal(false, isWanted(category, element));
    }
  });
});

describe("the types of events", () => {
  it("are named, each kind that is wanted by the number that events carry", () => {
    const numbers = Object.values(EVENT_TYPE).sort((left, right) => left - right);
    assert.same(
      typesOf(WANTED).sort((left, right) => left - right),
      numbers,
    );
  });
});
