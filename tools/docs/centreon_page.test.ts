// The page in the form of Centreon's documentation: its parameters exist, with the type that Centreon asks for, and the
// French page says the same as the English one wherever that is no matter of language.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { PARAMETERS } from "../../src/settings/parameters.js";
import type { ParameterKind } from "../../src/settings/parameters.js";
import type { Definition } from "./parameters_page.js";

const ENGLISH = readFileSync("docs/sc-pagerduty-events.md", "utf8");
const FRENCH = readFileSync("docs/sc-pagerduty-events.fr.md", "utf8");

interface Row {
  type: string;
  name: string;
  example: string;
}

/** The rows of the tables of parameters. */
function rowsOf(page: string): Row[] {
  const rows = page.matchAll(/^\| (Password|String|Number) +\| `(\w+)` +\|.*\| `([^`]*)` +\|$/gm);
  return [...rows].map(([, type = "", name = "", example = ""]) => ({ type, name, example }));
}

const TYPES: Partial<Record<ParameterKind, string>> = {
  secret: "Password",
  number: "Number",
  flag: "Number",
};

it("names parameters that there are, with Centreon's type, and examples that are allowed", () => {
  const rows = rowsOf(ENGLISH);
  assert.ok(rows.length > 8, `${rows.length} parameters`);
  const parameters = new Map<string, Definition>(Object.entries(PARAMETERS));
  for (const { type, name, example } of rows) {
    const parameter = parameters.get(name);
    assert.ok(parameter !== undefined, name);
    assert.equal(type, TYPES[parameter.kind] ?? "String", name);
    if (type === "Number") assert.match(example, /^\d+$/, name);
    if (parameter.choices !== undefined) assert.ok(parameter.choices.includes(example), name);
  }
});

it("says the same in French: headings, parameters, commands, events", () => {
  assert.deepEqual(rowsOf(FRENCH), rowsOf(ENGLISH));
  for (const pattern of [/^#+ /gm, /^ *```\w*$/gm, /^ *\$ .*$/gm, /^ *[{}"].*$/gm, /^\d\. /gm, /^- /gm]) {
    const found = (page: string): string[] => page.match(pattern) ?? [];
    assert.deepEqual(found(FRENCH), found(ENGLISH), String(pattern));
  }
});
