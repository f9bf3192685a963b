// PagerDuty's REST API for the commands: asks, waits for the answers within limits, and says what to do where none comes.
// What is asked for is the commands' to know; only GETs are made.
import { createTransport } from "../delivery/transport";
import type { Service } from "../feedback/answers";
import { listServices } from "../feedback/queries";
import { type RestApi, type Trouble, createRestApi } from "../feedback/rest_api";
import { type Services, findServices } from "../feedback/services";
import { endpointOf, restApiUrl } from "../settings/endpoint";
import { listOf } from "../settings/lists";
import type { Arguments } from "./arguments";
import { loadCurl } from "./curl";
import { LEVEL } from "./health_report";
import { type Setup, openOutput } from "./output";
import { cannotTell } from "./plugin";
import type { Report } from "./report";

/** Seconds that a command may ask: Centreon's engine ends a plugin after 60. */
const LONGEST_ASKING = 50;

/** Most requests of one command: PagerDuty takes 960 a minute of a key (an employee's word in its forum), the connector's too. */
const MOST_REQUESTS = 300;

/** Longest single wait for the network, in milliseconds. */
const WAIT_STEP = 50;

/** Nobody is held up here: what has come is read in large pieces. */
const READ_AT_ONCE = 1048576;

export interface Asking {
  readonly url: string;
  readonly api: RestApi;
  /**
   * Waits until all is told that `begin` asks for. Gives what went wrong, with the remedy; undefined: nothing. `begin` hands
   * on the trouble that it was told of.
   */
  readonly wait: (
    this: void,
    begin: (this: void, ended: (this: void, trouble: Trouble | undefined) => void) => void,
  ) => AskingProblem | undefined;
}

export interface AskingProblem {
  readonly text: string;
  /** It is the administrator's to mend; otherwise it may be gone by itself. */
  readonly isMisconfigured: boolean;
}

export const NO_API_KEY =
  "pdy_api_key is not set: a read-only key of PagerDuty's REST API (Integrations > API Access Keys) is needed to ask what is open and who is on call";

function problemOf(trouble: Trouble, url: string): AskingProblem {
  const at = `PagerDuty's REST API at ${url}`;
  if (trouble.kind === "not found")
    return { text: `${at}: HTTP 404: check pdy_api_url`, isMisconfigured: true };
  if (trouble.kind === "too much")
    return {
      text: `${at} has more than can be listed: name your services in pdy_service_ids`,
      isMisconfigured: true,
    };
  const { reason, remedy, retryAfter } = trouble;
  if (remedy !== undefined) return { text: `${at}: ${reason}: ${remedy}`, isMisconfigured: true };
  if (reason === "HTTP 429") {
    const when = retryAfter === undefined ? "in a minute" : string.format("in %d s", retryAfter);
    return {
      text: `${at}: HTTP 429: it takes no more requests with this key for now; try again ${when}`,
      isMisconfigured: false,
    };
  }
  const isAnswer = string.match(reason, "^HTTP %d")[0] !== undefined;
  const advice = isAnswer
    ? "try again later"
    : "check the name resolution, the firewall and the proxy between this machine and PagerDuty";
  return { text: `${at}: ${reason}: ${advice}`, isMisconfigured: false };
}

/** The REST API of the output's PagerDuty, or why it cannot be asked. */
export function openAsking({ settings }: Setup): Asking | string {
  if (settings.pdy_api_key === "") return NO_API_KEY;
  const curl = loadCurl();
  if (typeof curl === "string") return curl;
  const url = restApiUrl(settings);
  const [isMade, made] = pcall(() => createTransport<undefined>(curl, endpointOf(settings, url)));
  if (!isMade) return tostring(made);
  const transport = made;
  const api = createRestApi(url, settings.pdy_api_key, transport.get);
  api.begin(MOST_REQUESTS);
  const end = os.time() + LONGEST_ASKING;
  return {
    url,
    api,
    wait: (begin) => {
      let told: Trouble | undefined;
      begin((trouble) => {
        told = trouble;
      });
      while (api.isUnderWay()) {
        if (os.time() > end)
          return {
            text: `PagerDuty's REST API at ${url} did not answer within ${LONGEST_ASKING} s: try again later`,
            isMisconfigured: false,
          };
        transport.poll();
        if (!api.turn(READ_AT_ONCE)) transport.wait(WAIT_STEP);
      }
      return told === undefined ? undefined : problemOf(told, url);
    },
  };
}

/** PagerDuty's services as far as the key sees them. */
export interface ServicesSeen {
  /** Which of them our keys lead to. */
  readonly known: Services;
  readonly all: readonly Service[];
  readonly find: (this: void, id: string) => Service | undefined;
  /** The ids that pdy_service_ids names. */
  readonly given: readonly string[];
}

/** Reads the services, or gives what went wrong. */
export function askServices(
  { api, wait }: Asking,
  { settings, routingKeys }: Setup,
): ServicesSeen | AskingProblem {
  const all: Service[] = [];
  const byId = new LuaTable<string, Service | undefined>();
  const take = (service: Service): void => {
    all.push(service);
    byId.set(service.id, service);
  };
  const problem = wait((ended) => {
    listServices(api, take, ended);
  });
  if (problem !== undefined) return problem;
  const given = listOf(settings.pdy_service_ids, ",");
  return { known: findServices(all, routingKeys, given), all, given, find: (id) => byId.get(id) };
}

/** The labels of the routing keys, in order. */
export function labelsOf(routingKeys: Record<string, string>): string[] {
  const labels: string[] = [];
  for (const [label] of pairs(routingKeys)) labels.push(label);
  table.sort(labels);
  return labels;
}

/** Whether the key is an event orchestration's: it decides for each event where that goes. */
export function isOrchestrations(key: string): boolean {
  return string.sub(key, 1, 1) === "R";
}

/** What a command has that asks. */
export interface Opened {
  readonly setup: Setup;
  readonly asking: Asking;
  readonly services: ServicesSeen;
}

/** Finds the output, and asks for the services; else says why that is not possible, and gives the exit code. */
export function openAsked(command: string, given: Arguments, report: Report): Opened | number {
  const isPlugin = given.has("--plugin");
  const complaint = isPlugin ? "UNKNOWN -" : "FAILED configuration:";
  const setup = openOutput(given, report, { complaint, needsSecrets: true });
  if (typeof setup === "number") return isPlugin ? LEVEL.unknown : setup;
  const asking = openAsking(setup);
  if (typeof asking === "string") return cannotTell(command, asking, isPlugin, report);
  const services = askServices(asking, setup);
  if ("text" in services) return cannotTell(command, services.text, isPlugin, report);
  return { setup, asking, services };
}
