// Whether two readings of a place say the same: a definition that is told again changes nothing. Pure.
import type { NamedValue, Place } from "./alert";

function isSameItem(left: string | NamedValue | undefined, right: string | NamedValue | undefined): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return left.name === right.name && left.value === right.value;
}

type List = readonly (string | NamedValue)[];

function isSameList(left: List, right: List): boolean {
  if (left.length !== right.length) return false;
  for (const [index, item] of ipairs(left)) if (!isSameItem(item, right[index - 1])) return false;
  return true;
}

function isSameValue(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return isSameList(left as List, right as List);
}

export function isSamePlace(left: Place, right: Place): boolean {
  const other = right as unknown as Record<string, unknown>;
  for (const [field, value] of pairs(left)) if (!isSameValue(value, other[field])) return false;
  return left.pollerId === right.pollerId;
}
