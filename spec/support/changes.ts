// What people and pollers do, as the events of BBDO 2 and of BBDO 3 tell it, with each protocol's way to leave a time
// unset.
import type { Change, ChangeReport } from "../../src/alerts/change";
import type { Line } from "./brokerhost";
import { placeWith, serviceOf } from "./alerts";
import type { Subject } from "./events";

/** Times are Unix times; `some` replaces fields by their names in the protocol. */
export interface Activity {
  readonly acknowledgement: (this: void, subject: Subject, at: number, some?: Line) => Line;
  /** Downtime 91 of poller 1, set by bob a minute before `from`, as it was when `phase` had been reached. */
  readonly downtime: (
    this: void,
    subject: Subject,
    phase: "set" | "started" | "ended" | "cancelled" | "deleted",
    from: number,
    until: number,
    some?: Line,
  ) => Line;
  /** Comment 71 of carol's, at `at`; the engine writes those of flapping, downtimes and acknowledgements. */
  readonly comment: (this: void, subject: Subject, at: number, some?: Line) => Line;
  /** The comment that the engine keeps while the subject flaps; deleted at `until`, where that is given. */
  readonly flapping: (this: void, subject: Subject, from: number, until?: number) => Line;
  readonly pollerStarted: (this: void, id: number, at: number, some?: Line) => Line;
  readonly pollerStopped: (this: void, id: number, startedAt: number, at: number) => Line;
  readonly deployment: (this: void, id: number, isLoaded?: boolean) => Line;
}

const ELEMENTS = {
  2: { acknowledgement: 1, comment: 2, downtime: 5, instance: 15, configuration: 25 },
  3: { acknowledgement: 45, comment: 35, downtime: 36, instance: 44, configuration: 54 },
} as const;

export function createActivity(protocol: 2 | 3): Activity {
  const elements = ELEMENTS[protocol];
  const event = (element: number, fields: Line): Line => ({
    _type: 65536 + element,
    category: 1,
    element,
    ...fields,
  });
  /** A time that is not set: nil in BBDO 2, a number in BBDO 3. */
  const unset = (number: number): number | undefined => (protocol === 3 ? number : undefined);
  const idsOf = ({ host, service }: Subject): Line => ({
    host_id: host,
    service_id: service === 0 ? unset(0) : service,
    instance_id: 1,
  });
  const instance = (id: number, fields: Line): Line =>
    event(elements.instance, {
      instance_id: id,
      name: `poller-${id}`,
      engine: "Centreon Engine",
      version: "25.09.0",
      pid: 1,
      ...fields,
    });

  const comment = (subject: Subject, at: number, some: Line = {}): Line =>
    event(elements.comment, {
      ...idsOf(subject),
      service_id: subject.service,
      author: "carol",
      data: "disk ordered",
      type: subject.service === 0 ? 1 : 2,
      entry_type: 1,
      entry_time: at,
      deletion_time: unset(0),
      expires: false,
      expire_time: unset(0),
      internal_id: 71,
      persistent: true,
      source: 1,
      ...some,
    });

  return {
    comment,
    flapping: (subject, from, until) =>
      comment(subject, from, {
        author: "(Centreon Engine Process)",
        data: "Notifications for this service are being suppressed because it was detected as having been flapping",
        entry_type: 3,
        persistent: false,
        source: 0,
        internal_id: 72,
        deletion_time: until ?? unset(0),
      }),
    acknowledgement: (subject, at, some = {}) =>
      event(elements.acknowledgement, {
        ...idsOf(subject),
        author: "alice",
        comment_data: "on it",
        entry_time: at,
        deletion_time: unset(0),
        state: 2,
        sticky: true,
        ...some,
      }),
    downtime: (subject, phase, from, until, some = {}) => {
      const hasEnded = phase !== "set" && phase !== "started";
      return event(elements.downtime, {
        ...idsOf(subject),
        [protocol === 3 ? "id" : "internal_id"]: 91,
        author: "bob",
        comment_data: "upgrade",
        fixed: true,
        entry_time: from - 60,
        start_time: from,
        end_time: until,
        duration: until - from,
        started: phase !== "set",
        cancelled: phase === "cancelled",
        actual_start_time: phase === "set" ? unset(-1) : from + 1,
        actual_end_time: hasEnded ? until : unset(-1),
        deletion_time: phase === "deleted" ? until + 1 : unset(-1),
        ...some,
      });
    },
    pollerStarted: (id, at, some = {}) =>
      instance(id, { running: true, start_time: at, end_time: unset(0), ...some }),
    pollerStopped: (id, startedAt, at) =>
      instance(id, { running: false, start_time: startedAt, end_time: at }),
    deployment: (id, isLoaded = true) => event(elements.configuration, { poller_id: id, loaded: isLoaded }),
  };
}

/** The start of a downtime of service 1_2, db-02/Ping, but for what is said. */
export function changeWith(some: Partial<Change> = {}): Change {
  return {
    kind: "downtime started",
    resource: serviceOf(1, 2),
    identity: "",
    at: 1760000260,
    author: "bob",
    comment: "upgrade",
    plannedStart: 1760000260,
    plannedEnd: 1760002000,
    engine: "",
    ...some,
  };
}

/** The report of it. */
export function changeReportWith(
  some: Partial<Change> = {},
  rest: Partial<Omit<ChangeReport, "change">> = {},
): ChangeReport {
  const change = changeWith(some);
  return {
    change,
    resource: change.resource,
    placement: placeWith(),
    at: change.at ?? 1760000260,
    ...rest,
  };
}
