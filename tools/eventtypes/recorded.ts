// Checks events as the broker handed them over against the typings. Owns no fact about events.

import { describe, qualifiedName, type EventShape, type Field, type Fields, type Value } from "./shapes.js";

type Table = Readonly<Record<string, unknown>>;

/**
 * What a recorded event has that its interface does not allow, one line each. `label` names the recording's file
 * and line.
 */
export function checkRecorded(label: string, line: string, typings: readonly EventShape[]): string[] {
  const event = JSON.parse(line) as Table;
  const typing = typings.find(({ type }) => type === event["_type"]);
  if (typing === undefined) return [`${label}: no interface has _type ${String(event["_type"])}`];
  const fields = new Map<string, Field>([
    ...typing.fields,
    ["_type", exactly(typing.type)],
    ["category", exactly(typing.category)],
    ["element", exactly(typing.element)],
  ]);
  return checkTable(`${label}: ${qualifiedName(typing)}`, event, fields);
}

function exactly(value: number): Field {
  return { value: { kind: "enumeration", values: [value] }, nilable: false };
}

function checkTable(label: string, table: Table, fields: Fields): string[] {
  const complaints = Object.keys(table)
    .filter((name) => !fields.has(name))
    .map((name) => `${label}.${name}: was recorded, but is not in the interface`);
  for (const [name, field] of fields) {
    const recorded = table[name];
    if (recorded === undefined) {
      if (!field.nilable) complaints.push(`${label}.${name}: was nil, but its type is ${describe(field)}`);
    } else complaints.push(...checkValue(`${label}.${name}`, recorded, field.value));
  }
  return complaints;
}

function checkValue(label: string, recorded: unknown, value: Value): string[] {
  if (value.kind === "list") {
    // An empty Lua table was recorded as {}: it does not tell what it is empty of.
    const entries: unknown[] = Object.values(recorded as object);
    return entries.flatMap((entry, index) => checkValue(`${label}[${index}]`, entry, value.of));
  }
  if (value.kind === "message" && typeof recorded === "object") {
    return checkTable(label, recorded as Table, value.fields);
  }
  const fits =
    value.kind === "enumeration" ? value.values.includes(recorded as number) : typeof recorded === value.kind;
  if (fits) return [];
  return [`${label}: ${JSON.stringify(recorded)} is not of type ${describe({ value, nilable: false })}`];
}
