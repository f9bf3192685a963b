// Compares the typings' events with the facts, in both directions. Owns the wording of the complaints.

import { describe, qualifiedName, type EventShape, type Field, type Fields, type Value } from "./shapes.js";

/** What the typings lack, have too much, or have otherwise than the facts; one line each. */
export function compareEvents(facts: readonly EventShape[], typings: readonly EventShape[]): string[] {
  const typed = new Map(typings.map((event) => [qualifiedName(event), event]));
  const known = new Set(facts.map(qualifiedName));
  return [
    ...facts.flatMap((fact) => {
      const typing = typed.get(qualifiedName(fact));
      if (typing === undefined) {
        return [`${qualifiedName(fact)} (${fact.category}:${fact.element}): has no interface`];
      }
      return [
        ...compareHeads(fact, typing),
        ...compareFields(qualifiedName(fact), fact.fields, typing.fields),
      ];
    }),
    ...[...typed.keys()].filter((name) => !known.has(name)).map((name) => `${name}: no such event is known`),
  ];
}

function compareHeads(fact: EventShape, typing: EventShape): string[] {
  const pairs = [
    ["_type", fact.type, typing.type],
    ["category", fact.category, typing.category],
    ["element", fact.element, typing.element],
  ] as const;
  return pairs
    .filter(([, expected, found]) => expected !== found)
    .map(([field, expected, found]) => `${qualifiedName(fact)}.${field}: is ${found}, must be ${expected}`);
}

function compareFields(label: string, facts: Fields, typings: Fields): string[] {
  const complaints: string[] = [];
  for (const [name, fact] of facts) {
    const typing = typings.get(name);
    if (typing === undefined) complaints.push(`${label}.${name}: is missing (${describe(fact)})`);
    else complaints.push(...compareField(`${label}.${name}`, fact, typing));
  }
  for (const name of typings.keys()) {
    if (!facts.has(name)) complaints.push(`${label}.${name}: no such field is known`);
  }
  return complaints;
}

function compareField(label: string, fact: Field, typing: Field): string[] {
  const nested = compareValues(label, fact.value, typing.value);
  if (nested !== undefined && fact.nilable === typing.nilable) return nested;
  return [`${label}: is ${describe(typing)}, must be ${describe(fact)}`];
}

/** Complaints about what is inside of two values of the same kind; undefined when the values differ themselves. */
function compareValues(label: string, fact: Value, typing: Value): string[] | undefined {
  if (fact.kind === "list" && typing.kind === "list") return compareValues(`${label}[]`, fact.of, typing.of);
  if (fact.kind === "message" && typing.kind === "message") {
    return compareFields(label, fact.fields, typing.fields);
  }
  if (fact.kind === "enumeration" && typing.kind === "enumeration") {
    return fact.values.join() === typing.values.join() ? [] : undefined;
  }
  return fact.kind === typing.kind ? [] : undefined;
}
