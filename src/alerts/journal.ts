// The journal: what the book knows, in an append-only file of JSON lines that survives a crash. Owns the file's
// format and its life (append, compact, load, keep a bad one aside); decides nothing about alerts.
//
// A line is written for each change of an alert (an action going out included), of a host that is remembered, and
// of a parent. The last line of each wins. No secret is in it: a routing key is named by its label.
import { type Decoded, type JsonField, type JsonObject, type JsonValue, decode, encode } from "../text/json";
import {
  type Alert,
  type Content,
  type Facts,
  type NamedValue,
  type Resource,
  createAlert,
  dedupKeyOf,
  isOpen,
  recordUnknownOutcome,
} from "./alert";
import type { HostFacts } from "./book";

/** Reads and changes files; Lua's own io and os, or a test's. */
export interface FilePort {
  readonly open: (
    this: void,
    path: string,
    mode: string,
  ) => LuaMultiReturn<[LuaFile] | [undefined, string, number]>;
  readonly rename: (this: void, from: string, to: string) => LuaMultiReturn<[true] | [undefined, string]>;
  /** Takes a file's rights from everybody but its owner, where the system can. */
  readonly makePrivate: (this: void, path: string) => void;
}

/** What a journal's file held. */
export interface Loaded {
  readonly alerts: Alert[];
  readonly hosts: { readonly hostId: number; readonly facts: HostFacts }[];
  readonly parents: { readonly childId: number; readonly parentId: number }[];
  /** False when there was no journal before: what happened until now is not known. */
  readonly hadJournal: boolean;
}

/** What is written when the file is made anew. */
export interface Snapshot {
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  readonly eachHost: (this: void, visit: (this: void, hostId: number, facts: HostFacts) => void) => void;
  readonly eachParent: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
}

export interface JournalPorts {
  readonly files: FilePort;
  readonly error: (this: void, text: string) => void;
  readonly warning: (this: void, text: string) => void;
  /** Unix time. */
  readonly unixTime: (this: void) => number;
}

export interface Journal {
  /** True while everything told so far is in the file. */
  readonly isUsable: (this: void) => boolean;
  readonly writeAlert: (this: void, alert: Alert) => void;
  readonly writeForgotten: (this: void, alert: Alert) => void;
  readonly writeHost: (this: void, hostId: number, facts: HostFacts | undefined) => void;
  readonly writeParent: (this: void, childId: number, parentId: number, isParent: boolean) => void;
  /** True when the file has grown enough, or must be mended: `compact` is worth its time. */
  readonly needsCompaction: (this: void) => boolean;
  /** Makes the file anew from `snapshot`. Takes time in proportion: never call it within write(). */
  readonly compact: (this: void, snapshot: Snapshot) => void;
}

/** The first line of every journal. A file without it, or with another version, is not ours to read. */
const FORMAT = "centreon-pagerduty journal";
const VERSION = 1;

/** Lines that may pile up beside what is alive before the file is made anew. */
const SUPERFLUOUS_LINES = 5000;

function headerLine(): string {
  return encode({
    fields: [
      ["journal", FORMAT],
      ["version", VERSION],
    ],
  });
}

function contentValue(content: Content | undefined): JsonObject | undefined {
  if (content === undefined) return undefined;
  const customVariables: JsonField[] = [];
  for (const { name, value } of content.customVariables) customVariables.push([name, value]);
  return {
    fields: [
      ["class", content.className],
      ["host_name", content.hostName],
      ["service_description", content.serviceDescription],
      ["state_name", content.stateName],
      ["output", content.output],
      ["long_output", content.longOutput],
      ["perfdata", content.perfdata],
      ["host_groups", { items: content.hostGroups as JsonValue[] }],
      ["service_groups", { items: content.serviceGroups as JsonValue[] }],
      ["business_views", { items: content.businessViews as JsonValue[] }],
      ["criticality", content.criticality],
      ["poller", content.poller],
      ["notes_url", content.notesUrl],
      ["action_url", content.actionUrl],
      ["attempt", content.attempt],
      ["maximum_attempts", content.maximumAttempts],
      ["host_alias", content.hostAlias],
      ["host_address", content.hostAddress],
      ["time_zone", content.timeZone],
      ["notes", content.notes],
      ["criticality_name", content.criticalityName],
      ["categories", { items: content.categories as JsonValue[] }],
      ["custom_variables", { fields: customVariables }],
      ["downtime_comment", content.downtimeComment],
      ["last_ok", content.lastOk],
      ["since", content.since],
    ],
  };
}

function factsValue(facts: Facts): JsonObject {
  const { staleness } = facts;
  return {
    fields: [
      ["state", facts.state],
      ["acknowledged", facts.isAcknowledged],
      ["downtime_depth", facts.downtimeDepth],
      ["flapping", facts.isFlapping],
      ["last_check", facts.lastCheck],
      ["stale_last_check", staleness?.lastCheckAtReturn],
      ["stale_host_checked_at", staleness?.hostCheckedAt],
      ["stale_since", staleness?.since],
    ],
  };
}

/** The line of an alert; its content, the bulk of it, only where `content` is given. */
function alertLine(alert: Alert, content: Content | undefined): string {
  const { resource, acknowledgement } = alert;
  return encode({
    fields: [
      ["alert", resource.kind],
      ["host_id", "hostId" in resource ? resource.hostId : undefined],
      ["service_id", "hostId" in resource ? resource.serviceId : undefined],
      ["id", "id" in resource ? resource.id : undefined],
      ["route", alert.route],
      ["desired", alert.desired],
      ["severity", alert.severity],
      ["delivered", alert.delivered],
      ["delivered_severity", alert.deliveredSeverity],
      ["certain", alert.isCertain],
      ["in_flight", alert.inFlight],
      ["triggered_at", alert.triggeredAt],
      ["wants_retrigger", alert.wantsRetrigger],
      ["volatile", alert.isVolatile],
      ["rejection", alert.rejection],
      ["refused_severity", alert.refusedSeverity],
      ["ladder_step", alert.ladderStep],
      ["acknowledged_by", acknowledgement?.author],
      ["acknowledgement_comment", acknowledgement?.comment],
      ["facts", factsValue(alert.facts)],
      ["content", contentValue(content)],
    ],
  });
}

function hostLine(hostId: number, facts: HostFacts | undefined): string {
  return encode({
    fields: [
      ["host_id", hostId],
      ["state", facts?.state],
      ["downtime_depth", facts?.downtimeDepth],
      ["checked_at_return", facts?.checkedAtReturn],
      ["returned_at", facts?.returnedAt],
    ],
  });
}

function parentLine(childId: number, parentId: number, isParent: boolean): string {
  return encode({
    fields: [
      ["child_id", childId],
      ["parent_id", parentId],
      ["is_parent", isParent],
    ],
  });
}

type Fields = Readonly<Record<string, Decoded>>;

// What a line must have. A value that is missing or of another kind raises: the line is damaged.

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" ? value : error(`${name} is not a number`);
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : error(`${name} is not a text`);
}

function textsOf(fields: Fields, name: string): string[] {
  const texts: string[] = [];
  for (const value of fields[name] as readonly Decoded[]) {
    texts.push(typeof value === "string" ? value : error(`${name} are not texts`));
  }
  return texts;
}

/** In the order of their names: an object has none of its own. */
function namedValuesOf(fields: Fields, name: string): NamedValue[] {
  const values = fields[name] as Fields;
  const names: string[] = [];
  for (const [key] of pairs(values)) names.push(key);
  table.sort(names);
  const listed: NamedValue[] = [];
  for (const key of names) listed.push({ name: key, value: textOf(values, key) });
  return listed;
}

function wordOf<Word extends string>(fields: Fields, name: string, words: Record<Word, true>): Word {
  const value = textOf(fields, name);
  return value in words ? (value as Word) : error(`${name} is unknown`);
}

/** A time read at `now`: a clock that was set back since must not make the past lie in the future. */
function pastOf(fields: Fields, name: string, now: number): number {
  return math.min(numberOf(fields, name), now);
}

const KINDS: Record<Resource["kind"], true> = {
  host: true,
  service: true,
  "business activity": true,
  poller: true,
};
const DESIRED: Record<Alert["desired"], true> = {
  resolved: true,
  triggered: true,
  acknowledged: true,
  held: true,
};
const DELIVERED: Record<Alert["delivered"], true> = { none: true, triggered: true, acknowledged: true };
const SEVERITIES: Record<Alert["severity"], true> = {
  info: true,
  warning: true,
  error: true,
  critical: true,
};
const ACTIONS: Record<NonNullable<Alert["inFlight"]>, true> = {
  trigger: true,
  acknowledge: true,
  resolve: true,
};

function readContent(fields: Fields): Content {
  return {
    className: textOf(fields, "class"),
    hostName: textOf(fields, "host_name"),
    serviceDescription: textOf(fields, "service_description"),
    stateName: textOf(fields, "state_name"),
    output: textOf(fields, "output"),
    longOutput: textOf(fields, "long_output"),
    perfdata: textOf(fields, "perfdata"),
    hostGroups: textsOf(fields, "host_groups"),
    serviceGroups: textsOf(fields, "service_groups"),
    businessViews: textsOf(fields, "business_views"),
    criticality: numberOf(fields, "criticality"),
    poller: textOf(fields, "poller"),
    notesUrl: textOf(fields, "notes_url"),
    actionUrl: textOf(fields, "action_url"),
    attempt: numberOf(fields, "attempt"),
    maximumAttempts: numberOf(fields, "maximum_attempts"),
    hostAlias: textOf(fields, "host_alias"),
    hostAddress: textOf(fields, "host_address"),
    timeZone: textOf(fields, "time_zone"),
    notes: textOf(fields, "notes"),
    criticalityName: textOf(fields, "criticality_name"),
    categories: textsOf(fields, "categories"),
    customVariables: namedValuesOf(fields, "custom_variables"),
    downtimeComment: textOf(fields, "downtime_comment"),
    lastOk: numberOf(fields, "last_ok"),
    since: numberOf(fields, "since"),
  };
}

function readFacts(fields: Fields, now: number): Facts {
  return {
    state: numberOf(fields, "state"),
    isAcknowledged: fields["acknowledged"] === true,
    downtimeDepth: numberOf(fields, "downtime_depth"),
    isFlapping: fields["flapping"] === true,
    lastCheck: numberOf(fields, "last_check"),
    staleness:
      fields["stale_since"] === undefined
        ? undefined
        : {
            lastCheckAtReturn: numberOf(fields, "stale_last_check"),
            hostCheckedAt: numberOf(fields, "stale_host_checked_at"),
            since: pastOf(fields, "stale_since", now),
          },
  };
}

function readResource(fields: Fields): Resource {
  const kind = wordOf(fields, "alert", KINDS);
  if (kind === "host" || kind === "service") {
    return { kind, hostId: numberOf(fields, "host_id"), serviceId: numberOf(fields, "service_id") };
  }
  return { kind, id: numberOf(fields, "id") };
}

/** The alert a line tells of. An action that was under way has an unknown outcome now. */
function readAlert(fields: Fields, contentBefore: Content | undefined, now: number): Alert {
  const severity = wordOf(fields, "severity", SEVERITIES);
  const alert = createAlert(readResource(fields), readFacts(fields["facts"] as Fields, now), severity);
  alert.route = textOf(fields, "route");
  alert.rejection = fields["rejection"] === undefined ? undefined : textOf(fields, "rejection");
  const content = fields["content"] as Fields | undefined;
  alert.content = content === undefined ? contentBefore : readContent(content);
  alert.acknowledgement =
    fields["acknowledged_by"] === undefined
      ? undefined
      : { author: textOf(fields, "acknowledged_by"), comment: textOf(fields, "acknowledgement_comment") };
  alert.desired = wordOf(fields, "desired", DESIRED);
  alert.delivered = wordOf(fields, "delivered", DELIVERED);
  alert.deliveredSeverity = wordOf(fields, "delivered_severity", SEVERITIES);
  alert.isCertain = fields["certain"] === true;
  alert.triggeredAt = pastOf(fields, "triggered_at", now);
  alert.wantsRetrigger = fields["wants_retrigger"] === true;
  alert.isVolatile = fields["volatile"] === true;
  alert.refusedSeverity =
    fields["refused_severity"] === undefined ? undefined : wordOf(fields, "refused_severity", SEVERITIES);
  alert.ladderStep = numberOf(fields, "ladder_step");
  if (fields["in_flight"] !== undefined) {
    recordUnknownOutcome(alert, wordOf(fields, "in_flight", ACTIONS), severity);
  }
  return alert;
}

function readHost(fields: Fields, now: number): HostFacts {
  const isBack = fields["returned_at"] !== undefined;
  return {
    state: numberOf(fields, "state"),
    downtimeDepth: numberOf(fields, "downtime_depth"),
    checkedAtReturn: isBack ? numberOf(fields, "checked_at_return") : undefined,
    returnedAt: isBack ? pastOf(fields, "returned_at", now) : undefined,
  };
}

/** Everything the lines of a file add up to. */
interface Reading {
  /** Unix time. */
  readonly now: number;
  readonly alerts: LuaTable<string, Alert | undefined>;
  readonly hosts: LuaTable<number, HostFacts | undefined>;
  readonly parents: LuaTable<string, { readonly childId: number; readonly parentId: number } | undefined>;
}

function takeLine(reading: Reading, fields: Fields): void {
  if (fields["alert"] !== undefined) {
    const before = reading.alerts.get(dedupKeyOf(readResource(fields)));
    const alert = readAlert(fields, before?.content, reading.now);
    reading.alerts.set(alert.dedupKey, alert);
  } else if (fields["forgotten"] !== undefined) {
    reading.alerts.set(textOf(fields, "forgotten"), undefined);
  } else if (fields["child_id"] !== undefined) {
    const childId = numberOf(fields, "child_id");
    const parentId = numberOf(fields, "parent_id");
    const name = string.format("%d %d", childId, parentId);
    reading.parents.set(name, fields["is_parent"] === true ? { childId, parentId } : undefined);
  } else {
    const hostId = numberOf(fields, "host_id");
    reading.hosts.set(hostId, fields["state"] === undefined ? undefined : readHost(fields, reading.now));
  }
}

/** Takes a line in. Gives false when it is not one of ours. */
function readLine(reading: Reading, line: string): boolean {
  const result = decode(line);
  if (!result.ok || typeof result.value !== "object") return false;
  // A line that is JSON but not what we write: whatever it lacks raises.
  const [isTaken] = pcall(takeLine, reading, result.value as Fields);
  return isTaken;
}

function isHeader(line: string): boolean {
  const result = decode(line);
  if (!result.ok || typeof result.value !== "object") return false;
  const fields = result.value as Fields;
  return fields["journal"] === FORMAT && fields["version"] === VERSION;
}

const NOTHING: Loaded = { alerts: [], hosts: [], parents: [], hadJournal: false };

/** Reads what the file at `path` holds. A file that cannot be trusted is kept aside, and what can be read of it used. */
export function loadJournal(path: string, ports: JournalPorts): Loaded {
  const [file] = ports.files.open(path, "rb");
  if (file === undefined) return NOTHING;
  const text = file.read("*a") ?? "";
  file.close();
  if (text === "") return NOTHING;

  const reading: Reading = {
    now: ports.unixTime(),
    alerts: new LuaTable(),
    hosts: new LuaTable(),
    parents: new LuaTable(),
  };
  let position = 1;
  let badLines = 0;
  let isFirst = true;
  let hasHeader = false;
  // What follows the last line's end is a line torn by a crash: it was never acted upon.
  while (true) {
    const [lineEnd] = string.find(text, "\n", position, true);
    if (lineEnd === undefined) break;
    const line = string.sub(text, position, lineEnd - 1);
    position = lineEnd + 1;
    if (isFirst) hasHeader = isHeader(line);
    else if (hasHeader && !readLine(reading, line)) badLines = badLines + 1;
    isFirst = false;
  }

  const isDamaged = !hasHeader || badLines > 0;
  if (isDamaged) {
    const aside = string.format("%s.bad-%d", path, ports.unixTime());
    const [isMoved, problem] = ports.files.rename(path, aside);
    const what = hasHeader ? `has ${badLines} unreadable lines` : "is not a journal of this version";
    const where =
      isMoved === true ? `kept as ${aside}` : `it could not be kept aside: ${problem ?? "unknown reason"}`;
    ports.error(`the journal ${path} ${what}; ${where}; starting anew with what could be read`);
  }
  const alerts: Alert[] = [];
  for (const [, alert] of reading.alerts) {
    if (alert !== undefined) {
      // The missing lines may have said that PagerDuty took an action: settle that by sending the desired state.
      if (isDamaged) {
        if (!isOpen(alert)) alert.delivered = "triggered";
        alert.isCertain = false;
      }
      alerts.push(alert);
    }
  }
  const hosts: { hostId: number; facts: HostFacts }[] = [];
  for (const [hostId, facts] of reading.hosts) if (facts !== undefined) hosts.push({ hostId, facts });
  const parents: { childId: number; parentId: number }[] = [];
  for (const [, relation] of reading.parents) if (relation !== undefined) parents.push(relation);
  return { alerts, hosts, parents, hadJournal: hasHeader };
}

/**
 * The journal at `path`. Compact it once before the first write: that makes the file, and shows whether it can be
 * written at all.
 */
export function createJournal(path: string, ports: JournalPorts): Journal {
  let file: LuaFile | undefined;
  let isReported = false;
  let lines = 0;
  let linesAfterCompaction = 0;
  // The content that the file already holds, by alert: it is the bulk of a line, and seldom new.
  let written = new LuaTable<Alert, Content | undefined>();

  const giveUp = (problem: string | undefined): void => {
    file?.close();
    file = undefined;
    if (isReported) return;
    isReported = true;
    ports.error(
      `the journal ${path} cannot be written: ${problem ?? "unknown reason"}. Alerts are still sent, but a crash may lose what PagerDuty was told; make the file writable for the broker, or set state_path`,
    );
  };

  const append = (line: string): void => {
    if (file === undefined) return;
    const [isWritten, problem] = file.write(line, "\n");
    // flush gives nil when the system refuses (a full disk shows only here), though it is typed as a boolean.
    const isFlushed = file.flush() as boolean | undefined;
    if (isWritten === undefined) giveUp(problem as string);
    else if (isFlushed !== true) giveUp("the system refused to write (is the disk full?)");
    lines = lines + 1;
  };

  const lineWithNewContent = (alert: Alert): string => {
    const isNew = written.get(alert) !== alert.content;
    written.set(alert, alert.content);
    return alertLine(alert, isNew ? alert.content : undefined);
  };

  return {
    isUsable: () => file !== undefined,
    writeAlert: (alert) => {
      append(lineWithNewContent(alert));
    },
    writeForgotten: (alert) => {
      written.set(alert, undefined);
      append(encode({ fields: [["forgotten", alert.dedupKey] as JsonField] }));
    },
    writeHost: (hostId, facts) => {
      append(hostLine(hostId, facts));
    },
    writeParent: (childId, parentId, isParent) => {
      append(parentLine(childId, parentId, isParent));
    },
    needsCompaction: () => file === undefined || lines > 2 * linesAfterCompaction + SUPERFLUOUS_LINES,
    compact: (snapshot) => {
      file?.close();
      file = undefined;
      const fresh = `${path}.new`;
      const [freshFile, problem] = ports.files.open(fresh, "wb");
      if (freshFile === undefined) {
        giveUp(problem);
        return;
      }
      ports.files.makePrivate(fresh);
      file = freshFile;
      lines = 0;
      written = new LuaTable();
      append(headerLine());
      snapshot.eachHost((hostId, facts) => {
        append(hostLine(hostId, facts));
      });
      snapshot.eachParent((childId, parentId) => {
        append(parentLine(childId, parentId, true));
      });
      snapshot.eachAlert((alert) => {
        append(lineWithNewContent(alert));
      });
      linesAfterCompaction = lines;
      if (!isOpenFile(file)) return;
      const [isMoved, moveProblem] = ports.files.rename(fresh, path);
      if (isMoved !== true) {
        giveUp(moveProblem);
        return;
      }
      if (isReported) ports.warning(`the journal ${path} can be written again`);
      isReported = false;
    },
  };
}

/** Whether writing has not failed meanwhile; a function, since TypeScript takes the variable for unchanged. */
function isOpenFile(file: LuaFile | undefined): boolean {
  return file !== undefined;
}
