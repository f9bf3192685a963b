// The kinds of events that matter to us, by the numbers the broker gives them. Owns filter's look-up.

/** `_type` of the events that are read: category * 65536 + element (contracts/broker-host.md). */
export const EVENT_TYPE = {
  // BBDO 2
  acknowledgement2: 65537,
  customVariable2: 65539,
  downtime2: 65541,
  host2: 65548,
  hostParent2: 65549,
  hostStatus2: 65550,
  service2: 65559,
  serviceStatus2: 65560,
  responsiveInstance2: 65562,
  baStatus2: 393217,
  // BBDO 3. 22.x sends some events in the new form and the rest in the old: both are accepted at any time.
  service3: 65563,
  adaptiveService3: 65564,
  serviceStatus3: 65565,
  host3: 65566,
  adaptiveHost3: 65567,
  hostStatus3: 65568,
  severity3: 65569,
  tag3: 65570,
  downtime3: 65572,
  customVariables3: 65573,
  acknowledgement3: 65581,
  responsiveInstance3: 65582,
  hostParent3: 65589,
  adaptiveServiceStatus3: 65591,
  adaptiveHostStatus3: 65592,
  baStatus3: 393235,
} as const;

const TYPES_PER_CATEGORY = 65536;

/** The set of elements that are wanted, by category; made once, since filter is called for every event there is. */
function wantedElements(): LuaTable<number, LuaTable<number, boolean> | undefined> {
  const wanted = new LuaTable<number, LuaTable<number, boolean> | undefined>();
  for (const [, eventType] of pairs(EVENT_TYPE)) {
    const category = math.floor(eventType / TYPES_PER_CATEGORY);
    const elements = wanted.get(category) ?? new LuaTable<number, boolean>();
    elements.set(eventType % TYPES_PER_CATEGORY, true);
    wanted.set(category, elements);
  }
  return wanted;
}

const WANTED = wantedElements();

/** Whether events of this kind are read at all. The broker calls it before init, too. */
export function isWanted(category: number, element: number): boolean {
  const elements = WANTED.get(category);
  return elements?.get(element) === true;
}
