// The short form of the chaos run, on each Lua. The long one is `make chaos`.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { describe, it } from "node:test";
import { CONNECTOR, LUAS } from "../trial/host.js";
import { runChaos } from "./run.js";
import { findings } from "./verdict.js";

const seed = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31));

describe("chaos: faults, a restart and SIGKILLs", { concurrency: true }, () => {
  for (const [index, lua] of LUAS.entries()) {
    const protocol = index % 2 === 0 ? 3 : 2;
    it(`leaves PagerDuty equal to Centreon on Lua ${lua}, BBDO ${protocol} (CHAOS_SEED=${seed})`, async (context) => {
      const outcome = await runChaos(
        {
          ...{ lua, script: CONNECTOR, seed, protocol, hosts: 20, servicesPerHost: 9, events: 3000 },
          ...{ restarts: 1, kills: 2, faultShare: 0.1, redirects: 0, longestPause: 400 },
        },
        (text) => {
          context.diagnostic(text);
        },
      );
      const { lines, complaints } = findings(lua, outcome);
      for (const line of lines) context.diagnostic(line);
      assert.deepEqual(complaints, []);
      // The run has to have been one: alerts that opened, and requests that were hit.
      assert.ok(outcome.openAtTheEnd > 0, "no alert was open at the end");
      assert.ok(outcome.faults.size > 0, "no request was hit by a fault");
      assert.ok(outcome.changes.size > 0, "nothing of the configuration changed");
    });
  }
});
