// The form: what Centreon finds, as the connector behind the sandbox is to be told.
import { byId, element, send } from "./dom.js";
import type { ToldConnector } from "./told.js";

/** By Centreon's numbers; `tone` is the colour. */
const SERVICE_STATES = [
  { name: "OK", tone: "good" },
  { name: "WARNING", tone: "warning" },
  { name: "CRITICAL", tone: "bad" },
  { name: "UNKNOWN", tone: "unknown" },
];
const HOST_STATES = [
  { name: "UP", tone: "good" },
  { name: "DOWN", tone: "bad" },
  { name: "UNREACHABLE", tone: "unknown" },
];

const form = byId("check") as HTMLFormElement;
const fields = byId("check-fields") as HTMLFieldSetElement;
const result = byId("check-result");

let resources: ToldConnector["resources"] = [];
/** undefined: nothing was told yet. */
let shownName: ToldConnector["name"] | undefined;

/** What a field of the form holds. */
function valueOf(name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}

function offer(listId: string, names: Iterable<string>): void {
  byId(listId).replaceChildren(...[...new Set(names)].map((value) => element("option", { value })));
}

/** Offers the services of the host that is typed. */
function offerServices(): void {
  const host = valueOf("host");
  offer(
    "services",
    resources
      .filter((resource) => resource.host === host && resource.service !== "")
      .map(({ service }) => service),
  );
}

/** A host has other states than a service. */
function offerStates(): void {
  const states = valueOf("service") === "" ? HOST_STATES : SERVICE_STATES;
  const container = byId("states");
  if (container.children.length === states.length) return;
  container.replaceChildren(
    ...states.map(({ name, tone }, state) => {
      const input = element("input", { type: "radio", name: "state", value: `${state}` });
      input.checked = tone === "bad";
      return element("label", { class: tone }, input, ` ${name}`);
    }),
  );
}

/** Shows whether there is a connector to send to, and offers what it knows. */
export function showConnector({ name, resources: known }: ToldConnector): void {
  if (name !== shownName) {
    shownName = name;
    fields.disabled = fields.hidden = name === null;
    result.className = "";
    result.textContent = name ?? "No connector is attached. KEEP=1 make demo starts the sandbox with one.";
  }
  resources = known;
  offer(
    "hosts",
    known.map(({ host }) => host),
  );
  offerServices();
}

async function submit(): Promise<void> {
  const check = {
    host: valueOf("host"),
    service: valueOf("service"),
    state: Number(valueOf("state")),
    isHard: valueOf("stateType") === "hard",
    isAcknowledged: valueOf("isAcknowledged") !== "",
    isInDowntime: valueOf("isInDowntime") !== "",
    output: valueOf("output"),
  };
  const { errors, answer } = await send("POST", "/sandbox/checks", check);
  result.className = errors.length > 0 ? "bad" : "";
  const resource = check.service === "" ? check.host : `${check.host}/${check.service}`;
  result.textContent =
    errors.length > 0
      ? errors.join("; ")
      : `The connector was told of ${resource}. ${(answer as { remark: string }).remark}`;
}

(form.elements.namedItem("host") as HTMLInputElement).addEventListener("input", offerServices);
(form.elements.namedItem("service") as HTMLInputElement).addEventListener("input", offerStates);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});
offerStates();
