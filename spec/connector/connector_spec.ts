// The loop of write() and flush(): what runs when, with the clock in the spec's hands. What each part does is its own
// spec's to say.
import { type Connector, createConnector } from "../../src/connector/connector";
import { type Handlers, IGNORED } from "../../src/connector/intake";
import type { Parts } from "../../src/connector/parts";
import { createScene } from "../support/scene";

const EVENT = { _type: 0 } as unknown as BrokerEvent;

/** EVENT is taken by `handler`. */
function handledBy(handler: (this: void) => typeof IGNORED | undefined): Handlers {
  const handlers = new LuaTable<number, typeof handler>();
  handlers.set(0, handler);
  return handlers;
}

interface Loop {
  readonly connector: Connector;
  readonly parts: Parts;
  readonly pass: (this: void, seconds: number) => void;
  /** What ran since the last call, in order. */
  readonly ran: (this: void) => string[];
  /** What the parts say of themselves. */
  readonly state: { hasWork: boolean; isBeating: boolean; isJournalUsable: boolean; isJournalFull: boolean };
}

function createLoop(some: Partial<Parts> = {}): Loop {
  let clock = 1000;
  let happened: string[] = [];
  const state = { hasWork: false, isBeating: false, isJournalUsable: true, isJournalFull: false };
  const runs =
    (what: string): ((this: void) => void) =>
    () => {
      happened.push(what);
    };
  const parts: Parts = {
    now: () => clock,
    record: undefined,
    handlers: handledBy(() => {
      happened.push("take");
      return undefined;
    }),
    watchChanges: undefined,
    placeSweep: { isUnderWay: () => false, turn: runs("sweep") },
    namelessWatch: { look: () => undefined },
    book: { ...createScene().book, endHolds: runs("end holds") },
    journal: {
      isUsable: () => state.isJournalUsable,
      writeAlive: runs("alive"),
      needsCompaction: () => state.isJournalFull,
      compact: runs("compact"),
    },
    dispatcher: {
      isIdle: () => !state.hasWork,
      isSending: () => false,
      hasUndelivered: () => state.hasWork,
      turn: () => {
        happened.push("turn");
        return false;
      },
    },
    wait: runs("wait"),
    retrigger: runs("retrigger"),
    watchItself: runs("watch itself"),
    watchRules: undefined,
    heartbeat: { look: runs("heartbeat"), isUnderWay: () => state.isBeating },
    feedback: undefined,
    telling: undefined,
    takeOrders: runs("orders"),
    writeStatus: runs("status"),
    settling: { until: clock + 10 },
    ...some,
  };
  return {
    connector: createConnector(parts),
    parts,
    pass: (seconds) => {
      clock = clock + seconds;
    },
    ran: () => {
      const taken = happened;
      happened = [];
      return taken;
    },
    state,
  };
}

describe("write()", () => {
  it("records an event before anything is made of it, and tells of it as a change last", () => {
    const happened: string[] = [];
    const { connector } = createLoop({
      record: () => happened.push("record"),
      handlers: handledBy(() => {
        happened.push("take");
        return undefined;
      }),
      watchChanges: () => happened.push("change") > 0,
    });
    connector.write(EVENT);
    assert.same(["record", "take", "change"], happened);
  });

  it("delivers nothing while the broker may give events of before the start again", () => {
    const { connector, state, pass, ran } = createLoop();
    state.hasWork = true;
    pass(9);
    connector.write(EVENT);
    assert.same(["take"], ran());
    pass(1);
    connector.write(EVENT);
    assert.same(["take", "end holds", "turn"], ran());
  });

  it("delivers when flush() has not been called for two seconds, if there is anything to deliver", () => {
    const { connector, state, pass, ran } = createLoop();
    connector.flush();
    ran();
    pass(1);
    state.hasWork = true;
    connector.write(EVENT);
    assert.same(["take"], ran());
    pass(1);
    connector.write(EVENT);
    assert.same(["take", "end holds", "turn"], ran());
    state.hasWork = false;
    connector.write(EVENT);
    assert.same(["take"], ran());
  });

  it("starts one transfer at most, and flush() as many as may be", () => {
    const most: (number | undefined)[] = [];
    const turn = (mostStarts?: number): boolean => {
      most[most.length] = mostStarts;
      return false;
    };
    const { connector, pass } = createLoop({
      dispatcher: { isIdle: () => false, isSending: () => false, hasUndelivered: () => true, turn },
    });
    pass(10);
    connector.write(EVENT);
    assert.same([1], most);
    connector.flush();
    assert.is_nil(most[1]);
  });

  it("ends what a clock ends when flush() has not been called for two seconds, though there is nothing to deliver", () => {
    const hold: { end?: number } = {};
    let ended = 0;
    const book = { ...createScene().book, firstHoldEnd: () => hold.end, endHolds: () => (ended = ended + 1) };
    const { connector, pass } = createLoop({ book });
    connector.flush();
    assert.equal(1, ended);
    hold.end = 1001;
    connector.write(EVENT);
    assert.equal(1, ended);
    pass(2);
    connector.write(EVENT);
    assert.equal(2, ended);
  });

  it("looks at a hold that ends later once in a thousand events, and at its end when that has come", () => {
    let looks = 0;
    let ended = 0;
    const firstHoldEnd = (): number | undefined => {
      looks = looks + 1;
      return ended > 0 ? undefined : 1100;
    };
    const book = { ...createScene().book, firstHoldEnd, endHolds: () => (ended = ended + 1) };
    const { connector, pass } = createLoop({ book, handlers: handledBy(() => IGNORED) });
    connector.flush();
    ended = 0;
    pass(2);
    for (const _ of $range(1, 2001)) connector.write(EVENT);
    assert.equal(3, looks);
    assert.equal(0, ended);
    pass(100);
    for (const _ of $range(1, 1000)) connector.write(EVENT);
    assert.equal(1, ended);
  });

  it("moves a heartbeat on when flush() has not been called for two seconds, though there is nothing to deliver", () => {
    const { connector, state, pass, ran } = createLoop();
    connector.flush();
    state.isBeating = true;
    pass(1);
    ran();
    connector.write(EVENT);
    assert.same(["take"], ran());
    pass(1);
    connector.write(EVENT);
    assert.same(["take", "end holds", "turn"], ran());
    state.isBeating = false;
    connector.write(EVENT);
    assert.same(["take"], ran());
  });

  it("reads a few of the places that may be others, at each event", () => {
    let most = 0;
    const { connector } = createLoop({
      placeSweep: { isUnderWay: () => true, turn: (count) => (most = most + count) },
    });
    connector.write(EVENT);
    assert.equal(10, most);
  });

  it("looks after the connector itself once in a thousand events", () => {
    const { connector, ran } = createLoop();
    for (const _ of $range(1, 2000)) connector.write(EVENT);
    const looks = ran().filter((what) => what !== "take");
    const look = ["watch itself", "heartbeat", "orders", "retrigger", "status"];
    assert.same([...look, ...look], looks);
  });
});

describe("flush()", () => {
  it("ends the time in which nothing is delivered, and delivers", () => {
    const { connector, parts, ran } = createLoop();
    connector.flush();
    assert.equal(0, parts.settling.until);
    assert.same(["end holds", "watch itself", "heartbeat", "orders", "retrigger", "turn", "status"], ran());
  });

  it("says in the journal that the connector runs, once a minute", () => {
    const { connector, pass, ran } = createLoop();
    pass(59);
    connector.flush();
    assert.is_false(ran().includes("alive"));
    pass(1);
    connector.flush();
    connector.flush();
    assert.equal(1, ran().filter((what) => what === "alive").length);
  });

  it("makes a journal anew that has grown", () => {
    const { connector, state, ran } = createLoop();
    state.isJournalFull = true;
    connector.flush();
    assert.is_true(ran().includes("compact"));
  });

  it("tries to mend a journal that cannot be written once a minute", () => {
    const { connector, state, pass, ran } = createLoop();
    state.isJournalFull = true;
    state.isJournalUsable = false;
    connector.flush();
    pass(59);
    connector.flush();
    assert.is_false(ran().includes("compact"));
    pass(1);
    connector.flush();
    connector.flush();
    assert.equal(1, ran().filter((what) => what === "compact").length);
  });
});

describe("what the broker may forget", () => {
  const cases: [isJournalUsable: boolean, hasWork: boolean, mayForget: boolean][] = [
    [true, false, true],
    [true, true, true],
    [false, false, true],
    [false, true, false],
  ];
  for (const [isJournalUsable, hasWork, mayForget] of cases) {
    const journal = isJournalUsable ? "a journal that can be written" : "one that cannot";
    it(`is ${mayForget ? "everything" : "nothing"} with ${journal} and ${hasWork ? "something" : "nothing"} to deliver`, () => {
      const { connector, state } = createLoop();
      state.isJournalUsable = isJournalUsable;
      state.hasWork = hasWork;
      assert.equal(mayForget, connector.write(EVENT));
      assert.equal(mayForget, connector.flush());
    });
  }
});

describe("what PagerDuty tells", () => {
  /** A feedback in a round that needs so many turns; each says how much it may read. */
  function begin(turns: number): Loop & { readonly asked: string[] } {
    const asked: string[] = [];
    let left = turns;
    const feedback: NonNullable<Parts["feedback"]> = {
      look: () => asked.push("look"),
      turn: (bytes) => {
        asked.push(string.format("read %d", bytes));
        left = left - 1;
        return left > 0;
      },
      isUnderWay: () => left > 0,
      actionEnded: () => undefined,
      status: () => ({
        lastRead: undefined,
        problem: undefined,
        notSeen: 0,
        orphans: 0,
        unknown: 0,
        elsewhere: 0,
      }),
    };
    return { ...createLoop({ feedback }), asked };
  }

  it("is read by flush() after everything that it is told, four times 32 KB at most", () => {
    const { connector, asked, ran } = begin(10);
    connector.flush();
    assert.same(["look", "read 32768", "read 32768", "read 32768", "read 32768"], asked);
    assert.equal("status", ran().pop());
  });

  it("is read by write() 1 KB at a time, once flush() has not been called for two seconds", () => {
    const { connector, asked, pass } = begin(10);
    connector.write(EVENT);
    assert.same([], asked);
    pass(10);
    connector.write(EVENT);
    connector.write(EVENT);
    assert.same(["read 1024", "read 1024"], asked);
  });

  it("is waited for no more once it is read", () => {
    const { connector, asked } = begin(1);
    connector.flush();
    connector.flush();
    assert.same(["look", "read 32768", "look"], asked);
  });
});
