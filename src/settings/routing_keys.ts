// The routing keys: whose they are, by the label in their parameter's name, and what can be one. Knows no rule by which
// one is chosen.
import { DEFAULT_ROUTE, FALLBACK_ROUTE } from "../alerts/alert";
import type { Complaint } from "./complaint";
import { type ParameterName, ROUTING_KEY_PREFIX } from "./parameters";

/** An integration key: 32 letters and digits (PagerDuty's Events API v2, `routing_key`). */
export const ROUTING_KEY_LENGTH = 32;

/** Whether `key` can be a routing key. */
export function isRoutingKey(key: string): boolean {
  return key.length === ROUTING_KEY_LENGTH && string.match(key, "^%w+$")[0] !== undefined;
}

/** The parameter that holds the key of this label. */
export function keyParameter(label: string): ParameterName | `${typeof ROUTING_KEY_PREFIX}${string}` {
  if (label === DEFAULT_ROUTE) return "pdy_routing_key";
  return label === FALLBACK_ROUTE ? "pdy_fallback_routing_key" : `${ROUTING_KEY_PREFIX}${label}`;
}

/** The routing keys: of the teams, by the label in their parameter's name; the default one, and the fallback. */
export function routingKeysOf(
  defaultKey: string,
  fallback: string,
  parameters: LuaTable<string, unknown>,
  complaints: Complaint[],
): Record<string, string> {
  const keys: Record<string, string> = { [DEFAULT_ROUTE]: defaultKey };
  const labels: string[] = [];
  for (const [name] of parameters) {
    const [label] = string.match(name, `^${ROUTING_KEY_PREFIX}([%w_]+)$`);
    if (label !== undefined) labels.push(label);
  }
  table.sort(labels);
  for (const label of labels) {
    const [key] = string.match(tostring(parameters.get(ROUTING_KEY_PREFIX + label)), "^%s*(.-)%s*$");
    const [bare] = string.gsub(key ?? "", "^raw::", "");
    if (isRoutingKey(bare)) {
      keys[label] = bare;
    } else {
      complaints.push({
        isError: true,
        text: `parameter ${ROUTING_KEY_PREFIX}${label} has ${bare.length} characters: expected the ${ROUTING_KEY_LENGTH} letters and digits of an Integration Key; what it is for goes to pdy_routing_key`,
      });
    }
  }
  if (isRoutingKey(fallback)) {
    keys[FALLBACK_ROUTE] = fallback;
  } else if (fallback !== "") {
    complaints.push({
      isError: true,
      text: `parameter pdy_fallback_routing_key has ${fallback.length} characters: expected the ${ROUTING_KEY_LENGTH} letters and digits of an Integration Key; the connector raises no alert about itself, and no alert of a key that is refused goes by it`,
    });
  }
  return keys;
}
