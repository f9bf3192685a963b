// Macros in the texts and addresses of Centreon's configuration.
import { expandMacros } from "../../src/text/macros";
import { urlEncode } from "../../src/text/url";

const VALUES = { HOSTNAME: "web-01", SERVICEDESC: "Disk /var & %1", EMPTY: "" };

function asIs(value: string): string {
  return value;
}

describe("macros", () => {
  const rows: [text: string, expanded: string][] = [
    ["no macro costs $5", "no macro costs $5"],
    ["ask for $HOSTNAME$", "ask for web-01"],
    ["$HOSTNAME$$HOSTNAME$", "web-01web-01"],
    ["$SERVICEDESC$", "Disk /var & %1"],
    ["<$EMPTY$>", "<>"],
    ["$OTHER$ $$ $hostname$ $", "$OTHER$ $$ $hostname$ $"],
  ];
  for (const [text, expanded] of rows) {
    it(`make "${expanded}" of "${text}"`, () => assert.equal(expanded, expandMacros(text, VALUES, asIs)));
  }

  it("are encoded where they stand in an address", () => {
    assert.equal(
      "https://wiki.example/web-01?s=Disk%20%2Fvar%20%26%20%251",
      expandMacros("https://wiki.example/$HOSTNAME$?s=$SERVICEDESC$", VALUES, urlEncode),
    );
  });
});
