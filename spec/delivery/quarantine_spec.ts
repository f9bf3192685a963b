// The quarantine: refused events in a file that a person can read, one JSON line each.
import { LARGEST_QUARANTINE, quarantine } from "../../src/delivery/quarantine";
import { decodeJson } from "../support/json";
import { outputOf, readFile, temporaryPath } from "../support/process";

const EVENT = {
  at: 0,
  dedupKey: "1_2",
  route: "dba",
  action: "trigger",
  reason: 'HTTP 400: "odd"\nin two lines',
  body: '{"event_action":"trigger","payload":{"summary":"Ärger"}}',
};

describe("the quarantine", () => {
  it("keeps each event on a line of its own, with when and why it was refused", () => {
    const path = temporaryPath(".quarantine");
    assert.is_nil(quarantine(path, EVENT));
    assert.is_nil(quarantine(path, { ...EVENT, dedupKey: "1_3" }));
    const lines: unknown[] = [];
    for (const [line] of string.gmatch(readFile(path) ?? "", "([^\n]*)\n"))
      lines.push(decodeJson(line ?? ""));
    os.remove(path);
    const expected = (dedupKey: string) => ({
      at: "1970-01-01T00:00:00Z",
      dedup_key: dedupKey,
      route: "dba",
      action: "trigger",
      reason: EVENT.reason,
      event: { event_action: "trigger", payload: { summary: "Ärger" } },
    });
    assert.same([expected("1_2"), expected("1_3")], lines);
  });

  it("takes no more when it is full, and says what to do", () => {
    const path = temporaryPath(".quarantine");
    outputOf(`truncate -s ${LARGEST_QUARANTINE - 1} ${path}`);
    assert.is_nil(quarantine(path, EVENT));
    const size = outputOf(`stat -c %s ${path}`);
    const problem = quarantine(path, EVENT) ?? "";
    assert.is_not_nil(
      string.find(problem, "it is full (10 MB): centreon-pagerduty retry", 1, true)[0],
      problem,
    );
    assert.equal(size, outputOf(`stat -c %s ${path}`));
    os.remove(path);
  });

  it("says so where it cannot", () => {
    assert.is_not_nil(string.find(quarantine("/missing/file", EVENT) ?? "", "No such file")[0]);
    assert.is_not_nil(string.find(quarantine("/dev/full", EVENT) ?? "", "is the disk full?", 1, true)[0]);
  });
});
