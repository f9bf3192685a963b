// Values in a table of rules, and the words for one that cannot be used. Knows no field by its name.
import { nearestName } from "../settings/nearest_name";
import type { Matcher } from "./conditions";
import type { LuaValue } from "./lua_table";
import { refusalOf } from "./pattern_advice";
import { compileWildcard } from "./wildcards";

/** Takes what is wrong with a value. Gives undefined: what cannot be read. */
export type Complain = (this: void, text: string) => undefined;

/** A value as a complaint quotes it. */
export function shown(value: LuaValue): string {
  if (typeof value === "string") return `"${value}"`;
  if (typeof value === "object") return "a table";
  if (typeof value === "number" && math.floor(value) === value) return string.format("%d", value);
  return tostring(value);
}

/** What a word may be, and what was probably meant by one that is none of these. */
export function possible(word: string, words: readonly string[]): string {
  const small: string[] = [];
  for (const each of words) small.push(string.lower(each));
  const near = nearestName(word, small);
  const hint = near === undefined ? "" : `did you mean ${meant(near, words)}? `;
  return `${hint}possible are ${table.concat(words as string[], ", ")}`;
}

/** The one of `words` that is `small` in small letters. */
function meant(small: string, words: readonly string[]): string {
  for (const word of words) if (string.lower(word) === small) return word;
  return small;
}

/** One value, or those of a list. */
export function alternativesOf(value: LuaValue, complain: Complain): readonly LuaValue[] | undefined {
  if (typeof value !== "object" || (value.fields.length > 0 && value.items.length === 0)) return [value];
  if (value.fields.length > 0)
    return complain(
      `"${value.fields[0]?.name ?? ""}" stands among the values of a list: a list has values without names`,
    );
  return value.items.length === 0 ? complain("an empty list fits nothing: leave it out") : value.items;
}

/** The texts of a list, or one text. */
export function textsOf(value: LuaValue, complain: Complain): readonly string[] | undefined {
  const texts: string[] = [];
  for (const item of alternativesOf(value, complain) ?? []) {
    if (typeof item !== "string") return complain(`${shown(item)}: expected a text, or a list of texts`);
    texts.push(item);
  }
  return texts.length === 0 ? undefined : texts;
}

/** What reads a word: each is one of `words`. */
export function wordsIn(
  value: LuaValue,
  words: readonly string[],
  complain: Complain,
): readonly string[] | undefined {
  const texts = textsOf(value, complain);
  for (const text of texts ?? []) {
    let isKnown = false;
    for (const word of words) if (word === text) isKnown = true;
    if (!isKnown) return complain(`"${text}": ${possible(text, words)}`);
  }
  return texts;
}

export function flagOf(value: LuaValue, complain: Complain): boolean | undefined {
  return typeof value === "boolean" ? value : complain(`${shown(value)}: expected true or false`);
}

const A_LIST = "write a list of several patterns";

/** The Lua pattern in `{ pattern = "…" }`; undefined where the value is none. */
function patternIn(value: LuaValue, complain: Complain): string | undefined {
  const fields = typeof value === "object" ? value.fields : [];
  const field = fields[0];
  if (field?.name !== "pattern" || fields.length > 1 || typeof field.value !== "string")
    return complain(
      `${shown(value)}: expected a name, perhaps with wildcards ("web-*"), { pattern = "^web%-" } for a Lua pattern, or a list of them`,
    );
  const problem = refusalOf(field.value, A_LIST);
  return problem === undefined ? field.value : complain(`pattern = "${field.value}": ${problem}`);
}

/** What is meant by names with wildcards, Lua patterns, or a list of them. */
export function matcherOf(value: LuaValue, complain: Complain): Matcher | undefined {
  const alternatives = alternativesOf(value, complain);
  if (alternatives === undefined) return undefined;
  // Long lists are lists of plain names.
  const names = new LuaSet<string>();
  const others: Matcher[] = [];
  for (const item of alternatives) {
    if (typeof item !== "string") {
      const pattern = patternIn(item, complain);
      if (pattern === undefined) return undefined;
      others.push((name) => string.find(name, pattern)[0] !== undefined);
    } else if (string.find(item, "[*?]")[0] === undefined) {
      names.add(item);
    } else {
      others.push(compileWildcard(item).fits);
    }
  }
  if (others.length === 0) return (name) => names.has(name);
  const only = others[0];
  if (alternatives.length === 1 && only !== undefined) return only;
  return (name) => {
    if (names.has(name)) return true;
    for (const fits of others) if (fits(name)) return true;
    return false;
  };
}
