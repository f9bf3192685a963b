// The status file: how the connector fares, for a person or a monitoring plugin to read. Written whole, under another
// name first, so that a reader never sees half of it. Owns its form and how often it is written.
import { type Alert, isOpen } from "../alerts/alert";
import { type Differing, differingOf } from "../alerts/learnt";
import { type FilePort, replaceFile } from "../text/files";
import type { Failure, LastAnswer } from "../delivery/health";
import type { FeedbackStatus } from "../feedback/feedback";
import { type JsonField, encode } from "../text/json";
import { utcTimestamp } from "../text/time";

/** The version of the form, which readers check. */
const FORMAT = 1;

/** Seconds between two writings, at least: whoever reads it needs it no fresher. */
const WRITE_INTERVAL = 10;

/** What the file tells; times are seconds of the connector's clock. */
export interface StatusPorts {
  readonly now: (this: void) => number;
  readonly unixTime: (this: void) => number;
  readonly eachAlert: (this: void, visit: (this: void, alert: Alert) => void) => void;
  /** What tells whether nothing is heard of the poller that checks an alert's resource. */
  readonly quietPollersNow: (this: void) => (this: void, alert: Alert) => boolean;
  /** How many alerts wait to be sent, how many are being sent, and since when the oldest waits. */
  readonly waiting: (this: void) => number;
  readonly underWay: (this: void) => number;
  readonly oldest: (this: void) => number | undefined;
  readonly accepted: (this: void) => number;
  /** Events refused for good. */
  readonly refused: (this: void) => number;
  readonly lastSuccess: (this: void) => number | undefined;
  readonly lastAnswer: (this: void) => LastAnswer | undefined;
  readonly failure: (this: void) => Failure | undefined;
  readonly isJournalUsable: (this: void) => boolean;
  /** How asking PagerDuty what people did fares; undefined: nothing is asked. */
  readonly feedback: ((this: void) => FeedbackStatus) | undefined;
  /** A text without secrets, on one line. */
  readonly presentable: (this: void, text: string) => string;
  readonly files: FilePort;
  readonly warning: (this: void, text: string) => void;
}

function unlessEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** What writes the file at `path` if its time has come; an empty path: never. `version` is the connector's. */
export function createStatusFile(path: string, version: string, ports: StatusPorts): (this: void) => void {
  const startedAt = ports.unixTime();
  let lastWritten: number | undefined;
  let isReported = false;

  const statusText = (): string => {
    const time = ports.now();
    const unixTime = ports.unixTime();
    let open = 0;
    let acknowledged = 0;
    let held = 0;
    let openOfQuietPollers = 0;
    const differing: Record<Differing, number> = {
      "closed there": 0,
      "acknowledged there only": 0,
      "acknowledged here only": 0,
    };
    let storms = 0;
    let gathered = 0;
    const isOfQuietPoller = ports.quietPollersNow();
    ports.eachAlert((alert) => {
      if (isOpen(alert)) {
        open = open + 1;
        if (isOfQuietPoller(alert)) openOfQuietPollers = openOfQuietPollers + 1;
      }
      const kind = differingOf(alert);
      if (kind !== undefined) differing[kind] = differing[kind] + 1;
      if (alert.delivered === "acknowledged") acknowledged = acknowledged + 1;
      if (alert.desired === "held") held = held + 1;
      if (alert.gathered !== undefined) gathered = gathered + 1;
      if (alert.resource.kind === "storm" && alert.desired !== "resolved") storms = storms + 1;
    });
    const ago = (then: number | undefined): number | undefined => {
      if (then === undefined) return undefined;
      return time - then;
    };
    // The connector's clock counts seconds; the system's says which they are.
    const dateOf = (then: number | undefined): string | undefined => {
      if (then === undefined) return undefined;
      return utcTimestamp(unixTime - (time - then));
    };
    const answer = ports.lastAnswer();
    const answerText = answer === undefined ? "" : ports.presentable(answer.text);
    const answeredAt = dateOf(answer?.at);
    const failure = ports.failure();
    const reason = failure === undefined ? "" : ports.presentable(failure.reason);
    const remedy = failure?.remedy;
    const failingSince = dateOf(failure?.since);
    const failingSeconds = ago(failure?.since) ?? 0;
    const oldestSeconds = ago(ports.oldest()) ?? 0;
    const fields: JsonField[] = [
      ["format", FORMAT],
      ["version", version],
      ["written_at", utcTimestamp(unixTime)],
      ["written_at_unix", unixTime],
      ["started_at", utcTimestamp(startedAt)],
      ["open", open],
      ["acknowledged", acknowledged],
      ["held", held],
      ["open_of_quiet_pollers", openOfQuietPollers],
      ["storms", storms],
      ["held_by_storms", gathered],
      ["waiting", ports.waiting()],
      ["in_flight", ports.underWay()],
      ["oldest_waiting_seconds", oldestSeconds],
      ["accepted_total", ports.accepted()],
      ["refused_total", ports.refused()],
      ["last_success_at", dateOf(ports.lastSuccess())],
      ["last_success_age_seconds", ago(ports.lastSuccess())],
      ["last_answer", unlessEmpty(answerText)],
      ["last_answer_at", answeredAt],
      ["failing_since", failingSince],
      ["failing_seconds", failingSeconds],
      ["reason", unlessEmpty(reason)],
      ["remedy", remedy],
      ["journal_usable", ports.isJournalUsable()],
    ];
    const feedback = ports.feedback === undefined ? undefined : ports.feedback();
    if (feedback !== undefined) {
      fields.push(["pagerduty_read_at", dateOf(feedback.lastRead)]);
      fields.push(["pagerduty_problem", feedback.problem && ports.presentable(feedback.problem)]);
      fields.push(["closed_in_pagerduty", differing["closed there"]]);
      fields.push(["acknowledged_in_pagerduty_only", differing["acknowledged there only"]]);
      fields.push(["acknowledged_in_centreon_only", differing["acknowledged here only"]]);
      fields.push(["elsewhere_in_pagerduty", feedback.elsewhere]);
      fields.push(["not_seen_in_pagerduty", feedback.notSeen]);
      fields.push(["orphans_in_pagerduty", feedback.orphans]);
      fields.push(["unknown_in_pagerduty", feedback.unknown]);
    }
    return encode({ fields });
  };

  return () => {
    if (path === "" || (lastWritten !== undefined && ports.now() - lastWritten < WRITE_INTERVAL)) return;
    lastWritten = ports.now();
    const problem = replaceFile(ports.files, path, `${path}.new`, `${statusText()}\n`);
    if (problem === undefined) {
      isReported = false;
    } else if (!isReported) {
      isReported = true;
      ports.warning(
        `the status file cannot be written: ${problem}; make status_path ${path} writable for the broker, or set it to nothing`,
      );
    }
  };
}
