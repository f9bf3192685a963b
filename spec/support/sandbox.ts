// Starts tools/sandbox for a spec and talks to its control endpoints. Knows nothing of the connector.
import { decodeJson, encodeJson } from "./json";
import { readFile, temporaryPath, waitFor } from "./process";

/** A running sandbox. Paths are those of tools/sandbox/README.md, such as `/sandbox/alerts`. */
export interface Sandbox {
  readonly url: string;
  readonly tlsUrl: string;
  readonly caFile: string;
  readonly get: (this: void, path: string) => unknown;
  readonly post: (this: void, path: string, body: unknown) => unknown;
  readonly put: (this: void, path: string, body: unknown) => unknown;
  readonly remove: (this: void, path: string) => void;
  readonly stop: (this: void) => void;
}

/** One blocking HTTP exchange with the control endpoints. */
function request(method: string, url: string, body: string | undefined): unknown {
  const curl = require("cURL") as CurlModule;
  let answer = "";
  const easy = curl.easy();
  easy.setopt({
    url,
    customrequest: method,
    timeout_ms: 10000,
    httpheader: ["Content-Type: application/json", "Expect:"],
    writefunction: (chunk: string) => {
      answer = `${answer}${chunk}`;
    },
  });
  if (body !== undefined) easy.setopt({ post: true, postfields: body, customrequest: method });
  easy.perform();
  const status = easy.getinfo_response_code();
  easy.close();
  if (status >= 300) error(`${method} ${url}: ${status} ${answer}`);
  return answer === "" ? undefined : decodeJson(answer);
}

/** Starts a sandbox with more command-line `options`, and waits until it serves. Stop it in the spec's teardown. */
export function startSandbox(options = ""): Sandbox {
  const announced = temporaryPath(".sandbox");
  const command = `exec node build/tools/sandbox/main.js --exit-with-parent ${options} > ${announced}`;
  const [standardInput] = io.popen(command, "w");
  if (standardInput === undefined) return error("cannot start the sandbox");
  const addresses = waitFor("the sandbox to start", () => {
    const text = readFile(announced);
    return text !== undefined && string.find(text, "\n", 1, true)[0] !== undefined ? text : undefined;
  });
  os.remove(announced);
  const { url, tls_url, ca_file } = decodeJson(addresses) as {
    url: string;
    tls_url: string;
    ca_file: string;
  };
  return {
    url,
    tlsUrl: tls_url,
    caFile: ca_file,
    get: (path) => request("GET", `${url}${path}`, undefined),
    post: (path, body) => request("POST", `${url}${path}`, encodeJson(body)),
    put: (path, body) => request("PUT", `${url}${path}`, encodeJson(body)),
    remove: (path) => {
      request("DELETE", `${url}${path}`, undefined);
    },
    stop: () => {
      standardInput.close();
    },
  };
}

/** What busted runs around the specs of a block. Its globals are those of the spec's own file only. */
interface Busted {
  readonly setup: (this: void, run: (this: void) => void) => void;
  readonly teardown: (this: void, run: (this: void) => void) => void;
}

/** A sandbox for the specs of the block, or file, that calls this: it runs, and can be used, while they do. */
export function useSandbox(options = ""): Sandbox {
  const { setup, teardown } = require("busted") as Busted;
  const sandbox = {} as Sandbox;
  setup(() => {
    Object.assign(sandbox, startSandbox(options));
  });
  teardown(() => {
    sandbox.stop();
  });
  return sandbox;
}
