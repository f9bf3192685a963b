// Reads from an event what was done beside the checks: acknowledgements, downtimes, comments, flapping that starts and
// stops, pollers that start, stop or get a configuration. Pure; owns the differences between the protocols. Whether it is news is told in news.ts.
import type { Change, ChangeKind } from "../alerts/change";
import { EVENT_TYPE } from "./events";
import { hostOrServiceResource } from "./observe";

type Acknowledgement = Bbdo2.Acknowledgement | Bbdo3.Acknowledgement;
type Downtime = Bbdo2.Downtime | Bbdo3.Downtime;
type Comment = Bbdo2.Comment | Bbdo3.Comment;
type Instance = Bbdo2.Instance | Bbdo3.Instance;
type InstanceConfiguration = Bbdo2.InstanceConfiguration | Bbdo3.InstanceConfiguration;

/** A time, or 0: unset times are nil in BBDO 2, -1 or 0 in BBDO 3. */
function timeOf(time: number | undefined): number {
  return time === undefined || time < 0 ? 0 : time;
}

/** The first of the times that is set; undefined when none is. */
function firstKnown(...times: readonly number[]): number | undefined {
  for (const time of times) if (time > 0) return time;
  return undefined;
}

/** The end of an acknowledgement is not told: its deletion_time is unreliable. */
function readAcknowledgement(event: Acknowledgement): Change | undefined {
  if (timeOf(event.deletion_time) > 0) return undefined;
  const entered = timeOf(event.entry_time);
  const { author } = event;
  return {
    kind: "acknowledged",
    resource: hostOrServiceResource(event),
    identity: string.format(
      "acknowledged %d %d %d %s",
      event.host_id ?? 0,
      event.service_id ?? 0,
      entered,
      author,
    ),
    at: firstKnown(entered),
    author,
    comment: event.comment_data,
    plannedStart: 0,
    plannedEnd: 0,
    engine: "",
  };
}

/** A downtime comes several times: when it is set, when it starts, when it ends or is cancelled, when it is deleted. */
function readDowntime(event: Downtime): Change | undefined {
  const actualStart = timeOf(event.actual_start_time);
  if (!event.started && actualStart === 0) return undefined;
  const end = firstKnown(timeOf(event.actual_end_time), timeOf(event.deletion_time));
  const plannedStart = timeOf(event.start_time);
  const entered = timeOf(event.entry_time);
  const hasEnded = event.cancelled || end !== undefined;
  const downtimeId = event._type === EVENT_TYPE.downtime3 ? event.id : event.internal_id;
  let kind: ChangeKind = "downtime started";
  let at = firstKnown(actualStart);
  if (hasEnded) {
    kind = event.cancelled ? "downtime cancelled" : "downtime ended";
    at = end;
  } else if (event.fixed) {
    // An engine that restarts starts a downtime anew, at a new time: its plan stays the same.
    at = firstKnown(math.max(plannedStart, entered), actualStart);
  }
  return {
    kind,
    resource: hostOrServiceResource(event),
    identity: string.format(
      "downtime %d %d %d %s",
      event.instance_id ?? 0,
      downtimeId,
      entered,
      hasEnded ? "end" : "start",
    ),
    at,
    author: event.author,
    comment: event.comment_data,
    plannedStart,
    plannedEnd: timeOf(event.end_time),
    engine: "",
  };
}

/** `entry_type` of a comment: written by a person; by the engine, for as long as a resource flaps. */
const BY_A_PERSON = 1;
const OF_FLAPPING = 3;

/**
 * Comments of acknowledgements and downtimes are told with those. The engine writes one when flapping starts, and deletes it
 * when that stops (recorded: spec/fixtures/events): nothing else says when it was.
 */
function readComment(event: Comment): Change | undefined {
  const { entry_type: entryType } = event;
  const deleted = timeOf(event.deletion_time);
  const isOfPerson = entryType === BY_A_PERSON && deleted === 0;
  if (!isOfPerson && entryType !== OF_FLAPPING) return undefined;
  const entered = timeOf(event.entry_time);
  const kind = isOfPerson ? "commented" : deleted > 0 ? "flapping stopped" : "flapping started";
  return {
    kind,
    resource: hostOrServiceResource(event),
    identity: string.format(
      "%s %d %d %d %d",
      kind,
      event.host_id ?? 0,
      event.service_id ?? 0,
      event.internal_id,
      entered,
    ),
    at: firstKnown(deleted, entered),
    author: isOfPerson ? event.author : "",
    comment: isOfPerson ? event.data : "",
    plannedStart: 0,
    plannedEnd: 0,
    engine: "",
  };
}

/** What happened to a poller: nobody signs it, and nothing was planned. */
function pollerChange(
  kind: ChangeKind,
  id: number,
  identity: string,
  at: number | undefined,
  engine: string,
): Change {
  return {
    kind,
    resource: { kind: "poller", id },
    identity,
    at,
    author: "",
    comment: "",
    plannedStart: 0,
    plannedEnd: 0,
    engine,
  };
}

function readInstance(event: Instance): Change | undefined {
  const { running } = event;
  const id = event.instance_id ?? 0;
  const started = timeOf(event.start_time);
  const ended = running ? 0 : timeOf(event.end_time);
  // A recording names its pollers by such events, and tells nothing else of them.
  if (running && started === 0) return undefined;
  return pollerChange(
    running ? "poller started" : "poller stopped",
    id,
    string.format("poller %d %s %d %d", id, running ? "start" : "stop", started, ended),
    firstKnown(running ? started : ended),
    `${event.engine} ${event.version}`,
  );
}

/** The event tells neither when nor what: each one that comes is a deployment. */
function readConfiguration(event: InstanceConfiguration): Change | undefined {
  return event.loaded
    ? pollerChange("configuration deployed", event.poller_id, "", undefined, "")
    : undefined;
}

type Reader<Event> = (this: void, event: Event) => Change | undefined;

const READERS = new LuaTable<number, Reader<BrokerEvent> | undefined>();

function on<Event extends BrokerEvent>(eventType: Event["_type"], reader: Reader<Event>): void {
  READERS.set(eventType, reader as Reader<BrokerEvent>);
}

on<Bbdo2.Acknowledgement>(EVENT_TYPE.acknowledgement2, readAcknowledgement);
on<Bbdo3.Acknowledgement>(EVENT_TYPE.acknowledgement3, readAcknowledgement);
on<Bbdo2.Downtime>(EVENT_TYPE.downtime2, readDowntime);
on<Bbdo3.Downtime>(EVENT_TYPE.downtime3, readDowntime);
on<Bbdo2.Comment>(EVENT_TYPE.comment2, readComment);
on<Bbdo3.Comment>(EVENT_TYPE.comment3, readComment);
on<Bbdo2.Instance>(EVENT_TYPE.instance2, readInstance);
on<Bbdo3.Instance>(EVENT_TYPE.instance3, readInstance);
on<Bbdo2.InstanceConfiguration>(EVENT_TYPE.instanceConfiguration2, readConfiguration);
on<Bbdo3.InstanceConfiguration>(EVENT_TYPE.instanceConfiguration3, readConfiguration);

/** What `event` says that was done; undefined for an event of another kind, and for one that says nothing of it. */
export function readChange(event: BrokerEvent): Change | undefined {
  const reader = READERS.get(event._type);
  return reader === undefined ? undefined : reader(event);
}
