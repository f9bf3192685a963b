// packaging/library/read_json.lua on each Lua: it reads what JSON.parse reads, and says when it cannot.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { PROJECT } from "./test_support.js";

function read(lua: string, document: string, ...args: string[]) {
  const script = join(PROJECT, "packaging/library/read_json.lua");
  const { status, stdout } = spawnSync(lua, [script, ...args], { input: document, encoding: "utf8" });
  return { status, stdout };
}

const TEXTS = ["", "a", 'q"\\/', "\b\f\t\r", "é€😀\u07ff\u0800\uffff", "[1,2] {}", " ", "\u0001"];

for (const lua of ["lua5.1", "lua5.3", "lua5.4", "luajit"]) {
  describe(`on ${lua}`, () => {
    it("reads texts, written as they are and escaped", () => {
      for (const text of TEXTS) {
        const escaped = [...Array(text.length).keys()]
          .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`)
          .join("");
        for (const document of [JSON.stringify({ a: { b: text } }), ` { "a" : {"b":"${escaped}"} } `]) {
          assert.deepEqual(read(lua, document, "at", "a.b"), { status: 0, stdout: `${text}\n` }, document);
        }
      }
    });

    it("finds nothing where there is nothing", () => {
      for (const document of ['{"a":1}', "[]", '{"a":{}}', '{"a":[{"b":"x"}]}', "7", "null"]) {
        assert.deepEqual(read(lua, document, "at", "a.b"), { status: 0, stdout: "" }, document);
      }
    });

    it("takes a bare text for a message", () => {
      assert.equal(read(lua, '"Unauthorized"', "at", "message").stdout, "Unauthorized\n");
    });

    it("finds rows, numbers and all", () => {
      const result = [
        { id: 7, name: "p" },
        { id: "8", name: "q" },
        { id: -1.5, name: "p", more: [[], {}] },
        "p",
      ];
      const document = JSON.stringify({ meta: null, result }, undefined, 2);
      assert.deepEqual(read(lua, document, "rows", "name", "p", "id"), { status: 0, stdout: "7\n-1.5\n" });
      assert.deepEqual(read(lua, '{"result":[]}', "rows", "name", "p", "id"), { status: 0, stdout: "" });
      assert.deepEqual(read(lua, "{}", "rows", "name", "p", "id"), { status: 0, stdout: "" });
    });

    it("finds the texts of a list", () => {
      const document = JSON.stringify({ result: ["possible values", { neb: "neb" }, "neb"] });
      assert.deepEqual(read(lua, document, "list"), { status: 0, stdout: "possible values\nneb\n" });
      assert.deepEqual(read(lua, '{"message":"no"}', "list"), { status: 0, stdout: "" });
    });

    it("says what is no JSON", () => {
      for (const document of ["", "<html>", '{"a":', '{"a":"b', '["a"', '{"a":"\\u12"}']) {
        assert.equal(read(lua, document, "at", "a").status, 1, document);
      }
    });
  });
}
