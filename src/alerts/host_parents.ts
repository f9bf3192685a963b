// Which host is behind which, as Centreon's configuration tells it. Owns the relations alone: what they mean for an
// alert is for surroundings.ts and the policy to say.

type HostIds = LuaTable<number, boolean | undefined>;

export interface HostParents {
  /** Sets or removes a relation. Gives whether that changed anything. */
  readonly set: (this: void, childId: number, parentId: number, isParent: boolean) => boolean;
  /** In no particular order. */
  readonly parentsOf: (this: void, childId: number) => readonly number[];
  readonly childrenOf: (this: void, parentId: number) => readonly number[];
  readonly each: (this: void, visit: (this: void, childId: number, parentId: number) => void) => void;
}

type Relations = LuaTable<number, HostIds | undefined>;

/** Puts `member` into or out of the set at `owner`; an empty set is forgotten. */
function change(relations: Relations, owner: number, member: number, isIn: boolean): void {
  const set = relations.get(owner) ?? new LuaTable<number, boolean | undefined>();
  set.set(member, isIn ? true : undefined);
  relations.set(owner, next(set)[0] === undefined ? undefined : set);
}

function listed(set: HostIds | undefined): readonly number[] {
  const ids: number[] = [];
  if (set !== undefined) for (const [id] of set) ids.push(id);
  return ids;
}

/** No relations yet. */
export function createHostParents(): HostParents {
  const parents: Relations = new LuaTable();
  const children: Relations = new LuaTable();
  return {
    set: (childId, parentId, isParent) => {
      if ((parents.get(childId)?.get(parentId) === true) === isParent) return false;
      change(parents, childId, parentId, isParent);
      change(children, parentId, childId, isParent);
      return true;
    },
    parentsOf: (childId) => listed(parents.get(childId)),
    childrenOf: (parentId) => listed(children.get(parentId)),
    each: (visit) => {
      for (const [childId, above] of parents) {
        if (above !== undefined) for (const [parentId] of above) visit(childId, parentId);
      }
    },
  };
}
