// What the host and service events, and their status events, of both BBDO versions have in common:
// the result of checks and the settings of checks. Owns no event.
// Sources: spec/fixtures/events/event-fields.txt (names, types), bbdo-event-mapping-24.04.txt (meanings).

declare namespace Bbdo {
  /** What is known of the last checks. `Time` tells how the BBDO version gives an unset time. */
  interface CheckResult<Time extends UnixTime | undefined> {
    readonly acknowledgement_type: AcknowledgementType;
    /** Which attempt to confirm the state the last check was, from 1 on. */
    readonly check_attempt: number;
    readonly check_type: CheckType;
    /** At least one check has been made. */
    readonly checked: boolean;
    /** How long the last check ran. */
    readonly execution_time: Seconds;
    /** The state changes too often, as judged by flap detection. */
    readonly flapping: boolean;
    /** When the last check was started. */
    readonly last_check: Time;
    /** The `last_check` that changed it, for a service; when that check was processed, later, for a host. */
    readonly last_hard_state_change: Time;
    /** When Centreon last sent a notification of its own. */
    readonly last_notification: Time;
    readonly last_state_change: Time;
    /** How much later than planned the last check was made. */
    readonly latency: Seconds;
    readonly next_check: Time;
    /** Centreon will send no further notification for this problem. */
    readonly no_more_notifications: boolean;
    /** Notifications sent since the problem began. */
    readonly notification_number: number;
    /** How much the state changed lately; compared with the flap thresholds. */
    readonly percent_state_change: Percent;
    /** Performance data as the plugin printed it: `name=value[unit];warning;critical;min;max …`. */
    readonly perfdata: string;
    /** Downtimes in effect right now; 0: none. A service's does not count its host's. */
    readonly scheduled_downtime_depth: number;
    /** Whether the engine plans a next check. */
    readonly should_be_scheduled: boolean;
    readonly state_type: StateType;
  }

  interface HostResult<Time extends UnixTime | undefined> extends CheckResult<Time> {
    readonly last_hard_state: HostState;
    readonly last_time_down: Time;
    /** Last time the host failed while all its parents were down. */
    readonly last_time_unreachable: Time;
    readonly last_time_up: Time;
    /** When Centreon may notify again. */
    readonly next_host_notification: Time;
    readonly state: HostState;
  }

  interface ServiceResult<Time extends UnixTime | undefined> extends CheckResult<Time> {
    readonly last_hard_state: ServiceState;
    readonly last_time_critical: Time;
    readonly last_time_ok: Time;
    readonly last_time_unknown: Time;
    readonly last_time_warning: Time;
    /** When Centreon may notify again. */
    readonly next_notification: Time;
    readonly state: ServiceState;
  }

  /** How a host or service is checked: in its configuration event, and in BBDO 2 in its status, too. */
  interface CheckSettings {
    /** The problem has been acknowledged. */
    readonly acknowledged: boolean;
    /** Active checks are enabled. */
    readonly active_checks: boolean;
    /** Name of the check command, with its arguments. */
    readonly check_command: string;
    /** Between two checks while the state is confirmed. */
    readonly check_interval: IntervalUnits;
    /** Name of the time period in which checks are made. */
    readonly check_period: string;
    /** False when the object was removed from the configuration. */
    readonly enabled: boolean;
    /** Command run when the state changes. */
    readonly event_handler: string;
    readonly event_handler_enabled: boolean;
    /** Flap detection is enabled. */
    readonly flap_detection: boolean;
    /** The attempt at which a bad state becomes HARD. */
    readonly max_check_attempts: number;
    /** Notifications by Centreon itself are enabled. */
    readonly notify: boolean;
    /** Passive checks are enabled. */
    readonly passive_checks: boolean;
    /** Between two checks while a bad state is not confirmed yet. */
    readonly retry_interval: IntervalUnits;
  }

  /** What the host and service configuration events of both BBDO versions have. */
  interface ResourceSettings extends CheckSettings {
    /** The action URL of Centreon's form; macros are not expanded. */
    readonly action_url: string;
    /** A passive result that is too old counts as stale, and a check is made. */
    readonly check_freshness: boolean;
    /** `active_checks` as configured, before any change at run time; so for the other `default_` fields. */
    readonly default_active_checks: boolean;
    readonly default_event_handler_enabled: boolean;
    readonly default_flap_detection: boolean;
    readonly default_notify: boolean;
    readonly default_passive_checks: boolean;
    /** Name shown in Centreon's pages. */
    readonly display_name: string;
    /** From the start of the problem to Centreon's first notification. */
    readonly first_notification_delay: IntervalUnits;
    /** Age from which a passive result is stale. */
    readonly freshness_threshold: Seconds;
    /** Flapping begins above this `percent_state_change`. */
    readonly high_flap_threshold: Percent;
    readonly icon_image: string;
    /** Text in place of the icon. */
    readonly icon_image_alt: string;
    /** Flapping ends below this `percent_state_change`. */
    readonly low_flap_threshold: Percent;
    /** Tooltip of the Resources Status page. */
    readonly notes: string;
    /** Link of the Resources Status page; macros are not expanded. */
    readonly notes_url: string;
    /** Between two notifications of a lasting problem; 0: one notification only. */
    readonly notification_interval: IntervalUnits;
    /** Name of the time period in which notifications are sent. */
    readonly notification_period: string;
    /** Centreon notifies when a downtime begins or ends. */
    readonly notify_on_downtime: boolean;
    /** Centreon notifies when flapping begins or ends. */
    readonly notify_on_flapping: boolean;
    /** Centreon notifies when the problem is over. */
    readonly notify_on_recovery: boolean;
    /** Not used by Centreon. */
    readonly retain_nonstatus_information: boolean;
    /** Not used by Centreon. */
    readonly retain_status_information: boolean;
  }

  interface HostSettings extends ResourceSettings {
    /** IP address or DNS name. */
    readonly address: string;
    readonly alias: string;
    /** DOWN counts in flap detection. */
    readonly flap_detection_on_down: boolean;
    /** UNREACHABLE counts in flap detection. */
    readonly flap_detection_on_unreachable: boolean;
    /** UP counts in flap detection. */
    readonly flap_detection_on_up: boolean;
    /** The host's name. `_Module_BAM_<n>` and `_Module_Meta` are virtual: never show them to a person. */
    readonly name: string;
    readonly notify_on_down: boolean;
    readonly notify_on_unreachable: boolean;
    /** The ochp command runs after each check. */
    readonly obsess_over_host: boolean;
    /** A changed output is logged while the host is DOWN. */
    readonly stalk_on_down: boolean;
    /** A changed output is logged while the host is UNREACHABLE. */
    readonly stalk_on_unreachable: boolean;
    /** A changed output is logged while the host is UP. */
    readonly stalk_on_up: boolean;
    readonly statusmap_image: string;
    /** The host's time zone, such as `:Europe/Paris`; may be empty. */
    readonly timezone: string;
  }

  interface ServiceSettings extends ResourceSettings {
    /** The service's name. `ba_<id>` and `meta_<id>` on virtual hosts are no names to show to a person. */
    readonly description: string;
    /** CRITICAL counts in flap detection. */
    readonly flap_detection_on_critical: boolean;
    /** OK counts in flap detection. */
    readonly flap_detection_on_ok: boolean;
    /** UNKNOWN counts in flap detection. */
    readonly flap_detection_on_unknown: boolean;
    /** WARNING counts in flap detection. */
    readonly flap_detection_on_warning: boolean;
    readonly notify_on_critical: boolean;
    readonly notify_on_unknown: boolean;
    readonly notify_on_warning: boolean;
    /** The ocsp command runs after each check. */
    readonly obsess_over_service: boolean;
    /** A changed output is logged while the service is CRITICAL. */
    readonly stalk_on_critical: boolean;
    /** A changed output is logged while the service is OK. */
    readonly stalk_on_ok: boolean;
    /** A changed output is logged while the service is UNKNOWN. */
    readonly stalk_on_unknown: boolean;
    /** A changed output is logged while the service is WARNING. */
    readonly stalk_on_warning: boolean;
  }
}
