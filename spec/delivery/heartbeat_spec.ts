// When a heartbeat is due, and what is said of one that fails.
import { type Heartbeat, createHeartbeat } from "../../src/delivery/heartbeat";

const URL = "https://user:word@switch.example:8443/ping/1d2f-secret?key=secret";

describe("the heartbeat", () => {
  let clock: number;
  let isWell: boolean;
  let fetched: string[];
  let warnings: string[];
  /** Ends the fetch that is under way. */
  let end: (this: void, problem?: string) => void;
  let heartbeat: Heartbeat;

  before_each(() => {
    [clock, isWell, fetched, warnings] = [1000, true, [], []];
    heartbeat = createHeartbeat(URL, {
      now: () => clock,
      isWell: () => isWell,
      fetch: (url, ended) => {
        fetched.push(url);
        end = ended;
      },
      warning: (text) => warnings.push(text),
    });
  });

  const lookAfter = (seconds: number): number => {
    clock = clock + seconds;
    heartbeat.look();
    return fetched.length;
  };

  it("comes a minute after the start, and each minute after that", () => {
    assert.same([0, 0, 1], [lookAfter(0), lookAfter(59), lookAfter(1)]);
    end();
    assert.same([1, 1, 2], [lookAfter(0), lookAfter(59), lookAfter(1)]);
    assert.same([URL, URL], fetched);
  });

  it("is one at a time, however long it takes", () => {
    lookAfter(60);
    assert.is_true(heartbeat.isUnderWay());
    assert.equal(1, lookAfter(60));
    end();
    assert.is_false(heartbeat.isUnderWay());
    assert.equal(2, lookAfter(0));
  });

  it("waits while something is wrong, and comes as soon as nothing is", () => {
    isWell = false;
    assert.same([0, 0], [lookAfter(60), lookAfter(30)]);
    isWell = true;
    assert.equal(1, lookAfter(1));
  });

  it("that fails is told once, and once when it is back; with no more of the address than its host", () => {
    for (const problem of ["HTTP 404", "HTTP 503", "", "", "Timeout was reached"]) {
      lookAfter(60);
      if (problem === "") end();
      else end(problem);
    }
    const said = "heartbeat_url at switch.example:8443 ";
    const advice = "; check it, and the way there. It is tried again each minute; alerts go on";
    assert.same(
      [
        `${said}cannot be fetched: HTTP 404${advice}`,
        `${said}can be fetched again`,
        `${said}cannot be fetched: Timeout was reached${advice}`,
      ],
      warnings,
    );
  });
});
