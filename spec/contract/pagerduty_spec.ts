// The shipped file, dist/pagerduty.lua, as the broker loads it, and the recorded events of a Centreon through it to
// the sandbox PagerDuty: both protocols, both broker APIs, HTTP/1.1 and HTTP/2 over TLS.
import { LUA } from "../support/brokerhost";
import { CRITICAL, LOAD, createCentreon } from "../support/events";
import { inShort, requestsOf } from "../support/incidents";
import { logged } from "../support/log";
import { readFile, temporaryPath, waitFor } from "../support/process";
import { recordedStory } from "../support/recorded";
import { useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const FILE = "dist/pagerduty.lua";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(stage.clear);

/** Lua 5.1 sets a function's environment afterwards. */
declare const setfenv: ((this: void, chunk: unknown, environment: object) => void) | undefined;
/** From Lua 5.2 on it is given at the load. */
declare const loadfile: (
  this: void,
  path: string,
  mode?: string,
  environment?: object,
) => LuaMultiReturn<[((this: void) => void) | undefined, string?]>;

/** Runs the file's top level with `environment` as its globals. */
function loadInto(environment: object): void {
  const [chunk, problem] = loadfile(FILE, "t", environment);
  if (chunk === undefined) return error(problem ?? FILE);
  if (setfenv !== undefined) setfenv(chunk, environment);
  chunk();
}

/** A log of the names that are read from it or written to it, in front of the true globals. */
function watchedGlobals(): { environment: LuaTable<string, unknown>; missed: string[]; written: string[] } {
  const missed: string[] = [];
  const written: string[] = [];
  const environment = new LuaTable<string, unknown>();
  environment.set("_G", environment);
  environment.set("require", (name: string) => error(`require "${name}" while loading`));
  setmetatable(environment, {
    __index: (_: unknown, name: string) => {
      const value = (_G as unknown as Record<string, unknown>)[name];
      if (value === undefined) missed.push(name);
      return value;
    },
    __newindex: (table: unknown, name: string, value: unknown) => {
      written.push(name);
      rawset(table as Record<string, unknown>, name, value);
    },
  } as object);
  return { environment, missed, written };
}

describe(`the shipped file on ${LUA}`, () => {
  it("defines what the broker looks for, and needs nothing but Lua while it loads", () => {
    const { environment, missed, written } = watchedGlobals();
    loadInto(environment);
    table.sort(written);
    assert.same(["broker_api_version", "filter", "flush", "init", "write"], written);
    assert.same([], missed);
    assert.equal(2, environment.get("broker_api_version"));
    for (const name of ["filter", "flush", "init", "write"])
      assert.equal("function", type(environment.get(name)));
  });

  it("has no runtime library in it", () => {
    assert.is_nil(string.find(readFile(FILE) ?? "", "lualib", 1, true)[0]);
  });

  it("filters before init: what it reads passes, anything else does not", () => {
    const { environment } = watchedGlobals();
    loadInto(environment);
    const filter = environment.get("filter") as (this: void, category: number, element: number) => unknown;
    assert.is_true(filter(1, 29));
    for (const [category, element] of [
      [1, 6],
      [3, 1],
      [99, 99],
    ] as const) {
      assert.is_false(filter(category, element));
    }
  });

  it("says in init how to install lua-curl when there is none; the broker tries again, and no event is lost", () => {
    const folder = temporaryPath(".modules");
    os.execute(`mkdir ${folder}`);
    const broker = stage.start({ cpath: `${folder}/?.so`, retryInterval: 0.2 });
    const centreon = createCentreon(3);
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    const { init_errors } = waitFor("the second attempt", () => {
      const report = broker.report();
      return report.init_attempts > 1 ? report : undefined;
    });
    for (const command of ["dnf install lua-curl", "apt install lua-curl", "luarocks install Lua-cURL"]) {
      for (const text of [init_errors[0] ?? "", logged(broker, "ERROR")[0] ?? ""]) {
        assert.is_not_nil(string.find(text, command, 1, true)[0], text);
      }
    }
    // At once: the broker must not load half of it.
    os.execute(`cp build/lua/${LUA}/cURL.so ${folder}/new; mv ${folder}/new ${folder}/cURL.so`);
    waitFor("the incident", () => broker.incidents()[0]);
    os.execute(`rm -r ${folder}`);
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  });

  it("refuses the journal of another output that runs, in words, and takes it when that one has stopped", () => {
    const first = stage.start();
    first.settle();
    const parameters = { state_path: `${first.folder}/state` };
    const second = stage.start({ parameters, retryInterval: 0.2 });
    assert.is_not_nil(
      string.find(second.report().init_errors[0] ?? "", "in use by another output", 1, true)[0],
    );
    first.stop();
    waitFor("the second output to start", () => logged(second, "started")[0]);
  });
});

/** What PagerDuty must show at the end of each story. */
const SHOWN = {
  2: [
    "11_22 resolved critical, 1 page: web-01/Load: CRITICAL - load average: 9.71",
    "11_H resolved critical, 1 page: web-01: DOWN - CRITICAL - 192.0.2.11: rta nan, lost 100%",
  ],
  3: [
    "11_22 resolved critical, 1 page: web-01/Load: CRITICAL - LOAD CRITICAL - total load average: 0.32, 0.24, 0.78",
    "11_23 triggered critical, 1 page: web-01/Disk-/var: WARNING - DISK WARNING - free space: /var 9123MiB (18% inode=97%);",
    "11_24 resolved critical, 1 page: web-01/HTTP checkout: CRITICAL - HTTP CRITICAL: HTTP/1.1 503 Service Unavailable - 312 bytes in 0.002 second response time",
    "12_25 triggered critical, 1 page: db-02/MySQL connections: CRITICAL - connect to 'db-02:3306' failed: Connection refused",
    "13_26 triggered error, 1 page: edge-lyon/Traffic wan0: UNKNOWN - SNMP Table Request: Timeout",
    "13_H resolved critical, 1 page: edge-lyon: DOWN - CRITICAL - 198.51.100.1: rta nan, lost 100%",
    "14_27 triggered critical, 1 page: bücher & söhne/Swap: CRITICAL - SWAP CRITICAL - 0% free (0MB out of 0MB) - Swap is either disabled, not present, or of zero size.",
    "ba_5 resolved critical, 1 page: Web shop: CRITICAL - Status is CRITICAL - At least one KPI is in a CRITICAL state: KPI HTTP checkout is in CRITICAL state",
    "poller_2 resolved critical, 1 page: Poller-Lyon: NOT RESPONDING - the poller is silent: what it monitors is not known any more",
  ],
} as const;

describe("the recorded story", () => {
  for (const protocol of [2, 3] as const) {
    for (const api of [1, 2] as const) {
      for (const [way, version] of [
        ["HTTP", "1.1"],
        ["TLS", "2.0"],
      ] as const) {
        it(`of BBDO ${protocol} with API ${api} over ${way} (HTTP/${version})`, () => {
          const tls = { http_server_url: `${sandbox.tlsUrl}/v2/enqueue`, http_ca_file: sandbox.caFile };
          const broker = stage.start({ api, ...(way === "TLS" ? { parameters: tls } : {}) });
          broker.give(recordedStory(protocol));
          const report = broker.settle();
          assert.same(
            SHOWN[protocol],
            broker.incidents().map((incident) => `${inShort(incident)}: ${incident.summary}`),
          );
          assert.same([0, 0, 0], [report.write_errors, report.flush_errors, report.unacknowledged]);
          for (const request of requestsOf(sandbox, broker.routingKey))
            assert.equal(version, request.http_version);
        });
      }
    }
  }
});
