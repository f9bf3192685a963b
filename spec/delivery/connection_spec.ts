// A connection without a request, over real sockets: what it tells, and that nothing is sent.
import { tryConnection } from "../../src/delivery/connection";
import type { Endpoint } from "../../src/settings/endpoint";
import { NO_HOST, REFUSING_URL, startSilentServer } from "../support/ports";
import { startProxy } from "../support/proxy";
import { useSandbox } from "../support/sandbox";

const curl = require("cURL") as CurlModule;

function endpoint(settings: Partial<Endpoint> & { readonly url: string }): Endpoint {
  return {
    proxy: { url: "", credentials: "" },
    noProxy: "",
    timeout: 5,
    connectTimeout: 5,
    caFile: "",
    caPath: "",
    clientCertificate: "",
    clientKey: "",
    clientKeyPassword: "",
    verifiesCertificate: true,
    ...settings,
  };
}

/** How it ends, in short. */
function ending(settings: Endpoint): string {
  const outcome = tryConnection(curl, settings);
  if (outcome.kind === "connected") return `connected to ${outcome.address}`;
  return string.match(outcome.reason, "%((.-)%)")[0] ?? outcome.reason;
}

describe("a mere connection", () => {
  const sandbox = useSandbox();
  it("is made over TCP and TLS, and sends nothing", () => {
    assert.equal("connected to 127.0.0.1", ending(endpoint({ url: sandbox.url })));
    const tls = endpoint({ url: sandbox.tlsUrl, caFile: sandbox.caFile });
    assert.equal("connected to 127.0.0.1", ending(tls));
    assert.same([], sandbox.get("/sandbox/requests"));
  });

  it("tells what is wrong, with libcurl's name for it", () => {
    assert.equal("COULDNT_CONNECT", ending(endpoint({ url: REFUSING_URL })));
    assert.equal("COULDNT_RESOLVE_HOST", ending(endpoint({ url: `http://${NO_HOST}` })));
    assert.equal("PEER_FAILED_VERIFICATION", ending(endpoint({ url: sandbox.tlsUrl })));
    assert.equal(
      "COULDNT_RESOLVE_PROXY; a proxy is set",
      ending(endpoint({ url: sandbox.url, proxy: { url: `http://${NO_HOST}:1`, credentials: "" } })),
    );
  });

  it("ends in time with a server that never speaks", () => {
    const silent = startSilentServer();
    const url = `https://127.0.0.1:${string.format("%d", silent.port)}`;
    const start = os.time();
    assert.equal("OPERATION_TIMEDOUT", ending(endpoint({ url, connectTimeout: 1 })));
    silent.stop();
    assert.is_true(os.time() - start <= 4);
  });

  it("goes through the proxy, and gives its refusal", () => {
    const proxy = startProxy({ user: "u", password: "p" });
    const settings = { url: sandbox.tlsUrl, caFile: sandbox.caFile };
    const address = `http://127.0.0.1:${string.format("%d", proxy.port)}`;
    const good = endpoint({ ...settings, proxy: { url: address, credentials: "u:p" } });
    assert.equal("connected to 127.0.0.1", ending(good));
    const refused = tryConnection(
      curl,
      endpoint({ ...settings, proxy: { url: address, credentials: "u:x" } }),
    );
    const requests = proxy.requests();
    proxy.stop();
    assert.equal(401, refused.kind === "failed" ? refused.proxyStatus : 0);
    assert.equal("CONNECT", string.match(requests[0] ?? "", "^%S+")[0]);
  });
});
