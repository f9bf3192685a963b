// Ports of the loopback interface for specs: one where nobody listens, and one where somebody listens and never
// speaks.
import { outputOf, readFile, temporaryPath, waitFor } from "./process";

/** A port where nothing listens now: the system has just given it out, and gives others out first. */
export function freePort(): number {
  const script =
    'const server = require("net").createServer().listen(0, "127.0.0.1", () => ' +
    "{ console.log(server.address().port); server.close(); });";
  return Number(outputOf(`node -e '${script}'`));
}

/** A server that accepts connections and never sends a byte. */
export interface SilentServer {
  readonly port: number;
  readonly stop: (this: void) => void;
}

/** Stop it in the spec's teardown; it ends with the spec at the latest. */
export function startSilentServer(): SilentServer {
  const announced = temporaryPath(".port");
  const script =
    'const server = require("net").createServer(() => undefined).listen(0, "127.0.0.1", () => ' +
    '{ console.log(server.address().port); }); process.stdin.on("end", () => process.exit()).resume();';
  const [standardInput] = io.popen(`exec node -e '${script}' >${announced}`, "w");
  if (standardInput === undefined) return error("cannot start a silent server");
  const port = waitFor("the silent server to start", () => {
    const [digits] = string.match(readFile(announced) ?? "", "^(%d+)\n");
    return digits;
  });
  os.remove(announced);
  return {
    port: Number(port),
    stop: () => {
      standardInput.close();
    },
  };
}
