// `centreon-pagerduty install` against each version of Centreon, as centreon.ts stands in for it: what each one takes,
// and what is left to a person where it takes nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { ALL_VERSIONS, encrypt } from "./centreon.js";
import type { CentreonOptions, Version } from "./centreon.js";
import {
  API_TOKEN,
  KEY,
  POLLERS,
  SCRIPT,
  assertLoggedOut,
  centreonFor,
  keyFileFor,
  run,
  scratchRoot,
  tree,
  unifiedSql,
} from "./test_support.js";

const WITH_OUTPUTS: readonly Version[] = ["24.04", "24.10", "25.10"];
const WITHOUT = ALL_VERSIONS.filter((version) => !WITH_OUTPUTS.includes(version));

const CONTEXT = {
  app_secret: Buffer.alloc(32, "secret").toString("base64"),
  salt: Buffer.alloc(64, "salt").toString("base64"),
};

/** A root, a Centreon, and how to run install against both. */
async function setUp(context: TestContext, options: Partial<CentreonOptions>) {
  const root = await scratchRoot(context);
  const centreon = await centreonFor(context, options);
  const key = await keyFileFor(context);
  const install = (...args: string[]) => run(["install", "--root", root, "--routing-key-file", key, ...args]);
  return { root, centreon, install };
}

for (const version of WITH_OUTPUTS) {
  describe(`Centreon ${version}`, () => {
    for (const hasBam of [false, true]) {
      it(`gets the output, ${hasBam ? "with" : "without"} business activities`, async (context) => {
        const { centreon, install } = await setUp(context, { version, hasBam });
        const { status, said } = await install(...centreon.args);
        assert.equal(status, 0, said);
        assert.deepEqual(centreon.broker.outputs, [
          unifiedSql,
          {
            id: 2,
            name: "PagerDuty",
            type: 33,
            parameters: {
              path: SCRIPT,
              filters_category: hasBam ? ["neb", "bam"] : ["neb"],
              lua_parameter: [{ type: "password", name: "pdy_routing_key", value: KEY }],
            },
          },
        ]);
        assertLoggedOut(centreon);
      });
    }

    it("gets it with an API token, too, which is neither logged in nor out", async (context) => {
      const { centreon, install } = await setUp(context, { version });
      const { status, said } = await install(...centreon.tokenArgs);
      assert.equal(status, 0, said);
      assert.equal(centreon.broker.outputs.length, 2);
      assert.deepEqual([...centreon.tokens], [API_TOKEN]);
      assert.ok(!said.includes(API_TOKEN), said);
      assert.ok(centreon.requests.every(({ path }) => !/log(in|out)$/.test(path)));
    });

    it("keeps what is there, also where it does not tell parameters", async (context) => {
      const { root, centreon, install } = await setUp(context, { version, tellsLuaParameters: false });
      await install(...centreon.args);
      const before = { tree: tree(root), outputs: structuredClone(centreon.broker.outputs) };
      const { status, stdout, said } = await install(...centreon.args);
      assert.equal(status, 0, said);
      assert.match(stdout, /Everything is in place: nothing was changed\.\n$/);
      assert.deepEqual({ tree: tree(root), outputs: centreon.broker.outputs }, before);
    });

    it("is exported when asked for: files are generated and moved", async (context) => {
      const files: { name: string; content: string }[] = [];
      const options = {
        version,
        encryption: CONTEXT,
        onExport: (file: (typeof files)[0]) => files.push(file),
      };
      const { centreon, install } = await setUp(context, options);
      const { status, stdout, said } = await install(...centreon.args, "--export");
      assert.equal(status, 0, said);
      const [file, ...others] = files;
      assert.deepEqual(others, []);
      assert.equal(file?.name, "/etc/centreon-broker/central-broker-master.json");
      const [output] = (
        JSON.parse(file.content) as { centreonBroker: { output: { lua_parameter: { value: string }[] }[] } }
      ).centreonBroker.output;
      const value = output?.lua_parameter[0]?.value ?? "";
      if (version === "25.10") assert.match(value, /^encrypt::/);
      else assert.equal(value, KEY);
      assert.doesNotMatch(stdout, /Move Export Files/);
      assert.match(stdout, /1\. systemctl restart cbd/);
    });
  });
}

describe("a request of version 0.1.0's installer", () => {
  /** The answer to an output of categories `neb` and `bam`, whatever is offered. */
  async function answerOf(context: TestContext, version: Version, hasBam: boolean) {
    const { centreon } = await setUp(context, { version, hasBam });
    const response = await fetch(
      `${centreon.url}/api/latest/configuration/broker/${centreon.broker.id}/outputs`,
      {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-AUTH-TOKEN": API_TOKEN },
        body: JSON.stringify({
          name: "PagerDuty",
          type: 33,
          parameters: {
            path: SCRIPT,
            filters_category: ["neb", "bam"],
            lua_parameter: [{ type: "string", name: "pdy_routing_key", value: KEY }],
          },
        }),
      },
    );
    return { status: response.status, text: await response.text(), outputs: centreon.broker.outputs.length };
  }

  for (const version of WITH_OUTPUTS) {
    it(`is refused by Centreon ${version} without business activities`, async (context) => {
      const { status, text, outputs } = await answerOf(context, version, false);
      assert.deepEqual([status, outputs], [400, 1], text);
      assert.match(text, /filters_category/);
    });

    it(`is taken by Centreon ${version} with them`, async (context) => {
      const { status, text, outputs } = await answerOf(context, version, true);
      assert.deepEqual([status, outputs], [201, 2], text);
    });
  }
});

for (const version of WITHOUT) {
  describe(`Centreon ${version}`, () => {
    it("takes no output: the file is in place, the clicks are printed, and what comes then", async (context) => {
      const { root, centreon, install } = await setUp(context, { version });
      const { status, stdout, stderr, said } = await install(...centreon.args);
      assert.equal(status, 1, said);
      const code = version === "22.10" ? 500 : 404;
      assert.ok(
        stderr.includes(`API cannot add outputs (HTTP ${code}); that of 24.04 and later can`),
        stderr,
      );
      assert.match(stdout, /Filter category +Neb\n/);
      assert.match(stdout, /Password +pdy_routing_key = your key/);
      assert.match(stdout, /Move Export Files[^]*systemctl restart cbd/);
      assert.ok(existsSync(root + SCRIPT));
      assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
      assertLoggedOut(centreon);
    });
  });
}

describe("what is left to do", () => {
  it("names every poller whose engine must tell its configuration once, after the broker's restart", async (context) => {
    const { centreon, install } = await setUp(context, {});
    const { stdout } = await install(...centreon.args);
    const names = POLLERS.filter(({ isActive }) => isActive).map(({ name }) => name);
    assert.ok(stdout.includes(names.join(", ")), stdout);
    assert.doesNotMatch(stdout, /Retired/);
    assert.match(stdout, /systemctl restart cbd[^]*restart the engine of every poller once/i);
    assert.match(stdout, /"Restart Monitoring Engine", method "Restart"/);
  });

  it("is done in the same run as far as the API and systemd can", async (context) => {
    const { centreon, install } = await setUp(context, {});
    const { stdout } = await install(...centreon.args, "--export", "--dry-run");
    assert.match(stdout, /Export the configuration of the poller that /);
    assert.doesNotMatch(stdout, /Move Export Files/);
    assert.deepEqual(centreon.requests, []);
  });
});

describe("the export", () => {
  it("is the clicks where the account may not", async (context) => {
    const { centreon, install } = await setUp(context, { mayExport: false });
    const { status, stdout, stderr } = await install(...centreon.args, "--export");
    assert.equal(status, 1);
    assert.match(stderr, /does not export Central: HTTP 403, Insufficient rights/);
    assert.match(stdout, /1\. .*Export configuration/);
    assert.equal(centreon.broker.outputs.length, 2);
    assertLoggedOut(centreon);
  });

  it("is that of the poller that the broker configuration belongs to", async (context) => {
    const names: string[] = [];
    const { centreon, install } = await setUp(context, { onExport: ({ name }) => names.push(name) });
    const { status, said } = await install(
      ...centreon.args,
      "--broker",
      "central-broker-master-2",
      "--export",
    );
    assert.equal(status, 0, said);
    assert.match(said, /Export the configuration of the poller Paris 2/);
    assert.deepEqual(names, ["/etc/centreon-broker/central-broker-master-2.json"]);
  });
});

describe("an API token", () => {
  it("that Centreon does not know changes nothing", async (context) => {
    const { root, centreon, install } = await setUp(context, {});
    const before = tree(root);
    const wrong = await keyFileFor(context, "not a token");
    const { status, stderr } = await install("--api", centreon.url, "--token-file", wrong);
    assert.equal(status, 1);
    assert.match(stderr, /refuses this API token \(HTTP 401.*Administration > API Tokens/);
    assert.deepEqual(tree(root), before);
  });

  it("of no administrator leaves the clicks", async (context) => {
    const { centreon, install } = await setUp(context, { isAdministrator: false });
    const { status, stdout, stderr } = await install(...centreon.tokenArgs);
    assert.equal(status, 1);
    assert.match(stderr, /the token's user may not use CLAPI over REST/);
    assert.match(stdout, /In Centreon's web pages:/);
    assert.deepEqual([...centreon.tokens], [API_TOKEN]);
  });
});

describe("the stand-in's export", () => {
  it("is encrypted as Centreon documents it: openssl gives the text back", () => {
    const all = Buffer.from(encrypt(KEY, CONTEXT).replace("encrypt::", ""), "base64");
    const hex = (bytes: Buffer): string => bytes.toString("hex");
    const decrypt = ["enc", "-d", "-aes-256-cbc", "-K", hex(Buffer.from(CONTEXT.app_secret, "base64"))];
    const text = execFileSync("openssl", [...decrypt, "-iv", hex(all.subarray(0, 16))], {
      input: all.subarray(80),
      encoding: "utf8",
    });
    assert.equal(text, KEY);
  });
});
