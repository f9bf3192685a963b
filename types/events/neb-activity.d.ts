// What an engine reports of its own doings: checks it starts, event handlers it runs, lines of its log.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt (alone for the event handler:
// the names are the mapping's, which Lua may know by others; ids and times are taken to read nil when 0, as in
// other BBDO 2 events).

declare namespace Bbdo {
  /** What the log entry events of both BBDO versions have in common. */
  interface LogEntryFields {
    /** When it was logged. */
    readonly ctime: UnixTime;
    /** Empty when the line is not about a host or service. */
    readonly host_name: string;
    /** Name of the poller. */
    readonly instance_name: string;
    readonly notification_cmd: string;
    readonly notification_contact: string;
    readonly output: string;
    /** Check attempt. */
    readonly retry: number;
    /** A `HostState` or `ServiceState`, as the ids say. */
    readonly status: number;
    readonly type: StateType;
  }
}

declare namespace Bbdo2 {
  /**
   * What a line of the engine's log is about: 0 service alert, 1 host alert, 2 service notification, 3 host
   * notification, 4 warning of the engine, 5 external command, 6 current service state, 7 current host state,
   * 8 initial service state, 9 initial host state, 10 service acknowledged, 11 host acknowledged.
   */
  type LogMessageType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

  /** A line of the engine's log. */
  interface LogEntry extends Bbdo.EventHead<1, 17, 65553>, Bbdo.LogEntryFields {
    /** Nil when the line is not about a host or service. */
    readonly host_id: number | undefined;
    readonly msg_type: LogMessageType;
    /** Nil when the line is not about a service. */
    readonly service_description: string | undefined;
    /** Nil when the line is not about a service. */
    readonly service_id: number | undefined;
  }

  /** The engine checks a host. */
  interface HostCheck extends Bbdo.EventHead<1, 8, 65544> {
    /** The command as run, macros expanded: it can hold secrets. */
    readonly command_line: string;
    /** Nil when 0. */
    readonly host_id: number | undefined;
  }

  /** The engine checks a service. */
  interface ServiceCheck extends Bbdo.EventHead<1, 19, 65555> {
    /** The command as run, macros expanded: it can hold secrets. */
    readonly command_line: string;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Nil when 0. */
    readonly service_id: number | undefined;
  }

  /** The engine ran an event handler. */
  interface EventHandler extends Bbdo.EventHead<1, 6, 65542> {
    readonly command_args: string;
    readonly command_line: string;
    /** The instance that this event is for. Nil when 0. */
    readonly destination_id: number | undefined;
    /** It ran into its time limit. */
    readonly early_timeout: boolean;
    readonly end_time: Bbdo.UnixTime | undefined;
    readonly execution_time: Bbdo.Seconds;
    /** 0 of a host, 1 of a service, 2 global for hosts, 3 global for services. */
    readonly handler_type: 0 | 1 | 2 | 3;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    readonly output: string;
    /** Exit status of the command. */
    readonly return_code: number;
    /** Nil for a host's event handler. */
    readonly service_id: number | undefined;
    /** The instance that this event is from. Nil when 0. */
    readonly source_id: number | undefined;
    readonly start_time: Bbdo.UnixTime | undefined;
    /** A `Bbdo.HostState` or `Bbdo.ServiceState`, as `handler_type` says. */
    readonly state: number;
    readonly state_type: Bbdo.StateType;
    /** Time limit. */
    readonly timeout: Bbdo.Seconds;
  }
}

declare namespace Bbdo3 {
  /**
   * What a line of the engine's log is about: 0 service alert, 1 host alert, 2 service notification, 3 host
   * notification, 4 warning of the engine, 5 other, 8 initial service state, 9 initial host state, 10 service
   * acknowledged, 11 host acknowledged, 12 service event handler, 13 host event handler, 14 global service
   * event handler, 15 global host event handler.
   */
  type LogMessageType = 0 | 1 | 2 | 3 | 4 | 5 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

  /** A line of the engine's log. */
  interface LogEntry extends Bbdo.EventHead<1, 41, 65577>, Bbdo.LogEntryFields {
    /** 0 when the line is not about a host or service. */
    readonly host_id: number;
    readonly msg_type: LogMessageType;
    /** Empty when the line is not about a service. */
    readonly service_description: string;
    /** 0 when the line is not about a service. */
    readonly service_id: number;
  }

  /** The engine checks a host. */
  interface HostCheck extends Bbdo.EventHead<1, 39, 65575> {
    readonly header: Bbdo.Header;
    readonly active_checks_enabled: boolean;
    readonly check_type: Bbdo.CheckType;
    /** The command as run, macros expanded: it can hold secrets. */
    readonly command_line: string;
    readonly host_id: number;
    readonly next_check: Bbdo.UnixTime;
  }

  /** The engine checks a service. */
  interface ServiceCheck extends Bbdo.EventHead<1, 40, 65576> {
    readonly header: Bbdo.Header;
    readonly active_checks_enabled: boolean;
    readonly check_type: Bbdo.CheckType;
    /** The command as run, macros expanded: it can hold secrets. */
    readonly command_line: string;
    readonly host_id: number;
    readonly next_check: Bbdo.UnixTime;
    readonly service_id: number;
  }
}
