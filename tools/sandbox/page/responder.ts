// What a responder does here: acknowledges and resolves in a name of their own, and lets the sandbox start over.
import { byId, send } from "./dom.js";

/** As POST /sandbox/actions takes it. */
export type PersonsAction = "acknowledge" | "resolve";

const name = byId("responder") as HTMLInputElement;
const result = byId("responder-result");

async function ask(method: string, path: string, body?: unknown): Promise<void> {
  const { errors } = await send(method, path, body);
  // What it did comes back as news.
  result.textContent = errors.join("; ");
}

/** Does something with an incident, in the responder's name. */
export function act(incident: number, action: PersonsAction): Promise<void> {
  return ask("POST", "/sandbox/actions", { incident, action, by: name.value });
}

byId("start-over").addEventListener("click", () => {
  if (confirm("Forget all incidents, the timeline and the faults?")) void ask("DELETE", "/sandbox");
});
