// Whether an output runs: by the lock of its journal, and by the broker's process where that cannot be seen.
import { isOutputRunning } from "../../src/commands/running";
import { outputOf, temporaryPath, waitFor, readFile, writeFile } from "../support/process";

interface Process {
  readonly id: string;
  readonly stop: (this: void) => void;
}

/** A process that the system calls `name`, and that has `path` open. */
function start(folder: string, name: string, path: string): Process {
  outputOf(`cp "$(command -v sleep)" ${folder}/${name}`);
  outputOf(`(exec 3<${path}; exec ${folder}/${name} 60) >/dev/null 2>&1 & echo $! >${folder}/pid`);
  const [id] = string.match(readFile(`${folder}/pid`) ?? "", "%d+");
  waitFor(`${name} to run`, () => (readFile(`/proc/${id}/comm`) === `${name}\n` ? true : undefined));
  return {
    id: id ?? "",
    stop: () => {
      outputOf(`kill ${id} 2>&1`);
      // What is left until its parent has taken note of its end has nothing open.
      waitFor(`${name} to end`, () => (outputOf(`ls /proc/${id}/fd 2>/dev/null`) === "" ? true : undefined));
    },
  };
}

describe("an output", () => {
  let folder: string;
  before_each(() => {
    folder = temporaryPath(".running");
    outputOf(`mkdir ${folder}; touch ${folder}/state.lock ${folder}/other`);
  });
  after_each(() => {
    outputOf(`rm -r ${folder}`);
  });

  it("runs while somebody holds the lock of its journal", () => {
    const holder = start(folder, "holder", `${folder}/state.lock`);
    writeFile(`${folder}/state.lock`, `${holder.id}\n`);
    assert.is_true(isOutputRunning(`${folder}/state`));
    holder.stop();
    assert.is_false(isOutputRunning(`${folder}/state`));
  });

  it("does not run because another broker does, or another process has its number now", () => {
    for (const name of ["cbd", "stranger"]) {
      const other = start(folder, name, `${folder}/other`);
      writeFile(`${folder}/state.lock`, `${other.id}\n`);
      assert.is_false(isOutputRunning(`${folder}/state`), name);
      other.stop();
    }
  });

  it("may run where there is no lock and any broker runs", () => {
    const broker = start(folder, "cbd", `${folder}/other`);
    assert.is_true(isOutputRunning(`${folder}/missing`));
    broker.stop();
  });
});
