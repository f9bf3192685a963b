// Which host is behind which: relations that are set, removed and told again.
import { createHostParents } from "../../src/alerts/host_parents";

function sorted(ids: readonly number[]): number[] {
  const copy: number[] = [];
  for (const id of ids) copy.push(id);
  table.sort(copy);
  return copy;
}

describe("parents of hosts", () => {
  it("are known from both ends", () => {
    const { set, parentsOf, childrenOf } = createHostParents();
    set(11, 1, true);
    set(11, 2, true);
    set(12, 1, true);
    assert.same([1, 2], sorted(parentsOf(11)));
    assert.same([11, 12], sorted(childrenOf(1)));
    assert.same([[], []], [parentsOf(1), childrenOf(11)]);
  });

  it("change once: what is told again is no change", () => {
    const { set } = createHostParents();
    assert.same(
      [true, false, true, false],
      [set(2, 1, true), set(2, 1, true), set(2, 1, false), set(2, 1, false)],
    );
  });

  it("are forgotten from both ends when they are removed", () => {
    const { set, parentsOf, childrenOf, each } = createHostParents();
    set(11, 1, true);
    set(11, 2, true);
    set(11, 1, false);
    assert.same([2], parentsOf(11));
    assert.same([], childrenOf(1));
    const seen: string[] = [];
    each((childId, parentId) => seen.push(`${childId} behind ${parentId}`));
    assert.same(["11 behind 2"], seen);
  });
});
