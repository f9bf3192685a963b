// Acknowledges through Centreon's API, and takes that back: what is asked for, and what an answer means. Knows no
// PagerDuty, and does not wait; who asks is centreon_session.ts'.
//
// https://docs-api.centreon.com, "Acknowledge resources" (AcknowledgementController; since 21.10).
import type { Alert } from "../alerts/alert";
import { encodeString } from "../text/json";
import type { CentreonAnswer, CentreonSession } from "./centreon_session";

export type Told =
  /** Taken; whether anything comes of it, only the broker's events say: what is not allowed is left out silently. */
  | { readonly kind: "taken" }
  /** It makes no sense to ask for the same once more. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string }
  /** A log-in that must not be tried again soon. */
  | { readonly kind: "kept out"; readonly reason: string };

export type ToldEnded = (this: void, told: Told) => void;

export interface CentreonApi {
  /** Begins to acknowledge, stickily. `resource` as `resourceOf` gives it. */
  readonly acknowledge: (this: void, resource: string, comment: string, ended: ToldEnded) => void;
  readonly takeBack: (this: void, resource: string, ended: ToldEnded) => void;
}

/** The actions that its user needs: each of its own. */
export const ACTIONS = 'the actions "Acknowledge" and "Disacknowledge", each for "a host" and "a service"';

/** What to grant, or to mend, by the status that calls for it. */
const REMEDIES: Record<number, string | undefined> = {
  401: "check centreon_api_token, and whether it has expired",
  403: `give the user of the API ${ACTIONS}, access to the resources, and "Reach API Realtime"`,
  404: "give the user of the API access to the resources, and check centreon_api_url: it is Centreon's address with its path, such as https://centreon.example.com/centreon",
};

/** These say nothing of what was asked for. */
const LATER: Record<number, boolean | undefined> = { 401: true, 408: true, 429: true };

function meaningOf(answer: CentreonAnswer): Told {
  if (answer.kind === "unanswered") return { kind: "failed", reason: answer.reason };
  if (answer.kind === "log-in refused") return { kind: "kept out", reason: answer.reason };
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: "taken" };
  const isRefused = status >= 400 && status < 500 && LATER[status] !== true;
  return { kind: isRefused ? "refused" : "failed", reason: statusText(status) };
}

/** A status that is no good, and what to do about it. */
export function statusText(status: number): string {
  // What leads elsewhere is not Centreon's API.
  const remedy = REMEDIES[status] ?? (status < 400 ? "check centreon_api_url" : undefined);
  const text = string.format("HTTP %d", status);
  return remedy === undefined ? text : `${text}; ${remedy}`;
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

export function createCentreonApi(session: Pick<CentreonSession, "ask">): CentreonApi {
  const ask = (method: "POST" | "DELETE", path: string, body: string, ended: ToldEnded): void => {
    session.ask(method, `monitoring/resources/${path}`, body, (answer) => {
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
