// How a place is put together, and whether two readings of one say the same: a definition that is told again changes
// nothing. Pure.
import type { NamedValue, Place } from "./alert";

/** A place that is being put together. */
export type PlaceInTheMaking = { -readonly [Field in keyof Place]: Place[Field] };

type FieldsOf<Value> = {
  [Field in keyof Place]-?: Required<Place>[Field] extends Value ? Field : never;
}[keyof Place];

/** Gives the place a text that few have. */
export function addText(place: PlaceInTheMaking, field: FieldsOf<string>, text: string): void {
  if (text !== "") place[field] = text;
}

/** Gives it names that few have. */
export function addNames(
  place: PlaceInTheMaking,
  field: "categories" | "businessViews",
  names: readonly string[],
): void {
  if (names.length > 0) place[field] = names;
}

/** Gives it the custom variables. */
export function addCustomVariables(place: PlaceInTheMaking, variables: readonly NamedValue[]): void {
  if (variables.length > 0) place.customVariables = variables;
}

/** Says which meta-service, or that it is an anomaly detection. */
export function addKind(place: PlaceInTheMaking, metaServiceId: number, isAnomalyDetection: boolean): void {
  if (metaServiceId > 0) place.metaServiceId = metaServiceId;
  if (isAnomalyDetection) place.isAnomalyDetection = true;
}

/**
 * `place` as `before` has its poller, unless the broker was told since the start whose it is (`definedBy`). A broker that was
 * killed has in its cache what it had at its last clean stop (measured): after a move, the poller of before, and of a host that
 * is new nothing. Where nothing else tells, it is the one that was last heard to define the host (`owner`).
 */
export function withKnownPoller(
  place: Place,
  before: Place | undefined,
  definedBy: number | undefined,
  owner: number | undefined,
): Place {
  const pollerId = definedBy ?? before?.pollerId ?? owner;
  if (pollerId === undefined || pollerId === place.pollerId) return place;
  const kept: PlaceInTheMaking = place;
  kept.pollerId = pollerId;
  kept.poller = before?.pollerId === pollerId ? before.poller : "";
  return kept;
}

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

/** Whether `right` has all that `left` has. */
function hasAllOf(left: Place, right: Place): boolean {
  const other = right as unknown as Record<string, unknown>;
  for (const [field, value] of pairs(left)) if (!isSameValue(value, other[field])) return false;
  return true;
}

export function isSamePlace(left: Place, right: Place): boolean {
  return hasAllOf(left, right) && hasAllOf(right, left);
}
