// What the parts are given of each other: the journal that they share, or none; who else may use it.
import { names } from "../../src/broker/cache";
import { hasOpen, processId } from "../../src/broker/process";
import { type ConnectorPorts, type Parts, createParts } from "../../src/connector/parts";
import { readRules } from "../../src/rules/from_parameters";
import { readSettings } from "../../src/settings/settings";
import { type FilePort, readFile as readWhole } from "../../src/text/files";
import { hostOf } from "../support/alerts";
import { readFile, temporaryPath, writeFile } from "../support/process";

const KEY = "0123456789abcdef0123456789abcdef";

const files: FilePort = {
  open: (path, mode) => io.open(path, mode as "r"),
  rename: (from, to) => os.rename(from, to),
  makePrivate: () => undefined,
};

describe("the parts", () => {
  let path: string;
  let errors: string[];
  before_each(() => {
    path = temporaryPath(".state");
    errors = [];
  });
  after_each(() => {
    for (const ending of ["", ".lock", ".status"]) os.remove(`${path}${ending}`);
  });

  const partsWith = (parameters: Record<string, string>): Parts => {
    const given = new LuaTable<string, unknown>();
    const all = { pdy_routing_key: KEY, state_path: path, status_path: `${path}.status`, ...parameters };
    for (const [name, value] of Object.entries(all)) given.set(name, value);
    const checked = readSettings(given, readWhole);
    const ports: ConnectorPorts = {
      curl: require("cURL") as CurlModule,
      log: {
        error: (text) => errors.push(text),
        warning: () => undefined,
        info: () => undefined,
        debug: () => undefined,
        isDebug: false,
      },
      names,
      files,
      secrets: [],
      lock: { files, processId: processId(), hasOpen },
    };
    return createParts(checked, readRules(checked), ports);
  };

  it("share one journal: what the book learns is in it", () => {
    const { book } = partsWith({});
    book.setParent(2, 1, true);
    assert.is_not_nil(string.find(readFile(path) ?? "", '"child_id":2,"parent_id":1', 1, true)[0]);
  });

  it("are not made while another output uses the journal", () => {
    const first = partsWith({});
    const [isMade, problem] = pcall(partsWith, {});
    assert.is_false(isMade);
    assert.equal(
      `state_path ${path} is in use by another output: give each output a state_path of its own`,
      problem,
    );
    assert.same([problem], errors);
    assert.is_true(first.journal.isUsable());
  });

  it("of a rehearsal touch neither journal nor status file", () => {
    const { book, writeStatus } = partsWith({ send_data_test: "1" });
    book.setParent(2, 1, true);
    writeStatus();
    for (const ending of ["", ".lock", ".status"]) assert.is_nil(readFile(`${path}${ending}`));
  });

  const versions: [version: number, what: string, remains: boolean][] = [
    [1, "which is made anew from an old form", false],
    [2, "and go on in its file", true],
  ];
  for (const [version, what, remains] of versions) {
    it(`begin with what the journal held, ${what}`, () => {
      const text = `{"journal":"centreon-pagerduty journal","version":${version}}\n{"host_id":1,"state":1,"downtime_depth":0}\n`;
      writeFile(path, text);
      const { book, journal } = partsWith({});
      assert.is_true(book.knowsHost(1));
      assert.is_nil(book.findAlert(hostOf(1)));
      assert.is_true(journal.isUsable());
      assert.equal(remains, string.sub(readFile(path) ?? "", 1, text.length) === text);
      assert.same([], errors);
    });
  }

  it("that nobody asked for are not there: no changes are told, no events recorded", () => {
    const plain = partsWith({});
    assert.is_nil(plain.watchChanges);
    assert.is_nil(plain.record);
  });
});
