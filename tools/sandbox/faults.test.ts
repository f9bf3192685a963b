// Which request a fault hits, and which orders are refused.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFaultList, parseFaults } from "./faults.js";
import type { Fault } from "./faults.js";
import { KEY, followUp } from "./test_support.js";

function faultsFrom(posted: unknown): Fault[] {
  const parsed = parseFaults(posted);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.faults;
}

function listOf(...posted: unknown[]) {
  const list = createFaultList();
  list.add(faultsFrom(posted));
  return list;
}

const target = (event = followUp("resolve", "db01"), path = "/v2/enqueue") => ({
  path,
  content: { text: JSON.stringify(event), event },
  spared: new Set<Fault>(),
});
const unread = (path = "/v2/enqueue") => ({ path, content: undefined, spared: new Set<Fault>() });

describe("a fault", () => {
  it("hits once unless told otherwise", () => {
    const list = listOf({ kind: "hang" });
    assert.equal(list.take(target())?.kind, "hang");
    assert.equal(list.take(target()), undefined);
    assert.deepEqual(list.list(), []);
  });

  it("hits as often as it says, and shows how often it still will", () => {
    const list = listOf({ kind: "hang", times: 3 });
    list.take(target());
    assert.equal(list.list()[0]?.times, 2);
    list.take(target());
    list.take(target());
    assert.equal(list.take(target()), undefined);
  });

  it("with 0 times hits until cleared", () => {
    const list = listOf({ kind: "hang", times: 0 });
    for (let hits = 0; hits < 100; hits += 1) assert.equal(list.take(target())?.kind, "hang");
    list.clear();
    assert.equal(list.take(target()), undefined);
  });

  it("is taken in the order of the list", () => {
    const list = listOf({ kind: "hang" }, { kind: "delay" });
    assert.deepEqual([list.take(target())?.kind, list.take(target())?.kind], ["hang", "delay"]);
  });

  const matches: [string, Record<string, string>, boolean][] = [
    ["its dedup key", { dedup_key: "db01" }, true],
    ["another dedup key", { dedup_key: "db0" }, false],
    ["its action", { event_action: "resolve" }, true],
    ["another action", { event_action: "trigger" }, false],
    ["its routing key", { routing_key: KEY }, true],
    ["another routing key", { routing_key: "x" }, false],
    ["its path", { path: "/v2/enqueue" }, true],
    ["another path", { path: "/v2/change/enqueue" }, false],
    ["what its body contains", { body_contains: '"db01"' }, true],
    ["what its body does not contain", { body_contains: "web01" }, false],
    ["two things of which one does not fit", { event_action: "resolve", dedup_key: "web01" }, false],
    ["two things that fit", { event_action: "resolve", body_contains: "db" }, true],
  ];
  for (const [name, match, hits] of matches) {
    it(`${hits ? "hits" : "spares"} a request by ${name}`, () => {
      assert.equal(listOf({ kind: "hang", match }).take(target()) !== undefined, hits);
    });
  }

  it("that spares a request leaves it to the next one", () => {
    const list = listOf({ kind: "hang", match: { dedup_key: "web01" } }, { kind: "delay" });
    assert.equal(list.take(target())?.kind, "delay");
    assert.equal(list.list().length, 1);
  });

  it("hits by chance as its seed decides: the same requests each time", () => {
    const row = (seed: number) => {
      const list = listOf({ kind: "hang", times: 0, probability: 0.3, seed });
      return Array.from({ length: 1000 }, () => list.take(target()) !== undefined);
    };
    const hits = row(7).filter(Boolean).length;
    assert.ok(hits > 240 && hits < 360, `${hits} of 1000`);
    assert.deepEqual(row(7), row(7));
    assert.notDeepEqual(row(7), row(8));
  });

  it("of probability 0 never hits, of 1 always", () => {
    const list = listOf(
      { kind: "hang", times: 0, probability: 0 },
      { kind: "delay", times: 0, probability: 1 },
    );
    for (let tries = 0; tries < 100; tries += 1) assert.equal(list.take(target())?.kind, "delay");
  });
});

describe("before the body is read", () => {
  it("a reset hits, by path too", () => {
    assert.equal(listOf({ kind: "reset_before" }).take(unread())?.kind, "reset_before");
    const byPath = listOf({ kind: "reset_before", match: { path: "/v2/change/enqueue" } });
    assert.equal(byPath.take(unread()), undefined);
    assert.equal(byPath.take(unread("/v2/change/enqueue"))?.kind, "reset_before");
  });

  it("no other fault hits", () => {
    assert.equal(listOf({ kind: "hang" }).take(unread()), undefined);
  });

  it("a reset that matches by the body waits for it", () => {
    const list = listOf({ kind: "reset_before", match: { dedup_key: "db01" } });
    assert.equal(list.take(unread()), undefined);
    assert.equal(list.take(target())?.kind, "reset_before");
  });

  it("a reset does not overtake a fault before it", () => {
    const list = listOf({ kind: "status", match: { dedup_key: "db01" } }, { kind: "reset_before" });
    assert.equal(list.take(unread()), undefined);
    assert.equal(list.take(target())?.kind, "status");
    assert.equal(list.take(unread())?.kind, "reset_before");
  });

  it("a reset throws its dice once for each request, not again with the body", () => {
    const list = listOf({ kind: "reset_before", times: 0, probability: 0.5, seed: 1 });
    const hits = Array.from({ length: 1000 }, () => {
      const { spared } = unread();
      return list.take({ ...unread(), spared }) ?? list.take({ ...target(), spared });
    }).filter((fault) => fault !== undefined).length;
    assert.ok(hits > 440 && hits < 560, `${hits} of 1000`);
  });
});

describe("an order", () => {
  it("has defaults", () => {
    const [status, garbage, accepted, redirect] = faultsFrom(
      ["status", "garbage", "accept_then_status", "redirect"].map((kind) => ({ kind })),
    );
    assert.deepEqual(
      [status, garbage, accepted, redirect].map((fault) => fault?.status),
      [503, 200, 500, 302],
    );
    assert.ok(status && Number.isInteger(status.seed));
    const defaults = { body: null, headers: {}, seconds: 1, times: 1, match: {}, probability: 1 };
    assert.deepEqual(status, { kind: "status", status: 503, ...defaults, seed: status.seed });
  });

  const refused: [string, unknown, string][] = [
    ["is an object", 7, "a fault is an object"],
    ["has a kind", {}, "'kind' must be one of status, delay"],
    ["has a known kind", { kind: "toString" }, "'kind' must be one of status, delay"],
    [
      "has a status that can be sent",
      { kind: "status", status: 99 },
      "'status' must be an integer from 200 to 599",
    ],
    ["has no negative time", { kind: "delay", seconds: -1 }, "'seconds' must be a number from 0 to 3600"],
    ["has a whole number of times", { kind: "hang", times: 1.5 }, "'times' must be an integer of 0 or more"],
    [
      "has a probability up to 1",
      { kind: "hang", probability: 2 },
      "'probability' must be a number from 0 to 1",
    ],
    ["has a whole number for a seed", { kind: "hang", seed: "a" }, "'seed' must be an integer"],
    ["has text for a body", { kind: "garbage", body: {} }, "'body' must be a string"],
    [
      "has headers that can be sent",
      { kind: "status", headers: { a: "b\n" } },
      "'headers' must be an object of header",
    ],
    [
      "has header names that can be sent",
      { kind: "status", headers: { "a b": "c" } },
      "'headers' must be an object",
    ],
    [
      "matches what is known",
      { kind: "hang", match: { severity: "info" } },
      "'match' must be an object of strings",
    ],
    ["has no unknown field", { kind: "hang", second: 1 }, "'second' is unknown"],
  ];
  for (const [name, posted, error] of refused) {
    it(name, () => {
      const parsed = parseFaults([{ kind: "hang" }, posted]);
      assert.ok(!parsed.ok);
      assert.equal(parsed.errors.length, 1);
      assert.ok(parsed.errors[0]?.startsWith(error), parsed.errors[0]);
    });
  }
});
