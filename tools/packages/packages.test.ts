// The packages: built twice with the same bytes, installed below scratch roots with dpkg, rpm and LuaRocks, with the
// right files and modes, and removed without a trace.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TestContext } from "node:test";
import {
  PROJECT,
  SCRIPT,
  SCRIPTS,
  VERSION,
  folderFor,
  run,
  scratchRoot,
  tree,
  write,
} from "../install/test_support.js";

const DEB = `centreon-pagerduty_${VERSION}_all.deb`;
const RPM = `centreon-pagerduty-${VERSION}-1.noarch.rpm`;
const ROCK = `centreon-pagerduty-${VERSION}-1.all.rock`;
const DOCUMENTS = "/usr/share/doc/centreon-pagerduty";
/** Folders below /usr/share that are other packages', too. */
const SHARED = ["doc", "man", "man/man8", "bash-completion", "bash-completion/completions"];
/** What is found there, in the places that it has in the repository. */
const DOCUMENTED = [
  ...readdirSync(PROJECT).filter((name) => name.endsWith(".md")),
  "LICENSE",
  "docs",
  "packaging/centreon",
  ...["brokerhost", "lcurl", "sandbox"].map((tool) => `tools/${tool}/README.md`),
];

/** Below these, package managers keep their own records. */
const RECORDS = ["var/", `${SCRIPTS.slice(1)}/luarocks/`];

/** dpkg and rpm want to be root; another user is root in a namespace of its own. */
const AS_ROOT = process.getuid?.() === 0 ? [] : ["unshare", "--map-root-user"];

interface Ended {
  status: number | null;
  said: string;
}

function execute(command: string[], env: Record<string, string> = {}, cwd = PROJECT): Ended {
  const [program = "", ...args] = command;
  const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
  const ended = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: path, ...env },
  });
  return { status: ended.status, said: `${ended.stdout}${ended.stderr}` };
}

function succeed(command: string[], env: Record<string, string> = {}, cwd = PROJECT): string {
  const { status, said } = execute(command, env, cwd);
  assert.equal(status, 0, `${command.join(" ")}\n${said}`);
  return said;
}

/** What packages are made from, as a clone has it, below `folder`. */
async function copyProject(folder: string): Promise<string> {
  const parts = `Makefile package.json dist packaging rockspec tools/packages src/version.ts`.split(" ");
  for (const part of [...parts, ...DOCUMENTED])
    await cp(join(PROJECT, part), join(folder, part), { recursive: true });
  for (const sources of ["types", "spec", "bench"]) await mkdir(join(folder, sources));
  return folder;
}

/** The files of a folder, or the file. */
function filesOf(project: string, part: string): string[] {
  if (statSync(join(project, part)).isFile()) return [part];
  return readdirSync(join(project, part)).flatMap((name) => filesOf(project, join(part, name)));
}

/** What a package manager changed below a root, apart from its own records. */
function changes(before: string[], root: string): { added: string[]; gone: string[] } {
  const ours = (line: string): boolean => !RECORDS.some((path) => line.startsWith(path));
  const now = tree(root);
  return {
    added: now.filter((line) => ours(line) && !before.includes(line)),
    gone: before.filter((line) => ours(line) && !now.includes(line)),
  };
}

/** A Centreon server, with the folders that every system has. */
async function serverRoot(context: TestContext): Promise<string> {
  const root = await scratchRoot(context);
  await mkdir(join(root, "usr/bin"));
  for (const folder of SHARED) await mkdir(join(root, "usr/share", folder));
  return root;
}

describe("the packages", () => {
  let folder = "";
  let project = "";
  let out = "";
  const EPOCH = "1750000000";

  /** Each line that `tree` has for what deb and rpm install, from the files that they are made from. */
  function expected(more: Record<string, string> = {}): string[] {
    const from = (path: string): string => readFileSync(join(project, path), "latin1");
    const files: Record<string, [mode: string, content: string]> = {
      [SCRIPT]: ["644", from("dist/pagerduty.lua")],
      "/usr/bin/centreon-pagerduty": ["755", from("packaging/centreon-pagerduty")],
      "/usr/share/centreon-pagerduty/centreon-pagerduty.lua": ["644", from("dist/centreon-pagerduty.lua")],
    };
    for (const [source, target] of [
      ["packaging/man/centreon-pagerduty.8", "/usr/share/man/man8/centreon-pagerduty.8"],
      [
        "packaging/completion/centreon-pagerduty",
        "/usr/share/bash-completion/completions/centreon-pagerduty",
      ],
    ] as const) {
      files[target] = ["644", from(source)];
    }
    const folders = new Set(["usr/share/centreon-pagerduty"]);
    for (const name of readdirSync(join(project, "packaging/library"))) {
      files[`/usr/share/centreon-pagerduty/${name}`] = ["644", from(`packaging/library/${name}`)];
    }
    for (const document of DOCUMENTED.flatMap((part) => filesOf(project, part))) {
      files[`${DOCUMENTS}/${document}`] = ["644", from(document)];
      for (let folder = dirname(document); ; folder = dirname(folder)) {
        folders.add(join(DOCUMENTS, folder).slice(1));
        if (folder === ".") break;
      }
    }
    for (const [path, source] of Object.entries(more)) files[path] = ["644", from(source)];
    return [
      ...[...folders].map((path) => `${path}/ 755`),
      ...Object.entries(files).map(([path, [mode, content]]) => `${path.slice(1)} ${mode} ${content}`),
    ].sort();
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "centreon-pagerduty-packages-"));
    project = await copyProject(join(folder, "one"));
    out = join(folder, "out");
    succeed(["tools/packages/release.sh", out], { SOURCE_DATE_EPOCH: EPOCH }, project);
  });
  after(() => rm(folder, { recursive: true }));

  it("are all there, with checksums that are right", () => {
    assert.deepEqual(readdirSync(out).sort(), ["SHA256SUMS", ROCK, RPM, DEB, "pagerduty.lua"].sort());
    const checked = succeed(["sha256sum", "--check", "SHA256SUMS"], {}, out);
    assert.equal(checked.match(/: OK$/gm)?.length, 4, checked);
  });

  it("have the same bytes when they are built by another, elsewhere, at another time", async () => {
    const elsewhere = await copyProject(join(folder, "another, with a longer name"));
    // Copied files have other times; who builds has another umask and another time zone.
    const command = `umask 077; sleep 1; exec tools/packages/release.sh "${folder}/again"`;
    succeed(
      ["sh", "-c", command],
      { SOURCE_DATE_EPOCH: EPOCH, TZ: "Asia/Tokyo", LC_ALL: "C.UTF-8" },
      elsewhere,
    );
    for (const name of readdirSync(out)) {
      assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(folder, "again", name))), name);
    }
  });

  it("carry the date that they are given, and no machine's name", () => {
    const dates = succeed(["dpkg-deb", "--contents", join(out, DEB)]).match(/\d{4}-\d\d-\d\d \d\d:\d\d/g);
    assert.deepEqual([...new Set(dates)], ["2025-06-15 15:06"]);
    const built = succeed(["rpm", "-qp", "--queryformat", "%{BUILDTIME} %{BUILDHOST}", join(out, RPM)]);
    assert.equal(built, `${EPOCH} localhost`);
  });

  describe("the deb", () => {
    /** A root with dpkg's records, in which lua-curl has this version. */
    async function debianRoot(context: TestContext, luaCurl: string): Promise<string> {
      const root = await serverRoot(context);
      const installed = `Package: lua-curl\nStatus: install ok installed\nVersion: ${luaCurl}\nArchitecture: amd64\n`;
      const about = "Maintainer: nobody <nobody@localhost>\nDescription: lua-curl\n";
      await write(join(root, "var/lib/dpkg/status"), `${installed}${about}`);
      for (const name of ["info", "updates", "triggers"]) await mkdir(join(root, "var/lib/dpkg", name));
      await write(
        join(root, "var/lib/dpkg/info/lua-curl.list"),
        ["/.", "/usr", "/usr/bin", "/usr/share", ...SHARED.map((folder) => `/usr/share/${folder}`), ""].join(
          "\n",
        ),
      );
      return root;
    }

    const dpkg = (root: string, ...args: string[]): Ended =>
      execute([...AS_ROOT, "dpkg", "--root", root, "--log", "/dev/null", ...args]);

    it("says what it is, and what it needs", () => {
      const field = (name: string): string => succeed(["dpkg-deb", "--field", join(out, DEB), name]).trim();
      assert.equal(field("Version"), VERSION);
      assert.equal(field("Architecture"), "all");
      assert.equal(field("Depends"), "lua-curl (>= 0.3.13~)");
      assert.match(field("Recommends"), /\blua-tz\b/);
    });

    it("brings its files, and goes without a trace", async (context) => {
      const root = await debianRoot(context, "0.3.13-10");
      const before = tree(root);
      const installed = dpkg(root, "--install", join(out, DEB));
      assert.equal(installed.status, 0, installed.said);
      const copyright = { [`${DOCUMENTS}/copyright`]: "packaging/deb/copyright" };
      assert.deepEqual(changes(before, root), { added: expected(copyright), gone: [] });
      assert.equal(dpkg(root, "--verify", "centreon-pagerduty").said, "");
      const removed = dpkg(root, "--purge", "centreon-pagerduty");
      assert.equal(removed.status, 0, removed.said);
      assert.deepEqual(changes(before, root), { added: [], gone: [] });
    });

    // 0.3.0-12 is Debian's own, another library; the others are versions of Centreon's.
    for (const [luaCurl, status] of [
      ["0.3.0-12", 1],
      ["0.3.13-6", 0],
      ["0.3.13-20+deb12u1", 0],
    ] as const) {
      it(`${status === 0 ? "takes" : "does not take"} lua-curl ${luaCurl}`, async (context) => {
        const root = await debianRoot(context, luaCurl);
        const { status: ended, said } = dpkg(root, "--install", join(out, DEB));
        assert.equal(ended, status, said);
        if (status !== 0) assert.match(said, /depends on lua-curl \(>= 0\.3\.13~\)/);
      });
    }
  });

  describe("the rpm", () => {
    const rpm = (root: string, ...args: string[]): Ended =>
      execute([...AS_ROOT, "rpm", "--root", root, "--dbpath", "/var/lib/rpm", ...args]);

    it("says what it is, and what it needs", () => {
      const query = "%{VERSION} %{RELEASE} %{ARCH} %{LICENSE}";
      assert.equal(
        succeed(["rpm", "-qp", "--queryformat", query, join(out, RPM)]),
        `${VERSION} 1 noarch Apache-2.0`,
      );
      const needed = succeed(["rpm", "-qp", "--requires", join(out, RPM)]).split("\n");
      assert.deepEqual(
        needed.filter((line) => line !== "" && !line.startsWith("rpmlib(")),
        ["/bin/sh", "lua-curl >= 0.3.13"],
      );
      // EL 8 reads no newer payload than this, nor what only newer rpms know.
      assert.equal(succeed(["rpm", "-qp", "--queryformat", "%{PAYLOADCOMPRESSOR}", join(out, RPM)]), "gzip");
    });

    it("brings its files, and goes without a trace", async (context) => {
      const root = await serverRoot(context);
      const before = tree(root);
      const installed = rpm(root, "--install", "--nodeps", join(out, RPM));
      assert.equal(installed.status, 0, installed.said);
      assert.deepEqual(changes(before, root), { added: expected(), gone: [] });
      const removed = rpm(root, "--erase", "--nodeps", "centreon-pagerduty");
      assert.equal(removed.status, 0, removed.said);
      assert.deepEqual(changes(before, root), { added: [], gone: [] });
    });
  });

  describe("the rock", () => {
    for (const lua of ["5.1", "5.3", "5.4"]) {
      it(`puts the connector where the broker looks, for Lua ${lua}, and removes it`, async (context) => {
        const root = await serverRoot(context);
        const before = tree(root);
        const env = { DESTDIR: root, LUAROCKS_CONFIG: join(PROJECT, "rockspec/centreon-broker-tree.lua") };
        const luarocks = ["luarocks", "--lua-version", lua];
        succeed([...luarocks, "install", "--deps-mode", "none", join(out, ROCK)], env);
        assert.deepEqual(changes(before, root).added, [
          `${SCRIPT.slice(1)} 644 ${readFileSync(join(PROJECT, "dist/pagerduty.lua"), "latin1")}`,
        ]);
        succeed([...luarocks, "remove", "centreon-pagerduty"], env);
        rmSync(`${root}${SCRIPTS}/luarocks`, { recursive: true });
        assert.deepEqual(changes(before, root), { added: [], gone: [] });
      });
    }
  });

  it("bring documents whose links lead to files", async (context) => {
    const root = await folderFor(context);
    succeed(["dpkg-deb", "--extract", join(out, DEB), root]);
    const documents = filesOf(root, DOCUMENTS).filter((path) => path.endsWith(".md"));
    const links = documents.flatMap((document) =>
      [...readFileSync(join(root, document), "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
        ([, target = ""]) => [document, join(dirname(document), target)] as const,
      ),
    );
    assert.ok(links.length > 50, `${links.length} links`);
    assert.deepEqual(
      links.filter(([, target]) => !existsSync(join(root, target))),
      [],
    );
  });

  it("have a program that finds its files", async (context) => {
    const root = await folderFor(context);
    succeed(["dpkg-deb", "--extract", join(out, DEB), root]);
    const program = join(root, "usr/bin/centreon-pagerduty");
    assert.equal((await run(["--version"], { program })).stdout, `centreon-pagerduty ${VERSION}\n`);
    const { status, said } = await run(["install", "--root", root], { program });
    assert.equal(status, 0, said);
    assert.match(said, /It is in place\./);
  });
});

describe("building", () => {
  for (const [missing, message] of [
    ["dist/centreon-pagerduty.lua", /dist\/centreon-pagerduty\.lua is missing: run make build first/],
    ["packaging/centreon", /packaging\/centreon is missing/],
    ["dist/pagerduty.lua", /dist\/pagerduty\.lua is missing/],
  ] as const) {
    it(`says that ${missing} is missing, and leaves nothing`, async (context) => {
      const project = await copyProject(await folderFor(context));
      rmSync(join(project, missing), { recursive: true });
      const { status, said } = execute(["tools/packages/deb.sh", "out"], {}, project);
      assert.equal(status, 1);
      assert.match(said, message);
      assert.deepEqual(readdirSync(join(project, "out")), []);
    });
  }

  it("takes the version from package.json", async (context) => {
    const project = await copyProject(await folderFor(context));
    const text = readFileSync(join(project, "package.json"), "utf8");
    writeFileSync(
      join(project, "package.json"),
      text.replace(`"version": "${VERSION}"`, '"version": "7.8.9"'),
    );
    succeed(["tools/packages/version.sh"], {}, project);
    assert.deepEqual(
      readdirSync(join(project, "rockspec")).filter((name) => name.endsWith(".rockspec")),
      ["centreon-pagerduty-7.8.9-1.rockspec"],
    );
    succeed(["luarocks", "lint", "rockspec/centreon-pagerduty-7.8.9-1.rockspec"], {}, project);
    succeed(["tools/packages/deb.sh", "out"], {}, project);
    assert.deepEqual(readdirSync(join(project, "out")), ["centreon-pagerduty_7.8.9_all.deb"]);
    for (const file of ["src/version.ts", "README.md", "docs/install.md", "docs/quick-start.md"]) {
      assert.match(readFileSync(join(project, file), "utf8"), /7\.8\.9/, file);
    }
    // A second time there is nothing to do.
    assert.equal(succeed(["tools/packages/version.sh"], {}, project), "");
  });
});
