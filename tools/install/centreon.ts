// A stand-in for Centreon's REST API, as far as `centreon-pagerduty install` and `uninstall` use it: the login of version
// 2, its outputs of a broker configuration, and CLAPI as version 1 offers it. Checks requests as Centreon's code does
// (AddBrokerInputOutput, BrokerInputOutputValidator, CentreonCentbrokerCfg of centreon/centreon), and keeps them for tests.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

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
  outputs: Output[];
}

export interface Request {
  method: string;
  path: string;
  /** Each header that can carry the token. */
  tokens: { v2: string | undefined; v1: string | undefined };
  body: unknown;
}

export interface CentreonOptions {
  user: string;
  password: string;
  brokers: BrokerConfiguration[];
  /** CLAPI over REST is for administrators. */
  isAdministrator: boolean;
  /** Centreon before 24.04 has no outputs in its API. */
  hasOutputs: boolean;
  /** An account may be kept from changing broker configurations. */
  mayChangeBrokers: boolean;
  /** Called with each request, before it is answered. */
  onRequest: (request: Request) => void;
}

export interface Centreon {
  /** What --api takes. */
  url: string;
  requests: Request[];
  /** Tokens that are still good. */
  tokens: Set<string>;
  close: () => Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
}

const LUA = 33;
/** What the list of categories offers in the web pages. */
const CATEGORIES = ["neb", "storage", "correlation", "dumper", "bam"];
const PARAMETER_TYPES = ["string", "number", "password"];

/** The body of a request whose body cannot be read. */
const NO_JSON = Symbol("no JSON");

const complaint = (status: number, message: string): Answer => ({ status, body: { code: status, message } });
const missing = (what: string): Answer => complaint(400, `Missing output parameter: ${what}`);
const invalid = (what: string, value: unknown): Answer =>
  complaint(400, `Parameter '${what}' (${String(value)}) is invalid`);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What Centreon says against these parameters of a stream connector. */
function parameterComplaint(parameters: Record<string, unknown>): Answer | undefined {
  const { path, filters_category: categories, lua_parameter: rows } = parameters;
  if (path === undefined || path === "") return missing("path");
  if (typeof path !== "string") return invalid("path", path);
  if (!Array.isArray(categories)) return missing("filters_category");
  const unknown = categories.find((category) => !CATEGORIES.includes(String(category))) as unknown;
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

function addOutput(broker: BrokerConfiguration | undefined, body: unknown): Answer {
  if (!isRecord(body)) return complaint(500, "the body is no object");
  for (const name of ["name", "type", "parameters"]) {
    if (!(name in body)) return complaint(400, `[${name}] The property ${name} is required`);
  }
  const other = Object.keys(body).find((name) => !["name", "type", "parameters"].includes(name));
  if (other !== undefined) return complaint(400, `The property ${other} is not defined`);
  if (broker === undefined) return complaint(500, "Broker configuration not found");
  if (body.type !== LUA) return complaint(409, `The type with value '${String(body.type)}' does not exist`);
  if (!isRecord(body.parameters)) return complaint(400, "[parameters] no object");
  const wrong = parameterComplaint(body.parameters);
  if (wrong !== undefined) return wrong;
  const id = Math.max(0, ...broker.outputs.map((output) => output.id)) + 1;
  const output = { id, ...body } as unknown as Output;
  broker.outputs.push(output);
  return { status: 201, body: { ...output, broker_id: broker.id, type: { id: LUA, name: "lua" } } };
}

/** The rows that CLAPI prints for an output: its parameters are in no particular order, and not paired. */
function rowsOf(output: Output): Record<string, string>[] {
  const cells: [string, string][] = [
    ["category", output.parameters.filters_category.join(",")],
    ...output.parameters.lua_parameter.map((row): [string, string] => ["lua_parameter__name", row.name]),
    ...output.parameters.lua_parameter.map((row): [string, string] => ["lua_parameter__value", row.value]),
    ["name", output.name],
    ["path", output.parameters.path],
    ["type", "lua"],
  ];
  return cells.map(([key, value]) => ({ "parameter key": key, "parameter value": value }));
}

function runClapi(brokers: BrokerConfiguration[], body: unknown): Answer {
  if (!isRecord(body) || body.object !== "CENTBROKERCFG") return { status: 400, body: "Bad parameters" };
  const [name, id] = String(body.values).split(";");
  if (body.action === "show") {
    const found = brokers.filter((each) => each.name.includes(name ?? ""));
    const result = found.map((each) => ({
      "config id": String(each.id),
      "config name": each.name,
      instance: "Central",
    }));
    return { status: 200, body: { result } };
  }
  const broker = brokers.find((each) => each.name === name);
  if (broker === undefined) return { status: 404, body: `Object not found:${String(name)}` };
  const output = broker.outputs.find((each) => String(each.id) === id);
  switch (body.action) {
    case "listoutput":
      return {
        status: 200,
        body: { result: broker.outputs.map((each) => ({ id: String(each.id), name: each.name })) },
      };
    case "getoutput":
      return { status: 200, body: { result: output === undefined ? [] : rowsOf(output) } };
    case "deloutput":
      broker.outputs = broker.outputs.filter((each) => each !== output);
      return { status: 200, body: { result: [] } };
    default:
      return { status: 404, body: "Method not implemented into Centreon API" };
  }
}

/** Starts a Centreon on a port of its own. */
export async function startCentreon(options: CentreonOptions): Promise<Centreon> {
  const requests: Request[] = [];
  const tokens = new Set<string>();

  function answerTo({ method, path, tokens: { v1, v2 }, body }: Request): Answer {
    const call = `${method} ${path}`;
    if (body === NO_JSON) return complaint(400, "Error when decoding your sent data");
    if (call === "POST /centreon/api/latest/login") {
      const credentials = (body as { security?: { credentials?: Record<string, string> } }).security
        ?.credentials;
      if (credentials?.login !== options.user || credentials.password !== options.password) {
        return complaint(401, "Authentication failed");
      }
      const token = randomBytes(24).toString("base64");
      tokens.add(token);
      return { status: 200, body: { contact: { id: 1, alias: options.user }, security: { token } } };
    }
    if (call === "POST /centreon/api/index.php?action=action&object=centreon_clapi") {
      if (v1 === undefined || !tokens.has(v1)) return { status: 403, body: "Unauthorized" };
      if (!options.isAdministrator) return { status: 401, body: "Unauthorized" };
      return runClapi(options.brokers, body);
    }
    const outputs = /^POST \/centreon\/api\/latest\/configuration\/broker\/(\d+)\/outputs$/.exec(call);
    if (call === "GET /centreon/api/latest/logout" || (outputs !== null && options.hasOutputs)) {
      if (v2 === undefined || !tokens.has(v2)) return complaint(401, "Authentication required");
      if (outputs === null) {
        tokens.delete(v2);
        return { status: 200, body: { message: "Successful logout" } };
      }
      if (!options.mayChangeBrokers) {
        return complaint(403, "You are not allowed to edit a broker configuration");
      }
      const id = Number(outputs[1]);
      return addOutput(
        options.brokers.find((broker) => broker.id === id),
        body,
      );
    }
    return complaint(404, `No route found for "${call}"`);
  }

  async function requestOf(incoming: IncomingMessage): Promise<Request> {
    const { method = "", url: path = "", headers } = incoming;
    const body = method === "POST" ? await json(incoming).catch(() => NO_JSON) : undefined;
    const token = (name: string) => headers[name] as string | undefined;
    return { method, path, tokens: { v2: token("x-auth-token"), v1: token("centreon-auth-token") }, body };
  }

  const server = createServer((incoming, response) => {
    void requestOf(incoming).then((request) => {
      requests.push(request);
      options.onRequest(request);
      const { status, body } = answerTo(request);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/centreon`,
    requests,
    tokens,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
