// The certificates: trusted through the sandbox's own authority, for its own names, and not otherwise.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import * as http2 from "node:http2";
import * as https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { connect } from "node:tls";
import { makeCertificates } from "./certificates.js";
import { control, http2Client, sandboxFor, tlsClient, trigger } from "./test_support.js";

it("serves localhost and 127.0.0.1 to who trusts the authority", async (context) => {
  const sandbox = await sandboxFor(context);
  assert.equal((await tlsClient(sandbox)({ body: trigger("a") })).status, 202);
  const byAddress = { ...sandbox, tls_url: sandbox.tls_url.replace("localhost", "127.0.0.1") };
  assert.equal((await tlsClient(byAddress)({ body: trigger("a") })).status, 202);
  assert.equal((await http2Client(byAddress)({ body: trigger("a") })).status, 202);
});

it("is refused by who does not trust the authority", async (context) => {
  const { tls_url } = await sandboxFor(context);
  await assert.rejects(fetch(tls_url), ({ cause }: { cause: NodeJS.ErrnoException }) =>
    ["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"].includes(cause.code ?? ""),
  );
});

it("is refused under another name", async (context) => {
  const { tls_url, ca } = await sandboxFor(context);
  const session = http2.connect(tls_url, { ca, servername: "events.pagerduty.com" });
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => session.on("error", resolve));
  assert.equal(error.code, "ERR_TLS_CERT_ALTNAME_INVALID");
});

it("offers HTTP/2 and HTTP/1.1 by ALPN", async (context) => {
  const { tls_url, ca } = await sandboxFor(context);
  const port = Number(new URL(tls_url).port);
  for (const [offered, chosen] of [
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
  ] as const) {
    const socket = connect({ port, host: "localhost", ca, ALPNProtocols: [...offered] });
    await new Promise((resolve) => socket.on("secureConnect", resolve));
    assert.equal(socket.alpnProtocol, chosen);
    socket.destroy();
  }
});

it("offers HTTP/1.1 only, on connections that stay, when HTTP/2 is switched off", async (context) => {
  const sandbox = await sandboxFor(context, { http2: false });
  await assert.rejects(http2Client(sandbox)({ body: trigger("a") }));
  const agent = new https.Agent({ keepAlive: true });
  context.after(() => {
    agent.destroy();
  });
  for (const key of ["a", "b"]) {
    assert.equal((await tlsClient(sandbox)({ body: trigger(key), agent })).status, 202);
  }
  const { connections } = await control<{ connections: number }>(sandbox, "GET", "/sandbox");
  assert.equal(connections, 1);
});

for (const http2 of [true, false]) {
  it(`asks for a client certificate of the authority it was given, HTTP/2 ${http2 ? "on" : "off"}`, async (context) => {
    const clients = await mkdtemp(join(tmpdir(), "sandbox-test-"));
    context.after(() => rm(clients, { recursive: true }));
    const { ca_file, key, cert } = await makeCertificates(clients);
    const sandbox = await sandboxFor(context, { clientCaFile: ca_file, http2 });
    await assert.rejects(tlsClient(sandbox)({ body: trigger("a") }));
    const agent = new https.Agent({ key, cert });
    assert.equal((await tlsClient(sandbox)({ body: trigger("a"), agent })).status, 202);
  });
}
