// Reads bbdo-event-mapping-24.04.txt, Centreon's public description of events (a page saved as text: the cells
// of a table's row are glued together). Owns that notation only.

import { type Field, type Fields, type Value } from "./shapes.js";

/** An event that the mapping describes. They are BBDO 2 events all: the saved page lacks its BBDO 3 tabs. */
export interface MappedEvent {
  /** `NEB`, `BBDO`, `Storage` or `BAM`. */
  readonly area: string;
  readonly name: string;
  readonly category: number;
  readonly element: number;
  readonly type: number;
  /** The table's rows, unread: names differ from Lua's where event-fields.txt knows the event, too. */
  readonly rows: readonly string[];
}

const HEADING = /^(NEB|BBDO|Storage|BAM)::(\w+)$/;
/** A row: name, type and description, which begins with a capital or a digit, or is missing. */
const ROW = /^(\w+?)(short integer|unsigned integer|boolean|real|time|string)(?:[A-Z0-9].*)?$/;

const TYPES: Readonly<Record<string, Value>> = {
  boolean: { kind: "boolean" },
  real: { kind: "number" },
  "short integer": { kind: "number" },
  string: { kind: "string" },
  time: { kind: "number" },
  "unsigned integer": { kind: "number" },
};

/** The events described in the mapping, in its order. Raises on a table that it does not understand. */
export function parseMapping(text: string): MappedEvent[] {
  const lines = text.split("\n").map((line) => line.trim());
  const events: MappedEvent[] = [];
  lines.forEach((line, index) => {
    const heading = HEADING.exec(line);
    if (heading === null) return;
    const [, area = "", name = ""] = heading;
    const [columns, ids = "", ...rest] = lines.slice(index + 1).filter((following) => following !== "");
    if (columns !== "CategoryelementID" || !/^\d{7,}$/.test(ids))
      throw new Error(`mapping: no ids for ${line}`);
    // Category, element and id in a row: ids of category 1 have five digits, those of the others six.
    const idStart = ids.length - (ids.startsWith("1") ? 5 : 6);
    const category = Number(ids.slice(0, 1));
    const element = Number(ids.slice(1, idStart));
    const type = Number(ids.slice(idStart));
    const end = rest.findIndex((row) => HEADING.test(row));
    const table = end < 0 ? rest : rest.slice(0, end);
    const start = table.findIndex((row) => row.startsWith("PropertyTypeDescription"));
    events.push({ area, name, category, element, type, rows: start < 0 ? [] : table.slice(start + 1) });
  });
  return events;
}

/** BBDO 3 events that the mapping names without describing them: `Storage::PbRebuildMessage`. */
export function namedProtobufEvents(text: string): string[] {
  return [...new Set([...text.matchAll(/::Pb(\w+)/g)].map(([, name = ""]) => name))];
}

/** The fields of an event that only the mapping knows. Ids and times read nil when 0, as in BBDO 2 events. */
export function mappedFields(event: MappedEvent): Fields {
  const fields = new Map<string, Field>();
  for (const row of event.rows) {
    const [, name, type = ""] = ROW.exec(row) ?? [];
    const value = TYPES[type];
    // The first line that is no row is the text that follows the table.
    if (name === undefined || value === undefined) break;
    fields.set(name, { value, nilable: type === "unsigned integer" || type === "time" });
  }
  if (fields.size === 0) throw new Error(`mapping: no fields for ${event.area}::${event.name}`);
  return fields;
}
