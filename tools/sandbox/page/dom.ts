// The few things that every part of the page does with its document. All text goes in as text: most of it was written
// by whatever is monitored.

/** An element that index.html has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

/** A new element with texts and elements in it. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}

/** A time of day with its age beside it, the whole time where the pointer rests. */
export function timeElement(at: string): HTMLTimeElement {
  const time = new Date(at);
  const timeOfDay = time.toLocaleTimeString([], { hourCycle: "h23" });
  const age = element("span", { class: "age" }, ageInWords(at));
  return element("time", { datetime: at, title: time.toLocaleString() }, timeOfDay, " · ", age);
}

/** A time as it was given, with its age beside it. */
export function givenTimeElement(at: string): HTMLTimeElement {
  const age = Number.isNaN(Date.parse(at)) ? [] : [" · ", element("span", { class: "age" }, ageInWords(at))];
  return element("time", { datetime: at }, at, ...age);
}

/** Lets every age that is shown be true now. */
export function refreshAges(): void {
  for (const time of document.querySelectorAll("time")) {
    const age = time.querySelector(".age");
    const words = ageInWords(time.dateTime);
    // What is written anew loses a selection.
    if (age !== null && age.textContent !== words) age.textContent = words;
  }
}

function ageInWords(at: string): string {
  const seconds = Math.floor((Date.now() - Date.parse(at)) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** Puts elements into a parent in this order, and removes all others. What is in its place is not touched. */
export function arrange(parent: HTMLElement, wanted: readonly HTMLElement[]): void {
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild?.remove();
}

/**
 * Makes a change. What had the focus keeps it, wherever it is then: an element that moves would lose it. The focus of a
 * button that is gone goes to the summary of its article.
 */
export function keepingFocus(change: () => void): void {
  const focused = document.activeElement;
  const article = focused?.closest("article");
  change();
  if (!(focused instanceof HTMLElement) || focused === document.activeElement) return;
  const heir = focused.isConnected ? focused : article?.querySelector("summary");
  heir?.focus({ preventScroll: true });
}

/** What a control endpoint answered: what is wrong, if anything is, or its answer. */
export interface Sent {
  readonly errors: readonly string[];
  readonly answer: unknown;
}

/** Speaks to a control endpoint of the sandbox. */
export async function send(method: string, path: string, body?: unknown): Promise<Sent> {
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return { errors: response.ok ? [] : (answer as { errors: string[] }).errors, answer };
  } catch {
    return { errors: ["the sandbox does not answer"], answer: undefined };
  }
}
