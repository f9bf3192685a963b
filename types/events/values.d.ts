// Units, enumerations and nested messages that the fields of events are made of, and the three fields that
// every event has. The events themselves are in the other files of this folder.
// Source: spec/fixtures/events/event-fields.txt (printed by the broker's own code, 25.09).

declare namespace Bbdo {
  /** Seconds since 1970-01-01 00:00 UTC. */
  type UnixTime = number;

  /** A length of time in seconds. */
  type Seconds = number;

  /** A length of time in the engine's `interval_length`, which is 60 s unless changed: 5 is five minutes. */
  type IntervalUnits = number;

  /** 0 to 100. */
  type Percent = number;

  /** 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN, 4 PENDING (not checked yet). */
  type ServiceState = 0 | 1 | 2 | 3 | 4;

  /** 0 UP, 1 DOWN, 2 UNREACHABLE, 4 PENDING (not in the protobuf enumeration, but sent: measured). */
  type HostState = 0 | 1 | 2 | 4;

  /** State of a business activity or of one of its KPIs: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. */
  type ActivityState = 0 | 1 | 2 | 3;

  /** 0 SOFT (still being retried), 1 HARD. */
  type StateType = 0 | 1;

  /** 0 none, 1 normal (until the state changes), 2 sticky (until the recovery). */
  type AcknowledgementType = 0 | 1 | 2;

  /** 0 active (the engine ran the check), 1 passive (the result was submitted). */
  type CheckType = 0 | 1;

  /** 0 service, 2 meta-service, 3 business activity, 4 anomaly detection. */
  type ServiceType = 0 | 2 | 3 | 4;

  /** 0 service group, 1 host group, 2 service category, 3 host category. */
  type TagType = 0 | 1 | 2 | 3;

  /** What happened to a configuration object: 0 added, 1 deleted, 2 modified. */
  type ConfigurationAction = 0 | 1 | 2;

  /** 0 service, 1 host. */
  type SeverityType = 0 | 1;

  /** 0 host, 1 service. */
  type ResourceType = 0 | 1;

  /** 0 not used, 1 service, 2 host, 3 any. */
  type DowntimeType = 0 | 1 | 2 | 3;

  /** 0 none, 1 host, 2 service. */
  type CommentType = 0 | 1 | 2;

  /** What wrote a comment: 0 none, 1 a user, 2 a downtime, 3 flapping, 4 an acknowledgement. */
  type CommentEntryType = 0 | 1 | 2 | 3 | 4;

  /** 0 internal (the monitoring engine), 1 external. */
  type CommentSource = 0 | 1;

  /** 0 gauge, 1 counter, 2 derive, 3 absolute, 4 automatic. */
  type MetricValueType = 0 | 1 | 2 | 3 | 4;

  /** Who is at the other end of a connection: 0 unknown, 1 broker, 2 engine, 3 map. */
  type PeerType = 0 | 1 | 2 | 3;

  /** The fields that tell events apart. */
  interface EventHead<Category extends number, Element extends number, Type extends number> {
    /** `category * 65536 + element`. */
    readonly _type: Type;
    /** 1 neb (monitoring), 2 bbdo (the protocol itself), 3 storage (metrics), 6 bam (business activities). */
    readonly category: Category;
    /** The kind of event within its category. */
    readonly element: Element;
  }

  /** Comes with some BBDO 3 events. */
  interface Header {
    /** Version of the configuration that the event belongs to; 0 when none is given. */
    readonly conf_version: number;
  }

  /** Membership of a host or service in a group or category. */
  interface TagInfo {
    readonly id: number;
    readonly type: TagType;
  }
}
