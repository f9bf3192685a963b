// broker/news: which changes are told, and which were told before or lie before the start.
import type { Change } from "../../src/alerts/change";
import { createNews } from "../../src/broker/news";
import { hostOf, serviceOf } from "../support/alerts";
import { changeWith } from "../support/changes";

const START = 1760000000;

interface Ear {
  /** Ten seconds after the start, unless it says otherwise; a deployment does not say when. */
  readonly hears: (this: void, some: Partial<Change>) => boolean;
  readonly pass: (this: void, seconds: number) => void;
}

/** Whether what it hears is news, from the end of settling on or, where said, during it. */
function listen(isSettling = false): Ear {
  let clock = 500;
  let heard = 0;
  const isNews = createNews({ startedAt: START, now: () => clock, isSettling: () => isSettling });
  return {
    hears: (some) => {
      heard += 1;
      const rest = { at: START + 10, identity: `number ${heard}`, plannedStart: 0, ...some };
      // A field that is undefined replaces none in Lua.
      const { at, ...untimed } = changeWith(rest);
      const isUntimed = rest.kind === "configuration deployed";
      return isNews({ ...untimed, at: isUntimed ? undefined : at });
    },
    pass: (seconds) => {
      clock = clock + seconds;
    },
  };
}

const POLLER: Change["resource"] = { kind: "poller", id: 2 };

describe("news", () => {
  it("is what happened since the start", () => {
    const { hears } = listen();
    assert.equal(true, hears({ at: START }));
    assert.equal(true, hears({ at: START + 1 }));
    assert.equal(false, hears({ at: START - 1 }));
  });

  it("is what happened since the start in the time of settling, too", () => {
    const { hears } = listen(true);
    assert.equal(true, hears({ at: START + 1 }));
    assert.equal(false, hears({ at: START - 1 }));
  });

  it("without a time is news only when the broker is done with what lies before the start", () => {
    const untimed: Partial<Change> = { kind: "configuration deployed", resource: POLLER };
    assert.equal(true, listen().hears(untimed));
    assert.equal(false, listen(true).hears(untimed));
  });

  it("is news once, however often it comes, and with whatever time", () => {
    const { hears } = listen();
    assert.equal(true, hears({ identity: "downtime 91" }));
    assert.equal(false, hears({ identity: "downtime 91" }));
    assert.equal(false, hears({ identity: "downtime 91", at: START + 900 }));
    assert.equal(true, hears({ identity: "downtime 92" }));
  });

  it("does not become news by coming again with a later time", () => {
    const { hears } = listen();
    assert.equal(false, hears({ identity: "downtime 91", at: START - 900 }));
    assert.equal(false, hears({ identity: "downtime 91", at: START + 900 }));
  });

  it("is each of those that nobody can tell from others", () => {
    const { hears } = listen();
    assert.equal(true, hears({ identity: "" }));
    assert.equal(true, hears({ identity: "" }));
  });

  it("is remembered among the last ten thousand, and memory does not grow beyond twice as many", () => {
    const { hears } = listen();
    collectgarbage("collect");
    const before = collectgarbage("count");
    hears({ identity: "the first" });
    for (const number of $range(1, 9998)) hears({ identity: `${number}` });
    assert.equal(false, hears({ identity: "the first" }));
    for (const number of $range(10000, 60000)) hears({ identity: `${number}` });
    assert.equal(false, hears({ identity: "55000" }));
    assert.equal(true, hears({ identity: "the first" }));
    collectgarbage("collect");
    const kilobytes = collectgarbage("count") - before;
    assert.is_true(kilobytes < 3000, `${kilobytes} kB`);
  });

  describe("of a poller", () => {
    const starts = (at: number): Partial<Change> => ({
      kind: "poller started",
      resource: POLLER,
      identity: `start ${at}`,
      at,
    });
    const isConfigured: Partial<Change> = {
      kind: "configuration deployed",
      resource: POLLER,
      identity: "",
    };

    it("that starts is the start alone: the configuration comes with it", () => {
      const { hears } = listen();
      assert.equal(true, hears(starts(START + 10)));
      assert.equal(false, hears(isConfigured));
      assert.equal(true, hears(isConfigured));
    });

    it("is nothing when it tells again of a start of long ago, with its configuration", () => {
      const { hears } = listen();
      assert.equal(false, hears(starts(START - 5000)));
      assert.equal(false, hears(isConfigured));
      // The same start once more says nothing of the next configuration.
      assert.equal(false, hears(starts(START - 5000)));
      assert.equal(true, hears(isConfigured));
    });

    it("is another's start no reason to keep still", () => {
      const { hears } = listen();
      hears(starts(START + 10));
      assert.equal(true, hears({ ...isConfigured, resource: { kind: "poller", id: 3 } }));
    });

    it("is a deployment when the start was long ago", () => {
      const { hears, pass } = listen();
      hears(starts(START + 10));
      pass(601);
      assert.equal(true, hears(isConfigured));
    });
  });

  describe("of a host's downtime", () => {
    const window = { plannedStart: START + 5, plannedEnd: START + 3605 };
    const ofHost: Partial<Change> = { resource: hostOf(1), ...window };
    const ofService: Partial<Change> = { resource: serviceOf(1, 2), ...window };

    it("speaks for its services' that were set with it", () => {
      const { hears } = listen();
      assert.equal(true, hears(ofHost));
      assert.equal(false, hears(ofService));
      assert.equal(false, hears({ ...ofService, resource: serviceOf(1, 3) }));
      assert.equal(true, hears({ ...ofHost, kind: "downtime ended" }));
      assert.equal(false, hears({ ...ofService, kind: "downtime ended" }));
    });

    it("does not speak for those of another host, window or person, nor for what it did not do itself", () => {
      const { hears } = listen();
      hears(ofHost);
      assert.equal(true, hears({ ...ofService, resource: serviceOf(2, 2) }));
      assert.equal(true, hears({ ...ofService, plannedEnd: START + 7205 }));
      assert.equal(true, hears({ ...ofService, author: "carol" }));
      assert.equal(true, hears({ ...ofService, kind: "downtime cancelled" }));
    });

    it("is told itself when its service's came first", () => {
      const { hears } = listen();
      assert.equal(true, hears(ofService));
      assert.equal(true, hears(ofHost));
    });
  });
});
