// The unions of all events: discriminated by `_type`, or by `category` and `element`.
// Owns no event. Every event of the other files of this folder is in here; tools/eventtypes proves it.

declare namespace Bbdo2 {
  /** Category 1: monitoring. */
  type NebEvent =
    | Acknowledgement
    | Comment
    | CustomVariable
    | CustomVariableStatus
    | Downtime
    | EventHandler
    | Host
    | HostCheck
    | HostDependency
    | HostGroup
    | HostGroupMember
    | HostParent
    | HostStatus
    | Instance
    | InstanceConfiguration
    | InstanceStatus
    | LogEntry
    | Module
    | ResponsiveInstance
    | Service
    | ServiceCheck
    | ServiceDependency
    | ServiceGroup
    | ServiceGroupMember
    | ServiceStatus;

  /** Category 2: the protocol itself. */
  type ProtocolEvent = Ack | Stop | VersionResponse;

  /** Category 3: metrics. */
  type StorageEvent = IndexMapping | Metric | MetricMapping | RemoveGraph | Status | StorageRebuild;

  /** Category 6: business activities. */
  type BamEvent =
    | BaDurationEvent
    | BaEvent
    | BaStatus
    | DimensionBaBvRelationEvent
    | DimensionBaEvent
    | DimensionBaTimeperiodRelation
    | DimensionBvEvent
    | DimensionKpiEvent
    | DimensionTimeperiod
    | DimensionTruncateTableSignal
    | InheritedDowntime
    | KpiEvent
    | KpiStatus
    | MetaServiceStatus
    | Rebuild;

  type Event = NebEvent | ProtocolEvent | StorageEvent | BamEvent;
}

declare namespace Bbdo3 {
  /** Category 1: monitoring. */
  type NebEvent =
    | Acknowledgement
    | AdaptiveHost
    | AdaptiveHostStatus
    | AdaptiveService
    | AdaptiveServiceStatus
    | AgentStats
    | Comment
    | CustomVariables
    | CustomVariablesStatus
    | Downtime
    | Host
    | HostCheck
    | HostGroup
    | HostGroupMember
    | HostParent
    | HostStatus
    | Instance
    | InstanceConfiguration
    | InstanceStatus
    | LogEntry
    | ResponsiveInstance
    | Service
    | ServiceCheck
    | ServiceGroup
    | ServiceGroupMember
    | ServiceStatus
    | Severity
    | Tag;

  /** Category 2: the protocol itself. */
  type ProtocolEvent = Ack | EngineConfiguration | Stop | Welcome;

  /** Category 3: metrics. */
  type StorageEvent = IndexMapping | Metric | MetricMapping | RebuildMessage | RemoveGraphMessage | Status;

  /** Category 6: business activities. */
  type BamEvent =
    | BaDurationEvent
    | BaEvent
    | BaState
    | BaStatus
    | DimensionBaBvRelationEvent
    | DimensionBaEvent
    | DimensionBaTimeperiodRelation
    | DimensionBvEvent
    | DimensionKpiEvent
    | DimensionTimePeriod
    | DimensionTruncateTableSignal
    | InheritedDowntime
    | KpiEvent
    | KpiStatus;

  type Event = NebEvent | ProtocolEvent | StorageEvent | BamEvent;
}

/**
 * What `write` is given. Test `_type` (one read) or `category` and `element` to narrow it. Under broker API 2
 * it is a read-only object whose fields are looked up one by one: read each once.
 */
type BrokerEvent = Bbdo2.Event | Bbdo3.Event;
