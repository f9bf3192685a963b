// settings/settings: what every parameter accepts, what is said of values that cannot be used, and that nothing
// secret is said.
import { OBSOLETE, PARAMETERS, type Parameter } from "../../src/settings/parameters";
import { centreonAccountOf } from "../../src/settings/endpoint";
import { type CheckedSettings, type Settings, readSettings } from "../../src/settings/settings";
import { readFile as readWhole } from "../../src/text/files";
import { readFile } from "../support/process";
import { assertSays } from "../support/log";

/** 32 letters and digits, as PagerDuty's Integration Keys are. */
const KEY = "R0123456789abcdefGHIJKLMNOPQRSTU";

/** The least that leaves nothing to complain about. */
const GOOD = { pdy_routing_key: KEY, pdy_centreon_url: "https://centreon.example" };

function read(parameters: Record<string, unknown>): CheckedSettings {
  const given = new LuaTable<string, unknown>();
  for (const [name, value] of Object.entries(parameters)) given.set(name, value);
  return readSettings(given, readWhole);
}

function settingsOf(parameters: Record<string, unknown>): Record<keyof Settings, unknown> {
  return read({ ...GOOD, ...parameters }).settings;
}

function complaintsAbout(parameters: Record<string, unknown>): string[] {
  return read({ ...GOOD, ...parameters }).complaints.map(({ text }) => text);
}

/** The parameters of some kinds, sorted by name. */
function parametersOf(...kinds: Parameter["kind"][]): Parameter[] {
  const found: Parameter[] = [];
  for (const [name, definition] of Object.entries(PARAMETERS)) {
    if (kinds.includes(definition.kind)) found.push({ name, ...definition });
  }
  return found.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The value a parameter has when nobody sets it. */
function defaultOf({ kind, fallback }: Parameter): unknown {
  return kind === "flag" ? fallback === 1 : fallback;
}

describe("the defaults", () => {
  const v1Defaults: [name: string, value: unknown][] = [
    ["http_server_url", "https://events.pagerduty.com/v2/enqueue"],
    ["http_proxy_string", ""],
    ["http_timeout", 5],
    ["pdy_source", ""],
    ["log_level", 2],
    ["log_path", "/var/log/centreon-broker/stream-connector-pagerduty.log"],
    ["max_buffer_size", 1],
    ["max_buffer_age", 5],
    // Its meaning was inverted in v1: never lose a page because a name is missing.
    ["skip_anon_events", false],
    ["filter_type", ""],
    ["client", "Centreon Stream Connector"],
  ];
  for (const [name, value] of v1Defaults) {
    it(`are v1's: ${name} is "${tostring(value)}"`, () => {
      assert.equal(value, settingsOf({})[name as keyof Settings]);
    });
  }

  it("are those of the parameter table, for every parameter that is not given", () => {
    const settings = settingsOf({}) as Record<string, unknown>;
    for (const parameter of parametersOf("text", "secret", "path", "url", "choice", "number", "flag")) {
      if (!(parameter.name in GOOD))
        assert.equal(defaultOf(parameter), settings[parameter.name], parameter.name);
    }
  });

  it("leave nothing to complain about but the routing key and Centreon's address", () => {
    const { complaints, canSend } = read({});
    assert.is_false(canSend);
    assert.equal(2, complaints.length);
    assert.same([], complaintsAbout({}));
  });
});

describe("the documented parameters of the predecessors", () => {
  /** What a file of fixtures lists: the names with their values, as the broker hands them over or all as texts. */
  function listed(version: string, areTexts: boolean): Record<string, unknown> {
    const parameters: Record<string, unknown> = {};
    const text = readFile(`spec/fixtures/predecessors/${version}.txt`) ?? "";
    for (const [line] of string.gmatch(text, "[^\n]+")) {
      const [name, kind, value] = string.match(line ?? "", "^([%w_.]+) (%S+) ?(.*)$");
      if (name !== undefined) parameters[name] = kind === "number" && !areTexts ? tonumber(value) : value;
    }
    return { ...parameters, ...GOOD };
  }

  /** Those that log a warning which says why they do nothing here, or what they do instead. */
  const warned: Record<string, string[]> = {
    v1: ["skip_anon_events"],
    v2: ["allow_insecure_connection", "skip_anon_events"].concat(Object.keys(OBSOLETE)),
  };

  for (const version of ["v1", "v2"]) {
    for (const areTexts of [false, true]) {
      it(`give no complaint, but warnings of what does something else here: ${version}'s, ${areTexts ? "as texts" : "as numbers where they are"}`, () => {
        const { complaints } = read(listed(version, areTexts));
        const named = complaints.map(({ isError, text }) => {
          const [name, words] = string.match(text, "^parameter ([%w_.]+) (.*)$");
          assert.is_false(isError, text);
          assert.is_nil(string.find(words ?? "", "unknown", 1, true)[0], text);
          return name ?? text;
        });
        table.sort(named);
        const expected = warned[version] ?? [];
        table.sort(expected);
        assert.same(expected, named);
      });
    }
  }

  it("that do something else here are only warned of with the value that does", () => {
    assert.same([], complaintsAbout({ skip_anon_events: 0, allow_insecure_connection: "maybe" }).slice(1));
  });

  it("have a line each on the migration page, in the part of their connector", () => {
    const page = readFile("docs/migration.md") ?? "";
    for (const [version, heading, end] of [
      ["v1", "\n## From pagerduty%-apiv1%.lua\n", "\n## "],
      ["v2", "\n## From pagerduty%-events%-apiv2%.lua\n", "\n## "],
    ] as const) {
      const [, begin] = string.find(page, heading);
      const [last] = string.find(page, end, begin ?? page.length);
      const part = string.sub(page, begin ?? page.length, last ?? page.length);
      for (const name of Object.keys(listed(version, false)))
        assert.is_not_nil(string.find(part, `\`${name}\``, 1, true)[0], `${version}: ${name}`);
    }
  });
});

describe("numbers", () => {
  for (const parameter of parametersOf("number")) {
    const { name, minimum = 0, maximum = 2147483647, fallback } = parameter;

    it(`${name} takes ${minimum} to ${maximum}, as a number, as a text, and with spaces around`, () => {
      for (const value of [minimum, maximum]) {
        for (const given of [value, `${value}`, ` ${value}\t`]) {
          assert.equal(value, settingsOf({ [name]: given })[name as keyof Settings]);
          assert.same([], complaintsAbout({ [name]: given }));
        }
      }
    });

    it(`${name} stays ${fallback} for anything else, and says what is expected`, () => {
      const unusable = [minimum - 1, maximum + 1, "many", minimum + 0.5, "1e", "nan", "inf", "1 2"];
      for (const given of unusable) {
        assert.equal(fallback, settingsOf({ [name]: given })[name as keyof Settings]);
        const [complaint, another] = complaintsAbout({ [name]: given });
        assert.is_nil(another);
        const range = string.format("a whole number from %d to %d", minimum, maximum);
        for (const part of [name, `"${tostring(given)}"`, range, `${fallback} is used instead`]) {
          assert.is_not_nil(string.find(complaint ?? "", part, 1, true)[0], `${part} in ${complaint ?? ""}`);
        }
      }
    });

    it(`${name} stays ${fallback} when it is empty, as a form that was not filled in`, () => {
      assert.equal(fallback, settingsOf({ [name]: " " })[name as keyof Settings]);
      assert.same([], complaintsAbout({ [name]: "" }));
    });
  }
});

describe("flags", () => {
  const words: [word: unknown, value: boolean][] = [
    [1, true],
    ["1", true],
    ["true", true],
    ["yes", true],
    ["on", true],
    [true, true],
    [" YES ", true],
    [0, false],
    ["0", false],
    ["false", false],
    ["no", false],
    ["off", false],
    [false, false],
    ["Off", false],
  ];
  for (const [word, value] of words) {
    it(`take "${tostring(word)}" for ${value ? "1" : "0"}`, () => {
      for (const { name } of parametersOf("flag")) {
        assert.equal(value, settingsOf({ [name]: word })[name as keyof Settings], name);
      }
    });
  }

  for (const parameter of parametersOf("flag")) {
    const { name, fallback } = parameter;
    it(`${name} stays ${fallback} for any other word, and says so`, () => {
      for (const word of ["2", "maybe", "-1"]) {
        assert.equal(defaultOf(parameter), settingsOf({ [name]: word })[name as keyof Settings]);
        assert.same(
          [`parameter ${name} is "${word}": expected 0 or 1; ${fallback} is used instead`],
          complaintsAbout({ [name]: word }),
        );
      }
    });
  }
});

describe("choices", () => {
  for (const { name, choices = [], fallback } of parametersOf("choice")) {
    it(`${name} takes ${choices.join(", ")}, in capitals too`, () => {
      for (const choice of choices) {
        assert.equal(choice, settingsOf({ [name]: choice })[name as keyof Settings]);
        assert.equal(choice, settingsOf({ [name]: choice.toUpperCase() })[name as keyof Settings]);
      }
    });

    it(`${name} stays ${fallback} for anything else, and says so`, () => {
      assert.equal(fallback, settingsOf({ [name]: "mars" })[name as keyof Settings]);
      assert.same(
        [`parameter ${name} is "mars": expected one of ${choices.join(", ")}; ${fallback} is used instead`],
        complaintsAbout({ [name]: "mars" }),
      );
    });
  }
});

describe("addresses", () => {
  it("take http and https", () => {
    for (const { name } of parametersOf("url")) {
      for (const address of ["https://host.example/path", "http://[2001:db8::1]:8080"]) {
        assert.equal(address, settingsOf({ [name]: address })[name as keyof Settings]);
        const complaints = complaintsAbout({ [name]: address });
        assert.same(
          [],
          complaints.filter((text) => string.find(text, "expected an address", 1, true)[0] !== undefined),
        );
      }
    }
  });

  it("have their scheme in small letters, however it was written", () => {
    for (const { name } of parametersOf("url")) {
      const settings = settingsOf({ [name]: "HTTPS://Host.example/Path" });
      assert.equal("https://Host.example/Path", settings[name as keyof Settings]);
    }
  });

  it("without a scheme are refused: libcurl would take http, and send the routing key in the clear", () => {
    const given = { http_server_url: "events.pagerduty.com/v2/enqueue" };
    assert.equal("https://events.pagerduty.com/v2/enqueue", settingsOf(given).http_server_url);
    assert.same(
      [
        'parameter http_server_url is "events.pagerduty.com/v2/enqueue": expected an address that begins with ' +
          "https:// (or http://); https://events.pagerduty.com/v2/enqueue is used instead",
      ],
      complaintsAbout(given),
    );
  });

  it("that are secret are not shown when they cannot be used", () => {
    const given = { heartbeat_url: "htps://switch.example/ping/secret" };
    assert.equal("", settingsOf(given).heartbeat_url);
    assert.same(
      [
        "parameter heartbeat_url is not what it must be: expected an address that begins with https:// (or http://); " +
          "it counts as not set",
      ],
      complaintsAbout(given),
    );
  });

  it("of Centreon that cannot be opened give no links", () => {
    for (const address of [
      "",
      "http://set.pdy_centreon_url.parameter",
      "centreon.example",
      "javascript:alert(1)",
    ]) {
      assert.equal("", settingsOf({ pdy_centreon_url: address }).pdy_centreon_url);
      const complaints = complaintsAbout({ pdy_centreon_url: address });
      assert.equal(
        "parameter pdy_centreon_url is not set: alerts carry no link to Centreon",
        complaints[complaints.length - 1],
      );
    }
  });
});

describe("texts", () => {
  it("are trimmed", () => {
    assert.equal("central", settingsOf({ pdy_source: "\t central \n" }).pdy_source);
    assert.same([], complaintsAbout({ pdy_routing_key: ` ${KEY}\n` }));
  });

  it("lose the raw:: that Centreon 25.10 writes before passwords, once", () => {
    assert.equal(KEY, settingsOf({ pdy_routing_key: `raw::${KEY}` }).pdy_routing_key);
    assert.equal("raw::secret", settingsOf({ proxy_password: "raw::raw::secret" }).proxy_password);
    assert.equal("draw::x", settingsOf({ pdy_source: "draw::x" }).pdy_source);
  });

  it("may be numbers", () => {
    assert.equal("42", settingsOf({ pdy_source: 42 }).pdy_source);
  });

  it("may be empty where that means something", () => {
    assert.equal("", settingsOf({ log_path: "" }).log_path);
    assert.equal("", settingsOf({ client: "" }).client);
  });
});

describe("the routing key", () => {
  const WHERE =
    ": expected the 32 letters and digits of the Integration Key that PagerDuty shows under Services > your service" +
    " > Integrations; NOTHING IS SENT until it is set";

  const keys: [what: string, given: { pdy_routing_key?: string }, complaint: string][] = [
    ["missing", {}, "is missing"],
    ["empty", { pdy_routing_key: "" }, "is missing"],
    ["spaces", { pdy_routing_key: "   " }, "is missing"],
    ["too short", { pdy_routing_key: string.sub(KEY, 2) }, "has 31 characters"],
    ["too long", { pdy_routing_key: `${KEY}0` }, "has 33 characters"],
    [
      "with a character that no key has",
      { pdy_routing_key: `-${string.sub(KEY, 2)}` },
      "has other characters than letters and digits",
    ],
    [
      "with a letter that is not ASCII",
      { pdy_routing_key: `é${string.sub(KEY, 3)}` },
      "has other characters than letters and digits",
    ],
  ];
  for (const [what, given, complaint] of keys) {
    it(`${what}: nothing can be sent, and the complaint says where to find it, but not what was given`, () => {
      const { canSend, complaints } = read({ pdy_centreon_url: GOOD.pdy_centreon_url, ...given });
      assert.is_false(canSend);
      assert.same([{ isError: true, text: `parameter pdy_routing_key ${complaint}${WHERE}` }], complaints);
    });
  }

  it("of 32 letters and digits is used as it is", () => {
    const { canSend, settings } = read(GOOD);
    assert.is_true(canSend);
    assert.equal(KEY, settings.pdy_routing_key);
  });
});

describe("the key of the REST API", () => {
  it("that can be none counts as not set: it would go into a header", () => {
    for (const key of ["two words", "a\nb", "schlüssel"]) {
      assert.equal("", settingsOf({ pdy_api_key: key }).pdy_api_key);
      assert.equal(1, complaintsAbout({ pdy_api_key: key }).length);
    }
    assert.equal("u+Ab_c-1=", settingsOf({ pdy_api_key: " u+Ab_c-1= " }).pdy_api_key);
  });
});

describe("the address of Centreon's API", () => {
  const URL = { centreon_api_url: "https://centreon.example.com/centreon" };
  const TOKEN = { centreon_api_token: "token" };

  it("is told nothing without what it needs, and that is said", () => {
    const cases: [given: Record<string, string>, words: string][] = [
      [{ ...URL, pdy_api_key: "key" }, "centreon_api_token is not set"],
      [{ ...TOKEN, pdy_api_key: "key" }, "centreon_api_url is not set"],
      [{ ...URL, centreon_api_user: "sam", pdy_api_key: "key" }, "centreon_api_password is not set"],
      [{ ...URL, centreon_api_password: "hush", pdy_api_key: "key" }, "centreon_api_user is not set"],
      [{ ...URL, ...TOKEN }, "pdy_api_key is not set"],
      [{ ...URL, centreon_api_token: "two words", pdy_api_key: "key" }, "centreon_api_token has spaces"],
    ];
    for (const [given, words] of cases) {
      const [complaint, ...others] = complaintsAbout(given);
      assertSays(complaint, words);
      assert.same([], others);
    }
    assert.same([], complaintsAbout({ ...URL, ...TOKEN, pdy_api_key: "key" }));
    const user = { centreon_api_user: "sam", centreon_api_password: "hush" };
    assert.same([], complaintsAbout({ ...URL, ...user, pdy_api_key: "key" }));
  });

  it("is asked with the token where there is a user, too, and that is said", () => {
    const given = { ...URL, ...TOKEN, centreon_api_user: "sam", centreon_api_password: "hush" };
    assert.same({ kind: "token", token: "token" }, centreonAccountOf(read(given).settings));
    const [complaint, ...others] = complaintsAbout({ ...given, pdy_api_key: "key" });
    assertSays(complaint, "centreon_api_user and centreon_api_password are not used");
    assert.same([], others);
  });
});

describe("complaints", () => {
  const WRONG = {
    log_level: 7,
    http_timeout: "soon",
    hard_only: "perhaps",
    pdy_region: "mars",
    zebra: "1",
    pdy_routingkey: KEY,
    log_levle: "2",
    pdy_routing_key: "short",
  };

  it("come all at once: the known parameters by name, the unknown ones by name, the routing key, Centreon's address", () => {
    const texts = read(WRONG).complaints.map(
      ({ isError, text }) => `${isError ? "error" : "warning"}: ${text}`,
    );
    const beginnings = [
      'error: parameter hard_only is "perhaps": expected 0 or 1',
      'error: parameter http_timeout is "soon": expected a whole number from 1 to 300 (s)',
      'error: parameter log_level is "7": expected a whole number from 0 to 3',
      'error: parameter pdy_region is "mars": expected one of us, eu',
      "warning: parameter log_levle is unknown and ignored: did you mean log_level?",
      "warning: parameter pdy_routingkey is unknown and ignored: did you mean pdy_routing_key?",
      "warning: parameter zebra is unknown and ignored: see docs/parameters.md for the known ones",
      "error: parameter pdy_routing_key has 5 characters",
      "warning: parameter pdy_centreon_url is not set",
    ];
    assert.same(
      beginnings,
      texts.map((text, index) => string.sub(text, 1, (beginnings[index] ?? "").length)),
    );
  });

  it("name each file that would be written over another, which counts as not set then", () => {
    const state = "/var/lib/centreon-broker/pagerduty.state";
    const names = ["quarantine_path", "status_path", "record_path", "log_path"] as const;
    for (const name of names) {
      assert.same(
        [
          `parameter ${name} is "${state}", and so is state_path: give each a file of its own; ${name} counts as not set`,
        ],
        complaintsAbout({ [name]: state }),
      );
      assert.equal("", settingsOf({ [name]: state })[name]);
    }
    const twice = settingsOf({ quarantine_path: "/tmp/x", status_path: "/tmp/x" });
    assert.same(["/tmp/x", ""], [twice.quarantine_path, twice.status_path]);
    assert.same([], complaintsAbout({ state_path: "", record_path: "", status_path: "" }));
  });

  it("say that certificates are not verified, whichever parameter says so", () => {
    for (const given of [{ verify_certificate: 0 }, { allow_insecure_connection: "1" }]) {
      const [complaint] = complaintsAbout(given);
      assert.is_not_nil(string.find(complaint ?? "", "certificates are NOT verified", 1, true)[0]);
    }
    assert.same([], complaintsAbout({ verify_certificate: "1" }));
  });

  it("never have a secret in them: not of a secret parameter, of an address, or of an unknown parameter", () => {
    const secret = "s3cr3t";
    const given: Record<string, unknown> = {
      pdy_routing_key: secret,
      pdy_routing_kye: secret,
      http_server_url: `user:${secret}@gateway/x@y`,
      pdy_centreon_url: `user:${secret}@centreon`,
      http_proxy_string: `http://user:${secret}@proxy:1`,
    };
    for (const { name } of parametersOf("secret")) given[name] = secret;
    const { complaints } = read(given);
    assert.is_true(complaints.length >= 4);
    for (const { text } of complaints) assert.is_nil(string.find(text, secret, 1, true)[0], text);
  });
});
