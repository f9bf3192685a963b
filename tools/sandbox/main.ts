// The sandbox as a program: options, what it says of where it listens, and the ways it ends. What it does in between is
// the server's.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSandbox } from "./server.js";

const USAGE = `Usage: main.js [options]
  --port N            HTTP port on 127.0.0.1 (0: a free one)
  --tls-port N        HTTPS port on 127.0.0.1 (0: a free one)
  --tls-dir DIR       where the test CA is left (a temporary directory)
  --client-ca FILE    HTTPS only for clients with a certificate of this authority (PEM)
  --no-http2          HTTP/1.1 only
  --rate-limit N      requests per routing key in any 60 s (120; 0: no limit)
  --routing-key KEY   a key that exists; repeatable (none given: every well-formed key exists)
  --max-seconds N     ends by itself after this time (3600)
  --in-words          says where it listens to a person, in place of a line of JSON
  --exit-with-parent  ends when standard input closes
  --help              prints this text
`;

/** Prints what is wrong and the usage, and ends as programs do on wrong usage. */
function endOnWrongUsage(complaint: string): never {
  process.stderr.write(`${complaint}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "0" },
        "tls-port": { type: "string", default: "0" },
        "tls-dir": { type: "string" },
        "client-ca": { type: "string" },
        "no-http2": { type: "boolean", default: false },
        "rate-limit": { type: "string", default: "120" },
        "routing-key": { type: "string", multiple: true, default: [] },
        "max-seconds": { type: "string", default: "3600" },
        "in-words": { type: "boolean", default: false },
        "exit-with-parent": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return endOnWrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, maximum: number): number {
  if (/^\d+$/.test(text) && Number(text) <= maximum) return Number(text);
  return endOnWrongUsage(`--${name} takes a whole number up to ${maximum}, not "${text}"`);
}

const given = readArguments();
if (given.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const port = wholeNumber("port", given.port, 65535);
const tlsPort = wholeNumber("tls-port", given["tls-port"], 65535);
const rateLimit = wholeNumber("rate-limit", given["rate-limit"], Number.MAX_SAFE_INTEGER);
// A timer of Node takes no more than 2^31 ms.
const maxSeconds = wholeNumber("max-seconds", given["max-seconds"], 2_000_000);
const strangeKey = given["routing-key"].find((key) => key.length !== 32);
if (strangeKey !== undefined) endOnWrongUsage(`--routing-key takes 32 characters, not "${strangeKey}"`);

let tlsDir = given["tls-dir"];
if (tlsDir === undefined) {
  const temporary = mkdtempSync(join(tmpdir(), "pagerduty-sandbox-"));
  process.on("exit", () => {
    rmSync(temporary, { recursive: true, force: true });
  });
  tlsDir = temporary;
} else mkdirSync(tlsDir, { recursive: true });

const end = () => process.exit(0);
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
if (given["exit-with-parent"]) {
  // A pipe whose other end dies may also end in an error.
  process.stdin.on("end", end).on("error", end).resume();
}

const sandbox = await startSandbox({
  port,
  tlsPort,
  tlsDir,
  clientCaFile: given["client-ca"],
  http2: !given["no-http2"],
  rateLimit,
  routingKeys: given["routing-key"],
  onStop: end,
  // Steps of the system's clock must not disturb the sliding minute.
  now: () => performance.timeOrigin + performance.now(),
}).catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  const remedy = reason.includes("EADDRINUSE") ? ": choose another one (--port, make sandbox PORT=N)" : "";
  process.stderr.write(`sandbox: ${reason}${remedy}\n`);
  process.exit(1);
});
setTimeout(() => {
  process.stderr.write(`sandbox: ending after ${maxSeconds} s (--max-seconds)\n`);
  end();
}, maxSeconds * 1000);
const { url, tls_url, ca_file } = sandbox;
process.stdout.write(
  given["in-words"]
    ? `The page:    ${url}/
Events API:  ${url}/v2/enqueue
             ${tls_url}/v2/enqueue (authority: ${ca_file})
REST API:    ${url}/incidents, any key
Ctrl-C ends it; by itself it ends after ${maxSeconds} s.
`
    : `${JSON.stringify({ url, tls_url, ca_file, pid: process.pid })}\n`,
);
