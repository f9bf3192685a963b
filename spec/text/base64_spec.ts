// text/base64: bytes of every kind come back, and what is no Base64 is none.
import { decodeBase64 } from "../../src/text/base64";
import { outputOf } from "../support/process";

describe("Base64", () => {
  it("is read as RFC 4648 writes it (section 10)", () => {
    const written: [encoded: string, text: string][] = [
      ["", ""],
      ["Zg==", "f"],
      ["Zm8=", "fo"],
      ["Zm9v", "foo"],
      ["Zm9vYmFy", "foobar"],
    ];
    for (const [encoded, text] of written) assert.equal(text, decodeBase64(encoded));
  });

  it("holds every byte", () => {
    const bytes: string[] = [];
    for (const byte of $range(0, 255)) bytes.push(string.char(byte));
    const octal = bytes.map((byte) => string.format("\\%03o", string.byte(byte))).join("");
    const [encoded] = string.gsub(outputOf(`printf '${octal}' | openssl base64 -A`), "%s", "");
    assert.equal(bytes.join(""), decodeBase64(encoded));
  });

  it("is not taken for it where it is none", () => {
    for (const text of ["Zg", "Zg=", "Z===", "Zm9v!mFy", "Zm9v\n", "Zg==Zg=="])
      assert.is_nil(decodeBase64(text));
  });
});
