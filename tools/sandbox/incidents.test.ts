// The life of an incident: rows of events and what becomes of them.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AlertEvent, Severity } from "./event_rules.js";
import { applyEvent, createIncidentBook } from "./incidents.js";
import type { IncidentBook } from "./incidents.js";
import { KEY, OTHER_KEY } from "./test_support.js";

function triggerOf(severity: Severity, summary: string, routing_key = KEY): AlertEvent {
  const absent = { timestamp: null, custom_details: null, component: null, group: null, class: null };
  const context = { links: null, client: null, client_url: null };
  const said = { summary, source: "db01", severity };
  return { event_action: "trigger", routing_key, dedup_key: "db01", ...said, ...absent, ...context };
}

/** The time of the event with this number. */
const second = (number: number): string => new Date(number * 1000).toISOString();

/** Words: a severity triggers, ack and resolve follow up; "other" before a word uses another routing key. */
function play(words: string): IncidentBook {
  const book = createIncidentBook();
  words.split(" ").forEach((word, index) => {
    const routing_key = word.startsWith("other-") ? OTHER_KEY : KEY;
    const action = word.replace("other-", "");
    const event: AlertEvent =
      action === "ack" || action === "resolve"
        ? { event_action: action === "ack" ? "acknowledge" : "resolve", routing_key, dedup_key: "db01" }
        : triggerOf(action as Severity, `said ${index}`, routing_key);
    applyEvent(book, event, "db01", index * 1000);
  });
  return book;
}

/** Each incident as `state severity pages/triggers log`. */
function told(book: IncidentBook): string[] {
  return book.alerts.map(
    ({ state, severity, pages, triggers, log }) => `${state} ${severity} ${pages}/${triggers} ${log.length}`,
  );
}

describe("incidents", () => {
  const table: [string, string, string[], number][] = [
    ["a trigger opens one and pages", "error", ["triggered error 1/1 1"], 0],
    ["a second trigger is one more log entry", "error error", ["triggered error 1/2 2"], 0],
    ["severity rises", "warning critical", ["triggered critical 1/2 2"], 0],
    ["severity never falls", "critical info", ["triggered critical 1/2 2"], 0],
    ["warning is above info", "info warning", ["triggered warning 1/2 2"], 0],
    [
      "error is between warning and critical",
      "warning error critical error",
      ["triggered critical 1/4 4"],
      0,
    ],
    ["an acknowledge is kept", "error ack", ["acknowledged error 1/1 2"], 0],
    ["so is a second one", "error ack ack", ["acknowledged error 1/1 3"], 0],
    [
      "a trigger on an acknowledged one pages nobody",
      "error ack critical",
      ["acknowledged critical 1/2 3"],
      0,
    ],
    ["a resolve closes a triggered one", "error resolve", ["resolved error 1/1 2"], 0],
    ["a resolve closes an acknowledged one", "error ack resolve", ["resolved error 1/1 3"], 0],
    [
      "a trigger after a resolve opens another one",
      "critical resolve warning",
      ["resolved critical 1/1 2", "triggered warning 1/1 1"],
      0,
    ],
    ["a resolve of an unknown key is dropped", "resolve", [], 1],
    ["an acknowledge of an unknown key is dropped", "ack", [], 1],
    ["a second resolve is dropped", "error resolve resolve", ["resolved error 1/1 2"], 1],
    ["an acknowledge after the resolve is dropped", "error resolve ack", ["resolved error 1/1 2"], 1],
    ["a resolve through another routing key is dropped", "error other-resolve", ["triggered error 1/1 1"], 1],
    [
      "the same dedup key of another routing key is another incident",
      "error other-info resolve",
      ["resolved error 1/1 2", "triggered info 1/1 1"],
      0,
    ],
  ];
  for (const [name, words, incidents, dropped] of table) {
    it(`${name}: ${words}`, () => {
      const book = play(words);
      assert.deepEqual(told(book), incidents);
      assert.equal(book.dropped.length, dropped);
    });
  }

  it("keep what the first trigger said, and when things happened", () => {
    const [alert] = play("warning critical resolve").alerts;
    assert.ok(alert);
    assert.equal(alert.summary, "said 0");
    assert.equal(alert.first_severity, "warning");
    assert.equal(alert.routing_key_end, "cdef");
    assert.equal(alert.created_at, second(0));
    assert.equal(alert.updated_at, second(2));
    assert.equal(alert.resolved_at, second(2));
    assert.deepEqual(alert.log, [
      { at: second(0), action: "trigger", severity: "warning", summary: "said 0" },
      { at: second(1), action: "trigger", severity: "critical", summary: "said 1" },
      { at: second(2), action: "resolve" },
    ]);
  });

  it("leave a note of what was dropped", () => {
    assert.deepEqual(play("error other-ack").dropped, [
      { at: second(1), routing_key_end: "3210", dedup_key: "db01", action: "acknowledge" },
    ]);
  });
});
