// A web server of nobody in particular for specs, which writes down what it is asked for: another one than PagerDuty.
import type { ClientCertificates } from "./certificates";
import { readFile, temporaryPath, waitFor, writeFile } from "./process";

export interface WebServer {
  /** Without a path. */
  readonly url: string;
  /** What was asked for, such as `GET /ping (body: "", client: none)`. */
  readonly requests: (this: void) => string[];
  /** What it answers from now on; 200 at first. */
  readonly answer: (this: void, status: number) => void;
  readonly stop: (this: void) => void;
}

const SCRIPT = `
const fs = require("fs");
const [folder, cert, key] = process.argv.slice(1);
const options = cert && { cert: fs.readFileSync(cert), key: fs.readFileSync(key), requestCert: true, rejectUnauthorized: false };
const handle = (request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; });
  request.on("end", () => {
    const client = options && request.socket.getPeerCertificate().subject?.CN || "none";
    fs.appendFileSync(folder + "/requests", request.method + " " + request.url + " (body: " + JSON.stringify(body) + ", client: " + client + ")\\n");
    response.writeHead(Number(fs.readFileSync(folder + "/status")), { Location: "/elsewhere" });
    response.end("noted");
  });
};
const server = options ? require("https").createServer(options, handle) : require("http").createServer(handle);
server.listen(0, "127.0.0.1", () => { console.log(server.address().port); });
process.stdin.on("end", () => process.exit()).resume();
`;

/** Over TLS with the certificate of `certificates`, asking for a client's, where they are given. Stop it in the spec's teardown. */
export function startWebServer(certificates?: ClientCertificates): WebServer {
  const folder = temporaryPath(".web");
  os.execute(`mkdir ${folder}`);
  const answer = (status: number): void => {
    // Renamed, so that the server never reads half of it.
    writeFile(`${folder}/status.new`, string.format("%d", status));
    os.rename(`${folder}/status.new`, `${folder}/status`);
  };
  answer(200);
  const files = certificates === undefined ? "" : `${certificates.certificate} ${certificates.key}`;
  const [standardInput] = io.popen(`exec node -e '${SCRIPT}' ${folder} ${files} >${folder}/port`, "w");
  if (standardInput === undefined) return error("cannot start a web server");
  const port = waitFor("the web server to start", () => {
    const [digits] = string.match(readFile(`${folder}/port`) ?? "", "^(%d+)\n");
    return digits;
  });
  return {
    url: `${certificates === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests: () => {
      const requests: string[] = [];
      for (const [line] of string.gmatch(readFile(`${folder}/requests`) ?? "", "[^\n]+"))
        if (line !== undefined) requests.push(line);
      return requests;
    },
    answer,
    stop: () => {
      standardInput.close();
      os.execute(`rm -r ${folder}`);
    },
  };
}
