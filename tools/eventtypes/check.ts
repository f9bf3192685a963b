// The whole check: the facts from their files, the typings from theirs, and everything that does not agree.

import fs from "node:fs";
import path from "node:path";
import { compareEvents } from "./compare.js";
import { DOCUMENTED_VALUES, RENAMED_IN_BBDO3, WRONG_IDS_IN_MAPPING } from "./deviations.js";
import { parseEventFields } from "./facts.js";
import { mappedFields, namedProtobufEvents, parseMapping } from "./mapping.js";
import { checkRecorded } from "./recorded.js";
import { enumeration, qualifiedName, type EventShape, type Field } from "./shapes.js";
import { readTypings, type Compile, type Sources } from "./typings.js";

/** Texts of all files that the check reads. */
export interface Inputs {
  readonly typings: Sources;
  readonly eventFields: string;
  /** Further events in the notation of `eventFields`. */
  readonly supplement: string;
  readonly mapping: string;
  /** One event in JSON on each line, by file name. */
  readonly recordings: ReadonlyMap<string, string>;
}

export interface Findings {
  /** One line each; none when all agrees. */
  readonly complaints: readonly string[];
  readonly events: number;
  readonly fields: number;
  readonly recordedEvents: number;
}

/** The inputs as they are in the repository at `root`. */
export function readInputs(root: string): Inputs {
  const fixtures = path.join(root, "spec/fixtures/events");
  const read = (file: string): string => fs.readFileSync(path.join(fixtures, file), "utf8");
  const typingFiles = fs
    .readdirSync(path.join(root, "types"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => path.join(root, "types", file));
  const recordingFiles = fs.readdirSync(fixtures).filter((file) => file.endsWith(".jsonl"));
  return {
    typings: new Map(typingFiles.map((file) => [file, fs.readFileSync(file, "utf8")])),
    eventFields: read("event-fields.txt"),
    supplement: read("event-fields-supplement.txt"),
    mapping: read("bbdo-event-mapping-24.04.txt"),
    recordings: new Map(recordingFiles.map((file) => [file, read(file)])),
  };
}

/** Compares the typings with all that is known of the broker's events. */
export function check(inputs: Inputs, compile: Compile): Findings {
  const { events: typings, complaints } = readTypings(compile(inputs.typings), inputs.typings);
  const { facts, doubts } = collectFacts(inputs);
  const lines = [...inputs.recordings].flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => (line === "" ? [] : [{ label: `${file}:${index + 1}`, line }])),
  );
  const mismatches = [...complaints, ...doubts, ...compareEvents(facts, typings)];
  return {
    complaints:
      // A mistake in the typings would be told again for each recorded event.
      mismatches.length > 0
        ? mismatches
        : lines.flatMap(({ label, line }) => checkRecorded(label, line, typings)),
    events: facts.length,
    fields: facts.reduce((sum, event) => sum + event.fields.size, 0),
    recordedEvents: lines.length,
  };
}

/** All events that are known, and what the sources say of them that does not fit together. */
function collectFacts(inputs: Inputs): { facts: EventShape[]; doubts: string[] } {
  const printed = [...parseEventFields(inputs.eventFields), ...parseEventFields(inputs.supplement)];
  const doubts: string[] = [];
  const facts = [...printed];
  for (const mapped of parseMapping(inputs.mapping)) {
    const label = `mapping: ${mapped.area}::${mapped.name}`;
    const rightId = mapped.type === mapped.category * 65536 + mapped.element;
    if (!rightId && !WRONG_IDS_IN_MAPPING.includes(`${mapped.area}::${mapped.name}`)) {
      doubts.push(`${label}: id ${mapped.type} does not fit ${mapped.category}:${mapped.element}`);
    }
    const same = printed.find(
      ({ category, element }) => category === mapped.category && element === mapped.element,
    );
    if (same === undefined) {
      // Two areas have an event named Rebuild: the one that event-fields.txt has keeps the name.
      const taken = printed.some(({ generation, name }) => generation === "Bbdo2" && name === mapped.name);
      const name = taken ? mapped.area + mapped.name : mapped.name;
      facts.push({ ...mapped, generation: "Bbdo2", name, fields: mappedFields(mapped) });
    } else if (same.name !== mapped.name) doubts.push(`${label}: is named ${same.name} in event-fields.txt`);
  }
  for (const name of namedProtobufEvents(inputs.mapping)) {
    if (!printed.some((event) => event.generation === "Bbdo3" && event.name === name)) {
      doubts.push(`mapping: Pb${name} is named, but its fields are nowhere`);
    }
  }
  const withValues = facts.map((event) => withSuccessorsEnumerations(event, facts));
  return { facts: withDocumentedValues(withValues, doubts), doubts };
}

/** event-fields.txt prints no enumerations for BBDO 2: its numbers mean the same as those of the BBDO 3 event. */
function withSuccessorsEnumerations(event: EventShape, facts: readonly EventShape[]): EventShape {
  if (event.generation === "Bbdo3") return event;
  const name = RENAMED_IN_BBDO3[event.name] ?? event.name;
  const successor = facts.find((other) => other.generation === "Bbdo3" && other.name === name);
  const fields = [...event.fields].map(([field, known]): [string, Field] => {
    const value = successor?.fields.get(field)?.value;
    return [field, value?.kind === "enumeration" ? { ...known, value } : known];
  });
  return { ...event, fields: new Map(fields) };
}

function withDocumentedValues(facts: readonly EventShape[], doubts: string[]): EventShape[] {
  const unused = new Set(DOCUMENTED_VALUES.flatMap(({ fields }) => fields));
  const changed = facts.map((event) => {
    const fields = [...event.fields].map(([field, known]): [string, Field] => {
      const label = `${qualifiedName(event)}.${field}`;
      const documented = DOCUMENTED_VALUES.find((entry) => entry.fields.includes(label));
      unused.delete(label);
      return [field, documented ? { ...known, value: enumeration(documented.values) } : known];
    });
    return { ...event, fields: new Map(fields) };
  });
  doubts.push(...[...unused].map((label) => `deviations: there is no ${label}`));
  return changed;
}
