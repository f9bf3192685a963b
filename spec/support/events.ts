// A Centreon for stories: what its engine says of hosts and services, as the events of BBDO 2 and of BBDO 3. Keeps
// the last status of each resource, as the engine does: a change between two checks says it all again in BBDO 2,
// and only what changed in BBDO 3.
import type { Line } from "./brokerhost";

/** `service` is 0 for a host. */
export interface Subject {
  readonly host: number;
  readonly service: number;
}

export const OK = 0;
export const WARNING = 1;
export const CRITICAL = 2;
export const UNKNOWN = 3;
export const UP = 0;
export const DOWN = 1;
export const UNREACHABLE = 2;

/** The monitored: a web server behind a router, and two of its services. */
export const WEB: Subject = { host: 11, service: 0 };
export const LOAD: Subject = { host: 11, service: 22 };
export const DISK: Subject = { host: 11, service: 23 };
export const ROUTER: Subject = { host: 10, service: 0 };

const NAMES = [
  { subject: WEB, name: "web-01" },
  { subject: ROUTER, name: "router" },
  { subject: LOAD, name: "Load" },
  { subject: DISK, name: "Disk" },
];

/** What a check found beside the state. */
export interface Check {
  readonly isSoft?: boolean;
  readonly isFlapping?: boolean;
  readonly output?: string;
  readonly perfdata?: string;
  /** Unix time; a minute after the check before if absent. */
  readonly at?: number;
}

/** What an acknowledgement says. */
export interface AcknowledgedBy {
  readonly author: string;
  readonly comment: string;
  /** It outlives a change to another problem. */
  readonly isSticky: boolean;
}

const ALICE: AcknowledgedBy = { author: "alice", comment: "on it", isSticky: false };

/** Each gives the events that tell of it. */
export interface Centreon {
  /** The configuration: names, and more fields of each service (`is_volatile`, in BBDO 3's words). */
  readonly introduce: (this: void, service?: Line) => Line[];
  /** A check's result, HARD unless told otherwise. Another state ends an acknowledgement, as a normal one does. */
  readonly check: (this: void, subject: Subject, state: number, check?: Check) => Line[];
  /** The last status again, as engines send it between checks. */
  readonly resend: (this: void, subject: Subject) => Line[];
  /** A downtime started or ended: so many are running now. */
  readonly downtime: (this: void, subject: Subject, depth: number) => Line[];
  readonly acknowledge: (this: void, subject: Subject, by?: AcknowledgedBy) => Line[];
  readonly withdrawAcknowledgement: (this: void, subject: Subject) => Line[];
  readonly parent: (this: void, child: Subject, parent: Subject) => Line[];
  /** The engine starts, and tells its whole configuration; these it does not monitor any more. */
  readonly engineStarts: (this: void, ...without: Subject[]) => Line[];
  /** The engine says that it stops. */
  readonly engineStops: (this: void) => Line[];
  /** A reload of the engine that says so. */
  readonly removeFromCentreon: (this: void, subject: Subject) => Line[];
}

interface Status {
  state: number;
  isHard: boolean;
  lastHardState: number;
  lastHardStateChange: number;
  lastCheck: number;
  /** 1: normal, 2: sticky. */
  acknowledgement: 0 | 1 | 2;
  downtimeDepth: number;
  isFlapping: boolean;
  output: string;
  perfdata: string;
}

/** The elements of category 1: of services and of hosts. */
const ELEMENTS = {
  2: {
    status: [24, 14],
    resource: [23, 12],
    acknowledgement: 1,
    parent: 13,
    instance: 15,
    instanceStatus: 16,
    configurationEnds: 25,
  },
  3: {
    status: [29, 32],
    resource: [27, 30],
    adaptive: [55, 56],
    acknowledgement: 45,
    parent: 53,
    instance: 44,
    instanceStatus: 42,
    configurationEnds: 54,
  },
} as const;

/** Who monitors them. */
const POLLER = 1;

/** Seconds between two checks, of whatever. */
const CHECK_INTERVAL = 60;

/** A Centreon that speaks BBDO `protocol`. Its checks began two hours ago: problems are older than any start. */
export function createCentreon(protocol: 2 | 3): Centreon {
  const elements = ELEMENTS[protocol];
  const statuses: Record<string, Status> = {};
  let time = os.time() - 7200;
  // The statuses of BBDO 2 say so again, and change the broker's cache.
  let isNotified = true;

  const event = (element: number, fields: Line): Line => ({ category: 1, element, ...fields });
  const kindOf = ({ service }: Subject): 0 | 1 => (service === 0 ? 1 : 0);
  const idsOf = ({ host, service }: Subject): Line =>
    service === 0 ? { host_id: host } : { host_id: host, service_id: service };

  const statusOf = ({ host, service }: Subject): Status => {
    const key = `${host}_${service}`;
    const known = statuses[key] ?? {
      state: OK,
      isHard: true,
      lastHardState: OK,
      lastHardStateChange: time,
      lastCheck: time,
      acknowledgement: 0,
      downtimeDepth: 0,
      isFlapping: false,
      output: "fine",
      perfdata: "",
    };
    statuses[key] = known;
    return known;
  };

  const fullStatus = (subject: Subject): Line[] => {
    const status = statusOf(subject);
    return [
      event(elements.status[kindOf(subject)], {
        ...idsOf(subject),
        state: status.state,
        state_type: status.isHard ? 1 : 0,
        check_attempt: status.isHard && status.state !== OK ? 3 : 1,
        last_hard_state: status.lastHardState,
        last_hard_state_change: status.lastHardStateChange,
        last_check: status.lastCheck,
        scheduled_downtime_depth: status.downtimeDepth,
        flapping: status.isFlapping,
        output: protocol === 2 ? `${status.output}\n` : status.output,
        perfdata: status.perfdata,
        ...(protocol === 2
          ? { acknowledged: status.acknowledgement > 0, notify: isNotified, flap_detection: true }
          : { acknowledgement_type: status.acknowledgement }),
      }),
    ];
  };

  /** What tells of a change between two checks. */
  const changed = (subject: Subject, fields: Line): Line[] =>
    "adaptive" in elements
      ? [event(elements.adaptive[kindOf(subject)], { ...idsOf(subject), ...fields })]
      : fullStatus(subject);

  const definitions = (service: Line, without: readonly Subject[]): Line[] =>
    NAMES.filter(({ subject }) => !without.includes(subject)).map(({ subject, name }) =>
      event(elements.resource[kindOf(subject)], {
        ...idsOf(subject),
        enabled: true,
        max_check_attempts: 3,
        flap_detection: true,
        ...(kindOf(subject) === 1 ? { name, instance_id: POLLER } : { description: name, ...service }),
      }),
    );

  return {
    introduce: (service = {}) => {
      isNotified = service["notify"] !== false;
      return [
        ...definitions(service, []),
        event(elements.instanceStatus, { instance_id: POLLER, flap_detection: true }),
      ];
    },
    check: (subject, state, check = {}) => {
      const status = statusOf(subject);
      time = check.at ?? time + CHECK_INTERVAL;
      status.lastCheck = time;
      if (status.state !== state && (status.acknowledgement === 1 || state === OK))
        status.acknowledgement = 0;
      status.state = state;
      status.isHard = check.isSoft !== true;
      if (status.isHard && status.lastHardState !== state) {
        status.lastHardState = state;
        status.lastHardStateChange = time;
      }
      status.isFlapping = check.isFlapping ?? false;
      status.output = check.output ?? `state ${state}`;
      status.perfdata = check.perfdata ?? "";
      return fullStatus(subject);
    },
    resend: fullStatus,
    downtime: (subject, depth) => {
      statusOf(subject).downtimeDepth = depth;
      return changed(subject, { scheduled_downtime_depth: depth });
    },
    acknowledge: (subject, { author, comment, isSticky } = ALICE) => {
      const status = statusOf(subject);
      status.acknowledgement = isSticky ? 2 : 1;
      const acknowledgement = event(elements.acknowledgement, {
        ...idsOf(subject),
        author,
        comment_data: comment,
        entry_time: time,
        state: status.state,
        sticky: isSticky,
      });
      return [acknowledgement, ...changed(subject, { acknowledgement_type: status.acknowledgement })];
    },
    withdrawAcknowledgement: (subject) => {
      statusOf(subject).acknowledgement = 0;
      return changed(subject, { acknowledgement_type: 0 });
    },
    parent: (child, parent) => [
      event(elements.parent, {
        child_id: child.host,
        parent_id: parent.host,
        ...(protocol === 3 ? { enabled: true } : {}),
      }),
    ],
    engineStarts: (...without) => {
      time += 1;
      return [
        event(elements.instance, { instance_id: POLLER, name: "Central", running: true, start_time: time }),
        ...definitions({}, without),
        event(elements.configurationEnds, { poller_id: POLLER, loaded: true }),
      ];
    },
    engineStops: () => [
      event(elements.instance, { instance_id: POLLER, name: "Central", running: false, start_time: time }),
    ],
    removeFromCentreon: (subject) => [
      event(elements.resource[kindOf(subject)], {
        ...idsOf(subject),
        enabled: false,
        // A service's removal names no poller (measured).
        ...(kindOf(subject) === 1 ? { instance_id: POLLER } : {}),
      }),
      event(elements.configurationEnds, { poller_id: POLLER, loaded: true }),
    ],
  };
}
