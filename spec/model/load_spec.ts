// More than PagerDuty's limit lets through: pages are not late for what nobody needs to hear, and PagerDuty does not
// drift away from Centreon. `make bench` plays the same for longer.
import { readFile } from "../support/process";
import { compile } from "./broker";
import { withDefect } from "./defects";
import { MOST_INCIDENTS, playFirstHour, playOverload } from "./load";

const shipped = readFile("dist/pagerduty.lua") ?? error("dist/pagerduty.lua is not there: make build");
const script = compile(shipped);

/** Seconds of virtual time: flush() comes once a second, an answer in less. */
const SOON = 2;

function latestOf(latencies: number[]): number {
  let latest = 0;
  for (const latency of latencies) latest = math.max(latest, latency);
  return latest;
}

describe("in the first hour without a journal", () => {
  it("each service that is well is resolved once, and no page waits for that", () => {
    const SERVICES = 600;
    const { criticalLatencies, warningLatencies, requests } = playFirstHour(script, SERVICES, 1200);
    assert.is_true(criticalLatencies.length > 0);
    assert.is_true(latestOf(criticalLatencies) < SOON, `critical: ${latestOf(criticalLatencies)} s`);
    assert.is_true(latestOf(warningLatencies) < SOON, `warning: ${latestOf(warningLatencies)} s`);
    const pages = 2 * (criticalLatencies.length + warningLatencies.length);
    assert.is_true(requests <= SERVICES + pages, `${requests} requests`);
    assert.is_true(requests > SERVICES / 2, `${requests} requests`);
  });
});

describe("while three times as much changes as may be sent", () => {
  it("critical pages go at once, and incidents do not pile up", () => {
    const { criticalLatencies, incidents, problems } = playOverload(script, 400);
    assert.is_true(latestOf(criticalLatencies) < SOON, `critical: ${latestOf(criticalLatencies)} s`);
    assert.is_true(incidents <= MOST_INCIDENTS * problems, `${incidents} incidents of ${problems} problems`);
  });

  it("they would, if resolves had no share of what may be sent", () => {
    const defective = withDefect(shipped, {
      name: "resolves have no share",
      text: "queue.take(queue.size() > room)",
      instead: "queue.take(false)",
    });
    const { incidents, problems } = playOverload(compile(defective), 400);
    assert.is_true(incidents > MOST_INCIDENTS * problems, `${incidents} incidents of ${problems} problems`);
  });
});
