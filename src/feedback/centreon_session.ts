// Asks Centreon's API as a user: with the token that was given, or with that of a log-in, which is renewed once it has
// ended. One question at a time. What is asked for, and what follows from an answer, is others' to know; does not wait.
//
// https://docs-api.centreon.com, "Authentication" (AuthenticationController::login; since 21.10): the token of a log-in ends
// when it was not used for a while (two hours, unless set otherwise).
import type { FetchingTransport, OutsideRequest } from "../delivery/transport";
import type { CentreonAccount } from "../settings/endpoint";
import { type Decoded, decode, encodeString } from "../text/json";

export type CentreonAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  | { readonly kind: "unanswered"; readonly reason: string }
  /** To ask again soon with the same password would lock the account. */
  | { readonly kind: "log-in refused"; readonly reason: string };

export type CentreonAnswered = (this: void, answer: CentreonAnswer) => void;

export interface CentreonSession {
  /** Asks for a path below /api/latest/. */
  readonly ask: (
    this: void,
    method: OutsideRequest["method"],
    path: string,
    body: string,
    ended: CentreonAnswered,
  ) => void;
  /** Asks for what anybody may know, without a log-in. */
  readonly askOpenly: (this: void, path: string, ended: CentreonAnswered) => void;
  /** Whether a log-in's token is held. */
  readonly isLoggedIn: (this: void) => boolean;
}

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

/** The field of an object; undefined: it has none, or is none. */
export function fieldOf(value: Decoded | undefined, name: string): Decoded | undefined {
  return typeof value === "object" ? (value as Readonly<Record<string, Decoded>>)[name] : undefined;
}

/** What the JSON text is; undefined: it is none. */
export function decodedOf(text: string): Decoded | undefined {
  const read = decode(text);
  return read.ok ? read.value : undefined;
}

/** The session of `account` with the Centreon at `url`, its base path included. */
export function createCentreonSession(
  url: string,
  account: CentreonAccount,
  send: FetchingTransport<never>["send"],
): CentreonSession {
  const [base] = string.gsub(url, "/+$", "");
  let token = account.kind === "token" ? account.token : undefined;

  const askWith = (
    header: readonly string[],
    method: OutsideRequest["method"],
    path: string,
    body: string,
    ended: CentreonAnswered,
  ): void => {
    const headers = ["Content-Type: application/json", "Expect:"];
    for (const line of header) headers.push(line);
    send({ method, url: `${base}/api/latest/${path}`, headers, body }, (answer, text) => {
      ended(
        typeof answer === "string"
          ? { kind: "unanswered", reason: answer }
          : { kind: "answered", status: answer, body: text },
      );
    });
  };

  /** What the answer to a log-in says against it; undefined: nothing, its token is held. */
  const logInTrouble = (user: string, answer: CentreonAnswer): CentreonAnswer | undefined => {
    if (answer.kind !== "answered") return answer;
    const { status, body } = answer;
    if (status === UNAUTHORIZED || status === FORBIDDEN) {
      const reason = string.format(
        'the log-in of "%s" is refused (HTTP %d); check centreon_api_user and centreon_api_password, and whether the account is locked',
        user,
        status,
      );
      return { kind: "log-in refused", reason };
    }
    if (status !== 200) return answer;
    const given = fieldOf(fieldOf(decodedOf(body), "security"), "token");
    if (typeof given !== "string")
      return {
        kind: "unanswered",
        reason: "what answers the log-in is not Centreon's API; check centreon_api_url",
      };
    token = given;
    return undefined;
  };

  const ask: CentreonSession["ask"] = (method, path, body, ended) => {
    const askKnown = (known: string, answered: CentreonAnswered): void => {
      askWith([`X-AUTH-TOKEN: ${known}`], method, path, body, answered);
    };
    if (account.kind === "token") {
      askKnown(account.token, ended);
      return;
    }
    const { user, password } = account;
    const logIn = (): void => {
      const credentials = `{"login":${encodeString(user)},"password":${encodeString(password)}}`;
      askWith([], "POST", "login", `{"security":{"credentials":${credentials}}}`, (answer) => {
        const trouble = logInTrouble(user, answer);
        if (trouble !== undefined || token === undefined) {
          ended(trouble ?? answer);
          return;
        }
        askKnown(token, (second) => {
          const isStrange = second.kind === "answered" && second.status === UNAUTHORIZED;
          ended(isStrange ? { kind: "unanswered", reason: "HTTP 401, though it took the log-in" } : second);
        });
      });
    };
    if (token === undefined) {
      logIn();
      return;
    }
    askKnown(token, (answer) => {
      if (answer.kind !== "answered" || answer.status !== UNAUTHORIZED) {
        ended(answer);
        return;
      }
      token = undefined;
      logIn();
    });
  };

  return {
    ask,
    askOpenly: (path, ended) => {
      askWith([], "GET", path, "", ended);
    },
    isLoggedIn: () => account.kind === "log-in" && token !== undefined,
  };
}
