// What the administrator has a say in about an alert: filters, severities, routes, whose acknowledgements count, what
// Centreon itself would notify of, and custom code, which has the last word. Answers the book's questions; remembers
// nothing.
import { type Alert, DEFAULT_ROUTE, FALLBACK_ROUTE, type Severity, isDescribed } from "../alerts/alert";
import type { BookPorts } from "../alerts/book";
import { authorRejection, rejection } from "./filter";
import { routeOf } from "./routes";
import { severityOf } from "./severity";
import { type CustomCodePorts, loadCustomCode } from "./custom_code";
import { formattedSummary } from "../pagerduty/summary";
import type { Rules } from "./from_parameters";
import type { Settings } from "../settings/settings";

/** The questions that the rules answer. */
export type Rulings = Pick<
  BookPorts,
  | "severityOf"
  | "rejectionOf"
  | "routeOf"
  | "acknowledgementRejectionOf"
  | "unnotifiedReasonOf"
  | "judgeByCustomCode"
  | "waitOf"
  | "askAgainAt"
>;

export interface RulingsPorts extends CustomCodePorts {
  /** Why Centreon itself would notify nobody of a resource in that state; undefined: it would. `serviceId` 0: a host. */
  readonly unnotifiedReason: (
    this: void,
    hostId: number,
    serviceId: number,
    state: number,
  ) => string | undefined;
  /** Seconds from the start of a problem to Centreon's own first notification; 0: none. `serviceId` 0: a host. */
  readonly firstNotificationDelay: (this: void, hostId: number, serviceId: number) => number;
}

/** Loads the custom code, too. */
export function createRulings(settings: Settings, rules: Rules, ports: RulingsPorts): Rulings {
  const customCode = loadCustomCode(settings.custom_code_file, ports);

  const severityByRules = ({ resource, facts, place }: Alert): Severity =>
    severityOf(rules.severity, resource.kind, facts.state, place?.criticality ?? 0);
  const routeByRules = ({ resource, place }: Alert): string => {
    if (resource.kind === "connector") return FALLBACK_ROUTE;
    return place === undefined ? DEFAULT_ROUTE : routeOf(rules.routes, resource, place);
  };
  const rejectionByRules = ({ resource, facts, place }: Alert): string | undefined =>
    place === undefined ? undefined : rejection(rules.filter, resource, facts.state, place);

  return {
    severityOf: (alert) => alert.verdict?.severity ?? severityByRules(alert),
    rejectionOf: (alert) =>
      rejectionByRules(alert) ??
      (settings.respect_notification_settings ? alert.unnotified : undefined) ??
      (alert.verdict?.isDropped === true ? "custom_code_file says so" : undefined),
    routeOf: (alert) => alert.verdict?.route ?? routeByRules(alert),
    acknowledgementRejectionOf: ({ acknowledgement }) =>
      authorRejection(
        rules.filter.authors,
        acknowledgement?.isPast === true ? undefined : acknowledgement?.author,
      ),
    unnotifiedReasonOf: ({ resource, facts }) =>
      settings.respect_notification_settings && "hostId" in resource
        ? ports.unnotifiedReason(resource.hostId, resource.serviceId, facts.state)
        : undefined,
    waitOf: ({ resource }) =>
      settings.respect_notification_settings && "hostId" in resource
        ? ports.firstNotificationDelay(resource.hostId, resource.serviceId)
        : 0,
    askAgainAt: () => undefined,
    judgeByCustomCode: (alert) => {
      // A file that cannot be used now decided what it decided.
      if (customCode === undefined) return settings.custom_code_file === "" ? undefined : alert.verdict;
      if (!isDescribed(alert)) return undefined;
      // What is wrong with the connector itself must reach somebody.
      if (alert.resource.kind === "connector") return undefined;
      const severity = severityByRules(alert);
      const summary = formattedSummary({ alert, severity }, rules.summary);
      return customCode(alert, { summary, severity, route: routeByRules(alert) });
    },
  };
}
