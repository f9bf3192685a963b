// Wrong usage of `install` and `uninstall`: each one ends with 2 and a message that names the remedy, and changes
// nothing. Help and version.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { KEY, PROJECT, VERSION, keyFileFor, run, scratchRoot, tree } from "./test_support.js";

const API = ["--api", "http://127.0.0.1:1", "--user", "admin"];

describe("wrong usage", () => {
  for (const [args, message] of [
    [
      ["install", "--routing-key", KEY.slice(1)],
      /32 letters and digits; this one, of 31 characters, is none/,
    ],
    [["install", "--routing-key", `${KEY}0`], /this one, of 33 characters, is none/],
    [["install", "--routing-key", KEY.replace("0", "-")], /32 letters and digits/],
    [["install", "--routing-key", KEY.replace("0", "é")], /32 letters and digits/],
    [["install", "--routing-key="], /this one, of 0 characters, is none/],
    [["install", "--routing-key"], /--routing-key needs a value/],
    [["install", "--routing-key", KEY, "--routing-key-file", "x"], /the key is given more than once/],
    [
      ["install", "--routing-key-file", "/no/such/file"],
      /--routing-key-file is \/no\/such\/file, and there is no such/,
    ],
    [["install", "--routing-key-file", "/etc"], /--routing-key-file is \/etc, and there is no such file/],
    [["install", "--region", "de"], /--region is de; it must be us or eu/],
    [["install", "--centreon-url", "centreon"], /--centreon-url is centreon; it must begin with https/],
    [["install", "--api", "centreon", "--user", "u"], /--api is centreon; it must begin with https/],
    [["install", "--api", "https://c"], /--api needs --token-file or --user/],
    [["install", "--user", "u"], /--user and --password-file go with --api only/],
    [["install", "--token-file", "t"], /--token-file, --user and --password-file go with --api only/],
    [["install", "--export"], /--export goes with --api only/],
    [["install", ...API, "--token-file", "t"], /either --token-file, or --user and its password/],
    [
      ["install", "--api", "https://c", "--routing-key", KEY, "--token-file", "/no"],
      /--token-file is \/no, and there is no/,
    ],
    [
      ["install", "--api", "https://c", "--routing-key", KEY, "--token-file", "/dev/null"],
      /the API token is empty/,
    ],
    [
      ["install", "--api", "https://c", "--routing-key-file", "-", "--token-file", "-"],
      /key and token cannot both come from standard input/,
    ],
    [["install", "--service"], /--service needs a value/],
    [["install", ...API], /--api needs the key: --routing-key-file FILE/],
    [
      ["install", ...API, "--routing-key", KEY],
      /no terminal is here to ask for admin's password: give --password-file/,
    ],
    [
      ["install", ...API, "--routing-key", KEY, "--password-file", "/no"],
      /--password-file is \/no, and there is no/,
    ],
    [["install", ...API, "--routing-key", KEY, "--password-file", "/dev/null"], /the password is empty/],
    [
      ["install", ...API, "--routing-key-file", "-", "--password-file", "-"],
      /key and password cannot both come from standard input/,
    ],
    [["install", "--name", "a;b"], /semicolon/],
    [["install", "--name", "a\nb"], /--name has a line break or another control character/],
    [["install", "--root", "/no/such/dir"], /--root is \/no\/such\/dir, which is no directory/],
    [["install", "--purge"], /there is no option --purge/],
    [["install", "--frobnicate"], /there is no option --frobnicate/],
    [["install", "--dry-run=yes"], /yes is one argument too many/],
    [["install", "now"], /now is one argument too many/],
    [["install", "--broker"], /--broker needs a value/],
    [["uninstall", "--region", "eu"], /there is no option --region/],
    [["uninstall", "--routing-key", KEY], /there is no option --routing-key/],
    [["frobnicate"], /there is no command "frobnicate": centreon-pagerduty --help lists them/],
    [[], /^$/],
  ] as const) {
    it(args.join(" ").replaceAll(KEY, "KEY").replaceAll("\n", "␤"), async (context) => {
      const root = await scratchRoot(context);
      const before = tree(root);
      const [command, ...options] = args;
      const rooted = command === undefined ? [] : [command, "--root", root, ...options];
      const { status, stdout, stderr } = await run(rooted);
      assert.equal(status, 2, stderr);
      assert.equal(stdout, "");
      if (args.length > 0) assert.match(stderr, message);
      assert.doesNotMatch(stderr, new RegExp(KEY.slice(1)));
      assert.deepEqual(tree(root), before);
    });
  }

  it("a key file that holds more than a key", async (context) => {
    const key = await keyFileFor(context, `key=${KEY}\n`);
    const { status, stderr } = await run(["install", "--routing-key-file", key, "--dry-run"]);
    assert.equal(status, 2);
    assert.doesNotMatch(stderr, new RegExp(KEY));
  });
});

describe("help", () => {
  it("is the same by every name, and says why a file is better", async () => {
    const shown = await Promise.all(
      [
        ["help", "install"],
        ["install", "--help"],
      ].map((args) => run(args)),
    );
    for (const { status, stdout } of shown) {
      assert.equal(status, 0);
      assert.match(stdout, /A file is better: every user of the machine can see the arguments/);
      assert.equal(stdout, shown[0]?.stdout);
    }
  });

  it("names every option that install and uninstall take", async () => {
    const program = readFileSync(join(PROJECT, "packaging/library/install.sh"), "utf8");
    const taken = new Set(
      program
        .match(/^ {8}(?:--[a-z-]+(?: \|\s+(?:\\\s+)?)?)+\)/gm)
        ?.flatMap((line) => line.match(/--[a-z-]+/g) ?? []),
    );
    assert.ok(taken.size > 10);
    const help = (await run(["help", "install"])).stdout + (await run(["help", "uninstall"])).stdout;
    for (const option of taken) {
      if (option !== "--help") assert.match(help, new RegExp(`^ {2}${option} `, "m"));
    }
  });

  it("lists every command", async () => {
    const { status, stdout } = await run(["--help"]);
    assert.equal(status, 0);
    for (const command of "install uninstall check smoke fire clear explain replay status incidents oncall retry reconcile resolve forget".split(
      " ",
    )) {
      assert.match(stdout, new RegExp(`\\b${command}\\b`));
    }
    assert.equal((await run(["help"])).stdout, stdout);
  });
});

describe("the version", () => {
  it("is that of pagerduty.lua", async () => {
    assert.equal((await run(["--version"])).stdout, `centreon-pagerduty ${VERSION}\n`);
  });
});
