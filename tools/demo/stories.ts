// The recorded stories, and the incidents that each calls for: judged by hand from docs/how-it-decides.md, not by
// running the connector.
import type { Alert } from "../sandbox/incidents.js";

/** What must be true of an incident. */
export type ExpectedIncident = Pick<Alert, "dedup_key" | "state" | "severity" | "pages">;

export interface Story {
  readonly title: string;
  /** Below spec/fixtures/events/. */
  readonly file: string;
  readonly expected: readonly ExpectedIncident[];
}

function incident(dedup_key: string, state: Alert["state"], severity: Alert["severity"]): ExpectedIncident {
  return { dedup_key, state, severity, pages: 1 };
}

export const STORIES: readonly Story[] = [
  {
    title: "BBDO 3",
    file: "story-bbdo3.jsonl",
    expected: [
      // web-01/Load: a problem, acknowledged, over.
      incident("11_22", "resolved", "critical"),
      // web-01/Disk-/var: a warning that becomes critical, and stays. One page.
      incident("11_23", "triggered", "critical"),
      // db-02/MySQL connections: breaks in a downtime, and outlives it.
      incident("12_25", "triggered", "critical"),
      // edge-lyon: the host goes down and comes back; its Ping pages nobody.
      incident("13_H", "resolved", "critical"),
      // edge-lyon/Traffic wan0: held while the host is down; still UNKNOWN in a check after its return.
      incident("13_26", "triggered", "error"),
      // web-01/HTTP checkout: pages once it stops flapping; over.
      incident("11_24", "resolved", "critical"),
      // bücher & söhne/Swap
      incident("14_27", "triggered", "critical"),
      // Web shop, a business activity: breaks with HTTP checkout, and recovers with it.
      incident("ba_5", "resolved", "critical"),
      // Poller-Lyon falls silent, and answers again.
      incident("poller_2", "resolved", "critical"),
    ],
  },
  {
    title: "BBDO 2",
    file: "story-bbdo2.jsonl",
    expected: [
      // web-01/Load: acknowledged, then in a downtime, and recovers within it.
      incident("11_22", "resolved", "critical"),
      // web-01
      incident("11_H", "resolved", "critical"),
    ],
  },
];

function inWords({ dedup_key, state, severity, pages }: ExpectedIncident): string {
  return `${dedup_key}: ${state}, ${severity}, ${pages} ${pages === 1 ? "page" : "pages"}`;
}

/** How `actual` differs from what the story calls for, a line for each incident too many or too few. */
export function differences(
  expected: readonly ExpectedIncident[],
  actual: readonly ExpectedIncident[],
): string[] {
  const left = actual.map(inWords);
  const complaints: string[] = [];
  for (const wanted of expected.map(inWords)) {
    const index = left.indexOf(wanted);
    if (index >= 0) left.splice(index, 1);
    else complaints.push(`missing     ${wanted}`);
  }
  return [...complaints, ...left.map((words) => `unexpected  ${words}`)];
}
