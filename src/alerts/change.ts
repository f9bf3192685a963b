// What people and pollers did beside the alerts: the record that a change event is composed from. Knows neither broker
// nor network.
import type { Placement, Resource } from "./alert";

/** What happened, in the words that a responder reads. */
export type ChangeKind =
  | "acknowledged"
  | "downtime started"
  | "downtime ended"
  | "downtime cancelled"
  | "flapping started"
  | "flapping stopped"
  | "commented"
  | "configuration deployed"
  | "poller started"
  | "poller stopped";

/** What one event says that was done. Texts that it does not give are empty, times 0. */
export interface Change {
  readonly kind: ChangeKind;
  /** A host, service or poller, as the event has it: virtual hosts are not resolved. */
  readonly resource: Resource;
  /** The same whenever this very change is told again, and never for another one; empty: nobody can tell. */
  readonly identity: string;
  /** Unix time; undefined when the event does not tell. */
  readonly at: number | undefined;
  readonly author: string;
  readonly comment: string;
  /** The window of a downtime, as it was planned (Unix time). */
  readonly plannedStart: number;
  readonly plannedEnd: number;
  /** Name and version of a poller's engine. */
  readonly engine: string;
}

/** A change that is to be told, with the names that the broker knew when it happened. */
export interface ChangeReport {
  readonly change: Change;
  /** What it was done to, as a person knows it: a business activity in the place of its virtual service. */
  readonly resource: Resource;
  readonly placement: Placement;
  /** Unix time. */
  readonly at: number;
}
