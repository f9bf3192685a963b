// Each kind of fault as a client sees it and as the sandbox records it, over HTTP/1.1, TLS and HTTP/2.
import assert from "node:assert/strict";
import { once } from "node:events";
import * as http2 from "node:http2";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import type { Alert } from "./incidents.js";
import type { RequestRecord } from "./state.js";
import {
  control,
  followUp,
  http2Client,
  plainClient,
  sandboxFor,
  sendHttp2,
  tlsClient,
  trigger,
  until,
} from "./test_support.js";
import type { Client, TestSandbox } from "./test_support.js";

interface Transport {
  name: string;
  httpVersion: string;
  tls: boolean;
  client: (sandbox: TestSandbox) => Client;
  /** What the client's error says when the sandbox goes without an answer, and when it resets the connection. */
  dropped: RegExp;
}

const RESET = /ECONNRESET/;
const TRANSPORTS: Transport[] = [
  { name: "HTTP/1.1", httpVersion: "1.1", tls: false, client: plainClient, dropped: /socket hang up/ },
  { name: "HTTP/1.1 over TLS", httpVersion: "1.1", tls: true, client: tlsClient, dropped: /socket hang up/ },
  { name: "HTTP/2", httpVersion: "2.0", tls: true, client: http2Client, dropped: /NGHTTP2_INTERNAL_ERROR/ },
];

interface Scene {
  sandbox: TestSandbox;
  send: Client;
  /** The one request's record, what it answered, and the keys of the incidents it left. */
  outcome: () => Promise<Pick<RequestRecord, "answer" | "accepted" | "fault"> & { incidents: string[] }>;
}

async function sceneWith(context: TestContext, transport: Transport, ...faults: object[]): Promise<Scene> {
  const sandbox = await sandboxFor(context);
  await control(sandbox, "POST", "/sandbox/faults", faults);
  return {
    sandbox,
    send: transport.client(sandbox),
    outcome: async () => {
      const [record] = await control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
      assert.ok(record);
      assert.equal(record.http_version, transport.httpVersion);
      assert.equal(record.tls, transport.tls);
      const incidents = await control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
      const { answer, accepted, fault } = record;
      return { answer, accepted, fault, incidents: incidents.map(({ dedup_key }) => dedup_key) };
    },
  };
}

const isHit = (sandbox: TestSandbox, fault: string) => async () => {
  const requests = await control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
  return requests[0]?.fault === fault;
};

for (const transport of TRANSPORTS) {
  describe(`over ${transport.name}`, () => {
    it("without a fault, an event is accepted and answered", async (context) => {
      const { send, outcome } = await sceneWith(context, transport);
      const reply = await send({ body: trigger("a") });
      assert.equal(reply.status, 202);
      assert.equal(reply.headers["content-type"], "application/json");
      assert.deepEqual(await outcome(), { answer: 202, accepted: true, fault: null, incidents: ["a"] });
    });

    it("status answers without effect", async (context) => {
      const order = { kind: "status", status: 429, body: "later", headers: { "Retry-After": "3" } };
      const { send, outcome } = await sceneWith(context, transport, order);
      const reply = await send({ body: trigger("a") });
      assert.deepEqual([reply.status, reply.body, reply.headers["retry-after"]], [429, "later", "3"]);
      assert.deepEqual(await outcome(), { answer: 429, accepted: false, fault: "status", incidents: [] });
      assert.equal((await send({ body: trigger("a") })).status, 202);
    });

    it("delay answers later", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "delay", seconds: 0.2 });
      const started = performance.now();
      assert.equal((await send({ body: trigger("a") })).status, 202);
      const took = performance.now() - started;
      // A timer may fire a millisecond early.
      assert.ok(took >= 199, `${took} ms`);
      assert.deepEqual(await outcome(), { answer: 202, accepted: true, fault: "delay", incidents: ["a"] });
    });

    it("hang never answers, until the faults are cleared", async (context) => {
      const { sandbox, send, outcome } = await sceneWith(context, transport, { kind: "hang" });
      const failure = assert.rejects(send({ body: trigger("a") }), transport.dropped);
      await until("the request hangs", isHit(sandbox, "hang"));
      // Others are served meanwhile.
      assert.equal((await send({ body: trigger("b") })).status, 202);
      await control(sandbox, "DELETE", "/sandbox/faults");
      await failure;
      assert.deepEqual(await outcome(), { answer: null, accepted: false, fault: "hang", incidents: ["b"] });
    });

    it("drop_before closes without effect", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "drop_before" });
      await assert.rejects(send({ body: trigger("a") }), transport.dropped);
      assert.deepEqual(await outcome(), {
        answer: null,
        accepted: false,
        fault: "drop_before",
        incidents: [],
      });
    });

    it("drop_after closes after the effect", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "drop_after" });
      await assert.rejects(send({ body: trigger("a") }), transport.dropped);
      assert.deepEqual(await outcome(), {
        answer: null,
        accepted: true,
        fault: "drop_after",
        incidents: ["a"],
      });
    });

    it("reset_before resets the connection", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "reset_before" });
      await assert.rejects(send({ body: trigger("a") }), RESET);
      assert.deepEqual(await outcome(), {
        answer: null,
        accepted: false,
        fault: "reset_before",
        incidents: [],
      });
    });

    it("reset_before that needs the body resets after it", async (context) => {
      const order = { kind: "reset_before", match: { dedup_key: "b" } };
      const { send, outcome } = await sceneWith(context, transport, order);
      assert.equal((await send({ body: trigger("a") })).status, 202);
      await assert.rejects(send({ body: trigger("b") }), RESET);
      assert.deepEqual((await outcome()).incidents, ["a"]);
    });

    it("redirect points elsewhere", async (context) => {
      const elsewhere = { kind: "redirect", status: 307, headers: { Location: "https://example.invalid/" } };
      const { send, outcome } = await sceneWith(context, transport, elsewhere, { kind: "redirect" });
      const first = await send({ body: trigger("a") });
      assert.deepEqual([first.status, first.headers.location], [307, "https://example.invalid/"]);
      const second = await send({ body: trigger("a") });
      assert.deepEqual([second.status, second.headers.location], [302, "/v2/elsewhere"]);
      assert.deepEqual(await outcome(), { answer: 307, accepted: false, fault: "redirect", incidents: [] });
    });

    it("garbage looks like success and is no JSON", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "garbage", status: 202 });
      const reply = await send({ body: trigger("a") });
      assert.equal(reply.status, 202);
      assert.throws(() => JSON.parse(reply.body) as unknown, SyntaxError);
      assert.deepEqual(await outcome(), { answer: 202, accepted: false, fault: "garbage", incidents: [] });
    });

    it("endless goes on until the faults are cleared", async (context) => {
      const { sandbox, send, outcome } = await sceneWith(context, transport, { kind: "endless" });
      const failure = assert.rejects(send({ body: trigger("a") }));
      await until("the body has begun", isHit(sandbox, "endless"));
      await control(sandbox, "DELETE", "/sandbox/faults");
      await failure;
      assert.deepEqual(await outcome(), { answer: 202, accepted: false, fault: "endless", incidents: [] });
    });

    it("slow_body takes its time after the effect", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, { kind: "slow_body", seconds: 0.4 });
      const reply = await send({ body: trigger("a") });
      assert.deepEqual(JSON.parse(reply.body), {
        status: "success",
        message: "Event processed",
        dedup_key: "a",
      });
      assert.ok(reply.parts > 1, `${reply.parts} parts`);
      assert.ok(reply.spread >= 200, `${reply.spread} ms`);
      assert.deepEqual(await outcome(), {
        answer: 202,
        accepted: true,
        fault: "slow_body",
        incidents: ["a"],
      });
    });

    it("accept_then_status lies about an accepted event", async (context) => {
      const { send, outcome } = await sceneWith(context, transport, {
        kind: "accept_then_status",
        status: 502,
      });
      assert.equal((await send({ body: trigger("a") })).status, 502);
      const expected = { answer: 502, accepted: true, fault: "accept_then_status", incidents: ["a"] };
      assert.deepEqual(await outcome(), expected);
    });

    it("a client that leaves during any of them harms nobody", async (context) => {
      const kinds = ["hang", "endless", "slow_body", "delay"];
      const orders = kinds.map((kind) => ({ kind, seconds: 2 }));
      const { sandbox, send } = await sceneWith(context, transport, ...orders);
      for (const [index, kind] of kinds.entries()) {
        const leaving = new AbortController();
        const failure = assert.rejects(send({ body: trigger(kind), signal: leaving.signal }), /abort/i);
        await until(`${kind} is under way`, async () => {
          const requests = await control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
          return requests[index]?.fault === kind;
        });
        leaving.abort();
        await failure;
      }
      await until("what is delayed takes effect", async () => {
        const incidents = await control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
        return incidents.map(({ dedup_key }) => dedup_key).join() === "slow_body,delay";
      });
      const requests = await control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
      assert.deepEqual(
        requests.map(({ answer }) => answer),
        [null, 202, 202, null],
      );
      assert.equal((await send({ body: trigger("after") })).status, 202);
    });
  });
}

describe("a body without end", () => {
  it("keeps coming", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "POST", "/sandbox/faults", { kind: "endless", status: 200 });
    const response = await fetch(`${sandbox.url}/v2/enqueue`, { method: "POST", body: "{}" });
    assert.equal(response.status, 200);
    assert.ok(response.body);
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += (chunk as Uint8Array).length;
      // Leaving the loop cancels the request.
      if (bytes > 5000) break;
    }
    assert.ok(bytes > 5000);
  });
});

describe("reset_before", () => {
  it("does not wait for the body", async (context) => {
    const sandbox = await sandboxFor(context);
    await control(sandbox, "POST", "/sandbox/faults", { kind: "reset_before" });
    const socket = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
    socket.write("POST /v2/enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
    await assert.rejects(once(socket, "close"), { code: "ECONNRESET" });
  });
});

describe("faults in one HTTP/2 session", () => {
  it("end one stream and leave the others, unless they reset the connection", async (context) => {
    const sandbox = await sandboxFor(context);
    const session = http2.connect(sandbox.tls_url, { ca: sandbox.ca });
    context.after(() => {
      session.destroy();
    });
    await control(sandbox, "POST", "/sandbox/faults", [
      { kind: "hang", match: { dedup_key: "hangs" } },
      { kind: "drop_after", match: { dedup_key: "dropped" } },
      { kind: "reset_before", match: { dedup_key: "reset" } },
    ]);
    const hanging = assert.rejects(sendHttp2(session, { body: trigger("hangs") }));
    await assert.rejects(sendHttp2(session, { body: trigger("dropped") }), /NGHTTP2_INTERNAL_ERROR/);
    assert.equal((await sendHttp2(session, { body: followUp("resolve", "dropped") })).status, 202);
    await assert.rejects(sendHttp2(session, { body: trigger("reset") }), RESET);
    await hanging;
    const requests = await control<RequestRecord[]>(sandbox, "GET", "/sandbox/requests");
    assert.equal(new Set(requests.map(({ connection }) => connection)).size, 1);
  });
});

it("a reset of the sandbox forgets what is still under way", async (context) => {
  const sandbox = await sandboxFor(context);
  await control(sandbox, "POST", "/sandbox/faults", { kind: "delay", seconds: 0.3 });
  const answered = plainClient(sandbox)({ body: trigger("late") });
  await until("the request is delayed", isHit(sandbox, "delay"));
  await control(sandbox, "DELETE", "/sandbox");
  assert.equal((await answered).status, 202);
  assert.deepEqual(await control(sandbox, "GET", "/sandbox/alerts"), []);
});
