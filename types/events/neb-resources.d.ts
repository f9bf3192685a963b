// Configuration events of hosts and services, and the short events that carry changed settings only.
// What they share with the status events is in checks.d.ts.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt.

declare namespace Bbdo2 {
  /** A host's configuration, sent when it was deployed or changed; with what is known of its status. */
  interface Host
    extends Bbdo.EventHead<1, 12, 65548>, Bbdo.HostResult<Bbdo.UnixTime | undefined>, Bbdo.HostSettings {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The poller that checks the host. Nil when 0. */
    readonly instance_id: number | undefined;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime | undefined;
    /** The plugin's output: the short one, a line feed, the long one. */
    readonly output: string;
  }

  /** A service's configuration, sent when it was deployed or changed; with what is known of its status. */
  interface Service
    extends
      Bbdo.EventHead<1, 23, 65559>,
      Bbdo.ServiceResult<Bbdo.UnixTime | undefined>,
      Bbdo.ServiceSettings {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime | undefined;
    /** The plugin's output: the short one, a line feed, the long one. */
    readonly output: string;
    /** Nil when 0. */
    readonly service_id: number | undefined;
    /** Every bad result counts as a new problem. */
    readonly volatile: boolean;
  }
}

declare namespace Bbdo3 {
  /** A host's configuration, sent when it was deployed or changed; with what is known of its status. */
  interface Host extends Bbdo.EventHead<1, 30, 65566>, Bbdo.HostResult<Bbdo.UnixTime>, Bbdo.HostSettings {
    readonly host_id: number;
    /** Id of the icon in Centreon; 0: none. */
    readonly icon_id: number;
    /** The poller that checks the host. */
    readonly instance_id: number;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime;
    /** The plugin's output. */
    readonly output: string;
    /** `id` of the `Bbdo3.Severity`; 0: none. */
    readonly severity_id: number;
    /** Groups and categories the host is in. */
    readonly tags: readonly Bbdo.TagInfo[];
  }

  /** A service's configuration, sent when it was deployed or changed; with what is known of its status. */
  interface Service
    extends Bbdo.EventHead<1, 27, 65563>, Bbdo.ServiceResult<Bbdo.UnixTime>, Bbdo.ServiceSettings {
    readonly host_id: number;
    readonly host_name: string;
    /** Id of the icon in Centreon; 0: none. */
    readonly icon_id: number;
    /** Id of the meta-service or business activity behind a virtual service; else 0. */
    readonly internal_id: number;
    /** Every bad result counts as a new problem. */
    readonly is_volatile: boolean;
    /** When the engine made this event. */
    readonly last_update: Bbdo.UnixTime;
    /** Further lines of the plugin's output. */
    readonly long_output: string;
    /** First line of the plugin's output. */
    readonly output: string;
    readonly service_id: number;
    /** `id` of the `Bbdo3.Severity`; 0: none. */
    readonly severity_id: number;
    /** Groups and categories the service is in. */
    readonly tags: readonly Bbdo.TagInfo[];
    readonly type: Bbdo.ServiceType;
  }

  /** Settings that the adaptive events of hosts and services have in common. Nil: unchanged. */
  interface ChangedSettings {
    /** Active checks are enabled. */
    readonly active_checks: boolean | undefined;
    readonly check_command: string | undefined;
    readonly check_freshness: boolean | undefined;
    readonly check_interval: Bbdo.IntervalUnits | undefined;
    readonly check_period: string | undefined;
    readonly event_handler: string | undefined;
    readonly event_handler_enabled: boolean | undefined;
    readonly max_check_attempts: number | undefined;
    readonly notification_period: string | undefined;
    /** Notifications by Centreon itself are enabled. */
    readonly notify: boolean | undefined;
    /** Passive checks are enabled. */
    readonly passive_checks: boolean | undefined;
    readonly retry_interval: Bbdo.IntervalUnits | undefined;
    readonly should_be_scheduled: boolean | undefined;
  }

  /** Settings of a host changed at run time, by an external command for example. */
  interface AdaptiveHost extends Bbdo.EventHead<1, 31, 65567>, ChangedSettings {
    readonly host_id: number;
    readonly flap_detection: boolean | undefined;
    readonly obsess_over_host: boolean | undefined;
  }

  /** Settings of a service changed at run time, by an external command for example. */
  interface AdaptiveService extends Bbdo.EventHead<1, 28, 65564>, ChangedSettings {
    readonly host_id: number;
    readonly service_id: number;
    /** Named `flap_detection` in the host's event. */
    readonly flap_detection_enabled: boolean | undefined;
    readonly obsess_over_service: boolean | undefined;
  }
}
