// The kinds of events that matter to us, by the numbers the broker gives them. Owns filter's look-up.

/** `_type` of the events that are read: category * 65536 + element (contracts/broker-host.md). */
export const EVENT_TYPE = {
  // BBDO 2
  acknowledgement2: 65537,
  comment2: 65538,
  customVariable2: 65539,
  customVariableStatus2: 65540,
  downtime2: 65541,
  hostGroup2: 65546,
  hostGroupMember2: 65547,
  host2: 65548,
  hostParent2: 65549,
  hostStatus2: 65550,
  instance2: 65551,
  instanceStatus2: 65552,
  serviceGroup2: 65557,
  serviceGroupMember2: 65558,
  service2: 65559,
  serviceStatus2: 65560,
  instanceConfiguration2: 65561,
  responsiveInstance2: 65562,
  baStatus2: 393217,
  dimensionTruncateTableSignal2: 393227,
  // BBDO 3. 22.x sends some events in the new form and the rest in the old: both are accepted at any time.
  service3: 65563,
  adaptiveService3: 65564,
  serviceStatus3: 65565,
  host3: 65566,
  adaptiveHost3: 65567,
  hostStatus3: 65568,
  severity3: 65569,
  tag3: 65570,
  comment3: 65571,
  downtime3: 65572,
  customVariables3: 65573,
  customVariableStatus3: 65574,
  instanceStatus3: 65578,
  instance3: 65580,
  acknowledgement3: 65581,
  responsiveInstance3: 65582,
  hostGroup3: 65585,
  hostGroupMember3: 65586,
  serviceGroup3: 65587,
  serviceGroupMember3: 65588,
  hostParent3: 65589,
  instanceConfiguration3: 65590,
  adaptiveServiceStatus3: 65591,
  adaptiveHostStatus3: 65592,
  baStatus3: 393235,
  dimensionTruncateTableSignal3: 393246,
} as const;

const TYPES_PER_CATEGORY = 65536;

/** Sets of elements, by category. */
type Elements = LuaTable<number, LuaTable<number, boolean> | undefined>;

/** Whether events of a kind are read at all. Make it once: it is asked for every event there is. */
export function createFilter(): (this: void, category: number, element: number) => boolean {
  const wanted: Elements = new LuaTable();
  for (const [, eventType] of pairs(EVENT_TYPE)) {
    const category = math.floor(eventType / TYPES_PER_CATEGORY);
    const elements = wanted.get(category) ?? new LuaTable<number, boolean>();
    elements.set(eventType % TYPES_PER_CATEGORY, true);
    wanted.set(category, elements);
  }
  return (category, element) => wanted.get(category)?.get(element) === true;
}
