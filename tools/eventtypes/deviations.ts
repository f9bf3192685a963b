// Where the typings know more than event-fields.txt, or the mapping is wrong: each with who says so.
// Keep it short: whatever is not in here must agree to the letter.

/** Values of number fields that event-fields.txt does not list, or lists incompletely. */
export const DOCUMENTED_VALUES: readonly {
  readonly fields: readonly string[];
  readonly values: readonly number[];
  readonly source: string;
}[] = [
  {
    fields: ["Bbdo2.Host", "Bbdo2.HostStatus", "Bbdo3.Host", "Bbdo3.HostStatus"].flatMap((event) => [
      `${event}.state`,
      `${event}.last_hard_state`,
    ]),
    values: [0, 1, 2, 4],
    source: "contracts/broker-host.md: a pending host has state 4, too",
  },
  {
    fields: ["Bbdo2.LogEntry.msg_type"],
    values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    source: "mapping, NEB::LogEntry: 5 to 7 mean something else than in BBDO 3, and there is no 12 to 15",
  },
  {
    fields: ["Bbdo2.EventHandler.handler_type"],
    values: [0, 1, 2, 3],
    source: "mapping, NEB::EventHandler",
  },
  { fields: ["Bbdo2.EventHandler.state_type"], values: [0, 1], source: "mapping, NEB::EventHandler" },
];

/** BBDO 2 events whose BBDO 3 successor has another name. */
export const RENAMED_IN_BBDO3: Readonly<Record<string, string>> = { CustomVariable: "CustomVariables" };

/** Events for which the mapping gives an id that is not category * 65536 + element. event-fields.txt is right. */
export const WRONG_IDS_IN_MAPPING: readonly string[] = [
  "BAM::DimensionTruncateTableSignal",
  "BAM::DimensionTimeperiod",
  "BAM::DimensionBaTimeperiodRelation",
];
