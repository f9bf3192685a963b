// The Lua API of Centreon Broker: what it calls in a connector, and what it offers to one. Events are in events/.
// Source: the project's notes on the broker (contracts/broker-host.md, read from its code and measured, 25.09).
// A method is called with `:`, a function with `this: void` with `.`. What older brokers lack is optional here,
// with the first version that has it: test for it before the call.

/* eslint-disable no-var -- a global that the connector assigns can only be declared with var. */

/** Parameters of the output: strings and passwords arrive as strings, numbers as integers. */
type BrokerParameters = Readonly<Record<string, string | number>>;

/** Called once, after `broker`, `broker_log` and `broker_cache` appeared. An error fails the output. */
declare var init: (this: void, parameters: BrokerParameters) => void;

/**
 * Called for each event that `filter` lets through. True acknowledges all events so far, false none; an error
 * counts as false, and the event is not given again.
 */
declare var write: (this: void, event: BrokerEvent) => boolean;

/**
 * Whether `write` wants events of this kind. Called with (1, 2) before `init`, when no `broker…` global exists:
 * an error or a non-boolean then switches filtering off for good.
 */
declare var filter: (this: void, category: number, element: number) => boolean;

/** Called when no event waits, about once a second; never under continuous load. Its result is as `write`'s. */
declare var flush: (this: void) => boolean;

/** 1: events are tables with every field copied. 2: read-only objects. Read once, after the script ran. */
declare var broker_api_version: 1 | 2;

/** Absent while the script loads and in the first call of `filter`. */
declare const broker: Broker | undefined;

/** Absent while the script loads and in the first call of `filter`: to be used from `init` on. */
declare const broker_log: BrokerLog;

/** Absent while the script loads and in the first call of `filter`. Any use within `init` kills the broker. */
declare const broker_cache: BrokerCache | undefined;

/**
 * The log of the output. A line is written if its level is at most the level set, whichever method wrote it. The
 * file is opened and closed for every line.
 */
interface BrokerLog {
  /**
   * Must be called before anything is logged: the level is undefined until then. Levels are 0 to 3, any other is
   * a Lua error. The path "" stands for the broker's own log; a nil path aborts the broker, even inside pcall.
   */
  set_parameters(level: number, path: string): void;
  /** A nil text kills the broker when no log file is set; so for the other methods. */
  info(level: number, text: string): void;
  warning(level: number, text: string): void;
  error(level: number, text: string): void;
}

/** A metric as `broker.parse_perfdata` gives it: 32-bit floats, NaN for what is missing. */
interface BrokerMetric {
  readonly value: number;
  /** Unit. */
  readonly uom: string;
  /** `metric` of the full name `instance~subinstance#metric`. */
  readonly metric_name: string;
  /** The last part of the metric's name: `bytes` of `disk.used.bytes`. */
  readonly metric_unit: string;
  readonly instance: string;
  readonly subinstance: readonly string[];
  /** The parts of the metric's name between dots. */
  readonly metric_fields: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly warning_low: number;
  readonly warning_high: number;
  /** The range is the good one reversed: a value inside it is a problem. */
  readonly warning_mode: boolean;
  readonly critical_low: number;
  readonly critical_high: number;
  /** As `warning_mode`. */
  readonly critical_mode: boolean;
}

/** What `broker.stat` tells of a file. */
interface BrokerFileStatus {
  readonly uid: number;
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  readonly atime: Bbdo.UnixTime;
  readonly mtime: Bbdo.UnixTime;
  readonly ctime: Bbdo.UnixTime;
}

/** Helper functions of the broker. */
interface Broker {
  /**
   * Not fit for what is sent or stored: control characters, bad UTF-8 and NaN pass through, keys are not escaped,
   * a text ends at its first NUL, an empty table becomes `[]`. Raises for tables such as `{[2]=1}`.
   */
  json_encode(this: void, value: unknown): string;
  /** Integers are cut to 32 bits, backslashes unescaped twice. Invalid text gives nil and a message. */
  json_decode(this: void, text: string): LuaMultiReturn<[unknown, undefined] | [undefined, string]>;
  /** Values by metric name; order and repeated names are lost. A nil text kills the broker. */
  parse_perfdata(this: void, text: string): LuaTable<string, number>;
  parse_perfdata(this: void, text: string, full: true): LuaTable<string, BrokerMetric>;
  /** Percent-encoding. A nil text kills the broker. */
  url_encode(this: void, text: string): string;
  /** In hexadecimal. A nil text kills the broker. */
  md5(this: void, text: string): string;
  /** Nil and a message when the file cannot be examined. */
  stat(this: void, path: string): LuaMultiReturn<[BrokerFileStatus, undefined] | [undefined, string]>;
  /** Such as "3.0.1". Since 22.04. */
  bbdo_version?(this: void): string;
  /** Since 25.x. */
  base64_encode?(this: void, text: string): string;
  /** Since 25.x. */
  base64_decode?(this: void, text: string): string;
}

/** A group as the cache lists it. */
interface BrokerGroup {
  readonly group_id: number;
  readonly group_name: string;
}

/** A business activity as the cache knows it. Under broker API 2 it has the other fields of its event, too. */
interface BrokerBusinessActivity {
  readonly ba_id: number | undefined;
  readonly ba_name: string;
  readonly ba_description: string;
}

/** A business view as the cache knows it. */
interface BrokerBusinessView {
  readonly bv_id: number | undefined;
  readonly bv_name: string;
  readonly bv_description: string;
}

/** The host and service that an index id stands for. */
interface BrokerIndexMapping {
  readonly index_id: number | undefined;
  readonly host_id: number | undefined;
  readonly service_id: number | undefined;
}

/** The index id that a metric belongs to. */
interface BrokerMetricMapping {
  readonly metric_id: number | undefined;
  readonly index_id: number | undefined;
}

/** A host's id, or a host's and a service's. Never an explicit nil: that is a Lua error. */
type BrokerResource = [host_id: number] | [host_id: number, service_id: number];

/**
 * What the broker learnt from the engines since they started: names can be missing. Nil means not known. It is
 * up to date with an event when `write` gets it. Any use within `init` kills the broker; a nil argument is a Lua
 * error.
 */
interface BrokerCache {
  get_hostname(host_id: number): string | undefined;
  get_service_description(host_id: number, service_id: number): string | undefined;
  /** Empty when none is known. */
  get_hostgroups(host_id: number): readonly BrokerGroup[];
  /** Empty when none is known. */
  get_servicegroups(host_id: number, service_id: number): readonly BrokerGroup[];
  get_hostgroup_name(hostgroup_id: number): string | undefined;
  /** Since 25.x. */
  get_hostgroup_alias?(hostgroup_id: number): string | undefined;
  get_servicegroup_name(servicegroup_id: number): string | undefined;
  /** Name of a poller. */
  get_instance_name(instance_id: number): string | undefined;
  /** Value of the CRITICALITY_LEVEL macro; 1 is the most severe. Since 20.10. */
  get_severity?(...resource: BrokerResource): number | undefined;
  /** Since 20.10. */
  get_notes?(...resource: BrokerResource): string | undefined;
  /** Since 20.10. */
  get_notes_url?(...resource: BrokerResource): string | undefined;
  /** Since 20.10. */
  get_action_url?(...resource: BrokerResource): string | undefined;
  /** Since 23.04. */
  get_check_command?(...resource: BrokerResource): string | undefined;
  /** A live object that changes with later events: never keep it. Since 21.04. */
  get_host?(host_id: number): Bbdo2.Host | Bbdo3.Host | undefined;
  /** A live object that changes with later events: never keep it. Since 21.04. */
  get_service?(host_id: number, service_id: number): Bbdo2.Service | Bbdo3.Service | undefined;
  get_ba(ba_id: number): BrokerBusinessActivity | undefined;
  get_bv(bv_id: number): BrokerBusinessView | undefined;
  /** Ids of the business views that a business activity is part of. */
  get_bvs(ba_id: number): readonly number[];
  get_index_mapping(index_id: number): BrokerIndexMapping | undefined;
  get_metric_mapping(metric_id: number): BrokerMetricMapping | undefined;
}
