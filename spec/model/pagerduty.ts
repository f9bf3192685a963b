// A PagerDuty in memory: its alerts, each of one routing key, by the rules of its Events API v2, and how often it paged.

export type Severity = "critical" | "error" | "warning" | "info";
export type Action = "trigger" | "acknowledge" | "resolve";

const RANK: Record<Severity, number> = { info: 1, warning: 2, error: 3, critical: 4 };

export function isWorse(left: Severity, right: Severity): boolean {
  return RANK[left] > RANK[right];
}

/** What PagerDuty has for one dedup key. */
export interface Incident {
  state: "none" | "triggered" | "acknowledged";
  /** The worst since the incident opened: it never goes down. */
  severity: Severity;
  /** Incidents opened so far: each is a page. */
  pages: number;
  /** The routing key that opened it: with another nothing is known of it. Undefined: nobody cares. */
  routingKey: string | undefined;
}

export interface PagerDuty {
  /** Takes an event that was accepted. `severity` matters for a trigger only. */
  readonly take: (this: void, key: string, action: Action, severity: Severity, routingKey?: string) => void;
  readonly incident: (this: void, key: string) => Incident;
}

export function createPagerDuty(): PagerDuty {
  const incidents: Record<string, Incident | undefined> = {};
  const incident = (key: string): Incident => {
    const known = incidents[key] ?? {
      state: "none",
      severity: "info",
      pages: 0,
      routingKey: undefined,
    };
    incidents[key] = known;
    return known;
  };
  return {
    incident,
    take: (key, action, severity, routingKey) => {
      const it = incident(key);
      const isOfAnother = it.routingKey !== undefined && routingKey !== it.routingKey;
      const isElsewhere = it.state !== "none" && routingKey !== undefined && isOfAnother;
      if (action === "trigger") {
        if (it.state === "none" || isElsewhere) {
          it.routingKey = routingKey;
          it.state = "triggered";
          it.severity = severity;
          it.pages += 1;
        } else if (isWorse(severity, it.severity)) {
          it.severity = severity;
        }
      } else if (it.state !== "none" && !isElsewhere) {
        // Acknowledge and resolve of an unknown or closed key are dropped.
        it.state = action === "resolve" ? "none" : "acknowledged";
      }
    },
  };
}
