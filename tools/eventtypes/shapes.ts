// What an event is made of: the one form that the facts and the typings are both brought into, to be compared.
// Owns no parsing and no comparison.

/** BBDO 2 events are in the typings' namespace Bbdo2, BBDO 3 events in Bbdo3. */
export type Generation = "Bbdo2" | "Bbdo3";

/** The values that a field can have, as Lua reads them. */
export type Value =
  | { readonly kind: "boolean" }
  | { readonly kind: "number" }
  | { readonly kind: "string" }
  | { readonly kind: "enumeration"; readonly values: readonly number[] }
  | { readonly kind: "list"; readonly of: Value }
  | { readonly kind: "message"; readonly fields: Fields }
  /** A type that no event can have; `text` as TypeScript prints it. */
  | { readonly kind: "other"; readonly text: string };

export interface Field {
  readonly value: Value;
  /** It can read nil. */
  readonly nilable: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

export interface EventShape {
  readonly generation: Generation;
  /** Name of the interface: `ServiceStatus`. */
  readonly name: string;
  readonly category: number;
  readonly element: number;
  /** `_type`. */
  readonly type: number;
  /** Without `_type`, `category` and `element`. */
  readonly fields: Fields;
}

/** `Bbdo3.ServiceStatus`. */
export function qualifiedName(event: { readonly generation: Generation; readonly name: string }): string {
  return `${event.generation}.${event.name}`;
}

/** An enumeration with its values in ascending order. */
export function enumeration(values: readonly number[]): Value {
  return { kind: "enumeration", values: [...values].sort((a, b) => a - b) };
}

/** How TypeScript would write the field's type. */
export function describe(field: Field): string {
  return describeValue(field.value) + (field.nilable ? " | undefined" : "");
}

function describeValue(value: Value): string {
  switch (value.kind) {
    case "enumeration":
      return value.values.join(" | ");
    case "list":
      return `readonly (${describeValue(value.of)})[]`;
    case "message":
      return `{ ${[...value.fields.keys()].join(", ")} }`;
    case "other":
      return value.text;
    default:
      return value.kind;
  }
}
