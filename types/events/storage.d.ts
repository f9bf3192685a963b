// Metrics and their graphs: values, the ids they are stored under, rebuilding and removal.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt (alone for `Bbdo2.StorageRebuild`),
// event-fields-supplement.txt (the two BBDO 3 messages that the others only name).

declare namespace Bbdo2 {
  /** A value of one metric. */
  interface Metric extends Bbdo.EventHead<3, 1, 196609> {
    /** When it was measured. Nil when -1. */
    readonly ctime: Bbdo.UnixTime | undefined;
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Between two checks. */
    readonly interval: Bbdo.Seconds;
    /** An old value, sent again while a graph is rebuilt. */
    readonly is_for_rebuild: boolean;
    /** Nil when 0. */
    readonly metric_id: number | undefined;
    readonly name: string;
    /** How long values are kept in the graph. */
    readonly rrd_len: Bbdo.Seconds;
    /** 0 for a metric of a host. */
    readonly service_id: number;
    readonly value: number;
    readonly value_type: Bbdo.MetricValueType;
  }

  /** The state of a service, for its status graph. */
  interface Status extends Bbdo.EventHead<3, 4, 196612> {
    /** Nil when -1. */
    readonly ctime: Bbdo.UnixTime | undefined;
    /** Id of the host and service, see `IndexMapping`. Nil when 0. */
    readonly index_id: number | undefined;
    /** Between two checks. */
    readonly interval: Bbdo.Seconds;
    /** An old value, sent again while a graph is rebuilt. */
    readonly is_for_rebuild: boolean;
    /** How long values are kept in the graph. */
    readonly rrd_len: Bbdo.Seconds;
    /** A `Bbdo.ServiceState`. */
    readonly state: number;
  }

  /** Which host and service an index id stands for. */
  interface IndexMapping extends Bbdo.EventHead<3, 5, 196613> {
    /** Nil when 0. */
    readonly host_id: number | undefined;
    /** Nil when 0. */
    readonly index_id: number | undefined;
    /** Nil when 0. */
    readonly service_id: number | undefined;
  }

  /** Which index id (and so which service) a metric belongs to. */
  interface MetricMapping extends Bbdo.EventHead<3, 6, 196614> {
    /** Nil when 0. */
    readonly index_id: number | undefined;
    /** Nil when 0. */
    readonly metric_id: number | undefined;
  }

  /** A graph is about to be rebuilt, or has been. The mapping calls it `Storage::Rebuild`. */
  interface StorageRebuild extends Bbdo.EventHead<3, 2, 196610> {
    /** Tells start and end apart; the mapping contradicts itself on which is which. */
    readonly end: boolean;
    /** A metric id, or an index id if `is_index`. Nil when 0. */
    readonly id: number | undefined;
    /** The status graph, not a metric's. */
    readonly is_index: boolean;
  }

  /** A graph must be deleted. */
  interface RemoveGraph extends Bbdo.EventHead<3, 3, 196611> {
    /** A metric id or an index id. Nil when 0. */
    readonly id: number | undefined;
    /** The broker's name for what the mapping calls `is_index`: a status graph, not a metric's. */
    readonly is_end: boolean;
  }
}

declare namespace Bbdo3 {
  /** A value of one metric. */
  interface Metric extends Bbdo.EventHead<3, 9, 196617> {
    readonly host_id: number;
    /** Between two checks. */
    readonly interval: Bbdo.Seconds;
    readonly metric_id: number;
    readonly name: string;
    /** How long values are kept in the graph. */
    readonly rrd_len: Bbdo.Seconds;
    /** 0 for a metric of a host. */
    readonly service_id: number;
    /** When it was measured. */
    readonly time: Bbdo.UnixTime;
    readonly value: number;
    readonly value_type: Bbdo.MetricValueType;
  }

  /** The state of a service, for its status graph. */
  interface Status extends Bbdo.EventHead<3, 10, 196618> {
    readonly host_id: number;
    /** Id of the host and service, see `IndexMapping`. */
    readonly index_id: number;
    /** Between two checks. */
    readonly interval: Bbdo.Seconds;
    /** How long values are kept in the graph. */
    readonly rrd_len: Bbdo.Seconds;
    readonly service_id: number;
    /** A `Bbdo.ServiceState`. */
    readonly state: number;
    readonly time: Bbdo.UnixTime;
  }

  /** Which host and service an index id stands for. */
  interface IndexMapping extends Bbdo.EventHead<3, 11, 196619> {
    readonly host_id: number;
    readonly index_id: number;
    readonly service_id: number;
  }

  /** Which index id (and so which service) a metric belongs to. */
  interface MetricMapping extends Bbdo.EventHead<3, 12, 196620> {
    readonly index_id: number;
    readonly metric_id: number;
  }

  /** One point of a graph that is rebuilt. */
  interface RebuildPoint {
    readonly ctime: Bbdo.UnixTime;
    /** A `Bbdo.ServiceState`, for a status graph. */
    readonly status: number;
    /** For a metric's graph. */
    readonly value: number;
  }

  /** The points of one metric's graph. */
  interface RebuildSeries {
    /** Between two checks. */
    readonly check_interval: Bbdo.Seconds;
    /** A `Bbdo.MetricValueType`. */
    readonly data_source_type: number;
    readonly pts: readonly RebuildPoint[];
    /** How long values are kept in the graph. */
    readonly rrd_retention: Bbdo.Seconds;
  }

  /** An entry of a protobuf map: Lua gets a map as a list of such entries. */
  interface MapEntry<Value> {
    readonly key: number;
    readonly value: Value;
  }

  /** Graphs are rebuilt: a start, any number of data messages, an end. */
  interface RebuildMessage extends Bbdo.EventHead<3, 7, 196615> {
    /** Metrics to rebuild, from older brokers; empty in data messages. */
    readonly metric_id: readonly number[];
    /** Index ids by metric id; empty in data messages. */
    readonly metric_to_index_id: readonly MapEntry<number>[];
    /** 0 start, 1 data, 2 end. */
    readonly state: 0 | 1 | 2;
    /** Points by metric id; empty at start and end. */
    readonly timeserie: readonly MapEntry<RebuildSeries>[];
  }

  /** Graphs must be deleted. */
  interface RemoveGraphMessage extends Bbdo.EventHead<3, 8, 196616> {
    /** Status graphs. */
    readonly index_ids: readonly number[];
    /** Metrics' graphs. */
    readonly metric_ids: readonly number[];
  }
}
