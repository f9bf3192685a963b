// Judges the texts of pages where rules say some: each request that triggers says what the rules that fit say now, with what was
// told last in the place of placeholders, and what is usual where they say nothing. Which rule fits is the rulings' to know.
import { decodeJson } from "../support/json";
import type { Resource } from "./engine";
import type { Model } from "./model";
import type { Request } from "./network";
import { OWN_DETAILS } from "./random_texts";
import { type LinkText, PLAIN_FIELDS, type Worded } from "./rule_texts";

export interface TextsPorts {
  readonly model: Model;
  readonly resources: readonly Resource[];
  readonly isInDoubt: (this: void, resource: Resource) => boolean;
  readonly fail: (this: void, what: string) => void;
}

export interface Texts {
  readonly requestStarts: (this: void, request: Request) => void;
  readonly requestEnded: (this: void, request: Request, ending: string) => void;
}

/** What PagerDuty gets. */
interface Body {
  readonly payload: Readonly<Record<string, string | undefined>> & {
    readonly custom_details?: Readonly<Record<string, string | number | undefined>>;
  };
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly images?: readonly { readonly src: string; readonly alt: string }[];
}

function linksDiffer(wanted: readonly LinkText[] | undefined, given: readonly LinkText[]): boolean {
  if (wanted === undefined) return false;
  if (wanted.length !== given.length) return true;
  return wanted.some(({ text, address }, at) => text !== given[at]?.text || address !== given[at]?.address);
}

function wordsOfLinks(links: readonly LinkText[] | undefined): string {
  return (links ?? []).map(({ text, address }) => `${text} (${address})`).join(", ");
}

/** What is otherwise in the event than it is to be; undefined: nothing. */
function difference(wanted: Worded, { payload, links = [], images = [] }: Body): string | undefined {
  for (const field of PLAIN_FIELDS) {
    const given = payload[field] ?? "";
    if (wanted[field] !== undefined && wanted[field] !== given)
      return `its ${field} is "${given}", and it is to be "${wanted[field]}"`;
  }
  const { custom_details: details } = payload;
  // PagerDuty refused it as it was.
  if (details === undefined) return undefined;
  for (const { name, text } of wanted.details) {
    const given = details[name] ?? "";
    if (text !== undefined && text !== given)
      return `its detail ${name} is "${given}", and it is to be "${text}"`;
  }
  const isSaid = (name: string): boolean => wanted.details.some((it) => it.name === name);
  const strange = OWN_DETAILS.find((name) => details[name] !== undefined && !isSaid(name));
  if (strange !== undefined) return `it has the detail ${strange}, which no rule says of it`;
  // The first one leads to Centreon.
  const ownLinks = links.slice(1).map(({ href, text }) => ({ text, address: href }));
  if (linksDiffer(wanted.links, ownLinks))
    return `it has the links ${wordsOfLinks(ownLinks)}, and is to have ${wordsOfLinks(wanted.links)}`;
  const ownImages = images.map(({ src, alt }) => ({ text: alt, address: src }));
  if (linksDiffer(wanted.images, ownImages))
    return `it has the images ${wordsOfLinks(ownImages)}, and is to have ${wordsOfLinks(wanted.images)}`;
  return undefined;
}

export function createTexts({ model, resources, isInDoubt, fail }: TextsPorts): Texts {
  /** PagerDuty has refused what was said of it, or failed at it: it may be said with less. */
  const isShortened: Record<string, boolean | undefined> = {};
  return {
    requestStarts: ({ action, key, body }) => {
      const resource = resources.find((it) => it.key === key);
      if (action !== "trigger" || resource === undefined || isInDoubt(resource)) return;
      const event = decodeJson(body) as Body;
      const hasDetails = event.payload.custom_details !== undefined;
      if (!hasDetails && isShortened[key] === true) return;
      if (!hasDetails) fail(`the page of ${key} has no details, and nobody has refused them`);
      const differences: string[] = [];
      for (const worded of model.wordedAs(resource) ?? []) {
        const its = difference(worded, event);
        if (its === undefined) return;
        differences.push(its);
      }
      if (differences.length > 0) fail(`the page of ${key}: ${differences[0] ?? ""}`);
    },
    requestEnded: ({ key }, ending) => {
      if (string.match(ending, "^HTTP [45]")[0] !== undefined) isShortened[key] = true;
    },
  };
}
