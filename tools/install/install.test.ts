// `centreon-pagerduty install`: what is there afterwards, in a scratch root and in a stand-in of Centreon, and what it
// says; nothing of secrets (secrets.test.ts) and of wrong usage (usage.test.ts).
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  BROKER,
  KEY,
  PROJECT,
  SCRIPT,
  SCRIPTS,
  VERSION,
  assertLoggedOut,
  brokerModule,
  centreonFor,
  cloneFor,
  folderFor,
  keyFileFor,
  programsFor,
  run,
  scratchRoot,
  tree,
  unifiedSql,
  write,
} from "./test_support.js";

const SHIPPED = readFileSync(join(PROJECT, "dist/pagerduty.lua"), "latin1");

describe("the file", () => {
  it("is copied to where the broker looks, readable for all", async (context) => {
    const root = await scratchRoot(context);
    const { status, stdout } = await run(["install", "--root", root]);
    assert.equal(status, 0, stdout);
    assert.equal(readFileSync(root + SCRIPT, "latin1"), SHIPPED);
    assert.equal(statSync(root + SCRIPT).mode & 0o777, 0o644);
  });

  it("is the only thing that changes", async (context) => {
    const root = await scratchRoot(context);
    const before = tree(root);
    await run(["install", "--root", root]);
    const added = tree(root).filter((line) => !before.includes(line));
    assert.deepEqual(added, [`${SCRIPT.slice(1)} 644 ${SHIPPED}`]);
  });

  it("is readable for all under a strict umask, too", async (context) => {
    const root = await scratchRoot(context);
    const wrapper = await programsFor(context, {
      strict: `#!/bin/sh\numask 077\nexec "${PROJECT}/packaging/centreon-pagerduty" "$@"\n`,
    });
    await run(["install", "--root", root], { program: join(wrapper, "strict") });
    assert.equal(statSync(root + SCRIPT).mode & 0o777, 0o644);
  });

  it("gets its mode back", async (context) => {
    const root = await scratchRoot(context);
    await write(root + SCRIPT, readFileSync(join(PROJECT, "dist/pagerduty.lua")), 0o600);
    await run(["install", "--root", root]);
    assert.equal(statSync(root + SCRIPT).mode & 0o777, 0o644);
  });

  it("replaces an older one, and says which", async (context) => {
    const root = await scratchRoot(context);
    await write(root + SCRIPT, "-- centreon-pagerduty 0.0.9: Centreon stream connector\n");
    const { status, stdout } = await run(["install", "--root", root]);
    assert.equal(status, 0);
    assert.match(stdout, /It replaces version 0\.0\.9\./);
    assert.equal(readFileSync(root + SCRIPT, "latin1"), SHIPPED);
  });

  it("never replaces another program's", async (context) => {
    const root = await scratchRoot(context);
    await write(root + SCRIPT, "-- a connector that someone wrote\n");
    const before = tree(root);
    const { status, stderr } = await run(["install", "--root", root]);
    assert.equal(status, 1);
    assert.match(stderr, /pagerduty\.lua is there, and is not this connector: move it away first/);
    assert.deepEqual(tree(root), before);
  });

  it("is not for everyone to put in place: without rights nothing changes, and sudo is named", async (context) => {
    const [root, clone] = [await scratchRoot(context), await cloneFor(context)];
    await write(`${root}${SCRIPTS}/cURL.lua`, "return { easy = print, multi = print }\n");
    // Root may write everywhere: nobody does this, and must be let into the folders of the test.
    for (const folder of [root, clone]) await chmod(folder, 0o755);
    await chmod(root + SCRIPTS, 0o555);
    const nobody = process.getuid?.() === 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : "";
    const wrapper = await programsFor(context, {
      nobody: `#!/bin/sh\nexec ${nobody} "${clone}/packaging/centreon-pagerduty" "$@"\n`,
    });
    const before = tree(root);
    const env = { LUA_CPATH: "" };
    const { status, stderr } = await run(["install", "--root", root], {
      program: join(wrapper, "nobody"),
      env,
    });
    const after = tree(root);
    // Who is not root could not remove it otherwise.
    await chmod(root + SCRIPTS, 0o755);
    assert.equal(status, 1);
    assert.match(stderr, /cannot be written to: run this as root, with sudo/);
    assert.deepEqual(after, before);
  });

  it("is not put onto a machine without a broker", async (context) => {
    const root = await folderFor(context);
    const { status, stderr } = await run(["install", "--root", root]);
    assert.equal(status, 1);
    assert.match(stderr, /no Centreon Broker is installed here/);
    assert.deepEqual(tree(root), []);
  });
});

describe("without the API", () => {
  it("prints what to click, and the JSON to expect", async (context) => {
    const root = await scratchRoot(context);
    const options = [
      "--region",
      "eu",
      "--centreon-url",
      "https://c.example/",
      "--broker",
      "b1",
      "--name",
      "P",
    ];
    const { status, stdout } = await run(["install", "--root", root, ...options]);
    assert.equal(status, 0);
    for (const line of [
      "Configuration > Pollers > Broker configuration > b1 > tab Output",
      "Name             P",
      `Path             ${SCRIPT}`,
      "Filter category  Neb, and Bam if the list has it",
      "Password         pdy_routing_key = your key",
      "String           pdy_region = eu",
      "String           pdy_centreon_url = https://c.example",
      "systemctl restart cbd",
    ]) {
      assert.ok(stdout.includes(line), `${line}\n${stdout}`);
    }
    const json = /^ {2}(\{"name".*\})$/m.exec(stdout)?.[1] ?? "";
    assert.deepEqual(JSON.parse(json), {
      name: "P",
      type: 33,
      parameters: {
        path: SCRIPT,
        filters_category: ["neb"],
        lua_parameter: [
          { type: "password", name: "pdy_routing_key", value: "YOUR_32_CHARACTER_KEY" },
          { type: "string", name: "pdy_region", value: "eu" },
          { type: "string", name: "pdy_centreon_url", value: "https://c.example" },
        ],
      },
    });
  });

  it("may be run again: the file stays as it is", async (context) => {
    const root = await scratchRoot(context);
    await run(["install", "--root", root]);
    const { ctimeMs } = statSync(root + SCRIPT);
    const { status, stdout } = await run(["install", "--root", root]);
    assert.equal(status, 0);
    assert.match(stdout, /It is in place\./);
    assert.equal(statSync(root + SCRIPT).ctimeMs, ctimeMs);
  });
});

describe("with the API", () => {
  it("adds the output, in the requests that Centreon documents, and logs out", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    const key = await keyFileFor(context);
    const { status, said } = await run([
      "install",
      "--root",
      root,
      "--routing-key-file",
      key,
      ...centreon.args,
    ]);
    assert.equal(status, 0, said);
    const output = {
      id: 2,
      name: "PagerDuty",
      type: 33,
      parameters: {
        path: SCRIPT,
        filters_category: ["neb"],
        lua_parameter: [{ type: "password", name: "pdy_routing_key", value: KEY }],
      },
    };
    assert.deepEqual(centreon.broker.outputs, [unifiedSql, output]);
    assert.match(said, /Done: it is output 2 of broker configuration 4\./);
    assert.deepEqual(
      centreon.requests.map(({ method, path }) => `${method} ${path.replace("/centreon", "")}`),
      [
        "POST /api/latest/login",
        "GET /api/latest/configuration/monitoring-servers?limit=10000",
        "POST /api/index.php?action=action&object=centreon_clapi",
        "POST /api/index.php?action=action&object=centreon_clapi",
        "POST /api/index.php?action=action&object=centreon_clapi",
        "POST /api/latest/configuration/broker/4/outputs",
        "GET /api/latest/logout",
      ],
    );
    assert.deepEqual(
      centreon.requests.slice(2, 5).map(({ body }) => body),
      [
        ["show", BROKER],
        ["listoutput", BROKER],
        ["getvaluelist", "category"],
      ].map(([action, values]) => ({ action, object: "CENTBROKERCFG", values })),
    );
    assertLoggedOut(centreon);
  });

  it("gives the output every choice, whatever characters are in it", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    centreon.broker.name = `Zentrale "Süd" \\ 😀`;
    const name = `Pager "Duty" \\ $(id)`;
    const options = ["--name", name, "--broker", centreon.broker.name, "--region=eu"];
    const url = `--centreon-url=https://c.example/?a="b"`;
    const { status, said } = await run(
      ["install", "--root", root, "--routing-key-file=-", ...options, url, ...centreon.args],
      { input: `${KEY}\r\n` },
    );
    assert.equal(status, 0, said);
    const added = centreon.broker.outputs[1];
    assert.equal(added?.name, name);
    assert.deepEqual(
      added.parameters.lua_parameter.map((parameter) => [parameter.name, parameter.value]),
      [
        ["pdy_routing_key", KEY],
        ["pdy_region", "eu"],
        ["pdy_centreon_url", `https://c.example/?a="b"`],
      ],
    );
  });

  it("changes nothing when it is run again", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    const args = ["install", "--root", root, `--routing-key=${KEY}`, ...centreon.args];
    await run(args);
    const before = { tree: tree(root), outputs: structuredClone(centreon.broker.outputs) };
    const { status, stdout, said } = await run(args);
    assert.equal(status, 0, said);
    assert.match(stdout, /Everything is in place: nothing was changed\.\n$/);
    assert.deepEqual({ tree: tree(root), outputs: centreon.broker.outputs }, before);
  });

  // As 25.10's web pages write a password, as an encrypted one, and as a vault keeps it: the last two cannot be compared.
  for (const value of [`raw::${KEY}`, "encrypt::c2VjcmV0", "secret::hashicorp_vault::path::key"]) {
    it(`takes a key that was made a password for its own: ${value.replace(KEY, "KEY")}`, async (context) => {
      const root = await scratchRoot(context);
      const centreon = await centreonFor(context);
      const args = ["install", "--root", root, `--routing-key=${KEY}`, ...centreon.args];
      await run(args);
      centreon.broker.outputs[1]?.parameters.lua_parameter.splice(0, 1, {
        type: "password",
        name: "pdy_routing_key",
        value,
      });
      const { status, stdout, said } = await run(args);
      assert.equal(status, 0, said);
      assert.match(stdout, /nothing was changed/);
    });
  }

  it("does the same where bash is the system's shell", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    const key = await keyFileFor(context);
    const program = join(
      await programsFor(context, {
        posix: `#!/bin/sh\nexec bash --posix "${PROJECT}/packaging/centreon-pagerduty" "$@"\n`,
      }),
      "posix",
    );
    const before = tree(root);
    const args = ["--root", root, ...centreon.args];
    const installed = await run(["install", "--routing-key-file", key, ...args], { program });
    assert.equal(installed.status, 0, installed.said);
    assert.equal(centreon.broker.outputs[1]?.parameters.lua_parameter[0]?.value, KEY);
    const uninstalled = await run(["uninstall", ...args], { program });
    assert.equal(uninstalled.status, 0, uninstalled.said);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
    assert.deepEqual(tree(root), before);
  });

  it("asks for the password on the terminal, and does not show it", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context, { password: "typed by hand" });
    const key = await keyFileFor(context);
    const [api, url, user, name] = centreon.args;
    const command = ["install", "--root", root, "--routing-key-file", key, api, url, user, name].join(" ");
    const { status, said } = await run(
      ["--quiet", "--return", "--command", `${PROJECT}/packaging/centreon-pagerduty ${command}`, "/dev/null"],
      { program: "/usr/bin/script", prompt: "Password of admin at http", input: "typed by hand\n" },
    );
    assert.equal(status, 0, said);
    assert.doesNotMatch(said, /typed by hand/);
    assert.equal(centreon.broker.outputs.length, 2);
  });

  it("takes an address with the API's path, and one without any", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    const key = await keyFileFor(context);
    const rest = centreon.args.slice(2);
    const bare = new URL(centreon.url).origin;
    for (const url of [bare, `${bare}/`, `${bare}/centreon/`, `${bare}/centreon/api/latest`]) {
      const args = ["install", "--root", root, "--routing-key-file", key, "--api", url, ...rest];
      const { status, said } = await run(args);
      assert.equal(status, 0, said);
    }
    assert.equal(centreon.broker.outputs.length, 2);
  });
});

describe("a dry run", () => {
  it("says everything, asks no one, and changes nothing", async (context) => {
    const root = await scratchRoot(context);
    const centreon = await centreonFor(context);
    const before = tree(root);
    const args = ["--root", root, `--routing-key=${KEY}`, ...centreon.args, "--restart", "--dry-run"];
    const { status, stdout } = await run(["install", ...args]);
    assert.equal(status, 0);
    assert.deepEqual(tree(root), before);
    assert.deepEqual(centreon.requests, []);
    for (const line of [
      "Dry run: nothing is changed, and Centreon is not asked.",
      `Ask Centreon at ${centreon.url}, as admin, for the outputs of ${BROKER}.`,
      "Unless there is one called PagerDuty, add it, with the category bam where Centreon offers it:",
      `Copy pagerduty.lua ${VERSION} to ${root}${SCRIPT}.`,
      "Restart cbd.",
    ]) {
      assert.ok(stdout.includes(`${line}\n`), `${line}\n${stdout}`);
    }
    assert.doesNotMatch(stdout, /Done/);
  });
});

describe("the check of Lua", () => {
  it("takes the Lua that the broker is linked with", async (context) => {
    const root = await scratchRoot(context);
    for (const [library, version] of [
      ["liblua-5.4.so", "5.4"],
      ["liblua5.1.so.0", "5.1"],
    ] as const) {
      await write(`${root}/usr/share/centreon/lib/centreon-broker/70-lua.so`, brokerModule(library), 0o755);
      const env = { LUA_CPATH: join(PROJECT, `build/lua/${version}/?.so;;`) };
      const { status, stdout } = await run(["install", "--root", root], { env });
      assert.equal(status, 0);
      assert.ok(stdout.includes(`lua${version} loads lua-curl (which the broker uses).`), stdout);
    }
  });

  it("without a broker's library takes the first Lua that loads lua-curl", async (context) => {
    const root = await scratchRoot(context);
    await rm(`${root}/usr/share/centreon`, { recursive: true });
    const env = { LUA_CPATH: join(PROJECT, "build/lua/5.4/?.so;;") };
    const { stdout } = await run(["install", "--root", root], { env });
    assert.match(stdout, /lua5\.4 loads lua-curl \(no broker is here to tell which one it uses\)/);
  });

  it("takes the one that CENTREON_PAGERDUTY_LUA names", async (context) => {
    const root = await scratchRoot(context);
    const env = { CENTREON_PAGERDUTY_LUA: "luajit", LUA_CPATH: join(PROJECT, "build/lua/jit/?.so;;") };
    const { stdout } = await run(["install", "--root", root], { env });
    assert.match(stdout, /luajit loads lua-curl \(named by CENTREON_PAGERDUTY_LUA\)/);
  });

  it("looks for lua-curl where the broker does: beside the script, too", async (context) => {
    const root = await scratchRoot(context);
    await write(`${root}${SCRIPTS}/cURL.lua`, "return { easy = print, multi = print }\n");
    const { status, said } = await run(["install", "--root", root], { env: { LUA_CPATH: "" } });
    assert.equal(status, 0, said);
  });

  for (const [system, release, remedy] of [
    ["Debian", "ID=debian\n", /apt install lua-curl, from Centreon's repository/],
    ["Ubuntu", "ID=ubuntu\nID_LIKE=debian\n", /apt install lua-curl, from Centreon's repository/],
    [
      "Alma",
      'ID="almalinux"\nID_LIKE="rhel centos fedora"\n',
      /dnf install lua-curl, from Centreon's repository/,
    ],
    ["another system", "ID=arch\n", /luarocks --lua-version 5\.3 install Lua-cURL/],
  ] as const) {
    it(`says how to install lua-curl on ${system}, and does nothing`, async (context) => {
      const root = await scratchRoot(context);
      await write(`${root}/etc/os-release`, release);
      const before = tree(root);
      const { status, stderr } = await run(["install", "--root", root], { env: { LUA_CPATH: "" } });
      assert.equal(status, 1);
      assert.match(stderr, remedy);
      assert.match(stderr, /What Lua says: module 'cURL' not found/);
      assert.deepEqual(tree(root), before);
    });
  }

  it("refuses another library of the name", async (context) => {
    const root = await scratchRoot(context);
    await write(`${root}${SCRIPTS}/cURL.lua`, "return { easy_init = print }\n");
    const { status, stderr } = await run(["install", "--root", root], { env: { LUA_CPATH: "" } });
    assert.equal(status, 1);
    assert.match(stderr, /another library than Lua-cURLv3/);
  });

  it("says when the broker's Lua has no program here", async (context) => {
    const root = await scratchRoot(context);
    await write(`${root}/usr/share/centreon/lib/centreon-broker/70-lua.so`, brokerModule("liblua5.9.so.0"));
    const { status, stderr } = await run(["install", "--root", root]);
    assert.equal(status, 1);
    assert.match(stderr, /the broker uses Lua 5\.9, and there is no program lua5\.9/);
  });
});

describe("what goes wrong with the API", () => {
  /** Runs an install that must fail, and leave the root as it was. */
  async function failing(
    root: string,
    key: string,
    ...args: string[]
  ): Promise<{ stderr: string; stdout: string }> {
    const before = tree(root);
    const result = await run(["install", "--root", root, "--routing-key-file", key, ...args]);
    assert.equal(result.status, 1, result.said);
    assert.deepEqual(tree(root), before);
    assert.doesNotMatch(result.said, new RegExp(KEY));
    return result;
  }

  it("nothing answers there", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context);
    await centreon.close();
    context.mock.method(centreon, "close", () => undefined);
    const { stderr } = await failing(root, key, ...centreon.args);
    assert.match(stderr, /Centreon cannot be reached at http:.*: curl: \(7\) /);
  });

  it("the password is wrong", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context);
    const wrong = await keyFileFor(context, "not the password");
    const { stderr } = await failing(root, key, ...centreon.args.slice(0, 4), "--password-file", wrong);
    assert.match(
      stderr,
      /Centreon refuses user admin with this password \(HTTP 401, Authentication failed\)/,
    );
  });

  for (const [what, status, body, message] of [
    ["is no Centreon", 404, "no", /there is no Centreon at http.* \(HTTP 404/],
    ["redirects", 301, "", /redirects \(HTTP 301\): give --api the address that it leads to/],
    ["is another program", 200, "<html>Welcome</html>", /does not answer as Centreon does/],
    ["fails", 500, '{"message":"out of order"}', /does not let user admin in: HTTP 500, out of order/],
  ] as const) {
    it(`what answers there ${what}`, async (context) => {
      const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
      const server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      context.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      const api = ["--api", `http://127.0.0.1:${port}`, "--user", "admin", "--password-file", key];
      const { stderr } = await failing(root, key, ...api);
      assert.match(stderr, message);
    });
  }

  it("the account is no administrator: the clicks are printed", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context, { isAdministrator: false });
    const { stderr, stdout } = await failing(root, key, ...centreon.args);
    assert.match(stderr, /user admin may not use CLAPI over REST/);
    assert.match(stdout, /In Centreon's web pages:/);
    assertLoggedOut(centreon);
  });

  it("there is no such broker configuration", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context);
    // It is part of the name of one that there is.
    const { stderr } = await failing(root, key, ...centreon.args, "--broker", "central-broker");
    assert.match(stderr, /Centreon has no broker configuration central-broker:/);
  });

  it("an output of the name runs another script", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context);
    const parameters = { path: `${SCRIPTS}/another.lua`, filters_category: ["neb"], lua_parameter: [] };
    centreon.broker.outputs.push({ id: 9, name: "PagerDuty", type: 33, parameters });
    const { stderr } = await failing(root, key, ...centreon.args);
    assert.match(
      stderr,
      /already has an output PagerDuty \(number 9\), which runs another script: give another --name/,
    );
    assert.equal(centreon.broker.outputs.length, 2);
  });

  it("the output is there, with another key", async (context) => {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context);
    await run(["install", "--root", root, "--routing-key-file", key, ...centreon.args]);
    const other = await keyFileFor(context, "f".repeat(32));
    const before = structuredClone(centreon.broker.outputs);
    const { stderr } = await failing(root, other, ...centreon.args);
    assert.match(
      stderr,
      /already has an output PagerDuty \(number 2\), with another key\. It is not changed/,
    );
    assert.deepEqual(centreon.broker.outputs, before);
  });

  /** These fail after the file is in place: the next run finds it there, and goes on. */
  async function failingLate(
    context: Parameters<typeof scratchRoot>[0],
    options: Parameters<typeof centreonFor>[1],
  ) {
    const [root, key] = [await scratchRoot(context), await keyFileFor(context)];
    const centreon = await centreonFor(context, options);
    const result = await run(["install", "--root", root, "--routing-key-file", key, ...centreon.args]);
    assert.equal(result.status, 1, result.said);
    assert.deepEqual(centreon.broker.outputs, [unifiedSql]);
    assertLoggedOut(centreon);
    return result;
  }

  it("Centreon is too old to add outputs: the clicks are printed", async (context) => {
    const { stderr, stdout } = await failingLate(context, { version: "23.10" });
    assert.match(stderr, /API cannot add outputs \(HTTP 404\); that of 24\.04 and later can/);
    assert.match(stdout, /In Centreon's web pages:/);
  });

  it("the account may not change broker configurations: the clicks are printed", async (context) => {
    const { stderr, stdout } = await failingLate(context, { mayChangeBrokers: false });
    assert.match(stderr, /may not change broker configurations \(HTTP 403, You are not allowed/);
    assert.match(stdout, /In Centreon's web pages:/);
  });
});

describe("the service that runs the output", () => {
  it("is the engine on a poller without a broker of its own, and its user another", async (context) => {
    const root = await scratchRoot(context);
    await write(`${root}/usr/sbin/centengine`, "", 0o755);
    const { stdout } = await run(["install", "--root", root, "--broker", "poller-module"]);
    assert.match(stdout, /\d\. systemctl restart centengine /);
    assert.match(stdout, /check --user centreon-engine\n/);
    // That restart is the one that tells everything.
    assert.doesNotMatch(stdout, /Restart the engine/);
  });

  it("is cbd where both are", async (context) => {
    const root = await scratchRoot(context);
    for (const name of ["cbd", "centengine"]) await write(`${root}/usr/sbin/${name}`, "", 0o755);
    const { stdout } = await run(["install", "--root", root]);
    assert.match(stdout, /\d\. systemctl restart cbd /);
    assert.match(stdout, /check\n/);
  });

  it("is named in a cluster, whose other node needs the file", async (context) => {
    const root = await scratchRoot(context);
    const programs = await programsFor(context, { systemctl: '#!/bin/sh\necho "$@" >>"$CALLS"\n' });
    const env = { PATH: `${programs}:${process.env.PATH ?? ""}`, CALLS: join(programs, "calls") };
    const args = ["--root", root, "--service", "cbd-sql", "--restart"];
    const { status, stdout } = await run(["install", ...args], { env });
    assert.equal(status, 0, stdout);
    assert.equal(readFileSync(env.CALLS, "utf8"), "restart cbd-sql\n");
    assert.match(stdout, /On the cluster's other node: .* install, without --api/);
    const uninstalled = await run(["uninstall", ...args], { env });
    assert.match(uninstalled.stdout, /Restart cbd-sql\./);
  });
});

describe("the restart", () => {
  const systemctl = (status: number): string => `#!/bin/sh\necho "$@" >>"$CALLS"\nexit ${status}\n`;

  for (const [args, status, calls] of [
    [[], 0, ""],
    [["--restart"], 0, "restart cbd\n"],
    [["--restart"], 1, "restart cbd\n"],
  ] as const) {
    it(
      args.length === 0 ? "is not done unasked" : `is done when asked; status ${status}`,
      async (context) => {
        const root = await scratchRoot(context);
        const programs = await programsFor(context, { systemctl: systemctl(status) });
        const log = join(programs, "calls");
        await write(log, "");
        const env = { PATH: `${programs}:${process.env.PATH ?? ""}`, CALLS: log };
        const result = await run(["install", "--root", root, ...args], { env });
        assert.equal(result.status, status);
        assert.equal(readFileSync(log, "utf8"), calls);
        if (status !== 0) assert.match(result.stderr, /systemctl restart cbd failed/);
      },
    );
  }
});
