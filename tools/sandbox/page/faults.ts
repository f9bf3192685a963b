// Switches for what PagerDuty may do wrong. One is on at a time: of several faults the sandbox takes the first.
import { type Sent, arrange, byId, element, send } from "./dom.js";
import type { ToldFaults } from "./told.js";

interface Switch {
  readonly label: string;
  readonly effect: string;
  /** As PUT /sandbox/faults takes it. */
  readonly fault: { readonly kind: string; readonly status?: number; readonly seconds?: number };
}

const SWITCHES: readonly Switch[] = [
  {
    label: "503 errors",
    effect: "Every request is answered 503. No event is taken.",
    fault: { kind: "status", status: 503 },
  },
  {
    label: "429 throttled",
    effect: "Every request is answered 429: too many. No event is taken.",
    fault: { kind: "status", status: 429 },
  },
  {
    label: "400 refused",
    effect: "Every event is refused for good, however little is left in it.",
    fault: { kind: "status", status: 400 },
  },
  {
    label: "No answer",
    effect: "Requests hang until the sender gives up. No event is taken.",
    fault: { kind: "hang" },
  },
  {
    label: "Lost before",
    effect: "The connection closes without an answer, and the event is not taken.",
    fault: { kind: "drop_before" },
  },
  {
    label: "Lost after",
    effect: "The event is taken, but the connection closes before the answer.",
    fault: { kind: "drop_after" },
  },
  {
    label: "Slow",
    effect: "Every answer takes three seconds.",
    fault: { kind: "delay", seconds: 3 },
  },
];

const ALL_WELL = "All is well: events are taken and answered.";

function button(label: string, isOn: boolean, press: () => Promise<Sent>): HTMLButtonElement {
  const made = element("button", { type: "button", role: "switch", "aria-checked": `${isOn}` }, label);
  made.addEventListener("click", () => {
    // What it did comes back as news.
    void press().then(({ errors }) => {
      if (errors.length > 0) byId("fault-effect").textContent = errors.join("; ");
    });
  });
  return made;
}

const clear = () => send("DELETE", "/sandbox/faults");

let isOn: (wanted: Switch) => boolean = () => false;
const buttons = SWITCHES.map((wanted) => ({
  wanted,
  element: button(wanted.label, false, () =>
    isOn(wanted) ? clear() : send("PUT", "/sandbox/faults", { ...wanted.fault, times: 0 }),
  ),
}));

/** Shows which faults the sandbox has, wherever they were ordered. */
export function showFaults({ faults }: ToldFaults): void {
  const [first] = faults;
  isOn = ({ fault }) =>
    first !== undefined &&
    first.times === 0 &&
    first.kind === fault.kind &&
    (fault.status === undefined || first.status === fault.status);
  for (const { wanted, element: shown } of buttons) shown.setAttribute("aria-checked", `${isOn(wanted)}`);
  const on = SWITCHES.find(isOn);
  const shown = buttons.map((known) => known.element);
  byId("fault-effect").textContent = on?.effect ?? ALL_WELL;
  if (first !== undefined && on === undefined) {
    // Ordered by other means: all that can be done here is to end it.
    shown.push(button(`${first.kind} (${faults.length} ordered)`, true, clear));
    byId("fault-effect").textContent =
      "Faults were ordered through /sandbox/faults. Switch off to clear them.";
  }
  arrange(byId("faults"), shown);
}
