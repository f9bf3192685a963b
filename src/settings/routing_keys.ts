// The routing keys: whose they are, by the label in their parameter's name or in the file of keys, and what can be one.
// Knows no rule by which one is chosen.
import { DEFAULT_ROUTE, FALLBACK_ROUTE } from "../alerts/alert";
import type { Complaint } from "./complaint";
import { type ParameterName, ROUTING_KEY_PREFIX } from "./parameters";

/** An integration key: 32 letters and digits (PagerDuty's Events API v2, `routing_key`). */
export const ROUTING_KEY_LENGTH = 32;

/** The labels that stand in the file for pdy_routing_key and pdy_fallback_routing_key. */
export const FILED_DEFAULT = "default";
export const FILED_FALLBACK = "fallback";

/** The lines of the file that are no routing key's: they have the names of their parameters. */
export const FILED_API_KEY = "pdy_api_key";
export const FILED_CENTREON_TOKEN = "centreon_api_token";
export const FILED_CENTREON_PASSWORD = "centreon_api_password";

function isOfApi(label: string): boolean {
  return label === FILED_API_KEY || label === FILED_CENTREON_TOKEN || label === FILED_CENTREON_PASSWORD;
}

/** A longer label is not shown: it may be a key that stands on the wrong side. */
const LONGEST_SHOWN_LABEL = 24;

/** Whether `key` can be a routing key. */
export function isRoutingKey(key: string): boolean {
  return key.length === ROUTING_KEY_LENGTH && string.match(key, "^%w+$")[0] !== undefined;
}

/** Whether `key` can be one of a REST API: it goes into a header, and has no fixed form. */
export function isApiKey(key: string): boolean {
  return string.match(key, "^[!-~]+$")[0] !== undefined;
}

/** The parameter that holds the key of this label. */
export function keyParameter(label: string): ParameterName | `${typeof ROUTING_KEY_PREFIX}${string}` {
  if (label === DEFAULT_ROUTE) return "pdy_routing_key";
  return label === FALLBACK_ROUTE ? "pdy_fallback_routing_key" : `${ROUTING_KEY_PREFIX}${label}`;
}

/** What stands before a parameter's value, and what is expected of it. */
function complaintOf(parameter: string, key: string, consequence: string): Complaint {
  return {
    isError: true,
    text: `${parameter} has ${key.length} characters: expected the ${ROUTING_KEY_LENGTH} letters and digits of an Integration Key; ${consequence}`,
  };
}

/**
 * The routing keys: of the teams, by the label in their parameter's name; the default one, and the fallback. `filed` are
 * those of the file of keys.
 */
export function routingKeysOf(
  defaultKey: string,
  fallback: string,
  parameters: LuaTable<string, unknown>,
  filed: LuaTable<string, string>,
  complaints: Complaint[],
): Record<string, string> {
  const keys: Record<string, string> = { [DEFAULT_ROUTE]: defaultKey };
  const labels: string[] = [];
  for (const [name] of parameters) {
    const [label] = string.match(name, `^${ROUTING_KEY_PREFIX}([%w_]+)$`);
    // In the file that label is the fallback key's; a parameter may call a team so.
    const isFiled = label !== undefined && label !== FILED_FALLBACK && filed.has(label);
    if (label === DEFAULT_ROUTE) {
      complaints.push({
        isError: false,
        text: `parameter ${name} is ignored: the default key is the one in pdy_routing_key`,
      });
    } else if (label !== undefined && !isFiled) {
      labels.push(label);
    }
  }
  table.sort(labels);
  for (const label of labels) {
    const [key] = string.match(tostring(parameters.get(ROUTING_KEY_PREFIX + label)), "^%s*(.-)%s*$");
    const [bare] = string.gsub(key ?? "", "^raw::", "");
    if (isRoutingKey(bare)) keys[label] = bare;
    else
      complaints.push(
        complaintOf(
          `parameter ${ROUTING_KEY_PREFIX}${label}`,
          bare,
          "what it is for goes to pdy_routing_key",
        ),
      );
  }
  for (const [label, key] of filed)
    if (label !== FILED_DEFAULT && label !== FILED_FALLBACK && !isOfApi(label)) keys[label] = key;
  if (isRoutingKey(fallback)) keys[FALLBACK_ROUTE] = fallback;
  else if (fallback !== "")
    complaints.push(
      complaintOf(
        "parameter pdy_fallback_routing_key",
        fallback,
        "the connector raises no alert about itself, and no alert of a key that is refused goes by it",
      ),
    );
  return keys;
}

/** What is wrong with a line of the file, without a word of the key; a label and its key where nothing is. */
function readLine(line: string): { readonly label: string; readonly key: string } | string {
  const [label, key] = string.match(line, "^([^=]-)%s*=%s*(.*)$");
  if (label === undefined || key === undefined) return 'it has no "=": expected label = key';
  if (string.match(label, "^[%w_]+$")[0] === undefined)
    return "its label has other characters than letters, digits and _";
  if (label === FILED_CENTREON_PASSWORD) return key === "" ? "its password is empty" : { label, key };
  if (isOfApi(label))
    return isApiKey(key) ? { label, key } : "its key has spaces or other characters that no key has";
  if (string.find(label, "pdy_", 1, true)[0] === 1)
    return "its label is the name of a parameter: write default, fallback, pdy_api_key, centreon_api_token, centreon_api_password, or the name of a team";
  const where = label.length > LONGEST_SHOWN_LABEL ? "" : ` (${label})`;
  if (isRoutingKey(key)) return { label, key };
  const state =
    key.length === ROUTING_KEY_LENGTH
      ? "has other characters than letters and digits"
      : `has ${key.length} characters`;
  return `its key${where} ${state}: expected the ${ROUTING_KEY_LENGTH} letters and digits of an Integration Key`;
}

/** The keys in the text of the file at `path`, by their labels. A line that cannot be used is a complaint, and left out. */
export function readKeysFile(path: string, text: string, complaints: Complaint[]): LuaTable<string, string> {
  const keys = new LuaTable<string, string>();
  const complain = (line: number, problem: string): void => {
    complaints.push({
      isError: true,
      text: string.format("pdy_keys_file %s, line %d: %s; the line is left out", path, line, problem),
    });
  };
  // Some editors begin a file with a byte order mark.
  const [bare] = string.gsub(text, `^${string.char(0xef, 0xbb, 0xbf)}`, "");
  let number = 0;
  for (const [line] of string.gmatch(`${bare}\n`, "([^\n]*)\n")) {
    number = number + 1;
    // A password may have a "#" in it.
    const isPassword = string.match(line ?? "", `^%s*${FILED_CENTREON_PASSWORD}%s*=`)[0] !== undefined;
    const uncommented = isPassword ? (line ?? "") : string.gsub(line ?? "", "#.*", "")[0];
    const [content] = string.match(uncommented, "^%s*(.-)%s*$");
    if (content !== undefined && content !== "") {
      const read = readLine(content);
      if (typeof read === "string") complain(number, read);
      else if (keys.has(read.label)) complain(number, `there is a line for ${read.label} already`);
      else keys.set(read.label, read.key);
    }
  }
  return keys;
}
