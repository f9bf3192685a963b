// Centreon Broker in this very Lua process: loads the shipped file into an environment of its own, gives it events
// and takes its acknowledgements, stops it, kills it and starts it again. Owns what the script sees as its globals, and
// what the broker's cache knows: what engines told since the output was made, and after a crash what it knew at the
// last clean stop.
import type { Disk } from "./disk";
import type { Resource, Told } from "./engine";
import { PAYMENTS, SHOPS, VARIABLE } from "./engine";
import { type Network, type NetworkPorts, createNetwork } from "./network";
import { type Clock, type Life, secondsOf } from "./world";

/** A compiled script, to be run in an environment. */
export type Script = (this: void) => void;

type Globals = Record<string, unknown>;

interface Connector {
  readonly init: (this: void, parameters: unknown) => void;
  readonly filter: (this: void, category: number, element: number) => boolean;
  readonly write: (this: void, event: BrokerEvent) => unknown;
  readonly flush: (this: void) => unknown;
}

interface Process {
  readonly life: Life;
  readonly network: Network;
  readonly connector: Connector;
}

export interface BrokerPorts {
  readonly script: Script;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly network: NetworkPorts;
  /** From 0 up to, but not including, 1. */
  readonly random: (this: void) => number;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** What the cache knows of business activities. */
  readonly business?: Pick<BrokerCache, "get_ba" | "get_bv" | "get_bvs"> | undefined;
  /** os.date, where the clock on the wall matters. */
  readonly date?: ((this: void, format: string, time: number) => unknown) | undefined;
  /** An event is about to be written; `isRepeated`: not for the first time. */
  readonly tells: (this: void, told: Told, isRepeated: boolean) => void;
  /** An event that was not acknowledged is lost with the broker's memory; the script may know of it or not. */
  readonly loses: (this: void, told: Told) => void;
  /** The script did what it must never do. */
  readonly misbehaves: (this: void, what: string) => void;
  readonly logs: (this: void, line: string) => void;
}

export interface Broker {
  readonly isRunning: (this: void) => boolean;
  /** An event from an engine; kept while the broker does not run. */
  readonly give: (this: void, told: Told) => void;
  readonly flush: (this: void) => void;
  /** `effects`: it is killed within init, at that effect; undefined: it is not. */
  readonly start: (this: void, effects: number | undefined) => void;
  /** Ends the broker properly: events that were not acknowledged come again. */
  readonly stop: (this: void) => void;
  /** SIGKILL. */
  readonly kill: (this: void) => void;
  /** SIGKILL within the call that makes the `effects`-th effect from now; `repeats`: its event comes again. */
  readonly killWithin: (this: void, effects: number | undefined, repeats: boolean) => void;
  /** Lets pass what happens by itself. */
  readonly settle: (this: void) => void;
  /** The names of a host, or of a service and its host, if the broker's cache knows them all. */
  readonly knownNames: (this: void, resource: Resource) => string[];
  readonly isKnownShop: (this: void, hostId: number) => boolean;
  readonly isKnownPayment: (this: void, resource: Resource) => boolean;
  /** 0: none. */
  readonly knownCriticality: (this: void, resource: Resource) => number;
  /** That its definition in the cache names. */
  readonly knownTags: (this: void, resource: Resource) => readonly Bbdo.TagInfo[];
  readonly isOwnerKnown: (this: void, hostId: number) => boolean;
  /** Whether flap detection is on: the definition tells it, and since the script started the engine. */
  readonly flapDetection: (this: void, resource: Resource) => "on" | "off" | "unknown";
  /** Whether it was stopped, and is not there for another reason. */
  readonly hasEndedWell: (this: void) => boolean;
}

/** What the broker's cache knows, by ids: the last definition of each resource, who is in the groups, and criticalities. */
interface Cache {
  readonly definitions: Record<string, CachedDefinition | undefined>;
  readonly shops: Record<number, boolean | undefined>;
  readonly payments: Record<string, boolean | undefined>;
  readonly criticalities: Record<string, number | undefined>;
}

interface CachedDefinition {
  readonly name?: string;
  readonly description?: string;
  readonly flap_detection: boolean;
  readonly tags?: readonly Bbdo.TagInfo[];
}

interface Queued {
  readonly told: Told;
  wasGiven: boolean;
}

declare const setfenv: ((this: void, script: Script, environment: object) => void) | undefined;

/** Compiles a script's text; one that does not compile is an error. */
export function compile(text: string): Script {
  const load53 = load as unknown as (
    this: void,
    text: string,
    name: string,
  ) => LuaMultiReturn<[Script?, string?]>;
  const [script, problem] =
    setfenv === undefined ? load53(text, "=pagerduty.lua") : loadstring(text, "=pagerduty.lua");
  return script === undefined ? error(problem ?? "it does not compile") : (script as Script);
}

/** Runs the script anew, with globals of its own: what ran before keeps those that it had. */
function runIn(script: Script, environment: Globals): void {
  if (setfenv === undefined) {
    // From 5.2 on the globals are the script's first upvalue; a fresh one is put in its place.
    const { upvaluejoin } = debug as unknown as {
      upvaluejoin: (this: void, to: Script, at: number, from: () => unknown, its: number) => void;
    };
    upvaluejoin(script, 1, () => environment, 1);
  } else {
    setfenv(script, environment);
  }
  script();
}

const SHARED_GLOBALS = [
  "assert",
  "coroutine",
  "error",
  "getmetatable",
  "ipairs",
  "next",
  "pairs",
  "pcall",
  "rawequal",
  "rawget",
  "rawset",
  "select",
  "setmetatable",
  "tonumber",
  "tostring",
  "type",
  "unpack",
  "xpcall",
  "string",
  "table",
  "_VERSION",
];

export function createBroker(ports: BrokerPorts): Broker {
  const { clock, disk } = ports;
  let running: Process | undefined;
  let queue: Queued[] = [];
  let repeatsLast = false;

  let cache: Cache = { definitions: {}, shops: {}, payments: {}, criticalities: {} };
  const copyOf = ({ definitions, shops, payments, criticalities }: Cache): Cache => ({
    definitions: { ...definitions },
    shops: { ...shops },
    payments: { ...payments },
    criticalities: { ...criticalities },
  });
  let cacheFile = copyOf(cache);
  const keyOf = (hostId: number, serviceId = 0): string => `${hostId}_${serviceId}`;
  const cached = (hostId: number, serviceId = 0): CachedDefinition | undefined =>
    cache.definitions[keyOf(hostId, serviceId)];

  let hasEndedWell = false;

  /** Whether flap detection is on at an engine, if the script has heard of that since it started. */
  let flapDetectionAt: Record<number, boolean | undefined> = {};

  /** The cache knows an event when write() gets it. */
  const learn = ({ says, resource, event, poller }: Told): void => {
    if (says === "alive") flapDetectionAt[poller] = (event as Bbdo3.InstanceStatus).flap_detection;
    if (resource === undefined) return;
    const key = keyOf(resource.hostId, resource.serviceId);
    if (says === "definition") cache.definitions[key] = event as CachedDefinition;
    if (says === "removal") cache.definitions[key] = undefined;
    if (says === "member") cache.shops[resource.hostId] = true;
    if (says === "service member") cache.payments[key] = true;
    if (says !== "variable") return;
    const { name, value } = event as Bbdo3.CustomVariables;
    if (name === VARIABLE.criticality) cache.criticalities[key] = Number(value);
  };

  const names = (): object => {
    const methods: Partial<BrokerCache> & object = {
      get_hostname: (id: number) => cached(id)?.name,
      get_service_description: (hostId: number, id: number) => cached(hostId, id)?.description,
      get_hostgroups: (id: number) =>
        cache.shops[id] === true ? [{ group_id: SHOPS.id, group_name: SHOPS.name }] : [],
      get_servicegroups: (hostId, id) =>
        cache.payments[keyOf(hostId, id)] === true
          ? [{ group_id: PAYMENTS.id, group_name: PAYMENTS.name }]
          : [],
      get_severity: (...ids: BrokerResource) => cache.criticalities[keyOf(ids[0], ids[1])],
      ...ports.business,
      get_instance_name: (id: number) => `poller ${id}`,
      get_host: (id: number) => cached(id) as unknown as Bbdo3.Host,
      get_service: (hostId: number, id: number) => cached(hostId, id) as unknown as Bbdo3.Service,
    };
    return methods;
  };

  const globalsFor = (life: Life, network: Network): Globals => {
    const own = _G as unknown as Globals;
    const globals: Globals = {};
    for (const name of SHARED_GLOBALS) globals[name] = own[name];
    globals._G = globals;
    // The collector is this process's, not the script's to tune.
    globals.collectgarbage = () => 0;
    globals.math = { ...math, random: ports.random };
    globals.os = {
      time: () => secondsOf(clock),
      date: ports.date ?? ((format: string, time: number) => os.date(format, time)),
      rename: (from: string, to: string) => disk.rename(life, from, to),
      execute: () => 0,
      getenv: () => undefined,
    };
    globals.io = {
      open: (path: string, mode: string) => {
        if (path !== "/proc/uptime") return disk.open(life, path, mode);
        return $multi({
          setvbuf: () => true,
          seek: () => 0,
          read: () => clock.now / 1000,
        } as unknown as ReturnType<Disk["open"]>[0]);
      },
    };
    globals.require = (name: string) =>
      name === "cURL" ? network.module : error(`module '${name}' not found`);
    const log: BrokerLog["error"] = (_level, text) => {
      if (life.isOver) return;
      ports.logs(text);
      if (string.find(text, "unexpected error", 1, true)[0] !== undefined) ports.misbehaves(text);
    };
    const brokerLog: BrokerLog = { set_parameters: () => undefined, info: log, warning: log, error: log };
    globals.broker_log = brokerLog;
    globals.broker_cache = names();
    globals.broker = {};
    return globals;
  };

  /** The process has died, or is made to: what is on its way may or may not arrive. */
  const bury = (): void => {
    if (running === undefined) return;
    running.life.isOver = true;
    cache = copyOf(cacheFile);
    running.network.abandon(() => ports.random() < 0.5);
    running = undefined;
  };

  /** Events that were given and not acknowledged are lost with the broker's memory. */
  const loseGiven = (kept: Queued | undefined): void => {
    const before = queue;
    queue = before.filter((it) => !it.wasGiven || it === kept);
    for (const { told, wasGiven } of before) if (wasGiven && told !== kept?.told) ports.loses(told);
  };

  /** Calls the connector; gives false when the broker did not survive that. */
  const acknowledgedBy = (
    process: Process,
    call: (this: void) => unknown,
    current: Queued | undefined,
  ): boolean => {
    const [isDone, result] = pcall(call);
    if (process.life.isOver) {
      bury();
      loseGiven(repeatsLast ? current : undefined);
      return false;
    }
    if (!isDone || typeof result !== "boolean") ports.misbehaves(`gave ${tostring(result)} to the broker`);
    if (result === true) queue = queue.filter((it) => !it.wasGiven);
    return true;
  };

  const giveQueued = (): void => {
    for (const queued of [...queue]) {
      if (running === undefined) return;
      const { connector } = running;
      const { told } = queued;
      learn(told);
      ports.tells(told, queued.wasGiven);
      queued.wasGiven = true;
      const { event } = told;
      if (!connector.filter(event.category, event.element)) continue;
      if (!acknowledgedBy(running, () => connector.write(event), queued)) return;
    }
  };

  const kill = (): void => {
    bury();
    loseGiven(undefined);
  };

  return {
    isRunning: () => running !== undefined,
    give: (told) => {
      const queued = { told, wasGiven: false };
      queue.push(queued);
      if (running === undefined) return;
      const { connector } = running;
      learn(told);
      ports.tells(told, false);
      queued.wasGiven = true;
      const { event } = told;
      if (connector.filter(event.category, event.element)) {
        acknowledgedBy(running, () => connector.write(event), queued);
      }
    },
    flush: () => {
      if (running !== undefined) acknowledgedBy(running, running.connector.flush, undefined);
    },
    start: (effects) => {
      if (running !== undefined) return;
      flapDetectionAt = {};
      hasEndedWell = false;
      const life: Life = { isOver: false, effectsLeft: effects };
      const network = createNetwork(ports.network, life);
      const globals = globalsFor(life, network);
      runIn(ports.script, globals);
      const connector = globals as unknown as Connector;
      running = { life, network, connector };
      connector.filter(1, 2);
      const [isDone, problem] = pcall(() => {
        connector.init(ports.parameters);
      });
      if (life.isOver) {
        bury();
        return;
      }
      life.effectsLeft = undefined;
      if (!isDone) ports.misbehaves(`init raised ${tostring(problem)}`);
      giveQueued();
    },
    stop: () => {
      if (running === undefined) return;
      if (!acknowledgedBy(running, running.connector.flush, undefined)) return;
      cacheFile = copyOf(cache);
      bury();
      hasEndedWell = true;
    },
    kill,
    killWithin: (effects, repeats) => {
      if (running === undefined) return;
      running.life.effectsLeft = effects;
      repeatsLast = repeats;
    },
    settle: () => running?.network.settle(),
    knownNames: ({ hostId, serviceId, kind }) => {
      const host = cached(hostId)?.name;
      if (host === undefined || kind === "host") return host === undefined ? [] : [host];
      const service = cached(hostId, serviceId)?.description;
      return service === undefined ? [] : [host, service];
    },
    isKnownShop: (hostId) => cache.shops[hostId] === true,
    isKnownPayment: ({ hostId, serviceId }) => cache.payments[keyOf(hostId, serviceId)] === true,
    knownCriticality: ({ hostId, serviceId }) => cache.criticalities[keyOf(hostId, serviceId)] ?? 0,
    knownTags: ({ hostId, serviceId }) => cached(hostId, serviceId)?.tags ?? [],
    isOwnerKnown: (hostId) => cached(hostId) !== undefined,
    flapDetection: ({ hostId, serviceId, host, poller }) => {
      const byDefinition = cached(hostId, serviceId)?.flap_detection;
      const byPoller = flapDetectionAt[(host ?? { poller }).poller];
      if (byDefinition === false || byPoller === false) return "off";
      return byDefinition === true && byPoller === true ? "on" : "unknown";
    },
    hasEndedWell: () => hasEndedWell,
  };
}
