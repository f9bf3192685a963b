// What PagerDuty's answer, or the lack of one, means for the event that was sent. Pure; decides nothing about
// when to try again.
import { type Decoded, decode } from "../text/json";

/** How one request ended. */
export type HttpOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly body: string;
      /** The header's value; undefined when there was none. */
      readonly retryAfter: string | undefined;
      /** libcurl opened a connection for it, perhaps after a reused one had died: the request may have gone out twice. */
      readonly openedConnection: boolean;
    }
  | {
      readonly kind: "failed";
      /** libcurl's words. */
      readonly reason: string;
      /** False when no byte of the request can have left. */
      readonly mayHaveArrived: boolean;
    };

/**
 * What it means:
 * - accepted: PagerDuty has it;
 * - try later: not now; `mayHaveBeenAccepted` when that is not known; `isServerError` for a 5xx;
 * - refused: this event will never be taken as it is;
 * - misconfigured: no event will be taken until somebody changes something.
 */
export type Verdict =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "try later";
      readonly reason: string;
      readonly mayHaveBeenAccepted: boolean;
      readonly isServerError: boolean;
      /** Seconds to wait at least, when the answer said so. */
      readonly retryAfter: number | undefined;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "misconfigured"; readonly reason: string; readonly remedy: string };

/** Most bytes of an answer that is not PagerDuty's JSON that are shown. */
const MAXIMUM_SHOWN_BYTES = 200;

function textOf(value: Decoded): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** PagerDuty's own words in an answer's body: `message: error; error`, or the beginning of the body. */
function wordsOf(body: string): string {
  const result = decode(body);
  const answer = result.ok && typeof result.value === "object" ? result.value : undefined;
  if (answer === undefined) return string.sub(body, 1, MAXIMUM_SHOWN_BYTES);
  const fields = answer as { readonly [name: string]: Decoded };
  const words: string[] = [];
  const errors = fields["errors"];
  if (typeof errors === "object") {
    for (const item of errors as readonly Decoded[]) words.push(tostring(item));
  } else if (errors !== undefined) {
    words.push(tostring(errors));
  }
  const message = textOf(fields["message"]) ?? textOf(fields["error"]) ?? textOf(fields["status"]) ?? "";
  const list = table.concat(words, "; ");
  return message !== "" && list !== "" ? `${message}: ${list}` : message + list;
}

/** The delay a Retry-After header asks for in seconds; dates, which PagerDuty does not use, are passed over. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  const [digits] = string.match(header ?? "", "^%s*(%d+)%s*$");
  return digits === undefined ? undefined : tonumber(digits);
}

const CHECK_THE_KEY = "check pdy_routing_key against the Integration Key that PagerDuty shows";

/** The meaning of an answer that says something about the configuration, or undefined for any other. */
function configurationProblem(status: number, words: string, reason: string): Verdict | undefined {
  if (status >= 300 && status < 400) {
    return {
      kind: "misconfigured",
      reason: `${reason} (a redirect)`,
      remedy: "check http_server_url: it must be the address that answers itself",
    };
  }
  if (status === 407) {
    return { kind: "misconfigured", reason, remedy: "check the user and password in http_proxy_string" };
  }
  if (status === 404 || status === 405) {
    return { kind: "misconfigured", reason, remedy: `check http_server_url, and ${CHECK_THE_KEY}` };
  }
  const speaksOfKey = string.match(string.lower(words), "routing[_ ]key")[0] !== undefined;
  if (status === 401 || status === 403 || (status === 400 && speaksOfKey)) {
    return { kind: "misconfigured", reason, remedy: CHECK_THE_KEY };
  }
  return undefined;
}

/** What `outcome` means. */
export function judge(outcome: HttpOutcome): Verdict {
  if (outcome.kind === "failed") {
    return {
      kind: "try later",
      reason: outcome.reason,
      mayHaveBeenAccepted: outcome.mayHaveArrived,
      isServerError: false,
      retryAfter: undefined,
    };
  }
  const { status } = outcome;
  if (status === 202) return { kind: "accepted" };
  const words = wordsOf(outcome.body);
  const reason = string.format("HTTP %d%s", status, words === "" ? "" : `: ${words}`);
  const problem = configurationProblem(status, words, reason);
  if (problem !== undefined) return problem;
  const mustWait = status === 408 || status === 429;
  if (status >= 400 && status < 500 && !mustWait) return { kind: "refused", reason };
  return {
    kind: "try later",
    reason,
    mayHaveBeenAccepted: mustWait ? outcome.openedConnection : true,
    isServerError: status >= 500,
    retryAfter: retryAfterSeconds(outcome.retryAfter),
  };
}
