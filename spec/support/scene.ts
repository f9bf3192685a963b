// A book with a PagerDuty that accepts whatever it is sent: specs say what happens in Centreon, and see what is sent.
// Only alerts that the book reports are looked at, as in the connector.
import {
  type Alert,
  DEFAULT_ROUTE,
  type HostOrService,
  type Resource,
  dedupKeyOf,
  nextAction,
  recordAccepted,
  recordStarted,
} from "../../src/alerts/alert";
import { type Book, type BookPorts, type BookSettings, createBook } from "../../src/alerts/book";
import type { AdaptiveObservation, Observation } from "../../src/alerts/observation";
import { CRITICAL, DOWN, NO_CHOICES, UP, hostOf, placeWith, reportWith, serviceOf } from "./alerts";
import { usualSeverity } from "./rules";

type Change = Partial<Omit<AdaptiveObservation, "resource">>;

export interface Scene {
  readonly book: Book;
  readonly now: (this: void) => number;
  readonly pass: (this: void, seconds: number) => void;
  /** A full status: service 1_2 is CRITICAL and HARD, checked now, but for what is said. */
  readonly service: (this: void, some?: Partial<Observation>) => void;
  /** A full status: host 1 is DOWN and HARD, checked now, but for what is said. */
  readonly host: (this: void, some?: Partial<Observation>) => void;
  /** A full status: host 1 is UP, checked now, but for what is said. */
  readonly hostIsUp: (this: void, some?: Partial<Observation>) => void;
  /** An adaptive status. */
  readonly adaptive: (this: void, resource: HostOrService, change: Change) => void;
  /** While PagerDuty is away everything waits. */
  readonly setAway: (this: void, isAway: boolean) => void;
  /** What was sent since the last call, such as "trigger critical 1_2", in the order of the alphabet. */
  readonly sent: (this: void) => string[];
  /** The keys of the alerts that were reported as changed since the last call. */
  readonly reported: (this: void) => string[];
  /** What the log would say since the last call, as "1_2: it is flapping". */
  readonly said: (this: void) => string[];
  /** Everything that is remembered: alerts by their keys, hosts as "host 1". */
  readonly remembered: (this: void) => string[];
}

const BOOK_SETTINGS: BookSettings = {
  hardOnly: true,
  suppressServicesOfDownHosts: true,
  suppressHostsBehindDownParents: true,
  ignoresAcknowledgements: false,
  ignoresDowntimes: false,
  ignoresFlapping: false,
  repageOnEscalation: false,
  downtimeAction: undefined,
  actionRules: NO_CHOICES,
  repageOnUnacknowledge: false,
  hostGrace: 0,
  stormLimit: 0,
  keepsReportsOfOpen: false,
};

export function createScene(settings: Partial<BookSettings> = {}, ports: Partial<BookPorts> = {}): Scene {
  let clock = 10000;
  let isAway = false;
  let reports: string[] = [];
  let words: string[] = [];
  let waiting = new LuaSet<Alert>();
  const rules = settings.actionRules ?? NO_CHOICES;
  const say = (alert: Alert, reason: string): void => {
    words.push(`${alert.dedupKey}: ${reason}`);
  };

  const book = createBook(
    { ...BOOK_SETTINGS, ...settings },
    {
      now: () => clock,
      placeOf: () => placeWith(),
      reportOf: () => reportWith(),
      pollerOf: () => undefined,
      awaited: undefined,
      flappingOf: () => "yes",
      severityOf: ({ resource, facts }) => usualSeverity(resource, facts.state),
      rejectionOf: () => undefined,
      acknowledgementRejectionOf: () => undefined,
      unnotifiedReasonOf: () => undefined,
      judgeByCustomCode: () => undefined,
      waitOf: () => 0,
      askAgainAt: () => undefined,
      routeOf: () => DEFAULT_ROUTE,
      isVolatile: () => false,
      mayBeOpen: () => false,
      alertForgotten: () => undefined,
      hostChanged: () => undefined,
      parentChanged: () => undefined,
      ownerChanged: () => undefined,
      engineChanged: () => undefined,
      explain: say,
      announce: say,
      ...ports,
      alertChanged: (alert) => {
        reports.push(alert.dedupKey);
        waiting.add(alert);
        if (ports.alertChanged !== undefined) ports.alertChanged(alert);
      },
    },
  );

  const sendAllOf = (alert: Alert, sent: string[]): void => {
    while (true) {
      const action = nextAction(alert, rules);
      if (action === undefined) break;
      book.describe(alert);
      sent.push(
        action === "trigger" ? `trigger ${alert.severity} ${alert.dedupKey}` : `${action} ${alert.dedupKey}`,
      );
      recordStarted(alert, action);
      alert.inFlight = undefined;
      recordAccepted(alert, action, alert.severity, clock);
      book.actionEnded(alert);
    }
    book.forgetIfSettled(alert);
  };

  const observe = (resource: Resource, state: number, some: Partial<Observation>): void => {
    book.observe({
      resource,
      state,
      isHard: true,
      lastHardState: some.state ?? state,
      isAcknowledged: false,
      downtimeDepth: 0,
      isFlapping: false,
      lastCheck: clock,
      ...some,
    });
  };

  return {
    book,
    now: () => clock,
    pass: (seconds) => {
      clock = clock + seconds;
    },
    service: (some = {}) => observe(serviceOf(1, 2), CRITICAL, some),
    host: (some = {}) => observe(hostOf(1), DOWN, some),
    hostIsUp: (some = {}) => observe(hostOf(1), UP, some),
    adaptive: (resource, { isAcknowledged, downtimeDepth }) => {
      book.observeAdaptive({ resource, isAcknowledged, downtimeDepth });
    },
    setAway: (away) => {
      isAway = away;
    },
    sent: () => {
      const sent: string[] = [];
      if (isAway) return sent;
      const alerts = waiting;
      waiting = new LuaSet();
      for (const alert of alerts) sendAllOf(alert, sent);
      table.sort(sent);
      return sent;
    },
    reported: () => {
      const taken = reports;
      reports = [];
      return taken;
    },
    said: () => {
      const taken = words;
      words = [];
      return taken;
    },
    remembered: () => {
      const names: string[] = [];
      book.eachAlert((alert) => {
        names.push(dedupKeyOf(alert.resource));
      });
      book.eachHost((hostId) => {
        names.push(`host ${hostId}`);
      });
      table.sort(names);
      return names;
    },
  };
}

/** What happens in Centreon, and what PagerDuty is sent for it. */
export type Step = [what: string, happens: (this: void, scene: Scene) => void, ...sent: string[]];

/** Raises when the lists differ (busted gives its assertions to spec files alone). */
function expectList(what: string, expected: string[], actual: string[]): void {
  const [wanted, got] = [expected.join(", "), actual.join(", ")];
  if (wanted !== got) error(`${what}: expected [${wanted}], got [${got}]`);
}

/** The body of a spec that goes through steps, one a minute. */
export function story(
  steps: Step[],
  settings?: Partial<BookSettings>,
  ports?: Partial<BookPorts>,
): (this: void) => void {
  return () => {
    const scene = createScene(settings, ports);
    for (const [what, happens, ...sent] of steps) {
      happens(scene);
      expectList(what, sent, scene.sent());
      scene.pass(60);
    }
  };
}

/** The step that ends a story in which all is well. */
export const NOTHING_REMEMBERED: Step = [
  "nothing is remembered",
  ({ remembered }) => expectList("remembered", [], remembered()),
];
