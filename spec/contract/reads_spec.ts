// What an event costs: in the broker the read of a field costs as much as an empty call. The counts are the host's,
// for the shipped connector in its usual state: started with a journal, names known.
import type { Line } from "../support/brokerhost";
import { type Subject, CRITICAL, DISK, DOWN, LOAD, OK, UP, WEB, createCentreon } from "../support/events";
import { useSandbox } from "../support/sandbox";
import { type Actor, createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** Most reads of a status that changes nothing (issue C, bench): of a resource that is fine, and of an open problem. */
const MOST_READS_WHEN_FINE = 4;
const MOST_READS_OF_A_PROBLEM = 10;

/** What the connector reads of one event, which is given several times. */
function readsOf(broker: Actor, events: Line[]): number {
  const before = broker.settle().field_reads.total;
  const times = 5;
  for (const _ of $range(1, times)) broker.give(events);
  return (broker.settle().field_reads.total - before) / times;
}

const kinds: readonly {
  readonly what: string;
  readonly subject: Subject;
  readonly fine: number;
  readonly problem: number;
}[] = [
  { what: "service", subject: LOAD, fine: OK, problem: CRITICAL },
  { what: "host", subject: WEB, fine: UP, problem: DOWN },
];

for (const protocol of [2, 3] as const) {
  for (const { what, subject, fine, problem } of kinds) {
    describe(`a ${what} status of BBDO ${protocol} that changes nothing`, () => {
      const centreon = createCentreon(protocol);
      let broker: Actor;
      before_each(() => {
        broker = stage.start();
        broker.settle();
        broker.give([{ control: "restart" }], centreon.introduce());
      });

      it(`costs at most ${MOST_READS_WHEN_FINE} reads while all is well`, () => {
        const reads = readsOf(broker, centreon.check(subject, fine));
        assert.is_true(reads > 0 && reads <= MOST_READS_WHEN_FINE, `${reads} reads`);
      });

      it(`costs at most ${MOST_READS_WHEN_FINE} reads while another service of the host has a problem`, () => {
        broker.give(centreon.check(DISK, CRITICAL));
        const reads = readsOf(broker, centreon.check(subject, fine));
        assert.is_true(reads > 0 && reads <= MOST_READS_WHEN_FINE, `${reads} reads`);
      });

      it(`costs at most ${MOST_READS_OF_A_PROBLEM} reads while its alert is open`, () => {
        const events = centreon.check(subject, problem);
        broker.give(events);
        const reads = readsOf(broker, events);
        assert.equal(1, broker.incidents().length);
        assert.is_true(reads > 0 && reads <= MOST_READS_OF_A_PROBLEM, `${reads} reads`);
      });
    });
  }
}

describe("an open problem that is confirmed", () => {
  it("has its texts read and its names looked up once: when it begins", () => {
    const broker = stage.start({ script: "spec/fixtures/broker/watched.lua" });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    broker.settle();
    broker.give(centreon.check(LOAD, CRITICAL));
    broker.settle();
    const lines: string[] = [];
    for (const [line] of string.gmatch(broker.file("reads"), "[^\n]+")) lines.push(line ?? "");
    const [begun, confirmed] = lines.slice(-2);
    for (const name of ["output", "perfdata", "get_hostname"]) {
      assert.is_not_nil(string.find(begun ?? "", name)[0], begun);
      assert.is_nil(string.find(confirmed ?? "", name)[0], confirmed);
    }
  });
});

describe("the filter", () => {
  it("rejects every event that is not read", () => {
    const broker = stage.start();
    // Check results, notifications, log entries, the bookkeeping of business activities.
    const unread = [
      [1, 8],
      [1, 17],
      [1, 19],
      [1, 39],
      [1, 40],
      [1, 41],
      [6, 20],
      [6, 21],
      [6, 27],
    ] as const;
    broker.give(unread.map(([category, element]) => ({ category, element })));
    const report = broker.settle();
    assert.same([0, unread.length], [report.written, report.rejected_by_filter]);
    assert.equal(0, report.unacknowledged);
  });
});
