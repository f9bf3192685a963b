// What Centreon calls for, in every situation: the policy's rules as a table to read, and then the full cross product
// of situations against an independent statement of the same rules.
import type { DesiredState, Facts, Staleness } from "../../src/alerts/alert";
import {
  type Flapping,
  type HoldReason,
  type Reading,
  STALENESS_CLOCK_GRACE,
  type SeenFacts,
  type Surroundings,
  desiredState,
  holdReason,
  isConfirmed,
  readingOf,
} from "../../src/alerts/policy";
import { CRITICAL, DOWN, OK, PENDING, UNKNOWN, UNREACHABLE, WARNING, factsWith } from "../support/alerts";

const QUIET: Surroundings = {
  hostDowntimeDepth: 0,
  isHostDown: false,
  isBehindDownParent: false,
  isFilteredOut: false,
};

/** The facts as they are seen; a flapping flag that is sure to count. */
function seenWith({ isFlapping, ...facts }: Partial<Facts> & { flapping?: Flapping }): SeenFacts {
  return { flapping: isFlapping === true ? "yes" : "no", ...factsWith(facts), ...facts };
}

const STALE: Staleness = { lastCheckAtReturn: 1000, hostCheckedAt: 1100, since: 1101 };

describe("the policy", () => {
  describe("says of a state that counts", () => {
    type Row = [
      what: string,
      facts: Partial<Facts> & { flapping?: Flapping },
      around: Partial<Surroundings>,
      desired: DesiredState,
      reason?: HoldReason,
    ];
    const rows: Row[] = [
      // Rule 2: a recovery always resolves, except while flapping.
      ["OK", { state: OK }, {}, "resolved"],
      ["OK in a downtime", { state: OK, downtimeDepth: 1 }, {}, "resolved", "it is in a downtime"],
      [
        "OK, its host in a downtime",
        { state: OK },
        { hostDowntimeDepth: 1 },
        "resolved",
        "its host is in a downtime",
      ],
      ["OK, still acknowledged", { state: OK, isAcknowledged: true }, {}, "resolved"],
      ["OK while its host is not UP", { state: OK }, { isHostDown: true }, "resolved", "its host is not UP"],
      [
        "OK before any new check",
        { state: OK, staleness: STALE },
        {},
        "resolved",
        "no check has confirmed it since the host came back",
      ],
      ["OK, but flapping", { state: OK, isFlapping: true }, {}, "held", "it is flapping"],
      [
        "OK, but flapping, acknowledged",
        { state: OK, isFlapping: true, isAcknowledged: true },
        {},
        "held",
        "it is flapping",
      ],
      // Rule 3: somebody cares already, whatever else holds.
      ["a problem, acknowledged", { isAcknowledged: true }, {}, "acknowledged"],
      [
        "a problem, acknowledged in a downtime",
        { isAcknowledged: true, downtimeDepth: 1 },
        {},
        "acknowledged",
        "it is in a downtime",
      ],
      [
        "a problem, acknowledged while flapping",
        { isAcknowledged: true, isFlapping: true },
        {},
        "acknowledged",
        "it is flapping",
      ],
      [
        "a problem, acknowledged while its host is not UP",
        { isAcknowledged: true },
        { isHostDown: true },
        "acknowledged",
        "its host is not UP",
      ],
      // Rule 4: what must neither open an alert now nor close one.
      ["a problem in a downtime", { downtimeDepth: 1 }, {}, "held", "it is in a downtime"],
      ["a problem in two downtimes", { downtimeDepth: 2 }, {}, "held", "it is in a downtime"],
      [
        "a problem, its host in a downtime",
        {},
        { hostDowntimeDepth: 1 },
        "held",
        "its host is in a downtime",
      ],
      ["a problem, flapping", { isFlapping: true }, {}, "held", "it is flapping"],
      ["a problem of a host that is not UP", {}, { isHostDown: true }, "held", "its host is not UP"],
      [
        "a host behind a parent that is down",
        { state: UNREACHABLE },
        { isBehindDownParent: true },
        "held",
        "its parent host is down",
      ],
      ["a problem that the filters keep out", {}, { isFilteredOut: true }, "held", "it is filtered out"],
      [
        "OK of what the filters keep out",
        { state: OK },
        { isFilteredOut: true },
        "resolved",
        "it is filtered out",
      ],
      [
        "a problem no check confirmed yet",
        { staleness: STALE },
        {},
        "held",
        "no check has confirmed it since the host came back",
      ],
      ["a problem that perhaps flaps", { flapping: "perhaps" }, {}, "held", "it is flapping"],
      ["OK of what perhaps flaps", { state: OK, flapping: "perhaps" }, {}, "resolved", "it is flapping"],
      [
        "a problem that came too early",
        { earlyUntil: 1005 },
        {},
        "held",
        "it may be the first sign of something above it",
      ],
      [
        "a problem of what its engine no longer names",
        { goneAt: 1060, downtimeDepth: 1 },
        {},
        "held",
        "its engine no longer names it",
      ],
      // Rule 5.
      ["a problem", {}, {}, "triggered"],
    ];
    for (const [what, facts, around, desired, reason] of rows) {
      it(`${what}: ${desired}`, () => {
        const all = seenWith(facts);
        assert.equal(desired, desiredState(all, { ...QUIET, ...around }));
        assert.equal(reason, holdReason(all, { ...QUIET, ...around }));
      });
    }
  });

  describe("reads an observed state:", () => {
    const HARD = true;
    const SOFT = false;
    const HARD_ONLY = true;
    type Row = [
      what: string,
      state: number,
      isHard: boolean,
      lastHard: number,
      hardOnly: boolean,
      reading: Reading,
    ];
    const rows: Row[] = [
      ["a HARD problem", CRITICAL, HARD, CRITICAL, HARD_ONLY, "counts"],
      ["a HARD OK", OK, HARD, OK, HARD_ONLY, "counts"],
      ["PENDING", PENDING, HARD, OK, HARD_ONLY, "changes nothing"],
      ["PENDING, SOFT states wanted", PENDING, SOFT, OK, !HARD_ONLY, "changes nothing"],
      ["a SOFT problem after a HARD one", WARNING, SOFT, CRITICAL, HARD_ONLY, "changes nothing"],
      [
        "a SOFT problem whose last hard state is OK",
        CRITICAL,
        SOFT,
        OK,
        HARD_ONLY,
        "means a missed recovery",
      ],
      ["a SOFT problem, SOFT states wanted", CRITICAL, SOFT, OK, !HARD_ONLY, "counts"],
    ];
    for (const [what, state, isHard, lastHard, hardOnly, reading] of rows) {
      it(`${what} ${reading}`, () => {
        assert.equal(reading, readingOf(state, isHard, lastHard, hardOnly));
      });
    }
  });

  it("agrees with design.md's five rules in every situation that can occur", () => {
    interface Situation extends Surroundings {
      readonly isPending: boolean;
      readonly isOk: boolean;
      readonly isSoft: boolean;
      readonly softStatesCount: boolean;
      readonly wasHardOk: boolean;
      readonly isAcknowledged: boolean;
      readonly depth: number;
      readonly isFlapping: boolean;
      readonly isStale: boolean;
    }
    /** The rules as design.md words them: the first that matches wins. */
    const rules: [(this: void, situation: Situation) => boolean, DesiredState | Reading][] = [
      [({ isPending }) => isPending, "changes nothing"],
      [
        ({ isSoft, softStatesCount, wasHardOk }) => isSoft && !softStatesCount && wasHardOk,
        "means a missed recovery",
      ],
      [({ isSoft, softStatesCount }) => isSoft && !softStatesCount, "changes nothing"],
      [({ isOk, isFlapping }) => isOk && !isFlapping, "resolved"],
      [({ isOk }) => isOk, "held"],
      [({ isAcknowledged }) => isAcknowledged, "acknowledged"],
      [({ depth, hostDowntimeDepth }) => depth + hostDowntimeDepth > 0, "held"],
      [
        ({ isFlapping, isHostDown, isBehindDownParent, isStale, isFilteredOut }) =>
          isFlapping || isHostDown || isBehindDownParent || isStale || isFilteredOut,
        "held",
      ],
      [() => true, "triggered"],
    ];

    const expected = (situation: Situation): DesiredState | Reading | undefined => {
      for (const [matches, outcome] of rules) if (matches(situation)) return outcome;
      return undefined;
    };

    const actual = (situation: Situation, state: number): DesiredState | Reading => {
      const { isSoft, softStatesCount, wasHardOk, isAcknowledged, depth, isFlapping, isStale } = situation;
      const reading = readingOf(state, !isSoft, wasHardOk ? OK : WARNING, !softStatesCount);
      if (reading !== "counts") return reading;
      const facts = seenWith({
        state,
        isAcknowledged,
        isFlapping,
        downtimeDepth: depth,
        staleness: isStale ? STALE : undefined,
      });
      return desiredState(facts, situation);
    };

    const both = [false, true];
    let situations = 0;
    const check = (state: number, around: Surroundings): void => {
      for (const isSoft of both)
        for (const softStatesCount of both)
          for (const wasHardOk of both)
            for (const isAcknowledged of both)
              for (const depth of [0, 1, 2])
                for (const isFlapping of both)
                  for (const isStale of both)
                    for (const isFilteredOut of both) {
                      const situation: Situation = {
                        ...around,
                        isFilteredOut,
                        isPending: state === PENDING,
                        isOk: state === OK,
                        isSoft,
                        softStatesCount,
                        wasHardOk,
                        isAcknowledged,
                        depth,
                        isFlapping,
                        isStale,
                      };
                      situations = situations + 1;
                      const wanted = expected(situation);
                      const got = actual(situation, state);
                      if (wanted !== got) assert.same({ wanted }, { wanted: got, situation, state });
                    }
    };
    for (const state of [OK, WARNING, CRITICAL, UNKNOWN, PENDING])
      for (const hostDowntimeDepth of [0, 1, 2])
        for (const isHostDown of both) check(state, { ...QUIET, hostDowntimeDepth, isHostDown });
    for (const state of [OK, DOWN, UNREACHABLE, PENDING])
      for (const isBehindDownParent of both) check(state, { ...QUIET, isBehindDownParent });
    // 30 surroundings of a service and 8 of a host, with 384 combinations of the rest.
    assert.equal(38 * 384, situations);
  });

  describe("takes a check for one made since the host came back:", () => {
    const { lastCheckAtReturn, hostCheckedAt, since } = STALE;
    const late = since + STALENESS_CLOCK_GRACE;
    type Row = [what: string, lastCheck: number, now: number, confirms: boolean];
    const rows: Row[] = [
      ["the one known at the return", lastCheckAtReturn, since, false],
      ["the one known at the return, however much later", lastCheckAtReturn, late + 100000, false],
      ["a late result of before", hostCheckedAt - 1, since, false],
      ["one at the host's own check", hostCheckedAt, since, true],
      ["one after it", hostCheckedAt + 60, since, true],
      ["one of a clock that went back, at first", lastCheckAtReturn - 3600, late - 1, false],
      ["one of a clock that went back, after a few minutes", lastCheckAtReturn - 3600, late, true],
    ];
    for (const [what, lastCheck, now, confirms] of rows) {
      it(`${what}: ${confirms ? "yes" : "no"}`, () => {
        assert.equal(confirms, isConfirmed(STALE, lastCheck, now));
      });
    }
  });
});
