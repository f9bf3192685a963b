// What people do about problems: acknowledgements, downtimes and comments.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt, the project's notes on the
// broker (contracts/broker-host.md).

declare namespace Bbdo {
  /** What the acknowledgement events of both BBDO versions have in common. */
  interface AcknowledgementFields {
    /** Who acknowledged; no other event says so. */
    readonly author: string;
    readonly comment_data: string;
    /** Centreon notified its contacts of the acknowledgement. */
    readonly notify_contacts: boolean;
    /** The comment outlives the acknowledgement. */
    readonly persistent_comment: boolean;
    /** State acknowledged: a `HostState` or `ServiceState`, as `type` says. */
    readonly state: number;
    /** It holds until the recovery, not only until the state changes. */
    readonly sticky: boolean;
    readonly type: ResourceType;
  }

  /** What the downtime events of both BBDO versions have in common. */
  interface DowntimeFields {
    readonly author: string;
    readonly cancelled: boolean;
    readonly comment_data: string;
    /** Planned length; of a flexible downtime, the length from the problem on. */
    readonly duration: Seconds;
    /** From `start_time` to `end_time`; else flexible: it starts with a problem within that window. */
    readonly fixed: boolean;
    readonly started: boolean;
    readonly type: DowntimeType;
  }

  /** What the comment events of both BBDO versions have in common. */
  interface CommentFields {
    readonly author: string;
    /** The text. */
    readonly data: string;
    readonly entry_type: CommentEntryType;
    readonly expires: boolean;
    /** The engine's own id of the comment. */
    readonly internal_id: number;
    /** It outlives a restart of the engine. */
    readonly persistent: boolean;
    /** 0 for a host's comment. */
    readonly service_id: number;
    readonly source: CommentSource;
    readonly type: CommentType;
  }
}

declare namespace Bbdo2 {
  /** A problem was acknowledged, or its acknowledgement deleted. */
  interface Acknowledgement extends Bbdo.EventHead<1, 1, 65537>, Bbdo.AcknowledgementFields {
    /** Nil while it holds. Unreliable: trust `acknowledged` of the status events. */
    readonly deletion_time: Bbdo.UnixTime | undefined;
    /** Nil when -1. */
    readonly entry_time: Bbdo.UnixTime | undefined;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
    /** Nil for a host's acknowledgement. */
    readonly service_id: number | undefined;
  }

  /** A downtime was set, began, ended, or was deleted. Times read nil when -1 (not yet, or not known). */
  interface Downtime extends Bbdo.EventHead<1, 5, 65541>, Bbdo.DowntimeFields {
    readonly actual_end_time: Bbdo.UnixTime | undefined;
    readonly actual_start_time: Bbdo.UnixTime | undefined;
    readonly deletion_time: Bbdo.UnixTime | undefined;
    /** Planned end. */
    readonly end_time: Bbdo.UnixTime | undefined;
    /** When it was set. */
    readonly entry_time: Bbdo.UnixTime | undefined;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
    /** The engine's own id of the downtime; `id` in BBDO 3. */
    readonly internal_id: number;
    /** Nil for a host's downtime. */
    readonly service_id: number | undefined;
    /** Planned start. */
    readonly start_time: Bbdo.UnixTime | undefined;
    /** `internal_id` of the downtime that set this one off. Nil: none. */
    readonly triggered_by: number | undefined;
  }

  /** A comment was written or deleted. */
  interface Comment extends Bbdo.EventHead<1, 2, 65538>, Bbdo.CommentFields {
    /** Nil while it is there. */
    readonly deletion_time: Bbdo.UnixTime | undefined;
    /** When it was written. Nil when -1. */
    readonly entry_time: Bbdo.UnixTime | undefined;
    /** Nil when it does not expire. */
    readonly expire_time: Bbdo.UnixTime | undefined;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
  }
}

declare namespace Bbdo3 {
  /** A problem was acknowledged, or its acknowledgement deleted. */
  interface Acknowledgement extends Bbdo.EventHead<1, 45, 65581>, Bbdo.AcknowledgementFields {
    /** 0 while it holds. Unreliable: trust `acknowledgement_type` of the status events. */
    readonly deletion_time: Bbdo.UnixTime;
    readonly entry_time: Bbdo.UnixTime;
    readonly host_id: number;
    /** The poller. */
    readonly instance_id: number;
    /** 0 for a host's acknowledgement. */
    readonly service_id: number;
  }

  /** A downtime was set, began, ended, or was deleted. Unset times are -1. */
  interface Downtime extends Bbdo.EventHead<1, 36, 65572>, Bbdo.DowntimeFields {
    readonly actual_end_time: Bbdo.UnixTime;
    readonly actual_start_time: Bbdo.UnixTime;
    readonly deletion_time: Bbdo.UnixTime;
    /** Planned end. */
    readonly end_time: Bbdo.UnixTime;
    /** When it was set. */
    readonly entry_time: Bbdo.UnixTime;
    readonly host_id: number;
    /** The engine's own id of the downtime; `internal_id` in BBDO 2. */
    readonly id: number;
    /** The poller. */
    readonly instance_id: number;
    /** 0 for a host's downtime. */
    readonly service_id: number;
    /** Planned start. */
    readonly start_time: Bbdo.UnixTime;
    /** `id` of the downtime that set this one off; 0: none. */
    readonly triggered_by: number;
  }

  /** A comment was written or deleted. */
  interface Comment extends Bbdo.EventHead<1, 35, 65571>, Bbdo.CommentFields {
    readonly header: Bbdo.Header;
    /** 0 while it is there. */
    readonly deletion_time: Bbdo.UnixTime;
    /** When it was written. */
    readonly entry_time: Bbdo.UnixTime;
    /** 0 when it does not expire. */
    readonly expire_time: Bbdo.UnixTime;
    readonly host_id: number;
    /** The poller. */
    readonly instance_id: number;
  }
}
