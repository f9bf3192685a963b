// A stand-in for Centreon's REST API, as far as `centreon-pagerduty` and the connector use it: login and tokens, the list
// of pollers and their export, the outputs of a broker configuration (version 2), and CLAPI (version 1). What becomes of
// an acknowledgement is acknowledgements'. Behaves
// as each version of Centreon does (AddBrokerInputOutput, BrokerInputOutputValidator, CentreonCentbrokerCfg,
// MonitoringServerController of centreon/centreon), and keeps requests for tests.
import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import {
  type AcknowledgementDesk,
  type AcknowledgementSettings,
  type Effect,
  createAcknowledgementDesk,
} from "./acknowledgements.js";

export interface LuaParameter {
  type: string;
  name: string;
  value: string;
}

export interface Output {
  id: number;
  name: string;
  type: number;
  parameters: { path: string; filters_category: string[]; lua_parameter: LuaParameter[] };
}

export interface BrokerConfiguration {
  id: number;
  name: string;
  /** The name of the poller it belongs to. */
  poller: string;
  outputs: Output[];
}

export interface Poller {
  id: number;
  name: string;
  isActive: boolean;
}

/** What a version of Centreon can do, and how it says no. */
interface Abilities {
  /** `POST …/outputs` came with 24.04. */
  hasOutputs: boolean;
  /** So did Administration > API Tokens. */
  hasApiTokens: boolean;
  /** Its status for a route that there is none of. */
  unknownRoute: 404 | 500;
  /** It can encrypt what it exports. */
  canEncrypt: boolean;
}

const OLD = { hasOutputs: false, hasApiTokens: false, canEncrypt: false };
const NEW = { hasOutputs: true, hasApiTokens: true, unknownRoute: 404, canEncrypt: false } as const;

const VERSIONS = {
  "22.10": { ...OLD, unknownRoute: 500 },
  "23.10": { ...OLD, unknownRoute: 404 },
  "24.04": NEW,
  "24.10": NEW,
  "25.10": { ...NEW, canEncrypt: true },
} as const satisfies Record<string, Abilities>;

export type Version = keyof typeof VERSIONS;

export const ALL_VERSIONS = Object.keys(VERSIONS) as Version[];

/** engine-context.json, both in base64. */
export interface EngineContext {
  app_secret: string;
  salt: string;
}

export interface Request {
  method: string;
  path: string;
  /** Each header that can carry the token. */
  tokens: { v2: string | undefined; v1: string | undefined };
  body: unknown;
}

export interface CentreonOptions {
  version: Version;
  /** The module that monitors business activities brings the category bam. */
  hasBam: boolean;
  user: string;
  password: string;
  /** A token made in Administration > API Tokens: it belongs to `user`. */
  apiToken: string;
  pollers: Poller[];
  brokers: BrokerConfiguration[];
  /** CLAPI over REST is for administrators. */
  isAdministrator: boolean;
  /** An account may be kept from changing broker configurations. */
  mayChangeBrokers: boolean;
  /** An account may be kept from exporting. */
  mayExport: boolean;
  /** A change that is under way (PR 9931) leaves the rows lua_parameter out of CLAPI's answer. */
  tellsLuaParameters: boolean;
  /** The keys of a poller that is "encryption ready": from 25.10 on, parameters of type password are exported encrypted. */
  encryption: EngineContext | undefined;
  /** What the account may acknowledge; nothing given: whatever it asks for. */
  acknowledgements?: Partial<AcknowledgementSettings>;
  /** Called with what took effect of it. */
  onEffect?: (effect: Effect) => void;
  /** Called with each request, before it is answered. */
  onRequest: (request: Request) => void;
  /** Called with each file that an export moves to /etc/centreon-broker. */
  onExport: (file: { name: string; content: string }) => void;
}

/** A Centreon without a server. */
export interface CentreonApi {
  /** Tokens that are still good, the API token among them. */
  tokens: Set<string>;
  acknowledgements: AcknowledgementDesk;
  answerTo: (request: Request) => Answer;
}

export interface Centreon extends Omit<CentreonApi, "answerTo"> {
  /** What --api takes. */
  url: string;
  requests: Request[];
  close: () => Promise<void>;
}

export interface Answer {
  status: number;
  body?: unknown;
}

const LUA = 33;
/** The categories of a standard install, in CLAPI's order. */
const CATEGORIES = ["correlation", "dumper", "neb", "storage"];
/** Of a list, when no other number is asked for. */
const USUAL_LIMIT = 10;
/** Milliseconds after its last use for which the token of a log-in is good, unless set otherwise. */
const SESSION = 120 * 60_000;
/** So many wrong passwords lock an account, and for so many milliseconds, unless set otherwise. */
const WRONG_PASSWORDS = 5;
const LOCKED_FOR = 15 * 60_000;
const BROKER_FOLDER = "/etc/centreon-broker";
const PARAMETER_TYPES = ["string", "number", "password"];

/** The body of a request whose body cannot be read. */
export const NO_JSON = Symbol("no JSON");

const complaint = (status: number, message: string): Answer => ({ status, body: { code: status, message } });
const missing = (what: string): Answer => complaint(400, `Missing output parameter: ${what}`);
const invalid = (what: string, value: unknown): Answer =>
  complaint(400, `Parameter '${what}' (${String(value)}) is invalid`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What Centreon says against these parameters of a stream connector. */
function parameterComplaint(
  parameters: Record<string, unknown>,
  offered: readonly string[],
): Answer | undefined {
  const { path, filters_category: categories, lua_parameter: rows } = parameters;
  if (path === undefined || path === "") return missing("path");
  if (typeof path !== "string") return invalid("path", path);
  if (!Array.isArray(categories)) return missing("filters_category");
  const unknown = categories.find((category) => !offered.includes(String(category))) as unknown;
  if (unknown !== undefined) return invalid("filters_category", unknown);
  if (!Array.isArray(rows)) return missing("lua_parameter");
  for (const row of rows as Record<string, unknown>[]) {
    for (const field of ["type", "name", "value"]) {
      const value = row[field];
      if (value === undefined) return missing(`lua_parameter[].${field}`);
      if (typeof value !== "string") return invalid(`lua_parameter[].${field}`, value);
    }
    if (!PARAMETER_TYPES.includes(row.type as string)) return invalid("lua_parameter[].type", row.type);
  }
  return undefined;
}

/** Centreon checks no name for a second output of it. */
function addOutput(
  broker: BrokerConfiguration | undefined,
  body: unknown,
  offered: readonly string[],
): Answer {
  if (!isRecord(body)) return complaint(500, "the body is no object");
  for (const name of ["name", "type", "parameters"]) {
    if (!(name in body)) return complaint(400, `[${name}] The property ${name} is required`);
  }
  const other = Object.keys(body).find((name) => !["name", "type", "parameters"].includes(name));
  if (other !== undefined) return complaint(400, `The property ${other} is not defined`);
  if (broker === undefined) return complaint(500, "Broker configuration not found");
  if (body.type !== LUA) return complaint(409, `The type with value '${String(body.type)}' does not exist`);
  if (!isRecord(body.parameters)) return complaint(400, "[parameters] no object");
  const wrong = parameterComplaint(body.parameters, offered);
  if (wrong !== undefined) return wrong;
  const id = Math.max(0, ...broker.outputs.map((output) => output.id)) + 1;
  const output = { id, ...body } as unknown as Output;
  broker.outputs.push(output);
  const shown = output.parameters.lua_parameter.map((row) =>
    row.type === "password" ? { ...row, value: null } : row,
  );
  return {
    status: 201,
    body: {
      id,
      broker_id: broker.id,
      name: output.name,
      type: { id: LUA, name: "lua" },
      parameters: { ...output.parameters, lua_parameter: shown },
    },
  };
}

/** The rows that CLAPI prints for an output: its parameters are in no particular order, and not paired. */
function rowsOf(output: Output, tellsLuaParameters: boolean): Record<string, string>[] {
  const rows = tellsLuaParameters ? output.parameters.lua_parameter : [];
  const cells: [string, string][] = [
    ...output.parameters.filters_category.map((category): [string, string] => ["category", category]),
    ...(["name", "type", "value"] as const).flatMap((field) =>
      rows.map((row): [string, string] => [`lua_parameter__${field}`, row[field]]),
    ),
    ["name", output.name],
    ["path", output.parameters.path],
    ["type", "lua"],
  ];
  return cells.map(([key, value]) => ({ "parameter key": key, "parameter value": value }));
}

/** What CLAPI says of broker configurations. It answers with rows only where it prints more than one column. */
function runClapi(
  { brokers, tellsLuaParameters }: CentreonOptions,
  body: unknown,
  offered: readonly string[],
): Answer {
  const rows = (result: unknown[]): Answer => ({ status: 200, body: { result } });
  if (!isRecord(body) || body.object !== "CENTBROKERCFG") return { status: 400, body: "Bad parameters" };
  const [name = "", id] = String(body.values).split(";");
  if (body.action === "show") {
    // LIKE '%name%', in a collation that knows no case.
    const found = brokers.filter((each) => each.name.toLowerCase().includes(name.toLowerCase()));
    return rows(
      found.map((each) => ({
        "config id": String(each.id),
        "config name": each.name,
        instance: each.poller,
      })),
    );
  }
  if (body.action === "getvaluelist") {
    if (name === "category") return rows(["possible values", ...offered]);
    return { status: 500, body: `No entry found for ${name}` };
  }
  const broker = brokers.find((each) => each.name === name);
  if (broker === undefined) return { status: 404, body: `Object not found:${name}` };
  const output = broker.outputs.find((each) => String(each.id) === id);
  switch (body.action) {
    case "listoutput":
      return rows(broker.outputs.map((each) => ({ id: String(each.id), name: each.name })));
    case "getoutput":
      return rows(output === undefined ? [] : rowsOf(output, tellsLuaParameters));
    case "deloutput":
      broker.outputs = broker.outputs.filter((each) => each !== output);
      return rows([]);
    case "setoutput":
      return { status: 500, body: "Invalid field" };
    default:
      return { status: 404, body: "Method not implemented into Centreon API" };
  }
}

/** `encrypt::` and base64 of: the IV, HMAC-SHA3-512 of what follows by the salt, AES-256-CBC of the text. */
export function encrypt(text: string, { app_secret, salt }: EngineContext): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", Buffer.from(app_secret, "base64"), iv);
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const proof = createHmac("sha3-512", Buffer.from(salt, "base64")).update(encrypted).digest();
  return `encrypt::${Buffer.concat([iv, proof, encrypted]).toString("base64")}`;
}

/** The file of a broker configuration, as an export writes it: each value is a text. */
function exported(broker: BrokerConfiguration, encryption: EngineContext | undefined): string {
  const output = broker.outputs
    .filter(({ type }) => type === LUA)
    .map(({ name, parameters: { path, filters_category, lua_parameter } }) => ({
      name,
      type: "lua",
      path,
      filters: { category: filters_category },
      lua_parameter: lua_parameter.map(({ type, name: parameter, value }) => ({
        type,
        name: parameter,
        value: type === "password" && encryption !== undefined ? encrypt(value, encryption) : value,
      })),
    }));
  return JSON.stringify({ centreonBroker: { broker_id: broker.id, broker_name: broker.name, output } });
}

/** Gives a Centreon that answers one request after another; `now` is in milliseconds since 1970. */
export function createCentreonApi(options: CentreonOptions, now: () => number = Date.now): CentreonApi {
  const { brokers, pollers } = options;
  const abilities: Abilities = VERSIONS[options.version];
  const categories = options.hasBam ? ["bam", ...CATEGORIES] : CATEGORIES;
  const encryption = abilities.canEncrypt ? options.encryption : undefined;
  const tokens = new Set<string>(abilities.hasApiTokens ? [options.apiToken] : []);
  const acknowledgements = createAcknowledgementDesk(
    { author: options.user, ...options.acknowledgements },
    now,
    options.onEffect ?? (() => undefined),
  );

  /** When the tokens of log-ins were last used. */
  const lastUsed = new Map<string, number>();
  let wrongPasswords = 0;
  let lockedUntil = 0;

  function logIn(body: unknown): Answer {
    const { security } = body as { security?: { credentials?: Record<string, string> } };
    const { login, password } = security?.credentials ?? {};
    const isLocked = now() < lockedUntil;
    if (login === options.user && password !== options.password && !isLocked) {
      wrongPasswords += 1;
      if (wrongPasswords % WRONG_PASSWORDS === 0) lockedUntil = now() + LOCKED_FOR;
    }
    if (login !== options.user || password !== options.password || isLocked) {
      return complaint(401, "Authentication failed");
    }
    wrongPasswords = 0;
    const token = randomBytes(24).toString("base64");
    tokens.add(token);
    lastUsed.set(token, now());
    return { status: 200, body: { contact: { id: 1, alias: options.user }, security: { token } } };
  }

  /** Whether the token is good; using it prolongs that of a log-in. */
  function isGood(token: string): boolean {
    const last = lastUsed.get(token);
    if (last !== undefined && now() - last > SESSION) tokens.delete(token);
    if (last !== undefined) lastUsed.set(token, now());
    return tokens.has(token);
  }

  function listPollers(query: URLSearchParams): Answer {
    const limit = Number(query.get("limit") ?? USUAL_LIMIT);
    const result = pollers.slice(0, limit).map(({ id, name, isActive }) => ({
      id,
      name,
      address: "127.0.0.1",
      is_localhost: id === 1,
      is_activate: isActive,
    }));
    return { status: 200, body: { result, meta: { page: 1, limit, total: pollers.length } } };
  }

  /** Generates, tests and moves the files; reloads nothing. */
  function exportPoller(id: number): Answer {
    if (!options.mayExport) {
      return complaint(403, "Insufficient rights (required: ROLE_GENERATE_CONFIGURATION)");
    }
    const poller = pollers.find((each) => each.id === id);
    if (poller === undefined) return complaint(404, `Monitoring server not found (#${id})`);
    for (const broker of brokers.filter((each) => each.poller === poller.name)) {
      const content = exported(broker, encryption);
      options.onExport({ name: `${BROKER_FOLDER}/${broker.name}.json`, content });
    }
    return { status: 204 };
  }

  /** The routes of version 2 that ask for a token, and are there in this version. */
  function answerWithToken(call: string, token: string, body: unknown): Answer | undefined {
    const [route = "", query] = call.split("?");
    if (route === "GET /logout") {
      tokens.delete(token);
      return { status: 200, body: { message: "Successful logout" } };
    }
    if (route === "GET /configuration/monitoring-servers") return listPollers(new URLSearchParams(query));
    const generate = /^GET \/configuration\/monitoring-servers\/(\d+)\/generate$/.exec(route);
    if (generate !== null) return exportPoller(Number(generate[1]));
    const answered = acknowledgements.answer(route, body);
    if (answered !== undefined) return answered;
    const outputs = /^POST \/configuration\/broker\/(\d+)\/outputs$/.exec(route);
    if (outputs === null || !abilities.hasOutputs) return undefined;
    if (!options.mayChangeBrokers)
      return complaint(403, "You are not allowed to edit a broker configuration");
    const id = Number(outputs[1]);
    return addOutput(
      brokers.find((broker) => broker.id === id),
      body,
      categories,
    );
  }

  /** Whoever asks is told. */
  function tellVersions(): Answer {
    const [major = "", minor = ""] = options.version.split(".");
    const web = { version: `${options.version}.1`, major, minor, fix: "1" };
    return { status: 200, body: { web, modules: {}, widgets: {} } };
  }

  function answerTo({ method, path, tokens: { v1, v2 }, body }: Request): Answer {
    const call = `${method} ${path}`;
    if (body === NO_JSON) return complaint(400, "Error when decoding your sent data");
    if (call === "POST /centreon/api/latest/login") return logIn(body);
    if (call === "GET /centreon/api/latest/platform/versions") return tellVersions();
    if (call === "POST /centreon/api/index.php?action=action&object=centreon_clapi") {
      if (v1 === undefined) return { status: 403, body: "Unauthorized" };
      if (!tokens.has(v1) || !options.isAdministrator) return { status: 403, body: "Forbidden" };
      return runClapi(options, body, categories);
    }
    const [, base, route] = /^(\w+ \/centreon\/api\/latest)(\/.*)$/.exec(call) ?? [];
    let answer: Answer | undefined;
    if (base !== undefined && route !== undefined) {
      if (v2 === undefined || !isGood(v2)) answer = complaint(401, "Authentication required");
      else answer = answerWithToken(`${method} ${route}`, v2, body);
    }
    return answer ?? complaint(abilities.unknownRoute, `No route found for "${call}"`);
  }

  return { tokens, acknowledgements, answerTo };
}

/** Starts a Centreon on a port of its own. */
export async function startCentreon(options: CentreonOptions): Promise<Centreon> {
  const { answerTo, ...api } = createCentreonApi(options);
  const requests: Request[] = [];

  async function requestOf(incoming: IncomingMessage): Promise<Request> {
    const { method = "", url: path = "", headers } = incoming;
    const body =
      method === "POST" || method === "DELETE" ? await json(incoming).catch(() => NO_JSON) : undefined;
    const token = (name: string) => headers[name] as string | undefined;
    return { method, path, tokens: { v2: token("x-auth-token"), v1: token("centreon-auth-token") }, body };
  }

  const server = createServer((incoming, response) => {
    void requestOf(incoming).then((request) => {
      requests.push(request);
      options.onRequest(request);
      const { status, body } = answerTo(request);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/centreon`,
    requests,
    ...api,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
