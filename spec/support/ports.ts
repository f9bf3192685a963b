// Addresses for specs: where nobody listens, where nobody listens yet, where somebody listens and never speaks, and a
// name that no host has.
import { outputOf, readFile, temporaryPath, waitFor } from "./process";

/** Where nobody ever listens. */
export const REFUSING_PORT = 1;
export const REFUSING_URL = `http://127.0.0.1:${REFUSING_PORT}`;

/** Too long for a label: no name server is asked, so it is the same with and without a network, and at once. */
export const NO_HOST = `${string.rep("x", 64)}.invalid`;

/** A port where nothing listens yet; the system gives it to nobody who asks for any port (those are above 32767). */
export function freePort(): number {
  const script =
    'const listen = () => { const server = require("net").createServer().on("error", listen).listen(' +
    '20000 + Math.floor(12000 * Math.random()), "127.0.0.1", () => ' +
    "{ console.log(server.address().port); server.close(); }); }; listen();";
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
