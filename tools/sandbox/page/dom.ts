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

/** A time of day, the whole time where the pointer rests. */
export function timeElement(at: string): HTMLTimeElement {
  const time = new Date(at);
  const timeOfDay = time.toLocaleTimeString([], { hourCycle: "h23" });
  return element("time", { datetime: at, title: time.toLocaleString() }, timeOfDay);
}

/** Puts elements into a parent in this order, and removes all others. What is in its place is not touched. */
export function arrange(parent: HTMLElement, wanted: readonly HTMLElement[]): void {
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild?.remove();
}

/** Makes a change. What had the focus keeps it, wherever it is then: an element that moves would lose it. */
export function keepingFocus(change: () => void): void {
  const focused = document.activeElement;
  change();
  if (focused instanceof HTMLElement && focused !== document.activeElement)
    focused.focus({ preventScroll: true });
}

/** Speaks to a control endpoint of the sandbox; gives what is wrong, or nothing. */
export async function send(method: string, path: string, body?: unknown): Promise<readonly string[]> {
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return [];
    return ((await response.json()) as { errors: string[] }).errors;
  } catch {
    return ["the sandbox does not answer"];
  }
}
