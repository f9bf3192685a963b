// The rules' file while the connector runs: when it is read, what holds where it cannot be used, what a change frees.
import { createPlaceSweep } from "../../src/connector/place_sweep";
import { type RulesWatch, createRulesWatch } from "../../src/connector/rules_watch";
import type { FilePort } from "../../src/text/files";
import { serviceOf } from "../support/alerts";
import { outputOf, readFile, temporaryPath, writeFile } from "../support/process";
import { type Scene, createScene } from "../support/scene";

const files: FilePort = {
  open: (path, mode) => io.open(path, mode as "r"),
  rename: (from, to) => os.rename(from, to),
  makePrivate: () => undefined,
};

/** Rules for this spec: lines of services' ids that are held, and by which rule. `bad` cannot be read. */
function readHeld(text: string): LuaTable<number, string | undefined> | string {
  if (string.find(text, "bad", 1, true)[0] !== undefined) return `line 1: ${text}`;
  const held = new LuaTable<number, string | undefined>();
  for (const [id, rule] of string.gmatch(text, "(%d+) (%a+)")) held.set(tonumber(id) as number, rule);
  return held;
}

describe("the watch over the rules' file", () => {
  let folder: string;
  let path: string;
  let copyPath: string;
  let scene: Scene;
  let held: LuaTable<number, string | undefined>;
  let said: string[];
  let watch: RulesWatch;
  let sweep: ReturnType<typeof createPlaceSweep>;
  let reads: number;

  before_each(() => {
    folder = temporaryPath(".rules");
    outputOf(`mkdir ${folder}`);
    path = `${folder}/rules.lua`;
    copyPath = `${folder}/state.rules`;
    held = new LuaTable();
    said = [];
    reads = 0;
    scene = createScene(
      {},
      {
        rejectionOf: ({ resource }) => {
          const rule = "serviceId" in resource ? held.get(resource.serviceId) : undefined;
          return rule === undefined ? undefined : `rule "${rule}" says page = false`;
        },
      },
    );
  });
  after_each(() => {
    outputOf(`rm -r ${folder}`);
  });

  const start = (): void => {
    const { book } = scene;
    watch = createRulesWatch(
      { path, copyPath },
      {
        now: scene.now,
        files: {
          ...files,
          open: (...given) => {
            if (given[0] === path) reads = reads + 1;
            return files.open(...given);
          },
        },
        take: (text) => {
          const read = readHeld(text);
          if (typeof read === "string") return read;
          held = read;
          let count = 0;
          for (const [_] of read) count = count + 1;
          return count;
        },
        judgeAll: () => sweep.begin(),
        isJudging: () => sweep.isUnderWay(),
        log: {
          info: (text) => said.push(`INFO ${text}`),
          warning: (text) => said.push(`WARNING ${text}`),
          error: (text) => said.push(`ERROR ${text}`),
        },
      },
    );
    sweep = createPlaceSweep({
      eachAlert: book.eachAlert,
      findAlert: book.findAlert,
      readPlace: book.readPlace,
      refresh: watch.watching(book.refresh),
    });
  };

  /** What was said since the last call, without the path. */
  const takeSaid = (): string[] => {
    const lines = said.map((text) => string.gsub(text, `pdy_rules_file ${path}`, "FILE")[0]);
    said = [];
    return lines;
  };

  /** So many seconds go by, with a look in each, and a turn of the sweep. */
  const pass = (seconds: number): void => {
    for (const _ of $range(1, seconds)) {
      scene.pass(1);
      sweep.turn(1000);
      watch.look();
    }
  };

  /** The file holds `text` from now on, and is looked at. */
  const change = (text: string): void => {
    writeFile(path, text);
    pass(32);
  };

  const services = (first: number, last: number): void => {
    for (const id of $range(first, last)) scene.service({ resource: serviceOf(1, id) });
  };

  it("has the rules hold from the start on, and keeps a copy that says what it is", () => {
    writeFile(path, "2 backup\n");
    start();
    services(1, 2);
    assert.same(["trigger critical 1_1"], scene.sent());
    watch.look();
    assert.same(["INFO FILE: 1 rule"], takeSaid());
    assert.equal(
      `-- The last good ${path}, kept by the connector: change that file, not this one.\n2 backup\n`,
      readFile(copyPath),
    );
    assert.is_nil(readFile(`${copyPath}.new`));
  });

  it("judges everything anew when the file has changed, within half a minute", () => {
    writeFile(path, "1 backup\n2 backup\n");
    start();
    services(1, 3);
    assert.same(["trigger critical 1_3"], scene.sent());
    watch.look();
    takeSaid();
    writeFile(path, "1 backup\n4 mute\n");
    pass(29);
    assert.same([], scene.sent());
    pass(2);
    assert.same(["trigger critical 1_2"], scene.sent());
    assert.same(
      [
        'INFO FILE has changed: 2 rules; 1 problem is freed, to page now. What held before: rule "backup" says page = false (1)',
      ],
      takeSaid(),
    );
    pass(120);
    assert.same([], takeSaid());
  });

  it("reads the file once in half a minute", () => {
    writeFile(path, "1 backup\n");
    start();
    reads = 0;
    pass(300);
    assert.equal(10, reads);
  });

  it("tells how many a change holds", () => {
    writeFile(path, "1 backup\n");
    start();
    watch.look();
    takeSaid();
    scene.setAway(true);
    services(1, 5);
    change("1 backup\n2 mute\n3 mute\n");
    assert.same(["INFO FILE has changed: 3 rules; 2 problems are held now"], takeSaid());
  });

  it("warns when more than fifty are freed at once, with the rules that held them", () => {
    const lines: string[] = [];
    for (const id of $range(1, 40)) lines.push(`${id} backup`);
    for (const id of $range(41, 51)) lines.push(`${id} mute`);
    writeFile(path, lines.join("\n"));
    start();
    services(1, 51);
    watch.look();
    takeSaid();
    change("60 other\n");
    assert.same(
      [
        'WARNING FILE has changed: 1 rule; 51 problems are freed, to page now. What held before: rule "backup" says page = false (40); rule "mute" says page = false (11)',
      ],
      takeSaid(),
    );
    assert.equal(51, scene.sent().length);
  });

  it("stays with the last good one while the file is bad, and says so once", () => {
    writeFile(path, "1 backup\n");
    start();
    watch.look();
    takeSaid();
    change("bad\n");
    assert.same(
      ["ERROR FILE is not used: line 1: bad\n; the last good one holds instead (1 rule)"],
      takeSaid(),
    );
    services(1, 2);
    assert.same(["trigger critical 1_2"], scene.sent());
    pass(300);
    assert.same([], takeSaid());
    change("bad again\n");
    assert.equal(1, takeSaid().length);
    change("1 backup\n");
    assert.same(["INFO FILE is as it was before: 1 rule"], takeSaid());
  });

  it("stays with the last good one while the file is gone", () => {
    writeFile(path, "1 backup\n");
    start();
    watch.look();
    takeSaid();
    os.remove(path);
    pass(32);
    const [line, more] = takeSaid();
    assert.is_nil(more);
    assert.equal(
      `ERROR FILE is not used: ${path}: No such file or directory; the last good one holds instead (1 rule)`,
      line,
    );
    services(1, 2);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("does not complain of a file that is being written", () => {
    writeFile(path, "1 backup\n");
    start();
    watch.look();
    takeSaid();
    writeFile(path, "bad, half of it");
    pass(30);
    writeFile(path, "2 backup\n");
    pass(4);
    assert.same(["INFO FILE has changed: 1 rule"], takeSaid());
  });

  it("uses the copy where the file is bad at a start", () => {
    writeFile(path, "1 backup\n");
    start();
    takeSaid();
    writeFile(path, "bad\n");
    held = new LuaTable();
    start();
    assert.same(
      ["ERROR FILE is not used: line 1: bad\n; the last good one holds instead (1 rule)"],
      takeSaid(),
    );
    services(1, 2);
    assert.same(["trigger critical 1_2"], scene.sent());
    change("2 backup\n");
    // What is open stays open, whatever the rules say.
    assert.same(
      [
        'INFO FILE has changed: 1 rule; 1 problem is freed, to page now. What held before: rule "backup" says page = false (1)',
      ],
      takeSaid(),
    );
  });

  it("uses no copy of another file", () => {
    writeFile(path, "1 backup\n");
    start();
    takeSaid();
    held = new LuaTable();
    path = `${folder}/other.lua`;
    start();
    assert.same(
      [
        `ERROR FILE is not used: ${path}: No such file or directory; there is no last good one, so the parameters alone hold`,
      ],
      takeSaid(),
    );
    services(1, 1);
    assert.same(["trigger critical 1_1"], scene.sent());
  });

  it("takes the file when it appears", () => {
    start();
    takeSaid();
    change("1 backup\n");
    assert.same(["INFO FILE has changed: 1 rule"], takeSaid());
    services(1, 1);
    assert.same([], scene.sent());
  });

  it("says at a start what has changed since the last one", () => {
    writeFile(path, "1 backup\n");
    start();
    services(1, 2);
    watch.look();
    takeSaid();
    writeFile(path, "7 backup\n");
    start();
    sweep.begin();
    pass(2);
    assert.same(
      [
        'INFO FILE has changed: 1 rule; 1 problem is freed, to page now. What held before: rule "backup" says page = false (1)',
      ],
      takeSaid(),
    );
    start();
    assert.same(["INFO FILE: 1 rule"], takeSaid());
  });

  it("says once for each change that the copy cannot be kept", () => {
    outputOf(`mkdir ${copyPath}`);
    writeFile(path, "1 backup\n");
    start();
    assert.equal(
      1,
      takeSaid().filter((text) => string.find(text, "cannot be kept", 1, true)[0] !== undefined).length,
    );
    services(1, 2);
    assert.same(["trigger critical 1_2"], scene.sent());
  });

  it("takes a folder for a file that cannot be read", () => {
    outputOf(`mkdir ${path}`);
    start();
    assert.same(
      [
        `ERROR FILE is not used: ${path} is not a file; there is no last good one, so the parameters alone hold`,
      ],
      takeSaid(),
    );
  });
});
