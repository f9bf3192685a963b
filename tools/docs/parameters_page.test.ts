// Proves that the page shows every parameter, and that mistakes in the grouping are noticed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALIASES, OBSOLETE, PARAMETERS } from "../../src/settings/parameters.js";
import { type Definition, GROUPS, type Parameters, parametersPage } from "./parameters_page.js";

const definition: Definition = { kind: "text", fallback: "", meaning: "What it means." };

/** The page of a few parameters, grouped. */
function pageOf(parameters: Parameters["parameters"], ...groups: Parameters["groups"]): string {
  return parametersPage({ parameters, groups, aliases: {}, obsolete: {} });
}

/** The page of the connector. */
function wholePage(): string {
  return parametersPage({ parameters: PARAMETERS, groups: GROUPS, aliases: ALIASES, obsolete: OBSOLETE });
}

/** The cells of the table row of `name`. */
function cellsOf(page: string, name: string): string[] {
  const rows = page.split("\n").filter((line) => line.startsWith(`| \`${name}\` |`));
  assert.equal(rows.length, 1, `rows of ${name}`);
  return (rows[0] ?? "")
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test("every parameter of the connector has one row, with its default and its meaning", () => {
  const page = wholePage();
  for (const [name, { fallback, meaning }] of Object.entries(PARAMETERS)) {
    const [, , shownFallback, , shownMeaning] = cellsOf(page, name);
    assert.equal(shownFallback, fallback === "" ? "not set" : `\`${fallback}\``);
    assert.equal(shownMeaning, meaning);
  }
});

test("limits are shown with their unit, choices as a list, flags as 0 or 1", () => {
  const page = pageOf(
    {
      seconds: { ...definition, kind: "number", fallback: 5, minimum: 1, maximum: 300, unit: "s" },
      count: { ...definition, kind: "number", fallback: 5, minimum: 0, maximum: 9 },
      region: { ...definition, kind: "choice", choices: ["us", "eu"] },
      flag: { ...definition, kind: "flag", fallback: 1 },
    },
    { title: "All", first: "seconds" },
  );
  const limits = ["seconds", "count", "region", "flag"].map((name) => cellsOf(page, name)[3]);
  assert.deepEqual(limits, ["1 to 300 s", "0 to 9", "`us`, `eu`", "0 or 1"]);
});

test("a bar in a text does not end its cell", () => {
  const page = pageOf({ one: { ...definition, meaning: "a|b" } }, { title: "All", first: "one" });
  assert.equal(cellsOf(page, "one")[4], "a\\|b");
});

test("a group begins at its first parameter and reaches to the next group", () => {
  const page = pageOf(
    { one: definition, two: definition, three: definition },
    { title: "Left", first: "one" },
    { title: "Right", first: "three" },
  );
  const order = page
    .slice(0, page.indexOf("## Other names"))
    .split("\n")
    .flatMap((line) => /^## (.*)|^\| `(.*?)`/.exec(line)?.slice(1) ?? []);
  assert.deepEqual(
    order.filter((word) => word),
    ["Left", "one", "two", "Right", "three"],
  );
});

test("a group of a parameter that does not exist, and a parameter before all groups, are errors", () => {
  assert.throws(() => pageOf({ one: definition }, { title: "Left", first: "two" }), /Left.*two/);
  assert.throws(() => pageOf({ one: definition, two: definition }, { title: "Left", first: "two" }), /one/);
});

test("other names, and names without effect, are shown with what they stand for", () => {
  const page = wholePage();
  for (const [name, ours] of Object.entries(ALIASES))
    assert.equal(cellsOf(page, name)[1], `\`${ours ?? ""}\``);
  for (const [name, reason] of Object.entries(OBSOLETE)) assert.equal(cellsOf(page, name)[1], reason);
});
