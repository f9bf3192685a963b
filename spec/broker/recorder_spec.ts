// The recording of events: what goes before an event, what configuration that is told again does, and that nothing
// about it costs an event. That a recording plays again to the same end is spec/contract/self_spec's.
import { type Names, names as cachedNames } from "../../src/broker/cache";
import { createRecorder } from "../../src/broker/recorder";
import { cacheOf, installCache } from "../support/broker_cache";
import { decodeJson } from "../support/json";
import { readFile, temporaryPath } from "../support/process";

/** A broker's cache that knows host 11 by this name and alias. */
function namesOf(name: () => string, alias: () => string): Names {
  const unknown = (): string => "";
  const none = (): number => 0;
  const empty = (): readonly string[] => [];
  const names: Partial<Names> = {
    hostName: name,
    hostAlias: alias,
    hostAddress: unknown,
    timeZone: unknown,
    poller: () => "Central",
    pollerId: () => 7,
    detectsFlapping: () => false,
    notes: unknown,
    notesUrl: unknown,
    actionUrl: unknown,
    hostGroups: empty,
    maximumAttempts: none,
    severityId: none,
    criticality: none,
  };
  return names as Names;
}

const STATUS = { _type: 65568, host_id: 11, state: 1, state_type: 1, output: "down" };
const CONFIGURATION = { _type: 65566, host_id: 11, name: "web-01", enabled: true };
const REMOVAL = { _type: 65566, host_id: 11, name: "web-01", enabled: false };

describe("the recorder", () => {
  const path = temporaryPath(".record");
  let said: string[] = [];

  const record = (names: Names, ...events: object[]): Record<string, unknown>[] => {
    said = [];
    const take = createRecorder(path, 1, {
      names,
      files: { open: io.open, rename: os.rename, makePrivate: () => undefined },
      warning: (text) => said.push(text),
    });
    for (const event of events) take?.(event as BrokerEvent);
    const lines: Record<string, unknown>[] = [];
    for (const [line] of string.gmatch(readFile(path) ?? "", "[^\n]+")) {
      if (line !== undefined) lines.push(decodeJson(line) as Record<string, unknown>);
    }
    return lines;
  };

  after_each(() => os.remove(path));

  it("defines a host before its first event, and only then", () => {
    const lines = record(
      namesOf(
        () => "web-01",
        () => "Web server",
      ),
      STATUS,
      STATUS,
    );
    assert.same(
      [65580, 65566, 65568, 65568],
      lines.map((line) => line["_type"]),
    );
    assert.equal("Web server", lines[1]?.["alias"]);
  });

  it("tells whose poller the host is, and whether flap detection is on, of it and of the poller", () => {
    const names = namesOf(
      () => "web-01",
      () => "",
    );
    const instanceStatus = { _type: 65578, instance_id: 7, flap_detection: true, last_alive: 1 };
    const [poller, host, , ofPoller] = record(names, STATUS, instanceStatus);
    assert.same([7, "Central"], [poller?.["instance_id"], poller?.["name"]]);
    assert.same([7, false], [host?.["instance_id"], host?.["flap_detection"]]);
    assert.same(
      [65578, 7, true],
      [ofPoller?.["_type"], ofPoller?.["instance_id"], ofPoller?.["flap_detection"]],
    );
    assert.is_nil(ofPoller?.["last_alive"]);
  });

  it("defines it anew, whole, when its configuration is told again", () => {
    let alias = "Web server";
    const names = namesOf(
      () => "web-01",
      () => alias,
    );
    record(names, STATUS);
    alias = "Old web server";
    const lines = record(names, CONFIGURATION, STATUS);
    const definitions = lines.filter((line) => line["_type"] === 65566);
    assert.same(
      ["Web server", "Old web server"],
      definitions.map((line) => line["alias"]),
    );
  });

  it("records that a host is removed", () => {
    const lines = record(
      namesOf(
        () => "web-01",
        () => "",
      ),
      REMOVAL,
    );
    assert.same(
      [false],
      lines.map((line) => line["enabled"]),
    );
  });

  it("defines an anomaly detection as one: its page is another", () => {
    const service = { _type: 65563, host_id: 11, service_id: 5, description: "Traffic", type: 4 };
    installCache(cacheOf([service]));
    const lines = record(cachedNames, { _type: 65565, host_id: 11, service_id: 5, state: 2, state_type: 1 });
    installCache(undefined);
    assert.same(
      [4],
      lines.filter((line) => line["_type"] === 65563).map((line) => line["type"]),
    );
  });

  it("ends when something of it fails, says so once, and costs no event", () => {
    const names = namesOf(
      () => error("the cache is broken"),
      () => "",
    );
    record(names, STATUS, STATUS);
    assert.equal(1, said.length);
    assert.is_not_nil(string.find(said[0] ?? "", "the cache is broken", 1, true)[0]);
  });
});
