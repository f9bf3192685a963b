// What people do with incidents, over real HTTP: what becomes of it, who is said to have done it, what is refused.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Alert } from "./incidents.js";
import { control, followUp, plainClient, sandboxFor, trigger } from "./test_support.js";

const BY = "Sam Rivera";

describe("what people do", { timeout: 20_000 }, () => {
  it("acknowledges and resolves an incident, in the log by their name", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    await send({ body: trigger("a") });
    await send({ body: trigger("b") });
    const act = (action: string) =>
      control<Alert>(sandbox, "POST", "/sandbox/actions", { incident: 2, action, by: ` ${BY} ` });
    assert.equal((await act("acknowledge")).state, "acknowledged");
    const resolved = await act("resolve");
    assert.equal(resolved.state, "resolved");
    assert.equal(resolved.resolved_at, resolved.updated_at);
    assert.deepEqual(
      resolved.log.map(({ action, by }) => [action, by]),
      [
        ["trigger", undefined],
        ["acknowledge", BY],
        ["resolve", BY],
      ],
    );
    const [other, shown] = await control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
    assert.equal(other?.state, "triggered");
    assert.deepEqual(shown, resolved);
  });

  it("ends an incident for events, too: a resolve meets nothing, a trigger opens another one", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    await send({ body: trigger("a") });
    await control(sandbox, "POST", "/sandbox/actions", { incident: 1, action: "resolve", by: BY });
    await send({ body: followUp("resolve", "a") });
    assert.equal((await control<unknown[]>(sandbox, "GET", "/sandbox/dropped")).length, 1);
    await send({ body: trigger("a") });
    const incidents = await control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
    assert.deepEqual(
      incidents.map(({ number, state }) => [number, state]),
      [
        [1, "resolved"],
        [2, "triggered"],
      ],
    );
  });

  it("takes an acknowledgement back, and hands an incident over: whoever has it is paged", async (context) => {
    const sandbox = await sandboxFor(context);
    await plainClient(sandbox)({ body: trigger("a") });
    const act = (done: object) =>
      control<Alert>(sandbox, "POST", "/sandbox/actions", { incident: 1, by: BY, ...done });
    await act({ action: "acknowledge" });
    const takenBack = await act({ action: "unacknowledge" });
    assert.deepEqual([takenBack.state, takenBack.pages], ["triggered", 2]);
    await act({ action: "acknowledge" });
    const handedOver = await act({ action: "reassign", to: "Kim Okafor" });
    assert.deepEqual([handedOver.state, handedOver.pages], ["triggered", 3]);
    assert.deepEqual(handedOver.log.at(-1)?.what, "to Kim Okafor");
    const noted = await act({ action: "note", note: " on it " });
    assert.deepEqual([noted.state, noted.pages, noted.log.at(-1)?.what], ["triggered", 3, "on it"]);
  });

  it("merges: events then meet the alert where it is, and the last one ends the target", async (context) => {
    const sandbox = await sandboxFor(context);
    const send = plainClient(sandbox);
    for (const key of ["a", "b"]) await send({ body: trigger(key) });
    await control(sandbox, "POST", "/sandbox/actions", { incident: 1, action: "merge", into: 2, by: BY });
    const states = async () =>
      (await control<Alert[]>(sandbox, "GET", "/sandbox/alerts")).map(({ dedup_key, number, state }) => [
        dedup_key,
        number,
        state,
      ]);
    assert.equal((await control<{ open: number }>(sandbox, "GET", "/sandbox")).open, 1);
    await send({ body: trigger("a") });
    await send({ body: followUp("acknowledge", "a") });
    assert.deepEqual(await states(), [
      ["a", 2, "acknowledged"],
      ["b", 2, "acknowledged"],
    ]);
    await send({ body: followUp("resolve", "b") });
    assert.deepEqual(await states(), [
      ["a", 2, "acknowledged"],
      ["b", 2, "resolved"],
    ]);
    await send({ body: followUp("resolve", "a") });
    assert.equal((await control<{ open: number }>(sandbox, "GET", "/sandbox")).open, 0);
  });

  it("is refused with every complaint, and changes nothing, when it cannot be done", async (context) => {
    const sandbox = await sandboxFor(context);
    await plainClient(sandbox)({ body: trigger("a") });
    const refusal = async (posted: unknown) => {
      const body = JSON.stringify(posted);
      const response = await fetch(`${sandbox.url}/sandbox/actions`, { method: "POST", body });
      return [response.status, ((await response.json()) as { errors: string[] }).errors];
    };
    assert.deepEqual(await refusal({ incident: "1", action: "escalate", by: " " }), [
      400,
      [
        "'incident' must be an incident's number",
        "'action' must be one of acknowledge, resolve, unacknowledge, note, merge, reassign",
        "'by' must be a person's name of 1 to 100 characters",
      ],
    ]);
    assert.equal((await refusal(null))[0], 400);
    assert.equal((await refusal({ incident: 1, action: "resolve", by: "x".repeat(101) }))[0], 400);
    assert.deepEqual(await refusal({ incident: 1, action: "note", by: BY }), [
      400,
      ["'note' must be a text of 1 to 25000 characters"],
    ]);
    assert.deepEqual(await refusal({ incident: 1, action: "merge", into: "2", by: BY }), [
      400,
      ["'into' must be an incident's number"],
    ]);
    assert.deepEqual(await refusal({ incident: 1, action: "reassign", by: BY }), [
      400,
      ["'to' must be a person's name of 1 to 100 characters"],
    ]);
    assert.deepEqual(await refusal({ incident: 1, action: "unacknowledge", by: BY }), [
      409,
      ["incident 1 is not acknowledged"],
    ]);
    for (const into of [1, 2]) {
      assert.deepEqual(await refusal({ incident: 1, action: "merge", into, by: BY }), [
        409,
        [`no other incident ${into} is open`],
      ]);
    }
    assert.deepEqual(await refusal({ incident: 2, action: "resolve", by: BY }), [
      409,
      ["no incident 2 is open"],
    ]);
    const [incident] = await control<Alert[]>(sandbox, "GET", "/sandbox/alerts");
    assert.equal(incident?.log.length, 1);
    await control(sandbox, "POST", "/sandbox/actions", { incident: 1, action: "resolve", by: BY });
    assert.deepEqual(await refusal({ incident: 1, action: "acknowledge", by: BY }), [
      409,
      ["no incident 1 is open"],
    ]);
  });
});
