// Acknowledges through Centreon's API, and takes that back: what is asked for, and what an answer means. Knows no
// PagerDuty, and does not wait.
//
// https://docs-api.centreon.com, "Acknowledge resources" (AcknowledgementController; since 21.10).
import type { Alert } from "../alerts/alert";
import type { FetchingTransport } from "../delivery/transport";
import { encodeString } from "../text/json";

export type Told =
  /** Taken; whether anything comes of it, only the broker's events say: what is not allowed is left out silently. */
  | { readonly kind: "taken" }
  /** It makes no sense to ask for the same once more. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

export type ToldEnded = (this: void, told: Told) => void;

export interface CentreonApi {
  /** Begins to acknowledge, stickily. `resource` as `resourceOf` gives it. */
  readonly acknowledge: (this: void, resource: string, comment: string, ended: ToldEnded) => void;
  readonly takeBack: (this: void, resource: string, ended: ToldEnded) => void;
}

/** What to grant, or to mend, by the status that calls for it. */
const REMEDIES: Record<number, string | undefined> = {
  401: "check centreon_api_token, and whether it has expired",
  403: 'give the token\'s user the actions "Acknowledge a host" and "Acknowledge a service", access to the resources, and to the API',
  404: "give the token's user access to the resources, and check centreon_api_url: it is Centreon's address with its path, such as https://centreon.example.com/centreon",
};

/** These say nothing of what was asked for. */
const LATER: Record<number, boolean | undefined> = { 401: true, 408: true, 429: true };

function meaningOf(answer: number | string): Told {
  if (typeof answer === "string") return { kind: "failed", reason: answer };
  if (answer >= 200 && answer < 300) return { kind: "taken" };
  const isRefused = answer >= 400 && answer < 500 && LATER[answer] !== true;
  // What leads elsewhere is not Centreon's API.
  const remedy = REMEDIES[answer] ?? (answer < 400 ? "check centreon_api_url" : undefined);
  const status = string.format("HTTP %d", answer);
  return {
    kind: isRefused ? "refused" : "failed",
    reason: remedy === undefined ? status : `${status}; ${remedy}`,
  };
}

/** How Centreon's API names the alert's resource; undefined for what cannot be acknowledged there. */
export function resourceOf({ resource, place }: Alert): string | undefined {
  if (!("hostId" in resource)) return undefined;
  if (resource.kind === "host")
    return string.format('{"type":"host","id":%d,"parent":null}', resource.hostId);
  if (place?.metaServiceId !== undefined)
    return string.format('{"type":"metaservice","id":%d,"parent":null}', place.metaServiceId);
  return string.format('{"type":"service","id":%d,"parent":{"id":%d}}', resource.serviceId, resource.hostId);
}

/** The API of the Centreon at `url`, its base path included. */
export function createCentreonApi(
  url: string,
  token: string,
  send: FetchingTransport<never>["send"],
): CentreonApi {
  const [base] = string.gsub(url, "/+$", "");
  const headers = [`X-AUTH-TOKEN: ${token}`, "Content-Type: application/json", "Expect:"];
  const ask = (method: "POST" | "DELETE", path: string, body: string, ended: ToldEnded): void => {
    send({ method, url: `${base}/api/latest/monitoring/resources/${path}`, headers, body }, (answer) => {
      ended(meaningOf(answer));
    });
  };
  return {
    acknowledge: (resource, comment, ended) => {
      const acknowledgement = `{"comment":${encodeString(comment)},"is_sticky":true,"is_notify_contacts":false,"is_persistent_comment":false,"with_services":false,"force_active_checks":false}`;
      const body = `{"acknowledgement":${acknowledgement},"resources":[${resource}]}`;
      ask("POST", "acknowledge", body, ended);
    },
    takeBack: (resource, ended) => {
      const body = `{"disacknowledgement":{"with_services":false},"resources":[${resource}]}`;
      ask("DELETE", "acknowledgements", body, ended);
    },
  };
}
