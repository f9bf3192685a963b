// What the sandbox tells its page: the one thing that both sides know. Types only.

export interface ToldIncident {
  readonly kind: "incident";
  readonly key: string;
  /** By which a person's action names it. */
  readonly number: number;
  readonly state: "triggered" | "acknowledged" | "resolved";
  /** As PagerDuty's dynamic notifications have it. */
  readonly urgency: "high" | "low";
  readonly severity: string;
  readonly summary: string;
  /** What each field says, by its name; only those that were given. */
  readonly fields: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly href: string; readonly text: string }[];
  /** ISO 8601. */
  readonly createdAt: string;
  readonly pages: number;
  /** Who made it what it is; null: an event did. */
  readonly by: string | null;
  readonly assignedTo: readonly string[];
  /** The number of the incident that has its alerts now; null: it was merged into none. */
  readonly mergedInto: number | null;
  /** Those in it. */
  readonly alerts: readonly { readonly dedupKey: string; readonly state: string; readonly summary: string }[];
  readonly notes: readonly { readonly at: string; readonly by: string; readonly content: string }[];
  readonly log: readonly { readonly at: string; readonly words: string }[];
}

/** One line of the timeline. */
export interface ToldEvent {
  readonly kind: "event";
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
  readonly from: "Centreon" | "Connector" | "PagerDuty" | "Responder";
  readonly text: string;
  /** Why nothing may come of it; "": something may. */
  readonly remark: string;
  /** What came of it; "": nothing can. */
  readonly outcome: string;
  readonly tone: "good" | "bad" | "neutral";
}

export interface ToldFaults {
  readonly kind: "faults";
  /** Those left, the one that takes effect first. */
  readonly faults: readonly {
    readonly kind: string;
    readonly status: number;
    /** Requests still to hit; 0: until cleared. */
    readonly times: number;
  }[];
}

export interface ToldConnector {
  readonly kind: "connector";
  /** What is behind the form; null: nothing. */
  readonly name: string | null;
  readonly resources: readonly { readonly host: string; readonly service: string }[];
}

/** `start`: what was told before is void. */
export type Told = { readonly kind: "start" } | ToldIncident | ToldEvent | ToldFaults | ToldConnector;
