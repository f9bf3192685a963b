// The texts that rules say, by docs/rules.md and docs/payload.md in their plainest form: which of several rules says what, what
// becomes of placeholders, and how texts are written into the file.

/** Texts with placeholders: in place of the usual ones, and what is added. */
export interface Texts {
  readonly summary?: string;
  readonly source?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly details?: readonly DetailText[];
  readonly links?: readonly LinkText[];
  readonly images?: readonly LinkText[];
}

export interface DetailText {
  readonly name: string;
  readonly text: string;
}

export interface LinkText {
  readonly text: string;
  readonly address: string;
}

export const PLAIN_FIELDS = ["summary", "source", "component", "group", "class"] as const;
export type PlainField = (typeof PLAIN_FIELDS)[number];

/** What a placeholder says; empty: nothing; undefined: it cannot be known. */
export type Words = (this: void, placeholder: string) => string | undefined;

/** What a page is to say; what is undefined cannot be known. */
export interface Worded extends Readonly<Record<PlainField, string | undefined>> {
  /** Those that rules say. Empty: it is not there. */
  readonly details: readonly { readonly name: string; readonly text: string | undefined }[];
  readonly links: readonly LinkText[] | undefined;
  readonly images: readonly LinkText[] | undefined;
}

/** What all rules that fit say together, in their order: the first one decides; of lists, all are taken. */
export function decideTexts(all: readonly Texts[]): Texts {
  let decided: Texts = {};
  const details: DetailText[] = [];
  const links: LinkText[] = [];
  const images: LinkText[] = [];
  for (const texts of all) {
    decided = { ...texts, ...decided };
    for (const it of texts.details ?? []) if (!details.some(({ name }) => name === it.name)) details.push(it);
    for (const it of texts.links ?? []) links.push(it);
    for (const it of texts.images ?? []) images.push(it);
  }
  return { ...decided, details, links, images };
}

/** On one line nothing stands before it or after it. */
function trimmed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : string.match(text, "^%s*(.-)%s*$")[0];
}

/** All but letters, digits and `-._~`, as in an address. */
function encoded(text: string): string {
  return string.gsub(text, "[^%w%-._~]", (it) => string.format("%%%02X", string.byte(it)))[0];
}

function filled(
  template: string,
  words: Words,
  edit: (this: void, said: string, isFirst: boolean) => string = (said) => said,
): string | undefined {
  let isKnown = true;
  const [text] = string.gsub(template, "()%b{}", (at: unknown) => {
    const [placeholder] = string.match(template, "^{([^}]*)}", at as number);
    const said = words(placeholder ?? "");
    if (said === undefined) isKnown = false;
    return edit(said ?? "", at === 1);
  });
  return isKnown ? text : undefined;
}

/**
 * What becomes of links: one whose placeholders all say nothing is left out, and one that is no address. A placeholder at the
 * beginning is an address, or the first part of one.
 */
function filledLinks(links: readonly LinkText[], words: Words, scheme: string): LinkText[] | undefined {
  const all: LinkText[] = [];
  for (const { text, address } of links) {
    let isSaid = string.find(address, "{", 1, true)[0] === undefined;
    const its = filled(address, words, (said, isFirst) => {
      if (said !== "") isSaid = true;
      return isFirst ? said : encoded(said);
    });
    const shown = trimmed(filled(text, words));
    if (its === undefined || shown === undefined) return undefined;
    if (isSaid && string.find(its, scheme)[0] !== undefined) all.push({ text: shown, address: its });
  }
  return all;
}

/** `usual`: what is said where no rule says anything, or nothing comes of it. */
export function wordedAs(
  { details = [], links = [], images = [], ...plain }: Texts,
  words: Words,
  usual: Readonly<Record<PlainField, string | undefined>>,
): Worded {
  const wordedField = (field: PlainField): string | undefined => {
    const template = plain[field];
    const text = template === undefined ? "" : trimmed(filled(template, words));
    return text === "" ? usual[field] : text;
  };
  return {
    summary: wordedField("summary"),
    source: wordedField("source"),
    component: wordedField("component"),
    group: wordedField("group"),
    class: wordedField("class"),
    details: details.map(({ name, text }) => ({ name, text: filled(text, words) })),
    links: filledLinks(links, words, "^https?://."),
    images: filledLinks(images, words, "^https://."),
  };
}

/** Whether one of the texts has a placeholder that `isMeant`. */
export function hasPlaceholder(
  { details = [], links = [], images = [], ...plain }: Texts,
  isMeant: (this: void, placeholder: string) => boolean,
): boolean {
  const templates: string[] = [];
  for (const field of PLAIN_FIELDS) templates.push(plain[field] ?? "");
  for (const { text } of details) templates.push(text);
  for (const { text, address } of [...links, ...images]) templates.push(text, address);
  return templates.some((template) => {
    for (const [placeholder] of string.gmatch(template, "{([^}]*)}"))
      if (isMeant(placeholder ?? "")) return true;
    return false;
  });
}

function linksText(name: string, links: readonly LinkText[] | undefined): string[] {
  if (links === undefined) return [];
  return [`${name} = { ${links.map(({ text, address }) => `{ "${text}", "${address}" }`).join(", ")} }`];
}

/** As they stand in a rule. */
export function fieldsOfTexts(texts: Texts): string[] {
  const fields: string[] = [];
  for (const field of PLAIN_FIELDS)
    if (texts[field] !== undefined) fields.push(`${field} = "${texts[field]}"`);
  const details = (texts.details ?? []).map(({ name, text }) => `${name} = "${text}"`);
  if (details.length > 0) fields.push(`details = { ${details.join(", ")} }`);
  return [...fields, ...linksText("links", texts.links), ...linksText("images", texts.images)];
}
