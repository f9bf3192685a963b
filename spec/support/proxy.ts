// Starts tinyproxy, a real HTTP proxy, for a spec, and reads from its log what went through it.
import { freePort } from "./ports";
import { readFile, temporaryPath, waitFor, writeFile } from "./process";

/** What the proxy asks for. tinyproxy takes letters, digits, "-", "." and "_". */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Proxy {
  readonly port: number;
  /** The requests that came in, such as `CONNECT localhost:4443 HTTP/1.1`, those without the password included. */
  readonly requests: (this: void) => string[];
  readonly stop: (this: void) => void;
}

/** Starts a proxy that wants `credentials` (none: open to all), with more lines of its configuration. Stop it in the spec's teardown. */
export function startProxy(
  credentials?: Credentials,
  port = freePort(),
  more: readonly string[] = [],
): Proxy {
  const [configuration, log] = [temporaryPath(".conf"), temporaryPath(".log")];
  const lines = [
    `Port ${string.format("%d", port)}`,
    "Listen 127.0.0.1",
    `LogFile "${log}"`,
    "LogLevel Info",
    ...(credentials === undefined ? [] : [`BasicAuth ${credentials.user} ${credentials.password}`]),
    ...more,
  ];
  writeFile(configuration, `${lines.join("\n")}\n`);
  // Ends with the spec: `cat` reads until the pipe is closed.
  const [standardInput] = io.popen(
    `tinyproxy -d -c ${configuration} >/dev/null 2>&1 & proxy=$!; cat; kill $proxy; wait $proxy`,
    "w",
  );
  if (standardInput === undefined) return error("cannot start tinyproxy");
  waitFor(
    "tinyproxy to accept connections (is it installed? see make setup)",
    () => string.find(readFile(log) ?? "", "Accepting connections", 1, true)[0],
  );
  return {
    port,
    requests: () => {
      const requests: string[] = [];
      for (const [request] of string.gmatch(readFile(log) ?? "", "Request %([^)]*%): ([^\n]*)")) {
        requests.push(request ?? "");
      }
      return requests;
    },
    stop: () => {
      standardInput.close();
      for (const file of [configuration, log]) os.remove(file);
    },
  };
}
