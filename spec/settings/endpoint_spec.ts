// Where to send and how to get there: the parameters that say it in more than one way, and what of them is secret.
import { changeServerUrl, proxyOf, restApiUrl, secretsOf, serverUrl } from "../../src/settings/endpoint";
import { type CheckedSettings, type Settings, readSettings } from "../../src/settings/settings";
import { readFile } from "../../src/text/files";

const US = "https://events.pagerduty.com/v2/enqueue";
const EU = "https://events.eu.pagerduty.com/v2/enqueue";
const KEY = "0123456789abcdef0123456789abcdef";
const TEAM_KEY = "fedcba9876543210fedcba9876543210";

type Parameters = Readonly<Record<string, string | number>>;

/** What the broker's parameters make, the routing key being among them. */
function checked(parameters: Parameters): CheckedSettings {
  const given = new LuaTable<string, unknown>();
  given.set("pdy_routing_key", KEY);
  for (const [name, value] of Object.entries(parameters)) given.set(name, value);
  return readSettings(given, readFile);
}

function settingsOf(parameters: Parameters): Settings {
  return checked(parameters).settings;
}

describe("the address to post to", () => {
  const cases: readonly (readonly [string, Parameters, string])[] = [
    ["is PagerDuty's in the US", {}, US],
    ["follows pdy_region us", { pdy_region: "us" }, US],
    ["follows pdy_region eu", { pdy_region: "eu" }, EU],
    ["follows pdy_region in capitals", { pdy_region: "EU" }, EU],
    ["stays in the US for a region that does not exist", { pdy_region: "mars" }, US],
    ["is http_server_url", { http_server_url: "https://gateway/v2" }, "https://gateway/v2"],
    [
      "is http_server_url rather than that of pdy_region",
      { http_server_url: "https://gateway/v2", pdy_region: "eu" },
      "https://gateway/v2",
    ],
    [
      "is that of pdy_region when http_server_url has the predecessor's default, as Centreon's form writes it",
      { http_server_url: US, pdy_region: "eu" },
      EU,
    ],
    ["is that of pdy_region when http_server_url is empty", { http_server_url: "", pdy_region: "eu" }, EU],
  ];
  for (const [name, parameters, expected] of cases) {
    it(name, () => {
      assert.equal(expected, serverUrl(settingsOf(parameters)));
    });
  }
});

describe("the address to post change events to", () => {
  it("is beside the one for alerts", () => {
    assert.equal("https://events.pagerduty.com/v2/change/enqueue", changeServerUrl(settingsOf({})));
    assert.equal(
      "https://events.eu.pagerduty.com/v2/change/enqueue",
      changeServerUrl(settingsOf({ pdy_region: "eu" })),
    );
    assert.equal(
      "http://localhost:8080/enqueue/v2/change/enqueue",
      changeServerUrl(settingsOf({ http_server_url: "http://localhost:8080/enqueue/v2/enqueue" })),
    );
  });

  it("is unknown where that one does not show it", () => {
    assert.is_nil(changeServerUrl(settingsOf({ http_server_url: "https://gateway/enqueue/v2" })));
  });
});

describe("the address of the REST API", () => {
  const US_API = "https://api.pagerduty.com";
  const EU_API = "https://api.eu.pagerduty.com";
  const cases: readonly (readonly [string, Parameters, string])[] = [
    ["is PagerDuty's in the US", {}, US_API],
    ["is in the region of pdy_region", { pdy_region: "eu" }, EU_API],
    ["is in the region that events go to", { http_server_url: EU }, EU_API],
    [
      "is that of pdy_region behind a gateway",
      { http_server_url: "https://gw/v2", pdy_region: "eu" },
      EU_API,
    ],
    ["is in the US behind a gateway", { http_server_url: "https://events.eu.pagerduty.com.gw/v2" }, US_API],
    ["is pdy_api_url", { pdy_api_url: "https://gateway/api", pdy_region: "eu" }, "https://gateway/api"],
  ];
  for (const [name, parameters, expected] of cases) {
    it(name, () => {
      assert.equal(expected, restApiUrl(settingsOf(parameters)));
    });
  }
});

describe("the proxy", () => {
  const cases: readonly (readonly [string, Parameters, string, string])[] = [
    ["is none", {}, "", ""],
    [
      "is http_proxy_string as it is",
      { http_proxy_string: "http://u:p%40@proxy:3128" },
      "http://u:p%40@proxy:3128",
      "",
    ],
    [
      "is http_proxy_string rather than proxy_address",
      { http_proxy_string: "http://one:1", proxy_address: "two", proxy_username: "u" },
      "http://one:1",
      "",
    ],
    ["is at proxy_address, on the usual port", { proxy_address: "proxy" }, "http://proxy:3128", ""],
    ["takes proxy_port as a number", { proxy_address: "proxy", proxy_port: 8080 }, "http://proxy:8080", ""],
    ["takes proxy_port as a string", { proxy_address: "proxy", proxy_port: "8080" }, "http://proxy:8080", ""],
    [
      "is spoken to as proxy_protocol says",
      { proxy_address: "proxy", proxy_protocol: "socks5h" },
      "socks5h://proxy:3128",
      "",
    ],
    [
      "gets user and password percent-encoded, as libcurl decodes them",
      { proxy_address: "proxy", proxy_username: "a:b", proxy_password: "c@d%41 é" },
      "http://proxy:3128",
      "a%3Ab:c%40d%2541%20%C3%A9",
    ],
    [
      "gets a user without a password",
      { proxy_address: "proxy", proxy_username: "user" },
      "http://proxy:3128",
      "user:",
    ],
    ["needs an address: a port alone is none", { proxy_port: 8080, proxy_username: "user" }, "", ""],
  ];
  for (const [name, parameters, url, credentials] of cases) {
    it(name, () => {
      assert.same({ url, credentials }, proxyOf(settingsOf(parameters)));
    });
  }
});

describe("what must never be logged", () => {
  function secretsWith(parameters: Parameters): string[] {
    const { settings, routingKeys } = checked(parameters);
    return secretsOf(settings, routingKeys);
  }
  const cases: readonly (readonly [string, string, Parameters])[] = [
    ["the routing key", KEY, {}],
    ["a team's routing key", TEAM_KEY, { pdy_routing_key_dba: TEAM_KEY }],
    ["the proxy's password", "pass", { proxy_password: "pass" }],
    ["the proxy's password, percent-encoded", "p%40ss", { proxy_password: "p@ss" }],
    ["the password in http_proxy_string", "pass", { http_proxy_string: "http://u:pass@proxy:1" }],
    ["the password in http_proxy_string without a scheme", "pass", { http_proxy_string: "u:pass@proxy:1" }],
    ["the password in http_proxy_string, decoded", "p@ss", { http_proxy_string: "http://u:p%40ss@proxy:1" }],
    ["a password with an @ in http_proxy_string", "p@ss", { http_proxy_string: "http://u:p@ss@proxy:1" }],
    ["a password with a colon in http_proxy_string", "p:ss", { http_proxy_string: "http://u:p:ss@proxy:1" }],
    ["the password in http_server_url", "pass", { http_server_url: "https://u:pass@gateway/v2/enqueue" }],
    ["the path of heartbeat_url", "/ping/secret", { heartbeat_url: "https://switch.example/ping/secret" }],
    ["what heartbeat_url asks for", "?key=secret", { heartbeat_url: "https://switch.example?key=secret" }],
    ["the user in heartbeat_url", "u:pass", { heartbeat_url: "https://u:pass@switch.example:8443/" }],
    ["the password of the client's key", "pass", { http_client_key_password: "pass" }],
  ];
  for (const [name, text, parameters] of cases) {
    it(name, () => {
      assert.is_true(secretsWith(parameters).includes(text));
    });
  }

  it("is nothing that is empty or public: it would blot out whole lines", () => {
    assert.same([KEY, KEY, KEY], secretsWith({ http_proxy_string: "http://proxy:3128" }));
    assert.same([KEY, KEY, KEY], secretsWith({ heartbeat_url: "https://switch.example/" }));
  });

  it("is the token of Centreon's API, and the password", () => {
    const { settings, routingKeys } = checked({
      centreon_api_token: "to/ken",
      centreon_api_password: "pass word",
    });
    const secrets = secretsOf(settings, routingKeys);
    for (const text of ["to/ken", "pass word", "pass%20word"]) assert.is_true(secrets.includes(text));
  });

  it("is the key of the REST API", () => {
    const { settings, routingKeys } = checked({ pdy_api_key: "u+key" });
    const secrets = secretsOf(settings, routingKeys);
    assert.is_true(secrets.includes("u+key"));
    assert.is_true(secrets.includes("u%2Bkey"));
  });
});
