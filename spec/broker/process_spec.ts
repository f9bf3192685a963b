// broker/process: what the system tells of processes and files, asked of the process that runs this spec.
import { hasOpen, makePrivate, processId } from "../../src/broker/process";
import { outputOf, shellWord, temporaryPath, writeFile } from "../support/process";

describe("processId", () => {
  it("is the id by which the system knows this process", () => {
    // A shell started from here has this process as its parent.
    assert.equal(string.match(outputOf("echo $PPID"), "%d+")[0], processId());
  });
});

describe("hasOpen", () => {
  // A path as hostile to a shell as paths get.
  const path = temporaryPath(" it's $(false) .lock");

  teardown(() => {
    os.remove(path);
  });

  it("is true while a process has the file open, and false before and after", () => {
    writeFile(path, "");
    assert.is_false(hasOpen(processId(), path));
    const [file] = io.open(path, "r");
    assert.is_true(hasOpen(processId(), path));
    file?.close();
    assert.is_false(hasOpen(processId(), path));
  });

  it("is false for a process that does not exist, and for a file that does not", () => {
    assert.is_false(hasOpen("999999999", path));
    assert.is_false(hasOpen(processId(), `${path}.nowhere`));
  });
});

describe("makePrivate", () => {
  it("leaves a file's rights to its owner", () => {
    const path = temporaryPath(" it's $(false) .state");
    writeFile(path, "");
    os.execute(`chmod 666 ${shellWord(path)}`);
    makePrivate(path);
    assert.equal("600\n", outputOf(`stat -c %a ${shellWord(path)}`));
    os.remove(path);
  });
});
