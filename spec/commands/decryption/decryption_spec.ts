// Decryption: the same as openssl's, on every Lua, and Centreon's own pair of files.
import { decryptAes256Cbc } from "../../../src/commands/decryption/aes";
import { decrypted, isEncrypted, readEngineContext } from "../../../src/commands/decryption/engine_context";
import { hmacSha3Of, sha3Of } from "../../../src/commands/decryption/sha3";
import { outputOf, readFile, shellWord } from "../../support/process";

function hexOf(text: string): string {
  return string.gsub(text, ".", (byte) => string.format("%02x", string.byte(byte)))[0];
}

/** `length` bytes, others with each seed. */
function bytesLike(seed: number, length: number): string {
  const bytes: string[] = [];
  for (const index of $range(1, length))
    bytes.push(string.char((index * 37 + seed * 101 + index * index) % 256));
  return bytes.join("");
}

/** What openssl prints for `text` on its standard input. */
function openssl(text: string, words: string): string {
  const [octal] = string.gsub(text, ".", (byte) => string.format("\\%03o", string.byte(byte)));
  return outputOf(`printf ${shellWord(octal)} | openssl ${words}`);
}

describe("SHA3-512", () => {
  it("is openssl's, around the length of a block", () => {
    for (const length of [0, 1, 70, 71, 72, 73, 144, 200]) {
      const text = bytesLike(length, length);
      assert.equal(openssl(text, "dgst -sha3-512 -binary"), sha3Of(text), `${length} bytes`);
    }
  });

  it("makes openssl's HMAC, with short and long keys", () => {
    for (const length of [1, 64, 72, 73, 100]) {
      const key = bytesLike(1, length);
      const text = bytesLike(2, 48);
      const expected = openssl(text, `dgst -sha3-512 -mac HMAC -macopt hexkey:${hexOf(key)} -binary`);
      assert.equal(expected, hmacSha3Of(text, key), `a key of ${length} bytes`);
    }
  });
});

describe("AES-256-CBC", () => {
  const key = bytesLike(3, 32);
  const initialization = bytesLike(4, 16);

  it("gives back what openssl encrypted", () => {
    for (const length of [0, 1, 15, 16, 17, 32, 100]) {
      const text = bytesLike(length, length);
      const ciphertext = openssl(text, `enc -aes-256-cbc -K ${hexOf(key)} -iv ${hexOf(initialization)}`);
      assert.equal(text, decryptAes256Cbc(ciphertext, key, initialization), `${length} bytes`);
    }
  });

  it("gives nothing for what cannot be decrypted", () => {
    const ciphertext = openssl("text", `enc -aes-256-cbc -K ${hexOf(key)} -iv ${hexOf(initialization)}`);
    assert.is_nil(decryptAes256Cbc("", key, initialization));
    assert.is_nil(decryptAes256Cbc(string.sub(ciphertext, 2), key, initialization));
    assert.is_nil(decryptAes256Cbc(ciphertext, string.sub(key, 2), initialization));
    assert.is_nil(decryptAes256Cbc(ciphertext, bytesLike(5, 32), initialization));
  });
});

describe("Centreon's encrypted values", () => {
  const context = readEngineContext(readFile("spec/fixtures/encrypted/engine-context.json") ?? "");
  const values: string[] = [];
  const exported = readFile("spec/fixtures/encrypted/central-broker.json") ?? "";
  for (const [value] of string.gmatch(exported, '"(encrypt::[^"]+)"')) values.push(value ?? "");

  it("are read with the keys of its file", () => {
    if (context === undefined) return error("engine-context.json cannot be read");
    const texts = values.map((value) => decrypted(value, context));
    assert.same(["abcdefghijklmnopqrstuvwxyz012345", "p:w %é"], texts);
  });

  it("are not taken for good with other keys, or when damaged", () => {
    if (context === undefined) return error("engine-context.json cannot be read");
    const [value = ""] = values;
    assert.is_nil(decrypted(value, { ...context, salt: `${context.salt}x` }));
    assert.is_nil(decrypted(value, { ...context, secret: bytesLike(6, 32) }));
    assert.is_nil(decrypted(string.gsub(value, "A", "B", 1)[0], context));
    assert.is_nil(decrypted("encrypt::", context));
    assert.is_nil(decrypted("encrypt::no Base64", context));
  });

  it("are told from others by how they begin", () => {
    assert.is_true(isEncrypted("encrypt::AAAA"));
    assert.is_false(isEncrypted("abcdefghijklmnopqrstuvwxyz012345"));
  });

  it("need a file that is one", () => {
    for (const text of ["", "[]", "7", '{"app_secret":"AAAA"}', '{"app_secret":"AAAA","salt":"not Base64"}'])
      assert.is_nil(readEngineContext(text), text);
  });
});
