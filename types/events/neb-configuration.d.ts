// Configuration around hosts and services: groups and their members, parents, dependencies, custom variables,
// severities and tags.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt (alone for the dependencies:
// the names are the mapping's, which Lua may know by others; ids are taken to read nil when 0, as in other BBDO 2
// events).

declare namespace Bbdo2 {
  /** A host group. No field tells a removed group: `enabled` has no Lua name. */
  interface HostGroup extends Bbdo.EventHead<1, 10, 65546> {
    /** Nil when 0. */
    readonly hostgroup_id: number | undefined;
    readonly name: string;
  }

  /** A host's membership in a host group. */
  interface HostGroupMember extends Bbdo.EventHead<1, 11, 65547> {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Nil when 0. */
    readonly hostgroup_id: number | undefined;
  }

  /** A service group. No field tells a removed group: `enabled` has no Lua name. */
  interface ServiceGroup extends Bbdo.EventHead<1, 21, 65557> {
    readonly name: string;
    /** Nil when 0. */
    readonly servicegroup_id: number | undefined;
  }

  /** A service's membership in a service group. */
  interface ServiceGroupMember extends Bbdo.EventHead<1, 22, 65558> {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Nil when 0. */
    readonly service_id: number | undefined;
    /** Nil when 0. */
    readonly servicegroup_id: number | undefined;
  }

  /** A host is reached through another one. */
  interface HostParent extends Bbdo.EventHead<1, 13, 65549> {
    /** The host that is reached. Nil when 0. */
    readonly child_id: number | undefined;
    /** The host on the way. Nil when 0. */
    readonly parent_id: number | undefined;
  }

  /** A host's checks or notifications depend on another host. */
  interface HostDependency extends Bbdo.EventHead<1, 9, 65545> {
    /** Name of the time period in which the dependency counts. */
    readonly dependency_period: string;
    /** Nil when 0. */
    readonly dependent_host_id: number | undefined;
    readonly enabled: boolean;
    /** States that stop checks: some of up, down, unreachable, pending, none, all. */
    readonly execution_failure_options: string;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Dependencies of the other host count, too. */
    readonly inherits_parent: boolean;
    /** States that stop notifications; values as in `execution_failure_options`. */
    readonly notification_failure_options: string;
  }

  /** A service's checks or notifications depend on another service. */
  interface ServiceDependency extends Bbdo.EventHead<1, 20, 65556> {
    /** Name of the time period in which the dependency counts. */
    readonly dependency_period: string;
    /** Nil when 0. */
    readonly dependent_host_id: number | undefined;
    /** Nil when 0. */
    readonly dependent_service_id: number | undefined;
    readonly enabled: boolean;
    /** States that stop checks. */
    readonly execution_failure_options: string;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Dependencies of the other service count, too. */
    readonly inherits_parent: boolean;
    /** States that stop notifications. */
    readonly notification_failure_options: string;
    /** Nil when 0. */
    readonly service_id: number | undefined;
  }

  /** A custom variable (macro) of a host or service. */
  interface CustomVariable extends Bbdo.EventHead<1, 3, 65539> {
    /** Value in the configuration. */
    readonly default_value: string;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The value differs from the configured one. */
    readonly modified: boolean;
    /** In capitals, without `_HOST` or `_SERVICE`. */
    readonly name: string;
    /** Nil for a host's variable. */
    readonly service_id: number | undefined;
    readonly type: Bbdo.ResourceType;
    /** Nil when -1. */
    readonly update_time: Bbdo.UnixTime | undefined;
    readonly value: string;
  }

  /** The value of a custom variable changed at run time. */
  interface CustomVariableStatus extends Bbdo.EventHead<1, 4, 65540> {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** The value differs from the configured one. */
    readonly modified: boolean;
    /** In capitals, without `_HOST` or `_SERVICE`. */
    readonly name: string;
    /** Nil for a host's variable. */
    readonly service_id: number | undefined;
    /** Nil when -1. */
    readonly update_time: Bbdo.UnixTime | undefined;
    readonly value: string;
  }
}

declare namespace Bbdo3 {
  /** A host group. */
  interface HostGroup extends Bbdo.EventHead<1, 49, 65585> {
    readonly header: Bbdo.Header;
    readonly alias: string;
    /** False when it was removed. */
    readonly enabled: boolean;
    readonly hostgroup_id: number;
    readonly name: string;
    /** The poller that sent it: a group spans pollers, and each sends its own event. */
    readonly poller_id: number;
  }

  /** A host's membership in a host group. */
  interface HostGroupMember extends Bbdo.EventHead<1, 50, 65586> {
    readonly header: Bbdo.Header;
    /** False when the host left the group. */
    readonly enabled: boolean;
    readonly host_id: number;
    readonly hostgroup_id: number;
    /** Name of the group. */
    readonly name: string;
    readonly poller_id: number;
  }

  /** A service group. */
  interface ServiceGroup extends Bbdo.EventHead<1, 51, 65587> {
    readonly header: Bbdo.Header;
    /** False when it was removed. */
    readonly enabled: boolean;
    readonly name: string;
    /** The poller that sent it: a group spans pollers, and each sends its own event. */
    readonly poller_id: number;
    readonly servicegroup_id: number;
  }

  /** A service's membership in a service group. */
  interface ServiceGroupMember extends Bbdo.EventHead<1, 52, 65588> {
    readonly header: Bbdo.Header;
    /** False when the service left the group. */
    readonly enabled: boolean;
    readonly host_id: number;
    /** Name of the group. */
    readonly name: string;
    readonly poller_id: number;
    readonly service_id: number;
    readonly servicegroup_id: number;
  }

  /** A host is reached through another one. */
  interface HostParent extends Bbdo.EventHead<1, 53, 65589> {
    readonly header: Bbdo.Header;
    /** The host that is reached. */
    readonly child_id: number;
    /** False when the relation was removed. */
    readonly enabled: boolean;
    /** The host on the way. */
    readonly parent_id: number;
  }

  /** What the custom variable events have in common. */
  interface CustomVariableFields {
    readonly header: Bbdo.Header;
    /** Value in the configuration. */
    readonly default_value: string;
    /** False when it was removed. */
    readonly enabled: boolean;
    readonly host_id: number;
    /** The value differs from the configured one. */
    readonly modified: boolean;
    /** In capitals, without `_HOST` or `_SERVICE`. */
    readonly name: string;
    /** The value is secret: never log or send it. */
    readonly password: boolean;
    /** 0 for a host's variable. */
    readonly service_id: number;
    readonly type: Bbdo.ResourceType;
    readonly update_time: Bbdo.UnixTime;
    readonly value: string;
  }

  /** A custom variable (macro) of a host or service. */
  interface CustomVariables extends Bbdo.EventHead<1, 37, 65573>, CustomVariableFields {}

  /** The value of a custom variable changed at run time. */
  interface CustomVariablesStatus extends Bbdo.EventHead<1, 38, 65574>, CustomVariableFields {}

  /** A severity that hosts or services can have; BBDO 3 only. */
  interface Severity extends Bbdo.EventHead<1, 33, 65569> {
    readonly action: Bbdo.ConfigurationAction;
    /** Id of the icon in Centreon; 0: none. */
    readonly icon_id: number;
    /** What `severity_id` of hosts and services refers to, together with `type`. */
    readonly id: number;
    /** 1 is the most severe. */
    readonly level: number;
    readonly name: string;
    readonly poller_id: number;
    readonly type: Bbdo.SeverityType;
  }

  /** A group or category that hosts or services can be in; BBDO 3 only. */
  interface Tag extends Bbdo.EventHead<1, 34, 65570> {
    readonly action: Bbdo.ConfigurationAction;
    /** What `tags` of hosts and services refers to, together with `type`. */
    readonly id: number;
    readonly name: string;
    readonly poller_id: number;
    readonly type: Bbdo.TagType;
  }
}
