// broker/observe: what the recorded events of BBDO 2 and 3 say, in one shape, and which fields are read for it: in
// the broker each costs about as much as an empty call.
import type { AdaptiveObservation, Observation } from "../../src/alerts/observation";
import {
  acknowledgementNote,
  hostResource,
  observeAdaptive,
  observeBusinessActivity,
  observePoller,
  observeStatus2,
  observeStatus3,
  serviceResource,
} from "../../src/broker/observe";
import { hostOf, serviceOf } from "../support/alerts";
import type { Line } from "../support/brokerhost";
import { recordedEvents } from "../support/recorded";

const STORIES = { 2: recordedEvents(2), 3: recordedEvents(3) };

/** The event in a line of the story recorded in BBDO `protocol`. */
function recorded(protocol: 2 | 3, line: number): Line {
  return STORIES[protocol][line - 1] ?? error(`no line ${line}`);
}

/** An event as broker API 2 gives it: fields are looked up one by one. `reads` collects their names. */
function countingReads(fields: Line, reads: string[]): unknown {
  const lookUp = (_event: unknown, name: string): unknown => {
    reads.push(name);
    return fields[name];
  };
  return setmetatable({}, { __index: lookUp } as unknown as LuaMetatable<object>);
}

const HARD_READS = ["flapping", "last_check", "scheduled_downtime_depth", "state_type"];
const SOFT_READS = ["flapping", "last_check", "last_hard_state", "scheduled_downtime_depth", "state_type"];

describe("a status", () => {
  const statuses: [what: string, protocol: 2 | 3, line: number, says: Partial<Observation>][] = [
    [
      "a service that is OK",
      3,
      29,
      { resource: serviceOf(11, 21), state: 0, lastHardState: 0, lastCheck: 1760000000 },
    ],
    [
      "a SOFT problem, whose last hard state some engines have already changed",
      3,
      33,
      { state: 2, isHard: false, lastHardState: 2, lastCheck: 1760000060 },
    ],
    ["a HARD problem", 3, 35, { resource: serviceOf(11, 22), state: 2, lastCheck: 1760000180 }],
    [
      "a problem in a downtime",
      3,
      44,
      { resource: serviceOf(12, 25), state: 2, downtimeDepth: 1, lastCheck: 1760001300 },
    ],
    ["a host that is DOWN", 3, 47, { resource: hostOf(13), state: 1, lastCheck: 1760003100 }],
    ["an UNKNOWN service", 3, 49, { resource: serviceOf(13, 26), state: 3, lastCheck: 1760003105 }],
    [
      "a problem that is flapping",
      3,
      53,
      { resource: serviceOf(11, 24), state: 2, isFlapping: true, lastCheck: 1760004000 },
    ],
    ["a service that is OK, BBDO 2", 2, 4, { resource: serviceOf(11, 22), state: 0, lastCheck: 1760000000 }],
    ["a SOFT problem, BBDO 2", 2, 5, { state: 2, isHard: false, lastHardState: 2, lastCheck: 1760000060 }],
    ["an acknowledged problem, BBDO 2", 2, 8, { state: 2, isAcknowledged: true, lastCheck: 1760000205 }],
    ["a problem in a downtime, BBDO 2", 2, 10, { state: 2, downtimeDepth: 1, lastCheck: 1760000480 }],
    ["a host that is DOWN, BBDO 2", 2, 12, { resource: hostOf(11), state: 1, lastCheck: 1760000900 }],
  ];
  for (const [what, protocol, line, says] of statuses) {
    it(`says of ${what}, what the policy needs, and reads no field more`, () => {
      const fields = recorded(protocol, line);
      const state = fields["state"] as number;
      const reads: string[] = [];
      const ids = [fields["host_id"] as number, fields["service_id"] as number | undefined] as const;
      const resource = ids[1] === undefined ? hostResource(ids[0]) : serviceResource(ids[0], ids[1]);
      const observed =
        protocol === 2
          ? observeStatus2(countingReads(fields, reads) as Bbdo2.ServiceStatus, resource, state)
          : observeStatus3(countingReads(fields, reads) as Bbdo3.ServiceStatus, resource, state);
      const expected = {
        resource: serviceOf(11, 22),
        isHard: true,
        lastHardState: state,
        isAcknowledged: false,
        downtimeDepth: 0,
        isFlapping: false,
        ...says,
      };
      assert.same(expected, observed);
      const acknowledged = protocol === 2 ? "acknowledged" : "acknowledgement_type";
      assert.same([acknowledged, ...(expected.isHard ? HARD_READS : SOFT_READS)].sort(), reads.sort());
    });
  }

  for (const [acknowledgement, isAcknowledged] of [
    [0, false],
    [1, true],
    [2, true],
  ] as const) {
    it(`of BBDO 3 with acknowledgement_type ${acknowledgement} is ${isAcknowledged ? "" : "not "}acknowledged`, () => {
      const event = {
        ...recorded(3, 35),
        acknowledgement_type: acknowledgement,
      } as unknown as Bbdo3.ServiceStatus;
      assert.equal(isAcknowledged, observeStatus3(event, serviceResource(11, 22), 2).isAcknowledged);
    });
  }

  it("of BBDO 2 has no times and no last hard state when they are 0: never checked, never wrong", () => {
    const {
      last_check: _check,
      last_hard_state: _state,
      ...fields
    } = recorded(2, 5) as Record<string, unknown>;
    const { lastCheck, lastHardState } = observeStatus2(
      fields as unknown as Bbdo2.ServiceStatus,
      serviceResource(11, 22),
      2,
    );
    assert.same({ lastCheck: 0, lastHardState: 0 }, { lastCheck, lastHardState });
  });
});

describe("an adaptive status", () => {
  const statuses: [what: string, line: number, says: Partial<AdaptiveObservation>][] = [
    ["an acknowledgement", 38, { isAcknowledged: true }],
    ["a downtime that begins", 43, { downtimeDepth: 1 }],
    ["a downtime that ends", 45, { downtimeDepth: 0 }],
  ];
  for (const [what, line, says] of statuses) {
    it(`says ${what}, and nothing of what it does not carry`, () => {
      const reads: string[] = [];
      const event = countingReads(recorded(3, line), reads) as Bbdo3.AdaptiveServiceStatus;
      const resource = serviceResource(1, 2);
      const expected = { resource, isAcknowledged: undefined, downtimeDepth: undefined, ...says };
      assert.same(expected, observeAdaptive(event, resource));
      assert.same(["acknowledgement_type", "scheduled_downtime_depth"], reads.sort());
    });
  }

  it("says that an acknowledgement is gone", () => {
    const event = { ...recorded(3, 38), acknowledgement_type: 0 } as unknown as Bbdo3.AdaptiveServiceStatus;
    assert.equal(false, observeAdaptive(event, serviceResource(1, 2)).isAcknowledged);
  });

  it("that carries something else says nothing that matters", () => {
    const event = { host_id: 1, notification_number: 3 } as unknown as Bbdo3.AdaptiveHostStatus;
    assert.same({ resource: hostOf(1) }, observeAdaptive(event, hostResource(1)));
  });
});

describe("an acknowledgement", () => {
  for (const [protocol, line, note] of [
    [3, 37, { author: "alice", comment: "batch job, stopping it", at: 1760000500 }],
    [2, 7, { author: "alice", comment: "on it", at: 1760000200 }],
  ] as const) {
    it(`of BBDO ${protocol} says who, why and when, in three reads`, () => {
      const reads: string[] = [];
      assert.same(
        note,
        acknowledgementNote(countingReads(recorded(protocol, line), reads) as Bbdo3.Acknowledgement),
      );
      assert.equal(3, reads.length);
    });
  }
});

describe("a business activity's status", () => {
  const activity = { kind: "business activity", id: 5 };
  const hard = { isHard: true, isAcknowledged: false, isFlapping: false, lastCheck: 0 };

  it("is a HARD state, in a downtime or not", () => {
    const reads: string[] = [];
    const event = countingReads(recorded(3, 58), reads) as Bbdo3.BaStatus;
    assert.same(
      { resource: activity, state: 2, lastHardState: 2, downtimeDepth: 0, ...hard },
      observeBusinessActivity(event),
    );
    assert.same(["ba_id", "in_downtime", "state"], reads.sort());
  });

  it("of BBDO 2 may have no id, and may be in a downtime", () => {
    const event = { _type: 393217, state: 1, in_downtime: true } as unknown as Bbdo2.BaStatus;
    const { resource, downtimeDepth } = observeBusinessActivity(event);
    assert.same({ resource: { ...activity, id: 0 }, downtimeDepth: 1 }, { resource, downtimeDepth });
  });
});

describe("a poller", () => {
  for (const [what, line, state] of [
    ["falls silent", 59, 2],
    ["is heard again", 60, 0],
  ] as const) {
    it(`that ${what} is a HARD state ${state}, in two reads`, () => {
      const reads: string[] = [];
      const observed = observePoller(countingReads(recorded(3, line), reads) as Bbdo3.ResponsiveInstance);
      assert.same(
        { resource: { kind: "poller", id: 2 }, state, isHard: true },
        {
          resource: observed.resource,
          state: observed.state,
          isHard: observed.isHard,
        },
      );
      assert.same(["poller_id", "responsive"], reads.sort());
    });
  }
});

describe("resources", () => {
  it("have 0 for the ids that BBDO 2 leaves out", () => {
    assert.same({ kind: "host", hostId: 0, serviceId: 0 }, hostResource(undefined));
    assert.same({ kind: "service", hostId: 0, serviceId: 0 }, serviceResource(undefined, undefined));
    assert.same({ kind: "service", hostId: 1, serviceId: 2 }, serviceResource(1, 2));
  });
});
