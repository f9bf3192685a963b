// What a status says of a resource, the same for BBDO 2 and 3: what broker/observe reads, and the book takes.
import type { HostOrService, Resource } from "./alert";

/** What one full status event said of one resource, the same for BBDO 2 and 3. */
export interface Observation {
  readonly resource: Resource;
  readonly state: number;
  readonly isHard: boolean;
  readonly lastHardState: number;
  readonly isAcknowledged: boolean;
  readonly downtimeDepth: number;
  readonly isFlapping: boolean;
  /** Unix time; 0 when unknown. */
  readonly lastCheck: number;
}

/** What an adaptive status event said: only what changed is defined. */
export interface AdaptiveObservation {
  readonly resource: HostOrService;
  readonly isAcknowledged: boolean | undefined;
  readonly downtimeDepth: number | undefined;
}
