// Installing and removing, with make and with LuaRocks, each below a scratch root: what is there then, and what is
// there no more.
import { outputOf, readFile, shellWord, temporaryPath } from "../support/process";

/** Where the broker looks. */
const SCRIPTS = "/usr/share/centreon-broker/lua";

/** Where the program centreon-pagerduty looks. */
const LIBRARY = "/usr/share/centreon-pagerduty";

/** Runs a command that must succeed. Gives what it printed, errors included. */
function run(command: string): string {
  const [, , text, status] = string.find(
    outputOf(`{ ${command}; } 2>&1; echo "status $?"`),
    "^(.*)status (%d+)\n$",
  );
  if (status !== "0") error(`${command}: status ${status}\n${text}`);
  return text as string;
}

/** The files below `root`, their paths seen from there, in order. */
function filesBelow(root: string): string {
  return run(`cd ${shellWord(root)} && find . -type f | sort`);
}

describe("installation", () => {
  let root = "";

  before_each(() => {
    root = temporaryPath(".root");
    run(`mkdir -p ${shellWord(root)}`);
  });
  after_each(() => {
    run(`rm -r ${shellWord(root)}`);
  });

  describe("with make", () => {
    const make = (target: string): string => run(`make --silent ${target} DESTDIR=${shellWord(root)}`);

    it("copies the shipped file to where the broker looks, readable for all", () => {
      make("install");
      assert.equal(readFile("dist/pagerduty.lua"), readFile(`${root}${SCRIPTS}/pagerduty.lua`));
      assert.equal("644\n", run(`stat -c %a ${shellWord(root)}${SCRIPTS}/pagerduty.lua`));
    });

    it("copies the program, and what it needs", () => {
      make("install");
      const parts = run("ls packaging/library");
      const installed = run(`ls ${shellWord(root)}${LIBRARY}`);
      for (const [part] of string.gmatch(`${parts}centreon-pagerduty.lua\n`, "[^\n]+")) {
        assert.is_not_nil(
          string.find(installed, part as string, 1, true)[0],
          `${part} is not in\n${installed}`,
        );
      }
      const version = string.match(
        readFile("dist/pagerduty.lua") ?? "",
        "^%-%- (centreon%-pagerduty %S+):",
      )[0];
      assert.equal(`${version}\n`, run(`${shellWord(root)}/usr/bin/centreon-pagerduty --version`));
    });

    it("builds nothing, whatever is out of date", () => {
      const plan = run(`make --dry-run --always-make install DESTDIR=${shellWord(root)}`);
      assert.is_nil(string.find(plan, "compiling", 1, true)[0], plan);
    });

    it("removes what it copied, and nothing else", () => {
      make("install");
      run(`touch ${shellWord(root)}${SCRIPTS}/another.lua`);
      make("uninstall");
      assert.equal(`.${SCRIPTS}/another.lua\n`, filesBelow(root));
    });
  });

  describe("with LuaRocks", () => {
    const [version] = string.match(_VERSION, "%d%.%d");

    const luarocks = (command: string): string =>
      run(
        `DESTDIR=${shellWord(root)} LUAROCKS_CONFIG=rockspec/centreon-broker-tree.lua ` +
          `luarocks --lua-version ${version} ${command}`,
      );

    /** The files of the broker's folder itself, without LuaRocks's own records. */
    const scripts = (): string =>
      run(`cd ${shellWord(root)}${SCRIPTS} && find . -type f ! -path './luarocks/*'`);

    it("puts the shipped file where the broker looks, and removes it", () => {
      luarocks("make --deps-mode none rockspec/*.rockspec");
      assert.equal("./pagerduty.lua\n", scripts());
      assert.equal(readFile("dist/pagerduty.lua"), readFile(`${root}${SCRIPTS}/pagerduty.lua`));
      luarocks("remove centreon-pagerduty");
      assert.equal("", scripts());
    });

    it("depends on the modules that the connector can use", () => {
      luarocks("make --deps-mode none rockspec/*.rockspec");
      const shown = luarocks("show --deps centreon-pagerduty");
      for (const dependency of ["lua-curl", "luatz"]) {
        assert.is_not_nil(string.find(shown, dependency, 1, true)[0], shown);
      }
    });
  });
});
