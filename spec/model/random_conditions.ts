// Conditions of rules by chance: what they look at, and the words that they look for.
import type { Random } from "../support/random";
import type { About, Condition, Hours } from "./rulebook";

const WORDS: Partial<Record<About, readonly (readonly string[])[]>> = {
  host: [["host 1"], ["host ?"], ["host 2", "host 3"], ["*1'*"]],
  service: [["service 101"], ["service 10?"], ["*2*", "service 104"], ["*'"]],
  host_group: [["Shops"]],
  kind: [["host"], ["service"]],
  state: [["WARNING"], ["CRITICAL", "DOWN"], ["UNKNOWN", "UNREACHABLE", "WARNING"]],
  severity: [["critical"], ["warning", "info"], ["error"]],
  output: [["*as usual*"], ["*never before?"]],
  long_output: [["*full?since*"], ["the queue is short"], ["the queue*"]],
  metric: [["> 5"], ["<= 5"], ["== 8"]],
  service_group: [["Payments"], ["Pay*"]],
  category: [["Databases"], ["Backups", "Customers"], ["Archive*"], ["*s"], ["*'"]],
  business_activity: [["activity 1"], ["*2"]],
  business_view: [["Sales"], ["Shop*"], ["S*"], ["*'", "Shops"]],
  poller: [["poller 1"], ["poller 2"], ["poller ?"]],
  criticality: [["1-2"], ["0"], ["2-4", "1"], ["3"]],
  macro: [["dba"], ["net*"], ["*"], ["https://web*", "net-1"]],
  acknowledged: [["true"]],
  volatile: [["true"]],
};

/** Minutes of the day: what hours name. */
const BOUNDS = [22 * 60, 23 * 60 + 40, 23 * 60 + 55, 0, 5, 20, 60, 6 * 60];
const DAYS = [[], [], [0], [0, 1], [1], [6, 0]];

function randomHours(random: Random): Hours {
  const from = random.oneOf(BOUNDS);
  return { days: random.oneOf(DAYS), from, to: random.oneOf(BOUNDS.filter((it) => it !== from)) };
}

export function randomCondition(random: Random, abouts: readonly Condition["about"][]): Condition {
  const isNot = random.integer(1, 4) === 1;
  const about = random.oneOf(abouts);
  if (about === "hours") return { about, hours: randomHours(random), isNot };
  return { about, words: random.oneOf(WORDS[about] ?? []), isNot };
}
