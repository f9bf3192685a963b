// The journal's lock: one output for each journal, told by who really has the lock file open.
import { type LockPorts, lockJournal } from "../../src/journal/lock";
import { hasOpen, processId } from "../../src/broker/process";
import { outputOf, readFile, temporaryPath, waitFor, writeFile } from "../support/process";

const ports: LockPorts = {
  files: {
    open: (name, mode) => io.open(name, mode as "r"),
    rename: (from, to) => os.rename(from, to),
    makePrivate: () => undefined,
  },
  processId: processId(),
  hasOpen,
};

describe("the journal's lock", () => {
  let path: string;
  before_each(() => {
    path = temporaryPath(".state");
  });
  after_each(() => {
    os.remove(`${path}.lock`);
  });

  it("is given to the first output alone, also within one process", () => {
    assert.is_true(lockJournal(path, ports));
    assert.is_false(lockJournal(path, ports));
  });

  it("is refused while another process holds it, and given when that is gone, however it went", () => {
    const [holder] = io.popen(`exec 9>'${path}.lock'; echo $$ >&9; read line`, "w");
    if (holder === undefined) return error("cannot start a process");
    waitFor("the other process to hold the lock", () => {
      const [id] = string.match(readFile(`${path}.lock`) ?? "", "^%d+\n");
      return id;
    });
    assert.is_false(lockJournal(path, ports));
    holder.close();
    assert.is_true(lockJournal(path, ports));
  });

  const leftovers: [what: string, text: string][] = [
    ["a process that is no more", "4194305\n"],
    ["a process that does other things", `${string.gsub(outputOf("echo $PPID"), "%s", "")[0]}\n`],
    ["nobody", ""],
    ["nonsense", "who am I\n"],
  ];
  for (const [what, text] of leftovers) {
    it(`is given where the file left behind names ${what}`, () => {
      writeFile(`${path}.lock`, text);
      assert.is_true(lockJournal(path, ports));
    });
  }

  it("is given where it cannot be written: the journal says what is wrong", () => {
    assert.is_true(lockJournal("/missing/folder/pagerduty.state", ports));
  });
});
