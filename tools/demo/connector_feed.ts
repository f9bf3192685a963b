// The shipped connector behind the sandbox's page: turns what the form says, and what Centreon's API was asked, into
// Centreon's events for brokerhost, and puts the connector's log on the page's timeline. Owns the numbers of hosts and services and their last hard states;
// knows nothing of the page.
import { closeSync, openSync, readSync, statSync, unwatchFile, watchFile } from "node:fs";
import { type Effect, eventsOf } from "../install/acknowledgements.js";
import type { FormCheck } from "../sandbox/connector.js";
import { resourceName } from "../sandbox/incidents.js";
import type { Sandbox } from "../sandbox/server.js";
import { hostDefinition, serviceDefinition, status } from "../trial/events.js";
import { CONNECTOR, type Lua, startHost } from "../trial/host.js";
import type { RecordedEvent } from "./narration.js";

/** How often the log is looked at. */
const LOOK_INTERVAL_MS = 200;

/** What the log says of each accepted request: the timeline has the requests themselves. */
const SAID_BY_THE_REQUEST = /^PagerDuty accepted the /;

/** What nothing comes of, and no line of the log says why. */
const SOFT = "SOFT: Centreon is not sure yet, and checks again. Nothing is sent before the state is HARD.";
const ACKNOWLEDGED_AT_ONCE = "Acknowledged before PagerDuty has heard of it: nobody is paged.";
const UNACKNOWLEDGED =
  "PagerDuty's Events API cannot take an acknowledgement back: the incident stays acknowledged.";

/** Events of the BBDO 3 recordings, as `category:element`. */
const HOST = "1:30";
const SERVICE = "1:27";
const HOST_STATUS = "1:32";
const SERVICE_STATUS = "1:29";

export interface FeedSetup {
  readonly sandbox: Sandbox;
  readonly lua: Lua;
  /** The connector's; `log_path` must be among them. */
  readonly parameters: Readonly<Record<string, string>> & { readonly log_path: string };
  /** An existing folder. */
  readonly folder: string;
  /** Recorded events of BBDO 3, a line each: what the broker's cache knows when the connector starts. */
  readonly known: readonly string[];
}

export interface ConnectorFeed {
  /** Stops the connector as the broker does. */
  readonly stop: () => Promise<void>;
}

interface Resource {
  readonly host: string;
  /** "": the host itself. */
  readonly service: string;
  readonly hostId: number;
  /** 0: the host itself. */
  readonly serviceId: number;
  lastHardState: number;
  /** Unix time. */
  lastHardStateChange: number;
  /** Whether the last hard state was a problem that is acknowledged. */
  isAcknowledged: boolean;
}

/** Starts the connector, and attaches it to the sandbox's page. */
export async function startConnectorFeed(setup: FeedSetup): Promise<ConnectorFeed> {
  const { sandbox, lua, parameters, folder, known } = setup;
  const inventory = createInventory(known.map((line) => JSON.parse(line) as RecordedEvent));
  const unfollow = followLog(parameters.log_path, sandbox.noteLogLine);
  const host = startHost({ lua, script: CONNECTOR, parameters, folder });
  await host.take([
    '{"control":"cache_only","value":true}',
    ...known,
    '{"control":"cache_only","value":false}',
  ]);
  sandbox.attach({
    name: `Behind this form: dist/pagerduty.lua in brokerhost, Lua ${lua}.`,
    resources: inventory.list,
    remarkOn: (check) => {
      if (!check.isHard) return SOFT;
      if (check.state === 0) return "";
      const { lastHardState, isAcknowledged } = inventory.whatWasTold(check);
      if (check.isAcknowledged) return lastHardState === 0 ? ACKNOWLEDGED_AT_ONCE : "";
      return isAcknowledged ? UNACKNOWLEDGED : "";
    },
    tell: (effect) => {
      const { name, lines } = inventory.carryOut(effect);
      // When it has ended, the next check says so.
      host.take(lines).catch(() => undefined);
      return name;
    },
    take: async (check) => {
      try {
        await host.take(inventory.eventsOf(check, Math.floor(Date.now() / 1000)));
      } catch (error) {
        sandbox.attach(undefined);
        throw error;
      }
    },
  });
  return {
    stop: async () => {
      sandbox.attach(undefined);
      // One that has ended already, by the terminal's Ctrl-C or by itself, has nothing left to stop.
      await host.stop().catch(() => undefined);
      unfollow();
    },
  };
}

/** What the connector has heard of: numbers by name, and the last hard states. */
function createInventory(events: readonly RecordedEvent[]) {
  const resources = new Map<string, Resource>();
  const keyOf = ({ host, service }: Pick<Resource, "host" | "service">): string =>
    JSON.stringify([host, service]);
  let highestId = 0;

  const add = (resource: Pick<Resource, "host" | "service" | "hostId" | "serviceId">): Resource => {
    const added = { ...resource, lastHardState: 0, lastHardStateChange: 0, isAcknowledged: false };
    resources.set(keyOf(added), added);
    highestId = Math.max(highestId, added.hostId, added.serviceId);
    return added;
  };
  const byIds = (hostId: number, serviceId: number): Resource | undefined =>
    [...resources.values()].find((known) => known.hostId === hostId && known.serviceId === serviceId);

  for (const event of events) {
    const { category, element, host_id = 0, service_id = 0, name = "", description = "" } = event;
    const kind = `${category}:${element}`;
    if (kind === HOST) add({ host: name, service: "", hostId: host_id, serviceId: 0 });
    if (kind === SERVICE) {
      const host = byIds(host_id, 0)?.host;
      if (host !== undefined) add({ host, service: description, hostId: host_id, serviceId: service_id });
    }
    if ((kind === HOST_STATUS || kind === SERVICE_STATUS) && event.state_type === 1) {
      const resource = byIds(host_id, service_id);
      if (resource !== undefined) remember(resource, event.state ?? 0, event.last_check ?? 0);
    }
  }

  return {
    list: () => [...resources.values()].map(({ host, service }) => ({ host, service })),
    /** What was told of a host or service before; what is new was fine. */
    whatWasTold: (check: FormCheck): Pick<Resource, "lastHardState" | "isAcknowledged"> =>
      resources.get(keyOf(check)) ?? { lastHardState: 0, isAcknowledged: false },
    /** What an effect is about, and the lines that tell of it; the engine takes no acknowledgement of what is fine. */
    carryOut: (effect: Effect): { name?: string; lines: string[] } => {
      const { id, parent } = effect.resource;
      const resource = parent === null ? byIds(id, 0) : byIds(parent.id, id);
      if (resource === undefined || resource.lastHardState === 0) return { lines: [] };
      resource.isAcknowledged = effect.action === "acknowledge";
      const status = { state: resource.lastHardState };
      const told = eventsOf({ ...effect, resource: { ...effect.resource, status } }, 3);
      return {
        name: resourceName({ source: resource.host, component: resource.service }),
        lines: told.map((event) => JSON.stringify(event)),
      };
    },
    /** The lines that tell of a check; what has a new name is defined first. */
    eventsOf: (check: FormCheck, now: number): string[] => {
      const lines: string[] = [];
      let resource = resources.get(keyOf({ host: check.host, service: "" }));
      if (resource === undefined) {
        resource = add({ host: check.host, service: "", hostId: highestId + 1, serviceId: 0 });
        lines.push(hostDefinition(resource.hostId, check.host));
      }
      if (check.service !== "") {
        const { hostId } = resource;
        resource = resources.get(keyOf(check));
        if (resource === undefined) {
          resource = add({ host: check.host, service: check.service, hostId, serviceId: highestId + 1 });
          lines.push(serviceDefinition(hostId, resource.serviceId, check.host, check.service));
        }
      }
      if (check.isHard) {
        remember(resource, check.state, now);
        resource.isAcknowledged = check.isAcknowledged && check.state !== 0;
      }
      const { hostId, serviceId, lastHardState, lastHardStateChange } = resource;
      lines.push(
        status({
          hostId,
          serviceId,
          state: check.state,
          isHard: check.isHard,
          lastHardState,
          lastHardStateChange,
          lastCheck: now,
          isAcknowledged: check.isAcknowledged,
          downtimeDepth: check.isInDowntime ? 1 : 0,
          output: check.output,
        }),
      );
      return lines;
    },
  };
}

function remember(resource: Resource, state: number, at: number): void {
  if (resource.lastHardState === state) return;
  resource.lastHardState = state;
  resource.lastHardStateChange = at;
}

/** Hands over what the log says from now on, without date and level; gives what ends that. */
function followLog(path: string, take: (text: string) => void): () => void {
  // What was there at first is not news.
  let offset = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let rest = "";
  const look = (size: number): void => {
    if (size <= offset) return;
    const chunk = Buffer.alloc(size - offset);
    const file = openSync(path, "r");
    readSync(file, chunk, 0, chunk.length, offset);
    closeSync(file);
    offset = size;
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      // `Wed Nov 25 20:32:54 2026: INFO: text`
      const text = /: (?:INFO|WARNING|ERROR): (.*)$/.exec(line)?.[1];
      if (text !== undefined && !SAID_BY_THE_REQUEST.test(text)) take(text);
    }
  };
  const listener = ({ size }: { size: number }): void => {
    look(size);
  };
  watchFile(path, { interval: LOOK_INTERVAL_MS }, listener);
  return () => {
    unwatchFile(path, listener);
  };
}
