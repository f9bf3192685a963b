// The sandbox as specs use it: people in PagerDuty, and what is asked of its Centreon, which comes back as events.
import { CRITICAL, LOAD, createCentreon } from "../support/events";
import { inShort } from "../support/incidents";
import { encodeJson } from "../support/json";
import { CENTREON_TOKEN, askedWith, effectsAfter, eventsOf, passTime, person } from "../support/people";
import { useSandbox } from "../support/sandbox";
import { createStage } from "../support/stage";

const sandbox = useSandbox();
const stage = createStage(sandbox);

after_each(() => {
  stage.clear();
  sandbox.remove("/sandbox");
});

/** Sends one request; gives its status. */
function send(method: string, path: string, header: string, body?: unknown): number {
  const curl = require("cURL") as CurlModule;
  const easy = curl.easy();
  easy.setopt({
    url: `${sandbox.url}${path}`,
    timeout_ms: 10000,
    httpheader: [
      "Content-Type: application/json",
      "Accept: application/vnd.pagerduty+json;version=2",
      header,
    ],
    writefunction: () => true,
  });
  if (body !== undefined) easy.setopt({ post: true, postfields: encodeJson(body) });
  easy.setopt({ customrequest: method });
  easy.perform();
  const status = easy.getinfo_response_code();
  easy.close();
  return status;
}

const RESOURCES = [{ type: "service", id: LOAD.service, parent: { id: LOAD.host } }];

for (const protocol of [2, 3] as const) {
  it(`an acknowledgement that is set by Centreon's API reaches PagerDuty (BBDO ${protocol})`, () => {
    const centreon = createCentreon(protocol);
    const broker = stage.start();
    broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
    assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());

    const acknowledgement = {
      comment: "Sam Rivera (PagerDuty #1)",
      is_sticky: true,
      is_notify_contacts: false,
      is_persistent_comment: false,
      with_services: false,
      force_active_checks: false,
    };
    const path = "/centreon/api/latest/monitoring/resources/acknowledge";
    // A parent that is null cannot be written from Lua; a service has one.
    const body = { acknowledgement, resources: RESOURCES };
    assert.equal(401, send("POST", path, "X-AUTH-TOKEN: another", body));
    assert.equal(204, send("POST", path, `X-AUTH-TOKEN: ${CENTREON_TOKEN}`, body));
    const [effect, ...others] = effectsAfter(sandbox);
    assert.same([], others);
    if (effect === undefined) return error("nothing took effect");
    assert.same("Sam Rivera (PagerDuty #1)", effect.comment);
    broker.give(eventsOf(centreon, effect));
    assert.same(["11_22 acknowledged critical, 1 page"], broker.pagerduty());
    assert.same([], effectsAfter(sandbox, effect.number));
  });
}

it("people do things with incidents, and time passes", () => {
  const broker = stage.start();
  const centreon = createCentreon(3);
  broker.give(centreon.introduce(), centreon.check(LOAD, CRITICAL));
  assert.same(["11_22 triggered critical, 1 page"], broker.pagerduty());
  const shown = (): string[] => broker.incidents().map((incident) => inShort(incident));
  sandbox.put("/sandbox/services", { routing_key: broker.routingKey, acknowledgement_timeout: 1800 });
  person(sandbox, broker.routingKey, "11_22", "acknowledge");
  assert.same(["11_22 acknowledged critical, 1 page"], shown());
  passTime(sandbox, 1801);
  assert.same(["11_22 triggered critical, 2 pages"], shown());
  person(sandbox, broker.routingKey, "11_22", "note", { note: "on it" });
  person(sandbox, broker.routingKey, "11_22", "resolve", { by: "Kim Okafor" });
  assert.same(["11_22 resolved critical, 2 pages"], shown());
  assert.equal(200, send("GET", "/incidents?limit=1", "Authorization: Token token=secret"));
  assert.same(["/incidents"], askedWith(sandbox, "secret"));
});
