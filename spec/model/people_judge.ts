// What the connector may and must do about what people, and timeouts, did at PagerDuty: whether a problem that they closed
// may be opened anew, whose acknowledgement is told to whom, and what the three agree on when all is calm. Where nobody can
// say whether the connector has read of it yet, either is right, and no more than that.
import type { Asked } from "./centreon_api";
import { OK, type Resource, type Told } from "./engine";
import type { Call, Model } from "./model";
import type { Request } from "./network";
import { type Incident, type Severity, isWorse } from "./pagerduty";
import { type Deed, type Doer, type People, type RestIncident, namesIncident } from "./people";
import type { Clock } from "./world";

/** pdy_reopen. */
export type Reopen = "always" | "timeout" | "never";

export interface PeopleRules {
  readonly reopen: Reopen;
  /** Seconds from one round of questions to the next. */
  readonly interval: number;
  readonly hardOnly: boolean;
  /** What was open before is known. */
  readonly hasJournal: boolean;
  /** The end of a problem ends its incident; else that is left to people, and is nothing to the connector any more. */
  readonly resolvesRecoveries: boolean;
  readonly downtimesAcknowledge: boolean;
  readonly repageOnEscalation: boolean;
  readonly repageOnUnacknowledge: boolean;
  /** Centreon is told who acknowledges. */
  readonly tellsCentreon: boolean;
}

export interface PeopleJudgePorts {
  readonly clock: Clock;
  readonly people: People;
  readonly model: Model;
  readonly resources: readonly Resource[];
  readonly rules: PeopleRules;
  readonly fail: (this: void, what: string) => void;
}

export interface PeopleJudge {
  /** What the connector takes PagerDuty to have of the key, as far as that can be told. */
  readonly thoughtOf: (this: void, key: string) => Incident["state"];
  /** What is wrong with a request; `excess`: by the rules of what may be said again. */
  readonly excess: (
    this: void,
    request: Request,
    call: Call,
    excess: string | undefined,
  ) => string | undefined;
  readonly requestStarts: (this: void, request: Request) => void;
  readonly requestEnded: (this: void, request: Request, isAccepted: boolean) => void;
  readonly told: (this: void, told: Told) => void;
  readonly processStarts: (this: void) => void;
  readonly processGone: (this: void) => void;
  /** The connector may know nothing of it. */
  readonly forget: (this: void, key: string) => void;
  /** It was closed by somebody else, and nothing says that it must be opened anew. */
  readonly mayStayClosed: (this: void, key: string, severity: Severity) => boolean;
  /** Somebody ended its acknowledgement, and Centreon's is not a new one. */
  readonly mayStayUnacknowledged: (this: void, key: string) => boolean;
  /** Centreon's acknowledgement came from PagerDuty, where it has ended: it counts for nothing. */
  readonly hasAcknowledgementEnded: (this: void, key: string) => boolean;
  /** A person has acknowledged it in PagerDuty when it was as grave as that. */
  readonly mayCount: (this: void, key: string, severity: Severity) => boolean;
  /** In calm: what Centreon and PagerDuty do not agree on. */
  readonly difference: (this: void, resource: Resource, call: Call) => string | undefined;
  /** How often it may have paged anew for what others did. */
  readonly pages: (this: void, key: string) => number;
  /** Somebody else closed or acknowledged it, at some time. */
  readonly wasTouched: (this: void, key: string) => boolean;
  readonly pollersClockIsWrong: (this: void) => void;
  /** The process died of the answer to what it had sent of the key: it may not know of it. */
  readonly mayNotKnow: (this: void, key: string) => void;
  readonly did: (this: void, key: string, deed: Deed, by: Doer) => void;
  readonly roundIsOver: (this: void, beganAt: number, toldOf: number) => void;
  readonly asked: (this: void, asked: Asked) => void;
  readonly answered: (this: void, asked: Asked, status: number) => void;
}

/** The author of what the connector acknowledges in Centreon. */
export const TOKEN_USER = "pagerduty";

/** Somebody else than we ended the incident. Times are in milliseconds. */
interface Closing {
  readonly by: Doer;
  readonly severity: Severity;
  /** As the connector surely told it: of an outcome that it does not know it may have been more. */
  readonly toldSeverity: Severity;
  /** It was seen open before, surely. */
  readonly wasSeen: boolean;
  /** Of the checks before it, the last. */
  readonly lastCheck: number;
  /** The problem has ended since. */
  hasEnded: boolean;
  /** The same, and the connector surely knew of the closing: the next problem is a new one. */
  isOver: boolean;
  /** A check of since then still finds it. */
  isChecked: boolean;
  /** The same, of since the connector surely knew of the closing. */
  isRefuted: boolean;
  /** An engine was stopped meanwhile: what is known of its resources is not of now. */
  needsCheck: boolean;
  /** How the incident before this one was closed, where nobody may have read of this one. */
  readonly before: Closing | undefined;
}

/** A person's acknowledgement at PagerDuty. */
interface Given {
  readonly incident: RestIncident;
  readonly by: Doer[];
  /** As PagerDuty had it then. */
  readonly severity: Severity;
  /** It has ended at PagerDuty. */
  isOver: boolean;
  /** The problem has ended since. */
  hasRecovered: boolean;
  /** The same, and the connector surely knew of the acknowledgement: nothing of it is to be told any more. */
  isDropped: boolean;
  /** Centreon was told, and took it. */
  isCarried: boolean;
  /** Centreon must be told. */
  mustBeCarried: boolean;
  /** Centreon refused it, or a person acknowledged there, too. */
  isExcused: boolean;
  /** The connector may know nothing of it. */
  isForgotten: boolean;
}

/** Of one key. */
interface Standing {
  openedAt: number;
  /** The connector has surely read of the incident that is open. */
  isSeen: boolean;
  /** When somebody else last did something to it; the connector surely knows of that. */
  changedAt: number | undefined;
  isKnown: boolean;
  thought: Incident["state"];
  /** The severity of the triggers that were accepted. */
  toldSeverity: Severity;
  isUnderWay: boolean;
  /** The outcome of an action is not known, or the journal was lost. */
  isUncertain: boolean;
  /** The problem of its incident is over, people end that, and nothing of another one was sent. */
  isLeft: boolean;
  /** At some time the connector did not know what was open before. */
  isForgotten: boolean;
  lastActionAt: number;
  /** A trigger was accepted, and no incident came of it. */
  isWithheld: boolean;
  /** How often it may have paged anew for what others did. */
  pages: number;
  closings: number;
  closing: Closing | undefined;
  /** How the incident before was closed, where that was not known when this one opened. */
  unread: Closing | undefined;
  given: Given | undefined;
  isUnacknowledged: boolean;
  lastCheck: number;
  /** Since when there is a problem. */
  problemSince: number | undefined;
  /** The acknowledgement that stands in Centreon; `isCarried`: it came from PagerDuty; `isOurs`: and is of this problem. */
  note: { readonly isCarried: boolean; readonly isOurs: boolean } | undefined;
  /** When Centreon was last asked to acknowledge; 0: a person did so since. */
  carriedAt: number;
}

const SECOND = 1000;

export function createPeopleJudge(ports: PeopleJudgePorts): PeopleJudge {
  const { clock, people, model, rules, fail } = ports;
  const all: Record<string, Standing | undefined> = {};
  let startedAt = 0;
  let isClockWrong = false;
  const isStopped: Record<number, boolean> = {};

  const of = (key: string): Standing => {
    const known = all[key] ?? {
      openedAt: 0,
      isSeen: false,
      changedAt: undefined,
      isKnown: true,
      thought: "none",
      toldSeverity: "info",
      isUnderWay: false,
      isUncertain: false,
      isLeft: false,
      isForgotten: false,
      lastActionAt: 0,
      isWithheld: false,
      pages: 0,
      closings: 0,
      closing: undefined,
      unread: undefined,
      given: undefined,
      isUnacknowledged: false,
      lastCheck: 0,
      problemSince: undefined,
      note: undefined,
      carriedAt: 0,
    };
    all[key] = known;
    return known;
  };

  const isAnyStopped = (): boolean => Object.values(isStopped).some((it) => it);

  const opened = (it: Standing): void => {
    // Said of what was thought to be open still, it opened another one: perhaps only the end of the first is ever read.
    it.unread = it.isKnown ? undefined : it.closing;
    it.openedAt = clock.now;
    it.isSeen = false;
    it.changedAt = undefined;
    it.isKnown = true;
    it.isWithheld = false;
    it.closing = undefined;
    it.isUnacknowledged = false;
    if (it.given !== undefined) it.given.isOver = true;
  };

  const withheld = (it: Standing): void => {
    it.isWithheld = true;
    it.isKnown = true;
    it.closing = undefined;
  };

  const closed = (it: Standing, key: string, by: Doer): void => {
    if (it.isLeft) return;
    it.closings += 1;
    it.pages += 1;
    it.closing = {
      by,
      severity: people.incident(key).severity,
      toldSeverity: it.toldSeverity,
      wasSeen: it.isSeen,
      lastCheck: it.lastCheck,
      hasEnded: it.problemSince === undefined,
      isOver: false,
      isChecked: false,
      isRefuted: false,
      needsCheck: isAnyStopped(),
      before: it.isSeen ? undefined : it.unread,
    };
    if (it.given !== undefined) it.given.isOver = true;
  };

  const acknowledged = (it: Standing, key: string, by: Doer): void => {
    const incident = people.incidentOf(key);
    if (incident === undefined) return;
    const isFirst = incident.acknowledgements.length === 1;
    // What got worse under an acknowledgement of Centreon's pages when that is taken back: nobody has acknowledged it so.
    if (rules.repageOnEscalation && isWorse("critical", people.incident(key).severity)) it.pages += 1;
    // Ended and given anew within one round, nobody sees that it had ended.
    const isDoubtful = !isFirst || (it.given !== undefined && !it.isKnown);
    it.given = {
      incident,
      by: isDoubtful && it.given?.incident === incident ? [...it.given.by, by] : [by],
      severity: people.incident(key).severity,
      isOver: false,
      hasRecovered: it.problemSince === undefined,
      isDropped: false,
      isCarried: isDoubtful && it.given?.isCarried === true,
      mustBeCarried: false,
      isExcused: isDoubtful || it.note !== undefined,
      isForgotten: false,
    };
  };

  /** The connector surely knows what PagerDuty has of the key. */
  const known = (it: Standing, key: string): void => {
    const { state } = people.incident(key);
    it.isKnown = true;
    it.thought = state;
    const { given } = it;
    if (given === undefined || given.isOver || state !== "acknowledged") return;
    const isOfThisProblem = it.problemSince !== undefined && it.problemSince <= given.incident.createdAt;
    given.mustBeCarried = rules.tellsCentreon && isOfThisProblem && !given.hasRecovered && !given.isExcused;
  };

  /** Whether what was closed may be opened anew by one who knows how. */
  const mayReopen = (closing: Closing, severity: Severity): boolean => {
    const { by, hasEnded, isChecked, before } = closing;
    if (hasEnded || isWorse(severity, closing.toldSeverity)) return true;
    if (before !== undefined && mayReopen(before, severity)) return true;
    return by === undefined ? rules.reopen !== "never" : rules.reopen === "always" && isChecked;
  };

  const excessOfTrigger = (
    key: string,
    severity: Severity,
    excess: string | undefined,
  ): string | undefined => {
    const { closing, isKnown, isUncertain } = of(key);
    if (closing === undefined || people.incident(key).state !== "none" || isUncertain) return excess;
    const isThoughtOpen = !isKnown && excess === undefined;
    if (isThoughtOpen || mayReopen(closing, severity)) return undefined;
    return `${key} is opened anew, which ${closing.by ?? "a timeout"} closed`;
  };

  const excessOfAcknowledge = (key: string, excess: string | undefined): string | undefined => {
    const { note, isUncertain } = of(key);
    // One that has ended in PagerDuty counts for nothing, and a downtime may call for another.
    const mayBeForDowntime = rules.downtimesAcknowledge && people.incident(key).state !== "acknowledged";
    if (note?.isOurs === true && !isUncertain && !mayBeForDowntime)
      return `the acknowledgement of ${key} is sent back to PagerDuty`;
    return excess;
  };

  const excessOfResolve = (key: string, call: Call, excess: string | undefined): string | undefined => {
    const { closing, given, isKnown, isUncertain, isForgotten, thought } = of(key);
    // What is resolved though it lasts is to page anew; of what is thought to be triggered nothing would be.
    const isRead = isKnown || thought === "triggered";
    const isInHand = given !== undefined && !given.isOver && isRead && !isUncertain;
    const isRepaged = call.want === "triggered" && !rules.repageOnUnacknowledge;
    if (isInHand && isRepaged && !isWorse(call.severity, given.severity))
      return `${key} is to page once more, which ${given.by.join(" and ")} acknowledged as it is`;
    const knows = isKnown && !isUncertain && !isForgotten && rules.hasJournal;
    const isClosed = closing?.wasSeen === true && knows;
    return isClosed ? `${key} is resolved, which was closed` : excess;
  };

  /** What a full status says of what was closed. */
  const noteCheck = (it: Standing, state: number, isHard: boolean, lastCheck: number): void => {
    const { closing } = it;
    if (closing !== undefined && state !== OK) {
      if (lastCheck !== closing.lastCheck) closing.isChecked = true;
      const counts = isHard || !rules.hardOnly;
      if (it.isKnown && counts && lastCheck > it.lastCheck) closing.isRefuted = true;
    }
    it.lastCheck = math.max(it.lastCheck, lastCheck);
  };

  const problemEnded = (it: Standing): void => {
    it.problemSince = undefined;
    if (!rules.resolvesRecoveries) {
      it.isLeft = true;
      it.thought = "none";
      it.isSeen = false;
      it.closing = undefined;
      it.given = undefined;
      return;
    }
    if (it.closing !== undefined) {
      it.closing.hasEnded = true;
      if (it.isKnown) it.closing.isOver = true;
    }
    if (it.given === undefined) return;
    it.given.hasRecovered = true;
    if (it.isKnown) it.given.isDropped = true;
  };

  return {
    thoughtOf: (key) => of(key).thought,
    excess: ({ action, key, severity }, call, excess) => {
      switch (action) {
        case "trigger":
          return excessOfTrigger(key, severity, excess);
        case "acknowledge":
          return excessOfAcknowledge(key, excess);
        case "resolve":
          return excessOfResolve(key, call, excess);
      }
    },
    requestStarts: ({ key, action }) => {
      of(key).isUnderWay = true;
      if (action === "trigger") of(key).isLeft = false;
    },
    requestEnded: ({ key, action, severity }, isAccepted) => {
      const it = of(key);
      it.isUnderWay = false;
      it.lastActionAt = clock.now;
      // What was seen may have been another incident than the one that is open now.
      if (action === "trigger" && it.isUncertain) it.isSeen = false;
      if (action === "trigger" && isAccepted) {
        const isRaised = it.thought === "none" || it.isUncertain || isWorse(severity, it.toldSeverity);
        if (isRaised) it.toldSeverity = severity;
      }
      if (action !== "acknowledge") it.isUncertain = !isAccepted;
      // Whether the next problem's incident is the one that was acknowledged the connector cannot know.
      if (!isAccepted && action === "resolve" && it.given !== undefined) it.given.isForgotten = true;
      if (!isAccepted) return;
      if (action === "trigger" && it.thought === "none") it.thought = "triggered";
      if (action === "acknowledge" && it.thought !== "none") it.thought = "acknowledged";
      if (action !== "resolve") return;
      it.thought = "none";
      it.isWithheld = false;
      it.closing = undefined;
      it.isKnown = true;
    },
    told: ({ says, resource, status, poller, event }) => {
      if (says === "stop") isStopped[poller] = true;
      if (says === "start" || says === "alive") isStopped[poller] = false;
      if (says === "stop") for (const it of Object.values(all)) if (it?.closing) it.closing.needsCheck = true;
      if (resource === undefined) return;
      const it = of(resource.key);
      if (says === "acknowledgement") {
        const { author, comment_data: comment } = event as unknown as {
          author: string;
          comment_data: string;
        };
        const names = people.incidents.some((incident) => namesIncident(comment, incident));
        const isOfThisProblem = it.problemSince !== undefined && it.problemSince <= it.carriedAt;
        const isCarried = author === TOKEN_USER && names;
        it.note = { isCarried, isOurs: isCarried && isOfThisProblem };
        if (!it.note.isOurs) it.isUnacknowledged = false;
        // Whose the next one is then is in doubt.
        if (!it.note.isOurs) it.carriedAt = 0;
        if (it.given !== undefined && !it.note.isOurs) it.given.isExcused = true;
        return;
      }
      if (model.stateOf(resource) === OK) problemEnded(it);
      else it.problemSince ??= clock.now;
      if (status === undefined || (says !== "status" && says !== "change")) return;
      if (status.acknowledgement === 0) it.note = undefined;
      else it.note ??= { isCarried: false, isOurs: false };
      if (says === "status" && status.results > 0)
        noteCheck(it, status.state, status.isHard, status.lastCheck);
    },
    processStarts: () => {
      startedAt = clock.now;
    },
    processGone: () => {
      for (const it of Object.values(all)) {
        // It may have died when it was about to open it anew.
        if (it?.closing?.isChecked === true) it.isForgotten = true;
        if (it?.isUnderWay !== true) continue;
        it.isUnderWay = false;
        it.isUncertain = true;
      }
    },
    pollersClockIsWrong: () => {
      isClockWrong = true;
    },
    mayNotKnow: (key) => {
      of(key).isUncertain = true;
    },
    forget: (key) => {
      const it = of(key);
      it.isUncertain = true;
      it.isForgotten = true;
      if (it.given !== undefined) it.given.isForgotten = true;
    },
    mayStayClosed: (key, severity) => {
      const { closing, isWithheld, isUncertain, isKnown, thought } = of(key);
      if (isWithheld) return true;
      if (closing === undefined) return false;
      if (isUncertain) return true;
      // A trigger on what is acknowledged pages nobody.
      const isRaised = isWorse(severity, closing.severity) && (isKnown || thought === "triggered");
      if (closing.isOver || isRaised) return false;
      if (!closing.wasSeen || !isKnown) return true;
      if (closing.by !== undefined) return rules.reopen !== "always" || !closing.isRefuted;
      return rules.reopen === "never" || (closing.needsCheck && !closing.isRefuted);
    },
    mayStayUnacknowledged: (key) => {
      const { isUnacknowledged, note, isKnown } = of(key);
      return isUnacknowledged || note?.isOurs === true || !isKnown;
    },
    hasAcknowledgementEnded: (key) =>
      of(key).note?.isOurs === true && people.incident(key).state !== "acknowledged",
    mayCount: (key, severity) => {
      const { given } = of(key);
      return given !== undefined && !given.isOver && !isWorse(severity, given.severity);
    },
    difference: ({ key, status }, { want }) => {
      const { given, note, isKnown, isUncertain } = of(key);
      if (isUncertain || !isKnown) return undefined;
      const { state } = people.incident(key);
      const isExcused =
        given?.isExcused === true || given?.isForgotten === true || given?.hasRecovered === true;
      const isDue = given?.mustBeCarried === true && !given.isOver && !given.isCarried && !isExcused;
      if (isDue && want === "triggered" && state === "acknowledged")
        return `${given.by.join(" and ")} acknowledged ${key} in PagerDuty, and Centreon was not told`;
      // An engine that is new to it has none, and says so with the first check.
      const stands = want === "acknowledged" && status?.acknowledgement !== 0;
      if (note?.isOurs === true && state !== "acknowledged" && stands)
        return `the acknowledgement of ${key} has ended in PagerDuty, and stands in Centreon`;
      return undefined;
    },
    pages: (key) => of(key).pages,
    wasTouched: (key) => of(key).closings > 0 || of(key).given !== undefined,
    did: (key, deed, by) => {
      const it = of(key);
      if (deed === "opened") opened(it);
      if (deed === "withheld") withheld(it);
      if (deed === "opened" || deed === "withheld" || deed === "noted") return;
      if (deed === "closed") closed(it, key, by);
      if (deed === "acknowledged") acknowledged(it, key, by);
      if (deed === "not acknowledged any more") {
        it.isUnacknowledged = true;
        if (it.given !== undefined) it.given.isOver = true;
      }
      it.changedAt = clock.now;
      it.isKnown = false;
    },
    roundIsOver: (beganAt, toldOf) => {
      const settledBefore = beganAt - (rules.interval + 1) * SECOND;
      if (settledBefore - SECOND <= startedAt) return;
      for (const { key } of ports.resources) {
        const it = of(key);
        if (it.isUnderWay || it.isUncertain || it.lastActionAt >= settledBefore) continue;
        if (people.incident(key).state !== "none" && it.openedAt <= toldOf) {
          it.isSeen = true;
          it.unread = undefined;
        }
        const isTold = it.changedAt !== undefined && it.changedAt <= toldOf;
        if (!it.isKnown && isTold && (it.closing === undefined || it.closing.wasSeen)) known(it, key);
      }
    },
    asked: ({ what, resource: { key }, comment }) => {
      const it = of(key);
      const { given, note, isKnown, isUncertain } = it;
      if (what === "acknowledge") it.carriedAt = clock.now;
      if (isUncertain || given?.isForgotten === true) return;
      const { state } = people.incident(key);
      if (what === "take back") {
        if (note?.isCarried !== true) fail(`a person's acknowledgement of ${key} is taken back in Centreon`);
        else if (state === "acknowledged" && isKnown)
          fail(`the acknowledgement of ${key} is taken back in Centreon, and stands in PagerDuty`);
        return;
      }
      // By a poller's clock that is wrong, an incident that was left to people may be of this problem.
      if (given === undefined && !rules.resolvesRecoveries && isClockWrong) return;
      if (given === undefined) return fail(`Centreon is told that ${key} is acknowledged: "${comment}"`);
      const isByOne = given.by.some((by) => string.find(comment, by ?? "", 1, true)[0] === 1);
      if (!isByOne || !namesIncident(comment, given.incident))
        fail(`Centreon is told of ${key}: "${comment}"; it was ${given.by.join(" or ")}`);
      if (given.isDropped)
        fail(`Centreon is told that ${key} is acknowledged, which has recovered since it was`);
      if (given.isOver && isKnown) fail(`Centreon is told that ${key} is acknowledged, which has ended`);
      if (given.isCarried) fail(`Centreon is told twice that ${key} is acknowledged`);
      if (note?.isOurs === false) fail(`Centreon is told that ${key} is acknowledged, where it was already`);
    },
    answered: ({ what, resource: { key } }, status) => {
      const it = of(key);
      if (it.given === undefined) return;
      if (status === 204) it.given.isCarried = what === "acknowledge";
      if (what === "take back") return;
      if (status === 403) it.given.isExcused = true;
    },
  };
}
