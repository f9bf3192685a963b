// Proves that the demo notices incidents that are not what a story calls for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExpectedIncident, differences } from "./stories.js";

const wanted: ExpectedIncident = { dedup_key: "1_2", state: "resolved", severity: "critical", pages: 1 };

test("the same incidents in another order are no difference", () => {
  const other = { ...wanted, dedup_key: "1_3" };
  assert.deepEqual(differences([wanted, other], [other, wanted]), []);
});

test("an incident that is missing, that is too many, or that is there twice is one", () => {
  assert.deepEqual(differences([wanted], []), ["missing     1_2: resolved, critical, 1 page"]);
  assert.deepEqual(differences([], [wanted]), ["unexpected  1_2: resolved, critical, 1 page"]);
  assert.deepEqual(differences([wanted], [wanted, wanted]), ["unexpected  1_2: resolved, critical, 1 page"]);
});

test("another state, severity or number of pages makes two", () => {
  const changes: Partial<ExpectedIncident>[] = [{ state: "triggered" }, { severity: "error" }, { pages: 2 }];
  for (const change of changes) assert.equal(differences([wanted], [{ ...wanted, ...change }]).length, 2);
});
