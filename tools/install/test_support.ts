// What the tests of centreon-pagerduty share: a scratch root that looks like a Centreon server, the program run in it,
// and what is in the root before and after. Owns no assertion about the program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, readFileSync, readlinkSync, readdirSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { startCentreon } from "./centreon.js";
import type { BrokerConfiguration, Centreon, CentreonOptions, Output, Poller } from "./centreon.js";

/** The project: this file is build/tools/install/test_support.js. */
export const PROJECT = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** The version in package.json. */
export const VERSION = (
  JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { version: string }
).version;

export const KEY = "0123456789abcdefABCDEF0123456789";
export const USER = "admin";
/** Everything that JSON, curl's configuration and the shell treat as special. */
export const PASSWORD = `p"a\\ss $HOME 'wörd' %s`;
export const API_TOKEN = 'api-token/with+everything="\\$x';
export const BROKER = "central-broker-master";
export const SCRIPTS = "/usr/share/centreon-broker/lua";
export const SCRIPT = `${SCRIPTS}/pagerduty.lua`;

/** A folder that ends with the test. */
export async function folderFor(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "centreon-pagerduty-"));
  context.after(() => rm(folder, { recursive: true }));
  return folder;
}

export async function write(path: string, content: string | Buffer, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}

/** What a broker's Lua module names in its dynamic section. */
export const brokerModule = (library: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff]),
    Buffer.from(`\0libc.so.6\0${library}\0_end\0`),
  ]);

/** A root as on a Centreon server, with a connector of someone else's. */
export async function scratchRoot(context: TestContext): Promise<string> {
  const root = await folderFor(context);
  await write(`${root}${SCRIPTS}/another.lua`, "-- another connector\n");
  await write(
    `${root}/usr/share/centreon/lib/centreon-broker/70-lua.so`,
    brokerModule("liblua5.3.so.0"),
    0o755,
  );
  await write(`${root}/etc/os-release`, 'ID=debian\nVERSION_ID="12"\n');
  await chmod(`${root}${SCRIPTS}`, 0o775);
  return root;
}

/** Each path below `root`, with its type, mode, and a file's content. */
export function tree(root: string): string[] {
  return (readdirSync(root, { recursive: true }) as string[]).sort().map((path) => {
    const stat = lstatSync(join(root, path));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isDirectory()) return `${path}/ ${mode}`;
    if (stat.isSymbolicLink()) return `${path} -> ${readlinkSync(join(root, path))}`;
    return `${path} ${mode} ${readFileSync(join(root, path), "latin1")}`;
  });
}

export interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
  /** Both, for what must not be said anywhere. */
  said: string;
}

export interface Run {
  program?: string;
  input?: string;
  /** What must be said before `input` is given. */
  prompt?: string;
  env?: Record<string, string>;
}

/** Runs the program with these arguments, and without a terminal. */
export async function run(args: string[], options: Run = {}): Promise<Result> {
  const {
    program = join(PROJECT, "packaging/centreon-pagerduty"),
    input = "",
    prompt = "",
    env = {},
  } = options;
  const child = spawn(program, args, {
    env: { ...process.env, LUA_CPATH: join(PROJECT, "build/lua/5.3/?.so;;"), ...env },
    // A session of its own has no terminal to ask for a password.
    detached: true,
  });
  child.stdin.on("error", () => undefined); // it may end without having read
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].on("data", (chunk: Buffer) => {
      said[stream] += chunk.toString();
      if (prompt !== "" && said.stdout.includes(prompt)) child.stdin.end(input);
    });
  }
  if (prompt === "") child.stdin.end(input);
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...said, said: said.stdout + said.stderr };
}

/** An output that was there before, and is no business of ours. */
export const unifiedSql: Output = {
  id: 1,
  name: "central-broker-master-unified-sql",
  type: 34,
  parameters: { path: "", filters_category: [], lua_parameter: [] },
};

/** More than one page of Centreon's list; one is not in use. */
export const POLLERS: Poller[] = [
  { id: 1, name: "Central", isActive: true },
  { id: 2, name: "Paris 2", isActive: true },
  { id: 3, name: "Retired", isActive: false },
  ...Array.from({ length: 9 }, (_, index) => ({ id: 4 + index, name: `Site ${index + 1}`, isActive: true })),
];

/** No token of a login is left, and the API token is as good as before. */
export function assertLoggedOut({ tokens }: Centreon): void {
  assert.deepEqual(
    [...tokens].filter((token) => token !== API_TOKEN),
    [],
  );
}

export interface TestCentreon extends Centreon {
  broker: BrokerConfiguration;
  /** What install and uninstall need to reach it: with a password, or with an API token. */
  args: string[];
  tokenArgs: string[];
}

/** A Centreon, with one output already, that ends with the test. */
export async function centreonFor(
  context: TestContext,
  options: Partial<CentreonOptions> = {},
): Promise<TestCentreon> {
  const broker = { id: 4, name: BROKER, poller: "Central", outputs: [unifiedSql] };
  const another = { id: 5, name: `${BROKER}-2`, poller: "Paris 2", outputs: [] };
  const password = options.password ?? PASSWORD;
  const centreon = await startCentreon({
    version: "24.10",
    hasBam: false,
    user: USER,
    password,
    apiToken: API_TOKEN,
    pollers: POLLERS,
    brokers: [another, broker],
    isAdministrator: true,
    mayChangeBrokers: true,
    mayExport: true,
    tellsLuaParameters: true,
    encryption: undefined,
    onRequest: () => undefined,
    onExport: () => undefined,
    ...options,
  });
  context.after(() => centreon.close());
  const folder = await folderFor(context);
  await write(join(folder, "password"), `${password}\n`, 0o600);
  await write(join(folder, "token"), `${API_TOKEN}\n`, 0o600);
  const args = ["--api", centreon.url, "--user", USER, "--password-file", join(folder, "password")];
  const tokenArgs = ["--api", centreon.url, "--token-file", join(folder, "token")];
  return { ...centreon, broker, args, tokenArgs };
}

/** A file with the key, that ends with the test. */
export async function keyFileFor(context: TestContext, content = `${KEY}\n`): Promise<string> {
  const path = join(await folderFor(context), "key");
  await write(path, content, 0o600);
  return path;
}

/** A copy of what a clone has of the program, with a centreon-pagerduty.lua that tells how it was called. */
export async function cloneFor(context: TestContext): Promise<string> {
  const clone = await folderFor(context);
  await cp(join(PROJECT, "packaging"), join(clone, "packaging"), { recursive: true });
  await mkdir(join(clone, "dist"));
  await cp(join(PROJECT, "dist/pagerduty.lua"), join(clone, "dist/pagerduty.lua"));
  await writeFile(
    join(clone, "dist/centreon-pagerduty.lua"),
    `print(table.concat(arg, "|"))
print(os.getenv("CENTREON_PAGERDUTY_CONNECTOR"), os.getenv("LUA_PATH"), _VERSION)
os.exit(7)
`,
  );
  return clone;
}

/** A folder of stand-ins for programs, to be put before or instead of PATH. */
export async function programsFor(context: TestContext, programs: Record<string, string>): Promise<string> {
  const folder = await folderFor(context);
  for (const [name, script] of Object.entries(programs)) await write(join(folder, name), script, 0o755);
  return folder;
}
