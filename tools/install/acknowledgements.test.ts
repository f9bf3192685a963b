// Centreon's acknowledge and disacknowledge over real HTTP: what is taken, refused, left out in silence, and what the
// broker then says.
import assert from "node:assert/strict";
import { type TestContext, describe, it } from "node:test";
import { type AcknowledgementSettings, eventsOf } from "./acknowledgements.js";
import { startCentreon } from "./centreon.js";

const TOKEN = "a token";
const SERVICE = { type: "service", id: 22, parent: { id: 11 } };
const HOST = { type: "host", id: 11, parent: null };
const META = { type: "metaservice", id: 7, parent: null };
const SAID = {
  comment: 'Sam Rivera "on it"\n(PagerDuty #1234)',
  is_sticky: true,
  is_notify_contacts: false,
  is_persistent_comment: false,
  with_services: false,
  force_active_checks: false,
};

async function setUp(context: TestContext, acknowledgements: Partial<AcknowledgementSettings> = {}) {
  const centreon = await startCentreon({
    version: "22.10",
    hasBam: false,
    user: "connector",
    password: "",
    apiToken: "",
    pollers: [],
    brokers: [],
    isAdministrator: false,
    mayChangeBrokers: false,
    mayExport: false,
    tellsLuaParameters: true,
    encryption: undefined,
    acknowledgements,
    onRequest: () => undefined,
    onExport: () => undefined,
  });
  centreon.tokens.add(TOKEN);
  context.after(centreon.close);
  const ask = async (method: string, path: string, body: unknown, token = TOKEN) => {
    const response = await fetch(`${centreon.url}/api/latest/monitoring/resources/${path}`, {
      method,
      headers: { "X-AUTH-TOKEN": token, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, message: text && (JSON.parse(text) as { message: string }).message };
  };
  return {
    effects: centreon.acknowledgements.effects,
    acknowledge: (resources: unknown, said: unknown = SAID, token = TOKEN) =>
      ask("POST", "acknowledge", { acknowledgement: said, resources }, token),
    withdraw: (resources: unknown, said: unknown = { with_services: false }) =>
      ask("DELETE", "acknowledgements", { disacknowledgement: said, resources }),
  };
}

describe("acknowledging in Centreon", { timeout: 20_000 }, () => {
  it("answers 204 without a word, and is the token's user's", async (context) => {
    const { acknowledge, withdraw, effects } = await setUp(context);
    assert.deepEqual(await acknowledge([SERVICE, HOST, META]), { status: 204, message: "" });
    assert.deepEqual(await withdraw([SERVICE]), { status: 204, message: "" });
    assert.deepEqual(
      effects.map(({ number, action, resource, author, is_sticky }) => [
        number,
        action,
        resource.type,
        author,
        is_sticky,
      ]),
      [
        [1, "acknowledge", "service", "connector", true],
        [2, "acknowledge", "host", "connector", true],
        [3, "acknowledge", "metaservice", "connector", true],
        [4, "disacknowledge", "service", "connector", false],
      ],
    );
    assert.equal(effects[0]?.comment, "Sam Rivera on it<br/>(PagerDuty #1234)");
  });

  it("takes no other field, and none less", async (context) => {
    const { acknowledge, withdraw, effects } = await setUp(context);
    const { comment: _, ...withoutComment } = SAID;
    const bodies = [
      await acknowledge([SERVICE], withoutComment),
      await acknowledge([SERVICE], { ...SAID, author: "Sam" }),
      await acknowledge([SERVICE], { ...SAID, is_sticky: 1 }),
      await acknowledge([{ ...SERVICE, name: "Load" }]),
      await acknowledge([{ ...SERVICE, parent: null }]),
      await acknowledge([{ ...SERVICE, parent: { id: 11, name: "web" } }]),
      await acknowledge([{ type: "meta", id: 7, parent: null }]),
      await acknowledge([{ type: "host", id: "11", parent: null }]),
      await acknowledge([null]),
      await acknowledge({}),
      await withdraw([SERVICE], {}),
      await withdraw([SERVICE], { with_services: false, comment: "" }),
    ];
    assert.deepEqual(
      bodies.map(({ status }) => status),
      bodies.map(() => 400),
    );
    assert.equal(bodies[0]?.message, "[acknowledgement.comment] The property comment is required");
    assert.equal(bodies[1]?.message, "[acknowledgement] The property author is not defined");
    assert.deepEqual(effects, []);
  });

  it("is refused without a token, a right or a resource", async (context) => {
    const one = { type: "service", id: 22, parent: { id: 11 } } as const;
    const { acknowledge, withdraw, effects } = await setUp(context, {
      may_acknowledge_hosts: false,
      may_disacknowledge_services: false,
      resources: [one],
      refuses: "aloud",
    });
    assert.equal((await acknowledge([SERVICE], SAID, "another")).status, 401);
    assert.equal((await acknowledge([HOST])).status, 403);
    assert.equal((await withdraw([SERVICE])).status, 403);
    // The right to take back is another one: what is not allowed comes before what is not known.
    assert.equal((await withdraw([HOST])).status, 404);
    assert.equal((await acknowledge([{ ...SERVICE, id: 23 }])).status, 404);
    assert.equal((await acknowledge([{ ...SERVICE, parent: { id: 12 } }])).status, 404);
    assert.equal((await acknowledge([SERVICE, { ...SERVICE, id: 23 }])).status, 404);
    assert.deepEqual(effects, []);
    assert.equal((await acknowledge([SERVICE])).status, 204);
    assert.equal(effects.length, 1);
  });

  it("leaves out in silence what it does not do, unless told otherwise", async (context) => {
    const { acknowledge, effects } = await setUp(context, {
      may_acknowledge_hosts: false,
      resources: [{ type: "service", id: 22, parent: { id: 11 } }],
    });
    assert.equal((await acknowledge([HOST, SERVICE, { ...SERVICE, id: 23 }])).status, 204);
    assert.deepEqual(
      effects.map(({ resource }) => resource.id),
      [22],
    );
  });

  it("is not for an account without the realtime API", async (context) => {
    const { acknowledge } = await setUp(context, { may_use_realtime: false });
    assert.equal((await acknowledge([SERVICE])).status, 403);
  });
});

describe("what the broker says of it", { timeout: 20_000 }, () => {
  it("is the acknowledgement, and what changed of the status; in BBDO 2 all of the status", async (context) => {
    const status = { state: 1, state_type: 1, output: "slow\n" };
    const { acknowledge, withdraw, effects } = await setUp(context, {
      resources: [
        { type: "service", id: 22, parent: { id: 11 }, status },
        { type: "host", id: 11, parent: null },
        { type: "metaservice", id: 7, parent: null, host_id: 30, service_id: 44 },
      ],
    });
    await acknowledge([SERVICE, HOST, META], { ...SAID, comment: "on it" });
    await withdraw([SERVICE]);
    const at = (index: number, protocol: 2 | 3) => {
      const effect = effects[index];
      assert.ok(effect);
      return eventsOf(effect, protocol);
    };
    const entry_time = Math.floor(Date.parse(effects[0]?.at ?? "") / 1000);
    const said = {
      category: 1,
      instance_id: 1,
      author: "connector",
      comment_data: "on it",
      entry_time,
      sticky: true,
      notify_contacts: false,
      persistent_comment: false,
    };
    const service = { host_id: 11, service_id: 22 };
    assert.deepEqual(at(0, 3), [
      { ...said, ...service, element: 45, type: 1, deletion_time: 0, state: 1 },
      { category: 1, element: 55, ...service, acknowledgement_type: 2 },
    ]);
    assert.deepEqual(at(0, 2), [
      { ...said, ...service, element: 1, type: 1, state: 1 },
      { category: 1, element: 24, ...service, ...status, acknowledged: true, acknowledgement_type: 2 },
    ]);
    assert.deepEqual(at(1, 3), [
      { ...said, host_id: 11, service_id: 0, element: 45, type: 0, deletion_time: 0, state: 1 },
      { category: 1, element: 56, host_id: 11, acknowledgement_type: 2 },
    ]);
    assert.deepEqual(at(2, 3)[1], {
      category: 1,
      element: 55,
      host_id: 30,
      service_id: 44,
      acknowledgement_type: 2,
    });
    assert.deepEqual(at(3, 3), [{ category: 1, element: 55, ...service, acknowledgement_type: 0 }]);
    assert.deepEqual(at(3, 2), [
      { category: 1, element: 24, ...service, ...status, acknowledged: false, acknowledgement_type: 0 },
    ]);
  });
});
