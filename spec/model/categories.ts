// Categories of hosts and of services: which resources have which, by which tags an engine tells them, and what the connector
// can have heard of their names. A tag has an id, unique within its type only, and a name; a definition names the ids. BBDO 2
// has no tags.
//
// When engines tell tags nobody has recorded. So it is what is hardest: before all definitions in some histories and after them
// in others, at a start and at a reload; each engine those of its own resources alone, and that a tag is gone as soon as none of
// them has it any more, though another engine's may.
import type { Resource } from "./engine";

/** When an engine tells tags. */
export type TagsCome = "before definitions" | "after definitions";

type Kind = Resource["kind"];

/** Types of tags: groups are tags, too, but the broker has them from elsewhere. */
const GROUP = { service: 0, host: 1 };
const CATEGORY = { service: 2, host: 3 };

/** What those of each kind are called at first, by their ids: one id means as many things as there are types. */
const FIRST_NAMES: Record<Kind, Record<number, string | undefined>> = {
  host: { 4: "Databases", 9: "Backups" },
  service: { 4: "Customers", 9: "Archive" },
};
export const CATEGORY_IDS = [4, 9];

const ADDED = 0;
const DELETED = 1;
const MODIFIED = 2;

export interface Tag {
  readonly id: number;
  readonly action: number;
  readonly type: number;
  readonly name: string;
  readonly poller_id: number;
}

/** Those of Centreon's configuration. */
export interface Categories {
  readonly nameOf: (this: void, kind: Kind, id: number) => string;
  readonly rename: (this: void, kind: Kind, id: number) => void;
}

export function createCategories(): Categories {
  const endings: Record<string, string | undefined> = {};
  const keyOf = (kind: Kind, id: number): string => `${kind} ${id}`;
  return {
    nameOf: (kind, id) => `${FIRST_NAMES[kind][id] ?? ""}${endings[keyOf(kind, id)] ?? ""}`,
    rename: (kind, id) => {
      endings[keyOf(kind, id)] = endings[keyOf(kind, id)] === undefined ? "'" : undefined;
    },
  };
}

/** As a definition names them: beside its categories the group that it is in, which has the id of another thing. */
export function tagsOf({ kind, categories }: Resource): readonly Bbdo.TagInfo[] {
  const tags = [{ id: CATEGORY_IDS[0] ?? 0, type: GROUP[kind] }];
  for (const id of categories ?? []) tags.push({ id, type: CATEGORY[kind] });
  return tags as unknown as readonly Bbdo.TagInfo[];
}

/** Whether one of an engine's resources has it. */
export function isUsed(resources: readonly Resource[], poller: number, kind: Kind, id: number): boolean {
  return resources.some(
    (it) =>
      it.kind === kind &&
      it.status !== undefined &&
      (it.host ?? it).poller === poller &&
      it.categories?.includes(id) === true,
  );
}

export function tag(
  kind: Kind,
  id: number,
  name: string,
  poller: number,
  action: "added" | "modified" | "deleted",
): Tag {
  const actions = { added: ADDED, modified: MODIFIED, deleted: DELETED };
  return { id, action: actions[action], type: CATEGORY[kind], name, poller_id: poller };
}

/** A group is a tag, too: it has the id of categories, and the name of one that it is not. */
export function groupTag(kind: Kind, poller: number): Tag {
  const name = FIRST_NAMES[kind][9] ?? "";
  return { id: CATEGORY_IDS[0] ?? 0, action: ADDED, type: GROUP[kind], name, poller_id: poller };
}

/** What a connector has heard of names since it started: they are in no cache and no journal. */
export interface HeardNames {
  readonly told: (this: void, tag: Tag) => void;
  /** A process begins. */
  readonly starts: (this: void) => void;
  /** The names of those that the broker's cache has tags of. */
  readonly namesOf: (this: void, tags: readonly Bbdo.TagInfo[]) => readonly string[];
}

export function createHeardNames(): HeardNames {
  /** Of each category the name that was told last, and by which engines it is told to be there. */
  let heard: Record<string, { name: string; readonly pollers: number[] } | undefined> = {};
  const keyOf = (type: number, id: number): string => `${type} ${id}`;
  return {
    told: ({ id, type, action, name, poller_id: poller }) => {
      const key = keyOf(type, id);
      const others = (heard[key]?.pollers ?? []).filter((it) => it !== poller);
      if (action !== DELETED) heard[key] = { name, pollers: [...others, poller] };
      else if (others.length === 0) heard[key] = undefined;
      else heard[key] = { name: heard[key]?.name ?? "", pollers: others };
    },
    starts: () => {
      heard = {};
    },
    namesOf: (tags) => {
      const names: string[] = [];
      for (const { id, type } of tags) {
        const isCategory = type === CATEGORY.host || type === CATEGORY.service;
        const name = isCategory ? heard[keyOf(type, id)]?.name : undefined;
        if (name !== undefined) names.push(name);
      }
      return names;
    },
  };
}
