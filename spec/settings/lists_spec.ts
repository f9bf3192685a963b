// settings/lists: lists as administrators write them.
import { listOf } from "../../src/settings/lists";

describe("listOf", () => {
  const lists: [text: string, separator: string, items: string[]][] = [
    ["", ",", []],
    ["A", ",", ["A"]],
    ["A,B", ",", ["A", "B"]],
    [" A , B C ,\tD\n", ",", ["A", "B C", "D"]],
    [",A,,B,", ",", ["A", "B"]],
    ["a->b", ";", ["a->b"]],
    ["a->b", "->", ["a", "b"]],
    // A separator means itself, not a pattern.
    ["a.b", ".", ["a", "b"]],
    // What an empty form field, or a trimmed space, makes of accepted_hosts_split_character.
    [" a,b ", "", ["a,b"]],
  ];
  for (const [text, separator, items] of lists) {
    it(`reads "${text}", separated by "${separator}", as ${items.length} items`, () => {
      assert.same(items, listOf(text, separator));
    });
  }
});
