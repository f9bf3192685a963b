// Pollers (instances of the monitoring engine): what they are, and whether they are alive.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt (alone for the module event).

declare namespace Bbdo {
  /** What the instance status events of both BBDO versions have in common: switches for the whole poller. */
  interface InstanceSwitches {
    readonly active_host_checks: boolean;
    readonly active_service_checks: boolean;
    readonly check_hosts_freshness: boolean;
    readonly check_services_freshness: boolean;
    readonly event_handlers: boolean;
    readonly flap_detection: boolean;
    /** Command run when the state of any host changes. */
    readonly global_host_event_handler: string;
    /** Command run when the state of any service changes. */
    readonly global_service_event_handler: string;
    readonly notifications: boolean;
    /** The ochp command runs after each host check. */
    readonly obsess_over_hosts: boolean;
    /** The ocsp command runs after each service check. */
    readonly obsess_over_services: boolean;
    readonly passive_host_checks: boolean;
    readonly passive_service_checks: boolean;
  }
}

declare namespace Bbdo2 {
  /** An engine started to send its configuration, or stopped. */
  interface Instance extends Bbdo.EventHead<1, 15, 65551> {
    /** When it stopped. Nil while it runs. */
    readonly end_time: Bbdo.UnixTime | undefined;
    /** Name of the engine's software. */
    readonly engine: string;
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
    /** Name of the poller. */
    readonly name: string;
    /** Process id of the engine. */
    readonly pid: number;
    readonly running: boolean;
    /** Nil when -1. */
    readonly start_time: Bbdo.UnixTime | undefined;
    /** Version of the engine. */
    readonly version: string;
  }

  /** A sign of life that an engine gives regularly. */
  interface InstanceStatus extends Bbdo.EventHead<1, 16, 65552>, Bbdo.InstanceSwitches {
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
    /** Nil when -1. */
    readonly last_alive: Bbdo.UnixTime | undefined;
    /** When a check command was last run. Nil when -1. */
    readonly last_command_check: Bbdo.UnixTime | undefined;
  }

  /** A poller was told to reload: its configuration events follow. */
  interface InstanceConfiguration extends Bbdo.EventHead<1, 25, 65561> {
    /** The configuration was loaded successfully. */
    readonly loaded: boolean;
    readonly poller_id: number;
  }

  /** A poller fell silent, or is back. Made by the broker, not by the engine. */
  interface ResponsiveInstance extends Bbdo.EventHead<1, 26, 65562> {
    readonly poller_id: number;
    /** False after about 300 s of silence. */
    readonly responsive: boolean;
  }

  /** A module of the engine was loaded or unloaded. */
  interface Module extends Bbdo.EventHead<1, 18, 65554> {
    readonly args: string;
    readonly enabled: boolean;
    /** Path of the module. */
    readonly filename: string;
    /** The poller. Nil when 0. */
    readonly instance_id: number | undefined;
    readonly loaded: boolean;
    readonly should_be_loaded: boolean;
  }
}

declare namespace Bbdo3 {
  /** An engine started to send its configuration, or stopped. */
  interface Instance extends Bbdo.EventHead<1, 44, 65580> {
    readonly header: Bbdo.Header;
    /** When it stopped; 0 while it runs. */
    readonly end_time: Bbdo.UnixTime;
    /** Name of the engine's software. */
    readonly engine: string;
    readonly engine_config_version: string;
    /** The poller. */
    readonly instance_id: number;
    /** Name of the poller. */
    readonly name: string;
    /** Process id of the engine. */
    readonly pid: number;
    readonly running: boolean;
    readonly start_time: Bbdo.UnixTime;
    /** Version of the engine. */
    readonly version: string;
  }

  /** A sign of life that an engine gives regularly. */
  interface InstanceStatus extends Bbdo.EventHead<1, 42, 65578>, Bbdo.InstanceSwitches {
    readonly header: Bbdo.Header;
    /** The poller. */
    readonly instance_id: number;
    readonly last_alive: Bbdo.UnixTime;
    /** When a check command was last run. */
    readonly last_command_check: Bbdo.UnixTime;
  }

  /** A poller was told to reload: its configuration events follow. */
  interface InstanceConfiguration extends Bbdo.EventHead<1, 54, 65590> {
    readonly header: Bbdo.Header;
    /** The configuration was loaded successfully. */
    readonly loaded: boolean;
    readonly poller_id: number;
  }

  /** A poller fell silent, or is back. Made by the broker, not by the engine. */
  interface ResponsiveInstance extends Bbdo.EventHead<1, 46, 65582> {
    readonly header: Bbdo.Header;
    readonly poller_id: number;
    /** False after about 300 s of silence. */
    readonly responsive: boolean;
  }

  /** Centreon monitoring agents of one version and system. */
  interface AgentInfo {
    /** Major version of the agents. */
    readonly major: number;
    /** Minor version of the agents. */
    readonly minor: number;
    /** Patch version of the agents. */
    readonly patch: number;
    /** The poller connects to the agents, not they to the poller. */
    readonly reverse: boolean;
    readonly os: string;
    readonly os_version: string;
    /** How many agents are like this. */
    readonly nb_agent: number;
  }

  /** The monitoring agents that a poller knows. */
  interface AgentStats extends Bbdo.EventHead<1, 57, 65593> {
    readonly poller_id: number;
    readonly stats: readonly AgentInfo[];
  }
}
