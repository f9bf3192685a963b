// Turns what the broker hands to init into checked settings and complaints. Decides nothing else.
import {
  ALIASES,
  CHANGED,
  OBSOLETE,
  LARGEST_NUMBER,
  PARAMETERS,
  PLACEHOLDER_CENTREON_URL,
  ROUTING_KEY_PREFIX,
  type Parameter,
  type ParameterName,
} from "./parameters";
import type { Complaint } from "./complaint";
import type { ReadFile } from "../text/files";
import { nearestName } from "./nearest_name";
import {
  FILED_API_KEY,
  FILED_CENTREON_PASSWORD,
  FILED_CENTREON_TOKEN,
  FILED_DEFAULT,
  FILED_FALLBACK,
  ROUTING_KEY_LENGTH,
  isApiKey,
  isRoutingKey,
  readKeysFile,
  routingKeysOf,
} from "./routing_keys";

type ValueOf<Kind> = Kind extends "number" ? number : Kind extends "flag" ? boolean : string;

/** Every parameter's value by its name: the one given if it is good, else the default. Flags are booleans. */
export type Settings = { [Name in ParameterName]: ValueOf<(typeof PARAMETERS)[Name]["kind"]> };

export interface CheckedSettings {
  readonly settings: Settings;
  /** By the label in their parameter's name. */
  readonly routingKeys: Record<string, string>;
  readonly complaints: Complaint[];
  /** False when there is no routing key to send with: nothing can be sent at all. */
  readonly canSend: boolean;
}

/** What a flag may be. */
export const FLAG_WORDS: Record<string, boolean | undefined> = {
  "0": false,
  "1": true,
  false: false,
  true: true,
  no: false,
  yes: true,
  off: false,
  on: true,
};

function trimmed(text: string): string {
  const [inner] = string.match(text, "^%s*(.-)%s*$");
  return inner ?? text;
}

/** The definition of a parameter, with its optional limits. */
function definitionOf(name: ParameterName): Omit<Parameter, "name"> {
  return PARAMETERS[name];
}

/** "a whole number from 1 to 300 (s)". */
function expectedNumber(definition: Omit<Parameter, "name">): string {
  const unit = definition.unit === undefined ? "" : ` (${definition.unit})`;
  return string.format(
    "a whole number from %d to %d%s",
    definition.minimum ?? 0,
    definition.maximum ?? LARGEST_NUMBER,
    unit,
  );
}

function readNumber(text: string, definition: Omit<Parameter, "name">): number | undefined {
  const value = tonumber(text);
  if (value === undefined || math.floor(value) !== value) return undefined;
  return value >= (definition.minimum ?? 0) && value <= (definition.maximum ?? LARGEST_NUMBER)
    ? value
    : undefined;
}

/**
 * An address, its scheme in small letters; undefined when it is none. Without its scheme libcurl would take it for http,
 * and send the routing key in the clear.
 */
function readAddress(text: string): string | undefined {
  const [scheme, rest] = string.match(text, "^([Hh][Tt][Tt][Pp][Ss]?)(://[^%s/].*)$");
  return scheme === undefined || rest === undefined ? undefined : string.lower(scheme) + rest;
}

/** The value of a number, flag, choice or address, or undefined when `text` is none of what it may be. */
function readLimited(
  text: string,
  definition: Omit<Parameter, "name">,
): string | number | boolean | undefined {
  if (definition.kind === "number") return readNumber(text, definition);
  if (definition.kind === "url") return readAddress(text);
  const word = string.lower(text);
  if (definition.kind === "flag") return FLAG_WORDS[word];
  for (const choice of definition.choices ?? []) if (choice === word) return choice;
  return undefined;
}

/** What a value may be, in words. */
function expectation(definition: Omit<Parameter, "name">): string {
  if (definition.kind === "number") return expectedNumber(definition);
  if (definition.kind === "flag") return "0 or 1";
  if (definition.kind === "url") return "an address that begins with https:// (or http://)";
  return `one of ${table.concat((definition.choices ?? []) as string[], ", ")}`;
}

/** What is shown of a value in a complaint: of an address not the user and password before the "@". */
function shown(text: string): string {
  const [harmless] = string.gsub(text, "^.*@", "***@");
  return `"${harmless}"`;
}

/** A parameter's text, trimmed. Centreon 25.10 writes passwords with "raw::" in front, and some brokers hand that on. */
function textOf(value: unknown): string {
  const [text] = string.gsub(trimmed(tostring(value)), "^raw::", "");
  return text;
}

/** The value for one parameter: what was given, or the default with a complaint when that cannot be used. */
function readParameter(
  name: ParameterName,
  given: unknown,
  complaints: Complaint[],
): string | number | boolean {
  const definition = definitionOf(name);
  const { kind, fallback } = definition;
  const usable = kind === "flag" ? fallback === 1 : fallback;
  if (given === undefined) return usable;
  const text = textOf(given);
  if (kind === "text" || kind === "secret" || kind === "path") return text;
  if (text === "") return usable;
  const value = readLimited(text, definition);
  if (value !== undefined) return value;
  const words = definition.isSecret === true ? "not what it must be" : shown(text);
  const instead = fallback === "" ? "it counts as not set" : `${fallback} is used instead`;
  complaints.push({
    isError: true,
    text: `parameter ${name} is ${words}: expected ${expectation(definition)}; ${instead}`,
  });
  return usable;
}

/** The names of the parameter table, sorted: complaints come in the same order on every run. */
function knownNames(): ParameterName[] {
  const names: ParameterName[] = [];
  for (const [name] of pairs(PARAMETERS)) names.push(name);
  table.sort(names);
  return names;
}

/** The parameters by our names. One given under both names has the value of ours. */
function withoutAliases(parameters: LuaTable<string, unknown>): LuaTable<string, unknown> {
  const given = new LuaTable<string, unknown>();
  for (const [name, value] of parameters) {
    const ours = ALIASES[name];
    if (ours === undefined) given.set(name, value);
    else if (parameters.get(ours) === undefined) given.set(ours, value);
  }
  return given;
}

function complainOfUnknownNames(
  parameters: LuaTable<string, unknown>,
  known: readonly ParameterName[],
  complaints: Complaint[],
): void {
  const unknown: string[] = [];
  const obsolete: string[] = [];
  for (const [name] of parameters) {
    const isRoutingKeyOfTeam = string.match(name, `^${ROUTING_KEY_PREFIX}[%w_]+$`)[0] !== undefined;
    if (OBSOLETE[name] !== undefined) obsolete.push(name);
    else if (!(name in PARAMETERS) && ALIASES[name] === undefined && !isRoutingKeyOfTeam) unknown.push(name);
  }
  table.sort(obsolete);
  for (const name of obsolete) {
    complaints.push({ isError: false, text: `parameter ${name} does nothing here: ${OBSOLETE[name]}` });
  }
  table.sort(unknown);
  for (const name of unknown) {
    const near = nearestName(name, known);
    const hint = near === undefined ? "see docs/parameters.md for the known ones" : `did you mean ${near}?`;
    complaints.push({ isError: false, text: `parameter ${name} is unknown and ignored: ${hint}` });
  }
}

/** Says of each value with which a predecessor did something else what it does here. */
function complainOfChanges(
  given: LuaTable<string, unknown>,
  names: readonly ParameterName[],
  complaints: Complaint[],
): void {
  for (const name of names) {
    const change = CHANGED[name];
    const value = given.get(name);
    if (change !== undefined && value !== undefined) {
      const text = textOf(value);
      if (readLimited(text, definitionOf(name)) === change.value) {
        complaints.push({ isError: false, text: `parameter ${name} is ${shown(text)}: ${change.text}` });
      }
    }
  }
}

/** What is written to one file under two names destroys itself. The most precious first. */
const WRITTEN = ["state_path", "quarantine_path", "record_path", "log_path", "status_path"] as const;

function keepFilesApart(settings: Settings, complaints: Complaint[]): void {
  const owners = new LuaTable<string, ParameterName | undefined>();
  for (const name of WRITTEN) {
    const path = settings[name];
    const owner = owners.get(path);
    if (owner === undefined) {
      owners.set(path, name);
    } else if (path !== "") {
      settings[name] = "";
      complaints.push({
        isError: true,
        text: `parameter ${name} is "${path}", and so is ${owner}: give each a file of its own; ${name} counts as not set`,
      });
    }
  }
}

/** The keys in the file that pdy_keys_file names; without one, or where it cannot be read, those of the parameters hold. */
function filedKeys(path: string, readFile: ReadFile, complaints: Complaint[]): LuaTable<string, string> {
  if (path === "") return new LuaTable();
  const [text, problem] = readFile(path);
  if (text !== undefined) return readKeysFile(path, text, complaints);
  complaints.push({
    isError: true,
    text: `pdy_keys_file cannot be read: ${problem}: correct the path, or let the broker's user read it; the keys of the parameters are used instead`,
  });
  return new LuaTable();
}

/** Says what is missing where Centreon's API is named and cannot be told anything. */
function complainOfCentreonApi(settings: Settings, complaints: Complaint[]): void {
  const { centreon_api_url: url, centreon_api_token: token } = settings;
  const { centreon_api_user: user, centreon_api_password: password } = settings;
  const hasUser = user !== "" || password !== "";
  if (url === "" && token === "" && !hasUser) return;
  if (token !== "" && hasUser) {
    complaints.push({
      isError: false,
      text: "parameters centreon_api_user and centreon_api_password are not used, since centreon_api_token is set: leave out the one or the others",
    });
  }
  let problem: string | undefined;
  if (url === "") {
    problem =
      "centreon_api_url is not set: expected Centreon's address with its path, such as https://centreon.example.com/centreon";
  } else if (token === "" && !hasUser) {
    problem =
      "centreon_api_token is not set: expected a token of Centreon's API, or centreon_api_user and centreon_api_password";
  } else if (token === "" && user === "") {
    problem = "centreon_api_user is not set, which centreon_api_password needs: expected a login of Centreon";
  } else if (token === "" && password === "") {
    problem =
      "centreon_api_password is not set, which centreon_api_user needs: expected the password of that user";
  } else if (token !== "" && !isApiKey(token)) {
    problem =
      "centreon_api_token has spaces or other characters that no token has: expected one of Centreon's API";
    settings.centreon_api_token = "";
    settings.centreon_api_user = "";
  } else if (settings.pdy_api_key === "") {
    problem = "pdy_api_key is not set, which centreon_api_url needs: expected a key of PagerDuty's REST API";
  }
  if (problem === undefined) return;
  complaints.push({
    isError: false,
    text: `parameter ${problem}; Centreon is not told who acknowledges in PagerDuty`,
  });
}

/**
 * Checks `parameters`, what the broker gave to init: strings, or integers for number parameters. A value that
 * cannot be used is replaced by the default, with a complaint; nothing here fails.
 */
export function readSettings(parameters: LuaTable<string, unknown>, readFile: ReadFile): CheckedSettings {
  const complaints: Complaint[] = [];
  const values = new LuaTable<string, string | number | boolean>();
  const names = knownNames();
  const given = withoutAliases(parameters);
  for (const name of names) values.set(name, readParameter(name, given.get(name), complaints));
  const settings = values as unknown as Settings;
  complainOfUnknownNames(parameters, names, complaints);
  complainOfChanges(given, names, complaints);
  keepFilesApart(settings, complaints);

  const filed = filedKeys(settings.pdy_keys_file, readFile, complaints);
  if (filed.has(FILED_DEFAULT)) settings.pdy_routing_key = filed.get(FILED_DEFAULT);
  if (filed.has(FILED_FALLBACK)) settings.pdy_fallback_routing_key = filed.get(FILED_FALLBACK);
  if (filed.has(FILED_API_KEY)) settings.pdy_api_key = filed.get(FILED_API_KEY);
  if (settings.pdy_api_key !== "" && !isApiKey(settings.pdy_api_key)) {
    settings.pdy_api_key = "";
    complaints.push({
      isError: true,
      text: "parameter pdy_api_key has spaces or other characters that no key has: expected the key that PagerDuty shows under Integrations > API Access Keys; what people do in PagerDuty is not asked for",
    });
  }
  if (filed.has(FILED_CENTREON_TOKEN)) settings.centreon_api_token = filed.get(FILED_CENTREON_TOKEN);
  if (filed.has(FILED_CENTREON_PASSWORD)) settings.centreon_api_password = filed.get(FILED_CENTREON_PASSWORD);
  complainOfCentreonApi(settings, complaints);
  const key = settings.pdy_routing_key;
  const canSend = isRoutingKey(key);
  if (!canSend) {
    const length = key === "" ? "is missing" : `has ${key.length} characters`;
    const state = key.length === ROUTING_KEY_LENGTH ? "has other characters than letters and digits" : length;
    const beside =
      settings.pdy_keys_file === "" ? "" : `, and pdy_keys_file has no usable line for ${FILED_DEFAULT}`;
    complaints.push({
      isError: true,
      text:
        `parameter pdy_routing_key ${state}${beside}: expected the ${ROUTING_KEY_LENGTH} letters and digits of the ` +
        "Integration Key that PagerDuty shows under Services > your service > Integrations; NOTHING IS SENT until it is set",
    });
  }
  if (settings.pdy_centreon_url === "" || settings.pdy_centreon_url === PLACEHOLDER_CENTREON_URL) {
    settings.pdy_centreon_url = "";
    complaints.push({
      isError: false,
      text: "parameter pdy_centreon_url is not set: alerts carry no link to Centreon",
    });
  }
  if (!settings.verify_certificate || settings.allow_insecure_connection) {
    complaints.push({
      isError: false,
      text: "certificates are NOT verified (verify_certificate, allow_insecure_connection): anybody between here and PagerDuty can read the routing key",
    });
  }
  if (settings.send_data_test) {
    complaints.push({
      isError: false,
      text: "parameter send_data_test is 1: NOTHING IS SENT to PagerDuty; what would be sent is written to the log at log_level 2, and taken for accepted",
    });
  }
  return {
    settings,
    routingKeys: routingKeysOf(
      settings.pdy_routing_key,
      settings.pdy_fallback_routing_key,
      parameters,
      filed,
      complaints,
    ),
    complaints,
    canSend,
  };
}
