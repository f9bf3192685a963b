// What Centreon's API is asked, and how it names what an alert is about. What comes of it is spec/contract/telling_spec.ts'.
import { type Alert, type Resource, createAlert } from "../../src/alerts/alert";
import { createCentreonApi, resourceOf } from "../../src/feedback/centreon_api";
import { createCentreonSession } from "../../src/feedback/centreon_session";
import { hostOf, placeWith, serviceOf } from "../support/alerts";
import { assertSays } from "../support/log";

function alertOf(resource: Resource, metaServiceId?: number): Alert {
  const facts: Alert["facts"] = {
    state: 2,
    isAcknowledged: false,
    downtimeDepth: 0,
    isFlapping: false,
    lastCheck: 0,
    staleness: undefined,
  };
  const alert = createAlert(resource, facts, "critical");
  alert.place = metaServiceId === undefined ? placeWith() : { ...placeWith(), metaServiceId };
  return alert;
}

describe("Centreon's API names", () => {
  it("a host, a service with its host, and a meta-service by its own number", () => {
    assert.equal('{"type":"host","id":11,"parent":null}', resourceOf(alertOf(hostOf(11))));
    assert.equal('{"type":"service","id":22,"parent":{"id":11}}', resourceOf(alertOf(serviceOf(11, 22))));
    assert.equal('{"type":"metaservice","id":7,"parent":null}', resourceOf(alertOf(serviceOf(11, 22), 7)));
  });

  it("nothing else", () => {
    assert.is_nil(resourceOf(alertOf({ kind: "business activity", id: 5 })));
    assert.is_nil(resourceOf(alertOf({ kind: "poller", id: 2 })));
    assert.is_nil(resourceOf(alertOf({ kind: "storm", route: "default" })));
  });
});

describe("an answer of Centreon's API", () => {
  const cases: [answer: number | string, kind: string, words: string][] = [
    [204, "taken", ""],
    [401, "failed", "HTTP 401; check centreon_api_token"],
    [403, "refused", 'actions "Acknowledge" and "Disacknowledge"'],
    [404, "refused", "check centreon_api_url"],
    [302, "failed", "HTTP 302; check centreon_api_url"],
    [429, "failed", "HTTP 429"],
    [500, "failed", "HTTP 500"],
    ["no way there", "failed", "no way there"],
  ];
  for (const [answer, kind, words] of cases)
    it(`${answer} means ${kind}`, () => {
      const account = { kind: "token", token: "token" } as const;
      const session = createCentreonSession("https://centreon.example/centreon", account, (_, ended) => {
        ended(answer, "");
      });
      const api = createCentreonApi(session);
      api.takeBack("{}", (told) => {
        assert.equal(kind, told.kind);
        if (told.kind !== "taken") assertSays(told.reason, words);
      });
    });
});
