// Status events of hosts and services: what a check found, and the short events that carry one change only.
// What they share with the configuration events is in checks.d.ts.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt, the project's notes on the
// broker (contracts/broker-host.md).

declare namespace Bbdo2 {
  /** A host was checked, or something of its status changed. */
  interface HostStatus
    extends Bbdo.EventHead<1, 14, 65550>, Bbdo.HostResult<Bbdo.UnixTime | undefined>, Bbdo.CheckSettings {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime | undefined;
    /** The ochp command runs after each check. */
    readonly obsess_over_host: boolean;
    /** The plugin's output: the short one, a line feed, the long one. */
    readonly output: string;
  }

  /** A service was checked, or something of its status changed. */
  interface ServiceStatus
    extends Bbdo.EventHead<1, 24, 65560>, Bbdo.ServiceResult<Bbdo.UnixTime | undefined>, Bbdo.CheckSettings {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime | undefined;
    /** The ocsp command runs after each check. */
    readonly obsess_over_service: boolean;
    /** The plugin's output: the short one, a line feed, the long one. */
    readonly output: string;
    /** Nil when 0. */
    readonly service_id: number | undefined;
  }
}

declare namespace Bbdo3 {
  /** A host was checked, or something of its status changed. `max_check_attempts` is in `Bbdo3.Host`. */
  interface HostStatus extends Bbdo.EventHead<1, 32, 65568>, Bbdo.HostResult<Bbdo.UnixTime> {
    readonly host_id: number;
    /** Further lines of the plugin's output. */
    readonly long_output: string;
    /** First line of the plugin's output; a non-empty long output overwrites it (a quirk of the engine). */
    readonly output: string;
  }

  /** A service was checked, or something of its status changed. `max_check_attempts` is in `Bbdo3.Service`. */
  interface ServiceStatus extends Bbdo.EventHead<1, 29, 65565>, Bbdo.ServiceResult<Bbdo.UnixTime> {
    readonly host_id: number;
    /** Id of the meta-service or business activity behind a virtual service; else 0. */
    readonly internal_id: number;
    /** Further lines of the plugin's output. */
    readonly long_output: string;
    /** First line of the plugin's output. */
    readonly output: string;
    readonly service_id: number;
    readonly type: Bbdo.ServiceType;
  }

  /**
   * One change of a host's status, sent instead of the full status (24.04 and later): the id and one of the
   * other fields. A field that did not change reads nil, and `pairs` stops there: read fields by name.
   */
  interface AdaptiveHostStatus extends Bbdo.EventHead<1, 56, 65592> {
    readonly host_id: number;
    /** Nil: unchanged. */
    readonly acknowledgement_type: Bbdo.AcknowledgementType | undefined;
    /** Notifications sent since the problem began. Nil: unchanged. */
    readonly notification_number: number | undefined;
    /** Downtimes in effect right now. Nil: unchanged. */
    readonly scheduled_downtime_depth: number | undefined;
  }

  /** One change of a service's status; see `AdaptiveHostStatus`. */
  interface AdaptiveServiceStatus extends Bbdo.EventHead<1, 55, 65591> {
    readonly host_id: number;
    readonly service_id: number;
    /** Id of the meta-service or business activity behind a virtual service; else 0. */
    readonly internal_id: number;
    readonly type: Bbdo.ServiceType;
    /** Nil: unchanged. */
    readonly acknowledgement_type: Bbdo.AcknowledgementType | undefined;
    /** Notifications sent since the problem began. Nil: unchanged. */
    readonly notification_number: number | undefined;
    /** Downtimes in effect right now. Nil: unchanged. */
    readonly scheduled_downtime_depth: number | undefined;
  }
}
