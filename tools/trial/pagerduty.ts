// A sandbox PagerDuty within this process, and its control endpoints by name. The sandbox itself is tools/sandbox.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../sandbox/faults.js";
import type { Alert } from "../sandbox/incidents.js";
import { startSandbox } from "../sandbox/server.js";
import type { RequestRecord } from "../sandbox/state.js";

/** A made-up integration key. */
export const ROUTING_KEY = "0123456789abcdef0123456789abcdef";

export interface PagerDuty {
  /** Addresses of the Events API. */
  readonly url: string;
  readonly tlsUrl: string;
  readonly caFile: string;
  /** Incidents in order of creation, resolved ones included. */
  readonly incidents: () => Promise<Alert[]>;
  readonly requests: () => Promise<RequestRecord[]>;
  /** How many events were accepted so far. */
  readonly accepted: () => Promise<number>;
  readonly order: (faults: readonly Partial<Fault>[]) => Promise<void>;
  /** Removes the faults, and ends the requests that hang. */
  readonly clearFaults: () => Promise<void>;
  /** Time to wait before every answer. */
  readonly setLatency: (seconds: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a sandbox without a rate limit. */
export async function startPagerDuty({ http2 }: { readonly http2: boolean }): Promise<PagerDuty> {
  const tlsDir = mkdtempSync(join(tmpdir(), "trial-pagerduty-"));
  const sandbox = await startSandbox({
    port: 0,
    tlsPort: 0,
    tlsDir,
    http2,
    rateLimit: 0,
    routingKeys: [],
    onStop: () => undefined,
    now: () => performance.timeOrigin + performance.now(),
  });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(sandbox.url + path, { method, ...sent });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url: `${sandbox.url}/v2/enqueue`,
    tlsUrl: `${sandbox.tls_url}/v2/enqueue`,
    caFile: sandbox.ca_file,
    incidents: async () => (await call("GET", "/sandbox/alerts")) as Alert[],
    requests: async () => (await call("GET", "/sandbox/requests")) as RequestRecord[],
    accepted: async () => ((await call("GET", "/sandbox")) as { accepted: number }).accepted,
    order: async (faults) => {
      await call("POST", "/sandbox/faults", faults);
    },
    clearFaults: async () => {
      await call("DELETE", "/sandbox/faults");
    },
    setLatency: async (seconds) => {
      await call("PUT", "/sandbox/latency", { seconds });
    },
    close: async () => {
      await sandbox.close();
      rmSync(tlsDir, { recursive: true, force: true });
    },
  };
}
