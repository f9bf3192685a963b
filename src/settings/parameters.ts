// The one table of the output's parameters: name, kind, default, limits and meaning. Settings are checked
// against it and docs/parameters.md is made from it. Plain data: it also compiles for Node.

/**
 * What a parameter's value must be:
 * - text: anything; secret: text that is never logged; path: the name of a file or folder;
 * - url: an address with its scheme, http or https;
 * - choice: one of `choices`;
 * - number: a whole number between `minimum` and `maximum`; flag: 0 or 1 (also true/false, yes/no, on/off).
 */
export type ParameterKind = "text" | "secret" | "path" | "url" | "choice" | "number" | "flag";

export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** Numbers for numbers and flags, text for the rest. "" means: not set. */
  readonly fallback: string | number;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Such as "s"; for the documentation and the complaints. */
  readonly unit?: string;
  /** Of an address: it is never shown, since whoever knows it may use it. */
  readonly isSecret?: boolean;
  /** One or two sentences for the administrator. */
  readonly meaning: string;
}

/** The value pdy_centreon_url has in the predecessor when nobody sets it: counts as not set. */
export const PLACEHOLDER_CENTREON_URL = "http://set.pdy_centreon_url.parameter";

/** PagerDuty's Events API v2 for accounts of the service region US. */
export const DEFAULT_SERVER_URL = "https://events.pagerduty.com/v2/enqueue";

/** Largest number the broker can hand over: it exits on one above int32 (measured). */
const LARGEST_BROKER_NUMBER = 2147483647;

/** PagerDuty's severities. */
const SEVERITIES = ["critical", "error", "warning", "info"] as const;

const OPERATORS = ["<", "<=", ">", ">=", "==", "~="] as const;

/** A parameter whose name begins so holds the routing key of one more team; the rest of the name is its label. */
export const ROUTING_KEY_PREFIX = "pdy_routing_key_";

export const PARAMETERS = {
  pdy_routing_key: {
    kind: "secret",
    fallback: "",
    meaning:
      "The integration key of your PagerDuty service or event orchestration: 32 characters. The only parameter you must set, here or in `pdy_keys_file`.",
  },
  pdy_keys_file: {
    kind: "path",
    fallback: "",
    meaning:
      "File with the integration keys, readable by the broker's user only, so that none stands in Centreon's configuration: a line `label = key` for each, with the label `default` for `pdy_routing_key`, `fallback` for `pdy_fallback_routing_key`, and a team's for `pdy_routing_key_<name>`. It wins over those parameters, and is read at each start. See docs/routing.md.",
  },
  pdy_centreon_url: {
    kind: "url",
    fallback: PLACEHOLDER_CENTREON_URL,
    meaning:
      "Address of your Centreon, such as `https://centreon.example.com`, for the links in alerts; with its path if that is another one than `/centreon`. Not set: no links.",
  },
  pdy_source: {
    kind: "text",
    fallback: "",
    meaning: "PagerDuty's `source` field of every alert. Not set: the name of the monitored host.",
  },
  client: {
    kind: "text",
    fallback: "Centreon Stream Connector",
    meaning: "Name of the monitoring system that PagerDuty shows with each alert.",
  },
  client_url: {
    kind: "text",
    fallback: "",
    meaning: "Address that PagerDuty shows with `client`. Not set: `pdy_centreon_url`.",
  },
  use_long_output: {
    kind: "flag",
    fallback: 1,
    meaning: "0: leave out what plugins print after the first line.",
  },
  output_size_limit: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 65536,
    unit: "bytes",
    meaning: "Longest output that an alert shows. 0: as long as PagerDuty takes.",
  },
  pdy_custom_variables: {
    kind: "text",
    fallback: "",
    meaning:
      "Custom variables of hosts and services to show in alerts: names without the `_HOST` or `_SERVICE` of their macros, separated by commas. Those marked as passwords are never shown; BBDO 2 does not tell which they are: do not name them there.",
  },
  pdy_summary_format: {
    kind: "text",
    fallback: "",
    meaning:
      "What the summary of an alert says, with placeholders such as `[{poller}] {resource} is {state}: {output}`. Not set: `{resource}: {state} - {output}`. See docs/payload.md.",
  },
  pdy_details_format: {
    kind: "text",
    fallback: "",
    meaning:
      "Fields to add to the details of an alert, separated by semicolons, such as `runbook=https://wiki.example.com/{service}; rack={macro:RACK}`.",
  },
  pdy_links: {
    kind: "text",
    fallback: "",
    meaning:
      "Links to add to an alert, separated by semicolons: text and address, both with placeholders, such as `Runbook=https://wiki.example.com/{service}; Graph=https://grafana.example.com/d/host?var-host={host}`. See docs/payload.md.",
  },
  pdy_images: {
    kind: "text",
    fallback: "",
    meaning:
      "Images to show in an alert, in the same form: `Load=https://graphs.example.com/{host}.png`. PagerDuty loads them by https only.",
  },
  pdy_rules_file: {
    kind: "path",
    fallback: "",
    meaning:
      "File with rules, a Lua table of constants: which problems page, how long they must last, how grave they are, which team gets them, what the page says. It may be changed while the broker runs. See docs/rules.md.",
  },
  custom_code_file: {
    kind: "path",
    fallback: "",
    meaning:
      "Lua file that returns a function, which may change what an alert says, how grave it is and where it goes, or drop it. See docs/routing.md.",
  },
  pdy_region: {
    kind: "choice",
    choices: ["us", "eu"],
    fallback: "us",
    meaning: "Where your PagerDuty account lives: `eu` for accounts at eu.pagerduty.com.",
  },
  http_server_url: {
    kind: "url",
    fallback: DEFAULT_SERVER_URL,
    meaning:
      "Address of PagerDuty's Events API v2. When it is set to another one, it wins over `pdy_region`.",
  },
  http_proxy_string: {
    kind: "text",
    fallback: "",
    meaning:
      "Proxy to reach PagerDuty through, such as `http://user:password@proxy.example.com:3128`. Not set: none; a proxy that the environment names is not used.",
  },
  proxy_address: {
    kind: "text",
    fallback: "",
    meaning:
      "Host name of the proxy, where you prefer separate parameters to `http_proxy_string` (which wins).",
  },
  proxy_port: {
    kind: "number",
    fallback: 3128,
    minimum: 1,
    maximum: 65535,
    meaning: "Port of the proxy at `proxy_address`.",
  },
  proxy_protocol: {
    kind: "choice",
    choices: ["http", "https", "socks4", "socks4a", "socks5", "socks5h"],
    fallback: "http",
    meaning: "How to talk to the proxy at `proxy_address`.",
  },
  proxy_username: { kind: "text", fallback: "", meaning: "User for the proxy at `proxy_address`." },
  proxy_password: { kind: "secret", fallback: "", meaning: "Password for the proxy at `proxy_address`." },
  no_proxy: {
    kind: "text",
    fallback: "",
    meaning: "Host names, separated by commas, that are reached without the proxy.",
  },
  http_timeout: {
    kind: "number",
    fallback: 5,
    minimum: 1,
    maximum: 300,
    unit: "s",
    meaning: "Longest time one request may take in all; after that it is tried again.",
  },
  http_connect_timeout: {
    kind: "number",
    fallback: 5,
    minimum: 1,
    maximum: 300,
    unit: "s",
    meaning: "Longest time connecting may take.",
  },
  http_ca_file: {
    kind: "path",
    fallback: "",
    meaning: "File of the certificate authorities to trust. Not set: those of the system.",
  },
  http_ca_path: {
    kind: "path",
    fallback: "",
    meaning: "Folder of certificate authorities to trust (hashed names, as `openssl rehash` makes them).",
  },
  http_client_certificate: {
    kind: "path",
    fallback: "",
    meaning: "File (PEM) of a client certificate to show, for proxies and gateways that ask for one.",
  },
  http_client_key: {
    kind: "path",
    fallback: "",
    meaning: "File (PEM) of the client certificate's private key.",
  },
  http_client_key_password: { kind: "secret", fallback: "", meaning: "Password of `http_client_key`." },
  verify_certificate: {
    kind: "flag",
    fallback: 1,
    meaning:
      "1: talk only to a server whose certificate is good. 0: to any, which lets anybody in between read the key.",
  },
  allow_insecure_connection: {
    kind: "flag",
    fallback: 0,
    meaning: "1: the same as `verify_certificate` 0.",
  },
  max_parallel_requests: {
    kind: "number",
    fallback: 8,
    minimum: 1,
    maximum: 64,
    meaning: "How many requests may be under way at once, over as many kept-alive connections.",
  },
  max_events_per_minute: {
    kind: "number",
    fallback: 110,
    minimum: 0,
    maximum: 100000,
    meaning:
      "How many events may be sent in any 60 seconds by each key. PagerDuty accepts about 120. A tenth is kept for critical problems that are not open yet. 0: no limit.",
  },
  max_buffer_size: {
    kind: "number",
    fallback: 1,
    minimum: 1,
    maximum: 100000,
    unit: "alerts",
    meaning: "How many alerts to collect before sending. With 1 each is sent at once.",
  },
  max_buffer_age: {
    kind: "number",
    fallback: 5,
    minimum: 0,
    maximum: 3600,
    unit: "s",
    meaning: "How long an alert may wait for `max_buffer_size` to be reached.",
  },
  severity_host_down: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "critical",
    meaning: "PagerDuty's severity of a host that is DOWN.",
  },
  severity_host_unreachable: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "error",
    meaning: "… of a host that is UNREACHABLE.",
  },
  severity_service_warning: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "warning",
    meaning: "… of a service in WARNING.",
  },
  severity_service_critical: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "critical",
    meaning: "… of a service in CRITICAL.",
  },
  severity_service_unknown: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "error",
    meaning: "… of a service in UNKNOWN.",
  },
  severity_ba_warning: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "warning",
    meaning: "… of a business activity in WARNING.",
  },
  severity_ba_critical: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "critical",
    meaning: "… of a business activity in CRITICAL.",
  },
  severity_ba_unknown: {
    kind: "choice",
    choices: SEVERITIES,
    fallback: "error",
    meaning: "… of a business activity in UNKNOWN.",
  },
  severity_poller_silent: {
    kind: "choice",
    choices: ["critical", "error", "warning", "info", "none"],
    fallback: "critical",
    meaning: "… of a poller that has fallen silent. `none`: it alerts nobody.",
  },
  severity_by_criticality: {
    kind: "text",
    fallback: "",
    meaning:
      "Steps by which Centreon's criticality levels raise or lower the severity, such as `1:+1, 4:-1, 5:-2`.",
  },
  pdy_routes: {
    kind: "text",
    fallback: "",
    meaning:
      "Which team an alert goes to: rules such as `hostgroup ^Databases$ and service ^MySQL -> dba; criticality 1 -> major`, separated by semicolons; the first that fits decides. Each name needs a parameter `pdy_routing_key_<name>`. See docs/routing.md.",
  },
  pdy_dedup_prefix: {
    kind: "text",
    fallback: "",
    meaning:
      "Put before each dedup key, so that several Centreon platforms can share a PagerDuty service. Changing it leaves the alerts that are open under the old keys to be closed by hand.",
  },
  acknowledged: {
    kind: "flag",
    fallback: 0,
    meaning: "1: a problem that is acknowledged alerts all the same, and the acknowledgement is not sent on.",
  },
  in_downtime: { kind: "flag", fallback: 0, meaning: "1: problems alert in a downtime, too." },
  pdy_downtime_action: {
    kind: "choice",
    choices: ["none", "acknowledge", "resolve"],
    fallback: "none",
    meaning:
      "What a downtime, its own or its host's, does to an incident that is open when it begins. `none`: the incident stays as it is. If the problem is still there when the downtime ends, an incident that was acknowledged or resolved for it is opened anew, and pages. See docs/how-it-decides.md.",
  },
  flapping: { kind: "flag", fallback: 0, meaning: "1: problems alert while they flap, too." },
  suppress_services_of_down_hosts: {
    kind: "flag",
    fallback: 1,
    meaning:
      "1: while a host is not UP its services open no alerts; after its return each waits until a new check confirms its problem.",
  },
  suppress_hosts_behind_down_parents: {
    kind: "flag",
    fallback: 1,
    meaning: "1: a host that is UNREACHABLE opens no alert while the alert of a parent host says it all.",
  },
  pdy_retrigger_interval: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 604800,
    unit: "s",
    meaning:
      "Send the trigger of a problem that is still open again each time so many seconds have passed, so that an incident closed by hand comes back. 0: never.",
  },
  pdy_resolve: {
    kind: "flag",
    fallback: 1,
    meaning:
      "0: the end of a problem does not resolve its incident: a person does that in PagerDuty. The next problem is triggered again, and pages if the incident was closed by then. See docs/how-it-decides.md.",
  },
  pdy_acknowledge: {
    kind: "flag",
    fallback: 1,
    meaning:
      "0: PagerDuty is not told of acknowledgements in Centreon: its incident stays triggered until somebody acknowledges it there. An acknowledged problem that has not paged yet still does not (`acknowledged` 1: it does).",
  },
  pdy_repage_on_escalation: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: an acknowledgement counts up to the severity at which it was given: when the problem gets worse, its incident is resolved and a new one opened, which pages again. 0: PagerDuty pages nobody for it.",
  },
  pdy_repage_on_unacknowledge: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: when an acknowledgement is taken back in Centreon while the problem lasts, resolve its incident and open a new one, which pages again. 0: PagerDuty's stays acknowledged.",
  },
  pdy_reacknowledge_interval: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 604800,
    unit: "s",
    meaning:
      "Acknowledge an incident again each time so many seconds have passed, for as long as the problem is acknowledged in Centreon: PagerDuty ends an acknowledgement after 30 minutes unless its service says otherwise. 0: once for each acknowledgement.",
  },
  pdy_updates: {
    kind: "choice",
    choices: ["none", "state", "output"],
    fallback: "state",
    meaning:
      "When an open alert is told anew, without a page: `state`: when its state changes, also for the better; `output`: also when the first line of the output changes in more than its numbers, at most every five minutes; `none`: never. The severity never goes down.",
  },
  pdy_host_grace: {
    kind: "number",
    fallback: 5,
    minimum: 0,
    maximum: 300,
    unit: "s",
    meaning:
      "A problem that is HARD at its first attempt waits so long for the check of its host, or of the hosts above, which may be what is really wrong. 0: it does not wait.",
  },
  pdy_storm_limit: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 10000,
    meaning:
      "When more problems than this would open alerts on one route within a minute, one alert stands for those that follow, until fewer than so many came for five minutes. 0: each problem has its own alert, always.",
  },
  pdy_change_events: {
    kind: "text",
    fallback: "0",
    meaning:
      "What PagerDuty is told of as change events, which page nobody: some of `acknowledgements`, `downtimes`, `pollers` (that start or stop), `deployments`, `flapping`, `comments`, separated by commas. 1: the first four. 0: nothing. See docs/payload.md.",
  },
  pdy_api_key: {
    kind: "secret",
    fallback: "",
    meaning:
      "A key of PagerDuty's REST API, a read-only one is enough: with it the connector asks what people did with its alerts. It may stand in `pdy_keys_file` instead, as `pdy_api_key = key`. Not set: nothing is asked. See docs/feedback.md.",
  },
  pdy_api_url: {
    kind: "url",
    fallback: "",
    meaning:
      "Address of PagerDuty's REST API v2. Not set: `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` where events go to the service region EU.",
  },
  pdy_sync_interval: {
    kind: "number",
    fallback: 60,
    minimum: 1,
    maximum: 86400,
    unit: "s",
    meaning: "How often PagerDuty is asked what people did, where `pdy_api_key` is set.",
  },
  pdy_service_ids: {
    kind: "text",
    fallback: "",
    meaning:
      "Ids of the PagerDuty services whose incidents are looked at, such as `PIJ90N7`, separated by commas: for keys of event orchestrations. Those that integration keys lead to are found by themselves. Not set, and a key is an orchestration's: all that `pdy_api_key` may see.",
  },
  pdy_reopen: {
    kind: "choice",
    choices: ["always", "timeout", "never"],
    fallback: "always",
    meaning:
      "When a problem that lasts is opened anew after its incident was closed in PagerDuty: `always`: at once where PagerDuty's own timeout closed it, with the next check that still finds the problem where a person did; `timeout`: only after a timeout; `never`: only when it gets worse. Needs `pdy_api_key`.",
  },
  pdy_resolve_orphans: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: resolve what is open in PagerDuty with a key of ours while nothing is known of it here and it is proved that nothing calls for it (a check finds all well, its engine does not name it any more, …). 0: only tell of it. Needs `pdy_api_key`. See docs/feedback.md.",
  },
  centreon_api_url: {
    kind: "url",
    fallback: "",
    meaning:
      "Address of Centreon with its path, such as `https://centreon.example.com/centreon`: where its API is told who acknowledges in PagerDuty. Not set: it is not told. Needs `pdy_api_key`, and `centreon_api_token` or `centreon_api_user`. See docs/feedback.md.",
  },
  centreon_api_token: {
    kind: "secret",
    fallback: "",
    meaning:
      "A token of Centreon's API, of a user who may acknowledge hosts and services. It may stand in `pdy_keys_file` instead, as `centreon_api_token = token`.",
  },
  centreon_api_user: {
    kind: "text",
    fallback: "",
    meaning:
      "Where there is no `centreon_api_token`: the login of a user of Centreon who may acknowledge hosts and services. Needs `centreon_api_password`.",
  },
  centreon_api_password: {
    kind: "secret",
    fallback: "",
    meaning:
      "The password of `centreon_api_user`. It may stand in `pdy_keys_file` instead, as `centreon_api_password = password`.",
  },
  state_path: {
    kind: "path",
    fallback: "/var/lib/centreon-broker/pagerduty.state",
    meaning:
      "The journal: what PagerDuty has been told, kept over restarts and crashes. One file for each output.",
  },
  quarantine_path: {
    kind: "path",
    fallback: "/var/lib/centreon-broker/pagerduty.quarantine",
    meaning:
      "File that keeps the events PagerDuty refused, one JSON line each, with the reason. It takes 10 MB.",
  },
  status_path: {
    kind: "path",
    fallback: "/var/lib/centreon-broker/pagerduty.status",
    meaning:
      "File that tells how the connector fares, as one JSON object, written every 10 seconds. Empty: none. See docs/delivery.md.",
  },
  self_alert_after: {
    kind: "number",
    fallback: 300,
    minimum: 0,
    maximum: 86400,
    unit: "s",
    meaning:
      "When nothing has got through to PagerDuty for so long, an ERROR line says so every 5 minutes, and the connector raises an alert of its own by `pdy_fallback_routing_key`; new alerts of a key that is refused go by it, too. 0: never.",
  },
  pdy_fallback_routing_key: {
    kind: "secret",
    fallback: "",
    meaning:
      "An integration key of another PagerDuty service, for the connector's alert about itself, and for the alerts of a key that PagerDuty refuses. Not set: no such alert, and those of a refused key wait.",
  },
  heartbeat_url: {
    kind: "url",
    isSecret: true,
    fallback: "",
    meaning:
      "Address to fetch each minute while all is well: a dead man's switch, which pages when that stops. All is well while events are accepted or none waits, and the journal can be written. Of the address only the host is ever logged. Not set: none. See docs/delivery.md.",
  },
  record_path: {
    kind: "path",
    fallback: "",
    meaning:
      "File to record the events received in, one JSON line each, for `centreon-pagerduty explain` and for bug reports. Names and outputs are in it, keys and passwords are not. Empty: none.",
  },
  record_size_limit: {
    kind: "number",
    fallback: 10,
    minimum: 1,
    maximum: 1000,
    unit: "MB",
    meaning: "When the recording is that large, it ends.",
  },
  hard_only: {
    kind: "flag",
    fallback: 1,
    meaning: "1: only HARD states count. 0: SOFT states alert too.",
  },
  host_status: {
    kind: "text",
    fallback: "0,1,2",
    meaning: "The states of hosts that alert: 1 DOWN, 2 UNREACHABLE. Recoveries always count.",
  },
  service_status: {
    kind: "text",
    fallback: "0,1,2,3",
    meaning: "The states of services that alert: 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
  },
  ba_status: {
    kind: "text",
    fallback: "0,1,2,3",
    meaning: "The states of business activities that alert, as for services.",
  },
  accepted_elements: {
    kind: "text",
    fallback: "host_status,service_status,ba_status",
    meaning: "The kinds of problems that alert.",
  },
  accepted_hostgroups: {
    kind: "text",
    fallback: "",
    meaning: "Only problems in one of these host groups alert. Names, separated by commas. Empty: all.",
  },
  rejected_hostgroups: {
    kind: "text",
    fallback: "",
    meaning: "Problems in one of these host groups do not alert.",
  },
  accepted_servicegroups: {
    kind: "text",
    fallback: "",
    meaning:
      "Only problems in one of these service groups (services only) alert. Names, separated by commas. Empty: all.",
  },
  rejected_servicegroups: {
    kind: "text",
    fallback: "",
    meaning: "Problems in one of these service groups (services only) do not alert.",
  },
  accepted_bvs: {
    kind: "text",
    fallback: "",
    meaning:
      "Only problems in one of these business views (business activities only) alert. Names, separated by commas. Empty: all.",
  },
  rejected_bvs: {
    kind: "text",
    fallback: "",
    meaning: "Problems in one of these business views (business activities only) do not alert.",
  },
  accepted_pollers: {
    kind: "text",
    fallback: "",
    meaning: "Only problems in one of these pollers alert. Names, separated by commas. Empty: all.",
  },
  rejected_pollers: { kind: "text", fallback: "", meaning: "Problems in one of these pollers do not alert." },
  accepted_hosts: {
    kind: "text",
    fallback: "",
    meaning: "Only hosts, and services of hosts, whose name fits this Lua pattern alert.",
  },
  accepted_hosts_enable_split_pattern: {
    kind: "flag",
    fallback: 0,
    meaning: "1: `accepted_hosts` holds several patterns.",
  },
  accepted_hosts_split_character: { kind: "text", fallback: ",", meaning: "What stands between them." },
  rejected_hosts: {
    kind: "text",
    fallback: "",
    meaning: "Hosts, and services of hosts, whose name fits this Lua pattern do not alert.",
  },
  rejected_hosts_enable_split_pattern: {
    kind: "flag",
    fallback: 0,
    meaning: "1: `rejected_hosts` holds several patterns.",
  },
  rejected_hosts_split_character: { kind: "text", fallback: ",", meaning: "What stands between them." },
  accepted_services: {
    kind: "text",
    fallback: "",
    meaning: "Only services whose name fits this Lua pattern alert.",
  },
  accepted_services_enable_split_pattern: {
    kind: "flag",
    fallback: 0,
    meaning: "1: `accepted_services` holds several patterns.",
  },
  accepted_services_split_character: { kind: "text", fallback: ",", meaning: "What stands between them." },
  rejected_services: {
    kind: "text",
    fallback: "",
    meaning: "Services whose name fits this Lua pattern do not alert.",
  },
  rejected_services_enable_split_pattern: {
    kind: "flag",
    fallback: 0,
    meaning: "1: `rejected_services` holds several patterns.",
  },
  rejected_services_split_character: { kind: "text", fallback: ",", meaning: "What stands between them." },
  accepted_authors: {
    kind: "text",
    fallback: "",
    meaning:
      "Only acknowledgements by one of these people count. Names, separated by commas. Empty: all. A problem acknowledged by anybody else alerts as if it were not.",
  },
  rejected_authors: {
    kind: "text",
    fallback: "",
    meaning: "Acknowledgements by one of these people do not count.",
  },
  respect_notification_settings: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: a problem of which Centreon itself notifies nobody (notifications disabled, or not of this state) does not alert, and one that it notifies of after a delay alerts if it lasts so long. Time periods are not looked at.",
  },
  host_severity_threshold: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 100,
    meaning:
      "Only hosts whose criticality level compares with this number alert, as `threshold operator level`; those without a level do not. 0: all.",
  },
  host_severity_operator: {
    kind: "choice",
    choices: OPERATORS,
    fallback: ">=",
    meaning: "The comparison: with `>=` levels up to the threshold pass (level 1 is the gravest).",
  },
  service_severity_threshold: {
    kind: "number",
    fallback: 0,
    minimum: 0,
    maximum: 100,
    meaning: "The same for services.",
  },
  service_severity_operator: {
    kind: "choice",
    choices: OPERATORS,
    fallback: ">=",
    meaning: "The same for services.",
  },
  skip_anon_events: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: drop problems of hosts whose name the broker does not know (yet). 0: send them with their id as name, so that no page is lost.",
  },
  log_level: {
    kind: "number",
    fallback: 2,
    minimum: 0,
    maximum: 3,
    meaning:
      "0: errors. 1: also warnings. 2: also what was sent and accepted. 3: also why an event was not sent.",
  },
  log_path: {
    kind: "path",
    fallback: "/var/log/centreon-broker/stream-connector-pagerduty.log",
    meaning: "The log file. Empty: the broker's own log.",
  },
  send_data_test: {
    kind: "flag",
    fallback: 0,
    meaning:
      "1: **nothing is sent**; what would be sent is written to the log at level 2, without the key, and taken for accepted. The journal is neither read nor written, nor is the status file.",
  },
  filter_type: {
    kind: "text",
    fallback: "",
    meaning: "Accepted and ignored, as in the predecessor; the output's own category filter decides.",
  },
} as const satisfies Record<string, Omit<Parameter, "name">>;

export type ParameterName = keyof typeof PARAMETERS;

/** Largest value a number parameter without a maximum of its own may have. */
export const LARGEST_NUMBER = LARGEST_BROKER_NUMBER;

/** Names the predecessors have for parameters of ours; the library's documentation and code spell some differently. */
export const ALIASES: Readonly<Record<string, ParameterName | undefined>> = {
  connection_timeout: "http_connect_timeout",
  logfile: "log_path",
  accepted_hosts_enable_split: "accepted_hosts_enable_split_pattern",
  accepted_hosts_split_characters: "accepted_hosts_split_character",
  accepted_services_enable_split: "accepted_services_enable_split_pattern",
  accepted_services_split_characters: "accepted_services_split_character",
};

const ONLY_FOR_METRICS = "it is for connectors that send metrics; alerts show all that the plugin prints";

const BY_STATUS = "an acknowledgement or downtime counts for the problem it belongs to, in whatever state";

const KEPT_IN_THE_JOURNAL = "what must be kept is in the journal, see state_path; it needs no SQLite";

/** Parameters of the predecessors that are accepted and do nothing, and why. */
export const OBSOLETE: Readonly<Record<string, string | undefined>> = {
  accepted_categories: "the output's own category filter decides",
  accepted_metrics: ONLY_FOR_METRICS,
  ack_host_status: BY_STATUS,
  ack_service_status: BY_STATUS,
  dt_host_status: BY_STATUS,
  dt_service_status: BY_STATUS,
  delta_host_status_change_allow:
    "what has not changed is never sent again, whatever the times of its checks",
  enable_bam_host: "a business activity alerts by itself, never through its virtual host",
  enable_host_status_dedup: "what has not changed is never sent again",
  enable_service_status_dedup: "what has not changed is never sent again",
  format_file: "see pdy_summary_format, pdy_details_format and custom_code_file for what an alert says",
  local_time_diff_from_utc: "times are sent in UTC, and the host's own time zone beside them",
  log_curl_commands: "it would write the routing key to the log",
  max_all_queues_age: "alerts go out at once; max_buffer_age is for those who want to collect them",
  metric_name_regex: ONLY_FOR_METRICS,
  metric_replacement_character: ONLY_FOR_METRICS,
  output_line_break_replacement_character: "a summary is always one line, and the details keep their lines",
  remove_line_break_in_output: "a summary is always one line, and the details keep their lines",
  "sc_storage.sqlite.db_file": KEPT_IN_THE_JOURNAL,
  send_mixed_events: "each event is a request of its own",
  skip_nil_id: "an event without ids is never sent",
  storage_backend: KEPT_IN_THE_JOURNAL,
  timestamp_conversion_format: "times have the form that PagerDuty asks for",
};

/** A value with which a predecessor did something else, and what it does here. */
interface Change {
  readonly value: string | number | boolean;
  readonly text: string;
}

/** Parameters of the predecessors that do not do what they did there: with this value they are worth a warning. */
export const CHANGED: Partial<Record<ParameterName, Change>> = {
  skip_anon_events: {
    value: true,
    text: "it drops problems of hosts whose name the broker does not know, as Centreon's connector for the Events API v2 does; Centreon's first one sent them with their ids. Set it to 0 for that: no page is lost then",
  },
  allow_insecure_connection: {
    value: false,
    text: "it does not switch the verification of certificates off, as it did with Centreon's connector for the Events API v2. If connections fail now, see http_ca_file; remove the parameter to be rid of this line",
  },
};
