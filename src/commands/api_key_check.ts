// `check`'s look at pdy_api_key: whether PagerDuty's REST API takes it, what it may read, and which services our routing
// keys lead to. Makes GETs only.
import { askServices, isOrchestrations, labelsOf, openAsking } from "./rest_asking";
import type { Asking, ServicesSeen } from "./rest_asking";
import type { Setup } from "./output";
import { type Report, counted } from "./report";

const NAME = "pdy_api_key";

/** What the key must read beside the services, and for what. */
const RESOURCES = [
  { path: "/incidents?limit=1", name: "incidents", needed: "what people did, incidents, reconcile" },
  { path: "/oncalls?limit=1", name: "oncalls", needed: "oncall" },
] as const;

function checkResources({ api, wait }: Asking, report: Report): void {
  for (const { path, name, needed } of RESOURCES) {
    let isThere = false;
    const problem = wait((ended) => {
      api.one(
        path,
        name,
        (list) => {
          isThere = typeof list === "object";
        },
        ended,
      );
    });
    if (problem !== undefined) {
      const finding = problem.isMisconfigured ? "FAILED" : "WARNING";
      report.find(finding, NAME, `${name} cannot be read (for ${needed}): ${problem.text}`);
    } else if (!isThere) {
      report.find("FAILED", NAME, `what answers for ${name} is not PagerDuty's REST API: check pdy_api_url`);
    } else {
      report.find("ok", NAME, `${name} may be read`);
    }
  }
}

/** The service of each routing key. */
function checkRoutes(services: ServicesSeen, { routingKeys }: Setup, report: Report): void {
  const lookedAt =
    services.known.asked.length > 0
      ? "those of pdy_service_ids are looked at"
      : "all services that pdy_api_key sees are looked at; pdy_service_ids names those that are wanted";
  for (const label of labelsOf(routingKeys)) {
    const id = services.known.serviceOf(label);
    const service = id === undefined ? undefined : services.find(id);
    if (service !== undefined) {
      report.find("ok", NAME, `the key ${label} is of the service "${service.name}" (${service.id})`);
    } else if (isOrchestrations(routingKeys[label] ?? "")) {
      report.find("ok", NAME, `the key ${label} is an event orchestration's, of no one service: ${lookedAt}`);
    } else {
      report.find(
        "WARNING",
        NAME,
        `no service that pdy_api_key sees has the key ${label}: let it see that service, or is the integration gone? Until then ${lookedAt}`,
      );
    }
  }
  for (const id of services.given) {
    if (services.find(id) === undefined)
      report.find("WARNING", "pdy_service_ids", `pdy_api_key sees no service ${id}: is it right?`);
  }
}

/** Looks at the key, where one is set. */
export function checkApiKey(setup: Setup, report: Report): void {
  if (setup.settings.pdy_api_key === "") return;
  const asking = openAsking(setup);
  if (typeof asking === "string") {
    report.find("FAILED", NAME, asking);
    return;
  }
  const services = askServices(asking, setup);
  if ("text" in services) {
    const finding = services.isMisconfigured ? "FAILED" : "WARNING";
    report.find(finding, NAME, `services cannot be read: ${services.text}`);
    return;
  }
  report.find("ok", NAME, `${asking.url} takes it: ${counted(services.all.length, "service")} to be seen`);
  checkResources(asking, report);
  checkRoutes(services, setup, report);
}
