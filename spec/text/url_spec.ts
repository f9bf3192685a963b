// text/url against RFC 3986: which bytes may stand in a URL, and that encoding loses nothing.
import { escapeUrl, urlEncode } from "../../src/text/url";
import { hostileText } from "../support/hostile";
import { createRandom } from "../support/random";

/** The bytes that `text` stands for once its percent-encoding is undone. */
function percentDecoded(text: string): string {
  return string.gsub(text, "%%(%x%x)", (digits) => string.char(tonumber(digits, 16) ?? 0))[0];
}

/** All bytes that `encode` leaves as they are, in order. */
function untouchedBy(encode: (this: void, text: string) => string): string {
  let untouched = "";
  for (const byte of $range(0, 255)) {
    const character = string.char(byte);
    if (encode(character) === character) untouched = untouched + character;
  }
  return untouched;
}

const DIGITS = "0123456789";
const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL = "abcdefghijklmnopqrstuvwxyz";

describe("urlEncode", () => {
  it("leaves the unreserved characters as they are, and nothing else (RFC 3986, 2.3)", () => {
    assert.equal(`-.${DIGITS}${CAPITALS}_${SMALL}~`, untouchedBy(urlEncode));
  });

  it("writes the bytes of other characters as capital hexadecimal digits", () => {
    assert.equal("a%20b%2Fc%3F%26%25%22%C3%A9", urlEncode('a b/c?&%"é'));
  });

  it("can be undone, whatever the bytes", () => {
    const random = createRandom("text/url");
    for (const _ of $range(1, 1000)) {
      const text = hostileText(random, 8);
      assert.equal(text, percentDecoded(urlEncode(text)));
    }
  });
});

describe("escapeUrl", () => {
  it("leaves what a URL is made of, but for a % alone (RFC 3986, 2.1 to 2.3)", () => {
    assert.equal(`!#$&'()*+,-./${DIGITS}:;=?@${CAPITALS}[]_${SMALL}~`, untouchedBy(escapeUrl));
  });

  const addresses: [what: string, written: string, escaped: string][] = [
    [
      "an ordinary address",
      "https://wiki.example/runbook/11-24?a=b&c=d#e",
      "https://wiki.example/runbook/11-24?a=b&c=d#e",
    ],
    ["what is encoded already", "https://wiki.example/a%20b%c3%a9", "https://wiki.example/a%20b%c3%a9"],
    ["spaces", "https://wiki.example/my page", "https://wiki.example/my%20page"],
    ["letters that are not ASCII", "https://wiki.example/bücher", "https://wiki.example/b%C3%BCcher"],
    ["quotes and angle brackets", `https://e/"><script>`, "https://e/%22%3E%3Cscript%3E"],
    ["line ends and backslashes", "https://e/\r\n\\x", "https://e/%0D%0A%5Cx"],
    ["an IPv6 address", "https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"],
    ["a percent sign that encodes nothing", "https://e/100%?q=5%x%", "https://e/100%25?q=5%25x%25"],
  ];
  for (const [what, written, escaped] of addresses) {
    it(`makes of ${what}: ${escaped}`, () => {
      assert.equal(escaped, escapeUrl(written));
    });
  }

  it("changes nothing more the second time, whatever the bytes", () => {
    const random = createRandom("text/url, escapeUrl");
    for (const _ of $range(1, 1000)) {
      const once = escapeUrl(hostileText(random, 8));
      assert.equal(once, escapeUrl(once));
    }
  });
});
