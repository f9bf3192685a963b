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
        "'action' must be one of acknowledge, resolve",
        "'by' must be a person's name of 1 to 100 characters",
      ],
    ]);
    assert.equal((await refusal(null))[0], 400);
    assert.equal((await refusal({ incident: 1, action: "resolve", by: "x".repeat(101) }))[0], 400);
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
