// Proves that the check passes on the repository as it is, and that it notices each kind of mistake: in the
// typings, in the facts, in the recordings. Mistakes are made in copies in memory.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { check, readInputs, type Inputs } from "./check.js";
import { compileErrors, createCompiler, type Sources } from "./typings.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const inputs = readInputs(root);
const compile = createCompiler(root);

/** `text` with one replacement made; fails when there is nothing to replace. */
function changed(text: string | undefined, from: string, to: string): string {
  assert.ok(text !== undefined && text.includes(from), `nothing to change: ${from}`);
  return text.replace(from, () => to);
}

function withTyping(file: string, from: string, to: string): Inputs {
  const full = path.join(root, "types", file);
  return {
    ...inputs,
    typings: new Map(inputs.typings).set(full, changed(inputs.typings.get(full), from, to)),
  };
}

function withRecording(line: string): Inputs {
  return { ...inputs, recordings: new Map([["story.jsonl", `${line}\n`]]) };
}

test("the repository's typings agree with the facts", () => {
  const findings = check(inputs, compile);
  assert.deepEqual(findings.complaints, []);
  assert.ok(findings.events > 100 && findings.fields > 1000 && findings.recordedEvents > 70);
});

/** What is wrong, the inputs that have it, and the complaint that must be among those made. */
const mistakes: readonly (readonly [string, () => Inputs, string])[] = [
  [
    "a misspelt field: the wrong name is unknown",
    () => withTyping("events/neb-status.d.ts", "readonly long_output:", "readonly long_ouput:"),
    "Bbdo3.HostStatus.long_ouput: no such field is known",
  ],
  [
    "a misspelt field: the right name is missing",
    () => withTyping("events/neb-status.d.ts", "readonly long_output:", "readonly long_ouput:"),
    "Bbdo3.HostStatus.long_output: is missing (string)",
  ],
  [
    "a misspelt field of a shared interface",
    () => withTyping("events/checks.d.ts", "readonly perfdata:", "readonly perf_data:"),
    "Bbdo2.Service.perfdata: is missing (string)",
  ],
  [
    "a missing field",
    () => withTyping("events/bam-status.d.ts", "readonly output: string;", ""),
    "Bbdo3.BaStatus.output: is missing (string)",
  ],
  [
    "a field of the wrong type",
    () =>
      withTyping("events/checks.d.ts", "readonly execution_time: Seconds", "readonly execution_time: string"),
    "Bbdo3.ServiceStatus.execution_time: is string, must be number",
  ],
  [
    "a nil that the typing does not allow for",
    () =>
      withTyping(
        "events/neb-status.d.ts",
        "readonly scheduled_downtime_depth: number | undefined",
        "readonly scheduled_downtime_depth: number",
      ),
    "Bbdo3.AdaptiveHostStatus.scheduled_downtime_depth: is number, must be number | undefined",
  ],
  [
    "a nil that never comes",
    () =>
      withTyping(
        "events/bam-status.d.ts",
        "readonly bas_to_rebuild: string",
        "readonly bas_to_rebuild: string | undefined",
      ),
    "Bbdo2.Rebuild.bas_to_rebuild: is string | undefined, must be string",
  ],
  [
    "a value that the enumeration lacks",
    () =>
      withTyping("events/values.d.ts", "ServiceState = 0 | 1 | 2 | 3 | 4", "ServiceState = 0 | 1 | 2 | 3"),
    "Bbdo2.ServiceStatus.state: is 0 | 1 | 2 | 3, must be 0 | 1 | 2 | 3 | 4",
  ],
  [
    "a value that the enumeration does not have",
    () => withTyping("events/values.d.ts", "StateType = 0 | 1", "StateType = 0 | 1 | 2"),
    "Bbdo3.HostStatus.state_type: is 0 | 1 | 2, must be 0 | 1",
  ],
  [
    "a misspelt field of a nested message",
    () => withTyping("events/values.d.ts", "readonly type: TagType", "readonly tag_type: TagType"),
    "Bbdo3.Host.tags[].type: is missing (0 | 1 | 2 | 3)",
  ],
  [
    "a wrong _type",
    () => withTyping("events/neb-status.d.ts", "<1, 29, 65565>", "<1, 29, 65564>"),
    "Bbdo3.ServiceStatus._type: is 65564, must be 65565",
  ],
  [
    "a wrong element",
    () => withTyping("events/neb-status.d.ts", "<1, 29, 65565>", "<1, 28, 65565>"),
    "Bbdo3.ServiceStatus.element: is 28, must be 29",
  ],
  [
    "a wrong category",
    () => withTyping("events/neb-status.d.ts", "<1, 29, 65565>", "<6, 29, 65565>"),
    "Bbdo3.ServiceStatus.category: is 6, must be 1",
  ],
  [
    "ids that are no literals",
    () => withTyping("events/neb-status.d.ts", "<1, 29, 65565>", "<1, 29, number>"),
    "Bbdo3.ServiceStatus: _type, category, element must be number literals",
  ],
  [
    "an event that only the mapping has, misspelt",
    () => withTyping("events/neb-configuration.d.ts", "readonly dependency_period:", "readonly period:"),
    "Bbdo2.HostDependency.dependency_period: is missing (string)",
  ],
  [
    "an event under another name",
    () => withTyping("events/bbdo.d.ts", "interface Welcome", "interface Hello"),
    "Bbdo3.Welcome (2:7): has no interface",
  ],
  [
    "an event that does not exist",
    () => withTyping("events/bbdo.d.ts", "interface Welcome", "interface Hello"),
    "Bbdo3.Hello: no such event is known",
  ],
  [
    "an event that the union lacks",
    () => withTyping("events/events.d.ts", "    | AdaptiveServiceStatus\n", ""),
    "BrokerEvent: lacks Bbdo3.AdaptiveServiceStatus",
  ],
  [
    "a field that can be assigned",
    () => withTyping("events/checks.d.ts", "readonly perfdata:", "perfdata:"),
    "Bbdo3.HostStatus.perfdata: must be readonly",
  ],
  [
    "a list that can be changed",
    () => withTyping("events/neb-resources.d.ts", "tags: readonly Bbdo.TagInfo[]", "tags: Bbdo.TagInfo[]"),
    "Bbdo3.Host.tags: must be a readonly list",
  ],
  [
    "an optional field",
    () => withTyping("events/bbdo.d.ts", "readonly need_update:", "readonly need_update?:"),
    'Bbdo3.EngineConfiguration.need_update: must be "| undefined", not optional: the broker knows every field',
  ],
  [
    "an undocumented event",
    () =>
      withTyping(
        "events/neb-status.d.ts",
        "/** One change of a service's status; see `AdaptiveHostStatus`. */",
        "",
      ),
    "Bbdo3.AdaptiveServiceStatus: has no doc comment",
  ],
  [
    "a typing that does not compile",
    () => withTyping("broker.d.ts", "event: BrokerEvent", "event: BrokerEvnt"),
    "Cannot find name 'BrokerEvnt'",
  ],
  [
    "a field that the broker came to have",
    () => ({
      ...inputs,
      eventFields: changed(
        inputs.eventFields,
        "  bool responsive = 3\n",
        "  bool responsive = 3\n  int64 since = 4\n",
      ),
    }),
    "Bbdo3.ResponsiveInstance.since: is missing (number)",
  ],
  [
    "an event that the mapping came to describe",
    () => ({
      ...inputs,
      mapping: changed(
        inputs.mapping,
        "BAM::BaStatus",
        "NEB::Extra\n\nCategoryelementID\n19965635\n\nPropertyTypeDescription\nhost_idunsigned integerHost ID.\n\nBAM::BaStatus",
      ),
    }),
    "Bbdo2.Extra (1:99): has no interface",
  ],
  [
    "an id of the mapping that does not fit",
    () => ({ ...inputs, mapping: changed(inputs.mapping, "61393217", "61393218") }),
    "mapping: BAM::BaStatus: id 393218 does not fit 6:1",
  ],
  [
    "a BBDO 3 event that the mapping came to name",
    () => ({ ...inputs, mapping: changed(inputs.mapping, "Storage::PbRebuildMessage", "Storage::PbOther") }),
    "mapping: PbOther is named, but its fields are nowhere",
  ],
  [
    "a recorded field that is in no interface",
    () => withRecording('{"_type":131081,"category":2,"element":9,"poller_id":1,"reason":"none"}'),
    "story.jsonl:1: Bbdo3.Stop.reason: was recorded, but is not in the interface",
  ],
  [
    "a recorded value of another type",
    () => withRecording('{"_type":131081,"category":2,"element":9,"poller_id":"1"}'),
    'story.jsonl:1: Bbdo3.Stop.poller_id: "1" is not of type number',
  ],
  [
    "a recorded value outside of the enumeration",
    () =>
      withRecording(
        '{"_type":65591,"category":1,"element":55,"host_id":1,"service_id":2,"internal_id":0,"type":1}',
      ),
    "story.jsonl:1: Bbdo3.AdaptiveServiceStatus.type: 1 is not of type 0 | 2 | 3 | 4",
  ],
  [
    "a recorded nil that the interface does not allow for",
    () => withRecording('{"_type":131081,"category":2,"element":9}'),
    "story.jsonl:1: Bbdo3.Stop.poller_id: was nil, but its type is number",
  ],
  [
    "a recorded event that has no interface",
    () => withRecording('{"_type":65635,"category":1,"element":99}'),
    "story.jsonl:1: no interface has _type 65635",
  ],
];

for (const [name, wrong, complaint] of mistakes) {
  test(`noticed: ${name}`, () => {
    const { complaints } = check(wrong(), compile);
    assert.ok(
      complaints.some((line) => line.includes(complaint)),
      `no "${complaint}" in:\n${complaints.join("\n")}`,
    );
  });
}

/** Compiler errors of a connector that uses the typings. */
function errorsOf(source: string): string[] {
  const sources: Sources = new Map([...inputs.typings, [path.join(root, "types/connector.ts"), source]]);
  return compileErrors(compile(sources), sources);
}

test("category and element narrow an event to one interface", () => {
  const errors = errorsOf(`
    export function depth(event: BrokerEvent): number | undefined {
      if (event.category === 1 && event.element === 55) return event.scheduled_downtime_depth;
      if (event._type === 65560) return event.scheduled_downtime_depth;
      if (event.category === 6 && event.element === 1) {
        const status: Bbdo2.BaStatus = event;
        return status.ba_id;
      }
      return undefined;
    }
  `);
  assert.deepEqual(errors, []);
});

test("a narrowed event has no other event's fields, and its nil must be handled", () => {
  const errors = errorsOf(`
    export function wrong(event: BrokerEvent): number {
      if (event.category === 1 && event.element === 29) return event.max_check_attempts;
      if (event.category === 1 && event.element === 55) return event.scheduled_downtime_depth;
      return 0;
    }
  `);
  assert.equal(errors.length, 2);
  assert.match(errors[0] ?? "", /^connector.ts:3: Property 'max_check_attempts' does not exist/);
  assert.match(
    errors[1] ?? "",
    /^connector.ts:4: Type 'number \| undefined' is not assignable to type 'number'/,
  );
});

test("lua-curl and luatz are typed when loaded under pcall", () => {
  const errors = errorsOf(`
    export function next(): string {
      const [loaded, curl] = pcall(() => require("cURL") as CurlModule);
      if (!loaded) return curl;
      const [easy, done, problem] = curl.multi().info_read();
      if (easy === 0) return "none";
      if (done) return easy.getinfo_effective_url();
      return problem.name();
    }
    export function offset(moment: number): number {
      const [loaded, luatz] = pcall(() => require("luatz") as LuatzModule);
      return loaded ? luatz.get_tz("Europe/Paris").find_current(moment).gmtoff : 0;
    }
  `);
  assert.deepEqual(errors, []);
});
