// The timeline: what Centreon said, what reached PagerDuty and what became of it, what the connector says of it, and
// what people did.
import { arrange, byId, element, timeElement } from "./dom.js";
import type { ToldEvent } from "./told.js";

/** Lines that the page keeps: what can be looked through. */
const SHOWN = 200;

interface Shown {
  readonly told: ToldEvent;
  readonly element: HTMLElement;
}

const shown = new Map<string, Shown>();

export function forgetTimeline(): void {
  shown.clear();
}

/** Shows events that are new or have changed, the latest on top. */
export function showEvents(news: readonly ToldEvent[]): void {
  for (const told of news) shown.set(told.key, { told, element: line(told) });
  // Keys come in the order in which things were told of: it decides where times are equal.
  const latestFirst = [...shown.values()]
    .reverse()
    .sort((left, right) => right.told.at.localeCompare(left.told.at));
  for (const { told } of latestFirst.splice(SHOWN)) shown.delete(told.key);
  arrange(
    byId("timeline"),
    latestFirst.map((event) => event.element),
  );
}

function line({ at, from, text, remark, outcome, tone }: ToldEvent): HTMLElement {
  return element(
    "li",
    { class: from.toLowerCase() },
    element("span", { class: "from" }, from),
    timeElement(at),
    element("span", { class: `outcome ${tone}` }, outcome),
    element("span", { class: "text", dir: "auto" }, text),
    ...(remark === "" ? [] : [element("span", { class: "remark" }, remark)]),
  );
}
