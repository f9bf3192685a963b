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
      /** libcurl's number of the error; 0: the request could not even be started. */
      readonly errorNumber: number;
      /** What a proxy answered when it was asked for the way to PagerDuty (CONNECT); 0: nothing. */
      readonly proxyStatus: number;
      /** False when no byte of the request can have left. */
      readonly mayHaveArrived: boolean;
    };

/**
 * What it means:
 * - accepted: PagerDuty has it;
 * - try later: not now; `mayBeEventsFault`: if others pass meanwhile, this event is the reason;
 * - refused: this event will never be taken as it is;
 * - misconfigured: no event will be taken until somebody changes something.
 * `mayHaveBeenAccepted`: whether it was accepted nevertheless is not known.
 */
export type Verdict =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "try later";
      readonly reason: string;
      readonly mayHaveBeenAccepted: boolean;
      readonly mayBeEventsFault: boolean;
      /** Seconds to wait at least, when the answer said so. */
      readonly retryAfter: number | undefined;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | {
      readonly kind: "misconfigured";
      readonly reason: string;
      readonly remedy: string;
      readonly mayHaveBeenAccepted: boolean;
    };

/** Most bytes of an answer that are shown: whoever answers, the log and the quarantine file stay readable. */
const MAXIMUM_SHOWN_BYTES = 500;

function textOf(value: Decoded): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** PagerDuty's own words in an answer's body: `message: error; error`; of any other body the beginning. */
function wordsOf(body: string): string {
  const result = decode(body);
  const isObject = result.ok && typeof result.value === "object";
  const fields = (isObject ? result.value : {}) as { readonly [name: string]: Decoded };
  const errors = fields["errors"];
  const list: string[] = [];
  for (const item of (typeof errors === "object" ? errors : [errors]) as readonly Decoded[]) {
    if (typeof item === "string") list.push(item);
  }
  const message = textOf(fields["message"]) ?? textOf(fields["error"]) ?? textOf(fields["status"]);
  const words = table.concat(list, "; ");
  const said = message !== undefined && words !== "" ? `${message}: ${words}` : (message ?? words);
  return string.sub(said === "" ? body : said, 1, MAXIMUM_SHOWN_BYTES);
}

/** The delay a Retry-After header asks for in seconds; dates, which PagerDuty does not use, are passed over. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  const [digits] = string.match(header ?? "", "^%s*(%d+)%s*$");
  return digits === undefined ? undefined : tonumber(digits);
}

/** Whether a 4xx asks to wait. */
function asksToWait(status: number): boolean {
  return status === 408 || status === 429;
}

/**
 * The statuses that speak of the event itself: invalid, too long in one way or another. Every other 4xx speaks of the
 * configuration, the way or the moment, and must not cost an event its details, let alone the page.
 */
const SPEAKS_OF_EVENT: Record<number, boolean | undefined> = {
  400: true, // Bad Request
  413: true, // Content Too Large
  414: true, // URI Too Long
  422: true, // Unprocessable Content
  431: true, // Request Header Fields Too Large
};

const CHECK_THE_PROXY_PASSWORD =
  "check the user and password in http_proxy_string, or in proxy_username and proxy_password";

/** What to do about libcurl's errors that do not heal by themselves, by its numbers. */
const REMEDIES: Record<number, string | undefined> = {
  1: "check http_server_url", // unsupported protocol
  3: "check http_server_url", // malformed URL
  58: "check http_client_certificate, http_client_key and http_client_key_password",
  60:
    "check that http_ca_file or http_ca_path has the authority that signed the certificate of the server (or of a " +
    "proxy that reads along), and that the certificate is for the host in http_server_url",
  77: "check http_ca_file and http_ca_path",
};

/** What a failure means, whoever it was that answered or did not. */
function judgeFailure({
  reason,
  errorNumber,
  proxyStatus,
  mayHaveArrived,
}: HttpOutcome & { readonly kind: "failed" }): Verdict {
  const isProxyAnswer = proxyStatus >= 300;
  const told = isProxyAnswer ? string.format("the proxy answered HTTP %d to CONNECT", proxyStatus) : reason;
  const remedy =
    isProxyAnswer && proxyStatus < 500 && !asksToWait(proxyStatus)
      ? `${CHECK_THE_PROXY_PASSWORD}, and let the proxy connect to the host and port of http_server_url`
      : REMEDIES[errorNumber];
  if (remedy !== undefined) {
    return { kind: "misconfigured", reason: told, remedy, mayHaveBeenAccepted: mayHaveArrived };
  }
  return {
    kind: "try later",
    reason: told,
    mayHaveBeenAccepted: mayHaveArrived,
    mayBeEventsFault: false,
    retryAfter: undefined,
  };
}

const CHECK_THE_KEY = "check pdy_routing_key against the Integration Key that PagerDuty shows";

/** What to do about an answer that says something about the configuration, or undefined for any other. */
function remedyFor(status: number, words: string): string | undefined {
  if (status >= 300 && status < 400) {
    return "it is a redirect: check http_server_url, which must be the address that answers itself";
  }
  if (status === 402) return "check the PagerDuty account (or the proxy): it asks for payment";
  if (status === 407) return CHECK_THE_PROXY_PASSWORD;
  if (status === 404 || status === 405) return `check http_server_url, and ${CHECK_THE_KEY}`;
  const speaksOfKey = string.match(string.lower(words), "routing[_ ]key")[0] !== undefined;
  return status === 401 || status === 403 || (status === 400 && speaksOfKey) ? CHECK_THE_KEY : undefined;
}

/** What `outcome` means. */
export function judge(outcome: HttpOutcome): Verdict {
  if (outcome.kind === "failed") return judgeFailure(outcome);
  const { status } = outcome;
  if (status === 202) return { kind: "accepted" };
  const words = wordsOf(outcome.body);
  const reason = string.format("HTTP %d%s", status, words === "" ? "" : `: ${words}`);
  const remedy = remedyFor(status, words);
  if (remedy !== undefined) return { kind: "misconfigured", reason, remedy, mayHaveBeenAccepted: false };
  if (SPEAKS_OF_EVENT[status] === true) return { kind: "refused", reason };
  const isClientError = status >= 400 && status < 500;
  return {
    kind: "try later",
    reason,
    mayHaveBeenAccepted: isClientError ? asksToWait(status) && outcome.openedConnection : true,
    mayBeEventsFault: status >= 400 && !asksToWait(status),
    retryAfter: retryAfterSeconds(outcome.retryAfter),
  };
}
