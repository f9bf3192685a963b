// What a command asks the sandbox's REST API for, over the real transport, waiting for the end.
import { createTransport } from "../../src/delivery/transport";
import type { Incident, OnCall, Service } from "../../src/feedback/answers";
import { listOnCalls, listOpenIncidents, listServices } from "../../src/feedback/queries";
import { type RestApi, type Trouble, createRestApi } from "../../src/feedback/rest_api";
import { endpointOf } from "../../src/settings/endpoint";
import { readSettings } from "../../src/settings/settings";
import { useSandbox } from "../support/sandbox";
import { newRoutingKey } from "../support/stage";

const curl = require("cURL") as CurlModule;

describe("a command", () => {
  const sandbox = useSandbox("--rate-limit 0");

  /** Asks, and gives what went wrong. */
  function ask(
    question: (api: RestApi, ended: (trouble: Trouble | undefined) => void) => void,
  ): Trouble | undefined {
    const { settings } = readSettings(new LuaTable(), () => $multi(undefined, "none"));
    const transport = createTransport<never>(curl, endpointOf(settings, sandbox.url));
    const api = createRestApi(sandbox.url, "a-key", transport.get);
    let trouble: Trouble | undefined;
    api.begin(100);
    question(api, (what) => {
      trouble = what;
    });
    while (api.isUnderWay()) {
      transport.poll();
      if (!api.turn(math.huge)) transport.wait(50);
    }
    return trouble;
  }

  it("is given every open incident of a service, with who has it, and who is on call for it", () => {
    const routingKey = newRoutingKey();
    for (const number of $range(1, 130)) {
      sandbox.post("/v2/enqueue", {
        routing_key: routingKey,
        event_action: "trigger",
        dedup_key: `1_${number}`,
        payload: { summary: `number ${number}`, source: "db-02", severity: "critical" },
      });
    }
    sandbox.post("/sandbox/actions", { incident: 7, action: "acknowledge", by: "Sam Rivera" });
    sandbox.post("/sandbox/actions", { incident: 8, action: "resolve", by: "Sam Rivera" });

    const services: Service[] = [];
    assert.is_nil(ask((api, ended) => listServices(api, (service) => services.push(service), ended)));
    const service = services.find(({ routingKeys }) => routingKeys[0] === routingKey);
    const incidents: Incident[] = [];
    const ids = [service?.id ?? ""];
    assert.is_nil(ask((api, ended) => listOpenIncidents(api, ids, (one) => incidents.push(one), ended)));
    assert.equal(129, incidents.length);
    const seventh = incidents.find(({ number }) => number === 7);
    assert.same(
      ["1_7", "number 7", "acknowledged", "Sam Rivera", ["Sam Rivera"]],
      [seventh?.key, seventh?.title, seventh?.status, seventh?.acknowledgement?.by, seventh?.assignees],
    );

    const onCalls: OnCall[] = [];
    const policies = [service?.escalationPolicyId ?? ""];
    assert.is_nil(ask((api, ended) => listOnCalls(api, policies, (one) => onCalls.push(one), ended)));
    assert.same(
      [
        ["Sam Rivera", 1, "Primary", true],
        ["Kim Okafor", 2, "always", false],
      ],
      onCalls.map(({ person, level, schedule, until }) => [
        person,
        level,
        schedule ?? "always",
        until !== undefined,
      ]),
    );
  });

  it("is told what went wrong", () => {
    sandbox.put("/sandbox/rest", { in_plan: false });
    const trouble = ask((api, ended) => listServices(api, () => undefined, ended));
    assert.equal("HTTP 402", trouble?.kind === "failed" && trouble.reason);
  });
});
