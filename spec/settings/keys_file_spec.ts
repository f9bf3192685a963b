// pdy_keys_file: keys out of Centreon's configuration; whose each is, that it wins, and that a bad line is named without
// a word of the key.
import { type CheckedSettings, readSettings } from "../../src/settings/settings";
import { type ReadFile, readFile } from "../../src/text/files";

const KEY = "R0123456789abcdefGHIJKLMNOPQRSTU";
const OTHER = "0000000000000000000000000000000a";
const TEAM = "0000000000000000000000000000000b";

function read(
  text: string | undefined,
  parameters: Record<string, unknown> = {},
  files?: ReadFile,
): CheckedSettings {
  const given = new LuaTable<string, unknown>();
  given.set("pdy_centreon_url", "https://centreon.example");
  given.set("pdy_keys_file", "/keys");
  for (const [name, value] of Object.entries(parameters)) given.set(name, value);
  const oneFile: ReadFile = () => {
    if (text === undefined) return $multi(undefined, "/keys: Permission denied");
    return $multi(text, undefined);
  };
  return readSettings(given, files ?? oneFile);
}

function complaintsOf(checked: CheckedSettings): string[] {
  return checked.complaints.map(({ text }) => text);
}

describe("the file of keys", () => {
  it("holds the default key, the fallback and the teams', with comments and blanks as people write them", () => {
    const file = `# our keys\n\ndefault = ${KEY}\r\n  fallback=${OTHER}   # the duty officer\n\tdba  =  ${TEAM}`;
    const checked = read(`${string.char(0xef, 0xbb, 0xbf)}${file}`);
    assert.same([], complaintsOf(checked));
    assert.is_true(checked.canSend);
    assert.equal(KEY, checked.settings.pdy_routing_key);
    assert.equal(OTHER, checked.settings.pdy_fallback_routing_key);
    assert.same({ default: KEY, "(fallback)": OTHER, dba: TEAM }, checked.routingKeys);
  });

  it("holds the key of the REST API, which wins over its parameter and is no team's", () => {
    const checked = read(`default = ${KEY}\npdy_api_key = u+Ab_c-1=`, { pdy_api_key: "another" });
    assert.same([], complaintsOf(checked));
    assert.equal("u+Ab_c-1=", checked.settings.pdy_api_key);
    assert.same({ default: KEY }, checked.routingKeys);
  });

  it("holds the token of Centreon's API, which wins over its parameter and is no team's", () => {
    const checked = read(`default = ${KEY}\ncentreon_api_token = to/ken=`, {
      pdy_api_key: "key",
      centreon_api_url: "https://centreon.example.com/centreon",
      centreon_api_token: "another",
    });
    assert.same([], complaintsOf(checked));
    assert.equal("to/ken=", checked.settings.centreon_api_token);
    assert.same({ default: KEY }, checked.routingKeys);
  });

  it("holds the password of Centreon's API, as it stands", () => {
    const checked = read(`  centreon_api_password =  pass #1 = wörd" \r\ndefault = ${KEY} # ours`, {
      pdy_api_key: "key",
      centreon_api_url: "https://centreon.example.com/centreon",
      centreon_api_user: "connector",
    });
    assert.same([], complaintsOf(checked));
    assert.equal('pass #1 = wörd"', checked.settings.centreon_api_password);
    assert.same({ default: KEY }, checked.routingKeys);
    const [complaint] = complaintsOf(read(`default = ${KEY}\ncentreon_api_password =`));
    assert.equal("pdy_keys_file /keys, line 2: its password is empty; the line is left out", complaint);
  });

  it("says of a key of the REST API that can be none what is wrong with it", () => {
    const [complaint] = complaintsOf(read(`default = ${KEY}\npdy_api_key = two words`));
    assert.equal(
      "pdy_keys_file /keys, line 2: its key has spaces or other characters that no key has; the line is left out",
      complaint,
    );
  });

  it("wins over the parameters, and leaves them what it does not name", () => {
    const checked = read(`default = ${KEY}\ndba = ${TEAM}`, {
      pdy_routing_key: OTHER,
      pdy_fallback_routing_key: OTHER,
      pdy_routing_key_dba: "too short, and not looked at",
      pdy_routing_key_web: OTHER,
    });
    assert.same([], complaintsOf(checked));
    assert.same({ default: KEY, "(fallback)": OTHER, dba: TEAM, web: OTHER }, checked.routingKeys);
  });

  it("keeps its fallback apart from a team of that name, and the default key from a parameter of that name", () => {
    const checked = read(`default = ${KEY}\nfallback = ${OTHER}`, { pdy_routing_key_fallback: TEAM });
    assert.same([], complaintsOf(checked));
    assert.same({ default: KEY, "(fallback)": OTHER, fallback: TEAM }, checked.routingKeys);
    const doubled = read(`dba = ${TEAM}`, { pdy_routing_key: KEY, pdy_routing_key_default: OTHER });
    assert.same({ default: KEY, dba: TEAM }, doubled.routingKeys);
    assert.same(
      ["parameter pdy_routing_key_default is ignored: the default key is the one in pdy_routing_key"],
      complaintsOf(doubled),
    );
  });

  it("is not the only one that tells of a label that cannot be one", () => {
    const [text = ""] = complaintsOf(read(`default = ${KEY}`, { "pdy_routing_key_my-team": TEAM }));
    assert.equal(
      1,
      string.find(text, "parameter pdy_routing_key_my-team is unknown and ignored", 1, true)[0],
      text,
    );
  });

  const wrong: [what: string, line: string, complaint: string][] = [
    ["too short a key", `dba = ${string.sub(KEY, 2)}`, "its key (dba) has 31 characters"],
    ["another character", `dba = -${string.sub(KEY, 2)}`, "its key (dba) has other characters"],
    ["no key", "dba =", "its key (dba) has 0 characters"],
    ["no label", `= ${KEY}`, "its label has other characters"],
    ["no sign", KEY, 'it has no "="'],
    ["the sides changed", `${KEY} = dba`, "its key has 3 characters"],
    ["a key in the label", `dba ${KEY} = x`, "its label has other characters"],
    ["the parameter's name", `pdy_routing_key = ${KEY}`, "its label is the name of a parameter"],
    ["a second one", `default = ${KEY}`, "there is a line for default already"],
  ];
  for (const [what, line, complaint] of wrong) {
    it(`names a line with ${what}, and not what stands in it`, () => {
      const checked = read(`default = ${OTHER}\n${line}\n`);
      const [text = ""] = complaintsOf(checked);
      assert.equal(1, checked.complaints.length);
      assert.equal(1, string.find(text, `pdy_keys_file /keys, line 2: ${complaint}`, 1, true)[0], text);
      assert.is_nil(string.find(text, string.sub(KEY, 2, 20), 1, true)[0], text);
      assert.same({ default: OTHER }, checked.routingKeys);
    });
  }

  it("that cannot be read leaves the parameters' keys, and says so", () => {
    const checked = read(undefined, { pdy_routing_key: KEY });
    assert.is_true(checked.canSend);
    const [text = ""] = complaintsOf(checked);
    assert.is_not_nil(
      string.find(text, "^pdy_keys_file cannot be read: /keys: Permission denied: ")[0],
      text,
    );
    for (const path of ["/", "/missing/keys"])
      assert.equal(1, read("", { pdy_routing_key: KEY, pdy_keys_file: path }, readFile).complaints.length);
  });

  it("without a default key, and none in the parameters: nothing can be sent", () => {
    const checked = read(`dba = ${TEAM}`);
    assert.is_false(checked.canSend);
    const [text = ""] = complaintsOf(checked);
    assert.is_not_nil(
      string.find(
        text,
        "pdy_routing_key is missing, and pdy_keys_file has no usable line for default",
        1,
        true,
      )[0],
    );
  });
});
