// What a responder does here, in a name of their own; and lets the sandbox start over.
import { byId, send } from "./dom.js";

/** As POST /sandbox/actions takes it. */
export type PersonsAction =
  | { readonly action: "acknowledge" | "resolve" | "unacknowledge" }
  | { readonly action: "note"; readonly note: string }
  | { readonly action: "merge"; readonly into: number }
  | { readonly action: "reassign"; readonly to: string };

const name = byId("responder") as HTMLInputElement;
const result = byId("responder-result");

async function ask(method: string, path: string, body?: unknown): Promise<void> {
  const { errors } = await send(method, path, body);
  // What it did comes back as news.
  result.textContent = errors.join("; ");
}

/** Does something with an incident, in the responder's name. */
export function act(incident: number, done: PersonsAction): Promise<void> {
  return ask("POST", "/sandbox/actions", { incident, by: name.value, ...done });
}

byId("start-over").addEventListener("click", () => {
  if (confirm("Forget all incidents, the timeline and the faults?")) void ask("DELETE", "/sandbox");
});
