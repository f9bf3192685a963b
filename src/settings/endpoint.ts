// Where to send and how to get there, from the parameters that say it in more than one way.
import { urlEncode } from "../text/url";
import { DEFAULT_SERVER_URL } from "./parameters";
import type { Settings } from "./settings";

/** The hosts of PagerDuty's Events API v2, by the service regions of accounts. */
const US_HOST = "events.pagerduty.com";
const EU_HOST = "events.eu.pagerduty.com";

const EU_SERVER_URL = `https://${EU_HOST}/v2/enqueue`;

/** A proxy as libcurl takes it. */
export interface Proxy {
  /** Empty: none. */
  readonly url: string;
  /** `user:password`, each percent-encoded; empty: none, or in the address. */
  readonly credentials: string;
}

/** Where PagerDuty is, and how to get there. */
export interface Endpoint {
  /** Where to, unless a transfer says otherwise. */
  readonly url: string;
  readonly proxy: Proxy;
  /** Host names without the proxy, separated by commas. */
  readonly noProxy: string;
  /** Seconds for the whole request, and for connecting. */
  readonly timeout: number;
  readonly connectTimeout: number;
  /** The authorities to trust; empty: the system's. */
  readonly caFile: string;
  readonly caPath: string;
  /** Empty: no client certificate. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly clientKeyPassword: string;
  readonly verifiesCertificate: boolean;
}

/** The address to post to: http_server_url when it was set, else that of pdy_region. */
export function serverUrl(settings: Settings): string {
  const isSet = settings.http_server_url !== "" && settings.http_server_url !== DEFAULT_SERVER_URL;
  if (isSet) return settings.http_server_url;
  return settings.pdy_region === "eu" ? EU_SERVER_URL : DEFAULT_SERVER_URL;
}

/** The address to post change events to, beside `serverUrl`; undefined when that one does not show where it is. */
export function changeServerUrl(settings: Settings): string | undefined {
  const [base] = string.match(serverUrl(settings), "^(.*)/enqueue$");
  return base === undefined ? undefined : `${base}/change/enqueue`;
}

/** The address of PagerDuty's REST API: pdy_api_url, else that of the region which events go to. */
export function restApiUrl(settings: Settings): string {
  if (settings.pdy_api_url !== "") return settings.pdy_api_url;
  const [host] = string.match(serverUrl(settings), "^%w+://([^/:?#]*)");
  const isElsewhere = host !== US_HOST && host !== EU_HOST;
  // Of a gateway's address nobody can tell.
  const isEurope = isElsewhere ? settings.pdy_region === "eu" : host === EU_HOST;
  return isEurope ? "https://api.eu.pagerduty.com" : "https://api.pagerduty.com";
}

/** As whom Centreon's API is asked. */
export type CentreonAccount =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "log-in"; readonly user: string; readonly password: string };

/** Who tells Centreon: a token goes before a user, since it needs no log-in. Undefined: nobody. */
export function centreonAccountOf(settings: Settings): CentreonAccount | undefined {
  const { centreon_api_token: token, centreon_api_user: user, centreon_api_password: password } = settings;
  if (token !== "") return { kind: "token", token };
  return user === "" || password === "" ? undefined : { kind: "log-in", user, password };
}

/** The proxy to use: http_proxy_string when it is set, else that of the proxy_* parameters. */
export function proxyOf(settings: Settings): Proxy {
  if (settings.http_proxy_string !== "") return { url: settings.http_proxy_string, credentials: "" };
  if (settings.proxy_address === "") return { url: "", credentials: "" };
  const url = string.format(
    "%s://%s:%d",
    settings.proxy_protocol,
    settings.proxy_address,
    settings.proxy_port,
  );
  if (settings.proxy_username === "") return { url, credentials: "" };
  return { url, credentials: `${urlEncode(settings.proxy_username)}:${urlEncode(settings.proxy_password)}` };
}

/** Everything that the parameters say of the way to PagerDuty, or to `url` in its place, as the transport takes it. */
export function endpointOf(
  settings: Settings,
  url = serverUrl(settings),
): Endpoint & { readonly maximumParallel: number } {
  return {
    url,
    proxy: proxyOf(settings),
    noProxy: settings.no_proxy,
    timeout: settings.http_timeout,
    connectTimeout: settings.http_connect_timeout,
    caFile: settings.http_ca_file,
    caPath: settings.http_ca_path,
    clientCertificate: settings.http_client_certificate,
    clientKey: settings.http_client_key,
    clientKeyPassword: settings.http_client_key_password,
    verifiesCertificate: settings.verify_certificate && !settings.allow_insecure_connection,
    maximumParallel: settings.max_parallel_requests,
  };
}

/** The password in an address such as `http://user:password@host`; empty: none. */
function passwordIn(url: string): string {
  const [withoutScheme] = string.gsub(url, "^%w+://", "");
  const [password] = string.match(withoutScheme, "^[^:]*:(.*)@[^@]*$");
  return password ?? "";
}

/** What of an address is beyond its host: the user before it, and the path with all that follows. Empty: nothing. */
function beyondHost(url: string): string[] {
  const [authority, rest] = string.match(url, "^%w+://([^/?#]*)(.*)$");
  const [user] = string.match(authority ?? "", "^(.*)@");
  return [user ?? "", rest === "/" ? "" : (rest ?? "")];
}

/**
 * Texts that must never be logged: the routing keys, those of the REST APIs, the passwords, and what makes heartbeat_url one's own; as they are,
 * percent-decoded and -encoded.
 */
export function secretsOf(settings: Settings, routingKeys: Record<string, string>): string[] {
  const secrets: string[] = [];
  const candidates = [
    settings.pdy_routing_key,
    settings.proxy_password,
    settings.http_client_key_password,
    passwordIn(settings.http_proxy_string),
    passwordIn(settings.http_server_url),
    settings.pdy_api_key,
    passwordIn(settings.pdy_api_url),
    settings.centreon_api_token,
    settings.centreon_api_password,
    passwordIn(settings.centreon_api_url),
  ];
  for (const part of beyondHost(settings.heartbeat_url)) candidates.push(part);
  for (const [, key] of pairs(routingKeys)) if (key !== settings.pdy_routing_key) candidates.push(key);
  for (const candidate of candidates) {
    if (candidate !== "") {
      const [decoded] = string.gsub(candidate, "%%(%x%x)", (digits) =>
        string.char(tonumber(digits, 16) ?? 0),
      );
      secrets.push(candidate);
      secrets.push(decoded);
      secrets.push(urlEncode(candidate));
    }
  }
  return secrets;
}
