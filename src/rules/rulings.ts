// What the administrator has a say in about an alert: rules, whose acknowledgements count, what Centreon itself would notify
// of, and custom code, which has the last word. Answers the book's questions, and what an event is to say; remembers nothing.
import {
  type Alert,
  DEFAULT_ROUTE,
  FALLBACK_ROUTE,
  type Resource,
  type Severity,
  isDescribed,
} from "../alerts/alert";
import type { BookPorts } from "../alerts/book";
import type { AlertTexts } from "../pagerduty/compose";
import type { LinkTemplate } from "../pagerduty/links";
import { formattedSummary } from "../pagerduty/summary";
import type { DetailTemplate } from "../pagerduty/template";
import type { Settings } from "../settings/settings";
import { type CustomCodePorts, loadCustomCode } from "./custom_code";
import type { Decided } from "./decided";
import { authorRejection } from "./filter";
import type { Rules } from "./from_parameters";
import { type Rule, type RuleSubject, type TextThing, type Thing, rejectionBy } from "./rule";

/** The questions that the rules answer. */
export interface Rulings extends Pick<
  BookPorts,
  | "severityOf"
  | "rejectionOf"
  | "routeOf"
  | "acknowledgementRejectionOf"
  | "unnotifiedReasonOf"
  | "judgeByCustomCode"
  | "waitOf"
  | "askAgainAt"
> {
  /** What the rules make of the texts of an event. */
  readonly textsOf: (this: void, alert: Alert) => AlertTexts;
  /** The rules that decided about an alert. */
  readonly decidedBy: (this: void, alert: Alert) => Decided;
  /** Why a change is not told; undefined: it is. `author`: of an acknowledgement. */
  readonly changeRejectionOf: (this: void, change: RuleSubject) => string | undefined;
  readonly authorRejectionOf: (this: void, author: string) => string | undefined;
  readonly changeRouteOf: (this: void, change: RuleSubject) => string;
}

export interface RulingsPorts extends CustomCodePorts {
  /** Seconds that never go back. */
  readonly now: (this: void) => number;
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

/** Whether rules speak of a resource: the connector itself, and a storm, are none of Centreon's. */
function isRuled({ kind }: Resource): boolean {
  return kind !== "connector" && kind !== "storm";
}

/** Adds the details of a rule; what an earlier one said of a field holds. */
function addDetails(all: DetailTemplate[], more: readonly DetailTemplate[]): void {
  for (const detail of more) {
    let isSaid = false;
    for (const { name } of all) if (name === detail.name) isSaid = true;
    if (!isSaid) all.push(detail);
  }
}

/** `rules` gives those that hold now: they may be exchanged. Loads the custom code, too. */
export function createRulings(
  settings: Settings,
  rules: (this: void) => Rules,
  ports: RulingsPorts,
): Rulings {
  const customCode = loadCustomCode(settings.custom_code_file, ports);

  const deciding = (subject: RuleSubject, thing: Thing): Rule | undefined =>
    isRuled(subject.resource) ? rules().all.deciding(subject, thing) : undefined;

  // Where a rule ends the search before anything was said, a state has its severity all the same.
  const severityByRules = (subject: RuleSubject): Severity =>
    deciding(subject, "severity")?.severity ?? rules().severityOf(subject);

  const routeByRules = (subject: RuleSubject): string =>
    subject.resource.kind === "connector"
      ? FALLBACK_ROUTE
      : (deciding(subject, "route")?.route?.(subject) ?? DEFAULT_ROUTE);

  const rejectionByRules = (subject: RuleSubject): string | undefined => {
    const rule = deciding(subject, "page");
    return rule?.page === false ? rejectionBy(rule, subject) : undefined;
  };

  /** A poller's silence is no rule's to filter. */
  const pollerRejection =
    settings.severity_poller_silent === "none" ? "severity_poller_silent is none" : undefined;

  const listsOf = (alert: Alert): Pick<AlertTexts, "details" | "links" | "images"> => {
    const details: DetailTemplate[] = [];
    const links: LinkTemplate[] = [];
    const images: LinkTemplate[] = [];
    const { each } = rules().all;
    each(alert, "details", (rule) => {
      addDetails(details, rule.details ?? []);
    });
    each(alert, "links", (rule) => {
      for (const link of rule.links ?? []) links.push(link);
    });
    each(alert, "images", (rule) => {
      for (const image of rule.images ?? []) images.push(image);
    });
    return { details, links, images };
  };

  return {
    severityOf: (alert) => alert.verdict?.severity ?? severityByRules(alert),
    rejectionOf: (alert) =>
      (alert.resource.kind === "poller" ? pollerRejection : rejectionByRules(alert)) ??
      (alert.verdict?.isDropped === true ? "custom_code_file says so" : undefined),
    routeOf: (alert) => alert.verdict?.route ?? routeByRules(alert),
    waitOf: (alert) => {
      const { resource } = alert;
      const byRules = deciding(alert, "wait")?.wait ?? 0;
      const respectsDelay = settings.respect_notification_settings && "hostId" in resource;
      if (!respectsDelay) return byRules;
      return math.max(byRules, ports.firstNotificationDelay(resource.hostId, resource.serviceId));
    },
    askAgainAt: (alert) => {
      const change = rules().all.changesAt(alert);
      if (change === undefined || change === math.huge) return undefined;
      return ports.now() + math.max(0, change - os.time());
    },
    acknowledgementRejectionOf: ({ acknowledgement }) =>
      authorRejection(
        rules().authors,
        acknowledgement?.isPast === true ? undefined : acknowledgement?.author,
      ),
    unnotifiedReasonOf: ({ resource, facts }) =>
      settings.respect_notification_settings && "hostId" in resource
        ? ports.unnotifiedReason(resource.hostId, resource.serviceId, facts.state)
        : undefined,
    judgeByCustomCode: (alert) => {
      // A file that cannot be used now decided what it decided.
      if (customCode === undefined) return settings.custom_code_file === "" ? undefined : alert.verdict;
      if (!isDescribed(alert)) return undefined;
      // What is wrong with the connector itself must reach somebody.
      if (!isRuled(alert.resource)) return undefined;
      const severity = severityByRules(alert);
      const summary = formattedSummary({ alert, severity }, deciding(alert, "summary")?.summary);
      return customCode(alert, { summary, severity, route: routeByRules(alert) });
    },
    textsOf: (alert) => {
      const text = (thing: TextThing) => rules().all.deciding(alert, thing)?.[thing];
      const { details, links, images } = listsOf(alert);
      return {
        summary: text("summary"),
        source: text("source"),
        component: text("component"),
        group: text("group"),
        class: text("class"),
        details,
        links,
        images,
      };
    },
    decidedBy: (alert) => ({
      page: alert.resource.kind === "poller" ? undefined : deciding(alert, "page"),
      severity: deciding(alert, "severity"),
      route: deciding(alert, "route"),
      wait: deciding(alert, "wait"),
    }),
    changeRejectionOf: rejectionByRules,
    authorRejectionOf: (author) => authorRejection(rules().authors, author),
    changeRouteOf: routeByRules,
  };
}
