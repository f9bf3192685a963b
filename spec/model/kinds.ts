// Kinds of what happens in histories, and of what is judged in them. All that the rules of design.md say is here, also
// what the connector does not do yet: that is off, with the fault for which it is.
//
// To switch one on: take it off NOT_YET, and put its fault into defects.ts, as a change of the new text that brings it
// back. `MODEL_KINDS=texts,above` (or `all`) tries kinds without that.

/**
 * - `texts`: a page says what the last check said before it was sent.
 * - `names`: names become known late, change, and are lost; a page has the one that the broker's cache knows.
 * - `groups`: only what is in a host group pages, and who is in it becomes known late.
 * - `removals`: what an engine does not monitor any more, told in the order of a real one: removed with a reload, not
 *   mentioned at a restart, moved to the other poller; starts that break off.
 * - `above`: a host is not UP while it is SOFT DOWN or in a downtime, also for the hosts behind it; what is HARD at its
 *   first attempt waits for the check above.
 * - `acknowledgements`: with pdy_repage_on_escalation one counts up to the severity at which it was given, sticky or not.
 */
export type Kind = "texts" | "names" | "groups" | "removals" | "above" | "acknowledgements";

export type Kinds = Readonly<Record<Kind, boolean>>;

/** What the connector does wrong today, found in histories of that kind. */
export const NOT_YET: Readonly<Partial<Record<Kind, string>>> = {
  texts: "a page tells what a check said long ago",
  names: "a page has no name, or an old one, though the broker knows it by now",
  groups: "a problem that was seen before its groups were known never pages",
  removals: "what a restarted engine does not mention stays open; what moves to another poller pages twice",
  above: "services and hosts page a second before what is above them is known to be down",
  acknowledgements: "a sticky acknowledgement of a WARNING keeps the CRITICAL from paging",
};

export const ALL_KINDS: readonly Kind[] = [
  "texts",
  "names",
  "groups",
  "removals",
  "above",
  "acknowledgements",
];

/** Exactly these. */
export function kindsOf(wanted: readonly Kind[]): Kinds {
  const has = (kind: Kind): boolean => wanted.includes(kind);
  return {
    texts: has("texts"),
    names: has("names"),
    groups: has("groups"),
    removals: has("removals"),
    above: has("above"),
    acknowledgements: has("acknowledgements"),
  };
}

/** What the connector must do today, or what MODEL_KINDS names. */
export function kindsOfToday(): Kinds {
  const named = os.getenv("MODEL_KINDS");
  if (named === undefined) return kindsOf(ALL_KINDS.filter((kind) => NOT_YET[kind] === undefined));
  if (named === "all") return kindsOf(ALL_KINDS);
  const words = named.split(",");
  for (const word of words) if (!ALL_KINDS.includes(word as Kind)) error(`MODEL_KINDS: no kind "${word}"`);
  return kindsOf(words as Kind[]);
}
