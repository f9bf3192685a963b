// Reads event-fields.txt, the broker's own print of its events, and its supplement. Owns that notation only.

import { enumeration, type EventShape, type Field, type Fields, type Value } from "./shapes.js";

/** An event's first line: `ServiceStatus category=1 element=29 _type=65565`. */
const HEAD = /^(\w+) category=(\d+) element=(\d+) _type=(\d+)$/;
/** A BBDO 2 field: `uint host_id  (nil when 0 or empty)`. */
const LEGACY_FIELD = /^(\w+) (\w+)( {2}\(nil when [^)]+\))?$/;
/** A BBDO 2 field that Lua cannot read: `bool #12 (no Lua name)`. */
const UNREADABLE_FIELD = /^\w+ #\d+ \(no Lua name\)/;
/** A BBDO 3 field: `optional AckType acknowledgement_type = 6 {NONE=0, NORMAL=1, STICKY=2}`. */
const PROTOBUF_FIELD = /^(?:(optional|repeated) )?(\w+) (\w+) = \d+(?: \{(.*)\})?$/;

const SCALARS: Readonly<Record<string, Value>> = {
  bool: { kind: "boolean" },
  string: { kind: "string" },
  double: { kind: "number" },
  // BBDO 2
  int: { kind: "number" },
  short: { kind: "number" },
  time: { kind: "number" },
  uint: { kind: "number" },
  ulong: { kind: "number" },
  // BBDO 3
  int32: { kind: "number" },
  int64: { kind: "number" },
  uint32: { kind: "number" },
  uint64: { kind: "number" },
};

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Events of a text in the notation of event-fields.txt. Raises on a line that it does not understand. */
export function parseEventFields(text: string): EventShape[] {
  const lines = text.split("\n").map((line) => ({ indent: line.search(/\S|$/), text: line.trim() }));
  const events: EventShape[] = [];
  lines.forEach((line, index) => {
    const head = line.indent === 0 ? HEAD.exec(line.text) : null;
    if (head === null) return;
    const [, name = "", category, element, type] = head;
    const body = block(lines, index + 1, 0);
    // An event without fields says by its name only which version it is of: BBDO 2 names are not capitalized.
    const legacy =
      body.length === 0 ? /^[a-z]/.test(name) : !body.some(({ text }) => PROTOBUF_FIELD.test(text));
    events.push({
      generation: legacy ? "Bbdo2" : "Bbdo3",
      name: interfaceName(name),
      category: Number(category),
      element: Number(element),
      type: Number(type),
      fields: legacy ? legacyFields(body) : protobufFields(body),
    });
  });
  return events;
}

/** The lines from `start` on that are indented deeper than `indent`. */
function block(lines: readonly Line[], start: number, indent: number): Line[] {
  let end = start;
  while ((lines[end]?.indent ?? -1) > indent) end++;
  return lines.slice(start, end);
}

/** `pb_index_mapping` to `IndexMapping`; capitalized names stay as they are. */
function interfaceName(name: string): string {
  return name.replace(/^pb_/, "").replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function legacyFields(lines: readonly Line[]): Fields {
  const fields = new Map<string, Field>();
  for (const { text } of lines) {
    if (UNREADABLE_FIELD.test(text)) continue;
    const [, type = "", name = "", nil] = LEGACY_FIELD.exec(text) ?? [];
    const value = SCALARS[type];
    if (value === undefined) throw new Error(`event-fields: cannot read "${text}"`);
    fields.set(name, { value, nilable: nil !== undefined });
  }
  return fields;
}

function protobufFields(lines: readonly Line[]): Fields {
  const fields = new Map<string, Field>();
  lines.forEach(({ indent, text }, index) => {
    if (indent !== lines[0]?.indent) return;
    const [, label, type = "", name = "", values] = PROTOBUF_FIELD.exec(text) ?? [];
    const nested = block(lines, index + 1, indent);
    const value = protobufValue(type, values, nested);
    if (value === undefined) throw new Error(`event-fields: cannot read "${text}"`);
    fields.set(name, {
      value: label === "repeated" ? { kind: "list", of: value } : value,
      nilable: label === "optional",
    });
  });
  return fields;
}

function protobufValue(type: string, values: string | undefined, nested: readonly Line[]): Value | undefined {
  if (values !== undefined) {
    return enumeration(values.split(", ").map((entry) => Number(entry.split("=")[1])));
  }
  if (nested.length > 0) return { kind: "message", fields: protobufFields(nested) };
  return SCALARS[type];
}
