// The incidents as a responder sees them: what is open first, the most urgent on top, everything else on demand.
import { arrange, byId, element, givenTimeElement, timeElement } from "./dom.js";
import { type PersonsAction, act } from "./responder.js";
import type { ToldIncident } from "./told.js";

interface Shown {
  readonly element: HTMLElement;
  readonly details: HTMLDetailsElement;
  readonly actions: HTMLElement;
  readonly buttons: Readonly<Record<keyof typeof BUTTONS, HTMLButtonElement>>;
  /** What takes a text: it stays, and what is typed there with it. */
  readonly more: HTMLElement;
  told: ToldIncident;
}

const shown = new Map<string, Shown>();

const BUTTONS = { acknowledge: "Acknowledge", unacknowledge: "Un-acknowledge", resolve: "Resolve" } as const;

/** The smaller, the further up. */
const RANK = {
  state: { triggered: 0, acknowledged: 1, resolved: 2 },
  urgency: { high: 0, low: 1 },
} as const;

/** What the fields are called, in the order in which they are read. */
const FIELD_NAMES = [
  ["source", "Source"],
  ["component", "Component"],
  ["group", "Group"],
  ["class", "Class"],
  ["timestamp", "Problem since"],
  ["client", "Monitored by"],
  ["dedup_key", "Dedup key"],
] as const;

export function forgetIncidents(): void {
  shown.clear();
}

/** Shows incidents that are new or have changed; at the start, without announcing them. */
export function showIncidents(news: readonly ToldIncident[], isStart: boolean): void {
  for (const told of news) {
    const known = shown.get(told.key);
    const incident = known ?? create(told);
    shown.set(told.key, incident);
    const change = known === undefined || known.told.state !== told.state;
    incident.told = told;
    fill(incident);
    if (change && !isStart) {
      byId("announcement").textContent = `${told.state}, ${told.urgency} urgency: ${told.summary}`;
    }
  }
  const all = [...shown.values()].sort((left, right) => order(left.told, right.told));
  const isOpen = ({ told }: Shown): boolean => told.state !== "resolved";
  list("open", all.filter(isOpen));
  list(
    "resolved",
    all.filter((incident) => !isOpen(incident)),
  );
}

function create(told: ToldIncident): Shown {
  const details = element("details", {});
  const actions = element("div", { class: "actions" });
  const button = (action: keyof typeof BUTTONS): HTMLButtonElement => {
    const label = BUTTONS[action];
    const made = element("button", { type: "button", "aria-label": `${label}: ${told.summary}` }, label);
    made.addEventListener("click", () => void act(told.number, { action }));
    return made;
  };
  return {
    element: element("article", {}, details, actions),
    details,
    actions,
    buttons: {
      acknowledge: button("acknowledge"),
      unacknowledge: button("unacknowledge"),
      resolve: button("resolve"),
    },
    more: element(
      "div",
      { class: "more" },
      asking(told, "Note", "Add note", (note) => ({ action: "note", note })),
      asking(told, "Reassign to", "Reassign", (to) => ({ action: "reassign", to })),
      asking(told, "Merge into incident", "Merge", (into) => ({ action: "merge", into: Number(into) })),
    ),
    told,
  };
}

/** A line that takes a text for what a person does. */
function asking(
  { number }: ToldIncident,
  label: string,
  button: string,
  done: (text: string) => PersonsAction,
): HTMLElement {
  const input = element("input", { autocomplete: "off", required: "" });
  const form = element("form", {}, element("label", {}, label, input), element("button", {}, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void act(number, done(input.value));
    input.value = "";
  });
  return form;
}

function order(left: ToldIncident, right: ToldIncident): number {
  const byState = RANK.state[left.state] - RANK.state[right.state];
  const byUrgency = left.state === "resolved" ? 0 : RANK.urgency[left.urgency] - RANK.urgency[right.urgency];
  return byState || byUrgency || right.createdAt.localeCompare(left.createdAt);
}

function list(id: "open" | "resolved", incidents: readonly Shown[]): void {
  arrange(
    byId(id),
    incidents.map((incident) => incident.element),
  );
  byId(`${id}-count`).textContent = `${incidents.length}`;
}

/** The elements stay: whether it is folded out, and whether it has the focus, outlives a change. */
function fill({ element: article, details, actions, buttons, more, told }: Shown): void {
  const { number, state, urgency, severity, summary, fields, pages, by, alerts, createdAt } = told;
  article.className = `incident ${state} ${urgency}`;
  const line = details.querySelector("summary") ?? element("summary", {});
  line.replaceChildren(
    element(
      "span",
      { class: "standing" },
      element("span", { class: "state" }, state),
      element("span", { class: "urgency" }, `${urgency} urgency`),
    ),
    element("span", { class: "text", dir: "auto" }, summary),
    element(
      "span",
      { class: "remark" },
      [
        `#${number}`,
        by === null ? undefined : `${state}${state === "triggered" ? " again" : ""} by ${by}`,
        told.mergedInto === null ? undefined : `merged into #${told.mergedInto}`,
        severity,
        fields["group"],
        `paged ${pages === 1 ? "once" : `${pages} times`}`,
        alerts.length > 1 ? `${alerts.length} alerts` : undefined,
      ]
        .filter((remark) => remark !== undefined)
        .join(" · "),
      " · ",
      timeElement(createdAt),
    ),
  );
  details.querySelector(".body")?.remove();
  arrange(details, [line, body(told), ...(state === "resolved" ? [] : [more])]);
  const possible = {
    triggered: [buttons.acknowledge, buttons.resolve],
    acknowledged: [buttons.unacknowledge, buttons.resolve],
    resolved: [],
  };
  arrange(actions, possible[state]);
}

function body({ fields, details, links, assignedTo, alerts, notes, log }: ToldIncident): HTMLElement {
  const described = FIELD_NAMES.flatMap<readonly [string, string | Node]>(([name, words]) => {
    const value = fields[name];
    if (value === undefined) return [];
    return [[words, name === "timestamp" ? givenTimeElement(value) : value]];
  });
  if (assignedTo.length > 0) described.push(["Assigned to", assignedTo.join(", ")]);
  const detailed = Object.entries(details).map(([name, value]) => [name, detail(value)] as const);
  return element(
    "div",
    { class: "body" },
    element("p", { class: "links" }, ...links.map(linkElement)),
    definitions(described),
    ...(detailed.length > 0 ? [element("h3", {}, "Custom details"), definitions(detailed)] : []),
    ...(alerts.length > 1
      ? [
          element("h3", {}, "Alerts"),
          definitions(alerts.map(({ dedupKey, state, summary }) => [dedupKey, `${state}: ${summary}`])),
        ]
      : []),
    ...(notes.length > 0 ? [element("h3", {}, "Notes"), definitions(notes.map(noteOf))] : []),
    element("h3", {}, "Log"),
    element(
      "ol",
      { class: "log" },
      ...log.map(({ at, words }) => element("li", {}, timeElement(at), ` ${words}`)),
    ),
  );
}

function noteOf({ at, by, content }: ToldIncident["notes"][number]): readonly [string, Node] {
  return [by, element("span", {}, content, " · ", timeElement(at))];
}

function definitions(pairs: readonly (readonly [string, string | Node])[]): HTMLElement {
  return element(
    "dl",
    {},
    ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", { dir: "auto" }, value)]),
  );
}

/** Only addresses of the web can be followed: another scheme may run a program. */
function linkElement({ href, text }: ToldIncident["links"][number]): HTMLElement {
  if (!/^https?:\/\//i.test(href)) return element("span", {}, `${text}: ${href}`);
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value of the custom details: text as it is, a list of records as a table, anything else as JSON. */
function detail(value: unknown): string | Node {
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return JSON.stringify(value);
  const columns = [...new Set(value.flatMap((record) => Object.keys(record)))];
  const cell = (content: unknown): HTMLElement =>
    element(
      "td",
      {},
      content === undefined ? "" : typeof content === "string" ? content : JSON.stringify(content),
    );
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)))),
    element(
      "tbody",
      {},
      ...value.map((record) => element("tr", {}, ...columns.map((name) => cell(record[name])))),
    ),
  );
}
