// The rules of the Events API v2, one line each: what is accepted, and what is refused in which words.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkAlertEvent, checkChangeEvent, parseEvent } from "./event_rules.js";
import type { JsonObject } from "./event_rules.js";
import { KEY } from "./test_support.js";

const PAYLOAD = { summary: "db01: DOWN", source: "db01", severity: "critical" };
const TRIGGER = { routing_key: KEY, event_action: "trigger", payload: PAYLOAD };
const RESOLVE = { routing_key: KEY, event_action: "resolve", dedup_key: "db01" };
const CHANGE = { routing_key: KEY, payload: { summary: "deployed" } };

const withPayload = (changes: JsonObject): JsonObject => ({
  ...TRIGGER,
  payload: { ...PAYLOAD, ...changes },
});
const SEVERITY_TEXT =
  "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')";
const TIMESTAMP_TEXT = "'payload.timestamp' is invalid (must be an ISO 8601 date and time with a zone)";

function errorsOf(event: JsonObject): string[] {
  const checked = checkAlertEvent(event);
  return checked.ok ? [] : checked.errors;
}

describe("alert events that are accepted", () => {
  const accepted: [string, JsonObject][] = [
    ["a trigger with no more than it needs", TRIGGER],
    ["a resolve with no more than it needs", RESOLVE],
    ["an acknowledge with no more than it needs", { ...RESOLVE, event_action: "acknowledge" }],
    ["a key of an orchestration", { ...TRIGGER, routing_key: `R${KEY.slice(1)}` }],
    ["255 characters of dedup key", { ...TRIGGER, dedup_key: "k".repeat(255) }],
    ["1024 characters of summary", withPayload({ summary: "é".repeat(1024) })],
    ["1024 characters outside the basic plane", withPayload({ summary: "😀".repeat(1024) })],
    ["a warning", withPayload({ severity: "warning" })],
    ["an error", withPayload({ severity: "error" })],
    ["an info", withPayload({ severity: "info" })],
    ["a timestamp in UTC", withPayload({ timestamp: "2026-02-28T23:59:60Z" })],
    ["a timestamp with fraction and zone", withPayload({ timestamp: "2024-02-29T08:00:00.123+0530" })],
    ["a timestamp without seconds", withPayload({ timestamp: "2011-05-06T03:30-07" })],
    ["strings to route by", withPayload({ component: "db", group: "prod", class: "disk" })],
    ["details in any depth", withPayload({ custom_details: { metrics: [{ name: "load", value: 1.5 }] } })],
    [
      "links",
      { ...TRIGGER, links: [{ href: "https://centreon/1", text: "Centreon" }, { href: "https://wiki" }] },
    ],
    ["images", { ...TRIGGER, images: [{ src: "https://g/1.png", href: "https://g", alt: "graph" }] }],
    ["a client", { ...TRIGGER, client: "Centreon", client_url: "https://centreon" }],
    ["a field that PagerDuty does not know", { ...TRIGGER, colour: 7 }],
  ];
  for (const [name, event] of accepted) {
    it(name, () => {
      assert.deepEqual(errorsOf(event), []);
    });
  }
});

describe("alert events that are refused", () => {
  const refused: [string, JsonObject, string[]][] = [
    ["nothing at all", {}, ["'routing_key' is missing or blank", "'event_action' is missing or blank"]],
    [
      "a short routing key",
      { ...TRIGGER, routing_key: "abc" },
      ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    ],
    [
      "a long routing key",
      { ...TRIGGER, routing_key: `${KEY}0` },
      ["Length of 'routing_key' is incorrect (should be 32 characters)"],
    ],
    [
      "a routing key with other characters",
      { ...TRIGGER, routing_key: `-${KEY.slice(1)}` },
      ["'routing_key' cannot contain non-alphanumeric characters."],
    ],
    [
      "a routing key that is a number",
      { ...TRIGGER, routing_key: 32 },
      ["'routing_key' is invalid (must be a string)"],
    ],
    [
      "an unknown action",
      { ...TRIGGER, event_action: "Trigger" },
      ["'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')"],
    ],
    [
      "a resolve without dedup key",
      { ...RESOLVE, dedup_key: undefined },
      ["'dedup_key' is missing or blank"],
    ],
    [
      "an acknowledge with a blank dedup key",
      { ...RESOLVE, event_action: "acknowledge", dedup_key: " " },
      ["'dedup_key' is missing or blank"],
    ],
    [
      "a dedup key that is a number",
      { ...TRIGGER, dedup_key: 1 },
      ["'dedup_key' is invalid (must be a string)"],
    ],
    [
      "256 characters of dedup key",
      { ...RESOLVE, dedup_key: "k".repeat(256) },
      ["'dedup_key' is too long (maiximum is 255 characters)"],
    ],
    [
      "a trigger without payload",
      { ...TRIGGER, payload: undefined },
      [
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is missing or blank",
      ],
    ],
    ["a blank summary", withPayload({ summary: "\t " }), ["'payload.summary' is missing or blank"]],
    [
      "1025 characters of summary",
      withPayload({ summary: "😀".repeat(1025) }),
      ["'summary' is too long (maiximum is 1024 characters)"],
    ],
    ["a blank source", withPayload({ source: "" }), ["'payload.source' is missing or blank"]],
    ["a null source", withPayload({ source: null }), ["'payload.source' is missing or blank"]],
    ["a severity in capitals", withPayload({ severity: "CRITICAL" }), [SEVERITY_TEXT]],
    ["an unknown severity", withPayload({ severity: "ok" }), [SEVERITY_TEXT]],
    ["a timestamp without zone", withPayload({ timestamp: "2026-02-28T23:59:00" }), [TIMESTAMP_TEXT]],
    ["a timestamp with a space", withPayload({ timestamp: "2026-02-28 23:59:00Z" }), [TIMESTAMP_TEXT]],
    ["a day that does not exist", withPayload({ timestamp: "2026-02-29T23:59:00Z" }), [TIMESTAMP_TEXT]],
    ["an hour that does not exist", withPayload({ timestamp: "2026-02-28T24:00:00Z" }), [TIMESTAMP_TEXT]],
    ["a month that does not exist", withPayload({ timestamp: "2026-13-01T00:00:00Z" }), [TIMESTAMP_TEXT]],
    [
      "a timestamp in seconds",
      withPayload({ timestamp: 1_700_000_000 }),
      ["'payload.timestamp' is invalid (must be a string)"],
    ],
    [
      "a component that is a number",
      withPayload({ component: 3 }),
      ["'payload.component' is invalid (must be a string)"],
    ],
    ["a group that is null", withPayload({ group: null }), ["'payload.group' is invalid (must be a string)"]],
    [
      "a class that is an array",
      withPayload({ class: ["disk"] }),
      ["'payload.class' is invalid (must be a string)"],
    ],
    [
      "details that are an array",
      withPayload({ custom_details: [] }),
      ["'payload.custom_details' is invalid (must be an object)"],
    ],
    [
      "details that are text",
      withPayload({ custom_details: "full" }),
      ["'payload.custom_details' is invalid (must be an object)"],
    ],
    ["links that are an object", { ...TRIGGER, links: {} }, ["'links' is invalid (must be an array)"]],
    [
      "a link that is text",
      { ...TRIGGER, links: ["https://a"] },
      ["'links[0]' is invalid (must be an object)"],
    ],
    [
      "links without target or with a strange text",
      { ...TRIGGER, links: [{ text: "a" }, { href: "https://b", text: 2 }] },
      ["'links[0].href' is missing or blank", "'links[1].text' is invalid (must be a string)"],
    ],
    [
      "an image that is not https",
      { ...TRIGGER, images: [{ src: "http://g/1.png" }] },
      ["'images[0].src' is invalid (must be an https URL)"],
    ],
    [
      "an image without source",
      { ...TRIGGER, images: [{ alt: "a" }] },
      ["'images[0].src' is missing or blank"],
    ],
    ["a client that is an object", { ...TRIGGER, client: {} }, ["'client' is invalid (must be a string)"]],
    [
      "a client_url that is a number",
      { ...TRIGGER, client_url: 8 },
      ["'client_url' is invalid (must be a string)"],
    ],
    ["a payload that is text", { ...RESOLVE, payload: "x" }, ["'payload' is invalid (must be an object)"]],
    [
      "a resolve with a payload that breaks a rule",
      { ...RESOLVE, payload: { summary: "s".repeat(1025), severity: "ok" } },
      ["'summary' is too long (maiximum is 1024 characters)", SEVERITY_TEXT],
    ],
  ];
  for (const [name, event, errors] of refused) {
    it(name, () => {
      assert.deepEqual(errorsOf(event), errors);
    });
  }
});

it("takes a blank dedup key of a trigger as none", () => {
  const checked = checkAlertEvent({ ...TRIGGER, dedup_key: "" });
  assert.ok(checked.ok);
  assert.equal(checked.event.dedup_key, null);
});

describe("change events", () => {
  const cases: [string, JsonObject, string[]][] = [
    ["need no more than key and summary", CHANGE, []],
    [
      "may have everything else",
      {
        ...CHANGE,
        payload: { summary: "s", source: "ci", timestamp: "2026-01-01T00:00:00Z", custom_details: {} },
        links: [{ href: "https://ci/1" }],
      },
      [],
    ],
    ["need a summary", { ...CHANGE, payload: {} }, ["'payload.summary' is missing or blank"]],
    [
      "have the limits of alert events",
      { ...CHANGE, payload: { summary: "s".repeat(1025), timestamp: "now" } },
      ["'summary' is too long (maiximum is 1024 characters)", TIMESTAMP_TEXT],
    ],
    [
      "do not go to an orchestration",
      { ...CHANGE, routing_key: `R${KEY.slice(1)}` },
      ["'routing_key' of an orchestration does not accept change events"],
    ],
  ];
  for (const [name, event, errors] of cases) {
    it(name, () => {
      const checked = checkChangeEvent(event);
      assert.deepEqual(checked.ok ? [] : checked.errors, errors);
    });
  }
});

describe("bodies", () => {
  it("are an object in JSON", () => {
    assert.deepEqual(parseEvent(Buffer.from('{"a":"é"}')), { a: "é" });
  });
  const broken: [string, Buffer][] = [
    ["nothing", Buffer.from("")],
    ["half an object", Buffer.from('{"a":')],
    ["an array", Buffer.from("[{}]")],
    ["null", Buffer.from("null")],
    ["a byte order mark", Buffer.from("\ufeff{}")],
    ["Latin-1", Buffer.from('{"a":"é"}', "latin1")],
    ["a surrogate in UTF-8", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ["a raw control character", Buffer.from('{"a":"\n"}')],
  ];
  for (const [name, body] of broken) {
    it(`are not ${name}`, () => {
      assert.equal(parseEvent(body), undefined);
    });
  }
});
