// Every command in the documents is run by a test, or it is said here why none can run it: a command nobody runs is
// wrong sooner or later.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { it } from "node:test";

/** Which test runs a command, and a part of the test's text that shows it. */
interface Rule {
  readonly command: RegExp;
  readonly test: string;
  readonly shows: string;
}

const INSTALL = "tools/install/documents.test.ts";
const COMMANDS = "spec/contract/commands_page_spec.ts";
const PACKAGES = "tools/packages/packages.test.ts";

const RULES: readonly Rule[] = [
  { command: /^sudo centreon-pagerduty (un)?install\b/, test: INSTALL, shows: "centreon-pagerduty" },
  { command: /^curl -sS -X POST .* --data @event\.json /, test: INSTALL, shows: "event.json" },
  { command: /^centreon-pagerduty --version$/, test: INSTALL, shows: "centreon-pagerduty" },
  { command: /^sudo make install$/, test: INSTALL, shows: "make" },
  {
    command:
      /^sudo centreon-pagerduty (check|smoke|fire|clear|explain|rules|replay|status|incidents|oncall|retry|reconcile|resolve|forget)\b/,
    test: COMMANDS,
    shows: "docs/commands.md",
  },
  { command: /^sudo (apt install|apt remove|dnf install)\b/, test: PACKAGES, shows: "dpkg" },
  { command: /^sudo -E luarocks .* (make|install)\b/, test: PACKAGES, shows: "luarocks" },
  { command: /^(KEEP=1 )?make demo$/, test: "tools/demo/test_support.ts", shows: "main.js" },
  { command: /^make chaos$/, test: "tools/chaos/chaos.test.ts", shows: "runChaos" },
  { command: /^make docs\b/, test: "tools/lint.sh", shows: "build/tools/docs/main.js" },
  { command: /^make lint\b/, test: "tools/test.sh", shows: "tools/lint.sh" },
  { command: /^make format\b/, test: "tools/lint.sh", shows: "prettier --check" },
  {
    command: /^make (build|build tools|tools)(\s|$)/,
    test: "tools/test.sh",
    shows: "make build tools spec",
  },
  { command: /^make test\b/, test: ".ci/run", shows: "make test" },
  { command: /^make release$/, test: PACKAGES, shows: "release" },
  { command: /^make spec-one /, test: "tools/inner_loop.test.ts", shows: "spec-one" },
  { command: /^node --test build\/tools\//, test: "tools/test.sh", shows: "node --test" },
  { command: /^make sandbox$/, test: "tools/sandbox/main.test.ts", shows: "main.js" },
  {
    command: /^(tools\/brokerhost|tools\/lcurl)\/build\.sh /,
    test: "Makefile",
    shows: "tools/lcurl/build.sh",
  },
  {
    command: /^echo '|^build\/brokerhost-5\.3 /,
    test: "tools/docs/brokerhost_page.test.ts",
    shows: "README.md",
  },
  { command: /^centreon -u /, test: "tools/packages/service_definitions.test.ts", shows: "clapi" },
];

/** Commands of blocks that have no prompt are those of a Centreon server, one a line. */
const WITHOUT_PROMPT = /^centreon -u .*$/gm;

/** Commands that no test runs, and why. */
const NOT_RUN: readonly { readonly command: RegExp; readonly because: string }[] = [
  { command: /^sudo systemctl restart cbd$/, because: "there is no Centreon Broker here" },
  { command: /^sudo sh -c 'umask 077; cat > \/root\//, because: "a person types the secret" },
  {
    command: /^sudo install -o (root -g )?centreon-broker /,
    because: "there is no user centreon-broker here",
  },
  { command: /^sudoedit \/etc\/centreon-broker\//, because: "a person types the secret" },
  { command: /^(tail|cat) .*\/(var|tmp)\//, because: "it only shows a file" },
  { command: /^sudo rm -f \/var\//, because: "it removes files of the system's" },
  { command: /^export LUAROCKS_CONFIG=/, because: "it is the setting of the command that follows" },
  {
    command: /^luarocks .* install Lua-cURL|^LUA_(PATH|CPATH)=/,
    because: "it needs LuaRocks or valgrind, or is what tools/specs.sh does",
  },
  { command: /^make bench$/, because: "it measures, for minutes, and on a quiet machine" },
  {
    command:
      /^(sed 'a \{"control":"flush"\}' |node build\/tools\/sandbox\/main\.js|curl -s http:\/\/127\.0\.0\.1)/,
    because: "it plays by hand what spec/contract does",
  },
];

function documentedCommands(): string[] {
  const documents = [
    ...["README.md", "CONTRIBUTING.md", "packaging/centreon/README.md"],
    ...readdirSync("docs").map((name) => `docs/${name}`),
    ...readdirSync("tools")
      .map((name) => `tools/${name}/README.md`)
      .filter((name) => existsSync(name)),
  ];
  const commands = new Set<string>();
  for (const document of documents.filter((name) => name.endsWith(".md"))) {
    for (const [, command = ""] of readFileSync(document, "utf8").matchAll(/^ *\$ (.*)$/gm))
      commands.add(command);
    for (const [command] of readFileSync(document, "utf8").matchAll(WITHOUT_PROMPT)) commands.add(command);
  }
  return [...commands];
}

it("every command in the documents is run by a test, or named here with the reason", () => {
  const commands = documentedCommands();
  assert.ok(commands.length > 40, `${commands.length} commands`);
  const rules = [...RULES, ...NOT_RUN];
  const unknown = commands.filter((command) => !rules.some((rule) => rule.command.test(command)));
  assert.deepEqual(unknown, [], "commands that nobody runs");
  const idle = rules.filter((rule) => !commands.some((command) => rule.command.test(command)));
  assert.deepEqual(
    idle.map(({ command }) => command.source),
    [],
    "rules that no document needs any more",
  );
});

for (const { command, test, shows } of RULES) {
  it(`${test} is there, and runs ${command.source}`, () => {
    assert.ok(existsSync(test), test);
    assert.ok(readFileSync(test, "utf8").includes(shows), `${test} does not mention ${shows}`);
  });
}
