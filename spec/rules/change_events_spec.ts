// settings/change_events: where change events go, and what is said when they cannot go there.
import type { ChangeEvents } from "../../src/rules/change_events";
import { readRules } from "../../src/rules/from_parameters";
import { readSettings } from "../../src/settings/settings";
import { readFile } from "../../src/text/files";

const KEY = "0123456789abcdef0123456789abcdef";
const ORCHESTRATION_KEY = "R123456789abcdef0123456789abcdef";

function read(parameters: Record<string, unknown>): { target: ChangeEvents | undefined; said: string[] } {
  const given = new LuaTable<string, unknown>();
  const all = {
    pdy_routing_key: KEY,
    pdy_centreon_url: "https://centreon.example",
    pdy_change_events: 1,
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) given.set(name, value);
  const checked = readSettings(given, readFile);
  const rules = readRules(checked);
  const { complaints } = checked;
  return {
    target: rules.changeEvents,
    said: complaints.map(({ isError, text }) => `${isError ? "error" : "warning"}: ${text}`),
  };
}

describe("change events", () => {
  it("are off unless somebody asks for them", () => {
    assert.same({ target: undefined, said: [] }, read({ pdy_change_events: 0 }));
    for (const off of ["", "0", "false", "Off", "no", " , "])
      assert.same({ target: undefined, said: [] }, read({ pdy_change_events: off }), off);
  });

  const USUAL = [
    "acknowledged",
    "configuration deployed",
    "downtime cancelled",
    "downtime ended",
    "downtime started",
    "poller started",
    "poller stopped",
  ];
  const choices: [text: string | number, kinds: string[]][] = [
    [1, USUAL],
    ["yes", USUAL],
    ["On", USUAL],
    ["acknowledgements", ["acknowledged"]],
    ["deployments, Flapping", ["configuration deployed", "flapping started", "flapping stopped"]],
    [
      "comments,downtimes,comments",
      ["commented", "downtime cancelled", "downtime ended", "downtime started"],
    ],
    ["pollers", ["poller started", "poller stopped"]],
  ];
  for (const [text, kinds] of choices) {
    it(`are told, with ${text}, of ${kinds.join(", ")}`, () => {
      const { target, said } = read({ pdy_change_events: text });
      const told: string[] = [];
      for (const [kind, isTold] of Object.entries(target?.isTold ?? {})) if (isTold) told.push(kind);
      table.sort(told);
      assert.same([kinds, []], [told, said]);
    });
  }

  const slips: [item: string, hint: string][] = [
    ["downtime", "; did you mean downtimes?"],
    ["acknowledged", "; did you mean acknowledgements?"],
    ["deployed", "; did you mean deployments?"],
    ["weather", ""],
    ["2", ""],
  ];
  for (const [item, hint] of slips) {
    it(`say of ${item} that it is unknown, and leave it out${hint}`, () => {
      const expected = `error: parameter pdy_change_events: "${item}" is unknown: expected 0, 1, or some of acknowledgements, downtimes, pollers, deployments, flapping, comments${hint}; it is left out`;
      assert.same({ target: undefined, said: [expected] }, read({ pdy_change_events: item }));
      const { target, said } = read({ pdy_change_events: `${item}, comments` });
      assert.same([true, false, [expected]], [target?.isTold.commented, target?.isTold.acknowledged, said]);
    });
  }

  const urls: [parameters: Record<string, unknown>, url: string][] = [
    [{}, "https://events.pagerduty.com/v2/change/enqueue"],
    [{ pdy_region: "eu" }, "https://events.eu.pagerduty.com/v2/change/enqueue"],
    [{ http_server_url: "http://gateway:8080/pd/v2/enqueue" }, "http://gateway:8080/pd/v2/change/enqueue"],
  ];
  for (const [parameters, url] of urls) {
    it(`go to ${url}`, () => {
      const { target, said } = read(parameters);
      assert.same([url, []], [target?.url, said]);
    });
  }

  for (const url of [
    "https://gateway/alerts",
    "https://gateway/v2/enqueue/",
    "https://gateway/v2/enqueue?a=b",
  ]) {
    it(`are not sent where the address for alerts, ${url}, does not show where to; that is said`, () => {
      const { target, said } = read({ http_server_url: url });
      assert.is_nil(target);
      assert.equal(1, said.length);
      assert.equal(
        1,
        string.find(
          said[0] ?? "",
          "error: parameter pdy_change_events does not work with this http_server_url",
          1,
          true,
        )[0],
      );
    });
  }

  it("are sent by the keys that take them; of the others each is named once", () => {
    const { target, said } = read({
      pdy_routing_key_web: ORCHESTRATION_KEY,
      pdy_routing_key_dba: KEY,
      pdy_routing_key_ops: ORCHESTRATION_KEY,
    });
    assert.is_not_nil(target);
    assert.same(
      [
        "warning: parameter pdy_change_events: the key in pdy_routing_key_ops",
        "warning: parameter pdy_change_events: the key in pdy_routing_key_web",
      ],
      said.map((text) => string.match(text, "^(.-) begins with R")[0]),
    );
  });

  it("have nothing to do with the fallback key", () => {
    const { target, said } = read({ pdy_fallback_routing_key: ORCHESTRATION_KEY });
    assert.same([true, []], [target !== undefined, said]);
    assert.is_nil(read({ pdy_routing_key: ORCHESTRATION_KEY, pdy_fallback_routing_key: KEY }).target);
  });

  it("are not sent at all when no key takes them", () => {
    const { target, said } = read({ pdy_routing_key: ORCHESTRATION_KEY });
    assert.is_nil(target);
    assert.same(
      ["warning: parameter pdy_change_events: the key in pdy_routing_key"],
      said.map((text) => string.match(text, "^(.-) begins with R")[0]),
    );
  });
});
