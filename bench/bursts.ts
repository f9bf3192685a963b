// How fast a burst of new alerts reaches PagerDuty over TLS, beside posting them one at a time and beside the best there
// could be.
import { type HostSetup, startHost } from "../tools/trial/host.js";
import { type PagerDuty, startPagerDuty } from "../tools/trial/pagerduty.js";
import type { Row } from "./rows.js";
import {
  FLUSH,
  NAIVE,
  STATES,
  connectorSetup,
  definitions,
  numbers,
  serviceStatus,
  untilAccepted,
  withFolder,
} from "./stage.js";

const LUA = "5.3";

/** Runs of each burst; the fastest counts: whatever else the machine does only makes them slower. */
const RUNS = 5;
const NAIVE_RUNS = 2;

interface Burst {
  readonly alerts: number;
  /** Seconds until PagerDuty answers. */
  readonly latency: number;
  /** What is asked for, in times the bound and in times faster than one at a time; undefined: nothing. */
  readonly mostBounds?: number;
  readonly leastGain?: number;
}

const BURSTS: readonly Burst[] = [
  { alerts: 100, latency: 0.05, mostBounds: 1.3, leastGain: 6 },
  { alerts: 200, latency: 0.005 },
];

interface Way {
  readonly name: string;
  readonly http2: boolean;
  readonly parallel: number;
}

const WAYS: readonly Way[] = [
  { name: "HTTP/1.1, 8 at once", http2: false, parallel: 8 },
  { name: "HTTP/2, 32 at once", http2: true, parallel: 32 },
];

interface Delivery {
  /** Seconds from the first event to the last answer, connecting included. */
  readonly seconds: number;
  readonly connections: number;
}

/** Lets a connector that was idle deliver one burst. */
async function deliver(
  setup: HostSetup,
  pagerDuty: PagerDuty,
  { alerts, latency }: Burst,
): Promise<Delivery> {
  const services = numbers(alerts);
  const host = startHost(setup);
  await host.take([...definitions(services), FLUSH]);
  const before = (await pagerDuty.requests()).length;
  const start = Date.now();
  host.send(services.map((number) => serviceStatus(number, STATES.critical)));
  await untilAccepted(pagerDuty, before + alerts);
  const requests = (await pagerDuty.requests()).slice(before);
  await host.stop();
  const lastArrival = Math.max(...requests.map(({ at }) => Date.parse(at)));
  return {
    seconds: (lastArrival - start) / 1000 + latency,
    connections: new Set(requests.map(({ connection }) => connection)).size,
  };
}

/** The fastest of so many deliveries of one burst. */
async function fastest(
  runs: number,
  setupIn: (folder: string) => HostSetup,
  pagerDuty: PagerDuty,
  burst: Burst,
): Promise<Delivery> {
  let best: Delivery = { seconds: Infinity, connections: 0 };
  for (let run = 0; run < runs; run += 1) {
    const delivery = await withFolder((folder) => deliver(setupIn(folder), pagerDuty, burst));
    if (delivery.seconds < best.seconds) best = delivery;
  }
  return best;
}

async function measure(way: Way, burst: Burst, pagerDuty: PagerDuty): Promise<Row[]> {
  await pagerDuty.setLatency(burst.latency);
  const parameters = { max_parallel_requests: `${way.parallel}` };
  const connectorIn = (folder: string): HostSetup => connectorSetup(LUA, folder, pagerDuty, parameters);
  const naiveIn = (folder: string): HostSetup => ({ ...connectorIn(folder), script: NAIVE });
  const { seconds, connections } = await fastest(RUNS, connectorIn, pagerDuty, burst);
  const naive = await fastest(NAIVE_RUNS, naiveIn, pagerDuty, burst);
  const bound = Math.ceil(burst.alerts / way.parallel) * burst.latency;
  const bounds = seconds / bound;
  const gain = naive.seconds / seconds;
  const name = `${burst.alerts} alerts at ${burst.latency * 1000} ms, ${way.name}`;
  const milliseconds = (value: number): string => `${(value * 1000).toFixed(0).padStart(5)} ms`;
  const { mostBounds, leastGain } = burst;
  return [
    { what: `${name}: the bound`, measured: milliseconds(bound) },
    {
      what: `${name}: the connector`,
      measured: `${milliseconds(seconds)}  ${bounds.toFixed(2)}× the bound, connections: ${connections}`,
      ...(mostBounds === undefined
        ? {}
        : { asked: { mark: `at most ${mostBounds}× the bound`, isMet: bounds <= mostBounds } }),
    },
    {
      what: `${name}: one at a time`,
      measured: `${milliseconds(naive.seconds)}  ${gain.toFixed(1)}× the connector, connections: ${naive.connections}`,
      ...(leastGain === undefined
        ? {}
        : { asked: { mark: `the connector is ${leastGain}× as fast`, isMet: gain >= leastGain } }),
    },
  ];
}

/** Measures each burst each way. */
export async function bursts(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const way of WAYS) {
    const pagerDuty = await startPagerDuty({ http2: way.http2 });
    for (const burst of BURSTS) rows.push(...(await measure(way, burst, pagerDuty)));
    await pagerDuty.close();
  }
  return rows;
}
