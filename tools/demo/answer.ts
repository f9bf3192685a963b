// The scene after the recorded stories: a person acknowledges in PagerDuty, and Centreon hears of it. Its sandbox is its
// own: what the stories left stays as it is.
import { setTimeout as pause } from "node:timers/promises";
import type { Effect } from "../install/acknowledgements.js";
import type { Sandbox } from "../sandbox/server.js";
import { type FeedSetup, startConnectorFeed } from "./connector_feed.js";

/** What was said and done, a line each: who or what, and what it did. */
export interface Answered {
  readonly rows: readonly (readonly [who: string, what: string])[];
  /** What is wrong with it. */
  readonly complaints: readonly string[];
}

const PERSON = "Sam Rivera";
const NOTE = "batch job, fixed by noon";

/** Milliseconds until the connector must have read what PagerDuty tells, and told Centreon: a few seconds are enough. */
const LONGEST = 30_000;
const LOOK_INTERVAL = 100;

/** What is added to the parameters of an output, so that a sandbox's people are heard. */
export function hearingPeople(sandbox: Sandbox) {
  return {
    pdy_api_key: "sandbox-api-key",
    pdy_api_url: sandbox.tls_url,
    pdy_sync_interval: "1",
    centreon_api_url: `${sandbox.tls_url}/centreon`,
    centreon_api_token: "sandbox-api-token",
  };
}

async function post(sandbox: Sandbox, path: string, body: unknown): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const { ok, status } = await fetch(sandbox.url + path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!ok) throw new Error(`${path}: HTTP ${status}`);
}

/** What a control endpoint of the sandbox lists, once there is something. */
async function firstOf<Item>(sandbox: Sandbox, path: string): Promise<Item | undefined> {
  const end = Date.now() + LONGEST;
  while (Date.now() < end) {
    const [first] = (await (await fetch(sandbox.url + path)).json()) as Item[];
    if (first !== undefined) return first;
    await pause(LOOK_INTERVAL);
  }
  return undefined;
}

/** Plays it with a connector that is set up so. */
export async function answer(setup: FeedSetup): Promise<Answered> {
  const { sandbox } = setup;
  const rows: [string, string][] = [];
  const feed = await startConnectorFeed(setup);
  try {
    const found = { state: 2, isHard: true, isAcknowledged: false, isInDowntime: false };
    const output = "LOAD CRITICAL - total load average: 12.71";
    await post(sandbox, "/sandbox/checks", { host: "web-01", service: "Load", output, ...found });
    rows.push(["Centreon", "web-01/Load is CRITICAL, hard"]);
    if ((await firstOf(sandbox, "/sandbox/alerts")) === undefined)
      return { rows, complaints: ["no incident was opened"] };
    rows.push(["the connector", "→ trigger, critical"]);
    const done = { incident: 1, by: PERSON };
    await post(sandbox, "/sandbox/actions", { ...done, action: "note", note: NOTE });
    await post(sandbox, "/sandbox/actions", { ...done, action: "acknowledge" });
    rows.push([PERSON, `acknowledges incident #1 in PagerDuty, and notes: ${NOTE}`]);
    const effect = await firstOf<Effect>(sandbox, "/sandbox/centreon_effects");
    if (effect === undefined) return { rows, complaints: ["Centreon was not told who acknowledged"] };
    rows.push(["the connector", "reads that, and tells Centreon's API"]);
    const [who = "", ...rest] = effect.comment.split(/ \(PagerDuty (#\d+) \S+\)/);
    rows.push([
      "Centreon",
      `web-01/Load is acknowledged: ${who} (PagerDuty ${rest[0] ?? ""} …)${rest[1] ?? ""}`,
    ]);
    return { rows, complaints: [] };
  } finally {
    await feed.stop();
  }
}
