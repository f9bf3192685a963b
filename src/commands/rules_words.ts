// Rules in plain words: `when service "Load" and hours "22:00-05:00": no page`. For people; decides nothing.
import type { LuaField, LuaTableValue, LuaValue } from "../rules/lua_table";
import type { Rule } from "../rules/rule";
import { PARAMETERS, type ParameterName } from "../settings/parameters";
import type { Settings } from "../settings/settings";

function joined(words: readonly string[], last: string): string {
  const count = words.length;
  if (count < 2) return words[0] ?? "";
  return `${table.concat(words as string[], ", ", 1, count - 1)} ${last} ${words[count - 1] ?? ""}`;
}

function quoted(value: LuaValue): string {
  if (typeof value === "string") return `"${value}"`;
  return typeof value === "number" && math.floor(value) === value
    ? string.format("%d", value)
    : tostring(value);
}

/** `"web-*" or "db-01"`, `pattern "^db"`, `ONCALL "dba*"`. */
function valueWords(value: LuaValue): string {
  if (typeof value !== "object") return quoted(value);
  const words: string[] = [];
  for (const item of value.items) words.push(valueWords(item));
  if (words.length > 0) return joined(words, "or");
  for (const field of value.fields) words.push(`${field.name} ${valueWords(field.value)}`);
  return joined(words, "and");
}

/** A condition, as it stands in `when`. */
export function conditionWords({ name, value }: LuaField): string {
  const [turned] = string.match(name, "^not_(.+)$");
  const condition = turned ?? name;
  if (typeof value !== "boolean")
    return `${turned === undefined ? "" : "not "}${condition} ${valueWords(value)}`;
  return (turned === undefined) === value ? condition : `not ${condition}`;
}

/** What a rule says, beside its name and its conditions. */
function sayingWords({ name, value }: LuaField): string | undefined {
  if (name === "name" || name === "when" || name === "zone") return undefined;
  if (name === "page") return value === false ? "no page" : "page";
  if (name === "stop") return value === true ? "no later rule" : undefined;
  if (name === "route") return `to ${valueWords(value)}`;
  if (name === "wait") return `wait ${typeof value === "number" ? `${quoted(value)} s` : tostring(value)}`;
  if (name === "severity") return `severity ${tostring(value)}`;
  if (typeof value !== "object") return `${name} ${quoted(value)}`;
  const names: string[] = [];
  for (const field of value.fields) names.push(field.name);
  for (const item of value.items)
    names.push(typeof item === "object" ? quoted(item.items[0] ?? "") : quoted(item));
  return `${name} ${table.concat(names, ", ")}`;
}

/** The conditions of a rule. */
export function conditionsOf(rule: LuaTableValue): readonly LuaField[] {
  for (const { name, value } of rule.fields)
    if (name === "when" && typeof value === "object") return value.fields;
  return [];
}

/** A rule of the file. */
export function ruleWords(rule: LuaTableValue): string {
  const conditions: string[] = [];
  for (const field of conditionsOf(rule)) conditions.push(conditionWords(field));
  const sayings: string[] = [];
  let zone = "";
  for (const field of rule.fields) {
    if (field.name === "zone") zone = ` (${tostring(field.value)})`;
    const saying = sayingWords(field);
    if (saying !== undefined) sayings.push(saying);
  }
  const when = conditions.length === 0 ? "always" : `when ${joined(conditions, "and")}${zone}`;
  return `${when}: ${table.concat(sayings, ", ")}`;
}

/** `name = value` of a parameter; undefined where it is not set. */
function settingWords(name: string, settings: Settings): string | undefined {
  if (!(name in PARAMETERS)) return undefined;
  const value = settings[name as ParameterName];
  if (value === "" || value === false) return undefined;
  return `${name} = ${value === true ? "1" : plain(value)}`;
}

function plain(value: string | number): string {
  return typeof value === "number" ? string.format("%d", value) : value;
}

/** A rule that a parameter was translated into; undefined where the parameter is not set, and so says nothing. */
export function parameterWords({ name, origin, page }: Rule, settings: Settings): string | undefined {
  // Its text is in its name; one is said of several rules.
  if (origin === "pdy_routes") return name;
  const [what] = string.match(origin, "^accepted_(.*)$");
  const rejected = what === undefined ? undefined : settingWords(`rejected_${what}`, settings);
  const own = settingWords(origin, settings);
  const words = own === undefined || rejected === undefined ? (own ?? rejected) : `${own}, ${rejected}`;
  return words !== undefined && page === false ? `${words}: what it leaves out does not page` : words;
}
